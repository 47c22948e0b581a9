/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleatd: the process: the plugin host, and what is below it in one of two modes
 * (cleatd_embedded.c, cleatd_attached.c). The main thread starts them, waits for signals,
 * and stops them.
 *
 * Exit codes: 0 stopped as asked; 1 something failed, or a plugin did not stop;
 * 2 the command line or the configuration is wrong.
 */
#include "core/cmd/cleatd.h"

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

static int complain(const struct cleat_error *e, int code) {
    fprintf(stderr, "cleatd: %s\n", e->message);
    return code;
}

/* ---- signals ------------------------------------------------------------------ */

static void quit_now(int sig) {
    static const char text[] = "cleatd: stopped at once by a second signal\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    (void)sig;
    _exit(1);
}

static sigset_t wanted_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

/* Blocks ours in all threads to come; only the main thread looks at them. */
static void block_signals(void) {
    sigset_t set = wanted_signals();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* From here on another SIGTERM or SIGINT ends the process at once. */
static void arm_second_signal(void) {
    struct sigaction action = {.sa_handler = quit_now};
    sigset_t set;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void reload(struct cleatd *p) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat_hostd_reload(p->host, &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_ERROR, "cleatd", "configuration not reloaded, nothing changes: %s",
                   e.message);
        return;
    }
    cleat_logf(CLEAT_LOG_INFO, "cleatd", "configuration reloaded");
}

static void serve(struct cleatd *p) {
    sigset_t set = wanted_signals();
    for (;;) {
        int sig = 0;
        sigwait(&set, &sig);
        if (sig == SIGHUP) {
            reload(p);
            continue;
        }
        cleat_logf(CLEAT_LOG_INFO, "cleatd", "stopping on signal %d", sig);
        return;
    }
}

/* ---- the host ------------------------------------------------------------------ */

static cleat_err make_host(struct cleatd *p, struct cleat_error *e) {
    struct cleatd_flags *f = &p->flags;
    /* what nodes get addresses from must know what services do */
    CLEAT_AUTO_FREE char *services =
        cleat_sprintf("service-cluster-ip-range=%s", f->text[FLAG_SERVICE_IP_RANGE]);
    const char **own_flags = cleat_array(f->n_own + 2, sizeof *own_flags);
    for (size_t i = 0; i < f->n_own; i++) {
        own_flags[i] = f->own[i];
    }
    if (f->text[FLAG_SERVICE_IP_RANGE] != NULL) {
        own_flags[f->n_own] = services;
    }
    struct cleat_host_opts opts = {
        .plugin_dirs = (const char *const *)f->plugin_dirs,
        .controllers = f->text[FLAG_CONTROLLERS],
        .cloud_providers = f->text[FLAG_CLOUD_PROVIDER],
        .cloud_config = f->text[FLAG_CLOUD_CONFIG],
        .config = f->text[FLAG_CONFIG],
        .flags = (const char *const *)f->others,
        .own_flags = own_flags,
        .config_keys = (const char *const *)f->config_keys,
        .manager = f->text[FLAG_LEADER_RESOURCE_NAME],
        .attached = f->mode == CLEATD_ATTACHED,
        .start_interval = f->start_interval,
    };
    cleat_err err = cleat_hostd_new(NULL, &opts, &p->host, e);
    free(own_flags);
    return err;
}

static int run(struct cleatd *p) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    int code = 0;
    if (make_host(p, &e) != CLEAT_OK) {
        return complain(&e, 2);
    }
    cleat_timers_start();
    cleat_trimmer_start();
    if (p->mode->start(p, &e) == CLEAT_OK) {
        serve(p);
    } else {
        code = complain(&e, 1);
    }
    arm_second_signal();
    cleatd_notify("STOPPING=1");
    int late = p->mode->stop(p);
    if (late > 0) {
        cleat_logf(CLEAT_LOG_ERROR, "cleatd", "%d did not stop in time; ending without them", late);
        _exit(1);
    }
    cleat_trimmer_stop();
    cleat_timers_stop();
    if (code == 0) {
        cleat_logf(CLEAT_LOG_INFO, "cleatd", "stopped");
    }
    return code;
}

static int help(struct cleatd *p) {
    CLEAT_AUTO_BUF out = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleatd_flags_help(&out);
    if (make_host(p, &e) == CLEAT_OK) {
        cleat_buf_puts(&out, "\nFlags of the loaded plugins (also keys of their sections):\n");
        cleat_hostd_describe_flags(p->host, &out);
        cleat_hostd_free(p->host);
    }
    fputs(out.p, stdout);
    return 0;
}

int main(int argc, char **argv) {
    /* Few threads allocate at the same time; one heap a thread would cost more
     * memory than it saves time. */
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, 256 * 1024);
    block_signals();
    struct cleatd p = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    int code;
    cleat_err err = cleatd_flags_parse(&p.flags, argc, argv, &e);
    if (err == CLEAT_OK && p.flags.given[FLAG_VERSION]) {
        puts("cleatd " CLEAT_VERSION);
        code = 0;
    } else if (err != CLEAT_OK || (err = cleatd_flags_finish(&p.flags, &e)) != CLEAT_OK) {
        code = complain(&e, 2);
    } else {
        cleat_log_set_level(p.flags.v >= 6   ? CLEAT_LOG_TRACE
                            : p.flags.v >= 4 ? CLEAT_LOG_DEBUG
                                             : CLEAT_LOG_INFO);
        p.mode = p.flags.mode == CLEATD_ATTACHED ? &cleatd_attached : &cleatd_embedded;
        code = p.flags.given[FLAG_HELP] ? help(&p) : run(&p);
    }
    cleatd_flags_done(&p.flags);
    return code;
}
