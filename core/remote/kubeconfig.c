/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kubeconfig files, merged as client-go does: of each cluster, user and context the
 * first file that names it counts and no other, so does the first current-context; a
 * file of a list may be missing; paths in a file are relative to it.
 */
#include "core/remote/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20, FILES = 64 };

struct source {
    char *path;
    cleat_obj *root;
};

struct reader {
    struct source sources[FILES];
    size_t n;
    const struct source *at; /* where what is read now stands: for paths and errors */
    struct cleat__rc_config *c;
    struct cleat_error *e;
};

cleat_err cleat__rc_read_whole(const char *path, size_t max, struct cleat_buf *out,
                               struct cleat_error *e) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", path, strerror(errno));
    }
    ssize_t n;
    do {
        cleat_buf_reserve(out, 16384);
        n = read(fd, out->p + out->n, 16384);
        out->n += n > 0 ? (size_t)n : 0;
    } while ((n > 0 && out->n <= max) || (n < 0 && errno == EINTR));
    int saved = errno;
    close(fd);
    out->p[out->n] = '\0';
    if (n < 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", path, strerror(saved));
    }
    return out->n > max ? cleat_fail(e, CLEAT_E_TOO_LARGE, "%s: more than %zu bytes", path, max)
                        : CLEAT_OK;
}

/* ---- texts ---- */

static cleat_err wrong(struct reader *r, const char *what, const char *why) {
    return cleat_fail(r->e, CLEAT_E_BAD_REQUEST, "%s: %s %s", r->at->path, what, why);
}

/* The text of a member; *ret stays NULL where it is absent, null or empty. */
static cleat_err text(struct reader *r, struct cleat_val map, const char *key, char **ret) {
    struct cleat_val v = cleat_val_get(map, key);
    int type = cleat_val_present(v) ? cleat_val_type(v) : CLEAT_NULL;
    if (type == CLEAT_NULL) {
        return CLEAT_OK;
    }
    if (type != CLEAT_STRING) {
        return wrong(r, key, "must be a string");
    }
    CLEAT_AUTO_FREE char *s = cleat_val_strdup(v);
    for (const unsigned char *p = (unsigned char *)s; *p != 0; p++) {
        if (*p < ' ' && *p != '\n' && *p != '\r' && *p != '\t') {
            return wrong(r, key, "has a control character");
        }
    }
    if (*s != '\0') {
        free(*ret);
        *ret = CLEAT_STEAL(s);
    }
    return CLEAT_OK;
}

/* What ends up in a header must be one line. */
static cleat_err line(struct reader *r, struct cleat_val map, const char *key, char **ret) {
    CLEAT_TRY(text(r, map, key, ret));
    if (*ret != NULL) {
        size_t n = strlen(*ret);
        while (n > 0 && strchr(" \t\r\n", (*ret)[n - 1]) != NULL) {
            (*ret)[--n] = '\0';
        }
        if (strpbrk(*ret, "\r\n") != NULL) {
            return wrong(r, key, "has more than one line");
        }
    }
    return CLEAT_OK;
}

static char *beside(const struct source *s, const char *path) {
    const char *slash = strrchr(s->path, '/');
    return path[0] == '/' || slash == NULL
               ? cleat_strdup(path)
               : cleat_sprintf("%.*s/%s", (int)(slash - s->path), s->path, path);
}

static cleat_err path(struct reader *r, struct cleat_val map, const char *key, char **ret) {
    CLEAT_TRY(text(r, map, key, ret));
    if (*ret != NULL) {
        CLEAT_AUTO_FREE char *was = *ret;
        *ret = beside(r->at, was);
    }
    return CLEAT_OK;
}

