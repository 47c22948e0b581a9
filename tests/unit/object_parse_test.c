/* SPDX-License-Identifier: Apache-2.0 */
/* What the scanner takes, refuses and makes of it. */
#include "core/base/limits.h"
#include "core/object/object.h"
#include "tests/support/docs.h"
#include "tests/support/kt.h"

static cleat_err parse(struct cleat_str json, unsigned flags, cleat_obj **ret,
                       struct cleat_error *e) {
    /* From a block of exactly this size, so that ASan sees a read beyond it. */
    char *copy = cleat_alloc(json.n);
    if (json.n > 0) {
        memcpy(copy, json.p, json.n);
    }
    cleat_err err = cleat_obj_parse((struct cleat_str){copy, json.n}, flags, ret, e);
    free(copy);
    return err;
}

static const struct {
    struct cleat_str json;
    const char *canonical;
} good[] = {
#define GOOD(json, canonical)                                                                      \
    { {json, sizeof(json) - 1}, canonical }
    GOOD("{}", "{}"),
    GOOD(" \t\r\n{ } \n", "{}"),
    GOOD("{\"a\":1}", "{\"a\":1}"),
    GOOD("{ \"a\" : [ ] , \"b\" : { } }", "{\"a\":[],\"b\":{}}"),
    GOOD("{\"a\":[1,-0,0.10,1e5,1E+5,-12.5e-3,123456789012345678901234567890]}",
         "{\"a\":[1,-0,0.10,1e5,1E+5,-12.5e-3,123456789012345678901234567890]}"),
    GOOD("{\"a\":[true , false,null]}", "{\"a\":[true,false,null]}"),
    GOOD("{\"\\u0061\":\"\\u0041\\/\\u00e9\"}", "{\"a\":\"A/\xc3\xa9\"}"),
    GOOD("{\"a\":\"\\b\\f\\n\\r\\t\\\"\\\\\"}", "{\"a\":\"\\b\\f\\n\\r\\t\\\"\\\\\"}"),
    GOOD("{\"a\":\"\\u0008\\u000C\\u000a\\u000D\\u0009\\u0022\\u005c\"}",
         "{\"a\":\"\\b\\f\\n\\r\\t\\\"\\\\\"}"),
    GOOD("{\"a\":\"\\u0000\\u001F\\u001f\\u007f\"}", "{\"a\":\"\\u0000\\u001f\\u001f\x7f\"}"),
    GOOD("{\"a\":\"\\ud83d\\ude00\"}", "{\"a\":\"\xf0\x9f\x98\x80\"}"),
    GOOD("{\"a\":\"\\ud83d\"}", "{\"a\":\"\xef\xbf\xbd\"}"),
    GOOD("{\"a\":\"\\ude00x\"}", "{\"a\":\"\xef\xbf\xbdx\"}"),
    GOOD("{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "{\"a\":\"\xef\xbf\xbd\xf0\x9f\x98\x80\"}"),
    GOOD("{\"a\":\"\\ud83d\\n\"}", "{\"a\":\"\xef\xbf\xbd\\n\"}"),
    GOOD("{\"a\":\"\\u2028\\u003c\"}", "{\"a\":\"\xe2\x80\xa8<\"}"),
    GOOD("{\"a\":\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80"
         "\xf4\x8f\xbf\xbf\"}",
         "{\"a\":\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80"
         "\xf4\x8f\xbf\xbf\"}"),
    GOOD("{\"\":{\"\":\"\"}}", "{\"\":{\"\":\"\"}}"),
    /* Of members with one key the last stays, at its own place. */
    GOOD("{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}"),
    GOOD("{\"a\":1,\"\\u0061\":2}", "{\"a\":2}"),
    GOOD("{\"a\":{\"x\":1,\"x\":2},\"b\":0,\"a\":{\"y\":1,\"y\":3},\"b\":{\"z\":1,\"z\":[2]}}",
         "{\"a\":{\"y\":3},\"b\":{\"z\":[2]}}"),
    GOOD("{\"a\": 1, \"a\" : 2, \"a\" :3 }", "{\"a\":3}"),
};

static void test_good(void) {
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CLEAT_AUTO(cleat_obj) *o = NULL, *again = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_REQUIRE_OK(parse(good[i].json, 0, &o, &e), &e);
        KT_EQ_S(cleat_obj_bytes(o), cleat_s(good[i].canonical));
        KT_EQ_INT(cleat_obj_bytes(o).p[cleat_obj_bytes(o).n], 0);
        KT_REQUIRE_OK(cleat_obj_parse_trusted(cleat_obj_bytes(o), &again, &e), &e);
        KT_EQ_S(cleat_obj_bytes(again), cleat_obj_bytes(o));
    }
}

