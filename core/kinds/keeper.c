/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the keeper looks, and at what: cursors over namespaces and over the kinds that
 * each of them has one of tell which namespaces changed; the first time, and where a
 * cursor fell behind, all of them.
 */
#include "core/kinds/keeper_internal.h"

static const struct {
    const char *resource, *name; /* name NULL: the namespace itself */
} followed[CLEAT_KEPT_KINDS] = {
    {"namespaces", NULL}, {"configmaps", "kube-root-ca.crt"}, {"serviceaccounts", "default"}};

#define RETRY        CLEAT_SECOND
#define QUOTA_PERIOD (CLEAT_SECOND / 10)

const struct cleat_kind *cleat_keeper_kind(cleat_keeper *k, const char *group,
                                           const char *resource) {
    return cleat_registry_find(k->registry, group, "v1", resource);
}

/* ---- writing ---- */

bool cleat_keeper_write(cleat_keeper *k, int verb, const struct cleat_kind *kind,
                        const char *subresource, struct cleat_str ns, struct cleat_str name,
                        cleat_obj *body) {
    static const char *const masters[] = {"system:masters", NULL};
    const struct cleat_user self = {.name = "system:apiserver", .groups = masters};
    cleat_request req = {.registry = k->registry,
                         .verb = verb,
                         .kind = kind,
                         .subresource = subresource,
                         .ns = ns,
                         .name = name,
                         .user = &self,
                         .body = body,
                         .field_manager = "kube-apiserver"};
    cleat_err err = cleat_request_wait(&req, NULL);
    /* Somebody was faster: the next look tells whether it is as it should be. */
    bool again = err != CLEAT_OK && err != CLEAT_E_EXISTS && err != CLEAT_E_NOT_FOUND;
    if (again && err != CLEAT_E_CONFLICT && err != CLEAT_E_FORBIDDEN) {
        cleat_logf(CLEAT_LOG_WARN, "keeper", "%s is not as it should be: %s", kind->store_name,
                   req.error.message);
    }
    again = again && err != CLEAT_E_FORBIDDEN; /* a namespace on its way out */
    cleat_request_done(&req);
    return !again;
}

bool cleat_keeper_create(cleat_keeper *k, const struct cleat_kind *kind, const char *ns,
                         const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *body = NULL;
    cleat_err err = cleat_obj_parse(cleat_s(json), 0, &body, &e);
    cleat_assert(err == CLEAT_OK);
    return cleat_keeper_write(k, CLEAT_VERB_CREATE, kind, NULL, cleat_s(ns),
                              (struct cleat_str){"", 0}, body);
}

/* ---- what changed ---- */

static void note(cleat_keeper *k, struct cleat_str ns) {
    if (ns.n > 0) {
        cleat_map_put(&k->todo, ns, k);
    }
}

static void note_all(cleat_keeper *k, cleat_snapshot *sn) {
    const struct cleat_kind *namespaces = cleat_keeper_kind(k, "", "namespaces");
    struct cleat_range range;
    const cleat_obj *o;
    cleat_range_init(&range, sn, namespaces->id, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        note(k, cleat_obj_name(o));
    }
}

/* Up to where the snapshot is, or a bit further: a look too many does no harm. */
static void follow(cleat_keeper *k, cleat_snapshot *sn, size_t i) {
    struct cleat_change changes[64];
    uint64_t upto = 0;
    int n = 0;
    while (k->cursors[i] != NULL &&
           (n = cleat_cursor_read(k->cursors[i], changes, 64, &upto)) > 0) {
        for (int c = 0; c < n; c++) {
            const cleat_obj *o = changes[c].obj;
            if (followed[i].name == NULL) {
                note(k, cleat_obj_name(o));
            } else if (cleat_eqc(cleat_obj_name(o), followed[i].name)) {
                note(k, cleat_obj_ns(o));
            }
            cleat_obj_unref(changes[c].obj);
            cleat_obj_unref(changes[c].prev);
        }
    }
    if (k->cursors[i] != NULL && n < 0) {
        cleat_cursor_close(k->cursors[i]);
        k->cursors[i] = NULL;
    }
    if (k->cursors[i] == NULL) {
        const struct cleat_kind *kind = cleat_keeper_kind(k, "", followed[i].resource);
        note_all(k, sn);
        if (cleat_cursor_open(k->store, kind->id, cleat_snapshot_revision(sn), &k->cursors[i],
                              NULL) != CLEAT_OK) {
            k->cursors[i] = NULL;
        }
    }
}

static bool keep_namespaces(cleat_keeper *k, cleat_snapshot *sn) {
    struct cleat_map_entry *entry;
    bool well = true;
    for (size_t i = 0; (entry = cleat_map_each(&k->todo, &i)) != NULL;) {
        CLEAT_AUTO_FREE char *ns = cleat_strdup(entry->key);
        if (cleat_keep_namespace(k, sn, cleat_s(ns))) {
            cleat_map_remove(&k->todo, cleat_s(ns));
        } else {
            well = false;
        }
    }
    return well;
}

static bool step_quotas(cleat_keeper *k) {
    if (!atomic_load(&k->quotas_dirty) || cleat_now_mono() < k->quotas_at) {
        return true;
    }
    /* In this order: what is published from here on either is in the snapshot or wakes us. */
    atomic_store(&k->has_quotas, true);
    atomic_store(&k->quotas_dirty, false);
    k->quotas_at = cleat_now_mono() + QUOTA_PERIOD;
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(k->store);
    bool well = cleat_keep_quotas(k, sn);
    if (!well) {
        atomic_store(&k->quotas_dirty, true);
    }
    return well;
}

