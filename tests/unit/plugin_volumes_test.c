/* SPDX-License-Identifier: Apache-2.0 */
/* Claims, volumes, and the directories behind them, on the virtual clock and a real disk. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/faulty.h"
#include "tests/support/gcw.h"

static const struct cleat_gvr claims = {"", "v1", "persistentvolumeclaims"};
static const struct cleat_gvr volumes = {"", "v1", "persistentvolumes"};
static const struct cleat_gvr classes = {"storage.k8s.io", "v1", "storageclasses"};

#define SOON   (100 * CLEAT_MS)
#define MINUTE (60 * CLEAT_SECOND)
#define ON     "persistentvolume-binder,pv-protection,pvc-protection"

static char *top, *root; /* root is in top, beside files that must stay */

static struct world *begin_with(struct cleat_transport *(*wrap)(struct cleat_transport *t)) {
    top = kt_tmpdir();
    root = cleat_sprintf("%s/root", top);
    KT_EQ_INT(mkdir(root, 0700), 0);
    CLEAT_AUTO_FREE char *flag = cleat_sprintf("directory-volumes-root=%s", root);
    const char *const flags[] = {flag, NULL};
    struct world *w = world_new_wrapped(ON ",directory-volumes", NULL, flags, wrap);
    free(gcw_make(w, classes, "", "dir", NULL,
                  "\"provisioner\":\"directory.cleat.dev\",\"reclaimPolicy\":\"Delete\","
                  "\"volumeBindingMode\":\"Immediate\""));
    return w;
}

static struct world *begin(void) {
    return begin_with(NULL);
}

static void finish(struct world *w) {
    world_free(w);
    free(root);
    kt_rmdir(top);
}

/* A volume by hand: its size, modes ("\"ReadWriteOnce\""), and further members of spec. */
static void volume(struct world *w, const char *name, const char *size, const char *modes,
                   const char *more) {
    bool path = strstr(more, "hostPath") != NULL;
    CLEAT_AUTO_FREE char *rest =
        cleat_sprintf("\"spec\":{\"capacity\":{\"storage\":\"%s\"},\"accessModes\":[%s]%s%s}", size,
                      modes, path ? "" : ",\"hostPath\":{\"path\":\"/nowhere\"}", more);
    free(gcw_make(w, volumes, "", name, "\"labels\":{\"disk\":\"fast\"}", rest));
}

static char *claim(struct world *w, const char *name, const char *size, const char *more) {
    CLEAT_AUTO_FREE char *rest =
        cleat_sprintf("\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{"
                      "\"storage\":\"%s\"}}%s}",
                      size, more);
    return gcw_make(w, claims, "default", name, NULL, rest);
}

#define RWO "\"ReadWriteOnce\""

static char *phase(struct world *w, struct cleat_gvr gvr, const char *name) {
    const char *ns = strcmp(gvr.resource, "persistentvolumes") == 0 ? "" : "default";
    return gcw_json(w, gvr, ns, name, CLEAT_PATH("status", "phase"));
}

#define EXPECT_PHASE(w, gvr, name, want)                                                           \
    do {                                                                                           \
        CLEAT_AUTO_FREE char *got_ = phase(w, gvr, name);                                          \
        KT_EQ_STR(got_, "\"" want "\"");                                                           \
    } while (0)
#define EXPECT(w, gvr, ns, name, want, ...)                                                        \
    do {                                                                                           \
        CLEAT_AUTO_FREE char *got_ = gcw_json(w, gvr, ns, name, CLEAT_PATH(__VA_ARGS__));          \
        KT_EQ_STR(got_, want);                                                                     \
    } while (0)

static size_t told(struct world *w, const char *name, const char *reason) {
    world_run(w, 2 * CLEAT_SECOND);
    return world_events(w, name, reason);
}

static bool exists(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0;
}

static void expect_metric(const char *line, bool want) {
    CLEAT_AUTO_BUF b = {0};
    cleat_metrics_expose(&b);
    CLEAT_AUTO_FREE char *whole = cleat_sprintf("\n%s\n", line);
    if ((b.p != NULL && strstr(b.p, whole) != NULL) != want) {
        fprintf(stderr, "  %s%s\n", want ? "not told: " : "still told: ", line);
    }
    KT_EQ_INT(b.p != NULL && strstr(b.p, whole) != NULL, want);
}

/* ---- binding ---- */

