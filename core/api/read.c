/* SPDX-License-Identifier: Apache-2.0 */
/*
 * get and list, and the forms in which objects are given: their own bytes by
 * reference, Tables, metadata only. Answered at once, on the I/O thread.
 */
#include "core/api/produce.h"

/* ---- Tables and metadata ---- */

int cleat__include_of(const struct cleat__route *r) {
    const char *v = cleat__param(r, "includeObject");
    return v == NULL || strcmp(v, "Metadata") == 0 ? 1 : strcmp(v, "Object") == 0 ? 2 : 0;
}

/* Where a list goes on, in its metadata. l NULL: no list. */
static void add_continue(struct cleat_buf *b, const struct cleat_listing *l) {
    if (l == NULL || l->continue_token == NULL) {
        return;
    }
    cleat_buf_puts(b, ",\"continue\":");
    cleat_buf_json(b, cleat_s(l->continue_token));
    if (l->remaining >= 0) {
        cleat_buf_printf(b, ",\"remainingItemCount\":%lld", (long long)l->remaining);
    }
}

static void table_open(struct cleat_buf *b, const char *version, uint64_t revision,
                       const struct cleat_listing *l) {
    cleat_buf_printf(b,
                     "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/%s\",\"metadata\":{"
                     "\"resourceVersion\":\"%llu\"",
                     version, (unsigned long long)revision);
    add_continue(b, l);
    cleat_buf_puts(b, "},\"columnDefinitions\":");
}

static void respond_table(struct cleat__call *c, int status, const struct cleat_kind *k,
                          const struct cleat_listing *l, const cleat_obj *one, const char *version,
                          int include) {
    CLEAT_AUTO_BUF b = {0};
    table_open(&b, version, l ? l->revision : cleat_obj_revision(one), l);
    cleat_table_columns(k, &b);
    cleat_buf_puts(&b, ",\"rows\":[");
    size_t n = l ? l->n : 1;
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            cleat_buf_putc(&b, ',');
        }
        cleat_table_row(k, l ? l->items[i] : one, include, version, &b);
    }
    cleat_buf_puts(&b, "]}\n");
    cleat__respond(c, status, "application/json", &b, NULL);
}

void cleat__respond_one(struct cleat__call *c, int status, const struct cleat_kind *k,
                        const cleat_obj *o, struct cleat__accept accept, int include) {
    if (accept.form == CLEAT__TABLE) {
        respond_table(c, status, k, NULL, o, accept.version, include);
    } else if (accept.form == CLEAT__PARTIAL) {
        CLEAT_AUTO_BUF b = {0};
        cleat_partial_metadata(o, accept.version, &b);
        cleat__respond(c, status, "application/json", &b, NULL);
    } else {
        cleat__respond_object(c, status, o);
    }
}

/* ---- reads ---- */

void cleat__serve_get(struct cleat__call *c, const struct cleat__route *r,
                      const struct cleat_kind *k, const struct cleat__identity *id,
                      struct cleat__accept accept) {
    struct cleat_request req = {.registry = c->io->api->registry,
                                .verb = CLEAT_VERB_GET,
                                .kind = k,
                                .subresource = r->subresource,
                                .ns = r->ns,
                                .name = r->name,
                                .user = &id->user};
    /* A get ends on the calling thread, without the committer. */
    cleat_err err = cleat_request_wait(&req, NULL);
    if (err != CLEAT_OK) {
        cleat__respond_error(c, &req.error);
    } else {
        cleat__respond_one(c, 200, k, req.result, accept, cleat__include_of(r));
    }
    cleat_request_done(&req);
}

static void respond_yaml_listing(struct cleat__call *c, const struct cleat_kind *k,
                                 struct cleat_listing *l) {
    bool gzip = l->n > 50 && cleat__wants_gzip(c); /* how long it gets is not known before */
    cleat__produce(c, 200, CLEAT__YAML, cleat__source_yaml_list(k, l), gzip);
}

