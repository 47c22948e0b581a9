/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Label and field selectors: parsed once into requirements, matched without
 * allocation from any thread. Grammar and words of the errors are upstream's.
 */
#include "core/object/json.h"

enum op { OP_IN, OP_NOT_IN, OP_EXISTS, OP_ABSENT, OP_GREATER, OP_LESS };

struct requirement {
    enum op op;
    char *key;
    char **path; /* of a field: its keys, NULL-ended, in one piece with the texts */
    char **values;
    char **canon; /* of a field: the values as they stand in JSON */
    size_t n;
    int64_t bound; /* of > and < */
};

struct cleat_selector {
    bool fields;
    struct requirement *reqs;
    size_t n;
};

static void requirement_done(struct requirement *r) {
    for (size_t i = 0; i < r->n; i++) {
        free(r->values[i]);
        if (r->canon != NULL) {
            free(r->canon[i]);
        }
    }
    free(r->values);
    free(r->canon);
    free(r->path);
    free(r->key);
}

void cleat_selector_free(cleat_selector *s) {
    if (s != NULL) {
        for (size_t i = 0; i < s->n; i++) {
            requirement_done(&s->reqs[i]);
        }
        free(s->reqs);
        free(s);
    }
}
CLEAT_DEFINE_AUTO(cleat_selector, cleat_selector_free)

static struct requirement *add_requirement(cleat_selector *s) {
    s->reqs = cleat_rearray(s->reqs, s->n + 1, sizeof *s->reqs);
    memset(&s->reqs[s->n], 0, sizeof *s->reqs);
    return &s->reqs[s->n++];
}

static void add_value(struct requirement *r, struct cleat_str value) {
    r->values = cleat_rearray(r->values, r->n + 1, sizeof *r->values);
    r->values[r->n++] = cleat_strndup(value);
}

/* ---- labels: tokens ---------------------------------------------------------------- */

enum token {
    T_END,
    T_WORD,
    T_IN,
    T_NOT_IN,
    T_COMMA,
    T_OPEN,
    T_CLOSE,
    T_NOT,
    T_EQ,
    T_NE,
    T_GT,
    T_LT
};

struct lexer {
    const char *p;
    enum token tok; /* the next one, not yet taken */
    struct cleat_str lit;
    struct cleat_error *e;
};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void take(struct lexer *lx) {
    const char *p = lx->p;
    while (is_space(*p)) {
        p++;
    }
    size_t n = strcspn(p, "=!(),>< \t\r\n");
    if (n > 0) {
        lx->lit = (struct cleat_str){p, n};
        lx->tok = cleat_eqc(lx->lit, "in") ? T_IN : cleat_eqc(lx->lit, "notin") ? T_NOT_IN : T_WORD;
        lx->p = p + n;
        return;
    }
    n = *p != '\0';
    switch (*p) {
    case '\0':
        lx->tok = T_END;
        break;
    case '=':
        lx->tok = T_EQ;
        n += p[1] == '=';
        break;
    case '!':
        lx->tok = p[1] == '=' ? T_NE : T_NOT;
        n += p[1] == '=';
        break;
    case '(':
        lx->tok = T_OPEN;
        break;
    case ')':
        lx->tok = T_CLOSE;
        break;
    case ',':
        lx->tok = T_COMMA;
        break;
    default:
        lx->tok = *p == '>' ? T_GT : T_LT;
        break;
    }
    lx->lit = (struct cleat_str){p, n};
    lx->p = p + n;
}

/* Where values are expected, the operators' names are words. */
static bool is_word(const struct lexer *lx) {
    return lx->tok == T_WORD || lx->tok == T_IN || lx->tok == T_NOT_IN;
}

static cleat_err expected(const struct lexer *lx, const char *what) {
    return cleat_fail(lx->e, CLEAT_E_BAD_REQUEST, "unable to parse requirement: found '%.*s', %s",
                      CLEAT_FMT(lx->lit), what);
}

/* ---- labels: grammar ------------------------------------------------------------------ */

