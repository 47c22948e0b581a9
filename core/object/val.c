/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading fields: steps over the index, comparisons over the bytes. Nothing here
 * allocates but strdup, and the comparison of large objects whose members are in
 * another order. Objects are immutable, so any thread may read any of them.
 */
#include "core/object/json.h"

static const struct cleat_val absent = {NULL, 0, 0};

static inline struct cleat_val val_of(const cleat_obj *o, uint32_t node) {
    return (struct cleat_val){o, node, 0};
}

static inline char first_byte(struct cleat_val v) {
    return cleat_obj_text(v.obj)[cleat_obj_node(v.obj, v.node).pos];
}

int32_t cleat_val_type(struct cleat_val v) {
    if (v.obj == NULL) {
        return CLEAT_ABSENT;
    }
    switch (first_byte(v)) {
    case '{':
        return CLEAT_OBJECT;
    case '[':
        return CLEAT_ARRAY;
    case '"':
        return CLEAT_STRING;
    case 't':
    case 'f':
        return CLEAT_BOOL;
    case 'n':
        return CLEAT_NULL;
    default:
        return CLEAT_NUMBER;
    }
}

uint32_t cleat_obj_key_pos(const cleat_obj *o, uint32_t pos) {
    const char *text = cleat_obj_text(o);
    uint32_t q = pos - 3; /* before the closing quote and the colon */
    while (text[q] != '"' || (text[q - 1] != '{' && text[q - 1] != ',')) {
        q--;
    }
    return q;
}

/* Whether the member whose value is at pos has this key: what stands before the
 * value is the key in quotes after a brace or comma. The key must be canonical. */
static inline bool key_is(const char *text, uint32_t pos, struct cleat_str key) {
    size_t need = key.n + 4; /* the byte before, two quotes, colon */
    if (pos < need) {
        return false;
    }
    const char *p = text + pos - need;
    return p[1] == '"' && (p[0] == '{' || p[0] == ',') && memcmp(p + 2, key.p, key.n) == 0;
}

/* key is in canonical form. Two loops, for this is what reading a field costs. */
static struct cleat_val find_member(struct cleat_val v, struct cleat_str key) {
    const cleat_obj *o = v.obj;
    const char *text = cleat_obj_text(o);
    uint32_t i = v.node + 1;
    if (o->wide) {
        const struct cleat_node *e = (const struct cleat_node *)(const void *)(o + 1);
        for (uint32_t end = e[v.node].ext; i < end;) {
            if (key_is(text, e[i].pos, key)) {
                return val_of(o, i);
            }
            i = cleat_json_is_container(text[e[i].pos]) ? e[i].ext : i + 1;
        }
        return absent;
    }
    const struct cleat_node16 *e = (const struct cleat_node16 *)(const void *)(o + 1);
    for (uint32_t end = e[v.node].ext; i < end;) {
        if (key_is(text, e[i].pos, key)) {
            return val_of(o, i);
        }
        i = cleat_json_is_container(text[e[i].pos]) ? e[i].ext : i + 1;
    }
    return absent;
}

/* Apart, so that the common case needs no stack frame of its own. */
static __attribute__((noinline)) struct cleat_val find_escaped(struct cleat_val v,
                                                               struct cleat_str key) {
    CLEAT_AUTO_BUF canon = {0};
    cleat_buf_json(&canon, key);
    return find_member(v, (struct cleat_str){canon.p + 1, canon.n - 2});
}

static inline struct cleat_val get(struct cleat_val v, struct cleat_str key) {
    if (v.obj == NULL || first_byte(v) != '{') {
        return absent;
    }
    return cleat_json_plain(key) ? find_member(v, key) : find_escaped(v, key);
}

struct cleat_val cleat_val_get_s(struct cleat_val v, struct cleat_str key) {
    return get(v, key);
}

struct cleat_val cleat_val_get(struct cleat_val v, const char *key) {
    return get(v, cleat_s(key));
}

