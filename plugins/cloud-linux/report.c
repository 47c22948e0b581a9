/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What others see of the agent: the inventory's snapshot, which servers are
 * down, what became of each balancer (those who wait for it wait here), the
 * status of the objects, and the hints to watchers.
 */
#include "agent.h"

#include <time.h>

#define OBJ (SDK->obj)

/* ---- snapshots ---- */

cleat_err cleat_lin_agent_inventory(struct cleat_lin_agent *a, struct cleat_lin_inventory **ret,
                                    bool *ret_stale, struct cleat_error *reterr) {
    struct cleat_lin_inventory *inv;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 2; /* after a start it takes a moment */
    pthread_mutex_lock(&a->lock);
    while (a->inventory == NULL && !atomic_load(&a->stopping) &&
           pthread_cond_timedwait(&a->moved, &a->lock, &until) == 0) {
    }
    inv = a->inventory;
    if (inv != NULL) {
        atomic_fetch_add(&inv->refs, 1);
    }
    if (ret_stale != NULL) {
        *ret_stale = a->stale;
    }
    pthread_mutex_unlock(&a->lock);
    if (inv == NULL) {
        cleat_err err =
            cleat_errorf(reterr, CLEAT_E_TRANSIENT, "linux: the inventory is not there yet");
        if (reterr != NULL) {
            reterr->retry_after_ms = 100;
        }
        return err;
    }
    *ret = inv;
    return CLEAT_OK;
}

bool cleat_lin_agent_is_down(struct cleat_lin_agent *a, const char *server) {
    bool down = false;
    pthread_mutex_lock(&a->lock);
    for (size_t i = 0; i < a->n_down && !down; i++) {
        down = strcmp(a->down[i], server) == 0;
    }
    pthread_mutex_unlock(&a->lock);
    return down;
}

static bool same_texts(char *const *a, size_t n, char *const *b, size_t m) {
    bool same = n == m;
    for (size_t i = 0; same && i < n; i++) {
        same = strcmp(a[i], b[i]) == 0;
    }
    return same;
}

static void free_texts(char **v, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(v[i]);
    }
    free(v);
}

static void tell_watchers(struct cleat_lin_agent *a) {
    pthread_mutex_lock(&a->watch_lock);
    a->calling = a->watches;
    while (a->calling != NULL) { /* which nobody frees meanwhile */
        pthread_mutex_unlock(&a->watch_lock);
        a->calling->changed(a->calling->userdata);
        pthread_mutex_lock(&a->watch_lock);
        a->calling = a->calling->next;
        pthread_cond_broadcast(&a->called);
    }
    pthread_mutex_unlock(&a->watch_lock);
}

static bool same_server(const struct cleat_lin_server *a, const struct cleat_lin_server *b) {
    bool same = strcmp(a->name, b->name) == 0 && strcmp(a->provider_id, b->provider_id) == 0 &&
                strcmp(a->zone, b->zone) == 0 && strcmp(a->region, b->region) == 0 &&
                strcmp(a->type, b->type) == 0 && a->off == b->off &&
                a->n_addresses == b->n_addresses && a->n_labels == b->n_labels;
    for (size_t i = 0; same && i < a->n_addresses; i++) {
        same = strcmp(a->addresses[i].type, b->addresses[i].type) == 0 &&
               strcmp(a->addresses[i].address, b->addresses[i].address) == 0;
    }
    for (size_t i = 0; same && i < a->n_labels; i++) {
        same = strcmp(a->labels[i].key, b->labels[i].key) == 0 &&
               strcmp(a->labels[i].value, b->labels[i].value) == 0;
    }
    return same;
}

static bool same_servers(const struct cleat_lin_inventory *a, const struct cleat_lin_inventory *b) {
    bool same = a != NULL && a->n_servers == b->n_servers;
    for (size_t i = 0; same && i < a->n_servers; i++) {
        same = same_server(&a->servers[i], &b->servers[i]);
    }
    return same;
}

