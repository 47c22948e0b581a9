/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleatd with an API server of its own: store, registry, authority, API server, keeper,
 * and the in-process transport, started in that order and stopped backwards.
 */
#include "core/kinds/keeper.h"
#include "core/kinds/kinds.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/client/client.h"
#include "core/cmd/cleatd.h"
#include "core/store/seal.h"

#define SWEEP_PERIOD (5 * CLEAT_SECOND)

static struct {
    cleat_store *store;
    cleat_registry *registry;
    cleat_auth *auth;
    cleat_admit *admit;
    cleat_keeper *keeper;
    struct cleat_transport *transport;
    cleat_timer *sweep;
    cleat_api *api;
} here;

static void sweep(void *userdata) {
    const struct cleatd *d = userdata;
    cleat_registry_step(here.registry, d->flags.event_ttl);
}

static cleat_err open_admission(struct cleatd *p, struct cleat_error *e) {
    char **text = p->flags.text;
    const struct cleat_admit_opts opts = {
        .service_ip_range = text[FLAG_SERVICE_IP_RANGE],
        .service_node_ports = text[FLAG_SERVICE_NODE_PORTS],
        .enable = text[FLAG_ENABLE_ADMISSION],
        .disable = text[FLAG_DISABLE_ADMISSION],
        .not_ready_toleration_s = p->flags.not_ready_s,
        .unreachable_toleration_s = p->flags.unreachable_s,
    };
    return cleat_admit_new(here.registry, &opts, &here.admit, e);
}

static cleat_err open_registry(struct cleatd *p, struct cleat_error *e) {
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
    CLEAT_TRY(cleat_store_open(backend, &opts, &here.store, e));
    CLEAT_TRY(cleat_registry_new(here.store, cleat_kinds, &here.registry, e));
    const char *crd;
    for (size_t i = 0; (crd = cleat_hostd_crd(p->host, i)) != NULL; i++) {
        struct cleat_error why = CLEAT_ERROR_INIT;
        if (cleat_registry_add_crd(here.registry, cleat_s(crd), &why) != CLEAT_OK) {
            cleat_logf(CLEAT_LOG_ERROR, "cleatd", "a plugin's kind is refused: %s: %.120s",
                       why.message, crd);
        }
    }
    CLEAT_TRY(cleat_registry_bootstrap(here.registry, e));
    CLEAT_TRY(open_admission(p, e)); /* before auth, whose timer may write at once */
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
    CLEAT_TRY(cleat_auth_new(here.registry, &auth, &here.auth, e));
    return cleat_auth_bootstrap(here.auth, e);
}

static bool is_everywhere(const char *address) {
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0 ||
           strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static char *read_path(const char *path) {
    return path[0] == '/' ? cleatd_read_file("", path + 1) : cleatd_read_file(".", path);
}

/* The objects that every cluster has; they come while the API listens already. */
static void open_keeper(struct cleatd *p) {
    char **text = p->flags.text;
    const char *bind = text[FLAG_BIND_ADDRESS];
    CLEAT_AUTO_FREE char *own_ca = cleat_sprintf("%s/pki/ca.crt", text[FLAG_DATA_DIR]);
    const char *server = text[FLAG_TLS_CERT_FILE] != NULL ? text[FLAG_TLS_CERT_FILE] : own_ca;
    const char *client = text[FLAG_CLIENT_CA_FILE] != NULL ? text[FLAG_CLIENT_CA_FILE] : own_ca;
    CLEAT_AUTO_FREE char *ca = read_path(server);
    CLEAT_AUTO_FREE char *client_ca = read_path(client);
    CLEAT_AUTO_FREE char *own = is_everywhere(bind) ? cleatd_own_address() : cleat_strdup(bind);
    const struct cleat_keeper_opts opts = {
        .admit = here.admit,
        .ca_pem = ca,
        .client_ca_pem = client_ca,
        .service_ip_range = text[FLAG_SERVICE_IP_RANGE],
        .advertise_address =
            text[FLAG_ADVERTISE_ADDRESS] != NULL ? text[FLAG_ADVERTISE_ADDRESS] : own,
        .secure_port = cleat_api_secure_port(here.api),
    };
    here.keeper = cleat_keeper_new(here.registry, &opts);
    cleat_keeper_start(here.keeper);
}

static cleat_err open_api(struct cleatd *p, struct cleat_error *e) {
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
        .auth = here.auth,
        .no_anonymous = !f->anonymous_auth,
        .client_ca_file = f->text[FLAG_CLIENT_CA_FILE],
        .tls_cert_file = f->text[FLAG_TLS_CERT_FILE],
        .tls_key_file = f->text[FLAG_TLS_PRIVATE_KEY_FILE],
    };
    CLEAT_TRY(cleat_api_new(here.registry, &opts, &here.api, e));
    CLEAT_AUTO_FREE char *ca = cleatd_read_file(f->text[FLAG_DATA_DIR], "pki/ca.crt");
    cleat_auth_ca(here.auth, ca);
    return cleat_api_start(here.api, e);
}

