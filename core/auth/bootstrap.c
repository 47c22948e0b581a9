/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The presets become objects: made where absent; where they are there, rules,
 * subjects, labels and annotations that are missing are added, unless the
 * annotation rbac.authorization.kubernetes.io/autoupdate says false. A binding to
 * another role is replaced. Runs once, before the first request.
 */
#include "core/auth/internal.h"

#define AUTOUPDATE "rbac.authorization.kubernetes.io/autoupdate"

/* ---- presets as JSON ---- */

static size_t until(const char *s, const char *ends) {
    return strcspn(s, ends);
}

/* "a,b" as ["a","b"]; "" as [""]. */
static void add_list(struct cleat_buf *out, const char *key, struct cleat_str list) {
    cleat_buf_printf(out, "%s\"%s\":[", out->p[out->n - 1] == '{' ? "" : ",", key);
    for (size_t at = 0; at <= list.n;) {
        const char *comma = memchr(list.p + at, ',', list.n - at);
        size_t n = comma != NULL ? (size_t)(comma - list.p) - at : list.n - at;
        cleat_buf_puts(out, at > 0 ? "," : "");
        cleat_buf_json(out, (struct cleat_str){list.p + at, n});
        at += n + 1;
    }
    cleat_buf_putc(out, ']');
}

static void add_rule(struct cleat_buf *out, const char *rule) {
    static const char *const keys[] = {"apiGroups", "resources", "resourceNames"};
    size_t n = until(rule, "|@");
    cleat_buf_putc(out, '{');
    if (rule[n] == '@') {
        add_list(out, "nonResourceURLs", cleat_s(rule + n + 1));
    }
    const char *p = rule + n;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && *p == '|'; i++) {
        size_t len = until(p + 1, "|");
        add_list(out, keys[i], (struct cleat_str){p + 1, len});
        p += 1 + len;
    }
    add_list(out, "verbs", (struct cleat_str){rule, n});
    cleat_buf_putc(out, '}');
}

