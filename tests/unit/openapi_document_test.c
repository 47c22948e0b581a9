/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenAPI documents are valid JSON, every reference in them resolves, every kind
 * that is served is in them with its name, and what clients look for stands where
 * they look. Custom schemas as upstream publishes them. The cache.
 */
#include "core/openapi/internal.h"
#include "tests/support/rt.h"

#define JSON(...) #__VA_ARGS__

/* clang-format off */
static const char crd[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
  "metadata": {"name": "lamps.light.example.com"},
  "spec": {"group": "light.example.com", "scope": "Namespaced",
    "names": {"plural": "lamps", "kind": "Lamp"},
    "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
      "schema": {"openAPIV3Schema": {"type": "object", "description": "A lamp.", "required": ["spec"],
        "properties": {"apiVersion": {"type": "string"}, "metadata": {"type": "object"},
          "spec": {"type": "object", "required": ["watts", "colour"], "properties": {
            "watts": {"type": "integer", "default": 60},
            "colour": {"type": "string", "nullable": true},
            "shade": {"type": "object", "x-kubernetes-preserve-unknown-fields": true,
                      "properties": {"cloth": {"type": "string"}}},
            "inner": {"type": "object", "x-kubernetes-embedded-resource": true, "properties": {"spec": {"type": "object"}}},
            "list": {"type": "array", "items": {"type": "string"}, "nullable": true},
            "one": {"type": "string", "oneOf": [{"enum": ["a"]}, {"enum": ["b"]}]}}}}}}}]}});
static const char more[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
  "metadata": {"name": "tables.wood.example.com"},
  "spec": {"group": "wood.example.com", "scope": "Cluster",
    "names": {"plural": "tables", "kind": "Table"},
    "versions": [{"name": "v1", "served": true, "storage": true,
      "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}});
/* clang-format on */

struct docs {
    struct rt rt;
    struct cleat_kind_list list;
    cleat_obj *v2;
};

static void add(struct rt *rt, const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_registry_add_crd(rt->registry, cleat_s(text), &e), &e);
}

static cleat_obj *parse(const struct cleat_buf *b) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    /* Canonical to the byte but for the end of the line, and no key twice. */
    KT_OK(cleat_obj_parse((struct cleat_str){b->p, b->n}, CLEAT_PARSE_NO_DUPLICATES, &o, &e), &e);
    KT_TRUE(o != NULL && cleat_obj_bytes(o).n == b->n - 1);
    return o;
}

static cleat_obj *v3(const struct cleat_kind_list *l, const char *name) {
    CLEAT_AUTO_BUF b = {0};
    KT_TRUE(cleat_spec_v3(l, name, false, &b));
    return parse(&b);
}

static void open_docs(struct docs *d) {
    CLEAT_AUTO_BUF b = {0};
    rt_open(&d->rt);
    add(&d->rt, crd);
    add(&d->rt, more);
    cleat_kind_list_load(&d->list, d->rt.registry);
    cleat_spec_v2(&d->list, "v1.32.0", false, &b);
    d->v2 = parse(&b);
}

static void close_docs(struct docs *d) {
    cleat_obj_unref(d->v2);
    cleat_kind_list_done(&d->list);
    rt_close(&d->rt);
}

/* ---- references ---- */

/* "#/definitions/x" in root; the parts of our names have no escapes. */
static bool resolves(struct cleat_val root, struct cleat_str ref) {
    if (ref.n < 3 || memcmp(ref.p, "#/", 2) != 0) {
        return false;
    }
    struct cleat_str rest = {ref.p + 2, ref.n - 2};
    while (rest.n > 0) {
        const char *slash = memchr(rest.p, '/', rest.n);
        struct cleat_str part = {rest.p, slash ? (size_t)(slash - rest.p) : rest.n};
        root = cleat_val_get_s(root, part);
        rest.p += part.n + (slash != NULL);
        rest.n -= part.n + (slash != NULL);
    }
    return cleat_val_present(root);
}

static size_t check_refs(struct cleat_val root, struct cleat_val v) {
    struct cleat_iter it = {0};
    size_t n = 0;
    while (cleat_val_next(v, &it)) {
        if (cleat_eqc(it.key, "$ref") && cleat_val_type(it.val) == CLEAT_STRING) {
            n++;
            if (!KT_TRUE(resolves(root, cleat_val_str(it.val)))) {
                fprintf(stderr, "%.*s\n", CLEAT_FMT(cleat_val_str(it.val)));
            }
        } else {
            n += check_refs(root, it.val);
        }
    }
    return n;
}

static void check_v3_refs(void *userdata, const char *name) {
    CLEAT_AUTO(cleat_obj) *o = v3(userdata, name);
    KT_TRUE(check_refs(cleat_obj_root(o), cleat_obj_root(o)) > 0);
}

static void references(void) {
    struct docs d;
    open_docs(&d);
    KT_TRUE(check_refs(cleat_obj_root(d.v2), cleat_obj_root(d.v2)) > 1000);
    cleat_spec_v3_names(&d.list, check_v3_refs, &d.list);
    CLEAT_AUTO_BUF none = {0};
    static const char *const nowhere[] = {"",          "apis/",         "apis//v1", "api/v2",
                                          "apis/nope", "apis/apps/v99", "api/",     "logs"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
        KT_TRUE(!cleat_spec_v3(&d.list, nowhere[i], false, &none));
    }
    close_docs(&d);
}

/* ---- kinds ---- */

static bool has_gvk(struct cleat_val list, const struct cleat_kind *k) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "group")), k->group) &&
            cleat_eqc(cleat_val_str(cleat_val_get(it.val, "version")), k->version) &&
            cleat_eqc(cleat_val_str(cleat_val_get(it.val, "kind")), k->kind)) {
            return true;
        }
    }
    return false;
}

