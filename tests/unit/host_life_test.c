/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life cycle over a real registry: on one thread and a virtual clock where
 * possible; the one test that needs a stuck worker has threads.
 */
#include "core/kinds/kinds.h"
#include "core/host/internal.h"
#include "core/registry/registry.h"
#include "tests/support/kt.h"

#include <unistd.h>

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

struct world {
    cleat_store *store;
    cleat_registry *registry;
    struct cleat_transport *transport;
    cleat_client *client;
    cleat_hostd *host;
    char *dir, *config;
};

static bool pump(void *store) {
    return cleat_store_step(store) != 0;
}

static void write_config(struct world *w, const char *rest) {
    FILE *f = fopen(w->config, "w");
    fprintf(f, "apiVersion: cleat.dev/v1alpha1\nkind: Configuration\n%s", rest);
    fclose(f);
}

/* A registry with the host's kinds, and a host that has not been started. */
static bool make(struct world *w, bool manual, const char *config, const char *const *flags) {
    static const char *const dirs[] = {CLEAT_TEST_PLUGIN_DIR, CLEAT_TEST_PLUGIN_DIR "/../examples",
                                       NULL};
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts store_opts = {.manual = manual};
    *w = (struct world){.dir = kt_tmpdir()};
    w->config = cleat_sprintf("%s/config.yaml", w->dir);
    write_config(w, config);
    struct cleat_host_opts opts = {
        .plugin_dirs = dirs, .config = w->config, .flags = flags, .manual = manual};
    if (!KT_OK(cleat_store_open(cleat_backend_memory(), &store_opts, &w->store, &e), &e)) {
        return false;
    }
    if (manual) {
        cleat_wait_set_pump(pump, w->store);
    }
    if (!KT_OK(cleat_registry_new(w->store, cleat_kinds, &w->registry, &e), &e) ||
        !KT_OK(cleat_hostd_new(NULL, &opts, &w->host, &e), &e)) {
        return false;
    }
    for (size_t i = 0; cleat_hostd_crd(w->host, i) != NULL; i++) {
        KT_OK(cleat_registry_add_crd(w->registry, cleat_s(cleat_hostd_crd(w->host, i)), &e), &e);
    }
    KT_OK(cleat_registry_bootstrap(w->registry, &e), &e);
    w->transport = cleat_transport_local(w->registry);
    w->client = cleat_client_new(w->transport, "system:serviceaccount:kube-system:test");
    cleat_hostd_use(w->host, w->transport);
    return KT_OK(cleat_hostd_start(w->host, &e), &e);
}

/* Everything that wants to run, until nothing does. */
static void settle(struct world *w) {
    for (int i = 0; i < 20000; i++) {
        if (cleat_timers_step() == 0 && !cleat_hostd_step(w->host) && !cleat_store_step(w->store)) {
            return;
        }
    }
    KT_TRUE(!"it settles");
}

static void advance(struct world *w, cleat_time d) {
    cleat_clock_advance(d);
    settle(w);
}

static void end(struct world *w, bool manual) {
    KT_EQ_INT(cleat_hostd_stop(w->host, CLEAT_SECOND), 0);
    cleat_hostd_free(w->host);
    cleat_client_free(w->client);
    w->transport->ops->free(w->transport);
    cleat_registry_free(w->registry);
    cleat_store_close(w->store);
    if (manual) {
        cleat_wait_set_pump(NULL, NULL);
    }
    free(w->config);
    kt_rmdir(w->dir);
}

static struct cleat_key key_of(const char *ns, const char *name) {
    return (struct cleat_key){cleat_s(ns), cleat_s(name)};
}

/* The text at status.<field> of an object of the host's; owned, "" where absent. */
static char *status(struct world *w, const char *resource, const char *name, const char *field) {
    struct cleat_gvr gvr = {"cleat.dev", "v1alpha1", resource};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    cleat_err err = cleat_client_api.get(w->client, NULL, gvr, key_of("", name), &o, NULL);
    char *text =
        err == CLEAT_OK ? cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("status", field))) : NULL;
    return text != NULL ? text : cleat_strdup("");
}

static void want_status(struct world *w, const char *resource, const char *name, const char *field,
                        const char *want) {
    CLEAT_AUTO_FREE char *got = status(w, resource, name, field);
    KT_EQ_STR(got, want);
}
#define WANT_STATE(w, resource, name, want) want_status((w), (resource), (name), "state", (want))

static void add_configmap(struct world *w, const char *name) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"namespace\":"
                      "\"default\",\"name\":\"%s\"},\"data\":{\"hold\":\"yes\"}}",
                      name);
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    KT_OK(cleat_client_api.create(w->client, NULL, configmaps, o, NULL, &e), &e);
}

static char *label_of(struct world *w, const char *name) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.get(w->client, NULL, configmaps, key_of("default", name), &o, &e), &e);
    char *text = cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("metadata", "labels", "labeled")));
    return text != NULL ? text : cleat_strdup("");
}

