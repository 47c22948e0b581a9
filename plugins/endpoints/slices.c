/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpointslice-controller: EndpointSlices for Services with selectors. A look at a
 * Service has gather.c make of its pods what its endpoints are to be, and leaves it to
 * pack.c where they go. It runs when the Service, a pod of it, a slice of it that
 * somebody else touched, or a Node of a pod has changed, and with topology mode Auto
 * when what the zones can do has.
 */
#include "gather.h"

#define MANAGER   "endpointslice-controller.k8s.io"
#define COMPONENT "endpoint-slice-controller"
#define METRICS   "endpoint_slice_controller"

#define BY_TOPOLOGY "cleat.endpoints/topology" /* of Services: "Auto" */
/* Nodes come and go in flocks: they are waited for. */
#define FLOCK CLEAT_SECOND

struct slices {
    struct cleat_ep_writer w;
    cleat_controller *reconciler, *topology;
    cleat_informer *services, *pods, *nodes, *cache;
    struct cleat_ep_zones *zones;
    size_t max;
    cleat_time batch;
    cleat_metric *added, *removed, *changed; /* changed: a family */
    cleat_metric *success, *stale, *failed;
};

/* The Service's labels, and those that say what a slice is. */
static cleat_obj *labels_for(const cleat_obj *service) {
    static const char *const reserved[] = {CLEAT_EP_SERVICE_NAME, CLEAT_EP_MANAGED_BY,
                                           CLEAT_EP_HEADLESS, NULL};
    struct cleat_ep_text t = {0};
    cleat_ep_copy_members(&t, CLEAT_AT(SDK, service, "metadata", "labels"), reserved);
    cleat_ep_addf(&t, "%s\"%s\":\"%s\"", t.n > 1 ? "," : "", CLEAT_EP_MANAGED_BY, MANAGER);
    cleat_ep_add_str(&t, CLEAT_EP_SERVICE_NAME, SDK->obj->name(service));
    if (cleat_ep_is_headless(service)) {
        cleat_ep_add_str(&t, CLEAT_EP_HEADLESS, CLEAT_STR(""));
    }
    return cleat_ep_text_parse(&t);
}

/* ---- a look at a Service ---- */

static bool is_owned(const cleat_obj *slice, const cleat_obj *service) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, slice, "metadata", "ownerReferences"), &it)) {
        if (cleat_str_eq(cleat_ep_str(it.val, "uid"), SDK->obj->uid(service)) &&
            cleat_str_is(cleat_ep_str(it.val, "kind"), "Service") &&
            cleat_str_is(cleat_ep_str(it.val, "apiVersion"), "v1")) {
            return true;
        }
    }
    return false;
}

static void complain(const cleat_obj *service, const char *why) {
    char *text =
        cleat_sdk_format("Error updating Endpoint Slices for Service %.*s/%.*s: %s",
                         CLEAT_FMT(SDK->obj->ns(service)), CLEAT_FMT(SDK->obj->name(service)), why);
    SDK->events->record(COMPONENT, service, "Warning", "FailedToUpdateEndpointSlices", text);
    free(text);
}

/* What is new about the hints by topology. */
static void tell_topology(const struct cleat_ep_service *s, struct cleat_ep_state *state) {
    for (size_t k = 0; s->families[k] != NULL; k++) {
        char **told = cleat_ep_told(state, s->families[k]);
        const char *now = !s->topology ? NULL : s->why[k] == NULL ? CLEAT_EP_ENABLED : s->why[k];
        bool was_enabled = *told != NULL && strcmp(*told, CLEAT_EP_ENABLED) == 0;
        bool enabled = now != NULL && strcmp(now, CLEAT_EP_ENABLED) == 0;
        bool news = now != NULL ? *told == NULL || strcmp(*told, now) != 0 : was_enabled;
        if (news) {
            char *text = cleat_sdk_format(
                "%s, addressType: %s", now != NULL ? now : "Topology Aware Hints has been disabled",
                s->families[k]);
            SDK->events->record(
                COMPONENT, s->obj, enabled ? "Normal" : "Warning",
                enabled ? "TopologyAwareHintsEnabled" : "TopologyAwareHintsDisabled", text);
            free(text);
        }
        if (news || now == NULL) {
            free(*told);
            *told = now != NULL ? cleat_sdk_dup(cleat_cstr(now)) : NULL;
        }
    }
}

