/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: the table of codes, texts that are cut at a character, causes, and null errors. */
#include "tests/support/kt.h"

static void test_codes(void) {
    static const struct {
        cleat_err code;
        int http;
        const char *reason;
    } want[] = {
        {CLEAT_OK, 200, ""},
        {CLEAT_E_BAD_REQUEST, 400, "BadRequest"},
        {CLEAT_E_UNAUTHORIZED, 401, "Unauthorized"},
        {CLEAT_E_FORBIDDEN, 403, "Forbidden"},
        {CLEAT_E_NOT_FOUND, 404, "NotFound"},
        {CLEAT_E_METHOD, 405, "MethodNotAllowed"},
        {CLEAT_E_NOT_ACCEPTABLE, 406, "NotAcceptable"},
        {CLEAT_E_EXISTS, 409, "AlreadyExists"},
        {CLEAT_E_CONFLICT, 409, "Conflict"},
        {CLEAT_E_GONE, 410, "Gone"},
        {CLEAT_E_EXPIRED, 410, "Expired"},
        {CLEAT_E_TOO_LARGE, 413, "RequestEntityTooLarge"},
        {CLEAT_E_MEDIA_TYPE, 415, "UnsupportedMediaType"},
        {CLEAT_E_INVALID, 422, "Invalid"},
        {CLEAT_E_THROTTLED, 429, "TooManyRequests"},
        {CLEAT_E_INTERNAL, 500, "InternalError"},
        {CLEAT_E_UNAVAILABLE, 503, "ServiceUnavailable"},
        {CLEAT_E_TIMEOUT, 504, "Timeout"},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        KT_EQ_INT(cleat_err_http(want[i].code), want[i].http);
        KT_EQ_STR(cleat_err_reason(want[i].code), want[i].reason);
    }
    for (cleat_err code = CLEAT_E_BUG; code <= CLEAT_E_CANCELLED; code++) {
        KT_EQ_INT(cleat_err_http(code), 500);
        KT_EQ_STR(cleat_err_reason(code), "InternalError");
        KT_TRUE(strncmp(cleat_err_name(code), "CLEAT_E_", 8) == 0);
    }
    KT_EQ_STR(cleat_err_name(CLEAT_E_NOT_FOUND), "CLEAT_E_NOT_FOUND");
    KT_EQ_INT(cleat_err_http(-9999), 500);
    KT_EQ_STR(cleat_err_reason(-9999), "InternalError");
}

static void test_fail_fills_and_replaces(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_error_details(&e, "apps", "deployments", "x");
    cleat_error_cause(&e, "FieldValueInvalid", "spec.x", "must be %d", 3);
    KT_EQ_STR(e.causes[0].message, "must be 3");
    KT_EQ_INT(cleat_fail(&e, CLEAT_E_NOT_FOUND, "no %s", "node"), CLEAT_E_NOT_FOUND);
    KT_EQ_INT(e.code, CLEAT_E_NOT_FOUND);
    KT_EQ_STR(e.message, "no node");
    KT_EQ_INT(e.n_causes, 0); /* nothing of the old one is left */
    KT_EQ_STR(e.kind, "");
    KT_EQ_INT(e.struct_size, sizeof e);
    /* The new text may quote the old one. */
    cleat_fail(&e, CLEAT_E_INTERNAL, "wrapped: %s", e.message);
    KT_EQ_STR(e.message, "wrapped: no node");
    KT_EQ_INT(cleat_fail(NULL, CLEAT_E_IO, "nobody listens"), CLEAT_E_IO);
    cleat_error_cause(NULL, "a", "b", "c");
    cleat_error_details(NULL, "a", "b", "c");
    cleat_error_clear(NULL);
}

static void test_causes_are_bounded(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    for (int i = 0; i < CLEAT_CAUSES_MAX + 5; i++) {
        cleat_error_cause(&e, "FieldValueRequired", "f", "%d", i);
    }
    KT_EQ_INT(e.n_causes, CLEAT_CAUSES_MAX);
    KT_EQ_STR(e.causes[CLEAT_CAUSES_MAX - 1].message, "7");
}

/* A message that does not fit ends with a whole character, whatever its width. */
static void test_cut_at_character(void) {
    static const char *const wide[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    for (size_t w = 0; w < sizeof wide / sizeof *wide; w++) {
        for (size_t pad = 0; pad < 4; pad++) {
            CLEAT_AUTO_BUF b = {0};
            cleat_buf_add(&b, "xxxx", pad);
            while (b.n < sizeof(((struct cleat_error *)NULL)->message) + 8) {
                cleat_buf_puts(&b, wide[w]);
            }
            struct cleat_error e = CLEAT_ERROR_INIT;
            cleat_fail(&e, CLEAT_E_INTERNAL, "%s", b.p);
            size_t n = strlen(e.message), width = strlen(wide[w]);
            KT_TRUE(n < sizeof e.message);
            KT_TRUE(n + width >= sizeof e.message); /* no more is cut than must be */
            KT_EQ_INT((n - pad) % width, 0);
        }
    }
}

KT_MAIN("base_error", KT_TEST(test_codes), KT_TEST(test_fail_fills_and_replaces),
        KT_TEST(test_causes_are_bounded), KT_TEST(test_cut_at_character))
