/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSONPath of additionalPrinterColumns, as far as such columns use it: .a.b, [0],
 * [-1], ["k"] and ['k'], [*] and .*, [?(@.a)] and [?(@.type=="Ready")], also with !=.
 * It finds the first match. The path is walked as text:
 * it is short, and a table asks for few. Pure; any thread.
 */
#include <ctype.h>
#include "core/registry/internal.h"

/* One step of a path. */
struct step {
    enum { KEY, INDEX, FILTER, ALL, BAD, END } type;
    struct cleat_str key; /* KEY: with the escapes \. taken as they stand */
    size_t index;         /* INDEX */
    bool from_end;
    struct cleat_str path;                 /* FILTER: dotted keys after @ */
    enum { EXISTS, EQUALS, DIFFERS } test; /* of what is there */
    struct cleat_str value;                /* without quotes */
};

static bool key_char(char c) {
    return c != '\0' && c != '.' && c != '[' && c != ']' && c != '{' && c != '}' && c != '*' &&
           !isspace((unsigned char)c);
}

/* A quoted text from *p on; *p ends after it. */
static bool quoted(const char **p, struct cleat_str *ret) {
    char q = **p;
    if (q != '"' && q != '\'') {
        return false;
    }
    const char *end = strchr(*p + 1, q);
    if (end == NULL) {
        return false;
    }
    *ret = (struct cleat_str){*p + 1, (size_t)(end - *p - 1)};
    *p = end + 1;
    return true;
}

/* A quoted text, a number, true or false. */
static bool operand(const char **p, struct cleat_str *ret) {
    if (quoted(p, ret)) {
        return true;
    }
    const char *start = *p;
    while (isalnum((unsigned char)**p) || **p == '-' || **p == '.') {
        ++*p;
    }
    *ret = (struct cleat_str){start, (size_t)(*p - start)};
    return ret->n > 0;
}

/* "?(@.a.b=="x")]" from *p on. */
static struct step filter(const char **p) {
    struct step s = {.type = BAD};
    const char *q = *p + 1;
    if (strncmp(q, "(@.", 3) != 0) {
        return s;
    }
    q += 3;
    const char *start = q;
    while (key_char(*q) || *q == '.') {
        if (*q == '=' || *q == '!' || *q == ')') {
            break;
        }
        q++;
    }
    s.path = (struct cleat_str){start, (size_t)(q - start)};
    q += strspn(q, " ");
    if (strncmp(q, "==", 2) == 0 || strncmp(q, "!=", 2) == 0) {
        s.test = *q == '=' ? EQUALS : DIFFERS;
        q += 2 + strspn(q + 2, " ");
        if (!operand(&q, &s.value)) {
            return s;
        }
        q += strspn(q, " ");
    }
    if (s.path.n == 0 || strncmp(q, ")]", 2) != 0) {
        return s;
    }
    *p = q + 2;
    s.type = FILTER;
    return s;
}

static struct step bracket(const char **p) {
    struct step s = {.type = BAD};
    const char *q = *p + 1;
    if (*q == '?') {
        *p = q;
        return filter(p);
    }
    if (quoted(&q, &s.key)) {
        s.type = KEY;
    } else if (*q == '*') {
        s.type = ALL;
        q++;
    } else if (isdigit((unsigned char)*q) || (*q == '-' && isdigit((unsigned char)q[1]))) {
        s.type = INDEX;
        s.from_end = *q == '-';
        q += s.from_end;
        while (isdigit((unsigned char)*q) && s.index < 100000) {
            s.index = s.index * 10 + (size_t)(*q++ - '0');
        }
    }
    if (*q != ']') {
        s.type = BAD;
        return s;
    }
    *p = q + 1;
    return s;
}

static struct step next_step(const char **p) {
    if (**p == '\0') {
        return (struct step){.type = END};
    }
    if (**p == '[') {
        return bracket(p);
    }
    if (strncmp(*p, ".*", 2) == 0) {
        *p += 2;
        return (struct step){.type = ALL};
    }
    if (**p != '.' || !key_char((*p)[1])) {
        return (struct step){.type = BAD};
    }
    const char *start = ++*p;
    while (key_char(**p)) {
        *p += (**p == '\\' && (*p)[1] == '.') ? 2 : 1; /* a dot that belongs to the key */
    }
    return (struct step){.type = KEY, .key = {start, (size_t)(*p - start)}};
}

bool cleat_jsonpath_valid(const char *path) {
    struct step s;
    if (path[0] == '\0') {
        return false;
    }
    do {
        s = next_step(&path);
    } while (s.type != BAD && s.type != END);
    return s.type == END;
}

static struct cleat_val get_key(struct cleat_val v, struct cleat_str key) {
    if (key.n == 0 || memchr(key.p, '\\', key.n) == NULL) {
        return cleat_val_get_s(v, key);
    }
    CLEAT_AUTO_BUF plain = {0};
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] != '\\') {
            cleat_buf_putc(&plain, key.p[i]);
        }
    }
    return cleat_val_get_s(v, (struct cleat_str){plain.p, plain.n});
}

static struct cleat_val follow(struct cleat_val v, struct cleat_str path) {
    while (path.n > 0) {
        const char *dot = memchr(path.p, '.', path.n);
        size_t n = dot != NULL ? (size_t)(dot - path.p) : path.n;
        v = cleat_val_get_s(v, (struct cleat_str){path.p, n});
        path.p += dot != NULL ? n + 1 : n;
        path.n -= dot != NULL ? n + 1 : n;
    }
    return v;
}

static bool satisfies(struct cleat_val of, const struct step *s) {
    struct cleat_val v = follow(of, s->path);
    struct cleat_str text = cleat_val_type(v) == CLEAT_STRING ? cleat_val_str(v) : cleat_val_raw(v);
    return cleat_val_present(v) &&
           (s->test == EXISTS || cleat_eq(text, s->value) == (s->test == EQUALS));
}

/* The first of all elements, or of those that satisfy a filter, for which the rest of
 * the path leads somewhere. */
static struct cleat_val first_match(struct cleat_val list, const struct step *s, const char *rest) {
    struct cleat_iter it = {0};
    int32_t type = cleat_val_type(list);
    bool many = type == CLEAT_ARRAY || (type == CLEAT_OBJECT && s->type == ALL);
    while (many && cleat_val_next(list, &it)) {
        if (s->type == ALL || satisfies(it.val, s)) {
            struct cleat_val found = cleat_jsonpath_find(it.val, rest);
            if (cleat_val_present(found)) {
                return found;
            }
        }
    }
    return (struct cleat_val){NULL, 0, 0};
}

static struct cleat_val element(struct cleat_val list, const struct step *s) {
    size_t n = cleat_val_type(list) == CLEAT_ARRAY ? cleat_val_count(list) : 0;
    size_t index = s->from_end ? n - s->index : s->index;
    return index < n ? cleat_val_elem(list, index) : (struct cleat_val){NULL, 0, 0};
}

struct cleat_val cleat_jsonpath_find(struct cleat_val v, const char *path) {
    for (;;) {
        struct step s = next_step(&path);
        switch (s.type) {
        case KEY:
            v = get_key(v, s.key);
            break;
        case INDEX:
            v = element(v, &s);
            break;
        case FILTER:
        case ALL:
            return first_match(v, &s, path);
        case END:
            return v;
        default:
            return (struct cleat_val){NULL, 0, 0};
        }
    }
}