static struct cleat_val definition_of(struct cleat_val definitions, const struct cleat_kind *k) {
    struct cleat_iter it = {0};
    while (cleat_val_next(definitions, &it)) {
        if (has_gvk(cleat_val_get(it.val, "x-kubernetes-group-version-kind"), k)) {
            return it.val;
        }
    }
    return (struct cleat_val){0};
}

/* The operation at the path of one object, or of the collection of what is never stored. */
static struct cleat_val operation_of(struct cleat_val paths, const struct cleat_kind *k,
                                     const char *method) {
    CLEAT_AUTO_FREE char *path =
        cleat_sprintf("/%s%s/%s%s/%s%s", k->group[0] != '\0' ? "apis/" : "api", k->group,
                      k->version, k->flags & CLEAT_KIND_NAMESPACED ? "/namespaces/{namespace}" : "",
                      k->resource, strcmp(method, "post") == 0 ? "" : "/{name}");
    return cleat_val_get(cleat_val_get(paths, path), method);
}

static bool takes(struct cleat_val operation, const char *param) {
    struct cleat_iter it = {0};
    while (cleat_val_next(cleat_val_get(operation, "parameters"), &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "name")), param)) {
            return true;
        }
    }
    return false;
}

static void check_kind(const struct cleat_kind *k, struct cleat_val definitions,
                       struct cleat_val paths) {
    static const struct {
        const char *method;
        unsigned needs;
        bool validates;
    } methods[] = {{"get", CLEAT_CAN_GET, false},
                   {"post", CLEAT_CAN_CREATE, true},
                   {"put", CLEAT_CAN_UPDATE, true},
                   {"patch", CLEAT_CAN_PATCH, true}};
    bool ok = KT_TRUE(cleat_val_present(definition_of(definitions, k)));
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct cleat_val op = operation_of(paths, k, methods[i].method);
        struct cleat_val gvk = cleat_val_get(op, "x-kubernetes-group-version-kind");
        ok &= KT_EQ_INT(cleat_val_present(op), (cleat_kind_can(k) & methods[i].needs) != 0);
        if (cleat_val_present(op)) {
            ok &= KT_TRUE(cleat_eqc(cleat_val_str(cleat_val_get(gvk, "kind")), k->kind));
            ok &= KT_EQ_INT(takes(op, "fieldValidation"), methods[i].validates);
            ok &= KT_EQ_INT(takes(op, "dryRun"), methods[i].validates);
        }
    }
    if (!ok) {
        fprintf(stderr, "%s\n", k->store_name);
    }
}

