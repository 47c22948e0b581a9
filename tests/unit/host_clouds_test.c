/* SPDX-License-Identifier: Apache-2.0 */
/* Whose is it: the ownership table with none, one and two providers. */
#include "core/host/internal.h"
#include "tests/support/kt.h"

static const struct cleat_cloud sim = {.struct_size = sizeof sim, .name = "sim"};
static const struct cleat_cloud metal = {.struct_size = sizeof metal, .name = "metal"};

#define NODE(id, labels) "{\"metadata\":{\"name\":\"n\",\"labels\":{" labels "}},\"spec\":{" id "}}"
#define ID(text)         "\"providerID\":\"" text "\""
#define CLASS(text)      "\"loadBalancerClass\":\"" text "\""
#define LABEL(text)      "\"cleat.dev/cloud-provider\":\"" text "\""

/* What is expected with: one provider running, two, two configured of which one runs. */
static const struct {
    bool service;
    const char *json;
    const char *one, *two, *half;
} cases[] = {
    {false, NODE(ID("sim://a"), ""), "sim", "sim", "sim"},
    {false, NODE(ID("metal://a"), ""), NULL, "metal", NULL},
    {false, NODE(ID("other://a"), ""), NULL, NULL, NULL},
    {false, NODE(ID("other://a"), LABEL("sim")), NULL, NULL, NULL}, /* the id decides */
    {false, NODE(ID("sim"), ""), NULL, NULL, NULL},                 /* an id without a scheme */
    {false, NODE(ID("simple://a"), ""), NULL, NULL, NULL},
    {false, NODE("", LABEL("metal")), NULL, "metal", NULL},
    {false, NODE("", LABEL("sim")), "sim", "sim", "sim"},
    {false, NODE("", LABEL("other")), NULL, NULL, NULL},
    {false, NODE("", ""), "sim", NULL, NULL}, /* the only one, and never half of two */
    {false, NODE(ID(""), ""), "sim", NULL, NULL},
    {true, NODE(CLASS("cleat.dev/sim"), ""), "sim", "sim", "sim"},
    {true, NODE(CLASS("metal"), ""), NULL, "metal", NULL},
    {true, NODE(CLASS("example.com/lb"), LABEL("sim")), NULL, NULL, NULL},
    {true, NODE("", LABEL("metal")), NULL, "metal", NULL},
    {true, NODE("", ""), "sim", NULL, NULL},
};

static void check(const char *json, bool service, const char *want) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *o = NULL;
    KT_REQUIRE_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    const struct cleat_cloud *c =
        service ? cleat_clouds_api.for_service(o) : cleat_clouds_api.for_node(o);
    if (strcmp(c ? c->name : "", want ? want : "") != 0) {
        fprintf(stderr, "for %s\n", json);
        KT_EQ_STR(c ? c->name : NULL, want);
    }
}

static void ownership(void) {
    static const char *const names[] = {"sim", "metal"};
    struct cleat_host_opts opts = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_hostd *h = NULL;
    KT_REQUIRE_OK(cleat_hostd_new(NULL, &opts, &h, &e), &e);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(cases[i].json, cases[i].service, NULL);
    }
    cleat_clouds_configure(&h->clouds, names, 1);
    cleat_clouds_add(&h->clouds, &sim);
    KT_EQ_INT(cleat_clouds_api.count(), 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(cases[i].json, cases[i].service, cases[i].one);
    }
    cleat_clouds_configure(&h->clouds, names, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(cases[i].json, cases[i].service, cases[i].half);
    }
    cleat_clouds_add(&h->clouds, &metal);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(cases[i].json, cases[i].service, cases[i].two);
    }
    KT_TRUE(cleat_clouds_api.at(0) == &sim && cleat_clouds_api.at(1) == &metal);
    KT_TRUE(cleat_clouds_api.at(2) == NULL);
    KT_TRUE(cleat_clouds_api.by_name("metal") == &metal);
    KT_TRUE(cleat_clouds_api.by_name("other") == NULL);
    cleat_clouds_remove(&h->clouds, &sim);
    KT_EQ_INT(cleat_clouds_api.count(), 1);
    KT_TRUE(cleat_clouds_api.by_name("sim") == NULL);
    cleat_hostd_free(h);
    KT_EQ_INT(cleat_clouds_api.count(), 0);
}

KT_MAIN("host_clouds", KT_TEST(ownership))
