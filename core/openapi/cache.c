/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that were made, until the kinds change. A document remembers the
 * registry's generation it was made in and what it was made from, so that a new
 * kind does not make those afresh that it does not touch. The bytes are kept a
 * while after they were last asked for, the tag for good. The map has one mutex,
 * which is not held while a document is made: two threads may make the same one.
 */
#include <openssl/sha.h>

#include "core/openapi/internal.h"

#define KEEP ((cleat_time)30 * 1000000000)

struct entry {
    uint64_t generation, print;
    cleat_time used;
    struct cleat_buf body; /* empty: only the tag is known */
    char tag[2 * SHA256_DIGEST_LENGTH + 1];
};

struct cleat_openapi {
    cleat_registry *registry;
    char *version;
    pthread_mutex_t lock;
    struct cleat_map entries;
};

cleat_openapi *cleat_openapi_new(cleat_registry *registry, const char *version) {
    cleat_openapi *o = cleat_zalloc(sizeof *o);
    o->registry = registry;
    o->version = cleat_strdup(version);
    pthread_mutex_init(&o->lock, NULL);
    return o;
}

static void free_entry(struct entry *x) {
    if (x != NULL) {
        cleat_buf_done(&x->body);
        free(x);
    }
}

void cleat_openapi_free(cleat_openapi *o) {
    if (o == NULL) {
        return;
    }
    size_t i = 0;
    for (struct cleat_map_entry *m; (m = cleat_map_each(&o->entries, &i)) != NULL;) {
        free_entry(m->value);
    }
    cleat_map_done(&o->entries);
    pthread_mutex_destroy(&o->lock);
    free(o->version);
    free(o);
}

void cleat_openapi_trim(cleat_openapi *o) {
    cleat_time now = cleat_now_mono();
    uint64_t generation = cleat_registry_generation(o->registry);
    size_t i = 0;
    CLEAT_LOCKED(&o->lock);
    for (struct cleat_map_entry *m; (m = cleat_map_each(&o->entries, &i)) != NULL;) {
        struct entry *x = m->value;
        if (now - x->used < KEEP) {
            continue;
        }
        cleat_buf_done(&x->body);
        if (x->generation != generation) {
            cleat_map_remove(&o->entries, (struct cleat_str){m->key, m->key_n});
            free_entry(x);
        }
    }
}

/* ---- what a document is made from ---- */

static uint64_t mix(uint64_t h, struct cleat_str s) {
    return h * 0x9e3779b97f4a7c15u + cleat_hash(s);
}

static uint64_t mix_kind(uint64_t h, const struct cleat_kind *k, bool schema) {
    h = mix(h, cleat_s(k->group));
    h = mix(h, cleat_s(k->version));
    h = mix(h, cleat_s(k->resource));
    h = mix(h, cleat_s(k->singular));
    h = mix(h, cleat_s(k->kind)) + k->flags;
    const char *const *const lists[] = {k->short_names, k->categories, k->selectable};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (size_t j = 0; lists[i] != NULL && lists[i][j] != NULL; j++) {
            h = mix(h, cleat_s(lists[i][j]));
        }
        h = mix(h, cleat_s("."));
    }
    for (const struct cleat_subresource *s = k->subresources; s != NULL && s->name != NULL; s++) {
        h = mix(h, cleat_s(s->name)) + s->verbs;
    }
    return schema && k->schema != NULL ? mix(h, cleat_obj_bytes(k->schema)) : h;
}

/* Those of version 3 and the lists of resources are of one group, all others of the
 * whole registry. Which built-in groups there are counts for all: options are of all. */
static uint64_t print_of(const struct cleat_kind_list *l, enum cleat_doc_form form,
                         const char *name) {
    bool part = form == CLEAT_DOC_V3 || form == CLEAT_DOC_V3_PROTO || form == CLEAT_DOC_RESOURCES;
    const char *group = form == CLEAT_DOC_RESOURCES      ? name
                        : strncmp(name, "apis/", 5) == 0 ? name + 5
                                                         : "";
    size_t n = strchr(group, '/') != NULL ? strcspn(group, "/") : 0;
    n = form != CLEAT_DOC_RESOURCES && n == 0 ? strlen(group) : n;
    bool schema = form >= CLEAT_DOC_V2; /* discovery does not tell of it */
    uint64_t h = 1;
    for (size_t i = 0; i < l->n_versions; i++) {
        if (!cleat_version_is_custom(&l->versions[i])) {
            h = mix(mix(h, cleat_s(l->versions[i].group)), cleat_s(l->versions[i].version));
        }
    }
    for (size_t i = 0; i < l->n; i++) {
        if (!part || cleat_eqc((struct cleat_str){group, n}, l->kinds[i]->group)) {
            h = mix_kind(h, l->kinds[i], schema);
        }
    }
    return h;
}

/* ---- making one ---- */

static char *tag_of(const struct cleat_buf *body) {
    static const char hex[] = "0123456789ABCDEF";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    char *tag = cleat_zalloc(2 * sizeof digest + 1);
    SHA256((const unsigned char *)body->p, body->n, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        tag[2 * i] = hex[digest[i] >> 4];
        tag[2 * i + 1] = hex[digest[i] & 15];
    }
    return tag;
}

/* One asking, with all that it leads to: it sees the kinds of one moment. */
struct asking {
    cleat_openapi *o;
    uint64_t generation; /* read before the kinds are: they may be newer, not older */
    struct cleat_kind_list list;
    bool loaded;
};

static const struct cleat_kind_list *list_of(struct asking *a) {
    if (!a->loaded) {
        cleat_kind_list_load(&a->list, a->o->registry);
        a->loaded = true;
    }
    return &a->list;
}

