/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service and the route controller against a model: Services, Nodes and two clouds are
 * changed at random, behind their backs too, while every call of a cloud may fail, lose its
 * answer, hang, be throttled or only begin, every request to the API may be refused, and
 * the process may die in the middle of any of them. At each deletion that reaches a cloud
 * it is asked whether it had to be, at each creation whether a crash would leave it unknown; and
 * in the end, when all is well again, whether everything is as it must be. CLEAT_CLOUD_ROUNDS and
 * CLEAT_SEED make it longer and another one.
 */
#include "tests/support/faulty.h"
#include "tests/support/kt.h"
#include "tests/support/lbw.h"

enum { N_SERVICES = 7, N_NODES = 6, N_CIDRS = 9, OPS = 250, N_FORCED = 256 };

static const char *const flags[] = {
    "load-balancer-drift-period=60s", "load-balancer-condition=true",
    "load-balancer-orphan-period=60s", "cluster-cidr=10.244.0.0/16", NULL};
static const char *const names[] = {"script", "other"};

static struct {
    struct world *w;
    struct script clouds[2];
    struct script *both[2];
    bool faults, dead, broken;
    char *forced[N_FORCED]; /* whose finalizer the test took away: found again by what the cloud has
                             */
    size_t n_forced;
    size_t ops, deaths, deletions, ensures, routes_deleted, struck;
} m;

static unsigned pick(unsigned n) {
    return (unsigned)(cleat_random() % n);
}

static void violated(const char *what, const char *about) {
    if (!m.broken) {
        fprintf(stderr, "VIOLATED after %zu operations: %s: %s\n", m.ops, about, what);
    }
    m.broken = true;
}

static bool was_forced(const char *uid) {
    for (size_t i = 0; i < m.n_forced; i++) {
        if (strcmp(m.forced[i], uid) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- what is so now ---- */

static bool text_is(const cleat_obj *o, cleat_path path, const char *want) {
    return cleat_eqc(cleat_val_str(cleat_obj_at(o, path)), want);
}

static bool is_balanced(const cleat_obj *o) {
    return text_is(o, CLEAT_PATH("spec", "type"), "LoadBalancer");
}

static bool is_ending(const cleat_obj *o) {
    return cleat_val_present(cleat_obj_at(o, CLEAT_PATH("metadata", "deletionTimestamp")));
}

static char *label_of(const cleat_obj *o) {
    char *text =
        cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("metadata", "labels", CLEAT_LABEL_PROVIDER)));
    return text != NULL ? text : cleat_strdup("");
}

static char *holder_of(const cleat_obj *o) {
    char *text = cleat_val_strdup(
        cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", "cleat.dev/load-balancer-provider")));
    return text != NULL ? text : cleat_strdup("");
}

static bool is_held(const cleat_obj *o) {
    return strstr(cleat_obj_bytes(o).p, LBW_FINALIZER "\"]") != NULL;
}

/* The live Service with this uid, or NULL; owned. */
static cleat_obj *live(const char *name, const char *uid) {
    cleat_obj *o = world_get(m.w, "services", name);
    if (o != NULL && !cleat_eqc(cleat_obj_uid(o), uid)) {
        cleat_obj_unref(o);
        o = NULL;
    }
    return o;
}

static bool node_has(const char *name, const char *cidr) {
    cleat_obj *o = world_get(m.w, "nodes", name);
    bool has = o != NULL && text_is(o, CLEAT_PATH("spec", "podCIDRs", "0"), cidr);
    cleat_obj_unref(o);
    return has;
}

/* ---- what is asked at each call ---- */

static enum script_outcome decide(struct script *s, const char *op, const char *about) {
    static const enum script_outcome bad[] = {SCRIPT_FAILS,     SCRIPT_FAILS,   SCRIPT_LOSES,
                                              SCRIPT_LOSES,     SCRIPT_PENDS,   SCRIPT_PENDS,
                                              SCRIPT_THROTTLES, SCRIPT_TERMINAL};
    (void)s, (void)about;
    if (m.dead) {
        return SCRIPT_FAILS;
    }
    if (!m.faults) {
        return SCRIPT_WORKS;
    }
    if (pick(40) == 0) { /* the process dies: before the cloud has heard of it, or after */
        m.dead = true;
        m.deaths++;
        faulty_die(true);
        return pick(2) == 0 ? SCRIPT_FAILS : SCRIPT_LOSES;
    }
    if (pick(3) != 0) {
        return SCRIPT_WORKS;
    }
    m.struck++;
    if (strcmp(op, "list") == 0) {
        return pick(2) == 0 ? SCRIPT_SHORT : SCRIPT_CUT;
    }
    return pick(60) == 0 ? SCRIPT_HANGS : bad[pick(sizeof bad / sizeof *bad)];
}

static void check_ensure(struct script *s, const cleat_obj *service) {
    CLEAT_AUTO_FREE char *uid = cleat_strndup(cleat_obj_uid(service));
    CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(service));
    cleat_obj *o = live(name, uid);
    CLEAT_AUTO_FREE char *holder = o != NULL ? holder_of(o) : cleat_strdup("");
    m.ensures++;
    if (o == NULL || !is_held(o) || strcmp(holder, s->cloud.name) != 0) {
        violated("a balancer is made that nobody would know of after a crash", name);
    } else if (!is_balanced(o) || is_ending(o)) {
        violated("a balancer is made that nobody wants", name);
    }
    cleat_obj_unref(o);
}

static void check_balancer(struct script *s, const cleat_obj *service) {
    CLEAT_AUTO_FREE char *uid = cleat_strndup(cleat_obj_uid(service));
    CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(service));
    cleat_obj *o = live(name, uid);
    CLEAT_AUTO_FREE char *label = o != NULL ? label_of(o) : cleat_strdup("");
    m.deletions++;
    if (o != NULL && is_balanced(o) && !is_ending(o) &&
        (label[0] == 0 || strcmp(label, s->cloud.name) == 0) && is_held(o)) {
        violated("a balancer is deleted that is wanted", name);
    }
    cleat_obj_unref(o);
}

