/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server-side printing: column definitions and rows of meta.k8s.io Tables,
 * PartialObjectMetadata, and the Status of an error. All of it writes JSON text;
 * nothing is parsed. Any thread.
 */
#include "core/registry/internal.h"

static const char name_description[] =
    "Name must be unique within a namespace. Is required when creating resources, although some "
    "resources may allow a client to request the generation of an appropriate name automatically. "
    "Name is primarily intended for creation idempotence and configuration definition. Cannot be "
    "updated. More info: "
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

static const struct cleat_column name_column = {
    .name = "Name", .type = "string", .format = "name", .description = name_description};
static const struct cleat_column plain_columns[] = {
    {.name = "Age",
     .type = "string",
     .description = "CreationTimestamp is a timestamp representing the server time when this "
                    "object was created.",
     .cell = cleat_cell_age},
    {.name = NULL},
};

static void member(struct cleat_buf *out, const char *key, const char *value) {
    cleat_buf_printf(out, ",\"%s\":", key);
    cleat_buf_json_mended(out, cleat_s(value));
}

static void write_column(const struct cleat_column *c, struct cleat_buf *out) {
    cleat_buf_puts(out, "{\"name\":");
    cleat_buf_json_mended(out, cleat_s(c->name));
    member(out, "type", c->type != NULL ? c->type : "string");
    member(out, "format", c->format);
    member(out, "description", c->description);
    cleat_buf_printf(out, ",\"priority\":%d}", c->priority);
}

static const struct cleat_column *columns_of(const struct cleat_kind *k) {
    return k->columns != NULL ? k->columns : plain_columns;
}

/* Events have their name last, storage classes say more than the name. */
static bool has_own_name(const struct cleat_kind *k) {
    for (const struct cleat_column *c = columns_of(k); c->name != NULL; c++) {
        if (c->format != NULL && strcmp(c->format, "name") == 0 && strcmp(c->name, "Name") == 0) {
            return true;
        }
    }
    return false;
}

void cleat_table_columns(const struct cleat_kind *k, struct cleat_buf *out) {
    bool own = has_own_name(k);
    cleat_buf_putc(out, '[');
    if (!own) {
        write_column(&name_column, out);
    }
    for (const struct cleat_column *c = columns_of(k); c->name != NULL; c++) {
        cleat_buf_puts(out, own && c == columns_of(k) ? "" : ",");
        write_column(c, out);
    }
    cleat_buf_putc(out, ']');
}

/* ---- cells by path ---- */

static void write_number(struct cleat_val v, bool integer, struct cleat_buf *out) {
    int64_t i = 0;
    if (cleat_val_type(v) != CLEAT_NUMBER) {
        cleat_buf_puts(out, "null");
    } else if (!integer || cleat_val_int(v, &i)) {
        cleat_buf_str(out, cleat_val_raw(v));
    } else {
        double d = strtod(cleat_val_raw(v).p, NULL); /* ends at the next delimiter */
        if (d >= -9e15 && d <= 9e15) {
            cleat_buf_printf(out, "%lld", (long long)d);
        } else {
            cleat_buf_puts(out, "null");
        }
    }
}

static void write_text(struct cleat_val v, struct cleat_buf *out) {
    switch (cleat_val_type(v)) {
    case CLEAT_STRING:
        cleat_buf_str(out, cleat_val_raw(v));
        break;
    case CLEAT_ABSENT:
    case CLEAT_NULL:
        cleat_buf_puts(out, "null");
        break;
    default:
        cleat_buf_json_mended(out, cleat_val_raw(v));
    }
}

static void write_path_cell(const struct cleat_column *c, const cleat_obj *o, cleat_time now,
                            struct cleat_buf *out) {
    struct cleat_val v = cleat_jsonpath_find(cleat_obj_root(o), c->path);
    const char *type = c->type != NULL ? c->type : "string";
    if (!cleat_val_present(v)) {
        cleat_buf_puts(out, "null");
    } else if (strcmp(type, "date") == 0) {
        cleat_cell_since(v, now, out);
    } else if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0) {
        write_number(v, type[0] == 'i', out);
    } else if (strcmp(type, "boolean") == 0) {
        cleat_buf_str(out, cleat_val_type(v) == CLEAT_BOOL ? cleat_val_raw(v) : CLEAT_STR("null"));
    } else {
        write_text(v, out);
    }
}

