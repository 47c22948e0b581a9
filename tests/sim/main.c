/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleat-sim: runs seeds, each in a process of its own, and says how to replay
 * one that failed.
 */
#include <errno.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/sim.h"

enum { QUIET_EVERY = 400, FAULT_STEPS = 60 };

struct sim sim;
const struct actor *const sim_actors[] = {&writers_actor,  &watchers_actor, &holders_actor,
                                          &kubelets_actor, &runtime_actor,  NULL};

void sim_fail(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    CLEAT_AUTO_FREE char *text = NULL;
    if (vasprintf(&text, fmt, ap) < 0) {
        abort();
    }
    va_end(ap);
    printf("seed %llu failed: step %zu, while %s: %s\n", (unsigned long long)sim.seed, sim.step,
           sim.phase, text);
    fflush(stdout);
    _exit(1);
}

/* ---- the schedule ---- */

static void advance_clock(void) {
    switch (rng_below(&sim.rng, 4)) {
    case 0:
        cleat_clock_advance((cleat_time)rng_below(&sim.rng, 15) * CLEAT_SECOND);
        break;
    case 1: {
        cleat_time next = cleat_timers_next(), now = cleat_now_mono();
        if (next != INT64_MAX && next > now && next - now < 60 * CLEAT_SECOND) {
            cleat_clock_advance(next - now);
        }
        break;
    }
    default:
        cleat_clock_advance((cleat_time)rng_below(&sim.rng, 200) * CLEAT_MS);
    }
    cleat_timers_step();
}

static void plan_fault(void) {
    unsigned in = 1 + (unsigned)rng_below(&sim.rng, FAULT_STEPS);
    if (rng_chance(&sim.rng, 400)) {
        disk_power_fails_in(sim.disk, in);
        sim_note("the power fails in %u", in);
    } else {
        int fault = (int)rng_below(&sim.rng, DISK_FAULTS);
        disk_fail_in(sim.disk, fault, in);
        sim_note("fault %d in %u", fault, in);
    }
}

static void run_until_idle(void) {
    size_t rounds = 0;
    int busy;
    do {
        busy = sim_store_step();
        for (size_t i = 0; sim_actors[i] != NULL; i++) {
            if (sim_actors[i]->settle != NULL) {
                busy |= sim_actors[i]->settle();
            }
        }
        SIM_CHECK(++rounds < 100000, "it never becomes quiet");
    } while (busy);
}

/* Runs everything until nothing is left to do, back-off included, then compares. */
static void settle(void) {
    enum { ROUNDS = 40 };
    sim.phase = "settling";
    sim.running = false; /* nobody begins anything while others wait */
    disk_heal(sim.disk);
    for (int i = 0; i < ROUNDS; i++) {
        run_until_idle();
        cleat_time next = cleat_timers_next(), now = cleat_now_mono();
        cleat_time d = next > now && next - now < 2 * CLEAT_SECOND ? next - now : 2 * CLEAT_SECOND;
        cleat_clock_advance(d);
        cleat_timers_step();
    }
    run_until_idle();
    for (size_t i = 0; sim_actors[i] != NULL; i++) {
        if (sim_actors[i]->quiet != NULL) {
            sim_actors[i]->quiet();
        }
    }
    sim.phase = "running";
    sim.running = true;
}

static void actor_step(void) {
    unsigned total = 0;
    for (size_t i = 0; sim_actors[i] != NULL; i++) {
        total += sim_actors[i]->weight;
    }
    uint64_t lot = rng_below(&sim.rng, total);
    for (size_t i = 0; sim_actors[i] != NULL; i++) {
        if (lot < sim_actors[i]->weight) {
            sim_actors[i]->step();
            return;
        }
        lot -= sim_actors[i]->weight;
    }
}

void sim_nested_step(void) {
    static int depth;
    if (depth >= 3) {
        sim_store_step();
        return;
    }
    depth++;
    if (rng_chance(&sim.rng, 300)) {
        sim_store_step();
    } else {
        actor_step();
    }
    depth--;
}

/* A long time in which only the committer works: history ages out under whoever
 * has not read it, rows are removed; often the process does not see the end of it. */
static void nap(void) {
    sim_note("nap");
    for (int i = 0; i < 30 && !disk_is_off(sim.disk); i++) {
        cleat_clock_advance(10 * CLEAT_SECOND);
        while (sim_store_step() != 0 && !disk_is_off(sim.disk)) {
        }
    }
    if (rng_chance(&sim.rng, 500)) {
        sim_crash();
        sim_boot();
    }
}

static void one_step(void) {
    uint64_t lot = rng_below(&sim.rng, 1000);
    if (lot < 250) {
        sim_store_step();
    } else if (lot < 330) {
        advance_clock();
    } else if (lot < 334) {
        plan_fault();
    } else if (lot < 336) {
        sim_crash();
        sim_boot();
    } else if (lot == 336) {
        sim_shut_down();
        sim_boot();
    } else if (lot == 337) {
        nap();
    } else {
        actor_step();
    }
    if (disk_is_off(sim.disk)) {
        sim_crash();
        sim_boot();
    }
}

