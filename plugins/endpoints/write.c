/* SPDX-License-Identifier: Apache-2.0 */
/* Slices in the API: whose they are, how they look, and the writes. */
#include "endpoints.h"

#define BY_SERVICE "cleat.endpoints/by-service" /* "namespace/service" */

/* ---- whose ---- */

bool cleat_ep_is_managed(const cleat_obj *slice, const char *manager) {
    return cleat_str_is(cleat_ep_label(slice, CLEAT_EP_MANAGED_BY), manager);
}

static void slice_service(void *userdata, const cleat_obj *slice,
                          void (*emit)(void *sink, struct cleat_str value), void *sink) {
    struct cleat_str service = cleat_ep_label(slice, CLEAT_EP_SERVICE_NAME);
    (void)userdata;
    if (service.n > 0) {
        char *text =
            cleat_sdk_format("%.*s/%.*s", CLEAT_FMT(SDK->obj->ns(slice)), CLEAT_FMT(service));
        emit(sink, cleat_cstr(text));
        free(text);
    }
}

cleat_err cleat_ep_index_slices(cleat_informer *slices, struct cleat_error *reterr) {
    cleat_err err = SDK->informer->add_index(slices, BY_SERVICE, slice_service, NULL);
    return err == CLEAT_OK ? err : cleat_errorf(reterr, err, "an index of that name is there");
}

struct search {
    const char *manager;
    struct cleat_ep_objs *found;
};

static int32_t take(void *userdata, const cleat_obj *slice) {
    struct search *s = userdata;
    if (cleat_ep_is_managed(slice, s->manager) && !cleat_ep_is_ending(slice)) {
        cleat_ep_objs_add(s->found, slice);
    }
    return 0;
}

void cleat_ep_slices_of(cleat_informer *slices, struct cleat_key service, const char *manager,
                        struct cleat_ep_objs *ret) {
    struct search s = {manager, ret};
    char *text = cleat_sdk_format("%.*s/%.*s", CLEAT_FMT(service.ns), CLEAT_FMT(service.name));
    SDK->informer->foreach (slices, BY_SERVICE, cleat_cstr(text), take, &s);
    free(text);
    cleat_ep_objs_sort(ret);
}

void cleat_ep_service_of_slice(void *self, const cleat_obj *slice,
                               void (*emit)(void *sink, struct cleat_key key), void *sink) {
    (void)self;
    struct cleat_str service = cleat_ep_label(slice, CLEAT_EP_SERVICE_NAME);
    if (service.n > 0) {
        emit(sink, (struct cleat_key){SDK->obj->ns(slice), service});
    }
}

static struct cleat_key service_key(const cleat_obj *slice) {
    return (struct cleat_key){SDK->obj->ns(slice), cleat_ep_label(slice, CLEAT_EP_SERVICE_NAME)};
}

bool cleat_ep_slice_matters(struct cleat_ep_states *s, const char *manager, const cleat_obj *old,
                            const cleat_obj *slice) {
    bool was = old != NULL && cleat_ep_is_managed(old, manager);
    bool is = slice != NULL && cleat_ep_is_managed(slice, manager);
    if (slice == NULL) {
        return was && !cleat_ep_was_expected(s, service_key(old), old);
    }
    if (old != NULL && !cleat_str_eq(SDK->obj->uid(old), SDK->obj->uid(slice))) {
        cleat_ep_was_expected(s, service_key(old), old); /* its end was not told of */
        return was || is;
    }
    if (old != NULL && (was != is || !cleat_str_eq(cleat_ep_label(old, CLEAT_EP_SERVICE_NAME),
                                                   cleat_ep_label(slice, CLEAT_EP_SERVICE_NAME)))) {
        return was || is;
    }
    return is && cleat_ep_is_news(s, service_key(slice), slice);
}

/* ---- how they look ---- */

void cleat_ep_copy_members(struct cleat_ep_text *t, struct cleat_val map, const char *const *but) {
    struct cleat_iter it = {0};
    cleat_ep_add(t, CLEAT_STR("{"));
    for (bool first = true; SDK->obj->next(map, &it);) {
        bool left_out = false;
        for (const char *const *b = but; *b != NULL; b++) {
            left_out |= cleat_str_is(it.key, *b);
        }
        if (!left_out) {
            cleat_ep_addf(t, "%s\"%.*s\":%.*s", first ? "" : ",", CLEAT_FMT(it.key),
                          CLEAT_FMT(SDK->obj->raw(it.val)));
            first = false;
        }
    }
}

