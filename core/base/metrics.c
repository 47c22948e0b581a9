/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Metrics with labels and their text exposition. Registration takes a lock; a
 * series that is kept is then updated with atomics only. Nothing is freed before
 * exit, for a series may be held anywhere, but what its only holder removes.
 */
#include "core/base/base.h"

#include <math.h>

struct cleat_metric {
    cleat_metric *family; /* NULL in a family */
    /* a family */
    char *name, *help;
    int32_t type;
    char **labels; /* NULL-ended */
    size_t n_labels;
    double *buckets;
    size_t n_buckets;
    cleat_metric *next;
    struct cleat_map series; /* joined values -> series */
    cleat_metric **ordered;  /* as they came, but for removed ones */
    size_t n_series;
    /* a series */
    char **values;
    size_t place;             /* in ordered */
    _Atomic double value;     /* histograms: the sum */
    _Atomic uint64_t *counts; /* histograms: one a bucket, and above all */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static cleat_metric *families, **families_end = &families;
static struct cleat_map by_name;

static struct hook {
    void (*fn)(void *);
    void *userdata;
    struct hook *next;
} * hooks;

static size_t strings(const char *const *from, char ***ret) {
    size_t n = 0;
    while (from != NULL && from[n] != NULL) {
        n++;
    }
    char **out = cleat_array(n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        out[i] = cleat_strdup(from[i]);
    }
    *ret = out;
    return n;
}

static bool same_labels(const cleat_metric *f, const char *const *labels) {
    size_t i = 0;
    for (; labels != NULL && labels[i] != NULL; i++) {
        if (i >= f->n_labels || strcmp(labels[i], f->labels[i]) != 0) {
            return false;
        }
    }
    return i == f->n_labels;
}

cleat_metric *cleat_metric_family(const char *name, const char *help, int32_t type,
                                  const char *const *labels, const double *buckets,
                                  size_t n_buckets) {
    CLEAT_LOCKED(&mutex);
    cleat_metric *f = cleat_map_get(&by_name, cleat_s(name));
    if (f != NULL) {
        return f->type == type && same_labels(f, labels) ? f : NULL;
    }
    f = cleat_zalloc(sizeof *f);
    f->name = cleat_strdup(name);
    f->help = cleat_strdup(help ? help : "");
    f->type = type;
    f->n_labels = strings(labels, &f->labels);
    f->n_buckets = n_buckets;
    f->buckets = cleat_array(n_buckets, sizeof *f->buckets);
    for (size_t i = 0; i < n_buckets; i++) {
        f->buckets[i] = buckets[i];
    }
    cleat_map_put(&by_name, cleat_s(name), f);
    *families_end = f;
    families_end = &f->next;
    return f;
}

/* What tells a family's series apart; fewer values than labels: the others are empty. */
static size_t join_values(const cleat_metric *f, const char *const *values,
                          struct cleat_buf *ret_key) {
    size_t given = 0;
    while (values != NULL && given < f->n_labels && values[given] != NULL) {
        given++;
    }
    for (size_t i = 0; i < f->n_labels; i++) {
        const char *v = i < given ? values[i] : "";
        cleat_buf_printf(ret_key, "%zu:%s", strlen(v), v);
    }
    return given;
}

cleat_metric *cleat_metric_with(cleat_metric *f, const char *const *values) {
    if (f == NULL || f->family != NULL) {
        return f;
    }
    CLEAT_AUTO_BUF key = {0};
    size_t given = join_values(f, values, &key);
    CLEAT_LOCKED(&mutex);
    struct cleat_str k = {key.p ? key.p : "", key.n};
    cleat_metric *s = cleat_map_get(&f->series, k);
    if (s == NULL) {
        s = cleat_zalloc(sizeof *s);
        s->family = f;
        s->values = cleat_array(f->n_labels + 1, sizeof *s->values);
        for (size_t i = 0; i < f->n_labels; i++) {
            s->values[i] = cleat_strdup(i < given ? values[i] : "");
        }
        if (f->type == CLEAT_HISTOGRAM) {
            s->counts = cleat_array(f->n_buckets + 1, sizeof *s->counts);
        }
        cleat_map_put(&f->series, k, s);
        s->place = f->n_series;
        f->ordered = cleat_rearray(f->ordered, f->n_series + 1, sizeof *f->ordered);
        f->ordered[f->n_series++] = s;
    }
    return s;
}

void cleat_metric_remove(cleat_metric *f, const char *const *values) {
    if (f == NULL || f->family != NULL) {
        return;
    }
    CLEAT_AUTO_BUF key = {0};
    join_values(f, values, &key);
    CLEAT_LOCKED(&mutex);
    cleat_metric *s = cleat_map_remove(&f->series, (struct cleat_str){key.p ? key.p : "", key.n});
    if (s == NULL) {
        return;
    }
    f->ordered[s->place] = f->ordered[--f->n_series];
    f->ordered[s->place]->place = s->place;
    for (size_t i = 0; i < f->n_labels; i++) {
        free(s->values[i]);
    }
    free(s->values);
    free(s->counts);
    free(s);
}

static cleat_metric *series_of(cleat_metric *m) {
    return m != NULL && m->family == NULL ? cleat_metric_with(m, NULL) : m;
}

static void add_double(_Atomic double *to, double v) {
    double old = atomic_load_explicit(to, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(to, &old, old + v, memory_order_relaxed,
                                                  memory_order_relaxed)) {
    }
}

void cleat_metric_add(cleat_metric *m, double v) {
    cleat_metric *s = series_of(m);
    if (s == NULL) {
        return;
    }
    if (s->counts != NULL) {
        size_t i = 0;
        while (i < s->family->n_buckets && v > s->family->buckets[i]) {
            i++;
        }
        atomic_fetch_add_explicit(&s->counts[i], 1, memory_order_relaxed);
    }
    add_double(&s->value, v);
}

void cleat_metric_set(cleat_metric *m, double v) {
    cleat_metric *s = series_of(m);
    if (s != NULL) {
        atomic_store_explicit(&s->value, v, memory_order_relaxed);
    }
}

void cleat_metrics_on_scrape(void (*fn)(void *), void *userdata) {
    struct hook *h = cleat_zalloc(sizeof *h);
    h->fn = fn;
    h->userdata = userdata;
    CLEAT_LOCKED(&mutex);
    h->next = hooks;
    hooks = h;
}

static void add_number(struct cleat_buf *out, double v) {
    if (isinf(v)) {
        cleat_buf_puts(out, v > 0 ? "+Inf" : "-Inf");
    } else if (v == floor(v) && fabs(v) < 1e15) {
        cleat_buf_printf(out, "%.0f", v);
    } else if (isnan(v)) {
        cleat_buf_puts(out, "NaN");
    } else {
        char text[32];
        for (int digits = 15; digits <= 17; digits++) { /* the fewest that read back the same */
            snprintf(text, sizeof text, "%.*g", digits, v);
            if (strtod(text, NULL) == v) {
                break;
            }
        }
        cleat_buf_puts(out, text);
    }
}

static void add_escaped(struct cleat_buf *out, const char *s, bool quotes) {
    for (; *s != '\0'; s++) {
        if (*s == '\n') {
            cleat_buf_puts(out, "\\n");
        } else if (*s == '\\' || (quotes && *s == '"')) {
            cleat_buf_add(out, (char[]){'\\', *s}, 2);
        } else {
            cleat_buf_putc(out, *s);
        }
    }
}

/* name{a="b",le="x"} value */
static void add_line(struct cleat_buf *out, const cleat_metric *s, const char *suffix,
                     const double *le, double value) {
    const cleat_metric *f = s->family;
    cleat_buf_printf(out, "%s%s", f->name, suffix);
    char open = '{';
    for (size_t i = 0; i < f->n_labels; i++) {
        cleat_buf_printf(out, "%c%s=\"", open, f->labels[i]);
        add_escaped(out, s->values[i], true);
        cleat_buf_putc(out, '"');
        open = ',';
    }
    if (le != NULL) {
        cleat_buf_printf(out, "%cle=\"", open);
        if (isinf(*le)) {
            cleat_buf_puts(out, "+Inf");
        } else {
            cleat_buf_printf(out, "%.15g", *le);
        }
        cleat_buf_putc(out, '"');
        open = ',';
    }
    cleat_buf_puts(out, open == ',' ? "} " : " ");
    add_number(out, value);
    cleat_buf_putc(out, '\n');
}

static void add_series(struct cleat_buf *out, const cleat_metric *s) {
    const cleat_metric *f = s->family;
    double value = atomic_load_explicit(&s->value, memory_order_relaxed);
    if (s->counts == NULL) {
        add_line(out, s, "", NULL, value);
        return;
    }
    uint64_t total = 0;
    for (size_t i = 0; i <= f->n_buckets; i++) {
        total += atomic_load_explicit(&s->counts[i], memory_order_relaxed);
        double le = i < f->n_buckets ? f->buckets[i] : INFINITY;
        add_line(out, s, "_bucket", &le, (double)total);
    }
    add_line(out, s, "_sum", NULL, value);
    add_line(out, s, "_count", NULL, (double)total);
}

void cleat_metrics_expose(struct cleat_buf *out) {
    static const char *const types[] = {"counter", "gauge", "histogram"};
    pthread_mutex_lock(&mutex);
    struct hook *first = hooks; /* hooks are only ever added in front */
    pthread_mutex_unlock(&mutex);
    for (struct hook *h = first; h != NULL; h = h->next) {
        h->fn(h->userdata);
    }
    CLEAT_LOCKED(&mutex);
    for (cleat_metric *f = families; f != NULL; f = f->next) {
        if (f->n_series == 0) {
            continue;
        }
        cleat_buf_printf(out, "# HELP %s ", f->name);
        add_escaped(out, f->help, false);
        cleat_buf_printf(out, "\n# TYPE %s %s\n", f->name, types[f->type]);
        for (size_t i = 0; i < f->n_series; i++) {
            add_series(out, f->ordered[i]);
        }
    }
}
