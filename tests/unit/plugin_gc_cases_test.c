/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The garbage collector where kinds have several versions, where what is decided on
 * changes in between, and where writes fail: what upstream's unit tests of it look at,
 * by what comes of it.
 */
#include "tests/support/faulty.h"
#include "tests/support/gcw.h"

#define SOON (100 * CLEAT_MS)

static const struct cleat_gvr crds = {"apiextensions.k8s.io", "v1", "customresourcedefinitions"};
static const struct cleat_gvr gizmos = {"test.dev", "v1", "gizmos"};

static struct world *begin(void) {
    struct world *w = world_new_wrapped("garbagecollector", NULL, NULL, faulty_over);
    world_run(w, 20 * CLEAT_MS);
    return w;
}

/* A ConfigMap of "default" with up to two owners. */
static char *cm(struct world *w, const char *name, char *a, char *b) {
    CLEAT_AUTO_FREE char *owners = a != NULL ? gcw_owners(a, b, NULL) : NULL;
    return gcw_make(w, gcw_configmaps, "default", name, owners, NULL);
}

static bool there(struct world *w, const char *name) {
    return gcw_there(w, gcw_configmaps, "default", name);
}

static void delete_cm(struct world *w, const char *name, int propagation) {
    gcw_delete(w, gcw_configmaps, "default", name, propagation);
}

/* Gizmo of v1 and v1beta1, of which the second may be served or not. */
static void define_gizmos(struct world *w) {
    static const char schema[] = "\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\"}}";
    CLEAT_AUTO_FREE char *rest = cleat_sprintf(
        "\"spec\":{\"group\":\"test.dev\",\"scope\":\"Namespaced\",\"names\":{\"plural\":"
        "\"gizmos\","
        "\"kind\":\"Gizmo\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,%s},"
        "{\"name\":\"v1beta1\",\"served\":true,\"storage\":false,%s}]}",
        schema, schema);
    free(gcw_make(w, crds, "", "gizmos.test.dev", NULL, rest));
    world_run(w, SOON);
}

static void serve_beta(struct world *w, bool served) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_key key = {{"", 0}, CLEAT_STR("gizmos.test.dev")};
    CLEAT_AUTO_FREE char *patch =
        cleat_sprintf("[{\"op\":\"replace\",\"path\":\"/spec/versions/1/served\",\"value\":%s}]",
                      served ? "true" : "false");
    KT_OK(cleat_client_api.patch(w->client, NULL, crds, key, NULL, CLEAT_PATCH_JSON, cleat_s(patch),
                                 NULL, &e),
          &e);
}

static char *gizmo(struct world *w, const char *name) {
    return gcw_make(w, gizmos, "default", name, NULL,
                    "\"apiVersion\":\"test.dev/v1\",\"kind\":\"Gizmo\"");
}

static char *beta_ref(const char *name, const char *uid) {
    return gcw_ref("test.dev/v1beta1", "Gizmo", name, uid, 1);
}

/* ---- versions ---- */

static void an_owner_may_be_named_in_any_version_that_is_served(void) {
    struct world *w = begin();
    define_gizmos(w);
    CLEAT_AUTO_FREE char *g = gizmo(w, "g");
    free(cm(w, "before", beta_ref("g", g), NULL));
    free(cm(w, "both", beta_ref("g", g), gcw_ref("test.dev/v1", "Gizmo", "g", g, 1)));
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(there(w, "before") && there(w, "both"));
    gcw_delete(w, gizmos, "default", "g", CLEAT_PROPAGATE_FOREGROUND);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!there(w, "before") && !there(w, "both"));
    KT_TRUE(!gcw_there(w, gizmos, "default", "g"));
    world_free(w);
}

/* The child may be looked at before it is known that the version is served no more: then "not
 * found" is said of the version, not of the owner. */
static void a_version_that_is_served_no_more_proves_nothing(void) {
    struct world *w = begin();
    define_gizmos(w);
    CLEAT_AUTO_FREE char *g = gizmo(w, "g");
    world_run(w, SOON);
    serve_beta(w, false);
    free(cm(w, "c", beta_ref("g", g), NULL));
    free(cm(w, "nobody", beta_ref("nobody", "11111111-2222-3333-4444-555555555555"), NULL));
    world_run(w, 600 * CLEAT_SECOND);
    KT_TRUE(there(w, "c") && there(w, "nobody"));
    serve_beta(w, true); /* now it can be asked for */
    world_run(w, 2000 * CLEAT_SECOND);
    KT_TRUE(there(w, "c") && !there(w, "nobody"));
    world_free(w);
}

