/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single values as upstream's decoder takes them: what it refuses, in its words,
 * and what it would write in another way (times in UTC, quantities in their
 * canonical form, base64 without line breaks). The usual forms are recognised
 * without allocating. Pure; any thread.
 */
#include "core/object/object.h"
#include "core/types/check.h"

const char *cleat_scalar_word(struct cleat_val v) {
    static const char *const words[] = {"null",   "null",  "bool",  "number",
                                        "string", "array", "object"};
    return words[cleat_val_type(v)];
}

static int wrong(struct cleat_buf *why, const char *text) {
    if (why != NULL) {
        cleat_buf_puts(why, text);
    }
    return CLEAT_SCALAR_WRONG;
}

/* Types that decode themselves first decode to one of Go's. */
static int not_go(struct cleat_val v, const char *go_type, struct cleat_buf *why) {
    if (why != NULL) {
        cleat_buf_printf(why, "json: cannot unmarshal %s into Go value of type %s",
                         cleat_scalar_word(v), go_type);
    }
    return CLEAT_SCALAR_WRONG;
}

/* ---- numbers ---- */

static bool fits_int(struct cleat_val v, bool small) {
    int64_t i;
    return cleat_val_int(v, &i) && (!small || (i >= INT32_MIN && i <= INT32_MAX));
}

static int check_int(struct cleat_val v, bool small, struct cleat_buf *why) {
    if (fits_int(v, small)) {
        return CLEAT_SCALAR_FITS;
    }
    if (why != NULL) {
        cleat_buf_puts(why, cleat_scalar_word(v));
        if (cleat_val_type(v) == CLEAT_NUMBER) {
            cleat_buf_putc(why, ' ');
            cleat_buf_str(why, cleat_val_raw(v));
        }
    }
    return CLEAT_SCALAR_OTHER;
}

static int check_int_or_string(struct cleat_val v, struct cleat_buf *why) {
    if (cleat_val_type(v) == CLEAT_STRING || fits_int(v, true)) {
        return CLEAT_SCALAR_FITS;
    }
    if (why != NULL) {
        cleat_buf_puts(why, "json: cannot unmarshal ");
        check_int(v, true, why);
        cleat_buf_puts(why, " into Go value of type int32");
    }
    return CLEAT_SCALAR_WRONG;
}

/* ---- quantities ---- */

/* The commonest canonical forms: whole numbers, thousandths, and powers of 1024. */
static bool plainly_canonical(struct cleat_str s) {
    size_t i = 0;
    uint64_t n = 0;
    while (i < s.n && i < 18 && s.p[i] >= '0' && s.p[i] <= '9') {
        n = n * 10 + (uint64_t)(s.p[i++] - '0');
    }
    if (i == 0 || (s.p[0] == '0' && s.n > 1)) {
        return false;
    }
    if (i == s.n || (i + 1 == s.n && s.p[i] == 'm')) {
        return n % 1000 != 0 || s.n == 1;
    }
    return i + 2 == s.n && (s.p[i] == 'K' || s.p[i] == 'M' || s.p[i] == 'G') && s.p[i + 1] == 'i' &&
           n % 1024 != 0;
}

static int check_quantity(struct cleat_val v, struct cleat_buf *out, struct cleat_buf *why) {
    static const char format[] = "quantities must match the regular expression "
                                 "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    char text[64];
    int32_t type = cleat_val_type(v);
    struct cleat_str s = type == CLEAT_STRING ? cleat_val_str(v) : cleat_val_raw(v);
    if (type == CLEAT_STRING && plainly_canonical(s)) {
        return CLEAT_SCALAR_FITS;
    }
    while (s.n > 0 && s.p[0] == ' ') {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && s.p[s.n - 1] == ' ') {
        s.n--;
    }
    if ((type != CLEAT_STRING && type != CLEAT_NUMBER) ||
        cleat_quantity_add(s, CLEAT_STR("0"), text, sizeof text) != CLEAT_OK) {
        return wrong(why, format);
    }
    if (type == CLEAT_STRING && cleat_eqc(cleat_val_str(v), text)) {
        return CLEAT_SCALAR_FITS;
    }
    if (out != NULL) {
        cleat_buf_printf(out, "\"%s\"", text);
    }
    return CLEAT_SCALAR_CHANGES;
}

/* ---- times ---- */

/* Where Go's parser stops in s, and the part of its layout that it stops at. */
static size_t stops_at(struct cleat_str s, bool micro, const char **ret_part) {
    static const struct {
        const char *part;
        size_t n; /* digits; 0 = the part itself */
    } parts[] = {{"2006", 4}, {"-", 0},       {"01", 2},    {"-", 0},  {"02", 2},
                 {"T", 0},    {"15", 2},      {":", 0},     {"04", 2}, {":", 0},
                 {"05", 2},   {".000000", 6}, {"Z07:00", 0}};
    size_t at = 0;
    for (size_t i = 0; i + 1 < sizeof parts / sizeof *parts; i++) {
        const char *part = parts[i].part;
        size_t from = at, digits = 0;
        if (*part == '.' && !micro) {
            continue;
        }
        *ret_part = part;
        if (parts[i].n == 0 || *part == '.') {
            if (from >= s.n || s.p[from] != *part) {
                return at;
            }
            from++;
        }
        while (digits < parts[i].n && from + digits < s.n && s.p[from + digits] >= '0' &&
               s.p[from + digits] <= '9') {
            digits++;
        }
        if (digits < parts[i].n) {
            return at;
        }
        at = from + digits;
    }
    *ret_part = "Z07:00";
    return at;
}

