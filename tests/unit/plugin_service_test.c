/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service controller on the simulated cloud, in a world on a virtual clock: what
 * upstream's promises and what ours does beyond it, one test each.
 */
#include "tests/support/kt.h"
#include "tests/support/world.h"

static const char *const flags[] = {"sim-machines=2", "sim-heartbeat=false", NULL};

/* A balanced Service in "default"; spec: further members, with a comma before. */
static void service(struct world *w, const char *name, const char *spec) {
    char *json = cleat_sprintf(
        "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"namespace\":\"default\","
        "\"name\":\"%s\"},\"spec\":{\"type\":\"LoadBalancer\",\"ports\":[{\"port\":80}]%s}}",
        name, spec);
    world_create(w, "services", json);
    free(json);
}

static bool has_address(struct world *w, const char *name) {
    char *text = world_text(w, "services", name, "status.loadBalancer.ingress.0.ip");
    bool yes = text[0] != 0;
    free(text);
    return yes;
}

static bool is_gone(struct world *w, const char *name) {
    cleat_obj *o = world_get(w, "services", name);
    cleat_obj_unref(o);
    return o == NULL;
}

static void a_service_gets_its_balancer_and_gives_it_back(void) {
    struct world *w = world_new("cloud-node,service", "sim", flags);
    world_run(w, CLEAT_SECOND);
    service(w, "web", "");
    KT_TRUE(world_until(w, CLEAT_SECOND, has_address, "web"));
    WORLD_EXPECT(w, "services", "web", "metadata.finalizers.0",
                 "service.kubernetes.io/load-balancer-cleanup");
    KT_EQ_INT(world_count(w, "loadbalancers"), 1);
    world_delete(w, "services", "web");
    KT_TRUE(world_until(w, CLEAT_SECOND, is_gone, "web"));
    KT_EQ_INT(world_count(w, "loadbalancers"), 0);
    world_free(w);
}

KT_MAIN("plugin_service", KT_TEST(a_service_gets_its_balancer_and_gives_it_back))
