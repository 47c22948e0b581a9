/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values against a compiled schema, with upstream's words. A path is a chain on
 * the stack; its text is made only for a message. Pure; any thread.
 */
#include <math.h>
#include <stdarg.h>
#include "core/registry/schema.h"

struct at {
    const struct at *up;  /* NULL = the root */
    struct cleat_str key; /* of the root: where it is */
    int64_t index;        /* -1 = a member */
};

static void write_path(const struct at *at, struct cleat_buf *out) {
    if (at->up == NULL) {
        cleat_buf_str(out, at->key);
        return;
    }
    write_path(at->up, out);
    if (at->index >= 0) {
        cleat_buf_printf(out, "[%lld]", (long long)at->index);
        return;
    }
    cleat_buf_puts(out, out->n > 0 ? "." : "");
    cleat_buf_str(out, at->key);
}

static char *path_text(const struct at *at) {
    struct cleat_buf out = {0};
    cleat_buf_puts(&out, "");
    write_path(at, &out);
    return out.n > 0 ? cleat_buf_take(&out) : (cleat_buf_done(&out), cleat_strdup("<nil>"));
}

/* `"v": spec.x in body WORDS` */
static void wrong(struct cleat_validation *v, const struct at *at, const char *reason,
                  struct cleat_str value, const char *fmt, ...) CLEAT_PRINTF(5, 6);
static void wrong(struct cleat_validation *v, const struct at *at, const char *reason,
                  struct cleat_str value, const char *fmt, ...) {
    if (v->error == NULL) {
        v->n++; /* only whether it is valid was asked */
        return;
    }
    CLEAT_AUTO_FREE char *path = path_text(at);
    char *words = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&words, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    cleat_invalid(v, reason, path, "%.*s: %s in body %s", CLEAT_FMT(value), path, words);
    free(words);
}

static const char *type_name(struct cleat_val v) {
    switch (cleat_val_type(v)) {
    case CLEAT_OBJECT:
        return "object";
    case CLEAT_ARRAY:
        return "array";
    case CLEAT_STRING:
        return "string";
    case CLEAT_BOOL:
        return "boolean";
    case CLEAT_NUMBER:
        return memchr(cleat_val_raw(v).p, '.', cleat_val_raw(v).n) != NULL ? "number" : "integer";
    default:
        return "null";
    }
}

static double number(struct cleat_val v) {
    CLEAT_AUTO_FREE char *text = cleat_strndup(cleat_val_raw(v));
    return strtod(text, NULL);
}

static bool is_integer(struct cleat_val v) {
    int64_t i;
    if (cleat_val_int(v, &i)) {
        return true;
    }
    double d = cleat_val_type(v) == CLEAT_NUMBER ? number(v) : 0.5;
    return isfinite(d) && d == floor(d);
}

static bool type_fits(const struct cleat_schema *s, struct cleat_val v) {
    int32_t type = cleat_val_type(v);
    if (s->int_or_string) {
        return type == CLEAT_STRING || is_integer(v);
    }
    if (s->type.n == 0) {
        return true;
    }
    switch (s->type.p[0]) {
    case 'o':
        return type == CLEAT_OBJECT;
    case 'a':
        return type == CLEAT_ARRAY;
    case 's':
        return type == CLEAT_STRING;
    case 'b':
        return type == CLEAT_BOOL;
    case 'i':
        return is_integer(v);
    default:
        return type == CLEAT_NUMBER;
    }
}

/* ---- scalars ---- */

static void check_enum(const struct cleat_schema *s, struct cleat_validation *v,
                       struct cleat_val val, const struct at *at) {
    struct cleat_iter it = {0};
    CLEAT_AUTO_BUF all = {0};
    while (cleat_val_next(s->values, &it)) {
        if (cleat_val_equal(it.val, val)) {
            return;
        }
        bool string = cleat_val_type(it.val) == CLEAT_STRING;
        cleat_buf_puts(&all, it.index > 0 ? ", " : "");
        cleat_buf_printf(&all, string ? "%.*s" : "\"%.*s\"", CLEAT_FMT(cleat_val_raw(it.val)));
    }
    CLEAT_AUTO_FREE char *path = path_text(at);
    cleat_invalid(v, "FieldValueNotSupported", path, "%.*s: supported values: %s",
                  CLEAT_FMT(cleat_val_raw(val)), all.p != NULL ? all.p : "");
}

