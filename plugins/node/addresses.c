/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.addresses of a Node from what its cloud says: the cloud's list, with
 * the kubelet's Hostname where the cloud has none, narrowed to the addresses
 * that the kubelet was told to use (annotation provided-node-ip). An empty
 * answer changes nothing.
 */
#include "node.h"

#include <arpa/inet.h>

struct ip {
    unsigned char b[16];
};

/* IPv4 in its mapped form, so that one comparison serves both families. */
static bool parse_ip(const char *text, struct ip *ret) {
    struct ip ip = {{0}};
    if (inet_pton(AF_INET, text, ip.b + 12) == 1) {
        ip.b[10] = ip.b[11] = 0xff;
    } else if (inet_pton(AF_INET6, text, ip.b) != 1) {
        return false;
    }
    *ret = ip;
    return true;
}

static bool same_ip(const char *text, const struct ip *ip) {
    struct ip other;
    return parse_ip(text, &other) && memcmp(&other, ip, sizeof other) == 0;
}

static bool has_type(const struct cleat_node_addrs *a, const char *type) {
    for (size_t i = 0; i < a->n; i++) {
        if (strcmp(a->v[i].type, type) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds all of `from` that are this IP; false where there is none. */
static bool claim(const char *text, const struct ip *ip, const struct cleat_node_addrs *from,
                  struct cleat_node_addrs *to, struct cleat_error *reterr) {
    bool found = false;
    for (size_t i = 0; i < from->n; i++) {
        if (same_ip(from->v[i].address, ip)) {
            cleat_node_addrs_add(to, from->v[i].type, from->v[i].address);
            found = true;
        }
    }
    if (!found) {
        cleat_errorf(reterr, CLEAT_E_INVALID,
                     "failed to get node address from cloud provider that matches ip: %s", text);
    }
    return found;
}

/* The addresses of `from` in the order and choice that `wanted` ("v4" or
 * "v4,v6") demands. */
static cleat_err narrow(struct cleat_str wanted, const struct cleat_node_addrs *from,
                        struct cleat_node_addrs *ret, struct cleat_error *reterr) {
    struct cleat_node_addrs to = {0};
    char *list = cleat_sdk_dup(wanted), *rest = list, *text;
    cleat_err err = CLEAT_OK;
    while (err == CLEAT_OK && (text = strsep(&rest, ",")) != NULL) {
        struct ip ip;
        if (!parse_ip(text, &ip)) {
            err = cleat_errorf(reterr, CLEAT_E_INVALID,
                               "failed to parse node IP \"%.*s\": could not parse \"%s\"",
                               CLEAT_FMT(wanted), text);
        } else if (!claim(text, &ip, from, &to, reterr)) {
            err = CLEAT_E_INVALID;
        }
    }
    free(list);
    if (err != CLEAT_OK) {
        cleat_node_addrs_done(&to);
        return err;
    }
    struct cleat_node_addrs claimed = {to.v, to.n}; /* a view: to.v moves when it grows */
    struct cleat_node_addrs others = {0};
    for (size_t i = 0; i < from->n; i++) {
        if (!has_type(&claimed, from->v[i].type)) {
            cleat_node_addrs_add(&others, from->v[i].type, from->v[i].address);
        }
    }
    for (size_t i = 0; i < others.n; i++) {
        cleat_node_addrs_add(&to, others.v[i].type, others.v[i].address);
    }
    cleat_node_addrs_done(&others);
    *ret = to;
    return CLEAT_OK;
}

/* narrow(), with the words that upstream puts before its failures. */
static cleat_err narrow_for(const cleat_obj *node, struct cleat_str wanted,
                            const struct cleat_node_addrs *from, struct cleat_node_addrs *ret,
                            struct cleat_error *reterr) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    cleat_err err = narrow(wanted, from, ret, &why);
    if (err != CLEAT_OK) {
        struct cleat_str name = SDK->obj->name(node);
        cleat_errorf(reterr, err, "provided node ip for node \"%.*s\" is not valid: %s",
                     CLEAT_FMT(name), why.message);
    }
    return err;
}

static struct cleat_val provided_ip(const cleat_obj *node) {
    return CLEAT_AT(SDK, node, "metadata", "annotations", CLEAT_ANNOTATION_NODE_IP);
}

cleat_err cleat_node_check_ip(const cleat_obj *node, const struct cleat_node_server *s,
                              struct cleat_error *reterr) {
    struct cleat_val wanted = provided_ip(node);
    if (SDK->obj->type(wanted) == CLEAT_ABSENT) {
        return CLEAT_OK;
    }
    struct cleat_node_addrs ignored = {0};
    cleat_err err = narrow_for(node, SDK->obj->str(wanted), &s->addresses, &ignored, reterr);
    cleat_node_addrs_done(&ignored);
    return err;
}

/* The Hostname addresses that the Node has, as its kubelet left them. */
static void keep_hostnames(const cleat_obj *node, struct cleat_node_addrs *a) {
    if (has_type(a, "Hostname")) {
        return;
    }
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, node, "status", "addresses"), &it)) {
        struct cleat_str type = SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type")));
        if (cleat_str_is(type, "Hostname")) {
            char *text = cleat_sdk_dup(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("address"))));
            cleat_node_addrs_add(a, "Hostname", text);
            free(text);
        }
    }
}

