/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service controller on a scripted cloud, in a world on a virtual clock: what
 * upstream's promises and what ours does beyond it, one test each.
 */
#include "tests/support/faulty.h"
#include "tests/support/kt.h"
#include "tests/support/lbw.h"

static struct script cloud, other;
static struct script *const one[] = {&cloud}, *const two[] = {&cloud, &other};
static enum script_outcome outcome; /* of ... */
static const char *outcome_of;      /* ... this operation; NULL = of none */
static struct world *world;

static enum script_outcome decide(struct script *s, const char *op, const char *about) {
    (void)s, (void)about;
    return outcome_of != NULL && strcmp(op, outcome_of) == 0 ? outcome : SCRIPT_WORKS;
}

/* Nobody is told of a Service that would be forgotten by a crash. */
static void check_held(struct script *s, const cleat_obj *service) {
    CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(service));
    (void)s;
    KT_TRUE(lbw_has_finalizer(world, name));
}

static struct world *begin(const char *const *flags) {
    script_init(&cloud, "script");
    script_init(&other, "other");
    cloud.decide = other.decide = decide;
    cloud.on_ensure = other.on_ensure = check_held;
    outcome_of = NULL;
    world = lbw_world("service", flags, one, 1);
    lbw_node(world, "n1", "script", "", "", "");
    lbw_node(world, "n2", "script", "", "", "");
    world_run(world, 2 * CLEAT_SECOND);
    return world;
}

static void end(void) {
    world_free(world);
    script_done(&cloud);
    script_done(&other);
}

static void expect_log(struct script *s, const char *want, int line) {
    CLEAT_AUTO_FREE char *log = script_log(s);
    kt_str(cleat_s(log), cleat_s(want), "calls", __FILE__, line);
}
#define LOG(want) expect_log(&cloud, (want), __LINE__)

static void expect_event(const char *about, const char *reason, const char *want, int line) {
    CLEAT_AUTO_FREE char *text = lbw_event(world, about, reason);
    kt_str(cleat_s(text), cleat_s(want), reason, __FILE__, line);
}
#define EVENT(about, reason, want) expect_event((about), (reason), (want), __LINE__)

static void expect_condition(const char *service, const char *want, int line) {
    CLEAT_AUTO_FREE char *text = lbw_condition(world, service);
    kt_str(cleat_s(text), cleat_s(want), "condition", __FILE__, line);
}
#define CONDITION(service, want) expect_condition((service), (want), __LINE__)

static void make(const char *name) {
    lbw_service(world, name, "", "");
    world_run(world, CLEAT_MS);
}

static const char *hosts_of(struct script *s, const char *service) {
    CLEAT_AUTO_FREE char *uid = lbw_uid(world, service);
    struct script_balancer *b = script_balancer_of(s, uid);
    return b != NULL ? b->hosts : "none";
}

/* ---- the ordinary way ---- */

static void a_service_gets_its_balancer_and_gives_it_back(void) {
    struct world *w = begin(NULL);
    make("web");
    LOG("ensure default/web;");
    KT_EQ_STR(hosts_of(&cloud, "web"), "n1 n2");
    WORLD_EXPECT(w, "services", "web", "status.loadBalancer",
                 "{\"ingress\":[{\"ip\":\"192.0.2.1\",\"ipMode\":\"Proxy\",\"ports\":[{\"port\":80,"
                 "\"protocol\":\"TCP\"}]}]}");
    WORLD_EXPECT(w, "services", "web", "metadata.annotations[cleat.dev/load-balancer-provider]",
                 "script");
    EVENT("web", "EnsuringLoadBalancer", "Ensuring load balancer");
    EVENT("web", "EnsuredLoadBalancer", "Ensured load balancer");
    CONDITION("web", ""); /* only where it is asked for */
    world_run(w, 1000 * CLEAT_SECOND);
    LOG("");
    world_delete(w, "services", "web");
    world_run(w, CLEAT_MS);
    LOG("get default/web;delete default/web;");
    KT_TRUE(lbw_is_gone(w, "web"));
    KT_EQ_INT(script_n_balancers(&cloud), 0);
    EVENT("web", "DeletingLoadBalancer", "Deleting load balancer");
    EVENT("web", "DeletedLoadBalancer", "Deleted load balancer");
    end();
}

static void other_types_are_nobodys_business(void) {
    struct world *w = begin(NULL);
    world_create(w, "services",
                 "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"namespace\":"
                 "\"default\",\"name\":\"plain\"},\"spec\":{\"ports\":[{\"port\":80}]}}");
    world_run(w, CLEAT_SECOND);
    world_delete(w, "services", "plain");
    world_run(w, CLEAT_SECOND);
    LOG("");
    KT_TRUE(lbw_is_gone(w, "plain"));
    end();
}

