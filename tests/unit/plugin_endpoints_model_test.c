/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services, pods, Nodes and slices that change at random, with a transport that
 * refuses, loses answers and cuts streams between any two steps of the controllers,
 * and with restarts. When it is quiet again, what the API holds is compared with what a
 * model makes of the pods, and then one change is made, and the writes are counted.
 * CLEAT_EP_ROUNDS and CLEAT_SEED make it longer and another one.
 */
#include "tests/support/faulty.h"
#include "tests/support/gcw.h"

static const struct cleat_gvr services = {"", "v1", "services"};
static const struct cleat_gvr endpoints = {"", "v1", "endpoints"};
static const struct cleat_gvr slices = {"discovery.k8s.io", "v1", "endpointslices"};

enum { N_SERVICES = 4, N_PODS = 30, N_NODES = 4, MAX = 5, OPS = 60, CAP = 4096 };

static struct world *w;
static bool broken;

static unsigned pick(unsigned n) {
    return (unsigned)(cleat_random() % n);
}

static bool one_in(unsigned n) {
    return pick(n) == 0;
}

/* ---- what is done ---- */

static void try_create(struct cleat_gvr gvr, char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    cleat_err err = cleat_client_api.create(w->client, NULL, gvr, o, NULL, &e);
    if (err != CLEAT_E_EXISTS) {
        kt_ok(err, &e, json, __FILE__, __LINE__);
    }
    cleat_obj_unref(o);
    free(json);
}

static void try_patch(struct cleat_gvr gvr, const char *ns, const char *name, const char *sub,
                      char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_key key = {cleat_s(ns), cleat_s(name)};
    cleat_err err = cleat_client_api.patch(w->client, NULL, gvr, key, sub, CLEAT_PATCH_MERGE,
                                           cleat_s(json), NULL, &e);
    if (err != CLEAT_E_NOT_FOUND) {
        kt_ok(err, &e, json, __FILE__, __LINE__);
    }
    free(json);
}

static void try_delete(struct cleat_gvr gvr, const char *ns, const char *name, int64_t grace) {
    struct cleat_delete_opts opts = {.struct_size = sizeof opts, .grace_period_seconds = grace};
    struct cleat_key key = {cleat_s(ns), cleat_s(name)};
    cleat_err err = cleat_client_api.remove(w->client, NULL, gvr, key, &opts, NULL, NULL);
    KT_TRUE(err == CLEAT_OK || err == CLEAT_E_NOT_FOUND);
}

/* Labels of one of two values each, so that Services overlap. */
static char *some_labels(void) {
    return cleat_sprintf("{\"a\":\"%u\",\"b\":\"%u\"}", pick(2), pick(2));
}

static char *some_selector(void) {
    switch (pick(3)) {
    case 0:
        return cleat_sprintf("{\"a\":\"%u\"}", pick(2));
    case 1:
        return cleat_sprintf("{\"b\":\"%u\"}", pick(2));
    default:
        return some_labels();
    }
}

static void make_service(const char *name, unsigned i) {
    CLEAT_AUTO_FREE char *selector = some_selector();
    bool dual = one_in(2), headless = one_in(3);
    CLEAT_AUTO_FREE char *first =
        headless ? cleat_strdup("None") : cleat_sprintf("10.0.0.%u", i + 10);
    CLEAT_AUTO_FREE char *ips = headless ? cleat_strdup("[\"None\"]")
                                : dual   ? cleat_sprintf("[\"%s\",\"fd00::%u\"]", first, i + 10)
                                         : cleat_sprintf("[\"%s\"]", first);
    try_create(services,
               cleat_sprintf("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\"},\"spec\":{"
                             "\"clusterIP\":\"%s\",\"clusterIPs\":%s,\"ipFamilies\":[%s],"
                             "\"ipFamilyPolicy\":\"%s\",\"selector\":%s,\"ports\":[{\"name\":\"x\","
                             "\"port\":80,\"targetPort\":%s}]%s}}",
                             name, first, ips, dual ? "\"IPv4\",\"IPv6\"" : "\"IPv4\"",
                             dual ? "RequireDualStack" : "SingleStack", selector,
                             one_in(2) ? "\"web\"" : "8080",
                             one_in(3) ? ",\"publishNotReadyAddresses\":true" : ""));
}

