/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Discovery documents of kinds made up for it: the order of groups, versions and
 * resources, verbs, subresources and their kinds, storage hashes.
 */
#include "core/openapi/internal.h"
#include "tests/support/kt.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static cleat_err answers(cleat_request *req) {
    (void)req;
    return CLEAT_OK;
}

static const struct cleat_subresource deployment_parts[] = {
    {.name = "scale", .group = "autoscaling", .version = "v1", .kind = "Scale"}, {.name = NULL}};
static const struct cleat_subresource pod_parts[] = {{.name = "eviction",
                                                      .group = "policy",
                                                      .version = "v1",
                                                      .kind = "Eviction",
                                                      .verbs = 1u << CLEAT_VERB_CREATE},
                                                     {.name = "binding",
                                                      .group = "",
                                                      .version = "v1",
                                                      .kind = "Binding",
                                                      .verbs = 1u << CLEAT_VERB_CREATE},
                                                     {.name = NULL}};

#define KIND(g, v, r, s, k, f, ...)                                                                \
    {                                                                                              \
        .group = (g), .version = (v), .resource = (r), .singular = (s), .kind = (k), .flags = (f), \
        __VA_ARGS__                                                                                \
    }
static const struct cleat_kind table[] = {
    KIND("coordination.k8s.io", "v1", "leases", "lease", "Lease", CLEAT_KIND_NAMESPACED),
    KIND("authentication.k8s.io", "v1", "tokenreviews", "tokenreview", "TokenReview", 0,
         .answer = answers),
    KIND("autoscaling", "v1", "horizontalpodautoscalers", "horizontalpodautoscaler",
         "HorizontalPodAutoscaler", CLEAT_KIND_NAMESPACED),
    KIND("autoscaling", "v2", "horizontalpodautoscalers", "horizontalpodautoscaler",
         "HorizontalPodAutoscaler", CLEAT_KIND_NAMESPACED),
    KIND("apps", "v1", "statefulsets", "statefulset", "StatefulSet", CLEAT_KIND_NAMESPACED),
    KIND("apps", "v1", "deployments", "deployment", "Deployment",
         CLEAT_KIND_NAMESPACED | CLEAT_KIND_STATUS, .short_names = NAMES("deploy"),
         .categories = NAMES("all"), .subresources = deployment_parts),
    KIND("", "v1", "podtemplates", "podtemplate", "PodTemplate", CLEAT_KIND_NAMESPACED),
    KIND("", "v1", "pods", "pod", "Pod", CLEAT_KIND_NAMESPACED | CLEAT_KIND_STATUS,
         .short_names = NAMES("po"), .subresources = pod_parts),
    KIND("", "v1", "namespaces", "namespace", "Namespace", CLEAT_KIND_NAMESPACE),
    KIND("", "v1", "componentstatuses", "componentstatus", "ComponentStatus", CLEAT_KIND_READ_ONLY),
    KIND("b.example.com", "v1beta2", "xs", "x", "X", CLEAT_KIND_CUSTOM | CLEAT_KIND_STATUS),
    KIND("b.example.com", "v1alpha9", "xs", "x", "X", CLEAT_KIND_CUSTOM),
    KIND("b.example.com", "v2", "xs", "x", "X", CLEAT_KIND_CUSTOM),
    KIND("b.example.com", "v10", "xs", "x", "X", CLEAT_KIND_CUSTOM),
    KIND("b.example.com", "latest", "xs", "x", "X", CLEAT_KIND_CUSTOM),
    KIND("b.example.com", "v1beta11", "xs", "x", "X", CLEAT_KIND_CUSTOM),
    KIND("b.example.com", "early", "xs", "x", "X", CLEAT_KIND_CUSTOM),
    KIND("a.example.com", "v1", "ys", "y", "Y", CLEAT_KIND_CUSTOM),
};
enum { KINDS = sizeof table / sizeof *table };

/* The list straight from the table: these custom kinds have no definition behind them. */
static struct cleat_kind copies[KINDS];

static void load(struct cleat_kind_list *l) {
    const struct cleat_kind *all[KINDS];
    for (size_t i = 0; i < KINDS; i++) {
        copies[i] = table[i];
        copies[i].id = (uint32_t)i + 1;
        all[i] = &copies[i];
    }
    cleat_kind_list_of(l, all, KINDS);
}

