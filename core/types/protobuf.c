/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A protobuf body as JSON, by the type of its kind. Every message is walked twice:
 * first all its fields are checked against the type, then each that occurs is
 * written, in the type's order, so that the elements of a list stand together
 * wherever they were in the message. Depth and output are bounded.
 */
#include "core/types/protobuf.h"

#include "core/base/limits.h"
#include "core/types/table.h"
#include "core/types/wire.h"

enum { MAX_DEPTH = 32, MAX_FIELDS = 128 }; /* messages in one another; fields of one */

struct writer {
    struct cleat_buf *out;
    struct cleat_error *e;
    struct cleat_str kind;
    unsigned depth;
};

static cleat_err broken(struct writer *w, const char *where) {
    return cleat_fail(w->e, CLEAT_E_BAD_REQUEST,
                      "the body of the request is no valid protobuf: %s of kind \"%.*s\"", where,
                      (int)(w->kind.n > 64 ? 64 : w->kind.n), w->kind.p);
}

static cleat_err unknown(struct writer *w, const char *message, uint64_t number) {
    return cleat_fail(w->e, CLEAT_E_MEDIA_TYPE,
                      "field number %llu of %s in a protobuf body of kind \"%.*s\" is not known "
                      "here - accepted media types include: application/json",
                      (unsigned long long)number, message, (int)(w->kind.n > 64 ? 64 : w->kind.n),
                      w->kind.p);
}

static int wire_type(const struct cleat_type *t) {
    bool number =
        t->form == CLEAT_FORM_INT32 || t->form == CLEAT_FORM_INT64 || t->form == CLEAT_FORM_BOOL;
    return number ? CLEAT_WIRE_VARINT : CLEAT_WIRE_BYTES;
}

/* Elements come one by one; a list in a message of its own is one element. */
static bool is_many(const struct cleat_type *t) {
    return (t->form == CLEAT_FORM_LIST && !t->message) || t->form == CLEAT_FORM_MAP;
}

static const char *name_of(const struct cleat_type *t) {
    const char *dot = t->name != NULL ? strrchr(t->name, '.') : NULL;
    return dot != NULL ? dot + 1 : "a value";
}

/* ---- scalars ---- */

static void put_base64(struct cleat_buf *out, struct cleat_str s) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    cleat_buf_reserve(out, s.n / 3 * 4 + 6);
    cleat_buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i;
        uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;
        v |= left > 1 ? (uint32_t)(unsigned char)s.p[i + 1] << 8 : 0;
        v |= left > 2 ? (uint32_t)(unsigned char)s.p[i + 2] : 0;
        char quad[4] = {digits[v >> 18], digits[v >> 12 & 63], left > 1 ? digits[v >> 6 & 63] : '=',
                        left > 2 ? digits[v & 63] : '='};
        cleat_buf_add(out, quad, sizeof quad);
    }
    cleat_buf_putc(out, '"');
}

/* The fields 1 to 3 of one of the API's small built-in messages, by wire type. */
struct small {
    int64_t ints[4];
    struct cleat_str strings[4];
};

static cleat_err read_small(struct writer *w, struct cleat_str in, const char *name,
                            const int types[4], struct small *ret) {
    struct cleat_wire f;
    bool bad = false;
    *ret = (struct small){0};
    while (cleat_wire_next(&in, &f, &bad)) {
        if (f.number > 3 || types[f.number] < 0) {
            return unknown(w, name, f.number);
        }
        if (f.type != types[f.number]) {
            return broken(w, name);
        }
        ret->ints[f.number] = (int64_t)f.varint;
        ret->strings[f.number] = f.bytes;
    }
    return bad ? broken(w, name) : CLEAT_OK;
}

static cleat_err put_time(struct writer *w, struct cleat_str in, bool micro) {
    static const int types[4] = {-1, CLEAT_WIRE_VARINT, CLEAT_WIRE_VARINT, -1};
    const int64_t second = 1000000000, last = INT64_MAX / second - 1;
    struct small t;
    char text[32];
    CLEAT_TRY(read_small(w, in, "Time", types, &t));
    if (t.ints[1] > last || t.ints[1] < -last || t.ints[2] < 0 || t.ints[2] >= second) {
        return broken(w, "Time");
    }
    cleat_time_format(t.ints[1] * second + t.ints[2], micro, text);
    cleat_buf_json(w->out, cleat_s(text));
    return CLEAT_OK;
}