static cleat_err check_values(const struct lexer *lx, const struct requirement *r) {
    for (size_t i = 0; i < r->n; i++) {
        const char *wrong = cleat_name_label_value(cleat_s(r->values[i]));
        if (wrong != NULL) {
            return cleat_fail(lx->e, CLEAT_E_BAD_REQUEST,
                              "unable to parse requirement: values[%zu][%s]: Invalid value: "
                              "\"%s\": %s",
                              i, r->key, r->values[i], wrong);
        }
    }
    return CLEAT_OK;
}

/* "(a,b)": an empty place between commas is the empty value. */
static cleat_err parse_values(struct lexer *lx, struct requirement *r) {
    bool have = false;
    if (lx->tok != T_OPEN) {
        return expected(lx, "expected: '('");
    }
    take(lx);
    if (lx->tok == T_CLOSE) { /* nothing between the parentheses is the empty value, too */
        add_value(r, (struct cleat_str){"", 0});
        take(lx);
        return CLEAT_OK;
    }
    for (;; take(lx)) {
        if (is_word(lx)) {
            if (have) {
                return expected(lx, "expected: ',' or ')'");
            }
            add_value(r, lx->lit);
            have = true;
        } else if (lx->tok == T_COMMA || lx->tok == T_CLOSE) {
            if (!have) {
                add_value(r, CLEAT_STR(""));
            }
            if (lx->tok == T_CLOSE) {
                break;
            }
            have = false;
        } else {
            return expected(lx, have ? "expected: ',' or ')'" : "expected: ',', ')' or identifier");
        }
    }
    take(lx);
    return CLEAT_OK;
}

static cleat_err parse_exact(struct lexer *lx, struct requirement *r) {
    if (lx->tok == T_END || lx->tok == T_COMMA) {
        add_value(r, CLEAT_STR(""));
        return CLEAT_OK;
    }
    if (!is_word(lx)) {
        return expected(lx, "expected: identifier");
    }
    add_value(r, lx->lit);
    take(lx);
    return CLEAT_OK;
}

static bool parse_integer(struct cleat_str s, int64_t *ret) {
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    uint64_t n = 0;
    if (i == s.n) {
        return false;
    }
    for (; i < s.n; i++) {
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (s.p[i] < '0' || s.p[i] > '9' || n > ((uint64_t)INT64_MAX + negative - digit) / 10) {
            return false;
        }
        n = n * 10 + digit;
    }
    *ret = negative ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

static cleat_err parse_bound(struct lexer *lx, struct requirement *r) {
    CLEAT_TRY(parse_exact(lx, r));
    if (!parse_integer(cleat_s(r->values[0]), &r->bound)) {
        return cleat_fail(lx->e, CLEAT_E_BAD_REQUEST,
                          "unable to parse requirement: values[0]: Invalid value: \"%s\": for "
                          "'Gt', 'Lt' operators, the value must be an integer",
                          r->values[0]);
    }
    return CLEAT_OK;
}

static cleat_err parse_operator(struct lexer *lx, struct requirement *r) {
    enum token tok = lx->tok;
    switch (tok) {
    case T_END:
    case T_COMMA:
        r->op = OP_EXISTS;
        return CLEAT_OK;
    case T_IN:
    case T_NOT_IN:
        r->op = tok == T_IN ? OP_IN : OP_NOT_IN;
        take(lx);
        return parse_values(lx, r);
    case T_EQ:
    case T_NE:
        r->op = tok == T_EQ ? OP_IN : OP_NOT_IN;
        take(lx);
        return parse_exact(lx, r);
    case T_GT:
    case T_LT:
        r->op = tok == T_GT ? OP_GREATER : OP_LESS;
        take(lx);
        return parse_bound(lx, r);
    default:
        return expected(lx, "expected: in, notin, =, ==, !=, gt, lt");
    }
}

static cleat_err parse_requirement(struct lexer *lx, cleat_selector *s) {
    struct requirement *r = add_requirement(s);
    bool negated = lx->tok == T_NOT;
    if (negated) {
        take(lx);
    }
    if (lx->tok != T_WORD) {
        return expected(lx, "expected: identifier");
    }
    r->key = cleat_strndup(lx->lit);
    const char *wrong = cleat_name_qualified(lx->lit);
    if (wrong != NULL) {
        return cleat_fail(lx->e, CLEAT_E_BAD_REQUEST,
                          "unable to parse requirement: <nil>: Invalid value: \"%s\": %s", r->key,
                          wrong);
    }
    take(lx);
    if (negated) {
        r->op = OP_ABSENT;
        return CLEAT_OK;
    }
    CLEAT_TRY(parse_operator(lx, r));
    return check_values(lx, r);
}

cleat_err cleat_selector_labels(const char *text, cleat_selector **ret, struct cleat_error *e) {
    struct lexer lx = {.p = text != NULL ? text : "", .e = e};
    CLEAT_AUTO(cleat_selector) *s = cleat_zalloc(sizeof *s);
    take(&lx);
    while (lx.tok != T_END) {
        if (lx.tok != T_WORD && lx.tok != T_NOT) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "found '%.*s', expected: !, identifier, or 'end of string'",
                              CLEAT_FMT(lx.lit));
        }
        CLEAT_TRY(parse_requirement(&lx, s));
        if (lx.tok == T_END) {
            break;
        }
        if (lx.tok != T_COMMA) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "found '%.*s', expected: ',' or 'end of string'", CLEAT_FMT(lx.lit));
        }
        take(&lx);
        if (!is_word(&lx) && lx.tok != T_NOT) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "found '%.*s', expected: identifier after ','", CLEAT_FMT(lx.lit));
        }
    }
    *ret = CLEAT_STEAL(s);
    return CLEAT_OK;
}

