/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing, merging and taking out, through types made of schemas and built-in ones. */
#include "core/apply/typed.h"
#include "tests/support/kt.h"

/* A structure with one member of each sort. */
static const char schema[] =
    "{\"type\":\"object\",\"properties\":{"
    "\"n\":{\"type\":\"integer\"},\"s\":{\"type\":\"string\"},\"b\":{\"type\":\"boolean\"},"
    "\"inner\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},"
    "\"b\":{\"type\":\"string\"}}},"
    "\"map\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}},"
    "\"whole\":{\"type\":\"object\",\"x-kubernetes-map-type\":\"atomic\",\"properties\":{"
    "\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}}},"
    "\"list\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"set\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"set\",\"items\":{\"type\":"
    "\"string\"}},"
    "\"keyed\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\","
    "\"x-kubernetes-list-map-keys\":[\"name\"],\"items\":{\"type\":\"object\",\"properties\":{"
    "\"name\":{\"type\":\"string\"},\"v\":{\"type\":\"integer\"},\"w\":{\"type\":\"integer\"}}}},"
    "\"ports\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\","
    "\"x-kubernetes-list-map-keys\":[\"port\",\"protocol\"],\"items\":{\"type\":\"object\","
    "\"properties\":{\"port\":{\"type\":\"integer\"},\"protocol\":{\"type\":\"string\","
    "\"default\":\"TCP\"},\"name\":{\"type\":\"string\"}}}},"
    "\"lists\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"array\","
    "\"x-kubernetes-list-type\":\"set\",\"items\":{\"type\":\"string\"}}},"
    "\"free\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true},"
    "\"either\":{\"x-kubernetes-int-or-string\":true}}}";

struct fixture {
    struct cleat_arena a;
    cleat_obj *schema;
    cleat_type_tree *tree;
    const struct cleat_type *type;
    cleat_obj *objs[4];
    size_t n;
};

static void done(struct fixture *f) {
    cleat_arena_done(&f->a);
    for (size_t i = 0; i < f->n; i++) {
        cleat_obj_unref(f->objs[i]);
    }
    cleat_type_tree_free(f->tree);
    cleat_obj_unref(f->schema);
}

/* type NULL: the schema's. */
static void begin(struct fixture *f, const struct cleat_type *type) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    memset(f, 0, sizeof *f);
    KT_OK(cleat_obj_parse(cleat_s(schema), 0, &f->schema, &e), &e);
    f->tree = cleat_type_from_schema(cleat_obj_root(f->schema));
    f->type = type != NULL ? type : cleat_type_tree_root(f->tree);
}
#define AUTO_FIXTURE __attribute__((cleanup(done))) struct fixture

static struct cleat_val obj(struct fixture *f, const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    static const struct cleat_val none;
    if (json == NULL || !KT_OK(cleat_obj_parse(cleat_s(json), 0, &f->objs[f->n], &e), &e)) {
        return none;
    }
    return cleat_obj_root(f->objs[f->n++]);
}

static void expect_set(const struct cleat_fields *s, const char *want, const char *file, int line) {
    CLEAT_AUTO_BUF text = {0};
    cleat_fields_write(s, &text);
    kt_str((struct cleat_str){text.p, text.n}, cleat_s(want), "set", file, line);
}

/* ---- comparing ---- */

static void compare_as(const struct cleat_type *type, const char *old, const char *now,
                       const char *added, const char *modified, const char *removed,
                       const char *file, int line) {
    AUTO_FIXTURE f;
    struct cleat_comparison c;
    begin(&f, type);
    struct cleat_val x = obj(&f, old), y = obj(&f, now);
    if (KT_TRUE(cleat_typed_compare(&f.a, f.type, x, y, &c))) {
        expect_set(c.added, added, file, line);
        expect_set(c.modified, modified, file, line);
        expect_set(c.removed, removed, file, line);
    }
}
#define COMPARE(old, now, added, modified, removed)                                                \
    compare_as(NULL, old, now, added, modified, removed, __FILE__, __LINE__)

