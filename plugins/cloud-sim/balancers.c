/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load balancers: one LoadBalancer object each, under the balancer's name. Its
 * address comes from the pool and stays until the object is gone: taken before
 * it is created, marked again from the cache after a restart.
 */
#include "sim.h"

#include <ctype.h>

#define OBJ (SDK->obj)

enum { MAX_TRIES = 5 };

/* "a" and the uid without dashes, cut to 32 characters. */
static void balancer_name(const cleat_obj *service, char buf[33]) {
    struct cleat_str uid = OBJ->uid(service);
    size_t n = 0;
    buf[n++] = 'a';
    for (size_t i = 0; i < uid.n && n < 32; i++) {
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
    char text[33];
    balancer_name(service, text);
    return snprintf(buf, size, "%s", text) < (int)size ? CLEAT_OK : CLEAT_E_TOO_LARGE;
}

/* The live object; *ret stays NULL where there is none. */
static cleat_err read_balancer(struct cleat_sim *sim, cleat_ctx *ctx, const cleat_obj *service,
                               cleat_obj **ret, struct cleat_error *reterr) {
    char text[33];
    balancer_name(service, text);
    cleat_err err = SDK->client->get(sim->client, ctx, CLEAT_SIM_BALANCERS, cleat_key_of("", text),
                                     ret, reterr);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static cleat_obj *status_of(const cleat_obj *balancer) {
    struct cleat_str ip = CLEAT_TEXT(SDK, balancer, "status", "ip");
    return cleat_sim_parse(
        cleat_sim_format("{\"ingress\":[{\"ip\":\"%.*s\",\"ipMode\":\"VIP\"}]}", CLEAT_FMT(ip)));
}

static cleat_err get(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                     int32_t *ret_exists, cleat_obj **ret_status, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    (void)cluster;
    cleat_obj *balancer = NULL;
    cleat_err err = cleat_sim_call(sim, ctx, "get load balancer", reterr);
    if (err == CLEAT_OK) {
        err = read_balancer(sim, ctx, service, &balancer, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    *ret_exists = balancer != NULL;
    if (balancer != NULL && ret_status != NULL) {
        *ret_status = status_of(balancer);
    }
    OBJ->unref(balancer);
    return CLEAT_OK;
}

/* ---- what a balancer looks like ---- */

static void set_hosts(cleat_edit *e, const cleat_obj *const *nodes, size_t n) {
    OBJ->set_json(e, CLEAT_PATH("spec", "hosts"), CLEAT_STR("[]"));
    for (size_t i = 0; i < n; i++) {
        OBJ->set_str(e, CLEAT_PATH("spec", "hosts", "-"), OBJ->name(nodes[i]));
    }
}

static void set_ports(cleat_edit *e, const cleat_obj *service) {
    static const char *const fields[] = {"name", "protocol", "port", "nodePort"};
    OBJ->set_json(e, CLEAT_PATH("spec", "ports"), CLEAT_STR("[]"));
    struct cleat_iter it = {0};
    while (OBJ->next(CLEAT_AT(SDK, service, "spec", "ports"), &it)) {
        cleat_edit *one = OBJ->edit_new(NULL);
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            struct cleat_val v = OBJ->at(it.val, CLEAT_PATH(fields[i]));
            if (OBJ->type(v) != CLEAT_ABSENT) {
                OBJ->set_val(one, CLEAT_PATH(fields[i]), v);
            }
        }
        cleat_obj *port = NULL;
        if (OBJ->edit_finish(one, &port, NULL) == CLEAT_OK) {
            OBJ->set_val(e, CLEAT_PATH("spec", "ports", "-"), OBJ->root(port));
            OBJ->unref(port);
        }
    }
}

/* The object as it must be: a new one where base is NULL. */
static cleat_err build(const cleat_obj *base, const char *cluster, const cleat_obj *service,
                       const cleat_obj *const *nodes, size_t n_nodes, const char *ip,
                       cleat_obj **ret, struct cleat_error *reterr) {
    cleat_edit *e = OBJ->edit_new(base);
    if (base == NULL) {
        char text[33];
        balancer_name(service, text);
        OBJ->set_str(e, CLEAT_PATH("apiVersion"), CLEAT_STR(CLEAT_SIM_GROUP "/v1alpha1"));
        OBJ->set_str(e, CLEAT_PATH("kind"), CLEAT_STR("LoadBalancer"));
        OBJ->set_str(e, CLEAT_PATH("metadata", "name"), cleat_cstr(text));
        OBJ->set_str(e, CLEAT_PATH("status", "ip"), cleat_cstr(ip));
    }
    OBJ->set_str(e, CLEAT_PATH("spec", "cluster"), cleat_cstr(cluster));
    OBJ->set_str(e, CLEAT_PATH("spec", "service", "namespace"), OBJ->ns(service));
    OBJ->set_str(e, CLEAT_PATH("spec", "service", "name"), OBJ->name(service));
    OBJ->set_str(e, CLEAT_PATH("spec", "service", "uid"), OBJ->uid(service));
    set_ports(e, service);
    set_hosts(e, nodes, n_nodes);
    return OBJ->edit_finish(e, ret, reterr);
}

/* ---- ensure ---- */

static cleat_err create_balancer(struct cleat_sim *sim, cleat_ctx *ctx, const char *cluster,
                                 const cleat_obj *service, const cleat_obj *const *nodes,
                                 size_t n_nodes, cleat_obj **ret, struct cleat_error *reterr) {
    char ip[16];
    struct cleat_str wanted = CLEAT_TEXT(SDK, service, "spec", "loadBalancerIP");
    cleat_err err = cleat_sim_pool_take(&sim->balancer_ips, wanted, ip, reterr);
    if (err != CLEAT_OK) { /* no retry helps until somebody changes something */
        return err == CLEAT_E_UNAVAILABLE
                   ? err
                   : cleat_errorf(reterr, CLEAT_E_TERMINAL, "sim: address %.*s cannot be had",
                                  CLEAT_FMT(wanted));
    }
    cleat_obj *balancer = NULL;
    err = build(NULL, cluster, service, nodes, n_nodes, ip, &balancer, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->create(sim->client, ctx, CLEAT_SIM_BALANCERS, balancer, ret, reterr);
        OBJ->unref(balancer);
    }
    /* where the answer was lost the object may be there: then its address must not be
     * given away; the cache frees it when the object goes */
    if (err != CLEAT_OK && err != CLEAT_E_TIMEOUT && err != CLEAT_E_CANCELLED &&
        err != CLEAT_E_UNKNOWN && err != CLEAT_E_INTERNAL) {
        cleat_sim_pool_release(&sim->balancer_ips, cleat_cstr(ip));
    }
    return err;
}

static cleat_err update_balancer(struct cleat_sim *sim, cleat_ctx *ctx, const char *cluster,
                                 const cleat_obj *service, const cleat_obj *const *nodes,
                                 size_t n_nodes, const cleat_obj *have, cleat_obj **ret,
                                 struct cleat_error *reterr) {
    cleat_obj *changed = NULL;
    cleat_err err = build(have, cluster, service, nodes, n_nodes, NULL, &changed, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    if (OBJ->equal(CLEAT_AT(SDK, have, "spec"), CLEAT_AT(SDK, changed, "spec"))) {
        *ret = OBJ->ref(have);
    } else {
        err =
            SDK->client->update(sim->client, ctx, CLEAT_SIM_BALANCERS, NULL, changed, ret, reterr);
    }
    OBJ->unref(changed);
    return err;
}

static cleat_err ensure(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                        const cleat_obj *const *nodes, size_t n_nodes, cleat_obj **ret_status,
                        struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    cleat_err err = cleat_sim_call(sim, ctx, "ensure load balancer", reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    cleat_obj *stored = NULL;
    for (int i = 0; i < MAX_TRIES; i++) {
        cleat_obj *have = NULL;
        err = read_balancer(sim, ctx, service, &have, reterr);
        if (err != CLEAT_OK) {
            return err;
        }
        err = have == NULL
                  ? create_balancer(sim, ctx, cluster, service, nodes, n_nodes, &stored, reterr)
                  : update_balancer(sim, ctx, cluster, service, nodes, n_nodes, have, &stored,
                                    reterr);
        OBJ->unref(have);
        if (err != CLEAT_E_EXISTS && err != CLEAT_E_CONFLICT && err != CLEAT_E_NOT_FOUND) {
            break; /* else another caller was faster: look again */
        }
    }
    if (err == CLEAT_OK) {
        *ret_status = status_of(stored);
        OBJ->unref(stored);
    }
    return err;
}

static cleat_err update_hosts(void *self, cleat_ctx *ctx, const char *cluster,
                              const cleat_obj *service, const cleat_obj *const *nodes,
                              size_t n_nodes, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    cleat_err err = cleat_sim_call(sim, ctx, "update load balancer", reterr);
    for (int i = 0; err == CLEAT_OK && i < MAX_TRIES; i++) {
        cleat_obj *have = NULL, *stored = NULL;
        err = read_balancer(sim, ctx, service, &have, reterr);
        if (err == CLEAT_OK && have == NULL) {
            return cleat_errorf(reterr, CLEAT_E_NOT_FOUND, "load balancer not found");
        }
        if (err == CLEAT_OK) {
            err =
                update_balancer(sim, ctx, cluster, service, nodes, n_nodes, have, &stored, reterr);
        }
        OBJ->unref(have);
        OBJ->unref(stored);
        if (err != CLEAT_E_CONFLICT) {
            return err;
        }
        err = i + 1 < MAX_TRIES ? CLEAT_OK : err;
    }
    return err;
}

static cleat_err ensure_deleted(void *self, cleat_ctx *ctx, const char *cluster,
                                const cleat_obj *service, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    (void)cluster;
    cleat_err err = cleat_sim_call(sim, ctx, "delete load balancer", reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    char text[33];
    balancer_name(service, text);
    struct cleat_delete_opts opts = {.struct_size = sizeof opts, .grace_period_seconds = -1};
    err = SDK->client->remove(sim->client, ctx, CLEAT_SIM_BALANCERS, cleat_key_of("", text), &opts,
                              NULL, reterr);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* The objects of this cluster that ensure has made: what a person made is for no Service. */
static cleat_err list(void *self, cleat_ctx *ctx, const char *cluster, cleat_balancer_fn fn,
                      void *sink, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    struct cleat_list found = {.struct_size = sizeof found};
    struct cleat_list_opts opts = {.struct_size = sizeof opts};
    cleat_err err = cleat_sim_call(sim, ctx, "list load balancers", reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->list(sim->client, ctx, CLEAT_SIM_BALANCERS, "", &opts, &found, reterr);
    }
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

const struct cleat_lb_ops cleat_sim_lb_ops = {
    .struct_size = sizeof(struct cleat_lb_ops),
    .get = get,
    .name = name,
    .ensure = ensure,
    .update_hosts = update_hosts,
    .ensure_deleted = ensure_deleted,
    .list = list,
};