static void only_what_concerns_the_balancer_ensures_it_again(void) {
    static const struct {
        const char *patch;
        bool concerns;
    } cases[] = {
        {"{\"metadata\":{\"labels\":{\"a\":\"b\"}}}", false},
        {"{\"spec\":{\"selector\":{\"app\":\"web\"}}}", false},
        {"{\"spec\":{\"internalTrafficPolicy\":\"Local\"}}", false},
        {"{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}", true},
        {"{\"metadata\":{\"annotations\":{\"a\":null}}}", true},
        {"{\"spec\":{\"ports\":[{\"port\":81}]}}", true},
        {"{\"spec\":{\"ports\":[{\"port\":81,\"name\":\"x\",\"appProtocol\":\"http\"}]}}", true},
        {"{\"spec\":{\"loadBalancerSourceRanges\":[\"10.0.0.0/8\"]}}", true},
        {"{\"spec\":{\"sessionAffinity\":\"ClientIP\"}}", true},
        {"{\"spec\":{\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":9}}}}", true},
        {"{\"spec\":{\"loadBalancerIP\":\"192.0.2.9\"}}", true},
        {"{\"spec\":{\"externalIPs\":[\"192.0.2.8\"]}}", true},
        {"{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}", true},
    };
    struct world *w = begin(NULL);
    make("web");
    LOG("ensure default/web;");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_patch(w, "services", "web", cases[i].patch);
        world_run(w, CLEAT_SECOND);
        CLEAT_AUTO_FREE char *log = script_log(&cloud);
        kt_str(cleat_s(log), cleat_s(cases[i].concerns ? "ensure default/web;" : ""),
               cases[i].patch, __FILE__, __LINE__);
    }
    KT_EQ_STR(cloud.balancers->what, "default/web 81/TCP");
    end();
}

#define TO_CLUSTER_IP                                                                              \
    "{\"spec\":{\"type\":\"ClusterIP\",\"externalTrafficPolicy\":null,"                            \
    "\"allocateLoadBalancerNodePorts\":null}}"

static void another_type_releases_the_balancer(void) {
    struct world *w = begin(NULL);
    make("web");
    world_patch(w, "services", "web", TO_CLUSTER_IP);
    world_run(w, CLEAT_MS);
    LOG("ensure default/web;get default/web;delete default/web;");
    KT_TRUE(!lbw_has_finalizer(w, "web") && !lbw_has_address(w, "web"));
    WORLD_EXPECT(w, "services", "web", "metadata.annotations[cleat.dev/load-balancer-provider]",
                 "");
    world_patch(w, "services", "web", "{\"spec\":{\"type\":\"LoadBalancer\"}}");
    world_run(w, CLEAT_MS);
    LOG("ensure default/web;");
    KT_TRUE(lbw_has_address(w, "web"));
    end();
}

/* ---- whose ---- */

static void a_class_of_somebody_else_is_left_alone(void) {
    struct world *w = begin(NULL);
    lbw_service(w, "theirs", "", ",\"loadBalancerClass\":\"example.com/lb\"");
    lbw_service(w, "ours", "", ",\"loadBalancerClass\":\"cleat.dev/script\"");
    world_run(w, CLEAT_SECOND);
    LOG("ensure default/ours;");
    KT_TRUE(!lbw_has_finalizer(w, "theirs"));
    world_delete(w, "services", "theirs");
    world_run(w, CLEAT_SECOND);
    LOG("");
    end();
}

static void with_two_providers_somebody_must_be_named_and_may_change(void) {
    struct world *w = begin(NULL);
    make("old");
    lbw_restart(w, "service", NULL, two, 2);
    lbw_node(w, "o1", "other", "", "", "");
    lbw_node(w, "bare", "nobody", "", "", "");
    world_run(w, CLEAT_SECOND);
    LOG("ensure default/old;ensure default/old;update default/old;");
    KT_EQ_STR(hosts_of(&cloud, "old"), "bare n1 n2"); /* it stays where it is */
    make("unclear");
    lbw_service(w, "labelled", ",\"labels\":{\"cleat.dev/cloud-provider\":\"other\"}", "");
    world_run(w, CLEAT_MS);
    KT_TRUE(!lbw_has_finalizer(w, "unclear"));
    KT_EQ_STR(hosts_of(&other, "labelled"), "bare o1");
    LOG("");
    world_patch(w, "services", "labelled",
                "{\"metadata\":{\"labels\":{\"cleat.dev/cloud-provider\":\"script\"}}}");
    world_run(w, CLEAT_SECOND);
    expect_log(&other, "ensure default/labelled;get default/labelled;delete default/labelled;",
               __LINE__);
    LOG("ensure default/labelled;");
    KT_EQ_INT(script_n_balancers(&other), 0);
    world_delete(w, "services", "old");
    world_run(w, CLEAT_MS);
    KT_TRUE(lbw_is_gone(w, "old"));
    KT_EQ_INT(script_n_balancers(&cloud), 1);
    end();
}

static void a_holder_that_does_not_run_is_waited_for(void) {
    struct world *w = begin(NULL);
    make("web");
    static struct script *const only_other[] = {&other};
    lbw_restart(w, "service", NULL, only_other, 1);
    world_run(w, CLEAT_SECOND);
    world_delete(w, "services", "web");
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(lbw_has_finalizer(w, "web"));
    EVENT("web", "SyncLoadBalancerFailed",
          "Error syncing load balancer: failed to delete load balancer: cloud provider script does "
          "not run");
    lbw_restart(w, "service", NULL, two, 2);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(lbw_is_gone(w, "web"));
    KT_EQ_INT(script_n_balancers(&cloud), 0);
    end();
}

