/* SPDX-License-Identifier: Apache-2.0 */
/* See cut.h. One pass; bytes that are kept are copied in runs. */
#include "core/remote/cut.h"

enum { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, COMMA_OR_END };
enum { OTHER, ITEMS, ITEM, OBJECT, KIND, VERSION, META, TYPE };
enum { KEY_MAX = 64, TEXT_MAX = 1 << 20 };

void cleat__rc_cut_init(struct cleat__rc_cut *c, int mode) {
    *c = (struct cleat__rc_cut){.mode = mode, .expect = VALUE};
}

void cleat__rc_cut_done(struct cleat__rc_cut *c) {
    cleat_buf_done(&c->object);
    cleat_buf_done(&c->kind);
    cleat_buf_done(&c->version);
    cleat_buf_done(&c->meta);
    cleat_buf_done(&c->type);
    cleat_buf_done(&c->key);
}

bool cleat__rc_cut_between(const struct cleat__rc_cut *c) {
    return c->depth == 0;
}

static int bad(struct cleat__rc_cut *c, const char *why) {
    c->why = why;
    return CLEAT__CUT_BAD;
}

/* Moves what has been passed since `run` to where it is kept. */
static int flush(struct cleat__rc_cut *c, const char *run, const char *at) {
    if (run == NULL || c->to == NULL || c->skips || run == at) {
        return 0;
    }
    size_t n = (size_t)(at - run), max = c->to == &c->object ? CLEAT_LIMIT_BODY : TEXT_MAX;
    if (n > max - c->to->n) {
        return bad(c, "an object is too large");
    }
    cleat_buf_add(c->to, run, n);
    return 0;
}

static void next_document(struct cleat__rc_cut *c) {
    c->ended = false;
    c->object.n = c->kind.n = c->version.n = c->meta.n = c->type.n = 0;
    c->has_items = false;
    c->expect = VALUE;
}

static bool key_is(const struct cleat__rc_cut *c, const char *name) {
    return cleat_eqc((struct cleat_str){c->key.p, c->key.n}, name);
}

static int slot_of(const struct cleat__rc_cut *c) {
    if (c->mode == CLEAT__CUT_WATCH) {
        return key_is(c, "type") ? TYPE : key_is(c, "object") ? OBJECT : OTHER;
    }
    return key_is(c, "items")        ? ITEMS
           : key_is(c, "kind")       ? KIND
           : key_is(c, "apiVersion") ? VERSION
           : key_is(c, "metadata")   ? META
                                     : OTHER;
}

static bool wants_key(const struct cleat__rc_cut *c) {
    return c->depth == 1 || (c->to == &c->object && !c->skips &&
                             (c->depth == c->base || (c->in_meta && c->depth == c->base + 1)));
}

/* A member's name has ended, its quote included, at `at`. */
static void key_ends(struct cleat__rc_cut *c, const char **run) {
    c->in_key = false;
    c->expect = COLON;
    if (c->depth == 1) {
        c->slot = slot_of(c);
    } else if (wants_key(c) && c->depth == c->base + 1 && key_is(c, "managedFields")) {
        *run = NULL;
        c->object.n = c->key_at;
        c->drops_comma = c->object.p[c->object.n - 1] != ',';
        c->object.n -= !c->drops_comma;
        c->skips = true;
        c->skip_depth = c->depth;
    }
}

static void keep(struct cleat__rc_cut *c, struct cleat_buf *to, const char *at, const char **run) {
    c->to = to;
    c->to_depth = c->depth;
    to->n = 0;
    *run = at;
}

/* Where a value begins that is a member of the document, or an item. */
static int value_begins(struct cleat__rc_cut *c, const char *at, const char **run) {
    bool item = c->in_items && c->depth == 2;
    int slot = item ? ITEM : c->depth == 1 ? c->slot : OTHER;
    switch (slot) {
    case ITEM:
    case OBJECT:
        if (*at != '{') {
            return bad(c, "what should be an object is none");
        }
        keep(c, &c->object, at, run);
        c->base = c->depth + 1;
        return 0;
    case ITEMS:
        if ((*at != '[' && *at != 'n') || c->has_items) {
            return bad(c, "items is no list, or is there twice");
        }
        c->has_items = true;
        c->in_items = *at == '[';
        return 0;
    case KIND:
        keep(c, &c->kind, at, run);
        return 0;
    case VERSION:
        keep(c, &c->version, at, run);
        return 0;
    case META:
        keep(c, &c->meta, at, run);
        return 0;
    case TYPE:
        keep(c, &c->type, at, run);
        return 0;
    default:
        return 0;
    }
}

/* A value has ended before `at`; depth is that of what it is a member of. */
static int value_ends(struct cleat__rc_cut *c, const char *at, const char **run) {
    int r = CLEAT__CUT_MORE;
    c->expect = COMMA_OR_END;
    if (c->skips && c->depth == c->skip_depth) {
        c->skips = false;
        *run = NULL;
        return r;
    }
    if (c->to != NULL && c->depth == c->to_depth) {
        if (flush(c, *run, at) < 0) {
            return CLEAT__CUT_BAD;
        }
        *run = NULL;
        r = c->to == &c->object && c->mode == CLEAT__CUT_LIST ? CLEAT__CUT_OBJECT : r;
        c->to = NULL;
    }
    if (c->depth == 0) {
        c->ended = true;
        r = CLEAT__CUT_END;
    }
    return r;
}

