/* SPDX-License-Identifier: Apache-2.0 */
/* Files of one volume that take each other's place. See warn.h. */
#include "core/kinds/warn.h"

enum { PATHS_COMPARED_MAX = 256 }; /* in a volume; what is beyond is not compared */

struct file {
    struct cleat_str path;
    char *source; /* `ConfigMap "x"`; NULL = the volume is the source */
};
struct files {
    struct file at[PATHS_COMPARED_MAX];
    size_t n;
};

static void files_done(struct files *f) {
    for (size_t i = 0; i < f->n; i++) {
        free(f->at[i].source);
    }
    f->n = 0;
}

static void add(struct files *f, struct cleat_str path, const char *source) {
    while (path.n > 0 && path.p[path.n - 1] == '/') {
        path.n--;
    }
    if (f->n < PATHS_COMPARED_MAX && path.n > 0) {
        f->at[f->n].path = path;
        f->at[f->n++].source = source != NULL ? cleat_strdup(source) : NULL;
    }
}

static void add_items(struct files *f, struct cleat_val source, const char *name) {
    struct cleat_val items = cleat_val_get(source, "items");
    struct cleat_iter it = {0};
    while (cleat_val_next(items, &it)) {
        add(f, cleat_str_at(it.val, "path"), name);
    }
}

/* Whether one is the other, or a folder of it. */
static bool overlap(struct cleat_str a, struct cleat_str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    return memcmp(a.p, b.p, n) == 0 && (a.n == b.n || (a.n < b.n ? b.p[n] : a.p[n]) == '/');
}

static char *print(const struct file *f) {
    return f->source != NULL ? cleat_sprintf("\"%.*s\" (%s)", CLEAT_FMT(f->path), f->source)
                             : cleat_sprintf("\"%.*s\"", CLEAT_FMT(f->path));
}

static void compare(struct cleat_warning *w, struct cleat_str volume, const char *what,
                    const struct files *f) {
    for (size_t i = 0; i < f->n; i++) {
        for (size_t j = 0; j < i; j++) {
            if (overlap(f->at[i].path, f->at[j].path)) {
                CLEAT_AUTO_FREE char *a = print(&f->at[i]);
                CLEAT_AUTO_FREE char *b = print(&f->at[j]);
                cleat_request_warn(w->req, "volume \"%.*s\" (%s): overlapping paths: %s with %s",
                                   CLEAT_FMT(volume), what, a, b);
            }
        }
    }
}

static char *named(const char *kind, struct cleat_str name) {
    return cleat_sprintf("%s \"%.*s\"", kind, CLEAT_FMT(name));
}

static void gather(struct cleat_warning *w, struct cleat_str volume, struct cleat_val source,
                   struct files *f) {
    struct cleat_val map = cleat_val_get(source, "configMap");
    struct cleat_val secret = cleat_val_get(source, "secret");
    struct cleat_val token = cleat_val_get(source, "serviceAccountToken");
    CLEAT_AUTO_FREE char *of_map = named("ConfigMap", cleat_str_at(map, "name"));
    CLEAT_AUTO_FREE char *of_secret = named("Secret", cleat_str_at(secret, "name"));
    if (cleat_val_count(source) == 0) {
        cleat_request_warn(w->req, "volume \"%.*s\" (Projected) has no sources provided",
                           CLEAT_FMT(volume));
    }
    add_items(f, map, of_map);
    add_items(f, secret, of_secret);
    add_items(f, cleat_val_get(source, "downwardAPI"), "DownwardAPI");
    if (!cleat_absent(token)) {
        add(f, cleat_str_at(token, "path"), "ServiceAccountToken");
    }
}

static void projected(struct cleat_warning *w, struct cleat_str volume, struct cleat_val v) {
    struct cleat_val sources = cleat_val_at(v, CLEAT_PATH("projected", "sources"));
    struct cleat_iter it = {0};
    struct files f = {.n = 0};
    while (cleat_val_next(sources, &it)) {
        gather(w, volume, it.val, &f);
    }
    compare(w, volume, "Projected", &f);
    files_done(&f);
}

void cleat_warn_volumes(struct cleat_warning *w, struct cleat_val spec) {
    static const char *const sources[][3] = {{"configMap", "ConfigMap", "name"},
                                             {"secret", "Secret", "secretName"},
                                             {"downwardAPI", "DownwardAPI", NULL}};
    struct cleat_val volumes = cleat_val_get(spec, "volumes");
    struct cleat_iter it = {0};
    while (cleat_val_next(volumes, &it)) {
        struct cleat_str name = cleat_str_at(it.val, "name");
        for (size_t i = 0; i < 3; i++) {
            struct cleat_val source = cleat_val_get(it.val, sources[i][0]);
            struct files f = {.n = 0};
            CLEAT_AUTO_FREE char *what =
                sources[i][2] != NULL ? named(sources[i][1], cleat_str_at(source, sources[i][2]))
                                      : cleat_strdup(sources[i][1]);
            add_items(&f, source, NULL);
            compare(w, name, what, &f);
            files_done(&f);
        }
        projected(w, name, it.val);
    }
}
