/* SPDX-License-Identifier: Apache-2.0 */
/* What references name: kinds, and owners that are not there; see kinds.h. */
#include "kinds.h"

#include <stdatomic.h>

/* ---- kinds ---- */

static int compare_str(struct cleat_str a, struct cleat_str b) {
    int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

struct wanted {
    struct cleat_str kind, group, version;
};

static int compare_to(const struct wanted *w, const struct cleat_kind_info *k) {
    int c = compare_str(w->kind, cleat_cstr(k->kind));
    c = c != 0 ? c : compare_str(w->group, cleat_cstr(k->group));
    return c != 0 ? c : compare_str(w->version, cleat_cstr(k->version));
}

static int compare(const void *pa, const void *pb) {
    const struct cleat_kind_info *a = *(struct cleat_kind_info *const *)pa;
    const struct wanted w = {cleat_cstr(a->kind), cleat_cstr(a->group), cleat_cstr(a->version)};
    return compare_to(&w, *(struct cleat_kind_info *const *)pb);
}

static int compare_key(const void *w, const void *k) {
    return compare_to(w, *(struct cleat_kind_info *const *)k);
}

struct cleat_gc_kinds *cleat_gc_kinds_new(struct cleat_served *served) {
    struct cleat_gc_kinds *k = cleat_sdk_alloc(1, sizeof *k);
    atomic_init(&k->refs, 1);
    k->served = *served;
    *served = (struct cleat_served){.struct_size = sizeof *served};
    k->sorted = cleat_sdk_alloc(k->served.n, sizeof(struct cleat_kind_info *));
    for (size_t i = 0; i < k->served.n; i++) {
        k->sorted[i] = k->served.v[i];
    }
    qsort(k->sorted, k->served.n, sizeof(struct cleat_kind_info *), compare);
    return k;
}

void cleat_gc_kinds_unref(struct cleat_gc_kinds *k) {
    if (k != NULL && atomic_fetch_sub(&k->refs, 1) == 1) {
        SDK->client->kinds_free(&k->served);
        free(k->sorted);
        free(k);
    }
}

const struct cleat_kind_info *cleat_gc_kinds_find(const struct cleat_gc_kinds *k,
                                                  struct cleat_str api_version,
                                                  struct cleat_str kind) {
    const char *slash = api_version.n > 0 ? memchr(api_version.p, '/', api_version.n) : NULL;
    struct wanted w = {kind, {"", 0}, api_version};
    if (slash != NULL) {
        w.group = (struct cleat_str){api_version.p, (size_t)(slash - api_version.p)};
        w.version = (struct cleat_str){slash + 1, api_version.n - w.group.n - 1};
    }
    if (w.kind.n == 0 || w.version.n == 0) {
        return NULL;
    }
    struct cleat_kind_info *const *found =
        bsearch(&w, k->sorted, k->served.n, sizeof(struct cleat_kind_info *), compare_key);
    return found != NULL ? *found : NULL;
}

/* ---- absent owners ---- */

static uint32_t hash_of(const char *s) {
    uint32_t h = 2166136261u;
    for (; *s != 0; s++) {
        h = (h ^ (unsigned char)*s) * 16777619u;
    }
    return h;
}

void cleat_gc_absent_init(struct cleat_gc_absent *a) {
    *a = (struct cleat_gc_absent){.next = 0};
    pthread_mutex_init(&a->mutex, NULL);
}

void cleat_gc_absent_done(struct cleat_gc_absent *a) {
    for (size_t i = 0; i < CLEAT_GC_ABSENT; i++) {
        free(a->at[i]);
    }
    pthread_mutex_destroy(&a->mutex);
}

/* Newest first: those are asked for again. */
static bool has(const struct cleat_gc_absent *a, const char *coordinates, uint32_t hash) {
    for (size_t k = 1; k <= CLEAT_GC_ABSENT; k++) {
        size_t i = (a->next + CLEAT_GC_ABSENT - k) % CLEAT_GC_ABSENT;
        if (a->at[i] == NULL) {
            return false;
        }
        if (a->hashes[i] == hash && strcmp(a->at[i], coordinates) == 0) {
            return true;
        }
    }
    return false;
}

bool cleat_gc_absent_has(struct cleat_gc_absent *a, const char *coordinates) {
    uint32_t hash = hash_of(coordinates);
    pthread_mutex_lock(&a->mutex);
    bool yes = has(a, coordinates, hash);
    pthread_mutex_unlock(&a->mutex);
    return yes;
}

void cleat_gc_absent_add(struct cleat_gc_absent *a, const char *coordinates) {
    uint32_t hash = hash_of(coordinates);
    pthread_mutex_lock(&a->mutex);
    if (!has(a, coordinates, hash)) {
        free(a->at[a->next]);
        a->at[a->next] = cleat_sdk_dup(cleat_cstr(coordinates));
        a->hashes[a->next] = hash;
        a->next = (a->next + 1) % CLEAT_GC_ABSENT;
    }
    pthread_mutex_unlock(&a->mutex);
}
