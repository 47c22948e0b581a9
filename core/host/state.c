/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the host's own API objects. A wish is recorded under the mutex, a later
 * one for the same object replaces it, and one thread writes what is wished:
 * first it lists what an earlier run left and deletes what nobody wishes any
 * more. A failed write is tried again with back-off. Any thread may wish.
 */
#include "core/host/internal.h"

#define GROUP   "cleat.dev"
#define VERSION "v1alpha1"
static const struct {
    const char *resource, *kind;
} kinds[] = {
    {"plugins", "Plugin"}, {"cloudproviders", "CloudProvider"}, {"controllers", "Controller"}};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

struct entry {
    int kind;
    char *name;
    char *wish;        /* JSON of status; NULL = written */
    cleat_obj *stored; /* the writer's alone */
};
struct cleat_state {
    cleat_client *client;
    bool manual, running, swept[N_KINDS];
    cleat_ctx *ctx;
    pthread_t thread;
    struct cleat_event wake, ended;
    pthread_mutex_t mutex; /* guards entries (but stored), n, stop */
    struct entry **entries;
    size_t n;
    bool stop;
    int failures;
    cleat_time retry_at; /* monotonic; the writer's alone */
    cleat_timer *timer;
};

static struct cleat_gvr gvr_of(int kind) {
    return (struct cleat_gvr){GROUP, VERSION, kinds[kind].resource};
}

static struct cleat_key key_of(const char *name) {
    return (struct cleat_key){cleat_s(""), cleat_s(name)};
}

static void wake(void *s) {
    cleat_event_set(&((cleat_state *)s)->wake);
}

cleat_state *cleat_state_new(cleat_client *client, bool manual) {
    cleat_state *s = cleat_zalloc(sizeof *s);
    s->client = client;
    s->manual = manual;
    s->ctx = cleat_ctx_new(NULL, 0);
    pthread_mutex_init(&s->mutex, NULL);
    cleat_event_init(&s->wake);
    cleat_event_init(&s->ended);
    return s;
}

/* The entry of this object, made where absent. Caller holds the mutex. */
static struct entry *find_entry(cleat_state *s, int kind, struct cleat_str name, bool make) {
    for (size_t i = 0; i < s->n; i++) {
        if (s->entries[i]->kind == kind && cleat_eqc(name, s->entries[i]->name)) {
            return s->entries[i];
        }
    }
    if (!make) {
        return NULL;
    }
    struct entry *en = cleat_zalloc(sizeof *en);
    en->kind = kind;
    en->name = cleat_strndup(name);
    s->entries = cleat_rearray(s->entries, s->n + 1, sizeof(struct entry *));
    return s->entries[s->n++] = en;
}

void cleat_state_set(cleat_state *s, const char *resource, const char *name, char *status) {
    int kind = 0;
    while (strcmp(kinds[kind].resource, resource) != 0) {
        kind++;
        cleat_assert(kind < N_KINDS);
    }
    {
        CLEAT_LOCKED(&s->mutex);
        struct entry *en = find_entry(s, kind, cleat_s(name), true);
        free(en->wish);
        en->wish = status;
    }
    wake(s);
}

/* ---- writing: the thread's, or the stepper's ---- */

/* Takes over what an earlier run left; deletes what is not wished. */
static cleat_err sweep(cleat_state *s, int kind, struct cleat_error *e) {
    struct cleat_list_opts opts = {.struct_size = sizeof opts};
    struct cleat_list list = {.struct_size = sizeof list};
    CLEAT_TRY(cleat_client_api.list(s->client, s->ctx, gvr_of(kind), "", &opts, &list, e));
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; i < list.n && err == CLEAT_OK; i++) {
        struct cleat_str name = cleat_obj_name(list.items[i]);
        struct entry *en;
        {
            CLEAT_LOCKED(&s->mutex);
            en = find_entry(s, kind, name, false);
        }
        if (en != NULL) {
            cleat_obj_unref(en->stored);
            en->stored = cleat_obj_ref(list.items[i]);
            continue;
        }
        struct cleat_delete_opts del = {.struct_size = sizeof del, .grace_period_seconds = -1};
        err = cleat_client_api.remove(s->client, s->ctx, gvr_of(kind),
                                      (struct cleat_key){cleat_s(""), name}, &del, NULL, e);
        err = err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    cleat_client_api.list_free(&list);
    return err;
}