static void compares(void) {
    COMPARE("{\"n\":1}", "{\"n\":1}", "{}", "{}", "{}");
    COMPARE("{\"n\":1}", "{\"n\":2,\"s\":\"x\"}", "{\"f:s\":{}}", "{\"f:n\":{}}", "{}");
    COMPARE("{\"n\":1,\"s\":\"x\"}", "{\"s\":\"x\"}", "{}", "{}", "{\"f:n\":{}}");
    /* What comes or goes is there itself, and with all below it. */
    COMPARE("{}", "{\"inner\":{\"a\":\"x\"}}", "{\"f:inner\":{\".\":{},\"f:a\":{}}}", "{}", "{}");
    COMPARE("{\"inner\":{\"a\":\"x\"}}", "{}", "{}", "{}", "{\"f:inner\":{\".\":{},\"f:a\":{}}}");
    COMPARE("{\"inner\":{\"a\":\"x\"}}", "{\"inner\":{\"a\":\"y\",\"b\":\"z\"}}",
            "{\"f:inner\":{\"f:b\":{}}}", "{\"f:inner\":{\"f:a\":{}}}", "{}");
    COMPARE("{\"map\":{\"k\":\"1\",\"l\":\"1\"}}", "{\"map\":{\"m\":\"1\",\"k\":\"2\"}}",
            "{\"f:map\":{\"f:m\":{}}}", "{\"f:map\":{\"f:k\":{}}}", "{\"f:map\":{\"f:l\":{}}}");
    /* Wholes, and what is empty. */
    COMPARE("{\"whole\":{\"a\":\"x\"}}", "{\"whole\":{\"a\":\"y\"}}", "{}", "{\"f:whole\":{}}",
            "{}");
    COMPARE("{}", "{\"whole\":{\"a\":\"y\"},\"list\":[\"a\"]}", "{\"f:list\":{},\"f:whole\":{}}",
            "{}", "{}");
    COMPARE("{}", "{\"inner\":{},\"set\":[]}", "{\"f:inner\":{},\"f:set\":{}}", "{}", "{}");
    COMPARE("{\"inner\":{}}", "{\"inner\":{\"a\":\"x\"}}", "{\"f:inner\":{\"f:a\":{}}}", "{}",
            "{}");
    COMPARE("{\"list\":[\"a\"]}", "{\"list\":[\"a\",\"b\"]}", "{}", "{\"f:list\":{}}", "{}");
    /* Sets and lists with keys, in any order. */
    COMPARE("{\"set\":[\"a\",\"b\"]}", "{\"set\":[\"b\",\"c\"]}",
            "{\"f:set\":{\"v:\\\"c\\\"\":{}}}", "{}", "{\"f:set\":{\"v:\\\"a\\\"\":{}}}");
    COMPARE("{\"keyed\":[{\"name\":\"a\",\"v\":1},{\"name\":\"b\"}]}",
            "{\"keyed\":[{\"name\":\"b\"},{\"name\":\"a\",\"v\":2}]}", "{}",
            "{\"f:keyed\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\"f:v\":{}}}}", "{}");
    COMPARE("{\"keyed\":[{\"name\":\"a\"}]}", "{\"keyed\":[{\"name\":\"b\",\"v\":1}]}",
            "{\"f:keyed\":{\"k:{\\\"name\\\":\\\"b\\\"}\":{\".\":{},\"f:name\":{},\"f:v\":{}}}}",
            "{}", "{\"f:keyed\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\".\":{},\"f:name\":{}}}}");
    /* A key that has a default. */
    COMPARE("{\"ports\":[{\"port\":80}]}", "{\"ports\":[{\"port\":80,\"name\":\"web\"}]}",
            "{\"f:ports\":{\"k:{\\\"port\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\"f:name\":{}}}}",
            "{}", "{}");
    COMPARE("{\"lists\":{\"x\":[\"a\"]}}", "{\"lists\":{\"x\":[\"a\",\"b\"]}}",
            "{\"f:lists\":{\"f:x\":{\"v:\\\"b\\\"\":{}}}}", "{}", "{}");
}

