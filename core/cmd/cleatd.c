/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleatd: the process. The one place that joins store, registry, API server, the
 * in-process transport and the plugin host. Its main thread starts them in that
 * order, then waits for signals, then stops them backwards.
 *
 * Exit codes: 0 stopped as asked; 1 something failed, or a plugin did not stop;
 * 2 the command line or the configuration is wrong.
 */
#include "core/kinds/keeper.h"
#include "core/kinds/kinds.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/client/client.h"
#include "core/cmd/cleatd_flags.h"
#include "core/host/host.h"
#include "core/store/seal.h"

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#define HOST_STOP_TIMEOUT (8 * CLEAT_SECOND)
#define SWEEP_PERIOD      (5 * CLEAT_SECOND)

struct parts {
    struct cleatd_flags flags;
    cleat_hostd *host;
    cleat_store *store;
    cleat_registry *registry;
    cleat_auth *auth;
    cleat_admit *admit;
    cleat_keeper *keeper;
    struct cleat_transport *transport;
    cleat_timer *sweep;
    cleat_api *api;
};

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

static void reload(struct parts *p) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat_hostd_reload(p->host, &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_ERROR, "cleatd", "configuration not reloaded, nothing changes: %s",
                   e.message);
        return;
    }
    cleat_logf(CLEAT_LOG_INFO, "cleatd", "configuration reloaded");
}