static const struct {
    struct cleat_str json;
    const char *message;
} bad[] = {
#define BAD(json, message)                                                                         \
    { {json, sizeof(json) - 1}, message }
    BAD("", "unexpected end of JSON input"),
    BAD("  ", "unexpected end of JSON input"),
    BAD("[]", "expected an object"),
    BAD("\"a\"", "expected an object"),
    BAD("null", "expected an object"),
    BAD("{", "unexpected end of JSON input"),
    BAD("{\"a\"", "unexpected end of JSON input"),
    BAD("{\"a\":", "unexpected end of JSON input"),
    BAD("{\"a\":1", "unexpected end of JSON input"),
    BAD("{\"a\":[1", "unexpected end of JSON input"),
    BAD("{\"a\":\"x", "unexpected end of JSON input"),
    BAD("{\"a\":\"x\\", "unexpected end of JSON input"),
    BAD("{\"a\":1}}", "text after the end"),
    BAD("{} {}", "text after the end"),
    BAD("{}\0", "text after the end"),
    BAD("\xef\xbb\xbf{}", "expected an object"),
    BAD("{\"a\":1,}", "expected a key"),
    BAD("{,}", "expected a key"),
    BAD("{a:1}", "expected a key"),
    BAD("{'a':1}", "expected a key"),
    BAD("{\"a\" 1}", "expected ':'"),
    BAD("{\"a\"::1}", "expected a value"),
    BAD("{\"a\":1 \"b\":2}", "expected ',' or '}'"),
    BAD("{\"a\":[1 2]}", "expected ',' or ']'"),
    BAD("{\"a\":[1,]}", "expected a value"),
    BAD("{\"a\":[,1]}", "expected a value"),
    BAD("{\"a\":[1}", "expected ',' or ']'"),
    BAD("{\"a\":{]}", "expected a key"),
    BAD("{\"a\":01}", "expected ',' or '}'"),
    BAD("{\"a\":-}", "expected a digit"),
    BAD("{\"a\":+1}", "expected a value"),
    BAD("{\"a\":.5}", "expected a value"),
    BAD("{\"a\":1.}", "expected a digit after the decimal point"),
    BAD("{\"a\":1.e5}", "expected a digit after the decimal point"),
    BAD("{\"a\":1e}", "expected a digit in the exponent"),
    BAD("{\"a\":1e+}", "expected a digit in the exponent"),
    BAD("{\"a\":0x10}", "expected ',' or '}'"),
    BAD("{\"a\":NaN}", "expected a value"),
    BAD("{\"a\":Infinity}", "expected a value"),
    BAD("{\"a\":tru}", "expected a value"),
    BAD("{\"a\":True}", "expected a value"),
    BAD("{\"a\":nul", "expected a value"),
    BAD("{\"a\":\"\n\"}", "control character in string"),
    BAD("{\"a\":\"\0\"}", "control character in string"),
    BAD("{\"a\":\"\\x41\"}", "unknown escape"),
    BAD("{\"a\":\"\\'\"}", "unknown escape"),
    BAD("{\"a\":\"\\u12\"}", "four hexadecimal digits"),
    BAD("{\"a\":\"\\u12G4\"}", "four hexadecimal digits"),
    BAD("{\"a\":\"\\ud83d\\u12\"}", "four hexadecimal digits"),
    BAD("{\"a\":\"\x80\"}", "not UTF-8"),
    BAD("{\"a\":\"\xc0\x80\"}", "not UTF-8"),
    BAD("{\"a\":\"\xc1\xbf\"}", "not UTF-8"),
    BAD("{\"a\":\"\xe0\x9f\xbf\"}", "not UTF-8"),
    BAD("{\"a\":\"\xed\xa0\x80\"}", "not UTF-8"),
    BAD("{\"a\":\"\xf0\x8f\xbf\xbf\"}", "not UTF-8"),
    BAD("{\"a\":\"\xf4\x90\x80\x80\"}", "not UTF-8"),
    BAD("{\"a\":\"\xf5\x80\x80\x80\"}", "not UTF-8"),
    BAD("{\"a\":\"\xe2\x82\"}", "not UTF-8"),
    BAD("{\"a\":\"\xe2\x82", "not UTF-8"),
    BAD("{\"a\":\"\xff\"}", "not UTF-8"),
    BAD("{\"a\\u0000b\":1}", "NUL"),
    BAD("{\"a\":1}//x", "text after the end"),
    BAD("{/**/}", "expected a key"),
    BAD("{\"a\":\v1}", "expected a value"),
    BAD("{\f}", "expected a key"),
};

