/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding as a typed decoder does, without decoding: one pass over the index
 * compares each value with its type; only where something must go or change a
 * second one writes the text anew. The objects of clients that read and write
 * back pass without an allocation. Pure; any thread.
 */
#include "core/types/check.h"

/* Where the pass is: from the root to the value at hand. */
struct place {
    const struct place *up;          /* NULL at the root */
    const struct cleat_type *of;     /* what it is a part of */
    const struct cleat_field *field; /* of a structure */
    struct cleat_str key;            /* of a structure or map */
    uint32_t index;                  /* of a list */
};
struct checker {
    cleat_type_report report;
    void *userdata;
    struct cleat_error *e;
    const char **spots; /* where the second pass has something to do, in their order */
    size_t n_spots, cap;
};

/* v must go, or change. */
static void mark(struct checker *c, struct cleat_val v) {
    if (c->n_spots == c->cap) {
        c->cap = c->cap > 0 ? c->cap * 2 : 16;
        c->spots = cleat_rearray(c->spots, c->cap, sizeof *c->spots);
    }
    c->spots[c->n_spots++] = cleat_val_raw(v).p;
}

/* ---- words ---- */

/* "spec.containers[0].foo"; or as a field of Go's "spec.containers", for which what is no
 * member of a structure does not count. */
static void print_path(const struct place *p, bool members_only, struct cleat_buf *out) {
    if (p == NULL) {
        return;
    }
    print_path(p->up, members_only, out);
    if (p->of->form == CLEAT_FORM_LIST) {
        if (!members_only) {
            cleat_buf_printf(out, "[%u]", p->index);
        }
    } else if (!members_only || p->of->form == CLEAT_FORM_STRUCT) {
        cleat_buf_puts(out, out->n > 0 ? "." : "");
        cleat_buf_str(out, p->key);
    }
}

/* "io.k8s.api.core.v1.PodSpec": "v1.PodSpec", or without the version. */
static const char *short_name(const struct cleat_type *t, int parts) {
    const char *p = t->name != NULL ? t->name + strlen(t->name) : "";
    while (t->name != NULL && p > t->name && (p[-1] != '.' || --parts > 0)) {
        p--;
    }
    return p;
}

static void print_go_type(const struct cleat_type *t, struct cleat_buf *out) {
    static const char *const plain[] = {
        [CLEAT_FORM_STRING] = "string", [CLEAT_FORM_BYTES] = "[]uint8",
        [CLEAT_FORM_BOOL] = "bool",     [CLEAT_FORM_INT32] = "int32",
        [CLEAT_FORM_INT64] = "int64",   [CLEAT_FORM_DOUBLE] = "float64",
    };
    for (; t->form == CLEAT_FORM_LIST || t->form == CLEAT_FORM_MAP; t = t->elem) {
        if (t->form == CLEAT_FORM_MAP && t->elem->form == CLEAT_FORM_QUANTITY) {
            cleat_buf_puts(out, "v1.ResourceList");
            return;
        }
        cleat_buf_puts(out, t->form == CLEAT_FORM_LIST ? "[]" : "map[string]");
    }
    cleat_buf_puts(out, t->form < sizeof plain / sizeof *plain && plain[t->form] != NULL
                            ? plain[t->form]
                            : short_name(t, 2));
}

/* What Go makes of v where it decodes JSON without a type. */
static const char *go_kind(struct cleat_val v) {
    int64_t n;
    switch (cleat_val_type(v)) {
    case CLEAT_OBJECT:
        return "map";
    case CLEAT_ARRAY:
        return "slice";
    case CLEAT_STRING:
        return "string";
    case CLEAT_NUMBER:
        return cleat_val_int(v, &n) ? "int64" : "float64";
    default:
        return "bool";
    }
}

/* Upstream decodes what a strategic patch made in another way, and has other words for it:
 * they go into a cause. Types with a JSON decoder of their own say the same in both. */
