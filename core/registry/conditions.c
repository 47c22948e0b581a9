/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions of definitions: lists of them as text, and the words about groups that
 * need approval. Pure but for the clock; any thread.
 */
#include "core/registry/internal.h"

static struct cleat_val condition_of(struct cleat_val list, const char *type) {
    struct cleat_iter it = {0};
    while (cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), type)) {
            return it.val;
        }
    }
    return (struct cleat_val){NULL, 0, 0};
}

bool cleat_condition_is(struct cleat_val list, const char *type, const char *status) {
    return cleat_eqc(cleat_val_str(cleat_val_get(condition_of(list, type), "status")), status);
}

static void write_condition(const struct cleat_condition *c, struct cleat_val was,
                            struct cleat_buf *out) {
    char now[32];
    struct cleat_str since = cleat_val_str(cleat_val_get(was, "lastTransitionTime"));
    bool same = cleat_eqc(cleat_val_str(cleat_val_get(was, "status")), c->status) && since.n > 0;
    cleat_time_format(cleat_now_wall(), false, now);
    since = same ? since : cleat_s(now);
    cleat_buf_printf(out,
                     "%s{\"type\":\"%s\",\"status\":\"%s\",\"lastTransitionTime\":\"%.*s\","
                     "\"reason\":\"%s\",\"message\":",
                     out->n > 1 ? "," : "", c->type, c->status, CLEAT_FMT(since), c->reason);
    cleat_buf_json(out, cleat_s(c->message));
    cleat_buf_putc(out, '}');
}

char *cleat_conditions_set(struct cleat_val list, const struct cleat_condition *c, size_t n) {
    struct cleat_buf out = {0};
    struct cleat_iter it = {0};
    cleat_buf_putc(&out, '[');
    while (cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it)) {
        struct cleat_str type = cleat_val_str(cleat_val_get(it.val, "type"));
        size_t i = 0;
        while (i < n && !cleat_eqc(type, c[i].type)) {
            i++;
        }
        if (i < n) {
            write_condition(&c[i], it.val, &out);
        } else {
            cleat_buf_puts(&out, out.n > 1 ? "," : "");
            cleat_buf_str(&out, cleat_val_raw(it.val));
        }
    }
    for (size_t i = 0; i < n; i++) {
        struct cleat_val was = condition_of(list, c[i].type);
        if (!cleat_val_present(was)) {
            write_condition(&c[i], was, &out);
        }
    }
    cleat_buf_putc(&out, ']');
    return cleat_buf_take(&out);
}

bool cleat_condition_same(struct cleat_val list, const struct cleat_condition *c) {
    struct cleat_val was = condition_of(list, c->type);
    CLEAT_AUTO_FREE char *message = cleat_val_strdup(cleat_val_get(was, "message"));
    return cleat_condition_is(list, c->type, c->status) &&
           cleat_eqc(cleat_val_str(cleat_val_get(was, "reason")), c->reason) && message != NULL &&
           strcmp(message, c->message) == 0;
}

/* ---- groups of the Kubernetes project ---- */

static bool ends_with(struct cleat_str s, const char *end) {
    size_t n = strlen(end);
    return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

int cleat_definition_approval(const cleat_obj *o, char **ret_words) {
#define SEE  ", see https://github.com/kubernetes/enhancements/pull/1111"
#define MUST "protected groups must have approval annotation \"api-approved.kubernetes.io\""
    static const char *const path[] = {"metadata", "annotations", "api-approved.kubernetes.io",
                                       NULL};
    struct cleat_str group = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "group")));
    if (!cleat_eqc(group, "k8s.io") && !ends_with(group, ".k8s.io") &&
        !cleat_eqc(group, "kubernetes.io") && !ends_with(group, ".kubernetes.io")) {
        return CLEAT_APPROVAL_NOT_NEEDED;
    }
    CLEAT_AUTO_FREE char *text = cleat_val_strdup(cleat_obj_at(o, path));
    if (text == NULL || text[0] == '\0') {
        *ret_words = cleat_strdup(MUST SEE);
        return CLEAT_APPROVAL_MISSING;
    }
    const char *host = strstr(text, "://");
    if (strncmp(text, "unapproved", 10) == 0) {
        CLEAT_AUTO_BUF quoted = {0};
        cleat_buf_json(&quoted, cleat_s(text));
        *ret_words = cleat_sprintf("not approved: %s", quoted.p);
        return CLEAT_APPROVAL_BYPASSED;
    }
    if (host != NULL && host != text && host[3] != '\0' && host[3] != '/') {
        *ret_words = cleat_sprintf("approved in %s", text);
        return CLEAT_APPROVAL_GIVEN;
    }
    *ret_words =
        cleat_strdup(MUST " with either a URL or a reason starting with \"unapproved\"" SEE);
    return CLEAT_APPROVAL_INVALID;
#undef SEE
#undef MUST
}