static cleat_err write_once(cleat_state *s, struct entry *en, const char *wish,
                            struct cleat_error *e) {
    cleat_edit *edit = cleat_edit_new(en->stored);
    if (en->stored == NULL) {
        cleat_edit_set_str(edit, CLEAT_PATH("apiVersion"), CLEAT_STR(GROUP "/" VERSION));
        cleat_edit_set_str(edit, CLEAT_PATH("kind"), cleat_s(kinds[en->kind].kind));
        cleat_edit_set_str(edit, CLEAT_PATH("metadata", "name"), cleat_s(en->name));
    }
    cleat_edit_set_json(edit, CLEAT_PATH("status"), cleat_s(wish));
    bool dirty = cleat_edit_dirty(edit) != 0;
    CLEAT_AUTO(cleat_obj) *obj = NULL;
    CLEAT_TRY(cleat_edit_finish(edit, &obj, e));
    if (!dirty && en->stored != NULL) {
        return CLEAT_OK;
    }
    cleat_obj *stored = NULL;
    struct cleat_gvr gvr = gvr_of(en->kind);
    CLEAT_TRY(en->stored == NULL
                  ? cleat_client_api.create(s->client, s->ctx, gvr, obj, &stored, e)
                  : cleat_client_api.update(s->client, s->ctx, gvr, NULL, obj, &stored, e));
    cleat_obj_unref(en->stored);
    en->stored = stored;
    return CLEAT_OK;
}

/* Writes one wish; where somebody else changed the object, over that. */
static cleat_err write_wish(cleat_state *s, struct entry *en, const char *wish,
                            struct cleat_error *e) {
    cleat_err err = write_once(s, en, wish, e);
    for (int i = 0;
         i < 3 && (err == CLEAT_E_CONFLICT || err == CLEAT_E_EXISTS || err == CLEAT_E_NOT_FOUND);
         i++) {
        cleat_obj_unref(en->stored);
        en->stored = NULL;
        err = cleat_client_api.get(s->client, s->ctx, gvr_of(en->kind), key_of(en->name),
                                   &en->stored, e);
        if (err == CLEAT_OK || err == CLEAT_E_NOT_FOUND) {
            err = write_once(s, en, wish, e);
        }
    }
    return err;
}

static int back_off(cleat_state *s, const struct cleat_error *e) {
    if (cleat_ctx_err(s->ctx) != CLEAT_OK) {
        return 0;
    }
    int shift = s->failures < 6 ? s->failures : 6;
    cleat_time delay = (CLEAT_SECOND / 2) << shift;
    cleat_logf(s->failures++ < 2 ? CLEAT_LOG_DEBUG : CLEAT_LOG_WARN, "host",
               "cannot write the host's state: %s", e->message);
    s->retry_at = cleat_now_mono() + delay;
    if (s->timer == NULL) {
        s->timer = cleat_timer_new(delay, 0, wake, s);
    } else {
        cleat_timer_set(s->timer, delay);
    }
    return 1;
}

/* One write. */
int cleat_state_step(cleat_state *s) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (s->retry_at > cleat_now_mono()) {
        return 0;
    }
    s->retry_at = 0;
    for (int kind = 0; kind < N_KINDS; kind++) {
        if (!s->swept[kind]) {
            if (sweep(s, kind, &e) != CLEAT_OK) {
                return back_off(s, &e);
            }
            s->swept[kind] = true;
            return 1;
        }
    }
    struct entry *en = NULL;
    char *wish = NULL;
    {
        CLEAT_LOCKED(&s->mutex);
        for (size_t i = 0; i < s->n && wish == NULL; i++) {
            en = s->entries[i];
            wish = CLEAT_STEAL(en->wish);
        }
    }
    if (wish == NULL) {
        return 0;
    }
    cleat_err err = write_wish(s, en, wish, &e);
    if (err == CLEAT_OK) {
        s->failures = 0;
        free(wish);
        return 1;
    }
    {
        CLEAT_LOCKED(&s->mutex);
        if (en->wish == NULL) {
            en->wish = CLEAT_STEAL(wish);
        }
    }
    free(wish);
    return back_off(s, &e);
}

static void *run(void *arg) {
    cleat_state *s = arg;
    for (;;) {
        atomic_store(&s->wake.state, 0); /* what is wished from here on wakes again */
        bool stop;
        {
            CLEAT_LOCKED(&s->mutex);
            stop = s->stop;
        }
        while (cleat_state_step(s)) {
        }
        if (stop) {
            cleat_event_set(&s->ended);
            return NULL;
        }
        cleat_event_wait(&s->wake, -1);
    }
}

void cleat_state_start(cleat_state *s) {
    if (!s->manual) {
        s->running = true;
        s->thread = cleat_thread_start("cleat-state", run, s);
    }
}

void cleat_state_stop(cleat_state *s, cleat_time timeout) {
    {
        CLEAT_LOCKED(&s->mutex);
        s->stop = true;
    }
    if (s->running) {
        wake(s);
        if (!cleat_event_wait(&s->ended, timeout)) {
            cleat_ctx_cancel(s->ctx);
        }
        pthread_join(s->thread, NULL);
        s->running = false;
        return;
    }
    while (cleat_state_step(s)) {
    }
}

void cleat_state_free(cleat_state *s) {
    if (s == NULL) {
        return;
    }
    cleat_timer_free(s->timer);
    for (size_t i = 0; i < s->n; i++) {
        free(s->entries[i]->name);
        free(s->entries[i]->wish);
        cleat_obj_unref(s->entries[i]->stored);
        free(s->entries[i]);
    }
    free(s->entries);
    cleat_ctx_free(s->ctx);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}
