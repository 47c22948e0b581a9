/* SPDX-License-Identifier: Apache-2.0 */
/* What the cells of all kinds share. A cell is JSON text. Pure; any thread. */
#include "core/registry/internal.h"

void cleat_cell_since(struct cleat_val time, cleat_time now, struct cleat_buf *out) {
    cleat_time t;
    char text[32];
    if (cleat_val_type(time) <= CLEAT_NULL) {
        cleat_buf_puts(out, "\"<unknown>\"");
    } else if (cleat_time_parse(cleat_val_str(time), &t) != CLEAT_OK) {
        cleat_buf_puts(out, "\"<invalid>\"");
    } else {
        cleat_duration_human(now - t, text);
        cleat_buf_printf(out, "\"%s\"", text);
    }
}

void cleat_cell_age(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    cleat_cell_since(cleat_obj_at(o, CLEAT_PATH("metadata", "creationTimestamp")), now, out);
}

void cleat_cell_str(const cleat_obj *o, cleat_path path, const char *none, struct cleat_buf *out) {
    struct cleat_val v = cleat_obj_at(o, path);
    if (cleat_val_str(v).n > 0) {
        cleat_buf_str(out, cleat_val_raw(v));
    } else {
        cleat_buf_printf(out, "\"%s\"", none);
    }
}
