/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identities: a User-Agent and a field manager each, and, where controllers act as service
 * accounts of their own, a token each: asked for by TokenRequest, renewed when four
 * fifths of its time are over, with the account made where it is missing.
 */
#include "core/remote/internal.h"

#define AGAIN (10 * CLEAT_SECOND)
enum { TOKEN_S = 3600, ASK_TOKEN = 0, MAKE_ACCOUNT, MAKE_NAMESPACE };

static const char prefix[] = "system:serviceaccount:";

static struct cleat__rc_identity *make(struct cleat__remote *r, const char *name) {
    struct cleat__rc_identity *i = cleat_zalloc(sizeof *i);
    const char *last = strrchr(name, ':');
    last = last != NULL ? last + 1 : name;
    i->r = r;
    i->name = cleat_strdup(name);
    i->limited.tail = &i->limited.head;
    i->waiting.tail = &i->waiting.head;
    i->agent = *last != '\0' ? cleat_sprintf("%s/%s", r->agent, last) : cleat_strdup(r->agent);
    i->manager =
        cleat_strndup(*last != '\0' ? (struct cleat_str){last, strlen(last)}
                                    : (struct cleat_str){r->agent, strcspn(r->agent, "/")});
    const char *account = name + sizeof prefix - 1, *colon;
    if (r->service_accounts && strncmp(name, prefix, sizeof prefix - 1) == 0 &&
        (colon = strchr(account, ':')) != NULL) {
        i->sa_ns = cleat_strndup((struct cleat_str){account, (size_t)(colon - account)});
        i->sa_name = cleat_strdup(colon + 1);
    }
    return i;
}

struct cleat__rc_identity *cleat__rc_identity_get(struct cleat__remote *r, const char *name) {
    struct cleat_str key = cleat_s(name != NULL ? name : "");
    CLEAT_LOCKED(&r->who_mutex);
    struct cleat__rc_identity *i = cleat_map_get(&r->who, key);
    if (i == NULL) {
        i = make(r, key.p);
        cleat_map_put(&r->who, key, i);
        i->next = r->identities;
        r->identities = i;
    }
    return i;
}

static void forget(char *secret) {
    if (secret != NULL) {
        explicit_bzero(secret, strlen(secret));
        free(secret);
    }
}

/* After the loop has ended. */
void cleat__rc_identities_done(struct cleat__remote *r) {
    for (struct cleat__rc_identity *i = r->identities, *next; i != NULL; i = next) {
        next = i->next;
        forget(i->authorization);
        free(i->name);
        free(i->agent);
        free(i->manager);
        free(i->sa_ns);
        free(i->sa_name);
        free(i);
    }
    cleat_map_done(&r->who);
}

/* ---- tokens ---- */

struct asking {
    struct cleat__rc_identity *who;
    int step;
    bool made; /* the account, by us, just now */
};

static void ask(struct asking *a);

static void let_go(struct cleat__rc_identity *i, cleat_err err, const struct cleat_error *e) {
    struct cleat__rc_call *c = i->waiting.head;
    i->asking = false;
    i->waiting = (struct cleat__rc_queue){0};
    i->waiting.tail = &i->waiting.head;
    for (struct cleat__rc_call *next; c != NULL; c = next) {
        next = c->next;
        c->queue = NULL;
        c->state = CLEAT__CALL_NEW;
        if (err != CLEAT_OK) {
            cleat__rc_call_fail(c, err == CLEAT_E_NOT_FOUND ? CLEAT_E_UNAVAILABLE : err,
                                "a token for %s: %s", i->name, e->message);
        } else {
            cleat__rc_call_go(c);
        }
    }
}

static cleat_err take(struct cleat__rc_identity *i, struct cleat_str text, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    cleat_time expires = 0, now = cleat_now_mono();
    CLEAT_TRY(cleat_obj_parse(text, 0, &o, e));
    CLEAT_AUTO_FREE char *token = cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("status", "token")));
    struct cleat_str until =
        cleat_val_str(cleat_obj_at(o, CLEAT_PATH("status", "expirationTimestamp")));
    if (token == NULL || token[0] == '\0' || strpbrk(token, "\r\n") != NULL ||
        cleat_time_parse(until, &expires) != CLEAT_OK) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "the answer has no token");
    }
    cleat_time left = expires - cleat_now_wall();
    left = left > 0 ? left : 0;
    forget(i->authorization);
    i->authorization = cleat_sprintf("Bearer %s", token);
    explicit_bzero(token, strlen(token));
    i->valid_until = now + left;
    i->fresh_until = now + left / 5 * 4;
    return CLEAT_OK;
}