bool cleat_keeper_step(cleat_keeper *k) {
    /* The cursors first: what they do not tell of yet wakes us again. */
    CLEAT_AUTO(cleat_snapshot) *before = cleat_store_snapshot(k->store);
    for (size_t i = 0; i < CLEAT_KEPT_KINDS; i++) {
        follow(k, before, i);
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(k->store);
    bool well = true;
    if (!k->running || atomic_exchange(&k->cluster_dirty, false)) {
        well = cleat_keep_cluster(k, sn);
        if (!well) {
            atomic_store(&k->cluster_dirty, true);
        }
    }
    well = keep_namespaces(k, sn) && well;
    return step_quotas(k) && well;
}

/* ---- waking ---- */

enum { NOTHING, QUOTAS, CLUSTER };

/* Leases, nodes and events change all the time and are nobody's quota. */
static void sort_kinds(cleat_keeper *k) {
    static const char *const kept[] = {"namespaces",
                                       "configmaps",
                                       "serviceaccounts",
                                       "services",
                                       "endpoints",
                                       "endpointslices",
                                       "servicecidrs",
                                       "resourcequotas",
                                       "priorityclasses",
                                       "componentstatuses",
                                       NULL};
    static const char *const busy[] = {"leases", "nodes", NULL};
    const struct cleat_kind *kind;
    for (size_t i = 0; (kind = cleat_registry_at(k->registry, i)) != NULL; i++) {
        k->n_concern = kind->id >= k->n_concern ? kind->id + 1 : k->n_concern;
    }
    k->concern = cleat_array((size_t)k->n_concern + 1, 1);
    for (size_t i = 0; (kind = cleat_registry_at(k->registry, i)) != NULL; i++) {
        struct cleat_str name = cleat_s(kind->resource);
        bool none = cleat_one_of(name, busy) || (kind->flags & CLEAT_KIND_EVENT) != 0;
        k->concern[kind->id] = cleat_one_of(name, kept) ? CLUSTER : none ? NOTHING : QUOTAS;
    }
}

/* On the committer's thread. */
static void published(void *userdata, const uint32_t *kinds, size_t n, uint64_t revision) {
    cleat_keeper *k = userdata;
    int most = NOTHING;
    (void)revision;
    for (size_t i = 0; i < n; i++) {
        int concern = kinds[i] < k->n_concern ? k->concern[kinds[i]] : QUOTAS;
        most = concern > most ? concern : most;
    }
    if (most == NOTHING || (most == QUOTAS && !atomic_load(&k->has_quotas))) {
        return;
    }
    if (most == CLUSTER) {
        atomic_store(&k->cluster_dirty, true);
    }
    atomic_store(&k->quotas_dirty, true);
    cleat_event_set(&k->event);
}

cleat_keeper *cleat_keeper_new(cleat_registry *r, const struct cleat_keeper_opts *opts) {
    cleat_keeper *k = cleat_zalloc(sizeof *k);
    k->registry = r;
    k->store = cleat_registry_store(r);
    k->admit = opts->admit;
    k->ca = cleat_strdup(opts->ca_pem);
    k->client_ca = cleat_strdup(opts->client_ca_pem);
    k->range = cleat_strdup(opts->service_ip_range);
    k->port = opts->secure_port;
    if (opts->advertise_address != NULL &&
        cleat_ip_parse(cleat_s(opts->advertise_address), NULL) != 0 &&
        cleat_special_ip(cleat_s(opts->advertise_address)) == NULL) {
        k->address = cleat_strdup(opts->advertise_address);
    }
    cleat_event_init(&k->event);
    atomic_store(&k->cluster_dirty, true);
    atomic_store(&k->quotas_dirty, true);
    sort_kinds(k);
    return k;
}

static void *run(void *arg) {
    cleat_keeper *k = arg;
    while (!atomic_load(&k->stopping)) {
        bool well = cleat_keeper_step(k);
        cleat_time wait = well ? -1 : RETRY;
        if (well && atomic_load(&k->quotas_dirty)) {
            cleat_time left = k->quotas_at - cleat_now_mono();
            wait = left > 0 ? left : 0;
        }
        cleat_event_wait(&k->event, wait);
        cleat_event_init(&k->event); /* what was set before is seen by the next step */
    }
    return NULL;
}

void cleat_keeper_start(cleat_keeper *k) {
    k->running = true;
    k->subscription = cleat_store_subscribe(k->store, published, k);
    k->thread = cleat_thread_start("keeper", run, k);
}

void cleat_keeper_free(cleat_keeper *k) {
    if (k == NULL) {
        return;
    }
    if (k->running) {
        cleat_store_unsubscribe(k->store, k->subscription);
        atomic_store(&k->stopping, true);
        cleat_event_set(&k->event);
        pthread_join(k->thread, NULL);
    }
    for (size_t i = 0; i < CLEAT_KEPT_KINDS; i++) {
        if (k->cursors[i] != NULL) {
            cleat_cursor_close(k->cursors[i]);
        }
    }
    cleat_map_done(&k->todo);
    free(k->concern);
    free(k->ca);
    free(k->client_ca);
    free(k->range);
    free(k->address);
    free(k);
}
