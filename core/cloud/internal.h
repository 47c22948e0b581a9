/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of the gate: the budget (budget.c), one call and the threads that calls
 * run on (call.c), answers that are kept (answers.c), metrics (measure.c), and
 * the functions that controllers call (instances.c, balancers.c, routes.c, gate.c).
 */
#ifndef CLEAT_CORE_CLOUD_INTERNAL_H
#define CLEAT_CORE_CLOUD_INTERNAL_H

#include "core/cloud/cloud.h"

/* ---- kinds of calls ---- */

enum cleat_call_kind {
    CLEAT_CALL_EXISTS,
    CLEAT_CALL_IS_SHUT_DOWN,
    CLEAT_CALL_METADATA,
    CLEAT_CALL_LIST_SERVERS,
    CLEAT_CALL_GET_LB,
    CLEAT_CALL_ENSURE_LB,
    CLEAT_CALL_UPDATE_LB,
    CLEAT_CALL_DELETE_LB,
    CLEAT_CALL_LIST_LBS,
    CLEAT_CALL_LIST_ROUTES,
    CLEAT_CALL_CREATE_ROUTE,
    CLEAT_CALL_REMOVE_ROUTE,
    CLEAT_CALL_LIST_CLUSTERS,
    CLEAT_CALL_MASTER,
    CLEAT_CALL_KINDS
};
extern const char *const cleat_call_names[CLEAT_CALL_KINDS]; /* the label `request` */

/* How much sooner others may go: a call takes its turn as if it had come so much later.
 * Nobody waits for ever: what has waited longer than that goes before what is urgent. */
#define CLEAT_URGENT ((cleat_time)0) /* somebody waits for it, or something is to go */
#define CLEAT_SOON   (5 * CLEAT_SECOND)
#define CLEAT_IDLE   (30 * CLEAT_SECOND) /* rounds that will come again */

/* ---- the budget (budget.c) ---- */

struct cleat_turn;
struct cleat_budget {
    pthread_mutex_t mutex; /* guards all below */
    double rate, burst, tokens;
    cleat_time filled;         /* monotonic: when tokens were right */
    int64_t limit, limit_each; /* 0 = none */
    int64_t inside, inside_each[CLEAT_CALL_KINDS];
    struct cleat_turn *waiting; /* in the order of their turns */
    cleat_time closed_until;    /* the cloud has had too much */
    cleat_time refused;         /* when it last said so; 0 = never */
    cleat_time back_off;        /* the last one, where the cloud did not say how long */
    cleat_time gap;             /* between calls after that; 0 = none */
    cleat_time next;            /* monotonic: where there is a gap */
};
void cleat_budget_init(struct cleat_budget *b, const struct cleat_gate_opts *o);
void cleat_budget_done(struct cleat_budget *b);
size_t cleat_budget_waiting(struct cleat_budget *b); /* how many wait for their turn */
/* Waits for the turn of a call, at most max_wait and as long as ctx lives: CLEAT_OK, and
 * then cleat_budget_leave must follow; CLEAT_E_THROTTLED with retry_after_ms; or ctx's end. */
cleat_err cleat_budget_enter(struct cleat_budget *b, cleat_ctx *ctx, enum cleat_call_kind kind,
                             cleat_time handicap, cleat_time max_wait, struct cleat_error *reterr);
/* Until when it is closed, and when the cloud last refused a call: monotonic, 0 = it is not, never.
 */
void cleat_budget_tell(struct cleat_budget *b, cleat_time *ret_closed_until,
                       cleat_time *ret_refused);
/* err and retry_after_ms are the call's. */
void cleat_budget_leave(struct cleat_budget *b, enum cleat_call_kind kind, cleat_err err,
                        int64_t retry_after_ms);

/* ---- copies of what a provider tells (copies.c) ---- */

/* What one call brought; shared by those who asked for the same. All of it stands in few pieces
 * of memory, for a list may have a hundred thousand members and be asked for often. */