static void check_deletion(struct script *s, const cleat_obj *service,
                           const struct script_route *r) {
    if (service != NULL) {
        check_balancer(s, service);
        return;
    }
    m.routes_deleted++;
    if (strncmp(r->cidr, "10.244.", 7) != 0) {
        violated("a route is deleted that is not this cluster's", r->cidr);
    } else if (!r->blackhole && node_has(r->target, r->cidr)) {
        violated("a route is deleted that leads to its Node", r->cidr);
    }
}

/* Every balancer is known of by what a restart would find. */
static void nothing_is_leaked(void) {
    for (int c = 0; c < 2; c++) {
        for (struct script_balancer *b = m.clouds[c].balancers; b != NULL; b = b->next) {
            char name[32] = "";
            sscanf(b->what, "default/%31s", name);
            cleat_obj *o = live(name, b->uid);
            CLEAT_AUTO_FREE char *holder = o != NULL ? holder_of(o) : cleat_strdup("");
            if (!was_forced(b->uid) &&
                (o == NULL || !is_held(o) || strcmp(holder, names[c]) != 0)) {
                violated("a balancer is left that nobody knows of", name);
            }
            cleat_obj_unref(o);
        }
    }
}

/* ---- what the test does ---- */

/* What may happen: it is not there, or it is against the rules. */
static void try_patch(const char *kind, const char *name, const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    bool node = strcmp(kind, "nodes") == 0;
    cleat_client_api.patch(m.w->client, NULL, (struct cleat_gvr){"", "v1", kind},
                           (struct cleat_key){cleat_s(node ? "" : "default"), cleat_s(name)}, NULL,
                           CLEAT_PATCH_MERGE, cleat_s(json), NULL, &e);
}

static void try_delete(const char *kind, const char *name) {
    bool node = strcmp(kind, "nodes") == 0;
    struct cleat_delete_opts opts = {.struct_size = sizeof opts, .grace_period_seconds = -1};
    cleat_client_api.remove(m.w->client, NULL, (struct cleat_gvr){"", "v1", kind},
                            (struct cleat_key){cleat_s(node ? "" : "default"), cleat_s(name)},
                            &opts, NULL, NULL);
}

