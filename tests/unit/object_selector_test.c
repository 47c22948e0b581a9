/* SPDX-License-Identifier: Apache-2.0 */
/* Selectors: what they match, what they refuse and in whose words. */
#include "core/object/object.h"
#include "tests/support/kt.h"

static cleat_obj *make(const char *json) {
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    return o;
}

CLEAT_DEFINE_AUTO(cleat_selector, cleat_selector_free)

static const char labelled[] =
    "{\"metadata\":{\"labels\":{\"app\":\"web\",\"tier\":\"\",\"n\":\"5\",\"in\":\"out\","
    "\"example.com/role\":\"x-1.y_2\"}}}";

static void test_labels(void) {
    static const struct {
        const char *text;
        bool match, unlabelled; /* unlabelled: whether an object without labels matches */
    } cases[] = {
        {NULL, true, true},
        {"", true, true},
        {"  ", true, true},
        {"app=web", true, false},
        {"app==web", true, false},
        {" app = web , n = 5 ", true, false},
        {"app=web,n=6", false, false},
        {"app!=web", false, true},
        {"app!=db", true, true},
        {"none!=x", true, true},
        {"app", true, false},
        {"!app", false, true},
        {"!none", true, true},
        {"! none", true, true},
        {"none", false, false},
        {"tier=", true, false},
        {"tier", true, false},
        {"app=", false, false},
        {"none=", false, false},
        {"app in (web,db)", true, false},
        {"app in(web)", true, false},
        {"app in ( db , web )", true, false},
        {"app in (db)", false, false},
        {"app notin (db)", true, true},
        {"app notin (web)", false, true},
        {"none notin (x)", true, true},
        {"none in (x)", false, false},
        {"tier in (,x)", true, false},
        {"tier in (x,)", true, false},
        {"tier in (x,,y)", true, false},
        {"app in (in,notin,web)", true, false},
        {"n>4", true, false},
        {"n > 5", false, false},
        {"n<6", true, false},
        {"app>1", false, false},
        {"none>1", false, false},
        {"example.com/role=x-1.y_2", true, false},
        {"example.com/role in (x-1.y_2),!x,app,n>1,app!=x", true, false},
    };
    CLEAT_AUTO(cleat_obj) *o = make(labelled), *bare = make("{\"metadata\":{\"labels\":null}}");
    CLEAT_AUTO(cleat_obj) *odd = make("{\"metadata\":[]}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEAT_AUTO(cleat_selector) *s = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        if (!KT_OK(cleat_selector_labels(cases[i].text, &s, &e), &e) ||
            !KT_EQ_INT(cleat_selector_match(s, o), cases[i].match) ||
            !KT_EQ_INT(cleat_selector_match(s, bare), cases[i].unlabelled) ||
            !KT_EQ_INT(cleat_selector_match(s, odd), cases[i].unlabelled)) {
            fprintf(stderr, "selector: %s\n", cases[i].text);
        }
        KT_EQ_INT(cleat_selector_empty(s), i < 3);
    }
    KT_TRUE(cleat_selector_empty(NULL) && cleat_selector_match(NULL, o));
}

#define UNABLE "unable to parse requirement: "