static void convert_words(struct cleat_error *e, const struct cleat_type *t, struct cleat_val v) {
    const char *from = go_kind(v);
    bool number = cleat_val_type(v) == CLEAT_NUMBER;
    switch (t->form) {
    case CLEAT_FORM_STRUCT:
        cleat_error_cause(e, CLEAT_TYPE_CONVERSION, "", "cannot restore struct from: %s", from);
        break;
    case CLEAT_FORM_MAP:
        cleat_error_cause(e, CLEAT_TYPE_CONVERSION, "", "cannot restore map from %s", from);
        break;
    case CLEAT_FORM_LIST:
    case CLEAT_FORM_BYTES:
        cleat_error_cause(e, CLEAT_TYPE_CONVERSION, "", "cannot restore slice from %s", from);
        break;
    case CLEAT_FORM_STRING:
    case CLEAT_FORM_BOOL:
    case CLEAT_FORM_INT32:
    case CLEAT_FORM_INT64:
    case CLEAT_FORM_DOUBLE: {
        CLEAT_AUTO_BUF to = {0};
        print_go_type(t, &to);
        /* Go converts between numbers, and from integers to strings. */
        if (number && t->form != CLEAT_FORM_BOOL &&
            (t->form != CLEAT_FORM_STRING || strcmp(from, "int64") == 0)) {
            cleat_error_cause(e, CLEAT_TYPE_CONVERSION, "", "cannot convert %s to %s", from, to.p);
        } else {
            cleat_error_cause(e, CLEAT_TYPE_CONVERSION, "", "unrecognized type: %s", to.p);
        }
        break;
    }
    default:
        break;
    }
}

/* what: "string"; t: what was wanted in the place of v. */
static cleat_err wrong_form(const struct checker *c, const struct place *p, const char *what,
                            const struct cleat_type *t, struct cleat_val v) {
    CLEAT_AUTO_BUF path = {0};
    CLEAT_AUTO_BUF type = {0};
    const struct place *member = p;
    print_path(p, true, &path);
    if (p->field != NULL && cleat_eqc(p->key, "uid") && t->form == CLEAT_FORM_STRING) {
        cleat_buf_puts(&type, "types.UID");
    } else {
        print_go_type(t, &type);
    }
    while (member->up != NULL && member->of->form != CLEAT_FORM_STRUCT) {
        member = member->up;
    }
    cleat_err err =
        cleat_fail(c->e, CLEAT_E_BAD_REQUEST,
                   "json: cannot unmarshal %s into Go struct field %s.%s of type %s", what,
                   short_name(member->of, 1), path.p != NULL ? path.p : "", type.p);
    convert_words(c->e, t, v);
    return err;
}

static cleat_err check_scalar(struct checker *c, const struct place *p, const struct cleat_type *t,
                              struct cleat_val v) {
    int found = cleat_scalar_check(t, v, NULL, NULL);
    CLEAT_AUTO_BUF why = {0};
    if (found <= CLEAT_SCALAR_CHANGES) {
        if (found == CLEAT_SCALAR_CHANGES) {
            mark(c, v);
        }
        return CLEAT_OK;
    }
    cleat_scalar_check(t, v, NULL, &why);
    if (found == CLEAT_SCALAR_OTHER) {
        return wrong_form(c, p, why.p, t, v);
    }
    cleat_err err = cleat_fail(c->e, CLEAT_E_BAD_REQUEST, "%s", why.p);
    if (t->form == CLEAT_FORM_BYTES) {
        cleat_error_cause(c->e, CLEAT_TYPE_CONVERSION, "", "error decoding from json: %s", why.p);
    }
    return err;
}

static void unknown(struct checker *c, const struct place *p, struct cleat_val v) {
    mark(c, v);
    if (c->report != NULL) {
        CLEAT_AUTO_BUF path = {0};
        print_path(p, false, &path);
        c->report(c->userdata, (struct cleat_str){path.p, path.n});
    }
}

/* ---- members ---- */

static inline bool named(const struct cleat_field *f, struct cleat_str key) {
    return f->name[0] == key.p[0] && strncmp(f->name, key.p, key.n) == 0 && f->name[key.n] == '\0';
}

static const struct cleat_field *search(const struct cleat_type *t, struct cleat_str key) {
    for (const struct cleat_field *f = t->fields; f->name != NULL; f++) {
        if (f->flags & CLEAT_FIELD_INLINE) {
            const struct cleat_field *inner = search(f->type, key);
            if (inner != NULL) {
                return inner;
            }
        } else if (named(f, key)) {
            return f;
        }
    }
    return NULL;
}

/* *next: where the last member stood in the table; whoever writes Go's or our order
 * has the next one soon after it. */
static inline const struct cleat_field *member(const struct cleat_type *t, struct cleat_str key,
                                               const struct cleat_field **next) {
    enum { AHEAD = 4 };
    const struct cleat_field *f = *next;
    for (int i = 0; i < AHEAD && f->name != NULL; i++, f++) {
        if ((f->flags & CLEAT_FIELD_INLINE) == 0 && named(f, key)) {
            *next = f + 1;
            return f;
        }
    }
    return search(t, key);
}

