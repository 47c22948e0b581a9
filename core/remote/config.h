/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the server is and who we are there, as a kubeconfig or the pod says it.
 * Immutable once read; files that may be replaced while we run are kept as paths.
 */
#ifndef CLEAT_CORE_REMOTE_CONFIG_H
#define CLEAT_CORE_REMOTE_CONFIG_H

#include "core/remote/remote.h"

enum { CLEAT__HTTP = 1, CLEAT__HTTPS, CLEAT__SOCKS5 };
struct cleat__rc_url {
    int scheme; /* 0: no URL was given */
    char *host, *port;
    char *path;         /* without the slash at its end: "" or "/k8s/clusters/c-1" */
    char *user, *passw; /* decoded; NULL = none */
};
/* scheme_missing: taken where the text names none; 0: then it is an error. `what` names the
 * text in an error. */
cleat_err cleat__rc_url_parse(const char *text, int scheme_missing, const char *what,
                              struct cleat__rc_url *ret, struct cleat_error *e);
void cleat__rc_url_done(struct cleat__rc_url *u);
/* "host:port", an IPv6 address in brackets; owned. */
char *cleat__rc_url_authority(const struct cleat__rc_url *u);

struct cleat__rc_pair {
    char *name, *value;
};
/* A program that logs us in (client.authentication.k8s.io). */
struct cleat__rc_exec {
    char *command; /* NULL: none */
    char **args;   /* NULL-ended */
    struct cleat__rc_pair *env;
    size_t n_env;
    char *version; /* "v1" or "v1beta1" */
    char *hint;    /* how to install it */
    bool tells_cluster;
    char *config; /* JSON of the cluster's for it, or NULL */
    char *info;   /* KUBERNETES_EXEC_INFO */
};

struct cleat__rc_config {
    char *server; /* as it is shown */
    struct cleat__rc_url url, proxy;
    char *proxy_text; /* as the kubeconfig has it */
    char *ns;         /* NULL = not said */
    char *tls_server_name;
    bool insecure;
    char *ca_file, *ca_data; /* data: PEM */
    char *cert_file, *cert_data, *key_file, *key_data;
    char *token, *token_file, *username, *password;
    char *as, *as_uid, **as_groups; /* groups: NULL-ended, or NULL */
    struct cleat__rc_pair *as_extra;
    size_t n_as_extra;
    struct cleat__rc_exec exec;
};
cleat_err cleat__rc_config_read(const struct cleat_remote_opts *o, struct cleat__rc_config **ret,
                                struct cleat_error *e);
void cleat__rc_config_free(struct cleat__rc_config *c);
typedef struct cleat__rc_config cleat__rc_config;
CLEAT_DEFINE_AUTO(cleat__rc_config, cleat__rc_config_free)

/* ---- for config_read (kubeconfig.c) ---- */
cleat_err cleat__rc_kubeconfig_read(const char *files, const char *context,
                                    struct cleat__rc_config *c, struct cleat_error *e);
/* The proxy that the environment names for this URL, as Go does; NULL: none. Owned. (proxy.c) */
char *cleat__rc_proxy_from_env(const struct cleat__rc_url *u);
/* A whole file, of at most max bytes; a NUL follows. IO where it cannot be read. */
cleat_err cleat__rc_read_whole(const char *path, size_t max, struct cleat_buf *out,
                               struct cleat_error *e);

#endif
