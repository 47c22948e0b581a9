/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints and EndpointSlices on the virtual clock, one situation a test. */
#include "tests/support/gcw.h"

static const struct cleat_gvr services = {"", "v1", "services"};
static const struct cleat_gvr endpoints = {"", "v1", "endpoints"};
static const struct cleat_gvr slices = {"discovery.k8s.io", "v1", "endpointslices"};

#define SOON (100 * CLEAT_MS)

static struct world *begin(const char *const *flags) {
    struct world *w = world_new("endpointslice,endpoint,endpointslicemirroring", NULL, flags);
    free(gcw_make(w, gcw_nodes, "", "n1", "\"labels\":{\"topology.kubernetes.io/zone\":\"z1\"}",
                  NULL));
    free(gcw_make(w, gcw_nodes, "", "n2", NULL, NULL));
    return w;
}

/* A Service of "default"; more: further members of spec, with their commas before. */
static char *service(struct world *w, const char *name, const char *more) {
    CLEAT_AUTO_FREE char *rest = cleat_sprintf(
        "\"spec\":{\"clusterIP\":\"10.0.0.9\",\"clusterIPs\":[\"10.0.0.9\"],\"ipFamilies\":["
        "\"IPv4\"],\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":8080}]%s}",
        more);
    return gcw_make(w, services, "default", name, "\"labels\":{\"team\":\"a\"}", rest);
}

#define WEB ",\"selector\":{\"app\":\"web\"}"

static void status(struct world *w, const char *name, const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_key key = {CLEAT_STR("default"), cleat_s(name)};
    KT_OK(cleat_client_api.patch(w->client, NULL, gcw_pods, key, "status", CLEAT_PATCH_MERGE,
                                 cleat_s(json), NULL, &e),
          &e);
}

static void set_ready(struct world *w, const char *name, bool ready) {
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\","
                      "\"lastTransitionTime\":\"%s\"}]}}",
                      ready ? "True" : "False", now);
    status(w, name, json);
}

/* A pod with these addresses ("10.1.0.1", or two with a comma); more as above. */
static void pod_with(struct world *w, const char *name, const char *node, const char *ips,
                     const char *metadata, const char *more) {
    CLEAT_AUTO_FREE char *labels =
        cleat_sprintf("\"labels\":{\"app\":\"web\",\"pod\":\"%s\"}%s", name, metadata);
    CLEAT_AUTO_FREE char *rest =
        cleat_sprintf("\"spec\":{\"nodeName\":\"%s\",\"containers\":[{\"name\":\"c\",\"image\":"
                      "\"i\",\"ports\":[{\"name\":\"web\",\"containerPort\":9000}]}]%s}",
                      node, more);
    free(gcw_make(w, gcw_pods, "default", name, labels, rest));
    CLEAT_AUTO_BUF b = {0};
    const char *comma = strchr(ips, ',');
    int first = comma != NULL ? (int)(comma - ips) : (int)strlen(ips);
    cleat_buf_printf(&b,
                     "{\"status\":{\"phase\":\"Running\",\"podIP\":\"%.*s\",\"podIPs\":[{"
                     "\"ip\":\"%.*s\"}",
                     first, ips, first, ips);
    if (comma != NULL) {
        cleat_buf_printf(&b, ",{\"ip\":\"%s\"}", comma + 1);
    }
    cleat_buf_printf(&b, "]}}");
    status(w, name, b.p);
}

static void pod(struct world *w, const char *name, const char *node, const char *ips) {
    pod_with(w, name, node, ips, "", "");
    set_ready(w, name, true);
}

/* ---- looking ---- */

/* All slices of a Service. */
static struct cleat_list slices_of(struct world *w, const char *name) {
    CLEAT_AUTO_FREE char *selector = cleat_sprintf("kubernetes.io/service-name=%s", name);
    struct cleat_list_opts opts = {.struct_size = sizeof opts, .label_selector = selector};
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.list(w->client, NULL, slices, "default", &opts, &l, &e), &e);
    return l;
}

static size_t n_slices(struct world *w, const char *name) {
    struct cleat_list l = slices_of(w, name);
    size_t n = l.n;
    cleat_client_api.list_free(&l);
    return n;
}

static size_t n_endpoints(struct world *w, const char *name) {
    struct cleat_list l = slices_of(w, name);
    size_t n = 0;
    for (size_t i = 0; i < l.n; i++) {
        n += cleat_val_count(cleat_obj_at(l.items[i], CLEAT_PATH("endpoints")));
    }
    cleat_client_api.list_free(&l);
    return n;
}

/* What stands at path of the only slice of this family, as JSON; owned. */
static char *of_slice(struct world *w, const char *name, const char *family, cleat_path path) {
    struct cleat_list l = slices_of(w, name);
    char *text = NULL;
    for (size_t i = 0; i < l.n; i++) {
        if (cleat_eqc(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("addressType"))), family)) {
            KT_TRUE(text == NULL);
            free(text);
            text = cleat_strndup(cleat_val_raw(cleat_obj_at(l.items[i], path)));
        }
    }
    cleat_client_api.list_free(&l);
    return text != NULL ? text : cleat_strdup("no slice");
}

#define EXPECT_SLICE(w, name, family, want, ...)                                                   \
    do {                                                                                           \
        CLEAT_AUTO_FREE char *got_ = of_slice(w, name, family, CLEAT_PATH(__VA_ARGS__));           \
        KT_EQ_STR(got_, want);                                                                     \
    } while (0)
