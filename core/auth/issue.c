/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making tokens of service accounts: answers to TokenRequests, and the data of
 * Secrets of type kubernetes.io/service-account-token. On the requester's thread;
 * nothing blocks.
 */
#include "core/auth/internal.h"

enum { MIN_SECONDS = 600, DEFAULT_SECONDS = 3600 };
#define MAX_SECONDS  (1LL << 32)
#define ACCOUNT_NAME "kubernetes.io/service-account.name"
#define ACCOUNT_UID  "kubernetes.io/service-account.uid"

/* ---- what it is bound to ---- */

struct bound {
    cleat_obj *obj, *node; /* node: where the pod runs */
    const char *claim;     /* "pod", "secret", "node" */
};

static void bound_done(struct bound *b) {
    cleat_obj_unref(b->obj);
    cleat_obj_unref(b->node);
}

static cleat_obj *get(cleat_registry *r, const char *resource, struct cleat_str ns,
                      struct cleat_str name) {
    const struct cleat_kind *k = cleat_registry_find(r, "", "v1", resource);
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(cleat_registry_store(r));
    struct cleat_str in = k != NULL && (k->flags & CLEAT_KIND_NAMESPACED) ? ns : cleat_s(NULL);
    return k != NULL ? cleat_obj_ref(cleat_snapshot_get(sn, k->id, in, name)) : NULL;
}

static cleat_err check_pod(const struct cleat_request *req, struct bound *b,
                           struct cleat_error *e) {
    struct cleat_str account =
        cleat_val_str(cleat_obj_at(b->obj, CLEAT_PATH("spec", "serviceAccountName")));
    struct cleat_str node = cleat_val_str(cleat_obj_at(b->obj, CLEAT_PATH("spec", "nodeName")));
    if (!cleat_eq(account, req->name)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "cannot bind token for serviceaccount \"%.*s\" to pod running with "
                          "different serviceaccount name.",
                          CLEAT_FMT(req->name));
    }
    if (node.n > 0) {
        b->node = get(req->registry, "nodes", cleat_s(NULL), node);
    }
    return CLEAT_OK;
}

static cleat_err find_bound(struct cleat_request *req, struct cleat_val ref, struct bound *b) {
    static const struct {
        const char *kind, *resource, *claim;
    } kinds[] = {
        {"Pod", "pods", "pod"}, {"Secret", "secrets", "secret"}, {"Node", "nodes", "node"}};
    struct cleat_error *e = &req->error;
    struct cleat_str api = cleat_val_str(cleat_val_get(ref, "apiVersion"));
    struct cleat_str kind = cleat_val_str(cleat_val_get(ref, "kind"));
    struct cleat_str uid = cleat_val_str(cleat_val_get(ref, "uid"));
    CLEAT_AUTO_FREE char *name = cleat_val_strdup(cleat_val_get(ref, "name"));
    size_t i = 0;
    while (i < sizeof kinds / sizeof *kinds && !cleat_eqc(kind, kinds[i].kind)) {
        i++;
    }
    bool core = api.n == 0 || memchr(api.p, '/', api.n) == NULL; /* whatever its version */
    if (i == sizeof kinds / sizeof *kinds || !core) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "cannot bind token to object of type %s%.*s, Kind=%.*s", core ? "/" : "",
                          CLEAT_FMT(api), CLEAT_FMT(kind));
    }
    if (name == NULL || *name == '\0') {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "Name parameter required.");
    }
    const struct cleat_kind *k = cleat_registry_find(req->registry, "", "v1", kinds[i].resource);
    b->obj = get(req->registry, kinds[i].resource, req->ns, cleat_s(name));
    b->claim = kinds[i].claim;
    if (b->obj == NULL) {
        return cleat_fail_not_found(k, cleat_s(name), e);
    }
    if (uid.n > 0 && !cleat_eq(uid, cleat_obj_uid(b->obj))) {
        CLEAT_AUTO_FREE char *why = cleat_sprintf(
            "the UID in the bound object reference (%.*s) does not match the UID in record. The "
            "object might have been deleted and then recreated",
            CLEAT_FMT(uid));
        const struct cleat_kind as = {
            .group = "", .resource = kinds[i].kind, .store_name = kinds[i].kind};
        return cleat_fail_conflict(&as, cleat_s(name), why, e);
    }
    return i == 0 ? check_pod(req, b, e) : CLEAT_OK;
}

/* ---- claims ---- */

static void add_ref(struct cleat_buf *out, const char *claim, const cleat_obj *o) {
    cleat_buf_printf(out, ",\"%s\":{\"name\":\"%.*s\",\"uid\":\"%.*s\"}", claim,
                     CLEAT_FMT(cleat_obj_name(o)), CLEAT_FMT(cleat_obj_uid(o)));
}

