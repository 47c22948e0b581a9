/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/2: many calls on one connection, flow control, limits, and how it ends. */
#include "tests/support/h2.h"

#define CM_PATH "/api/v1/namespaces/default/configmaps"

static const struct cleat_api_opts secure = {.secure_port = -1};

static bool lacks(const struct cleat_buf *b, const char *text) {
    return b->n == 0 || memmem(b->p, b->n, text, strlen(text)) == NULL;
}

static size_t lines(const struct cleat_buf *b) {
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        n += b->p[i] == '\n';
    }
    return n;
}

static char *configmap(int i, size_t filler) {
    char *x = cleat_alloc(filler + 1);
    memset(x, 'x', filler);
    x[filler] = '\0';
    char *s = cleat_sprintf("{\"metadata\":{\"name\":\"c%d\"},\"data\":{\"k\":\"%s\"}}", i, x);
    free(x);
    return s;
}

static void requests(void) {
    struct at at;
    struct h2 h;
    KT_REQUIRE(at_open(&at, &secure) && h2_open(&at, &h, false));
    KT_EQ_INT(h2_call(&h, "GET", "/healthz", NULL), 200);
    struct h2_stream *first = h2_at(&h, 1);
    KT_TRUE(at_has(&first->head, "content-length: 2\n") && at_has(&first->head, "audit-id: "));
    KT_TRUE(lacks(&first->head, "transfer-encoding") && lacks(&first->head, "connection"));
    KT_EQ_INT(h2_call(&h, "POST", CM_PATH, "{\"metadata\":{\"name\":\"a\"}}"), 201);
    KT_EQ_INT(h2_call(&h, "GET", CM_PATH "/a", NULL), 200);
    KT_EQ_INT(h2_call(&h, "HEAD", CM_PATH "/a", NULL), 200);
    KT_EQ_INT(h2_call(&h, "DELETE", CM_PATH "/a", NULL), 200);
    KT_EQ_INT(h2_call(&h, "GET", CM_PATH "/a", NULL), 404);
    KT_EQ_INT(h2_call(&h, "GET", "/%00", NULL), 400);
    KT_EQ_INT(h2_call(&h, "BREW", "/api/v1/nodes", NULL), 405);
    /* All at once, answered each on its own stream. */
    enum { N = 200 };
    int32_t ids[N];
    for (int i = 0; i < N; i++) {
        CLEAT_AUTO_FREE char *body = configmap(i, 2000);
        ids[i] = h2_ask(&h, "POST", CM_PATH, NULL, cleat_s(body));
        KT_TRUE(h2_flush(&h));
    }
    for (int i = 0; i < N; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("\"name\":\"c%d\"", i);
        KT_REQUIRE(h2_wait(&h, ids[i]));
        KT_EQ_INT(h2_at(&h, ids[i])->status, 201);
        KT_TRUE(at_has(&h2_at(&h, ids[i])->body, name));
    }
    int32_t list = h2_ask(&h, "GET", CM_PATH, NULL, cleat_s(NULL));
    KT_TRUE(h2_wait(&h, list) && h2_at(&h, list)->body.n > (size_t)N * 2000);
    h2_close(&h);
    at_close(&at);
}

static void many_watches_on_a_connection(void) {
    struct at at;
    struct h2 h;
    enum { N = 249 };
    int32_t ids[N];
    KT_REQUIRE(at_open(&at, &secure) && h2_open(&at, &h, false));
    for (int i = 0; i < N; i++) {
        ids[i] = h2_ask(&h, "GET", CM_PATH "?watch=1", NULL, cleat_s(NULL));
    }
    KT_EQ_INT(h2_call(&h, "GET", "/healthz", NULL), 200); /* the last one that is allowed */
    for (int i = 0; i < 20; i++) {
        CLEAT_AUTO_FREE char *body = configmap(i, 500);
        KT_EQ_INT(h2_call(&h, "POST", CM_PATH, body), 201);
    }
    for (int i = 0; i < N; i++) {
        const struct cleat_buf *b = &h2_at(&h, ids[i])->body;
        while (lines(b) < 20 && h2_turn(&h)) {
        }
        KT_TRUE(h2_wait_text(&h, ids[i], "\"name\":\"c19\""));
        KT_EQ_INT(lines(b), 20); /* none is lost, none comes twice */
    }
    /* One leaves, the others stay. */
    nghttp2_submit_rst_stream(h.session, NGHTTP2_FLAG_NONE, ids[0], NGHTTP2_CANCEL);
    KT_EQ_INT(h2_call(&h, "DELETE", CM_PATH "/c3", NULL), 200);
    KT_TRUE(h2_wait_text(&h, ids[1], "\"type\":\"DELETED\""));
    KT_TRUE(lacks(&h2_at(&h, ids[0])->body, "\"type\":\"DELETED\""));
    int32_t brief = h2_ask(&h, "GET", CM_PATH "?watch=1&timeoutSeconds=1", NULL, cleat_s(NULL));
    KT_TRUE(h2_wait(&h, brief) && h2_at(&h, brief)->ended && h2_at(&h, brief)->why == 0);
    h2_close(&h);
    at_close(&at);
}

