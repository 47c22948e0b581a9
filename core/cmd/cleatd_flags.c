/* SPDX-License-Identifier: Apache-2.0 */
/* The option table and what is made of it; see cleatd_flags.h. Main thread only. */
#include "core/cmd/cleatd_flags.h"

#include "core/host/config.h"

#include <unistd.h>

enum { STRING, INTEGER, SWITCH, DURATION, REPEATED };
enum { NOT_IN_FILE = 1 };

static const struct flag {
    const char *name;
    int type, in_file;
    const char *def, *argument, *help;
} table[CLEATD_N_FLAGS] = {
    [FLAG_BIND_ADDRESS] = {"bind-address", STRING, 0, "0.0.0.0", "IP",
                           "address on which --secure-port listens"},
    [FLAG_SECURE_PORT] = {"secure-port", INTEGER, 0, "6443", "PORT",
                          "port for HTTPS; 0 = off, -1 = any free one"},
    [FLAG_INSECURE_PORT] = {"insecure-port", INTEGER, 0, "0", "PORT",
                            "port for plain HTTP on loopback, as cluster admin; 0 = off, -1 = any "
                            "free one"},
    [FLAG_UNIX_SOCKET] = {"unix-socket", STRING, 0, NULL, "PATH",
                          "also listen on a Unix socket, as cluster admin for its owner and root"},
    [FLAG_TOKEN_AUTH_FILE] = {"token-auth-file", STRING, 0, NULL, "FILE",
                              "CSV of bearer tokens: token,user,uid,\"group1,group2\""},
    [FLAG_AUTHORIZATION_MODE] = {"authorization-mode", STRING, 0, "RBAC", "MODE",
                                 "RBAC, or AlwaysAllow: everybody who is known may do all"},
    [FLAG_ANONYMOUS_AUTH] = {"anonymous-auth", STRING, 0, "true", "BOOL",
                             "whether who shows nothing is system:anonymous, or refused"},
    [FLAG_SERVICE_ACCOUNT_ISSUER] = {"service-account-issuer", STRING, 0, NULL, "URL",
                                     "issuer of service accounts' tokens (default "
                                     "https://kubernetes.default.svc.cluster.local)"},
    [FLAG_SERVICE_ACCOUNT_JWKS_URI] = {"service-account-jwks-uri", STRING, 0, NULL, "URL",
                                       "where the issuer's keys are (default: below the issuer)"},
    [FLAG_SERVICE_ACCOUNT_KEY_FILE] = {"service-account-key-file", STRING, 0, NULL, "FILES",
                                       "more keys that tokens may be signed with, separated by "
                                       "commas"},
    [FLAG_SERVICE_ACCOUNT_SIGNING_KEY_FILE] =
        {"service-account-signing-key-file", STRING, 0, NULL, "FILE",
         "private key that signs tokens (default: one made at first start)"},
    [FLAG_API_AUDIENCES] = {"api-audiences", STRING, 0, NULL, "LIST",
                            "audiences that tokens for this server are for (default: the issuer)"},
    [FLAG_ENCRYPTION_PROVIDER_CONFIG] =
        {"encryption-provider-config", STRING, 0, NULL, "FILE",
         "which kinds are stored encrypted, and the keys (EncryptionConfiguration: aesgcm, "
         "identity)"},
    [FLAG_CLIENT_CA_FILE] =
        {"client-ca-file", STRING, 0, NULL, "FILE",
         "CA that signs client certificates (default: one made at first start)"},
    [FLAG_TLS_CERT_FILE] = {"tls-cert-file", STRING, 0, NULL, "FILE",
                            "certificate for HTTPS (default: one made at first start)"},
    [FLAG_TLS_PRIVATE_KEY_FILE] = {"tls-private-key-file", STRING, 0, NULL, "FILE",
                                   "key of --tls-cert-file"},
    [FLAG_ADVERTISE_ADDRESS] = {"advertise-address", STRING, 0, NULL, "IP",
                                "address of this server that the kubernetes service names "
                                "(default: --bind-address, or one of this machine)"},
    [FLAG_SERVICE_IP_RANGE] = {"service-cluster-ip-range", STRING, 0, "10.0.0.0/24", "CIDRS",
                               "network that services get their addresses from; two, of two "
                               "families, with a comma"},
    [FLAG_SERVICE_NODE_PORTS] = {"service-node-port-range", STRING, 0, "30000-32767", "PORTS",
                                 "ports that services of type NodePort get"},
    [FLAG_ENABLE_ADMISSION] = {"enable-admission-plugins", STRING, 0, NULL, "NAMES",
                               "steps of admission that are on besides those that are by default"},
    [FLAG_DISABLE_ADMISSION] = {"disable-admission-plugins", STRING, 0, NULL, "NAMES",
                                "steps of admission that are off"},
    [FLAG_NOT_READY_TOLERATION] = {"default-not-ready-toleration-seconds", INTEGER, 0, "300",
                                   "SECONDS",
                                   "how long pods that do not say stay on a node that is not "
                                   "ready"},
    [FLAG_UNREACHABLE_TOLERATION] = {"default-unreachable-toleration-seconds", INTEGER, 0, "300",
                                     "SECONDS", "the same for a node that is not reachable"},
    [FLAG_CONTROLLERS] = {"controllers", STRING, NOT_IN_FILE, NULL, "LIST",
                          "controllers to run: \"*\" for all that are on by default, \"foo\" to "
                          "add, \"-foo\" to leave out (default \"*\")"},
    [FLAG_CLOUD_PROVIDER] = {"cloud-provider", STRING, NOT_IN_FILE, NULL, "NAMES",
                             "cloud providers to run, separated by commas"},
    [FLAG_CLOUD_CONFIG] = {"cloud-config", STRING, 0, NULL, "FILE",
                           "the one provider's section of the configuration, YAML or JSON"},
    [FLAG_KUBECONFIG] = {"kubeconfig", STRING, 0, NULL, "FILE",
                         "attach to another API server: not there yet"},
    [FLAG_MAX_REQUESTS] = {"max-requests-inflight", INTEGER, 0, "400", "N",
                           "reads under way at a time, but for administrators; 0 = no limit"},
    [FLAG_MAX_MUTATING] = {"max-mutating-requests-inflight", INTEGER, 0, "200", "N",
                           "writes under way at a time, but for administrators; 0 = no limit"},
    [FLAG_EVENT_TTL] = {"event-ttl", DURATION, 0, "1h0m0s", "DURATION", "how long to keep events"},
    [FLAG_CONFIG] = {"config", STRING, NOT_IN_FILE, NULL, "FILE",
                     "configuration, YAML or JSON; read again on SIGHUP"},
    [FLAG_DATA_DIR] =
        {"data-dir", STRING, 0, NULL, "DIR",
         "database, keys and admin.kubeconfig (default: /var/lib/cleat for root, else "
         "under $XDG_DATA_HOME or ~/.local/share)"},
    [FLAG_PLUGIN_DIR] = {"plugin-dir", REPEATED, 0, NULL, "DIR",
                         "where plugins are; may be repeated, the first wins (default: "
                         "lib/cleat/plugins beside the program's folder)"},
    [FLAG_V] = {"v", INTEGER, 0, "0", "LEVEL", "how much to log: 4 = debug, 6 = trace"},
    [FLAG_VERSION] = {"version", SWITCH, NOT_IN_FILE, NULL, NULL, "print the version"},
    [FLAG_HELP] = {"help", SWITCH, NOT_IN_FILE, NULL, NULL, "print this"},
};