/* ---- Nodes ---- */

#define EXCLUDE(value)                                                                             \
    ",\"labels\":{\"node.kubernetes.io/exclude-from-external-load-balancers\":\"" value "\"}"
#define TAINT(key)  ",\"taints\":[{\"key\":\"" key "\",\"effect\":\"NoSchedule\"}]"
#define READY(word) "\"conditions\":[{\"type\":\"Ready\",\"status\":\"" word "\"}]"

static void add_nodes(struct world *w) {
    lbw_node(w, "a-excluded", "script", EXCLUDE(""), "", READY("True"));
    lbw_node(w, "b-excluded", "script", EXCLUDE("yes"), "", READY("True"));
    lbw_node(w, "c-excluded", "script", EXCLUDE("true"), "", READY("True"));
    lbw_node(w, "d-included", "script", EXCLUDE("false"), "", READY("True"));
    lbw_node(w, "e-leaving", "script", "", TAINT("ToBeDeletedByClusterAutoscaler"), READY("True"));
    lbw_node(w, "f-cordoned", "script", "", ",\"unschedulable\":true", READY("True"));
    lbw_node(w, "g-unready", "script", "", "", READY("False"));
    lbw_node(w, "h-shutdown", "script", "", TAINT("node.cloudprovider.kubernetes.io/shutdown"),
             READY("True"));
    world_create(w, "nodes",
                 "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"i-no-id\"},"
                 "\"status\":{" READY("True") "}}");
    lbw_node(w, "j-ending", "script", ",\"finalizers\":[\"x.y/z\"]", "", READY("True"));
    world_delete(w, "nodes", "j-ending");
    world_run(w, 2 * CLEAT_SECOND);
}

static void upstreams_predicates_choose_the_nodes(void) {
    struct world *w = begin(NULL);
    add_nodes(w);
    make("web");
    KT_EQ_STR(hosts_of(&cloud, "web"), "d-included f-cordoned g-unready h-shutdown i-no-id n1 n2");
    end();
    static const char *const ready_only[] = {"load-balancer-ready-nodes-only=true", NULL};
    w = begin(ready_only);
    add_nodes(w);
    make("web");
    KT_EQ_STR(hosts_of(&cloud, "web"), "d-included f-cordoned i-no-id");
    end();
}

