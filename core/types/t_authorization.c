/* SPDX-License-Identifier: Apache-2.0 */
/* Types of authorization. See types.h. */
#include "core/types/table.h"

static const struct cleat_field authorization_v1_SubjectAccessReview_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(authorization_v1_SubjectAccessReviewSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authorization_v1_SubjectAccessReviewStatus), ""),
    END};
const struct cleat_type cleat_type_authorization_v1_SubjectAccessReview = {
    .name = "io.k8s.api.authorization.v1.SubjectAccessReview",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SubjectAccessReview_fields};

static const struct cleat_field authorization_v1_SelfSubjectAccessReview_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(authorization_v1_SelfSubjectAccessReviewSpec), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authorization_v1_SubjectAccessReviewStatus), ""),
    END};
const struct cleat_type cleat_type_authorization_v1_SelfSubjectAccessReview = {
    .name = "io.k8s.api.authorization.v1.SelfSubjectAccessReview",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SelfSubjectAccessReview_fields};

static const struct cleat_field authorization_v1_LocalSubjectAccessReview_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(authorization_v1_SubjectAccessReviewSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authorization_v1_SubjectAccessReviewStatus), ""),
    END};
const struct cleat_type cleat_type_authorization_v1_LocalSubjectAccessReview = {
    .name = "io.k8s.api.authorization.v1.LocalSubjectAccessReview",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_LocalSubjectAccessReview_fields};

static const struct cleat_field authorization_v1_SelfSubjectRulesReview_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(authorization_v1_SelfSubjectRulesReviewSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authorization_v1_SubjectRulesReviewStatus), ""),
    END};
const struct cleat_type cleat_type_authorization_v1_SelfSubjectRulesReview = {
    .name = "io.k8s.api.authorization.v1.SelfSubjectRulesReview",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SelfSubjectRulesReview_fields};

static const struct cleat_field authorization_v1_SubjectAccessReviewSpec_fields[] = {
    F(1, "resourceAttributes", T(authorization_v1_ResourceAttributes), ""),
    F(2, "nonResourceAttributes", T(authorization_v1_NonResourceAttributes), ""),
    F(3, "user", T(string), ""),
    F(4, "groups", LIST(T(string)), ""),
    F(5, "extra", MAP(T(extra_value)), ""),
    F(6, "uid", T(string), ""),
    END};
const struct cleat_type cleat_type_authorization_v1_SubjectAccessReviewSpec = {
    .name = "io.k8s.api.authorization.v1.SubjectAccessReviewSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SubjectAccessReviewSpec_fields};

static const struct cleat_field authorization_v1_SubjectAccessReviewStatus_fields[] = {
    F(1, "allowed", T(bool), "", .flags = CLEAT_FIELD_REQUIRED), F(4, "denied", T(bool), ""),
    F(2, "reason", T(string), ""), F(3, "evaluationError", T(string), ""), END};
const struct cleat_type cleat_type_authorization_v1_SubjectAccessReviewStatus = {
    .name = "io.k8s.api.authorization.v1.SubjectAccessReviewStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SubjectAccessReviewStatus_fields};

static const struct cleat_field authorization_v1_SelfSubjectAccessReviewSpec_fields[] = {
    F(1, "resourceAttributes", T(authorization_v1_ResourceAttributes), ""),
    F(2, "nonResourceAttributes", T(authorization_v1_NonResourceAttributes), ""), END};
const struct cleat_type cleat_type_authorization_v1_SelfSubjectAccessReviewSpec = {
    .name = "io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SelfSubjectAccessReviewSpec_fields};

static const struct cleat_field authorization_v1_SelfSubjectRulesReviewSpec_fields[] = {
    F(1, "namespace", T(string), ""), END};
const struct cleat_type cleat_type_authorization_v1_SelfSubjectRulesReviewSpec = {
    .name = "io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SelfSubjectRulesReviewSpec_fields};

static const struct cleat_field authorization_v1_SubjectRulesReviewStatus_fields[] = {
    F(1, "resourceRules", LIST(T(authorization_v1_ResourceRule)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "nonResourceRules", LIST(T(authorization_v1_NonResourceRule)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "incomplete", T(bool), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "evaluationError", T(string), ""), END};
const struct cleat_type cleat_type_authorization_v1_SubjectRulesReviewStatus = {
    .name = "io.k8s.api.authorization.v1.SubjectRulesReviewStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_SubjectRulesReviewStatus_fields};

static const struct cleat_field authorization_v1_ResourceAttributes_fields[] = {
    F(1, "namespace", T(string), ""),
    F(2, "verb", T(string), ""),
    F(3, "group", T(string), ""),
    F(4, "version", T(string), ""),
    F(5, "resource", T(string), ""),
    F(6, "subresource", T(string), ""),
    F(7, "name", T(string), ""),
    F(8, "fieldSelector", T(authorization_v1_FieldSelectorAttributes), ""),
    F(9, "labelSelector", T(authorization_v1_LabelSelectorAttributes), ""),
    END};
const struct cleat_type cleat_type_authorization_v1_ResourceAttributes = {
    .name = "io.k8s.api.authorization.v1.ResourceAttributes",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_ResourceAttributes_fields};

static const struct cleat_field authorization_v1_NonResourceAttributes_fields[] = {
    F(1, "path", T(string), ""), F(2, "verb", T(string), ""), END};
const struct cleat_type cleat_type_authorization_v1_NonResourceAttributes = {
    .name = "io.k8s.api.authorization.v1.NonResourceAttributes",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_NonResourceAttributes_fields};

static const struct cleat_field authorization_v1_ResourceRule_fields[] = {
    F(1, "verbs", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "apiGroups", LIST(T(string)), ""), F(3, "resources", LIST(T(string)), ""),
    F(4, "resourceNames", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_authorization_v1_ResourceRule = {
    .name = "io.k8s.api.authorization.v1.ResourceRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_ResourceRule_fields};

static const struct cleat_field authorization_v1_NonResourceRule_fields[] = {
    F(1, "verbs", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "nonResourceURLs", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_authorization_v1_NonResourceRule = {
    .name = "io.k8s.api.authorization.v1.NonResourceRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_NonResourceRule_fields};

static const struct cleat_field authorization_v1_FieldSelectorAttributes_fields[] = {
    F(1, "rawSelector", T(string), ""),
    F(2, "requirements", LIST(T(meta_v1_FieldSelectorRequirement)), ""), END};
const struct cleat_type cleat_type_authorization_v1_FieldSelectorAttributes = {
    .name = "io.k8s.api.authorization.v1.FieldSelectorAttributes",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_FieldSelectorAttributes_fields};

static const struct cleat_field authorization_v1_LabelSelectorAttributes_fields[] = {
    F(1, "rawSelector", T(string), ""),
    F(2, "requirements", LIST(T(meta_v1_LabelSelectorRequirement)), ""), END};
const struct cleat_type cleat_type_authorization_v1_LabelSelectorAttributes = {
    .name = "io.k8s.api.authorization.v1.LabelSelectorAttributes",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authorization_v1_LabelSelectorAttributes_fields};
