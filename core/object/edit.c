/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edits: a private mutable copy of an object, of which only the containers that
 * lead to a change are opened: all else stays text of the base or of what was
 * set, and is copied as it is. Nothing is opened before a change really differs
 * from the base, so that "set it to what it is" costs a look-up. The first
 * failure is kept for finish; later calls then do nothing. One thread at a time.
 */
#include "core/base/limits.h"
#include "core/object/json.h"

enum type { TEXT, OBJECT, ARRAY };

struct node {
    struct cleat_str key; /* of a member: as it stands between the quotes */
    enum type type;
    struct cleat_val val;  /* of a text: where it stands in a document; or in none, and then: */
    struct cleat_str text; /* a scalar */
    struct node *kids;     /* of an opened object or array */
    uint32_t n, cap;
};

struct doc { /* whose text is referred to */
    cleat_obj *obj;
    struct doc *next;
};

struct cleat_edit {
    cleat_obj *base; /* NULL: from {} */
    struct node root;
    struct doc *docs;
    struct cleat_arena arena;
    bool dirty;
    cleat_err err;
    struct cleat_error error;
};

cleat_edit *cleat_edit_new(const cleat_obj *base) {
    cleat_edit *e = cleat_zalloc(sizeof *e);
    e->base = cleat_obj_ref(base);
    e->root.type = OBJECT;
    if (base != NULL) {
        e->root = (struct node){.type = TEXT, .val = cleat_obj_root(base)};
    }
    e->error.struct_size = (uint32_t)sizeof e->error;
    return e;
}

void cleat_edit_free(cleat_edit *e) {
    if (e != NULL) {
        cleat_obj_unref(e->base);
        for (struct doc *d = e->docs; d != NULL; d = d->next) {
            cleat_obj_unref(d->obj);
        }
        cleat_arena_done(&e->arena);
        free(e);
    }
}

const cleat_obj *cleat_edit_base(const cleat_edit *e) {
    return e->base;
}

int32_t cleat_edit_dirty(const cleat_edit *e) {
    return e->dirty;
}

static void fail_path(cleat_edit *e, cleat_path path, const char *what) {
    CLEAT_AUTO_BUF text = {0};
    for (; *path != NULL; path++) {
        cleat_buf_puts(&text, text.n > 0 ? "." : "");
        cleat_buf_puts(&text, *path);
    }
    e->err = cleat_fail(&e->error, CLEAT_E_INVALID, "%s: %s", text.p != NULL ? text.p : "", what);
}

/* Takes the object, and keeps it as long as the edit. */
static struct cleat_val keep(cleat_edit *e, cleat_obj *o) {
    struct doc *d = cleat_arena_alloc(&e->arena, sizeof *d);
    *d = (struct doc){o, e->docs};
    e->docs = d;
    return cleat_obj_root(o);
}

/* While nothing is opened: whether base already has this text at path. */
static bool base_has(const cleat_edit *e, cleat_path path, struct cleat_str raw) {
    if (e->root.type != TEXT) {
        return false;
    }
    struct cleat_val v = cleat_obj_at(e->base, path);
    return cleat_val_present(v) && cleat_eq(cleat_val_raw(v), raw);
}

/* ---- nodes ---- */

static struct cleat_str text_of(const struct node *t) {
    return cleat_val_present(t->val) ? cleat_val_raw(t->val) : t->text;
}

static bool is_null(const struct node *t) {
    return t->type == TEXT && cleat_eqc(text_of(t), "null");
}

/* The node as an object or array with kids; false where it is a scalar. */
static bool open_node(cleat_edit *e, struct node *t) {
    struct cleat_iter it = {0};
    int32_t type = t->type == TEXT ? cleat_val_type(t->val) : 0;
    if (t->type != TEXT) {
        return true;
    }
    if (type != CLEAT_OBJECT && type != CLEAT_ARRAY) {
        return false;
    }
    t->cap = (uint32_t)cleat_val_count(t->val) + 2; /* there is often something to add */
    t->kids = cleat_arena_alloc(&e->arena, t->cap * sizeof *t->kids);
    while (cleat_val_next(t->val, &it)) {
        t->kids[t->n++] = (struct node){.key = it.key, .type = TEXT, .val = it.val};
    }
    t->type = type == CLEAT_OBJECT ? OBJECT : ARRAY;
    return true;
}

