/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Simulated kubelets and an administrator, through the registry, as the API's
 * I/O threads drive it: one request at a time each, finished on a later step.
 * Kubelets register their Node, renew their Lease with a resourceVersion and
 * report status; the administrator deletes and relabels under them.
 */
#include "tests/sim/sim.h"

enum { KUBELETS = 12, CLIENTS = KUBELETS + 3 };

struct client {
    size_t id;
    char name[16];
    bool busy;
    cleat_request req;
    cleat_obj *node, *lease; /* as last seen */
    uint64_t sent_at;        /* the newest revision when the request began */
    uint64_t sent_revision;  /* of the body: what an update must have replaced */
    cleat_time next;
};
static struct client all[CLIENTS];
static cleat_request *posted[CLIENTS];
static size_t n_posted, turn;
static const struct cleat_kind *nodes, *leases, *configmaps;

static const char *const groups[] = {"system:masters", NULL};
static const struct cleat_user user = {.name = "sim", .uid = "", .groups = groups};
static const struct cleat_str lease_ns = {"kube-node-lease", 15}, default_ns = {"default", 7};

static void keep(cleat_obj **slot, const cleat_obj *o) {
    cleat_obj *old = *slot;
    *slot = cleat_obj_ref(o);
    cleat_obj_unref(old);
}

static void up(void) {
    nodes = cleat_registry_find(sim.registry, "", "v1", "nodes");
    leases = cleat_registry_find(sim.registry, "coordination.k8s.io", "v1", "leases");
    configmaps = cleat_registry_find(sim.registry, "", "v1", "configmaps");
    cleat_assert(nodes != NULL && leases != NULL && configmaps != NULL);
    n_posted = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        all[i].id = i;
        all[i].busy = false;
        snprintf(all[i].name, sizeof all[i].name, i < KUBELETS ? "node-%zu" : "admin-%zu", i);
    }
}

/* ---- answers ---- */

static cleat_obj **slot_of(struct client *c) {
    return c->req.kind == nodes ? &c->node : c->req.kind == leases ? &c->lease : NULL;
}

/* An update that named a revision must have replaced exactly that one. */
static void check_replaced(struct client *c) {
    struct mkind *k = model_kind(&sim.model, c->req.kind->id);
    uint64_t revision = cleat_obj_revision(c->req.result);
    size_t i = model_after(k, revision - 1);
    SIM_CHECK(i < k->n && k->changes[i].revision == revision, "%s %s: no such revision %llu",
              k->resource, c->name, (unsigned long long)revision);
    if (c->sent_revision != 0 && revision != c->sent_revision) {
        const cleat_obj *prev = k->changes[i].prev;
        SIM_CHECK(prev != NULL && cleat_obj_revision(prev) == c->sent_revision,
                  "%s %s: an update of %llu replaced %llu", k->resource, c->name,
                  (unsigned long long)c->sent_revision,
                  prev ? (unsigned long long)cleat_obj_revision(prev) : 0);
    }
}

static void check_refused(struct client *c) {
    struct mkind *k = model_kind(&sim.model, c->req.kind->id);
    struct cleat_str name = c->req.name;
    bool present, absent;
    model_since(k, c->req.ns, name, c->sent_at, &present, &absent);
    switch (c->req.err) {
    case CLEAT_E_CONFLICT:
        if (c->sent_revision == 0) {
            break;
        }
        /* Somebody else must have written it since. */
        for (size_t i = model_after(k, c->sent_revision); i < k->n; i++) {
            if (cleat_eq(k->changes[i].key->name, name)) {
                return;
            }
        }
        sim_fail("%s %.*s: conflict with %llu, which is the newest", k->resource, CLEAT_FMT(name),
                 (unsigned long long)c->sent_revision);
    case CLEAT_E_EXISTS:
        SIM_CHECK(present, "%s %.*s: \"already exists\" of what did not", k->resource,
                  CLEAT_FMT(name));
        break;
    case CLEAT_E_NOT_FOUND:
        SIM_CHECK(absent, "%s %.*s: \"not found\" of what was there", k->resource, CLEAT_FMT(name));
        break;
    case CLEAT_E_INTERNAL: /* the disk */
        sim.n.failed++;
        break;
    default:
        sim_fail("%s %.*s: %s: %s", k->resource, CLEAT_FMT(name), cleat_err_name(c->req.err),
                 c->req.error.message);
    }
}

