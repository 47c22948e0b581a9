/* SPDX-License-Identifier: Apache-2.0 */
/* Time as text, both ways, with hostile input; durations; the virtual clock; seeded randomness. */
#include "tests/support/kt.h"

static void test_time_round_trip(void) {
    char buf[32];
    cleat_time_format(0, false, buf);
    KT_EQ_STR(buf, "1970-01-01T00:00:00Z");
    cleat_time_format(1767323045 * CLEAT_SECOND + 123456789, true, buf);
    KT_EQ_STR(buf, "2026-01-02T03:04:05.123456Z");
    cleat_time_format(-1, true, buf); /* before the epoch it rounds down, not towards zero */
    KT_EQ_STR(buf, "1969-12-31T23:59:59.999999Z");
    cleat_random_seed(3);
    for (int i = 0; i < 5000; i++) {
        cleat_time t = (cleat_time)(cleat_random() % 8000000000u) * CLEAT_SECOND -
                       1000000000 * CLEAT_SECOND + (cleat_time)(cleat_random() % 1000000) * 1000;
        cleat_time back = 0;
        cleat_time_format(t, true, buf);
        KT_EQ_INT(cleat_time_parse(cleat_s(buf), &back), CLEAT_OK);
        KT_EQ_INT(back, t);
    }
}

static void test_time_parse(void) {
    static const struct {
        const char *text;
        cleat_time want;
    } good[] = {
        {"1970-01-01T00:00:01Z", CLEAT_SECOND},
        {"1970-01-01T01:00:00+01:00", 0},
        {"1969-12-31T23:30:00-00:30", 0},
        {"1970-01-01T00:00:00.5Z", CLEAT_SECOND / 2},
        {"1970-01-01T00:00:00.123456789Z", 123456789},
        {"1970-01-01T00:00:00.1234567891234Z", 123456789},
        {"2024-02-29T00:00:00Z", 1709164800 * CLEAT_SECOND},
        {"2000-02-29T00:00:00Z", 951782400 * CLEAT_SECOND},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cleat_time t = -1;
        KT_EQ_INT(cleat_time_parse(cleat_s(good[i].text), &t), CLEAT_OK);
        KT_EQ_INT(t, good[i].want);
    }
    static const char *const bad[] = {"",
                                      "2",
                                      "2026-01-02",
                                      "2026-01-02T03:04:05",
                                      "2026-01-02 03:04:05Z",
                                      "2026-13-02T03:04:05Z",
                                      "2026-00-02T03:04:05Z",
                                      "2026-01-32T03:04:05Z",
                                      "2026-01-00T03:04:05Z",
                                      "2023-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "2026-01-02T24:04:05Z",
                                      "2026-01-02T03:60:05Z",
                                      "2026-01-02T03:04:61Z",
                                      "2026-01-02T03:04:05.Z",
                                      "2026-01-02T03:04:05ZZ",
                                      "2026-01-02T03:04:05+1:00",
                                      "2026-01-02T03:04:05+24:00",
                                      "2026-01-02T03:04:05+01:60",
                                      "2026-01-02T03:04:05+",
                                      "+026-01-02T03:04:05Z",
                                      "9999-01-02T03:04:05Z" /* beyond 64 bits */,
                                      "2026-01-02T03:04:05.999",
                                      "x026-01-02T03:04:05Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cleat_time t = 42;
        KT_EQ_INT(cleat_time_parse(cleat_s(bad[i]), &t), CLEAT_E_BAD_REQUEST);
        KT_EQ_INT(t, 42); /* written on success only */
    }
    /* Every prefix of a good one is bad, and none is read past its end. */
    const char *whole = "2026-01-02T03:04:05.123+01:00";
    for (size_t n = 0; n < strlen(whole); n++) {
        CLEAT_AUTO_FREE char *cut = cleat_alloc(n);
        memcpy(cut, whole, n);
        cleat_time t;
        KT_EQ_INT(cleat_time_parse((struct cleat_str){cut, n}, &t), CLEAT_E_BAD_REQUEST);
    }
}

