/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of the object model: the layout of an object, the way from a node to
 * its text, and the scanner. Only files of core/object include this.
 *
 * Layout: header | index | canonical bytes | NUL, in one allocation. The index
 * holds one entry a value in document order (the root is node 0):
 *   pos  where the value's text begins; a member's key ends two bytes before;
 *   ext  for an object or array the node after its last descendant, for any
 *        other value the length of its text.
 * The first byte at pos tells which of the two ext is. A key is found backwards
 * from pos: inside a canonical key every quote follows a backslash, so the first
 * quote that follows `{` or `,` opens it.
 */
#ifndef CLEAT_OBJECT_JSON_H
#define CLEAT_OBJECT_JSON_H

#include "core/object/object.h"

struct cleat_span {
    uint32_t pos, n;
};
struct cleat_node {
    uint32_t pos, ext;
};
struct cleat_node16 {
    uint16_t pos, ext;
};

struct cleat_obj {
    _Atomic uint32_t refs;
    uint32_t kind;
    uint64_t revision;
    uint32_t n_nodes, n_bytes;
    struct cleat_span name, ns, uid; /* without the quotes */
    uint32_t rv_pos;                 /* of the digits of metadata.resourceVersion */
    uint8_t rv_n;                    /* how many; 0 where it is no number */
    uint8_t wide;                    /* index entries are struct cleat_node */
    uint16_t reserved;
};

/* Texts this long or longer have a wide index. */
#define CLEAT_OBJ_WIDE_FROM 65536u

static inline const char *cleat_obj_text(const cleat_obj *o) {
    return (const char *)(o + 1) + (size_t)o->n_nodes * (o->wide ? 8u : 4u);
}

static inline struct cleat_node cleat_obj_node(const cleat_obj *o, uint32_t i) {
    if (o->wide) {
        return ((const struct cleat_node *)(const void *)(o + 1))[i];
    }
    struct cleat_node16 e = ((const struct cleat_node16 *)(const void *)(o + 1))[i];
    return (struct cleat_node){e.pos, e.ext};
}

static inline bool cleat_json_is_container(char c) {
    return c == '{' || c == '[';
}

/* The node after everything below node i. */
static inline uint32_t cleat_obj_after(const cleat_obj *o, uint32_t i) {
    struct cleat_node e = cleat_obj_node(o, i);
    return cleat_json_is_container(cleat_obj_text(o)[e.pos]) ? e.ext : i + 1;
}

static inline struct cleat_str cleat_obj_span(const cleat_obj *o, struct cleat_span s) {
    return (struct cleat_str){cleat_obj_text(o) + s.pos, s.n};
}

/* Where the opening quote of the key before the value at pos is. */
uint32_t cleat_obj_key_pos(const cleat_obj *o, uint32_t pos);
/* Where the text of node i ends. */
uint32_t cleat_obj_node_end(const cleat_obj *o, uint32_t i);
/* The number that a path's key means in an array; false where it is none. */
bool cleat_path_index(const char *key, size_t *ret);

/* An object of these sizes: refs 1, kind 0, index and bytes for the caller to fill. */
cleat_obj *cleat_obj_alloc(size_t n_nodes, size_t n_bytes);
/* Fills the header's cached fields from index and bytes. */
void cleat_obj_seal(cleat_obj *o);

/* Scanner flags beside CLEAT_PARSE_NO_DUPLICATES. */
enum {
    CLEAT_PARSE_CANONICAL = 1 << 8, /* the text must be canonical to the byte */
    CLEAT_PARSE_ANY = 1 << 9,       /* the root may be of any type */
};
cleat_err cleat_json_scan(struct cleat_str json, unsigned flags, cleat_obj **ret,
                          struct cleat_error *e);
cleat_err cleat_json_scan_reporting(struct cleat_str json, unsigned flags, cleat_obj_report report,
                                    void *userdata, cleat_obj **ret, struct cleat_error *e);

/* True where s is one canonical value and nothing else. */
bool cleat_json_is_value(struct cleat_str s);

/* Bytes that the calling thread may use until its next call of this function;
 * freed when the thread ends. For assembling a text before its size is known. */
struct cleat_buf *cleat_json_scratch(void);

/* True where s stands between quotes in canonical JSON as it is. */
bool cleat_json_plain(struct cleat_str s);
/* Writes the canonical escape sequence or UTF-8 of cp into buf; returns its length. */
size_t cleat_json_put_char(uint32_t cp, char buf[6]);
/* Decodes canonical string text (without quotes) into buf of at least s.n bytes. */
size_t cleat_json_decode(struct cleat_str s, char *buf);

#endif