/* A key as it stands in canonical JSON. */
static struct cleat_str canonical(cleat_edit *e, const char *key) {
    struct cleat_str s = cleat_s(key);
    if (cleat_json_plain(s)) {
        return s;
    }
    CLEAT_AUTO_BUF buf = {0};
    cleat_buf_json(&buf, s);
    return cleat_arena_str(&e->arena, (struct cleat_str){buf.p + 1, buf.n - 2});
}

/* What is under key of an opened node, or NULL. */
static struct node *child_of(cleat_edit *e, const struct node *t, const char *key) {
    size_t i;
    if (t->type == ARRAY) {
        return cleat_path_index(key, &i) && i < t->n ? &t->kids[i] : NULL;
    }
    struct cleat_str k = canonical(e, key);
    for (uint32_t m = 0; m < t->n; m++) {
        if (cleat_eq(t->kids[m].key, k)) {
            return &t->kids[m];
        }
    }
    return NULL;
}

/* A place for key, which is not there yet; NULL where there can be none. */
static struct node *add_child(cleat_edit *e, struct node *t, const char *key) {
    if (t->type == ARRAY && strcmp(key, "-") != 0) {
        return NULL;
    }
    t->kids = cleat_arena_grow(&e->arena, t->kids, t->n, &t->cap, sizeof *t->kids);
    struct node *child = &t->kids[t->n++];
    *child = (struct node){.type = TEXT, .text = CLEAT_STR("null")};
    if (t->type == OBJECT) {
        child->key = cleat_arena_str(&e->arena, canonical(e, key));
    }
    return child;
}

static void put(struct node *place, struct node value) {
    value.key = place->key;
    *place = value;
}

/* False where it is too deep. */
static bool write_node(struct cleat_buf *out, const struct node *t, unsigned depth) {
    if (depth > CLEAT_LIMIT_JSON_DEPTH) {
        return false;
    }
    if (t->type == TEXT) {
        cleat_buf_str(out, text_of(t));
        return true;
    }
    cleat_buf_putc(out, t->type == OBJECT ? '{' : '[');
    for (uint32_t i = 0; i < t->n; i++) {
        if (i > 0) {
            cleat_buf_putc(out, ',');
        }
        if (t->type == OBJECT) {
            cleat_buf_putc(out, '"');
            cleat_buf_str(out, t->kids[i].key);
            cleat_buf_str(out, CLEAT_STR("\":"));
        }
        if (!write_node(out, &t->kids[i], depth + 1)) {
            return false;
        }
    }
    cleat_buf_putc(out, t->type == OBJECT ? '}' : ']');
    return true;
}

/* Same content: members in any order, numbers by their text. */
static bool same(const struct node *a, const struct node *b) {
    if (a->type == TEXT && cleat_eq(text_of(a), text_of(b))) {
        return true;
    }
    if (!cleat_val_present(b->val) || (a->type == TEXT && !cleat_val_present(a->val))) {
        return false; /* a scalar of another text */
    }
    if (a->type == TEXT) {
        return cleat_val_equal(a->val, b->val);
    }
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_AUTO_BUF text = {0};
    return write_node(&text, a, 0) &&
           cleat_json_scan((struct cleat_str){text.p, text.n}, CLEAT_PARSE_ANY, &o, NULL) ==
               CLEAT_OK &&
           cleat_val_equal(cleat_obj_root(o), b->val);
}

/* ---- changes ---- */

static void set_node(cleat_edit *e, cleat_path path, struct node value) {
    struct node *at = &e->root;
    cleat_path whole = path;
    if (*path == NULL) {
        fail_path(e, whole, "an edit cannot replace the whole object");
        return;
    }
    for (; path[1] != NULL; path++) {
        bool opened = open_node(e, at);
        struct node *child = opened ? child_of(e, at, *path) : NULL;
        bool missing = child == NULL;
        if (missing && (!opened || (child = add_child(e, at, *path)) == NULL)) {
            fail_path(e, whole, "leads through what is no object");
            return;
        }
        if (missing || is_null(child)) {
            put(child, (struct node){.type = strcmp(path[1], "-") == 0 ? ARRAY : OBJECT});
        }
        at = child;
    }
    bool opened = open_node(e, at);
    struct node *child = opened ? child_of(e, at, *path) : NULL;
    if (child != NULL && same(child, &value)) {
        return;
    }
    if (child == NULL && (!opened || (child = add_child(e, at, *path)) == NULL)) {
        fail_path(e, whole, "leads to no place in an object or array");
        return;
    }
    put(child, value);
    e->dirty = true;
}

