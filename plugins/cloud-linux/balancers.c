/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load balancers: one Balancer object each, under the balancer's name, which is
 * all that is kept of it. These operations write the object and wait until the
 * agent has made the kernel follow; what a crash leaves undone the agent does
 * after the start, from the objects.
 */
#include "lin.h"

#include <ctype.h>

#define OBJ (SDK->obj)

enum { MAX_TRIES = 5, NAME = 33 };

static const char ranges_annotation[] = "service.beta.kubernetes.io/load-balancer-source-ranges";

/* "a" and the uid without dashes, cut to 32 characters. */
static void balancer_name(const cleat_obj *service, char buf[NAME]) {
    struct cleat_str uid = OBJ->uid(service);
    size_t n = 0;
    buf[n++] = 'a';
    for (size_t i = 0; i < uid.n && n < NAME - 1; i++) {
        if (isalnum((unsigned char)uid.p[i])) {
            buf[n++] = (char)tolower((unsigned char)uid.p[i]);
        }
    }
    buf[n] = 0;
}

static cleat_err name(void *self, const char *cluster, const cleat_obj *service, char *buf,
                      size_t size) {
    (void)self;
    (void)cluster;
    char text[NAME];
    balancer_name(service, text);
    return snprintf(buf, size, "%s", text) < (int)size ? CLEAT_OK : CLEAT_E_TOO_LARGE;
}

/* The live object; *ret stays NULL where there is none. */
static cleat_err read_balancer(struct cleat_lin *lin, cleat_ctx *ctx, const cleat_obj *service,
                               cleat_obj **ret, struct cleat_error *reterr) {
    char text[NAME];
    balancer_name(service, text);
    cleat_err err = SDK->client->get(lin->client, ctx, CLEAT_LIN_BALANCERS, cleat_key_of("", text),
                                     ret, reterr);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* ipMode Proxy: what arrives at a node is addressed to the node and its node port. */
static cleat_err status_of(const cleat_obj *balancer, cleat_obj **ret, struct cleat_error *reterr) {
    cleat_edit *e = OBJ->edit_new(NULL);
    size_t n = 0;
    struct cleat_iter it = {0}, port = {0};
    while (OBJ->next(CLEAT_AT(SDK, balancer, "spec", "addresses"), &it)) {
        char at[8];
        snprintf(at, sizeof at, "%zu", n++);
        OBJ->set_json(e, CLEAT_PATH("ingress", "-"), CLEAT_STR("{}"));
        OBJ->set_val(e, CLEAT_PATH("ingress", at, "ip"), it.val);
        OBJ->set_str(e, CLEAT_PATH("ingress", at, "ipMode"), CLEAT_STR("Proxy"));
        port = (struct cleat_iter){0};
        for (size_t k = 0; OBJ->next(CLEAT_AT(SDK, balancer, "spec", "ports"), &port); k++) {
            char place[24];
            snprintf(place, sizeof place, "%zu", k);
            OBJ->set_json(e, CLEAT_PATH("ingress", at, "ports", "-"), CLEAT_STR("{}"));
            OBJ->set_val(e, CLEAT_PATH("ingress", at, "ports", place, "port"),
                         OBJ->at(port.val, CLEAT_PATH("port")));
            OBJ->set_val(e, CLEAT_PATH("ingress", at, "ports", place, "protocol"),
                         OBJ->at(port.val, CLEAT_PATH("protocol")));
        }
    }
    return OBJ->edit_finish(e, ret, reterr);
}

static cleat_err get(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                     int32_t *ret_exists, cleat_obj **ret_status, struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    (void)cluster;
    cleat_obj *balancer = NULL, *status = NULL;
    cleat_err err = read_balancer(lin, ctx, service, &balancer, reterr);
    if (err == CLEAT_OK && balancer != NULL && ret_status != NULL) {
        err = status_of(balancer, &status, reterr);
    }
    if (err == CLEAT_OK) {
        *ret_exists = balancer != NULL;
        if (ret_status != NULL && balancer != NULL) {
            *ret_status = status;
        }
    }
    OBJ->unref(balancer);
    return err;
}

/* ---- what a balancer looks like ---- */

static cleat_err add_port(cleat_edit *e, struct cleat_val port, struct cleat_error *reterr) {
    static const char *const fields[] = {"name", "port", "nodePort"};
    struct cleat_str protocol = OBJ->str(OBJ->at(port, CLEAT_PATH("protocol")));
    if (cleat_lin_int(OBJ->at(port, CLEAT_PATH("nodePort")), 0) == 0) {
        return cleat_errorf(reterr, CLEAT_E_TERMINAL,
                            "linux: port %lld has no node port, and there is no other way to it "
                            "(allocateLoadBalancerNodePorts)",
                            (long long)cleat_lin_int(OBJ->at(port, CLEAT_PATH("port")), 0));
    }
    cleat_edit *one = OBJ->edit_new(NULL);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct cleat_val v = OBJ->at(port, CLEAT_PATH(fields[i]));
        if (OBJ->type(v) != CLEAT_ABSENT) {
            OBJ->set_val(one, CLEAT_PATH(fields[i]), v);
        }
    }
    OBJ->set_str(one, CLEAT_PATH("protocol"), protocol.n > 0 ? protocol : CLEAT_STR("TCP"));
    cleat_obj *o = NULL;
    cleat_err err = OBJ->edit_finish(one, &o, reterr);
    if (err == CLEAT_OK) {
        OBJ->set_val(e, CLEAT_PATH("spec", "ports", "-"), OBJ->root(o));
        OBJ->unref(o);
    }
    return err;
}

