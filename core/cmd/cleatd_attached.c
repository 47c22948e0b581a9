/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleatd attached to an API server elsewhere: a drop-in cloud-controller-manager and
 * controller manager. No store and no API server: a transport for the controllers, whose
 * writes pass the fence of the lease, another for the lease itself, so that the one's queue
 * never delays the other, and a server for health and metrics.
 *
 * The elector's threads call leading() and lost(); everything else is the main thread's.
 */
#include "core/api/api.h"
#include "core/cmd/cleatd.h"
#include "core/cmd/cleatd_gate.h"
#include "core/cmd/cleatd_lookup.h"
#include "core/host/config.h"
#include "core/leader/leader.h"
#include "core/remote/remote.h"

#include <unistd.h>

#define RETRY  (2 * CLEAT_SECOND)
#define SETTLE (2 * CLEAT_SECOND)

static struct {
    struct cleat_transport *transport, *election;
    cleat_leader *leader; /* NULL: no election */
    cleatd_gate *gate;
    cleat_api *health;
    cleatd_lookup *lookup;
    cleat_ctx *ctx; /* of what is done before the host runs */
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t mutex; /* guards stopping, and is held while the host is started */
    bool stopping;
} at = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* ---- leading ----------------------------------------------------------------------- */

/* Defines the kinds, then starts the controllers; tries until it can, or must stop. */
static void lead(void *userdata) {
    struct cleatd *d = userdata;
    struct cleat_error e = CLEAT_ERROR_INIT;
    while (cleatd_define_kinds(d, at.transport, at.ctx, &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "cleatd", "cannot define the plugins' kinds: %s", e.message);
        if (cleat_ctx_sleep(at.ctx, RETRY) != CLEAT_OK) {
            return;
        }
    }
    CLEAT_LOCKED(&at.mutex);
    if (!at.stopping && cleat_hostd_start(d->host, &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_ERROR, "cleatd", "the controllers do not start: %s", e.message);
        _exit(1);
    }
}

static void *lead_alone(void *userdata) {
    lead(userdata);
    return NULL;
}

/* As upstream: whatever still runs ends with the process, and another starts anew. */
static void lost(void *userdata) {
    (void)userdata;
    cleat_logf(CLEAT_LOG_ERROR, "cleatd", "leaderelection lost");
    _exit(1);
}

/* ---- start --------------------------------------------------------------------------- */

static struct cleat_remote_opts remote_opts(const struct cleatd_flags *f) {
    const char *kubeconfig = f->text[FLAG_KUBECONFIG], *master = f->text[FLAG_MASTER];
    return (struct cleat_remote_opts){
        .kubeconfig = kubeconfig != NULL && kubeconfig[0] != 0 ? kubeconfig : NULL,
        .server = master != NULL && master[0] != 0 ? master : NULL,
    };
}

static cleat_err make_leader(struct cleatd *d, struct cleat_error *e) {
    const struct cleatd_flags *f = &d->flags;
    CLEAT_AUTO_FREE char *identity = cleat_leader_identity();
    const struct cleat_leader_opts o = {
        .ns = f->text[FLAG_LEADER_RESOURCE_NAMESPACE],
        .name = f->text[FLAG_LEADER_RESOURCE_NAME],
        .identity = identity,
        .lease_duration = f->lease_duration,
        .renew_deadline = f->renew_deadline,
        .retry_period = f->retry_period,
        .started = lead,
        .lost = lost,
        .userdata = d,
        .deadly = true,
    };
    CLEAT_TRY(cleat_leader_check(&o, e));
    struct cleat_remote_opts remote = remote_opts(f);
    remote.timeout = f->renew_deadline / 2;
    CLEAT_TRY(cleat_transport_remote(&remote, &at.election, e));
    return cleat_leader_new(at.election, &o, &at.leader, e);
}

static cleat_err make_transport(struct cleatd *d, struct cleat_error *e) {
    const struct cleatd_flags *f = &d->flags;
    struct cleat_remote_opts remote = remote_opts(f);
    remote.qps = f->qps;
    remote.burst = f->burst;
    remote.service_account_credentials = f->sa_credentials;
    remote.fence = at.leader != NULL ? cleat_leader_fence(at.leader) : NULL;
    CLEAT_TRY(cleat_transport_remote(&remote, &at.transport, e));
    cleat_hostd_use(d->host, at.transport);
    return CLEAT_OK;
}