static void test_bad(void) {
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cleat_obj *o = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_EQ_INT(parse(bad[i].json, 0, &o, &e), CLEAT_E_BAD_REQUEST);
        if (strstr(e.message, bad[i].message) == NULL) {
            KT_EQ_STR(e.message, bad[i].message);
        }
        KT_TRUE(o == NULL);
    }
}

static void test_duplicates_refused(void) {
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"{\"a\":1,\"a\":2}", "duplicate field \"a\""},
        {"{\"spec\":{\"x\":1,\"y\":{},\"x\":2}}", "duplicate field \"spec.x\""},
        {"{\"spec\":{\"list\":[{},{\"x\":[]},{\"x\":1,\"x\":1}]}}",
         "duplicate field \"spec.list[2].x\""},
        {"{\"a\":[[1,2],[3,{\"b\":{\"c\":0,\"c\":0}}]]}", "duplicate field \"a[1][1].b.c\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cleat_obj *o = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_EQ_INT(parse(cleat_s(cases[i].json), CLEAT_PARSE_NO_DUPLICATES, &o, &e),
                  CLEAT_E_BAD_REQUEST);
        KT_EQ_STR(e.message, cases[i].message);
    }
}

/* Many members, some twice: found by hash, in time that grows with their number. */
static void test_duplicates_many(void) {
    enum { N = 60000 };
    CLEAT_AUTO_BUF b = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_buf_putc(&b, '{');
    for (int i = 0; i < N; i++) {
        cleat_buf_printf(&b, "%s\"same-start-%d-same-end\":%d", i ? "," : "", i % (N - 10), i);
    }
    cleat_buf_putc(&b, '}');
    KT_REQUIRE_OK(parse((struct cleat_str){b.p, b.n}, 0, &o, &e), &e);
    KT_EQ_INT(cleat_val_count(cleat_obj_root(o)), N - 10);
    int64_t n = 0;
    KT_TRUE(cleat_val_int(cleat_val_get(cleat_obj_root(o), "same-start-3-same-end"), &n));
    KT_EQ_INT(n, N - 10 + 3);
    KT_EQ_INT(parse((struct cleat_str){b.p, b.n}, CLEAT_PARSE_NO_DUPLICATES, &o, &e),
              CLEAT_E_BAD_REQUEST);
}

