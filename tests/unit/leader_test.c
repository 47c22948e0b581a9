/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leader election on a virtual clock: what client-go's elector does, and that no two
 * are ever let through the fence, whatever the network and the scheduler do.
 */
#include "core/kinds/kinds.h"
#include "core/leader/leader.h"
#include "tests/support/rt.h"

#define S CLEAT_SECOND

static const struct cleat_gvr leases = {"coordination.k8s.io", "v1", "leases"};
enum { MAX = 3 };

/* One process's way to the server. */
struct way {
    struct cleat_transport base;
    bool down;           /* nothing comes through */
    bool mute;           /* requests do, answers do not */
    bool (*fault)(void); /* asked before and after each request: true = lost there */
    cleat_obj *late;     /* a write that the network still holds, when told to */
    bool keep_late;
};

static struct {
    struct rt rt;
    struct cleat_transport *real;
    cleat_client *admin;
    struct way ways[MAX];
    cleat_leader *leaders[MAX];
    int started[MAX], lost[MAX];
    int writes;
} t;

static bool lost_here(const struct way *w, bool after, struct cleat_error *e) {
    bool gone = w->down || (after && w->mute) || (w->fault != NULL && w->fault());
    if (gone) {
        cleat_fail(e, after ? CLEAT_E_UNKNOWN : CLEAT_E_UNAVAILABLE, "as the test wants");
    }
    return gone;
}

static cleat_err way_get(struct cleat_transport *tr, const char *identity, cleat_ctx *ctx,
                         struct cleat_gvr gvr, struct cleat_key key, cleat_obj **ret,
                         struct cleat_error *e) {
    struct way *w = (struct way *)tr;
    if (lost_here(w, false, e)) {
        return e->code;
    }
    cleat_obj *o = NULL;
    CLEAT_TRY(t.real->ops->get(t.real, identity, NULL, gvr, key, &o, e));
    if (lost_here(w, true, e)) {
        cleat_obj_unref(o);
        return e->code;
    }
    cleat_err ended = cleat_ctx_err(ctx);
    if (ended != CLEAT_OK) {
        cleat_obj_unref(o);
        return cleat_fail(e, ended, "too late");
    }
    *ret = o;
    return CLEAT_OK;
}

static cleat_err way_write(struct cleat_transport *tr, const char *identity, cleat_ctx *ctx,
                           const struct cleat_write *wr, cleat_obj **ret, struct cleat_error *e) {
    struct way *w = (struct way *)tr;
    if (strcmp(wr->gvr.resource, "leases") != 0) { /* events have their own tests */
        return t.real->ops->write(t.real, identity, NULL, wr, ret, e);
    }
    t.writes++;
    if (lost_here(w, false, e)) {
        if (w->keep_late && wr->obj != NULL) {
            cleat_obj_unref(w->late);
            w->late = cleat_obj_ref(wr->obj);
        }
        return e->code;
    }
    cleat_obj *o = NULL;
    CLEAT_TRY(t.real->ops->write(t.real, identity, NULL, wr, &o, e));
    cleat_err ended = lost_here(w, true, e) ? e->code : cleat_ctx_err(ctx);
    if (ended != CLEAT_OK) {
        cleat_obj_unref(o);
        return cleat_fail(e, ended, "as the test wants");
    }
    *ret = o;
    return CLEAT_OK;
}

static void on_started(void *p) {
    ++*(int *)p;
}

static void on_lost(void *p) {
    ++*((int *)p + MAX);
}

static void start(int i) {
    static const char *const names[] = {"alpha", "beta", "gamma"};
    static int generation;
    CLEAT_AUTO_FREE char *identity = cleat_sprintf("%s_%d", names[i], generation++);
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_leader_opts o = {.ns = "kube-system",
                                  .name = "cloud-controller-manager",
                                  .identity = identity,
                                  .started = on_started,
                                  .lost = on_lost,
                                  .userdata = &t.started[i],
                                  .manual = true};
    KT_OK(cleat_leader_new(&t.ways[i].base, &o, &t.leaders[i], &e), &e);
}

