/* SPDX-License-Identifier: Apache-2.0 */
/* The namespace-controller on the virtual clock. */
#include "tests/support/faulty.h"
#include "tests/support/gcw.h"

static struct world *begin(void) {
    struct world *w = world_new("namespace", NULL, NULL);
    free(gcw_make(w, gcw_namespaces, "", "a", NULL, NULL));
    return w;
}

static void an_empty_namespace_goes_at_once(void) {
    struct world *w = begin();
    cleat_time before = cleat_now_mono();
    gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
    world_settle(w);
    KT_TRUE(!gcw_there(w, gcw_namespaces, "", "a"));
    KT_EQ_INT(cleat_now_mono() - before, 0);
    KT_TRUE(gcw_there(w, gcw_namespaces, "", "default"));
    world_free(w);
}

static void everything_in_it_goes_and_nothing_else(void) {
    struct world *w = begin();
    gcw_define(w);
    for (int i = 0; i < 300; i++) {
        char *name = cleat_sprintf("c%d", i);
        free(gcw_make(w, gcw_configmaps, "a", name, NULL, NULL));
        free(gcw_make(w, gcw_configmaps, "default", name, NULL, NULL));
        free(name);
    }
    free(gcw_make(w, gcw_secrets, "a", "s", NULL, NULL));
    free(gcw_make(w, gcw_things, "a", "t", NULL,
                  "\"apiVersion\":\"test.dev/v1\",\"kind\":\"Thing\""));
    free(gcw_make(w, gcw_clusterthings, "", "t", NULL,
                  "\"apiVersion\":\"test.dev/v1\",\"kind\":\"ClusterThing\""));
    gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
    world_settle(w);
    KT_TRUE(!gcw_there(w, gcw_namespaces, "", "a"));
    KT_EQ_INT(gcw_count(w, gcw_configmaps, "a"), 0);
    KT_EQ_INT(gcw_count(w, gcw_configmaps, "default"), 300);
    KT_TRUE(!gcw_there(w, gcw_secrets, "a", "s"));
    KT_TRUE(!gcw_there(w, gcw_things, "a", "t"));
    KT_TRUE(gcw_there(w, gcw_clusterthings, "", "t"));
    world_free(w);
}

static void finalizers_hold_it_and_the_conditions_say_so(void) {
    struct world *w = begin();
    free(gcw_make(w, gcw_configmaps, "a", "one", "\"finalizers\":[\"x.y/z\",\"x.y/w\"]", NULL));
    free(gcw_make(w, gcw_configmaps, "a", "two", "\"finalizers\":[\"x.y/z\"]", NULL));
    free(gcw_make(w, gcw_secrets, "a", "s", NULL, NULL));
    gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 10 * CLEAT_SECOND);
    KT_TRUE(gcw_ending(w, gcw_namespaces, "", "a"));
    KT_TRUE(!gcw_there(w, gcw_secrets, "a", "s"));
    KT_TRUE(gcw_condition(w, "a", "NamespaceDeletionDiscoveryFailure", "False",
                          "ResourcesDiscovered", "All resources successfully discovered"));
    KT_TRUE(gcw_condition(w, "a", "NamespaceDeletionGroupVersionParsingFailure", "False",
                          "ParsedGroupVersions", "All legacy kube types successfully parsed"));
    KT_TRUE(gcw_condition(w, "a", "NamespaceDeletionContentFailure", "False", "ContentDeleted",
                          "All content successfully deleted, may be waiting on finalization"));
    KT_TRUE(gcw_condition(w, "a", "NamespaceContentRemaining", "True", "SomeResourcesRemain",
                          "Some resources are remaining: configmaps. has 2 resource instances"));
    KT_TRUE(gcw_condition(w, "a", "NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain",
                          "Some content in the namespace has finalizers remaining: x.y/w in 1 "
                          "resource instances, x.y/z in 2 resource instances"));
    gcw_patch(w, gcw_configmaps, "a", "one", "{\"metadata\":{\"finalizers\":null}}");
    world_run(w, 8 * CLEAT_SECOND);
    KT_TRUE(gcw_condition(w, "a", "NamespaceContentRemaining", "True", "SomeResourcesRemain",
                          "Some resources are remaining: configmaps. has 1 resource instances"));
    gcw_patch(w, gcw_configmaps, "a", "two", "{\"metadata\":{\"finalizers\":null}}");
    world_run(w, 8 * CLEAT_SECOND); /* half of the estimate of 15 s, and one */
    KT_TRUE(!gcw_there(w, gcw_namespaces, "", "a"));
    world_free(w);
}