static void a_claim_gets_the_volume_that_suits_it_best(void) {
    struct world *w = begin();
    volume(w, "large", "5Gi", RWO, "");
    volume(w, "best", "2Gi", RWO, "");
    volume(w, "exact", "1Gi", RWO ",\"ReadWriteMany\"", ""); /* more modes than asked for */
    volume(w, "small", "500Mi", RWO, "");
    world_run(w, SOON);
    EXPECT_PHASE(w, volumes, "best", "Available");
    CLEAT_AUTO_FREE char *uid = claim(w, "c", "1Gi", ",\"storageClassName\":\"\"");
    CLEAT_AUTO_FREE char *quoted = cleat_sprintf("\"%s\"", uid);
    world_run(w, SOON);
    EXPECT_PHASE(w, claims, "c", "Bound");
    EXPECT_PHASE(w, volumes, "best", "Bound");
    EXPECT_PHASE(w, volumes, "exact", "Available");
    EXPECT_PHASE(w, volumes, "large", "Available");
    EXPECT(w, claims, "default", "c", "\"best\"", "spec", "volumeName");
    EXPECT(w, claims, "default", "c", "\"2Gi\"", "status", "capacity", "storage");
    EXPECT(w, claims, "default", "c", "[\"ReadWriteOnce\"]", "status", "accessModes");
    EXPECT(w, claims, "default", "c", "\"yes\"", "metadata", "annotations",
           "pv.kubernetes.io/bind-completed");
    EXPECT(w, volumes, "", "best", "\"yes\"", "metadata", "annotations",
           "pv.kubernetes.io/bound-by-controller");
    EXPECT(w, volumes, "", "best", quoted, "spec", "claimRef", "uid");
    /* The next takes the next best. */
    free(claim(w, "d", "1Gi", ",\"storageClassName\":\"\""));
    free(claim(w, "e", "1Gi", ",\"storageClassName\":\"\""));
    free(claim(w, "f", "1Gi", ",\"storageClassName\":\"\""));
    world_run(w, CLEAT_SECOND);
    EXPECT(w, claims, "default", "d", "\"large\"", "spec", "volumeName");
    EXPECT(w, claims, "default", "e", "\"exact\"", "spec", "volumeName");
    EXPECT_PHASE(w, claims, "f", "Pending");
    KT_TRUE(told(w, "f", "FailedBinding") > 0);
    volume(w, "late", "1Gi", RWO, ""); /* it comes after all */
    world_run(w, SOON);
    EXPECT(w, claims, "default", "f", "\"late\"", "spec", "volumeName");
    finish(w);
}

static void what_does_not_suit_is_not_taken(void) {
    struct world *w = begin();
    volume(w, "block", "1Gi", RWO, ",\"volumeMode\":\"Block\"");
    volume(w, "slow", "1Gi", RWO, ",\"storageClassName\":\"slow\"");
    volume(w, "rox", "1Gi", "\"ReadOnlyMany\"", "");
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\""));
    free(claim(w, "picky", "1Gi",
               ",\"storageClassName\":\"slow\",\"selector\":{\"matchLabels\":{\"disk\":\"fast\"},"
               "\"matchExpressions\":[{\"key\":\"disk\",\"operator\":\"NotIn\",\"values\":["
               "\"fast\"]}]}"));
    world_run(w, CLEAT_SECOND);
    EXPECT_PHASE(w, claims, "c", "Pending");
    EXPECT_PHASE(w, claims, "picky", "Pending");
    free(claim(w, "right", "1Gi",
               ",\"storageClassName\":\"slow\",\"selector\":{\"matchExpressions\":[{\"key\":"
               "\"disk\",\"operator\":\"In\",\"values\":[\"fast\",\"faster\"]},{\"key\":\"gone\","
               "\"operator\":\"DoesNotExist\"}]}"));
    world_run(w, CLEAT_SECOND);
    EXPECT(w, claims, "default", "right", "\"slow\"", "spec", "volumeName");
    free(claim(w, "b", "1Gi", ",\"storageClassName\":\"\",\"volumeMode\":\"Block\""));
    world_run(w, CLEAT_SECOND);
    EXPECT(w, claims, "default", "b", "\"block\"", "spec", "volumeName");
    finish(w);
}

