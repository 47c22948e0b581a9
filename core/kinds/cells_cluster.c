/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of quotas, component statuses, priority and runtime classes and
 * certificate signing requests. Pure; any thread.
 */
#include "core/kinds/cells.h"

/* ---- quotas ---- */

static int by_key(const void *a, const void *b) {
    return cleat_cmp(((const struct cleat_iter *)a)->key, ((const struct cleat_iter *)b)->key);
}

/* "name: used/hard, ..." of those whose name begins with "limits." or does not. */
static void quota_cell(const cleat_obj *o, bool limits, struct cleat_buf *out) {
    struct cleat_val hard = cleat_obj_at(o, CLEAT_PATH("status", "hard"));
    struct cleat_val used = cleat_obj_at(o, CLEAT_PATH("status", "used"));
    size_t n = 0;
    const char *comma = "";
    struct cleat_iter it = {0};
    CLEAT_AUTO_FREE struct cleat_iter *all = cleat_array(cleat_val_count(hard) + 1, sizeof *all);
    while (cleat_val_type(hard) == CLEAT_OBJECT && cleat_val_next(hard, &it)) {
        all[n++] = it;
    }
    qsort(all, n, sizeof *all, by_key);
    cleat_buf_putc(out, '"');
    for (size_t i = 0; i < n; i++) {
        struct cleat_str key = all[i].key;
        struct cleat_val have = cleat_val_get_s(used, key);
        if ((key.n > 7 && memcmp(key.p, "limits.", 7) == 0) != limits) {
            continue;
        }
        cleat_buf_printf(out, "%s%.*s: %.*s/%.*s", comma, CLEAT_FMT(key),
                         CLEAT_FMT(cleat_val_present(have) ? cleat_val_str(have) : CLEAT_STR("0")),
                         CLEAT_FMT(cleat_val_str(all[i].val)));
        comma = ", ";
    }
    cleat_buf_putc(out, '"');
}

static void quota_request(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    quota_cell(o, false, out);
}

static void quota_limit(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    quota_cell(o, true, out);
}

const struct cleat_column cleat_columns_quota[] = {
    CLEAT_COLUMN("Request", "string",
                 "Request represents a minimum amount of cpu/memory that a container may consume.",
                 quota_request),
    CLEAT_COLUMN("Limit", "string",
                 "Limits control the maximum amount of cpu/memory that a container may use "
                 "independent of contention on the node.",
                 quota_limit),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};

/* ---- component statuses ---- */

static void component(const cleat_obj *o, const char *member, struct cleat_buf *out) {
    struct cleat_val conditions = cleat_obj_at(o, CLEAT_PATH("conditions"));
    struct cleat_iter it = {0};
    while (cleat_val_next(conditions, &it)) {
        if (!cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "Healthy")) {
            continue;
        }
        struct cleat_str s = cleat_val_str(cleat_val_get(it.val, member));
        if (strcmp(member, "status") == 0) {
            s = cleat_eqc(s, "True") ? CLEAT_STR("Healthy") : CLEAT_STR("Unhealthy");
        }
        cleat_buf_printf(out, "\"%.*s\"", CLEAT_FMT(s));
        return;
    }
    cleat_buf_puts(out, strcmp(member, "status") == 0 ? "\"Unknown\"" : "\"\"");
}

static void component_status(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    component(o, "status", out);
}

static void component_message(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    component(o, "message", out);
}

static void component_error(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    component(o, "error", out);
}

const struct cleat_column cleat_columns_componentstatus[] = {
    CLEAT_COLUMN("Status", "string", "Status of the component conditions", component_status),
    CLEAT_COLUMN("Message", "string", "Message of the component conditions", component_message),
    CLEAT_COLUMN("Error", "string", "Error of the component conditions", component_error),
    CLEAT_COLUMN_END};

/* ---- priority and runtime classes ---- */

static void priority_value(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    int64_t n = 0;
    cleat_val_int(cleat_obj_at(o, CLEAT_PATH("value")), &n);
    cleat_buf_printf(out, "%lld", (long long)n);
}

CLEAT_CELL_BOOL(priority_default, 0, "globalDefault")
CLEAT_CELL(priority_preemption, "", "preemptionPolicy")

const struct cleat_column cleat_columns_priorityclass[] = {
    CLEAT_COLUMN("Value", "integer", "The priority that pods of this class get.", priority_value),
    CLEAT_COLUMN("Global-Default", "boolean", "Whether pods without a class get this one.",
                 priority_default),
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN("PreemptionPolicy", "string", "Whether its pods may push out others.",
                 priority_preemption),
    CLEAT_COLUMN_END};

CLEAT_CELL(runtime_handler, "", "handler")

const struct cleat_column cleat_columns_runtimeclass[] = {
    CLEAT_COLUMN("Handler", "string", "The runtime that nodes use for pods of this class.",
                 runtime_handler),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};

/* ---- certificate signing requests ---- */

CLEAT_CELL(csr_signer, "<none>", "spec", "signerName")
CLEAT_CELL(csr_requestor, "", "spec", "username")

static void csr_duration(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    int64_t seconds = 0;
    char text[32];
    if (!cleat_val_int(cleat_obj_at(o, CLEAT_PATH("spec", "expirationSeconds")), &seconds)) {
        cleat_buf_puts(out, "\"<none>\"");
        return;
    }
    cleat_duration_human(seconds * CLEAT_SECOND, text);
    cleat_buf_printf(out, "\"%s\"", text);
}

static bool has_condition(const cleat_obj *o, const char *type) {
    struct cleat_val conditions = cleat_obj_at(o, CLEAT_PATH("status", "conditions"));
    struct cleat_iter it = {0};
    while (cleat_val_next(conditions, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), type)) {
            return true;
        }
    }
    return false;
}

static void csr_condition(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    const char *state = has_condition(o, "Denied")     ? "Denied"
                        : has_condition(o, "Approved") ? "Approved"
                                                       : "Pending";
    bool issued = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("status", "certificate"))).n > 0;
    cleat_buf_printf(out, "\"%s%s%s\"", state, has_condition(o, "Failed") ? ",Failed" : "",
                     issued ? ",Issued" : "");
}

const struct cleat_column cleat_columns_csr[] = {
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN("SignerName", "string", "Who is asked to sign.", csr_signer),
    CLEAT_COLUMN("Requestor", "string", "Who asked.", csr_requestor),
    CLEAT_COLUMN("RequestedDuration", "string", "How long the certificate shall be valid.",
                 csr_duration),
    CLEAT_COLUMN("Condition", "string", "What was decided.", csr_condition),
    CLEAT_COLUMN_END};