static void changes_of_nodes_are_one_update_a_balancer(void) {
    struct world *w = begin(NULL);
    make("web");
    make("www");
    LOG("ensure default/web;ensure default/www;");
    for (int i = 0; i < 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        lbw_node(w, name, "script", "", "", "");
        world_run(w, 50 * CLEAT_MS);
    }
    world_delete(w, "nodes", "n1");
    world_run(w, CLEAT_SECOND);
    CLEAT_AUTO_FREE char *log = script_log(&cloud);
    KT_TRUE(strcmp(log, "update default/web;update default/www;") == 0 ||
            strcmp(log, "update default/www;update default/web;") == 0);
    KT_EQ_STR(hosts_of(&cloud, "www"), "m0 m1 m2 m3 m4 n2");
    EVENT("web", "UpdatedLoadBalancer", "Updated load balancer with new hosts");
    /* neither readiness nor a cordon is a change */
    world_patch(w, "nodes", "m0", "{\"spec\":{\"unschedulable\":true}}");
    world_patch(w, "nodes", "m1", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
    world_run(w, 5 * CLEAT_SECOND);
    LOG("");
    world_patch(w, "nodes", "m0",
                "{\"metadata\":{\"labels\":{\"node.kubernetes.io/"
                "exclude-from-external-load-balancers\":\"\"}}}");
    world_run(w, 5 * CLEAT_SECOND);
    KT_EQ_STR(hosts_of(&cloud, "web"), "m1 m2 m3 m4 n2");
    end();
}

static void without_nodes_it_is_said_so(void) {
    struct world *w = begin(NULL);
    make("web");
    world_delete(w, "nodes", "n1");
    world_delete(w, "nodes", "n2");
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_STR(hosts_of(&cloud, "web"), "");
    EVENT("web", "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer");
    make("www"); /* ensured all the same */
    KT_TRUE(lbw_has_address(w, "www"));
    EVENT("www", "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer");
    end();
}

/* A list of Nodes that is short takes none of them from its balancers; one that says so and is
 * right does. */
static void a_short_list_of_nodes_proves_nothing(void) {
    script_init(&cloud, "script");
    script_init(&other, "other");
    outcome_of = NULL;
    struct world *w = world = world_new_wrapped("service", NULL, NULL, faulty_over);
    script_join(w, one, 1);
    world_run(w, 2 * CLEAT_SECOND);
    lbw_node(w, "n1", "script", "", "", "");
    lbw_node(w, "n2", "script", "", "", "");
    world_run(w, 2 * CLEAT_SECOND);
    make("web");
    faulty_hide("n2");
    lbw_node(w, "n3", "script", "", "", ""); /* wakes the streams, which end */
    world_run(w, 60 * CLEAT_SECOND);
    KT_EQ_STR(hosts_of(&cloud, "web"), "n1 n2 n3");
    world_delete(w, "nodes", "n2");
    world_run(w, 60 * CLEAT_SECOND);
    KT_EQ_STR(hosts_of(&cloud, "web"), "n1 n3");
    faulty_hide(NULL);
    end();
}

static void a_failed_update_is_a_full_ensure(void) {
    struct world *w = begin(NULL);
    make("web");
    LOG("ensure default/web;");
    outcome = SCRIPT_FAILS;
    outcome_of = "update";
    lbw_node(w, "n3", "script", "", "", "");
    world_run(w, 2 * CLEAT_SECOND);
    LOG("update default/web;get default/web;ensure default/web;");
    KT_EQ_STR(hosts_of(&cloud, "web"), "n1 n2 n3");
    EVENT("web", "UpdateLoadBalancerFailed",
          "Error updating load balancer with new hosts [n1 n2 n3] [node names limited, total "
          "number of nodes: 3], error: the cloud is not well");
    /* one that is gone from the cloud is made again */
    script_drop_balancer(&cloud, cloud.balancers->uid);
    outcome_of = NULL;
    world_delete(w, "nodes", "n3");
    world_run(w, 2 * CLEAT_SECOND);
    LOG("update default/web;get default/web;ensure default/web;");
    KT_EQ_STR(hosts_of(&cloud, "web"), "n1 n2");
    WORLD_EXPECT(w, "services", "web", "status.loadBalancer.ingress.0.ip", "192.0.2.2");
    end();
}

/* ---- retries ---- */

static int attempts(void) {
    int n = cloud.calls;
    cloud.calls = 0;
    return n;
}

static void failures_back_off_from_5_to_300_seconds(void) {
    struct world *w = begin(NULL);
    outcome = SCRIPT_FAILS;
    outcome_of = "ensure";
    make("web");
    attempts();
    for (int delay = 5; delay <= 320; delay *= 2) {
        int real = delay > 300 ? 300 : delay;
        world_run(w, (real - 1) * CLEAT_SECOND);
        KT_EQ_INT(attempts(), 0);
        world_run(w, CLEAT_SECOND);
        KT_EQ_INT(attempts(), 1);
    }
    EVENT("web", "SyncLoadBalancerFailed",
          "Error syncing load balancer: failed to ensure load balancer: the cloud is not well");
    KT_TRUE(lbw_has_finalizer(w, "web"));
    world_patch(w, "services", "web", "{\"spec\":{\"ports\":[{\"port\":81}]}}");
    world_run(w, CLEAT_MS);
    KT_EQ_INT(attempts(), 1); /* a change does not wait */
    outcome_of = NULL;
    world_run(w, 300 * CLEAT_SECOND);
    KT_TRUE(lbw_has_address(w, "web"));
    end();
}

static void throttled_calls_come_again_when_the_cloud_said(void) {
    struct world *w = begin(NULL);
    outcome = SCRIPT_THROTTLES;
    outcome_of = "ensure";
    make("web");
    attempts();
    for (int i = 0; i < 5; i++) {
        world_run(w, 7 * CLEAT_SECOND - 2 * CLEAT_MS);
        KT_EQ_INT(attempts(), 0);
        world_run(w, 2 * CLEAT_MS);
        KT_EQ_INT(attempts(), 1);
    }
    EVENT("web", "SyncLoadBalancerFailed",
          "Error syncing load balancer: failed to ensure load balancer: too many calls");
    outcome_of = NULL;
    world_run(w, 7 * CLEAT_SECOND);
    KT_TRUE(lbw_has_address(w, "web"));
    end();
}

static void what_is_pending_is_polled_without_a_word(void) {
    struct world *w = begin(NULL);
    outcome = SCRIPT_PENDS;
    outcome_of = "ensure";
    make("web");
    outcome_of = NULL;
    KT_TRUE(!lbw_has_address(w, "web"));
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(lbw_has_address(w, "web"));
    LOG("ensure default/web;ensure default/web;");
    EVENT("web", "SyncLoadBalancerFailed", "");
    EVENT("web", "EnsuredLoadBalancer", "Ensured load balancer");
    /* and so is a deletion */
    outcome = SCRIPT_PENDS;
    outcome_of = "delete";
    world_delete(w, "services", "web");
    world_run(w, CLEAT_SECOND);
    KT_TRUE(lbw_has_finalizer(w, "web"));
    outcome_of = NULL;
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(lbw_is_gone(w, "web"));
    EVENT("web", "SyncLoadBalancerFailed", "");
    end();
}

static void what_cannot_be_is_tried_seldom(void) {
    struct world *w = begin(NULL);
    outcome = SCRIPT_TERMINAL;
    outcome_of = "ensure";
    make("web");
    attempts();
    world_run(w, 299 * CLEAT_SECOND);
    KT_EQ_INT(attempts(), 0);
    outcome_of = NULL;
    world_run(w, 2 * CLEAT_SECOND);
    KT_TRUE(lbw_has_address(w, "web"));
    end();
}

static void a_call_that_hangs_is_given_up(void) {
    struct world *w = begin(NULL);
    outcome = SCRIPT_HANGS;
    outcome_of = "ensure";
    lbw_service(w, "web", "", "");
    world_run(w, 301 * CLEAT_SECOND);
    EVENT("web", "SyncLoadBalancerFailed",
          "Error syncing load balancer: failed to ensure load balancer: the call took too long");
    outcome_of = NULL;
    world_run(w, 310 * CLEAT_SECOND);
    KT_TRUE(lbw_has_address(w, "web"));
    end();
}

static void who_is_served_elsewhere_is_left_in_peace(void) {
    struct world *w = begin(NULL);
    outcome = SCRIPT_ELSEWHERE;
    outcome_of = "ensure";
    make("web");
    world_run(w, 1000 * CLEAT_SECOND);
    LOG("ensure default/web;");
    KT_TRUE(lbw_has_finalizer(w, "web") && !lbw_has_address(w, "web"));
    EVENT("web", "EnsuredLoadBalancer", "");
    EVENT("web", "SyncLoadBalancerFailed", "");
    lbw_node(w, "n3", "script", "", "", "");
    world_run(w, 2 * CLEAT_SECOND);
    LOG("");
    world_delete(w, "services", "web");
    world_run(w, CLEAT_SECOND);
    KT_TRUE(lbw_is_gone(w, "web"));
    end();
}

static void an_answer_without_a_status_is_none(void) {
    struct world *w = begin(NULL);
    outcome = SCRIPT_EMPTY;
    outcome_of = "ensure";
    make("web");
    EVENT("web", "SyncLoadBalancerFailed",
          "Error syncing load balancer: failed to ensure load balancer: service status returned by "
          "EnsureLoadBalancer is nil");
    outcome_of = NULL;
    world_run(w, 5 * CLEAT_SECOND);
    KT_TRUE(lbw_has_address(w, "web"));
    end();
}

/* ---- nothing is leaked ---- */

static void a_deletion_that_fails_keeps_the_finalizer(void) {
    static const char *const ops[] = {"get", "delete"};
    static const char *const texts[] = {
        "Error syncing load balancer: failed to check if load balancer exists before cleanup: the "
        "cloud is not well",
        "Error syncing load balancer: failed to delete load balancer: the cloud is not well"};
    for (int i = 0; i < 2; i++) {
        struct world *w = begin(NULL);
        make("web");
        outcome = SCRIPT_FAILS;
        outcome_of = ops[i];
        world_delete(w, "services", "web");
        world_run(w, 2 * CLEAT_SECOND);
        EVENT("web", "SyncLoadBalancerFailed", texts[i]);
        KT_TRUE(lbw_has_finalizer(w, "web"));
        outcome_of = NULL;
        world_run(w, 5 * CLEAT_SECOND);
        KT_TRUE(lbw_is_gone(w, "web"));
        KT_EQ_INT(script_n_balancers(&cloud), 0);
        end();
    }
}

/* The answer of the creation is lost, and the cloud does not show it yet when it is asked. */
static void what_may_have_been_made_is_deleted(void) {
    for (int restart = 0; restart < 2; restart++) {
        struct world *w = begin(NULL);
        outcome = SCRIPT_PENDS;
        outcome_of = "ensure";
        make("web");
        outcome_of = NULL;
        cloud.balancers->ready_at = INT64_MAX;
        if (restart) {
            lbw_restart(w, "-service", NULL, one, 1);
            world_delete(w, "services", "web");
            lbw_restart(w, "service", NULL, one, 1);
        } else {
            world_delete(w, "services", "web");
        }
        world_run(w, CLEAT_SECOND);
        KT_TRUE(lbw_is_gone(w, "web"));
        KT_EQ_INT(script_n_balancers(&cloud), 0);
        end();
    }
}

static void a_finalizer_that_is_taken_away_leaks_nothing(void) {
    struct world *w = begin(NULL);
    make("web");
    outcome = SCRIPT_FAILS;
    outcome_of = "delete";
    world_patch(w, "services", "web", "{\"metadata\":{\"finalizers\":null}}");
    world_delete(w, "services", "web");
    world_run(w, CLEAT_SECOND);
    EVENT("web", "DeleteLoadBalancerFailed", "Error deleting load balancer: the cloud is not well");
    outcome_of = NULL;
    lbw_service(w, "web", "", ""); /* another one of this name */
    world_run(w, 6 * CLEAT_SECOND);
    KT_EQ_INT(script_n_balancers(&cloud), 1);
    CLEAT_AUTO_FREE char *uid = lbw_uid(w, "web");
    KT_EQ_STR(cloud.balancers->uid, uid);
    KT_TRUE(lbw_has_address(w, "web"));
    end();
}

static void a_finalizer_that_is_taken_away_is_put_back(void) {
    static const char *const patches[] = {
        "{\"metadata\":{\"finalizers\":null}}",
        "{\"metadata\":{\"annotations\":{\"cleat.dev/load-balancer-provider\":null}}}",
        "{\"metadata\":{\"annotations\":null,\"finalizers\":null}}"};
    struct world *w = begin(NULL);
    make("web");
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        world_patch(w, "services", "web", patches[i]); /* as kubectl replace does */
        world_run(w, CLEAT_MS);
        KT_TRUE(lbw_has_finalizer(w, "web"));
        WORLD_EXPECT(w, "services", "web", "metadata.annotations[cleat.dev/load-balancer-provider]",
                     "script");
    }
    LOG("ensure default/web;ensure default/web;ensure default/web;ensure default/web;");
    KT_EQ_INT(script_n_balancers(&cloud), 1);
    end();
}

