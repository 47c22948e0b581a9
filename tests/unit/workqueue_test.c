/* SPDX-License-Identifier: Apache-2.0 */
/* The work queue: its guarantees one by one, against a model, and under threads. */
#include "core/workqueue/workqueue.h"
#include "tests/support/kt.h"

#include <sched.h>

static struct cleat_key key(const char *ns, const char *name) {
    return (struct cleat_key){cleat_s(ns), cleat_s(name)};
}

static cleat_queue *plain(void) {
    cleat_clock_virtual(0);
    return cleat_queue_new(
        &(struct cleat_queue_opts){.struct_size = sizeof(struct cleat_queue_opts), .qps = -1});
}

/* The next name, or "" where there is none, or "(down)". */
static struct cleat_str next(cleat_queue *q) {
    struct cleat_key k;
    int32_t got = cleat_queue_try_get(q, &k);
    return got == 1 ? k.name : got == 0 ? CLEAT_STR("") : CLEAT_STR("(down)");
}

static void run_timers(cleat_time d) {
    cleat_clock_advance(d);
    cleat_timers_step();
}

static void end(cleat_queue *q) {
    cleat_queue_shut_down(q, 0);
    cleat_queue_free(q);
}

static void a_queued_key_is_queued_once(void) {
    cleat_queue *q = plain();
    cleat_queue_add(q, key("", "b"));
    cleat_queue_add(q, key("", "a"));
    cleat_queue_add(q, key("", "b"));
    cleat_queue_add(q, key("x", "b"));
    KT_EQ_INT(cleat_queue_len(q), 3);
    KT_EQ_S(next(q), CLEAT_STR("b"));
    KT_EQ_S(next(q), CLEAT_STR("a"));
    struct cleat_key k;
    KT_EQ_INT(cleat_queue_get(q, &k), 1);
    KT_EQ_S(k.ns, CLEAT_STR("x"));
    KT_EQ_S(next(q), CLEAT_STR(""));
    cleat_queue_done(q, key("", "a"));
    cleat_queue_done(q, key("", "b"));
    cleat_queue_done(q, k);
    KT_EQ_S(next(q), CLEAT_STR(""));
    end(q);
}

static void a_key_added_while_processed_comes_again_once(void) {
    cleat_queue *q = plain();
    cleat_queue_add(q, key("", "a"));
    KT_EQ_S(next(q), CLEAT_STR("a"));
    cleat_queue_add(q, key("", "a"));
    cleat_queue_add(q, key("", "a"));
    KT_EQ_INT(cleat_queue_len(q), 0);
    KT_EQ_S(next(q), CLEAT_STR(""));
    cleat_queue_done(q, key("", "a"));
    KT_EQ_S(next(q), CLEAT_STR("a"));
    cleat_queue_done(q, key("", "a"));
    KT_EQ_S(next(q), CLEAT_STR(""));
    end(q);
}

static void ns_and_name_do_not_run_together(void) {
    cleat_queue *q = plain();
    cleat_queue_add(q, key("ab", "c"));
    cleat_queue_add(q, key("a", "bc"));
    cleat_queue_add(q, key("", "abc"));
    KT_EQ_INT(cleat_queue_len(q), 3);
    end(q);
}

static void the_earliest_delay_wins(void) {
    cleat_queue *q = plain();
    cleat_queue_add_after(q, key("", "a"), 5 * CLEAT_SECOND);
    cleat_queue_add_after(q, key("", "a"), 2 * CLEAT_SECOND);
    cleat_queue_add_after(q, key("", "a"), 9 * CLEAT_SECOND);
    cleat_queue_add_after(q, key("", "b"), CLEAT_SECOND);
    cleat_queue_add_after(q, key("", "c"), 0);
    cleat_queue_add_after(q, key("", "d"), -1);
    cleat_queue_add_after(q, key("", "never"), INT64_MAX);
    KT_EQ_S(next(q), CLEAT_STR("c"));
    KT_EQ_S(next(q), CLEAT_STR("d"));
    run_timers(CLEAT_SECOND - 1);
    KT_EQ_S(next(q), CLEAT_STR(""));
    run_timers(1);
    KT_EQ_S(next(q), CLEAT_STR("b"));
    run_timers(CLEAT_SECOND - 1);
    KT_EQ_S(next(q), CLEAT_STR(""));
    run_timers(1);
    KT_EQ_S(next(q), CLEAT_STR("a"));
    cleat_queue_done(q, key("", "a"));
    run_timers(1000 * CLEAT_SECOND);
    KT_EQ_S(next(q), CLEAT_STR(""));
    end(q);
}

