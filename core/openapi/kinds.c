/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry's kinds in the order that clients see them in: groups and their
 * versions by upstream's priorities, custom ones after the built-in ones, by
 * name; versions of equal priority as Kubernetes compares them. Pure, but for
 * reading the registry; any thread.
 */
#include <ctype.h>

#include "core/openapi/internal.h"

enum { CUSTOM_GROUP = 1000, CUSTOM_VERSION = 100 };

static const struct priority {
    const char *group, *version; /* version NULL: any */
    int group_first, version_first;
} priorities[] = {
    {"", NULL, 18000, 1},
    {"apps", NULL, 17800, 15},
    {"events.k8s.io", NULL, 17750, 15},
    {"authentication.k8s.io", NULL, 17700, 15},
    {"authorization.k8s.io", NULL, 17600, 15},
    {"autoscaling", "v2", 17500, 30},
    {"autoscaling", NULL, 17500, 15},
    {"batch", NULL, 17400, 15},
    {"certificates.k8s.io", NULL, 17300, 15},
    {"networking.k8s.io", NULL, 17200, 15},
    {"policy", NULL, 17100, 15},
    {"rbac.authorization.k8s.io", NULL, 17000, 15},
    {"storage.k8s.io", NULL, 16800, 15},
    {"apiextensions.k8s.io", NULL, 16700, 15},
    {"admissionregistration.k8s.io", NULL, 16700, 15},
    {"scheduling.k8s.io", NULL, 16600, 15},
    {"coordination.k8s.io", NULL, 16500, 15},
    {"node.k8s.io", NULL, 16300, 15},
    {"discovery.k8s.io", NULL, 16200, 15},
};

static struct priority priority_of(const struct cleat_kind *k) {
    for (size_t i = 0; i < sizeof priorities / sizeof *priorities; i++) {
        const struct priority *p = &priorities[i];
        if (strcmp(p->group, k->group) == 0 &&
            (p->version == NULL || strcmp(p->version, k->version) == 0)) {
            return *p;
        }
    }
    return (struct priority){k->group, NULL, CUSTOM_GROUP, CUSTOM_VERSION};
}

/* "v12beta3" -> stable 2, major 12, minor 3; false for a name that says nothing. */
static bool version_parts(const char *v, int *stage, unsigned long *major, unsigned long *minor) {
    char *end;
    if (v[0] != 'v' || !isdigit((unsigned char)v[1]) || v[1] == '0') {
        return false;
    }
    *major = strtoul(v + 1, &end, 10);
    *minor = 0;
    *stage = 3;
    if (*end == '\0') {
        return true;
    }
    size_t n = strncmp(end, "alpha", 5) == 0 ? 5 : strncmp(end, "beta", 4) == 0 ? 4 : 0;
    if (n == 0 || !isdigit((unsigned char)end[n]) || end[n] == '0') {
        return false;
    }
    *stage = n == 4 ? 2 : 1;
    *minor = strtoul(end + n, &end, 10);
    return *end == '\0';
}

static int compare(unsigned long a, unsigned long b) {
    return (a < b) - (a > b); /* the greater first */
}

static int compare_versions(const char *a, const char *b) {
    int stage_a = 0, stage_b = 0;
    unsigned long major_a = 0, major_b = 0, minor_a = 0, minor_b = 0;
    bool known_a = version_parts(a, &stage_a, &major_a, &minor_a);
    bool known_b = version_parts(b, &stage_b, &major_b, &minor_b);
    if (!known_a || !known_b) {
        return known_a != known_b ? compare(known_a, known_b) : strcmp(a, b);
    }
    int c = compare((unsigned long)stage_a, (unsigned long)stage_b);
    c = c != 0 ? c : compare(major_a, major_b);
    return c != 0 ? c : compare(minor_a, minor_b);
}

static int compare_kinds(const void *pa, const void *pb) {
    const struct cleat_kind *a = *(const struct cleat_kind *const *)pa;
    const struct cleat_kind *b = *(const struct cleat_kind *const *)pb;
    struct priority x = priority_of(a), y = priority_of(b);
    int c = compare((unsigned long)x.group_first, (unsigned long)y.group_first);
    c = c != 0 ? c : strcmp(a->group, b->group);
    c = c != 0 ? c : compare((unsigned long)x.version_first, (unsigned long)y.version_first);
    c = c != 0 ? c : compare_versions(a->version, b->version);
    return c != 0 ? c : strcmp(a->resource, b->resource);
}

void cleat_kind_list_load(struct cleat_kind_list *l, cleat_registry *r) {
    CLEAT_AUTO_FREE const struct cleat_kind **kinds = NULL;
    const struct cleat_kind *k;
    size_t n = 0;
    while ((k = cleat_registry_at(r, n)) != NULL) {
        kinds = cleat_rearray(kinds, n + 1, sizeof *kinds);
        kinds[n++] = k;
    }
    cleat_kind_list_of(l, kinds, n);
}

