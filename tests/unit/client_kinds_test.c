/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the client tells of the kinds that are served, writes that are not waited
 * for, and deletions of collections, over the in-process transport.
 */
#include "core/client/client.h"
#include "core/informer/informer.h"
#include "tests/support/rt.h"

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

static struct {
    struct rt rt;
    struct cleat_transport *transport;
    cleat_client *client;
    int done, gone, told;
    cleat_err last;
} t;

static const struct cleat_client_api *api = &cleat_client_api;

static void up(void) {
    rt_open(&t.rt);
    t.transport = cleat_transport_local_manual(t.rt.registry);
    t.client = cleat_client_new(t.transport, "system:serviceaccount:kube-system:tester");
    t.done = t.gone = t.told = 0;
}

static void down(void) {
    cleat_client_free(t.client);
    t.transport->ops->free(t.transport);
    rt_close(&t.rt);
}

static void make(const char *name, const char *metadata) {
    char *text = cleat_sprintf("{\"metadata\":{\"name\":\"%s\"%s}}", name, metadata);
    KT_EQ_INT(rt_create(&t.rt, "configmaps", "default", text), CLEAT_OK);
    free(text);
}

static struct cleat_key in_default(const char *name) {
    return (struct cleat_key){CLEAT_STR("default"), cleat_s(name)};
}

static void settle(void) {
    while (cleat_store_step(t.rt.store) > 0 || cleat_transport_local_step(t.transport) > 0) {
    }
}

static void on_done(void *userdata, cleat_err err, const cleat_obj *obj,
                    const struct cleat_error *e) {
    (void)userdata;
    (void)e;
    t.done++;
    t.gone += obj == NULL;
    t.last = err;
}

static void on_kinds(void *userdata) {
    (void)userdata;
    t.told++;
}

static const struct cleat_kind_info *find(const struct cleat_served *s, const char *group,
                                          const char *version, const char *resource) {
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->v[i]->group, group) == 0 && strcmp(s->v[i]->version, version) == 0 &&
            strcmp(s->v[i]->resource, resource) == 0) {
            return s->v[i];
        }
    }
    return NULL;
}

static void all_kinds_and_what_can_be_done_with_them(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    struct cleat_served s = {.struct_size = sizeof s};
    KT_REQUIRE_OK(api->kinds(t.client, NULL, &s, &e), &e);
    const struct cleat_kind_info *k = find(&s, "", "v1", "pods");
    KT_REQUIRE(k != NULL);
    KT_EQ_STR(k->kind, "Pod");
    KT_EQ_INT(k->serves, 255);
    KT_TRUE(k->namespaced && k->preferred);
    k = find(&s, "", "v1", "namespaces");
    KT_REQUIRE(k != NULL);
    KT_TRUE((k->serves & CLEAT_SERVES_DELETE_COLLECTION) == 0 && !k->namespaced);
    k = find(&s, "authorization.k8s.io", "v1", "selfsubjectaccessreviews");
    KT_REQUIRE(k != NULL);
    KT_EQ_INT(k->serves, CLEAT_SERVES_CREATE);
    /* Of two versions of a resource, one. */
    k = find(&s, "autoscaling", "v2", "horizontalpodautoscalers");
    KT_TRUE(k != NULL && k->preferred);
    k = find(&s, "autoscaling", "v1", "horizontalpodautoscalers");
    KT_TRUE(k != NULL && !k->preferred);
    KT_TRUE(s.n_failed == 0 && s.failed == NULL);
    api->kinds_free(&s);
    api->kinds_free(&s); /* once more does nothing */
    down();
}

static void new_kinds_are_told_of_with_the_first_object_at_the_latest(void) {
    static const char crd[] =
        "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\","
        "\"metadata\":{\"name\":\"things.test.dev\"},\"spec\":{\"group\":\"test.dev\",\"scope\":"
        "\"Namespaced\",\"names\":{\"plural\":\"things\",\"singular\":\"thing\",\"kind\":\"Thing\","
        "\"listKind\":\"ThingList\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":"
        "true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\"}}}]}}";
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    uint64_t id = api->watch_kinds(t.client, on_kinds, NULL);
    KT_TRUE(id != 0);
    make("a", "");
    KT_EQ_INT(t.told, 0);
    KT_REQUIRE_OK(cleat_registry_add_crd(t.rt.registry, cleat_s(crd), &e), &e);
    KT_EQ_INT(rt_create(&t.rt, "things", "default",
                        "{\"apiVersion\":\"test.dev/v1\",\"kind\":\"Thing\",\"metadata\":{"
                        "\"name\":\"a\"}}"),
              CLEAT_OK);
    KT_TRUE(t.told >= 1);
    int told = t.told;
    make("b", "");
    KT_EQ_INT(t.told, told);
    struct cleat_served s = {.struct_size = sizeof s};
    KT_REQUIRE_OK(api->kinds(t.client, NULL, &s, &e), &e);
    const struct cleat_kind_info *k = find(&s, "test.dev", "v1", "things");
    KT_TRUE(k != NULL && k->namespaced && k->preferred);
    api->kinds_free(&s);
    api->unwatch_kinds(t.client, id);
    down();
}