#define MODE "service.kubernetes.io/topology-mode"

static void touch_service(void) {
    unsigned i = pick(N_SERVICES);
    CLEAT_AUTO_FREE char *name = cleat_sprintf("s%u", i);
    switch (pick(7)) {
    case 0:
        try_delete(services, "default", name, -1);
        break;
    case 5:
    case 6:
        try_patch(services, "default", name, NULL,
                  cleat_sprintf("{\"metadata\":{\"annotations\":{\"" MODE "\":%s}}}",
                                one_in(4) ? "null" : "\"Auto\""));
        break;
    case 1: {
        CLEAT_AUTO_FREE char *selector = some_selector();
        CLEAT_AUTO_FREE char *all = cleat_sprintf("{\"a\":null,\"b\":null,%s", selector + 1);
        try_patch(services, "default", name, NULL,
                  cleat_sprintf("{\"spec\":{\"selector\":%s}}", one_in(2) ? selector : all));
        break;
    }
    case 2:
        try_patch(services, "default", name, NULL,
                  cleat_sprintf("{\"spec\":{\"publishNotReadyAddresses\":%s}}",
                                one_in(2) ? "true" : "false"));
        break;
    default:
        make_service(name, i);
    }
}

static void set_ready(const char *name) {
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    try_patch(gcw_pods, "default", name, "status",
              cleat_sprintf("{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\","
                            "\"lastTransitionTime\":\"%s\"}]}}",
                            one_in(3) ? "False" : "True", now));
}

static void touch_pod(void) {
    unsigned i = pick(N_PODS);
    CLEAT_AUTO_FREE char *name = cleat_sprintf("p%u", i);
    CLEAT_AUTO_FREE char *labels = some_labels();
    switch (pick(12)) {
    case 0:
        try_delete(gcw_pods, "default", name, 0);
        break;
    case 1:
        try_delete(gcw_pods, "default", name, -1);
        break;
    case 2:
        try_patch(gcw_pods, "default", name, NULL,
                  cleat_sprintf("{\"metadata\":{\"labels\":%s}}", labels));
        break;
    case 3:
        if (one_in(3)) {
            try_patch(gcw_pods, "default", name, "status",
                      cleat_strdup("{\"status\":{\"phase\":\"Failed\"}}"));
        }
        break;
    case 4:
    case 5:
    case 6:
        set_ready(name);
        break;
    case 7:
    case 8:
    case 9: {
        CLEAT_AUTO_FREE char *six =
            one_in(2) ? cleat_sprintf(",{\"ip\":\"fd01::%x\"}", i + 1) : cleat_strdup("");
        unsigned ip = one_in(4) ? i + 100 : i + 1;
        try_patch(gcw_pods, "default", name, "status",
                  cleat_sprintf("{\"status\":{\"phase\":\"Running\",\"podIP\":\"10.1.0.%u\","
                                "\"podIPs\":[{\"ip\":\"10.1.0.%u\"}%s]}}",
                                ip, ip, six));
        break;
    }
    default:
        try_create(gcw_pods,
                   cleat_sprintf("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\","
                                 "\"labels\":%s},\"spec\":{\"nodeName\":\"n%u\",\"containers\":[{"
                                 "\"name\":\"c\",\"image\":\"i\",\"ports\":[{\"name\":\"%s\","
                                 "\"containerPort\":%u}]}]}}",
                                 name, labels, pick(N_NODES), one_in(3) ? "other" : "web",
                                 9000 + pick(2)));
    }
}

