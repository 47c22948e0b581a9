/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport to a server elsewhere when that misbehaves: what an answer proves, what is
 * sent again and what is not, and what of a list or a watch that breaks off is believed.
 */
#include "tests/support/far.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};
static const struct cleat_client_api *api = &cleat_client_api;

#define OBJECT                                                                                     \
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":"    \
    "\"default\",\"resourceVersion\":\"7\"}}"

static struct {
    struct far far;
    struct cleat_transport *transport;
    cleat_client *client;
    _Atomic int step;
} t;

static bool up_with(void (*serve)(struct far_conn *c), struct cleat_remote_opts o) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    atomic_store(&t.step, 0);
    if (!far_open(&t.far, serve, NULL, NULL)) {
        return false;
    }
    CLEAT_AUTO_FREE char *url = far_url(&t.far);
    o.server = url;
    o.timeout = o.timeout > 0 ? o.timeout : 10 * CLEAT_SECOND;
    if (!KT_OK(cleat_transport_remote(&o, &t.transport, &e), &e)) {
        return false;
    }
    t.client = cleat_client_new(t.transport, "system:serviceaccount:kube-system:tester");
    return true;
}

static bool up(void (*serve)(struct far_conn *c)) {
    return up_with(serve, (struct cleat_remote_opts){0});
}

static void down(void) {
    cleat_client_free(t.client);
    t.transport->ops->free(t.transport);
    far_close(&t.far);
}

static struct cleat_key key(void) {
    return (struct cleat_key){CLEAT_STR("default"), CLEAT_STR("a")};
}

static cleat_err get(struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error own = CLEAT_ERROR_INIT;
    return api->get(t.client, NULL, configmaps, key(), &o, e != NULL ? e : &own);
}

static cleat_err put(struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *o = NULL, *ret = NULL;
    struct cleat_error own = CLEAT_ERROR_INIT;
    cleat_err err = cleat_obj_parse(CLEAT_STR(OBJECT), 0, &o, NULL);
    cleat_assert(err == CLEAT_OK);
    return api->update(t.client, NULL, configmaps, NULL, o, &ret, e != NULL ? e : &own);
}

/* ---- what answers prove ---- */

static void serve_each(struct far_conn *c) {
    static const struct {
        int status;
        const char *reason, *body; /* reason: a Status with it */
    } answers[] = {
        {404, NULL, "<html>404 Not Found</html>"},
        {404, NULL, "{}"},
        {404, NULL, "{\"kind\":\"Status\",\"code\":404}"},
        {404, "NotFound", NULL},
        {410, NULL, "<html>Gone</html>"},
        {410, "Expired", NULL},
        {409, NULL, "conflict"},
        {409, "AlreadyExists", NULL},
        {409, "Conflict", NULL},
        {403, "Forbidden", NULL},
        {422, "Invalid", NULL},
        {500, "InternalError", NULL},
        {500, NULL, "oops"},
        {502, NULL, "bad gateway"},
        {503, "ServiceUnavailable", NULL},
        {504, NULL, "gateway timeout"},
        {504, "ServerTimeout", NULL},
        {302, NULL, "elsewhere"},
        {200, NULL, "<html>Welcome to the captive portal</html>"},
        {200, NULL, "{}"},
        {200, NULL, "{\"metadata\":{\"name\":\"b\"}}"},
        {204, NULL, ""},
    };
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        size_t i = (size_t)atomic_fetch_add(&t.step, 1);
        if (i >= sizeof answers / sizeof *answers) {
            return;
        }
        if (answers[i].status == 204) {
            far_puts(c, "HTTP/1.1 204 No Content\r\n\r\n");
        } else if (answers[i].reason != NULL) {
            far_status(c, answers[i].status, answers[i].reason, "as asked");
        } else {
            far_answer(c, answers[i].status, NULL, answers[i].body);
        }
    }
}

