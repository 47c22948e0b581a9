/* SPDX-License-Identifier: Apache-2.0 */
/* One thread writes, the caller's holds the watches. */
#include "bench/support/load_watch.h"

#include <unistd.h>

struct watch {
    struct load_watch *pub;
    cleat_time begin; /* of the writing */
    struct tail {
        char bytes[96];
        size_t n;
        uint64_t seen;
        bool opened;
    } * tails;     /* of each watcher */
    unsigned sent; /* the writer's */
    _Atomic unsigned opened;
    _Atomic uint64_t written; /* answered with 200 */
    _Atomic cleat_time ended; /* the writing; 0 = not yet */
};

#define STAMP   "\"stamp\":\"t"
#define WATCHED "/api/v1/namespaces/default/configmaps"
enum { WRITERS = 16 };
#define LATE (5 * CLEAT_SECOND) /* what has not come by then is lost */

static void watch_stamp(struct watch *w, struct tail *t, const char *digits) {
    cleat_time due = (cleat_time)strtoll(digits, NULL, 10);
    if (!t->opened) { /* what the object was before */
        t->opened = true;
        atomic_fetch_add(&w->opened, 1);
        return;
    }
    histogram_add(&w->pub->delay, cleat_now_mono() - due);
    w->pub->events++;
    t->seen++;
}

/* Stamps in the stream, also one that lies across two pieces. */
static void watch_piece(struct load *l, unsigned conn, struct cleat_str data) {
    struct watch *w = l->userdata;
    struct tail *t = &w->tails[conn];
    const size_t need = sizeof STAMP - 1 + 19;
    CLEAT_AUTO_BUF text = {0};
    if (t->n > 0) {
        cleat_buf_add(&text, t->bytes, t->n);
        cleat_buf_str(&text, data);
        data = (struct cleat_str){text.p, text.n};
    }
    const char *p = data.p, *end = data.p + data.n, *hit;
    while ((hit = memmem(p, (size_t)(end - p), STAMP, sizeof STAMP - 1)) != NULL &&
           (size_t)(end - hit) >= need + 1) {
        watch_stamp(w, t, hit + sizeof STAMP - 1);
        p = hit + need;
    }
    /* An event that ends here leaves nothing that a stamp could begin with. */
    size_t left = end > p && end[-1] == '\n' ? 0 : (size_t)(end - p);
    t->n = left < need ? left : need;
    memcpy(t->bytes, end - t->n, t->n);
}

static bool watch_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    (void)conn;
    load_head(l, out, "GET", WATCHED "?watch=1&fieldSelector=metadata.name%3Dbench-watch", NULL, 0);
    return true;
}

/* All changes have come to all watchers, or will not. */
static bool watch_over(struct load *l) {
    struct watch *w = l->userdata;
    cleat_time ended = atomic_load(&w->ended);
    return ended > 0 && (w->pub->events >= atomic_load(&w->written) * w->pub->watchers ||
                         cleat_now_mono() - ended > LATE);
}

static void stamp_put(struct load *l, struct cleat_buf *out, cleat_time stamp) {
    char body[256];
    int n = snprintf(body, sizeof body,
                     "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":"
                     "\"bench-watch\"},\"data\":{\"stamp\":\"t%019lld\"}}",
                     (long long)stamp);
    load_head(l, out, "PUT", WATCHED "/bench-watch", "application/json", (size_t)n);
    cleat_buf_add(out, body, (size_t)n);
}

static cleat_time stamp_due(struct load *l) {
    struct watch *w = l->userdata;
    return w->begin + (cleat_time)w->sent * CLEAT_SECOND / w->pub->rate;
}

static bool stamp_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    struct watch *w = l->userdata;
    (void)conn;
    if (w->sent >= (unsigned)(w->pub->seconds * w->pub->rate)) {
        return false;
    }
    stamp_put(l, out, stamp_due(l));
    w->sent++;
    return true;
}

static void stamp_response(struct load *l, unsigned conn, int status, struct cleat_str body) {
    struct watch *w = l->userdata;
    (void)conn;
    if (l->failures == 1 && status > 299) {
        fprintf(stderr, "first failure: %d %.*s\n", status, CLEAT_FMT(body));
    }
    w->written += status == 200;
}

static void *write_stamps(void *arg) {
    static const struct load_ops ops = {
        .request = stamp_request, .response = stamp_response, .due = stamp_due};
    struct watch *w = arg;
    struct load_target target = *w->pub->target;
    target.streams = 0;
    struct load l = {.target = &target, .ops = &ops, .userdata = w, .deadline = INT64_MAX};
    for (int i = 0; i < 6000 && atomic_load(&w->opened) < w->pub->watchers; i++) {
        usleep(10000);
    }
    w->pub->server_cpu = target.pid > 0 ? process_cpu(target.pid) : 0;
    w->pub->own_cpu = own_cpu();
    w->begin = cleat_now_mono() + CLEAT_SECOND / 10; /* once the writers are connected */
    load_run(&l, WRITERS);
    atomic_store(&w->ended, cleat_now_mono());
    return NULL;
}

bool load_watch(struct load_watch *pub) {
    static const struct load_ops ops = {
        .request = watch_request, .piece = watch_piece, .over = watch_over};
    static const char map[] =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":"
        "\"bench-watch\"},\"data\":{\"stamp\":\"t0000000000000000000\"}}";
    struct watch w = {.pub = pub, .tails = cleat_array(pub->watchers, sizeof *w.tails)};
    struct load_target plain = *pub->target;
    plain.streams = 0;
    load_once(&plain, "POST", WATCHED, CLEAT_STR(map), NULL); /* or is there */
    pthread_t writer = cleat_thread_start("writer", write_stamps, &w);
    struct load l = {.target = pub->target, .ops = &ops, .userdata = &w, .deadline = INT64_MAX};
    unsigned streams = pub->target->streams > 0 ? pub->target->streams : 1;
    bool ok = load_run(&l, pub->watchers / streams);
    pub->server_cpu = (plain.pid > 0 ? process_cpu(plain.pid) : 0) - pub->server_cpu;
    pub->own_cpu = own_cpu() - pub->own_cpu;
    pthread_join(writer, NULL);
    pub->written = atomic_load(&w.written);
    pub->took = atomic_load(&w.ended) - w.begin;
    for (unsigned i = 0; i < pub->watchers; i++) {
        pub->lost += pub->written - w.tails[i].seen;
    }
    free(w.tails);
    return ok;
}
