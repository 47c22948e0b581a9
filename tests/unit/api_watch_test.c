/* SPDX-License-Identifier: Apache-2.0 */
/* Watches over HTTP: each change exactly once and in order, for readers fast and
 * slow; Tables, bookmarks, ends and errors. */
#include "core/base/limits.h"
#include "tests/support/at.h"

#define CM_PATH "/api/v1/namespaces/default/configmaps"

static bool open_watch(struct at *at, struct at_conn *c, const char *path, const char *extra) {
    AT_AUTO_ANSWER a = {0};
    return at_connect(at, c, AT_PLAIN) && at_send_request(c, "GET", path, extra, NULL) &&
           at_read_head(c, &a) && KT_EQ_INT(a.status, 200) && a.chunked;
}

static int create(struct at *at, const char *name, const char *label, size_t filler) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"l\":\"%s\"}},\"data\":{\"k\":\"",
                     name, label);
    for (size_t i = 0; i < filler; i++) {
        cleat_buf_putc(&b, 'x');
    }
    cleat_buf_puts(&b, "\"}}");
    return at_call(at, "POST", CM_PATH, b.p, NULL);
}

static int patch(struct at *at, const char *name, const char *text) {
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/%s", CM_PATH, name);
    int status =
        at_connect(at, &c, AT_PLAIN)
            ? at_ask(&c, "PATCH", path, "Content-Type: application/merge-patch+json\r\n", text, &a)
            : 0;
    at_disconnect(&c);
    return status;
}

static bool expect(struct at_conn *c, const char *type, const char *text) {
    CLEAT_AUTO_BUF line = {0};
    CLEAT_AUTO_FREE char *begin = cleat_sprintf("{\"type\":\"%s\",\"object\":{", type);
    return at_read_line(c, &line) && KT_TRUE(strncmp(line.p, begin, strlen(begin)) == 0) &&
           KT_TRUE(at_has(&line, text));
}

/* ---- exactness ---- */

enum { WRITES = 400, WATCHERS = 6 };

struct reader {
    struct at *at;
    bool slow;
    int seen;
    bool ordered;
    pthread_t thread;
};

static uint64_t revision_of(const struct cleat_buf *line) {
    const char *at = line->n ? strstr(line->p, "\"resourceVersion\":\"") : NULL;
    return at ? strtoull(at + 19, NULL, 10) : 0;
}

/* Reads until the object named "zlast" is there, which is the last of a list also; counts, and
 * checks the order. */
static void *read_all(void *arg) {
    struct reader *r = arg;
    struct at_conn c;
    CLEAT_AUTO_BUF line = {0};
    uint64_t last = 0;
    r->ordered = true;
    if (open_watch(r->at, &c, CM_PATH "?watch=1", NULL)) {
        while (at_read_line(&c, &line)) {
            uint64_t now = revision_of(&line);
            r->ordered &= now > last && strncmp(line.p, "{\"type\":\"ADDED\"", 15) == 0;
            last = now;
            if (strstr(line.p, "\"name\":\"zlast\"") != NULL) {
                break;
            }
            r->seen++;
            if (r->slow && r->seen % 50 == 0) {
                sched_yield();
            }
        }
    }
    at_disconnect(&c);
    return NULL;
}

/* Watchers come while others write: initial objects and live ones, no gap, none twice. */
static void exactly_once_while_writing(void) {
    struct at at;
    struct at_conn c;
    struct reader readers[WATCHERS];
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    for (int i = 0; i < WRITES; i++) {
        if (i % (WRITES / WATCHERS) == 0 && i / (WRITES / WATCHERS) < WATCHERS) {
            struct reader *r = &readers[i / (WRITES / WATCHERS)];
            *r = (struct reader){.at = &at, .slow = i % 2};
            r->thread = cleat_thread_start("reader", read_all, r);
        }
        AT_AUTO_ANSWER a = {0};
        CLEAT_AUTO_FREE char *body =
            cleat_sprintf("{\"metadata\":{\"name\":\"n%04d\",\"namespace\":\"default\"}}", i);
        KT_EQ_INT(at_ask(&c, "POST", CM_PATH, NULL, body, &a), 201);
    }
    KT_EQ_INT(create(&at, "zlast", "x", 0), 201);
    for (int i = 0; i < WATCHERS; i++) {
        pthread_join(readers[i].thread, NULL);
        KT_EQ_INT(readers[i].seen, WRITES);
        KT_TRUE(readers[i].ordered);
    }
    at_disconnect(&c);
    at_close(&at);
}

