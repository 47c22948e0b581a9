/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scale subresource: how many there are and shall be, for any kind that says
 * where its numbers are. Pure; any thread.
 */
#include "core/registry/internal.h"

static const struct cleat_scale *scale_of(const cleat_request *req) {
    return cleat_kind_subresource(req->kind, req->subresource)->scale;
}

/* ---- selectors as text ---- */

static void add_text(struct cleat_buf *b, const char *between, struct cleat_val v) {
    cleat_buf_puts(b, between);
    cleat_buf_str(b, cleat_val_str(v));
}

static void add_labels(struct cleat_buf *b, struct cleat_val labels) {
    struct cleat_iter it = {0};
    while (cleat_val_next(labels, &it)) {
        cleat_buf_puts(b, b->n > 0 ? "," : "");
        cleat_buf_str(b, it.key);
        add_text(b, "=", it.val);
    }
}

static void add_expression(struct cleat_buf *b, struct cleat_val x) {
    struct cleat_str op = cleat_val_str(cleat_val_get(x, "operator"));
    struct cleat_iter it = {0};
    bool in = cleat_eqc(op, "In"), notin = cleat_eqc(op, "NotIn");
    cleat_buf_puts(b, b->n > 0 ? "," : "");
    cleat_buf_puts(b, cleat_eqc(op, "DoesNotExist") ? "!" : "");
    cleat_buf_str(b, cleat_val_str(cleat_val_get(x, "key")));
    if (in || notin) {
        cleat_buf_puts(b, in ? " in (" : " notin (");
        while (cleat_val_next(cleat_val_get(x, "values"), &it)) {
            add_text(b, it.index > 0 ? "," : "", it.val);
        }
        cleat_buf_putc(b, ')');
    }
}

static void add_selector(struct cleat_buf *b, struct cleat_val v, int form) {
    struct cleat_iter it = {0};
    switch (form) {
    case CLEAT_SCALE_TEXT:
        cleat_buf_str(b, cleat_val_str(v));
        break;
    case CLEAT_SCALE_LABELS:
        add_labels(b, v);
        break;
    default:
        add_labels(b, cleat_val_get(v, "matchLabels"));
        while (cleat_val_next(cleat_val_get(v, "matchExpressions"), &it)) {
            add_expression(b, it.val);
        }
    }
}

/* ---- the view ---- */

static int64_t number_at(const cleat_obj *o, cleat_path path) {
    int64_t n = 0;
    cleat_val_int(cleat_obj_at(o, path), &n);
    return n;
}

cleat_err cleat_scale_view(cleat_request *req, const cleat_obj *of, cleat_obj **ret) {
    static const char *const members[] = {"name", "namespace", "uid", "resourceVersion",
                                          "creationTimestamp"};
    const struct cleat_scale *s = scale_of(req);
    CLEAT_AUTO_BUF b = {0};
    CLEAT_AUTO_BUF selector = {0};
    cleat_buf_puts(&b, "{\"kind\":\"Scale\",\"apiVersion\":\"autoscaling/v1\",\"metadata\":{");
    for (size_t i = 0, n = 0; i < sizeof members / sizeof *members; i++) {
        struct cleat_val v = cleat_obj_at(of, CLEAT_PATH("metadata", members[i]));
        if (cleat_val_present(v)) {
            cleat_buf_printf(&b, "%s\"%s\":", n++ > 0 ? "," : "", members[i]);
            cleat_buf_str(&b, cleat_val_raw(v));
        }
    }
    int64_t replicas = number_at(of, s->replicas);
    cleat_buf_puts(&b, "},\"spec\":{");
    if (replicas != 0) {
        cleat_buf_printf(&b, "\"replicas\":%lld", (long long)replicas);
    }
    cleat_buf_printf(&b, "},\"status\":{\"replicas\":%lld",
                     (long long)number_at(of, s->status_replicas));
    if (s->selector != NULL) {
        add_selector(&selector, cleat_obj_at(of, s->selector), s->selector_form);
    }
    if (selector.n > 0) {
        cleat_buf_puts(&b, ",\"selector\":");
        cleat_buf_json(&b, (struct cleat_str){selector.p, selector.n});
    }
    cleat_buf_puts(&b, "}}");
    return cleat_obj_parse((struct cleat_str){b.p, b.n}, 0, ret, &req->error);
}

/* ---- writing it back ---- */

