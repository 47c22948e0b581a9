/* SPDX-License-Identifier: Apache-2.0 */
/* gzip for large answers, through zlib: at its fastest, as upstream does. */
#include <zlib.h>

#include "core/api/produce.h"

struct cleat__gzip {
    z_stream z;
};

enum { LEVEL = 1, WINDOW = 15 + 16 /* with gzip's header */, MEMORY = 8 };

struct cleat__gzip *cleat__gzip_new(void) {
    struct cleat__gzip *g = cleat_zalloc(sizeof *g);
    int r = deflateInit2(&g->z, LEVEL, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY);
    cleat_assert(r == Z_OK);
    return g;
}

void cleat__gzip_add(struct cleat__gzip *g, struct cleat_str text, bool last,
                     struct cleat_buf *out) {
    int r = Z_OK;
    g->z.next_in = (Bytef *)(uintptr_t)text.p;
    g->z.avail_in = (uInt)text.n;
    do {
        size_t room = deflateBound(&g->z, g->z.avail_in) + 64;
        cleat_buf_reserve(out, room);
        g->z.next_out = (Bytef *)(out->p + out->n);
        g->z.avail_out = (uInt)room;
        r = deflate(&g->z, last ? Z_FINISH : Z_NO_FLUSH);
        cleat_assert(r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR);
        out->n += room - g->z.avail_out;
    } while (g->z.avail_in > 0 || (last && r != Z_STREAM_END));
}

void cleat__gzip_free(struct cleat__gzip *g) {
    if (g != NULL) {
        deflateEnd(&g->z);
        free(g);
    }
}
