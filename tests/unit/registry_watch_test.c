/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and watches: revisions, pages, selectors, transitions. */
#include "core/kinds/kinds.h"
#include "tests/support/rt.h"

static void make(struct rt *rt, const char *ns, const char *name, const char *labels) {
    CLEAT_AUTO_FREE char *body =
        cleat_sprintf("{\"metadata\":{\"name\":\"%s\",\"labels\":%s}}", name, labels);
    KT_OK(rt_create(rt, "configmaps", ns, body), &rt->req.error);
}

static struct cleat_list_request listing(struct rt *rt) {
    return (struct cleat_list_request){.kind = rt_kind(rt, "configmaps"), .user = &rt_admin};
}

static void fill(struct rt *rt, int n) {
    for (int i = 0; i < n; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%02d", i);
        make(rt, i % 2 ? "kube-system" : "default", name, i % 3 ? "{}" : "{\"third\":\"y\"}");
    }
}

static void lists(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_listing l;
    rt_open(&rt);
    fill(&rt, 20);
    struct cleat_list_request q = listing(&rt);
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
    KT_EQ_INT(l.n, 20);
    KT_EQ_INT(l.revision, cleat_store_revision(rt.store));
    KT_EQ_INT(l.remaining, -1);
    cleat_listing_done(&l);
    q.ns = CLEAT_STR("default");
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
    KT_EQ_INT(l.n, 10);
    cleat_listing_done(&l);
    q.label_selector = "third in (x,y)";
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
    KT_EQ_INT(l.n, 4); /* 0 6 12 18 */
    cleat_listing_done(&l);
    q.label_selector = NULL;
    q.field_selector = "metadata.name=c04";
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
    KT_EQ_INT(l.n, 1);
    cleat_listing_done(&l);
    q.ns = (struct cleat_str){"", 0};
    q.field_selector = "metadata.name!=c04,metadata.namespace=default";
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
    KT_EQ_INT(l.n, 9);
    cleat_listing_done(&l);
    q.field_selector = "spec.x=1";
    KT_EQ_INT(cleat_registry_list(rt.registry, &q, &l, &e), CLEAT_E_BAD_REQUEST);
    KT_EQ_STR(
        e.message,
        "\"spec.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    q.field_selector = NULL;
    q.label_selector = "a=,,";
    KT_EQ_INT(cleat_registry_list(rt.registry, &q, &l, &e), CLEAT_E_BAD_REQUEST);
    rt_close(&rt);
}

static void pages(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_listing l;
    rt_open(&rt);
    fill(&rt, 20);
    struct cleat_list_request q = listing(&rt);
    q.limit = 8;
    CLEAT_AUTO_FREE char *token = NULL;
    uint64_t revision = 0;
    size_t seen = 0;
    static const int64_t remaining[] = {12, 4, -1};
    for (int page = 0; page < 3; page++) {
        q.continue_token = token;
        KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
        KT_EQ_INT(l.remaining, remaining[page]);
        KT_TRUE(page == 0 || l.revision == revision); /* the same snapshot */
        revision = l.revision;
        seen += l.n;
        free(token);
        token = cleat_strdup(l.continue_token);
        cleat_listing_done(&l);
        make(&rt, "default", page == 0 ? "new0" : page == 1 ? "new1" : "new2", "{}");
    }
    KT_TRUE(token == NULL);
    KT_EQ_INT(seen, 20);
    q.continue_token = "nonsense";
    KT_EQ_INT(cleat_registry_list(rt.registry, &q, &l, &e), CLEAT_E_BAD_REQUEST);
    /* of a revision that nobody keeps: {"v":"meta.k8s.io/v1","rv":1,"start":"a/b\u0000"} */
    q.continue_token = "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhL2JcdTAwMDAifQ";
    KT_EQ_INT(cleat_registry_list(rt.registry, &q, &l, &e), CLEAT_E_EXPIRED);
    KT_EQ_STR(e.message,
              "The provided continue parameter is too old to display a consistent list result. You "
              "can start a new list without the continue parameter.");
    rt_close(&rt);
}

static void list_revisions(void) {
    static const struct {
        const char *rv, *match;
        int code;
        const char *message;
    } cases[] = {
        {NULL, "Exact", 422,
         "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: "
         "resourceVersionMatch is forbidden unless resourceVersion is provided"},
        {"0", "Exact", 422,
         "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: "
         "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""},
        {"1", "Other", 422, NULL},
        {"0", "NotOlderThan", 200, NULL},
        {"1", "NotOlderThan", 200, NULL},
        {"1", NULL, 200, NULL},
        {"1", "Exact", 410, "The resourceVersion for the provided list is too old."},
        {"1000", NULL, 504, "Timeout: Too large resource version: 1000, current: 5"},
        {"abc", NULL, 400, NULL},
    };
    struct rt rt;
    rt_open(&rt);
    make(&rt, "default", "c", "{}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        struct cleat_listing l;
        struct cleat_list_request q = listing(&rt);
        q.resource_version = cases[i].rv;
        q.resource_version_match = cases[i].match;
        cleat_err err = cleat_registry_list(rt.registry, &q, &l, &e);
        KT_EQ_INT(cleat_err_http(err), cases[i].code);
        if (cases[i].message != NULL) {
            KT_EQ_STR(e.message, cases[i].message);
        }
        if (err == CLEAT_OK) {
            cleat_listing_done(&l);
        }
    }
    rt_close(&rt);
}

/* ---- watches ---- */

struct seen {
    struct cleat_watch_event ev[64];
    int n;
};

static void drain(cleat_watch *w, struct seen *s) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    s->n = 0;
    for (;;) {
        int n = cleat_watch_next(w, s->ev + s->n, 3, &e); /* a small max on purpose */
        if (!KT_TRUE(n >= 0) || n == 0) {
            return;
        }
        s->n += n;
    }
}

static void forget(struct seen *s) {
    for (int i = 0; i < s->n; i++) {
        cleat_obj_unref(s->ev[i].obj);
    }
    s->n = 0;
}

static void expect(struct seen *s, int i, int type, const char *name) {
    if (!KT_TRUE(i < s->n)) {
        return;
    }
    KT_EQ_INT(s->ev[i].type, type);
    KT_EQ_S(cleat_obj_name(s->ev[i].obj), cleat_s(name));
    KT_EQ_INT(cleat_obj_revision(s->ev[i].obj), s->ev[i].revision);
}

static void watches(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct seen s;
    rt_open(&rt);
    fill(&rt, 10);
    cleat_watch *w = NULL;
    struct cleat_watch_request q = {.kind = rt_kind(&rt, "configmaps"), .user = &rt_admin};
    KT_REQUIRE_OK(cleat_watch_open(rt.registry, &q, &w, &e), &e);
    KT_EQ_INT(cleat_watch_revision(w), 0);
    drain(w, &s);
    KT_EQ_INT(s.n, 10); /* what is there, then nothing */
    KT_EQ_INT(cleat_watch_revision(w), cleat_store_revision(rt.store));
    forget(&s);
    make(&rt, "default", "new", "{}");
    KT_OK(rt_patch(&rt, "configmaps", "default/new", CLEAT_PATCH_MERGE, "{\"data\":{\"a\":\"b\"}}"),
          &rt.req.error);
    uint64_t before = cleat_obj_revision(rt.req.result);
    KT_OK(rt_delete(&rt, "configmaps", "default/new", NULL), &rt.req.error);
    drain(w, &s);
    KT_EQ_INT(s.n, 3);
    expect(&s, 0, CLEAT_EVENT_ADDED, "new");
    expect(&s, 1, CLEAT_EVENT_MODIFIED, "new");
    expect(&s, 2, CLEAT_EVENT_DELETED, "new");
    forget(&s);
    cleat_watch_close(w);
    /* from a revision on */
    CLEAT_AUTO_FREE char *rv = cleat_sprintf("%llu", (unsigned long long)before);
    q.resource_version = rv;
    KT_REQUIRE_OK(cleat_watch_open(rt.registry, &q, &w, &e), &e);
    drain(w, &s);
    KT_EQ_INT(s.n, 1);
    expect(&s, 0, CLEAT_EVENT_DELETED, "new");
    forget(&s);
    cleat_watch_close(w);
    q.resource_version = "100000";
    KT_EQ_INT(cleat_watch_open(rt.registry, &q, &w, &e), CLEAT_E_TIMEOUT);
    rt_close(&rt);
}

static void transitions(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct seen s;
    rt_open(&rt);
    cleat_watch *w = NULL;
    struct cleat_watch_request q = {.kind = rt_kind(&rt, "configmaps"),
                                    .user = &rt_admin,
                                    .ns = CLEAT_STR("default"),
                                    .label_selector = "a=1"};
    KT_REQUIRE_OK(cleat_watch_open(rt.registry, &q, &w, &e), &e);
    make(&rt, "default", "c", "{\"a\":\"0\"}");
    make(&rt, "kube-system", "other", "{\"a\":\"1\"}");
    KT_OK(rt_patch(&rt, "configmaps", "default/c", CLEAT_PATCH_MERGE,
                   "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}"),
          &rt.req.error);
    KT_OK(rt_patch(&rt, "configmaps", "default/c", CLEAT_PATCH_MERGE, "{\"data\":{\"x\":\"y\"}}"),
          &rt.req.error);
    KT_OK(rt_patch(&rt, "configmaps", "default/c", CLEAT_PATCH_MERGE,
                   "{\"metadata\":{\"labels\":{\"a\":\"2\"}}}"),
          &rt.req.error);
    uint64_t left = cleat_obj_revision(rt.req.result);
    KT_OK(rt_delete(&rt, "configmaps", "default/c", NULL), &rt.req.error);
    drain(w, &s);
    KT_EQ_INT(s.n, 3);
    expect(&s, 0, CLEAT_EVENT_ADDED, "c");
    expect(&s, 1, CLEAT_EVENT_MODIFIED, "c");
    expect(&s, 2, CLEAT_EVENT_DELETED, "c");
    KT_EQ_INT(s.ev[2].revision, left);
    /* the old object, as the watcher knew it */
    KT_EQ_S(cleat_val_str(cleat_obj_at(s.ev[2].obj, CLEAT_PATH("metadata", "labels", "a"))),
            CLEAT_STR("1"));
    forget(&s);
    cleat_watch_close(w);
    rt_close(&rt);
}

static void watch_lists(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct seen s;
    rt_open(&rt);
    fill(&rt, 6);
    cleat_watch *w = NULL;
    struct cleat_watch_request q = {
        .kind = rt_kind(&rt, "configmaps"), .user = &rt_admin, .send_initial_events = true};
    KT_EQ_INT(cleat_watch_open(rt.registry, &q, &w, &e), CLEAT_E_INVALID);
    q.resource_version_match = "NotOlderThan";
    KT_REQUIRE_OK(cleat_watch_open(rt.registry, &q, &w, &e), &e);
    drain(w, &s);
    KT_EQ_INT(s.n, 7);
    KT_EQ_INT(s.ev[6].type, CLEAT_WATCH_BOOKMARK);
    KT_TRUE(s.ev[6].initial_end && s.ev[6].obj == NULL);
    KT_EQ_INT(s.ev[6].revision, cleat_store_revision(rt.store));
    forget(&s);
    cleat_watch_close(w);
    q.send_initial_events = false;
    KT_EQ_INT(cleat_watch_open(rt.registry, &q, &w, &e), CLEAT_E_INVALID);
    rt_close(&rt);
}

/* ---- with the committer's own thread: nothing lost, nothing twice ---- */

enum { WRITERS = 4, WRITES = 200 };

struct writer {
    cleat_registry *registry;
    const struct cleat_kind *kind;
    int id, failed;
};

static void *write_all(void *arg) {
    struct writer *w = arg;
    for (int i = 0; i < WRITES; i++) {
        char body[64];
        snprintf(body, sizeof body, "{\"metadata\":{\"name\":\"w%d-%d\"}}", w->id, i);
        cleat_request req = {.registry = w->registry,
                             .verb = CLEAT_VERB_CREATE,
                             .kind = w->kind,
                             .user = &rt_admin,
                             .ns = CLEAT_STR("default"),
                             .name = {"", 0}};
        w->failed += cleat_obj_parse(cleat_s(body), 0, &req.body, NULL) != CLEAT_OK ||
                     cleat_request_wait(&req, NULL) != CLEAT_OK;
        cleat_request_done(&req);
    }
    return NULL;
}

static void threads(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {.manual = false};
    cleat_store *store = NULL;
    cleat_registry *r = NULL;
    cleat_watch *w = NULL;
    KT_REQUIRE_OK(cleat_store_open(cleat_backend_memory(), &opts, &store, &e), &e);
    KT_REQUIRE_OK(cleat_registry_new(store, cleat_kinds, &r, &e), &e);
    KT_REQUIRE_OK(cleat_registry_bootstrap(r, &e), &e);
    const struct cleat_kind *k = cleat_registry_find(r, "", "v1", "configmaps");
    struct cleat_watch_request q = {.kind = k, .user = &rt_admin};
    KT_REQUIRE_OK(cleat_watch_open(r, &q, &w, &e), &e);
    struct writer writers[WRITERS];
    pthread_t ids[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.registry = r, .kind = k, .id = i};
        ids[i] = cleat_thread_start("writer", write_all, &writers[i]);
    }
    int next[WRITERS] = {0};
    uint64_t last = 0;
    bool joined = false;
    for (int n = 0; n < WRITERS * WRITES;) {
        struct cleat_watch_event ev[16];
        int got = cleat_watch_next(w, ev, 16, &e);
        KT_REQUIRE(got >= 0);
        if (got == 0 && !joined) { /* what remains is there once they are done */
            for (int i = 0; i < WRITERS; i++) {
                pthread_join(ids[i], NULL);
            }
            joined = true;
            continue;
        }
        KT_REQUIRE(got > 0);
        for (int i = 0; i < got; i++, n++) {
            int id = 0, seq = 0;
            CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(ev[i].obj));
            KT_EQ_INT(sscanf(name, "w%d-%d", &id, &seq), 2);
            KT_EQ_INT(seq, next[id]++);
            KT_TRUE(ev[i].revision > last);
            last = ev[i].revision;
            cleat_obj_unref(ev[i].obj);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        if (!joined) {
            pthread_join(ids[i], NULL);
        }
        KT_EQ_INT(writers[i].failed, 0);
        KT_EQ_INT(next[i], WRITES);
    }
    cleat_watch_close(w);
    cleat_request all = {.registry = r,
                         .verb = CLEAT_VERB_DELETE_COLLECTION,
                         .kind = k,
                         .user = &rt_admin,
                         .ns = CLEAT_STR("default"),
                         .del = {.grace_period_seconds = -1}};
    KT_OK(cleat_request_wait(&all, NULL), &all.error);
    KT_EQ_INT(cleat_val_count(cleat_obj_at(all.result, CLEAT_PATH("items"))), WRITERS * WRITES);
    cleat_request_done(&all);
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(store);
    KT_EQ_INT(cleat_snapshot_count(sn, k->id, (struct cleat_str){NULL, 0}), 0);
    cleat_registry_free(r);
    cleat_store_close(store);
}

KT_MAIN("registry_watch", KT_TEST(threads), KT_TEST(lists), KT_TEST(pages), KT_TEST(list_revisions),
        KT_TEST(watches), KT_TEST(transitions), KT_TEST(watch_lists))
