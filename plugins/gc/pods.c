/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pod-garbage-collector-controller: every 20 seconds it goes through the pods and
 * deletes those that nobody else will: finished ones beyond a number, those of Nodes
 * that are gone or out of service, those that are ending and never had a Node. Beyond
 * upstream, and off: finished ones of some age, and leftovers of evictions and of
 * nodes' shutdowns, in some namespaces or in all.
 *
 * A Node counts as gone only 40 seconds after it left the cache, and after a live read
 * has not found it either.
 */
#include "gc.h"

#define POD_GVR    ((struct cleat_gvr){"", "v1", "pods"})
#define NODE_GVR   ((struct cleat_gvr){"", "v1", "nodes"})
#define PERIOD     (20 * CLEAT_SECOND)
#define QUARANTINE (40 * CLEAT_SECOND)

/* A Node that pods name and that the cache has not. */
struct missing {
    struct missing *next;
    char *name;
    cleat_time since; /* monotonic */
    bool gone;        /* in this pass: a live read has not found it */
    bool seen;        /* in this pass */
};
struct finished {
    cleat_obj *pod;
    bool evicted;
    cleat_time created;
};
/* One worker only: nothing here is shared. */
struct pods {
    cleat_client *client;
    cleat_controller *reconciler;
    cleat_informer *pod_cache, *node_cache;
    cleat_metric *deleted, *failed;
    int64_t threshold;
    cleat_time ttl, leftover_ttl;         /* 0 = off */
    struct cleat_val namespaces, reasons; /* of the configuration; borrowed for life */
    struct missing *missing;
};
struct list {
    cleat_obj **v;
    size_t n, cap;
};

/* ---- what a pod is ---- */

static struct cleat_str phase_of(const cleat_obj *pod) {
    return CLEAT_TEXT(SDK, pod, "status", "phase");
}

static bool is_finished(const cleat_obj *pod) {
    return cleat_str_is(phase_of(pod), "Succeeded") || cleat_str_is(phase_of(pod), "Failed");
}

static bool lists(struct cleat_val list, struct cleat_str text) {
    for (struct cleat_iter it = {0}; SDK->obj->next(list, &it);) {
        if (cleat_str_eq(SDK->obj->str(it.val), text)) {
            return true;
        }
    }
    return false;
}

/* How old a finished pod may get; 0 = any age. One that failed because its Node was short of
 * something or was shut down is a leftover. */
static cleat_time most_of(const struct pods *c, const cleat_obj *pod) {
    if (SDK->obj->count(c->namespaces) > 0 && !lists(c->namespaces, SDK->obj->ns(pod))) {
        return 0;
    }
    bool leftover = cleat_str_is(phase_of(pod), "Failed") &&
                    lists(c->reasons, CLEAT_TEXT(SDK, pod, "status", "reason"));
    cleat_time most = leftover ? c->leftover_ttl : 0;
    return most == 0 || (c->ttl > 0 && c->ttl < most) ? c->ttl : most;
}

static bool is_ready(const cleat_obj *node) {
    struct cleat_val ready = SDK->util->condition(node, "Ready");
    return cleat_str_is(SDK->obj->str(SDK->obj->at(ready, CLEAT_PATH("status"))), "True");
}

static bool is_out_of_service(const cleat_obj *node) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, node, "spec", "taints"), &it)) {
        if (cleat_str_is(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("key"))),
                         "node.kubernetes.io/out-of-service")) {
            return !is_ready(node);
        }
    }
    return false;
}

/* ---- deletion ---- */

/* A pod that is deleted by force has failed, if it was not through: whoever waits for its end
 * is told so before it is gone. why NULL = no condition. */
static cleat_err mark_failed(struct pods *c, cleat_ctx *ctx, const cleat_obj *pod, const char *why,
                             struct cleat_error *reterr) {
    cleat_obj *changed = NULL;
    cleat_edit *e = SDK->obj->edit_new(pod);
    SDK->obj->set_str(e, CLEAT_PATH("status", "phase"), CLEAT_STR("Failed"));
    if (why != NULL) {
        SDK->util->set_condition(e, pod, "DisruptionTarget", "True", "DeletionByPodGC", why);
    }
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, POD_GVR, "status", changed, NULL, reterr);
        SDK->obj->unref(changed);
    }
    return err;
}