static void on_end(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *told) {
    struct asking *a = c->userdata;
    struct cleat__rc_identity *i = a->who;
    struct cleat_error e = CLEAT_ERROR_INIT;
    int step = a->step;
    if (told != NULL) {
        e = *told;
    }
    bool go_on = false;
    if (step == ASK_TOKEN && err == CLEAT_OK) {
        err = take(i, (struct cleat_str){c->answer.p, c->answer.n}, &e);
    } else if (step == ASK_TOKEN && err == CLEAT_E_NOT_FOUND && !a->made) {
        a->step = MAKE_ACCOUNT;
        go_on = true;
    } else if (step == MAKE_ACCOUNT && (err == CLEAT_OK || err == CLEAT_E_EXISTS)) {
        a->step = ASK_TOKEN;
        a->made = go_on = true;
    } else if (step == MAKE_ACCOUNT && err == CLEAT_E_NOT_FOUND && !a->made) {
        a->step = MAKE_NAMESPACE;
        go_on = true;
    } else if (step == MAKE_NAMESPACE && (err == CLEAT_OK || err == CLEAT_E_EXISTS)) {
        a->step = MAKE_ACCOUNT;
        a->made = go_on = true;
    }
    cleat__rc_call_free(c);
    if (go_on) {
        ask(a);
        return;
    }
    free(a);
    if (err != CLEAT_OK && cleat_now_mono() < i->valid_until) {
        cleat_logf(CLEAT_LOG_WARN, "remote", "the token of %s is not renewed: %s", i->name,
                   e.message);
        i->fresh_until = cleat_now_mono() + AGAIN;
        err = CLEAT_OK;
    }
    let_go(i, err, &e);
}

static void ask(struct asking *a) {
    static const struct cleat__rc_sink sink = {NULL, on_end};
    static const struct cleat_gvr accounts = {"", "v1", "serviceaccounts"},
                                  namespaces = {"", "v1", "namespaces"};
    struct cleat__rc_identity *i = a->who;
    struct cleat_str ns = cleat_s(i->sa_ns), none = {"", 0};
    char *path = a->step == ASK_TOKEN ? cleat__rc_path(accounts, ns, cleat_s(i->sa_name), "token")
                 : a->step == MAKE_ACCOUNT ? cleat__rc_path(accounts, ns, none, NULL)
                                           : cleat__rc_path(namespaces, none, none, NULL);
    struct cleat__rc_call *c = cleat__rc_call_new(i->r, i->name, "POST", path, &sink, a);
    c->as_base = c->limited = true;
    c->content_type = "application/json";
    if (a->step == ASK_TOKEN) {
        cleat_buf_printf(&c->body,
                         "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\","
                         "\"spec\":{\"expirationSeconds\":%d}}",
                         TOKEN_S);
    } else {
        bool account = a->step == MAKE_ACCOUNT;
        cleat_buf_printf(&c->body, "{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":",
                         account ? "ServiceAccount" : "Namespace");
        cleat_buf_json(&c->body, account ? cleat_s(i->sa_name) : ns);
        cleat_buf_puts(&c->body, "}}");
    }
    cleat__rc_call_start(c);
}

bool cleat__rc_identity_ready(struct cleat__rc_call *c) {
    struct cleat__rc_identity *i = c->who;
    cleat_time now = cleat_now_mono();
    if (i->sa_name == NULL || now < i->fresh_until) {
        return true;
    }
    bool usable = now < i->valid_until;
    if (!usable) {
        cleat__rc_call_push(&i->waiting, c);
    }
    if (!i->asking) {
        struct asking *a = cleat_zalloc(sizeof *a);
        i->asking = true;
        a->who = i;
        ask(a);
    }
    return usable;
}

bool cleat__rc_identity_is_own(const struct cleat__rc_call *c) {
    return !c->as_base && c->who->sa_name != NULL && c->who->authorization != NULL;
}

void cleat__rc_identity_refused(struct cleat__rc_identity *i) {
    i->fresh_until = i->valid_until = 0;
}
