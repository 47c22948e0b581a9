/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The elector: one step function that a thread of its own calls when it is due. What
 * was observed belongs to that thread; what others may ask (does it lead, until when
 * may it write) is atomic.
 */
#include "core/leader/internal.h"

#include <unistd.h>

#include "core/controller/controller.h"

#define JITTER          1.2
#define HEALTHY_FOR     (20 * CLEAT_SECOND)
#define RELEASE_TIMEOUT (2 * CLEAT_SECOND)

enum { WAITING, LEADING, LOST };

struct cleat_leader {
    struct cleat_leader_opts o; /* texts owned */
    cleat_client *client;
    cleat_recorder *recorder;
    struct cleat_fence fence;
    cleat_ctx *ctx;
    cleat_metric *status, *slow_path;
    /* the stepper's */
    int state;
    cleat_obj *observed;      /* NULL = none yet */
    char *reported;           /* the holder that was logged last */
    cleat_time next;          /* when there is something to do */
    cleat_time give_up;       /* leading: unless a renewal succeeds before */
    char *quiet;              /* why the last try failed; not said twice */
    bool announced;           /* "attempting to acquire" */
    pthread_t thread, worker; /* worker: calls started */
    bool running, working;
    struct cleat_event wake;
    _Atomic bool stop, leads;
    _Atomic cleat_time may_write_until, observed_at; /* of cleat_now_boot */
};

/* ---- what may be asked from anywhere ---- */

static cleat_err check_fence(void *userdata, struct cleat_error *e) {
    cleat_leader *l = userdata;
    if (atomic_load(&l->leads) && cleat_now_boot() < atomic_load(&l->may_write_until)) {
        return CLEAT_OK;
    }
    return cleat_fail(e, CLEAT_E_UNAVAILABLE, "not written: the lease %s/%s is not held", l->o.ns,
                      l->o.name);
}

const struct cleat_fence *cleat_leader_fence(cleat_leader *l) {
    return &l->fence;
}

bool cleat_leader_leads(const cleat_leader *l) {
    return atomic_load(&l->leads);
}

bool cleat_leader_healthy(const cleat_leader *l) {
    return !atomic_load(&l->leads) ||
           cleat_now_boot() - atomic_load(&l->observed_at) <= l->o.lease_duration + HEALTHY_FOR;
}

