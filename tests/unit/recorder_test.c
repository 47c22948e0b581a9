/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event recorder against a registry on a memory store and a virtual clock:
 * what is written, counted, combined, dropped, tried again and forgotten.
 */
#include "core/kinds/kinds.h"
#include "core/controller/controller.h"
#include "tests/support/rt.h"

static const struct cleat_gvr events = {"", "v1", "events"};

/* A transport in front of the real one that fails writes while told to. */
static struct {
    struct cleat_transport base;
    struct cleat_transport_ops ops;
    struct cleat_transport *real;
    int failures; /* how many more */
    int lost;     /* the same of answers: the write is made */
    cleat_err with;
    int writes;
} gate;

static struct {
    struct rt rt;
    cleat_client *client;
    cleat_recorder *recorder;
    cleat_obj *pod, *node;
} t;

static cleat_err gate_write(struct cleat_transport *tr, const char *identity, cleat_ctx *ctx,
                            const struct cleat_write *w, cleat_obj **ret, struct cleat_error *e) {
    (void)tr;
    gate.writes++;
    if (gate.failures > 0) {
        gate.failures--;
        return cleat_fail(e, gate.with, "as the test wants");
    }
    cleat_err err = gate.real->ops->write(gate.real, identity, ctx, w, ret, e);
    if (err == CLEAT_OK && gate.lost > 0) {
        gate.lost--;
        return cleat_fail(e, gate.with, "the answer is lost");
    }
    return err;
}

static cleat_err gate_list(struct cleat_transport *tr, const char *identity, cleat_ctx *ctx,
                           struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                           struct cleat_list *ret, struct cleat_error *e) {
    (void)tr;
    return gate.real->ops->list(gate.real, identity, ctx, gvr, ns, o, ret, e);
}

static cleat_obj *parse(const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse(cleat_s(text), 0, &o, &e), &e);
    return o;
}

static void up(void) {
    memset(&gate, 0, sizeof gate);
    rt_open(&t.rt);
    gate.real = cleat_transport_local_manual(t.rt.registry);
    gate.ops = (struct cleat_transport_ops){.write = gate_write, .list = gate_list};
    gate.base.ops = &gate.ops;
    t.client = cleat_client_new(&gate.base, "system:test");
    t.recorder = cleat_recorder_new(t.client, true);
    t.pod = parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\","
                  "\"namespace\":\"kube-system\",\"uid\":\"u-1\",\"resourceVersion\":\"7\"}}");
    t.node = parse("{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\","
                   "\"uid\":\"u-2\"}}");
}

static void down(void) {
    cleat_recorder_free(t.recorder);
    cleat_obj_unref(t.pod);
    cleat_obj_unref(t.node);
    cleat_client_free(t.client);
    gate.real->ops->free(gate.real);
    rt_close(&t.rt);
}

static void record(const cleat_obj *about, const char *reason, const char *message) {
    cleat_recorder_record(t.recorder, "tester", about, "Normal", reason, message);
    while (cleat_recorder_step(t.recorder)) {
    }
}

/* All events with a reason (NULL: all); freed by cleat_client_api.list_free. */
static struct cleat_list written(const char *reason) {
    struct cleat_list l = {.struct_size = sizeof l}, found = {.struct_size = sizeof found};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.list(t.client, NULL, events, "", NULL, &l, &e), &e);
    found.items = cleat_array(l.n, sizeof *found.items);
    for (size_t i = 0; i < l.n; i++) {
        struct cleat_val r = cleat_obj_at(l.items[i], CLEAT_PATH("reason"));
        if (reason == NULL || cleat_eqc(cleat_val_str(r), reason)) {
            found.items[found.n++] = cleat_obj_ref(l.items[i]);
        }
    }
    cleat_client_api.list_free(&l);
    return found;
}

static void expect_count(const char *reason, size_t want, int line) {
    struct cleat_list l = written(reason);
    kt_int((long long)l.n, (long long)want, reason ? reason : "all", __FILE__, line);
    cleat_client_api.list_free(&l);
}
#define EXPECT_COUNT(reason, want) expect_count((reason), (want), __LINE__)

