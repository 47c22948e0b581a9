/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The paths of a group's version: of each kind its collections, its objects,
 * their parts, and the old paths that only watch; with the operations that
 * discovery names. One thread a document.
 */
#include "core/openapi/internal.h"
#include "core/types/table.h"

enum place { ALL, COLLECTION, OBJECT, PART, WATCH_ALL, WATCH_COLLECTION, WATCH_OBJECT, PLACES };

#define LISTS                   (CLEAT_TAKES_LIST)
#define WRITES                  (CLEAT_TAKES_WRITE)
#define NEEDS(verb, m, id, act) .method = (m), .id_verb = (id), .action = (act), .needs = (verb)

static const struct place_operation {
    enum place place;
    struct cleat_operation op;
} operations[] = {
    {ALL,
     {NEEDS(CLEAT_CAN_LIST, "get", "list", "list"), .answers = CLEAT_GIVES_LIST, .codes = "200",
      .infix = "", .suffix = "ForAllNamespaces",
      .doc = "list or watch objects of all namespaces: "}},
    {COLLECTION,
     {NEEDS(CLEAT_CAN_LIST, "get", "list", "list"), .takes = LISTS, .answers = CLEAT_GIVES_LIST,
      .codes = "200", .infix = "", .suffix = "", .doc = "list or watch objects: "}},
    {COLLECTION,
     {NEEDS(CLEAT_CAN_CREATE, "post", "create", "post"), .takes = WRITES, .body = CLEAT_BODY_OBJECT,
      .codes = "200,201,202", .infix = "", .suffix = "", .doc = "create an object: "}},
    {COLLECTION,
     {NEEDS(CLEAT_CAN_DELETE_COLLECTION, "delete", "delete", "deletecollection"),
      .takes = CLEAT_TAKES_COLLECTION, .body = CLEAT_BODY_DELETE, .answers = CLEAT_GIVES_STATUS,
      .codes = "200", .infix = "Collection", .suffix = "", .doc = "delete objects: "}},
    {OBJECT,
     {NEEDS(CLEAT_CAN_GET, "get", "read", "get"), .codes = "200", .infix = "", .suffix = "",
      .doc = "read an object: "}},
    {OBJECT,
     {NEEDS(CLEAT_CAN_UPDATE, "put", "replace", "put"), .takes = WRITES, .body = CLEAT_BODY_OBJECT,
      .codes = "200,201", .infix = "", .suffix = "", .doc = "replace an object: "}},
    {OBJECT,
     {NEEDS(CLEAT_CAN_DELETE, "delete", "delete", "delete"), .takes = CLEAT_TAKES_DELETE,
      .body = CLEAT_BODY_DELETE, .answers = CLEAT_GIVES_STATUS, .codes = "200,202", .infix = "",
      .suffix = "", .doc = "delete an object: "}},
    {OBJECT,
     {NEEDS(CLEAT_CAN_PATCH, "patch", "patch", "patch"), .takes = WRITES | CLEAT_TAKES_FORCE,
      .body = CLEAT_BODY_PATCH, .codes = "200,201", .infix = "", .suffix = "",
      .doc = "change an object: "}},
    {PART,
     {NEEDS(CLEAT_CAN_GET, "get", "read", "get"), .codes = "200", .infix = "", .suffix = "",
      .doc = "read a part of an object: "}},
    {PART,
     {NEEDS(CLEAT_CAN_UPDATE, "put", "replace", "put"), .takes = WRITES, .body = CLEAT_BODY_OBJECT,
      .codes = "200,201", .infix = "", .suffix = "", .doc = "replace a part of an object: "}},
    {PART,
     {NEEDS(CLEAT_CAN_CREATE, "post", "create", "post"), .takes = WRITES, .body = CLEAT_BODY_OBJECT,
      .codes = "200,201,202", .infix = "", .suffix = "", .doc = "create a part of an object: "}},
    {PART,
     {NEEDS(CLEAT_CAN_PATCH, "patch", "patch", "patch"), .takes = WRITES | CLEAT_TAKES_FORCE,
      .body = CLEAT_BODY_PATCH, .codes = "200,201", .infix = "", .suffix = "",
      .doc = "change a part of an object: "}},
    {WATCH_ALL,
     {NEEDS(CLEAT_CAN_WATCH, "get", "watch", "watchlist"), .answers = CLEAT_GIVES_EVENT,
      .codes = "200", .infix = "", .suffix = "ListForAllNamespaces",
      .doc = "watch objects of all namespaces; superseded by watch on a list: "}},
    {WATCH_COLLECTION,
     {NEEDS(CLEAT_CAN_WATCH, "get", "watch", "watchlist"), .answers = CLEAT_GIVES_EVENT,
      .codes = "200", .infix = "", .suffix = "List",
      .doc = "watch objects; superseded by watch on a list: "}},
    {WATCH_OBJECT,
     {NEEDS(CLEAT_CAN_WATCH, "get", "watch", "watch"), .answers = CLEAT_GIVES_EVENT, .codes = "200",
      .infix = "", .suffix = "",
      .doc = "watch an object; superseded by watch on a list with a field "
             "selector: "}},
};

