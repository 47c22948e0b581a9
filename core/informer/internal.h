/* SPDX-License-Identifier: Apache-2.0 */
/* The cache behind an informer. */
#ifndef CLEAT_CORE_INFORMER_INTERNAL_H
#define CLEAT_CORE_INFORMER_INTERNAL_H

#include "core/informer/informer.h"
#include "core/informer/objset.h"

struct cleat__index {
    char *name;
    cleat_index_fn fn;
    void *userdata;
    struct cleat_map values; /* value -> struct cleat_objset */
    struct cleat__index *next;
};

/* The cache of one informer. Written by the dispatch thread, read by all, under its mutex. */
struct cleat__cache {
    pthread_mutex_t mutex;
    struct cleat_objset objects; /* holds references */
    struct cleat__index *indexes;
};
void cleat__cache_init(struct cleat__cache *c);
void cleat__cache_done(struct cleat__cache *c);
/* Room for n objects; true where there is none yet. */
bool cleat__cache_reserve(struct cleat__cache *c, size_t n);
/* Puts o (a new reference) and returns what stood there, owned. */
cleat_obj *cleat__cache_put(struct cleat__cache *c, cleat_obj *o);
cleat_obj *cleat__cache_remove(struct cleat__cache *c, struct cleat_key key);
cleat_obj *cleat__cache_get(struct cleat__cache *c, struct cleat_key key); /* owned */
/* References to all objects of one value of an index (index NULL: of one namespace, or all
 * where that is empty), owned; free each and the array. */
cleat_obj **cleat__cache_copy(struct cleat__cache *c, const char *index, struct cleat_str value,
                              size_t *ret_n);
cleat_err cleat__cache_add_index(struct cleat__cache *c, const char *name, cleat_index_fn fn,
                                 void *userdata);

#endif
