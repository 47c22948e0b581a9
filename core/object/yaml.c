/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML to JSON in one pass over libyaml's events, for bodies of requests: one
 * document, without anchors, aliases and tags. Plain scalars mean what they mean
 * to kubectl (YAML 1.1: yes is true, 0x10 is 16). Bounded by the text's size and
 * by depth; members are not compared here, the JSON parser does that.
 */
#include <errno.h>
#include <yaml.h>

#include "core/base/limits.h"
#include "core/object/object.h"

struct level {
    bool map, key, any; /* key: the next scalar is one */
};

struct converter {
    yaml_parser_t parser;
    struct level levels[CLEAT_LIMIT_JSON_DEPTH];
    size_t depth;
    bool done; /* the document's root is complete */
    struct cleat_buf *out;
    struct cleat_error *e;
};

static cleat_err refuse(struct converter *c, const yaml_event_t *ev, const char *why) {
    return cleat_fail(c->e, CLEAT_E_BAD_REQUEST, "yaml: line %zu: %s", ev->start_mark.line + 1,
                      why);
}

/* ---- plain scalars ---- */

static bool one_of(const char *s, const char *const *list) {
    for (; *list != NULL; list++) {
        if (strcmp(s, *list) == 0) {
            return true;
        }
    }
    return false;
}

static bool write_word(const char *s, struct cleat_buf *out) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const yes[] = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                      "True", "TRUE", "on",  "On",  "ON",  NULL};
    static const char *const no[] = {"n",     "N",     "no",  "No",  "NO",  "false",
                                     "False", "FALSE", "off", "Off", "OFF", NULL};
    const char *word = one_of(s, nulls) ? "null"
                       : one_of(s, yes) ? "true"
                       : one_of(s, no)  ? "false"
                                        : NULL;
    if (word != NULL) {
        cleat_buf_puts(out, word);
    }
    return word != NULL;
}

static bool write_integer(const char *s, struct cleat_buf *out) {
    char *end;
    const char *digits = s + (*s == '-' || *s == '+');
    if (*digits < '0' || *digits > '9') {
        return false;
    }
    if (digits[0] == '0' && (digits[1] == 'o' || digits[1] == 'b')) {
        unsigned long long v = strtoull(digits + 2, &end, digits[1] == 'o' ? 8 : 2);
        if (end == digits + 2 || *end != '\0') {
            return false;
        }
        cleat_buf_printf(out, "%s%llu", *s == '-' ? "-" : "", v);
        return true;
    }
    errno = 0;
    long long v = strtoll(s, &end, 0);
    if (end == s || *end != '\0' || errno != 0) {
        return false;
    }
    cleat_buf_printf(out, "%lld", v);
    return true;
}

static bool write_float(const char *s, struct cleat_buf *out) {
    char *end;
    const char *p = s + (*s == '-' || *s == '+');
    if ((*p < '0' || *p > '9') && *p != '.') {
        return false;
    }
    if (p[strspn(p, "0123456789.eE+-")] != '\0' || strpbrk(p, "0123456789") == NULL) {
        return false;
    }
    double v = strtod(s, &end);
    if (*end != '\0' || !(v - v == 0)) { /* not finite: JSON has no such number */
        return false;
    }
    cleat_buf_printf(out, "%.17g", v);
    return true;
}

/* A number that JSON writes alike keeps its text. */
static bool write_number(const char *s, struct cleat_buf *out) {
    const char *p = s + (*s == '-');
    bool as_is = (*p >= '1' && *p <= '9') || (*p == '0' && (p[1] == '.' || p[1] == '\0'));
    size_t whole = strspn(p, "0123456789");
    if (as_is && p[whole] == '.' && p[whole + 1] != '\0') {
        whole += 1 + strspn(p + whole + 1, "0123456789");
    }
    if (as_is && p[whole] == '\0') {
        cleat_buf_puts(out, s);
        return true;
    }
    return write_integer(s, out) || write_float(s, out);
}