char *cleat_leader_identity(void) {
    char host[256] = "";
    unsigned char b[16];
    gethostname(host, sizeof host - 1);
    cleat_random_bytes(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); /* RFC 4122, version 4 */
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    struct cleat_buf out = {0};
    cleat_buf_printf(&out, "%s_", host);
    for (size_t i = 0; i < sizeof b; i++) {
        cleat_buf_printf(&out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
    }
    return cleat_buf_take(&out);
}

/* ---- saying what happens ---- */

static void record_event(cleat_leader *l, const char *what) {
    CLEAT_AUTO_FREE char *message = cleat_sprintf("%s %s", l->o.identity, what);
    if (l->observed != NULL) {
        cleat_recorder_record(l->recorder, l->o.component, l->observed, "Normal", "LeaderElection",
                              message);
    }
}

/* Without a thread nobody else does. */
static void write_events(cleat_leader *l) {
    while (l->o.manual && cleat_recorder_step(l->recorder)) {
    }
}

/* A failure that lasts is told once, and again when it changes. */
static void say_failure(cleat_leader *l, const char *what, const struct cleat_error *e) {
    char *text = cleat_sprintf("%s lease %s/%s: %s", what, l->o.ns, l->o.name, e->message);
    bool again = l->quiet != NULL && strcmp(l->quiet, text) == 0;
    cleat_logf(again ? CLEAT_LOG_DEBUG : CLEAT_LOG_WARN, "leader", "%s", text);
    free(l->quiet);
    l->quiet = text;
}

static void observe(cleat_leader *l, cleat_obj *lease) {
    bool changed = l->observed == NULL || !cleat__record_same(l->observed, lease);
    cleat_obj_unref(l->observed);
    l->observed = lease;
    if (changed) {
        atomic_store(&l->observed_at, cleat_now_boot());
    }
    struct cleat_str holder = cleat__record_read(lease).holder;
    if (l->reported == NULL || !cleat_eqc(holder, l->reported)) {
        free(l->reported);
        l->reported = cleat_strndup(holder);
        if (holder.n > 0) {
            cleat_logf(CLEAT_LOG_INFO, "leader", "new leader elected: %.*s", CLEAT_FMT(holder));
        }
    }
}

/* ---- one try ---- */

static bool is_mine(const cleat_leader *l) {
    return l->observed != NULL && cleat_eqc(cleat__record_read(l->observed).holder, l->o.identity);
}

static bool is_valid(const cleat_leader *l) {
    return atomic_load(&l->observed_at) + cleat__record_read(l->observed).duration >
           cleat_now_boot();
}

/* Writes that we lead over what was observed (or, create, where there is nothing). */
static cleat_err write_record(cleat_leader *l, cleat_ctx *ctx, bool create, struct cleat_error *e) {
    cleat_time began = cleat_now_boot();
    CLEAT_AUTO(cleat_obj) *wanted = NULL;
    cleat_obj *stored = NULL;
    CLEAT_TRY(cleat__record_write(create ? NULL : l->observed, &l->o, l->o.identity, &wanted, e));
    CLEAT_TRY(
        create ? cleat_client_api.create(l->client, ctx, cleat__leases, wanted, &stored, e)
               : cleat_client_api.update(l->client, ctx, cleat__leases, NULL, wanted, &stored, e));
    observe(l, stored);
    /* From before it was sent, for no other can have seen it earlier. */
    atomic_store(&l->may_write_until, began + l->o.renew_deadline);
    if (l->o.deadly) {
        cleat_time rest = l->o.lease_duration - l->o.renew_deadline;
        cleat__deadman_set(began + l->o.renew_deadline + rest / 2);
    }
    return CLEAT_OK;
}

static cleat_err look(cleat_leader *l, cleat_ctx *ctx, struct cleat_error *e) {
    struct cleat_key key = {cleat_s(l->o.ns), cleat_s(l->o.name)};
    cleat_obj *lease = NULL;
    CLEAT_TRY(cleat_client_api.get(l->client, ctx, cleat__leases, key, &lease, e));
    observe(l, lease);
    return CLEAT_OK;
}

/* True where we lead now. */
static bool try_once(cleat_leader *l, cleat_ctx *ctx) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (atomic_load(&l->leads) && is_mine(l) && is_valid(l)) {
        if (write_record(l, ctx, false, &e) == CLEAT_OK) {
            return true;
        }
        cleat_metric_add(l->slow_path, 1); /* somebody touched it, or the server is away */
        say_failure(l, "cannot renew", &e);
    }
    cleat_err err = look(l, ctx, &e);
    if (err == CLEAT_E_NOT_FOUND) {
        if (write_record(l, ctx, true, &e) != CLEAT_OK) {
            say_failure(l, "cannot create", &e);
            return false;
        }
        return true;
    }
    if (err != CLEAT_OK) {
        say_failure(l, "cannot read", &e);
        return false;
    }
    struct cleat_str holder = cleat__record_read(l->observed).holder;
    if (holder.n > 0 && !is_mine(l) && is_valid(l)) {
        cleat_logf(CLEAT_LOG_DEBUG, "leader", "lock is held by %.*s and has not yet expired: %s/%s",
                   CLEAT_FMT(holder), l->o.ns, l->o.name);
        return false;
    }
    if (write_record(l, ctx, false, &e) != CLEAT_OK) {
        say_failure(l, "cannot update", &e);
        return false;
    }
    return true;
}

/* ---- steps ---- */

static void *call_started(void *arg) {
    cleat_leader *l = arg;
    l->o.started(l->o.userdata);
    return NULL;
}

static void begin_to_lead(cleat_leader *l) {
    l->state = LEADING;
    atomic_store(&l->leads, true);
    cleat_metric_set(l->status, 1);
    cleat_logf(CLEAT_LOG_INFO, "leader", "successfully acquired lease %s/%s", l->o.ns, l->o.name);
    record_event(l, "became leader");
    if (l->o.started == NULL) {
        return;
    }
    if (l->o.manual) {
        call_started(l);
    } else {
        l->working = true;
        l->worker = cleat_thread_start("leading", call_started, l);
    }
}

