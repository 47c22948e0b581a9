/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which machine acts when: the set of units, one timer, the informers' handlers and the ends of
 * asynchronous writes. See engine.h for the locking.
 */
#include "engine.h"

enum { BATCH = 64, TURN = 256 };

struct cleat_sim_engine {
    struct cleat_sim *sim;
    cleat_timer *timer;
    uint64_t machines_handler, nodes_handler;
    _Atomic int pending; /* writes under way */
    atomic_bool stopping;
    pthread_mutex_t lock; /* everything below, and the units */
    struct cleat_sim_units units;
    cleat_time armed;
};

/* Sets the timer for the earliest unit. (locked) */
static void arm(struct cleat_sim_engine *e) {
    const struct cleat_sim_unit *first = cleat_sim_units_next(&e->units);
    if (first == NULL || first->due >= e->armed || atomic_load(&e->stopping)) {
        return;
    }
    e->armed = first->due;
    cleat_time delay = e->armed - SDK->clock->monotonic();
    SDK->clock->timer_set(e->timer, delay > 0 ? delay : 0);
}

/* The unit acts at `when` or before. (locked) */
static void schedule(struct cleat_sim_engine *e, struct cleat_sim_unit *u, cleat_time when) {
    if (cleat_sim_units_schedule(&e->units, u, when)) {
        arm(e);
    }
}

static void unit_free(struct cleat_sim *sim, struct cleat_sim_unit *u) {
    if (u->ip[0] != 0) {
        cleat_sim_pool_release(&sim->machine_ips, cleat_cstr(u->ip));
    }
    SDK->obj->unref(u->machine);
    SDK->obj->unref(u->lease);
    free(u->name);
    free(u);
}

/* ---- what informers tell [dispatch] ---- */

/* Spreads what a start finds over the time in which it is due anyhow. */
static struct cleat_sim_unit *unit_new(struct cleat_sim_engine *e, const cleat_obj *machine,
                                       bool initial, cleat_time now) {
    struct cleat_sim_unit *u = cleat_sdk_alloc(1, sizeof *u);
    u->name = cleat_sdk_dup(SDK->obj->name(machine));
    u->machine = SDK->obj->ref(machine);
    u->due = CLEAT_SIM_NEVER;
    u->ready = -1;
    u->heartbeat = now + (cleat_time)cleat_sim_random((uint64_t)(300 * CLEAT_SECOND));
    if (initial) {
        cleat_time period = cleat_sim_lease_period(machine);
        u->renewal = now + (cleat_time)cleat_sim_random((uint64_t)period);
    }
    struct cleat_str ip = CLEAT_TEXT(SDK, machine, "status", "address");
    if (ip.n > 0 && ip.n < sizeof u->ip &&
        SDK->obj->count(CLEAT_AT(SDK, machine, "spec", "addresses")) == 0) {
        memcpy(u->ip, ip.p, ip.n);
        cleat_sim_pool_mark(&e->sim->machine_ips, ip);
    }
    return u;
}

/* The unit's Machine is no more: it leaves the map and says goodbye. (locked) */
static void bury(struct cleat_sim_engine *e, struct cleat_sim_unit *u, cleat_time now) {
    cleat_sim_units_remove(&e->units, u);
    u->gone = true;
    schedule(e, u, now);
}

static void on_machine(struct cleat_sim_engine *e, const cleat_obj *machine, bool initial) {
    cleat_time now = SDK->clock->monotonic();
    pthread_mutex_lock(&e->lock);
    struct cleat_sim_unit *u = cleat_sim_units_find(&e->units, SDK->obj->name(machine));
    if (u != NULL && !cleat_str_eq(SDK->obj->uid(u->machine), SDK->obj->uid(machine))) {
        bury(e, u, now); /* made anew between two looks */
        u = NULL;
    }
    const cleat_obj *old = NULL;
    if (u == NULL) {
        u = unit_new(e, machine, initial, now);
        cleat_sim_units_add(&e->units, u);
    } else if (SDK->obj->revision(machine) > SDK->obj->revision(u->machine)) {
        old = u->machine;
        u->changed |= !SDK->obj->equal(CLEAT_AT(SDK, old, "spec"), CLEAT_AT(SDK, machine, "spec"));
        u->machine = SDK->obj->ref(machine);
    }
    schedule(e, u, now);
    pthread_mutex_unlock(&e->lock);
    SDK->obj->unref(old);
}

