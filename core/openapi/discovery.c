/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Discovery documents: the legacy ones (groups, a group, the resources of a
 * version) and the aggregated one, whose shape apidiscovery.k8s.io/v2 and
 * v2beta1 share. Pure functions; any thread.
 */
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "core/openapi/internal.h"

static const char *const verb_names[] = {"create", "delete", "deletecollection", "get",
                                         "list",   "patch",  "update",           "watch"};

/* Custom kinds have theirs in an order of their own, as upstream's server gives them. */
static void write_verbs(struct cleat_writer *w, unsigned can, bool custom) {
    static const int custom_order[] = {1, 2, 3, 4, 5, 0, 6, 7};
    cleat_write_open(w, "verbs", '[');
    for (int i = 0; i < 8; i++) {
        int at = custom ? custom_order[i] : i;
        if (can & 1u << at) {
            cleat_write_str(w, NULL, verb_names[at]);
        }
    }
    cleat_write_close(w, ']');
}

static void write_names(struct cleat_writer *w, const char *key, const char *const *list) {
    if (list != NULL && list[0] != NULL) {
        cleat_write_strings(w, key, list);
    }
}

/* ---- legacy ---- */

/* Tells clients when the version that objects are stored in changes. Versions of
 * one kind share the store's number; the first is the one that is stored. */
static void write_storage_hash(struct cleat_writer *w, const struct cleat_kind_list *l,
                               const struct cleat_kind *k) {
    enum { BYTES = 8 };
    const struct cleat_kind *stored = k;
    for (size_t i = 0; i < l->n; i++) {
        if (l->kinds[i]->id == k->id && strcmp(l->kinds[i]->group, stored->group) != 0 &&
            l->kinds[i]->group[0] == '\0') {
            stored = l->kinds[i];
        }
    }
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("%s/%s/%s", stored->group, stored->version, stored->kind);
    unsigned char digest[SHA256_DIGEST_LENGTH], hash[(BYTES + 2) / 3 * 4 + 1];
    SHA256((const unsigned char *)text, strlen(text), digest);
    EVP_EncodeBlock(hash, digest, BYTES);
    cleat_write_str(w, "storageVersionHash", (const char *)hash);
}

static void legacy_part(struct cleat_writer *w, const struct cleat_kind *k,
                        const struct cleat_subresource *part) {
    CLEAT_AUTO_FREE char *name = cleat_sprintf("%s/%s", k->resource, part->name);
    cleat_write_open(w, NULL, '{');
    cleat_write_str(w, "name", name);
    cleat_write_str(w, "singularName", "");
    cleat_write_bool(w, "namespaced", k->flags & CLEAT_KIND_NAMESPACED);
    if (part->group != NULL) {
        if (part->group[0] != '\0') { /* else it is of this version */
            cleat_write_str(w, "group", part->group);
            cleat_write_str(w, "version", part->version);
        }
    }
    cleat_write_str(w, "kind", part->kind);
    write_verbs(w, part->verbs, false);
    cleat_write_close(w, '}');
}

static void legacy_resource(struct cleat_writer *w, const struct cleat_kind_list *l,
                            const struct cleat_kind *k) {
    cleat_write_open(w, NULL, '{');
    cleat_write_str(w, "name", k->resource);
    cleat_write_str(w, "singularName", k->singular);
    cleat_write_bool(w, "namespaced", k->flags & CLEAT_KIND_NAMESPACED);
    cleat_write_str(w, "kind", k->kind);
    write_verbs(w, cleat_kind_can(k), k->flags & CLEAT_KIND_CUSTOM);
    write_names(w, "shortNames", k->short_names);
    write_names(w, "categories", k->categories);
    if (!cleat_kind_is_asked(k) && !(k->flags & CLEAT_KIND_READ_ONLY)) {
        write_storage_hash(w, l, k);
    }
    cleat_write_close(w, '}');
    size_t n;
    CLEAT_AUTO_FREE struct cleat_subresource *parts = cleat_kind_parts(k, &n);
    for (size_t i = 0; i < n; i++) {
        legacy_part(w, k, &parts[i]);
    }
}