static void only_a_status_tells_of_absence(void) {
    static const cleat_err want[] = {
        CLEAT_E_UNAVAILABLE, CLEAT_E_UNAVAILABLE, CLEAT_E_UNAVAILABLE, CLEAT_E_NOT_FOUND,
        CLEAT_E_UNAVAILABLE, CLEAT_E_EXPIRED,     CLEAT_E_UNAVAILABLE, CLEAT_E_EXISTS,
        CLEAT_E_CONFLICT,    CLEAT_E_FORBIDDEN,   CLEAT_E_INVALID,     CLEAT_E_INTERNAL,
        CLEAT_E_UNKNOWN,     CLEAT_E_UNAVAILABLE, CLEAT_E_UNAVAILABLE, CLEAT_E_TIMEOUT,
        CLEAT_E_TIMEOUT,     CLEAT_E_UNAVAILABLE, CLEAT_E_UNAVAILABLE, CLEAT_E_UNAVAILABLE,
        CLEAT_E_UNAVAILABLE, CLEAT_E_UNAVAILABLE};
    KT_REQUIRE(up(serve_each));
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_err err = get(&e);
        if (!KT_EQ_INT(err, want[i])) {
            fprintf(stderr, "    answer %zu: %s\n", i, e.message);
        }
        KT_TRUE(e.message[0] != '\0' && e.code == err);
    }
    down();
}

/* ---- connections that break ---- */

/* Each connection answers once and dies when it is asked again. */
static void serve_once(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    if (far_request(c, &head, NULL) && far_answer(c, 200, NULL, OBJECT)) {
        far_request(c, &head, NULL);
    }
}

static void reads_go_again_writes_do_not(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(serve_once));
    KT_EQ_INT(get(NULL), CLEAT_OK);
    KT_EQ_INT(get(NULL), CLEAT_OK); /* on another connection, after the first one's death */
    KT_EQ_INT(atomic_load(&t.far.requests), 3);
    KT_EQ_INT(put(&e), CLEAT_E_UNKNOWN);
    KT_TRUE(strstr(e.message, "outcome is not known") != NULL);
    KT_EQ_INT(atomic_load(&t.far.requests), 4); /* once and never again */
    KT_EQ_INT(put(NULL), CLEAT_OK);
    down();
}

static void serve_nobody(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    far_request(c, &head, NULL);
}

static void an_answer_that_never_was(void) {
    KT_REQUIRE(up(serve_nobody));
    KT_EQ_INT(get(NULL), CLEAT_E_UNAVAILABLE);
    KT_EQ_INT(put(NULL), CLEAT_E_UNKNOWN);
    KT_EQ_INT(atomic_load(&t.far.requests), 2);
    down();
}

static void nobody_there(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(serve_nobody));
    shutdown(t.far.fd, SHUT_RDWR);
    KT_EQ_INT(get(&e), CLEAT_E_UNAVAILABLE);
    KT_TRUE(strstr(e.message, "refused") != NULL);
    KT_EQ_INT(put(&e), CLEAT_E_UNAVAILABLE); /* it did not leave: that is known */
    down();
}

/* ---- answers that are broken ---- */

static const char *const broken[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" OBJECT, /* too short */
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" OBJECT,  /* half a document */
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"kin\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"kind\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{\"a\":1}",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\nContent-Length: 5\n\n{}",
    "HTTP/2.0 200 OK\r\n\r\n",
    "HTTP/1.1 2x0 OK\r\n\r\n",
    "SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08",
    "HTTP/1.1 200 OK\r\n\r\n{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"",
    "",
};

static void serve_broken(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    if (far_request(c, &head, NULL)) {
        far_puts(c, broken[atomic_load(&t.step)]);
        shutdown(c->fd, SHUT_WR);
    }
}

static void broken_answers(void) {
    KT_REQUIRE(up(serve_broken));
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        atomic_store(&t.step, (int)i);
        cleat_err r = get(NULL), w = put(NULL);
        if (!KT_EQ_INT(r, CLEAT_E_UNAVAILABLE) || !KT_EQ_INT(w, CLEAT_E_UNKNOWN)) {
            fprintf(stderr, "    broken answer %zu\n", i);
        }
    }
    down();
}