static void machine_added(void *userdata, const cleat_obj *obj, int32_t is_initial) {
    on_machine(userdata, obj, is_initial != 0);
}

static void machine_updated(void *userdata, const cleat_obj *old, const cleat_obj *obj) {
    (void)old;
    on_machine(userdata, obj, false);
}

static void machine_deleted(void *userdata, const cleat_obj *obj, int32_t unknown) {
    struct cleat_sim_engine *e = userdata;
    (void)unknown;
    pthread_mutex_lock(&e->lock);
    struct cleat_sim_unit *u = cleat_sim_units_find(&e->units, SDK->obj->name(obj));
    if (u != NULL && cleat_str_eq(SDK->obj->uid(u->machine), SDK->obj->uid(obj))) {
        bury(e, u, SDK->clock->monotonic());
    }
    pthread_mutex_unlock(&e->lock);
}

/* Wakes the unit where the Node is new, has become its own, or says of Ready
 * something else than its kubelet does. */
static void on_node(struct cleat_sim_engine *e, const cleat_obj *old, const cleat_obj *node) {
    bool ready = node != NULL && cleat_sim_node_says_ready(node);
    bool another =
        old == NULL || node == NULL || !cleat_str_eq(SDK->obj->uid(old), SDK->obj->uid(node));
    bool renamed = !another && !cleat_str_eq(CLEAT_TEXT(SDK, old, "spec", "providerID"),
                                             CLEAT_TEXT(SDK, node, "spec", "providerID"));
    pthread_mutex_lock(&e->lock);
    struct cleat_sim_unit *u =
        cleat_sim_units_find(&e->units, SDK->obj->name(node != NULL ? node : old));
    if (u != NULL && another) { /* of this Node nothing has been said yet */
        u->ready = -1;
        u->posted_revision = 0;
    }
    if (u != NULL && (another || renamed || u->ready != (int8_t)ready)) {
        schedule(e, u, SDK->clock->monotonic());
    }
    pthread_mutex_unlock(&e->lock);
}

static void node_added(void *userdata, const cleat_obj *obj, int32_t is_initial) {
    (void)is_initial;
    on_node(userdata, NULL, obj);
}

static void node_updated(void *userdata, const cleat_obj *old, const cleat_obj *obj) {
    on_node(userdata, old, obj);
}

static void node_deleted(void *userdata, const cleat_obj *obj, int32_t unknown) {
    (void)unknown;
    on_node(userdata, obj, NULL);
}

/* ---- writes ---- */

struct op {
    struct cleat_sim_engine *engine;
    struct cleat_sim_unit *unit; /* stays while the write is in flight */
    enum cleat_sim_write kind;
    int8_t ready;
};

/* Puts a reference into a slot; *old takes over the one that was there. */
static void replace(const cleat_obj **slot, const cleat_obj *now, const cleat_obj **old) {
    *old = *slot;
    *slot = now;
}