void cleat_lin_agent_publish(struct cleat_lin_agent *a, struct cleat_lin_inventory *inv) {
    char **down = NULL;
    size_t n = 0;
    for (size_t i = 0; i < inv->n_servers; i++) {
        const struct cleat_lin_server *s = &inv->servers[i];
        if (cleat_lin_checks_health(a->checks, &s->probe) == CLEAT_LIN_DOWN) {
            char *name = cleat_sdk_dup(cleat_cstr(s->name));
            CLEAT_LIN_PUSH(down, n, name);
        }
    }
    pthread_mutex_lock(&a->lock);
    struct cleat_lin_inventory *old = a->inventory;
    char **old_down = a->down;
    size_t n_old_down = a->n_down;
    bool changed = !same_servers(old, inv) || !same_texts(old_down, n_old_down, down, n);
    a->inventory = inv;
    a->stale = cleat_lin_source_problem(a->source) != NULL;
    a->down = down;
    a->n_down = n;
    pthread_cond_broadcast(&a->moved);
    pthread_mutex_unlock(&a->lock);
    cleat_lin_inventory_unref(old);
    free_texts(old_down, n_old_down);
    if (changed) {
        tell_watchers(a);
    }
}

/* ---- watchers ---- */

cleat_err cleat_lin_agent_watch(struct cleat_lin_agent *a, void (*changed)(void *userdata),
                                void *userdata, uint64_t *ret_id) {
    struct cleat_lin_watch *w = cleat_sdk_alloc(1, sizeof *w);
    w->changed = changed;
    w->userdata = userdata;
    pthread_mutex_lock(&a->watch_lock);
    w->id = ++a->last_watch;
    w->next = a->watches;
    a->watches = w;
    *ret_id = w->id;
    pthread_mutex_unlock(&a->watch_lock);
    return CLEAT_OK;
}

void cleat_lin_agent_unwatch(struct cleat_lin_agent *a, uint64_t id) {
    pthread_mutex_lock(&a->watch_lock);
    while (a->calling != NULL && a->calling->id == id) {
        pthread_cond_wait(&a->called, &a->watch_lock);
    }
    struct cleat_lin_watch **p = &a->watches;
    while (*p != NULL && (*p)->id != id) {
        p = &(*p)->next;
    }
    struct cleat_lin_watch *w = *p;
    if (w != NULL) {
        *p = w->next;
    }
    pthread_mutex_unlock(&a->watch_lock);
    free(w);
}

/* ---- outcomes ---- */

void cleat_lin_agent_forget_outcomes(struct cleat_lin_agent *a) {
    for (size_t i = 0; i < a->n_outcomes; i++) {
        free(a->outcomes[i].name);
        free(a->outcomes[i].why);
    }
    free(a->outcomes);
    a->outcomes = NULL;
    a->n_outcomes = 0;
}

/* What is wrong with a balancer itself, or NULL. */
static const char *problem_of(const struct cleat_lin_balancer *b) {
    return b->problem[0] != NULL ? b->problem[0] : b->problem[1];
}

void cleat_lin_agent_publish_outcomes(struct cleat_lin_agent *a,
                                      struct cleat_lin_balancer *const *v, size_t n, cleat_err err,
                                      const struct cleat_error *why) {
    pthread_mutex_lock(&a->lock);
    cleat_lin_agent_forget_outcomes(a);
    for (size_t i = 0; i < n; i++) {
        const struct cleat_lin_balancer *b = v[i];
        const char *problem = err != CLEAT_OK ? why->message : problem_of(b);
        struct cleat_lin_outcome o = {
            .name = cleat_sdk_dup(cleat_cstr(b->name)),
            .revision = b->revision,
            .err = err != CLEAT_OK   ? err
                   : problem != NULL ? CLEAT_E_UNAVAILABLE
                                     : CLEAT_OK,
            .why = problem != NULL ? cleat_sdk_dup(cleat_cstr(problem)) : NULL,
        };
        CLEAT_LIN_PUSH(a->outcomes, a->n_outcomes, o);
    }
    a->have_outcomes = true;
    a->clean = err == CLEAT_OK;
    pthread_cond_broadcast(&a->moved);
    pthread_mutex_unlock(&a->lock);
}

/* 1: done, 0: not yet; *err with what became of it. (locked) */
static bool is_done(const struct cleat_lin_agent *a, const char *balancer, uint64_t revision,
                    cleat_err *err, struct cleat_error *reterr) {
    if (!a->have_outcomes) {
        return false;
    }
    for (size_t i = 0; i < a->n_outcomes; i++) {
        const struct cleat_lin_outcome *o = &a->outcomes[i];
        if (strcmp(o->name, balancer) == 0) {
            if (revision == 0 || o->revision < revision) {
                return false;
            }
            *err = o->err == CLEAT_OK ? CLEAT_OK : cleat_errorf(reterr, o->err, "%s", o->why);
            return true;
        }
    }
    *err = CLEAT_OK;
    return revision == 0 && a->clean;
}