/* KEY-data, decoded, or the file that KEY names; data goes first. */
static cleat_err data_or_file(struct reader *r, struct cleat_val map, const char *key,
                              char **ret_data, char **ret_file) {
    CLEAT_AUTO_FREE char *data_key = cleat_sprintf("%s-data", key);
    CLEAT_AUTO_FREE char *coded = NULL;
    CLEAT_TRY(text(r, map, data_key, &coded));
    if (coded == NULL) {
        return path(r, map, key, ret_file);
    }
    CLEAT_AUTO_BUF out = {0};
    char *to = coded;
    for (const char *from = coded; *from != '\0'; from++) { /* lines are wrapped, sometimes */
        if (*from != '\n' && *from != '\r') {
            *to++ = *from;
        }
    }
    *to = '\0';
    if (!cleat_base64_decode(cleat_s(coded), &out) || out.n == 0 || memchr(out.p, 0, out.n)) {
        return wrong(r, data_key, "is no base64 of a PEM text");
    }
    *ret_data = cleat_buf_take(&out);
    return CLEAT_OK;
}

static cleat_err flag(struct reader *r, struct cleat_val map, const char *key, bool *ret) {
    struct cleat_val v = cleat_val_get(map, key);
    if (!cleat_val_present(v) || cleat_val_type(v) == CLEAT_NULL) {
        return CLEAT_OK;
    }
    if (cleat_val_type(v) != CLEAT_BOOL) {
        return wrong(r, key, "must be true or false");
    }
    *ret = cleat_val_bool(v, 0) != 0;
    return CLEAT_OK;
}

/* ---- entries ---- */

/* Looks in one file's list; a name that stands there twice is an error, as in client-go. */
static cleat_err find_in(struct reader *r, const char *list, const char *name, const char *member,
                         struct cleat_val *ret) {
    struct cleat_val all = cleat_val_get(cleat_obj_root(r->at->root), list);
    struct cleat_iter it = {0};
    *ret = (struct cleat_val){0};
    if (!cleat_val_present(all) || cleat_val_type(all) == CLEAT_NULL) {
        return CLEAT_OK;
    }
    if (cleat_val_type(all) != CLEAT_ARRAY) {
        return wrong(r, list, "must be a list");
    }
    while (cleat_val_next(all, &it)) {
        CLEAT_AUTO_FREE char *has = NULL;
        CLEAT_TRY(text(r, it.val, "name", &has));
        if (has == NULL || strcmp(has, name) != 0) {
            continue;
        }
        if (cleat_val_present(*ret)) {
            CLEAT_AUTO_FREE char *why = cleat_sprintf("has \"%s\" twice", name);
            return wrong(r, list, why);
        }
        *ret = cleat_val_get(it.val, member);
        if (!cleat_val_present(*ret)) {
            *ret = it.val; /* an entry that says nothing: none of its keys is one of the member's */
        }
    }
    return CLEAT_OK;
}

/* The first file that has it; r->at stays with that. */
static cleat_err find(struct reader *r, const char *list, const char *what, const char *name,
                      const char *member, struct cleat_val *ret) {
    for (size_t i = 0; i < r->n; i++) {
        r->at = &r->sources[i];
        CLEAT_TRY(find_in(r, list, name, member, ret));
        if (cleat_val_present(*ret)) {
            return CLEAT_OK;
        }
    }
    return cleat_fail(r->e, CLEAT_E_BAD_REQUEST, "%s \"%s\" does not exist in %s", what, name,
                      r->sources[0].path);
}

/* What the cluster has to say to programs that log us in. */
static cleat_err read_extension(struct reader *r, struct cleat_val list) {
    struct cleat_iter it = {0};
    while (cleat_val_present(list) && cleat_val_type(list) == CLEAT_ARRAY &&
           cleat_val_next(list, &it)) {
        CLEAT_AUTO_FREE char *name = NULL;
        CLEAT_TRY(text(r, it.val, "name", &name));
        struct cleat_val v = cleat_val_get(it.val, "extension");
        if (name != NULL && strcmp(name, "client.authentication.k8s.io/exec") == 0 &&
            cleat_val_present(v)) {
            free(r->c->exec.config);
            r->c->exec.config = cleat_strndup(cleat_val_raw(v));
        }
    }
    return CLEAT_OK;
}