#define EXPECT(w, gvr, name, want, ...)                                                            \
    do {                                                                                           \
        CLEAT_AUTO_FREE char *got_ = gcw_json(w, gvr, "default", name, CLEAT_PATH(__VA_ARGS__));   \
        KT_EQ_STR(got_, want);                                                                     \
    } while (0)

/* ---- slices ---- */

static void a_service_has_slices(void) {
    struct world *w = begin(NULL);
    free(service(w, "s", WEB));
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "[]", "endpoints"); /* nobody yet, and that is said */
    EXPECT_SLICE(w, "s", "IPv4", "[]", "ports");
    pod(w, "p", "n1", "10.1.0.1");
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "[\"10.1.0.1\"]", "endpoints", "0", "addresses");
    EXPECT_SLICE(w, "s", "IPv4", "{\"ready\":true,\"serving\":true,\"terminating\":false}",
                 "endpoints", "0", "conditions");
    EXPECT_SLICE(w, "s", "IPv4", "\"n1\"", "endpoints", "0", "nodeName");
    EXPECT_SLICE(w, "s", "IPv4", "\"z1\"", "endpoints", "0", "zone");
    EXPECT_SLICE(w, "s", "IPv4", "\"p\"", "endpoints", "0", "targetRef", "name");
    EXPECT_SLICE(w, "s", "IPv4", "\"Pod\"", "endpoints", "0", "targetRef", "kind");
    EXPECT_SLICE(w, "s", "IPv4", "[{\"name\":\"http\",\"port\":8080,\"protocol\":\"TCP\"}]",
                 "ports");
    EXPECT_SLICE(w, "s", "IPv4", "\"endpointslice-controller.k8s.io\"", "metadata", "labels",
                 "endpointslice.kubernetes.io/managed-by");
    EXPECT_SLICE(w, "s", "IPv4", "\"a\"", "metadata", "labels", "team");
    EXPECT_SLICE(w, "s", "IPv4", "\"s\"", "metadata", "ownerReferences", "0", "name");
    EXPECT_SLICE(w, "s", "IPv4", "true", "metadata", "ownerReferences", "0", "blockOwnerDeletion");
    EXPECT(w, endpoints, "s", "\"10.1.0.1\"", "subsets", "0", "addresses", "0", "ip");
    EXPECT(w, endpoints, "s", "\"endpoint-controller\"", "metadata", "labels",
           "endpoints.kubernetes.io/managed-by");
    KT_EQ_INT(n_slices(w, "s"), 1);
    world_free(w);
}

static void readiness_and_the_end_of_a_pod(void) {
    struct world *w = begin(NULL);
    free(service(w, "s", WEB));
    pod_with(w, "p", "n2", "10.1.0.1", ",\"finalizers\":[]", "");
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "{\"ready\":false,\"serving\":false,\"terminating\":false}",
                 "endpoints", "0", "conditions");
    EXPECT(w, endpoints, "s", "\"10.1.0.1\"", "subsets", "0", "notReadyAddresses", "0", "ip");
    set_ready(w, "p", true);
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "true", "endpoints", "0", "conditions", "ready");
    EXPECT(w, endpoints, "s", "\"10.1.0.1\"", "subsets", "0", "addresses", "0", "ip");
    gcw_delete(w, gcw_pods, "default", "p", CLEAT_PROPAGATE_DEFAULT); /* 30 s to go */
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "{\"ready\":false,\"serving\":true,\"terminating\":true}",
                 "endpoints", "0", "conditions");
    EXPECT(w, endpoints, "s", "", "subsets");
    status(w, "p", "{\"status\":{\"phase\":\"Succeeded\"}}");
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "[]", "endpoints");
    world_free(w);
}

static void not_ready_addresses_are_published_where_asked(void) {
    struct world *w = begin(NULL);
    free(service(w, "s", WEB ",\"publishNotReadyAddresses\":true"));
    pod_with(w, "p", "nowhere", "10.1.0.1", "", "");
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "{\"ready\":true,\"serving\":false,\"terminating\":false}",
                 "endpoints", "0", "conditions");
    EXPECT(w, endpoints, "s", "\"10.1.0.1\"", "subsets", "0", "addresses", "0", "ip");
    gcw_delete(w, gcw_pods, "default", "p", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "{\"ready\":true,\"serving\":false,\"terminating\":true}",
                 "endpoints", "0", "conditions");
    EXPECT(w, endpoints, "s", "\"10.1.0.1\"", "subsets", "0", "addresses", "0", "ip");
    world_free(w);
}

