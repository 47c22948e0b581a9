/* SPDX-License-Identifier: Apache-2.0 */
/* Custom kinds: pruning, defaulting, validation, columns, subresources. */
#include "core/registry/internal.h"
#include "core/registry/pattern.h"
#include "tests/support/rt.h"

#define AT(...)   rt_at(&rt, CLEAT_PATH(__VA_ARGS__))
#define JSON(...) #__VA_ARGS__

/* clang-format off */
static const char crd[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
  "metadata": {"name": "machines.sim.cleat.dev"},
  "spec": {"group": "sim.cleat.dev", "scope": "Cluster",
    "names": {"plural": "machines", "kind": "Machine", "shortNames": ["sm"], "categories": ["sim"]},
    "versions": [{"name": "v1alpha1", "served": true, "storage": true,
      "subresources": {"status": {}},
      "selectableFields": [{"jsonPath": ".spec.power"}],
      "additionalPrinterColumns": [
        {"name": "Power", "type": "string", "jsonPath": ".spec.power"},
        {"name": "Count", "type": "integer", "jsonPath": ".spec.count", "priority": 1},
        {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
        {"name": "First", "type": "string", "jsonPath": ".spec.tags[0]"},
        {"name": "Note", "type": "string", "jsonPath": ".metadata.annotations['a.b/c']"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
      "schema": {"openAPIV3Schema": {"type": "object", "required": ["spec"], "properties": {
        "spec": {"type": "object", "required": ["zone"], "properties": {
          "power": {"type": "string", "enum": ["On", "Off"], "default": "On"},
          "zone": {"type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z\\d]+$"},
          "count": {"type": "integer", "minimum": 1, "maximum": 10},
          "ratio": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
          "port": {"x-kubernetes-int-or-string": true},
          "since": {"type": "string", "format": "date-time"},
          "tags": {"type": "array", "maxItems": 2, "minItems": 1, "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
          "labels": {"type": "object", "additionalProperties": {"type": "string"}},
          "nested": {"type": "object", "default": {}, "properties": {"deep": {"type": "integer", "default": 7}}},
          "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"known": {"type": "object", "properties": {}}}},
          "maybe": {"type": "string", "nullable": true},
          "either": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
                     "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}}},
        "status": {"type": "object", "properties": {"state": {"type": "string"},
          "conditions": {"type": "array", "items": {"type": "object", "properties": {
             "type": {"type": "string"}, "status": {"type": "string"}}}}}}}}}}]}});
/* clang-format on */

static bool start(struct rt *rt) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    rt_open(rt);
    return KT_OK(cleat_registry_add_crd(rt->registry, cleat_s(crd), &e), &e);
}

static void shapes(void) {
    struct rt rt;
    KT_REQUIRE(start(&rt));
    KT_REQUIRE_OK(
        rt_create(
            &rt, "machines", "",
            "{\"kind\":\"Machine\",\"apiVersion\":\"sim.cleat.dev/v1alpha1\",\"metadata\":{"
            "\"name\":\"m\",\"creationTimestamp\":null},\"extra\":1,\"spec\":{\"zone\":\"a1\","
            "\"wrong\":true,\"labels\":{\"x\":\"y\"},\"maybe\":null,\"free\":{\"any\":{\"thing\":"
            "1.50},\"known\":{\"not\":1}}},\"status\":{\"state\":\"x\"}}"),
        &rt.req.error);
    KT_EQ_S(AT("spec"),
            CLEAT_STR("{\"zone\":\"a1\",\"labels\":{\"x\":\"y\"},\"maybe\":null,\"free\":{\"any\":{"
                      "\"thing\":1.50},\"known\":{}},\"power\":\"On\",\"nested\":{\"deep\":7}}"));
    KT_EQ_S(AT("extra"), CLEAT_STR(""));
    KT_EQ_S(AT("status"), CLEAT_STR(""));
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("1"));
    rt_close(&rt);
}

static void validates(void) {
    static const struct {
        const char *spec, *message;
    } cases[] = {
        {"{\"zone\":\"a\",\"power\":\"x\"}",
         "spec.power: Unsupported value: \"x\": supported values: \"On\", \"Off\""},
        {"{}", "spec.zone: Required value"},
        {"{\"zone\":5}",
         "spec.zone: Invalid value: \"integer\": spec.zone in body must be of type string: "
         "\"integer\""},
        {"{\"zone\":\"\"}", NULL},
        {"{\"zone\":\"abcd\"}", "spec.zone: Too long: may not be more than 3 bytes"},
        {"{\"zone\":\"A\"}",
         "spec.zone: Invalid value: \"A\": spec.zone in body should match '^[a-z\\d]+$'"},
        {"{\"zone\":\"a\",\"count\":11}",
         "spec.count: Invalid value: 11: spec.count in body should be less than or equal to 10"},
        {"{\"zone\":\"a\",\"count\":0}",
         "spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1"},
        {"{\"zone\":\"a\",\"count\":1.5}",
         "spec.count: Invalid value: \"number\": spec.count in body must be of type integer: "
         "\"number\""},
        {"{\"zone\":\"a\",\"ratio\":0}",
         "spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0"},
        {"{\"zone\":\"a\",\"port\":true}", NULL},
        {"{\"zone\":\"a\",\"since\":\"now\"}", NULL},
        {"{\"zone\":\"a\",\"tags\":[]}",
         "spec.tags: Invalid value: 0: spec.tags in body should have at least 1 items"},
        {"{\"zone\":\"a\",\"tags\":[\"a\",\"b\",\"c\"]}",
         "spec.tags: Too many: 3: must have at most 2 items"},
        {"{\"zone\":\"a\",\"tags\":[\"a\",1]}",
         "spec.tags[1]: Invalid value: \"integer\": spec.tags[1] in body must be of type string: "
         "\"integer\""},
        {"{\"zone\":\"a\",\"tags\":[\"a\",\"a\"]}", "spec.tags[1]: Duplicate value: \"a\""},
        {"{\"zone\":\"a\",\"labels\":{\"k\":1}}",
         "spec.labels.k: Invalid value: \"integer\": spec.labels.k in body must be of type string: "
         "\"integer\""},
        {"{\"zone\":\"a\",\"either\":{\"a\":\"\",\"b\":\"\"}}", NULL},
        {"{\"zone\":\"a\",\"either\":{}}", NULL},
        {"{\"zone\":null}", NULL},
    };
    struct rt rt;
    KT_REQUIRE(start(&rt));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEAT_AUTO_FREE char *body =
            cleat_sprintf("{\"metadata\":{\"name\":\"m\"},\"spec\":%s}", cases[i].spec);
        if (!KT_EQ_INT(rt_create(&rt, "machines", "", body), CLEAT_E_INVALID)) {
            printf("  %s\n", cases[i].spec);
        }
        if (cases[i].message != NULL) {
            CLEAT_AUTO_FREE char *want =
                cleat_sprintf("Machine.sim.cleat.dev \"m\" is invalid: %s", cases[i].message);
            KT_EQ_STR(rt_message(&rt), want);
        }
    }
    KT_EQ_INT(rt_create(&rt, "machines", "", "{\"metadata\":{\"name\":\"m\"}}"), CLEAT_E_INVALID);
    KT_OK(rt_create(
              &rt, "machines", "",
              "{\"metadata\":{\"name\":\"m\"},\"spec\":{\"zone\":\"a\",\"port\":80,\"count\":2.0,"
              "\"ratio\":0.1,\"since\":\"2026-01-02T03:04:05Z\",\"either\":{\"b\":\"\"}}}"),
          &rt.req.error);
    rt_close(&rt);
}

static void generations(void) {
    struct rt rt;
    KT_REQUIRE(start(&rt));
    KT_REQUIRE_OK(rt_create(&rt, "machines", "",
                            "{\"metadata\":{\"name\":\"m\",\"finalizers\":[\"a.b/c\"]},\"spec\":{"
                            "\"zone\":\"a\"}}"),
                  &rt.req.error);
    KT_OK(rt_patch(&rt, "machines", "m", CLEAT_PATCH_MERGE,
                   "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"status\":{\"state\":\"on\"}}"),
          &rt.req.error);
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("1"));
    KT_EQ_S(AT("status"), CLEAT_STR(""));
    KT_OK(rt_patch(&rt, "machines/status", "m", CLEAT_PATCH_MERGE,
                   "{\"metadata\":{\"labels\":{\"a\":\"c\"}},\"spec\":{\"zone\":\"b\"},\"status\":{"
                   "\"state\":\"on\",\"junk\":1}}"),
          &rt.req.error);
    KT_EQ_S(AT("status"), CLEAT_STR("{\"state\":\"on\"}"));
    KT_EQ_S(AT("spec", "zone"), CLEAT_STR("a"));
    KT_EQ_S(AT("metadata", "labels", "a"), CLEAT_STR("b"));
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("1"));
    KT_OK(rt_patch(&rt, "machines", "m", CLEAT_PATCH_MERGE, "{\"spec\":{\"power\":\"Off\"}}"),
          &rt.req.error);
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("2"));
    KT_EQ_INT(rt_update(&rt, "machines", "m",
                        "{\"metadata\":{\"name\":\"m\"},\"spec\":{\"zone\":\"a\"}}"),
              CLEAT_E_INVALID); /* no resourceVersion */
    KT_EQ_INT(rt_patch(&rt, "machines", "m", CLEAT_PATCH_STRATEGIC, "{}"), CLEAT_E_MEDIA_TYPE);
    KT_OK(rt_delete(&rt, "machines", "m", NULL), &rt.req.error);
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("3"));
    rt_close(&rt);
}

