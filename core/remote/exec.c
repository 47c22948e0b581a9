/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that log us in (client.authentication.k8s.io v1, v1beta1): run with no terminal
 * and the request in KUBERNETES_EXEC_INFO; what they write is an ExecCredential. They have a
 * minute. On a worker; everything here blocks.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/remote/internal.h"

#define PATIENCE (60 * CLEAT_SECOND)
enum { OUTPUT_MAX = 1 << 20, LOOK_EACH_MS = 100, SOON_MS = 5 };

extern char **environ;

static void forget(char *secret) {
    if (secret != NULL) {
        explicit_bzero(secret, strlen(secret));
        free(secret);
    }
}

void cleat__rc_exec_answer_done(struct cleat__rc_exec_answer *a) {
    forget(a->token);
    forget(a->key);
    free(a->cert);
    *a = (struct cleat__rc_exec_answer){0};
}

/* ---- what it says ---- */

static bool one_line(const char *s) {
    return s == NULL || strpbrk(s, "\r\n") == NULL;
}

cleat_err cleat__rc_exec_parse(struct cleat_str text, const char *version,
                               struct cleat__rc_exec_answer *ret, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (cleat_obj_parse(text, 0, &o, &why) != CLEAT_OK) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "decoding what it wrote: %s", why.message);
    }
    CLEAT_AUTO_FREE char *want = cleat_sprintf("client.authentication.k8s.io/%s", version);
    struct cleat_str api = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("apiVersion")));
    struct cleat_str kind = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("kind")));
    if (!cleat_eqc(kind, "ExecCredential") || !cleat_eqc(api, want)) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE,
                          "plugin returned version %.*s of %.*s, not %s of ExecCredential",
                          CLEAT_FMT(api), CLEAT_FMT(kind), want);
    }
    struct cleat_val status = cleat_obj_at(o, CLEAT_PATH("status"));
    if (!cleat_val_present(status) || cleat_val_type(status) != CLEAT_OBJECT) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "exec plugin didn't return a status field");
    }
    struct cleat__rc_exec_answer a = {
        .token = cleat_val_strdup(cleat_val_get(status, "token")),
        .cert = cleat_val_strdup(cleat_val_get(status, "clientCertificateData")),
        .key = cleat_val_strdup(cleat_val_get(status, "clientKeyData"))};
    struct cleat_str expires = cleat_val_str(cleat_val_get(status, "expirationTimestamp"));
    cleat_err err = CLEAT_OK;
    if (a.token == NULL && a.cert == NULL && a.key == NULL) {
        err = cleat_fail(e, CLEAT_E_UNAVAILABLE,
                         "exec plugin didn't return a token or cert/key pair");
    } else if ((a.cert == NULL) != (a.key == NULL)) {
        err = cleat_fail(e, CLEAT_E_UNAVAILABLE,
                         "exec plugin returned only certificate or key, not both");
    } else if (!one_line(a.token)) {
        err = cleat_fail(e, CLEAT_E_UNAVAILABLE, "the token has more than one line");
    } else if (expires.n > 0 && cleat_time_parse(expires, &a.expires) != CLEAT_OK) {
        err = cleat_fail(e, CLEAT_E_UNAVAILABLE, "expirationTimestamp is no time");
    }
    if (err != CLEAT_OK) {
        cleat__rc_exec_answer_done(&a);
        return err;
    }
    *ret = a;
    return CLEAT_OK;
}

/* ---- running it ---- */

static bool is_set_by(const struct cleat__rc_exec *x, const char *entry) {
    size_t n = strcspn(entry, "=");
    for (size_t i = 0; i < x->n_env; i++) {
        if (strlen(x->env[i].name) == n && strncmp(x->env[i].name, entry, n) == 0) {
            return true;
        }
    }
    return strncmp(entry, "KUBERNETES_EXEC_INFO=", 21) == 0;
}

static char **environment(const struct cleat__rc_exec *x) {
    size_t n = 0, all = 0;
    while (environ[all] != NULL) {
        all++;
    }
    char **v = cleat_array(all + x->n_env + 2, sizeof *v);
    for (size_t i = 0; i < all; i++) {
        if (!is_set_by(x, environ[i])) {
            v[n++] = cleat_strdup(environ[i]);
        }
    }
    for (size_t i = 0; i < x->n_env; i++) {
        v[n++] = cleat_sprintf("%s=%s", x->env[i].name, x->env[i].value ? x->env[i].value : "");
    }
    v[n] = cleat_sprintf("KUBERNETES_EXEC_INFO=%s", x->info);
    return v;
}