static void done(cleat_request *req) {
    struct client *c = req->userdata;
    cleat_obj **slot = slot_of(c);
    sim_note("%s verb %d %s: %s", c->name, req->verb, req->kind->resource,
             cleat_err_name(req->err));
    if (req->err == CLEAT_OK) {
        if (req->verb != CLEAT_VERB_GET) {
            check_replaced(c);
            model_acked(&sim.model, req->gone ? CLEAT_OP_DELETE : CLEAT_OP_UPDATE, req->result);
        }
        if (slot != NULL) {
            keep(slot, req->gone ? NULL : req->result);
        }
        sim.n.answers++;
    } else {
        check_refused(c);
        if (slot != NULL && req->err != CLEAT_E_INTERNAL) {
            keep(slot, NULL); /* look again */
        }
    }
    cleat_request_done(req);
    c->busy = false;
}

static void post(cleat_request *req) {
    cleat_assert(n_posted < CLIENTS);
    posted[n_posted++] = req;
}

/* An I/O thread's turn: one of the finished commits, in any order. */
static int resume(void) {
    if (n_posted == 0) {
        return 0;
    }
    size_t i = rng_below(&sim.rng, n_posted);
    cleat_request *req = posted[i];
    posted[i] = posted[--n_posted];
    cleat_request_resume(req);
    return 1;
}

/* ---- requests ---- */

static void send(struct client *c, int verb, const struct cleat_kind *kind, struct cleat_str ns,
                 struct cleat_str name, const char *subresource, cleat_obj *body) {
    c->req = (cleat_request){
        .registry = sim.registry,
        .verb = verb,
        .kind = kind,
        .subresource = subresource,
        .ns = ns,
        .name = name,
        .user = &user,
        .body = body,
        .del = {.struct_size = sizeof(struct cleat_delete_opts), .grace_period_seconds = -1},
        .post = post,
        .done = done,
        .userdata = c};
    c->sent_revision = body != NULL && verb == CLEAT_VERB_UPDATE ? cleat_obj_revision(body) : 0;
    c->sent_at = sim.model.revision;
    c->busy = true;
    cleat_request_start(&c->req);
}

static cleat_obj *parse(struct cleat_buf *b) {
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    SIM_CHECK(cleat_obj_parse((struct cleat_str){b->p, b->n}, 0, &o, &e) == CLEAT_OK, "%s: %s",
              e.message, b->p);
    return o;
}

static cleat_obj *new_node(const struct client *c) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"%s\","
                     "\"labels\":{\"zone\":\"z%zu\"}},\"spec\":{}}",
                     c->name, c->id % 3);
    return parse(&b);
}

static cleat_obj *new_lease(const struct client *c) {
    CLEAT_AUTO_BUF b = {0};
    char now[32];
    cleat_time_format(cleat_now_wall(), true, now);
    cleat_buf_printf(&b,
                     "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{"
                     "\"name\":\"%s\",\"namespace\":\"kube-node-lease\"},\"spec\":{"
                     "\"holderIdentity\":\"%s\",\"leaseDurationSeconds\":40,\"renewTime\":\"%s\"}}",
                     c->name, c->name, now);
    return parse(&b);
}

static cleat_obj *edited(cleat_edit *edit) {
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    SIM_CHECK(cleat_edit_finish(edit, &o, &e) == CLEAT_OK, "an edit failed: %s", e.message);
    return o;
}

static void renew(struct client *c) {
    char now[32];
    cleat_time_format(cleat_now_wall(), true, now);
    cleat_edit *e = cleat_edit_new(c->lease);
    cleat_edit_set_str(e, CLEAT_PATH("spec", "renewTime"), cleat_s(now));
    send(c, CLEAT_VERB_UPDATE, leases, lease_ns, cleat_s(c->name), NULL, edited(e));
}

static void report(struct client *c) {
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
                     "\"lastHeartbeatTime\":\"%s\",\"lastTransitionTime\":\"%s\"}]}",
                     now, now);
    cleat_edit *e = cleat_edit_new(c->node);
    cleat_edit_set_json(e, CLEAT_PATH("status"), (struct cleat_str){b.p, b.n});
    send(c, CLEAT_VERB_UPDATE, nodes, (struct cleat_str){"", 0}, cleat_s(c->name), "status",
         edited(e));
}

static void kubelet(struct client *c) {
    struct cleat_str none = {"", 0}, name = cleat_s(c->name);
    unsigned lot = (unsigned)rng_below(&sim.rng, 100);
    if (c->node == NULL) {
        if (lot < 50) {
            send(c, CLEAT_VERB_GET, nodes, none, name, NULL, NULL);
        } else {
            send(c, CLEAT_VERB_CREATE, nodes, none, name, NULL, new_node(c));
        }
    } else if (c->lease == NULL) {
        if (lot < 50) {
            send(c, CLEAT_VERB_GET, leases, lease_ns, name, NULL, NULL);
        } else {
            send(c, CLEAT_VERB_CREATE, leases, lease_ns, name, NULL, new_lease(c));
        }
    } else if (lot < 70) {
        renew(c);
    } else {
        report(c);
    }
}