static void serve_odd(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    static const char *const good[] = {
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 "
        "OK\r\nContent-Length: 106\r\n\r\n" OBJECT,
        "HTTP/1.1 200\r\nContent-Length: 106\r\n\r\n" OBJECT,
        "HTTP/1.0 200 OK\r\n\r\n" OBJECT,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6a;x=y\r\n" OBJECT
        "\r\n0\r\nTrailer: x\r\n\r\n",
    };
    while (far_request(c, &head, NULL)) {
        int i = atomic_load(&t.step);
        const char *text = good[i];
        for (const char *p = text; *p != '\0'; p++) { /* byte by byte */
            if (!far_write(c, (struct cleat_str){p, 1})) {
                return;
            }
        }
        if (i == 2) {
            return; /* its end is the connection's */
        }
    }
}

static void odd_answers_that_are_good(void) {
    KT_EQ_INT(strlen(OBJECT), 106);
    KT_REQUIRE(up(serve_odd));
    for (int i = 0; i < 4; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        atomic_store(&t.step, i);
        KT_OK(get(&e), &e);
        KT_OK(put(&e), &e);
    }
    down();
}

static void serve_hints(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    CLEAT_AUTO_BUF b = {0};
    if (far_request(c, &head, NULL)) {
        for (int i = 0; i < 20000; i++) {
            cleat_buf_puts(&b, "HTTP/1.1 100\r\n\r\n");
        }
        far_write(c, (struct cleat_str){b.p, b.n});
        far_answer(c, 200, NULL, OBJECT);
    }
}

/* Answers before the answer are few. */
static void a_storm_of_hints(void) {
    KT_REQUIRE(up(serve_hints));
    KT_EQ_INT(get(NULL), CLEAT_E_UNAVAILABLE);
    KT_EQ_INT(put(NULL), CLEAT_E_UNKNOWN);
    down();
}

/* ---- hanging, and being told to wait ---- */

static void serve_silence(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
    }
}

static void a_server_that_hangs(void) {
    KT_REQUIRE(up_with(serve_silence, (struct cleat_remote_opts){.timeout = 300 * CLEAT_MS}));
    KT_EQ_INT(get(NULL), CLEAT_E_TIMEOUT);
    KT_EQ_INT(put(NULL), CLEAT_E_UNKNOWN);
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_ctx *ctx = cleat_ctx_new(NULL, 100 * CLEAT_MS);
    CLEAT_AUTO(cleat_obj) *o = NULL;
    cleat_time began = cleat_now_mono();
    KT_EQ_INT(api->get(t.client, ctx, configmaps, key(), &o, &e), CLEAT_E_TIMEOUT);
    KT_TRUE(cleat_now_mono() - began < 10 * CLEAT_SECOND);
    cleat_ctx_free(ctx);
    down();
}

static void serve_throttled(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        int i = atomic_fetch_add(&t.step, 1);
        if (i < 3) {
            far_answer(c, i == 1 ? 503 : 429, "Retry-After: 0\r\n", "wait");
        } else {
            far_answer(c, 200, NULL, OBJECT);
        }
    }
}

static void told_to_wait(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(serve_throttled));
    KT_OK(put(&e), &e); /* it was not carried out: any request may go again */
    KT_EQ_INT(atomic_load(&t.far.requests), 4);
    down();
}

static void serve_storm(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        far_answer(c, 429, "Retry-After: 0\r\n",
                   "{\"kind\":\"Status\",\"reason\":"
                   "\"TooManyRequests\",\"code\":429}");
    }
}

static void a_storm_of_429(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(serve_storm));
    KT_EQ_INT(get(&e), CLEAT_E_THROTTLED);
    KT_EQ_INT(atomic_load(&t.far.requests), 11);
    down();
    KT_REQUIRE(up_with(serve_storm, (struct cleat_remote_opts){.timeout = 200 * CLEAT_MS}));
    cleat_err err = get(&e); /* no more than its time allows */
    /* UNAVAILABLE: the time was over before there was a connection again */
    KT_TRUE(err == CLEAT_E_THROTTLED || err == CLEAT_E_TIMEOUT || err == CLEAT_E_UNAVAILABLE);
    down();
}

