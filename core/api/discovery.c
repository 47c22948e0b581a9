/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Discovery and OpenAPI over HTTP: which document is asked for, in which form,
 * and whether the client has it already. core/openapi makes and keeps them. On
 * the connection's I/O thread.
 */
#include "core/api/internal.h"

/* ---- answering ---- */

/* Whether If-None-Match names this tag; a client may name several. */
static bool is_known(struct cleat__call *c, const char *tag) {
    struct cleat_str known = cleat_http_header(c->head, "if-none-match");
    size_t n = strlen(tag);
    if (cleat_eqc(known, "*")) {
        return true;
    }
    for (size_t i = 1; i + n < known.n; i++) {
        if (memcmp(known.p + i, tag, n) == 0 && known.p[i - 1] == '"' && known.p[i + n] == '"') {
            return true;
        }
    }
    return false;
}

static void not_found(struct cleat__call *c) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e, CLEAT_E_NOT_FOUND, "the server could not find the requested resource");
    cleat__respond_error(c, &e);
}

/* cache: lines of its own for the head, or "". */
static void respond(struct cleat__call *c, enum cleat_doc_form form, const char *name,
                    const char *type, const char *cache) {
    cleat_openapi *o = c->io->api->openapi;
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF body = {0};
    CLEAT_AUTO_FREE char *tag = NULL;
    bool asks = cleat_http_header(c->head, "if-none-match").n > 0;
    if (cleat_openapi_get(o, form, name, asks ? NULL : &body, &tag, &e) != CLEAT_OK) {
        cleat__respond_error(c, &e);
        return;
    }
    bool known = asks && is_known(c, tag);
    if (asks && !known) {
        free(CLEAT_STEAL(tag));
        if (cleat_openapi_get(o, form, name, &body, &tag, &e) != CLEAT_OK) {
            cleat__respond_error(c, &e);
            return;
        }
    }
    CLEAT_AUTO_FREE char *extra = cleat_sprintf("ETag: \"%s\"\r\nVary: Accept\r\n%s", tag, cache);
    cleat__respond(c, known ? 304 : 200, known ? NULL : type, &body, extra);
}

/* ---- discovery ---- */

static const char *const plain[] = {"application/json", NULL};

static void not_acceptable(struct cleat__call *c) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e, CLEAT_E_NOT_ACCEPTABLE,
               "only the following media types are accepted: application/json");
    cleat__respond_error(c, &e);
}

static void respond_plain(struct cleat__call *c, enum cleat_doc_form form, const char *name) {
    if (cleat__media_choose(cleat_http_header(c->head, "accept"), plain) < 0) {
        not_acceptable(c);
        return;
    }
    respond(c, form, name, plain[0], "");
}

/* The version of apidiscovery.k8s.io that the client wants most, or NULL. */
static const char *aggregated(struct cleat_str accept) {
    static const char *const versions[] = {"v2", "v2beta1"};
    const char *best = NULL;
    int best_quality = 0;
    struct cleat__media m;
    while (cleat__media_next(&accept, &m)) {
        if (m.quality <= best_quality || !cleat_eqc(m.type, plain[0])) {
            continue;
        }
        if (m.as.n == 0 && m.group.n == 0) {
            best = NULL;
            best_quality = m.quality;
        }
        for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
            if (cleat_eqc(m.group, "apidiscovery.k8s.io") && cleat_eqc(m.version, versions[i]) &&
                cleat_eqc(m.as, "APIGroupDiscoveryList")) {
                best = versions[i];
                best_quality = m.quality;
            }
        }
    }
    return best;
}

static void respond_root(struct cleat__call *c, bool core) {
    const char *version = aggregated(cleat_http_header(c->head, "accept"));
    if (version != NULL) {
        CLEAT_AUTO_FREE char *type = cleat_sprintf(
            "application/json;g=apidiscovery.k8s.io;v=%s;as=APIGroupDiscoveryList", version);
        respond(c, core ? CLEAT_DOC_AGGREGATED_CORE : CLEAT_DOC_AGGREGATED, version, type,
                "Cache-Control: public\r\n");
    } else if (!core) {
        respond_plain(c, CLEAT_DOC_GROUPS, "");
    } else if (cleat__media_choose(cleat_http_header(c->head, "accept"), plain) < 0) {
        not_acceptable(c);
    } else {
        CLEAT_AUTO_BUF b = {0};
        cleat_buf_printf(
            &b,
            "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],\"serverAddressByClientCIDRs\":"
            "[{\"clientCIDR\":\"0.0.0.0/0\",\"serverAddress\":\"127.0.0.1:%d\"}]}\n",
            c->io->api->secure_port);
        cleat__respond(c, 200, plain[0], &b, "Vary: Accept\r\n");
    }
}

