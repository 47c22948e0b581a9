/* SPDX-License-Identifier: Apache-2.0 */
/* Types of authorization. See types.h. */
#include "core/types/table.h"

static const struct cleat_field authorization_v1_SubjectAccessReview_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(authorization_v1_SubjectAccessReviewSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authorization_v1_SubjectAccessReviewStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_authorization_v1_SubjectAccessReview = {
    .name = "io.k8s.api.authorization.v1.SubjectAccessReview",
    .doc = "Asks whether a user may do a thing.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SubjectAccessReview_fields};

static const struct cleat_field authorization_v1_SelfSubjectAccessReview_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(authorization_v1_SelfSubjectAccessReviewSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authorization_v1_SubjectAccessReviewStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_authorization_v1_SelfSubjectAccessReview = {
    .name = "io.k8s.api.authorization.v1.SelfSubjectAccessReview",
    .doc = "Asks whether one may do a thing.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SelfSubjectAccessReview_fields};

static const struct cleat_field authorization_v1_LocalSubjectAccessReview_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(authorization_v1_SubjectAccessReviewSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authorization_v1_SubjectAccessReviewStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_authorization_v1_LocalSubjectAccessReview = {
    .name = "io.k8s.api.authorization.v1.LocalSubjectAccessReview",
    .doc = "Asks whether a user may do a thing in one namespace.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_LocalSubjectAccessReview_fields};

static const struct cleat_field authorization_v1_SelfSubjectRulesReview_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(authorization_v1_SelfSubjectRulesReviewSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authorization_v1_SubjectRulesReviewStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_authorization_v1_SelfSubjectRulesReview = {
    .name = "io.k8s.api.authorization.v1.SelfSubjectRulesReview",
    .doc = "Asks what one may do in a namespace.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SelfSubjectRulesReview_fields};

static const struct cleat_field authorization_v1_SubjectAccessReviewSpec_fields[] = {
    F(1, "resourceAttributes", T(authorization_v1_ResourceAttributes), "A resource.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "nonResourceAttributes", T(authorization_v1_NonResourceAttributes), "A path.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "user", T(string), "The user's name."),
    F(4, "groups", LIST(T(string)), "The user's groups."),
    F(5, "extra", MAP(T(extra_value)), "Whatever else the authenticator knows of the user."),
    F(6, "uid", T(string), "The user's unique identifier."),
    END};
const struct cleat_type cleat_type_authorization_v1_SubjectAccessReviewSpec = {
    .name = "io.k8s.api.authorization.v1.SubjectAccessReviewSpec",
    .doc = "The user and the thing in question.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SubjectAccessReviewSpec_fields};

static const struct cleat_field authorization_v1_SubjectAccessReviewStatus_fields[] = {
    F(1, "allowed", T(bool), "Whether it is allowed.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "denied", T(bool), "Whether it is forbidden for good, whatever others say."),
    F(2, "reason", T(string), "Why."),
    F(3, "evaluationError", T(string), "What went wrong while finding out."), END};
const struct cleat_type cleat_type_authorization_v1_SubjectAccessReviewStatus = {
    .name = "io.k8s.api.authorization.v1.SubjectAccessReviewStatus",
    .doc = "The answer.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SubjectAccessReviewStatus_fields};

static const struct cleat_field authorization_v1_SelfSubjectAccessReviewSpec_fields[] = {
    F(1, "resourceAttributes", T(authorization_v1_ResourceAttributes), "A resource.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "nonResourceAttributes", T(authorization_v1_NonResourceAttributes), "A path.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_authorization_v1_SelfSubjectAccessReviewSpec = {
    .name = "io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec",
    .doc = "The thing in question.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SelfSubjectAccessReviewSpec_fields};

static const struct cleat_field authorization_v1_SelfSubjectRulesReviewSpec_fields[] = {
    F(1, "namespace", T(string), "The namespace it is in."), END};
const struct cleat_type cleat_type_authorization_v1_SelfSubjectRulesReviewSpec = {
    .name = "io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec",
    .doc = "The namespace in question.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SelfSubjectRulesReviewSpec_fields};

static const struct cleat_field authorization_v1_SubjectRulesReviewStatus_fields[] = {
    F(1, "resourceRules", LIST(T(authorization_v1_ResourceRule)), "With resources.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "nonResourceRules", LIST(T(authorization_v1_NonResourceRule)), "With paths.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "incomplete", T(bool), "Whether something may be missing.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "evaluationError", T(string), "What went wrong while finding out."), END};
const struct cleat_type cleat_type_authorization_v1_SubjectRulesReviewStatus = {
    .name = "io.k8s.api.authorization.v1.SubjectRulesReviewStatus",
    .doc = "What one may do.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SubjectRulesReviewStatus_fields};

static const struct cleat_field authorization_v1_ResourceAttributes_fields[] = {
    F(1, "namespace", T(string), "The namespace it is in."),
    F(2, "verb", T(string), "What is to be done, such as get or create."),
    F(3, "group", T(string), "The API group."),
    F(4, "version", T(string), "The API version."),
    F(5, "resource", T(string), "The resource, in the plural."),
    F(6, "subresource", T(string),
      "The part of the resource, such as status; empty for the object itself."),
    F(7, "name", T(string), "The object; empty for all."),
    F(8, "fieldSelector", T(authorization_v1_FieldSelectorAttributes),
      "The field selector of the request.", .flags = CLEAT_FIELD_NULLABLE),
    F(9, "labelSelector", T(authorization_v1_LabelSelectorAttributes),
      "The label selector of the request.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_authorization_v1_ResourceAttributes = {
    .name = "io.k8s.api.authorization.v1.ResourceAttributes",
    .doc = "A resource that is asked for.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_ResourceAttributes_fields};

static const struct cleat_field authorization_v1_NonResourceAttributes_fields[] = {
    F(1, "path", T(string), "The path."), F(2, "verb", T(string), "The HTTP verb in lower case."),
    END};
const struct cleat_type cleat_type_authorization_v1_NonResourceAttributes = {
    .name = "io.k8s.api.authorization.v1.NonResourceAttributes",
    .doc = "A path that is asked for.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_NonResourceAttributes_fields};

static const struct cleat_field authorization_v1_ResourceRule_fields[] = {
    F(1, "verbs", LIST(T(string)), "What may be done; * stands for everything.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "apiGroups", LIST(T(string)),
      "The API groups; an empty string is the core group, * stands for all."),
    F(3, "resources", LIST(T(string)), "The resources, in the plural; * stands for all."),
    F(4, "resourceNames", LIST(T(string)), "Names of single objects; empty means all."), END};
const struct cleat_type cleat_type_authorization_v1_ResourceRule = {
    .name = "io.k8s.api.authorization.v1.ResourceRule",
    .doc = "What may be done with resources.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_ResourceRule_fields};

static const struct cleat_field authorization_v1_NonResourceRule_fields[] = {
    F(1, "verbs", LIST(T(string)), "What may be done; * stands for everything.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "nonResourceURLs", LIST(T(string)),
      "Paths that are no resources; a * at the end stands for the rest."),
    END};
const struct cleat_type cleat_type_authorization_v1_NonResourceRule = {
    .name = "io.k8s.api.authorization.v1.NonResourceRule",
    .doc = "What may be done with paths.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_NonResourceRule_fields};

static const struct cleat_field authorization_v1_FieldSelectorAttributes_fields[] = {
    F(1, "rawSelector", T(string), "As it was sent."),
    F(2, "requirements", LIST(T(meta_v1_FieldSelectorRequirement)), "Taken apart."), END};
const struct cleat_type cleat_type_authorization_v1_FieldSelectorAttributes = {
    .name = "io.k8s.api.authorization.v1.FieldSelectorAttributes",
    .doc = "The field selector of a request.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_FieldSelectorAttributes_fields};

static const struct cleat_field authorization_v1_LabelSelectorAttributes_fields[] = {
    F(1, "rawSelector", T(string), "As it was sent."),
    F(2, "requirements", LIST(T(meta_v1_LabelSelectorRequirement)), "Taken apart."), END};
const struct cleat_type cleat_type_authorization_v1_LabelSelectorAttributes = {
    .name = "io.k8s.api.authorization.v1.LabelSelectorAttributes",
    .doc = "The label selector of a request.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_LabelSelectorAttributes_fields};
