/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of one informer and its indexes: references to the store's own,
 * one pointer an object and index value. One mutex, held for moments; any thread.
 */
#include "core/informer/internal.h"

void cleat__cache_init(struct cleat__cache *c) {
    *c = (struct cleat__cache){0};
    pthread_mutex_init(&c->mutex, NULL);
}

void cleat__cache_done(struct cleat__cache *c) {
    for (struct cleat__index *ix = c->indexes, *next; ix != NULL; ix = next) {
        next = ix->next;
        size_t i = 0;
        for (struct cleat_map_entry *e; (e = cleat_map_each(&ix->values, &i)) != NULL;) {
            cleat_objset_done(e->value);
            free(e->value);
        }
        cleat_map_done(&ix->values);
        free(ix->name);
        free(ix);
    }
    for (size_t i = 0; i < c->objects.cap; i++) {
        cleat_obj_unref(c->objects.slots[i]);
    }
    cleat_objset_done(&c->objects);
    pthread_mutex_destroy(&c->mutex);
}

struct emission {
    struct cleat__index *index;
    cleat_obj *obj;
};

static void index_value(void *sink, struct cleat_str value) {
    struct emission *em = sink;
    struct cleat_objset *set = cleat_map_get(&em->index->values, value);
    if (set == NULL) {
        set = cleat_zalloc(sizeof *set);
        cleat_map_put(&em->index->values, value, set);
    }
    cleat_objset_put(set, em->obj);
}

static void unindex_value(void *sink, struct cleat_str value) {
    struct emission *em = sink;
    struct cleat_objset *set = cleat_map_get(&em->index->values, value);
    if (set == NULL) {
        return; /* the same value was emitted twice */
    }
    cleat_objset_remove(set, (struct cleat_key){cleat_obj_ns(em->obj), cleat_obj_name(em->obj)});
    if (set->n == 0) {
        cleat_map_remove(&em->index->values, value);
        cleat_objset_done(set);
        free(set);
    }
}

/* Index functions depend on the object alone and do not call back, so they may
 * run under the lock: readers then never see a cache and an index that differ. */
static void index_all(struct cleat__cache *c, cleat_obj *o,
                      void (*emit)(void *, struct cleat_str)) {
    for (struct cleat__index *ix = c->indexes; ix != NULL; ix = ix->next) {
        struct emission em = {ix, o};
        ix->fn(ix->userdata, o, emit, &em);
    }
}

bool cleat__cache_reserve(struct cleat__cache *c, size_t n) {
    CLEAT_LOCKED(&c->mutex);
    cleat_objset_reserve(&c->objects, n);
    return c->objects.n == 0;
}

cleat_obj *cleat__cache_put(struct cleat__cache *c, cleat_obj *o) {
    CLEAT_LOCKED(&c->mutex);
    struct cleat_key key = {cleat_obj_ns(o), cleat_obj_name(o)};
    cleat_obj *old = cleat_objset_get(&c->objects, key);
    if (old != NULL) {
        index_all(c, old, unindex_value);
    }
    cleat_objset_put(&c->objects, cleat_obj_ref(o));
    index_all(c, o, index_value);
    return old;
}

cleat_obj *cleat__cache_remove(struct cleat__cache *c, struct cleat_key key) {
    CLEAT_LOCKED(&c->mutex);
    cleat_obj *old = cleat_objset_remove(&c->objects, key);
    if (old != NULL) {
        index_all(c, old, unindex_value);
    }
    return old;
}

cleat_obj *cleat__cache_get(struct cleat__cache *c, struct cleat_key key) {
    CLEAT_LOCKED(&c->mutex);
    return cleat_obj_ref(cleat_objset_get(&c->objects, key));
}

cleat_obj **cleat__cache_copy(struct cleat__cache *c, const char *index, struct cleat_str value,
                              size_t *ret_n) {
    CLEAT_LOCKED(&c->mutex);
    const struct cleat_objset *set = &c->objects;
    if (index != NULL) {
        struct cleat__index *ix = c->indexes;
        while (ix != NULL && strcmp(ix->name, index) != 0) {
            ix = ix->next;
        }
        set = ix ? cleat_map_get(&ix->values, value) : NULL;
    }
    *ret_n = 0;
    if (set == NULL) {
        return NULL;
    }
    cleat_obj **all = cleat_array(set->n, sizeof *all);
    for (size_t i = 0; i < set->cap; i++) {
        cleat_obj *o = set->slots[i];
        if (o != NULL && (index != NULL || value.n == 0 || cleat_eq(cleat_obj_ns(o), value))) {
            all[(*ret_n)++] = cleat_obj_ref(o);
        }
    }
    return all;
}

cleat_err cleat__cache_add_index(struct cleat__cache *c, const char *name, cleat_index_fn fn,
                                 void *userdata) {
    CLEAT_LOCKED(&c->mutex);
    for (struct cleat__index *ix = c->indexes; ix != NULL; ix = ix->next) {
        if (strcmp(ix->name, name) == 0) {
            return ix->fn == fn && ix->userdata == userdata ? CLEAT_OK : CLEAT_E_EXISTS;
        }
    }
    struct cleat__index *ix = cleat_zalloc(sizeof *ix);
    ix->name = cleat_strdup(name);
    ix->fn = fn;
    ix->userdata = userdata;
    ix->next = c->indexes;
    c->indexes = ix;
    for (size_t i = 0; i < c->objects.cap; i++) {
        if (c->objects.slots[i] != NULL) {
            struct emission em = {ix, c->objects.slots[i]};
            fn(userdata, em.obj, index_value, &em);
        }
    }
    return CLEAT_OK;
}
