/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explanations: whoever wants to know why an object was collected, or why not,
 * creates one that names it, in its namespace, and reads the answer in its status.
 * Cluster-scoped objects are asked about in kube-system. An answer is given once and
 * its Explanation deleted ten minutes later. One worker.
 */
#include "collector.h"

#define LIFE (600 * CLEAT_SECOND)

enum { BLOCKERS = 10 };

/* One question, and the answer as it grows. */
struct question {
    struct cleat_collector *c;
    cleat_ctx *ctx;
    const cleat_obj *asked; /* the Explanation */
    const struct cleat_kind_info *kind;
    struct cleat_gc_kinds *kinds;
    cleat_obj *object; /* as it is now; NULL = it is not */
    char *coordinates;
    struct cleat_text status;
    const char *verdict;
    struct cleat_text message;
};

/* ---- parts of the status ---- */

static void member(struct question *q, const char *name) {
    cleat_text_addf(&q->status, ",\"%s\":", name);
}

static const char *const standings[] = {
    [CLEAT_GC_SOLID] = "Present",    [CLEAT_GC_WAITING] = "WaitsForItsDependents",
    [CLEAT_GC_DANGLING] = "Absent",  [CLEAT_GC_UNKNOWN] = "Unknown",
    [CLEAT_GC_WRONG] = "Impossible",
};

static void put_owners(struct question *q, size_t count[CLEAT_GC_WRONG + 1]) {
    size_t n = 0;
    member(q, "owners");
    cleat_text_add(&q->status, CLEAT_STR("["));
    for (struct cleat_iter it = {0};
         SDK->obj->next(CLEAT_AT(SDK, q->object, "metadata", "ownerReferences"), &it);) {
        struct cleat_gc_ref ref = cleat_gc_ref_of(it.val);
        struct cleat_error why = CLEAT_ERROR_INIT;
        enum cleat_gc_standing is = cleat_gc_stand(q->c, q->ctx, q->kinds, q->object, &ref, &why);
        count[is]++;
        cleat_text_addf(&q->status,
                        "%s{\"apiVersion\":\"%.*s\",\"kind\":\"%.*s\",\"name\":\"%.*s\","
                        "\"uid\":\"%.*s\",\"blocks\":%s,\"standing\":\"%s\",\"message\":",
                        n++ > 0 ? "," : "", CLEAT_FMT(ref.api_version), CLEAT_FMT(ref.kind),
                        CLEAT_FMT(ref.name), CLEAT_FMT(ref.uid), ref.blocks ? "true" : "false",
                        standings[is]);
        cleat_text_quote(&q->status,
                         is == CLEAT_GC_UNKNOWN ? why.message
                         : is == CLEAT_GC_WRONG
                             ? "a cluster-scoped object cannot have an owner in a namespace"
                             : "");
        cleat_text_add(&q->status, CLEAT_STR("}"));
    }
    cleat_text_add(&q->status, CLEAT_STR("]"));
}

/* *ret_blocking: how many dependents it would have to wait for. */
static void put_dependents(struct question *q, size_t *ret_blocking) {
    struct cleat_collector *c = q->c;
    struct cleat_text t = {0};
    size_t all = 0, named = 0;
    *ret_blocking = 0;
    pthread_mutex_lock(&c->graph.mutex);
    const struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, SDK->obj->uid(q->object));
    all = n != NULL ? n->n_dependents : 0;
    *ret_blocking = n != NULL ? n->n_blocking : 0;
    for (const struct cleat_gc_edge *e = n != NULL ? n->dependents : NULL;
         e != NULL && named < BLOCKERS; e = e->next) {
        if (e->blocks && e->dependent->obj != NULL) {
            const cleat_obj *o = e->dependent->obj;
            struct cleat_str ns = SDK->obj->ns(o);
            cleat_text_addf(&t, "%s\"%s %.*s%s%.*s\"", named++ > 0 ? "," : "",
                            c->monitors[e->dependent->kind]->kind, CLEAT_FMT(ns),
                            ns.n > 0 ? "/" : "", CLEAT_FMT(SDK->obj->name(o)));
        }
    }
    pthread_mutex_unlock(&c->graph.mutex);
    cleat_text_addf(&q->status, ",\"dependents\":%zu,\"blocking\":%zu,\"blockedBy\":[%s]", all,
                    *ret_blocking, t.p != NULL ? t.p : "");
    free(t.p);
}

