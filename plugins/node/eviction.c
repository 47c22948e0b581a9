/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The taint-eviction-controller: deletes pods from Nodes whose NoExecute taints
 * they do not tolerate, at once or when their tolerationSeconds are over.
 *
 * A pod's deadline is set once, when the taint is first seen, and stays until
 * the pod is gone, tolerates for ever, or the taints are: as upstream. Deadlines
 * are of this process: after a restart they begin anew.
 */
#include "node.h"

#include <pthread.h>

static const char name[] = "taint-eviction-controller";

/* A pod whose end is set. */
struct deadline {
    struct deadline *next;
    char *key; /* namespace/name */
    char *uid;
    cleat_time at; /* monotonic */
};

enum { SLOTS = 4096 };

struct eviction {
    cleat_client *client;
    cleat_controller *pods;
    cleat_informer *node_cache, *pod_cache;
    pthread_mutex_t lock; /* guards the deadlines; never held while calling out */
    struct deadline *slots[SLOTS];
    cleat_metric *deletions, *latency;
};

/* ---- deadlines ---- */

static struct deadline **slot_of(struct eviction *c, const char *key) {
    uint32_t h = 2166136261u;
    for (const char *p = key; *p != '\0'; p++) {
        h = (h ^ (unsigned char)*p) * 16777619u;
    }
    struct deadline **d = &c->slots[h % SLOTS];
    while (*d != NULL && strcmp((*d)->key, key) != 0) {
        d = &(*d)->next;
    }
    return d;
}

static void drop(struct deadline **d) {
    struct deadline *gone = *d;
    *d = gone->next;
    free(gone->key);
    free(gone->uid);
    free(gone);
}

static char *key_text(struct cleat_key key) {
    return cleat_node_format("%.*s/%.*s", CLEAT_FMT(key.ns), CLEAT_FMT(key.name));
}

/* The pod's deadline: the one that it has, or one after `wait` from now. */
static cleat_time deadline_for(struct eviction *c, struct cleat_key key, struct cleat_str uid,
                               cleat_time wait) {
    char *text = key_text(key);
    pthread_mutex_lock(&c->lock);
    struct deadline **d = slot_of(c, text);
    if (*d != NULL && !cleat_str_is(uid, (*d)->uid)) {
        drop(d); /* of a pod that had the same name */
        d = slot_of(c, text);
    }
    if (*d == NULL) {
        *d = cleat_sdk_alloc(1, sizeof **d);
        (*d)->key = cleat_sdk_dup(cleat_cstr(text));
        (*d)->uid = cleat_sdk_dup(uid);
        (*d)->at = SDK->clock->monotonic() + wait;
    }
    cleat_time at = (*d)->at;
    pthread_mutex_unlock(&c->lock);
    free(text);
    return at;
}

/* The deadline that the pod has, 0 where it has none. */
static cleat_time deadline_of(struct eviction *c, struct cleat_key key, struct cleat_str uid) {
    char *text = key_text(key);
    pthread_mutex_lock(&c->lock);
    const struct deadline *d = *slot_of(c, text);
    cleat_time at = d != NULL && cleat_str_is(uid, d->uid) ? d->at : 0;
    pthread_mutex_unlock(&c->lock);
    free(text);
    return at;
}

/* Whether there was one. */
static bool forget_deadline(struct eviction *c, struct cleat_key key) {
    char *text = key_text(key);
    pthread_mutex_lock(&c->lock);
    struct deadline **d = slot_of(c, text);
    bool had = *d != NULL;
    if (had) {
        drop(d);
    }
    pthread_mutex_unlock(&c->lock);
    free(text);
    return had;
}

/* ---- tolerations ---- */

static struct cleat_val member(struct cleat_val v, const char *key) {
    return SDK->obj->at(v, CLEAT_PATH(key));
}

static struct cleat_str text_of(struct cleat_val v, const char *key) {
    return SDK->obj->str(member(v, key));
}

static bool compare_numbers(struct cleat_str op, struct cleat_str taint, struct cleat_str want) {
    char *a = cleat_sdk_dup(taint), *b = cleat_sdk_dup(want), *end_a, *end_b;
    long long x = strtoll(a, &end_a, 10), y = strtoll(b, &end_b, 10);
    bool numbers = a[0] != '\0' && b[0] != '\0' && *end_a == '\0' && *end_b == '\0';
    bool yes = numbers && (cleat_str_is(op, "Lt") ? x < y : x > y);
    free(a);
    free(b);
    return yes;
}

static bool tolerates(struct cleat_val toleration, struct cleat_val taint) {
    struct cleat_str effect = text_of(toleration, "effect"), key = text_of(toleration, "key");
    struct cleat_str op = text_of(toleration, "operator"), value = text_of(taint, "value");
    if ((effect.n > 0 && !cleat_str_eq(effect, text_of(taint, "effect"))) ||
        (key.n > 0 && !cleat_str_eq(key, text_of(taint, "key")))) {
        return false;
    }
    if (op.n == 0 || cleat_str_is(op, "Equal")) {
        return cleat_str_eq(text_of(toleration, "value"), value);
    }
    if (cleat_str_is(op, "Lt") || cleat_str_is(op, "Gt")) {
        return compare_numbers(op, value, text_of(toleration, "value"));
    }
    return cleat_str_is(op, "Exists");
}

