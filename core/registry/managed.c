/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metadata.managedFields on the way of a write. The sets and what becomes of them
 * are core/apply; here is which writer a request is, and the hot path: a client
 * that writes back what it read and changes only what it owns already costs a walk
 * over what differs and at most a new time, written over the old one.
 *
 * On the request's thread, without blocking.
 */
#include "core/apply/managed.h"
#include "core/registry/internal.h"

static const char *const path_managed[] = {"metadata", "managedFields", NULL};

/* ---- who writes ---- */

struct who {
    struct cleat_writer w;
    char *escaped; /* the manager's name, where it needs escapes */
    char time[32];
};

static void who_done(struct who *who) {
    free(who->escaped);
}
#define AUTO_WHO __attribute__((cleanup(who_done))) struct who

static const struct cleat_fields *reset_fields(const cleat_request *req) {
    unsigned flags = req->kind->flags;
    if (req->subresource == NULL) {
        return flags & CLEAT_KIND_NAMESPACE ? cleat_reset_fields(CLEAT_RESET_SPEC_STATUS)
               : flags & CLEAT_KIND_STATUS  ? cleat_reset_fields(CLEAT_RESET_STATUS)
                                            : NULL;
    }
    if (strcmp(req->subresource, "status") == 0) {
        return cleat_reset_fields(flags & CLEAT_KIND_STATUS_METADATA ? CLEAT_RESET_SPEC
                                                                     : CLEAT_RESET_METADATA_SPEC);
    }
    return flags & CLEAT_KIND_STATUS ? cleat_reset_fields(CLEAT_RESET_STATUS) : NULL;
}

/* Another version of the same kind, as an entry names it. */
static bool version_type(void *userdata, struct cleat_str version, const struct cleat_type **ret) {
    const cleat_request *req = userdata;
    CLEAT_AUTO_FREE char *text = cleat_strndup(version);
    char *slash = strchr(text, '/');
    const char *group = slash != NULL ? text : "", *name = slash != NULL ? slash + 1 : text;
    if (slash != NULL) {
        *slash = '\0';
    }
    const struct cleat_kind *k =
        cleat_registry_find(req->registry, group, name, req->kind->resource);
    if (k == NULL || strcmp(k->kind, req->kind->kind) != 0) {
        return false;
    }
    *ret = k->type;
    return true;
}

static bool plain(struct cleat_str s) {
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == '"' || s.p[i] == '\\') {
            return false;
        }
    }
    return true;
}

static bool writes_scale(const cleat_request *req) {
    const struct cleat_subresource *sub = cleat_sub_of(req);
    return sub != NULL && sub->scale != NULL;
}

static void who_init(struct who *who, const cleat_request *req) {
    struct cleat_str name = cleat_s(req->field_manager);
    who->escaped = NULL;
    if (!plain(name)) {
        struct cleat_buf b = {0};
        cleat_buf_json(&b, name);
        name = (struct cleat_str){b.p + 1, b.n - 2};
        who->escaped = cleat_buf_take(&b);
    }
    who->time[0] = '\0';
    if (!writes_scale(req)) { /* upstream notes no time there */
        cleat_time_format(cleat_now_wall(), false, who->time);
    }
    who->w = (struct cleat_writer){.type = req->kind->type,
                                   .version = cleat_s(req->kind->api_version),
                                   .manager = name,
                                   .subresource = cleat_s(req->subresource),
                                   .reset = reset_fields(req),
                                   .time = cleat_s(who->time),
                                   .version_type = version_type,
                                   .userdata = (void *)(uintptr_t)req};
}

/* ---- putting the list into an object ---- */

static struct cleat_val list_of(const cleat_obj *o) {
    static const struct cleat_val none;
    return o != NULL ? cleat_obj_at(o, path_managed) : none;
}

