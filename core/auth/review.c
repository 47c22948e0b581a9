/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reviews: what somebody may do, who somebody is, whose a token is. Answered from
 * the body and never stored. On the requester's thread; nothing blocks.
 */
#include "core/auth/internal.h"

/* ---- users, to and from JSON ---- */

static void take_lists(struct cleat__identity *id, struct cleat_val spec) {
    struct cleat_iter it = {0};
    struct cleat_val groups = cleat_val_get(spec, "groups");
    struct cleat_val extra = cleat_val_get(spec, "extra");
    while (cleat_val_next(groups, &it)) {
        CLEAT_AUTO_FREE char *group = cleat_val_strdup(it.val);
        cleat__identity_add_group(id, cleat_s(group));
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(extra, &it)) {
        CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
        struct cleat_iter values = {0};
        while (cleat_val_next(it.val, &values)) {
            CLEAT_AUTO_FREE char *value = cleat_val_strdup(values.val);
            cleat__identity_add_extra(id, key, value != NULL ? value : "");
        }
    }
}

/* Of a SubjectAccessReview's spec. */
static struct cleat__identity *subject_of(struct cleat_val spec) {
    CLEAT_AUTO_FREE char *name = cleat_val_strdup(cleat_val_get(spec, "user"));
    CLEAT_AUTO_FREE char *uid = cleat_val_strdup(cleat_val_get(spec, "uid"));
    struct cleat__identity *id = cleat__identity_new(name != NULL ? name : "", uid);
    take_lists(id, spec);
    return id;
}

static void add_strings(struct cleat_buf *out, const char *const *v) {
    cleat_buf_putc(out, '[');
    for (size_t i = 0; v != NULL && v[i] != NULL; i++) {
        cleat_buf_puts(out, i > 0 ? "," : "");
        cleat_buf_json(out, cleat_s(v[i]));
    }
    cleat_buf_putc(out, ']');
}

static void add_user(struct cleat_buf *out, const struct cleat_user *u) {
    cleat_buf_puts(out, "{\"username\":");
    cleat_buf_json(out, cleat_s(u->name));
    if (u->uid != NULL && u->uid[0] != '\0') {
        cleat_buf_puts(out, ",\"uid\":");
        cleat_buf_json(out, cleat_s(u->uid));
    }
    if (u->groups != NULL && u->groups[0] != NULL) {
        cleat_buf_puts(out, ",\"groups\":");
        add_strings(out, u->groups);
    }
    if (u->extra != NULL && u->extra[0].key != NULL) {
        cleat_buf_puts(out, ",\"extra\":{");
        for (size_t i = 0; u->extra[i].key != NULL; i++) {
            cleat_buf_puts(out, i > 0 ? "," : "");
            cleat_buf_json(out, cleat_s(u->extra[i].key));
            cleat_buf_putc(out, ':');
            add_strings(out, u->extra[i].values);
        }
        cleat_buf_putc(out, '}');
    }
    cleat_buf_putc(out, '}');
}

/* The body with its status is the answer. */
static cleat_err answer_at(struct cleat_request *req, const struct cleat_buf *status,
                           const char *created) {
    CLEAT_AUTO_FREE char *kind = cleat_sprintf("\"%s\"", req->kind->kind);
    CLEAT_AUTO_FREE char *version = cleat_sprintf("\"%s\"", req->kind->api_version);
    const struct cleat_splice s[] = {
        {CLEAT_PATH("kind"), cleat_s(kind)},
        {CLEAT_PATH("apiVersion"), cleat_s(version)},
        {CLEAT_PATH("metadata", "creationTimestamp"), cleat_s(created)},
        {CLEAT_PATH("status"), {status->p, status->n}},
    };
    return cleat_obj_splice(req->body, s, sizeof s / sizeof *s, &req->result, &req->error);
}

static cleat_err answer(struct cleat_request *req, const struct cleat_buf *status) {
    return answer_at(req, status, "null");
}

