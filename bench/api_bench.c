/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load on a running cleatd: Lease renewals, creation of Nodes and Pods, lists,
 * watches, and the time from exec to readiness. Each subcommand prints a row of
 * a markdown table with its own header (--no-header leaves it out).
 */
#include "bench/support/http_load.h"
#include "bench/support/load_watch.h"
#include "core/object/object.h"
#include "tests/support/docs.h"

#include <getopt.h>
#include <sys/wait.h>
#include <unistd.h>

struct options {
    struct load_target target;
    unsigned count, connections, iterations, watchers, rate;
    double seconds;
    bool header;
    const char *log;
    char **rest; /* after the subcommand */
    int n_rest;
};

static const char type_json[] = "application/json";

/* A document as a client creates it: without what only the server sets. */
static cleat_obj *template_of(char *text) {
    cleat_obj *o = NULL, *stripped = NULL;
    struct cleat_splice s[] = {
        {CLEAT_PATH("metadata", "uid"), {NULL, 0}},
        {CLEAT_PATH("metadata", "resourceVersion"), {NULL, 0}},
        {CLEAT_PATH("metadata", "creationTimestamp"), {NULL, 0}},
        {CLEAT_PATH("metadata", "ownerReferences"), {NULL, 0}},
    };
    cleat_assert(cleat_obj_parse(cleat_s(text), 0, &o, NULL) == CLEAT_OK);
    cleat_assert(cleat_obj_splice(o, s, sizeof s / sizeof *s, &stripped, NULL) == CLEAT_OK);
    cleat_obj_unref(o);
    free(text);
    return stripped;
}

static void header(const struct options *o, const char *columns) {
    if (o->header) {
        printf("| %s |\n|", columns);
        for (const char *p = columns; *p != '\0'; p++) {
            if (*p == '|') {
                printf("---|");
            }
        }
        printf("---|\n");
    }
}

static void row(const char *what, const struct load *l) {
    if (l->took == 0) { /* did not come to that */
        return;
    }
    double n = l->responses > 0 ? (double)l->responses : 1;
    printf("| %s | %llu | %.0f | %.0f | %.0f | %.1f | %.1f | %llu |\n", what,
           (unsigned long long)l->responses, n * 1e9 / (double)l->took,
           histogram_us(&l->latency, 0.5), histogram_us(&l->latency, 0.99),
           (double)l->server_cpu / n / 1000, (double)l->own_cpu / n / 1000,
           (unsigned long long)l->failures);
    fflush(stdout);
}

#define ROW_COLUMNS                                                                                \
    "what | requests | per second | p50 us | p99 us | server CPU us each | generator CPU us each " \
    "| failures"

static unsigned fewer(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* ---- create: nodes, pods ------------------------------------------------------------------- */

struct create {
    const char *path, *prefix;
    cleat_obj *template;
    unsigned next, count;
};

static bool create_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    struct create *c = l->userdata;
    CLEAT_AUTO(cleat_obj) *o = NULL;
    char name[64];
    (void)conn;
    if (c->next == c->count) {
        return false;
    }
    int n = snprintf(name, sizeof name, "\"%s%06u\"", c->prefix, c->next++);
    struct cleat_splice s = {CLEAT_PATH("metadata", "name"), {name, (size_t)n}};
    cleat_assert(cleat_obj_splice(c->template, &s, 1, &o, NULL) == CLEAT_OK);
    load_head(l, out, "POST", c->path, type_json, cleat_obj_bytes(o).n);
    cleat_buf_str(out, cleat_obj_bytes(o));
    return true;
}

static void first_failure(struct load *l, unsigned conn, int status, struct cleat_str body) {
    (void)conn;
    if (l->failures == 1 && status > 299) {
        fprintf(stderr, "first failure: %d %.*s\n", status, (int)(body.n < 300 ? body.n : 300),
                body.p != NULL ? body.p : "");
    }
}

