/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 0: errors, memory, buffers, maps, time, waiting, log, metrics.
 *
 * Allocation never returns NULL: a control plane whose state is durable does
 * better to stop with a message than to limp, and json-c and SQLite leave no
 * other choice. What a client can make us allocate is bounded by
 * core/base/limits.h before it is allocated.
 *
 * Time, randomness, waiting and thread starts all come from here, so that
 * tests/sim can run every loop on one thread and a virtual clock.
 */
#ifndef CLEAT_CORE_BASE_H
#define CLEAT_CORE_BASE_H

#include <cleat/host.h>
#include <cleat/types.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors (error.c) ---------------------------------------------------- */

/* Fills e (NULL allowed) and returns code, so that `return cleat_fail(...)` reads well. */
cleat_err cleat_fail(struct cleat_error *e, cleat_err code, const char *fmt, ...)
    CLEAT_PRINTF(3, 4);
/* Adds a cause (reason, field, message); more than CLEAT_CAUSES_MAX are dropped. */
void cleat_error_cause(struct cleat_error *e, const char *reason, const char *field,
                       const char *fmt, ...) CLEAT_PRINTF(4, 5);
void cleat_error_details(struct cleat_error *e, const char *group, const char *kind,
                         const char *name);
void cleat_error_clear(struct cleat_error *e);
int cleat_err_http(cleat_err code);           /* 200 for CLEAT_OK; 500 for what has none */
const char *cleat_err_reason(cleat_err code); /* "NotFound"; "InternalError" for what has none */
const char *cleat_err_name(cleat_err code);   /* "CLEAT_E_NOT_FOUND", for logs */

#define CLEAT_TRY(expr)                                                                            \
    do {                                                                                           \
        cleat_err try_err_ = (expr);                                                               \
        if (try_err_ != CLEAT_OK)                                                                  \
            return try_err_;                                                                       \
    } while (0)

/* Always on. Prints what and where, and aborts. */
#define cleat_assert(cond) ((cond) ? (void)0 : cleat_assert_failed(#cond, __FILE__, __LINE__))
_Noreturn void cleat_assert_failed(const char *what, const char *file, int line);

/* ---- memory (mem.c) ------------------------------------------------------- */

void *cleat_alloc(size_t n); /* not zeroed */
void *cleat_zalloc(size_t n);
void *cleat_realloc(void *p, size_t n);
void *cleat_array(size_t n, size_t size); /* zeroed, overflow-checked */
void *cleat_rearray(void *p, size_t n, size_t size);
char *cleat_strdup(const char *s);                            /* NULL stays NULL */
char *cleat_strndup(struct cleat_str s);                      /* NUL-ended copy */
char *cleat_sprintf(const char *fmt, ...) CLEAT_PRINTF(1, 2); /* owned */

static inline void cleat_free_p(void *pp) {
    free(*(void **)pp);
}
#define CLEAT_AUTO_FREE __attribute__((cleanup(cleat_free_p)))
/* CLEAT_DEFINE_AUTO(cleat_obj, cleat_obj_unref) makes CLEAT_AUTO(cleat_obj) *o = NULL; */
#define CLEAT_DEFINE_AUTO(type, fn)                                                                \
    static inline void cleat_auto_##type(type **p) {                                               \
        if (*p)                                                                                    \
            fn(*p);                                                                                \
    }
#define CLEAT_AUTO(type) __attribute__((cleanup(cleat_auto_##type))) type
#define CLEAT_STEAL(p)                                                                             \
    __extension__({                                                                                \
        __typeof__(p) steal_ = (p);                                                                \
        (p) = NULL;                                                                                \
        steal_;                                                                                    \
    })
static inline void cleat_unlock_p(pthread_mutex_t **m) {
    if (*m)
        pthread_mutex_unlock(*m);
}
static inline pthread_mutex_t *cleat_locked(pthread_mutex_t *m) {
    pthread_mutex_lock(m);
    return m;
}
/* Holds m to the end of the block. */
#define CLEAT_CAT_(a, b) a##b
#define CLEAT_CAT(a, b)  CLEAT_CAT_(a, b)
#define CLEAT_LOCKED(m)                                                                            \
    __attribute__((cleanup(cleat_unlock_p), unused)) pthread_mutex_t *CLEAT_CAT(                   \
        locked_, __LINE__) = cleat_locked(m)

/* ---- growable bytes (buf.c) ------------------------------------------------ */

