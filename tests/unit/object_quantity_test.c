/* SPDX-License-Identifier: Apache-2.0 */
/* Quantities and the rules for names. */
#include "core/object/object.h"
#include "tests/support/kt.h"

static void test_check(void) {
    static const char *const good[] = {"0",      "1",
                                       "-1",     "+1",
                                       "1.5",    ".5",
                                       "5.",     "1k",
                                       "1Ki",    "1M",
                                       "1Ei",    "1E",
                                       "1E3",    "1e-3",
                                       "1e+3",   "-250m",
                                       "100n",   "1u",
                                       "0.001m", "1.5Gi",
                                       "12e6",   "9999999999999999999999"};
    static const char *const bad[] = {"",     ".",   "-",   "m",    "1 ",    " 1",    "1K",
                                      "1mi",  "1kk", "1e",  "1e+",  "1.2.3", "1,5",   "0x1",
                                      "1Kii", "1i",  "--1", "1e3k", "1ee3",  "1e3.5", "\xd9\xa1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!KT_EQ_INT(cleat_quantity_check(cleat_s(good[i])), CLEAT_OK)) {
            fprintf(stderr, "quantity: %s\n", good[i]);
        }
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (!KT_EQ_INT(cleat_quantity_check(cleat_s(bad[i])), CLEAT_E_INVALID)) {
            fprintf(stderr, "quantity: %s\n", bad[i]);
        }
    }
}