static void what_was_reserved_or_named(void) {
    struct world *w = begin();
    volume(w, "small", "1Gi", RWO, "");
    volume(w, "kept", "9Gi", RWO ",\"ReadWriteMany\"",
           ",\"claimRef\":{\"namespace\":\"default\",\"name\":\"c\"}");
    volume(w, "tiny", "1Mi", RWO, "");
    world_run(w, SOON);
    EXPECT_PHASE(w, volumes, "kept", "Available");
    free(claim(w, "other", "2Gi", ",\"storageClassName\":\"\""));
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\""));
    world_run(w, SOON);
    EXPECT(w, claims, "default", "c", "\"kept\"", "spec", "volumeName");
    EXPECT(w, volumes, "", "kept", "", "metadata", "annotations",
           "pv.kubernetes.io/bound-by-controller"); /* the user did it */
    EXPECT_PHASE(w, claims, "other", "Pending");
    free(claim(w, "named", "1Mi", ",\"storageClassName\":\"\",\"volumeName\":\"small\""));
    free(claim(w, "wrong", "1Gi", ",\"storageClassName\":\"\",\"volumeName\":\"tiny\""));
    free(claim(w, "thief", "1Mi", ",\"storageClassName\":\"\",\"volumeName\":\"kept\""));
    free(claim(w, "early", "1Mi", ",\"storageClassName\":\"\",\"volumeName\":\"coming\""));
    world_run(w, SOON);
    EXPECT_PHASE(w, claims, "named", "Bound");
    EXPECT_PHASE(w, claims, "wrong", "Pending");
    EXPECT_PHASE(w, claims, "thief", "Pending");
    EXPECT_PHASE(w, claims, "early", "Pending");
    KT_TRUE(told(w, "wrong", "VolumeMismatch") > 0);
    KT_TRUE(told(w, "thief", "FailedBinding") > 0);
    volume(w, "coming", "1Gi", RWO, "");
    world_run(w, SOON);
    EXPECT_PHASE(w, claims, "early", "Bound");
    finish(w);
}

static void claims_wait_for_who_uses_them(void) {
    struct world *w = begin();
    free(gcw_make(w, classes, "", "wait", NULL,
                  "\"provisioner\":\"kubernetes.io/no-provisioner\",\"volumeBindingMode\":"
                  "\"WaitForFirstConsumer\""));
    volume(w, "v", "1Gi", RWO, ",\"storageClassName\":\"wait\"");
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"wait\""));
    world_run(w, CLEAT_SECOND);
    EXPECT_PHASE(w, claims, "c", "Pending");
    KT_TRUE(told(w, "c", "WaitForFirstConsumer") > 0);
    /* Whoever places the pod reserves the volume. */
    gcw_patch(w, volumes, "", "v",
              "{\"spec\":{\"claimRef\":{\"namespace\":\"default\",\"name\":\"c\"}}}");
    world_run(w, SOON);
    EXPECT_PHASE(w, claims, "c", "Bound");
    finish(w);
}

static void what_was_bound_and_is_lost(void) {
    struct world *w = begin();
    volume(w, "v", "1Gi", RWO, "");
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\""));
    world_run(w, SOON);
    EXPECT_PHASE(w, claims, "c", "Bound");
    gcw_patch(w, volumes, "", "v", "{\"spec\":{\"claimRef\":null}}"); /* bound again */
    world_run(w, SOON);
    EXPECT(w, volumes, "", "v", "\"c\"", "spec", "claimRef", "name");
    world_restart(w, "directory-volumes", NULL, NULL); /* nobody protects it now */
    gcw_delete(w, volumes, "", "v", CLEAT_PROPAGATE_DEFAULT);
    gcw_patch(w, volumes, "", "v", "{\"metadata\":{\"finalizers\":null}}");
    world_restart(w, ON, NULL, NULL);
    world_run(w, SOON);
    EXPECT_PHASE(w, claims, "c", "Lost");
    KT_TRUE(told(w, "c", "ClaimLost") > 0);
    finish(w);
}

/* ---- reclaiming ---- */

static void what_is_retained_stays(void) {
    struct world *w = begin();
    volume(w, "v", "1Gi", RWO, "");
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\""));
    world_run(w, SOON);
    gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, SOON);
    EXPECT_PHASE(w, volumes, "v", "Released");
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\"")); /* the same name, another claim */
    world_run(w, MINUTE);
    EXPECT_PHASE(w, volumes, "v", "Released");
    EXPECT_PHASE(w, claims, "c", "Pending");
    gcw_patch(w, volumes, "", "v", "{\"spec\":{\"claimRef\":null}}");
    world_run(w, MINUTE);
    EXPECT_PHASE(w, claims, "c", "Bound");
    finish(w);
}

/* The directory of a claim's volume; owned. */
static char *path_of(struct world *w, const char *name) {
    CLEAT_AUTO_FREE char *of =
        gcw_json(w, claims, "default", name, CLEAT_PATH("spec", "volumeName"));
    return cleat_sprintf("%s/%.*s", root, (int)strlen(of) - 2, of + 1);
}

static void fill(const char *dir) {
    CLEAT_AUTO_FREE char *precious = cleat_sprintf("%s/precious", top);
    CLEAT_AUTO_FREE char *file = cleat_sprintf("%s/file", dir);
    CLEAT_AUTO_FREE char *sub = cleat_sprintf("%s/sub", dir);
    CLEAT_AUTO_FREE char *link = cleat_sprintf("%s/sub/link", dir);
    CLEAT_AUTO_FREE char *link2 = cleat_sprintf("%s/outside", dir);
    int fd = open(precious, O_CREAT | O_WRONLY, 0600);
    KT_TRUE(fd >= 0);
    close(fd);
    fd = open(file, O_CREAT | O_WRONLY, 0400);
    KT_TRUE(fd >= 0);
    close(fd);
    KT_EQ_INT(mkdir(sub, 0700), 0);
    KT_EQ_INT(symlink(precious, link), 0);
    KT_EQ_INT(symlink(top, link2), 0);
}

