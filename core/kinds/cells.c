/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cells of the small core kinds and of Leases. A cell is JSON text. String values are copied in
 * their canonical form, which is JSON already. Pure; any thread.
 */
#include "core/kinds/cells.h"

/* ---- namespaces ---- */

static void namespace_status(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("status", "phase"), "", out);
}

const struct cleat_column cleat_columns_namespace[] = {
    {.name = "Status",
     .type = "string",
     .description = "The status of the namespace",
     .cell = namespace_status},
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

/* ---- config maps, secrets ---- */

static size_t count_at(const cleat_obj *o, const char *member) {
    return cleat_val_count(cleat_val_get(cleat_obj_root(o), member));
}

static void configmap_data(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_buf_printf(out, "%zu", count_at(o, "data") + count_at(o, "binaryData"));
}

const struct cleat_column cleat_columns_configmap[] = {
    {.name = "Data",
     .type = "string",
     .description = "Data contains the configuration data.",
     .cell = configmap_data},
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

static void secret_type(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("type"), "", out);
}

static void secret_data(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_buf_printf(out, "%zu", count_at(o, "data"));
}

const struct cleat_column cleat_columns_secret[] = {
    {.name = "Type",
     .type = "string",
     .description = "Used to facilitate programmatic handling of secret data.",
     .cell = secret_type},
    {.name = "Data",
     .type = "string",
     .description = "Data contains the secret data.",
     .cell = secret_data},
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

const struct cleat_column cleat_columns_serviceaccount[] = {CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};

/* ---- endpoints ---- */

struct addresses {
    struct cleat_buf text;
    size_t n;
};

static void add_endpoint(struct addresses *a, struct cleat_str ip, struct cleat_val port) {
    int64_t number = 0;
    if (a->n++ >= 3) {
        return;
    }
    cleat_buf_puts(&a->text, a->n > 1 ? "," : "");
    bool v6 = ip.n > 0 && memchr(ip.p, ':', ip.n) != NULL;
    if (!cleat_val_int(cleat_val_get(port, "port"), &number)) {
        cleat_buf_str(&a->text, ip);
    } else {
        cleat_buf_printf(&a->text, v6 ? "[%.*s]:%lld" : "%.*s:%lld", CLEAT_FMT(ip),
                         (long long)number);
    }
}

static void add_subset(struct addresses *a, struct cleat_val subset) {
    struct cleat_val ports = cleat_val_get(subset, "ports");
    struct cleat_val ips = cleat_val_get(subset, "addresses");
    struct cleat_iter port = {0};
    const struct cleat_val none = {NULL, 0, 0};
    bool any = cleat_val_count(ports) > 0;
    while (!any || cleat_val_next(ports, &port)) {
        struct cleat_iter ip = {0};
        while (cleat_val_next(ips, &ip)) {
            add_endpoint(a, cleat_val_str(cleat_val_get(ip.val, "ip")), any ? port.val : none);
        }
        if (!any) {
            break;
        }
    }
}

static void endpoints_cell(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct addresses a = {.n = 0};
    struct cleat_iter it = {0};
    struct cleat_val subsets = cleat_obj_at(o, CLEAT_PATH("subsets"));
    while (cleat_val_next(subsets, &it)) {
        add_subset(&a, it.val);
    }
    if (a.n == 0) {
        cleat_buf_puts(out, "\"<none>\"");
    } else if (a.n > 3) {
        cleat_buf_printf(out, "\"%s + %zu more...\"", a.text.p, a.n - 3);
    } else {
        cleat_buf_printf(out, "\"%s\"", a.text.p);
    }
    cleat_buf_done(&a.text);
}

const struct cleat_column cleat_columns_endpoints[] = {
    {.name = "Endpoints",
     .type = "string",
     .description = "The addresses and ports of the ready endpoints.",
     .cell = endpoints_cell},
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

/* ---- leases ---- */

static void lease_holder(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("spec", "holderIdentity"), "", out);
}

const struct cleat_column cleat_columns_lease[] = {
    {.name = "Holder",
     .type = "string",
     .description = "holderIdentity contains the identity of the holder of a current lease.",
     .cell = lease_holder},
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

/* ---- events ---- */

static struct cleat_val first_present(const cleat_obj *o, cleat_path a, cleat_path b) {
    struct cleat_val v = cleat_obj_at(o, a);
    return cleat_val_type(v) > CLEAT_NULL ? v : cleat_obj_at(o, b);
}

/* The same member in the core group and in events.k8s.io. */
static struct cleat_val event_part(const cleat_obj *o, const char *core, const char *other) {
    return first_present(o, CLEAT_PATH(core), CLEAT_PATH(other));
}

static void event_first_seen(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    struct cleat_val first = event_part(o, "firstTimestamp", "deprecatedFirstTimestamp");
    cleat_cell_since(cleat_val_type(first) > CLEAT_NULL ? first
                                                        : cleat_obj_at(o, CLEAT_PATH("eventTime")),
                     now, out);
}

static void event_last_seen(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    struct cleat_val series = cleat_obj_at(o, CLEAT_PATH("series", "lastObservedTime"));
    struct cleat_val last = event_part(o, "lastTimestamp", "deprecatedLastTimestamp");
    if (cleat_val_type(series) > CLEAT_NULL) {
        cleat_cell_since(series, now, out);
    } else if (cleat_val_type(last) > CLEAT_NULL) {
        cleat_cell_since(last, now, out);
    } else {
        event_first_seen(o, now, out);
    }
}

static void event_type(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("type"), "", out);
}

static void event_reason(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("reason"), "", out);
}

static void event_object(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val about = event_part(o, "involvedObject", "regarding");
    struct cleat_str kind = cleat_val_str(cleat_val_get(about, "kind"));
    struct cleat_str name = cleat_val_str(cleat_val_get(about, "name"));
    cleat_buf_putc(out, '"');
    for (size_t i = 0; i < kind.n; i++) {
        char c = kind.p[i];
        cleat_buf_putc(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
    }
    if (name.n > 0) {
        cleat_buf_printf(out, "/%.*s", CLEAT_FMT(name));
    }
    cleat_buf_putc(out, '"');
}

static void event_subobject(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val about = event_part(o, "involvedObject", "regarding");
    cleat_buf_printf(out, "\"%.*s\"", CLEAT_FMT(cleat_val_str(cleat_val_get(about, "fieldPath"))));
}

static void event_source(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val source = event_part(o, "source", "deprecatedSource");
    struct cleat_val component = cleat_val_get(source, "component");
    struct cleat_val host = cleat_val_get(source, "host");
    if (cleat_val_str(component).n == 0) {
        component = event_part(o, "reportingComponent", "reportingController");
    }
    if (cleat_val_str(host).n == 0) {
        host = cleat_obj_at(o, CLEAT_PATH("reportingInstance"));
    }
    cleat_buf_printf(out, "\"%.*s", CLEAT_FMT(cleat_val_str(component)));
    if (cleat_val_str(host).n > 0) {
        cleat_buf_printf(out, ", %.*s", CLEAT_FMT(cleat_val_str(host)));
    }
    cleat_buf_putc(out, '"');
}

static void event_message(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_str s = cleat_val_str(event_part(o, "message", "note"));
    /* Without the white space around it: in canonical text that is blanks and \n. */
    while (s.n > 0 && s.p[s.n - 1] == ' ') {
        s.n--;
    }
    while (s.n > 1 && s.p[s.n - 1] == 'n' && s.p[s.n - 2] == '\\' &&
           (s.n == 2 || s.p[s.n - 3] != '\\')) {
        s.n -= 2;
    }
    cleat_buf_printf(out, "\"%.*s\"", CLEAT_FMT(s));
}

static void event_count(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    int64_t n = 1;
    if (!cleat_val_int(cleat_obj_at(o, CLEAT_PATH("series", "count")), &n) &&
        (!cleat_val_int(event_part(o, "count", "deprecatedCount"), &n) || n == 0)) {
        n = 1;
    }
    cleat_buf_printf(out, "%lld", (long long)n);
}

static void event_name(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("metadata", "name"), "", out);
}

const struct cleat_column cleat_columns_event[] = {
    {.name = "Last Seen",
     .type = "string",
     .description = "The time at which the most recent occurrence of this event was recorded.",
     .cell = event_last_seen},
    {.name = "Type", .type = "string", .description = "Normal or Warning.", .cell = event_type},
    {.name = "Reason",
     .type = "string",
     .description = "A short, machine understandable reason.",
     .cell = event_reason},
    {.name = "Object",
     .type = "string",
     .description = "The object that this event is about.",
     .cell = event_object},
    {.name = "Subobject",
     .type = "string",
     .priority = 1,
     .description = "The part of the object that this event is about.",
     .cell = event_subobject},
    {.name = "Source",
     .type = "string",
     .priority = 1,
     .description = "The component reporting this event.",
     .cell = event_source},
    {.name = "Message",
     .type = "string",
     .description = "A human-readable description of what happened.",
     .cell = event_message},
    {.name = "First Seen",
     .type = "string",
     .priority = 1,
     .description = "The time at which the event was first recorded.",
     .cell = event_first_seen},
    {.name = "Count",
     .type = "string",
     .priority = 1,
     .description = "The number of times this event has occurred.",
     .cell = event_count},
    {.name = "Name",
     .type = "string",
     .priority = 1,
     .format = "name",
     .description = "The name of the event.",
     .cell = event_name},
    CLEAT_COLUMN_END};