static int wrong_time(struct cleat_str s, bool micro, struct cleat_buf *why) {
    const char *part = "";
    if (why != NULL) {
        size_t at = stops_at(s, micro, &part);
        cleat_buf_printf(why,
                         "parsing time \"%.*s\" as \"2006-01-02T15:04:05%sZ07:00\": cannot parse "
                         "\"%.*s\" as \"%s\"",
                         CLEAT_FMT(s), micro ? ".000000" : "", (int)(s.n - at), s.p + at, part);
    }
    return CLEAT_SCALAR_WRONG;
}

static int check_time(struct cleat_val v, bool micro, struct cleat_buf *out,
                      struct cleat_buf *why) {
    size_t n = micro ? sizeof "2006-01-02T15:04:05.000000Z" - 1 : sizeof "2006-01-02T15:04:05Z" - 1;
    struct cleat_str s = cleat_val_str(v);
    cleat_time t;
    if (cleat_val_type(v) != CLEAT_STRING) {
        return not_go(v, "string", why);
    }
    if (cleat_time_parse(s, &t) != CLEAT_OK || (micro && (s.n < n || s.p[19] != '.'))) {
        return wrong_time(s, micro, why);
    }
    if (s.n == n && s.p[n - 1] == 'Z') {
        return CLEAT_SCALAR_FITS;
    }
    if (out != NULL) {
        char text[32];
        cleat_time_format(t, micro, text);
        cleat_buf_printf(out, "\"%s\"", text);
    }
    return CLEAT_SCALAR_CHANGES;
}

static int check_duration(struct cleat_val v, struct cleat_buf *why) {
    cleat_time d;
    struct cleat_str s = cleat_val_str(v);
    if (cleat_val_type(v) != CLEAT_STRING) {
        return not_go(v, "string", why);
    }
    if (cleat_duration_parse(s, &d) == CLEAT_OK) {
        return CLEAT_SCALAR_FITS;
    }
    if (why != NULL) {
        cleat_buf_printf(why, "time: invalid duration \"%.*s\"", CLEAT_FMT(s));
    }
    return CLEAT_SCALAR_WRONG;
}

/* ---- bytes ---- */

static bool is_base64(unsigned char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/* The offset at which Go's decoder gives up; SIZE_MAX where it does not. */
static size_t base64_error(struct cleat_str s) {
    size_t i = 0, quantum = 0, start = 0;
    for (; i < s.n && is_base64((unsigned char)s.p[i]); i++) {
        start = quantum == 0 ? i : start;
        quantum = (quantum + 1) % 4;
    }
    if (i == s.n) {
        return quantum == 0 ? SIZE_MAX : start;
    }
    if (s.p[i] != '=' || quantum < 2) {
        return i;
    }
    if (quantum == 2) {
        if (++i == s.n) {
            return s.n;
        }
        if (s.p[i] != '=') {
            return i;
        }
    }
    return ++i == s.n ? SIZE_MAX : i;
}

/* Line breaks are no part of it. */
static int check_bytes(struct cleat_val v, struct cleat_buf *out, struct cleat_buf *why) {
    struct cleat_str s = cleat_val_str(v);
    CLEAT_AUTO_BUF joined = {0};
    bool breaks = s.n > 0 && memchr(s.p, '\\', s.n) != NULL;
    if (cleat_val_type(v) != CLEAT_STRING) {
        if (why != NULL) {
            cleat_buf_puts(why, cleat_scalar_word(v));
        }
        return CLEAT_SCALAR_OTHER;
    }
    for (size_t i = 0; breaks && i < s.n; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == 'n' || s.p[i + 1] == 'r')) {
            i++;
        } else {
            cleat_buf_putc(&joined, s.p[i]);
        }
    }
    if (breaks) {
        s = (struct cleat_str){joined.p != NULL ? joined.p : "", joined.n};
    }
    size_t at = base64_error(s);
    if (at != SIZE_MAX) {
        if (why != NULL) {
            cleat_buf_printf(why, "illegal base64 data at input byte %zu", at);
        }
        return CLEAT_SCALAR_WRONG;
    }
    if (breaks && out != NULL) {
        cleat_buf_printf(out, "\"%.*s\"", CLEAT_FMT(s));
    }
    return breaks ? CLEAT_SCALAR_CHANGES : CLEAT_SCALAR_FITS;
}

static int check_type(struct cleat_val v, int32_t want, struct cleat_buf *why) {
    if (cleat_val_type(v) == want) {
        return CLEAT_SCALAR_FITS;
    }
    if (why != NULL) {
        cleat_buf_puts(why, cleat_scalar_word(v));
    }
    return CLEAT_SCALAR_OTHER;
}

int cleat_scalar_check(const struct cleat_type *t, struct cleat_val v, struct cleat_buf *out,
                       struct cleat_buf *why) {
    switch (t->form) {
    case CLEAT_FORM_STRING:
        return check_type(v, CLEAT_STRING, why);
    case CLEAT_FORM_BOOL:
        return check_type(v, CLEAT_BOOL, why);
    case CLEAT_FORM_DOUBLE:
        return check_type(v, CLEAT_NUMBER, why);
    case CLEAT_FORM_INT32:
    case CLEAT_FORM_INT64:
        return check_int(v, t->form == CLEAT_FORM_INT32, why);
    case CLEAT_FORM_BYTES:
        return check_bytes(v, out, why);
    case CLEAT_FORM_TIME:
    case CLEAT_FORM_MICRO_TIME:
        return check_time(v, t->form == CLEAT_FORM_MICRO_TIME, out, why);
    case CLEAT_FORM_DURATION:
        return check_duration(v, why);
    case CLEAT_FORM_QUANTITY:
        return check_quantity(v, out, why);
    case CLEAT_FORM_INT_OR_STRING:
        return check_int_or_string(v, why);
    default:
        return CLEAT_SCALAR_FITS;
    }
}
