/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole OpenAPI documents: the one of version 2, and those of version 3, one a
 * group and version and one each for what stands above them. Pure; any thread.
 */
#include "core/openapi/internal.h"
#include "core/types/table.h"

static void begin(struct cleat_spec *s, const struct cleat_kind_list *l, int version, bool proto) {
    *s = (struct cleat_spec){.version = version, .list = l};
    const struct cleat_shape *shape = version == 2 ? &cleat_shape_v2 : &cleat_shape_v3;
    cleat_sink_begin(&s->sink, proto ? shape : NULL);
}

static void end(struct cleat_spec *s, struct cleat_buf *out) {
    size_t i = 0;
    cleat_sink_end(&s->sink);
    cleat_buf_done(out);
    *out = s->sink.out;
    s->sink.out = (struct cleat_buf){0};
    cleat_sink_done(&s->sink);
    for (struct cleat_map_entry *m; (m = cleat_map_each(&s->wanted, &i)) != NULL;) {
        free(m->value);
    }
    cleat_map_done(&s->wanted);
}

static void write_info(struct cleat_spec *s, const char *key, const char *number,
                       const char *version) {
    struct cleat_writer w = cleat_sink_piece(&s->sink);
    cleat_write_str(&w, key, number);
    cleat_write_open(&w, "info", '{');
    cleat_write_str(&w, "title", "Kubernetes");
    cleat_write_str(&w, "version", version);
    cleat_write_close(&w, '}');
    cleat_sink_add(&s->sink, &w);
}

static void write_security(struct cleat_spec *s, const char *key) {
    struct cleat_writer w = cleat_sink_piece(&s->sink);
    cleat_write_open(&w, key, '{');
    cleat_write_open(&w, "BearerToken", '{');
    cleat_write_str(&w, "description", "A token: Bearer, a blank, and the token itself.");
    cleat_write_str(&w, "type", "apiKey");
    cleat_write_str(&w, "name", "authorization");
    cleat_write_str(&w, "in", "header");
    cleat_write_close(&w, '}');
    cleat_write_close(&w, '}');
    cleat_sink_add(&s->sink, &w);
}

/* ---- what stands above the versions ---- */

static const struct {
    const char *name, *path, *id, *tag, *doc;
    const struct cleat_type *type;
} above[] = {
    {"api", "/api/", "getCoreAPIVersions", "core", "which versions there are",
     T(meta_v1_APIVersions)},
    {"apis", "/apis/", "getAPIVersions", "apis", "which groups there are", T(meta_v1_APIGroupList)},
    {"version", "/version/", "getCodeVersion", "version", "which version the server is of",
     &cleat_type_version_info},
};
enum { ABOVE = sizeof above / sizeof *above };

static void write_above(struct cleat_spec *s, size_t i) {
    cleat_spec_discovery_path(s, above[i].path, above[i].id, above[i].tag, above[i].type,
                              above[i].doc);
}

static void write_group(struct cleat_spec *s, const char *group) {
    CLEAT_AUTO_FREE char *plain = cleat_spec_short_group(group);
    CLEAT_AUTO_FREE char *upper = cleat_spec_identifier(plain, true);
    CLEAT_AUTO_FREE char *tag = cleat_spec_identifier(plain, false);
    CLEAT_AUTO_FREE char *id = cleat_sprintf("get%sAPIGroup", upper);
    CLEAT_AUTO_FREE char *path = cleat_sprintf("/apis/%s/", group);
    cleat_spec_discovery_path(s, path, id, tag, T(meta_v1_APIGroup), "which versions there are");
}

static bool first_of_group(const struct cleat_kind_list *l, size_t i) {
    return l->versions[i].group[0] != '\0' &&
           (i == 0 || strcmp(l->versions[i].group, l->versions[i - 1].group) != 0);
}

/* ---- version 2 ---- */