static void add_uuid(struct cleat_buf *out) {
    unsigned char b[16];
    cleat_random_bytes(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof b; i++) {
        cleat_buf_printf(out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
    }
}

static char *make_token(struct cleat__tokens *t, const cleat_obj *account, const struct bound *b,
                        struct cleat_str audiences, int64_t now, int64_t seconds) {
    CLEAT_AUTO_BUF c = {0};
    struct cleat_str ns = cleat_obj_ns(account);
    cleat_buf_printf(&c, "{\"aud\":%.*s,\"exp\":%lld,\"iat\":%lld,\"iss\":", CLEAT_FMT(audiences),
                     (long long)(now + seconds), (long long)now);
    cleat_buf_json(&c, cleat_s(t->issuer));
    cleat_buf_puts(&c, ",\"jti\":\"");
    add_uuid(&c);
    cleat_buf_printf(&c, "\",\"kubernetes.io\":{\"namespace\":\"%.*s\"", CLEAT_FMT(ns));
    if (b->node != NULL) {
        add_ref(&c, "node", b->node);
    }
    if (b->obj != NULL) {
        add_ref(&c, b->claim, b->obj);
    }
    add_ref(&c, "serviceaccount", account);
    cleat_buf_printf(&c, "},\"nbf\":%lld,\"sub\":\"system:serviceaccount:%.*s:%.*s\"}",
                     (long long)now, CLEAT_FMT(ns), CLEAT_FMT(cleat_obj_name(account)));
    return cleat__jwt_sign(&t->keys, (struct cleat_str){c.p, c.n});
}

/* ---- TokenRequest ---- */

static void add_audiences(const struct cleat__tokens *t, struct cleat_val wanted,
                          struct cleat_buf *out) {
    if (cleat_val_count(wanted) > 0) {
        cleat_buf_str(out, cleat_val_raw(wanted));
        return;
    }
    cleat_buf_putc(out, '[');
    for (size_t i = 0; t->audiences[i] != NULL; i++) {
        cleat_buf_puts(out, i > 0 ? "," : "");
        cleat_buf_json(out, cleat_s(t->audiences[i]));
    }
    cleat_buf_putc(out, ']');
}

/* What the request says of itself must be what its path says. */
static cleat_err check_names(struct cleat_request *req) {
    static const struct cleat_kind as = {.group = "authentication.k8s.io", .kind = "TokenRequest"};
    struct cleat_validation v = {.kind = &as, .error = &req->error};
    struct cleat_str name = cleat_obj_name(req->body), ns = cleat_obj_ns(req->body);
    if (ns.n > 0 && !cleat_eq(ns, req->ns)) {
        return cleat_fail(&req->error, CLEAT_E_BAD_REQUEST,
                          "the namespace of the provided object does not match the namespace sent "
                          "on the request");
    }
    if (name.n > 0 && !cleat_eq(name, req->name)) {
        cleat_invalid(&v, "FieldValueInvalid", "metadata.name",
                      "\"%.*s\": must match the service account name if specified",
                      CLEAT_FMT(name));
    }
    return cleat_invalid_done_as(&v, as.kind, as.group, req->name);
}

static cleat_err check_seconds(struct cleat_request *req, struct cleat_val spec, int64_t *ret) {
    static const struct cleat_kind as = {.group = "authentication.k8s.io", .kind = "TokenRequest"};
    struct cleat_validation v = {.kind = &as, .error = &req->error};
    int64_t seconds = DEFAULT_SECONDS;
    cleat_val_int(cleat_val_get(spec, "expirationSeconds"), &seconds);
    if (seconds < MIN_SECONDS) {
        cleat_invalid(&v, "FieldValueInvalid", "spec.expirationSeconds",
                      "%lld: may not specify a duration less than 10 minutes", (long long)seconds);
    } else if (seconds > MAX_SECONDS) {
        cleat_invalid(&v, "FieldValueInvalid", "spec.expirationSeconds",
                      "%lld: may not specify a duration larger than 2^32 seconds",
                      (long long)seconds);
    }
    *ret = seconds;
    return cleat_invalid_done(&v, cleat_s(""));
}

static cleat_err respond(struct cleat_request *req, const cleat_obj *account, struct cleat_val spec,
                         struct cleat_str token, struct cleat_str audiences, int64_t seconds,
                         cleat_time now) {
    char created[32], expires[32];
    struct cleat_val ref = cleat_val_get(spec, "boundObjectRef");
    CLEAT_AUTO_BUF out = {0};
    cleat_time_format(now, false, created);
    cleat_time_format(now + seconds * CLEAT_SECOND, false, expires);
    cleat_buf_printf(
        &out,
        "{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\","
        "\"metadata\":{\"name\":\"%.*s\",\"namespace\":\"%.*s\",\"uid\":\"%.*s\","
        "\"creationTimestamp\":\"%s\"},\"spec\":{\"audiences\":%.*s,\"expirationSeconds\":%lld,"
        "\"boundObjectRef\":%.*s},\"status\":{\"token\":\"%.*s\","
        "\"expirationTimestamp\":\"%s\"}}",
        CLEAT_FMT(req->name), CLEAT_FMT(req->ns), CLEAT_FMT(cleat_obj_uid(account)), created,
        CLEAT_FMT(audiences), (long long)seconds,
        CLEAT_FMT(cleat_val_type(ref) == CLEAT_OBJECT ? cleat_val_raw(ref) : CLEAT_STR("null")),
        CLEAT_FMT(token), expires);
    return cleat_obj_parse((struct cleat_str){out.p, out.n}, 0, &req->result, &req->error);
}

static cleat_err issue(struct cleat__tokens *t, struct cleat_request *req) {
    const struct cleat_kind *k = cleat_registry_find(t->registry, "", "v1", "serviceaccounts");
    CLEAT_AUTO(cleat_obj) *account = get(t->registry, "serviceaccounts", req->ns, req->name);
    struct cleat_val spec = cleat_obj_at(req->body, CLEAT_PATH("spec"));
    struct cleat_val ref = cleat_val_get(spec, "boundObjectRef");
    __attribute__((cleanup(bound_done))) struct bound b = {NULL, NULL, NULL};
    CLEAT_AUTO_BUF audiences = {0};
    int64_t seconds = 0;
    CLEAT_TRY(check_names(req));
    CLEAT_TRY(check_seconds(req, spec, &seconds));
    if (account == NULL) {
        return cleat_fail_not_found(k, req->name, &req->error);
    }
    if (cleat_val_type(ref) == CLEAT_OBJECT) {
        CLEAT_TRY(find_bound(req, ref, &b));
    }
    add_audiences(t, cleat_val_get(spec, "audiences"), &audiences);
    struct cleat_str aud = {audiences.p, audiences.n};
    cleat_time now = cleat_now_wall() / CLEAT_SECOND;
    CLEAT_AUTO_FREE char *token = make_token(t, account, &b, aud, now, seconds);
    return respond(req, account, spec, cleat_s(token), aud, seconds, now * CLEAT_SECOND);
}

int cleat__tokens_issue(struct cleat__tokens *t, struct cleat_request *req) {
    req->err = issue(t, req);
    req->created = req->err == CLEAT_OK;
    return req->err == CLEAT_OK ? CLEAT_STEP_DONE : CLEAT_STEP_FAILED;
}

/* ---- Secrets that hold a token ---- */

static char *make_legacy(struct cleat__tokens *t, const cleat_obj *account,
                         const cleat_obj *secret) {
    static const char prefix[] = "kubernetes.io/serviceaccount/";
    struct cleat_str ns = cleat_obj_ns(account), name = cleat_obj_name(account);
    CLEAT_AUTO_FREE char *claims = cleat_sprintf(
        "{\"iss\":\"kubernetes/serviceaccount\",\"%snamespace\":\"%.*s\",\"%ssecret.name\":"
        "\"%.*s\",\"%sservice-account.name\":\"%.*s\",\"%sservice-account.uid\":\"%.*s\",\"sub\":"
        "\"system:serviceaccount:%.*s:%.*s\"}",
        prefix, CLEAT_FMT(ns), prefix, CLEAT_FMT(cleat_obj_name(secret)), prefix, CLEAT_FMT(name),
        prefix, CLEAT_FMT(cleat_obj_uid(account)), CLEAT_FMT(ns), CLEAT_FMT(name));
    return cleat__jwt_sign(&t->keys, cleat_s(claims));
}

static void set_data(cleat_edit *e, const cleat_obj *secret, const char *key,
                     struct cleat_str value) {
    CLEAT_AUTO_BUF text = {0};
    if (cleat_val_str(cleat_obj_at(secret, CLEAT_PATH("data", key))).n == 0) {
        cleat_base64(value, &text);
        cleat_edit_set_str(e, CLEAT_PATH("data", key), (struct cleat_str){text.p, text.n});
    }
}

cleat_err cleat__tokens_fill(struct cleat__tokens *t, cleat_obj **secret, struct cleat_error *e) {
    const cleat_obj *o = *secret;
    struct cleat_val notes = cleat_obj_at(o, CLEAT_PATH("metadata", "annotations"));
    if (!cleat_eqc(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("type"))),
                   "kubernetes.io/service-account-token") ||
        cleat_val_str(cleat_obj_at(o, CLEAT_PATH("data", "token"))).n > 0) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_obj) *account = get(t->registry, "serviceaccounts", cleat_obj_ns(o),
                                         cleat_val_str(cleat_val_get(notes, ACCOUNT_NAME)));
    struct cleat_str uid = cleat_val_str(cleat_val_get(notes, ACCOUNT_UID));
    if (account == NULL || (uid.n > 0 && !cleat_eq(uid, cleat_obj_uid(account)))) {
        return CLEAT_OK; /* it stays empty */
    }
    CLEAT_AUTO_FREE char *token = make_legacy(t, account, o);
    cleat_edit *edit = cleat_edit_new(o);
    set_data(edit, o, "token", cleat_s(token));
    set_data(edit, o, "namespace", cleat_obj_ns(o));
    if (t->ca != NULL) {
        set_data(edit, o, "ca.crt", cleat_s(t->ca));
    }
    cleat_edit_set_str(edit, CLEAT_PATH("metadata", "annotations", ACCOUNT_UID),
                       cleat_obj_uid(account));
    cleat_obj *filled = NULL;
    CLEAT_TRY(cleat_edit_finish(edit, &filled, e));
    cleat_obj_unref(*secret);
    *secret = filled;
    return CLEAT_OK;
}
