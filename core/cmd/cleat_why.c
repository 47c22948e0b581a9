/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleat why, cleat graph: ask the garbage collector about an object, by an
 * Explanation that is deleted when it was read.
 */
#include "core/cmd/cleat.h"
#include "core/cmd/cleat_api.h"

#include <strings.h>
#include <unistd.h>

#define ANSWER_TIMEOUT (10 * CLEAT_SECOND)

struct ask {
    const char *kubeconfig, *ns, *kind, *name, *uid, *picture;
    bool if_deleted;
};

/* ---- which kind ---- */

struct found {
    char *api_version, *kind;
    bool namespaced;
};

static bool is_named(cleat_obj *list, struct cleat_val r, const char *want) {
    struct cleat_str gv = cleat_val_str(cleat_obj_at(list, CLEAT_PATH("groupVersion")));
    struct cleat_str name = cleat_val_str(cleat_val_get(r, "name"));
    CLEAT_AUTO_FREE char *plural = cleat_strndup(name);
    CLEAT_AUTO_FREE char *single = cleat_strndup(cleat_val_str(cleat_val_get(r, "singularName")));
    CLEAT_AUTO_FREE char *kind = cleat_strndup(cleat_val_str(cleat_val_get(r, "kind")));
    CLEAT_AUTO_FREE char *group = cleat_strndup(gv);
    group[strcspn(group, "/")] = 0;
    CLEAT_AUTO_FREE char *full = cleat_sprintf("%s.%s", plural, group);
    const char *const names[] = {plural, single, kind, full};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i][0] != 0 && strcasecmp(names[i], want) == 0) {
            return true;
        }
    }
    struct cleat_iter it = {0};
    while (cleat_val_next(cleat_val_get(r, "shortNames"), &it)) {
        if (cleat_eqc(cleat_val_str(it.val), want)) {
            return true;
        }
    }
    return false;
}

static bool look(cleat_obj *list, const char *want, struct found *ret) {
    struct cleat_iter it = {0};
    while (cleat_val_next(cleat_obj_at(list, CLEAT_PATH("resources")), &it)) {
        struct cleat_str name = cleat_val_str(cleat_val_get(it.val, "name"));
        if (memchr(name.p, '/', name.n) == NULL && is_named(list, it.val, want)) {
            ret->api_version =
                cleat_strndup(cleat_val_str(cleat_obj_at(list, CLEAT_PATH("groupVersion"))));
            ret->kind = cleat_strndup(cleat_val_str(cleat_val_get(it.val, "kind")));
            ret->namespaced = cleat_val_bool(cleat_val_get(it.val, "namespaced"), 0);
            return true;
        }
    }
    return false;
}

static cleat_err find(cleat_cmd_api *a, const char *want, struct found *ret,
                      struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *core = NULL, *groups = NULL;
    CLEAT_TRY(cleat_cmd_api_request(a, "GET", "/api/v1", NULL, &core, e));
    if (look(core, want, ret)) {
        return CLEAT_OK;
    }
    CLEAT_TRY(cleat_cmd_api_request(a, "GET", "/apis", NULL, &groups, e));
    struct cleat_iter it = {0};
    while (cleat_val_next(cleat_obj_at(groups, CLEAT_PATH("groups")), &it)) {
        struct cleat_str gv =
            cleat_val_str(cleat_val_at(it.val, CLEAT_PATH("preferredVersion", "groupVersion")));
        CLEAT_AUTO_FREE char *path = cleat_sprintf("/apis/%.*s", CLEAT_FMT(gv));
        CLEAT_AUTO(cleat_obj) *list = NULL;
        CLEAT_TRY(cleat_cmd_api_request(a, "GET", path, NULL, &list, e));
        if (look(list, want, ret)) {
            return CLEAT_OK;
        }
    }
    return cleat_fail(e, CLEAT_E_NOT_FOUND, "the server doesn't have a resource type \"%s\"", want);
}

/* ---- the answer, for people ---- */