static void end(int i, bool release) {
    cleat_leader_stop(t.leaders[i], release);
    cleat_leader_free(CLEAT_STEAL(t.leaders[i]));
}

static void up(int n) {
    static const struct cleat_transport_ops ops = {.get = way_get, .write = way_write};
    memset(&t, 0, sizeof t);
    rt_open(&t.rt);
    t.real = cleat_transport_local_manual(t.rt.registry);
    t.admin = cleat_client_new(t.real, "system:test");
    for (int i = 0; i < MAX; i++) {
        t.ways[i].base.ops = &ops;
    }
    for (int i = 0; i < n; i++) {
        start(i);
    }
}

static void down(void) {
    for (int i = 0; i < MAX; i++) {
        cleat_obj_unref(t.ways[i].late);
        if (t.leaders[i] != NULL) {
            end(i, false);
        }
    }
    cleat_client_free(t.admin);
    t.real->ops->free(t.real);
    rt_close(&t.rt);
}

static cleat_obj *lease(void) {
    cleat_obj *o = NULL;
    struct cleat_key key = {cleat_s("kube-system"), cleat_s("cloud-controller-manager")};
    cleat_client_api.get(t.admin, NULL, leases, key, &o, NULL);
    return o;
}

static void expect_spec(const char *field, const char *want, int line) {
    CLEAT_AUTO(cleat_obj) *o = lease();
    if (kt_true(o != NULL, "the lease is there", __FILE__, line)) {
        struct cleat_val v = cleat_obj_at(o, CLEAT_PATH("spec", field));
        kt_str(cleat_val_type(v) == CLEAT_STRING ? cleat_val_str(v) : cleat_val_raw(v),
               cleat_s(want), field, __FILE__, line);
    }
}
#define EXPECT_SPEC(field, want) expect_spec((field), (want), __LINE__)

static bool may_write(int i) {
    const struct cleat_fence *f = cleat_leader_fence(t.leaders[i]);
    return f->check(f->userdata, NULL) == CLEAT_OK;
}

/* Moves the clock by d in steps of 100 ms; those whose bit is set are stepped. */
static void run(unsigned who, cleat_time d) {
    for (cleat_time at = 0; at < d; at += S / 10) {
        for (int i = 0; i < MAX; i++) {
            if (t.leaders[i] != NULL && (who & (1u << i))) {
                cleat_leader_step(t.leaders[i]);
            }
        }
        cleat_clock_advance(S / 10);
    }
}

static size_t events(const char *suffix) {
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_gvr gvr = {"", "v1", "events"};
    size_t n = 0;
    cleat_client_api.list(t.admin, NULL, gvr, "kube-system", NULL, &l, NULL);
    for (size_t i = 0; i < l.n; i++) {
        struct cleat_str m = cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("message")));
        struct cleat_str r = cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("reason")));
        struct cleat_str k =
            cleat_val_str(cleat_obj_at(l.items[i], CLEAT_PATH("involvedObject", "kind")));
        size_t z = strlen(suffix);
        n += cleat_eqc(r, "LeaderElection") && cleat_eqc(k, "Lease") && m.n > z &&
             memcmp(m.p + m.n - z, suffix, z) == 0;
    }
    cleat_client_api.list_free(&l);
    return n;
}

/* ---- as client-go ---- */

static void the_first_makes_the_record(void) {
    up(1);
    KT_TRUE(!may_write(0));
    cleat_leader_step(t.leaders[0]);
    KT_TRUE(cleat_leader_leads(t.leaders[0]));
    KT_TRUE(may_write(0));
    KT_EQ_INT(t.started[0], 1);
    EXPECT_SPEC("leaseDurationSeconds", "15");
    EXPECT_SPEC("leaseTransitions", "0");
    EXPECT_SPEC("acquireTime", "2026-01-02T03:04:05.000000Z");
    EXPECT_SPEC("renewTime", "2026-01-02T03:04:05.000000Z");
    run(1, 2 * S + S / 10);
    EXPECT_SPEC("acquireTime", "2026-01-02T03:04:05.000000Z");
    EXPECT_SPEC("renewTime", "2026-01-02T03:04:07.000000Z");
    EXPECT_SPEC("leaseTransitions", "0");
    down();
}

