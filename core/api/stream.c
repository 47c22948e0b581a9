/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watch streams: a cursor and a call. Nothing is queued for a client that
 * does not read: its cursor waits where it is, or falls off the history. A
 * stream and its call belong to one I/O thread.
 */
#include "core/api/lines.h"
#include "core/base/limits.h"

enum { BATCH = 32, BOOKMARK_S = 60, TURNS = 4 };

/* A round is dear when its kind has many watchers: what changes while the next one
 * waits goes out in one write each. It begins when SHARE times what the last one took has
 * passed since that began, PATIENCE at most; cheap rounds wait for nothing. Whoever asks
 * for something else meanwhile waits for a SLICE of it, not for all. */
enum { SHARE = 3 };
#define CHEAP    (CLEAT_MS / 4)
#define SLICE    (CLEAT_MS / 2)
#define PATIENCE (6 * CLEAT_MS)

struct cleat__stream {
    struct cleat__stream *next, **link;
    struct cleat__call *call;
    cleat_watch *watch;
    struct cleat__view view;
    bool bookmarks;
    cleat_time deadline, next_bookmark;
    struct event timer;
    cleat_metric *events, *sizes;
};

static const char *const type_names[] = {"", "ADDED", "MODIFIED", "DELETED", "BOOKMARK"};

static uint32_t slot_of(const struct cleat_kind *k) {
    return k->id < CLEAT__KINDS ? k->id : CLEAT__KINDS - 1;
}

/* ---- events ---- */

static void account(struct cleat__stream *st, size_t object_bytes) {
    cleat_metric_add(st->events, 1);
    cleat_metric_add(st->sizes, (double)object_bytes);
}

static void send_bookmark(struct cleat__stream *st, uint64_t revision, bool initial_end) {
    const struct cleat_kind *k = st->view.kind;
    CLEAT_AUTO_BUF b = {0};
    bool table = st->view.accept.form == CLEAT__TABLE;
    if (table) {
        cleat_buf_printf(
            &b,
            "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/%s\",\"metadata\":{"
            "\"resourceVersion\":\"%llu\"},\"columnDefinitions\":null,\"rows\":[{\"cells\":[],"
            "\"object\":",
            st->view.accept.version, (unsigned long long)revision);
    }
    cleat_buf_printf(&b,
                     "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":"
                     "\"%llu\",\"creationTimestamp\":null%s}}",
                     k->kind, k->api_version, (unsigned long long)revision,
                     initial_end ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}"
                                 : "");
    if (table) {
        cleat_buf_puts(&b, "}]}");
    }
    account(st, b.n);
    cleat__line_send_text(st->call, &st->view, "BOOKMARK", (struct cleat_str){b.p, b.n});
    st->next_bookmark = cleat_now_mono() + BOOKMARK_S * CLEAT_SECOND;
}

/* One that tells how far the watcher has seen; not while initial objects remain. */
static void send_progress(struct cleat__stream *st) {
    uint64_t revision = cleat_watch_revision(st->watch);
    st->next_bookmark = cleat_now_mono() + BOOKMARK_S * CLEAT_SECOND;
    if (st->bookmarks && revision > 0) {
        send_bookmark(st, revision, false);
    }
}

static void send_event(struct cleat__stream *st, const struct cleat_watch_event *ev) {
    if (ev->type == CLEAT_WATCH_BOOKMARK) {
        if (st->bookmarks || ev->initial_end) {
            send_bookmark(st, ev->revision, ev->initial_end);
        }
        return;
    }
    account(st, cleat__line_send(st->call, &st->view, type_names[ev->type], ev->obj));
    st->view.columns = false;
}

static void send_error(struct cleat__stream *st, const struct cleat_error *e) {
    CLEAT_AUTO_BUF b = {0};
    cleat_status_json(e, &b);
    while (b.n > 0 && b.p[b.n - 1] == '\n') {
        b.n--;
    }
    account(st, b.n);
    cleat__line_send_text(st->call, &st->view, "ERROR", (struct cleat_str){b.p, b.n});
}

/* ---- pumping ---- */

void cleat__stream_end(struct cleat__call *c) {
    if (c->id == 0) {
        cleat__out_bytes(c, CLEAT_STR("0\r\n\r\n"));
    }
    cleat__stream_close(c);
    cleat__call_done(c);
}

enum { MORE, NO_MORE, ENDED };

/* Queues events until there are none or enough. */
static int fill(struct cleat__call *c) {
    struct cleat__stream *st = c->stream;
    while (c->out_bytes < CLEAT_LIMIT_WATCH_BACKLOG) {
        struct cleat_watch_event ev[BATCH];
        struct cleat_error e = CLEAT_ERROR_INIT;
        int n = cleat_watch_next(st->watch, ev, BATCH, &e);
        if (n < 0) {
            if (e.code != CLEAT_E_NOT_FOUND) { /* the kind's end is a plain end */
                send_error(st, &e);
            }
            return ENDED;
        }
        if (n == 0) {
            return NO_MORE;
        }
        for (int i = 0; i < n; i++) {
            send_event(st, &ev[i]);
            cleat_obj_unref(ev[i].obj);
        }
    }
    return MORE;
}

