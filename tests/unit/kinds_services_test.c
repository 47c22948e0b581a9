/* SPDX-License-Identifier: Apache-2.0 */
/* Services: defaults, addresses and node ports, and that nothing is given out twice. */
#include "core/kinds/admit.h"
#include "core/kinds/kinds.h"
#include "core/kinds/pool.h"
#include "tests/support/rt.h"

#define AT(...) rt_at(&w.rt, CLEAT_PATH(__VA_ARGS__))

struct with {
    struct rt rt;
    cleat_admit *admit;
};

static void open_with(struct with *w, const char *range, const char *ports) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_admit_opts opts = {.service_ip_range = range, .service_node_ports = ports};
    rt_open(&w->rt);
    bool ok = kt_ok(cleat_admit_new(w->rt.registry, &opts, &w->admit, &e), &e, "cleat_admit_new",
                    __FILE__, __LINE__);
    cleat_assert(ok);
}

static void close_with(struct with *w) {
    cleat_request_done(&w->rt.req);
    memset(&w->rt.req, 0, sizeof w->rt.req);
    cleat_registry_admission(w->rt.registry, NULL);
    cleat_admit_free(w->admit);
    rt_close(&w->rt);
}

static cleat_err make(struct with *w, const char *name, const char *spec) {
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("{\"metadata\":{\"name\":\"%s\"},\"spec\":%s}", name, spec);
    return rt_create(&w->rt, "services", "default", text);
}

#define EXPECT(w, text, ...) KT_EQ_S(rt_at(&(w)->rt, CLEAT_PATH(__VA_ARGS__)), CLEAT_STR(text))

/* ---- the pool ---- */

static void pools_keep_a_band(void) {
    struct cleat_pool p;
    KT_EQ_INT(cleat_pool_band(254, 16, 16, 256), 16);
    KT_EQ_INT(cleat_pool_band(65534, 16, 16, 256), 256);
    KT_EQ_INT(cleat_pool_band(14, 16, 16, 256), 0);
    KT_EQ_INT(cleat_pool_band(2768, 32, 16, 128), 86);
    cleat_pool_init(&p, 100, 20);
    for (int i = 0; i < 80; i++) {
        KT_TRUE(cleat_pool_next(&p, true) >= 20);
    }
    for (int i = 0; i < 20; i++) {
        int64_t n = cleat_pool_next(&p, true);
        KT_TRUE(n >= 0 && n < 20);
    }
    KT_EQ_INT(cleat_pool_next(&p, true), CLEAT_POOL_NONE);
    cleat_pool_release(&p, 42);
    KT_EQ_INT(cleat_pool_next(&p, false), 42);
    KT_EQ_INT(cleat_pool_next(&p, true), 42);
    KT_TRUE(!cleat_pool_reserve(&p, 42));
    cleat_pool_done(&p);
}

/* ---- what a service is given ---- */