/* What the Node's taints mean for a pod. */
enum verdict { STAYS, STAYS_FOR, GOES };

static enum verdict judge(const cleat_obj *node, const cleat_obj *pod, bool *ret_tainted,
                          cleat_time *ret_for) {
    struct cleat_val tolerations = CLEAT_AT(SDK, pod, "spec", "tolerations");
    struct cleat_iter t = {0};
    int64_t least = INT64_MAX;
    *ret_tainted = false;
    while (node != NULL && SDK->obj->next(CLEAT_AT(SDK, node, "spec", "taints"), &t)) {
        if (!cleat_str_is(text_of(t.val, "effect"), "NoExecute")) {
            continue;
        }
        struct cleat_iter it = {0};
        bool tolerated = false;
        *ret_tainted = true;
        while (!tolerated && SDK->obj->next(tolerations, &it)) {
            int64_t seconds;
            tolerated = tolerates(it.val, t.val);
            if (tolerated && SDK->obj->integer(member(it.val, "tolerationSeconds"), &seconds)) {
                least = seconds < least ? seconds : least;
            }
        }
        if (!tolerated) {
            return GOES;
        }
    }
    if (least == INT64_MAX) {
        return STAYS;
    }
    *ret_for = least > INT64_MAX / CLEAT_SECOND ? INT64_MAX / 2 : least * CLEAT_SECOND;
    return least <= 0 ? GOES : STAYS_FOR;
}

/* ---- deletion ---- */

/* API-initiated: first the condition that says why, then the pod's own grace period. */
static cleat_err add_condition(struct eviction *c, cleat_ctx *ctx, const cleat_obj *pod,
                               struct cleat_error *reterr) {
    cleat_obj *changed = NULL;
    cleat_edit *e = SDK->obj->edit_new(pod);
    if (!SDK->util->set_condition(e, pod, "DisruptionTarget", "True", "DeletionByTaintManager",
                                  "Taint manager: deleting due to NoExecute taint")) {
        SDK->obj->edit_free(e);
        return CLEAT_OK;
    }
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, CLEAT_POD_GVR, "status", changed, NULL, reterr);
        SDK->obj->unref(changed);
    }
    return err;
}

static void tell(const cleat_obj *pod, const char *what) {
    char *text = cleat_node_format("%s Pod %.*s/%.*s", what, CLEAT_FMT(SDK->obj->ns(pod)),
                                   CLEAT_FMT(SDK->obj->name(pod)));
    SDK->events->record(name, pod, "Normal", "TaintManagerEviction", text);
    free(text);
}

/* Deletes what is there now, where it is still the pod that was judged. */
static cleat_err evict(struct eviction *c, cleat_ctx *ctx, const cleat_obj *cached, cleat_time due,
                       struct cleat_error *reterr) {
    struct cleat_key key = {SDK->obj->ns(cached), SDK->obj->name(cached)};
    cleat_obj *pod = NULL;
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_POD_GVR, key, &pod, reterr);
    if (err != CLEAT_OK) {
        return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    bool same = cleat_str_eq(SDK->obj->uid(pod), SDK->obj->uid(cached));
    bool leaving = CLEAT_TEXT(SDK, pod, "metadata", "deletionTimestamp").n > 0;
    if (same && !leaving) {
        err = add_condition(c, ctx, pod, reterr);
    }
    if (err == CLEAT_OK && same && !leaving) {
        char *uid = cleat_sdk_dup(SDK->obj->uid(pod));
        struct cleat_delete_opts opts = {
            .struct_size = sizeof opts, .grace_period_seconds = -1, .uid = uid};
        tell(pod, "Marking for deletion");
        err = SDK->client->remove(c->client, ctx, CLEAT_POD_GVR, key, &opts, NULL, reterr);
        free(uid);
    }
    if (err == CLEAT_OK && same && !leaving) {
        cleat_time late = SDK->clock->monotonic() - due;
        SDK->metrics->add(c->deletions, 1);
        SDK->metrics->add(c->latency, due != 0 && late > 0 ? (double)late / CLEAT_SECOND : 0);
    }
    SDK->obj->unref(pod);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static cleat_err decide(struct eviction *c, cleat_ctx *ctx, struct cleat_key key,
                        const cleat_obj *pod, struct cleat_result *ret,
                        struct cleat_error *reterr) {
    bool tainted;
    cleat_time stay = 0;
    struct cleat_key node_key = {{"", 0}, CLEAT_TEXT(SDK, pod, "spec", "nodeName")};
    cleat_obj *node = SDK->informer->get(c->node_cache, node_key);
    enum verdict v = judge(node, pod, &tainted, &stay);
    SDK->obj->unref(node);
    if (node == NULL && deadline_of(c, key, SDK->obj->uid(pod)) != 0) {
        v = STAYS_FOR; /* a Node that is gone calls nothing off */
    }
    if (v == STAYS) {
        if (forget_deadline(c, key)) {
            tell(pod, "Cancelling deletion of");
        }
        return CLEAT_OK;
    }
    cleat_time due = 0, left = 0;
    if (v == STAYS_FOR) {
        due = deadline_for(c, key, SDK->obj->uid(pod), stay);
        left = due - SDK->clock->monotonic();
    }
    if (left > 0) {
        ret->requeue_after = left;
        return CLEAT_OK;
    }
    cleat_err err = evict(c, ctx, pod, due, reterr);
    if (err == CLEAT_OK) {
        forget_deadline(c, key);
    }
    return err;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct eviction *c = self;
    cleat_obj *pod = SDK->informer->get(c->pod_cache, key);
    cleat_err err = CLEAT_OK;
    bool leaving = pod != NULL && CLEAT_TEXT(SDK, pod, "metadata", "deletionTimestamp").n > 0;
    if (pod == NULL || leaving || CLEAT_TEXT(SDK, pod, "spec", "nodeName").n == 0) {
        forget_deadline(c, key);
    } else {
        err = decide(c, ctx, key, pod, ret, reterr);
    }
    SDK->obj->unref(pod);
    return err;
}

/* ---- what matters [dispatch] ---- */

static int32_t pod_matters(void *self, const cleat_obj *old, const cleat_obj *pod) {
    (void)self;
    if (pod == NULL || old == NULL) {
        return 1;
    }
    return !cleat_str_eq(CLEAT_TEXT(SDK, old, "spec", "nodeName"),
                         CLEAT_TEXT(SDK, pod, "spec", "nodeName")) ||
           !SDK->obj->equal(CLEAT_AT(SDK, old, "spec", "tolerations"),
                            CLEAT_AT(SDK, pod, "spec", "tolerations"));
}

static int32_t node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    return node != NULL && (old == NULL || !SDK->obj->equal(CLEAT_AT(SDK, old, "spec", "taints"),
                                                            CLEAT_AT(SDK, node, "spec", "taints")));
}