static void headless_and_hostnames(void) {
    struct world *w = begin(NULL);
    free(gcw_make(w, services, "default", "h", NULL,
                  "\"spec\":{\"clusterIP\":\"None\",\"clusterIPs\":[\"None\"],\"ipFamilies\":["
                  "\"IPv4\"],\"selector\":{\"app\":\"web\"}}"));
    pod_with(w, "p", "n1", "10.1.0.1", "", ",\"hostname\":\"a\",\"subdomain\":\"h\"");
    pod_with(w, "q", "n1", "10.1.0.2", "", ",\"hostname\":\"b\",\"subdomain\":\"other\"");
    world_run(w, SOON);
    EXPECT_SLICE(w, "h", "IPv4", "[]", "ports");
    EXPECT_SLICE(w, "h", "IPv4", "\"\"", "metadata", "labels", "service.kubernetes.io/headless");
    EXPECT_SLICE(w, "h", "IPv4", "\"a\"", "endpoints", "0", "hostname");
    EXPECT_SLICE(w, "h", "IPv4", "", "endpoints", "1", "hostname");
    EXPECT(w, endpoints, "h", "\"\"", "metadata", "labels", "service.kubernetes.io/headless");
    EXPECT(w, endpoints, "h", "\"a\"", "subsets", "0", "notReadyAddresses", "0", "hostname");
    EXPECT(w, endpoints, "h", "", "subsets", "0", "ports");
    world_free(w);
}

static void named_ports_lead_where_the_pod_says(void) {
    struct world *w = begin(NULL);
    free(gcw_make(w, services, "default", "s", NULL,
                  "\"spec\":{\"clusterIP\":\"10.0.0.9\",\"clusterIPs\":[\"10.0.0.9\"],"
                  "\"ipFamilies\":[\"IPv4\"],\"selector\":{\"app\":\"web\"},\"ports\":[{\"name\":"
                  "\"x\",\"port\":80,\"targetPort\":\"web\",\"appProtocol\":\"http\"},{\"name\":"
                  "\"y\",\"port\":81,\"targetPort\":\"none\"}]}"));
    pod(w, "p", "n1", "10.1.0.1");
    CLEAT_AUTO_FREE char *rest = cleat_strdup(
        "\"spec\":{\"nodeName\":\"n1\",\"initContainers\":[{\"name\":\"i\",\"image\":\"i\","
        "\"restartPolicy\":\"Always\",\"ports\":[{\"name\":\"web\",\"containerPort\":9001}]}],"
        "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}");
    free(gcw_make(w, gcw_pods, "default", "q", "\"labels\":{\"app\":\"web\"}", rest));
    status(w, "q", "{\"status\":{\"podIP\":\"10.1.0.2\",\"podIPs\":[{\"ip\":\"10.1.0.2\"}]}}");
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "s"), 2); /* two sets of ports */
    struct cleat_list l = slices_of(w, "s");
    for (size_t i = 0; i < l.n; i++) {
        struct cleat_str ports = cleat_val_raw(cleat_obj_at(l.items[i], CLEAT_PATH("ports")));
        bool p = cleat_eqc(cleat_val_str(cleat_obj_at(
                               l.items[i], CLEAT_PATH("endpoints", "0", "targetRef", "name"))),
                           "p");
        KT_EQ_S(ports, cleat_s(p ? "[{\"name\":\"x\",\"port\":9000,\"protocol\":\"TCP\","
                                   "\"appProtocol\":\"http\"}]"
                                 : "[{\"name\":\"x\",\"port\":9001,\"protocol\":\"TCP\","
                                   "\"appProtocol\":\"http\"}]"));
    }
    cleat_client_api.list_free(&l);
    EXPECT(w, endpoints, "s", "9000", "subsets", "0", "ports", "0", "port");
    EXPECT(w, endpoints, "s", "9001", "subsets", "1", "ports", "0", "port");
    world_free(w);
}

static void a_slice_for_each_family(void) {
    struct world *w = begin(NULL);
    free(gcw_make(w, services, "default", "d", NULL,
                  "\"spec\":{\"clusterIP\":\"10.0.0.9\",\"clusterIPs\":[\"10.0.0.9\",\"fd00::9\"],"
                  "\"ipFamilyPolicy\":\"RequireDualStack\",\"ipFamilies\":[\"IPv4\",\"IPv6\"],"
                  "\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]}"));
    pod(w, "p", "n1", "10.1.0.1,fd01:0::1");
    pod(w, "q", "n1", "10.1.0.2");
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "d"), 2);
    KT_EQ_INT(n_endpoints(w, "d"), 3);
    EXPECT_SLICE(w, "d", "IPv6", "[\"fd01::1\"]", "endpoints", "0", "addresses");
    gcw_delete(w, gcw_pods, "default", "p", CLEAT_PROPAGATE_DEFAULT);
    status(w, "p", "{\"status\":{\"phase\":\"Failed\"}}");
    world_run(w, SOON);
    EXPECT_SLICE(w, "d", "IPv6", "[]", "endpoints"); /* still says that there is none */
    KT_EQ_INT(n_slices(w, "d"), 2);
    world_free(w);
}

static void many(struct world *w, int from, int to) {
    for (int i = from; i < to; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("p%03d", i);
        CLEAT_AUTO_FREE char *ip = cleat_sprintf("10.1.%d.%d", i / 200, i % 200 + 1);
        pod(w, name, "n1", ip);
    }
    world_run(w, SOON);
}

/* Writes of slices so far, as the metric tells. */
static int64_t changes(const char *operation) {
    CLEAT_AUTO_BUF b = {0};
    CLEAT_AUTO_FREE char *line =
        cleat_sprintf("endpoint_slice_controller_changes{operation=\"%s\"} ", operation);
    cleat_metrics_expose(&b);
    const char *at = strstr(b.p, line);
    KT_TRUE(at != NULL);
    return at != NULL ? atoll(at + strlen(line)) : -1;
}

