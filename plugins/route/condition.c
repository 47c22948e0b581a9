/* SPDX-License-Identifier: Apache-2.0 */
/* The condition NetworkUnavailable of Nodes; status, reasons and messages are upstream's. */
#include "route.h"

#define TYPE "NetworkUnavailable"

static const struct {
    const char *status, *reason, *message;
} texts[] = {
    {"True", "NoRouteCreated", "RouteController failed to create a route"},
    {"False", "RouteCreated", "RouteController created a route"},
};

bool cleat_route_condition_is(const cleat_obj *node, bool has_routes) {
    struct cleat_val c = SDK->util->condition(node, TYPE);
    return cleat_str_is(SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("status"))),
                        texts[has_routes].status) &&
           cleat_str_is(SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("reason"))),
                        texts[has_routes].reason);
}

/* A strategic merge names this one condition and lets all others be; the uid keeps it off a
 * new Node of this name. */
cleat_err cleat_route_say(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                          bool has_routes, struct cleat_error *reterr) {
    char now[32];
    SDK->obj->time_format(SDK->clock->wall(), 0, now);
    char *json = cleat_sdk_format(
        "{\"metadata\":{\"uid\":\"%.*s\"},\"status\":{\"conditions\":[{\"type\":\"" TYPE
        "\",\"status\":\"%s\",\"reason\":\"%s\",\"message\":\"%s\",\"lastHeartbeatTime\":\"%s\","
        "\"lastTransitionTime\":\"%s\"}]}}",
        CLEAT_FMT(SDK->obj->uid(node)), texts[has_routes].status, texts[has_routes].reason,
        texts[has_routes].message, now, now);
    struct cleat_key key = {{"", 0}, SDK->obj->name(node)};
    cleat_err err = CLEAT_E_CONFLICT;
    for (int i = 0; i < 5 && err == CLEAT_E_CONFLICT; i++) {
        err = i == 0 ? CLEAT_OK : SDK->ctx->sleep(ctx, 100 * CLEAT_MS);
        if (err == CLEAT_OK) {
            err = SDK->client->patch(client, ctx, CLEAT_ROUTE_NODES, key, "status",
                                     CLEAT_PATCH_STRATEGIC, cleat_cstr(json), NULL, reterr);
        }
    }
    free(json);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}