static bool nothing_else_was_touched(void) {
    CLEAT_AUTO_FREE char *precious = cleat_sprintf("%s/precious", top);
    return exists(precious) && exists(root);
}

static void storage_is_made_and_goes(void) {
    struct world *w = begin();
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"dir\""));
    world_run(w, CLEAT_SECOND);
    EXPECT_PHASE(w, claims, "c", "Bound");
    EXPECT(w, claims, "default", "c", "\"directory.cleat.dev\"", "metadata", "annotations",
           "volume.kubernetes.io/storage-provisioner");
    CLEAT_AUTO_FREE char *dir = path_of(w, "c");
    const char *name = strrchr(dir, '/') + 1;
    KT_TRUE(exists(dir));
    EXPECT(w, volumes, "", name, "\"Delete\"", "spec", "persistentVolumeReclaimPolicy");
    EXPECT(w, volumes, "", name, "\"dir\"", "spec", "storageClassName");
    EXPECT(w, volumes, "", name, "\"directory.cleat.dev\"", "metadata", "annotations",
           "pv.kubernetes.io/provisioned-by");
    KT_TRUE(told(w, "c", "ProvisioningSucceeded") > 0);
    fill(dir);
    gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!exists(dir));
    KT_TRUE(!gcw_there(w, volumes, "", name));
    KT_TRUE(nothing_else_was_touched());
    finish(w);
}

static void a_volume_that_is_deleted_first(void) {
    struct world *w = begin();
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"dir\""));
    world_run(w, CLEAT_SECOND);
    CLEAT_AUTO_FREE char *dir = path_of(w, "c");
    const char *name = strrchr(dir, '/') + 1;
    gcw_delete(w, volumes, "", name, CLEAT_PROPAGATE_DEFAULT);
    world_run(w, MINUTE);
    KT_TRUE(gcw_ending(w, volumes, "", name) && exists(dir));
    gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, volumes, "", name));
    KT_TRUE(!exists(dir)); /* its policy holds */
    /* With another policy its storage stays. */
    free(claim(w, "d", "1Gi", ",\"storageClassName\":\"dir\""));
    world_run(w, CLEAT_SECOND);
    CLEAT_AUTO_FREE char *kept = path_of(w, "d");
    gcw_patch(w, volumes, "", strrchr(kept, '/') + 1,
              "{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}");
    world_run(w, SOON);
    gcw_delete(w, claims, "default", "d", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    EXPECT_PHASE(w, volumes, strrchr(kept, '/') + 1, "Released");
    gcw_delete(w, volumes, "", strrchr(kept, '/') + 1, CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, volumes, "", strrchr(kept, '/') + 1));
    KT_TRUE(exists(kept));
    finish(w);
}

static void storage_that_cannot_go(void) {
    struct world *w = begin();
    volume(w, "v", "1Gi", RWO, ",\"persistentVolumeReclaimPolicy\":\"Delete\"");
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\""));
    world_run(w, SOON);
    gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    EXPECT_PHASE(w, volumes, "v", "Failed");
    KT_TRUE(told(w, "v", "VolumeFailedDelete") > 0);
    EXPECT(w, volumes, "", "v",
           "\"error getting deleter volume plugin for volume \\\"v\\\": no volume plugin matched\"",
           "status", "message");
    /* What was made elsewhere is deleted there. */
    CLEAT_AUTO_FREE char *rest =
        cleat_strdup("\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":["
                     "\"ReadWriteOnce\"],\"hostPath\":{\"path\":\"/x\"},"
                     "\"persistentVolumeReclaimPolicy\":\"Delete\"}");
    free(gcw_make(w, volumes, "", "csi",
                  "\"annotations\":{\"pv.kubernetes.io/provisioned-by\":\"csi.example.com\"}",
                  rest));
    free(claim(w, "d", "1Gi", ",\"storageClassName\":\"\""));
    world_run(w, SOON);
    EXPECT_PHASE(w, claims, "d", "Bound");
    gcw_delete(w, claims, "default", "d", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, MINUTE);
    EXPECT_PHASE(w, volumes, "csi", "Released");
    finish(w);
}

