/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The controllers of Nodes by tables, on the virtual clock: the cases of upstream's unit
 * tests that are many of one sort. plugin_health_test has what is a story.
 */
#include "tests/support/kt.h"
#include "tests/support/nodew.h"

static const char *const empty_cloud[] = {"sim-machines=0", NULL};

static struct world *begin(void) {
    return world_new("nodelifecycle,taint-eviction", "", empty_cloud);
}

#define COND(type, status) "{\"type\":\"" type "\",\"status\":\"" status "\"}"

/* ---- health ---- */

/* A Node is heard of by its status and by its Lease, each so long; `at` seconds after it came its
 * Ready condition says `want` ("" = it has none). */
static void heard_of_by_status_and_by_lease(void) {
    enum { NEVER = -1, ALWAYS = 100000, STEP = 10 };
    static const struct {
        int status_until, lease_until, at;
        const char *want;
    } cases[] = {
        {NEVER, NEVER, 59, ""},    {NEVER, NEVER, 61, "Unknown"}, {NEVER, ALWAYS, 300, ""},
        {NEVER, 30, 89, ""},       {NEVER, 30, 92, "Unknown"},    {0, NEVER, 49, "True"},
        {0, NEVER, 51, "Unknown"}, {0, ALWAYS, 300, "True"},      {ALWAYS, NEVER, 300, "True"},
        {ALWAYS, 0, 300, "True"},  {30, 60, 109, "True"},         {30, 60, 112, "Unknown"},
        {60, 30, 109, "True"},     {60, 30, 112, "Unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = begin();
        nw_node(w, "n", "a", "");
        for (int t = 0; t < cases[i].at; t++) {
            if (t % STEP == 0 && t <= cases[i].status_until) {
                char now[32];
                cleat_time_format(cleat_now_wall(), false, now);
                CLEAT_AUTO_FREE char *ready = cleat_sprintf(
                    "{\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":\"%s\"}", now);
                nw_status(w, "n", ready);
            }
            if (t % STEP == 0 && t <= cases[i].lease_until) {
                nw_renew(w, "n");
            }
            world_run(w, CLEAT_SECOND);
        }
        CLEAT_AUTO_FREE char *type = world_text(w, "nodes", "n", "status.conditions.0.type");
        CLEAT_AUTO_FREE char *got = world_text(w, "nodes", "n", "status.conditions.0.status");
        if (strcmp(got, cases[i].want) != 0) {
            fprintf(stderr, "  case %zu\n", i);
        }
        KT_EQ_STR(got, cases[i].want);
        KT_EQ_STR(type, cases[i].want[0] != '\0' ? "Ready" : "");
        world_free(w);
    }
}

/* What Ready said before the grace period ends, and what all say after it. */
static void whatever_it_said_it_is_unknown_in_the_end(void) {
    static const struct {
        const char *before, *reason;
        size_t told; /* NodeNotReady: of those that were ready */
    } cases[] = {{"True", "NodeStatusUnknown", 1},
                 {"False", "NodeStatusUnknown", 0},
                 {"Unknown", "Kubelet", 0},
                 {NULL, "NodeStatusNeverUpdated", 0}};
    static const char *const pressures[] = {"MemoryPressure", "DiskPressure", "PIDPressure"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = begin();
        CLEAT_AUTO_FREE char *ready =
            cases[i].before == NULL
                ? cleat_strdup("")
                : cleat_sprintf("{\"type\":\"Ready\",\"status\":\"%s\",\"reason\":\"Kubelet\"}",
                                cases[i].before);
        nw_node(w, "n", "a", ready);
        world_run(w, 49 * CLEAT_SECOND);
        WORLD_EXPECT(w, "nodes", "n", "status.conditions.0.status",
                     cases[i].before != NULL ? cases[i].before : "");
        world_run(w, 20 * CLEAT_SECOND);
        WORLD_EXPECT(w, "nodes", "n", "status.conditions.0.status", "Unknown");
        WORLD_EXPECT(w, "nodes", "n", "status.conditions.0.reason", cases[i].reason);
        for (size_t k = 0; k < 3 && cases[i].told + (i != 2) > 0; k++) {
            CLEAT_AUTO_FREE char *path = cleat_sprintf("status.conditions.%zu.type", k + 1);
            WORLD_EXPECT(w, "nodes", "n", path, pressures[k]);
        }
        KT_EQ_INT(world_events(w, "n", "NodeNotReady"), cases[i].told);
        world_free(w);
    }
}

/* ---- pods ---- */

static void pod_says(struct world *w, const char *name, const char *conditions) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_FREE char *patch =
        cleat_sprintf("{\"status\":{\"phase\":\"Running\",\"conditions\":[%s]}}", conditions);
    KT_OK(cleat_client_api.patch(w->client, NULL, (struct cleat_gvr){"", "v1", "pods"},
                                 (struct cleat_key){CLEAT_STR("default"), cleat_s(name)}, "status",
                                 CLEAT_PATCH_MERGE, cleat_s(patch), NULL, &e),
          &e);
}

