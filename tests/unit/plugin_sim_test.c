/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulated cloud: its first machines, its kubelets, its load balancers and
 * routes, in a world on a virtual clock.
 */
#include "core/host/internal.h"
#include "tests/support/kt.h"
#include "tests/support/world.h"

#define CONTROLLERS "cloud-node,cloud-node-lifecycle"
#define UNINIT      "node.cloudprovider.kubernetes.io/uninitialized"

static const char *const empty_cloud[] = {"sim-machines=0", NULL};

/* ---- seeds ---- */

static void a_fresh_cloud_has_machines_once(void) {
    struct world *w = world_new(CONTROLLERS, "sim", NULL);
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(world_count(w, "machines"), 3);
    WORLD_EXPECT(w, "machines", "sim-1", "spec.zone", "a");
    WORLD_EXPECT(w, "machines", "sim-2", "spec.zone", "b");
    WORLD_EXPECT(w, "machines", "sim-3", "spec.zone", "c");
    KT_EQ_INT(world_count(w, "nodes"), 3);
    world_delete(w, "machines", "sim-1");
    world_delete(w, "machines", "sim-2");
    world_delete(w, "machines", "sim-3");
    world_run(w, 20 * CLEAT_SECOND);
    KT_EQ_INT(world_count(w, "nodes"), 0);
    world_restart(w, CONTROLLERS, "sim", NULL);
    world_run(w, 20 * CLEAT_SECOND);
    KT_EQ_INT(world_count(w, "machines"), 0);
    world_free(w);
}

/* ---- kubelets ---- */

static char *renew_time(struct world *w, const char *name) {
    return world_text(w, "leases", name, "spec.renewTime");
}

static void a_lease_is_renewed_each_ten_seconds(void) {
    struct world *w = world_new(CONTROLLERS, "sim", empty_cloud);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_run(w, CLEAT_SECOND);
    WORLD_EXPECT(w, "leases", "m1", "spec.holderIdentity", "m1");
    WORLD_EXPECT(w, "leases", "m1", "spec.leaseDurationSeconds", "40");
    char *uid = world_text(w, "nodes", "m1", "metadata.uid");
    WORLD_EXPECT(w, "leases", "m1", "metadata.ownerReferences.0.uid", uid);
    free(uid);
    int renewals = 0;
    char *last = renew_time(w, "m1");
    for (int s = 0; s < 100; s++) {
        world_run(w, CLEAT_SECOND);
        char *now = renew_time(w, "m1");
        renewals += strcmp(now, last) != 0;
        free(last);
        last = now;
    }
    KT_TRUE(renewals >= 9 && renewals <= 11);
    free(last);
    world_free(w);
}

static void a_crashed_kubelet_falls_silent(void) {
    struct world *w = world_new(CONTROLLERS, "sim", empty_cloud);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_patch(w, "machines", "m1", "{\"spec\":{\"kubelet\":{\"crashed\":true}}}");
    world_run(w, CLEAT_SECOND);
    char *before = renew_time(w, "m1");
    world_run(w, 120 * CLEAT_SECOND);
    char *after = renew_time(w, "m1");
    KT_EQ_STR(after, before);
    KT_TRUE(world_node_is_ready(w, "m1")); /* nobody has said otherwise */
    WORLD_EXPECT(w, "machines", "m1", "status.state", "Running");
    world_patch(w, "machines", "m1", "{\"spec\":{\"kubelet\":{\"crashed\":false}}}");
    world_run(w, 12 * CLEAT_SECOND);
    char *again = renew_time(w, "m1");
    KT_TRUE(strcmp(again, before) != 0);
    free(before);
    free(after);
    free(again);
    world_free(w);
}

static void a_kubelet_registers_itself_where_it_is_told_to(void) {
    static const char *const flags[] = {"sim-machines=0", "sim-register=kubelet", NULL};
    struct world *w = world_new("cloud-node-lifecycle", "sim", flags);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    KT_TRUE(world_node_has_taint(w, "m1", UNINIT));
    WORLD_EXPECT(w, "nodes", "m1", "spec.providerID", "");
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.0.type", "Hostname");
    world_restart(w, CONTROLLERS, "sim", flags);
    world_run(w, 5 * CLEAT_SECOND);
    KT_TRUE(!world_node_has_taint(w, "m1", UNINIT));
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.0.type", "InternalIP");
    world_free(w);
}

