/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What operations take in their query and path. Version 2 names most of them
 * once and refers to them; those that old clients look for by name in each
 * operation stand there. Data and pure functions.
 */
#include "core/openapi/internal.h"

static const struct param {
    const char *name, *type, *doc;
    unsigned takes;
    bool in_place; /* never referred to */
} params[] = {
    {"allowWatchBookmarks", "boolean",
     "Whether a watch may have bookmarks: events that tell nothing but a resource version.",
     CLEAT_TAKES_LIST, false},
    {"continue", "string", "Where a list that was cut by limit goes on: the token of its answer.",
     CLEAT_TAKES_LIST | CLEAT_TAKES_COLLECTION, false},
    {"dryRun", "string", "All: do everything but store the result.",
     CLEAT_TAKES_WRITE | CLEAT_TAKES_DELETE | CLEAT_TAKES_COLLECTION, true},
    {"fieldManager", "string", "The name that the written fields are to be owned under.",
     CLEAT_TAKES_WRITE, false},
    {"fieldSelector", "string", "Only objects whose fields have these values.",
     CLEAT_TAKES_LIST | CLEAT_TAKES_COLLECTION, false},
    {"fieldValidation", "string",
     "What becomes of unknown and duplicate fields: Ignore drops them, Warn drops them and says "
     "so, Strict refuses the request.",
     CLEAT_TAKES_WRITE, true},
    {"force", "boolean", "Whether an apply takes over fields that others own.", CLEAT_TAKES_FORCE,
     true},
    {"gracePeriodSeconds", "integer", "How long the object may take to end; 0: at once.",
     CLEAT_TAKES_DELETE | CLEAT_TAKES_COLLECTION, false},
    {"ignoreStoreReadErrorWithClusterBreakingPotential", "boolean",
     "Whether an object that cannot be read may be deleted.",
     CLEAT_TAKES_DELETE | CLEAT_TAKES_COLLECTION, false},
    {"labelSelector", "string", "Only objects whose labels match.",
     CLEAT_TAKES_LIST | CLEAT_TAKES_COLLECTION, false},
    {"limit", "integer", "How many objects an answer has at most.",
     CLEAT_TAKES_LIST | CLEAT_TAKES_COLLECTION, false},
    {"orphanDependents", "boolean", "Superseded by propagationPolicy.",
     CLEAT_TAKES_DELETE | CLEAT_TAKES_COLLECTION, false},
    {"pretty", "string", "Whether the answer is indented.", CLEAT_TAKES_PRETTY, false},
    {"propagationPolicy", "string",
     "What becomes of what the object owns: Orphan, Background or Foreground.",
     CLEAT_TAKES_DELETE | CLEAT_TAKES_COLLECTION, false},
    {"resourceVersion", "string", "The version that is asked for, or that a watch begins after.",
     CLEAT_TAKES_LIST | CLEAT_TAKES_COLLECTION, false},
    {"resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan.",
     CLEAT_TAKES_LIST | CLEAT_TAKES_COLLECTION, false},
    {"sendInitialEvents", "boolean", "Whether a watch begins with what there is already.",
     CLEAT_TAKES_LIST | CLEAT_TAKES_COLLECTION, false},
    {"timeoutSeconds", "integer", "How long a list or watch lasts at most.",
     CLEAT_TAKES_LIST | CLEAT_TAKES_COLLECTION, false},
    {"watch", "boolean", "Whether changes are wanted as they happen.", CLEAT_TAKES_LIST, false},
};
enum { PARAMS = sizeof params / sizeof *params };

static void write_type(const struct cleat_spec *s, struct cleat_writer *w, const char *type) {
    if (s->version == 3) {
        cleat_write_open(w, "schema", '{');
    }
    cleat_write_str(w, "type", type);
    cleat_write_bool(w, "uniqueItems", true);
    if (s->version == 3) {
        cleat_write_close(w, '}');
    }
}

static void write_param(const struct cleat_spec *s, struct cleat_writer *w, const char *key,
                        const struct param *p) {
    cleat_write_open(w, key, '{');
    cleat_write_str(w, "name", p->name);
    cleat_write_str(w, "in", "query");
    cleat_write_str(w, "description", p->doc);
    write_type(s, w, p->type);
    cleat_write_close(w, '}');
}

void cleat_spec_params(const struct cleat_spec *s, struct cleat_writer *w, unsigned takes) {
    for (size_t i = 0; i < PARAMS; i++) {
        const struct param *p = &params[i];
        if (!(p->takes & takes)) {
            continue;
        }
        if (s->version == 3 || p->in_place) {
            write_param(s, w, NULL, p);
            continue;
        }
        CLEAT_AUTO_FREE char *ref = cleat_sprintf("#/parameters/%s", p->name);
        cleat_write_open(w, NULL, '{');
        cleat_write_str(w, "$ref", ref);
        cleat_write_close(w, '}');
    }
}

void cleat_spec_path_param(const struct cleat_spec *s, struct cleat_writer *w, const char *name,
                           const char *of) {
    CLEAT_AUTO_FREE char *doc = cleat_sprintf("%s of the %s", name, of);
    cleat_write_open(w, NULL, '{');
    cleat_write_str(w, "name", name);
    cleat_write_str(w, "in", "path");
    cleat_write_str(w, "description", doc);
    cleat_write_bool(w, "required", true);
    write_type(s, w, "string");
    cleat_write_close(w, '}');
}

void cleat_spec_shared_params(struct cleat_spec *s) {
    for (size_t i = 0; i < PARAMS; i++) {
        if (!params[i].in_place) {
            struct cleat_writer w = cleat_sink_piece(&s->sink);
            write_param(s, &w, params[i].name, &params[i]);
            cleat_sink_add(&s->sink, &w);
        }
    }
}