static cleat_err parse_nested(unsigned depth, cleat_obj **ret, struct cleat_error *e) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b, "{\"a\":");
    for (unsigned i = 1; i < depth; i++) {
        cleat_buf_putc(&b, '[');
    }
    for (unsigned i = 1; i < depth; i++) {
        cleat_buf_putc(&b, ']');
    }
    cleat_buf_puts(&b, depth > 1 ? "}" : "0}");
    return parse((struct cleat_str){b.p, b.n}, 0, ret, e);
}

static void test_limits(void) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(parse_nested(CLEAT_LIMIT_JSON_DEPTH, &o, &e), &e);
    cleat_obj *none = NULL;
    KT_EQ_INT(parse_nested(CLEAT_LIMIT_JSON_DEPTH + 1, &none, &e), CLEAT_E_BAD_REQUEST);
    KT_EQ_STR(e.message, "JSON has more than 128 levels");

    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b, "{\"a\":[0");
    for (unsigned i = 3; i < CLEAT_LIMIT_JSON_NODES; i++) {
        cleat_buf_puts(&b, ",0");
    }
    cleat_buf_puts(&b, "]}");
    CLEAT_AUTO(cleat_obj) *big = NULL;
    KT_REQUIRE_OK(parse((struct cleat_str){b.p, b.n}, 0, &big, &e), &e);
    KT_EQ_INT(cleat_val_count(cleat_val_get(cleat_obj_root(big), "a")), CLEAT_LIMIT_JSON_NODES - 2);
    b.n -= 2;
    cleat_buf_puts(&b, ",0]}");
    KT_EQ_INT(parse((struct cleat_str){b.p, b.n}, 0, &none, &e), CLEAT_E_BAD_REQUEST);

    b.n = 0;
    while (b.n <= CLEAT_LIMIT_BODY) {
        cleat_buf_puts(&b, "                                                                ");
    }
    KT_EQ_INT(parse((struct cleat_str){b.p, b.n}, 0, &none, &e), CLEAT_E_TOO_LARGE);
    KT_TRUE(none == NULL);
}

/* Bytes that a broken disk may hand us: an error, never more. */
static void test_trusted_garbage(void) {
    CLEAT_AUTO_FREE char *pod = docs_pod(7);
    size_t n = strlen(pod);
    cleat_random_seed(11);
    for (int round = 0; round < 4000; round++) {
        CLEAT_AUTO_FREE char *bytes = cleat_alloc(n);
        memcpy(bytes, pod, n);
        for (uint64_t k = cleat_random() % 3 + 1; k > 0; k--) {
            bytes[cleat_random() % n] = (char)cleat_random();
        }
        size_t cut = cleat_random() % 4 == 0 ? cleat_random() % n : n;
        CLEAT_AUTO(cleat_obj) *o = NULL;
        cleat_err err = cleat_obj_parse_trusted((struct cleat_str){bytes, cut}, &o, NULL);
        if (err == CLEAT_OK &&
            !KT_TRUE(cleat_eq(cleat_obj_bytes(o), (struct cleat_str){bytes, cut}))) {
            return;
        }
    }
    static const char *const refused[] = {"{ }", "{}\n", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\/\"}",
                                          "{\"a\":1,\"a\":1}"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        cleat_obj *o = NULL;
        KT_EQ_INT(cleat_obj_parse_trusted(cleat_s(refused[i]), &o, NULL), CLEAT_E_BAD_REQUEST);
    }
}

