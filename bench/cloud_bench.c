/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cloud's controllers in one process with a SQLite store that syncs and the simulated
 * cloud, whose balancers and routes are objects of the same store: how long Services take to
 * their addresses and to their end, Nodes to their routes, and balancers to hear of a
 * Node. Prints a markdown table.
 *   cloud_bench [services] [nodes] [milliseconds that each of the cloud's calls takes]
 */
#include "bench/support/inproc.h"

#include <unistd.h>

static const struct cleat_gvr services = {"", "v1", "services"};
static const struct cleat_gvr nodes = {"", "v1", "nodes"};
static const struct cleat_gvr machines = {"sim.cleat.dev", "v1alpha1", "machines"};
static const struct cleat_gvr balancers = {"sim.cleat.dev", "v1alpha1", "loadbalancers"};
static const struct cleat_gvr clouds = {"sim.cleat.dev", "v1alpha1", "clouds"};

enum { MOST = 10000 };

static struct inproc b = {.name = "cloud", .admits = true};

static struct {
    cleat_time began[MOST];
    double took[MOST];
    bool seen[MOST];
} each;

/* ---- objects ---- */

static void remove_soon(struct cleat_gvr gvr, const char *ns, const char *name) {
    struct cleat_delete_opts opts = {.struct_size = sizeof opts, .grace_period_seconds = -1};
    inproc_begin(&b);
    cleat_client_api.remove_async(b.client, gvr, (struct cleat_key){cleat_s(ns), cleat_s(name)},
                                  &opts, inproc_done, &b);
}

static void list(struct cleat_gvr gvr, struct cleat_list *l) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    *l = (struct cleat_list){.struct_size = sizeof *l};
    need(cleat_client_api.list(b.client, NULL, gvr, "", NULL, l, &e), &e);
}

/* ---- waiting ---- */

/* Notes when each of `prefix`N is first seen to be so; returns once all n are. */
static double await_each(struct cleat_gvr gvr, const char *prefix, int n,
                         bool (*is_so)(const cleat_obj *o)) {
    cleat_time began = cleat_now_mono();
    memset(each.seen, 0, sizeof each.seen);
    for (int left = n; left > 0;) {
        struct cleat_list l;
        list(gvr, &l);
        for (size_t i = 0; i < l.n; i++) {
            struct cleat_str name = cleat_obj_name(l.items[i]);
            size_t p = strlen(prefix);
            if (name.n <= p || memcmp(name.p, prefix, p) != 0) {
                continue;
            }
            int k = atoi(name.p + p);
            if (k < n && !each.seen[k] && is_so(l.items[i])) {
                each.seen[k] = true;
                each.took[k] = seconds_since(each.began[k]);
                left--;
            }
        }
        cleat_client_api.list_free(&l);
        usleep(500);
        if (seconds_since(began) > 300) {
            fprintf(stderr, "%d of %d %s are still missing\n", left, n, prefix);
            exit(1);
        }
    }
    return seconds_since(began);
}

static void row(const char *what, int n, double all) {
    qsort(each.took, (size_t)n, sizeof *each.took, by_size);
    printf("| %s | %.0f ms | %.0f ms | %.0f ms |\n", what, each.took[n / 2] * 1e3,
           each.took[n - 1] * 1e3, all * 1e3);
    fflush(stdout);
}

static bool has_address(const cleat_obj *o) {
    return cleat_val_present(
        cleat_obj_at(o, CLEAT_PATH("status", "loadBalancer", "ingress", "0", "ip")));
}

static bool has_routes(const cleat_obj *o) {
    struct cleat_iter it = {0};
    while (cleat_val_next(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "NetworkUnavailable")) {
            return cleat_eqc(cleat_val_str(cleat_val_get(it.val, "status")), "False");
        }
    }
    return false;
}

static void await_none(struct cleat_gvr gvr, int beside) {
    for (cleat_time began = cleat_now_mono();;) {
        struct cleat_list l;
        list(gvr, &l);
        int n = (int)l.n;
        cleat_client_api.list_free(&l);
        if (n <= beside) {
            return;
        }
        if (seconds_since(began) > 300) {
            fprintf(stderr, "%d are left\n", n);
            exit(1);
        }
        usleep(500);
    }
}

/* ---- what is measured ---- */

static void make_services(int n) {
    cleat_time began = cleat_now_mono();
    for (int i = 0; i < n; i++) {
        each.began[i] = cleat_now_mono();
        inproc_create(
            &b, services,
            cleat_sprintf("{\"metadata\":{\"namespace\":\"default\",\"name\":\"s%d\"},"
                          "\"spec\":{\"type\":\"LoadBalancer\",\"ports\":[{\"port\":80}]}}",
                          i));
    }
    await_each(services, "s", n, has_address);
    char *what = cleat_sprintf("%d services: created to their addresses", n);
    row(what, n, seconds_since(began));
    free(what);
}

