/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document in parts. Each part is written as a small JSON object whose members
 * are then put, as they are or as protobuf, where the document stands open; so
 * that no whole document has to be read again to be had in the other form. A
 * message's length comes before its bytes: an open one is gathered in a buffer
 * of its own. One thread.
 */
#include "core/openapi/internal.h"

static struct cleat_level *top(struct cleat_sink *s) {
    return &s->levels[s->depth - 1];
}

static void comma(struct cleat_sink *s) {
    if (s->more) {
        cleat_buf_putc(&s->out, ',');
    }
    s->more = true;
}

void cleat_sink_begin(struct cleat_sink *s, const struct cleat_shape *shape) {
    *s = (struct cleat_sink){.shape = shape, .depth = 1};
    s->levels[0].shape = shape;
    if (shape == NULL) {
        cleat_buf_putc(&s->out, '{');
    }
}

void cleat_sink_open(struct cleat_sink *s, const char *key) {
    cleat_assert(s->depth < sizeof s->levels / sizeof *s->levels);
    struct cleat_level *level = &s->levels[s->depth++];
    *level = (struct cleat_level){0};
    if (s->shape == NULL) {
        comma(s);
        cleat_buf_json(&s->out, cleat_s(key));
        cleat_buf_puts(&s->out, ":{");
        s->more = false;
        return;
    }
    level->shape = cleat_proto_child(s->levels[s->depth - 2].shape, key, &level->number);
    cleat_assert(level->shape != NULL);
}

struct cleat_writer cleat_sink_piece(struct cleat_sink *s) {
    s->piece.n = 0;
    cleat_buf_putc(&s->piece, '{');
    return (struct cleat_writer){.b = &s->piece};
}

/* What a hostile schema has blown up beyond what is parsed is left empty. */
static void add_as_proto(struct cleat_sink *s) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (cleat_obj_parse((struct cleat_str){s->piece.p, s->piece.n}, 0, &o, &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "openapi", "a part of the document is left out: %s", e.message);
        return;
    }
    struct cleat_iter it = {0};
    while (cleat_val_next(cleat_obj_root(o), &it)) {
        cleat_proto_member(top(s)->shape, it.key, it.val, &top(s)->out);
    }
}

void cleat_sink_add(struct cleat_sink *s, struct cleat_writer *w) {
    cleat_write_close(w, '}');
    if (s->shape != NULL) {
        add_as_proto(s);
    } else if (s->piece.n > 2) {
        comma(s);
        cleat_buf_add(&s->out, s->piece.p + 1, s->piece.n - 2);
    }
}

void cleat_sink_close(struct cleat_sink *s) {
    struct cleat_level *level = top(s);
    s->depth--;
    if (s->shape == NULL) {
        cleat_buf_putc(&s->out, '}');
        s->more = true;
        return;
    }
    cleat_proto_bytes(&top(s)->out, level->number, (struct cleat_str){level->out.p, level->out.n});
    cleat_buf_done(&level->out);
}

void cleat_sink_end(struct cleat_sink *s) {
    cleat_assert(s->depth == 1);
    if (s->shape == NULL) {
        cleat_buf_puts(&s->out, "}\n");
        return;
    }
    s->out = s->levels[0].out;
    s->levels[0].out = (struct cleat_buf){0};
}

void cleat_sink_done(struct cleat_sink *s) {
    cleat_buf_done(&s->out);
    cleat_buf_done(&s->piece);
}
