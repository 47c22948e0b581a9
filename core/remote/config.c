/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration as a whole: kubeconfig or pod, what is given beside them, and the environment's
 * proxies. */
#include "core/remote/config.h"

#define MOUNT "/var/run/secrets/kubernetes.io/serviceaccount"
enum { NAMESPACE_MAX = 256, CA_MAX = 4 << 20 };

static void free_pairs(struct cleat__rc_pair *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(p[i].name);
        free(p[i].value);
    }
    free(p);
}

static void free_texts(char **v) {
    for (size_t i = 0; v != NULL && v[i] != NULL; i++) {
        free(v[i]);
    }
    free(v);
}

/* Secrets do not stay behind in freed memory. */
static void free_secret(char *s) {
    if (s != NULL) {
        explicit_bzero(s, strlen(s));
        free(s);
    }
}

void cleat__rc_config_free(struct cleat__rc_config *c) {
    if (c == NULL) {
        return;
    }
    char *texts[] = {
        c->server,    c->ns,          c->tls_server_name, c->ca_file,      c->ca_data,
        c->cert_file, c->key_file,    c->cert_data,       c->token_file,   c->username,
        c->as,        c->as_uid,      c->exec.command,    c->exec.version, c->exec.hint,
        c->exec.info, c->exec.config, c->proxy_text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    free_secret(c->key_data);
    free_secret(c->token);
    free_secret(c->password);
    free_texts(c->as_groups);
    free_texts(c->exec.args);
    free_pairs(c->as_extra, c->n_as_extra);
    free_pairs(c->exec.env, c->exec.n_env);
    cleat__rc_url_done(&c->url);
    cleat__rc_url_done(&c->proxy);
    free(c);
}

static cleat_err in_cluster(const struct cleat_remote_opts *o, struct cleat__rc_config *c,
                            struct cleat_error *e) {
    const char *host = getenv("KUBERNETES_SERVICE_HOST"), *port = getenv("KUBERNETES_SERVICE_PORT");
    const char *dir = o->service_account_dir != NULL ? o->service_account_dir : MOUNT;
    if (host == NULL || *host == '\0' || port == NULL || *port == '\0') {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and "
                          "KUBERNETES_SERVICE_PORT must be defined");
    }
    bool v6 = strchr(host, ':') != NULL;
    c->server = cleat_sprintf("https://%s%s%s:%s", v6 ? "[" : "", host, v6 ? "]" : "", port);
    c->ca_file = cleat_sprintf("%s/ca.crt", dir);
    c->token_file = cleat_sprintf("%s/token", dir);
    CLEAT_AUTO_BUF token = {0};
    CLEAT_TRY(cleat__rc_read_whole(c->token_file, 1 << 20, &token, e)); /* it must be there */
    CLEAT_AUTO_FREE char *ns_file = cleat_sprintf("%s/namespace", dir);
    CLEAT_AUTO_BUF ns = {0};
    if (cleat__rc_read_whole(ns_file, NAMESPACE_MAX, &ns, NULL) == CLEAT_OK) {
        ns.p[strcspn(ns.p, "\r\n")] = '\0';
        c->ns = ns.p[0] != '\0' ? cleat_strdup(ns.p) : NULL;
    }
    return CLEAT_OK;
}

static void add_text(struct cleat_buf *b, const char *key, const char *value) {
    if (value != NULL) {
        cleat_buf_printf(b, ",\"%s\":", key);
        cleat_buf_json(b, cleat_s(value));
    }
}

/* What a program that logs us in is told: of the cluster only where that is wanted. */
static cleat_err exec_info(struct cleat__rc_config *c, const char *proxy, struct cleat_error *e) {
    CLEAT_AUTO_BUF b = {0};
    CLEAT_AUTO_BUF ca = {0};
    CLEAT_AUTO_BUF coded = {0};
    cleat_buf_printf(
        &b,
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/%s\","
        "\"spec\":{\"interactive\":false",
        c->exec.version);
    if (c->exec.tells_cluster) {
        if (c->ca_data != NULL) {
            cleat_buf_puts(&ca, c->ca_data);
        } else if (c->ca_file != NULL) {
            CLEAT_TRY(cleat__rc_read_whole(c->ca_file, CA_MAX, &ca, e));
        }
        cleat_base64((struct cleat_str){ca.p, ca.n}, &coded);
        cleat_buf_puts(&b, ",\"cluster\":{\"server\":");
        cleat_buf_json(&b, cleat_s(c->server));
        add_text(&b, "tls-server-name", c->tls_server_name);
        add_text(&b, "certificate-authority-data", ca.n > 0 ? coded.p : NULL);
        add_text(&b, "proxy-url", proxy);
        cleat_buf_printf(&b, "%s,\"config\":%s}",
                         c->insecure ? ",\"insecure-skip-tls-verify\":true" : "",
                         c->exec.config != NULL ? c->exec.config : "null");
    }
    cleat_buf_puts(&b, "}}");
    c->exec.info = cleat_buf_take(&b);
    return CLEAT_OK;
}

cleat_err cleat__rc_config_read(const struct cleat_remote_opts *o, struct cleat__rc_config **ret,
                                struct cleat_error *e) {
    CLEAT_AUTO(cleat__rc_config) *c = cleat_zalloc(sizeof *c);
    if (o->kubeconfig != NULL) {
        CLEAT_TRY(cleat__rc_kubeconfig_read(o->kubeconfig, o->context, c, e));
    } else if (o->server == NULL) {
        CLEAT_TRY(in_cluster(o, c, e));
    }
    if (o->server != NULL) {
        free(c->server);
        c->server = cleat_strdup(o->server);
    }
    if (c->server == NULL) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s: its cluster has no server", o->kubeconfig);
    }
    bool secure = c->ca_file || c->ca_data || c->cert_file || c->cert_data || c->insecure;
    CLEAT_TRY(
        cleat__rc_url_parse(c->server, secure ? CLEAT__HTTPS : CLEAT__HTTP, "server", &c->url, e));
    if (c->url.scheme == CLEAT__SOCKS5) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "server \"%s\" is a proxy's URL", c->server);
    }
    if (c->insecure && (c->ca_file != NULL || c->ca_data != NULL)) {
        return cleat_fail(
            e, CLEAT_E_BAD_REQUEST,
            "specifying a root certificates file with the insecure flag is not allowed");
    }
    if (c->exec.command != NULL) {
        CLEAT_TRY(exec_info(c, c->proxy_text, e));
    }
    if (c->proxy.scheme == 0) {
        CLEAT_AUTO_FREE char *proxy = cleat__rc_proxy_from_env(&c->url);
        if (proxy != NULL) {
            CLEAT_TRY(
                cleat__rc_url_parse(proxy, CLEAT__HTTP, "the environment's proxy", &c->proxy, e));
        }
    }
    if (c->proxy.scheme == CLEAT__HTTPS) {
        return cleat_fail(e, CLEAT_E_UNSUPPORTED,
                          "proxies that are spoken to over TLS are not supported: use http:// or "
                          "socks5://");
    }
    *ret = CLEAT_STEAL(c);
    return CLEAT_OK;
}