static void test_header(void) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    KT_REQUIRE_OK(parse(CLEAT_STR("{\"metadata\":{\"resourceVersion\":\"99\",\"namespace\":\"ns\","
                                  "\"name\":\"n\",\"uid\":\"u-1\",\"labels\":{\"name\":\"x\"}},"
                                  "\"spec\":{\"name\":\"y\"}}"),
                        0, &o, NULL),
                  NULL);
    KT_EQ_S(cleat_obj_name(o), CLEAT_STR("n"));
    KT_EQ_S(cleat_obj_ns(o), CLEAT_STR("ns"));
    KT_EQ_S(cleat_obj_uid(o), CLEAT_STR("u-1"));
    KT_EQ_INT(cleat_obj_revision(o), 99);
    cleat_obj_stamp_kind(o, 5);

    const char *bytes = cleat_obj_bytes(o).p;
    o = cleat_obj_set_revision(o, 42); /* as wide: in place */
    KT_TRUE(cleat_obj_bytes(o).p == bytes);
    KT_EQ_INT(cleat_obj_revision(o), 42);
    o = cleat_obj_set_revision(o, 1234567);
    KT_EQ_INT(cleat_obj_revision(o), 1234567);
    KT_EQ_INT(cleat_obj_kind(o), 5);
    KT_EQ_S(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("metadata", "resourceVersion"))),
            CLEAT_STR("1234567"));
    KT_EQ_S(cleat_obj_uid(o), CLEAT_STR("u-1"));
    o = cleat_obj_set_revision(o, UINT64_MAX / 4);
    KT_EQ_INT(cleat_obj_revision(o), UINT64_MAX / 4);

    static const char *const none[] = {
        "{}",
        "{\"metadata\":null}",
        "{\"metadata\":[]}",
        "{\"metadata\":{\"name\":1,\"uid\":null}}",
        "{\"metadata\":{\"resourceVersion\":\"1x\"}}",
        "{\"metadata\":{\"resourceVersion\":\"\"}}",
        "{\"metadata\":{\"resourceVersion\":\"01\"}}",
        "{\"metadata\":{\"resourceVersion\":12}}",
        "{\"metadata\":{\"resourceVersion\":\"12345678901234567890123\"}}",
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        CLEAT_AUTO(cleat_obj) *x = NULL;
        KT_REQUIRE_OK(parse(cleat_s(none[i]), 0, &x, NULL), NULL);
        KT_EQ_INT(cleat_obj_revision(x), 0);
        KT_EQ_INT(cleat_obj_name(x).n, 0);
        KT_EQ_INT(cleat_obj_uid(x).n, 0);
        if (i != 2) { /* metadata that is an array cannot take a field */
            x = cleat_obj_set_revision(x, 7);
            KT_EQ_INT(cleat_obj_revision(x), 7);
        }
    }
}

/* Issue 2: at most 1.6 times the JSON bytes, for what clusters store. */
static void test_memory(void) {
    char *(*const docs[])(unsigned) = {docs_lease, docs_pod, docs_node};
    const size_t least[] = {450, 2400, 4700};
    for (size_t i = 0; i < 3; i++) {
        CLEAT_AUTO_FREE char *text = docs[i](12345);
        CLEAT_AUTO(cleat_obj) *o = NULL;
        KT_REQUIRE_OK(parse(cleat_s(text), 0, &o, NULL), NULL);
        KT_TRUE(cleat_obj_bytes(o).n >= least[i]);
        KT_TRUE((double)cleat_obj_memory(o) <= 1.6 * (double)cleat_obj_bytes(o).n);
    }
}

static void test_references(void) {
    cleat_obj *o = NULL;
    KT_REQUIRE_OK(parse(CLEAT_STR("{}"), 0, &o, NULL), NULL);
    KT_TRUE(cleat_obj_ref(o) == o);
    cleat_obj_unref(o);
    KT_EQ_S(cleat_obj_bytes(o), CLEAT_STR("{}"));
    cleat_obj_unref(o);
    cleat_obj_unref(NULL);
    KT_TRUE(cleat_obj_ref(NULL) == NULL);
}

KT_MAIN("object_parse", KT_TEST(test_good), KT_TEST(test_bad), KT_TEST(test_duplicates_refused),
        KT_TEST(test_duplicates_many), KT_TEST(test_limits), KT_TEST(test_trusted_garbage),
        KT_TEST(test_header), KT_TEST(test_memory), KT_TEST(test_references))
