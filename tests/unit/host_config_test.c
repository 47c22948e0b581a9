/* SPDX-License-Identifier: Apache-2.0 */
/* Selection rules, and the configuration file: what it may say and how it is told off. */
#include "core/host/internal.h"
#include "tests/support/kt.h"

#include <unistd.h>

#define HEAD "apiVersion: cleat.dev/v1alpha1\nkind: Configuration\n" /* two lines */

/* ---- --controllers ---- */

static void selection(void) {
    static const char *const aliases[] = {"cloud-node", NULL};
    static const struct {
        const char *list;
        bool off_by_default, want;
    } cases[] = {
        {"*", false, true},
        {"*", true, false},
        {"", false, false},
        {"*,-cloud-node-controller", false, false},
        {"-cloud-node-controller,*", false, false},
        {"*,-cloud-node", false, false}, /* by alias */
        {"cloud-node", true, true},
        {"cloud-node-controller", true, true},
        {"*,cloud-node", true, true},
        {"cloud-node,-cloud-node-controller", false, true}, /* the first that names it */
        {"-cloud-node,cloud-node-controller", false, false},
        {"other", false, false},
        {"-other,*", false, true},
        {" * , -cloud-node ", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cleat_select_enabled(cases[i].list, "cloud-node-controller", aliases,
                                 cases[i].off_by_default) != cases[i].want) {
            KT_EQ_STR(cases[i].list, cases[i].want ? "should be on" : "should be off");
        }
    }
}

/* ---- a host with the test plugins and a file ---- */

static cleat_err with_opts(struct cleat_host_opts opts, cleat_hostd **ret, struct cleat_error *e) {
    static const char *const dirs[] = {CLEAT_TEST_PLUGIN_DIR, NULL};
    opts.plugin_dirs = dirs;
    return cleat_hostd_new(NULL, &opts, ret, e);
}

static char *write_file(const char *dir, const char *text) {
    char *path = cleat_sprintf("%s/config.yaml", dir);
    FILE *f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
    return path;
}

/* The message must be <file> and then the rest. */
static void want_error(const char *text, const char *rest) {
    char *dir = kt_tmpdir();
    CLEAT_AUTO_FREE char *path = write_file(dir, text);
    CLEAT_AUTO_FREE char *want = cleat_sprintf("%s%s", path, rest);
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_hostd *h = NULL;
    static const char *const keys[] = {"dataDir", NULL};
    KT_TRUE(with_opts((struct cleat_host_opts){.config = path, .config_keys = keys}, &h, &e) !=
            CLEAT_OK);
    KT_EQ_STR(e.message, want);
    cleat_hostd_free(h);
    kt_rmdir(dir);
}

static void file_errors(void) {
    want_error(HEAD "plugins:\n  labeler:\n    value: red\n    colour: red\n",
               ":6: unknown key \"colour\" in section \"labeler-controller\"");
    want_error(
        HEAD "plugins:\n  labeler-controller:\n    failures: many\n",
        ":5: bad value \"many\" for key \"failures\" in section \"labeler-controller\": must "
        "be an integer");
    want_error(HEAD "plugins:\n  labeler: {loud: \"true\"}\n",
               ":4: bad value \"true\" for key \"loud\" in section \"labeler-controller\": must be "
               "true or false");
    want_error(HEAD "plugins:\n  labeler: {value: 5}\n",
               ":4: bad value \"5\" for key \"value\" in section \"labeler-controller\": must be a "
               "string");
    want_error(HEAD "plugins:\n  labeler: {period: 10 parsecs}\n",
               ":4: bad value \"10 parsecs\" for key \"period\" in section \"labeler-controller\": "
               "must be a duration such as \"10s\"");
    want_error(
        HEAD "plugins:\n  labeler: {names: [a, [b]]}\n",
        ":4: bad value for key \"names\" in section \"labeler-controller\": must be a list of "
        "strings");
    want_error(HEAD "plugins:\n  fake: {}\n  nobody: {}\n",
               ":5: section \"nobody\" belongs to no loaded controller or provider");
    want_error(HEAD "plugins:\n  labeler: {}\n  labeler-controller: {}\n",
               ":5: section \"labeler-controller\" is that of line 4 under another name");
    want_error(HEAD "plugins: [a]\n", ":3: \"plugins\" must be a map of sections");
    want_error(HEAD "dataDir: /x\ncolour: red\n", ":4: unknown key \"colour\"");
    want_error(HEAD "kind: Again\n", ":3: duplicate key \"kind\" (first at line 2)");
    want_error("kind: Configuration\n", ":1: no apiVersion; must be \"cleat.dev/v1alpha1\"");
    want_error("apiVersion: cleat.dev/v1alpha1\nkind: Other\n",
               ":2: kind is \"Other\"; must be \"Configuration\"");
    want_error("- a\n", ":1: the file must be a map");
    want_error("# nothing\n", ":2: the file is empty");
    want_error(HEAD "---\na: b\n", ":4: more than one document");
    want_error(HEAD "x: &a 1\n", ":3: anchors and tags are not supported");
    want_error(HEAD "plugins:\n  - [\n", ":5: did not find expected node content");
}