/* More than fits into the backlog and the sockets, taken in late: nothing is lost, and
 * what is left comes without another change to wake it. */
static void slow_reader_of_much(void) {
    enum { OBJECTS = 40, SIZE = 200 * 1000 };
    struct at at;
    struct at_conn c;
    KT_REQUIRE(at_open(&at, NULL));
    for (int i = 0; i < OBJECTS / 2; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("a%02d", i);
        KT_EQ_INT(create(&at, name, "x", SIZE), 201);
    }
    KT_REQUIRE(open_watch(&at, &c, CM_PATH "?watch=true", NULL));
    for (int i = OBJECTS / 2; i < OBJECTS; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("a%02d", i);
        KT_EQ_INT(create(&at, name, "x", SIZE), 201);
    }
    for (int i = 0; i < OBJECTS; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("\"name\":\"a%02d\"", i);
        KT_REQUIRE(expect(&c, "ADDED", name));
    }
    KT_EQ_INT(create(&at, "z", "x", 0), 201);
    KT_TRUE(expect(&c, "ADDED", "\"name\":\"z\""));
    at_disconnect(&c);
    at_close(&at);
}

/* ---- what events say ---- */

static void selectors_and_deletion(void) {
    struct at at;
    struct at_conn c, named;
    KT_REQUIRE(at_open(&at, NULL));
    KT_EQ_INT(create(&at, "one", "in", 0), 201);
    KT_REQUIRE(open_watch(&at, &c, CM_PATH "?watch=true&labelSelector=l%3Din", NULL));
    KT_REQUIRE(open_watch(&at, &named, "/api/v1/watch/namespaces/default/configmaps/two", NULL));
    KT_TRUE(expect(&c, "ADDED", "\"name\":\"one\""));
    KT_EQ_INT(create(&at, "two", "out", 0), 201);
    KT_EQ_INT(patch(&at, "two", "{\"metadata\":{\"labels\":{\"l\":\"in\"}}}"), 200);
    KT_TRUE(expect(&c, "ADDED", "\"name\":\"two\""));
    KT_EQ_INT(patch(&at, "two", "{\"data\":{\"q\":\"w\"}}"), 200);
    KT_TRUE(expect(&c, "MODIFIED", "\"q\":\"w\""));
    KT_EQ_INT(patch(&at, "two", "{\"metadata\":{\"labels\":{\"l\":\"out\"}}}"), 200);
    KT_TRUE(expect(&c, "DELETED", "\"name\":\"two\""));
    KT_EQ_INT(at_call(&at, "DELETE", CM_PATH "/one", NULL, NULL), 200);
    KT_TRUE(expect(&c, "DELETED", "\"name\":\"one\""));
    KT_TRUE(expect(&named, "ADDED", "\"l\":\"out\""));
    KT_TRUE(expect(&named, "MODIFIED", "\"l\":\"in\""));
    at_disconnect(&c);
    at_disconnect(&named);
    at_close(&at);
}

static void tables(void) {
    struct at at;
    struct at_conn c;
    CLEAT_AUTO_BUF line = {0};
    KT_REQUIRE(at_open(&at, NULL));
    KT_EQ_INT(create(&at, "one", "x", 0), 201);
    KT_REQUIRE(open_watch(&at, &c, CM_PATH "?watch=true",
                          "Accept: application/json;as=Table;v=v1;g=meta.k8s.io\r\n"));
    KT_REQUIRE(at_read_line(&c, &line));
    KT_TRUE(at_has(&line, "\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\"") &&
            at_has(&line, "\"columnDefinitions\":[{") && at_has(&line, "\"cells\":[\"one\",1,"));
    KT_EQ_INT(create(&at, "two", "x", 0), 201);
    KT_REQUIRE(at_read_line(&c, &line));
    KT_TRUE(at_has(&line, "\"columnDefinitions\":null") && at_has(&line, "\"cells\":[\"two\",1,") &&
            at_has(&line, "\"kind\":\"PartialObjectMetadata\""));
    at_disconnect(&c);
    KT_REQUIRE(
        open_watch(&at, &c, CM_PATH "?watch=true",
                   "Accept: application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io\r\n"));
    KT_REQUIRE(at_read_line(&c, &line));
    KT_TRUE(at_has(&line, "\"kind\":\"PartialObjectMetadata\",") && !strstr(line.p, "\"data\""));
    at_disconnect(&c);
    at_close(&at);
}