static void slices_are_packed_with_few_writes(void) {
    static const char *const flags[] = {"max-endpoints-per-slice=10", NULL};
    struct world *w = begin(flags);
    many(w, 0, 25);
    free(service(w, "s", WEB));
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "s"), 3); /* 10, 10, 5 */
    KT_EQ_INT(n_endpoints(w, "s"), 25);
    int64_t created = changes("create"), updated = changes("update"), deleted = changes("delete");
    set_ready(w, "p003", false);
    world_run(w, SOON);
    KT_EQ_INT(changes("update"), updated + 1); /* its slice alone */
    many(w, 25, 28);                           /* three more, at once */
    KT_EQ_INT(n_slices(w, "s"), 3);
    KT_EQ_INT(changes("create"), created);
    /* One goes and one comes: what is written anyway takes it. */
    updated = changes("update");
    status(w, "p004", "{\"status\":{\"phase\":\"Failed\"}}");
    pod(w, "new", "n1", "10.1.9.9");
    world_run(w, SOON);
    KT_EQ_INT(n_endpoints(w, "s"), 28);
    KT_TRUE(changes("update") <= updated + 4);
    KT_EQ_INT(changes("create"), created);
    KT_EQ_INT(changes("delete"), deleted);
    /* Nothing happens when nothing happened. */
    updated = changes("update");
    world_run(w, 600 * CLEAT_SECOND);
    gcw_patch(w, gcw_pods, "default", "p001", "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
    world_run(w, SOON);
    KT_EQ_INT(changes("update"), updated);
    world_free(w);
}

static void what_somebody_changed_is_put_right(void) {
    struct world *w = begin(NULL);
    free(service(w, "s", WEB));
    pod(w, "p", "n1", "10.1.0.1");
    world_run(w, SOON);
    struct cleat_list l = slices_of(w, "s");
    KT_REQUIRE(l.n == 1);
    CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(l.items[0]));
    cleat_client_api.list_free(&l);
    gcw_patch(w, slices, "default", name, "{\"endpoints\":[]}");
    world_run(w, SOON);
    KT_EQ_INT(n_endpoints(w, "s"), 1);
    gcw_delete(w, slices, "default", name, CLEAT_PROPAGATE_DEFAULT);
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "s"), 1);
    KT_EQ_INT(n_endpoints(w, "s"), 1);
    gcw_patch(w, services, "default", "s", "{\"metadata\":{\"labels\":{\"team\":\"b\"}}}");
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "\"b\"", "metadata", "labels", "team");
    EXPECT(w, endpoints, "s", "\"b\"", "metadata", "labels", "team");
    gcw_patch(w, endpoints, "default", "s", "{\"subsets\":null}");
    world_run(w, SOON);
    EXPECT(w, endpoints, "s", "\"10.1.0.1\"", "subsets", "0", "addresses", "0", "ip");
    gcw_delete(w, endpoints, "default", "s", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, SOON);
    EXPECT(w, endpoints, "s", "\"10.1.0.1\"", "subsets", "0", "addresses", "0", "ip");
    world_free(w);
}

static void pods_come_and_go_by_their_labels(void) {
    struct world *w = begin(NULL);
    free(service(w, "s", ",\"selector\":{\"app\":\"web\",\"tier\":\"front\"}"));
    pod(w, "p", "n1", "10.1.0.1");
    world_run(w, SOON);
    KT_EQ_INT(n_endpoints(w, "s"), 0);
    gcw_patch(w, gcw_pods, "default", "p", "{\"metadata\":{\"labels\":{\"tier\":\"front\"}}}");
    world_run(w, SOON);
    KT_EQ_INT(n_endpoints(w, "s"), 1);
    gcw_patch(w, gcw_pods, "default", "p", "{\"metadata\":{\"labels\":{\"app\":\"other\"}}}");
    world_run(w, SOON);
    KT_EQ_INT(n_endpoints(w, "s"), 0);
    gcw_patch(w, services, "default", "s", "{\"spec\":{\"selector\":{\"app\":\"other\"}}}");
    world_run(w, SOON);
    KT_EQ_INT(n_endpoints(w, "s"), 1);
    world_free(w);
}

static void nodes_come_late_and_move(void) {
    struct world *w = begin(NULL);
    free(service(w, "s", WEB));
    pod(w, "p", "late", "10.1.0.1");
    world_run(w, SOON);
    KT_EQ_INT(n_endpoints(w, "s"), 0);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(world_events(w, "s", "FailedToUpdateEndpointSlices") > 0);
    free(gcw_make(w, gcw_nodes, "", "late", NULL, NULL));
    world_run(w, SOON);
    KT_EQ_INT(n_endpoints(w, "s"), 1);
    EXPECT_SLICE(w, "s", "IPv4", "", "endpoints", "0", "zone");
    gcw_patch(w, gcw_nodes, "", "late",
              "{\"metadata\":{\"labels\":{\"topology.kubernetes.io/zone\":\"z7\"}}}");
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "\"z7\"", "endpoints", "0", "zone");
    EXPECT_SLICE(w, "s", "IPv4", "", "endpoints", "0", "hints");
    gcw_patch(w, services, "default", "s", "{\"spec\":{\"trafficDistribution\":\"PreferClose\"}}");
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "{\"forZones\":[{\"name\":\"z7\"}]}", "endpoints", "0", "hints");
    set_ready(w, "p", false);
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "", "endpoints", "0", "hints");
    world_free(w);
}

