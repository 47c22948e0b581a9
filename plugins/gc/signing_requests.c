/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificatesigningrequest-cleaner-controller: deletes signing requests that are
 * of no more use: an hour after they were issued, denied or failed, or when the
 * certificate has ended, and a day after they came or were approved where nothing else
 * happened. Each is looked at when its time comes, not once an hour as upstream.
 */
#include "gc.h"

#define CSR_GVR ((struct cleat_gvr){"certificates.k8s.io", "v1", "certificatesigningrequests"})
#define HOUR    (3600 * CLEAT_SECOND)
#define DAY     (24 * HOUR)

struct requests {
    cleat_client *client;
    cleat_controller *reconciler;
    cleat_informer *cache;
};

/* When the certificate that was issued ends; INT64_MAX where that cannot be told. */
static cleat_time end_of_certificate(const cleat_obj *o) {
    size_t n = 0;
    char *pem = cleat_gc_base64(CLEAT_TEXT(SDK, o, "status", "certificate"), &n);
    cleat_time end = pem != NULL ? cleat_gc_certificate_end((struct cleat_str){pem, n}) : 0;
    free(pem);
    return end > 0 ? end : INT64_MAX;
}

/* When the request is to go. */
static cleat_time due_at(const cleat_obj *o) {
    bool issued = CLEAT_TEXT(SDK, o, "status", "certificate").n > 0;
    cleat_time due = cleat_gc_time(o, CLEAT_PATH("metadata", "creationTimestamp")) + DAY;
    bool any = false;
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, o, "status", "conditions"), &it)) {
        struct cleat_str type = SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type")));
        struct cleat_str when = SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("lastUpdateTime")));
        bool approved = cleat_str_is(type, "Approved");
        cleat_time at = 0;
        if ((!approved && !cleat_str_is(type, "Denied") && !cleat_str_is(type, "Failed")) ||
            SDK->obj->time_parse(when, &at) != CLEAT_OK) {
            continue;
        }
        at += approved && !issued ? DAY : HOUR;
        if (approved && issued) {
            cleat_time end = end_of_certificate(o);
            at = end < at ? end : at;
        }
        due = !any || at < due ? at : due;
        any = true;
    }
    return due;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct requests *c = self;
    cleat_obj *o = SDK->informer->get(c->cache, key);
    if (o == NULL || cleat_gc_is_ending(o)) {
        SDK->obj->unref(o);
        return CLEAT_OK;
    }
    cleat_time left = due_at(o) - SDK->clock->wall();
    cleat_err err = CLEAT_OK;
    if (left > 0) {
        ret->requeue_after = left;
    } else {
        char *uid = cleat_sdk_dup(SDK->obj->uid(o));
        struct cleat_delete_opts opts = {.struct_size = sizeof opts,
                                         .grace_period_seconds = -1,
                                         .uid = uid,
                                         .revision = SDK->obj->revision(o)};
        err = SDK->client->remove(c->client, ctx, CSR_GVR, key, &opts, NULL, reterr);
        free(uid);
    }
    SDK->obj->unref(o);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct requests *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {.struct_size = sizeof opts, .name = "csr_cleaner"};
    c->client = env->client;
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->reconciler, CSR_GVR, NULL, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    c->cache = SDK->controller->informer(c->reconciler, CSR_GVR);
    *ret_self = c;
    return CLEAT_OK;
}

static const char *const aliases[] = {"csrcleaner", NULL};

const struct cleat_controller_desc cleat_signing_requests_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "certificatesigningrequest-cleaner-controller",
    .aliases = aliases,
    .description = "Deletes certificate signing requests that are of no more use.",
    .create = create,
    .destroy = free,
};