struct cleat_answer {
    _Atomic int refs;
    size_t n;
    void **items;              /* servers, routes, balancers or names, by the call's kind */
    const cleat_obj **objects; /* what they refer to: one reference each */
    size_t n_objects;
    struct cleat_piece *pieces;
};
struct cleat_answer *cleat_answer_new(void);
/* Adds a copy, which is complete: members that the provider's does not have are empty. */
void cleat_answer_add_server(struct cleat_answer *a, const struct cleat_server *s);
void cleat_answer_add_route(struct cleat_answer *a, const struct cleat_route *r);
void cleat_answer_add_balancer(struct cleat_answer *a, const struct cleat_balancer *b);
void cleat_answer_add_name(struct cleat_answer *a, const char *name);
struct cleat_answer *cleat_answer_ref(struct cleat_answer *a);
void cleat_answer_unref(struct cleat_answer *a); /* NULL allowed */

/* ---- one call (call.c) ---- */

struct cleat_call {
    _Atomic int refs;
    cleat_gate *gate;
    enum cleat_call_kind kind;
    cleat_time timeout;
    /* what is asked; owned copies and references */
    cleat_obj *object; /* Node or Service */
    cleat_obj **nodes;
    size_t n_nodes;
    char *cluster, *hint;
    struct cleat_answer *what; /* the route that is written */
    /* what came of it; complete once ended is set */
    cleat_err err;
    struct cleat_error error;
    int32_t yes;
    cleat_obj *status;
    struct cleat_answer *answer;
    char text[256];
    cleat_time ended_at; /* monotonic */
    /* how it runs */
    cleat_ctx *ctx;
    cleat_time began; /* monotonic: when its turn came */
    struct cleat_event ended;
    struct cleat_call *next;           /* in the queue for a thread */
    struct cleat_call *sooner, *later; /* of those inside the provider (health.c) */
    uint64_t digest;                   /* of what is asked: balancers.c */
};
struct cleat_call *cleat_call_new(cleat_gate *g, enum cleat_call_kind kind,
                                  const cleat_obj *object);
struct cleat_call *cleat_call_ref(struct cleat_call *c);
void cleat_call_unref(struct cleat_call *c);
/* Its deadline is no later than the end of ctx. */
void cleat_call_limit(struct cleat_call *c, cleat_ctx *ctx);
/* Waits for its turn and sets it going: in manual mode it has ended on return. */
cleat_err cleat_call_begin(struct cleat_call *c, cleat_ctx *ctx, cleat_time handicap,
                           struct cleat_error *reterr);
/* Waits until it has ended, at most so long (< 0: until its deadline); false where it has not
 * (ctx may have ended). */
bool cleat_call_wait(struct cleat_call *c, cleat_ctx *ctx, cleat_time patience);
/* Begins it, and waits until it has ended or its deadline has passed; its error. */
cleat_err cleat_call_run(struct cleat_call *c, cleat_ctx *ctx, cleat_time handicap,
                         struct cleat_error *reterr);
/* Copies the call's error to the caller's; the code. */
cleat_err cleat_call_error(const struct cleat_call *c, struct cleat_error *reterr);
/* As much of it as the caller's structure holds. */
void cleat_call_copy_error(struct cleat_error *to, const struct cleat_error *from);
/* Fills in what came of it, on whatever thread it runs (gate.c). */
void cleat_call_perform(struct cleat_call *c);

/* Threads that calls run on: as many as there were calls at a time. */
struct cleat_call_threads {
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t wake, left;
    struct cleat_call *first, **last;
    pthread_t *v;
    size_t n, idle, alive, inside, queued;
    bool stop;
};
void cleat_call_threads_init(struct cleat_call_threads *t);
void cleat_call_threads_stop(struct cleat_call_threads *t);
int cleat_call_threads_join(struct cleat_call_threads *t, cleat_time timeout);
void cleat_call_threads_done(struct cleat_call_threads *t);

/* ---- answers that are kept (answers.c) ---- */

