/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpoints-controller: one Endpoints object for each Service with a selector, of at
 * most 1000 addresses, for those who do not read slices yet. Endpoints have no owner, so
 * this one also deletes them: when their Service goes, and after a start where they say
 * that they are the controller's.
 */
#include "subsets.h"

#define MANAGED_BY    "endpoints.kubernetes.io/managed-by"
#define MANAGER       "endpoint-controller"
#define COMPONENT     "endpoint-controller"
#define MAX_ADDRESSES 1000

struct whole {
    cleat_client *client;
    struct cleat_ep_states *states;
    cleat_controller *reconciler;
    cleat_informer *services, *pods, *cache;
    cleat_time batch;
};

static cleat_obj *labels_for(const cleat_obj *service) {
    static const char *const reserved[] = {MANAGED_BY, CLEAT_EP_HEADLESS, NULL};
    struct cleat_ep_text t = {0};
    cleat_ep_copy_members(&t, CLEAT_AT(SDK, service, "metadata", "labels"), reserved);
    cleat_ep_addf(&t, "%s\"%s\":\"%s\"", t.n > 1 ? "," : "", MANAGED_BY, MANAGER);
    if (cleat_ep_is_headless(service)) {
        cleat_ep_add_str(&t, CLEAT_EP_HEADLESS, CLEAT_STR(""));
    }
    return cleat_ep_text_parse(&t);
}

struct wanted {
    cleat_obj *subsets; /* {"subsets":[...]} */
    cleat_obj *labels;
    bool cut;
    cleat_time trigger;
};

static bool is_right(const cleat_obj *o, const struct wanted *w) {
    struct cleat_val have = CLEAT_AT(SDK, o, "subsets"),
                     want = CLEAT_AT(SDK, w->subsets, "subsets");
    bool said = cleat_str_is(cleat_ep_annotation(o, CLEAT_EP_OVER_CAPACITY), "truncated");
    return (SDK->obj->equal(have, want) ||
            (SDK->obj->count(have) == 0 && SDK->obj->count(want) == 0)) &&
           SDK->obj->equal(CLEAT_AT(SDK, o, "metadata", "labels"), SDK->obj->root(w->labels)) &&
           said == w->cut;
}

static void complain(const cleat_obj *about, const cleat_obj *service, bool made, const char *why) {
    char *text =
        cleat_sdk_format("Failed to %s endpoint %s%.*s/%.*s: %s", made ? "create" : "update",
                         made ? "for service " : "", CLEAT_FMT(SDK->obj->ns(service)),
                         CLEAT_FMT(SDK->obj->name(service)), why);
    SDK->events->record(COMPONENT, about, "Warning",
                        made ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint", text);
    free(text);
}

static cleat_err put(struct whole *c, cleat_ctx *ctx, const cleat_obj *service,
                     const cleat_obj *old, const struct wanted *w, struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(old);
    cleat_obj *o = NULL, *written = NULL;
    char when[32];
    if (old == NULL) {
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "name"), SDK->obj->name(service));
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "namespace"), SDK->obj->ns(service));
    }
    SDK->obj->set_val(e, CLEAT_PATH("metadata", "labels"), SDK->obj->root(w->labels));
    if (SDK->obj->count(CLEAT_AT(SDK, w->subsets, "subsets")) > 0) {
        SDK->obj->set_val(e, CLEAT_PATH("subsets"), CLEAT_AT(SDK, w->subsets, "subsets"));
    } else {
        SDK->obj->remove(e, CLEAT_PATH("subsets"));
    }
    if (w->trigger != 0) {
        SDK->obj->time_format(w->trigger, 0, when);
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_EP_TRIGGER_TIME),
                          cleat_cstr(when));
    } else {
        SDK->obj->remove(e, CLEAT_PATH("metadata", "annotations", CLEAT_EP_TRIGGER_TIME));
    }
    if (w->cut) {
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_EP_OVER_CAPACITY),
                          CLEAT_STR("truncated"));
    } else {
        SDK->obj->remove(e, CLEAT_PATH("metadata", "annotations", CLEAT_EP_OVER_CAPACITY));
    }
    cleat_err err = SDK->obj->edit_finish(e, &o, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    err = old == NULL
              ? SDK->client->create(c->client, ctx, CLEAT_EP_ENDPOINTS, o, &written, reterr)
              : SDK->client->update(c->client, ctx, CLEAT_EP_ENDPOINTS, NULL, o, &written, reterr);
    if (err == CLEAT_OK) {
        cleat_ep_expect(c->states, cleat_ep_key(service), written);
    } else if (old == NULL && cleat_ep_namespace_ends(reterr)) {
        err = CLEAT_OK;
    } else if (err != CLEAT_E_CONFLICT && err != CLEAT_E_CANCELLED) {
        complain(old != NULL ? old : service, service, old == NULL, reterr->message);
    }
    SDK->obj->unref(written);
    SDK->obj->unref(o);
    return err;
}

