/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The namespace-controller: empties a namespace that is being deleted, tells by
 * conditions what remains, and takes the finalizer "kubernetes" out of its spec
 * when nothing does, with which the namespace is gone.
 *
 * A namespace is looked at again after about as long as it has been ending, so
 * that a short wait is not made long, and at the latest after half of what its
 * pods may take.
 */
#include "gc.h"

#define FINALIZER   "kubernetes"
#define FIRST_LOOK  (50 * CLEAT_MS)
#define LAST_UPDATE 5 /* tries of an update that meets another one */

struct namespaces {
    cleat_client *client;
    cleat_controller *reconciler;
    cleat_time grace;
};

static int32_t matters(void *self, const cleat_obj *old, const cleat_obj *ns) {
    (void)self;
    (void)old;
    return ns != NULL && cleat_gc_is_ending(ns);
}

/* ---- writes ---- */

/* *ns becomes what is stored then. It is as it was looked at, or there is a conflict: conditions
 * are a list, and somebody else's may have come. */
static cleat_err patch_status(struct namespaces *c, cleat_ctx *ctx, cleat_obj **ns,
                              const char *member, const char *json, struct cleat_error *reterr) {
    struct cleat_key key = {{"", 0}, SDK->obj->name(*ns)};
    cleat_obj *now = NULL;
    char *patch = cleat_sdk_format(
        "{\"metadata\":{\"uid\":\"%.*s\",\"resourceVersion\":\"%llu\"},\"status\":{\"%s\":%s}}",
        CLEAT_FMT(SDK->obj->uid(*ns)), (unsigned long long)SDK->obj->revision(*ns), member, json);
    cleat_err err = SDK->client->patch(c->client, ctx, CLEAT_NAMESPACE_GVR, key, "status",
                                       CLEAT_PATCH_MERGE, cleat_cstr(patch), &now, reterr);
    free(patch);
    if (err == CLEAT_OK) {
        SDK->obj->unref(*ns);
        *ns = now;
    }
    return err;
}

/* ns without our finalizer; the others stay. */
static cleat_err without_finalizer(const cleat_obj *ns, cleat_obj **ret,
                                   struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(ns);
    struct cleat_val all = CLEAT_AT(SDK, ns, "spec", "finalizers");
    SDK->obj->set_json(e, CLEAT_PATH("spec", "finalizers"), CLEAT_STR("[]"));
    for (struct cleat_iter it = {0}; SDK->obj->next(all, &it);) {
        if (!cleat_str_is(SDK->obj->str(it.val), FINALIZER)) {
            SDK->obj->set_val(e, CLEAT_PATH("spec", "finalizers", "-"), it.val);
        }
    }
    return SDK->obj->edit_finish(e, ret, reterr);
}

static cleat_err read(struct namespaces *c, cleat_ctx *ctx, struct cleat_key key, cleat_obj **ret,
                      struct cleat_error *reterr) {
    return SDK->client->get(c->client, ctx, CLEAT_NAMESPACE_GVR, key, ret, reterr);
}

/* Takes ns. A conflict is tried again with what is there then, unless that is another one. */
static cleat_err finalize(struct namespaces *c, cleat_ctx *ctx, cleat_obj *ns,
                          struct cleat_error *reterr) {
    cleat_err err = CLEAT_OK;
    for (int i = 0; i < LAST_UPDATE; i++) {
        cleat_obj *changed = NULL, *now = NULL;
        err = without_finalizer(ns, &changed, reterr);
        if (err == CLEAT_OK) {
            err = SDK->client->update(c->client, ctx, CLEAT_NAMESPACE_GVR, "finalize", changed,
                                      NULL, reterr);
            SDK->obj->unref(changed);
        }
        if (err != CLEAT_E_CONFLICT) {
            break;
        }
        struct cleat_key key = {{"", 0}, SDK->obj->name(ns)};
        err = read(c, ctx, key, &now, reterr);
        if (err != CLEAT_OK) {
            break;
        }
        bool same = cleat_str_eq(SDK->obj->uid(ns), SDK->obj->uid(now));
        SDK->obj->unref(ns);
        ns = now;
        if (!same) {
            break; /* ours is gone */
        }
        err = cleat_errorf(reterr, CLEAT_E_CONFLICT, "the namespace changes all the time");
    }
    SDK->obj->unref(ns);
    return err;
}

