/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleatd's own options: one table gives parsing, --help, defaults and the keys of
 * the configuration file. Command line over file over default. What is of no use in the
 * mode that was asked for (an API server of its own, or attached to another) is refused.
 */
#ifndef CLEAT_CMD_CLEATD_FLAGS_H
#define CLEAT_CMD_CLEATD_FLAGS_H

#include "core/host/host.h"

enum cleatd_flag {
    FLAG_BIND_ADDRESS,
    FLAG_SECURE_PORT,
    FLAG_INSECURE_PORT,
    FLAG_UNIX_SOCKET,
    FLAG_TOKEN_AUTH_FILE,
    FLAG_AUTHORIZATION_MODE,
    FLAG_ANONYMOUS_AUTH,
    FLAG_SERVICE_ACCOUNT_ISSUER,
    FLAG_SERVICE_ACCOUNT_JWKS_URI,
    FLAG_SERVICE_ACCOUNT_KEY_FILE,
    FLAG_SERVICE_ACCOUNT_SIGNING_KEY_FILE,
    FLAG_API_AUDIENCES,
    FLAG_ENCRYPTION_PROVIDER_CONFIG,
    FLAG_CLIENT_CA_FILE,
    FLAG_TLS_CERT_FILE,
    FLAG_TLS_PRIVATE_KEY_FILE,
    FLAG_ADVERTISE_ADDRESS,
    FLAG_SERVICE_IP_RANGE,
    FLAG_SERVICE_NODE_PORTS,
    FLAG_ENABLE_ADMISSION,
    FLAG_DISABLE_ADMISSION,
    FLAG_NOT_READY_TOLERATION,
    FLAG_UNREACHABLE_TOLERATION,
    FLAG_CONTROLLERS,
    FLAG_CLOUD_PROVIDER,
    FLAG_CLOUD_CONFIG,
    FLAG_ATTACH,
    FLAG_KUBECONFIG,
    FLAG_MASTER,
    FLAG_QPS,
    FLAG_BURST,
    FLAG_CONTENT_TYPE,
    FLAG_SA_CREDENTIALS,
    FLAG_LEADER_ELECT,
    FLAG_LEADER_LEASE_DURATION,
    FLAG_LEADER_RENEW_DEADLINE,
    FLAG_LEADER_RETRY_PERIOD,
    FLAG_LEADER_RESOURCE_LOCK,
    FLAG_LEADER_RESOURCE_NAME,
    FLAG_LEADER_RESOURCE_NAMESPACE,
    FLAG_START_INTERVAL,
    FLAG_MANAGE_CRDS,
    FLAG_AUTHENTICATION_KUBECONFIG,
    FLAG_AUTHORIZATION_KUBECONFIG,
    FLAG_ALWAYS_ALLOW_PATHS,
    FLAG_AUTHENTICATION_SKIP_LOOKUP,
    FLAG_AUTHENTICATION_TOLERATE,
    FLAG_AUTHENTICATION_TTL,
    FLAG_AUTHORIZATION_YES_TTL,
    FLAG_AUTHORIZATION_NO_TTL,
    FLAG_PROXY_CA_FILE,
    FLAG_PROXY_NAMES,
    FLAG_PROXY_USER_HEADERS,
    FLAG_PROXY_UID_HEADERS,
    FLAG_PROXY_GROUP_HEADERS,
    FLAG_PROXY_EXTRA_PREFIXES,
    FLAG_MAX_REQUESTS,
    FLAG_MAX_MUTATING,
    FLAG_EVENT_TTL,
    FLAG_CONFIG,
    FLAG_DATA_DIR,
    FLAG_PLUGIN_DIR,
    FLAG_V,
    FLAG_VERSION,
    FLAG_HELP,
    CLEATD_N_FLAGS
};

enum { CLEATD_STRING, CLEATD_INTEGER, CLEATD_SWITCH, CLEATD_DURATION, CLEATD_REPEATED };
enum { CLEATD_EMBEDDED = 1, CLEATD_ATTACHED = 2 };

extern const struct cleatd_option { /* cleatd_options.c */
    const char *name;
    int type, modes, not_in_file;
    const char *def, *argument, *help;
} cleatd_options[CLEATD_N_FLAGS];

struct cleatd_flags {
    int mode;                   /* CLEATD_EMBEDDED or CLEATD_ATTACHED */
    char *text[CLEATD_N_FLAGS]; /* NULL = not given and without a default */
    bool given[CLEATD_N_FLAGS]; /* on the command line */
    char **plugin_dirs;         /* NULL-ended; never empty after cleatd_flags_finish */
    size_t n_plugin_dirs;
    char **others; /* "name=value" of flags that plugins may know, NULL-ended */
    size_t n_others;
    char **own; /* the same of flags that plugins may know and need not, NULL-ended */
    size_t n_own;
    char **config_keys; /* the file's keys that are flags of ours, NULL-ended */
    /* converted */
    int secure_port, insecure_port, v, not_ready_s, unreachable_s, max_requests, max_mutating;
    bool always_allow, anonymous_auth, leader_elect, sa_credentials, skips_lookup, tolerates;
    cleat_time event_ttl, lease_duration, renew_deadline, retry_period, start_interval;
    cleat_time token_ttl, yes_ttl, no_ttl;
    double qps;
    int burst;
};

/* Reads the command line. Unknown flags go to others. */
cleat_err cleatd_flags_parse(struct cleatd_flags *f, int argc, char **argv, struct cleat_error *e);
/* Adds the file's values and the defaults; checks and converts. */
cleat_err cleatd_flags_finish(struct cleatd_flags *f, struct cleat_error *e);
/* Sees to the flags of upstream's cloud-controller-manager and kube-controller-manager that
 * nobody here knows: those without an effect go from others to own, with a line in the log
 * once cleatd runs; those that would have one are refused. (cleatd_upstream.c) */
cleat_err cleatd_upstream_flags(struct cleatd_flags *f, struct cleat_error *e);
void cleatd_flags_done(struct cleatd_flags *f);
void cleatd_flags_help(struct cleat_buf *out);

/* Adds s (taken) to a NULL-ended array. */
void cleatd_append(char ***v, size_t *n, char *s);

struct cleat_sealing;
/* Reads an EncryptionConfiguration in upstream's format. */
cleat_err cleatd_encryption_read(const char *file, struct cleat_sealing **ret,
                                 struct cleat_error *e);

/* READY=1, STOPPING=1, RELOADING=1 to the service manager, where there is one. */
void cleatd_notify(const char *text);
/* An address of this machine that others can reach, not loopback; owned, NULL = it has none. */
char *cleatd_own_address(void);
/* Makes a folder and its parents, private to us. */
cleat_err cleatd_make_folder(const char *path, struct cleat_error *e);
/* Makes dir/name, for us alone. */
cleat_err cleatd_make_private(const char *dir, const char *name, struct cleat_error *e);
/* The text of dir/name; owned, or NULL where it cannot be read. */
char *cleatd_read_file(const char *dir, const char *name);

#endif