static void touch_node(void) {
    CLEAT_AUTO_FREE char *name = cleat_sprintf("n%u", pick(N_NODES));
    if (one_in(3)) {
        try_delete(gcw_nodes, "", name, -1);
    } else if (one_in(2)) {
        try_patch(gcw_nodes, "", name, NULL,
                  cleat_sprintf("{\"metadata\":{\"labels\":{\"topology.kubernetes.io/zone\":"
                                "\"z%u\"}}}",
                                pick(2)));
    } else if (one_in(2)) {
        try_patch(gcw_nodes, "", name, "status",
                  cleat_sprintf("{\"status\":{\"allocatable\":{\"cpu\":\"%u\"},\"conditions\":[{"
                                "\"type\":\"Ready\",\"status\":\"%s\"}]}}",
                                pick(8), one_in(4) ? "Unknown" : "True"));
    } else {
        try_create(gcw_nodes,
                   cleat_sprintf("{\"metadata\":{\"name\":\"%s\",\"labels\":{"
                                 "\"topology.kubernetes.io/zone\":\"z%u\"}},\"status\":{"
                                 "\"allocatable\":{\"cpu\":\"%u\"},\"conditions\":[{\"type\":"
                                 "\"Ready\",\"status\":\"True\"}]}}",
                                 name, pick(3), 1 + pick(8)));
    }
}

static struct cleat_list list_of(struct cleat_gvr gvr) {
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.list(w->client, NULL, gvr, "", NULL, &l, &e), &e);
    return l;
}

/* Somebody else's hands. */
static void meddle(void) {
    struct cleat_gvr gvr = one_in(2) ? slices : endpoints;
    struct cleat_list l = list_of(gvr);
    if (l.n > 0) {
        CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(l.items[pick((unsigned)l.n)]));
        if (one_in(2)) {
            try_delete(gvr, "default", name, -1);
        } else {
            try_patch(
                gvr, "default", name, NULL,
                cleat_strdup(gvr.group[0] != 0 ? "{\"endpoints\":[]}" : "{\"subsets\":null}"));
        }
    }
    cleat_client_api.list_free(&l);
}

static void operate(void) {
    unsigned what = pick(20);
    if (what < 12) {
        touch_pod();
    } else if (what < 16) {
        touch_service();
    } else if (what < 18) {
        touch_node();
    } else {
        meddle();
    }
}

/* ---- what is to be ---- */

struct lines {
    char *v[CAP];
    size_t n;
};

