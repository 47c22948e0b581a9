/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request asks for: the input is a target, then, after a line feed, an Accept
 * header. All that a route says lies in its own memory, no segment and no name is empty,
 * and a path with escapes for every byte means what the plain one does.
 */
#include "core/api/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(const struct cleat__route *r, const char *s, size_t target_n) {
    cleat_assert(s >= r->memory && s + strlen(s) < r->memory + 2 * (target_n + 1));
}

static void check_api(const struct cleat__route *r) {
    cleat_assert(!r->nowhere && r->group != NULL);
    cleat_assert(r->version[0] != '\0' && r->resource[0] != '\0');
    cleat_assert(r->name.p == NULL || r->name.n > 0);
    cleat_assert(r->ns.p == NULL || r->ns.n > 0);
    cleat_assert(r->subresource == NULL || r->name.n > 0);
}

static void check(const struct cleat__route *r, size_t target_n) {
    cleat_assert(r->n_segments <= sizeof r->segments / sizeof *r->segments);
    cleat_assert(r->n_params <= sizeof r->params / sizeof *r->params);
    inside(r, r->readable, target_n);
    for (size_t i = 0; i < r->n_segments; i++) {
        inside(r, r->segments[i], target_n);
        cleat_assert(r->segments[i][0] != '\0');
    }
    for (size_t i = 0; i < r->n_params; i++) {
        inside(r, r->params[i].key, target_n);
        inside(r, r->params[i].value, target_n);
        cleat_assert(cleat__param(r, r->params[i].key) != NULL);
    }
    if (r->is_api) {
        check_api(r);
    }
}

/* The segments of r, escaped byte by byte, are the same route again. */
static void escaped(const struct cleat__route *r) {
    CLEAT_AUTO_BUF b = {0};
    for (size_t i = 0; i < r->n_segments; i++) {
        cleat_buf_putc(&b, '/');
        for (const char *p = r->segments[i]; *p != '\0'; p++) {
            cleat_buf_printf(&b, "%%%02x", (unsigned)(unsigned char)*p);
        }
    }
    struct cleat__route again;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat__route_parse((struct cleat_str){b.p != NULL ? b.p : "", b.n}, &again, &e);
    cleat_assert(err == CLEAT_OK && again.n_segments == r->n_segments);
    for (size_t i = 0; i < r->n_segments; i++) {
        cleat_assert(strcmp(again.segments[i], r->segments[i]) == 0);
    }
    cleat_assert(r->nowhere || (again.is_api == r->is_api && again.watch_path == r->watch_path &&
                                cleat_eq(again.ns, r->ns) && cleat_eq(again.name, r->name)));
    cleat__route_done(&again);
}

static void check_accept(struct cleat_str header) {
    struct cleat__accept a = cleat__negotiate(header);
    cleat_assert(a.form >= CLEAT__JSON && a.form <= CLEAT__NONE && a.version != NULL);
    cleat_assert(!a.yaml || a.form == CLEAT__JSON);
    const char *end = header.p + header.n;
    struct cleat__media m;
    while (cleat__media_next(&header, &m)) {
        cleat_assert(m.quality >= 0 && m.quality <= 1000 && header.p + header.n <= end);
    }
    struct cleat_str type = cleat__media_type(header);
    cleat_assert(type.n <= header.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEAT_AUTO_FREE char *text = cleat_strndup((struct cleat_str){(const char *)data, size});
    size_t n = strcspn(text, "\n");
    struct cleat__route r;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat__route_parse((struct cleat_str){text, n}, &r, &e);
    cleat_assert(err == CLEAT_OK || ((err == CLEAT_E_BAD_REQUEST || err == CLEAT_E_NOT_FOUND) &&
                                     e.message[0] != '\0'));
    if (err == CLEAT_OK) {
        check(&r, n);
        escaped(&r);
    }
    cleat__route_done(&r);
    check_accept(cleat_s(text[n] != '\0' ? text + n + 1 : ""));
    return 0;
}
