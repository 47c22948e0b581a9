/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server without a registry: what is open, who is asked about the rest, and answers
 * that come late, from other threads, or to nobody.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/at.h"

static struct {
    cleat_api *api;
    pthread_mutex_t mutex;
    struct cleat_api_ask *held; /* where hold was set */
    _Atomic int asked;
    _Atomic bool hold, healthy;
    pthread_t thread;
} t = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static cleat_err judge(const struct cleat_api_ask *ask) {
    return ask->token == NULL                ? CLEAT_E_FORBIDDEN
           : strcmp(ask->token, "good") == 0 ? CLEAT_OK
           : strcmp(ask->token, "metrics") == 0
               ? strcmp(ask->path, "/metrics") == 0 ? CLEAT_OK : CLEAT_E_FORBIDDEN
               : CLEAT_E_UNAUTHORIZED;
}

static void ask(void *userdata, struct cleat_api_ask *a) {
    (void)userdata;
    atomic_fetch_add(&t.asked, 1);
    if (atomic_load(&t.hold)) {
        CLEAT_LOCKED(&t.mutex);
        t.held = a;
        return;
    }
    cleat_err err = judge(a);
    cleat_api_answer(a, err, err == CLEAT_OK ? NULL : "no");
}

/* Takes what is held; waits for it. */
static struct cleat_api_ask *take_held(void) {
    for (int i = 0; i < 2000; i++) {
        {
            CLEAT_LOCKED(&t.mutex);
            if (t.held != NULL) {
                return CLEAT_STEAL(t.held);
            }
        }
        usleep(5000);
    }
    KT_TRUE(!"asked in time");
    return NULL;
}

static void configz(void *userdata, struct cleat_buf *out) {
    (void)userdata;
    cleat_buf_puts(out, "{\"a\":1}");
}

static bool check(void *userdata) {
    (void)userdata;
    return atomic_load(&t.healthy);
}

static void up(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    const struct cleat_api_gate gate = {
        .ask = ask, .open_paths = "/healthz, /healthz/*,/readyz,/livez", .configz = configz};
    const struct cleat_api_opts o = {
        .bind_address = "127.0.0.1", .secure_port = -1, .io_threads = 1, .gate = &gate};
    t.asked = 0;
    t.hold = false;
    t.healthy = true;
    KT_OK(cleat_api_new(NULL, &o, &t.api, &e), &e);
    cleat_api_add_check(t.api, "leaderElection", check, NULL);
    KT_OK(cleat_api_start(t.api, &e), &e);
}

static void down(void) {
    cleat_api_stop(t.api);
    cleat_api_free(CLEAT_STEAL(t.api));
}

static bool dial(struct at_conn *c) {
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)cleat_api_secure_port(t.api))};
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval patience = {20, 0};
    *c = (struct at_conn){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    c->ctx = SSL_CTX_new(TLS_client_method()); /* nobody could know the certificate */
    c->ssl = SSL_new(c->ctx);
    return KT_TRUE(connect(c->fd, (struct sockaddr *)&in, sizeof in) == 0) &&
           KT_TRUE(SSL_set_fd(c->ssl, c->fd) == 1 && SSL_connect(c->ssl) == 1);
}

#define GOOD    "Authorization: Bearer good\r\n"
#define METRICS "Authorization: bearer  metrics\r\n"
#define BAD     "Authorization: Bearer bad\r\n"

static void health_is_open(void) {
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    up();
    KT_REQUIRE(dial(&c));
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "HEAD", "/livez", NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "GET", "/readyz?verbose", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "[+]leaderElection ok"));
    KT_EQ_INT(at_ask(&c, "GET", "/healthz/leaderElection", NULL, NULL, &a), 200);
    t.healthy = false;
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", NULL, NULL, &a), 500);
    KT_EQ_INT(at_ask(&c, "GET", "/healthz/leaderElection", NULL, NULL, &a), 500);
    KT_EQ_INT(t.asked, 0);
    at_disconnect(&c);
    down();
}

static void the_rest_is_asked_about(void) {
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    up();
    KT_REQUIRE(dial(&c));
    KT_EQ_INT(at_ask(&c, "GET", "/metrics", NULL, NULL, &a), 403);
    KT_TRUE(at_has(&a.body, "\"reason\":\"Forbidden\""));
    KT_EQ_INT(at_ask(&c, "GET", "/metrics", BAD, NULL, &a), 401);
    KT_EQ_INT(at_ask(&c, "GET", "/metrics", METRICS, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "process_resident_memory_bytes"));
    KT_EQ_INT(at_ask(&c, "GET", "/configz", METRICS, NULL, &a), 403);
    KT_EQ_INT(at_ask(&c, "GET", "/configz", GOOD, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "{\"a\":1}"));
    /* who may not, does not learn what there is */
    KT_EQ_INT(at_ask(&c, "GET", "/nothing", NULL, NULL, &a), 403);
    KT_EQ_INT(at_ask(&c, "GET", "/nothing", GOOD, NULL, &a), 404);
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1/nodes", GOOD, NULL, &a), 404);
    KT_EQ_INT(at_ask(&c, "GET", "/apis", GOOD, NULL, &a), 404);
    KT_EQ_INT(at_ask(&c, "GET", "/readyz/ping", NULL, NULL, &a), 403); /* not below readyz */
    KT_EQ_INT(at_ask(&c, "POST", "/metrics", GOOD, "{}", &a), 405);
    KT_EQ_INT(at_ask(&c, "DELETE", "/healthz", GOOD, NULL, &a), 405);
    at_disconnect(&c);
    down();
}

static void *answer_late(void *arg) {
    cleat_api_answer(arg, CLEAT_OK, NULL);
    return NULL;
}

static void answers_come_late(void) {
    struct at_conn c, gone;
    AT_AUTO_ANSWER a = {0};
    up();
    t.hold = true;
    KT_REQUIRE(dial(&c) && dial(&gone));
    /* two requests in a row: the second waits for the first */
    KT_TRUE(at_send_request(&c, "GET", "/metrics", GOOD, NULL));
    KT_TRUE(at_send_request(&c, "GET", "/healthz", NULL, NULL));
    pthread_t other = cleat_thread_start("late", answer_late, take_held());
    KT_TRUE(at_read(&c, &a));
    KT_TRUE(at_has(&a.body, "process_"));
    KT_TRUE(at_read(&c, &a));
    KT_EQ_INT(a.status, 200);
    pthread_join(other, NULL);
    /* whoever asked has gone */
    KT_TRUE(at_send_request(&gone, "GET", "/metrics", GOOD, NULL));
    struct cleat_api_ask *held = take_held();
    at_disconnect(&gone);
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", NULL, NULL, &a), 200);
    cleat_api_answer(held, CLEAT_OK, NULL);
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", NULL, NULL, &a), 200);
    at_disconnect(&c);
    down();
}

static void a_stop_waits_for_the_answer(void) {
    struct at_conn c;
    up();
    t.hold = true;
    KT_REQUIRE(dial(&c));
    KT_TRUE(at_send_request(&c, "GET", "/metrics", GOOD, NULL));
    pthread_t other = cleat_thread_start("late", answer_late, take_held());
    down();
    pthread_join(other, NULL);
    at_disconnect(&c);
}

KT_MAIN("api_gate", KT_TEST(health_is_open), KT_TEST(the_rest_is_asked_about),
        KT_TEST(answers_come_late), KT_TEST(a_stop_waits_for_the_answer))
