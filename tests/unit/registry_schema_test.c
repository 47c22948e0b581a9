/* SPDX-License-Identifier: Apache-2.0 */
/* What schemas demand: formats, embedded objects, nulls, defaults, old errors, warnings. */
#include "tests/support/rt.h"

#define AT(...) rt_at(&rt, CLEAT_PATH(__VA_ARGS__))
#define CRDS    "customresourcedefinitions"

/* A definition of things.<group> whose spec has these properties; more: of its versions. */
static cleat_err define(struct rt *rt, const char *group, const char *annotations,
                        const char *properties, const char *version, const char *more) {
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "{\"metadata\":{\"name\":\"things.%s\",\"annotations\":{%s}},\"spec\":{\"group\":\"%s\","
        "\"scope\":\"Namespaced\",\"names\":{\"plural\":\"things\",\"kind\":\"Thing\"},"
        "\"versions\":[{\"name\":\"v1beta1\",\"served\":true,\"storage\":true,%s\"schema\":{"
        "\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\","
        "\"properties\":{%s}}}}}}%s]}}",
        group, annotations, group, version, properties, more);
    return rt_create(rt, CRDS, "", text);
}

static cleat_err thing(struct rt *rt, const char *spec) {
    static int n;
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("{\"metadata\":{\"name\":\"t%d\"},\"spec\":%s}", n++, spec);
    return rt_create(rt, "things", "default", text);
}