static void a_kind_that_ends_takes_its_dependents_along(void) {
    struct world *w = begin();
    define_gizmos(w);
    CLEAT_AUTO_FREE char *g = gizmo(w, "g");
    free(cm(w, "c", beta_ref("g", g), NULL));
    world_run(w, SOON);
    gcw_delete(w, crds, "", "gizmos.test.dev", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, crds, "", "gizmos.test.dev"));
    KT_TRUE(!there(w, "c")); /* its owner went before the kind did */
    world_free(w);
}

/* ---- names that do not fit ---- */

/* As who is seen first, and last: one child is right, the other names the owner's uid as that of
 * a Secret. */
static void one_child_is_right_and_the_other_is_not(void) {
    for (int order = 0; order < 6; order++) {
        struct world *w = begin();
        CLEAT_AUTO_FREE char *x = cm(w, "x", NULL, NULL);
        for (int i = 0; i < 2; i++) {
            bool bad = (order + i) % 2 == 0;
            free(cm(w, bad ? "bad" : "good", gcw_ref("v1", bad ? "Secret" : "ConfigMap", "x", x, 1),
                    NULL));
            if (order >= 2) {
                world_run(w, SOON);
            }
        }
        if (order >= 4) {
            world_restart(w, "garbagecollector", NULL, NULL); /* all is seen at once */
        }
        world_run(w, 60 * CLEAT_SECOND);
        KT_TRUE(there(w, "good") && !there(w, "bad") && there(w, "x"));
        delete_cm(w, "x", CLEAT_PROPAGATE_FOREGROUND);
        world_run(w, CLEAT_SECOND);
        KT_TRUE(!there(w, "good") && !there(w, "x"));
        world_free(w);
    }
}

static void a_cluster_scoped_child_spoils_nothing_for_the_others(void) {
    for (int order = 0; order < 2; order++) {
        struct world *w = begin();
        static const char uid[] = "11111111-2222-3333-4444-555555555555";
        for (int i = 0; i < 2; i++) {
            CLEAT_AUTO_FREE char *owners =
                gcw_owners(gcw_ref("v1", "Pod", "p", uid, 1), NULL, NULL);
            if (i == order) {
                free(gcw_make(w, gcw_nodes, "", "node", owners, NULL));
            } else {
                free(gcw_make(w, gcw_configmaps, "default", "c", owners, NULL));
            }
            world_run(w, SOON);
        }
        world_run(w, 60 * CLEAT_SECOND);
        KT_TRUE(!there(w, "c"));                      /* there is no such pod in its namespace */
        KT_TRUE(gcw_there(w, gcw_nodes, "", "node")); /* it cannot have such an owner */
        world_free(w);
    }
}

/* ---- what changes in between, and writes that fail ---- */

/* A child that somebody changes all the time goes all the same; one that gets an owner stays. */
static void what_changes_before_the_deletion_is_looked_at_again(void) {
    struct world *w = begin();
    CLEAT_AUTO_FREE char *x = cm(w, "x", NULL, NULL), *y = cm(w, "y", NULL, NULL);
    free(cm(w, "busy", gcw_ref("v1", "ConfigMap", "x", x, 1), NULL));
    free(cm(w, "saved", gcw_ref("v1", "ConfigMap", "x", x, 1), NULL));
    world_run(w, SOON);
    faulty_refuse_writes("configmaps", 6, CLEAT_E_CONFLICT);
    delete_cm(w, "x", CLEAT_PROPAGATE_BACKGROUND);
    CLEAT_AUTO_FREE char *patch = cleat_sprintf(
        "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
        "\"name\":\"y\",\"uid\":\"%s\"}]}}",
        y);
    for (int i = 0; i < 20 && there(w, "busy"); i++) {
        world_run(w, CLEAT_MS);
        if (i == 0) {
            gcw_patch(w, gcw_configmaps, "default", "saved", patch);
        }
        if (there(w, "busy")) {
            gcw_patch(w, gcw_configmaps, "default", "busy",
                      i % 2 ? "{\"data\":{\"a\":\"1\"}}" : "{\"data\":{\"a\":\"2\"}}");
        }
    }
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(!there(w, "busy") && there(w, "saved"));
    world_free(w);
}

