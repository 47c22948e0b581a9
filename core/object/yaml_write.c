/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON values as YAML, through libyaml's emitter: keys sorted and blocks indented as
 * upstream's clients know it, and every string that YAML would take for something
 * else in quotes, so that what is written reads back as it was. A writer belongs to
 * one thread at a time.
 */
#include <limits.h>
#include <strings.h>
#include <yaml.h>

#include "core/object/json.h"
#include "core/object/object.h"

struct cleat_yaml_writer {
    yaml_emitter_t emitter;
    struct cleat_buf *out;
    bool begun;
};

static int on_write(void *userdata, unsigned char *p, size_t n) {
    cleat_yaml_writer *w = userdata;
    cleat_buf_add(w->out, p, n);
    return 1;
}

/* libyaml refuses only what it has no memory for, and events out of order. */
static void emit(cleat_yaml_writer *w, yaml_event_t *ev, int made) {
    cleat_assert(made && yaml_emitter_emit(&w->emitter, ev));
}

cleat_yaml_writer *cleat_yaml_writer_new(void) {
    cleat_yaml_writer *w = cleat_zalloc(sizeof *w);
    cleat_assert(yaml_emitter_initialize(&w->emitter));
    yaml_emitter_set_output(&w->emitter, on_write, w);
    yaml_emitter_set_encoding(&w->emitter, YAML_UTF8_ENCODING);
    yaml_emitter_set_unicode(&w->emitter, 1);
    yaml_emitter_set_width(&w->emitter, -1);
    return w;
}

void cleat_yaml_writer_free(cleat_yaml_writer *w) {
    if (w != NULL) {
        yaml_emitter_delete(&w->emitter);
        free(w);
    }
}

static void begin(cleat_yaml_writer *w, struct cleat_buf *out) {
    yaml_event_t ev;
    w->out = out;
    if (!w->begun) {
        w->begun = true;
        emit(w, &ev, yaml_stream_start_event_initialize(&ev, YAML_UTF8_ENCODING));
        emit(w, &ev, yaml_document_start_event_initialize(&ev, NULL, NULL, NULL, 1));
    }
}

/* Whether a plain scalar of this text would be no string. */
static bool means_something(struct cleat_str s) {
    static const char *const words[] = {"~",   "null", "true", "false", "yes", "no",   "on",
                                        "off", "y",    "n",    "<<",    "=",   ".nan", NULL};
    if (s.n == 0) {
        return true;
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strlen(words[i]) == s.n && strncasecmp(words[i], s.p, s.n) == 0) {
            return true;
        }
    }
    /* Numbers, dates, times in base 60, infinities: whatever begins like one is quoted. */
    size_t i = s.p[0] == '-' || s.p[0] == '+';
    i += i < s.n && s.p[i] == '.';
    return i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || (i > 0 && (s.p[i] | 0x20) == 'i'));
}

/* text: decoded. */
static void write_text(cleat_yaml_writer *w, struct cleat_str s, bool key) {
    yaml_event_t ev;
    bool lines = !key && s.n > 0 && memchr(s.p, '\n', s.n) != NULL;
    yaml_scalar_style_t style = means_something(s) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
                                : lines            ? YAML_LITERAL_SCALAR_STYLE
                                                   : YAML_ANY_SCALAR_STYLE;
    cleat_assert(s.n <= INT_MAX);
    emit(w, &ev,
         yaml_scalar_event_initialize(&ev, NULL, NULL, (const yaml_char_t *)(s.p ? s.p : ""),
                                      (int)s.n, 1, 1, style));
}

/* text: as JSON has it between its quotes. */
static void write_string(cleat_yaml_writer *w, struct cleat_str s, bool key) {
    if (s.n == 0 || memchr(s.p, '\\', s.n) == NULL) {
        write_text(w, s, key);
        return;
    }
    CLEAT_AUTO_FREE char *plain = cleat_alloc(s.n);
    write_text(w, (struct cleat_str){plain, cleat_json_decode(s, plain)}, key);
}

/* A number, a word. */
static void write_plain(cleat_yaml_writer *w, struct cleat_str s) {
    yaml_event_t ev;
    emit(w, &ev,
         yaml_scalar_event_initialize(&ev, NULL, NULL, (const yaml_char_t *)s.p, (int)s.n, 1, 0,
                                      YAML_PLAIN_SCALAR_STYLE));
}

void cleat_yaml_open(cleat_yaml_writer *w, bool map, struct cleat_buf *out) {
    yaml_event_t ev;
    begin(w, out);
    if (map) {
        emit(w, &ev,
             yaml_mapping_start_event_initialize(&ev, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
    } else {
        emit(w, &ev,
             yaml_sequence_start_event_initialize(&ev, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
    }
}

void cleat_yaml_close(cleat_yaml_writer *w, bool map, struct cleat_buf *out) {
    yaml_event_t ev;
    begin(w, out);
    emit(w, &ev,
         map ? yaml_mapping_end_event_initialize(&ev) : yaml_sequence_end_event_initialize(&ev));
}

void cleat_yaml_text(cleat_yaml_writer *w, struct cleat_str text, struct cleat_buf *out) {
    begin(w, out);
    write_text(w, text, true);
}

struct member {
    struct cleat_str key;
    struct cleat_val val;
};

static int by_key(const void *a, const void *b) {
    return cleat_cmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void write_map(cleat_yaml_writer *w, struct cleat_val v, struct cleat_buf *out) {
    size_t n = 0;
    CLEAT_AUTO_FREE struct member *members = cleat_array(cleat_val_count(v) + 1, sizeof *members);
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        members[n++] = (struct member){it.key, it.val};
    }
    qsort(members, n, sizeof *members, by_key);
    cleat_yaml_open(w, true, out);
    for (size_t i = 0; i < n; i++) {
        write_string(w, members[i].key, true);
        cleat_yaml_value(w, members[i].val, out);
    }
    cleat_yaml_close(w, true, out);
}

void cleat_yaml_value(cleat_yaml_writer *w, struct cleat_val v, struct cleat_buf *out) {
    struct cleat_iter it = {0};
    begin(w, out);
    switch (cleat_val_type(v)) {
    case CLEAT_OBJECT:
        write_map(w, v, out);
        break;
    case CLEAT_ARRAY:
        cleat_yaml_open(w, false, out);
        while (cleat_val_next(v, &it)) {
            cleat_yaml_value(w, it.val, out);
        }
        cleat_yaml_close(w, false, out);
        break;
    case CLEAT_STRING:
        write_string(w, cleat_val_str(v), false);
        break;
    default:
        write_plain(w, cleat_val_raw(v));
        break;
    }
}

void cleat_yaml_finish(cleat_yaml_writer *w, struct cleat_buf *out) {
    yaml_event_t ev;
    begin(w, out);
    emit(w, &ev, yaml_document_end_event_initialize(&ev, 1));
    emit(w, &ev, yaml_stream_end_event_initialize(&ev));
    yaml_emitter_flush(&w->emitter);
}

void cleat_yaml_write(struct cleat_val v, struct cleat_buf *out) {
    cleat_yaml_writer *w = cleat_yaml_writer_new();
    cleat_yaml_value(w, v, out);
    cleat_yaml_finish(w, out);
    cleat_yaml_writer_free(w);
}