static int run_create(const struct options *o, const char *what, struct create *c) {
    static const struct load_ops ops = {.request = create_request, .response = first_failure};
    struct load l = {.target = &o->target, .ops = &ops, .userdata = c, .deadline = INT64_MAX};
    c->count = o->count;
    bool ok = load_run(&l, fewer(o->connections, o->count));
    cleat_obj_unref(c->template);
    header(o, ROW_COLUMNS);
    row(what, &l);
    return ok && l.failures == 0 ? 0 : 1;
}

static int cmd_nodes(const struct options *o) {
    struct create c = {.path = "/api/v1/nodes", .prefix = "bench-node-"};
    c.template = template_of(docs_node(0));
    return run_create(o, "create Nodes of 5 KB", &c);
}

static int cmd_pods(const struct options *o) {
    /* The server drops a new Pod's status: an annotation makes up for it. */
    static const char padding[] =
        "\"................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................\"";
    struct create c = {.path = "/api/v1/namespaces/default/pods", .prefix = "bench-pod-"};
    cleat_obj *pod = template_of(docs_pod(0));
    struct cleat_splice s[] = {
        {CLEAT_PATH("status"), {NULL, 0}},
        {CLEAT_PATH("metadata", "generateName"), {NULL, 0}},
        {CLEAT_PATH("metadata", "annotations", "bench.cleat.dev/padding"), CLEAT_STR(padding)},
    };
    cleat_assert(cleat_obj_splice(pod, s, sizeof s / sizeof *s, &c.template, NULL) == CLEAT_OK);
    cleat_obj_unref(pod);
    return run_create(o, "create Pods of 3 KB", &c);
}

/* ---- leases ------------------------------------------------------------------------------------
 */

struct lease {
    char name[24];
    struct cleat_buf read; /* as the server answered last: what a client writes back */
};

struct leases {
    struct lease *lease;
    unsigned *at; /* by connection: index of the lease under way */
    unsigned count, connections, started;
    bool creating;
    uint64_t beat;
};

static void lease_body(struct cleat_buf *b, const struct lease *lease, uint64_t beat) {
    static const char key[] = "\"renewTime\":\"";
    char time[32];
    snprintf(time, sizeof time, "2026-11-23T10:%02u:%02u.%06uZ", (unsigned)(beat / 60000000 % 60),
             (unsigned)(beat / 1000000 % 60), (unsigned)(beat % 1000000));
    if (lease->read.n > 0) {
        cleat_buf_add(b, lease->read.p, lease->read.n);
        char *at = memmem(b->p, b->n, key, sizeof key - 1);
        cleat_assert(at != NULL);
        memcpy(at + sizeof key - 1, time, strlen(time));
        return;
    }
    cleat_buf_printf(
        b,
        "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{"
        "\"name\":\"%s\",\"namespace\":\"kube-node-lease\","
        "\"labels\":{\"bench.cleat.dev/kind\":\"heartbeat\",\"kubernetes.io/hostname\":"
        "\"%s\"},\"annotations\":{\"bench.cleat.dev/note\":\"as long as a kubelet's "
        "lease with its owner reference is\"}},\"spec\":{\"holderIdentity\":\"%s\","
        "\"leaseDurationSeconds\":40,\"renewTime\":\"%s\"}}",
        lease->name, lease->name, lease->name, time);
}

static bool lease_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    struct leases *ls = l->userdata;
    char path[128];
    unsigned i;
    if (ls->creating) {
        if (ls->started == ls->count) {
            return false;
        }
        i = ls->started++;
    } else {
        i = ls->at[conn] + ls->connections; /* its own ones in turn: no conflicts */
        i = i < ls->count ? i : conn;
    }
    ls->at[conn] = i;
    struct lease *lease = &ls->lease[i];
    size_t at = out->n;
    /* The head needs the body's length: the body is written first, into place. */
    CLEAT_AUTO_BUF body = {0};
    cleat_buf_reserve(&body, 1024);
    lease_body(&body, lease, ++ls->beat);
    snprintf(path, sizeof path,
             "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases%s%s",
             ls->creating ? "" : "/", ls->creating ? "" : lease->name);
    load_head(l, out, ls->creating ? "POST" : "PUT", path, type_json, body.n);
    cleat_buf_add(out, body.p, body.n);
    cleat_assert(out->n > at);
    return true;
}