/* ---- rows ---- */

static void write_cells(const struct cleat_kind *k, const cleat_obj *o, struct cleat_buf *out) {
    cleat_time now = cleat_now_wall();
    bool first = true;
    cleat_buf_putc(out, '[');
    if (!has_own_name(k)) {
        cleat_cell_str(o, CLEAT_PATH("metadata", "name"), "", out);
        first = false;
    }
    for (const struct cleat_column *c = columns_of(k); c->name != NULL; c++) {
        cleat_buf_puts(out, first ? "" : ",");
        first = false;
        if (c->path != NULL) {
            write_path_cell(c, o, now, out);
        } else {
            c->cell(o, now, out);
        }
    }
    cleat_buf_putc(out, ']');
}

void cleat_partial_metadata(const cleat_obj *o, const char *version, struct cleat_buf *out) {
    struct cleat_str meta = cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("metadata")));
    cleat_buf_printf(out,
                     "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/%s\","
                     "\"metadata\":",
                     version);
    cleat_buf_str(out, meta.n > 0 ? meta : CLEAT_STR("{}"));
    cleat_buf_putc(out, '}');
}

void cleat_table_row(const struct cleat_kind *k, const cleat_obj *o, int include,
                     const char *version, struct cleat_buf *out) {
    cleat_buf_puts(out, "{\"cells\":");
    write_cells(k, o, out);
    cleat_buf_puts(out, ",\"object\":");
    if (include == 0) {
        cleat_buf_puts(out, "null");
    } else if (include == 1) {
        cleat_partial_metadata(o, version, out);
    } else {
        cleat_buf_str(out, cleat_obj_bytes(o));
    }
    cleat_buf_putc(out, '}');
}

/* ---- Status ---- */

static void write_causes(const struct cleat_error *e, struct cleat_buf *out) {
    cleat_buf_puts(out, "\"causes\":[");
    for (uint32_t i = 0; i < e->n_causes && i < CLEAT_CAUSES_MAX; i++) {
        cleat_buf_puts(out, i > 0 ? ",{\"reason\":" : "{\"reason\":");
        cleat_buf_json_mended(out, cleat_s(e->causes[i].reason));
        member(out, "message", e->causes[i].message);
        if (e->causes[i].field[0] != '\0') {
            member(out, "field", e->causes[i].field);
        }
        cleat_buf_putc(out, '}');
    }
    cleat_buf_putc(out, ']');
}

static void write_details(const struct cleat_error *e, struct cleat_buf *out) {
    const struct {
        const char *key, *value;
    } members[] = {{"name", e->name}, {"group", e->group}, {"kind", e->kind}};
    const char *comma = "";
    size_t start = out->n;
    cleat_buf_puts(out, ",\"details\":{");
    size_t empty = out->n;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (members[i].value[0] != '\0') {
            cleat_buf_printf(out, "%s\"%s\":", comma, members[i].key);
            cleat_buf_json_mended(out, cleat_s(members[i].value));
            comma = ",";
        }
    }
    if (e->n_causes > 0) {
        cleat_buf_puts(out, comma);
        write_causes(e, out);
        comma = ",";
    }
    if (e->retry_after_ms > 0) {
        cleat_buf_printf(out, "%s\"retryAfterSeconds\":%lld", comma,
                         (long long)((e->retry_after_ms + 999) / 1000));
    }
    bool always = e->code == CLEAT_E_NOT_FOUND || e->code == CLEAT_E_METHOD ||
                  e->code == CLEAT_E_INVALID || e->code == CLEAT_E_FORBIDDEN;
    if (out->n == empty && !always) {
        out->n = start; /* as upstream, which has none there */
        return;
    }
    cleat_buf_putc(out, '}');
}

void cleat_status_json(const struct cleat_error *e, struct cleat_buf *out) {
    cleat_buf_puts(out, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":"
                        "\"Failure\"");
    member(out, "message", e->message);
    if (e->code != CLEAT_E_UNKNOWN) {
        member(out, "reason", cleat_err_reason(e->code));
    }
    write_details(e, out);
    cleat_buf_printf(out, ",\"code\":%d}", cleat_err_http(e->code));
}