static void kinds(void) {
    struct docs d;
    open_docs(&d);
    for (size_t i = 0; i < d.list.n; i++) {
        const struct cleat_kind *k = d.list.kinds[i];
        CLEAT_AUTO_FREE char *name = k->group[0] != '\0'
                                         ? cleat_sprintf("apis/%s/%s", k->group, k->version)
                                         : cleat_sprintf("api/%s", k->version);
        CLEAT_AUTO(cleat_obj) *o = v3(&d.list, name);
        check_kind(k, cleat_obj_at(d.v2, CLEAT_PATH("definitions")),
                   cleat_obj_at(d.v2, CLEAT_PATH("paths")));
        check_kind(k, cleat_obj_at(o, CLEAT_PATH("components", "schemas")),
                   cleat_obj_at(o, CLEAT_PATH("paths")));
    }
    close_docs(&d);
}

/* ---- what is said of members ---- */

static struct cleat_str raw_at(struct cleat_val v, cleat_path path) {
    return cleat_val_raw(cleat_val_at(v, path));
}

static void members(void) {
    struct docs d;
    open_docs(&d);
    CLEAT_AUTO(cleat_obj) *core = v3(&d.list, "api/v1");
    struct cleat_val two = cleat_obj_at(d.v2, CLEAT_PATH("definitions"));
    struct cleat_val three = cleat_obj_at(core, CLEAT_PATH("components", "schemas"));
    struct cleat_val spec = cleat_val_get(three, "io.k8s.api.core.v1.PodSpec");
    struct cleat_val volumes = cleat_val_at(spec, CLEAT_PATH("properties", "volumes"));
    struct cleat_val port = cleat_val_get(three, "io.k8s.api.core.v1.ContainerPort");
    struct cleat_val protocol = cleat_val_at(port, CLEAT_PATH("properties", "protocol"));
    struct cleat_val ports = cleat_val_at(cleat_val_get(two, "io.k8s.api.core.v1.Container"),
                                          CLEAT_PATH("properties", "ports"));
    KT_EQ_S(raw_at(volumes, CLEAT_PATH("x-kubernetes-patch-strategy")),
            CLEAT_STR("\"merge,retainKeys\""));
    KT_EQ_S(raw_at(volumes, CLEAT_PATH("x-kubernetes-patch-merge-key")), CLEAT_STR("\"name\""));
    KT_EQ_S(raw_at(volumes, CLEAT_PATH("x-kubernetes-list-type")), CLEAT_STR("\"map\""));
    KT_EQ_S(raw_at(spec, CLEAT_PATH("required")), CLEAT_STR("[\"containers\"]"));
    KT_EQ_S(raw_at(protocol, CLEAT_PATH("default")), CLEAT_STR("\"TCP\""));
    KT_EQ_S(raw_at(protocol, CLEAT_PATH("enum")), CLEAT_STR("[\"TCP\",\"UDP\",\"SCTP\"]"));
    KT_EQ_S(raw_at(ports, CLEAT_PATH("x-kubernetes-list-map-keys")),
            CLEAT_STR("[\"containerPort\",\"protocol\"]"));
    KT_EQ_S(raw_at(ports, CLEAT_PATH("items", "$ref")),
            CLEAT_STR("\"#/definitions/io.k8s.api.core.v1.ContainerPort\""));
    KT_EQ_S(raw_at(cleat_val_get(three, "io.k8s.apimachinery.pkg.api.resource.Quantity"),
                   CLEAT_PATH("oneOf")),
            CLEAT_STR("[{\"type\":\"string\"},{\"type\":\"number\"}]"));
    KT_EQ_S(raw_at(cleat_val_get(two, "io.k8s.apimachinery.pkg.api.resource.Quantity"),
                   CLEAT_PATH("type")),
            CLEAT_STR("\"string\""));
    /* Neighbours of a reference: in version 2 beside it, in 3 beside an allOf. */
    struct cleat_val pod = cleat_val_get(three, "io.k8s.api.core.v1.Pod");
    KT_TRUE(cleat_val_present(
        cleat_val_at(pod, CLEAT_PATH("properties", "spec", "allOf", "0", "$ref"))));
    pod = cleat_val_get(two, "io.k8s.api.core.v1.Pod");
    KT_TRUE(cleat_val_present(cleat_val_at(pod, CLEAT_PATH("properties", "spec", "$ref"))) &&
            cleat_val_present(cleat_val_at(pod, CLEAT_PATH("properties", "spec", "description"))));
    close_docs(&d);
}