static void a_kubelet_objects_where_others_call_it_dead(void) {
    struct world *w = world_new("cloud-node", "sim", empty_cloud);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_run(w, 30 * CLEAT_SECOND);
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.patch(
              w->client, NULL, (struct cleat_gvr){"", "v1", "nodes"},
              (struct cleat_key){CLEAT_STR(""), CLEAT_STR("m1")}, "status", CLEAT_PATCH_MERGE,
              CLEAT_STR("{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\"},"
                        "{\"type\":\"Custom\",\"status\":\"True\"}]}}"),
              NULL, &e),
          &e);
    KT_TRUE(world_until(w, 11 * CLEAT_SECOND, world_node_is_ready, "m1"));
    WORLD_EXPECT(w, "nodes", "m1", "status.conditions.0.type", "Custom");
    WORLD_EXPECT(w, "nodes", "m1", "status.conditions.4.type", "Ready");
    world_free(w);
}

static void capacity_follows_the_machine(void) {
    struct world *w = world_new(CONTROLLERS, "sim", empty_cloud);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_patch(w, "machines", "m1", "{\"spec\":{\"capacity\":{\"cpu\":\"64\"}}}");
    world_run(w, 2 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "m1", "status.capacity.cpu", "64");
    world_free(w);
}

enum { MANY = 2000 };

static bool many_exist(struct world *w, const char *arg) {
    (void)arg;
    return world_count(w, "nodes") == MANY && world_count(w, "leases") == MANY;
}

static void thousands_of_kubelets_become_ready(void) {
    struct world *w = world_new(CONTROLLERS, "sim", empty_cloud);
    for (int i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "k%d", i);
        world_machine(w, name, "");
    }
    KT_TRUE(world_until(w, 20 * CLEAT_SECOND, many_exist, NULL));
    world_run(w, 2 * CLEAT_SECOND);
    size_t ready = 0, initialized = 0;
    for (int i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "k%d", i);
        ready += world_node_is_ready(w, name);
        initialized += !world_node_has_taint(w, name, UNINIT);
    }
    KT_EQ_INT(ready, MANY);
    KT_EQ_INT(initialized, MANY);
    world_free(w);
}

/* ---- load balancers and routes, through the provider's table ---- */

static const struct cleat_cloud *sim(void) {
    return cleat_clouds_api.by_name("sim");
}

static cleat_obj *service(struct world *w, const char *name) {
    char *json = cleat_sprintf("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":"
                               "\"%s\",\"namespace\":\"default\"},\"spec\":{\"type\":"
                               "\"LoadBalancer\",\"ports\":[{\"name\":\"http\",\"port\":80}]}}",
                               name);
    world_create(w, "services", json);
    free(json);
    return world_get(w, "services", name);
}

static cleat_err ensure(cleat_obj *s, char ip[16], struct cleat_error *e) {
    cleat_obj *status = NULL;
    cleat_err err =
        sim()->ops->load_balancers->ensure(sim()->self, NULL, "kubernetes", s, NULL, 0, &status, e);
    if (err == CLEAT_OK) {
        cleat_val_decode(cleat_obj_at(status, CLEAT_PATH("ingress", "0", "ip")), ip, 16);
    }
    cleat_obj_unref(status);
    return err;
}

