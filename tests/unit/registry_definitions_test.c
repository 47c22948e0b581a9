/* SPDX-License-Identifier: Apache-2.0 */
/* Definitions of kinds as objects: names, versions, changes, the end, the next start. */
#include "core/kinds/kinds.h"
#include "tests/support/rt.h"

#define AT(...)   rt_at(&rt, CLEAT_PATH(__VA_ARGS__))
#define JSON(...) #__VA_ARGS__
#define CRDS      "customresourcedefinitions"

/* clang-format off */
static const char widgets[] = JSON({
  "metadata": {"name": "widgets.a.example"},
  "spec": {"group": "a.example", "scope": "Namespaced",
    "names": {"plural": "widgets", "kind": "Widget", "shortNames": ["wi"]},
    "versions": [
      {"name": "v1", "served": true, "storage": true,
       "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas",
         "statusReplicasPath": ".status.replicas", "labelSelectorPath": ".status.selector"}},
       "schema": {"openAPIV3Schema": {"type": "object", "properties": {
         "spec": {"type": "object", "properties": {"size": {"type": "integer"}, "replicas": {"type": "integer"}}},
         "status": {"type": "object", "properties": {"replicas": {"type": "integer"}, "selector": {"type": "string"}}}}}}},
      {"name": "v1alpha1", "served": true, "storage": false,
       "schema": {"openAPIV3Schema": {"type": "object", "properties": {
         "spec": {"type": "object", "properties": {"size": {"type": "integer"}, "color": {"type": "string", "default": "red"}}}}}}}]}});
static const char gadgets[] = JSON({
  "metadata": {"name": "gadgets.a.example"},
  "spec": {"group": "a.example", "scope": "Cluster",
    "names": {"plural": "gadgets", "kind": "Gadget", "shortNames": ["wi"]},
    "versions": [{"name": "v1", "served": true, "storage": true,
       "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}});
/* clang-format on */

static const struct cleat_kind *find(struct rt *rt, const char *version, const char *resource) {
    return cleat_registry_find(rt->registry, "a.example", version, resource);
}

/* Lets the committer and the timers work until nothing is left to do. */
static void rest(struct rt *rt) {
    for (int i = 0; i < 20; i++) {
        while (cleat_store_step(rt->store)) {
        }
        cleat_clock_advance(50 * CLEAT_MS);
        cleat_timers_step();
    }
}

static cleat_err get_as(struct rt *rt, const char *version, const char *name) {
    cleat_request_done(&rt->req);
    rt->req = (cleat_request){.registry = rt->registry,
                              .verb = CLEAT_VERB_GET,
                              .kind = find(rt, version, "widgets"),
                              .ns = CLEAT_STR("default"),
                              .name = cleat_s(name),
                              .user = &rt_admin};
    return cleat_request_wait(&rt->req, NULL);
}

/* The status of a condition of a definition. */
static void check_condition(struct rt *rt, const char *name, const char *type, const char *status,
                            const char *reason) {
    if (!KT_OK(rt_get(rt, CRDS, name), &rt->req.error)) {
        return;
    }
    struct cleat_val list = cleat_obj_at(rt->req.result, CLEAT_PATH("status", "conditions"));
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), type)) {
            KT_EQ_S(cleat_val_str(cleat_val_get(it.val, "status")), cleat_s(status));
            KT_EQ_S(cleat_val_str(cleat_val_get(it.val, "reason")), cleat_s(reason));
            return;
        }
    }
    KT_TRUE(false);
    printf("  no condition %s\n", type);
}

static void establishes(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error);
    KT_EQ_S(AT("spec", "names", "singular"), CLEAT_STR("widget"));
    KT_EQ_S(AT("spec", "names", "listKind"), CLEAT_STR("WidgetList"));
    KT_EQ_S(AT("spec", "conversion", "strategy"), CLEAT_STR("None"));
    KT_EQ_S(AT("status", "storedVersions"), CLEAT_STR("[\"v1\"]"));
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("1"));
    KT_TRUE(find(&rt, "v1", "widgets") != NULL); /* at once */
    KT_TRUE(find(&rt, "v1alpha1", "widgets") != NULL);
    rest(&rt);
    check_condition(&rt, "widgets.a.example", "NamesAccepted", "True", "NoConflicts");
    check_condition(&rt, "widgets.a.example", "Established", "True", "InitialNamesAccepted");
    KT_EQ_S(AT("status", "acceptedNames"),
            CLEAT_STR("{\"plural\":\"widgets\",\"singular\":\"widget\",\"shortNames\":[\"wi\"],"
                      "\"kind\":\"Widget\",\"listKind\":\"WidgetList\"}"));
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("1"));
    KT_EQ_INT(rt_create(&rt, CRDS, "", widgets), CLEAT_E_EXISTS);
    rt_close(&rt);
}

