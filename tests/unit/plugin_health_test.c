/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node-lifecycle and taint-eviction controllers on the virtual clock: what
 * upstream's own tests of them check, told anew. Nodes are written by hand where
 * the test is about one, and by the simulated cloud's kubelets where it is about many.
 */
#include "tests/support/kt.h"
#include "tests/support/nodew.h"

static const char *const empty_cloud[] = {"sim-machines=0", NULL};
static const char *const fast[] = {"sim-machines=0", "node-eviction-rate=1",
                                   "secondary-node-eviction-rate=0.5",
                                   "large-cluster-size-threshold=5", NULL};

static struct world *begin(const char *const *flags) {
    return world_new("cloud-node,nodelifecycle,taint-eviction", "sim", flags);
}

/* ---- health ---- */

static void a_silent_node_becomes_unknown_at_the_end_of_its_grace_period(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_node(w, "n2", "a", READY);
    world_settle(w);
    for (int i = 0; i < 5; i++) { /* n2 renews its Lease */
        world_run(w, 10 * CLEAT_SECOND - (i == 4 ? CLEAT_MS : 0));
        nw_renew(w, "n2");
    }
    KT_TRUE(nw_ready_is(w, "n1", "True")); /* 49.999 s */
    world_run(w, 2 * CLEAT_MS);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    KT_TRUE(nw_ready_is(w, "n2", "True"));
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.0.reason", "NodeStatusUnknown");
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.0.message",
                 "Kubelet stopped posting node status.");
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.1.type", "MemoryPressure");
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.1.reason", "NodeStatusNeverUpdated");
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.3.type", "PIDPressure");
    KT_TRUE(nw_has_taint(w, "n1", UNREACHABLE, "NoSchedule"));
    KT_TRUE(!nw_has_taint(w, "n2", UNREACHABLE, "NoSchedule"));
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(world_events(w, "n1", "NodeNotReady"), 1);
    KT_EQ_INT(world_events(w, "n1", "RegisteredNode"), 1);
    world_free(w);
}