/* ---- topology mode Auto ---- */

/* A Node of a zone with this CPU; ready or not. */
static void zone_node(struct world *w, const char *name, const char *zone, const char *cpu,
                      const char *ready) {
    CLEAT_AUTO_FREE char *label =
        cleat_sprintf("\"labels\":{\"topology.kubernetes.io/zone\":\"%s\"}", zone);
    CLEAT_AUTO_FREE char *rest =
        cleat_sprintf("\"status\":{\"allocatable\":{\"cpu\":\"%s\"},\"conditions\":[{"
                      "\"type\":\"Ready\",\"status\":\"%s\"}]}",
                      cpu, ready);
    free(gcw_make(w, gcw_nodes, "", name, label, rest));
}

static struct world *begin_zones(void) {
    return world_new("endpointslice", NULL, NULL);
}

#define AUTO "{\"metadata\":{\"annotations\":{\"service.kubernetes.io/topology-mode\":\"Auto\"}}}"

/* How many endpoints of a Service hint at a zone ("" = at none). */
static size_t hinted(struct world *w, const char *name, const char *zone) {
    struct cleat_list l = slices_of(w, name);
    size_t n = 0;
    for (size_t i = 0; i < l.n; i++) {
        struct cleat_iter it = {0};
        while (cleat_val_next(cleat_obj_at(l.items[i], CLEAT_PATH("endpoints")), &it)) {
            n += cleat_eqc(
                cleat_val_str(cleat_val_at(it.val, CLEAT_PATH("hints", "forZones", "0", "name"))),
                zone);
        }
    }
    cleat_client_api.list_free(&l);
    return n;
}

static void pods_on(struct world *w, const char *node, int from, int to) {
    for (int i = from; i < to; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("p%03d", i);
        CLEAT_AUTO_FREE char *ip = cleat_sprintf("10.1.0.%d", i + 1);
        pod(w, name, node, ip);
    }
    world_run(w, 2 * CLEAT_SECOND);
}

static bool says(struct world *w, const char *reason, const char *message) {
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_error e = CLEAT_ERROR_INIT;
    bool found = false;
    world_run(w, 2 * CLEAT_SECOND);
    KT_OK(cleat_client_api.list(w->client, NULL, (struct cleat_gvr){"", "v1", "events"}, "default",
                                NULL, &l, &e),
          &e);
    for (size_t i = 0; i < l.n; i++) {
        found |= cleat_eqc(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("reason"))), reason) &&
                 cleat_eqc(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("message"))), message);
    }
    cleat_client_api.list_free(&l);
    return found;
}

static void topology_gives_each_zone_its_share(void) {
    struct world *w = begin_zones();
    zone_node(w, "a", "za", "4", "True");
    zone_node(w, "b", "zb", "3500m", "True");
    zone_node(w, "b2", "zb", "500m", "True");
    zone_node(w, "c", "zc", "9", "False"); /* no Node of zc is ready: it counts for nothing */
    free(service(w, "s", WEB));
    gcw_patch(w, services, "default", "s", AUTO);
    pods_on(w, "a", 0, 3);
    pods_on(w, "b", 3, 4);
    KT_EQ_INT(hinted(w, "s", "za"), 2); /* one of three helps out */
    KT_EQ_INT(hinted(w, "s", "zb"), 2);
    KT_TRUE(says(w, "TopologyAwareHintsEnabled",
                 "Topology Aware Hints has been enabled, addressType: IPv4"));
    set_ready(w, "p003", false); /* 3 endpoints, and 2 zones: 2 and 2 are too many */
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(says(w, "TopologyAwareHintsDisabled",
                 "Unable to allocate minimum required endpoints to each zone without exceeding "
                 "overload threshold (3 endpoints, 2 zones), addressType: IPv4"));
    KT_EQ_INT(hinted(w, "s", ""), 4);
    set_ready(w, "p003", true);
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(hinted(w, "s", "za"), 2);
    /* Off again. */
    gcw_patch(w, services, "default", "s",
              "{\"metadata\":{\"annotations\":{\"service.kubernetes.io/topology-mode\":null}}}");
    KT_TRUE(says(w, "TopologyAwareHintsDisabled",
                 "Topology Aware Hints has been disabled, addressType: IPv4"));
    KT_EQ_INT(hinted(w, "s", ""), 4);
    world_free(w);
}

