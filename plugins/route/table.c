/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of a provider's routes: its last list, and what was done since.
 *
 * A list takes time, and while it is under way routes are made and deleted: whatever
 * was touched after the list began is kept as this process left it, a deletion as a
 * mark that the next list takes away. Entries hang in two chains, by target and by
 * destination; the lock is held for moments and never while calling out.
 */
#include "route.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- routes ---- */

static char *dup_text(const char *s) {
    return cleat_sdk_dup(cleat_cstr(s));
}

struct cleat_route_item *cleat_route_item_new(const struct cleat_route *route, bool is_listed) {
    struct cleat_route_item *item = cleat_sdk_alloc(1, sizeof *item);
    struct cleat_address *a = cleat_sdk_alloc(route->n_target_addresses, sizeof *a);
    for (size_t i = 0; i < route->n_target_addresses; i++) {
        a[i] = (struct cleat_address){dup_text(route->target_addresses[i].type),
                                      dup_text(route->target_addresses[i].address)};
    }
    atomic_init(&item->refs, 1);
    item->is_listed = is_listed;
    item->cidr = cleat_route_canonical(cleat_cstr(route->destination_cidr));
    item->route = (struct cleat_route){
        .struct_size = sizeof item->route,
        .blackhole = route->blackhole,
        .enable_node_addresses = route->enable_node_addresses,
        .name = dup_text(route->name),
        .target_node = dup_text(route->target_node),
        .target_addresses = a,
        .n_target_addresses = route->n_target_addresses,
        .destination_cidr = dup_text(route->destination_cidr),
    };
    return item;
}

static struct cleat_route_item *ref(struct cleat_route_item *item) {
    atomic_fetch_add(&item->refs, 1);
    return item;
}

void cleat_route_item_unref(struct cleat_route_item *item) {
    if (item == NULL || atomic_fetch_sub(&item->refs, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < item->route.n_target_addresses; i++) {
        free((char *)item->route.target_addresses[i].type);
        free((char *)item->route.target_addresses[i].address);
    }
    free((void *)item->route.target_addresses);
    free((char *)item->route.name);
    free((char *)item->route.target_node);
    free((char *)item->route.destination_cidr);
    free(item->cidr);
    free(item);
}

void cleat_route_items_add(struct cleat_route_items *items, struct cleat_route_item *item) {
    if ((items->n & (items->n - 1)) == 0) { /* full: the size is a power of two */
        size_t cap = items->n == 0 ? 1 : items->n * 2;
        struct cleat_route_item **v = cleat_sdk_alloc(cap, sizeof *v);
        if (items->n > 0) {
            memcpy(v, items->v, items->n * sizeof *v);
        }
        free(items->v);
        items->v = v;
    }
    items->v[items->n++] = item;
}

void cleat_route_items_done(struct cleat_route_items *items) {
    for (size_t i = 0; i < items->n; i++) {
        cleat_route_item_unref(items->v[i]);
    }
    free(items->v);
    *items = (struct cleat_route_items){0};
}

/* ---- the table ---- */

enum { SLOTS = 4096 };

struct entry {
    struct entry *by_target, *by_cidr; /* the chains' next ones */
    struct cleat_route_item *item;
    uint64_t touched; /* by this process, and when; 0 = as listed */
    bool gone;        /* this process deleted it */
};

struct cleat_route_table {
    pthread_mutex_t lock;
    uint64_t clock; /* counts what this process does */
    bool known;
    struct entry *by_target[SLOTS], *by_cidr[SLOTS];
};

static size_t slot_of(struct cleat_str s) {
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < s.n; i++) {
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    }
    return h % SLOTS;
}

static void link_entry(struct cleat_route_table *t, struct entry *e) {
    size_t a = slot_of(cleat_cstr(e->item->route.target_node));
    size_t b = slot_of(cleat_cstr(e->item->cidr));
    e->by_target = t->by_target[a];
    t->by_target[a] = e;
    e->by_cidr = t->by_cidr[b];
    t->by_cidr[b] = e;
}

static void unlink_entry(struct cleat_route_table *t, struct entry *e) {
    struct entry **at = &t->by_target[slot_of(cleat_cstr(e->item->route.target_node))];
    while (*at != e) {
        at = &(*at)->by_target;
    }
    *at = e->by_target;
    at = &t->by_cidr[slot_of(cleat_cstr(e->item->cidr))];
    while (*at != e) {
        at = &(*at)->by_cidr;
    }
    *at = e->by_cidr;
}

static void free_entry(struct entry *e) {
    cleat_route_item_unref(e->item);
    free(e);
}

static void add(struct cleat_route_table *t, struct cleat_route_item *item, uint64_t touched,
                bool gone) {
    struct entry *e = cleat_sdk_alloc(1, sizeof *e);
    *e = (struct entry){.item = item, .touched = touched, .gone = gone};
    link_entry(t, e);
}