static cleat_err put_int_or_string(struct writer *w, struct cleat_str in) {
    static const int types[4] = {-1, CLEAT_WIRE_VARINT, CLEAT_WIRE_VARINT, CLEAT_WIRE_BYTES};
    struct small v;
    CLEAT_TRY(read_small(w, in, "IntOrString", types, &v));
    if (v.ints[1] == 0) {
        cleat_buf_printf(w->out, "%lld", (long long)v.ints[2]);
    } else if (v.ints[1] == 1) {
        cleat_buf_json(w->out, v.strings[3]);
    } else {
        return broken(w, "IntOrString");
    }
    return CLEAT_OK;
}

/* Parsed by itself, so that it cannot reach out of its place in the text around it. */
static cleat_err put_raw(struct writer *w, struct cleat_str json) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_TRY(cleat_obj_parse(json, 0, &o, w->e));
    cleat_buf_str(w->out, cleat_obj_bytes(o));
    return CLEAT_OK;
}

/* metav1.Duration: nanoseconds, as Go writes them ("1m30s"). */
static cleat_err put_duration(struct writer *w, struct cleat_str in) {
    static const int types[4] = {-1, CLEAT_WIRE_VARINT, -1, -1};
    struct small v;
    CLEAT_TRY(read_small(w, in, "Duration", types, &v));
    cleat_buf_printf(w->out, "\"%.9gs\"", (double)v.ints[1] / 1e9);
    return CLEAT_OK;
}

static cleat_err put_message(struct writer *w, const struct cleat_type *t, struct cleat_str in);

/* A list that is a message: its elements are field 1. */
static cleat_err put_items(struct writer *w, const struct cleat_type *t, struct cleat_str in) {
    struct cleat_wire v;
    bool bad = false;
    size_t n = 0;
    cleat_buf_putc(w->out, '[');
    while (cleat_wire_next(&in, &v, &bad)) {
        if (v.number != 1 || v.type != CLEAT_WIRE_BYTES || t->elem->form != CLEAT_FORM_STRING) {
            return unknown(w, "a list", v.number);
        }
        cleat_buf_puts(w->out, n++ > 0 ? "," : "");
        cleat_buf_json(w->out, v.bytes);
    }
    cleat_buf_putc(w->out, ']');
    return bad ? broken(w, "a list") : CLEAT_OK;
}

static cleat_err put_value(struct writer *w, const struct cleat_type *t,
                           const struct cleat_wire *v) {
    static const int string_in_1[4] = {-1, CLEAT_WIRE_BYTES, -1, -1};
    struct small in;
    switch (t->form) {
    case CLEAT_FORM_STRING:
        cleat_buf_json(w->out, v->bytes);
        return CLEAT_OK;
    case CLEAT_FORM_INT32:
    case CLEAT_FORM_INT64:
        cleat_buf_printf(w->out, "%lld", (long long)v->varint);
        return CLEAT_OK;
    case CLEAT_FORM_BOOL:
        cleat_buf_puts(w->out, v->varint ? "true" : "false");
        return CLEAT_OK;
    case CLEAT_FORM_BYTES:
        put_base64(w->out, v->bytes);
        return CLEAT_OK;
    case CLEAT_FORM_TIME:
    case CLEAT_FORM_MICRO_TIME:
        return put_time(w, v->bytes, t->form == CLEAT_FORM_MICRO_TIME);
    case CLEAT_FORM_DURATION:
        return put_duration(w, v->bytes);
    case CLEAT_FORM_INT_OR_STRING:
        return put_int_or_string(w, v->bytes);
    case CLEAT_FORM_QUANTITY:
        CLEAT_TRY(read_small(w, v->bytes, "Quantity", string_in_1, &in));
        cleat_buf_json(w->out, in.strings[1]);
        return CLEAT_OK;
    case CLEAT_FORM_ANY:
        CLEAT_TRY(read_small(w, v->bytes, name_of(t), string_in_1, &in));
        return put_raw(w, in.strings[1]);
    case CLEAT_FORM_LIST:
        return put_items(w, t, v->bytes);
    case CLEAT_FORM_STRUCT:
        cleat_buf_putc(w->out, '{');
        CLEAT_TRY(put_message(w, t, v->bytes));
        cleat_buf_putc(w->out, '}');
        return CLEAT_OK;
    default:
        return broken(w, name_of(t));
    }
}