static void a_node_that_never_said_anything_has_the_startup_grace(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", "");
    world_settle(w);
    world_run(w, 59 * CLEAT_SECOND);
    KT_TRUE(!nw_ready_is(w, "n1", "Unknown"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.0.reason", "NodeStatusNeverUpdated");
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(world_events(w, "n1", "NodeNotReady"), 0); /* it was never Ready */
    world_free(w);
}

static void a_lease_alone_keeps_a_node_that_posts_no_status(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", "");
    for (int i = 0; i < 20; i++) {
        nw_renew(w, "n1");
        world_run(w, 10 * CLEAT_SECOND);
    }
    KT_TRUE(!nw_ready_is(w, "n1", "Unknown"));
    world_free(w);
}

static void a_heartbeat_brings_it_back(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_node(w, "n2", "b", READY);
    for (int i = 0; i < 7; i++) {
        world_run(w, 10 * CLEAT_SECOND);
        nw_renew(w, "n2");
    }
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    world_run(w, CLEAT_SECOND);
    KT_TRUE(nw_has_taint(w, "n1", UNREACHABLE, "NoExecute"));
    nw_status(
        w, "n1",
        "{\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":\"2026-01-01T00:02:00Z\"}");
    KT_TRUE(!nw_has_taint(w, "n1", UNREACHABLE, "NoExecute"));
    KT_TRUE(!nw_has_taint(w, "n1", UNREACHABLE, "NoSchedule"));
    world_free(w);
}

static void conditions_become_taints_and_foreign_taints_stay(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_node(w, "n2", "b", READY);
    world_patch(w, "nodes", "n1",
                "{\"spec\":{\"unschedulable\":true,\"taints\":[{\"key\":\"mine\",\"effect\":"
                "\"NoSchedule\"}]}}");
    nw_status(w, "n1",
              "{\"type\":\"Ready\",\"status\":\"False\"},"
              "{\"type\":\"MemoryPressure\",\"status\":\"True\"},"
              "{\"type\":\"DiskPressure\",\"status\":\"True\"},"
              "{\"type\":\"PIDPressure\",\"status\":\"True\"},"
              "{\"type\":\"NetworkUnavailable\",\"status\":\"True\"}");
    world_run(w, CLEAT_SECOND);
    static const char *const want[] = {NOT_READY,
                                       "mine",
                                       "node.kubernetes.io/memory-pressure",
                                       "node.kubernetes.io/disk-pressure",
                                       "node.kubernetes.io/pid-pressure",
                                       "node.kubernetes.io/network-unavailable",
                                       "node.kubernetes.io/unschedulable"};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        KT_TRUE(nw_has_taint(w, "n1", want[i], "NoSchedule"));
    }
    KT_TRUE(nw_has_taint(w, "n1", NOT_READY, "NoExecute"));
    nw_status(w, "n1", "{\"type\":\"Ready\",\"status\":\"Unknown\"}");
    /* one for the other, at once */
    KT_TRUE(nw_has_taint(w, "n1", UNREACHABLE, "NoExecute"));
    KT_TRUE(!nw_has_taint(w, "n1", NOT_READY, "NoExecute"));
    KT_TRUE(!nw_has_taint(w, "n1", "node.kubernetes.io/disk-pressure", "NoSchedule"));
    nw_status(w, "n1", READY);
    world_patch(w, "nodes", "n1", "{\"spec\":{\"unschedulable\":null}}");
    world_settle(w);
    KT_TRUE(nw_has_taint(w, "n1", "mine", "NoSchedule"));
    WORLD_EXPECT(w, "nodes", "n1", "spec.taints.1", "");
    world_free(w);
}

static void pods_of_a_silent_node_are_not_ready(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1", "");
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_client_api.patch(
        w->client, NULL, (struct cleat_gvr){"", "v1", "pods"},
        (struct cleat_key){CLEAT_STR("default"), CLEAT_STR("p1")}, "status", CLEAT_PATCH_MERGE,
        CLEAT_STR("{\"status\":{\"phase\":\"Running\",\"conditions\":[" READY "]}}"), NULL, &e);
    kt_ok(err, &e, "status of p1", __FILE__, __LINE__);
    world_run(w, 55 * CLEAT_SECOND);
    WORLD_EXPECT(w, "pods", "p1", "status.conditions.0.status", "False");
    KT_EQ_INT(world_events(w, "p1", "NodeNotReady"), 1);
    world_free(w);
}

/* ---- zones ---- */

static size_t evicted(struct world *w, const char *prefix, int n) {
    size_t k = 0;
    for (int i = 0; i < n; i++) {
        char *name = cleat_sprintf("%s%d", prefix, i);
        k += nw_has_taint(w, name, NOT_READY, "NoExecute") ||
             nw_has_taint(w, name, UNREACHABLE, "NoExecute");
        free(name);
    }
    return k;
}

static void zone_of(struct world *w, const char *prefix, const char *zone, int n) {
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

static void a_zone_loses_nodes_only_so_fast(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 10);
    fail(w, "a", 2, "False");
    world_run(w, 200 * CLEAT_MS);
    KT_EQ_INT(evicted(w, "a", 10), 1); /* the bucket's one token */
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 10), 2);
    world_free(w);
}

static void a_small_zone_that_is_partly_down_loses_nobody(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 5);
    zone_of(w, "b", "b", 1);
    fail(w, "a", 3, "False");
    world_run(w, 200 * CLEAT_MS);
    size_t at_first = evicted(w, "a", 5); /* one may have gone before the third failed */
    KT_TRUE(at_first <= 1);
    world_run(w, 20 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 5), at_first);
    fail(w, "a", 1, "True"); /* two of five: the zone is well again */
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 5), 2);
    world_free(w);
}

static void a_large_zone_that_is_partly_down_has_the_secondary_rate(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 10);
    zone_of(w, "b", "b", 1);
    fail(w, "a", 6, "False");
    world_run(w, 200 * CLEAT_MS);
    size_t at_first = evicted(w, "a", 10);
    KT_TRUE(at_first <= 1);
    world_run(w, 4 * CLEAT_SECOND); /* 0.5 a second */
    KT_EQ_INT(evicted(w, "a", 10), at_first + 2);
    world_free(w);
}

static void a_zone_that_is_all_down_has_the_usual_rate(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 3);
    zone_of(w, "b", "b", 1);
    fail(w, "a", 3, "False");
    world_run(w, 4 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 3), 3);
    world_free(w);
}

