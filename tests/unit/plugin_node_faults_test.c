/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The controllers of Nodes when something goes wrong in between: writes that are
 * refused, answers that never come, objects that were replaced while nobody could hear of
 * it, Nodes that come and go; and all of that at random.
 */
#include "tests/support/faulty.h"
#include "tests/support/kt.h"
#include "tests/support/nodew.h"

static const char *const empty_cloud[] = {"sim-machines=0", NULL};
static const char *const quick[] = {"sim-machines=0", "node-eviction-rate=1", NULL};

#define NOT "{\"type\":\"Ready\",\"status\":\"False\"}"

static struct world *begin(const char *const *flags) {
    return world_new_wrapped("nodelifecycle,taint-eviction", "", flags, faulty_over);
}

static void ready_pod(struct world *w, const char *name, const char *on) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    nw_pod(w, name, on, "");
    cleat_err err = cleat_client_api.patch(
        w->client, NULL, (struct cleat_gvr){"", "v1", "pods"},
        (struct cleat_key){CLEAT_STR("default"), cleat_s(name)}, "status", CLEAT_PATCH_MERGE,
        CLEAT_STR("{\"status\":{\"phase\":\"Running\",\"conditions\":[" READY "]}}"), NULL, &e);
    kt_ok(err, &e, name, __FILE__, __LINE__);
    world_settle(w);
}

static void force_away(struct world *w, const char *pod) {
    struct cleat_delete_opts o = {.struct_size = sizeof o, .grace_period_seconds = 0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_client_api.remove(w->client, NULL, (struct cleat_gvr){"", "v1", "pods"},
                                            (struct cleat_key){CLEAT_STR("default"), cleat_s(pod)},
                                            &o, NULL, &e);
    kt_ok(err, &e, pod, __FILE__, __LINE__);
}

/* ---- replaced while nobody could hear of it ---- */

static void a_node_that_is_another_one_is_new(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_node(w, "n2", "a", READY);
    world_settle(w);
    for (int i = 0; i < 30; i++) { /* n1 has been silent for long */
        world_run(w, 10 * CLEAT_SECOND);
        nw_renew(w, "n2");
    }
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    faulty_hold_streams();
    world_delete(w, "nodes", "n1");
    nw_node(w, "n1", "a", "");
    faulty_end_streams();
    nw_status(w, "n2", READY); /* somebody reads on */
    world_run(w, 20 * CLEAT_SECOND);
    KT_EQ_INT(world_events(w, "n1", "RegisteredNode"), 2);
    KT_EQ_INT(world_events(w, "n1", "RemovingNode"), 1);
    KT_TRUE(!nw_ready_is(w, "n1", "Unknown")); /* it has a startup grace of its own */
    for (int i = 0; i < 5; i++) {
        world_run(w, 10 * CLEAT_SECOND);
        nw_renew(w, "n2");
    }
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    world_free(w);
}

static void a_pod_that_is_another_one_is_judged(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1", "");
    world_settle(w);
    nw_taint(w, "n1", "{\"key\":\"fire\",\"effect\":\"NoExecute\"}");
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    faulty_hold_streams();
    force_away(w, "p1");
    nw_pod(w, "p1", "n1", "");
    faulty_end_streams();
    nw_pod(w, "p2", "n1", "");
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    KT_TRUE(nw_pod_leaves(w, "p2"));
    world_free(w);
}

/* ---- writes that fail ---- */

static void silence_is_written_until_it_is(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    world_run(w, 49 * CLEAT_SECOND);
    faulty_refuse_writes("nodes", 5, CLEAT_E_UNAVAILABLE);
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    world_run(w, CLEAT_SECOND);
    KT_TRUE(nw_has_taint(w, "n1", UNREACHABLE, "NoSchedule"));
    KT_EQ_INT(world_events(w, "n1", "NodeNotReady"), 1);
    world_free(w);
}

static void pods_are_marked_until_they_are(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    ready_pod(w, "p1", "n1");
    ready_pod(w, "p2", "n1");
    world_run(w, 49 * CLEAT_SECOND);
    faulty_refuse_writes("pods", 7, CLEAT_E_UNAVAILABLE);
    world_run(w, 10 * CLEAT_SECOND);
    WORLD_EXPECT(w, "pods", "p1", "status.conditions.0.status", "False");
    WORLD_EXPECT(w, "pods", "p2", "status.conditions.0.status", "False");
    KT_EQ_INT(world_events(w, "p1", "NodeNotReady"), 1);
    world_free(w);
}

/* It was written, and nobody knows. */
static void an_answer_that_is_lost_leaves_no_pod_ready(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    ready_pod(w, "p1", "n1");
    world_run(w, 49 * CLEAT_SECOND);
    faulty_lose_answers("nodes", 1);
    world_run(w, 10 * CLEAT_SECOND);
    KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
    KT_TRUE(nw_has_taint(w, "n1", UNREACHABLE, "NoSchedule"));
    WORLD_EXPECT(w, "pods", "p1", "status.conditions.0.status", "False");
    KT_EQ_INT(world_events(w, "n1", "NodeNotReady"), 1);
    world_free(w);
}

/* The same where the answer is lost in another way, and word of the write comes late: what is
 * tried meanwhile meets it, and that proves nothing. */
static void an_answer_that_is_lost_is_found_out(void) {
    static const cleat_err ways[] = {CLEAT_E_TIMEOUT, CLEAT_E_UNKNOWN, CLEAT_E_UNAVAILABLE};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct world *w = begin(empty_cloud);
        nw_node(w, "n1", "a", READY);
        ready_pod(w, "p1", "n1");
        world_run(w, 49 * CLEAT_SECOND);
        faulty_hold_streams();
        faulty_lose_answers_as("nodes", 1, ways[i]);
        world_run(w, 10 * CLEAT_SECOND);
        KT_TRUE(nw_ready_is(w, "n1", "Unknown"));
        faulty_end_streams();
        nw_node(w, "n2", "b", READY); /* by which the streams are read again */
        nw_pod(w, "p2", "n2", "");
        world_run(w, 30 * CLEAT_SECOND);
        WORLD_EXPECT(w, "pods", "p1", "status.conditions.0.status", "False");
        KT_EQ_INT(world_events(w, "n1", "NodeNotReady"), 1);
        world_free(w);
    }
}