static void option_errors(void) {
    const struct {
        struct cleat_host_opts opts;
        const char *want;
    } cases[] = {
        {{.controllers = "*,nonsense"}, "\"nonsense\" is not in the list of known controllers"},
        {{.controllers = "-nonsense"}, "\"nonsense\" is not in the list of known controllers"},
        {{.cloud_providers = "fake,nowhere"},
         "unknown cloud provider \"nowhere\"; loaded plugins offer: fake, other, tin"},
        {{.flags = (const char *const[]){"no-such-flag=1", NULL}}, "unknown flag: --no-such-flag"},
        {{.flags = (const char *const[]){"cloud-api-calls-per-second=-1", NULL}},
         "bad value for \"apiCallsPerSecond\" (--cloud-api-calls-per-second): must not be "
         "negative"},
        {{.flags = (const char *const[]){"cloud-api-cache-time=-1s", NULL}},
         "bad value for \"apiCacheTime\" (--cloud-api-cache-time): must not be negative"},
        {{.flags = (const char *const[]){"cloud-api-max-wait=soon", NULL}},
         "--cloud-api-max-wait: bad value \"soon\": must be a duration such as \"10s\""},
        {{.flags = (const char *const[]){"labeler-loud=maybe", NULL}},
         "--labeler-loud: bad value \"maybe\": must be true or false"},
        {{.config = "/nonexistent.yaml"}, "/nonexistent.yaml: No such file or directory"},
        {{.cloud_config = "/nonexistent.yaml", .cloud_providers = "fake"},
         "/nonexistent.yaml: No such file or directory"},
        {{.cloud_config = "/nonexistent.yaml", .cloud_providers = "fake,other"},
         "--cloud-config is the section of one provider, but --cloud-provider names 2; use a "
         "section each in --config"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_hostd *h = NULL;
        KT_TRUE(with_opts(cases[i].opts, &h, &e) != CLEAT_OK);
        KT_EQ_STR(e.message, cases[i].want);
        cleat_hostd_free(h);
    }
}

/* What each provider's section has beside its own options (core/cloud). */
#define GATE_DEFAULTS                                                                              \
    ",\"apiCallsPerSecond\":0,\"apiBurst\":10,\"apiCallsInFlight\":600,"                           \
    "\"apiCallsInFlightEach\":200,\"apiMaxWait\":5000000000,\"apiReadTimeout\":60000000000,"       \
    "\"apiWriteTimeout\":600000000000,\"apiPatience\":5000000000,\"apiCacheTime\":0"

static const struct cleat_plan_item *item(cleat_hostd *h, const char *name) {
    for (size_t i = 0; i < h->offers.n; i++) {
        if (strcmp(h->offers.v[i].name, name) == 0) {
            return &h->first_plan->items[i];
        }
    }
    return NULL;
}

static void want_config(cleat_hostd *h, const char *name, const char *json) {
    const struct cleat_plan_item *i = item(h, name);
    KT_REQUIRE(i != NULL);
    KT_EQ_S(cleat_obj_bytes(i->config), cleat_s(json));
}

static void values(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_hostd *h = NULL;
    KT_REQUIRE_OK(with_opts((struct cleat_host_opts){0}, &h, &e), &e);
    want_config(h, "labeler-controller",
                "{\"value\":\"yes\",\"failures\":0,\"loud\":false,\"period\":90000000000,"
                "\"rate\":0.5}");
    KT_TRUE(item(h, "labeler-controller")->enabled);
    KT_TRUE(!item(h, "late")->enabled); /* off by default */
    KT_TRUE(!item(h, "fake")->enabled); /* providers are never on by themselves */
    cleat_hostd_free(h);

    char *dir = kt_tmpdir();
    CLEAT_AUTO_FREE char *path =
        write_file(dir, HEAD "controllers: [late]\ncloudProviders: fake\nplugins:\n  labeler:\n"
                             "    value: \"5\"\n    loud: true\n    period: 250ms\n    rate: 2\n"
                             "    names: [a, \"true\"]\n    extra: {a: [1, x, null], b: \"2\"}\n"
                             "  fake:\n");
    static const char *const flags[] = {"labeler-loud=false", "labeler-failures=1",
                                        "labeler-failures=2", NULL};
    h = NULL;
    KT_REQUIRE_OK(with_opts((struct cleat_host_opts){.config = path, .flags = flags}, &h, &e), &e);
    want_config(h, "labeler-controller", /* flags win, the last of one too */
                "{\"value\":\"5\",\"failures\":2,\"loud\":false,\"period\":250000000,\"rate\":2,"
                "\"names\":[\"a\",\"true\"],\"extra\":{\"a\":[1,\"x\",null],\"b\":\"2\"}}");
    KT_TRUE(!item(h, "labeler-controller")->enabled);
    KT_TRUE(item(h, "late")->enabled);
    KT_TRUE(item(h, "fake")->enabled && !item(h, "other")->enabled);
    cleat_hostd_free(h);

    h = NULL; /* the command line's selection replaces the file's */
    struct cleat_host_opts both = {.config = path, .controllers = "*", .cloud_providers = "other"};
    KT_REQUIRE_OK(with_opts(both, &h, &e), &e);
    KT_TRUE(item(h, "labeler-controller")->enabled && !item(h, "late")->enabled);
    KT_TRUE(!item(h, "fake")->enabled && item(h, "other")->enabled);
    cleat_hostd_free(h);
    kt_rmdir(dir);
}

static void json_and_cloud_config(void) {
    char *dir = kt_tmpdir();
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_hostd *h = NULL;
    CLEAT_AUTO_FREE char *path = write_file(
        dir,
        "{\"apiVersion\": \"cleat.dev/v1alpha1\", \"kind\": \"Configuration\",\n"
        "\t\"plugins\": {\"fake\": {\"broken\": false},\n\t\t\"other\": {\"broken\": true}}}\n");
    CLEAT_AUTO_FREE char *cloud = cleat_sprintf("%s/cloud.yaml", dir);
    FILE *f = fopen(cloud, "w");
    fputs("broken: true\n", f);
    fclose(f);
    struct cleat_host_opts opts = {
        .config = path, .cloud_config = cloud, .cloud_providers = "fake"};
    KT_REQUIRE_OK(with_opts(opts, &h, &e), &e);
    want_config(h, "fake", "{\"broken\":true" GATE_DEFAULTS "}"); /* --cloud-config over the file */
    want_config(h, "other", "{\"broken\":true" GATE_DEFAULTS "}");
    cleat_hostd_free(h);

    f = fopen(cloud, "w");
    fputs("\nbroke: true\n", f);
    fclose(f);
    CLEAT_AUTO_FREE char *want =
        cleat_sprintf("%s:2: unknown key \"broke\" in section \"fake\"", cloud);
    KT_TRUE(with_opts(opts, &h, &e) != CLEAT_OK);
    KT_EQ_STR(e.message, want);
    kt_rmdir(dir);
}

static void deep_and_large(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_yaml) *y = NULL;
    CLEAT_AUTO_BUF text = {0};
    for (int i = 0; i < 5000; i++) {
        cleat_buf_putc(&text, '[');
    }
    KT_EQ_INT(cleat_yaml_parse((struct cleat_str){text.p, text.n}, "f", &y, &e),
              CLEAT_E_BAD_REQUEST);
    KT_EQ_STR(e.message, "f:1: nested more than 32 deep");
    for (int i = 0; i < 1100000; i++) {
        cleat_buf_putc(&text, ' ');
    }
    KT_EQ_INT(cleat_yaml_parse((struct cleat_str){text.p, text.n}, "f", &y, &e), CLEAT_E_TOO_LARGE);
    KT_EQ_INT(cleat_yaml_parse(cleat_s("a: \"x\\0y\"\n"), "f", &y, &e), CLEAT_E_BAD_REQUEST);
    KT_EQ_STR(e.message, "f:1: a NUL character in a string");
    KT_EQ_INT(cleat_yaml_parse(cleat_s("a: \xff\n"), "f", &y, &e), CLEAT_E_BAD_REQUEST);
    KT_TRUE(y == NULL);
}

static void keys_of_flags(void) {
    CLEAT_AUTO_FREE char *a = cleat_config_key("tls-private-key-file");
    CLEAT_AUTO_FREE char *b = cleat_config_key("v");
    KT_EQ_STR(a, "tlsPrivateKeyFile");
    KT_EQ_STR(b, "v");
}

KT_MAIN("host_config", KT_TEST(selection), KT_TEST(file_errors), KT_TEST(option_errors),
        KT_TEST(values), KT_TEST(json_and_cloud_config), KT_TEST(deep_and_large),
        KT_TEST(keys_of_flags))
