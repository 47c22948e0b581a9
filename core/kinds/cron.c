/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a text is a schedule: five fields of cron, or @hourly and the like. What
 * is accepted, and the words for what is not, follow the parser that upstream
 * uses (robfig/cron, standard). Pure; any thread.
 */
#include "core/kinds/podspec.h"

struct field {
    const char *name;
    int min, max;
    const char *const *names; /* the first stands for min */
};
static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                     "aug", "sep", "oct", "nov", "dec", NULL};
static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};
static const struct field fields[] = {{"minute", 0, 59, NULL},
                                      {"hour", 0, 23, NULL},
                                      {"day", 1, 31, NULL},
                                      {"month", 1, 12, months},
                                      {"weekday", 0, 6, days}};
enum { FIELDS = sizeof fields / sizeof *fields };

/* A number or a name; owned text on failure. */
static char *parse_value(const struct field *f, const char *text, size_t n, int *ret) {
    for (int i = 0; f->names != NULL && f->names[i] != NULL; i++) {
        if (strlen(f->names[i]) == n && strncasecmp(f->names[i], text, n) == 0) {
            *ret = f->min + i;
            return NULL;
        }
    }
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9' || value > 1000000) {
            return cleat_sprintf("failed to parse int from %.*s: strconv.Atoi: parsing \"%.*s\": "
                                 "invalid syntax",
                                 (int)n, text, (int)n, text);
        }
        value = value * 10 + text[i] - '0';
    }
    *ret = value;
    return n > 0 ? NULL
                 : cleat_strdup("failed to parse int from : strconv.Atoi: parsing \"\": invalid "
                                "syntax");
}

/* One of "*", "*" with a step, "1", "1-5", "1-5/2". */
static char *check_range(const struct field *f, const char *text, size_t n) {
    const char *slash = memchr(text, '/', n);
    size_t range = slash != NULL ? (size_t)(slash - text) : n;
    const char *dash = memchr(text, '-', range);
    int start = f->min, end = f->max, step = 1;
    char *bad = NULL;
    bool star = range == 1 && (text[0] == '*' || text[0] == '?');
    if (!star) {
        size_t first = dash != NULL ? (size_t)(dash - text) : range;
        bad = parse_value(f, text, first, &start);
        end = slash != NULL ? f->max : start;
        if (bad == NULL && dash != NULL) {
            bad = parse_value(f, dash + 1, range - first - 1, &end);
        }
    }
    if (bad == NULL && slash != NULL) {
        bad = parse_value(f, slash + 1, n - range - 1, &step);
    }
    if (bad != NULL) {
        return bad;
    }
    if (start < f->min) {
        return cleat_sprintf("beginning of range (%d) below minimum (%d): %.*s", start, f->min,
                             (int)n, text);
    }
    if (end > f->max) {
        return cleat_sprintf("end of range (%d) above maximum (%d): %.*s", end, f->max, (int)n,
                             text);
    }
    if (start > end) {
        return cleat_sprintf("beginning of range (%d) beyond end of range (%d): %.*s", start, end,
                             (int)n, text);
    }
    return step > 0
               ? NULL
               : cleat_sprintf("step of range should be a positive number: %.*s", (int)n, text);
}

static char *check_field(const struct field *f, const char *text, size_t n) {
    char *bad = NULL;
    while (bad == NULL) {
        const char *comma = memchr(text, ',', n);
        size_t part = comma != NULL ? (size_t)(comma - text) : n;
        bad = check_range(f, text, part);
        if (comma == NULL) {
            break;
        }
        text += part + 1;
        n -= part + 1;
    }
    return bad;
}

static char *check_descriptor(const char *text) {
    static const char *const known[] = {"@yearly", "@annually", "@monthly", "@weekly",
                                        "@daily",  "@midnight", "@hourly"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(text, known[i]) == 0) {
            return NULL;
        }
    }
    if (strncmp(text, "@every ", 7) == 0) {
        char *end;
        double value = strtod(text + 7, &end);
        bool unit = *end != '\0' && strchr("hmsun", *end) != NULL;
        return value >= 0 && end != text + 7 && unit
                   ? NULL
                   : cleat_sprintf("failed to parse duration %s: time: invalid duration \"%s\"",
                                   text, text + 7);
    }
    return cleat_sprintf("unrecognized descriptor: %s", text);
}

char *cleat_cron_check(struct cleat_str schedule) {
    CLEAT_AUTO_FREE char *text = cleat_strndup(schedule);
    const char *starts[FIELDS + 1] = {NULL};
    size_t sizes[FIELDS + 1] = {0}, n = 0;
    if (*text == '\0') {
        return cleat_strdup("empty spec string");
    }
    if (*text == '@') {
        return check_descriptor(text);
    }
    for (const char *p = text; *p != '\0';) {
        size_t gap = strspn(p, " \t"), word = strcspn(p + gap, " \t");
        if (word > 0 && n <= FIELDS) {
            starts[n] = p + gap;
            sizes[n] = word;
        }
        n += word > 0;
        p += gap + word;
    }
    if (n != FIELDS) {
        return cleat_sprintf("expected exactly 5 fields, found %zu: [%s]", n, text);
    }
    char *bad = NULL;
    for (size_t i = 0; i < FIELDS && bad == NULL; i++) {
        bad = check_field(&fields[i], starts[i], sizes[i]);
    }
    return bad;
}