static void account(struct slices *c, const struct cleat_ep_service *s,
                    const struct cleat_ep_plan *plan, const struct cleat_ep_sets *sets) {
    struct cleat_ep_counts counts = {.slices = cleat_ep_plan_slices(plan)};
    size_t changed = 0;
    for (size_t i = 0; i < sets->n; i++) {
        counts.endpoints += sets->v[i].n;
        counts.ideal += (sets->v[i].n + c->max - 1) / c->max;
    }
    for (size_t i = 0; i < plan->n; i++) {
        changed += plan->v[i].action != CLEAT_EP_KEEP;
    }
    counts.ideal = counts.ideal == 0 && counts.slices > 0 ? 1 : counts.ideal;
    cleat_ep_count(c->w.states, cleat_ep_key(s->obj), &counts, s->distribution);
    SDK->metrics->add(c->added, (double)plan->added);
    SDK->metrics->add(c->removed, (double)plan->removed);
    SDK->metrics->add(
        SDK->metrics->with(c->changed,
                           (const char *const[]){s->topology ? "Auto" : "Disabled",
                                                 cleat_ep_distributions[s->distribution], NULL}),
        (double)changed);
}

static cleat_err look(struct slices *c, cleat_ctx *ctx, const cleat_obj *service,
                      const struct cleat_ep_objs *old, struct cleat_error *reterr) {
    struct cleat_ep_objs pods = {0};
    struct cleat_ep_sets sets = {0};
    struct cleat_ep_plan plan = {0};
    struct cleat_ep_service s;
    struct cleat_ep_shares shares = {0};
    struct cleat_ep_state *state = cleat_ep_state(c->w.states, cleat_ep_key(service), true);
    cleat_ep_service_init(&s, service);
    if (s.topology) {
        cleat_ep_shares_of(c->zones, &shares);
    }
    cleat_ep_pods_of(c->pods, service, &pods);
    const cleat_obj *homeless =
        cleat_ep_gather(&s,
                        &(struct cleat_ep_gathering){
                            .nodes = c->nodes, .pods = &pods, .old = old, .shares = &shares},
                        &sets);
    bool *owned = cleat_sdk_alloc(old->n, sizeof *owned);
    for (size_t i = 0; i < old->n; i++) {
        owned[i] = is_owned(old->v[i], service);
    }
    struct cleat_ep_owner owner = {
        .obj = service,
        .kind = "Service",
        .labels = labels_for(service),
        .trigger = cleat_ep_trigger_time(state, service, &pods),
    };
    cleat_ep_pack(&plan, &sets, old, owned, s.families, c->max);
    cleat_ep_dress(&plan, &owner);
    cleat_err err = cleat_ep_write(&c->w, ctx, &plan, &owner, reterr);
    if (err == CLEAT_OK) {
        account(c, &s, &plan, &sets);
        tell_topology(&s, state);
    } else if (err != CLEAT_E_CONFLICT && err != CLEAT_E_CANCELLED) {
        complain(service, reterr->message);
    }
    if (homeless != NULL) { /* the Node's arrival is looked out for */
        char *why =
            cleat_sdk_format("skipping Pod %.*s for Service %.*s/%.*s: Node %.*s Not Found",
                             CLEAT_FMT(SDK->obj->name(homeless)), CLEAT_FMT(SDK->obj->ns(service)),
                             CLEAT_FMT(SDK->obj->name(service)),
                             CLEAT_FMT(CLEAT_TEXT(SDK, homeless, "spec", "nodeName")));
        complain(service, why);
        free(why);
    }
    SDK->obj->unref(owner.labels);
    cleat_ep_service_done(&s);
    cleat_ep_shares_done(&shares);
    free(owned);
    cleat_ep_plan_done(&plan);
    cleat_ep_sets_done(&sets);
    cleat_ep_objs_done(&pods);
    return err;
}

