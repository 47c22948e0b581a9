/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Initialises a Node that carries the uninitialized taint: labels, providerID
 * and the taint's removal are one write, the addresses follow in a second one.
 * A provider that does not know the Node leaves it as it is; a failure leaves
 * the taint and is tried again.
 */
#include "node.h"

enum { MAX_CONFLICTS = 20 };

cleat_err cleat_node_metadata(const struct cleat_cloud *cloud, cleat_ctx *ctx,
                              const cleat_obj *node, struct cleat_node_server *s,
                              struct cleat_error *reterr) {
    const struct cleat_instances_ops *ops = cleat_node_instances(cloud);
    if (ops == NULL || !CLEAT_HAS(ops, struct cleat_instances_ops, metadata)) {
        return CLEAT_OK;
    }
    struct cleat_error why = CLEAT_ERROR_INIT;
    cleat_err err = ops->metadata(cloud->self, ctx, node, cleat_node_server_copy, s, &why);
    if (err != CLEAT_OK) {
        struct cleat_str name = SDK->obj->name(node);
        cleat_errorf(reterr, err, "failed to get instance metadata for node %.*s: %s",
                     CLEAT_FMT(name), why.message[0] ? why.message : "no reason given");
        if (reterr != NULL) {
            reterr->retry_after_ms = why.retry_after_ms;
        }
    }
    return err;
}

/* What stands against initialising node with s. */
static cleat_err check(const cleat_obj *node, const struct cleat_node_server *s,
                       struct cleat_error *reterr) {
    if (s->provider_id[0] == 0 && CLEAT_TEXT(SDK, node, "spec", "providerID").n == 0) {
        struct cleat_str name = SDK->obj->name(node);
        return cleat_errorf(reterr, CLEAT_E_TRANSIENT,
                            "cloud provider does not set node provider ID for node %.*s",
                            CLEAT_FMT(name));
    }
    return cleat_node_check_ip(node, s, reterr);
}

static cleat_err apply(const cleat_obj *node, const struct cleat_node_server *s, cleat_obj **ret,
                       struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(node);
    if (CLEAT_TEXT(SDK, node, "spec", "providerID").n == 0 && s->provider_id[0] != 0) {
        SDK->obj->set_str(e, CLEAT_PATH("spec", "providerID"), cleat_cstr(s->provider_id));
    }
    cleat_node_set_labels(e, node, s);
    cleat_node_remove_taint(e, node, CLEAT_TAINT_UNINITIALIZED);
    return SDK->obj->edit_finish(e, ret, reterr);
}

/* Replaces *node by its newest state. NULL where it is another one by now, or
 * somebody else has initialised it. */
static cleat_err reread(cleat_client *client, cleat_ctx *ctx, cleat_obj **node,
                        struct cleat_error *reterr) {
    struct cleat_key key = {{"", 0}, SDK->obj->name(*node)};
    cleat_obj *fresh = NULL;
    cleat_err err = SDK->client->get(client, ctx, CLEAT_NODE_GVR, key, &fresh, reterr);
    if (err == CLEAT_E_NOT_FOUND) {
        err = CLEAT_OK;
    } else if (err == CLEAT_OK && (!cleat_str_eq(SDK->obj->uid(fresh), SDK->obj->uid(*node)) ||
                                   !cleat_node_has_taint(fresh, CLEAT_TAINT_UNINITIALIZED))) {
        SDK->obj->unref(fresh);
        fresh = NULL;
    }
    if (err == CLEAT_OK) {
        SDK->obj->unref(*node);
        *node = fresh;
    }
    return err;
}

/* The one write, repeated on conflicts. *ret is the stored Node, or NULL where
 * there is none left to initialise. [worker] */