static void compares_doubles(void) {
    COMPARE("{\"set\":[\"a\",\"a\"]}", "{\"set\":[\"a\",\"a\",\"a\"]}", "{}",
            "{\"f:set\":{\"v:\\\"a\\\"\":{}}}", "{}");
    COMPARE("{\"set\":[\"a\",\"a\"]}", "{\"set\":[\"a\",\"a\"],\"n\":1}", "{\"f:n\":{}}", "{}",
            "{}");
    COMPARE("{\"set\":[\"a\"]}", "{\"set\":[\"a\",\"a\"]}", "{\"f:set\":{\"v:\\\"a\\\"\":{}}}",
            "{}", "{\"f:set\":{\"v:\\\"a\\\"\":{}}}");
    COMPARE("{\"keyed\":[{\"name\":\"a\",\"v\":1},{\"name\":\"a\"}]}",
            "{\"keyed\":[{\"name\":\"a\",\"v\":1}]}",
            "{\"f:keyed\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\".\":{},\"f:name\":{},\"f:v\":{}}}}",
            "{}", "{\"f:keyed\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{}}}");
}

static void compares_unknown(void) {
    /* What no type describes: objects by member, all else as a whole. */
    COMPARE("{\"free\":{\"a\":{\"b\":1},\"l\":[1]}}", "{\"free\":{\"a\":{\"b\":2},\"l\":[1,2]}}",
            "{}", "{\"f:free\":{\"f:a\":{\"f:b\":{}},\"f:l\":{}}}", "{}");
    COMPARE("{\"free\":{\"a\":{\"b\":1}}}", "{\"free\":{\"a\":5}}", "{}",
            "{\"f:free\":{\"f:a\":{}}}", "{\"f:free\":{\"f:a\":{\"f:b\":{}}}}");
    COMPARE("{\"free\":{\"a\":5}}", "{\"free\":{\"a\":[1]}}", "{}", "{\"f:free\":{\"f:a\":{}}}",
            "{}");
    COMPARE("{\"either\":5}", "{\"either\":\"5\"}", "{}", "{\"f:either\":{}}", "{}");
    AUTO_FIXTURE f;
    struct cleat_comparison c;
    begin(&f, NULL);
    KT_TRUE(!cleat_typed_compare(&f.a, f.type, obj(&f, "{\"keyed\":[{\"v\":1}]}"),
                                 obj(&f, "{\"keyed\":[{\"v\":2}]}"), &c));
}

static void compares_built_in(void) {
    const struct cleat_type *pod = cleat_type_of_kind("", "v1", "Pod");
    const struct cleat_type *deployment = cleat_type_of_kind("apps", "v1", "Deployment");
    KT_REQUIRE(pod != NULL && deployment != NULL);
    /* metadata, spec, containers and resources are there in upstream's types. */
    compare_as(pod, NULL,
               "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\","
               "\"resources\":{\"limits\":{\"cpu\":\"1\"}},\"ports\":[{\"containerPort\":80}]}],"
               "\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}}",
               "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{}}},\"f:spec\":{\"f:containers\":{"
               "\"k:{\\\"name\\\":\\\"c\\\"}\":{\".\":{},\"f:name\":{},\"f:ports\":{\".\":{},"
               "\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},"
               "\"f:containerPort\":{}}},\"f:resources\":{\".\":{},\"f:limits\":{\".\":{},"
               "\"f:cpu\":{}}}}},\"f:volumes\":{\".\":{},\"k:{\\\"name\\\":\\\"v\\\"}\":{\".\":{},"
               "\"f:emptyDir\":{},\"f:name\":{}}}}}",
               "{}", "{}", __FILE__, __LINE__);
    compare_as(deployment, NULL,
               "{\"spec\":{\"replicas\":1,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},"
               "\"strategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxSurge\":1}}}}",
               "{\"f:spec\":{\"f:replicas\":{},\"f:selector\":{},\"f:strategy\":{"
               "\"f:rollingUpdate\":{\".\":{},\"f:maxSurge\":{}},\"f:type\":{}}}}",
               "{}", "{}", __FILE__, __LINE__);
    compare_as(deployment, "{\"spec\":{\"strategy\":{\"type\":\"Recreate\"}}}", "{\"spec\":{}}",
               "{}", "{}", "{\"f:spec\":{\"f:strategy\":{\"f:type\":{}}}}", __FILE__, __LINE__);
}