struct emitting {
    void (*emit)(void *sink, struct cleat_key key);
    void *sink;
};

static int32_t emit_pod(void *userdata, const cleat_obj *pod) {
    struct emitting *e = userdata;
    e->emit(e->sink, (struct cleat_key){SDK->obj->ns(pod), SDK->obj->name(pod)});
    return 0;
}

/* A Node's taints concern all its pods. */
static void pods_of(void *self, const cleat_obj *node,
                    void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct eviction *c = self;
    SDK->informer->foreach (c->pod_cache, CLEAT_NODE_PODS, SDK->obj->name(node), emit_pod,
                            &(struct emitting){emit, sink});
}

/* ---- life ---- */

static void eviction_destroy(void *self) {
    struct eviction *c = self;
    for (size_t i = 0; i < SLOTS; i++) {
        while (c->slots[i] != NULL) {
            drop(&c->slots[i]);
        }
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static void make_metrics(struct eviction *c) {
    static const double buckets[] = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 30, 60, 120, 180, 240};
    cleat_metric *f =
        SDK->metrics->family("taint_eviction_controller_pod_deletions_total",
                             "Pods that were deleted for a taint.", CLEAT_COUNTER, NULL, NULL, 0);
    c->deletions = SDK->metrics->with(f, (const char *const[]){NULL});
    f = SDK->metrics->family("taint_eviction_controller_pod_deletion_duration_seconds",
                             "Seconds from a pod's deadline to its deletion.", CLEAT_HISTOGRAM,
                             NULL, buckets, sizeof buckets / sizeof *buckets);
    c->latency = SDK->metrics->with(f, (const char *const[]){NULL});
}

static cleat_err eviction_create(const struct cleat_controller_env *env, void **ret_self,
                                 struct cleat_error *reterr) {
    struct eviction *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts, .name = "noexec_taint_pod", .workers = 8, .qps = -1};
    c->client = env->client;
    pthread_mutex_init(&c->lock, NULL);
    make_metrics(c);
    cleat_err err = SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->pods, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->pods, CLEAT_POD_GVR, pod_matters, reterr);
    }
    if (err == CLEAT_OK) {
        c->pod_cache = SDK->controller->informer(c->pods, CLEAT_POD_GVR);
        err = cleat_node_index_pods(c->pod_cache, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->pods, CLEAT_NODE_GVR, pods_of, node_matters, reterr);
    }
    if (err != CLEAT_OK) {
        eviction_destroy(c);
        return err;
    }
    c->node_cache = SDK->controller->informer(c->pods, CLEAT_NODE_GVR);
    *ret_self = c;
    return CLEAT_OK;
}

static const char *const aliases[] = {"taint-eviction", "tainteviction", NULL};

const struct cleat_controller_desc cleat_taint_eviction_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = name,
    .aliases = aliases,
    .description = "Deletes pods whose Nodes have NoExecute taints that they do not tolerate.",
    .create = eviction_create,
    .destroy = eviction_destroy,
};
