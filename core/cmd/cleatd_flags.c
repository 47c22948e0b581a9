/* SPDX-License-Identifier: Apache-2.0 */
/* What is made of the options; see cleatd_flags.h. Main thread only. */
#include "core/cmd/cleatd_flags.h"

#include "core/host/config.h"

#include <unistd.h>

/* ---- the command line -------------------------------------------------------- */

static int find(struct cleat_str name) {
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        if (cleat_eqc(name, cleatd_options[i].name)) {
            return i;
        }
    }
    return cleat_eqc(name, "h") ? FLAG_HELP : -1;
}

void cleatd_append(char ***v, size_t *n, char *s) {
    *v = cleat_rearray(*v, *n + 2, sizeof **v);
    (*v)[(*n)++] = s;
    (*v)[*n] = NULL;
}

static cleat_err take(struct cleatd_flags *f, int i, const char *value, struct cleat_error *e) {
    if (cleatd_options[i].type == CLEATD_SWITCH && strcmp(value, "true") != 0 &&
        strcmp(value, "false") != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--%s: bad value \"%s\": must be true or false",
                          cleatd_options[i].name, value);
    }
    if (i == FLAG_PLUGIN_DIR) {
        cleatd_append(&f->plugin_dirs, &f->n_plugin_dirs, cleat_strdup(value));
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
        bool is_switch = i >= 0 && cleatd_options[i].type == CLEATD_SWITCH;
        const char *next = a + 1 < argc ? argv[a + 1] : NULL;
        /* What is not ours may be a switch: it takes the next argument only where
         * that can be nothing else, for there are no positional ones. */
        if (value == NULL && !is_switch && next != NULL && (i >= 0 || next[0] != '-')) {
            value = next;
            a++;
        }
        if (value == NULL && i >= 0 && !is_switch) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--%s needs a value", cleatd_options[i].name);
        }
        value = value != NULL ? value : "true";
        if (i < 0) {
            cleatd_append(&f->others, &f->n_others,
                          cleat_sprintf("%.*s=%s", CLEAT_FMT(name), value));
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
        if (!cleatd_options[i].not_in_file) {
            cleatd_append(&f->config_keys, &n_keys, cleat_config_key(cleatd_options[i].name));
        }
    }
    if (file == NULL) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_yaml) *root = NULL;
    CLEAT_TRY(cleat_config_read(file, (const char *const *)f->config_keys, &root, e));
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        if (cleatd_options[i].not_in_file || f->given[i]) {
            continue;
        }
        CLEAT_AUTO_FREE char *key = cleat_config_key(cleatd_options[i].name);
        char *value = NULL;
        CLEAT_TRY(cleat_config_list(root, file, key, &value, e));
        if (value == NULL) {
            continue;
        }
        free(f->text[i]);
        f->text[i] = value;
        const struct cleat_yaml *y = cleat_yaml_get(root, key);
        for (size_t k = 0; i == FLAG_PLUGIN_DIR && k < y->n; k++) {
            cleatd_append(&f->plugin_dirs, &f->n_plugin_dirs, cleat_strdup(y->items[k]->text));
        }
        if (i == FLAG_PLUGIN_DIR && y->type == CLEAT_YAML_SCALAR) {
            cleatd_append(&f->plugin_dirs, &f->n_plugin_dirs, cleat_strdup(value));
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
                          "--%s: bad value \"%s\": must be a number from %ld to %ld",
                          cleatd_options[i].name, text, min, max);
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
        cleatd_append(&f->plugin_dirs, &f->n_plugin_dirs, dir);
    }
}

static cleat_err to_duration(const struct cleatd_flags *f, int i, cleat_time min, cleat_time *ret,
                             struct cleat_error *e) {
    if (cleat_duration_parse(cleat_s(f->text[i]), ret) != CLEAT_OK || *ret < min) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--%s: bad value \"%s\": must be a duration such as \"1h\"",
                          cleatd_options[i].name, f->text[i]);
    }
    return CLEAT_OK;
}

