/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpointslice-controller: EndpointSlices for Services with selectors. A look at a
 * Service gathers its pods, makes of each what an endpoint of it is to be, and leaves it
 * to pack.c where that goes. It runs when the Service, a pod of it, a slice of it that
 * somebody else touched, or a Node of a pod has changed.
 */
#include "endpoints.h"

#define MANAGER   "endpointslice-controller.k8s.io"
#define COMPONENT "endpoint-slice-controller"
#define METRICS   "endpoint_slice_controller"

struct slices {
    struct cleat_ep_writer w;
    cleat_controller *reconciler;
    cleat_informer *services, *pods, *nodes, *cache;
    size_t max;
    cleat_time batch;
    cleat_metric *added, *removed, *changed; /* changed: a family */
    cleat_metric *success, *stale, *failed;
};

/* ---- what an endpoint is to be ---- */

static int distribution_of(const cleat_obj *service) {
    struct cleat_str how = CLEAT_TEXT(SDK, service, "spec", "trafficDistribution");
    struct cleat_str topology =
        cleat_ep_annotation(service, "service.kubernetes.io/topology-aware-hints");
    if (topology.n == 0) {
        topology = cleat_ep_annotation(service, "service.kubernetes.io/topology-mode");
    }
    if (cleat_str_is(topology, "Auto") || cleat_str_is(topology, "auto")) {
        return CLEAT_EP_ANYWHERE;
    }
    for (int i = CLEAT_EP_CLOSE; i <= CLEAT_EP_SAME_NODE; i++) {
        if (cleat_str_is(how, cleat_ep_distributions[i])) {
            return i;
        }
    }
    return CLEAT_EP_ANYWHERE;
}

static struct cleat_str word(bool yes) {
    return yes ? CLEAT_STR("true") : CLEAT_STR("false");
}

/* What all endpoints of a Service have in common. */
struct service {
    const cleat_obj *obj;
    const char *families[3];
    bool all; /* also those that are not ready */
    int distribution;
    char *ports; /* the same at each pod; NULL = they have to be asked */
};

static char *endpoint(const struct service *s, const cleat_obj *pod, const cleat_obj *node,
                      const char *address, struct cleat_str hostname) {
    struct cleat_ep_text t = {0};
    bool serving = cleat_ep_pod_is_ready(pod), ending = cleat_ep_is_ending(pod);
    bool ready = s->all || (serving && !ending);
    struct cleat_str on = CLEAT_TEXT(SDK, pod, "spec", "nodeName");
    struct cleat_str zone = node != NULL ? cleat_ep_label(node, "topology.kubernetes.io/zone")
                                         : (struct cleat_str){"", 0};
    cleat_ep_add(&t, CLEAT_STR("{\"addresses\":[\""));
    cleat_ep_add(&t, cleat_cstr(address));
    cleat_ep_add(&t, CLEAT_STR("\"],\"conditions\":{\"ready\":"));
    cleat_ep_add(&t, word(ready));
    cleat_ep_add(&t, CLEAT_STR(",\"serving\":"));
    cleat_ep_add(&t, word(serving));
    cleat_ep_add(&t, CLEAT_STR(",\"terminating\":"));
    cleat_ep_add(&t, word(ending));
    cleat_ep_add(&t, CLEAT_STR("}"));
    if (hostname.n > 0) {
        cleat_ep_add_str(&t, "hostname", hostname);
    }
    bool for_zone = s->distribution != CLEAT_EP_ANYWHERE && ready && zone.n > 0;
    bool for_node = s->distribution == CLEAT_EP_SAME_NODE && ready && on.n > 0;
    if (for_zone || for_node) {
        cleat_ep_addf(&t, ",\"hints\":{");
        if (for_zone) {
            cleat_ep_addf(&t, "\"forZones\":[{\"name\":\"%.*s\"}]%s", CLEAT_FMT(zone),
                          for_node ? "," : "");
        }
        if (for_node) {
            cleat_ep_addf(&t, "\"forNodes\":[{\"name\":\"%.*s\"}]", CLEAT_FMT(on));
        }
        cleat_ep_add(&t, CLEAT_STR("}"));
    }
    if (on.n > 0) {
        cleat_ep_add_str(&t, "nodeName", on);
    }
    cleat_ep_add(&t, CLEAT_STR(",\"targetRef\":{\"kind\":\"Pod\""));
    cleat_ep_add_str(&t, "namespace", SDK->obj->ns(pod));
    cleat_ep_add_str(&t, "name", SDK->obj->name(pod));
    cleat_ep_add_str(&t, "uid", SDK->obj->uid(pod));
    cleat_ep_add(&t, CLEAT_STR("}"));
    if (zone.n > 0) {
        cleat_ep_add_str(&t, "zone", zone);
    }
    cleat_ep_add(&t, CLEAT_STR("}"));
    return t.p;
}

/* The ports of a Service at a pod (NULL where none has a name for a target), as a list in JSON;
 * owned. */
static char *ports_at(const cleat_obj *service, const cleat_obj *pod) {
    struct cleat_ep_text t = {0};
    struct cleat_iter it = {0};
    int64_t number;
    cleat_ep_add(&t, CLEAT_STR("{\"ports\":["));
    for (bool first = true; SDK->obj->next(CLEAT_AT(SDK, service, "spec", "ports"), &it);) {
        struct cleat_str app = cleat_ep_str(it.val, "appProtocol"),
                         protocol = cleat_ep_str(it.val, "protocol");
        if (!cleat_ep_find_port(pod, it.val, &number)) {
            continue;
        }
        cleat_ep_addf(&t, "%s{\"port\":%lld", first ? "" : ",", (long long)number);
        cleat_ep_add_str(&t, "name", cleat_ep_str(it.val, "name"));
        cleat_ep_add_str(&t, "protocol", protocol.n > 0 ? protocol : CLEAT_STR("TCP"));
        if (app.n > 0) {
            cleat_ep_add_str(&t, "appProtocol", app);
        }
        cleat_ep_add(&t, CLEAT_STR("}"));
        first = false;
    }
    cleat_ep_add(&t, CLEAT_STR("]}"));
    cleat_obj *o = cleat_ep_parse(t.p);
    char *ports = cleat_ep_ports(CLEAT_AT(SDK, o, "ports"));
    SDK->obj->unref(o);
    free(t.p);
    return ports;
}