static void balancers_have_addresses_of_their_own(void) {
    static const char *const flags[] = {"sim-machines=0", "sim-load-balancer-cidr=203.0.113.0/29",
                                        NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    const struct cleat_lb_ops *lb = sim()->ops->load_balancers;
    void *self = sim()->self;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *services[7];
    char ips[7][16] = {""}, again[16] = "";
    for (int i = 0; i < 7; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%d", i);
        services[i] = service(w, name);
        /* a /29 holds six */
        KT_EQ_INT(ensure(services[i], ips[i], &e), i < 6 ? CLEAT_OK : CLEAT_E_UNAVAILABLE);
        for (int k = 0; k < i; k++) {
            KT_TRUE(strcmp(ips[k], ips[i]) != 0);
        }
    }
    KT_OK(ensure(services[0], again, &e), &e);
    KT_EQ_STR(again, ips[0]);
    int32_t there = -1;
    KT_OK(lb->get(self, NULL, "kubernetes", services[0], &there, NULL, &e), &e);
    KT_EQ_INT(there, 1);
    KT_OK(lb->ensure_deleted(self, NULL, "kubernetes", services[0], &e), &e);
    KT_OK(lb->ensure_deleted(self, NULL, "kubernetes", services[0], &e), &e);
    KT_OK(lb->get(self, NULL, "kubernetes", services[0], &there, NULL, &e), &e);
    KT_EQ_INT(there, 0);
    KT_EQ_INT(lb->update_hosts(self, NULL, "kubernetes", services[0], NULL, 0, &e),
              CLEAT_E_NOT_FOUND);
    world_run(w, CLEAT_SECOND); /* the address is free once the cache has seen that */
    KT_OK(ensure(services[6], again, &e), &e);
    KT_EQ_STR(again, ips[0]);
    for (int i = 0; i < 7; i++) {
        cleat_obj_unref(services[i]);
    }
    world_free(w);
}

static void hosts_follow(void) {
    struct world *w = world_new(CONTROLLERS, "sim", NULL);
    world_run(w, 2 * CLEAT_SECOND);
    const struct cleat_lb_ops *lb = sim()->ops->load_balancers;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *s = service(w, "web"), *status = NULL;
    cleat_obj *n1 = world_get(w, "nodes", "sim-1"), *n2 = world_get(w, "nodes", "sim-2");
    const cleat_obj *both[] = {n1, n2};
    KT_OK(lb->ensure(sim()->self, NULL, "kubernetes", s, both, 2, &status, &e), &e);
    char name[64] = "";
    KT_OK(lb->name(sim()->self, "kubernetes", s, name, sizeof name), NULL);
    KT_EQ_INT(strlen(name), 32);
    WORLD_EXPECT(w, "loadbalancers", name, "spec.hosts", "[\"sim-1\",\"sim-2\"]");
    WORLD_EXPECT(w, "loadbalancers", name, "spec.ports.0.port", "80");
    KT_OK(lb->update_hosts(sim()->self, NULL, "kubernetes", s, both + 1, 1, &e), &e);
    WORLD_EXPECT(w, "loadbalancers", name, "spec.hosts", "[\"sim-2\"]");
    cleat_obj_unref(status);
    cleat_obj_unref(s);
    cleat_obj_unref(n1);
    cleat_obj_unref(n2);
    world_free(w);
}

struct seen {
    int n;
    char target[64], name[128];
};

static int32_t see(void *sink, const struct cleat_route *r) {
    struct seen *s = sink;
    s->n++;
    snprintf(s->target, sizeof s->target, "%s", r->target_node);
    snprintf(s->name, sizeof s->name, "%s", r->name);
    return 0;
}

static void routes_are_created_listed_and_removed(void) {
    struct world *w = world_new(CONTROLLERS, "sim", NULL);
    const struct cleat_routes_ops *ops = sim()->ops->routes;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_route route = {
        .struct_size = sizeof route, .target_node = "sim-1", .destination_cidr = "10.244.0.0/24"};
    KT_OK(ops->create(sim()->self, NULL, "kubernetes", "hint", &route, &e), &e);
    KT_OK(ops->create(sim()->self, NULL, "kubernetes", "hint", &route, &e), &e);
    struct cleat_route wrong = route;
    wrong.target_node = "sim-2";
    KT_EQ_INT(ops->create(sim()->self, NULL, "kubernetes", "hint", &wrong, &e), CLEAT_E_EXISTS);
    wrong.target_node = "nobody";
    KT_EQ_INT(ops->create(sim()->self, NULL, "kubernetes", "hint2", &wrong, &e), CLEAT_E_NOT_FOUND);
    route.destination_cidr = "fd00:10:244::/64"; /* a second family under the same hint */
    KT_OK(ops->create(sim()->self, NULL, "kubernetes", "hint", &route, &e), &e);
    struct seen seen = {0};
    KT_OK(ops->list(sim()->self, NULL, "kubernetes", see, &seen, &e), &e);
    KT_EQ_INT(seen.n, 2);
    KT_EQ_STR(seen.target, "sim-1");
    struct seen other = {0};
    KT_OK(ops->list(sim()->self, NULL, "another", see, &other, &e), &e);
    KT_EQ_INT(other.n, 0);
    route.name = seen.name;
    KT_OK(ops->remove(sim()->self, NULL, "kubernetes", &route, &e), &e);
    KT_OK(ops->remove(sim()->self, NULL, "kubernetes", &route, &e), &e);
    KT_EQ_INT(world_count(w, "routes"), 1);
    world_free(w);
}

static int32_t see_balancer(void *sink, const struct cleat_balancer *b) {
    struct cleat_buf *out = sink;
    cleat_buf_printf(out, "%s/%s;", b->service_namespace, b->service_name);
    return 0;
}

static void balancers_are_listed_by_cluster(void) {
    struct world *w = world_new(CONTROLLERS, "sim", empty_cloud);
    const struct cleat_lb_ops *lb = sim()->ops->load_balancers;
    struct cleat_error e = CLEAT_ERROR_INIT;
    char ip[16] = "";
    CLEAT_AUTO(cleat_obj) *s = service(w, "web");
    KT_OK(ensure(s, ip, &e), &e);
    world_create(
        w, "loadbalancers",
        "{\"apiVersion\":\"sim.cleat.dev/v1alpha1\",\"kind\":\"LoadBalancer\",\"metadata\":"
        "{\"name\":\"by-hand\"},\"spec\":{\"cluster\":\"\"}}");
    static const char *const clusters[] = {"kubernetes", "another"};
    for (int i = 0; i < 2; i++) {
        CLEAT_AUTO_BUF out = {0};
        KT_OK(lb->list(sim()->self, NULL, clusters[i], see_balancer, &out, &e), &e);
        KT_EQ_STR(out.p != NULL ? out.p : "", i == 0 ? "default/web;" : "");
    }
    world_patch(w, "clouds", "sim", "{\"spec\":{\"apiDown\":true}}");
    world_run(w, CLEAT_SECOND);
    CLEAT_AUTO_BUF out = {0};
    KT_EQ_INT(lb->list(sim()->self, NULL, "kubernetes", see_balancer, &out, &e), CLEAT_E_TRANSIENT);
    world_free(w);
}

/* ---- what is told of the cloud ---- */

static char *provider_text(struct world *w, cleat_path path) {
    cleat_obj *o = NULL;
    cleat_client_api.get(w->client, NULL,
                         (struct cleat_gvr){"cleat.dev", "v1alpha1", "cloudproviders"},
                         (struct cleat_key){CLEAT_STR(""), CLEAT_STR("sim")}, &o, NULL);
    char *text = o != NULL ? cleat_val_strdup(cleat_obj_at(o, path)) : NULL;
    cleat_obj_unref(o);
    return text != NULL ? text : cleat_strdup("");
}

static void expect_provider(struct world *w, cleat_path path, const char *want, int line) {
    CLEAT_AUTO_FREE char *text = provider_text(w, path);
    kt_str(cleat_s(text), cleat_s(want), path[1], __FILE__, line);
}
#define PROVIDER(want, ...) expect_provider(w, CLEAT_PATH("status", __VA_ARGS__), (want), __LINE__)

/* A cloud that wants fewer calls says so in its object, without a storm of writes. */
static void throttling_is_seen_on_the_provider(void) {
    struct world *w = world_new(CONTROLLERS, "sim", NULL);
    world_run(w, 10 * CLEAT_SECOND);
    PROVIDER("Running", "state");
    PROVIDER("Answered", "calls", "state");
    PROVIDER("Throttled", "conditions", "0", "type");
    PROVIDER("False", "conditions", "0", "status");
    PROVIDER("Responding", "conditions", "1", "type");
    PROVIDER("True", "conditions", "1", "status");
    CLEAT_AUTO_FREE char *since = provider_text(w, CLEAT_PATH("status", "lastTransitionTime"));
    CLEAT_AUTO_FREE char *calm =
        provider_text(w, CLEAT_PATH("status", "conditions", "0", "lastTransitionTime"));
    world_patch(w, "clouds", "sim", "{\"spec\":{\"quota\":{\"callsPerSecond\":0.01,\"burst\":1}}}");
    char before[32] = "";
    int writes = 0;
    for (int i = 0; i < 600; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        sim()->ops->routes->list(sim()->self, NULL, "kubernetes", see, &(struct seen){0}, &e);
        world_run(w, CLEAT_SECOND);
        CLEAT_AUTO_FREE char *now = provider_text(w, CLEAT_PATH("metadata", "resourceVersion"));
        writes += strcmp(now, before) != 0;
        snprintf(before, sizeof before, "%s", now);
    }
    PROVIDER("Throttled", "calls", "state");
    PROVIDER("True", "conditions", "0", "status");
    PROVIDER("TooManyCalls", "conditions", "0", "reason");
    PROVIDER(since, "lastTransitionTime");
    CLEAT_AUTO_FREE char *until = provider_text(w, CLEAT_PATH("status", "calls", "throttledUntil"));
    KT_TRUE(strcmp(until, calm) > 0);
    KT_TRUE(writes <= 12);
    world_patch(w, "clouds", "sim", "{\"spec\":{\"quota\":null}}");
    world_run(w, 200 * CLEAT_SECOND);
    PROVIDER("Answered", "calls", "state");
    PROVIDER("False", "conditions", "0", "status");
    PROVIDER("", "calls", "throttledUntil");
    world_free(w);
}

static void calls_without_an_answer_are_seen_on_the_provider(void) {
    static const char *const flags[] = {"sim-machines=0", "cloud-api-read-timeout=2s", NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    struct cleat_error e = CLEAT_ERROR_INIT;
    world_run(w, 10 * CLEAT_SECOND);
    world_patch(w, "clouds", "sim", "{\"spec\":{\"latencyMilliseconds\":60000}}");
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(sim()->ops->routes->list(sim()->self, NULL, "kubernetes", see, &(struct seen){0}, &e),
              CLEAT_E_TIMEOUT);
    world_run(w, 6 * CLEAT_SECOND);
    PROVIDER("Unanswered", "calls", "state");
    PROVIDER("False", "conditions", "1", "status");
    CLEAT_AUTO_FREE char *text =
        provider_text(w, CLEAT_PATH("status", "conditions", "1", "message"));
    KT_TRUE(strstr(text, "routes_list") != NULL);
    CLEAT_AUTO_FREE char *began =
        provider_text(w, CLEAT_PATH("status", "calls", "unansweredSince"));
    KT_TRUE(began[0] != 0);
    world_patch(w, "clouds", "sim", "{\"spec\":{\"latencyMilliseconds\":0}}");
    world_run(w, CLEAT_SECOND);
    KT_OK(sim()->ops->routes->list(sim()->self, NULL, "kubernetes", see, &(struct seen){0}, &e),
          &e);
    world_run(w,
              120 * CLEAT_SECOND); /* other calls, of the controllers, were not answered either */
    PROVIDER("True", "conditions", "1", "status");
    world_free(w);
}

KT_MAIN("plugin_sim", KT_TEST(a_fresh_cloud_has_machines_once),
        KT_TEST(a_lease_is_renewed_each_ten_seconds), KT_TEST(a_crashed_kubelet_falls_silent),
        KT_TEST(a_kubelet_registers_itself_where_it_is_told_to),
        KT_TEST(a_kubelet_objects_where_others_call_it_dead), KT_TEST(capacity_follows_the_machine),
        KT_TEST(thousands_of_kubelets_become_ready), KT_TEST(balancers_have_addresses_of_their_own),
        KT_TEST(balancers_are_listed_by_cluster), KT_TEST(throttling_is_seen_on_the_provider),
        KT_TEST(calls_without_an_answer_are_seen_on_the_provider), KT_TEST(hosts_follow),
        KT_TEST(routes_are_created_listed_and_removed))