static cleat_err read_cluster(struct reader *r, struct cleat_val v) {
    struct cleat__rc_config *c = r->c;
    CLEAT_TRY(text(r, v, "server", &c->server));
    CLEAT_TRY(text(r, v, "tls-server-name", &c->tls_server_name));
    CLEAT_TRY(flag(r, v, "insecure-skip-tls-verify", &c->insecure));
    CLEAT_TRY(data_or_file(r, v, "certificate-authority", &c->ca_data, &c->ca_file));
    CLEAT_TRY(text(r, v, "proxy-url", &c->proxy_text));
    CLEAT_TRY(read_extension(r, cleat_val_get(v, "extensions")));
    if (c->proxy_text != NULL) {
        CLEAT_TRY(cleat__rc_url_parse(c->proxy_text, 0, "proxy-url", &c->proxy, r->e));
    }
    return CLEAT_OK;
}

static cleat_err read_env(struct reader *r, struct cleat_val list, struct cleat__rc_exec *x) {
    struct cleat_iter it = {0};
    if (!cleat_val_present(list) || cleat_val_type(list) != CLEAT_ARRAY) {
        return CLEAT_OK;
    }
    x->env = cleat_array(cleat_val_count(list) + 1, sizeof *x->env);
    while (cleat_val_next(list, &it)) {
        struct cleat__rc_pair *p = &x->env[x->n_env++];
        CLEAT_TRY(text(r, it.val, "name", &p->name));
        CLEAT_TRY(text(r, it.val, "value", &p->value));
        if (p->name == NULL || strchr(p->name, '=') != NULL) {
            return wrong(r, "exec.env", "has an entry without a name that can be used");
        }
    }
    return CLEAT_OK;
}

static cleat_err read_texts(struct reader *r, struct cleat_val list, const char *what,
                            char ***ret) {
    struct cleat_iter it = {0};
    size_t n = 0;
    if (!cleat_val_present(list) || cleat_val_type(list) == CLEAT_NULL) {
        return CLEAT_OK;
    }
    if (cleat_val_type(list) != CLEAT_ARRAY) {
        return wrong(r, what, "must be a list of strings");
    }
    *ret = cleat_array(cleat_val_count(list) + 1, sizeof **ret);
    while (cleat_val_next(list, &it)) {
        (*ret)[n] = cleat_val_strdup(it.val);
        if ((*ret)[n++] == NULL) {
            return wrong(r, what, "must be a list of strings");
        }
    }
    return CLEAT_OK;
}

static cleat_err read_exec(struct reader *r, struct cleat_val v) {
    struct cleat__rc_exec *x = &r->c->exec;
    CLEAT_AUTO_FREE char *api = NULL, *mode = NULL, *command = NULL;
    static const char group[] = "client.authentication.k8s.io/";
    CLEAT_TRY(text(r, v, "command", &command));
    CLEAT_TRY(text(r, v, "apiVersion", &api));
    CLEAT_TRY(text(r, v, "installHint", &x->hint));
    CLEAT_TRY(text(r, v, "interactiveMode", &mode));
    CLEAT_TRY(flag(r, v, "provideClusterInfo", &x->tells_cluster));
    if (command == NULL) {
        return wrong(r, "exec.command", "must be specified");
    }
    if (api == NULL || strncmp(api, group, sizeof group - 1) != 0 ||
        (strcmp(api + sizeof group - 1, "v1") != 0 &&
         strcmp(api + sizeof group - 1, "v1beta1") != 0)) {
        return wrong(
            r, "exec.apiVersion",
            "must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1");
    }
    if (mode != NULL && strcmp(mode, "Always") == 0) {
        return wrong(r, "exec.interactiveMode", "is Always: there is nobody to ask");
    }
    x->version = cleat_strdup(api + sizeof group - 1);
    x->command = strchr(command, '/') != NULL ? beside(r->at, command) : CLEAT_STEAL(command);
    CLEAT_TRY(read_texts(r, cleat_val_get(v, "args"), "exec.args", &x->args));
    return read_env(r, cleat_val_get(v, "env"), x);
}