/* ---- messages ---- */

/* One entry of a map: a message of key 1 and value 2, either of which may be left out. */
static cleat_err put_entry(struct writer *w, const struct cleat_field *f, struct cleat_str in) {
    struct cleat_wire item, value = {.type = CLEAT_WIRE_BYTES};
    struct cleat_str key = {0};
    bool bad = false;
    int want = wire_type(f->type->elem);
    while (cleat_wire_next(&in, &item, &bad)) {
        if (item.number > 2) {
            return unknown(w, f->name, item.number);
        }
        if (item.type != (item.number == 1 ? CLEAT_WIRE_BYTES : want)) {
            return broken(w, f->name);
        }
        if (item.number == 1) {
            key = item.bytes;
        } else {
            value = item;
        }
    }
    if (bad) {
        return broken(w, f->name);
    }
    cleat_buf_json(w->out, key);
    cleat_buf_putc(w->out, ':');
    return put_value(w, f->type->elem, &value);
}

/* Whether Go would leave it out of JSON: a zero with omitempty, a time that is not set. */
static bool left_out(const struct cleat_field *f, const struct cleat_wire *v) {
    switch (f->type->form) {
    case CLEAT_FORM_TIME:
    case CLEAT_FORM_MICRO_TIME:
    case CLEAT_FORM_ANY:
        return v->bytes.n == 0;
    case CLEAT_FORM_STRUCT:
    case CLEAT_FORM_QUANTITY:
    case CLEAT_FORM_DURATION:
    case CLEAT_FORM_INT_OR_STRING:
        return false;
    default:
        return (f->flags & (CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE)) == 0 && v->bytes.n == 0 &&
               v->varint == 0;
    }
}

static void put_comma(struct cleat_buf *out) {
    char last = out->p[out->n - 1];
    if (last != '{' && last != '[') {
        cleat_buf_putc(out, ',');
    }
}

/* All occurrences of one field in a message that was checked. */
static cleat_err put_field(struct writer *w, const struct cleat_field *f, struct cleat_str in) {
    bool many = is_many(f->type), begun = false, bad = false;
    bool list = f->type->form == CLEAT_FORM_LIST;
    struct cleat_wire v;
    while (cleat_wire_next(&in, &v, &bad)) {
        if (v.number != f->number || (!many && left_out(f, &v))) {
            continue;
        }
        if (f->flags & CLEAT_FIELD_INLINE) {
            return put_message(w, f->type, v.bytes);
        }
        put_comma(w->out);
        if (!begun) {
            cleat_buf_json(w->out, cleat_s(f->name));
            cleat_buf_puts(w->out, !many ? ":" : list ? ":[" : ":{");
            begun = true;
        }
        CLEAT_TRY(!many  ? put_value(w, f->type, &v)
                  : list ? put_value(w, f->type->elem, &v)
                         : put_entry(w, f, v.bytes));
        if (w->out->n > CLEAT_LIMIT_BODY) {
            return cleat_fail(w->e, CLEAT_E_TOO_LARGE,
                              "Request entity too large: limit is %u as JSON", CLEAT_LIMIT_BODY);
        }
    }
    if (begun && many) {
        cleat_buf_putc(w->out, list ? ']' : '}');
    }
    return CLEAT_OK;
}

static const struct cleat_field *by_number(const struct cleat_type *t, uint64_t number) {
    for (const struct cleat_field *f = t->fields; f->name != NULL; f++) {
        if (f->number == number) {
            return f;
        }
    }
    return NULL;
}

/* Finds which fields occur. One that is no list must occur once only: what protobuf
 * says about merging two is nothing that a client relies on. */
static cleat_err check(struct writer *w, const struct cleat_type *t, struct cleat_str in,
                       bool seen[MAX_FIELDS]) {
    struct cleat_wire v;
    bool bad = false;
    while (cleat_wire_next(&in, &v, &bad)) {
        const struct cleat_field *f = by_number(t, v.number);
        if (f == NULL) {
            return unknown(w, name_of(t), v.number);
        }
        const struct cleat_type *one =
            is_many(f->type) && f->type->form == CLEAT_FORM_LIST ? f->type->elem : f->type;
        size_t i = (size_t)(f - t->fields);
        cleat_assert(i < MAX_FIELDS);
        if (v.type != wire_type(one) || (!is_many(f->type) && seen[i])) {
            return broken(w, name_of(t));
        }
        seen[i] = true;
    }
    return bad ? broken(w, name_of(t)) : CLEAT_OK;
}

