/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages of gnostic's OpenAPIv2.proto and OpenAPIv3.proto that our
 * documents use, with the numbers of their fields. Data only.
 */
#include "core/openapi/proto.h"

#define STR(k, n)                                                                                  \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_STR }
#define STRS(k, n)                                                                                 \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_STR, .repeated = true }
#define BOOL(k, n)                                                                                 \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_BOOL }
#define INT(k, n)                                                                                  \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_INT }
#define DOUBLE(k, n)                                                                               \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_DOUBLE }
#define ANY(k, n)                                                                                  \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_ANY }
#define ANYS(k, n)                                                                                 \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_ANY, .repeated = true }
#define MSG(k, n, m)                                                                               \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_MSG, .of = &(m) }
#define MSGS(k, n, m)                                                                              \
    { .key = (k), .number = (n), .kind = CLEAT_PROTO_MSG, .of = &(m), .repeated = true }
#define END                                                                                        \
    { .key = NULL }
#define FIELDS(...)                                                                                \
    (const struct cleat_proto_field[]) {                                                           \
        __VA_ARGS__                                                                                \
    }
#define MESSAGE(n, ...) static const struct cleat_shape n = {.fields = FIELDS(__VA_ARGS__, END)}
/* Members of any name: repeated field `number` of {name = 1, value = 2}. */
#define NAMED(n, number, m)                                                                        \
    static const struct cleat_shape n = {.named = (number), .named_as = FIELDS(MSG("", 2, m))}

static bool is_ref(struct cleat_val v) {
    return cleat_val_present(cleat_val_get(v, "$ref"));
}
static size_t choose_ref(struct cleat_val v) {
    return is_ref(v);
}
static size_t choose_bool(struct cleat_val v) {
    return cleat_val_type(v) == CLEAT_BOOL;
}
static size_t choose_scalar(struct cleat_val v) {
    int32_t type = cleat_val_type(v);
    return type == CLEAT_NUMBER   ? 0
           : type == CLEAT_BOOL   ? 1
           : type == CLEAT_STRING ? 2
                                  : SIZE_MAX; /* it cannot be said */
}
static size_t choose_in(struct cleat_val v) {
    struct cleat_str in = cleat_val_str(cleat_val_get(v, "in"));
    return cleat_eqc(in, "query") ? 0 : 1;
}
static size_t choose_body(struct cleat_val v) {
    return !cleat_eqc(cleat_val_str(cleat_val_get(v, "in")), "body");
}
static size_t choose_first(struct cleat_val v) {
    (void)v;
    return 0;
}

/* ---- both ---- */

MESSAGE(external_docs, STR("description", 1), STR("url", 2));
static const struct cleat_shape strings = {.fields = FIELDS(STRS("", 1), END), .around = true};
NAMED(requirement, 1, strings);

/* ---- version 2 ---- */

static const struct cleat_shape schema2;
static const struct cleat_shape items2 = {.fields = FIELDS(MSGS("", 1, schema2), END),
                                          .around = true};
static const struct cleat_shape additional2 = {
    .fields = FIELDS(MSG("", 1, schema2), BOOL("", 2), END), .choose = choose_bool};
NAMED(schemas2, 1, schema2);

static const struct cleat_shape schema2 = {
    .extensions = 31,
    .fields =
        FIELDS(STR("$ref", 1), STR("description", 4), MSG("type", 22, strings), STR("format", 2),
               STRS("required", 19), MSG("properties", 25, schemas2), MSG("items", 23, items2),
               MSG("additionalProperties", 21, additional2), STR("title", 3), ANY("default", 5),
               DOUBLE("multipleOf", 6), DOUBLE("maximum", 7), BOOL("exclusiveMaximum", 8),
               DOUBLE("minimum", 9), BOOL("exclusiveMinimum", 10), INT("maxLength", 11),
               INT("minLength", 12), STR("pattern", 13), INT("maxItems", 14), INT("minItems", 15),
               BOOL("uniqueItems", 16), INT("maxProperties", 17), INT("minProperties", 18),
               ANYS("enum", 20), MSG("externalDocs", 29, external_docs), ANY("example", 30), END)};

static const struct cleat_shape schema_item = {.fields = FIELDS(MSG("", 1, schema2), END),
                                               .choose = choose_first};
MESSAGE(body_parameter, STR("description", 1), STR("name", 2), STR("in", 3), BOOL("required", 4),
        MSG("schema", 5, schema2));
MESSAGE(query_parameter, BOOL("required", 1), STR("in", 2), STR("description", 3), STR("name", 4),
        STR("type", 6), STR("format", 7), BOOL("uniqueItems", 20));
MESSAGE(path_parameter, BOOL("required", 1), STR("in", 2), STR("description", 3), STR("name", 4),
        STR("type", 5), STR("format", 6), BOOL("uniqueItems", 19));
static const struct cleat_shape non_body = {
    .fields = FIELDS(MSG("", 3, query_parameter), MSG("", 4, path_parameter), END),
    .choose = choose_in};
static const struct cleat_shape parameter2 = {
    .fields = FIELDS(MSG("", 1, body_parameter), MSG("", 2, non_body), END), .choose = choose_body};
MESSAGE(reference2, STR("$ref", 1), STR("description", 2));
static const struct cleat_shape parameters_item = {
    .fields = FIELDS(MSG("", 1, parameter2), MSG("", 2, reference2), END), .choose = choose_ref};
NAMED(parameters2, 1, parameter2);

MESSAGE(response2, STR("description", 1), MSG("schema", 2, schema_item));
static const struct cleat_shape response_value = {
    .fields = FIELDS(MSG("", 1, response2), MSG("", 2, reference2), END), .choose = choose_ref};