/* ---- the command line -------------------------------------------------------- */

static int find(struct cleat_str name) {
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        if (cleat_eqc(name, table[i].name)) {
            return i;
        }
    }
    return cleat_eqc(name, "h") ? FLAG_HELP : -1;
}

static void append(char ***v, size_t *n, char *s) {
    *v = cleat_rearray(*v, *n + 2, sizeof **v);
    (*v)[(*n)++] = s;
    (*v)[*n] = NULL;
}

static cleat_err take(struct cleatd_flags *f, int i, const char *value, struct cleat_error *e) {
    if (table[i].type == SWITCH && strcmp(value, "true") != 0 && strcmp(value, "false") != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--%s: bad value \"%s\": must be true or false",
                          table[i].name, value);
    }
    if (i == FLAG_PLUGIN_DIR) {
        append(&f->plugin_dirs, &f->n_plugin_dirs, cleat_strdup(value));
    }
    free(f->text[i]);
    f->text[i] = cleat_strdup(value);
    f->given[i] = true;
    return CLEAT_OK;
}

cleat_err cleatd_flags_parse(struct cleatd_flags *f, int argc, char **argv, struct cleat_error *e) {
    for (int a = 1; a < argc; a++) {
        const char *arg = argv[a];
        size_t dashes = strspn(arg, "-");
        if (dashes == 0 || dashes > 2 || arg[dashes] == 0) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "unexpected argument \"%s\"", arg);
        }
        arg += dashes;
        struct cleat_str name = {arg, strcspn(arg, "=")};
        int i = find(name);
        const char *value = arg[name.n] == '=' ? arg + name.n + 1 : NULL;
        bool is_switch = i >= 0 && table[i].type == SWITCH;
        const char *next = a + 1 < argc ? argv[a + 1] : NULL;
        /* What is not ours may be a switch: it takes the next argument only where
         * that can be nothing else, for there are no positional ones. */
        if (value == NULL && !is_switch && next != NULL && (i >= 0 || next[0] != '-')) {
            value = next;
            a++;
        }
        if (value == NULL && i >= 0 && !is_switch) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--%s needs a value", table[i].name);
        }
        value = value != NULL ? value : "true";
        if (i < 0) {
            append(&f->others, &f->n_others, cleat_sprintf("%.*s=%s", CLEAT_FMT(name), value));
        } else {
            CLEAT_TRY(take(f, i, value, e));
        }
    }
    return CLEAT_OK;
}

