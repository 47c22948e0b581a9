/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quantities, exactly: a value is a whole number of nano units in 128 bits.
 * As upstream: finer than nano is rounded away from zero, and beyond 2^63-1 is
 * 2^63-1. Pure functions, for any thread.
 */
#include "core/object/object.h"

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

/* Texts longer than this are refused; no number that means something is. */
#define MAX_TEXT  128u
#define MAX_UNITS ((i128)INT64_MAX * 1000000000)

enum format { DECIMAL, BINARY, EXPONENT };

struct quantity {
    i128 nano;
    enum format format;
};

/* ---- a number of at most LIMBS * 32 bits, little end first --------------------- */

#define LIMBS 32

struct big {
    uint32_t limb[LIMBS];
};

/* b = b * factor + add. The callers' numbers fit: see scale(). */
static void big_mul_add(struct big *b, uint32_t factor, uint32_t add) {
    uint64_t carry = add;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += (uint64_t)b->limb[i] * factor;
        b->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    cleat_assert(carry == 0);
}

/* b = b / divisor; returns the remainder. */
static uint32_t big_div(struct big *b, uint32_t divisor) {
    uint64_t rest = 0;
    for (size_t i = LIMBS; i-- > 0;) {
        rest = rest << 32 | b->limb[i];
        b->limb[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    return (uint32_t)rest;
}

/* As far as 2^126, else that. */
static i128 big_value(const struct big *b) {
    for (size_t i = 4; i < LIMBS; i++) {
        if (b->limb[i] != 0) {
            return (i128)1 << 126;
        }
    }
    if (b->limb[3] >> 30 != 0) {
        return (i128)1 << 126;
    }
    return (i128)((u128)b->limb[3] << 96 | (u128)b->limb[2] << 64 | (u128)b->limb[1] << 32 |
                  b->limb[0]);
}

/* ---- text to value --------------------------------------------------------------- */

/* *exp10, *exp2: what the suffix multiplies by. */
static bool parse_suffix(struct cleat_str s, enum format *format, int64_t *exp10, int *exp2) {
    static const struct {
        char c;
        int exp10, exp2; /* exp2: with an i after it; 0 = no such */
    } table[] = {{'n', -9, 0}, {'u', -6, 0}, {'m', -3, 0},  {'k', 3, 0},   {'K', 0, 10},
                 {'M', 6, 20}, {'G', 9, 30}, {'T', 12, 40}, {'P', 15, 50}, {'E', 18, 60}};
    *format = DECIMAL;
    *exp10 = 0;
    *exp2 = 0;
    if (s.n == 0) {
        return true;
    }
    if ((s.p[0] == 'e' || s.p[0] == 'E') && s.n > 1 && s.p[1] != 'i') {
        bool negative = s.p[1] == '-';
        size_t i = s.p[1] == '-' || s.p[1] == '+' ? 2 : 1;
        if (i == s.n) {
            return false;
        }
        for (; i < s.n; i++) {
            if (s.p[i] < '0' || s.p[i] > '9') {
                return false;
            }
            /* Far beyond any value's end; more would only overflow. */
            *exp10 = *exp10 < 1000000 ? *exp10 * 10 + (s.p[i] - '0') : *exp10;
        }
        *exp10 = negative ? -*exp10 : *exp10;
        *format = EXPONENT;
        return true;
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].c != s.p[0]) {
            continue;
        }
        if (s.n == 1 && table[i].exp10 != 0) {
            *exp10 = table[i].exp10;
            return true;
        }
        if (s.n == 2 && s.p[1] == 'i' && table[i].exp2 != 0) {
            *exp2 = table[i].exp2;
            *format = BINARY;
            return true;
        }
    }
    return false;
}

/* Nano units of b * 10^exp10 * 2^exp2, rounded up; digits: how many b has. */
static i128 scale(struct big *b, size_t digits, int64_t exp10, int exp2) {
    bool inexact = false;
    int64_t magnitude = (int64_t)digits + exp10; /* below 10^magnitude */
    if (digits == 0) {
        return 0;
    }
    if (magnitude > 30) {
        return MAX_UNITS;
    }
    if (magnitude + 19 + 9 < 0) { /* 2^60 < 10^19: below a nano unit whatever exp2 */
        return 1;
    }
    for (int i = 0; i < exp2; i += 10) {
        big_mul_add(b, 1024, 0);
    }
    for (exp10 += 9; exp10 > 0; exp10--) {
        big_mul_add(b, 10, 0);
    }
    for (; exp10 < 0; exp10++) {
        inexact |= big_div(b, 10) != 0;
    }
    i128 value = big_value(b) + inexact;
    return value > MAX_UNITS ? MAX_UNITS : value;
}

