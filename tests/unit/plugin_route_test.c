/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The route controller on a scripted cloud, in a world on a virtual clock: what
 * upstream's promises and what ours does beyond it, one test each.
 */
#include "tests/support/faulty.h"
#include "tests/support/kt.h"
#include "tests/support/lbw.h"

static struct script cloud;
static struct script *const one[] = {&cloud};
static enum script_outcome outcome; /* of ... */
static const char *outcome_of;      /* ... this operation; NULL = of none */
static struct world *world;

static const char *const flags[] = {"cluster-cidr=10.244.0.0/16,fd10::/48", NULL};

static enum script_outcome decide(struct script *s, const char *op, const char *about) {
    (void)s, (void)about;
    enum script_outcome now = outcome;
    if (outcome_of == NULL || strcmp(op, outcome_of) != 0) {
        return SCRIPT_WORKS;
    }
    if (now == SCRIPT_HANGS) { /* once: it lasts longer than the pause before the next try */
        outcome = SCRIPT_FAILS;
    }
    return now;
}

static struct world *begin_with(const char *const *more) {
    script_init(&cloud, "script");
    cloud.decide = decide;
    outcome_of = NULL;
    world = lbw_world("route", more, one, 1);
    return world;
}

static struct world *begin(void) {
    return begin_with(flags);
}

static void end(void) {
    world_free(world);
    script_done(&cloud);
}

/* cidrs: JSON strings with commas between. */
static void node(const char *name, const char *cidrs) {
    CLEAT_AUTO_FREE char *spec = cleat_sprintf(",\"podCIDRs\":[%s]", cidrs);
    lbw_node(world, name, "script", "", cidrs[0] != 0 ? spec : "",
             "\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.0.0.1\"}]");
    world_run(world, CLEAT_MS);
}

static void drop_node(const char *name) {
    world_delete(world, "nodes", name);
    world_run(world, CLEAT_MS);
}

static char *condition(const char *name) {
    cleat_obj *o = world_get(world, "nodes", name);
    struct cleat_iter it = {0};
    char *text = NULL;
    while (o != NULL && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "NetworkUnavailable")) {
            text = cleat_sprintf("%.*s/%.*s: %.*s",
                                 CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "status"))),
                                 CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "reason"))),
                                 CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "message"))));
        }
    }
    cleat_obj_unref(o);
    return text != NULL ? text : cleat_strdup("");
}

static void expect_condition(const char *name, const char *want, int line) {
    CLEAT_AUTO_FREE char *text = condition(name);
    kt_str(cleat_s(text), cleat_s(want), name, __FILE__, line);
}
#define MADE               "False/RouteCreated: RouteController created a route"
#define LACKS              "True/NoRouteCreated: RouteController failed to create a route"
#define CONDITION(n, want) expect_condition((n), (want), __LINE__)

static void expect_log(const char *want, int line) {
    CLEAT_AUTO_FREE char *log = script_log(&cloud);
    kt_str(cleat_s(log), cleat_s(want), "calls", __FILE__, line);
}
#define LOG(want) expect_log((want), __LINE__)

/* ---- the ordinary way ---- */

static void a_new_node_has_its_routes_at_once(void) {
    begin();
    LOG("list routes;");
    node("n1", "\"10.244.0.0/24\",\"fd10::/64\"");
    LOG("create n1 10.244.0.0/24;create n1 fd10::/64;");
    CONDITION("n1", MADE);
    KT_EQ_STR(cloud.routes->addresses, "InternalIP=10.0.0.1");
    world_run(world, 100 * CLEAT_SECOND); /* nothing but lists from now on */
    CLEAT_AUTO_FREE char *log = script_log(&cloud);
    KT_TRUE(strstr(log, "create") == NULL && strstr(log, "remove") == NULL);
    KT_EQ_INT(script_n_routes(&cloud), 2);
    end();
}

static void the_simulated_cloud_routes_too(void) {
    static const char *const sim[] = {"sim-machines=1", "allocate-node-cidrs=true",
                                      "cluster-cidr=10.244.0.0/16,fd10::/48", NULL};
    struct world *w = world = world_new("cloud-node,nodeipam,route", "sim", sim);
    world_run(w, CLEAT_SECOND);
    CONDITION("sim-1", MADE);
    KT_EQ_INT(world_count(w, "routes"), 2);
    world_restart(w, "nodeipam,route", "sim", sim);
    world_delete(w, "nodes", "sim-1");
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(world_count(w, "routes"), 0);
    world_free(w);
}

