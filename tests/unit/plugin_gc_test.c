/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The garbage-collector-controller on the virtual clock, one situation a test.
 * plugin_gc_model_test.c does all of them at once, at random.
 */
#include "tests/support/gcw.h"

static struct world *begin(void) {
    struct world *w = world_new("garbagecollector", NULL, NULL);
    world_run(w, 20 * CLEAT_MS);
    return w;
}

static char *cm_ref(const char *name, const char *uid, int block) {
    return gcw_ref("v1", "ConfigMap", name, uid, block);
}

/* A ConfigMap of "default" with up to three owners. */
static char *cm(struct world *w, const char *name, char *a, char *b, char *c) {
    char *owners = a != NULL ? gcw_owners(a, b, c) : NULL;
    char *uid = gcw_make(w, gcw_configmaps, "default", name, owners, NULL);
    free(owners);
    return uid;
}

static bool there(struct world *w, const char *name) {
    return gcw_there(w, gcw_configmaps, "default", name);
}

static char *owners_of(struct world *w, const char *name) {
    return gcw_json(w, gcw_configmaps, "default", name, CLEAT_PATH("metadata", "ownerReferences"));
}

static void delete (struct world *w, const char *name, int propagation) {
    gcw_delete(w, gcw_configmaps, "default", name, propagation);
}

#define SOON (100 * CLEAT_MS)

static void a_tree_goes_in_the_background(void) {
    struct world *w = begin();
    char *root = cm(w, "root", NULL, NULL, NULL);
    char *mid = cm(w, "mid", cm_ref("root", root, 1), NULL, NULL);
    free(cm(w, "leaf", cm_ref("mid", mid, 1), NULL, NULL));
    free(cm(w, "other", NULL, NULL, NULL));
    world_run(w, SOON);
    KT_TRUE(there(w, "leaf"));
    delete (w, "root", CLEAT_PROPAGATE_BACKGROUND);
    KT_TRUE(!there(w, "root")); /* at once */
    world_run(w, SOON);
    KT_TRUE(!there(w, "mid"));
    KT_TRUE(!there(w, "leaf"));
    KT_TRUE(there(w, "other"));
    free(root);
    free(mid);
    world_free(w);
}

static void foreground_waits_for_what_blocks(void) {
    struct world *w = begin();
    char *root = cm(w, "root", NULL, NULL, NULL);
    char *refs = gcw_owners(cm_ref("root", root, 1), NULL, NULL);
    char *metadata = cleat_sprintf("%s,\"finalizers\":[\"x.y/z\"]", refs);
    free(gcw_make(w, gcw_configmaps, "default", "blocking", metadata, NULL));
    free(cm(w, "loose", cm_ref("root", root, 0), NULL, NULL));
    delete (w, "root", CLEAT_PROPAGATE_FOREGROUND);
    world_run(w, 10 * CLEAT_SECOND);
    KT_TRUE(there(w, "root"));
    KT_TRUE(gcw_ending(w, gcw_configmaps, "default", "blocking"));
    KT_TRUE(!there(w, "loose"));
    gcw_patch(w, gcw_configmaps, "default", "blocking", "{\"metadata\":{\"finalizers\":null}}");
    world_run(w, SOON);
    KT_TRUE(!there(w, "blocking"));
    KT_TRUE(!there(w, "root"));
    free(metadata);
    free(refs);
    free(root);
    world_free(w);
}

static void foreground_goes_from_the_leaves_to_the_root(void) {
    struct world *w = begin();
    char *root = cm(w, "root", NULL, NULL, NULL);
    char *mid = cm(w, "mid", cm_ref("root", root, 1), NULL, NULL);
    char *owners = gcw_owners(cm_ref("mid", mid, 1), NULL, NULL);
    char *metadata = cleat_sprintf("%s,\"finalizers\":[\"x.y/z\"]", owners);
    free(gcw_make(w, gcw_configmaps, "default", "leaf", metadata, NULL));
    delete (w, "root", CLEAT_PROPAGATE_FOREGROUND);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(gcw_ending(w, gcw_configmaps, "default", "mid"));
    KT_TRUE(gcw_ending(w, gcw_configmaps, "default", "leaf"));
    char *fin = gcw_json(w, gcw_configmaps, "default", "mid", CLEAT_PATH("metadata", "finalizers"));
    KT_EQ_STR(fin, "[\"foregroundDeletion\"]");
    gcw_patch(w, gcw_configmaps, "default", "leaf", "{\"metadata\":{\"finalizers\":null}}");
    world_run(w, SOON);
    KT_TRUE(!there(w, "leaf") && !there(w, "mid") && !there(w, "root"));
    free(fin);
    free(metadata);
    free(owners);
    free(mid);
    free(root);
    world_free(w);
}

