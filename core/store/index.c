/* SPDX-License-Identifier: Apache-2.0 */
#include "core/store/index.h"

enum { ORDER = 64 };

struct cleat_node {
    _Atomic uint32_t refs;
    uint32_t n;
    bool leaf;
    uint64_t batch; /* the batch that made it and may still change it */
    cleat_obj
        *keys[ORDER]; /* leaf: the objects. Inner: at or below all of child i, above child i-1 */
    struct {
        struct cleat_node *child;
        size_t count;
    } down[]; /* inner nodes only */
};

struct cleat_index_key cleat_index_key_of(const cleat_obj *o) {
    return (struct cleat_index_key){cleat_obj_kind(o), cleat_obj_ns(o), cleat_obj_name(o)};
}

static int compare(struct cleat_index_key a, const cleat_obj *o) {
    uint32_t kind = cleat_obj_kind(o);
    if (a.kind != kind) {
        return a.kind < kind ? -1 : 1;
    }
    int c = cleat_cmp(a.ns, cleat_obj_ns(o));
    return c != 0 ? c : cleat_cmp(a.name, cleat_obj_name(o));
}

static struct cleat_node *node_new(bool leaf, uint64_t batch) {
    size_t size = sizeof(struct cleat_node);
    if (!leaf) {
        size += ORDER * sizeof(((struct cleat_node *)0)->down[0]);
    }
    struct cleat_node *n = cleat_alloc(size);
    atomic_init(&n->refs, 1);
    n->n = 0;
    n->leaf = leaf;
    n->batch = batch;
    return n;
}

struct cleat_node *cleat_index_ref(struct cleat_node *n) {
    if (n != NULL) {
        atomic_fetch_add_explicit(&n->refs, 1, memory_order_relaxed);
    }
    return n;
}