/* ---- what a configuration names ---- */

static void names(const char *config, const char *want, const char *file, int line) {
    AUTO_FIXTURE f;
    begin(&f, NULL);
    expect_set(cleat_typed_fields(&f.a, f.type, obj(&f, config)), want, file, line);
}
#define NAMES(config, want) names(config, want, __FILE__, __LINE__)

static void configurations(void) {
    NAMES("{\"n\":1,\"inner\":{\"a\":\"x\"}}", "{\"f:inner\":{\"f:a\":{}},\"f:n\":{}}");
    NAMES("{\"map\":{\"k\":\"1\"},\"whole\":{\"a\":\"x\"},\"list\":[\"a\"]}",
          "{\"f:list\":{},\"f:map\":{\"f:k\":{}},\"f:whole\":{}}");
    NAMES("{\"set\":[\"b\",\"a\"],\"keyed\":[{\"name\":\"a\",\"v\":1}]}",
          "{\"f:keyed\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\".\":{},\"f:name\":{},\"f:v\":{}}},"
          "\"f:set\":{\"v:\\\"a\\\"\":{},\"v:\\\"b\\\"\":{}}}");
    NAMES("{\"inner\":{},\"s\":null,\"map\":{}}", "{\"f:inner\":{},\"f:map\":{},\"f:s\":{}}");
    NAMES("{\"set\":[],\"keyed\":[]}", "{}");
    NAMES("{\"free\":{\"a\":{\"b\":1}}}", "{\"f:free\":{\"f:a\":{\".\":{},\"f:b\":{}}}}");
    NAMES("{\"set\":[\"a\",\"a\"]}", "{\"f:set\":{\"v:\\\"a\\\"\":{}}}");
    AUTO_FIXTURE f;
    begin(&f, NULL);
    const struct cleat_fields *s = cleat_typed_fields(
        &f.a, f.type,
        obj(&f, "{\"inner\":{\"a\":\"x\"},\"map\":{\"k\":\"1\"},\"free\":{\"a\":1}}"));
    expect_set(cleat_typed_named(&f.a, f.type, s),
               "{\"f:free\":{\".\":{},\"f:a\":{}},\"f:inner\":{\".\":{},\"f:a\":{}},"
               "\"f:map\":{\".\":{},\"f:k\":{}}}",
               __FILE__, __LINE__);
}

static void reconciles(void) {
    AUTO_FIXTURE f;
    const struct cleat_fields *s = NULL;
    begin(&f, NULL);
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE_OK(cleat_fields_parse(&f.a,
                                     obj(&f, "{\"f:whole\":{\"f:a\":{}},\"f:list\":{\"i:0\":{}},"
                                             "\"f:inner\":{\"f:a\":{}},\"f:free\":{\"f:x\":{}},"
                                             "\"f:gone\":{\"f:y\":{}}}"),
                                     &s, &e),
                  &e);
    expect_set(cleat_typed_reconcile(&f.a, f.type, s),
               "{\"f:free\":{\"f:x\":{}},\"f:gone\":{\"f:y\":{}},\"f:inner\":{\"f:a\":{}},"
               "\"f:list\":{},\"f:whole\":{}}",
               __FILE__, __LINE__);
}

/* ---- merging ---- */

static void merges_to(const char *old, const char *config, const char *want, const char *file,
                      int line) {
    AUTO_FIXTURE f;
    CLEAT_AUTO_BUF out = {0};
    begin(&f, NULL);
    struct cleat_val x = obj(&f, old), y = obj(&f, config);
    KT_TRUE(cleat_typed_merge(&f.a, f.type, x, y, &out));
    kt_str((struct cleat_str){out.p, out.n}, cleat_s(want), "merged", file, line);
}
#define MERGES(old, config, want) merges_to(old, config, want, __FILE__, __LINE__)

