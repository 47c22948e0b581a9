/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: every accessor, on present, absent and odd values, narrow and wide. */
#include "core/object/object.h"
#include "tests/support/docs.h"
#include "tests/support/kt.h"

static cleat_obj *make(const char *json) {
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    return o;
}

static void test_get(void) {
    CLEAT_AUTO(cleat_obj) *o = make("{\"a\":{\"b\":[1,{\"c\":\"x\"},[[]],{}]},\"b\":1,\"ab\":2,"
                                    "\"q\\\"\\n\":3,\"\":4,\",\":5,\"{\":6,\"x\\\\\":7}");
    struct cleat_val r = cleat_obj_root(o);
    int64_t n = 0;
    KT_EQ_S(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("a", "b", "1", "c"))), CLEAT_STR("x"));
    static const struct {
        const char *key;
        int64_t value;
    } keys[] = {{"b", 1}, {"ab", 2}, {"q\"\n", 3}, {"", 4}, {",", 5}, {"{", 6}, {"x\\", 7}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        KT_TRUE(cleat_val_int(cleat_val_get(r, keys[i].key), &n));
        KT_EQ_INT(n, keys[i].value);
    }
    /* A key that looks like text between members is not found. */
    static const char *const absent[] = {"c", "b\":1,\"ab", "q\\\"\\n", "\"", "a\":{\"b", "x"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        KT_TRUE(!cleat_val_present(cleat_val_get(r, absent[i])));
    }
    KT_TRUE(!cleat_val_present(cleat_obj_at(o, CLEAT_PATH("a", "b", "4"))));
    KT_TRUE(!cleat_val_present(cleat_obj_at(o, CLEAT_PATH("a", "b", "01"))));
    KT_TRUE(!cleat_val_present(cleat_obj_at(o, CLEAT_PATH("a", "b", "-"))));
    KT_TRUE(!cleat_val_present(cleat_obj_at(o, CLEAT_PATH("b", "c", "d"))));
    KT_EQ_INT(cleat_val_type(cleat_obj_at(o, CLEAT_PATH("a", "b", "2", "0"))), CLEAT_ARRAY);
    KT_EQ_S(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("a"))),
            CLEAT_STR("{\"b\":[1,{\"c\":\"x\"},[[]],{}]}"));
    KT_EQ_S(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("a", "b", "2"))), CLEAT_STR("[[]]"));
    KT_EQ_S(cleat_val_raw(r), cleat_obj_bytes(o));
}

static void test_types(void) {
    CLEAT_AUTO(cleat_obj) *o = make("{\"l\":[null,true,false,-1,\"s\",[],{}]}");
    struct cleat_val l = cleat_val_get(cleat_obj_root(o), "l");
    static const int32_t types[] = {CLEAT_NULL,   CLEAT_BOOL,  CLEAT_BOOL,  CLEAT_NUMBER,
                                    CLEAT_STRING, CLEAT_ARRAY, CLEAT_OBJECT};
    struct cleat_iter it = {0};
    uint32_t i = 0;
    for (; cleat_val_next(l, &it); i++) {
        KT_EQ_INT(cleat_val_type(it.val), types[i]);
        KT_EQ_INT(it.index, i);
        KT_EQ_INT(it.key.n, 0);
        KT_EQ_INT(cleat_val_bool(it.val, 7), i == 1 ? 1 : i == 2 ? 0 : 7);
        KT_EQ_S(cleat_val_str(it.val), i == 4 ? CLEAT_STR("s") : CLEAT_STR(""));
    }
    KT_EQ_INT(i, 7);
    KT_EQ_INT(cleat_val_count(l), 7);
    KT_EQ_INT(cleat_val_count(cleat_val_elem(l, 0)), 0);
    struct cleat_val none = cleat_val_elem(l, 7);
    it = (struct cleat_iter){0};
    KT_EQ_INT(cleat_val_type(none), CLEAT_ABSENT);
    KT_EQ_INT(cleat_val_next(none, &it), 0);
    KT_EQ_INT(cleat_val_next(cleat_val_elem(l, 4), &it), 0);
    KT_EQ_INT(cleat_val_count(none), 0);
    KT_EQ_S(cleat_val_raw(none), CLEAT_STR(""));
    KT_TRUE(cleat_val_strdup(none) == NULL);
}

