/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of a registry, the namespaces that must be there, and the ending of
 * old events. Any thread may look kinds up without a lock: each stands in a place
 * of its own, and what is taken out of its place stays valid. Changes are under
 * one lock.
 */
#include "core/registry/internal.h"
#include "core/types/types.h"

cleat_err cleat_registry_publish(cleat_registry *r, struct cleat_kind *k,
                                 const struct cleat_kind *replaces, struct cleat_error *e) {
    size_t n = atomic_load(&r->n_kinds), at = n;
    const struct cleat_kind *there = cleat_registry_find(r, k->group, k->version, k->resource);
    if (there != NULL && there != replaces) {
        return cleat_fail(e, CLEAT_E_EXISTS, "the kind %s is there already", k->store_name);
    }
    for (size_t i = 0; there != NULL && i < n; i++) {
        at = atomic_load(&r->kinds[i]) == there ? i : at;
    }
    if (at == CLEAT_KINDS_MAX) {
        return cleat_fail(e, CLEAT_E_INTERNAL, "there are %d kinds already", CLEAT_KINDS_MAX);
    }
    k->id = cleat_store_kind(r->store, k->stored_as != NULL ? k->stored_as : k->store_name);
    atomic_store(&r->kinds[at], k);
    if (at == n) {
        atomic_store(&r->n_kinds, n + 1);
    }
    atomic_fetch_add(&r->generation, 1);
    return CLEAT_OK;
}

/* The last kind takes its place. Who searches meanwhile sees the generation change. */
void cleat_registry_withdraw(cleat_registry *r, const struct cleat_kind *k) {
    size_t n = atomic_load(&r->n_kinds);
    for (size_t i = 0; i < n; i++) {
        if (atomic_load(&r->kinds[i]) == k) {
            atomic_fetch_add(&r->generation, 1);
            atomic_store(&r->kinds[i], atomic_load(&r->kinds[n - 1]));
            atomic_store(&r->n_kinds, n - 1);
            atomic_fetch_add(&r->generation, 1);
            return;
        }
    }
}

static cleat_err add_table(cleat_registry *r, const struct cleat_kind *table,
                           struct cleat_error *e) {
    for (; table->resource != NULL; table++) {
        struct cleat_kind *k = &r->built[r->n_built++];
        *k = *table;
        k->store_name = k->group[0] != '\0' ? cleat_sprintf("%s.%s", k->resource, k->group)
                                            : cleat_strdup(k->resource);
        k->api_version = k->group[0] != '\0' ? cleat_sprintf("%s/%s", k->group, k->version)
                                             : cleat_strdup(k->version);
        if (k->type == NULL) {
            k->type = cleat_type_of_kind(k->group, k->version, k->kind);
        }
        CLEAT_TRY(cleat_registry_publish(r, k, NULL, e));
        r->namespaces = k->flags & CLEAT_KIND_NAMESPACE ? k : r->namespaces;
        r->events = k->flags & CLEAT_KIND_EVENT ? k : r->events;
        r->definitions = k->flags & CLEAT_KIND_DEFINES ? k : r->definitions;
    }
    return CLEAT_OK;
}

cleat_err cleat_registry_new(cleat_store *store, const struct cleat_kind *const *tables,
                             cleat_registry **ret, struct cleat_error *e) {
    cleat_registry *r = cleat_zalloc(sizeof *r);
    size_t n = 0;
    r->store = store;
    pthread_mutex_init(&r->lock, NULL);
    for (size_t i = 0; tables[i] != NULL; i++) {
        for (const struct cleat_kind *k = tables[i]; k->resource != NULL; k++) {
            n++;
        }
    }
    r->built = cleat_array(n, sizeof *r->built);
    for (size_t i = 0; tables[i] != NULL; i++) {
        cleat_err err = add_table(r, tables[i], e);
        if (err != CLEAT_OK) {
            cleat_registry_free(r);
            return err;
        }
    }
    cleat_definitions_sync(r);
    *ret = r;
    return CLEAT_OK;
}

void cleat_registry_free(cleat_registry *r) {
    if (r == NULL) {
        return;
    }
    cleat_definitions_free(r);
    for (size_t i = 0; i < r->n_built; i++) {
        free((char *)(uintptr_t)r->built[i].store_name);
        free((char *)(uintptr_t)r->built[i].api_version);
    }
    free(r->built);
    free(r->sweep_ns);
    free(r->sweep_name);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

cleat_store *cleat_registry_store(cleat_registry *r) {
    return r->store;
}

void cleat_registry_admission(cleat_registry *r, struct cleat_admission *a) {
    r->admission = a;
}

void cleat_registry_authority(cleat_registry *r, struct cleat_authority *a) {
    r->authority = a;
}

struct cleat_authority *cleat_registry_authority_of(cleat_registry *r) {
    return r->authority;
}

uint64_t cleat_registry_access_changes(cleat_registry *r) {
    return atomic_load(&r->access_changes);
}

const struct cleat_kind *cleat_registry_at(cleat_registry *r, size_t i) {
    return i < atomic_load(&r->n_kinds) ? atomic_load(&r->kinds[i]) : NULL;
}

uint64_t cleat_registry_generation(cleat_registry *r) {
    return atomic_load(&r->generation);
}

static const struct cleat_kind *search(cleat_registry *r, const char *group, const char *version,
                                       const char *resource) {
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(r, i)) != NULL; i++) {
        if (strcmp(k->resource, resource) == 0 && strcmp(k->group, group) == 0 &&
            strcmp(k->version, version) == 0) {
            return k;
        }
    }
    return NULL;
}