/* ---- the client's own limit, and the fence ---- */

static void serve_well(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        far_answer(c, 200, NULL, OBJECT);
    }
}

static void requests_are_rationed(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up_with(serve_well, (struct cleat_remote_opts){.qps = 50, .burst = 2}));
    cleat_time began = cleat_now_mono();
    for (int i = 0; i < 12; i++) {
        KT_OK(get(&e), &e);
    }
    KT_TRUE(cleat_now_mono() - began >= 190 * CLEAT_MS); /* ten of them waited 20 ms each */
    /* Another identity has its own. */
    cleat_client *other = cleat_client_new(t.transport, "other");
    CLEAT_AUTO(cleat_obj) *o = NULL;
    KT_OK(api->get(other, NULL, configmaps, key(), &o, &e), &e);
    cleat_client_free(other);
    /* Whoever gives up while he waits leaves the line. */
    cleat_ctx *ctx = cleat_ctx_new(NULL, CLEAT_MS);
    int refused = 0;
    for (int i = 0; i < 5; i++) {
        CLEAT_AUTO(cleat_obj) *none = NULL;
        refused += api->get(t.client, ctx, configmaps, key(), &none, &e) == CLEAT_E_TIMEOUT;
    }
    KT_TRUE(refused >= 4);
    cleat_ctx_free(ctx);
    KT_OK(get(&e), &e);
    down();
}

static _Atomic bool closed;

static cleat_err check(void *userdata, struct cleat_error *e) {
    (void)userdata;
    return atomic_load(&closed) ? cleat_fail(e, CLEAT_E_FORBIDDEN, "not the leader") : CLEAT_OK;
}

static void no_write_passes_a_closed_fence(void) {
    static const struct cleat_fence fence = {check, NULL};
    struct cleat_error e = CLEAT_ERROR_INIT;
    atomic_store(&closed, false);
    KT_REQUIRE(up_with(serve_well, (struct cleat_remote_opts){.fence = &fence}));
    KT_OK(put(&e), &e);
    atomic_store(&closed, true);
    KT_EQ_INT(put(&e), CLEAT_E_FORBIDDEN);
    KT_EQ_STR(e.message, "not the leader");
    KT_OK(get(&e), &e);
    KT_EQ_INT(atomic_load(&t.far.requests), 2);
    atomic_store(&closed, false);
    KT_OK(put(&e), &e);
    down();
}

/* Who is sent away asks again at the rate that he may ask at. */
static void again_is_rationed_too(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up_with(serve_storm, (struct cleat_remote_opts){.qps = 4, .burst = 1}));
    cleat_time began = cleat_now_mono();
    KT_TRUE(get(&e) != CLEAT_OK);
    KT_TRUE(cleat_now_mono() - began >= 2400 * CLEAT_MS); /* ten of eleven waited */
    down();
}

/* What a client has given up is not to be sent any more where another may be about to write: the
 * kernel drops what the far side has not taken yet. */
static struct {
    struct cleat_event go;
    ssize_t taken;
    int err;
} slow;

static void serve_slowly(struct far_conn *c) {
    char data[65536];
    ssize_t n;
    cleat_event_wait(&slow.go, 20 * CLEAT_SECOND);
    while ((n = recv(c->fd, data, sizeof data, 0)) > 0) {
        slow.taken += n;
    }
    slow.err = n < 0 ? errno : 0;
    atomic_store(&t.step, 1);
}