/* (locked) *old is to be unreferenced after the lock. */
static void succeeded(struct cleat_sim_unit *u, const struct op *op, const cleat_obj *obj,
                      cleat_time now, const cleat_obj **old) {
    u->fails[op->kind] = 0;
    u->retry[op->kind] = 0;
    switch (op->kind) {
    case CLEAT_SIM_WRITE_MACHINE:
        if (obj != NULL && SDK->obj->revision(obj) > SDK->obj->revision(u->machine)) {
            replace(&u->machine, SDK->obj->ref(obj), old);
        }
        break;
    case CLEAT_SIM_WRITE_LEASE:
        replace(&u->lease, SDK->obj->ref(obj), old);
        break;
    case CLEAT_SIM_WRITE_STATUS:
        /* after a change the next report comes at 5 min, half less or more */
        u->heartbeat = now + (150 + (cleat_time)cleat_sim_random(300)) * CLEAT_SECOND;
        u->ready = op->ready;
        u->posted = now;
        u->posted_revision = obj != NULL ? SDK->obj->revision(obj) : 0;
        break;
    case CLEAT_SIM_WRITE_NODE:
    case CLEAT_SIM_N_WRITES:
        break;
    }
}

/* (locked) */
static void failed(struct cleat_sim_unit *u, const struct op *op, cleat_err err, cleat_time now,
                   const cleat_obj **old) {
    unsigned n = u->fails[op->kind];
    u->fails[op->kind] = (uint8_t)(n < 200 ? n + 1 : n);
    cleat_time pause = (20 * CLEAT_MS) << (n < 9 ? n : 9);
    if (pause > 7 * CLEAT_SECOND) {
        pause = 7 * CLEAT_SECOND;
    }
    u->retry[op->kind] = now + pause / 2 + (cleat_time)cleat_sim_random((uint64_t)pause);
    if (op->kind == CLEAT_SIM_WRITE_STATUS) {
        u->changed = true; /* what was to be said is not said */
    }
    if (op->kind == CLEAT_SIM_WRITE_LEASE) {
        u->renewal = now;
        if (err == CLEAT_E_NOT_FOUND || err == CLEAT_E_CONFLICT) {
            replace(&u->lease, NULL, old); /* the cache knows better */
        }
    }
}

static bool is_worth_a_line(cleat_err err) {
    return err != CLEAT_OK && err != CLEAT_E_CONFLICT && err != CLEAT_E_NOT_FOUND &&
           err != CLEAT_E_EXISTS && err != CLEAT_E_CANCELLED;
}

/* A cleat_done_fn; any thread. */
static void written(void *userdata, cleat_err err, const cleat_obj *obj,
                    const struct cleat_error *error) {
    struct op *op = userdata;
    struct cleat_sim_engine *e = op->engine;
    struct cleat_sim_unit *u = op->unit;
    const cleat_obj *old = NULL;
    if (is_worth_a_line(err)) {
        cleat_sim_log(CLEAT_LOG_WARN, "machine %s: write %d failed: %s", u->name, (int)op->kind,
                      error != NULL ? error->message : "");
    }
    cleat_time now = SDK->clock->monotonic();
    pthread_mutex_lock(&e->lock);
    u->inflight &= (uint8_t) ~(1u << op->kind);
    if (err == CLEAT_OK) {
        succeeded(u, op, obj, now, &old);
        schedule(e, u, now);
    } else {
        failed(u, op, err, now, &old);
        schedule(e, u, u->retry[op->kind]);
    }
    pthread_mutex_unlock(&e->lock);
    SDK->obj->unref(old);
    free(op);
    atomic_fetch_sub(&e->pending, 1); /* the last touch: the plugin may go now */
}

static void begin_write(struct cleat_sim_engine *e, struct cleat_sim_unit *u,
                        const struct cleat_sim_view *v, enum cleat_sim_write kind) {
    static const char *const subresource[CLEAT_SIM_N_WRITES] = {
        [CLEAT_SIM_WRITE_MACHINE] = "status",
        [CLEAT_SIM_WRITE_STATUS] = "status",
    };
    const struct cleat_gvr gvr = kind == CLEAT_SIM_WRITE_MACHINE ? CLEAT_SIM_MACHINES
                                 : kind == CLEAT_SIM_WRITE_LEASE ? CLEAT_SIM_LEASES
                                                                 : CLEAT_SIM_NODES;
    struct op *op = cleat_sdk_alloc(1, sizeof *op);
    *op = (struct op){.engine = e, .unit = u, .kind = kind, .ready = v->ready};
    atomic_fetch_add(&e->pending, 1);
    if (v->create[kind]) {
        SDK->client->create_async(e->sim->client, gvr, v->write[kind], written, op);
    } else {
        SDK->client->update_async(e->sim->client, gvr, subresource[kind], v->write[kind], written,
                                  op);
    }
}