static void force(const char *name) {
    cleat_obj *o = world_get(m.w, "services", name);
    if (o != NULL && is_held(o) && m.n_forced < N_FORCED) {
        m.forced[m.n_forced++] = cleat_strndup(cleat_obj_uid(o));
        try_patch("services", name,
                  pick(2) == 0 ? "{\"metadata\":{\"finalizers\":null}}"
                               : "{\"metadata\":{\"finalizers\":null,\"annotations\":null}}");
    }
    cleat_obj_unref(o);
}

static void change_service(void) {
    char name[16], json[256];
    snprintf(name, sizeof name, "s%u", pick(N_SERVICES));
    bool there = !lbw_is_gone(m.w, name);
    unsigned what = pick(12);
    if (!there) {
        snprintf(json, sizeof json, ",\"labels\":{\"cleat.dev/cloud-provider\":\"%s\"}",
                 names[pick(2)]);
        lbw_service(m.w, name, pick(8) == 0 ? "" : json, "");
    } else if (what < 3) {
        try_delete("services", name);
    } else if (what < 6) {
        snprintf(json, sizeof json, "{\"spec\":{\"ports\":[{\"port\":%u}]}}", 80 + pick(5));
        try_patch("services", name, json);
    } else if (what < 8) {
        try_patch("services", name,
                  "{\"spec\":{\"type\":\"ClusterIP\",\"externalTrafficPolicy\":null,"
                  "\"allocateLoadBalancerNodePorts\":null}}");
    } else if (what < 10) {
        try_patch("services", name, "{\"spec\":{\"type\":\"LoadBalancer\"}}");
    } else if (what < 11) {
        snprintf(json, sizeof json,
                 "{\"metadata\":{\"labels\":{\"cleat.dev/cloud-provider\":\"%s\"}}}",
                 names[pick(2)]);
        try_patch("services", name, json);
    } else if (pick(4) == 0) {
        force(name);
    }
}

static bool is_taken(const char *cidr) {
    for (unsigned i = 0; i < N_NODES; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%u", i);
        if (node_has(name, cidr)) {
            return true;
        }
    }
    return false;
}

static void change_node(void) {
    static const char *const clouds[] = {"script", "script", "other", "metal"};
    char name[16], spec[64], cidr[32];
    snprintf(name, sizeof name, "m%u", pick(N_NODES));
    snprintf(cidr, sizeof cidr, "10.244.%u.0/24", pick(N_CIDRS));
    if (world_node_is_gone(m.w, name)) {
        snprintf(spec, sizeof spec, ",\"podCIDRs\":[\"%s\"]", cidr);
        lbw_node(m.w, name, clouds[pick(4)], "", is_taken(cidr) ? "" : spec, "");
    } else if (pick(2) == 0) {
        try_delete("nodes", name);
    } else {
        try_patch("nodes", name,
                  pick(2) == 0 ? "{\"metadata\":{\"labels\":{\"node.kubernetes.io/"
                                 "exclude-from-external-load-balancers\":\"\"}}}"
                               : "{\"metadata\":{\"labels\":{\"node.kubernetes.io/"
                                 "exclude-from-external-load-balancers\":null}}}");
    }
}

static void meddle(void) {
    struct script *s = &m.clouds[pick(2)];
    char cidr[32], target[16], name[48];
    switch (pick(5)) {
    case 0:
        if (s->balancers != NULL) {
            script_drop_balancer(s, s->balancers->uid);
        }
        break;
    case 1:
        if (s->balancers != NULL) {
            free(s->balancers->hosts);
            s->balancers->hosts = cleat_strdup("somebody");
        }
        break;
    case 2:
        if (s->routes != NULL) {
            script_drop_route(s, s->routes->name);
        }
        break;
    case 3:
        if (s->routes != NULL && strncmp(s->routes->cidr, "10.244.", 7) == 0) {
            s->routes->blackhole = true;
        }
        break;
    default:
        snprintf(cidr, sizeof cidr, "10.%u.%u.0/24", pick(3) == 0 ? 9 : 244, pick(N_CIDRS));
        snprintf(target, sizeof target, "m%u", pick(N_NODES + 3));
        snprintf(name, sizeof name, "hand-%zu", m.ops);
        if (script_route_to(s, target, cidr) == NULL) {
            script_add_route(s, name, pick(4) == 0 ? "" : target, cidr);
        }
    }
}

