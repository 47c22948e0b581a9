/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that are made while they are sent: a source gives some of the text at a
 * time, perhaps gzip in between, and no more is made than the client takes. An I/O
 * thread spends a bounded time on each before the others have their turn. A producer
 * and its call belong to one I/O thread.
 */
#include "core/api/produce.h"

enum {
    PIECE = 64 * 1024,    /* of text at a time */
    WAITING = 256 * 1024, /* what may wait unsent */
    TURNS = 4
};

struct cleat__producer {
    struct cleat__source *source;
    struct cleat__gzip *gzip; /* NULL = as it is */
};

/* What is in b as one chunk, or as it is within HTTP/2. */
static void put(struct cleat__call *c, struct cleat_buf *b) {
    if (b->n == 0) {
        return;
    }
    if (c->id == 0) {
        char head[24];
        int n = snprintf(head, sizeof head, "%zx\r\n", b->n);
        cleat__out_bytes(c, (struct cleat_str){head, (size_t)n});
        cleat_buf_puts(b, "\r\n");
    }
    cleat__out_take(c, b);
}

static void end(struct cleat__call *c) {
    if (c->id == 0) {
        cleat__out_bytes(c, CLEAT_STR("0\r\n\r\n"));
    }
    cleat__producer_close(c);
    cleat__call_done(c);
}

/* One piece more; false where it was the last. */
static bool step(struct cleat__call *c) {
    struct cleat__producer *p = c->producer;
    CLEAT_AUTO_BUF text = {0}, packed = {0};
    bool more = true;
    while (more && text.n < PIECE) {
        more = p->source->next(p->source, &text);
    }
    if (p->gzip != NULL) {
        cleat__gzip_add(p->gzip, (struct cleat_str){text.p, text.n}, !more, &packed);
        put(c, &packed);
    } else {
        put(c, &text);
    }
    return more;
}

void cleat__produce_more(struct cleat__call *c) {
    cleat__call_hold(c);
    bool more = true;
    for (int turn = 0; more && turn < TURNS && !c->gone && c->out_bytes < WAITING; turn++) {
        more = step(c);
        if (more) {
            cleat__call_flush(c);
        } else {
            end(c);
        }
    }
    c->starved = more;
    if (more && !c->gone && c->out == NULL) {
        cleat__conn_wake(c->conn); /* all was taken, no event would come: let others in between */
    }
    cleat__call_release(c);
}

bool cleat__wants_gzip(const struct cleat__call *c) {
    if (c->head == NULL || c->http10 || c->head_only) {
        return false;
    }
    struct cleat_str accept = cleat_http_header(c->head, "accept-encoding");
    struct cleat__media m;
    while (cleat__media_next(&accept, &m)) {
        if (cleat_eqc(m.type, "gzip")) {
            return m.quality > 0;
        }
    }
    return false;
}

void cleat__produce(struct cleat__call *c, int status, const char *type,
                    struct cleat__source *source, bool gzip) {
    if (c->http10 || c->head_only) { /* neither has chunks */
        CLEAT_AUTO_BUF all = {0};
        while (source->next(source, &all)) {
        }
        source->free(source);
        cleat__respond(c, status, type, &all, NULL);
        return;
    }
    struct cleat_buf *b = cleat__head(
        c, status, type, -1, gzip ? "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n" : NULL);
    cleat__out_bytes(c, (struct cleat_str){b->p, b->n});
    c->producer = cleat_zalloc(sizeof *c->producer);
    c->producer->source = source;
    c->producer->gzip = gzip ? cleat__gzip_new() : NULL;
    c->starved = true;
    cleat__conn_wake(c->conn); /* it begins once the request at hand is put away */
}

void cleat__producer_close(struct cleat__call *c) {
    struct cleat__producer *p = c->producer;
    if (p != NULL) {
        c->producer = NULL;
        p->source->free(p->source);
        cleat__gzip_free(p->gzip);
        free(p);
    }
}

/* ---- a text that is there already ---- */

struct whole {
    struct cleat__source base;
    struct cleat_buf text;
    size_t at;
};

static bool whole_next(struct cleat__source *s, struct cleat_buf *out) {
    struct whole *w = (struct whole *)s;
    size_t n = w->text.n - w->at < PIECE ? w->text.n - w->at : PIECE;
    cleat_buf_add(out, w->text.p + w->at, n);
    w->at += n;
    return w->at < w->text.n;
}

static void whole_free(struct cleat__source *s) {
    cleat_buf_done(&((struct whole *)s)->text);
    free(s);
}

