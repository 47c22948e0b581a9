/* SPDX-License-Identifier: Apache-2.0 */
/* Types of apiextensions. See types.h. */
#include "core/types/table.h"

static const struct cleat_field apiextensions_v1_CustomResourceDefinition_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(apiextensions_v1_CustomResourceDefinitionSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apiextensions_v1_CustomResourceDefinitionStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinition = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
    .doc = "Defines a kind of one's own.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinition_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(apiextensions_v1_CustomResourceDefinition)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionList = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList",
    .doc = "A list of CustomResourceDefinition objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionList_fields};

static const struct cleat_field apiextensions_v1_ConversionReview_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "request", T(apiextensions_v1_ConversionRequest), "The question.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "response", T(apiextensions_v1_ConversionResponse), "The answer.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apiextensions_v1_ConversionReview = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionReview",
    .doc = "What a conversion webhook is asked and answers.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ConversionReview_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionSpec_fields[] = {
    F(1, "group", T(string), "The API group.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "names", T(apiextensions_v1_CustomResourceDefinitionNames), "Its names.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(4, "scope", T(string), "Namespaced or Cluster.", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "versions", LIST(T(apiextensions_v1_CustomResourceDefinitionVersion)),
      "Its versions; one is stored.", .flags = CLEAT_FIELD_REQUIRED),
    F(9, "conversion", T(apiextensions_v1_CustomResourceConversion),
      "How objects go from one version to another.", .flags = CLEAT_FIELD_NULLABLE),
    F(10, "preserveUnknownFields", T(bool),
      "Keep what the schema does not know. Deprecated; use the schema's own mark."),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionSpec = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec",
    .doc = "The kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionSpec_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionStatus_fields[] = {
    F(1, "conditions", LIST(T(apiextensions_v1_CustomResourceDefinitionCondition)),
      "What is known of it at present, one entry for each type.", .list = CLEAT_LIST_MAP,
      .keys = "type", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "acceptedNames", T(apiextensions_v1_CustomResourceDefinitionNames),
      "The names that it got."),
    F(3, "storedVersions", LIST(T(string)), "Versions that may still be in the store.",
      .flags = CLEAT_FIELD_ALWAYS),
    F(4, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionStatus = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus",
    .doc = "What became of a definition.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionStatus_fields};

static const struct cleat_field apiextensions_v1_ConversionRequest_fields[] = {
    F(1, "uid", T(string), "The unique identifier of the object that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "desiredAPIVersion", T(string), "The version that is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "objects", LIST(T(raw_extension)), "The objects.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apiextensions_v1_ConversionRequest = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionRequest",
    .doc = "Objects to be converted.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ConversionRequest_fields};

static const struct cleat_field apiextensions_v1_ConversionResponse_fields[] = {
    F(1, "uid", T(string), "The unique identifier of the object that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "convertedObjects", LIST(T(raw_extension)), "In the order of the request.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "result", T(meta_v1_Status), "Whether it worked.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apiextensions_v1_ConversionResponse = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionResponse",
    .doc = "Converted objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ConversionResponse_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionNames_fields[] = {
    F(1, "plural", T(string), "In the plural, as in paths.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "singular", T(string), "In the singular."),
    F(3, "shortNames", LIST(T(string)), "Short names for kubectl."),
    F(4, "kind", T(string), "In CamelCase, as in manifests.", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "listKind", T(string), "The kind of lists; the kind with List by default."),
    F(6, "categories", LIST(T(string)), "Groups of kinds that it belongs to, such as all."),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionNames = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames",
    .doc = "The names of a kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionNames_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionVersion_fields[] = {
    F(1, "name", T(string), "Its name, such as v1alpha1.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "served", T(bool), "Whether it can be used.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "storage", T(bool), "Whether objects are stored in it.", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "deprecated", T(bool), "Whether clients are warned."),
    F(8, "deprecationWarning", T(string), "The warning.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "schema", T(apiextensions_v1_CustomResourceValidation), "What its objects look like.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "subresources", T(apiextensions_v1_CustomResourceSubresources),
      "Which subresources it has.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "additionalPrinterColumns", LIST(T(apiextensions_v1_CustomResourceColumnDefinition)),
      "Columns that kubectl get shows."),
    F(9, "selectableFields", LIST(T(apiextensions_v1_SelectableField)),
      "Fields that a field selector may use."),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionVersion = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion",
    .doc = "One version of a kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionVersion_fields};

static const struct cleat_field apiextensions_v1_CustomResourceConversion_fields[] = {
    F(1, "strategy", T(string), "None to change only apiVersion, or Webhook.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "webhook", T(apiextensions_v1_WebhookConversion), "The webhook.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceConversion = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion",
    .doc = "How objects go from one version to another.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceConversion_fields};

static const struct cleat_field apiextensions_v1_CustomResourceDefinitionCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(4, "reason", T(string), "A short CamelCase word for the cause."),
    F(5, "message", T(string), "A sentence for people."),
    F(6, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceDefinitionCondition = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."
            "CustomResourceDefinitionCondition",
    .doc = "What is known of a definition.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceDefinitionCondition_fields};

static const struct cleat_field apiextensions_v1_CustomResourceValidation_fields[] = {
    F(1, "openAPIV3Schema", T(apiextensions_v1_JSONSchemaProps), "As an OpenAPI v3 schema.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceValidation = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation",
    .doc = "What objects look like.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceValidation_fields};

static const struct cleat_field apiextensions_v1_CustomResourceSubresources_fields[] = {
    F(1, "status", T(json), "The status has a path of its own, and the object's ignores it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "scale", T(apiextensions_v1_CustomResourceSubresourceScale), "It can be scaled.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceSubresources = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources",
    .doc = "Subresources of a kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceSubresources_fields};

static const struct cleat_field apiextensions_v1_CustomResourceColumnDefinition_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "type", T(string), "integer, number, string, boolean or date.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "format", T(string), "More about the type, such as int32 or date-time."),
    F(4, "description", T(string), "A sentence about it."),
    F(5, "priority", T(int32), "0 for always, more for wide output only."),
    F(6, "jsonPath", T(string), "Where the value is.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceColumnDefinition = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition",
    .doc = "A column that kubectl get shows.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceColumnDefinition_fields};

static const struct cleat_field apiextensions_v1_SelectableField_fields[] = {
    F(1, "jsonPath", T(string), "Where it is.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apiextensions_v1_SelectableField = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField",
    .doc = "A field that a field selector may use.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_SelectableField_fields};

static const struct cleat_field apiextensions_v1_WebhookConversion_fields[] = {
    F(2, "clientConfig", T(apiextensions_v1_WebhookClientConfig), "Where it is.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "conversionReviewVersions", LIST(T(string)),
      "Versions of ConversionReview that it knows, best first.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apiextensions_v1_WebhookConversion = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion",
    .doc = "A webhook that converts.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_WebhookConversion_fields};

static const struct cleat_field apiextensions_v1_JSONSchemaProps_fields[] = {
    F(1, "id", T(string), "No longer in use."),
    F(2, "$schema", T(string), "Not in use."),
    F(3, "$ref", T(string), "Not in use.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "description", T(string), "A sentence about it."),
    F(5, "type", T(string), "object, array, string, integer, number or boolean."),
    F(6, "format", T(string), "More about the type, such as date-time."),
    F(7, "title", T(string), "A short name."),
    F(8, "default", T(json), "The value where none is given.", .flags = CLEAT_FIELD_NULLABLE),
    F(9, "maximum", T(double), "The largest number.", .flags = CLEAT_FIELD_NULLABLE),
    F(10, "exclusiveMaximum", T(bool), "The number must be smaller than maximum."),
    F(11, "minimum", T(double), "The smallest number.", .flags = CLEAT_FIELD_NULLABLE),
    F(12, "exclusiveMinimum", T(bool), "The number must be larger than minimum."),
    F(13, "maxLength", T(int64), "The most characters.", .flags = CLEAT_FIELD_NULLABLE),
    F(14, "minLength", T(int64), "The fewest characters.", .flags = CLEAT_FIELD_NULLABLE),
    F(15, "pattern", T(string), "A regular expression that the text must match."),
    F(16, "maxItems", T(int64), "The most elements.", .flags = CLEAT_FIELD_NULLABLE),
    F(17, "minItems", T(int64), "The fewest elements.", .flags = CLEAT_FIELD_NULLABLE),
    F(18, "uniqueItems", T(bool), "Not in use; see x-kubernetes-list-type."),
    F(19, "multipleOf", T(double), "The number must be a multiple of this.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(20, "enum", LIST(T(json)), "The values that are allowed."),
    F(21, "maxProperties", T(int64), "The most members.", .flags = CLEAT_FIELD_NULLABLE),
    F(22, "minProperties", T(int64), "The fewest members.", .flags = CLEAT_FIELD_NULLABLE),
    F(23, "required", LIST(T(string)), "Members that must be there."),
    F(24, "items", T(json), "What the elements look like.", .flags = CLEAT_FIELD_NULLABLE),
    F(25, "allOf", LIST(T(apiextensions_v1_JSONSchemaProps)), "All of these must fit."),
    F(26, "oneOf", LIST(T(apiextensions_v1_JSONSchemaProps)), "Exactly one of these must fit."),
    F(27, "anyOf", LIST(T(apiextensions_v1_JSONSchemaProps)), "At least one of these must fit."),
    F(28, "not", T(apiextensions_v1_JSONSchemaProps), "This must not fit.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(29, "properties", MAP(T(apiextensions_v1_JSONSchemaProps)), "What the members look like."),
    F(30, "additionalProperties", T(json), "What members look like that are not listed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(31, "patternProperties", MAP(T(apiextensions_v1_JSONSchemaProps)), "Not in use."),
    F(32, "dependencies", MAP(T(json)), "Not in use."),
    F(33, "additionalItems", T(json), "Not in use.", .flags = CLEAT_FIELD_NULLABLE),
    F(34, "definitions", MAP(T(apiextensions_v1_JSONSchemaProps)), "Not in use."),
    F(35, "externalDocs", T(apiextensions_v1_ExternalDocumentation), "Where there is more to read.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(36, "example", T(json), "An example.", .flags = CLEAT_FIELD_NULLABLE),
    F(37, "nullable", T(bool), "Whether null is allowed."),
    F(38, "x-kubernetes-preserve-unknown-fields", T(bool), "Keep members that are not listed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(39, "x-kubernetes-embedded-resource", T(bool),
      "The value is a whole object with kind and metadata."),
    F(40, "x-kubernetes-int-or-string", T(bool), "The value is a whole number or text."),
    F(41, "x-kubernetes-list-map-keys", LIST(T(string)),
      "The members that tell the elements of a list apart."),
    F(42, "x-kubernetes-list-type", T(string), "atomic, set or map.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(43, "x-kubernetes-map-type", T(string), "granular or atomic.", .flags = CLEAT_FIELD_NULLABLE),
    F(44, "x-kubernetes-validations", LIST(T(apiextensions_v1_ValidationRule)), "Rules in CEL.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "rule", .merge_key = "rule"),
    END};
const struct cleat_type cleat_type_apiextensions_v1_JSONSchemaProps = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
    .doc = "What a value looks like.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_JSONSchemaProps_fields};

static const struct cleat_field apiextensions_v1_CustomResourceSubresourceScale_fields[] = {
    F(1, "specReplicasPath", T(string), "The number that is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "statusReplicasPath", T(string), "The number that there is.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "labelSelectorPath", T(string), "The selector of the pods, as text.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apiextensions_v1_CustomResourceSubresourceScale = {
    .name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale",
    .doc = "Where the scale subresource finds its numbers.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_CustomResourceSubresourceScale_fields};

static const struct cleat_field apiextensions_v1_WebhookClientConfig_fields[] = {
    F(3, "url", T(string), "The address, with scheme, host and path.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(1, "service", T(apiextensions_v1_ServiceReference), "A Service of the cluster.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "caBundle", T(bytes),
      "Certificates in PEM that the other side's certificate is checked against."),
    END};
const struct cleat_type cleat_type_apiextensions_v1_WebhookClientConfig = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig",
    .doc = "Where a webhook is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_WebhookClientConfig_fields};

static const struct cleat_field apiextensions_v1_ExternalDocumentation_fields[] = {
    F(1, "description", T(string), "A sentence about it."),
    F(2, "url", T(string), "The address, with scheme, host and path."), END};
const struct cleat_type cleat_type_apiextensions_v1_ExternalDocumentation = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation",
    .doc = "Where there is more to read.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ExternalDocumentation_fields};

static const struct cleat_field apiextensions_v1_ValidationRule_fields[] = {
    F(1, "rule", T(string), "The rule.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "message", T(string), "What to say when it is broken."),
    F(3, "messageExpression", T(string), "What to say when it is broken, in CEL."),
    F(4, "reason", T(string), "The cause to report.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "FieldValueRequired,FieldValueDuplicate,FieldValueInvalid,FieldValueForbidden"),
    F(5, "fieldPath", T(string), "The field to report."),
    F(6, "optionalOldSelf", T(bool), "Whether it also applies when there was no value before.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apiextensions_v1_ValidationRule = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule",
    .doc = "A rule in CEL.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ValidationRule_fields};

static const struct cleat_field apiextensions_v1_ServiceReference_fields[] = {
    F(1, "namespace", T(string), "The namespace it is in.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "path", T(string), "The path.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "port", T(int32), "The port's number.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_apiextensions_v1_ServiceReference = {
    .name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference",
    .doc = "A Service.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apiextensions_v1_ServiceReference_fields};
