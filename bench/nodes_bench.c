/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cluster's heartbeats: so many Nodes, each of which renews its Lease every ten
 * seconds and posts its status every five minutes, against a cleatd with the node
 * controllers that this program starts on a folder of its own. Some Nodes stop
 * half way: each must become Unknown within a second of its grace period's end,
 * and no other Node at any time.
 *   nodes_bench [--nodes N] [--warm S] [--seconds S] [--stop N] [--connections N]
 *               [SERVER [FLAGS]]
 * Prints a markdown table; exits with 1 where a Node was missed or wronged.
 * One thread writes, another watches Nodes.
 */
#include "bench/support/http_load.h"
#include "core/object/object.h"
#include "tests/support/docs.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <getopt.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define RENEW_EVERY  (10 * CLEAT_SECOND)
#define GRACE        (50 * CLEAT_SECOND) /* of the controller, by default */
#define STATUS_EVERY 30                  /* renewals */
#define LEASES       "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"

struct node {
    struct cleat_buf lease; /* as the server answered last */
    cleat_time heard;       /* when its last heartbeat was acknowledged */
    cleat_time unknown;     /* when it was seen to be Unknown; watcher's, read at the end */
    unsigned beats;
    bool stopped;
};

static struct {
    unsigned n, stop, connections;
    double warm, seconds; /* warm: before the measuring, until what new Nodes bring is over */
    struct load_target target;
    struct node *nodes;
    cleat_obj *template;
    char *revision; /* from where the watch begins */
} b = {.n = 130000, .stop = 1000, .connections = 1000, .warm = 60, .seconds = 300};

static const char json[] = "application/json", merge[] = "application/strategic-merge-patch+json";

static void now_text(char text[static 32]) {
    cleat_time_format(cleat_now_wall(), true, text);
}

/* ---- making them ---------------------------------------------------------------------- */

enum making { MAKE_LEASES, MAKE_NODES };

struct make {
    enum making what;
    unsigned next, *at;
};

static void lease_body(struct cleat_buf *out, unsigned i) {
    char now[32];
    now_text(now);
    cleat_buf_printf(out,
                     "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{"
                     "\"name\":\"bench-node-%06u\",\"namespace\":\"kube-node-lease\"},\"spec\":{"
                     "\"holderIdentity\":\"bench-node-%06u\",\"leaseDurationSeconds\":40,"
                     "\"renewTime\":\"%s\"}}",
                     i, i, now);
}

static void conditions(struct cleat_buf *out) {
    static const char *const all[][2] = {{"Ready", "True"},
                                         {"MemoryPressure", "False"},
                                         {"DiskPressure", "False"},
                                         {"PIDPressure", "False"}};
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    for (unsigned i = 0; i < 4; i++) {
        cleat_buf_printf(out, "%c{\"type\":\"%s\",\"status\":\"%s\",\"lastHeartbeatTime\":\"%s\"}",
                         i == 0 ? '[' : ',', all[i][0], all[i][1], now);
    }
    cleat_buf_putc(out, ']');
}

static void node_body(struct cleat_buf *out, unsigned i) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_AUTO_BUF c = {0};
    char name[32], zone[16];
    int n = snprintf(name, sizeof name, "\"bench-node-%06u\"", i);
    int z = snprintf(zone, sizeof zone, "\"eu-%u\"", i % 3);
    conditions(&c);
    struct cleat_splice s[] = {
        {CLEAT_PATH("metadata", "name"), {name, (size_t)n}},
        {CLEAT_PATH("metadata", "labels", "kubernetes.io/hostname"), {name, (size_t)n}},
        {CLEAT_PATH("metadata", "labels", "topology.kubernetes.io/zone"), {zone, (size_t)z}},
        {CLEAT_PATH("status", "conditions"), {c.p, c.n}},
    };
    cleat_assert(cleat_obj_splice(b.template, s, sizeof s / sizeof *s, &o, NULL) == CLEAT_OK);
    cleat_buf_str(out, cleat_obj_bytes(o));
}

static bool make_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    struct make *m = l->userdata;
    CLEAT_AUTO_BUF body = {0};
    if (m->next == b.n) {
        return false;
    }
    m->at[conn] = m->next;
    (m->what == MAKE_LEASES ? lease_body : node_body)(&body, m->next++);
    load_head(l, out, "POST", m->what == MAKE_LEASES ? LEASES : "/api/v1/nodes", json, body.n);
    cleat_buf_add(out, body.p, body.n);
    return true;
}