static cleat_err look(struct whole *c, cleat_ctx *ctx, const cleat_obj *service,
                      const cleat_obj *old, struct cleat_error *reterr) {
    struct cleat_ep_objs pods = {0};
    struct cleat_ep_subsets subsets = {0};
    struct wanted w = {.labels = labels_for(service)};
    cleat_ep_pods_of(c->pods, service, &pods);
    w.trigger = cleat_ep_trigger_time(cleat_ep_state(c->states, cleat_ep_key(service), true),
                                      service, &pods);
    cleat_ep_subsets_of(&subsets, service, &pods);
    char *text = cleat_ep_subsets_text(&subsets, MAX_ADDRESSES, &w.cut);
    char *json = cleat_sdk_format("{\"subsets\":%s}", text);
    w.subsets = cleat_ep_parse(json);
    cleat_err err = CLEAT_OK;
    if (old == NULL ? !cleat_ep_is_ending(service) : !is_right(old, &w)) {
        err = put(c, ctx, service, old, &w, reterr);
    }
    free(json);
    free(text);
    SDK->obj->unref(w.subsets);
    SDK->obj->unref(w.labels);
    cleat_ep_subsets_done(&subsets);
    cleat_ep_objs_done(&pods);
    return err;
}

/* Whether Endpoints say that this controller made them; those from before there was a label
 * have the annotation that only it writes. */
static bool is_ours(const cleat_obj *o) {
    return cleat_str_is(cleat_ep_label(o, MANAGED_BY), MANAGER) ||
           cleat_ep_annotation(o, CLEAT_EP_TRIGGER_TIME).n > 0;
}

/* Whether somebody else looks after them: an election, or the API server, whose own come back as
 * soon as they are gone. */
static bool is_theirs(const cleat_obj *o) {
    return SDK->obj->type(CLEAT_AT(SDK, o, "metadata", "annotations", CLEAT_EP_LEADER)) !=
               CLEAT_ABSENT ||
           (cleat_str_is(cleat_ep_label(o, CLEAT_EP_SKIP_MIRROR), "true") && !is_ours(o));
}

/* The Service is not there. Endpoints that nobody made for a Service may well be wanted;
 * those of a Service that was seen to go are not. */
