/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Nodes behind balancers, by upstream's predicates: not being deleted, not excluded
 * by label, not about to be taken away by the autoscaler. Whether a Node is Ready is the
 * balancer's own health checks' business, unless it is asked for.
 */
#include "service.h"

#include <pthread.h>
#include <stdatomic.h>

#define EXCLUDE  "node.kubernetes.io/exclude-from-external-load-balancers"
#define LEAVING  "ToBeDeletedByClusterAutoscaler"
#define SHUTDOWN "node.cloudprovider.kubernetes.io/shutdown"

/* ---- one Node ---- */

/* As Go's ParseBool: what else the label says excludes, and so does nothing. */
static bool is_false(struct cleat_str s) {
    static const char *const words[] = {"0", "f", "F", "false", "FALSE", "False"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (cleat_str_is(s, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_excluded(const cleat_obj *node) {
    struct cleat_val label = CLEAT_AT(SDK, node, "metadata", "labels", EXCLUDE);
    return SDK->obj->type(label) != CLEAT_ABSENT && !is_false(SDK->obj->str(label));
}

static bool has_taint(const cleat_obj *node, const char *key) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, node, "spec", "taints"), &it)) {
        if (cleat_str_is(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("key"))), key)) {
            return true;
        }
    }
    return false;
}

static bool is_ready(const cleat_obj *node) {
    struct cleat_val ready = SDK->util->condition(node, "Ready");
    return cleat_str_is(SDK->obj->str(SDK->obj->at(ready, CLEAT_PATH("status"))), "True");
}

static bool is_host(const cleat_obj *node, bool ready_only) {
    return CLEAT_TEXT(SDK, node, "metadata", "deletionTimestamp").n == 0 && !is_excluded(node) &&
           !has_taint(node, LEAVING) &&
           (!ready_only || (is_ready(node) && !has_taint(node, SHUTDOWN)));
}

/* ---- sets ---- */

struct cleat_service_hosts *cleat_service_hosts_ref(struct cleat_service_hosts *h) {
    atomic_fetch_add(&h->refs, 1);
    return h;
}

void cleat_service_hosts_unref(struct cleat_service_hosts *h) {
    if (h == NULL || atomic_fetch_sub(&h->refs, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < h->n; i++) {
        SDK->obj->unref(h->nodes[i]);
    }
    free(h->nodes);
    free(h);
}

bool cleat_service_hosts_equal(const struct cleat_service_hosts *a,
                               const struct cleat_service_hosts *b) {
    if (a == NULL || b == NULL || a->n != b->n) {
        return a == b;
    }
    for (size_t i = 0; i < a->n; i++) {
        if (!cleat_str_eq(SDK->obj->name(a->nodes[i]), SDK->obj->name(b->nodes[i])) ||
            !cleat_str_eq(CLEAT_TEXT(SDK, a->nodes[i], "spec", "providerID"),
                          CLEAT_TEXT(SDK, b->nodes[i], "spec", "providerID"))) {
            return false;
        }
    }
    return true;
}

char *cleat_service_hosts_print(const struct cleat_service_hosts *h) {
    enum { SHOWN = 20 };
    char *text = cleat_sdk_dup(CLEAT_STR(""));
    for (size_t i = 0; i < h->n && i < SHOWN; i++) {
        char *more = cleat_sdk_format("%s%s%.*s", text, i > 0 ? " " : "",
                                      CLEAT_FMT(SDK->obj->name(h->nodes[i])));
        free(text);
        text = more;
    }
    if (h->n > SHOWN) {
        char *more = cleat_sdk_format("%s <%zu more>", text, h->n - SHOWN);
        free(text);
        text = more;
    }
    return text;
}

/* ---- the present sets ---- */

struct present {
    struct present *next;
    const struct cleat_cloud *cloud;
    struct cleat_service_hosts *hosts;
    uint64_t version;
};

struct cleat_service_pool {
    bool ready_only;
    _Atomic uint64_t version; /* counts changes of Nodes */
    pthread_mutex_t lock;     /* guards the rest; held for moments */
    pthread_cond_t made;
    bool making; /* somebody makes a set: the others wait, rather than ask the API the same */
    struct present *sets;
};

struct cleat_service_pool *cleat_service_pool_new(bool ready_only) {
    struct cleat_service_pool *p = cleat_sdk_alloc(1, sizeof *p);
    p->ready_only = ready_only;
    atomic_init(&p->version, 1);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->made, NULL);
    return p;
}