/* Moves what the client takes. What it does not take is gone on with when it takes
 * more: nothing is read off the history meanwhile. */
void cleat__stream_pump(struct cleat__call *c) {
    cleat__call_hold(c);
    int r = MORE;
    for (int turn = 0; r == MORE && turn < TURNS && !c->gone; turn++) {
        r = fill(c);
        if (r == ENDED) {
            cleat__stream_end(c);
        } else {
            cleat__call_flush(c);
        }
        if (c->gone || c->out_bytes >= CLEAT_LIMIT_WATCH_BACKLOG) {
            break;
        }
    }
    c->starved = r == MORE;
    if (r == MORE && !c->gone && c->out == NULL) {
        cleat__conn_wake(c->conn); /* all was taken, no event would come: let others in between */
    }
    cleat__call_release(c);
}

/* ---- rounds ---- */

static bool bit(const uint64_t *set, size_t slot) {
    return (set[slot / 64] >> slot % 64 & 1) != 0;
}

static void set_bit(uint64_t *set, size_t slot, bool on) {
    uint64_t mask = UINT64_C(1) << slot % 64;
    set[slot / 64] = on ? set[slot / 64] | mask : set[slot / 64] & ~mask;
}

/* Goes on with the round of a slot's kinds, for a SLICE at most. */
static void serve_slice(struct cleat__io *io, size_t slot, cleat_time now) {
    struct cleat__round *r = &io->rounds.of[slot];
    cleat_time end = now;
    bool shared = io->streams[slot] != NULL && io->streams[slot]->next != NULL;
    if (shared) {
        cleat__lines_begin(io);
    }
    while (r->at != NULL && end - now < SLICE) {
        struct cleat__stream *st = r->at;
        r->at = st->next; /* pumping may end this one, and only this one */
        cleat__stream_pump(st->call);
        end = cleat_now_mono();
    }
    if (shared) {
        cleat__lines_end(io);
    }
    r->took += end - now;
    if (r->at == NULL) {
        set_bit(io->rounds.under_way, slot, false);
        cleat_time wait = r->took < CHEAP ? 0 : r->took * SHARE;
        r->may_begin = end + (wait < PATIENCE ? wait : PATIENCE);
    }
}

/* When the slot wants to be looked at again; INT64_MAX: once something changes. */
static cleat_time serve_slot(struct cleat__io *io, size_t slot, cleat_time now) {
    struct cleat__rounds *rs = &io->rounds;
    struct cleat__round *r = &rs->of[slot];
    if (!bit(rs->under_way, slot)) {
        if (r->may_begin > now) {
            return r->may_begin;
        }
        set_bit(rs->wanted, slot, false); /* what changes from here on asks for another one */
        set_bit(rs->under_way, slot, true);
        r->at = io->streams[slot];
        r->took = 0;
    }
    serve_slice(io, slot, now);
    return bit(rs->under_way, slot) ? 0 : bit(rs->wanted, slot) ? r->may_begin : INT64_MAX;
}

static void serve_rounds(struct cleat__io *io) {
    struct cleat__rounds *rs = &io->rounds;
    cleat_time due = INT64_MAX;
    for (size_t word = 0; word < CLEAT__KINDS / 64; word++) {
        for (uint64_t bits = rs->wanted[word] | rs->under_way[word]; bits != 0; bits &= bits - 1) {
            size_t slot = word * 64 + (size_t)__builtin_ctzll(bits);
            cleat_time again = serve_slot(io, slot, cleat_now_mono());
            due = again < due ? again : due;
        }
    }
    if (due != INT64_MAX) { /* even where that is now: requests get their turn in between */
        cleat_time now = cleat_now_mono(), wait = due > now ? due - now : 0;
        struct timeval tv = {wait / CLEAT_SECOND, wait % CLEAT_SECOND / 1000};
        event_add(&rs->timer, &tv);
    }
}

static void on_round(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    serve_rounds(arg);
}

void cleat__streams_changed(struct cleat__io *io, const uint64_t changed[CLEAT__KINDS / 64]) {
    for (size_t word = 0; word < CLEAT__KINDS / 64; word++) {
        io->rounds.wanted[word] |= changed[word];
    }
    serve_rounds(io);
}

void cleat__streams_start(struct cleat__io *io) {
    event_assign(&io->rounds.timer, io->base, -1, 0, on_round, io);
}

/* ---- life ---- */