cleat_err cleat_lin_agent_wait(struct cleat_lin_agent *a, cleat_ctx *ctx, const char *balancer,
                               uint64_t revision, struct cleat_error *reterr) {
    cleat_err err = CLEAT_OK;
    cleat_time began = SDK->clock->monotonic();
    pthread_mutex_lock(&a->lock);
    bool done = is_done(a, balancer, revision, &err, reterr);
    while (!done && err == CLEAT_OK) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += 50 * 1000 * 1000; /* a context has no way to wake us */
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&a->moved, &a->lock, &until);
        err = SDK->ctx->err(ctx);
        if (err != CLEAT_OK || atomic_load(&a->stopping)) {
            err = cleat_errorf(reterr, err != CLEAT_OK ? err : CLEAT_E_CANCELLED,
                               "linux: ended while the kernel was being written");
        } else if (SDK->clock->monotonic() - began > 10 * CLEAT_SECOND) {
            err = cleat_errorf(reterr, CLEAT_E_PENDING, "linux: the kernel is still being written");
            if (reterr != NULL) {
                reterr->retry_after_ms = 1000;
            }
        } else {
            done = is_done(a, balancer, revision, &err, reterr);
        }
    }
    pthread_mutex_unlock(&a->lock);
    return err;
}

/* ---- status ---- */

/* [dispatch] */
static void written(void *userdata, cleat_err err, const cleat_obj *obj,
                    const struct cleat_error *error) {
    struct cleat_lin_agent *a = userdata;
    (void)obj;
    if (err != CLEAT_OK && err != CLEAT_E_CONFLICT && err != CLEAT_E_NOT_FOUND) {
        cleat_lin_log(CLEAT_LOG_WARN, "a balancer's status was not written: %s",
                      error != NULL ? error->message : "");
    }
    pthread_mutex_lock(&a->lock);
    atomic_fetch_sub(&a->writes, 1);
    pthread_cond_broadcast(&a->moved);
    pthread_mutex_unlock(&a->lock);
}

/* The object's status as JSON text, owned. */
static char *status_text(const struct cleat_lin_balancer *b, const char *problem) {
    struct cleat_lin_text t = {0};
    size_t ready = 0;
    cleat_lin_addf(&t, "{\"targets\":[");
    for (size_t i = 0; i < b->n_targets; i++) {
        const struct cleat_lin_target *target = &b->targets[i];
        bool usable = true, any = false;
        for (int f = 0; f < 2; f++) {
            if (b->vips[f].family != 0 && target->a[f].family != 0) {
                any = true;
                usable &= target->usable[f];
            }
        }
        ready += usable && any;
        cleat_lin_addf(&t, "%s{\"healthy\":%s,\"node\":", i > 0 ? "," : "",
                       usable && any ? "true" : "false");
        cleat_lin_add_json(&t, target->node);
        cleat_lin_addf(&t, "}");
    }
    cleat_lin_addf(&t, "],\"healthy\":\"%zu/%zu\",\"state\":\"%s\"", ready, b->n_targets,
                   problem != NULL ? "Failed" : "Programmed");
    if (problem != NULL) {
        cleat_lin_addf(&t, ",\"message\":");
        cleat_lin_add_json(&t, problem);
    }
    cleat_lin_addf(&t, "}");
    return t.p;
}

void cleat_lin_agent_report(struct cleat_lin_agent *a, const struct cleat_lin_balancer *b,
                            cleat_err err, const struct cleat_error *why) {
    cleat_obj *have = SDK->informer->get(a->lin->balancers, cleat_key_of("", b->name));
    cleat_obj *now = NULL, *parsed = NULL;
    if (have == NULL || OBJ->revision(have) != b->revision) { /* the next pass tells */
        OBJ->unref(have);
        return;
    }
    char *text = status_text(b, err != CLEAT_OK ? why->message : problem_of(b));
    if (OBJ->parse(cleat_cstr(text), &parsed, NULL) == CLEAT_OK &&
        !OBJ->equal(CLEAT_AT(SDK, have, "status"), OBJ->root(parsed))) {
        cleat_edit *e = OBJ->edit_new(have);
        OBJ->set_val(e, CLEAT_PATH("status"), OBJ->root(parsed));
        if (OBJ->edit_finish(e, &now, NULL) == CLEAT_OK) {
            atomic_fetch_add(&a->writes, 1);
            SDK->client->update_async(a->lin->client, CLEAT_LIN_BALANCERS, "status", now, written,
                                      a);
            OBJ->unref(now);
        }
    }
    OBJ->unref(parsed);
    OBJ->unref(have);
    free(text);
}
