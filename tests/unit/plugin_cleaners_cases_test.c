/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must not pile up, by tables: the cases of upstream's unit tests of pod GC, of the
 * protection of claims, and of finished Jobs. plugin_cleaners_test has what is a story.
 */
#include "tests/support/faulty.h"
#include "tests/support/gcw.h"

static const struct cleat_gvr jobs = {"batch", "v1", "jobs"};
static const struct cleat_gvr claims = {"", "v1", "persistentvolumeclaims"};
static const struct cleat_gvr volumes = {"", "v1", "persistentvolumes"};

#define MINUTE (60 * CLEAT_SECOND)

static void set_status(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
                       const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_key key = {cleat_s(ns), cleat_s(name)};
    KT_OK(cleat_client_api.patch(w->client, NULL, gvr, key, "status", CLEAT_PATCH_MERGE,
                                 cleat_s(json), NULL, &e),
          &e);
}

/* node "" = none; phase "" = none is said; spec: further members with their comma before. */
static void pod(struct world *w, const char *name, const char *node, const char *phase,
                const char *metadata, const char *spec) {
    CLEAT_AUTO_FREE char *rest =
        cleat_sprintf("\"spec\":{%s%s%s\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]%s}",
                      node[0] ? "\"nodeName\":\"" : "", node, node[0] ? "\"," : "", spec);
    free(gcw_make(w, gcw_pods, "default", name, metadata, rest));
    if (phase[0] != '\0') {
        CLEAT_AUTO_FREE char *status = cleat_sprintf("{\"status\":{\"phase\":\"%s\"}}", phase);
        set_status(w, gcw_pods, "default", name, status);
    }
}

static bool there(struct world *w, const char *name) {
    return gcw_there(w, gcw_pods, "default", name);
}