static cleat_err set_ports(cleat_edit *e, const cleat_obj *service, struct cleat_error *reterr) {
    cleat_err err = CLEAT_OK;
    OBJ->set_json(e, CLEAT_PATH("spec", "ports"), CLEAT_STR("[]"));
    struct cleat_iter it = {0};
    while (err == CLEAT_OK && OBJ->next(CLEAT_AT(SDK, service, "spec", "ports"), &it)) {
        err = add_port(e, it.val, reterr);
    }
    return err;
}

/* The addresses that a node's traffic goes to: its InternalIPs, the first of each family; as
 * the Node says, else as the inventory does. */
static void set_target(cleat_edit *e, const struct cleat_lin_inventory *inv, const cleat_obj *node,
                       size_t place) {
    char at[24], text[CLEAT_LIN_ADDR_TEXT];
    struct cleat_lin_addr found[2] = {{0}, {0}};
    struct cleat_iter it = {0};
    while (OBJ->next(CLEAT_AT(SDK, node, "status", "addresses"), &it)) {
        struct cleat_lin_addr a;
        if (cleat_str_is(OBJ->str(OBJ->at(it.val, CLEAT_PATH("type"))), "InternalIP") &&
            cleat_lin_addr_parse(OBJ->str(OBJ->at(it.val, CLEAT_PATH("address"))), &a) &&
            found[a.family != AF_INET].family == 0) {
            found[a.family != AF_INET] = a;
        }
    }
    const struct cleat_lin_server *s = cleat_lin_inventory_find(inv, OBJ->name(node));
    if (s != NULL && found[0].family == 0 && found[1].family == 0) {
        cleat_lin_server_address(s, AF_INET, &found[0]);
        cleat_lin_server_address(s, AF_INET6, &found[1]);
    }
    snprintf(at, sizeof at, "%zu", place);
    OBJ->set_json(e, CLEAT_PATH("spec", "targets", "-"), CLEAT_STR("{\"addresses\":[]}"));
    OBJ->set_str(e, CLEAT_PATH("spec", "targets", at, "node"), OBJ->name(node));
    for (int f = 0; f < 2; f++) {
        if (found[f].family != 0) {
            OBJ->set_str(e, CLEAT_PATH("spec", "targets", at, "addresses", "-"),
                         cleat_cstr(cleat_lin_addr_print(&found[f], text)));
        }
    }
}

static int by_name(const void *a, const void *b) {
    struct cleat_str x = OBJ->name(*(const cleat_obj *const *)a);
    struct cleat_str y = OBJ->name(*(const cleat_obj *const *)b);
    int d = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);
    return d != 0 ? d : (x.n > y.n) - (x.n < y.n);
}

