/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ClusterRoles with an aggregationRule have the rules of all ClusterRoles that it
 * selects. After each change of a ClusterRole the whole is looked at again and what
 * differs is written; the publication only sets a timer. The timers' thread works,
 * and never blocks: a commit puts its request into the inbox and sets the timer.
 */
#include "core/auth/internal.h"

struct pending {
    cleat_request req;
    struct cleat__aggregator *owner;
    struct pending *next;
    char *name; /* what req points to */
    bool done;
};

struct cleat__aggregator {
    cleat_registry *registry;
    const struct cleat_kind *roles;
    uint64_t subscription;
    size_t n_pending; /* the timers' thread's, and after it free()'s */
    pthread_mutex_t mutex;
    cleat_timer *timer;    /* under the mutex; NULL once it ends */
    struct pending *inbox; /* under the mutex */
    struct cleat_event arrived;
};

/* ---- what the rules should be ---- */

struct rules {
    struct cleat_buf text;
    struct cleat_val *seen;
    size_t n_seen;
};

static void add_rules(struct rules *r, struct cleat_val rules) {
    struct cleat_iter it = {0};
    while (cleat_val_next(rules, &it)) {
        bool have = false;
        for (size_t i = 0; i < r->n_seen && !have; i++) {
            have = cleat_val_equal(r->seen[i], it.val) != 0;
        }
        if (!have) {
            cleat_buf_putc(&r->text, r->n_seen > 0 ? ',' : '[');
            cleat_buf_str(&r->text, cleat_val_raw(it.val));
            r->seen = cleat_rearray(r->seen, r->n_seen + 1, sizeof *r->seen);
            r->seen[r->n_seen++] = it.val;
        }
    }
}

static void add_selected(struct rules *r, const cleat_snapshot *sn, uint32_t kind,
                         const cleat_obj *self, const cleat_selector *s) {
    struct cleat_range range;
    const cleat_obj *o;
    cleat_range_init(&range, sn, kind, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        if (o != self && cleat_selector_match(s, o)) {
            add_rules(r, cleat_obj_at(o, CLEAT_PATH("rules")));
        }
    }
}

/* The role with the rules that it should have; NULL where it has them. */
static cleat_obj *aggregated(const cleat_snapshot *sn, uint32_t kind, const cleat_obj *o) {
    struct rules r = {.n_seen = 0};
    struct cleat_iter it = {0};
    struct cleat_val selectors =
        cleat_obj_at(o, CLEAT_PATH("aggregationRule", "clusterRoleSelectors"));
    bool valid = true;
    while (valid && cleat_val_next(selectors, &it)) {
        cleat_selector *s = NULL;
        valid = cleat_rbac_selector(it.val, &s, NULL) == CLEAT_OK;
        if (valid) {
            add_selected(&r, sn, kind, o, s);
        }
        cleat_selector_free(s);
    }
    cleat_buf_puts(&r.text, r.n_seen > 0 ? "]" : "[]");
    cleat_obj *better = NULL;
    struct cleat_val rules = cleat_obj_at(o, CLEAT_PATH("rules"));
    bool none = r.n_seen == 0 && cleat_val_count(rules) == 0;
    if (valid && !none && !cleat_eqc(cleat_val_raw(rules), r.text.p)) {
        struct cleat_splice s = {CLEAT_PATH("rules"), {r.text.p, r.text.n}};
        cleat_err err = cleat_obj_splice(o, &s, 1, &better, NULL);
        cleat_assert(err == CLEAT_OK); /* stored objects can be spliced */
    }
    cleat_buf_done(&r.text);
    free(r.seen);
    return better;
}

/* What has to be written. *ret is owned. */
static size_t plan(struct cleat__aggregator *g, struct cleat__write **ret) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(cleat_registry_store(g->registry));
    struct cleat_range range;
    const cleat_obj *o;
    struct cleat__write *w = NULL;
    size_t n = 0;
    cleat_range_init(&range, sn, g->roles->id, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        cleat_obj *better = cleat_val_count(cleat_obj_at(
                                o, CLEAT_PATH("aggregationRule", "clusterRoleSelectors"))) > 0
                                ? aggregated(sn, g->roles->id, o)
                                : NULL;
        if (better != NULL) {
            w = cleat_rearray(w, n + 1, sizeof *w);
            w[n++] = (struct cleat__write){.verb = CLEAT_VERB_UPDATE,
                                           .kind = g->roles,
                                           .name = cleat_obj_name(better),
                                           .body = better};
        }
    }
    *ret = w;
    return n;
}

/* ---- at the start ---- */