static void want_label(struct world *w, const char *name, const char *want) {
    CLEAT_AUTO_FREE char *got = label_of(w, name);
    KT_EQ_STR(got, want);
}

static bool exists(struct world *w, const char *name) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    return cleat_client_api.get(w->client, NULL, configmaps, key_of("default", name), &o, NULL) ==
           CLEAT_OK;
}

/* ---- tests -------------------------------------------------------------------- */

static void failed_creation_is_retried(void) {
    static const char *const flags[] = {"labeler-failures=2", NULL};
    struct world w;
    KT_REQUIRE(make(&w, true, "cloudProviders: [fake]\n", flags));
    settle(&w);
    WANT_STATE(&w, "controllers", "labeler-controller", "Failed");
    want_status(&w, "controllers", "labeler-controller", "message", "not yet (1)");
    WANT_STATE(&w, "cloudproviders", "fake", "Running"); /* the rest goes on */
    advance(&w, CLEAT_SECOND * 9 / 10);
    want_status(&w, "controllers", "labeler-controller", "message", "not yet (1)");
    advance(&w, CLEAT_SECOND / 5);
    want_status(&w, "controllers", "labeler-controller", "message", "not yet (2)");
    advance(&w, CLEAT_SECOND * 3 / 2); /* twice as long now */
    WANT_STATE(&w, "controllers", "labeler-controller", "Failed");
    advance(&w, CLEAT_SECOND);
    WANT_STATE(&w, "controllers", "labeler-controller", "Running");
    want_status(&w, "controllers", "labeler-controller", "message", "");
    add_configmap(&w, "a");
    settle(&w);
    want_label(&w, "a", "yes");
    end(&w, true);
}

static void states_are_objects(void) {
    struct world w;
    KT_REQUIRE(make(&w, true, "cloudProviders: [other]\n", NULL));
    /* One that an earlier run left. */
    struct cleat_gvr plugins = {"cleat.dev", "v1alpha1", "plugins"};
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *stale = NULL;
    KT_OK(cleat_obj_parse(CLEAT_STR("{\"apiVersion\":\"cleat.dev/v1alpha1\",\"kind\":\"Plugin\","
                                    "\"metadata\":{\"name\":\"gone\"}}"),
                          0, &stale, &e),
          &e);
    KT_OK(cleat_client_api.create(w.client, NULL, plugins, stale, NULL, &e), &e);
    settle(&w);
    CLEAT_AUTO(cleat_obj) *o = NULL;
    KT_EQ_INT(cleat_client_api.get(w.client, NULL, plugins, key_of("", "gone"), &o, NULL),
              CLEAT_E_NOT_FOUND);
    WANT_STATE(&w, "plugins", "good-controller", "Loaded");
    want_status(&w, "plugins", "good-controller", "id", "test.good-controller");
    want_status(&w, "plugins", "good-controller", "version", "1.2.3");
    WANT_STATE(&w, "plugins", "bad-magic", "Refused");
    want_status(&w, "plugins", "bad-magic", "message",
                "magic is 0x12345678; this host's is 0x54414c43");
    WANT_STATE(&w, "controllers", "labeler-controller", "Running");
    want_status(&w, "controllers", "labeler-controller", "plugin", "test.good-controller");
    want_status(&w, "controllers", "labeler-controller", "identity",
                "system:serviceaccount:kube-system:labeler-controller");
    WANT_STATE(&w, "controllers", "late", "Disabled");
    WANT_STATE(&w, "cloudproviders", "other", "Running");
    WANT_STATE(&w, "cloudproviders", "fake", "Disabled");
    KT_EQ_INT(cleat_hostd_stop(w.host, CLEAT_SECOND), 0);
    WANT_STATE(&w, "controllers", "labeler-controller", "Stopped");
    WANT_STATE(&w, "cloudproviders", "other", "Stopped");
    end(&w, true);
}

static void reload(void) {
    struct world w;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(make(&w, true, "plugins:\n  labeler: {value: red}\n", NULL));
    settle(&w);
    add_configmap(&w, "b");
    settle(&w);
    want_label(&w, "b", "red");

    write_config(&w, "plugins:\n  labeler: {value: blue}\n"); /* restarts it */
    KT_OK(cleat_hostd_reload(w.host, &e), &e);
    settle(&w);
    want_label(&w, "b", "blue");
    WANT_STATE(&w, "controllers", "labeler-controller", "Running");

    write_config(&w, "plugins:\n  labeler: {colour: green}\n"); /* changes nothing */
    KT_EQ_INT(cleat_hostd_reload(w.host, &e), CLEAT_E_BAD_REQUEST);
    KT_TRUE(strstr(e.message, "config.yaml:4: unknown key \"colour\"") != NULL);
    settle(&w);
    add_configmap(&w, "c");
    settle(&w);
    want_label(&w, "c", "blue");

    write_config(&w, "controllers: [\"-labeler\", \"*\"]\n");
    KT_OK(cleat_hostd_reload(w.host, &e), &e);
    settle(&w);
    WANT_STATE(&w, "controllers", "labeler-controller", "Disabled");
    add_configmap(&w, "d");
    advance(&w, 120 * CLEAT_SECOND);
    want_label(&w, "d", "");

    write_config(&w, "plugins:\n  labeler: {value: blue}\n");
    KT_OK(cleat_hostd_reload(w.host, &e), &e);
    settle(&w);
    want_label(&w, "d", "blue");
    end(&w, true);
}