static void renewals_come_each_two_seconds(void) {
    up(1);
    run(1, 61 * S);
    KT_EQ_INT(t.writes, 31); /* the first, and thirty: no look in between */
    down();
}

static void a_second_waits_until_it_has_run_out(void) {
    up(2);
    run(1, S);
    run(3, 60 * S);
    KT_EQ_INT(t.started[1], 0);
    /* the first is gone without a word */
    run(2, 12 * S); /* the last renewal was up to two seconds ago */
    KT_EQ_INT(t.started[1], 0);
    run(2, 14 * S); /* two of its tries may just have been too early */
    KT_EQ_INT(t.started[1], 1);
    EXPECT_SPEC("leaseTransitions", "1");
    KT_TRUE(may_write(1));
    KT_TRUE(!may_write(0));
    /* it comes back: it does not write, and finds out */
    cleat_leader_step(t.leaders[0]);
    KT_EQ_INT(t.lost[0], 1);
    KT_TRUE(!cleat_leader_leads(t.leaders[0]));
    down();
}

static void age_is_counted_from_when_it_was_seen(void) {
    up(1);
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    /* whose clock is years behind, and which is renewed nevertheless */
    KT_OK(cleat_obj_parse(
              cleat_s("{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{"
                      "\"name\":\"cloud-controller-manager\",\"namespace\":\"kube-system\"},"
                      "\"spec\":{\"holderIdentity\":\"go_1\",\"leaseDurationSeconds\":20,"
                      "\"acquireTime\":\"2001-01-02T03:04:05.000000Z\",\"renewTime\":"
                      "\"2001-01-02T03:04:05.000000Z\",\"leaseTransitions\":6,"
                      "\"strategy\":\"OldestEmulationVersion\"}}"),
              0, &o, &e),
          &e);
    KT_OK(cleat_client_api.create(t.admin, NULL, leases, o, NULL, &e), &e);
    cleat_obj_unref(o);
    run(1, 19 * S);
    KT_EQ_INT(t.started[0], 0);
    run(1, 7 * S);
    KT_EQ_INT(t.started[0], 1);
    EXPECT_SPEC("leaseTransitions", "7");
    EXPECT_SPEC("leaseDurationSeconds", "15");
    EXPECT_SPEC("strategy", "OldestEmulationVersion"); /* what is not ours stays */
    down();
}

static void what_is_given_back_is_taken_at_once(void) {
    up(2);
    run(1, S);
    run(3, 5 * S);
    end(0, true);
    EXPECT_SPEC("holderIdentity", "");
    EXPECT_SPEC("leaseDurationSeconds", "1");
    run(2, 45 * S / 10); /* retry period, and its jitter */
    KT_EQ_INT(t.started[1], 1);
    EXPECT_SPEC("leaseTransitions", "1");
    down();
}

static void a_release_finds_its_own_late_renewal(void) {
    up(1);
    run(1, S);
    t.ways[0].mute = true;
    run(1, 2 * S); /* renewed, but nobody knows */
    t.ways[0].mute = false;
    end(0, true);
    EXPECT_SPEC("holderIdentity", "");
    down();
}

static void events_tell(void) {
    up(2);
    run(1, S);
    end(0, true);
    KT_EQ_INT(events(" became leader"), 1);
    KT_EQ_INT(events(" stopped leading"), 1);
    down();
}

/* ---- without a network ---- */

static void the_fence_closes_at_the_renew_deadline(void) {
    up(1);
    run(1, 4 * S + S / 10); /* renewed at 4 s */
    t.ways[0].down = true;
    run(1, 9 * S + S / 2);
    KT_TRUE(may_write(0));
    KT_EQ_INT(t.lost[0], 0);
    run(1, S / 2);
    KT_TRUE(!may_write(0));
    run(1, 3 * S);
    KT_EQ_INT(t.lost[0], 1);
    run(1, 30 * S);
    KT_EQ_INT(t.lost[0], 1);
    down();
}

