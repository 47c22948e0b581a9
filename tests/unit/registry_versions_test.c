/* SPDX-License-Identifier: Apache-2.0 */
/* One stored kind under several versions: events of the core group and of events.k8s.io. */
#include "tests/support/rt.h"

static const char stored[] =
    "{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"e\"},"
    "\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"p\",\"namespace\":\"default\"},"
    "\"reason\":\"Started\",\"message\":\"it runs\",\"source\":{\"component\":\"kubelet\"},"
    "\"firstTimestamp\":\"2026-01-02T03:04:05Z\",\"count\":3,\"type\":\"Normal\"}";
static const char newer[] =
    "{\"kind\":\"Event\",\"apiVersion\":\"events.k8s.io/v1\",\"metadata\":{\"name\":\"n\"},"
    "\"eventTime\":\"2026-01-02T03:04:05.000000Z\",\"reportingController\":\"a.b/c\","
    "\"reportingInstance\":\"i\",\"action\":\"Act\",\"reason\":\"Why\",\"type\":\"Normal\","
    "\"regarding\":{\"kind\":\"Node\",\"name\":\"w\"},\"note\":\"words\"}";

static const struct cleat_kind *kind_of(struct rt *rt, const char *group) {
    return cleat_registry_find(rt->registry, group, "v1", "events");
}

/* The request of a verb on an event under its other group. */
static cleat_err ask(struct rt *rt, int verb, const char *name, const char *body) {
    cleat_request_done(&rt->req);
    rt->req = (cleat_request){.registry = rt->registry,
                              .verb = verb,
                              .kind = kind_of(rt, "events.k8s.io"),
                              .ns = CLEAT_STR("default"),
                              .name = cleat_s(name),
                              .user = &rt_admin,
                              .patch_type = CLEAT_PATCH_MERGE,
                              .del = {.grace_period_seconds = -1}};
    if (verb == CLEAT_VERB_PATCH) {
        rt->req.patch = cleat_s(body);
    } else if (body != NULL) {
        cleat_err err = cleat_obj_parse(cleat_s(body), 0, &rt->req.body, NULL);
        cleat_assert(err == CLEAT_OK);
    }
    return cleat_request_wait(&rt->req, NULL);
}

#define AT(...) rt_at(&rt, CLEAT_PATH(__VA_ARGS__))

static void reads(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "events", "default", stored), &rt.req.error);
    KT_REQUIRE_OK(ask(&rt, CLEAT_VERB_GET, "e", NULL), &rt.req.error);
    KT_EQ_S(AT("apiVersion"), CLEAT_STR("events.k8s.io/v1"));
    KT_EQ_S(AT("regarding", "name"), CLEAT_STR("p"));
    KT_EQ_S(AT("note"), CLEAT_STR("it runs"));
    KT_EQ_S(AT("deprecatedSource", "component"), CLEAT_STR("kubelet"));
    KT_EQ_S(AT("deprecatedCount"), CLEAT_STR("3"));
    KT_EQ_S(AT("involvedObject"), CLEAT_STR(""));
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_listing l;
    struct cleat_list_request q = {.kind = kind_of(&rt, "events.k8s.io"),
                                   .user = &rt_admin,
                                   .field_selector = "regarding.name=p"};
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
    if (KT_EQ_INT(l.n, 1)) {
        KT_EQ_S(cleat_val_str(cleat_obj_at(l.items[0], CLEAT_PATH("note"))), CLEAT_STR("it runs"));
    }
    cleat_listing_done(&l);
    q.field_selector = "involvedObject.name=p";
    KT_EQ_INT(cleat_registry_list(rt.registry, &q, &l, &e), CLEAT_E_BAD_REQUEST);
    rt_close(&rt);
}

static void writes(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(ask(&rt, CLEAT_VERB_CREATE, "", newer), &rt.req.error);
    KT_EQ_S(AT("note"), CLEAT_STR("words"));
    KT_REQUIRE_OK(rt_get(&rt, "events", "default/n"), &rt.req.error);
    KT_EQ_S(AT("apiVersion"), CLEAT_STR("v1"));
    KT_EQ_S(AT("involvedObject", "kind"), CLEAT_STR("Node"));
    KT_EQ_S(AT("message"), CLEAT_STR("words"));
    KT_EQ_S(AT("reportingComponent"), CLEAT_STR("a.b/c"));
    KT_REQUIRE_OK(ask(&rt, CLEAT_VERB_PATCH, "n", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
                  &rt.req.error);
    KT_EQ_S(AT("note"), CLEAT_STR("words"));
    KT_EQ_INT(ask(&rt, CLEAT_VERB_PATCH, "n", "{\"note\":\"others\"}"), CLEAT_E_INVALID);
    KT_EQ_STR(rt_message(&rt),
              "Event.events.k8s.io \"n\" is invalid: message: Invalid value: \"others\": field is "
              "immutable");
    KT_EQ_INT(ask(&rt, CLEAT_VERB_CREATE, "",
                  "{\"metadata\":{\"name\":\"x\"},\"deprecatedCount\":2,\"type\":\"Normal\"}"),
              CLEAT_E_INVALID);
    KT_EQ_STR(rt_message(&rt), "Event.events.k8s.io \"x\" is invalid: [eventTime: Required value, "
                               "count: Invalid value: \"\": needs to be unset]");
    KT_REQUIRE_OK(ask(&rt, CLEAT_VERB_DELETE, "n", NULL), &rt.req.error);
    KT_TRUE(rt.req.gone);
    KT_EQ_S(AT("note"), CLEAT_STR("words"));
    rt_close(&rt);
}

static void watches(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_watch_event ev[4];
    rt_open(&rt);
    struct cleat_watch_request q = {.kind = kind_of(&rt, "events.k8s.io"),
                                    .user = &rt_admin,
                                    .field_selector = "regarding.name=p"};
    cleat_watch *w = NULL;
    KT_REQUIRE_OK(rt_create(&rt, "events", "default", stored), &rt.req.error);
    KT_REQUIRE_OK(cleat_watch_open(rt.registry, &q, &w, &e), &e);
    for (int i = 0; i < 2; i++) {
        int n = cleat_watch_next(w, ev, 4, &e);
        if (KT_EQ_INT(n, 1)) {
            KT_EQ_S(cleat_val_str(cleat_obj_at(ev[0].obj, CLEAT_PATH("note"))),
                    i == 0 ? CLEAT_STR("it runs") : CLEAT_STR("it ran"));
            cleat_obj_unref(ev[0].obj);
        }
        KT_OK(rt_patch(&rt, "events", "default/e", CLEAT_PATCH_MERGE, "{\"message\":\"it ran\"}"),
              &rt.req.error);
    }
    cleat_watch_close(w);
    rt_close(&rt);
}

KT_MAIN("registry_versions", KT_TEST(reads), KT_TEST(writes), KT_TEST(watches))
