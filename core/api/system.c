/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Health, version and metrics; and the order in which a request is looked at:
 * who asks, whether he may, what serves it. On the connection's I/O thread.
 */
#include <sys/utsname.h>

#include "core/api/internal.h"

static bool excluded(const struct cleat__route *r, const char *name) {
    for (size_t i = 0; i < r->n_params; i++) {
        if (strcmp(r->params[i].key, "exclude") == 0 && strcmp(r->params[i].value, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool run_check(cleat_api *a, const char *endpoint, const char *name) {
    if (strcmp(name, "ping") == 0) {
        return true;
    }
    if (strcmp(name, "shutdown") == 0) {
        return strcmp(endpoint, "readyz") != 0 || !atomic_load(&a->stopping);
    }
    for (struct cleat__check *k = a->checks; k != NULL; k = k->next) {
        if (strcmp(k->name, name) == 0) {
            return k->fn(k->userdata);
        }
    }
    return false;
}

static void one_check(cleat_api *a, const struct cleat__route *r, const char *endpoint,
                      const char *name, struct cleat_buf *out, bool *ok) {
    if (excluded(r, name)) {
        cleat_buf_printf(out, "[+]%s excluded: ok\n", name);
    } else if (run_check(a, endpoint, name)) {
        cleat_buf_printf(out, "[+]%s ok\n", name);
    } else {
        cleat_buf_printf(out, "[-]%s failed: reason withheld\n", name);
        *ok = false;
    }
}

static void serve_health(struct cleat__call *c, const struct cleat__route *r) {
    cleat_api *a = c->io->api;
    const char *endpoint = r->segments[0];
    CLEAT_AUTO_BUF b = {0};
    bool ok = true;
    if (r->n_segments == 2) {
        const char *name = r->segments[1];
        bool known = strcmp(name, "ping") == 0 || strcmp(name, "shutdown") == 0;
        for (struct cleat__check *k = a->checks; k != NULL; k = k->next) {
            known |= strcmp(k->name, name) == 0;
        }
        ok = known && run_check(a, endpoint, name);
        cleat__respond_text(c, ok ? 200 : known ? 500 : 404, ok ? "ok" : "not ok\n");
        return;
    }
    one_check(a, r, endpoint, "ping", &b, &ok);
    for (struct cleat__check *k = a->checks; k != NULL; k = k->next) {
        one_check(a, r, endpoint, k->name, &b, &ok);
    }
    one_check(a, r, endpoint, "shutdown", &b, &ok);
    if (!ok) {
        cleat_buf_printf(&b, "%s check failed\n", endpoint);
        cleat__respond_text(c, 500, b.p);
    } else if (cleat__param(r, "verbose") != NULL) {
        cleat_buf_printf(&b, "%s check passed\n", endpoint);
        cleat__respond_text(c, 200, b.p);
    } else {
        cleat__respond_text(c, 200, "ok");
    }
}

static void serve_version(struct cleat__call *c) {
    struct utsname u;
    uname(&u);
    const char *arch = strcmp(u.machine, "x86_64") == 0    ? "amd64"
                       : strcmp(u.machine, "aarch64") == 0 ? "arm64"
                                                           : u.machine;
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "{\n  \"major\": \"1\",\n  \"minor\": \"35\",\n"
                     "  \"emulationMajor\": \"1\",\n  \"emulationMinor\": \"35\",\n"
                     "  \"minCompatibilityMajor\": \"1\",\n  \"minCompatibilityMinor\": \"34\",\n"
                     "  \"gitVersion\": \"v1.35.0+cleat-%s\",\n  \"gitCommit\": \"\",\n"
                     "  \"gitTreeState\": \"\",\n  \"buildDate\": \"\",\n"
                     "  \"goVersion\": \"none\",\n  \"compiler\": \"gcc %s\",\n"
                     "  \"platform\": \"linux/%s\"\n}",
                     CLEAT_VERSION, __VERSION__, arch);
    cleat__respond(c, 200, "application/json", &b, NULL);
}

/* What the issuer of tokens tells of itself. */
static bool serve_issuer(struct cleat__call *c, const struct cleat__route *r) {
    cleat_auth *auth = c->io->api->opts.auth;
    const char *text = auth != NULL ? cleat_auth_document(auth, r->readable) : NULL;
    if (text == NULL) {
        return false;
    }
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b, text);
    cleat__respond(c, 200,
                   r->segments[0][0] == '.' ? "application/json" : "application/jwk-set+json", &b,
                   NULL);
    return true;
}

bool cleat__serve_system(struct cleat__call *c, const struct cleat__route *r) {
    char *const *s = r->segments;
    if (r->n_segments > 1 && serve_issuer(c, r)) {
        return true;
    }
    if ((r->n_segments == 1 || r->n_segments == 2) &&
        (strcmp(s[0], "healthz") == 0 || strcmp(s[0], "livez") == 0 ||
         strcmp(s[0], "readyz") == 0)) {
        serve_health(c, r);
        return true;
    }
    if (r->n_segments == 1 && strcmp(s[0], "version") == 0) {
        serve_version(c);
        return true;
    }
    if (r->n_segments == 1 && strcmp(s[0], "metrics") == 0) {
        CLEAT_AUTO_BUF b = {0};
        cleat_metrics_expose(&b);
        cleat__respond(c, 200, "text/plain; version=0.0.4; charset=utf-8", &b, NULL);
        return true;
    }
    return false;
}

static const char *verb_of_path(struct cleat_str method) {
    static const char *const map[][2] = {{"GET", "get"}, {"HEAD", "get"},    {"POST", "post"},
                                         {"PUT", "put"}, {"PATCH", "patch"}, {"DELETE", "delete"}};
    for (size_t i = 0; i < sizeof map / sizeof *map; i++) {
        if (cleat_eqc(method, map[i][0])) {
            return map[i][1];
        }
    }
    return NULL;
}

static void serve_routed(struct cleat__call *c, struct cleat__route *r) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    const struct cleat__identity *id = cleat__authenticate(c, &e);
    id = id != NULL ? cleat__impersonate(c, id, &e) : NULL;
    if (id == NULL) {
        cleat__respond_error(c, &e);
        return;
    }
    const char *verb = verb_of_path(c->head->method);
    if (verb == NULL) {
        cleat_fail(&e, CLEAT_E_METHOD,
                   "the server does not allow this method on the requested resource");
        cleat__respond_error(c, &e);
        return;
    }
    if (r->is_api) {
        cleat__serve_rest(c, r, id);
        return;
    }
    if (cleat_authorize_path(c->io->api->registry, &id->user, verb, r->readable, &e) != CLEAT_OK) {
        cleat__respond_error(c, &e);
    } else if (strcmp(verb, "get") != 0) {
        cleat_fail(&e, CLEAT_E_METHOD,
                   "the server does not allow this method on the requested resource");
        cleat__respond_error(c, &e);
    } else if (r->nowhere || (!cleat__serve_system(c, r) && !cleat__serve_discovery(c, r))) {
        cleat_fail(&e, CLEAT_E_NOT_FOUND, "the server could not find the requested resource");
        cleat__respond_error(c, &e);
    }
}

void cleat__serve(struct cleat__call *c) {
    struct cleat__route r;
    struct cleat_error e = CLEAT_ERROR_INIT;
    c->yaml = false;
    if (cleat__route_parse(c->head->target, &r, &e) == CLEAT_OK) {
        if (c->io->api->registry != NULL) {
            serve_routed(c, &r);
        } else {
            cleat__serve_gated(c, &r);
        }
    } else {
        cleat__respond_error(c, &e);
    }
    cleat__route_done(&r);
}