static void a_delay_that_ends_in_processing_comes_after_it(void) {
    cleat_queue *q = plain();
    cleat_queue_add(q, key("", "a"));
    KT_EQ_S(next(q), CLEAT_STR("a"));
    cleat_queue_add_after(q, key("", "a"), CLEAT_SECOND);
    run_timers(2 * CLEAT_SECOND);
    KT_EQ_S(next(q), CLEAT_STR(""));
    cleat_queue_done(q, key("", "a"));
    KT_EQ_S(next(q), CLEAT_STR("a"));
    end(q);
}

/* Fails the key and says after how many milliseconds it came back. */
static long long back_after(cleat_queue *q, struct cleat_key k) {
    cleat_queue_add_rate_limited(q, k);
    cleat_time began = cleat_now_mono();
    for (struct cleat_str got = next(q);; got = next(q)) {
        if (cleat_eq(got, k.name)) {
            break;
        }
        cleat_time due = cleat_timers_next();
        if (due == INT64_MAX) {
            return -1;
        }
        run_timers(due - cleat_now_mono());
    }
    cleat_queue_done(q, k);
    return (cleat_now_mono() - began) / CLEAT_MS;
}

static void failures_back_off_each_key_on_its_own(void) {
    cleat_clock_virtual(0);
    struct cleat_queue_opts o = {.struct_size = sizeof o,
                                 .base_delay = 10 * CLEAT_MS,
                                 .max_delay = 100 * CLEAT_MS,
                                 .qps = -1};
    cleat_queue *q = cleat_queue_new(&o);
    static const long long want[] = {10, 20, 40, 80, 100, 100};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        KT_EQ_INT(back_after(q, key("", "a")), want[i]);
        KT_EQ_INT(cleat_queue_num_requeues(q, key("", "a")), i + 1);
    }
    KT_EQ_INT(back_after(q, key("", "b")), 10);
    cleat_queue_forget(q, key("", "a"));
    KT_EQ_INT(cleat_queue_num_requeues(q, key("", "a")), 0);
    KT_EQ_INT(back_after(q, key("", "a")), 10);
    cleat_queue_forget(q, key("", "nobody"));
    end(q);
    cleat_queue *d = cleat_queue_new(NULL); /* upstream's: 5 ms doubling to 1000 s */
    KT_EQ_INT(back_after(d, key("", "a")), 5);
    for (int i = 1; i < 17; i++) {
        KT_EQ_INT(back_after(d, key("", "a")), 5ll << i);
    }
    KT_EQ_INT(back_after(d, key("", "a")), 655360);
    KT_EQ_INT(back_after(d, key("", "a")), 1000000);
    end(d);
}

static void all_keys_share_one_bucket(void) {
    cleat_clock_virtual(0);
    struct cleat_queue_opts o = {
        .struct_size = sizeof o, .base_delay = CLEAT_MS, .qps = 10, .burst = 3};
    cleat_queue *q = cleat_queue_new(&o);
    char name[16];
    for (int i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "k%d", i);
        cleat_queue_add_rate_limited(q, key("", name));
    }
    run_timers(CLEAT_MS);
    KT_EQ_INT(cleat_queue_len(q), 3); /* the burst */
    run_timers(98 * CLEAT_MS);
    KT_EQ_INT(cleat_queue_len(q), 3);
    for (int i = 4; i <= 6; i++) {
        run_timers(i == 4 ? CLEAT_MS : 100 * CLEAT_MS);
        KT_EQ_INT(cleat_queue_len(q), i);
    }
    end(q);
}