static cleat_err to_number(const struct cleatd_flags *f, int i, double *ret,
                           struct cleat_error *e) {
    char *end;
    *ret = strtod(f->text[i], &end);
    if (end == f->text[i] || *end != 0 || !(*ret > -1e9 && *ret < 1e9)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--%s: bad value \"%s\": must be a number",
                          cleatd_options[i].name, f->text[i]);
    }
    return CLEAT_OK;
}

static bool is_true(const struct cleatd_flags *f, int i) {
    return f->text[i] != NULL && strcmp(f->text[i], "true") == 0;
}

static bool has_text(const struct cleatd_flags *f, int i) {
    return f->text[i] != NULL && f->text[i][0] != 0;
}

/* An empty --kubeconfig or --master is what a variable without a value leaves: neither of the
 * two modes can have been meant. */
static cleat_err find_mode(struct cleatd_flags *f, struct cleat_error *e) {
    bool where = has_text(f, FLAG_KUBECONFIG) || has_text(f, FLAG_MASTER);
    bool said = f->text[FLAG_ATTACH] != NULL, attach = is_true(f, FLAG_ATTACH);
    bool empty = f->text[FLAG_KUBECONFIG] != NULL || f->text[FLAG_MASTER] != NULL;
    if (said && !attach && where) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--attach=false, but --kubeconfig or --master says where to");
    }
    if (!where && empty && !said) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--kubeconfig and --master are empty: give --attach to use the service "
                          "account of this pod, or leave them out to run an API server");
    }
    f->mode = where || attach ? CLEATD_ATTACHED : CLEATD_EMBEDDED;
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        if (i == FLAG_ATTACH || f->text[i] == NULL || (cleatd_options[i].modes & f->mode) != 0) {
            continue;
        }
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          f->mode == CLEATD_ATTACHED
                              ? "--%s is for a cleatd with an API server of its own; this one is "
                                "attached to another"
                              : "--%s is for a cleatd that is attached to an API server elsewhere: "
                                "--kubeconfig, --master or --attach are missing",
                          cleatd_options[i].name);
    }
    return CLEAT_OK;
}

static cleat_err finish_embedded(struct cleatd_flags *f, struct cleat_error *e) {
    CLEAT_TRY(to_int(f, FLAG_INSECURE_PORT, -1, 65535, &f->insecure_port, e));
    CLEAT_TRY(to_int(f, FLAG_NOT_READY_TOLERATION, 1, 1 << 30, &f->not_ready_s, e));
    CLEAT_TRY(to_int(f, FLAG_UNREACHABLE_TOLERATION, 1, 1 << 30, &f->unreachable_s, e));
    CLEAT_TRY(to_int(f, FLAG_MAX_REQUESTS, 0, 1 << 30, &f->max_requests, e));
    CLEAT_TRY(to_int(f, FLAG_MAX_MUTATING, 0, 1 << 30, &f->max_mutating, e));
    CLEAT_TRY(to_duration(f, FLAG_EVENT_TTL, 1, &f->event_ttl, e));
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
    if (f->text[FLAG_DATA_DIR] == NULL) {
        f->text[FLAG_DATA_DIR] = default_data_dir();
    }
    if (f->text[FLAG_DATA_DIR] == NULL || f->text[FLAG_DATA_DIR][0] == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--data-dir is not given and there is no home");
    }
    return CLEAT_OK;
}

