/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Splices: several fields of an object set or removed in one pass over its
 * bytes. Only the objects on the way to a splice are walked; all between is
 * copied in long runs, and one scan of the result makes the new index: for what
 * changes often (Leases, statuses) that is well under a microsecond per KB.
 */
#include "core/object/json.h"

#include "core/base/limits.h"

#define MAX_SPLICES 64u
#define MAX_KEYS    8u

/* Splices are handed down as bits of a set. */
typedef uint64_t set;

struct splicer {
    const cleat_obj *o;
    const char *text;
    const struct cleat_splice *s;
    struct cleat_buf *out;
    uint32_t copied; /* the text before is in out, or was left out */
};

static void copy_to(struct splicer *sp, uint32_t pos) {
    cleat_buf_add(sp->out, sp->text + sp->copied, pos - sp->copied);
    sp->copied = pos;
}

static char last_out(const struct splicer *sp) {
    return sp->out->p[sp->out->n - 1];
}

static bool key_equals(struct cleat_str canonical, const char *key) {
    struct cleat_str s = cleat_s(key);
    if (cleat_json_plain(s)) {
        return cleat_eq(canonical, s);
    }
    CLEAT_AUTO_BUF buf = {0};
    cleat_buf_json(&buf, s);
    return cleat_eq(canonical, (struct cleat_str){buf.p + 1, buf.n - 2});
}

/* Those of `all` whose key at this depth leads to the child at it. */
static set matching(const struct splicer *sp, set all, size_t depth, const struct cleat_iter *it,
                    bool object) {
    set found = 0;
    for (set left = all; left != 0; left &= left - 1) {
        int i = __builtin_ctzll(left);
        size_t index;
        const char *key = sp->s[i].path[depth];
        if (object ? key_equals(it->key, key)
                   : cleat_path_index(key, &index) && index == it->index) {
            found |= (set)1 << i;
        }
    }
    return found;
}

/* The only splice of a set where it ends here; NULL where they all go deeper. */
static cleat_err terminal(const struct splicer *sp, set all, size_t depth,
                          const struct cleat_splice **ret, struct cleat_error *e) {
    *ret = NULL;
    for (set left = all; left != 0; left &= left - 1) {
        const struct cleat_splice *s = &sp->s[__builtin_ctzll(left)];
        if (s->path[depth + 1] == NULL) {
            if ((all & (all - 1)) != 0) {
                return cleat_fail(e, CLEAT_E_BUG, "two splices contain one another at \"%s\"",
                                  s->path[depth]);
            }
            *ret = s;
        }
    }
    return CLEAT_OK;
}

/* The value that a missing or null place gets for the splices below it. */
static cleat_err emit_new(struct splicer *sp, set all, size_t depth, bool first,
                          struct cleat_error *e) {
    while (all != 0) {
        const char *key = sp->s[__builtin_ctzll(all)].path[depth];
        const struct cleat_splice *end;
        set group = 0;
        for (set left = all; left != 0; left &= left - 1) {
            int i = __builtin_ctzll(left);
            if (strcmp(sp->s[i].path[depth], key) == 0) {
                group |= (set)1 << i;
            }
        }
        all &= ~group;
        CLEAT_TRY(terminal(sp, group, depth, &end, e));
        if (!first) {
            cleat_buf_putc(sp->out, ',');
        }
        first = false;
        cleat_buf_json(sp->out, cleat_s(key));
        cleat_buf_putc(sp->out, ':');
        if (end != NULL) {
            cleat_buf_str(sp->out, end->raw);
            continue;
        }
        cleat_buf_putc(sp->out, '{');
        CLEAT_TRY(emit_new(sp, group, depth + 1, true, e));
        cleat_buf_putc(sp->out, '}');
    }
    return CLEAT_OK;
}

static set without_removals(const struct splicer *sp, set all) {
    for (set left = all; left != 0; left &= left - 1) {
        int i = __builtin_ctzll(left);
        if (sp->s[i].raw.n == 0) {
            all &= ~((set)1 << i);
        }
    }
    return all;
}

/* Leaves a member or element out, with the comma that would be one too many. */
static void remove_child(struct splicer *sp, uint32_t from, uint32_t to) {
    copy_to(sp, from);
    sp->copied = to;
    if (sp->text[to] == ',') {
        sp->copied++;
    } else if (last_out(sp) == ',') {
        sp->out->n--;
    }
}

