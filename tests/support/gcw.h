/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short hands for tests of what deletes: objects of any kind in any namespace of
 * a world, their owners and finalizers, and deletion in every manner. Answers are
 * the API's, as an administrator gets them.
 */
#ifndef CLEAT_TEST_GCW_H
#define CLEAT_TEST_GCW_H

#include "tests/support/kt.h"
#include "tests/support/world.h"

extern const struct cleat_gvr gcw_configmaps, gcw_secrets, gcw_pods, gcw_namespaces, gcw_nodes,
    gcw_things, gcw_clusterthings;

/* Lets the API serve Thing (namespaced) and ClusterThing of test.dev/v1. */
void gcw_define(struct world *w);

/* Creates it; metadata: further members of metadata (",\"a\":1" without the comma), or NULL; rest:
 * further members of the object, or NULL. Returns its uid, owned. */
char *gcw_make(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
               const char *metadata, const char *rest);
/* One element of ownerReferences; block: -1 = not said. Owned. */
char *gcw_ref(const char *api_version, const char *kind, const char *name, const char *uid,
              int block);
/* "ownerReferences":[...] of up to three refs (NULL ends), which it frees. Owned. */
char *gcw_owners(char *a, char *b, char *c);
cleat_obj *gcw_get(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name);
bool gcw_there(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name);
bool gcw_ending(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name);
/* The field as JSON ("" where absent), owned. */
char *gcw_json(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
               cleat_path path);
void gcw_delete(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
                int propagation);
void gcw_patch(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
               const char *patch);
size_t gcw_count(struct world *w, struct cleat_gvr gvr, const char *ns);
/* A namespace that is being deleted has this condition, with this status and reason; message
 * NULL = any. */
bool gcw_condition(struct world *w, const char *ns, const char *type, const char *status,
                   const char *reason, const char *message);

#endif