static void defaults(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    KT_REQUIRE_OK(make(&w, "a", "{\"ports\":[{\"port\":80}]}"), &w.rt.req.error);
    EXPECT(&w, "ClusterIP", "spec", "type");
    EXPECT(&w, "None", "spec", "sessionAffinity");
    EXPECT(&w, "Cluster", "spec", "internalTrafficPolicy");
    EXPECT(&w, "TCP", "spec", "ports", "0", "protocol");
    EXPECT(&w, "80", "spec", "ports", "0", "targetPort");
    EXPECT(&w, "IPv4", "spec", "ipFamilies", "0");
    EXPECT(&w, "SingleStack", "spec", "ipFamilyPolicy");
    struct cleat_str ip = AT("spec", "clusterIP");
    KT_TRUE(ip.n > 7 && memcmp(ip.p, "10.0.0.", 7) == 0);
    KT_EQ_S(AT("spec", "clusterIPs", "0"), ip);
    KT_EQ_S(AT("spec", "externalTrafficPolicy"), CLEAT_STR(""));
    KT_REQUIRE_OK(make(&w, "b",
                       "{\"type\":\"LoadBalancer\",\"externalTrafficPolicy\":\"Local\","
                       "\"sessionAffinity\":\"ClientIP\",\"ports\":[{\"name\":\"t\",\"port\":53},"
                       "{\"name\":\"u\",\"port\":53,\"protocol\":\"UDP\"}]}"),
                  &w.rt.req.error);
    EXPECT(&w, "true", "spec", "allocateLoadBalancerNodePorts");
    EXPECT(&w, "10800", "spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds");
    KT_EQ_S(AT("spec", "ports", "0", "nodePort"), AT("spec", "ports", "1", "nodePort"));
    KT_EQ_INT(AT("spec", "ports", "0", "nodePort").n, 5);
    KT_EQ_INT(AT("spec", "healthCheckNodePort").n, 5);
    KT_REQUIRE_OK(make(&w, "h", "{\"clusterIP\":\"None\",\"selector\":{\"a\":\"b\"}}"),
                  &w.rt.req.error);
    EXPECT(&w, "None", "spec", "clusterIPs", "0");
    EXPECT(&w, "SingleStack", "spec", "ipFamilyPolicy");
    KT_REQUIRE_OK(make(&w, "i", "{\"clusterIP\":\"None\"}"), &w.rt.req.error);
    EXPECT(&w, "RequireDualStack", "spec", "ipFamilyPolicy");
    EXPECT(&w, "IPv6", "spec", "ipFamilies", "1");
    KT_REQUIRE_OK(make(&w, "x", "{\"type\":\"ExternalName\",\"externalName\":\"example.com\"}"),
                  &w.rt.req.error);
    EXPECT(&w, "", "spec", "clusterIP");
    close_with(&w);
}

static void requested(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    KT_OK(make(&w, "a", "{\"clusterIP\":\"10.0.0.10\",\"ports\":[{\"port\":80}]}"),
          &w.rt.req.error);
    EXPECT(&w, "10.0.0.10", "spec", "clusterIPs", "0");
    static const struct {
        const char *spec, *message;
    } refused[] = {
        {"{\"clusterIP\":\"10.0.0.10\",\"ports\":[{\"port\":80}]}",
         "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.0.0.10\"]: failed to "
         "allocate IP 10.0.0.10: provided IP is already allocated"},
        {"{\"clusterIP\":\"10.0.0.1\",\"ports\":[{\"port\":80}]}",
         "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.0.0.1\"]: failed to "
         "allocate IP 10.0.0.1: provided IP is already allocated"},
        {"{\"clusterIP\":\"10.0.1.1\",\"ports\":[{\"port\":80}]}",
         "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.0.1.1\"]: failed to "
         "allocate IP 10.0.1.1: the provided IP (10.0.1.1) is not in the valid range. The range of "
         "valid IPs is 10.0.0.0/24"},
        {"{\"clusterIP\":\"10.0.0.255\",\"ports\":[{\"port\":80}]}", NULL},
        {"{\"clusterIP\":\"10.0.0.0\",\"ports\":[{\"port\":80}]}", NULL},
        {"{\"clusterIP\":\"9.255.255.255\",\"ports\":[{\"port\":80}]}", NULL},
        {"{\"clusterIP\":\"fd00::1\",\"ports\":[{\"port\":80}]}", NULL},
        {"{\"clusterIP\":\"x\",\"ports\":[{\"port\":80}]}",
         "Service \"b\" is invalid: spec.clusterIPs[0]: Invalid value: \"x\": must be a valid IP "
         "address, (e.g. 10.9.8.7 or 2001:db8::ffff)"},
        {"{\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":80}]}",
         "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is "
         "not "
         "in the valid range. The range of valid ports is 30000-32767"},
        {"{\"ports\":[{\"port\":80,\"nodePort\":30001}]}",
         "Service \"b\" is invalid: spec.ports[0].nodePort: Forbidden: may not be used when `type` "
         "is 'ClusterIP'"},
        {"{\"ipFamilyPolicy\":\"RequireDualStack\",\"ports\":[{\"port\":80}]}",
         "Service \"b\" is invalid: spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this "
         "cluster is not configured for dual-stack services"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        KT_TRUE(make(&w, "b", refused[i].spec) != CLEAT_OK);
        KT_EQ_INT(rt_code(&w.rt), 422);
        if (refused[i].message != NULL) {
            KT_EQ_STR(rt_message(&w.rt), refused[i].message);
        }
    }
    KT_OK(make(&w, "n", "{\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":30080}]}"),
          &w.rt.req.error);
    KT_TRUE(make(&w, "m", "{\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":30080}]}") !=
            CLEAT_OK);
    KT_EQ_STR(rt_message(&w.rt), "Service \"m\" is invalid: spec.ports[0].nodePort: Invalid value: "
                                 "30080: provided port is already allocated");
    /* What a refused write had reserved is free again, and so is what was deleted. */
    KT_OK(rt_delete(&w.rt, "services", "default/n", NULL), &w.rt.req.error);
    KT_OK(rt_delete(&w.rt, "services", "default/a", NULL), &w.rt.req.error);
    KT_OK(make(&w, "m",
               "{\"type\":\"NodePort\",\"clusterIP\":\"10.0.0.10\",\"ports\":[{\"port\":80,"
               "\"nodePort\":30080}]}"),
          &w.rt.req.error);
    close_with(&w);
}

