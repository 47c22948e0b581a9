/* SPDX-License-Identifier: Apache-2.0 */
/* Edits and splices: by table, and against each other on random documents. */
#include "core/object/object.h"
#include "tests/support/docs.h"
#include "tests/support/kt.h"

#include <json-c/json.h>

static cleat_obj *make(const char *json) {
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    return o;
}

static const char base_text[] = "{\"metadata\":{\"name\":\"n\",\"labels\":{\"a\":\"b\"}},"
                                "\"spec\":{\"x\":[1,2.50,{\"k\":1e3}]},\"n\":null}";

static void expect(cleat_edit *ed, const char *want) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE_OK(cleat_edit_finish(ed, &o, &e), &e);
    KT_EQ_S(cleat_obj_bytes(o), cleat_s(want));
}

static void test_set(void) {
    CLEAT_AUTO(cleat_obj) *o = make(base_text);
    cleat_edit *e = cleat_edit_new(o);
    cleat_edit_set_str(e, CLEAT_PATH("metadata", "name"), CLEAT_STR("m\n"));
    cleat_edit_set_int(e, CLEAT_PATH("spec", "x", "0"), INT64_MIN);
    cleat_edit_set_bool(e, CLEAT_PATH("spec", "x", "-"), 1);
    cleat_edit_set_int(e, CLEAT_PATH("spec", "x", "-", "in", "new"), 7);
    cleat_edit_set_json(e, CLEAT_PATH("n", "m"), CLEAT_STR(" [ {\"a\":1.50} ] "));
    cleat_edit_set_val(e, CLEAT_PATH("copy"), cleat_obj_at(o, CLEAT_PATH("metadata")));
    KT_EQ_INT(cleat_edit_dirty(e), 1);
    expect(e, "{\"metadata\":{\"name\":\"m\\n\",\"labels\":{\"a\":\"b\"}},\"spec\":{\"x\":["
              "-9223372036854775808,2.50,{\"k\":1e3},true,{\"in\":{\"new\":7}}]},\"n\":{\"m\":[{"
              "\"a\":1.50}]},\"copy\":{\"name\":\"n\",\"labels\":{\"a\":\"b\"}}}");
}

static void test_remove(void) {
    CLEAT_AUTO(cleat_obj) *o = make(base_text);
    cleat_edit *e = cleat_edit_new(o);
    cleat_edit_remove(e, CLEAT_PATH("metadata", "labels", "a"));
    cleat_edit_remove(e, CLEAT_PATH("spec", "x", "1"));
    cleat_edit_remove(e, CLEAT_PATH("n"));
    cleat_edit_remove(e, CLEAT_PATH("spec", "x", "9"));
    cleat_edit_remove(e, CLEAT_PATH("none", "at", "all"));
    cleat_edit_set_val(e, CLEAT_PATH("metadata", "name"), cleat_obj_at(o, CLEAT_PATH("nowhere")));
    expect(e, "{\"metadata\":{\"labels\":{}},\"spec\":{\"x\":[1,{\"k\":1e3}]}}");
}

static void test_unchanged(void) {
    CLEAT_AUTO(cleat_obj) *o = make(base_text);
    cleat_obj_stamp_kind(o, 9);
    for (int with_tree = 0; with_tree < 2; with_tree++) {
        CLEAT_AUTO(cleat_obj) *same = NULL;
        cleat_edit *e = cleat_edit_new(o);
        if (with_tree) {
            cleat_edit_set_json(e, CLEAT_PATH("spec", "x", "2"), CLEAT_STR("{ \"k\" : 1e3 }"));
        }
        cleat_edit_set_str(e, CLEAT_PATH("metadata", "name"), CLEAT_STR("n"));
        cleat_edit_set_int(e, CLEAT_PATH("spec", "x", "0"), 1);
        cleat_edit_set_json(e, CLEAT_PATH("spec", "x", "1"), CLEAT_STR("2.50"));
        cleat_edit_set_json(e, CLEAT_PATH("n"), CLEAT_STR("null"));
        cleat_edit_remove(e, CLEAT_PATH("q"));
        KT_EQ_INT(cleat_edit_dirty(e), 0);
        KT_REQUIRE_OK(cleat_edit_finish(e, &same, NULL), NULL);
        KT_TRUE(same == o);
    }
    CLEAT_AUTO(cleat_obj) *other = NULL;
    cleat_edit *e = cleat_edit_new(o);
    cleat_edit_set_json(e, CLEAT_PATH("spec", "x", "1"), CLEAT_STR("2.5")); /* another text */
    KT_REQUIRE_OK(cleat_edit_finish(e, &other, NULL), NULL);
    KT_EQ_INT(cleat_obj_kind(other), 9);
    expect(cleat_edit_new(NULL), "{}");
}