cleat_err cleat_node_addresses(const cleat_obj *node, const struct cleat_node_server *s,
                               struct cleat_node_addrs *ret, struct cleat_error *reterr) {
    if (s->addresses.n == 0) {
        return CLEAT_OK;
    }
    struct cleat_node_addrs all = {0};
    for (size_t i = 0; i < s->addresses.n; i++) {
        cleat_node_addrs_add(&all, s->addresses.v[i].type, s->addresses.v[i].address);
    }
    keep_hostnames(node, &all);
    struct cleat_val wanted = provided_ip(node);
    if (SDK->obj->type(wanted) == CLEAT_ABSENT) {
        *ret = all;
        return CLEAT_OK;
    }
    cleat_err err = narrow_for(node, SDK->obj->str(wanted), &all, ret, reterr);
    cleat_node_addrs_done(&all);
    return err;
}

static bool same_addresses(const cleat_obj *node, const struct cleat_node_addrs *a) {
    struct cleat_val have = CLEAT_AT(SDK, node, "status", "addresses");
    if (SDK->obj->count(have) != a->n) {
        return false;
    }
    struct cleat_iter it = {0};
    for (size_t i = 0; SDK->obj->next(have, &it); i++) {
        if (!cleat_str_is(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type"))), a->v[i].type) ||
            !cleat_str_is(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("address"))),
                          a->v[i].address)) {
            return false;
        }
    }
    return true;
}

/* The uid is in the patch so that it cannot hit a later Node of the same name. */
static cleat_err make_patch(const cleat_obj *node, const struct cleat_node_addrs *a,
                            cleat_obj **ret, struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(NULL);
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "uid"), SDK->obj->uid(node));
    SDK->obj->set_json(e, CLEAT_PATH("status", "addresses"), CLEAT_STR("[]"));
    for (size_t i = 0; i < a->n; i++) {
        cleat_edit *one = SDK->obj->edit_new(NULL);
        SDK->obj->set_str(one, CLEAT_PATH("type"), cleat_cstr(a->v[i].type));
        SDK->obj->set_str(one, CLEAT_PATH("address"), cleat_cstr(a->v[i].address));
        cleat_obj *element = NULL;
        cleat_err err = SDK->obj->edit_finish(one, &element, reterr);
        if (err != CLEAT_OK) {
            SDK->obj->edit_free(e);
            return err;
        }
        SDK->obj->set_val(e, CLEAT_PATH("status", "addresses", "-"), SDK->obj->root(element));
        SDK->obj->unref(element);
    }
    return SDK->obj->edit_finish(e, ret, reterr);
}

cleat_err cleat_node_patch_addresses(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                                     const struct cleat_node_addrs *a, struct cleat_error *reterr) {
    if (a->n == 0 || same_addresses(node, a)) {
        return CLEAT_OK;
    }
    cleat_obj *patch = NULL;
    cleat_err err = make_patch(node, a, &patch, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct cleat_key key = {{"", 0}, SDK->obj->name(node)};
    err = SDK->client->patch(client, ctx, CLEAT_NODE_GVR, key, "status", CLEAT_PATCH_MERGE,
                             SDK->obj->bytes(patch), NULL, reterr);
    SDK->obj->unref(patch);
    return err;
}

cleat_err cleat_node_refresh_addresses(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                                       struct cleat_error *reterr) {
    struct cleat_node_server s = {0};
    struct cleat_node_addrs a = {0};
    cleat_err err = cleat_node_metadata(SDK->clouds->for_node(node), ctx, node, &s, reterr);
    if (err == CLEAT_OK && s.known) {
        err = cleat_node_addresses(node, &s, &a, reterr);
    }
    if (err == CLEAT_OK) {
        err = cleat_node_patch_addresses(client, ctx, node, &a, reterr);
    }
    cleat_node_addrs_done(&a);
    cleat_node_server_done(&s);
    return err;
}
