/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists and watches as streams. The I/O thread leaves bytes here and says so; whoever
 * reads takes them apart on his own thread, so that a long list holds up nobody else's. While more
 * than a mebibyte waits, the server is told to send no more.
 *
 * A stream that follows asks for page after page, then watches from where the list was
 * made; or it watches with sendInitialEvents where the server is new enough to know that (1.34),
 * which costs it less, and falls back where it is refused. A list is only complete when its
 * last page has come to its end in full, or the bookmark that says so.
 */
#include "core/remote/cut.h"
#include "core/remote/internal.h"

enum { BACKLOG = 1 << 20, PAGE = 500 /* as client-go */, WATCH_S = 300 /* to twice that */ };
enum { WATCH_LIST_SINCE = 34, VERSION_MAX = 64 * 1024 };
#define HEAD_TIME (60 * CLEAT_SECOND)

static const char
    plain[] = "application/json",
    metadata_list[] = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
                      "application/json",
    metadata_watch[] =
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

enum { ASKING, LISTING, WATCHING };

struct cleat_stream {
    struct cleat__remote *r;
    char *identity, *group, *version, *resource, *ns, *labels, *fields;
    bool metadata, follows, newest, one_page;
    uint64_t limit; /* of a page; 0 = none */
    void (*wake)(void *userdata);
    void *userdata;

    /* Shared with the I/O thread. */
    pthread_mutex_t mutex;
    struct cleat_buf in;
    bool ended, paused;
    cleat_err end_err;
    struct cleat_error end_e;
    struct cleat__rc_call *call; /* NULL between requests */

    struct cleat__rc_msg resume;
    _Atomic bool resuming;

    /* The reader's. */
    int phase;
    bool initial; /* a watch that begins with what is there */
    bool told;    /* something of the list: it cannot be begun anew without the reader */
    struct cleat_buf work;
    size_t work_off;
    struct cleat__rc_cut cut;
    struct cleat_buf version_text;
    bool document; /* the page's end has been read */
    uint64_t at_least, revision;
    char *continue_token;
    cleat_obj **early; /* items whose kind is not known yet */
    size_t n_early, next_early;
    cleat_err failed;
    struct cleat_error failure;
};

/* ---- the I/O thread's side ---- */

static bool on_data(struct cleat__rc_call *c, const char *p, size_t n) {
    cleat_stream *s = c->userdata;
    bool first, full;
    {
        CLEAT_LOCKED(&s->mutex);
        first = s->in.n == 0;
        cleat_buf_add(&s->in, p, n);
        full = s->in.n > BACKLOG;
        s->paused |= full;
    }
    if (first) {
        s->wake(s->userdata);
    }
    return !full;
}

static void on_end(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *e) {
    cleat_stream *s = c->userdata;
    {
        CLEAT_LOCKED(&s->mutex);
        s->ended = true;
        s->end_err = err;
        if (e != NULL) {
            s->end_e = *e;
        }
    }
    s->wake(s->userdata);
}

static void on_resume(struct cleat__rc_msg *m) {
    cleat_stream *s = (cleat_stream *)((char *)m - offsetof(struct cleat_stream, resume));
    atomic_store(&s->resuming, false);
    struct cleat__rc_call *c;
    {
        CLEAT_LOCKED(&s->mutex);
        c = s->ended || s->paused ? NULL : s->call;
    }
    if (c != NULL) {
        cleat__rc_call_resume(c); /* only this thread ends it, and it is freed later than that */
    }
}

/* ---- requests ---- */

static void start_request(cleat_stream *s, char *path, const char *accept) {
    static const struct cleat__rc_sink sink = {on_data, on_end};
    struct cleat__rc_call *c = cleat__rc_call_new(s->r, s->identity, "GET", path, &sink, s);
    c->accept = accept;
    c->no_end = s->phase == WATCHING;
    c->limited = s->phase == ASKING;
    c->timeout = c->no_end ? HEAD_TIME : s->r->timeout * 4; /* a page of a large list takes time */
    cleat__rc_cut_done(&s->cut);
    cleat__rc_cut_init(&s->cut, s->phase == WATCHING ? CLEAT__CUT_WATCH : CLEAT__CUT_LIST);
    s->document = false;
    s->work.n = s->work_off = 0;
    {
        CLEAT_LOCKED(&s->mutex);
        s->in.n = 0;
        s->ended = s->paused = false;
        s->call = c;
    }
    cleat__rc_call_start(c);
}