static void prints(void) {
    struct rt rt;
    KT_REQUIRE(start(&rt));
    KT_REQUIRE_OK(rt_create(&rt, "machines", "",
                            "{\"metadata\":{\"name\":\"m\",\"annotations\":{\"a.b/c\":\"note\"}},"
                            "\"spec\":{\"zone\":\"a\",\"count\":3,\"tags\":[\"t\\\"\"]}}"),
                  &rt.req.error);
    KT_REQUIRE_OK(
        rt_patch(&rt, "machines/status", "m", CLEAT_PATCH_MERGE,
                 "{\"status\":{\"conditions\":[{\"type\":\"A\",\"status\":\"x\"},{\"type\":"
                 "\"Ready\",\"status\":\"True\"}]}}"),
        &rt.req.error);
    CLEAT_AUTO_BUF json = {0};
    cleat_clock_advance(90 * CLEAT_SECOND);
    cleat_table_row(rt_kind(&rt, "machines"), rt.req.result, 0, "v1", &json);
    KT_EQ_STR(json.p,
              "{\"cells\":[\"m\",\"On\",3,\"True\",\"t\\\"\",\"note\",\"90s\"],\"object\":null}");
    json.n = 0;
    cleat_table_columns(rt_kind(&rt, "machines"), &json);
    KT_TRUE(strstr(json.p, "{\"name\":\"Count\",\"type\":\"integer\",\"format\":\"\","
                           "\"description\":\"\",\"priority\":1}") != NULL);
    struct cleat_list_request q = {
        .kind = rt_kind(&rt, "machines"), .user = &rt_admin, .field_selector = "spec.power=On"};
    struct cleat_listing l;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
    KT_EQ_INT(l.n, 1);
    cleat_listing_done(&l);
    rt_close(&rt);
}