static char **arguments(const struct cleat__rc_exec *x) {
    size_t n = 0;
    while (x->args != NULL && x->args[n] != NULL) {
        n++;
    }
    char **v = cleat_array(n + 2, sizeof *v);
    v[0] = x->command;
    for (size_t i = 0; i < n; i++) {
        v[i + 1] = x->args[i];
    }
    return v;
}

static int spawn(const struct cleat__rc_exec *x, int out, pid_t *ret) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t none, all;
    char **env = environment(x), **args = arguments(x);
    sigemptyset(&none); /* our threads block all of them */
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                        POSIX_SPAWN_SETPGROUP);
    int err = posix_spawnp(ret, x->command, &actions, &attr, args, env);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attr);
    for (size_t i = 0; env[i] != NULL; i++) {
        free(env[i]);
    }
    free(env);
    free(args);
    return err;
}

/* It stays to be waited for. */
static bool has_ended(pid_t pid) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

/* All that it writes to its end, which what it leaves behind may outlive with the same output;
 * false: it took too long, or wrote too much. */
static bool collect(int fd, pid_t pid, const _Atomic bool *stop, struct cleat_buf *out) {
    cleat_time end = cleat_now_mono() + PATIENCE;
    bool open = true;
    while (cleat_now_mono() < end && !atomic_load(stop)) {
        bool ended = has_ended(pid); /* before the last look at what it wrote */
        struct pollfd p = {.fd = open ? fd : -1, .events = POLLIN};
        if (poll(&p, 1, ended ? 0 : open ? LOOK_EACH_MS : SOON_MS) > 0) {
            cleat_buf_reserve(out, 16384);
            ssize_t n = read(fd, out->p + out->n, 16384);
            open = n != 0;
            out->n += n > 0 ? (size_t)n : 0;
            if ((n < 0 && errno != EINTR) || out->n > OUTPUT_MAX) {
                return false;
            }
        } else if (ended) {
            return true;
        }
    }
    return false;
}

static cleat_err wait_for(pid_t pid, const struct cleat__rc_exec *x, struct cleat_error *e) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return CLEAT_OK;
    }
    return WIFEXITED(status)
               ? cleat_fail(e, CLEAT_E_UNAVAILABLE, "exec: executable %s failed with exit code %d",
                            x->command, WEXITSTATUS(status))
               : cleat_fail(e, CLEAT_E_UNAVAILABLE, "exec: executable %s was ended by signal %d",
                            x->command, WTERMSIG(status));
}

cleat_err cleat__rc_exec_run(const struct cleat__rc_exec *x, const _Atomic bool *stop,
                             struct cleat__rc_exec_answer *ret, struct cleat_error *e) {
    int fds[2];
    pid_t pid;
    CLEAT_AUTO_BUF out = {0};
    if (pipe2(fds, O_CLOEXEC) != 0) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "exec: %s", strerror(errno));
    }
    int err = spawn(x, fds[1], &pid);
    close(fds[1]);
    if (err != 0) {
        close(fds[0]);
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "exec: executable %s: %s%s%s", x->command,
                          strerror(err), x->hint != NULL ? "\n" : "",
                          x->hint != NULL ? x->hint : "");
    }
    bool whole = collect(fds[0], pid, stop, &out);
    close(fds[0]);
    if (!whole) {
        kill(-pid, SIGKILL);
    }
    cleat_err ended = wait_for(pid, x, e);
    if (!whole) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE,
                          "exec: executable %s did not end in time, or wrote too much", x->command);
    }
    CLEAT_TRY(ended);
    struct cleat_error why = CLEAT_ERROR_INIT;
    struct cleat_str text = {out.p != NULL ? out.p : "", out.n};
    if (cleat__rc_exec_parse(text, x->version, ret, &why) != CLEAT_OK) {
        ended =
            cleat_fail(e, CLEAT_E_UNAVAILABLE, "exec: executable %s: %s", x->command, why.message);
    }
    if (out.n > 0) {
        explicit_bzero(out.p, out.n);
    }
    return ended;
}
