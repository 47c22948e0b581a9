/* SPDX-License-Identifier: Apache-2.0 */
/* JSON patch, merge patch, strategic merge patch, and the diff of two objects. */
#include "core/base/limits.h"
#include "core/object/object.h"
#include "tests/support/kt.h"

#include <time.h>

static cleat_obj *make(const char *json) {
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (!KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e)) {
        fprintf(stderr, "%s\n", json);
    }
    return o;
}

/* ---- RFC 6902 ------------------------------------------------------------------------ */

static const struct {
    const char *base, *patch, *want;
} json_patches[] = {
    {"{\"a\":1}", "[]", "{\"a\":1}"},
    {"{\"a\":1}", "null", "{\"a\":1}"},
    {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/b\",\"value\":[1.50]}]", "{\"a\":1,\"b\":[1.50]}"},
    {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]", "{\"a\":null}"},
    {"{\"l\":[1,3]}", "[{\"op\":\"add\",\"path\":\"/l/1\",\"value\":2}]", "{\"l\":[1,2,3]}"},
    {"{\"l\":[1,3]}", "[{\"op\":\"add\",\"path\":\"/l/0\",\"value\":0}]", "{\"l\":[0,1,3]}"},
    {"{\"l\":[1]}", "[{\"op\":\"add\",\"path\":\"/l/-\",\"value\":2}]", "{\"l\":[1,2]}"},
    {"{\"l\":[1]}", "[{\"op\":\"add\",\"path\":\"/l/1\",\"value\":2}]", "{\"l\":[1,2]}"},
    {"{\"a\":1,\"b\":2}", "[{\"op\":\"remove\",\"path\":\"/a\"}]", "{\"b\":2}"},
    {"{\"l\":[1,2,3]}", "[{\"op\":\"remove\",\"path\":\"/l/1\"}]", "{\"l\":[1,3]}"},
    {"{\"n\":null}", "[{\"op\":\"remove\",\"path\":\"/n\"}]", "{}"},
    {"{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":{\"b\":2}}]",
     "{\"a\":{\"b\":2}}"},
    {"{\"l\":[1,2]}", "[{\"op\":\"replace\",\"path\":\"/l/1\",\"value\":9}]", "{\"l\":[1,9]}"},
    {"{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"z\":0}}]", "{\"z\":0}"},
    {"{\"a\":{\"x\":1},\"b\":{}}", "[{\"op\":\"move\",\"from\":\"/a/x\",\"path\":\"/b/y\"}]",
     "{\"a\":{},\"b\":{\"y\":1}}"},
    {"{\"l\":[1,2,3]}", "[{\"op\":\"move\",\"from\":\"/l/0\",\"path\":\"/l/2\"}]",
     "{\"l\":[2,3,1]}"},
    {"{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]", "{\"a\":1}"},
    {"{\"a\":{\"x\":1}}",
     "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"},{\"op\":\"add\","
     "\"path\":\"/b/y\",\"value\":2}]",
     "{\"a\":{\"x\":1},\"b\":{\"x\":1,\"y\":2}}"},
    {"{\"a/b\":1,\"m~n\":2,\"\":3}",
     "[{\"op\":\"replace\",\"path\":\"/a~1b\",\"value\":4},{\"op\":\"replace\",\"path\":\"/m~0n\","
     "\"value\":5},{\"op\":\"replace\",\"path\":\"/\",\"value\":6}]",
     "{\"a/b\":4,\"m~n\":5,\"\":6}"},
    {"{\"~1\":1}", "[{\"op\":\"remove\",\"path\":\"/~01\"}]", "{}"},
    {"{\"a\":{\"b\":[1,{\"c\":null}]}}",
     "[{\"op\":\"test\",\"path\":\"/a\",\"value\":{\"b\":[1,{\"c\":null}]}}]",
     "{\"a\":{\"b\":[1,{\"c\":null}]}}"},
    {"{\"a\":{\"x\":1,\"y\":2}}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":{\"y\":2,\"x\":1}}]",
     "{\"a\":{\"x\":1,\"y\":2}}"},
    /* Where upstream takes more than RFC 6902 allows: no value is null, a member that is
     * not there too; indices are Go's, from the end where negative; what stands before the
     * first slash, and a tilde that escapes nothing. */
    {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/b\"}]", "{\"a\":1,\"b\":null}"},
    {"{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/b\"}]", "{\"a\":1}"},
    {"{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/b\",\"value\":null}]", "{\"a\":1}"},
    {"{\"a\":1}", "[{\"op\":\"copy\",\"from\":\"/x\",\"path\":\"/b\"}]", "{\"a\":1,\"b\":null}"},
    {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"x/b\",\"value\":2}]", "{\"a\":1,\"b\":2}"},
    {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/b~2~\",\"value\":2}]", "{\"a\":1,\"b~2~\":2}"},
    {"{\"l\":[1,2]}", "[{\"op\":\"add\",\"path\":\"/l/-1\",\"value\":3}]", "{\"l\":[1,2,3]}"},
    {"{\"l\":[1,2]}", "[{\"op\":\"add\",\"path\":\"/l/-3\",\"value\":0}]", "{\"l\":[0,1,2]}"},
    {"{\"l\":[1,2]}", "[{\"op\":\"remove\",\"path\":\"/l/-1\"}]", "{\"l\":[1]}"},
    {"{\"l\":[1,2]}", "[{\"op\":\"replace\",\"path\":\"/l/+01\",\"value\":9}]", "{\"l\":[1,9]}"},
    /* What one operation adds, a later one may change. */
    {"{}",
     "[{\"op\":\"add\",\"path\":\"/a\",\"value\":{}},{\"op\":\"add\",\"path\":\"/a/b\",\"value\":[]"
     "},{\"op\":\"add\",\"path\":\"/a/b/-\",\"value\":1}]",
     "{\"a\":{\"b\":[1]}}"},
};

static void test_json_patch(void) {
    for (size_t i = 0; i < sizeof json_patches / sizeof *json_patches; i++) {
        CLEAT_AUTO(cleat_obj) *o = make(json_patches[i].base), *got = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_obj_stamp_kind(o, 4);
        if (!KT_OK(cleat_patch_json(o, cleat_s(json_patches[i].patch), &got, &e), &e)) {
            fprintf(stderr, "%s\n", json_patches[i].patch);
            continue;
        }
        KT_EQ_S(cleat_obj_bytes(got), cleat_s(json_patches[i].want));
        KT_EQ_INT(cleat_obj_kind(got), 4);
        KT_TRUE((got == o) == (strcmp(json_patches[i].base, json_patches[i].want) == 0));
    }
}

static const struct {
    const char *patch;
    cleat_err err;
} json_patches_refused[] = {
    /* Malformed. */
    {"{}", CLEAT_E_BAD_REQUEST},
    {"[1]", CLEAT_E_BAD_REQUEST},
    {"[null]", CLEAT_E_INVALID},
    {"[{}]", CLEAT_E_INVALID},
    {"[", CLEAT_E_BAD_REQUEST},
    {"[{\"op\":5,\"path\":\"/x\"}]", CLEAT_E_BAD_REQUEST},
    {"[{\"op\":\"add\",\"path\":[],\"value\":1}]", CLEAT_E_BAD_REQUEST},
    {"[{\"op\":\"copy\",\"from\":true,\"path\":\"/x\"}]", CLEAT_E_BAD_REQUEST},
    {"[{\"op\":\"add\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":null,\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":\"x\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":\"\",\"value\":{}}]", CLEAT_E_INVALID},
    {"[{\"op\":\"replace\",\"path\":\"\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"replace\",\"path\":\"\",\"value\":\"x\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":\"/x\\u0000y\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"copy\",\"path\":\"/x\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/x\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"spam\",\"path\":\"/a\",\"value\":1}]", CLEAT_E_INVALID},
    /* Does not apply to {"a":{"b":1},"l":[1,2],"n":null}. */
    {"[{\"op\":\"test\",\"path\":\"/a/b\",\"value\":2}]", CLEAT_E_INVALID},
    {"[{\"op\":\"test\",\"path\":\"/a/b\",\"value\":1.0}]", CLEAT_E_INVALID},
    {"[{\"op\":\"test\",\"path\":\"/a/b\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"test\",\"path\":\"/x/y\",\"value\":null}]", CLEAT_E_INVALID},
    {"[{\"op\":\"test\",\"path\":\"/l/2\",\"value\":null}]", CLEAT_E_INVALID},
    {"[{\"op\":\"test\",\"path\":\"/n\",\"value\":0}]", CLEAT_E_INVALID},
    {"[{\"op\":\"test\",\"path\":\"/l\",\"value\":[2,1]}]", CLEAT_E_INVALID},
    {"[{\"op\":\"test\",\"path\":\"/a/b\",\"value\":\"1\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"remove\",\"path\":\"/x\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"remove\",\"path\":\"\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"remove\",\"path\":\"/l/2\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"remove\",\"path\":\"/l/-\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"remove\",\"path\":\"/l/-3\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"replace\",\"path\":\"/l/2\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":\"/x/y\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":\"/l/3\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":\"/l/x\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":\"/a/b/c\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"add\",\"path\":\"/n/c\",\"value\":1}]", CLEAT_E_INVALID},
    {"[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"move\",\"from\":\"\",\"path\":\"/x\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"move\",\"from\":\"/x\",\"path\":\"/y\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"move\",\"from\":\"/x\",\"path\":\"/x\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"copy\",\"from\":\"/l/9\",\"path\":\"/y\"}]", CLEAT_E_INVALID},
    {"[{\"op\":\"replace\",\"path\":\"\",\"value\":[1]}]", CLEAT_E_INVALID},
};

static void test_json_patch_refused(void) {
    CLEAT_AUTO(cleat_obj) *o = make("{\"a\":{\"b\":1},\"l\":[1,2],\"n\":null}");
    for (size_t i = 0; i < sizeof json_patches_refused / sizeof *json_patches_refused; i++) {
        cleat_obj *none = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        if (!KT_EQ_INT(cleat_patch_json(o, cleat_s(json_patches_refused[i].patch), &none, &e),
                       json_patches_refused[i].err)) {
            fprintf(stderr, "%s\n", json_patches_refused[i].patch);
        }
        KT_TRUE(none == NULL && e.message[0] != '\0');
    }
    cleat_obj *none = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_patch_json(o, CLEAT_STR("[{\"op\":\"test\",\"path\":\"/l/0\",\"value\":7}]"), &none, &e);
    KT_EQ_STR(e.message, "the server rejected our request due to an error in our request");
}

/* Patches that double the document, nest it, or shift a long array, end soon. */
static void test_json_patch_bombs(void) {
    static const char *const ops[] = {
        "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}",
        "{\"op\":\"copy\",\"from\":\"\",\"path\":\"/b\"}",
        "{\"op\":\"add\",\"path\":\"/l/0\",\"value\":1}",
        "{\"op\":\"move\",\"from\":\"/l\",\"path\":\"/m\"},{\"op\":\"move\",\"from\":\"/"
        "m\",\"path\":"
        "\"/l\"}",
    };
    CLEAT_AUTO_BUF doc = {0};
    cleat_buf_puts(&doc, "{\"a\":[1],\"l\":[0");
    for (int i = 0; i < 200000; i++) {
        cleat_buf_puts(&doc, ",0");
    }
    cleat_buf_puts(&doc, "]}");
    CLEAT_AUTO(cleat_obj) *o = make(doc.p);
    clock_t start = clock();
    for (size_t k = 0; k < sizeof ops / sizeof *ops; k++) {
        CLEAT_AUTO_BUF patch = {0};
        cleat_obj *none = NULL;
        for (int i = 0; i < 4000; i++) {
            cleat_buf_printf(&patch, "%s%s", i ? "," : "[", ops[k]);
        }
        cleat_buf_putc(&patch, ']');
        KT_EQ_INT(cleat_patch_json(o, (struct cleat_str){patch.p, patch.n}, &none, NULL),
                  CLEAT_E_INVALID);
    }
    KT_TRUE((double)(clock() - start) / CLOCKS_PER_SEC < 20);

    CLEAT_AUTO_BUF many = {0};
    cleat_obj *none = NULL;
    for (unsigned i = 0; i <= CLEAT_LIMIT_PATCH_OPS; i++) {
        cleat_buf_printf(&many, "%s{\"op\":\"test\",\"path\":\"/a\",\"value\":[1]}", i ? "," : "[");
    }
    cleat_buf_putc(&many, ']');
    KT_EQ_INT(cleat_patch_json(o, (struct cleat_str){many.p, many.n}, &none, NULL),
              CLEAT_E_TOO_LARGE);
}

/* ---- RFC 7386 --------------------------------------------------------------------------- */

static const struct {
    const char *base, *patch, *want;
} merges[] = {
    {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
    {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
    {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"c\"}", "{\"a\":[\"b\",null]}", "{\"a\":[\"b\",null]}"},
    {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
    {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
    {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
    {"{\"a\":\"foo\"}", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1}}"},
    {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    {"{\"a\":1.50}", "{\"b\":{}}", "{\"a\":1.50,\"b\":{}}"},
    {"{\"a\":1}", "{}", "{\"a\":1}"},
};

static void test_merge(void) {
    for (size_t i = 0; i < sizeof merges / sizeof *merges; i++) {
        CLEAT_AUTO(cleat_obj) *o = make(merges[i].base), *got = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_REQUIRE_OK(cleat_patch_merge(o, cleat_s(merges[i].patch), &got, &e), &e);
        KT_EQ_S(cleat_obj_bytes(got), cleat_s(merges[i].want));
    }
    static const char *const refused[] = {"[]", "null", "1", "{", "\"x\""};
    CLEAT_AUTO(cleat_obj) *o = make("{}");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        cleat_obj *none = NULL;
        KT_EQ_INT(cleat_patch_merge(o, cleat_s(refused[i]), &none, NULL), CLEAT_E_BAD_REQUEST);
    }
}

/* Without nulls, which a merge patch cannot set. */
static void random_value(struct cleat_buf *b, int depth) {
    uint64_t r = cleat_random() % 8;
    if (depth == 0 || r < 3) {
        cleat_buf_printf(b, r % 2 ? "%u" : "\"%u\"", (unsigned)(cleat_random() % 4));
        return;
    }
    bool object = r < 7, first = true;
    cleat_buf_putc(b, object ? '{' : '[');
    for (char key = 'a'; key < 'f'; key++) {
        if (cleat_random() % 2) {
            cleat_buf_puts(b, first ? "" : ",");
            first = false;
            if (object) {
                cleat_buf_printf(b, "\"%c\":", key);
            }
            random_value(b, depth - 1);
        }
    }
    cleat_buf_putc(b, object ? '}' : ']');
}

/* For any a and b: a merged with diff(a, b) is b. */
static void test_diff(void) {
    cleat_random_seed(99);
    for (int round = 0; round < 3000; round++) {
        CLEAT_AUTO_BUF x = {0};
        CLEAT_AUTO_BUF y = {0};
        cleat_buf_puts(&x, "{\"k\":");
        random_value(&x, 4);
        cleat_buf_puts(&x, ",\"l\":{}}");
        cleat_buf_puts(&y, "{\"k\":");
        random_value(&y, 4);
        cleat_buf_puts(&y, "}");
        CLEAT_AUTO(cleat_obj) *a = make(x.p), *b = make(y.p), *patch = NULL, *got = NULL;
        CLEAT_AUTO(cleat_obj) *none = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_REQUIRE_OK(cleat_obj_diff(a, b, &patch, &e), &e);
        KT_REQUIRE_OK(cleat_patch_merge(a, cleat_obj_bytes(patch), &got, &e), &e);
        if (!KT_TRUE(cleat_val_equal(cleat_obj_root(got), cleat_obj_root(b)))) {
            fprintf(stderr, "%s\n%s\n", x.p, y.p);
            return;
        }
        KT_REQUIRE_OK(cleat_obj_diff(b, b, &none, &e), &e);
        KT_EQ_S(cleat_obj_bytes(none), CLEAT_STR("{}"));
    }
    CLEAT_AUTO(cleat_obj) *a = make("{\"a\":{\"x\":1,\"y\":2},\"l\":[1],\"z\":0,\"n\":1.0}");
    CLEAT_AUTO(cleat_obj) *b = make("{\"n\":1.00,\"a\":{\"y\":2,\"x\":3},\"l\":[1,2]}");
    CLEAT_AUTO(cleat_obj) *patch = NULL;
    KT_REQUIRE_OK(cleat_obj_diff(a, b, &patch, NULL), NULL);
    KT_EQ_S(cleat_obj_bytes(patch),
            CLEAT_STR("{\"z\":null,\"n\":1.00,\"a\":{\"x\":3},\"l\":[1,2]}"));
}

/* ---- strategic merge ------------------------------------------------------------------------ */

static const char *merge_key(const void *schema, const char *path) {
    static const char *const keys[][2] = {{"spec.containers", "name"},
                                          {"spec.containers.ports", "containerPort"},
                                          {"metadata.finalizers", ""},
                                          {"status.conditions", "type"},
                                          {"status.addresses", "type"}};
    KT_EQ_STR(schema, "schema");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(path, keys[i][0]) == 0) {
            return keys[i][1];
        }
    }
    return NULL;
}

#define C1         "{\"name\":\"a\",\"image\":\"1\"}"
#define C2         "{\"name\":\"b\",\"image\":\"2\"}"
#define C3         "{\"name\":\"c\",\"image\":\"3\"}"
#define SPEC(list) "{\"spec\":{\"containers\":[" list "]}}"

static const struct {
    const char *name, *base, *patch, *want;
} strategics[] = {
    {"scalars and null", "{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"x\":null,\"z\":3}}",
     "{\"a\":{\"y\":2,\"z\":3}}"},
    {"merge by key", SPEC(C1 "," C2),
     SPEC("{\"name\":\"b\",\"image\":\"9\"},{\"name\":\"d\",\"x\":null}"),
     SPEC(C1 ",{\"name\":\"b\",\"image\":\"9\"},{\"name\":\"d\"}")},
    {"merge in merge",
     SPEC("{\"name\":\"a\",\"ports\":[{\"containerPort\":80},{\"containerPort\":81}]}"),
     SPEC("{\"name\":\"a\",\"ports\":[{\"containerPort\":81,\"name\":\"x\"}]}"),
     SPEC("{\"name\":\"a\",\"ports\":[{\"containerPort\":80},{\"containerPort\":81,\"name\":"
          "\"x\"}]}")},
    {"delete element", SPEC(C1 "," C2), SPEC("{\"name\":\"a\",\"$patch\":\"delete\"}"), SPEC(C2)},
    {"delete none", SPEC(C1), SPEC("{\"name\":\"q\",\"$patch\":\"delete\"}"), SPEC(C1)},
    {"replace list", SPEC(C1 "," C2), SPEC(C3 ",{\"$patch\":\"replace\"}"), SPEC(C3)},
    {"no merge key in schema", "{\"spec\":{\"taints\":[{\"key\":\"a\"}]}}",
     "{\"spec\":{\"taints\":[{\"key\":\"b\"}]}}", "{\"spec\":{\"taints\":[{\"key\":\"b\"}]}}"},
    {"list that was not", "{}", SPEC(C1), SPEC(C1)},
    {"primitive set", "{\"metadata\":{\"finalizers\":[\"a\",\"b\"]}}",
     "{\"metadata\":{\"finalizers\":[\"b\",\"c\"]}}",
     "{\"metadata\":{\"finalizers\":[\"a\",\"b\",\"c\"]}}"},
    {"delete primitives", "{\"metadata\":{\"finalizers\":[\"a\",\"b\",\"c\"]}}",
     "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"b\",\"z\"]}}",
     "{\"metadata\":{\"finalizers\":[\"a\",\"c\"]}}"},
    {"delete and add primitives", "{\"metadata\":{\"finalizers\":[\"a\",\"b\"]}}",
     "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"a\"],\"finalizers\":[\"c\"]}}",
     "{\"metadata\":{\"finalizers\":[\"c\",\"b\"]}}"},
    {"new ones first", SPEC(C1 "," C2), SPEC(C3 ",{\"name\":\"b\",\"image\":\"9\"}"),
     SPEC(C3 "," C1 ",{\"name\":\"b\",\"image\":\"9\"}")},
    {"set order", SPEC(C1 "," C2 "," C3),
     "{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"c\"},{\"name\":\"a\"}],"
     "\"containers\":[{\"name\":\"c\",\"image\":\"9\"}]}}",
     SPEC(C2 ",{\"name\":\"c\",\"image\":\"9\"}," C1)},
    {"set order only", SPEC(C1 "," C2),
     "{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"b\"},{\"name\":\"a\"}]}}",
     SPEC(C2 "," C1)},
    {"set order with a new one", SPEC(C1 "," C3),
     "{\"spec\":{\"$setElementOrder/"
     "containers\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}"
     "],\"containers\":[" C2 "]}}",
     SPEC(C1 "," C2 "," C3)},
    {"set order of primitives", "{\"metadata\":{\"finalizers\":[\"a\",\"b\"]}}",
     "{\"metadata\":{\"$setElementOrder/finalizers\":[\"c\",\"b\",\"a\"],\"finalizers\":[\"c\"]}}",
     "{\"metadata\":{\"finalizers\":[\"c\",\"b\",\"a\"]}}"},
    {"replace object", "{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"$patch\":\"replace\",\"z\":3}}",
     "{\"a\":{\"z\":3}}"},
    {"delete object's content", "{\"a\":{\"x\":1},\"b\":2}", "{\"a\":{\"$patch\":\"delete\"}}",
     "{\"a\":{},\"b\":2}"},
    {"merge directive", "{\"a\":{\"x\":1}}", "{\"a\":{\"$patch\":\"merge\",\"y\":2}}",
     "{\"a\":{\"x\":1,\"y\":2}}"},
    {"retain keys", "{\"a\":{\"type\":\"R\",\"rolling\":{\"n\":1},\"z\":1}}",
     "{\"a\":{\"$retainKeys\":[\"type\"],\"type\":\"Recreate\"}}",
     "{\"a\":{\"type\":\"Recreate\"}}"},
    {"retain keys with null", "{\"a\":{\"x\":1,\"y\":1}}",
     "{\"a\":{\"$retainKeys\":[\"y\"],\"x\":null}}", "{\"a\":{\"y\":1}}"},
    {"directives in new objects", "{}",
     "{\"a\":{\"$retainKeys\":[\"x\"],\"x\":{\"n\":null,\"k\":1},\"l\":[{\"$patch\":\"delete\"},1]}"
     "}",
     "{\"a\":{\"x\":{\"k\":1},\"l\":[1]}}"},
    {"conditions",
     "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\",\"r\":1}]}"
     "}",
     "{\"status\":{\"conditions\":[{\"type\":\"New\"},{\"type\":\"Ready\",\"status\":\"True\"}]}}",
     "{\"status\":{\"conditions\":[{\"type\":\"New\"},{\"type\":\"Ready\",\"status\":\"True\","
     "\"r\":1}]}}"},
    {"type change", "{\"a\":[1]}", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1}}"},
    {"nothing", SPEC(C1), SPEC(C1), SPEC(C1)},
};

static void test_strategic(void) {
    for (size_t i = 0; i < sizeof strategics / sizeof *strategics; i++) {
        CLEAT_AUTO(cleat_obj) *o = make(strategics[i].base), *got = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        bool ok = KT_OK(cleat_patch_strategic(o, cleat_s(strategics[i].patch), merge_key, "schema",
                                              &got, &e),
                        &e) &&
                  KT_EQ_S(cleat_obj_bytes(got), cleat_s(strategics[i].want));
        if (!ok) {
            fprintf(stderr, "case: %s\n", strategics[i].name);
        }
    }
}

static void test_strategic_refused(void) {
    static const char *const cases[] = {
        "[]",
        "{\"a\":{\"$patch\":\"spam\"}}",
        "{\"spec\":{\"containers\":[{\"image\":\"x\"}]}}",
        "{\"spec\":{\"containers\":[{\"$patch\":\"delete\"}]}}",
        "{\"spec\":{\"containers\":[{\"$patch\":\"merge\",\"name\":\"a\"}]}}",
        "{\"spec\":{\"containers\":[1]}}",
        "{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"a\"}],\"containers\":[" C2 "]}}",
        "{\"spec\":{\"$setElementOrder/containers\":1}}",
        "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":\"a\"}}",
        "{\"metadata\":{\"finalizers\":[{}]}}",
        "{\"spec\":{\"$retainKeys\":[\"x\"],\"y\":1}}",
        "{\"spec\":{\"$retainKeys\":1}}",
    };
    CLEAT_AUTO(cleat_obj) *o =
        make("{\"a\":{},\"metadata\":{},\"spec\":{\"containers\":[" C1 "]}}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cleat_obj *none = NULL;
        if (!KT_EQ_INT(
                cleat_patch_strategic(o, cleat_s(cases[i]), merge_key, "schema", &none, NULL),
                CLEAT_E_BAD_REQUEST)) {
            fprintf(stderr, "%s\n", cases[i]);
        }
    }
}

KT_MAIN("object_patch", KT_TEST(test_json_patch), KT_TEST(test_json_patch_refused),
        KT_TEST(test_json_patch_bombs), KT_TEST(test_merge), KT_TEST(test_diff),
        KT_TEST(test_strategic), KT_TEST(test_strategic_refused))
