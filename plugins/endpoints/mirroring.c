/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpointslice-mirroring-controller: EndpointSlices for Endpoints that somebody wrote
 * by hand, beside a Service without a selector.
 */
#include "endpoints.h"

#define MANAGER   "endpointslicemirroring-controller.k8s.io"
#define COMPONENT "endpoint-slice-mirroring-controller"
#define METRICS   "endpoint_slice_mirroring_controller"

struct mirroring {
    struct cleat_ep_writer w;
    cleat_controller *reconciler;
    cleat_informer *services, *endpoints, *cache;
    size_t max;
    cleat_time batch;
    cleat_metric *added, *updated, *removed, *skipped, *seconds;
};

/* ---- what is to be ---- */

static char *endpoint(struct cleat_val address, const char *ip, bool ready) {
    struct cleat_ep_text t = {0};
    struct cleat_str hostname = cleat_ep_str(address, "hostname"),
                     node = cleat_ep_str(address, "nodeName");
    struct cleat_val target = cleat_ep_get(address, "targetRef");
    cleat_ep_addf(&t, "{\"addresses\":[\"%s\"],\"conditions\":{\"ready\":%s}", ip,
                  ready ? "true" : "false");
    if (hostname.n > 0) {
        cleat_ep_add_str(&t, "hostname", hostname);
    }
    if (node.n > 0) {
        cleat_ep_add_str(&t, "nodeName", node);
    }
    if (SDK->obj->type(target) == CLEAT_OBJECT) {
        cleat_ep_addf(&t, ",\"targetRef\":%.*s", CLEAT_FMT(SDK->obj->raw(target)));
    }
    cleat_ep_add(&t, CLEAT_STR("}"));
    return t.p;
}

struct tally {
    size_t of_subset, skipped, invalid;
};

static void gather_list(struct mirroring *c, struct cleat_val list, struct cleat_val ports,
                        bool ready, struct tally *n, struct cleat_ep_sets *ret) {
    for (struct cleat_iter it = {0}; SDK->obj->next(list, &it);) {
        char *ip = NULL;
        const char *family =
            n->of_subset < c->max ? cleat_ep_family(cleat_ep_str(it.val, "ip"), &ip) : NULL;
        if (family == NULL) {
            n->invalid += n->of_subset < c->max;
            n->skipped++;
            continue;
        }
        char *json = endpoint(it.val, ip, ready);
        cleat_obj *o = cleat_ep_parse(json);
        cleat_ep_set_add(cleat_ep_set_of(ret, family, cleat_ep_ports(ports)),
                         cleat_ep_id(SDK->obj->root(o)), json);
        SDK->obj->unref(o);
        free(ip);
        n->of_subset++;
    }
}

static void gather(struct mirroring *c, const cleat_obj *endpoints, struct cleat_ep_sets *ret) {
    struct tally n = {0};
    for (struct cleat_iter it = {0}; SDK->obj->next(CLEAT_AT(SDK, endpoints, "subsets"), &it);) {
        struct cleat_val ports = cleat_ep_get(it.val, "ports");
        n.of_subset = 0;
        gather_list(c, cleat_ep_get(it.val, "addresses"), ports, true, &n, ret);
        gather_list(c, cleat_ep_get(it.val, "notReadyAddresses"), ports, false, &n, ret);
    }
    SDK->metrics->add(c->skipped, (double)n.skipped);
    if (n.invalid > 0) {
        char *text = cleat_sdk_format(
            "Skipped %zu invalid IP addresses when mirroring to EndpointSlices", n.invalid);
        SDK->events->record(COMPONENT, endpoints, "Warning", "InvalidIPAddress", text);
        free(text);
    }
    if (n.skipped > n.invalid) {
        char *text =
            cleat_sdk_format("A max of %zu addresses can be mirrored to EndpointSlices per "
                             "Endpoints subset. %zu addresses were skipped",
                             c->max, n.skipped);
        SDK->events->record(COMPONENT, endpoints, "Warning", "TooManyAddressesToMirror", text);
        free(text);
    }
}

static cleat_obj *labels_for(const cleat_obj *endpoints) {
    static const char *const reserved[] = {CLEAT_EP_SERVICE_NAME, CLEAT_EP_MANAGED_BY, NULL};
    struct cleat_ep_text t = {0};
    cleat_ep_copy_members(&t, CLEAT_AT(SDK, endpoints, "metadata", "labels"), reserved);
    cleat_ep_addf(&t, "%s\"%s\":\"%s\"", t.n > 1 ? "," : "", CLEAT_EP_MANAGED_BY, MANAGER);
    cleat_ep_add_str(&t, CLEAT_EP_SERVICE_NAME, SDK->obj->name(endpoints));
    return cleat_ep_text_parse(&t);
}