/* The members, without braces. */
static cleat_err put_message(struct writer *w, const struct cleat_type *t, struct cleat_str in) {
    bool seen[MAX_FIELDS] = {false};
    if (++w->depth > MAX_DEPTH) {
        return broken(w, name_of(t));
    }
    CLEAT_TRY(check(w, t, in, seen));
    for (size_t i = 0; t->fields[i].name != NULL; i++) {
        if (seen[i]) {
            CLEAT_TRY(put_field(w, &t->fields[i], in));
        }
    }
    w->depth--;
    return CLEAT_OK;
}

/* ---- the envelope ---- */

struct envelope {
    struct cleat_str api_version, raw, encoding, content_type;
};

/* What follows the magic; also fills w->kind. */
static cleat_err read_envelope(struct writer *w, struct cleat_str in, struct envelope *ret) {
    static const int meta_types[4] = {-1, CLEAT_WIRE_BYTES, CLEAT_WIRE_BYTES, -1};
    struct cleat_str parts[5] = {{0}};
    struct cleat_wire f;
    struct small meta;
    bool bad = false;
    while (cleat_wire_next(&in, &f, &bad)) {
        if (f.number > 4) {
            return unknown(w, "Unknown", f.number);
        }
        if (f.type != CLEAT_WIRE_BYTES) {
            return broken(w, "Unknown");
        }
        parts[f.number] = f.bytes;
    }
    if (bad) {
        return broken(w, "Unknown");
    }
    CLEAT_TRY(read_small(w, parts[1], "TypeMeta", meta_types, &meta));
    w->kind = meta.strings[2].n > 0 ? meta.strings[2] : w->kind;
    *ret = (struct envelope){meta.strings[1], parts[2], parts[3], parts[4]};
    return CLEAT_OK;
}

/* Kinds of apiextensions have parts with a JSON form of their own: JSON only. */
const struct cleat_type *cleat_protobuf_type(struct cleat_str api_version, struct cleat_str kind) {
    CLEAT_AUTO_FREE char *api = cleat_strndup(api_version);
    CLEAT_AUTO_FREE char *name = cleat_strndup(kind);
    char *slash = strchr(api, '/');
    if (strcmp(name, "DeleteOptions") == 0) { /* of any group */
        return T(meta_v1_DeleteOptions);
    }
    if (strncmp(api, "apiextensions.", 14) == 0) {
        return NULL;
    }
    if (slash == NULL) {
        return cleat_type_of_kind("", api, name);
    }
    *slash = '\0';
    return cleat_type_of_kind(api, slash + 1, name);
}

cleat_err cleat_protobuf_to_json(struct cleat_str body, struct cleat_buf *json,
                                 struct cleat_error *e) {
    static const char magic[4] = {'k', '8', 's', 0};
    struct writer w = {.out = json, .e = e, .kind = {"", 0}};
    struct envelope in = {0};
    if (body.n < sizeof magic || memcmp(body.p, magic, sizeof magic) != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "the body of the request does not begin as Kubernetes protobuf");
    }
    CLEAT_TRY(
        read_envelope(&w, (struct cleat_str){body.p + sizeof magic, body.n - sizeof magic}, &in));
    const struct cleat_type *t = cleat_protobuf_type(in.api_version, w.kind);
    if (t == NULL) {
        return cleat_fail(e, CLEAT_E_MEDIA_TYPE,
                          "kind \"%.*s\" is not read from protobuf - accepted media types "
                          "include: application/json",
                          (int)(w.kind.n > 64 ? 64 : w.kind.n), w.kind.p);
    }
    if (in.encoding.n > 0 ||
        (in.content_type.n > 0 && !cleat_eqc(in.content_type, CLEAT_PROTOBUF_MEDIA_TYPE))) {
        return cleat_fail(e, CLEAT_E_MEDIA_TYPE,
                          "a protobuf body with another encoding inside is not read - accepted "
                          "media types include: application/json");
    }
    cleat_buf_puts(json, "{\"apiVersion\":");
    cleat_buf_json(json, in.api_version);
    cleat_buf_puts(json, ",\"kind\":");
    cleat_buf_json(json, w.kind);
    CLEAT_TRY(put_message(&w, t, in.raw));
    cleat_buf_putc(json, '}');
    return CLEAT_OK;
}