static void merges(void) {
    MERGES("{\"n\":1,\"s\":\"x\"}", "{\"n\":2}", "{\"n\":2,\"s\":\"x\"}");
    MERGES("{\"inner\":{\"a\":\"x\"}}", "{\"inner\":{\"b\":\"y\"}}",
           "{\"inner\":{\"a\":\"x\",\"b\":\"y\"}}");
    MERGES("{\"whole\":{\"a\":\"x\"}}", "{\"whole\":{\"b\":\"y\"}}", "{\"whole\":{\"b\":\"y\"}}");
    MERGES("{\"list\":[\"a\"]}", "{\"list\":[\"b\"]}", "{\"list\":[\"b\"]}");
    MERGES("{\"inner\":{\"a\":\"x\"}}", "{\"inner\":{}}", "{\"inner\":{\"a\":\"x\"}}");
    MERGES("{\"inner\":{\"a\":\"x\"}}", "{\"inner\":{\"a\":null}}", "{\"inner\":{\"a\":null}}");
    MERGES("{\"set\":[\"a\",\"b\"]}", "{\"set\":[\"c\"]}", "{\"set\":[\"a\",\"b\",\"c\"]}");
    MERGES("{\"keyed\":[{\"name\":\"a\",\"v\":1}]}", "{\"keyed\":[{\"name\":\"a\",\"w\":2}]}",
           "{\"keyed\":[{\"name\":\"a\",\"v\":1,\"w\":2}]}");
    MERGES("{\"ports\":[{\"port\":80,\"name\":\"x\"}]}",
           "{\"ports\":[{\"port\":80,\"protocol\":\"TCP\"},{\"port\":80,\"protocol\":\"UDP\"}]}",
           "{\"ports\":[{\"port\":80,\"name\":\"x\",\"protocol\":\"TCP\"},{\"port\":80,"
           "\"protocol\":\"UDP\"}]}");
    MERGES("{\"free\":{\"a\":{\"b\":1}}}", "{\"free\":{\"a\":{\"c\":2}}}",
           "{\"free\":{\"a\":{\"b\":1,\"c\":2}}}");
    MERGES("{\"free\":{\"a\":{\"b\":1}}}", "{\"free\":{\"a\":5}}", "{\"free\":{\"a\":5}}");
}

