/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a message as JSON by its table. Every message is walked twice: first
 * all its fields are checked against the table, then each that occurs is written,
 * in the table's order, so that the elements of a list stand together wherever
 * they were in the message. Depth and output are bounded.
 */
#include "core/api/protobuf.h"

#include "core/api/protobuf_tables.h"
#include "core/api/protobuf_wire.h"
#include "core/base/limits.h"
#include "core/object/object.h"

enum { MAX_DEPTH = 32 }; /* messages in one another; the tables need about ten */

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

static int wire_type(const struct cleat__pb_field *f) {
    bool scalar = f->shape == CLEAT__PB_ONE || f->shape == CLEAT__PB_OPT;
    return scalar && (f->type == CLEAT__PB_INT || f->type == CLEAT__PB_BOOL) ? CLEAT__WIRE_VARINT
                                                                             : CLEAT__WIRE_BYTES;
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
    struct cleat__wire f;
    bool bad = false;
    *ret = (struct small){0};
    while (cleat__wire_next(&in, &f, &bad)) {
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
    static const int types[4] = {-1, CLEAT__WIRE_VARINT, CLEAT__WIRE_VARINT, -1};
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
    static const int types[4] = {-1, CLEAT__WIRE_VARINT, CLEAT__WIRE_VARINT, CLEAT__WIRE_BYTES};
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

static cleat_err put_message(struct writer *w, const struct cleat__pb_message *m,
                             struct cleat_str in);

static cleat_err put_value(struct writer *w, const struct cleat__pb_field *f,
                           const struct cleat__wire *v) {
    static const int string_in_1[4] = {-1, CLEAT__WIRE_BYTES, -1, -1};
    struct small in;
    switch (f->type) {
    case CLEAT__PB_STRING:
        cleat_buf_json(w->out, v->bytes);
        return CLEAT_OK;
    case CLEAT__PB_INT:
        cleat_buf_printf(w->out, "%lld", (long long)v->varint);
        return CLEAT_OK;
    case CLEAT__PB_BOOL:
        cleat_buf_puts(w->out, v->varint ? "true" : "false");
        return CLEAT_OK;
    case CLEAT__PB_BYTES:
        put_base64(w->out, v->bytes);
        return CLEAT_OK;
    case CLEAT__PB_TIME:
    case CLEAT__PB_MICROTIME:
        return put_time(w, v->bytes, f->type == CLEAT__PB_MICROTIME);
    case CLEAT__PB_INT_OR_STRING:
        return put_int_or_string(w, v->bytes);
    case CLEAT__PB_QUANTITY:
        CLEAT_TRY(read_small(w, v->bytes, "Quantity", string_in_1, &in));
        cleat_buf_json(w->out, in.strings[1]);
        return CLEAT_OK;
    case CLEAT__PB_RAW_JSON:
        CLEAT_TRY(read_small(w, v->bytes, "FieldsV1", string_in_1, &in));
        return put_raw(w, in.strings[1]);
    default:
        cleat_buf_putc(w->out, '{');
        CLEAT_TRY(put_message(w, f->message, v->bytes));
        cleat_buf_putc(w->out, '}');
        return CLEAT_OK;
    }
}

/* ---- messages ---- */

/* One entry of a map: a message of key 1 and value 2, either of which may be left out. */
static cleat_err put_entry(struct writer *w, const struct cleat__pb_field *f, struct cleat_str in) {
    struct cleat__pb_field value_as = *f;
    struct cleat__wire item, value = {.type = CLEAT__WIRE_BYTES};
    struct cleat_str key = {0};
    bool bad = false;
    value_as.shape = CLEAT__PB_ONE;
    int want = wire_type(&value_as);
    while (cleat__wire_next(&in, &item, &bad)) {
        if (item.number > 2) {
            return unknown(w, f->name, item.number);
        }
        if (item.type != (item.number == 1 ? CLEAT__WIRE_BYTES : want)) {
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
    return put_value(w, &value_as, &value);
}

/* Whether Go would leave it out: a zero with omitempty, and a time that is not set. */
static bool left_out(const struct cleat__pb_field *f, const struct cleat__wire *v) {
    if (f->type == CLEAT__PB_TIME || f->type == CLEAT__PB_MICROTIME ||
        f->type == CLEAT__PB_RAW_JSON) {
        return v->bytes.n == 0;
    }
    return f->shape == CLEAT__PB_OPT && v->bytes.n == 0 && v->varint == 0;
}

static void put_comma(struct cleat_buf *out) {
    char last = out->p[out->n - 1];
    if (last != '{' && last != '[') {
        cleat_buf_putc(out, ',');
    }
}

/* All occurrences of one field in a message that was checked. */
static cleat_err put_field(struct writer *w, const struct cleat__pb_field *f, struct cleat_str in) {
    bool many = f->shape == CLEAT__PB_LIST || f->shape == CLEAT__PB_MAP, begun = false, bad = false;
    struct cleat__wire v;
    while (cleat__wire_next(&in, &v, &bad)) {
        if (v.number != f->number || (!many && left_out(f, &v))) {
            continue;
        }
        if (f->shape == CLEAT__PB_INLINE) {
            return put_message(w, f->message, v.bytes);
        }
        put_comma(w->out);
        if (!begun) {
            cleat_buf_json(w->out, cleat_s(f->name));
            cleat_buf_puts(w->out, !many ? ":" : f->shape == CLEAT__PB_LIST ? ":[" : ":{");
            begun = true;
        }
        CLEAT_TRY(f->shape == CLEAT__PB_MAP ? put_entry(w, f, v.bytes) : put_value(w, f, &v));
        if (w->out->n > CLEAT_LIMIT_BODY) {
            return cleat_fail(w->e, CLEAT_E_TOO_LARGE,
                              "Request entity too large: limit is %u as JSON", CLEAT_LIMIT_BODY);
        }
    }
    if (begun && many) {
        cleat_buf_putc(w->out, f->shape == CLEAT__PB_LIST ? ']' : '}');
    }
    return CLEAT_OK;
}

/* Finds which rows of the table occur. A field that is no list must occur once only: what
 * protobuf says about merging two is nothing that a client relies on. */
static cleat_err check(struct writer *w, const struct cleat__pb_message *m, struct cleat_str in,
                       uint64_t *seen) {
    struct cleat__wire v;
    bool bad = false;
    while (cleat__wire_next(&in, &v, &bad)) {
        size_t i = 0;
        while (i < m->n_fields && m->fields[i].number != v.number) {
            i++;
        }
        if (i == m->n_fields) {
            return unknown(w, m->name, v.number);
        }
        const struct cleat__pb_field *f = &m->fields[i];
        bool many = f->shape == CLEAT__PB_LIST || f->shape == CLEAT__PB_MAP;
        if (v.type != wire_type(f) || (!many && (*seen >> i & 1) != 0)) {
            return broken(w, m->name);
        }
        *seen |= (uint64_t)1 << i;
    }
    return bad ? broken(w, m->name) : CLEAT_OK;
}

/* The members, without braces. */
static cleat_err put_message(struct writer *w, const struct cleat__pb_message *m,
                             struct cleat_str in) {
    uint64_t seen = 0;
    if (++w->depth > MAX_DEPTH) {
        return broken(w, m->name);
    }
    CLEAT_TRY(check(w, m, in, &seen));
    for (size_t i = 0; i < m->n_fields; i++) {
        if ((seen >> i & 1) != 0) {
            CLEAT_TRY(put_field(w, &m->fields[i], in));
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
    static const int meta_types[4] = {-1, CLEAT__WIRE_BYTES, CLEAT__WIRE_BYTES, -1};
    struct cleat_str parts[5] = {{0}};
    struct cleat__wire f;
    struct small meta;
    bool bad = false;
    while (cleat__wire_next(&in, &f, &bad)) {
        if (f.number > 4) {
            return unknown(w, "Unknown", f.number);
        }
        if (f.type != CLEAT__WIRE_BYTES) {
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
    const struct cleat__pb_message *m = cleat__pb_find(in.api_version, w.kind);
    if (m == NULL) {
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
    CLEAT_TRY(put_message(&w, m, in.raw));
    cleat_buf_putc(json, '}');
    return CLEAT_OK;
}
