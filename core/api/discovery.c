/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Discovery, legacy and aggregated, made out of the registry's table of kinds;
 * and an OpenAPI document that says as much as is known yet: nothing of schemas.
 */
#include "core/api/internal.h"

static const char verbs_all[] = "[\"create\",\"delete\",\"deletecollection\",\"get\",\"list\","
                                "\"patch\",\"update\",\"watch\"]";
static const char verbs_read[] = "[\"get\",\"list\"]";
static const char verbs_sub[] = "[\"get\",\"patch\",\"update\"]";

static void add_key(struct cleat_buf *b, const char *key, const char *value) {
    cleat_buf_printf(b, "\"%s\":", key);
    cleat_buf_json(b, cleat_s(value));
}

static void add_strings(struct cleat_buf *b, const char *key, const char *const *list) {
    if (list == NULL || list[0] == NULL) {
        return;
    }
    cleat_buf_printf(b, ",\"%s\":[", key);
    for (size_t i = 0; list[i] != NULL; i++) {
        if (i > 0) {
            cleat_buf_putc(b, ',');
        }
        cleat_buf_json(b, cleat_s(list[i]));
    }
    cleat_buf_putc(b, ']');
}

static bool is_in(const struct cleat_kind *k, const char *group, const char *version) {
    return strcmp(k->group, group) == 0 && (version == NULL || strcmp(k->version, version) == 0);
}

static void comma(struct cleat_buf *b, bool *first) {
    if (!*first) {
        cleat_buf_putc(b, ',');
    }
    *first = false;
}

/* ---- legacy ---- */

static void legacy_sub(struct cleat_buf *b, const struct cleat_kind *k, const char *sub) {
    cleat_buf_printf(b, ",{\"name\":\"%s/%s\",\"singularName\":\"\",\"namespaced\":%s,",
                     k->resource, sub, k->flags & CLEAT_KIND_NAMESPACED ? "true" : "false");
    add_key(b, "kind", k->kind);
    cleat_buf_printf(b, ",\"verbs\":%s}",
                     strcmp(sub, "finalize") == 0 ? "[\"update\"]" : verbs_sub);
}

static void legacy_resource(struct cleat_buf *b, const struct cleat_kind *k) {
    cleat_buf_putc(b, '{');
    add_key(b, "name", k->resource);
    cleat_buf_putc(b, ',');
    add_key(b, "singularName", k->singular);
    cleat_buf_printf(b, ",\"namespaced\":%s,", k->flags & CLEAT_KIND_NAMESPACED ? "true" : "false");
    add_key(b, "kind", k->kind);
    cleat_buf_printf(b, ",\"verbs\":%s", k->flags & CLEAT_KIND_READ_ONLY ? verbs_read : verbs_all);
    add_strings(b, "shortNames", k->short_names);
    add_strings(b, "categories", k->categories);
    cleat_buf_putc(b, '}');
    if (k->flags & CLEAT_KIND_STATUS) {
        legacy_sub(b, k, "status");
    }
    for (size_t i = 0; k->subresources != NULL && k->subresources[i].name != NULL; i++) {
        legacy_sub(b, k, k->subresources[i].name);
    }
}

/* false: no such group and version. */
static bool resource_list(cleat_registry *r, const char *group, const char *version,
                          struct cleat_buf *b) {
    cleat_buf_printf(
        b,
        "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"%s%s%s\","
        "\"resources\":[",
        group, *group ? "/" : "", version);
    bool first = true;
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(r, i)) != NULL; i++) {
        if (is_in(k, group, version)) {
            comma(b, &first);
            legacy_resource(b, k);
        }
    }
    cleat_buf_puts(b, "]}\n");
    return !first;
}

/* The i-th kind is the first of its group (and version). */
static bool is_first(cleat_registry *r, size_t at, bool by_version) {
    const struct cleat_kind *k = cleat_registry_at(r, at);
    for (size_t i = 0; i < at; i++) {
        if (is_in(cleat_registry_at(r, i), k->group, by_version ? k->version : NULL)) {
            return false;
        }
    }
    return true;
}