static void force_away(struct world *w, const char *name) {
    struct cleat_delete_opts now = {.struct_size = sizeof now, .grace_period_seconds = 0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_key key = {CLEAT_STR("default"), cleat_s(name)};
    KT_OK(cleat_client_api.remove(w->client, NULL, gcw_pods, key, &now, NULL, &e), &e);
}

/* ---- pods ---- */

/* Three pods that have come one after the other: which are there after a pass. */
static void finished_pods_beyond_the_threshold(void) {
    static const struct {
        const char *threshold, *phases[3], *left;
    } cases[] = {
        {"0", {"Failed", "Succeeded", "Failed"}, "abc"},
        {"-1", {"Failed", "Succeeded", "Failed"}, "abc"},
        {"1", {"Failed", "Succeeded", "Failed"}, "c"},
        {"1", {"Running", "Succeeded", "Failed"}, "ac"},
        {"1", {"Pending", "Unknown", "Failed"}, "abc"},
        {"2", {"Failed", "Succeeded", "Failed"}, "bc"},
        {"5", {"Failed", "Succeeded", "Failed"}, "abc"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEAT_AUTO_FREE char *flag =
            cleat_sprintf("terminated-pod-gc-threshold=%s", cases[i].threshold);
        struct world *w = world_new("podgc", NULL, (const char *const[]){flag, NULL});
        free(gcw_make(w, gcw_nodes, "", "n", NULL, NULL));
        char left[4] = "", *end = left;
        for (int k = 0; k < 3; k++) {
            char name[2] = {(char)('a' + k), '\0'};
            pod(w, name, "n", cases[i].phases[k], NULL, "");
            world_run(w, CLEAT_SECOND);
        }
        world_run(w, 40 * CLEAT_SECOND);
        for (int k = 0; k < 3; k++) {
            char name[2] = {(char)('a' + k), '\0'};
            if (there(w, name)) {
                *end++ = name[0];
            }
        }
        *end = '\0';
        if (strcmp(left, cases[i].left) != 0) {
            fprintf(stderr, "  case %zu\n", i);
        }
        KT_EQ_STR(left, cases[i].left);
        world_free(w);
    }
}

/* A pod's Node is there, or in the cache alone, or comes back: how long it was gone, in seconds,
 * and what becomes of the pod within two minutes after. */
static void pods_of_nodes_that_are_gone(void) {
    enum { EVER = 100000 };
    static const struct {
        int gone_for;
        const char *phase;
        bool stays;
    } cases[] = {{0, "Running", true},     {30, "Running", true},   {35, "Failed", true},
                 {EVER, "Running", false}, {EVER, "Failed", false}, {EVER, "Succeeded", false},
                 {EVER, "", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = world_new("podgc", NULL, NULL);
        free(gcw_make(w, gcw_nodes, "", "n", NULL, NULL));
        free(gcw_make(w, gcw_nodes, "", "other", NULL, NULL));
        pod(w, "p", "n", cases[i].phase, "\"finalizers\":[\"x.y/z\"]", "");
        pod(w, "q", "other", cases[i].phase, NULL, "");
        world_run(w, 50 * CLEAT_SECOND);
        if (cases[i].gone_for > 0) {
            gcw_delete(w, gcw_nodes, "", "n", CLEAT_PROPAGATE_DEFAULT);
        }
        if (cases[i].gone_for > 0 && cases[i].gone_for < EVER) {
            world_run(w, cases[i].gone_for * CLEAT_SECOND);
            free(gcw_make(w, gcw_nodes, "", "n", NULL, NULL));
        }
        world_run(w, 2 * MINUTE);
        if (gcw_ending(w, gcw_pods, "default", "p") == cases[i].stays) {
            fprintf(stderr, "  case %zu\n", i);
        }
        KT_EQ_INT(gcw_ending(w, gcw_pods, "default", "p"), !cases[i].stays);
        KT_TRUE(!gcw_ending(w, gcw_pods, "default", "q"));
        bool through =
            strcmp(cases[i].phase, "Failed") == 0 || strcmp(cases[i].phase, "Succeeded") == 0;
        CLEAT_AUTO_FREE char *phase =
            gcw_json(w, gcw_pods, "default", "p", CLEAT_PATH("status", "phase"));
        CLEAT_AUTO_FREE char *why = gcw_json(w, gcw_pods, "default", "p",
                                             CLEAT_PATH("status", "conditions", "0", "message"));
        if (!cases[i].stays && !through) { /* it is told why before it goes */
            KT_EQ_STR(phase, "\"Failed\"");
            KT_EQ_STR(why, "\"PodGC: node no longer exists\"");
        } else if (through) {
            KT_EQ_STR(why, ""); /* it was through before */
        }
        world_free(w);
    }
}

/* A Node that the API still has is not gone, whatever the cache says. */
static void a_node_that_the_api_has_is_there(void) {
    struct world *w = world_new_wrapped("podgc", NULL, NULL, faulty_over);
    free(gcw_make(w, gcw_nodes, "", "n", NULL, NULL));
    pod(w, "p", "n", "Running", NULL, "");
    world_run(w, 30 * CLEAT_SECOND);
    faulty_hide("n");
    free(gcw_make(w, gcw_nodes, "", "other", NULL, NULL)); /* by which the stream is read */
    world_run(w, 10 * MINUTE);
    KT_TRUE(there(w, "p"));
    world_free(w);
}

/* Of Nodes in each condition: which ending pods are deleted by force. */
static void pods_of_nodes_that_are_out_of_service(void) {
    static const struct {
        const char *ready, *taint;
        bool goes;
    } cases[] = {
        {"False", "", false},
        {"Unknown", "", false},
        {"True", "node.kubernetes.io/out-of-service", false},
        {"False", "node.kubernetes.io/out-of-service", true},
        {"Unknown", "node.kubernetes.io/out-of-service", true},
        {"False", "node.kubernetes.io/unreachable", false},
    };
    static const char *const phases[] = {"Running", "Pending", "Failed", "Succeeded"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = world_new("podgc", NULL, NULL);
        CLEAT_AUTO_FREE char *rest = cleat_sprintf(
            "\"spec\":{\"taints\":[%s%s%s]},\"status\":{\"conditions\":[{\"type\":\"Ready\","
            "\"status\":\"%s\"}]}",
            cases[i].taint[0] ? "{\"effect\":\"NoExecute\",\"key\":\"" : "", cases[i].taint,
            cases[i].taint[0] ? "\"}" : "", cases[i].ready);
        free(gcw_make(w, gcw_nodes, "", "n", NULL, rest));
        for (size_t k = 0; k < 4; k++) {
            CLEAT_AUTO_FREE char *ends = cleat_sprintf("e%zu", k);
            CLEAT_AUTO_FREE char *lives = cleat_sprintf("l%zu", k);
            pod(w, ends, "n", phases[k], "\"finalizers\":[\"x.y/z\"]", "");
            pod(w, lives, "n", phases[k], NULL, "");
            gcw_delete(w, gcw_pods, "default", ends, CLEAT_PROPAGATE_DEFAULT);
        }
        world_run(w, MINUTE);
        for (size_t k = 0; k < 2; k++) {
            CLEAT_AUTO_FREE char *ends = cleat_sprintf("e%zu", k);
            CLEAT_AUTO_FREE char *lives = cleat_sprintf("l%zu", k);
            CLEAT_AUTO_FREE char *phase =
                gcw_json(w, gcw_pods, "default", ends, CLEAT_PATH("status", "phase"));
            if ((strcmp(phase, "\"Failed\"") == 0) != cases[i].goes) {
                fprintf(stderr, "  case %zu\n", i);
            }
            KT_EQ_INT(strcmp(phase, "\"Failed\"") == 0, cases[i].goes);
            KT_TRUE(there(w, lives) && !gcw_ending(w, gcw_pods, "default", lives));
        }
        world_free(w);
    }
}

/* ---- Jobs ---- */

/* Whether a Job is there so many seconds after its condition came to be. */
static void finished_jobs(void) {
    static const struct {
        const char *ttl, *type, *status;
        int after;
        bool stays;
    } cases[] = {
        {"10", "", "", 3600, true},
        {"", "Complete", "True", 3600, true},
        {"", "Failed", "True", 3600, true},
        {"0", "Complete", "True", 0, false},
        {"0", "Failed", "True", 0, false},
        {"10", "Complete", "True", 9, true},
        {"10", "Complete", "True", 10, false},
        {"15", "Failed", "True", 14, true},
        {"15", "Failed", "True", 15, false},
        {"10", "Complete", "False", 3600, true},
        {"10", "Suspended", "True", 3600, true},
        {"10", "SuccessCriteriaMet", "True", 3600, true},
        {"10", "FailureTarget", "True", 3600, true},
        {"2147483647", "Failed", "True", 3600, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = world_new("ttl-after-finished,garbagecollector", NULL, NULL);
        char now[32];
        CLEAT_AUTO_FREE char *rest = cleat_sprintf(
            "\"spec\":{%s%s%s\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{"
            "\"name\":\"c\",\"image\":\"i\"}]}}}",
            cases[i].ttl[0] ? "\"ttlSecondsAfterFinished\":" : "", cases[i].ttl,
            cases[i].ttl[0] ? "," : "");
        free(gcw_make(w, jobs, "default", "j", NULL, rest));
        cleat_time_format(cleat_now_wall(), false, now);
        bool completes = strcmp(cases[i].type, "Complete") == 0;
        CLEAT_AUTO_FREE char *condition = cleat_sprintf(
            "{\"type\":\"%s\",\"status\":\"%s\",\"reason\":\"r\",\"lastTransitionTime\":\"%s\"}",
            cases[i].type, cases[i].status, now);
        CLEAT_AUTO_FREE char *before = cleat_sprintf(
            "{\"type\":\"%s\",\"status\":\"True\",\"reason\":\"r\",\"lastTransitionTime\":\"%s\"},",
            completes ? "SuccessCriteriaMet" : "FailureTarget", now);
        bool ends = (completes || strcmp(cases[i].type, "Failed") == 0) &&
                    strcmp(cases[i].status, "True") == 0;
        CLEAT_AUTO_FREE char *completion =
            completes && ends ? cleat_sprintf(",\"completionTime\":\"%s\"", now) : cleat_strdup("");
        CLEAT_AUTO_FREE char *status =
            cleat_sprintf("{\"status\":{\"startTime\":\"%s\"%s,\"conditions\":[%s%s]}}", now,
                          completion, ends ? before : "", condition);
        if (cases[i].type[0] != '\0') {
            set_status(w, jobs, "default", "j", status);
        }
        world_run(w, cases[i].after * CLEAT_SECOND + 50 * CLEAT_MS);
        if (gcw_there(w, jobs, "default", "j") != cases[i].stays) {
            fprintf(stderr, "  case %zu\n", i);
        }
        KT_EQ_INT(gcw_there(w, jobs, "default", "j"), cases[i].stays);
        world_free(w);
    }
}

/* ---- claims and volumes in use ---- */

#define CLAIM                                                                                      \
    "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":"      \
    "\"1Gi\"}}}"
#define USES(name)                                                                                 \
    ",\"volumes\":[{\"name\":\"e\",\"emptyDir\":{}},{\"name\":\"v\",\"persistentVolumeClaim\":{"   \
    "\"claimName\":\"" name "\"}}]"

/* A claim is deleted while a pod is there. */
static void which_pods_hold_a_claim(void) {
    static const struct {
        const char *node, *phase, *spec;
        bool held;
    } cases[] = {{"n", "Running", USES("c"), true},   {"n", "Pending", USES("c"), true},
                 {"n", "Succeeded", USES("c"), true}, {"n", "Failed", USES("c"), true},
                 {"", "Pending", USES("c"), false},   {"n", "Running", USES("other"), false},
                 {"n", "Running", "", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = world_new("pvc-protection", NULL, NULL);
        free(gcw_make(w, claims, "default", "c", NULL, CLAIM));
        free(gcw_make(w, gcw_namespaces, "", "far", NULL, NULL));
        free(gcw_make(w, claims, "far", "c", NULL, CLAIM)); /* has the name, and no pod */
        pod(w, "p", cases[i].node, cases[i].phase, NULL, cases[i].spec);
        world_run(w, CLEAT_SECOND);
        gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
        gcw_delete(w, claims, "far", "c", CLEAT_PROPAGATE_DEFAULT);
        world_run(w, MINUTE);
        if (gcw_there(w, claims, "default", "c") != cases[i].held) {
            fprintf(stderr, "  case %zu\n", i);
        }
        KT_EQ_INT(gcw_there(w, claims, "default", "c"), cases[i].held);
        KT_TRUE(!gcw_there(w, claims, "far", "c"));
        force_away(w, "p");
        world_run(w, CLEAT_SECOND);
        KT_TRUE(!gcw_there(w, claims, "default", "c"));
        world_free(w);
    }
}

/* A pod that no cache shows yet holds its claim, and one that was replaced while nobody could hear
 * of it holds what the new one names. */
static void what_the_cache_does_not_show(void) {
    struct world *w = world_new_wrapped("pvc-protection", NULL, NULL, faulty_over);
    free(gcw_make(w, claims, "default", "a", NULL, CLAIM));
    free(gcw_make(w, claims, "default", "b", NULL, CLAIM));
    pod(w, "p", "n", "Running", NULL, USES("a"));
    world_run(w, CLEAT_SECOND);
    faulty_hold_streams();
    force_away(w, "p");
    pod(w, "p", "n", "Running", NULL, USES("b"));
    gcw_delete(w, claims, "default", "a", CLEAT_PROPAGATE_DEFAULT);
    gcw_delete(w, claims, "default", "b", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, MINUTE);
    faulty_end_streams();
    pod(w, "q", "n", "Running", NULL, ""); /* by which the streams are read again */
    free(gcw_make(w, claims, "default", "d", NULL, CLAIM));
    world_run(w, 2 * MINUTE);
    KT_TRUE(!gcw_there(w, claims, "default", "a"));
    KT_TRUE(gcw_ending(w, claims, "default", "b"));
    force_away(w, "p");
    world_run(w, 2 * MINUTE);
    KT_TRUE(!gcw_there(w, claims, "default", "b"));
    world_free(w);
}

/* Finalizers that cannot be written are written later. */
static void finalizers_are_written_until_they_are(void) {
    static const cleat_err ways[] = {CLEAT_E_CONFLICT, CLEAT_E_UNAVAILABLE, CLEAT_E_FORBIDDEN};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct world *w =
            world_new_wrapped("pvc-protection,pv-protection", NULL, NULL, faulty_over);
        free(gcw_make(w, claims, "default", "c", NULL, CLAIM));
        free(gcw_make(w, volumes, "", "v", NULL,
                      "\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":["
                      "\"ReadWriteOnce\"],\"hostPath\":{\"path\":\"/x\"}}"));
        world_run(w, CLEAT_SECOND);
        /* as objects that are older than the admission */
        gcw_patch(w, claims, "default", "c", "{\"metadata\":{\"finalizers\":null}}");
        gcw_patch(w, volumes, "", "v", "{\"metadata\":{\"finalizers\":null}}");
        world_run(w, CLEAT_SECOND);
        CLEAT_AUTO_FREE char *c =
            gcw_json(w, claims, "default", "c", CLEAT_PATH("metadata", "finalizers"));
        CLEAT_AUTO_FREE char *v =
            gcw_json(w, volumes, "", "v", CLEAT_PATH("metadata", "finalizers"));
        KT_EQ_STR(c, "[\"kubernetes.io/pvc-protection\"]");
        KT_EQ_STR(v, "[\"kubernetes.io/pv-protection\"]");
        faulty_refuse_writes("persistentvolumeclaims", 4, ways[i]);
        gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
        world_run(w, MINUTE);
        KT_TRUE(!gcw_there(w, claims, "default", "c"));
        faulty_refuse_writes("persistentvolumes", 4, ways[i]);
        gcw_delete(w, volumes, "", "v", CLEAT_PROPAGATE_DEFAULT);
        world_run(w, MINUTE);
        KT_TRUE(!gcw_there(w, volumes, "", "v"));
        world_free(w);
    }
}

KT_MAIN("plugin_cleaners_cases", KT_TEST(finished_pods_beyond_the_threshold),
        KT_TEST(pods_of_nodes_that_are_gone), KT_TEST(a_node_that_the_api_has_is_there),
        KT_TEST(pods_of_nodes_that_are_out_of_service), KT_TEST(finished_jobs),
        KT_TEST(which_pods_hold_a_claim), KT_TEST(what_the_cache_does_not_show),
        KT_TEST(finalizers_are_written_until_they_are))
