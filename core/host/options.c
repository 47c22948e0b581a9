/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A section of the configuration against the options that its controller or
 * provider declares: every key known, every value of its type, defaults filled
 * in, flags last. The outcome is one flat object, durations in nanoseconds.
 * Pure functions.
 */
#include "core/host/internal.h"

#include <errno.h>
#include <math.h>

static const char *const wants[] = {
    [CLEAT_OPT_STRING] = "a string",    [CLEAT_OPT_INT] = "an integer",
    [CLEAT_OPT_BOOL] = "true or false", [CLEAT_OPT_DURATION] = "a duration such as \"10s\"",
    [CLEAT_OPT_DOUBLE] = "a number",    [CLEAT_OPT_STRINGS] = "a list of strings",
    [CLEAT_OPT_OBJECT] = "a map",
};

static bool put_int(const char *text, struct cleat_buf *out) {
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != 0 || text[0] == ' ') {
        return false;
    }
    cleat_buf_printf(out, "%lld", v);
    return true;
}

static bool put_double(const char *text, struct cleat_buf *out) {
    char *end;
    errno = 0;
    double v = strtod(text, &end);
    if (errno != 0 || end == text || *end != 0 || text[0] == ' ' || !isfinite(v)) {
        return false;
    }
    cleat_buf_printf(out, "%.17g", v);
    return true;
}

static void put_list(const char *text, struct cleat_buf *out) {
    struct cleat_str s;
    cleat_buf_putc(out, '[');
    for (bool first = true; cleat_list_next(&text, &s); first = false) {
        if (!first) {
            cleat_buf_putc(out, ',');
        }
        cleat_buf_json(out, s);
    }
    cleat_buf_putc(out, ']');
}

static bool put_object(const char *text, struct cleat_buf *out) {
    cleat_obj *o = NULL;
    if (cleat_obj_parse(cleat_s(text), 0, &o, NULL) != CLEAT_OK) {
        return false;
    }
    cleat_buf_str(out, cleat_obj_bytes(o));
    cleat_obj_unref(o);
    return true;
}

/* The text of a flag, a default, or a scalar of the file. */
static bool put_text(int type, const char *text, struct cleat_buf *out) {
    cleat_time t;
    switch (type) {
    case CLEAT_OPT_STRING:
        cleat_buf_json(out, cleat_s(text));
        return true;
    case CLEAT_OPT_INT:
        return put_int(text, out);
    case CLEAT_OPT_BOOL:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
            return false;
        }
        cleat_buf_puts(out, text);
        return true;
    case CLEAT_OPT_DURATION:
        if (cleat_duration_parse(cleat_s(text), &t) != CLEAT_OK) {
            return false;
        }
        cleat_buf_printf(out, "%lld", (long long)t);
        return true;
    case CLEAT_OPT_DOUBLE:
        return put_double(text, out);
    case CLEAT_OPT_STRINGS:
        put_list(text, out);
        return true;
    default:
        return put_object(text, out);
    }
}

/* A string: quoted, or plain and nothing else that YAML knows. */
static bool is_string(const struct cleat_yaml *y) {
    if (y->type != CLEAT_YAML_SCALAR) {
        return false;
    }
    CLEAT_AUTO_BUF json = {0};
    cleat_yaml_json(y, &json);
    return json.p[0] == '"';
}

static bool put_yaml(int type, const struct cleat_yaml *y, struct cleat_buf *out) {
    if (type == CLEAT_OPT_OBJECT) {
        if (y->type == CLEAT_YAML_MAP) {
            cleat_yaml_json(y, out);
        }
        return y->type == CLEAT_YAML_MAP;
    }
    if (type == CLEAT_OPT_STRINGS) {
        for (size_t i = 0; y->type == CLEAT_YAML_SEQ && i < y->n; i++) {
            if (!is_string(y->items[i])) {
                return false;
            }
        }
        if (y->type == CLEAT_YAML_SEQ) {
            cleat_yaml_json(y, out);
        }
        return y->type == CLEAT_YAML_SEQ;
    }
    if (type == CLEAT_OPT_STRING || type == CLEAT_OPT_DURATION) {
        return is_string(y) && put_text(type, y->text, out);
    }
    return y->type == CLEAT_YAML_SCALAR && y->plain && put_text(type, y->text, out);
}