/* ---- file, defaults, checks ------------------------------------------------------ */

static cleat_err from_file(struct cleatd_flags *f, struct cleat_error *e) {
    const char *file = f->text[FLAG_CONFIG];
    size_t n_keys = 0;
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        if (table[i].in_file != NOT_IN_FILE) {
            append(&f->config_keys, &n_keys, cleat_config_key(table[i].name));
        }
    }
    if (file == NULL) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_yaml) *root = NULL;
    CLEAT_TRY(cleat_config_read(file, (const char *const *)f->config_keys, &root, e));
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        if (table[i].in_file == NOT_IN_FILE || f->given[i]) {
            continue;
        }
        CLEAT_AUTO_FREE char *key = cleat_config_key(table[i].name);
        char *value = NULL;
        CLEAT_TRY(cleat_config_list(root, file, key, &value, e));
        if (value == NULL) {
            continue;
        }
        free(f->text[i]);
        f->text[i] = value;
        const struct cleat_yaml *y = cleat_yaml_get(root, key);
        for (size_t k = 0; i == FLAG_PLUGIN_DIR && k < y->n; k++) {
            append(&f->plugin_dirs, &f->n_plugin_dirs, cleat_strdup(y->items[k]->text));
        }
        if (i == FLAG_PLUGIN_DIR && y->type == CLEAT_YAML_SCALAR) {
            append(&f->plugin_dirs, &f->n_plugin_dirs, cleat_strdup(value));
        }
    }
    return CLEAT_OK;
}

static cleat_err to_int(const struct cleatd_flags *f, int i, long min, long max, int *ret,
                        struct cleat_error *e) {
    char *end;
    const char *text = f->text[i];
    long v = strtol(text, &end, 10);
    if (end == text || *end != 0 || v < min || v > max) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--%s: bad value \"%s\": must be a number from %ld to %ld", table[i].name,
                          text, min, max);
    }
    *ret = (int)v;
    return CLEAT_OK;
}

static char *default_data_dir(void) {
    const char *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (geteuid() == 0) {
        return cleat_strdup("/var/lib/cleat");
    }
    if (xdg != NULL && xdg[0] == '/') {
        return cleat_sprintf("%s/cleat", xdg);
    }
    return home != NULL && home[0] == '/' ? cleat_sprintf("%s/.local/share/cleat", home) : NULL;
}

static void default_plugin_dir(struct cleatd_flags *f) {
    static const char *const prefixes[] = {"/usr/local/lib/cleat/plugins", "/usr/lib/cleat/plugins",
                                           NULL};
    if (f->n_plugin_dirs > 0) {
        return;
    }
    char *dir = cleat_beside_program("lib/cleat/plugins");
    for (size_t i = 0; dir == NULL && prefixes[i] != NULL; i++) {
        dir = access(prefixes[i], R_OK | X_OK) == 0 ? cleat_strdup(prefixes[i]) : NULL;
    }
    if (dir != NULL) {
        append(&f->plugin_dirs, &f->n_plugin_dirs, dir);
    }
}