static cleat_obj *parse(const struct cleat_buf *b) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse((struct cleat_str){b->p, b->n}, CLEAT_PARSE_NO_DUPLICATES, &o, &e), &e);
    return o;
}

/* The strings of member key of all elements, with blanks between. */
static void check_column(struct cleat_val list, const char *key, const char *want) {
    CLEAT_AUTO_BUF b = {0};
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        cleat_buf_puts(&b, it.index > 0 ? " " : "");
        cleat_buf_str(&b, cleat_val_str(cleat_val_get(it.val, key)));
    }
    KT_EQ_STR(b.p, want);
}

static void groups(void) {
    CLEAT_AUTO_KIND_LIST l;
    CLEAT_AUTO_BUF b = {0}, one = {0};
    load(&l);
    cleat_discovery_groups(&l, &b);
    CLEAT_AUTO(cleat_obj) *o = parse(&b);
    KT_REQUIRE(o != NULL);
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("groups"));
    check_column(list, "name",
                 "apps authentication.k8s.io autoscaling coordination.k8s.io a.example.com "
                 "b.example.com");
    check_column(cleat_val_get(cleat_val_elem(list, 2), "versions"), "version", "v2 v1");
    check_column(cleat_val_get(cleat_val_elem(list, 5), "versions"), "version",
                 "v10 v2 v1beta11 v1beta2 v1alpha9 early latest");
    KT_EQ_S(cleat_val_raw(cleat_val_get(cleat_val_elem(list, 5), "preferredVersion")),
            CLEAT_STR("{\"groupVersion\":\"b.example.com/v10\",\"version\":\"v10\"}"));
    KT_TRUE(cleat_discovery_group(&l, "autoscaling", &one));
    KT_EQ_STR(one.p, "{\"kind\":\"APIGroup\",\"apiVersion\":\"v1\",\"name\":\"autoscaling\","
                     "\"versions\":[{\"groupVersion\":\"autoscaling/v2\",\"version\":\"v2\"},"
                     "{\"groupVersion\":\"autoscaling/v1\",\"version\":\"v1\"}],"
                     "\"preferredVersion\":{\"groupVersion\":\"autoscaling/v2\","
                     "\"version\":\"v2\"}}\n");
    KT_TRUE(!cleat_discovery_group(&l, "", &one) && !cleat_discovery_group(&l, "app", &one));
}

/* As kube-apiserver 1.32 wrote them. */
static void resources(void) {
    CLEAT_AUTO_KIND_LIST l;
    CLEAT_AUTO_BUF b = {0}, apps = {0}, reviews = {0};
    load(&l);
    KT_TRUE(cleat_discovery_resources(&l, "apps/v1", &apps));
    KT_EQ_STR(apps.p,
              "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"apps/v1\","
              "\"resources\":[{\"name\":\"deployments\",\"singularName\":\"deployment\","
              "\"namespaced\":true,\"kind\":\"Deployment\",\"verbs\":[\"create\",\"delete\","
              "\"deletecollection\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],"
              "\"shortNames\":[\"deploy\"],\"categories\":[\"all\"],"
              "\"storageVersionHash\":\"8aSe+NMegvE=\"},"
              "{\"name\":\"deployments/scale\",\"singularName\":\"\",\"namespaced\":true,"
              "\"group\":\"autoscaling\",\"version\":\"v1\",\"kind\":\"Scale\","
              "\"verbs\":[\"get\",\"patch\",\"update\"]},"
              "{\"name\":\"deployments/status\",\"singularName\":\"\",\"namespaced\":true,"
              "\"kind\":\"Deployment\",\"verbs\":[\"get\",\"patch\",\"update\"]},"
              "{\"name\":\"statefulsets\",\"singularName\":\"statefulset\",\"namespaced\":true,"
              "\"kind\":\"StatefulSet\",\"verbs\":[\"create\",\"delete\",\"deletecollection\","
              "\"get\",\"list\",\"patch\",\"update\",\"watch\"],"
              "\"storageVersionHash\":\"H+vl74LkKdo=\"}]}\n");
    KT_TRUE(cleat_discovery_resources(&l, "v1", &b));
    CLEAT_AUTO(cleat_obj) *o = parse(&b);
    KT_REQUIRE(o != NULL);
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("resources"));
    check_column(list, "name",
                 "componentstatuses namespaces pods pods/binding pods/eviction pods/status "
                 "podtemplates");
    check_column(list, "group", "    policy  ");
    check_column(list, "storageVersionHash", " Q3oi5N2YM8M= xPOwRZ+Yhw8=    LIXB2x4IFpk=");
    static const char *const verbs[] = {
        "[\"get\",\"list\"]",
        "[\"create\",\"delete\",\"get\",\"list\",\"patch\",\"update\",\"watch\"]"};
    for (size_t i = 0; i < 2; i++) {
        KT_EQ_S(cleat_val_raw(cleat_val_get(cleat_val_elem(list, i), "verbs")), cleat_s(verbs[i]));
    }
    KT_TRUE(!cleat_val_present(cleat_obj_at(o, CLEAT_PATH("apiVersion"))));
    KT_TRUE(cleat_discovery_resources(&l, "authentication.k8s.io/v1", &reviews));
    KT_TRUE(strstr(reviews.p, "\"verbs\":[\"create\"]}]}") != NULL);
    static const char *const nowhere[] = {"", "v2", "apps", "/v1", "apps/", "apps/v1/deployments"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
        KT_TRUE(!cleat_discovery_resources(&l, nowhere[i], &b));
    }
}