static void add_line(struct lines *l, char *text) {
    if (l->n < CAP) {
        l->v[l->n++] = text;
    } else {
        free(text);
        KT_TRUE(!"more than the test can hold");
    }
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_lines(struct lines *l) {
    for (size_t i = 0; i < l->n; i++) {
        free(l->v[i]);
    }
    l->n = 0;
}

static struct cleat_str str(const cleat_obj *o, cleat_path path) {
    return cleat_val_str(cleat_obj_at(o, path));
}

static bool selects(const cleat_obj *service, const cleat_obj *pod) {
    struct cleat_iter it = {0};
    bool yes = cleat_val_count(cleat_obj_at(service, CLEAT_PATH("spec", "selector"))) > 0;
    while (cleat_val_next(cleat_obj_at(service, CLEAT_PATH("spec", "selector")), &it)) {
        CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
        yes &= cleat_eq(str(pod, CLEAT_PATH("metadata", "labels", key)), cleat_val_str(it.val));
    }
    return yes;
}

static bool ready(const cleat_obj *pod) {
    return cleat_eqc(str(pod, CLEAT_PATH("status", "conditions", "0", "status")), "True");
}

static int64_t port_at(const cleat_obj *service, const cleat_obj *pod) {
    struct cleat_val target = cleat_obj_at(service, CLEAT_PATH("spec", "ports", "0", "targetPort"));
    int64_t port = 0;
    if (cleat_val_int(target, &port)) {
        return port;
    }
    struct cleat_val of = cleat_obj_at(pod, CLEAT_PATH("spec", "containers", "0", "ports", "0"));
    if (cleat_eq(cleat_val_str(cleat_val_get(of, "name")), cleat_val_str(target))) {
        cleat_val_int(cleat_val_get(of, "containerPort"), &port);
    }
    return port;
}

/* Lines "service family port address ready serving terminating node zone pod". */
static void expected(struct lines *whole, struct lines *sliced) {
    struct cleat_list ss = list_of(services), ps = list_of(gcw_pods);
    for (size_t i = 0; i < ss.n; i++) {
        const cleat_obj *s = ss.items[i];
        bool all =
            cleat_val_bool(cleat_obj_at(s, CLEAT_PATH("spec", "publishNotReadyAddresses")), 0);
        for (size_t k = 0; k < ps.n; k++) {
            const cleat_obj *p = ps.items[k];
            struct cleat_str phase = str(p, CLEAT_PATH("status", "phase"));
            bool ending = str(p, CLEAT_PATH("metadata", "deletionTimestamp")).n > 0;
            if (!selects(s, p) || cleat_eqc(phase, "Failed")) {
                continue;
            }
            CLEAT_AUTO_FREE char *on = cleat_strndup(str(p, CLEAT_PATH("spec", "nodeName")));
            cleat_obj *node = gcw_get(w, gcw_nodes, "", on);
            struct cleat_str zone =
                node != NULL
                    ? str(node, CLEAT_PATH("metadata", "labels", "topology.kubernetes.io/zone"))
                    : CLEAT_STR("");
            struct cleat_iter f = {0};
            while (cleat_val_next(cleat_obj_at(s, CLEAT_PATH("spec", "ipFamilies")), &f)) {
                struct cleat_iter ip = {0};
                while (cleat_val_next(cleat_obj_at(p, CLEAT_PATH("status", "podIPs")), &ip)) {
                    struct cleat_str address = cleat_val_str(cleat_val_get(ip.val, "ip"));
                    bool six = memchr(address.p, ':', address.n) != NULL;
                    int64_t port = port_at(s, p);
                    if (six != cleat_eqc(cleat_val_str(f.val), "IPv6")) {
                        continue;
                    }
                    if (node != NULL || all) {
                        add_line(sliced,
                                 cleat_sprintf("%.*s %s %lld %.*s %d %d %d %s %.*s %.*s",
                                               CLEAT_FMT(cleat_obj_name(s)), six ? "IPv6" : "IPv4",
                                               (long long)port, CLEAT_FMT(address),
                                               all || (ready(p) && !ending), ready(p), ending, on,
                                               CLEAT_FMT(zone), CLEAT_FMT(cleat_obj_uid(p))));
                    }
                    if (f.index == 0 && port != 0 && (all || !ending)) {
                        add_line(whole, cleat_sprintf("%.*s %lld %.*s %d %s %.*s",
                                                      CLEAT_FMT(cleat_obj_name(s)), (long long)port,
                                                      CLEAT_FMT(address), all || ready(p), on,
                                                      CLEAT_FMT(cleat_obj_uid(p))));
                    }
                }
            }
            cleat_obj_unref(node);
        }
    }
    cleat_client_api.list_free(&ss);
    cleat_client_api.list_free(&ps);
}

/* ---- what is ---- */

static int flag(struct cleat_val endpoint, const char *which) {
    return cleat_val_bool(cleat_val_get(cleat_val_get(endpoint, "conditions"), which), 0);
}

static void found_sliced(struct lines *ret) {
    struct cleat_list l = list_of(slices);
    for (size_t i = 0; i < l.n; i++) {
        const cleat_obj *o = l.items[i];
        int64_t port = 0;
        struct cleat_val all = cleat_obj_at(o, CLEAT_PATH("endpoints"));
        cleat_val_int(cleat_obj_at(o, CLEAT_PATH("ports", "0", "port")), &port);
        KT_TRUE(cleat_val_count(all) <= MAX);
        for (struct cleat_iter it = {0}; cleat_val_next(all, &it);) {
            struct cleat_val target = cleat_val_get(it.val, "targetRef");
            struct cleat_iter first = {0};
            cleat_val_next(cleat_val_get(it.val, "addresses"), &first);
            add_line(ret,
                     cleat_sprintf("%.*s %.*s %lld %.*s %d %d %d %.*s %.*s %.*s",
                                   CLEAT_FMT(str(o, CLEAT_PATH("metadata", "labels",
                                                               "kubernetes.io/service-name"))),
                                   CLEAT_FMT(str(o, CLEAT_PATH("addressType"))), (long long)port,
                                   CLEAT_FMT(cleat_val_str(first.val)), flag(it.val, "ready"),
                                   flag(it.val, "serving"), flag(it.val, "terminating"),
                                   CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "nodeName"))),
                                   CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "zone"))),
                                   CLEAT_FMT(cleat_val_str(cleat_val_get(target, "uid")))));
        }
    }
    cleat_client_api.list_free(&l);
}