static void check_number(const struct cleat_schema *s, struct cleat_validation *v,
                         struct cleat_val val, const struct at *at) {
    static const char *const reason = "FieldValueInvalid";
    struct cleat_str raw = cleat_val_raw(val);
    double d = number(val);
    if (cleat_val_present(s->maximum)) {
        double max = number(s->maximum);
        if (d > max || (s->exclusive_maximum && d >= max)) {
            wrong(v, at, reason, raw, "should be less than%s %.*s",
                  s->exclusive_maximum ? "" : " or equal to", CLEAT_FMT(cleat_val_raw(s->maximum)));
        }
    }
    if (cleat_val_present(s->minimum)) {
        double min = number(s->minimum);
        if (d < min || (s->exclusive_minimum && d <= min)) {
            wrong(v, at, reason, raw, "should be greater than%s %.*s",
                  s->exclusive_minimum ? "" : " or equal to", CLEAT_FMT(cleat_val_raw(s->minimum)));
        }
    }
    if (cleat_val_present(s->multiple_of)) {
        double unit = number(s->multiple_of);
        if (unit > 0 && fabs(remainder(d, unit)) > 1e-9 * unit) {
            wrong(v, at, reason, raw, "should be a multiple of %.*s",
                  CLEAT_FMT(cleat_val_raw(s->multiple_of)));
        }
    }
}