/* ---- beginnings and ends ---- */

static void initial_events_end_with_a_bookmark(void) {
    struct at at;
    struct at_conn c;
    KT_REQUIRE(at_open(&at, NULL));
    KT_EQ_INT(create(&at, "one", "x", 0), 201);
    KT_REQUIRE(open_watch(&at, &c,
                          CM_PATH "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true"
                                  "&resourceVersionMatch=NotOlderThan",
                          NULL));
    KT_TRUE(expect(&c, "ADDED", "\"name\":\"one\""));
    KT_TRUE(expect(&c, "BOOKMARK", "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}"));
    at_disconnect(&c);
    at_close(&at);
}

/* After timeoutSeconds a last bookmark and a clean end; the connection goes on. */
static void timeout_ends_the_body_not_the_connection(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    CLEAT_AUTO_BUF line = {0};
    KT_REQUIRE(at_open(&at, NULL));
    KT_REQUIRE(
        open_watch(&at, &c, CM_PATH "?watch=true&timeoutSeconds=1&allowWatchBookmarks=true", NULL));
    KT_EQ_INT(at_call(&at, "POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"other\"}}", &a),
              201);
    CLEAT_AUTO_FREE char *revision =
        cleat_sprintf("\"resourceVersion\":\"%llu\"", (unsigned long long)revision_of(&a.body));
    KT_TRUE(expect(&c, "BOOKMARK", revision)); /* although no configmap changed */
    KT_TRUE(!at_read_line(&c, &line));
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", NULL, NULL, &a), 200);
    at_disconnect(&c);
    at_close(&at);
}

/* Initial events refused: only what is new comes, whatever there is. */
static void no_initial_events(void) {
    struct at at;
    struct at_conn c;
    KT_REQUIRE(at_open(&at, NULL));
    KT_EQ_INT(create(&at, "old", "x", 0), 201);
    KT_REQUIRE(open_watch(&at, &c,
                          CM_PATH "?watch=true&sendInitialEvents=false&resourceVersionMatch="
                                  "NotOlderThan",
                          NULL));
    KT_EQ_INT(create(&at, "new", "x", 0), 201);
    KT_TRUE(expect(&c, "ADDED", "\"name\":\"new\""));
    at_disconnect(&c);
    at_close(&at);
}

static void errors(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH "?watch=true&resourceVersion=99999999", NULL, NULL, &a),
              504);
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH "?watch=true&resourceVersion=x", NULL, NULL, &a), 400);
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH "?watch=true&sendInitialEvents=true", NULL, NULL, &a), 422);
    KT_EQ_INT(at_ask(&c, "GET",
                     CM_PATH "?watch=true&sendInitialEvents=true&resourceVersionMatch=Exact", NULL,
                     NULL, &a),
              422);
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH "?watch=true&sendInitialEvents=false", NULL, NULL, &a),
              422);
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH "?watch=true&labelSelector=%21%21", NULL, NULL, &a), 400);
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH, NULL, NULL, &a), 200); /* the connection lives on */
    at_disconnect(&c);
    at_close(&at);
}