/* Whether Go would not write it: a zero that is no other thing than nothing. */
static bool is_nothing(const struct cleat_type *t, const struct cleat_field *f,
                       struct cleat_val v) {
    enum { STAYS = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE | CLEAT_FIELD_ALWAYS };
    int64_t n;
    if (t->name == NULL || (f->flags & STAYS) != 0) {
        return false;
    }
    switch (f->type->form) {
    case CLEAT_FORM_STRING:
    case CLEAT_FORM_BYTES:
        return cleat_val_str(v).n == 0;
    case CLEAT_FORM_BOOL:
        return !cleat_val_bool(v, 1);
    case CLEAT_FORM_INT32:
    case CLEAT_FORM_INT64:
        return cleat_val_int(v, &n) && n == 0;
    case CLEAT_FORM_LIST:
    case CLEAT_FORM_MAP:
        return cleat_val_count(v) == 0;
    default:
        return false;
    }
}

/* ---- the first pass ---- */

static cleat_err check(struct checker *c, const struct place *p, const struct cleat_type *t,
                       struct cleat_val v);

static cleat_err check_struct(struct checker *c, const struct place *up, const struct cleat_type *t,
                              struct cleat_val v) {
    const struct cleat_field *next = t->fields;
    struct place p = {.up = up, .of = t};
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        p.key = it.key;
        p.field = member(t, it.key, &next);
        if (p.field == NULL) {
            unknown(c, &p, it.val);
        } else {
            CLEAT_TRY(check(c, &p, p.field->type, it.val));
            if (is_nothing(t, p.field, it.val)) {
                mark(c, it.val);
            }
        }
    }
    return CLEAT_OK;
}

static cleat_err check_elements(struct checker *c, const struct place *up,
                                const struct cleat_type *t, struct cleat_val v) {
    struct place p = {.up = up, .of = t};
    struct cleat_iter it = {0};
    if (t->elem->form == CLEAT_FORM_ANY) {
        return CLEAT_OK;
    }
    while (cleat_val_next(v, &it)) {
        p.key = it.key;
        p.index = it.index;
        CLEAT_TRY(check(c, &p, t->elem, it.val));
    }
    return CLEAT_OK;
}

static cleat_err check(struct checker *c, const struct place *p, const struct cleat_type *t,
                       struct cleat_val v) {
    int32_t type = cleat_val_type(v);
    if (type == CLEAT_NULL) {
        mark(c, v);
        return CLEAT_OK;
    }
    switch (t->form) {
    case CLEAT_FORM_ANY:
        return CLEAT_OK;
    case CLEAT_FORM_STRUCT:
        return type == CLEAT_OBJECT ? check_struct(c, p, t, v)
                                    : wrong_form(c, p, cleat_scalar_word(v), t, v);
    case CLEAT_FORM_MAP:
        return type == CLEAT_OBJECT ? check_elements(c, p, t, v)
                                    : wrong_form(c, p, cleat_scalar_word(v), t, v);
    case CLEAT_FORM_LIST:
        return type == CLEAT_ARRAY ? check_elements(c, p, t, v)
                                   : wrong_form(c, p, cleat_scalar_word(v), t, v);
    default:
        return check_scalar(c, p, t, v);
    }
}

/* ---- the second pass: what the first let pass ---- */

/* A null among the elements of a list or map is Go's zero value. */
static const char *zero_of(const struct cleat_type *t) {
    switch (t->form) {
    case CLEAT_FORM_STRING:
    case CLEAT_FORM_BYTES:
        return "\"\"";
    case CLEAT_FORM_BOOL:
        return "false";
    case CLEAT_FORM_INT32:
    case CLEAT_FORM_INT64:
    case CLEAT_FORM_DOUBLE:
    case CLEAT_FORM_INT_OR_STRING:
        return "0";
    case CLEAT_FORM_QUANTITY:
        return "\"0\"";
    case CLEAT_FORM_DURATION:
        return "\"0s\"";
    case CLEAT_FORM_LIST:
        return "[]";
    case CLEAT_FORM_STRUCT:
    case CLEAT_FORM_MAP:
        return "{}";
    default:
        return "null";
    }
}

struct writer {
    struct cleat_buf out;
    const char *const *spots; /* those that lie ahead */
    size_t n_spots;
};

static void write_val(struct writer *w, const struct cleat_type *t, struct cleat_val v);

static void write_key(struct cleat_str key, bool *first, struct cleat_buf *out) {
    cleat_buf_puts(out, *first ? "\"" : ",\"");
    *first = false;
    cleat_buf_str(out, key);
    cleat_buf_puts(out, "\":");
}

