/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formats that a schema may demand of a string, as upstream tests them. Formats
 * that are known but hard to get wrong (passwords, numbers of books and cards) take any
 * text; those that are not known are none. Pure; any thread.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include "core/registry/schema.h"

static bool all_digits(const char *s, size_t n) {
    size_t i = 0;
    while (i < n && isdigit((unsigned char)s[i])) {
        i++;
    }
    return i == n;
}

static bool is_date(const char *s) {
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(s) != 10 || !all_digits(s, 4) || s[4] != '-' || !all_digits(s + 5, 2) ||
        s[7] != '-' || !all_digits(s + 8, 2)) {
        return false;
    }
    int year = atoi(s), month = atoi(s + 5), day = atoi(s + 8);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
           (month != 2 || day < 29 || leap);
}

static bool is_date_time(const char *s) {
    cleat_time t;
    return cleat_time_parse(cleat_s(s), &t) == CLEAT_OK;
}

static bool is_ipv4(const char *s) {
    struct in_addr a;
    return inet_pton(AF_INET, s, &a) == 1;
}

static bool is_ipv6(const char *s) {
    struct in6_addr a;
    return inet_pton(AF_INET6, s, &a) == 1;
}

static bool is_cidr(const char *s) {
    const char *slash = strchr(s, '/');
    if (slash == NULL || slash[1] == '\0' || strlen(slash + 1) > 3 ||
        !all_digits(slash + 1, strlen(slash + 1)) || (slash[1] == '0' && slash[2] != '\0')) {
        return false;
    }
    CLEAT_AUTO_FREE char *ip = cleat_strndup((struct cleat_str){s, (size_t)(slash - s)});
    return (is_ipv4(ip) && atoi(slash + 1) <= 32) || (is_ipv6(ip) && atoi(slash + 1) <= 128);
}

/* Groups of hexadecimal digits, with one separator between all of them. */
static bool is_mac(const char *s) {
    size_t n = strlen(s), width = n > 4 && s[4] == '.' ? 4 : 2;
    char between = n > width ? s[width] : '\0';
    if (strchr(width == 4 ? "." : ":-", between) == NULL || (n + 1) % (width + 1) != 0) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        bool edge = i % (width + 1) == width;
        if (edge ? s[i] != between : !isxdigit((unsigned char)s[i])) {
            return false;
        }
    }
    size_t bytes = (n + 1) / (width + 1) * width / 2;
    return bytes == 6 || bytes == 8 || bytes == 20;
}

/* version: what the digit after the second dash must be, '\0' = anything. */
static bool is_uuid_of(const char *s, char version) {
    size_t digits = 0;
    for (; *s != '\0'; s++) {
        bool may = digits == 8 || digits == 12 || digits == 16 || digits == 20;
        if (*s == '-' && may && s[-1] != '-') {
            continue;
        }
        if (!isxdigit((unsigned char)*s) || (digits == 12 && version != '\0' && *s != version) ||
            (digits == 16 && version > '3' && strchr("89abAB", *s) == NULL)) {
            return false;
        }
        digits++;
    }
    return digits == 32;
}

static bool is_uuid(const char *s) {
    return is_uuid_of(s, '\0');
}

static bool is_uuid3(const char *s) {
    return is_uuid_of(s, '3');
}

static bool is_uuid4(const char *s) {
    return is_uuid_of(s, '4');
}

static bool is_uuid5(const char *s) {
    return is_uuid_of(s, '5');
}

static bool is_hostname(const char *s) {
    size_t n = strlen(s), label = 0;
    for (size_t i = 0; i <= n; i++) {
        if (s[i] == '.' || s[i] == '\0') {
            if (label == 0 || label > 63 || s[i - 1] == '-') {
                return false;
            }
            label = 0;
        } else if ((unsigned char)s[i] < 0x80 && !isalnum((unsigned char)s[i]) &&
                   (s[i] != '-' || label == 0)) {
            return false;
        } else {
            label++;
        }
    }
    return n <= 255;
}

static bool is_uri(const char *s) {
    size_t n = 0;
    while (isalnum((unsigned char)s[n]) || (n > 0 && s[n] != '\0' && strchr("+-.", s[n]) != NULL)) {
        n++;
    }
    bool named = n > 0 && isalpha((unsigned char)s[0]) && s[n] == ':';
    for (const char *p = s; *p != '\0'; p++) {
        if (iscntrl((unsigned char)*p) ||
            (*p == '%' && !(isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2])))) {
            return false;
        }
    }
    return named || s[0] == '/';
}