struct deeds {
    struct cleat_text *out;
    size_t n;
    char *last;
};

static void put_deed(void *userdata, const struct cleat_gc_deed *d) {
    struct deeds *all = userdata;
    char when[32];
    SDK->obj->time_format(d->when, 1, when);
    cleat_text_addf(all->out,
                    "%s{\"time\":\"%s\",\"uid\":\"%s\",\"message\":", all->n++ > 0 ? "," : "", when,
                    d->uid);
    cleat_text_quote(all->out, d->text);
    cleat_text_add(all->out, CLEAT_STR("}"));
    free(all->last);
    all->last = cleat_sdk_dup(cleat_cstr(d->text));
}

/* The last of them, owned, or NULL. */
static char *put_history(struct question *q) {
    struct deeds all = {.out = &q->status};
    struct cleat_str uid = CLEAT_TEXT(SDK, q->asked, "spec", "uid");
    char *wanted = q->object != NULL ? cleat_sdk_dup(SDK->obj->uid(q->object))
                   : uid.n > 0       ? cleat_sdk_dup(uid)
                                     : NULL;
    member(q, "history");
    cleat_text_add(&q->status, CLEAT_STR("["));
    cleat_gc_history_each(q->c, wanted, q->coordinates, put_deed, &all);
    cleat_text_add(&q->status, CLEAT_STR("]"));
    free(wanted);
    return all.last;
}

static char *print_text(const struct cleat_tally_entry *x) {
    return cleat_sdk_format("%s", x->text);
}

static void put_wishes(struct question *q) {
    struct cleat_str uid = SDK->obj->uid(q->object);
    struct cleat_str form = CLEAT_TEXT(SDK, q->asked, "spec", "picture");
    if (form.n > 0) {
        char *text = cleat_gc_picture(q->c, uid, cleat_str_is(form, "DOT"));
        member(q, "picture");
        cleat_text_quote(&q->status, text != NULL ? text : "");
        free(text);
    }
    if (SDK->obj->boolean(CLEAT_AT(SDK, q->asked, "spec", "ifDeleted"), 0)) {
        struct cleat_tally all = {0};
        cleat_gc_would_go(q->c, uid, &all);
        char *list = cleat_tally_join(&all, print_text);
        cleat_text_addf(&q->status, ",\"wouldGo\":%zu,\"wouldGoToo\":", all.n);
        cleat_text_quote(&q->status, list);
        free(list);
        cleat_tally_done(&all);
    }
}

/* ---- the verdict ---- */

static void of_ending(struct question *q, size_t blocking) {
    const cleat_obj *o = q->object;
    struct cleat_val finalizers = CLEAT_AT(SDK, o, "metadata", "finalizers");
    if (SDK->util->has_finalizer(o, CLEAT_FINALIZER_FOREGROUND) && blocking > 0) {
        q->verdict = "WaitsForItsDependents";
        cleat_text_addf(&q->message, "it goes when %zu dependents are gone", blocking);
    } else if (SDK->util->has_finalizer(o, CLEAT_FINALIZER_ORPHAN)) {
        q->verdict = "LeavesItsDependents";
        cleat_text_addf(&q->message, "it goes when no dependent refers to it");
    } else if (SDK->obj->count(finalizers) > 0) {
        q->verdict = "HeldByFinalizers";
        cleat_text_addf(&q->message, "it goes when its finalizers are gone: %.*s",
                        CLEAT_FMT(SDK->obj->raw(finalizers)));
    } else {
        q->verdict = "Ending";
        cleat_text_addf(&q->message, "it is given time to end");
    }
}

static void of_owned(struct question *q, const size_t count[CLEAT_GC_WRONG + 1]) {
    size_t all = 0;
    for (size_t i = 0; i <= CLEAT_GC_WRONG; i++) {
        all += count[i];
    }
    if (all == 0) {
        q->verdict = "Kept";
        cleat_text_addf(&q->message, "it has no owners: nothing collects it");
    } else if (count[CLEAT_GC_SOLID] > 0) {
        q->verdict = "Kept";
        cleat_text_addf(&q->message, "%zu of its %zu owners are there", count[CLEAT_GC_SOLID], all);
    } else if (count[CLEAT_GC_WRONG] > 0) {
        q->verdict = "Kept";
        cleat_text_addf(&q->message, "it names an owner that it cannot have; nothing is concluded");
    } else if (count[CLEAT_GC_UNKNOWN] > 0) {
        q->verdict = "Undecided";
        cleat_text_addf(&q->message, "%zu of its owners cannot be looked up; it is tried again",
                        count[CLEAT_GC_UNKNOWN]);
    } else {
        q->verdict = q->c->dry_run ? "WouldBeCollected" : "ToBeCollected";
        cleat_text_addf(&q->message,
                        "none of its owners keeps it: %zu are not there, %zu wait for "
                        "it to go",
                        count[CLEAT_GC_DANGLING], count[CLEAT_GC_WAITING]);
    }
}