static void keep(struct cleat_buf *lease, struct cleat_str body) {
    lease->n = 0;
    cleat_buf_add(lease, body.p, body.n);
}

static void first_failure(const struct load *l, int status, struct cleat_str body) {
    if (status > 299 && l->failures == 1) {
        fprintf(stderr, "first failure: %d %.*s\n", status, (int)(body.n < 300 ? body.n : 300),
                body.p);
    }
}

static void make_response(struct load *l, unsigned conn, int status, struct cleat_str body) {
    struct make *m = l->userdata;
    first_failure(l, status, body);
    if (m->what == MAKE_LEASES && status <= 299) {
        keep(&b.nodes[m->at[conn]].lease, body);
    }
}

static bool make(enum making what) {
    static const struct load_ops ops = {.request = make_request, .response = make_response};
    struct make m = {.what = what, .at = cleat_array(64, sizeof *m.at)};
    struct load l = {.target = &b.target, .ops = &ops, .userdata = &m, .deadline = INT64_MAX};
    bool ok = load_run(&l, 64) && l.failures == 0;
    free(m.at);
    printf("| create %u %s | %.1f s |\n", b.n, what == MAKE_LEASES ? "Leases" : "Nodes of 5 KB",
           (double)l.took / 1e9);
    return ok;
}

/* ---- heartbeats ----------------------------------------------------------------------- */

struct beating {
    cleat_time began, stop_at;
    uint64_t turn;
    unsigned *at;
    bool *is_status;
    bool stopped;
    uint64_t renewals, statuses;
};

/* Turn t is Node t % n's, and due at t/n periods from the beginning. */
static cleat_time due(struct load *l) {
    const struct beating *g = l->userdata;
    return g->began + (cleat_time)((double)g->turn * ((double)RENEW_EVERY / b.n));
}

static void stop_some(struct beating *g) {
    g->stopped = true;
    for (unsigned k = 0; k < b.stop; k++) {
        b.nodes[(uint64_t)k * b.n / b.stop].stopped = true;
    }
}

static void renewal(const struct load *l, unsigned i, struct cleat_buf *out) {
    static const char key[] = "\"renewTime\":\"";
    char path[128], now[32];
    now_text(now);
    struct cleat_buf *lease = &b.nodes[i].lease;
    char *at = memmem(lease->p, lease->n, key, sizeof key - 1);
    cleat_assert(at != NULL);
    memcpy(at + sizeof key - 1, now, strlen(now));
    snprintf(path, sizeof path, LEASES "/bench-node-%06u", i);
    load_head(l, out, "PUT", path, json, lease->n);
    cleat_buf_add(out, lease->p, lease->n);
}

static void status_post(const struct load *l, unsigned i, struct cleat_buf *out) {
    CLEAT_AUTO_BUF body = {0};
    char path[64];
    cleat_buf_puts(&body, "{\"status\":{\"conditions\":");
    conditions(&body);
    cleat_buf_puts(&body, "}}");
    snprintf(path, sizeof path, "/api/v1/nodes/bench-node-%06u/status", i);
    load_head(l, out, "PATCH", path, merge, body.n);
    cleat_buf_add(out, body.p, body.n);
}

static bool beat_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    struct beating *g = l->userdata;
    if (!g->stopped && cleat_now_mono() >= g->stop_at) {
        stop_some(g);
    }
    unsigned i = (unsigned)(g->turn++ % b.n);
    while (b.nodes[i].stopped) {
        i = (unsigned)(g->turn++ % b.n);
    }
    g->at[conn] = i;
    /* a status is posted in place of a renewal, each Node at a time of its own */
    g->is_status[conn] = b.nodes[i].beats++ % STATUS_EVERY == i % STATUS_EVERY;
    (g->is_status[conn] ? status_post : renewal)(l, i, out);
    return true;
}

static void beat_response(struct load *l, unsigned conn, int status, struct cleat_str body) {
    struct beating *g = l->userdata;
    struct node *n = &b.nodes[g->at[conn]];
    first_failure(l, status, body);
    if (status > 299) {
        return;
    }
    n->heard = cleat_now_mono();
    if (g->is_status[conn]) {
        g->statuses++;
    } else {
        g->renewals++;
        keep(&n->lease, body);
    }
}

