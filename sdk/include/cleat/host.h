/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small host services: contexts, log, clock and timers, randomness, memory,
 * metrics, configuration, event recording.
 */
#ifndef CLEAT_HOST_H
#define CLEAT_HOST_H

#include <cleat/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- contexts --------------------------------------------------------- */

/* A context is passed to whatever may block. It is cancelled when its owner
 * stops, when its deadline passes, or when its parent is cancelled. */
#define CLEAT_EXT_CTX "cleat.ctx/1"
struct cleat_ctx_api {
    uint32_t struct_size;
    uint32_t reserved;
    /* A child with a deadline `timeout` from now (<= 0: none of its own).
     * Owned; ended by ctx_free, which must come before the parent's end. [any-thread] */
    cleat_ctx *(*child)(cleat_ctx *parent, cleat_time timeout);
    void (*free)(cleat_ctx *ctx);
    void (*cancel)(cleat_ctx *ctx);
    /* CLEAT_OK, CLEAT_E_CANCELLED or CLEAT_E_TIMEOUT. [any-thread] */
    cleat_err (*err)(const cleat_ctx *ctx);
    /* Nanoseconds until the deadline, INT64_MAX where there is none. [any-thread] */
    cleat_time (*remaining)(const cleat_ctx *ctx);
    /* Blocks for `d` or until cancelled; returns err(ctx). [worker] */
    cleat_err (*sleep)(cleat_ctx *ctx, cleat_time d);
};

/* ---- log -------------------------------------------------------------- */

enum {
    CLEAT_LOG_ERROR = 0,
    CLEAT_LOG_WARN = 1,
    CLEAT_LOG_INFO = 2,
    CLEAT_LOG_DEBUG = 3,
    CLEAT_LOG_TRACE = 4
};

/* One field of a structured line. */
struct cleat_log_field {
    const char *key;
    int32_t type; /* 0 = str, 1 = integer */
    int32_t reserved;
    struct cleat_str str;
    int64_t integer;
};
#define CLEAT_LOG_STR(k, s) ((struct cleat_log_field){(k), 0, 0, (s), 0})
#define CLEAT_LOG_INT(k, i) ((struct cleat_log_field){(k), 1, 0, {NULL, 0}, (i)})

#define CLEAT_EXT_LOG "cleat.log/1"
struct cleat_log_api {
    uint32_t struct_size;
    uint32_t reserved;
    /* Whether a line of this level would be written. [any-thread] */
    int32_t (*enabled)(int32_t level);
    /* Writes one line; `component` is the plugin's or controller's name. [any-thread] */
    void (*write)(int32_t level, const char *component, const char *message,
                  const struct cleat_log_field *fields, size_t n_fields);
};

/* ---- clock and timers -------------------------------------------------- */

typedef struct cleat_timer cleat_timer;

#define CLEAT_EXT_CLOCK "cleat.clock/1"
struct cleat_clock_api {
    uint32_t struct_size;
    uint32_t reserved;
    cleat_time (*wall)(void);      /* [any-thread] */
    cleat_time (*monotonic)(void); /* [any-thread] */
    /* A timer that calls fn on the host's timer thread after `delay`, then each
     * `period` (0: once), start to start, without bursts after a stall. fn must
     * not block. Owned; timer_free waits for a running fn unless called from it. [any-thread] */
    cleat_timer *(*timer_new)(cleat_time delay, cleat_time period, void (*fn)(void *userdata),
                              void *userdata);
    void (*timer_free)(cleat_timer *t);
    /* Moves the next call to `delay` from now. [any-thread] */
    void (*timer_set)(cleat_timer *t, cleat_time delay);
    /* Uniform random bits; seeded in the simulator. [any-thread] */
    uint64_t (*random)(void);
};

/* ---- metrics ----------------------------------------------------------- */

typedef struct cleat_metric cleat_metric;
enum { CLEAT_COUNTER = 0, CLEAT_GAUGE = 1, CLEAT_HISTOGRAM = 2 };

#define CLEAT_EXT_METRICS "cleat.metrics/1"
struct cleat_metrics_api {
    uint32_t struct_size;
    uint32_t reserved;
    /* Finds or registers a metric family. label_names is NULL-ended or NULL;
     * buckets (ascending, n_buckets) for histograms only. Lives as long as the
     * process. NULL where the name exists with another type or other labels. [any-thread] */
    cleat_metric *(*family)(const char *name, const char *help, int32_t type,
                            const char *const *label_names, const double *buckets,
                            size_t n_buckets);
    /* The series with these label values (NULL-ended, in the family's order).
     * Look it up once and keep it. [any-thread] */
    cleat_metric *(*with)(cleat_metric *family, const char *const *label_values);
    /* Counter: adds v >= 0. Gauge: adds v. Histogram: observes v. [any-thread] */
    void (*add)(cleat_metric *series, double v);
    void (*set)(cleat_metric *gauge, double v); /* [any-thread] */
    /* Ends the series with these label values: it is told of no more and its memory is
     * freed. Only for who alone holds it, and nobody may use it after. For labels that
     * come and go for ever, such as namespaces. [any-thread] */
    void (*remove)(cleat_metric *family, const char *const *label_values);
};

/* ---- events ------------------------------------------------------------ */

#define CLEAT_EXT_EVENTS "cleat.events/1"
struct cleat_events_api {
    uint32_t struct_size;
    uint32_t reserved;
    /* Records a core/v1 Event about `about` ("Normal" or "Warning"), written in
     * the background; repeated and similar events are counted and combined and
     * floods are dropped as upstream's recorder does. Never fails towards the
     * caller; a write that does not succeed is logged. [any-thread] */
    void (*record)(const char *source_component, const cleat_obj *about, const char *type,
                   const char *reason, const char *message);
};

#ifdef __cplusplus
}
#endif
#endif
