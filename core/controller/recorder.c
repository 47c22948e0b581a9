/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events, correlated as upstream's recorder does: floods from one source about
 * one object are dropped, similar ones are combined, equal ones are counted.
 * record() only queues; a thread, or a step, writes.
 */
#include "core/controller/controller.h"

enum {
    QUEUE_MAX = 1000,
    SPAM_BURST = 25,
    SPAM_REFILL_S = 300,
    SIMILAR_MAX = 10, /* distinct messages in the interval before they are combined */
    SIMILAR_INTERVAL_S = 600,
    REMEMBERED = 4096, /* entries in each table; the least recently used goes first */
    TRIES = 12,
};

struct pending {
    struct pending *next;
    char *source, *type, *reason, *message;
    cleat_obj *about;
    cleat_time when;
};

/* What is known of one key; each table uses its own fields. */
struct memory {
    struct memory *newer, *older;
    char *key;
    double tokens;
    cleat_time filled;
    cleat_time last;
    struct cleat_map messages; /* distinct ones, as keys */
    char *name;                /* of the Event in the API */
    int64_t count;
    cleat_time first;
};

/* A table of such memories, at most REMEMBERED. */
struct memories {
    struct cleat_map by_key;
    struct memory *newest, *oldest;
};

struct cleat_recorder {
    cleat_client *client;
    cleat_ctx *ctx;
    bool manual, stopping;
    pthread_mutex_t mutex; /* guards the queue */
    pthread_cond_t cond;
    struct pending *head, **tail;
    size_t n;
    pthread_t thread;
    struct memories spam, similar, seen; /* the writer's, as the next */
    cleat_time named;                    /* the moment in the last event's name */
    cleat_metric *dropped;
};

static const struct cleat_gvr events_gvr = {"", "v1", "events"};

static void pending_free(struct pending *p) {
    free(p->source);
    free(p->type);
    free(p->reason);
    free(p->message);
    cleat_obj_unref(p->about);
    free(p);
}

static void unlink_memory(struct memories *t, struct memory *m) {
    *(m->newer ? &m->newer->older : &t->newest) = m->older;
    *(m->older ? &m->older->newer : &t->oldest) = m->newer;
}

static void link_newest(struct memories *t, struct memory *m) {
    m->newer = NULL;
    m->older = t->newest;
    *(m->older ? &m->older->newer : &t->oldest) = m;
    t->newest = m;
}

static void forget_oldest(struct memories *t) {
    struct memory *m = t->oldest;
    unlink_memory(t, m);
    cleat_map_remove(&t->by_key, cleat_s(m->key));
    cleat_map_done(&m->messages);
    free(m->name);
    free(m->key);
    free(m);
}

static void forget_all(struct memories *t) {
    while (t->oldest != NULL) {
        forget_oldest(t);
    }
    cleat_map_done(&t->by_key);
}

static struct memory *recall(struct memories *t, const char *key) {
    struct memory *m = cleat_map_get(&t->by_key, cleat_s(key));
    if (m != NULL) {
        unlink_memory(t, m);
    } else {
        if (t->by_key.n >= REMEMBERED) {
            forget_oldest(t);
        }
        m = cleat_zalloc(sizeof *m);
        m->key = cleat_strdup(key);
        m->tokens = -1;
        cleat_map_put(&t->by_key, cleat_s(key), m);
    }
    link_newest(t, m);
    return m;
}

/* source and object, without what happened */
static char *object_key(const struct pending *p) {
    struct cleat_val root = cleat_obj_root(p->about);
    return cleat_sprintf("%s\n%.*s\n%.*s\n%.*s\n%.*s", p->source,
                         CLEAT_FMT(cleat_val_str(cleat_val_get(root, "kind"))),
                         CLEAT_FMT(cleat_obj_ns(p->about)), CLEAT_FMT(cleat_obj_name(p->about)),
                         CLEAT_FMT(cleat_obj_uid(p->about)));
}

static bool is_spam(cleat_recorder *r, const char *key, cleat_time now) {
    struct memory *m = recall(&r->spam, key);
    if (m->tokens < 0) {
        m->tokens = SPAM_BURST;
    } else {
        m->tokens += (double)(now - m->filled) / 1e9 / SPAM_REFILL_S;
        m->tokens = m->tokens > SPAM_BURST ? SPAM_BURST : m->tokens;
    }
    m->filled = now;
    if (m->tokens < 1) {
        return true;
    }
    m->tokens -= 1;
    return false;
}

