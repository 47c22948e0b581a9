/* SPDX-License-Identifier: Apache-2.0 */
/* Loading: each refusal with both sides' values, and the rest goes on. */
#include "core/host/internal.h"
#include "tests/support/kt.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char *test_plugin(const char *name) {
    return cleat_sprintf("%s/%s.so", CLEAT_TEST_PLUGIN_DIR, name);
}

/* Copies a test plugin into dir under a name, with a mode. */
static void install(const char *dir, const char *plugin, const char *as, unsigned mode) {
    CLEAT_AUTO_FREE char *from = test_plugin(plugin);
    CLEAT_AUTO_FREE char *to = cleat_sprintf("%s/%s", dir, as);
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    cleat_assert(in != NULL && out != NULL);
    char buf[65536];
    size_t n;
    while ((n = fread(buf, 1, sizeof buf, in)) > 0) {
        cleat_assert(fwrite(buf, 1, n, out) == n);
    }
    fclose(in);
    fclose(out);
    cleat_assert(chmod(to, mode) == 0);
}

static cleat_hostd *load(const char *const *dirs) {
    struct cleat_host_opts opts = {.plugin_dirs = dirs};
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_hostd *h = NULL;
    KT_OK(cleat_hostd_new(NULL, &opts, &h, &e), &e);
    return h;
}

static const struct cleat_plugin *find(const cleat_hostd *h, const char *label) {
    for (size_t i = 0; i < h->offers.n_plugins; i++) {
        if (strcmp(h->offers.plugins[i]->label, label) == 0) {
            return h->offers.plugins[i];
        }
    }
    return NULL;
}

static void want_reason(const cleat_hostd *h, const char *label, const char *want) {
    const struct cleat_plugin *p = find(h, label);
    KT_REQUIRE(p != NULL);
    KT_EQ_STR(p->reason, want);
}

static void handshake_refusals(void) {
    const char *const dirs[] = {CLEAT_TEST_PLUGIN_DIR, NULL};
    cleat_hostd *h = load(dirs);
    KT_REQUIRE(h != NULL);
    want_reason(h, "bad-magic", "magic is 0x12345678; this host's is 0x54414c43");
    want_reason(h, "bad-abi", "built for ABI 7.3; this host has 1.0");
    want_reason(h, "short-struct",
                "struct cleat_plugin_entry has 24 bytes; this host needs at least 48");
    want_reason(h, "no-symbol",
                "has no symbol \"cleat_plugin_entry_v1\", which this host looks for");
    want_reason(
        h, "missing-need",
        "needs \"cleat.teleport/3\", which this host does not have (built for ABI 1.9; this "
        "host has 1.0)");
    want_reason(h, "init-fails", "init failed: the flux capacitor is empty (CLEAT_E_IO)");
    want_reason(h, "half-provisioner", "a provisioner needs a name, a controller and ops");
    want_reason(h, "two-ids",
                "id \"test.good-controller\" is taken by " CLEAT_TEST_PLUGIN_DIR
                "/good-controller.so (version 1.2.3; this is 1.2.3)");
    KT_REQUIRE(find(h, "good-controller") != NULL);
    KT_TRUE(find(h, "good-controller")->reason == NULL);
    KT_TRUE(find(h, "fake-cloud")->reason == NULL);
    KT_TRUE(cleat_offers_find(&h->offers, false, cleat_s("labeler-controller")) != NULL);
    KT_TRUE(cleat_offers_find(&h->offers, false, cleat_s("labeler")) != NULL); /* alias */
    KT_TRUE(cleat_offers_find(&h->offers, true, cleat_s("labeler")) == NULL);
    KT_TRUE(cleat_offers_find(&h->offers, true, cleat_s("other")) != NULL);
    cleat_hostd_free(h);
}

