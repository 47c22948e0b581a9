/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watch streams: a cursor and a connection. Nothing is queued for a client that
 * does not read: its cursor waits where it is, or falls off the history.
 */
#include "core/api/internal.h"
#include "core/base/limits.h"

enum { BATCH = 32, BOOKMARK_S = 60 };

struct cleat__stream {
    struct cleat__stream *next, **link;
    struct cleat__conn *conn;
    const struct cleat_kind *kind;
    cleat_watch *watch;
    struct cleat__accept accept;
    int include;
    bool bookmarks, columns_sent;
    cleat_time deadline, next_bookmark;
    struct event *timer;
};

static const char *const type_names[] = {"", "ADDED", "MODIFIED", "DELETED", "BOOKMARK"};

/* One event whose object is text of ours. */
static void send_text(struct cleat__stream *st, const char *type, struct cleat_str object) {
    CLEAT_AUTO_BUF line = {0};
    cleat_buf_printf(&line, "{\"type\":\"%s\",\"object\":", type);
    cleat_buf_str(&line, object);
    cleat_buf_puts(&line, "}\n");
    CLEAT_AUTO_BUF chunk = {0};
    cleat_buf_reserve(&chunk, line.n + 24);
    cleat_buf_printf(&chunk, "%zx\r\n", line.n);
    cleat_buf_add(&chunk, line.p, line.n);
    cleat_buf_puts(&chunk, "\r\n");
    size_t n = chunk.n;
    cleat__out_bytes(st->conn, cleat_buf_take(&chunk), n);
}

/* One event that points to the object's own bytes. */
static void send_object(struct cleat__stream *st, const char *type, const cleat_obj *o) {
    static const char open[] = "{\"type\":\"", middle[] = "\",\"object\":", close[] = "}\n\r\n";
    size_t n = sizeof open - 1 + strlen(type) + sizeof middle - 1 + cleat_obj_bytes(o).n + 2;
    CLEAT_AUTO_BUF pre = {0};
    cleat_buf_printf(&pre, "%zx\r\n%s%s%s", n, open, type, middle);
    cleat__out_object(st->conn, &pre, o, close);
}

static void send_table(struct cleat__stream *st, const char *type, const cleat_obj *o) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/%s\",\"metadata\":{"
                     "\"resourceVersion\":\"%llu\"},\"columnDefinitions\":",
                     st->accept.version, (unsigned long long)cleat_obj_revision(o));
    if (st->columns_sent) {
        cleat_buf_puts(&b, "null");
    } else {
        cleat_table_columns(st->kind, &b);
    }
    st->columns_sent = true;
    cleat_buf_puts(&b, ",\"rows\":[");
    cleat_table_row(st->kind, o, st->include, st->accept.version, &b);
    cleat_buf_puts(&b, "]}");
    send_text(st, type, (struct cleat_str){b.p, b.n});
}

static void send_bookmark(struct cleat__stream *st, uint64_t revision, bool initial_end) {
    const struct cleat_kind *k = st->kind;
    CLEAT_AUTO_BUF b = {0};
    bool table = st->accept.form == CLEAT__TABLE;
    if (table) {
        cleat_buf_printf(
            &b,
            "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/%s\",\"metadata\":{"
            "\"resourceVersion\":\"%llu\"},\"columnDefinitions\":null,\"rows\":[{\"cells\":[],"
            "\"object\":",
            st->accept.version, (unsigned long long)revision);
    }
    cleat_buf_printf(
        &b,
        "{\"kind\":\"%s\",\"apiVersion\":\"%s%s%s\",\"metadata\":{\"resourceVersion\":"
        "\"%llu\",\"creationTimestamp\":null%s}}",
        k->kind, k->group, *k->group ? "/" : "", k->version, (unsigned long long)revision,
        initial_end ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "");
    if (table) {
        cleat_buf_puts(&b, "}]}");
    }
    send_text(st, "BOOKMARK", (struct cleat_str){b.p, b.n});
    st->next_bookmark = cleat_now_mono() + BOOKMARK_S * CLEAT_SECOND;
}

