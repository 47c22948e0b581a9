/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thread: follows one object, and hands each of its states on. What is not there, or
 * deleted, changes nothing: what was known stays, as upstream has it. A state that cannot be
 * used is told of and changes nothing either.
 */
#include "core/cmd/cleatd_lookup.h"

#define NAMESPACE   "kube-system"
#define NAME        "extension-apiserver-authentication"
#define FIRST_AGAIN CLEAT_SECOND
#define LAST_AGAIN  (60 * CLEAT_SECOND)
enum { EVENTS = 8 };

enum { NAMES, USERS, UIDS, GROUPS, EXTRAS, LISTS };

struct cleatd_lookup {
    struct cleatd_lookup_opts o; /* without given */
    char **given[LISTS];
    cleat_ctx *ctx;
    pthread_t thread;
    struct cleat_event more;
    bool known;   /* it was read, or its absence was */
    bool mourned; /* a failure was told */
    cleat_time again;
};

/* ---- lists ---- */

/* Pointers first, then the texts, in one block. */
static char **as_block(const char *const *v) {
    size_t n = 0, bytes = 0;
    while (v != NULL && v[n] != NULL) {
        bytes += strlen(v[n++]) + 1;
    }
    char **out = cleat_alloc((n + 1) * sizeof *out + bytes);
    char *at = (char *)(out + n + 1);
    for (size_t i = 0; i < n; i++) {
        out[i] = at;
        at = stpcpy(at, v[i]) + 1;
    }
    out[n] = NULL;
    return out;
}

char **cleatd_texts(const char *list) {
    CLEAT_AUTO_FREE char *copy = cleat_strdup(list != NULL ? list : "");
    CLEAT_AUTO_FREE char **found = cleat_array(strlen(copy) + 1, sizeof *found);
    size_t n = 0;
    for (char *save = NULL, *s = strtok_r(copy, ", ", &save); s != NULL;
         s = strtok_r(NULL, ", ", &save)) {
        found[n++] = s;
    }
    found[n] = NULL;
    return as_block((const char *const *)found);
}

/* A JSON list of strings, as the ConfigMap has them; NULL where it is none. */
static char **texts_of(const cleat_obj *map, const char *key) {
    CLEAT_AUTO_FREE char *json = cleat_val_strdup(cleat_obj_at(map, CLEAT_PATH("data", key)));
    CLEAT_AUTO_FREE char *wrapped = cleat_sprintf("{\"v\":%s}", json != NULL ? json : "[]");
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (cleat_obj_parse(cleat_s(wrapped), 0, &o, NULL) != CLEAT_OK) {
        return NULL;
    }
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("v"));
    if (cleat_val_type(list) == CLEAT_NULL) {
        return as_block(NULL);
    }
    if (cleat_val_type(list) != CLEAT_ARRAY) {
        return NULL;
    }
    size_t n = 0;
    char **v = cleat_array(cleat_val_count(list) + 1, sizeof *v);
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        char *text = cleat_val_strdup(it.val);
        if (text != NULL) {
            v[n++] = text;
        }
    }
    v[n] = NULL;
    char **out = as_block((const char *const *)v);
    for (size_t i = 0; i < n; i++) {
        free(v[i]);
    }
    free(v);
    return out;
}

/* ---- a state ---- */

static void hand_on(cleatd_lookup *l, const cleat_obj *map) {
    static const char *const keys[LISTS] = {
        "requestheader-allowed-names", "requestheader-username-headers",
        "requestheader-uid-headers", "requestheader-group-headers",
        "requestheader-extra-headers-prefix"};
    struct cleat_error e = CLEAT_ERROR_INIT;
    char **read[LISTS] = {NULL};
    const char *const *v[LISTS];
    bool good = true;
    for (int i = 0; i < LISTS; i++) {
        read[i] = l->o.proxies_given ? NULL : texts_of(map, keys[i]);
        good = good && (l->o.proxies_given || read[i] != NULL);
        v[i] = (const char *const *)(l->o.proxies_given ? l->given[i] : read[i]);
    }
    CLEAT_AUTO_FREE char *clients =
        cleat_val_strdup(cleat_obj_at(map, CLEAT_PATH("data", "client-ca-file")));
    CLEAT_AUTO_FREE char *proxies =
        cleat_val_strdup(cleat_obj_at(map, CLEAT_PATH("data", "requestheader-client-ca-file")));
    const struct cleat_api_trust trust = {
        .client_ca = clients,
        .proxy_ca = proxies,
        .proxy_names = v[NAMES],
        .user_headers = v[USERS],
        .uid_headers = v[UIDS],
        .group_headers = v[GROUPS],
        .extra_prefixes = v[EXTRAS],
    };
    cleat_err err = good ? cleat_api_trust(l->o.api, &trust, &e)
                         : cleat_fail(&e, CLEAT_E_INVALID, "a list in it is no JSON");
    if (err == CLEAT_OK) {
        cleat_logf(CLEAT_LOG_INFO, "health",
                   "callers' certificates are believed as configmap " NAMESPACE "/" NAME " says");
    } else {
        cleat_logf(CLEAT_LOG_WARN, "health", "configmap " NAMESPACE "/" NAME ": %s", e.message);
    }
    for (int i = 0; i < LISTS; i++) {
        free(read[i]);
    }
}