/* ---- who watches ------------------------------------------------------------------------ */

struct watching {
    struct load load;
    struct cleat_buf line;
    _Atomic uint64_t events;
    bool asked, ok;
};

static bool watch_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    struct watching *w = l->userdata;
    char path[96];
    (void)conn;
    if (w->asked) {
        return false;
    }
    w->asked = true;
    snprintf(path, sizeof path, "/api/v1/nodes?watch=1&resourceVersion=%s", b.revision);
    load_head(l, out, "GET", path, NULL, 0);
    return true;
}

static void watch_line(struct cleat_str line) {
    static const char key[] = "\"name\":\"bench-node-";
    if (memmem(line.p, line.n, "NodeStatusUnknown", 17) == NULL) {
        return;
    }
    const char *at = memmem(line.p, line.n, key, sizeof key - 1);
    unsigned i = at != NULL ? (unsigned)strtoul(at + sizeof key - 1, NULL, 10) : b.n;
    if (i < b.n && b.nodes[i].unknown == 0) {
        b.nodes[i].unknown = cleat_now_mono();
    }
}

static void watch_piece(struct load *l, unsigned conn, struct cleat_str data) {
    struct watching *w = l->userdata;
    (void)conn;
    for (const char *nl; (nl = memchr(data.p, '\n', data.n)) != NULL;) {
        size_t n = (size_t)(nl - data.p);
        cleat_buf_add(&w->line, data.p, n);
        watch_line((struct cleat_str){w->line.p, w->line.n});
        w->line.n = 0;
        w->events++;
        data.p += n + 1;
        data.n -= n + 1;
    }
    cleat_buf_add(&w->line, data.p, data.n);
}

static void *watch_thread(void *arg) {
    struct watching *w = arg;
    w->ok = load_run(&w->load, 1);
    return NULL;
}

/* ---- figures ---------------------------------------------------------------------------- */

static int by_size(const void *x, const void *y) {
    cleat_time l = *(const cleat_time *)x, r = *(const cleat_time *)y;
    return l < r ? -1 : l > r;
}

/* Whether all that stopped were found in time, and nobody else. */
static bool judge(void) {
    cleat_time *late = cleat_array(b.stop, sizeof *late);
    unsigned found = 0, wronged = 0, missed = 0;
    for (unsigned i = 0; i < b.n; i++) {
        const struct node *n = &b.nodes[i];
        wronged += !n->stopped && n->unknown != 0;
        missed += n->stopped && n->unknown == 0;
        if (n->stopped && n->unknown != 0) {
            late[found++] = n->unknown - n->heard - GRACE;
        }
    }
    qsort(late, found, sizeof *late, by_size);
    printf("| Nodes wrongly found silent | %u |\n| Nodes that stopped | %u |\n"
           "| of these not found | %u |\n",
           wronged, b.stop, missed);
    bool in_time = found > 0 && late[found - 1] < CLEAT_SECOND && late[0] > -CLEAT_SECOND;
    if (found > 0) {
        printf(
            "| from the end of the grace period to the watcher: least, p50, p99, most | %.0f ms, "
            "%.0f ms, %.0f ms, %.0f ms |\n",
            (double)late[0] / 1e6, (double)late[found / 2] / 1e6,
            (double)late[found * 99 / 100] / 1e6, (double)late[found - 1] / 1e6);
    }
    free(late);
    return wronged == 0 && missed == 0 && (in_time || b.stop == 0);
}

/* A number of /proc/PID/FILE by its key, -1 where there is none. */
static long long proc(const char *file, const char *key) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("/proc/%d/%s", b.target.pid, file);
    char line[256];
    long long value = -1;
    FILE *f = fopen(path, "re");
    while (f != NULL && value < 0 && fgets(line, sizeof line, f) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0) {
            value = strtoll(line + strlen(key), NULL, 10);
        }
    }
    if (f != NULL) {
        fclose(f);
    }
    return value;
}