struct cleat_buf {
    char *p;
    size_t n, cap;
}; /* p is NUL-ended once anything was added */
void cleat_buf_done(struct cleat_buf *b);
void cleat_buf_reserve(struct cleat_buf *b, size_t more);
void cleat_buf_add(struct cleat_buf *b, const void *p, size_t n);
void cleat_buf_str(struct cleat_buf *b, struct cleat_str s);
void cleat_buf_puts(struct cleat_buf *b, const char *s);
void cleat_buf_putc(struct cleat_buf *b, char c);
void cleat_buf_printf(struct cleat_buf *b, const char *fmt, ...) CLEAT_PRINTF(2, 3);
/* Adds s as a JSON string with quotes, canonically escaped (see object/json.h). */
void cleat_buf_json(struct cleat_buf *b, struct cleat_str s);
/* The same of texts that may hold anything: what is no UTF-8 becomes U+FFFD. */
void cleat_buf_json_mended(struct cleat_buf *b, struct cleat_str s);
/* Length of the well-formed UTF-8 sequence at p (not ASCII), 0 where it is none:
 * no overlong forms, no surrogates, nothing above U+10FFFF. */
size_t cleat_utf8_length(const char *p, const char *end);
char *cleat_buf_take(struct cleat_buf *b); /* owned, NUL-ended; b is empty again */
#define CLEAT_AUTO_BUF __attribute__((cleanup(cleat_buf_done))) struct cleat_buf

/* ---- base64 (base64.c): without and with padding. Decoding is strict: false where it is none. */
void cleat_base64url(struct cleat_str s, struct cleat_buf *out);
bool cleat_base64url_decode(struct cleat_str s, struct cleat_buf *out);
void cleat_base64(struct cleat_str s, struct cleat_buf *out);
bool cleat_base64_decode(struct cleat_str s, struct cleat_buf *out);

