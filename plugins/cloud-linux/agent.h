/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared by agent.c (the thread and when it does what), follow.c (making the
 * kernel follow the objects) and report.c (what others see of it).
 */
#ifndef CLEAT_PLUGIN_LINUX_AGENT_H
#define CLEAT_PLUGIN_LINUX_AGENT_H

#include "place.h"
#include "source.h"

/* What became of a balancer. */
struct cleat_lin_outcome {
    char *name;
    uint64_t revision;
    cleat_err err;
    char *why; /* with err */
};

struct cleat_lin_watch {
    struct cleat_lin_watch *next;
    uint64_t id;
    void (*changed)(void *userdata);
    void *userdata;
};

struct cleat_lin_agent {
    struct cleat_lin *lin;
    pthread_t thread;
    bool started;
    int epoll, wake;
    atomic_bool stopping;
    atomic_int writes; /* status writes under way */

    /* the thread's own */
    struct cleat_lin_source *source;
    struct cleat_lin_checks *checks;
    struct cleat_lin_ruleset *ruleset;
    struct cleat_lin_places *places;
    struct cleat_lin_balancer **balancers; /* what the kernel was last made to follow */
    size_t n_balancers;
    bool dirty, first_done; /* something changed; the kernel has been written once */
    bool stray;             /* there may be flows to nodes that are not in use */
    cleat_time patience;    /* until then a start waits for the checks' first answers */
    cleat_time next_look, next_drift, retry;
    char *complaint; /* last logged, so that it is not repeated each second */

    pthread_mutex_t lock; /* all below; no call leaves the plugin while it is held */
    pthread_cond_t moved;
    struct cleat_lin_inventory *inventory; /* NULL before the first */
    bool stale;
    struct cleat_lin_outcome *outcomes;
    size_t n_outcomes;
    bool have_outcomes, clean; /* they are the kernel's state; nothing failed */
    char **down;               /* servers whose probe fails */
    size_t n_down;

    pthread_mutex_t watch_lock; /* all below */
    pthread_cond_t called;
    struct cleat_lin_watch *watches, *calling; /* calling: its function runs now; by the thread */
    uint64_t last_watch;
};

/* follow.c: one pass over everything; sets retry where something failed. [agent] */
void cleat_lin_agent_follow(struct cleat_lin_agent *a, cleat_time now);
/* Puts right what others changed. */
void cleat_lin_agent_repair(struct cleat_lin_agent *a, cleat_time now);
void cleat_lin_agent_complain(struct cleat_lin_agent *a,
                              const struct cleat_error *why); /* NULL: all well */

/* report.c */
/* Takes the snapshot. Tells watchers where it, or what is down, is another. */
void cleat_lin_agent_publish(struct cleat_lin_agent *a, struct cleat_lin_inventory *inv);
/* Of these balancers; err: of the pass as a whole. */
void cleat_lin_agent_publish_outcomes(struct cleat_lin_agent *a,
                                      struct cleat_lin_balancer *const *v, size_t n, cleat_err err,
                                      const struct cleat_error *why);
/* Writes status where it is another. */
void cleat_lin_agent_report(struct cleat_lin_agent *a, const struct cleat_lin_balancer *b,
                            cleat_err err, const struct cleat_error *why);
void cleat_lin_agent_forget_outcomes(struct cleat_lin_agent *a);
/* The check that decides about a target in a family; kind NONE where none does. */
struct cleat_lin_check_spec cleat_lin_target_check(const struct cleat_lin_agent *a,
                                                   const struct cleat_lin_balancer *b,
                                                   const struct cleat_lin_target *t, int f);

#endif