static void restart(void) {
    faulty_die(false);
    m.dead = false;
    lbw_restart(m.w, "service,route", flags, m.both, 2);
}

static void operate(void) {
    unsigned what = pick(20);
    m.ops++;
    if (what < 11) {
        change_service();
    } else if (what < 16) {
        change_node();
    } else {
        meddle();
    }
    for (unsigned n = pick(30); n > 0 && world_step(m.w); n--) {
    }
    if (pick(3) == 0) {
        world_run(m.w, (cleat_time)pick(20000) * CLEAT_MS);
    }
    if (m.dead || pick(80) == 0) {
        nothing_is_leaked();
        restart();
    }
    nothing_is_leaked();
}

/* ---- the end ---- */

static char *hosts_for(int c) {
    struct cleat_buf out = {0};
    for (unsigned i = 0; i < N_NODES; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%u", i);
        cleat_obj *o = world_get(m.w, "nodes", name);
        CLEAT_AUTO_FREE char *id =
            o != NULL ? cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("spec", "providerID"))) : NULL;
        bool theirs = id != NULL && strncmp(id, names[1 - c], strlen(names[1 - c])) == 0;
        if (o != NULL && !theirs &&
            !cleat_val_present(cleat_obj_at(
                o, CLEAT_PATH("metadata", "labels",
                              "node.kubernetes.io/exclude-from-external-load-balancers")))) {
            cleat_buf_printf(&out, "%s%s", out.n > 0 ? " " : "", name);
        }
        cleat_obj_unref(o);
    }
    return out.n > 0 ? cleat_buf_take(&out) : cleat_strdup("");
}

static void check_service(const char *name) {
    cleat_obj *o = world_get(m.w, "services", name);
    if (o == NULL) {
        return;
    }
    CLEAT_AUTO_FREE char *uid = cleat_strndup(cleat_obj_uid(o));
    CLEAT_AUTO_FREE char *label = label_of(o);
    CLEAT_AUTO_FREE char *holder = holder_of(o);
    const char *named = label[0] != 0 ? label : holder;
    if (is_ending(o)) {
        violated("never ends", name);
    }
    for (int c = 0; c < 2; c++) {
        struct script_balancer *b = script_balancer_of(&m.clouds[c], uid);
        bool wanted = is_balanced(o) && strcmp(named, names[c]) == 0;
        if (b == NULL && wanted) {
            violated("has no balancer", name);
        } else if (b != NULL && !wanted) {
            violated("has a balancer that it does not want", name);
        }
        if (b == NULL || !wanted || m.broken) {
            continue;
        }
        CLEAT_AUTO_FREE char *port =
            cleat_strndup(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("spec", "ports", "0", "port"))));
        CLEAT_AUTO_FREE char *what = cleat_sprintf("default/%s %s/TCP", name, port);
        CLEAT_AUTO_FREE char *hosts = hosts_for(c);
        CLEAT_AUTO_FREE char *ip = cleat_sprintf("192.0.2.%d", b->address);
        if (strcmp(b->what, what) != 0 || strcmp(b->hosts, hosts) != 0) {
            fprintf(stderr, "%s [%s], wanted %s [%s]\n", b->what, b->hosts, what, hosts);
            violated("has a balancer that is not as it must be", name);
        }
        if (!text_is(o, CLEAT_PATH("status", "loadBalancer", "ingress", "0", "ip"), ip) ||
            !is_held(o)) {
            violated("does not tell of its balancer", name);
        }
    }
    if (!is_balanced(o) && (is_held(o) || lbw_has_address(m.w, name))) {
        violated("tells of a balancer that it has not", name);
    }
    cleat_obj_unref(o);
}

static void check_balancers(void) {
    for (int c = 0; c < 2; c++) {
        for (struct script_balancer *b = m.clouds[c].balancers; b != NULL; b = b->next) {
            char name[32] = "";
            sscanf(b->what, "default/%31s", name);
            cleat_obj *o = live(name, b->uid);
            if (o == NULL) {
                violated("is gone, and left a balancer", name);
            }
            cleat_obj_unref(o);
        }
    }
}