static void figures(const struct load *l, const struct beating *g, long long written) {
    double s = (double)l->took / 1e9;
    printf("| heartbeats for | %.0f s |\n| renewals of Leases | %.0f a second |\n"
           "| posts of a Node's status | %.0f a second |\n| failures | %llu |\n",
           s, (double)g->renewals / s, (double)g->statuses / s, (unsigned long long)l->failures);
    printf(
        "| answered after (from when it was due): p50, p99, p99.9 | %.1f ms, %.1f ms, %.1f ms |\n",
        histogram_us(&l->latency, 0.5) / 1e3, histogram_us(&l->latency, 0.99) / 1e3,
        histogram_us(&l->latency, 0.999) / 1e3);
    printf("| CPU of the server | %.0f %% of a core |\n| CPU of this generator | %.0f %% |\n",
           100 * (double)l->server_cpu / (double)l->took,
           100 * (double)l->own_cpu / (double)l->took);
    printf("| RSS of the server | %lld MiB |\n| written to disk | %.1f MB/s |\n",
           proc("status", "VmRSS:") / 1024, (double)written / s / 1e6);
}

/* Heartbeats for some time; counts: the figures are printed. */
static bool beat_for(struct beating *g, double seconds, bool counts) {
    static const struct load_ops ops = {
        .request = beat_request, .response = beat_response, .due = due};
    struct load l = {.target = &b.target,
                     .ops = &ops,
                     .userdata = g,
                     .deadline = cleat_now_mono() + (cleat_time)(seconds * (double)CLEAT_SECOND)};
    g->renewals = g->statuses = 0;
    long long written = proc("io", "write_bytes:");
    bool ok = load_run(&l, b.connections) && l.failures == 0;
    if (counts) {
        figures(&l, g, proc("io", "write_bytes:") - written);
    }
    return ok;
}

static bool beat(void) {
    static const struct load_ops ops = {.request = watch_request, .piece = watch_piece};
    cleat_time now = cleat_now_mono();
    cleat_time end = now + (cleat_time)((b.warm + b.seconds + 1) * (double)CLEAT_SECOND);
    struct watching w = {
        .load = {.target = &b.target, .ops = &ops, .userdata = &w, .deadline = end}};
    struct beating g = {
        .began = now,
        .stop_at = now + (cleat_time)((b.warm + b.seconds / 2) * (double)CLEAT_SECOND),
        .at = cleat_array(b.connections, sizeof *g.at),
        .is_status = cleat_array(b.connections, sizeof *g.is_status),
    };
    pthread_t thread = cleat_thread_start("watcher", watch_thread, &w);
    bool ok = beat_for(&g, b.warm, false) && beat_for(&g, b.seconds, true);
    pthread_join(thread, NULL);
    printf("| events that the watcher got | %llu |\n", (unsigned long long)w.events);
    free(g.at);
    free(g.is_status);
    cleat_buf_done(&w.line);
    return ok && w.ok;
}

/* ---- the server --------------------------------------------------------------------------- */

static int free_port(void) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cleat_assert(bind(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
                 getsockname(fd, (struct sockaddr *)&a, &n) == 0);
    close(fd);
    return ntohs(a.sin_port);
}

static bool answers(void) {
    int quiet = dup(2);
    CLEAT_AUTO_FREE char *body = NULL;
    cleat_assert(freopen("/dev/null", "w", stderr) != NULL);
    int status = load_once(&b.target, "GET", "/readyz", (struct cleat_str){NULL, 0}, &body);
    fflush(stderr);
    dup2(quiet, 2);
    close(quiet);
    return status == 200;
}

