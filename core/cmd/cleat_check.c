/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleat plugin check: the plugin's code runs in a child with a time limit, so that
 * one that crashes, hangs or exits is a finding and not an accident.
 */
#include "core/cmd/cleat.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHECK_SECONDS = 20, NO_FIT = 3 };

/* In the child: exit code 0 = fits; the report goes to standard output. */
static _Noreturn void probe(const char *path) {
    struct cleat_buf report = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    alarm(CHECK_SECONDS);
    cleat_err err = cleat_plugin_probe(path, &report, &e);
    fputs(report.n > 0 ? report.p : "", stdout);
    if (err != CLEAT_OK) {
        printf("FAIL %s\n", e.message);
    }
    fflush(stdout);
    _exit(err == CLEAT_OK ? 0 : NO_FIT);
}

int cleat_cmd_check(int argc, char **argv) {
    if (argc != 1) {
        return cleat_cmd_fail(2, "usage: cleat plugin check FILE.so");
    }
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) {
        return cleat_cmd_fail(1, "cannot fork");
    }
    if (child == 0) {
        probe(argv[0]);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
    }
    if (WIFSIGNALED(status)) {
        int sig = WTERMSIG(status);
        printf(sig == SIGALRM ? "FAIL did not come back within %d s\n"
                              : "FAIL the process ended by signal %d inside the plugin\n",
               sig == SIGALRM ? (int)CHECK_SECONDS : sig);
    } else if (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != NO_FIT) {
        printf("FAIL the plugin ended the process (exit code %d)\n", WEXITSTATUS(status));
    } else {
        printf("%s: %s\n", argv[0], WEXITSTATUS(status) == 0 ? "fits" : "does not fit");
        return WEXITSTATUS(status) == 0 ? 0 : 1;
    }
    printf("%s: does not fit\n", argv[0]);
    return 1;
}