static cleat_err check_keys(const char *section, const struct cleat_option *options,
                            const struct cleat_section *from, struct cleat_error *e) {
    for (size_t i = 0; from->node != NULL && i < from->node->n; i++) {
        const struct cleat_yaml *key = from->node->keys[i];
        const struct cleat_option *o = NULL;
        for (size_t k = 0; (o = cleat_option_at(options, k)) != NULL; k++) {
            if (strcmp(o->name, key->text) == 0) {
                break;
            }
        }
        if (o == NULL) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: unknown key \"%s\" in section \"%s\"",
                              from->file, key->line, key->text, section);
        }
    }
    return CLEAT_OK;
}

/* The last flag "name=value" for this option, or NULL. */
static const char *find_flag(const char *const *flags, const char *name) {
    const char *found = NULL;
    size_t n = name ? strlen(name) : 0;
    for (; n > 0 && flags != NULL && *flags != NULL; flags++) {
        if (strncmp(*flags, name, n) == 0 && (*flags)[n] == '=') {
            found = *flags + n + 1;
        }
    }
    return found;
}

static cleat_err put_flag(const struct cleat_option *o, const char *flag, struct cleat_buf *out,
                          struct cleat_error *e) {
    return put_text(o->type, flag, out)
               ? CLEAT_OK
               : cleat_fail(e, CLEAT_E_BAD_REQUEST, "--%s: bad value \"%s\": must be %s", o->flag,
                            flag, wants[o->type]);
}

/* flag: what the command line says, or NULL; own: the same of a flag that is cleatd's too,
 * which is a default here. */
static cleat_err put_option(const char *section, const struct cleat_option *o,
                            const struct cleat_section *from, size_t n_from, const char *flag,
                            const char *own, struct cleat_buf *out, struct cleat_error *e) {
    if (flag != NULL) {
        return put_flag(o, flag, out, e);
    }
    for (size_t i = n_from; i-- > 0;) {
        const struct cleat_yaml *y = from[i].node ? cleat_yaml_get(from[i].node, o->name) : NULL;
        if (y != NULL) {
            return put_yaml(o->type, y, out)
                       ? CLEAT_OK
                       : cleat_fail(e, CLEAT_E_BAD_REQUEST,
                                    "%s:%d: bad value%s%s%s for key \"%s\" in section \"%s\": must "
                                    "be %s",
                                    from[i].file, y->line, y->text ? " \"" : "",
                                    y->text ? y->text : "", y->text ? "\"" : "", o->name, section,
                                    wants[o->type]);
        }
    }
    if (own != NULL) {
        return put_flag(o, own, out, e);
    }
    return o->def == NULL || put_text(o->type, o->def, out)
               ? CLEAT_OK
               : cleat_fail(e, CLEAT_E_BAD_REQUEST, "bad value \"%s\" for \"%s\": must be %s",
                            o->def, o->name, wants[o->type]);
}

cleat_err cleat_options_build(const char *section, const struct cleat_option *options,
                              const struct cleat_section *from, size_t n_from,
                              const char *const *flags, const char *const *own_flags,
                              cleat_obj **ret, struct cleat_error *e) {
    for (size_t i = 0; i < n_from; i++) {
        CLEAT_TRY(check_keys(section, options, &from[i], e));
    }
    CLEAT_AUTO_BUF out = {0};
    cleat_buf_putc(&out, '{');
    const struct cleat_option *o;
    for (size_t i = 0; (o = cleat_option_at(options, i)) != NULL; i++) {
        CLEAT_AUTO_BUF value = {0};
        CLEAT_TRY(put_option(section, o, from, n_from, find_flag(flags, o->flag),
                             find_flag(own_flags, o->flag), &value, e));
        if (value.n > 0) {
            if (out.n > 1) {
                cleat_buf_putc(&out, ',');
            }
            cleat_buf_json(&out, cleat_s(o->name));
            cleat_buf_putc(&out, ':');
            cleat_buf_str(&out, (struct cleat_str){value.p, value.n});
        }
    }
    cleat_buf_putc(&out, '}');
    return cleat_obj_parse((struct cleat_str){out.p, out.n}, 0, ret, e);
}