static void write_scalar(struct converter *c, const yaml_event_t *ev, bool key) {
    struct cleat_str s = {(const char *)ev->data.scalar.value, ev->data.scalar.length};
    bool plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !key;
    if (plain && memchr(s.p, '\0', s.n) == NULL &&
        (write_word(s.p, c->out) || write_number(s.p, c->out))) {
        return;
    }
    cleat_buf_json(c->out, s);
}

/* ---- structure ---- */

/* What stands between the last value and the next. True where the next is a key. */
static bool begin_value(struct converter *c) {
    if (c->depth == 0) {
        return false;
    }
    struct level *l = &c->levels[c->depth - 1];
    if (l->map && !l->key) {
        cleat_buf_putc(c->out, ':');
        l->key = true;
        return false;
    }
    cleat_buf_puts(c->out, l->any ? "," : "");
    l->any = true;
    l->key = false;
    return l->map;
}

static cleat_err open_level(struct converter *c, const yaml_event_t *ev, bool map) {
    if (begin_value(c)) {
        return refuse(c, ev, "a key must be a string");
    }
    if (c->depth == CLEAT_LIMIT_JSON_DEPTH) {
        return refuse(c, ev, "nested too deep");
    }
    c->levels[c->depth++] = (struct level){.map = map, .key = map};
    cleat_buf_putc(c->out, map ? '{' : '[');
    return CLEAT_OK;
}

static void close_level(struct converter *c) {
    cleat_buf_putc(c->out, c->levels[--c->depth].map ? '}' : ']');
    c->done = c->depth == 0;
}

static cleat_err take(struct converter *c, const yaml_event_t *ev) {
    switch (ev->type) {
    case YAML_SCALAR_EVENT:
        if (ev->data.scalar.anchor != NULL || ev->data.scalar.tag != NULL) {
            return refuse(c, ev, "anchors and tags are not supported");
        }
        write_scalar(c, ev, begin_value(c));
        c->done = c->depth == 0;
        return CLEAT_OK;
    case YAML_SEQUENCE_START_EVENT:
        if (ev->data.sequence_start.anchor != NULL || ev->data.sequence_start.tag != NULL) {
            return refuse(c, ev, "anchors and tags are not supported");
        }
        return open_level(c, ev, false);
    case YAML_MAPPING_START_EVENT:
        if (ev->data.mapping_start.anchor != NULL || ev->data.mapping_start.tag != NULL) {
            return refuse(c, ev, "anchors and tags are not supported");
        }
        return open_level(c, ev, true);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_level(c);
        return CLEAT_OK;
    case YAML_ALIAS_EVENT:
        return refuse(c, ev, "aliases are not supported");
    case YAML_DOCUMENT_START_EVENT:
        return c->done ? refuse(c, ev, "more than one document") : CLEAT_OK;
    default:
        return CLEAT_OK;
    }
}

static cleat_err convert(struct converter *c) {
    for (;;) {
        yaml_event_t ev;
        if (!yaml_parser_parse(&c->parser, &ev)) {
            return cleat_fail(c->e, CLEAT_E_BAD_REQUEST, "yaml: line %zu: %s",
                              c->parser.problem_mark.line + 1,
                              c->parser.problem != NULL ? c->parser.problem : "not YAML");
        }
        cleat_err err = take(c, &ev);
        bool end = ev.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&ev);
        if (err != CLEAT_OK || end) {
            return err;
        }
    }
}

cleat_err cleat_yaml_to_json(struct cleat_str yaml, struct cleat_buf *out, struct cleat_error *e) {
    struct converter c = {.out = out, .e = e};
    cleat_assert(yaml_parser_initialize(&c.parser));
    yaml_parser_set_encoding(&c.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&c.parser, (const unsigned char *)yaml.p, yaml.n);
    cleat_err err = convert(&c);
    yaml_parser_delete(&c.parser);
    if (err == CLEAT_OK && !c.done) {
        cleat_buf_puts(out, "null");
    }
    return err;
}
