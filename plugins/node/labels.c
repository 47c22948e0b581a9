/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels that come from the cloud. Initialisation writes old and new names of
 * type, zone and region; afterwards the new name follows the old one, as
 * upstream does. The provider's further labels are added once, never into the
 * kubernetes.io and k8s.io domains and never over a value that is there.
 */
#include "node.h"

static const struct {
    const char *beta, *ga;
} pairs[] = {
    {"failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"},
    {"failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"},
    {"beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"},
};
enum { ZONE, REGION, TYPE, N_PAIRS };

/* Whether the domain of a label key is kubernetes.io, k8s.io or below. */
static bool is_reserved(const char *key) {
    const char *slash = strchr(key, '/');
    if (slash == NULL) {
        return false;
    }
    static const char *const domains[] = {"kubernetes.io", "k8s.io"};
    size_t n = (size_t)(slash - key);
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
        size_t d = strlen(domains[i]);
        if (n >= d && memcmp(slash - d, domains[i], d) == 0 &&
            (n == d || slash[-1 - (long)d] == '.')) {
            return true;
        }
    }
    return false;
}

static void set_pair(cleat_edit *e, int pair, const char *value) {
    if (value[0] != 0) {
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "labels", pairs[pair].beta), cleat_cstr(value));
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "labels", pairs[pair].ga), cleat_cstr(value));
    }
}

static void add_label(cleat_edit *e, const cleat_obj *node, const struct cleat_node_label *l) {
    const char *name = cleat_cloud_node_desc.name;
    if (is_reserved(l->key)) {
        cleat_node_log(CLEAT_LOG_WARN, name,
                       "discarding label %s of the cloud provider: its domain is reserved", l->key);
        return;
    }
    struct cleat_val have = CLEAT_AT(SDK, node, "metadata", "labels", l->key);
    if (SDK->obj->type(have) == CLEAT_ABSENT) {
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "labels", l->key), cleat_cstr(l->value));
    } else if (!cleat_str_is(SDK->obj->str(have), l->value)) {
        cleat_node_log(CLEAT_LOG_WARN, name,
                       "label %s keeps the Node's value; the cloud provider says %s", l->key,
                       l->value);
    }
}

void cleat_node_set_labels(cleat_edit *e, const cleat_obj *node,
                           const struct cleat_node_server *s) {
    set_pair(e, TYPE, s->instance_type);
    set_pair(e, ZONE, s->zone);
    set_pair(e, REGION, s->region);
    for (size_t i = 0; i < s->n_labels; i++) {
        add_label(e, node, &s->labels[i]);
    }
}

bool cleat_node_labels_differ(const cleat_obj *node) {
    struct cleat_val labels = CLEAT_AT(SDK, node, "metadata", "labels");
    for (int i = 0; i < N_PAIRS; i++) {
        struct cleat_val beta = SDK->obj->at(labels, CLEAT_PATH(pairs[i].beta));
        struct cleat_val ga = SDK->obj->at(labels, CLEAT_PATH(pairs[i].ga));
        if (SDK->obj->type(beta) != CLEAT_ABSENT && !SDK->obj->equal(beta, ga)) {
            return true;
        }
    }
    return false;
}

cleat_err cleat_node_reconcile_labels(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                                      struct cleat_error *reterr) {
    if (!cleat_node_labels_differ(node)) {
        return CLEAT_OK;
    }
    cleat_edit *patch = SDK->obj->edit_new(NULL);
    for (int i = 0; i < N_PAIRS; i++) {
        struct cleat_val beta = CLEAT_AT(SDK, node, "metadata", "labels", pairs[i].beta);
        struct cleat_val ga = CLEAT_AT(SDK, node, "metadata", "labels", pairs[i].ga);
        if (SDK->obj->type(beta) != CLEAT_ABSENT && !SDK->obj->equal(beta, ga)) {
            SDK->obj->set_val(patch, CLEAT_PATH("metadata", "labels", pairs[i].ga), beta);
        }
    }
    cleat_obj *body = NULL;
    cleat_err err = SDK->obj->edit_finish(patch, &body, reterr);
    if (err == CLEAT_OK) {
        struct cleat_key key = {{"", 0}, SDK->obj->name(node)};
        err = SDK->client->patch(client, ctx, CLEAT_NODE_GVR, key, NULL, CLEAT_PATCH_MERGE,
                                 SDK->obj->bytes(body), NULL, reterr);
        SDK->obj->unref(body);
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}