static cleat_err finish_attached(struct cleatd_flags *f, struct cleat_error *e) {
    f->leader_elect = is_true(f, FLAG_LEADER_ELECT);
    f->sa_credentials = is_true(f, FLAG_SA_CREDENTIALS);
    CLEAT_TRY(to_number(f, FLAG_QPS, &f->qps, e));
    CLEAT_TRY(to_int(f, FLAG_BURST, 1, 1 << 30, &f->burst, e));
    CLEAT_TRY(to_duration(f, FLAG_LEADER_LEASE_DURATION, 1, &f->lease_duration, e));
    CLEAT_TRY(to_duration(f, FLAG_LEADER_RENEW_DEADLINE, 1, &f->renew_deadline, e));
    CLEAT_TRY(to_duration(f, FLAG_LEADER_RETRY_PERIOD, 1, &f->retry_period, e));
    CLEAT_TRY(to_duration(f, FLAG_START_INTERVAL, 0, &f->start_interval, e));
    f->skips_lookup = is_true(f, FLAG_AUTHENTICATION_SKIP_LOOKUP);
    f->tolerates = is_true(f, FLAG_AUTHENTICATION_TOLERATE);
    CLEAT_TRY(to_duration(f, FLAG_AUTHENTICATION_TTL, 0, &f->token_ttl, e));
    CLEAT_TRY(to_duration(f, FLAG_AUTHORIZATION_YES_TTL, 0, &f->yes_ttl, e));
    CLEAT_TRY(to_duration(f, FLAG_AUTHORIZATION_NO_TTL, 0, &f->no_ttl, e));
    if (strcmp(f->text[FLAG_LEADER_RESOURCE_LOCK], "leases") != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "resourceLock value must be \"leases\"");
    }
    const char *crds = f->text[FLAG_MANAGE_CRDS];
    if (strcmp(crds, "auto") != 0 && strcmp(crds, "true") != 0 && strcmp(crds, "false") != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--manage-crds: bad value \"%s\": must be auto, true or false", crds);
    }
    return cleatd_upstream_flags(f, e);
}

cleat_err cleatd_flags_finish(struct cleatd_flags *f, struct cleat_error *e) {
    CLEAT_TRY(from_file(f, e));
    CLEAT_TRY(find_mode(f, e));
    bool attached = f->mode == CLEATD_ATTACHED;
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        const char *def = cleatd_options[i].def;
        if (attached) { /* upstream's port; the cluster's ranges are not ours to assume */
            def = i == FLAG_SECURE_PORT ? "10258" : i == FLAG_SERVICE_IP_RANGE ? NULL : def;
        }
        if (f->text[i] == NULL && def != NULL && (cleatd_options[i].modes & f->mode) != 0) {
            f->text[i] = cleat_strdup(def);
        }
    }
    CLEAT_TRY(to_int(f, FLAG_SECURE_PORT, -1, 65535, &f->secure_port, e));
    CLEAT_TRY(to_int(f, FLAG_V, 0, 100, &f->v, e));
    if ((f->text[FLAG_TLS_CERT_FILE] == NULL) != (f->text[FLAG_TLS_PRIVATE_KEY_FILE] == NULL)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--tls-cert-file and --tls-private-key-file need each other");
    }
    default_plugin_dir(f);
    return attached ? finish_attached(f, e) : finish_embedded(f, e);
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
    free_all(f->own);
    free_all(f->config_keys);
}

static void help_of(struct cleat_buf *out, int modes, const char *title) {
    cleat_buf_puts(out, title);
    for (int i = 0; i < CLEATD_N_FLAGS; i++) {
        const struct cleatd_option *t = &cleatd_options[i];
        if (t->modes != modes) {
            continue;
        }
        cleat_buf_printf(out, "  --%s%s%s\n      %s", t->name, t->argument ? " " : "",
                         t->argument ? t->argument : "", t->help);
        if (t->def != NULL) {
            cleat_buf_printf(out, " (default %s)", t->def);
        }
        cleat_buf_putc(out, '\n');
    }
}

void cleatd_flags_help(struct cleat_buf *out) {
    cleat_buf_puts(out, "cleatd: a Kubernetes-compatible control plane, extended by plugins\n\n"
                        "Usage: cleatd [flags]\n");
    help_of(out, CLEATD_EMBEDDED | CLEATD_ATTACHED,
            "\nFlags (also keys of the --config file, in camelCase):\n");
    help_of(out, CLEATD_EMBEDDED, "\nWith an API server of its own:\n");
    help_of(out, CLEATD_ATTACHED, "\nAttached to an API server elsewhere:\n");
}
