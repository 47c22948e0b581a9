/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From JSON to gnostic's protobuf, by the tables of shapes.c. Members keep their
 * order. What no table knows is left out. Pure; any thread.
 */
#include "core/openapi/proto.h"

enum { VARINT = 0, FIXED64 = 1, BYTES = 2 };

static void put_varint(struct cleat_buf *out, uint64_t v) {
    do {
        unsigned char byte = (unsigned char)((v & 0x7f) | (v > 0x7f ? 0x80 : 0));
        cleat_buf_add(out, &byte, 1);
        v >>= 7;
    } while (v > 0);
}

static void put_tag(struct cleat_buf *out, unsigned number, unsigned type) {
    put_varint(out, number << 3 | type);
}

void cleat_proto_bytes(struct cleat_buf *out, unsigned number, struct cleat_str bytes) {
    put_tag(out, number, BYTES);
    put_varint(out, bytes.n);
    cleat_buf_str(out, bytes);
}

/* A message's length stands before it: what was written at `from` on gets its head. */
static void close_message(struct cleat_buf *out, size_t from, unsigned number) {
    unsigned char head[16];
    struct cleat_buf b = {.p = (char *)head, .cap = sizeof head};
    size_t n = out->n - from;
    put_tag(&b, number, BYTES);
    put_varint(&b, n);
    cleat_buf_reserve(out, b.n);
    memmove(out->p + from + b.n, out->p + from, n);
    memcpy(out->p + from, head, b.n);
    out->n += b.n;
    out->p[out->n] = '\0';
}

static void put_text(struct cleat_buf *out, unsigned number, struct cleat_val v) {
    struct cleat_str plain = cleat_val_str(v);
    if (cleat_val_type(v) != CLEAT_STRING) {
        plain = cleat_val_raw(v);
    } else if (plain.n > 0 && memchr(plain.p, '\\', plain.n) != NULL) {
        CLEAT_AUTO_FREE char *text = cleat_val_strdup(v);
        cleat_proto_bytes(out, number, cleat_s(text));
        return;
    }
    cleat_proto_bytes(out, number, plain);
}

/* JSON is YAML. */
static void put_any(struct cleat_buf *out, unsigned number, struct cleat_val v) {
    enum { YAML = 2 };
    size_t from = out->n;
    cleat_proto_bytes(out, YAML, cleat_val_raw(v));
    close_message(out, from, number);
}

static void put_double(struct cleat_buf *out, unsigned number, struct cleat_val v) {
    CLEAT_AUTO_FREE char *text = cleat_strndup(cleat_val_raw(v));
    double d = strtod(text, NULL);
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    put_tag(out, number, FIXED64);
    for (int i = 0; i < 8; i++) {
        unsigned char byte = (unsigned char)(bits >> 8 * i);
        cleat_buf_add(out, &byte, 1);
    }
}

static void put_one(const struct cleat_proto_field *f, struct cleat_val v, struct cleat_buf *out);

static void put_field(const struct cleat_proto_field *f, struct cleat_val v,
                      struct cleat_buf *out) {
    if (!f->repeated || cleat_val_type(v) != CLEAT_ARRAY) {
        put_one(f, v, out);
        return;
    }
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        put_one(f, it.val, out);
    }
}

static void put_message(const struct cleat_shape *s, struct cleat_val v, struct cleat_buf *out) {
    if (s->choose != NULL) {
        size_t at = s->choose(v);
        if (at != SIZE_MAX) {
            put_one(&s->fields[at], v, out);
        }
        return;
    }
    if (s->around) {
        put_field(&s->fields[0], v, out);
        return;
    }
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        cleat_proto_member(s, it.key, it.val, out);
    }
}

static void put_one(const struct cleat_proto_field *f, struct cleat_val v, struct cleat_buf *out) {
    int64_t i = 0;
    size_t from = out->n;
    switch ((enum cleat_proto_kind)f->kind) {
    case CLEAT_PROTO_STR:
        put_text(out, f->number, v);
        break;
    case CLEAT_PROTO_BOOL:
        put_tag(out, f->number, VARINT);
        put_varint(out, (uint64_t)cleat_val_bool(v, 0));
        break;
    case CLEAT_PROTO_INT:
        cleat_val_int(v, &i);
        put_tag(out, f->number, VARINT);
        put_varint(out, (uint64_t)i);
        break;
    case CLEAT_PROTO_DOUBLE:
        put_double(out, f->number, v);
        break;
    case CLEAT_PROTO_ANY:
        put_any(out, f->number, v);
        break;
    case CLEAT_PROTO_MSG:
        put_message(f->of, v, out);
        close_message(out, from, f->number);
        break;
    }
}

static const struct cleat_proto_field *find(const struct cleat_shape *s, struct cleat_str key) {
    for (const struct cleat_proto_field *f = s->fields; f != NULL && f->key != NULL; f++) {
        if (key.n > 0 && f->key[0] == key.p[0] && cleat_eqc(key, f->key)) {
            return f;
        }
    }
    return NULL;
}

/* A message of a name and a value. key is as it stands in JSON. */
static void put_named(unsigned number, struct cleat_str key, const struct cleat_proto_field *as,
                      struct cleat_val v, struct cleat_buf *out) {
    size_t from = out->n;
    if (memchr(key.p, '\\', key.n) == NULL) {
        cleat_proto_bytes(out, 1, key);
    } else {
        CLEAT_AUTO_FREE char *text = cleat_sprintf("{\"k\":\"%.*s\"}", CLEAT_FMT(key));
        CLEAT_AUTO(cleat_obj) *o = NULL;
        cleat_err err = cleat_obj_parse(cleat_s(text), 0, &o, NULL);
        cleat_assert(err == CLEAT_OK); /* it was read before */
        put_text(out, 1, cleat_obj_at(o, CLEAT_PATH("k")));
    }
    put_field(as, v, out);
    close_message(out, from, number);
}

void cleat_proto_member(const struct cleat_shape *s, struct cleat_str key, struct cleat_val v,
                        struct cleat_buf *out) {
    static const struct cleat_proto_field any = {.number = 2, .kind = CLEAT_PROTO_ANY};
    const struct cleat_proto_field *f = find(s, key);
    if (f != NULL) {
        put_field(f, v, out);
    } else if (s->extensions != 0 && key.n > 2 && memcmp(key.p, "x-", 2) == 0) {
        put_named(s->extensions, key, &any, v, out);
    } else if (s->named != 0) {
        put_named(s->named, key, s->named_as, v, out);
    }
}

const struct cleat_shape *cleat_proto_child(const struct cleat_shape *s, const char *key,
                                            unsigned *ret_number) {
    const struct cleat_proto_field *f = find(s, cleat_s(key));
    if (f == NULL || f->kind != CLEAT_PROTO_MSG) {
        return NULL;
    }
    *ret_number = f->number;
    return f->of;
}