/* Who does not read one answer gets the others all the same. */
static void a_slow_stream_holds_up_no_other(void) {
    struct at at;
    struct h2 h;
    KT_REQUIRE(at_open(&at, &secure) && h2_open(&at, &h, true));
    nghttp2_session_set_local_window_size(h.session, NGHTTP2_FLAG_NONE, 0, 1 << 24);
    for (int i = 0; i < 20; i++) {
        CLEAT_AUTO_FREE char *body = configmap(i, 100000);
        KT_EQ_INT(at_call(&at, "POST", CM_PATH, body, NULL), 201);
    }
    int32_t slow = h2_ask(&h, "GET", CM_PATH, NULL, cleat_s(NULL));
    while (h2_at(&h, slow)->body.n < 65535 && h2_turn(&h)) {
    }
    KT_EQ_INT(h2_at(&h, slow)->body.n, 65535); /* its window, to the byte */
    for (int i = 0; i < 50; i++) {
        KT_EQ_INT(h2_call(&h, "GET", "/healthz", NULL), 200);
    }
    KT_EQ_INT(h2_at(&h, slow)->body.n, 65535);
    nghttp2_submit_window_update(h.session, NGHTTP2_FLAG_NONE, slow, 1 << 23);
    KT_TRUE(h2_wait(&h, slow) && h2_at(&h, slow)->body.n > 2000000);
    h2_close(&h);
    at_close(&at);
}

static void limits_of_a_request(void) {
    struct at at;
    struct h2 h;
    KT_REQUIRE(at_open(&at, &secure) && h2_open(&at, &h, false));
    CLEAT_AUTO_FREE char *big = configmap(1, 4000000);
    KT_EQ_INT(h2_call(&h, "POST", CM_PATH, big), 413);
    KT_TRUE(at_has(&h2_at(&h, 1)->body, "Request entity too large: limit is 3145728"));
    CLEAT_AUTO_BUF line = {0};
    cleat_buf_puts(&line, "x-filler: ");
    for (int i = 0; i < 60000; i++) {
        cleat_buf_putc(&line, (char)('a' + i % 26));
    }
    int32_t id = h2_ask(&h, "GET", "/healthz", line.p, cleat_s(NULL));
    KT_TRUE(h2_wait(&h, id));
    KT_EQ_INT(h2_at(&h, id)->status, 200);
    for (int i = 0; i < 8000; i++) {
        cleat_buf_putc(&line, 'z');
    }
    id = h2_ask(&h, "GET", "/healthz", line.p, cleat_s(NULL));
    KT_TRUE(h2_wait(&h, id));
    KT_TRUE(h2_at(&h, id)->status == 431 || h2_at(&h, id)->why != 0);
    KT_EQ_INT(h2_call(&h, "GET", "/healthz", NULL), 200); /* and goes on */
    h2_close(&h);
    at_close(&at);
}

static bool ends(struct h2 *h) {
    h2_flush(h);
    h2_drain(h);
    return h->goaway;
}