/* Ends the request that is under way, if any, and waits for that. */
static void drop_request(cleat_stream *s) {
    struct cleat__rc_call *c;
    {
        CLEAT_LOCKED(&s->mutex);
        c = s->call;
        s->call = NULL;
    }
    cleat__rc_call_cancel(s->r, c);
    cleat__rc_call_free(c);
}

static struct cleat_gvr gvr_of(const cleat_stream *s) {
    return (struct cleat_gvr){s->group, s->version, s->resource};
}

static void add_selectors(const cleat_stream *s, struct cleat_buf *b) {
    cleat__rc_query(b, "labelSelector", s->labels);
    cleat__rc_query(b, "fieldSelector", s->fields);
}

static void ask_page(cleat_stream *s) {
    CLEAT_AUTO_FREE char *base =
        cleat__rc_path(gvr_of(s), cleat_s(s->ns), (struct cleat_str){"", 0}, NULL);
    CLEAT_AUTO_BUF b = {0};
    char number[24];
    s->phase = LISTING;
    cleat_buf_puts(&b, base);
    add_selectors(s, &b);
    if (s->limit > 0) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)s->limit);
        cleat__rc_query(&b, "limit", number);
    }
    if (s->continue_token != NULL) {
        cleat__rc_query(&b, "continue", s->continue_token);
    } else if (s->follows && !s->newest) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)s->at_least);
        cleat__rc_query(&b, "resourceVersion", number);
        cleat__rc_query(&b, "resourceVersionMatch", s->at_least > 0 ? "NotOlderThan" : NULL);
    }
    start_request(s, cleat_buf_take(&b), s->metadata ? metadata_list : plain);
}

static void ask_version(cleat_stream *s) {
    s->phase = ASKING;
    start_request(s, cleat_strdup("/version"), plain);
}

static void ask_watch(cleat_stream *s) {
    CLEAT_AUTO_FREE char *base =
        cleat__rc_path(gvr_of(s), cleat_s(s->ns), (struct cleat_str){"", 0}, NULL);
    CLEAT_AUTO_BUF b = {0};
    char number[24];
    s->phase = WATCHING;
    cleat_buf_puts(&b, base);
    cleat__rc_query(&b, "watch", "true");
    add_selectors(s, &b);
    if (s->initial) {
        cleat__rc_query(&b, "sendInitialEvents", "true");
        cleat__rc_query(&b, "resourceVersionMatch", "NotOlderThan");
    }
    uint64_t from = s->initial ? s->at_least : s->revision;
    if (from > 0 || !s->initial) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)from);
        cleat__rc_query(&b, "resourceVersion", number);
    }
    cleat__rc_query(&b, "allowWatchBookmarks", "true");
    /* Watches that began together end one by one. */
    snprintf(number, sizeof number, "%u", WATCH_S + (unsigned)(cleat_random() % WATCH_S));
    cleat__rc_query(&b, "timeoutSeconds", number);
    start_request(s, cleat_buf_take(&b), s->metadata ? metadata_watch : plain);
}

/* Which way it goes depends on the server; whoever comes first asks it. */
static void ask_all(cleat_stream *s) {
    int known = atomic_load(&s->r->watch_lists);
    if (known == 0) {
        ask_version(s);
    } else if (known > 0) {
        s->initial = true;
        ask_watch(s);
    } else {
        ask_page(s);
    }
}

static cleat_stream *stream_new(struct cleat__remote *r, const char *identity, struct cleat_gvr gvr,
                                const char *labels, const char *fields, void (*wake)(void *),
                                void *userdata) {
    cleat_stream *s = cleat_zalloc(sizeof *s);
    s->r = r;
    s->identity = cleat_strdup(identity);
    s->group = cleat_strdup(gvr.group);
    s->version = cleat_strdup(gvr.version);
    s->resource = cleat_strdup(gvr.resource);
    s->labels = labels != NULL && *labels != '\0' ? cleat_strdup(labels) : NULL;
    s->fields = fields != NULL && *fields != '\0' ? cleat_strdup(fields) : NULL;
    s->wake = wake;
    s->userdata = userdata;
    s->resume.fn = on_resume;
    s->end_e.struct_size = s->failure.struct_size = sizeof s->end_e;
    pthread_mutex_init(&s->mutex, NULL);
    return s;
}