static void changes(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    KT_REQUIRE_OK(make(&w, "a", "{\"type\":\"NodePort\",\"ports\":[{\"port\":80}]}"),
                  &w.rt.req.error);
    CLEAT_AUTO_FREE char *ip = cleat_strndup(AT("spec", "clusterIP"));
    CLEAT_AUTO_FREE char *port = cleat_strndup(AT("spec", "ports", "0", "nodePort"));
    /* A PUT of the manifest keeps both. */
    KT_OK(rt_update(&w.rt, "services", "default/a",
                    "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"type\":\"NodePort\",\"ports\":"
                    "[{\"port\":81}]}}"),
          &w.rt.req.error);
    KT_EQ_S(AT("spec", "clusterIP"), cleat_s(ip));
    KT_EQ_S(AT("spec", "ports", "0", "nodePort"), cleat_s(port));
    const char *other = strcmp(ip, "10.0.0.77") == 0 ? "10.0.0.78" : "10.0.0.77";
    CLEAT_AUTO_FREE char *patch =
        cleat_sprintf("{\"spec\":{\"clusterIP\":\"%s\",\"clusterIPs\":[\"%s\"]}}", other, other);
    CLEAT_AUTO_FREE char *refusal =
        cleat_sprintf("Service \"a\" is invalid: spec.clusterIPs[0]: "
                      "Invalid value: [\"%s\"]: may not change once set",
                      other);
    KT_TRUE(rt_patch(&w.rt, "services", "default/a", CLEAT_PATCH_MERGE, patch) != CLEAT_OK);
    KT_EQ_STR(rt_message(&w.rt), refusal);
    /* The node port goes with the type, and comes back into the pool. */
    KT_OK(rt_patch(&w.rt, "services", "default/a", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"type\":\"ClusterIP\"}}"),
          &w.rt.req.error);
    EXPECT(&w, "", "spec", "ports", "0", "nodePort");
    EXPECT(&w, "", "spec", "externalTrafficPolicy");
    CLEAT_AUTO_FREE char *same =
        cleat_sprintf("{\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":%s}]}", port);
    KT_OK(make(&w, "b", same), &w.rt.req.error);
    KT_OK(rt_patch(&w.rt, "services", "default/a", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"example.com\"}}"),
          &w.rt.req.error);
    EXPECT(&w, "", "spec", "clusterIP");
    EXPECT(&w, "", "spec", "ipFamilies", "0");
    CLEAT_AUTO_FREE char *again =
        cleat_sprintf("{\"clusterIP\":\"%s\",\"ports\":[{\"port\":80}]}", ip);
    KT_OK(make(&w, "c", again), &w.rt.req.error);
    /* A status is not the place to change any of it. */
    KT_OK(rt_patch(&w.rt, "services/status", "default/c", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"clusterIP\":\"\"},\"status\":{\"loadBalancer\":{\"ingress\":"
                   "[{\"ip\":\"1.2.3.4\"}]}}}"),
          &w.rt.req.error);
    KT_EQ_S(AT("spec", "clusterIP"), cleat_s(ip));
    close_with(&w);
}