static void recycled_volumes_are_empty(void) {
    struct world *w = begin();
    CLEAT_AUTO_FREE char *dir = cleat_sprintf("%s/old", root);
    CLEAT_AUTO_FREE char *more = cleat_sprintf(
        ",\"persistentVolumeReclaimPolicy\":\"Recycle\",\"hostPath\":{\"path\":\"%s\"}", dir);
    CLEAT_AUTO_FREE char *file = cleat_sprintf("%s/file", dir);
    KT_EQ_INT(mkdir(dir, 0700), 0);
    fill(dir);
    volume(w, "v", "1Gi", RWO, more);
    volume(w, "other", "2Gi", RWO, ",\"persistentVolumeReclaimPolicy\":\"Recycle\"");
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\""));
    free(claim(w, "d", "2Gi", ",\"storageClassName\":\"\""));
    world_run(w, CLEAT_SECOND);
    KT_TRUE(exists(file));
    gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
    gcw_delete(w, claims, "default", "d", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    EXPECT_PHASE(w, volumes, "v", "Available");
    EXPECT(w, volumes, "", "v", "", "spec", "claimRef");
    KT_TRUE(exists(dir) && !exists(file));
    KT_TRUE(told(w, "v", "VolumeRecycled") > 0);
    EXPECT_PHASE(w, volumes, "other", "Failed");
    KT_TRUE(told(w, "other", "VolumeFailedRecycle") > 0);
    KT_TRUE(nothing_else_was_touched());
    finish(w);
}

/* A pod may run on although its claim is gone, where somebody took the claim's finalizer away: what
 * it works on is not emptied under it. */
static void volumes_in_use_are_not_emptied(void) {
    static const char *const ends[] = {"Succeeded", NULL}; /* NULL: it is deleted */
    for (int i = 0; i < 3; i++) {
        struct world *w = begin();
        struct cleat_error e = CLEAT_ERROR_INIT;
        struct cleat_key key = {CLEAT_STR("default"), CLEAT_STR("p")};
        CLEAT_AUTO_FREE char *dir = cleat_sprintf("%s/old", root);
        CLEAT_AUTO_FREE char *more = cleat_sprintf(
            ",\"persistentVolumeReclaimPolicy\":\"Recycle\",\"hostPath\":{\"path\":\"%s\"}", dir);
        CLEAT_AUTO_FREE char *file = cleat_sprintf("%s/file", dir);
        KT_EQ_INT(mkdir(dir, 0700), 0);
        fill(dir);
        volume(w, "v", "1Gi", RWO, more);
        free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\""));
        free(gcw_make(
            w, gcw_pods, "default", "p", NULL,
            "\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}],"
            "\"volumes\":[{\"name\":\"v\",\"persistentVolumeClaim\":{\"claimName\":\"c\"}}]}"));
        free(gcw_make(
            w, gcw_pods, "default", "waits", NULL,
            "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}],"
            "\"volumes\":[{\"name\":\"v\",\"persistentVolumeClaim\":{\"claimName\":\"c\"}}]}"));
        world_run(w, CLEAT_SECOND);
        gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
        gcw_patch(w, claims, "default", "c", "{\"metadata\":{\"finalizers\":null}}");
        world_run(w, MINUTE);
        KT_TRUE(!gcw_there(w, claims, "default", "c"));
        EXPECT_PHASE(w, volumes, "v", "Released");
        KT_TRUE(exists(file));
        KT_TRUE(told(w, "v", "VolumeFailedRecycle") > 0);
        if (i == 2) { /* another claim of that name has another volume: the pod means that */
            volume(w, "other", "1Gi", RWO, "");
            free(claim(w, "c", "1Gi", ",\"storageClassName\":\"\""));
        } else if (ends[i] != NULL) {
            KT_OK(cleat_client_api.patch(
                      w->client, NULL, gcw_pods, key, "status", CLEAT_PATCH_MERGE,
                      CLEAT_STR("{\"status\":{\"phase\":\"Succeeded\"}}"), NULL, &e),
                  &e);
        } else {
            struct cleat_delete_opts now = {.struct_size = sizeof now, .grace_period_seconds = 0};
            KT_OK(cleat_client_api.remove(w->client, NULL, gcw_pods, key, &now, NULL, &e), &e);
        }
        world_run(w, MINUTE);
        EXPECT_PHASE(w, volumes, "v", "Available");
        KT_TRUE(!exists(file));
        finish(w);
    }
}

/* ---- nothing outside of the root ---- */