#define STAYS ",\"tolerations\":[{\"operator\":\"Exists\"}]"

/* A pod that is bound to a Node that is known not to be well says so; of one that has said
 * nothing yet nothing is known. */
static void pods_that_are_bound_late(void) {
    static const struct {
        const char *node, *pod, *want;
    } cases[] = {{READY, READY, "True"},
                 {COND("Ready", "False"), READY, "False"},
                 {COND("Ready", "Unknown"), READY, "False"},
                 {"", READY, "True"},
                 {NULL, READY, "True"}, /* there is no such Node */
                 {COND("Ready", "Unknown"), COND("Ready", "Unknown"), "False"},
                 {COND("Ready", "Unknown"), COND("ContainersReady", "True"), "True"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = world_new("taint-eviction", "", empty_cloud);
        nw_node(w, "other", "b", READY);
        if (cases[i].node != NULL) {
            nw_node(w, "n", "a", cases[i].node);
        }
        nw_pod(w, "p", "n", STAYS);
        pod_says(w, "p", cases[i].pod);
        world_settle(w);
        world_restart(w, "nodelifecycle", "", empty_cloud); /* to which all are new */
        world_run(w, 5 * CLEAT_SECOND);
        CLEAT_AUTO_FREE char *got = world_text(w, "pods", "p", "status.conditions.0.status");
        if (strcmp(got, cases[i].want) != 0) {
            fprintf(stderr, "  case %zu\n", i);
        }
        KT_EQ_STR(got, cases[i].want);
        world_free(w);
    }
}

/* ---- eviction ---- */

#define FIRE  "{\"key\":\"fire\",\"value\":\"v\",\"effect\":\"NoExecute\"}"
#define FLOOD "{\"key\":\"flood\",\"effect\":\"NoExecute\"}"
#define T(key, rest)                                                                               \
    "{\"key\":\"" key "\",\"operator\":\"Exists\",\"effect\":\"NoExecute\"" rest "}"
#define FOR(seconds) ",\"tolerationSeconds\":" seconds

/* Taints, tolerations, and after how many seconds the pod goes (NEVER: it stays). */
static void how_long_a_pod_stays(void) {
    enum { NEVER = -1, LONG = 400 };
    static const struct {
        const char *node, *taints, *tolerations;
        int goes;
    } cases[] = {
        {"n", "", "", NEVER},
        {"n", FIRE, "", 0},
        {"n", FIRE, T("fire", ""), NEVER},
        {"n", FIRE, T("fire", FOR("100")), 100},
        {"n", FIRE, T("fire", FOR("0")), 0},
        {"n", FIRE, T("fire", FOR("-5")), 0},
        {"n", FIRE, T("ice", ""), 0},
        {"n", FIRE, T("ice", FOR("100")), 0},
        {"n", FIRE, T("fire", FOR("10")) "," T("fire", FOR("20")), 10},
        {"n", FIRE, T("fire", "") "," T("fire", FOR("20")), NEVER},
        {"n", FIRE "," FLOOD, T("fire", "") "," T("flood", FOR("20")), 20},
        {"n", FIRE "," FLOOD, T("flood", FOR("20")) "," T("fire", ""), 20},
        {"n", FIRE "," FLOOD, T("fire", "") "," T("flood", ""), NEVER},
        {"n", FIRE "," FLOOD, T("fire", FOR("30")), 0},
        {"n", FIRE, "{\"key\":\"fire\",\"operator\":\"Equal\",\"value\":\"v\"}", NEVER},
        {"n", FIRE, "{\"key\":\"fire\",\"value\":\"w\"}", 0},
        {"n", FIRE, "{\"key\":\"fire\",\"operator\":\"Exists\",\"effect\":\"NoSchedule\"}", 0},
        {"n", "{\"key\":\"fire\",\"effect\":\"NoSchedule\"}", "", NEVER},
        {"other", FIRE, "", NEVER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int first = 0; first < 2; first++) { /* the taint, or the pod */
            struct world *w = world_new("taint-eviction", "", empty_cloud);
            nw_node(w, "n", "a", READY);
            nw_node(w, "other", "a", READY);
            CLEAT_AUTO_FREE char *spec =
                cleat_sprintf(",\"tolerations\":[%s]", cases[i].tolerations);
            if (first == 0) {
                nw_taint(w, "n", cases[i].taints);
            }
            nw_pod(w, "p", cases[i].node, spec);
            world_settle(w);
            if (first == 1) {
                nw_taint(w, "n", cases[i].taints);
            }
            int gone = NEVER;
            for (int t = 0; t <= LONG && gone == NEVER; t++) {
                world_settle(w);
                gone = nw_pod_leaves(w, "p") ? t : NEVER;
                world_run(w, CLEAT_SECOND);
            }
            if (gone != cases[i].goes) {
                fprintf(stderr, "  case %zu\n", i);
            }
            KT_EQ_INT(gone, cases[i].goes);
            world_free(w);
        }
    }
}

/* ---- zones ---- */

/* What the gauges show of a zone. */
static bool zone_is(const char *zone, int size, int unhealthy, int health) {
    CLEAT_AUTO_BUF b = {0};
    cleat_metrics_expose(&b);
    bool is = true;
    const struct {
        const char *name;
        int value;
    } want[] = {{"node_collector_zone_size", size},
                {"node_collector_unhealthy_nodes_in_zone", unhealthy},
                {"node_collector_zone_health", health}};
    for (size_t i = 0; i < 3; i++) {
        CLEAT_AUTO_FREE char *line =
            cleat_sprintf("\n%s{zone=\"%s\"} %d\n", want[i].name, zone, want[i].value);
        is &= KT_TRUE(strstr(b.p, line) != NULL);
    }
    return is;
}

static void zones_are_counted(void) {
    struct world *w = begin();
    nw_node(w, "n0", "z1", READY);
    nw_node(w, "n1", "z1", COND("Ready", "False"));
    nw_node(w, "n2", "z1", "");
    nw_node(w, "n3", "z2", COND("Ready", "Unknown"));
    nw_node(w, "n5", "z1", READY);
    world_create(
        w, "nodes",
        "{\"metadata\":{\"name\":\"n4\",\"labels\":{\"topology.kubernetes.io/zone\":\"z2\","
        "\"node.kubernetes.io/exclude-disruption\":\"\"}},\"spec\":{\"providerID\":"
        "\"other://n4\"}}");
    world_run(w, CLEAT_SECOND);
    zone_is("::z1", 4, 2, 50);
    zone_is("::z2", 1, 1, 0);
    nw_status(w, "n1", READY);
    nw_status(w, "n3", READY);
    world_run(w, CLEAT_SECOND);
    zone_is("::z2", 1, 0, 100);
    world_delete(w, "nodes", "n3"); /* the one that does not count is left */
    world_delete(w, "nodes", "n2");
    world_run(w, CLEAT_SECOND);
    zone_is("::z1", 3, 0, 100);
    zone_is("::z2", 0, 0, 100);
    world_free(w);
}

/* Partly down: three that are not ready, and at least 55 in 100. A zone of a few then loses
 * nobody; one that has fewer loses one each ten seconds. */
static void how_much_of_a_zone_is_part_of_it(void) {
    static const struct {
        int nodes, down, evicted; /* after 35 s */
    } cases[] = {{2, 1, 1}, {3, 2, 2}, {4, 3, 0}, {5, 3, 0}, {6, 3, 3}, {7, 4, 0}, {3, 3, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = begin();
        nw_node(w, "elsewhere", "b", READY);
        for (int n = 0; n < cases[i].nodes; n++) {
            CLEAT_AUTO_FREE char *name = cleat_sprintf("n%d", n);
            nw_node(w, name, "a", READY);
        }
        world_run(w, CLEAT_SECOND);
        for (int n = 0; n < cases[i].down; n++) {
            CLEAT_AUTO_FREE char *name = cleat_sprintf("n%d", n);
            nw_status(w, name, COND("Ready", "False"));
        }
        world_run(w, 35 * CLEAT_SECOND);
        int evicted = 0;
        for (int n = 0; n < cases[i].nodes; n++) {
            CLEAT_AUTO_FREE char *name = cleat_sprintf("n%d", n);
            evicted += nw_has_taint(w, name, NOT_READY, "NoExecute");
        }
        if (cases[i].nodes == cases[i].down) { /* all of it: as if nothing were special */
            KT_TRUE(evicted > 0);
        } else {
            KT_EQ_INT(evicted, cases[i].evicted);
        }
        world_free(w);
    }
}

/* ---- events ---- */

static void events_are_about_this_very_node(void) {
    struct world *w = begin();
    nw_node(w, "n", "a", READY);
    world_run(w, 2 * CLEAT_SECOND);
    CLEAT_AUTO_FREE char *uid = world_text(w, "nodes", "n", "metadata.uid");
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_error e = CLEAT_ERROR_INIT;
    size_t n = 0;
    KT_OK(cleat_client_api.list(w->client, NULL, (struct cleat_gvr){"", "v1", "events"}, "default",
                                NULL, &l, &e),
          &e);
    for (size_t i = 0; i < l.n; i++) {
        if (cleat_eqc(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("reason"))),
                      "RegisteredNode")) {
            n++;
            KT_EQ_S(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("involvedObject", "uid"))),
                    cleat_s(uid));
            KT_EQ_S(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("message"))),
                    CLEAT_STR("Node n event: Registered Node n in Controller"));
            KT_EQ_S(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("source", "component"))),
                    CLEAT_STR("node-controller"));
        }
    }
    KT_EQ_INT(n, 1);
    cleat_client_api.list_free(&l);
    world_free(w);
}

KT_MAIN("plugin_node_cases", KT_TEST(heard_of_by_status_and_by_lease),
        KT_TEST(whatever_it_said_it_is_unknown_in_the_end), KT_TEST(pods_that_are_bound_late),
        KT_TEST(how_long_a_pod_stays), KT_TEST(zones_are_counted),
        KT_TEST(how_much_of_a_zone_is_part_of_it), KT_TEST(events_are_about_this_very_node))