/* Sorted, so that the same nodes in another order are no change. */
static cleat_err set_targets(struct cleat_lin *lin, cleat_edit *e, const cleat_obj *const *nodes,
                             size_t n, struct cleat_error *reterr) {
    struct cleat_lin_inventory *inv = NULL;
    cleat_err err = cleat_lin_agent_inventory(lin->agent, &inv, NULL, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    const cleat_obj **sorted = cleat_sdk_alloc(n, sizeof *sorted);
    if (n > 0) {
        memcpy(sorted, nodes, n * sizeof *sorted);
        qsort(sorted, n, sizeof *sorted, by_name);
    }
    OBJ->set_json(e, CLEAT_PATH("spec", "targets"), CLEAT_STR("[]"));
    for (size_t i = 0; i < n; i++) {
        set_target(e, inv, sorted[i], i);
    }
    free(sorted);
    cleat_lin_inventory_unref(inv);
    return CLEAT_OK;
}

static cleat_err add_range(cleat_edit *e, struct cleat_str text, struct cleat_error *reterr) {
    struct cleat_lin_addr net;
    while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t')) {
        text.p++;
        text.n--;
    }
    while (text.n > 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t')) {
        text.n--;
    }
    if (!cleat_lin_net_parse(text, &net)) {
        return cleat_errorf(reterr, CLEAT_E_TERMINAL, "linux: source range %.*s is no network",
                            CLEAT_FMT(text));
    }
    OBJ->set_str(e, CLEAT_PATH("spec", "sourceRanges", "-"), text);
    return CLEAT_OK;
}

static cleat_err set_ranges(cleat_edit *e, const cleat_obj *service, struct cleat_error *reterr) {
    cleat_err err = CLEAT_OK;
    struct cleat_val list = CLEAT_AT(SDK, service, "spec", "loadBalancerSourceRanges");
    struct cleat_str text = CLEAT_TEXT(SDK, service, "metadata", "annotations", ranges_annotation);
    struct cleat_iter it = {0};
    OBJ->remove(e, CLEAT_PATH("spec", "sourceRanges"));
    while (err == CLEAT_OK && OBJ->next(list, &it)) {
        err = add_range(e, OBJ->str(it.val), reterr);
    }
    for (bool more = OBJ->count(list) == 0 && text.n > 0; more && err == CLEAT_OK;) {
        size_t n = 0;
        while (n < text.n && text.p[n] != ',') {
            n++;
        }
        err = add_range(e, (struct cleat_str){text.p, n}, reterr);
        more = n < text.n;
        text.p += more ? n + 1 : 0;
        text.n -= more ? n + 1 : 0;
    }
    return err;
}

static void set_policy(cleat_edit *e, const cleat_obj *service) {
    int64_t seconds = 0, port = 0;
    struct cleat_val spec = CLEAT_AT(SDK, service, "spec");
    OBJ->remove(e, CLEAT_PATH("spec", "externalTrafficPolicy"));
    OBJ->remove(e, CLEAT_PATH("spec", "healthCheckNodePort"));
    OBJ->remove(e, CLEAT_PATH("spec", "affinitySeconds"));
    if (cleat_str_is(OBJ->str(OBJ->at(spec, CLEAT_PATH("externalTrafficPolicy"))), "Local")) {
        OBJ->set_str(e, CLEAT_PATH("spec", "externalTrafficPolicy"), CLEAT_STR("Local"));
        port = cleat_lin_int(OBJ->at(spec, CLEAT_PATH("healthCheckNodePort")), 0);
        if (port > 0) {
            OBJ->set_int(e, CLEAT_PATH("spec", "healthCheckNodePort"), port);
        }
    }
    if (cleat_str_is(OBJ->str(OBJ->at(spec, CLEAT_PATH("sessionAffinity"))), "ClientIP")) {
        seconds = cleat_lin_int(
            OBJ->at(spec, CLEAT_PATH("sessionAffinityConfig", "clientIP", "timeoutSeconds")),
            10800);
        OBJ->set_int(e, CLEAT_PATH("spec", "affinitySeconds"), seconds);
    }
}

