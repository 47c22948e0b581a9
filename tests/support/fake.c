/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/fake.h"

#include "core/informer/objset.h"

struct cleat_stream {
    struct fake *fake;
    size_t at; /* in the history */
    cleat_err cut;
    void (*wake)(void *userdata);
    void *userdata;
    cleat_stream *next;
};

struct fake {
    struct cleat_transport base;
    pthread_mutex_t mutex; /* held while streams are woken */
    struct cleat_objset objects;
    struct cleat_stream_event *history;
    size_t n, cap;
    uint64_t revision;
    cleat_stream *streams;
    cleat_err broken;
    bool held;
    int lists;
};

static cleat_err fake_list(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                           struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                           struct cleat_list *ret, struct cleat_error *e) {
    (void)identity, (void)ctx, (void)gvr, (void)ns, (void)o;
    struct fake *f = (struct fake *)t;
    CLEAT_LOCKED(&f->mutex);
    f->lists++;
    if (f->broken != CLEAT_OK) {
        return cleat_fail(e, f->broken, "broken by the test");
    }
    ret->revision = f->revision;
    ret->items = cleat_array(f->objects.n, sizeof *ret->items);
    ret->n = 0;
    for (size_t i = 0; i < f->objects.cap; i++) {
        if (f->objects.slots[i] != NULL) {
            ret->items[ret->n++] = cleat_obj_ref(f->objects.slots[i]);
        }
    }
    return CLEAT_OK;
}

static cleat_err fake_watch(struct cleat_transport *t, const char *identity, struct cleat_gvr gvr,
                            const char *labels, const char *fields, uint64_t revision,
                            void (*wake)(void *), void *userdata, cleat_stream **ret,
                            struct cleat_error *e) {
    (void)identity, (void)gvr, (void)labels, (void)fields;
    struct fake *f = (struct fake *)t;
    cleat_stream *s = cleat_zalloc(sizeof *s);
    {
        CLEAT_LOCKED(&f->mutex);
        if (f->broken != CLEAT_OK) {
            free(s);
            return cleat_fail(e, f->broken, "broken by the test");
        }
        *s = (cleat_stream){.fake = f, .wake = wake, .userdata = userdata, .next = f->streams};
        while (s->at < f->n && f->history[s->at].revision <= revision) {
            s->at++;
        }
        f->streams = s;
    }
    wake(userdata);
    *ret = s;
    return CLEAT_OK;
}

static int fake_read(cleat_stream *s, struct cleat_stream_event *out, int max,
                     struct cleat_error *e) {
    struct fake *f = s->fake;
    CLEAT_LOCKED(&f->mutex);
    if (s->cut != CLEAT_OK) {
        return cleat_fail(e, s->cut, "cut by the test");
    }
    int n = 0;
    while (n < max && s->at < f->n && !f->held) {
        out[n] = f->history[s->at++];
        cleat_obj_ref(out[n].obj);
        n++;
    }
    return n;
}

static void fake_unwatch(cleat_stream *s) {
    CLEAT_LOCKED(&s->fake->mutex);
    cleat_stream **p = &s->fake->streams;
    while (*p != s) {
        p = &(*p)->next;
    }
    *p = s->next;
    free(s);
}

struct fake *fake_new(void) {
    static const struct cleat_transport_ops ops = {
        .list = fake_list, .watch = fake_watch, .read = fake_read, .unwatch = fake_unwatch};
    struct fake *f = cleat_zalloc(sizeof *f);
    f->base.ops = &ops;
    pthread_mutex_init(&f->mutex, NULL);
    return f;
}

void fake_free(struct fake *f) {
    cleat_assert(f->streams == NULL);
    for (size_t i = 0; i < f->n; i++) {
        cleat_obj_unref(f->history[i].obj);
    }
    free(f->history);
    for (size_t i = 0; i < f->objects.cap; i++) {
        cleat_obj_unref(f->objects.slots[i]);
    }
    cleat_objset_done(&f->objects);
    pthread_mutex_destroy(&f->mutex);
    free(f);
}

