/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones: what state they are in, and how fast their Nodes may be evicted. The
 * rules are upstream's (node_lifecycle_controller, computeZoneState); pure
 * functions over what the caller's lock guards.
 */
#include "health.h"

void cleat_bucket_set(struct cleat_bucket *b, double rate, cleat_time now) {
    if (b->at != 0 && b->rate == rate) {
        return;
    }
    /* a limiter that was empty is followed by one that is */
    cleat_time wait;
    bool full = b->at == 0 || b->rate <= 0 || cleat_bucket_take(b, now, &wait);
    *b = (struct cleat_bucket){.rate = rate, .tokens = full ? 1 : 0, .at = now};
}

bool cleat_bucket_take(struct cleat_bucket *b, cleat_time now, cleat_time *ret_wait) {
    *ret_wait = 0;
    if (b->rate <= 0) {
        return false;
    }
    double tokens = b->tokens + (double)(now - b->at) / (double)CLEAT_SECOND * b->rate;
    b->tokens = tokens > 1 ? 1 : tokens;
    b->at = now;
    /* a timer that fires at the very moment must not miss it by a rounding */
    if (b->tokens > 1 - 1e-9) {
        b->tokens = 0;
        return true;
    }
    *ret_wait = (cleat_time)((1 - b->tokens) / b->rate * (double)CLEAT_SECOND) + 1;
    return false;
}

enum cleat_zone_state cleat_zone_compute(const struct cleat_zone *z) {
    size_t down = z->n - z->ready;
    if (z->ready == 0 && down > 0) {
        return CLEAT_ZONE_FULL;
    }
    if (down > 2 && (double)down / (double)z->n >= z->settings.unhealthy_threshold) {
        return CLEAT_ZONE_PARTIAL;
    }
    return CLEAT_ZONE_NORMAL;
}

enum cleat_zone_policy cleat_zone_policy(const struct cleat_zone *z) {
    return z->state == CLEAT_ZONE_FULL      ? z->settings.full
           : z->state == CLEAT_ZONE_PARTIAL ? z->settings.partial
                                            : CLEAT_ZONE_EVICT;
}

double cleat_zone_rate(const struct cleat_zone *z) {
    if (cleat_zone_policy(z) != CLEAT_ZONE_EVICT) {
        return 0;
    }
    if (z->state != CLEAT_ZONE_PARTIAL) {
        return z->settings.rate;
    }
    return (int64_t)z->n > z->settings.large_cluster ? z->settings.secondary_rate : 0;
}

static struct cleat_str label(const cleat_obj *node, const char *old, const char *key) {
    struct cleat_str v = CLEAT_TEXT(SDK, node, "metadata", "labels", old);
    return v.n > 0 ? v : CLEAT_TEXT(SDK, node, "metadata", "labels", key);
}

char *cleat_zone_key(const cleat_obj *node) {
    struct cleat_str region =
        label(node, "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region");
    struct cleat_str zone =
        label(node, "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone");
    if (region.n == 0 && zone.n == 0) {
        return cleat_sdk_dup((struct cleat_str){"", 0});
    }
    /* upstream has a NUL between the colons; what metrics show of it is this */
    return cleat_node_format("%.*s::%.*s", CLEAT_FMT(region), CLEAT_FMT(zone));
}
