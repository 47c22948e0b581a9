/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the node-lifecycle-controller has beyond upstream: pools of Nodes whose
 * settings change while it runs, what becomes of zones that are down, conditions
 * of one's own as taints, and Nodes without capacity.
 */
#include "tests/support/kt.h"
#include "tests/support/nodew.h"

static struct world *begin(const char *const *flags) {
    return world_new("nodelifecycle,taint-eviction", "", flags);
}

static void nodes(struct world *w, const char *prefix, const char *zone, int n) {
    for (int i = 0; i < n; i++) {
        char *name = cleat_sprintf("%s%d", prefix, i);
        nw_node(w, name, zone, READY);
        free(name);
    }
    world_settle(w);
}

static void fail(struct world *w, const char *prefix, int n, const char *to) {
    char *condition = cleat_sprintf("{\"type\":\"Ready\",\"status\":\"%s\"}", to);
    for (int i = 0; i < n; i++) {
        char *name = cleat_sprintf("%s%d", prefix, i);
        nw_status(w, name, condition);
        free(name);
    }
    free(condition);
}

static size_t tainted(struct world *w, const char *prefix, int n) {
    size_t k = 0;
    for (int i = 0; i < n; i++) {
        char *name = cleat_sprintf("%s%d", prefix, i);
        k += nw_has_taint(w, name, NOT_READY, "NoExecute");
        free(name);
    }
    return k;
}

/* ---- pools ---- */

static const char *const with_pools[] = {"node-pools=kube-system/pools", "node-eviction-rate=1",
                                         NULL};

static void label(struct world *w, const char *name, const char *pool) {
    char *json = cleat_sprintf("{\"metadata\":{\"labels\":{\"pool\":\"%s\"}}}", pool);
    world_patch(w, "nodes", name, json);
    world_settle(w);
    free(json);
}