static void found_whole(struct lines *ret) {
    static const char *const lists[] = {"notReadyAddresses", "addresses"};
    struct cleat_list l = list_of(endpoints);
    for (size_t i = 0; i < l.n; i++) {
        const cleat_obj *o = l.items[i];
        for (struct cleat_iter s = {0};
             cleat_val_next(cleat_obj_at(o, CLEAT_PATH("subsets")), &s);) {
            for (struct cleat_iter p = {0}; cleat_val_next(cleat_val_get(s.val, "ports"), &p);) {
                int64_t port = 0;
                cleat_val_int(cleat_val_get(p.val, "port"), &port);
                for (int r = 0; r < 2; r++) {
                    for (struct cleat_iter a = {0};
                         cleat_val_next(cleat_val_get(s.val, lists[r]), &a);) {
                        add_line(ret,
                                 cleat_sprintf(
                                     "%.*s %lld %.*s %d %.*s %.*s", CLEAT_FMT(cleat_obj_name(o)),
                                     (long long)port,
                                     CLEAT_FMT(cleat_val_str(cleat_val_get(a.val, "ip"))), r,
                                     CLEAT_FMT(cleat_val_str(cleat_val_get(a.val, "nodeName"))),
                                     CLEAT_FMT(cleat_val_str(cleat_val_get(
                                         cleat_val_get(a.val, "targetRef"), "uid")))));
                    }
                }
            }
        }
    }
    cleat_client_api.list_free(&l);
}

/* What the zones can do: CPU by zone; false where that is not known. */
static bool shares(double cpu[3], size_t *ret_zones) {
    struct cleat_list l = list_of(gcw_nodes);
    bool known = true;
    *ret_zones = 0;
    cpu[0] = cpu[1] = cpu[2] = 0;
    for (size_t i = 0; i < l.n; i++) {
        const cleat_obj *o = l.items[i];
        struct cleat_str zone =
            str(o, CLEAT_PATH("metadata", "labels", "topology.kubernetes.io/zone"));
        int64_t milli = 0;
        if (!cleat_eqc(str(o, CLEAT_PATH("status", "conditions", "0", "status")), "True")) {
            continue;
        }
        cleat_quantity_milli(str(o, CLEAT_PATH("status", "allocatable", "cpu")), &milli);
        known &= zone.n == 2 && milli > 0;
        if (zone.n == 2) {
            cpu[zone.p[1] - '0'] += (double)milli;
        }
    }
    for (size_t i = 0; i < 3; i++) {
        *ret_zones += cpu[i] > 0;
    }
    cleat_client_api.list_free(&l);
    return known;
}

/* Whether so many endpoints can be shared out. */
static bool can_share(size_t n) {
    double cpu[3], all = 0;
    size_t zones, least = 0;
    bool known = shares(cpu, &zones);
    for (size_t i = 0; i < 3; i++) {
        all += cpu[i];
    }
    for (size_t i = 0; i < 3 && all > 0; i++) {
        double want = cpu[i] / all * (double)n * (1 / 1.2);
        least += (size_t)want + ((double)(size_t)want < want);
    }
    return known && zones > 1 && zones <= n && least <= n;
}