static void stream_free(cleat_stream *s) {
    for (size_t i = s->next_early; i < s->n_early; i++) {
        cleat_obj_unref(s->early[i]);
    }
    free(s->early);
    cleat__rc_cut_done(&s->cut);
    cleat_buf_done(&s->in);
    cleat_buf_done(&s->work);
    cleat_buf_done(&s->version_text);
    char *texts[] = {s->identity, s->group,  s->version, s->resource,
                     s->ns,       s->labels, s->fields,  s->continue_token};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

/* ---- objects ---- */

static cleat_err fail(cleat_stream *s, cleat_err err, const char *what, const char *why) {
    return cleat_fail(&s->failure, err, "%s of %s%s%s: %s", what, s->resource,
                      s->group[0] != '\0' ? "." : "", s->group, why);
}

static cleat_err broken(cleat_stream *s, const char *why) {
    bool watch = s->phase == WATCHING && !s->initial;
    return fail(s, CLEAT_E_UNAVAILABLE, watch ? "the watch" : "the list", why);
}

/* "PodList" -> "Pod", with quotes; empty where it is no list. */
static struct cleat_str item_kind(const cleat_stream *s) {
    struct cleat_str k = {s->cut.kind.p, s->cut.kind.n};
    bool list = k.n > 6 && k.p[0] == '"' && memcmp(k.p + k.n - 5, "List\"", 5) == 0;
    return list ? (struct cleat_str){k.p + 1, k.n - 6} : (struct cleat_str){"", 0};
}

/* Items of built-in kinds come without their kind: it stands once, in the list. */
static cleat_err with_kind(cleat_stream *s, struct cleat_str text, cleat_obj **ret) {
    struct cleat_str kind = item_kind(s), version = {s->cut.version.p, s->cut.version.n};
    CLEAT_AUTO_BUF text_buf = {0};
    struct cleat_buf *b = &text_buf;
    if (kind.n == 0 || version.n == 0) {
        return broken(s, "it is no list of a kind");
    }
    cleat_buf_reserve(b, text.n + kind.n + version.n + 32);
    cleat_buf_puts(b, "{\"kind\":\"");
    cleat_buf_str(b, kind);
    cleat_buf_puts(b, "\",\"apiVersion\":");
    cleat_buf_str(b, version);
    if (text.n > 2) {
        cleat_buf_putc(b, ',');
    }
    cleat_buf_add(b, text.p + 1, text.n - 1);
    struct cleat_error why = CLEAT_ERROR_INIT;
    return cleat_obj_parse((struct cleat_str){b->p, b->n}, 0, ret, &why) == CLEAT_OK
               ? CLEAT_OK
               : broken(s, why.message);
}

/* As Go writes them, built-in kinds begin with their metadata, custom ones with apiVersion. */
static bool lacks_kind(struct cleat_str text) {
    static const char begin[] = "{\"metadata\":";
    return text.n > sizeof begin && memcmp(text.p, begin, sizeof begin - 1) == 0;
}

/* *ret NULL: it waits for the list's kind. */
static cleat_err item(cleat_stream *s, cleat_obj **ret) {
    struct cleat_str text = {s->cut.object.p, s->cut.object.n};
    struct cleat_error why = CLEAT_ERROR_INIT;
    bool known = s->cut.kind.n > 0 && s->cut.version.n > 0;
    if (known && lacks_kind(text)) {
        CLEAT_TRY(with_kind(s, text, ret));
    } else if (cleat_obj_parse(text, 0, ret, &why) != CLEAT_OK) {
        return broken(s, why.message);
    }
    bool has = cleat_val_present(cleat_val_get(cleat_obj_root(*ret), "kind"));
    if (!has && known) {
        cleat_obj_unref(*ret);
        *ret = NULL;
        CLEAT_TRY(with_kind(s, text, ret));
    } else if (!has) {
        s->early = cleat_rearray(s->early, s->n_early + 1, sizeof *s->early);
        s->early[s->n_early++] = CLEAT_STEAL(*ret);
        return CLEAT_OK;
    }
    if (cleat_obj_name(*ret).n == 0) {
        cleat_obj_unref(*ret);
        *ret = NULL;
        return broken(s, "an item has no name");
    }
    return CLEAT_OK;
}

static cleat_err early_item(cleat_stream *s, cleat_obj **ret) {
    CLEAT_AUTO(cleat_obj) *o = s->early[s->next_early];
    s->next_early++;
    return with_kind(s, cleat_obj_bytes(o), ret);
}

/* A resourceVersion of a list or a bookmark: an integer, as it is promised to be. */
static bool to_revision(struct cleat_str text, uint64_t *ret) {
    uint64_t v = 0;
    if (text.n == 0 || text.n > 19) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
        v = v * 10 + (uint64_t)(text.p[i] - '0');
    }
    *ret = v;
    return true;
}

