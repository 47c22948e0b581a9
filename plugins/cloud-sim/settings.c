/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How badly the cloud behaves: the object clouds.sim.cleat.dev "sim" as a plain
 * structure under one lock, and the gate that each call of its API passes. The
 * lock is never held while a call waits.
 */
#include "sim.h"

#define MOST 1e9 /* of any number: what is counted in milliseconds fits the clock's type */

struct values {
    bool api_down;
    double error_rate;
    cleat_time latency, jitter;
    double quota, burst; /* calls a second; 0 = no quota */
};

struct cleat_sim_settings {
    pthread_mutex_t lock;
    struct values v;
    char **out; /* zones that are out */
    size_t n_out;
    double tokens;
    cleat_time filled; /* when tokens was right */
};

struct cleat_sim_settings *cleat_sim_settings_new(void) {
    struct cleat_sim_settings *s = cleat_sdk_alloc(1, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static void free_zones(char **zones, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(zones[i]);
    }
    free(zones);
}

void cleat_sim_settings_free(struct cleat_sim_settings *s) {
    if (s != NULL) {
        free_zones(s->out, s->n_out);
        pthread_mutex_destroy(&s->lock);
        free(s);
    }
}

static double number(struct cleat_val v) {
    char *text = cleat_sdk_dup(SDK->obj->raw(v));
    double d = SDK->obj->type(v) == CLEAT_NUMBER ? strtod(text, NULL) : 0;
    free(text);
    return d > 0 ? (d < MOST ? d : MOST) : 0;
}

static struct values parse(const cleat_obj *cloud) {
    struct values v = {0};
    v.api_down = SDK->obj->boolean(CLEAT_AT(SDK, cloud, "spec", "apiDown"), 0);
    v.error_rate = number(CLEAT_AT(SDK, cloud, "spec", "errorRate"));
    v.latency =
        (cleat_time)(number(CLEAT_AT(SDK, cloud, "spec", "latencyMilliseconds")) * CLEAT_MS);
    v.jitter = (cleat_time)(number(CLEAT_AT(SDK, cloud, "spec", "jitterMilliseconds")) * CLEAT_MS);
    v.quota = number(CLEAT_AT(SDK, cloud, "spec", "quota", "callsPerSecond"));
    v.burst = number(CLEAT_AT(SDK, cloud, "spec", "quota", "burst"));
    if (v.burst < 1) {
        v.burst = v.quota > 1 ? v.quota : 1;
    }
    return v;
}

void cleat_sim_settings_set(struct cleat_sim_settings *s, const cleat_obj *cloud) {
    struct values v = {0};
    char **out = NULL;
    size_t n_out = 0;
    if (cloud != NULL) {
        v = parse(cloud);
        struct cleat_val zones = CLEAT_AT(SDK, cloud, "spec", "zoneOutages");
        out = cleat_sdk_alloc(SDK->obj->count(zones), sizeof *out);
        struct cleat_iter it = {0};
        while (SDK->obj->next(zones, &it)) {
            out[n_out++] = cleat_sdk_dup(SDK->obj->str(it.val));
        }
    }
    pthread_mutex_lock(&s->lock);
    char **old = s->out;
    size_t n_old = s->n_out;
    if (v.quota != s->v.quota || v.burst != s->v.burst) {
        s->tokens = v.burst;
        s->filled = SDK->clock->monotonic();
    }
    s->v = v;
    s->out = out;
    s->n_out = n_out;
    pthread_mutex_unlock(&s->lock);
    free_zones(old, n_old);
}

/* Takes one call from the quota; else returns the time until there is one. Locked. */
static cleat_time take_token(struct cleat_sim_settings *s) {
    if (s->v.quota <= 0) {
        return 0;
    }
    cleat_time now = SDK->clock->monotonic();
    s->tokens += (double)(now - s->filled) / (double)CLEAT_SECOND * s->v.quota;
    s->filled = now;
    if (s->tokens > s->v.burst) {
        s->tokens = s->v.burst;
    }
    if (s->tokens >= 1) {
        s->tokens -= 1;
        return 0;
    }
    return (cleat_time)((1 - s->tokens) / s->v.quota * (double)CLEAT_SECOND) + 1;
}

cleat_err cleat_sim_settings_call(struct cleat_sim_settings *s, cleat_ctx *ctx, const char *what,
                                  struct cleat_error *reterr) {
    pthread_mutex_lock(&s->lock);
    struct values v = s->v;
    cleat_time wait = take_token(s);
    pthread_mutex_unlock(&s->lock);
    if (wait > 0) {
        cleat_errorf(reterr, CLEAT_E_THROTTLED,
                     "sim: %s: the quota of %g calls a second is used up", what, v.quota);
        if (reterr != NULL) {
            reterr->retry_after_ms = wait / CLEAT_MS + 1;
        }
        return CLEAT_E_THROTTLED;
    }
    cleat_time latency = v.latency + (cleat_time)cleat_sim_random((uint64_t)v.jitter);
    if (latency > 0) {
        cleat_err err = SDK->ctx->sleep(ctx, latency);
        if (err != CLEAT_OK) {
            return cleat_errorf(reterr, err, "sim: %s: given up while waiting for an answer", what);
        }
    }
    if (v.api_down) {
        return cleat_errorf(reterr, CLEAT_E_TRANSIENT, "sim: %s: the cloud's API is down", what);
    }
    if (v.error_rate > 0 && (double)cleat_sim_random(1000000) < v.error_rate * 1000000) {
        return cleat_errorf(reterr, CLEAT_E_TRANSIENT, "sim: %s: an error as ordered by errorRate",
                            what);
    }
    return CLEAT_OK;
}

cleat_err cleat_sim_settings_zone(struct cleat_sim_settings *s, struct cleat_str zone,
                                  struct cleat_error *reterr) {
    cleat_err err = CLEAT_OK;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n_out && err == CLEAT_OK; i++) {
        if (zone.n == 0 || cleat_str_is(zone, s->out[i])) {
            err =
                cleat_errorf(reterr, CLEAT_E_TRANSIENT, "sim: zone %s does not answer", s->out[i]);
        }
    }
    pthread_mutex_unlock(&s->lock);
    return err;
}