bool cleat_discovery_resources(const struct cleat_kind_list *l, const char *name,
                               struct cleat_buf *out) {
    const char *slash = strchr(name, '/');
    CLEAT_AUTO_FREE char *group =
        cleat_strndup((struct cleat_str){name, slash ? (size_t)(slash - name) : 0});
    const struct cleat_group_version *v =
        cleat_kind_list_version(l, group, slash ? slash + 1 : name);
    if (v == NULL || slash == name) {
        return false;
    }
    struct cleat_writer w = {.b = out};
    cleat_write_open(&w, NULL, '{');
    cleat_write_str(&w, "kind", "APIResourceList");
    if (group[0] != '\0') { /* the oldest document has none */
        cleat_write_str(&w, "apiVersion", "v1");
    }
    cleat_write_str(&w, "groupVersion", name);
    cleat_write_open(&w, "resources", '[');
    for (size_t i = 0; i < v->n; i++) {
        legacy_resource(&w, l, v->kinds[i]);
    }
    cleat_write_close(&w, ']');
    cleat_write_close(&w, '}');
    cleat_buf_putc(out, '\n');
    return true;
}

static void write_version(struct cleat_writer *w, const char *key,
                          const struct cleat_group_version *v) {
    CLEAT_AUTO_FREE char *name = cleat_sprintf("%s/%s", v->group, v->version);
    cleat_write_open(w, key, '{');
    cleat_write_str(w, "groupVersion", name);
    cleat_write_str(w, "version", v->version);
    cleat_write_close(w, '}');
}

/* The group whose first version is at i; returns where the next one begins. */
static size_t group_members(struct cleat_writer *w, const struct cleat_kind_list *l, size_t at) {
    const struct cleat_group_version *first = &l->versions[at];
    cleat_write_str(w, "name", first->group);
    cleat_write_open(w, "versions", '[');
    for (; at < l->n_versions && strcmp(l->versions[at].group, first->group) == 0; at++) {
        write_version(w, NULL, &l->versions[at]);
    }
    cleat_write_close(w, ']');
    write_version(w, "preferredVersion", first);
    return at;
}

void cleat_discovery_groups(const struct cleat_kind_list *l, struct cleat_buf *out) {
    struct cleat_writer w = {.b = out};
    cleat_write_open(&w, NULL, '{');
    cleat_write_str(&w, "kind", "APIGroupList");
    cleat_write_str(&w, "apiVersion", "v1");
    cleat_write_open(&w, "groups", '[');
    for (size_t i = 0; i < l->n_versions;) {
        if (l->versions[i].group[0] == '\0') {
            i++;
            continue;
        }
        cleat_write_open(&w, NULL, '{');
        i = group_members(&w, l, i);
        cleat_write_close(&w, '}');
    }
    cleat_write_close(&w, ']');
    cleat_write_close(&w, '}');
    cleat_buf_putc(out, '\n');
}

bool cleat_discovery_group(const struct cleat_kind_list *l, const char *group,
                           struct cleat_buf *out) {
    size_t at = 0;
    while (at < l->n_versions && strcmp(l->versions[at].group, group) != 0) {
        at++;
    }
    if (at == l->n_versions || group[0] == '\0') {
        return false;
    }
    struct cleat_writer w = {.b = out};
    cleat_write_open(&w, NULL, '{');
    cleat_write_str(&w, "kind", "APIGroup");
    cleat_write_str(&w, "apiVersion", "v1");
    group_members(&w, l, at);
    cleat_write_close(&w, '}');
    cleat_buf_putc(out, '\n');
    return true;
}

/* ---- all there is ---- */

struct paths {
    char **list;
    size_t n;
};

static void add_path(struct paths *p, char *path) {
    p->list = cleat_rearray(p->list, p->n + 1, sizeof *p->list);
    p->list[p->n++] = path;
}

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void cleat_discovery_paths(const struct cleat_kind_list *l, struct cleat_buf *out) {
    static const char *const others[] = {"/api",    "/apis",       "/healthz",
                                         "/livez",  "/metrics",    "/openapi/v2",
                                         "/readyz", "/openapi/v3", "/version"};
    struct paths p = {NULL, 0};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        add_path(&p, cleat_strdup(others[i]));
    }
    for (size_t i = 0; i < l->n_versions; i++) {
        const struct cleat_group_version *v = &l->versions[i];
        bool core = v->group[0] == '\0';
        if (!core && (i == 0 || strcmp(v->group, v[-1].group) != 0)) {
            add_path(&p, cleat_sprintf("/apis/%s", v->group));
        }
        add_path(&p, core ? cleat_sprintf("/api/%s", v->version)
                          : cleat_sprintf("/apis/%s/%s", v->group, v->version));
    }
    qsort(p.list, p.n, sizeof *p.list, compare_paths);
    cleat_buf_puts(out, "{\n  \"paths\": ["); /* people read this one */
    for (size_t i = 0; i < p.n; i++) {
        cleat_buf_puts(out, i > 0 ? ",\n    " : "\n    ");
        cleat_buf_json(out, cleat_s(p.list[i]));
        free(p.list[i]);
    }
    cleat_buf_puts(out, "\n  ]\n}");
    free(p.list);
}