/* What nearly all quantities are: few digits and a suffix. False where it is more. */
static bool parse_short(struct cleat_str s, bool negative, struct quantity *ret) {
    enum { DIGITS = 15 };
    static const int64_t power[] = {1,
                                    10,
                                    100,
                                    1000,
                                    10000,
                                    100000,
                                    1000000,
                                    10000000,
                                    100000000,
                                    1000000000,
                                    10000000000,
                                    100000000000,
                                    1000000000000,
                                    10000000000000,
                                    100000000000000,
                                    1000000000000000,
                                    10000000000000000,
                                    100000000000000000,
                                    1000000000000000000};
    int64_t v = 0, exp10;
    int exp2;
    size_t i = 0;
    for (; i < s.n && i < DIGITS && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
        v = v * 10 + (s.p[i] - '0');
    }
    if (i == 0 ||
        !parse_suffix((struct cleat_str){s.p + i, s.n - i}, &ret->format, &exp10, &exp2) ||
        exp10 < -9 || exp10 > 9 || exp2 > 40) {
        return false;
    }
    /* Below 10^15 * 10^18 and 10^15 * 10^9 * 2^40: in 2^126. */
    i128 value = (i128)v * power[exp10 + 9] * ((i128)1 << exp2);
    value = value > MAX_UNITS ? MAX_UNITS : value;
    ret->nano = negative ? -value : value;
    return true;
}

static bool parse(struct cleat_str s, struct quantity *ret) {
    size_t i = 0, digits = 0, seen = 0;
    int64_t fraction = 0, exp10;
    int exp2;
    bool point = false;
    if (s.n == 0 || s.n > MAX_TEXT) {
        return false;
    }
    bool negative = s.p[0] == '-';
    if (s.p[0] == '-' || s.p[0] == '+') {
        i++;
    }
    if (parse_short((struct cleat_str){s.p + i, s.n - i}, negative, ret)) {
        return true;
    }
    struct big b = {{0}};
    for (; i < s.n; i++) {
        if (s.p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9') {
            break;
        }
        big_mul_add(&b, 10, (uint32_t)(s.p[i] - '0'));
        digits += digits > 0 || s.p[i] != '0';
        fraction += point;
        seen++;
    }
    if (seen == 0 ||
        !parse_suffix((struct cleat_str){s.p + i, s.n - i}, &ret->format, &exp10, &exp2)) {
        return false;
    }
    i128 value = scale(&b, digits, exp10 - fraction, exp2);
    ret->nano = negative ? -value : value;
    return true;
}

/* ---- value to text: upstream's canonical form -------------------------------------- */

static size_t put_digits(u128 v, char *end) {
    char *p = end;
    do {
        *--p = (char)('0' + (int)(v % 10));
        v /= 10;
    } while (v != 0);
    return (size_t)(end - p);
}

/* The longest form is a sign, 29 digits and "e-9". */
static void format_quantity(struct quantity q, char text[48]) {
    static const char decimal[][2] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
    static const char binary[][3] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    const u128 one = 1000000000;
    u128 v = q.nano < 0 ? (u128)-q.nano : (u128)q.nano;
    char digits[40], suffix[8] = "";
    size_t step = 0;
    if (q.format == BINARY && (v < 1024 * one || v % one != 0)) {
        q.format = DECIMAL;
    }
    if (v == 0) {
        memcpy(text, "0", 2);
        return;
    }
    if (q.format == BINARY) {
        for (v /= one; v % 1024 == 0 && step < 6; v /= 1024) {
            step++;
        }
        memcpy(suffix, binary[step], 3);
    } else {
        for (; v % 1000 == 0 && step < 9; v /= 1000) {
            step++;
        }
        if (q.format == DECIMAL) {
            memcpy(suffix, decimal[step], 2);
        } else if (step != 3) {
            snprintf(suffix, sizeof suffix, "e%d", (int)step * 3 - 9);
        }
    }
    size_t n = put_digits(v, digits + sizeof digits);
    snprintf(text, 48, "%s%.*s%s", q.nano < 0 ? "-" : "", (int)n, digits + sizeof digits - n,
             suffix);
}

cleat_err cleat_quantity_check(struct cleat_str s) {
    struct quantity q;
    return parse(s, &q) ? CLEAT_OK : CLEAT_E_INVALID;
}

cleat_err cleat_quantity_cmp(struct cleat_str a, struct cleat_str b, int32_t *ret) {
    struct quantity x, y;
    if (!parse(a, &x) || !parse(b, &y)) {
        return CLEAT_E_INVALID;
    }
    *ret = x.nano < y.nano ? -1 : x.nano > y.nano;
    return CLEAT_OK;
}

cleat_err cleat_quantity_add(struct cleat_str a, struct cleat_str b, char *buf, size_t size) {
    struct quantity x, y;
    char text[48];
    if (!parse(a, &x) || !parse(b, &y)) {
        return CLEAT_E_INVALID;
    }
    if (x.nano == 0) {
        x.format = y.format;
    }
    x.nano += y.nano;
    format_quantity(x, text);
    if (strlen(text) >= size) {
        return CLEAT_E_TOO_LARGE;
    }
    memcpy(buf, text, strlen(text) + 1);
    return CLEAT_OK;
}

cleat_err cleat_quantity_milli(struct cleat_str s, int64_t *ret) {
    const i128 one = 1000000;
    struct quantity q;
    if (!parse(s, &q)) {
        return CLEAT_E_INVALID;
    }
    i128 v = q.nano / one + (q.nano % one > 0);
    *ret = v > INT64_MAX ? INT64_MAX : v < INT64_MIN ? INT64_MIN : (int64_t)v;
    return CLEAT_OK;
}