static void end(struct pods *c, cleat_ctx *ctx, const cleat_obj *pod, const char *reason,
                const char *why) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_key key = {SDK->obj->ns(pod), SDK->obj->name(pod)};
    char *uid = cleat_sdk_dup(SDK->obj->uid(pod)), *ns = cleat_sdk_dup(key.ns);
    struct cleat_delete_opts opts = {
        .struct_size = sizeof opts, .grace_period_seconds = 0, .uid = uid};
    cleat_err err = is_finished(pod) ? CLEAT_OK : mark_failed(c, ctx, pod, why, &e);
    if (err == CLEAT_OK) {
        err = SDK->client->remove(c->client, ctx, POD_GVR, key, &opts, NULL, &e);
    }
    if (err == CLEAT_OK || err == CLEAT_E_NOT_FOUND) {
        SDK->metrics->add(SDK->metrics->with(c->deleted, (const char *const[]){ns, reason, NULL}),
                          1);
    } else { /* the next pass looks at it anew */
        cleat_sdk_log(SDK, CLEAT_LOG_WARN, "podgc", "cannot delete pod %s/%.*s (%s): %s", ns,
                      CLEAT_FMT(key.name), reason, e.message);
        SDK->metrics->add(SDK->metrics->with(c->failed, (const char *const[]){ns, reason, NULL}),
                          1);
    }
    free(uid);
    free(ns);
}

/* ---- Nodes that are missing ---- */

static struct missing *note_missing(struct pods *c, struct cleat_str name) {
    for (struct missing *m = c->missing; m != NULL; m = m->next) {
        if (cleat_str_is(name, m->name)) {
            m->seen = true;
            return m;
        }
    }
    struct missing *m = cleat_sdk_alloc(1, sizeof *m);
    m->name = cleat_sdk_dup(name);
    m->since = SDK->clock->monotonic();
    m->seen = true;
    m->next = c->missing;
    c->missing = m;
    return m;
}

/* Forgets those that no pod names any more, or that are back. */
static void sweep_missing(struct pods *c) {
    for (struct missing **m = &c->missing; *m != NULL;) {
        struct missing *one = *m;
        if (one->seen) {
            one->seen = false;
            m = &one->next;
            continue;
        }
        *m = one->next;
        free(one->name);
        free(one);
    }
}

/* Which of those whose time is over are gone for certain. */
static void look_for_missing(struct pods *c, cleat_ctx *ctx) {
    for (struct missing *m = c->missing; m != NULL; m = m->next) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_obj *node = NULL;
        m->gone = false;
        if (SDK->clock->monotonic() - m->since >= QUARANTINE) {
            struct cleat_key key = {{"", 0}, cleat_cstr(m->name)};
            m->gone =
                SDK->client->get(c->client, ctx, NODE_GVR, key, &node, &e) == CLEAT_E_NOT_FOUND;
            SDK->obj->unref(node);
        }
    }
}

/* ---- a pass ---- */

static int32_t gather(void *userdata, const cleat_obj *pod) {
    struct list *l = userdata;
    if (l->n == l->cap) {
        l->cap = l->cap > 0 ? l->cap * 2 : 256;
        cleat_obj **v = cleat_sdk_alloc(l->cap, sizeof *v);
        if (l->n > 0) {
            memcpy(v, l->v, l->n * sizeof *v);
        }
        free(l->v);
        l->v = v;
    }
    l->v[l->n++] = SDK->obj->ref(pod);
    return 0;
}

/* The first to go first: evicted, then old, then by name. */
static int by_age(const void *a, const void *b) {
    const struct finished *x = a, *y = b;
    if (x->evicted != y->evicted) {
        return x->evicted ? -1 : 1;
    }
    if (x->created != y->created) {
        return x->created < y->created ? -1 : 1;
    }
    struct cleat_str p = SDK->obj->name(x->pod), q = SDK->obj->name(y->pod);
    int r = memcmp(p.p, q.p, p.n < q.n ? p.n : q.n);
    return r != 0 ? r : (p.n > q.n) - (p.n < q.n);
}

static void end_finished(struct pods *c, cleat_ctx *ctx, const struct list *all) {
    struct finished *v = cleat_sdk_alloc(all->n + 1, sizeof *v);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (is_finished(all->v[i])) {
            v[n++] = (struct finished){
                all->v[i], cleat_str_is(CLEAT_TEXT(SDK, all->v[i], "status", "reason"), "Evicted"),
                cleat_gc_time(all->v[i], CLEAT_PATH("metadata", "creationTimestamp"))};
        }
    }
    qsort(v, n, sizeof *v, by_age);
    for (size_t i = 0; c->threshold > 0 && i + (size_t)c->threshold < n; i++) {
        end(c, ctx, v[i].pod, "terminated", NULL);
        v[i].pod = NULL;
    }
    for (size_t i = 0; i < n; i++) {
        cleat_time age = v[i].pod != NULL ? SDK->clock->wall() - v[i].created : 0;
        cleat_time most = v[i].pod != NULL ? most_of(c, v[i].pod) : 0;
        if (v[i].pod != NULL && most > 0 && age >= most) {
            end(c, ctx, v[i].pod, "expired", NULL);
        }
    }
    free(v);
}