/* ---- acting: the timer's thread ---- */

void cleat_sim_look_again(struct cleat_sim_view *v, cleat_time when) {
    if (when < v->next) {
        v->next = when;
    }
}

bool cleat_sim_may_write(struct cleat_sim_view *v, enum cleat_sim_write kind) {
    if (v->s.inflight & (1u << kind)) {
        return false; /* its end wakes the unit */
    }
    if (v->now < v->s.retry[kind]) {
        cleat_sim_look_again(v, v->s.retry[kind]);
        return false;
    }
    return true;
}

static void look(struct cleat_sim_engine *e, struct cleat_sim_unit *u, struct cleat_sim_view *v) {
    *v = (struct cleat_sim_view){.sim = e->sim, .next = CLEAT_SIM_NEVER};
    pthread_mutex_lock(&e->lock);
    v->s = *u;
    v->s.machine = SDK->obj->ref(u->machine);
    v->s.lease = u->lease != NULL ? SDK->obj->ref(u->lease) : NULL;
    pthread_mutex_unlock(&e->lock);
    v->now = SDK->clock->monotonic();
    v->node = SDK->informer->get(e->sim->nodes, cleat_key_of("", u->name));
}

/* Takes over what was decided. Returns 1 where the unit is to be freed. */
static bool settle(struct cleat_sim_engine *e, struct cleat_sim_unit *u,
                   const struct cleat_sim_view *v) {
    pthread_mutex_lock(&e->lock);
    for (int k = 0; k < CLEAT_SIM_N_WRITES; k++) {
        if (v->write[k] != NULL) {
            u->inflight |= (uint8_t)(1u << k);
        }
    }
    if (v->write[CLEAT_SIM_WRITE_STATUS] != NULL && u->machine == v->s.machine) {
        u->changed = false;
    }
    if (v->write[CLEAT_SIM_WRITE_LEASE] != NULL) {
        u->renewal = v->s.renewal;
    }
    memcpy(u->ip, v->s.ip, sizeof u->ip);
    bool finished = v->finished && u->inflight == 0;
    if (finished) {
        cleat_sim_units_unschedule(&e->units, u);
    } else {
        schedule(e, u, v->next);
    }
    pthread_mutex_unlock(&e->lock);
    return finished;
}

static void act(struct cleat_sim_engine *e, struct cleat_sim_unit *u) {
    struct cleat_sim_view v;
    look(e, u, &v);
    cleat_sim_act_kubelet(&v);
    cleat_sim_act_power(&v);
    bool finished = settle(e, u, &v);
    for (int k = 0; k < CLEAT_SIM_N_WRITES; k++) {
        if (v.write[k] != NULL) {
            begin_write(e, u, &v, (enum cleat_sim_write)k);
            SDK->obj->unref(v.write[k]);
        }
    }
    SDK->obj->unref(v.node);
    SDK->obj->unref(v.s.machine);
    SDK->obj->unref(v.s.lease);
    if (finished) {
        unit_free(e->sim, u);
    }
}

/* Pops those that are due; returns how many. */
static size_t pop_due(struct cleat_sim_engine *e, struct cleat_sim_unit *due[BATCH]) {
    cleat_time now = SDK->clock->monotonic();
    size_t n = 0;
    pthread_mutex_lock(&e->lock);
    while (n < BATCH && (due[n] = cleat_sim_units_next(&e->units)) != NULL && due[n]->due <= now) {
        cleat_sim_units_unschedule(&e->units, due[n]);
        due[n++]->due = CLEAT_SIM_NEVER;
    }
    pthread_mutex_unlock(&e->lock);
    return n;
}