static void lease_response(struct load *l, unsigned conn, int status, struct cleat_str body) {
    struct leases *ls = l->userdata;
    struct lease *lease = &ls->lease[ls->at[conn]];
    first_failure(l, conn, status, body);
    if (status <= 299 && body.n > 0) {
        lease->read.n = 0;
        cleat_buf_add(&lease->read, body.p, body.n);
    }
}

static const struct load_ops lease_ops = {.request = lease_request, .response = lease_response};

static int cmd_leases(const struct options *o) {
    static const char ns[] = "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":"
                             "\"kube-node-lease\"}}";
    unsigned connections = fewer(o->connections, o->count);
    struct leases ls = {
        .lease = cleat_array(o->count, sizeof *ls.lease),
        .at = cleat_array(connections, sizeof *ls.at),
        .count = o->count,
        .connections = connections,
        .creating = true,
    };
    struct load make = {
        .target = &o->target, .ops = &lease_ops, .userdata = &ls, .deadline = INT64_MAX};
    for (unsigned i = 0; i < o->count; i++) {
        snprintf(ls.lease[i].name, sizeof ls.lease[i].name, "bench-%d-%06u", (int)getpid() % 1000,
                 i);
    }
    load_once(&o->target, "POST", "/api/v1/namespaces", CLEAT_STR(ns), NULL); /* or is there */
    bool ok = load_run(&make, connections) && make.failures == 0;
    ls.creating = false;
    for (unsigned i = 0; i < connections; i++) {
        ls.at[i] = i;
    }
    struct load renew = {
        .target = &o->target,
        .ops = &lease_ops,
        .userdata = &ls,
        .deadline = cleat_now_mono() + (cleat_time)(o->seconds * (double)CLEAT_SECOND),
    };
    ok = ok && load_run(&renew, connections) && renew.failures == 0;
    header(o, ROW_COLUMNS);
    row("create Leases", &make);
    row(o->target.tls ? "renew Leases (TLS)" : "renew Leases", &renew);
    for (unsigned i = 0; i < o->count; i++) {
        cleat_buf_done(&ls.lease[i].read);
    }
    free(ls.lease);
    free(ls.at);
    return ok ? 0 : 1;
}

/* ---- list
 * ------------------------------------------------------------------------------------------ */

struct lister {
    char *path;
    unsigned left;
};

static bool list_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    struct lister *ls = l->userdata;
    (void)conn;
    if (ls->left == 0) {
        return false;
    }
    ls->left--;
    load_head(l, out, "GET", ls->path, NULL, 0);
    return true;
}

static int cmd_list(const struct options *o) {
    static const struct load_ops ops = {.request = list_request};
    if (o->n_rest < 1) {
        fprintf(stderr, "list: which resource? (pods, nodes, leases or a path)\n");
        return 2;
    }
    const char *what = o->rest[0];
    struct lister ls = {.left = o->iterations};
    ls.path = what[0] == '/'                ? cleat_strdup(what)
              : strcmp(what, "leases") == 0 ? cleat_strdup("/apis/coordination.k8s.io/v1/leases")
                                            : cleat_sprintf("/api/v1/%s", what);
    struct load l = {.target = &o->target, .ops = &ops, .userdata = &ls, .deadline = INT64_MAX};
    bool ok = load_run(&l, fewer(o->connections, o->iterations));
    double mb = (double)l.bytes / 1e6, s = (double)l.took / 1e9;
    header(o, "what | lists | MB each | MB/s | p50 ms | server CPU ms each | failures");
    printf("| list %s | %llu | %.1f | %.0f | %.1f | %.1f | %llu |\n", what,
           (unsigned long long)l.responses, l.responses ? mb / (double)l.responses : 0, mb / s,
           histogram_us(&l.latency, 0.5) / 1000,
           l.responses ? (double)l.server_cpu / (double)l.responses / 1e6 : 0,
           (unsigned long long)l.failures);
    free(ls.path);
    return ok && l.failures == 0 ? 0 : 1;
}

/* ---- watch
 * ---------------------------------------------------------------------------------------------- */

