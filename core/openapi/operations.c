/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One operation on one path, in either version: what it takes, what it answers,
 * and the extensions that clients find it by. One thread a document.
 */
#include <ctype.h>

#include "core/openapi/internal.h"
#include "core/types/table.h"

static const char *const produces[] = {"application/json", "application/yaml", NULL};
static const char *const produces_list[] = {"application/json", "application/yaml",
                                            "application/json;stream=watch", NULL};
static const char *const patch_types[] = {
    "application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml",
    "application/strategic-merge-patch+json", NULL};
static const char *const any_type[] = {"*/*", NULL};

char *cleat_spec_identifier(const char *text, bool upper) {
    CLEAT_AUTO_BUF b = {0};
    for (; *text != '\0'; text++) {
        if (!isalnum((unsigned char)*text)) {
            upper = true;
            continue;
        }
        cleat_buf_putc(&b, (char)(upper ? toupper((unsigned char)*text) : *text));
        upper = false;
    }
    return cleat_buf_take(&b);
}

/* ---- schemas of bodies ---- */

static void write_schema(const struct cleat_spec *s, struct cleat_writer *w, const char *name) {
    cleat_write_open(w, "schema", '{');
    cleat_spec_ref(s, w, name, NULL);
    cleat_write_close(w, '}');
}

static void write_content(const struct cleat_spec *s, struct cleat_writer *w,
                          const char *const *types, const char *name) {
    cleat_write_open(w, "content", '{');
    for (; *types != NULL; types++) {
        cleat_write_open(w, *types, '{');
        write_schema(s, w, name);
        cleat_write_close(w, '}');
    }
    cleat_write_close(w, '}');
}

static const char *status_text(const char *code) {
    static const char *const texts[][2] = {
        {"200", "OK"}, {"201", "Created"}, {"202", "Accepted"}, {"401", "Unauthorized"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strncmp(texts[i][0], code, 3) == 0) {
            return texts[i][1];
        }
    }
    return "";
}

/* codes: "200,201" */
static void write_responses(const struct cleat_spec *s, struct cleat_writer *w, const char *codes,
                            const char *name, const char *const *types) {
    cleat_write_open(w, "responses", '{');
    for (;; codes += 4) {
        char code[4] = {codes[0], codes[1], codes[2], '\0'};
        cleat_write_open(w, code, '{');
        cleat_write_str(w, "description", status_text(code));
        if (s->version == 2) {
            write_schema(s, w, name);
        } else {
            write_content(s, w, types, name);
        }
        cleat_write_close(w, '}');
        if (codes[3] == '\0') {
            break;
        }
    }
    cleat_write_open(w, "401", '{');
    cleat_write_str(w, "description", status_text("401"));
    cleat_write_close(w, '}');
    cleat_write_close(w, '}');
}

/* ---- what it takes ---- */

static const char *body_name(const struct cleat_operation *op,
                             const struct cleat_operation_at *at) {
    return op->body == CLEAT_BODY_OBJECT  ? at->of
           : op->body == CLEAT_BODY_PATCH ? cleat_type_patch.name
                                          : T(meta_v1_DeleteOptions)->name;
}

static bool is_custom(const struct cleat_operation_at *at) {
    return at->kind->flags & CLEAT_KIND_CUSTOM;
}

/* A custom kind has no strategic merge: the last of the list. */
static void write_patch_types(struct cleat_writer *w, const struct cleat_operation_at *at) {
    const char *types[5];
    memcpy(types, patch_types, sizeof types);
    types[3] = is_custom(at) ? NULL : types[3];
    cleat_write_strings(w, "consumes", types);
}

static void write_body_param(const struct cleat_spec *s, struct cleat_writer *w,
                             const struct cleat_operation *op,
                             const struct cleat_operation_at *at) {
    cleat_write_open(w, NULL, '{');
    cleat_write_str(w, "name", "body");
    cleat_write_str(w, "in", "body");
    if (op->body != CLEAT_BODY_DELETE) {
        cleat_write_bool(w, "required", true);
    }
    write_schema(s, w, body_name(op, at));
    cleat_write_close(w, '}');
}