static void set_identity(cleat_edit *e, const char *cluster, const cleat_obj *service) {
    char text[NAME];
    balancer_name(service, text);
    OBJ->set_str(e, CLEAT_PATH("apiVersion"), CLEAT_STR(CLEAT_LIN_GROUP "/v1alpha1"));
    OBJ->set_str(e, CLEAT_PATH("kind"), CLEAT_STR("Balancer"));
    OBJ->set_str(e, CLEAT_PATH("metadata", "name"), cleat_cstr(text));
    OBJ->set_str(e, CLEAT_PATH("spec", "cluster"), cleat_cstr(cluster));
    OBJ->set_str(e, CLEAT_PATH("spec", "service", "namespace"), OBJ->ns(service));
    OBJ->set_str(e, CLEAT_PATH("spec", "service", "name"), OBJ->name(service));
    OBJ->set_str(e, CLEAT_PATH("spec", "service", "uid"), OBJ->uid(service));
}

/* What an ensure is asked for. */
struct wish {
    struct cleat_lin *lin;
    cleat_ctx *ctx;
    const char *cluster;
    const cleat_obj *service;
    const cleat_obj *const *nodes;
    size_t n_nodes;
};

/* The object as it must be: base (NULL = none yet) with these addresses. */
static cleat_err build(const struct wish *w, const cleat_obj *base, const struct cleat_lin_addr *a,
                       size_t n, cleat_obj **ret, struct cleat_error *reterr) {
    char text[CLEAT_LIN_ADDR_TEXT];
    cleat_edit *e = OBJ->edit_new(base);
    set_identity(e, w->cluster, w->service);
    OBJ->set_json(e, CLEAT_PATH("spec", "addresses"), CLEAT_STR("[]"));
    for (size_t i = 0; i < n; i++) {
        OBJ->set_str(e, CLEAT_PATH("spec", "addresses", "-"),
                     cleat_cstr(cleat_lin_addr_print(&a[i], text)));
    }
    set_policy(e, w->service);
    cleat_err err = set_ports(e, w->service, reterr);
    err = err ? err : set_ranges(e, w->service, reterr);
    err = err ? err : set_targets(w->lin, e, w->nodes, w->n_nodes, reterr);
    if (err != CLEAT_OK) {
        OBJ->edit_free(e);
        return err;
    }
    return OBJ->edit_finish(e, ret, reterr);
}

/* ---- ensure ---- */

static cleat_err store(const struct wish *w, const cleat_obj *have, const cleat_obj *wanted,
                       cleat_obj **ret, struct cleat_error *reterr) {
    cleat_client *c = w->lin->client;
    if (have == NULL) {
        return SDK->client->create(c, w->ctx, CLEAT_LIN_BALANCERS, wanted, ret, reterr);
    }
    if (OBJ->equal(CLEAT_AT(SDK, have, "spec"), CLEAT_AT(SDK, wanted, "spec"))) {
        *ret = OBJ->ref(have);
        return CLEAT_OK;
    }
    return SDK->client->update(c, w->ctx, CLEAT_LIN_BALANCERS, NULL, wanted, ret, reterr);
}