/* What the page says of the whole. */
static cleat_err page_ends(cleat_stream *s) {
    CLEAT_AUTO(cleat_obj) *meta = NULL;
    struct cleat_str text = {s->cut.meta.p, s->cut.meta.n};
    if (item_kind(s).n == 0 || !s->cut.has_items || text.n == 0 ||
        cleat_obj_parse(text, 0, &meta, NULL) != CLEAT_OK) {
        return broken(s, "what the server says is no list");
    }
    free(s->continue_token);
    s->continue_token = cleat_val_strdup(cleat_obj_at(meta, CLEAT_PATH("continue")));
    if (s->continue_token != NULL && s->continue_token[0] == '\0') {
        free(s->continue_token);
        s->continue_token = NULL;
    }
    struct cleat_str version = cleat_val_str(cleat_obj_at(meta, CLEAT_PATH("resourceVersion")));
    s->revision = 0;
    if (!to_revision(version, &s->revision) && s->follows) {
        return fail(s, CLEAT_E_UNSUPPORTED, "the list",
                    "its resourceVersion is no integer: it cannot be watched from there");
    }
    s->document = true;
    return CLEAT_OK;
}

static cleat_err event(cleat_stream *s, struct cleat_stream_event *out) {
    static const char *const types[] = {[CLEAT_STREAM_ADDED] = "\"ADDED\"",
                                        [CLEAT_STREAM_MODIFIED] = "\"MODIFIED\"",
                                        [CLEAT_STREAM_DELETED] = "\"DELETED\"",
                                        [CLEAT_STREAM_BOOKMARK] = "\"BOOKMARK\""};
    struct cleat_str type = {s->cut.type.p, s->cut.type.n};
    struct cleat_error why = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (s->cut.object.n == 0 ||
        cleat_obj_parse((struct cleat_str){s->cut.object.p, s->cut.object.n}, 0, &o, &why) !=
            CLEAT_OK) {
        return broken(s, why.message[0] != '\0' ? why.message : "an event has no object");
    }
    if (cleat_eqc(type, "\"ERROR\"")) {
        return cleat__rc_status_of(o, &s->failure);
    }
    *out = (struct cleat_stream_event){0};
    for (int i = CLEAT_STREAM_ADDED; i <= CLEAT_STREAM_BOOKMARK; i++) {
        out->type = cleat_eqc(type, types[i]) ? i : out->type;
    }
    out->revision = cleat_obj_revision(o);
    if (out->type == 0 || out->revision == 0) {
        return broken(s, "an event's type or resourceVersion is not understood");
    }
    if (out->type == CLEAT_STREAM_BOOKMARK && s->initial) {
        struct cleat_val end =
            cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", "k8s.io/initial-events-end"));
        s->initial = !cleat_val_present(end) || !cleat_eqc(cleat_val_str(end), "true");
        out->type = s->initial ? out->type : CLEAT_STREAM_LIST_END;
    } else if (out->type != CLEAT_STREAM_BOOKMARK) {
        if (cleat_obj_name(o).n == 0) {
            return broken(s, "an event's object has no name");
        }
        out->obj = CLEAT_STEAL(o);
        s->told |= s->initial;
        if (s->initial && out->type != CLEAT_STREAM_DELETED) {
            out->type = CLEAT_STREAM_LISTED;
        }
    }
    s->revision = out->revision > s->revision ? out->revision : s->revision;
    return CLEAT_OK;
}

/* ---- reading ---- */

enum { NOTHING, SOMETHING, EVENT };

/* A watch that begins with what is there was refused: the old way then, and from now on
 * where the server does not know the new one. What was told of such a beginning may have gone
 * before the list is made that follows: then whoever reads must begin anew. */