static void pods_go_first(void) {
    struct world *w = begin();
    free(gcw_make(w, gcw_pods, "a", "p", NULL,
                  "\"spec\":{\"nodeName\":\"n\",\"terminationGracePeriodSeconds\":20,"
                  "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}"));
    free(gcw_make(w, gcw_secrets, "a", "s", NULL, NULL));
    gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 30 * CLEAT_SECOND);
    KT_TRUE(gcw_ending(w, gcw_pods, "a", "p"));
    KT_TRUE(gcw_there(w, gcw_secrets, "a", "s")); /* what the pod may use */
    KT_TRUE(gcw_condition(w, "a", "NamespaceContentRemaining", "True", "SomeResourcesRemain",
                          "Some resources are remaining: pods. has 1 resource instances"));
    struct cleat_delete_opts now = {.struct_size = sizeof now};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.remove(w->client, NULL, gcw_pods,
                                  (struct cleat_key){CLEAT_STR("a"), CLEAT_STR("p")}, &now, NULL,
                                  &e),
          &e);
    world_run(w, 8 * CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, gcw_namespaces, "", "a"));
    KT_EQ_INT(gcw_count(w, gcw_secrets, "a"), 0);
    world_free(w);
}

/* Whether there are pods is not known: then nothing is taken from under them. */
static void pods_that_cannot_be_listed_go_first_too(void) {
    struct world *w = world_new_wrapped("namespace", NULL, NULL, faulty_over);
    free(gcw_make(w, gcw_namespaces, "", "a", NULL, NULL));
    free(gcw_make(w, gcw_pods, "a", "p", NULL,
                  "\"spec\":{\"nodeName\":\"n\",\"terminationGracePeriodSeconds\":20,"
                  "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}"));
    free(gcw_make(w, gcw_secrets, "a", "s", NULL, NULL));
    world_run(w, CLEAT_SECOND);
    faulty_refuse_lists("pods", 5);
    gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 10 * CLEAT_MS);
    KT_TRUE(gcw_condition(w, "a", "NamespaceDeletionContentFailure", "True",
                          "ContentDeletionFailed", NULL));
    KT_TRUE(gcw_there(w, gcw_secrets, "a", "s"));
    world_run(w, 10 * CLEAT_SECOND);
    KT_TRUE(gcw_ending(w, gcw_pods, "a", "p")); /* it goes on by itself */
    KT_TRUE(gcw_there(w, gcw_secrets, "a", "s"));
    struct cleat_delete_opts now = {.struct_size = sizeof now};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_client_api.remove(w->client, NULL, gcw_pods,
                                  (struct cleat_key){CLEAT_STR("a"), CLEAT_STR("p")}, &now, NULL,
                                  &e),
          &e);
    world_run(w, 15 * CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, gcw_namespaces, "", "a"));
    world_free(w);
}

static char *condition_types(struct world *w) {
    cleat_obj *o = gcw_get(w, gcw_namespaces, "", "a");
    CLEAT_AUTO_BUF b = {0};
    struct cleat_iter it = {0};
    while (cleat_val_next(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), &it)) {
        cleat_buf_printf(&b, "%.*s=%.*s ", CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "type"))),
                         CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "status"))));
    }
    cleat_obj_unref(o);
    return cleat_strdup(b.p != NULL ? b.p : "");
}

static void say(struct world *w, const char *conditions) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_FREE char *patch = cleat_sprintf("{\"status\":{\"conditions\":[%s]}}", conditions);
    KT_OK(cleat_client_api.patch(w->client, NULL, gcw_namespaces,
                                 (struct cleat_key){{"", 0}, CLEAT_STR("a")}, "status",
                                 CLEAT_PATCH_MERGE, cleat_s(patch), NULL, &e),
          &e);
}