static int64_t characters(const char *text) {
    int64_t n = 0;
    for (; *text != '\0'; text++) {
        n += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return n;
}

static void check_string(const struct cleat_schema *s, struct cleat_validation *v,
                         struct cleat_val val, const struct at *at) {
    if (s->min_length < 0 && s->max_length < 0 && s->pattern == NULL && s->fits_format == NULL) {
        return;
    }
    CLEAT_AUTO_FREE char *text = cleat_val_strdup(val);
    struct cleat_str raw = cleat_val_raw(val);
    int64_t n = characters(text);
    if (s->max_length >= 0 && n > s->max_length) {
        CLEAT_AUTO_FREE char *path = path_text(at);
        cleat_invalid(v, "FieldValueTooLong", path, "may not be more than %lld bytes",
                      (long long)s->max_length);
    }
    if (s->min_length >= 0 && n < s->min_length) {
        wrong(v, at, "FieldValueInvalid", raw, "should be at least %lld chars long",
              (long long)s->min_length);
    }
    if (s->pattern != NULL && !cleat_pattern_matches(s->pattern, cleat_s(text))) {
        wrong(v, at, "FieldValueInvalid", raw, "should match '%s'", s->pattern_text);
    }
    if (s->fits_format != NULL && !s->fits_format(text)) {
        wrong(v, at, "FieldValueTypeInvalid", raw, "must be of type %.*s: %.*s",
              CLEAT_FMT(s->format), CLEAT_FMT(raw));
    }
}

/* ---- arrays ---- */

static void check(const struct cleat_schema *s, struct cleat_validation *v, struct cleat_val val,
                  struct cleat_val was, const struct at *at);

static const struct cleat_val nothing = {NULL, 0, 0};

static bool same_keys(struct cleat_val a, struct cleat_val b, struct cleat_val keys) {
    struct cleat_iter it = {0};
    while (cleat_val_next(keys, &it)) {
        struct cleat_str key = cleat_val_str(it.val);
        if (!cleat_val_equal(cleat_val_get_s(a, key), cleat_val_get_s(b, key))) {
            return false;
        }
    }
    return true;
}

/* An element that equals an earlier one, of a set or of a list with keys. */
static void check_unique(const struct cleat_schema *s, struct cleat_validation *v,
                         struct cleat_val list, const struct cleat_iter *at_it,
                         const struct at *at) {
    struct cleat_iter it = {0};
    bool keyed = cleat_val_count(s->map_keys) > 0;
    while ((keyed || s->list_is_set) && cleat_val_next(list, &it) && it.index < at_it->index) {
        if (keyed ? same_keys(it.val, at_it->val, s->map_keys)
                  : cleat_val_equal(it.val, at_it->val)) {
            CLEAT_AUTO_FREE char *path = path_text(at);
            cleat_invalid(v, "FieldValueDuplicate", path, "%.*s",
                          CLEAT_FMT(cleat_val_raw(at_it->val)));
            return;
        }
    }
}

static void check_too_many(struct cleat_validation *v, int64_t n, int64_t max,
                           const struct at *at) {
    if (max >= 0 && n > max) {
        CLEAT_AUTO_FREE char *path = path_text(at);
        cleat_invalid(v, "FieldValueTooMany", path, "%lld: must have at most %lld items",
                      (long long)n, (long long)max);
    }
}

static void check_too_few(struct cleat_validation *v, int64_t n, int64_t min, const char *what,
                          const struct at *at) {
    if (n < min) {
        CLEAT_AUTO_FREE char *count = cleat_sprintf("%lld", (long long)n);
        wrong(v, at, "FieldValueInvalid", cleat_s(count), "should have at least %lld %s",
              (long long)min, what);
    }
}

/* The element that an element of a list with keys was before. */
static struct cleat_val element_before(const struct cleat_schema *s, struct cleat_val val,
                                       struct cleat_val list) {
    struct cleat_iter it = {0};
    bool keyed = cleat_val_count(s->map_keys) > 0 && cleat_val_type(list) == CLEAT_ARRAY;
    while (keyed && cleat_val_next(list, &it)) {
        if (same_keys(it.val, val, s->map_keys)) {
            return it.val;
        }
    }
    return nothing;
}

static void check_array(const struct cleat_schema *s, struct cleat_validation *v,
                        struct cleat_val val, struct cleat_val was, const struct at *at) {
    struct cleat_iter it = {0};
    int64_t n = (int64_t)cleat_val_count(val);
    check_too_many(v, n, s->max_items, at);
    check_too_few(v, n, s->min_items, "items", at);
    while (cleat_val_next(val, &it)) {
        struct at here = {.up = at, .index = it.index};
        check_unique(s, v, val, &it, &here);
        if (s->items != NULL) {
            check(s->items, v, it.val, element_before(s, it.val, was), &here);
        }
    }
}

/* ---- objects ---- */

/* An object within an object must say of which kind it is. */
static void check_embedded(struct cleat_validation *v, struct cleat_val val, const struct at *at) {
    static const char *const members[] = {"apiVersion", "kind"};
    struct cleat_val meta = cleat_val_get(val, "metadata");
    for (size_t i = 0; i < 2; i++) {
        struct at here = {.up = at, .key = cleat_s(members[i]), .index = -1};
        struct cleat_val m = cleat_val_get(val, members[i]);
        CLEAT_AUTO_FREE char *path = path_text(&here);
        if (!cleat_val_present(m)) {
            cleat_invalid(v, "FieldValueRequired", path, "%s", "");
        } else if (cleat_val_type(m) != CLEAT_STRING) {
            cleat_invalid(v, "FieldValueInvalid", path, "%.*s: must be a string",
                          CLEAT_FMT(cleat_val_raw(m)));
        } else if (cleat_val_str(m).n == 0) {
            cleat_invalid(v, "FieldValueInvalid", path, "\"\": must not be empty");
        }
    }
    if (cleat_val_present(meta) && cleat_val_type(meta) != CLEAT_OBJECT) {
        struct at here = {.up = at, .key = CLEAT_STR("metadata"), .index = -1};
        CLEAT_AUTO_FREE char *path = path_text(&here);
        cleat_invalid(v, "FieldValueInvalid", path,
                      "%.*s: json: cannot unmarshal %s into Go value of type v1.ObjectMeta",
                      CLEAT_FMT(cleat_val_raw(meta)), type_name(meta));
    }
}

static void check_object(const struct cleat_schema *s, struct cleat_validation *v,
                         struct cleat_val val, struct cleat_val was, const struct at *at) {
    struct cleat_iter it = {0};
    if (s->embedded && at->up != NULL) {
        check_embedded(v, val, at);
    }
    int64_t n = (int64_t)cleat_val_count(val);
    check_too_many(v, n, s->max_props, at);
    check_too_few(v, n, s->min_props, "properties", at);
    while (cleat_val_next(s->required, &it)) {
        struct cleat_str key = cleat_val_str(it.val);
        if (!cleat_val_present(cleat_val_get_s(val, key))) {
            struct at here = {.up = at, .key = key, .index = -1};
            CLEAT_AUTO_FREE char *path = path_text(&here);
            cleat_invalid(v, "FieldValueRequired", path, "%s", "");
        }
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(val, &it)) {
        const struct cleat_schema *p = cleat_schema_prop(s, it.key);
        bool own = at->up == NULL && cleat_eqc(it.key, "metadata"); /* checked elsewhere */
        if (p == NULL) {
            p = s->additional;
        }
        if (p != NULL && !own) {
            struct at here = {.up = at, .key = it.key, .index = -1};
            check(p, v, it.val, cleat_val_get_s(was, it.key), &here);
        }
    }
}

/* ---- combinations ---- */

static size_t count_valid(const struct cleat_schemas *l, const struct cleat_validation *v,
                          struct cleat_val val, const struct at *at) {
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        struct cleat_validation quiet = {.kind = v->kind};
        check(l->list[i], &quiet, val, nothing, at);
        n += quiet.n == 0;
    }
    return n;
}