static void delete_services(int n) {
    char name[32];
    cleat_time began = cleat_now_mono();
    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "s%d", i);
        remove_soon(services, "default", name);
    }
    await_none(services, 1); /* "kubernetes" may be there */
    await_none(balancers, 0);
    printf("| %d services: deleted to gone, with their balancers | | | %.0f ms |\n", n,
           seconds_since(began) * 1e3);
    fflush(stdout);
}

static size_t wanted_hosts;

static bool has_hosts(const cleat_obj *o) {
    return cleat_val_count(cleat_obj_at(o, CLEAT_PATH("spec", "hosts"))) == wanted_hosts;
}

static void change_nodes(int n, int n_nodes) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    usleep(1000 * 1000); /* what the creation of the Nodes set off is over */
    cleat_time began = cleat_now_mono();
    wanted_hosts = (size_t)n_nodes - 10;
    for (int i = 0; i < 10; i++) {
        char name[32];
        snprintf(name, sizeof name, "m%d", i);
        need(cleat_client_api.patch(b.client, NULL, nodes,
                                    (struct cleat_key){{"", 0}, cleat_s(name)}, NULL,
                                    CLEAT_PATCH_MERGE,
                                    CLEAT_STR("{\"metadata\":{\"labels\":{\"node.kubernetes.io/"
                                              "exclude-from-external-load-balancers\":\"\"}}}"),
                                    NULL, &e),
             &e);
    }
    for (;;) {
        struct cleat_list l;
        size_t right = 0;
        list(balancers, &l);
        for (size_t i = 0; i < l.n; i++) {
            right += has_hosts(l.items[i]);
        }
        cleat_client_api.list_free(&l);
        if (right == (size_t)n) {
            break;
        }
        if (seconds_since(began) > 300) {
            fprintf(stderr, "%zu of %d balancers have heard\n", right, n);
            exit(1);
        }
        usleep(500);
    }
    printf("| 10 Nodes less: all %d balancers have heard | | | %.0f ms |\n", n,
           seconds_since(began) * 1e3);
    fflush(stdout);
}

static void make_nodes(int n) {
    cleat_time began = cleat_now_mono();
    for (int i = 0; i < n; i++) {
        each.began[i] = cleat_now_mono();
        inproc_create(&b, machines,
                      cleat_sprintf("{\"apiVersion\":\"sim.cleat.dev/v1alpha1\",\"kind\":"
                                    "\"Machine\",\"metadata\":{\"name\":\"m%d\"},\"spec\":"
                                    "{\"zone\":\"a\"}}",
                                    i));
    }
    await_each(nodes, "m", n, has_routes);
    char *what = cleat_sprintf("%d servers: created to NetworkUnavailable=False of their Nodes", n);
    row(what, n, seconds_since(began));
    free(what);
}

static void slow_down(int ms) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *json = cleat_sprintf("{\"spec\":{\"latencyMilliseconds\":%d}}", ms);
    need(cleat_client_api.patch(b.client, NULL, clouds,
                                (struct cleat_key){{"", 0}, CLEAT_STR("sim")}, NULL,
                                CLEAT_PATCH_MERGE, cleat_s(json), NULL, &e),
         &e);
    free(json);
    usleep(100 * 1000);
    printf("| *each call of the cloud takes %d ms* | | | |\n", ms);
}

/* ---- the process ---- */

static void start_host(void) {
    const char *const flags[] = {"sim-machines=0", "allocate-node-cidrs=true",
                                 "cluster-cidr=10.128.0.0/9", "sim-load-balancer-cidr=10.64.0.0/12",
                                 NULL};
    struct cleat_host_opts opts = {.controllers = "cloud-node,nodeipam,route,service",
                                   .cloud_providers = "sim",
                                   .flags = flags};
    inproc_start(&b, &opts);
    usleep(500 * 1000);
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 200;
    int n_nodes = argc > 2 ? atoi(argv[2]) : 100;
    int slow = argc > 3 ? atoi(argv[3]) : 200;
    if (n < 1 || n > MOST || n_nodes < 20 || n_nodes > MOST) {
        fprintf(stderr, "1 to %d services, 20 to %d nodes\n", MOST, MOST);
        return 2;
    }
    inproc_open(&b);
    start_host();
    puts("| What | Median | Most | All |\n|---|---|---|---|");
    make_nodes(n_nodes);
    make_services(n);
    change_nodes(n, n_nodes);
    delete_services(n);
    slow_down(slow);
    make_services(n);
    delete_services(n);
    inproc_stop(&b);
    inproc_close(&b);
    return 0;
}