static void nothing_outside_is_ever_deleted(void) {
    struct world *w = begin();
    static const char *const paths[] = {"%s/root/../victim", "%s/victim", "%s/root/a/b",
                                        "%s/root/link",      "%s/root/",  "%s/root/..",
                                        "%s/rootless"};
    CLEAT_AUTO_FREE char *victim = cleat_sprintf("%s/victim", top);
    CLEAT_AUTO_FREE char *rootless = cleat_sprintf("%s/rootless", top);
    CLEAT_AUTO_FREE char *a = cleat_sprintf("%s/a", root);
    CLEAT_AUTO_FREE char *b = cleat_sprintf("%s/a/b", root);
    CLEAT_AUTO_FREE char *link = cleat_sprintf("%s/link", root);
    KT_TRUE(mkdir(victim, 0700) == 0 && mkdir(rootless, 0700) == 0 && mkdir(a, 0700) == 0 &&
            mkdir(b, 0700) == 0 && symlink(victim, link) == 0);
    fill(victim);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("v%zu", i);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        CLEAT_AUTO_FREE char *path = cleat_sprintf(paths[i], top);
#pragma GCC diagnostic pop
        CLEAT_AUTO_FREE char *rest = cleat_sprintf(
            "\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],"
            "\"persistentVolumeReclaimPolicy\":\"%s\",\"hostPath\":{\"path\":\"%s\"},\"claimRef\":{"
            "\"namespace\":\"default\",\"name\":\"gone\",\"uid\":\"gone\"}}",
            i % 2 == 0 ? "Delete" : "Recycle", path);
        /* Some of them say that we made them. */
        cleat_obj *o = NULL, *made = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        CLEAT_AUTO_FREE char *json = cleat_sprintf(
            "{\"metadata\":{\"name\":\"%s\",\"annotations\":{\"pv.kubernetes.io/provisioned-by\":"
            "\"directory.cleat.dev\"}},%s}",
            name, rest);
        KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
        cleat_client_api.create(w->client, NULL, volumes, o, &made, NULL); /* or it is refused */
        cleat_obj_unref(o);
        cleat_obj_unref(made);
    }
    world_run(w, 5 * MINUTE);
    KT_TRUE(gcw_count(w, volumes, "") > 2);
    CLEAT_AUTO_FREE char *file = cleat_sprintf("%s/file", victim);
    KT_TRUE(exists(victim) && exists(file) && exists(rootless) && exists(a) && exists(b));
    KT_TRUE(nothing_else_was_touched());
    finish(w);
}

static void deep_trees_go_too(void) {
    struct world *w = begin();
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"dir\""));
    world_run(w, CLEAT_SECOND);
    CLEAT_AUTO_FREE char *dir = path_of(w, "c");
    int fd = open(dir, O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 500; i++) {
        KT_EQ_INT(mkdirat(fd, "d", 0700), 0);
        KT_EQ_INT(mkdirat(fd, "e", 0700), 0);
        int next = openat(fd, "d", O_RDONLY | O_DIRECTORY);
        close(fd);
        fd = next;
    }
    close(fd);
    gcw_delete(w, claims, "default", "c", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!exists(dir));
    finish(w);
}

static void a_root_that_is_not_there(void) {
    static const char *const roots[] = {"directory-volumes-root=", "directory-volumes-root=/",
                                        "directory-volumes-root=relative",
                                        "directory-volumes-root=/nowhere/at/all"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        const char *const flags[] = {roots[i], NULL};
        struct world *w = world_new(ON ",directory-volumes", NULL, flags);
        free(gcw_make(w, classes, "", "dir", NULL, "\"provisioner\":\"directory.cleat.dev\""));
        free(claim(w, "c", "1Gi", ",\"storageClassName\":\"dir\""));
        world_run(w, CLEAT_SECOND);
        EXPECT_PHASE(w, claims, "c", "Pending");
        KT_TRUE(told(w, "c", "ExternalProvisioning") > 0);
        world_free(w);
    }
}

/* ---- at random, with faults ---- */

static bool one_in(unsigned n) {
    return cleat_random() % n == 0;
}

/* Each bound claim has a volume that is bound to it, and has its directory. */
static bool all_is_well(struct world *w) {
    struct cleat_list cs = {.struct_size = sizeof cs};
    struct cleat_error e = CLEAT_ERROR_INIT;
    bool well = true;
    KT_OK(cleat_client_api.list(w->client, NULL, claims, "", NULL, &cs, &e), &e);
    for (size_t i = 0; i < cs.n; i++) {
        const cleat_obj *c = cs.items[i];
        CLEAT_AUTO_FREE char *name =
            cleat_strndup(cleat_val_str(cleat_obj_at(c, CLEAT_PATH("spec", "volumeName"))));
        if (!cleat_eqc(cleat_val_str(cleat_obj_at(c, CLEAT_PATH("status", "phase"))), "Bound")) {
            continue;
        }
        cleat_obj *v = gcw_get(w, volumes, "", name);
        CLEAT_AUTO_FREE char *path =
            v != NULL ? cleat_strndup(
                            cleat_val_str(cleat_obj_at(v, CLEAT_PATH("spec", "hostPath", "path"))))
                      : cleat_strdup("");
        bool good = v != NULL &&
                    cleat_eq(cleat_val_str(cleat_obj_at(v, CLEAT_PATH("spec", "claimRef", "uid"))),
                             cleat_obj_uid(c)) &&
                    (strncmp(path, root, strlen(root)) != 0 || exists(path));
        if (!good) {
            fprintf(stderr, "claim %.*s is bound to %s, which is not its\n",
                    CLEAT_FMT(cleat_obj_name(c)), name);
        }
        well &= good;
        cleat_obj_unref(v);
    }
    cleat_client_api.list_free(&cs);
    return well;
}

