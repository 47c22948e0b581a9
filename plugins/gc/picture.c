/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The graph around one object, as DOT and as JSON, and what would go with it. Under
 * the graph's mutex, for so many objects at most that nobody has to wait for it.
 */
#include "collector.h"

enum { MOST = 500 };

/* Nodes in the order in which they were reached. */
struct walk {
    const struct cleat_gc_node *v[MOST];
    size_t n;
    bool cut; /* there are more */
};

static bool has(const struct walk *w, const struct cleat_gc_node *n) {
    for (size_t i = 0; i < w->n; i++) {
        if (w->v[i] == n) {
            return true;
        }
    }
    return false;
}

static void reach(struct walk *w, const struct cleat_gc_node *n) {
    if (has(w, n)) {
        return;
    }
    if (w->n == MOST) {
        w->cut = true;
        return;
    }
    w->v[w->n++] = n;
}

/* Its owners and theirs, then all that depends on any of its own. */
static void walk(struct walk *w, const struct cleat_gc_node *from) {
    reach(w, from);
    for (size_t i = 0; i < w->n; i++) {
        for (size_t k = 0; k < w->v[i]->n_owners; k++) {
            reach(w, w->v[i]->owners[k].owner);
        }
    }
    struct walk below = {.n = 0};
    reach(&below, from);
    for (size_t i = 0; i < below.n; i++) {
        for (const struct cleat_gc_edge *e = below.v[i]->dependents; e != NULL && !below.cut;
             e = e->next) {
            reach(&below, e->dependent);
        }
    }
    for (size_t i = 0; i < below.n; i++) {
        reach(w, below.v[i]);
        for (size_t k = 0; k < below.v[i]->n_owners; k++) {
            reach(w, below.v[i]->owners[k].owner);
        }
    }
    w->cut |= below.cut;
}

static const char *state_of(const struct cleat_gc_node *n) {
    return n->obj == NULL  ? "unseen"
           : n->foreground ? "waits for its dependents"
           : n->orphan     ? "leaves its dependents"
           : n->ending     ? "ending"
                           : "present";
}

/* What is known of it; of an owner that was not seen, what the first who names it says. Texts
 * stand as in the objects, escaped where they must be. */
static struct cleat_gc_ref names_of(struct cleat_collector *c, const struct cleat_gc_node *n,
                                    struct cleat_str *ret_ns) {
    struct cleat_gc_ref r = {.uid = cleat_gc_node_uid(n)};
    if (n->obj != NULL) {
        r.api_version = cleat_cstr(c->monitors[n->kind]->api_version);
        r.kind = cleat_cstr(c->monitors[n->kind]->kind);
        r.name = SDK->obj->name(n->obj);
        *ret_ns = SDK->obj->ns(n->obj);
    } else if (n->dependents != NULL) {
        r = cleat_gc_ref_of(cleat_gc_edge_ref(n->dependents));
        *ret_ns = (struct cleat_str){"", 0};
    }
    return r;
}

static void put_node(struct cleat_collector *c, struct cleat_text *t, const struct walk *w,
                     size_t i, bool dot) {
    const struct cleat_gc_node *n = w->v[i];
    struct cleat_str ns = {"", 0};
    struct cleat_gc_ref r = names_of(c, n, &ns);
    if (dot) {
        cleat_text_addf(t, "  \"%.*s\" [label=\"%.*s\\n%.*s%s%.*s\"%s%s];\n", CLEAT_FMT(r.uid),
                        CLEAT_FMT(r.kind), CLEAT_FMT(ns), ns.n > 0 ? "/" : "", CLEAT_FMT(r.name),
                        n->obj == NULL ? ", style=dashed"
                        : n->ending    ? ", style=filled, fillcolor=lightpink"
                                       : "",
                        i == 0 ? ", penwidth=2" : "");
    } else {
        cleat_text_addf(t,
                        "%s{\"uid\":\"%.*s\",\"apiVersion\":\"%.*s\",\"kind\":\"%.*s\","
                        "\"namespace\":\"%.*s\",\"name\":\"%.*s\",\"state\":\"%s\"}",
                        i > 0 ? "," : "", CLEAT_FMT(r.uid), CLEAT_FMT(r.api_version),
                        CLEAT_FMT(r.kind), CLEAT_FMT(ns), CLEAT_FMT(r.name), state_of(n));
    }
}