static void routes_go_with_their_node(void) {
    begin();
    node("n1", "\"10.244.0.0/24\"");
    node("n2", "\"10.244.1.0/24\"");
    free(script_log(&cloud));
    drop_node("n1");
    /* it has to be listed before it can be deleted as it was listed */
    LOG("list routes;remove n1 10.244.0.0/24;");
    KT_EQ_INT(script_n_routes(&cloud), 1);
    world_run(world, 10 * CLEAT_SECOND);
    drop_node("n2");
    LOG("list routes;remove n2 10.244.1.0/24;");
    end();
}

static void what_is_stale_goes_and_what_is_not_ours_stays(void) {
    static const struct {
        const char *name, *target, *cidr;
        bool blackhole, goes;
    } cases[] = {
        {"good", "n1", "10.244.0.0/24", false, false},
        {"gone node", "n9", "10.244.9.0/24", false, true},
        {"another network", "n1", "10.244.7.0/24", false, true},
        {"dual", "n9", "fd10::/64", false, true},
        {"blackhole to nobody", "", "10.244.8.0/24", true, true},
        {"blackhole elsewhere", "", "10.9.0.0/24", true, false},
        {"outside", "n9", "10.9.9.0/24", false, false},
        {"ends inside", "n9", "10.128.0.0/9", false, false},
        {"begins inside", "n9", "10.244.0.0/15", false, true},
        {"around", "n9", "10.0.0.0/8", false, false},
        {"unreadable", "n9", "nonsense", false, false},
        {"v6 elsewhere", "n9", "fd11::/64", false, false},
    };
    begin();
    node("n1", "\"10.244.0.0/24\"");
    for (size_t i = 1; i < sizeof cases / sizeof *cases; i++) {
        script_add_route(&cloud, cases[i].name, cases[i].target, cases[i].cidr)->blackhole =
            cases[i].blackhole;
    }
    world_run(world, 11 * CLEAT_SECOND);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool there = script_route_to(&cloud, cases[i].target, cases[i].cidr) != NULL;
        kt_true(there != cases[i].goes, cases[i].name, __FILE__, __LINE__);
    }
    CONDITION("n1", MADE);
    end();
}

static void a_blackhole_is_made_anew(void) {
    begin();
    node("n1", "\"10.244.0.0/24\"");
    free(script_log(&cloud));
    cloud.routes->blackhole = true;
    world_run(world, 11 * CLEAT_SECOND);
    LOG("list routes;remove n1 10.244.0.0/24;create n1 10.244.0.0/24;");
    KT_TRUE(!cloud.routes->blackhole);
    CONDITION("n1", MADE);
    end();
}

static void addresses_are_followed_where_the_cloud_tells_them(void) {
    begin();
    cloud.tells_addresses = true;
    node("n1", "\"10.244.0.0/24\"");
    world_run(world, 11 * CLEAT_SECOND);
    LOG("list routes;create n1 10.244.0.0/24;list routes;");
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.patch(
              world->client, NULL, (struct cleat_gvr){"", "v1", "nodes"},
              (struct cleat_key){CLEAT_STR(""), CLEAT_STR("n1")}, "status", CLEAT_PATCH_MERGE,
              CLEAT_STR("{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.0."
                        "0.2\"}]}}"),
              NULL, &e),
          &e);
    world_run(world, CLEAT_MS);
    LOG("remove n1 10.244.0.0/24;create n1 10.244.0.0/24;");
    KT_EQ_STR(cloud.routes->addresses, "InternalIP=10.0.0.2");
    end();
}

static void a_network_that_was_given_to_another_changes_hands(void) {
    begin();
    node("n1", "\"10.244.0.0/24\"");
    world_run(world, 11 * CLEAT_SECOND);
    free(script_log(&cloud));
    world_delete(world, "nodes", "n1");
    node("n2", "\"10.244.0.0/24\"");
    world_run(world, 2 * CLEAT_SECOND);
    LOG("remove n1 10.244.0.0/24;create n2 10.244.0.0/24;");
    CONDITION("n2", MADE);
    KT_EQ_INT(world_events(world, "n2", "FailedToCreateRoute"), 0);
    end();
}

static void nodes_of_others_and_without_networks_are_not_spoken_of(void) {
    begin();
    node("bare", "");
    lbw_node(world, "theirs", "other", "", ",\"podCIDRs\":[\"10.244.5.0/24\"]", "");
    script_add_route(&cloud, "x", "theirs", "10.244.5.0/24");
    world_run(world, 30 * CLEAT_SECOND);
    CONDITION("bare", "");
    CONDITION("theirs", "");
    KT_TRUE(script_route_to(&cloud, "theirs", "10.244.5.0/24") != NULL);
    script_add_route(&cloud, "y", "bare", "10.244.6.0/24"); /* a route, but no network */
    world_run(world, 11 * CLEAT_SECOND);
    CONDITION("bare", LACKS);
    KT_TRUE(script_route_to(&cloud, "bare", "10.244.6.0/24") == NULL);
    end();
}

