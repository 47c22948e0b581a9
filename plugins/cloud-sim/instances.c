/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Servers: the Machines, as a provider tells of them. Found by the providerID,
 * else by the Node's name. A Machine that the cache does not have is looked for
 * with a live read before it is called absent: Nodes are deleted for that.
 */
#include "sim.h"

#define OBJ (SDK->obj)

/* Strings that live until the provider's call returns. */
struct strings {
    char **v;
    size_t n, cap;
};

static const char *keep(struct strings *s, char *text) {
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 16;
        char **v = cleat_sdk_alloc(s->cap, sizeof *v);
        if (s->n > 0) {
            memcpy(v, s->v, s->n * sizeof *v);
        }
        free(s->v);
        s->v = v;
    }
    return s->v[s->n++] = text;
}

static const char *keep_str(struct strings *s, struct cleat_str text) {
    return keep(s, cleat_sdk_dup(text));
}

static void strings_done(struct strings *s) {
    for (size_t i = 0; i < s->n; i++) {
        free(s->v[i]);
    }
    free(s->v);
}

/* ---- finding ---- */

/* The Machine of this name and uid (empty = any), owned; NULL where there is
 * none, which a live read has confirmed. */
static cleat_err find(struct cleat_sim *sim, cleat_ctx *ctx, struct cleat_str name,
                      struct cleat_str uid, cleat_obj **ret, struct cleat_error *reterr) {
    struct cleat_key key = {{"", 0}, name};
    cleat_obj *m = SDK->informer->get(sim->machines, key);
    if (m != NULL && (uid.n == 0 || cleat_str_eq(OBJ->uid(m), uid))) {
        *ret = m;
        return CLEAT_OK;
    }
    OBJ->unref(m);
    m = NULL;
    cleat_err err = SDK->client->get(sim->client, ctx, CLEAT_SIM_MACHINES, key, &m, reterr);
    if (err == CLEAT_E_NOT_FOUND) {
        err = CLEAT_OK;
    } else if (err == CLEAT_OK && uid.n > 0 && !cleat_str_eq(OBJ->uid(m), uid)) {
        OBJ->unref(m);
        m = NULL;
    }
    if (err == CLEAT_OK) {
        *ret = m;
    }
    return err;
}

/* The Machine of a Node. NULL and *ours = false where the Node names no server
 * of this cloud. */
static cleat_err find_for(struct cleat_sim *sim, cleat_ctx *ctx, const cleat_obj *node,
                          cleat_obj **ret, bool *ours, struct cleat_error *reterr) {
    struct cleat_str id = CLEAT_TEXT(SDK, node, "spec", "providerID");
    struct cleat_str zone = {"", 0}, name = OBJ->name(node), uid = {"", 0};
    if (id.n > 0 && !cleat_sim_provider_id_parse(id, &zone, &name, &uid)) {
        *ours = false;
        return CLEAT_OK;
    }
    if (zone.n > 0) { /* also of a server that is gone: nobody there can tell */
        cleat_err err = cleat_sim_settings_zone(sim->settings, zone, reterr);
        if (err != CLEAT_OK) {
            return err;
        }
    }
    cleat_err err = find(sim, ctx, name, uid, ret, reterr);
    if (err == CLEAT_OK && *ret != NULL) {
        err = cleat_sim_settings_zone(sim->settings, cleat_sim_machine_zone(*ret), reterr);
        if (err != CLEAT_OK) {
            OBJ->unref(*ret);
            *ret = NULL;
        }
    }
    struct cleat_val label = CLEAT_AT(SDK, node, "metadata", "labels", CLEAT_LABEL_PROVIDER);
    *ours = id.n > 0 || *ret != NULL || cleat_str_is(OBJ->str(label), CLEAT_SIM_NAME);
    return err;
}

/* ---- telling ---- */

static size_t tell_addresses(const cleat_obj *machine, struct strings *s,
                             struct cleat_address **ret) {
    struct cleat_val list = cleat_sim_machine_addresses(machine);
    struct cleat_address *a = cleat_sdk_alloc(OBJ->count(list), sizeof *a);
    size_t n = 0;
    struct cleat_iter it = {0};
    while (OBJ->next(list, &it)) {
        a[n].type = keep_str(s, OBJ->str(OBJ->at(it.val, CLEAT_PATH("type"))));
        a[n++].address = keep_str(s, OBJ->str(OBJ->at(it.val, CLEAT_PATH("address"))));
    }
    *ret = a;
    return n;
}

static size_t tell_labels(const cleat_obj *machine, struct strings *s, struct cleat_label **ret) {
    struct cleat_val list = CLEAT_AT(SDK, machine, "spec", "labels");
    struct cleat_label *l = cleat_sdk_alloc(OBJ->count(list), sizeof *l);
    size_t n = 0;
    struct cleat_iter it = {0};
    while (OBJ->next(list, &it)) {
        l[n].key = keep_str(s, it.key);
        l[n++].value = keep_str(s, OBJ->str(it.val));
    }
    *ret = l;
    return n;
}

