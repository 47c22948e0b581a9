/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds that the API serves, as references name them; and the owners that were
 * looked for and not found. Both are shared by all workers, each under a mutex of
 * its own that is held for a look-up.
 */
#ifndef CLEAT_PLUGIN_GC_KINDS_H
#define CLEAT_PLUGIN_GC_KINDS_H

#include "gc.h"

#include <pthread.h>

/* One answer of the API, never changed; freed with its last user. */
struct cleat_gc_kinds {
    _Atomic int refs;
    struct cleat_served served;
    struct cleat_kind_info **sorted; /* by kind, group, version; borrowed from served */
};
struct cleat_gc_kinds *cleat_gc_kinds_new(struct cleat_served *served); /* taken */
void cleat_gc_kinds_unref(struct cleat_gc_kinds *k);                    /* NULL allowed */
/* The kind of this name in "group/version" (or "version"); NULL = none. */
const struct cleat_kind_info *cleat_gc_kinds_find(const struct cleat_gc_kinds *k,
                                                  struct cleat_str api_version,
                                                  struct cleat_str kind);

/* Owners that are known not to be: full coordinates, since a uid never comes back. */
enum { CLEAT_GC_ABSENT = 500 };
struct cleat_gc_absent {
    pthread_mutex_t mutex;
    char *at[CLEAT_GC_ABSENT];
    uint32_t hashes[CLEAT_GC_ABSENT];
    size_t next; /* the oldest goes */
};
void cleat_gc_absent_init(struct cleat_gc_absent *a);
void cleat_gc_absent_done(struct cleat_gc_absent *a);
bool cleat_gc_absent_has(struct cleat_gc_absent *a, const char *coordinates);
void cleat_gc_absent_add(struct cleat_gc_absent *a, const char *coordinates);

#endif