struct cleat__source *cleat__source_text(struct cleat_buf *text) {
    struct whole *w = cleat_zalloc(sizeof *w);
    w->base = (struct cleat__source){whole_next, whole_free};
    w->text = *text;
    *text = (struct cleat_buf){0};
    return &w->base;
}

/* ---- a listing ---- */

struct list {
    struct cleat__source base;
    struct cleat_listing listing;
    struct cleat_buf open;
    size_t at;
    cleat_yaml_writer *yaml; /* NULL = JSON */
    const struct cleat_kind *kind;
};

static bool list_json(struct cleat__source *s, struct cleat_buf *out) {
    struct list *l = (struct list *)s;
    if (l->at == 0) {
        cleat_buf_add(out, l->open.p, l->open.n);
    }
    if (l->at < l->listing.n) {
        cleat_buf_puts(out, l->at > 0 ? "," : "");
        cleat_buf_str(out, cleat_obj_bytes(l->listing.items[l->at++]));
    }
    if (l->at < l->listing.n) {
        return true;
    }
    cleat_buf_puts(out, "]}\n");
    return false;
}

static void yaml_text(struct list *l, const char *key, struct cleat_str value,
                      struct cleat_buf *out) {
    cleat_yaml_text(l->yaml, cleat_s(key), out);
    cleat_yaml_text(l->yaml, value, out);
}

static void yaml_metadata(struct list *l, struct cleat_buf *out) {
    CLEAT_AUTO_FREE char *revision = cleat_sprintf("%llu", (unsigned long long)l->listing.revision);
    CLEAT_AUTO_FREE char *remaining =
        cleat_sprintf("{\"n\":%lld}", (long long)l->listing.remaining);
    CLEAT_AUTO(cleat_obj) *count = NULL;
    cleat_yaml_text(l->yaml, CLEAT_STR("metadata"), out);
    cleat_yaml_open(l->yaml, true, out);
    if (l->listing.continue_token != NULL) {
        yaml_text(l, "continue", cleat_s(l->listing.continue_token), out);
        if (l->listing.remaining >= 0 &&
            cleat_obj_parse(cleat_s(remaining), 0, &count, NULL) == CLEAT_OK) {
            cleat_yaml_text(l->yaml, CLEAT_STR("remainingItemCount"), out);
            cleat_yaml_value(l->yaml, cleat_obj_at(count, CLEAT_PATH("n")), out);
        }
    }
    yaml_text(l, "resourceVersion", cleat_s(revision), out);
    cleat_yaml_close(l->yaml, true, out);
}

static bool list_yaml(struct cleat__source *s, struct cleat_buf *out) {
    struct list *l = (struct list *)s;
    if (l->at == 0) {
        cleat_yaml_open(l->yaml, true, out);
        yaml_text(l, "apiVersion", cleat_s(l->kind->api_version), out);
        cleat_yaml_text(l->yaml, CLEAT_STR("items"), out);
        cleat_yaml_open(l->yaml, false, out);
    }
    if (l->at < l->listing.n) {
        cleat_yaml_value(l->yaml, cleat_obj_root(l->listing.items[l->at++]), out);
    }
    if (l->at < l->listing.n) {
        return true;
    }
    CLEAT_AUTO_FREE char *kind = cleat_sprintf("%sList", l->kind->kind);
    cleat_yaml_close(l->yaml, false, out);
    yaml_text(l, "kind", cleat_s(kind), out);
    yaml_metadata(l, out);
    cleat_yaml_close(l->yaml, true, out);
    cleat_yaml_finish(l->yaml, out);
    return false;
}

static void list_free(struct cleat__source *s) {
    struct list *l = (struct list *)s;
    cleat_listing_done(&l->listing);
    cleat_buf_done(&l->open);
    cleat_yaml_writer_free(l->yaml);
    free(l);
}

static struct list *list_new(const struct cleat_kind *k, struct cleat_listing *listing) {
    struct list *l = cleat_zalloc(sizeof *l);
    l->base.free = list_free;
    l->kind = k;
    l->listing = *listing;
    *listing = (struct cleat_listing){0};
    return l;
}

struct cleat__source *cleat__source_list(const struct cleat_kind *k, struct cleat_listing *listing,
                                         struct cleat_str open) {
    struct list *l = list_new(k, listing);
    cleat_buf_str(&l->open, open);
    l->base.next = list_json;
    return &l->base;
}

struct cleat__source *cleat__source_yaml_list(const struct cleat_kind *k,
                                              struct cleat_listing *listing) {
    struct list *l = list_new(k, listing);
    l->yaml = cleat_yaml_writer_new();
    l->base.next = list_yaml;
    return &l->base;
}
