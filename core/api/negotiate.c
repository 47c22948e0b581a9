/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client accepts and sends: JSON, YAML, Tables, object metadata. The first form in
 * an Accept header that we have is taken, of those with the highest quality. Pure functions; any
 * thread.
 */
#include "core/api/internal.h"

static struct cleat__accept one(const struct cleat__media *m) {
    struct cleat__accept a = {.form = CLEAT__NONE, .version = "v1"};
    struct cleat_str type = m->type, as = m->as, group = m->group;
    struct cleat_str version = m->version.n > 0 ? m->version : cleat_s("v1");
    bool json = cleat_eqc(type, "application/json");
    bool yaml = cleat_eqc(type, CLEAT__YAML);
    if (!json && !yaml && !cleat_eqc(type, "*/*") && !cleat_eqc(type, "application/*")) {
        return a;
    }
    if (as.n == 0) {
        a.form = CLEAT__JSON;
        a.yaml = yaml;
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
    struct cleat__accept best = {.form = CLEAT__JSON, .version = "v1"};
    struct cleat__media m;
    int quality = 0;
    bool said = false;
    while (cleat__media_next(&accept, &m)) {
        struct cleat__accept a = one(&m);
        if (!said || (a.form != CLEAT__NONE && m.quality > quality)) {
            best = m.quality > 0 ? a : (struct cleat__accept){.form = CLEAT__NONE, .version = "v1"};
            quality = best.form != CLEAT__NONE ? m.quality : 0;
        }
        said = true;
    }
    return best;
}

struct cleat_str cleat__media_type(struct cleat_str content_type) {
    struct cleat__media m;
    cleat__media_next(&content_type, &m);
    return m.type;
}
