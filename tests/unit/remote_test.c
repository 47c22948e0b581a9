/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport to a server elsewhere, against an API server in the test's own process:
 * every operation over plain HTTP, HTTPS with HTTP/1.1 and HTTP/2, and with gzip.
 */
#include "core/remote/remote.h"
#include "tests/support/at.h"

#include <unistd.h>

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};
static const struct cleat_gvr namespaces = {"", "v1", "namespaces"};
static const struct cleat_client_api *api = &cleat_client_api;

enum { PLAIN, H1, H2, H2_GZIP, MODES };
static const char *const mode_names[] = {"plain", "HTTP/1.1", "HTTP/2", "HTTP/2 with gzip"};

static struct {
    struct at at;
    struct cleat_transport *transport;
    cleat_client *client;
    cleat_ctx *ctx;
} t;

static bool up(int mode) {
    static const struct cleat_api_opts opts = {.secure_port = -1};
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (!at_open(&t.at, &opts)) {
        return false;
    }
    CLEAT_AUTO_FREE char *file = cleat_sprintf("%s/admin.kubeconfig", t.at.dir);
    CLEAT_AUTO_FREE char *url =
        cleat_sprintf("http://127.0.0.1:%d", cleat_api_insecure_port(t.at.api));
    struct cleat_remote_opts o = {.kubeconfig = mode == PLAIN ? NULL : file,
                                  .server = mode == PLAIN ? url : NULL,
                                  .http1 = mode == H1,
                                  .gzip = mode == H2_GZIP,
                                  .timeout = 30 * CLEAT_SECOND};
    t.ctx = cleat_ctx_new(NULL, 60 * CLEAT_SECOND);
    bool ok = KT_OK(cleat_transport_remote(&o, &t.transport, &e), &e);
    t.client =
        ok ? cleat_client_new(t.transport, "system:serviceaccount:kube-system:tester") : NULL;
    return ok;
}

static void down(void) {
    cleat_client_free(t.client);
    if (t.transport != NULL) {
        t.transport->ops->free(t.transport);
    }
    cleat_ctx_free(t.ctx);
    at_close(&t.at);
    memset(&t, 0, sizeof t);
}

static cleat_obj *parse(const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse(cleat_s(text), 0, &o, &e), &e);
    return o;
}

static cleat_obj *named(const char *name, const char *labels, size_t filler) {
    CLEAT_AUTO_FREE char *x = cleat_alloc(filler + 1);
    memset(x, 'x', filler);
    x[filler] = '\0';
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\","
                      "\"namespace\":\"default\",\"labels\":{%s}},\"data\":{\"k\":\"%s\"}}",
                      name, labels ? labels : "", x);
    return parse(text);
}

static struct cleat_key in_default(const char *name) {
    return (struct cleat_key){CLEAT_STR("default"), cleat_s(name)};
}

static bool make(const char *name, const char *labels, size_t filler) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *o = named(name, labels, filler);
    return KT_OK(api->create(t.client, t.ctx, configmaps, o, NULL, &e), &e);
}

static struct cleat_str at(const cleat_obj *o, cleat_path path) {
    return cleat_val_str(cleat_obj_at(o, path));
}

