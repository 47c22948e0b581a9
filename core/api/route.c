/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's path grammar, and query parameters. A route owns one allocation
 * that all its strings point into. Pure functions; any thread.
 */
#include "core/api/internal.h"

static int hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* In place; false for a broken escape or a NUL. */
static bool percent_decode(char *s, bool plus) {
    char *to = s;
    for (; *s != '\0'; s++) {
        if (*s == '%') {
            int a = hex(s[1]), b = a < 0 ? -1 : hex(s[2]);
            if (b < 0 || (a == 0 && b == 0)) {
                return false;
            }
            *to++ = (char)(a * 16 + b);
            s += 2;
        } else {
            *to++ = plus && *s == '+' ? ' ' : *s;
        }
    }
    *to = '\0';
    return true;
}

static cleat_err parse_query(struct cleat__route *r, char *q, struct cleat_error *e) {
    while (q != NULL && *q != '\0') {
        char *next = strchr(q, '&');
        if (next != NULL) {
            *next++ = '\0';
        }
        if (*q != '\0') {
            if (r->n_params == sizeof r->params / sizeof *r->params) {
                return cleat_fail(e, CLEAT_E_BAD_REQUEST, "too many query parameters");
            }
            char *value = strchr(q, '=');
            if (value != NULL) {
                *value++ = '\0';
            } else {
                value = q + strlen(q);
            }
            if (!percent_decode(q, true) || !percent_decode(value, true)) {
                return cleat_fail(e, CLEAT_E_BAD_REQUEST, "invalid URL escape in the query");
            }
            r->params[r->n_params].key = q;
            r->params[r->n_params++].value = value;
        }
        q = next;
    }
    return CLEAT_OK;
}

/* segments[at...] = [namespaces/NS/]resource[/name[/sub]] */
static void parse_api(struct cleat__route *r, size_t at) {
    char **s = r->segments;
    size_t n = r->n_segments;
    if (at < n && strcmp(s[at], "watch") == 0) {
        r->watch_path = true;
        at++;
    }
    if (at >= n) {
        return;
    }
    r->is_api = true;
    static const char *const own[] = {"status", "finalize"};
    bool of_namespace = n - at >= 3 && strcmp(s[at], "namespaces") == 0;
    for (size_t i = 0; of_namespace && i < sizeof own / sizeof *own; i++) {
        of_namespace = strcmp(s[at + 2], own[i]) != 0 || n - at > 3;
    }
    if (of_namespace) {
        r->ns = cleat_s(s[at + 1]);
        at += 2;
    }
    r->resource = s[at++];
    if (at < n) {
        r->name = cleat_s(s[at++]);
    }
    if (at < n) {
        r->subresource = s[at++];
    }
    if (at < n) {
        r->is_api = false; /* proxies and the like are not served */
    }
}

cleat_err cleat__route_parse(struct cleat_str target, struct cleat__route *r,
                             struct cleat_error *e) {
    memset(r, 0, offsetof(struct cleat__route, params));
    r->n_params = 0;
    r->memory = cleat_alloc(2 * (target.n + 1));
    memcpy(r->memory, target.p, target.n);
    r->memory[target.n] = '\0';
    char *path = r->memory, *q = strchr(path, '?');
    if (q != NULL) {
        *q++ = '\0';
        CLEAT_TRY(parse_query(r, q, e));
    }
    /* Readable, before it is cut up. */
    r->readable = r->memory + target.n + 1;
    memcpy(r->readable, path, strlen(path) + 1);
    if (!percent_decode(r->readable, false)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "invalid URL escape in the path");
    }
    bool empty = false;
    for (char *p = path; *p != '\0';) {
        if (*p == '/') {
            empty |= p[1] == '/';
            *p++ = '\0';
            continue;
        }
        if (r->n_segments == sizeof r->segments / sizeof *r->segments) {
            return cleat_fail(e, CLEAT_E_NOT_FOUND,
                              "the server could not find the requested resource");
        }
        r->segments[r->n_segments++] = p;
        p += strcspn(p, "/");
    }
    for (size_t i = 0; i < r->n_segments; i++) {
        percent_decode(r->segments[i], false);
    }
    char **s = r->segments;
    r->nowhere = empty; /* a name that was left out must not mean all of them */
    if (r->nowhere) {
        return CLEAT_OK;
    }
    if (r->n_segments >= 2 && strcmp(s[0], "api") == 0) {
        r->group = "";
        r->version = s[1];
        parse_api(r, 2);
    } else if (r->n_segments >= 3 && strcmp(s[0], "apis") == 0) {
        r->group = s[1];
        r->version = s[2];
        parse_api(r, 3);
    }
    return CLEAT_OK;
}

void cleat__route_done(struct cleat__route *r) {
    free(r->memory);
    r->memory = NULL;
}

const char *cleat__param(const struct cleat__route *r, const char *key) {
    for (size_t i = 0; i < r->n_params; i++) {
        if (strcmp(r->params[i].key, key) == 0) {
            return r->params[i].value;
        }
    }
    return NULL;
}

bool cleat__param_true(const struct cleat__route *r, const char *key) {
    const char *v = cleat__param(r, key);
    return v != NULL && strcmp(v, "false") != 0 && strcmp(v, "0") != 0;
}