static void lose(cleat_leader *l) {
    l->state = LOST;
    atomic_store(&l->leads, false);
    cleat_metric_set(l->status, 0);
    cleat_logf(CLEAT_LOG_ERROR, "leader", "failed to renew lease %s/%s within the deadline",
               l->o.ns, l->o.name);
    record_event(l, "stopped leading");
    if (l->o.lost != NULL) {
        l->o.lost(l->o.userdata);
    }
}

static void step_waiting(cleat_leader *l) {
    if (!l->announced) {
        l->announced = true;
        cleat_logf(CLEAT_LOG_INFO, "leader", "attempting to acquire leader lease %s/%s...", l->o.ns,
                   l->o.name);
    }
    cleat_ctx *ctx = cleat_ctx_new(l->ctx, l->o.renew_deadline / 2);
    bool mine = try_once(l, ctx);
    cleat_ctx_free(ctx);
    cleat_time now = cleat_now_boot();
    if (mine) {
        free(CLEAT_STEAL(l->quiet));
        l->next = now + l->o.retry_period;
        l->give_up = l->next + l->o.renew_deadline;
        begin_to_lead(l);
        return;
    }
    double part = (double)(cleat_random() >> 11) / (double)(1ull << 53);
    l->next = now + l->o.retry_period + (cleat_time)((double)l->o.retry_period * JITTER * part);
}

static void step_leading(cleat_leader *l) {
    cleat_time now = cleat_now_boot();
    if (now < l->give_up) {
        cleat_time left = l->give_up - now, half = l->o.renew_deadline / 2;
        cleat_ctx *ctx = cleat_ctx_new(l->ctx, left < half ? left : half);
        bool mine = try_once(l, ctx);
        cleat_ctx_free(ctx);
        now = cleat_now_boot();
        if (mine) {
            free(CLEAT_STEAL(l->quiet));
            l->give_up = now + l->o.retry_period + l->o.renew_deadline;
        }
        l->next = now + l->o.retry_period;
        l->next = l->next < l->give_up ? l->next : l->give_up;
    }
    if (now >= l->give_up && !atomic_load(&l->stop)) {
        lose(l);
    }
}

cleat_time cleat_leader_step(cleat_leader *l) {
    if (l->state == LOST) {
        return INT64_MAX;
    }
    if (cleat_now_boot() >= l->next) {
        (l->state == WAITING ? step_waiting : step_leading)(l);
    }
    write_events(l);
    return l->state == LOST ? INT64_MAX : l->next;
}

static void *run(void *arg) {
    cleat_leader *l = arg;
    while (!atomic_load(&l->stop)) {
        cleat_time next = cleat_leader_step(l);
        cleat_time wait = next - cleat_now_boot();
        cleat_event_wait(&l->wake, next == INT64_MAX ? -1 : wait > 0 ? wait : 0);
    }
    return NULL;
}

/* ---- life ---- */

static void with_defaults(struct cleat_leader_opts *o) {
    o->lease_duration = o->lease_duration ? o->lease_duration : 15 * CLEAT_SECOND;
    o->renew_deadline = o->renew_deadline ? o->renew_deadline : 10 * CLEAT_SECOND;
    o->retry_period = o->retry_period ? o->retry_period : 2 * CLEAT_SECOND;
    o->component = o->component ? o->component : o->name;
}

cleat_err cleat_leader_check(const struct cleat_leader_opts *given, struct cleat_error *e) {
    struct cleat_leader_opts o = *given;
    with_defaults(&o);
    if (o.lease_duration < CLEAT_SECOND || o.renew_deadline < CLEAT_SECOND / 10 ||
        o.retry_period < CLEAT_SECOND / 10) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "leader election: lease duration, renew deadline and retry period must "
                          "be greater than zero, and the first a second at least");
    }
    if (o.lease_duration <= o.renew_deadline) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "leader election: leaseDuration must be greater than renewDeadline");
    }
    if ((double)o.renew_deadline <= JITTER * (double)o.retry_period) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "leader election: renewDeadline must be greater than "
                          "retryPeriod*JitterFactor");
    }
    if (o.name == NULL || o.name[0] == 0 || o.ns == NULL || o.ns[0] == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "leader election: the lease needs a name and a namespace");
    }
    return CLEAT_OK;
}