static void topology_follows_the_nodes(void) {
    struct world *w = begin_zones();
    zone_node(w, "a", "za", "4", "True");
    free(service(w, "s", WEB ",\"trafficDistribution\":\"PreferClose\""));
    gcw_patch(w, services, "default", "s", AUTO); /* which goes before the other */
    pods_on(w, "a", 0, 6);
    KT_TRUE(
        says(w, "TopologyAwareHintsDisabled", "Nodes only ready in one zone, addressType: IPv4"));
    KT_EQ_INT(hinted(w, "s", ""), 6);
    zone_node(w, "b", "zb", "2", "True");
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(hinted(w, "s", "za"), 4);
    KT_EQ_INT(hinted(w, "s", "zb"), 2);
    /* A Node more of a zone with as much again: now both have three each. */
    zone_node(w, "b2", "zb", "2", "True");
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(hinted(w, "s", "za"), 3);
    KT_EQ_INT(hinted(w, "s", "zb"), 3);
    /* One whose CPU or zone is not known: then nothing is known, unless it is the masters'. */
    free(gcw_make(w, gcw_nodes, "", "master",
                  "\"labels\":{\"node-role.kubernetes.io/control-plane\":\"\"}",
                  "\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(hinted(w, "s", "za"), 3);
    free(gcw_make(w, gcw_nodes, "", "odd", NULL,
                  "\"status\":{\"allocatable\":{\"cpu\":\"1\"},\"conditions\":[{\"type\":"
                  "\"Ready\",\"status\":\"True\"}]}"));
    KT_TRUE(says(w, "TopologyAwareHintsDisabled",
                 "Insufficient Node information: allocatable CPU or zone not specified on one or "
                 "more nodes, addressType: IPv4"));
    KT_EQ_INT(hinted(w, "s", ""), 6);
    gcw_delete(w, gcw_nodes, "", "odd", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(hinted(w, "s", "za"), 3);
    /* A zone falls away: who is there serves the others, and none is left. */
    gcw_delete(w, gcw_nodes, "", "b", CLEAT_PROPAGATE_DEFAULT);
    gcw_delete(w, gcw_nodes, "", "b2", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(hinted(w, "s", ""), 6);
    world_free(w);
}

/* Within a fifth of the average hints stay: each write of a slice is read by each node. */
static void topology_changes_hints_only_where_it_must(void) {
    struct world *w = begin_zones();
    zone_node(w, "a", "za", "10", "True");
    zone_node(w, "b", "zb", "10", "True");
    free(service(w, "s", WEB));
    gcw_patch(w, services, "default", "s", AUTO);
    pods_on(w, "a", 0, 20);
    KT_EQ_INT(hinted(w, "s", "za"), 10);
    KT_EQ_INT(hinted(w, "s", "zb"), 10);
    int64_t before = changes("update");
    zone_node(w, "b2", "zb", "1", "True"); /* 9.5 and 10.5 would be exact */
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(changes("update") - before, 0);
    zone_node(w, "b3", "zb", "9", "True"); /* 6.7 and 13.3: that is too far away */
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(hinted(w, "s", "za"), 7);
    KT_EQ_INT(hinted(w, "s", "zb"), 13);
    KT_EQ_INT(changes("update") - before, 1);
    world_restart(w, "endpointslice", NULL, NULL); /* hints are in the slices */
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(changes("update") - before, 1);
    world_free(w);
}

static void what_a_service_left_behind_goes(void) {
    struct world *w = begin(NULL);
    free(service(w, "s", WEB));
    free(gcw_make(w, endpoints, "default", "mine", NULL, NULL)); /* nobody's business */
    free(gcw_make(w, endpoints, "default", "old",
                  "\"labels\":{\"endpoints.kubernetes.io/managed-by\":\"endpoint-controller\"}",
                  NULL));
    free(gcw_make(w, endpoints, "default", "leader",
                  "\"annotations\":{\"control-plane.alpha.kubernetes.io/leader\":\"{}\","
                  "\"endpoints.kubernetes.io/last-change-trigger-time\":\"2026-01-01T00:00:00Z\"}",
                  NULL));
    free(gcw_make(w, slices, "default", "loose",
                  "\"labels\":{\"endpointslice.kubernetes.io/managed-by\":\"endpointslice-"
                  "controller.k8s.io\",\"kubernetes.io/service-name\":\"ghost\"}",
                  "\"addressType\":\"IPv4\",\"endpoints\":[]"));
    free(gcw_make(w, slices, "default", "theirs",
                  "\"labels\":{\"kubernetes.io/service-name\":\"ghost\"}",
                  "\"addressType\":\"IPv4\",\"endpoints\":[]"));
    free(service(w, "theirs", "")); /* as the API server has one */
    free(gcw_make(w, endpoints, "default", "theirs",
                  "\"labels\":{\"endpointslice.kubernetes.io/skip-mirror\":\"true\"}", NULL));
    free(service(w, "byhand", ""));
    free(gcw_make(w, endpoints, "default", "byhand", NULL, NULL));
    world_run(w, SOON);
    gcw_delete(w, services, "default", "theirs", CLEAT_PROPAGATE_BACKGROUND);
    gcw_delete(w, services, "default", "byhand", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, SOON);
    KT_TRUE(gcw_there(w, endpoints, "default", "theirs"));
    KT_TRUE(!gcw_there(w, endpoints, "default", "byhand"));
    KT_TRUE(!gcw_there(w, endpoints, "default", "old"));
    KT_TRUE(gcw_there(w, endpoints, "default", "mine"));
    KT_TRUE(gcw_there(w, endpoints, "default", "leader"));
    KT_TRUE(!gcw_there(w, slices, "default", "loose"));
    KT_TRUE(gcw_there(w, slices, "default", "theirs"));
    gcw_delete(w, services, "default", "s", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "s"), 0); /* no collector runs here */
    KT_TRUE(!gcw_there(w, endpoints, "default", "s"));
    world_free(w);
}

static void services_that_select_nothing_are_left_alone(void) {
    struct world *w = begin(NULL);
    free(service(w, "s", ""));
    free(gcw_make(w, services, "default", "x", NULL,
                  "\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"a.example\","
                  "\"selector\":{\"app\":\"web\"}}"));
    pod(w, "p", "n1", "10.1.0.1");
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "s"), 0);
    KT_EQ_INT(n_slices(w, "x"), 0);
    KT_TRUE(!gcw_there(w, endpoints, "default", "x"));
    world_free(w);
}

static void the_time_of_the_change_is_told(void) {
    struct world *w = begin(NULL);
    char when[32];
    free(service(w, "s", WEB));
    world_run(w, 10 * CLEAT_SECOND);
    pod(w, "p", "n1", "10.1.0.1");
    cleat_time_format(cleat_now_wall(), false, when);
    CLEAT_AUTO_FREE char *want = cleat_sprintf("\"%s\"", when);
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", want, "metadata", "annotations",
                 "endpoints.kubernetes.io/last-change-trigger-time");
    EXPECT(w, endpoints, "s", want, "metadata", "annotations",
           "endpoints.kubernetes.io/last-change-trigger-time");
    /* A change without a time of its own tells none. */
    gcw_patch(w, services, "default", "s", "{\"metadata\":{\"labels\":{\"team\":\"b\"}}}");
    world_run(w, SOON);
    EXPECT_SLICE(w, "s", "IPv4", "", "metadata", "annotations",
                 "endpoints.kubernetes.io/last-change-trigger-time");
    world_free(w);
}