static int opens(struct cleat__rc_cut *c, const char *at, const char **run) {
    bool object = *at == '{';
    if (c->depth == CLEAT_LIMIT_JSON_DEPTH) {
        return bad(c, "it is nested too deep");
    }
    if (c->depth == 0 && !object) {
        return bad(c, "it is no object");
    }
    if (value_begins(c, at, run) < 0) {
        return CLEAT__CUT_BAD;
    }
    if (c->to == &c->object && c->depth == c->base && object && key_is(c, "metadata")) {
        c->in_meta = true;
    }
    c->object_at[c->depth++] = object;
    c->expect = object ? KEY_OR_END : VALUE_OR_END;
    return 0;
}

static int closes(struct cleat__rc_cut *c, const char *at, const char **run) {
    if (c->depth == 0 || c->object_at[c->depth - 1] != (*at == '}') ||
        (c->expect != COMMA_OR_END && c->expect != (*at == '}' ? KEY_OR_END : VALUE_OR_END))) {
        return bad(c, "its brackets do not match");
    }
    c->depth--;
    c->drops_comma &= c->skips;
    if (c->in_items && c->depth == 1) {
        c->in_items = false;
    }
    if (c->in_meta && c->depth == c->base) {
        c->in_meta = false;
    }
    return value_ends(c, at + 1, run);
}

static int comma(struct cleat__rc_cut *c, const char *at, const char **run) {
    if (c->expect != COMMA_OR_END || c->depth == 0) {
        return bad(c, "a comma is out of place");
    }
    c->expect = c->object_at[c->depth - 1] ? KEY : VALUE;
    if (c->drops_comma && !c->skips) {
        c->drops_comma = false;
        if (flush(c, *run, at) < 0) {
            return CLEAT__CUT_BAD;
        }
        *run = NULL;
    }
    return 0;
}

static int quote(struct cleat__rc_cut *c, const char *at, const char **run) {
    c->in_string = true;
    if (c->expect == KEY || c->expect == KEY_OR_END) {
        c->in_key = true;
        c->key.n = 0;
        if (c->in_meta && c->depth == c->base + 1 && !c->skips) {
            if (flush(c, *run, at) < 0) {
                return CLEAT__CUT_BAD;
            }
            c->key_at = c->object.n;
            *run = at;
        }
        return 0;
    }
    if (c->expect != VALUE && c->expect != VALUE_OR_END) {
        return bad(c, "a string is out of place");
    }
    return c->depth == 0 ? bad(c, "it is no object") : value_begins(c, at, run);
}

/* One byte outside of strings and scalars; at stands on it. */
static int structure(struct cleat__rc_cut *c, const char *at, const char **run) {
    switch (*at) {
    case '"':
        return quote(c, at, run);
    case '{':
    case '[':
        return c->expect == VALUE || c->expect == VALUE_OR_END
                   ? opens(c, at, run)
                   : bad(c, "a bracket is out of place");
    case '}':
    case ']':
        return closes(c, at, run);
    case ',':
        return comma(c, at, run);
    case ':':
        if (c->expect != COLON) {
            return bad(c, "a colon is out of place");
        }
        c->expect = VALUE;
        return 0;
    default:
        if ((c->expect != VALUE && c->expect != VALUE_OR_END) || c->depth == 0) {
            return bad(c, "it is no JSON");
        }
        c->in_scalar = true;
        return value_begins(c, at, run);
    }
}

/* In a string: where to go on; the string may have ended. */
static const char *in_string(struct cleat__rc_cut *c, const char *at, const char *end,
                             const char **run, int *ret) {
    if (c->escaped) {
        c->escaped = false;
        return at + 1;
    }
    const char *q = at;
    while (q < end && *q != '"' && *q != '\\') {
        q++;
    }
    if (c->in_key && wants_key(c) && c->key.n < KEY_MAX) {
        cleat_buf_add(&c->key, at, q - at < KEY_MAX ? (size_t)(q - at) : KEY_MAX);
    }
    if (q == end) {
        return q;
    }
    if (*q == '\\') {
        c->escaped = true;
        if (c->in_key && c->key.n < KEY_MAX) {
            cleat_buf_putc(&c->key, '\\'); /* none of ours has any */
        }
        return q + 1;
    }
    c->in_string = false;
    if (c->in_key) {
        key_ends(c, run);
    } else {
        *ret = value_ends(c, q + 1, run);
    }
    return q + 1;
}

static bool is_space(char b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
}

static bool ends_scalar(char b) {
    return b == ',' || b == ']' || b == '}' || is_space(b);
}

int cleat__rc_cut(struct cleat__rc_cut *c, const char *p, size_t n, size_t *ret_used) {
    const char *at = p, *end = p + n, *run = NULL;
    int r = CLEAT__CUT_MORE;
    while (at < end && r == CLEAT__CUT_MORE) {
        if (c->to != NULL && !c->skips && run == NULL && (c->in_string || !is_space(*at))) {
            run = at;
        }
        if (c->in_string) {
            at = in_string(c, at, end, &run, &r);
        } else if (c->in_scalar) {
            if (ends_scalar(*at)) {
                c->in_scalar = false;
                r = value_ends(c, at, &run);
            } else {
                at++;
            }
        } else if (is_space(*at)) {
            r = flush(c, run, at) < 0 ? CLEAT__CUT_BAD : r;
            run = NULL;
            at++;
        } else if (c->ended && c->mode == CLEAT__CUT_LIST) {
            r = bad(c, "something follows its end");
        } else {
            if (c->ended) {
                next_document(c);
            }
            r = structure(c, at, &run);
            at++;
        }
    }
    if (r == CLEAT__CUT_MORE && flush(c, run, at) < 0) {
        r = CLEAT__CUT_BAD;
    }
    *ret_used = (size_t)(at - p);
    return r;
}