static void what_was_given_up_is_dropped(void) {
    static const struct cleat_fence fence = {check, NULL};
    enum { LONG = 40000 };
    struct cleat_error e = CLEAT_ERROR_INIT;
    int small = 4096;
    memset(&slow, 0, sizeof slow);
    cleat_event_init(&slow.go);
    atomic_store(&closed, false);
    KT_REQUIRE(up_with(serve_slowly, (struct cleat_remote_opts){.fence = &fence}));
    setsockopt(t.far.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    CLEAT_AUTO_FREE char *filler = cleat_alloc(LONG + 1);
    memset(filler, 'x', LONG);
    filler[LONG] = '\0';
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":"
        "\"default\",\"resourceVersion\":\"7\"},\"data\":{\"k\":\"%s\"}}",
        filler);
    CLEAT_AUTO(cleat_obj) *o = NULL, *ret = NULL;
    KT_REQUIRE_OK(cleat_obj_parse(cleat_s(text), 0, &o, &e), &e);
    cleat_ctx *ctx = cleat_ctx_new(NULL, 300 * CLEAT_MS);
    KT_TRUE(api->update(t.client, ctx, configmaps, NULL, o, &ret, &e) != CLEAT_OK);
    cleat_ctx_free(ctx);
    atomic_store(&closed, true);
    cleat_event_set(&slow.go);
    for (int i = 0; i < 2000 && atomic_load(&t.step) == 0; i++) {
        usleep(5000);
    }
    KT_EQ_INT(atomic_load(&t.step), 1);
    KT_TRUE(slow.taken < LONG);
    KT_EQ_INT(slow.err, ECONNRESET);
    down();
}

/* ---- lists ---- */

#define ITEM(n)                                                                                    \
    "{\"metadata\":{\"name\":\"" n "\",\"namespace\":\"default\",\"resourceVersion\":\"5\"}}"
#define LIST(meta, items)                                                                          \
    "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{" meta "},\"items\":" items "}"

static const struct {
    const char *body;
    cleat_err err;
    size_t n;
} lists[] = {
    {LIST("\"resourceVersion\":\"9\"", "[" ITEM("a") "," ITEM("b") "]"), CLEAT_OK, 2},
    {LIST("\"resourceVersion\":\"9\"", "[]"), CLEAT_OK, 0},
    {LIST("\"resourceVersion\":\"9\"", "null"), CLEAT_OK, 0},
    {LIST("\"resourceVersion\":\"\"", "[" ITEM("a") "]"), CLEAT_OK, 1},
    /* As custom kinds are written: the kind at last, items with their own. */
    {"{\"apiVersion\":\"v1\",\"items\":[" ITEM("a") "],\"kind\":\"ConfigMapList\",\"metadata\":{"
                                                    "\"resourceVersion\":\"3\"}}",
     CLEAT_OK, 1},
    {" { \"items\" : [ " ITEM("a") " , " ITEM("b") " ] ,\n \"kind\":\"ConfigMapList\","
                                                   "\"apiVersion\":\"v1\",\"metadata\":{}} \n",
     CLEAT_OK, 2},
    {"{}", CLEAT_E_UNAVAILABLE, 0},
    {"{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{}}", CLEAT_E_UNAVAILABLE, 0},
    {"{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[]}",
     CLEAT_E_UNAVAILABLE, 0},
    {LIST("\"resourceVersion\":\"9\"", "[" ITEM("a") ",]"), CLEAT_E_UNAVAILABLE, 0},
    {LIST("\"resourceVersion\":\"9\"", "[" ITEM("a") ITEM("b") "]"), CLEAT_E_UNAVAILABLE, 0},
    {LIST("\"resourceVersion\":\"9\"", "[1]"), CLEAT_E_UNAVAILABLE, 0},
    {LIST("\"resourceVersion\":\"9\"", "[{\"metadata\":{}}]"), CLEAT_E_UNAVAILABLE, 0},
    {LIST("\"resourceVersion\":\"9\"", "{}"), CLEAT_E_UNAVAILABLE, 0},
    {LIST("\"resourceVersion\":\"9\"", "[]") "{}", CLEAT_E_UNAVAILABLE, 0},
    {"{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"9\"},"
     "\"items\":[" ITEM("a"),
     CLEAT_E_UNAVAILABLE, 0},
    {"[]", CLEAT_E_UNAVAILABLE, 0},
    {"<html>", CLEAT_E_UNAVAILABLE, 0},
};