static void custom(void) {
    struct docs d;
    open_docs(&d);
    CLEAT_AUTO(cleat_obj) *lamps = v3(&d.list, "apis/light.example.com/v1");
    static const char name[] = "com.example.light.v1.Lamp";
    struct cleat_val three =
        cleat_val_get(cleat_obj_at(lamps, CLEAT_PATH("components", "schemas")), name);
    struct cleat_val two = cleat_val_get(cleat_obj_at(d.v2, CLEAT_PATH("definitions")), name);
    struct cleat_val spec3 = cleat_val_at(three, CLEAT_PATH("properties", "spec", "properties"));
    struct cleat_val spec2 = cleat_val_at(two, CLEAT_PATH("properties", "spec", "properties"));
    KT_EQ_S(raw_at(spec3, CLEAT_PATH("watts")), CLEAT_STR("{\"type\":\"integer\",\"default\":60}"));
    KT_EQ_S(raw_at(spec2, CLEAT_PATH("watts")), CLEAT_STR("{\"type\":\"integer\"}"));
    KT_EQ_S(raw_at(three, CLEAT_PATH("properties", "spec", "required")),
            CLEAT_STR("[\"watts\",\"colour\"]"));
    KT_EQ_S(raw_at(two, CLEAT_PATH("properties", "spec", "required")), CLEAT_STR("[\"watts\"]"));
    KT_EQ_S(raw_at(spec2, CLEAT_PATH("colour")), CLEAT_STR("{}"));
    KT_EQ_S(raw_at(spec2, CLEAT_PATH("list")), CLEAT_STR("{}"));
    KT_EQ_S(raw_at(spec2, CLEAT_PATH("shade")),
            CLEAT_STR("{\"x-kubernetes-preserve-unknown-fields\":true}"));
    KT_TRUE(cleat_val_present(cleat_val_at(spec3, CLEAT_PATH("shade", "properties", "cloth"))));
    KT_EQ_S(raw_at(spec2, CLEAT_PATH("one")), CLEAT_STR("{\"type\":\"string\"}"));
    KT_TRUE(cleat_val_present(cleat_val_at(spec3, CLEAT_PATH("one", "oneOf"))));
    KT_EQ_S(raw_at(spec2, CLEAT_PATH("inner", "required")), CLEAT_STR("[\"kind\",\"apiVersion\"]"));
    KT_TRUE(cleat_val_present(cleat_val_at(two, CLEAT_PATH("properties", "metadata", "$ref"))));
    /* Of what may hold anything, version 2 says nothing, lest it be taken for all there is. */
    struct cleat_val free2 =
        cleat_val_get(cleat_obj_at(d.v2, CLEAT_PATH("definitions")), "com.example.wood.v1.Table");
    KT_TRUE(cleat_val_present(free2) && !cleat_val_present(cleat_val_get(free2, "properties")));
    close_docs(&d);
}

/* ---- the cache ---- */

static char *tag_of(cleat_openapi *o, enum cleat_doc_form form, const char *name) {
    char *tag = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_openapi_get(o, form, name, NULL, &tag, &e), &e);
    return tag;
}