static void a_short_outage_is_survived(void) {
    up(2);
    run(3, 4 * S);
    int first = cleat_leader_leads(t.leaders[0]) ? 0 : 1;
    t.ways[first].down = true;
    run(3, 8 * S);
    t.ways[first].down = false;
    run(3, 30 * S);
    KT_EQ_INT(t.lost[first], 0);
    KT_EQ_INT(t.started[first], 1);
    KT_TRUE(may_write(first));
    KT_EQ_INT(t.started[1 - first], 0);
    down();
}

static void one_that_was_stopped_does_not_write(void) {
    up(1);
    run(1, S);
    KT_TRUE(may_write(0));
    cleat_clock_advance(9 * S - S / 10); /* nothing of it runs */
    KT_TRUE(may_write(0));
    cleat_clock_advance(S);
    KT_TRUE(!may_write(0)); /* before it could know */
    down();
}

static int slow_calls;
/* An answer that takes four seconds. */
static bool slow(void) {
    if (++slow_calls == 2) {
        cleat_clock_advance(4 * S);
    }
    return false;
}

static void a_slow_answer_counts_from_its_question(void) {
    up(1);
    run(1, 2 * S);
    slow_calls = 0;
    t.ways[0].fault = slow;
    cleat_leader_step(t.leaders[0]);
    KT_TRUE(slow_calls >= 2);
    cleat_clock_advance(6 * S - S / 10);
    KT_TRUE(may_write(0));
    cleat_clock_advance(S / 5);
    KT_TRUE(!may_write(0));
    down();
}

static void somebody_edits_the_lease(void) {
    up(1);
    run(1, S);
    struct cleat_key key = {cleat_s("kube-system"), cleat_s("cloud-controller-manager")};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.patch(t.admin, NULL, leases, key, NULL, CLEAT_PATCH_MERGE,
                                 cleat_s("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), NULL, &e),
          &e);
    run(1, 4 * S);
    KT_TRUE(may_write(0)); /* by the slow path */
    CLEAT_AUTO(cleat_obj) *o = lease();
    KT_EQ_S(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("metadata", "labels", "a"))), CLEAT_STR("b"));
    CLEAT_AUTO_BUF text = {0};
    cleat_metrics_expose(&text);
    KT_TRUE(strstr(text.p, "leader_election_slowpath_total{name=\"cloud-controller-manager\"}") !=
            NULL);
    KT_TRUE(strstr(text.p, "leader_election_master_status{name=\"cloud-controller-manager\"} 1") !=
            NULL);
    /* deleted: made again, without losing it */
    KT_OK(cleat_client_api.remove(t.admin, NULL, leases, key, NULL, NULL, &e), &e);
    run(1, 4 * S);
    KT_TRUE(may_write(0));
    KT_EQ_INT(t.lost[0], 0);
    down();
}

static void what_does_not_fit_is_refused(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_leader_opts o = {.ns = "a", .name = "b", .lease_duration = 10 * S};
    KT_EQ_INT(cleat_leader_check(&o, &e), CLEAT_E_BAD_REQUEST);
    o.lease_duration = 15 * S;
    o.retry_period = 9 * S;
    KT_EQ_INT(cleat_leader_check(&o, &e), CLEAT_E_BAD_REQUEST);
    o.retry_period = -1;
    KT_EQ_INT(cleat_leader_check(&o, &e), CLEAT_E_BAD_REQUEST);
    o.retry_period = 0;
    KT_OK(cleat_leader_check(&o, &e), &e);
    o.name = "";
    KT_EQ_INT(cleat_leader_check(&o, &e), CLEAT_E_BAD_REQUEST);
    CLEAT_AUTO_FREE char *a = cleat_leader_identity();
    CLEAT_AUTO_FREE char *b = cleat_leader_identity();
    KT_TRUE(strcmp(a, b) != 0);
    KT_EQ_INT(strlen(strrchr(a, '_') + 1), 36);
}