/* ---- access ---- */

static struct cleat_str decoded(struct cleat_val v, const char *key, char **owned, size_t *n) {
    char *s = cleat_val_strdup(cleat_val_get(v, key));
    owned[(*n)++] = s;
    return cleat_s(s);
}

static void validate_spec(struct cleat_validation *v, struct cleat_val spec, bool of_subject) {
    struct cleat_val resource = cleat_val_get(spec, "resourceAttributes");
    struct cleat_val path = cleat_val_get(spec, "nonResourceAttributes");
    bool has_resource = cleat_val_present(resource), has_path = cleat_val_present(path);
    if (has_resource && has_path) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(path);
        cleat_invalid(v, "FieldValueInvalid", "spec.nonResourceAttributes",
                      "%s: cannot be specified in combination with resourceAttributes", printed);
    }
    if (!has_resource && !has_path) {
        cleat_invalid(v, "FieldValueInvalid", "spec.resourceAttributes",
                      "null: exactly one of nonResourceAttributes or resourceAttributes must be "
                      "specified");
    }
    if (of_subject && cleat_val_str(cleat_val_get(spec, "user")).n == 0 &&
        cleat_val_count(cleat_val_get(spec, "groups")) == 0) {
        cleat_invalid(v, "FieldValueInvalid", "spec.user",
                      "\"\": at least one of user or group must be specified");
    }
}

static void validate_local(struct cleat_validation *v, const struct cleat_request *req,
                           struct cleat_val spec) {
    struct cleat_str ns =
        cleat_val_str(cleat_val_at(spec, CLEAT_PATH("resourceAttributes", "namespace")));
    if (cleat_val_present(cleat_val_get(spec, "resourceAttributes")) && !cleat_eq(ns, req->ns)) {
        cleat_invalid(v, "FieldValueInvalid", "spec.resourceAttributes.namespace",
                      "\"%.*s\": must match metadata.namespace", CLEAT_FMT(ns));
    }
    if (cleat_val_present(cleat_val_get(spec, "nonResourceAttributes"))) {
        CLEAT_AUTO_FREE char *printed =
            cleat_validation_print(cleat_val_get(spec, "nonResourceAttributes"));
        cleat_invalid(v, "FieldValueInvalid", "spec.nonResourceAttributes",
                      "%s: disallowed on this kind of request", printed);
    }
}

static bool ask(cleat_auth *a, const struct cleat_user *u, struct cleat_val spec,
                struct cleat_buf *why) {
    struct cleat_val r = cleat_val_get(spec, "resourceAttributes");
    struct cleat_val p = cleat_val_get(spec, "nonResourceAttributes");
    bool path = cleat_val_present(p);
    char *owned[8] = {NULL};
    size_t n = 0;
    struct cleat_access q = {.user = u, .verb = decoded(path ? p : r, "verb", owned, &n).p};
    if (path) {
        q.path = decoded(p, "path", owned, &n).p;
    } else {
        q.group = decoded(r, "group", owned, &n);
        q.version = decoded(r, "version", owned, &n);
        q.resource = decoded(r, "resource", owned, &n);
        q.subresource = decoded(r, "subresource", owned, &n);
        q.ns = decoded(r, "namespace", owned, &n);
        q.name = decoded(r, "name", owned, &n);
    }
    bool allowed = cleat_registry_allows(a->registry, &q, why);
    for (size_t i = 0; i < n; i++) {
        free(owned[i]);
    }
    return allowed;
}