static char *field(struct cleat_val v, const char *key) {
    char *text = cleat_val_strdup(cleat_val_get(v, key));
    return text != NULL ? text : cleat_strdup("");
}

static void print_field(const char *before, struct cleat_val v, const char *key,
                        const char *after) {
    CLEAT_AUTO_FREE char *text = field(v, key);
    printf("%s%s%s", before, text, after);
}

static void print_status(struct cleat_val status, bool if_deleted) {
    struct cleat_iter it = {0};
    print_field("", status, "verdict", ": ");
    print_field("", status, "message", "\n");
    while (cleat_val_next(cleat_val_get(status, "owners"), &it)) {
        print_field("  owner ", it.val, "kind", " ");
        print_field("", it.val, "name", "");
        print_field(" (", it.val, "uid", "): ");
        print_field("", it.val, "standing", "");
        CLEAT_AUTO_FREE char *why = field(it.val, "message");
        printf("%s%s\n", why[0] != 0 ? ", " : "", why);
    }
    int64_t dependents = 0, blocking = 0, would_go = 0;
    cleat_val_int(cleat_val_get(status, "dependents"), &dependents);
    cleat_val_int(cleat_val_get(status, "blocking"), &blocking);
    if (dependents > 0) {
        printf("  dependents: %lld, of which %lld would hold it up in the foreground\n",
               (long long)dependents, (long long)blocking);
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(cleat_val_get(status, "blockedBy"), &it)) {
        CLEAT_AUTO_FREE char *who = cleat_val_strdup(it.val);
        printf("    %s\n", who);
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(cleat_val_get(status, "history"), &it)) {
        print_field("  ", it.val, "time", " ");
        print_field("", it.val, "message", "\n");
    }
    if (if_deleted) {
        cleat_val_int(cleat_val_get(status, "wouldGo"), &would_go);
        printf("  with it would go %lld: ", (long long)would_go);
        print_field("", status, "wouldGoToo", "\n");
    }
}

/* ---- question and answer ---- */

static char *question(const struct ask *q, const struct found *f) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b, "{\"apiVersion\":\"cleat.dev/v1alpha1\",\"kind\":\"Explanation\","
                       "\"metadata\":{\"generateName\":\"why-\"},\"spec\":{\"apiVersion\":");
    cleat_buf_json(&b, cleat_s(f->api_version));
    cleat_buf_puts(&b, ",\"kind\":");
    cleat_buf_json(&b, cleat_s(f->kind));
    cleat_buf_puts(&b, ",\"name\":");
    cleat_buf_json(&b, cleat_s(q->name));
    if (q->uid != NULL) {
        cleat_buf_puts(&b, ",\"uid\":");
        cleat_buf_json(&b, cleat_s(q->uid));
    }
    if (q->picture != NULL) {
        cleat_buf_printf(&b, ",\"picture\":\"%s\"", q->picture);
    }
    cleat_buf_printf(&b, ",\"ifDeleted\":%s}}", q->if_deleted ? "true" : "false");
    return cleat_buf_take(&b);
}

static cleat_err await(cleat_cmd_api *a, const char *path, cleat_obj **ret, struct cleat_error *e) {
    cleat_time until = cleat_now_mono() + ANSWER_TIMEOUT;
    for (;;) {
        CLEAT_AUTO(cleat_obj) *o = NULL;
        CLEAT_TRY(cleat_cmd_api_request(a, "GET", path, NULL, &o, e));
        if (cleat_val_present(cleat_obj_at(o, CLEAT_PATH("status", "answered")))) {
            *ret = CLEAT_STEAL(o);
            return CLEAT_OK;
        }
        if (cleat_now_mono() > until) {
            return cleat_fail(e, CLEAT_E_TIMEOUT,
                              "nobody answers: does the "
                              "garbage-collector-controller run?");
        }
        usleep(20 * 1000);
    }
}