static void serve_lists(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        far_answer(c, 200, NULL, lists[atomic_load(&t.step)].body);
    }
}

static void lists_are_whole_or_nothing(void) {
    KT_REQUIRE(up(serve_lists));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        struct cleat_list l = {.struct_size = sizeof l};
        atomic_store(&t.step, (int)i);
        cleat_err err = api->list(t.client, NULL, configmaps, "default", NULL, &l, &e);
        if (!KT_EQ_INT(err, lists[i].err) || !KT_EQ_INT(l.n, lists[i].n)) {
            fprintf(stderr, "    list %zu: %s\n", i, e.message);
        }
        for (size_t k = 0; err == CLEAT_OK && k < l.n; k++) {
            KT_EQ_S(cleat_val_str(cleat_obj_at(l.items[k], CLEAT_PATH("kind"))),
                    CLEAT_STR("ConfigMap"));
        }
        api->list_free(&l);
    }
    down();
}

static void serve_pages(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        if (!far_has(&head, "continue=")) {
            KT_TRUE(far_has(&head, "limit=500"));
            far_answer(c, 200, NULL,
                       LIST("\"resourceVersion\":\"9\",\"continue\":\"x/y=\"", "[" ITEM("a") "]"));
        } else if (atomic_load(&t.step) == 0) {
            KT_TRUE(far_has(&head, "continue=x%2Fy%3D"));
            far_answer(c, 200, NULL, LIST("\"resourceVersion\":\"9\"", "[" ITEM("b") "]"));
        } else {
            far_status(c, 410, "Expired", "The provided continue parameter is too old");
        }
    }
}

static void pages(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_list l = {.struct_size = sizeof l};
    KT_REQUIRE(up(serve_pages));
    KT_OK(api->list(t.client, NULL, configmaps, "default", NULL, &l, &e), &e);
    KT_EQ_INT(l.n, 2);
    api->list_free(&l);
    atomic_store(&t.step, 1);
    KT_EQ_INT(api->list(t.client, NULL, configmaps, "default", NULL, &l, &e), CLEAT_E_EXPIRED);
    KT_EQ_INT(l.n, 0); /* half of it is nothing */
    down();
}

/* ---- watches ---- */