static void conflicts(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error);
    rest(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", gadgets), &rt.req.error);
    rest(&rt);
    check_condition(&rt, "gadgets.a.example", "NamesAccepted", "False", "ShortNamesConflict");
    check_condition(&rt, "gadgets.a.example", "Established", "False", "NotAccepted");
    KT_TRUE(find(&rt, "v1", "gadgets") == NULL);
    KT_OK(rt_delete(&rt, CRDS, "widgets.a.example", NULL), &rt.req.error);
    rest(&rt);
    check_condition(&rt, "gadgets.a.example", "Established", "True", "InitialNamesAccepted");
    KT_TRUE(find(&rt, "v1", "gadgets") != NULL);
    rt_close(&rt);
}

static void converts(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error);
    rest(&rt);
    const struct cleat_kind *stored = find(&rt, "v1", "widgets");
    const struct cleat_kind *alpha = find(&rt, "v1alpha1", "widgets");
    KT_REQUIRE(stored != NULL && alpha != NULL);
    KT_EQ_INT(stored->id, alpha->id);
    cleat_request_done(&rt.req);
    rt.req = (cleat_request){.registry = rt.registry,
                             .verb = CLEAT_VERB_CREATE,
                             .kind = alpha,
                             .ns = CLEAT_STR("default"),
                             .name = {"", 0},
                             .user = &rt_admin};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE_OK(cleat_obj_parse(CLEAT_STR("{\"apiVersion\":\"a.example/v1alpha1\",\"kind\":"
                                            "\"Widget\",\"metadata\":{\"name\":\"w\"},\"spec\":{"
                                            "\"size\":1,\"junk\":2}}"),
                                  0, &rt.req.body, &e),
                  &e);
    KT_REQUIRE_OK(cleat_request_wait(&rt.req, NULL), &rt.req.error);
    KT_EQ_S(AT("apiVersion"), CLEAT_STR("a.example/v1alpha1"));
    KT_EQ_S(AT("spec"), CLEAT_STR("{\"size\":1,\"color\":\"red\"}"));
    KT_REQUIRE_OK(get_as(&rt, "v1", "w"), &rt.req.error);
    KT_EQ_S(AT("apiVersion"), CLEAT_STR("a.example/v1"));
    KT_EQ_S(AT("spec"), CLEAT_STR("{\"size\":1}")); /* as this version's schema has it */
    struct cleat_list_request q = {.kind = alpha, .user = &rt_admin};
    struct cleat_listing l;
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, &e), &e);
    if (KT_EQ_INT(l.n, 1)) {
        KT_EQ_S(cleat_val_str(cleat_obj_at(l.items[0], CLEAT_PATH("apiVersion"))),
                CLEAT_STR("a.example/v1alpha1"));
    }
    cleat_listing_done(&l);
    rt_close(&rt);
}