static void paths(void) {
    static const char text[] =
        "{\"a\":{\"b\":[{\"t\":\"x\",\"s\":1},{\"t\":\"y\",\"s\":2,\"d\":true},{\"t\":\"z\"}],"
        "\"k.l\":\"dot\"},\"m\":{\"one\":{},\"two\":{\"v\":7}}}";
    static const struct {
        const char *path, *found; /* NULL: the path is not understood */
    } cases[] = {
        {".a.b[0].t", "\"x\""},
        {".a.b[-1].t", "\"z\""},
        {".a.b[-4].t", ""},
        {".a.b[3].t", ""},
        {".a.b[*].d", "true"},
        {".a.b[*].nothing", ""},
        {".m.*.v", "7"},
        {".a.b[?(@.t==\"y\")].s", "2"},
        {".a.b[?(@.t!='x')].s", "2"},
        {".a.b[?(@.s==2)].t", "\"y\""},
        {".a.b[?(@.d)].t", "\"y\""},
        {".a.b[?(@.d==true)].t", "\"y\""},
        {".a.b[?(@.t==\"w\")].s", ""},
        {".a['k.l']", "\"dot\""},
        {".a.k\\.l", "\"dot\""},
        {".a.b[0", NULL},
        {".a..b", NULL},
        {".a.b[0:1]", NULL},
        {".a.b[?(@.t)", NULL},
        {"a", NULL},
    };
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE_OK(cleat_obj_parse(cleat_s(text), 0, &o, &e), &e);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!KT_EQ_INT(cleat_jsonpath_valid(cases[i].path), cases[i].found != NULL)) {
            printf("  %s\n", cases[i].path);
        } else if (cases[i].found != NULL) {
            KT_EQ_S(cleat_val_raw(cleat_jsonpath_find(cleat_obj_root(o), cases[i].path)),
                    cleat_s(cases[i].found));
        }
    }
}