static void no_claim_loses_its_storage(void) {
    for (unsigned seed = 1; seed <= 10; seed++) {
        struct world *w = begin_with(faulty_over);
        cleat_random_seed(seed * 0xBF58476D1CE4E5B9u);
        faulty_rate(20);
        for (int i = 0; i < 120; i++) {
            CLEAT_AUTO_FREE char *name = cleat_sprintf("c%u", (unsigned)(cleat_random() % 8));
            CLEAT_AUTO_FREE char *v = cleat_sprintf("v%u", (unsigned)(cleat_random() % 5));
            struct cleat_key key = {CLEAT_STR("default"), cleat_s(name)};
            struct cleat_delete_opts opts = {.struct_size = sizeof opts,
                                             .grace_period_seconds = -1};
            if (one_in(3)) {
                cleat_client_api.remove(w->client, NULL, claims, key, &opts, NULL, NULL);
            } else if (one_in(4)) {
                if (!gcw_there(w, volumes, "", v)) {
                    volume(w, v, "1Gi", RWO, one_in(2) ? "" : ",\"storageClassName\":\"dir\"");
                }
            } else if (!gcw_there(w, claims, "default", name)) {
                free(claim(w, name, "1Gi",
                           one_in(3) ? ",\"storageClassName\":\"\""
                                     : ",\"storageClassName\":\"dir\""));
            }
            for (unsigned n = (unsigned)(cleat_random() % 25); n > 0 && world_step(w); n--) {
                KT_TRUE(all_is_well(w));
            }
            if (one_in(10)) {
                world_run(w, 3 * CLEAT_SECOND);
            }
        }
        faulty_rate(0);
        world_run(w, 600 * CLEAT_SECOND);
        KT_TRUE(all_is_well(w));
        struct cleat_list vs = {.struct_size = sizeof vs};
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_OK(cleat_client_api.list(w->client, NULL, volumes, "", NULL, &vs, &e), &e);
        for (size_t i = 0; i < vs.n; i++) { /* nothing waits for ever */
            struct cleat_str p =
                cleat_val_str(cleat_obj_at(vs.items[i], CLEAT_PATH("status", "phase")));
            bool made = cleat_val_present(
                cleat_obj_at(vs.items[i], CLEAT_PATH("metadata", "annotations",
                                                     "pv.kubernetes.io/provisioned-by")));
            KT_TRUE(cleat_eqc(p, "Bound") ||
                    (!made && (cleat_eqc(p, "Available") || cleat_eqc(p, "Released"))));
        }
        size_t made = 0, there = 0;
        for (size_t i = 0; i < vs.n; i++) {
            made += cleat_val_present(
                cleat_obj_at(vs.items[i], CLEAT_PATH("metadata", "annotations",
                                                     "pv.kubernetes.io/provisioned-by")));
        }
        DIR *d = opendir(root);
        for (struct dirent *one; d != NULL && (one = readdir(d)) != NULL;) {
            there += one->d_name[0] != '.';
        }
        closedir(d);
        KT_EQ_INT(there, made); /* no storage is forgotten */
        cleat_client_api.list_free(&vs);
        finish(w);
    }
}

/* ---- a default that comes late ---- */

static void default_class(struct world *w, const char *name, const char *is) {
    CLEAT_AUTO_FREE char *metadata = cleat_sprintf(
        "\"annotations\":{\"storageclass.kubernetes.io/is-default-class\":\"%s\"}", is);
    free(gcw_make(w, classes, "", name, metadata, "\"provisioner\":\"elsewhere.dev\""));
}

/* Claims that were made when there was no default class get it when there is one, unless a volume
 * is there for them; those that say that they want none do not. */
