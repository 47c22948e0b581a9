/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deletecollection: one DELETE for each object that the selectors match, in
 * rounds. All of a round are submitted together, so that they share commits; the
 * last one to be committed posts the parent, which resumes them on its thread.
 * The answer is a list of what was found, as it was; of many objects it holds the
 * first ones and says how many more there were. The first failure other than "gone
 * already" ends it, as upstream.
 */
#include "core/registry/internal.h"

enum { ROUND = 256, ANSWER_BYTES = 2 << 20 }; /* an object may have 3 MiB */

struct child {
    cleat_request req;
    cleat_request *parent;
    bool finished;
};
struct collection {
    struct cleat_listing listing;
    size_t at; /* the first object of the round */
    struct child *children;
    size_t n_children;
    _Atomic size_t pending; /* children at the committer, and one while the parent works */
    struct cleat_buf items;
    size_t n_items, n_omitted;
    cleat_err err;
};

/* Called by the committer, or by the parent for its own share. */
static bool leave(struct collection *c) {
    return atomic_fetch_sub(&c->pending, 1) == 1;
}

static void child_posted(cleat_request *req) {
    struct child *child = req->userdata;
    cleat_request *parent = child->parent;
    if (leave(parent->priv)) {
        parent->post(parent);
    }
}

static void child_done(cleat_request *req) {
    ((struct child *)req->userdata)->finished = true;
}

static void collect(cleat_request *parent, size_t i) {
    struct collection *c = parent->priv;
    struct child *child = &c->children[i];
    cleat_request *req = &child->req;
    struct cleat_str found = cleat_obj_bytes(c->listing.items[c->at + i]);
    if (req->err != CLEAT_OK && req->err != CLEAT_E_NOT_FOUND && c->err == CLEAT_OK) {
        c->err = req->err;
        parent->error = req->error;
    }
    if (c->items.n + found.n > ANSWER_BYTES) {
        c->n_omitted++;
    } else {
        cleat_buf_puts(&c->items, c->n_items++ > 0 ? "," : "");
        cleat_buf_str(&c->items, found);
    }
    cleat_request_done(req);
}

static void end_round(cleat_request *parent) {
    struct collection *c = parent->priv;
    for (size_t i = 0; i < c->n_children; i++) {
        collect(parent, i);
    }
    c->at += c->n_children;
    free(c->children);
    c->children = NULL;
    c->n_children = 0;
}

static void begin_round(cleat_request *parent) {
    struct collection *c = parent->priv;
    size_t n = c->listing.n - c->at < ROUND ? c->listing.n - c->at : ROUND;
    c->children = cleat_array(n, sizeof *c->children);
    c->n_children = n;
    for (size_t i = 0; i < n; i++) {
        const cleat_obj *o = c->listing.items[c->at + i];
        struct child *child = &c->children[i];
        child->parent = parent;
        child->req = (cleat_request){.registry = parent->registry,
                                     .verb = CLEAT_VERB_DELETE,
                                     .kind = parent->kind,
                                     .ns = cleat_obj_ns(o),
                                     .name = cleat_obj_name(o),
                                     .user = parent->user,
                                     .del = parent->del,
                                     .dry_run = parent->dry_run,
                                     .done = child_done,
                                     .post = child_posted,
                                     .userdata = child};
        child->req.del.uid = NULL;
        child->req.del.revision = 0;
    }
}

static cleat_err make_answer(cleat_request *parent) {
    struct collection *c = parent->priv;
    CLEAT_AUTO_BUF out = {0};
    cleat_buf_printf(&out,
                     "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":"
                     "\"%llu\"",
                     parent->kind->kind, parent->kind->api_version,
                     (unsigned long long)c->listing.revision);
    if (c->n_omitted > 0) {
        cleat_buf_printf(&out, ",\"remainingItemCount\":%zu", c->n_omitted);
    }
    cleat_buf_puts(&out, "},\"items\":[");
    cleat_buf_add(&out, c->items.p, c->items.n);
    cleat_buf_puts(&out, "]}");
    return cleat_obj_parse_trusted((struct cleat_str){out.p, out.n}, &parent->result,
                                   &parent->error);
}

static void finish(cleat_request *parent) {
    struct collection *c = parent->priv;
    cleat_err err = c->err;
    if (err == CLEAT_OK && make_answer(parent) != CLEAT_OK) {
        c->n_omitted += c->n_items; /* more values than an object may have */
        c->items.n = 0;
        err = make_answer(parent);
    }
    cleat_request_finish(parent, err);
}

/* Works until something is at the committer, or all is done. The parent counts
 * as pending meanwhile, so that a commit that comes too soon posts nothing. */
static void advance(cleat_request *parent, bool fresh) {
    struct collection *c = parent->priv;
    for (;;) {
        atomic_store(&c->pending, c->n_children + 1);
        size_t idle = 0;
        for (size_t i = 0; i < c->n_children; i++) {
            struct child *child = &c->children[i];
            if (child->finished) {
                idle++;
                continue;
            }
            if (fresh) {
                cleat_request_start(&child->req);
            } else {
                cleat_request_resume(&child->req);
            }
            idle += child->finished;
        }
        bool all = idle == c->n_children;
        size_t before = atomic_fetch_sub(&c->pending, idle + 1);
        if (!all && before > idle + 1) {
            return; /* the last commit posts */
        }
        if (!all) {
            fresh = false; /* all commits have come already */
            continue;
        }
        end_round(parent);
        if (c->at >= c->listing.n || c->err != CLEAT_OK) {
            finish(parent);
            return;
        }
        begin_round(parent);
        fresh = true;
    }
}

void cleat_collection_start(cleat_request *req) {
    struct cleat_list_request q = {.kind = req->kind,
                                   .ns = req->ns,
                                   .user = req->user,
                                   .label_selector = req->label_selector,
                                   .field_selector = req->field_selector};
    struct collection *c = cleat_zalloc(sizeof *c);
    req->priv = c;
    cleat_err err = cleat_registry_select(req->registry, &q, &c->listing, &req->error);
    if (err != CLEAT_OK) {
        cleat_request_finish(req, err);
        return;
    }
    begin_round(req);
    advance(req, true);
}

void cleat_collection_resume(cleat_request *req) {
    advance(req, false);
}

void cleat_collection_done(cleat_request *req) {
    struct collection *c = req->priv;
    if (c == NULL) {
        return;
    }
    cleat_listing_done(&c->listing);
    cleat_buf_done(&c->items);
    free(c->children);
    free(c);
    req->priv = NULL;
}