static cleat_obj *annotations_for(const cleat_obj *endpoints) {
    static const char *const but[] = {CLEAT_EP_TRIGGER_TIME,
                                      "kubectl.kubernetes.io/last-applied-configuration", NULL};
    struct cleat_ep_text t = {0};
    cleat_ep_copy_members(&t, CLEAT_AT(SDK, endpoints, "metadata", "annotations"), but);
    return cleat_ep_text_parse(&t);
}

/* ---- a look at Endpoints ---- */

static bool should_mirror(const cleat_obj *endpoints, const cleat_obj *service) {
    return endpoints != NULL && service != NULL &&
           !cleat_str_is(cleat_ep_label(endpoints, CLEAT_EP_SKIP_MIRROR), "true") &&
           SDK->obj->type(CLEAT_AT(SDK, endpoints, "metadata", "annotations", CLEAT_EP_LEADER)) ==
               CLEAT_ABSENT &&
           SDK->obj->count(CLEAT_AT(SDK, service, "spec", "selector")) == 0;
}

static cleat_err clear(struct mirroring *c, cleat_ctx *ctx, struct cleat_key key,
                       const struct cleat_ep_objs *old, struct cleat_error *reterr) {
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; i < old->n && err == CLEAT_OK; i++) {
        err = cleat_ep_delete(&c->w, ctx, key, old->v[i], reterr);
    }
    if (err == CLEAT_OK) {
        cleat_ep_state_drop(c->w.states, key);
    }
    return err;
}

static void account(struct mirroring *c, const cleat_obj *endpoints,
                    const struct cleat_ep_plan *plan, const struct cleat_ep_sets *sets) {
    struct cleat_ep_counts counts = {.slices = cleat_ep_plan_slices(plan)};
    for (size_t i = 0; i < sets->n; i++) {
        counts.endpoints += sets->v[i].n;
        counts.ideal += sets->v[i].n > 0;
    }
    cleat_ep_count(c->w.states, cleat_ep_key(endpoints), &counts, CLEAT_EP_ANYWHERE);
    SDK->metrics->add(c->added, (double)plan->added);
    SDK->metrics->add(c->updated, (double)plan->updated);
    SDK->metrics->add(c->removed, (double)plan->removed);
}

static cleat_err look(struct mirroring *c, cleat_ctx *ctx, const cleat_obj *endpoints,
                      const struct cleat_ep_objs *old, struct cleat_error *reterr) {
    struct cleat_ep_sets sets = {0};
    struct cleat_ep_plan plan = {0};
    struct cleat_ep_owner owner = {.obj = endpoints,
                                   .kind = "Endpoints",
                                   .labels = labels_for(endpoints),
                                   .annotations = annotations_for(endpoints)};
    cleat_ep_state(c->w.states, cleat_ep_key(endpoints), true);
    gather(c, endpoints, &sets);
    cleat_ep_mirror(&plan, &sets, old, c->max);
    cleat_ep_dress(&plan, &owner);
    cleat_err err = cleat_ep_write(&c->w, ctx, &plan, &owner, reterr);
    if (err == CLEAT_OK) {
        account(c, endpoints, &plan, &sets);
    }
    SDK->obj->unref(owner.labels);
    SDK->obj->unref(owner.annotations);
    cleat_ep_plan_done(&plan);
    cleat_ep_sets_done(&sets);
    return err;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct mirroring *c = self;
    struct cleat_ep_objs old = {0};
    cleat_time began = SDK->clock->monotonic();
    cleat_err err;
    cleat_obj *service = SDK->informer->get(c->services, key);
    cleat_obj *endpoints = SDK->informer->get(c->endpoints, key);
    cleat_ep_slices_of(c->cache, key, MANAGER, &old);
    if (!should_mirror(endpoints, service)) {
        err = clear(c, ctx, key, &old, reterr);
    } else if (cleat_ep_is_stale(c->w.states, key, &old)) {
        err = cleat_ep_out_of_date("EndpointSlice", reterr);
    } else {
        err = look(c, ctx, endpoints, &old, reterr);
        ret->requeue_after = cleat_ep_look_again(c->w.states, key);
    }
    SDK->metrics->add(c->seconds, (double)(SDK->clock->monotonic() - began) / 1e9);
    cleat_ep_objs_done(&old);
    SDK->obj->unref(endpoints);
    SDK->obj->unref(service);
    return err;
}

/* ---- what makes it look ---- */