static void test_compare(void) {
    static const struct {
        const char *a, *b;
        int32_t want;
    } cases[] = {
        {"1e3", "1k", 0},
        {"1000", "1k", 0},
        {"1024", "1Ki", 0},
        {"0.5", "500m", 0},
        {"1.5Gi", "1536Mi", 0},
        {"1Ei", "1152921504606846976", 0},
        {"1E", "1e18", 0},
        {"1n", "0.000000001", 0},
        {"1000000n", "1m", 0},
        {"-0", "0", 0},
        {"0e999999999999", "0", 0},
        {"1k", "1Ki", -1},
        {"1M", "1Mi", -1},
        {"999m", "1", -1},
        {"-1", "1", -1},
        {"-1k", "-1", -1},
        {"9007199254740993", "9007199254740992", 1},
        {"9223372036854775807", "9223372036854775806", 1},
        /* Rounded away from zero to nano, held at 2^63-1. */
        {"0.1n", "1n", 0},
        {"-0.1n", "-1n", 0},
        {"1.0000000001", "1.000000001", 0},
        {"1e-999999999999", "1n", 0},
        {"1e100", "9223372036854775807", 0},
        {"-1e999999999999", "-9223372036854775807", 0},
        {"16Ei", "9223372036854775807", 0},
        {"0.00000000000000000000000000000000000000000000000000000000000000001Ei", "1n", 0},
        {"0.9999999999999999999999999999999Ki", "1Ki", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t got = 7, back = 7;
        KT_OK(cleat_quantity_cmp(cleat_s(cases[i].a), cleat_s(cases[i].b), &got), NULL);
        KT_OK(cleat_quantity_cmp(cleat_s(cases[i].b), cleat_s(cases[i].a), &back), NULL);
        if (!KT_EQ_INT(got, cases[i].want) || !KT_EQ_INT(back, -cases[i].want)) {
            fprintf(stderr, "%s ? %s\n", cases[i].a, cases[i].b);
        }
    }
    int32_t got = 7;
    KT_EQ_INT(cleat_quantity_cmp(CLEAT_STR("x"), CLEAT_STR("1"), &got), CLEAT_E_INVALID);
    KT_EQ_INT(got, 7);
}

static void test_add(void) {
    static const struct {
        const char *a, *b, *want;
    } cases[] = {
        {"250m", "250m", "500m"},
        {"500m", "500m", "1"},
        {"1", "1m", "1001m"},
        {"1k", "1k", "2k"},
        {"999", "1", "1k"},
        {"1Ki", "1Ki", "2Ki"},
        {"512Mi", "512Mi", "1Gi"},
        {"1Mi", "1", "1048577"},
        {"1Gi", "1k", "1073742824"},
        {"1Ki", "1m", "1024001m"},
        {"512", "512Mi", "536871424"},
        {"1Ki", "-1Ki", "0"},
        {"1Ki", "-1000", "24"},
        {"1Ki", "1000", "2024"},
        {"1e3", "1", "1001"},
        {"1e3", "1e3", "2e3"},
        {"1e-3", "0", "1e-3"},
        {"1e3", "1m", "1000001e-3"},
        {"0", "1Gi", "1Gi"},
        {"0", "1e3", "1e3"},
        {"-1", "1.5", "500m"},
        {"-2", "1", "-1"},
        {"1n", "1u", "1001n"},
        {"9223372036854775807", "9223372036854775807", "18446744073709551614"},
        {"1E", "1E", "2E"},
        {"0", "0", "0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[48] = "untouched";
        KT_OK(cleat_quantity_add(cleat_s(cases[i].a), cleat_s(cases[i].b), buf, sizeof buf), NULL);
        if (!KT_EQ_STR(buf, cases[i].want)) {
            fprintf(stderr, "%s + %s\n", cases[i].a, cases[i].b);
        }
    }
    char small[4] = "abc";
    KT_EQ_INT(cleat_quantity_add(CLEAT_STR("1001"), CLEAT_STR("1"), small, sizeof small),
              CLEAT_E_TOO_LARGE);
    KT_EQ_STR(small, "abc");
    KT_EQ_INT(cleat_quantity_add(CLEAT_STR("1"), CLEAT_STR("z"), small, sizeof small),
              CLEAT_E_INVALID);
}

/* ---- names ---------------------------------------------------------------------------- */

#define X63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X253                                                                                       \
    X63 "." X63 "." X63 "."                                                                        \
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void test_names(void) {
    static const struct {
        const char *(*check)(struct cleat_str);
        const char *name, *message; /* NULL: valid; else how the message begins */
    } cases[] = {
        {cleat_name_dns_subdomain, "a", NULL},
        {cleat_name_dns_subdomain, "0.a-b.c", NULL},
        {cleat_name_dns_subdomain, X253, NULL},
        {cleat_name_dns_subdomain, X253 "x", "must be no more than 253 characters"},
        {cleat_name_dns_subdomain, "",
         "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' "
         "or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
         "used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
        {cleat_name_dns_subdomain, "A", "a lowercase RFC 1123 subdomain"},
        {cleat_name_dns_subdomain, "a..b", "a lowercase RFC 1123 subdomain"},
        {cleat_name_dns_subdomain, "-a", "a lowercase RFC 1123 subdomain"},
        {cleat_name_dns_subdomain, "a-.b", "a lowercase RFC 1123 subdomain"},
        {cleat_name_dns_subdomain, "a.", "a lowercase RFC 1123 subdomain"},
        {cleat_name_dns_subdomain, "a_b", "a lowercase RFC 1123 subdomain"},
        {cleat_name_dns_subdomain, "a/b", "a lowercase RFC 1123 subdomain"},
        {cleat_name_dns_label, "0-a", NULL},
        {cleat_name_dns_label, X63, NULL},
        {cleat_name_dns_label, X63 "x", "must be no more than 63 characters"},
        {cleat_name_dns_label, "a.b", "must not contain dots"},
        {cleat_name_dns_label, "A.b",
         "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
         "and "
         "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
         "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"},
        {cleat_name_dns_label_1035, "a0", NULL},
        {cleat_name_dns_label_1035, "0a",
         "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with "
         "an "
         "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
         "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"},
        {cleat_name_qualified, "a_B.c-9", NULL},
        {cleat_name_qualified, "example.com/a", NULL},
        {cleat_name_qualified, X63, NULL},
        {cleat_name_qualified, "", "name part must be non-empty"},
        {cleat_name_qualified, "x/", "name part must be non-empty"},
        {cleat_name_qualified, "/x", "prefix part must be non-empty"},
        {cleat_name_qualified, "A.b/x", "prefix part a lowercase RFC 1123 subdomain"},
        {cleat_name_qualified, "a/b/c",
         "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must "
         "start "
         "and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', "
         "regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an "
         "optional "
         "DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"},
        {cleat_name_qualified, X63 "x", "name part must be no more than 63 bytes"},
        {cleat_name_qualified, "-x", "name part must consist of alphanumeric"},
        {cleat_name_label_value, "", NULL},
        {cleat_name_label_value, "A_b.1", NULL},
        {cleat_name_label_value, "a ",
         "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
         "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
         "'my_value',  or '12345', regex used for validation is "
         "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
        {cleat_name_label_value, X63 "x", "must be no more than 63 bytes"},
        {cleat_name_path_segment, "system:node", NULL},
        {cleat_name_path_segment, "...", NULL},
        {cleat_name_path_segment, ".", "may not be '.'"},
        {cleat_name_path_segment, "..", "may not be '..'"},
        {cleat_name_path_segment, "a/b", "may not contain '/'"},
        {cleat_name_path_segment, "a%b", "may not contain '%'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = cases[i].check(cleat_s(cases[i].name));
        if (cases[i].message == NULL) {
            KT_TRUE(got == NULL);
        } else if (got == NULL || strncmp(got, cases[i].message, strlen(cases[i].message)) != 0) {
            KT_EQ_STR(got, cases[i].message);
        }
    }
}

static void test_milli(void) {
    static const struct {
        const char *text;
        int64_t want;
    } cases[] = {{"0", 0},         {"1", 1000}, {"250m", 250},    {"1.5", 1500},
                 {"1u", 1},        {"-1u", 0},  {"-1500u", -1},   {"2k", 2000000},
                 {"1Ki", 1024000}, {"100n", 1}, {"1e3", 1000000}, {"9P", 9000000000000000000},
                 {"1E", INT64_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t got = -7;
        KT_EQ_INT(cleat_quantity_milli(cleat_s(cases[i].text), &got), CLEAT_OK);
        KT_EQ_INT(got, cases[i].want);
    }
    int64_t kept = 5;
    KT_EQ_INT(cleat_quantity_milli(cleat_s("one"), &kept), CLEAT_E_INVALID);
    KT_EQ_INT(kept, 5);
}

KT_MAIN("object_quantity", KT_TEST(test_check), KT_TEST(test_compare), KT_TEST(test_add),
        KT_TEST(test_milli), KT_TEST(test_names))
