/* SPDX-License-Identifier: Apache-2.0 */
#include "core/api/lines.h"

/* SLOTS: a power of two; as many events as a round usually has. SHARED: what is
 * longer is not copied into a line, its bytes are pointed to. */
enum { SLOTS = 64, SHARED = 32 * 1024 };

struct slot {
    cleat_obj *obj; /* kept, so that nothing else can have its address; NULL = free */
    const char *type;
    struct cleat__view view;
    struct cleat__line *line;
};

struct cleat__lines {
    struct slot slots[SLOTS];
    uint64_t used; /* a bit a slot */
    bool sharing;
};

static const struct cleat_str head = {"{\"type\":\"", 9}, middle = {"\",\"object\":", 11};

void cleat__line_unref(struct cleat__line *l) {
    if (l != NULL && --l->refs == 0) {
        free(l);
    }
}

/* ---- what a line is made of ---- */

/* Begins the line around an object of n bytes. */
static void begin(struct cleat_buf *b, const struct cleat__view *v, struct cleat_str type,
                  size_t n) {
    if (v->chunked) {
        static const char digits[] = "0123456789abcdef";
        size_t all = head.n + type.n + middle.n + n + 2;
        int shift = 60 - __builtin_clzll(all) / 4 * 4;
        for (; shift >= 0; shift -= 4) {
            cleat_buf_putc(b, digits[all >> shift & 15]);
        }
        cleat_buf_str(b, CLEAT_STR("\r\n"));
    }
    cleat_buf_str(b, head);
    cleat_buf_str(b, type);
    cleat_buf_str(b, middle);
}

static struct cleat_str ending(const struct cleat__view *v) {
    return v->chunked ? CLEAT_STR("}\n\r\n") : CLEAT_STR("}\n");
}

static void table(const struct cleat__view *v, const cleat_obj *o, struct cleat_buf *b) {
    cleat_buf_printf(b,
                     "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/%s\",\"metadata\":{"
                     "\"resourceVersion\":\"%llu\"},\"columnDefinitions\":",
                     v->accept.version, (unsigned long long)cleat_obj_revision(o));
    if (v->columns) {
        cleat_table_columns(v->kind, b);
    } else {
        cleat_buf_puts(b, "null");
    }
    cleat_buf_puts(b, ",\"rows\":[");
    cleat_table_row(v->kind, o, v->include, v->accept.version, b);
    cleat_buf_puts(b, "]}");
}

/* The whole line, in the thread's text buffer. */
static struct cleat_str whole(struct cleat__io *io, const struct cleat__view *v, const char *type,
                              const cleat_obj *o, size_t *ret_object) {
    CLEAT_AUTO_BUF made = {0};
    struct cleat_str object = cleat_obj_bytes(o);
    if (v->accept.form == CLEAT__TABLE) {
        table(v, o, &made);
        object = (struct cleat_str){made.p, made.n};
    } else if (v->accept.form == CLEAT__PARTIAL || v->accept.form == CLEAT__PARTIAL_LIST) {
        cleat_partial_metadata(o, v->accept.version, &made);
        object = (struct cleat_str){made.p, made.n};
    }
    struct cleat_buf *b = &io->text;
    b->n = 0;
    begin(b, v, cleat_s(type), object.n);
    cleat_buf_str(b, object);
    cleat_buf_str(b, ending(v));
    *ret_object = object.n;
    return (struct cleat_str){b->p, b->n};
}

/* ---- those of a round ---- */

static bool same_view(const struct cleat__view *a, const struct cleat__view *b) {
    if (a->chunked != b->chunked || a->accept.form != b->accept.form) {
        return false;
    }
    if (a->accept.form == CLEAT__JSON) {
        return true;
    }
    return a->kind == b->kind && a->include == b->include && a->columns == b->columns &&
           strcmp(a->accept.version, b->accept.version) == 0;
}

static void forget(struct slot *s) {
    cleat_obj_unref(s->obj);
    cleat__line_unref(s->line);
    *s = (struct slot){0};
}

static struct slot *slot_of(struct cleat__lines *ls, const struct cleat__view *v,
                            const cleat_obj *o) {
    uint64_t h = ((uint64_t)(uintptr_t)o >> 4) + (uint64_t)v->accept.form * 7 + v->chunked * 31;
    return &ls->slots[h * UINT64_C(0x9e3779b97f4a7c15) >> 58];
}

static struct cleat__line *shared(struct cleat__io *io, const struct cleat__view *v,
                                  const char *type, const cleat_obj *o) {
    struct cleat__lines *ls = io->lines;
    struct slot *s = slot_of(ls, v, o);
    if (s->obj == o && s->type == type && same_view(&s->view, v)) {
        return s->line;
    }
    forget(s);
    size_t object;
    struct cleat_str text = whole(io, v, type, o, &object);
    struct cleat__line *l = cleat_alloc(sizeof *l + text.n);
    *l = (struct cleat__line){.refs = 1, .n = text.n, .object = object};
    memcpy(l->text, text.p, text.n);
    *s = (struct slot){cleat_obj_ref(o), type, *v, l};
    ls->used |= UINT64_C(1) << (s - ls->slots);
    return l;
}

void cleat__lines_begin(struct cleat__io *io) {
    if (io->lines == NULL) {
        io->lines = cleat_zalloc(sizeof *io->lines);
    }
    io->lines->sharing = true;
}

void cleat__lines_end(struct cleat__io *io) {
    struct cleat__lines *ls = io->lines;
    for (uint64_t left = ls->used; left != 0; left &= left - 1) {
        forget(&ls->slots[__builtin_ctzll(left)]);
    }
    ls->used = 0;
    ls->sharing = false;
}

/* ---- sending ---- */

size_t cleat__line_send(struct cleat__call *c, const struct cleat__view *v, const char *type,
                        const cleat_obj *obj) {
    const struct cleat__lines *ls = c->io->lines;
    bool json = v->accept.form == CLEAT__JSON;
    size_t object = cleat_obj_bytes(obj).n;
    if (ls != NULL && ls->sharing && (!json || object <= SHARED)) {
        struct cleat__line *l = shared(c->io, v, type, obj);
        object = l->object;
        cleat__out_line(c, l);
    } else if (json) { /* the object's own bytes */
        struct cleat_buf *b = &c->io->text;
        b->n = 0;
        begin(b, v, cleat_s(type), object);
        cleat__out_object(c, (struct cleat_str){b->p, b->n}, obj, ending(v));
    } else {
        cleat__out_bytes(c, whole(c->io, v, type, obj, &object));
    }
    return object;
}

void cleat__line_send_text(struct cleat__call *c, const struct cleat__view *v, const char *type,
                           struct cleat_str object) {
    struct cleat_buf *b = &c->io->text;
    b->n = 0;
    begin(b, v, cleat_s(type), object.n);
    cleat_buf_str(b, object);
    cleat_buf_str(b, ending(v));
    cleat__out_bytes(c, (struct cleat_str){b->p, b->n});
}