/* Each endpoint that is ready hints at a zone, or none does; and they do where they can. */
static void check_hints(void) {
    static const char *const families[] = {"IPv4", "IPv6"};
    struct cleat_list ss = list_of(services), l = list_of(slices);
    for (size_t i = 0; i < ss.n * 2; i++) {
        const cleat_obj *s = ss.items[i / 2];
        size_t up = 0, hinted = 0, zoned = 0;
        bool automatic = cleat_eqc(str(s, CLEAT_PATH("metadata", "annotations", MODE)), "Auto");
        for (size_t k = 0; k < l.n; k++) {
            const cleat_obj *o = l.items[k];
            if (!cleat_eqc(str(o, CLEAT_PATH("addressType")), families[i % 2]) ||
                !cleat_eq(str(o, CLEAT_PATH("metadata", "labels", "kubernetes.io/service-name")),
                          cleat_obj_name(s))) {
                continue;
            }
            for (struct cleat_iter it = {0};
                 cleat_val_next(cleat_obj_at(o, CLEAT_PATH("endpoints")), &it);) {
                bool hint =
                    cleat_val_count(cleat_val_at(it.val, CLEAT_PATH("hints", "forZones"))) > 0;
                up += flag(it.val, "ready") != 0;
                zoned +=
                    flag(it.val, "ready") && cleat_val_str(cleat_val_get(it.val, "zone")).n > 0;
                hinted += hint;
                broken |= hint && !flag(it.val, "ready");
            }
        }
        size_t want = automatic && zoned == up && can_share(up) ? up : 0;
        if (hinted != want) {
            fprintf(stderr, "hints of %.*s %s: %zu of %zu, not %zu\n", CLEAT_FMT(cleat_obj_name(s)),
                    families[i % 2], hinted, up, want);
            broken = true;
        }
    }
    cleat_client_api.list_free(&ss);
    cleat_client_api.list_free(&l);
}

static void compare(const char *what, struct lines *want, struct lines *have) {
    qsort(want->v, want->n, sizeof *want->v, by_text);
    qsort(have->v, have->n, sizeof *have->v, by_text);
    for (size_t i = 0, k = 0; i < want->n || k < have->n;) {
        int r = i == want->n ? 1 : k == have->n ? -1 : strcmp(want->v[i], have->v[k]);
        if (r != 0) {
            fprintf(stderr, "%s: %s: %s\n", what, r < 0 ? "missing" : "too much",
                    r < 0 ? want->v[i] : have->v[k]);
            broken = true;
        }
        i += r <= 0;
        k += r >= 0;
    }
    free_lines(want);
    free_lines(have);
}

static void check(void) {
    static struct lines whole, sliced, have;
    expected(&whole, &sliced);
    found_sliced(&have);
    compare("slices", &sliced, &have);
    found_whole(&have);
    compare("endpoints", &whole, &have);
    check_hints();
    /* Each Service has at least one slice of each family, and nobody else has any. */
    struct cleat_list ss = list_of(services), es = list_of(slices), eps = list_of(endpoints);
    size_t n = 0;
    for (size_t i = 0; i < ss.n; i++) {
        n += cleat_val_count(cleat_obj_at(ss.items[i], CLEAT_PATH("spec", "ipFamilies")));
    }
    if (es.n < n || eps.n != ss.n) {
        fprintf(stderr, "%zu slices of %zu families, %zu Endpoints of %zu Services\n", es.n, n,
                eps.n, ss.n);
        broken = true;
    }
    for (size_t i = 0; i < es.n; i++) {
        bool there = false;
        for (size_t k = 0; k < ss.n; k++) {
            there |= cleat_eq(
                str(es.items[i], CLEAT_PATH("metadata", "labels", "kubernetes.io/service-name")),
                cleat_obj_name(ss.items[k]));
        }
        if (!there) {
            fprintf(stderr, "a slice of nobody: %.*s\n", CLEAT_FMT(cleat_obj_bytes(es.items[i])));
            broken = true;
        }
    }
    cleat_client_api.list_free(&ss);
    cleat_client_api.list_free(&es);
    cleat_client_api.list_free(&eps);
}