struct cleat_val cleat_val_elem(struct cleat_val v, size_t i) {
    if (v.obj == NULL || first_byte(v) != '[') {
        return absent;
    }
    uint32_t end = cleat_obj_node(v.obj, v.node).ext;
    uint32_t at = v.node + 1;
    for (; at < end && i > 0; i--) {
        at = cleat_obj_after(v.obj, at);
    }
    return at < end ? val_of(v.obj, at) : absent;
}

bool cleat_path_index(const char *key, size_t *ret) {
    size_t n = 0;
    if (*key == '\0' || (key[0] == '0' && key[1] != '\0')) {
        return false;
    }
    for (; *key != '\0'; key++) {
        if (*key < '0' || *key > '9' || n > 100000000) {
            return false;
        }
        n = n * 10 + (size_t)(*key - '0');
    }
    *ret = n;
    return true;
}

struct cleat_val cleat_val_at(struct cleat_val v, cleat_path path) {
    for (; *path != NULL && v.obj != NULL; path++) {
        size_t i;
        if (first_byte(v) == '[') {
            v = cleat_path_index(*path, &i) ? cleat_val_elem(v, i) : absent;
        } else {
            v = get(v, cleat_s(*path));
        }
    }
    return v;
}

int32_t cleat_val_next(struct cleat_val v, struct cleat_iter *it) {
    if (v.obj == NULL) {
        return 0;
    }
    const cleat_obj *o = v.obj;
    const char *text = cleat_obj_text(o);
    struct cleat_node parent = cleat_obj_node(o, v.node);
    if (!cleat_json_is_container(text[parent.pos])) {
        return 0;
    }
    uint32_t i = it->pos == 0 ? v.node + 1 : it->pos;
    if (i >= parent.ext) {
        return 0;
    }
    struct cleat_node e = cleat_obj_node(o, i);
    it->index = it->pos == 0 ? 0 : it->index + 1;
    it->pos = cleat_json_is_container(text[e.pos]) ? e.ext : i + 1;
    it->val = val_of(o, i);
    if (text[parent.pos] == '{') {
        uint32_t q = cleat_obj_key_pos(o, e.pos);
        it->key = (struct cleat_str){text + q + 1, e.pos - q - 3};
    } else {
        it->key = (struct cleat_str){text, 0};
    }
    return 1;
}

size_t cleat_val_count(struct cleat_val v) {
    size_t n = 0;
    if (v.obj == NULL || !cleat_json_is_container(first_byte(v))) {
        return 0;
    }
    uint32_t end = cleat_obj_node(v.obj, v.node).ext;
    for (uint32_t i = v.node + 1; i < end; i = cleat_obj_after(v.obj, i)) {
        n++;
    }
    return n;
}

struct cleat_str cleat_val_str(struct cleat_val v) {
    if (v.obj == NULL || first_byte(v) != '"') {
        return (struct cleat_str){"", 0};
    }
    struct cleat_node e = cleat_obj_node(v.obj, v.node);
    return (struct cleat_str){cleat_obj_text(v.obj) + e.pos + 1, e.ext - 2};
}

size_t cleat_val_decode(struct cleat_val v, char *buf, size_t size) {
    struct cleat_str s = cleat_val_str(v);
    if (cleat_json_plain(s)) {
        if (size > 0) {
            size_t n = s.n < size - 1 ? s.n : size - 1;
            memcpy(buf, s.p, n);
            buf[n] = '\0';
        }
        return s.n;
    }
    CLEAT_AUTO_FREE char *plain = cleat_alloc(s.n);
    size_t all = cleat_json_decode(s, plain);
    if (size > 0) {
        size_t n = all < size - 1 ? all : size - 1;
        memcpy(buf, plain, n);
        buf[n] = '\0';
    }
    return all;
}

char *cleat_val_strdup(struct cleat_val v) {
    if (cleat_val_type(v) != CLEAT_STRING) {
        return NULL;
    }
    struct cleat_str s = cleat_val_str(v);
    char *text = cleat_alloc(s.n + 1);
    text[cleat_json_decode(s, text)] = '\0';
    return text;
}