static void reads_and_writes(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *body = named("a", NULL, 10), *made = NULL, *got = NULL, *put = NULL;
    KT_REQUIRE_OK(api->create(t.client, t.ctx, configmaps, body, &made, &e), &e);
    KT_EQ_INT(cleat_obj_uid(made).n, 36);
    KT_EQ_S(at(made, CLEAT_PATH("metadata", "managedFields", "0", "manager")), CLEAT_STR("tester"));
    KT_REQUIRE_OK(api->get(t.client, t.ctx, configmaps, in_default("a"), &got, &e), &e);
    KT_TRUE(cleat_eq(cleat_obj_bytes(got), cleat_obj_bytes(made)));
    KT_EQ_INT(api->create(t.client, t.ctx, configmaps, body, NULL, &e), CLEAT_E_EXISTS);
    KT_EQ_STR(e.name, "a");

    cleat_edit *ed = cleat_edit_new(got);
    cleat_edit_set_str(ed, CLEAT_PATH("data", "k"), CLEAT_STR("w"));
    CLEAT_AUTO(cleat_obj) *changed = NULL, *stored = NULL;
    KT_REQUIRE_OK(cleat_edit_finish(ed, &changed, &e), &e);
    KT_REQUIRE_OK(api->update(t.client, t.ctx, configmaps, NULL, changed, &stored, &e), &e);
    KT_EQ_S(at(stored, CLEAT_PATH("data", "k")), CLEAT_STR("w"));
    KT_EQ_INT(api->update(t.client, t.ctx, configmaps, NULL, changed, &put, &e), CLEAT_E_CONFLICT);
    KT_TRUE(put == NULL && strstr(e.message, "modified") != NULL);

    static const struct {
        int type;
        const char *text, *want;
    } patches[] = {
        {CLEAT_PATCH_JSON, "[{\"op\":\"add\",\"path\":\"/data/j\",\"value\":\"1\"}]", "j"},
        {CLEAT_PATCH_MERGE, "{\"data\":{\"m\":\"1\"}}", "m"},
        {CLEAT_PATCH_STRATEGIC, "{\"data\":{\"s\":\"1\"}}", "s"},
        {CLEAT_PATCH_APPLY,
         "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},"
         "\"data\":{\"p\":\"1\"}}",
         "p"},
        {CLEAT_PATCH_APPLY_FORCE,
         "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},"
         "\"data\":{\"m\":\"2\"}}",
         "m"},
    };
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        CLEAT_AUTO(cleat_obj) *patched = NULL;
        KT_OK(api->patch(t.client, t.ctx, configmaps, in_default("a"), NULL, patches[i].type,
                         cleat_s(patches[i].text), &patched, &e),
              &e);
        KT_TRUE(patched != NULL &&
                cleat_val_present(cleat_obj_at(patched, CLEAT_PATH("data", patches[i].want))));
    }
    KT_EQ_INT(api->patch(t.client, t.ctx, configmaps, in_default("a"), NULL, CLEAT_PATCH_MERGE,
                         CLEAT_STR("{\"metadata\":{\"labels\":{\"a b\":\"\"}}}"), NULL, &e),
              CLEAT_E_INVALID);
    KT_TRUE(e.n_causes > 0 && strcmp(e.causes[0].field, "metadata.labels") == 0);
}

static void deletions(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *gone = NULL, *held = NULL, *got = NULL;
    KT_REQUIRE(make("d", NULL, 1));
    struct cleat_delete_opts wrong = {
        .struct_size = sizeof wrong, .uid = "nobody", .grace_period_seconds = -1};
    KT_EQ_INT(api->remove(t.client, t.ctx, configmaps, in_default("d"), &wrong, NULL, &e),
              CLEAT_E_CONFLICT);
    KT_OK(api->remove(t.client, t.ctx, configmaps, in_default("d"), NULL, &gone, &e), &e);
    KT_TRUE(gone == NULL);
    KT_EQ_INT(api->get(t.client, t.ctx, configmaps, in_default("d"), &got, &e), CLEAT_E_NOT_FOUND);
    KT_EQ_STR(e.message, "configmaps \"d\" not found");
    KT_EQ_STR(e.name, "d");
    KT_REQUIRE(make("held", NULL, 1));
    KT_OK(api->patch(t.client, t.ctx, configmaps, in_default("held"), NULL, CLEAT_PATCH_MERGE,
                     CLEAT_STR("{\"metadata\":{\"finalizers\":[\"test.dev/x\"]}}"), NULL, &e),
          &e);
    KT_OK(api->remove(t.client, t.ctx, configmaps, in_default("held"), NULL, &held, &e), &e);
    KT_TRUE(held != NULL && at(held, CLEAT_PATH("metadata", "deletionTimestamp")).n > 0);
    for (int i = 0; i < 5; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("c%d", i);
        KT_REQUIRE(make(name, i < 3 ? "\"go\":\"yes\"" : NULL, 1));
    }
    struct cleat_list_opts some = {.struct_size = sizeof some, .label_selector = "go=yes"};
    KT_OK(api->remove_collection(t.client, t.ctx, configmaps, "default", &some, NULL, &e), &e);
    struct cleat_list l = {.struct_size = sizeof l};
    KT_OK(api->list(t.client, t.ctx, configmaps, "default", &some, &l, &e), &e);
    KT_EQ_INT(l.n, 0);
    api->list_free(&l);
    KT_OK(api->remove_collection(t.client, t.ctx, configmaps, "", NULL, NULL, &e), &e);
    KT_EQ_INT(api->get(t.client, t.ctx, configmaps, in_default("c4"), &got, &e), CLEAT_E_NOT_FOUND);
}