/* "impersonate-extra-KEY": what no header's name can have is escaped. */
static char *extra_header(struct cleat_str key) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b, "impersonate-extra-");
    size_t from = b.n;
    cleat__rc_escape(&b, key);
    for (size_t i = from; i < b.n; i++) {
        b.p[i] = (char)(b.p[i] >= 'A' && b.p[i] <= 'Z' ? b.p[i] + 32 : b.p[i]);
    }
    return cleat_buf_take(&b);
}

static cleat_err read_extra(struct reader *r, struct cleat_val map) {
    struct cleat__rc_config *c = r->c;
    struct cleat_iter it = {0};
    if (!cleat_val_present(map) || cleat_val_type(map) != CLEAT_OBJECT) {
        return CLEAT_OK;
    }
    while (cleat_val_next(map, &it)) {
        struct cleat_iter values = {0};
        while (cleat_val_type(it.val) == CLEAT_ARRAY && cleat_val_next(it.val, &values)) {
            c->as_extra = cleat_rearray(c->as_extra, c->n_as_extra + 1, sizeof *c->as_extra);
            struct cleat__rc_pair *p = &c->as_extra[c->n_as_extra++];
            *p = (struct cleat__rc_pair){extra_header(it.key), cleat_val_strdup(values.val)};
            if (p->value == NULL || strpbrk(p->value, "\r\n") != NULL) {
                return wrong(r, "as-user-extra", "must be lists of strings");
            }
        }
    }
    return CLEAT_OK;
}

static cleat_err read_user(struct reader *r, struct cleat_val v) {
    struct cleat__rc_config *c = r->c;
    CLEAT_TRY(path(r, v, "tokenFile", &c->token_file));
    CLEAT_TRY(line(r, v, "token", &c->token));
    CLEAT_TRY(line(r, v, "username", &c->username));
    CLEAT_TRY(line(r, v, "password", &c->password));
    CLEAT_TRY(data_or_file(r, v, "client-certificate", &c->cert_data, &c->cert_file));
    CLEAT_TRY(data_or_file(r, v, "client-key", &c->key_data, &c->key_file));
    CLEAT_TRY(line(r, v, "as", &c->as));
    CLEAT_TRY(line(r, v, "as-uid", &c->as_uid));
    CLEAT_TRY(read_texts(r, cleat_val_get(v, "as-groups"), "as-groups", &c->as_groups));
    for (size_t i = 0; c->as_groups != NULL && c->as_groups[i] != NULL; i++) {
        if (strpbrk(c->as_groups[i], "\r\n") != NULL) {
            return wrong(r, "as-groups", "has more than one line");
        }
    }
    CLEAT_TRY(read_extra(r, cleat_val_get(v, "as-user-extra")));
    size_t n_groups = 0;
    while (c->as_groups != NULL && c->as_groups[n_groups] != NULL) {
        n_groups++;
    }
    if (n_groups + c->n_as_extra > CLEAT__IMPERSONATION_MAX) {
        return wrong(r, "as-groups", "and as-user-extra together have too many entries");
    }
    struct cleat_val exec = cleat_val_get(v, "exec");
    if (cleat_val_present(exec) && cleat_val_type(exec) == CLEAT_OBJECT) {
        CLEAT_TRY(read_exec(r, exec));
    }
    struct cleat_val provider = cleat_val_get(v, "auth-provider");
    if (cleat_val_present(provider) && cleat_val_type(provider) == CLEAT_OBJECT) {
        return wrong(r, "auth-provider", "is not supported any more: use exec");
    }
    bool cert = c->cert_data != NULL || c->cert_file != NULL;
    bool key = c->key_data != NULL || c->key_file != NULL;
    if (cert != key) {
        return wrong(r, cert ? "client-key" : "client-certificate", "must be specified too");
    }
    return CLEAT_OK;
}

/* ---- files ---- */

