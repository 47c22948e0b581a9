/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making the kernel follow the objects: one pass reads everything anew and
 * makes all of it so. The order spares whoever is connected: rules before the
 * address that leads to them, the address away before its rules.
 */
#include "agent.h"

#include <netinet/in.h>

#define OBJ   (SDK->obj)
#define RETRY CLEAT_SECOND

/* ---- reading ---- */

struct objects {
    const cleat_obj **v;
    size_t n;
};

static int32_t gather(void *userdata, const cleat_obj *obj) {
    struct objects *o = userdata;
    const cleat_obj *mine = OBJ->ref(obj);
    CLEAT_LIN_PUSH(o->v, o->n, mine);
    return 0;
}

static struct objects cached(cleat_informer *inf) {
    struct objects o = {0};
    SDK->informer->foreach (inf, NULL, (struct cleat_str){"", 0}, gather, &o);
    return o;
}

static void objects_done(struct objects *o) {
    for (size_t i = 0; i < o->n; i++) {
        OBJ->unref(o->v[i]);
    }
    free(o->v);
}

static struct cleat_lin_inventory *read_inventory(struct cleat_lin_agent *a) {
    struct objects servers = cached(a->lin->servers), pools = cached(a->lin->pools);
    struct cleat_lin_inventory *inv = cleat_lin_inventory_merge(
        cleat_lin_source_last(a->source), servers.v, servers.n, pools.v, pools.n);
    objects_done(&servers);
    objects_done(&pools);
    return inv;
}

struct models {
    struct cleat_lin_balancer **v;
    size_t n;
};

static int by_name(const void *a, const void *b) {
    return strcmp((*(struct cleat_lin_balancer *const *)a)->name,
                  (*(struct cleat_lin_balancer *const *)b)->name);
}

static void sort(struct models *m) {
    if (m->n > 1) {
        qsort(m->v, m->n, sizeof *m->v, by_name);
    }
}

/* Of sorted ones. */
static struct cleat_lin_balancer *find(const struct models *m, const char *name) {
    struct cleat_lin_balancer wanted = {.name = (char *)name}, *key = &wanted;
    struct cleat_lin_balancer **at =
        m->n > 0 ? bsearch(&key, m->v, m->n, sizeof *m->v, by_name) : NULL;
    return at != NULL ? *at : NULL;
}

/* Those that the kernel has and the cache has not: one goes only when the API says so too. */
static void keep_unproven(struct cleat_lin_agent *a, struct models *m) {
    struct models kept = {0};
    /* for all of them together: nodes are to be asked meanwhile */
    cleat_ctx *ctx = SDK->ctx->child(a->lin->ctx, CLEAT_SECOND);
    for (size_t i = 0; i < a->n_balancers; i++) {
        cleat_obj *o = NULL;
        if (find(m, a->balancers[i]->name) != NULL) {
            continue;
        }
        cleat_err err = SDK->client->get(a->lin->client, ctx, CLEAT_LIN_BALANCERS,
                                         cleat_key_of("", a->balancers[i]->name), &o, NULL);
        if (err == CLEAT_E_NOT_FOUND) {
            continue;
        }
        struct cleat_lin_balancer *b = a->balancers[i];
        if (err == CLEAT_OK) {
            b = cleat_lin_balancer_new(o);
            OBJ->unref(o);
        } else { /* stays as it is; looked at again soon */
            a->balancers[i--] = a->balancers[--a->n_balancers];
            for (int f = 0; f < 2; f++) {
                free(b->problem[f]);
                b->problem[f] = NULL;
            }
        }
        a->retry = SDK->clock->monotonic() + RETRY;
        CLEAT_LIN_PUSH(kept.v, kept.n, b);
    }
    SDK->ctx->free(ctx);
    for (size_t i = 0; i < kept.n; i++) {
        CLEAT_LIN_PUSH(m->v, m->n, kept.v[i]);
    }
    free(kept.v);
}

static struct models read_models(struct cleat_lin_agent *a) {
    struct models m = {0};
    struct objects objects = cached(a->lin->balancers);
    for (size_t i = 0; i < objects.n; i++) {
        struct cleat_lin_balancer *b = cleat_lin_balancer_new(objects.v[i]);
        CLEAT_LIN_PUSH(m.v, m.n, b);
    }
    objects_done(&objects);
    sort(&m);
    keep_unproven(a, &m);
    sort(&m);
    return m;
}