/* ---- a path ---- */

static char *path_of(const struct cleat_kind *k, enum place place, const char *part) {
    CLEAT_AUTO_BUF b = {0};
    bool all = place == ALL || place == WATCH_ALL;
    bool named = place == OBJECT || place == PART || place == WATCH_OBJECT;
    cleat_buf_printf(&b, k->group[0] != '\0' ? "/apis/%s/" : "/api/%s", k->group);
    cleat_buf_puts(&b, k->version);
    cleat_buf_puts(&b, place >= WATCH_ALL ? "/watch" : "");
    cleat_buf_puts(&b, k->flags & CLEAT_KIND_NAMESPACED && !all ? "/namespaces/{namespace}" : "");
    cleat_buf_printf(&b, "/%s%s%s%s", k->resource, named ? "/{name}" : "", part ? "/" : "",
                     part ? part : "");
    return cleat_buf_take(&b);
}

static void write_path_params(const struct cleat_spec *s, struct cleat_writer *w,
                              const struct cleat_operation_at *at, enum place place) {
    bool listed = place == ALL || place >= WATCH_ALL;
    cleat_write_open(w, "parameters", '[');
    if (place == OBJECT || place == PART || place == WATCH_OBJECT) {
        cleat_spec_path_param(s, w, "name", at->kind->kind);
    }
    if (at->namespaced) {
        cleat_spec_path_param(s, w, "namespace", at->kind->kind);
    }
    cleat_spec_params(s, w, CLEAT_TAKES_PRETTY | (listed ? CLEAT_TAKES_LIST : 0u));
    cleat_write_close(w, ']');
}

static void write_path(struct cleat_spec *s, struct cleat_operation_at at, enum place place,
                       unsigned can, const char *part) {
    bool any = false;
    CLEAT_AUTO_FREE char *path = path_of(at.kind, place, part);
    struct cleat_writer w = cleat_sink_piece(&s->sink);
    at.namespaced = at.kind->flags & CLEAT_KIND_NAMESPACED && place != ALL && place != WATCH_ALL;
    cleat_write_open(&w, path, '{');
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (operations[i].place == place && operations[i].op.needs & can) {
            cleat_spec_operation(s, &w, &operations[i].op, &at);
            any = true;
        }
    }
    if (any) {
        write_path_params(s, &w, &at, place);
        cleat_write_close(&w, '}');
        cleat_sink_add(&s->sink, &w);
    }
}

/* ---- a kind ---- */

static const char *wanted(struct cleat_spec *s, const struct cleat_type *t) {
    cleat_spec_want(s, t);
    return t->name;
}