static bool is_healthy(void *userdata) {
    (void)userdata;
    return cleat_leader_healthy(at.leader);
}

/* Upstream's form: the component's name over its settings. */
static void configz(void *userdata, struct cleat_buf *out) {
    const struct cleatd_flags *f = &((struct cleatd *)userdata)->flags;
    const char *comma = "";
    cleat_buf_puts(out, "{\"cleatd.cleat.dev\":{");
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        if (f->text[i] != NULL) {
            CLEAT_AUTO_FREE char *key = cleat_config_key(cleatd_options[i].name);
            cleat_buf_printf(out, "%s\"%s\":", comma, key);
            cleat_buf_json_mended(out, cleat_s(f->text[i]));
            comma = ",";
        }
    }
    cleat_buf_puts(out, "}}\n");
}

static void lookup_refused(const struct cleat_error *e) {
    cleat_logf(CLEAT_LOG_ERROR, "cleatd",
               "unable to load configmap based request-header-client-ca-file: %s; a RoleBinding in "
               "kube-system to the Role extension-apiserver-authentication-reader is missing, or "
               "--authentication-tolerate-lookup-failure",
               e->message);
    _exit(1);
}

/* Who is known by a certificate: as the flags say, and as the cluster says where they are silent.
 * A kubeconfig that was given for other things may lack the right to ask: upstream would not
 * have asked with it, so that this is no reason to end. */
static cleat_err believe(const struct cleatd_flags *f, struct cleat_error *e) {
    static const int flags[] = {FLAG_PROXY_NAMES, FLAG_PROXY_USER_HEADERS, FLAG_PROXY_UID_HEADERS,
                                FLAG_PROXY_GROUP_HEADERS, FLAG_PROXY_EXTRA_PREFIXES};
    char **lists[sizeof flags / sizeof *flags];
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        lists[i] = cleatd_texts(f->text[flags[i]]);
    }
    const struct cleat_api_trust given = {
        .proxy_names = (const char *const *)lists[0],
        .user_headers = (const char *const *)lists[1],
        .uid_headers = (const char *const *)lists[2],
        .group_headers = (const char *const *)lists[3],
        .extra_prefixes = (const char *const *)lists[4],
    };
    bool proxies = f->text[FLAG_PROXY_CA_FILE] != NULL,
         clients = f->text[FLAG_CLIENT_CA_FILE] != NULL;
    const char *own = f->text[FLAG_AUTHENTICATION_KUBECONFIG],
               *kubeconfig = f->text[FLAG_KUBECONFIG], *master = f->text[FLAG_MASTER];
    bool in_pod = (kubeconfig == NULL || kubeconfig[0] == 0) && (master == NULL || master[0] == 0);
    bool strict = !f->tolerates && (in_pod || (own != NULL && own[0] != 0));
    cleat_err err = cleat_api_trust(at.health, &given, e);
    if (err == CLEAT_OK && !f->skips_lookup && !(proxies && clients)) {
        at.lookup = cleatd_lookup_new(&(struct cleatd_lookup_opts){
            .transport = cleatd_gate_authentication(at.gate),
            .api = at.health,
            .given = &given,
            .proxies_given = proxies,
            .refused = strict ? lookup_refused : NULL,
        });
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        free(lists[i]);
    }
    return err;
}

static cleat_err open_health(struct cleatd *d, struct cleat_error *e) {
    const struct cleatd_flags *f = &d->flags;
    if (f->secure_port == 0) {
        return CLEAT_OK;
    }
    const struct cleatd_gate_opts asked = {
        .base = remote_opts(f),
        .authentication = f->text[FLAG_AUTHENTICATION_KUBECONFIG],
        .authorization = f->text[FLAG_AUTHORIZATION_KUBECONFIG],
        .token_ttl = f->token_ttl,
        .yes_ttl = f->yes_ttl,
        .no_ttl = f->no_ttl,
    };
    CLEAT_TRY(cleatd_gate_new(&asked, &at.gate, e));
    const struct cleat_api_gate gate = {.ask = cleatd_gate_ask,
                                        .userdata = at.gate,
                                        .open_paths = f->text[FLAG_ALWAYS_ALLOW_PATHS],
                                        .configz = configz,
                                        .configz_userdata = d};
    const struct cleat_api_opts opts = {
        .bind_address = f->text[FLAG_BIND_ADDRESS],
        .secure_port = f->secure_port,
        .client_ca_file = f->text[FLAG_CLIENT_CA_FILE],
        .tls_cert_file = f->text[FLAG_TLS_CERT_FILE],
        .tls_key_file = f->text[FLAG_TLS_PRIVATE_KEY_FILE],
        .proxy_ca_file = f->text[FLAG_PROXY_CA_FILE],
        .io_threads = 1,
        .gate = &gate,
    };
    CLEAT_TRY(cleat_api_new(NULL, &opts, &at.health, e));
    if (at.leader != NULL) {
        cleat_api_add_check(at.health, "leaderElection", is_healthy, NULL);
    }
    CLEAT_TRY(cleat_api_start(at.health, e));
    return believe(f, e);
}