static int cmd_watch(const struct options *o) {
    struct load_watch w = {
        .target = &o->target, .watchers = o->watchers, .rate = o->rate, .seconds = o->seconds};
    bool ok = load_watch(&w);
    double took = (double)w.took / 1e9, n = w.events ? (double)w.events : 1;
    header(o, "what | watchers | changes/s | events/s | lost | p50 ms | p99 ms | server CPU "
              "us/event | generator CPU us/event");
    printf("| watch%s | %u | %.0f | %.0f | %llu | %.1f | %.1f | %.1f | %.1f |\n",
           o->target.streams > 0 ? " (HTTP/2)"
           : o->target.tls       ? " (TLS)"
                                 : "",
           o->watchers, (double)w.written / took, (double)w.events / took,
           (unsigned long long)w.lost, histogram_us(&w.delay, 0.5) / 1000,
           histogram_us(&w.delay, 0.99) / 1000, (double)w.server_cpu / n / 1000,
           (double)w.own_cpu / n / 1000);
    return ok && w.written > 0 && w.lost == 0 ? 0 : 1;
}

/* ---- start
 * ----------------------------------------------------------------------------------------------------
 */

static long rss_kib(int pid) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("/proc/%d/status", pid);
    char line[256];
    long kib = -1;
    FILE *f = fopen(path, "re");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, "VmRSS: %ld", &kib) == 1) {
            break;
        }
    }
    if (f != NULL) {
        fclose(f);
    }
    return kib;
}

/* Whether the port takes connections; quiet, unlike load_once. */
static bool is_ready(const struct load_target *t, int quiet) {
    int keep = dup(2);
    dup2(quiet, 2);
    int status = load_once(t, "GET", "/readyz", (struct cleat_str){NULL, 0}, NULL);
    dup2(keep, 2);
    close(keep);
    return status == 200;
}

/* Starts a program and leaves it running: prints milliseconds from exec to /readyz 200,
 * its RSS a second later, and its pid. */
static int cmd_start(const struct options *o) {
    if (o->n_rest < 1) {
        fprintf(stderr, "start: which program?\n");
        return 2;
    }
    FILE *null = fopen(o->log != NULL ? o->log : "/dev/null", "we");
    cleat_assert(null != NULL);
    cleat_time start = cleat_now_mono();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(null), 1);
        dup2(fileno(null), 2);
        setsid();
        execv(o->rest[0], o->rest);
        _exit(127);
    }
    while (!is_ready(&o->target, fileno(null))) {
        if (waitpid(pid, NULL, WNOHANG) == pid || cleat_now_mono() - start > 30 * CLEAT_SECOND) {
            fprintf(stderr, "start: %s did not get ready\n", o->rest[0]);
            return 1;
        }
        usleep(500);
    }
    double ms = (double)(cleat_now_mono() - start) / 1e6;
    fclose(null);
    sleep(1);
    printf("ready_ms=%.1f rss_kib=%ld pid=%d\n", ms, rss_kib(pid), (int)pid);
    return 0;
}

static int cmd_rss(const struct options *o) {
    printf("rss_kib=%ld\n", rss_kib(o->target.pid));
    return 0;
}

/* ---- options
 * -------------------------------------------------------------------------------------------------------
 */

static const struct {
    const char *name, *help;
    int (*run)(const struct options *o);
} commands[] = {
    {"leases", "create --count Leases, then renew them by PUT for --seconds", cmd_leases},
    {"nodes", "create --count Nodes of 5 KB", cmd_nodes},
    {"pods", "create --count Pods of 3 KB", cmd_pods},
    {"list", "RESOURCE: list it --iterations times", cmd_list},
    {"watch",
     "--watchers (HTTP/2: --streams of them a connection) watch one object that changes "
     "--rate times a second",
     cmd_watch},
    {"start", "PROGRAM ARGS...: time from exec to /readyz; leaves it running", cmd_start},
    {"rss", "resident memory of --pid", cmd_rss},
};