/* An owner stays until each dependent has lost its reference, however often that fails. */
static void orphaning_goes_on_until_it_is_done(void) {
    static const cleat_err ways[] = {CLEAT_E_CONFLICT, CLEAT_E_FORBIDDEN, CLEAT_E_UNAVAILABLE};
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
        struct world *w = begin();
        CLEAT_AUTO_FREE char *x = cm(w, "x", NULL, NULL);
        for (int i = 0; i < 5; i++) {
            CLEAT_AUTO_FREE char *name = cleat_sprintf("c%d", i);
            free(cm(w, name, gcw_ref("v1", "ConfigMap", "x", x, 1), NULL));
        }
        world_run(w, SOON);
        faulty_refuse_writes("configmaps", 12, ways[k]);
        delete_cm(w, "x", CLEAT_PROPAGATE_ORPHAN);
        world_run(w, CLEAT_MS);
        KT_TRUE(gcw_ending(w, gcw_configmaps, "default", "x"));
        world_run(w, 120 * CLEAT_SECOND);
        KT_TRUE(!there(w, "x"));
        for (int i = 0; i < 5; i++) {
            CLEAT_AUTO_FREE char *name = cleat_sprintf("c%d", i);
            CLEAT_AUTO_FREE char *left = gcw_json(w, gcw_configmaps, "default", name,
                                                  CLEAT_PATH("metadata", "ownerReferences"));
            KT_TRUE(there(w, name));
            KT_EQ_STR(left, "");
        }
        world_free(w);
    }
}

/* Other finalizers hold a dependent that was deleted: its owner, deleted in the foreground, waits.
 */
static void a_held_dependent_holds_its_owner(void) {
    struct world *w = begin();
    CLEAT_AUTO_FREE char *x = cm(w, "x", NULL, NULL);
    CLEAT_AUTO_FREE char *ref = gcw_owners(gcw_ref("v1", "ConfigMap", "x", x, 1), NULL, NULL);
    CLEAT_AUTO_FREE char *metadata = cleat_sprintf("%s,\"finalizers\":[\"x.y/z\"]", ref);
    free(gcw_make(w, gcw_configmaps, "default", "held", metadata, NULL));
    world_run(w, SOON);
    delete_cm(w, "x", CLEAT_PROPAGATE_FOREGROUND);
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(gcw_ending(w, gcw_configmaps, "default", "held"));
    KT_TRUE(gcw_ending(w, gcw_configmaps, "default", "x"));
    delete_cm(w, "x", CLEAT_PROPAGATE_FOREGROUND); /* once more makes no difference */
    world_run(w, CLEAT_SECOND);
    KT_TRUE(gcw_ending(w, gcw_configmaps, "default", "x"));
    gcw_patch(w, gcw_configmaps, "default", "held", "{\"metadata\":{\"finalizers\":null}}");
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!there(w, "held") && !there(w, "x"));
    world_free(w);
}

/* One owner waits for it to go and another is well: it stays, and the first waits no more. */
static void a_solid_owner_keeps_it_from_a_waiting_one(void) {
    struct world *w = begin();
    CLEAT_AUTO_FREE char *x = cm(w, "x", NULL, NULL), *y = cm(w, "y", NULL, NULL);
    free(cm(w, "c", gcw_ref("v1", "ConfigMap", "x", x, 1), gcw_ref("v1", "ConfigMap", "y", y, 1)));
    world_run(w, SOON);
    delete_cm(w, "x", CLEAT_PROPAGATE_FOREGROUND);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!there(w, "x") && there(w, "y") && there(w, "c"));
    CLEAT_AUTO_FREE char *left = gcw_json(w, gcw_configmaps, "default", "c",
                                          CLEAT_PATH("metadata", "ownerReferences", "0", "name"));
    KT_EQ_STR(left, "\"y\"");
    world_free(w);
}

KT_MAIN("plugin_gc_cases", KT_TEST(an_owner_may_be_named_in_any_version_that_is_served),
        KT_TEST(a_version_that_is_served_no_more_proves_nothing),
        KT_TEST(a_kind_that_ends_takes_its_dependents_along),
        KT_TEST(one_child_is_right_and_the_other_is_not),
        KT_TEST(a_cluster_scoped_child_spoils_nothing_for_the_others),
        KT_TEST(what_changes_before_the_deletion_is_looked_at_again),
        KT_TEST(orphaning_goes_on_until_it_is_done), KT_TEST(a_held_dependent_holds_its_owner),
        KT_TEST(a_solid_owner_keeps_it_from_a_waiting_one))
