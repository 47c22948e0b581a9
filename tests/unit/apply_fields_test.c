/* SPDX-License-Identifier: Apache-2.0 */
/* Field sets: FieldsV1 to the byte, and the algebra against a naive model. */
#include "core/apply/fields.h"
#include "tests/support/kt.h"

/* ---- FieldsV1 ---- */

/* Parses a set and writes it again. Owned; NULL where it was refused. */
static char *again(const char *json) {
    CLEAT_AUTO_ARENA a = {NULL, NULL, 0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    const struct cleat_fields *s = NULL;
    struct cleat_buf out = {0};
    if (cleat_obj_parse(cleat_s(json), 0, &o, NULL) != CLEAT_OK ||
        cleat_fields_parse(&a, cleat_obj_root(o), &s, NULL) != CLEAT_OK) {
        return NULL;
    }
    cleat_fields_write(s, &out);
    return cleat_buf_take(&out);
}

#define AGAIN(json, want)                                                                          \
    do {                                                                                           \
        CLEAT_AUTO_FREE char *got_ = again(json);                                                  \
        KT_EQ_STR(got_ != NULL ? got_ : "(refused)", want);                                        \
    } while (0)
#define SAME(json) AGAIN(json, json)

static void fieldsv1(void) {
    SAME("{}");
    SAME("{\"f:a\":{}}");
    SAME("{\"f:a\":{\".\":{},\"f:b\":{}}}");
    SAME("{\"f:a\":{\"f:b\":{},\"f:c\":{}}}");
    SAME("{\"k:{\\\"name\\\":\\\"x\\\"}\":{\".\":{},\"f:image\":{}}}");
    SAME("{\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{}}");
    SAME("{\"v:\\\"a\\\"\":{},\"v:\\\"b\\\"\":{}}");
    SAME("{\"i:0\":{},\"i:2\":{},\"i:10\":{}}");
    /* The order: fields, keys, values, indexes; numbers as numbers. */
    AGAIN("{\"i:10\":{},\"i:9\":{},\"v:10\":{},\"v:9\":{},\"v:\\\"a\\\"\":{},\"v:true\":{},"
          "\"k:{\\\"a\\\":10}\":{},\"k:{\\\"a\\\":9}\":{},\"f:b\":{},\"f:a\":{}}",
          "{\"f:a\":{},\"f:b\":{},\"k:{\\\"a\\\":9}\":{},\"k:{\\\"a\\\":10}\":{},\"v:9\":{},"
          "\"v:10\":{},\"v:\\\"a\\\"\":{},\"v:true\":{},\"i:9\":{},\"i:10\":{}}");
    AGAIN("{\"v:false\":{},\"v:\\\"b\\\"\":{},\"v:-1.5\":{},\"v:\\\"B\\\"\":{}}",
          "{\"v:-1.5\":{},\"v:\\\"B\\\"\":{},\"v:\\\"b\\\"\":{},\"v:false\":{}}");
    /* Keys are sorted inside too, and one key less comes first. */
    AGAIN("{\"k:{\\\"b\\\":1,\\\"a\\\":\\\"x\\\"}\":{},\"k:{\\\"a\\\":\\\"x\\\"}\":{}}",
          "{\"k:{\\\"a\\\":\\\"x\\\"}\":{},\"k:{\\\"a\\\":\\\"x\\\",\\\"b\\\":1}\":{}}");
    AGAIN("{\"k:{ \\\"a\\\" : \\\"<\\\" }\":{}}", "{\"k:{\\\"a\\\":\\\"\\\\u003c\\\"}\":{}}");
    AGAIN("{\"v: 1 \":{}}", "{\"v:1\":{}}");
    /* The same element twice is one; unknown letters go. */
    AGAIN("{\"f:a\":{\"f:b\":{}},\"f:c\":{},\"x:new\":{\"f:d\":{}}}",
          "{\"f:a\":{\"f:b\":{}},\"f:c\":{}}");
    AGAIN("{\"v:1\":{},\"v: 1\":{\"f:a\":{}},\"v:1 \":{\"f:b\":{}}}",
          "{\"v:1\":{\".\":{},\"f:a\":{},\"f:b\":{}}}");
    AGAIN("{\"f:a\":{\"x:y\":{}}}", "{\"f:a\":{}}");
    /* Names may have anything in them. */
    SAME("{\"f:\":{},\"f:a b\":{},\"f:a\\\"b\":{},\"f:a\\\\b\":{}}");
}

static void refused(void) {
    static const char *const bad[] = {"{\"f\":{}}",           "{\"\":{}}",
                                      "{\"fa\":{}}",          "{\"k:{\":{}}",
                                      "{\"k:1\":{}}",         "{\"v:\":{}}",
                                      "{\"v:1 2\":{}}",       "{\"v:{]\":{}}",
                                      "{\"i:x\":{}}",         "{\"i:\":{}}",
                                      "{\"f:a\":{\"z\":{}}}", "{\"i:1.5\":{}}",
                                      "{\"v:1}\":{}}",        "{\"v:1,\\\"x\\\":2\":{}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CLEAT_AUTO_FREE char *got = again(bad[i]);
        KT_EQ_STR(got != NULL ? got : "(refused)", "(refused)");
    }
}

static void print_path(void *userdata, struct cleat_str path, const struct cleat_element *els,
                       size_t n) {
    struct cleat_buf *out = userdata;
    KT_TRUE(n > 0 && els != NULL);
    cleat_buf_printf(out, "%.*s\n", CLEAT_FMT(path));
}

static void printed(void) {
    CLEAT_AUTO_ARENA a = {NULL, NULL, 0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    const struct cleat_fields *s = NULL;
    CLEAT_AUTO_BUF out = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE_OK(
        cleat_obj_parse(
            CLEAT_STR("{\"f:spec\":{\"f:replicas\":{},\"f:ports\":{\"k:{\\\"port\\\":80,"
                      "\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:port\":{}}},\"f:set\":{"
                      "\"v:\\\"x\\\"\":{}},\"f:list\":{\"i:3\":{}}}}"),
            0, &o, &e),
        &e);
    KT_REQUIRE_OK(cleat_fields_parse(&a, cleat_obj_root(o), &s, &e), &e);
    cleat_fields_each(s, print_path, &out);
    KT_EQ_STR(out.p, ".spec.replicas\n"
                     ".spec.list[3]\n"
                     ".spec.ports[port=80,protocol=\"TCP\"]\n"
                     ".spec.ports[port=80,protocol=\"TCP\"].port\n"
                     ".spec.set[=\"x\"]\n");
    KT_EQ_INT(cleat_fields_count(s), 5);
}

/* ---- against a naive model: a set is a flag for each path there is ---- */

enum { ELEMENTS = 5, DEPTH = 3, PATHS = 5 + 25 + 125 };

static const struct cleat_element universe[ELEMENTS] = {{'f', {"a", 1}},
                                                        {'f', {"b", 1}},
                                                        {'k', {"{\"n\":\"x\"}", 9}},
                                                        {'v', {"7", 1}},
                                                        {'i', {"0", 1}}};
struct path {
    struct cleat_element els[DEPTH];
    int digits[DEPTH];
    size_t n;
};
static struct path paths[PATHS];

static void make_paths(void) {
    size_t n = 0;
    for (size_t depth = 1; depth <= DEPTH; depth++) {
        int of_depth = depth == 1 ? 5 : depth == 2 ? 25 : 125;
        for (int i = 0; i < of_depth; i++, n++) {
            int rest = i;
            paths[n].n = depth;
            for (size_t d = 0; d < depth; d++, rest /= ELEMENTS) {
                paths[n].digits[d] = rest % ELEMENTS;
                paths[n].els[d] = universe[rest % ELEMENTS];
            }
        }
    }
}

static bool begins_with(const struct path *p, const struct path *prefix) {
    return p->n >= prefix->n &&
           memcmp(p->digits, prefix->digits, prefix->n * sizeof *p->digits) == 0;
}

struct model {
    bool has[PATHS];
    const struct cleat_fields *set;
};

static void put(struct cleat_arena *a, struct cleat_fields_at *root, const struct path *p) {
    struct cleat_fields_at at[DEPTH + 1] = {*root};
    for (size_t i = 0; i < p->n; i++) {
        at[i + 1] = (struct cleat_fields_at){.up = i > 0 ? &at[i] : root, .el = p->els[i]};
    }
    cleat_fields_mark(a, &at[p->n], 0);
}

static void draw(struct cleat_arena *a, struct model *m) {
    struct cleat_fields *s = cleat_arena_alloc(a, sizeof *s);
    struct cleat_fields_at root = {.set = {s}};
    memset(m->has, 0, sizeof m->has);
    int n = (int)(cleat_random() % 40);
    for (int i = 0; i < n; i++) {
        size_t at = cleat_random() % PATHS;
        m->has[at] = true;
        put(a, &root, &paths[at]);
    }
    cleat_fields_finish(a, s);
    m->set = s;
}

static void expect(const struct cleat_fields *got, const bool *want, const char *what) {
    size_t n = 0;
    for (size_t i = 0; i < PATHS; i++) {
        n += want[i];
        if (cleat_fields_has(got, paths[i].els, paths[i].n) != want[i]) {
            KT_EQ_STR(what, "as the model");
            return;
        }
    }
    KT_EQ_INT(cleat_fields_count(got), n);
    KT_EQ_INT(cleat_fields_empty(got), n == 0);
}

/* Whether another member of the model is a prefix of p (or, below: p is one of it). */
static bool some(const struct model *m, const struct path *p, bool below) {
    for (size_t i = 0; i < PATHS; i++) {
        if (m->has[i] &&
            (below ? paths[i].n > p->n && begins_with(&paths[i], p) : begins_with(p, &paths[i]))) {
            return true;
        }
    }
    return false;
}

static void round_trip(struct cleat_arena *a, const struct cleat_fields *s) {
    CLEAT_AUTO_BUF first = {0};
    CLEAT_AUTO_BUF second = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    const struct cleat_fields *read = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fields_write(s, &first);
    KT_REQUIRE_OK(cleat_obj_parse((struct cleat_str){first.p, first.n}, 0, &o, &e), &e);
    KT_REQUIRE_OK(cleat_fields_parse(a, cleat_obj_root(o), &read, &e), &e);
    KT_TRUE(cleat_fields_equal(s, read));
    cleat_fields_write(read, &second);
    KT_EQ_STR(second.p, first.p);
}

static void algebra(void) {
    make_paths();
    for (int round = 0; round < 300; round++) {
        CLEAT_AUTO_ARENA a = {NULL, NULL, 0};
        struct model x, y;
        bool want[5][PATHS];
        draw(&a, &x);
        draw(&a, &y);
        for (size_t i = 0; i < PATHS; i++) {
            want[0][i] = x.has[i] || y.has[i];
            want[1][i] = x.has[i] && y.has[i];
            want[2][i] = x.has[i] && !y.has[i];
            want[3][i] = x.has[i] && !some(&y, &paths[i], false);
            want[4][i] = x.has[i] && !some(&x, &paths[i], true);
        }
        expect(x.set, x.has, "building");
        expect(cleat_fields_union(&a, x.set, y.set), want[0], "union");
        expect(cleat_fields_common(&a, x.set, y.set), want[1], "common");
        expect(cleat_fields_minus(&a, x.set, y.set), want[2], "minus");
        expect(cleat_fields_without(&a, x.set, y.set), want[3], "without");
        expect(cleat_fields_leaves(&a, x.set), want[4], "leaves");
        KT_TRUE(cleat_fields_equal(cleat_fields_keep(&a, x.set), x.set));
        KT_EQ_INT(cleat_fields_equal(x.set, y.set), memcmp(x.has, y.has, sizeof x.has) == 0);
        round_trip(&a, cleat_fields_union(&a, x.set, y.set));
    }
}

static void nothing(void) {
    CLEAT_AUTO_ARENA a = {NULL, NULL, 0};
    const struct cleat_fields *one = cleat_fields_add(&a, NULL, "metadata.name");
    CLEAT_AUTO_BUF text = {0};
    cleat_fields_write(one, &text);
    KT_EQ_STR(text.p, "{\"f:metadata\":{\"f:name\":{}}}");
    KT_TRUE(cleat_fields_union(&a, NULL, NULL) == NULL);
    KT_TRUE(cleat_fields_union(&a, one, NULL) == one);
    KT_TRUE(cleat_fields_minus(&a, one, NULL) == one);
    KT_TRUE(cleat_fields_empty(cleat_fields_minus(&a, one, one)));
    KT_TRUE(cleat_fields_empty(cleat_fields_common(&a, one, NULL)));
    KT_TRUE(cleat_fields_equal(NULL, cleat_fields_minus(&a, one, one)));
    KT_TRUE(cleat_fields_empty(NULL));
}

static bool element_of(const char *keys, const char *item, char *room, size_t size,
                       struct cleat_element *ret, const char **why) {
    CLEAT_AUTO_FREE char *text = cleat_sprintf("{\"x\":%s}", item);
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_obj_parse(cleat_s(text), 0, &o, &e);
    static const struct cleat_type str = {.form = CLEAT_FORM_STRING};
    static const struct cleat_field fields[] = {
        {.name = "port", .type = &str}, {.name = "protocol", .type = &str, .def = "\"TCP\""}, {0}};
    static const struct cleat_type elem = {.form = CLEAT_FORM_STRUCT, .fields = fields};
    return err == CLEAT_OK &&
           cleat_element_of_item(NULL, room, size, keys, &elem,
                                 cleat_val_get(cleat_obj_root(o), "x"), ret, why);
}

static void items(void) {
    char room[64];
    struct cleat_element el;
    const char *why = "";
    KT_TRUE(element_of("protocol,port", "{\"protocol\":\"UDP\",\"port\":53}", room, 64, &el, &why));
    KT_EQ_S(el.text, CLEAT_STR("{\"port\":53,\"protocol\":\"UDP\"}"));
    KT_TRUE(cleat_element_is(el, CLEAT_STR("k:{\\\"port\\\":53,\\\"protocol\\\":\\\"UDP\\\"}")));
    KT_TRUE(!cleat_element_is(el, CLEAT_STR("k:{\\\"port\\\":53}")));
    KT_TRUE(element_of("port,protocol", "{\"port\":53}", room, 64, &el, &why));
    KT_EQ_S(el.text, CLEAT_STR("{\"port\":53,\"protocol\":\"TCP\"}"));
    KT_TRUE(element_of("name", "{\"name\":\"a<b\"}", room, 64, &el, &why));
    KT_EQ_S(el.text, CLEAT_STR("{\"name\":\"a\\u003cb\"}"));
    KT_TRUE(element_of(NULL, "\"x\"", room, 64, &el, &why));
    KT_EQ_S(el.text, CLEAT_STR("\"x\""));
    KT_TRUE(!element_of("name", "{\"name\":\"too long\"}", room, 8, &el, &why));
    KT_TRUE(!element_of("name", "{\"other\":1}", room, 64, &el, &why));
    KT_TRUE(strstr(why, "omits all key fields") != NULL);
    KT_TRUE(!element_of("name", "1", room, 64, &el, &why));
    KT_EQ_STR(why, "associative list with keys may not have non-map elements");
    KT_TRUE(!element_of(NULL, "{}", room, 64, &el, &why));
    KT_EQ_STR(why, "associative list without keys has an element that's a map type");
}

KT_MAIN("apply_fields", KT_TEST(fieldsv1), KT_TEST(refused), KT_TEST(printed), KT_TEST(algebra),
        KT_TEST(nothing), KT_TEST(items))