static void patches_and_deletions_are_not_waited_for(void) {
    up();
    make("a", "");
    make("b", ",\"finalizers\":[\"x.y/z\"]");
    char *patch = cleat_strdup("{\"data\":{\"k\":\"v\"}}");
    KT_EQ_INT(api->patch_async(t.client, configmaps, in_default("a"), NULL, CLEAT_PATCH_MERGE,
                               cleat_s(patch), on_done, NULL),
              CLEAT_OK);
    memset(patch, 'x', strlen(patch)); /* it was copied */
    free(patch);
    KT_EQ_INT(t.done, 0);
    settle();
    KT_EQ_INT(t.done, 1);
    KT_EQ_INT(t.last, CLEAT_OK);
    KT_EQ_INT(rt_get(&t.rt, "configmaps", "default/a"), CLEAT_OK);
    KT_EQ_S(rt_at(&t.rt, CLEAT_PATH("data", "k")), CLEAT_STR("v"));
    char *uid = cleat_strndup(rt_at(&t.rt, CLEAT_PATH("metadata", "uid")));
    struct cleat_delete_opts o = {
        .struct_size = sizeof o, .grace_period_seconds = -1, .uid = "another"};
    api->remove_async(t.client, configmaps, in_default("a"), &o, on_done, NULL);
    settle();
    KT_EQ_INT(t.last, CLEAT_E_CONFLICT);
    o.uid = uid;
    t.gone = 0;
    api->remove_async(t.client, configmaps, in_default("a"), &o, on_done, NULL);
    memset(uid, 'x', strlen(uid)); /* copied as well */
    free(uid);
    settle();
    KT_EQ_INT(t.last, CLEAT_OK);
    KT_EQ_INT(t.gone, 1);
    api->remove_async(t.client, configmaps, in_default("b"), NULL, on_done, NULL);
    settle();
    KT_EQ_INT(t.last, CLEAT_OK);
    KT_EQ_INT(t.gone, 1); /* it stays for its finalizer */
    KT_EQ_INT(api->remove_async(t.client, configmaps, in_default("c"), NULL, on_done, NULL),
              CLEAT_E_NOT_FOUND);
    KT_EQ_INT(t.done, 5);
    down();
}

static void collections_go_at_once(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    for (int i = 0; i < 600; i++) {
        char *name = cleat_sprintf("c%d", i);
        make(name, i % 3 == 0 ? ",\"labels\":{\"keep\":\"1\"}" : "");
        free(name);
    }
    struct cleat_list_opts some = {.struct_size = sizeof some, .label_selector = "!keep"};
    KT_REQUIRE_OK(api->remove_collection(t.client, NULL, configmaps, "default", &some, NULL, &e),
                  &e);
    struct cleat_list l = {.struct_size = sizeof l};
    KT_REQUIRE_OK(api->list(t.client, NULL, configmaps, "default", NULL, &l, &e), &e);
    KT_EQ_INT(l.n, 200);
    api->list_free(&l);
    KT_REQUIRE_OK(api->remove_collection(t.client, NULL, configmaps, "default", NULL, NULL, &e),
                  &e);
    KT_REQUIRE_OK(api->list(t.client, NULL, configmaps, "default", NULL, &l, &e), &e);
    KT_EQ_INT(l.n, 0);
    api->list_free(&l);
    down();
}

static void caches_tell_how_far_they_are(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    cleat_informers *f = cleat_informers_new(t.client, true);
    cleat_informer *inf = NULL;
    KT_REQUIRE_OK(cleat_informer_acquire_metadata(f, configmaps, &inf, &e), &e);
    KT_TRUE(!cleat_informer_current(inf, 1));
    make("a", "");
    while (cleat_informers_step(f)) {
    }
    uint64_t now = cleat_store_revision(t.rt.store);
    KT_TRUE(cleat_informer_current(inf, now));
    KT_TRUE(!cleat_informer_current(inf, now + 1));
    KT_EQ_INT(rt_create(&t.rt, "secrets", "default", "{\"metadata\":{\"name\":\"s\"}}"), CLEAT_OK);
    now = cleat_store_revision(t.rt.store);
    KT_TRUE(!cleat_informer_current(inf, now)); /* that was another kind: it looks */
    while (cleat_informers_step(f)) {
    }
    KT_TRUE(cleat_informer_current(inf, now));
    cleat_informer_release(inf);
    cleat_informers_free(f);
    down();
}

KT_MAIN("client_kinds", KT_TEST(all_kinds_and_what_can_be_done_with_them),
        KT_TEST(new_kinds_are_told_of_with_the_first_object_at_the_latest),
        KT_TEST(patches_and_deletions_are_not_waited_for), KT_TEST(collections_go_at_once),
        KT_TEST(caches_tell_how_far_they_are))