/* The old order where the configuration says nothing, else the configuration's. */
static void keeps_order(void) {
    static const struct {
        const char *old, *config, *want;
    } all[] = {
        {"1,2,3,4", "1,4", "1,2,3,4"},       {"1,2,3,4", "4,1", "2,3,4,1"},
        {"1,2,3", "4,1", "4,1,2,3"},         {"1,2,3", "2,5,3", "1,2,5,3"},
        {"1,2,3,4", "4,3,2,1", "4,3,2,1"},   {"1,2", "3,4", "1,2,3,4"},
        {"1,2,3,4,5", "1,3,5", "1,2,3,4,5"}, {"1,1,2", "2,1", "2,1"},
        {"1,1,2", "3", "1,1,2,3"},           {"1,2,1", "2", "1,2,1"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CLEAT_AUTO_FREE char *old = cleat_sprintf("{\"set\":[%s]}", all[i].old);
        CLEAT_AUTO_FREE char *config = cleat_sprintf("{\"set\":[%s]}", all[i].config);
        CLEAT_AUTO_FREE char *want = cleat_sprintf("{\"set\":[%s]}", all[i].want);
        MERGES(old, config, want);
    }
}

/* ---- taking out ---- */

static void leaves(const char *from, const char *items, bool nulls, const char *want,
                   const char *file, int line) {
    AUTO_FIXTURE f;
    CLEAT_AUTO_BUF out = {0};
    const struct cleat_fields *s = NULL;
    begin(&f, NULL);
    KT_OK(cleat_fields_parse(&f.a, obj(&f, items), &s, NULL), NULL);
    bool any = cleat_typed_remove(&f.a, f.type, obj(&f, from), s, nulls, &out);
    kt_str(any ? (struct cleat_str){out.p, out.n} : CLEAT_STR("nothing"), cleat_s(want), "left",
           file, line);
}
#define LEAVES(from, items, want) leaves(from, items, false, want, __FILE__, __LINE__)

static void takes_out(void) {
    LEAVES("{\"n\":1,\"s\":\"x\"}", "{\"f:n\":{}}", "{\"s\":\"x\"}");
    LEAVES("{\"n\":1}", "{\"f:n\":{}}", "nothing");
    LEAVES("{\"n\":1}", "{\"f:s\":{}}", "{\"n\":1}");
    LEAVES("{\"inner\":{\"a\":\"x\",\"b\":\"y\"}}", "{\"f:inner\":{\"f:a\":{}}}",
           "{\"inner\":{\"b\":\"y\"}}");
    LEAVES("{\"inner\":{\"a\":\"x\"},\"n\":1}", "{\"f:inner\":{\"f:a\":{}}}", "{\"n\":1}");
    LEAVES("{\"set\":[\"a\",\"b\"]}", "{\"f:set\":{\"v:\\\"a\\\"\":{}}}", "{\"set\":[\"b\"]}");
    LEAVES(
        "{\"keyed\":[{\"name\":\"a\",\"v\":1},{\"name\":\"b\",\"v\":1}]}",
        "{\"f:keyed\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{},\"k:{\\\"name\\\":\\\"b\\\"}\":{\"f:v\":"
        "{}}}}",
        "{\"keyed\":[{\"name\":\"b\"}]}");
    LEAVES("{\"whole\":{\"a\":\"x\"},\"n\":1}", "{\"f:whole\":{\"f:a\":{}}}", "{\"n\":1}");
}

static void takes_out_with_nulls(void) {
    leaves("{\"inner\":{\"a\":\"x\"},\"n\":1}", "{\"f:inner\":{\"f:a\":{}}}", true,
           "{\"inner\":null,\"n\":1}", __FILE__, __LINE__);
    leaves("{\"keyed\":[{\"name\":\"a\"}]}",
           "{\"f:keyed\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\"f:name\":{}}}}", true,
           "{\"keyed\":[null]}", __FILE__, __LINE__);
}

/* ---- checking ---- */

static void complains(const char *config, const char *want, const char *file, int line) {
    AUTO_FIXTURE f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    begin(&f, NULL);
    cleat_typed_check(f.type, obj(&f, config), &e);
    kt_str(cleat_s(e.message), cleat_s(want), "complaint", file, line);
}
#define COMPLAINS(config, want) complains(config, want, __FILE__, __LINE__)

static void checks(void) {
    COMPLAINS("{\"n\":1,\"free\":{\"x\":[{}]},\"either\":\"a\",\"s\":null}", "");
    COMPLAINS("{\"nonsense\":1}", ".nonsense: field not declared in schema");
    COMPLAINS("{\"inner\":{\"c\":1}}", ".inner.c: field not declared in schema");
    COMPLAINS("{\"n\":\"x\"}", ".n: expected numeric (int or float), got string");
    COMPLAINS("{\"s\":5}", ".s: expected string, got &value.valueUnstructured{Value:5}");
    COMPLAINS("{\"b\":\"x\"}", ".b: expected boolean, got &{x}");
    COMPLAINS("{\"inner\":\"x\"}", ".inner: expected map, got &{x}");
    COMPLAINS("{\"set\":\"x\"}", ".set: expected list, got &{x}");
    COMPLAINS("{\"set\":[\"a\",\"a\"]}", ".set: duplicate entries for key [=\"a\"]");
    COMPLAINS("{\"keyed\":[{\"name\":\"a\"},{\"name\":\"a\"}]}",
              ".keyed: duplicate entries for key [name=\"a\"]");
    COMPLAINS("{\"keyed\":[{\"name\":\"a\",\"x\":1}]}",
              ".keyed[name=\"a\"].x: field not declared in schema");
    COMPLAINS("{\"set\":[null]}",
              ".set: element 0: associative list without keys has an element that's an explicit "
              "null");
    COMPLAINS("{\"x\":1,\"n\":true}",
              "errors:\n  .x: field not declared in schema\n  .n: expected numeric (int or float), "
              "got bool");
}

KT_MAIN("apply_typed", KT_TEST(compares), KT_TEST(compares_doubles), KT_TEST(compares_unknown),
        KT_TEST(compares_built_in), KT_TEST(configurations), KT_TEST(reconciles), KT_TEST(merges),
        KT_TEST(keeps_order), KT_TEST(takes_out), KT_TEST(takes_out_with_nulls), KT_TEST(checks))
