/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ttl-after-finished-controller: deletes a finished Job when its
 * ttlSecondsAfterFinished are over, its pods first. What it decides on is read live
 * before anything is deleted, for a Job's ttl may be made longer at the last moment.
 */
#include "gc.h"

#define JOB_GVR ((struct cleat_gvr){"batch", "v1", "jobs"})

struct finished {
    cleat_client *client;
    cleat_controller *jobs;
    cleat_informer *cache;
    cleat_metric *late;
};

static cleat_time finished_at(const cleat_obj *job) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, job, "status", "conditions"), &it)) {
        struct cleat_str type = SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type")));
        struct cleat_str status = SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("status")));
        cleat_time at = 0;
        if ((cleat_str_is(type, "Complete") || cleat_str_is(type, "Failed")) &&
            cleat_str_is(status, "True") &&
            SDK->obj->time_parse(
                SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("lastTransitionTime"))), &at) ==
                CLEAT_OK) {
            return at;
        }
    }
    return 0;
}

/* When the Job is to go; 0 = by nothing that is known now. */
static cleat_time due_at(const cleat_obj *job) {
    int64_t ttl = 0;
    cleat_time at = finished_at(job);
    if (cleat_gc_is_ending(job) || at == 0 ||
        !SDK->obj->integer(CLEAT_AT(SDK, job, "spec", "ttlSecondsAfterFinished"), &ttl)) {
        return 0;
    }
    return at + ttl * CLEAT_SECOND;
}

static cleat_err end(struct finished *c, cleat_ctx *ctx, struct cleat_key key, const cleat_obj *job,
                     cleat_time due, struct cleat_error *reterr) {
    char *uid = cleat_sdk_dup(SDK->obj->uid(job));
    struct cleat_delete_opts opts = {.struct_size = sizeof opts,
                                     .propagation = CLEAT_PROPAGATE_FOREGROUND,
                                     .grace_period_seconds = -1,
                                     .uid = uid};
    cleat_err err = SDK->client->remove(c->client, ctx, JOB_GVR, key, &opts, NULL, reterr);
    free(uid);
    if (err == CLEAT_OK) {
        SDK->metrics->add(c->late, (double)(SDK->clock->wall() - due) / CLEAT_SECOND);
    }
    return err;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct finished *c = self;
    cleat_obj *cached = SDK->informer->get(c->cache, key), *job = NULL;
    cleat_time due = cached != NULL ? due_at(cached) : 0, left = due - SDK->clock->wall();
    SDK->obj->unref(cached);
    cleat_err err = CLEAT_OK;
    if (due != 0 && left <= 0) {
        err = SDK->client->get(c->client, ctx, JOB_GVR, key, &job, reterr);
        due = err == CLEAT_OK ? due_at(job) : 0;
        left = due - SDK->clock->wall();
        if (due != 0 && left <= 0) {
            err = end(c, ctx, key, job, due, reterr);
            due = 0;
        }
        SDK->obj->unref(job);
    }
    if (due != 0) {
        ret->requeue_after = left;
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static int32_t matters(void *self, const cleat_obj *old, const cleat_obj *job) {
    (void)self;
    (void)old;
    return job != NULL && due_at(job) != 0;
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    static const double buckets[] = {0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4};
    struct finished *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts,
        .name = "ttl_jobs_to_delete",
        .workers = (int32_t)cleat_sdk_option(SDK, env, "concurrentTTLSyncs"),
    };
    c->client = env->client;
    cleat_metric *f =
        SDK->metrics->family("ttl_after_finished_controller_job_deletion_duration_seconds",
                             "Seconds from the moment that a Job was to go to its deletion.",
                             CLEAT_HISTOGRAM, NULL, buckets, sizeof buckets / sizeof *buckets);
    c->late = SDK->metrics->with(f, (const char *const[]){NULL});
    cleat_err err = SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->jobs, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->jobs, JOB_GVR, matters, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    c->cache = SDK->controller->informer(c->jobs, JOB_GVR);
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentTTLSyncs",
     "concurrent-ttl-after-finished-syncs", "5", "How many finished Jobs are looked at at a time."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"ttl-after-finished", NULL};

const struct cleat_controller_desc cleat_finished_jobs_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "ttl-after-finished-controller",
    .aliases = aliases,
    .description = "Deletes Jobs some time after they have finished, where they say when.",
    .options = options,
    .create = create,
    .destroy = free,
};