static bool group_json(cleat_registry *r, const char *group, struct cleat_buf *b, bool alone) {
    cleat_buf_putc(b, '{');
    if (alone) {
        cleat_buf_puts(b, "\"kind\":\"APIGroup\",\"apiVersion\":\"v1\",");
    }
    add_key(b, "name", group);
    cleat_buf_puts(b, ",\"versions\":[");
    const char *preferred = NULL;
    bool first = true;
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(r, i)) != NULL; i++) {
        if (is_in(k, group, NULL) && is_first(r, i, true)) {
            comma(b, &first);
            cleat_buf_printf(b, "{\"groupVersion\":\"%s/%s\",\"version\":\"%s\"}", group,
                             k->version, k->version);
            preferred = preferred ? preferred : k->version;
        }
    }
    cleat_buf_printf(b, "],\"preferredVersion\":{\"groupVersion\":\"%s/%s\",\"version\":\"%s\"}}",
                     group, preferred ? preferred : "", preferred ? preferred : "");
    return preferred != NULL;
}

static void group_list(cleat_registry *r, struct cleat_buf *b) {
    cleat_buf_puts(b, "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[");
    bool first = true;
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(r, i)) != NULL; i++) {
        if (*k->group != '\0' && is_first(r, i, false)) {
            comma(b, &first);
            group_json(r, k->group, b, false);
        }
    }
    cleat_buf_puts(b, "]}\n");
}

/* ---- aggregated, v2 ---- */

static void add_kind_ref(struct cleat_buf *b, const struct cleat_kind *k) {
    cleat_buf_puts(b, "\"responseKind\":{");
    add_key(b, "group", k->group);
    cleat_buf_putc(b, ',');
    add_key(b, "version", k->version);
    cleat_buf_putc(b, ',');
    add_key(b, "kind", k->kind);
    cleat_buf_putc(b, '}');
}

static void aggregated_sub(struct cleat_buf *b, const struct cleat_kind *k, const char *sub,
                           bool *first) {
    comma(b, first);
    cleat_buf_putc(b, '{');
    add_key(b, "subresource", sub);
    cleat_buf_putc(b, ',');
    add_kind_ref(b, k);
    cleat_buf_printf(b, ",\"verbs\":%s}",
                     strcmp(sub, "finalize") == 0 ? "[\"update\"]" : verbs_sub);
}

static void aggregated_resource(struct cleat_buf *b, const struct cleat_kind *k) {
    cleat_buf_putc(b, '{');
    add_key(b, "resource", k->resource);
    cleat_buf_putc(b, ',');
    add_kind_ref(b, k);
    cleat_buf_printf(b, ",\"scope\":\"%s\",",
                     k->flags & CLEAT_KIND_NAMESPACED ? "Namespaced" : "Cluster");
    add_key(b, "singularResource", k->singular);
    cleat_buf_printf(b, ",\"verbs\":%s", k->flags & CLEAT_KIND_READ_ONLY ? verbs_read : verbs_all);
    add_strings(b, "shortNames", k->short_names);
    add_strings(b, "categories", k->categories);
    bool any = (k->flags & CLEAT_KIND_STATUS) ||
               (k->subresources != NULL && k->subresources[0].name != NULL);
    if (any) {
        bool first = true;
        cleat_buf_puts(b, ",\"subresources\":[");
        if (k->flags & CLEAT_KIND_STATUS) {
            aggregated_sub(b, k, "status", &first);
        }
        for (size_t i = 0; k->subresources != NULL && k->subresources[i].name != NULL; i++) {
            aggregated_sub(b, k, k->subresources[i].name, &first);
        }
        cleat_buf_putc(b, ']');
    }
    cleat_buf_putc(b, '}');
}

static void aggregated_group(cleat_registry *r, const char *group, struct cleat_buf *b) {
    cleat_buf_puts(b, "{\"metadata\":{");
    if (*group != '\0') {
        add_key(b, "name", group);
    }
    cleat_buf_puts(b, "},\"versions\":[");
    bool first_version = true;
    const struct cleat_kind *k, *other;
    for (size_t i = 0; (k = cleat_registry_at(r, i)) != NULL; i++) {
        if (!is_in(k, group, NULL) || !is_first(r, i, true)) {
            continue;
        }
        comma(b, &first_version);
        cleat_buf_puts(b, "{");
        add_key(b, "version", k->version);
        cleat_buf_puts(b, ",\"freshness\":\"Current\",\"resources\":[");
        bool first = true;
        for (size_t j = 0; (other = cleat_registry_at(r, j)) != NULL; j++) {
            if (is_in(other, group, k->version)) {
                comma(b, &first);
                aggregated_resource(b, other);
            }
        }
        cleat_buf_puts(b, "]}");
    }
    cleat_buf_puts(b, "]}");
}