static const struct {
    cleat_path path;
    const char *json, *message;
    cleat_err err;
} bad_edits[] = {
    {(const char *const[]){"spec", "x", "3", NULL}, "1", "spec.x.3", CLEAT_E_INVALID},
    {(const char *const[]){"spec", "x", "q", NULL}, "1", "spec.x.q", CLEAT_E_INVALID},
    {(const char *const[]){"metadata", "name", "q", NULL}, "1", "metadata.name.q", CLEAT_E_INVALID},
    {(const char *const[]){"metadata", "name", "q", "r", NULL}, "1", "no object", CLEAT_E_INVALID},
    {(const char *const[]){NULL}, "{}", "whole object", CLEAT_E_INVALID},
    {(const char *const[]){"a", NULL}, "{x", "expected a key", CLEAT_E_BAD_REQUEST},
    {(const char *const[]){"a", NULL}, "", "unexpected end", CLEAT_E_BAD_REQUEST},
};

static void test_failures(void) {
    CLEAT_AUTO(cleat_obj) *o = make(base_text);
    for (size_t i = 0; i < sizeof bad_edits / sizeof *bad_edits; i++) {
        cleat_obj *none = NULL;
        struct cleat_error err = CLEAT_ERROR_INIT;
        cleat_edit *e = cleat_edit_new(o);
        cleat_edit_set_json(e, bad_edits[i].path, cleat_s(bad_edits[i].json));
        cleat_edit_set_int(e, CLEAT_PATH("later"), 1);
        cleat_edit_remove(e, CLEAT_PATH("metadata"));
        KT_EQ_INT(cleat_edit_finish(e, &none, &err), bad_edits[i].err);
        KT_TRUE(none == NULL);
        if (strstr(err.message, bad_edits[i].message) == NULL) {
            KT_EQ_STR(err.message, bad_edits[i].message);
        }
    }
    cleat_obj *none = NULL;
    cleat_edit *e = cleat_edit_new(o);
    cleat_edit_set_str(e, CLEAT_PATH("a"), CLEAT_STR("\xff"));
    KT_EQ_INT(cleat_edit_finish(e, &none, NULL), CLEAT_E_BAD_REQUEST);
    /* Deeper than the limit. */
    const char *deep[200];
    for (size_t i = 0; i < 199; i++) {
        deep[i] = "d";
    }
    deep[199] = NULL;
    e = cleat_edit_new(o);
    cleat_edit_set_int(e, deep, 1);
    KT_EQ_INT(cleat_edit_finish(e, &none, NULL), CLEAT_E_BAD_REQUEST);
    cleat_edit_free(cleat_edit_new(o));
    cleat_edit_free(NULL);
}

static const struct {
    const char *name, *base, *want;
    struct cleat_splice s[4];
} splices[] = {
#define S(raw, ...)                                                                                \
    {                                                                                              \
        (const char *const[]){__VA_ARGS__, NULL}, {                                                \
            raw, sizeof(raw) - 1                                                                   \
        }                                                                                          \
    }
    {"replace",
     "{\"a\":1,\"b\":{\"c\":[1,2]}}",
     "{\"a\":\"x\",\"b\":{\"c\":{}}}",
     {S("\"x\"", "a"), S("{}", "b", "c")}},
    {"same kind of scalar",
     "{\"a\":\"1\",\"b\":[{}],\"c\":5}",
     "{\"a\":\"\",\"b\":[{}],\"c\":12}",
     {S("\"\"", "a"), S("12", "c")}},
    {"add",
     "{\"a\":{}}",
     "{\"a\":{\"b\":1,\"c\":2},\"d\":3}",
     {S("1", "a", "b"), S("2", "a", "c"), S("3", "d")}},
    {"missing parents",
     "{}",
     "{\"m\":{\"l\":{\"a\":1,\"b\":2},\"x\":3}}",
     {S("1", "m", "l", "a"), S("2", "m", "l", "b"), S("3", "m", "x")}},
    {"null parent", "{\"m\":null,\"z\":0}", "{\"m\":{\"l\":1},\"z\":0}", {S("1", "m", "l")}},
    {"remove first", "{\"a\":1,\"b\":2,\"c\":3}", "{\"b\":2,\"c\":3}", {S("", "a")}},
    {"remove middle", "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"c\":3}", {S("", "b")}},
    {"remove last", "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"b\":2}", {S("", "c")}},
    {"remove last two", "{\"a\":1,\"b\":{},\"c\":[]}", "{\"a\":1}", {S("", "b"), S("", "c")}},
    {"remove all", "{\"a\":1,\"b\":2}", "{}", {S("", "a"), S("", "b")}},
    {"remove and add", "{\"a\":1}", "{\"b\":2}", {S("", "a"), S("2", "b")}},
    {"remove last, add", "{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":3}", {S("", "b"), S("3", "c")}},
    {"remove nothing",
     "{\"a\":1,\"n\":null}",
     "{\"a\":1,\"n\":null}",
     {S("", "b"), S("", "n", "x"), S("", "a", "x")}},
    {"elements", "{\"l\":[1,2,3]}", "{\"l\":[9,3]}", {S("9", "l", "0"), S("", "l", "1")}},
    {"only element", "{\"l\":[{\"a\":1}]}", "{\"l\":[]}", {S("", "l", "0")}},
    {"odd keys", "{\"a\\\"b\":1}", "{\"a\\\"b\":2,\"c\\nd\":3}", {S("2", "a\"b"), S("3", "c\nd")}},
    {"wide text",
     "{\"a\":[{\"b\":[0]},\"t\"]}",
     "{\"a\":[{\"b\":[\"long text\"]},\"t\"]}",
     {S("\"long text\"", "a", "0", "b", "0")}},
};