static void write_object(struct writer *w, const struct cleat_type *t, struct cleat_val v) {
    const struct cleat_field *next = t->fields;
    bool first = true, map = t->form == CLEAT_FORM_MAP;
    struct cleat_iter it = {0};
    cleat_buf_putc(&w->out, '{');
    while (cleat_val_next(v, &it)) {
        const struct cleat_field *f = map ? NULL : member(t, it.key, &next);
        if (!map &&
            (f == NULL || cleat_val_type(it.val) == CLEAT_NULL || is_nothing(t, f, it.val))) {
            continue;
        }
        write_key(it.key, &first, &w->out);
        write_val(w, map ? t->elem : f->type, it.val);
    }
    cleat_buf_putc(&w->out, '}');
}

/* Values are written in the order of the text, and so are the spots. */
static bool is_clean(struct writer *w, struct cleat_str raw) {
    while (w->n_spots > 0 && w->spots[0] < raw.p) {
        w->spots++;
        w->n_spots--;
    }
    return w->n_spots == 0 || w->spots[0] >= raw.p + raw.n;
}

static void write_val(struct writer *w, const struct cleat_type *t, struct cleat_val v) {
    struct cleat_str raw = cleat_val_raw(v);
    struct cleat_iter it = {0};
    if (t->form == CLEAT_FORM_ANY || is_clean(w, raw)) {
        cleat_buf_str(&w->out, raw);
    } else if (cleat_val_type(v) == CLEAT_NULL) {
        cleat_buf_puts(&w->out, zero_of(t));
    } else if (t->form == CLEAT_FORM_STRUCT || t->form == CLEAT_FORM_MAP) {
        write_object(w, t, v);
    } else if (t->form == CLEAT_FORM_LIST) {
        cleat_buf_putc(&w->out, '[');
        while (cleat_val_next(v, &it)) {
            cleat_buf_puts(&w->out, it.index > 0 ? "," : "");
            write_val(w, t->elem, it.val);
        }
        cleat_buf_putc(&w->out, ']');
    } else if (cleat_scalar_check(t, v, &w->out, NULL) == CLEAT_SCALAR_FITS) {
        cleat_buf_str(&w->out, raw);
    }
}

/* As t says; where member is not NULL that one alone is of it, and the rest stays. */
static cleat_err rewrite(const struct checker *c, const struct cleat_type *t, const char *member,
                         const cleat_obj *o, cleat_obj **ret, struct cleat_error *e) {
    struct writer w = {.spots = c->spots, .n_spots = c->n_spots};
    struct cleat_iter it = {0};
    bool first = true;
    cleat_buf_reserve(&w.out, cleat_obj_bytes(o).n);
    if (member == NULL) {
        write_val(&w, t, cleat_obj_root(o));
    } else {
        cleat_buf_putc(&w.out, '{');
        while (cleat_val_next(cleat_obj_root(o), &it)) {
            write_key(it.key, &first, &w.out);
            if (cleat_eqc(it.key, member)) {
                write_val(&w, t, it.val);
            } else {
                cleat_buf_str(&w.out, cleat_val_raw(it.val));
            }
        }
        cleat_buf_putc(&w.out, '}');
    }
    cleat_err err = cleat_obj_parse_trusted((struct cleat_str){w.out.p, w.out.n}, ret, e);
    cleat_buf_done(&w.out);
    return err;
}

cleat_err cleat_type_decode(const struct cleat_type *t, const cleat_obj *o,
                            cleat_type_report report, void *userdata, cleat_obj **ret,
                            struct cleat_error *e) {
    struct checker c = {.report = report, .userdata = userdata, .e = e};
    *ret = NULL;
    cleat_err err = check_struct(&c, NULL, t, cleat_obj_root(o));
    if (err == CLEAT_OK && c.n_spots > 0) {
        err = rewrite(&c, t, NULL, o, ret, e);
    }
    free(c.spots);
    return err;
}

cleat_err cleat_type_decode_member(const struct cleat_type *t, const char *member,
                                   const cleat_obj *o, cleat_type_report report, void *userdata,
                                   cleat_obj **ret, struct cleat_error *e) {
    struct checker c = {.report = report, .userdata = userdata, .e = e};
    struct cleat_val v = cleat_val_get(cleat_obj_root(o), member);
    const struct place at = {.of = t, .key = cleat_s(member)};
    *ret = NULL;
    cleat_err err = cleat_val_present(v) ? check(&c, &at, t, v) : CLEAT_OK;
    if (err == CLEAT_OK && c.n_spots > 0) {
        err = rewrite(&c, t, member, o, ret, e);
    }
    free(c.spots);
    return err;
}
