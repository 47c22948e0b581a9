/* SPDX-License-Identifier: Apache-2.0 */
/* Floor 2: shared informers; the table of cleat/informer.h and the factory behind it. */
#ifndef CLEAT_CORE_INFORMER_H
#define CLEAT_CORE_INFORMER_H

#include <cleat/informer.h>
#include "core/client/client.h"

typedef struct cleat_informers cleat_informers; /* the factory: one a process */

/* client is borrowed. One dispatch thread serves all informers; manual: none, the caller steps. */
cleat_informers *cleat_informers_new(cleat_client *client, bool manual);
void cleat_informers_start(cleat_informers *f);
void cleat_informers_stop(cleat_informers *f); /* joins the thread; caches stay readable */
void cleat_informers_free(cleat_informers *f);
/* One turn: lists what must be listed, reads streams, calls handlers. 1 = did something. */
int cleat_informers_step(cleat_informers *f);

cleat_err cleat_informer_acquire(cleat_informers *f, struct cleat_gvr gvr, const char *labels,
                                 const char *fields, cleat_informer **ret, struct cleat_error *e);
/* The rest as in cleat/informer.h: */
void cleat_informer_release(cleat_informer *inf);
uint64_t cleat_informer_add_handler(cleat_informer *inf, const struct cleat_handler *h);
void cleat_informer_remove_handler(cleat_informer *inf, uint64_t id);
cleat_err cleat_informer_add_index(cleat_informer *inf, const char *name, cleat_index_fn fn,
                                   void *userdata);
int32_t cleat_informer_has_synced(cleat_informer *inf);
cleat_err cleat_informer_wait_synced(cleat_informer *inf, cleat_ctx *ctx);
cleat_obj *cleat_informer_get(cleat_informer *inf, struct cleat_key key);
void cleat_informer_foreach(cleat_informer *inf, const char *index, struct cleat_str value,
                            int32_t (*fn)(void *, const cleat_obj *), void *userdata);
size_t cleat_informer_count(cleat_informer *inf);
cleat_err cleat_informer_acquire_metadata(cleat_informers *f, struct cleat_gvr gvr,
                                          cleat_informer **ret, struct cleat_error *e);
int32_t cleat_informer_current(cleat_informer *inf, uint64_t revision);

#endif
