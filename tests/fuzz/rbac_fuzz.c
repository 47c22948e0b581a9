/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of RBAC: the input is an object whose "rules" are anything. A role covers
 * itself; what it allows it must also cover; cluster-admin covers all.
 */
#include "core/auth/internal.h"

#define CHECK(cond) cleat_assert(cond)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct cleat__role *parse(const char *text) {
    cleat_obj *o = NULL;
    CHECK(cleat_obj_parse(cleat_s(text), 0, &o, NULL) == CLEAT_OK);
    struct cleat__role *r = cleat__role_new(o);
    cleat_obj_unref(o);
    return r;
}

/* One permission that the role says it allows must be covered by it. */
static void ask(struct cleat__role *role, const struct cleat__rule *like) {
    static const struct cleat_user user = {.name = "u"};
    if (like->verb_names.n == 0 || like->groups.n == 0 || like->resources.n == 0) {
        return;
    }
    CLEAT_AUTO_FREE char *verb = cleat_strndup(like->verb_names.v[0]);
    struct cleat_str resource = like->resources.v[0];
    const char *slash = resource.n > 0 ? memchr(resource.p, '/', resource.n) : NULL;
    struct cleat_access q = {.user = &user, .verb = verb, .group = like->groups.v[0]};
    q.resource =
        slash != NULL ? (struct cleat_str){resource.p, (size_t)(slash - resource.p)} : resource;
    if (slash != NULL) {
        q.subresource = (struct cleat_str){slash + 1, resource.n - q.resource.n - 1};
    }
    if (like->names.n > 0) {
        q.name = like->names.v[0];
    }
    bool allowed = false;
    for (size_t i = 0; i < role->n_rules && !allowed; i++) {
        allowed = cleat__rule_allows(&role->rules[i], &q, cleat__verb_bit(verb));
    }
    CHECK(allowed || (slash != NULL && q.subresource.n == 0) ||
          strlen(verb) != like->verb_names.v[0].n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct cleat__role *root;
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_AUTO_BUF missing = {0};
    if (root == NULL) {
        root = parse("{\"rules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"]},"
                     "{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]}");
    }
    if (size > 4096 || /* permissions multiply */
        cleat_obj_parse((struct cleat_str){(const char *)data, size}, 0, &o, NULL) != CLEAT_OK) {
        return 0;
    }
    struct cleat__role *role = cleat__role_new(o);
    size_t n = 1;
    for (size_t i = 0; i < role->n_rules; i++) {
        const struct cleat__rule *r = &role->rules[i];
        n += r->urls.n > 0 && r->names.n > 0 ? 20000 : 0; /* validation refuses it */
        n += (r->groups.n + 1) * (r->resources.n + 1) * (r->verb_names.n + 1) * (r->names.n + 1);
    }
    if (n < 20000) {
        CHECK(cleat__rules_cover(&role, 1, role, NULL));
        CHECK(cleat__rules_cover(&root, 1, role, NULL));
        cleat__rules_cover(&role, 1, root, &missing);
        for (size_t i = 0; i < role->n_rules; i++) {
            ask(role, &role->rules[i]);
        }
    }
    cleat__role_unref(role);
    return 0;
}
