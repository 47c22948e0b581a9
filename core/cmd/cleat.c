/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleat: what authors and operators of plugins need besides kubectl. Only why and
 * graph talk to a server. Exit codes: 0; 1 it failed, or the plugin did; 2 the command line is
 * wrong.
 */
#include "core/cmd/cleat.h"

#include <stdarg.h>

static const char usage[] =
    "cleat: tools for plugins of cleatd\n"
    "\n"
    "  cleat plugin check FILE.so          check a plugin as cleatd would, in a process of its "
    "own\n"
    "  cleat plugin new NAME DIR           write a plugin to begin with\n"
    "  cleat plugins [--plugin-dir DIR]    what is loaded, refused and offered\n"
    "  cleat crds [--plugin-dir DIR]       the kinds that the plugins bring, as manifests\n"
    "  cleat why KIND NAME                 why an object was collected, or was not\n"
    "      [-n NAMESPACE] [--uid UID] [--if-deleted] [--kubeconfig FILE]\n"
    "  cleat graph KIND NAME               its owners and dependents, as DOT or JSON\n"
    "      [-n NAMESPACE] [--json] [--kubeconfig FILE]\n"
    "  cleat version\n"
    "  cleat help\n";

int cleat_cmd_fail(int code, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fputs("cleat: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    return code;
}

static int version(int argc, char **argv) {
    (void)argc;
    (void)argv;
    printf("cleat %s, ABI %d.%d\n", CLEAT_VERSION, CLEAT_ABI_MAJOR, CLEAT_ABI_MINOR);
    return 0;
}

static int help(int argc, char **argv) {
    (void)argc;
    (void)argv;
    fputs(usage, stdout);
    return 0;
}

static const struct {
    const char *word, *second; /* second: NULL = one word */
    int (*run)(int argc, char **argv);
} commands[] = {
    {"plugin", "check", cleat_cmd_check},
    {"plugin", "new", cleat_cmd_new},
    {"plugins", NULL, cleat_cmd_plugins},
    {"crds", NULL, cleat_cmd_crds},
    {"why", NULL, cleat_cmd_why},
    {"graph", NULL, cleat_cmd_graph},
    {"version", NULL, version},
    {"--version", NULL, version},
    {"help", NULL, help},
    {"--help", NULL, help},
    {"-h", NULL, help},
};

int main(int argc, char **argv) {
    cleat_log_set_level(-1); /* what is wrong with a plugin is told in the output */
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
        int words = commands[i].second != NULL ? 2 : 1;
        if (strcmp(argv[1], commands[i].word) != 0 || argc < 1 + words ||
            (words == 2 && strcmp(argv[2], commands[i].second) != 0)) {
            continue;
        }
        return commands[i].run(argc - 1 - words, argv + 1 + words);
    }
    if (argc > 1) {
        cleat_cmd_fail(2, "unknown command \"%s%s%s\"", argv[1], argc > 2 ? " " : "",
                       argc > 2 ? argv[2] : "");
    }
    fputs(usage, stderr);
    return 2;
}