static void cache(void) {
    struct rt rt;
    rt_open(&rt);
    cleat_openapi *o = cleat_openapi_new(rt.registry, "v1.32.0");
    CLEAT_AUTO_FREE char *core = tag_of(o, CLEAT_DOC_V3, "api/v1");
    CLEAT_AUTO_FREE char *all = tag_of(o, CLEAT_DOC_V2, "");
    CLEAT_AUTO_FREE char *all_proto = tag_of(o, CLEAT_DOC_V2_PROTO, "");
    CLEAT_AUTO_FREE char *groups = tag_of(o, CLEAT_DOC_AGGREGATED, "v2");
    CLEAT_AUTO_FREE char *core_proto = tag_of(o, CLEAT_DOC_V3_PROTO, "api/v1");
    KT_EQ_STR(core, core_proto);
    KT_TRUE(strcmp(all, all_proto) != 0);
    char *tag = NULL;
    CLEAT_AUTO_BUF body = {0}, again = {0};
    KT_EQ_INT(cleat_openapi_get(o, CLEAT_DOC_V3, "apis/light.example.com/v1", &body, &tag, NULL),
              CLEAT_E_NOT_FOUND);
    KT_TRUE(tag == NULL && body.n == 0);
    KT_EQ_INT(cleat_openapi_get(o, CLEAT_DOC_V2, "", &body, &tag, NULL), CLEAT_OK);
    KT_EQ_STR(tag, all);
    free(CLEAT_STEAL(tag));

    add(&rt, crd);
    CLEAT_AUTO_FREE char *all_now = tag_of(o, CLEAT_DOC_V2, "");
    CLEAT_AUTO_FREE char *groups_now = tag_of(o, CLEAT_DOC_AGGREGATED, "v2");
    CLEAT_AUTO_FREE char *lamps = tag_of(o, CLEAT_DOC_V3, "apis/light.example.com/v1");
    CLEAT_AUTO_FREE char *core_now = tag_of(o, CLEAT_DOC_V3, "api/v1");
    KT_TRUE(strcmp(all, all_now) != 0 && strcmp(groups, groups_now) != 0);
    KT_EQ_STR(core_now, core); /* it is not touched */

    cleat_clock_advance((cleat_time)3600 * 1000000000);
    cleat_openapi_trim(o);
    KT_EQ_INT(cleat_openapi_get(o, CLEAT_DOC_V2, "", &again, &tag, NULL), CLEAT_OK);
    KT_EQ_STR(tag, all_now);
    KT_TRUE(again.n > body.n);
    free(tag);
    CLEAT_AUTO_FREE char *lamps_now = tag_of(o, CLEAT_DOC_V3, "apis/light.example.com/v1");
    KT_EQ_STR(lamps, lamps_now);
    cleat_openapi_free(o);
    rt_close(&rt);
}

struct reader {
    cleat_openapi *o;
    pthread_t thread;
    size_t failed;
};

static void *read_all(void *arg) {
    struct reader *r = arg;
    static const struct {
        enum cleat_doc_form form;
        const char *name;
    } all[] = {{CLEAT_DOC_V2, ""},     {CLEAT_DOC_V2_PROTO, ""},   {CLEAT_DOC_V3_INDEX, ""},
               {CLEAT_DOC_GROUPS, ""}, {CLEAT_DOC_V3, "api/v1"},   {CLEAT_DOC_AGGREGATED, "v2"},
               {CLEAT_DOC_V3, "apis"}, {CLEAT_DOC_RESOURCES, "v1"}};
    for (size_t i = 0; i < 5 * sizeof all / sizeof *all; i++) {
        size_t at = i % (sizeof all / sizeof *all);
        CLEAT_AUTO_BUF body = {0};
        CLEAT_AUTO_FREE char *tag = NULL;
        cleat_err err = cleat_openapi_get(r->o, all[at].form, all[at].name, &body, &tag, NULL);
        r->failed += err != CLEAT_OK || body.n == 0 || tag == NULL;
        cleat_openapi_trim(r->o);
    }
    return NULL;
}

static void threads(void) {
    struct rt rt;
    struct reader readers[2];
    rt_open(&rt);
    cleat_openapi *o = cleat_openapi_new(rt.registry, "v1.32.0");
    for (size_t i = 0; i < 2; i++) {
        readers[i] = (struct reader){.o = o};
        readers[i].thread = cleat_thread_start("reader", read_all, &readers[i]);
    }
    add(&rt, crd);
    add(&rt, more);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(readers[i].thread, NULL);
        KT_EQ_INT(readers[i].failed, 0);
    }
    cleat_openapi_free(o);
    rt_close(&rt);
}

KT_MAIN("openapi_document", KT_TEST(references), KT_TEST(kinds), KT_TEST(members), KT_TEST(custom),
        KT_TEST(cache), KT_TEST(threads))
