/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of core/auth share. */
#ifndef CLEAT_CORE_AUTH_INTERNAL_H
#define CLEAT_CORE_AUTH_INTERNAL_H

#include "core/auth/auth.h"
#include "core/auth/tokens.h"
#include "core/kinds/kinds.h"

#define CLEAT__RBAC "rbac.authorization.k8s.io"

/* ---- rules (rules.c): a role's, ready to be asked; immutable ---- */

struct cleat__strs {
    const struct cleat_str *v;
    size_t n;
};
struct cleat__rule {
    uint32_t verbs; /* bits of the known ones */
    bool any_verb, any_group, any_resource;
    struct cleat__strs verb_names, groups, resources, names, urls;
};
struct cleat__role {
    _Atomic uint32_t refs;
    cleat_obj *obj; /* what the strings point into, or owned where they were escaped */
    struct cleat__rule *rules;
    size_t n_rules;
    struct cleat_str *pool;
    char **owned;
    size_t n_owned;
};
struct cleat__role *cleat__role_new(const cleat_obj *o); /* of its "rules" */
struct cleat__role *cleat__role_ref(struct cleat__role *r);
void cleat__role_unref(struct cleat__role *r);
bool cleat__strs_have(struct cleat__strs s, struct cleat_str want);
uint32_t cleat__verb_bit(const char *verb); /* 0 = none of the known ones */
bool cleat__rule_allows(const struct cleat__rule *rule, const struct cleat_access *q, uint32_t bit);
bool cleat__url_covers(struct cleat_str rule, struct cleat_str path);

/* ---- what rules do not cover (covers.c) ---- */

/* Whether all of `wanted` is in the owned rules. missing: gets what is not, one rule a
 * line, sorted, as upstream prints it. NULL = not wanted. */
bool cleat__rules_cover(struct cleat__role *const *owned, size_t n,
                        const struct cleat__role *wanted, struct cleat_buf *missing);

/* ---- the index (index.c): subject -> bindings -> rules ---- */

struct cleat__index;
struct cleat__index *cleat__index_new(cleat_registry *r);
void cleat__index_free(struct cleat__index *ix);
bool cleat__index_allows(struct cleat__index *ix, const struct cleat_access *q);
/* A binding that applies to a user, and its role; NULL where that does not exist. */
struct cleat__held {
    cleat_obj *binding;
    struct cleat__role *role;
};
/* Those of the cluster, then with ns.n > 0 those of that namespace, by name. Owned. */
size_t cleat__index_held(struct cleat__index *ix, const struct cleat_user *u, struct cleat_str ns,
                         struct cleat__held **ret);
void cleat__held_free(struct cleat__held *held, size_t n);
/* ns empty: a ClusterRole. Owned, or NULL. */
struct cleat__role *cleat__index_role(struct cleat__index *ix, struct cleat_str ns,
                                      struct cleat_str name);

/* ---- the authority (auth.c) ---- */

struct cleat_auth {
    struct cleat_authority base;
    cleat_registry *registry;
    bool always_allow;
    struct cleat__index *index;
    struct cleat__aggregator *aggregator;
    struct cleat__tokens *tokens;
};

/* tokens.c: whose token it is, where it is meant for one of the audiences; owned, or NULL */
struct cleat__identity *cleat__token_identity(cleat_auth *a, struct cleat_str token,
                                              const char *const *audiences);

/* review.c */
cleat_err cleat__review(struct cleat_authority *self, struct cleat_request *req);

/* grant.c */
cleat_err cleat__grant(struct cleat_authority *self, struct cleat_request *req,
                       const cleat_obj *obj, const cleat_obj *old);

/* aggregate.c: the rules of ClusterRoles with an aggregationRule */
struct cleat__aggregator *cleat__aggregator_new(cleat_registry *r);
void cleat__aggregator_free(struct cleat__aggregator *g);
/* Writes what has to be written. [worker] */
cleat_err cleat__aggregator_run(struct cleat__aggregator *g, struct cleat_error *e);

extern const struct cleat_user cleat__self; /* who writes what the authority writes */

/* write.c: writes of our own, several at a time so that they share a commit */
struct cleat__write {
    int verb;
    const struct cleat_kind *kind;
    struct cleat_str ns, name;
    cleat_obj *body; /* taken */
    cleat_err err;   /* out */
};
/* The first error that is not `tolerated`, else CLEAT_OK. [worker] */
cleat_err cleat__write_all(cleat_registry *r, struct cleat__write *w, size_t n, cleat_err tolerated,
                           struct cleat_error *e);

/* presets.c: upstream's roles and bindings */
struct cleat__preset {
    const char *ns, *name;    /* ns NULL: of the cluster */
    const char *labels;       /* "aggregate-to-edit", or NULL */
    const char *aggregates;   /* "aggregate-to-admin": what it gathers, or NULL */
    const char *const *rules; /* "verbs|groups|resources[|names]" or "verbs@urls", by commas */
};
struct cleat__preset_binding {
    const char *ns, *name;
    const char *role, *kind; /* what it binds; kind NULL: a ClusterRole */
    const char *subjects;    /* "Group:x,User:y,ServiceAccount:ns/name" */
};
extern const struct cleat__preset cleat__presets[];                 /* name NULL ends */
extern const struct cleat__preset_binding cleat__preset_bindings[]; /* name NULL ends */

#endif
