/* SPDX-License-Identifier: Apache-2.0 */
/* What the keeper's files share. See keeper.h. */
#ifndef CLEAT_KINDS_KEEPER_INTERNAL_H
#define CLEAT_KINDS_KEEPER_INTERNAL_H

#include "core/kinds/check.h"
#include "core/kinds/keeper.h"

enum { CLEAT_KEPT_KINDS = 3 }; /* followed for each namespace: see keeper.c */
struct cleat_keeper {
    cleat_registry *registry;
    cleat_store *store;
    cleat_admit *admit;
    char *ca, *client_ca, *range, *address;
    int port;
    cleat_cursor *cursors[CLEAT_KEPT_KINDS];
    struct cleat_map todo; /* namespaces to look at */
    cleat_time quotas_at;  /* not before that are quotas counted again */
    uint8_t *concern;      /* what a kind is to us, by the store's number of it */
    uint32_t n_concern;
    _Atomic bool has_quotas; /* as of the last count, or one may have come */
    /* The committer's thread sets these. */
    _Atomic bool cluster_dirty, quotas_dirty, stopping;
    struct cleat_event event;
    uint64_t subscription;
    pthread_t thread;
    bool running;
};

/* One write as the API server itself. body is taken; name for updates. true: done, or there is
 * nothing more to do (it was there, it is gone). */
bool cleat_keeper_write(cleat_keeper *k, int verb, const struct cleat_kind *kind,
                        const char *subresource, struct cleat_str ns, struct cleat_str name,
                        cleat_obj *body);
bool cleat_keeper_create(cleat_keeper *k, const struct cleat_kind *kind, const char *ns,
                         const char *json);
const struct cleat_kind *cleat_keeper_kind(cleat_keeper *k, const char *group,
                                           const char *resource);

/* keeper_objects.c: each true where all is well */
bool cleat_keep_namespace(cleat_keeper *k, cleat_snapshot *sn, struct cleat_str ns);
bool cleat_keep_cluster(cleat_keeper *k, cleat_snapshot *sn);
bool cleat_keep_quotas(cleat_keeper *k, cleat_snapshot *sn);

#endif