static void what_somebody_deleted_comes_back_within_the_period(void) {
    begin();
    node("n1", "\"10.244.0.0/24\"");
    world_run(world, 15 * CLEAT_SECOND);
    script_drop_route(&cloud, cloud.routes->name);
    world_run(world, 10 * CLEAT_SECOND);
    KT_EQ_INT(script_n_routes(&cloud), 1);
    end();
}

/* ---- failures ---- */

static void a_route_that_cannot_be_made_is_told_of_and_tried_again(void) {
    begin();
    outcome = SCRIPT_FAILS;
    outcome_of = "create";
    node("n1", "\"10.244.0.0/24\"");
    CONDITION("n1", LACKS);
    CLEAT_AUTO_FREE char *text = NULL;
    world_run(world, CLEAT_SECOND / 2);
    text = lbw_event(world, "n1", "FailedToCreateRoute");
    CLEAT_AUTO_FREE char *uid = world_text(world, "nodes", "n1", "metadata.uid");
    CLEAT_AUTO_FREE char *want =
        cleat_sprintf("Could not create route %s 10.244.0.0/24 for node n1 after 0.000s: the cloud "
                      "is not well",
                      uid);
    KT_EQ_STR(text, want);
    world_run(world, 60 * CLEAT_SECOND);
    CONDITION("n1", LACKS);
    outcome_of = NULL;
    world_run(world, 10 * CLEAT_SECOND);
    CONDITION("n1", MADE);
    end();
}

static void one_of_two_is_not_enough(void) {
    begin();
    script_add_route(&cloud, "x", "elsewhere", "fd10::/64"); /* a Node of this name has it */
    lbw_node(world, "elsewhere", "other", "", ",\"podCIDRs\":[\"fd10::/64\"]", "");
    world_run(world, 11 * CLEAT_SECOND);
    node("n1", "\"10.244.0.0/24\",\"fd10::/64\"");
    CONDITION("n1", LACKS);
    KT_TRUE(script_route_to(&cloud, "n1", "10.244.0.0/24") != NULL);
    end();
}

static void a_list_that_fails_says_nothing(void) {
    static const enum script_outcome bad[] = {SCRIPT_FAILS, SCRIPT_CUT, SCRIPT_THROTTLES,
                                              SCRIPT_SHORT, SCRIPT_HANGS};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin();
        node("n1", "\"10.244.0.0/24\"");
        node("n2", "\"10.244.1.0/24\"");
        node("n3", "\"10.244.2.0/24\"");
        outcome = bad[i];
        outcome_of = "list";
        world_run(world, 300 * CLEAT_SECOND);
        KT_EQ_INT(script_n_routes(&cloud), 3);
        CONDITION("n1", MADE);
        CLEAT_AUTO_FREE char *log = script_log(&cloud);
        KT_TRUE(strstr(log, "remove") == NULL);
        outcome_of = NULL;
        world_run(world, 20 * CLEAT_SECOND);
        drop_node("n1");
        world_run(world, 10 * CLEAT_SECOND);
        KT_EQ_INT(script_n_routes(&cloud), 2);
        end();
    }
}

/* Only that it is not there is proof: a refusal may be a proxy's, of whatever kind. */
static void a_refused_read_proves_nothing(void) {
    static const cleat_err refusals[] = {CLEAT_E_BAD_REQUEST, CLEAT_E_INVALID, CLEAT_E_FORBIDDEN,
                                         CLEAT_E_UNAVAILABLE, CLEAT_E_GONE};
    script_init(&cloud, "script");
    outcome_of = NULL;
    world = world_new_wrapped("route", NULL, flags, faulty_over);
    script_join(world, one, 1);
    world_run(world, 2 * CLEAT_SECOND);
    script_add_route(&cloud, "gone", "n9", "10.244.9.0/24");
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        faulty_refuse_reads(refusals[i]);
        script_add_route(&cloud, "no name", "No_Node's", "10.244.8.0/24");
        world_run(world, 30 * CLEAT_SECOND);
        KT_TRUE(script_route_to(&cloud, "n9", "10.244.9.0/24") != NULL);
        KT_TRUE(script_route_to(&cloud, "No_Node's", "10.244.8.0/24") == NULL);
    }
    faulty_refuse_reads(CLEAT_OK);
    world_run(world, 30 * CLEAT_SECOND);
    KT_TRUE(script_route_to(&cloud, "n9", "10.244.9.0/24") == NULL);
    end();
}