static void providers_come_and_go(void) {
    struct world w;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(make(&w, true,
                    "controllers: [census]\ncloudProviders: [fake, other]\n"
                    "plugins:\n  other: {broken: true}\n",
                    NULL));
    settle(&w);
    WANT_STATE(&w, "cloudproviders", "fake", "Running");
    WANT_STATE(&w, "cloudproviders", "other", "Failed");
    want_status(&w, "cloudproviders", "other", "message", "the cloud is down");
    KT_TRUE(exists(&w, "census-1") && !exists(&w, "census-2"));
    /* It comes up: the controller is restarted, so that it sees it. */
    write_config(&w, "controllers: [census]\ncloudProviders: [fake, other]\n");
    KT_OK(cleat_hostd_reload(w.host, &e), &e);
    settle(&w);
    WANT_STATE(&w, "cloudproviders", "other", "Running");
    KT_TRUE(exists(&w, "census-2"));
    KT_TRUE(!exists(&w, "census-0"));
    write_config(&w, "controllers: [census]\n");
    KT_OK(cleat_hostd_reload(w.host, &e), &e);
    settle(&w);
    WANT_STATE(&w, "cloudproviders", "fake", "Disabled");
    WANT_STATE(&w, "controllers", "census", "Running");
    KT_TRUE(exists(&w, "census-0"));
    end(&w, true);
}

/* The SDK's example: a change of a Namespace reaches the ConfigMaps in it. */
static void example_controller(void) {
    struct world w;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(make(&w, true,
                    "plugins:\n  owner-label: {label: labeled}\ncontrollers: "
                    "[owner-label]\n",
                    NULL));
    settle(&w);
    add_configmap(&w, "e");
    settle(&w);
    want_label(&w, "e", "");
    struct cleat_gvr namespaces = {"", "v1", "namespaces"};
    KT_OK(cleat_client_api.patch(
              w.client, NULL, namespaces, key_of("", "default"), NULL, CLEAT_PATCH_MERGE,
              CLEAT_STR("{\"metadata\":{\"labels\":{\"labeled\":\"ops\"}}}"), NULL, &e),
          &e);
    settle(&w);
    want_label(&w, "e", "ops");
    add_configmap(&w, "f");
    settle(&w);
    want_label(&w, "f", "ops");
    end(&w, true);
}

/* Polls for something that another thread brings about. */
static bool eventually(struct world *w, bool (*check)(struct world *w)) {
    for (int i = 0; i < 2000; i++) {
        if (check(w)) {
            return true;
        }
        usleep(5000);
    }
    return false;
}

static bool is_inside(struct world *w) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    return cleat_client_api.get(w->client, NULL, configmaps, key_of("default", "hold"), &o, NULL) ==
               CLEAT_OK &&
           cleat_eqc(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("data", "inside"))), "yes");
}

static bool stops_now(struct world *w) {
    return cleat_hostd_stop(w->host, CLEAT_SECOND) == 0;
}

static void late_stop_is_reported(void) {
    struct world w;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(make(&w, false, "controllers: [late, labeler]\n", NULL));
    add_configmap(&w, "hold");
    KT_REQUIRE(eventually(&w, is_inside));
    KT_EQ_INT(cleat_hostd_stop(w.host, CLEAT_SECOND / 10), 1);
    WANT_STATE(&w, "controllers", "late", "Stopping");
    want_status(&w, "controllers", "late", "message",
                "late: 1 worker still inside after the deadline");
    WANT_STATE(&w, "controllers", "labeler-controller", "Stopped");
    cleat_hostd_free(w.host); /* must leave it what it uses */
    KT_OK(cleat_client_api.patch(w.client, NULL, configmaps, key_of("default", "hold"), NULL,
                                 CLEAT_PATCH_MERGE, CLEAT_STR("{\"data\":{\"hold\":\"no\"}}"), NULL,
                                 &e),
          &e);
    KT_TRUE(eventually(&w, stops_now));
    end(&w, false);
}

/* The threads' test comes first: the virtual clock stays for the life of the process. */
static void on_a_virtual_clock(void) {
    cleat_clock_virtual(1700000000 * CLEAT_SECOND);
    KT_TRUE(cleat_clock_is_virtual());
}

KT_MAIN("host_life", KT_TEST(late_stop_is_reported), KT_TEST(on_a_virtual_clock),
        KT_TEST(failed_creation_is_retried), KT_TEST(states_are_objects), KT_TEST(reload),
        KT_TEST(providers_come_and_go), KT_TEST(example_controller))