static inline struct cleat_str cleat_s(const char *s) {
    return (struct cleat_str){s ? s : "", s ? strlen(s) : 0};
}
static inline bool cleat_eq(struct cleat_str a, struct cleat_str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool cleat_eqc(struct cleat_str a, const char *b) {
    return cleat_eq(a, cleat_s(b));
}
int cleat_cmp(struct cleat_str a, struct cleat_str b); /* bytewise */
uint64_t cleat_hash(struct cleat_str s); /* seeded per process: safe against chosen keys */

/* ---- memory that goes all at once (arena.c) ------------------------------------ */

struct cleat_arena_block;
struct cleat_arena {
    struct cleat_arena_block *blocks; /* newest first */
    char *p;
    size_t left;
};
void *cleat_arena_alloc(struct cleat_arena *a, size_t n); /* zeroed, aligned for anything */
struct cleat_str cleat_arena_str(struct cleat_arena *a, struct cleat_str s);
/* The array with room for one more beyond n; *cap grows. Old arrays stay as they are. */
void *cleat_arena_grow(struct cleat_arena *a, void *array, uint32_t n, uint32_t *cap, size_t size);
void cleat_arena_done(struct cleat_arena *a);
#define CLEAT_AUTO_ARENA __attribute__((cleanup(cleat_arena_done))) struct cleat_arena

/* ---- string map (map.c): open addressing, keys copied ----------------------- */

struct cleat_map {
    struct cleat_map_entry *slots;
    size_t n, cap, tombs;
};
struct cleat_map_entry {
    char *key;
    size_t key_n;
    uint64_t hash;
    void *value;
};
void *cleat_map_get(const struct cleat_map *m, struct cleat_str key); /* NULL = absent */
void *cleat_map_put(struct cleat_map *m, struct cleat_str key,
                    void *value); /* value not NULL; returns the old one */
void *cleat_map_remove(struct cleat_map *m, struct cleat_str key); /* returns the value */
/* Next used slot at or after *i (start with 0); NULL at the end. Removing the current one is
 * allowed. */
struct cleat_map_entry *cleat_map_each(const struct cleat_map *m, size_t *i);
void cleat_map_done(struct cleat_map *m); /* values stay the caller's */

/* ---- clock (clock.c) ---------------------------------------------------------- */

cleat_time cleat_now_wall(void);
cleat_time cleat_now_mono(void);
/* As cleat_now_mono, and it goes on while the machine is suspended. What others measure
 * meanwhile (how long a lease is old) is measured with this one. */
cleat_time cleat_now_boot(void);
/* For tests and the simulator: from now on both clocks stand still and are moved
 * by hand. Timers, timed waits and back-off all follow. */
void cleat_clock_virtual(cleat_time wall);
void cleat_clock_advance(cleat_time d);
bool cleat_clock_is_virtual(void);
uint64_t cleat_random(void); /* thread-safe; from the seed once one is set */
void cleat_random_seed(uint64_t seed);
void cleat_random_bytes(void *p, size_t n); /* cryptographic, never seeded */
/* RFC 3339. Seconds ("2026-01-02T03:04:05Z") or microseconds. buf of 32. */
void cleat_time_format(cleat_time t, bool micro, char buf[32]);
cleat_err cleat_time_parse(struct cleat_str s, cleat_time *ret);
/* Go's duration text, as flags take it: "1h2m", "300ms", "10s". */
cleat_err cleat_duration_parse(struct cleat_str s, cleat_time *ret);
/* kubectl's short age: "5d", "3h20m", "45s". buf of 32. */
void cleat_duration_human(cleat_time d, char buf[32]);

/* ---- waiting (wait.c) ----------------------------------------------------------- */

/* A one-shot event. cleat_event_wait blocks; where a pump is set (simulator) it
 * calls the pump until the event is set, instead. */
struct cleat_event {
    _Atomic uint32_t state;
};
void cleat_event_init(struct cleat_event *ev);
void cleat_event_set(struct cleat_event *ev); /* may be freed by the waiter right after */
bool cleat_event_is_set(const struct cleat_event *ev);
bool cleat_event_wait(struct cleat_event *ev,
                      cleat_time timeout); /* <0 = for ever; false = timed out */
void cleat_wait_set_pump(bool (*pump)(void *userdata),
                         void *userdata); /* false: nothing left to do -> assert */

/* Starts a named thread with signals blocked; aborts where the system has none. */
pthread_t cleat_thread_start(const char *name, void *(*fn)(void *), void *arg);

/* ---- timers (timer.c) ------------------------------------------------------------ */

/* The process-wide timer heap; `cleat_timer` of host.h. A thread of its own runs
 * it, or, on a virtual clock, cleat_timers_step. */
cleat_timer *cleat_timer_new(cleat_time delay, cleat_time period, void (*fn)(void *),
                             void *userdata);
void cleat_timer_free(cleat_timer *t);
void cleat_timer_set(cleat_timer *t, cleat_time delay);
void cleat_timers_start(void); /* starts the thread */
void cleat_timers_stop(void);
size_t cleat_timers_step(void);     /* runs all that are due now; returns how many */
cleat_time cleat_timers_next(void); /* monotonic time of the earliest; INT64_MAX */

/* ---- contexts (ctx.c): see cleat/host.h -------------------------------------------- */

cleat_ctx *cleat_ctx_new(cleat_ctx *parent, cleat_time timeout);
void cleat_ctx_free(cleat_ctx *ctx);
void cleat_ctx_cancel(cleat_ctx *ctx);
cleat_err cleat_ctx_err(const cleat_ctx *ctx); /* NULL = background: never ends */
cleat_time cleat_ctx_remaining(const cleat_ctx *ctx);
cleat_err cleat_ctx_sleep(cleat_ctx *ctx, cleat_time d);
/* Waits for ev, the context's end, or its deadline. */
cleat_err cleat_ctx_wait(cleat_ctx *ctx, struct cleat_event *ev);

/* ---- log (log.c) ---------------------------------------------------------------------- */

void cleat_log_set_level(int level); /* --v: 0..1 info, 2..3 info, 4 debug, 6+ trace */
bool cleat_log_enabled(int level);
void cleat_log_write(int32_t level, const char *component, const char *message,
                     const struct cleat_log_field *f, size_t n);
void cleat_logf(int level, const char *component, const char *fmt, ...) CLEAT_PRINTF(3, 4);

/* ---- memory that is given back (trim.c) ------------------------------------------------- */

/* A thread that hands free memory back to the system when there is much of it and little to do. */
void cleat_trimmer_start(void);
void cleat_trimmer_stop(void);
/* Its decision, once a period, by the used and free bytes of the heaps and how busy the process
 * was. What was given back is still counted as free by the allocator. */
struct cleat_trim {
    size_t given_back;
    int waited; /* periods, for a quiet one */
};
bool cleat_trim_due(struct cleat_trim *t, size_t used, size_t free_bytes, int busy_percent);

/* ---- metrics (metrics.c): see cleat/host.h; text exposition ------------------------------ */

cleat_metric *cleat_metric_family(const char *name, const char *help, int32_t type,
                                  const char *const *labels, const double *buckets,
                                  size_t n_buckets);
cleat_metric *cleat_metric_with(cleat_metric *family, const char *const *values);
/* Ends a series: see cleat/host.h. */
void cleat_metric_remove(cleat_metric *family, const char *const *values);
void cleat_metric_add(cleat_metric *series, double v);
void cleat_metric_set(cleat_metric *series, double v);
/* Registers a function that is called before each exposition, to set gauges. */
void cleat_metrics_on_scrape(void (*fn)(void *), void *userdata);
void cleat_metrics_expose(struct cleat_buf *out); /* Prometheus text format 0.0.4 */

#endif