/* ---- aggregated ---- */

static void aggregated_parts(struct cleat_writer *w, const struct cleat_kind *k) {
    size_t n;
    CLEAT_AUTO_FREE struct cleat_subresource *parts = cleat_kind_parts(k, &n);
    if (n == 0) {
        return;
    }
    bool custom = k->flags & CLEAT_KIND_CUSTOM;
    cleat_write_open(w, "subresources", '[');
    for (size_t i = 0; i < n; i++) {
        const struct cleat_subresource *p = &parts[i];
        cleat_write_open(w, NULL, '{');
        cleat_write_str(w, "subresource", p->name);
        cleat_write_gvk(w, "responseKind",
                        p->group ? p->group
                        : custom ? k->group
                                 : "",
                        p->group ? p->version
                        : custom ? k->version
                                 : "",
                        p->kind);
        write_verbs(w, p->verbs, false);
        cleat_write_close(w, '}');
    }
    cleat_write_close(w, ']');
}

/* A built-in kind's group and version are left empty: those of where it stands. */
static void aggregated_resource(struct cleat_writer *w, const struct cleat_kind *k) {
    bool custom = k->flags & CLEAT_KIND_CUSTOM;
    cleat_write_open(w, NULL, '{');
    cleat_write_str(w, "resource", k->resource);
    cleat_write_gvk(w, "responseKind", custom ? k->group : "", custom ? k->version : "", k->kind);
    cleat_write_str(w, "scope", k->flags & CLEAT_KIND_NAMESPACED ? "Namespaced" : "Cluster");
    cleat_write_str(w, "singularResource", k->singular);
    write_verbs(w, cleat_kind_can(k), custom);
    write_names(w, "shortNames", k->short_names);
    write_names(w, "categories", k->categories);
    aggregated_parts(w, k);
    cleat_write_close(w, '}');
}

static void aggregated_version(struct cleat_writer *w, const struct cleat_group_version *v) {
    cleat_write_open(w, NULL, '{');
    cleat_write_str(w, "version", v->version);
    cleat_write_open(w, "resources", '[');
    for (size_t i = 0; i < v->n; i++) {
        aggregated_resource(w, v->kinds[i]);
    }
    cleat_write_close(w, ']');
    cleat_write_str(w, "freshness", "Current");
    cleat_write_close(w, '}');
}

static size_t aggregated_group(struct cleat_writer *w, const struct cleat_kind_list *l, size_t at) {
    const char *group = l->versions[at].group;
    cleat_write_open(w, NULL, '{');
    cleat_write_open(w, "metadata", '{');
    if (group[0] != '\0') {
        cleat_write_str(w, "name", group);
    }
    cleat_write_raw(w, "creationTimestamp", cleat_s("null"));
    cleat_write_close(w, '}');
    cleat_write_open(w, "versions", '[');
    for (; at < l->n_versions && strcmp(l->versions[at].group, group) == 0; at++) {
        aggregated_version(w, &l->versions[at]);
    }
    cleat_write_close(w, ']');
    cleat_write_close(w, '}');
    return at;
}

void cleat_discovery_aggregated(const struct cleat_kind_list *l, bool core, const char *version,
                                struct cleat_buf *out) {
    struct cleat_writer w = {.b = out};
    CLEAT_AUTO_FREE char *name = cleat_sprintf("apidiscovery.k8s.io/%s", version);
    cleat_write_open(&w, NULL, '{');
    cleat_write_str(&w, "kind", "APIGroupDiscoveryList");
    cleat_write_str(&w, "apiVersion", name);
    cleat_write_raw(&w, "metadata", cleat_s("{}"));
    cleat_write_open(&w, "items", '[');
    for (size_t i = 0; i < l->n_versions;) {
        if ((l->versions[i].group[0] == '\0') == core) {
            i = aggregated_group(&w, l, i);
        } else {
            i++;
        }
    }
    cleat_write_close(&w, ']');
    cleat_write_close(&w, '}');
    cleat_buf_putc(out, '\n');
}