static bool looks_right(const cleat_obj *slice, const struct cleat_ep_owner *owner) {
    if (!SDK->obj->equal(CLEAT_AT(SDK, slice, "metadata", "labels"),
                         SDK->obj->root(owner->labels))) {
        return false;
    }
    struct cleat_val have = CLEAT_AT(SDK, slice, "metadata", "annotations");
    return owner->annotations == NULL ||
           (SDK->obj->count(have) == 0 &&
            SDK->obj->count(SDK->obj->root(owner->annotations)) == 0) ||
           SDK->obj->equal(have, SDK->obj->root(owner->annotations));
}

void cleat_ep_dress(struct cleat_ep_plan *plan, const struct cleat_ep_owner *owner) {
    for (size_t i = 0; i < plan->n; i++) {
        struct cleat_ep_slice *s = &plan->v[i];
        if (s->action == CLEAT_EP_KEEP && s->old != NULL && !looks_right(s->old, owner)) {
            s->action = CLEAT_EP_UPDATE;
        }
    }
}

static char *join(const struct cleat_ep_slice *s) {
    struct cleat_ep_text t = {0};
    cleat_ep_add(&t, CLEAT_STR("["));
    for (size_t i = 0; i < s->n; i++) {
        cleat_ep_add(&t, i > 0 ? CLEAT_STR(",") : CLEAT_STR(""));
        cleat_ep_add(&t, cleat_cstr(s->endpoints[i]));
    }
    cleat_ep_add(&t, CLEAT_STR("]"));
    return t.p;
}

/* The whole of a slice, over what there is of it. */
static cleat_err compose(const struct cleat_ep_slice *s, const struct cleat_ep_owner *owner,
                         cleat_obj **ret, struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(s->old);
    char *endpoints = join(s), when[32];
    if (s->old == NULL) {
        char *ref =
            cleat_sdk_format("[{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"name\":\"%.*s\",\"uid\":"
                             "\"%.*s\",\"controller\":true,\"blockOwnerDeletion\":true}]",
                             owner->kind, CLEAT_FMT(SDK->obj->name(owner->obj)),
                             CLEAT_FMT(SDK->obj->uid(owner->obj)));
        char *prefix = cleat_sdk_format("%.*s-", CLEAT_FMT(SDK->obj->name(owner->obj)));
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "generateName"), cleat_cstr(prefix));
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "namespace"), SDK->obj->ns(owner->obj));
        SDK->obj->set_json(e, CLEAT_PATH("metadata", "ownerReferences"), cleat_cstr(ref));
        SDK->obj->set_str(e, CLEAT_PATH("addressType"), cleat_cstr(s->family));
        free(prefix);
        free(ref);
    }
    SDK->obj->set_val(e, CLEAT_PATH("metadata", "labels"), SDK->obj->root(owner->labels));
    if (owner->annotations != NULL) {
        SDK->obj->set_val(e, CLEAT_PATH("metadata", "annotations"),
                          SDK->obj->root(owner->annotations));
    } else if (owner->trigger != 0) {
        SDK->obj->time_format(owner->trigger, 0, when);
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_EP_TRIGGER_TIME),
                          cleat_cstr(when));
    } else {
        SDK->obj->remove(e, CLEAT_PATH("metadata", "annotations", CLEAT_EP_TRIGGER_TIME));
    }
    SDK->obj->set_json(e, CLEAT_PATH("endpoints"), cleat_cstr(endpoints));
    SDK->obj->set_json(e, CLEAT_PATH("ports"), cleat_cstr(s->ports));
    free(endpoints);
    return SDK->obj->edit_finish(e, ret, reterr);
}

/* ---- writers ---- */

cleat_err cleat_ep_max(const struct cleat_controller_env *env, const char *option, const char *flag,
                       size_t *ret, struct cleat_error *reterr) {
    int64_t max = cleat_sdk_option(SDK, env, option);
    if (max < 1 || max > 1000) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "--%s is %lld, and may be 1 to 1000", flag,
                            (long long)max);
    }
    *ret = (size_t)max;
    return CLEAT_OK;
}

struct cleat_reconciler_opts cleat_ep_writer_opts(const struct cleat_controller_env *env,
                                                  const char *name) {
    return (struct cleat_reconciler_opts){
        .struct_size = sizeof(struct cleat_reconciler_opts),
        .name = name,
        .workers = (int32_t)cleat_sdk_option(SDK, env, "concurrentServiceEndpointSyncs"),
        .base_delay = CLEAT_SECOND,
        .max_delay = 1000 * CLEAT_SECOND,
    };
}