static cleat_err clear(struct whole *c, cleat_ctx *ctx, struct cleat_key key, const cleat_obj *old,
                       struct cleat_error *reterr) {
    bool known = cleat_ep_state(c->states, key, false) != NULL, gone = true;
    cleat_err err = CLEAT_OK;
    if (old != NULL && !is_theirs(old) && (known || is_ours(old))) {
        err = cleat_ep_service_is_gone(c->client, ctx, key, &gone, reterr);
        if (err == CLEAT_OK && gone) {
            char *uid = cleat_sdk_dup(SDK->obj->uid(old));
            struct cleat_delete_opts opts = {
                .struct_size = sizeof opts, .grace_period_seconds = -1, .uid = uid};
            err = SDK->client->remove(c->client, ctx, CLEAT_EP_ENDPOINTS, key, &opts, NULL, reterr);
            err = err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
            free(uid);
        }
    }
    if (err == CLEAT_OK && gone) {
        cleat_ep_state_drop(c->states, key);
    }
    return err;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct whole *c = self;
    struct cleat_ep_objs cached = {0};
    cleat_err err = CLEAT_OK;
    cleat_obj *service = SDK->informer->get(c->services, key);
    cleat_obj *old = SDK->informer->get(c->cache, key);
    if (old != NULL) {
        cleat_ep_objs_add(&cached, old);
    }
    if (service == NULL) {
        err = clear(c, ctx, key, old, reterr);
    } else {
        cleat_ep_state(c->states, key, true);
        if (!cleat_ep_selects(service)) {
            err = CLEAT_OK; /* somebody else's */
        } else if (cleat_ep_is_stale(c->states, key, &cached)) {
            err = cleat_ep_out_of_date("endpoints", reterr);
        } else if (old == NULL || !cleat_ep_is_ending(old)) {
            err = look(c, ctx, service, old, reterr);
            ret->requeue_after = cleat_ep_look_again(c->states, key);
        }
    }
    cleat_ep_objs_done(&cached);
    SDK->obj->unref(old);
    SDK->obj->unref(service);
    return err;
}

/* ---- what makes it look ---- */

static void from_pod(void *self, const cleat_obj *pod,
                     void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct whole *c = self;
    (void)emit;
    (void)sink;
    cleat_ep_enqueue_services_of(c->reconciler, c->services, pod, c->batch);
}

static int32_t endpoints_matter(void *self, const cleat_obj *old, const cleat_obj *o) {
    struct whole *c = self;
    if (o == NULL) {
        cleat_ep_was_expected(c->states, cleat_ep_key(old), old);
        return 1;
    }
    if (old != NULL && !cleat_str_eq(SDK->obj->uid(old), SDK->obj->uid(o))) {
        cleat_ep_was_expected(c->states, cleat_ep_key(old), old);
    }
    return cleat_ep_is_news(c->states, cleat_ep_key(o), o);
}

static void from_endpoints(void *self, const cleat_obj *o,
                           void (*emit)(void *sink, struct cleat_key key), void *sink) {
    (void)self;
    emit(sink, cleat_ep_key(o));
}

/* ---- life ---- */

static void destroy(void *self) {
    struct whole *c = self;
    cleat_ep_states_free(c->states);
    free(c);
}

static cleat_err watch(struct whole *c, struct cleat_error *reterr) {
    cleat_err err = SDK->controller->reconciles(c->reconciler, CLEAT_EP_SERVICES, NULL, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->reconciler, CLEAT_EP_PODS, from_pod, cleat_ep_pod_matters,
                                       reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->reconciler, CLEAT_EP_ENDPOINTS, from_endpoints,
                                       endpoints_matter, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    c->services = SDK->controller->informer(c->reconciler, CLEAT_EP_SERVICES);
    c->pods = SDK->controller->informer(c->reconciler, CLEAT_EP_PODS);
    c->cache = SDK->controller->informer(c->reconciler, CLEAT_EP_ENDPOINTS);
    return cleat_ep_index(c->services, c->pods, reterr);
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct whole *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts,
        .name = "endpoint",
        .workers = (int32_t)cleat_sdk_option(SDK, env, "concurrentEndpointSyncs"),
    };
    c->client = env->client;
    c->states = cleat_ep_states_new(NULL);
    c->batch = cleat_sdk_option(SDK, env, "endpointUpdatesBatchPeriod");
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = watch(c, reterr);
    }
    if (err != CLEAT_OK) {
        destroy(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentEndpointSyncs",
     "concurrent-endpoint-syncs", "5", "How many Services are looked at at a time."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "endpointUpdatesBatchPeriod",
     "endpoint-updates-batch-period", "0s",
     "How long changes of pods are gathered before Endpoints are written."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"endpoint", NULL};

const struct cleat_controller_desc cleat_ep_endpoints_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "endpoints-controller",
    .aliases = aliases,
    .description = "Keeps Endpoints of the pods that Services select.",
    .options = options,
    .create = create,
    .destroy = destroy,
};
