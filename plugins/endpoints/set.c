/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints that are to be, by family and ports. Pure. */
#include "endpoints.h"

/* ---- ports ---- */

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *port_text(struct cleat_val port) {
    struct cleat_ep_text t = {0};
    int64_t number;
    struct cleat_str protocol = cleat_ep_str(port, "protocol"),
                     app = cleat_ep_str(port, "appProtocol");
    cleat_ep_addf(&t, "{\"name\":\"%.*s\"", CLEAT_FMT(cleat_ep_str(port, "name")));
    if (SDK->obj->integer(cleat_ep_get(port, "port"), &number)) {
        cleat_ep_addf(&t, ",\"port\":%lld", (long long)number);
    }
    cleat_ep_add_str(&t, "protocol", protocol.n > 0 ? protocol : CLEAT_STR("TCP"));
    if (app.n > 0) {
        cleat_ep_add_str(&t, "appProtocol", app);
    }
    cleat_ep_add(&t, CLEAT_STR("}"));
    return t.p;
}

char *cleat_ep_ports(struct cleat_val list) {
    size_t n = 0;
    char **v = cleat_sdk_alloc(SDK->obj->count(list), sizeof *v);
    for (struct cleat_iter it = {0}; SDK->obj->next(list, &it);) {
        v[n++] = port_text(it.val);
    }
    if (n > 1) {
        qsort(v, n, sizeof *v, by_text);
    }
    struct cleat_ep_text t = {0};
    cleat_ep_add(&t, CLEAT_STR("["));
    for (size_t i = 0; i < n; i++) {
        cleat_ep_addf(&t, "%s%s", i > 0 ? "," : "", v[i]);
        free(v[i]);
    }
    cleat_ep_add(&t, CLEAT_STR("]"));
    free(v);
    return t.p;
}

/* ---- endpoints ---- */

char *cleat_ep_id_of(struct cleat_str addresses, struct cleat_str hostname, struct cleat_str ns,
                     struct cleat_str name) {
    struct cleat_ep_text t = {0};
    cleat_ep_add(&t, addresses);
    cleat_ep_add(&t, CLEAT_STR("/"));
    cleat_ep_add(&t, hostname);
    cleat_ep_add(&t, CLEAT_STR("/"));
    cleat_ep_add(&t, ns);
    cleat_ep_add(&t, CLEAT_STR("/"));
    cleat_ep_add(&t, name);
    return t.p;
}

char *cleat_ep_id(struct cleat_val endpoint) {
    struct cleat_val addresses = cleat_ep_get(endpoint, "addresses"),
                     target = cleat_ep_get(endpoint, "targetRef");
    struct cleat_str hostname = cleat_ep_str(endpoint, "hostname"),
                     ns = cleat_ep_str(target, "namespace"), name = cleat_ep_str(target, "name");
    size_t n = SDK->obj->count(addresses);
    struct cleat_iter it = {0};
    if (n == 1 && SDK->obj->next(addresses, &it)) {
        return cleat_ep_id_of(SDK->obj->str(it.val), hostname, ns, name);
    }
    char **v = cleat_sdk_alloc(n, sizeof *v);
    for (n = 0; SDK->obj->next(addresses, &it);) {
        v[n++] = cleat_sdk_dup(SDK->obj->str(it.val));
    }
    qsort(v, n, sizeof *v, by_text);
    struct cleat_ep_text t = {0};
    cleat_ep_add(&t, CLEAT_STR(""));
    for (size_t i = 0; i < n; i++) {
        cleat_ep_add(&t, i > 0 ? CLEAT_STR(",") : CLEAT_STR(""));
        cleat_ep_add(&t, cleat_cstr(v[i]));
        free(v[i]);
    }
    free(v);
    char *id = cleat_ep_id_of((struct cleat_str){t.p, t.n}, hostname, ns, name);
    free(t.p);
    return id;
}

bool cleat_ep_same(struct cleat_val endpoint, const struct cleat_ep_endpoint *want) {
    if (cleat_str_is(SDK->obj->raw(endpoint), want->json)) {
        return true; /* as we write them */
    }
    cleat_obj *o = cleat_ep_parse(want->json);
    bool same = SDK->obj->equal(endpoint, SDK->obj->root(o));
    SDK->obj->unref(o);
    return same;
}

/* ---- sets ---- */

static uint64_t hash_of(const char *s) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *s != 0; s++) {
        h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
    }
    return h;
}

struct cleat_ep_set *cleat_ep_set_of(struct cleat_ep_sets *all, const char *family, char *ports) {
    for (size_t i = 0; i < all->n; i++) {
        if (strcmp(all->v[i].family, family) == 0 && strcmp(all->v[i].ports, ports) == 0) {
            free(ports);
            return &all->v[i];
        }
    }
    struct cleat_ep_set *v = cleat_sdk_alloc(all->n + 1, sizeof *v);
    if (all->n > 0) {
        memcpy(v, all->v, all->n * sizeof *v);
    }
    free(all->v);
    all->v = v;
    v[all->n] = (struct cleat_ep_set){.family = family, .ports = ports};
    return &v[all->n++];
}

static void link_up(struct cleat_ep_set *set, size_t i) {
    size_t *bucket = &set->buckets[hash_of(set->v[i].id) % set->n_buckets];
    set->v[i].next = *bucket;
    *bucket = i + 1;
}

static void grow(struct cleat_ep_set *set) {
    size_t cap = set->cap > 0 ? set->cap * 2 : 16;
    struct cleat_ep_endpoint *v = cleat_sdk_alloc(cap, sizeof *v);
    if (set->n > 0) {
        memcpy(v, set->v, set->n * sizeof *v);
    }
    free(set->v);
    free(set->buckets);
    set->v = v;
    set->cap = cap;
    set->n_buckets = cap * 2;
    set->buckets = cleat_sdk_alloc(set->n_buckets, sizeof *set->buckets);
    for (size_t i = 0; i < set->n; i++) {
        link_up(set, i);
    }
}

struct cleat_ep_endpoint *cleat_ep_set_find(struct cleat_ep_set *set, const char *id) {
    size_t at = set->n > 0 ? set->buckets[hash_of(id) % set->n_buckets] : 0;
    while (at != 0 && strcmp(set->v[at - 1].id, id) != 0) {
        at = set->v[at - 1].next;
    }
    return at != 0 ? &set->v[at - 1] : NULL;
}

void cleat_ep_set_add(struct cleat_ep_set *set, char *id, char *json) {
    struct cleat_ep_endpoint *have = cleat_ep_set_find(set, id);
    if (have != NULL) {
        free(have->json);
        have->json = json;
        free(id);
        return;
    }
    if (set->n == set->cap) {
        grow(set);
    }
    set->v[set->n++] = (struct cleat_ep_endpoint){.id = id, .json = json};
    set->left++;
    link_up(set, set->n - 1);
}

void cleat_ep_sets_done(struct cleat_ep_sets *all) {
    for (size_t i = 0; i < all->n; i++) {
        struct cleat_ep_set *set = &all->v[i];
        for (size_t k = 0; k < set->n; k++) {
            free(set->v[k].id);
            free(set->v[k].json);
        }
        free(set->v);
        free(set->buckets);
        free(set->ports);
    }
    free(all->v);
    *all = (struct cleat_ep_sets){0};
}
