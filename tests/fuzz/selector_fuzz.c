/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Selectors: the input is a selector text, taken as one of labels and as one of
 * fields, and matched. A selector and-ed with itself must match the same.
 */
#include "core/object/object.h"

CLEAT_DEFINE_AUTO(cleat_selector, cleat_selector_free)

static const char labelled[] = "{\"metadata\":{\"labels\":{\"a\":\"b\",\"x\":\"\",\"n\":\"5\","
                               "\"c.d/e\":\"f\"},\"name\":\"a\"}}";
static const char odd[] =
    "{\"metadata\":null,\"a\":{\"b\":true,\"c\":null,\"d\":\"q\\\"\"},\"x\":[1]}";
static const char *const docs[] = {"{}", labelled, odd};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEAT_AUTO_FREE char *text = cleat_strndup((struct cleat_str){(const char *)data, size});
    CLEAT_AUTO(cleat_selector) *labels = NULL, *fields = NULL, *both = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_selector_labels(text, &labels, &e);
    cleat_assert(err == CLEAT_OK || (err == CLEAT_E_BAD_REQUEST && e.message[0] != '\0'));
    err = cleat_selector_fields(text, NULL, NULL, &fields, &e);
    cleat_assert(err == CLEAT_OK || err == CLEAT_E_BAD_REQUEST);
    if (labels != NULL && !cleat_selector_empty(labels)) {
        /* And-ed with itself it means the same. */
        CLEAT_AUTO_FREE char *twice = cleat_sprintf("%s,%s", text, text);
        cleat_assert(cleat_selector_labels(twice, &both, NULL) == CLEAT_OK);
    }
    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++) {
        CLEAT_AUTO(cleat_obj) *o = NULL;
        cleat_assert(cleat_obj_parse(cleat_s(docs[i]), 0, &o, NULL) == CLEAT_OK);
        if (both != NULL) {
            cleat_assert(cleat_selector_match(labels, o) == cleat_selector_match(both, o));
        }
        if (fields != NULL) {
            cleat_selector_match(fields, o);
        }
    }
    if (fields != NULL) {
        cleat_selector_exact(fields, "metadata.name");
    }
    return 0;
}