static void set_timer(struct cleat__stream *st) {
    cleat_time now = cleat_now_mono(), at = st->deadline;
    if (st->bookmarks && st->next_bookmark < at) {
        at = st->next_bookmark;
    }
    cleat_time wait = at > now ? at - now : CLEAT_MS;
    struct timeval tv = {wait / CLEAT_SECOND, wait % CLEAT_SECOND / 1000};
    event_add(&st->timer, &tv);
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__stream *st = arg;
    struct cleat__call *c = st->call;
    cleat__call_hold(c);
    cleat__stream_pump(c); /* other kinds may have moved the revision on */
    if (c->stream != NULL) {
        cleat_time now = cleat_now_mono();
        bool over = now >= st->deadline;
        if ((over || now >= st->next_bookmark) && c->out_bytes < CLEAT_LIMIT_WATCH_BACKLOG) {
            send_progress(st);
        }
        if (over) {
            cleat__stream_end(c);
        } else {
            set_timer(st);
            cleat__call_flush(c);
        }
    }
    cleat__call_release(c);
}

static cleat_time timeout_of(int64_t seconds) {
    if (seconds <= 0 || seconds > 1000000) {
        seconds = 1800 + (int64_t)(cleat_random() % 1800);
    }
    return seconds * CLEAT_SECOND;
}

static void stream_new(struct cleat__call *c, const struct cleat__route *r,
                       const struct cleat_kind *k, cleat_watch *w, struct cleat__accept accept,
                       bool bookmarks, int64_t timeout) {
    struct cleat__stream *st = cleat_zalloc(sizeof *st), **list = &c->io->streams[slot_of(k)];
    cleat_time now = cleat_now_mono();
    st->call = c;
    st->watch = w;
    st->view = (struct cleat__view){.kind = k,
                                    .accept = accept,
                                    .include = cleat__include_of(r),
                                    .columns = accept.form == CLEAT__TABLE,
                                    .chunked = c->id == 0};
    cleat__metric_watch(k, &st->events, &st->sizes);
    st->bookmarks = bookmarks;
    st->deadline = now + timeout_of(timeout);
    st->next_bookmark = now + BOOKMARK_S * CLEAT_SECOND;
    event_assign(&st->timer, c->io->base, -1, 0, on_timer, st);
    st->next = *list;
    st->link = list;
    if (st->next != NULL) {
        st->next->link = &st->next;
    }
    *list = st;
    c->stream = st;
    atomic_fetch_add(&c->io->api->watches, 1);
    set_timer(st);
}

void cleat__stream_open(struct cleat__call *c, const struct cleat__route *r,
                        const struct cleat_kind *k, const struct cleat__identity *id,
                        struct cleat__accept accept) {
    CLEAT_AUTO_FREE char *by_name = NULL;
    struct cleat_watch_request q = {
        .kind = k,
        .ns = r->ns,
        .user = &id->user,
        .label_selector = cleat__param(r, "labelSelector"),
        .field_selector = cleat__param(r, "fieldSelector"),
        .resource_version = cleat__param(r, "resourceVersion"),
        .resource_version_match = cleat__param(r, "resourceVersionMatch"),
        .says_initial_events = cleat__param(r, "sendInitialEvents") != NULL,
        .send_initial_events = cleat__param_true(r, "sendInitialEvents"),
        .bookmarks = cleat__param_true(r, "allowWatchBookmarks"),
    };
    if (r->name.n > 0) { /* the old path /watch/.../NAME */
        by_name = cleat_sprintf("metadata.name=%.*s", CLEAT_FMT(r->name));
        q.field_selector = by_name;
    }
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_watch *w = NULL;
    int64_t limit, timeout;
    if (cleat__list_numbers(r, &limit, &timeout, &e) != CLEAT_OK) {
        cleat__respond_error(c, &e);
        return;
    }
    /* Counted before the cursor is made, so that no publication goes unheard. */
    _Atomic uint32_t *watched = &c->io->watched[slot_of(k)];
    atomic_fetch_add(watched, 1);
    cleat_err err = c->http10 ? cleat_fail(&e, CLEAT_E_BAD_REQUEST, "a watch needs HTTP/1.1")
                              : cleat_watch_open(c->io->api->registry, &q, &w, &e);
    cleat__metric_request(c->io, "WATCH", k, NULL, r->ns.n > 0 ? "namespace" : "cluster",
                          cleat_err_http(err), 0);
    if (err != CLEAT_OK) {
        atomic_fetch_sub(watched, 1);
        cleat__respond_error(c, &e);
        return;
    }
    stream_new(c, r, k, w, accept, q.bookmarks, timeout);
    struct cleat_buf *b = cleat__head(c, 200, "application/json", -1, NULL);
    cleat__out_bytes(c, (struct cleat_str){b->p, b->n});
    c->starved = true;
    cleat__conn_wake(c->conn); /* events follow once the request at hand is put away */
}

void cleat__stream_close(struct cleat__call *c) {
    struct cleat__stream *st = c->stream;
    if (st == NULL) {
        return;
    }
    struct cleat__round *round = &c->io->rounds.of[slot_of(st->view.kind)];
    c->stream = NULL;
    round->at = round->at == st ? st->next : round->at;
    *st->link = st->next;
    if (st->next != NULL) {
        st->next->link = st->link;
    }
    event_del(&st->timer);
    cleat_watch_close(st->watch);
    atomic_fetch_sub(&c->io->watched[slot_of(st->view.kind)], 1);
    atomic_fetch_sub(&c->io->api->watches, 1);
    free(st);
}