/* A schema that grows: what was stored gets the default when it is read. */
static void grows(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error);
    rest(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "widgets", "default",
                            "{\"metadata\":{\"name\":\"w\"},\"spec\":{\"size\":1}}"),
                  &rt.req.error);
    struct cleat_watch_request q = {.kind = find(&rt, "v1", "widgets"), .user = &rt_admin};
    struct cleat_watch_event ev[4];
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_watch *w = NULL;
    KT_REQUIRE_OK(cleat_watch_open(rt.registry, &q, &w, &e), &e);
    KT_EQ_INT(cleat_watch_next(w, ev, 4, &e), 1);
    cleat_obj_unref(ev[0].obj);
    KT_EQ_INT(cleat_watch_next(w, ev, 4, &e), 0);
    KT_REQUIRE_OK(
        rt_patch(&rt, CRDS, "widgets.a.example", CLEAT_PATCH_JSON,
                 "[{\"op\":\"add\",\"path\":\"/spec/versions/0/schema/openAPIV3Schema/properties/"
                 "spec/properties/shape\",\"value\":{\"type\":\"string\",\"default\":\"round\"}}]"),
        &rt.req.error);
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("2"));
    KT_TRUE(find(&rt, "v1", "widgets") != q.kind);
    KT_EQ_INT(cleat_watch_next(w, ev, 4, &e), CLEAT_E_NOT_FOUND); /* ended with its kind */
    cleat_watch_close(w);
    KT_REQUIRE_OK(get_as(&rt, "v1", "w"), &rt.req.error);
    KT_EQ_S(AT("spec"), CLEAT_STR("{\"size\":1,\"shape\":\"round\"}"));
    KT_EQ_INT(rt_patch(&rt, CRDS, "widgets.a.example", CLEAT_PATCH_MERGE,
                       "{\"spec\":{\"scope\":\"Cluster\"}}"),
              CLEAT_E_INVALID);
    KT_EQ_STR(rt_message(&rt),
              "CustomResourceDefinition.apiextensions.k8s.io \"widgets.a.example\" is invalid: "
              "spec.scope: Invalid value: \"Cluster\": field is immutable");
    rt_close(&rt);
}

static void scales(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error);
    rest(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "widgets", "default",
                            "{\"metadata\":{\"name\":\"w\"},\"spec\":{\"replicas\":1}}"),
                  &rt.req.error);
    KT_REQUIRE_OK(rt_patch(&rt, "widgets/scale", "default/w", CLEAT_PATCH_MERGE,
                           "{\"spec\":{\"replicas\":4}}"),
                  &rt.req.error);
    KT_EQ_S(AT("kind"), CLEAT_STR("Scale"));
    KT_EQ_S(AT("spec", "replicas"), CLEAT_STR("4"));
    KT_REQUIRE_OK(get_as(&rt, "v1", "w"), &rt.req.error);
    KT_EQ_S(AT("spec", "replicas"), CLEAT_STR("4"));
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR("2"));
    rt_close(&rt);
}

static void ends(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error);
    rest(&rt);
    for (int i = 0; i < 3; i++) {
        CLEAT_AUTO_FREE char *body = cleat_sprintf("{\"metadata\":{\"name\":\"w%d\"%s}}", i,
                                                   i == 0 ? ",\"finalizers\":[\"a.b/c\"]" : "");
        KT_REQUIRE_OK(rt_create(&rt, "widgets", "default", body), &rt.req.error);
    }
    uint32_t id = find(&rt, "v1", "widgets")->id;
    KT_REQUIRE_OK(rt_delete(&rt, CRDS, "widgets.a.example", NULL), &rt.req.error);
    KT_TRUE(!rt.req.gone);
    rest(&rt);
    check_condition(&rt, "widgets.a.example", "Terminating", "True", "InstanceDeletionInProgress");
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(rt.store);
    KT_EQ_INT(cleat_snapshot_count(sn, id, (struct cleat_str){NULL, 0}), 1);
    KT_REQUIRE(find(&rt, "v1", "widgets") != NULL); /* its finalizer is still somebody's */
    KT_EQ_INT(rt_create(&rt, "widgets", "default", "{\"metadata\":{\"name\":\"x\"}}"),
              CLEAT_E_METHOD);
    KT_EQ_STR(rt_message(&rt),
              "create not allowed while custom resource definition is terminating");
    KT_OK(rt_patch(&rt, "widgets", "default/w0", CLEAT_PATCH_MERGE,
                   "{\"metadata\":{\"finalizers\":null}}"),
          &rt.req.error);
    rest(&rt);
    KT_EQ_INT(rt_get(&rt, CRDS, "widgets.a.example"), CLEAT_E_NOT_FOUND);
    KT_TRUE(find(&rt, "v1", "widgets") == NULL);
    KT_TRUE(find(&rt, "v1alpha1", "widgets") == NULL);
    KT_TRUE(cleat_registry_find(rt.registry, "", "v1", "pods") != NULL);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error); /* once more */
    KT_TRUE(find(&rt, "v1", "widgets") != NULL);
    rt_close(&rt);
}

