/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Informers over the transport to a server elsewhere, when streams break, revisions are
 * forgotten and lists come in half: nothing is lost, and nothing deleted that was not proven gone.
 * The clock is virtual, so that no back-off is waited for; the sockets are real.
 */
#include "core/informer/informer.h"
#include "tests/support/at.h"
#include "tests/support/far.h"

#include <sys/socket.h>
#include <unistd.h>

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

static struct {
    struct far far;
    struct cleat_transport *transport;
    cleat_client *client;
    cleat_informers *factory;
    pthread_mutex_t mutex;
    struct cleat_buf asked; /* what was asked for, a word a request */
    struct cleat_buf told;  /* what the handler heard */
    _Atomic int step;
    _Atomic bool initial; /* the handler has heard what was there first */
} t = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void note(const char *word) {
    CLEAT_LOCKED(&t.mutex);
    cleat_buf_printf(&t.asked, "%s;", word);
}

static void on_add(void *userdata, const cleat_obj *o, int32_t initial) {
    (void)userdata;
    if (initial) { /* in no order */
        cleat_buf_puts(&t.told, "init;");
        atomic_store(&t.initial, true);
    } else {
        cleat_buf_printf(&t.told, "add %.*s;", CLEAT_FMT(cleat_obj_name(o)));
    }
}

static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *o) {
    (void)userdata;
    (void)old;
    cleat_buf_printf(&t.told, "update %.*s;", CLEAT_FMT(cleat_obj_name(o)));
}

static void on_delete(void *userdata, const cleat_obj *last, int32_t unknown) {
    (void)userdata;
    cleat_buf_printf(&t.told, "delete %.*s%s;", CLEAT_FMT(cleat_obj_name(last)),
                     unknown ? "?" : "");
}

static const struct cleat_handler handler = {.struct_size = sizeof handler,
                                             .on_add = on_add,
                                             .on_update = on_update,
                                             .on_delete = on_delete};

static bool up_with(void (*serve)(struct far_conn *c), cleat_time timeout, cleat_informer **ret) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_clock_virtual(1767323045 * CLEAT_SECOND);
    atomic_store(&t.step, 0);
    atomic_store(&t.initial, false);
    if (!far_open(&t.far, serve, NULL, NULL)) {
        return false;
    }
    CLEAT_AUTO_FREE char *url = far_url(&t.far);
    struct cleat_remote_opts o = {.server = url, .timeout = timeout};
    if (!KT_OK(cleat_transport_remote(&o, &t.transport, &e), &e)) {
        return false;
    }
    t.client = cleat_client_new(t.transport, "tester");
    t.factory = cleat_informers_new(t.client, true);
    bool ok = KT_OK(cleat_informer_acquire(t.factory, configmaps, NULL, NULL, ret, &e), &e);
    cleat_informer_add_handler(*ret, &handler);
    return ok;
}

static bool up(void (*serve)(struct far_conn *c), cleat_informer **ret) {
    return up_with(serve, 0, ret);
}

static void down(void) {
    cleat_informers_free(t.factory);
    cleat_client_free(t.client);
    t.transport->ops->free(t.transport);
    far_close(&t.far);
    cleat_buf_done(&t.asked);
    cleat_buf_done(&t.told);
}

/* Runs, and moves the clock, until the handler has heard that (from the start). */
static bool heard(const char *text) {
    for (int i = 0; i < 4000; i++) {
        while (cleat_informers_step(t.factory)) {
        }
        if (t.told.n > 0 && strcmp(t.told.p, text) == 0) {
            return true;
        }
        usleep(5000);
        cleat_clock_advance(50 * CLEAT_MS);
    }
    return kt_str(cleat_s(t.told.p), cleat_s(text), "what the handler heard", __FILE__, __LINE__);
}

static void pass(cleat_time d) {
    for (cleat_time at = 0; at < d; at += 100 * CLEAT_MS) {
        while (cleat_informers_step(t.factory)) {
        }
        usleep(2000);
        cleat_clock_advance(100 * CLEAT_MS);
    }
}