static bool falls_back(cleat_stream *s, cleat_err err) {
    if (!s->initial || err == CLEAT_E_CANCELLED || err == CLEAT_E_UNAVAILABLE) {
        return false;
    }
    if (err == CLEAT_E_INVALID || err == CLEAT_E_BAD_REQUEST) {
        atomic_store(&s->r->watch_lists, -1);
    }
    if (s->told) {
        return false;
    }
    s->initial = false;
    ask_page(s);
    return true;
}

/* {"major":"1","minor":"34+"} */
static void learn_version(cleat_stream *s, struct cleat_str text) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    int known = -1;
    if (text.n > 0 && cleat_obj_parse(text, 0, &o, NULL) == CLEAT_OK) {
        CLEAT_AUTO_FREE char *major = cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("major")));
        CLEAT_AUTO_FREE char *minor = cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("minor")));
        bool one = major != NULL && strcmp(major, "1") == 0;
        known = one && minor != NULL && strtoul(minor, NULL, 10) >= WATCH_LIST_SINCE ? 1 : -1;
    }
    atomic_store(&s->r->watch_lists, known);
}

/* The request has ended and all of it was read: what comes next. */
static int next_request(cleat_stream *s, struct cleat_stream_event *out) {
    struct cleat__rc_call *c;
    cleat_err err;
    {
        CLEAT_LOCKED(&s->mutex);
        if (!s->ended || s->in.n > 0) {
            return s->in.n > 0 ? SOMETHING : NOTHING;
        }
        c = s->call;
        s->call = NULL;
        err = s->end_err;
    }
    if (c == NULL) {
        return NOTHING;
    }
    cleat__rc_call_free(c);
    if (s->phase == ASKING && err == CLEAT_OK) {
        learn_version(s, (struct cleat_str){s->version_text.p, s->version_text.n});
        ask_all(s);
        return SOMETHING;
    }
    if (s->phase == ASKING && err != CLEAT_E_UNAVAILABLE && err != CLEAT_E_CANCELLED) {
        atomic_store(&s->r->watch_lists, -1); /* whoever may not know that need not */
        ask_page(s);
        return SOMETHING;
    }
    if (err != CLEAT_OK && falls_back(s, err)) {
        return SOMETHING;
    }
    if (err != CLEAT_OK) {
        bool first = s->phase == LISTING && s->follows && s->continue_token == NULL;
        bool too_new = err == CLEAT_E_EXPIRED || err == CLEAT_E_GONE || err == CLEAT_E_TIMEOUT;
        if (first && !s->told && !s->newest && s->at_least > 0 && too_new) {
            s->newest = true; /* the server does not know that revision, or not yet */
            ask_page(s);
            return SOMETHING;
        }
        s->failure = s->end_e;
        s->failed = err;
        return NOTHING;
    }
    if (s->phase == WATCHING) {
        s->failed = cleat__rc_cut_between(&s->cut)
                        ? fail(s, CLEAT_E_TIMEOUT, "the watch", "the server ended it")
                        : broken(s, "it ends in the middle of an event");
        return NOTHING;
    }
    if (!s->document) {
        s->failed = broken(s, "it ends too early");
        return NOTHING;
    }
    if (s->continue_token != NULL && !s->one_page) {
        ask_page(s);
        return SOMETHING;
    }
    *out = (struct cleat_stream_event){.type = CLEAT_STREAM_LIST_END, .revision = s->revision};
    if (s->follows) {
        ask_watch(s);
    }
    return EVENT;
}

/* Takes what has come; false: nothing has. */
static bool fetch(cleat_stream *s) {
    bool resume = false;
    {
        CLEAT_LOCKED(&s->mutex);
        if (s->in.n == 0) {
            return false;
        }
        struct cleat_buf had = s->work;
        s->work = s->in;
        if (had.cap > 64 * 1024 && s->phase == WATCHING) {
            cleat_buf_done(&had); /* after a burst */
        }
        had.n = 0;
        s->in = had;
        s->work_off = 0;
        resume = s->paused;
        s->paused = false;
    }
    if (resume && !atomic_exchange(&s->resuming, true)) {
        cleat__rc_post(s->r, &s->resume);
    }
    return true;
}

/* What has come of the version so far; it is short, and means nothing before its end. */
static int take_version(cleat_stream *s) {
    cleat_buf_add(&s->version_text, s->work.p + s->work_off, s->work.n - s->work_off);
    s->work.n = s->work_off = 0;
    if (s->version_text.n > VERSION_MAX) {
        s->failed = broken(s, "the server's version is too long");
        return NOTHING;
    }
    return SOMETHING;
}

