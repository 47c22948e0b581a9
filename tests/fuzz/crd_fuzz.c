/* SPDX-License-Identifier: Apache-2.0 */
/* A schema in the first line, an object of it in the rest: both are refused or both live, and end.
 */
#include "core/kinds/kinds.h"
#include "core/registry/registry.h"

static const char *const masters[] = {"system:masters", NULL};
static const struct cleat_user admin = {.name = "fuzz", .groups = masters};
static cleat_store *store;
static cleat_registry *registry;

static bool step(void *unused) {
    (void)unused;
    return cleat_store_step(store) != 0;
}

static void rest(void) {
    for (int i = 0; i < 5; i++) {
        while (cleat_store_step(store)) {
        }
        cleat_clock_advance(50 * CLEAT_MS);
        cleat_timers_step();
    }
}

/* body: taken. */
static cleat_err ask(const struct cleat_kind *k, int verb, struct cleat_str name, cleat_obj *body,
                     struct cleat_str patch) {
    cleat_request req = {.registry = registry,
                         .verb = verb,
                         .kind = k,
                         .user = &admin,
                         .name = name,
                         .body = body,
                         .patch_type = CLEAT_PATCH_MERGE,
                         .patch = patch,
                         .del = {.grace_period_seconds = -1}};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_AUTO_BUF row = {0};
    cleat_err err = cleat_request_wait(&req, NULL);
    if (err != CLEAT_OK) {
        cleat_assert(req.error.message[0] != '\0');
    } else {
        cleat_assert(cleat_obj_parse_trusted(cleat_obj_bytes(req.result), &o, NULL) == CLEAT_OK);
        cleat_table_row(k, req.result, 1, "v1", &row);
    }
    cleat_request_done(&req);
    return err;
}

static void live(struct cleat_str schema, struct cleat_str object) {
    static const struct cleat_str none = {"", 0}, name = CLEAT_STR("things.a.example");
    const struct cleat_kind *crds =
        cleat_registry_find(registry, "apiextensions.k8s.io", "v1", "customresourcedefinitions");
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "{\"metadata\":{\"name\":\"things.a.example\"},\"spec\":{\"group\":\"a.example\",\"scope\":"
        "\"Cluster\",\"names\":{\"plural\":\"things\",\"kind\":\"Thing\"},\"versions\":[{\"name\":"
        "\"v1\",\"served\":true,\"storage\":true,\"subresources\":{\"status\":{}},\"schema\":{"
        "\"openAPIV3Schema\":%.*s}}]}}",
        CLEAT_FMT(schema));
    CLEAT_AUTO(cleat_obj) *of = NULL;
    cleat_obj *body = NULL;
    if (cleat_obj_parse(cleat_s(text), 0, &body, NULL) != CLEAT_OK ||
        ask(crds, CLEAT_VERB_CREATE, none, body, none) != CLEAT_OK) {
        return;
    }
    rest();
    const struct cleat_kind *k = cleat_registry_find(registry, "a.example", "v1", "things");
    cleat_assert(k != NULL); /* what was accepted is served */
    if (cleat_obj_parse(object, 0, &of, NULL) == CLEAT_OK &&
        ask(k, CLEAT_VERB_CREATE, none, cleat_obj_ref(of), none) == CLEAT_OK) {
        CLEAT_AUTO_FREE char *own = cleat_strndup(cleat_obj_name(of));
        /* Written once more it is valid still, and the same. */
        cleat_assert(ask(k, CLEAT_VERB_PATCH, cleat_s(own), NULL, CLEAT_STR("{}")) == CLEAT_OK);
        ask(k, CLEAT_VERB_PATCH, cleat_s(own), NULL, object);
        ask(k, CLEAT_VERB_PATCH, cleat_s(own), NULL,
            CLEAT_STR("{\"metadata\":{\"finalizers\":null}}"));
    }
    cleat_assert(ask(crds, CLEAT_VERB_DELETE, name, NULL, none) == CLEAT_OK);
    rest();
    cleat_assert(cleat_registry_find(registry, "a.example", "v1", "things") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data, *line = size > 0 ? memchr(text, '\n', size) : NULL;
    struct cleat_store_opts opts = {.manual = true, .history_events = 16};
    if (line == NULL) {
        return 0;
    }
    cleat_clock_virtual(1767323045 * CLEAT_SECOND);
    cleat_random_seed(1);
    cleat_assert(cleat_store_open(cleat_backend_memory(), &opts, &store, NULL) == CLEAT_OK);
    cleat_wait_set_pump(step, NULL);
    cleat_assert(cleat_registry_new(store, cleat_kinds, &registry, NULL) == CLEAT_OK);
    live((struct cleat_str){text, (size_t)(line - text)},
         (struct cleat_str){line + 1, size - (size_t)(line - text) - 1});
    cleat_registry_free(registry);
    cleat_store_close(store);
    return 0;
}