enum { CLEAT_ABOUT_SERVERS, CLEAT_ABOUT_ROUTES, CLEAT_ABOUT };
struct cleat_answers {
    pthread_mutex_t mutex; /* guards all below */
    struct cleat_map by_key;
    struct cleat_kept *oldest, **newest;
    uint64_t generation[CLEAT_ABOUT]; /* raised when what was told may be so no longer */
};
void cleat_answers_init(struct cleat_answers *a);
void cleat_answers_done(struct cleat_answers *a);
void cleat_answers_forget(struct cleat_answers *a, int about);
/* The answer to the question `key`, from who has it, who is asking, or the cloud, by the call
 * that make returns. *ret is a new reference. */
cleat_err cleat_answers_get(cleat_gate *g, cleat_ctx *ctx, int about, const char *key,
                            struct cleat_call *call, cleat_time handicap, struct cleat_answer **ret,
                            struct cleat_error *reterr);

/* ---- metrics (measure.c) ---- */

struct cleat_gate_metrics {
    cleat_metric *seconds[CLEAT_CALL_KINDS], *errors[CLEAT_CALL_KINDS];
    cleat_metric *throttled[CLEAT_CALL_KINDS], *waited[CLEAT_CALL_KINDS];
    cleat_metric *refused[CLEAT_CALL_KINDS], *left_behind[CLEAT_CALL_KINDS];
    cleat_metric *from_cloud[CLEAT_CALL_KINDS], *from_cache[CLEAT_CALL_KINDS];
    cleat_metric *from_others[CLEAT_CALL_KINDS];
    cleat_metric *inside, *waiting;
};
void cleat_gate_metrics_init(struct cleat_gate_metrics *m, const char *provider);

/* ---- how the cloud answers (health.c) ---- */

struct cleat_gate_health {
    pthread_mutex_t mutex;                /* guards all below */
    struct cleat_call *first, *last;      /* inside the provider, in the order of their coming */
    cleat_time silent[CLEAT_CALL_KINDS];  /* began the first that was not answered; 0 = none */
    cleat_time expired[CLEAT_CALL_KINDS]; /* the last one's end */
};
void cleat_gate_health_init(struct cleat_gate_health *h);
void cleat_gate_health_done(struct cleat_gate_health *h);
void cleat_gate_enter(struct cleat_call *c); /* goes to the provider */
void cleat_gate_leave(struct cleat_call *c); /* comes back from it */

/* ---- the gate (gate.c) ---- */

struct cleat_gate {
    struct cleat_gate_opts opts;
    const struct cleat_cloud_ops *raw;
    void *raw_self;
    cleat_ctx *ctx; /* parent of the calls' */
    struct cleat_budget budget;
    struct cleat_answers answers;
    struct cleat_call_threads threads;
    struct cleat_gate_metrics metrics;
    struct cleat_gate_health health;
    uint64_t watch; /* for the answers; where watching */
    bool watching;
    pthread_mutex_t mutex; /* guards those below */
    struct cleat_watch *watches;
    uint64_t last_watch;
    struct cleat_balancing *balancing;
    /* what controllers see */
    struct cleat_cloud cloud;
    struct cleat_cloud_ops ops;
    struct cleat_instances_ops instances;
    struct cleat_lb_ops balancers;
    struct cleat_routes_ops routes;
    struct cleat_clusters_ops clusters;
};
/* The tables with the functions that the provider has; NULL where it has none. */
const struct cleat_instances_ops *cleat_gate_instances(cleat_gate *g);
const struct cleat_lb_ops *cleat_gate_balancers(cleat_gate *g);
const struct cleat_routes_ops *cleat_gate_routes(cleat_gate *g);
const struct cleat_clusters_ops *cleat_gate_clusters(cleat_gate *g);
void cleat_instances_perform(struct cleat_call *c);
void cleat_balancers_perform(struct cleat_call *c);
void cleat_routes_perform(struct cleat_call *c);
void cleat_clusters_perform(struct cleat_call *c);
void cleat_balancing_done(cleat_gate *g);

#endif