/* Slices that a Service which is gone left behind: the collector ends those that name it as
 * their owner, this one also the others. */
static cleat_err clear(struct slices *c, cleat_ctx *ctx, struct cleat_key key,
                       const struct cleat_ep_objs *old, struct cleat_error *reterr) {
    bool gone = true;
    cleat_err err = CLEAT_OK;
    if (old->n > 0) {
        err = cleat_ep_service_is_gone(c->w.client, ctx, key, &gone, reterr);
    }
    for (size_t i = 0; i < old->n && gone && err == CLEAT_OK; i++) {
        err = cleat_ep_delete(&c->w, ctx, key, old->v[i], reterr);
    }
    if (gone && err == CLEAT_OK) {
        cleat_ep_state_drop(c->w.states, key);
    }
    return err;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct slices *c = self;
    struct cleat_ep_objs old = {0};
    cleat_err err = CLEAT_OK;
    cleat_obj *service = SDK->informer->get(c->services, key);
    cleat_ep_slices_of(c->cache, key, MANAGER, &old);
    if (service == NULL) {
        err = clear(c, ctx, key, &old, reterr);
    } else if (cleat_ep_selects(service)) {
        if (cleat_ep_is_stale(c->w.states, key, &old)) {
            SDK->metrics->add(c->stale, 1);
            err = cleat_ep_out_of_date("EndpointSlice", reterr);
        } else {
            err = look(c, ctx, service, &old, reterr);
            SDK->metrics->add(err == CLEAT_OK ? c->success : c->failed, 1);
            ret->requeue_after = cleat_ep_look_again(c->w.states, key);
        }
    }
    cleat_ep_objs_done(&old);
    SDK->obj->unref(service);
    return err;
}

/* ---- what makes it look ---- */

static void from_pod(void *self, const cleat_obj *pod,
                     void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct slices *c = self;
    (void)emit;
    (void)sink;
    cleat_ep_enqueue_services_of(c->reconciler, c->services, pod, c->batch);
}

static int32_t look_at(void *userdata, const cleat_obj *service) {
    struct slices *c = userdata;
    SDK->controller->enqueue(c->reconciler, cleat_ep_key(service), 0);
    return 0;
}

/* What the zones can do has changed: that concerns who has hints by it. */
static cleat_err topology_changed(void *self, cleat_ctx *ctx, struct cleat_key key,
                                  struct cleat_result *ret, struct cleat_error *reterr) {
    struct slices *c = self;
    (void)ctx;
    (void)key;
    (void)ret;
    (void)reterr;
    SDK->informer->foreach (c->services, BY_TOPOLOGY, CLEAT_STR("Auto"), look_at, c);
    return CLEAT_OK;
}

/* Sees each state of a Node and the one before it. */
static int32_t node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    struct slices *c = self;
    if (cleat_ep_zones_node(c->zones, old, node)) {
        SDK->controller->enqueue(c->topology, cleat_key_of("", "zones"), FLOCK);
    }
    return old == NULL || node == NULL ||
           !cleat_str_eq(cleat_ep_label(old, "topology.kubernetes.io/zone"),
                         cleat_ep_label(node, "topology.kubernetes.io/zone"));
}

static void from_node(void *self, const cleat_obj *node,
                      void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct slices *c = self;
    struct cleat_ep_objs pods = {0};
    cleat_ep_pods_on(c->pods, SDK->obj->name(node), &pods);
    for (size_t i = 0; i < pods.n; i++) {
        from_pod(self, pods.v[i], emit, sink);
    }
    cleat_ep_objs_done(&pods);
}

static void index_topology(void *userdata, const cleat_obj *service,
                           void (*emit)(void *sink, struct cleat_str value), void *sink) {
    (void)userdata;
    if (cleat_ep_wants_topology(service)) {
        emit(sink, CLEAT_STR("Auto"));
    }
}

static int32_t slice_matters(void *self, const cleat_obj *old, const cleat_obj *slice) {
    struct slices *c = self;
    return cleat_ep_slice_matters(c->w.states, MANAGER, old, slice);
}

/* ---- life ---- */