static void expect_field(const char *reason, cleat_path path, const char *want, int line) {
    struct cleat_list l = written(reason);
    if (kt_int((long long)l.n, 1, reason, __FILE__, line)) {
        struct cleat_val v = cleat_obj_at(l.items[0], path);
        struct cleat_str got =
            cleat_val_type(v) == CLEAT_STRING ? cleat_val_str(v) : cleat_val_raw(v);
        kt_str(got, cleat_s(want), path[0], __FILE__, line);
    }
    cleat_client_api.list_free(&l);
}
#define EXPECT_FIELD(reason, path, want) expect_field((reason), path, (want), __LINE__)

static void an_event_says_all(void) {
    up();
    cleat_clock_advance(255);
    CLEAT_AUTO_FREE char *name = cleat_sprintf("p.%llx", (unsigned long long)cleat_now_wall());
    record(t.pod, "Started", "with \"quotes\"");
    EXPECT_FIELD("Started", CLEAT_PATH("metadata", "name"), name);
    EXPECT_FIELD("Started", CLEAT_PATH("metadata", "namespace"), "kube-system");
    EXPECT_FIELD("Started", CLEAT_PATH("involvedObject", "kind"), "Pod");
    EXPECT_FIELD("Started", CLEAT_PATH("involvedObject", "apiVersion"), "v1");
    EXPECT_FIELD("Started", CLEAT_PATH("involvedObject", "namespace"), "kube-system");
    EXPECT_FIELD("Started", CLEAT_PATH("involvedObject", "name"), "p");
    EXPECT_FIELD("Started", CLEAT_PATH("involvedObject", "uid"), "u-1");
    EXPECT_FIELD("Started", CLEAT_PATH("involvedObject", "resourceVersion"), "7");
    EXPECT_FIELD("Started", CLEAT_PATH("message"), "with \\\"quotes\\\"");
    EXPECT_FIELD("Started", CLEAT_PATH("type"), "Normal");
    EXPECT_FIELD("Started", CLEAT_PATH("count"), "1");
    EXPECT_FIELD("Started", CLEAT_PATH("source", "component"), "tester");
    EXPECT_FIELD("Started", CLEAT_PATH("reportingComponent"), "tester");
    EXPECT_FIELD("Started", CLEAT_PATH("firstTimestamp"), "2026-01-02T03:04:05Z");
    EXPECT_FIELD("Started", CLEAT_PATH("lastTimestamp"), "2026-01-02T03:04:05Z");
    record(t.node, "NodeReady", "x");
    EXPECT_FIELD("NodeReady", CLEAT_PATH("metadata", "namespace"), "default");
    down();
}

static int64_t count_of(const cleat_obj *event) {
    int64_t n = -1;
    cleat_val_int(cleat_obj_at(event, CLEAT_PATH("count")), &n);
    return n;
}

static void equal_ones_are_counted(void) {
    up();
    for (int i = 0; i < 3; i++) {
        record(t.pod, "Again", "the same");
        cleat_clock_advance(CLEAT_SECOND);
    }
    record(t.pod, "Again", "another");
    record(t.pod, "Other", "the same");
    record(t.node, "Again", "the same");
    EXPECT_COUNT("Other", 1);
    struct cleat_list l = written("Again");
    KT_EQ_INT(l.n, 3); /* of the pod two, of the node one */
    int counted = 0;
    for (size_t i = 0; i < l.n; i++) {
        if (count_of(l.items[i]) == 3) {
            KT_EQ_S(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("firstTimestamp"))),
                    CLEAT_STR("2026-01-02T03:04:05Z"));
            KT_EQ_S(cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("lastTimestamp"))),
                    CLEAT_STR("2026-01-02T03:04:07Z"));
            counted++;
        }
    }
    KT_EQ_INT(counted, 1);
    cleat_client_api.list_free(&l);
    down();
}

