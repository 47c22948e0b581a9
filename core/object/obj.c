/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an object: made by the scanner, immutable once shared, counted
 * atomically. Any thread may hold and drop references; only stamp_kind and
 * set_revision write, and only before the object is shared.
 */
#include "core/object/json.h"

cleat_obj *cleat_obj_alloc(size_t n_nodes, size_t n_bytes) {
    bool wide = n_bytes >= CLEAT_OBJ_WIDE_FROM || n_nodes >= 65536;
    size_t index = n_nodes * (wide ? sizeof(struct cleat_node) : sizeof(struct cleat_node16));
    cleat_obj *o = cleat_alloc(sizeof *o + index + n_bytes + 1);
    memset(o, 0, sizeof *o);
    atomic_init(&o->refs, 1);
    o->n_nodes = (uint32_t)n_nodes;
    o->n_bytes = (uint32_t)n_bytes;
    o->wide = wide;
    ((char *)(o + 1))[index + n_bytes] = '\0';
    return o;
}

static struct cleat_span string_span(struct cleat_val v) {
    if (cleat_val_type(v) != CLEAT_STRING) {
        return (struct cleat_span){0, 0};
    }
    struct cleat_node e = cleat_obj_node(v.obj, v.node);
    return (struct cleat_span){e.pos + 1, e.ext - 2};
}

static void seal_revision(cleat_obj *o, struct cleat_span s) {
    struct cleat_str text = cleat_obj_span(o, s);
    uint64_t revision = 0;
    if (s.n == 0 || s.n > 19 || (s.n > 1 && text.p[0] == '0')) {
        return;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return;
        }
        revision = revision * 10 + (uint64_t)(text.p[i] - '0');
    }
    o->revision = revision;
    o->rv_pos = s.pos;
    o->rv_n = (uint8_t)s.n;
}

void cleat_obj_seal(cleat_obj *o) {
    struct cleat_val meta = cleat_val_get_s(cleat_obj_root(o), CLEAT_STR("metadata"));
    struct cleat_iter it = {0};
    if (cleat_val_type(meta) != CLEAT_OBJECT) {
        return;
    }
    while (cleat_val_next(meta, &it)) {
        switch (it.key.n) {
        case 3:
            if (memcmp(it.key.p, "uid", 3) == 0) {
                o->uid = string_span(it.val);
            }
            break;
        case 4:
            if (memcmp(it.key.p, "name", 4) == 0) {
                o->name = string_span(it.val);
            }
            break;
        case 9:
            if (memcmp(it.key.p, "namespace", 9) == 0) {
                o->ns = string_span(it.val);
            }
            break;
        case 15:
            if (memcmp(it.key.p, "resourceVersion", 15) == 0) {
                seal_revision(o, string_span(it.val));
            }
            break;
        default:
            break;
        }
    }
}

cleat_err cleat_obj_parse(struct cleat_str json, unsigned flags, cleat_obj **ret,
                          struct cleat_error *e) {
    return cleat_json_scan(json, flags & CLEAT_PARSE_NO_DUPLICATES, ret, e);
}

cleat_err cleat_obj_parse_reporting(struct cleat_str json, cleat_obj_report report, void *userdata,
                                    cleat_obj **ret, struct cleat_error *e) {
    return cleat_json_scan_reporting(json, 0, report, userdata, ret, e);
}

cleat_err cleat_obj_parse_trusted(struct cleat_str json, cleat_obj **ret, struct cleat_error *e) {
    return cleat_json_scan(json, CLEAT_PARSE_CANONICAL, ret, e);
}

cleat_obj *cleat_obj_ref(const cleat_obj *o) {
    cleat_obj *obj = (cleat_obj *)(uintptr_t)o;
    if (obj != NULL) {
        uint32_t old = atomic_fetch_add_explicit(&obj->refs, 1, memory_order_relaxed);
        cleat_assert(old > 0 && old < UINT32_MAX / 2);
    }
    return obj;
}

void cleat_obj_unref(const cleat_obj *o) {
    cleat_obj *obj = (cleat_obj *)(uintptr_t)o;
    if (obj == NULL) {
        return;
    }
    uint32_t old = atomic_fetch_sub_explicit(&obj->refs, 1, memory_order_acq_rel);
    cleat_assert(old > 0);
    if (old == 1) {
        free(obj);
    }
}

bool cleat_obj_shared(const cleat_obj *o) {
    return atomic_load_explicit(&o->refs, memory_order_acquire) != 1;
}

struct cleat_str cleat_obj_bytes(const cleat_obj *o) {
    return (struct cleat_str){cleat_obj_text(o), o->n_bytes};
}

size_t cleat_obj_memory(const cleat_obj *o) {
    size_t n = sizeof *o + (size_t)o->n_nodes * (o->wide ? 8u : 4u) + o->n_bytes + 1;
    /* As an allocator with one word of overhead and 16-byte steps lays it out. */
    return (n + sizeof(size_t) + 15) & ~(size_t)15;
}

struct cleat_val cleat_obj_root(const cleat_obj *o) {
    return (struct cleat_val){o, 0, 0};
}

struct cleat_str cleat_obj_name(const cleat_obj *o) {
    return cleat_obj_span(o, o->name);
}

struct cleat_str cleat_obj_ns(const cleat_obj *o) {
    return cleat_obj_span(o, o->ns);
}

struct cleat_str cleat_obj_uid(const cleat_obj *o) {
    return cleat_obj_span(o, o->uid);
}

uint64_t cleat_obj_revision(const cleat_obj *o) {
    return o->revision;
}

uint32_t cleat_obj_kind(const cleat_obj *o) {
    return o->kind;
}

void cleat_obj_stamp_kind(cleat_obj *o, uint32_t kind) {
    o->kind = kind;
}

void cleat_obj_overwrite(cleat_obj *o, struct cleat_val v, struct cleat_str raw) {
    struct cleat_str was = cleat_val_raw(v);
    cleat_assert(v.obj == o && was.n == raw.n && !cleat_obj_shared(o));
    memcpy((char *)(uintptr_t)was.p, raw.p, raw.n);
}

cleat_obj *cleat_obj_set_revision(cleat_obj *o, uint64_t revision) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "\"%llu\"", (unsigned long long)revision);
    if (o->rv_n > 0 && (int)o->rv_n == n - 2) {
        memcpy((char *)(uintptr_t)cleat_obj_text(o) + o->rv_pos, digits + 1, o->rv_n);
        o->revision = revision;
        return o;
    }
    cleat_obj *copy = NULL;
    struct cleat_splice s = {CLEAT_PATH("metadata", "resourceVersion"), {digits, (size_t)n}};
    /* Fails only where metadata is no object or the text outgrows the limits; what
     * has passed validation is neither. */
    cleat_err err = cleat_obj_splice(o, &s, 1, &copy, NULL);
    cleat_assert(err == CLEAT_OK);
    copy->revision = revision;
    cleat_obj_unref(o);
    return copy;
}
