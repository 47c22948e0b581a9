/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Path elements: their canonical texts, their order, and how messages print
 * them. The texts of keys and values are compact JSON with sorted keys and <, >
 * and & escaped, as upstream writes them, so that equal elements are equal bytes.
 */
#include "core/apply/fields.h"
#include "core/object/json.h"

/* ---- scalars in canonical JSON ---- */

/* A step through `{"name":scalar,...}`; scalars only. */
struct pairs {
    const char *p, *end;
};

static bool string_end(const char **p, const char *end) {
    for (const char *q = *p + 1; q < end; q++) {
        if (*q == '\\') {
            q++;
        } else if (*q == '"') {
            *p = q + 1;
            return true;
        }
    }
    return false;
}

static bool scalar_end(const char **p, const char *end) {
    const char *start = *p;
    if (start < end && *start == '"') {
        return string_end(p, end);
    }
    while (*p < end && **p != ',' && **p != '}') {
        (*p)++;
    }
    return *p > start;
}

/* name is without quotes. False at the end, and where the text is something else. */
static bool next_pair(struct pairs *s, struct cleat_str *name, struct cleat_str *value) {
    const char *p = s->p;
    if (p >= s->end || (*p != '{' && *p != ',') || ++p >= s->end || *p != '"') {
        return false;
    }
    const char *start = p;
    if (!string_end(&p, s->end) || p >= s->end || *p != ':') {
        return false;
    }
    *name = (struct cleat_str){start + 1, (size_t)(p - start) - 2};
    start = ++p;
    if (!scalar_end(&p, s->end)) {
        return false;
    }
    *value = (struct cleat_str){start, (size_t)(p - start)};
    s->p = p;
    return true;
}

static bool is_scalar(struct cleat_str s) {
    return cleat_json_is_value(s) && s.n > 0 && !cleat_json_is_container(s.p[0]);
}

size_t cleat_element_escape_at(struct cleat_str s, size_t i, char buf[8], size_t *ret_used) {
    unsigned char c = (unsigned char)s.p[i];
    *ret_used = 1;
    if (c == '<' || c == '>' || c == '&') {
        return (size_t)snprintf(buf, 8, "\\u00%02x", c);
    }
    if (c == 0xE2 && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0x80 &&
        ((unsigned char)s.p[i + 2] & 0xFE) == 0xA8) { /* line and paragraph separators */
        *ret_used = 3;
        return (size_t)snprintf(buf, 8, "\\u202%x", (unsigned char)s.p[i + 2] & 0xF);
    }
    return 0;
}

/* Whether a text that may stand in our objects is not upstream's canonical form. */
static bool needs_escape(struct cleat_str s) {
    char escape[8];
    size_t used;
    for (size_t i = 0; i < s.n; i++) {
        if (cleat_element_escape_at(s, i, escape, &used) > 0) {
            return true;
        }
    }
    return false;
}

void cleat_element_escape(struct cleat_str s, struct cleat_buf *out) {
    char escape[8];
    size_t used, from = 0;
    for (size_t i = 0; i < s.n; i += used) {
        size_t n = cleat_element_escape_at(s, i, escape, &used);
        if (n > 0) {
            cleat_buf_add(out, s.p + from, i - from);
            cleat_buf_add(out, escape, n);
            from = i + used;
        }
    }
    cleat_buf_add(out, s.p + from, s.n - from);
}

/* ---- order ---- */

static int rank(char kind) {
    return kind == 'f' ? 0 : kind == 'k' ? 1 : kind == 'v' ? 2 : 3;
}

/* Of two canonical string texts, with or without quotes, by their plain bytes. */
static int text_cmp(struct cleat_str a, struct cleat_str b) {
    if (memchr(a.p, '\\', a.n) == NULL && memchr(b.p, '\\', b.n) == NULL) {
        return cleat_cmp(a, b);
    }
    CLEAT_AUTO_FREE char *x = cleat_alloc(a.n + 1);
    CLEAT_AUTO_FREE char *y = cleat_alloc(b.n + 1);
    struct cleat_str dx = {x, cleat_json_decode(a, x)}, dy = {y, cleat_json_decode(b, y)};
    int c = cleat_cmp(dx, dy);
    return c != 0 ? c : cleat_cmp(a, b);
}

/* Numbers before strings before booleans before null; what is no scalar last. */
static int scalar_rank(struct cleat_str s) {
    switch (s.n > 0 ? s.p[0] : '\0') {
    case '"':
        return 1;
    case 't':
    case 'f':
        return 2;
    case '[':
        return 3;
    case '{':
        return 4;
    case 'n':
        return 5;
    default:
        return 0;
    }
}