static cleat_metric *series(const char *family, const char *help, int type, const char *name) {
    cleat_metric *f =
        cleat_metric_family(family, help, type, (const char *const[]){"name", NULL}, NULL, 0);
    return cleat_metric_with(f, (const char *const[]){name, NULL});
}

cleat_err cleat_leader_new(struct cleat_transport *t, const struct cleat_leader_opts *o,
                           cleat_leader **ret, struct cleat_error *e) {
    CLEAT_TRY(cleat_leader_check(o, e));
    cleat_leader *l = cleat_zalloc(sizeof *l);
    l->o = *o;
    with_defaults(&l->o);
    l->o.ns = cleat_strdup(l->o.ns);
    l->o.component = cleat_strdup(l->o.component);
    l->o.name = cleat_strdup(l->o.name);
    l->o.identity = cleat_strdup(l->o.identity);
    l->fence = (struct cleat_fence){check_fence, l};
    l->client = cleat_client_new(t, "leader-election");
    l->recorder = cleat_recorder_new(l->client, o->manual);
    l->ctx = cleat_ctx_new(NULL, 0);
    cleat_event_init(&l->wake);
    l->status = series("leader_election_master_status",
                       "Whether this process leads by the lease of this name: 1, or 0.",
                       CLEAT_GAUGE, l->o.name);
    l->slow_path = series("leader_election_slowpath_total",
                          "Renewals that had to look at the lease again, by its name.",
                          CLEAT_COUNTER, l->o.name);
    cleat_metric_set(l->status, 0);
    *ret = l;
    return CLEAT_OK;
}

void cleat_leader_start(cleat_leader *l) {
    cleat_assert(!l->o.manual && !l->running);
    l->running = true;
    l->thread = cleat_thread_start("leader", run, l);
}

static cleat_err write_free(cleat_leader *l, cleat_ctx *ctx, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *wanted = NULL;
    cleat_obj *stored = NULL;
    CLEAT_TRY(cleat__record_write(l->observed, &l->o, NULL, &wanted, e));
    CLEAT_TRY(cleat_client_api.update(l->client, ctx, cleat__leases, NULL, wanted, &stored, e));
    observe(l, stored);
    return CLEAT_OK;
}

static void give_back(cleat_leader *l) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_ctx *ctx = cleat_ctx_new(NULL, RELEASE_TIMEOUT);
    cleat_err err = write_free(l, ctx, &e);
    if (err == CLEAT_E_CONFLICT) { /* perhaps with a renewal of ours that was cut off */
        err = look(l, ctx, &e);
        err = err == CLEAT_OK && is_mine(l) ? write_free(l, ctx, &e) : err;
    }
    cleat_ctx_free(ctx);
    if (err != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "leader",
                   "lease %s/%s not given back, it runs out by itself: %s", l->o.ns, l->o.name,
                   e.message);
        return;
    }
    cleat_logf(CLEAT_LOG_INFO, "leader", "lease %s/%s given back", l->o.ns, l->o.name);
}

void cleat_leader_stop(cleat_leader *l, bool release) {
    atomic_store(&l->stop, true);
    if (l->running) {
        cleat_ctx_cancel(l->ctx);
        cleat_event_set(&l->wake);
        pthread_join(l->thread, NULL);
        l->running = false;
    }
    if (l->working) {
        pthread_join(l->worker, NULL);
        l->working = false;
    }
    if (atomic_exchange(&l->leads, false)) {
        cleat_metric_set(l->status, 0);
        if (release) {
            give_back(l);
            cleat__deadman_off(); /* else it goes on: something still works */
        }
        record_event(l, "stopped leading");
    }
    l->state = LOST;
    write_events(l);
    cleat_recorder_free(CLEAT_STEAL(l->recorder)); /* writes what is queued */
}

void cleat_leader_free(cleat_leader *l) {
    if (l == NULL) {
        return;
    }
    cleat_assert(!l->running);
    cleat_recorder_free(l->recorder);
    cleat_client_free(l->client);
    cleat_ctx_free(l->ctx);
    cleat_obj_unref(l->observed);
    free(l->reported);
    free(l->quiet);
    free((void *)(uintptr_t)l->o.ns);
    free((void *)(uintptr_t)l->o.name);
    free((void *)(uintptr_t)l->o.identity);
    free((void *)(uintptr_t)l->o.component);
    free(l);
}