static void refuses(void) {
    /* each: a text of the definition, and what it is replaced by */
    static const char *const changes[][2] = {
        {"\"plural\": \"machines\"", "\"plural\": \"engines\""},
        {"\"scope\": \"Cluster\"", "\"scope\": \"World\""},
        {"\"storage\": true", "\"storage\": false"},
        {"\"openAPIV3Schema\"", "\"somethingElse\""},
        {"^[a-z\\\\d]+$", "(?=x)"},
        {"\".spec.tags[0]\"", "\"spec.tags[*]\""},
        {"\"type\": \"integer\", \"minimum\": 1", "\"type\": \"int\", \"minimum\": 1"},
        {"{\"status\": {}}", "{\"scale\": {}}"},
    };
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        const char *at = strstr(crd, changes[i][0]);
        if (!KT_TRUE(at != NULL)) {
            printf("  %s\n", changes[i][0]);
            continue;
        }
        CLEAT_AUTO_FREE char *text = cleat_sprintf("%.*s%s%s", (int)(at - crd), crd, changes[i][1],
                                                   at + strlen(changes[i][0]));
        KT_EQ_INT(cleat_registry_add_crd(rt.registry, cleat_s(text), &e), CLEAT_E_INVALID);
        KT_TRUE(e.message[0] != '\0');
    }
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_registry_add_crd(rt.registry, cleat_s(crd), &e), &e);
    KT_OK(cleat_registry_add_crd(rt.registry, cleat_s(crd), &e), &e); /* as it is there */
    rt_close(&rt);
}

