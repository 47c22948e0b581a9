/* SPDX-License-Identifier: Apache-2.0 */
/* Types of apiextensions. See types.h. */
#include "core/types/table.h"

static const struct cleat_field apiextensions_v1_CustomResourceDefinition_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(apiextensions_v1_CustomResourceDefinitionSpec), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apiextensions_v1_CustomResourceDefinitionStatus), ""),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinition = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinition_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(apiextensions_v1_CustomResourceDefinition)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionList = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionList_fields};

static const struct cleat_field apiextensions_v1_ConversionReview_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "request", T(apiextensions_v1_ConversionRequest), ""),
    F(2, "response", T(apiextensions_v1_ConversionResponse), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_ConversionReview = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionReview",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ConversionReview_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionSpec_fields[] = {
    F(1, "group", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "names", T(apiextensions_v1_CustomResourceDefinitionNames), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(4, "scope", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "versions", LIST(T(apiextensions_v1_CustomResourceDefinitionVersion)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(9, "conversion", T(apiextensions_v1_CustomResourceConversion), ""),
    F(10, "preserveUnknownFields", T(bool), ""),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionSpec = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionSpec_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionStatus_fields[] = {
    F(1, "conditions", LIST(T(apiextensions_v1_CustomResourceDefinitionCondition)), "",
      .list = CLEAT_LIST_MAP, .keys = "type"),
    F(2, "acceptedNames", T(apiextensions_v1_CustomResourceDefinitionNames), ""),
    F(3, "storedVersions", LIST(T(string)), ""), F(4, "observedGeneration", T(int64), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionStatus = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionStatus_fields};

static const struct cleat_field apiextensions_v1_ConversionRequest_fields[] = {
    F(1, "uid", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "desiredAPIVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "objects", LIST(T(raw_extension)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apiextensions_v1_ConversionRequest = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionRequest",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ConversionRequest_fields};

static const struct cleat_field apiextensions_v1_ConversionResponse_fields[] = {
    F(1, "uid", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "convertedObjects", LIST(T(raw_extension)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "result", T(meta_v1_Status), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apiextensions_v1_ConversionResponse = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionResponse",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ConversionResponse_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionNames_fields[] = {
    F(1, "plural", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "singular", T(string), ""),
    F(3, "shortNames", LIST(T(string)), ""),
    F(4, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "listKind", T(string), ""),
    F(6, "categories", LIST(T(string)), ""),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionNames = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionNames_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionVersion_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "served", T(bool), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "storage", T(bool), "", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "deprecated", T(bool), ""),
    F(8, "deprecationWarning", T(string), ""),
    F(4, "schema", T(apiextensions_v1_CustomResourceValidation), ""),
    F(5, "subresources", T(apiextensions_v1_CustomResourceSubresources), ""),
    F(6, "additionalPrinterColumns", LIST(T(apiextensions_v1_CustomResourceColumnDefinition)), ""),
    F(9, "selectableFields", LIST(T(apiextensions_v1_SelectableField)), ""),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionVersion = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionVersion_fields};

static const struct cleat_field apiextensions_v1_CustomResourceConversion_fields[] = {
    F(1, "strategy", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "webhook", T(apiextensions_v1_WebhookConversion), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceConversion = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceConversion_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastTransitionTime", T(time), ""),
    F(4, "reason", T(string), ""),
    F(5, "message", T(string), ""),
    F(6, "observedGeneration", T(int64), ""),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionCondition = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."
            "CustomResourceDefinitionCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionCondition_fields};

static const struct cleat_field apiextensions_v1_CustomResourceValidation_fields[] = {
    F(1, "openAPIV3Schema", T(apiextensions_v1_JSONSchemaProps), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceValidation = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceValidation_fields};

static const struct cleat_field apiextensions_v1_CustomResourceSubresources_fields[] = {
    F(1, "status", T(json), ""),
    F(2, "scale", T(apiextensions_v1_CustomResourceSubresourceScale), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceSubresources = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceSubresources_fields};

static const struct cleat_field apiextensions_v1_CustomResourceColumnDefinition_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "format", T(string), ""),
    F(4, "description", T(string), ""),
    F(5, "priority", T(int32), ""),
    F(6, "jsonPath", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceColumnDefinition = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceColumnDefinition_fields};

static const struct cleat_field apiextensions_v1_SelectableField_fields[] = {
    F(1, "jsonPath", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apiextensions_v1_SelectableField = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_SelectableField_fields};

static const struct cleat_field apiextensions_v1_WebhookConversion_fields[] = {
    F(2, "clientConfig", T(apiextensions_v1_WebhookClientConfig), ""),
    F(3, "conversionReviewVersions", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apiextensions_v1_WebhookConversion = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_WebhookConversion_fields};

static const struct cleat_field apiextensions_v1_JSONSchemaProps_fields[] = {
    F(1, "id", T(string), ""),
    F(2, "$schema", T(string), ""),
    F(3, "$ref", T(string), ""),
    F(4, "description", T(string), ""),
    F(5, "type", T(string), ""),
    F(6, "format", T(string), ""),
    F(7, "title", T(string), ""),
    F(8, "default", T(json), ""),
    F(9, "maximum", T(double), ""),
    F(10, "exclusiveMaximum", T(bool), ""),
    F(11, "minimum", T(double), ""),
    F(12, "exclusiveMinimum", T(bool), ""),
    F(13, "maxLength", T(int64), ""),
    F(14, "minLength", T(int64), ""),
    F(15, "pattern", T(string), ""),
    F(16, "maxItems", T(int64), ""),
    F(17, "minItems", T(int64), ""),
    F(18, "uniqueItems", T(bool), ""),
    F(19, "multipleOf", T(double), ""),
    F(20, "enum", LIST(T(json)), ""),
    F(21, "maxProperties", T(int64), ""),
    F(22, "minProperties", T(int64), ""),
    F(23, "required", LIST(T(string)), ""),
    F(24, "items", T(json), ""),
    F(25, "allOf", LIST(T(apiextensions_v1_JSONSchemaProps)), ""),
    F(26, "oneOf", LIST(T(apiextensions_v1_JSONSchemaProps)), ""),
    F(27, "anyOf", LIST(T(apiextensions_v1_JSONSchemaProps)), ""),
    F(28, "not", T(apiextensions_v1_JSONSchemaProps), ""),
    F(29, "properties", MAP(T(apiextensions_v1_JSONSchemaProps)), ""),
    F(30, "additionalProperties", T(json), ""),
    F(31, "patternProperties", MAP(T(apiextensions_v1_JSONSchemaProps)), ""),
    F(32, "dependencies", MAP(T(json)), ""),
    F(33, "additionalItems", T(json), ""),
    F(34, "definitions", MAP(T(apiextensions_v1_JSONSchemaProps)), ""),
    F(35, "externalDocs", T(apiextensions_v1_ExternalDocumentation), ""),
    F(36, "example", T(json), ""),
    F(37, "nullable", T(bool), ""),
    F(38, "x-kubernetes-preserve-unknown-fields", T(bool), ""),
    F(39, "x-kubernetes-embedded-resource", T(bool), ""),
    F(40, "x-kubernetes-int-or-string", T(bool), ""),
    F(41, "x-kubernetes-list-map-keys", LIST(T(string)), ""),
    F(42, "x-kubernetes-list-type", T(string), ""),
    F(43, "x-kubernetes-map-type", T(string), ""),
    F(44, "x-kubernetes-validations", LIST(T(apiextensions_v1_ValidationRule)), "",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "rule", .merge_key = "rule"),
    END};
const struct cleat_type cleat_type_apiextensions_v1_JSONSchemaProps = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_JSONSchemaProps_fields};

static const struct cleat_field apiextensions_v1_CustomResourceSubresourceScale_fields[] = {
    F(1, "specReplicasPath", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "statusReplicasPath", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "labelSelectorPath", T(string), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceSubresourceScale = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceSubresourceScale_fields};

static const struct cleat_field apiextensions_v1_WebhookClientConfig_fields[] = {
    F(3, "url", T(string), ""), F(1, "service", T(apiextensions_v1_ServiceReference), ""),
    F(2, "caBundle", T(bytes), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_WebhookClientConfig = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_WebhookClientConfig_fields};

static const struct cleat_field apiextensions_v1_ExternalDocumentation_fields[] = {
    F(1, "description", T(string), ""), F(2, "url", T(string), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_ExternalDocumentation = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ExternalDocumentation_fields};

static const struct cleat_field apiextensions_v1_ValidationRule_fields[] = {
    F(1, "rule", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "message", T(string), ""),
    F(3, "messageExpression", T(string), ""),
    F(4, "reason", T(string), "",
      .values = "FieldValueRequired,FieldValueDuplicate,FieldValueInvalid,FieldValueForbidden"),
    F(5, "fieldPath", T(string), ""),
    F(6, "optionalOldSelf", T(bool), ""),
    END};
const struct cleat_type cleat_type_apiextensions_v1_ValidationRule = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ValidationRule_fields};

static const struct cleat_field apiextensions_v1_ServiceReference_fields[] = {
    F(1, "namespace", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "path", T(string), ""),
    F(4, "port", T(int32), ""), END};
const struct cleat_type cleat_type_apiextensions_v1_ServiceReference = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ServiceReference_fields};