static void orphans_lose_their_owner_and_stay(void) {
    struct world *w = begin();
    char *root = cm(w, "root", NULL, NULL, NULL), *second = cm(w, "second", NULL, NULL, NULL);
    free(cm(w, "a", cm_ref("root", root, 1), NULL, NULL));
    free(cm(w, "b", cm_ref("second", second, 1), cm_ref("root", root, 1), NULL));
    delete (w, "root", CLEAT_PROPAGATE_ORPHAN);
    world_run(w, SOON);
    KT_TRUE(!there(w, "root"));
    KT_TRUE(there(w, "a") && there(w, "b"));
    char *a = owners_of(w, "a"), *b = owners_of(w, "b");
    KT_EQ_STR(a, "");
    KT_TRUE(strstr(b, second) != NULL && strstr(b, root) == NULL);
    world_run(w, 3600 * CLEAT_SECOND);
    KT_TRUE(there(w, "a") && there(w, "b"));
    free(a);
    free(b);
    free(root);
    free(second);
    world_free(w);
}

static void with_one_owner_left_it_stays_without_the_others(void) {
    struct world *w = begin();
    char *x = cm(w, "x", NULL, NULL, NULL), *y = cm(w, "y", NULL, NULL, NULL);
    free(cm(w, "c", cm_ref("x", x, 1), cm_ref("y", y, 1),
            cm_ref("never", "11111111-2222-3333-4444-555555555555", 1)));
    world_run(w, SOON);
    char *left = owners_of(w, "c");
    KT_TRUE(strstr(left, x) != NULL && strstr(left, y) != NULL);
    KT_TRUE(strstr(left, "never") == NULL);
    free(left);
    delete (w, "x", CLEAT_PROPAGATE_FOREGROUND); /* does not wait for what another one owns too */
    world_run(w, SOON);
    KT_TRUE(!there(w, "x") && there(w, "c"));
    left = owners_of(w, "c");
    KT_TRUE(strstr(left, x) == NULL && strstr(left, y) != NULL);
    free(left);
    delete (w, "y", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, SOON);
    KT_TRUE(!there(w, "c"));
    free(x);
    free(y);
    world_free(w);
}

static void an_owner_of_the_same_name_is_another_one(void) {
    struct world *w = begin();
    char *x = cm(w, "x", NULL, NULL, NULL);
    free(cm(w, "c", cm_ref("x", x, 1), NULL, NULL));
    world_run(w, SOON);
    world_restart(w, "-garbagecollector", NULL, NULL);
    delete (w, "x", CLEAT_PROPAGATE_BACKGROUND);
    free(cm(w, "x", NULL, NULL, NULL));
    world_restart(w, "garbagecollector", NULL, NULL);
    world_run(w, SOON);
    KT_TRUE(there(w, "x") && !there(w, "c"));
    free(x);
    world_free(w);
}

static void owners_elsewhere_do_not_count(void) {
    struct world *w = begin();
    free(gcw_make(w, gcw_namespaces, "", "far", NULL, NULL));
    char *x = gcw_make(w, gcw_configmaps, "far", "x", NULL, NULL);
    free(cm(w, "c", cm_ref("x", x, 1), NULL, NULL));
    world_run(w, SOON);
    KT_TRUE(!there(w, "c"));
    KT_TRUE(gcw_there(w, gcw_configmaps, "far", "x"));
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(world_events(w, "c", "OwnerRefInvalidNamespace"), 1);
    cleat_obj *event = NULL;
    struct cleat_list l = {.struct_size = sizeof l};
    KT_OK(cleat_client_api.list(w->client, NULL, (struct cleat_gvr){"", "v1", "events"}, "default",
                                NULL, &l, NULL),
          NULL);
    for (size_t i = 0; i < l.n; i++) {
        event = l.items[i];
    }
    char *want = cleat_sprintf("ownerRef [v1/ConfigMap, namespace: default, name: x, uid: %s] does "
                               "not exist in namespace \"default\"",
                               x);
    char *message = cleat_val_strdup(cleat_obj_at(event, CLEAT_PATH("message")));
    KT_EQ_STR(message, want);
    cleat_client_api.list_free(&l);
    free(message);
    free(want);
    free(x);
    world_free(w);
}

