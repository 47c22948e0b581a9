/* SPDX-License-Identifier: Apache-2.0 */
/* Any JSON decoded as any type: what comes out is an object that decodes to itself. */
#include "core/types/types.h"

#include <stdint.h>

static void note(void *userdata, struct cleat_str path) {
    cleat_assert(path.n == 0 || path.p != NULL);
    ++*(size_t *)userdata;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two bytes choose the type. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static size_t n_types;
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *in = NULL;
    CLEAT_AUTO(cleat_obj) *out = NULL;
    CLEAT_AUTO(cleat_obj) *again = NULL;
    size_t unknown = 0;
    while (cleat_type_at(n_types) != NULL) {
        n_types++;
    }
    if (size < 2) {
        return 0;
    }
    const struct cleat_type *t = cleat_type_at((size_t)(data[0] | data[1] << 8) % n_types);
    struct cleat_str json = {(const char *)data + 2, size - 2};
    if (t->form != CLEAT_FORM_STRUCT ||
        cleat_obj_parse_reporting(json, note, &unknown, &in, &e) != CLEAT_OK) {
        return 0;
    }
    unknown = 0;
    if (cleat_type_decode(t, in, note, &unknown, &out, &e) != CLEAT_OK) {
        cleat_assert(e.code == CLEAT_E_BAD_REQUEST && out == NULL);
        return 0;
    }
    cleat_assert(unknown == 0 || out != NULL);
    unknown = 0;
    cleat_assert(cleat_type_decode(t, out != NULL ? out : in, note, &unknown, &again, &e) ==
                 CLEAT_OK);
    cleat_assert(unknown == 0 && again == NULL);
    return 0;
}
