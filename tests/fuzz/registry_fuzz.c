/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any JSON as the body of every kind. First byte: the kind; the rest: a POST,
 * then the same text as a PUT, a merge patch and a status PUT of what was made,
 * printed as a table row each time, then deleted. What is refused must say why;
 * what is stored must parse as canonical JSON and carry its identity.
 */
#include "core/kinds/kinds.h"
#include "core/registry/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char crd[] =
    "{\"apiVersion\":\"apiextensions.k8s.io/"
    "v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{"
    "\"name\":\"things.fuzz.dev\"},\"spec\":{\"group\":\"fuzz.dev\",\"scope\":\"Namespaced\","
    "\"names\":{"
    "\"plural\":\"things\",\"kind\":\"Thing\"},\"versions\":[{\"name\":\"v1\",\"served\":true,"
    "\"storage\":true,\"subresources\":{\"status\":{}},\"additionalPrinterColumns\":[{\"name\":"
    "\"A\","
    "\"type\":\"integer\",\"jsonPath\":\".spec.list[?(@.a==\\\"b\\\")].c\"},{\"name\":\"D\","
    "\"type\":"
    "\"date\",\"jsonPath\":\".spec.s\"}],\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\","
    "\"properties\":{\"spec\":{\"type\":\"object\",\"default\":{},\"properties\":{\"s\":{\"type\":"
    "\"string\",\"maxLength\":9,\"pattern\":\"^[a-z]*$\",\"default\":\"x\"},\"n\":{\"type\":"
    "\"number\","
    "\"minimum\":-1,\"maximum\":1e3},\"list\":{\"type\":\"array\",\"x-kubernetes-list-type\":"
    "\"set\","
    "\"items\":{\"type\":\"object\",\"x-kubernetes-map-type\":\"atomic\",\"properties\":{\"a\":{"
    "\"type\":\"string\"},\"c\":{\"type\":"
    "\"integer\"}}}},\"map\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\","
    "\"nullable\":true}},\"any\":{\"x-kubernetes-preserve-unknown-fields\":true}}},\"status\":{"
    "\"type\":\"object\"}}}}}]}}";

static const char *const masters[] = {"system:masters", NULL};
static const struct cleat_user admin = {.name = "fuzz", .groups = masters};
static cleat_store *store;
static cleat_registry *registry;

static bool step(void *s) {
    return cleat_store_step(s) != 0;
}

static void start(void) {
    struct cleat_store_opts opts = {.manual = true, .history_events = 16};
    cleat_clock_virtual(1767323045 * CLEAT_SECOND);
    cleat_random_seed(1);
    cleat_assert(cleat_store_open(cleat_backend_memory(), &opts, &store, NULL) == CLEAT_OK);
    cleat_wait_set_pump(step, store);
    cleat_assert(cleat_registry_new(store, cleat_kinds, &registry, NULL) == CLEAT_OK);
    cleat_assert(cleat_registry_add_crd(registry, cleat_s(crd), NULL) == CLEAT_OK);
    cleat_assert(cleat_registry_bootstrap(registry, NULL) == CLEAT_OK);
}

static void look_at(const struct cleat_kind *k, const cleat_request *req) {
    CLEAT_AUTO_BUF out = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (req->err != CLEAT_OK) {
        cleat_assert(req->error.message[0] != '\0');
        cleat_status_json(&req->error, &out);
    } else {
        cleat_assert(cleat_obj_parse_trusted(cleat_obj_bytes(req->result), &o, NULL) == CLEAT_OK);
        cleat_assert(cleat_obj_uid(o).n == 36 && cleat_obj_name(o).n > 0);
        cleat_obj_unref(CLEAT_STEAL(o));
        cleat_table_row(k, req->result, 1, "v1", &out);
    }
    cleat_assert(cleat_obj_parse((struct cleat_str){out.p, out.n}, 0, &o, NULL) == CLEAT_OK);
}

static void ask(const struct cleat_kind *k, int verb, const char *sub, struct cleat_str name,
                cleat_obj *body, struct cleat_str patch) {
    cleat_request req = {.registry = registry,
                         .verb = verb,
                         .kind = k,
                         .subresource = sub,
                         .user = &admin,
                         .ns = k->flags & CLEAT_KIND_NAMESPACED ? CLEAT_STR("default")
                                                                : (struct cleat_str){"", 0},
                         .name = name,
                         .body = body,
                         .patch_type = CLEAT_PATCH_MERGE,
                         .patch = patch,
                         .del = {.grace_period_seconds = 0}};
    cleat_request_wait(&req, NULL);
    look_at(k, &req);
    cleat_request_done(&req);
}

/* Whatever holds it: finalizers go, and then it. */
static void destroy(const struct cleat_kind *k, struct cleat_str name) {
    static const struct cleat_str none = CLEAT_STR("{\"metadata\":{\"finalizers\":null}}");
    ask(k, CLEAT_VERB_PATCH, NULL, name, NULL, none);
    ask(k, CLEAT_VERB_DELETE, NULL, name, NULL, (struct cleat_str){"", 0});
    if (k->flags & CLEAT_KIND_NAMESPACE) {
        cleat_obj *body = NULL;
        CLEAT_AUTO_BUF text = {0};
        cleat_buf_printf(&text, "{\"metadata\":{\"name\":\"%.*s\"},\"spec\":{}}", CLEAT_FMT(name));
        cleat_obj_parse((struct cleat_str){text.p, text.n}, 0, &body, NULL);
        ask(k, CLEAT_VERB_UPDATE, "finalize", name, body, (struct cleat_str){"", 0});
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEAT_AUTO(cleat_obj) *body = NULL;
    if (registry == NULL) {
        start();
    }
    size_t kinds = 0;
    while (cleat_registry_at(registry, kinds) != NULL) {
        kinds++;
    }
    if (size < 2) {
        return 0;
    }
    const struct cleat_kind *k = cleat_registry_at(registry, data[0] % kinds);
    struct cleat_str text = {(const char *)data + 1, size - 1};
    if (cleat_obj_parse(text, 0, &body, NULL) != CLEAT_OK) {
        return 0;
    }
    const struct cleat_str no_name = {"", 0};
    ask(k, CLEAT_VERB_CREATE, NULL, no_name, cleat_obj_ref(body), no_name);
    CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(body));
    ask(k, CLEAT_VERB_UPDATE, NULL, cleat_s(name), cleat_obj_ref(body), no_name);
    ask(k, CLEAT_VERB_PATCH, NULL, cleat_s(name), NULL, text);
    if (k->flags & CLEAT_KIND_STATUS) {
        ask(k, CLEAT_VERB_UPDATE, "status", cleat_s(name), cleat_obj_ref(body), no_name);
    }
    destroy(k, cleat_s(name));
    return 0;
}