static void check_routes(void) {
    for (int c = 0; c < 2; c++) {
        for (struct script_route *r = m.clouds[c].routes; r != NULL; r = r->next) {
            if (strncmp(r->cidr, "10.244.", 7) == 0 &&
                (r->blackhole || !node_has(r->target, r->cidr))) {
                violated("a stale route is left", r->cidr);
            }
        }
    }
    for (unsigned i = 0; i < N_NODES; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%u", i);
        CLEAT_AUTO_FREE char *id = world_text(m.w, "nodes", name, "spec.providerID");
        CLEAT_AUTO_FREE char *cidr = world_text(m.w, "nodes", name, "spec.podCIDRs.0");
        CLEAT_AUTO_FREE char *all = world_text(m.w, "nodes", name, "status.conditions");
        for (int c = 0; c < 2 && cidr[0] != 0; c++) {
            if (strncmp(id, names[c], strlen(names[c])) != 0) {
                continue;
            }
            if (script_route_to(&m.clouds[c], name, cidr) == NULL) {
                violated("has no route", name);
            } else if (strstr(all, "\"reason\":\"RouteCreated\"") == NULL) {
                violated("does not tell of its route", name);
            }
        }
    }
}

static void everything_is_as_it_must_be(void) {
    m.faults = false;
    faulty_rate(0);
    if (m.dead) {
        restart();
    }
    world_run(m.w, 1200 * CLEAT_SECOND); /* longer than any back-off */
    for (unsigned i = 0; i < N_SERVICES; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%u", i);
        check_service(name);
    }
    check_balancers();
    check_routes();
    nothing_is_leaked();
}

static void live_once(uint64_t seed, bool faults) {
    for (int c = 0; c < 2; c++) {
        script_init(&m.clouds[c], names[c]);
        m.clouds[c].decide = decide;
        m.clouds[c].on_ensure = check_ensure;
        m.clouds[c].on_delete = check_deletion;
        script_lists_balancers(&m.clouds[c]);
        m.both[c] = &m.clouds[c];
    }
    m.faults = m.dead = false;
    m.w = world_new_wrapped("service,route", NULL, flags, faulty_over);
    script_join(m.w, m.both, 2);
    world_run(m.w, 2 * CLEAT_SECOND);
    cleat_random_seed(seed * 0x9E3779B97F4A7C15u);
    m.faults = faults;
    faulty_rate(faults ? 60 : 0);
    for (int i = 0; i < OPS && !m.broken; i++) {
        operate();
        cleat_buf_done(&m.clouds[0].log);
        cleat_buf_done(&m.clouds[1].log);
    }
    if (!m.broken) {
        everything_is_as_it_must_be();
    }
    faulty_rate(0);
    faulty_die(false);
    world_free(m.w);
    for (int c = 0; c < 2; c++) {
        script_done(&m.clouds[c]);
    }
    for (; m.n_forced > 0; m.n_forced--) {
        free(m.forced[m.n_forced - 1]);
    }
}

static void rounds(bool faults, unsigned n) {
    const char *more = getenv("CLEAT_CLOUD_ROUNDS"), *first = getenv("CLEAT_SEED");
    n = more != NULL ? (unsigned)atoi(more) : n;
    uint64_t seed = first != NULL ? strtoull(first, NULL, 10) : 1;
    memset(&m, 0, sizeof m);
    for (unsigned i = 0; i < n && !m.broken; i++) {
        live_once(seed + i, faults);
        if (m.broken) {
            fprintf(stderr, "that was CLEAT_SEED=%llu\n", (unsigned long long)(seed + i));
        }
    }
    fprintf(stderr,
            "MODEL %zu operations, %zu bad calls, %zu deaths; %zu ensured, %zu balancers and %zu "
            "routes deleted\n",
            m.ops, m.struck, m.deaths, m.ensures, m.deletions, m.routes_deleted);
    KT_TRUE(!m.broken);
    KT_TRUE(m.ensures > n * 10 && m.deletions > n && m.routes_deleted > n);
}

static void nothing_is_missing_and_nothing_is_left(void) {
    rounds(false, 5);
}

static void nor_when_anything_may_fail(void) {
    rounds(true, 12);
}

KT_MAIN("plugin_cloud_model", KT_TEST(nothing_is_missing_and_nothing_is_left),
        KT_TEST(nor_when_anything_may_fail))