static void send_event(struct cleat__stream *st, const struct cleat_watch_event *ev) {
    if (ev->type == CLEAT_WATCH_BOOKMARK) {
        if (st->bookmarks || ev->initial_end) {
            send_bookmark(st, ev->revision, ev->initial_end);
        }
        return;
    }
    const char *type = type_names[ev->type];
    if (st->accept.form == CLEAT__TABLE) {
        send_table(st, type, ev->obj);
    } else if (st->accept.form == CLEAT__PARTIAL || st->accept.form == CLEAT__PARTIAL_LIST) {
        CLEAT_AUTO_BUF b = {0};
        cleat_partial_metadata(ev->obj, st->accept.version, &b);
        send_text(st, type, (struct cleat_str){b.p, b.n});
    } else {
        send_object(st, type, ev->obj);
    }
}

/* The end of the body; the connection can take another request. */
static void end_stream(struct cleat__conn *c) {
    cleat__out_bytes(c, cleat_strdup("0\r\n\r\n"), 5);
    cleat__stream_close(c);
    c->state = c->close_after || c->peer_closed ? CLEAT__DRAIN : CLEAT__HEAD;
    c->last_used = cleat_now_mono();
}

static void send_error(struct cleat__stream *st, const struct cleat_error *e) {
    CLEAT_AUTO_BUF b = {0};
    cleat_status_json(e, &b);
    while (b.n > 0 && b.p[b.n - 1] == '\n') {
        b.n--;
    }
    send_text(st, "ERROR", (struct cleat_str){b.p, b.n});
}

void cleat__stream_pump(struct cleat__conn *c) {
    c->busy++;
    bool ended = false;
    while (!c->dead && !ended && c->out_bytes < CLEAT_LIMIT_WATCH_BACKLOG) {
        struct cleat_watch_event ev[BATCH];
        struct cleat_error e = CLEAT_ERROR_INIT;
        int n = cleat_watch_next(c->stream->watch, ev, BATCH, &e);
        for (int i = 0; i < n; i++) {
            send_event(c->stream, &ev[i]);
            cleat_obj_unref(ev[i].obj);
        }
        if (n < 0) {
            send_error(c->stream, &e);
            end_stream(c);
            ended = true;
        } else if (n == 0) {
            break;
        }
    }
    cleat__conn_flush(c);
    c->busy--;
    if (c->dead && c->busy == 0) {
        free(c);
    }
}

static void set_timer(struct cleat__stream *st) {
    cleat_time now = cleat_now_mono(), at = st->deadline;
    if (st->bookmarks && st->next_bookmark < at) {
        at = st->next_bookmark;
    }
    cleat_time wait = at > now ? at - now : CLEAT_MS;
    struct timeval tv = {wait / CLEAT_SECOND, wait % CLEAT_SECOND / 1000};
    event_add(st->timer, &tv);
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__stream *st = arg;
    struct cleat__conn *c = st->conn;
    cleat_time now = cleat_now_mono();
    c->busy++;
    if (now >= st->deadline) {
        end_stream(c);
    } else {
        if (st->bookmarks && now >= st->next_bookmark) {
            send_bookmark(st, cleat_watch_revision(st->watch), false);
        }
        set_timer(st);
    }
    cleat__conn_flush(c);
    c->busy--;
    if (c->dead && c->busy == 0) {
        free(c);
    }
}

static cleat_time timeout_of(const struct cleat__route *r) {
    const char *text = cleat__param(r, "timeoutSeconds");
    long seconds = text ? strtol(text, NULL, 10) : 0;
    if (seconds <= 0 || seconds > 1000000) {
        seconds = 1800 + (long)(cleat_random() % 1800);
    }
    return seconds * CLEAT_SECOND;
}