static void when_all_zones_are_down_nobody_is_evicted(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 2);
    zone_of(w, "b", "b", 2);
    fail(w, "a", 2, "False");
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 2), 2);
    fail(w, "b", 2, "False");
    world_run(w, 10 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 2), 0);
    KT_EQ_INT(evicted(w, "b", 2), 0);
    KT_TRUE(nw_has_taint(w, "b0", NOT_READY, "NoSchedule"));
    fail(w, "b", 2, "True");
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 2), 2);
    KT_EQ_INT(evicted(w, "b", 2), 0);
    world_free(w);
}

static void excluded_nodes_do_not_count(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 4);
    zone_of(w, "b", "b", 1);
    world_patch(w, "nodes", "a3",
                "{\"metadata\":{\"labels\":{\"node.kubernetes.io/exclude-disruption\":\"\"}}}");
    world_settle(w);
    fail(w, "a", 3, "False"); /* all that count */
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 3), 3);
    world_free(w);
}

/* ---- the simulated kubelets ---- */

static void crashed_machines_are_found_and_others_are_not(void) {
    struct world *w = begin(empty_cloud);
    for (int i = 0; i < 20; i++) {
        char *name = cleat_sprintf("m%d", i);
        world_machine(w, name, i % 2 ? "\"zone\":\"b\"" : "\"zone\":\"a\"");
        free(name);
    }
    world_run(w, 60 * CLEAT_SECOND);
    for (int i = 0; i < 5; i++) {
        char *name = cleat_sprintf("m%d", i);
        world_patch(w, "machines", name, "{\"spec\":{\"kubelet\":{\"crashed\":true}}}");
        free(name);
    }
    world_run(w, 51 * CLEAT_SECOND);
    for (int i = 0; i < 20; i++) {
        char *name = cleat_sprintf("m%d", i);
        KT_TRUE(nw_ready_is(w, name, i < 5 ? "Unknown" : "True"));
        free(name);
    }
    world_run(w, 600 * CLEAT_SECOND);
    for (int i = 5; i < 20; i++) {
        char *name = cleat_sprintf("m%d", i);
        KT_TRUE(nw_ready_is(w, name, "True"));
        free(name);
    }
    world_free(w);
}

/* ---- eviction of pods ---- */

#define FIRE "{\"key\":\"fire\",\"effect\":\"NoExecute\"}"
#define TOLERATES(seconds)                                                                         \
    ",\"tolerations\":[{\"key\":\"fire\",\"operator\":\"Exists\",\"effect\":\"NoExecute\"" seconds \
    "}]"

static void pods_that_do_not_tolerate_a_taint_leave_at_once(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1", "");
    nw_pod(w, "p2", "n1", TOLERATES(""));
    nw_pod(w, "p3", "n1", TOLERATES(",\"tolerationSeconds\":30"));
    nw_pod(w, "p4", "n1", TOLERATES(",\"tolerationSeconds\":0"));
    world_settle(w);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    nw_taint(w, "n1", FIRE);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    KT_TRUE(!nw_pod_leaves(w, "p2"));
    KT_TRUE(!nw_pod_leaves(w, "p3"));
    KT_TRUE(nw_pod_leaves(w, "p4"));
    WORLD_EXPECT(w, "pods", "p1", "status.conditions.0.type", "DisruptionTarget");
    WORLD_EXPECT(w, "pods", "p1", "status.conditions.0.reason", "DeletionByTaintManager");
    WORLD_EXPECT(w, "pods", "p1", "metadata.deletionGracePeriodSeconds", "30");
    world_run(w, 29 * CLEAT_SECOND);
    KT_TRUE(!nw_pod_leaves(w, "p3"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_pod_leaves(w, "p3"));
    KT_TRUE(!nw_pod_leaves(w, "p2"));
    KT_EQ_INT(world_events(w, "p3", "TaintManagerEviction"), 1);
    nw_pod(w, "p5", "n1", ""); /* bound to a Node that has the taint already */
    world_settle(w);
    KT_TRUE(nw_pod_leaves(w, "p5"));
    world_free(w);
}

static void a_deadline_is_called_off_when_the_taint_goes(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1", TOLERATES(",\"tolerationSeconds\":30"));
    nw_taint(w, "n1", FIRE);
    world_run(w, 20 * CLEAT_SECOND);
    nw_taint(w, "n1", "");
    world_run(w, 20 * CLEAT_SECOND);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    KT_EQ_INT(world_events(w, "p1", "TaintManagerEviction"), 1);
    nw_taint(w, "n1", FIRE); /* begins anew */
    world_run(w, 29 * CLEAT_SECOND);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    world_free(w);
}