static void respond_listing(struct cleat__call *c, const struct cleat_kind *k,
                            struct cleat_listing *l) {
    CLEAT_AUTO_BUF open = {0};
    cleat_buf_printf(&open,
                     "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{"
                     "\"resourceVersion\":\"%llu\"",
                     k->kind, k->api_version, (unsigned long long)l->revision);
    add_continue(&open, l);
    cleat_buf_puts(&open, "},\"items\":[");
    static const char close[] = "]}\n";
    size_t items = l->n > 0 ? l->n - 1 : 0;
    for (size_t i = 0; i < l->n; i++) {
        items += cleat_obj_bytes(l->items[i]).n;
    }
    if (items > CLEAT__GZIP_FROM && cleat__wants_gzip(c)) {
        cleat__produce(c, 200, "application/json",
                       cleat__source_list(k, l, (struct cleat_str){open.p, open.n}), true);
        return;
    }
    struct cleat_buf *head = cleat__head(c, 200, "application/json",
                                         (long long)(open.n + items + sizeof close - 1), NULL);
    if (!c->head_only) {
        cleat_buf_add(head, open.p, open.n);
    }
    cleat__out_bytes(c, (struct cleat_str){head->p, head->n});
    if (!c->head_only) {
        cleat__out_listing(c, l, items);
        cleat__out_bytes(c, CLEAT_STR(close));
    }
}

static void respond_partial_list(struct cleat__call *c, const struct cleat_listing *l,
                                 const char *version) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/%s\","
                     "\"metadata\":{\"resourceVersion\":\"%llu\"",
                     version, (unsigned long long)l->revision);
    add_continue(&b, l);
    cleat_buf_puts(&b, "},\"items\":[");
    for (size_t i = 0; i < l->n; i++) {
        if (i > 0) {
            cleat_buf_putc(&b, ',');
        }
        cleat_partial_metadata(l->items[i], version, &b);
    }
    cleat_buf_puts(&b, "]}\n");
    cleat__respond(c, 200, "application/json", &b, NULL);
}

/* The error, and where to go on all the same. */
static void respond_expired(struct cleat__call *c, const struct cleat_error *e,
                            const char *continue_token) {
    static const char none[] = "\"metadata\":{}";
    CLEAT_AUTO_BUF status = {0}, b = {0};
    cleat_status_json(e, &status);
    const char *at = strstr(status.p, none);
    cleat_assert(at != NULL);
    cleat_buf_add(&b, status.p, (size_t)(at - status.p));
    cleat_buf_puts(&b, "\"metadata\":{\"continue\":");
    cleat_buf_json(&b, cleat_s(continue_token));
    cleat_buf_puts(&b, "}");
    cleat_buf_puts(&b, at + sizeof none - 1);
    cleat__respond(c, cleat_err_http(e->code), "application/json", &b, NULL);
}

void cleat__serve_list(struct cleat__call *c, const struct cleat__route *r,
                       const struct cleat_kind *k, const struct cleat__identity *id,
                       struct cleat__accept accept) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_list_request q = {
        .kind = k,
        .ns = r->ns,
        .user = &id->user,
        .label_selector = cleat__param(r, "labelSelector"),
        .field_selector = cleat__param(r, "fieldSelector"),
        .continue_token = cleat__param(r, "continue"),
        .resource_version = cleat__param(r, "resourceVersion"),
        .resource_version_match = cleat__param(r, "resourceVersionMatch"),
    };
    int64_t limit, timeout;
    if (cleat__list_numbers(r, &limit, &timeout, &e) != CLEAT_OK) {
        cleat__respond_error(c, &e);
        return;
    }
    q.limit = limit > UINT32_MAX ? UINT32_MAX : limit > 0 ? (uint32_t)limit : 0;
    if (cleat__param(r, "sendInitialEvents") != NULL) {
        struct cleat_validation v = {.error = &e};
        cleat_invalid(&v, "FieldValueForbidden", "sendInitialEvents",
                      "sendInitialEvents is forbidden for list");
        cleat_invalid_done_as(&v, "ListOptions", "meta.k8s.io", (struct cleat_str){"", 0});
        cleat__respond_error(c, &e);
        return;
    }
    struct cleat_listing l;
    CLEAT_AUTO_FREE char *fresh = NULL;
    q.fresh_token = &fresh;
    if (cleat_registry_list(c->io->api->registry, &q, &l, &e) != CLEAT_OK) {
        if (fresh != NULL) {
            respond_expired(c, &e, fresh);
        } else {
            cleat__respond_error(c, &e);
        }
        return;
    }
    if (accept.form == CLEAT__TABLE) {
        respond_table(c, 200, k, &l, NULL, accept.version, cleat__include_of(r));
    } else if (accept.form == CLEAT__PARTIAL_LIST || accept.form == CLEAT__PARTIAL) {
        respond_partial_list(c, &l, accept.version);
    } else if (accept.yaml) {
        respond_yaml_listing(c, k, &l);
    } else {
        respond_listing(c, k, &l);
    }
    cleat_listing_done(&l);
}