static cleat_err write_node(cleat_client *client, cleat_ctx *ctx, const cleat_obj *cached,
                            const struct cleat_node_server *s, cleat_obj **ret,
                            struct cleat_error *reterr) {
    cleat_obj *node = SDK->obj->ref(cached);
    cleat_err err = CLEAT_OK;
    for (int i = 0; i < MAX_CONFLICTS && node != NULL; i++) {
        cleat_obj *changed = NULL;
        err = apply(node, s, &changed, reterr);
        if (err == CLEAT_OK) {
            err = SDK->client->update(client, ctx, CLEAT_NODE_GVR, NULL, changed, ret, reterr);
            SDK->obj->unref(changed);
        }
        if (err != CLEAT_E_CONFLICT) {
            break;
        }
        cleat_time pause = (cleat_time)(SDK->clock->random() % (uint64_t)(50 * CLEAT_MS));
        err = i == 0 ? CLEAT_OK : SDK->ctx->sleep(ctx, pause);
        if (err == CLEAT_OK) {
            err = reread(client, ctx, &node, reterr);
        }
        if (err != CLEAT_OK) {
            break;
        }
    }
    if (err == CLEAT_OK && node != NULL && *ret == NULL) {
        struct cleat_str name = SDK->obj->name(node);
        err = cleat_errorf(reterr, CLEAT_E_CONFLICT, "node %.*s kept changing", CLEAT_FMT(name));
    }
    SDK->obj->unref(node);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* After the taint is gone: addresses and the event. */
static cleat_err finish(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                        const struct cleat_node_server *s, struct cleat_error *reterr) {
    struct cleat_node_addrs a = {0};
    cleat_err err = cleat_node_addresses(node, s, &a, reterr);
    if (err == CLEAT_OK) {
        err = cleat_node_patch_addresses(client, ctx, node, &a, reterr);
    }
    cleat_node_addrs_done(&a);
    SDK->events->record(cleat_cloud_node_desc.name, node, "Normal", "Synced",
                        "Node synced successfully");
    return err;
}

cleat_err cleat_node_initialize(cleat_client *client, cleat_ctx *ctx,
                                const struct cleat_node_metrics *metrics, const cleat_obj *node,
                                bool *ret_known, struct cleat_error *reterr) {
    struct cleat_node_server s = {0};
    cleat_obj *stored = NULL;
    cleat_err err = cleat_node_metadata(SDK->clouds->for_node(node), ctx, node, &s, reterr);
    *ret_known = s.known;
    if (err != CLEAT_OK || !s.known) {
        cleat_node_server_done(&s);
        return err;
    }
    SDK->metrics->add(metrics->initial_sync_delay, cleat_node_age(node));
    err = check(node, &s, reterr);
    if (err == CLEAT_OK) {
        err = write_node(client, ctx, node, &s, &stored, reterr);
    }
    if (stored != NULL) {
        SDK->metrics->add(metrics->taint_removal_delay, cleat_node_age(stored));
        err = finish(client, ctx, stored, &s, reterr);
        SDK->obj->unref(stored);
    }
    cleat_node_server_done(&s);
    return err;
}

/* ---- the condition ---- */

/* Whether what is to be said is news. An answer's wording may change with each try, and a write
 * brings the next one: words alone are written once a minute. */
static bool is_news(const cleat_obj *node, const char *status, const char *reason) {
    struct cleat_val c = SDK->util->condition(node, CLEAT_CONDITION_INITIALIZED);
    cleat_time at = 0;
    if (!cleat_str_is(SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("status"))), status) ||
        !cleat_str_is(SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("reason"))), reason)) {
        return true;
    }
    struct cleat_str text = SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("lastHeartbeatTime")));
    return SDK->obj->time_parse(text, &at) != CLEAT_OK ||
           SDK->clock->wall() - at > 60 * CLEAT_SECOND;
}

cleat_err cleat_node_say_initialized(cleat_client *client, cleat_ctx *ctx, struct cleat_str name,
                                     bool done, const char *reason, const char *message,
                                     struct cleat_error *reterr) {
    const char *status = done ? "True" : "False";
    cleat_obj *node = NULL, *changed = NULL;
    struct cleat_key key = {{"", 0}, name};
    cleat_err err = SDK->client->get(client, ctx, CLEAT_NODE_GVR, key, &node, reterr);
    if (err != CLEAT_OK || !is_news(node, status, reason)) {
        SDK->obj->unref(node);
        return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    cleat_edit *e = SDK->obj->edit_new(node);
    if (cleat_node_set_condition(e, node, CLEAT_CONDITION_INITIALIZED, status, reason, message)) {
        err = SDK->obj->edit_finish(e, &changed, reterr);
    } else {
        SDK->obj->edit_free(e);
    }
    if (changed != NULL) {
        err = SDK->client->update(client, ctx, CLEAT_NODE_GVR, "status", changed, NULL, reterr);
    }
    SDK->obj->unref(changed);
    SDK->obj->unref(node);
    return err;
}