static void the_shortest_of_several_tolerations_counts(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1",
           ",\"tolerations\":[{\"key\":\"fire\",\"operator\":\"Exists\",\"effect\":\"NoExecute\","
           "\"tolerationSeconds\":60},"
           "{\"key\":\"flood\",\"operator\":\"Equal\",\"value\":\"high\",\"effect\":\"NoExecute\","
           "\"tolerationSeconds\":10}]");
    nw_taint(w, "n1", FIRE ",{\"key\":\"flood\",\"value\":\"high\",\"effect\":\"NoExecute\"}");
    world_run(w, 9 * CLEAT_SECOND);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    world_free(w);
}

static void a_dead_node_loses_its_pods_after_the_default_five_minutes(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_node(w, "n2", "b", READY);
    nw_pod(w, "p1", "n1",
           ",\"tolerations\":[{\"key\":\"" UNREACHABLE "\",\"operator\":\"Exists\",\"effect\":"
           "\"NoExecute\",\"tolerationSeconds\":300}]");
    cleat_time gone = 0;
    for (int i = 0; i < 45 && gone == 0; i++) {
        world_run(w, 10 * CLEAT_SECOND);
        nw_renew(w, "n2");
        gone = nw_pod_leaves(w, "p1") ? (i + 1) * 10 : 0;
    }
    KT_EQ_INT(gone, 360); /* 50 s, the taint at once, 300 s */
    world_free(w);
}

static void a_deadline_stays_whatever_is_tolerated_later(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1", TOLERATES(",\"tolerationSeconds\":10"));
    nw_taint(w, "n1", FIRE);
    world_run(w, 5 * CLEAT_SECOND);
    world_patch(w, "pods", "p1",
                "{\"spec\":{\"tolerations\":[{\"key\":\"fire\",\"operator\":\"Exists\",\"effect\":"
                "\"NoExecute\",\"tolerationSeconds\":10},{\"key\":\"fire\",\"operator\":\"Exists\","
                "\"effect\":\"NoExecute\",\"tolerationSeconds\":100}]}}");
    world_run(w, 4 * CLEAT_SECOND);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    world_free(w);
}

static void each_taint_must_be_tolerated(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1", TOLERATES(",\"tolerationSeconds\":100")); /* one of two */
    nw_pod(w, "p2", "n1",
           ",\"tolerations\":[{\"key\":\"fire\",\"operator\":\"Equal\",\"value\":\"small\"}]");
    nw_pod(w, "p3", "n1", ",\"tolerations\":[{\"operator\":\"Exists\"}]"); /* all there are */
    world_settle(w);
    nw_taint(w, "n1",
             "{\"key\":\"fire\",\"value\":\"small\",\"effect\":\"NoExecute\"},"
             "{\"key\":\"ice\",\"effect\":\"NoSchedule\"}");
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    KT_TRUE(!nw_pod_leaves(w, "p2"));
    nw_taint(w, "n1", "{\"key\":\"fire\",\"value\":\"big\",\"effect\":\"NoExecute\"}");
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    KT_TRUE(nw_pod_leaves(w, "p2")); /* another value */
    nw_taint(w, "n1", FIRE ",{\"key\":\"flood\",\"effect\":\"NoExecute\"}");
    KT_TRUE(nw_pod_leaves(w, "p1"));
    KT_TRUE(!nw_pod_leaves(w, "p3"));
    world_free(w);
}

/* From a taint that is tolerated for ever to one that is not, and back. */
static void a_second_taint_sets_a_deadline_and_takes_it_along(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1",
           ",\"tolerations\":[{\"key\":\"fire\",\"operator\":\"Exists\",\"effect\":\"NoExecute\"},"
           "{\"key\":\"flood\",\"operator\":\"Exists\",\"effect\":\"NoExecute\","
           "\"tolerationSeconds\":60}]");
    nw_taint(w, "n1", FIRE);
    world_run(w, 90 * CLEAT_SECOND);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    nw_taint(w, "n1", FIRE ",{\"key\":\"flood\",\"effect\":\"NoExecute\"}");
    world_run(w, 50 * CLEAT_SECOND);
    nw_taint(w, "n1", FIRE);
    world_run(w, 90 * CLEAT_SECOND);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    world_free(w);
}