/* *absent: there is none, though there must be one. */
static cleat_err write_once(const struct wish *w, bool must_exist, cleat_obj **ret, bool *absent,
                            struct cleat_error *reterr) {
    struct cleat_lin_addr a[2];
    size_t n = 0;
    cleat_obj *have = NULL, *wanted = NULL;
    cleat_err err = read_balancer(w->lin, w->ctx, w->service, &have, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    *absent = have == NULL && must_exist;
    if (*absent) {
        return cleat_errorf(reterr, CLEAT_E_NOT_FOUND, "load balancer not found");
    }
    err = cleat_lin_pick(w->lin, w->ctx, w->service, have, a, &n, reterr);
    if (err == CLEAT_OK) {
        err = build(w, have, a, n, &wanted, reterr);
        if (err == CLEAT_OK) {
            err = store(w, have, wanted, ret, reterr);
            OBJ->unref(wanted);
        }
        cleat_lin_pick_done(w->lin, a, n);
    }
    OBJ->unref(have);
    return err;
}

/* Writes the object, and waits for the kernel. */
static cleat_err put(const struct wish *w, bool must_exist, cleat_obj **ret_status,
                     struct cleat_error *reterr) {
    cleat_obj *stored = NULL;
    bool absent = false;
    cleat_err err = CLEAT_E_CONFLICT;
    for (int i = 0; i < MAX_TRIES && !absent &&
                    (err == CLEAT_E_CONFLICT || err == CLEAT_E_EXISTS || err == CLEAT_E_NOT_FOUND);
         i++) { /* while others are faster */
        err = write_once(w, must_exist, &stored, &absent, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    char text[NAME];
    balancer_name(w->service, text);
    err = cleat_lin_agent_wait(w->lin->agent, w->ctx, text, OBJ->revision(stored), reterr);
    if (err == CLEAT_OK && ret_status != NULL) {
        err = status_of(stored, ret_status, reterr);
    }
    OBJ->unref(stored);
    return err;
}

static cleat_err ensure(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                        const cleat_obj *const *nodes, size_t n_nodes, cleat_obj **ret_status,
                        struct cleat_error *reterr) {
    struct wish w = {self, ctx, cluster, service, nodes, n_nodes};
    return put(&w, false, ret_status, reterr);
}

static cleat_err update_hosts(void *self, cleat_ctx *ctx, const char *cluster,
                              const cleat_obj *service, const cleat_obj *const *nodes,
                              size_t n_nodes, struct cleat_error *reterr) {
    struct wish w = {self, ctx, cluster, service, nodes, n_nodes};
    return put(&w, true, NULL, reterr);
}

/* The object first: should the process end here, the next start finds the kernel's part
 * without an object and removes it. */
static cleat_err ensure_deleted(void *self, cleat_ctx *ctx, const char *cluster,
                                const cleat_obj *service, struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    (void)cluster;
    char text[NAME];
    balancer_name(service, text);
    struct cleat_delete_opts opts = {.struct_size = sizeof opts, .grace_period_seconds = -1};
    cleat_err err = SDK->client->remove(lin->client, ctx, CLEAT_LIN_BALANCERS,
                                        cleat_key_of("", text), &opts, NULL, reterr);
    return err == CLEAT_OK || err == CLEAT_E_NOT_FOUND
               ? cleat_lin_agent_wait(lin->agent, ctx, text, 0, reterr)
               : err;
}

/* The objects of this cluster that ensure has made; what the kernel has beyond them the agent
 * takes away. */
static cleat_err list(void *self, cleat_ctx *ctx, const char *cluster, cleat_balancer_fn fn,
                      void *sink, struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    struct cleat_list found = {.struct_size = sizeof found};
    struct cleat_list_opts opts = {.struct_size = sizeof opts};
    cleat_err err =
        SDK->client->list(lin->client, ctx, CLEAT_LIN_BALANCERS, "", &opts, &found, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    int32_t end = 0;
    for (size_t i = 0; i < found.n && !end; i++) {
        const cleat_obj *o = found.items[i];
        if (!cleat_str_is(CLEAT_TEXT(SDK, o, "spec", "cluster"), cluster)) {
            continue;
        }
        char *texts[] = {cleat_sdk_dup(OBJ->name(o)),
                         cleat_sdk_dup(CLEAT_TEXT(SDK, o, "spec", "service", "namespace")),
                         cleat_sdk_dup(CLEAT_TEXT(SDK, o, "spec", "service", "name")),
                         cleat_sdk_dup(CLEAT_TEXT(SDK, o, "spec", "service", "uid"))};
        const struct cleat_balancer b = {.struct_size = sizeof b,
                                         .name = texts[0],
                                         .service_namespace = texts[1],
                                         .service_name = texts[2],
                                         .service_uid = texts[3]};
        end = fn(sink, &b);
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            free(texts[k]);
        }
    }
    SDK->client->list_free(&found);
    return CLEAT_OK;
}

const struct cleat_lb_ops cleat_lin_lb_ops = {
    .struct_size = sizeof(struct cleat_lb_ops),
    .get = get,
    .name = name,
    .ensure = ensure,
    .update_hosts = update_hosts,
    .ensure_deleted = ensure_deleted,
    .list = list,
};
