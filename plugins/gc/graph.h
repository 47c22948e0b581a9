/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who owns whom, by uid. A node is an object that an informer has shown, or an
 * owner that nobody has shown yet but somebody names; an edge is one reference.
 * Everything is under the graph's mutex, which is held for moments only: the
 * informers' thread writes, workers read. What has to be looked at because of a
 * change is handed to the sink while the mutex is held.
 *
 * An object costs a node, an edge for each of its references, and its place in
 * the table; its names and references are read from the object itself, which the
 * store and the informer hold anyway.
 */
#ifndef CLEAT_PLUGIN_GC_GRAPH_H
#define CLEAT_PLUGIN_GC_GRAPH_H

#include "gc.h"

#include <pthread.h>

#define CLEAT_FINALIZER_ORPHAN     "orphan"
#define CLEAT_FINALIZER_FOREGROUND "foregroundDeletion"

struct cleat_gc_node;
struct cleat_gc_edge {
    struct cleat_gc_node *owner, *dependent;
    struct cleat_gc_edge *next, **link; /* in the owner's list */
    bool blocks;                        /* blockOwnerDeletion */
};

struct cleat_gc_node {
    cleat_obj *obj; /* a reference to what was seen last; NULL = never or not any more */
    char *uid;      /* where obj is NULL */
    struct cleat_gc_edge *owners;     /* one a reference, in their order */
    struct cleat_gc_edge *dependents; /* those that refer to it */
    uint32_t hash;
    uint32_t n_dependents, n_blocking;
    uint16_t n_owners;
    uint16_t kind; /* the caller's number of the kind */
    uint8_t tries; /* failures in a row */
    bool ending : 1;
    bool foreground : 1; /* it waits for its dependents to go */
    bool orphan : 1;     /* its dependents are to lose it before it goes */
    bool in_flight : 1;  /* a write about it is under way */
    bool again : 1;      /* and it is to be looked at after that */
};

struct cleat_gc_kind_name {
    const char *api_version, *kind;
};
/* Called with the mutex held; must only note it. */
struct cleat_gc_sink {
    void *self;
    void (*check)(void *self, struct cleat_gc_node *n);  /* whether it must go */
    void (*orphan)(void *self, struct cleat_gc_node *n); /* frees its dependents */
    /* dependent names an owner that is in another namespace; ref is its reference. */
    void (*foreign)(void *self, const cleat_obj *dependent, struct cleat_val ref);
    /* What objects of a kind say of themselves. */
    struct cleat_gc_kind_name (*name)(void *self, uint16_t kind);
};

struct cleat_gc_graph {
    pthread_mutex_t mutex;
    struct cleat_gc_node **slots; /* linear probing by hash */
    size_t n, cap, n_edges, n_seen;
    bool ready; /* until then nothing is handed to the sink */
    struct cleat_gc_sink sink;
};

void cleat_gc_graph_init(struct cleat_gc_graph *g, const struct cleat_gc_sink *sink);
void cleat_gc_graph_done(struct cleat_gc_graph *g);

/* These take the mutex: */
void cleat_gc_graph_put(struct cleat_gc_graph *g, uint16_t kind, const cleat_obj *obj);
void cleat_gc_graph_remove(struct cleat_gc_graph *g, uint16_t kind, const cleat_obj *obj);
/* Nothing is known of a kind any more: its objects are neither there nor gone. */
void cleat_gc_graph_forget(struct cleat_gc_graph *g, uint16_t kind);
/* All that is there was put: hands everything that needs a look to the sink. */
void cleat_gc_graph_begin(struct cleat_gc_graph *g);

/* These need it: */
struct cleat_gc_node *cleat_gc_graph_find(const struct cleat_gc_graph *g, struct cleat_str uid);
struct cleat_str cleat_gc_node_uid(const struct cleat_gc_node *n);
/* The reference that an edge stands for. */
struct cleat_val cleat_gc_edge_ref(const struct cleat_gc_edge *e);

/* A reference and who it names. (graph_refs.c) */
struct cleat_gc_ref {
    struct cleat_str api_version, kind, name, uid;
    bool blocks;
};
struct cleat_gc_ref cleat_gc_ref_of(struct cleat_val v);

#endif