static cleat_err emit_container(struct splicer *sp, uint32_t node, set all, size_t depth,
                                struct cleat_error *e);

static cleat_err emit_child(struct splicer *sp, const struct cleat_iter *it, bool object, set all,
                            size_t depth, struct cleat_error *e) {
    const struct cleat_splice *end;
    uint32_t pos = cleat_obj_node(sp->o, it->val.node).pos;
    CLEAT_TRY(terminal(sp, all, depth, &end, e));
    if (end == NULL && cleat_json_is_container(sp->text[pos])) {
        return emit_container(sp, it->val.node, all, depth + 1, e);
    }
    if (end == NULL && sp->text[pos] != 'n') {
        return without_removals(sp, all) == 0
                   ? CLEAT_OK
                   : cleat_fail(e, CLEAT_E_INVALID, "\"%.*s\" is not an object",
                                CLEAT_FMT(it->key));
    }
    uint32_t after = cleat_obj_node_end(sp->o, it->val.node);
    if (end != NULL && end->raw.n == 0) {
        remove_child(sp, object ? cleat_obj_key_pos(sp->o, pos) : pos, after);
        return CLEAT_OK;
    }
    all = without_removals(sp, all);
    if (all == 0) {
        return CLEAT_OK;
    }
    copy_to(sp, pos);
    sp->copied = after;
    if (end != NULL) {
        cleat_buf_str(sp->out, end->raw);
        return CLEAT_OK;
    }
    cleat_buf_putc(sp->out, '{');
    CLEAT_TRY(emit_new(sp, all, depth + 1, true, e));
    cleat_buf_putc(sp->out, '}');
    return CLEAT_OK;
}

static cleat_err emit_container(struct splicer *sp, uint32_t node, set all, size_t depth,
                                struct cleat_error *e) {
    struct cleat_val v = {sp->o, node, 0};
    struct cleat_iter it = {0};
    bool object = sp->text[cleat_obj_node(sp->o, node).pos] == '{';
    while (all != 0 && cleat_val_next(v, &it)) {
        set here = matching(sp, all, depth, &it, object);
        if (here != 0) {
            all &= ~here;
            CLEAT_TRY(emit_child(sp, &it, object, here, depth, e));
        }
    }
    all = without_removals(sp, all);
    if (all == 0) {
        return CLEAT_OK;
    }
    if (!object) {
        return cleat_fail(e, CLEAT_E_INVALID, "no element \"%s\"",
                          sp->s[__builtin_ctzll(all)].path[depth]);
    }
    copy_to(sp, cleat_obj_node_end(sp->o, node) - 1);
    return emit_new(sp, all, depth, last_out(sp) == '{', e);
}

static cleat_err check_splices(const struct cleat_splice *s, size_t n, struct cleat_error *e) {
    if (n > MAX_SPLICES) {
        return cleat_fail(e, CLEAT_E_BUG, "more than %u splices", MAX_SPLICES);
    }
    for (size_t i = 0; i < n; i++) {
        size_t keys = 0;
        while (keys <= MAX_KEYS && s[i].path[keys] != NULL) {
            keys++;
        }
        if (keys == 0 || keys > MAX_KEYS) {
            return cleat_fail(e, CLEAT_E_BUG, "a splice's path must have 1 to %u keys", MAX_KEYS);
        }
        if (s[i].raw.n > 0 && !cleat_json_is_value(s[i].raw)) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "not one canonical JSON value for \"%s\"",
                              s[i].path[keys - 1]);
        }
    }
    return CLEAT_OK;
}

cleat_err cleat_obj_splice(const cleat_obj *base, const struct cleat_splice *s, size_t n,
                           cleat_obj **ret, struct cleat_error *e) {
    CLEAT_TRY(check_splices(s, n, e));
    struct splicer sp = {
        .o = base,
        .text = cleat_obj_text(base),
        .s = s,
        .out = cleat_json_scratch(),
    };
    cleat_obj *o = NULL;
    if (n > 0) {
        CLEAT_TRY(emit_container(&sp, 0, n == 64 ? ~(set)0 : ((set)1 << n) - 1, 0, e));
    }
    copy_to(&sp, base->n_bytes);
    CLEAT_TRY(
        cleat_json_scan((struct cleat_str){sp.out->p, sp.out->n}, CLEAT_PARSE_CANONICAL, &o, e));
    o->kind = base->kind;
    *ret = o;
    return CLEAT_OK;
}
