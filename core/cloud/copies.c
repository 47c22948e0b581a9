/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of servers and routes, each with all its strings in one block of memory, and
 * the answers that they make up. A copy has every member that this host knows; what
 * the provider's structure is too short for is empty. Immutable once made.
 */
#include "core/cloud/internal.h"

/* A block that is filled from its front: structures first, then texts. */
struct block {
    char *p;
    size_t n;
};

static size_t text_size(const char *s) {
    return s != NULL ? strlen(s) + 1 : 1;
}

static const char *put_text(struct block *b, const char *s) {
    char *at = b->p + b->n;
    size_t n = text_size(s);
    memcpy(at, s != NULL ? s : "", n);
    b->n += n;
    return at;
}

static void *put_array(struct block *b, size_t n, size_t size) {
    void *at = b->p + b->n;
    b->n += n * size;
    return at;
}

static size_t addresses_size(const struct cleat_address *v, size_t n) {
    size_t size = n * sizeof *v;
    for (size_t i = 0; i < n; i++) {
        size += text_size(v[i].type) + text_size(v[i].address);
    }
    return size;
}

static void put_addresses(struct block *b, struct cleat_address *to,
                          const struct cleat_address *from, size_t n) {
    for (size_t i = 0; i < n; i++) {
        to[i].type = put_text(b, from[i].type);
        to[i].address = put_text(b, from[i].address);
    }
}

struct cleat_server *cleat_server_copy(const struct cleat_server *given) {
    struct cleat_server s = {0};
    memcpy(&s, given, given->struct_size < sizeof s ? given->struct_size : sizeof s);
    size_t size = sizeof s + text_size(s.name) + text_size(s.provider_id) +
                  text_size(s.instance_type) + text_size(s.zone) + text_size(s.region) +
                  addresses_size(s.addresses, s.n_addresses) + s.n_labels * sizeof *s.labels;
    for (size_t i = 0; i < s.n_labels; i++) {
        size += text_size(s.labels[i].key) + text_size(s.labels[i].value);
    }
    struct block b = {cleat_alloc(size), 0};
    struct cleat_server *to = put_array(&b, 1, sizeof *to);
    struct cleat_address *addresses = put_array(&b, s.n_addresses, sizeof *addresses);
    struct cleat_label *labels = put_array(&b, s.n_labels, sizeof *labels);
    *to = s;
    to->struct_size = sizeof *to;
    to->name = put_text(&b, s.name);
    to->provider_id = put_text(&b, s.provider_id);
    to->instance_type = put_text(&b, s.instance_type);
    to->zone = put_text(&b, s.zone);
    to->region = put_text(&b, s.region);
    put_addresses(&b, addresses, s.addresses, s.n_addresses);
    to->addresses = addresses;
    for (size_t i = 0; i < s.n_labels; i++) {
        labels[i].key = put_text(&b, s.labels[i].key);
        labels[i].value = put_text(&b, s.labels[i].value);
    }
    to->labels = labels;
    to->node_template = s.node_template != NULL ? cleat_obj_ref(s.node_template) : NULL;
    return to;
}

void cleat_server_free(struct cleat_server *s) {
    if (s != NULL && s->node_template != NULL) {
        cleat_obj_unref((cleat_obj *)(uintptr_t)s->node_template);
    }
    free(s);
}

struct cleat_route *cleat_route_copy(const struct cleat_route *given) {
    struct cleat_route r = {0};
    memcpy(&r, given, given->struct_size < sizeof r ? given->struct_size : sizeof r);
    size_t size = sizeof r + text_size(r.name) + text_size(r.target_node) +
                  text_size(r.destination_cidr) +
                  addresses_size(r.target_addresses, r.n_target_addresses);
    struct block b = {cleat_alloc(size), 0};
    struct cleat_route *to = put_array(&b, 1, sizeof *to);
    struct cleat_address *addresses = put_array(&b, r.n_target_addresses, sizeof *addresses);
    *to = r;
    to->struct_size = sizeof *to;
    to->name = put_text(&b, r.name);
    to->target_node = put_text(&b, r.target_node);
    to->destination_cidr = put_text(&b, r.destination_cidr);
    put_addresses(&b, addresses, r.target_addresses, r.n_target_addresses);
    to->target_addresses = addresses;
    return to;
}

/* ---- answers ---- */

struct cleat_answer *cleat_answer_new(void (*free_item)(void *item)) {
    struct cleat_answer *a = cleat_zalloc(sizeof *a);
    atomic_init(&a->refs, 1);
    a->free_item = free_item;
    return a;
}

void cleat_answer_add(struct cleat_answer *a, void *item) {
    if ((a->n & (a->n - 1)) == 0) { /* full at each power of two */
        a->items = cleat_rearray(a->items, a->n > 0 ? a->n * 2 : 1, sizeof *a->items);
    }
    a->items[a->n++] = item;
}

struct cleat_answer *cleat_answer_ref(struct cleat_answer *a) {
    atomic_fetch_add_explicit(&a->refs, 1, memory_order_relaxed);
    return a;
}

void cleat_answer_unref(struct cleat_answer *a) {
    if (a == NULL || atomic_fetch_sub_explicit(&a->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t i = 0; i < a->n; i++) {
        a->free_item(a->items[i]);
    }
    free(a->items);
    free(a);
}