static void print_summary(void) {
    struct disk_stats d = disk_stats(sim.disk);
    printf("seed %llu ok: %zu steps, revision %llu, digest %016llx\n", (unsigned long long)sim.seed,
           sim.steps, (unsigned long long)sim.model.revision, (unsigned long long)sim.digest);
    printf("  %zu writes (%zu acknowledged, %zu refused), %zu answers, %zu lost to the disk, %zu "
           "events, %zu relists, %zu dispatched, %zu reconciles\n",
           sim.n.writes, sim.n.acked, sim.n.refused, sim.n.answers, sim.n.failed, sim.n.events,
           sim.n.relists, sim.n.dispatched, sim.n.reconciles);
    printf("  %zu crashes, %zu stops, %llu disk faults, %llu sectors lost, %llu torn\n",
           sim.n.crashes, sim.n.stops, (unsigned long long)d.failed,
           (unsigned long long)d.lost_sectors, (unsigned long long)d.torn);
}

static void run_seed(uint64_t seed, size_t steps, enum sim_break break_mode, bool trace) {
    sim.seed = seed;
    sim.rng.s = seed;
    sim.steps = steps;
    sim.break_mode = break_mode;
    sim.trace = trace;
    sim.digest = 0xcbf29ce484222325u;
    cleat_random_seed(seed);
    cleat_clock_virtual(1767225600 * CLEAT_SECOND);
    cleat_log_set_level(trace ? CLEAT_LOG_INFO : -1);
    sim.model.opts =
        (struct cleat_store_opts){.history_events = 48 + (uint32_t)rng_below(&sim.rng, 200),
                                  .history_bytes = 400000,
                                  .history_age = 120 * CLEAT_SECOND,
                                  .manual = true};
    sim.disk = disk_new(&sim.rng);
    disk_lie(sim.disk, false);
    sim_boot();
    for (sim.step = 1; sim.step <= steps; sim.step++) {
        if (break_mode == BREAK_LYING_DISK && sim.step == 200) {
            disk_lie(sim.disk, true);
        }
        one_step();
        if (sim.step % QUIET_EVERY == 0) {
            settle();
        }
    }
    settle();
    sim_shut_down();
    for (size_t i = 0; sim_actors[i] != NULL; i++) {
        if (sim_actors[i]->done != NULL) {
            sim_actors[i]->done();
        }
    }
    print_summary();
    model_done(&sim.model);
    disk_free(sim.disk);
}

/* ---- the command line ---- */

struct options {
    uint64_t first, last;
    size_t steps;
    enum sim_break break_mode;
    const char *break_name;
    bool trace;
};

static int usage(void) {
    fprintf(stderr, "usage: cleat-sim [--seed N | --seeds A..B] [--steps N] [--trace]\n"
                    "                 [--break lose-write|lying-disk|dup-event|drop-event|reorder|"
                    "stale-cache|two-workers]\n");
    return 2;
}

static bool number(const char *text, uint64_t *ret, const char **end) {
    char *stop;
    errno = 0;
    *ret = strtoull(text, &stop, 10);
    *end = stop;
    return stop != text && errno == 0 && text[0] != '-';
}

static bool parse_break(const char *name, struct options *o) {
    static const char *const names[] = {
        [BREAK_LOSE_WRITE] = "lose-write",  [BREAK_LYING_DISK] = "lying-disk",
        [BREAK_DUP_EVENT] = "dup-event",    [BREAK_DROP_EVENT] = "drop-event",
        [BREAK_REORDER] = "reorder",        [BREAK_STALE_CACHE] = "stale-cache",
        [BREAK_TWO_WORKERS] = "two-workers"};
    for (size_t i = 1; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            o->break_mode = (enum sim_break)i;
            o->break_name = name;
            return true;
        }
    }
    return false;
}

static bool parse(int argc, char **argv, struct options *o) {
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i], *v = i + 1 < argc ? argv[i + 1] : "", *end = v;
        uint64_t n = 0;
        if (strcmp(a, "--trace") == 0) {
            o->trace = true;
            continue;
        }
        i++;
        if (strcmp(a, "--seed") == 0 && number(v, &n, &end) && *end == '\0') {
            o->first = o->last = n;
        } else if (strcmp(a, "--steps") == 0 && number(v, &n, &end) && *end == '\0') {
            o->steps = n;
        } else if (strcmp(a, "--seeds") == 0 && number(v, &o->first, &end) &&
                   strncmp(end, "..", 2) == 0 && number(end + 2, &o->last, &end) && *end == '\0') {
            continue;
        } else if (strcmp(a, "--break") != 0 || !parse_break(v, o)) {
            return false;
        }
    }
    return o->first <= o->last;
}

/* A process of its own: nothing of one seed reaches the next, and one that aborts is counted. */
static bool run_forked(uint64_t seed, const struct options *o) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        run_seed(seed, o->steps, o->break_mode, o->trace);
        exit(0);
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        perror("cleat-sim");
        exit(2);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return true;
    }
    if (WIFSIGNALED(status)) {
        printf("seed %llu failed: killed by signal %d\n", (unsigned long long)seed,
               WTERMSIG(status));
    } else if (WEXITSTATUS(status) != 1) {
        printf("seed %llu failed: exit status %d\n", (unsigned long long)seed, WEXITSTATUS(status));
    }
    printf("  replay: cleat-sim --seed %llu --steps %zu%s%s --trace\n", (unsigned long long)seed,
           o->steps, o->break_name ? " --break " : "", o->break_name ? o->break_name : "");
    return false;
}

int main(int argc, char **argv) {
    struct options o = {.first = 1, .last = 1, .steps = 5000};
    if (!parse(argc, argv, &o)) {
        return usage();
    }
    size_t n = 0, failed = 0;
    for (uint64_t seed = o.first; seed <= o.last; seed++) {
        n++;
        failed += !run_forked(seed, &o);
    }
    printf("%zu seeds, %zu failed\n", n, failed);
    return failed ? 1 : 0;
}
