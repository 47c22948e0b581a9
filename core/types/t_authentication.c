/* SPDX-License-Identifier: Apache-2.0 */
/* Types of authentication. See types.h. */
#include "core/types/table.h"

static const struct cleat_field authentication_v1_TokenReview_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(authentication_v1_TokenReviewSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authentication_v1_TokenReviewStatus), ""),
    END};
const struct cleat_type cleat_type_authentication_v1_TokenReview = {
    .name = "io.k8s.api.authentication.v1.TokenReview",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenReview_fields};

static const struct cleat_field authentication_v1_TokenRequest_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(authentication_v1_TokenRequestSpec), ""),
    F(3, "status", T(authentication_v1_TokenRequestStatus), ""),
    END};
const struct cleat_type cleat_type_authentication_v1_TokenRequest = {
    .name = "io.k8s.api.authentication.v1.TokenRequest",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenRequest_fields};

static const struct cleat_field authentication_v1_SelfSubjectReview_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "status", T(authentication_v1_SelfSubjectReviewStatus), ""), END};
const struct cleat_type cleat_type_authentication_v1_SelfSubjectReview = {
    .name = "io.k8s.api.authentication.v1.SelfSubjectReview",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_SelfSubjectReview_fields};

static const struct cleat_field authentication_v1_TokenReviewSpec_fields[] = {
    F(1, "token", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "audiences", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_authentication_v1_TokenReviewSpec = {
    .name = "io.k8s.api.authentication.v1.TokenReviewSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenReviewSpec_fields};

static const struct cleat_field authentication_v1_TokenReviewStatus_fields[] = {
    F(1, "authenticated", T(bool), ""), F(2, "user", T(authentication_v1_UserInfo), ""),
    F(4, "audiences", LIST(T(string)), ""), F(3, "error", T(string), ""), END};
const struct cleat_type cleat_type_authentication_v1_TokenReviewStatus = {
    .name = "io.k8s.api.authentication.v1.TokenReviewStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenReviewStatus_fields};

static const struct cleat_field authentication_v1_TokenRequestSpec_fields[] = {
    F(1, "audiences", LIST(T(string)), ""), F(4, "expirationSeconds", T(int64), ""),
    F(3, "boundObjectRef", T(authentication_v1_BoundObjectReference), ""),
    F(5, "attestations", MAP(LIST(T(string))), ""), END};
const struct cleat_type cleat_type_authentication_v1_TokenRequestSpec = {
    .name = "io.k8s.api.authentication.v1.TokenRequestSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenRequestSpec_fields};

static const struct cleat_field authentication_v1_TokenRequestStatus_fields[] = {
    F(1, "token", T(string), ""), F(2, "expirationTimestamp", T(time), ""), END};
const struct cleat_type cleat_type_authentication_v1_TokenRequestStatus = {
    .name = "io.k8s.api.authentication.v1.TokenRequestStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenRequestStatus_fields};

static const struct cleat_field authentication_v1_SelfSubjectReviewStatus_fields[] = {
    F(1, "userInfo", T(authentication_v1_UserInfo), ""), END};
const struct cleat_type cleat_type_authentication_v1_SelfSubjectReviewStatus = {
    .name = "io.k8s.api.authentication.v1.SelfSubjectReviewStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_SelfSubjectReviewStatus_fields};

static const struct cleat_field authentication_v1_UserInfo_fields[] = {
    F(1, "username", T(string), ""), F(2, "uid", T(string), ""),
    F(3, "groups", LIST(T(string)), ""), F(4, "extra", MAP(T(extra_value)), ""), END};
const struct cleat_type cleat_type_authentication_v1_UserInfo = {
    .name = "io.k8s.api.authentication.v1.UserInfo",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_UserInfo_fields};

static const struct cleat_field authentication_v1_BoundObjectReference_fields[] = {
    F(1, "kind", T(string), ""), F(2, "apiVersion", T(string), ""), F(3, "name", T(string), ""),
    F(4, "uid", T(string), ""), END};
const struct cleat_type cleat_type_authentication_v1_BoundObjectReference = {
    .name = "io.k8s.api.authentication.v1.BoundObjectReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_BoundObjectReference_fields};