static void of_gone(struct question *q, const char *last) {
    if (last != NULL && strncmp(last, "deleted", 7) == 0) {
        q->verdict = "Collected";
        cleat_text_addf(&q->message, "%s", last);
    } else {
        q->verdict = "Absent";
        cleat_text_addf(&q->message, "it is not there, and the collector did not delete it "
                                     "lately: somebody else did, or it never was");
    }
}

static void judge(struct question *q) {
    size_t count[CLEAT_GC_WRONG + 1] = {0}, blocking = 0;
    if (q->object != NULL) {
        put_owners(q, count);
        put_dependents(q, &blocking);
        put_wishes(q);
    }
    char *last = put_history(q);
    if (q->object == NULL) {
        of_gone(q, last);
    } else if (cleat_gc_is_ending(q->object)) {
        of_ending(q, blocking);
    } else {
        of_owned(q, count);
    }
    free(last);
}

/* ---- questions ---- */

static cleat_err find(struct question *q, struct cleat_error *reterr) {
    struct cleat_str api_version = CLEAT_TEXT(SDK, q->asked, "spec", "apiVersion"),
                     kind = CLEAT_TEXT(SDK, q->asked, "spec", "kind"),
                     name = CLEAT_TEXT(SDK, q->asked, "spec", "name"),
                     uid = CLEAT_TEXT(SDK, q->asked, "spec", "uid"), ns = SDK->obj->ns(q->asked);
    q->kind = q->kinds != NULL ? cleat_gc_kinds_find(q->kinds, api_version, kind) : NULL;
    if (q->kind == NULL) {
        q->verdict = "Unknown";
        cleat_text_addf(&q->message, "no matches for kind \"%.*s\" in version \"%.*s\"",
                        CLEAT_FMT(kind), CLEAT_FMT(api_version));
        return CLEAT_OK;
    }
    if (!q->kind->namespaced && !cleat_str_is(ns, "kube-system")) {
        q->verdict = "Refused";
        cleat_text_addf(&q->message, "ask about cluster-scoped objects in namespace kube-system");
        return CLEAT_OK;
    }
    ns = q->kind->namespaced ? ns : (struct cleat_str){"", 0};
    q->coordinates = cleat_gc_coordinates(q->kind->group, q->kind->resource, ns, name);
    struct cleat_key key = {ns, name};
    cleat_err err =
        SDK->client->get(q->c->client, q->ctx, cleat_gc_gvr(q->kind), key, &q->object, reterr);
    if (err == CLEAT_OK && uid.n > 0 && !cleat_str_eq(uid, SDK->obj->uid(q->object))) {
        SDK->obj->unref(q->object);
        q->object = NULL;
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static cleat_err answer(struct question *q, struct cleat_key key, struct cleat_error *reterr) {
    char now[32];
    SDK->obj->time_format(SDK->clock->wall(), 0, now);
    cleat_text_addf(&q->status, "{\"status\":{\"answered\":\"%s\"", now);
    cleat_err err = find(q, reterr);
    if (err == CLEAT_OK && q->verdict == NULL) {
        judge(q);
    }
    if (err == CLEAT_OK) {
        cleat_text_addf(&q->status, ",\"verdict\":\"%s\",\"message\":", q->verdict);
        cleat_text_quote(&q->status, q->message.p);
        cleat_text_addf(&q->status, "}}");
        err = SDK->client->patch(q->c->client, q->ctx, CLEAT_EXPLANATION_GVR, key, "status",
                                 CLEAT_PATCH_MERGE, (struct cleat_str){q->status.p, q->status.n},
                                 NULL, reterr);
    }
    return err;
}

cleat_err cleat_gc_explain(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_collector *c = self;
    cleat_obj *asked = NULL;
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_EXPLANATION_GVR, key, &asked, reterr);
    if (err != CLEAT_OK) {
        return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    cleat_time made = cleat_gc_time(asked, CLEAT_PATH("metadata", "creationTimestamp"));
    cleat_time left = made + LIFE - SDK->clock->wall();
    if (left <= 0) {
        err = SDK->client->remove(c->client, ctx, CLEAT_EXPLANATION_GVR, key, NULL, NULL, reterr);
    } else if (CLEAT_TEXT(SDK, asked, "status", "answered").n == 0) {
        struct question q = {.c = c, .ctx = ctx, .asked = asked, .kinds = cleat_gc_kinds_now(c)};
        err = answer(&q, key, reterr);
        SDK->obj->unref(q.object);
        cleat_gc_kinds_unref(q.kinds);
        free(q.coordinates);
        free(q.status.p);
        free(q.message.p);
    }
    ret->requeue_after = left > 0 ? left : 0;
    SDK->obj->unref(asked);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* ---- the kind ---- */

#define S        "{\"type\":\"string\"}"
#define I        "{\"type\":\"integer\"}"
#define B        "{\"type\":\"boolean\"}"
#define SD(text) "{\"type\":\"string\",\"description\":\"" text "\"}"

const char cleat_gc_explanation_crd[] =
    "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\","
    "\"metadata\":{\"name\":\"explanations.cleat.dev\"},\"spec\":{\"group\":\"cleat.dev\","
    "\"scope\":\"Namespaced\",\"names\":{\"plural\":\"explanations\",\"singular\":\"explanation\","
    "\"kind\":\"Explanation\",\"listKind\":\"ExplanationList\",\"shortNames\":[\"why\"]},"
    "\"versions\":[{\"name\":\"v1alpha1\",\"served\":true,\"storage\":true,\"subresources\":{"
    "\"status\":{}},\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"description\":\"A "
    "question why an "
    "object was collected, or was not, and its answer.\",\"required\":[\"spec\"],"
    "\"properties\":{\"spec\":{\"type\":\"object\",\"required\":[\"apiVersion\",\"kind\",\"name\"],"
    "\"properties\":{\"apiVersion\":" SD(
        "Of the object: v1, apps/v1.") ",\"kind\":" S ",\"name\":" S
                                       ",\"uid\":" SD("Where another object may have its name by "
                                                      "now.") ",\"picture\":{\"type\":\"string\","
                                                              "\"enum\":[\"DOT\",\"JSON\"],"
                                                              "\"description\":\"Also show the "
                                                              "graph around "
                                                              "it.\"},\"ifDeleted\":{\"type\":"
                                                              "\"boolean\",\"description\":\"Also "
                                                              "tell what would "
                                                              "go with it.\"}}},"
                                                              "\"status\":{\"type\":\"object\","
                                                              "\"properties\":{\"answered\":" S
                                                              ",\"verdict\":" S ",\"message\":" S
                                                              ",\"owners\":{\"type\":\"array\","
                                                              "\"items\":{\"type\":\"object\","
                                                              "\"properties\":{\"apiVersion\":" S
                                                              ",\"kind\":" S ",\"name\":" S
                                                              ",\"uid\":" S ",\"blocks\":" B
                                                              ",\"standing\":" S ",\"message\":" S
                                                              "}}},\"dependents\":" I
                                                              ",\"blocking\":" I
                                                              ",\"blockedBy\":{\"type\":\"array\","
                                                              "\"items\":" S
                                                              "},\"history\":{\"type\":\"array\","
                                                              "\"items\":{"
                                                              "\"type\":\"object\",\"properties\":{"
                                                              "\"time\":" S ",\"uid\":" S
                                                              ",\"message\":" S "}}},\"wouldGo\":" I
                                                              ",\"wouldGoToo\":" S ",\"picture\":" S
                                                              "}}}}},"
                                                              "\"additionalPrinterColumns\":["
                                                              "{\"name\":\"Kind\",\"type\":"
                                                              "\"string\",\"jsonPath\":\".spec."
                                                              "kind\"},"
                                                              "{\"name\":\"Object\",\"type\":"
                                                              "\"string\",\"jsonPath\":\".spec."
                                                              "name\"},"
                                                              "{\"name\":\"Verdict\",\"type\":"
                                                              "\"string\",\"jsonPath\":\".status."
                                                              "verdict\"},"
                                                              "{\"name\":\"Message\",\"type\":"
                                                              "\"string\",\"jsonPath\":\".status."
                                                              "message\"}]}]}}";