static void lists(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    for (int i = 0; i < 25; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("l%02d", i);
        KT_REQUIRE(make(name, i % 2 ? "\"odd\":\"yes\"" : NULL, 3000));
    }
    struct cleat_list l = {.struct_size = sizeof l};
    KT_OK(api->list(t.client, t.ctx, configmaps, "default", NULL, &l, &e), &e);
    KT_TRUE(l.n >= 25 && l.revision > 0 && l.continue_token == NULL);
    for (size_t i = 0; i < l.n; i++) {
        KT_EQ_S(at(l.items[i], CLEAT_PATH("kind")), CLEAT_STR("ConfigMap"));
        KT_EQ_S(at(l.items[i], CLEAT_PATH("apiVersion")), CLEAT_STR("v1"));
        KT_TRUE(
            !cleat_val_present(cleat_obj_at(l.items[i], CLEAT_PATH("metadata", "managedFields"))));
        KT_TRUE(cleat_obj_revision(l.items[i]) > 0);
    }
    api->list_free(&l);
    struct cleat_list_opts page = {.struct_size = sizeof page, .limit = 10};
    KT_OK(api->list(t.client, t.ctx, configmaps, "default", &page, &l, &e), &e);
    KT_TRUE(l.n == 10 && l.continue_token != NULL);
    CLEAT_AUTO_FREE char *token = CLEAT_STEAL(l.continue_token);
    api->list_free(&l);
    page.continue_token = token;
    KT_OK(api->list(t.client, t.ctx, configmaps, "default", &page, &l, &e), &e);
    KT_EQ_INT(l.n, 10);
    api->list_free(&l);
    struct cleat_list_opts odd = {.struct_size = sizeof odd, .label_selector = "odd in (yes)"};
    KT_OK(api->list(t.client, t.ctx, configmaps, "", &odd, &l, &e), &e);
    KT_EQ_INT(l.n, 12);
    api->list_free(&l);
    KT_OK(t.transport->ops->list_metadata(t.transport, "x", t.ctx, configmaps, &l, &e), &e);
    KT_TRUE(l.n >= 25 && !cleat_val_present(cleat_obj_at(l.items[0], CLEAT_PATH("data"))));
    api->list_free(&l);
    static const struct cleat_gvr none = {"nobody.dev", "v1", "things"};
    KT_EQ_INT(api->list(t.client, t.ctx, none, "", NULL, &l, &e), CLEAT_E_NOT_FOUND);
}

static void on_wake(void *userdata) {
    cleat_event_set(userdata);
}

/* The next event; false after 20 s. */
static bool next(cleat_stream *s, struct cleat_event *ev, struct cleat_stream_event *out,
                 cleat_err *ret) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    for (;;) {
        cleat_event_init(ev);
        int n = t.transport->ops->read(s, out, 1, &e);
        if (n != 0) {
            *ret = n < 0 ? n : CLEAT_OK;
            return n > 0;
        }
        if (!KT_TRUE(cleat_event_wait(ev, 20 * CLEAT_SECOND))) {
            *ret = CLEAT_E_BUG;
            return false;
        }
    }
}