static void test_splice(void) {
    for (size_t i = 0; i < sizeof splices / sizeof *splices; i++) {
        CLEAT_AUTO(cleat_obj) *o = make(splices[i].base), *got = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        size_t n = 0;
        while (n < 4 && splices[i].s[n].path != NULL) {
            n++;
        }
        cleat_obj_stamp_kind(o, 3);
        KT_REQUIRE_OK(cleat_obj_splice(o, splices[i].s, n, &got, &e), &e);
        if (!KT_EQ_S(cleat_obj_bytes(got), cleat_s(splices[i].want))) {
            fprintf(stderr, "case: %s\n", splices[i].name);
        }
        KT_EQ_INT(cleat_obj_kind(got), 3);
    }
}

static const struct {
    cleat_err err;
    struct cleat_splice s[2];
} bad_splices[] = {
    {CLEAT_E_INVALID, {S("1", "metadata", "name", "x")}},
    {CLEAT_E_INVALID, {S("1", "spec", "x", "3")}},
    {CLEAT_E_BUG, {S("1", "a"), S("1", "a", "b")}},
    {CLEAT_E_BUG, {S("1", "n"), S("1", "n", "b")}},
    {CLEAT_E_BUG, {S("1", "1", "2", "3", "4", "5", "6", "7", "8", "9")}},
    {CLEAT_E_BAD_REQUEST, {S("[1", "a")}},
    {CLEAT_E_BAD_REQUEST, {S("1,\"b\":2", "metadata", "name")}},
    {CLEAT_E_BAD_REQUEST, {S(" 1", "metadata", "name")}},
    {CLEAT_E_BAD_REQUEST, {S("\"\\u0041\"", "metadata", "name")}},
    {CLEAT_E_BAD_REQUEST, {S("nul", "metadata", "name")}},
};

static void test_splice_failures(void) {
    CLEAT_AUTO(cleat_obj) *o = make(base_text);
    for (size_t i = 0; i < sizeof bad_splices / sizeof *bad_splices; i++) {
        cleat_obj *none = NULL;
        size_t n = bad_splices[i].s[1].path != NULL ? 2 : 1;
        if (!KT_EQ_INT(cleat_obj_splice(o, bad_splices[i].s, n, &none, NULL), bad_splices[i].err)) {
            fprintf(stderr, "case %zu\n", i);
        }
        KT_TRUE(none == NULL);
    }
}

/* ---- random documents against a json-c model ------------------------------------------- */

static const char *const keys[] = {"a", "b", "metadata", "resourceVersion", "x\"y", "k\n", ""};