static bool is_email(const char *s) {
    const char *at = strrchr(s, '@');
    return at != NULL && at != s && at[1] != '\0' && at[-1] != ' ' && at[1] != ' ';
}

static bool is_byte(const char *s) {
    size_t n = strlen(s), i = 0;
    while (i < n && (isalnum((unsigned char)s[i]) || s[i] == '+' || s[i] == '/')) {
        i++;
    }
    return n % 4 == 0 && n - i <= 2 && strspn(s + i, "=") == n - i;
}

/* Go's: "1h30m", "-1.5s", "0"; and "3 days". */
static bool is_duration(const char *s) {
    static const char *const units[] = {"ns",    "us",     "\xc2\xb5s",   "\xce\xbcs",
                                        "ms",    "s",      "m",           "h",
                                        "nano",  "nanos",  "nanosecond",  "nanoseconds",
                                        "micro", "micros", "microsecond", "microseconds",
                                        "milli", "millis", "millisecond", "milliseconds",
                                        "sec",   "secs",   "second",      "seconds",
                                        "min",   "mins",   "minute",      "minutes",
                                        "hr",    "hour",   "hours",       "d",
                                        "day",   "days",   "w",           "week",
                                        "weeks", "wk"};
    s += *s == '-' || *s == '+';
    if (strcmp(s, "0") == 0) {
        return true;
    }
    bool any = false;
    while (*s != '\0') {
        size_t whole = strspn(s, "0123456789");
        size_t part = s[whole] == '.' ? 1 + strspn(s + whole + 1, "0123456789") : 0;
        if (whole == 0 && part < 2) {
            return false;
        }
        s += whole + part;
        s += strspn(s, " ");
        size_t n = strcspn(s, "0123456789. "), i = 0, of = sizeof units / sizeof *units;
        while (i < of && (strlen(units[i]) != n || strncmp(s, units[i], n) != 0)) {
            i++;
        }
        if (i == of) {
            return false;
        }
        s += n;
        any = true;
    }
    return any;
}

static bool is_hex_color(const char *s) {
    s += *s == '#';
    size_t n = strspn(s, "0123456789abcdefABCDEF");
    return s[n] == '\0' && (n == 3 || n == 6);
}

static bool is_object_id(const char *s) {
    return strlen(s) == 24 && strspn(s, "0123456789abcdefABCDEF") == 24;
}

static bool is_short_name(const char *s) {
    return cleat_name_dns_label(cleat_s(s)) == NULL;
}

static bool is_long_name(const char *s) {
    return cleat_name_dns_subdomain(cleat_s(s)) == NULL;
}

static const struct {
    const char *name; /* without dashes */
    bool (*test)(const char *s);
} formats[] = {
    {"bsonobjectid", is_object_id},
    {"byte", is_byte},
    {"cidr", is_cidr},
    {"creditcard", NULL},
    {"date", is_date},
    {"datetime", is_date_time},
    {"duration", is_duration},
    {"email", is_email},
    {"hexcolor", is_hex_color},
    {"hostname", is_hostname},
    {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},
    {"isbn", NULL},
    {"isbn10", NULL},
    {"isbn13", NULL},
    {"k8slongname", is_long_name},
    {"k8sshortname", is_short_name},
    {"mac", is_mac},
    {"password", NULL},
    {"rgbcolor", NULL},
    {"ssn", NULL},
    {"uri", is_uri},
    {"uuid", is_uuid},
    {"uuid3", is_uuid3},
    {"uuid4", is_uuid4},
    {"uuid5", is_uuid5},
};

static size_t find(struct cleat_str format) {
    CLEAT_AUTO_BUF plain = {0};
    for (size_t i = 0; i < format.n; i++) {
        if (format.p[i] != '-') {
            cleat_buf_putc(&plain, format.p[i]);
        }
    }
    size_t i = 0, n = sizeof formats / sizeof *formats;
    while (i < n && !cleat_eqc((struct cleat_str){plain.p, plain.n}, formats[i].name)) {
        i++;
    }
    return i;
}

bool cleat_schema_format_known(struct cleat_str type, struct cleat_str format) {
    if (cleat_eqc(type, "integer")) {
        return cleat_eqc(format, "int32") || cleat_eqc(format, "int64");
    }
    if (cleat_eqc(type, "number")) {
        return cleat_eqc(format, "float") || cleat_eqc(format, "double");
    }
    return (type.n == 0 || cleat_eqc(type, "string")) &&
           find(format) < sizeof formats / sizeof *formats;
}

cleat_format_test cleat_schema_format_test(struct cleat_str format) {
    size_t i = find(format);
    return i < sizeof formats / sizeof *formats ? formats[i].test : NULL;
}
