/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pruning and defaulting in one pass: members that the schema does not know go,
 * members that have a default come. A first pass looks whether anything would
 * change, which for an object that was read and is written back is nothing; the
 * second writes new text. metadata is left as it is. Pure; any thread.
 */
#include "core/registry/schema.h"

static bool keeps_unknown(const struct cleat_schema *s) {
    return s->preserve_unknown || s->additional_any || (s->type.n == 0 && s->n_props == 0);
}

/* Members that every object with its own kind has. */
static bool envelope(struct cleat_str key) {
    return cleat_eqc(key, "apiVersion") || cleat_eqc(key, "kind") || cleat_eqc(key, "metadata");
}

/* What to do with one member. */
enum { KEEP, SHAPE, DROP, DROP_NULL, DEFAULT };

static int member_fate(const struct cleat_schema *s, bool own_kind, const struct cleat_iter *it,
                       const struct cleat_schema **ret) {
    const struct cleat_schema *p = cleat_schema_prop(s, it->key);
    if (own_kind && envelope(it->key)) {
        return KEEP;
    }
    if (p == NULL) {
        p = s->additional;
    }
    *ret = p;
    if (p == NULL) {
        return keeps_unknown(s) ? KEEP : DROP;
    }
    if (cleat_val_type(it->val) == CLEAT_NULL && !p->nullable) {
        return cleat_val_present(p->def) ? DEFAULT : DROP_NULL;
    }
    return SHAPE;
}

static bool missing_default(const struct cleat_schema_prop *p, struct cleat_val v) {
    return cleat_val_present(p->schema->def) && !cleat_val_present(cleat_val_get_s(v, p->key));
}

/* ---- would anything change? ---- */

/* Where the pass is: from the root to the value at hand. */
struct place {
    const struct place *up;
    struct cleat_str key;
    uint32_t index;
    bool element;
};
struct shaper {
    cleat_type_report report; /* NULL: the first thing to do ends the pass */
    void *userdata;
    bool changes;
};

static void print_path(const struct place *p, struct cleat_buf *out) {
    if (p->up != NULL) {
        print_path(p->up, out);
    }
    if (p->element) {
        cleat_buf_printf(out, "[%u]", p->index);
    } else {
        cleat_buf_puts(out, out->n > 0 ? "." : "");
        cleat_buf_str(out, p->key);
    }
}

static void look(struct shaper *sh, const struct place *up, const struct cleat_schema *s,
                 struct cleat_val v, bool own_kind);

static void look_at_member(struct shaper *sh, const struct place *p, const struct cleat_schema *s,
                           const struct cleat_iter *it, bool own_kind) {
    const struct cleat_schema *prop = NULL;
    int fate = member_fate(s, own_kind, it, &prop);
    sh->changes |= fate == DROP || fate == DROP_NULL || fate == DEFAULT;
    if (fate == DROP && sh->report != NULL) {
        CLEAT_AUTO_BUF path = {0};
        print_path(p, &path);
        sh->report(sh->userdata, (struct cleat_str){path.p, path.n});
    } else if (fate == SHAPE) {
        look(sh, p, prop, it->val, prop->embedded);
    }
}

static void look(struct shaper *sh, const struct place *up, const struct cleat_schema *s,
                 struct cleat_val v, bool own_kind) {
    struct cleat_iter it = {0};
    int32_t type = cleat_val_type(v);
    struct place p = {.up = up, .element = type == CLEAT_ARRAY};
    if (type != CLEAT_OBJECT && (type != CLEAT_ARRAY || s->items == NULL)) {
        return;
    }
    while ((sh->report != NULL || !sh->changes) && cleat_val_next(v, &it)) {
        p.key = it.key;
        p.index = it.index;
        if (p.element) {
            look(sh, &p, s->items, it.val, s->items->embedded);
        } else {
            look_at_member(sh, &p, s, &it, own_kind);
        }
    }
    for (size_t i = 0; i < s->n_props && !sh->changes && !p.element; i++) {
        sh->changes = missing_default(&s->props[i], v) && !(own_kind && envelope(s->props[i].key));
    }
}

/* ---- writing ---- */

static void write_val(const struct cleat_schema *s, struct cleat_val v, bool own_kind,
                      struct cleat_buf *out);

static void write_key(struct cleat_str key, bool *first, struct cleat_buf *out) {
    cleat_buf_puts(out, *first ? "\"" : ",\"");
    *first = false;
    cleat_buf_str(out, key);
    cleat_buf_puts(out, "\":");
}

static void write_object(const struct cleat_schema *s, struct cleat_val v, bool own_kind,
                         struct cleat_buf *out) {
    struct cleat_iter it = {0};
    bool first = true;
    cleat_buf_putc(out, '{');
    while (cleat_val_next(v, &it)) {
        const struct cleat_schema *p = NULL;
        int fate = member_fate(s, own_kind, &it, &p);
        if (fate == DROP || fate == DROP_NULL) {
            continue;
        }
        write_key(it.key, &first, out);
        if (fate == KEEP) {
            cleat_buf_str(out, cleat_val_raw(it.val));
        } else {
            write_val(p, fate == DEFAULT ? p->def : it.val, p->embedded, out);
        }
    }
    for (size_t i = 0; i < s->n_props; i++) {
        const struct cleat_schema_prop *p = &s->props[i];
        if (missing_default(p, v) && !(own_kind && envelope(p->key))) {
            write_key(p->key, &first, out);
            write_val(p->schema, p->schema->def, p->schema->embedded, out);
        }
    }
    cleat_buf_putc(out, '}');
}

static void write_val(const struct cleat_schema *s, struct cleat_val v, bool own_kind,
                      struct cleat_buf *out) {
    struct cleat_iter it = {0};
    int32_t type = cleat_val_type(v);
    if (type == CLEAT_OBJECT) {
        write_object(s, v, own_kind, out);
    } else if (type == CLEAT_ARRAY && s->items != NULL) {
        cleat_buf_putc(out, '[');
        while (cleat_val_next(v, &it)) {
            cleat_buf_puts(out, it.index > 0 ? "," : "");
            write_val(s->items, it.val, s->items->embedded, out);
        }
        cleat_buf_putc(out, ']');
    } else {
        cleat_buf_str(out, cleat_val_raw(v));
    }
}

cleat_err cleat_schema_shape(const struct cleat_schema *s, const cleat_obj *o,
                             cleat_type_report report, void *userdata, cleat_obj **ret,
                             struct cleat_error *e) {
    struct shaper sh = {report, userdata, false};
    *ret = NULL;
    look(&sh, NULL, s, cleat_obj_root(o), true);
    if (!sh.changes) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF out = {0};
    cleat_buf_reserve(&out, cleat_obj_bytes(o).n + 256);
    write_val(s, cleat_obj_root(o), true, &out);
    return cleat_obj_parse_trusted((struct cleat_str){out.p, out.n}, ret, e);
}

static void note_unknown(void *userdata, struct cleat_str path) {
    (void)path;
    *(bool *)userdata = true;
}

bool cleat_schema_prunes(const struct cleat_schema *s, struct cleat_val value) {
    bool unknown = false;
    struct shaper sh = {note_unknown, &unknown, false};
    look(&sh, NULL, s, value, s->embedded);
    return unknown;
}