/* What is to become of a pod that is not through. */
static void judge(struct pods *c, cleat_ctx *ctx, const cleat_obj *pod) {
    struct cleat_str node_name = CLEAT_TEXT(SDK, pod, "spec", "nodeName");
    if (node_name.n == 0) {
        if (cleat_gc_is_ending(pod)) {
            end(c, ctx, pod, "unscheduled", NULL);
        }
        return;
    }
    cleat_obj *node = SDK->informer->get(c->node_cache, (struct cleat_key){{"", 0}, node_name});
    if (node != NULL && cleat_gc_is_ending(pod) && is_out_of_service(node)) {
        end(c, ctx, pod, "out-of-service", NULL);
    } else if (node == NULL && note_missing(c, node_name)->gone) {
        end(c, ctx, pod, "orphaned", "PodGC: node no longer exists");
    }
    SDK->obj->unref(node);
}

static cleat_err pass(void *self, cleat_ctx *ctx, struct cleat_key key, struct cleat_result *ret,
                      struct cleat_error *reterr) {
    struct pods *c = self;
    struct list all = {NULL, 0, 0};
    (void)key;
    (void)reterr;
    SDK->informer->foreach (c->pod_cache, NULL, (struct cleat_str){"", 0}, gather, &all);
    look_for_missing(c, ctx);
    for (size_t i = 0; i < all.n; i++) {
        judge(c, ctx, all.v[i]);
    }
    sweep_missing(c);
    end_finished(c, ctx, &all);
    for (size_t i = 0; i < all.n; i++) {
        SDK->obj->unref(all.v[i]);
    }
    free(all.v);
    ret->requeue_after = PERIOD;
    return CLEAT_OK;
}

/* ---- life ---- */

/* Whatever happens, the next pass sees it. */
static int32_t never(void *self, const cleat_obj *old, const cleat_obj *obj) {
    (void)self;
    (void)old;
    (void)obj;
    return 0;
}

static void destroy(void *self) {
    struct pods *c = self;
    sweep_missing(c);
    sweep_missing(c);
    free(c);
}

static cleat_err begin(void *self, struct cleat_error *reterr) {
    struct pods *c = self;
    (void)reterr;
    SDK->controller->enqueue(c->reconciler, (struct cleat_key){{"", 0}, CLEAT_STR("all")}, PERIOD);
    return CLEAT_OK;
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    static const char *const labels[] = {"namespace", "reason", NULL};
    struct pods *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {.struct_size = sizeof opts, .name = "podgc", .qps = -1};
    c->client = env->client;
    c->threshold = cleat_sdk_option(SDK, env, "terminatedPodGCThreshold");
    c->ttl = cleat_sdk_option(SDK, env, "finishedPodTTL");
    c->leftover_ttl = cleat_sdk_option(SDK, env, "leftoverPodTTL");
    c->namespaces = CLEAT_AT(SDK, env->config, "finishedPodNamespaces");
    c->reasons = CLEAT_AT(SDK, env->config, "leftoverPodReasons");
    c->deleted =
        SDK->metrics->family("pod_gc_collector_force_delete_pods_total",
                             "Pods that were deleted by force.", CLEAT_COUNTER, labels, NULL, 0);
    c->failed = SDK->metrics->family("pod_gc_collector_force_delete_pod_errors_total",
                                     "Pods that could not be deleted by force.", CLEAT_COUNTER,
                                     labels, NULL, 0);
    cleat_err err = SDK->controller->reconciler_new(env, &opts, pass, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->reconciler, POD_GVR, never, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->reconciler, NODE_GVR, never, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    c->pod_cache = SDK->controller->informer(c->reconciler, POD_GVR);
    c->node_cache = SDK->controller->informer(c->reconciler, NODE_GVR);
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "terminatedPodGCThreshold",
     "terminated-pod-gc-threshold", "12500",
     "How many finished pods may be there before the oldest are deleted; 0 or less = any number."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "finishedPodTTL", "finished-pod-ttl", "0s",
     "How old a finished pod may get; 0 = any age."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "leftoverPodTTL", "leftover-pod-ttl", "0s",
     "The same for pods that evictions and nodes' shutdowns left behind; 0 = any age."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRINGS, "leftoverPodReasons", "leftover-pod-reasons",
     "Evicted,NodeShutdown,Terminated,Shutdown,NodeAffinity,Preempting",
     "Failed pods with one of these reasons in their status are such."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRINGS, "finishedPodNamespaces",
     "finished-pod-namespaces", "",
     "In which namespaces pods are deleted by their age; none = in all of them."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"podgc", NULL};

const struct cleat_controller_desc cleat_pods_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "pod-garbage-collector-controller",
    .aliases = aliases,
    .description = "Deletes pods that have finished, and those that nobody else ends.",
    .options = options,
    .create = create,
    .start = begin,
    .destroy = destroy,
};