/* ---- fields ------------------------------------------------------------------------------ */

/* Undoes \, \= and \\ ; *ret is owned. */
static cleat_err unescape_value(struct cleat_str s, char **ret, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *text = cleat_alloc(s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\\') {
            char next = i + 1 < s.n ? s.p[i + 1] : '\0';
            if (next != '\\' && next != ',' && next != '=') {
                return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                                  "invalid field selector: invalid escape sequence: %.*s",
                                  (int)(i + 1 < s.n ? 2 : 1), s.p + i);
            }
            c = next;
            i++;
        } else if (c == ',' || c == '=') {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "invalid field selector: unescaped character in value: %d", c);
        }
        text[n++] = c;
    }
    text[n] = '\0';
    *ret = CLEAT_STEAL(text);
    return CLEAT_OK;
}

/* "spec.nodeName" to {"spec", "nodeName", NULL}, in one allocation. */
static char **split_path(struct cleat_str field) {
    size_t keys = 1;
    for (size_t i = 0; i < field.n; i++) {
        keys += field.p[i] == '.';
    }
    char **path = cleat_alloc((keys + 1) * sizeof *path + field.n + 1);
    char *text = (char *)(path + keys + 1);
    memcpy(text, field.p, field.n);
    text[field.n] = '\0';
    for (size_t i = 0; i < keys; i++) {
        path[i] = text;
        text += strcspn(text, ".");
        *text++ = '\0';
    }
    path[keys] = NULL;
    return path;
}

/* Where the operator is in a term; its length, 0 where there is none. */
static size_t find_operator(struct cleat_str term, size_t *at) {
    for (size_t i = 0; i < term.n; i++) {
        bool more = i + 1 < term.n && term.p[i + 1] == '=';
        if (term.p[i] == '=' || (term.p[i] == '!' && more)) {
            *at = i;
            return more ? 2 : 1;
        }
    }
    return 0;
}

struct field_parser {
    const char *text;
    bool (*allowed)(void *, struct cleat_str);
    void *userdata;
    struct cleat_error *e;
};

