/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A question is a chain of at most two requests, each asynchronous: whose token this is,
 * and whether he may get the path. What is known is kept by a digest of the token, and by
 * user and path. Any thread; the mutex guards the two maps.
 */
#include "core/cmd/cleatd_gate.h"

#include <openssl/sha.h>

#define PATIENCE  (5 * CLEAT_SECOND)
#define CROWD     1000
#define ANONYMOUS "{\"user\":\"system:anonymous\",\"groups\":[\"system:unauthenticated\"]"

struct known {
    cleat_time until;
    bool yes;
    char *text; /* of a token: the user, as a review's spec begins; of a path: why not */
};

struct cleatd_gate {
    struct cleat_transport *whose, *may; /* may be the same */
    cleat_time token_ttl, yes_ttl, no_ttl;
    pthread_mutex_t mutex;
    struct cleat_map users, paths;
};

/* One question. */
struct chain {
    cleatd_gate *gate;
    struct cleat_api_ask *ask;
    char digest[SHA256_DIGEST_LENGTH];
    char *user, *key;
};

static void end(struct chain *c, cleat_err err, const char *message) {
    cleat_api_answer(c->ask, err, message);
    free(c->user);
    free(c->key);
    free(c);
}

/* ---- what is known ---- */

static void forget(struct cleat_map *m) {
    struct cleat_map_entry *s;
    for (size_t i = 0; (s = cleat_map_each(m, &i)) != NULL;) {
        struct known *k = s->value;
        free(k->text);
        free(k);
    }
    cleat_map_done(m);
}

static void learn(cleatd_gate *g, struct cleat_map *m, struct cleat_str key, cleat_time ttl,
                  bool yes, const char *text) {
    if (ttl == 0) {
        return;
    }
    CLEAT_LOCKED(&g->mutex);
    if (m->n >= CROWD) {
        forget(m); /* somebody tries many: all are asked again */
    }
    struct known *k = cleat_zalloc(sizeof *k);
    *k = (struct known){cleat_now_mono() + ttl, yes, cleat_strdup(text)};
    struct known *old = cleat_map_put(m, key, k);
    if (old != NULL) {
        free(old->text);
        free(old);
    }
}

/* 1 yes, 0 no, -1 not known; *ret_text is owned. */
static int recall(cleatd_gate *g, struct cleat_map *m, struct cleat_str key, char **ret_text) {
    CLEAT_LOCKED(&g->mutex);
    const struct known *k = cleat_map_get(m, key);
    if (k == NULL || k->until <= cleat_now_mono()) {
        return -1;
    }
    *ret_text = cleat_strdup(k->text);
    return k->yes;
}

static cleat_err create(struct cleat_transport *t, const char *group, const char *resource,
                        struct cleat_buf *json, cleat_done_fn done, struct chain *c) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_obj_parse((struct cleat_str){json->p, json->n}, 0, &o, &e);
    if (err != CLEAT_OK) { /* a path or token that is no text */
        done(c, err, NULL, &e);
        return err;
    }
    enum { VERB_CREATE = 2 }; /* as client.c's: registry.h's number */
    struct cleat_write w = {.verb = VERB_CREATE, .gvr = {group, "v1", resource}, .obj = o};
    return t->ops->write_async(t, "health", &w, done, c);
}

/* ---- may he ---- */

static void on_access(void *userdata, cleat_err err, const cleat_obj *obj,
                      const struct cleat_error *error) {
    struct chain *c = userdata;
    if (err != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "health", "cannot ask who may see what: %s", error->message);
        end(c, CLEAT_E_INTERNAL, "the API server that knows who may see this does not answer");
        return;
    }
    bool yes = cleat_val_bool(cleat_obj_at(obj, CLEAT_PATH("status", "allowed")), 0);
    CLEAT_AUTO_FREE char *why =
        yes ? NULL : cleat_sprintf("forbidden: this user cannot get path \"%s\"", c->ask->path);
    learn(c->gate, &c->gate->paths, cleat_s(c->key), yes ? c->gate->yes_ttl : c->gate->no_ttl, yes,
          why);
    end(c, yes ? CLEAT_OK : CLEAT_E_FORBIDDEN, why);
}

static void ask_access(struct chain *c) {
    c->key = cleat_sprintf("%s\n%s", c->user, c->ask->path);
    CLEAT_AUTO_FREE char *why = NULL;
    int known = recall(c->gate, &c->gate->paths, cleat_s(c->key), &why);
    if (known >= 0) {
        end(c, known ? CLEAT_OK : CLEAT_E_FORBIDDEN, why);
        return;
    }
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":"
                     "\"SubjectAccessReview\",\"spec\":%s,\"nonResourceAttributes\":{\"verb\":"
                     "\"get\",\"path\":",
                     c->user);
    cleat_buf_json_mended(&b, cleat_s(c->ask->path));
    cleat_buf_puts(&b, "}}}");
    create(c->gate->may, "authorization.k8s.io", "subjectaccessreviews", &b, on_access, c);
}

/* ---- who is he ---- */

/* {"user":...,"uid":...,"groups":[...],"extra":{...}  without its end. */
static char *user_of(const cleat_obj *review) {
    struct cleat_val user = cleat_obj_at(review, CLEAT_PATH("status", "user"));
    static const char *const from[] = {"username", "uid", "groups", "extra"};
    static const char *const to[] = {"user", "uid", "groups", "extra"};
    struct cleat_buf b = {0};
    cleat_buf_putc(&b, '{');
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        struct cleat_str raw = cleat_val_raw(cleat_val_get(user, from[i]));
        if (raw.n > 0) {
            cleat_buf_printf(&b, "%s\"%s\":%.*s", b.n > 1 ? "," : "", to[i], CLEAT_FMT(raw));
        }
    }
    return cleat_buf_take(&b);
}