NAMED(responses2, 1, response_value);
static const struct cleat_shape operation2 = {
    .extensions = 13,
    .fields =
        FIELDS(STRS("tags", 1), STR("summary", 2), STR("description", 3), STR("operationId", 5),
               STRS("produces", 6), STRS("consumes", 7), MSGS("parameters", 8, parameters_item),
               MSG("responses", 9, responses2), STRS("schemes", 10), BOOL("deprecated", 11), END)};
MESSAGE(path2, MSG("get", 2, operation2), MSG("put", 3, operation2), MSG("post", 4, operation2),
        MSG("delete", 5, operation2), MSG("patch", 8, operation2),
        MSGS("parameters", 9, parameters_item));
NAMED(paths2, 2, path2);
MESSAGE(info2, STR("title", 1), STR("version", 2));
MESSAGE(api_key, STR("type", 1), STR("name", 2), STR("in", 3), STR("description", 4));
static const struct cleat_shape security_item = {.fields = FIELDS(MSG("", 2, api_key), END),
                                                 .choose = choose_first};
NAMED(securities2, 1, security_item);

const struct cleat_shape cleat_shape_v2 = {
    .fields = FIELDS(STR("swagger", 1), MSG("info", 2, info2), MSG("paths", 8, paths2),
                     MSG("definitions", 9, schemas2), MSG("parameters", 10, parameters2),
                     MSGS("security", 12, requirement), MSG("securityDefinitions", 13, securities2),
                     END)};

/* ---- version 3 ---- */

static const struct cleat_shape schema3;
MESSAGE(reference3, STR("$ref", 1), STR("summary", 2), STR("description", 3));
static const struct cleat_shape schema_or3 = {
    .fields = FIELDS(MSG("", 1, schema3), MSG("", 2, reference3), END), .choose = choose_ref};
static const struct cleat_shape items3 = {.fields = FIELDS(MSGS("", 1, schema_or3), END),
                                          .around = true};
static const struct cleat_shape additional3 = {
    .fields = FIELDS(MSG("", 1, schema_or3), BOOL("", 2), END), .choose = choose_bool};
static const struct cleat_shape default3 = {
    .fields = FIELDS(DOUBLE("", 1), BOOL("", 2), STR("", 3), END), .choose = choose_scalar};
NAMED(schemas3, 1, schema_or3);

static const struct cleat_shape schema3 = {
    .extensions = 36,
    .fields = FIELDS(
        STR("description", 34), STR("type", 25), STR("format", 35), MSG("default", 33, default3),
        STRS("required", 23), MSG("properties", 31, schemas3), MSG("items", 30, items3),
        MSGS("allOf", 26, schema_or3), MSG("additionalProperties", 32, additional3),
        ANYS("enum", 24), BOOL("nullable", 1), MSG("externalDocs", 6, external_docs),
        ANY("example", 7), STR("title", 9), DOUBLE("multipleOf", 10), DOUBLE("maximum", 11),
        BOOL("exclusiveMaximum", 12), DOUBLE("minimum", 13), BOOL("exclusiveMinimum", 14),
        INT("maxLength", 15), INT("minLength", 16), STR("pattern", 17), INT("maxItems", 18),
        INT("minItems", 19), BOOL("uniqueItems", 20), INT("maxProperties", 21),
        INT("minProperties", 22), MSGS("oneOf", 27, schema_or3), MSGS("anyOf", 28, schema_or3),
        MSG("not", 29, schema3), END)};

MESSAGE(media3, MSG("schema", 1, schema_or3));
NAMED(content3, 1, media3);
MESSAGE(body3, STR("description", 1), MSG("content", 2, content3), BOOL("required", 3));
static const struct cleat_shape body_or3 = {
    .fields = FIELDS(MSG("", 1, body3), MSG("", 2, reference3), END), .choose = choose_ref};
MESSAGE(parameter3, STR("name", 1), STR("in", 2), STR("description", 3), BOOL("required", 4),
        MSG("schema", 10, schema_or3));
static const struct cleat_shape parameter_or3 = {
    .fields = FIELDS(MSG("", 1, parameter3), MSG("", 2, reference3), END), .choose = choose_ref};
MESSAGE(response3, STR("description", 1), MSG("content", 3, content3));
static const struct cleat_shape response_or3 = {
    .fields = FIELDS(MSG("", 1, response3), MSG("", 2, reference3), END), .choose = choose_ref};
NAMED(responses3, 2, response_or3);
static const struct cleat_shape operation3 = {
    .extensions = 13,
    .fields = FIELDS(STRS("tags", 1), STR("description", 3), STR("operationId", 5),
                     MSGS("parameters", 6, parameter_or3), MSG("requestBody", 7, body_or3),
                     MSG("responses", 8, responses3), END)};
MESSAGE(path3, MSG("get", 4, operation3), MSG("put", 5, operation3), MSG("post", 6, operation3),
        MSG("delete", 7, operation3), MSG("patch", 10, operation3),
        MSGS("parameters", 13, parameter_or3));
NAMED(paths3, 1, path3);
MESSAGE(info3, STR("title", 1), STR("version", 6));
MESSAGE(scheme3, STR("type", 1), STR("description", 2), STR("name", 3), STR("in", 4));
static const struct cleat_shape scheme_or3 = {
    .fields = FIELDS(MSG("", 1, scheme3), MSG("", 2, reference3), END), .choose = choose_ref};
NAMED(schemes3, 1, scheme_or3);
MESSAGE(components3, MSG("schemas", 1, schemas3), MSG("securitySchemes", 7, schemes3));

const struct cleat_shape cleat_shape_v3 = {
    .fields = FIELDS(STR("openapi", 1), MSG("info", 2, info3), MSG("paths", 4, paths3),
                     MSG("components", 5, components3), MSGS("security", 6, requirement), END)};