static cleat_err check(cleat_request *req, struct cleat_val replicas, int64_t *ret) {
    *ret = 0;
    if (cleat_val_type(replicas) > CLEAT_NULL && !cleat_val_int(replicas, ret)) {
        return cleat_fail(&req->error, CLEAT_E_BAD_REQUEST,
                          "Scale in version \"v1\" cannot be handled as a Scale: json: cannot "
                          "unmarshal %.*s into Go struct field ScaleSpec.spec.replicas of type "
                          "int32",
                          CLEAT_FMT(cleat_val_raw(replicas)));
    }
    struct cleat_validation v = {.kind = req->kind, .error = &req->error};
    if (*ret < 0) {
        cleat_invalid(&v, "FieldValueInvalid", "spec.replicas",
                      "%lld: must be greater than or equal to 0", (long long)*ret);
    } else if (*ret > INT32_MAX) {
        cleat_invalid(&v, "FieldValueInvalid", "spec.replicas",
                      "%lld: must be less than or equal to %d", (long long)*ret, INT32_MAX);
    }
    return cleat_invalid_done_as(&v, "Scale", "autoscaling", req->name);
}

cleat_err cleat_scale_put(cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                          cleat_obj **ret) {
    int64_t replicas;
    struct cleat_val root = cleat_obj_root(body);
    CLEAT_TRY(check(req, cleat_val_at(root, CLEAT_PATH("spec", "replicas")), &replicas));
    struct cleat_str uid = cleat_obj_uid(body);
    struct cleat_val revision = cleat_val_at(root, CLEAT_PATH("metadata", "resourceVersion"));
    cleat_edit *e = cleat_edit_new(old);
    cleat_edit_set_int(e, scale_of(req)->replicas, replicas);
    if (cleat_val_str(revision).n > 0) { /* preconditions go with it */
        cleat_edit_set_val(e, CLEAT_PATH("metadata", "resourceVersion"), revision);
    }
    if (uid.n > 0) {
        cleat_edit_set_str(e, CLEAT_PATH("metadata", "uid"), uid);
    }
    return cleat_edit_finish(e, ret, &req->error);
}

/* ---- server-side apply ---- */

cleat_err cleat_scale_config(cleat_request *req, struct cleat_buf *out) {
    static const char want[] = "autoscaling/v1, Kind=Scale";
    const struct cleat_kind *k = req->kind;
    cleat_path path = scale_of(req)->replicas;
    CLEAT_AUTO(cleat_obj) *scale = NULL, *empty = NULL, *config = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    int64_t n;
    if (cleat_obj_parse(req->patch, 0, &scale, &why) != CLEAT_OK) {
        return cleat_fail(&req->error, CLEAT_E_BAD_REQUEST, "error decoding patch: %s",
                          why.message);
    }
    struct cleat_str api = cleat_val_str(cleat_obj_at(scale, CLEAT_PATH("apiVersion")));
    struct cleat_str kind = cleat_val_str(cleat_obj_at(scale, CLEAT_PATH("kind")));
    if (!cleat_eqc(api, "autoscaling/v1") || !cleat_eqc(kind, "Scale")) {
        return cleat_fail(&req->error, CLEAT_E_BAD_REQUEST,
                          "invalid object type: %.*s, Kind=%.*s: expected %s", CLEAT_FMT(api),
                          CLEAT_FMT(kind), want);
    }
    struct cleat_val replicas = cleat_obj_at(scale, CLEAT_PATH("spec", "replicas"));
    CLEAT_TRY(check(req, replicas, &n));
    CLEAT_TRY(cleat_obj_parse(CLEAT_STR("{}"), 0, &empty, &req->error));
    cleat_edit *e = cleat_edit_new(empty);
    cleat_edit_set_str(e, CLEAT_PATH("apiVersion"), cleat_s(k->api_version));
    cleat_edit_set_str(e, CLEAT_PATH("kind"), cleat_s(k->kind));
    cleat_edit_set_val(e, CLEAT_PATH("metadata"), cleat_obj_at(scale, CLEAT_PATH("metadata")));
    if (cleat_val_present(replicas)) {
        cleat_edit_set_int(e, path, n);
    }
    CLEAT_TRY(cleat_edit_finish(e, &config, &req->error));
    cleat_buf_str(out, cleat_obj_bytes(config));
    return CLEAT_OK;
}
