/* SPDX-License-Identifier: Apache-2.0 */
/* fieldValidation over HTTP: unknown and duplicate fields, and Warning headers. */
#include "tests/support/at.h"

#define CMS "/api/v1/namespaces/default/configmaps"

static int count(const struct cleat_buf *b, const char *text) {
    int n = 0;
    for (const char *p = b->p; p != NULL && (p = strstr(p, text)) != NULL; p += strlen(text)) {
        n++;
    }
    return n;
}

static void warns(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    const char *body =
        "{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"1\",\"x\":\"2\"},\"foo\":1,"
        "\"metadata2\":{}}";
    KT_EQ_INT(at_ask(&c, "POST", CMS, NULL, body, &a), 201);
    KT_TRUE(at_has(&a.head, "Warning: 299 - \"duplicate field \\\"data.x\\\"\"\r\n"));
    KT_TRUE(at_has(&a.head, "Warning: 299 - \"unknown field \\\"foo\\\"\"\r\n"));
    KT_TRUE(at_has(&a.head, "Warning: 299 - \"unknown field \\\"metadata2\\\"\"\r\n"));
    KT_EQ_INT(count(&a.head, "Warning:"), 3);
    KT_TRUE(at_has(&a.body, "\"data\":{\"x\":\"2\"}") && strstr(a.body.p, "foo") == NULL);
    /* an answer that is no success tells them too; the next answer has none */
    KT_EQ_INT(at_ask(&c, "POST", CMS, NULL, body, &a), 409);
    KT_EQ_INT(count(&a.head, "Warning:"), 3);
    KT_EQ_INT(at_ask(&c, "GET", CMS "/a", NULL, NULL, &a), 200);
    KT_EQ_INT(count(&a.head, "Warning:"), 0);
    KT_EQ_INT(at_ask(&c, "POST", CMS "?fieldValidation=Ignore&dryRun=All", NULL,
                     "{\"metadata\":{\"name\":\"b\"},\"foo\":1,\"foo\":2}", &a),
              201);
    KT_EQ_INT(count(&a.head, "Warning:"), 0);
    at_disconnect(&c);
    at_close(&at);
}

static void is_strict(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_EQ_INT(at_ask(&c, "POST", CMS "?fieldValidation=Strict", NULL,
                     "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"x\":[{}]},\"data\":{"
                     "\"k\":\"1\",\"k\":\"2\"}}",
                     &a),
              400);
    KT_TRUE(at_has(&a.body, "ConfigMap in version \\\"v1\\\" cannot be handled as a ConfigMap: "
                            "strict decoding error: duplicate field \\\"data.k\\\", unknown field "
                            "\\\"metadata.x\\\""));
    KT_EQ_INT(at_ask(&c, "GET", CMS "/a", NULL, NULL, &a), 404);
    KT_EQ_INT(at_ask(&c, "POST", CMS, NULL, "{\"metadata\":{\"name\":\"a\"}}", &a), 201);
    /* of patches, the patched object counts */
    static const char *const types[] = {"application/merge-patch+json",
                                        "application/strategic-merge-patch+json"};
    for (size_t i = 0; i < 2; i++) {
        CLEAT_AUTO_FREE char *type = cleat_sprintf("Content-Type: %s\r\n", types[i]);
        KT_EQ_INT(at_ask(&c, "PATCH", CMS "/a?fieldValidation=Strict", type,
                         "{\"foo\":1,\"data\":{\"a\":\"1\",\"a\":\"2\"}}", &a),
                  422);
        KT_TRUE(at_has(&a.body, "is invalid: patch: Invalid value: "));
        KT_TRUE(at_has(&a.body, "strict decoding error: duplicate field \\\"data.a\\\", unknown "
                                "field \\\"foo\\\""));
        KT_EQ_INT(at_ask(&c, "PATCH", CMS "/a", type, "{\"data\":{\"a\":1}}", &a), 422);
        KT_TRUE(at_has(&a.body, i == 0 ? "json: cannot unmarshal number into Go struct field "
                                         "ConfigMap.data of type string"
                                       : "patch: Invalid value: \\\"map[data:map[a:1]]\\\": cannot "
                                         "convert int64 to string"));
        KT_EQ_INT(at_ask(&c, "PATCH", CMS "/a", type, "{\"foo\":1}", &a), 200);
        KT_EQ_INT(count(&a.head, "Warning: 299 - \"unknown field \\\"foo\\\"\""), 1);
    }
    static const char *const odd[][2] = {
        {"{\"metadata\":{\"labels\":[\"x\",null]}}",
         "map[metadata:map[labels:[x <nil>]]]\\\": cannot "
         "restore map from slice"},
        {"{\"metadata\":7}", "map[metadata:7]\\\": cannot restore struct from: int64"},
        {"{\"metadata\":{\"finalizers\":\"x\"}}", "cannot restore slice from string"},
        {"{\"immutable\":\"no\",\"data\":{\"b\":\"1\"}}", "map[data:map[b:1] immutable:no]\\\": "
                                                          "unrecognized type: bool"},
        {"{\"binaryData\":{\"b\":\"*\"}}", "error decoding from json: illegal base64 data at input "
                                           "byte 0"},
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        KT_EQ_INT(at_ask(&c, "PATCH", CMS "/a",
                         "Content-Type: application/strategic-merge-patch+json\r\n", odd[i][0], &a),
                  422);
        KT_TRUE(at_has(&a.body, odd[i][1]));
    }
    KT_EQ_INT(at_ask(&c, "POST", CMS "?fieldValidation=strict", NULL, "{}", &a), 422);
    KT_TRUE(at_has(&a.body, "CreateOptions.meta.k8s.io \\\"\\\" is invalid: fieldValidation: "
                            "Unsupported value: \\\"strict\\\": supported values: \\\"\\\", "
                            "\\\"Ignore\\\", \\\"Strict\\\", \\\"Warn\\\""));
    at_disconnect(&c);
    at_close(&at);
}

/* A body of nothing but unknown fields: the headers stay short, and are valid. */
static void many_warnings(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    CLEAT_AUTO_BUF body = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    cleat_buf_puts(&body, "{\"metadata\":{\"name\":\"a\"},\"bad\\u0001key\":1,\"bad\\\"quote\":1");
    for (int i = 0; i < 5000; i++) {
        cleat_buf_printf(&body, ",\"%0300d\":1", i);
    }
    cleat_buf_putc(&body, '}');
    KT_EQ_INT(at_ask(&c, "POST", CMS, NULL, body.p, &a), 201);
    KT_TRUE(count(&a.head, "Warning:") > 10);
    KT_TRUE(a.head.n < 8192);
    KT_TRUE(strchr(a.head.p, 1) == NULL);
    at_disconnect(&c);
    at_close(&at);
}

KT_MAIN("api_strict", KT_TEST(warns), KT_TEST(is_strict), KT_TEST(many_warnings))