static void cluster_scoped_objects_with_owners_in_a_namespace_stay(void) {
    struct world *w = begin();
    gcw_define(w);
    world_run(w, SOON);
    char *x = cm(w, "x", NULL, NULL, NULL);
    char *owners = gcw_owners(cm_ref("x", x, 1), NULL, NULL);
    free(gcw_make(w, gcw_clusterthings, "", "t", owners,
                  "\"apiVersion\":\"test.dev/v1\",\"kind\":\"ClusterThing\""));
    world_run(w, SOON);
    delete (w, "x", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, 3600 * CLEAT_SECOND);
    KT_TRUE(gcw_there(w, gcw_clusterthings, "", "t"));
    free(owners);
    free(x);
    world_free(w);
}

static void the_uid_is_right_and_the_rest_is_not(void) {
    struct world *w = begin();
    char *x = cm(w, "x", NULL, NULL, NULL);
    free(cm(w, "kind", gcw_ref("v1", "Secret", "x", x, 1), NULL, NULL));
    free(cm(w, "name", cm_ref("y", x, 1), NULL, NULL));
    free(cm(w, "right", cm_ref("x", x, 1), NULL, NULL));
    world_run(w, SOON);
    KT_TRUE(!there(w, "kind") && !there(w, "name") && there(w, "right") && there(w, "x"));
    free(x);
    world_free(w);
}

static void an_unknown_kind_of_owner_proves_nothing(void) {
    struct world *w = begin();
    free(cm(w, "c", gcw_ref("test.dev/v1", "Thing", "t", "11111111-2222-3333-4444-555555555555", 1),
            NULL, NULL));
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(there(w, "c"));
    gcw_define(w); /* now it can be known that there is none */
    world_run(w, 120 * CLEAT_SECOND);
    KT_TRUE(!there(w, "c"));
    world_free(w);
}

static void custom_objects_and_mixed_owners(void) {
    struct world *w = begin();
    gcw_define(w);
    const char *thing = "\"apiVersion\":\"test.dev/v1\",\"kind\":\"Thing\"";
    char *top = gcw_make(w, gcw_clusterthings, "", "top", NULL,
                         "\"apiVersion\":\"test.dev/v1\",\"kind\":\"ClusterThing\"");
    char *owners = gcw_owners(gcw_ref("test.dev/v1", "ClusterThing", "top", top, 1), NULL, NULL);
    char *t = gcw_make(w, gcw_things, "default", "t", owners, thing);
    free(cm(w, "c", gcw_ref("test.dev/v1", "Thing", "t", t, 1), NULL, NULL));
    world_run(w, SOON);
    KT_TRUE(there(w, "c"));
    gcw_delete(w, gcw_clusterthings, "", "top", CLEAT_PROPAGATE_FOREGROUND);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, gcw_clusterthings, "", "top"));
    KT_TRUE(!gcw_there(w, gcw_things, "default", "t"));
    KT_TRUE(!there(w, "c"));
    free(owners);
    free(top);
    free(t);
    world_free(w);
}

static void circles_end(void) {
    struct world *w = begin();
    char *a = cm(w, "a", NULL, NULL, NULL);
    char *b = cm(w, "b", cm_ref("a", a, 1), NULL, NULL);
    char *c = cm(w, "c", cm_ref("b", b, 1), NULL, NULL);
    char *ref = cm_ref("c", c, 1);
    char *patch = cleat_sprintf("{\"metadata\":{\"ownerReferences\":[%s]}}", ref);
    gcw_patch(w, gcw_configmaps, "default", "a", patch);
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(there(w, "a") && there(w, "b") && there(w, "c"));
    delete (w, "a", CLEAT_PROPAGATE_FOREGROUND);
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(gcw_count(w, gcw_configmaps, "default"), 0);
    free(patch);
    free(ref);
    free(a);
    free(b);
    free(c);
    world_free(w);
}

static void circles_of_which_each_is_deleted_end(void) {
    struct world *w = begin();
    char *a = cm(w, "a", NULL, NULL, NULL);
    char *b = cm(w, "b", cm_ref("a", a, 1), NULL, NULL);
    char *c = cm(w, "c", cm_ref("b", b, 1), NULL, NULL);
    char *ref = cm_ref("c", c, 1);
    char *patch = cleat_sprintf("{\"metadata\":{\"ownerReferences\":[%s]}}", ref);
    gcw_patch(w, gcw_configmaps, "default", "a", patch);
    world_restart(w, "-garbagecollector", NULL, NULL); /* so that they meet */
    delete (w, "a", CLEAT_PROPAGATE_FOREGROUND);
    delete (w, "b", CLEAT_PROPAGATE_FOREGROUND);
    delete (w, "c", CLEAT_PROPAGATE_FOREGROUND);
    world_restart(w, "garbagecollector", NULL, NULL);
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(gcw_count(w, gcw_configmaps, "default"), 0);
    free(patch);
    free(ref);
    free(a);
    free(b);
    free(c);
    world_free(w);
}