static void endpoints_have_an_end(void) {
    struct world *w = begin(NULL);
    for (int i = 0; i < 1005; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("p%04d", i);
        CLEAT_AUTO_FREE char *ip = cleat_sprintf("10.1.%d.%d", i / 200, i % 200 + 1);
        pod_with(w, name, "n1", ip, "", "");
        if (i >= 10) {
            set_ready(w, name, true);
        }
    }
    free(service(w, "s", WEB));
    world_run(w, SOON);
    EXPECT(w, endpoints, "s", "\"truncated\"", "metadata", "annotations",
           "endpoints.kubernetes.io/over-capacity");
    cleat_obj *o = gcw_get(w, endpoints, "default", "s");
    KT_EQ_INT(cleat_val_count(cleat_obj_at(o, CLEAT_PATH("subsets", "0", "addresses"))), 995);
    KT_EQ_INT(cleat_val_count(cleat_obj_at(o, CLEAT_PATH("subsets", "0", "notReadyAddresses"))), 5);
    uint64_t before = cleat_obj_revision(o);
    cleat_obj_unref(o);
    KT_EQ_INT(n_endpoints(w, "s"), 1005);
    KT_EQ_INT(n_slices(w, "s"), 11);
    world_run(w, 600 * CLEAT_SECOND); /* and that is not written again */
    o = gcw_get(w, endpoints, "default", "s");
    KT_EQ_INT(cleat_obj_revision(o), before);
    cleat_obj_unref(o);
    for (int i = 0; i < 10; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("p%04d", i);
        status(w, name, "{\"status\":{\"phase\":\"Failed\"}}");
    }
    world_run(w, SOON);
    EXPECT(w, endpoints, "s", "", "metadata", "annotations",
           "endpoints.kubernetes.io/over-capacity");
    world_free(w);
}

static void changes_are_gathered_where_asked(void) {
    static const char *const flags[] = {"endpointslice-updates-batch-period=2s",
                                        "endpoint-updates-batch-period=2s", NULL};
    struct world *w = begin(flags);
    free(service(w, "s", WEB));
    world_run(w, 5 * CLEAT_SECOND);
    int64_t updated = changes("update");
    for (int i = 0; i < 10; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("p%d", i);
        CLEAT_AUTO_FREE char *ip = cleat_sprintf("10.1.0.%d", i + 1);
        pod(w, name, "n1", ip);
        world_run(w, SOON);
    }
    KT_EQ_INT(changes("update"), updated);
    world_run(w, 3 * CLEAT_SECOND);
    KT_EQ_INT(n_endpoints(w, "s"), 10);
    KT_TRUE(changes("update") <= updated + 2);
    world_free(w);
}

static void a_service_that_ends_gets_nothing_new(void) {
    struct world *w = begin(NULL);
    free(gcw_make(w, services, "default", "s", "\"finalizers\":[\"x.y/z\"]",
                  "\"spec\":{\"clusterIP\":\"10.0.0.9\",\"clusterIPs\":[\"10.0.0.9\"],"
                  "\"ipFamilies\":[\"IPv4\"],\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":"
                  "80}]}"));
    world_run(w, SOON);
    gcw_delete(w, services, "default", "s", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, SOON);
    struct cleat_list l = slices_of(w, "s");
    KT_EQ_INT(l.n, 1);
    for (size_t i = 0; i < l.n; i++) {
        CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(l.items[i]));
        gcw_delete(w, slices, "default", name, CLEAT_PROPAGATE_DEFAULT);
    }
    cleat_client_api.list_free(&l);
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(n_slices(w, "s"), 0);
    world_free(w);
}

/* ---- mirroring ---- */

#define BY_HAND                                                                                    \
    "\"subsets\":[{\"addresses\":[{\"ip\":\"192.0.2.1\",\"hostname\":\"a\"},{\"ip\":\"2001:db8::"  \
    "1\"}],\"notReadyAddresses\":[{\"ip\":\"192.0.2.2\"}],\"ports\":[{\"name\":\"x\",\"port\":"    \
    "9}]}]"