static cleat_err review_access(cleat_auth *a, struct cleat_request *req, bool self, bool local) {
    struct cleat_val spec = cleat_obj_at(req->body, CLEAT_PATH("spec"));
    struct cleat_validation v = {.kind = req->kind, .error = &req->error};
    validate_spec(&v, spec, !self);
    if (local) {
        validate_local(&v, req, spec);
    }
    CLEAT_TRY(cleat_invalid_done(&v, cleat_s("")));
    struct cleat__identity *id = self ? NULL : subject_of(spec);
    CLEAT_AUTO_BUF why = {0};
    CLEAT_AUTO_BUF status = {0};
    bool allowed = ask(a, self ? req->user : &id->user, spec, &why);
    cleat__identity_unref(id);
    cleat_buf_printf(&status, "{\"allowed\":%s", allowed ? "true" : "false");
    if (why.n > 0) {
        cleat_buf_puts(&status, ",\"reason\":");
        cleat_buf_json(&status, (struct cleat_str){why.p, why.n});
    }
    cleat_buf_putc(&status, '}');
    return answer(req, &status);
}

static cleat_err review_local(cleat_auth *a, struct cleat_request *req) {
    return review_access(a, req, false, true);
}

static cleat_err review_subject(cleat_auth *a, struct cleat_request *req) {
    return review_access(a, req, false, false);
}

static cleat_err review_self(cleat_auth *a, struct cleat_request *req) {
    return review_access(a, req, true, false);
}

/* ---- rules ---- */

static void add_rule(struct cleat_buf *out, struct cleat_val rule, const char *const *lists) {
    cleat_buf_putc(out, out->n > 0 ? ',' : '[');
    cleat_buf_putc(out, '{');
    for (size_t i = 0; lists[i] != NULL; i++) {
        struct cleat_val list = cleat_val_get(rule, lists[i]);
        if (cleat_val_count(list) > 0) {
            cleat_buf_printf(out, "%s\"%s\":", i > 0 ? "," : "", lists[i]);
            cleat_buf_str(out, cleat_val_raw(list));
        }
    }
    cleat_buf_putc(out, '}');
}

static void add_role(const struct cleat__role *role, struct cleat_buf *resources,
                     struct cleat_buf *urls) {
    static const char *const of_resource[] = {"verbs", "apiGroups", "resources", "resourceNames",
                                              NULL};
    static const char *const of_url[] = {"verbs", "nonResourceURLs", NULL};
    struct cleat_iter it = {0};
    struct cleat_val rules = cleat_obj_at(role->obj, CLEAT_PATH("rules"));
    while (cleat_val_next(rules, &it)) {
        bool url = cleat_val_count(cleat_val_get(it.val, "nonResourceURLs")) > 0;
        add_rule(url ? urls : resources, it.val, url ? of_url : of_resource);
    }
}

static cleat_err review_rules(cleat_auth *a, struct cleat_request *req) {
    static const char all[] = "[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"]}]";
    static const char all_urls[] = "[{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]";
    CLEAT_AUTO_FREE char *ns =
        cleat_val_strdup(cleat_obj_at(req->body, CLEAT_PATH("spec", "namespace")));
    CLEAT_AUTO_BUF resources = {0};
    CLEAT_AUTO_BUF urls = {0};
    CLEAT_AUTO_BUF status = {0};
    struct cleat__held *held = NULL;
    if (ns == NULL || *ns == '\0') {
        return cleat_fail(&req->error, CLEAT_E_BAD_REQUEST, "no namespace on request");
    }
    size_t n = a->always_allow ? 0 : cleat__index_held(a->index, req->user, cleat_s(ns), &held);
    for (size_t i = 0; i < n; i++) {
        if (held[i].role != NULL) {
            add_role(held[i].role, &resources, &urls);
        }
    }
    cleat__held_free(held, n);
    cleat_buf_puts(&resources, resources.n > 0 ? "]" : a->always_allow ? all : "[]");
    cleat_buf_puts(&urls, urls.n > 0 ? "]" : a->always_allow ? all_urls : "[]");
    cleat_buf_printf(&status, "{\"resourceRules\":%s,\"nonResourceRules\":%s,\"incomplete\":false}",
                     resources.p, urls.p);
    return answer(req, &status);
}

/* ---- identities ---- */