static void test_labels_refused(void) {
    static const struct {
        const char *text, *message;
    } cases[] = {
        {",", "found ',', expected: !, identifier, or 'end of string'"},
        {"=x", "found '=', expected: !, identifier, or 'end of string'"},
        {"(x", "found '(', expected: !, identifier, or 'end of string'"},
        {"x,", "found '', expected: identifier after ','"},
        {"x,,y", "found ',', expected: identifier after ','"},
        {"!", UNABLE "found '', expected: identifier"},
        {"!!x", UNABLE "found '!', expected: identifier"},
        {"!x=y", "found '=', expected: ',' or 'end of string'"},
        {"x y", UNABLE "found 'y', expected: in, notin, =, ==, !=, gt, lt"},
        {"x=y z", "found 'z', expected: ',' or 'end of string'"},
        {"x===y", UNABLE "found '=', expected: identifier"},
        {"x=(y)", UNABLE "found '(', expected: identifier"},
        {"x in y", UNABLE "found 'y', expected: '('"},
        {"x in (a", UNABLE "found '', expected: ',' or ')'"},
        {"x in (a b)", UNABLE "found 'b', expected: ',' or ')'"},
        {"x in (=)", UNABLE "found '=', expected: ',', ')' or identifier"},
        {"x>y", UNABLE "values[0]: Invalid value: \"y\": for 'Gt', 'Lt' operators, the value must "
                       "be an integer"},
        {"x>99999999999999999999", NULL},
        {"x>", NULL},
        {"x<-5", NULL},
        {"-x", NULL},
        {"/x=y", NULL},
        {"a/b/c", NULL},
        {"x=-y", NULL},
        {"x=y!", NULL},
        {"x=\xc3\xa9", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cleat_selector *none = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        if (!KT_EQ_INT(cleat_selector_labels(cases[i].text, &none, &e), CLEAT_E_BAD_REQUEST)) {
            fprintf(stderr, "selector: %s\n", cases[i].text);
        }
        KT_TRUE(none == NULL && e.message[0] != '\0');
        if (cases[i].message != NULL) {
            KT_EQ_STR(e.message, cases[i].message);
        }
    }
    cleat_selector *none = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_selector_labels("env in (ok,a:b)", &none, &e);
    KT_EQ_INT(strncmp(e.message,
                      UNABLE "values[1][env]: Invalid value: \"a:b\": a valid label must",
                      strlen(UNABLE) + 55),
              0);
}

static bool only_known(void *userdata, struct cleat_str key) {
    (*(int *)userdata)++;
    return !cleat_eqc(key, "spec.secret");
}

static void test_fields(void) {
    static const struct {
        const char *text;
        bool match;
    } cases[] = {
        {"", true},
        {"metadata.name=n", true},
        {"metadata.name==n", true},
        {"metadata.name!=n", false},
        {"metadata.name=m", false},
        {"spec.nodeName=", true},
        {"spec.nodeName!=", false},
        {"spec.unschedulable=true", true},
        {"spec.unschedulable=false", false},
        {"spec.count=3", true},
        {"spec.text=a\\,b\\=c\\\\d", true},
        {"spec.text=a\\,b\\=c\\\\", false},
        {"spec.quote=x\"y", true},
        {"metadata.name=n,spec.count!=4", true},
        {"metadata.name=n,,", true},
        {"spec.null=", true},
        {"spec.list=", true},
        {"status.phase!=Failed", true},
    };
    CLEAT_AUTO(cleat_obj) *o =
        make("{\"metadata\":{\"name\":\"n\"},\"spec\":{\"unschedulable\":true,\"count\":3,\"text\":"
             "\"a,b=c\\\\d\",\"quote\":\"x\\\"y\",\"null\":null,\"list\":[]}}");
    int asked = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEAT_AUTO(cleat_selector) *s = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        if (!KT_OK(cleat_selector_fields(cases[i].text, only_known, &asked, &s, &e), &e) ||
            !KT_EQ_INT(cleat_selector_match(s, o), cases[i].match)) {
            fprintf(stderr, "selector: %s\n", cases[i].text);
        }
    }
    KT_TRUE(asked >= 18);
}

static void test_fields_refused(void) {
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"spec.secret=x", "field label not supported: spec.secret"},
        {"a", "invalid selector: 'a'; can't understand 'a'"},
        {"a=b,c", "invalid selector: 'a=b,c'; can't understand 'c'"},
        {"a=b=c", "invalid field selector: unescaped character in value: 61"},
        {"a=b\\c", "invalid field selector: invalid escape sequence: \\c"},
        {"a=b\\", "invalid field selector: invalid escape sequence: \\"},
    };
    int asked = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cleat_selector *none = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_EQ_INT(cleat_selector_fields(cases[i].text, only_known, &asked, &none, &e),
                  CLEAT_E_BAD_REQUEST);
        KT_EQ_STR(e.message, cases[i].message);
        KT_TRUE(none == NULL);
    }
}

static void test_exact(void) {
    CLEAT_AUTO(cleat_selector) *f = NULL, *l = NULL;
    KT_REQUIRE_OK(cleat_selector_fields("metadata.name=a\\,b,x!=y", NULL, NULL, &f, NULL), NULL);
    KT_EQ_STR(cleat_selector_exact(f, "metadata.name"), "a,b");
    KT_TRUE(cleat_selector_exact(f, "x") == NULL);
    KT_TRUE(cleat_selector_exact(f, "y") == NULL);
    KT_TRUE(cleat_selector_exact(NULL, "y") == NULL);
    KT_REQUIRE_OK(cleat_selector_labels("a in (x),b in (x,y)", &l, NULL), NULL);
    KT_EQ_STR(cleat_selector_exact(l, "a"), "x");
    KT_TRUE(cleat_selector_exact(l, "b") == NULL);
}

KT_MAIN("object_selector", KT_TEST(test_labels), KT_TEST(test_labels_refused), KT_TEST(test_fields),
        KT_TEST(test_fields_refused), KT_TEST(test_exact))
