/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Servers, as a provider tells of them: those of the inventory. Found by the
 * providerID, else by the Node's name. One is absent only where the file was
 * read whole and the API, asked anew, has no Server for it either: Nodes are
 * deleted for that.
 */
#include "lin.h"

#define OBJ (SDK->obj)

static const struct cleat_lin_server *look(const struct cleat_lin_inventory *inv,
                                           struct cleat_str id, struct cleat_str name) {
    if (id.n == 0) {
        return cleat_lin_inventory_find(inv, name);
    }
    for (size_t i = 0; i < inv->n_servers; i++) {
        if (cleat_str_is(id, inv->servers[i].provider_id)) {
            return &inv->servers[i];
        }
    }
    return NULL;
}

/* The inventory with the objects as they stand in the API now. */
static cleat_err refresh(struct cleat_lin *lin, cleat_ctx *ctx, struct cleat_lin_inventory **inout,
                         struct cleat_error *reterr) {
    struct cleat_list found = {.struct_size = sizeof found};
    struct cleat_list_opts opts = {.struct_size = sizeof opts};
    cleat_err err =
        SDK->client->list(lin->client, ctx, CLEAT_LIN_SERVERS, "", &opts, &found, reterr);
    if (err == CLEAT_OK) {
        struct cleat_lin_inventory *anew = cleat_lin_inventory_merge(
            *inout, (const cleat_obj *const *)found.items, found.n, NULL, 0);
        cleat_lin_inventory_unref(*inout);
        *inout = anew;
        SDK->client->list_free(&found);
    }
    return err;
}

/* The server of a Node: *ret points into *inv (owned; NULL on failure). NULL and *ours =
 * false where the Node names no server of this provider. */
static cleat_err find_for(struct cleat_lin *lin, cleat_ctx *ctx, const cleat_obj *node,
                          struct cleat_lin_inventory **inv, const struct cleat_lin_server **ret,
                          bool *ours, struct cleat_error *reterr) {
    struct cleat_str id = CLEAT_TEXT(SDK, node, "spec", "providerID"), name = OBJ->name(node);
    bool stale = false;
    *ours = false;
    *ret = NULL;
    *inv = NULL;
    if (id.n > 0 && (id.n <= strlen(CLEAT_LIN_SCHEME) ||
                     memcmp(id.p, CLEAT_LIN_SCHEME, strlen(CLEAT_LIN_SCHEME)) != 0)) {
        return CLEAT_OK;
    }
    cleat_err err = cleat_lin_agent_inventory(lin->agent, inv, &stale, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    *ret = look(*inv, id, name);
    if (*ret == NULL) {
        err = refresh(lin, ctx, inv, reterr);
        *ret = err == CLEAT_OK ? look(*inv, id, name) : NULL;
    }
    if (err == CLEAT_OK && *ret == NULL && stale) {
        err = cleat_errorf(reterr, CLEAT_E_TRANSIENT,
                           "linux: the inventory cannot be read: nothing is known of %.*s",
                           CLEAT_FMT(name));
    }
    if (err != CLEAT_OK) {
        cleat_lin_inventory_unref(*inv);
        *inv = NULL;
        return err;
    }
    struct cleat_val label = CLEAT_AT(SDK, node, "metadata", "labels", CLEAT_LABEL_PROVIDER);
    *ours = id.n > 0 || *ret != NULL || cleat_str_is(OBJ->str(label), CLEAT_LIN_NAME);
    return CLEAT_OK;
}

static bool is_off(struct cleat_lin *lin, const struct cleat_lin_server *s) {
    return s->off || cleat_lin_agent_is_down(lin->agent, s->name);
}

static int32_t tell(struct cleat_lin *lin, const struct cleat_lin_server *s, bool with_template,
                    cleat_server_fn fn, void *sink) {
    struct cleat_server server = {
        .struct_size = sizeof server,
        .shut_down = is_off(lin, s),
        .name = s->name,
        .provider_id = s->provider_id,
        .instance_type = s->type,
        .zone = s->zone,
        .region = s->region,
        .addresses = s->addresses,
        .n_addresses = s->n_addresses,
        .labels = s->labels,
        .n_labels = s->n_labels,
        .node_template = with_template ? s->node_template : NULL,
    };
    return fn(sink, &server);
}

static cleat_err exists(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                        struct cleat_error *reterr) {
    struct cleat_lin_inventory *inv;
    const struct cleat_lin_server *s;
    bool ours;
    cleat_err err = find_for(self, ctx, node, &inv, &s, &ours, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    if (ours) {
        *ret = s != NULL;
    } else {
        err = cleat_errorf(reterr, CLEAT_E_ELSEWHERE, "linux: this Node names no server of ours");
    }
    cleat_lin_inventory_unref(inv);
    return err;
}

static cleat_err is_shut_down(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                              struct cleat_error *reterr) {
    struct cleat_lin_inventory *inv;
    const struct cleat_lin_server *s;
    bool ours;
    cleat_err err = find_for(self, ctx, node, &inv, &s, &ours, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    if (s != NULL) {
        *ret = is_off(self, s);
    } else {
        err = cleat_errorf(reterr, ours ? CLEAT_E_NOT_FOUND : CLEAT_E_ELSEWHERE,
                           "instance not found");
    }
    cleat_lin_inventory_unref(inv);
    return err;
}

static cleat_err metadata(void *self, cleat_ctx *ctx, const cleat_obj *node, cleat_server_fn fn,
                          void *sink, struct cleat_error *reterr) {
    struct cleat_lin_inventory *inv;
    const struct cleat_lin_server *s;
    bool ours;
    cleat_err err = find_for(self, ctx, node, &inv, &s, &ours, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    if (s != NULL) {
        tell(self, s, false, fn, sink);
    } else if (ours) {
        err = cleat_errorf(reterr, CLEAT_E_NOT_FOUND, "instance not found");
    }
    cleat_lin_inventory_unref(inv);
    return err;
}

static cleat_err list(void *self, cleat_ctx *ctx, cleat_server_fn fn, void *sink,
                      struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    struct cleat_lin_inventory *inv = NULL;
    bool stale = false;
    (void)ctx;
    cleat_err err = cleat_lin_agent_inventory(lin->agent, &inv, &stale, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    for (size_t i = 0; lin->opt.create_nodes && i < inv->n_servers; i++) {
        if (tell(lin, &inv->servers[i], true, fn, sink)) {
            break;
        }
    }
    cleat_lin_inventory_unref(inv);
    return stale ? cleat_errorf(reterr, CLEAT_E_TRANSIENT, "linux: the inventory cannot be read")
                 : CLEAT_OK;
}

const struct cleat_instances_ops cleat_lin_instances_ops = {
    .struct_size = sizeof(struct cleat_instances_ops),
    .exists = exists,
    .is_shut_down = is_shut_down,
    .metadata = metadata,
    .list = list,
};
