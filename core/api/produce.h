/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that are made while they are sent (produce.c), and gzip (gzip.c). All on the
 * connection's I/O thread.
 */
#ifndef CLEAT_CORE_API_PRODUCE_H
#define CLEAT_CORE_API_PRODUCE_H

#include "core/api/internal.h"

/* Gives an answer's text bit by bit. */
struct cleat__source {
    bool (*next)(struct cleat__source *s, struct cleat_buf *out); /* false: that was the last */
    void (*free)(struct cleat__source *s);
};
struct cleat__source *cleat__source_text(struct cleat_buf *text); /* emptied */
/* A LIST as JSON, open its beginning up to "items":[; and as YAML. The listing is taken. */
struct cleat__source *cleat__source_list(const struct cleat_kind *k, struct cleat_listing *listing,
                                         struct cleat_str open);
struct cleat__source *cleat__source_yaml_list(const struct cleat_kind *k,
                                              struct cleat_listing *listing);

/* Begins an answer whose body comes from the source, which is taken. */
void cleat__produce(struct cleat__call *c, int status, const char *type,
                    struct cleat__source *source, bool gzip);

/* Smaller bodies are not worth it; as upstream. */
enum { CLEAT__GZIP_FROM = 128 * 1024 };
/* Whether the client takes gzip; while its request is being served. */
bool cleat__wants_gzip(const struct cleat__call *c);
struct cleat__gzip *cleat__gzip_new(void);
/* Packs text; what comes of it is added to out, all of it with the last. */
void cleat__gzip_add(struct cleat__gzip *z, struct cleat_str text, bool last,
                     struct cleat_buf *out);
void cleat__gzip_free(struct cleat__gzip *z);

#endif