/* raw.n == 0: no list. */
static cleat_err set_list(cleat_obj **obj, struct cleat_str raw, struct cleat_error *e) {
    cleat_obj *with = NULL;
    struct cleat_splice s = {path_managed, raw};
    if (cleat_eq(cleat_val_raw(list_of(*obj)), raw)) {
        return CLEAT_OK;
    }
    CLEAT_TRY(cleat_obj_splice(*obj, &s, 1, &with, e));
    cleat_obj_unref(*obj);
    *obj = with;
    return CLEAT_OK;
}

static cleat_err set_managers(cleat_obj **obj, struct cleat_managers *m, struct cleat_error *e) {
    CLEAT_AUTO_BUF text = {0};
    if (m->n > 0) {
        cleat_managers_encode(m, &text);
    }
    return set_list(obj, (struct cleat_str){text.p, text.n}, e);
}

/* ---- the hot path ---- */

static bool is_last(struct cleat_val list, struct cleat_val entry) {
    return cleat_val_elem(list, cleat_val_count(list) - 1).node == entry.node;
}

/* Gives the entry the time in who. False where the list must be sorted anew for it. */
static bool touch(const struct who *who, cleat_obj *obj, struct cleat_val entry) {
    struct cleat_val time = cleat_val_get_s(entry, CLEAT_STR("time"));
    if (cleat_eq(cleat_val_str(time), who->w.time)) {
        return true;
    }
    if (cleat_val_str(time).n != who->w.time.n || cleat_obj_shared(obj) ||
        !is_last(list_of(obj), entry)) {
        return false;
    }
    char quoted[40];
    int n = snprintf(quoted, sizeof quoted, "\"%s\"", who->time);
    cleat_obj_overwrite(obj, time, (struct cleat_str){quoted, (size_t)n});
    return true;
}

static bool without_sets(const struct who *who, cleat_obj *obj, const cleat_obj *old) {
    struct cleat_val entry;
    if (!cleat_eq(cleat_val_raw(list_of(obj)), cleat_val_raw(list_of(old)))) {
        return false;
    }
    switch (cleat_managers_owned(&who->w, old, obj, &entry)) {
    case CLEAT_OWNED_SAME:
        return true;
    case CLEAT_OWNED_CHANGED:
        return touch(who, obj, entry);
    default:
        return false;
    }
}

/* ---- the long way ---- */

/* Names in entries that a client brought. */
static cleat_err check_names(const cleat_request *req, const cleat_obj *obj,
                             const struct cleat_managers *m, struct cleat_error *e) {
    static const char *const texts[] = {"manager", "subresource"};
    struct cleat_validation v = {.kind = req->kind, .error = e};
    for (uint32_t i = 0; i < m->n; i++) {
        const size_t sizes[] = {m->list[i].name.n, m->list[i].subresource.n};
        for (size_t k = 0; k < 2; k++) {
            CLEAT_AUTO_FREE char *field =
                cleat_sprintf("metadata.managedFields[%u].%s", i, texts[k]);
            size_t limit = k == 0 ? CLEAT_MANAGER_NAME_MAX : 256;
            if (sizes[k] > limit) {
                cleat_invalid(&v, "FieldValueTooLong", field, "may not be more than %zu bytes",
                              limit);
            }
        }
    }
    return cleat_invalid_done(&v, cleat_obj_name(obj));
}

static cleat_err track(const cleat_request *req, const struct who *who, cleat_obj **obj,
                       const cleat_obj *old, struct cleat_error *e) {
    static const struct cleat_val nothing;
    CLEAT_AUTO_ARENA a = {NULL, NULL, 0};
    struct cleat_managers m = {NULL, 0, 0};
    struct cleat_val was = list_of(old);
    if (cleat_managers_decode(&a, list_of(*obj), &m, NULL) != CLEAT_OK || m.n == 0) {
        m.n = 0;
        if (cleat_managers_decode(&a, was, &m, NULL) != CLEAT_OK) {
            m.n = 0;
        }
    }
    CLEAT_TRY(check_names(req, *obj, &m, e));
    if (m.n == 0 && old != NULL) {
        return set_list(obj, (struct cleat_str){NULL, 0}, e); /* it was never tracked */
    }
    struct cleat_val before = old != NULL ? cleat_obj_root(old) : nothing;
    if (!cleat_managers_update(&a, &who->w, before, cleat_obj_root(*obj), &m)) {
        return set_list(obj, cleat_val_raw(was), e);
    }
    return set_managers(obj, &m, e);
}