static void say_where(struct cleatd *p) {
    CLEAT_AUTO_BUF out = {0};
    const char *bind = p->flags.text[FLAG_BIND_ADDRESS];
    bool v6 = strchr(bind, ':') != NULL;
    cleat_buf_puts(&out, "serving");
    if (cleat_api_secure_port(here.api) > 0) {
        cleat_buf_printf(&out, " https://%s%s%s:%d", v6 ? "[" : "", bind, v6 ? "]" : "",
                         cleat_api_secure_port(here.api));
    }
    if (cleat_api_insecure_port(here.api) > 0) {
        cleat_buf_printf(&out, " http://127.0.0.1:%d", cleat_api_insecure_port(here.api));
    }
    if (p->flags.text[FLAG_UNIX_SOCKET] != NULL) {
        cleat_buf_printf(&out, " unix:%s", p->flags.text[FLAG_UNIX_SOCKET]);
    }
    cleat_buf_printf(&out, "; kubeconfig %s/admin.kubeconfig", p->flags.text[FLAG_DATA_DIR]);
    cleat_logf(CLEAT_LOG_INFO, "cleatd", "%s", out.p);
}

/* The API listens before the first plugin is created: a slow one delays nobody. */
static cleat_err start(struct cleatd *p, struct cleat_error *e) {
    CLEAT_TRY(open_registry(p, e));
    CLEAT_TRY(open_api(p, e));
    open_keeper(p);
    here.sweep = cleat_timer_new(SWEEP_PERIOD, SWEEP_PERIOD, sweep, p);
    here.transport = cleat_transport_local(here.registry);
    cleat_hostd_use(p->host, here.transport);
    CLEAT_TRY(cleat_hostd_start(p->host, e));
    say_where(p);
    cleatd_notify("READY=1");
    return CLEAT_OK;
}

static int stop(struct cleatd *p) {
    int late = p->host != NULL ? cleat_hostd_stop(p->host, CLEATD_STOP_TIMEOUT) : 0;
    if (here.api != NULL) {
        cleat_api_stop(here.api);
    }
    if (late > 0) {
        return late; /* they use the rest; what was acknowledged is on the disk */
    }
    cleat_timer_free(here.sweep);
    cleat_keeper_free(here.keeper);
    cleat_hostd_free(p->host);
    if (here.transport != NULL) {
        here.transport->ops->free(here.transport);
    }
    if (here.api != NULL) {
        cleat_api_free(here.api);
    }
    cleat_auth_free(here.auth);
    cleat_admit_free(here.admit);
    if (here.registry != NULL) {
        cleat_registry_free(here.registry);
    }
    if (here.store != NULL) {
        cleat_store_close(here.store);
    }
    return 0;
}

const struct cleatd_mode cleatd_embedded = {.start = start, .stop = stop};
