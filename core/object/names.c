/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What names, label keys and label values may look like, and upstream's words
 * where they do not. Pure functions with static results.
 */
#include "core/object/object.h"

/* How upstream words the part that all its messages end with. */
#define REGEX(examples, regex) " (e.g. " examples ", regex used for validation is '" regex "')"

#define TOO_LONG_63  "must be no more than 63 characters"
#define TOO_LONG_253 "must be no more than 253 characters"
/* Of keys and values upstream counts the same otherwise. */
#define TOO_MANY_63  "must be no more than 63 bytes"
#define TOO_MANY_253 "must be no more than 253 bytes"

#define SUBDOMAIN                                                                                  \
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "   \
    "'.', and must start and end with an alphanumeric character" REGEX(                            \
        "'example.com'", "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
#define LABEL                                                                                      \
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "   \
    "must start and end with an alphanumeric character" REGEX("'my-name',  or '123-abc'",          \
                                                              "[a-z0-9]([-a-z0-9]*[a-z0-9])?")
#define LABEL_1035                                                                                 \
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "   \
    "alphabetic character, and end with an alphanumeric character" REGEX(                          \
        "'my-name',  or 'abc-123'", "[a-z]([-a-z0-9]*[a-z0-9])?")
#define QUALIFIED                                                                                  \
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "    \
    "alphanumeric character" REGEX("'MyName',  or 'my.name',  or '123-abc'",                       \
                                   "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
#define LABEL_VALUE                                                                                \
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "    \
    "'.', and must start and end with an alphanumeric character" REGEX(                            \
        "'MyValue',  or 'my_value',  or '12345'", "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c) {
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

/* [a-z0-9]([-a-z0-9]*[a-z0-9])? */
static bool is_label(struct cleat_str s) {
    if (s.n == 0 || s.p[0] == '-' || s.p[s.n - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (!is_lower(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-') {
            return false;
        }
    }
    return true;
}

static bool is_subdomain(struct cleat_str s) {
    size_t from = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i == s.n || s.p[i] == '.') {
            if (!is_label((struct cleat_str){s.p + from, i - from})) {
                return false;
            }
            from = i + 1;
        }
    }
    return true;
}

/* ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9] */
static bool is_word(struct cleat_str s) {
    if (s.n == 0 || !is_alnum(s.p[0]) || !is_alnum(s.p[s.n - 1])) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (!is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_' && s.p[i] != '.') {
            return false;
        }
    }
    return true;
}

const char *cleat_name_dns_subdomain(struct cleat_str s) {
    if (s.n > 253) {
        return TOO_LONG_253;
    }
    return is_subdomain(s) ? NULL : SUBDOMAIN;
}

const char *cleat_name_dns_label(struct cleat_str s) {
    if (s.n > 63) {
        return TOO_LONG_63;
    }
    return is_label(s) ? NULL : is_subdomain(s) ? "must not contain dots" : LABEL;
}

const char *cleat_name_dns_label_1035(struct cleat_str s) {
    if (s.n > 63) {
        return TOO_LONG_63;
    }
    return is_label(s) && is_lower(s.p[0]) ? NULL : LABEL_1035;
}

const char *cleat_name_qualified(struct cleat_str s) {
    const char *slash = s.n > 0 ? memchr(s.p, '/', s.n) : NULL;
    struct cleat_str name = s;
    if (slash != NULL) {
        struct cleat_str prefix = {s.p, (size_t)(slash - s.p)};
        name = (struct cleat_str){slash + 1, s.n - prefix.n - 1};
        if (memchr(name.p, '/', name.n) != NULL) {
            return "a valid label key " QUALIFIED
                   " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }
        if (prefix.n == 0) {
            return "prefix part must be non-empty";
        }
        if (prefix.n > 253) {
            return "prefix part " TOO_MANY_253;
        }
        if (!is_subdomain(prefix)) {
            return "prefix part " SUBDOMAIN;
        }
    }
    if (name.n == 0) {
        return "name part must be non-empty";
    }
    if (name.n > 63) {
        return "name part " TOO_MANY_63;
    }
    return is_word(name) ? NULL : "name part " QUALIFIED;
}

const char *cleat_name_label_value(struct cleat_str s) {
    if (s.n > 63) {
        return TOO_MANY_63;
    }
    return s.n == 0 || is_word(s) ? NULL : LABEL_VALUE;
}

const char *cleat_name_path_segment(struct cleat_str s) {
    if (cleat_eqc(s, ".")) {
        return "may not be '.'";
    }
    if (cleat_eqc(s, "..")) {
        return "may not be '..'";
    }
    if (s.n > 0 && memchr(s.p, '/', s.n) != NULL) {
        return "may not contain '/'";
    }
    if (s.n > 0 && memchr(s.p, '%', s.n) != NULL) {
        return "may not contain '%'";
    }
    return NULL;
}
