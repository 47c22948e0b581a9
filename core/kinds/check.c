/* SPDX-License-Identifier: Apache-2.0 */
/* Where a validation is, and what it says. See check.h. */
#include "core/kinds/check.h"

#include <arpa/inet.h>
#include <stdarg.h>

/* ---- the place ---- */

void cleat_check_done(struct cleat_check *c) {
    cleat_buf_done(&c->path);
}

size_t cleat_check_in(struct cleat_check *c, const char *member) {
    size_t place = c->path.n;
    cleat_buf_puts(&c->path, place > 0 ? "." : "");
    cleat_buf_puts(&c->path, member);
    return place;
}

size_t cleat_check_elem(struct cleat_check *c, uint32_t index) {
    size_t place = c->path.n;
    cleat_buf_printf(&c->path, "[%u]", index);
    return place;
}

size_t cleat_check_key(struct cleat_check *c, struct cleat_str key) {
    size_t place = c->path.n;
    cleat_buf_printf(&c->path, "[%.*s]", CLEAT_FMT(key));
    return place;
}

void cleat_check_up(struct cleat_check *c, size_t place) {
    c->path.n = place;
    if (c->path.p != NULL) {
        c->path.p[place] = '\0';
    }
}

/* ---- messages ---- */

void cleat_check_fail(struct cleat_check *c, const char *member, const char *reason,
                      const char *fmt, ...) {
    size_t place = member != NULL ? cleat_check_in(c, member) : c->path.n;
    char *detail = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&detail, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    cleat_invalid(c->v, reason, c->path.p != NULL ? c->path.p : "", "%s", detail);
    free(detail);
    cleat_check_up(c, place);
}

void cleat_check_required(struct cleat_check *c, const char *member, const char *why) {
    cleat_check_fail(c, member, "FieldValueRequired", "%s", why);
}

void cleat_check_forbidden(struct cleat_check *c, const char *member, const char *why) {
    cleat_check_fail(c, member, "FieldValueForbidden", "%s", why);
}

void cleat_check_invalid(struct cleat_check *c, const char *member, struct cleat_val v,
                         const char *why) {
    CLEAT_AUTO_FREE char *printed =
        cleat_absent(v) ? cleat_strdup("\"\"") : cleat_validation_print(v);
    cleat_check_fail(c, member, "FieldValueInvalid", "%s: %s", printed, why);
}

void cleat_check_duplicate(struct cleat_check *c, const char *member, struct cleat_val v) {
    CLEAT_AUTO_FREE char *printed = cleat_validation_print(v);
    cleat_check_fail(c, member, "FieldValueDuplicate", "%s", printed);
}

void cleat_check_unsupported(struct cleat_check *c, const char *member, struct cleat_val v,
                             const char *const *values) {
    CLEAT_AUTO_BUF list = {0};
    CLEAT_AUTO_FREE char *printed =
        cleat_absent(v) ? cleat_strdup("\"\"") : cleat_validation_print(v);
    for (size_t i = 0; values[i] != NULL; i++) {
        cleat_buf_printf(&list, "%s\"%s\"", i > 0 ? ", " : "", values[i]);
    }
    cleat_check_fail(c, member, "FieldValueNotSupported", "%s: supported values: %s", printed,
                     list.p != NULL ? list.p : "");
}

/* ---- members ---- */

bool cleat_one_of(struct cleat_str s, const char *const *values) {
    for (; *values != NULL; values++) {
        if (cleat_eqc(s, *values)) {
            return true;
        }
    }
    return false;
}

bool cleat_seen_before(struct cleat_val list, const struct cleat_iter *it, const char *member) {
    enum { COMPARED_MAX = 512 };
    struct cleat_iter before = {0};
    struct cleat_val v = member != NULL ? cleat_val_get(it->val, member) : it->val;
    while (cleat_val_next(list, &before) && before.index < it->index &&
           before.index < COMPARED_MAX) {
        struct cleat_val w = member != NULL ? cleat_val_get(before.val, member) : before.val;
        bool texts = cleat_val_type(v) <= CLEAT_STRING && cleat_val_type(w) <= CLEAT_STRING;
        if (texts && cleat_val_str(v).n + cleat_val_str(w).n == 0 ? true : cleat_val_equal(v, w)) {
            return true;
        }
    }
    return false;
}