#define EVENT(type, name, rev)                                                                     \
    "{\"type\":\"" type                                                                            \
    "\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":"                    \
    "{\"name\":\"" name "\",\"resourceVersion\":\"" rev "\"}}}\n"

static const struct {
    const char *body;
    int events;
    cleat_err err;
} streams[] = {
    {"", 0, CLEAT_E_TIMEOUT},
    {EVENT("ADDED", "a", "10") EVENT("MODIFIED", "a", "11"), 2, CLEAT_E_TIMEOUT},
    {EVENT("ADDED", "a", "10") "{\"type\":\"MODIFIED\",\"obj", 1, CLEAT_E_UNAVAILABLE},
    {EVENT("BOOKMARK", "", "12"), 1, CLEAT_E_TIMEOUT},
    {EVENT("ADDED", "a",
           "10") "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"status\":\"Failure\","
                 "\"message\":\"too "
                 "old resource version: 1 (2)\",\"reason\":\"Expired\",\"code\":410}}\n",
     1, CLEAT_E_EXPIRED},
    {EVENT("WHATEVER", "a", "10"), 0, CLEAT_E_UNAVAILABLE},
    {EVENT("ADDED", "a", "not-a-number"), 0, CLEAT_E_UNAVAILABLE},
    {EVENT("ADDED", "", "10"), 0, CLEAT_E_UNAVAILABLE},
    {"{\"type\":\"ADDED\"}\n", 0, CLEAT_E_UNAVAILABLE},
    {"{\"type\":\"ADDED\",\"object\":7}\n", 0, CLEAT_E_UNAVAILABLE},
    {"nonsense", 0, CLEAT_E_UNAVAILABLE},
};

static void serve_streams(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    CLEAT_AUTO_BUF b = {0};
    if (far_request(c, &head, NULL)) {
        const char *body = streams[atomic_load(&t.step)].body;
        cleat_buf_printf(&b, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (const char *p = body; *p != '\0'; p++) {
            cleat_buf_printf(&b, "1\r\n%c\r\n", *p);
        }
        cleat_buf_puts(&b, "0\r\n\r\n");
        far_write(c, (struct cleat_str){b.p, b.n});
    }
}

static void on_wake(void *userdata) {
    cleat_event_set(userdata);
}

static void watches_end_as_they_should(void) {
    KT_REQUIRE(up(serve_streams));
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        struct cleat_event ev;
        cleat_stream *s = NULL;
        int n = 0, events = 0;
        atomic_store(&t.step, (int)i);
        cleat_event_init(&ev);
        KT_REQUIRE_OK(t.transport->ops->watch(t.transport, "x", configmaps, NULL, NULL, 9, on_wake,
                                              &ev, &s, &e),
                      &e);
        while (n >= 0) {
            struct cleat_stream_event got[4];
            cleat_event_init(&ev);
            n = t.transport->ops->read(s, got, 4, &e);
            for (int k = 0; k < n; k++) {
                events++;
                cleat_obj_unref(got[k].obj);
            }
            if (n == 0 && !KT_TRUE(cleat_event_wait(&ev, 20 * CLEAT_SECOND))) {
                break;
            }
        }
        if (!KT_EQ_INT(events, streams[i].events) || !KT_EQ_INT(n, streams[i].err)) {
            fprintf(stderr, "    stream %zu: %s\n", i, e.message);
        }
        t.transport->ops->unwatch(s);
    }
    down();
}

static void serve_flood(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    if (far_request(c, &head, NULL)) {
        far_puts(c, "HTTP/1.1 200 OK\r\n\r\n");
        while (far_puts(c, EVENT("ADDED", "a", "10"))) {
            atomic_fetch_add(&t.step, 1);
        }
    }
}

/* Nobody reads: the server is made to wait, and memory stays bounded. */
static void a_slow_reader_stops_the_server(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_event ev;
    cleat_stream *s = NULL;
    cleat_event_init(&ev);
    KT_REQUIRE(up(serve_flood));
    KT_REQUIRE_OK(
        t.transport->ops->watch(t.transport, "x", configmaps, NULL, NULL, 9, on_wake, &ev, &s, &e),
        &e);
    int before = -1;
    for (int i = 0; i < 200 && before != atomic_load(&t.step); i++) {
        before = atomic_load(&t.step);
        usleep(100000);
    }
    KT_EQ_INT(atomic_load(&t.step), before); /* it stands still */
    struct cleat_stream_event got[64];
    int n = 0;
    for (int i = 0; i < 2000; i++) {
        n = t.transport->ops->read(s, got, 64, &e);
        KT_REQUIRE(n >= 0);
        for (int k = 0; k < n; k++) {
            cleat_obj_unref(got[k].obj);
        }
        usleep(n == 0 ? 1000 : 0);
    }
    KT_TRUE(atomic_load(&t.step) > before); /* and goes on */
    t.transport->ops->unwatch(s);
    down();
}

KT_MAIN("remote_faults", KT_TEST(only_a_status_tells_of_absence),
        KT_TEST(reads_go_again_writes_do_not), KT_TEST(an_answer_that_never_was),
        KT_TEST(nobody_there), KT_TEST(broken_answers), KT_TEST(odd_answers_that_are_good),
        KT_TEST(a_server_that_hangs), KT_TEST(told_to_wait), KT_TEST(a_storm_of_429),
        KT_TEST(requests_are_rationed), KT_TEST(no_write_passes_a_closed_fence),
        KT_TEST(again_is_rationed_too), KT_TEST(what_was_given_up_is_dropped),
        KT_TEST(lists_are_whole_or_nothing), KT_TEST(pages), KT_TEST(watches_end_as_they_should),
        KT_TEST(a_slow_reader_stops_the_server), KT_TEST(a_storm_of_hints))