static void destroy(void *self) {
    struct slices *c = self;
    cleat_ep_states_free(c->w.states);
    cleat_ep_zones_free(c->zones);
    free(c);
}

static void make_metrics(struct slices *c) {
    static const char *const result[] = {"result", NULL};
    static const char *const how[] = {"topology", "traffic_distribution", NULL};
    static const double buckets[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
    cleat_metric *f = SDK->metrics->family(METRICS "_syncs", "Number of EndpointSlice syncs",
                                           CLEAT_COUNTER, result, NULL, 0);
    c->success = SDK->metrics->with(f, (const char *const[]){"success", NULL});
    c->stale = SDK->metrics->with(f, (const char *const[]){"stale", NULL});
    c->failed = SDK->metrics->with(f, (const char *const[]){"error", NULL});
    c->changed =
        SDK->metrics->family(METRICS "_endpointslices_changed_per_sync",
                             "Number of EndpointSlices changed on each Service sync",
                             CLEAT_HISTOGRAM, how, buckets, sizeof buckets / sizeof *buckets);
    c->added = cleat_ep_histogram(METRICS "_endpoints_added_per_sync",
                                  "Number of endpoints added on each Service sync", 2);
    c->removed = cleat_ep_histogram(METRICS "_endpoints_removed_per_sync",
                                    "Number of endpoints removed on each Service sync", 2);
}

static cleat_err watch(struct slices *c, struct cleat_error *reterr) {
    cleat_err err = SDK->controller->reconciles(c->reconciler, CLEAT_EP_SERVICES, NULL, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->reconciler, CLEAT_EP_PODS, from_pod, cleat_ep_pod_matters,
                                       reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->reconciler, CLEAT_EP_SLICES, cleat_ep_service_of_slice,
                                       slice_matters, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->reconciler, CLEAT_EP_NODES, from_node, node_matters,
                                       reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    c->services = SDK->controller->informer(c->reconciler, CLEAT_EP_SERVICES);
    c->pods = SDK->controller->informer(c->reconciler, CLEAT_EP_PODS);
    c->nodes = SDK->controller->informer(c->reconciler, CLEAT_EP_NODES);
    c->cache = SDK->controller->informer(c->reconciler, CLEAT_EP_SLICES);
    err = cleat_ep_index(c->services, c->pods, reterr);
    if (err == CLEAT_OK &&
        SDK->informer->add_index(c->services, BY_TOPOLOGY, index_topology, NULL) != CLEAT_OK) {
        err = cleat_errorf(reterr, CLEAT_E_EXISTS, "an index of that name is there");
    }
    return err == CLEAT_OK ? cleat_ep_index_slices(c->cache, reterr) : err;
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    size_t max;
    cleat_err err =
        cleat_ep_max(env, "maxEndpointsPerSlice", "max-endpoints-per-slice", &max, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct slices *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = cleat_ep_writer_opts(env, "endpoint_slice");
    cleat_ep_writer_init(&c->w, env, METRICS);
    c->zones = cleat_ep_zones_new();
    c->max = max;
    c->batch = cleat_sdk_option(SDK, env, "endpointUpdatesBatchPeriod");
    make_metrics(c);
    struct cleat_reconciler_opts topology = {.struct_size = sizeof topology,
                                             .name = "endpoint_slice_topology"};
    /* The first to be made is the first to end: with it what it hears, which feeds the other. */
    err = SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &topology, topology_changed, c, &c->topology,
                                              reterr);
    }
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
     "concurrent-service-endpoint-syncs", "5", "How many Services are looked at at a time."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "maxEndpointsPerSlice", "max-endpoints-per-slice",
     "100", "How many endpoints go into one EndpointSlice, 1 to 1000."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "endpointUpdatesBatchPeriod",
     "endpointslice-updates-batch-period", "0s",
     "How long changes of pods are gathered before EndpointSlices are written."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"endpointslice", NULL};

const struct cleat_controller_desc cleat_ep_slices_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "endpointslice-controller",
    .aliases = aliases,
    .description = "Keeps EndpointSlices of the pods that Services select.",
    .options = options,
    .create = create,
    .destroy = destroy,
};