/* Works under others' feet: deletes nodes and leases, relabels, writes config maps. */
static void administer(struct client *c) {
    struct cleat_str none = {"", 0};
    static char name[CLIENTS][16];
    char *victim = name[c->id];
    snprintf(victim, 16, "node-%d", (int)rng_below(&sim.rng, KUBELETS));
    unsigned lot = (unsigned)rng_below(&sim.rng, 100);
    if (lot < 8) {
        send(c, CLEAT_VERB_DELETE, nodes, none, cleat_s(victim), NULL, NULL);
    } else if (lot < 16) {
        send(c, CLEAT_VERB_DELETE, leases, lease_ns, cleat_s(victim), NULL, NULL);
    } else if (lot < 40) {
        static const char *const patches[] = {"{\"metadata\":{\"labels\":{\"team\":\"a\"}}}",
                                              "{\"metadata\":{\"labels\":{\"team\":\"b\"}}}",
                                              "{\"metadata\":{\"labels\":{\"team\":null}}}"};
        const struct cleat_kind *k = lot < 28 ? nodes : configmaps;
        if (k == configmaps) {
            snprintf(victim, 16, "cm-%d", (int)rng_below(&sim.rng, 8));
        }
        c->req = (cleat_request){.registry = sim.registry,
                                 .verb = CLEAT_VERB_PATCH,
                                 .kind = k,
                                 .ns = k == nodes ? none : default_ns,
                                 .name = cleat_s(victim),
                                 .user = &user,
                                 .patch_type = CLEAT_PATCH_MERGE,
                                 .patch = cleat_s(patches[rng_below(&sim.rng, 3)]),
                                 .post = post,
                                 .done = done,
                                 .userdata = c};
        c->sent_revision = 0;
        c->sent_at = sim.model.revision;
        c->busy = true;
        cleat_request_start(&c->req);
    } else if (lot < 60) {
        CLEAT_AUTO_BUF b = {0};
        snprintf(victim, 16, "cm-%d", (int)rng_below(&sim.rng, 8));
        cleat_buf_printf(&b,
                         "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":"
                         "\"%s\",\"labels\":{\"team\":\"%c\"}},\"data\":{\"x\":\"%u\"}}",
                         victim, "ab"[rng_below(&sim.rng, 2)], lot);
        send(c, lot < 50 ? CLEAT_VERB_CREATE : CLEAT_VERB_UPDATE, configmaps, default_ns,
             cleat_s(victim), NULL, parse(&b));
    } else if (lot < 70) {
        snprintf(victim, 16, "cm-%d", (int)rng_below(&sim.rng, 8));
        send(c, CLEAT_VERB_DELETE, configmaps, default_ns, cleat_s(victim), NULL, NULL);
    }
}

static int step(void) {
    int any = rng_chance(&sim.rng, 600) ? resume() : 0;
    struct client *c = &all[turn++ % CLIENTS];
    if (c->busy || cleat_now_mono() < c->next || disk_is_off(sim.disk)) {
        return any;
    }
    c->next = cleat_now_mono() + (cleat_time)rng_below(&sim.rng, 3000) * CLEAT_MS;
    if (c->id < KUBELETS) {
        kubelet(c);
    } else {
        administer(c);
    }
    return 1;
}

static void quiet(void) {
    for (size_t i = 0; i < CLIENTS; i++) {
        SIM_CHECK(!all[i].busy, "%s was never answered", all[i].name);
    }
}

static void down(void) {
    while (resume() || (n_posted == 0 && sim_store_step())) {
    }
    quiet();
    for (size_t i = 0; i < CLIENTS; i++) {
        if (rng_chance(&sim.rng, 300)) { /* kubelets live on and remember; some restart as well */
            keep(&all[i].node, NULL);
            keep(&all[i].lease, NULL);
        }
    }
}

static void end(void) {
    for (size_t i = 0; i < CLIENTS; i++) {
        keep(&all[i].node, NULL);
        keep(&all[i].lease, NULL);
    }
}

const struct actor kubelets_actor = {.name = "kubelets",
                                     .weight = 350,
                                     .up = up,
                                     .down = down,
                                     .step = step,
                                     .settle = resume,
                                     .quiet = quiet,
                                     .done = end};
