/* SPDX-License-Identifier: Apache-2.0 */
/* Connections: bodies in pieces, pipelines, half-closed and vanished clients,
 * refusals, and what a client can and cannot make the server hold. */
#include "core/base/limits.h"
#include "tests/support/at.h"

#include <sys/socket.h>
#include <unistd.h>

#define CM_PATH "/api/v1/namespaces/default/configmaps"

static char *configmap(const char *name, size_t filler) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b, "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"k\":\"", name);
    for (size_t i = 0; i < filler; i++) {
        cleat_buf_putc(&b, (char)('a' + i % 26));
    }
    cleat_buf_puts(&b, "\"}}");
    return cleat_buf_take(&b);
}

static void keep_alive_and_close(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.head, "Audit-Id: ") && at_has(&a.head, "Cache-Control: no-cache, private"));
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1/nodes", NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "HEAD", "/api/v1/nodes", NULL, NULL, &a), 200); /* and no body behind */
    KT_EQ_INT(at_ask(&c, "HEAD", "/api/v1/namespaces/default", NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", "Connection: close\r\n", NULL, &a), 200);
    KT_TRUE(at_has(&a.head, "\r\nConnection: close\r\n"));
    KT_TRUE(at_closed(&c));
    at_disconnect(&c);
    KT_REQUIRE(at_connect(&at, &c, AT_PLAIN));
    KT_TRUE(at_puts(&c, "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    KT_TRUE(at_read(&c, &a) && at_has(&a.head, "\r\nConnection: keep-alive\r\n"));
    KT_TRUE(at_puts(&c, "GET /healthz HTTP/1.0\r\n\r\n"));
    KT_TRUE(at_read(&c, &a) && at_closed(&c));
    at_disconnect(&c);
    at_close(&at);
}

/* Reads and writes, sent in one go, are answered in order. */
static void pipeline(void) {
    enum { N = 50 };
    struct at at;
    struct at_conn c;
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    CLEAT_AUTO_BUF all = {0};
    for (int i = 0; i < N; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("p%d", i);
        CLEAT_AUTO_FREE char *body = configmap(name, 10);
        cleat_buf_printf(&all,
                         "POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s"
                         "GET " CM_PATH "/%s HTTP/1.1\r\nHost: x\r\n\r\n"
                         "HEAD " CM_PATH "/%s HTTP/1.1\r\nHost: x\r\n\r\n",
                         strlen(body), body, name, name);
    }
    KT_TRUE(at_send(&c, (struct cleat_str){all.p, all.n}));
    for (int i = 0; i < N; i++) {
        AT_AUTO_ANSWER a = {0};
        CLEAT_AUTO_FREE char *name = cleat_sprintf("\"name\":\"p%d\"", i);
        KT_REQUIRE(at_read(&c, &a) && a.status == 201 && at_has(&a.body, name));
        KT_REQUIRE(at_read(&c, &a) && a.status == 200 && at_has(&a.body, name));
        KT_REQUIRE(at_read_head(&c, &a) && a.status == 200);
    }
    at_disconnect(&c);
    at_close(&at);
}

/* The head's spans must not be used once the body moved the buffer. */
static void body_in_pieces(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    CLEAT_AUTO_FREE char *body = configmap("pieces", 900000);
    CLEAT_AUTO_FREE char *head = cleat_sprintf(
        "POST " CM_PATH "?fieldManager=me HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Accept: application/json\r\nContent-Length: %zu\r\n\r\n",
        strlen(body));
    KT_TRUE(at_puts(&c, head));
    size_t n = strlen(body);
    for (size_t i = 0; i < n; i += 100000) {
        KT_TRUE(at_send(&c, (struct cleat_str){body + i, n - i < 100000 ? n - i : 100000}));
    }
    KT_TRUE(at_read(&c, &a));
    KT_EQ_INT(a.status, 201);
    /* A whole request byte by byte. */
    CLEAT_AUTO_FREE char *small = configmap("bytes", 5);
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s",
                      strlen(small), small);
    for (size_t i = 0; text[i] != '\0'; i++) {
        KT_TRUE(at_send(&c, (struct cleat_str){text + i, 1}));
    }
    KT_TRUE(at_read(&c, &a));
    KT_EQ_INT(a.status, 201);
    at_disconnect(&c);
    at_close(&at);
}

static void chunked_body_and_continue(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_TRUE(at_puts(&c, "POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                        "Expect: 100-continue\r\n\r\n"));
    KT_TRUE(at_read_head(&c, &a));
    KT_EQ_INT(a.status, 100);
    KT_TRUE(at_puts(&c, "a\r\n{\"metadata\r\n15\r\n\":{\"name\":\"chunked\"}}\r\n"));
    KT_TRUE(
        at_puts(&c, "0\r\nTrailer: x\r\n\r\nGET " CM_PATH "/chunked HTTP/1.1\r\nHost: x\r\n\r\n"));
    KT_TRUE(at_read(&c, &a));
    KT_EQ_INT(a.status, 201);
    KT_TRUE(at_read(&c, &a));
    KT_EQ_INT(a.status, 200);
    /* No 100 where the body is there already. */
    KT_EQ_INT(at_ask(&c, "POST", CM_PATH, "Expect: 100-continue\r\n",
                     "{\"metadata\":{\"name\":\"again\"}}", &a),
              201);
    at_disconnect(&c);
    at_close(&at);
}

static void half_closed(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_TRUE(at_puts(&c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
    KT_TRUE(at_send_request(&c, "POST", CM_PATH, NULL, "{\"metadata\":{\"name\":\"half\"}}"));
    shutdown(c.fd, SHUT_WR);
    KT_TRUE(at_read(&c, &a) && a.status == 200);
    KT_TRUE(at_read(&c, &a) && a.status == 201);
    KT_TRUE(at_closed(&c));
    at_disconnect(&c);
    at_close(&at);
}

/* A client that goes while its write is committed: the write stays, nothing breaks. */
static void gone_during_a_write(void) {
    enum { N = 40 };
    struct at at;
    KT_REQUIRE(at_open(&at, NULL));
    for (int i = 0; i < N; i++) {
        struct at_conn c;
        CLEAT_AUTO_FREE char *name = cleat_sprintf("gone%d", i);
        CLEAT_AUTO_FREE char *body = configmap(name, 100);
        KT_REQUIRE(at_connect(&at, &c, AT_PLAIN));
        KT_TRUE(at_send_request(&c, "POST", CM_PATH, NULL, body));
        struct linger reset = {1, 0};
        if (i % 2) {
            setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        }
        at_disconnect(&c);
    }
    AT_AUTO_ANSWER a = {0};
    KT_EQ_INT(at_call(&at, "GET", CM_PATH, NULL, &a), 200);
    at_close(&at);
}

static void refusals(void) {
    static const struct {
        const char *text;
        int status;
    } bad[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nGET /", 400},
        {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
        {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505},
        {"POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
        {"POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        {"POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nContent-Length: 3145729\r\n\r\n", 413},
        {"\x16\x03\x01\x02\x00", 400},
    };
    struct at at;
    KT_REQUIRE(at_open(&at, NULL));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct at_conn c;
        AT_AUTO_ANSWER a = {0};
        KT_REQUIRE(at_connect(&at, &c, AT_PLAIN));
        KT_TRUE(at_puts(&c, bad[i].text));
        KT_TRUE(at_read(&c, &a) && at_has(&a.head, "Connection: close"));
        KT_EQ_INT(a.status, bad[i].status);
        KT_TRUE(at_has(&a.body, bad[i].status > 500
                                    ? (bad[i].status == 501 ? "501 Not Implemented" : "505 ")
                                    : "\"kind\":\"Status\""));
        KT_TRUE(at_closed(&c));
        at_disconnect(&c);
    }
    at_close(&at);
}

/* The answer to a body that is too large arrives, although nobody reads the body. */
static void too_large_a_body(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_TRUE(at_puts(&c, "POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n"));
    CLEAT_AUTO_FREE char *junk = configmap("x", 1000000);
    for (int i = 0; i < 4; i++) {
        at_send(&c, (struct cleat_str){junk, 1000000});
    }
    KT_TRUE(at_read(&c, &a));
    KT_EQ_INT(a.status, 413);
    KT_TRUE(at_has(&a.body, "Request entity too large: limit is 3145728"));
    at_disconnect(&c);
    /* In chunks its size shows only while it comes. */
    KT_REQUIRE(at_connect(&at, &c, AT_PLAIN));
    KT_TRUE(at_puts(&c, "POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "400000\r\n"));
    for (int i = 0; i < 4; i++) {
        at_send(&c, (struct cleat_str){junk, 1000000});
    }
    KT_TRUE(at_read(&c, &a));
    KT_EQ_INT(a.status, 413);
    at_disconnect(&c);
    at_close(&at);
}

/* Answers that nobody reads hold the pipeline up, not the memory; all arrive in the end. */
static void unread_answers_wait(void) {
    enum { OBJECTS = 8, LISTS = 300 };
    struct at at;
    struct at_conn c;
    KT_REQUIRE(at_open(&at, NULL));
    for (int i = 0; i < OBJECTS; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("big%d", i);
        CLEAT_AUTO_FREE char *body = configmap(name, 20000);
        KT_EQ_INT(at_call(&at, "POST", CM_PATH, body, NULL), 201);
    }
    KT_REQUIRE(at_connect(&at, &c, AT_PLAIN));
    CLEAT_AUTO_BUF all = {0};
    for (int i = 0; i < LISTS; i++) {
        cleat_buf_puts(&all, "GET " CM_PATH " HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    KT_TRUE(at_send(&c, (struct cleat_str){all.p, all.n}));
    shutdown(c.fd, SHUT_WR);
    int whole = 0;
    for (int i = 0; i < LISTS; i++) {
        AT_AUTO_ANSWER a = {0};
        whole += at_read(&c, &a) && a.status == 200 && a.body.n > OBJECTS * 20000 &&
                 memcmp(a.body.p + a.body.n - 4, "}]}\n", 4) == 0;
    }
    KT_EQ_INT(whole, LISTS);
    KT_TRUE(at_closed(&c));
    at_disconnect(&c);
    at_close(&at);
}

/* Stopping ends idle connections and watches at once. */
static void stop_is_quick(void) {
    struct at at;
    struct at_conn idle, watch, partial;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &idle, AT_PLAIN) &&
               at_connect(&at, &watch, AT_PLAIN) && at_connect(&at, &partial, AT_PLAIN));
    KT_EQ_INT(at_ask(&idle, "GET", "/healthz", NULL, NULL, &a), 200);
    KT_TRUE(at_send_request(&watch, "GET", "/api/v1/nodes?watch=true", NULL, NULL));
    KT_TRUE(at_read_head(&watch, &a) && a.chunked);
    KT_TRUE(at_puts(&partial, "POST " CM_PATH " HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"));
    cleat_time began = cleat_now_mono();
    cleat_api_stop(at.api);
    KT_TRUE(cleat_now_mono() - began < CLEAT_SECOND / 2);
    CLEAT_AUTO_BUF line = {0};
    KT_TRUE(!at_read_line(&watch, &line)); /* the clean end of its body */
    KT_TRUE(at_closed(&watch) && at_closed(&idle) && at_closed(&partial));
    at_disconnect(&idle);
    at_disconnect(&watch);
    at_disconnect(&partial);
    at_close(&at);
}

KT_MAIN("api_conn", KT_TEST(keep_alive_and_close), KT_TEST(pipeline), KT_TEST(body_in_pieces),
        KT_TEST(chunked_body_and_continue), KT_TEST(half_closed), KT_TEST(gone_during_a_write),
        KT_TEST(refusals), KT_TEST(too_large_a_body), KT_TEST(unread_answers_wait),
        KT_TEST(stop_is_quick))