static void set_scalar(cleat_edit *e, cleat_path path, struct cleat_str raw) {
    if (!base_has(e, path, raw)) {
        set_node(e, path, (struct node){.type = TEXT, .text = cleat_arena_str(&e->arena, raw)});
    }
}

void cleat_edit_set_str(cleat_edit *e, cleat_path path, struct cleat_str value) {
    CLEAT_AUTO_BUF raw = {0};
    if (e->err == CLEAT_OK) {
        cleat_buf_json(&raw, value);
        set_scalar(e, path, (struct cleat_str){raw.p, raw.n});
    }
}

void cleat_edit_set_int(cleat_edit *e, cleat_path path, int64_t value) {
    char raw[24];
    int n = snprintf(raw, sizeof raw, "%lld", (long long)value);
    if (e->err == CLEAT_OK) {
        set_scalar(e, path, (struct cleat_str){raw, (size_t)n});
    }
}

void cleat_edit_set_bool(cleat_edit *e, cleat_path path, int32_t value) {
    if (e->err == CLEAT_OK) {
        set_scalar(e, path, value ? CLEAT_STR("true") : CLEAT_STR("false"));
    }
}

void cleat_edit_set_val(cleat_edit *e, cleat_path path, struct cleat_val value) {
    if (e->err != CLEAT_OK) {
        return;
    }
    if (!cleat_val_present(value)) {
        cleat_edit_remove(e, path);
    } else if (!base_has(e, path, cleat_val_raw(value))) {
        if (value.obj != e->base) {
            keep(e, cleat_obj_ref(value.obj));
        }
        set_node(e, path, (struct node){.type = TEXT, .val = value});
    }
}

void cleat_edit_set_json(cleat_edit *e, cleat_path path, struct cleat_str json) {
    cleat_obj *o = NULL;
    if (e->err != CLEAT_OK || base_has(e, path, json)) {
        return;
    }
    e->err = cleat_json_scan(json, CLEAT_PARSE_ANY, &o, &e->error);
    if (e->err == CLEAT_OK) {
        set_node(e, path, (struct node){.type = TEXT, .val = keep(e, o)});
    }
}

void cleat_edit_remove(cleat_edit *e, cleat_path path) {
    if (e->err != CLEAT_OK) {
        return;
    }
    if (*path == NULL) {
        fail_path(e, path, "an edit cannot remove the whole object");
        return;
    }
    if (e->root.type == TEXT && !cleat_val_present(cleat_obj_at(e->base, path))) {
        return;
    }
    struct node *at = &e->root;
    for (; path[1] != NULL && at != NULL; path++) {
        at = open_node(e, at) ? child_of(e, at, *path) : NULL;
    }
    struct node *child = at != NULL && open_node(e, at) ? child_of(e, at, *path) : NULL;
    if (child != NULL) {
        size_t left = (size_t)(at->kids + at->n - child) - 1;
        memmove(child, child + 1, left * sizeof *child);
        at->n--;
        e->dirty = true;
    }
}

static cleat_err finish(cleat_edit *e, cleat_obj **ret, struct cleat_error *err) {
    cleat_obj *o = NULL;
    if (e->err != CLEAT_OK) {
        if (err != NULL) {
            uint32_t size = err->struct_size;
            *err = e->error;
            err->struct_size = size;
        }
        return e->err;
    }
    if (!e->dirty && e->base != NULL) {
        *ret = cleat_obj_ref(e->base);
        return CLEAT_OK;
    }
    struct cleat_buf *text = cleat_json_scratch();
    if (!write_node(text, &e->root, 0)) {
        return cleat_fail(err, CLEAT_E_BAD_REQUEST, "JSON has more than %u levels",
                          CLEAT_LIMIT_JSON_DEPTH);
    }
    /* Scanned as canonical: a string that is not UTF-8 is found here. */
    CLEAT_TRY(
        cleat_json_scan((struct cleat_str){text->p, text->n}, CLEAT_PARSE_CANONICAL, &o, err));
    o->kind = e->base != NULL ? e->base->kind : 0;
    *ret = o;
    return CLEAT_OK;
}

cleat_err cleat_edit_finish(cleat_edit *e, cleat_obj **ret, struct cleat_error *err) {
    cleat_err r = finish(e, ret, err);
    cleat_edit_free(e);
    return r;
}
