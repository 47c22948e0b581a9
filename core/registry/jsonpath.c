/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simple JSONPath of additionalPrinterColumns: .a.b, [0], ["k"] and ['k'],
 * and [?(@.type=="Ready")]. It finds the first match. The path is walked as text:
 * it is short, and a table asks for few. Pure; any thread.
 */
#include <ctype.h>
#include "core/registry/internal.h"

/* One step of a path. */
struct step {
    enum { KEY, INDEX, FILTER, BAD, END } type;
    struct cleat_str key;   /* KEY: with the escapes \. taken as they stand */
    size_t index;           /* INDEX */
    struct cleat_str path;  /* FILTER: dotted keys after @ */
    struct cleat_str value; /* FILTER: what it must equal, without quotes */
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
        if (*q == '=') {
            break;
        }
        q++;
    }
    s.path = (struct cleat_str){start, (size_t)(q - start)};
    while (*q == ' ') {
        q++;
    }
    if (s.path.n == 0 || strncmp(q, "==", 2) != 0) {
        return s;
    }
    q += 2;
    while (*q == ' ') {
        q++;
    }
    if (!quoted(&q, &s.value) || strncmp(q, ")]", 2) != 0) {
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
    } else if (isdigit((unsigned char)*q)) {
        s.type = INDEX;
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

/* The first element that satisfies the filter and for which the rest of the
 * path leads somewhere. */
static struct cleat_val first_match(struct cleat_val list, const struct step *s, const char *rest) {
    struct cleat_iter it = {0};
    while (cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it)) {
        struct cleat_val v = follow(it.val, s->path);
        struct cleat_str text =
            cleat_val_type(v) == CLEAT_STRING ? cleat_val_str(v) : cleat_val_raw(v);
        if (cleat_val_present(v) && cleat_eq(text, s->value)) {
            struct cleat_val found = cleat_jsonpath_find(it.val, rest);
            if (cleat_val_present(found)) {
                return found;
            }
        }
    }
    return (struct cleat_val){NULL, 0, 0};
}

struct cleat_val cleat_jsonpath_find(struct cleat_val v, const char *path) {
    for (;;) {
        struct step s = next_step(&path);
        switch (s.type) {
        case KEY:
            v = get_key(v, s.key);
            break;
        case INDEX:
            v = cleat_val_elem(v, s.index);
            break;
        case FILTER:
            return first_match(v, &s, path);
        case END:
            return v;
        default:
            return (struct cleat_val){NULL, 0, 0};
        }
    }
}