/* One step; EVENT: *out is one. */
static int advance(cleat_stream *s, struct cleat_stream_event *out) {
    if (s->document && s->next_early < s->n_early) {
        *out = (struct cleat_stream_event){.type = CLEAT_STREAM_LISTED};
        s->failed = early_item(s, &out->obj);
        if (s->failed != CLEAT_OK) {
            return NOTHING;
        }
        out->revision = cleat_obj_revision(out->obj);
        return EVENT;
    }
    if (s->document) {
        s->n_early = s->next_early = 0;
    }
    if (s->work_off == s->work.n && !fetch(s)) {
        return next_request(s, out);
    }
    if (s->phase == ASKING) {
        return take_version(s);
    }
    size_t used;
    int r = cleat__rc_cut(&s->cut, s->work.p + s->work_off, s->work.n - s->work_off, &used);
    s->work_off += used;
    if (s->work_off == s->work.n) {
        s->work.n = s->work_off = 0;
    }
    if (r == CLEAT__CUT_MORE) {
        return SOMETHING;
    }
    if (r == CLEAT__CUT_BAD) {
        s->failed = broken(s, s->cut.why);
        return NOTHING;
    }
    *out = (struct cleat_stream_event){.type = CLEAT_STREAM_LISTED};
    if (r == CLEAT__CUT_OBJECT) {
        s->told = true;
        s->failed = item(s, &out->obj);
        out->revision = out->obj != NULL ? cleat_obj_revision(out->obj) : 0;
        return s->failed != CLEAT_OK ? NOTHING : out->obj != NULL ? EVENT : SOMETHING;
    }
    s->failed = s->phase == WATCHING ? event(s, out) : page_ends(s);
    if (s->failed != CLEAT_OK && s->initial && s->failed != CLEAT_E_UNAVAILABLE) {
        drop_request(s);
        if (falls_back(s, s->failed)) {
            s->failed = CLEAT_OK;
            return SOMETHING;
        }
    }
    return s->failed != CLEAT_OK ? NOTHING : s->phase == WATCHING ? EVENT : SOMETHING;
}

int cleat__remote_read(cleat_stream *s, struct cleat_stream_event *out, int max,
                       struct cleat_error *e) {
    int n = 0;
    while (n < max && s->failed == CLEAT_OK) {
        int r = advance(s, &out[n]);
        n += r == EVENT;
        if (r == NOTHING) {
            break;
        }
    }
    if (s->failed == CLEAT_OK) {
        return n;
    }
    if (n > 0) {
        s->wake(s->userdata); /* what was read is given first; the error comes again */
        return n;
    }
    if (e != NULL) {
        uint32_t size = e->struct_size;
        memcpy(e, &s->failure, size > 0 && size < sizeof *e ? size : sizeof *e);
        e->struct_size = size;
        e->code = s->failed;
    }
    return s->failed;
}

void cleat__remote_unwatch(cleat_stream *s) {
    drop_request(s);
    stream_free(s);
}

/* ---- opening ---- */

cleat_err cleat__remote_follow(struct cleat_transport *t, const char *identity,
                               const struct cleat_follow *f, void (*wake)(void *), void *userdata,
                               cleat_stream **ret, struct cleat_error *e) {
    (void)e;
    cleat_stream *s = stream_new((struct cleat__remote *)t, identity, f->gvr, f->label_selector,
                                 f->field_selector, wake, userdata);
    s->follows = true;
    s->ns = cleat_strdup(f->ns);
    s->metadata = f->metadata;
    s->newest = f->at_least == UINT64_MAX;
    s->at_least = s->newest ? 0 : f->at_least;
    s->limit = s->newest ? 0 : PAGE; /* as upstream does after a page was lost: all at once */
    *ret = s;
    if (s->newest) {
        ask_page(s);
    } else {
        ask_all(s);
    }
    return CLEAT_OK;
}

static cleat_err watch(struct cleat_transport *t, const char *identity, struct cleat_gvr gvr,
                       const char *labels, const char *fields, bool metadata, uint64_t revision,
                       void (*wake)(void *), void *userdata, cleat_stream **ret) {
    cleat_stream *s =
        stream_new((struct cleat__remote *)t, identity, gvr, labels, fields, wake, userdata);
    s->metadata = metadata;
    s->revision = revision;
    *ret = s;
    ask_watch(s);
    return CLEAT_OK;
}