/* /apis/g, /api/v1, /apis/g/v */
static void respond_below(struct cleat__call *c, const struct cleat__route *r, bool core) {
    char *const *s = r->segments;
    if (core) {
        respond_plain(c, CLEAT_DOC_RESOURCES, s[1]);
    } else if (r->n_segments == 2) {
        respond_plain(c, CLEAT_DOC_GROUP, s[1]);
    } else {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("%s/%s", s[1], s[2]);
        respond_plain(c, CLEAT_DOC_RESOURCES, name);
    }
}

/* ---- OpenAPI ---- */

static void respond_v3(struct cleat__call *c, const struct cleat__route *r, bool proto,
                       const char *type) {
    cleat_openapi *o = c->io->api->openapi;
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF name = {0};
    CLEAT_AUTO_FREE char *tag = NULL, *cache = NULL;
    for (size_t i = 2; i < r->n_segments; i++) {
        cleat_buf_printf(&name, "%s%s", i > 2 ? "/" : "", r->segments[i]);
    }
    const char *hash = cleat__param(r, "hash");
    if (hash != NULL && hash[0] != '\0') {
        if (cleat_openapi_get(o, CLEAT_DOC_V3, name.p, NULL, &tag, &e) != CLEAT_OK) {
            cleat__respond_error(c, &e);
            return;
        }
        if (strcmp(hash, tag) != 0) {
            CLEAT_AUTO_BUF none = {0};
            CLEAT_AUTO_FREE char *to =
                cleat_sprintf("Location: /openapi/v3/%s?hash=%s\r\nVary: Accept\r\n", name.p, tag);
            cleat__respond(c, 301, NULL, &none, to);
            return;
        }
        cache = cleat_strdup("Cache-Control: public, immutable, max-age=31536000\r\n");
    }
    respond(c, proto ? CLEAT_DOC_V3_PROTO : CLEAT_DOC_V3, name.p, type, cache ? cache : "");
}

static void respond_openapi(struct cleat__call *c, const struct cleat__route *r) {
    static const char *const v2_offers[] = {
        "application/json", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
        "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", NULL};
    static const char *const v3_offers[] = {
        "application/json", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf",
        "application/com.github.proto-openapi.spec.v3.v1.0+protobuf", NULL};
    bool v2 = strcmp(r->segments[1], "v2") == 0, v3 = strcmp(r->segments[1], "v3") == 0;
    if ((!v2 && !v3) || (v2 && r->n_segments > 2)) {
        not_found(c);
        return;
    }
    if (v3 && r->n_segments == 2) {
        respond(c, CLEAT_DOC_V3_INDEX, "", "application/json", "");
        return;
    }
    const char *const *offers = v2 ? v2_offers : v3_offers;
    int at = cleat__media_choose(cleat_http_header(c->head, "accept"), offers);
    if (at < 0) {
        CLEAT_AUTO_BUF none = {0};
        cleat__respond(c, 406, NULL, &none, "Vary: Accept\r\n");
        return;
    }
    const char *type = offers[at > 0 ? 2 : 0]; /* the name with an @ is no type, only a wish */
    if (v2) {
        respond(c, at > 0 ? CLEAT_DOC_V2_PROTO : CLEAT_DOC_V2, "", type, "");
    } else {
        respond_v3(c, r, at > 0, type);
    }
}

bool cleat__serve_discovery(struct cleat__call *c, const struct cleat__route *r) {
    char *const *s = r->segments;
    size_t n = r->n_segments;
    bool api = n > 0 && strcmp(s[0], "api") == 0, apis = n > 0 && strcmp(s[0], "apis") == 0;
    bool openapi = n >= 2 && strcmp(s[0], "openapi") == 0;
    if (n == 0) {
        respond(c, CLEAT_DOC_PATHS, "", plain[0], "");
        return true;
    }
    if (r->is_api || !(openapi || (api && n <= 2) || (apis && n <= 3))) {
        return false;
    }
    if (openapi) {
        respond_openapi(c, r);
    } else if (n == 1) {
        respond_root(c, api);
    } else {
        respond_below(c, r, api);
    }
    return true;
}