static void a_deletion_is_repeated(void) {
    struct world *w = begin(empty_cloud);
    nw_node(w, "n1", "a", READY);
    nw_pod(w, "p1", "n1", "");
    world_settle(w);
    faulty_refuse_writes("pods", 4, CLEAT_E_UNAVAILABLE);
    nw_taint(w, "n1", "{\"key\":\"fire\",\"effect\":\"NoExecute\"}");
    world_run(w, 5 * CLEAT_SECOND);
    KT_TRUE(nw_pod_leaves(w, "p1"));
    world_free(w);
}

/* ---- Nodes that come and go ---- */

static size_t with_execute(struct world *w, int n) {
    size_t k = 0;
    for (int i = 0; i < n; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("n%d", i);
        k += nw_has_taint(w, name, NOT_READY, "NoExecute") ||
             nw_has_taint(w, name, UNREACHABLE, "NoExecute");
    }
    return k;
}

/* One that is well again before its turn has none, and gets one when it fails once more. */
static void a_turn_that_is_not_used_is_not_lost(void) {
    struct world *w = begin(quick);
    for (int i = 0; i < 10; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("n%d", i);
        nw_node(w, name, "a", READY);
    }
    world_settle(w);
    nw_status(w, "n0", NOT);
    nw_status(w, "n1", NOT);
    world_run(w, 500 * CLEAT_MS);
    KT_EQ_INT(with_execute(w, 10), 1);
    nw_status(w, "n1", READY);
    nw_status(w, "n0", READY);
    world_run(w, 3 * CLEAT_SECOND);
    KT_EQ_INT(with_execute(w, 10), 0);
    for (int k = 0; k < 5; k++) { /* many times before its turn: it stands in line once */
        nw_status(w, "n1", NOT);
        nw_status(w, "n1", READY);
    }
    nw_status(w, "n1", NOT);
    nw_status(w, "n0", NOT);
    world_run(w, 500 * CLEAT_MS);
    KT_EQ_INT(with_execute(w, 10), 1);
    world_run(w, 1200 * CLEAT_MS);
    KT_EQ_INT(with_execute(w, 10), 2);
    world_free(w);
}

/* As a kubelet posts it: with a heartbeat. */
static void post(struct world *w, const char *name, const char *ready) {
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    CLEAT_AUTO_FREE char *condition = cleat_sprintf(
        "{\"type\":\"Ready\",\"status\":\"%s\",\"lastHeartbeatTime\":\"%s\"}", ready, now);
    nw_status(w, name, condition);
    world_run(w, 100 * CLEAT_MS);
}

/* Not ready, then silent: the one taint is exchanged for the other, at no zone's rate. */
static void one_taint_follows_the_other_at_once(void) {
    static const char *const slow[] = {"sim-machines=0", "node-eviction-rate=0.001", NULL};
    struct world *w = begin(slow);
    nw_node(w, "n0", "a", READY);
    nw_node(w, "n1", "a", READY);
    world_settle(w);
    nw_status(w, "n0", NOT);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(nw_has_taint(w, "n0", NOT_READY, "NoExecute"));
    KT_TRUE(nw_has_taint(w, "n0", NOT_READY, "NoSchedule"));
    for (int i = 0; i < 6; i++) {
        nw_renew(w, "n1");
        world_run(w, 9 * CLEAT_SECOND);
    }
    KT_TRUE(nw_ready_is(w, "n0", "Unknown"));
    KT_TRUE(nw_has_taint(w, "n0", UNREACHABLE, "NoExecute"));
    KT_TRUE(!nw_has_taint(w, "n0", NOT_READY, "NoExecute"));
    KT_TRUE(nw_has_taint(w, "n0", UNREACHABLE, "NoSchedule"));
    KT_TRUE(!nw_has_taint(w, "n0", NOT_READY, "NoSchedule"));
    post(w, "n0", "False");
    KT_TRUE(nw_has_taint(w, "n0", NOT_READY, "NoExecute"));
    KT_TRUE(!nw_has_taint(w, "n0", UNREACHABLE, "NoExecute"));
    post(w, "n0", "True");
    KT_EQ_INT(with_execute(w, 2), 0);
    world_free(w);
}