static void a_restart_ensures_and_changes_nothing(void) {
    struct world *w = begin(NULL);
    make("web");
    CLEAT_AUTO_FREE char *before = world_text(w, "services", "web", "metadata.resourceVersion");
    lbw_restart(w, "service", NULL, one, 1);
    LOG("ensure default/web;ensure default/web;");
    KT_EQ_STR(hosts_of(&cloud, "web"), "n1 n2");
    WORLD_EXPECT(w, "services", "web", "metadata.resourceVersion", before);
    /* while nobody looks, a Service goes and another changes its type */
    make("www");
    lbw_restart(w, "-service", NULL, one, 1);
    world_delete(w, "services", "web");
    world_patch(w, "services", "www", TO_CLUSTER_IP);
    lbw_restart(w, "service", NULL, one, 1);
    KT_TRUE(lbw_is_gone(w, "web") && !lbw_has_finalizer(w, "www"));
    KT_EQ_INT(script_n_balancers(&cloud), 0);
    end();
}

/* ---- balancers that no Service is for ---- */

static struct world *begin_listing(const char *const *flags, struct script *const *clouds,
                                   size_t n) {
    script_init(&cloud, "script");
    script_init(&other, "other");
    script_lists_balancers(&cloud);
    script_lists_balancers(&other);
    cloud.decide = other.decide = decide;
    outcome_of = NULL;
    world = lbw_world("service", flags, clouds, n);
    lbw_node(world, "n1", "script", "", "", "");
    world_run(world, 2 * CLEAT_SECOND);
    return world;
}