static void aggregated(cleat_registry *r, bool core, struct cleat_buf *b) {
    cleat_buf_puts(b,
                   "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\","
                   "\"metadata\":{},\"items\":[");
    bool first = true;
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(r, i)) != NULL; i++) {
        if ((*k->group == '\0') == core && is_first(r, i, false)) {
            comma(b, &first);
            aggregated_group(r, k->group, b);
        }
    }
    cleat_buf_puts(b, "]}\n");
}

/* ---- answering ---- */

/* With an ETag over the content, so that clients keep what they have. */
static void respond_tagged(struct cleat__conn *c, const char *type, struct cleat_buf *body) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < body->n; i++) {
        hash = (hash ^ (unsigned char)body->p[i]) * 0x100000001b3u;
    }
    CLEAT_AUTO_FREE char *tag = cleat_sprintf("\"%016llX\"", (unsigned long long)hash);
    CLEAT_AUTO_FREE char *extra = cleat_sprintf("ETag: %s\r\nVary: Accept\r\n", tag);
    if (cleat_eqc(cleat_http_header(c->head, "if-none-match"), tag)) {
        body->n = 0;
        cleat__respond(c, 304, NULL, body, extra);
        return;
    }
    cleat__respond(c, 200, type, body, extra);
}

/* A Swagger 2.0 document with no definitions, in JSON and in gnostic's protobuf:
 * swagger = 1, info = 2 {title = 1, version = 2}, paths = 8. Old kubectl validates
 * against what it finds there, and skips what it does not find. */
static void respond_openapi_v2(struct cleat__conn *c) {
    CLEAT_AUTO_BUF b = {0};
    if (cleat__accepts(cleat_http_header(c->head, "accept"),
                       "application/com.github.proto-openapi.spec.v2")) {
        static const char doc[] = "\x0a\x03"
                                  "2.0"
                                  "\x12\x13"
                                  "\x0a\x0a"
                                  "Kubernetes"
                                  "\x12\x05"
                                  "v1.32"
                                  "\x42\x00";
        cleat_buf_add(&b, doc, sizeof doc - 1);
        respond_tagged(c, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", &b);
        return;
    }
    cleat_buf_puts(
        &b, "{\"swagger\":\"2.0\",\"info\":{\"title\":\"Kubernetes\",\"version\":\"v1.32.0\"},"
            "\"paths\":{},\"definitions\":{}}\n");
    respond_tagged(c, "application/json", &b);
}

static void not_found(struct cleat__conn *c) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e, CLEAT_E_NOT_FOUND, "the server could not find the requested resource");
    cleat__respond_error(c, &e);
}

static void respond_root(struct cleat__conn *c, bool core) {
    cleat_registry *reg = c->io->api->registry;
    CLEAT_AUTO_BUF b = {0};
    if (cleat__accepts(cleat_http_header(c->head, "accept"),
                       "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")) {
        aggregated(reg, core, &b);
        respond_tagged(c, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
                       &b);
        return;
    }
    if (core) {
        cleat_buf_printf(
            &b,
            "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],\"serverAddressByClientCIDRs\":"
            "[{\"clientCIDR\":\"0.0.0.0/0\",\"serverAddress\":\"127.0.0.1:%d\"}]}\n",
            c->io->api->secure_port);
    } else {
        group_list(reg, &b);
    }
    respond_tagged(c, "application/json", &b);
}

bool cleat__serve_discovery(struct cleat__conn *c, const struct cleat__route *r) {
    cleat_registry *reg = c->io->api->registry;
    char *const *s = r->segments;
    size_t n = r->n_segments;
    bool api = n > 0 && strcmp(s[0], "api") == 0, apis = n > 0 && strcmp(s[0], "apis") == 0;
    bool openapi = n == 2 && strcmp(s[0], "openapi") == 0;
    if (r->is_api || !(openapi || (api && n <= 2) || (apis && n <= 3))) {
        return false;
    }
    CLEAT_AUTO_BUF b = {0};
    if (openapi && strcmp(s[1], "v2") == 0) {
        respond_openapi_v2(c);
    } else if (openapi && strcmp(s[1], "v3") == 0) {
        cleat_buf_puts(&b, "{\"paths\":{}}\n");
        respond_tagged(c, "application/json", &b);
    } else if (openapi) {
        not_found(c);
    } else if (n == 1) {
        respond_root(c, api);
    } else if (apis && n == 2) {
        if (group_json(reg, s[1], &b, true)) {
            respond_tagged(c, "application/json", &b);
        } else {
            not_found(c);
        }
    } else if (resource_list(reg, r->group, r->version, &b)) {
        respond_tagged(c, "application/json", &b);
    } else {
        not_found(c);
    }
    return true;
}