struct cleat_transport *fake_transport(struct fake *f) {
    return &f->base;
}

static void wake_all(struct fake *f) {
    for (cleat_stream *s = f->streams; s != NULL; s = s->next) {
        s->wake(s->userdata);
    }
}

static struct cleat_key split(const char *key) {
    const char *slash = strchr(key, '/');
    return slash == NULL ? (struct cleat_key){{"", 0}, cleat_s(key)}
                         : (struct cleat_key){{key, (size_t)(slash - key)}, cleat_s(slash + 1)};
}

/* old: what it was before, NULL = it is new. */
static cleat_obj *make(struct cleat_key k, const char *labels, uint64_t revision,
                       const cleat_obj *old) {
    CLEAT_AUTO_FREE char *uid = old != NULL ? cleat_strndup(cleat_obj_uid(old))
                                            : cleat_sprintf("u%llu", (unsigned long long)revision);
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "{\"metadata\":{\"name\":\"%.*s\",\"namespace\":\"%.*s\",\"uid\":\"%s\",\"labels\":{%s},"
        "\"resourceVersion\":\"%llu\"}}",
        CLEAT_FMT(k.name), CLEAT_FMT(k.ns), uid, labels ? labels : "",
        (unsigned long long)revision);
    cleat_obj *o = NULL;
    cleat_err err = cleat_obj_parse(cleat_s(text), 0, &o, NULL);
    cleat_assert(err == CLEAT_OK);
    return o;
}

static void happened(struct fake *f, int type, cleat_obj *o) {
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 16;
        f->history = cleat_rearray(f->history, f->cap, sizeof *f->history);
    }
    f->history[f->n++] = (struct cleat_stream_event){type, f->revision, o};
    wake_all(f);
}

uint64_t fake_put(struct fake *f, const char *key, const char *labels) {
    CLEAT_LOCKED(&f->mutex);
    cleat_obj *o =
        make(split(key), labels, ++f->revision, cleat_objset_get(&f->objects, split(key)));
    CLEAT_AUTO(cleat_obj) *old = cleat_objset_put(&f->objects, cleat_obj_ref(o));
    happened(f, old ? 2 : 1, o);
    return f->revision;
}

void fake_remove(struct fake *f, const char *key) {
    CLEAT_LOCKED(&f->mutex);
    CLEAT_AUTO(cleat_obj) *old = cleat_objset_remove(&f->objects, split(key));
    cleat_assert(old != NULL);
    f->revision++;
    happened(f, 3, make(split(key), NULL, f->revision, old));
}

cleat_obj *fake_get(struct fake *f, const char *key) {
    CLEAT_LOCKED(&f->mutex);
    return cleat_obj_ref(cleat_objset_get(&f->objects, split(key)));
}

void fake_break(struct fake *f, cleat_err err) {
    CLEAT_LOCKED(&f->mutex);
    f->broken = err;
}

void fake_cut(struct fake *f, cleat_err err) {
    CLEAT_LOCKED(&f->mutex);
    for (cleat_stream *s = f->streams; s != NULL; s = s->next) {
        s->cut = err;
    }
    wake_all(f);
}

void fake_repeat(struct fake *f) {
    CLEAT_LOCKED(&f->mutex);
    for (cleat_stream *s = f->streams; s != NULL; s = s->next) {
        s->at = 0;
    }
    wake_all(f);
}

void fake_hold(struct fake *f, bool hold) {
    CLEAT_LOCKED(&f->mutex);
    f->held = hold;
    wake_all(f);
}

int fake_lists(struct fake *f) {
    CLEAT_LOCKED(&f->mutex);
    return f->lists;
}

int fake_streams(struct fake *f) {
    CLEAT_LOCKED(&f->mutex);
    int n = 0;
    for (cleat_stream *s = f->streams; s != NULL; s = s->next) {
        n++;
    }
    return n;
}
