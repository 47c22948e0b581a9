/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/faulty.h"

static struct {
    struct cleat_transport base, *inner;
    struct cleat_transport_ops ops;
    unsigned one_in;
    bool dead;
    cleat_err reads; /* with which each get is refused; CLEAT_OK = none is */
    unsigned nth;    /* write from now on ... */
    enum faulty_how how;
    const char *hidden;
    size_t count;
    bool held;
    int ends; /* of streams that are still to come */
    struct order {
        const char *resource;
        int n;
        cleat_err err; /* with which it is refused, or its answer kept */
    } refuse, lose, lists, meanwhile;
    void (*fn)(void *userdata);
    void *userdata;
} f;

static bool obeys(struct order *o, struct cleat_gvr gvr) {
    bool yes = o->n > 0 && strcmp(o->resource, gvr.resource) == 0;
    o->n -= yes;
    f.count += yes;
    return yes;
}

static bool strikes(void) {
    bool yes = f.dead || (f.one_in > 0 && cleat_random() % f.one_in == 0);
    f.count += yes && !f.dead;
    return yes;
}

static cleat_err refuse(struct cleat_error *e) {
    return cleat_fail(e, CLEAT_E_UNAVAILABLE, "the test refuses it");
}

static cleat_err get(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                     struct cleat_gvr gvr, struct cleat_key key, cleat_obj **ret,
                     struct cleat_error *e) {
    (void)t;
    if (f.reads != CLEAT_OK) {
        return cleat_fail(e, f.reads, "the test refuses it");
    }
    return strikes() ? refuse(e) : f.inner->ops->get(f.inner, identity, ctx, gvr, key, ret, e);
}

static cleat_err list(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                      struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                      struct cleat_list *ret, struct cleat_error *e) {
    (void)t;
    if (obeys(&f.meanwhile, gvr)) {
        f.fn(f.userdata);
    }
    if (strikes() || obeys(&f.lists, gvr)) {
        return refuse(e);
    }
    cleat_err err = f.inner->ops->list(f.inner, identity, ctx, gvr, ns, o, ret, e);
    for (size_t i = 0; err == CLEAT_OK && f.hidden != NULL && i < ret->n; i++) {
        if (cleat_eqc(cleat_obj_name(ret->items[i]), f.hidden)) {
            cleat_obj_unref(ret->items[i]);
            ret->items[i] = ret->items[--ret->n];
        }
    }
    return err;
}

static cleat_err write(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                       const struct cleat_write *w, cleat_obj **ret, struct cleat_error *e) {
    (void)t;
    /* Events pass even from the dead: their writer waits for minutes between its tries */
    bool is_event = strcmp(w->gvr.resource, "events") == 0, event = f.dead && is_event;
    bool now = !is_event && f.nth > 0 && --f.nth == 0;
    f.count += now;
    f.dead |= now && f.how == FAULTY_DIES_BEFORE;
    if (now && f.how == FAULTY_REFUSES) {
        return refuse(e);
    }
    if (!event && strikes()) {
        return refuse(e);
    }
    if (obeys(&f.refuse, w->gvr)) {
        return cleat_fail(e, f.refuse.err, "the test refuses it");
    }
    cleat_err err = f.inner->ops->write(f.inner, identity, ctx, w, ret, e);
    f.dead |= now && f.how == FAULTY_DIES_AFTER;
    if (err == CLEAT_OK && (now || (!event && strikes()) || obeys(&f.lose, w->gvr))) {
        if (ret != NULL) {
            cleat_obj_unref(*ret);
            *ret = NULL;
        }
        return cleat_fail(e, f.lose.err, "the test keeps the answer");
    }
    return err;
}

struct lost {
    cleat_done_fn done;
    void *userdata;
};

static void lose(void *userdata, cleat_err err, const cleat_obj *obj, const struct cleat_error *e) {
    struct lost *l = userdata;
    struct cleat_error why = CLEAT_ERROR_INIT;
    (void)obj;
    if (err == CLEAT_OK) {
        err = cleat_fail(&why, f.lose.err, "the test keeps the answer");
        e = &why;
    }
    l->done(l->userdata, err, NULL, e);
    free(l);
}