void cleat_service_pool_free(struct cleat_service_pool *p) {
    if (p == NULL) {
        return;
    }
    for (struct present *s = p->sets, *next; s != NULL; s = next) {
        next = s->next;
        cleat_service_hosts_unref(s->hosts);
        free(s);
    }
    pthread_cond_destroy(&p->made);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

void cleat_service_pool_changed(struct cleat_service_pool *p) {
    atomic_fetch_add(&p->version, 1);
}

bool cleat_service_pool_concerns(const struct cleat_service_pool *p, const cleat_obj *old,
                                 const cleat_obj *node) {
    bool was = old != NULL && is_host(old, p->ready_only);
    bool is = node != NULL && is_host(node, p->ready_only);
    if (!was || !is) {
        return was || is;
    }
    return !cleat_str_eq(CLEAT_TEXT(SDK, old, "spec", "providerID"),
                         CLEAT_TEXT(SDK, node, "spec", "providerID")) ||
           !cleat_str_eq(CLEAT_TEXT(SDK, old, "metadata", "labels", CLEAT_LABEL_PROVIDER),
                         CLEAT_TEXT(SDK, node, "metadata", "labels", CLEAT_LABEL_PROVIDER));
}

struct gathering {
    const struct cleat_service_pool *pool;
    const struct cleat_cloud *cloud;
    struct cleat_service_hosts *hosts;
    size_t cap;
};

/* Nodes of another provider are left out; those of nobody may be anybody's. */
static int32_t gather(void *userdata, const cleat_obj *node) {
    struct gathering *g = userdata;
    const struct cleat_cloud *owner = SDK->clouds->for_node(node);
    if (!is_host(node, g->pool->ready_only) || (owner != NULL && owner != g->cloud)) {
        return 0;
    }
    if (g->hosts->n == g->cap) {
        g->cap = g->cap > 0 ? g->cap * 2 : 16;
        const cleat_obj **v = cleat_sdk_alloc(g->cap, sizeof *v);
        if (g->hosts->n > 0) {
            memcpy(v, g->hosts->nodes, g->hosts->n * sizeof *v);
        }
        free(g->hosts->nodes);
        g->hosts->nodes = v;
    }
    g->hosts->nodes[g->hosts->n++] = SDK->obj->ref(node);
    return 0;
}

static int by_name(const void *a, const void *b) {
    struct cleat_str x = SDK->obj->name(*(const cleat_obj *const *)a);
    struct cleat_str y = SDK->obj->name(*(const cleat_obj *const *)b);
    int d = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);
    return d != 0 ? d : (x.n > y.n) - (x.n < y.n);
}

/* A Node of the old set that the cache does not have any more: a list may have been short. Only a
 * live read that finds nothing takes it out; an error keeps it. */
static bool is_missed(const struct cleat_service_pool_reader *r, const cleat_obj *node,
                      cleat_obj **ret) {
    struct cleat_key key = {{"", 0}, SDK->obj->name(node)};
    cleat_obj *o = SDK->informer->get(r->nodes, key);
    if (o != NULL) {
        SDK->obj->unref(o);
        return false;
    }
    cleat_err err = SDK->client->get(r->client, r->ctx, CLEAT_NODE_GVR, key, &o, NULL);
    if (err == CLEAT_E_NOT_FOUND) {
        return false;
    }
    *ret = err == CLEAT_OK ? o : SDK->obj->ref(node);
    return true;
}

/* *ret_doubtful: something was kept that the cache does not have. */
static struct cleat_service_hosts *make(const struct cleat_service_pool *p,
                                        const struct cleat_service_pool_reader *r,
                                        const struct cleat_cloud *cloud,
                                        const struct cleat_service_hosts *old, bool *ret_doubtful) {
    struct gathering g = {p, cloud, cleat_sdk_alloc(1, sizeof *g.hosts), 0};
    atomic_init(&g.hosts->refs, 1);
    SDK->informer->foreach (r->nodes, NULL, (struct cleat_str){"", 0}, gather, &g);
    for (size_t i = 0; old != NULL && i < old->n; i++) {
        cleat_obj *live = NULL;
        if (is_missed(r, old->nodes[i], &live)) {
            gather(&g, live);
            SDK->obj->unref(live);
            *ret_doubtful = true;
        }
    }
    if (g.hosts->n > 1) {
        qsort(g.hosts->nodes, g.hosts->n, sizeof *g.hosts->nodes, by_name);
    }
    return g.hosts;
}

/* The provider's set, or NULL. The lock is held. */
static struct present *find(struct cleat_service_pool *p, const struct cleat_cloud *cloud) {
    struct present *s = p->sets;
    while (s != NULL && s->cloud != cloud) {
        s = s->next;
    }
    return s;
}

struct cleat_service_hosts *cleat_service_pool_get(struct cleat_service_pool *p,
                                                   const struct cleat_service_pool_reader *r,
                                                   const struct cleat_cloud *cloud,
                                                   bool *ret_doubtful) {
    *ret_doubtful = false;
    pthread_mutex_lock(&p->lock);
    uint64_t version = atomic_load(&p->version); /* before the cache is read */
    struct present *s = find(p, cloud);
    while (p->making && (s == NULL || s->version != version)) {
        pthread_cond_wait(&p->made, &p->lock);
        version = atomic_load(&p->version);
        s = find(p, cloud);
    }
    struct cleat_service_hosts *last = s != NULL ? cleat_service_hosts_ref(s->hosts) : NULL;
    bool current = s != NULL && s->version == version;
    p->making |= !current;
    pthread_mutex_unlock(&p->lock);
    if (current) {
        return last;
    }
    struct cleat_service_hosts *h = make(p, r, cloud, last, ret_doubtful);
    cleat_service_hosts_unref(last);
    struct cleat_service_hosts *old = cleat_service_hosts_ref(h);
    pthread_mutex_lock(&p->lock);
    s = find(p, cloud);
    if (s == NULL) {
        s = cleat_sdk_alloc(1, sizeof *s);
        *s = (struct present){.next = p->sets, .cloud = cloud};
        p->sets = s;
    }
    if (s->version < version) {
        struct cleat_service_hosts *taken = old;
        old = s->hosts;
        s->hosts = taken;
        s->version = version;
    }
    p->making = false;
    pthread_cond_broadcast(&p->made);
    pthread_mutex_unlock(&p->lock);
    cleat_service_hosts_unref(old);
    return h;
}
