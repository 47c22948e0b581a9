/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 4.5: what the server says about itself. Discovery and OpenAPI documents,
 * made from the registry's kinds and the tables of core/types, and kept until
 * the kinds change. A document's tag is kept for good, its bytes only while they
 * are asked for. Any thread; building happens on the asking thread, without a lock.
 */
#ifndef CLEAT_OPENAPI_OPENAPI_H
#define CLEAT_OPENAPI_OPENAPI_H

#include "core/registry/registry.h"

typedef struct cleat_openapi cleat_openapi;
/* registry is borrowed; version: the server's ("v1.35.0"), copied. */
cleat_openapi *cleat_openapi_new(cleat_registry *registry, const char *version);
void cleat_openapi_free(cleat_openapi *o);

enum cleat_doc_form {                            /* discovery, then OpenAPI */
                      CLEAT_DOC_PATHS,           /* / */
                      CLEAT_DOC_GROUPS,          /* /apis */
                      CLEAT_DOC_GROUP,           /* /apis/NAME */
                      CLEAT_DOC_RESOURCES,       /* NAME: "v1", "apps/v1" */
                      CLEAT_DOC_AGGREGATED_CORE, /* NAME: the version of apidiscovery.k8s.io */
                      CLEAT_DOC_AGGREGATED,
                      CLEAT_DOC_V2,
                      CLEAT_DOC_V2_PROTO,
                      CLEAT_DOC_V3_INDEX,
                      CLEAT_DOC_V3, /* NAME: "api/v1", "apis/apps/v1", "version" */
                      CLEAT_DOC_V3_PROTO,
                      CLEAT_DOC_FORMS
};
/* The document, or NOT_FOUND. body (NULL = only the tag) is added to; *ret_tag is
 * owned: upper-case hexadecimal digits, in version 3 the same for JSON and protobuf. */
cleat_err cleat_openapi_get(cleat_openapi *o, enum cleat_doc_form form, const char *name,
                            struct cleat_buf *body, char **ret_tag, struct cleat_error *e);
/* Lets go of what was not asked for lately; somebody calls it each few seconds. */
void cleat_openapi_trim(cleat_openapi *o);

#endif
