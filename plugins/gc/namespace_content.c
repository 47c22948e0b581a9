/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is in a namespace, and its deletion: a collection at a time, each kind in
 * the version in which it is stored. Looks at everything anew each time. Worker
 * threads; no state.
 */
#include "gc.h"

enum { FINALIZERS_ESTIMATE = 15 }; /* seconds: nobody knows when finalizers end */

struct content {
    cleat_client *client;
    cleat_ctx *ctx;
    const char *ns;
    cleat_time ending_since;
    struct cleat_ns_report *report;
};

static void note(struct content *c, const struct cleat_kind_info *k, const char *what,
                 const struct cleat_error *why) {
    char *text = cleat_sdk_format("%s %s.%s: %s", what, k->resource, k->group, why->message);
    cleat_tally_add(&c->report->errors, cleat_cstr(text), 1);
    free(text);
}

/* How long the pods of the list may take from now, at most. */
static int64_t grace_left(const struct content *c, const struct cleat_list *pods) {
    int64_t longest = 0;
    for (size_t i = 0; i < pods->n; i++) {
        struct cleat_str phase = CLEAT_TEXT(SDK, pods->items[i], "status", "phase");
        int64_t grace = 0;
        if (cleat_str_is(phase, "Succeeded") || cleat_str_is(phase, "Failed")) {
            continue;
        }
        SDK->obj->integer(CLEAT_AT(SDK, pods->items[i], "spec", "terminationGracePeriodSeconds"),
                          &grace);
        longest = grace > longest ? grace : longest;
    }
    cleat_time passed = SDK->clock->wall() - c->ending_since;
    return passed >= longest * CLEAT_SECOND ? 0 : longest;
}

static void count_remaining(struct content *c, const struct cleat_kind_info *k,
                            const struct cleat_list *l, int64_t estimate) {
    struct cleat_ns_report *r = c->report;
    bool held = false;
    for (size_t i = 0; i < l->n; i++) {
        struct cleat_val all = CLEAT_AT(SDK, l->items[i], "metadata", "finalizers");
        for (struct cleat_iter it = {0}; SDK->obj->next(all, &it);) {
            cleat_tally_add(&r->finalizers, SDK->obj->str(it.val), 1);
            held = true;
        }
    }
    char *name = cleat_sdk_format("%s.%s", k->resource, k->group);
    cleat_tally_add(&r->resources, cleat_cstr(name), l->n);
    free(name);
    r->remaining += l->n;
    if (estimate == 0 && held) {
        estimate = FINALIZERS_ESTIMATE;
    }
    r->estimate = estimate > r->estimate ? estimate : r->estimate;
}

static cleat_err list(struct content *c, const struct cleat_kind_info *k, uint32_t limit,
                      struct cleat_list *ret, struct cleat_error *why) {
    const struct cleat_list_opts opts = {.struct_size = sizeof opts, .limit = limit};
    *ret = (struct cleat_list){.struct_size = sizeof *ret};
    return SDK->client->list(c->client, c->ctx, cleat_gc_gvr(k), c->ns, &opts, ret, why);
}