/* Requests sent behind a watch without waiting: nothing hangs, nothing is mixed. */
static void pipeline_behind_a_watch(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    CLEAT_AUTO_BUF line = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_TRUE(at_puts(&c, "GET " CM_PATH "?watch=true&timeoutSeconds=1 HTTP/1.1\r\nHost: x\r\n\r\n"
                        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
    KT_TRUE(at_read_head(&c, &a) && a.chunked);
    KT_TRUE(!at_read_line(&c, &line));
    KT_TRUE(at_read(&c, &a) && a.status == 200 && at_has(&a.body, "ok"));
    at_disconnect(&c);
    at_close(&at);
}

/* Watchers that leave are forgotten; those that stay get everything. */
static void come_and_go(void) {
    enum { N = 30 };
    struct at at;
    struct at_conn c[N];
    KT_REQUIRE(at_open(&at, NULL));
    for (int i = 0; i < N; i++) {
        KT_REQUIRE(open_watch(&at, &c[i], CM_PATH "?watch=true", NULL));
    }
    for (int i = 0; i < N; i += 2) {
        at_disconnect(&c[i]);
    }
    KT_EQ_INT(create(&at, "one", "x", 100000), 201);
    KT_EQ_INT(create(&at, "two", "x", 0), 201);
    for (int i = 1; i < N; i += 2) {
        KT_TRUE(expect(&c[i], "ADDED", "\"name\":\"one\""));
        KT_TRUE(expect(&c[i], "ADDED", "\"name\":\"two\""));
        at_disconnect(&c[i]);
    }
    AT_AUTO_ANSWER a = {0};
    KT_EQ_INT(at_call(&at, "GET", "/metrics", NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "apiserver_request_total{verb=\"WATCH\",group=\"\",version=\"v1\","
                            "resource=\"configmaps\""));
    at_close(&at);
}

/* Watchers in one round share a line only where they asked for the same. */
static void each_sees_what_it_asked_for(void) {
    static const struct {
        const char *accept, *query, *first, *then, *never;
    } views[] = {
        {"", "", "\"data\":{", "\"q\":\"1\"", "Table"},
        {"Accept: application/json;as=Table;v=v1;g=meta.k8s.io\r\n", "", "\"columnDefinitions\":[{",
         "\"columnDefinitions\":null", "\"q\""},
        {"Accept: application/json;as=Table;v=v1;g=meta.k8s.io\r\n", "&includeObject=Object",
         "\"columnDefinitions\":[{", "\"q\":\"1\"", "PartialObjectMetadata"},
        {"Accept: application/json;as=Table;v=v1beta1;g=meta.k8s.io\r\n", "&includeObject=None",
         "meta.k8s.io/v1beta1", "\"columnDefinitions\":null", "\"object\":{\"metadata\""},
        {"Accept: application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io\r\n", "",
         "\"kind\":\"PartialObjectMetadata\"", "\"kind\":\"PartialObjectMetadata\"", "\"q\""},
    };
    enum { VIEWS = sizeof views / sizeof *views, EACH = 4 };
    struct at at;
    struct at_conn c[VIEWS * EACH];
    CLEAT_AUTO_BUF line = {0};
    KT_REQUIRE(at_open(&at, NULL));
    KT_EQ_INT(create(&at, "one", "x", 0), 201);
    for (int i = 0; i < VIEWS * EACH; i++) {
        CLEAT_AUTO_FREE char *path = cleat_sprintf(CM_PATH "?watch=true%s", views[i / EACH].query);
        KT_REQUIRE(open_watch(&at, &c[i], path, views[i / EACH].accept));
        KT_REQUIRE(at_read_line(&c[i], &line));
        KT_TRUE(at_has(&line, views[i / EACH].first));
    }
    for (int turn = 0; turn < 20; turn++) {
        KT_EQ_INT(
            patch(&at, "one", turn % 2 ? "{\"data\":{\"q\":null}}" : "{\"data\":{\"q\":\"1\"}}"),
            200);
    }
    for (int turn = 0; turn < 20; turn++) {
        for (int i = 0; i < VIEWS * EACH; i++) {
            KT_REQUIRE(at_read_line(&c[i], &line));
            KT_TRUE(at_has(&line, "{\"type\":\"MODIFIED\","));
            KT_TRUE(turn % 2 || at_has(&line, views[i / EACH].then));
            KT_TRUE(strstr(line.p, views[i / EACH].never) == NULL);
        }
    }
    for (int i = 0; i < VIEWS * EACH; i++) {
        at_disconnect(&c[i]);
    }
    at_close(&at);
}

/* A round of many takes several turns of the event loop. Who leaves in the midst of one takes
 * nobody else's events along, and who writes meanwhile is answered. */
static void many_while_some_leave(void) {
    enum { MANY = 480, TURNS = 6, LAST = 6 }; /* of each LAST, one stays to the end */
    struct at at;
    struct at_conn c[MANY], writer;
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &writer, AT_PLAIN));
    KT_EQ_INT(create(&at, "one", "x", 0), 201);
    for (int i = 0; i < MANY; i++) {
        KT_REQUIRE(open_watch(&at, &c[i], CM_PATH "?watch=true", NULL));
        KT_REQUIRE(expect(&c[i], "ADDED", "\"name\":\"one\""));
    }
    for (int turn = 0; turn < TURNS; turn++) {
        AT_AUTO_ANSWER a = {0};
        CLEAT_AUTO_FREE char *body = cleat_sprintf("{\"data\":{\"turn\":\"t%d\"}}", turn);
        KT_REQUIRE(at_send_request(&writer, "PATCH", CM_PATH "/one",
                                   "Content-Type: application/merge-patch+json\r\n", body));
        for (int i = 0; i < MANY; i++) {
            if (i % LAST == turn && turn != 0) {
                at_disconnect(&c[i]);
            }
        }
        KT_REQUIRE(at_read(&writer, &a));
        KT_EQ_INT(a.status, 200);
    }
    for (int i = 0; i < MANY; i += LAST) {
        for (int turn = 0; turn < TURNS; turn++) {
            CLEAT_AUTO_FREE char *text = cleat_sprintf("\"turn\":\"t%d\"", turn);
            KT_REQUIRE(expect(&c[i], "MODIFIED", text));
        }
        at_disconnect(&c[i]);
    }
    at_disconnect(&writer);
    at_close(&at);
}

