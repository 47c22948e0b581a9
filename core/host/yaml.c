/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML (and with it JSON) as a small tree with line numbers, from libyaml's
 * events. Bounded in size and depth; duplicate keys, anchors, aliases, tags and
 * further documents are errors.
 */
#include "core/host/config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

enum { MAX_DEPTH = 32, MAX_BYTES = 1 << 20 };

struct parser {
    yaml_parser_t yaml;
    const char *file;
    struct cleat_error *e;
};

void cleat_yaml_free(struct cleat_yaml *y) {
    if (y == NULL) {
        return;
    }
    for (size_t i = 0; i < y->n; i++) {
        if (y->keys != NULL) {
            cleat_yaml_free(y->keys[i]);
        }
        cleat_yaml_free(y->items[i]);
    }
    free(y->keys);
    free(y->items);
    free(y->text);
    free(y);
}

static cleat_err next_event(struct parser *p, yaml_event_t *ev) {
    if (!yaml_parser_parse(&p->yaml, ev)) {
        size_t line = p->yaml.problem_mark.line;
        if (p->yaml.error == YAML_READER_ERROR) {
            line = p->yaml.mark.line;
        }
        return cleat_fail(p->e, CLEAT_E_BAD_REQUEST, "%s:%zu: %s", p->file, line + 1,
                          p->yaml.problem ? p->yaml.problem : "not YAML");
    }
    return CLEAT_OK;
}

static int event_line(const yaml_event_t *ev) {
    return (int)ev->start_mark.line + 1;
}

static cleat_err check_plain(struct parser *p, const yaml_event_t *ev) {
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (ev->type) {
    case YAML_SCALAR_EVENT:
        anchor = ev->data.scalar.anchor;
        tag = ev->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = ev->data.sequence_start.anchor;
        tag = ev->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = ev->data.mapping_start.anchor;
        tag = ev->data.mapping_start.tag;
        break;
    default:
        return cleat_fail(p->e, CLEAT_E_BAD_REQUEST, "%s:%d: aliases are not supported", p->file,
                          event_line(ev));
    }
    if (anchor != NULL || tag != NULL) {
        return cleat_fail(p->e, CLEAT_E_BAD_REQUEST, "%s:%d: anchors and tags are not supported",
                          p->file, event_line(ev));
    }
    return CLEAT_OK;
}

static cleat_err parse_node(struct parser *p, yaml_event_t *ev, int depth, struct cleat_yaml **ret);

static void push(struct cleat_yaml *y, struct cleat_yaml *key, struct cleat_yaml *item) {
    if ((y->n & (y->n - 1)) == 0) { /* grows at powers of two */
        size_t cap = y->n ? y->n * 2 : 1;
        y->items = cleat_rearray(y->items, cap, sizeof *y->items);
        if (y->type == CLEAT_YAML_MAP) {
            y->keys = cleat_rearray(y->keys, cap, sizeof *y->keys);
        }
    }
    y->items[y->n] = item;
    if (y->type == CLEAT_YAML_MAP) {
        y->keys[y->n] = key;
    }
    y->n++;
}

static cleat_err check_key(struct parser *p, const struct cleat_yaml *map,
                           const struct cleat_yaml *key) {
    if (key->type != CLEAT_YAML_SCALAR) {
        return cleat_fail(p->e, CLEAT_E_BAD_REQUEST, "%s:%d: a key must be a string", p->file,
                          key->line);
    }
    for (size_t i = 0; i < map->n; i++) {
        if (strcmp(map->keys[i]->text, key->text) == 0) {
            return cleat_fail(p->e, CLEAT_E_BAD_REQUEST,
                              "%s:%d: duplicate key \"%s\" (first at line %d)", p->file, key->line,
                              key->text, map->keys[i]->line);
        }
    }
    return CLEAT_OK;
}

/* Members up to the end event of the collection y. */
static cleat_err parse_members(struct parser *p, struct cleat_yaml *y, int depth) {
    for (;;) {
        yaml_event_t ev;
        CLEAT_TRY(next_event(p, &ev));
        if (ev.type == YAML_MAPPING_END_EVENT || ev.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&ev);
            return CLEAT_OK;
        }
        CLEAT_AUTO(cleat_yaml) *key = NULL;
        if (y->type == CLEAT_YAML_MAP) {
            CLEAT_TRY(parse_node(p, &ev, depth + 1, &key));
            CLEAT_TRY(check_key(p, y, key));
            CLEAT_TRY(next_event(p, &ev));
        }
        struct cleat_yaml *item = NULL;
        CLEAT_TRY(parse_node(p, &ev, depth + 1, &item));
        push(y, CLEAT_STEAL(key), item);
    }
}

/* Takes the event. */
static cleat_err parse_node(struct parser *p, yaml_event_t *ev, int depth,
                            struct cleat_yaml **ret) {
    cleat_err err = check_plain(p, ev);
    if (err == CLEAT_OK && depth > MAX_DEPTH) {
        err = cleat_fail(p->e, CLEAT_E_BAD_REQUEST, "%s:%d: nested more than %d deep", p->file,
                         event_line(ev), MAX_DEPTH);
    }
    if (err != CLEAT_OK) {
        yaml_event_delete(ev);
        return err;
    }
    CLEAT_AUTO(cleat_yaml) *y = cleat_zalloc(sizeof *y);
    y->line = event_line(ev);
    if (ev->type == YAML_SCALAR_EVENT) {
        y->type = CLEAT_YAML_SCALAR;
        y->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        struct cleat_str s = {(const char *)ev->data.scalar.value, ev->data.scalar.length};
        if (memchr(s.p, 0, s.n) != NULL) {
            err = cleat_fail(p->e, CLEAT_E_BAD_REQUEST, "%s:%d: a NUL character in a string",
                             p->file, y->line);
        }
        y->text = cleat_strndup(s);
        yaml_event_delete(ev);
        CLEAT_TRY(err);
    } else {
        y->type = ev->type == YAML_MAPPING_START_EVENT ? CLEAT_YAML_MAP : CLEAT_YAML_SEQ;
        yaml_event_delete(ev);
        CLEAT_TRY(parse_members(p, y, depth));
    }
    *ret = CLEAT_STEAL(y);
    return CLEAT_OK;
}