const struct cleat_kind *cleat_registry_find(cleat_registry *r, const char *group,
                                             const char *version, const char *resource) {
    for (;;) {
        uint64_t generation = atomic_load(&r->generation);
        const struct cleat_kind *k = search(r, group, version, resource);
        /* A kind that was moved to another place meanwhile may have been missed. */
        if (k != NULL || atomic_load(&r->generation) == generation) {
            return k;
        }
    }
}

const struct cleat_subresource *cleat_kind_subresource(const struct cleat_kind *k,
                                                       const char *name) {
    for (const struct cleat_subresource *s = k->subresources; s != NULL && s->name != NULL; s++) {
        if (strcmp(s->name, name) == 0) {
            return s;
        }
    }
    return NULL;
}

/* ---- bootstrap ---- */

static cleat_err make_namespace(cleat_registry *r, const char *name, struct cleat_error *e) {
    static const char *const masters[] = {"system:masters", NULL};
    struct cleat_user self = {.name = "system:apiserver", .groups = masters};
    CLEAT_AUTO_FREE char *json = cleat_sprintf(
        "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\"}}", name);
    cleat_request req = {.registry = r,
                         .verb = CLEAT_VERB_CREATE,
                         .kind = r->namespaces,
                         .user = &self,
                         .field_manager = "kube-apiserver"};
    CLEAT_TRY(cleat_obj_parse(cleat_s(json), 0, &req.body, e));
    cleat_err err = cleat_request_wait(&req, NULL);
    if (err != CLEAT_OK && err != CLEAT_E_EXISTS && e != NULL) {
        *e = req.error;
    }
    cleat_request_done(&req);
    return err == CLEAT_E_EXISTS ? CLEAT_OK : err;
}

cleat_err cleat_registry_bootstrap(cleat_registry *r, struct cleat_error *e) {
    static const char *const names[] = {"default", "kube-system", "kube-public", "kube-node-lease"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(r->store);
        if (cleat_snapshot_get(sn, r->namespaces->id, (struct cleat_str){"", 0},
                               cleat_s(names[i])) == NULL) {
            CLEAT_TRY(make_namespace(r, names[i], e));
        }
    }
    return CLEAT_OK;
}

/* ---- old events ---- */

enum { SWEEP_STEP = 256 };

/* When the event was last written: the newest time that it carries. */
static cleat_time last_seen(const cleat_obj *o) {
    const cleat_path paths[] = {CLEAT_PATH("metadata", "creationTimestamp"),
                                CLEAT_PATH("lastTimestamp"), CLEAT_PATH("eventTime"),
                                CLEAT_PATH("series", "lastObservedTime")};
    cleat_time newest = 0;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        cleat_time t;
        if (cleat_time_parse(cleat_val_str(cleat_obj_at(o, paths[i])), &t) == CLEAT_OK &&
            t > newest) {
            newest = t;
        }
    }
    return newest;
}

static void swept(struct cleat_op *op) {
    /* An event that was written or deleted meanwhile is looked at again in the next round. */
    if (op->err != CLEAT_OK && op->err != CLEAT_E_CONFLICT && op->err != CLEAT_E_NOT_FOUND) {
        cleat_logf(CLEAT_LOG_WARN, "registry", "an old event was not deleted: %s",
                   op->error.message);
    }
    cleat_obj_unref(op->obj);
    free(op);
}

static void sweep_one(cleat_registry *r, const cleat_obj *o) {
    CLEAT_AUTO_PREP p = {.n = 0};
    cleat_obj *last = NULL;
    cleat_prep_revision(&p, r->store);
    cleat_err err = cleat_prep_apply(&p, o, &last, NULL);
    cleat_assert(err == CLEAT_OK); /* a stored object has metadata */
    cleat_obj_stamp_kind(last, r->events->id);
    struct cleat_op *op = cleat_zalloc(sizeof *op);
    op->error.struct_size = (uint32_t)sizeof op->error;
    op->type = CLEAT_OP_DELETE;
    op->expect = cleat_obj_revision(o);
    op->obj = last;
    op->done = swept;
    cleat_store_submit(r->store, op);
}

static void remember_place(cleat_registry *r, const cleat_obj *last) {
    free(r->sweep_ns);
    free(r->sweep_name);
    r->sweep_ns = last != NULL ? cleat_strndup(cleat_obj_ns(last)) : NULL;
    r->sweep_name = last != NULL ? cleat_strndup(cleat_obj_name(last)) : NULL;
}

void cleat_registry_step(cleat_registry *r, cleat_time event_ttl) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(r->store);
    cleat_time before = cleat_now_wall() - event_ttl;
    struct cleat_range range;
    const struct cleat_str all = {NULL, 0};
    const cleat_obj *o = NULL;
    CLEAT_LOCKED(&r->lock);
    if (r->sweep_name != NULL) {
        cleat_range_after(&range, sn, r->events->id, all, cleat_s(r->sweep_ns),
                          cleat_s(r->sweep_name));
    } else {
        cleat_range_init(&range, sn, r->events->id, all);
    }
    const cleat_obj *last = NULL;
    for (int i = 0; i < SWEEP_STEP && (o = cleat_range_next(&range)) != NULL; i++) {
        last = o;
        if (last_seen(o) < before) {
            sweep_one(r, o);
        }
    }
    remember_place(r, o != NULL ? last : NULL); /* at the end: from the start again */
}