static void aggregated(void) {
    CLEAT_AUTO_KIND_LIST l;
    CLEAT_AUTO_BUF b = {0}, core = {0};
    load(&l);
    cleat_discovery_aggregated(&l, false, "v2beta1", &b);
    CLEAT_AUTO(cleat_obj) *o = parse(&b);
    KT_REQUIRE(o != NULL);
    KT_EQ_S(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("apiVersion"))),
            CLEAT_STR("apidiscovery.k8s.io/v2beta1"));
    struct cleat_val items = cleat_obj_at(o, CLEAT_PATH("items"));
    KT_EQ_INT(cleat_val_count(items), 6);
    KT_EQ_S(
        cleat_val_raw(cleat_val_at(items, CLEAT_PATH("0", "versions", "0", "resources", "0"))),
        CLEAT_STR("{\"resource\":\"deployments\",\"responseKind\":{\"group\":\"\",\"version\":"
                  "\"\",\"kind\":\"Deployment\"},\"scope\":\"Namespaced\",\"singularResource\":"
                  "\"deployment\",\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"get\","
                  "\"list\",\"patch\",\"update\",\"watch\"],\"shortNames\":[\"deploy\"],"
                  "\"categories\":[\"all\"],\"subresources\":[{\"subresource\":\"scale\","
                  "\"responseKind\":{\"group\":\"autoscaling\",\"version\":\"v1\",\"kind\":"
                  "\"Scale\"},\"verbs\":[\"get\",\"patch\",\"update\"]},{\"subresource\":"
                  "\"status\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":"
                  "\"Deployment\"},\"verbs\":[\"get\",\"patch\",\"update\"]}]}"));
    /* A custom kind says its group and version, and its verbs in an order of its own. */
    KT_EQ_S(cleat_val_raw(cleat_val_at(items, CLEAT_PATH("4", "versions", "0"))),
            CLEAT_STR("{\"version\":\"v1\",\"resources\":[{\"resource\":\"ys\",\"responseKind\":{"
                      "\"group\":\"a.example.com\",\"version\":\"v1\",\"kind\":\"Y\"},\"scope\":"
                      "\"Cluster\",\"singularResource\":\"y\",\"verbs\":[\"delete\","
                      "\"deletecollection\",\"get\",\"list\",\"patch\",\"create\",\"update\","
                      "\"watch\"]}],\"freshness\":\"Current\"}"));
    cleat_discovery_aggregated(&l, true, "v2", &core);
    CLEAT_AUTO(cleat_obj) *c = parse(&core);
    KT_REQUIRE(c != NULL);
    KT_EQ_INT(cleat_val_count(cleat_obj_at(c, CLEAT_PATH("items"))), 1);
    KT_EQ_S(cleat_val_raw(cleat_obj_at(c, CLEAT_PATH("items", "0", "metadata"))),
            CLEAT_STR("{\"creationTimestamp\":null}"));
}

KT_MAIN("openapi_discovery", KT_TEST(groups), KT_TEST(resources), KT_TEST(aggregated))
