/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists and watches that come in pieces: wherever they are cut, the same objects come out,
 * and of a list that is JSON each is its item but for managedFields. The first byte
 * chooses list or watch, the second how it is cut.
 */
#include "core/remote/cut.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that comes out, as one text. */
static int run(int mode, const char *p, size_t n, unsigned seed, struct cleat_buf *out) {
    struct cleat__rc_cut c;
    int r = CLEAT__CUT_MORE;
    size_t at = 0;
    cleat__rc_cut_init(&c, mode);
    while (at < n && r != CLEAT__CUT_BAD) {
        size_t piece = seed == 0 ? n - at : 1 + (seed = seed * 1103515245 + 12345) / 65536 % 7;
        piece = piece < n - at ? piece : n - at;
        for (size_t used, end = at + piece; at < end && r != CLEAT__CUT_BAD; at += used) {
            r = cleat__rc_cut(&c, p + at, end - at, &used);
            cleat_assert(used <= end - at && (used > 0 || r != CLEAT__CUT_MORE));
            if (r == CLEAT__CUT_OBJECT || r == CLEAT__CUT_END) {
                cleat_buf_printf(out, "%c", r == CLEAT__CUT_END ? '!' : ',');
                cleat_buf_str(out, (struct cleat_str){c.object.p ? c.object.p : "", c.object.n});
            }
            if (r == CLEAT__CUT_END) {
                struct cleat_buf *b[] = {&c.kind, &c.version, &c.meta, &c.type};
                for (int i = 0; i < 4; i++) {
                    cleat_buf_putc(out, '|');
                    cleat_buf_str(out, (struct cleat_str){b[i]->p ? b[i]->p : "", b[i]->n});
                }
            }
        }
    }
    cleat_buf_putc(out, cleat__rc_cut_between(&c) ? 'y' : 'n');
    cleat__rc_cut_done(&c);
    return r;
}

static cleat_obj *without_fields(struct cleat_str text) {
    cleat_obj *o = NULL, *ret = NULL;
    cleat_err err = cleat_obj_parse(text, 0, &o, NULL);
    cleat_assert(err == CLEAT_OK);
    cleat_edit *e = cleat_edit_new(o);
    if (cleat_val_type(cleat_obj_at(o, CLEAT_PATH("metadata"))) == CLEAT_OBJECT) {
        cleat_edit_remove(e, CLEAT_PATH("metadata", "managedFields"));
    }
    err = cleat_edit_finish(e, &ret, NULL);
    cleat_assert(err == CLEAT_OK);
    cleat_obj_unref(o);
    return ret;
}

static void compare_items(const char *p, size_t n) {
    CLEAT_AUTO(cleat_obj) *whole = NULL;
    if (cleat_obj_parse((struct cleat_str){p, n}, CLEAT_PARSE_NO_DUPLICATES, &whole, NULL) !=
        CLEAT_OK) {
        return;
    }
    struct cleat_val items = cleat_obj_at(whole, CLEAT_PATH("items"));
    struct cleat_iter it = {0};
    struct cleat__rc_cut c;
    size_t at = 0, used;
    cleat__rc_cut_init(&c, CLEAT__CUT_LIST);
    for (int r = CLEAT__CUT_MORE; at < n && r != CLEAT__CUT_BAD; at += used) {
        r = cleat__rc_cut(&c, p + at, n - at, &used);
        if (r == CLEAT__CUT_OBJECT && cleat_val_present(items)) {
            int32_t more = cleat_val_next(items, &it);
            cleat_assert(more);
            cleat_obj *a = without_fields((struct cleat_str){c.object.p, c.object.n});
            cleat_obj *b = without_fields(cleat_val_raw(it.val));
            cleat_assert(cleat_val_equal(cleat_obj_root(a), cleat_obj_root(b)));
            cleat_obj_unref(a);
            cleat_obj_unref(b);
        }
    }
    cleat__rc_cut_done(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) {
        return 0;
    }
    const char *p = (const char *)data + 2;
    size_t n = size - 2;
    int mode = data[0] % 2 ? CLEAT__CUT_WATCH : CLEAT__CUT_LIST;
    CLEAT_AUTO_BUF whole = {0};
    CLEAT_AUTO_BUF parts = {0};
    int r = run(mode, p, n, 0, &whole), s = run(mode, p, n, data[1] + 1u, &parts);
    cleat_assert((r == CLEAT__CUT_BAD) == (s == CLEAT__CUT_BAD));
    cleat_assert(
        cleat_eq((struct cleat_str){whole.p, whole.n}, (struct cleat_str){parts.p, parts.n}));
    if (mode == CLEAT__CUT_LIST && r != CLEAT__CUT_BAD) {
        compare_items(p, n);
    }
    return 0;
}