void cleat_index_unref(struct cleat_node *n) {
    if (n == NULL || atomic_fetch_sub_explicit(&n->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        cleat_obj_unref(n->keys[i]);
        if (!n->leaf) {
            cleat_index_unref(n->down[i].child);
        }
    }
    free(n);
}

/* The same node where this batch made it, else a copy in its place. Takes n. */
static struct cleat_node *writable(struct cleat_node *n, uint64_t batch) {
    if (n->batch == batch) {
        return n;
    }
    struct cleat_node *c = node_new(n->leaf, batch);
    c->n = n->n;
    for (uint32_t i = 0; i < n->n; i++) {
        c->keys[i] = cleat_obj_ref(n->keys[i]);
        if (!n->leaf) {
            c->down[i] = n->down[i];
            cleat_index_ref(n->down[i].child);
        }
    }
    cleat_index_unref(n);
    return c;
}

/* First position whose key is at or beyond `key` (after: beyond it). */
static uint32_t lower_bound(const struct cleat_node *n, struct cleat_index_key key, bool after) {
    uint32_t lo = 0, hi = n->n;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        int c = compare(key, n->keys[mid]);
        if (c > 0 || (after && c == 0)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* The child whose range holds the key. */
static uint32_t child_for(const struct cleat_node *n, struct cleat_index_key key) {
    uint32_t i = lower_bound(n, key, true);
    return i > 0 ? i - 1 : 0;
}

size_t cleat_index_size(const struct cleat_node *n) {
    if (n == NULL || n->leaf) {
        return n ? n->n : 0;
    }
    size_t total = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        total += n->down[i].count;
    }
    return total;
}

static void open_gap(struct cleat_node *n, uint32_t at) {
    memmove(&n->keys[at + 1], &n->keys[at], (n->n - at) * sizeof n->keys[0]);
    if (!n->leaf) {
        memmove(&n->down[at + 1], &n->down[at], (n->n - at) * sizeof n->down[0]);
    }
    n->n++;
}

static void close_gap(struct cleat_node *n, uint32_t at) {
    n->n--;
    memmove(&n->keys[at], &n->keys[at + 1], (n->n - at) * sizeof n->keys[0]);
    if (!n->leaf) {
        memmove(&n->down[at], &n->down[at + 1], (n->n - at) * sizeof n->down[0]);
    }
}

/* Moves the upper part of a full node into a new one on its right. An append at
 * the right edge leaves the left one nearly full: keys often come in order. */
static struct cleat_node *split(struct cleat_node *n, uint32_t at) {
    uint32_t keep = at == n->n ? n->n - 1 : n->n / 2;
    struct cleat_node *right = node_new(n->leaf, n->batch);
    right->n = n->n - keep;
    memcpy(right->keys, &n->keys[keep], right->n * sizeof n->keys[0]);
    if (!n->leaf) {
        memcpy(right->down, &n->down[keep], right->n * sizeof n->down[0]);
    }
    n->n = keep;
    return right;
}

/* Takes n; returns it or its copy; *ret_right is a new right sibling or NULL. */
static struct cleat_node *put(struct cleat_node *n, uint64_t batch, struct cleat_index_key key,
                              cleat_obj *obj, cleat_obj **ret_old, struct cleat_node **ret_right) {
    n = writable(n, batch);
    *ret_right = NULL;
    struct cleat_node *below = NULL, *target = n;
    uint32_t at;
    if (n->leaf) {
        at = lower_bound(n, key, false);
        if (at < n->n && compare(key, n->keys[at]) == 0) {
            *ret_old = n->keys[at];
            n->keys[at] = cleat_obj_ref(obj);
            return n;
        }
    } else {
        uint32_t i = child_for(n, key);
        n->down[i].child = put(n->down[i].child, batch, key, obj, ret_old, &below);
        n->down[i].count = cleat_index_size(n->down[i].child);
        if (compare(key, n->keys[i]) < 0) {
            cleat_obj_unref(n->keys[i]);
            n->keys[i] = cleat_obj_ref(obj);
        }
        if (below == NULL) {
            return n;
        }
        at = i + 1;
    }
    if (n->n == ORDER) {
        *ret_right = split(n, at);
        if (at > n->n) {
            at -= n->n;
            target = *ret_right;
        }
    }
    open_gap(target, at);
    if (n->leaf) {
        target->keys[at] = cleat_obj_ref(obj);
    } else {
        target->keys[at] = cleat_obj_ref(below->keys[0]);
        target->down[at].child = below;
        target->down[at].count = cleat_index_size(below);
    }
    return n;
}

struct cleat_node *cleat_index_put(struct cleat_node *root, uint64_t batch, cleat_obj *obj,
                                   cleat_obj **ret_old) {
    *ret_old = NULL;
    if (root == NULL) {
        root = node_new(true, batch);
    }
    struct cleat_node *right;
    root = put(root, batch, cleat_index_key_of(obj), obj, ret_old, &right);
    if (right == NULL) {
        return root;
    }
    struct cleat_node *top = node_new(false, batch);
    struct cleat_node *both[] = {root, right};
    for (uint32_t i = 0; i < 2; i++) {
        top->keys[i] = cleat_obj_ref(both[i]->keys[0]);
        top->down[i].child = both[i];
        top->down[i].count = cleat_index_size(both[i]);
    }
    top->n = 2;
    return top;
}

/* The key is there. Takes n; NULL where nothing is left of it. */
static struct cleat_node *take_out(struct cleat_node *n, uint64_t batch, struct cleat_index_key key,
                                   cleat_obj **ret_old) {
    n = writable(n, batch);
    if (n->leaf) {
        uint32_t at = lower_bound(n, key, false);
        *ret_old = n->keys[at];
        close_gap(n, at);
    } else {
        uint32_t i = child_for(n, key);
        n->down[i].child = take_out(n->down[i].child, batch, key, ret_old);
        if (n->down[i].child != NULL) {
            n->down[i].count--;
        } else {
            cleat_obj_unref(n->keys[i]);
            close_gap(n, i);
        }
    }
    if (n->n == 0) {
        cleat_index_unref(n);
        return NULL;
    }
    return n;
}

struct cleat_node *cleat_index_remove(struct cleat_node *root, uint64_t batch,
                                      struct cleat_index_key key, cleat_obj **ret_old) {
    *ret_old = NULL;
    if (cleat_index_get(root, key) == NULL) {
        return root;
    }
    root = take_out(root, batch, key, ret_old);
    while (root != NULL && !root->leaf && root->n == 1) {
        struct cleat_node *only = cleat_index_ref(root->down[0].child);
        cleat_index_unref(root);
        root = only;
    }
    return root;
}

const cleat_obj *cleat_index_get(const struct cleat_node *n, struct cleat_index_key key) {
    while (n != NULL && !n->leaf) {
        n = n->down[child_for(n, key)].child;
    }
    if (n == NULL) {
        return NULL;
    }
    uint32_t at = lower_bound(n, key, false);
    return at < n->n && compare(key, n->keys[at]) == 0 ? n->keys[at] : NULL;
}

size_t cleat_index_rank(const struct cleat_node *n, struct cleat_index_key key, bool after) {
    size_t rank = 0;
    while (n != NULL && !n->leaf) {
        uint32_t i = child_for(n, key);
        for (uint32_t j = 0; j < i; j++) {
            rank += n->down[j].count;
        }
        n = n->down[i].child;
    }
    return n == NULL ? 0 : rank + lower_bound(n, key, after);
}

int cleat_index_seek(const struct cleat_node *n, struct cleat_index_key key, bool after,
                     void **path, uint32_t *pos) {
    int depth = 0;
    while (n != NULL) {
        cleat_assert(depth < CLEAT_INDEX_DEPTH);
        path[depth] = (void *)n;
        pos[depth] = n->leaf ? lower_bound(n, key, after) : child_for(n, key);
        n = n->leaf ? NULL : n->down[pos[depth]].child;
        depth++;
    }
    return depth;
}

const cleat_obj *cleat_index_next(void **path, uint32_t *pos, int *depth) {
    while (*depth > 0) {
        const struct cleat_node *n = path[*depth - 1];
        uint32_t *at = &pos[*depth - 1];
        if (n->leaf) {
            if (*at < n->n) {
                return n->keys[(*at)++];
            }
        } else if (*at + 1 < n->n) {
            const struct cleat_node *child = n->down[++*at].child;
            for (; child != NULL; child = child->leaf ? NULL : child->down[0].child) {
                path[*depth] = (void *)child;
                pos[(*depth)++] = 0;
            }
            continue;
        }
        (*depth)--;
    }
    return NULL;
}