static double number(struct cleat_str s) {
    char buf[64];
    size_t n = s.n < sizeof buf - 1 ? s.n : sizeof buf - 1;
    memcpy(buf, s.p, n);
    buf[n] = '\0';
    return strtod(buf, NULL);
}

static int value_cmp(struct cleat_str a, struct cleat_str b) {
    int x = scalar_rank(a), y = scalar_rank(b);
    if (x != y) {
        return x < y ? -1 : 1;
    }
    if (x == 1) {
        return text_cmp(a, b);
    }
    if (x == 0) {
        double m = number(a), n = number(b);
        if (m < n || m > n) {
            return m < n ? -1 : 1;
        }
    }
    return cleat_cmp(a, b); /* "false" < "true" */
}

static int keys_cmp(struct cleat_str a, struct cleat_str b) {
    struct pairs x = {a.p, a.p + a.n}, y = {b.p, b.p + b.n};
    struct cleat_str xn, xv, yn, yv;
    for (;;) {
        bool more_x = next_pair(&x, &xn, &xv), more_y = next_pair(&y, &yn, &yv);
        if (!more_x || !more_y) {
            return more_x ? 1 : more_y ? -1 : cleat_cmp(a, b);
        }
        int c = text_cmp(xn, yn);
        c = c != 0 ? c : value_cmp(xv, yv);
        if (c != 0) {
            return c;
        }
    }
}

int cleat_element_cmp(struct cleat_element a, struct cleat_element b) {
    if (a.kind != b.kind) {
        return rank(a.kind) - rank(b.kind);
    }
    if (a.text.p == b.text.p && a.text.n == b.text.n) {
        return 0;
    }
    switch (a.kind) {
    case 'f':
        return text_cmp(a.text, b.text);
    case 'k':
        return keys_cmp(a.text, b.text);
    default:
        return value_cmp(a.text, b.text);
    }
}

bool cleat_element_same(struct cleat_element a, struct cleat_element b) {
    return a.kind == b.kind && cleat_eq(a.text, b.text);
}

/* ---- from and to FieldsV1 ---- */

static int by_key(const void *a, const void *b) {
    return text_cmp(((const struct cleat_iter *)a)->key, ((const struct cleat_iter *)b)->key);
}

/* `{"b":1,"a":"<"}` as `{"a":"\u003c","b":1}`. */
static struct cleat_str sorted_keys(struct cleat_arena *a, struct cleat_val v) {
    struct cleat_iter it = {0};
    CLEAT_AUTO_BUF out = {0};
    size_t n = cleat_val_count(v);
    struct cleat_iter *all = cleat_arena_alloc(a, (n + 1) * sizeof *all);
    for (size_t i = 0; i < n && cleat_val_next(v, &it); i++) {
        all[i] = it;
    }
    qsort(all, n, sizeof *all, by_key);
    cleat_buf_putc(&out, '{');
    for (size_t i = 0; i < n; i++) {
        cleat_buf_puts(&out, i > 0 ? ",\"" : "\"");
        cleat_element_escape(all[i].key, &out);
        cleat_buf_puts(&out, "\":");
        cleat_element_escape(cleat_val_raw(all[i].val), &out);
    }
    cleat_buf_putc(&out, '}');
    return cleat_arena_str(a, (struct cleat_str){out.p, out.n});
}

/* Already as we would write it: nothing to parse. */
static bool canonical_keys(struct cleat_str s) {
    struct pairs p = {s.p, s.p + s.n};
    struct cleat_str name, value, last = {NULL, 0};
    if (needs_escape(s)) {
        return false;
    }
    while (next_pair(&p, &name, &value)) {
        struct cleat_str quoted = {name.p - 1, name.n + 2};
        if ((last.p != NULL && text_cmp(last, name) >= 0) || !is_scalar(quoted) ||
            !is_scalar(value)) {
            return false;
        }
        last = name;
    }
    return last.p != NULL && p.p + 1 == p.end && *p.p == '}';
}

static cleat_err parse_keys(struct cleat_arena *a, struct cleat_str text, struct cleat_str *ret,
                            struct cleat_error *e) {
    if (canonical_keys(text)) {
        *ret = text;
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_TRY(cleat_obj_parse(text, 0, &o, e));
    *ret = sorted_keys(a, cleat_obj_root(o));
    return CLEAT_OK;
}

static cleat_err parse_value(struct cleat_arena *a, struct cleat_str text, struct cleat_str *ret,
                             struct cleat_error *e) {
    if (is_scalar(text) && !needs_escape(text)) {
        *ret = text;
        return CLEAT_OK;
    }
    CLEAT_AUTO_FREE char *wrapped = cleat_sprintf("{\"v\":%.*s}", CLEAT_FMT(text));
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_TRY(cleat_obj_parse(cleat_s(wrapped), 0, &o, e));
    if (cleat_val_count(cleat_obj_root(o)) != 1) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "unexpected trailing data after JSON object");
    }
    struct cleat_val v = cleat_val_get(cleat_obj_root(o), "v");
    CLEAT_AUTO_BUF out = {0};
    cleat_element_escape(cleat_val_raw(v), &out);
    *ret = cleat_arena_str(a, (struct cleat_str){out.p, out.n});
    return CLEAT_OK;
}