/* For kinds without deletecollection; nothing upstream has is of that sort. */
static cleat_err remove_each(struct content *c, const struct cleat_kind_info *k,
                             const struct cleat_delete_opts *opts, struct cleat_error *why) {
    struct cleat_list l;
    cleat_err err = list(c, k, 0, &l, why);
    for (size_t i = 0; err == CLEAT_OK && i < l.n; i++) {
        struct cleat_key key = {cleat_cstr(c->ns), SDK->obj->name(l.items[i])};
        err = SDK->client->remove(c->client, c->ctx, cleat_gc_gvr(k), key, opts, NULL, why);
        err = err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    SDK->client->list_free(&l);
    return err;
}

/* Deletes all of one kind and counts what is left. false = its pods have to go first. */
static void empty_kind(struct content *c, const struct cleat_kind_info *k) {
    const bool pods = k->group[0] == 0 && strcmp(k->resource, "pods") == 0;
    /* Nothing is orphaned: all of the namespace goes. */
    const struct cleat_delete_opts opts = {.struct_size = sizeof opts,
                                           .propagation = CLEAT_PROPAGATE_BACKGROUND,
                                           .grace_period_seconds = -1};
    struct cleat_error why = CLEAT_ERROR_INIT;
    struct cleat_list l;
    cleat_err err = list(c, k, pods ? 0 : 1, &l, &why);
    int64_t estimate = err == CLEAT_OK && pods ? grace_left(c, &l) : 0;
    bool some = err == CLEAT_OK && l.n > 0;
    SDK->client->list_free(&l);
    if (err != CLEAT_OK) {
        note(c, k, "cannot list", &why);
        return;
    }
    if (!some) {
        return;
    }
    err = k->serves & CLEAT_SERVES_DELETE_COLLECTION
              ? SDK->client->remove_collection(c->client, c->ctx, cleat_gc_gvr(k), c->ns, NULL,
                                               &opts, &why)
              : remove_each(c, k, &opts, &why);
    if (err != CLEAT_OK) {
        note(c, k, "cannot delete", &why);
    }
    struct cleat_error unseen = CLEAT_ERROR_INIT;
    if (list(c, k, 0, &l, &unseen) != CLEAT_OK) {
        note(c, k, "cannot list", &unseen);
        return;
    }
    if (l.n > 0) {
        count_remaining(c, k, &l, estimate);
    }
    SDK->client->list_free(&l);
}

static bool concerns(const struct cleat_kind_info *k) {
    const uint32_t need = CLEAT_SERVES_DELETE | CLEAT_SERVES_LIST;
    return k->namespaced && k->preferred && (k->serves & need) == need;
}

static void empty_all(struct content *c, const struct cleat_served *served) {
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < served->n; i++) {
            const struct cleat_kind_info *k = served->v[i];
            bool pods = k->group[0] == 0 && strcmp(k->resource, "pods") == 0;
            if (concerns(k) && pods == (pass == 0) && SDK->ctx->err(c->ctx) == CLEAT_OK) {
                empty_kind(c, k);
            }
        }
        if (c->report->remaining > 0 || c->report->errors.n > 0) {
            return; /* what pods use is not taken from under them */
        }
    }
}

cleat_err cleat_ns_empty(cleat_client *client, cleat_ctx *ctx, const cleat_obj *ns,
                         struct cleat_ns_report *ret, struct cleat_error *reterr) {
    *ret = (struct cleat_ns_report){0};
    struct cleat_served served = {.struct_size = sizeof served};
    struct cleat_error why = CLEAT_ERROR_INIT;
    cleat_err err = SDK->client->kinds(client, ctx, &served, &why);
    if (err != CLEAT_OK) {
        cleat_tally_add(&ret->failures, cleat_cstr(why.message), 1);
        return CLEAT_OK;
    }
    if (served.n_failed > 0) {
        char *text = cleat_sdk_format("Discovery failed for some groups, %u failing: %s",
                                      served.n_failed, served.failed != NULL ? served.failed : "");
        cleat_tally_add(&ret->failures, cleat_cstr(text), 1);
        free(text);
    }
    char *name = cleat_sdk_dup(SDK->obj->name(ns));
    struct content c = {
        .client = client,
        .ctx = ctx,
        .ns = name,
        .ending_since = cleat_gc_time(ns, CLEAT_PATH("metadata", "deletionTimestamp")),
        .report = ret,
    };
    empty_all(&c, &served);
    free(name);
    SDK->client->kinds_free(&served);
    err = SDK->ctx->err(ctx);
    if (err != CLEAT_OK) {
        cleat_ns_report_done(ret);
        return cleat_errorf(reterr, err, "the context ended");
    }
    return CLEAT_OK;
}

void cleat_ns_report_done(struct cleat_ns_report *r) {
    cleat_tally_done(&r->failures);
    cleat_tally_done(&r->errors);
    cleat_tally_done(&r->resources);
    cleat_tally_done(&r->finalizers);
}
