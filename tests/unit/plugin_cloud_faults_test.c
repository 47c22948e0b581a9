/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One life of a Service and two Nodes, again and again: each time another call of the cloud,
 * or another write to the API, goes wrong in another way, once or twice in a row. In the end,
 * when all is well again, there must be what there would have been, and nothing else.
 */
#include "tests/support/faulty.h"
#include "tests/support/kt.h"
#include "tests/support/lbw.h"

static const char *const flags[] = {"cluster-cidr=10.244.0.0/16", NULL};

/* Beyond what becomes of a call: the process dies before it, or when it is done. */
enum { DIES_BEFORE = 100, DIES_AFTER };

static struct script cloud;
static struct script *const one[] = {&cloud};
static struct {
    struct world *w;
    int calls, first, last, how; /* the calls that go wrong, counted from 1 */
    bool wanted;                 /* the Service is to have its balancer */
    const char *what;            /* of this run, for messages */
} t;

static enum script_outcome decide(struct script *s, const char *op, const char *about) {
    (void)s, (void)about;
    bool of_lists = t.how == SCRIPT_SHORT || t.how == SCRIPT_CUT;
    if (faulty_is_dead()) {
        return SCRIPT_FAILS;
    }
    t.calls++;
    if (t.calls < t.first || t.calls > t.last || (of_lists && strcmp(op, "list") != 0)) {
        return SCRIPT_WORKS;
    }
    if (t.how == DIES_BEFORE || t.how == DIES_AFTER) {
        faulty_die(true);
        return t.how == DIES_BEFORE ? SCRIPT_FAILS : SCRIPT_LOSES;
    }
    return (enum script_outcome)t.how;
}

static void check(bool ok, const char *promise) {
    if (!ok) {
        fprintf(stderr, "%s: call %d to %d: %s\n", t.what, t.first, t.last, promise);
    }
    kt_true(ok, promise, __FILE__, __LINE__);
}

static void check_deletion(struct script *s, const cleat_obj *service,
                           const struct script_route *r) {
    (void)s;
    check(service == NULL || !t.wanted, "a balancer that is wanted stays");
    cleat_obj *node = r != NULL ? world_get(t.w, "nodes", r->target) : NULL;
    check(node == NULL, "a route that leads to its Node stays");
    cleat_obj_unref(node);
}

static void pass(cleat_time d) {
    world_run(t.w, d);
    if (faulty_is_dead()) {
        faulty_die(false);
        lbw_restart(t.w, "service,route", flags, one, 1);
    }
}

static void node(const char *name, const char *cidr) {
    CLEAT_AUTO_FREE char *spec = cleat_sprintf(",\"podCIDRs\":[\"%s\"]", cidr);
    lbw_node(t.w, name, "script", "", spec, "");
}

static void life(void) {
    node("n1", "10.244.0.0/24");
    pass(3 * CLEAT_SECOND);
    t.wanted = true;
    lbw_service(t.w, "web", "", "");
    pass(3 * CLEAT_SECOND);
    world_patch(t.w, "services", "web", "{\"spec\":{\"ports\":[{\"port\":81}]}}");
    pass(3 * CLEAT_SECOND);
    node("n2", "10.244.1.0/24");
    pass(3 * CLEAT_SECOND);
    t.wanted = false;
    world_patch(t.w, "services", "web",
                "{\"spec\":{\"type\":\"ClusterIP\",\"externalTrafficPolicy\":null,"
                "\"allocateLoadBalancerNodePorts\":null}}");
    pass(3 * CLEAT_SECOND);
    world_patch(t.w, "services", "web", "{\"spec\":{\"type\":\"LoadBalancer\"}}");
    pass(3 * CLEAT_SECOND); /* the release that failed may come just now: not wanted yet */
    world_delete(t.w, "nodes", "n1");
    pass(3 * CLEAT_SECOND);
    lbw_service(t.w, "stays", "", "");
    pass(3 * CLEAT_SECOND);
    world_delete(t.w, "services", "web");
    pass(3 * CLEAT_SECOND);
}

