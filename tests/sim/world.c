/* SPDX-License-Identifier: Apache-2.0 */
/* Starting, stopping and killing the simulated process. */
#include "core/kinds/kinds.h"
#include "tests/sim/sim.h"

#include <stdarg.h>

enum { KINDS_MAX = 64, BOOT_TRIES = 4 };
const char *const sim_raw_kinds[2] = {"things.sim", "parts.sim"};

void sim_note(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    CLEAT_AUTO_FREE char *text = NULL;
    cleat_assert(vasprintf(&text, fmt, ap) >= 0);
    va_end(ap);
    for (const char *p = text; *p != '\0'; p++) { /* FNV-1a */
        sim.digest = (sim.digest ^ (unsigned char)*p) * 0x100000001b3u;
    }
    if (sim.trace) {
        fprintf(stderr, "%6zu %s\n", sim.step, text);
    }
}

int sim_store_step(void) {
    int did = cleat_store_step(sim.store);
    if (!disk_is_off(sim.disk)) {
        model_observe(&sim.model, sim.store);
    }
    return did;
}

/* Who waits for a commit lets the others run meanwhile, at last the committer. */
static bool pump(void *userdata) {
    (void)userdata;
    if (sim.running && !disk_is_off(sim.disk) && rng_chance(&sim.rng, 600)) {
        sim_nested_step();
        return true;
    }
    if (sim.store == NULL) {
        return false;
    }
    sim_store_step();
    return true;
}

static cleat_err open_store(struct cleat_error *e) {
    struct cleat_backend *b = NULL;
    CLEAT_TRY(cleat_backend_sqlite("state.db", "sim", &b, e));
    return cleat_store_open(model_backend(&sim.model, b), &sim.model.opts, &sim.store, e);
}

static void attach_model(void) {
    const char *resources[KINDS_MAX];
    size_t n = 0;
    for (; n < 2; n++) {
        resources[n] = sim_raw_kinds[n];
    }
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(sim.registry, i)) != NULL; i++) {
        cleat_assert(n < KINDS_MAX);
        resources[n++] = k->store_name;
    }
    model_attach(&sim.model, sim.store, resources, n);
}

static cleat_err try_boot(struct cleat_error *e) {
    CLEAT_TRY(open_store(e));
    for (size_t i = 0; i < 2; i++) {
        cleat_store_kind(sim.store, sim_raw_kinds[i]);
    }
    CLEAT_TRY(cleat_registry_new(sim.store, cleat_kinds, &sim.registry, e));
    attach_model();
    return cleat_registry_bootstrap(sim.registry, e);
}

static void tear_down(void) {
    model_detach(&sim.model);
    cleat_registry_free(sim.registry);
    sim.registry = NULL;
    cleat_store_close(sim.store);
    sim.store = NULL;
}

/* While it starts the disk may fail as well; without faults it must start. */
void sim_boot(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_wait_set_pump(pump, NULL);
    for (int i = 0;; i++) {
        sim.phase = "starting";
        if (i < BOOT_TRIES && sim.n.boots > 0 && rng_chance(&sim.rng, 300)) {
            disk_power_fails_in(sim.disk, 1 + (unsigned)rng_below(&sim.rng, 12));
        }
        if (i < BOOT_TRIES && rng_chance(&sim.rng, 200)) {
            disk_fail_in(sim.disk, (int)rng_below(&sim.rng, DISK_FAULTS),
                         1 + (unsigned)rng_below(&sim.rng, 30));
        }
        cleat_err err = try_boot(&e);
        sim_note("boot %s at %llu", cleat_err_name(err), (unsigned long long)sim.model.revision);
        if (err == CLEAT_OK && !disk_is_off(sim.disk)) {
            break;
        }
        SIM_CHECK(i < BOOT_TRIES, "it does not start: %s", e.message);
        disk_power_off(sim.disk);
        tear_down();
        disk_power_on(sim.disk);
    }
    disk_heal(sim.disk);
    sim.n.boots++;
    for (size_t i = 0; sim_actors[i] != NULL; i++) {
        if (sim_actors[i]->up != NULL) {
            sim_actors[i]->up();
        }
    }
    sim.phase = "running";
    sim.running = true;
}

static void actors_down(void) {
    sim.running = false;
    for (size_t i = 0; sim_actors[i] != NULL; i++) {
        if (sim_actors[i]->down != NULL) {
            sim_actors[i]->down();
        }
    }
}

void sim_shut_down(void) {
    sim.phase = "stopping";
    sim_note("stop");
    while (sim_store_step() != 0) {
    }
    actors_down();
    tear_down();
    sim.n.stops++;
}

void sim_crash(void) {
    sim.phase = "crashing";
    sim_note("crash at %llu", (unsigned long long)sim.model.revision);
    disk_power_off(sim.disk);
    while (sim_store_step() != 0) { /* what was submitted fails */
    }
    actors_down();
    tear_down();
    disk_power_on(sim.disk);
    sim.n.crashes++;
}
