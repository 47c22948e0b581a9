/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleatd's own options: one table gives parsing, --help, defaults and the keys of
 * the configuration file. Command line over file over default.
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
    FLAG_KUBECONFIG,
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

struct cleatd_flags {
    char *text[CLEATD_N_FLAGS]; /* NULL = not given and without a default */
    bool given[CLEATD_N_FLAGS]; /* on the command line */
    char **plugin_dirs;         /* NULL-ended; never empty after cleatd_flags_finish */
    size_t n_plugin_dirs;
    char **others; /* "name=value" of flags that plugins may know, NULL-ended */
    size_t n_others;
    char **config_keys; /* the file's keys that are flags of ours, NULL-ended */
    /* converted */
    int secure_port, insecure_port, v, not_ready_s, unreachable_s, max_requests, max_mutating;
    bool always_allow, anonymous_auth;
    cleat_time event_ttl;
};

/* Reads the command line. Unknown flags go to others. */
cleat_err cleatd_flags_parse(struct cleatd_flags *f, int argc, char **argv, struct cleat_error *e);
/* Adds the file's values and the defaults; checks and converts. */
cleat_err cleatd_flags_finish(struct cleatd_flags *f, struct cleat_error *e);
void cleatd_flags_done(struct cleatd_flags *f);
void cleatd_flags_help(struct cleat_buf *out);

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