static int32_t tell(const cleat_obj *machine, const cleat_obj *node_template, cleat_server_fn fn,
                    void *sink) {
    struct strings s = {0};
    struct cleat_address *addresses = NULL;
    struct cleat_label *labels = NULL;
    struct cleat_server server = {
        .struct_size = sizeof server,
        .shut_down = !cleat_sim_machine_is_on(machine),
        .name = keep_str(&s, OBJ->name(machine)),
        .provider_id = keep(&s, cleat_sim_machine_provider_id(machine)),
        .instance_type = keep_str(&s, CLEAT_TEXT(SDK, machine, "spec", "instanceType")),
        .zone = keep_str(&s, cleat_sim_machine_zone(machine)),
        .region = keep_str(&s, cleat_sim_machine_region(machine)),
        .n_addresses = tell_addresses(machine, &s, &addresses),
        .n_labels = tell_labels(machine, &s, &labels),
        .node_template = node_template,
    };
    server.addresses = addresses;
    server.labels = labels;
    int32_t end = fn(sink, &server);
    free(addresses);
    free(labels);
    strings_done(&s);
    return end;
}

/* ---- the operations ---- */

static cleat_err exists(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                        struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    cleat_obj *machine = NULL;
    bool ours = false;
    cleat_err err = cleat_sim_call(sim, ctx, "instance exists", reterr);
    if (err == CLEAT_OK) {
        err = find_for(sim, ctx, node, &machine, &ours, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    if (!ours) {
        return cleat_errorf(reterr, CLEAT_E_ELSEWHERE, "sim: this Node names no server of ours");
    }
    *ret = machine != NULL;
    OBJ->unref(machine);
    return CLEAT_OK;
}

static cleat_err is_shut_down(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                              struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    cleat_obj *machine = NULL;
    bool ours = false;
    cleat_err err = cleat_sim_call(sim, ctx, "instance shut down", reterr);
    if (err == CLEAT_OK) {
        err = find_for(sim, ctx, node, &machine, &ours, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    if (machine == NULL) {
        return cleat_errorf(reterr, ours ? CLEAT_E_NOT_FOUND : CLEAT_E_ELSEWHERE,
                            "instance not found");
    }
    *ret = !cleat_sim_machine_is_on(machine);
    OBJ->unref(machine);
    return CLEAT_OK;
}

static cleat_err metadata(void *self, cleat_ctx *ctx, const cleat_obj *node, cleat_server_fn fn,
                          void *sink, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    cleat_obj *machine = NULL;
    bool ours = false;
    cleat_err err = cleat_sim_call(sim, ctx, "instance metadata", reterr);
    if (err == CLEAT_OK) {
        err = find_for(sim, ctx, node, &machine, &ours, reterr);
    }
    if (err != CLEAT_OK || (machine == NULL && !ours)) {
        return err;
    }
    if (machine == NULL) {
        return cleat_errorf(reterr, CLEAT_E_NOT_FOUND, "instance not found");
    }
    if (!cleat_sim_machine_is_provisioned(machine)) {
        err = cleat_errorf(reterr, CLEAT_E_PENDING, "sim: the machine is being set up");
        if (reterr != NULL) {
            reterr->retry_after_ms = 100;
        }
    } else {
        tell(machine, NULL, fn, sink);
    }
    OBJ->unref(machine);
    return err;
}

/* Machines of one size share the template: it is made when the size changes. */
struct listing {
    cleat_server_fn fn;
    void *sink;
    cleat_obj *last, *node_template;
};

static int32_t list_one(void *userdata, const cleat_obj *machine) {
    struct listing *l = userdata;
    if (!cleat_sim_machine_is_provisioned(machine)) {
        return 0; /* not yet a server; it becomes one with a further change */
    }
    if (l->last == NULL || !OBJ->equal(CLEAT_AT(SDK, machine, "spec", "capacity"),
                                       CLEAT_AT(SDK, l->last, "spec", "capacity"))) {
        OBJ->unref(l->node_template);
        OBJ->unref(l->last);
        l->node_template = cleat_sim_node_template(machine);
        l->last = OBJ->ref(machine);
    }
    return tell(machine, l->node_template, l->fn, l->sink);
}

static cleat_err list(void *self, cleat_ctx *ctx, cleat_server_fn fn, void *sink,
                      struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    cleat_err err = cleat_sim_call(sim, ctx, "list instances", reterr);
    if (err == CLEAT_OK) { /* a list without one zone's servers is not whole */
        err = cleat_sim_settings_zone(sim->settings, (struct cleat_str){"", 0}, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    struct listing l = {.fn = fn, .sink = sink};
    SDK->informer->foreach (sim->machines, NULL, (struct cleat_str){"", 0}, list_one, &l);
    OBJ->unref(l.node_template);
    OBJ->unref(l.last);
    return CLEAT_OK;
}

const struct cleat_instances_ops cleat_sim_instances_ops = {
    .struct_size = sizeof(struct cleat_instances_ops),
    .exists = exists,
    .is_shut_down = is_shut_down,
    .metadata = metadata,
    .list = list,
};