static void random_value(struct cleat_buf *b, int depth) {
    static const char *const scalars[] = {"1",    "-7",    "2.50", "\"\"", "\"text\"", "\"q\\\"\"",
                                          "true", "false", "null", "1e9",  "\"77\""};
    uint64_t r = cleat_random() % 10;
    if (depth == 0 || r < 5) {
        cleat_buf_puts(b, scalars[cleat_random() % (sizeof scalars / sizeof *scalars)]);
        return;
    }
    bool object = r < 8;
    bool first = true;
    cleat_buf_putc(b, object ? '{' : '[');
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (cleat_random() % 2) {
            continue;
        }
        cleat_buf_puts(b, first ? "" : ",");
        first = false;
        if (object) {
            cleat_buf_json(b, cleat_s(keys[i]));
            cleat_buf_putc(b, ':');
        }
        random_value(b, depth - 1);
    }
    cleat_buf_putc(b, object ? '}' : ']');
}

struct random_path {
    const char *keys[5];
};

static void random_path(struct random_path *p) {
    static const char *const indices[] = {"0", "1", "2"};
    size_t n = cleat_random() % 4 + 1;
    for (size_t i = 0; i < n; i++) {
        p->keys[i] = cleat_random() % 5 == 0 ? indices[cleat_random() % 3]
                                             : keys[cleat_random() % (sizeof keys / sizeof *keys)];
    }
    p->keys[n] = NULL;
}

/* The model: get or make the way, then set. False where splice must fail. */
static bool model_apply(struct json_object *t, const struct random_path *p, const char *raw) {
    size_t i = 0;
    struct json_object *child;
    for (;; i++) {
        const char *key = p->keys[i];
        bool last = p->keys[i + 1] == NULL, found, array = json_object_is_type(t, json_type_array);
        long at = array && *key >= '0' && *key <= '9' ? strtol(key, NULL, 10) : -1;
        child = NULL;
        if (array) {
            found = at >= 0 && (size_t)at < json_object_array_length(t);
            child = found ? json_object_array_get_idx(t, (size_t)at) : NULL;
        } else {
            found = json_object_object_get_ex(t, key, &child);
        }
        if (*raw == '\0' && (!found || (!last && child == NULL))) {
            return true;
        }
        if (!last && (json_object_is_type(child, json_type_object) ||
                      json_object_is_type(child, json_type_array))) {
            t = child;
            continue;
        }
        if ((array && !found) || (!last && found && child != NULL)) {
            return *raw == '\0';
        }
        struct json_object *value = NULL;
        if (last && *raw == '\0') {
            array ? (void)json_object_array_del_idx(t, (size_t)at, 1)
                  : json_object_object_del(t, key);
            return true;
        }
        value = last ? json_tokener_parse(raw) : json_object_new_object();
        array ? (void)json_object_array_put_idx(t, (size_t)at, value)
              : (void)json_object_object_add(t, key, value);
        if (last) {
            return true;
        }
        t = value;
    }
}

/* Each splice of one path gives what the model gives, and so does an edit. */
static void test_random(void) {
    cleat_random_seed(4711);
    for (int round = 0; round < 20000; round++) {
        CLEAT_AUTO_BUF text = {0};
        CLEAT_AUTO_BUF raw = {0};
        cleat_buf_puts(&text, "{\"metadata\":");
        random_value(&text, 3);
        cleat_buf_puts(&text, ",\"a\":");
        random_value(&text, 3);
        cleat_buf_putc(&text, '}');
        if (cleat_random() % 3 != 0) {
            random_value(&raw, 2);
        } else {
            cleat_buf_reserve(&raw, 0);
            raw.p[0] = '\0';
        }
        struct random_path p;
        random_path(&p);
        CLEAT_AUTO(cleat_obj) *o = make(text.p), *got = NULL, *want = NULL;
        struct json_object *tree = cleat_tree_from(cleat_obj_root(o));
        bool ok = model_apply(tree, &p, raw.p);
        struct cleat_splice s = {p.keys, {raw.p, raw.n}};
        KT_EQ_INT(cleat_obj_splice(o, &s, 1, &got, NULL), ok ? CLEAT_OK : CLEAT_E_INVALID);
        if (ok) {
            KT_REQUIRE_OK(cleat_tree_to_obj(tree, &want, NULL), NULL);
        }
        json_object_put(tree);
        if (ok && !KT_EQ_S(cleat_obj_bytes(got), cleat_obj_bytes(want))) {
            fprintf(stderr, "base %s raw %s path %s %s\n", text.p, raw.p, p.keys[0],
                    p.keys[1] ? p.keys[1] : "");
            return;
        }
        if (ok) {
            CLEAT_AUTO(cleat_obj) *edited = NULL;
            cleat_edit *e = cleat_edit_new(o);
            if (raw.n > 0) {
                cleat_edit_set_json(e, p.keys, (struct cleat_str){raw.p, raw.n});
            } else {
                cleat_edit_remove(e, p.keys);
            }
            KT_REQUIRE_OK(cleat_edit_finish(e, &edited, NULL), NULL);
            if (!KT_TRUE(cleat_val_equal(cleat_obj_root(edited), cleat_obj_root(want)))) {
                return;
            }
        }
        if (got != NULL) {
            /* The header and index of the splice are as of a fresh parse. */
            CLEAT_AUTO(cleat_obj) *fresh = NULL;
            KT_REQUIRE_OK(cleat_obj_parse_trusted(cleat_obj_bytes(got), &fresh, NULL), NULL);
            KT_EQ_INT(cleat_obj_revision(got), cleat_obj_revision(fresh));
            KT_EQ_INT(cleat_obj_memory(got), cleat_obj_memory(fresh));
            KT_TRUE(cleat_val_equal(cleat_obj_root(got), cleat_obj_root(fresh)));
        }
    }
}

