/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many volumes and claims there are, bound and unbound: upstream's pv_collector_*.
 * Upstream counts all of them at each scrape; here each change moves two gauges. A
 * gauge that falls to nothing ends, for namespaces come and go. On the dispatch thread,
 * and where that cannot come any more.
 */
#include "volumes.h"

#include <search.h>

enum { VOLUMES, VOLUMES_BOUND, VOLUMES_UNBOUND, CLAIMS_BOUND, CLAIMS_UNBOUND, FAMILIES };
enum { LABELS = 3 };

static const struct {
    const char *name, *help;
    const char *labels[LABELS + 1];
} metrics[FAMILIES] = {
    [VOLUMES] = {"pv_collector_total_pv_count",
                 "Gauge measuring total number of persistent volumes",
                 {"plugin_name", "volume_mode", NULL}},
    [VOLUMES_BOUND] = {"pv_collector_bound_pv_count",
                       "Gauge measuring number of persistent volume currently bound",
                       {"storage_class", NULL}},
    [VOLUMES_UNBOUND] = {"pv_collector_unbound_pv_count",
                         "Gauge measuring number of persistent volume currently unbound",
                         {"storage_class", NULL}},
    [CLAIMS_BOUND] = {"pv_collector_bound_pvc_count",
                      "Gauge measuring number of persistent volume claim currently bound",
                      {"namespace", "storage_class", "volume_attributes_class", NULL}},
    [CLAIMS_UNBOUND] = {"pv_collector_unbound_pvc_count",
                        "Gauge measuring number of persistent volume claim currently unbound",
                        {"namespace", "storage_class", "volume_attributes_class", NULL}},
};

struct cleat_vol_counts {
    cleat_metric *families[FAMILIES];
    void *tree; /* of struct count, by family and values (tsearch) */
};

struct count {
    int family;
    char *values[LABELS + 1]; /* NULL-ended */
    cleat_metric *series;
    size_t n;
};

static int compare(const void *a, const void *b) {
    const struct count *x = a, *y = b;
    int r = x->family - y->family;
    for (size_t i = 0; r == 0 && x->values[i] != NULL; i++) {
        r = strcmp(x->values[i], y->values[i]);
    }
    return r;
}

static void free_count(struct count *n) {
    for (size_t i = 0; n->values[i] != NULL; i++) {
        free(n->values[i]);
    }
    free(n);
}

static void end_series(struct cleat_vol_counts *c, struct count *n) {
    SDK->metrics->set(n->series, 0);
    if (CLEAT_HAS(SDK->metrics, struct cleat_metrics_api, remove)) {
        SDK->metrics->remove(c->families[n->family], (const char *const *)n->values);
    }
}

/* Counts one more or one less of these labels (values' texts are borrowed). */
static void move(struct cleat_vol_counts *c, int family, const struct cleat_str *values,
                 bool more) {
    struct count *n = cleat_sdk_alloc(1, sizeof *n);
    n->family = family;
    for (size_t i = 0; metrics[family].labels[i] != NULL; i++) {
        n->values[i] = cleat_sdk_dup(values[i]);
    }
    struct count **at = tfind(n, &c->tree, compare);
    if (at == NULL && more) {
        n->series = SDK->metrics->with(c->families[family], (const char *const *)n->values);
        at = tsearch(n, &c->tree, compare);
        if (at == NULL) {
            abort(); /* as all memory that is not there */
        }
        n = NULL;
    }
    if (n != NULL) {
        free_count(n);
    }
    if (at == NULL) {
        return;
    }
    n = *at;
    n->n += more ? 1 : (size_t)-1;
    SDK->metrics->set(n->series, (double)n->n);
    if (n->n == 0) {
        tdelete(n, &c->tree, compare);
        end_series(c, n);
        free_count(n);
    }
}

/* ---- labels ---- */

/* Upstream's name of what a volume is on. */
static char *plugin_of(const cleat_obj *volume) {
    static const struct {
        const char *source, *name;
    } plugins[] = {{"hostPath", "kubernetes.io/host-path"},
                   {"nfs", "kubernetes.io/nfs"},
                   {"local", "kubernetes.io/local-volume"},
                   {"iscsi", "kubernetes.io/iscsi"},
                   {"fc", "kubernetes.io/fc"},
                   {"csi", "kubernetes.io/csi"}};
    for (size_t i = 0; i < sizeof plugins / sizeof *plugins; i++) {
        struct cleat_val v = CLEAT_AT(SDK, volume, "spec", plugins[i].source);
        struct cleat_str driver = SDK->obj->str(SDK->obj->at(v, CLEAT_PATH("driver")));
        if (SDK->obj->type(v) != CLEAT_OBJECT) {
            continue;
        }
        return driver.n > 0 && strcmp(plugins[i].source, "csi") == 0
                   ? cleat_sdk_format("%s:%.*s", plugins[i].name, CLEAT_FMT(driver))
                   : cleat_sdk_dup(cleat_cstr(plugins[i].name));
    }
    return cleat_sdk_dup(CLEAT_STR("N/A"));
}

static bool is_bound(const cleat_obj *o) {
    return cleat_str_is(CLEAT_TEXT(SDK, o, "status", "phase"), "Bound");
}

static void count_volume(struct cleat_vol_counts *c, const cleat_obj *volume, bool more) {
    char *plugin = plugin_of(volume);
    struct cleat_str mode = CLEAT_TEXT(SDK, volume, "spec", "volumeMode"),
                     class = CLEAT_TEXT(SDK, volume, "spec", "storageClassName");
    struct cleat_str kind[] = {cleat_cstr(plugin), mode.n > 0 ? mode : CLEAT_STR("Filesystem")};
    move(c, VOLUMES, kind, more);
    move(c, is_bound(volume) ? VOLUMES_BOUND : VOLUMES_UNBOUND, &class, more);
    free(plugin);
}

static void count_claim(struct cleat_vol_counts *c, const cleat_obj *claim, bool more) {
    struct cleat_str values[] = {SDK->obj->ns(claim),
                                 CLEAT_TEXT(SDK, claim, "spec", "storageClassName"),
                                 CLEAT_TEXT(SDK, claim, "spec", "volumeAttributesClassName")};
    move(c, is_bound(claim) ? CLAIMS_BOUND : CLAIMS_UNBOUND, values, more);
}

/* ---- outside ---- */

/* The new state first: a gauge that stays does not end in between. */
void cleat_vol_count(struct cleat_vol_counts *c, bool claims, const cleat_obj *old,
                     const cleat_obj *now) {
    void (*one)(struct cleat_vol_counts *, const cleat_obj *, bool) =
        claims ? count_claim : count_volume;
    if (now != NULL && now != old) {
        one(c, now, true);
    }
    if (old != NULL && now != old) {
        one(c, old, false);
    }
}

struct cleat_vol_counts *cleat_vol_counts_new(void) {
    struct cleat_vol_counts *c = cleat_sdk_alloc(1, sizeof *c);
    for (int i = 0; i < FAMILIES; i++) {
        c->families[i] = SDK->metrics->family(metrics[i].name, metrics[i].help, CLEAT_GAUGE,
                                              metrics[i].labels, NULL, 0);
    }
    return c;
}

void cleat_vol_counts_free(struct cleat_vol_counts *c) {
    while (c->tree != NULL) {
        struct count *n = *(struct count **)c->tree;
        tdelete(n, &c->tree, compare);
        end_series(c, n);
        free_count(n);
    }
    free(c);
}