/* ---- health ---- */

struct cleat_lin_check_spec cleat_lin_target_check(const struct cleat_lin_agent *a,
                                                   const struct cleat_lin_balancer *b,
                                                   const struct cleat_lin_target *t, int f) {
    struct cleat_lin_check_spec s = a->lin->opt.health;
    s.kind = CLEAT_LIN_CHECK_NONE;
    s.address = t->a[f];
    if (t->a[f].family == 0 || b->vips[f].family == 0) {
        return s;
    }
    if (b->local && b->health_port != 0) {
        s.kind = CLEAT_LIN_CHECK_HTTP;
        s.port = b->health_port;
        s.path = "/healthz";
    } else if (!b->local && a->lin->opt.health_port != 0) {
        s.kind = CLEAT_LIN_CHECK_HTTP;
        s.port = a->lin->opt.health_port;
        s.path = "/healthz";
    }
    for (size_t i = 0; s.kind == CLEAT_LIN_CHECK_NONE && i < b->n_ports; i++) {
        if (b->ports[i].protocol == IPPROTO_TCP) {
            s.kind = CLEAT_LIN_CHECK_TCP;
            s.port = b->ports[i].node_port;
        }
    }
    return s;
}

static void ask(struct cleat_lin_agent *a, const struct cleat_lin_inventory *inv,
                const struct models *m) {
    cleat_lin_checks_begin(a->checks);
    for (size_t i = 0; i < inv->n_servers; i++) {
        cleat_lin_checks_want(a->checks, &inv->servers[i].probe);
    }
    for (size_t i = 0; i < m->n; i++) {
        for (size_t t = 0; t < m->v[i]->n_targets; t++) {
            for (int f = 0; f < 2; f++) {
                struct cleat_lin_check_spec s =
                    cleat_lin_target_check(a, m->v[i], &m->v[i]->targets[t], f);
                cleat_lin_checks_want(a->checks, &s);
            }
        }
    }
    cleat_lin_checks_end(a->checks);
}

/* What nothing has been heard of counts as usable: a new node, a new port. */
static void judge(struct cleat_lin_agent *a, const struct cleat_lin_inventory *inv,
                  const struct models *m) {
    for (size_t i = 0; i < m->n; i++) {
        for (size_t t = 0; t < m->v[i]->n_targets; t++) {
            struct cleat_lin_target *target = &m->v[i]->targets[t];
            const struct cleat_lin_server *server =
                cleat_lin_inventory_find(inv, cleat_cstr(target->node));
            bool off = server != NULL && server->off;
            for (int f = 0; f < 2; f++) {
                struct cleat_lin_check_spec s = cleat_lin_target_check(a, m->v[i], target, f);
                enum cleat_lin_health h = cleat_lin_checks_health(a->checks, &s);
                if (s.kind == CLEAT_LIN_CHECK_NONE && server != NULL) {
                    h = cleat_lin_checks_health(a->checks, &server->probe);
                }
                target->usable[f] = !off && h != CLEAT_LIN_DOWN;
            }
        }
    }
}

/* ---- flows of UDP ---- */

static bool has_udp(const struct cleat_lin_balancer *b) {
    for (size_t i = 0; i < b->n_ports; i++) {
        if (b->ports[i].protocol == IPPROTO_UDP) {
            return true;
        }
    }
    return false;
}