cleat_err cleat__remote_watch(struct cleat_transport *t, const char *identity, struct cleat_gvr gvr,
                              const char *labels, const char *fields, uint64_t revision,
                              void (*wake)(void *), void *userdata, cleat_stream **ret,
                              struct cleat_error *e) {
    (void)e;
    return watch(t, identity, gvr, labels, fields, false, revision, wake, userdata, ret);
}

cleat_err cleat__remote_watch_metadata(struct cleat_transport *t, const char *identity,
                                       struct cleat_gvr gvr, uint64_t revision,
                                       void (*wake)(void *), void *userdata, cleat_stream **ret,
                                       struct cleat_error *e) {
    (void)e;
    return watch(t, identity, gvr, NULL, NULL, true, revision, wake, userdata, ret);
}

/* ---- lists that are waited for ---- */

static void on_more(void *userdata) {
    cleat_event_set(userdata);
}

static void add(struct cleat_list *l, size_t *cap, cleat_obj *o) {
    if (l->n == *cap) {
        *cap = *cap > 0 ? *cap * 2 : 64;
        l->items = cleat_rearray(l->items, *cap, sizeof *l->items);
    }
    l->items[l->n++] = o;
}

static void drop_items(struct cleat_list *l) {
    for (size_t i = 0; i < l->n; i++) {
        cleat_obj_unref(l->items[i]);
    }
    free(l->items);
    l->items = NULL;
    l->n = 0;
}

/* Reads to the end of the list, or of the one page where that is wanted. */
static cleat_err gather(cleat_stream *s, cleat_ctx *ctx, struct cleat_event *more,
                        struct cleat_list *ret, struct cleat_error *e) {
    size_t cap = 0;
    struct cleat_stream_event ev[64];
    for (;;) {
        cleat_event_init(more);
        int n = cleat__remote_read(s, ev, 64, e);
        if (n < 0) {
            return n;
        }
        for (int i = 0; i < n; i++) {
            if (ev[i].type == CLEAT_STREAM_LIST_END) {
                ret->revision = ev[i].revision;
                return CLEAT_OK;
            }
            add(ret, &cap, ev[i].obj);
        }
        if (n == 0) {
            cleat_err err = cleat_ctx_wait(ctx, more);
            if (err != CLEAT_OK) {
                return cleat_fail(e, err, "the list of %s: the context has ended", s->resource);
            }
        }
    }
}

static cleat_err list(struct cleat__remote *r, const char *identity, cleat_ctx *ctx,
                      struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                      bool metadata, struct cleat_list *ret, struct cleat_error *e) {
    struct cleat_event more;
    cleat_event_init(&more);
    cleat_err ended = cleat_ctx_err(ctx);
    if (ended != CLEAT_OK) {
        return cleat_fail(e, ended, "the context has ended");
    }
    cleat_stream *s = stream_new(r, identity, gvr, o ? o->label_selector : NULL,
                                 o ? o->field_selector : NULL, on_more, &more);
    s->ns = ns != NULL ? cleat_strdup(ns) : NULL;
    s->metadata = metadata;
    s->limit = o != NULL && o->limit > 0 ? o->limit : PAGE;
    s->one_page = o != NULL && (o->limit > 0 || o->continue_token != NULL);
    if (o != NULL && o->continue_token != NULL) {
        s->continue_token = cleat_strdup(o->continue_token);
        s->limit = o->limit;
    }
    ask_page(s);
    cleat_err err = gather(s, ctx, &more, ret, e);
    if (err == CLEAT_OK) {
        ret->continue_token = CLEAT_STEAL(s->continue_token);
    } else {
        drop_items(ret);
    }
    cleat__remote_unwatch(s);
    return err;
}

cleat_err cleat__remote_list(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                             struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                             struct cleat_list *ret, struct cleat_error *e) {
    return list((struct cleat__remote *)t, identity, ctx, gvr, ns, o, false, ret, e);
}

cleat_err cleat__remote_list_metadata(struct cleat_transport *t, const char *identity,
                                      cleat_ctx *ctx, struct cleat_gvr gvr, struct cleat_list *ret,
                                      struct cleat_error *e) {
    return list((struct cleat__remote *)t, identity, ctx, gvr, NULL, NULL, true, ret, e);
}