bool cleat_check_one_of(struct cleat_check *c, struct cleat_val of, const char *member,
                        const char *const *values, bool required) {
    struct cleat_val v = cleat_val_get(of, member);
    if (cleat_val_str(v).n == 0 && cleat_val_type(v) <= CLEAT_STRING) {
        if (required) {
            cleat_check_required(c, member, "");
        }
        return !required;
    }
    if (!cleat_one_of(cleat_val_str(v), values)) {
        cleat_check_unsupported(c, member, v, values);
        return false;
    }
    return true;
}

bool cleat_check_named(struct cleat_check *c, struct cleat_val of, const char *member,
                       const char *(*fn)(struct cleat_str), bool required) {
    struct cleat_val v = cleat_val_get(of, member);
    struct cleat_str s = cleat_val_str(v);
    if (s.n == 0) {
        if (required) {
            cleat_check_required(c, member, "");
        }
        return !required;
    }
    const char *bad = fn(s);
    if (bad != NULL) {
        cleat_check_invalid(c, member, v, bad);
    }
    return bad == NULL;
}

bool cleat_check_port(struct cleat_check *c, struct cleat_val of, const char *member) {
    int64_t n = 0;
    cleat_val_int(cleat_val_get(of, member), &n);
    if (n < 1 || n > 65535) {
        cleat_check_fail(c, member, "FieldValueInvalid",
                         "%lld: must be between 1 and 65535, inclusive", (long long)n);
        return false;
    }
    return true;
}

const char *cleat_bad_port_name(struct cleat_str s) {
    bool letter = false;
    if (s.n > 15) {
        return "must be no more than 15 characters";
    }
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        letter = letter || (ch >= 'a' && ch <= 'z');
        if (!(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9') && ch != '-') {
            return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }
        if (ch == '-' && i > 0 && s.p[i - 1] == '-') {
            return "must not contain consecutive hyphens";
        }
    }
    if (!letter) {
        return "must contain at least one letter (a-z)";
    }
    return s.p[0] == '-' || s.p[s.n - 1] == '-' ? "must not begin or end with a hyphen" : NULL;
}

bool cleat_check_port_or_name(struct cleat_check *c, struct cleat_val of, const char *member) {
    struct cleat_val v = cleat_val_get(of, member);
    if (cleat_val_type(v) != CLEAT_STRING) {
        return cleat_check_port(c, of, member);
    }
    const char *bad = cleat_bad_port_name(cleat_val_str(v));
    if (bad != NULL) {
        cleat_check_invalid(c, member, v, bad);
    }
    return bad == NULL;
}