static cleat_err parse_index(struct cleat_str text, struct cleat_error *e) {
    size_t i = text.n > 0 && text.p[0] == '-' ? 1 : 0;
    bool ok = text.n > i && text.n < 19;
    for (; i < text.n; i++) {
        ok = ok && text.p[i] >= '0' && text.p[i] <= '9';
    }
    return ok ? CLEAT_OK
              : cleat_fail(e, CLEAT_E_BAD_REQUEST, "parsing \"%.*s\": invalid syntax",
                           CLEAT_FMT(text));
}

cleat_err cleat_element_parse(struct cleat_arena *a, struct cleat_str key,
                              struct cleat_element *ret, bool *ret_known, struct cleat_error *e) {
    *ret_known = true;
    if (key.n < 2) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "key must be 2 characters long:");
    }
    if (key.p[1] != ':') {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "missing colon: %.*s", CLEAT_FMT(key));
    }
    ret->kind = key.p[0];
    ret->text = (struct cleat_str){key.p + 2, key.n - 2};
    if (ret->kind == 'f') {
        return CLEAT_OK;
    }
    if (ret->kind != 'k' && ret->kind != 'v' && ret->kind != 'i') {
        *ret_known = false;
        return CLEAT_OK;
    }
    struct cleat_str plain = ret->text;
    if (memchr(plain.p, '\\', plain.n) != NULL) {
        struct cleat_str room = cleat_arena_str(a, plain);
        plain = (struct cleat_str){room.p, cleat_json_decode(plain, (char *)(uintptr_t)room.p)};
    }
    switch (ret->kind) {
    case 'k':
        return parse_keys(a, plain, &ret->text, e);
    case 'v':
        return parse_value(a, plain, &ret->text, e);
    default:
        ret->text = plain;
        return parse_index(plain, e);
    }
}

void cleat_element_write(struct cleat_element el, struct cleat_buf *out) {
    cleat_buf_putc(out, el.kind);
    cleat_buf_putc(out, ':');
    if (el.kind == 'f') {
        cleat_buf_str(out, el.text);
        return;
    }
    for (size_t i = 0; i < el.text.n; i++) {
        char c = el.text.p[i];
        if (c == '"' || c == '\\') {
            cleat_buf_putc(out, '\\');
        }
        cleat_buf_putc(out, c);
    }
}

bool cleat_element_is(struct cleat_element el, struct cleat_str key) {
    if (key.n < 2 + el.text.n || key.p[0] != el.kind || key.p[1] != ':') {
        return false;
    }
    if (el.kind == 'f') {
        return key.n == 2 + el.text.n && memcmp(key.p + 2, el.text.p, el.text.n) == 0;
    }
    size_t at = 2;
    for (size_t i = 0; i < el.text.n; i++) {
        char c = el.text.p[i];
        if ((c == '"' || c == '\\') && (at >= key.n || key.p[at++] != '\\')) {
            return false;
        }
        if (at >= key.n || key.p[at++] != c) {
            return false;
        }
    }
    return at == key.n;
}

/* ---- messages ---- */

static void print_name(struct cleat_str name, struct cleat_buf *out) {
    CLEAT_AUTO_FREE char *plain = cleat_alloc(name.n + 1);
    cleat_buf_add(out, plain, cleat_json_decode(name, plain));
}

static void print_keys(struct cleat_str text, struct cleat_buf *out) {
    struct pairs p = {text.p, text.p + text.n};
    struct cleat_str name, value;
    for (int i = 0; next_pair(&p, &name, &value); i++) {
        cleat_buf_puts(out, i > 0 ? "," : "");
        print_name(name, out);
        cleat_buf_putc(out, '=');
        cleat_buf_str(out, value);
    }
}

void cleat_element_print(struct cleat_element el, struct cleat_buf *out) {
    if (el.kind == 'f') {
        cleat_buf_putc(out, '.');
        print_name(el.text, out);
        return;
    }
    cleat_buf_puts(out, el.kind == 'v' ? "[=" : "[");
    if (el.kind == 'k') {
        print_keys(el.text, out);
    } else {
        cleat_buf_str(out, el.text);
    }
    cleat_buf_putc(out, ']');
}