static void dual_stack(void) {
    struct with w;
    open_with(&w, "10.96.0.0/28,fd00:1::/112", NULL);
    KT_EQ_STR(cleat_admit_first_ip(w.admit), "10.96.0.1");
    KT_REQUIRE_OK(
        make(&w, "a", "{\"ipFamilyPolicy\":\"PreferDualStack\",\"ports\":[{\"port\":80}]}"),
        &w.rt.req.error);
    EXPECT(&w, "IPv6", "spec", "ipFamilies", "1");
    struct cleat_str six = AT("spec", "clusterIPs", "1");
    KT_TRUE(six.n > 8 && memcmp(six.p, "fd00:1::", 8) == 0);
    KT_OK(rt_patch(&w.rt, "services", "default/a", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"ipFamilyPolicy\":\"SingleStack\"}}"),
          &w.rt.req.error);
    EXPECT(&w, "", "spec", "clusterIPs", "1");
    EXPECT(&w, "", "spec", "ipFamilies", "1");
    KT_OK(rt_patch(&w.rt, "services", "default/a", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"ipFamilyPolicy\":\"RequireDualStack\"}}"),
          &w.rt.req.error);
    KT_TRUE(AT("spec", "clusterIPs", "1").n > 8);
    KT_OK(make(&w, "s", "{\"ipFamilies\":[\"IPv6\"],\"ports\":[{\"port\":80}]}"), &w.rt.req.error);
    KT_TRUE(memchr(AT("spec", "clusterIP").p, ':', AT("spec", "clusterIP").n) != NULL);
    close_with(&w);
}

static void full(void) {
    struct with w;
    open_with(&w, "10.0.0.0/29", "30000-30001"); /* six addresses, one of them not ours */
    for (int i = 0; i < 5; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("s%d", i);
        KT_OK(make(&w, name, "{\"ports\":[{\"port\":80}]}"), &w.rt.req.error);
    }
    KT_TRUE(make(&w, "more", "{\"ports\":[{\"port\":80}]}") != CLEAT_OK);
    KT_EQ_INT(rt_code(&w.rt), 500);
    KT_EQ_STR(rt_message(&w.rt),
              "Internal error occurred: failed to allocate a serviceIP: range is full");
    KT_OK(make(&w, "kubernetes", "{\"clusterIP\":\"10.0.0.1\",\"ports\":[{\"port\":443}]}"),
          &w.rt.req.error);
    close_with(&w);
}

static void bad_options(void) {
    static const struct {
        const char *range, *ports, *enable;
    } bad[] = {{"x", NULL, NULL},
               {"10.0.0.0/8", NULL, NULL},
               {"10.0.0.0/31", NULL, NULL},
               {"10.0.0.0/24,10.1.0.0/24", NULL, NULL},
               {"", NULL, NULL},
               {NULL, "30000", NULL},
               {NULL, "2-1", NULL},
               {NULL, "1-99999", NULL},
               {NULL, NULL, "Nonsense"}};
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        struct cleat_admit_opts opts = {.service_ip_range = bad[i].range,
                                        .service_node_ports = bad[i].ports,
                                        .enable = bad[i].enable};
        cleat_admit *a = NULL;
        KT_EQ_INT(cleat_admit_new(rt.registry, &opts, &a, &e), CLEAT_E_BAD_REQUEST);
    }
    rt_close(&rt);
}

/* ---- never twice ---- */

enum { THREADS = 8, EACH = 120 };

struct worker {
    cleat_registry *registry;
    const struct cleat_kind *services;
    int number, made, full;
};

static cleat_err run_one(struct worker *k, int verb, const char *name, const char *text) {
    cleat_request req = {
        .registry = k->registry,
        .verb = verb,
        .kind = k->services,
        .user = &rt_admin,
        .ns = CLEAT_STR("default"),
        .name = cleat_s(verb == CLEAT_VERB_CREATE ? "" : name),
        .del = {.struct_size = sizeof(struct cleat_delete_opts), .grace_period_seconds = -1}};
    if (text != NULL) {
        cleat_obj_parse(cleat_s(text), 0, &req.body, NULL);
    }
    cleat_err err = cleat_request_wait(&req, NULL);
    cleat_request_done(&req);
    return err;
}

