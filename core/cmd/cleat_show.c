/* SPDX-License-Identifier: Apache-2.0 */
/* cleat plugins, cleat crds: loads plugins as cleatd does, and tells; starts nothing. */
#include "core/cmd/cleat.h"

/* Reads --plugin-dir flags; the host in *ret, or an exit code. */
static int load(int argc, char **argv, cleat_hostd **ret) {
    const char **dirs = cleat_array((size_t)argc + 2, sizeof *dirs);
    CLEAT_AUTO_FREE char *beside = NULL;
    size_t n = 0;
    int code = 0;
    static const char flag[] = "--plugin-dir";
    for (int i = 0; i < argc && code == 0; i++) {
        size_t len = sizeof flag - 1;
        if (strncmp(argv[i], flag, len) == 0 && argv[i][len] == '=') {
            dirs[n++] = argv[i] + len + 1;
        } else if (strcmp(argv[i], flag) == 0 && i + 1 < argc) {
            dirs[n++] = argv[++i];
        } else {
            code = cleat_cmd_fail(2, "unexpected argument \"%s\"", argv[i]);
        }
    }
    if (n == 0 && code == 0) {
        beside = cleat_beside_program("lib/cleat/plugins");
        dirs[n] = beside;
    }
    struct cleat_host_opts opts = {.plugin_dirs = dirs};
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (code == 0 && cleat_hostd_new(NULL, &opts, ret, &e) != CLEAT_OK) {
        code = cleat_cmd_fail(1, "%s", e.message);
    }
    free(dirs);
    return code;
}

int cleat_cmd_plugins(int argc, char **argv) {
    cleat_hostd *h = NULL;
    int code = load(argc, argv, &h);
    if (code != 0) {
        return code;
    }
    CLEAT_AUTO_BUF out = {0};
    cleat_hostd_describe(h, &out);
    fputs(out.n > 0 ? out.p : "no plugins found\n", stdout);
    cleat_hostd_free(h);
    return code;
}

int cleat_cmd_crds(int argc, char **argv) {
    cleat_hostd *h = NULL;
    int code = load(argc, argv, &h);
    if (code != 0) {
        return code;
    }
    const char *crd;
    for (size_t i = 0; (crd = cleat_hostd_crd(h, i)) != NULL; i++) {
        CLEAT_AUTO(cleat_obj) *o = NULL;
        CLEAT_AUTO_BUF yaml = {0};
        struct cleat_error e = CLEAT_ERROR_INIT;
        if (cleat_obj_parse(cleat_s(crd), 0, &o, &e) != CLEAT_OK) {
            code = cleat_cmd_fail(1, "a plugin's kind is no JSON: %s", e.message);
            continue;
        }
        cleat_yaml_write(cleat_obj_root(o), &yaml);
        printf("---\n%s", yaml.p);
    }
    cleat_hostd_free(h);
    return code;
}