static bool serves(const struct cleat_lin_balancer *b, const struct cleat_lin_addr *vip,
                   const struct cleat_lin_addr *node) {
    int f = vip->family != AF_INET;
    if (b == NULL || cleat_lin_addr_cmp(&b->vips[f], vip) != 0 || !has_udp(b)) {
        return false;
    }
    for (size_t t = 0; t < b->n_targets; t++) {
        if (b->targets[t].usable[f] && cleat_lin_addr_cmp(&b->targets[t].a[f], node) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether something led to a node before that does not now. */
static bool has_left(const struct cleat_lin_agent *a, const struct models *m) {
    for (size_t i = 0; i < a->n_balancers; i++) {
        const struct cleat_lin_balancer *was = a->balancers[i];
        const struct cleat_lin_balancer *is = has_udp(was) ? find(m, was->name) : NULL;
        for (size_t t = 0; has_udp(was) && t < was->n_targets; t++) {
            for (int f = 0; f < 2; f++) {
                const struct cleat_lin_addr *node = &was->targets[t].a[f], *vip = &was->vips[f];
                if (node->family != 0 && serves(was, vip, node) && !serves(is, vip, node)) {
                    return true;
                }
            }
        }
    }
    return false;
}

struct leads {
    struct cleat_lin_lead *v;
    size_t n;
};

/* Where the flows of this balancer may go: nowhere, and to each of its nodes in use. */
static void add_leads(const struct cleat_lin_balancer *b, bool usable, struct leads *l) {
    for (int f = 0; has_udp(b) && f < 2; f++) {
        struct cleat_lin_lead lead = {.vip = b->vips[f]};
        if (lead.vip.family == 0) {
            continue;
        }
        CLEAT_LIN_PUSH(l->v, l->n, lead);
        for (size_t t = 0; usable && t < b->n_targets; t++) {
            if (b->targets[t].a[f].family != 0 && b->targets[t].usable[f]) {
                lead.node = b->targets[t].a[f];
                CLEAT_LIN_PUSH(l->v, l->n, lead);
            }
        }
    }
}

/* Flows to nodes that are not in use must choose again: when one has been taken out, and
 * after a start, as it may have been meanwhile. */
static void end_flows(struct cleat_lin_agent *a, const struct models *m) {
    struct leads l = {0};
    struct cleat_error why = CLEAT_ERROR_INIT;
    a->stray |= has_left(a, m);
    if (!a->stray) {
        return;
    }
    for (size_t i = 0; i < a->n_balancers; i++) {
        add_leads(a->balancers[i], false, &l);
    }
    for (size_t i = 0; i < m->n; i++) {
        add_leads(m->v[i], true, &l);
    }
    a->stray = l.n > 0 && cleat_lin_forget_flows(l.v, l.n, &why) != CLEAT_OK;
    if (a->stray) {
        cleat_lin_log(CLEAT_LOG_WARN, "%s", why.message);
        a->retry = SDK->clock->monotonic() + 10 * RETRY;
    }
    free(l.v);
}

/* ---- events: who was taken out, who is back ---- */

/* What a node was before; most stand where they stood. -1: it is new. */
static int was_usable(const struct cleat_lin_balancer *b, size_t place, const char *node, int f) {
    size_t n = b != NULL ? b->n_targets : 0;
    for (size_t i = 0; i < n; i++) {
        const struct cleat_lin_target *t = &b->targets[(place + i) % n];
        if (strcmp(t->node, node) == 0) {
            return t->a[f].family != 0 ? t->usable[f] : -1;
        }
    }
    return -1;
}

static void tell_event(struct cleat_lin_agent *a, const char *balancer, bool good,
                       const char *node) {
    cleat_obj *about = SDK->informer->get(a->lin->balancers, cleat_key_of("", balancer));
    char *text = cleat_sdk_format(good ? "Node %s answers: it is in use again"
                                       : "Node %s does not answer: it is not in use",
                                  node);
    if (about != NULL) {
        SDK->events->record("cloud-linux", about, good ? "Normal" : "Warning",
                            good ? "NodeHealthy" : "NodeUnhealthy", text);
    }
    free(text);
    OBJ->unref(about);
}

static void tell_events(struct cleat_lin_agent *a, const struct models *m) {
    struct models before = {a->balancers, a->n_balancers};
    sort(&before); /* it is, but for what is kept unproven */
    for (size_t i = 0; i < m->n; i++) {
        const struct cleat_lin_balancer *is = m->v[i], *was = find(&before, is->name);
        for (size_t t = 0; t < is->n_targets; t++) {
            bool told = false;
            for (int f = 0; f < 2 && !told; f++) {
                int old = was_usable(was, t, is->targets[t].node, f);
                told = is->vips[f].family != 0 && is->targets[t].a[f].family != 0 && old >= 0 &&
                       (old != 0) != is->targets[t].usable[f];
                if (told) {
                    tell_event(a, is->name, old == 0, is->targets[t].node);
                }
            }
        }
    }
}

/* ---- writing ---- */

static cleat_err write_kernel(struct cleat_lin_agent *a, const struct cleat_lin_inventory *inv,
                              const struct models *m, cleat_time now, struct cleat_error *why) {
    struct cleat_lin_addr *near = NULL;
    size_t n_near = 0;
    cleat_err err = cleat_lin_places_plan(a->places, m->v, m->n, inv, &near, &n_near, why);
    if (err != CLEAT_OK) {
        return err;
    }
    cleat_err cleared = cleat_lin_places_clear(a->places, why);
    struct cleat_lin_piece **pieces = cleat_sdk_alloc(m->n, sizeof(struct cleat_lin_piece *));
    for (size_t i = 0; i < m->n; i++) {
        pieces[i] = cleat_lin_render(a->lin->opt.nft_table, m->v[i], a->lin->opt.masquerade);
    }
    err = cleat_lin_ruleset_apply(a->ruleset, pieces, m->n, near, n_near, why);
    free(near);
    if (err == CLEAT_OK) {
        err = cleat_lin_places_fill(a->places, now, why);
    }
    return err != CLEAT_OK ? err : cleared;
}

/* What the kernel may have in part: it goes by proof only, as all else. */
static void keep_new(struct cleat_lin_agent *a, struct models *m) {
    struct models had = {a->balancers, a->n_balancers};
    sort(&had);
    struct models anew = {0};
    for (size_t i = 0; i < m->n; i++) {
        if (find(&had, m->v[i]->name) == NULL) {
            CLEAT_LIN_PUSH(anew.v, anew.n, m->v[i]);
            m->v[i] = NULL;
        }
    }
    for (size_t i = 0; i < anew.n; i++) {
        CLEAT_LIN_PUSH(a->balancers, a->n_balancers, anew.v[i]);
    }
    free(anew.v);
}

void cleat_lin_agent_follow(struct cleat_lin_agent *a, cleat_time now) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    a->retry = 0;
    struct cleat_lin_inventory *inv = read_inventory(a);
    struct models m = read_models(a);
    ask(a, inv, &m);
    cleat_lin_checks_step(a->checks, now, &(cleat_time){INT64_MAX});
    if (!a->first_done && now < a->patience && !cleat_lin_checks_settled(a->checks)) {
        /* the kernel goes on as the last process left it, which knew who is dead */
        for (size_t i = 0; i < m.n; i++) {
            cleat_lin_balancer_free(m.v[i]);
        }
        free(m.v);
        cleat_lin_agent_publish(a, inv);
        return;
    }
    judge(a, inv, &m);
    cleat_err err = write_kernel(a, inv, &m, now, &why);
    if (err == CLEAT_OK) {
        end_flows(a, &m);
        tell_events(a, &m);
    } else {
        a->retry = now + RETRY;
    }
    cleat_lin_agent_complain(a, err != CLEAT_OK ? &why : NULL);
    a->first_done = true;
    cleat_lin_agent_publish(a, inv);
    cleat_lin_agent_publish_outcomes(a, m.v, m.n, err, &why);
    for (size_t i = 0; i < m.n; i++) {
        cleat_lin_agent_report(a, m.v[i], err, &why);
    }
    if (err == CLEAT_OK) { /* else what the kernel follows is still what it followed before */
        struct models before = {a->balancers, a->n_balancers};
        a->balancers = m.v;
        a->n_balancers = m.n;
        m = before;
    } else {
        keep_new(a, &m);
    }
    for (size_t i = 0; i < m.n; i++) {
        cleat_lin_balancer_free(m.v[i]);
    }
    free(m.v);
}

void cleat_lin_agent_repair(struct cleat_lin_agent *a, cleat_time now) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    bool table = false;
    size_t addresses = 0;
    cleat_err err = cleat_lin_ruleset_check(a->ruleset, &table, &why);
    cleat_err placed = cleat_lin_places_check(a->places, now, &addresses, err ? NULL : &why);
    err = err ? err : placed;
    cleat_err routed = cleat_lin_routes_settle(a->lin, err ? NULL : &why);
    err = err ? err : routed;
    if (table) {
        cleat_lin_log(CLEAT_LOG_WARN, "the table %s of nftables was changed by others: repaired",
                      a->lin->opt.nft_table);
    }
    if (addresses > 0) {
        cleat_lin_log(CLEAT_LOG_WARN, "%zu VIPs had been taken away by others: repaired",
                      addresses);
    }
    if (err != CLEAT_OK || a->retry == 0) { /* else what failed before has not been right since */
        cleat_lin_agent_complain(a, err != CLEAT_OK ? &why : NULL);
    }
}