static void watches(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_event ev;
    struct cleat_stream_event got;
    cleat_stream *s = NULL;
    cleat_err err;
    CLEAT_AUTO(cleat_obj) *first = NULL, *ret = NULL;
    CLEAT_AUTO(cleat_obj) *body = named("w0", "\"w\":\"1\"", 10);
    KT_REQUIRE_OK(api->create(t.client, t.ctx, configmaps, body, &first, &e), &e);
    cleat_event_init(&ev);
    KT_REQUIRE_OK(t.transport->ops->watch(t.transport, "x", configmaps, "w=1", NULL,
                                          cleat_obj_revision(first), on_wake, &ev, &s, &e),
                  &e);
    KT_REQUIRE(make("w1", "\"w\":\"1\"", 5000) && make("w2", "\"w\":\"2\"", 10));
    KT_REQUIRE(next(s, &ev, &got, &err));
    KT_EQ_INT(got.type, CLEAT_STREAM_ADDED);
    KT_EQ_S(cleat_obj_name(got.obj), CLEAT_STR("w1"));
    KT_EQ_INT(got.revision, cleat_obj_revision(got.obj));
    cleat_obj_unref(got.obj);
    KT_OK(api->remove(t.client, t.ctx, configmaps, in_default("w1"), NULL, &ret, &e), &e);
    KT_REQUIRE(next(s, &ev, &got, &err));
    KT_EQ_INT(got.type, CLEAT_STREAM_DELETED);
    cleat_obj_unref(got.obj);
    t.transport->ops->unwatch(s);
    cleat_event_init(&ev);
    KT_REQUIRE_OK(
        t.transport->ops->watch_metadata(t.transport, "x", configmaps, 1, on_wake, &ev, &s, &e),
        &e);
    if (next(s, &ev, &got, &err)) {
        cleat_obj_unref(got.obj);
    } else {
        KT_EQ_INT(err, CLEAT_E_EXPIRED);
    }
    t.transport->ops->unwatch(s);
}

static void follows(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_event ev;
    struct cleat_stream_event got;
    cleat_stream *s = NULL;
    cleat_err err;
    size_t listed = 0;
    for (int i = 0; i < 60; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("f%02d", i);
        KT_REQUIRE(make(name, "\"f\":\"1\"", 40000));
    }
    struct cleat_follow f = {.gvr = configmaps, .label_selector = "f=1"};
    cleat_event_init(&ev);
    KT_REQUIRE_OK(t.transport->ops->follow(t.transport, "x", &f, on_wake, &ev, &s, &e), &e);
    while (next(s, &ev, &got, &err) && got.type == CLEAT_STREAM_LISTED) {
        listed++;
        cleat_obj_unref(got.obj);
    }
    KT_EQ_INT(listed, 60);
    KT_EQ_INT(got.type, CLEAT_STREAM_LIST_END);
    KT_TRUE(got.revision > 0);
    KT_REQUIRE(make("f99", "\"f\":\"1\"", 10));
    KT_REQUIRE(next(s, &ev, &got, &err));
    KT_EQ_INT(got.type, CLEAT_STREAM_ADDED);
    cleat_obj_unref(got.obj);
    t.transport->ops->unwatch(s);
}

/* More than a connection's streams, and all at once. */
static void many_streams(void) {
    enum { N = 300 };
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_stream *all[N];
    struct cleat_event *ev = cleat_array(N, sizeof *ev);
    struct cleat_follow f = {.gvr = configmaps, .label_selector = "nobody=has"};
    for (int i = 0; i < N; i++) {
        cleat_event_init(&ev[i]);
        KT_OK(t.transport->ops->follow(t.transport, "x", &f, on_wake, &ev[i], &all[i], &e), &e);
    }
    for (int i = 0; i < N; i++) {
        struct cleat_stream_event got;
        cleat_err err;
        KT_TRUE(next(all[i], &ev[i], &got, &err) && got.type == CLEAT_STREAM_LIST_END);
    }
    CLEAT_AUTO(cleat_obj) *o = NULL;
    KT_OK(api->get(t.client, t.ctx, namespaces, (struct cleat_key){{"", 0}, CLEAT_STR("default")},
                   &o, &e),
          &e);
    for (int i = 0; i < N; i++) {
        t.transport->ops->unwatch(all[i]);
    }
    free(ev);
}

static void on_kinds(void *userdata) {
    cleat_event_set(userdata);
}