void cleat_ep_writer_init(struct cleat_ep_writer *w, const struct cleat_controller_env *env,
                          const char *metrics) {
    static const char *const operation[] = {"operation", NULL};
    w->client = env->client;
    w->states = cleat_ep_states_new(metrics);
    char *name = cleat_sdk_format("%s_changes", metrics);
    cleat_metric *f = SDK->metrics->family(name, "Number of EndpointSlice changes", CLEAT_COUNTER,
                                           operation, NULL, 0);
    free(name);
    w->created = SDK->metrics->with(f, (const char *const[]){"create", NULL});
    w->updated = SDK->metrics->with(f, (const char *const[]){"update", NULL});
    w->deleted = SDK->metrics->with(f, (const char *const[]){"delete", NULL});
}

/* ---- writes ---- */

static cleat_err put(const struct cleat_ep_writer *w, cleat_ctx *ctx,
                     const struct cleat_ep_slice *s, const struct cleat_ep_owner *owner,
                     struct cleat_error *reterr) {
    cleat_obj *o = NULL, *written = NULL;
    cleat_err err = compose(s, owner, &o, reterr);
    if (err == CLEAT_OK && s->action == CLEAT_EP_CREATE) {
        err = SDK->client->create(w->client, ctx, CLEAT_EP_SLICES, o, &written, reterr);
    } else if (err == CLEAT_OK) {
        err = SDK->client->update(w->client, ctx, CLEAT_EP_SLICES, NULL, o, &written, reterr);
    }
    if (err == CLEAT_OK) {
        cleat_ep_expect(w->states, cleat_ep_key(owner->obj), written);
        SDK->metrics->add(s->action == CLEAT_EP_CREATE ? w->created : w->updated, 1);
    }
    SDK->obj->unref(written);
    SDK->obj->unref(o);
    return err;
}

cleat_err cleat_ep_delete(const struct cleat_ep_writer *w, cleat_ctx *ctx, struct cleat_key service,
                          const cleat_obj *slice, struct cleat_error *reterr) {
    char *uid = cleat_sdk_dup(SDK->obj->uid(slice));
    struct cleat_delete_opts opts = {.struct_size = sizeof opts,
                                     .grace_period_seconds = -1,
                                     .uid = uid,
                                     .revision = SDK->obj->revision(slice)};
    cleat_err err = SDK->client->remove(w->client, ctx, CLEAT_EP_SLICES, cleat_ep_key(slice), &opts,
                                        NULL, reterr);
    free(uid);
    if (err == CLEAT_OK) {
        cleat_ep_expect_gone(w->states, service, slice);
        SDK->metrics->add(w->deleted, 1);
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

cleat_err cleat_ep_write(const struct cleat_ep_writer *w, cleat_ctx *ctx,
                         const struct cleat_ep_plan *plan, const struct cleat_ep_owner *owner,
                         struct cleat_error *reterr) {
    /* Who is ending gets nothing new, or it would race with the collector. */
    bool ending = cleat_ep_is_ending(owner->obj);
    for (int action = CLEAT_EP_CREATE; action <= CLEAT_EP_DELETE; action++) {
        for (size_t i = 0; i < plan->n; i++) {
            const struct cleat_ep_slice *s = &plan->v[i];
            if (s->action != action || (action == CLEAT_EP_CREATE && ending)) {
                continue;
            }
            struct cleat_error e = CLEAT_ERROR_INIT;
            cleat_err err = action == CLEAT_EP_DELETE
                                ? cleat_ep_delete(w, ctx, cleat_ep_key(owner->obj), s->old, &e)
                                : put(w, ctx, s, owner, &e);
            if (err != CLEAT_OK && action == CLEAT_EP_CREATE && cleat_ep_namespace_ends(&e)) {
                return CLEAT_OK;
            }
            if (err != CLEAT_OK) {
                static const char *const verbs[] = {"", "create an", "update the", "delete the"};
                char *text = cleat_sdk_format("failed to %s EndpointSlice for %s %.*s/%.*s: %s",
                                              verbs[action], owner->kind,
                                              CLEAT_FMT(SDK->obj->ns(owner->obj)),
                                              CLEAT_FMT(SDK->obj->name(owner->obj)), e.message);
                err = cleat_errorf(reterr, err, "%s", text);
                if (reterr != NULL) {
                    reterr->retry_after_ms = e.retry_after_ms;
                }
                free(text);
                return err;
            }
        }
    }
    return CLEAT_OK;
}