/* Endpoints that a controller keeps change all the time, and are not mirrored. */
static int32_t endpoints_matter(void *self, const cleat_obj *old, const cleat_obj *endpoints) {
    struct mirroring *c = self;
    const cleat_obj *o = endpoints != NULL ? endpoints : old;
    cleat_obj *service = SDK->informer->get(c->services, cleat_ep_key(o));
    bool selects =
        service != NULL && SDK->obj->count(CLEAT_AT(SDK, service, "spec", "selector")) > 0;
    SDK->obj->unref(service);
    return !selects;
}

static void enqueue_own(void *self, const cleat_obj *o,
                        void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct mirroring *c = self;
    (void)emit;
    (void)sink;
    SDK->controller->enqueue(c->reconciler, cleat_ep_key(o), c->batch);
}

static int32_t service_matters(void *self, const cleat_obj *old, const cleat_obj *service) {
    (void)self;
    if (old == NULL || service == NULL) {
        return SDK->obj->count(
                   CLEAT_AT(SDK, service != NULL ? service : old, "spec", "selector")) == 0;
    }
    return (SDK->obj->count(CLEAT_AT(SDK, old, "spec", "selector")) == 0) !=
           (SDK->obj->count(CLEAT_AT(SDK, service, "spec", "selector")) == 0);
}

static int32_t slice_matters(void *self, const cleat_obj *old, const cleat_obj *slice) {
    struct mirroring *c = self;
    return cleat_ep_slice_matters(c->w.states, MANAGER, old, slice);
}

/* ---- life ---- */

static void destroy(void *self) {
    struct mirroring *c = self;
    cleat_ep_states_free(c->w.states);
    free(c);
}

static void make_metrics(struct mirroring *c) {
    c->added = cleat_ep_histogram(METRICS "_endpoints_added_per_sync",
                                  "Number of endpoints added on each Endpoints sync", 2);
    c->updated = cleat_ep_histogram(METRICS "_endpoints_updated_per_sync",
                                    "Number of endpoints updated on each Endpoints sync", 2);
    c->removed = cleat_ep_histogram(METRICS "_endpoints_removed_per_sync",
                                    "Number of endpoints removed on each Endpoints sync", 2);
    c->skipped = cleat_ep_histogram(METRICS "_addresses_skipped_per_sync",
                                    "Number of addresses skipped on each Endpoints sync due to "
                                    "being invalid or exceeding MaxEndpointsPerSubset",
                                    2);
    c->seconds = cleat_ep_histogram(METRICS "_endpoints_sync_duration",
                                    "Duration of syncEndpoints() in seconds", 0.001);
}

static cleat_err watch(struct mirroring *c, struct cleat_error *reterr) {
    cleat_err err =
        SDK->controller->reconciles(c->reconciler, CLEAT_EP_SERVICES, service_matters, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->reconciler, CLEAT_EP_ENDPOINTS, enqueue_own,
                                       endpoints_matter, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->reconciler, CLEAT_EP_SLICES, cleat_ep_service_of_slice,
                                       slice_matters, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    c->services = SDK->controller->informer(c->reconciler, CLEAT_EP_SERVICES);
    c->endpoints = SDK->controller->informer(c->reconciler, CLEAT_EP_ENDPOINTS);
    c->cache = SDK->controller->informer(c->reconciler, CLEAT_EP_SLICES);
    return cleat_ep_index_slices(c->cache, reterr);
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    size_t max;
    cleat_err err = cleat_ep_max(env, "maxEndpointsPerSubset", "mirroring-max-endpoints-per-subset",
                                 &max, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct mirroring *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = cleat_ep_writer_opts(env, "endpoint_slice_mirroring");
    cleat_ep_writer_init(&c->w, env, METRICS);
    c->max = max;
    c->batch = cleat_sdk_option(SDK, env, "endpointUpdatesBatchPeriod");
    make_metrics(c);
    err = SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
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
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentServiceEndpointSyncs",
     "mirroring-concurrent-service-endpoint-syncs", "5",
     "How many Endpoints are looked at at a time."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "maxEndpointsPerSubset",
     "mirroring-max-endpoints-per-subset", "1000",
     "How many addresses of a subset are mirrored, 1 to 1000."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "endpointUpdatesBatchPeriod",
     "mirroring-endpointslice-updates-batch-period", "0s",
     "How long changes of Endpoints are gathered before EndpointSlices are written."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"endpointslicemirroring", NULL};

const struct cleat_controller_desc cleat_ep_mirroring_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "endpointslice-mirroring-controller",
    .aliases = aliases,
    .description = "Mirrors Endpoints that were written by hand to EndpointSlices.",
    .options = options,
    .create = create,
    .destroy = destroy,
};