cleat_err cleatd_flags_finish(struct cleatd_flags *f, struct cleat_error *e) {
    CLEAT_TRY(from_file(f, e));
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        if (f->text[i] == NULL && table[i].def != NULL) {
            f->text[i] = cleat_strdup(table[i].def);
        }
    }
    CLEAT_TRY(to_int(f, FLAG_SECURE_PORT, -1, 65535, &f->secure_port, e));
    CLEAT_TRY(to_int(f, FLAG_INSECURE_PORT, -1, 65535, &f->insecure_port, e));
    CLEAT_TRY(to_int(f, FLAG_NOT_READY_TOLERATION, 1, 1 << 30, &f->not_ready_s, e));
    CLEAT_TRY(to_int(f, FLAG_UNREACHABLE_TOLERATION, 1, 1 << 30, &f->unreachable_s, e));
    CLEAT_TRY(to_int(f, FLAG_MAX_REQUESTS, 0, 1 << 30, &f->max_requests, e));
    CLEAT_TRY(to_int(f, FLAG_MAX_MUTATING, 0, 1 << 30, &f->max_mutating, e));
    CLEAT_TRY(to_int(f, FLAG_V, 0, 100, &f->v, e));
    const char *ttl = f->text[FLAG_EVENT_TTL];
    if (cleat_duration_parse(cleat_s(ttl), &f->event_ttl) != CLEAT_OK || f->event_ttl <= 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--event-ttl: bad value \"%s\": must be a duration such as \"1h\"", ttl);
    }
    const char *mode = f->text[FLAG_AUTHORIZATION_MODE];
    f->always_allow = strcmp(mode, "AlwaysAllow") == 0;
    if (!f->always_allow && strcmp(mode, "RBAC") != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--authorization-mode: bad value \"%s\": must be RBAC or AlwaysAllow",
                          mode);
    }
    const char *anonymous = f->text[FLAG_ANONYMOUS_AUTH];
    f->anonymous_auth = strcmp(anonymous, "true") == 0;
    if (!f->anonymous_auth && strcmp(anonymous, "false") != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--anonymous-auth: bad value \"%s\": must be true or false", anonymous);
    }
    if (f->always_allow) {
        f->anonymous_auth = false; /* as upstream: or else anybody could do anything */
    }
    if (f->text[FLAG_KUBECONFIG] != NULL) {
        return cleat_fail(e, CLEAT_E_UNSUPPORTED,
                          "--kubeconfig: running attached to another API server is not there yet");
    }
    if ((f->text[FLAG_TLS_CERT_FILE] == NULL) != (f->text[FLAG_TLS_PRIVATE_KEY_FILE] == NULL)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--tls-cert-file and --tls-private-key-file need each other");
    }
    if (f->text[FLAG_DATA_DIR] == NULL) {
        f->text[FLAG_DATA_DIR] = default_data_dir();
    }
    if (f->text[FLAG_DATA_DIR] == NULL || f->text[FLAG_DATA_DIR][0] == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--data-dir is not given and there is no home");
    }
    default_plugin_dir(f);
    return CLEAT_OK;
}

static void free_all(char **v) {
    for (size_t i = 0; v != NULL && v[i] != NULL; i++) {
        free(v[i]);
    }
    free(v);
}

void cleatd_flags_done(struct cleatd_flags *f) {
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        free(f->text[i]);
    }
    free_all(f->plugin_dirs);
    free_all(f->others);
    free_all(f->config_keys);
}

void cleatd_flags_help(struct cleat_buf *out) {
    cleat_buf_puts(out, "cleatd: a Kubernetes-compatible control plane, extended by plugins\n\n"
                        "Usage: cleatd [flags]\n\nFlags (also keys of the --config file, in "
                        "camelCase):\n");
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        const struct flag *t = &table[i];
        cleat_buf_printf(out, "  --%s%s%s\n      %s", t->name, t->argument ? " " : "",
                         t->argument ? t->argument : "", t->help);
        if (t->def != NULL) {
            cleat_buf_printf(out, " (default %s)", t->def);
        }
        cleat_buf_putc(out, '\n');
    }
}