static cleat_err write_async(struct cleat_transport *t, const char *identity,
                             const struct cleat_write *w, cleat_done_fn done, void *userdata) {
    (void)t;
    bool ordered = obeys(&f.refuse, w->gvr);
    if (ordered || strikes()) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_err err = ordered ? cleat_fail(&e, f.refuse.err, "the test refuses it") : refuse(&e);
        done(userdata, err, NULL, &e);
        return err;
    }
    if (strikes() || obeys(&f.lose, w->gvr)) {
        struct lost *l = cleat_zalloc(sizeof *l);
        *l = (struct lost){done, userdata};
        return f.inner->ops->write_async(f.inner, identity, w, lose, l);
    }
    return f.inner->ops->write_async(f.inner, identity, w, done, userdata);
}

static cleat_err watch(struct cleat_transport *t, const char *identity, struct cleat_gvr gvr,
                       const char *labels, const char *fields, uint64_t revision,
                       void (*wake)(void *), void *userdata, cleat_stream **ret,
                       struct cleat_error *e) {
    (void)t;
    return strikes() ? refuse(e)
                     : f.inner->ops->watch(f.inner, identity, gvr, labels, fields, revision, wake,
                                           userdata, ret, e);
}

static int read_stream(cleat_stream *s, struct cleat_stream_event *out, int max,
                       struct cleat_error *e) {
    if (f.held) {
        return 0;
    }
    f.ends -= f.ends > 0;
    if (f.ends > 0 || strikes()) {
        return (int)cleat_fail(e, CLEAT_E_EXPIRED, "the test ends the stream");
    }
    return f.inner->ops->read(s, out, max, e);
}

static cleat_err kinds(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                       struct cleat_served *ret, struct cleat_error *e) {
    (void)t;
    return strikes() ? refuse(e) : f.inner->ops->kinds(f.inner, identity, ctx, ret, e);
}

static uint64_t watch_kinds(struct cleat_transport *t, void (*fn)(void *), void *userdata) {
    (void)t;
    return f.inner->ops->watch_kinds(f.inner, fn, userdata);
}

static void unwatch_kinds(struct cleat_transport *t, uint64_t id) {
    (void)t;
    f.inner->ops->unwatch_kinds(f.inner, id);
}

struct cleat_transport *faulty_over(struct cleat_transport *inner) {
    f.inner = inner;
    f.one_in = 0;
    f.dead = false;
    f.nth = 0;
    f.hidden = NULL;
    f.count = 0;
    f.held = false;
    f.ends = 0;
    f.refuse = f.lose = f.lists = f.meanwhile = (struct order){NULL, 0, CLEAT_E_TIMEOUT};
    f.ops = (struct cleat_transport_ops){
        .get = get,
        .list = list,
        .write = write,
        .write_async = write_async,
        .watch = watch,
        .read = read_stream,
        .unwatch = inner->ops->unwatch,
        .position = inner->ops->position,
        .kinds = kinds,
        .watch_kinds = watch_kinds,
        .unwatch_kinds = unwatch_kinds,
    };
    f.base.ops = &f.ops;
    return &f.base;
}

void faulty_rate(unsigned one_in) {
    f.one_in = one_in;
}

void faulty_die(bool dead) {
    f.dead = dead;
}

void faulty_nth_write(unsigned n, enum faulty_how how) {
    f.nth = n;
    f.how = how;
}

bool faulty_is_dead(void) {
    return f.dead;
}

void faulty_hide(const char *name) {
    f.hidden = name;
    f.ends = 9;
}

size_t faulty_count(void) {
    return f.count;
}

void faulty_hold_streams(void) {
    f.held = true;
}

void faulty_end_streams(void) {
    f.held = false;
    f.ends = 24; /* more than there are; those that are opened anew may end once more */
}

void faulty_refuse_writes(const char *resource, int n, cleat_err err) {
    f.refuse = (struct order){resource, n, err};
}

void faulty_lose_answers(const char *resource, int n) {
    faulty_lose_answers_as(resource, n, CLEAT_E_TIMEOUT);
}

void faulty_lose_answers_as(const char *resource, int n, cleat_err err) {
    f.lose = (struct order){resource, n, err};
}

void faulty_refuse_lists(const char *resource, int n) {
    f.lists = (struct order){resource, n, CLEAT_E_UNAVAILABLE};
}

void faulty_on_list(const char *resource, void (*fn)(void *userdata), void *userdata) {
    f.meanwhile = (struct order){resource, 1, CLEAT_OK};
    f.fn = fn;
    f.userdata = userdata;
}

void faulty_refuse_reads(cleat_err err) {
    f.reads = err;
}