static void a_pool_has_a_grace_period_of_its_own_and_it_changes_live(void) {
    struct world *w = begin(with_pools);
    world_create(w, "configmaps",
                 "{\"metadata\":{\"name\":\"pools\",\"namespace\":\"kube-system\"},\"data\":{"
                 "\"spot\":\"selector: pool=spot\\nnodeMonitorGracePeriod: 20s\\n\"}}");
    world_settle(w);
    nodes(w, "n", "a", 3);
    label(w, "n0", "spot");
    label(w, "n1", "spot");
    world_run(w, 19 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n0", "True"));
    nw_renew(w, "n1");
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n0", "Unknown"));
    KT_TRUE(nw_ready_is(w, "n1", "True"));
    KT_TRUE(nw_ready_is(w, "n2", "True"));
    world_patch(w, "configmaps", "pools",
                "{\"data\":{\"spot\":\"selector: pool=spot\\nnodeMonitorGracePeriod: 1m30s\\n\"}}");
    world_run(w, 40 * CLEAT_SECOND); /* n1: 42 s of 90; n2: 61 s of 50 */
    KT_TRUE(nw_ready_is(w, "n1", "True"));
    KT_TRUE(nw_ready_is(w, "n2", "Unknown"));
    world_patch(w, "configmaps", "pools",
                "{\"data\":{\"spot\":\"selector: pool=spot\\nnodeMonitorGracePeriod: 44s\\n\"}}");
    world_run(w, CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "True"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    world_free(w);
}

static void a_pool_that_makes_no_sense_is_told_so_and_changes_nothing(void) {
    struct world *w = begin(with_pools);
    nodes(w, "n", "a", 1);
    label(w, "n0", "spot");
    world_create(w, "configmaps",
                 "{\"metadata\":{\"name\":\"pools\",\"namespace\":\"kube-system\"},\"data\":{"
                 "\"spot\":\"selector: pool=spot\\nnodeMonitorGracePeriod: soon\\n\"}}");
    world_run(w, 45 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n0", "True"));
    world_patch(w, "configmaps", "pools", "{\"data\":{\"spot\":\"nodeEvictionRate: 1\"}}");
    world_run(w, 6 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n0", "Unknown"));
    world_free(w);
}

static void pools_are_evicted_at_their_own_rate(void) {
    struct world *w = begin(with_pools);
    world_create(w, "configmaps",
                 "{\"metadata\":{\"name\":\"pools\",\"namespace\":\"kube-system\"},\"data\":{"
                 "\"gold\":\"selector: pool=gold\\nnodeEvictionRate: 0\\n\","
                 "\"spot\":\"selector: pool in (spot, cheap)\\nnodeEvictionRate: 100\\n\"}}");
    world_settle(w);
    nodes(w, "g", "a", 6);
    nodes(w, "s", "a", 6);
    nodes(w, "x", "a", 6);
    for (int i = 0; i < 6; i++) {
        char *g = cleat_sprintf("g%d", i), *s = cleat_sprintf("s%d", i);
        label(w, g, "gold");
        label(w, s, i % 2 ? "spot" : "cheap");
        free(g);
        free(s);
    }
    fail(w, "g", 2, "False");
    fail(w, "s", 2, "False");
    fail(w, "x", 2, "False");
    world_run(w, 300 * CLEAT_MS);
    KT_EQ_INT(tainted(w, "s", 6), 2);
    KT_EQ_INT(tainted(w, "x", 6), 1);
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "x", 6), 2);
    KT_TRUE(tainted(w, "g", 6) <= 1);
    world_delete(w, "configmaps", "pools"); /* gold is like all others */
    world_run(w, 3 * CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "g", 6), 2);
    world_free(w);
}

/* ---- zones ---- */

static void a_zone_that_is_down_is_left_alone_where_that_is_wanted(void) {
    static const char *const hold[] = {"zone-full-disruption-policy=hold", "node-eviction-rate=1",
                                       NULL};
    struct world *w = begin(hold);
    nodes(w, "a", "a", 3);
    nodes(w, "b", "b", 1);
    fail(w, "a", 1, "False");
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "a", 3), 1);
    fail(w, "a", 3, "False");
    world_run(w, 40 * CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "a", 3), 1); /* who had it keeps it */
    nw_status(w, "a2", READY);
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "a", 3), 2);
    world_free(w);
}

static void a_zone_that_is_down_is_called_back_where_that_is_wanted(void) {
    static const char *const cancel[] = {"zone-full-disruption-policy=cancel",
                                         "node-eviction-rate=1", NULL};
    struct world *w = begin(cancel);
    nodes(w, "a", "a", 3);
    nodes(w, "b", "b", 2);
    fail(w, "a", 2, "False");
    fail(w, "b", 1, "False");
    world_run(w, 3 * CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "a", 3), 2);
    fail(w, "a", 3, "False");
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "a", 3), 0);
    KT_EQ_INT(tainted(w, "b", 2), 1); /* the other zone is not concerned */
    KT_TRUE(nw_has_taint(w, "a0", NOT_READY, "NoSchedule"));
    nw_status(w, "a2", READY);
    world_run(w, 3 * CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "a", 3), 2);
    world_free(w);
}

static void a_zone_that_is_partly_down_has_a_policy_too(void) {
    static const char *const cancel[] = {
        "zone-partial-disruption-policy=cancel", "secondary-node-eviction-rate=1",
        "large-cluster-size-threshold=2", "node-eviction-rate=1", NULL};
    struct world *w = begin(cancel);
    nodes(w, "a", "a", 5);
    fail(w, "a", 2, "False");
    world_run(w, 3 * CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "a", 5), 2);
    fail(w, "a", 4, "False");
    world_run(w, 3 * CLEAT_SECOND);
    KT_EQ_INT(tainted(w, "a", 5), 0);
    world_free(w);
}

static void a_policy_must_be_one(void) {
    static const char *const bad[] = {"zone-full-disruption-policy=panic", NULL};
    struct world *w = begin(bad); /* the controller does not start; nothing else is harmed */
    nodes(w, "a", "a", 1);
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "a0", "True"));
    world_free(w);
}