static bool says_it_has_routes(void) {
    CLEAT_AUTO_FREE char *text = world_text(t.w, "nodes", "n2", "status.conditions");
    return strstr(text, "\"reason\":\"RouteCreated\"") != NULL;
}

static void check_end(void) {
    faulty_nth_write(0, FAULTY_REFUSES);
    t.first = t.last = 0;
    pass(CLEAT_MS);
    world_run(t.w, 700 * CLEAT_SECOND); /* longer than any back-off and its repetition */
    CLEAT_AUTO_FREE char *uid = lbw_uid(t.w, "stays");
    struct script_balancer *b = script_balancer_of(&cloud, uid);
    check(lbw_is_gone(t.w, "web"), "who is deleted goes");
    check(script_n_balancers(&cloud) == 1, "one balancer is left");
    check(b != NULL && strcmp(b->hosts, "n2") == 0 && lbw_has_address(t.w, "stays"),
          "who stays has a balancer, with the Nodes that there are");
    check(script_n_routes(&cloud) == 1 && script_route_to(&cloud, "n2", "10.244.1.0/24") != NULL,
          "one route is left");
    check(says_it_has_routes(), "its Node says so");
}

static void start(void) {
    script_init(&cloud, "script");
    cloud.decide = decide;
    cloud.on_delete = check_deletion;
    t.calls = 0;
    t.wanted = false;
    t.w = world_new_wrapped("service,route", NULL, flags, faulty_over);
    script_join(t.w, one, 1);
    pass(2 * CLEAT_SECOND);
}

static void stop(void) {
    faulty_die(false);
    world_free(t.w);
    script_done(&cloud);
}

static int calls_of_a_good_life(void) {
    t.what = "nothing";
    t.first = t.last = 0;
    start();
    life();
    int n = t.calls;
    check_end();
    stop();
    return n;
}

static void each_call_goes_wrong_in_each_way(void) {
    static const struct {
        const char *name;
        int how;
    } ways[] = {{"fails", SCRIPT_FAILS},
                {"loses its answer", SCRIPT_LOSES},
                {"is throttled", SCRIPT_THROTTLES},
                {"only begins", SCRIPT_PENDS},
                {"is refused for good", SCRIPT_TERMINAL},
                {"hangs", SCRIPT_HANGS},
                {"is short", SCRIPT_SHORT},
                {"breaks off", SCRIPT_CUT},
                {"dies before", DIES_BEFORE},
                {"dies after", DIES_AFTER}};
    int n = calls_of_a_good_life(), runs = 0;
    KT_TRUE(n > 10);
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
        for (int i = 1; i <= n; i++) {
            for (int row = 1; row <= (k < 4 ? 2 : 1); row++) {
                t.what = ways[k].name;
                start();
                t.how = ways[k].how;
                t.first = i;
                t.last = i + row - 1;
                life();
                check_end();
                stop();
                runs++;
            }
        }
    }
    fprintf(stderr, "FAULTS %d runs over %d calls\n", runs, n);
}

static void each_write_goes_wrong_in_each_way(void) {
    static const char *const names[] = {"is refused", "loses its answer", "dies before",
                                        "dies after"};
    int runs = 0;
    for (int how = FAULTY_REFUSES; how <= FAULTY_DIES_AFTER; how++) {
        size_t struck = 1;
        for (unsigned i = 1; struck > 0; i++) { /* until there is no such write any more */
            t.what = names[how];
            t.first = (int)i;
            t.last = -1;
            start();
            faulty_nth_write(i, (enum faulty_how)how);
            life();
            struck = faulty_count();
            check_end();
            stop();
            runs++;
        }
    }
    fprintf(stderr, "FAULTS %d runs\n", runs);
    KT_TRUE(runs > 40);
}

KT_MAIN("plugin_cloud_faults", KT_TEST(each_call_goes_wrong_in_each_way),
        KT_TEST(each_write_goes_wrong_in_each_way))
