/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which volume for a claim: one that was reserved for it; else of those that are
 * available and suit it those with the fewest access modes, and of these the smallest.
 * Pure but for the cache.
 */
#include "volumes.h"

static int order(struct cleat_str a, struct cleat_str b) {
    int32_t r = 0;
    return SDK->obj->quantity_cmp(a, b, &r) == CLEAT_OK ? r : -1;
}

static struct cleat_str size_of(const cleat_obj *volume) {
    return CLEAT_TEXT(SDK, volume, "spec", "capacity", "storage");
}

static bool is_big_enough(const cleat_obj *volume, const cleat_obj *claim) {
    struct cleat_str want = CLEAT_TEXT(SDK, claim, "spec", "resources", "requests", "storage");
    return want.n == 0 || order(size_of(volume), want) >= 0;
}

static struct cleat_str mode_of(const cleat_obj *o) {
    struct cleat_str mode = CLEAT_TEXT(SDK, o, "spec", "volumeMode");
    return mode.n > 0 ? mode : CLEAT_STR("Filesystem");
}

static bool has_modes(const cleat_obj *volume, const cleat_obj *claim) {
    struct cleat_iter want = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, claim, "spec", "accessModes"), &want)) {
        struct cleat_iter it = {0};
        bool found = false;
        while (!found && SDK->obj->next(CLEAT_AT(SDK, volume, "spec", "accessModes"), &it)) {
            found = cleat_str_eq(SDK->obj->str(it.val), SDK->obj->str(want.val));
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* A label selector as text; owned. */
static char *selector_text(struct cleat_val selector) {
    struct cleat_text t = {0};
    struct cleat_iter it = {0};
    cleat_text_add(&t, CLEAT_STR(""));
    while (SDK->obj->next(SDK->obj->at(selector, CLEAT_PATH("matchLabels")), &it)) {
        cleat_text_addf(&t, "%s%.*s=%.*s", t.n > 0 ? "," : "", CLEAT_FMT(it.key),
                        CLEAT_FMT(SDK->obj->str(it.val)));
    }
    for (it = (struct cleat_iter){0};
         SDK->obj->next(SDK->obj->at(selector, CLEAT_PATH("matchExpressions")), &it);) {
        struct cleat_str key = SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("key"))),
                         op = SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("operator")));
        cleat_text_addf(&t, "%s%s%.*s", t.n > 0 ? "," : "",
                        cleat_str_is(op, "DoesNotExist") ? "!" : "", CLEAT_FMT(key));
        if (!cleat_str_is(op, "In") && !cleat_str_is(op, "NotIn")) {
            continue;
        }
        cleat_text_addf(&t, " %s (", cleat_str_is(op, "In") ? "in" : "notin");
        for (struct cleat_iter v = {0};
             SDK->obj->next(SDK->obj->at(it.val, CLEAT_PATH("values")), &v);) {
            cleat_text_addf(&t, "%s%.*s", v.index > 0 ? "," : "", CLEAT_FMT(SDK->obj->str(v.val)));
        }
        cleat_text_add(&t, CLEAT_STR(")"));
    }
    return t.p;
}

const char *cleat_vol_mismatch(const cleat_obj *volume, const cleat_obj *claim) {
    if (cleat_gc_is_ending(volume)) {
        return "the volume is marked for deletion";
    }
    if (!is_big_enough(volume, claim)) {
        return "requested PV is too small";
    }
    if (!cleat_str_eq(cleat_vol_class(volume), cleat_vol_class(claim))) {
        return "storageClassName does not match";
    }
    if (!cleat_str_eq(CLEAT_TEXT(SDK, volume, "spec", "volumeAttributesClassName"),
                      CLEAT_TEXT(SDK, claim, "spec", "volumeAttributesClassName"))) {
        return "volumeAttributesClassName does not match";
    }
    if (!cleat_str_eq(mode_of(volume), mode_of(claim))) {
        return "incompatible volumeMode";
    }
    return has_modes(volume, claim) ? NULL : "incompatible accessMode";
}

struct search {
    const cleat_obj *claim;
    const char *selector;   /* NULL = any */
    bool delayed, reserved; /* reserved: best is one that is */
    cleat_obj *best;
};

int cleat_vol_compare(struct cleat_str a, struct cleat_str b) {
    int r = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return r != 0 ? r : (a.n > b.n) - (a.n < b.n);
}

static bool is_better(const cleat_obj *volume, const cleat_obj *best) {
    size_t a = SDK->obj->count(CLEAT_AT(SDK, volume, "spec", "accessModes")),
           b = SDK->obj->count(CLEAT_AT(SDK, best, "spec", "accessModes"));
    if (a != b) {
        return a < b;
    }
    int r = order(size_of(volume), size_of(best));
    if (r != 0) {
        return r < 0;
    }
    /* so that it is always the same */
    return cleat_vol_compare(SDK->obj->name(volume), SDK->obj->name(best)) < 0;
}

static int32_t consider(void *userdata, const cleat_obj *volume) {
    struct search *s = userdata;
    bool reserved = cleat_vol_is_for(volume, s->claim);
    if (cleat_gc_is_ending(volume) || !is_big_enough(volume, s->claim) ||
        !cleat_str_eq(mode_of(volume), mode_of(s->claim)) || !has_modes(volume, s->claim)) {
        return 0;
    }
    if (!reserved &&
        (s->delayed || s->reserved || cleat_vol_claim_of(volume).name.n > 0 ||
         !cleat_str_is(CLEAT_TEXT(SDK, volume, "status", "phase"), "Available") ||
         cleat_vol_mismatch(volume, s->claim) != NULL ||
         (s->selector != NULL && SDK->obj->matches_labels(volume, s->selector, NULL) != 1))) {
        return 0;
    }
    if (s->best == NULL || (reserved && !s->reserved) || is_better(volume, s->best)) {
        SDK->obj->unref(s->best);
        s->best = SDK->obj->ref(volume);
        s->reserved = reserved;
    }
    return 0;
}

cleat_obj *cleat_vol_match(cleat_informer *volumes, const cleat_obj *claim, bool delayed) {
    struct cleat_val selector = CLEAT_AT(SDK, claim, "spec", "selector");
    char *text = SDK->obj->type(selector) == CLEAT_OBJECT ? selector_text(selector) : NULL;
    struct search s = {.claim = claim, .selector = text, .delayed = delayed};
    SDK->informer->foreach (volumes, NULL, (struct cleat_str){"", 0}, consider, &s);
    free(text);
    return s.best;
}