/* ---- whatever happens ---- */

static unsigned fault_one_in;
/* Also lets time pass in the middle of a request, as if the process stood still there. */
static bool chaos(void) {
    uint64_t r = cleat_random();
    if (r % 23 == 0) {
        cleat_clock_advance((cleat_time)(cleat_random() % 14) * S);
    }
    return r / 32 % fault_one_in == 0;
}

static int n_open(void) {
    int n = 0;
    for (int i = 0; i < MAX; i++) {
        n += t.leaders[i] != NULL && may_write(i);
    }
    return n;
}

/* The network lets go of a write that it held for long. */
static void deliver(struct way *w) {
    struct cleat_write late = {.verb = CLEAT_VERB_UPDATE,
                               .gvr = leases,
                               .key = {cleat_obj_ns(w->late), cleat_obj_name(w->late)},
                               .obj = w->late};
    cleat_obj *o = NULL;
    t.real->ops->write(t.real, "late", NULL, &late, &o, NULL);
    cleat_obj_unref(o);
    cleat_obj_unref(CLEAT_STEAL(w->late));
}

static void never_two_at_once(void) {
    int handed_over = 0;
    cleat_log_set_level(-1); /* thousands of faults */
    for (uint64_t seed = 1; seed <= 60; seed++) {
        cleat_random_seed(seed);
        up(MAX);
        fault_one_in = 3 + (unsigned)(seed % 12);
        for (int i = 0; i < MAX; i++) {
            t.ways[i].fault = chaos;
            t.ways[i].keep_late = true;
        }
        cleat_time stopped_until[MAX] = {0};
        for (int turn = 0; turn < 1500; turn++) {
            int i = (int)(cleat_random() % MAX);
            switch (cleat_random() % 60) {
            case 0:
                t.ways[i].down = !t.ways[i].down;
                break;
            case 1:
                stopped_until[i] = cleat_now_boot() + (cleat_time)(cleat_random() % 40) * S;
                break;
            case 2:
                if (t.ways[i].late != NULL) {
                    deliver(&t.ways[i]);
                }
                break;
            case 3:
                if (cleat_random() % 4 == 0) {
                    end(i, cleat_random() % 2 == 0);
                    start(i);
                    stopped_until[i] = 0;
                }
                break;
            default:
                break;
            }
            if (n_open() > 1) {
                break;
            }
            if (cleat_now_boot() >= stopped_until[i]) {
                cleat_leader_step(t.leaders[i]);
            }
            if (t.lost[i] > 0) { /* the process ends, another takes its place */
                t.lost[i] = 0;
                end(i, false);
                start(i);
            }
            if (n_open() > 1) {
                break;
            }
            cleat_clock_advance((cleat_time)(cleat_random() % 1000) * CLEAT_MS);
        }
        if (n_open() > 1) {
            fprintf(stderr, "seed %llu: two may write\n", (unsigned long long)seed);
        }
        KT_TRUE(n_open() <= 1);
        for (int i = 0; i < MAX; i++) {
            handed_over += t.started[i];
        }
        down();
    }
    cleat_log_set_level(CLEAT_LOG_INFO);
    KT_TRUE(handed_over > 200); /* it was about something */
}

KT_MAIN("leader", KT_TEST(the_first_makes_the_record), KT_TEST(renewals_come_each_two_seconds),
        KT_TEST(a_second_waits_until_it_has_run_out), KT_TEST(age_is_counted_from_when_it_was_seen),
        KT_TEST(what_is_given_back_is_taken_at_once), KT_TEST(a_release_finds_its_own_late_renewal),
        KT_TEST(events_tell), KT_TEST(the_fence_closes_at_the_renew_deadline),
        KT_TEST(a_short_outage_is_survived), KT_TEST(one_that_was_stopped_does_not_write),
        KT_TEST(a_slow_answer_counts_from_its_question), KT_TEST(somebody_edits_the_lease),
        KT_TEST(what_does_not_fit_is_refused), KT_TEST(never_two_at_once))