static void combination(struct cleat_validation *v, const struct at *at, const char *words) {
    CLEAT_AUTO_FREE char *path = path_text(at);
    cleat_invalid(v, "FieldValueInvalid", path, "\"\": \"%s\" %s", path, words);
}

static void check_combinations(const struct cleat_schema *s, struct cleat_validation *v,
                               struct cleat_val val, const struct at *at) {
    for (size_t i = 0; i < s->all_of.n; i++) {
        check(s->all_of.list[i], v, val, nothing, at);
    }
    if (s->any_of.n > 0 && count_valid(&s->any_of, v, val, at) == 0) {
        combination(v, at, "must validate at least one schema (anyOf)");
    }
    if (s->one_of.n > 0) {
        size_t n = count_valid(&s->one_of, v, val, at);
        if (n == 0) {
            combination(v, at, "must validate one and only one schema (oneOf). Found none valid");
        } else if (n > 1) {
            combination(v, at,
                        "must validate one and only one schema (oneOf). Found several valid");
        }
    }
    if (s->not_one != NULL) {
        struct cleat_validation quiet = {.kind = v->kind};
        check(s->not_one, &quiet, val, nothing, at);
        if (quiet.n == 0) {
            combination(v, at, "must not validate the schema (not)");
        }
    }
}

static void check(const struct cleat_schema *s, struct cleat_validation *v, struct cleat_val val,
                  struct cleat_val was, const struct at *at) {
    if (cleat_val_present(was) && cleat_val_equal(was, val)) {
        return; /* what an update leaves alone may be wrong by a newer schema */
    }
    if (cleat_val_type(val) == CLEAT_NULL && s->nullable) {
        return;
    }
    if (!type_fits(s, val)) {
        const char *is = type_name(val);
        CLEAT_AUTO_FREE char *quoted = cleat_sprintf("\"%s\"", is);
        wrong(v, at, "FieldValueTypeInvalid", cleat_s(quoted), "must be of type %.*s: \"%s\"",
              CLEAT_FMT(s->int_or_string ? CLEAT_STR("integer or string") : s->type), is);
        return;
    }
    if (cleat_val_count(s->values) > 0) {
        check_enum(s, v, val, at);
    }
    switch (cleat_val_type(val)) {
    case CLEAT_NUMBER:
        check_number(s, v, val, at);
        break;
    case CLEAT_STRING:
        check_string(s, v, val, at);
        break;
    case CLEAT_ARRAY:
        check_array(s, v, val, was, at);
        break;
    case CLEAT_OBJECT:
        check_object(s, v, val, was, at);
        break;
    default:
        break;
    }
    check_combinations(s, v, val, at);
}

void cleat_schema_validate_default(const struct cleat_schema *s, struct cleat_validation *v,
                                   struct cleat_val value, const char *field) {
    const struct at above = {.key = cleat_s(field), .index = -1};
    check(s, v, value, nothing, &above);
}

void cleat_schema_validate(const struct cleat_schema *s, struct cleat_validation *v,
                           struct cleat_val value, struct cleat_val was) {
    const struct at root = {.index = -1};
    struct cleat_validation quiet = {.kind = v->kind};
    check(s, &quiet, value, nothing, &root);
    if (quiet.n > 0) { /* what was there is compared only where something is wrong */
        check(s, v, value, was, &root);
    }
}