static void put_edges(struct cleat_text *t, const struct walk *w, bool dot) {
    size_t count = 0;
    for (size_t i = 0; i < w->n; i++) {
        for (size_t k = 0; k < w->v[i]->n_owners; k++) {
            const struct cleat_gc_edge *e = &w->v[i]->owners[k];
            if (!has(w, e->owner)) {
                continue;
            }
            struct cleat_str from = cleat_gc_node_uid(e->dependent),
                             to = cleat_gc_node_uid(e->owner);
            if (dot) {
                cleat_text_addf(t, "  \"%.*s\" -> \"%.*s\"%s;\n", CLEAT_FMT(from), CLEAT_FMT(to),
                                e->blocks ? " [style=bold]" : "");
            } else {
                cleat_text_addf(t, "%s{\"dependent\":\"%.*s\",\"owner\":\"%.*s\",\"blocks\":%s}",
                                count++ > 0 ? "," : "", CLEAT_FMT(from), CLEAT_FMT(to),
                                e->blocks ? "true" : "false");
            }
        }
    }
}

char *cleat_gc_picture(struct cleat_collector *c, struct cleat_str uid, bool dot) {
    struct cleat_text t = {0};
    struct walk *w = cleat_sdk_alloc(1, sizeof *w);
    pthread_mutex_lock(&c->graph.mutex);
    const struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    if (n != NULL) {
        walk(w, n);
        cleat_text_addf(&t, "%s",
                        dot ? "digraph owners {\n  rankdir=BT;\n  node [shape=box];\n"
                            : "{\"nodes\":[");
        for (size_t i = 0; i < w->n; i++) {
            put_node(c, &t, w, i, dot);
        }
        cleat_text_addf(&t, "%s", dot ? "" : "],\"edges\":[");
        put_edges(&t, w, dot);
        cleat_text_addf(&t, "%s", dot ? "}\n" : w->cut ? "],\"cut\":true}" : "],\"cut\":false}");
    }
    pthread_mutex_unlock(&c->graph.mutex);
    free(w);
    return t.p;
}

/* All of its owners are among those that go, or not there. */
static bool goes_too(const struct walk *gone, const struct cleat_gc_node *n) {
    for (size_t k = 0; k < n->n_owners; k++) {
        const struct cleat_gc_node *owner = n->owners[k].owner;
        if (owner->obj != NULL && !has(gone, owner)) {
            return false;
        }
    }
    return true;
}

void cleat_gc_would_go(struct cleat_collector *c, struct cleat_str uid, struct cleat_tally *ret) {
    struct walk *gone = cleat_sdk_alloc(1, sizeof *gone);
    pthread_mutex_lock(&c->graph.mutex);
    const struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    if (n != NULL) {
        reach(gone, n);
    }
    /* Each round takes those whose last owner went in the one before; a cut is enough for a
     * list that people read. */
    for (size_t before = 0; before != gone->n && !gone->cut;) {
        before = gone->n;
        for (size_t i = 0; i < gone->n && !gone->cut; i++) {
            for (const struct cleat_gc_edge *e = gone->v[i]->dependents; e != NULL && !gone->cut;
                 e = e->next) {
                if (e->dependent->obj != NULL && goes_too(gone, e->dependent)) {
                    reach(gone, e->dependent);
                }
            }
        }
    }
    for (size_t i = 1; i < gone->n; i++) {
        struct cleat_str ns = {"", 0};
        struct cleat_gc_ref r = names_of(c, gone->v[i], &ns);
        char *text = cleat_sdk_format("%.*s %.*s%s%.*s", CLEAT_FMT(r.kind), CLEAT_FMT(ns),
                                      ns.n > 0 ? "/" : "", CLEAT_FMT(r.name));
        cleat_tally_add(ret, cleat_cstr(text), 1);
        free(text);
    }
    pthread_mutex_unlock(&c->graph.mutex);
    free(gone);
}