static void serve(struct parts *p) {
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

/* ---- start --------------------------------------------------------------------- */

static void sweep(void *p) {
    struct parts *parts = p;
    cleat_registry_step(parts->registry, parts->flags.event_ttl);
}

static cleat_err make_host(struct parts *p, struct cleat_error *e) {
    struct cleatd_flags *f = &p->flags;
    /* what nodes get addresses from must know what services do */
    CLEAT_AUTO_FREE char *services =
        cleat_sprintf("service-cluster-ip-range=%s", f->text[FLAG_SERVICE_IP_RANGE]);
    const char *const own_flags[] = {services, NULL};
    struct cleat_host_opts opts = {
        .plugin_dirs = (const char *const *)f->plugin_dirs,
        .controllers = f->text[FLAG_CONTROLLERS],
        .cloud_providers = f->text[FLAG_CLOUD_PROVIDER],
        .cloud_config = f->text[FLAG_CLOUD_CONFIG],
        .config = f->text[FLAG_CONFIG],
        .flags = (const char *const *)f->others,
        .own_flags = own_flags,
        .config_keys = (const char *const *)f->config_keys,
    };
    return cleat_hostd_new(NULL, &opts, &p->host, e);
}

static cleat_err open_admission(struct parts *p, struct cleat_error *e) {
    char **text = p->flags.text;
    const struct cleat_admit_opts opts = {
        .service_ip_range = text[FLAG_SERVICE_IP_RANGE],
        .service_node_ports = text[FLAG_SERVICE_NODE_PORTS],
        .enable = text[FLAG_ENABLE_ADMISSION],
        .disable = text[FLAG_DISABLE_ADMISSION],
        .not_ready_toleration_s = p->flags.not_ready_s,
        .unreachable_toleration_s = p->flags.unreachable_s,
    };
    return cleat_admit_new(p->registry, &opts, &p->admit, e);
}

static cleat_err open_registry(struct parts *p, struct cleat_error *e) {
    const char *dir = p->flags.text[FLAG_DATA_DIR];
    CLEAT_TRY(cleatd_make_folder(dir, e));
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/cleat.db", dir);
    struct cleat_backend *backend = NULL;
    struct cleat_store_opts opts = {0};
    struct cleat_sealing *sealing = NULL;
    const char *encryption = p->flags.text[FLAG_ENCRYPTION_PROVIDER_CONFIG];
    CLEAT_TRY(encryption != NULL ? cleatd_encryption_read(encryption, &sealing, e) : CLEAT_OK);
    cleat_err opened = cleat_backend_sqlite(path, NULL, &backend, e);
    if (opened != CLEAT_OK) {
        cleat_sealing_free(sealing);
        return opened;
    }
    if (sealing != NULL) {
        cleat_backend_sqlite_wipe(backend);
    }
    backend = cleat_backend_sealed(backend, sealing);
    CLEAT_TRY(cleat_store_open(backend, &opts, &p->store, e));
    CLEAT_TRY(cleat_registry_new(p->store, cleat_kinds, &p->registry, e));
    const char *crd;
    for (size_t i = 0; (crd = cleat_hostd_crd(p->host, i)) != NULL; i++) {
        struct cleat_error why = CLEAT_ERROR_INIT;
        if (cleat_registry_add_crd(p->registry, cleat_s(crd), &why) != CLEAT_OK) {
            cleat_logf(CLEAT_LOG_ERROR, "cleatd", "a plugin's kind is refused: %s: %.120s",
                       why.message, crd);
        }
    }
    CLEAT_TRY(cleat_registry_bootstrap(p->registry, e));
    char **text = p->flags.text;
    const struct cleat_auth_opts auth = {
        .always_allow = p->flags.always_allow,
        .data_dir = dir,
        .issuer = text[FLAG_SERVICE_ACCOUNT_ISSUER],
        .jwks_uri = text[FLAG_SERVICE_ACCOUNT_JWKS_URI],
        .api_audiences = text[FLAG_API_AUDIENCES],
        .key_files = text[FLAG_SERVICE_ACCOUNT_KEY_FILE],
        .signing_key_file = text[FLAG_SERVICE_ACCOUNT_SIGNING_KEY_FILE],
    };
    CLEAT_TRY(cleatd_make_private(dir, "pki", e));
    CLEAT_TRY(cleat_auth_new(p->registry, &auth, &p->auth, e));
    CLEAT_TRY(cleat_auth_bootstrap(p->auth, e));
    return open_admission(p, e);
}

static bool is_everywhere(const char *address) {
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0 ||
           strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static char *read_path(const char *path) {
    return path[0] == '/' ? cleatd_read_file("", path + 1) : cleatd_read_file(".", path);
}

/* The objects that every cluster has; they come while the API listens already. */
static void open_keeper(struct parts *p) {
    char **text = p->flags.text;
    const char *bind = text[FLAG_BIND_ADDRESS];
    CLEAT_AUTO_FREE char *own_ca = cleat_sprintf("%s/pki/ca.crt", text[FLAG_DATA_DIR]);
    const char *server = text[FLAG_TLS_CERT_FILE] != NULL ? text[FLAG_TLS_CERT_FILE] : own_ca;
    const char *client = text[FLAG_CLIENT_CA_FILE] != NULL ? text[FLAG_CLIENT_CA_FILE] : own_ca;
    CLEAT_AUTO_FREE char *ca = read_path(server);
    CLEAT_AUTO_FREE char *client_ca = read_path(client);
    CLEAT_AUTO_FREE char *own = is_everywhere(bind) ? cleatd_own_address() : cleat_strdup(bind);
    const struct cleat_keeper_opts opts = {
        .admit = p->admit,
        .ca_pem = ca,
        .client_ca_pem = client_ca,
        .service_ip_range = text[FLAG_SERVICE_IP_RANGE],
        .advertise_address =
            text[FLAG_ADVERTISE_ADDRESS] != NULL ? text[FLAG_ADVERTISE_ADDRESS] : own,
        .secure_port = cleat_api_secure_port(p->api),
    };
    p->keeper = cleat_keeper_new(p->registry, &opts);
    cleat_keeper_start(p->keeper);
}

static cleat_err open_api(struct parts *p, struct cleat_error *e) {
    struct cleatd_flags *f = &p->flags;
    struct cleat_api_opts opts = {
        .bind_address = f->text[FLAG_BIND_ADDRESS],
        .secure_port = f->secure_port,
        .insecure_port = f->insecure_port,
        .max_requests = f->max_requests,
        .max_mutating = f->max_mutating,
        .unix_socket = f->text[FLAG_UNIX_SOCKET],
        .data_dir = f->text[FLAG_DATA_DIR],
        .token_auth_file = f->text[FLAG_TOKEN_AUTH_FILE],
        .auth = p->auth,
        .no_anonymous = !f->anonymous_auth,
        .client_ca_file = f->text[FLAG_CLIENT_CA_FILE],
        .tls_cert_file = f->text[FLAG_TLS_CERT_FILE],
        .tls_key_file = f->text[FLAG_TLS_PRIVATE_KEY_FILE],
    };
    CLEAT_TRY(cleat_api_new(p->registry, &opts, &p->api, e));
    CLEAT_AUTO_FREE char *ca = cleatd_read_file(f->text[FLAG_DATA_DIR], "pki/ca.crt");
    cleat_auth_ca(p->auth, ca);
    return cleat_api_start(p->api, e);
}

static void say_where(struct parts *p) {
    CLEAT_AUTO_BUF out = {0};
    const char *bind = p->flags.text[FLAG_BIND_ADDRESS];
    bool v6 = strchr(bind, ':') != NULL;
    cleat_buf_puts(&out, "serving");
    if (cleat_api_secure_port(p->api) > 0) {
        cleat_buf_printf(&out, " https://%s%s%s:%d", v6 ? "[" : "", bind, v6 ? "]" : "",
                         cleat_api_secure_port(p->api));
    }
    if (cleat_api_insecure_port(p->api) > 0) {
        cleat_buf_printf(&out, " http://127.0.0.1:%d", cleat_api_insecure_port(p->api));
    }
    if (p->flags.text[FLAG_UNIX_SOCKET] != NULL) {
        cleat_buf_printf(&out, " unix:%s", p->flags.text[FLAG_UNIX_SOCKET]);
    }
    cleat_buf_printf(&out, "; kubeconfig %s/admin.kubeconfig", p->flags.text[FLAG_DATA_DIR]);
    cleat_logf(CLEAT_LOG_INFO, "cleatd", "%s", out.p);
}

/* The API listens before the first plugin is created: a slow one delays nobody. */
static cleat_err start(struct parts *p, struct cleat_error *e) {
    cleat_timers_start();
    CLEAT_TRY(open_registry(p, e));
    CLEAT_TRY(open_api(p, e));
    open_keeper(p);
    p->sweep = cleat_timer_new(SWEEP_PERIOD, SWEEP_PERIOD, sweep, p);
    p->transport = cleat_transport_local(p->registry);
    cleat_hostd_use(p->host, p->transport);
    CLEAT_TRY(cleat_hostd_start(p->host, e));
    say_where(p);
    cleatd_notify("READY=1");
    return CLEAT_OK;
}

/* ---- stop ------------------------------------------------------------------------ */

/* Backwards. Returns how many plugins' parts still run. */
static int stop(struct parts *p) {
    cleatd_notify("STOPPING=1");
    int late = p->host != NULL ? cleat_hostd_stop(p->host, HOST_STOP_TIMEOUT) : 0;
    if (p->api != NULL) {
        cleat_api_stop(p->api);
    }
    if (late > 0) {
        return late; /* they use the rest; what was acknowledged is on the disk */
    }
    cleat_timer_free(p->sweep);
    cleat_keeper_free(p->keeper);
    cleat_hostd_free(p->host);
    if (p->transport != NULL) {
        p->transport->ops->free(p->transport);
    }
    if (p->api != NULL) {
        cleat_api_free(p->api);
    }
    cleat_auth_free(p->auth);
    cleat_admit_free(p->admit);
    if (p->registry != NULL) {
        cleat_registry_free(p->registry);
    }
    if (p->store != NULL) {
        cleat_store_close(p->store);
    }
    cleat_timers_stop();
    return 0;
}

static int run(struct parts *p) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    int code = 0;
    if (make_host(p, &e) != CLEAT_OK) {
        return complain(&e, 2);
    }
    if (start(p, &e) == CLEAT_OK) {
        serve(p);
    } else {
        code = complain(&e, 1);
    }
    arm_second_signal();
    int late = stop(p);
    if (late > 0) {
        cleat_logf(CLEAT_LOG_ERROR, "cleatd", "%d did not stop in time; ending without them", late);
        _exit(1);
    }
    if (code == 0) {
        cleat_logf(CLEAT_LOG_INFO, "cleatd", "stopped");
    }
    return code;
}

static int help(struct parts *p) {
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
    struct parts p = {0};
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
        code = p.flags.given[FLAG_HELP] ? help(&p) : run(&p);
    }
    cleatd_flags_done(&p.flags);
    return code;
}