/* Several changes in one edit are the same changes one after the other. */
static void test_sequences(void) {
    cleat_random_seed(815);
    for (int round = 0; round < 5000; round++) {
        CLEAT_AUTO_BUF text = {0};
        cleat_buf_puts(&text, "{\"metadata\":");
        random_value(&text, 3);
        cleat_buf_puts(&text, ",\"a\":");
        random_value(&text, 3);
        cleat_buf_putc(&text, '}');
        CLEAT_AUTO(cleat_obj) *o = make(text.p), *together = NULL;
        cleat_obj *apart = cleat_obj_ref(o);
        cleat_edit *all = cleat_edit_new(o);
        cleat_err want = CLEAT_OK;
        for (int i = 0; i < 6 && want == CLEAT_OK; i++) {
            CLEAT_AUTO_BUF raw = {0};
            struct random_path p;
            cleat_obj *next = NULL;
            cleat_edit *one = cleat_edit_new(apart);
            bool set = cleat_random() % 4 != 0;
            random_path(&p);
            random_value(&raw, 2);
            for (int both = 0; both < 2; both++) {
                if (set) {
                    cleat_edit_set_json(both ? all : one, p.keys, (struct cleat_str){raw.p, raw.n});
                } else {
                    cleat_edit_remove(both ? all : one, p.keys);
                }
            }
            want = cleat_edit_finish(one, &next, NULL);
            if (want == CLEAT_OK) {
                cleat_obj_unref(apart);
                apart = next;
            }
        }
        KT_EQ_INT(cleat_edit_finish(all, &together, NULL), want);
        bool right = want != CLEAT_OK || KT_EQ_S(cleat_obj_bytes(together), cleat_obj_bytes(apart));
        cleat_obj_unref(apart);
        if (!right) {
            fprintf(stderr, "base %s\n", text.p);
            return;
        }
    }
}

/* The registry's hot path: a Lease renewed many times stays what a parse gives. */
static void test_renewals(void) {
    CLEAT_AUTO_FREE char *text = docs_lease(5);
    cleat_obj *o = make(text);
    for (unsigned i = 0; i < 2000; i++) {
        CLEAT_AUTO_FREE char *rv = cleat_sprintf("\"%u\"", i * 37);
        CLEAT_AUTO_FREE char *time = cleat_sprintf("\"2026-11-23T10:20:%02u.%06uZ\"", i % 60, i);
        struct cleat_splice s[] = {
            {CLEAT_PATH("metadata", "resourceVersion"), cleat_s(rv)},
            {CLEAT_PATH("spec", "renewTime"), cleat_s(time)},
        };
        cleat_obj *next = NULL;
        KT_REQUIRE_OK(cleat_obj_splice(o, s, 2, &next, NULL), NULL);
        cleat_obj_unref(o);
        o = next;
        KT_EQ_INT(cleat_obj_revision(o), i * 37);
        KT_EQ_S(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("spec", "renewTime"))), cleat_s(time));
        KT_EQ_S(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("spec", "leaseDurationSeconds"))),
                CLEAT_STR("40"));
        KT_EQ_S(cleat_obj_name(o), CLEAT_STR("worker-00005"));
    }
    cleat_obj_unref(o);
}

KT_MAIN("object_edit", KT_TEST(test_set), KT_TEST(test_remove), KT_TEST(test_unchanged),
        KT_TEST(test_failures), KT_TEST(test_splice), KT_TEST(test_splice_failures),
        KT_TEST(test_random), KT_TEST(test_sequences), KT_TEST(test_renewals))
