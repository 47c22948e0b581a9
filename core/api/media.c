/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An Accept header's clauses, one after the other, with the parameters that
 * matter here. Pure functions; any thread.
 */
#include "core/api/internal.h"

static struct cleat_str trim(struct cleat_str s) {
    while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) {
        s.n--;
    }
    return s;
}

/* Cuts the part before sep off the front of *s. */
static struct cleat_str cut(struct cleat_str *s, char sep) {
    const char *at = s->n ? memchr(s->p, sep, s->n) : NULL;
    struct cleat_str part = {s->p, at ? (size_t)(at - s->p) : s->n};
    size_t used = part.n + (at != NULL);
    s->p += used;
    s->n -= used;
    return trim(part);
}

/* "0.75" -> 750; 1000 for what is no quality. */
static int quality(struct cleat_str s) {
    int q = s.n > 0 && s.p[0] == '0' ? 0 : 1000;
    for (size_t i = 2, unit = 100; q < 1000 && i < s.n && unit > 0; i++, unit /= 10) {
        q += s.p[i] >= '0' && s.p[i] <= '9' ? (s.p[i] - '0') * (int)unit : 0;
    }
    return q;
}

bool cleat__media_next(struct cleat_str *accept, struct cleat__media *ret) {
    *ret = (struct cleat__media){.quality = 1000};
    while (ret->type.n == 0) {
        if (accept->n == 0) {
            return false;
        }
        struct cleat_str media = cut(accept, ',');
        ret->type = cut(&media, ';');
        while (media.n > 0) {
            struct cleat_str param = cut(&media, ';'), key = cut(&param, '=');
            if (cleat_eqc(key, "as")) {
                ret->as = trim(param);
            } else if (cleat_eqc(key, "v")) {
                ret->version = trim(param);
            } else if (cleat_eqc(key, "g")) {
                ret->group = trim(param);
            } else if (cleat_eqc(key, "q")) {
                ret->quality = quality(trim(param));
            }
        }
    }
    return true;
}

/* The part of an offer that a clause's type with wildcards leaves open. */
static bool covers(struct cleat_str type, const char *offer) {
    const char *slash = strchr(offer, '/');
    return cleat_eqc(type, offer) || cleat_eqc(type, "*/*") ||
           (type.n > 2 && type.p[type.n - 1] == '*' && type.n - 1 == (size_t)(slash + 1 - offer) &&
            memcmp(type.p, offer, type.n - 1) == 0);
}

int cleat__media_choose(struct cleat_str accept, const char *const *offers) {
    int best = -1, best_quality = 0;
    struct cleat__media m;
    if (trim(accept).n == 0) {
        return 0;
    }
    while (cleat__media_next(&accept, &m)) {
        for (int i = 0; offers[i] != NULL && m.quality > best_quality; i++) {
            if (covers(m.type, offers[i])) {
                best = i;
                best_quality = m.quality;
            }
        }
    }
    return best;
}