static void write_body(const struct cleat_spec *s, struct cleat_writer *w,
                       const struct cleat_operation *op, const struct cleat_operation_at *at) {
    const char *types[5] = {any_type[0], NULL};
    if (op->body == CLEAT_BODY_PATCH) {
        memcpy(types, patch_types, sizeof types);
        types[3] = is_custom(at) ? NULL : types[3];
    }
    cleat_write_open(w, "requestBody", '{');
    write_content(s, w, types, body_name(op, at));
    if (op->body != CLEAT_BODY_DELETE) {
        cleat_write_bool(w, "required", true);
    }
    cleat_write_close(w, '}');
}

static void write_parameters(const struct cleat_spec *s, struct cleat_writer *w,
                             const struct cleat_operation *op,
                             const struct cleat_operation_at *at) {
    bool body_here = s->version == 2 && op->body != CLEAT_BODY_NONE;
    if (op->takes == 0 && !body_here) {
        return;
    }
    cleat_write_open(w, "parameters", '[');
    if (body_here) {
        write_body_param(s, w, op, at);
    }
    cleat_spec_params(s, w, op->takes);
    cleat_write_close(w, ']');
}

/* ---- the operation ---- */

static void write_head(struct cleat_writer *w, const char *doc, const char *id, const char *tag) {
    cleat_write_str(w, "description", doc);
    cleat_write_str(w, "operationId", id);
    cleat_write_open(w, "tags", '[');
    cleat_write_str(w, NULL, tag);
    cleat_write_close(w, ']');
}

static void write_media(const struct cleat_spec *s, struct cleat_writer *w,
                        const char *const *types) {
    if (s->version == 2) {
        cleat_write_strings(w, "produces", types);
        cleat_write_strings(w, "schemes", (const char *const[]){"https", NULL});
    }
}

static const char *gives(const struct cleat_operation *op, const struct cleat_operation_at *at) {
    const char *const names[] = {[CLEAT_GIVES_OBJECT] = at->of,
                                 [CLEAT_GIVES_LIST] = at->of_list,
                                 [CLEAT_GIVES_STATUS] = T(meta_v1_Status)->name,
                                 [CLEAT_GIVES_EVENT] = T(meta_v1_WatchEvent)->name};
    return names[op->answers];
}

void cleat_spec_operation(struct cleat_spec *s, struct cleat_writer *w,
                          const struct cleat_operation *op, const struct cleat_operation_at *at) {
    bool streams = op->takes & CLEAT_TAKES_LIST || op->answers == CLEAT_GIVES_EVENT ||
                   op->answers == CLEAT_GIVES_LIST;
    const char *const *types = streams ? produces_list : produces;
    CLEAT_AUTO_FREE char *id =
        cleat_sprintf("%s%s%s%s%s%s%s", op->id_verb, at->gv, op->infix,
                      at->namespaced ? "Namespaced" : "", at->kind->kind, at->part, op->suffix);
    CLEAT_AUTO_FREE char *doc = cleat_sprintf("%s%s%s%s", op->doc, at->kind->kind,
                                              at->part[0] != '\0' ? ", its " : "", at->part);
    cleat_write_open(w, op->method, '{');
    write_head(w, doc, id, at->tag);
    if (s->version == 2 && op->body == CLEAT_BODY_PATCH) {
        write_patch_types(w, at);
    } else if (s->version == 2) {
        cleat_write_strings(w, "consumes", any_type);
    }
    write_media(s, w, types);
    write_parameters(s, w, op, at);
    if (s->version == 3 && op->body != CLEAT_BODY_NONE) {
        write_body(s, w, op, at);
    }
    write_responses(s, w, op->codes, gives(op, at), types);
    cleat_write_str(w, "x-kubernetes-action", op->action);
    cleat_write_gvk(w, "x-kubernetes-group-version-kind", at->group, at->version, at->k);
    cleat_write_close(w, '}');
}

void cleat_spec_discovery_path(struct cleat_spec *s, const char *path, const char *id,
                               const char *tag, const struct cleat_type *type, const char *doc) {
    cleat_spec_want(s, type);
    struct cleat_writer w = cleat_sink_piece(&s->sink);
    cleat_write_open(&w, path, '{');
    cleat_write_open(&w, "get", '{');
    write_head(&w, doc, id, tag);
    write_media(s, &w, produces);
    write_responses(s, &w, "200", type->name, produces);
    cleat_write_close(&w, '}');
    cleat_write_close(&w, '}');
    cleat_sink_add(&s->sink, &w);
}
