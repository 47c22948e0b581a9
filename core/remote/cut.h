/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes JSON that comes in pieces apart: a List into its items, a watch into its events.
 * White space goes, and so does metadata.managedFields of each object: nothing that runs here
 * reads it, and it is a fifth of what caches would hold. What is between objects is
 * checked here, an object itself by whoever parses it. No I/O; one thread.
 */
#ifndef CLEAT_CORE_REMOTE_CUT_H
#define CLEAT_CORE_REMOTE_CUT_H

#include "core/base/limits.h"
#include "core/object/object.h"

enum { CLEAT__CUT_LIST, CLEAT__CUT_WATCH };
enum { CLEAT__CUT_MORE = 0, CLEAT__CUT_OBJECT = 1, CLEAT__CUT_END = 2, CLEAT__CUT_BAD = -1 };

struct cleat__rc_cut {
    int mode;
    struct cleat_buf object; /* of a list: an item; of a watch: the event's */
    /* Raw JSON of the members of the document: of a list kind, apiVersion and metadata, of a
     * watch type. Empty where absent. */
    struct cleat_buf kind, version, meta, type;
    bool has_items;
    const char *why; /* it is BAD */

    int expect, slot;
    unsigned depth, base; /* base: depth inside of an object that is kept */
    bool in_string, in_key, in_scalar, escaped;
    bool in_items, in_meta, skips, drops_comma, ended, handed;
    unsigned to_depth, skip_depth;
    struct cleat_buf *to, key;
    size_t key_at;
    bool object_at[CLEAT_LIMIT_JSON_DEPTH]; /* by depth: '{', else '[' */
};

void cleat__rc_cut_init(struct cleat__rc_cut *c, int mode);
void cleat__rc_cut_done(struct cleat__rc_cut *c);
/* Takes some of what is at p. OBJECT: c->object has one, until the next call; END: the
 * document has ended (of a watch: that was an event, and the next may begin); MORE: all of it was
 * taken. After BAD it is of no more use. */
int cleat__rc_cut(struct cleat__rc_cut *c, const char *p, size_t n, size_t *ret_used);
/* Nothing of a document has come so far, or all of it. */
bool cleat__rc_cut_between(const struct cleat__rc_cut *c);

#endif