static cleat_err review_me(cleat_auth *a, struct cleat_request *req) {
    (void)a;
    char now[32];
    CLEAT_AUTO_BUF status = {0};
    cleat_buf_puts(&status, "{\"userInfo\":");
    add_user(&status, req->user);
    cleat_buf_putc(&status, '}');
    cleat_time_format(cleat_now_wall(), false, now);
    CLEAT_AUTO_FREE char *created = cleat_sprintf("\"%s\"", now);
    return answer_at(req, &status, created);
}

/* Those of the wanted audiences that the token is for. */
static void add_audiences(struct cleat_buf *out, const struct cleat__identity *id,
                          const char *const *wanted) {
    const char *comma = "";
    cleat_buf_puts(out, ",\"audiences\":[");
    for (size_t i = 0; wanted[i] != NULL; i++) {
        char *const *have = id->claims != NULL ? id->claims->audiences : NULL;
        bool meant = have == NULL;
        for (size_t k = 0; have != NULL && have[k] != NULL && !meant; k++) {
            meant = strcmp(have[k], wanted[i]) == 0;
        }
        if (meant) {
            cleat_buf_puts(out, comma);
            cleat_buf_json(out, cleat_s(wanted[i]));
            comma = ",";
        }
    }
    cleat_buf_putc(out, ']');
}

static cleat_err review_token(cleat_auth *a, struct cleat_request *req) {
    struct cleat_val spec = cleat_obj_at(req->body, CLEAT_PATH("spec"));
    CLEAT_AUTO_FREE char *token = cleat_val_strdup(cleat_val_get(spec, "token"));
    if (token == NULL || *token == '\0') {
        return cleat_fail(&req->error, CLEAT_E_BAD_REQUEST,
                          "token is required for TokenReview in authentication");
    }
    struct cleat__identity *asked = cleat__identity_new("", NULL); /* only to hold the list */
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_val_get(spec, "audiences");
    while (cleat_val_next(list, &it)) {
        CLEAT_AUTO_FREE char *audience = cleat_val_strdup(it.val);
        cleat__identity_add_group(asked, cleat_s(audience));
    }
    const char *const *audiences =
        asked->n_groups > 0 ? asked->user.groups : (const char *const *)a->tokens->audiences;
    struct cleat__identity *id = cleat__token_identity(a, cleat_s(token), audiences);
    CLEAT_AUTO_BUF status = {0};
    if (id == NULL) {
        cleat_buf_puts(&status, "{\"user\":{},\"error\":\"invalid bearer token\"}");
    } else {
        cleat_buf_puts(&status, "{\"authenticated\":true,\"user\":");
        add_user(&status, &id->user);
        add_audiences(&status, id, audiences);
        cleat_buf_putc(&status, '}');
    }
    cleat__identity_unref(id);
    cleat__identity_unref(asked);
    return answer(req, &status);
}

cleat_err cleat__review(struct cleat_authority *self, struct cleat_request *req) {
    static const struct {
        const char *resource;
        cleat_err (*fn)(cleat_auth *a, struct cleat_request *req);
    } reviews[] = {
        {"tokenreviews", review_token},
        {"selfsubjectreviews", review_me},
        {"subjectaccessreviews", review_subject},
        {"localsubjectaccessreviews", review_local},
        {"selfsubjectaccessreviews", review_self},
        {"selfsubjectrulesreviews", review_rules},
    };
    struct cleat_meta m;
    CLEAT_TRY(cleat_body_decode(req, &req->body, &m, &req->error));
    CLEAT_TRY(cleat_body_check_namespace(req, &m, &req->error));
    for (size_t i = 0; i < sizeof reviews / sizeof *reviews; i++) {
        if (strcmp(req->kind->resource, reviews[i].resource) == 0) {
            return reviews[i].fn((cleat_auth *)self, req);
        }
    }
    return cleat_fail_no_resource(&req->error);
}