/* ---- one namespace ---- */

static cleat_time look_again(const cleat_obj *ns, int64_t estimate) {
    cleat_time since = cleat_gc_time(ns, CLEAT_PATH("metadata", "deletionTimestamp"));
    cleat_time age = (SDK->clock->wall() - since) / 4;
    cleat_time longest = (estimate / 2 + 1) * CLEAT_SECOND;
    return age < FIRST_LOOK ? FIRST_LOOK : age > longest ? longest : age;
}

static cleat_err empty(struct namespaces *c, cleat_ctx *ctx, cleat_obj **ns, bool *ret_empty,
                       struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_ns_report report;
    cleat_err err = cleat_ns_empty(c->client, ctx, *ns, &report, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    char *conditions = cleat_ns_conditions(*ns, &report);
    if (conditions != NULL) {
        err = patch_status(c, ctx, ns, "conditions", conditions, reterr);
        free(conditions);
    }
    if (err == CLEAT_OK && (report.errors.n > 0 || report.failures.n > 0)) {
        const struct cleat_tally *t = report.errors.n > 0 ? &report.errors : &report.failures;
        err = cleat_errorf(reterr, CLEAT_E_TRANSIENT, "%s", t->v[0].text);
    } else if (err == CLEAT_OK && report.remaining > 0) {
        ret->requeue_after = look_again(*ns, report.estimate);
    }
    *ret_empty = err == CLEAT_OK && report.remaining == 0;
    cleat_ns_report_done(&report);
    return err;
}

/* Whether the namespace still is to be emptied by us, after what was given for others to
 * hear of its end. */
static bool is_due(struct namespaces *c, const cleat_obj *ns, struct cleat_result *ret) {
    if (!cleat_gc_is_ending(ns) || SDK->obj->count(CLEAT_AT(SDK, ns, "spec", "finalizers")) == 0) {
        return false;
    }
    cleat_time since = cleat_gc_time(ns, CLEAT_PATH("metadata", "deletionTimestamp"));
    cleat_time left = since + c->grace - SDK->clock->wall();
    if (c->grace > 0 && left > 0) {
        ret->requeue_after = left;
        return false;
    }
    return true;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct namespaces *c = self;
    cleat_obj *ns = NULL;
    cleat_err err = read(c, ctx, key, &ns, reterr);
    if (err != CLEAT_OK || !is_due(c, ns, ret)) {
        SDK->obj->unref(ns);
        return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    if (!cleat_str_is(CLEAT_TEXT(SDK, ns, "status", "phase"), "Terminating")) {
        err = patch_status(c, ctx, &ns, "phase", "\"Terminating\"", reterr);
    }
    bool is_empty = false;
    if (err == CLEAT_OK) {
        err = empty(c, ctx, &ns, &is_empty, ret, reterr);
    }
    SDK->obj->unref(ns);
    ns = NULL;
    if (is_empty) {
        err = read(c, ctx, key, &ns, reterr);
        err = err == CLEAT_OK ? finalize(c, ctx, ns, reterr) : err;
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* ---- life ---- */

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct namespaces *c = cleat_sdk_alloc(1, sizeof *c);
    c->client = env->client;
    c->grace = cleat_sdk_option(SDK, env, "namespaceDeletionGracePeriod");
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts,
        .name = "namespace",
        .workers = (int32_t)cleat_sdk_option(SDK, env, "concurrentNamespaceSyncs"),
        .base_delay = 5 * CLEAT_MS,
        .max_delay = 60 * CLEAT_SECOND,
    };
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->reconciler, CLEAT_NAMESPACE_GVR, matters, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentNamespaceSyncs",
     "concurrent-namespace-syncs", "10", "How many namespaces are emptied at the same time."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "namespaceDeletionGracePeriod",
     "namespace-deletion-grace-period", "0s",
     "How long other servers get to hear that a namespace ends before it is emptied."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"namespace", NULL};

const struct cleat_controller_desc cleat_namespace_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "namespace-controller",
    .aliases = aliases,
    .description = "Empties namespaces that are being deleted, and ends them.",
    .options = options,
    .create = create,
    .destroy = free,
};