static void kinds(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_served served = {.struct_size = sizeof served};
    struct cleat_event ev;
    cleat_event_init(&ev);
    uint64_t id = api->watch_kinds(t.client, on_kinds, &ev);
    KT_TRUE(id != 0);
    KT_REQUIRE_OK(api->kinds(t.client, t.ctx, &served, &e), &e);
    KT_EQ_INT(served.n_failed, 0);
    int found = 0;
    for (size_t i = 0; i < served.n; i++) {
        const struct cleat_kind_info *k = served.v[i];
        bool pod = strcmp(k->resource, "pods") == 0;
        bool node = strcmp(k->resource, "nodes") == 0;
        if ((pod || node) && k->group[0] == '\0') {
            found++;
            KT_TRUE((k->namespaced != 0) == pod && k->preferred);
            KT_EQ_STR(k->kind, pod ? "Pod" : "Node");
            KT_EQ_INT(k->serves, 255);
        }
    }
    KT_EQ_INT(found, 2);
    api->kinds_free(&served);
    KT_REQUIRE_OK(api->kinds(t.client, t.ctx, &served, &e), &e); /* 304 */
    KT_TRUE(served.n > 20);
    api->kinds_free(&served);
    cleat_event_init(&ev);
    static const struct cleat_gvr crds = {"apiextensions.k8s.io", "v1",
                                          "customresourcedefinitions"};
    CLEAT_AUTO(cleat_obj) *crd = parse(
        "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\","
        "\"metadata\":{\"name\":\"things.test.dev\"},\"spec\":{\"group\":\"test.dev\",\"names\":{"
        "\"plural\":\"things\",\"kind\":\"Thing\"},\"scope\":\"Namespaced\",\"versions\":[{"
        "\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{"
        "\"type\":\"object\"}}}]}}");
    KT_REQUIRE_OK(api->create(t.client, t.ctx, crds, crd, NULL, &e), &e);
    KT_TRUE(cleat_event_wait(&ev, 20 * CLEAT_SECOND));
    api->unwatch_kinds(t.client, id);
    KT_REQUIRE_OK(api->kinds(t.client, t.ctx, &served, &e), &e);
    bool thing = false;
    for (size_t i = 0; i < served.n; i++) {
        thing |= strcmp(served.v[i]->resource, "things") == 0 && served.v[i]->preferred;
    }
    KT_TRUE(thing);
    api->kinds_free(&served);
}

struct counter {
    pthread_mutex_t mutex;
    int ok, failed;
    struct cleat_event all;
    int want;
};

static void on_done(void *userdata, cleat_err err, const cleat_obj *obj,
                    const struct cleat_error *e) {
    struct counter *c = userdata;
    (void)obj;
    (void)e;
    CLEAT_LOCKED(&c->mutex);
    c->ok += err == CLEAT_OK;
    c->failed += err != CLEAT_OK;
    if (c->ok + c->failed == c->want) {
        cleat_event_set(&c->all);
    }
}

static void asynchronous_writes(void) {
    enum { N = 300 };
    struct counter c = {.mutex = PTHREAD_MUTEX_INITIALIZER, .want = N};
    cleat_event_init(&c.all);
    for (int i = 0; i < N; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("async%d", i % (N - 1));
        CLEAT_AUTO(cleat_obj) *o = named(name, NULL, 100);
        KT_EQ_INT(api->create_async(t.client, configmaps, o, on_done, &c), CLEAT_OK);
    }
    KT_TRUE(cleat_event_wait(&c.all, 60 * CLEAT_SECOND));
    KT_EQ_INT(c.ok, N - 1); /* the last one's name was taken */
    KT_EQ_INT(c.failed, 1);
}

static void contexts_end_calls(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_ctx *over = cleat_ctx_new(NULL, 0);
    CLEAT_AUTO(cleat_obj) *o = NULL;
    cleat_ctx_cancel(over);
    KT_EQ_INT(api->get(t.client, over, namespaces,
                       (struct cleat_key){{"", 0}, CLEAT_STR("default")}, &o, &e),
              CLEAT_E_CANCELLED);
    cleat_ctx_free(over);
}

static void raw_requests(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF out = {0};
    int status = 0;
    KT_OK(cleat_remote_request(t.transport, t.ctx, "GET", "/readyz", NULL, &out, &status, &e), &e);
    KT_EQ_INT(status, 200);
    KT_EQ_S(((struct cleat_str){out.p, out.n}), CLEAT_STR("ok"));
    KT_EQ_STR(cleat_remote_namespace(t.transport), "default");
}

static void every_operation(void) {
    for (int mode = PLAIN; mode < MODES; mode++) {
        fprintf(stderr, "    over %s\n", mode_names[mode]);
        KT_REQUIRE(up(mode));
        reads_and_writes();
        deletions();
        lists();
        watches();
        follows();
        many_streams();
        kinds();
        asynchronous_writes();
        contexts_end_calls();
        raw_requests();
        down();
    }
}

/* ---- callers that give up, and a server that stops, all at once ---- */

struct crowd {
    pthread_t thread;
    unsigned seed;
    _Atomic bool *stop;
    _Atomic unsigned ok, failed;
    cleat_err odd; /* an answer that nobody should get */
};