void cleat_spec_v2(const struct cleat_kind_list *l, const char *version, bool proto,
                   struct cleat_buf *out) {
    struct cleat_spec s;
    begin(&s, l, 2, proto);
    write_info(&s, "swagger", "2.0", version);
    cleat_sink_open(&s.sink, "paths");
    for (size_t i = 0; i < ABOVE; i++) {
        write_above(&s, i);
    }
    for (size_t i = 0; i < l->n_versions; i++) {
        if (first_of_group(l, i)) {
            write_group(&s, l->versions[i].group);
        }
        cleat_spec_version_paths(&s, &l->versions[i]);
    }
    cleat_sink_close(&s.sink);
    cleat_sink_open(&s.sink, "definitions");
    cleat_spec_definitions(&s);
    cleat_sink_close(&s.sink);
    cleat_sink_open(&s.sink, "parameters");
    cleat_spec_shared_params(&s);
    cleat_sink_close(&s.sink);
    write_security(&s, "securityDefinitions");
    struct cleat_writer w = cleat_sink_piece(&s.sink);
    cleat_write_raw(&w, "security", cleat_s("[{\"BearerToken\":[]}]"));
    cleat_sink_add(&s.sink, &w);
    end(&s, out);
}

/* ---- version 3 ---- */

/* The paths of the document of that name, in the open place. */
static bool write_v3_paths(struct cleat_spec *s, const char *name) {
    for (size_t i = 0; i < ABOVE; i++) {
        if (strcmp(above[i].name, name) == 0) {
            write_above(s, i);
            return true;
        }
    }
    const struct cleat_kind_list *l = s->list;
    bool core = strncmp(name, "api/", 4) == 0;
    if (!core && (strncmp(name, "apis/", 5) != 0 || name[5] == '/' || name[5] == '\0')) {
        return false;
    }
    const char *group = name + (core ? 3 : 5), *slash = strchr(group, '/');
    CLEAT_AUTO_FREE char *g =
        cleat_strndup((struct cleat_str){group, slash ? (size_t)(slash - group) : strlen(group)});
    for (size_t i = 0; i < l->n_versions; i++) {
        const struct cleat_group_version *v = &l->versions[i];
        if (strcmp(v->group, g) == 0 && slash != NULL && strcmp(v->version, slash + 1) == 0) {
            cleat_spec_version_paths(s, v);
            return true;
        }
        if (slash == NULL && strcmp(v->group, g) == 0) {
            write_group(s, g);
            return true;
        }
    }
    return false;
}

bool cleat_spec_v3(const struct cleat_kind_list *l, const char *name, bool proto,
                   struct cleat_buf *out) {
    struct cleat_spec s;
    begin(&s, l, 3, proto);
    write_info(&s, "openapi", "3.0.0", "unversioned");
    cleat_sink_open(&s.sink, "paths");
    bool found = write_v3_paths(&s, name);
    cleat_sink_close(&s.sink);
    cleat_sink_open(&s.sink, "components");
    cleat_sink_open(&s.sink, "schemas");
    cleat_spec_definitions(&s);
    cleat_sink_close(&s.sink);
    write_security(&s, "securitySchemes");
    cleat_sink_close(&s.sink);
    end(&s, out);
    return found;
}

void cleat_spec_v3_names(const struct cleat_kind_list *l,
                         void (*tell)(void *userdata, const char *name), void *userdata) {
    for (size_t i = 0; i < ABOVE; i++) {
        tell(userdata, above[i].name);
    }
    for (size_t i = 0; i < l->n_versions; i++) {
        const struct cleat_group_version *v = &l->versions[i];
        CLEAT_AUTO_FREE char *group = cleat_sprintf("apis/%s", v->group);
        CLEAT_AUTO_FREE char *name = v->group[0] != '\0' ? cleat_sprintf("%s/%s", group, v->version)
                                                         : cleat_sprintf("api/%s", v->version);
        if (first_of_group(l, i)) {
            tell(userdata, group);
        }
        tell(userdata, name);
    }
}