static cleat_err ask(const struct ask *q, cleat_obj **ret, struct cleat_error *e) {
    CLEAT_AUTO(cleat_cmd_api) *a = NULL;
    struct found f = {0};
    CLEAT_AUTO(cleat_obj) *made = NULL, *gone = NULL;
    CLEAT_TRY(cleat_cmd_api_open(q->kubeconfig, &a, e));
    CLEAT_TRY(find(a, q->kind, &f, e));
    const char *ns = !f.namespaced   ? "kube-system"
                     : q->ns != NULL ? q->ns
                                     : cleat_cmd_api_namespace(a);
    CLEAT_AUTO_FREE char *all =
        cleat_sprintf("/apis/cleat.dev/v1alpha1/namespaces/%s/explanations", ns);
    CLEAT_AUTO_FREE char *body = question(q, &f);
    free(f.api_version);
    free(f.kind);
    CLEAT_TRY(cleat_cmd_api_request(a, "POST", all, body, &made, e));
    CLEAT_AUTO_FREE char *one = cleat_sprintf("%s/%.*s", all, CLEAT_FMT(cleat_obj_name(made)));
    cleat_err err = await(a, one, ret, e);
    cleat_cmd_api_request(a, "DELETE", one, NULL, &gone, NULL); /* else it goes by itself */
    return err;
}

/* ---- the command lines ---- */

/* A value of its own or after "="; NULL where arg is not this flag. */
static const char *value_of(const char *flag, int argc, char **argv, int *i) {
    size_t n = strlen(flag);
    if (strncmp(argv[*i], flag, n) == 0 && argv[*i][n] == '=') {
        return argv[*i] + n + 1;
    }
    return strcmp(argv[*i], flag) == 0 && *i + 1 < argc ? argv[++*i] : NULL;
}

static int read_args(int argc, char **argv, struct ask *q) {
    static const char *const flags[] = {"-n", "--namespace", "--kubeconfig", "--uid"};
    const char **const into[] = {&q->ns, &q->ns, &q->kubeconfig, &q->uid};
    for (int i = 0; i < argc; i++) {
        const char *value = NULL;
        for (size_t k = 0; k < sizeof flags / sizeof *flags && value == NULL; k++) {
            value = value_of(flags[k], argc, argv, &i);
            if (value != NULL) {
                *into[k] = value;
            }
        }
        if (value != NULL) {
            continue;
        }
        if (strcmp(argv[i], "--if-deleted") == 0) {
            q->if_deleted = true;
        } else if (strcmp(argv[i], "--json") == 0 && q->picture != NULL) {
            q->picture = "JSON";
        } else if (argv[i][0] != '-' && q->kind == NULL) {
            q->kind = argv[i];
        } else if (argv[i][0] != '-' && q->name == NULL) {
            q->name = argv[i];
        } else {
            return cleat_cmd_fail(2, "unexpected argument \"%s\"", argv[i]);
        }
    }
    return q->name != NULL ? 0 : cleat_cmd_fail(2, "give a KIND and a NAME");
}

static int run(struct ask *q, int argc, char **argv) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *o = NULL;
    int code = read_args(argc, argv, q);
    if (code != 0) {
        return code;
    }
    if (ask(q, &o, &e) != CLEAT_OK) {
        return cleat_cmd_fail(1, "%s", e.message);
    }
    struct cleat_val status = cleat_obj_at(o, CLEAT_PATH("status"));
    if (q->picture == NULL) {
        print_status(status, q->if_deleted);
        return 0;
    }
    CLEAT_AUTO_FREE char *picture = field(status, "picture");
    if (picture[0] == 0) {
        CLEAT_AUTO_FREE char *why = field(status, "message");
        return cleat_cmd_fail(1, "%s", why);
    }
    puts(picture);
    return 0;
}

int cleat_cmd_why(int argc, char **argv) {
    struct ask q = {0};
    return run(&q, argc, argv);
}

int cleat_cmd_graph(int argc, char **argv) {
    struct ask q = {.picture = "DOT"};
    return run(&q, argc, argv);
}