static void say_where(const struct cleatd *d) {
    const char *bind = d->flags.text[FLAG_BIND_ADDRESS];
    bool v6 = strchr(bind, ':') != NULL;
    if (at.health != NULL) {
        cleat_logf(CLEAT_LOG_INFO, "cleatd",
                   "attached to %s; health and metrics on https://%s%s%s:%d",
                   cleat_remote_server(at.transport), v6 ? "[" : "", bind, v6 ? "]" : "",
                   cleat_api_secure_port(at.health));
    } else {
        cleat_logf(CLEAT_LOG_INFO, "cleatd", "attached to %s", cleat_remote_server(at.transport));
    }
}

static void say_own_flags(const struct cleatd_flags *f) {
    for (size_t i = 0; i < f->n_own; i++) {
        cleat_logf(CLEAT_LOG_DEBUG, "cleatd", "--%s: accepted; perhaps without an effect",
                   f->own[i]);
    }
}

static cleat_err start(struct cleatd *d, struct cleat_error *e) {
    at.ctx = cleat_ctx_new(NULL, 0);
    say_own_flags(&d->flags);
    if (d->flags.leader_elect) {
        CLEAT_TRY(make_leader(d, e));
    }
    CLEAT_TRY(make_transport(d, e));
    CLEAT_TRY(open_health(d, e));
    say_where(d);
    if (at.leader != NULL) {
        cleat_leader_start(at.leader);
    } else {
        at.has_thread = true;
        at.thread = cleat_thread_start("leading", lead_alone, d);
    }
    cleatd_notify("READY=1");
    return CLEAT_OK;
}

/* ---- stop ------------------------------------------------------------------------------ */

/* Whether everything that was written is made, so that another may act: what was given up
 * without an answer may still be on its way, for as long as others wait after a lease is lost. */
static bool has_settled(const struct cleatd *d) {
    cleat_time reach = d->flags.lease_duration - d->flags.renew_deadline;
    for (cleat_time waited = 0; waited < SETTLE; waited += 20 * CLEAT_MS) {
        if (at.transport == NULL || cleat_remote_settled(at.transport, reach)) {
            return true;
        }
        cleat_ctx_sleep(NULL, 20 * CLEAT_MS);
    }
    cleat_logf(CLEAT_LOG_WARN, "cleatd",
               "a write was not answered: the lease is not given back, it runs out by itself");
    return false;
}

/* The lease is renewed until the last controller has stopped, then given back; where one has
 * not, it runs out by itself after the process has ended. */
static int stop(struct cleatd *d) {
    {
        CLEAT_LOCKED(&at.mutex); /* from here on the host runs, or never will */
        at.stopping = true;
    }
    if (at.ctx != NULL) {
        cleat_ctx_cancel(at.ctx);
    }
    if (at.has_thread) {
        pthread_join(at.thread, NULL);
    }
    int late = cleat_hostd_stop(d->host, CLEATD_STOP_TIMEOUT);
    if (late > 0) {
        return late;
    }
    if (at.leader != NULL) {
        cleat_leader_stop(at.leader, has_settled(d));
    }
    cleatd_lookup_free(at.lookup);
    if (at.health != NULL) {
        cleat_api_stop(at.health);
    }
    cleat_hostd_free(d->host);
    if (at.health != NULL) {
        cleat_api_free(at.health);
    }
    cleatd_gate_free(at.gate);
    if (at.transport != NULL) {
        at.transport->ops->free(at.transport);
    }
    cleat_leader_free(at.leader);
    if (at.election != NULL) {
        at.election->ops->free(at.election);
    }
    cleat_ctx_free(at.ctx);
    return 0;
}

const struct cleatd_mode cleatd_attached = {.start = start, .stop = stop};