static void shut_down_hands_out_what_is_queued(void) {
    cleat_queue *q = plain();
    cleat_queue_add(q, key("", "a"));
    cleat_queue_add(q, key("", "b"));
    cleat_queue_add_after(q, key("", "later"), CLEAT_SECOND);
    KT_EQ_S(next(q), CLEAT_STR("a"));
    cleat_queue_add(q, key("", "a"));
    cleat_queue_shut_down(q, 0);
    cleat_queue_add(q, key("", "c"));
    cleat_queue_add_after(q, key("", "d"), 1);
    cleat_queue_add_rate_limited(q, key("", "e"));
    run_timers(10 * CLEAT_SECOND);
    KT_EQ_S(next(q), CLEAT_STR("b"));
    KT_EQ_S(next(q), CLEAT_STR("(down)"));
    cleat_queue_done(q, key("", "a")); /* it was asked for before the end */
    KT_EQ_S(next(q), CLEAT_STR("a"));
    KT_EQ_S(next(q), CLEAT_STR("(down)"));
    struct cleat_key k;
    KT_EQ_INT(cleat_queue_get(q, &k), 0);
    cleat_queue_free(q);
}

static long long metric(const char *line) {
    CLEAT_AUTO_BUF b = {0};
    cleat_metrics_expose(&b);
    const char *at = strstr(b.p, line);
    return at == NULL ? -1 : (long long)(atof(at + strlen(line)) * 1000 + 0.5);
}

static void metrics_tell_of_it(void) {
    cleat_clock_virtual(0);
    struct cleat_queue_opts o = {.struct_size = sizeof o, .name = "m", .qps = -1};
    cleat_queue *q = cleat_queue_new(&o);
    cleat_queue_add(q, key("", "a"));
    cleat_queue_add(q, key("", "a"));
    cleat_queue_add(q, key("", "b"));
    cleat_queue_add_rate_limited(q, key("", "c"));
    cleat_queue_add_after(q, key("", "c"), CLEAT_SECOND);
    KT_EQ_INT(metric("workqueue_depth{name=\"m\"} "), 2000);
    KT_EQ_INT(metric("workqueue_adds_total{name=\"m\"} "), 2000);
    KT_EQ_INT(metric("workqueue_retries_total{name=\"m\"} "), 2000);
    cleat_clock_advance(500 * CLEAT_MS);
    KT_EQ_S(next(q), CLEAT_STR("a"));
    cleat_clock_advance(2 * CLEAT_SECOND);
    KT_EQ_S(next(q), CLEAT_STR("b"));
    cleat_clock_advance(250 * CLEAT_MS);
    KT_EQ_INT(metric("workqueue_queue_duration_seconds_sum{name=\"m\"} "), 3000);
    KT_EQ_INT(metric("workqueue_queue_duration_seconds_bucket{name=\"m\",le=\"1\"} "), 1000);
    KT_EQ_INT(metric("workqueue_queue_duration_seconds_bucket{name=\"m\",le=\"10\"} "), 2000);
    KT_EQ_INT(metric("workqueue_unfinished_work_seconds{name=\"m\"} "), 2500);
    KT_EQ_INT(metric("workqueue_longest_running_processor_seconds{name=\"m\"} "), 2250);
    cleat_queue_done(q, key("", "a"));
    KT_EQ_INT(metric("workqueue_work_duration_seconds_sum{name=\"m\"} "), 2250);
    KT_EQ_INT(metric("workqueue_unfinished_work_seconds{name=\"m\"} "), 250);
    cleat_queue_done(q, key("", "b"));
    KT_EQ_INT(metric("workqueue_longest_running_processor_seconds{name=\"m\"} "), 0);
    end(q);
    KT_EQ_INT(metric("workqueue_depth{name=\"m\"} "), 0);
}

/* ---- against a model ---- */

enum { KEYS = 12 };

static struct {
    bool dirty, processing;
    cleat_time due; /* 0 = not waiting */
    int failures;
} model[KEYS];
static int fifo[KEYS], fifo_n;

