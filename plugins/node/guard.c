/* SPDX-License-Identifier: Apache-2.0 */
/* See guard.h. Entries exist only for Nodes that are not well, so a list a slot will do. */
#include "guard.h"

#include <pthread.h>

enum { SLOTS = 1024 };

struct memory {
    struct memory *next;
    char *name, *uid;
    int64_t misses;
    cleat_time missed; /* when the last miss was counted */
    cleat_time off;    /* since when it is off; 0 = it is not */
};

struct cleat_guard {
    struct cleat_guard_opts opts;
    pthread_mutex_t lock;
    struct memory *slots[SLOTS];
    cleat_time *deleted; /* ring of opts.limit: when the last ones went */
    size_t next;
};

struct cleat_guard *cleat_guard_new(const struct cleat_guard_opts *opts) {
    struct cleat_guard *g = cleat_sdk_alloc(1, sizeof *g);
    g->opts = *opts;
    g->deleted = cleat_sdk_alloc(opts->limit > 0 ? (size_t)opts->limit : 1, sizeof *g->deleted);
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

static struct memory **slot_of(struct cleat_guard *g, struct cleat_str name) {
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < name.n; i++) {
        h = (h ^ (unsigned char)name.p[i]) * 16777619u;
    }
    struct memory **m = &g->slots[h % SLOTS];
    while (*m != NULL && !cleat_str_is(name, (*m)->name)) {
        m = &(*m)->next;
    }
    return m;
}

static void drop(struct memory **m) {
    struct memory *gone = *m;
    *m = gone->next;
    free(gone->name);
    free(gone->uid);
    free(gone);
}

/* The Node's entry, made where there is none or one of another Node of that name. */
static struct memory *memory_of(struct cleat_guard *g, const cleat_obj *node) {
    struct memory **m = slot_of(g, SDK->obj->name(node));
    if (*m != NULL && !cleat_str_is(SDK->obj->uid(node), (*m)->uid)) {
        drop(m);
        m = slot_of(g, SDK->obj->name(node));
    }
    if (*m == NULL) {
        *m = cleat_sdk_alloc(1, sizeof **m);
        (*m)->name = cleat_sdk_dup(SDK->obj->name(node));
        (*m)->uid = cleat_sdk_dup(SDK->obj->uid(node));
    }
    return *m;
}

/* Whether one more may go now, and if so counts it. */
static bool take_turn(struct cleat_guard *g, cleat_time now) {
    if (g->opts.limit <= 0) {
        return true;
    }
    cleat_time *oldest = &g->deleted[g->next];
    if (*oldest != 0 && now - *oldest < g->opts.window) {
        return false;
    }
    *oldest = now;
    g->next = (g->next + 1) % (size_t)g->opts.limit;
    return true;
}

/* NULL = nothing speaks against it. The lock is held. */
static char *against(struct cleat_guard *g, const cleat_obj *node, cleat_time now) {
    struct memory *m = memory_of(g, node);
    m->off = 0;
    if (m->misses == 0 || now - m->missed >= g->opts.between) {
        m->misses++;
        m->missed = now;
    }
    if (m->misses < g->opts.misses) {
        return cleat_node_format("the cloud has said so %lld of %lld times in a row",
                                 (long long)m->misses, (long long)g->opts.misses);
    }
    double age = cleat_node_age(node), min = (double)g->opts.min_age / (double)CLEAT_SECOND;
    if (age < min) {
        return cleat_node_format("it must be %.0f seconds old", min);
    }
    if (g->opts.dry_run) {
        return cleat_sdk_dup(CLEAT_STR("deletions are a dry run"));
    }
    if (!take_turn(g, now)) {
        return cleat_node_format("%lld have been deleted within %lld seconds, which is the limit",
                                 (long long)g->opts.limit,
                                 (long long)(g->opts.window / CLEAT_SECOND));
    }
    return NULL;
}

bool cleat_guard_allows(struct cleat_guard *g, const cleat_obj *node, char **ret_why) {
    pthread_mutex_lock(&g->lock);
    char *why = against(g, node, SDK->clock->monotonic());
    pthread_mutex_unlock(&g->lock);
    if (why != NULL) {
        *ret_why = why;
    }
    return why == NULL;
}

cleat_time cleat_guard_present(struct cleat_guard *g, const cleat_obj *node, bool off) {
    cleat_time now = SDK->clock->monotonic(), since = 0;
    if (!off) {
        cleat_guard_forget(g, SDK->obj->name(node));
        return 0;
    }
    pthread_mutex_lock(&g->lock);
    struct memory *m = memory_of(g, node);
    m->misses = 0;
    m->off = m->off != 0 ? m->off : now;
    since = now - m->off;
    pthread_mutex_unlock(&g->lock);
    return since;
}

void cleat_guard_forget(struct cleat_guard *g, struct cleat_str node) {
    pthread_mutex_lock(&g->lock);
    struct memory **m = slot_of(g, node);
    if (*m != NULL) {
        drop(m);
    }
    pthread_mutex_unlock(&g->lock);
}

void cleat_guard_free(struct cleat_guard *g) {
    if (g == NULL) {
        return;
    }
    for (size_t i = 0; i < SLOTS; i++) {
        while (g->slots[i] != NULL) {
            drop(&g->slots[i]);
        }
    }
    pthread_mutex_destroy(&g->lock);
    free(g->deleted);
    free(g);
}