static void file_refusals(void) {
    char *dir = kt_tmpdir();
    chmod(dir, 0755);
    install(dir, "good-controller", "Good_One.so", 0755);
    install(dir, "fake-cloud", "group.so", 0775);
    install(dir, "fake-cloud", "others.so", 0757);
    install(dir, "fake-cloud", "ignored.so.bak", 0755);
    CLEAT_AUTO_FREE char *folder = cleat_sprintf("%s/folder.so", dir);
    CLEAT_AUTO_FREE char *text = cleat_sprintf("%s/text.so", dir);
    mkdir(folder, 0755);
    FILE *f = fopen(text, "w");
    fputs("no shared object", f);
    fclose(f);
    chmod(text, 0644);
    const char *const dirs[] = {"/nonexistent/plugins", dir, dir, NULL};
    cleat_hostd *h = load(dirs);
    KT_REQUIRE(h != NULL);
    KT_EQ_INT(h->offers.n_plugins, 5); /* the folder named twice counts once */
    want_reason(h, "group", "its mode 0775 lets others write to it; want at most 0755");
    want_reason(h, "others", "its mode 0757 lets others write to it; want at most 0755");
    want_reason(h, "folder", "not a regular file (mode 040755)");
    KT_REQUIRE(find(h, "text") != NULL && find(h, "text")->reason != NULL);
    KT_TRUE(strncmp(find(h, "text")->reason, "cannot be loaded: ", 18) == 0);
    KT_TRUE(strstr(find(h, "text")->reason, "text.so") != NULL);
    KT_REQUIRE(find(h, "good-one") != NULL); /* a name that an object may have */
    KT_TRUE(find(h, "good-one")->reason == NULL);
    cleat_hostd_free(h);
    rmdir(folder);
    kt_rmdir(dir);
}

static void owner_and_folder(void) {
    char *dir = kt_tmpdir();
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/x.so", dir);
    chmod(dir, 0755);
    install(dir, "fake-cloud", "x.so", 0755);
    KT_OK(cleat_plugin_check_file(path, &e), &e);
    chmod(dir, 0777);
    CLEAT_AUTO_FREE char *want =
        cleat_sprintf("its folder %s has mode 0777, which lets others write there; want no write "
                      "permission for others",
                      dir);
    KT_EQ_INT(cleat_plugin_check_file(path, &e), CLEAT_E_FORBIDDEN);
    KT_EQ_STR(e.message, want);
    chmod(dir, 0755);
    if (geteuid() == 0 && chown(path, 12345, 0) == 0) {
        KT_EQ_INT(cleat_plugin_check_file(path, &e), CLEAT_E_FORBIDDEN);
        KT_EQ_STR(e.message, "owned by uid 12345; want uid 0 or 0");
    }
    /* A link out of a safe folder into an unsafe one. */
    CLEAT_AUTO_FREE char *unsafe = cleat_sprintf("%s/unsafe", dir);
    CLEAT_AUTO_FREE char *link = cleat_sprintf("%s/link.so", dir);
    mkdir(unsafe, 0755);
    install(unsafe, "fake-cloud", "y.so", 0755);
    chmod(unsafe, 0777);
    KT_EQ_INT(symlink("unsafe/y.so", link), 0);
    KT_EQ_INT(cleat_plugin_check_file(link, &e), CLEAT_E_FORBIDDEN);
    KT_TRUE(strstr(e.message, "/unsafe has mode 0777") != NULL);
    kt_rmdir(dir);
}

static void labels_are_unique(void) {
    char *a = kt_tmpdir(), *b = kt_tmpdir();
    chmod(a, 0755);
    chmod(b, 0755);
    install(a, "good-controller", "x.so", 0755);
    install(b, "good-controller", "x.so", 0755);
    const char *const dirs[] = {a, b, NULL};
    cleat_hostd *h = load(dirs);
    KT_REQUIRE(h != NULL);
    KT_EQ_INT(h->offers.n_plugins, 2);
    KT_EQ_STR(h->offers.plugins[0]->label, "x");
    KT_EQ_STR(h->offers.plugins[1]->label, "x-2");
    KT_TRUE(h->offers.plugins[0]->reason == NULL); /* the earlier folder wins */
    KT_TRUE(h->offers.plugins[1]->reason != NULL);
    cleat_hostd_free(h);
    kt_rmdir(a);
    kt_rmdir(b);
}

