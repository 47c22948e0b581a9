/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any JSON as the schema of a custom kind, also what no definition would get away
 * with: the documents made of it are valid JSON without a key twice, and have a
 * protobuf form.
 */
#include "core/openapi/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct cleat_buf *json, struct cleat_buf *proto) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (json->n < 1 << 20) { /* what is larger than an object may be was small before */
        cleat_err err = cleat_obj_parse((struct cleat_str){json->p, json->n},
                                        CLEAT_PARSE_NO_DUPLICATES, &o, NULL);
        cleat_assert(err == CLEAT_OK || err == CLEAT_E_TOO_LARGE);
    }
    cleat_assert(proto->n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEAT_AUTO(cleat_obj) *schema = NULL;
    if (cleat_obj_parse((struct cleat_str){(const char *)data, size}, 0, &schema, NULL) !=
        CLEAT_OK) {
        return 0;
    }
    const struct cleat_kind kind = {.group = "fuzz.dev",
                                    .version = "v1",
                                    .resource = "things",
                                    .singular = "thing",
                                    .kind = "Thing",
                                    .store_name = "things.fuzz.dev",
                                    .flags = CLEAT_KIND_CUSTOM | CLEAT_KIND_NAMESPACED,
                                    .schema = schema};
    const struct cleat_kind *const all[] = {&kind};
    CLEAT_AUTO_KIND_LIST l;
    CLEAT_AUTO_BUF two = {0}, two_proto = {0}, three = {0}, three_proto = {0};
    cleat_kind_list_of(&l, all, 1);
    cleat_spec_v2(&l, "v1", false, &two);
    cleat_spec_v2(&l, "v1", true, &two_proto);
    cleat_assert(cleat_spec_v3(&l, "apis/fuzz.dev/v1", false, &three));
    cleat_assert(cleat_spec_v3(&l, "apis/fuzz.dev/v1", true, &three_proto));
    check(&two, &two_proto);
    check(&three, &three_proto);
    return 0;
}