static cleat_err parse_term(const struct field_parser *fp, cleat_selector *s,
                            struct cleat_str term) {
    size_t at = 0, op = find_operator(term, &at);
    if (op == 0) {
        return cleat_fail(fp->e, CLEAT_E_BAD_REQUEST,
                          "invalid selector: '%s'; can't understand '%.*s'", fp->text,
                          CLEAT_FMT(term));
    }
    struct cleat_str key = {term.p, at};
    struct requirement *r = add_requirement(s);
    r->op = term.p[at] == '!' ? OP_NOT_IN : OP_IN;
    r->values = cleat_zalloc(sizeof *r->values);
    r->canon = cleat_zalloc(sizeof *r->canon);
    r->key = cleat_strndup(key);
    r->path = split_path(key);
    CLEAT_TRY(unescape_value((struct cleat_str){term.p + at + op, term.n - at - op}, &r->values[0],
                             fp->e));
    CLEAT_AUTO_BUF canon = {0};
    cleat_buf_json(&canon, cleat_s(r->values[0]));
    r->canon[0] = cleat_strndup((struct cleat_str){canon.p + 1, canon.n - 2});
    r->n = 1;
    if (fp->allowed != NULL && !fp->allowed(fp->userdata, key)) {
        return cleat_fail(fp->e, CLEAT_E_BAD_REQUEST, "field label not supported: %s", r->key);
    }
    return CLEAT_OK;
}

cleat_err cleat_selector_fields(const char *text,
                                bool (*allowed)(void *userdata, struct cleat_str key),
                                void *userdata, cleat_selector **ret, struct cleat_error *e) {
    struct field_parser fp = {text != NULL ? text : "", allowed, userdata, e};
    CLEAT_AUTO(cleat_selector) *s = cleat_zalloc(sizeof *s);
    s->fields = true;
    for (const char *p = fp.text, *from = p;; p++) {
        if (*p == '\\' && p[1] != '\0') {
            p++;
        } else if (*p == ',' || *p == '\0') {
            if (p > from) {
                CLEAT_TRY(parse_term(&fp, s, (struct cleat_str){from, (size_t)(p - from)}));
            }
            if (*p == '\0') {
                break;
            }
            from = p + 1;
        }
    }
    *ret = CLEAT_STEAL(s);
    return CLEAT_OK;
}

/* ---- matching ------------------------------------------------------------------------------ */

bool cleat_selector_empty(const cleat_selector *s) {
    return s == NULL || s->n == 0;
}

static bool one_of(char *const *values, size_t n, struct cleat_str s) {
    for (size_t i = 0; i < n; i++) {
        if (cleat_eqc(s, values[i])) {
            return true;
        }
    }
    return false;
}

static bool match_label(const struct requirement *r, struct cleat_val labels) {
    struct cleat_val v = cleat_val_get(labels, r->key);
    bool has = cleat_val_type(v) == CLEAT_STRING;
    int64_t n;
    switch (r->op) {
    case OP_IN:
        return has && one_of(r->values, r->n, cleat_val_str(v));
    case OP_NOT_IN:
        return !has || !one_of(r->values, r->n, cleat_val_str(v));
    case OP_EXISTS:
        return has;
    case OP_ABSENT:
        return !has;
    default:
        return has && parse_integer(cleat_val_str(v), &n) &&
               (r->op == OP_GREATER ? n > r->bound : n < r->bound);
    }
}

static bool match_field(const struct requirement *r, const cleat_obj *o) {
    struct cleat_val v = cleat_obj_at(o, (cleat_path)r->path);
    int32_t type = cleat_val_type(v);
    struct cleat_str text = {"", 0};
    if (type == CLEAT_STRING) {
        text = cleat_val_str(v);
    } else if (type == CLEAT_BOOL || type == CLEAT_NUMBER) {
        text = cleat_val_raw(v);
    }
    return cleat_eqc(text, r->canon[0]) == (r->op == OP_IN);
}

bool cleat_selector_match(const cleat_selector *s, const cleat_obj *o) {
    if (cleat_selector_empty(s)) {
        return true;
    }
    struct cleat_val labels = {NULL, 0, 0};
    if (!s->fields) {
        labels = cleat_obj_at(o, CLEAT_PATH("metadata", "labels"));
    }
    for (size_t i = 0; i < s->n; i++) {
        if (s->fields ? !match_field(&s->reqs[i], o) : !match_label(&s->reqs[i], labels)) {
            return false;
        }
    }
    return true;
}

const char *cleat_selector_exact(const cleat_selector *s, const char *field) {
    for (size_t i = 0; s != NULL && i < s->n; i++) {
        const struct requirement *r = &s->reqs[i];
        if (r->op == OP_IN && r->n == 1 && strcmp(r->key, field) == 0) {
            return r->values[0];
        }
    }
    return NULL;
}