/* Taints of an earlier controller go with the first look, and come back by the zone's rate. */
static void taints_of_an_earlier_life(void) {
    struct world *w = begin(quick);
    nw_node(w, "n0", "a", READY);
    nw_node(w, "n1", "a", READY);
    world_settle(w);
    world_restart(w, "taint-eviction", "", quick);
    nw_taint(w, "n0", "{\"key\":\"" UNREACHABLE "\",\"effect\":\"NoExecute\"}");
    world_restart(w, "nodelifecycle,taint-eviction", "", quick);
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(with_execute(w, 2), 0);
    world_free(w);
}

/* ---- at random ---- */

enum { NODES = 24 };

static bool all_settled(struct world *w, const bool *crashed) {
    for (int i = 0; i < NODES; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("m%d", i);
        if (!nw_ready_is(w, name, crashed[i] ? "Unknown" : "True") ||
            nw_has_taint(w, name, UNREACHABLE, "NoSchedule") != crashed[i] ||
            nw_has_taint(w, name, NOT_READY, "NoSchedule") ||
            world_node_has_taint(w, name, "node.cloudprovider.kubernetes.io/uninitialized")) {
            return false;
        }
    }
    return true;
}

static void blocks_differ(struct world *w) {
    char *seen[NODES];
    for (int i = 0; i < NODES; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("m%d", i);
        seen[i] = world_text(w, "nodes", name, "spec.podCIDR");
        KT_TRUE(seen[i][0] != 0);
        for (int k = 0; k < i; k++) {
            KT_TRUE(strcmp(seen[k], seen[i]) != 0);
        }
    }
    for (int i = 0; i < NODES; i++) {
        free(seen[i]);
    }
}

/* Servers crash, come back and are replaced while one call in so many fails; whatever has
 * happened, all is as it should be once the calls succeed again. */
static void chaos(unsigned seed) {
    static const char *const flags[] = {"sim-machines=0", "allocate-node-cidrs=true",
                                        "cluster-cidr=10.0.0.0/19", /* 32 blocks for 24 Nodes */
                                        "node-eviction-rate=10", NULL};
    bool crashed[NODES] = {false};
    struct world *w =
        world_new_wrapped("cloud-node,cloud-node-lifecycle,nodelifecycle,taint-eviction,nodeipam",
                          "sim", flags, faulty_over);
    cleat_random_seed(seed);
    for (int i = 0; i < NODES; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("m%d", i);
        CLEAT_AUTO_FREE char *spec = cleat_sprintf("\"zone\":\"z%d\"", i % 3);
        world_machine(w, name, spec);
    }
    world_run(w, 5 * CLEAT_SECOND);
    faulty_rate(12);
    for (int step = 0; step < 60; step++) {
        int i = (int)(cleat_random() % (NODES - 2)); /* two stay, so that there is somebody */
        CLEAT_AUTO_FREE char *name = cleat_sprintf("m%d", i);
        if (cleat_random() % 4 == 0) {
            CLEAT_AUTO_FREE char *spec = cleat_sprintf("\"zone\":\"z%d\"", i % 3);
            world_delete(w, "machines", name);
            world_machine(w, name, spec);
            crashed[i] = false;
        } else {
            crashed[i] = !crashed[i];
            CLEAT_AUTO_FREE char *patch = cleat_sprintf("{\"spec\":{\"kubelet\":{\"crashed\":%s}}}",
                                                        crashed[i] ? "true" : "false");
            world_patch(w, "machines", name, patch);
        }
        world_run(w, (cleat_time)(cleat_random() % 20) * CLEAT_SECOND);
    }
    KT_TRUE(faulty_count() > 100);
    faulty_rate(0);
    for (int i = 0; i < 40 && !all_settled(w, crashed); i++) {
        world_run(w, 10 * CLEAT_SECOND);
    }
    KT_TRUE(all_settled(w, crashed));
    blocks_differ(w);
    world_free(w);
}

static void whatever_happens(void) {
    for (unsigned seed = 1; seed <= 3; seed++) {
        chaos(seed);
    }
}

KT_MAIN("plugin_node_faults", KT_TEST(a_node_that_is_another_one_is_new),
        KT_TEST(a_pod_that_is_another_one_is_judged), KT_TEST(silence_is_written_until_it_is),
        KT_TEST(pods_are_marked_until_they_are),
        KT_TEST(an_answer_that_is_lost_leaves_no_pod_ready),
        KT_TEST(an_answer_that_is_lost_is_found_out), KT_TEST(a_deletion_is_repeated),
        KT_TEST(a_turn_that_is_not_used_is_not_lost), KT_TEST(one_taint_follows_the_other_at_once),
        KT_TEST(taints_of_an_earlier_life), KT_TEST(whatever_happens))