static void claims_get_a_default_class_that_comes_late(void) {
    struct world *w = begin();
    free(claim(w, "c", "1Gi", ""));
    free(claim(w, "none", "1Gi", ",\"storageClassName\":\"\""));
    free(claim(w, "dir", "1Gi", ",\"storageClassName\":\"dir\""));
    world_run(w, SOON);
    default_class(w, "no", "false");
    world_run(w, SOON);
    EXPECT(w, claims, "default", "c", "", "spec", "storageClassName");
    default_class(w, "old", "true");
    world_run(w, SOON);
    EXPECT(w, claims, "default", "c", "\"old\"", "spec", "storageClassName");
    EXPECT(w, claims, "default", "none", "\"\"", "spec", "storageClassName");
    EXPECT(w, claims, "default", "dir", "\"dir\"", "spec", "storageClassName");
    EXPECT(w, claims, "default", "c", "\"elsewhere.dev\"", "metadata", "annotations",
           "volume.kubernetes.io/storage-provisioner");
    expect_metric("retroactive_storageclass_total 1", true);
    finish(w);
    /* Of several the newest counts, and a volume goes before any. */
    w = begin();
    free(claim(w, "c", "1Gi", ""));
    volume(w, "v", "1Gi", RWO, "");
    world_run(w, SOON);
    EXPECT_PHASE(w, claims, "c", "Bound");
    world_restart(w, "-persistentvolume-binder", NULL, NULL);
    free(claim(w, "late", "1Gi", ""));
    default_class(w, "a", "true");
    world_run(w, 2 * CLEAT_SECOND);
    default_class(w, "b", "true");
    world_restart(w, ON, NULL, NULL);
    world_run(w, SOON);
    EXPECT(w, claims, "default", "c", "", "spec", "storageClassName");
    EXPECT(w, claims, "default", "late", "\"b\"", "spec", "storageClassName");
    finish(w);
}

/* ---- how many there are ---- */

static void they_are_counted(void) {
    struct world *w = begin();
    volume(w, "a", "1Gi", RWO, ",\"storageClassName\":\"hand\"");
    volume(w, "b", "9Gi", RWO, ",\"storageClassName\":\"other\",\"volumeMode\":\"Block\"");
    free(claim(w, "c", "1Gi", ",\"storageClassName\":\"hand\""));
    free(
        claim(w, "d", "1Gi", ",\"storageClassName\":\"hand\",\"volumeAttributesClassName\":\"x\""));
    world_run(w, MINUTE);
    EXPECT_PHASE(w, claims, "c", "Bound");
    EXPECT_PHASE(w, claims, "d", "Pending");
    expect_metric("pv_collector_total_pv_count{plugin_name=\"kubernetes.io/host-path\","
                  "volume_mode=\"Filesystem\"} 1",
                  true);
    expect_metric("pv_collector_total_pv_count{plugin_name=\"kubernetes.io/host-path\","
                  "volume_mode=\"Block\"} 1",
                  true);
    expect_metric("pv_collector_bound_pv_count{storage_class=\"hand\"} 1", true);
    expect_metric("pv_collector_unbound_pv_count{storage_class=\"other\"} 1", true);
    expect_metric("pv_collector_unbound_pv_count{storage_class=\"hand\"} 0", false);
    expect_metric("pv_collector_bound_pvc_count{namespace=\"default\",storage_class=\"hand\","
                  "volume_attributes_class=\"\"} 1",
                  true);
    expect_metric("pv_collector_unbound_pvc_count{namespace=\"default\",storage_class=\"hand\","
                  "volume_attributes_class=\"x\"} 1",
                  true);
    world_restart(w, ON, NULL, NULL); /* counted anew, not twice */
    world_run(w, MINUTE);
    expect_metric("pv_collector_bound_pv_count{storage_class=\"hand\"} 1", true);
    gcw_delete(w, claims, "default", "d", CLEAT_PROPAGATE_DEFAULT);
    gcw_delete(w, volumes, "", "b", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, MINUTE);
    expect_metric("pv_collector_unbound_pvc_count{namespace=\"default\",storage_class=\"hand\","
                  "volume_attributes_class=\"x\"} 1",
                  false);
    expect_metric("pv_collector_unbound_pv_count{storage_class=\"other\"} 1", false);
    expect_metric("pv_collector_total_pv_count{plugin_name=\"kubernetes.io/host-path\","
                  "volume_mode=\"Filesystem\"} 1",
                  true);
    finish(w);
}

KT_MAIN("plugin_volumes", KT_TEST(claims_get_a_default_class_that_comes_late),
        KT_TEST(they_are_counted), KT_TEST(a_claim_gets_the_volume_that_suits_it_best),
        KT_TEST(what_does_not_suit_is_not_taken), KT_TEST(what_was_reserved_or_named),
        KT_TEST(claims_wait_for_who_uses_them), KT_TEST(what_was_bound_and_is_lost),
        KT_TEST(what_is_retained_stays), KT_TEST(storage_is_made_and_goes),
        KT_TEST(a_volume_that_is_deleted_first), KT_TEST(storage_that_cannot_go),
        KT_TEST(recycled_volumes_are_empty), KT_TEST(volumes_in_use_are_not_emptied),
        KT_TEST(nothing_outside_is_ever_deleted), KT_TEST(deep_trees_go_too),
        KT_TEST(a_root_that_is_not_there), KT_TEST(no_claim_loses_its_storage))