cleat_err cleat__aggregator_run(struct cleat__aggregator *g, struct cleat_error *e) {
    enum { ROUNDS = 16 }; /* what one round writes, the next one may gather */
    for (int i = 0; i < ROUNDS; i++) {
        CLEAT_AUTO_FREE struct cleat__write *w = NULL;
        size_t n = plan(g, &w);
        if (n == 0) {
            break;
        }
        CLEAT_TRY(cleat__write_all(g->registry, w, n, CLEAT_E_CONFLICT, e));
    }
    return CLEAT_OK;
}

/* ---- later ---- */

/* Under the mutex. */
static void wake(struct cleat__aggregator *g, cleat_time delay) {
    if (g->timer != NULL) {
        cleat_timer_set(g->timer, delay);
    }
}

static void on_done(cleat_request *req) {
    ((struct pending *)req->userdata)->done = true;
}

static void on_post(cleat_request *req) {
    struct pending *p = req->userdata;
    struct cleat__aggregator *g = p->owner;
    CLEAT_LOCKED(&g->mutex);
    p->next = g->inbox;
    g->inbox = p;
    wake(g, 0);
    cleat_event_set(&g->arrived);
}

static void settle(struct cleat__aggregator *g, struct pending *p) {
    if (!p->done) {
        return;
    }
    if (p->req.err != CLEAT_OK && p->req.err != CLEAT_E_CONFLICT &&
        p->req.err != CLEAT_E_NOT_FOUND) {
        cleat_logf(CLEAT_LOG_WARN, "auth", "a role was not aggregated: %s", p->req.error.message);
        CLEAT_LOCKED(&g->mutex);
        wake(g, CLEAT_SECOND);
    }
    g->n_pending--;
    cleat_request_done(&p->req);
    free(p->name);
    free(p);
}

static void drain(struct cleat__aggregator *g) {
    struct pending *p;
    {
        CLEAT_LOCKED(&g->mutex);
        p = g->inbox;
        g->inbox = NULL;
    }
    for (struct pending *next; p != NULL; p = next) {
        next = p->next;
        cleat_request_resume(&p->req);
        settle(g, p);
    }
}

static void begin(struct cleat__aggregator *g, struct cleat__write *w) {
    struct pending *p = cleat_zalloc(sizeof *p);
    p->owner = g;
    p->name = cleat_strndup(w->name);
    p->req = (cleat_request){.registry = g->registry,
                             .verb = w->verb,
                             .kind = w->kind,
                             .name = cleat_s(p->name),
                             .user = &cleat__self,
                             .body = CLEAT_STEAL(w->body),
                             .field_manager = "clusterrole-aggregation-controller",
                             .done = on_done,
                             .post = on_post,
                             .userdata = p};
    g->n_pending++;
    cleat_request_start(&p->req);
    settle(g, p);
}

static void step(void *userdata) {
    struct cleat__aggregator *g = userdata;
    drain(g);
    if (g->n_pending > 0) {
        return; /* the last commit sets the timer again */
    }
    CLEAT_AUTO_FREE struct cleat__write *w = NULL;
    size_t n = plan(g, &w);
    for (size_t i = 0; i < n; i++) {
        begin(g, &w[i]);
    }
}

static void on_publish(void *userdata, const uint32_t *kinds, size_t n, uint64_t revision) {
    (void)revision;
    struct cleat__aggregator *g = userdata;
    for (size_t i = 0; i < n; i++) {
        if (kinds[i] == g->roles->id) {
            CLEAT_LOCKED(&g->mutex);
            wake(g, 0);
            return;
        }
    }
}

struct cleat__aggregator *cleat__aggregator_new(cleat_registry *r) {
    struct cleat__aggregator *g = cleat_zalloc(sizeof *g);
    g->registry = r;
    g->roles = cleat_registry_find(r, CLEAT__RBAC, "v1", "clusterroles");
    pthread_mutex_init(&g->mutex, NULL);
    cleat_event_init(&g->arrived);
    g->timer = cleat_timer_new(INT64_MAX, 0, step, g);
    g->subscription = cleat_store_subscribe(cleat_registry_store(r), on_publish, g);
    return g;
}

void cleat__aggregator_free(struct cleat__aggregator *g) {
    if (g == NULL) {
        return;
    }
    cleat_store_unsubscribe(cleat_registry_store(g->registry), g->subscription);
    cleat_timer *timer;
    {
        CLEAT_LOCKED(&g->mutex);
        timer = CLEAT_STEAL(g->timer);
    }
    cleat_timer_free(timer);
    while (g->n_pending > 0) {
        cleat_event_wait(&g->arrived, -1);
        cleat_event_init(&g->arrived);
        drain(g);
    }
    pthread_mutex_destroy(&g->mutex);
    free(g);
}
