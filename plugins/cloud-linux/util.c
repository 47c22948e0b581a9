/* SPDX-License-Identifier: Apache-2.0 */
/* Small helpers of the provider for plain Linux machines. Any thread. */
#include "lin.h"

struct cleat_sdk cleat_lin_sdk;

static void out_of_memory(void) {
    fprintf(stderr, "cleat: out of memory\n");
    abort();
}

int64_t cleat_lin_int(struct cleat_val v, int64_t def) {
    int64_t value = def;
    return SDK->obj->integer(v, &value) ? value : def;
}

char *cleat_lin_string(struct cleat_val v) {
    size_t n = SDK->obj->decode(v, NULL, 0);
    char *text = cleat_sdk_alloc(n + 1, 1);
    SDK->obj->decode(v, text, n + 1);
    return text;
}

void *cleat_lin_resize(void *p, size_t n, size_t size) {
    void *q = reallocarray(p, n ? n : 1, size);
    if (q == NULL) {
        out_of_memory();
    }
    return q;
}

static void reserve(struct cleat_lin_text *t, size_t more) {
    if (t->cap - t->n <= more) {
        t->cap = (t->n + more + 64) * 2;
        t->p = cleat_lin_resize(t->p, t->cap, 1);
    }
}

void cleat_lin_addf(struct cleat_lin_text *t, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = cleat_sdk_vformat(fmt, ap);
    va_end(ap);
    size_t n = strlen(text);
    reserve(t, n);
    memcpy(t->p + t->n, text, n + 1);
    t->n += n;
    free(text);
}

void cleat_lin_add_json(struct cleat_lin_text *t, const char *s) {
    reserve(t, 6 * strlen(s) + 2);
    char *p = t->p + t->n;
    *p++ = '"';
    for (; *s != 0; s++) {
        if (*s == '"' || *s == '\\') {
            *p++ = '\\';
            *p++ = *s;
        } else if ((unsigned char)*s < 0x20) {
            p += sprintf(p, "\\u%04x", (unsigned)*s);
        } else {
            *p++ = *s;
        }
    }
    *p++ = '"';
    *p = 0;
    t->n = (size_t)(p - t->p);
}

void cleat_lin_text_done(struct cleat_lin_text *t) {
    free(t->p);
    *t = (struct cleat_lin_text){0};
}
