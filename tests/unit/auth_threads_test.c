/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions from several threads while roles and bindings change: nobody sees half
 * a change, and who got an acknowledgement sees what he wrote at once.
 */
#include "core/auth/internal.h"
#include "tests/support/kt.h"

enum { ROUNDS = 150, ASKERS = 3 };

static cleat_store *store;
static cleat_registry *registry;
static cleat_auth *auth;
static _Atomic bool stop;
static _Atomic uint64_t asked;

static const char *const groups[] = {"devs", "system:authenticated", NULL};
static const struct cleat_user jane = {.name = "jane", .uid = "", .groups = groups};

static bool may(const char *verb, const char *resource) {
    const struct cleat_access q = {
        .user = &jane, .verb = verb, .resource = cleat_s(resource), .ns = CLEAT_STR("default")};
    return cleat_registry_allows(registry, &q, NULL);
}

static void *ask(void *arg) {
    (void)arg;
    while (!atomic_load(&stop)) {
        const struct cleat_access q = {
            .user = &jane, .verb = "get", .path = "/apis", .ns = CLEAT_STR("default")};
        CLEAT_AUTO_BUF why = {0};
        cleat_assert(cleat_registry_allows(registry, &q, NULL)); /* never for a moment not */
        cleat_assert(cleat_registry_allows(registry, &q, &why) && why.n > 0);
        may("get", "pods");
        atomic_fetch_add(&asked, 1);
    }
    return NULL;
}

static cleat_err write_one(int verb, const char *resource, const char *ns, const char *name,
                           const char *json) {
    struct cleat__write w = {.verb = verb,
                             .kind = cleat_registry_find(registry, CLEAT__RBAC, "v1", resource),
                             .ns = cleat_s(ns),
                             .name = cleat_s(verb == CLEAT_VERB_CREATE ? NULL : name)};
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (json != NULL) {
        KT_OK(cleat_obj_parse(cleat_s(json), 0, &w.body, &e), &e);
    }
    cleat_err err = cleat__write_all(registry, &w, 1, CLEAT_OK, &e);
    KT_OK(err, &e);
    return err;
}

static void open_all(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    const struct cleat_store_opts opts = {.manual = false};
    const struct cleat_auth_opts auth_opts = {.always_allow = false};
    cleat_timers_start();
    bool ok = KT_OK(cleat_store_open(cleat_backend_memory(), &opts, &store, &e), &e) &&
              KT_OK(cleat_registry_new(store, cleat_kinds, &registry, &e), &e) &&
              KT_OK(cleat_registry_bootstrap(registry, &e), &e) &&
              KT_OK(cleat_auth_new(registry, &auth_opts, &auth, &e), &e) &&
              KT_OK(cleat_auth_bootstrap(auth, &e), &e);
    cleat_assert(ok);
}

static void close_all(void) {
    cleat_auth_free(auth);
    cleat_registry_free(registry);
    cleat_store_close(store);
    cleat_timers_stop();
}

static void what_is_acknowledged_is_seen(void) {
    pthread_t threads[ASKERS];
    open_all();
    for (int i = 0; i < ASKERS; i++) {
        threads[i] = cleat_thread_start("asker", ask, NULL);
    }
    static const char role[] =
        "{\"metadata\":{\"name\":\"r\"},\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],"
        "\"resources\":[\"pods\"]}]}";
    static const char binding[] =
        "{\"metadata\":{\"name\":\"b\"},\"roleRef\":{\"kind\":\"Role\",\"name\":\"r\"},"
        "\"subjects\":[{\"kind\":\"Group\",\"name\":\"devs\"}]}";
    for (int i = 0; i < ROUNDS; i++) {
        write_one(CLEAT_VERB_CREATE, "roles", "default", "r", role);
        KT_TRUE(!may("get", "pods"));
        write_one(CLEAT_VERB_CREATE, "rolebindings", "default", "b", binding);
        KT_TRUE(may("get", "pods"));
        write_one(CLEAT_VERB_DELETE, i % 2 ? "roles" : "rolebindings", "default", i % 2 ? "r" : "b",
                  NULL);
        KT_TRUE(!may("get", "pods"));
        write_one(CLEAT_VERB_DELETE, i % 2 ? "rolebindings" : "roles", "default", i % 2 ? "b" : "r",
                  NULL);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < ASKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    KT_TRUE(atomic_load(&asked) > 0);
    close_all();
}

/* The authority may end while what it aggregates is on its way. */
static void ends_while_it_aggregates(void) {
    for (int i = 0; i < 20; i++) {
        open_all();
        write_one(CLEAT_VERB_CREATE, "clusterroles", "", "more",
                  "{\"metadata\":{\"name\":\"more\",\"labels\":{\"rbac.authorization.k8s.io/"
                  "aggregate-to-view\":\"true\"}},\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":["
                  "\"x\"],\"resources\":[\"y\"]}]}");
        close_all();
    }
}

KT_MAIN("auth_threads", KT_TEST(what_is_acknowledged_is_seen), KT_TEST(ends_while_it_aggregates))