static cleat_err load(struct reader *r, const char *file, bool may_be_missing) {
    CLEAT_AUTO_BUF yaml = {0};
    CLEAT_AUTO_BUF json = {0};
    if (may_be_missing && access(file, F_OK) != 0 && errno == ENOENT) {
        return CLEAT_OK;
    }
    if (r->n == FILES) {
        return cleat_fail(r->e, CLEAT_E_BAD_REQUEST, "more than %d kubeconfig files", FILES);
    }
    CLEAT_TRY(cleat__rc_read_whole(file, FILE_MAX, &yaml, r->e));
    if (strspn(yaml.p, " \t\r\n") == yaml.n) {
        return CLEAT_OK; /* an empty file says nothing */
    }
    struct cleat_error why = CLEAT_ERROR_INIT;
    cleat_obj *root = NULL;
    cleat_err err = cleat_yaml_to_json((struct cleat_str){yaml.p, yaml.n}, &json, &why);
    if (err == CLEAT_OK) {
        err = cleat_obj_parse((struct cleat_str){json.p, json.n}, CLEAT_PARSE_NO_DUPLICATES, &root,
                              &why);
    }
    if (err != CLEAT_OK) {
        return cleat_fail(r->e, CLEAT_E_BAD_REQUEST, "%s: %s", file, why.message);
    }
    r->sources[r->n++] = (struct source){cleat_strdup(file), root};
    struct cleat_str kind = cleat_val_str(cleat_val_get(cleat_obj_root(root), "kind"));
    if (kind.n > 0 && !cleat_eqc(kind, "Config")) {
        return cleat_fail(r->e, CLEAT_E_BAD_REQUEST, "%s: its kind is %.*s, not Config", file,
                          CLEAT_FMT(kind));
    }
    return CLEAT_OK;
}

static cleat_err load_all(struct reader *r, const char *files) {
    bool several = strchr(files, ':') != NULL;
    CLEAT_AUTO_FREE char *list = cleat_strdup(files);
    char *save = NULL;
    for (char *f = strtok_r(list, ":", &save); f != NULL; f = strtok_r(NULL, ":", &save)) {
        CLEAT_TRY(load(r, f, several));
    }
    if (r->n == 0) {
        return cleat_fail(r->e, CLEAT_E_BAD_REQUEST,
                          "%s: invalid configuration: no configuration has been provided", files);
    }
    return CLEAT_OK;
}

static cleat_err choose(struct reader *r, const char *context) {
    CLEAT_AUTO_FREE char *name = cleat_strdup(context);
    for (size_t i = 0; name == NULL && i < r->n; i++) {
        r->at = &r->sources[i];
        CLEAT_TRY(text(r, cleat_obj_root(r->at->root), "current-context", &name));
    }
    if (name == NULL) {
        return cleat_fail(r->e, CLEAT_E_BAD_REQUEST, "%s: no context is chosen",
                          r->sources[0].path);
    }
    struct cleat_val v;
    CLEAT_AUTO_FREE char *cluster = NULL, *user = NULL;
    CLEAT_TRY(find(r, "contexts", "context", name, "context", &v));
    CLEAT_TRY(text(r, v, "cluster", &cluster));
    CLEAT_TRY(text(r, v, "user", &user));
    CLEAT_TRY(text(r, v, "namespace", &r->c->ns));
    if (cluster == NULL) {
        return cleat_fail(r->e, CLEAT_E_BAD_REQUEST, "%s: context \"%s\" names no cluster",
                          r->at->path, name);
    }
    CLEAT_TRY(find(r, "clusters", "cluster", cluster, "cluster", &v));
    CLEAT_TRY(read_cluster(r, v));
    if (user != NULL) {
        CLEAT_TRY(find(r, "users", "user", user, "user", &v));
        CLEAT_TRY(read_user(r, v));
    }
    return CLEAT_OK;
}

cleat_err cleat__rc_kubeconfig_read(const char *files, const char *context,
                                    struct cleat__rc_config *c, struct cleat_error *e) {
    struct reader *r = cleat_zalloc(sizeof *r);
    r->c = c;
    r->e = e;
    cleat_err err = load_all(r, files);
    if (err == CLEAT_OK) {
        err = choose(r, context);
    }
    for (size_t i = 0; i < r->n; i++) {
        free(r->sources[i].path);
        cleat_obj_unref(r->sources[i].root);
    }
    free(r);
    return err;
}