/* The key under which the event is counted; its message may be replaced. */
static char *correlate(cleat_recorder *r, struct pending *p, const char *object, cleat_time now) {
    CLEAT_AUTO_FREE char *similar = cleat_sprintf("%s\n%s\n%s", object, p->type, p->reason);
    struct memory *m = recall(&r->similar, similar);
    if (m->last != 0 && now - m->last > SIMILAR_INTERVAL_S * CLEAT_SECOND) {
        cleat_map_done(&m->messages);
    }
    m->last = now;
    if (m->messages.n < SIMILAR_MAX + 1) {
        cleat_map_put(&m->messages, cleat_s(p->message), m);
    }
    if (m->messages.n <= SIMILAR_MAX) {
        return cleat_sprintf("%s\n%s", similar, p->message);
    }
    char *combined = cleat_sprintf("(combined from similar events): %s", p->message);
    free(p->message);
    p->message = combined;
    return cleat_strdup(similar);
}

/* Two events of one object within one tick of the clock are still two. */
static void name_it(cleat_recorder *r, const struct pending *p, struct memory *m) {
    r->named = p->when > r->named ? p->when : r->named + 1;
    free(m->name);
    m->name = cleat_sprintf("%.*s.%llx", CLEAT_FMT(cleat_obj_name(p->about)),
                            (unsigned long long)r->named);
}

/* again: it may have been written, and the answer been lost. */
static cleat_err write_new(cleat_recorder *r, const struct pending *p, struct memory *m, bool again,
                           struct cleat_error *e) {
    struct cleat_val root = cleat_obj_root(p->about);
    struct cleat_str ns = cleat_obj_ns(p->about);
    char when[32];
    cleat_time_format(p->when, false, when);
    cleat_edit *ed = cleat_edit_new(NULL);
    cleat_edit_set_str(ed, CLEAT_PATH("apiVersion"), cleat_s("v1"));
    cleat_edit_set_str(ed, CLEAT_PATH("kind"), cleat_s("Event"));
    cleat_edit_set_str(ed, CLEAT_PATH("metadata", "name"), cleat_s(m->name));
    cleat_edit_set_str(ed, CLEAT_PATH("metadata", "namespace"), ns.n ? ns : cleat_s("default"));
    static const char *const copied[] = {"kind", "apiVersion"};
    for (size_t i = 0; i < 2; i++) {
        cleat_edit_set_val(ed, CLEAT_PATH("involvedObject", copied[i]),
                           cleat_val_get(root, copied[i]));
    }
    if (ns.n > 0) {
        cleat_edit_set_str(ed, CLEAT_PATH("involvedObject", "namespace"), ns);
    }
    cleat_edit_set_str(ed, CLEAT_PATH("involvedObject", "name"), cleat_obj_name(p->about));
    cleat_edit_set_str(ed, CLEAT_PATH("involvedObject", "uid"), cleat_obj_uid(p->about));
    if (cleat_obj_revision(p->about) != 0) {
        CLEAT_AUTO_FREE char *rv =
            cleat_sprintf("%llu", (unsigned long long)cleat_obj_revision(p->about));
        cleat_edit_set_str(ed, CLEAT_PATH("involvedObject", "resourceVersion"), cleat_s(rv));
    }
    cleat_edit_set_str(ed, CLEAT_PATH("reason"), cleat_s(p->reason));
    cleat_edit_set_str(ed, CLEAT_PATH("message"), cleat_s(p->message));
    cleat_edit_set_str(ed, CLEAT_PATH("source", "component"), cleat_s(p->source));
    cleat_edit_set_str(ed, CLEAT_PATH("firstTimestamp"), cleat_s(when));
    cleat_edit_set_str(ed, CLEAT_PATH("lastTimestamp"), cleat_s(when));
    cleat_edit_set_int(ed, CLEAT_PATH("count"), 1);
    cleat_edit_set_str(ed, CLEAT_PATH("type"), cleat_s(p->type));
    cleat_edit_set_json(ed, CLEAT_PATH("eventTime"), cleat_s("null"));
    cleat_edit_set_str(ed, CLEAT_PATH("reportingComponent"), cleat_s(p->source));
    cleat_edit_set_str(ed, CLEAT_PATH("reportingInstance"), cleat_s(""));
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_TRY(cleat_edit_finish(ed, &o, e));
    cleat_err err = cleat_client_api.create(r->client, r->ctx, events_gvr, o, NULL, e);
    err = err == CLEAT_E_EXISTS && again ? CLEAT_OK : err;
    if (err == CLEAT_OK) {
        m->count = 1;
        m->first = p->when;
    }
    return err;
}

static cleat_err write_again(cleat_recorder *r, const struct pending *p, struct memory *m,
                             struct cleat_error *e) {
    char when[32];
    cleat_time_format(p->when, false, when);
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(
        &b, "{\"count\":%lld,\"lastTimestamp\":\"%s\",\"message\":", (long long)m->count + 1, when);
    cleat_buf_json(&b, cleat_s(p->message));
    cleat_buf_putc(&b, '}');
    struct cleat_str ns = cleat_obj_ns(p->about);
    struct cleat_key key = {ns.n ? ns : cleat_s("default"), cleat_s(m->name)};
    cleat_err err =
        cleat_client_api.patch(r->client, r->ctx, events_gvr, key, NULL, CLEAT_PATCH_MERGE,
                               (struct cleat_str){b.p, b.n}, NULL, e);
    if (err == CLEAT_OK) {
        m->count++;
    }
    return err;
}