static void similar_ones_are_combined(void) {
    up();
    char message[16];
    for (int i = 0; i < 13; i++) {
        snprintf(message, sizeof message, "try %d", i);
        record(t.pod, "Failed", message);
    }
    struct cleat_list l = written("Failed");
    KT_EQ_INT(l.n, 11); /* ten as they are, the rest as one */
    int combined = 0;
    for (size_t i = 0; i < l.n; i++) {
        struct cleat_str m = cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("message")));
        if (cleat_eqc(m, "(combined from similar events): try 12")) {
            combined++;
            KT_EQ_INT(count_of(l.items[i]), 3);
        }
    }
    KT_EQ_INT(combined, 1);
    cleat_client_api.list_free(&l);
    cleat_clock_advance(601 * CLEAT_SECOND); /* long quiet: it begins anew */
    record(t.pod, "Failed", "try 99");
    EXPECT_COUNT("Failed", 12);
    down();
}

static void floods_about_one_object_are_dropped(void) {
    up();
    char reason[16];
    for (int i = 0; i < 40; i++) {
        snprintf(reason, sizeof reason, "R%d", i);
        record(t.pod, reason, "x");
    }
    EXPECT_COUNT(NULL, 25);
    record(t.node, "OfAnother", "x");
    cleat_recorder_record(t.recorder, "another source", t.pod, "Normal", "OfTheSame", "x");
    while (cleat_recorder_step(t.recorder)) {
    }
    EXPECT_COUNT("OfAnother", 1);
    EXPECT_COUNT("OfTheSame", 1);
    cleat_clock_advance(299 * CLEAT_SECOND);
    record(t.pod, "TooEarly", "x");
    EXPECT_COUNT("TooEarly", 0);
    cleat_clock_advance(2 * CLEAT_SECOND);
    record(t.pod, "InTime", "x");
    record(t.pod, "Second", "x");
    EXPECT_COUNT("InTime", 1);
    EXPECT_COUNT("Second", 0);
    down();
}

static long long dropped(void) {
    static const char line[] = "\ncleat_events_dropped_total ";
    CLEAT_AUTO_BUF b = {0};
    cleat_metrics_expose(&b);
    const char *at = strstr(b.p, line);
    return at ? atoll(at + strlen(line)) : 0;
}

static void the_queue_is_bounded(void) {
    up();
    long long before = dropped();
    for (int i = 0; i < 1007; i++) {
        cleat_recorder_record(t.recorder, "tester", t.pod, "Normal", "Same", "x");
    }
    KT_EQ_INT(dropped() - before, 7);
    int steps = 0;
    while (cleat_recorder_step(t.recorder)) {
        steps++;
    }
    KT_EQ_INT(steps, 1000);
    EXPECT_FIELD("Same", CLEAT_PATH("count"), "25"); /* the flood limit holds here, too */
    down();
}

static void a_server_that_is_away_is_tried_again(void) {
    up();
    cleat_time began = cleat_now_mono();
    gate.failures = 4;
    gate.with = CLEAT_E_UNAVAILABLE;
    record(t.pod, "Late", "x");
    EXPECT_COUNT("Late", 1);
    KT_EQ_INT(cleat_now_mono() - began, 40 * CLEAT_SECOND);
    gate.failures = 1000;
    gate.writes = 0;
    record(t.pod, "Never", "x");
    EXPECT_COUNT("Never", 0);
    KT_EQ_INT(gate.writes, 12);
    gate.failures = 1; /* what is refused is not tried again */
    gate.with = CLEAT_E_FORBIDDEN;
    gate.writes = 0;
    record(t.pod, "Refused", "x");
    KT_EQ_INT(gate.writes, 1);
    record(t.pod, "Refused", "x");
    EXPECT_FIELD("Refused", CLEAT_PATH("count"), "1");
    down();
}