static void want_common(struct cleat_spec *s, bool watched) {
    cleat_spec_want(s, T(meta_v1_Status));
    cleat_spec_want(s, T(meta_v1_DeleteOptions));
    cleat_spec_want(s, &cleat_type_patch);
    if (watched) {
        cleat_spec_want(s, T(meta_v1_WatchEvent));
    }
}

static void write_part(struct cleat_spec *s, struct cleat_operation_at at,
                       const struct cleat_subresource *p) {
    CLEAT_AUTO_FREE char *name = cleat_spec_identifier(p->name, true);
    at.part = name;
    if (p->group != NULL) {
        at.group = p->group;
        at.version = p->version;
        at.k = p->kind;
        at.of = p->type != NULL ? wanted(s, p->type) : at.of;
    }
    write_path(s, at, PART, p->verbs, p->name);
}

static void write_kind(struct cleat_spec *s, const struct cleat_kind *k, const char *gv,
                       const char *tag) {
    const struct cleat_type *type = cleat_kind_type(k), *list = cleat_kind_list_type(k);
    bool custom = k->flags & CLEAT_KIND_CUSTOM;
    unsigned can = cleat_kind_can(k);
    struct cleat_operation_at at = {.kind = k,
                                    .gv = gv,
                                    .tag = tag,
                                    .part = "",
                                    .group = k->group,
                                    .version = k->version,
                                    .k = k->kind};
    if (!custom && type == NULL) {
        return; /* a kind that no table tells of */
    }
    at.of = custom ? cleat_spec_want_custom(s, k, false) : wanted(s, type);
    at.of_list = custom         ? cleat_spec_want_custom(s, k, true)
                 : list != NULL ? wanted(s, list)
                                : at.of;
    want_common(s, can & CLEAT_CAN_WATCH && !custom);
    for (enum place place = ALL; place < PLACES; place++) {
        bool spread = k->flags & CLEAT_KIND_NAMESPACED;
        if (((place == ALL || place == WATCH_ALL) && !spread) || place == PART ||
            (place >= WATCH_ALL && custom)) {
            continue;
        }
        write_path(s, at, place, can, NULL);
    }
    size_t n;
    CLEAT_AUTO_FREE struct cleat_subresource *parts = cleat_kind_parts(k, &n);
    for (size_t i = 0; i < n; i++) {
        write_part(s, at, &parts[i]);
    }
}

char *cleat_spec_short_group(const char *group) {
    static const char suffix[] = ".k8s.io";
    size_t n = strlen(group), m = sizeof suffix - 1;
    bool official = n > m && strcmp(group + n - m, suffix) == 0;
    return n == 0 ? cleat_strdup("core")
                  : cleat_strndup((struct cleat_str){group, official ? n - m : n});
}

void cleat_spec_version_paths(struct cleat_spec *s, const struct cleat_group_version *v) {
    CLEAT_AUTO_FREE char *group = cleat_spec_short_group(v->group);
    CLEAT_AUTO_FREE char *upper = cleat_spec_identifier(group, true);
    CLEAT_AUTO_FREE char *lower = cleat_spec_identifier(group, false);
    CLEAT_AUTO_FREE char *version = cleat_spec_identifier(v->version, true);
    CLEAT_AUTO_FREE char *gv = cleat_sprintf("%s%s", upper, version);
    CLEAT_AUTO_FREE char *tag = cleat_sprintf("%s_%s", lower, v->version);
    CLEAT_AUTO_FREE char *path = v->group[0] != '\0'
                                     ? cleat_sprintf("/apis/%s/%s/", v->group, v->version)
                                     : cleat_sprintf("/api/%s/", v->version);
    CLEAT_AUTO_FREE char *id = cleat_sprintf("get%sAPIResources", gv);
    cleat_spec_discovery_path(s, path, id, tag, T(meta_v1_APIResourceList),
                              "which resources there are");
    for (size_t i = 0; i < v->n; i++) {
        write_kind(s, v->kinds[i], gv, tag);
    }
}
