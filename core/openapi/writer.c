/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text, written forwards into a buffer: no tree, no look back. One thread. */
#include "core/openapi/internal.h"

/* Makes room once: this is on the way of each value. */
static void begin(struct cleat_writer *w, const char *key) {
    size_t n = key != NULL ? strlen(key) : 0;
    cleat_buf_reserve(w->b, n + sizeof ",\"\":");
    char *p = w->b->p + w->b->n;
    if (w->more) {
        *p++ = ',';
    }
    w->more = true;
    if (key != NULL) {
        *p++ = '"';
        memcpy(p, key, n);
        p += n;
        *p++ = '"';
        *p++ = ':';
    }
    *p = '\0';
    w->b->n = (size_t)(p - w->b->p);
}

void cleat_write_open(struct cleat_writer *w, const char *key, char bracket) {
    begin(w, key);
    cleat_buf_putc(w->b, bracket);
    w->more = false;
}

void cleat_write_close(struct cleat_writer *w, char bracket) {
    cleat_buf_putc(w->b, bracket);
    w->more = true;
}

void cleat_write_str(struct cleat_writer *w, const char *key, const char *value) {
    begin(w, key);
    cleat_buf_json(w->b, cleat_s(value));
}

void cleat_write_bool(struct cleat_writer *w, const char *key, bool value) {
    begin(w, key);
    cleat_buf_puts(w->b, value ? "true" : "false");
}

void cleat_write_raw(struct cleat_writer *w, const char *key, struct cleat_str json) {
    begin(w, key);
    cleat_buf_str(w->b, json);
}

void cleat_write_raw_key(struct cleat_writer *w, struct cleat_str key) {
    begin(w, NULL);
    cleat_buf_putc(w->b, '"');
    cleat_buf_str(w->b, key);
    cleat_buf_puts(w->b, "\":");
    w->more = false;
}

void cleat_write_strings(struct cleat_writer *w, const char *key, const char *const *list) {
    cleat_write_open(w, key, '[');
    for (; list != NULL && *list != NULL; list++) {
        cleat_write_str(w, NULL, *list);
    }
    cleat_write_close(w, ']');
}

void cleat_write_parts(struct cleat_writer *w, const char *key, const char *list) {
    cleat_write_open(w, key, '[');
    while (*list != '\0') {
        size_t n = strcspn(list, ",");
        begin(w, NULL);
        cleat_buf_json(w->b, (struct cleat_str){list, n});
        list += n + (list[n] == ',');
    }
    cleat_write_close(w, ']');
}

void cleat_write_gvk(struct cleat_writer *w, const char *key, const char *group,
                     const char *version, const char *kind) {
    cleat_write_open(w, key, '{');
    cleat_write_str(w, "group", group);
    cleat_write_str(w, "version", version);
    cleat_write_str(w, "kind", kind);
    cleat_write_close(w, '}');
}