static void who_owns_itself_waits_for_nobody(void) {
    struct world *w = begin();
    char *a = cm(w, "a", NULL, NULL, NULL);
    char *ref = cm_ref("a", a, 1);
    char *patch = cleat_sprintf("{\"metadata\":{\"ownerReferences\":[%s]}}", ref);
    gcw_patch(w, gcw_configmaps, "default", "a", patch);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(there(w, "a"));
    delete (w, "a", CLEAT_PROPAGATE_FOREGROUND);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!there(w, "a"));
    free(patch);
    free(ref);
    free(a);
    world_free(w);
}

static void what_happened_while_nobody_looked_is_found(void) {
    struct world *w = begin();
    char *x = cm(w, "x", NULL, NULL, NULL), *y = cm(w, "y", NULL, NULL, NULL),
         *z = cm(w, "z", NULL, NULL, NULL);
    free(cm(w, "of-x", cm_ref("x", x, 1), NULL, NULL));
    free(cm(w, "of-y", cm_ref("y", y, 1), NULL, NULL));
    free(cm(w, "of-z", cm_ref("z", z, 1), NULL, NULL));
    world_restart(w, "-garbagecollector", NULL, NULL);
    delete (w, "x", CLEAT_PROPAGATE_BACKGROUND);
    delete (w, "y", CLEAT_PROPAGATE_FOREGROUND);
    delete (w, "z", CLEAT_PROPAGATE_ORPHAN);
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(there(w, "of-x") && there(w, "y") && there(w, "z"));
    world_restart(w, "garbagecollector", NULL, NULL);
    world_run(w, SOON);
    KT_TRUE(!there(w, "of-x") && !there(w, "y") && !there(w, "of-y"));
    KT_TRUE(!there(w, "z") && there(w, "of-z"));
    free(x);
    free(y);
    free(z);
    world_free(w);
}

static void dependents_that_come_too_late_are_noticed(void) {
    struct world *w = begin();
    char *x = cm(w, "x", NULL, NULL, NULL);
    delete (w, "x", CLEAT_PROPAGATE_BACKGROUND);
    free(cm(w, "c", cm_ref("x", x, 1), NULL, NULL));
    world_run(w, SOON);
    KT_TRUE(!there(w, "c"));
    free(x);
    world_free(w);
}

static void ignore(void *userdata, cleat_err err, const cleat_obj *obj,
                   const struct cleat_error *e) {
    (void)userdata;
    (void)obj;
    KT_OK(err, e);
}

static void an_owner_that_comes_while_it_is_decided_counts(void) {
    struct world *w = begin();
    char *x = cm(w, "x", NULL, NULL, NULL), *y = cm(w, "y", NULL, NULL, NULL);
    free(cm(w, "c", cm_ref("x", x, 1), NULL, NULL));
    world_run(w, SOON);
    w->depth++; /* the collector hears nothing of this yet */
    delete (w, "x", CLEAT_PROPAGATE_BACKGROUND);
    char *ref = cm_ref("y", y, 1);
    char *patch = cleat_sprintf("{\"metadata\":{\"ownerReferences\":[%s]}}", ref);
    cleat_client_api.patch_async(w->client, gcw_configmaps,
                                 (struct cleat_key){CLEAT_STR("default"), CLEAT_STR("c")}, NULL,
                                 CLEAT_PATCH_MERGE, cleat_s(patch), ignore, NULL);
    for (int i = 0; i < 200; i++) { /* it decides by what is committed */
        cleat_hostd_step(w->host);
    }
    w->depth--;
    world_run(w, CLEAT_SECOND);
    KT_TRUE(there(w, "c"));
    char *owners = owners_of(w, "c");
    KT_TRUE(strstr(owners, y) != NULL);
    free(owners);
    free(patch);
    free(ref);
    free(x);
    free(y);
    world_free(w);
}

/* Asks, and returns the answer's status: owned. */
static char *explain(struct world *w, const char *ns, const char *name, const char *spec) {
    static const struct cleat_gvr explanations = {"cleat.dev", "v1alpha1", "explanations"};
    char *rest = cleat_sprintf(
        "\"apiVersion\":\"cleat.dev/v1alpha1\",\"kind\":\"Explanation\",\"spec\":{%s}", spec);
    free(gcw_make(w, explanations, ns, name, NULL, rest));
    free(rest);
    world_run(w, SOON);
    return gcw_json(w, explanations, ns, name, CLEAT_PATH("status"));
}