/* Whether an entry has the field that path leads to. */
static bool is_owned(struct cleat_val list, cleat_path path) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        struct cleat_val v = cleat_val_get(it.val, "fieldsV1");
        for (size_t i = 0; path[i] != NULL && cleat_val_present(v); i++) {
            CLEAT_AUTO_FREE char *key = cleat_sprintf("f:%s", path[i]);
            v = cleat_val_get(v, key);
        }
        if (cleat_val_present(v)) {
            return true;
        }
    }
    return false;
}

/* A scale shows who owns its number; what nobody owns is not tracked there, as upstream. */
static bool is_untracked(const cleat_request *req, struct cleat_val list) {
    return writes_scale(req) && !is_owned(list, cleat_sub_of(req)->scale->replicas);
}

cleat_err cleat_managed_track(const cleat_request *req, cleat_obj **obj, const cleat_obj *old,
                              struct cleat_error *e) {
    struct cleat_val list = list_of(*obj);
    if (req->applied ||
        (old != NULL && (!cleat_val_present(list) || is_untracked(req, list_of(old))))) {
        return CLEAT_OK;
    }
    if (old != NULL && cleat_managers_reset(list)) {
        return set_list(obj, (struct cleat_str){NULL, 0}, e);
    }
    AUTO_WHO who;
    who_init(&who, req);
    if (old != NULL && without_sets(&who, *obj, old)) {
        return CLEAT_OK;
    }
    return track(req, &who, obj, old, e);
}

cleat_err cleat_managed_drop(cleat_obj **obj, struct cleat_error *e) {
    return set_list(obj, (struct cleat_str){NULL, 0}, e);
}

/* ---- comparing ---- */

static bool same_entry(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter x = {0};
    size_t n = 0;
    while (cleat_val_next(a, &x)) {
        if (cleat_eqc(x.key, "time")) {
            continue;
        }
        n++;
        struct cleat_val other = cleat_val_get_s(b, x.key);
        if (!cleat_val_present(other) || !cleat_val_equal(x.val, other)) {
            return false;
        }
    }
    return n == cleat_val_count(b) - cleat_val_present(cleat_val_get(b, "time"));
}

bool cleat_managed_same(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter x = {0}, y = {0};
    if (cleat_eq(cleat_val_raw(a), cleat_val_raw(b))) {
        return true;
    }
    for (;;) {
        bool more_x = cleat_val_next(a, &x), more_y = cleat_val_next(b, &y);
        if (!more_x || !more_y) {
            return more_x == more_y;
        }
        if (!same_entry(x.val, y.val)) {
            return false;
        }
    }
}

/* ---- server-side apply ---- */

static void print_gvk(struct cleat_str api_version, struct cleat_str kind, struct cleat_buf *out) {
    bool core = memchr(api_version.p, '/', api_version.n) == NULL;
    cleat_buf_printf(out, "%s%.*s, Kind=%.*s", core ? "/" : "", CLEAT_FMT(api_version),
                     CLEAT_FMT(kind));
}

static cleat_err check_config(const cleat_request *req, const cleat_obj *config,
                              struct cleat_error *e) {
    const struct cleat_kind *k = req->kind;
    struct cleat_val root = cleat_obj_root(config);
    struct cleat_str api = cleat_val_str(cleat_val_get(root, "apiVersion"));
    struct cleat_str kind = cleat_val_str(cleat_val_get(root, "kind"));
    struct cleat_error why = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF gvk = {0};
    print_gvk(api, kind, &gvk);
    if (!cleat_eqc(api, k->api_version) || !cleat_eqc(kind, k->kind)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "invalid object type: %s", gvk.p);
    }
    if (cleat_val_type(list_of(config)) > CLEAT_NULL) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "metadata.managedFields must be nil");
    }
    if (cleat_typed_check(k->type, root, &why) != CLEAT_OK) {
        return cleat_fail(
            e, CLEAT_E_UNKNOWN, "failed to create typed patch object (%.*s/%.*s; %s): %s",
            CLEAT_FMT(cleat_obj_ns(config)), CLEAT_FMT(cleat_obj_name(config)), gvk.p, why.message);
    }
    struct cleat_str uid = cleat_obj_uid(config);
    if (req->old == NULL && uid.n > 0) {
        CLEAT_AUTO_FREE char *text =
            cleat_sprintf("uid mismatch: the provided object specified uid %.*s, and no existing "
                          "object was found",
                          CLEAT_FMT(uid));
        return cleat_fail_conflict(k, req->name, text, e);
    }
    return CLEAT_OK;
}