/* Others' conditions stay, and where they stand; ours are brought up to date where they stand. */
static void conditions_that_are_there(void) {
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"{\"type\":\"Mine\",\"status\":\"True\"}",
         "Mine=True NamespaceDeletionDiscoveryFailure=False "
         "NamespaceDeletionGroupVersionParsingFailure=False NamespaceDeletionContentFailure=False "
         "NamespaceContentRemaining=True NamespaceFinalizersRemaining=True "},
        {"{\"type\":\"NamespaceDeletionContentFailure\",\"status\":\"True\"},"
         "{\"type\":\"Mine\",\"status\":\"False\"},"
         "{\"type\":\"NamespaceDeletionDiscoveryFailure\",\"status\":\"True\"}",
         "NamespaceDeletionContentFailure=False Mine=False NamespaceDeletionDiscoveryFailure=False "
         "NamespaceDeletionGroupVersionParsingFailure=False NamespaceContentRemaining=True "
         "NamespaceFinalizersRemaining=True "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = begin();
        free(gcw_make(w, gcw_configmaps, "a", "held", "\"finalizers\":[\"x.y/z\"]", NULL));
        say(w, cases[i].before);
        gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
        world_run(w, CLEAT_SECOND);
        CLEAT_AUTO_FREE char *got = condition_types(w);
        KT_EQ_STR(got, cases[i].after);
        world_free(w);
    }
}

static void say_mine(void *w) {
    say(w, "{\"type\":\"Mine\",\"status\":\"True\"}");
}

/* One that comes while the namespace is looked at is not written over. */
static void a_condition_that_comes_meanwhile_stays(void) {
    struct world *w = world_new_wrapped("namespace", NULL, NULL, faulty_over);
    free(gcw_make(w, gcw_namespaces, "", "a", NULL, NULL));
    free(gcw_make(w, gcw_configmaps, "a", "held", "\"finalizers\":[\"x.y/z\"]", NULL));
    world_run(w, CLEAT_SECOND);
    faulty_on_list("configmaps", say_mine, w);
    gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 5 * CLEAT_SECOND);
    CLEAT_AUTO_FREE char *got = condition_types(w);
    KT_TRUE(strstr(got, "Mine=True ") != NULL);
    KT_TRUE(strstr(got, "NamespaceContentRemaining=True ") != NULL);
    world_free(w);
}

static void another_finalizer_of_the_namespace_stays(void) {
    struct world *w = begin();
    free(gcw_make(w, gcw_namespaces, "", "b", "\"finalizers\":[\"x.y/z\"]",
                  "\"spec\":{\"finalizers\":[\"kubernetes\",\"x.y/mine\"]}"));
    free(gcw_make(w, gcw_configmaps, "b", "c", NULL, NULL));
    gcw_delete(w, gcw_namespaces, "", "b", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(gcw_count(w, gcw_configmaps, "b"), 0);
    char *left = gcw_json(w, gcw_namespaces, "", "b", CLEAT_PATH("spec", "finalizers"));
    KT_EQ_STR(left, "[\"x.y/mine\"]");
    free(left);
    world_free(w);
}

static void it_goes_on_after_a_restart(void) {
    struct world *w = begin();
    free(gcw_make(w, gcw_configmaps, "a", "c", NULL, NULL));
    world_restart(w, "-namespace", NULL, NULL);
    gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 3600 * CLEAT_SECOND);
    KT_TRUE(gcw_ending(w, gcw_namespaces, "", "a"));
    world_restart(w, "namespace", NULL, NULL);
    world_settle(w);
    KT_TRUE(!gcw_there(w, gcw_namespaces, "", "a"));
    world_free(w);
}

static void others_may_be_given_time_to_hear_of_it(void) {
    static const char *const flags[] = {"namespace-deletion-grace-period=5s", NULL};
    struct world *w = world_new("namespace", NULL, flags);
    free(gcw_make(w, gcw_namespaces, "", "a", NULL, NULL));
    gcw_delete(w, gcw_namespaces, "", "a", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 4900 * CLEAT_MS);
    KT_TRUE(gcw_ending(w, gcw_namespaces, "", "a"));
    world_run(w, 200 * CLEAT_MS);
    KT_TRUE(!gcw_there(w, gcw_namespaces, "", "a"));
    world_free(w);
}

KT_MAIN("plugin_namespace", KT_TEST(an_empty_namespace_goes_at_once),
        KT_TEST(everything_in_it_goes_and_nothing_else),
        KT_TEST(finalizers_hold_it_and_the_conditions_say_so), KT_TEST(pods_go_first),
        KT_TEST(pods_that_cannot_be_listed_go_first_too), KT_TEST(conditions_that_are_there),
        KT_TEST(a_condition_that_comes_meanwhile_stays),
        KT_TEST(another_finalizer_of_the_namespace_stays), KT_TEST(it_goes_on_after_a_restart),
        KT_TEST(others_may_be_given_time_to_hear_of_it))