static void model_add(int k) {
    if (!model[k].dirty) {
        model[k].dirty = true;
        if (!model[k].processing) {
            fifo[fifo_n++] = k;
        }
    }
}

static void model_wait(int k, cleat_time delay) {
    cleat_time due = cleat_now_mono() + delay;
    if (model[k].due == 0 || due < model[k].due) {
        model[k].due = due;
    }
}

static void model_time(void) {
    for (;;) {
        int first = -1;
        for (int k = 0; k < KEYS; k++) {
            if (model[k].due != 0 && model[k].due <= cleat_now_mono() &&
                (first < 0 || model[k].due < model[first].due)) {
                first = k;
            }
        }
        if (first < 0) {
            return;
        }
        model[first].due = 0;
        model_add(first);
    }
}

static int model_take(void) {
    if (fifo_n == 0) {
        return -1;
    }
    int k = fifo[0];
    memmove(fifo, fifo + 1, (size_t)--fifo_n * sizeof *fifo);
    model[k].dirty = false;
    model[k].processing = true;
    return k;
}

static struct cleat_key numbered(int k) {
    static char names[KEYS][8];
    snprintf(names[k], sizeof names[k], "k%d", k);
    return key(k % 2 ? "odd" : "", names[k]);
}

static void one_operation(cleat_queue *q) {
    int k = (int)(cleat_random() % KEYS);
    cleat_time delay = (cleat_time)(1 + cleat_random() % 50) * CLEAT_MS;
    cleat_clock_advance(1); /* no two keys are ever due at one moment */
    switch (cleat_random() % 8) {
    case 0:
        cleat_queue_add(q, numbered(k));
        model_add(k);
        break;
    case 1:
        cleat_queue_add_after(q, numbered(k), delay);
        model_wait(k, delay);
        break;
    case 2:
        cleat_queue_add_rate_limited(q, numbered(k));
        delay = (5 * CLEAT_MS) << (model[k].failures < 20 ? model[k].failures : 20);
        model_wait(k, delay < 640 * CLEAT_MS ? delay : 640 * CLEAT_MS);
        model[k].failures++;
        break;
    case 3:
        cleat_queue_forget(q, numbered(k));
        model[k].failures = 0;
        break;
    case 4:
        run_timers((cleat_time)(cleat_random() % 30) * CLEAT_MS);
        model_time();
        break;
    case 5:
        if (model[k].processing) {
            cleat_queue_done(q, numbered(k));
            model[k].processing = false;
            if (model[k].dirty) {
                fifo[fifo_n++] = k;
            }
        }
        break;
    default: {
        int want = model_take();
        KT_EQ_S(next(q), want < 0 ? CLEAT_STR("") : numbered(want).name);
    }
    }
    KT_EQ_INT(cleat_queue_num_requeues(q, numbered(k)), model[k].failures);
    KT_EQ_INT(cleat_queue_len(q), fifo_n);
}

static void behaves_as_its_model(void) {
    cleat_clock_virtual(0);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        cleat_random_seed(seed);
        memset(model, 0, sizeof model);
        fifo_n = 0;
        struct cleat_queue_opts o = {
            .struct_size = sizeof o, .max_delay = 640 * CLEAT_MS, .qps = -1};
        cleat_queue *q = cleat_queue_new(&o);
        for (int i = 0; i < 2000; i++) {
            one_operation(q);
        }
        end(q);
    }
}

/* ---- threads ---- */

enum { PRODUCERS = 3, WORKERS = 4, HOT = 40, ADDS = 4000 };

static struct {
    cleat_queue *q;
    _Atomic int wanted[HOT], seen[HOT], inside[HOT];
    _Atomic int clashes, handled, producing;
} s;

static void *produce(void *arg) {
    uint64_t x = (uint64_t)(uintptr_t)arg;
    for (int i = 0; i < ADDS; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        int k = (int)((x >> 33) % HOT);
        char name[16];
        snprintf(name, sizeof name, "%d", k);
        atomic_fetch_add(&s.wanted[k], 1);
        if (i % 5 == 0) {
            cleat_queue_add_after(s.q, key("ns", name), (cleat_time)(x >> 60) * CLEAT_MS);
        } else {
            cleat_queue_add(s.q, key("ns", name));
        }
    }
    atomic_fetch_sub(&s.producing, 1);
    return NULL;
}

