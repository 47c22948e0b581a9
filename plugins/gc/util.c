/* SPDX-License-Identifier: Apache-2.0 */
/* Small helpers of the gc plugin. Any thread. */
#include "gc.h"

bool cleat_gc_is_ending(const cleat_obj *o) {
    return SDK->obj->type(CLEAT_AT(SDK, o, "metadata", "deletionTimestamp")) == CLEAT_STRING;
}

cleat_time cleat_gc_time(const cleat_obj *o, cleat_path path) {
    cleat_time t = 0;
    struct cleat_str text = SDK->obj->str(SDK->obj->at(SDK->obj->root(o), path));
    return SDK->obj->time_parse(text, &t) == CLEAT_OK ? t : 0;
}

struct cleat_gvr cleat_gc_gvr(const struct cleat_kind_info *k) {
    return (struct cleat_gvr){k->group, k->version, k->resource};
}

/* ---- tallies ---- */

void cleat_tally_add(struct cleat_tally *t, struct cleat_str text, size_t n) {
    for (size_t i = 0; i < t->n; i++) {
        if (cleat_str_is(text, t->v[i].text)) {
            t->v[i].n += n;
            return;
        }
    }
    struct cleat_tally_entry *v = cleat_sdk_alloc(t->n + 1, sizeof *v);
    if (t->n > 0) {
        memcpy(v, t->v, t->n * sizeof *v);
    }
    free(t->v);
    t->v = v;
    t->v[t->n++] = (struct cleat_tally_entry){cleat_sdk_dup(text), n};
}

void cleat_tally_done(struct cleat_tally *t) {
    for (size_t i = 0; i < t->n; i++) {
        free(t->v[i].text);
    }
    free(t->v);
    *t = (struct cleat_tally){0};
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *cleat_tally_join(const struct cleat_tally *t,
                       char *(*print)(const struct cleat_tally_entry *entry)) {
    char **lines = cleat_sdk_alloc(t->n, sizeof *lines);
    size_t size = 1;
    for (size_t i = 0; i < t->n; i++) {
        lines[i] = print(&t->v[i]);
        size += strlen(lines[i]) + 2;
    }
    qsort(lines, t->n, sizeof *lines, compare);
    char *all = cleat_sdk_alloc(size, 1), *p = all;
    for (size_t i = 0; i < t->n; i++) {
        p = stpcpy(stpcpy(p, i > 0 ? ", " : ""), lines[i]);
        free(lines[i]);
    }
    free(lines);
    return all;
}

/* ---- text ---- */

void cleat_text_add(struct cleat_text *t, struct cleat_str s) {
    if (t->n + s.n + 1 > t->cap) {
        size_t cap = (t->n + s.n + 1) * 2;
        char *p = cleat_sdk_alloc(cap, 1);
        if (t->n > 0) {
            memcpy(p, t->p, t->n);
        }
        free(t->p);
        t->p = p;
        t->cap = cap;
    }
    if (s.n > 0) {
        memcpy(t->p + t->n, s.p, s.n);
    }
    t->n += s.n;
    t->p[t->n] = 0;
}

void cleat_text_addf(struct cleat_text *t, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = cleat_sdk_vformat(fmt, ap);
    va_end(ap);
    cleat_text_add(t, cleat_cstr(text));
    free(text);
}

void cleat_text_quote(struct cleat_text *t, const char *s) {
    cleat_text_add(t, CLEAT_STR("\""));
    for (; *s != 0; s++) {
        unsigned char ch = (unsigned char)*s;
        if (ch == '"' || ch == '\\') {
            cleat_text_addf(t, "\\%c", ch);
        } else if (ch < 0x20) {
            cleat_text_addf(t, "\\u%04x", ch);
        } else {
            cleat_text_add(t, (struct cleat_str){s, 1});
        }
    }
    cleat_text_add(t, CLEAT_STR("\""));
}