static void *hammer(void *p) {
    struct worker *k = p;
    for (int i = 0; i < EACH; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("s-%d-%d", k->number, i);
        CLEAT_AUTO_FREE char *text =
            cleat_sprintf("{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"type\":\"NodePort\","
                          "\"ports\":[{\"port\":80}]}}",
                          name);
        cleat_err err = run_one(k, CLEAT_VERB_CREATE, name, text);
        k->made += err == CLEAT_OK;
        k->full += err == CLEAT_E_INTERNAL;
        if (err == CLEAT_OK && i % 3 != 0) {
            k->made -= run_one(k, CLEAT_VERB_DELETE, name, NULL) == CLEAT_OK;
        }
    }
    return NULL;
}

/* No address and no port is in two services; returns how many services there are. */
static size_t all_differ(cleat_store *store, uint32_t kind) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(store);
    struct cleat_range range;
    struct cleat_map seen = {0};
    const cleat_obj *o;
    size_t n = 0;
    cleat_range_init(&range, sn, kind, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        struct cleat_str ip = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "clusterIP")));
        struct cleat_str port =
            cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("spec", "ports", "0", "nodePort")));
        KT_TRUE(ip.n > 0 && cleat_map_put(&seen, ip, &seen) == NULL);
        KT_TRUE(port.n > 0 && cleat_map_put(&seen, port, &seen) == NULL);
        n++;
    }
    cleat_map_done(&seen);
    return n;
}

static void never_twice(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {0};
    struct cleat_admit_opts ranges = {.service_ip_range = "10.0.0.0/24",
                                      .service_node_ports = "30000-30199"};
    cleat_store *store = NULL;
    cleat_registry *registry = NULL;
    cleat_admit *admit = NULL;
    KT_REQUIRE_OK(cleat_store_open(cleat_backend_memory(), &opts, &store, &e), &e);
    KT_REQUIRE_OK(cleat_registry_new(store, cleat_kinds, &registry, &e), &e);
    KT_REQUIRE_OK(cleat_registry_bootstrap(registry, &e), &e);
    KT_REQUIRE_OK(cleat_admit_new(registry, &ranges, &admit, &e), &e);
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    size_t made = 0, refused = 0;
    for (int i = 0; i < THREADS; i++) {
        workers[i] =
            (struct worker){.registry = registry,
                            .services = cleat_registry_find(registry, "", "v1", "services"),
                            .number = i};
        threads[i] = cleat_thread_start("hammer", hammer, &workers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        made += (size_t)workers[i].made;
        refused += (size_t)workers[i].full;
    }
    KT_EQ_INT(all_differ(store, workers[0].services->id), made);
    KT_TRUE(refused > 0); /* 320 want to stay, 200 ports are there */
    /* What the last to go gave back is there for whoever comes. */
    for (int i = 0; made < 200; i++, made++) {
        CLEAT_AUTO_FREE char *text =
            cleat_sprintf("{\"metadata\":{\"name\":\"late-%d\"},\"spec\":{\"type\":\"NodePort\","
                          "\"ports\":[{\"port\":80}]}}",
                          i);
        KT_REQUIRE(run_one(&workers[0], CLEAT_VERB_CREATE, "", text) == CLEAT_OK);
    }
    KT_EQ_INT(all_differ(store, workers[0].services->id), 200);
    /* Another process finds what is taken in the store. */
    cleat_registry_admission(registry, NULL);
    cleat_admit_free(admit);
    KT_REQUIRE_OK(cleat_admit_new(registry, &ranges, &admit, &e), &e);
    KT_EQ_INT(run_one(&workers[0], CLEAT_VERB_CREATE, "",
                      "{\"metadata\":{\"name\":\"z\"},\"spec\":{\"type\":\"NodePort\",\"ports\":"
                      "[{\"port\":80}]}}"),
              CLEAT_E_INTERNAL);
    cleat_registry_admission(registry, NULL);
    cleat_admit_free(admit);
    cleat_registry_free(registry);
    cleat_store_close(store);
}

KT_MAIN("kinds_services", KT_TEST(never_twice), KT_TEST(pools_keep_a_band), KT_TEST(defaults),
        KT_TEST(requested), KT_TEST(changes), KT_TEST(dual_stack), KT_TEST(full),
        KT_TEST(bad_options))