static size_t writes(const char *const *operations) {
    CLEAT_AUTO_BUF b = {0};
    size_t n = 0;
    cleat_metrics_expose(&b);
    for (; *operations != NULL; operations++) {
        CLEAT_AUTO_FREE char *line =
            cleat_sprintf("endpoint_slice_controller_changes{operation=\"%s\"} ", *operations);
        const char *at = strstr(b.p, line);
        n += at != NULL ? (size_t)atoll(at + strlen(line)) : 0;
    }
    return n;
}

/* A pod that becomes ready, or not, is one write for each slice that it is in. */
static void change_one(void) {
    static const char *const all[] = {"create", "update", "delete", NULL};
    static const char *const moved[] = {"create", "delete", NULL};
    static struct lines before;
    CLEAT_AUTO_FREE char *name = cleat_sprintf("p%u", pick(N_PODS));
    cleat_obj *pod = gcw_get(w, gcw_pods, "default", name);
    if (pod == NULL) {
        return;
    }
    CLEAT_AUTO_FREE char *uid = cleat_strndup(cleat_obj_uid(pod));
    size_t n = writes(all), m = writes(moved), in = 0;
    found_sliced(&before);
    for (size_t i = 0; i < before.n; i++) {
        in += strstr(before.v[i], uid) != NULL;
    }
    free_lines(&before);
    set_ready(name);
    world_run(w, CLEAT_SECOND);
    if (writes(all) - n > in || writes(moved) != m) {
        fprintf(stderr, "%zu writes for a pod in %zu slices\n", writes(all) - n, in);
        broken = true;
    }
    cleat_obj_unref(pod);
}

static void live(uint64_t seed, unsigned faults) {
    static const char *const flags[] = {"max-endpoints-per-slice=5", NULL};
    static const char *const on = "endpointslice,endpoint";
    w = world_new_wrapped(on, NULL, flags, faulty_over);
    cleat_random_seed(seed * 0xBF58476D1CE4E5B9u); /* another stream, not the same a step on */
    for (unsigned i = 0; i < N_NODES - 1; i++) {
        try_create(gcw_nodes, cleat_sprintf("{\"metadata\":{\"name\":\"n%u\"}}", i));
    }
    for (int phase = 0; phase < 3 && !broken; phase++) {
        faulty_rate(faults);
        for (int i = 0; i < OPS; i++) {
            operate();
            for (unsigned n = pick(30); n > 0 && world_step(w); n--) {
            }
            if (one_in(10)) {
                world_run(w, (cleat_time)pick(3000) * CLEAT_MS);
            }
            if (one_in(80)) {
                world_restart(w, on, NULL, flags);
            }
        }
        faulty_rate(0);
        world_run(w, 1200 * CLEAT_SECOND); /* longer than any back-off */
        check();
        for (int i = 0; i < 5 && !broken; i++) {
            change_one();
        }
        check();
    }
    world_free(w);
}

static void rounds(unsigned faults, unsigned n) {
    const char *more = getenv("CLEAT_EP_ROUNDS"), *first = getenv("CLEAT_SEED");
    n = more != NULL ? (unsigned)atoi(more) : n;
    uint64_t seed = first != NULL ? strtoull(first, NULL, 10) : 1;
    for (unsigned i = 0; i < n && !broken; i++) {
        live(seed + i, faults);
        if (broken) {
            fprintf(stderr, "that was CLEAT_SEED=%llu\n", (unsigned long long)(seed + i));
        }
    }
    KT_TRUE(!broken);
    broken = false;
}

static void slices_are_what_the_pods_are(void) {
    rounds(0, 8);
}

static void also_when_anything_may_fail(void) {
    rounds(20, 12);
}

KT_MAIN("plugin_endpoints_model", KT_TEST(slices_are_what_the_pods_are),
        KT_TEST(also_when_anything_may_fail))
