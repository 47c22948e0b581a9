/* SPDX-License-Identifier: Apache-2.0 */
/* YAML bodies as JSON: what kubectl would make of them. */
#include "core/object/object.h"
#include "tests/support/kt.h"

static void converts(void) {
    static const struct {
        const char *yaml, *json;
    } all[] = {
        {"a: 1\nb: [x, 'y', \"z\\n\"]\n", "{\"a\":1,\"b\":[\"x\",\"y\",\"z\\n\"]}"},
        {"a:\n  b:\n  - c: 1\n    d: 2\n  - {}\n  - []\n",
         "{\"a\":{\"b\":[{\"c\":1,\"d\":2},{},[]]}}"},
        {"---\na: b\n...\n", "{\"a\":\"b\"}"},
        {"{\"a\": {\"b\": null}, \"c\": \"1\"}", "{\"a\":{\"b\":null},\"c\":\"1\"}"},
        {"a:\nb: ~\nc: null\nd: Null\ne: ''\n",
         "{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":\"\"}"},
        {"a: yes\nb: No\nc: on\nd: OFF\ne: true\nf: \"true\"\n",
         "{\"a\":true,\"b\":false,\"c\":true,\"d\":false,\"e\":true,\"f\":\"true\"}"},
        {"a: 0x10\nb: 010\nc: 0o10\nd: 0b11\ne: -7\nf: +7\ng: '10'\n",
         "{\"a\":16,\"b\":8,\"c\":8,\"d\":3,\"e\":-7,\"f\":7,\"g\":\"10\"}"},
        {"a: 1.50\nb: .5\nc: 1e3\nd: 1.\ne: 1.2.3\nf: 100m\ng: .inf\nh: 1e999\n",
         "{\"a\":1.50,\"b\":0.5,\"c\":1000,\"d\":1,\"e\":\"1.2.3\",\"f\":\"100m\",\"g\":\".inf\","
         "\"h\":\"1e999\"}"},
        {"a: 12345678901234567890\nb: 0\nc: -x\nd: .\n",
         "{\"a\":12345678901234567890,\"b\":0,\"c\":\"-x\",\"d\":\".\"}"},
        {"80: x\ntrue: z\n", "{\"80\":\"x\",\"true\":\"z\"}"},
        {"a: |\n  one\n  two\nb: >-\n  three\n  four\n",
         "{\"a\":\"one\\ntwo\\n\",\"b\":\"three four\"}"},
        {"a: 2026-01-02T03:04:05Z\n", "{\"a\":\"2026-01-02T03:04:05Z\"}"},
        {"", "null"},
        {"# nothing\n", "null"},
        {"just text", "\"just text\""},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CLEAT_AUTO_BUF out = {0};
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_OK(cleat_yaml_to_json(cleat_s(all[i].yaml), &out, &e), &e);
        KT_EQ_STR(out.p, all[i].json);
    }
}

static void refuses(void) {
    static const char *const all[] = {"a: [",         "a: b: c",           "a: &x 1\nb: *x\n",
                                      "a: !!str 1\n", "a: 1\n---\nb: 2\n", "? [a]\n: b\n",
                                      "\ta: 1\n",     "a: \"\\xzz\"\n",    "*x",
                                      "a: !t {}\n",   "a: &y []\n",        "a: 1\n b: 2\n"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CLEAT_AUTO_BUF out = {0};
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_EQ_INT(cleat_yaml_to_json(cleat_s(all[i]), &out, &e), CLEAT_E_BAD_REQUEST);
        KT_TRUE(strncmp(e.message, "yaml: line ", 11) == 0);
    }
    char deep[400];
    memset(deep, '[', sizeof deep);
    CLEAT_AUTO_BUF out = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_EQ_INT(cleat_yaml_to_json((struct cleat_str){deep, sizeof deep}, &out, &e),
              CLEAT_E_BAD_REQUEST);
    KT_TRUE(strstr(e.message, "nested too deep") != NULL);
}

/* What is written reads back as it was, and looks as upstream's users know it. */
static void writes(void) {
    static const struct {
        const char *json, *yaml;
    } all[] = {
        {"{\"b\":[{\"y\":1,\"x\":true},[],{}],\"a\":null}",
         "a: null\nb:\n- x: true\n  \"y\": 1\n- []\n- {}\n"},
        {"{\"no\":\"yes\",\"n\":\"1.5\",\"d\":\"2026-01-02T03:04:05Z\",\"e\":\"\",\"v\":\"v1\"}",
         "d: \"2026-01-02T03:04:05Z\"\ne: \"\"\n\"n\": \"1.5\"\n\"no\": \"yes\"\nv: v1\n"},
        {"{\"t\":\"one\\ntwo\\n\",\"u\":\"a: b #c\",\"w\":\"-\",\"x\":\"*\"}",
         "t: |\n  one\n  two\nu: 'a: b #c'\nw: '-'\nx: '*'\n"},
        {"[\"\\u0000\\u0007\",\" \",\"\\n\",\"x\\n\\n "
         "\",\"\\u00e4\",\"~\",\".inf\",\"+1\",\"1_0\",\"1:2\"]",
         NULL},
        {"\"---\"", NULL},
        {"{\"k\":\"a\\r\\nb\\u0085\\u2028\\ufeff\"}", NULL},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CLEAT_AUTO_BUF out = {0}, back = {0}, whole = {0};
        CLEAT_AUTO(cleat_obj) *o = NULL, *again = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_buf_printf(&whole, "{\"v\":%s}", all[i].json);
        KT_REQUIRE_OK(cleat_obj_parse(cleat_s(whole.p), 0, &o, &e), &e);
        cleat_yaml_write(cleat_obj_at(o, CLEAT_PATH("v")), &out);
        if (all[i].yaml != NULL) {
            KT_EQ_STR(out.p, all[i].yaml);
        }
        cleat_buf_puts(&back, "{\"v\":");
        KT_OK(cleat_yaml_to_json((struct cleat_str){out.p, out.n}, &back, &e), &e);
        cleat_buf_puts(&back, "}");
        KT_REQUIRE_OK(cleat_obj_parse(cleat_s(back.p), 0, &again, &e), &e);
        KT_TRUE(cleat_val_equal(cleat_obj_root(o), cleat_obj_root(again)));
    }
}

KT_MAIN("object_yaml", KT_TEST(converts), KT_TEST(refuses), KT_TEST(writes))