void cleat_kind_list_of(struct cleat_kind_list *l, const struct cleat_kind *const *kinds,
                        size_t n) {
    const struct cleat_kind *k;
    *l = (struct cleat_kind_list){.kinds = cleat_array(n + 1, sizeof *l->kinds), .n = n};
    for (size_t i = 0; i < n; i++) {
        l->kinds[i] = kinds[i];
    }
    qsort(l->kinds, n, sizeof *l->kinds, compare_kinds);
    l->versions = cleat_array(l->n + 1, sizeof *l->versions);
    for (size_t i = 0; i < l->n; i++) {
        k = l->kinds[i];
        struct cleat_group_version *last =
            l->n_versions > 0 ? &l->versions[l->n_versions - 1] : NULL;
        if (last == NULL || strcmp(last->group, k->group) != 0 ||
            strcmp(last->version, k->version) != 0) {
            last = &l->versions[l->n_versions++];
            *last = (struct cleat_group_version){k->group, k->version, l->kinds + i, 0};
        }
        last->n++;
    }
}

void cleat_kind_list_done(struct cleat_kind_list *l) {
    free(l->kinds);
    free(l->versions);
}

const struct cleat_group_version *cleat_kind_list_version(const struct cleat_kind_list *l,
                                                          const char *group, const char *version) {
    for (size_t i = 0; i < l->n_versions; i++) {
        if (strcmp(l->versions[i].group, group) == 0 &&
            strcmp(l->versions[i].version, version) == 0) {
            return &l->versions[i];
        }
    }
    return NULL;
}

/* ---- one kind ---- */

unsigned cleat_kind_can(const struct cleat_kind *k) {
    if (cleat_kind_is_asked(k)) {
        return CLEAT_CAN_CREATE;
    }
    if (k->flags & CLEAT_KIND_READ_ONLY) {
        return CLEAT_CAN_GET | CLEAT_CAN_LIST;
    }
    return k->flags & CLEAT_KIND_NAMESPACE ? 0xffu & ~(unsigned)CLEAT_CAN_DELETE_COLLECTION : 0xffu;
}

static unsigned part_can(unsigned verbs) {
    static const unsigned can[] = {[CLEAT_VERB_GET] = CLEAT_CAN_GET,
                                   [CLEAT_VERB_CREATE] = CLEAT_CAN_CREATE,
                                   [CLEAT_VERB_UPDATE] = CLEAT_CAN_UPDATE,
                                   [CLEAT_VERB_PATCH] = CLEAT_CAN_PATCH,
                                   [CLEAT_VERB_DELETE] = CLEAT_CAN_DELETE};
    unsigned all = verbs == 0 ? CLEAT_CAN_GET | CLEAT_CAN_UPDATE | CLEAT_CAN_PATCH : 0;
    for (size_t i = 1; i < sizeof can / sizeof *can; i++) {
        all |= verbs & 1u << i ? can[i] : 0;
    }
    return all;
}

static int compare_parts(const void *a, const void *b) {
    return strcmp(((const struct cleat_subresource *)a)->name,
                  ((const struct cleat_subresource *)b)->name);
}

struct cleat_subresource *cleat_kind_parts(const struct cleat_kind *k, size_t *ret_n) {
    size_t n = 0;
    while (k->subresources != NULL && k->subresources[n].name != NULL) {
        n++;
    }
    struct cleat_subresource *parts = cleat_array(n + 1, sizeof *parts);
    for (size_t i = 0; i < n; i++) {
        parts[i] = k->subresources[i];
    }
    if (k->flags & CLEAT_KIND_STATUS) {
        parts[n++] = (struct cleat_subresource){.name = "status"};
    }
    for (size_t i = 0; i < n; i++) {
        parts[i].verbs = part_can(parts[i].verbs);
        if (parts[i].kind == NULL) {
            parts[i].group = NULL;
            parts[i].kind = k->kind;
            parts[i].type = cleat_kind_type(k);
        } else if (parts[i].type == NULL) {
            parts[i].type = cleat_type_of_kind(parts[i].group, parts[i].version, parts[i].kind);
        }
    }
    qsort(parts, n, sizeof *parts, compare_parts);
    *ret_n = n;
    return parts;
}

const struct cleat_type *cleat_kind_type(const struct cleat_kind *k) {
    if (k->flags & CLEAT_KIND_CUSTOM) {
        return NULL;
    }
    return k->type != NULL ? k->type : cleat_type_of_kind(k->group, k->version, k->kind);
}

const struct cleat_type *cleat_kind_list_type(const struct cleat_kind *k) {
    if (k->flags & CLEAT_KIND_CUSTOM) {
        return NULL;
    }
    CLEAT_AUTO_FREE char *kind = cleat_sprintf("%sList", k->kind);
    return cleat_type_of_kind(k->group, k->version, kind);
}