/* As upstream's managers: the group that may do anything is not asked about. */
static bool is_master(const char *const *groups) {
    for (size_t i = 0; groups != NULL && groups[i] != NULL; i++) {
        if (strcmp(groups[i], "system:masters") == 0) {
            return true;
        }
    }
    return false;
}

static char *user_of_certificate(const struct cleat_user *u) {
    struct cleat_buf b = {0};
    cleat_buf_puts(&b, "{\"user\":");
    cleat_buf_json_mended(&b, cleat_s(u->name));
    cleat_buf_puts(&b, ",\"groups\":[");
    for (size_t i = 0; u->groups != NULL && u->groups[i] != NULL; i++) {
        cleat_buf_puts(&b, i > 0 ? "," : "");
        cleat_buf_json_mended(&b, cleat_s(u->groups[i]));
    }
    cleat_buf_putc(&b, ']');
    if (u->uid != NULL && u->uid[0] != '\0') {
        cleat_buf_puts(&b, ",\"uid\":");
        cleat_buf_json_mended(&b, cleat_s(u->uid));
    }
    for (const struct cleat_extra *x = u->extra; x != NULL && x->key != NULL; x++) {
        cleat_buf_puts(&b, x == u->extra ? ",\"extra\":{" : ",");
        cleat_buf_json_mended(&b, cleat_s(x->key));
        cleat_buf_puts(&b, ":[");
        for (size_t i = 0; x->values[i] != NULL; i++) {
            cleat_buf_puts(&b, i > 0 ? "," : "");
            cleat_buf_json_mended(&b, cleat_s(x->values[i]));
        }
        cleat_buf_puts(&b, x[1].key != NULL ? "]" : "]}");
    }
    return cleat_buf_take(&b);
}

static void on_token(void *userdata, cleat_err err, const cleat_obj *obj,
                     const struct cleat_error *error) {
    struct chain *c = userdata;
    if (err != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "health", "cannot ask whose token that is: %s", error->message);
        end(c, CLEAT_E_INTERNAL, "the API server that knows tokens does not answer");
        return;
    }
    bool yes = cleat_val_bool(cleat_obj_at(obj, CLEAT_PATH("status", "authenticated")), 0);
    c->user = yes ? user_of(obj) : NULL;
    learn(c->gate, &c->gate->users, (struct cleat_str){c->digest, sizeof c->digest},
          c->gate->token_ttl, yes, c->user);
    if (yes) {
        ask_access(c);
    } else {
        end(c, CLEAT_E_UNAUTHORIZED, "Unauthorized");
    }
}

void cleatd_gate_ask(void *gate, struct cleat_api_ask *ask) {
    cleatd_gate *g = gate;
    struct chain *c = cleat_zalloc(sizeof *c);
    c->gate = g;
    c->ask = ask;
    if (ask->user != NULL && is_master(ask->user->groups)) {
        end(c, CLEAT_OK, NULL);
        return;
    }
    if (ask->user != NULL || ask->token == NULL) {
        c->user = ask->user != NULL ? user_of_certificate(ask->user) : cleat_strdup(ANONYMOUS);
        ask_access(c);
        return;
    }
    SHA256((const unsigned char *)ask->token, strlen(ask->token), (unsigned char *)c->digest);
    int known = recall(g, &g->users, (struct cleat_str){c->digest, sizeof c->digest}, &c->user);
    if (known == 1) {
        ask_access(c);
        return;
    }
    if (known == 0) {
        end(c, CLEAT_E_UNAUTHORIZED, "Unauthorized");
        return;
    }
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b, "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\","
                       "\"spec\":{\"token\":");
    cleat_buf_json_mended(&b, cleat_s(ask->token));
    cleat_buf_puts(&b, "}}");
    create(g->whose, "authentication.k8s.io", "tokenreviews", &b, on_token, c);
}

/* ---- life ---- */

static cleat_err open_one(const struct cleat_remote_opts *base, const char *file,
                          struct cleat_transport **ret, struct cleat_error *e) {
    struct cleat_remote_opts o = *base;
    if (file != NULL && file[0] != 0) {
        o.kubeconfig = file;
        o.server = NULL;
    }
    o.timeout = PATIENCE;
    return cleat_transport_remote(&o, ret, e);
}

cleat_err cleatd_gate_new(const struct cleatd_gate_opts *o, cleatd_gate **ret,
                          struct cleat_error *e) {
    cleatd_gate *g = cleat_zalloc(sizeof *g);
    pthread_mutex_init(&g->mutex, NULL);
    g->token_ttl = o->token_ttl;
    g->yes_ttl = o->yes_ttl;
    g->no_ttl = o->no_ttl;
    const char *a = o->authentication != NULL ? o->authentication : "";
    const char *b = o->authorization != NULL ? o->authorization : "";
    cleat_err err = open_one(&o->base, a, &g->whose, e);
    if (err == CLEAT_OK && strcmp(a, b) != 0) {
        err = open_one(&o->base, b, &g->may, e);
    } else {
        g->may = g->whose;
    }
    if (err != CLEAT_OK) {
        cleatd_gate_free(g);
        return err;
    }
    *ret = g;
    return CLEAT_OK;
}

struct cleat_transport *cleatd_gate_authentication(cleatd_gate *g) {
    return g->whose;
}

void cleatd_gate_free(cleatd_gate *g) {
    if (g == NULL) {
        return;
    }
    if (g->may != NULL && g->may != g->whose) {
        g->may->ops->free(g->may);
    }
    if (g->whose != NULL) {
        g->whose->ops->free(g->whose);
    }
    forget(&g->users);
    forget(&g->paths);
    pthread_mutex_destroy(&g->mutex);
    free(g);
}