static void crds(void) {
    const char *const dirs[] = {CLEAT_TEST_PLUGIN_DIR, NULL};
    cleat_hostd *h = load(dirs);
    KT_REQUIRE(h != NULL);
    static const char *const want[] = {"controllers.cleat.dev", "cloudproviders.cleat.dev",
                                       "plugins.cleat.dev", "widgets.test.cleat.dev", NULL};
    size_t i = 0;
    for (; want[i] != NULL; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        CLEAT_AUTO(cleat_obj) *o = NULL;
        KT_REQUIRE(cleat_hostd_crd(h, i) != NULL);
        KT_REQUIRE_OK(cleat_obj_parse(cleat_s(cleat_hostd_crd(h, i)), 0, &o, &e), &e);
        KT_EQ_S(cleat_obj_name(o), cleat_s(want[i]));
    }
    KT_TRUE(cleat_hostd_crd(h, i) == NULL);
    cleat_hostd_free(h);
}

static void probe(const char *name, cleat_err want, const char *message) {
    CLEAT_AUTO_FREE char *path = test_plugin(name);
    CLEAT_AUTO_BUF report = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_EQ_INT(cleat_plugin_probe(path, &report, &e), want);
    if (want != CLEAT_OK) {
        KT_EQ_STR(e.message, message);
    } else {
        KT_TRUE(strstr(report.p, message) != NULL);
    }
}

static void probes(void) {
    probe("good-controller", CLEAT_OK, "ok   unknown factory ids give NULL\n");
    probe("good-controller", CLEAT_OK, "controller labeler-controller (also labeler)");
    probe("no-symbol", CLEAT_E_ABI,
          "exports nothing; this host looks for \"cleat_plugin_entry_v1\"");
    probe("bad-magic", CLEAT_E_ABI, "magic is 0x12345678; this host's is 0x54414c43");
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF report = {0};
    KT_EQ_INT(cleat_plugin_probe("/nonexistent.so", &report, &e), CLEAT_E_NOT_FOUND);
}

static void exports(void) {
    CLEAT_AUTO_FREE char *good = test_plugin("good-controller");
    CLEAT_AUTO_BUF names = {0};
    KT_EQ_INT(cleat_elf_exports(good, &names), 1);
    KT_EQ_STR(names.p, "cleat_plugin_entry_v1");
    /* Every prefix of a plugin, and some with bytes flipped, must be survived. */
    char *dir = kt_tmpdir();
    install(dir, "bad-abi", "p.so", 0755);
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/p.so", dir);
    struct stat st;
    KT_REQUIRE(stat(path, &st) == 0);
    cleat_random_seed(7);
    for (int i = 0; i < 300; i++) {
        CLEAT_AUTO_BUF ignored = {0};
        int fd = open(path, O_RDWR | O_CLOEXEC);
        unsigned char byte = (unsigned char)cleat_random();
        /* the last flips hit the section headers at the end */
        off_t at = i < 100 ? (off_t)(cleat_random() % 64)
                           : st.st_size - 1 - (off_t)(cleat_random() % 2000);
        KT_TRUE(pwrite(fd, &byte, 1, at) == 1);
        close(fd);
        cleat_elf_exports(path, &ignored);
    }
    for (off_t n = st.st_size; n > 0; n = n * 7 / 8) {
        CLEAT_AUTO_BUF ignored = {0};
        KT_EQ_INT(truncate(path, n), 0);
        cleat_elf_exports(path, &ignored);
    }
    kt_rmdir(dir);
}

static void objects_are_read_from_yaml(void) {
    const struct cleat_object_api *api =
        cleat_host_table.get_extension(&cleat_host_table, CLEAT_EXT_OBJECT);
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_REQUIRE(CLEAT_HAS(api, struct cleat_object_api, parse_yaml));
    KT_REQUIRE_OK(api->parse_yaml(CLEAT_STR("servers: [{name: a}]\nn: 3\n"), &o, &e), &e);
    KT_EQ_S(api->bytes(o), CLEAT_STR("{\"servers\":[{\"name\":\"a\"}],\"n\":3}"));
    api->unref(o);
    KT_EQ_INT(api->parse_yaml(CLEAT_STR("- a\n"), &o, &e), CLEAT_E_BAD_REQUEST);
    KT_EQ_INT(api->parse_yaml(CLEAT_STR("a: [\n"), &o, &e), CLEAT_E_BAD_REQUEST);
}

KT_MAIN("host_load", KT_TEST(handshake_refusals), KT_TEST(file_refusals), KT_TEST(owner_and_folder),
        KT_TEST(labels_are_unique), KT_TEST(crds), KT_TEST(probes), KT_TEST(exports),
        KT_TEST(objects_are_read_from_yaml))