static cleat_err parse_stream(struct parser *p, struct cleat_yaml **ret) {
    CLEAT_AUTO(cleat_yaml) *root = NULL;
    for (;;) {
        yaml_event_t ev;
        CLEAT_TRY(next_event(p, &ev));
        int line = event_line(&ev);
        switch (ev.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            yaml_event_delete(&ev);
            break;
        case YAML_STREAM_END_EVENT:
            yaml_event_delete(&ev);
            if (root == NULL) {
                return cleat_fail(p->e, CLEAT_E_BAD_REQUEST, "%s:%d: the file is empty", p->file,
                                  line);
            }
            *ret = CLEAT_STEAL(root);
            return CLEAT_OK;
        default:
            if (root != NULL) {
                yaml_event_delete(&ev);
                return cleat_fail(p->e, CLEAT_E_BAD_REQUEST, "%s:%d: more than one document",
                                  p->file, line);
            }
            CLEAT_TRY(parse_node(p, &ev, 0, &root));
        }
    }
}

cleat_err cleat_yaml_parse(struct cleat_str text, const char *file, struct cleat_yaml **ret,
                           struct cleat_error *e) {
    if (text.n > MAX_BYTES) {
        return cleat_fail(e, CLEAT_E_TOO_LARGE, "%s: %zu bytes; at most %d are read", file, text.n,
                          MAX_BYTES);
    }
    struct parser p = {.file = file, .e = e};
    cleat_assert(yaml_parser_initialize(&p.yaml));
    yaml_parser_set_encoding(&p.yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p.yaml, (const unsigned char *)text.p, text.n);
    cleat_err err = parse_stream(&p, ret);
    yaml_parser_delete(&p.yaml);
    return err;
}

cleat_err cleat_yaml_read(const char *file, struct cleat_yaml **ret, struct cleat_error *e) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", file, strerror(errno));
    }
    CLEAT_AUTO_BUF text = {0};
    ssize_t n;
    do {
        cleat_buf_reserve(&text, 16384);
        n = read(fd, text.p + text.n, 16384);
        text.n += n > 0 ? (size_t)n : 0;
    } while ((n > 0 && text.n <= MAX_BYTES) || (n < 0 && errno == EINTR));
    int saved = errno;
    close(fd);
    if (n < 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", file, strerror(saved));
    }
    return cleat_yaml_parse((struct cleat_str){text.p, text.n}, file, ret, e);
}

const struct cleat_yaml *cleat_yaml_get(const struct cleat_yaml *map, const char *key) {
    if (map == NULL || map->type != CLEAT_YAML_MAP) {
        return NULL;
    }
    for (size_t i = 0; i < map->n; i++) {
        if (strcmp(map->keys[i]->text, key) == 0) {
            return map->items[i];
        }
    }
    return NULL;
}

bool cleat_yaml_is_null(const struct cleat_yaml *y) {
    return y->type == CLEAT_YAML_SCALAR && y->plain &&
           (y->text[0] == 0 || strcmp(y->text, "~") == 0 || strcmp(y->text, "null") == 0);
}

/* A number as JSON writes it. */
static bool is_number(const char *s) {
    s += *s == '-';
    if (*s == '0') {
        s++;
    } else if (*s >= '1' && *s <= '9') {
        s += strspn(s, "0123456789");
    } else {
        return false;
    }
    if (*s == '.') {
        size_t n = strspn(++s, "0123456789");
        if (n == 0) {
            return false;
        }
        s += n;
    }
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '+' || *s == '-';
        size_t n = strspn(s, "0123456789");
        if (n == 0) {
            return false;
        }
        s += n;
    }
    return *s == 0;
}

static void scalar_json(const struct cleat_yaml *y, struct cleat_buf *out) {
    if (cleat_yaml_is_null(y)) {
        cleat_buf_puts(out, "null");
    } else if (y->plain && (strcmp(y->text, "true") == 0 || strcmp(y->text, "false") == 0 ||
                            is_number(y->text))) {
        cleat_buf_puts(out, y->text);
    } else {
        cleat_buf_json(out, cleat_s(y->text));
    }
}

void cleat_yaml_json(const struct cleat_yaml *y, struct cleat_buf *out) {
    if (y->type == CLEAT_YAML_SCALAR) {
        scalar_json(y, out);
        return;
    }
    bool map = y->type == CLEAT_YAML_MAP;
    cleat_buf_putc(out, map ? '{' : '[');
    for (size_t i = 0; i < y->n; i++) {
        if (i > 0) {
            cleat_buf_putc(out, ',');
        }
        if (map) {
            cleat_buf_json(out, cleat_s(y->keys[i]->text));
            cleat_buf_putc(out, ':');
        }
        cleat_yaml_json(y->items[i], out);
    }
    cleat_buf_putc(out, map ? '}' : ']');
}