static cleat_err read_config(const cleat_request *req, cleat_obj **ret, struct cleat_error *e) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (req->field_manager == NULL || req->field_manager[0] == '\0') {
        struct cleat_validation v = {.kind = req->kind, .error = e};
        cleat_invalid(&v, "FieldValueRequired", "fieldManager", "is required for apply patch");
        return cleat_invalid_done_as(&v, "PatchOptions", "meta.k8s.io", (struct cleat_str){"", 0});
    }
    if (cleat_obj_parse(req->patch, 0, ret, &why) != CLEAT_OK) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "error decoding patch: %s", why.message);
    }
    return CLEAT_OK;
}

/* Keys that the configuration has twice: the last one counted. */
static cleat_err check_doubles(cleat_request *req, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *config = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (req->field_validation == CLEAT_FIELDS_IGNORE ||
        cleat_obj_parse(req->patch, CLEAT_PARSE_NO_DUPLICATES, &config, &why) == CLEAT_OK) {
        return CLEAT_OK;
    }
    if (req->field_validation == CLEAT_FIELDS_STRICT) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "error strict decoding patch: %s", why.message);
    }
    cleat_request_warn(req, "%s", why.message);
    return CLEAT_OK;
}

/* The whole Status of a conflict that has no room in struct cleat_error. */
static void tell_all(cleat_request *req, cleat_err err,
                     const struct cleat_conflict_report *report) {
    if (err == CLEAT_E_CONFLICT && (report->message.n >= sizeof req->error.message ||
                                    req->error.n_causes == CLEAT_CAUSES_MAX)) {
        cleat_request_tell_all(req, err, &report->message, &report->causes, NULL, NULL,
                               CLEAT_STR(""));
    }
}

cleat_err cleat_managed_apply(cleat_request *req, cleat_obj **ret, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *config = NULL;
    CLEAT_AUTO(cleat_obj) *live = NULL;
    CLEAT_AUTO(cleat_obj) *obj = NULL;
    CLEAT_TRY(read_config(req, &config, e));
    CLEAT_TRY(check_config(req, config, e));
    if (req->old != NULL) {
        live = cleat_obj_ref(req->old);
    } else {
        CLEAT_TRY(cleat_obj_parse(CLEAT_STR("{}"), 0, &live, e));
    }
    CLEAT_AUTO_ARENA a = {NULL, NULL, 0};
    struct cleat_managers m = {NULL, 0, 0};
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (cleat_managers_decode(&a, list_of(live), &m, &why) != CLEAT_OK) {
        return cleat_fail(e, CLEAT_E_UNKNOWN, "failed to decode managed fields: %s", why.message);
    }
    AUTO_WHO who;
    who_init(&who, req);
    struct cleat_conflict_report report = {{0}, {0}};
    cleat_err err = cleat_managers_apply(
        &a, &who.w, live, config, req->patch_type == CLEAT_PATCH_APPLY_FORCE, &m, &obj, &report, e);
    tell_all(req, err, &report);
    cleat_conflict_report_done(&report);
    CLEAT_TRY(err);
    CLEAT_TRY(set_managers(&obj, &m, e));
    CLEAT_TRY(check_doubles(req, e));
    *ret = CLEAT_STEAL(obj);
    return CLEAT_OK;
}
