/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who owns what after a create, an update or a patch: the writer all that it
 * changed, others no longer what it changed or removed.
 */
#include "core/apply/manage.h"

struct cleat_manager cleat_writer_entry(const struct cleat_writer *w, bool applied) {
    return (struct cleat_manager){.name = w->manager,
                                  .version = w->version,
                                  .subresource = w->subresource,
                                  .applied = applied};
}

/* Sets that are always the same. Nobody writes to them. */
#define MEMBER(name)                                                                               \
    { .el = {'f', {(name), sizeof(name) - 1}}, .member = true }
#define SET(list)                                                                                  \
    { .n = sizeof(list) / sizeof *(list), .nodes = (list) }

static struct cleat_fields_node status[] = {MEMBER("status")};
static struct cleat_fields_node spec[] = {MEMBER("spec")};
static struct cleat_fields_node spec_status[] = {MEMBER("spec"), MEMBER("status")};
static struct cleat_fields_node metadata_spec[] = {MEMBER("metadata"), MEMBER("spec")};
static const struct cleat_fields resets[] = {
    [CLEAT_RESET_STATUS] = SET(status),
    [CLEAT_RESET_SPEC] = SET(spec),
    [CLEAT_RESET_SPEC_STATUS] = SET(spec_status),
    [CLEAT_RESET_METADATA_SPEC] = SET(metadata_spec),
};

const struct cleat_fields *cleat_reset_fields(int which) {
    return &resets[which];
}

const struct cleat_fields *cleat_fields_strip(struct cleat_arena *a, const struct cleat_fields *s) {
    static struct cleat_fields_node in_metadata[] = {MEMBER("clusterName"),
                                                     MEMBER("creationTimestamp"),
                                                     MEMBER("generation"),
                                                     MEMBER("managedFields"),
                                                     MEMBER("name"),
                                                     MEMBER("namespace"),
                                                     MEMBER("resourceVersion"),
                                                     MEMBER("selfLink"),
                                                     MEMBER("uid")};
    static const struct cleat_fields below = SET(in_metadata);
    static struct cleat_fields_node nodes[] = {
        MEMBER("apiVersion"),
        MEMBER("kind"),
        {.el = {'f', {"metadata", 8}}, .member = true, .below = &below}};
    static const struct cleat_fields nobodys = SET(nodes);
    return cleat_fields_minus(a, s, &nobodys);
}

void cleat_managers_refresh(struct cleat_arena *a, const struct cleat_writer *w,
                            struct cleat_managers *m) {
    for (uint32_t i = 0; i < m->n; i++) {
        struct cleat_manager *one = &m->list[i];
        const struct cleat_type *type = w->type;
        if (!cleat_eq(one->version, w->version) &&
            (w->version_type == NULL || !w->version_type(w->userdata, one->version, &type))) {
            cleat_managers_drop(m, i--);
            continue;
        }
        one->fields = cleat_typed_reconcile(a, type, one->fields);
    }
}

bool cleat_managers_compare(struct cleat_arena *a, const struct cleat_writer *w,
                            struct cleat_val old, struct cleat_val now,
                            struct cleat_comparison *ret) {
    struct cleat_comparison c;
    if (!cleat_typed_compare(a, w->type, old, now, &c)) {
        return false;
    }
    ret->added = cleat_fields_without(a, c.added, w->reset);
    ret->modified = cleat_fields_without(a, c.modified, w->reset);
    ret->removed = cleat_fields_without(a, c.removed, w->reset);
    return true;
}