int32_t cleat_val_int(struct cleat_val v, int64_t *ret) {
    if (cleat_val_type(v) != CLEAT_NUMBER) {
        return 0;
    }
    struct cleat_str s = cleat_val_raw(v);
    bool negative = s.p[0] == '-';
    uint64_t n = 0;
    for (size_t i = negative; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || i > 19) {
            return 0;
        }
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (n > ((uint64_t)INT64_MAX + negative - digit) / 10) {
            return 0;
        }
        n = n * 10 + digit;
    }
    *ret = negative ? (int64_t)(0 - n) : (int64_t)n;
    return 1;
}

int32_t cleat_val_bool(struct cleat_val v, int32_t def) {
    if (cleat_val_type(v) != CLEAT_BOOL) {
        return def;
    }
    return first_byte(v) == 't';
}

/* Where the text of a node ends. The last child of each level has the same
 * successor as its parent. */
uint32_t cleat_obj_node_end(const cleat_obj *o, uint32_t i) {
    const char *text = cleat_obj_text(o);
    uint32_t closing = 0;
    struct cleat_node e = cleat_obj_node(o, i);
    while (cleat_json_is_container(text[e.pos])) {
        uint32_t end = e.ext, child = i + 1;
        closing++;
        if (child == end) {
            return e.pos + 1 + closing;
        }
        for (uint32_t after = cleat_obj_after(o, child); after < end;
             after = cleat_obj_after(o, child)) {
            child = after;
        }
        i = child;
        e = cleat_obj_node(o, i);
    }
    return e.pos + e.ext + closing;
}

struct cleat_str cleat_val_raw(struct cleat_val v) {
    if (v.obj == NULL) {
        return (struct cleat_str){"", 0};
    }
    uint32_t pos = cleat_obj_node(v.obj, v.node).pos;
    return (struct cleat_str){cleat_obj_text(v.obj) + pos, cleat_obj_node_end(v.obj, v.node) - pos};
}

/* ---- equality: members in any order -------------------------------------------- */

struct member {
    struct cleat_str key;
    struct cleat_val val;
};

static int compare_members(const void *a, const void *b) {
    return cleat_cmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static struct member *sorted_members(struct cleat_val v, size_t n) {
    struct member *m = cleat_array(n, sizeof *m);
    struct cleat_iter it = {0};
    for (size_t i = 0; i < n && cleat_val_next(v, &it); i++) {
        m[i] = (struct member){it.key, it.val};
    }
    qsort(m, n, sizeof *m, compare_members);
    return m;
}

static bool equal_structure(struct cleat_val a, struct cleat_val b);

static bool equal_sorted(struct cleat_val a, struct cleat_val b, size_t n) {
    CLEAT_AUTO_FREE struct member *x = sorted_members(a, n);
    CLEAT_AUTO_FREE struct member *y = sorted_members(b, n);
    for (size_t i = 0; i < n; i++) {
        if (!cleat_eq(x[i].key, y[i].key) || !equal_structure(x[i].val, y[i].val)) {
            return false;
        }
    }
    return true;
}

static bool same_key_order(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter x = {0}, y = {0};
    while (cleat_val_next(a, &x) && cleat_val_next(b, &y)) {
        if (!cleat_eq(x.key, y.key)) {
            return false;
        }
    }
    return true;
}

/* Each pair of values is compared once: keys are looked at before any value. */
static bool equal_structure(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter x = {0}, y = {0};
    char first = first_byte(a);
    if (!cleat_json_is_container(first)) {
        return cleat_eq(cleat_val_raw(a), cleat_val_raw(b));
    }
    size_t n = cleat_val_count(a);
    if (first != first_byte(b) || n != cleat_val_count(b)) {
        return false;
    }
    if (first == '{' && !same_key_order(a, b)) {
        return equal_sorted(a, b, n);
    }
    while (cleat_val_next(a, &x) && cleat_val_next(b, &y)) {
        if (!equal_structure(x.val, y.val)) {
            return false;
        }
    }
    return true;
}

int32_t cleat_val_equal(struct cleat_val a, struct cleat_val b) {
    if (a.obj == NULL || b.obj == NULL) {
        return a.obj == b.obj;
    }
    if (a.obj == b.obj && a.node == b.node) {
        return 1;
    }
    return cleat_eq(cleat_val_raw(a), cleat_val_raw(b)) || equal_structure(a, b);
}
