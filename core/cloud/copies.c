/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers, and the copies that they are made up of. A copy has every member that this host
 * knows; what the provider's structure is too short for is empty. Immutable once the
 * call has ended.
 */
#include "core/cloud/internal.h"

#define PIECE ((size_t)64 * 1024)

struct cleat_piece {
    struct cleat_piece *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

/* Memory that lives as long as the answer. */
static void *take(struct cleat_answer *a, size_t n) {
    struct cleat_piece *p = a->pieces;
    n = (n + 15) & ~(size_t)15;
    if (p == NULL || p->size - p->used < n) {
        /* the first of them is small: most answers are */
        size_t size = n > PIECE ? n : p == NULL ? (n > 1024 ? n : 1024) : PIECE;
        p = cleat_alloc(sizeof *p + size);
        p->next = a->pieces;
        p->used = 0;
        p->size = size;
        a->pieces = p;
    }
    void *at = p->bytes + p->used;
    p->used += n;
    return at;
}

static const char *text(struct cleat_answer *a, const char *s) {
    size_t n = s != NULL ? strlen(s) : 0;
    if (n == 0) {
        return "";
    }
    return memcpy(take(a, n + 1), s, n + 1);
}

static const struct cleat_address *addresses(struct cleat_answer *a,
                                             const struct cleat_address *from, size_t n) {
    struct cleat_address *to = take(a, n * sizeof *to);
    for (size_t i = 0; i < n; i++) {
        to[i].type = text(a, from[i].type);
        to[i].address = text(a, from[i].address);
    }
    return to;
}

static const struct cleat_label *labels(struct cleat_answer *a, const struct cleat_label *from,
                                        size_t n) {
    struct cleat_label *to = take(a, n * sizeof *to);
    for (size_t i = 0; i < n; i++) {
        to[i].key = text(a, from[i].key);
        to[i].value = text(a, from[i].value);
    }
    return to;
}

/* Full at each power of two. */
static void *one_more(void *v, size_t n, size_t size) {
    return (n & (n - 1)) == 0 ? cleat_rearray(v, n > 0 ? n * 2 : 1, size) : v;
}

static void add(struct cleat_answer *a, void *item) {
    a->items = one_more(a->items, a->n, sizeof *a->items);
    a->items[a->n++] = item;
}

/* Neighbours often share one. */
static const cleat_obj *object(struct cleat_answer *a, const cleat_obj *o) {
    if (o != NULL && (a->n_objects == 0 || a->objects[a->n_objects - 1] != o)) {
        a->objects = one_more(a->objects, a->n_objects, sizeof *a->objects);
        a->objects[a->n_objects++] = cleat_obj_ref(o);
    }
    return o;
}

void cleat_answer_add_server(struct cleat_answer *a, const struct cleat_server *given) {
    struct cleat_server *s = take(a, sizeof *s);
    memset(s, 0, sizeof *s);
    memcpy(s, given, given->struct_size < sizeof *s ? given->struct_size : sizeof *s);
    s->struct_size = sizeof *s;
    s->name = text(a, s->name);
    s->provider_id = text(a, s->provider_id);
    s->instance_type = text(a, s->instance_type);
    s->zone = text(a, s->zone);
    s->region = text(a, s->region);
    s->addresses = addresses(a, s->addresses, s->n_addresses);
    s->labels = labels(a, s->labels, s->n_labels);
    s->node_template = object(a, s->node_template);
    add(a, s);
}

void cleat_answer_add_route(struct cleat_answer *a, const struct cleat_route *given) {
    struct cleat_route *r = take(a, sizeof *r);
    memset(r, 0, sizeof *r);
    memcpy(r, given, given->struct_size < sizeof *r ? given->struct_size : sizeof *r);
    r->struct_size = sizeof *r;
    r->name = text(a, r->name);
    r->target_node = text(a, r->target_node);
    r->destination_cidr = text(a, r->destination_cidr);
    r->target_addresses = addresses(a, r->target_addresses, r->n_target_addresses);
    add(a, r);
}

void cleat_answer_add_balancer(struct cleat_answer *a, const struct cleat_balancer *given) {
    struct cleat_balancer *b = take(a, sizeof *b);
    memset(b, 0, sizeof *b);
    memcpy(b, given, given->struct_size < sizeof *b ? given->struct_size : sizeof *b);
    b->struct_size = sizeof *b;
    b->name = text(a, b->name);
    b->service_namespace = text(a, b->service_namespace);
    b->service_name = text(a, b->service_name);
    b->service_uid = text(a, b->service_uid);
    add(a, b);
}

void cleat_answer_add_name(struct cleat_answer *a, const char *name) {
    add(a, (void *)(uintptr_t)text(a, name));
}

/* ---- */

struct cleat_answer *cleat_answer_new(void) {
    struct cleat_answer *a = cleat_zalloc(sizeof *a);
    atomic_init(&a->refs, 1);
    return a;
}

struct cleat_answer *cleat_answer_ref(struct cleat_answer *a) {
    atomic_fetch_add_explicit(&a->refs, 1, memory_order_relaxed);
    return a;
}

void cleat_answer_unref(struct cleat_answer *a) {
    if (a == NULL || atomic_fetch_sub_explicit(&a->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t i = 0; i < a->n_objects; i++) {
        cleat_obj_unref(a->objects[i]);
    }
    for (struct cleat_piece *p = a->pieces, *next; p != NULL; p = next) {
        next = p->next;
        free(p);
    }
    free(a->objects);
    free(a->items);
    free(a);
}