static cleat_err get(struct asking *a, enum cleat_doc_form form, const char *name,
                     struct cleat_buf *body, char **ret_tag, struct cleat_error *e);

struct index {
    struct asking *a;
    struct cleat_writer w;
};

static void add_to_index(void *userdata, const char *name) {
    struct index *x = userdata;
    CLEAT_AUTO_FREE char *tag = NULL;
    cleat_err err = get(x->a, CLEAT_DOC_V3, name, NULL, &tag, NULL);
    cleat_assert(err == CLEAT_OK); /* the names are of the same kinds */
    CLEAT_AUTO_FREE char *url = cleat_sprintf("/openapi/v3/%s?hash=%s", name, tag);
    cleat_write_open(&x->w, name, '{');
    cleat_write_str(&x->w, "serverRelativeURL", url);
    cleat_write_close(&x->w, '}');
}

static void make_index(struct asking *a, struct cleat_buf *out) {
    struct index x = {.a = a, .w = {.b = out}};
    cleat_write_open(&x.w, NULL, '{');
    cleat_write_open(&x.w, "paths", '{');
    cleat_spec_v3_names(list_of(a), add_to_index, &x);
    cleat_write_close(&x.w, '}');
    cleat_write_close(&x.w, '}');
    cleat_buf_putc(out, '\n');
}

/* false: there is none of that name. */
static bool make(struct asking *a, enum cleat_doc_form form, const char *name,
                 struct cleat_buf *out) {
    const struct cleat_kind_list *l = list_of(a);
    switch (form) {
    case CLEAT_DOC_PATHS:
        cleat_discovery_paths(l, out);
        return true;
    case CLEAT_DOC_GROUPS:
        cleat_discovery_groups(l, out);
        return true;
    case CLEAT_DOC_GROUP:
        return cleat_discovery_group(l, name, out);
    case CLEAT_DOC_RESOURCES:
        return cleat_discovery_resources(l, name, out);
    case CLEAT_DOC_AGGREGATED_CORE:
    case CLEAT_DOC_AGGREGATED:
        cleat_discovery_aggregated(l, form == CLEAT_DOC_AGGREGATED_CORE, name, out);
        return true;
    case CLEAT_DOC_V2:
    case CLEAT_DOC_V2_PROTO:
        cleat_spec_v2(l, a->o->version, form == CLEAT_DOC_V2_PROTO, out);
        return true;
    case CLEAT_DOC_V3_INDEX:
        make_index(a, out);
        return true;
    case CLEAT_DOC_V3:
    case CLEAT_DOC_V3_PROTO:
        return cleat_spec_v3(l, name, form == CLEAT_DOC_V3_PROTO, out);
    case CLEAT_DOC_FORMS:
        break;
    }
    return false;
}

/* ---- asking ---- */

/* true: *ret_tag and body are what the entry has. Also where only the generation
 * is another one and the kinds that count are the same. */
static bool answer(cleat_openapi *o, struct cleat_str key, uint64_t generation,
                   const uint64_t *print, struct cleat_buf *body, char **ret_tag) {
    CLEAT_LOCKED(&o->lock);
    struct entry *x = cleat_map_get(&o->entries, key);
    if (x != NULL && print != NULL && x->print == *print) {
        x->generation = generation;
    }
    if (x == NULL || x->generation != generation || (body != NULL && x->body.n == 0)) {
        return false;
    }
    x->used = cleat_now_mono();
    if (body != NULL) {
        cleat_buf_add(body, x->body.p, x->body.n);
    }
    *ret_tag = cleat_strdup(x->tag);
    return true;
}

/* body is taken. */
static void keep(cleat_openapi *o, struct cleat_str key, uint64_t generation, uint64_t print,
                 const char *tag, struct cleat_buf *body) {
    struct entry *x = cleat_zalloc(sizeof *x);
    *x = (struct entry){
        .generation = generation, .print = print, .used = cleat_now_mono(), .body = *body};
    memcpy(x->tag, tag, sizeof x->tag);
    *body = (struct cleat_buf){0};
    CLEAT_LOCKED(&o->lock);
    free_entry(cleat_map_put(&o->entries, key, x));
}

static cleat_err get(struct asking *a, enum cleat_doc_form form, const char *name,
                     struct cleat_buf *body, char **ret_tag, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *text = cleat_sprintf("%d %s", (int)form, name);
    struct cleat_str key = cleat_s(text);
    if (answer(a->o, key, a->generation, NULL, body, ret_tag)) {
        return CLEAT_OK;
    }
    uint64_t print = print_of(list_of(a), form, name);
    if (answer(a->o, key, a->generation, &print, body, ret_tag)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF made = {0};
    CLEAT_AUTO_FREE char *tag = NULL;
    if (!make(a, form, name, &made)) {
        return cleat_fail(e, CLEAT_E_NOT_FOUND, "the server could not find the requested resource");
    }
    if (form == CLEAT_DOC_V3_PROTO) {
        CLEAT_TRY(get(a, CLEAT_DOC_V3, name, NULL, &tag, e));
    } else {
        tag = tag_of(&made);
    }
    if (body != NULL) {
        cleat_buf_add(body, made.p, made.n);
    } else {
        cleat_buf_done(&made);
    }
    keep(a->o, key, a->generation, print, tag, &made);
    *ret_tag = CLEAT_STEAL(tag);
    return CLEAT_OK;
}

cleat_err cleat_openapi_get(cleat_openapi *o, enum cleat_doc_form form, const char *name,
                            struct cleat_buf *body, char **ret_tag, struct cleat_error *e) {
    struct asking a = {.o = o, .generation = cleat_registry_generation(o->registry)};
    cleat_err err = get(&a, form, name, body, ret_tag, e);
    cleat_kind_list_done(&a.list);
    return err;
}
