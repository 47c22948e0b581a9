/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client accepts and sends: plain JSON, Tables, object metadata. The first
 * form in an Accept header that we have is taken. Pure functions; any thread.
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

static struct cleat__accept one(struct cleat_str media) {
    struct cleat__accept a = {CLEAT__NONE, "v1"};
    struct cleat_str type = cut(&media, ';'), as = {0}, version = cleat_s("v1"), group = {0};
    while (media.n > 0) {
        struct cleat_str param = cut(&media, ';'), key = cut(&param, '=');
        if (cleat_eqc(key, "as")) {
            as = param;
        } else if (cleat_eqc(key, "v")) {
            version = param;
        } else if (cleat_eqc(key, "g")) {
            group = param;
        }
    }
    bool json = cleat_eqc(type, "application/json");
    if (!json && !cleat_eqc(type, "*/*") && !cleat_eqc(type, "application/*")) {
        return a;
    }
    if (as.n == 0) {
        a.form = CLEAT__JSON;
        return a;
    }
    a.version = cleat_eqc(version, "v1beta1") ? "v1beta1" : "v1";
    if (!json || !cleat_eqc(group, "meta.k8s.io") || !cleat_eqc(version, a.version)) {
        return a;
    }
    a.form = cleat_eqc(as, "Table")                       ? CLEAT__TABLE
             : cleat_eqc(as, "PartialObjectMetadata")     ? CLEAT__PARTIAL
             : cleat_eqc(as, "PartialObjectMetadataList") ? CLEAT__PARTIAL_LIST
                                                          : CLEAT__NONE;
    return a;
}

struct cleat__accept cleat__negotiate(struct cleat_str accept) {
    if (trim(accept).n == 0) {
        return (struct cleat__accept){CLEAT__JSON, "v1"};
    }
    while (accept.n > 0) {
        struct cleat__accept a = one(cut(&accept, ','));
        if (a.form != CLEAT__NONE) {
            return a;
        }
    }
    return (struct cleat__accept){CLEAT__NONE, "v1"};
}

bool cleat__accepts(struct cleat_str accept, const char *type) {
    while (accept.n > 0) {
        struct cleat_str media = cut(&accept, ',');
        if (media.n >= strlen(type) && memcmp(media.p, type, strlen(type)) == 0) {
            return true;
        }
    }
    return false;
}

struct cleat_str cleat__media_type(struct cleat_str content_type) {
    return cut(&content_type, ';');
}