static void *work(void *arg) {
    (void)arg;
    for (struct cleat_key k; cleat_queue_get(s.q, &k);) {
        CLEAT_AUTO_FREE char *name = cleat_strndup(k.name);
        int i = atoi(name);
        if (atomic_fetch_add(&s.inside[i], 1) != 0) {
            atomic_fetch_add(&s.clashes, 1);
        }
        atomic_store(&s.seen[i], atomic_load(&s.wanted[i]));
        atomic_fetch_add(&s.handled, 1);
        sched_yield();
        atomic_fetch_sub(&s.inside[i], 1);
        cleat_queue_done(s.q, k);
    }
    return NULL;
}

static void no_key_is_with_two_workers_and_none_is_lost(void) {
    memset(&s, 0, sizeof s);
    s.q = plain();
    s.producing = PRODUCERS;
    pthread_t t[PRODUCERS + WORKERS];
    for (int i = 0; i < PRODUCERS + WORKERS; i++) {
        t[i] = cleat_thread_start("stress", i < PRODUCERS ? produce : work,
                                  (void *)(uintptr_t)(i + 1));
    }
    while (atomic_load(&s.producing) > 0) {
        run_timers(CLEAT_MS); /* this thread is the clock */
        sched_yield();
    }
    run_timers(CLEAT_SECOND);
    cleat_queue_shut_down(s.q, 1);
    for (int i = 0; i < HOT; i++) {
        KT_EQ_INT(s.seen[i], s.wanted[i]);
    }
    for (int i = 0; i < PRODUCERS + WORKERS; i++) {
        pthread_join(t[i], NULL);
    }
    KT_EQ_INT(s.clashes, 0);
    KT_TRUE(s.handled > 0 && s.handled <= PRODUCERS * ADDS);
    cleat_queue_free(s.q);
}

static struct cleat_event taken, go;
static _Atomic int finished;

static void *slow_worker(void *arg) {
    struct cleat_key k;
    while (cleat_queue_get(arg, &k)) {
        cleat_event_set(&taken);
        cleat_event_wait(&go, -1);
        atomic_fetch_add(&finished, 1);
        cleat_queue_done(arg, k);
    }
    return NULL;
}

static void *let_go(void *arg) {
    (void)arg;
    for (int i = 0; i < 100; i++) {
        sched_yield(); /* gives a shut_down that does not wait the chance to show it */
    }
    cleat_event_set(&go);
    return NULL;
}

static void drain_waits_for_the_work(void) {
    cleat_queue *q = plain();
    cleat_event_init(&taken);
    cleat_event_init(&go);
    finished = 0;
    cleat_queue_add(q, key("", "a"));
    cleat_queue_add(q, key("", "b"));
    pthread_t w = cleat_thread_start("slow", slow_worker, q);
    cleat_event_wait(&taken, -1);
    pthread_t l = cleat_thread_start("go", let_go, NULL);
    cleat_queue_shut_down(q, 1);
    KT_EQ_INT(finished, 2);
    pthread_join(w, NULL);
    pthread_join(l, NULL);
    cleat_queue_free(q);
}

KT_MAIN("workqueue", KT_TEST(a_queued_key_is_queued_once),
        KT_TEST(a_key_added_while_processed_comes_again_once),
        KT_TEST(ns_and_name_do_not_run_together), KT_TEST(the_earliest_delay_wins),
        KT_TEST(a_delay_that_ends_in_processing_comes_after_it),
        KT_TEST(failures_back_off_each_key_on_its_own), KT_TEST(all_keys_share_one_bucket),
        KT_TEST(shut_down_hands_out_what_is_queued), KT_TEST(metrics_tell_of_it),
        KT_TEST(behaves_as_its_model), KT_TEST(no_key_is_with_two_workers_and_none_is_lost),
        KT_TEST(drain_waits_for_the_work))