static void formats(void) {
    static const struct {
        const char *format, *yes[4], *no[4];
    } cases[] = {
        {"date", {"2024-02-29"}, {"2023-02-29", "2024-13-01", "24-01-01", ""}},
        {"date-time", {"2024-02-29T01:02:03Z", "2024-02-29T01:02:03.5+02:00"}, {"2024-02-29"}},
        {"ipv4", {"10.0.0.1"}, {"10.0.0", "::1", "10.0.0.256"}},
        {"ipv6", {"::1", "fe80::2"}, {"10.0.0.1", ":::"}},
        {"cidr", {"10.0.0.0/8", "fd00::/64"}, {"10.0.0.0", "10.0.0.0/33", "x/8", "10.0.0.0/08"}},
        {"mac", {"00:11:22:33:44:55", "00-11-22-33-44-55", "0011.2233.4455"}, {"00:11", "0011"}},
        {"uuid",
         {"82c1fef3-538a-4f05-ad53-85eb60b87e3a", "82C1FEF3538A4F05AD5385EB60B87E3A"},
         {"82c1fef3", "82c1fef3-538a-4f05-ad53-85eb60b87e3g", "-82c1fef3538a4f05ad5385eb60b87e3a"}},
        {"uuid4",
         {"82c1fef3-538a-4f05-ad53-85eb60b87e3a"},
         {"82c1fef3-538a-3f05-ad53-85eb60b87e3a", "82c1fef3-538a-4f05-1d53-85eb60b87e3a"}},
        {"hostname", {"a", "a-b.example.com"}, {"-a.b", "a..b", "a_b", ""}},
        {"uri", {"https://a.b/c?d=e%20f", "/x", "urn:y"}, {"a b", "x", "http://a/%zz"}},
        {"email", {"a@b.c"}, {"a", "@b", "a@"}},
        {"byte", {"", "YQ==", "YWJj"}, {"YQ=", "Y", "a-b="}},
        {"duration", {"1h30m", "-1.5s", "0", "3 days"}, {"1", "h", "1x", ""}},
        {"hexcolor", {"#fff", "a1B2c3"}, {"#ff", "red"}},
        {"k8s-short-name", {"a-b"}, {"A", "a.b"}},
        {"k8s-long-name", {"a.b"}, {"a..b"}},
        {"password", {"", "anything"}, {NULL}},
        {"no-such", {"", "anything"}, {NULL}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt rt;
        rt_open(&rt);
        CLEAT_AUTO_FREE char *properties =
            cleat_sprintf("\"x\":{\"type\":\"string\",\"format\":\"%s\"}", cases[i].format);
        KT_REQUIRE_OK(define(&rt, "a.example", "", properties, "", ""), &rt.req.error);
        KT_EQ_INT(rt.req.warnings.n, strcmp(cases[i].format, "no-such") == 0);
        for (size_t k = 0; k < 8; k++) {
            const char *text = k < 4 ? cases[i].yes[k] : cases[i].no[k - 4];
            if (text == NULL) {
                continue;
            }
            CLEAT_AUTO_FREE char *spec = cleat_sprintf("{\"x\":\"%s\"}", text);
            if (!KT_EQ_INT(thing(&rt, spec), k < 4 ? CLEAT_OK : CLEAT_E_INVALID)) {
                printf("  %s: %s\n", cases[i].format, text);
            }
        }
        rt_close(&rt);
    }
}

static void nulls_and_embedded(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(
        define(&rt, "a.example", "",
               "\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\",\"default\":\"x\"},"
               "\"c\":{\"type\":\"string\",\"nullable\":true},"
               "\"e\":{\"type\":\"object\",\"x-kubernetes-embedded-resource\":true,"
               "\"x-kubernetes-preserve-unknown-fields\":true}",
               "", ""),
        &rt.req.error);
    KT_REQUIRE_OK(thing(&rt, "{\"a\":null,\"b\":null,\"c\":null}"), &rt.req.error);
    KT_EQ_S(AT("spec"), CLEAT_STR("{\"b\":\"x\",\"c\":null}"));
    KT_EQ_INT(thing(&rt, "{\"e\":{\"kind\":\"\",\"metadata\":1}}"), CLEAT_E_INVALID);
    KT_TRUE(strstr(rt_message(&rt), "spec.e.apiVersion: Required value") != NULL);
    KT_TRUE(strstr(rt_message(&rt), "spec.e.kind: Invalid value: \"\": must not be empty") != NULL);
    KT_TRUE(strstr(rt_message(&rt), "spec.e.metadata: Invalid value: 1: ") != NULL);
    KT_OK(thing(&rt, "{\"e\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"any\":1}}}"),
          &rt.req.error);
    rt_close(&rt);
}

/* What is wrong by a newer schema may stay, but not be made so. */
static void ratchets(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(
        define(
            &rt, "a.example", "",
            "\"a\":{\"type\":\"string\"},\"n\":{\"type\":\"integer\"},\"l\":{\"type\":\"array\","
            "\"x-kubernetes-list-type\":\"map\",\"x-kubernetes-list-map-keys\":[\"k\"],"
            "\"items\":{\"type\":\"object\",\"required\":[\"k\"],\"properties\":{\"k\":{\"type\":"
            "\"string\"},\"v\":{\"type\":\"string\"}}}}",
            "", ""),
        &rt.req.error);
    KT_REQUIRE_OK(rt_create(&rt, "things", "default",
                            "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"a\":\"long\",\"l\":[{\"k\":"
                            "\"1\",\"v\":\"long\"}]}}"),
                  &rt.req.error);
#define AT_SPEC "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/"
    KT_REQUIRE_OK(rt_patch(&rt, CRDS, "things.a.example", CLEAT_PATCH_JSON,
                           "[{\"op\":\"add\",\"path\":\"" AT_SPEC "a/maxLength\",\"value\":1},"
                           "{\"op\":\"add\",\"path\":\"" AT_SPEC
                           "l/items/properties/v/maxLength\",\"value\":1}]"),
                  &rt.req.error);
    KT_OK(rt_patch(&rt, "things", "default/x", CLEAT_PATCH_MERGE, "{\"spec\":{\"n\":1}}"),
          &rt.req.error);
    KT_OK(rt_patch(&rt, "things", "default/x", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"l\":[{\"k\":\"0\"},{\"k\":\"1\",\"v\":\"long\"}]}}"),
          &rt.req.error);
    KT_EQ_INT(rt_patch(&rt, "things", "default/x", CLEAT_PATCH_MERGE, "{\"spec\":{\"a\":\"lon\"}}"),
              CLEAT_E_INVALID);
    KT_EQ_STR(rt_message(&rt), "Thing.a.example \"x\" is invalid: spec.a: Too long: may not be "
                               "more than 1 bytes");
    KT_EQ_INT(rt_patch(&rt, "things", "default/x", CLEAT_PATCH_MERGE,
                       "{\"spec\":{\"l\":[{\"k\":\"2\",\"v\":\"long\"}]}}"),
              CLEAT_E_INVALID);
    rt_close(&rt);
}

static void defaults(void) {
    static const struct {
        const char *properties, *message; /* NULL: it is valid */
    } cases[] = {
        {"\"x\":{\"type\":\"integer\",\"default\":3}", NULL},
        {"\"x\":{\"type\":\"object\",\"default\":{},\"properties\":{\"a\":{\"type\":\"string\"}}}",
         NULL},
        {"\"x\":{\"type\":\"integer\",\"default\":\"3\"}",
         "properties[spec].properties[x].default: Invalid value: \"string\": spec.valid"
         "ation.openAPIV3Schema.properties[spec].properties[x].default in body must be of type "
         "integer: \"string\""},
        {"\"x\":{\"type\":\"integer\",\"default\":3,\"maximum\":2}",
         "default in body should be less than or equal to 2"},
        {"\"x\":{\"type\":\"object\",\"default\":{\"b\":1},\"properties\":{\"a\":{\"type\":"
         "\"string\"}}}",
         "properties[x].default: Invalid value: {\"b\":1}: must not have unknown fields"},
        {"\"x\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"y\":{\"type\":"
         "\"string\",\"default\":1}}}}",
         "properties[x].items.properties[y].default: Invalid value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt rt;
        rt_open(&rt);
        cleat_err err = define(&rt, "a.example", "", cases[i].properties, "", "");
        KT_EQ_INT(err, cases[i].message == NULL ? CLEAT_OK : CLEAT_E_INVALID);
        if (err != CLEAT_OK && cases[i].message != NULL &&
            !KT_TRUE(strstr(rt_message(&rt), cases[i].message) != NULL)) {
            printf("  %s\n", rt_message(&rt));
        }
        rt_close(&rt);
    }
}

static void warnings(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(define(&rt, "a.example", "",
                         "\"a\":{\"type\":\"string\",\"x-kubernetes-validations\":[{\"rule\":"
                         "\"true\"}]},\"b\":{\"type\":\"string\",\"x-kubernetes-validations\":[{"
                         "\"rule\":\"true\"}]}",
                         "\"deprecated\":true,",
                         ",{\"name\":\"v1\",\"served\":true,\"storage\":false,\"schema\":{"
                         "\"openAPIV3Schema\":{\"type\":\"object\"}}},{\"name\":\"v2alpha1\","
                         "\"served\":true,\"storage\":false,\"schema\":{\"openAPIV3Schema\":{"
                         "\"type\":\"object\"}},\"deprecated\":true,\"deprecationWarning\":\"no "
                         "more\"}"),
                  &rt.req.error);
    if (KT_EQ_INT(rt.req.warnings.n, 1)) {
        KT_EQ_STR(rt.req.warnings.at[0], "x-kubernetes-validations are accepted but not evaluated");
    }
    static const char *const words[][2] = {
        {"v1", NULL},
        {"v1beta1", "a.example/v1beta1 Thing is deprecated; use a.example/v1 Thing"},
        {"v2alpha1", "no more"}};
    for (size_t i = 0; i < 3; i++) {
        const struct cleat_kind *k =
            cleat_registry_find(rt.registry, "a.example", words[i][0], "things");
        if (KT_TRUE(k != NULL) && words[i][1] == NULL) {
            KT_TRUE(k->deprecation == NULL);
        } else if (k != NULL && KT_TRUE(k->deprecation != NULL)) {
            KT_EQ_STR(k->deprecation, words[i][1]);
        }
    }
    rt_close(&rt);
}

static void approval(void) {
    static const struct {
        const char *annotations, *message, *reason;
    } cases[] = {
        {"\"api-approved.kubernetes.io\":\"https://a.b/c\"", "approved in https://a.b/c",
         "ApprovedAnnotation"},
        {"\"api-approved.kubernetes.io\":\"unapproved, a test\"",
         "not approved: \\\"unapproved, a test\\\"", "UnapprovedAnnotation"},
        {"", NULL, NULL},
        {"\"api-approved.kubernetes.io\":\"yes\"", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt rt;
        rt_open(&rt);
        cleat_err err = define(&rt, "a.k8s.io", cases[i].annotations, "", "", "");
        KT_EQ_INT(err, cases[i].message != NULL ? CLEAT_OK : CLEAT_E_INVALID);
        for (int n = 0; n < 20; n++) {
            while (cleat_store_step(rt.store)) {
            }
        }
        if (err == CLEAT_OK && KT_OK(rt_get(&rt, CRDS, "things.a.k8s.io"), &rt.req.error)) {
            CLEAT_AUTO_FREE char *want = cleat_sprintf("\"reason\":\"%s\",\"message\":\"%s\"",
                                                       cases[i].reason, cases[i].message);
            CLEAT_AUTO_FREE char *all = cleat_strndup(AT("status", "conditions"));
            KT_TRUE(strstr(all, want) != NULL);
            KT_TRUE(strstr(all, "\"Established\",\"status\":\"True\"") != NULL);
        }
        rt_close(&rt);
    }
}

KT_MAIN("registry_schema", KT_TEST(formats), KT_TEST(nulls_and_embedded), KT_TEST(ratchets),
        KT_TEST(defaults), KT_TEST(warnings), KT_TEST(approval))