struct cleat_manager_conflicts cleat_managers_conflicts(struct cleat_arena *a,
                                                        const struct cleat_managers *m,
                                                        const struct cleat_manager *self,
                                                        const struct cleat_comparison *c) {
    struct cleat_manager_conflicts found = {cleat_arena_alloc(a, (m->n + 1) * sizeof *found.list),
                                            0};
    const struct cleat_fields *changed = cleat_fields_union(a, c->modified, c->added);
    for (uint32_t i = 0; i < m->n; i++) {
        const struct cleat_manager *one = &m->list[i];
        const struct cleat_fields *fields =
            one != self ? cleat_fields_common(a, one->fields, changed) : NULL;
        if (!cleat_fields_empty(fields)) {
            found.list[found.n++] = (struct cleat_manager_conflict){one, fields};
        }
    }
    return found;
}

void cleat_managers_take(struct cleat_arena *a, struct cleat_managers *m,
                         const struct cleat_manager *self, const struct cleat_comparison *c) {
    uint32_t kept = 0;
    const struct cleat_fields *lost =
        cleat_fields_union(a, cleat_fields_union(a, c->modified, c->added), c->removed);
    for (uint32_t i = 0; i < m->n; i++) {
        struct cleat_manager one = m->list[i];
        if (&m->list[i] != self) {
            one.fields = cleat_fields_minus(a, one.fields, lost);
        }
        if (!cleat_fields_empty(one.fields)) {
            m->list[kept++] = one;
        }
    }
    m->n = kept;
}

/* ---- the cap ---- */

static int by_age(const void *a, const void *b) {
    const struct cleat_manager *x = *(struct cleat_manager *const *)a,
                               *y = *(struct cleat_manager *const *)b;
    int c = cleat_cmp(x->time, y->time);
    return c != 0 ? c : cleat_cmp(x->name, y->name);
}

/* The oldest entry of the same version among the first n of order; NULL. */
static struct cleat_manager *older(struct cleat_manager **order, uint32_t n,
                                   struct cleat_str version) {
    for (uint32_t i = 0; i < n; i++) {
        if (order[i]->fields != NULL && cleat_eq(order[i]->version, version)) {
            return order[i];
        }
    }
    return NULL;
}

/* Merges the oldest updates of each version, until there are few enough. */
static void cap(struct cleat_arena *a, struct cleat_managers *m) {
    struct cleat_manager **order = cleat_arena_alloc(a, (m->n + 1) * sizeof *order);
    uint32_t n = 0, kept = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        if (!m->list[i].applied) {
            order[n++] = &m->list[i];
        }
    }
    qsort(order, n, sizeof *order, by_age);
    uint32_t left = n;
    for (uint32_t i = 0; i < n && left > CLEAT_MANAGERS_MAX; i++) {
        struct cleat_manager *bucket = older(order, i, order[i]->version);
        if (bucket == NULL) {
            continue;
        }
        bucket->name = CLEAT_STR("ancient-changes");
        bucket->subresource = (struct cleat_str){"", 0};
        bucket->time = order[i]->time;
        bucket->fields = cleat_fields_union(a, order[i]->fields, bucket->fields);
        order[i]->fields = NULL;
        left--;
    }
    for (uint32_t i = 0; i < m->n; i++) {
        if (m->list[i].fields != NULL) {
            m->list[kept++] = m->list[i];
        }
    }
    m->n = kept;
}

bool cleat_managers_update(struct cleat_arena *a, const struct cleat_writer *w,
                           struct cleat_val old, struct cleat_val now, struct cleat_managers *m) {
    struct cleat_comparison c;
    if (!cleat_managers_compare(a, w, old, now, &c)) {
        return false;
    }
    cleat_managers_refresh(a, w, m);
    cleat_managers_take(a, m, NULL, &c);
    const struct cleat_fields *mine =
        cleat_fields_strip(a, cleat_fields_union(a, c.modified, c.added));
    if (!cleat_fields_empty(mine)) {
        struct cleat_manager me = cleat_writer_entry(w, false);
        struct cleat_manager *entry = cleat_managers_entry(a, m, &me);
        entry->fields = cleat_fields_union(a, mine, entry->fields);
        entry->time = w->time;
    }
    if (m->n > CLEAT_MANAGERS_MAX) {
        cap(a, m);
    }
    return true;
}