static bool is_expected(cleat_err err) {
    return err == CLEAT_OK || err == CLEAT_E_TIMEOUT || err == CLEAT_E_CANCELLED ||
           err == CLEAT_E_UNAVAILABLE || err == CLEAT_E_UNKNOWN || err == CLEAT_E_CONFLICT ||
           err == CLEAT_E_THROTTLED;
}

static void *crowd_thread(void *arg) {
    struct crowd *c = arg;
    while (!atomic_load(c->stop)) {
        c->seed = c->seed * 1103515245 + 12345;
        struct cleat_error e = CLEAT_ERROR_INIT;
        bool patient = c->seed / 65536 % 5 == 0;
        cleat_time most = (c->seed / 65536 % 4000) * (CLEAT_MS / 1000);
        cleat_ctx *ctx = cleat_ctx_new(NULL, patient ? 10 * CLEAT_SECOND : 1 + most);
        CLEAT_AUTO(cleat_obj) *o = NULL;
        cleat_err err;
        if (c->seed / 65536 % 3 == 0) {
            struct cleat_list l = {.struct_size = sizeof l};
            err = api->list(t.client, ctx, configmaps, "default", NULL, &l, &e);
            if (err == CLEAT_OK) {
                api->list_free(&l);
            }
        } else if (c->seed / 65536 % 3 == 1) {
            err = api->get(t.client, ctx, configmaps, in_default("crowd"), &o, &e);
        } else {
            err = api->patch(t.client, ctx, configmaps, in_default("crowd"), NULL,
                             CLEAT_PATCH_MERGE, CLEAT_STR("{\"data\":{\"k\":\"2\"}}"), &o, &e);
        }
        c->ok += err == CLEAT_OK;
        c->failed += err != CLEAT_OK;
        if (!is_expected(err)) {
            c->odd = err;
            fprintf(stderr, "    %s: %s\n", cleat_err_name(err), e.message);
        }
        cleat_ctx_free(ctx);
    }
    return NULL;
}

/* Each has seen both ends. */
static bool all_have(struct crowd *all, unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        if (atomic_load(&all[i].ok) < 20 || atomic_load(&all[i].failed) < 20) {
            return false;
        }
    }
    return true;
}

static void crowds_that_give_up_and_a_server_that_stops(void) {
    enum { N = 6 };
    static const int modes[] = {H1, H2};
    for (int m = 0; m < 2; m++) {
        struct crowd all[N];
        _Atomic bool stop = false;
        struct cleat_event ev;
        struct cleat_stream_event got;
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_stream *s = NULL;
        cleat_err err = CLEAT_OK;
        KT_REQUIRE(up(modes[m]) && make("crowd", NULL, 20000));
        struct cleat_follow f = {.gvr = configmaps, .label_selector = "nobody=has"};
        cleat_event_init(&ev);
        KT_OK(t.transport->ops->follow(t.transport, "x", &f, on_wake, &ev, &s, &e), &e);
        KT_TRUE(next(s, &ev, &got, &err) && got.type == CLEAT_STREAM_LIST_END);
        for (unsigned i = 0; i < N; i++) {
            memset(&all[i], 0, sizeof all[i]);
            all[i].seed = i + 1;
            all[i].stop = &stop;
        }
        for (unsigned i = 0; i < N; i++) {
            all[i].thread = cleat_thread_start("crowd", crowd_thread, &all[i]);
        }
        for (int k = 0; k < 2000 && !all_have(all, N); k++) {
            usleep(10000);
        }
        cleat_api_stop(t.at.api); /* in the middle of it all */
        while (next(s, &ev, &got, &err)) {
            cleat_obj_unref(got.obj);
        }
        KT_TRUE(err == CLEAT_E_TIMEOUT || err == CLEAT_E_UNAVAILABLE);
        usleep(200000);
        atomic_store(&stop, true);
        for (unsigned i = 0; i < N; i++) {
            pthread_join(all[i].thread, NULL);
            KT_TRUE(all[i].ok > 0 && all[i].failed > 0);
            KT_EQ_INT(all[i].odd, CLEAT_OK);
        }
        t.transport->ops->unwatch(s);
        down();
    }
}

KT_MAIN("remote", KT_TEST(every_operation), KT_TEST(crowds_that_give_up_and_a_server_that_stops))