int cleat_ip_parse(struct cleat_str s, unsigned char raw[16]) {
    char text[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    if (s.n == 0 || s.n >= sizeof text) {
        return 0;
    }
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    int family = inet_pton(AF_INET, text, bytes) == 1 ? 4 : 0;
    if (family == 0 && inet_pton(AF_INET6, text, bytes) == 1) {
        family = 6;
    }
    if (family != 0 && raw != NULL) {
        memcpy(raw, bytes, family == 4 ? 4 : 16);
    }
    return family;
}

int cleat_cidr_parse(struct cleat_str s, unsigned char raw[16], int *bits) {
    const char *slash = s.n > 0 ? memchr(s.p, '/', s.n) : NULL;
    int n = 0;
    if (slash == NULL) {
        return 0;
    }
    size_t digits = s.n - (size_t)(slash - s.p) - 1;
    int family = cleat_ip_parse((struct cleat_str){s.p, (size_t)(slash - s.p)}, raw);
    if (digits == 0 || digits > 3 || (digits > 1 && slash[1] == '0')) {
        return 0;
    }
    for (size_t i = 1; i <= digits; i++) {
        if (slash[i] < '0' || slash[i] > '9') {
            return 0;
        }
        n = n * 10 + (slash[i] - '0');
    }
    if (n > (family == 4 ? 32 : 128)) {
        return 0;
    }
    *bits = n;
    return family;
}

bool cleat_check_ip(struct cleat_check *c, struct cleat_val of, const char *member) {
    struct cleat_val v = member != NULL ? cleat_val_get(of, member) : of;
    if (cleat_ip_parse(cleat_val_str(v), NULL) != 0) {
        return true;
    }
    cleat_check_invalid(c, member, v,
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    return false;
}

bool cleat_check_cidr(struct cleat_check *c, struct cleat_val of, const char *member) {
    struct cleat_val v = member != NULL ? cleat_val_get(of, member) : of;
    int bits = 0;
    if (cleat_cidr_parse(cleat_val_str(v), NULL, &bits) != 0) {
        return true;
    }
    cleat_check_invalid(c, member, v,
                        "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    return false;
}

bool cleat_check_nonnegative(struct cleat_check *c, struct cleat_val of, const char *member) {
    int64_t n = 0;
    if (cleat_val_int(cleat_val_get(of, member), &n) && n < 0) {
        cleat_check_fail(c, member, "FieldValueInvalid", "%lld: must be greater than or equal to 0",
                         (long long)n);
        return false;
    }
    return true;
}

bool cleat_check_same(struct cleat_check *c, struct cleat_val now, struct cleat_val was,
                      const char *member) {
    bool gone = cleat_absent(now) && cleat_absent(was);
    if (gone || cleat_val_equal(now, was)) {
        return true;
    }
    CLEAT_AUTO_FREE char *printed =
        cleat_absent(now) ? cleat_strdup("null") : cleat_validation_print(now);
    cleat_check_fail(c, member, "FieldValueInvalid", "%s: field is immutable", printed);
    return false;
}

const char *cleat_special_ip(struct cleat_str s) {
    unsigned char raw[16];
    static const unsigned char zero[16], one[16] = {[15] = 1};
    int family = cleat_ip_parse(s, raw);
    bool v4 = family == 4;
    if (family == 0) {
        return NULL;
    }
    if (memcmp(raw, zero, v4 ? 4 : 16) == 0) {
        return v4 ? "may not be unspecified (0.0.0.0)" : "may not be unspecified (::)";
    }
    if (v4 ? raw[0] == 127 : memcmp(raw, one, 16) == 0) {
        return "may not be in the loopback range (127.0.0.0/8, ::1/128)";
    }
    if (v4 ? raw[0] == 169 && raw[1] == 254 : raw[0] == 0xfe && (raw[1] & 0xc0) == 0x80) {
        return "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
    }
    if (v4 ? raw[0] == 224 && raw[1] == 0 && raw[2] == 0 : raw[0] == 0xff && (raw[1] & 0x0f) == 2) {
        return "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
    }
    return NULL;
}

int cleat_quantity_order(struct cleat_str a, struct cleat_str b) {
    int32_t order = 0;
    struct cleat_str x = cleat_quantity_check(a) == CLEAT_OK && a.n > 0 ? a : CLEAT_STR("0");
    struct cleat_str y = cleat_quantity_check(b) == CLEAT_OK && b.n > 0 ? b : CLEAT_STR("0");
    cleat_quantity_cmp(x, y, &order);
    return order;
}

/* ---- selectors ---- */

void cleat_check_labels(struct cleat_check *c, struct cleat_val of, const char *member) {
    size_t place = cleat_check_in(c, member);
    cleat_validate_labels(c->v, cleat_val_get(of, member), c->path.p);
    cleat_check_up(c, place);
}

static void check_expression(struct cleat_check *c, struct cleat_val x) {
    static const char *const operators[] = {"In", "NotIn", "Exists", "DoesNotExist", NULL};
    struct cleat_val op = cleat_val_get(x, "operator"), values = cleat_val_get(x, "values");
    struct cleat_str s = cleat_val_str(op);
    struct cleat_iter it = {0};
    if (!cleat_one_of(s, operators)) {
        cleat_check_invalid(c, "operator", op, "not a valid selector operator");
    } else if (s.n <= 5 && cleat_val_count(values) == 0) { /* In, NotIn */
        cleat_check_required(c, "values", "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (s.n > 5 && cleat_val_count(values) > 0) {
        cleat_check_forbidden(c, "values",
                              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
    struct cleat_val key = cleat_val_get(x, "key");
    const char *bad = cleat_name_qualified(cleat_val_str(key));
    if (bad != NULL) {
        cleat_check_invalid(c, "key", key, bad);
    }
    size_t place = cleat_check_in(c, "values");
    while (cleat_val_next(values, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        bad = cleat_name_label_value(cleat_val_str(it.val));
        if (bad != NULL) {
            cleat_check_invalid(c, NULL, it.val, bad);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

void cleat_check_selector(struct cleat_check *c, struct cleat_val of, const char *member) {
    struct cleat_val selector = cleat_val_get(of, member);
    struct cleat_iter it = {0};
    if (cleat_absent(selector)) {
        return;
    }
    size_t place = cleat_check_in(c, member);
    cleat_check_labels(c, selector, "matchLabels");
    size_t list = cleat_check_in(c, "matchExpressions");
    struct cleat_val expressions = cleat_val_get(selector, "matchExpressions");
    while (cleat_val_next(expressions, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        check_expression(c, it.val);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
    cleat_check_up(c, place);
}