#define STRIPPED "{\"metadata\":{\"annotations\":null,\"finalizers\":null}}"
static const char *const sweeping[] = {"load-balancer-orphan-period=60s", NULL};

/* Somebody takes finalizer and holder away, and then the Service, while nobody looks. */
static void what_no_service_is_for_goes(void) {
    struct world *w = begin_listing(sweeping, one, 1);
    make("web");
    make("stays");
    CLEAT_AUTO_FREE char *uid = lbw_uid(w, "stays");
    lbw_restart(w, "-service", NULL, one, 1);
    world_patch(w, "services", "web", STRIPPED);
    world_delete(w, "services", "web");
    KT_TRUE(lbw_is_gone(w, "web"));
    make("web"); /* another one of this name has a balancer of its own */
    lbw_restart(w, "service", sweeping, one, 1);
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(script_n_balancers(&cloud), 3);
    world_run(w, 130 * CLEAT_SECOND);
    KT_EQ_INT(script_n_balancers(&cloud), 3); /* two looks are not three */
    outcome = SCRIPT_CUT;
    outcome_of = "list";
    world_run(w, 120 * CLEAT_SECOND); /* nor is a list that breaks off */
    KT_EQ_INT(script_n_balancers(&cloud), 3);
    outcome_of = NULL;
    world_run(w, 120 * CLEAT_SECOND);
    KT_EQ_INT(script_n_balancers(&cloud), 2);
    KT_TRUE(script_balancer_of(&cloud, uid) != NULL);
    KT_TRUE(lbw_has_address(w, "web") && lbw_has_address(w, "stays"));
    EVENT("web", "DeletedLoadBalancer", "Deleted load balancer that no service was for");
    end();
}

/* Nor one whose Service is of another type by now, or with another provider. */
static void what_its_service_does_not_want_goes(void) {
    static const char *const patches[] = {
        TO_CLUSTER_IP, "{\"metadata\":{\"labels\":{\"cleat.dev/cloud-provider\":\"other\"}}}"};
    for (int i = 0; i < 2; i++) {
        struct world *w = begin_listing(sweeping, two, 2);
        lbw_service(w, "web", ",\"labels\":{\"cleat.dev/cloud-provider\":\"script\"}", "");
        world_run(w, CLEAT_SECOND);
        KT_EQ_INT(script_n_balancers(&cloud), 1);
        lbw_restart(w, "-service", NULL, two, 2);
        world_patch(w, "services", "web", STRIPPED);
        world_patch(w, "services", "web", patches[i]);
        lbw_restart(w, "service", sweeping, two, 2);
        world_run(w, 100 * CLEAT_SECOND);
        KT_EQ_INT(script_n_balancers(&cloud), 1);
        world_run(w, 120 * CLEAT_SECOND);
        KT_EQ_INT(script_n_balancers(&cloud), 0);
        KT_EQ_INT(script_n_balancers(&other), i);
        end();
    }
}

