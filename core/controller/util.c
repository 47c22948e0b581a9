/* SPDX-License-Identifier: Apache-2.0 */
/* Finalizers, conditions, owners: what every controller writes sooner or later. */
#include "core/controller/controller.h"

static struct cleat_val finalizers(const cleat_obj *o) {
    return cleat_obj_at(o, CLEAT_PATH("metadata", "finalizers"));
}

static int32_t has_finalizer(const cleat_obj *o, const char *finalizer) {
    struct cleat_val all = finalizers(o);
    struct cleat_iter it = {0};
    while (cleat_val_next(all, &it)) {
        if (cleat_eqc(cleat_val_str(it.val), finalizer)) {
            return 1;
        }
    }
    return 0;
}

static void add_finalizer(cleat_edit *e, const cleat_obj *base, const char *finalizer) {
    if (has_finalizer(base, finalizer)) {
        return;
    }
    cleat_edit_set_str(e, CLEAT_PATH("metadata", "finalizers", "-"), cleat_s(finalizer));
}

static void remove_finalizer(cleat_edit *e, const cleat_obj *base, const char *finalizer) {
    if (!has_finalizer(base, finalizer)) {
        return;
    }
    CLEAT_AUTO_BUF left = {0};
    struct cleat_val all = finalizers(base);
    struct cleat_iter it = {0};
    cleat_buf_putc(&left, '[');
    while (cleat_val_next(all, &it)) {
        if (!cleat_eqc(cleat_val_str(it.val), finalizer)) {
            if (left.n > 1) {
                cleat_buf_putc(&left, ',');
            }
            cleat_buf_str(&left, cleat_val_raw(it.val));
        }
    }
    cleat_buf_putc(&left, ']');
    cleat_edit_set_json(e, CLEAT_PATH("metadata", "finalizers"),
                        (struct cleat_str){left.p, left.n});
}

/* The condition and its place. */
static struct cleat_val find_condition(const cleat_obj *o, const char *type, size_t *ret_at) {
    struct cleat_val all = cleat_obj_at(o, CLEAT_PATH("status", "conditions"));
    struct cleat_iter it = {0};
    while (cleat_val_next(all, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), type)) {
            *ret_at = it.index;
            return it.val;
        }
    }
    return (struct cleat_val){0};
}

static struct cleat_val condition(const cleat_obj *o, const char *type) {
    size_t at;
    return find_condition(o, type, &at);
}

static bool field_is(struct cleat_val c, const char *field, const char *value) {
    return cleat_eqc(cleat_val_str(cleat_val_get(c, field)), value);
}

static int32_t set_condition(cleat_edit *e, const cleat_obj *base, const char *type,
                             const char *status, const char *reason, const char *message) {
    size_t at = 0;
    struct cleat_val old = find_condition(base, type, &at);
    reason = reason ? reason : "";
    message = message ? message : "";
    bool moved = !cleat_val_present(old) || !field_is(old, "status", status);
    CLEAT_AUTO_FREE char *old_message = cleat_val_strdup(cleat_val_get(old, "message"));
    if (!moved && field_is(old, "reason", reason) &&
        strcmp(old_message ? old_message : "", message) == 0) {
        return 0;
    }
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    CLEAT_AUTO_FREE char *index = cleat_sprintf("%zu", at);
    const char *place = index;
    if (!cleat_val_present(old)) {
        CLEAT_AUTO_BUF b = {0};
        cleat_buf_puts(&b, "{\"type\":");
        cleat_buf_json(&b, cleat_s(type));
        cleat_buf_puts(&b, ",\"status\":");
        cleat_buf_json(&b, cleat_s(status));
        cleat_buf_printf(&b, ",\"lastTransitionTime\":\"%s\",\"reason\":", now);
        cleat_buf_json(&b, cleat_s(reason));
        cleat_buf_puts(&b, ",\"message\":");
        cleat_buf_json(&b, cleat_s(message));
        cleat_buf_putc(&b, '}');
        cleat_edit_set_json(e, CLEAT_PATH("status", "conditions", "-"),
                            (struct cleat_str){b.p, b.n});
        return 1;
    }
    cleat_edit_set_str(e, CLEAT_PATH("status", "conditions", place, "status"), cleat_s(status));
    cleat_edit_set_str(e, CLEAT_PATH("status", "conditions", place, "reason"), cleat_s(reason));
    cleat_edit_set_str(e, CLEAT_PATH("status", "conditions", place, "message"), cleat_s(message));
    if (moved) {
        cleat_edit_set_str(e, CLEAT_PATH("status", "conditions", place, "lastTransitionTime"),
                           cleat_s(now));
    }
    return 1;
}

/* The owners that stay: all but the present controller and this owner itself. */
static void copy_other_owners(struct cleat_buf *b, const cleat_obj *base, struct cleat_str uid) {
    struct cleat_val all = {0};
    struct cleat_iter it = {0};
    if (base != NULL) {
        all = cleat_obj_at(base, CLEAT_PATH("metadata", "ownerReferences"));
    }
    while (cleat_val_next(all, &it)) {
        if (!cleat_val_bool(cleat_val_get(it.val, "controller"), 0) &&
            !cleat_eq(cleat_val_str(cleat_val_get(it.val, "uid")), uid)) {
            cleat_buf_str(b, cleat_val_raw(it.val));
            cleat_buf_putc(b, ',');
        }
    }
}

static void set_controller_owner(cleat_edit *e, const cleat_obj *owner) {
    struct cleat_val root = cleat_obj_root(owner);
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_putc(&b, '[');
    copy_other_owners(&b, cleat_edit_base(e), cleat_obj_uid(owner));
    cleat_buf_puts(&b, "{\"apiVersion\":");
    cleat_buf_json(&b, cleat_val_str(cleat_val_get(root, "apiVersion")));
    cleat_buf_puts(&b, ",\"kind\":");
    cleat_buf_json(&b, cleat_val_str(cleat_val_get(root, "kind")));
    cleat_buf_puts(&b, ",\"name\":");
    cleat_buf_json(&b, cleat_obj_name(owner));
    cleat_buf_puts(&b, ",\"uid\":");
    cleat_buf_json(&b, cleat_obj_uid(owner));
    cleat_buf_puts(&b, ",\"controller\":true,\"blockOwnerDeletion\":true}]");
    cleat_edit_set_json(e, CLEAT_PATH("metadata", "ownerReferences"), (struct cleat_str){b.p, b.n});
}

const struct cleat_util_api cleat_util_api = {
    .struct_size = sizeof cleat_util_api,
    .has_finalizer = has_finalizer,
    .add_finalizer = add_finalizer,
    .remove_finalizer = remove_finalizer,
    .condition = condition,
    .set_condition = set_condition,
    .set_controller_owner = set_controller_owner,
};