static bool same_place(const struct cleat_route_item *a, const struct cleat_route_item *b) {
    return strcmp(a->cidr, b->cidr) == 0 && strcmp(a->route.target_node, b->route.target_node) == 0;
}

static void remove_entry(struct cleat_route_table *t, struct entry *e) {
    unlink_entry(t, e);
    free_entry(e);
}

static void remove_older(struct cleat_route_table *t, uint64_t began) {
    for (size_t s = 0; s < SLOTS; s++) {
        for (struct entry *e = t->by_cidr[s], *next; e != NULL; e = next) {
            next = e->by_cidr;
            if (e->touched <= began) {
                remove_entry(t, e);
            }
        }
    }
}

/* The route itself, and what was noted of its place before. */
static void remove_same(struct cleat_route_table *t, const struct cleat_route_item *item) {
    for (struct entry *e = t->by_cidr[slot_of(cleat_cstr(item->cidr))], *next; e != NULL;
         e = next) {
        next = e->by_cidr;
        if (same_place(e->item, item) &&
            (e->gone || strcmp(e->item->route.name, item->route.name) == 0)) {
            remove_entry(t, e);
        }
    }
}

/* Whether this process has been at this place since the list began. */
static bool is_touched(struct cleat_route_table *t, const struct cleat_route_item *item) {
    for (struct entry *e = t->by_cidr[slot_of(cleat_cstr(item->cidr))]; e != NULL; e = e->by_cidr) {
        if (e->touched > 0 && same_place(e->item, item)) {
            return true;
        }
    }
    return false;
}

struct cleat_route_table *cleat_route_table_new(void) {
    struct cleat_route_table *t = cleat_sdk_alloc(1, sizeof *t);
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

void cleat_route_table_free(struct cleat_route_table *t) {
    if (t != NULL) {
        remove_older(t, UINT64_MAX);
        pthread_mutex_destroy(&t->lock);
        free(t);
    }
}

uint64_t cleat_route_table_begin(struct cleat_route_table *t) {
    pthread_mutex_lock(&t->lock);
    uint64_t began = t->clock;
    pthread_mutex_unlock(&t->lock);
    return began;
}

void cleat_route_table_replace(struct cleat_route_table *t, uint64_t began,
                               struct cleat_route_items *listed) {
    pthread_mutex_lock(&t->lock);
    remove_older(t, began);
    for (size_t i = 0; i < listed->n; i++) {
        if (is_touched(t, listed->v[i])) {
            cleat_route_item_unref(listed->v[i]);
        } else {
            add(t, listed->v[i], 0, false);
        }
    }
    t->known = true;
    pthread_mutex_unlock(&t->lock);
    free(listed->v);
    *listed = (struct cleat_route_items){0};
}

bool cleat_route_table_is_known(struct cleat_route_table *t) {
    pthread_mutex_lock(&t->lock);
    bool known = t->known;
    pthread_mutex_unlock(&t->lock);
    return known;
}

void cleat_route_table_put(struct cleat_route_table *t, struct cleat_route_item *item) {
    pthread_mutex_lock(&t->lock);
    remove_same(t, item);
    add(t, item, ++t->clock, false);
    pthread_mutex_unlock(&t->lock);
}

void cleat_route_table_drop(struct cleat_route_table *t, const struct cleat_route_item *item) {
    pthread_mutex_lock(&t->lock);
    struct cleat_route_item *mark = ref((struct cleat_route_item *)item);
    remove_same(t, item);
    add(t, mark, ++t->clock, true);
    pthread_mutex_unlock(&t->lock);
}

void cleat_route_table_of(struct cleat_route_table *t, struct cleat_str target,
                          struct cleat_route_items *ret) {
    pthread_mutex_lock(&t->lock);
    for (struct entry *e = t->by_target[slot_of(target)]; e != NULL; e = e->by_target) {
        if (!e->gone && cleat_str_is(target, e->item->route.target_node)) {
            cleat_route_items_add(ret, ref(e->item));
        }
    }
    pthread_mutex_unlock(&t->lock);
}

void cleat_route_table_to(struct cleat_route_table *t, const char *cidr,
                          struct cleat_route_items *ret) {
    pthread_mutex_lock(&t->lock);
    for (struct entry *e = t->by_cidr[slot_of(cleat_cstr(cidr))]; e != NULL; e = e->by_cidr) {
        if (!e->gone && strcmp(cidr, e->item->cidr) == 0) {
            cleat_route_items_add(ret, ref(e->item));
        }
    }
    pthread_mutex_unlock(&t->lock);
}

void cleat_route_table_all(struct cleat_route_table *t, struct cleat_route_items *ret) {
    pthread_mutex_lock(&t->lock);
    for (size_t s = 0; s < SLOTS; s++) {
        for (struct entry *e = t->by_cidr[s]; e != NULL; e = e->by_cidr) {
            if (!e->gone) {
                cleat_route_items_add(ret, ref(e->item));
            }
        }
    }
    pthread_mutex_unlock(&t->lock);
}