static void floods_end_the_connection(void) {
    struct at at;
    struct h2 h;
    KT_REQUIRE(at_open(&at, &secure) && h2_open(&at, &h, false));
    static const uint8_t payload[8] = "pingping";
    for (int i = 0; i < 3000; i++) {
        nghttp2_submit_ping(h.session, NGHTTP2_FLAG_NONE, payload);
    }
    KT_TRUE(ends(&h));
    KT_EQ_INT(h.goaway_why, NGHTTP2_ENHANCE_YOUR_CALM);
    h2_close(&h);
    /* Rapid reset: a request, and never mind. */
    KT_REQUIRE(h2_open(&at, &h, false));
    KT_EQ_INT(h2_call(&h, "GET", "/healthz", NULL), 200);
    for (int i = 0; i < 2000 && !h.goaway; i++) {
        int32_t id = h2_ask(&h, "GET", CM_PATH "?watch=1", NULL, cleat_s(NULL));
        if (!h2_flush(&h)) {
            break;
        }
        nghttp2_submit_rst_stream(h.session, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
    }
    KT_TRUE(ends(&h));
    h2_close(&h);
    KT_EQ_INT(at_call(&at, "GET", "/healthz", NULL, NULL), 200);
    at_close(&at);
}

static void not_http2(void) {
    struct at at;
    struct at_conn c;
    KT_REQUIRE(at_open(&at, &secure) && at_connect_h2(&at, &c, "admin"));
    KT_TRUE(at_puts(&c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
    while (at_fill(&c)) {
    }
    KT_TRUE(memmem(c.in.p, c.in.n, "HTTP/1.1", 8) == NULL);
    at_disconnect(&c);
    at_close(&at);
}

static void stops_in_good_order(void) {
    struct at at;
    struct h2 h;
    KT_REQUIRE(at_open(&at, &secure) && h2_open(&at, &h, false));
    int32_t watch = h2_ask(&h, "GET", CM_PATH "?watch=1", NULL, cleat_s(NULL));
    KT_EQ_INT(h2_call(&h, "POST", CM_PATH, "{\"metadata\":{\"name\":\"a\"}}"), 201);
    KT_TRUE(h2_wait_text(&h, watch, "\"name\":\"a\""));
    cleat_api_stop(at.api);
    KT_TRUE(h2_wait(&h, watch));
    KT_TRUE(h2_at(&h, watch)->ended && h2_at(&h, watch)->why == NGHTTP2_NO_ERROR);
    KT_TRUE(ends(&h));
    KT_EQ_INT(h.goaway_why, NGHTTP2_NO_ERROR);
    h2_close(&h);
    at_close(&at);
}

static bool allow(struct cleat_authority *self, const struct cleat_access *q,
                  struct cleat_buf *why) {
    (void)self;
    (void)q;
    (void)why;
    return true;
}

static struct cleat_authority everybody = {.allows = allow};
#define BOB "impersonate-user: bob"

/* More writes at a time than are let in: some are told to come again. */
static void turns_writes_away(void) {
    enum { MANY = 40 };
    static const struct cleat_api_opts few = {.secure_port = -1, .max_mutating = 2};
    struct at at;
    struct h2 h;
    int32_t ids[MANY];
    int in = 0, out = 0;
    KT_REQUIRE(at_open(&at, &few) && h2_open(&at, &h, false));
    cleat_registry_authority(at.registry, &everybody);
    for (int i = 0; i < MANY; i++) {
        CLEAT_AUTO_FREE char *body = configmap(i, 10);
        ids[i] = h2_ask(&h, "POST", CM_PATH, BOB, cleat_s(body));
        KT_TRUE(h2_flush(&h)); /* the body is borrowed */
    }
    for (int i = 0; i < MANY; i++) {
        KT_TRUE(h2_wait(&h, ids[i]));
        struct h2_stream *s = h2_at(&h, ids[i]);
        in += s->status == 201;
        out += s->status == 429 && at_has(&s->head, "retry-after: 1\n") &&
               at_has(&s->body, "\"reason\":\"TooManyRequests\"");
    }
    KT_EQ_INT(in + out, MANY);
    KT_TRUE(in >= 2 && out > 0);
    h2_close(&h);
    at_close(&at);
}

static int as_bob(struct h2 *h) {
    int32_t id = h2_ask(h, "GET", CM_PATH, BOB, CLEAT_STR(""));
    return h2_wait(h, id) ? h2_at(h, id)->status : 0;
}

/* Long answers that nobody reads: the next one is refused until they are gone, but to an
 * administrator. */
static void turns_reads_away(void) {
    static const struct cleat_api_opts few = {
        .secure_port = -1, .insecure_port = -1, .max_requests = 2};
    struct at at;
    struct h2 h, other;
    KT_REQUIRE(at_open(&at, &few) && h2_open(&at, &h, true) && h2_open(&at, &other, false));
    cleat_registry_authority(at.registry, &everybody);
    for (int i = 0; i < 20; i++) {
        CLEAT_AUTO_FREE char *body = configmap(i, 100 * 1000);
        KT_EQ_INT(h2_call(&other, "POST", CM_PATH, body), 201);
    }
    int32_t ids[3];
    for (int i = 0; i < 3; i++) {
        ids[i] = h2_ask(&h, "GET", CM_PATH, BOB, CLEAT_STR(""));
    }
    while (h2_at(&h, ids[2])->status == 0 && h2_turn(&h)) { /* no window is left for its body */
    }
    KT_EQ_INT(h2_at(&h, ids[2])->status, 429);
    KT_EQ_INT(h2_call(&other, "GET", CM_PATH, NULL), 200);
    KT_EQ_INT(as_bob(&other), 429);
    h2_close(&h); /* with it its answers go */
    int status = 429;
    for (int i = 0; i < 1000 && status == 429; i++) {
        status = as_bob(&other);
    }
    KT_EQ_INT(status, 200);
    h2_close(&other);
    at_close(&at);
}

KT_MAIN("api_http2", KT_TEST(turns_writes_away), KT_TEST(turns_reads_away), KT_TEST(requests),
        KT_TEST(many_watches_on_a_connection), KT_TEST(a_slow_stream_holds_up_no_other),
        KT_TEST(limits_of_a_request), KT_TEST(floods_end_the_connection), KT_TEST(not_http2),
        KT_TEST(stops_in_good_order))