#define OBJ(name, rev)                                                                             \
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" name                 \
    "\",\"managedFields\":[{\"manager\":\"x\"}],\"namespace\":\"n\",\"resourceVersion\":\"" rev    \
    "\"}}"
#define ANOTHER(name, rev)                                                                         \
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" name                 \
    "\",\"uid\":\"another\",\"namespace\":\"n\",\"resourceVersion\":\"" rev "\"}}"
#define LIST(rev, items)                                                                           \
    "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" rev   \
    "\"},\"items\":[" items "]}"
#define EVENT(type, object) "{\"type\":\"" type "\",\"object\":" object "}\n"

/* Events that the handler should hear as such come after what it hears first. */
static void stream(struct far_conn *c, const char *text) {
    for (int i = 0; i < 4000 && !atomic_load(&t.initial); i++) {
        usleep(5000);
    }
    far_puts(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
    far_puts(c, text);
}

/* A server that is too old to begin watches with what is there. */
static bool request(struct far_conn *c, struct cleat_buf *head) {
    while (far_request(c, head, NULL)) {
        if (!far_has(head, "GET /version ")) {
            return true;
        }
        far_answer(c, 200, NULL, "{\"major\":\"1\",\"minor\":\"30+\"}");
    }
    return false;
}

static void serve_a_bad_day(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (request(c, &head)) {
        bool watch = far_has(&head, "watch=true");
        int step = atomic_fetch_add(&t.step, 1);
        note(watch ? "watch" : "list");
        switch (step) {
        case 0: /* the first list, from whatever is at hand */
            KT_TRUE(!watch && far_has(&head, "resourceVersion=0 ") && far_has(&head, "limit=500"));
            far_answer(c, 200, NULL, LIST("9", OBJ("a", "5") "," OBJ("b", "6")));
            break;
        case 1: /* a stream that breaks in the middle of an event */
            KT_TRUE(watch && far_has(&head, "resourceVersion=9&") &&
                    far_has(&head, "allowWatchBookmarks=true"));
            stream(c, EVENT("MODIFIED", OBJ("a", "10")) "{\"type\":\"DELETED\",\"object\":{\"ki");
            return;
        case 2: /* it goes on from there; the server has forgotten that */
            KT_TRUE(watch && far_has(&head, "resourceVersion=10&"));
            stream(c, EVENT("ERROR", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"message\":"
                                     "\"too old resource version\",\"code\":410}"));
            return;
        case 3: /* half a list */
            KT_TRUE(!watch && far_has(&head, "resourceVersion=10&resourceVersionMatch="
                                             "NotOlderThan"));
            far_puts(c, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
            far_puts(c, "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{"
                        "\"resourceVersion\":\"19\"},\"items\":[" OBJ("c", "12"));
            return;
        case 4: /* a proxy's opinion */
            far_answer(c, 404, NULL, "<html>no such page");
            break;
        case 5: /* an empty answer that is no list */
            far_answer(c, 200, NULL, "{}");
            break;
        case 6:
            far_answer(c, 200, NULL, LIST("20", OBJ("a", "10") "," OBJ("c", "12")));
            break;
        case 7: /* its time is over */
            KT_TRUE(watch && far_has(&head, "resourceVersion=20&"));
            stream(c, EVENT("BOOKMARK", OBJ("", "25")));
            return;
        default: /* from the bookmark on */
            KT_TRUE(watch && far_has(&head, "resourceVersion=25&"));
            stream(c, EVENT("DELETED", OBJ("c", "26")) EVENT("ADDED", OBJ("d", "27")));
            far_request(c, &head, NULL); /* and it stays open */
            return;
        }
    }
}

static void nothing_is_lost_on_a_bad_day(void) {
    cleat_informer *inf = NULL;
    KT_REQUIRE(up(serve_a_bad_day, &inf));
    heard("init;init;update a;add c;delete b?;delete c;add d;");
    KT_EQ_STR(t.asked.p, "list;watch;watch;list;list;list;list;watch;watch;");
    CLEAT_AUTO(cleat_obj) *a =
        cleat_informer_get(inf, (struct cleat_key){CLEAT_STR("n"), CLEAT_STR("a")});
    KT_REQUIRE(a != NULL);
    KT_TRUE(!cleat_val_present(cleat_obj_at(a, CLEAT_PATH("metadata", "managedFields"))));
    KT_EQ_INT(cleat_informer_count(inf), 2);
    cleat_informer_release(inf);
    down();
}

/* A server that was set back: smaller revisions, other objects. */
static void serve_set_back(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (request(c, &head)) {
        bool watch = far_has(&head, "watch=true");
        switch (atomic_fetch_add(&t.step, 1)) {
        case 0:
            far_answer(c, 200, NULL,
                       LIST("900", OBJ("a", "800") "," OBJ("b", "810") "," OBJ("c", "820")));
            break;
        case 1:
            stream(c, EVENT("ERROR", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410}"));
            return;
        case 2:
            KT_TRUE(!watch && far_has(&head, "resourceVersion=900&"));
            far_status(c, 504, "Timeout", "Too large resource version: 900, current: 50");
            break;
        case 3:
            KT_TRUE(!watch && !far_has(&head, "resourceVersion="));
            far_answer(c, 200, NULL, LIST("50", OBJ("a", "40") "," ANOTHER("c", "41")));
            break;
        default:
            KT_TRUE(watch && far_has(&head, "resourceVersion=50&"));
            stream(c, EVENT("ADDED", OBJ("z", "51")));
            far_request(c, &head, NULL);
            return;
        }
    }
}

static void a_server_that_was_set_back(void) {
    cleat_informer *inf = NULL;
    KT_REQUIRE(up(serve_set_back, &inf));
    heard("init;init;init;update a;delete c?;add c;delete b?;add z;");
    CLEAT_AUTO(cleat_obj) *a =
        cleat_informer_get(inf, (struct cleat_key){CLEAT_STR("n"), CLEAT_STR("a")});
    KT_TRUE(a != NULL && cleat_obj_revision(a) == 40);
    cleat_informer_release(inf);
    down();
}

static void serve_outage(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (request(c, &head)) {
        int step = atomic_fetch_add(&t.step, 1);
        if (step == 0) {
            far_answer(c, 200, NULL, LIST("9", OBJ("a", "5")));
        } else if (step < 1000) {
            far_answer(c, 500, NULL,
                       "{\"kind\":\"Status\",\"reason\":\"InternalError\",\"code\":500}");
        } else {
            KT_TRUE(far_has(&head, "watch=true")); /* no list was needed */
            stream(c, EVENT("MODIFIED", OBJ("a", "99")));
            far_request(c, &head, NULL);
            return;
        }
    }
}

static void an_outage_is_not_hammered_at(void) {
    cleat_informer *inf = NULL;
    KT_REQUIRE(up(serve_outage, &inf));
    heard("init;");
    pass(300 * CLEAT_SECOND);
    int asked = atomic_load(&t.step);
    KT_TRUE(asked >= 8 && asked <= 24); /* 0.8 s doubled to 30 s, and as much again by chance */
    KT_EQ_INT(cleat_informer_count(inf), 1);
    atomic_store(&t.step, 1000);
    pass(70 * CLEAT_SECOND);
    heard("init;update a;");
    cleat_informer_release(inf);
    down();
}

/* ---- watches that begin with what is there ---- */

#define THAT_WAS_ALL(rev)                                                                          \
    EVENT("BOOKMARK", "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{"               \
                      "\"resourceVersion\":\"" rev "\",\"annotations\":{"                          \
                      "\"k8s.io/initial-events-end\":\"true\"}}}")

static void serve_watch_list(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        bool initial = far_has(&head, "sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
        if (far_has(&head, "GET /version ")) {
            far_answer(c, 200, NULL, "{\"major\":\"1\",\"minor\":\"35\"}");
            continue;
        }
        switch (atomic_fetch_add(&t.step, 1)) {
        case 0: /* it breaks before all was told: that is no list */
            KT_TRUE(initial && !far_has(&head, "resourceVersion="));
            atomic_store(&t.initial, true);
            stream(c, EVENT("ADDED", OBJ("a", "7")) EVENT("ADDED", OBJ("b", "5")));
            return;
        case 1:
            KT_TRUE(initial);
            stream(c, EVENT("ADDED", OBJ("b", "5")) EVENT("ADDED", OBJ("c", "6"))
                          EVENT("BOOKMARK", OBJ("", "7")) EVENT("ADDED", OBJ("d", "4"))
                              EVENT("DELETED", OBJ("d", "8")) THAT_WAS_ALL("8"));
            usleep(100000);
            far_puts(c, EVENT("MODIFIED", OBJ("c", "9")));
            return;
        case 2:
            KT_TRUE(!initial && far_has(&head, "resourceVersion=9&"));
            stream(c, EVENT("ERROR", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410}"));
            return;
        case 3: /* refused within the stream: the old way */
            KT_TRUE(initial && far_has(&head, "resourceVersion=9&"));
            stream(c, EVENT("ERROR", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410}"));
            return;
        case 4:
            KT_TRUE(far_has(&head, "limit=500&resourceVersion=9&"));
            far_answer(c, 200, NULL, LIST("20", OBJ("c", "9")));
            break;
        case 5:
            stream(c, EVENT("ERROR", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410}"));
            return;
        case 6: /* not known here, after all */
            KT_TRUE(initial);
            far_status(c, 422, "Invalid", "sendInitialEvents: Forbidden");
            break;
        case 7:
            KT_TRUE(far_has(&head, "limit=500&resourceVersion=20&"));
            far_answer(c, 200, NULL, LIST("30", OBJ("c", "9") "," OBJ("e", "29")));
            break;
        default:
            KT_TRUE(!initial && far_has(&head, "watch=true"));
            stream(c, EVENT("DELETED", OBJ("e", "31")));
            far_request(c, &head, NULL);
            return;
        }
    }
}

static void watches_that_begin_with_what_is_there(void) {
    cleat_informer *inf = NULL;
    KT_REQUIRE(up(serve_watch_list, &inf));
    heard("init;init;update c;delete b?;add e;delete e;");
    KT_EQ_INT(cleat_informer_count(inf), 1);
    cleat_informer_release(inf);
    down();
}

/* A beginning that breaks off with an error is no part of the list that comes after it. */
static void serve_half_a_beginning(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        if (far_has(&head, "GET /version ")) {
            far_answer(c, 200, NULL, "{\"major\":\"1\",\"minor\":\"35\"}");
            continue;
        }
        switch (atomic_fetch_add(&t.step, 1)) {
        case 0:
            atomic_store(&t.initial, true);
            stream(c,
                   EVENT("ADDED", OBJ("a", "5")) EVENT("ADDED", OBJ("b", "6")) THAT_WAS_ALL("9"));
            return;
        case 1: /* where it was is forgotten */
            stream(c, EVENT("ERROR", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410}"));
            return;
        case 2: /* b is still there, and goes before the list */
            stream(c, EVENT("ADDED", OBJ("b", "6")) EVENT(
                          "ERROR", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410}"));
            return;
        default:
            if (far_has(&head, "watch=true") && !far_has(&head, "sendInitialEvents")) {
                stream(c, EVENT("ADDED", OBJ("z", "31")));
                far_request(c, &head, NULL);
                return;
            }
            if (far_has(&head, "watch=true")) {
                stream(c, EVENT("ADDED", OBJ("a", "5")) THAT_WAS_ALL("30")
                              EVENT("ADDED", OBJ("z", "31")));
                far_request(c, &head, NULL);
                return;
            }
            far_answer(c, 200, NULL, LIST("30", OBJ("a", "5")));
        }
    }
}

static void half_a_beginning(void) {
    cleat_informer *inf = NULL;
    KT_REQUIRE(up(serve_half_a_beginning, &inf));
    heard("init;init;delete b?;add z;");
    cleat_informer_release(inf);
    down();
}

/* So is half a page that came too slowly, and the page that is asked for then. */
static void serve_half_a_page(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (request(c, &head)) {
        bool watch = far_has(&head, "watch=true");
        switch (atomic_fetch_add(&t.step, 1)) {
        case 0:
            far_answer(c, 200, NULL, LIST("9", OBJ("a", "5") "," OBJ("b", "6")));
            break;
        case 1:
            stream(c, EVENT("ERROR", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410}"));
            return;
        case 2:
            KT_TRUE(!watch && far_has(&head, "resourceVersion=9&"));
            far_puts(c, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
            far_puts(c, "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{"
                        "\"resourceVersion\":\"19\"},\"items\":[" OBJ("b", "6") ",");
            far_request(c, &head, NULL);
            return;
        default:
            if (!watch) {
                far_answer(c, 200, NULL, LIST("20", OBJ("a", "5")));
                break;
            }
            stream(c, EVENT("ADDED", OBJ("z", "21")));
            far_request(c, &head, NULL);
            return;
        }
    }
}

static void half_a_page(void) {
    cleat_informer *inf = NULL;
    KT_REQUIRE(up_with(serve_half_a_page, CLEAT_SECOND / 8, &inf));
    heard("init;init;delete b?;add z;");
    cleat_informer_release(inf);
    down();
}

/* ---- against a real server ---- */

static void bytes_are_there_once(void) {
    static const struct cleat_api_opts opts = {.secure_port = -1};
    struct at at;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_clock_virtual(cleat_now_wall());
    KT_REQUIRE(at_open(&at, &opts));
    CLEAT_AUTO_FREE char *file = cleat_sprintf("%s/admin.kubeconfig", at.dir);
    struct cleat_remote_opts o = {.kubeconfig = file};
    struct cleat_transport *tr = NULL;
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    cleat_client *client = cleat_client_new(tr, "tester");
    cleat_informers *f = cleat_informers_new(client, true);
    cleat_informer *all = NULL, *some = NULL, *meta = NULL;
    KT_EQ_INT(
        at_call(&at, "POST", "/api/v1/namespaces/default/configmaps",
                "{\"metadata\":{\"name\":\"x\",\"labels\":{\"a\":\"b\"}},\"data\":{\"k\":\"v\"}}",
                NULL),
        201);
    KT_OK(cleat_informer_acquire(f, configmaps, NULL, NULL, &all, &e), &e);
    KT_OK(cleat_informer_acquire(f, configmaps, "a=b", NULL, &some, &e), &e);
    KT_OK(cleat_informer_acquire_metadata(f, configmaps, &meta, &e), &e);
    KT_TRUE(meta == all);
    for (int i = 0;
         i < 4000 && !(cleat_informer_has_synced(all) && cleat_informer_has_synced(some)); i++) {
        while (cleat_informers_step(f)) {
        }
        usleep(2000);
    }
    struct cleat_key key = {CLEAT_STR("default"), CLEAT_STR("x")};
    CLEAT_AUTO(cleat_obj) *one = cleat_informer_get(all, key), *two = cleat_informer_get(some, key);
    KT_TRUE(one != NULL && one == two);
    cleat_informer_release(all);
    cleat_informer_release(meta);
    cleat_informer_release(some);
    cleat_informers_free(f);
    cleat_client_free(client);
    tr->ops->free(tr);
    at_close(&at);
}

KT_MAIN("remote_informer", KT_TEST(nothing_is_lost_on_a_bad_day),
        KT_TEST(a_server_that_was_set_back), KT_TEST(an_outage_is_not_hammered_at),
        KT_TEST(watches_that_begin_with_what_is_there), KT_TEST(half_a_beginning),
        KT_TEST(half_a_page), KT_TEST(bytes_are_there_once))