static int usage(void) {
    fprintf(stderr,
            "usage: api_bench [--host A] [--port N] [--tls [--ca FILE]] [--token T] [--pid N]\n"
            "                 [--count N] [--connections N] [--seconds S] [--iterations N]\n"
            "                 [--watchers N] [--streams N] [--rate N] [--log FILE] [--accept TYPE] "
            "[--no-header] "
            "COMMAND ...\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        fprintf(stderr, "  %-8s %s\n", commands[i].name, commands[i].help);
    }
    return 2;
}

enum {
    HOST,
    PORT,
    TLS,
    CA,
    TOKEN,
    PID,
    COUNT,
    CONNECTIONS,
    SECONDS,
    ITERATIONS,
    WATCHERS,
    STREAMS,
    RATE,
    LOG,
    ACCEPT,
    NO_HEADER
};

/* Takes the options before the first other word, or (permute) all. */
static bool parse_options(int argc, char **argv, struct options *o, bool permute) {
    static const struct option table[] = {{"host", 1, NULL, HOST},
                                          {"port", 1, NULL, PORT},
                                          {"tls", 0, NULL, TLS},
                                          {"ca", 1, NULL, CA},
                                          {"token", 1, NULL, TOKEN},
                                          {"pid", 1, NULL, PID},
                                          {"count", 1, NULL, COUNT},
                                          {"connections", 1, NULL, CONNECTIONS},
                                          {"seconds", 1, NULL, SECONDS},
                                          {"iterations", 1, NULL, ITERATIONS},
                                          {"watchers", 1, NULL, WATCHERS},
                                          {"streams", 1, NULL, STREAMS},
                                          {"rate", 1, NULL, RATE},
                                          {"log", 1, NULL, LOG},
                                          {"accept", 1, NULL, ACCEPT},
                                          {"no-header", 0, NULL, NO_HEADER},
                                          {NULL, 0, NULL, 0}};
    optind = 0;
    for (int opt; (opt = getopt_long(argc, argv, permute ? "" : "+", table, NULL)) != -1;) {
        unsigned n = optarg != NULL ? (unsigned)strtoul(optarg, NULL, 10) : 0;
        switch (opt) {
        case HOST:
            o->target.host = optarg;
            break;
        case PORT:
            o->target.port = (int)n;
            break;
        case TLS:
            o->target.tls = true;
            break;
        case CA:
            o->target.ca = optarg;
            break;
        case TOKEN:
            o->target.token = optarg;
            break;
        case PID:
            o->target.pid = (int)n;
            break;
        case COUNT:
            o->count = n;
            break;
        case CONNECTIONS:
            o->connections = n;
            break;
        case SECONDS:
            o->seconds = strtod(optarg, NULL);
            break;
        case ITERATIONS:
            o->iterations = n;
            break;
        case WATCHERS:
            o->watchers = n;
            break;
        case STREAMS:
            o->target.streams = n;
            break;
        case RATE:
            o->rate = n;
            break;
        case LOG:
            o->log = optarg;
            break;
        case ACCEPT:
            o->target.accept = optarg;
            break;
        case NO_HEADER:
            o->header = false;
            break;
        default:
            return false;
        }
    }
    bool streams_ok =
        o->target.streams == 0 || (o->target.tls && o->watchers % o->target.streams == 0);
    return o->count > 0 && o->connections > 0 && o->watchers > 0 && o->rate > 0 && streams_ok;
}

int main(int argc, char **argv) {
    struct options o = {
        .target = {.host = "127.0.0.1", .port = 8080},
        .count = 1000,
        .connections = 64,
        .iterations = 10,
        .watchers = 100,
        .rate = 100,
        .seconds = 5,
        .header = true,
    };
    if (!parse_options(argc, argv, &o, false) || optind == argc) {
        return usage();
    }
    const char *command = argv[optind];
    argc -= optind;
    argv += optind;
    /* What follows `start PROGRAM` is the program's. */
    if (!parse_options(argc, argv, &o, strcmp(command, "start") != 0)) {
        return usage();
    }
    o.rest = argv + optind;
    o.n_rest = argc - optind;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(command, commands[i].name) == 0) {
            return commands[i].run(&o);
        }
    }
    return usage();
}