#define HAS(text, part) KT_TRUE(strstr(text, part) != NULL)

static void it_tells_why(void) {
    static const struct cleat_gvr explanations = {"cleat.dev", "v1alpha1", "explanations"};
    struct world *w = begin();
    char *x = cm(w, "x", NULL, NULL, NULL);
    char *c = cm(w, "c", cm_ref("x", x, 1), NULL, NULL);
    free(cm(w, "leaf", cm_ref("c", c, 1), NULL, NULL));
    world_run(w, SOON);
    char *why = explain(w, "default", "q1",
                        "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"c\","
                        "\"picture\":\"JSON\",\"ifDeleted\":true");
    HAS(why, "\"verdict\":\"Kept\"");
    HAS(why, "1 of its 1 owners are there");
    HAS(why, "\"dependents\":1,");
    HAS(why, "ConfigMap default/leaf");
    HAS(why, "\"wouldGo\":1");
    HAS(why, "\\\"edges\\\":[");
    free(why);
    why = explain(w, "default", "q2",
                  "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"x\",\"picture\":"
                  "\"DOT\",\"ifDeleted\":true");
    HAS(why, "it has no owners: nothing collects it");
    HAS(why, "digraph owners");
    HAS(why, "\"wouldGo\":2");
    free(why);
    delete (w, "x", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, SOON);
    why =
        explain(w, "default", "q3", "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"c\"");
    HAS(why, "\"verdict\":\"Collected\"");
    HAS(why, "deleted, Background: ConfigMap x (");
    HAS(why, "is not there");
    free(why);
    why =
        explain(w, "default", "q4", "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"x\"");
    HAS(why, "\"verdict\":\"Absent\"");
    free(why);
    why = explain(w, "default", "q5", "\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"n\"");
    HAS(why, "\"verdict\":\"Refused\"");
    free(why);
    KT_EQ_INT(gcw_count(w, explanations, "default"), 5);
    world_run(w, 601 * CLEAT_SECOND); /* answers do not pile up */
    KT_EQ_INT(gcw_count(w, explanations, "default"), 0);
    free(c);
    free(x);
    world_free(w);
}

static void a_dry_run_deletes_nothing(void) {
    static const char *const flags[] = {"gc-dry-run=true", NULL};
    struct world *w = world_new("garbagecollector", NULL, flags);
    char *x = cm(w, "x", NULL, NULL, NULL);
    free(cm(w, "c", cm_ref("x", x, 1), NULL, NULL));
    delete (w, "x", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(there(w, "c"));
    char *why =
        explain(w, "default", "q", "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"c\"");
    HAS(why, "\"verdict\":\"WouldBeCollected\"");
    HAS(why, "would be deleted, Background: ConfigMap x (");
    free(why);
    free(x);
    world_free(w);
}

static void switched_off_it_does_nothing(void) {
    static const char *const flags[] = {"enable-garbage-collector=false", NULL};
    struct world *w = world_new("garbagecollector", NULL, flags);
    char *x = cm(w, "x", NULL, NULL, NULL);
    free(cm(w, "c", cm_ref("x", x, 1), NULL, NULL));
    delete (w, "x", CLEAT_PROPAGATE_BACKGROUND);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(there(w, "c"));
    free(x);
    world_free(w);
}

KT_MAIN("plugin_gc", KT_TEST(a_tree_goes_in_the_background),
        KT_TEST(foreground_waits_for_what_blocks),
        KT_TEST(foreground_goes_from_the_leaves_to_the_root),
        KT_TEST(orphans_lose_their_owner_and_stay),
        KT_TEST(with_one_owner_left_it_stays_without_the_others),
        KT_TEST(an_owner_of_the_same_name_is_another_one), KT_TEST(owners_elsewhere_do_not_count),
        KT_TEST(cluster_scoped_objects_with_owners_in_a_namespace_stay),
        KT_TEST(the_uid_is_right_and_the_rest_is_not),
        KT_TEST(an_unknown_kind_of_owner_proves_nothing), KT_TEST(custom_objects_and_mixed_owners),
        KT_TEST(circles_end), KT_TEST(circles_of_which_each_is_deleted_end),
        KT_TEST(who_owns_itself_waits_for_nobody),
        KT_TEST(what_happened_while_nobody_looked_is_found),
        KT_TEST(dependents_that_come_too_late_are_noticed),
        KT_TEST(an_owner_that_comes_while_it_is_decided_counts), KT_TEST(it_tells_why),
        KT_TEST(a_dry_run_deletes_nothing), KT_TEST(switched_off_it_does_nothing))