/* Written once, and told of once, however often its writer has to try. */
static void an_answer_that_is_lost_is_no_second_event(void) {
    static const cleat_err ways[] = {CLEAT_E_TIMEOUT, CLEAT_E_UNKNOWN, CLEAT_E_UNAVAILABLE};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        up();
        gate.lost = 2;
        gate.with = ways[i];
        record(t.pod, "Lost", "m");
        EXPECT_COUNT("Lost", 1);
        EXPECT_FIELD("Lost", CLEAT_PATH("count"), "1");
        gate.lost = 2;
        record(t.pod, "Lost", "m");
        EXPECT_FIELD("Lost", CLEAT_PATH("count"), "2");
        gate.failures = 3;
        record(t.pod, "Refused", "m");
        EXPECT_COUNT("Refused", 1);
        EXPECT_FIELD("Refused", CLEAT_PATH("count"), "1");
        down();
    }
}

static void an_event_that_is_gone_is_written_anew(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    record(t.pod, "Old", "x");
    record(t.pod, "Old", "x");
    struct cleat_list l = written("Old");
    KT_REQUIRE(l.n == 1);
    struct cleat_key key = {cleat_obj_ns(l.items[0]), cleat_obj_name(l.items[0])};
    KT_OK(cleat_client_api.remove(t.client, NULL, events, key, NULL, NULL, &e), &e);
    cleat_client_api.list_free(&l);
    record(t.pod, "Old", "x");
    EXPECT_FIELD("Old", CLEAT_PATH("count"), "1");
    down();
}

static void it_remembers_what_was_used_last(void) {
    up();
    record(t.pod, "Kept", "x");
    for (int i = 0; i < 5000; i++) { /* more objects than it remembers */
        CLEAT_AUTO_FREE char *text = cleat_sprintf(
            "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n%d\"}}", i);
        CLEAT_AUTO(cleat_obj) *o = parse(text);
        record(o, "Flood", "x");
        if (i % 1000 == 0) {
            record(t.pod, "Kept", "x");
        }
    }
    EXPECT_FIELD("Kept", CLEAT_PATH("count"), "6");
    EXPECT_COUNT("Flood", 5000);
    CLEAT_AUTO(cleat_obj) *first =
        parse("{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n0\"}}");
    record(first, "Flood", "x"); /* long forgotten: an event of its own again */
    EXPECT_COUNT("Flood", 5001);
    down();
}

static void the_writer_thread_writes_what_is_queued_before_it_ends(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts so = {0};
    up();
    cleat_recorder_free(t.recorder);
    cleat_client_free(t.client);
    gate.real->ops->free(gate.real);
    rt_close(&t.rt);
    KT_REQUIRE_OK(cleat_store_open(cleat_backend_memory(), &so, &t.rt.store, &e), &e);
    KT_REQUIRE_OK(cleat_registry_new(t.rt.store, cleat_kinds, &t.rt.registry, &e), &e);
    KT_REQUIRE_OK(cleat_registry_bootstrap(t.rt.registry, &e), &e);
    gate.real = cleat_transport_local(t.rt.registry);
    t.client = cleat_client_new(&gate.base, "system:test");
    t.recorder = cleat_recorder_new(t.client, false);
    char message[16];
    for (int i = 0; i < 8; i++) {
        snprintf(message, sizeof message, "m%d", i);
        cleat_recorder_record(t.recorder, "tester", t.pod, "Normal", "Threaded", message);
    }
    cleat_recorder_free(t.recorder);
    t.recorder = NULL;
    EXPECT_COUNT("Threaded", 8);
    t.rt.req = (cleat_request){0};
    down();
}

KT_MAIN("recorder", KT_TEST(an_event_says_all), KT_TEST(equal_ones_are_counted),
        KT_TEST(similar_ones_are_combined), KT_TEST(floods_about_one_object_are_dropped),
        KT_TEST(the_queue_is_bounded), KT_TEST(a_server_that_is_away_is_tried_again),
        KT_TEST(an_answer_that_is_lost_is_no_second_event),
        KT_TEST(an_event_that_is_gone_is_written_anew), KT_TEST(it_remembers_what_was_used_last),
        KT_TEST(the_writer_thread_writes_what_is_queued_before_it_ends))