static void add_metadata(struct cleat_buf *out, const char *ns, const char *name,
                         const char *label) {
    cleat_buf_printf(out, "\"metadata\":{\"name\":\"%s\"", name);
    if (ns != NULL) {
        cleat_buf_printf(out, ",\"namespace\":\"%s\"", ns);
    }
    cleat_buf_puts(out, ",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"");
    if (label != NULL) {
        cleat_buf_printf(out, ",\"" CLEAT__RBAC "/%s\":\"true\"", label);
    }
    cleat_buf_puts(out, "},\"annotations\":{\"" AUTOUPDATE "\":\"true\"}}");
}

static cleat_obj *finish(struct cleat_buf *out) {
    cleat_obj *o = NULL;
    cleat_err err = cleat_obj_parse((struct cleat_str){out->p, out->n}, 0, &o, NULL);
    cleat_assert(err == CLEAT_OK); /* the presets are well-formed */
    cleat_buf_done(out);
    return o;
}

static cleat_obj *preset_role(const struct cleat__preset *p) {
    struct cleat_buf out = {0};
    cleat_buf_printf(&out, "{\"kind\":\"%s\",\"apiVersion\":\"" CLEAT__RBAC "/v1\",",
                     p->ns != NULL ? "Role" : "ClusterRole");
    add_metadata(&out, p->ns, p->name, p->labels);
    if (p->aggregates != NULL) {
        cleat_buf_printf(
            &out,
            ",\"aggregationRule\":{\"clusterRoleSelectors\":[{\"matchLabels\":{\"" CLEAT__RBAC
            "/%s\":\"true\"}}]}",
            p->aggregates);
    }
    cleat_buf_puts(&out, ",\"rules\":[");
    for (size_t i = 0; p->rules != NULL && p->rules[i] != NULL; i++) {
        cleat_buf_puts(&out, i > 0 ? "," : "");
        add_rule(&out, p->rules[i]);
    }
    cleat_buf_puts(&out, "]}");
    return finish(&out);
}

static void add_subject(struct cleat_buf *out, struct cleat_str s) {
    const char *colon = memchr(s.p, ':', s.n);
    struct cleat_str kind = {s.p, (size_t)(colon - s.p)};
    struct cleat_str name = {colon + 1, s.n - kind.n - 1};
    const char *slash = memchr(name.p, '/', name.n);
    cleat_buf_printf(out, "{\"kind\":\"%.*s\",", CLEAT_FMT(kind));
    if (slash != NULL) {
        struct cleat_str ns = {name.p, (size_t)(slash - name.p)};
        cleat_buf_printf(out, "\"name\":\"%.*s\",\"namespace\":\"%.*s\"}", (int)(name.n - ns.n - 1),
                         slash + 1, CLEAT_FMT(ns));
    } else {
        cleat_buf_printf(out, "\"apiGroup\":\"" CLEAT__RBAC "\",\"name\":\"%.*s\"}",
                         CLEAT_FMT(name));
    }
}

static cleat_obj *preset_binding(const struct cleat__preset_binding *p) {
    struct cleat_buf out = {0};
    cleat_buf_printf(&out, "{\"kind\":\"%s\",\"apiVersion\":\"" CLEAT__RBAC "/v1\",",
                     p->ns != NULL ? "RoleBinding" : "ClusterRoleBinding");
    add_metadata(&out, p->ns, p->name, NULL);
    cleat_buf_printf(&out,
                     ",\"roleRef\":{\"apiGroup\":\"" CLEAT__RBAC
                     "\",\"kind\":\"%s\",\"name\":\"%s\"},\"subjects\":[",
                     p->kind != NULL ? p->kind : "ClusterRole", p->role);
    for (const char *s = p->subjects; *s != '\0';) {
        size_t n = until(s, ",");
        cleat_buf_puts(&out, s != p->subjects ? "," : "");
        add_subject(&out, (struct cleat_str){s, n});
        s += n + (s[n] == ',');
    }
    cleat_buf_puts(&out, "]}");
    return finish(&out);
}

/* ---- reconciling ---- */

struct plan {
    cleat_registry *registry;
    cleat_snapshot *snapshot;
    struct cleat__write *writes;
    size_t n;
};

static void add_write(struct plan *p, int verb, const struct cleat_kind *k, const cleat_obj *at,
                      cleat_obj *body) {
    p->writes = cleat_rearray(p->writes, p->n + 1, sizeof *p->writes);
    p->writes[p->n++] = (struct cleat__write){
        .verb = verb,
        .kind = k,
        .ns = cleat_obj_ns(at),
        .name = verb == CLEAT_VERB_CREATE ? (struct cleat_str){"", 0} : cleat_obj_name(at),
        .body = body};
}

/* Members of a map of `metadata` that have is without. */
static void merge_map(cleat_edit *e, const cleat_obj *want, const cleat_obj *have,
                      const char *map) {
    struct cleat_iter it = {0};
    struct cleat_val wanted = cleat_obj_at(want, CLEAT_PATH("metadata", map));
    struct cleat_val there = cleat_obj_at(have, CLEAT_PATH("metadata", map));
    while (cleat_val_next(wanted, &it)) {
        CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
        if (!cleat_val_present(cleat_val_get_s(there, it.key))) {
            cleat_edit_set_val(e, CLEAT_PATH("metadata", map, key), it.val);
        }
    }
}

/* Rules of want that those of have do not cover. */
static void merge_rules(cleat_edit *e, const cleat_obj *want, const cleat_obj *have) {
    struct cleat__role *owned = cleat__role_new(have);
    struct cleat_iter it = {0};
    struct cleat_val rules = cleat_obj_at(want, CLEAT_PATH("rules"));
    bool any = cleat_val_type(cleat_obj_at(have, CLEAT_PATH("rules"))) == CLEAT_ARRAY;
    while (cleat_val_next(rules, &it)) {
        struct cleat_buf one = {0};
        cleat_buf_printf(&one, "{\"rules\":[%.*s]}", CLEAT_FMT(cleat_val_raw(it.val)));
        CLEAT_AUTO(cleat_obj) *o = finish(&one);
        struct cleat__role *role = cleat__role_new(o);
        if (!cleat__rules_cover(&owned, 1, role, NULL)) {
            if (!any) {
                cleat_edit_set_json(e, CLEAT_PATH("rules"), CLEAT_STR("[]"));
                any = true;
            }
            cleat_edit_set_val(e, CLEAT_PATH("rules", "-"), it.val);
        }
        cleat__role_unref(role);
    }
    cleat__role_unref(owned);
}

static bool same_subject(struct cleat_val a, struct cleat_val b) {
    static const char *const keys[] = {"kind", "name", "namespace"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!cleat_eq(cleat_val_str(cleat_val_get(a, keys[i])),
                      cleat_val_str(cleat_val_get(b, keys[i])))) {
            return false;
        }
    }
    return true;
}