/* ---- conditions as taints ---- */

static void conditions_of_ones_own_are_taints(void) {
    static const char *const flags[] = {
        "condition-taints=KernelDeadlock=True:example.com/deadlock=kernel:NoExecute,"
        "FilesystemOK=False:example.com/filesystem:NoSchedule",
        NULL};
    struct world *w = begin(flags);
    nodes(w, "n", "a", 2);
    nw_pod(w, "p", "n0", "");
    nw_status(w, "n0",
              READY ",{\"type\":\"KernelDeadlock\",\"status\":\"True\"},"
                    "{\"type\":\"FilesystemOK\",\"status\":\"False\"}");
    KT_TRUE(nw_has_taint(w, "n0", "example.com/deadlock", "NoExecute"));
    KT_TRUE(nw_has_taint(w, "n0", "example.com/filesystem", "NoSchedule"));
    WORLD_EXPECT(w, "nodes", "n0", "spec.taints.0.value", "kernel");
    KT_TRUE(nw_pod_leaves(w, "p"));
    nw_status(w, "n0",
              READY ",{\"type\":\"KernelDeadlock\",\"status\":\"False\"},"
                    "{\"type\":\"FilesystemOK\",\"status\":\"Unknown\"}");
    KT_TRUE(!nw_has_taint(w, "n0", "example.com/deadlock", "NoExecute"));
    KT_TRUE(!nw_has_taint(w, "n0", "example.com/filesystem", "NoSchedule"));
    world_free(w);
}

/* ---- capacity ---- */

static void a_node_without_capacity_is_told_so(void) {
    struct world *w = begin(NULL);
    nodes(w, "n", "a", 2);
    world_patch(w, "nodes", "n1", "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
    for (int i = 0; i < 5; i++) {
        world_run(w, 10 * CLEAT_SECOND);
        nw_renew(w, "n0");
    }
    WORLD_EXPECT(w, "nodes", "n0", "status.conditions.1.type", "");
    world_run(w, 11 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "n0", "status.conditions.1.type", "CapacityMissing");
    WORLD_EXPECT(w, "nodes", "n0", "status.conditions.1.status", "True");
    world_run(w, 30 * CLEAT_SECOND);
    KT_EQ_INT(world_events(w, "n0", "NodeHasNoCapacity"), 1);
    cleat_obj *o = world_get(w, "nodes", "n0");
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_client_api.patch(
        w->client, NULL, (struct cleat_gvr){"", "v1", "nodes"},
        (struct cleat_key){{"", 0}, cleat_obj_name(o)}, "status", CLEAT_PATCH_MERGE,
        CLEAT_STR("{\"status\":{\"capacity\":{\"cpu\":\"4\"},\"allocatable\":{\"cpu\":\"4\"}}}"),
        NULL, &e);
    kt_ok(err, &e, "n0", __FILE__, __LINE__);
    cleat_obj_unref(o);
    world_run(w, 51 * CLEAT_SECOND); /* the next look at it */
    char *status = world_text(w, "nodes", "n0", "status.conditions");
    KT_TRUE(strstr(status, "NodeHasCapacity") != NULL);
    free(status);
    world_free(w);
}

KT_MAIN("plugin_node_policy", KT_TEST(a_pool_has_a_grace_period_of_its_own_and_it_changes_live),
        KT_TEST(a_pool_that_makes_no_sense_is_told_so_and_changes_nothing),
        KT_TEST(pools_are_evicted_at_their_own_rate),
        KT_TEST(a_zone_that_is_down_is_left_alone_where_that_is_wanted),
        KT_TEST(a_zone_that_is_down_is_called_back_where_that_is_wanted),
        KT_TEST(a_zone_that_is_partly_down_has_a_policy_too), KT_TEST(a_policy_must_be_one),
        KT_TEST(conditions_of_ones_own_are_taints), KT_TEST(a_node_without_capacity_is_told_so))