static void without_a_first_list_nothing_is_done(void) {
    script_init(&cloud, "script");
    cloud.decide = decide;
    outcome = SCRIPT_FAILS;
    outcome_of = "list";
    world = lbw_world("route", flags, one, 1);
    node("n1", "\"10.244.0.0/24\"");
    world_run(world, 60 * CLEAT_SECOND);
    CONDITION("n1", "");
    KT_EQ_INT(script_n_routes(&cloud), 0);
    outcome_of = NULL;
    world_run(world, 10 * CLEAT_SECOND);
    CONDITION("n1", MADE);
    end();
}

static void a_throttled_cloud_is_left_alone(void) {
    begin();
    outcome = SCRIPT_THROTTLES;
    outcome_of = "create";
    node("n1", "\"10.244.0.0/24\"");
    free(script_log(&cloud));
    node("n2", "\"10.244.1.0/24\"");
    world_run(world, 5 * CLEAT_SECOND);
    LOG(""); /* it asked for seven seconds */
    outcome_of = NULL;
    world_run(world, 3 * CLEAT_SECOND);
    CONDITION("n1", MADE);
    CONDITION("n2", MADE);
    end();
}

static void lost_answers_and_restarts_end_well(void) {
    begin();
    outcome = SCRIPT_LOSES;
    outcome_of = "create";
    node("n1", "\"10.244.0.0/24\"");
    CONDITION("n1", LACKS);
    outcome_of = NULL;
    lbw_restart(world, "route", flags, one, 1);
    CONDITION("n1", MADE);
    KT_EQ_INT(script_n_routes(&cloud), 1);
    outcome = SCRIPT_LOSES;
    outcome_of = "remove";
    drop_node("n1");
    outcome_of = NULL;
    world_run(world, 20 * CLEAT_SECOND);
    KT_EQ_INT(script_n_routes(&cloud), 0);
    node("n2", "\"10.244.2.0/24\"");
    lbw_restart(world, "-route", flags, one, 1);
    drop_node("n2");
    lbw_restart(world, "route", flags, one, 1);
    KT_EQ_INT(script_n_routes(&cloud), 0);
    end();
}

static void a_call_that_hangs_is_given_up(void) {
    begin();
    outcome = SCRIPT_HANGS;
    outcome_of = "create";
    node("n1", "\"10.244.0.0/24\"");
    world_run(world, 130 * CLEAT_SECOND);
    CONDITION("n1", LACKS);
    CLEAT_AUTO_FREE char *text = lbw_event(world, "n1", "FailedToCreateRoute");
    KT_TRUE(strstr(text, "after 120.000s: the call took too long") != NULL);
    outcome_of = NULL;
    world_run(world, 20 * CLEAT_SECOND);
    CONDITION("n1", MADE);
    end();
}

static void nonsense_is_not_begun_with(void) {
    static const char *const bad[][3] = {
        {"cluster-cidr=", NULL},
        {"cluster-cidr=10.244.0.0", NULL},
        {"cluster-cidr=10.244.0.0/16,nothing", NULL},
        {"cluster-cidr=10.244.0.0/16", "configure-cloud-routes=false", NULL},
        {"cluster-cidr=10.244.0.0/16", "route-reconciliation-period=1ms", NULL},
        {"cluster-cidr=10.244.0.0/16", "concurrent-route-syncs=0", NULL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin_with(bad[i]);
        node("n1", "\"10.244.0.0/24\"");
        world_run(world, 20 * CLEAT_SECOND);
        LOG("");
        CONDITION("n1", "");
        end();
    }
}

KT_MAIN("plugin_route", KT_TEST(a_new_node_has_its_routes_at_once),
        KT_TEST(the_simulated_cloud_routes_too), KT_TEST(routes_go_with_their_node),
        KT_TEST(what_is_stale_goes_and_what_is_not_ours_stays), KT_TEST(a_blackhole_is_made_anew),
        KT_TEST(addresses_are_followed_where_the_cloud_tells_them),
        KT_TEST(a_network_that_was_given_to_another_changes_hands),
        KT_TEST(nodes_of_others_and_without_networks_are_not_spoken_of),
        KT_TEST(what_somebody_deleted_comes_back_within_the_period),
        KT_TEST(a_route_that_cannot_be_made_is_told_of_and_tried_again),
        KT_TEST(one_of_two_is_not_enough), KT_TEST(a_list_that_fails_says_nothing),
        KT_TEST(a_refused_read_proves_nothing), KT_TEST(without_a_first_list_nothing_is_done),
        KT_TEST(a_throttled_cloud_is_left_alone), KT_TEST(lost_answers_and_restarts_end_well),
        KT_TEST(a_call_that_hangs_is_given_up), KT_TEST(nonsense_is_not_begun_with))