static void patterns(void) {
    static const struct {
        const char *pattern, *yes, *no;
    } cases[] = {
        {"^\\d{3}$", "123", "12a"},
        {"^[\\w.-]+$", "a-b.c_", "a b"},
        {"^[^\\s]+$", "ab", "a b"},
        {"^(?:a|b)+?$", "abab", "abc"},
        {"^[a\\-\\]^]+$", "a-]^", "b"},
        {"^[^^]$", "a", "^"},
        {"^[\\^]$", "^", "a"},
        {"^\\Aab\\z$", "ab", "abc"},
        {"(?i)^on$", "ON", "off"},
        {"^a\\.b\\/c$", "a.b/c", "axb/c"},
        {"^[0-9a-fA-F:]*$", "fe80::1", "g"},
        {"^[[:alpha:]]+$", "ab", "a1"},
        {"^\\D+\\W$", "ab!", "a1!"},
        {"^[-a]+$", "-a", "b"},
        {"^(?i)(abort|warn)?$", "WaRn", "error"},
        {"^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$", "a`-|", "a b"},
        {"^((?i)may|june)(?:((:((?i)may))$)|$)", "JUNE:May", "june:june"},
        {"^(?P<x>a)(?<y>b)$", "ab", "a"},
        {"^.{2,3}$", "\xc3\xa4\xe2\x82\xac", "a"},
        {"^.{0,2}$", "", "abc"},
        {"^(a{2}|b){1,2}$", "aab", "aabb"},
        {"^(a{2}|b){2,}c$", "aabaac", "aac"},
        {"a{,2}", "a{,2}", "aa"},
        {"^[^a-c\\d]+$", "xyz", "x1"},
        {"^[^\\D]$", "1", "a"},
        {"^[[:^digit:]x-z]+$", "axy", "1"},
        {"(?s)^a.b$", "a\nb", "ab"},
        {"^a.b$", "axb", "a\nb"},
        {"(?m)^b$", "a\nb", "ab"},
        {"^b$", "b", "a\nb"},
        {"\\bfoo\\b", "a foo b", "afoo"},
        {"^\\Q[a]*\\E$", "[a]*", "a"},
        {"^(?i:ab)c$", "ABc", "ABC"},
        {"^(?i-s)[k-m]$", "L", "n"},
        {"^\\x{20ac}\\x41\\101$",
         "\xe2\x82\xac"
         "AA",
         "AA"},
        {"^(|a)+$", "aa", "b"},
        {"^(a*)*$", "aaa", "ab"},
        {"^(([a-z0-9]|[a-z0-9][-a-z0-9]*[a-z0-9])\\.)*x$", "a.b-c.x", "a.-b.x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cleat_pattern *p = cleat_pattern_new(cleat_s(cases[i].pattern));
        if (!KT_TRUE(p != NULL) || !KT_TRUE(cleat_pattern_matches(p, cleat_s(cases[i].yes))) ||
            !KT_TRUE(!cleat_pattern_matches(p, cleat_s(cases[i].no)))) {
            printf("  %s\n", cases[i].pattern);
        }
        cleat_pattern_free(p);
    }
    static const char *const none[] = {"\\pL",
                                       "[a",
                                       "(a",
                                       "a)",
                                       "*a",
                                       "a**",
                                       "a+*",
                                       "(?=a)",
                                       "(?<=a)b",
                                       "(?!a)",
                                       "\\1",
                                       "[b-a]",
                                       "a{2,1}",
                                       "a{1001}",
                                       "\\x{110000}",
                                       "\\q",
                                       "[[:what:]]",
                                       "(?P<a b>c)",
                                       "a\\",
                                       "{2}",
                                       "((a{1000}){1000}){1000}",
                                       "((){1000}){1000}"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (!KT_TRUE(cleat_pattern_new(cleat_s(none[i])) == NULL)) {
            printf("  %s\n", none[i]);
        }
    }
    /* What makes others slow. */
    struct cleat_pattern *p = cleat_pattern_new(CLEAT_STR("^(a?){60}a{60}$|(a*)*b|(x+x+)+y"));
    CLEAT_AUTO_FREE char *many = cleat_alloc(100001);
    memset(many, 'x', 100000);
    memset(many, 'a', 60);
    many[100000] = '\0';
    if (KT_TRUE(p != NULL)) {
        KT_TRUE(!cleat_pattern_matches(p, cleat_s(many)));
        many[60] = '\0';
        KT_TRUE(cleat_pattern_matches(p, cleat_s(many)));
    }
    cleat_pattern_free(p);
}

KT_MAIN("registry_crd", KT_TEST(shapes), KT_TEST(validates), KT_TEST(generations), KT_TEST(prints),
        KT_TEST(refuses), KT_TEST(paths), KT_TEST(patterns))