static void restarts(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error);
    rest(&rt);
    cleat_request_done(&rt.req);
    cleat_registry_free(rt.registry);
    KT_REQUIRE_OK(cleat_registry_new(rt.store, cleat_kinds, &rt.registry, &e), &e);
    KT_TRUE(find(&rt, "v1", "widgets") != NULL);
    KT_TRUE(find(&rt, "v1alpha1", "widgets") != NULL);
    rt_close(&rt);
}

static void refuses(void) {
#define SCHEMA(text)                                                                               \
    "[{\"op\":\"add\",\"path\":\"/spec/versions/0/schema/openAPIV3Schema/properties/"              \
    "spec/properties/x\",\"value\":" text "}]"
    static const struct {
        const char *patch, *message;
    } cases[] = {
        {SCHEMA("{}"), "[x].type: Required value: must not be empty for specified object fields"},
        {SCHEMA("{\"type\":\"array\"}"), "[x].items: Required value: must be specified"},
        {SCHEMA("{\"type\":\"string\",\"$ref\":\"#/a\"}"),
         "[x].$ref: Forbidden: $ref is not supported"},
        {SCHEMA("{\"type\":\"string\",\"pattern\":\"(\"}"),
         "[x].pattern: Invalid value: \"(\": must be a valid regular expression, but isn't"},
        {SCHEMA("{\"type\":\"object\",\"anyOf\":[{\"type\":\"object\"}]}"),
         "[x].anyOf[0].type: Forbidden: must be empty to be structural"},
        {SCHEMA("{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
                "\"x-kubernetes-list-type\":\"map\"}"),
         "x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type "
         "is map"},
        {SCHEMA("{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueItems\":true}"),
         "[x].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime "
         "complexity becomes quadratic"},
        {"[{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":true}]",
         "spec.versions: Invalid value: []: must have exactly one version marked as storage "
         "version"},
        {"[{\"op\":\"replace\",\"path\":\"/spec/versions/1/name\",\"value\":\"v1\"}]",
         "spec.versions: Invalid value: []: must contain unique version names"},
        {"[{\"op\":\"add\",\"path\":\"/spec/versions/0/additionalPrinterColumns\",\"value\":[{"
         "\"name\":\"a\",\"type\":\"text\",\"jsonPath\":\"spec\"}]}]",
         "spec.versions[0].additionalPrinterColumns[0].JSONPath: Invalid value: \"spec\": must be "
         "a "
         "simple json path starting with ."},
        {"[{\"op\":\"add\",\"path\":\"/spec/versions/0/selectableFields\",\"value\":[{"
         "\"jsonPath\":\".spec\"}]}]",
         "spec.versions[0].selectableFields[0].jsonPath: Invalid value: \".spec\": must point to a "
         "field of type string, boolean or integer. Enum string fields and strings with formats "
         "are allowed."},
        {"[{\"op\":\"replace\",\"path\":\"/spec/versions/0/subresources/scale/specReplicasPath\","
         "\"value\":\".status.replicas\"}]",
         "spec.versions[0].subresources.scale.specReplicasPath: Invalid value: "
         "\".status.replicas\": should be a json path under .spec"},
        {"[{\"op\":\"remove\",\"path\":\"/spec/versions/0\"},{\"op\":\"replace\",\"path\":"
         "\"/spec/versions/0/storage\",\"value\":true}]",
         "status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions"},
    };
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, CRDS, "", widgets), &rt.req.error);
    rest(&rt);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        KT_EQ_INT(rt_patch(&rt, CRDS, "widgets.a.example", CLEAT_PATCH_JSON, cases[i].patch),
                  CLEAT_E_INVALID);
        if (!KT_TRUE(strstr(rt_message(&rt), cases[i].message) != NULL)) {
            printf("  %s\n", rt_message(&rt));
        }
    }
    rt_close(&rt);
}

KT_MAIN("registry_definitions", KT_TEST(establishes), KT_TEST(conflicts), KT_TEST(converts),
        KT_TEST(grows), KT_TEST(scales), KT_TEST(ends), KT_TEST(restarts), KT_TEST(refuses))