/* Where no port has a name for a target, pods need not be asked. */
static bool has_names(const cleat_obj *service) {
    for (struct cleat_iter it = {0};
         SDK->obj->next(CLEAT_AT(SDK, service, "spec", "ports"), &it);) {
        if (SDK->obj->type(cleat_ep_get(it.val, "targetPort")) == CLEAT_STRING) {
            return true;
        }
    }
    return false;
}

static void gather_one(const struct service *s, const cleat_obj *pod, const cleat_obj *node,
                       const char *family, char *address, struct cleat_ep_sets *ret) {
    struct cleat_str hostname = cleat_ep_wants_hostname(pod, s->obj)
                                    ? CLEAT_TEXT(SDK, pod, "spec", "hostname")
                                    : (struct cleat_str){"", 0};
    char *ports = s->ports != NULL ? cleat_sdk_dup(cleat_cstr(s->ports)) : ports_at(s->obj, pod);
    cleat_ep_set_add(
        cleat_ep_set_of(ret, family, ports),
        cleat_ep_id_of(cleat_cstr(address), hostname, SDK->obj->ns(pod), SDK->obj->name(pod)),
        endpoint(s, pod, node, address, hostname));
}

/* Returns a pod that has to be left out because its Node is not there; NULL = none. */
static const cleat_obj *gather(struct slices *c, const struct service *s,
                               const struct cleat_ep_objs *pods, struct cleat_ep_sets *ret) {
    const cleat_obj *homeless = NULL, *last = NULL;
    cleat_obj *node = NULL;
    for (size_t i = 0; i < pods->n; i++) {
        const cleat_obj *pod = pods->v[i];
        if (!cleat_ep_pod_counts(pod, true)) {
            continue;
        }
        struct cleat_key on = {{"", 0}, CLEAT_TEXT(SDK, pod, "spec", "nodeName")};
        if (last == NULL || !cleat_str_eq(on.name, CLEAT_TEXT(SDK, last, "spec", "nodeName"))) {
            SDK->obj->unref(node);
            node = on.name.n > 0 ? SDK->informer->get(c->nodes, on) : NULL;
            last = pod;
        }
        for (size_t k = 0; s->families[k] != NULL; k++) {
            char *address = cleat_ep_pod_address(pod, s->families[k]);
            if (address != NULL && node == NULL && !s->all) {
                homeless = pod;
            } else if (address != NULL) {
                gather_one(s, pod, node, s->families[k], address, ret);
            }
            free(address);
        }
    }
    SDK->obj->unref(node);
    return homeless;
}

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

static void account(struct slices *c, const cleat_obj *service, const struct cleat_ep_plan *plan,
                    const struct cleat_ep_sets *sets, int distribution) {
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
    cleat_ep_count(c->w.states, cleat_ep_key(service), &counts, distribution);
    SDK->metrics->add(c->added, (double)plan->added);
    SDK->metrics->add(c->removed, (double)plan->removed);
    SDK->metrics->add(
        SDK->metrics->with(
            c->changed,
            (const char *const[]){"Disabled", cleat_ep_distributions[distribution], NULL}),
        (double)changed);
}

static cleat_err look(struct slices *c, cleat_ctx *ctx, const cleat_obj *service,
                      const struct cleat_ep_objs *old, struct cleat_error *reterr) {
    struct cleat_ep_objs pods = {0};
    struct cleat_ep_sets sets = {0};
    struct cleat_ep_plan plan = {0};
    struct service s = {.obj = service,
                        .all = cleat_ep_publishes_all(service),
                        .distribution = distribution_of(service),
                        .ports = has_names(service) ? NULL : ports_at(service, NULL)};
    cleat_ep_families(service, s.families);
    cleat_ep_pods_of(c->pods, service, &pods);
    const cleat_obj *homeless = gather(c, &s, &pods, &sets);
    bool *owned = cleat_sdk_alloc(old->n, sizeof *owned);
    for (size_t i = 0; i < old->n; i++) {
        owned[i] = is_owned(old->v[i], service);
    }
    struct cleat_ep_owner owner = {
        .obj = service,
        .kind = "Service",
        .labels = labels_for(service),
        .trigger = cleat_ep_trigger_time(cleat_ep_state(c->w.states, cleat_ep_key(service), true),
                                         service, &pods),
    };
    cleat_ep_pack(&plan, &sets, old, owned, s.families, c->max);
    cleat_ep_dress(&plan, &owner);
    cleat_err err = cleat_ep_write(&c->w, ctx, &plan, &owner, reterr);
    if (err == CLEAT_OK) {
        account(c, service, &plan, &sets, s.distribution);
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
    free(s.ports);
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

static int32_t node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
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

static int32_t slice_matters(void *self, const cleat_obj *old, const cleat_obj *slice) {
    struct slices *c = self;
    return cleat_ep_slice_matters(c->w.states, MANAGER, old, slice);
}

/* ---- life ---- */

static void destroy(void *self) {
    struct slices *c = self;
    cleat_ep_states_free(c->w.states);
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
