/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes and the fence: one that is closed lets none out, over both versions of HTTP, in
 * whichever moment it closes; reads pass.
 */
#include "core/remote/remote.h"
#include "tests/support/at.h"

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

static _Atomic int allowed, asked; /* how often the fence says yes; how often it was asked */

static cleat_err check(void *userdata, struct cleat_error *e) {
    (void)userdata;
    atomic_fetch_add(&asked, 1);
    return atomic_fetch_sub(&allowed, 1) > 0
               ? CLEAT_OK
               : cleat_fail(e, CLEAT_E_UNAVAILABLE, "the fence is closed");
}
static const struct cleat_fence fence = {.check = check};

static struct at at;
static struct cleat_transport *transport;
static cleat_client *client;

static bool up(bool http1, double qps) {
    struct cleat_api_opts api = {.secure_port = -1};
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (!at_open(&at, &api)) {
        return false;
    }
    CLEAT_AUTO_FREE char *kubeconfig = cleat_sprintf("%s/admin.kubeconfig", at.dir);
    struct cleat_remote_opts o = {
        .kubeconfig = kubeconfig, .http1 = http1, .qps = qps, .burst = 1, .fence = &fence};
    allowed = 1000;
    asked = 0;
    if (!KT_OK(cleat_transport_remote(&o, &transport, &e), &e)) {
        return false;
    }
    client = cleat_client_new(transport, "tester");
    return true;
}

static void down(void) {
    cleat_client_free(client);
    transport->ops->free(transport);
    at_close(&at);
}

static cleat_err create(const char *name) {
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\","
                      "\"namespace\":\"default\"}}",
                      name);
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_obj_parse(cleat_s(text), 0, &o, &e), &e);
    return cleat_client_api.create(client, NULL, configmaps, o, NULL, &e);
}

static bool exists(const char *name) {
    AT_AUTO_ANSWER a = {0};
    CLEAT_AUTO_FREE char *path = cleat_sprintf("/api/v1/namespaces/default/configmaps/%s", name);
    return at_call(&at, "GET", path, NULL, &a) == 200;
}

static void closes_at_any_moment(bool http1) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(http1, 0));
    KT_EQ_INT(create("open"), CLEAT_OK);
    KT_TRUE(exists("open"));
    int each = asked;
    KT_TRUE(each >= 2); /* before its first byte, and before each later one */
    for (int yes = 0; yes < 4; yes++) {
        allowed = yes;
        asked = 0;
        CLEAT_AUTO_FREE char *name = cleat_sprintf("closed-%d", yes);
        cleat_err err = create(name);
        KT_TRUE(asked >= 1);
        KT_TRUE(err == CLEAT_OK || err == CLEAT_E_UNAVAILABLE || err == CLEAT_E_UNKNOWN);
        if (yes < 2) {
            KT_TRUE(err != CLEAT_OK);
            KT_TRUE(!exists(name));
        }
        KT_EQ_INT(err == CLEAT_OK, exists(name));
        /* reads are nobody's business */
        CLEAT_AUTO(cleat_obj) *o = NULL;
        KT_OK(cleat_client_api.get(client, NULL, configmaps,
                                   (struct cleat_key){cleat_s("default"), cleat_s("open")}, &o, &e),
              &e);
    }
    allowed = 1000;
    KT_EQ_INT(create("again"), CLEAT_OK);
    down();
}

static void over_http1(void) {
    closes_at_any_moment(true);
}

static void over_http2(void) {
    closes_at_any_moment(false);
}

static void *close_soon(void *arg) {
    (void)arg;
    cleat_ctx_sleep(NULL, 200 * CLEAT_MS);
    atomic_store(&allowed, 0);
    return NULL;
}

static void what_waits_for_its_turn_stays(void) {
    KT_REQUIRE(up(false, 1));
    KT_EQ_INT(create("first"), CLEAT_OK);
    pthread_t closer = cleat_thread_start("closer", close_soon, NULL);
    KT_EQ_INT(create("second"), CLEAT_E_UNAVAILABLE); /* its turn comes in a second */
    pthread_join(closer, NULL);
    KT_TRUE(!exists("second"));
    down();
}

KT_MAIN("remote_fence", KT_TEST(over_http1), KT_TEST(over_http2),
        KT_TEST(what_waits_for_its_turn_stays))
