/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An owned copy of what a provider says of one server: the provider's strings
 * live for its call only. Reads no further than the provider's struct_size.
 */
#include "node.h"

static char *copy(const char *s) {
    return cleat_sdk_dup(cleat_cstr(s));
}

void cleat_node_addrs_add(struct cleat_node_addrs *a, const char *type, const char *address) {
    struct cleat_node_addr *v = cleat_sdk_alloc(a->n + 1, sizeof *v);
    if (a->n > 0) {
        memcpy(v, a->v, a->n * sizeof *v);
    }
    free(a->v);
    a->v = v;
    a->v[a->n++] = (struct cleat_node_addr){copy(type), copy(address)};
}

void cleat_node_addrs_done(struct cleat_node_addrs *a) {
    for (size_t i = 0; i < a->n; i++) {
        free(a->v[i].type);
        free(a->v[i].address);
    }
    free(a->v);
    *a = (struct cleat_node_addrs){0};
}

static void copy_labels(struct cleat_node_server *s, const struct cleat_server *from) {
    if (!CLEAT_COVERS(from, struct cleat_server, n_labels) || from->n_labels == 0) {
        return;
    }
    s->labels = cleat_sdk_alloc(from->n_labels, sizeof *s->labels);
    for (size_t i = 0; i < from->n_labels; i++) {
        s->labels[i].key = copy(from->labels[i].key);
        s->labels[i].value = copy(from->labels[i].value);
    }
    s->n_labels = from->n_labels;
}

int32_t cleat_node_server_copy(void *sink, const struct cleat_server *from) {
    struct cleat_node_server *s = sink;
    if (s->known) {
        return 1; /* the first answer counts */
    }
    s->known = true;
    s->name = copy(CLEAT_HAS(from, struct cleat_server, name) ? from->name : "");
    s->provider_id =
        copy(CLEAT_HAS(from, struct cleat_server, provider_id) ? from->provider_id : "");
    s->instance_type =
        copy(CLEAT_HAS(from, struct cleat_server, instance_type) ? from->instance_type : "");
    s->zone = copy(CLEAT_HAS(from, struct cleat_server, zone) ? from->zone : "");
    s->region = copy(CLEAT_HAS(from, struct cleat_server, region) ? from->region : "");
    if (CLEAT_COVERS(from, struct cleat_server, n_addresses)) {
        for (size_t i = 0; i < from->n_addresses; i++) {
            cleat_node_addrs_add(&s->addresses, from->addresses[i].type,
                                 from->addresses[i].address);
        }
    }
    copy_labels(s, from);
    return 0;
}

void cleat_node_server_done(struct cleat_node_server *s) {
    free(s->name);
    free(s->provider_id);
    free(s->instance_type);
    free(s->zone);
    free(s->region);
    cleat_node_addrs_done(&s->addresses);
    for (size_t i = 0; i < s->n_labels; i++) {
        free(s->labels[i].key);
        free(s->labels[i].value);
    }
    free(s->labels);
    *s = (struct cleat_node_server){0};
}
