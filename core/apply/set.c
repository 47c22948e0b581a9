/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building field sets and asking about them. A set is filled while a tree is
 * walked, so elements of one parent come one after the other and nearly in order;
 * sorting is left to the end.
 */
#include "core/apply/fields.h"

/* ---- building ---- */

static struct cleat_fields_node *touch(struct cleat_arena *a, struct cleat_fields *s,
                                       struct cleat_element el) {
    if (s->n > 0) {
        struct cleat_fields_node *last = &s->nodes[s->n - 1];
        int c = cleat_element_cmp(last->el, el);
        if (c == 0) {
            return last;
        }
        s->unsorted = s->unsorted || c > 0;
    }
    s->nodes = cleat_arena_grow(a, s->nodes, s->n, &s->cap, sizeof *s->nodes);
    s->nodes[s->n] = (struct cleat_fields_node){.el = el};
    return &s->nodes[s->n++];
}

static struct cleat_fields *below(struct cleat_arena *a, struct cleat_fields_at *at, int which) {
    if (at->set[which] == NULL) {
        struct cleat_fields_node *node = touch(a, below(a, at->up, which), at->el);
        if (node->below == NULL) {
            node->below = cleat_arena_alloc(a, sizeof(struct cleat_fields));
        }
        at->set[which] = (struct cleat_fields *)(uintptr_t)node->below;
    }
    return at->set[which];
}

void cleat_fields_mark(struct cleat_arena *a, struct cleat_fields_at *at, int which) {
    if (at->up != NULL) { /* nobody owns the whole object */
        touch(a, below(a, at->up, which), at->el)->member = true;
    }
}

static int by_element(const void *a, const void *b) {
    return cleat_element_cmp(((const struct cleat_fields_node *)a)->el,
                             ((const struct cleat_fields_node *)b)->el);
}

void cleat_fields_finish(struct cleat_arena *a, struct cleat_fields *s) {
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->nodes[i].below != NULL) {
            cleat_fields_finish(a, (struct cleat_fields *)(uintptr_t)s->nodes[i].below);
        }
    }
    if (!s->unsorted) {
        return;
    }
    qsort(s->nodes, s->n, sizeof *s->nodes, by_element);
    uint32_t n = 1;
    for (uint32_t i = 1; i < s->n; i++) {
        struct cleat_fields_node *last = &s->nodes[n - 1], *node = &s->nodes[i];
        if (cleat_element_cmp(last->el, node->el) == 0) {
            last->member = last->member || node->member;
            last->below = cleat_fields_union(a, last->below, node->below);
        } else {
            s->nodes[n++] = *node;
        }
    }
    s->n = n;
    s->unsorted = false;
}

const struct cleat_fields *cleat_fields_add(struct cleat_arena *a, const struct cleat_fields *s,
                                            const char *dotted) {
    struct cleat_fields root = {.n = 0};
    struct cleat_fields_at places[8] = {{.set = {&root}}};
    size_t depth = 0;
    while (*dotted != '\0' && depth + 1 < sizeof places / sizeof *places) {
        struct cleat_str name = {dotted, strcspn(dotted, ".")};
        depth++;
        places[depth] = (struct cleat_fields_at){.up = &places[depth - 1], .el = {'f', name}};
        dotted += name.n + (dotted[name.n] == '.');
    }
    cleat_fields_mark(a, &places[depth], 0);
    struct cleat_fields *kept = cleat_arena_alloc(a, sizeof *kept);
    *kept = root;
    return cleat_fields_union(a, s, kept);
}

/* ---- asking ---- */

bool cleat_fields_empty(const struct cleat_fields *s) {
    for (uint32_t i = 0; s != NULL && i < s->n; i++) {
        if (s->nodes[i].member || !cleat_fields_empty(s->nodes[i].below)) {
            return false;
        }
    }
    return true;
}

size_t cleat_fields_count(const struct cleat_fields *s) {
    size_t n = 0;
    for (uint32_t i = 0; s != NULL && i < s->n; i++) {
        n += s->nodes[i].member + cleat_fields_count(s->nodes[i].below);
    }
    return n;
}

bool cleat_fields_equal(const struct cleat_fields *a, const struct cleat_fields *b) {
    uint32_t n = a != NULL ? a->n : 0;
    if (a == b) {
        return true;
    }
    if (n != (b != NULL ? b->n : 0)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct cleat_fields_node *x = &a->nodes[i], *y = &b->nodes[i];
        if (x->member != y->member || cleat_element_cmp(x->el, y->el) != 0 ||
            !cleat_fields_equal(x->below, y->below)) {
            return false;
        }
    }
    return true;
}

const struct cleat_fields_node *cleat_fields_find(const struct cleat_fields *s,
                                                  struct cleat_element el) {
    struct cleat_fields_node key = {.el = el};
    return s != NULL && s->n > 0 ? bsearch(&key, s->nodes, s->n, sizeof *s->nodes, by_element)
                                 : NULL;
}

bool cleat_fields_has(const struct cleat_fields *s, const struct cleat_element *path, size_t n) {
    const struct cleat_fields_node *node = NULL;
    for (size_t i = 0; i < n; i++) {
        node = cleat_fields_find(s, path[i]);
        if (node == NULL) {
            return false;
        }
        s = node->below;
    }
    return node != NULL && node->member;
}

/* ---- walking ---- */

struct walk {
    void (*fn)(void *userdata, struct cleat_str path, const struct cleat_element *els, size_t n);
    void *userdata;
    struct cleat_buf path;
    struct cleat_element *els;
    size_t depth, cap;
};

static size_t enter(struct walk *w, struct cleat_element el) {
    size_t was = w->path.n;
    if (w->depth == w->cap) {
        w->cap = w->cap > 0 ? w->cap * 2 : 16;
        w->els = cleat_rearray(w->els, w->cap, sizeof *w->els);
    }
    w->els[w->depth++] = el;
    cleat_element_print(el, &w->path);
    return was;
}

static void leave(struct walk *w, size_t was) {
    w->depth--;
    w->path.n = was;
    w->path.p[was] = '\0';
}

static void each(struct walk *w, const struct cleat_fields *s) {
    for (uint32_t i = 0; s != NULL && i < s->n; i++) {
        if (s->nodes[i].member) {
            size_t was = enter(w, s->nodes[i].el);
            w->fn(w->userdata, (struct cleat_str){w->path.p, w->path.n}, w->els, w->depth);
            leave(w, was);
        }
    }
    for (uint32_t i = 0; s != NULL && i < s->n; i++) {
        if (s->nodes[i].below != NULL) {
            size_t was = enter(w, s->nodes[i].el);
            each(w, s->nodes[i].below);
            leave(w, was);
        }
    }
}

void cleat_fields_each(const struct cleat_fields *s,
                       void (*fn)(void *userdata, struct cleat_str path,
                                  const struct cleat_element *els, size_t n),
                       void *userdata) {
    struct walk w = {.fn = fn, .userdata = userdata};
    each(&w, s);
    cleat_buf_done(&w.path);
    free(w.els);
}
