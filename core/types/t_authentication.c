/* SPDX-License-Identifier: Apache-2.0 */
/* Types of authentication. See types.h. */
#include "core/types/table.h"

static const struct cleat_field authentication_v1_TokenReview_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(authentication_v1_TokenReviewSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(authentication_v1_TokenReviewStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_authentication_v1_TokenReview = {
    .name = "io.k8s.api.authentication.v1.TokenReview",
    .doc = "Asks whose a token is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenReview_fields};

static const struct cleat_field authentication_v1_TokenRequest_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(authentication_v1_TokenRequestSpec), "What is wanted."),
    F(3, "status", T(authentication_v1_TokenRequestStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_authentication_v1_TokenRequest = {
    .name = "io.k8s.api.authentication.v1.TokenRequest",
    .doc = "Asks for a token of a ServiceAccount.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenRequest_fields};

static const struct cleat_field authentication_v1_SelfSubjectReview_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "status", T(authentication_v1_SelfSubjectReviewStatus), "The answer."), END};
const struct cleat_type cleat_type_authentication_v1_SelfSubjectReview = {
    .name = "io.k8s.api.authentication.v1.SelfSubjectReview",
    .doc = "Asks who one is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_SelfSubjectReview_fields};

static const struct cleat_field authentication_v1_TokenReviewSpec_fields[] = {
    F(1, "token", T(string), "The token.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "audiences", LIST(T(string)), "Whom the token is meant for."), END};
const struct cleat_type cleat_type_authentication_v1_TokenReviewSpec = {
    .name = "io.k8s.api.authentication.v1.TokenReviewSpec",
    .doc = "The token in question.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenReviewSpec_fields};

static const struct cleat_field authentication_v1_TokenReviewStatus_fields[] = {
    F(1, "authenticated", T(bool), "Whether it is valid."),
    F(2, "user", T(authentication_v1_UserInfo), "Whose it is."),
    F(4, "audiences", LIST(T(string)), "For which of the audiences it is valid."),
    F(3, "error", T(string), "What went wrong, if anything."), END};
const struct cleat_type cleat_type_authentication_v1_TokenReviewStatus = {
    .name = "io.k8s.api.authentication.v1.TokenReviewStatus",
    .doc = "Whose it is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenReviewStatus_fields};

static const struct cleat_field authentication_v1_TokenRequestSpec_fields[] = {
    F(1, "audiences", LIST(T(string)), "Whom the token is meant for.", .flags = CLEAT_FIELD_ALWAYS),
    F(4, "expirationSeconds", T(int64), "How long it is to be valid, in seconds.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "boundObjectRef", T(authentication_v1_BoundObjectReference),
      "The object whose end is also the token's.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "attestations", MAP(LIST(T(string))), "What is vouched for."), END};
const struct cleat_type cleat_type_authentication_v1_TokenRequestSpec = {
    .name = "io.k8s.api.authentication.v1.TokenRequestSpec",
    .doc = "What the token is to be.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenRequestSpec_fields};

static const struct cleat_field authentication_v1_TokenRequestStatus_fields[] = {
    F(1, "token", T(string), "The token itself.", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "expirationTimestamp", T(time), "Until when it is valid."), END};
const struct cleat_type cleat_type_authentication_v1_TokenRequestStatus = {
    .name = "io.k8s.api.authentication.v1.TokenRequestStatus",
    .doc = "The token.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_TokenRequestStatus_fields};

static const struct cleat_field authentication_v1_SelfSubjectReviewStatus_fields[] = {
    F(1, "userInfo", T(authentication_v1_UserInfo), "The user as the server sees it."), END};
const struct cleat_type cleat_type_authentication_v1_SelfSubjectReviewStatus = {
    .name = "io.k8s.api.authentication.v1.SelfSubjectReviewStatus",
    .doc = "Who one is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_SelfSubjectReviewStatus_fields};

static const struct cleat_field authentication_v1_UserInfo_fields[] = {
    F(1, "username", T(string), "The user's name."),
    F(2, "uid", T(string), "The user's unique identifier."),
    F(3, "groups", LIST(T(string)), "The groups."),
    F(4, "extra", MAP(T(extra_value)), "Whatever else the authenticator knows of the user."), END};
const struct cleat_type cleat_type_authentication_v1_UserInfo = {
    .name = "io.k8s.api.authentication.v1.UserInfo",
    .doc = "A user.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_UserInfo_fields};

static const struct cleat_field authentication_v1_BoundObjectReference_fields[] = {
    F(1, "kind", T(string), "Pod, Secret or Node."),
    F(2, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(3, "name", T(string), "Its name."),
    F(4, "uid", T(string), "The unique identifier of the object that is meant."), END};
const struct cleat_type cleat_type_authentication_v1_BoundObjectReference = {
    .name = "io.k8s.api.authentication.v1.BoundObjectReference",
    .doc = "The object that a token lives and dies with.",
    .form = CLEAT_FORM_STRUCT,
    .fields = authentication_v1_BoundObjectReference_fields};
