/* SPDX-License-Identifier: Apache-2.0 */
/* gzip of answers, undone in pieces, so that a small one that unfolds to a huge one does so in
 * bounds. */
#include <zlib.h>

#include "core/remote/internal.h"

struct cleat__rc_gunzip {
    z_stream z;
    bool ended;
};

enum { WINDOW = 15 + 16 /* with gzip's header */, PIECE = 64 * 1024 };

struct cleat__rc_gunzip *cleat__rc_gunzip_new(void) {
    struct cleat__rc_gunzip *g = cleat_zalloc(sizeof *g);
    int r = inflateInit2(&g->z, WINDOW);
    cleat_assert(r == Z_OK);
    return g;
}

bool cleat__rc_gunzip_add(struct cleat__rc_gunzip *g, const char *p, size_t n,
                          cleat__rc_bytes_fn fn, void *userdata) {
    CLEAT_AUTO_FREE char *out = cleat_alloc(PIECE);
    g->z.next_in = (Bytef *)(uintptr_t)p;
    g->z.avail_in = (uInt)n;
    while (g->z.avail_in > 0 || g->z.avail_out == 0) {
        if (g->ended) {
            return g->z.avail_in == 0; /* nothing may follow */
        }
        g->z.next_out = (Bytef *)out;
        g->z.avail_out = PIECE;
        int r = inflate(&g->z, Z_NO_FLUSH);
        if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR) {
            return false;
        }
        g->ended = r == Z_STREAM_END;
        size_t got = PIECE - g->z.avail_out;
        if (got > 0 && !fn(userdata, out, got)) {
            return false;
        }
        if (r == Z_BUF_ERROR) {
            break;
        }
    }
    return true;
}

bool cleat__rc_gunzip_whole(const struct cleat__rc_gunzip *g) {
    return g->ended;
}

void cleat__rc_gunzip_free(struct cleat__rc_gunzip *g) {
    if (g != NULL) {
        inflateEnd(&g->z);
        free(g);
    }
}
