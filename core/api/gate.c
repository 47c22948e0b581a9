/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server without a registry: health for everybody, the rest for whom somebody else
 * knows that he may. A call waits for that answer as another waits for the committer; it
 * lives on its I/O thread, and only its message crosses over. On the connection's I/O
 * thread but for cleat_api_answer.
 */
#include <openssl/crypto.h>

#include "core/api/internal.h"

struct cleat__ask {
    struct cleat_api_ask ask; /* first: what the gate holds is this */
    struct cleat__msg arrival;
    struct cleat__call *call; /* NULL: the client has gone */
    struct cleat__io *io;
    struct cleat__route route;
    struct cleat__identity *identity;
    char *token;
    cleat_err err;
    char *message;
};

static void ask_free(struct cleat__ask *x) {
    struct cleat__io *io = x->io;
    cleat__route_done(&x->route);
    cleat__identity_unref(x->identity);
    if (x->token != NULL) {
        OPENSSL_cleanse(x->token, strlen(x->token));
    }
    free(x->token);
    free(x->message);
    free(x);
    io->writes--;
    cleat__io_ended(io);
}

/* Entries as upstream's --authorization-always-allow-paths. */
static bool is_open(const char *list, const char *path) {
    for (const char *p = list != NULL ? list : ""; *p != 0;) {
        size_t n = strcspn(p, ",");
        struct cleat_str entry = {p, n};
        while (entry.n > 0 && *entry.p == ' ') {
            entry.p++;
            entry.n--;
        }
        bool all = entry.n > 0 && entry.p[entry.n - 1] == '*';
        if (all ? strncmp(path, entry.p, entry.n - 1) == 0 : cleat_eqc(entry, path)) {
            return true;
        }
        p += n + (p[n] == ',');
    }
    return false;
}

static bool serve_configz(struct cleat__call *c, const struct cleat__route *r) {
    const struct cleat_api_gate *gate = &c->io->api->gate;
    if (r->n_segments != 1 || strcmp(r->segments[0], "configz") != 0 || gate->configz == NULL) {
        return false;
    }
    CLEAT_AUTO_BUF b = {0};
    gate->configz(gate->configz_userdata, &b);
    cleat__respond(c, 200, "application/json", &b, NULL);
    return true;
}

static void serve(struct cleat__call *c, const struct cleat__route *r) {
    if (r->nowhere || r->is_api || (!serve_configz(c, r) && !cleat__serve_system(c, r))) {
        cleat__respond_text(c, 404, "404 page not found\n");
    }
}

static struct cleat_str bearer(const struct cleat__call *c) {
    struct cleat_str header = cleat_http_header(c->head, "authorization");
    if (header.n <= 7 || strncasecmp(header.p, "Bearer ", 7) != 0) {
        return (struct cleat_str){0};
    }
    header.p += 7;
    header.n -= 7;
    while (header.n > 0 && *header.p == ' ') {
        header.p++;
        header.n--;
    }
    return header;
}

void cleat__serve_gated(struct cleat__call *c, struct cleat__route *r) {
    const struct cleat_api_gate *gate = &c->io->api->gate;
    if (!cleat_eqc(c->head->method, "GET") && !cleat_eqc(c->head->method, "HEAD")) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_fail(&e, CLEAT_E_METHOD,
                   "the server does not allow this method on the requested resource");
        cleat__respond_error(c, &e);
        return;
    }
    if (is_open(gate->open_paths, r->readable)) {
        serve(c, r);
        return;
    }
    struct cleat_str token = bearer(c);
    bool bad = false;
    struct cleat__identity *id = cleat__trust_identify(c->io->api, c->conn->ssl, c->head, &bad);
    if (bad && token.n == 0) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_fail(&e, CLEAT_E_UNAUTHORIZED, "Unauthorized");
        cleat__respond_error(c, &e);
        return;
    }
    struct cleat__ask *x = cleat_zalloc(sizeof *x);
    x->call = c;
    x->io = c->io;
    x->route = *r;
    r->memory = NULL; /* taken */
    x->identity = id;
    x->token = token.n > 0 ? cleat_strndup(token) : NULL;
    x->arrival.ask = x;
    x->ask = (struct cleat_api_ask){
        .path = x->route.readable,
        .token = x->token,
        .user = x->identity != NULL ? &x->identity->user : NULL,
    };
    c->ask = x;
    c->io->writes++;
    gate->ask(gate->userdata, &x->ask);
}

void cleat_api_answer(struct cleat_api_ask *ask, cleat_err err, const char *message) {
    struct cleat__ask *x = (struct cleat__ask *)ask;
    x->err = err;
    x->message = cleat_strdup(message);
    cleat__io_post(x->io, &x->arrival);
}

void cleat__ask_arrived(struct cleat__ask *x) {
    struct cleat__call *c = x->call;
    if (c != NULL) {
        c->ask = NULL;
        if (x->err == CLEAT_OK) {
            serve(c, &x->route);
        } else {
            struct cleat_error e = CLEAT_ERROR_INIT;
            cleat_fail(&e, x->err, "%s", x->message != NULL ? x->message : "Forbidden");
            cleat__respond_error(c, &e);
        }
    }
    ask_free(x);
    if (c != NULL) {
        cleat__call_done(c);
    }
}

void cleat__ask_abandon(struct cleat__call *c) {
    if (c->ask != NULL) {
        c->ask->call = NULL;
        c->ask = NULL;
    }
}