static void nodes_and_pods_may_come_in_any_order(void) {
    struct world *w = begin(empty_cloud);
    nw_pod(w, "p1", "n1", ""); /* its Node is not there yet */
    nw_pod(w, "p2", "n1", TOLERATES(""));
    world_settle(w);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    world_create(
        w, "nodes",
        "{\"metadata\":{\"name\":\"n1\"},\"spec\":{\"providerID\":\"other://n1\",\"taints\":[" FIRE
        "]}}");
    world_settle(w);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    KT_TRUE(!nw_pod_leaves(w, "p2"));
    world_free(w);
}

static void a_node_that_goes_calls_nothing_off(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1", TOLERATES(",\"tolerationSeconds\":30"));
    nw_taint(w, "n1", FIRE);
    world_run(w, 10 * CLEAT_SECOND);
    world_delete(w, "nodes", "n1");
    world_run(w, 19 * CLEAT_SECOND);
    KT_TRUE(!nw_pod_leaves(w, "p1"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    KT_EQ_INT(world_events(w, "n1", "RemovingNode"), 1);
    world_free(w);
}

/* ---- more of health ---- */

static void what_is_unknown_already_is_left_as_it_is(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a",
            "{\"type\":\"NetworkUnavailable\",\"status\":\"False\"},"
            "{\"type\":\"MemoryPressure\",\"status\":\"Unknown\",\"reason\":\"Mine\"},"
            "{\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":"
            "\"2026-01-01T00:00:00Z\"}");
    world_run(w, 52 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.0.status", "False");
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.1.reason", "Mine");
    WORLD_EXPECT(w, "nodes", "n1", "status.conditions.2.lastHeartbeatTime", "2026-01-01T00:00:00Z");
    world_run(w, 300 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    KT_EQ_INT(world_events(w, "n1", "NodeNotReady"), 1);
    world_free(w);
}

/* The Node's clock does not matter, only that it says something new. */
static void a_heartbeat_may_go_back_in_time(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    for (int i = 0; i < 6; i++) {
        world_run(w, 40 * CLEAT_SECOND);
        char *c = cleat_sprintf("{\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":"
                                "\"20%d-01-01T00:00:00Z\"}",
                                30 - i);
        nw_status(w, "n1", c);
        free(c);
        KT_TRUE(nw_ready_is(w, "n1", "True"));
    }
    world_run(w, 51 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    world_free(w);
}

static void pod_is_running(struct world *w, const char *name) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_client_api.patch(
        w->client, NULL, (struct cleat_gvr){"", "v1", "pods"},
        (struct cleat_key){CLEAT_STR("default"), cleat_s(name)}, "status", CLEAT_PATCH_MERGE,
        CLEAT_STR("{\"status\":{\"phase\":\"Running\",\"conditions\":[" READY "]}}"), NULL, &e);
    kt_ok(err, &e, name, __FILE__, __LINE__);
}

/* What a kubelet says of its own Node it says of its pods itself. */
static void pods_of_a_node_that_says_so_are_left_to_its_kubelet(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_node(w, "n2", "b", READY);
    nw_pod(w, "p1", "n1", TOLERATES(""));
    pod_is_running(w, "p1");
    world_settle(w);
    nw_status(w, "n1", "{\"type\":\"Ready\",\"status\":\"False\"}");
    world_run(w, CLEAT_SECOND);
    WORLD_EXPECT(w, "pods", "p1", "status.conditions.0.status", "True");
    world_free(w);
}

static void labels_of_old_follow_the_new_ones(void) {
    struct world *w = begin(empty_cloud);
    world_create(w, "nodes",
                 "{\"metadata\":{\"name\":\"n1\",\"labels\":{\"kubernetes.io/os\":\"linux\","
                 "\"kubernetes.io/arch\":\"arm64\",\"beta.kubernetes.io/arch\":\"amd64\"}},"
                 "\"spec\":{\"providerID\":\"other://n1\"}}");
    world_create(w, "nodes",
                 "{\"metadata\":{\"name\":\"n2\",\"labels\":{\"beta.kubernetes.io/os\":\"linux\"}},"
                 "\"spec\":{\"providerID\":\"other://n2\"}}");
    world_settle(w);
    WORLD_EXPECT(w, "nodes", "n1", "metadata.labels[beta.kubernetes.io/os]", "linux");
    WORLD_EXPECT(w, "nodes", "n1", "metadata.labels[beta.kubernetes.io/arch]", "arm64");
    WORLD_EXPECT(w, "nodes", "n2", "metadata.labels[kubernetes.io/os]", "");
    WORLD_EXPECT(w, "nodes", "n2", "metadata.labels[beta.kubernetes.io/os]", "linux");
    world_free(w);
}

static void a_restart_gives_everybody_a_fresh_grace_period(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    world_run(w, 40 * CLEAT_SECOND);
    world_restart(w, "cloud-node,nodelifecycle,taint-eviction", "sim", empty_cloud);
    world_run(w, 49 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "True"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    world_free(w);
}

/* ---- more of zones ---- */

static void a_node_that_has_lost_its_condition_is_not_ready(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 1);
    zone_of(w, "b", "b", 1);
    nw_status(w, "a0", "");
    fail(w, "b", 1, "False"); /* so that all zones are down */
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "b", 1), 0);
    KT_EQ_INT(evicted(w, "a", 1), 0);
    world_free(w);
}