/* What cannot be asked, what is wanted again, and what has begun to go. */
static void an_orphan_goes_only_by_proof(void) {
    script_init(&cloud, "script");
    script_lists_balancers(&cloud);
    cloud.decide = decide;
    outcome_of = NULL;
    struct world *w = world = world_new_wrapped("service", NULL, sweeping, faulty_over);
    script_join(w, one, 1);
    world_run(w, 2 * CLEAT_SECOND);
    lbw_node(w, "n1", "script", "", "", "");
    world_run(w, 2 * CLEAT_SECOND);
    make("web");
    lbw_restart(w, "-service", NULL, one, 1);
    world_patch(w, "services", "web", STRIPPED);
    world_patch(w, "services", "web", TO_CLUSTER_IP);
    lbw_restart(w, "service", sweeping, one, 1);
    faulty_die(true);
    world_run(w, 600 * CLEAT_SECOND);
    KT_EQ_INT(script_n_balancers(&cloud), 1); /* the API does not answer */
    faulty_die(false);
    world_run(w, 70 * CLEAT_SECOND);
    world_patch(w, "services", "web", "{\"spec\":{\"type\":\"LoadBalancer\"}}");
    world_run(w, 600 * CLEAT_SECOND);
    KT_EQ_INT(script_n_balancers(&cloud), 1);
    KT_TRUE(lbw_has_address(w, "web"));
    lbw_restart(w, "-service", NULL, one, 1);
    world_patch(w, "services", "web", STRIPPED);
    world_delete(w, "services", "web");
    lbw_restart(w, "service", sweeping, one, 1);
    outcome = SCRIPT_FAILS;
    outcome_of = "delete";
    world_run(w, 190 * CLEAT_SECOND);
    EVENT("web", "DeleteLoadBalancerFailed", "Error deleting load balancer: the cloud is not well");
    KT_EQ_INT(script_n_balancers(&cloud), 1);
    outcome_of = NULL;
    world_run(w, 70 * CLEAT_SECOND);
    KT_EQ_INT(script_n_balancers(&cloud), 0);
    end();
}

/* ---- what changes, and what is on its way ---- */

static void changes_are_told_with_upstreams_words(void) {
    static const struct {
        const char *patch, *reason, *words;
    } cases[] = {
        {"{\"spec\":{\"loadBalancerSourceRanges\":[\"10.0.0.0/8\",\"192.0.2.0/24\"]}}",
         "LoadBalancerSourceRanges", "[] -> [10.0.0.0/8 192.0.2.0/24]"},
        {"{\"spec\":{\"loadBalancerIP\":\"192.0.2.9\"}}", "LoadbalancerIP", " -> 192.0.2.9"},
        {"{\"spec\":{\"externalIPs\":[\"192.0.2.8\"]}}", "ExternalIP", "Count: 0 -> 1"},
        {"{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}", "ExternalTrafficPolicy",
         "Cluster -> Local"},
        {"{\"spec\":{\"type\":\"ClusterIP\",\"externalTrafficPolicy\":null,\"loadBalancerIP\":null,"
         "\"loadBalancerSourceRanges\":null,\"allocateLoadBalancerNodePorts\":null}}",
         "Type", "LoadBalancer -> ClusterIP"},
    };
    struct world *w = begin(NULL);
    make("web");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EVENT("web", cases[i].reason, "");
        world_patch(w, "services", "web", cases[i].patch);
        world_run(w, CLEAT_SECOND);
        EVENT("web", cases[i].reason, cases[i].words);
    }
    end();
}

static void an_address_that_is_there_before_the_balancer_is_told(void) {
    static const char *const saying[] = {"load-balancer-condition=true", NULL};
    struct world *w = begin(saying);
    outcome = SCRIPT_PENDS;
    outcome_of = "ensure";
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(
        cleat_obj_parse(CLEAT_STR("{\"ingress\":[{\"ip\":\"192.0.2.77\"}]}"), 0, &cloud.early, &e),
        &e);
    make("web");
    CONDITION("web", "False/Pending");
    WORLD_EXPECT(w, "services", "web", "status.loadBalancer.ingress.0.ip", "192.0.2.77");
    outcome_of = NULL;
    world_run(w, 2 * CLEAT_SECOND);
    CONDITION("web", "True/EnsuredLoadBalancer");
    end();
}

/* ---- beyond upstream ---- */

/* A look that takes the cloud long is no trouble of the Service's. */
static void a_slow_look_for_drift_is_not_heard_of(void) {
    static const char *const drifting[] = {"load-balancer-drift-period=60s",
                                           "load-balancer-condition=true", NULL};
    struct world *w = begin(drifting);
    make("web");
    CONDITION("web", "True/EnsuredLoadBalancer");
    CLEAT_AUTO_FREE char *before = world_text(w, "services", "web", "metadata.resourceVersion");
    outcome = SCRIPT_PENDS;
    outcome_of = "ensure";
    world_run(w, 60 * CLEAT_SECOND);
    CONDITION("web", "True/EnsuredLoadBalancer");
    outcome_of = NULL;
    world_run(w, 3 * CLEAT_SECOND);
    WORLD_EXPECT(w, "services", "web", "metadata.resourceVersion", before);
    end();
}