static void test_integers(void) {
    static const struct {
        const char *text;
        int ok;
        int64_t value;
    } cases[] = {
        {"0", 1, 0},
        {"-0", 1, 0},
        {"9223372036854775807", 1, INT64_MAX},
        {"-9223372036854775808", 1, INT64_MIN},
        {"9223372036854775808", 0, 0},
        {"-9223372036854775809", 0, 0},
        {"99999999999999999999999", 0, 0},
        {"1.0", 0, 0},
        {"1e3", 0, 0},
        {"\"1\"", 0, 0},
        {"true", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEAT_AUTO_FREE char *json = cleat_sprintf("{\"n\":%s}", cases[i].text);
        CLEAT_AUTO(cleat_obj) *o = make(json);
        int64_t n = 77;
        KT_EQ_INT(cleat_val_int(cleat_val_get(cleat_obj_root(o), "n"), &n), cases[i].ok);
        KT_EQ_INT(n, cases[i].ok ? cases[i].value : 77);
    }
}

static void test_decode(void) {
    CLEAT_AUTO(cleat_obj) *o =
        make("{\"s\":\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\xc3\xa9\",\"p\":\"pq\"}");
    struct cleat_val s = cleat_val_get(cleat_obj_root(o), "s");
    CLEAT_AUTO_FREE char *text = cleat_val_strdup(s);
    KT_EQ_STR(text, "a\"\\\b\f\n\r\t\x01\xc3\xa9");
    char buf[4] = "zzz";
    KT_EQ_INT(cleat_val_decode(s, buf, sizeof buf), 11);
    KT_EQ_STR(buf, "a\"\\");
    KT_EQ_INT(cleat_val_decode(s, NULL, 0), 11);
    KT_EQ_INT(cleat_val_decode(cleat_val_get(cleat_obj_root(o), "p"), buf, 2), 2);
    KT_EQ_STR(buf, "p");
    KT_EQ_INT(cleat_val_decode(cleat_obj_root(o), buf, 2), 0);
    KT_EQ_STR(buf, "");
    /* Canonical text is what base writes, and decodes to what it was made from. */
    for (int c = 1; c < 0x80; c++) {
        CLEAT_AUTO_BUF b = {0};
        char one[2] = {(char)c, 0};
        cleat_buf_puts(&b, "{\"k\":");
        cleat_buf_json(&b, cleat_s(one));
        cleat_buf_putc(&b, '}');
        CLEAT_AUTO(cleat_obj) *x = NULL;
        KT_REQUIRE_OK(cleat_obj_parse_trusted((struct cleat_str){b.p, b.n}, &x, NULL), NULL);
        CLEAT_AUTO_FREE char *back = cleat_val_strdup(cleat_val_get(cleat_obj_root(x), "k"));
        KT_EQ_STR(back, one);
    }
}

static void test_equal(void) {
    static const struct {
        const char *a, *b;
        int equal;
    } cases[] = {
        {"{}", "{}", 1},
        {"{\"a\":1,\"b\":[1,{\"x\":0,\"y\":0}]}", "{\"b\":[1,{\"y\":0,\"x\":0}],\"a\":1}", 1},
        {"{\"a\":[1,2]}", "{\"a\":[2,1]}", 0},
        {"{\"a\":1}", "{\"a\":1.0}", 0},
        {"{\"a\":\"\\u0041\"}", "{\"a\":\"A\"}", 1},
        {"{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", 0},
        {"{\"a\":1,\"b\":2}", "{\"a\":1}", 0},
        {"{\"a\":{}}", "{\"a\":[]}", 0},
        {"{\"a\":null}", "{}", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEAT_AUTO(cleat_obj) *a = make(cases[i].a), *b = make(cases[i].b);
        KT_EQ_INT(cleat_val_equal(cleat_obj_root(a), cleat_obj_root(b)), cases[i].equal);
    }
    CLEAT_AUTO(cleat_obj) *o = make("{\"a\":1}");
    struct cleat_val none = cleat_val_get(cleat_obj_root(o), "b");
    KT_EQ_INT(cleat_val_equal(none, none), 1);
    KT_EQ_INT(cleat_val_equal(none, cleat_obj_root(o)), 0);
}

/* Members in another order on every level: must not take time to the power of depth. */
static void test_equal_deep(void) {
    CLEAT_AUTO_BUF a = {0};
    CLEAT_AUTO_BUF b = {0};
    for (int i = 0; i < 100; i++) {
        cleat_buf_puts(&a, "{\"deep\":");
        cleat_buf_puts(&b, "{\"deep\":");
    }
    cleat_buf_puts(&a, "1");
    cleat_buf_puts(&b, "1");
    for (int i = 0; i < 100; i++) {
        cleat_buf_puts(&a, ",\"x\":1,\"y\":2}");
        cleat_buf_puts(&b, ",\"y\":2,\"x\":1}");
    }
    CLEAT_AUTO(cleat_obj) *x = make(a.p), *y = make(b.p);
    KT_EQ_INT(cleat_val_equal(cleat_obj_root(x), cleat_obj_root(y)), 1);
}

/* Raw texts, keys and successors of one value and all below it agree with each other. */
static size_t check_value(struct cleat_val v) {
    struct cleat_iter it = {0};
    size_t n = 1;
    struct cleat_str raw = cleat_val_raw(v);
    const char *at = raw.p + 1;
    bool object = cleat_val_type(v) == CLEAT_OBJECT;
    if (cleat_val_count(v) == 0) {
        return 1;
    }
    while (cleat_val_next(v, &it)) {
        at += it.index > 0; /* the comma */
        if (object) {
            at++;
            KT_TRUE(it.key.p == at);
            at += it.key.n + 2;
        }
        struct cleat_str child = cleat_val_raw(it.val);
        KT_TRUE(child.p == at);
        at += child.n;
        n += check_value(it.val);
    }
    KT_TRUE(at + 1 == raw.p + raw.n);
    return n;
}

static void test_walk(void) {
    CLEAT_AUTO_FREE char *text = docs_node(3);
    CLEAT_AUTO(cleat_obj) *o = make(text);
    size_t n = check_value(cleat_obj_root(o));
    /* The same again beyond 64 KiB. */
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b, "{\"items\":[");
    for (unsigned i = 0; i < 20; i++) {
        cleat_buf_puts(&b, i ? "," : "");
        cleat_buf_puts(&b, text);
    }
    cleat_buf_puts(&b, "]}");
    KT_TRUE(b.n > 65536);
    CLEAT_AUTO(cleat_obj) *wide = make(b.p);
    KT_EQ_INT(check_value(cleat_obj_root(wide)), 20 * n + 2);
    KT_EQ_S(cleat_val_str(cleat_obj_at(wide, CLEAT_PATH("items", "19", "metadata", "name"))),
            cleat_obj_name(o));
    KT_EQ_S(cleat_val_raw(cleat_obj_at(wide, CLEAT_PATH("items", "19"))), cleat_obj_bytes(o));
}

/* The widths change at 64 KiB: both sides of the border. */
static void test_border(void) {
    for (size_t size = 65530; size < 65545; size++) {
        CLEAT_AUTO_BUF b = {0};
        cleat_buf_puts(&b, "{\"a\":\"");
        while (b.n < size - 9) {
            cleat_buf_putc(&b, 'x');
        }
        cleat_buf_puts(&b, "\",\"b\":5}");
        CLEAT_AUTO(cleat_obj) *o = make(b.p);
        int64_t n = 0;
        KT_TRUE(cleat_val_int(cleat_val_get(cleat_obj_root(o), "b"), &n) && n == 5);
        KT_EQ_INT(cleat_val_str(cleat_val_get(cleat_obj_root(o), "a")).n, size - 15);
    }
}

/* Many threads read, count and derive from one object; each ends with its scratch freed. */
static _Atomic unsigned shared_ok;

static void *use_shared(void *arg) {
    cleat_obj *shared = arg;
    for (unsigned i = 0; i < 300; i++) {
        cleat_obj *o = cleat_obj_ref(shared), *next = NULL;
        struct cleat_splice s = {CLEAT_PATH("spec", "nodeName"), CLEAT_STR("\"other\"")};
        bool ok = cleat_val_equal(cleat_obj_root(o), cleat_obj_root(shared)) &&
                  cleat_obj_splice(o, &s, 1, &next, NULL) == CLEAT_OK &&
                  cleat_eqc(cleat_val_str(cleat_obj_at(next, s.path)), "other");
        atomic_fetch_add(&shared_ok, ok); /* CUnit knows one thread */
        cleat_obj_unref(o);
        cleat_obj_unref(next);
    }
    cleat_obj_unref(shared);
    return NULL;
}

static void test_threads(void) {
    CLEAT_AUTO_FREE char *text = docs_pod(1);
    cleat_obj *o = make(text);
    pthread_t t[4];
    for (size_t i = 0; i < 4; i++) {
        t[i] = cleat_thread_start("reader", use_shared, cleat_obj_ref(o));
    }
    cleat_obj_unref(o);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
    }
    KT_EQ_INT(atomic_load(&shared_ok), 4 * 300);
}

KT_MAIN("object_val", KT_TEST(test_get), KT_TEST(test_types), KT_TEST(test_integers),
        KT_TEST(test_decode), KT_TEST(test_equal), KT_TEST(test_equal_deep), KT_TEST(test_walk),
        KT_TEST(test_border), KT_TEST(test_threads))