/* A zone of excluded Nodes alone, of the control plane say, does not keep the others up. */
static void a_zone_of_excluded_nodes_is_none(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 1);
    zone_of(w, "b", "b", 1);
    zone_of(w, "m", "m", 1);
    world_patch(w, "nodes", "m0",
                "{\"metadata\":{\"labels\":{\"node.kubernetes.io/exclude-disruption\":\"\"}}}");
    world_run(w, CLEAT_SECOND);
    fail(w, "a", 1, "False");
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 1), 1);
    fail(w, "b", 1, "False");
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 1), 0);
    KT_EQ_INT(evicted(w, "b", 1), 0);
    world_free(w);
}

static void a_new_zone_ends_the_disruption_of_all_others(void) {
    struct world *w = begin(fast);
    zone_of(w, "a", "a", 2);
    fail(w, "a", 2, "False");
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 2), 0);
    zone_of(w, "b", "b", 1);
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_INT(evicted(w, "a", 2), 2);
    world_free(w);
}

KT_MAIN("plugin_health", KT_TEST(a_deadline_stays_whatever_is_tolerated_later),
        KT_TEST(each_taint_must_be_tolerated),
        KT_TEST(a_second_taint_sets_a_deadline_and_takes_it_along),
        KT_TEST(nodes_and_pods_may_come_in_any_order), KT_TEST(a_node_that_goes_calls_nothing_off),
        KT_TEST(what_is_unknown_already_is_left_as_it_is), KT_TEST(a_heartbeat_may_go_back_in_time),
        KT_TEST(pods_of_a_node_that_says_so_are_left_to_its_kubelet),
        KT_TEST(labels_of_old_follow_the_new_ones),
        KT_TEST(a_restart_gives_everybody_a_fresh_grace_period),
        KT_TEST(a_node_that_has_lost_its_condition_is_not_ready),
        KT_TEST(a_zone_of_excluded_nodes_is_none),
        KT_TEST(a_new_zone_ends_the_disruption_of_all_others),
        KT_TEST(a_silent_node_becomes_unknown_at_the_end_of_its_grace_period),
        KT_TEST(a_node_that_never_said_anything_has_the_startup_grace),
        KT_TEST(a_lease_alone_keeps_a_node_that_posts_no_status),
        KT_TEST(a_heartbeat_brings_it_back),
        KT_TEST(conditions_become_taints_and_foreign_taints_stay),
        KT_TEST(pods_of_a_silent_node_are_not_ready), KT_TEST(a_zone_loses_nodes_only_so_fast),
        KT_TEST(a_small_zone_that_is_partly_down_loses_nobody),
        KT_TEST(a_large_zone_that_is_partly_down_has_the_secondary_rate),
        KT_TEST(a_zone_that_is_all_down_has_the_usual_rate),
        KT_TEST(when_all_zones_are_down_nobody_is_evicted), KT_TEST(excluded_nodes_do_not_count),
        KT_TEST(crashed_machines_are_found_and_others_are_not),
        KT_TEST(pods_that_do_not_tolerate_a_taint_leave_at_once),
        KT_TEST(a_deadline_is_called_off_when_the_taint_goes),
        KT_TEST(the_shortest_of_several_tolerations_counts),
        KT_TEST(a_dead_node_loses_its_pods_after_the_default_five_minutes))