/* ---- accounts ---- */

static long metric(const char *name, const char *more) {
    CLEAT_AUTO_BUF b = {0};
    cleat_metrics_expose(&b);
    CLEAT_AUTO_FREE char *start =
        cleat_sprintf("\n%s{group=\"\",version=\"v1\",resource=\"configmaps\"%s} ", name, more);
    const char *at = b.p != NULL ? strstr(b.p, start) : NULL;
    return at != NULL ? strtol(at + strlen(start), NULL, 10) : 0;
}

/* Every event of every watcher counts, by the size of its object as that watcher sees it. */
static void events_are_counted(void) {
    enum { BOTH = 2 };
    static const char table[] = "Accept: application/json;as=Table;v=v1;g=meta.k8s.io\r\n";
    struct at at;
    struct at_conn c[BOTH];
    KT_REQUIRE(at_open(&at, NULL));
    long events = metric("apiserver_watch_events_total", ""),
         small = metric("apiserver_watch_events_sizes_bucket", ",le=\"2048\""),
         large = metric("apiserver_watch_events_sizes_bucket", ",le=\"8192\""),
         bytes = metric("apiserver_watch_events_sizes_sum", "");
    KT_REQUIRE(open_watch(&at, &c[0], CM_PATH "?watch=1", NULL));
    KT_REQUIRE(open_watch(&at, &c[1], CM_PATH "?watch=1", table));
    KT_EQ_INT(create(&at, "little", "x", 0), 201);
    KT_EQ_INT(create(&at, "much", "x", 5000), 201);
    KT_TRUE(expect(&c[0], "ADDED", "\"little\"") && expect(&c[0], "ADDED", "\"much\""));
    KT_TRUE(expect(&c[1], "ADDED", "\"little\"") && expect(&c[1], "ADDED", "\"much\""));
    KT_EQ_INT(metric("apiserver_watch_events_total", "") - events, 4);
    KT_EQ_INT(metric("apiserver_watch_events_sizes_count", "") - events, 4);
    /* The Table's first event has the columns; it shows no data. */
    KT_EQ_INT(metric("apiserver_watch_events_sizes_bucket", ",le=\"2048\"") - small, 3);
    KT_EQ_INT(metric("apiserver_watch_events_sizes_bucket", ",le=\"8192\"") - large, 4);
    KT_TRUE(metric("apiserver_watch_events_sizes_sum", "") - bytes > 5000);
    KT_TRUE(metric("apiserver_watch_events_sizes_sum", "") - bytes < 10000);
    for (int i = 0; i < BOTH; i++) {
        at_disconnect(&c[i]);
    }
    at_close(&at);
}

KT_MAIN("api_watch", KT_TEST(events_are_counted), KT_TEST(exactly_once_while_writing),
        KT_TEST(slow_reader_of_much), KT_TEST(selectors_and_deletion), KT_TEST(tables),
        KT_TEST(initial_events_end_with_a_bookmark),
        KT_TEST(timeout_ends_the_body_not_the_connection), KT_TEST(no_initial_events),
        KT_TEST(errors), KT_TEST(pipeline_behind_a_watch), KT_TEST(come_and_go),
        KT_TEST(each_sees_what_it_asked_for), KT_TEST(many_while_some_leave))