static void test_duration_parse(void) {
    static const struct {
        const char *text;
        cleat_time want;
    } good[] = {
        {"0", 0},
        {"10s", 10 * CLEAT_SECOND},
        {"1h2m", 3720 * CLEAT_SECOND},
        {"300ms", 300 * CLEAT_MS},
        {"1.5h", 5400 * CLEAT_SECOND},
        {".5s", CLEAT_SECOND / 2},
        {"1.s", CLEAT_SECOND},
        {"-1m30s", -90 * CLEAT_SECOND},
        {"+5ns", 5},
        {"7us", 7000},
        {"7\xc2\xb5s", 7000},
        {"7\xce\xbcs", 7000},
        {"1h1h", 7200 * CLEAT_SECOND},
        {"2562047h47m16.854775807s", INT64_MAX},
        {"0.3333333333333333333h", 1200 * CLEAT_SECOND - 1},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cleat_time t = -77;
        KT_EQ_INT(cleat_duration_parse(cleat_s(good[i].text), &t), CLEAT_OK);
        KT_TRUE(t >= good[i].want - 1 && t <= good[i].want + (good[i].want < INT64_MAX));
    }
    static const char *const bad[] = {"",
                                      "-",
                                      "10",
                                      "s",
                                      "1d",
                                      "1 s",
                                      " 1s",
                                      "1s ",
                                      ".s",
                                      "1..s",
                                      "1.2.3s",
                                      "--1s",
                                      "1h-2m",
                                      "0x1s",
                                      "1e3s",
                                      "9223372037s",
                                      "99999999999999999999999999h"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cleat_time t = 42;
        KT_EQ_INT(cleat_duration_parse(cleat_s(bad[i]), &t), CLEAT_E_BAD_REQUEST);
        KT_EQ_INT(t, 42);
    }
}

static void test_duration_human(void) {
    static const struct {
        long long s;
        const char *want;
    } all[] = {{-2, "<invalid>"}, {-1, "0s"},         {0, "0s"},        {119, "119s"},
               {120, "2m"},       {125, "2m5s"},      {599, "9m59s"},   {600, "10m"},
               {10799, "179m"},   {10800, "3h"},      {10860, "3h1m"},  {28799, "7h59m"},
               {28800, "8h"},     {172799, "47h"},    {172800, "2d"},   {176400, "2d1h"},
               {691200, "8d"},    {63071999, "729d"}, {63072000, "2y"}, {63158400, "2y1d"},
               {252288000, "8y"}, {400000000, "12y"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char buf[32];
        cleat_duration_human(all[i].s * CLEAT_SECOND, buf);
        KT_EQ_STR(buf, all[i].want);
    }
}

static void test_random(void) {
    cleat_random_seed(42);
    uint64_t a[64];
    for (int i = 0; i < 64; i++) {
        a[i] = cleat_random();
        KT_TRUE(i == 0 || a[i] != a[i - 1]);
    }
    cleat_random_seed(42);
    for (int i = 0; i < 64; i++) {
        KT_TRUE(cleat_random() == a[i]);
    }
    cleat_random_seed(43);
    KT_TRUE(cleat_random() != a[0]);
    unsigned char b[2][600];
    cleat_random_seed(42);
    cleat_random_bytes(b[0], sizeof b[0]);
    cleat_random_seed(42);
    cleat_random_bytes(b[1], sizeof b[1]);
    KT_TRUE(memcmp(b[0], b[1], sizeof b[0]) != 0); /* secrets never come from the seed */
}

static void test_clocks(void) {
    cleat_time mono = cleat_now_mono(), wall = cleat_now_wall();
    KT_TRUE(mono > 0 && wall > 1700000000 * CLEAT_SECOND);
    KT_TRUE(cleat_now_mono() >= mono);
    KT_TRUE(!cleat_clock_is_virtual());
    cleat_clock_virtual(1000 * CLEAT_SECOND);
    KT_TRUE(cleat_clock_is_virtual());
    KT_EQ_INT(cleat_now_wall(), 1000 * CLEAT_SECOND);
    mono = cleat_now_mono();
    KT_TRUE(mono > 0);
    cleat_clock_advance(5 * CLEAT_MS);
    KT_EQ_INT(cleat_now_wall(), 1000 * CLEAT_SECOND + 5 * CLEAT_MS);
    KT_EQ_INT(cleat_now_mono(), mono + 5 * CLEAT_MS);
}

KT_MAIN("base_clock", KT_TEST(test_time_round_trip), KT_TEST(test_time_parse),
        KT_TEST(test_duration_parse), KT_TEST(test_duration_human), KT_TEST(test_random),
        KT_TEST(test_clocks))
