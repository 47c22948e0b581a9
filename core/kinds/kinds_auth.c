/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of authentication.k8s.io and authorization.k8s.io: asked, never stored. */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"

static cleat_err review(struct cleat_request *req) {
    struct cleat_authority *a = cleat_registry_authority_of(req->registry);
    return a != NULL ? a->review(a, req)
                     : cleat_fail(&req->error, CLEAT_E_UNAVAILABLE, "nobody decides about access");
}

#define REVIEW(group_, resource_, singular_, kind_, flags_)                                        \
    {                                                                                              \
        .group = group_, .version = "v1", .resource = resource_, .singular = singular_,            \
        .kind = kind_, .flags = flags_, .answer = review                                           \
    }

const struct cleat_kind cleat_kinds_authentication[] = {
    REVIEW("authentication.k8s.io", "tokenreviews", "tokenreview", "TokenReview", 0),
    REVIEW("authentication.k8s.io", "selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview",
           0),
    {.resource = NULL},
};

const struct cleat_kind cleat_kinds_authorization[] = {
    REVIEW("authorization.k8s.io", "localsubjectaccessreviews", "localsubjectaccessreview",
           "LocalSubjectAccessReview", CLEAT_KIND_NAMESPACED),
    REVIEW("authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectaccessreview",
           "SelfSubjectAccessReview", 0),
    REVIEW("authorization.k8s.io", "selfsubjectrulesreviews", "selfsubjectrulesreview",
           "SelfSubjectRulesReview", 0),
    REVIEW("authorization.k8s.io", "subjectaccessreviews", "subjectaccessreview",
           "SubjectAccessReview", 0),
    {.resource = NULL},
};

/* ---- service accounts' tokens ---- */

cleat_err cleat_admit_secret(struct cleat_request *req, cleat_obj **obj, const cleat_obj *old) {
    (void)old;
    struct cleat_authority *a = cleat_registry_authority_of(req->registry);
    return a != NULL ? a->fill(a, req, obj) : CLEAT_OK;
}

static int issue(struct cleat_request *req) {
    struct cleat_authority *a = cleat_registry_authority_of(req->registry);
    if (a == NULL) {
        return cleat_step_fail(req, cleat_fail_no_resource(&req->error));
    }
    return a->issue(a, req);
}

const struct cleat_subresource cleat_subresources_serviceaccount[] = {
    {.name = "token",
     .group = "authentication.k8s.io",
     .version = "v1",
     .kind = "TokenRequest",
     .verbs = 1u << CLEAT_VERB_CREATE,
     .act = issue},
    {.name = NULL},
};