void cleat__stream_open(struct cleat__conn *c, const struct cleat__route *r,
                        const struct cleat_kind *k, const struct cleat__identity *id,
                        struct cleat__accept accept) {
    cleat_api *a = c->io->api;
    const char *initial = cleat__param(r, "sendInitialEvents");
    CLEAT_AUTO_FREE char *by_name = NULL;
    struct cleat_watch_request q = {
        .kind = k,
        .ns = r->ns,
        .user = &id->user,
        .label_selector = cleat__param(r, "labelSelector"),
        .field_selector = cleat__param(r, "fieldSelector"),
        .resource_version = cleat__param(r, "resourceVersion"),
        .resource_version_match = cleat__param(r, "resourceVersionMatch"),
        .send_initial_events = initial != NULL && strcmp(initial, "true") == 0,
        .bookmarks = cleat__param_true(r, "allowWatchBookmarks"),
    };
    if (r->name.n > 0) { /* the old path /watch/.../NAME */
        by_name = cleat_sprintf("metadata.name=%.*s", CLEAT_FMT(r->name));
        q.field_selector = by_name;
    }
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_watch *w = NULL;
    /* Counted before the cursor is made, so that no publication goes unheard. */
    atomic_fetch_add(&a->watches, 1);
    if (cleat_watch_open(a->registry, &q, &w, &e) != CLEAT_OK) {
        atomic_fetch_sub(&a->watches, 1);
        cleat__respond_error(c, &e);
        return;
    }
    struct cleat__stream *st = cleat_zalloc(sizeof *st);
    st->conn = c;
    st->kind = k;
    st->watch = w;
    st->accept = accept;
    const char *include = cleat__param(r, "includeObject");
    st->include = include == NULL || strcmp(include, "Metadata") == 0 ? 1
                  : strcmp(include, "Object") == 0                    ? 2
                                                                      : 0;
    st->bookmarks = q.bookmarks;
    st->deadline = cleat_now_mono() + timeout_of(r);
    st->next_bookmark = cleat_now_mono() + BOOKMARK_S * CLEAT_SECOND;
    st->timer = event_new(c->io->base, -1, 0, on_timer, st);
    cleat_assert(st->timer != NULL);
    st->next = c->io->streams;
    st->link = &c->io->streams;
    if (st->next != NULL) {
        st->next->link = &st->next;
    }
    c->io->streams = st;
    c->stream = st;
    c->state = CLEAT__STREAM;
    CLEAT_AUTO_BUF head = {0};
    cleat__head(c, &head, 200, "application/json", -1, NULL);
    size_t n = head.n;
    cleat__out_bytes(c, cleat_buf_take(&head), n);
    set_timer(st);
    cleat__metric_request("WATCH", k, NULL, r->ns.n > 0 ? "namespace" : "cluster", 200, 0);
    cleat__stream_pump(c);
}

void cleat__stream_close(struct cleat__conn *c) {
    struct cleat__stream *st = c->stream;
    if (st == NULL) {
        return;
    }
    c->stream = NULL;
    *st->link = st->next;
    if (st->next != NULL) {
        st->next->link = st->link;
    }
    event_free(st->timer);
    cleat_watch_close(st->watch);
    free(st);
    atomic_fetch_sub(&c->io->api->watches, 1);
}

void cleat__streams_changed(struct cleat__io *io, const uint64_t changed[16], bool all) {
    for (struct cleat__stream *st = io->streams, *next; st != NULL; st = next) {
        next = st->next;
        uint32_t kind = cleat_watch_kind(st->watch);
        if (all || kind >= 16 * 64 || (changed[kind / 64] >> (kind % 64)) & 1) {
            cleat__stream_pump(st->conn);
        }
    }
}

void cleat__streams_end(struct cleat__io *io) {
    while (io->streams != NULL) {
        struct cleat__conn *c = io->streams->conn;
        c->busy++;
        c->close_after = true;
        end_stream(c);
        cleat__conn_flush(c);
        c->busy--;
        if (c->dead && c->busy == 0) {
            free(c);
        }
    }
}