static void drift_is_repaired_within_the_period(void) {
    static const char *const drifting[] = {"load-balancer-drift-period=60s", NULL};
    struct world *w = begin(drifting);
    make("web");
    LOG("ensure default/web;");
    world_run(w, 60 * CLEAT_SECOND);
    LOG("get default/web;ensure default/web;");
    free(cloud.balancers->hosts); /* somebody changes it */
    cloud.balancers->hosts = cleat_strdup("n1");
    world_run(w, 60 * CLEAT_SECOND);
    KT_EQ_STR(hosts_of(&cloud, "web"), "n1 n2");
    EVENT("web", "LoadBalancerMissing", "");
    script_drop_balancer(&cloud, cloud.balancers->uid); /* or deletes it */
    outcome = SCRIPT_FAILS;
    outcome_of = "get";
    world_run(w, 60 * CLEAT_SECOND); /* not being told is no proof, but what must be is ensured */
    KT_TRUE(strcmp(hosts_of(&cloud, "web"), "n1 n2") == 0);
    outcome_of = NULL;
    script_drop_balancer(&cloud, cloud.balancers->uid);
    world_run(w, 60 * CLEAT_SECOND);
    EVENT("web", "LoadBalancerMissing",
          "Load balancer is not there any more, it will be made again");
    WORLD_EXPECT(w, "services", "web", "status.loadBalancer.ingress.0.ip", "192.0.2.3");
    end();
}

static void a_condition_tells_why(void) {
    static const char *const saying[] = {"load-balancer-condition=true", NULL};
    struct world *w = begin(saying);
    outcome_of = "ensure";
    outcome = SCRIPT_FAILS;
    make("web");
    CONDITION("web", "False/SyncLoadBalancerFailed");
    WORLD_EXPECT(w, "services", "web", "status.conditions.0.message",
                 "failed to ensure load balancer: the cloud is not well");
    outcome = SCRIPT_THROTTLES;
    world_run(w, 5 * CLEAT_SECOND);
    CONDITION("web", "False/Throttled");
    outcome = SCRIPT_PENDS;
    world_run(w, 7 * CLEAT_SECOND);
    CONDITION("web", "False/Pending");
    outcome_of = NULL;
    world_run(w, 2 * CLEAT_SECOND);
    CONDITION("web", "True/EnsuredLoadBalancer");
    outcome = SCRIPT_FAILS;
    outcome_of = "delete";
    world_delete(w, "services", "web");
    world_run(w, CLEAT_SECOND);
    CONDITION("web", "False/SyncLoadBalancerFailed");
    outcome_of = NULL;
    world_run(w, 5 * CLEAT_SECOND);
    make("www");
    world_patch(w, "services", "www", TO_CLUSTER_IP);
    world_run(w, CLEAT_SECOND);
    CONDITION("www", "");
    lbw_restart(w, "service", saying, two, 2);
    make("unclear");
    CONDITION("unclear", "False/NoProvider");
    end();
}

KT_MAIN("plugin_service", KT_TEST(a_service_gets_its_balancer_and_gives_it_back),
        KT_TEST(other_types_are_nobodys_business),
        KT_TEST(only_what_concerns_the_balancer_ensures_it_again),
        KT_TEST(another_type_releases_the_balancer),
        KT_TEST(a_class_of_somebody_else_is_left_alone),
        KT_TEST(with_two_providers_somebody_must_be_named_and_may_change),
        KT_TEST(a_holder_that_does_not_run_is_waited_for),
        KT_TEST(upstreams_predicates_choose_the_nodes),
        KT_TEST(changes_of_nodes_are_one_update_a_balancer), KT_TEST(without_nodes_it_is_said_so),
        KT_TEST(a_short_list_of_nodes_proves_nothing), KT_TEST(a_failed_update_is_a_full_ensure),
        KT_TEST(failures_back_off_from_5_to_300_seconds),
        KT_TEST(throttled_calls_come_again_when_the_cloud_said),
        KT_TEST(what_is_pending_is_polled_without_a_word), KT_TEST(what_cannot_be_is_tried_seldom),
        KT_TEST(a_call_that_hangs_is_given_up), KT_TEST(who_is_served_elsewhere_is_left_in_peace),
        KT_TEST(an_answer_without_a_status_is_none),
        KT_TEST(a_deletion_that_fails_keeps_the_finalizer),
        KT_TEST(what_may_have_been_made_is_deleted),
        KT_TEST(a_finalizer_that_is_taken_away_leaks_nothing),
        KT_TEST(a_finalizer_that_is_taken_away_is_put_back),
        KT_TEST(a_restart_ensures_and_changes_nothing), KT_TEST(what_no_service_is_for_goes),
        KT_TEST(what_its_service_does_not_want_goes), KT_TEST(an_orphan_goes_only_by_proof),
        KT_TEST(changes_are_told_with_upstreams_words),
        KT_TEST(an_address_that_is_there_before_the_balancer_is_told),
        KT_TEST(a_slow_look_for_drift_is_not_heard_of),
        KT_TEST(drift_is_repaired_within_the_period), KT_TEST(a_condition_tells_why))