static void write_one(cleat_recorder *r, struct pending *p) {
    CLEAT_AUTO_FREE char *object = object_key(p);
    cleat_time now = cleat_now_mono();
    if (is_spam(r, object, now)) {
        cleat_metric_add(r->dropped, 1);
        return;
    }
    CLEAT_AUTO_FREE char *key = correlate(r, p, object, now);
    struct memory *m = recall(&r->seen, key);
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = CLEAT_OK;
    bool tried = false;
    for (int i = 0; i < TRIES; i++) {
        if (m->count == 0 && !tried) {
            name_it(r, p, m);
        }
        err = m->count > 0 ? write_again(r, p, m, &e) : write_new(r, p, m, tried, &e);
        if (err == CLEAT_E_NOT_FOUND && m->count > 0) {
            m->count = 0; /* its time to live is over: begin anew */
            continue;
        }
        tried = m->count == 0;
        bool retry = err == CLEAT_E_UNAVAILABLE || err == CLEAT_E_TIMEOUT || err == CLEAT_E_IO ||
                     err == CLEAT_E_THROTTLED || err == CLEAT_E_TRANSIENT || err == CLEAT_E_UNKNOWN;
        if (!retry || cleat_ctx_sleep(r->ctx, 10 * CLEAT_SECOND) != CLEAT_OK) {
            break;
        }
    }
    if (err != CLEAT_OK) {
        m->count = 0;
        cleat_logf(CLEAT_LOG_WARN, "events", "event %s of %s not written: %s", p->reason, p->source,
                   e.message);
    }
}

int cleat_recorder_step(cleat_recorder *r) {
    struct pending *p;
    {
        CLEAT_LOCKED(&r->mutex);
        p = r->head;
        if (p == NULL) {
            return 0;
        }
        r->head = p->next;
        r->n--;
        if (r->head == NULL) {
            r->tail = &r->head;
        }
    }
    write_one(r, p);
    pending_free(p);
    return 1;
}

static void *writer(void *arg) {
    cleat_recorder *r = arg;
    for (;;) {
        while (cleat_recorder_step(r)) {
        }
        CLEAT_LOCKED(&r->mutex);
        while (r->head == NULL && !r->stopping) {
            pthread_cond_wait(&r->cond, &r->mutex);
        }
        if (r->head == NULL) {
            return NULL;
        }
    }
}

cleat_recorder *cleat_recorder_new(cleat_client *client, bool manual) {
    cleat_recorder *r = cleat_zalloc(sizeof *r);
    r->client = client;
    r->manual = manual;
    r->ctx = cleat_ctx_new(NULL, 0);
    r->tail = &r->head;
    r->dropped = cleat_metric_family("cleat_events_dropped_total",
                                     "Events that were not written: floods, or a full queue.",
                                     CLEAT_COUNTER, NULL, NULL, 0);
    pthread_mutex_init(&r->mutex, NULL);
    pthread_cond_init(&r->cond, NULL);
    if (!manual) {
        r->thread = cleat_thread_start("events", writer, r);
    }
    return r;
}

void cleat_recorder_record(cleat_recorder *r, const char *source, const cleat_obj *about,
                           const char *type, const char *reason, const char *message) {
    struct pending *p = cleat_zalloc(sizeof *p);
    *p = (struct pending){.source = cleat_strdup(source),
                          .type = cleat_strdup(type),
                          .reason = cleat_strdup(reason),
                          .message = cleat_strdup(message),
                          .about = cleat_obj_ref(about),
                          .when = cleat_now_wall()};
    {
        CLEAT_LOCKED(&r->mutex);
        if (r->n < QUEUE_MAX && !r->stopping) {
            r->n++;
            *r->tail = p;
            r->tail = &p->next;
            pthread_cond_signal(&r->cond);
            return;
        }
    }
    cleat_metric_add(r->dropped, 1);
    pending_free(p);
}

static void give_up(void *userdata) {
    cleat_ctx_cancel(userdata);
}

void cleat_recorder_free(cleat_recorder *r) {
    if (r == NULL) {
        return;
    }
    if (!r->manual) {
        cleat_timer *limit = cleat_timer_new(CLEAT_SECOND, 0, give_up, r->ctx);
        {
            CLEAT_LOCKED(&r->mutex);
            r->stopping = true;
            pthread_cond_broadcast(&r->cond);
        }
        pthread_join(r->thread, NULL);
        cleat_timer_free(limit);
    }
    for (struct pending *p = r->head, *next; p != NULL; p = next) {
        next = p->next;
        pending_free(p);
    }
    forget_all(&r->spam);
    forget_all(&r->similar);
    forget_all(&r->seen);
    cleat_ctx_free(r->ctx);
    pthread_mutex_destroy(&r->mutex);
    pthread_cond_destroy(&r->cond);
    free(r);
}
