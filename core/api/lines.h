/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of watch streams: an event as it goes over the wire, the chunk of
 * HTTP/1.1 around it included. While a round serves all watchers of a kind, one
 * line is made for all that see the same. On one I/O thread.
 */
#ifndef CLEAT_CORE_API_LINES_H
#define CLEAT_CORE_API_LINES_H

#include "core/api/internal.h"

/* A line that several calls have yet to write. */
struct cleat__line {
    int refs;
    size_t n, object; /* object: bytes of it that are the object's */
    char text[];
};

/* How a watcher wants to see objects. */
struct cleat__view {
    const struct cleat_kind *kind;
    struct cleat__accept accept;
    int include;  /* of a Table: as ?includeObject= says */
    bool columns; /* of a Table: with its columns, as the first one has them */
    bool chunked;
};

void cleat__line_unref(struct cleat__line *l);

/* Queues the event for the call; returns how many bytes of it are the object's. */
size_t cleat__line_send(struct cleat__call *c, const struct cleat__view *v, const char *type,
                        const cleat_obj *obj);
/* One whose object is this text, for this call alone. */
void cleat__line_send_text(struct cleat__call *c, const struct cleat__view *v, const char *type,
                           struct cleat_str object);

/* Between the two, lines are shared. */
void cleat__lines_begin(struct cleat__io *io);
void cleat__lines_end(struct cleat__io *io);

#endif
