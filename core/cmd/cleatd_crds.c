/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds that plugins and the host bring, where the API server is somebody else's:
 * CustomResourceDefinitions. A definition that is there is patched to what we bring, which
 * the server takes for no change where it is none.
 */
#include "core/cmd/cleatd.h"

#define ESTABLISH_TIMEOUT (10 * CLEAT_SECOND)

static const struct cleat_gvr definitions = {"apiextensions.k8s.io", "v1",
                                             "customresourcedefinitions"};

/* Not an outage but an answer: no retry would change it. */
static bool is_refusal(cleat_err err) {
    return err == CLEAT_E_FORBIDDEN || err == CLEAT_E_INVALID || err == CLEAT_E_UNAUTHORIZED ||
           err == CLEAT_E_BAD_REQUEST || err == CLEAT_E_METHOD;
}

static bool is_established(const cleat_obj *crd) {
    struct cleat_iter it = {0};
    struct cleat_val conditions = cleat_obj_at(crd, CLEAT_PATH("status", "conditions"));
    while (cleat_val_next(conditions, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "Established")) {
            return cleat_eqc(cleat_val_str(cleat_val_get(it.val, "status")), "True");
        }
    }
    return false;
}

static cleat_err wait_established(cleat_client *c, cleat_ctx *ctx, struct cleat_key key,
                                  struct cleat_error *e) {
    cleat_time until = cleat_now_mono() + ESTABLISH_TIMEOUT;
    while (cleat_now_mono() < until) {
        CLEAT_AUTO(cleat_obj) *now = NULL;
        CLEAT_TRY(cleat_client_api.get(c, ctx, definitions, key, &now, e));
        if (is_established(now)) {
            return CLEAT_OK;
        }
        CLEAT_TRY(cleat_ctx_sleep(ctx, 100 * CLEAT_MS));
    }
    return cleat_fail(e, CLEAT_E_TIMEOUT, "%.*s is not served yet", CLEAT_FMT(key.name));
}

static cleat_err update(cleat_client *c, cleat_ctx *ctx, const cleat_obj *wanted,
                        struct cleat_error *e) {
    struct cleat_key key = {cleat_s(""), cleat_obj_name(wanted)};
    CLEAT_AUTO_BUF patch = {0};
    cleat_buf_puts(&patch, "{\"spec\":");
    cleat_buf_str(&patch, cleat_val_raw(cleat_obj_at(wanted, CLEAT_PATH("spec"))));
    cleat_buf_putc(&patch, '}');
    return cleat_client_api.patch(c, ctx, definitions, key, NULL, CLEAT_PATCH_MERGE,
                                  (struct cleat_str){patch.p, patch.n}, NULL, e);
}

/* must: a refusal is an error. */
static cleat_err define(cleat_client *c, cleat_ctx *ctx, const char *text, bool must,
                        struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *wanted = NULL;
    CLEAT_AUTO(cleat_obj) *have = NULL;
    CLEAT_TRY(cleat_obj_parse(cleat_s(text), 0, &wanted, e));
    struct cleat_key key = {cleat_s(""), cleat_obj_name(wanted)};
    cleat_err err = cleat_client_api.get(c, ctx, definitions, key, &have, e);
    const char *what = "looked at";
    if (err == CLEAT_E_NOT_FOUND) {
        what = "made";
        err = cleat_client_api.create(c, ctx, definitions, wanted, NULL, e);
        err = err == CLEAT_E_EXISTS ? CLEAT_OK : err;
        if (err == CLEAT_OK) {
            cleat_logf(CLEAT_LOG_INFO, "cleatd", "kind %.*s defined", CLEAT_FMT(key.name));
            return wait_established(c, ctx, key, e);
        }
    } else if (err == CLEAT_OK) {
        what = "updated";
        err = update(c, ctx, wanted, e);
    }
    if (!must && is_refusal(err)) {
        cleat_logf(CLEAT_LOG_WARN, "cleatd",
                   "kind %.*s cannot be %s (%s): an administrator can, with `cleat crds | kubectl "
                   "apply -f -`",
                   CLEAT_FMT(key.name), what, e->message);
        return CLEAT_OK;
    }
    return err;
}

cleat_err cleatd_define_kinds(struct cleatd *d, struct cleat_transport *t, cleat_ctx *ctx,
                              struct cleat_error *e) {
    const char *how = d->flags.text[FLAG_MANAGE_CRDS], *crd;
    if (strcmp(how, "false") == 0) {
        return CLEAT_OK;
    }
    cleat_client *c = cleat_client_new(t, "cleat-host");
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; err == CLEAT_OK && (crd = cleat_hostd_crd(d->host, i)) != NULL; i++) {
        err = define(c, ctx, crd, strcmp(how, "true") == 0, e);
    }
    cleat_client_free(c);
    return err;
}