static bool start(const char *server, const char *dir, char **flags) {
    b.target = (struct load_target){.host = "127.0.0.1", .port = free_port()};
    CLEAT_AUTO_FREE char *data = cleat_sprintf("--data-dir=%s", dir);
    CLEAT_AUTO_FREE char *port = cleat_sprintf("--insecure-port=%d", b.target.port);
    CLEAT_AUTO_FREE char *log = cleat_sprintf("%s/log", dir);
    char *argv[64] = {cleat_strdup(server), data, port, cleat_strdup("--secure-port=0"),
                      cleat_strdup("--controllers=nodelifecycle,taint-eviction")};
    for (int i = 5; i < 63 && *flags != NULL; i++) {
        argv[i] = *flags++;
    }
    b.target.pid = fork();
    if (b.target.pid == 0) {
        cleat_assert(freopen(log, "w", stdout) != NULL);
        dup2(1, 2);
        execv(server, argv);
        _exit(127);
    }
    free(argv[0]);
    free(argv[3]);
    free(argv[4]);
    for (int i = 0; i < 1000; i++) {
        if (answers()) {
            return true;
        }
        if (waitpid(b.target.pid, NULL, WNOHANG) == b.target.pid) {
            break;
        }
        usleep(10000);
    }
    fprintf(stderr, "%s did not get ready\n", server);
    return false;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static bool read_revision(void) {
    static const char key[] = "\"resourceVersion\":\"";
    CLEAT_AUTO_FREE char *body = NULL;
    load_once(&b.target, "GET", "/api/v1/nodes?limit=1", (struct cleat_str){NULL, 0}, &body);
    const char *at = body != NULL ? strstr(body, key) : NULL;
    if (at == NULL) {
        return false;
    }
    at += sizeof key - 1;
    b.revision = cleat_strndup((struct cleat_str){at, strcspn(at, "\"")});
    return true;
}

static void make_template(void) {
    CLEAT_AUTO_FREE char *text = docs_node(0);
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_splice s[] = {
        {CLEAT_PATH("metadata", "uid"), {NULL, 0}},
        {CLEAT_PATH("metadata", "resourceVersion"), {NULL, 0}},
        {CLEAT_PATH("metadata", "creationTimestamp"), {NULL, 0}},
    };
    cleat_assert(cleat_obj_parse(cleat_s(text), 0, &o, NULL) == CLEAT_OK &&
                 cleat_obj_splice(o, s, sizeof s / sizeof *s, &b.template, NULL) == CLEAT_OK);
}

static bool run(void) {
    printf("| what | figure |\n|---|---|\n");
    /* Leases first: a Node's grace period begins when it is made. */
    bool ok = make(MAKE_LEASES) && make(MAKE_NODES) && read_revision() && beat();
    return judge() && ok;
}

static bool options(int argc, char **argv) {
    static const struct option table[] = {{"nodes", 1, NULL, 'n'},       {"seconds", 1, NULL, 's'},
                                          {"warm", 1, NULL, 'w'},        {"stop", 1, NULL, 'x'},
                                          {"connections", 1, NULL, 'c'}, {NULL, 0, NULL, 0}};
    for (int opt; (opt = getopt_long(argc, argv, "+", table, NULL)) != -1;) {
        unsigned *to = opt == 'n'   ? &b.n
                       : opt == 'x' ? &b.stop
                       : opt == 'c' ? &b.connections
                                    : NULL;
        if (opt == 's') {
            b.seconds = strtod(optarg, NULL);
        } else if (opt == 'w') {
            b.warm = strtod(optarg, NULL);
        } else if (to != NULL) {
            *to = (unsigned)strtoul(optarg, NULL, 10);
        } else {
            return false;
        }
    }
    return b.n > 0 && b.stop <= b.n && b.connections > 0 && b.seconds > 0;
}

int main(int argc, char **argv) {
    if (!options(argc, argv)) {
        fprintf(stderr, "usage: nodes_bench [--nodes N] [--warm S] [--seconds S] [--stop N] "
                        "[--connections N] [SERVER [FLAGS]]\n");
        return 2;
    }
    const char *slash = strrchr(argv[0], '/');
    CLEAT_AUTO_FREE char *beside =
        cleat_sprintf("%.*scleatd", slash != NULL ? (int)(slash + 1 - argv[0]) : 0, argv[0]);
    const char *server = optind < argc ? argv[optind] : beside;
    const char *tmp = getenv("TMPDIR");
    CLEAT_AUTO_FREE char *dir = cleat_sprintf("%s/cleat-nodes-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(dir) == NULL) {
        perror(dir);
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    b.nodes = cleat_array(b.n, sizeof *b.nodes);
    make_template();
    bool ok = start(server, dir, argv + (optind < argc ? optind + 1 : argc)) && run();
    kill(b.target.pid, SIGTERM);
    waitpid(b.target.pid, NULL, 0);
    if (ok) {
        nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    } else {
        fprintf(stderr, "its folder is left in %s\n", dir);
    }
    for (unsigned i = 0; i < b.n; i++) {
        cleat_buf_done(&b.nodes[i].lease);
    }
    free(b.nodes);
    free(b.revision);
    cleat_obj_unref(b.template);
    return ok ? 0 : 1;
}