static void merge_subjects(cleat_edit *e, const cleat_obj *want, const cleat_obj *have) {
    struct cleat_iter it = {0};
    struct cleat_val wanted = cleat_obj_at(want, CLEAT_PATH("subjects"));
    struct cleat_val there = cleat_obj_at(have, CLEAT_PATH("subjects"));
    bool any = cleat_val_type(there) == CLEAT_ARRAY;
    while (cleat_val_next(wanted, &it)) {
        struct cleat_iter old = {0};
        bool found = false;
        while (!found && cleat_val_next(there, &old)) {
            found = same_subject(it.val, old.val);
        }
        if (!found) {
            if (!any) {
                cleat_edit_set_json(e, CLEAT_PATH("subjects"), CLEAT_STR("[]"));
                any = true;
            }
            cleat_edit_set_val(e, CLEAT_PATH("subjects", "-"), it.val);
        }
    }
}

static bool refers_elsewhere(const cleat_obj *want, const cleat_obj *have) {
    struct cleat_val a = cleat_obj_at(want, CLEAT_PATH("roleRef"));
    return cleat_val_present(a) && !cleat_val_equal(a, cleat_obj_at(have, CLEAT_PATH("roleRef")));
}

/* want is taken. */
static void reconcile(struct plan *p, const char *resource, cleat_obj *want) {
    CLEAT_AUTO(cleat_obj) *mine = want;
    (void)mine; /* released at the end */
    const struct cleat_kind *k = cleat_registry_find(p->registry, CLEAT__RBAC, "v1", resource);
    const cleat_obj *have =
        cleat_snapshot_get(p->snapshot, k->id, cleat_obj_ns(want), cleat_obj_name(want));
    if (have == NULL) {
        add_write(p, CLEAT_VERB_CREATE, k, want, cleat_obj_ref(want));
        return;
    }
    struct cleat_val auto_update =
        cleat_obj_at(have, CLEAT_PATH("metadata", "annotations", AUTOUPDATE));
    if (cleat_eqc(cleat_val_str(auto_update), "false")) {
        return;
    }
    if (refers_elsewhere(want, have)) {
        add_write(p, CLEAT_VERB_DELETE, k, have, NULL);
        add_write(p, CLEAT_VERB_CREATE, k, want, cleat_obj_ref(want));
        return;
    }
    cleat_edit *e = cleat_edit_new(have);
    merge_map(e, want, have, "labels");
    merge_map(e, want, have, "annotations");
    merge_rules(e, want, have);
    merge_subjects(e, want, have);
    struct cleat_val aggregation = cleat_obj_at(want, CLEAT_PATH("aggregationRule"));
    if (cleat_val_present(aggregation) &&
        !cleat_val_present(cleat_obj_at(have, CLEAT_PATH("aggregationRule")))) {
        cleat_edit_set_val(e, CLEAT_PATH("aggregationRule"), aggregation);
    }
    if (!cleat_edit_dirty(e)) {
        cleat_edit_free(e);
        return;
    }
    cleat_obj *better = NULL;
    cleat_err err = cleat_edit_finish(e, &better, NULL);
    cleat_assert(err == CLEAT_OK); /* additions to a stored object */
    add_write(p, CLEAT_VERB_UPDATE, k, have, better);
}

cleat_err cleat_auth_bootstrap(cleat_auth *a, struct cleat_error *e) {
    struct plan p = {.registry = a->registry,
                     .snapshot = cleat_store_snapshot(cleat_registry_store(a->registry))};
    for (const struct cleat__preset *r = cleat__presets; r->name != NULL; r++) {
        reconcile(&p, r->ns != NULL ? "roles" : "clusterroles", preset_role(r));
    }
    for (const struct cleat__preset_binding *b = cleat__preset_bindings; b->name != NULL; b++) {
        reconcile(&p, b->ns != NULL ? "rolebindings" : "clusterrolebindings", preset_binding(b));
    }
    cleat_err err = cleat__write_all(a->registry, p.writes, p.n, CLEAT_E_EXISTS, e);
    cleat_snapshot_unref(p.snapshot);
    free(p.writes);
    return err == CLEAT_OK ? cleat__aggregator_run(a->aggregator, e) : err;
}