static void take(cleatd_lookup *l, const struct cleat_stream_event *ev) {
    if (ev->type == CLEAT_STREAM_LIST_END) {
        l->known = true;
        l->mourned = false;
        l->again = 0;
    } else if (ev->obj != NULL && ev->type != CLEAT_STREAM_DELETED &&
               cleat_eqc(cleat_obj_name(ev->obj), NAME)) {
        hand_on(l, ev->obj);
    }
}

/* ---- following ---- */

static void on_more(void *userdata) {
    cleat_event_set(userdata);
}

/* To the stream's end; OK: we are to stop. */
static cleat_err follow(cleatd_lookup *l, struct cleat_error *e) {
    static const struct cleat_follow what = {
        .gvr = {"", "v1", "configmaps"}, .ns = NAMESPACE, .field_selector = "metadata.name=" NAME};
    struct cleat_transport *t = l->o.transport;
    cleat_stream *s = NULL;
    cleat_event_init(&l->more);
    CLEAT_TRY(t->ops->follow(t, "health", &what, on_more, &l->more, &s, e));
    cleat_err err = CLEAT_OK;
    while (err == CLEAT_OK && cleat_ctx_err(l->ctx) == CLEAT_OK) {
        struct cleat_stream_event ev[EVENTS];
        cleat_event_init(&l->more);
        int n = t->ops->read(s, ev, EVENTS, e);
        for (int i = 0; i < n; i++) {
            take(l, &ev[i]);
            cleat_obj_unref(ev[i].obj);
        }
        err = n < 0 ? n : CLEAT_OK;
        if (n == 0) {
            cleat_ctx_wait(l->ctx, &l->more);
        }
    }
    t->ops->unwatch(s);
    return err;
}

static void mourn(cleatd_lookup *l, cleat_err err, const struct cleat_error *e) {
    bool refused = err == CLEAT_E_FORBIDDEN || err == CLEAT_E_UNAUTHORIZED;
    if (!l->known && refused && l->o.refused != NULL) {
        l->o.refused(e);
    }
    if (!l->mourned && !(l->known && err == CLEAT_E_TIMEOUT)) { /* a watch's time was over */
        l->mourned = true;
        cleat_logf(CLEAT_LOG_WARN, "health",
                   "cannot look configmap " NAMESPACE "/" NAME " up: %s%s", e->message,
                   err == CLEAT_E_FORBIDDEN
                       ? " (usually mended by 'kubectl create rolebinding -n kube-system "
                         "ROLEBINDING_NAME --role=extension-apiserver-authentication-reader "
                         "--serviceaccount=YOUR_NS:YOUR_SA')"
                       : "");
    }
}

static void *run(void *userdata) {
    cleatd_lookup *l = userdata;
    for (;;) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_err err = follow(l, &e);
        if (err == CLEAT_OK) {
            return NULL;
        }
        mourn(l, err, &e);
        l->again = l->again == 0 ? FIRST_AGAIN : l->again * 2;
        l->again = l->again < LAST_AGAIN ? l->again : LAST_AGAIN;
        cleat_time jitter = (cleat_time)(cleat_random() % (uint64_t)l->again);
        if (cleat_ctx_sleep(l->ctx, l->again + jitter) != CLEAT_OK) {
            return NULL;
        }
    }
}

cleatd_lookup *cleatd_lookup_new(const struct cleatd_lookup_opts *o) {
    cleatd_lookup *l = cleat_zalloc(sizeof *l);
    const struct cleat_api_trust *g = o->given;
    const char *const *lists[LISTS] = {g->proxy_names, g->user_headers, g->uid_headers,
                                       g->group_headers, g->extra_prefixes};
    l->o = *o;
    l->o.given = NULL;
    for (int i = 0; i < LISTS; i++) {
        l->given[i] = as_block(lists[i]);
    }
    l->ctx = cleat_ctx_new(NULL, 0);
    l->thread = cleat_thread_start("lookup", run, l);
    return l;
}

void cleatd_lookup_free(cleatd_lookup *l) {
    if (l == NULL) {
        return;
    }
    cleat_ctx_cancel(l->ctx);
    pthread_join(l->thread, NULL);
    cleat_ctx_free(l->ctx);
    for (int i = 0; i < LISTS; i++) {
        free(l->given[i]);
    }
    free(l);
}
