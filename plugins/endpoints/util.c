/* SPDX-License-Identifier: Apache-2.0 */
/* Small helpers of the endpoints plugin. Any thread. */
#include "endpoints.h"

#include <arpa/inet.h>

/* ---- text ---- */

static void reserve(struct cleat_ep_text *t, size_t more) {
    if (t->n + more + 1 > t->cap) {
        size_t cap = (t->n + more + 1) * 2 < 256 ? 256 : (t->n + more + 1) * 2;
        char *p = cleat_sdk_alloc(cap, 1);
        if (t->n > 0) {
            memcpy(p, t->p, t->n);
        }
        free(t->p);
        t->p = p;
        t->cap = cap;
    }
}

void cleat_ep_add(struct cleat_ep_text *t, struct cleat_str s) {
    reserve(t, s.n);
    if (s.n > 0) {
        memcpy(t->p + t->n, s.p, s.n);
    }
    t->n += s.n;
    t->p[t->n] = 0;
}

void cleat_ep_addf(struct cleat_ep_text *t, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = cleat_sdk_vformat(fmt, ap);
    va_end(ap);
    cleat_ep_add(t, cleat_cstr(text));
    free(text);
}

void cleat_ep_add_str(struct cleat_ep_text *t, const char *member, struct cleat_str text) {
    cleat_ep_add(t, CLEAT_STR(",\""));
    cleat_ep_add(t, cleat_cstr(member));
    cleat_ep_add(t, CLEAT_STR("\":\""));
    cleat_ep_add(t, text);
    cleat_ep_add(t, CLEAT_STR("\""));
}

/* ---- fields ---- */

struct cleat_val cleat_ep_get(struct cleat_val v, const char *member) {
    return SDK->obj->at(v, CLEAT_PATH(member));
}

struct cleat_str cleat_ep_str(struct cleat_val v, const char *member) {
    return SDK->obj->str(cleat_ep_get(v, member));
}

struct cleat_str cleat_ep_label(const cleat_obj *o, const char *key) {
    return CLEAT_TEXT(SDK, o, "metadata", "labels", key);
}

struct cleat_str cleat_ep_annotation(const cleat_obj *o, const char *key) {
    return CLEAT_TEXT(SDK, o, "metadata", "annotations", key);
}

bool cleat_ep_is_ending(const cleat_obj *o) {
    return SDK->obj->type(CLEAT_AT(SDK, o, "metadata", "deletionTimestamp")) == CLEAT_STRING;
}

struct cleat_key cleat_ep_key(const cleat_obj *o) {
    return (struct cleat_key){SDK->obj->ns(o), SDK->obj->name(o)};
}

int cleat_ep_cmp(struct cleat_str a, struct cleat_str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int r = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return r != 0 ? r : (a.n > b.n) - (a.n < b.n);
}

cleat_obj *cleat_ep_parse(const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    if (SDK->obj->parse(cleat_cstr(json), &o, &e) != CLEAT_OK) {
        fprintf(stderr, "cleat: endpoints: %s: %s\n", e.message, json);
        abort(); /* made of canonical parts: it cannot be otherwise than JSON */
    }
    return o;
}

cleat_obj *cleat_ep_text_parse(struct cleat_ep_text *t) {
    cleat_ep_add(t, CLEAT_STR("}"));
    cleat_obj *o = cleat_ep_parse(t->p);
    free(t->p);
    *t = (struct cleat_ep_text){0};
    return o;
}

const char *cleat_ep_family(struct cleat_str address, char **ret_text) {
    unsigned char bytes[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN];
    if (address.n == 0 || address.n >= sizeof text) {
        return NULL;
    }
    memcpy(text, address.p, address.n);
    text[address.n] = 0;
    int af = inet_pton(AF_INET, text, bytes) == 1    ? AF_INET
             : inet_pton(AF_INET6, text, bytes) == 1 ? AF_INET6
                                                     : 0;
    if (af == 0 || inet_ntop(af, bytes, text, sizeof text) == NULL) {
        return NULL;
    }
    *ret_text = cleat_sdk_dup(cleat_cstr(text));
    return af == AF_INET ? "IPv4" : "IPv6";
}

/* ---- lists ---- */

void cleat_ep_objs_add(struct cleat_ep_objs *l, const cleat_obj *o) {
    if (l->n == l->cap) {
        size_t cap = l->cap > 0 ? l->cap * 2 : 16;
        cleat_obj **v = cleat_sdk_alloc(cap, sizeof *v);
        if (l->n > 0) {
            memcpy(v, l->v, l->n * sizeof *v);
        }
        free(l->v);
        l->v = v;
        l->cap = cap;
    }
    l->v[l->n++] = SDK->obj->ref(o);
}

static int by_name(const void *a, const void *b) {
    return cleat_ep_cmp(SDK->obj->name(*(cleat_obj *const *)a),
                        SDK->obj->name(*(cleat_obj *const *)b));
}

void cleat_ep_objs_sort(struct cleat_ep_objs *l) {
    if (l->n > 1) {
        qsort(l->v, l->n, sizeof *l->v, by_name);
    }
}

void cleat_ep_objs_done(struct cleat_ep_objs *l) {
    for (size_t i = 0; i < l->n; i++) {
        SDK->obj->unref(l->v[i]);
    }
    free(l->v);
    *l = (struct cleat_ep_objs){0};
}

/* ---- the API ---- */

cleat_err cleat_ep_out_of_date(const char *what, struct cleat_error *reterr) {
    cleat_err err = cleat_errorf(reterr, CLEAT_E_PENDING, "%s informer cache is out of date", what);
    reterr->retry_after_ms = 5;
    return err;
}

bool cleat_ep_namespace_ends(const struct cleat_error *e) {
    for (uint32_t i = 0; i < e->n_causes && i < CLEAT_CAUSES_MAX; i++) {
        if (strcmp(e->causes[i].reason, "NamespaceTerminating") == 0) {
            return true;
        }
    }
    return false;
}

cleat_err cleat_ep_service_is_gone(cleat_client *client, cleat_ctx *ctx, struct cleat_key key,
                                   bool *ret, struct cleat_error *reterr) {
    cleat_obj *service = NULL;
    cleat_err err = SDK->client->get(client, ctx, CLEAT_EP_SERVICES, key, &service, reterr);
    *ret = err == CLEAT_E_NOT_FOUND;
    SDK->obj->unref(service);
    return *ret ? CLEAT_OK : err;
}

cleat_metric *cleat_ep_histogram(const char *name, const char *help, double first) {
    double buckets[15];
    for (size_t i = 0; i < 15; i++) {
        buckets[i] = i == 0 ? first : buckets[i - 1] * 2;
    }
    cleat_metric *f = SDK->metrics->family(name, help, CLEAT_HISTOGRAM, NULL, buckets, 15);
    return SDK->metrics->with(f, (const char *const[]){NULL});
}
