/* SPDX-License-Identifier: Apache-2.0 */
/* What upstream's clients measure of their requests, by the same names. */
#include "core/remote/internal.h"

static struct { cleat_metric *requests, *durations, *waits; } family;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_families(void) {
    static const double seconds[] = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
    static const char *const by_code[] = {"code", "method", "host", NULL};
    static const char *const by_verb[] = {"verb", "host", NULL};
    enum { N = sizeof seconds / sizeof *seconds };
    family.requests =
        cleat_metric_family("rest_client_requests_total", "Requests by status, method and host.",
                            CLEAT_COUNTER, by_code, NULL, 0);
    family.durations = cleat_metric_family("rest_client_request_duration_seconds",
                                           "Time from a request's turn to its answer's head.",
                                           CLEAT_HISTOGRAM, by_verb, seconds, N);
    family.waits = cleat_metric_family("rest_client_rate_limiter_duration_seconds",
                                       "Time that a request waited for its turn.", CLEAT_HISTOGRAM,
                                       by_verb, seconds, N);
}

void cleat__rc_measure(const struct cleat__rc_call *c, int status) {
    char code[12] = "<error>";
    CLEAT_AUTO_FREE char *host = cleat__rc_url_authority(&c->r->config->url);
    pthread_once(&once, make_families);
    if (status > 0) {
        snprintf(code, sizeof code, "%d", status);
    }
    cleat_metric_add(
        cleat_metric_with(family.requests, (const char *const[]){code, c->method, host, NULL}), 1);
    const char *const verb[] = {c->method, host, NULL};
    if (c->queued_at > 0) {
        cleat_metric_add(cleat_metric_with(family.durations, verb),
                         (double)(cleat_now_mono() - c->queued_at) / 1e9);
        cleat_metric_add(cleat_metric_with(family.waits, verb),
                         (double)(c->queued_at - c->began) / 1e9);
    }
}
