/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 2: reconcilers (cleat/controller.h), the event recorder (cleat/host.h)
 * and the helpers of cleat.util/1.
 */
#ifndef CLEAT_CORE_CONTROLLER_H
#define CLEAT_CORE_CONTROLLER_H

#include <cleat/controller.h>
#include "core/informer/informer.h"
#include "core/workqueue/workqueue.h"

/* env as the plugin got it; informers from f. The builder functions as in cleat/controller.h. */
cleat_err cleat_reconciler_new(cleat_informers *f, const struct cleat_controller_env *env,
                               const struct cleat_reconciler_opts *opts, cleat_reconcile_fn fn,
                               void *self, cleat_controller **ret, struct cleat_error *e);
cleat_err cleat_reconciler_reconciles(cleat_controller *c, struct cleat_gvr gvr,
                                      cleat_predicate_fn p, struct cleat_error *e);
cleat_err cleat_reconciler_owns(cleat_controller *c, struct cleat_gvr gvr, const char *owner_kind,
                                cleat_predicate_fn p, struct cleat_error *e);
cleat_err cleat_reconciler_watches(cleat_controller *c, struct cleat_gvr gvr, cleat_map_fn map,
                                   cleat_predicate_fn p, struct cleat_error *e);
cleat_informer *cleat_reconciler_informer(cleat_controller *c, struct cleat_gvr gvr);
void cleat_reconciler_enqueue(cleat_controller *c, struct cleat_key key, cleat_time delay);
/* Waits for its informers in the background, then runs its workers. */
void cleat_reconciler_start(cleat_controller *c, bool manual);
/* Two phases: ask, then join. 0 = joined; else how many workers were still inside after the
 * deadline (it stays usable for another join). */
void cleat_reconciler_request_stop(cleat_controller *c);
int cleat_reconciler_join(cleat_controller *c, cleat_time timeout);
void cleat_reconciler_free(cleat_controller *c);
/* For manual ones: one key, on the calling thread. 1 = did something. */
int cleat_reconciler_step(cleat_controller *c);
bool cleat_reconciler_running(cleat_controller *c); /* informers synced, workers at work */

/* The recorder: a thread of its own writes; manual: step. client is borrowed. */
typedef struct cleat_recorder cleat_recorder;
cleat_recorder *cleat_recorder_new(cleat_client *client, bool manual);
void cleat_recorder_record(cleat_recorder *r, const char *source, const cleat_obj *about,
                           const char *type, const char *reason, const char *message);
int cleat_recorder_step(cleat_recorder *r);
void cleat_recorder_free(cleat_recorder *r); /* writes what is queued, for at most a second */

extern const struct cleat_util_api cleat_util_api;

#endif