static bool caches_are_full(const struct cleat_sim *sim) {
    return SDK->informer->has_synced(sim->machines) && SDK->informer->has_synced(sim->nodes) &&
           SDK->informer->has_synced(sim->leases);
}

/* One turn, bounded, so that other timers have theirs. */
static void turn(void *userdata) {
    struct cleat_sim_engine *e = userdata;
    if (atomic_load(&e->stopping) || SDK->ctx->err(e->sim->ctx) != CLEAT_OK) {
        return;
    }
    if (!caches_are_full(e->sim)) {
        SDK->clock->timer_set(e->timer, 10 * CLEAT_MS);
        return;
    }
    struct cleat_sim_unit *due[BATCH];
    for (size_t n, total = 0; total < TURN && (n = pop_due(e, due)) > 0; total += n) {
        for (size_t i = 0; i < n; i++) {
            act(e, due[i]);
        }
    }
    pthread_mutex_lock(&e->lock);
    e->armed = CLEAT_SIM_NEVER;
    arm(e);
    pthread_mutex_unlock(&e->lock);
}

/* ---- life ---- */

cleat_err cleat_sim_engine_new(struct cleat_sim *sim, struct cleat_sim_engine **ret,
                               struct cleat_error *reterr) {
    (void)reterr;
    struct cleat_sim_engine *e = cleat_sdk_alloc(1, sizeof *e);
    e->sim = sim;
    cleat_sim_units_init(&e->units);
    /* until the caches are full the timer's own rhythm counts */
    e->armed = 0;
    pthread_mutex_init(&e->lock, NULL);
    e->timer = SDK->clock->timer_new(3600 * CLEAT_SECOND, 0, turn, e);
    SDK->clock->timer_set(e->timer, 10 * CLEAT_MS); /* not before e->timer is known */
    struct cleat_handler machines = {
        .struct_size = sizeof machines,
        .userdata = e,
        .on_add = machine_added,
        .on_update = machine_updated,
        .on_delete = machine_deleted,
    };
    e->machines_handler = SDK->informer->add_handler(sim->machines, &machines);
    struct cleat_handler nodes = {
        .struct_size = sizeof nodes,
        .userdata = e,
        .on_add = node_added,
        .on_update = node_updated,
        .on_delete = node_deleted,
    };
    e->nodes_handler = SDK->informer->add_handler(sim->nodes, &nodes);
    *ret = e;
    return CLEAT_OK;
}

static void drain(struct cleat_sim_engine *e) {
    cleat_ctx *ctx = SDK->ctx->child(NULL, 0);
    while (atomic_load(&e->pending) > 0) {
        SDK->ctx->sleep(ctx, CLEAT_MS);
    }
    SDK->ctx->free(ctx);
}

void cleat_sim_engine_free(struct cleat_sim_engine *e) {
    if (e == NULL) {
        return;
    }
    pthread_mutex_lock(&e->lock); /* nobody is about to set the timer */
    atomic_store(&e->stopping, true);
    pthread_mutex_unlock(&e->lock);
    SDK->informer->remove_handler(e->sim->machines, e->machines_handler);
    SDK->informer->remove_handler(e->sim->nodes, e->nodes_handler);
    SDK->clock->timer_free(e->timer);
    drain(e);
    for (struct cleat_sim_unit *u; (u = cleat_sim_units_any(&e->units)) != NULL;) {
        cleat_sim_units_unschedule(&e->units, u);
        cleat_sim_units_remove(&e->units, u);
        unit_free(e->sim, u);
    }
    cleat_sim_units_done(&e->units);
    pthread_mutex_destroy(&e->lock);
    free(e);
}