static void what_was_written_by_hand_is_mirrored(void) {
    struct world *w = begin(NULL);
    free(service(w, "m", ""));
    free(gcw_make(w, endpoints, "default", "m",
                  "\"labels\":{\"a\":\"b\"},\"annotations\":{\"note\":\"q\\\"q\",\"kubectl."
                  "kubernetes.io/last-applied-configuration\":\"{}\"}",
                  BY_HAND));
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "m"), 2);
    EXPECT_SLICE(w, "m", "IPv6", "[\"2001:db8::1\"]", "endpoints", "0", "addresses");
    EXPECT_SLICE(w, "m", "IPv4", "\"a\"", "endpoints", "0", "hostname");
    EXPECT_SLICE(w, "m", "IPv4", "{\"ready\":true}", "endpoints", "0", "conditions");
    EXPECT_SLICE(w, "m", "IPv4", "{\"ready\":false}", "endpoints", "1", "conditions");
    EXPECT_SLICE(w, "m", "IPv4", "{\"note\":\"q\\\"q\"}", "metadata", "annotations");
    EXPECT_SLICE(w, "m", "IPv4", "\"b\"", "metadata", "labels", "a");
    EXPECT_SLICE(w, "m", "IPv4", "\"endpointslicemirroring-controller.k8s.io\"", "metadata",
                 "labels", "endpointslice.kubernetes.io/managed-by");
    EXPECT_SLICE(w, "m", "IPv4", "\"Endpoints\"", "metadata", "ownerReferences", "0", "kind");
    gcw_patch(w, endpoints, "default", "m",
              "{\"metadata\":{\"annotations\":{\"note\":\"r\"}},\"subsets\":[{\"addresses\":[{"
              "\"ip\":\"192.0.2.3\"}],\"ports\":[{\"port\":7}]}]}");
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "m"), 1);
    EXPECT_SLICE(w, "m", "IPv4", "[\"192.0.2.3\"]", "endpoints", "0", "addresses");
    EXPECT_SLICE(w, "m", "IPv4", "{\"note\":\"r\"}", "metadata", "annotations");
    gcw_patch(w, endpoints, "default", "m",
              "{\"metadata\":{\"labels\":{\"endpointslice.kubernetes.io/skip-mirror\":\"true\"}}}");
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "m"), 0);
    gcw_patch(w, endpoints, "default", "m",
              "{\"metadata\":{\"labels\":{\"endpointslice.kubernetes.io/skip-mirror\":null}}}");
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "m"), 1);
    gcw_patch(w, services, "default", "m", "{\"spec\":{\"selector\":{\"app\":\"none\"}}}");
    world_run(w, SOON);
    EXPECT_SLICE(w, "m", "IPv4", "\"endpointslice-controller.k8s.io\"", "metadata", "labels",
                 "endpointslice.kubernetes.io/managed-by");
    gcw_delete(w, services, "default", "m", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "m"), 0);
    KT_TRUE(!gcw_there(w, endpoints, "default", "m"));
    world_free(w);
}

static void only_so_many_are_mirrored(void) {
    static const char *const flags[] = {"mirroring-max-endpoints-per-subset=1", NULL};
    struct world *w = begin(flags);
    free(service(w, "m", ""));
    free(gcw_make(w, endpoints, "default", "m", NULL, BY_HAND));
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(n_endpoints(w, "m"), 1);
    KT_TRUE(world_events(w, "m", "TooManyAddressesToMirror") > 0);
    world_free(w);
}

static void each_can_be_switched_off(void) {
    struct world *w = world_new("endpointslice", NULL, NULL);
    free(gcw_make(w, gcw_nodes, "", "n1", NULL, NULL));
    free(service(w, "s", WEB));
    free(service(w, "m", ""));
    free(gcw_make(w, endpoints, "default", "m", NULL, BY_HAND));
    world_run(w, SOON);
    KT_EQ_INT(n_slices(w, "s"), 1);
    KT_EQ_INT(n_slices(w, "m"), 0);
    KT_TRUE(!gcw_there(w, endpoints, "default", "s"));
    world_free(w);
}

KT_MAIN("plugin_endpoints", KT_TEST(a_service_has_slices), KT_TEST(readiness_and_the_end_of_a_pod),
        KT_TEST(not_ready_addresses_are_published_where_asked), KT_TEST(headless_and_hostnames),
        KT_TEST(named_ports_lead_where_the_pod_says), KT_TEST(a_slice_for_each_family),
        KT_TEST(slices_are_packed_with_few_writes), KT_TEST(what_somebody_changed_is_put_right),
        KT_TEST(pods_come_and_go_by_their_labels), KT_TEST(nodes_come_late_and_move),
        KT_TEST(topology_gives_each_zone_its_share), KT_TEST(topology_follows_the_nodes),
        KT_TEST(topology_changes_hints_only_where_it_must),
        KT_TEST(what_a_service_left_behind_goes),
        KT_TEST(services_that_select_nothing_are_left_alone),
        KT_TEST(the_time_of_the_change_is_told), KT_TEST(endpoints_have_an_end),
        KT_TEST(changes_are_gathered_where_asked), KT_TEST(a_service_that_ends_gets_nothing_new),
        KT_TEST(what_was_written_by_hand_is_mirrored), KT_TEST(only_so_many_are_mirrored),
        KT_TEST(each_can_be_switched_off))
