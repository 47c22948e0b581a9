/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration parser: any bytes give a tree or an error, and the JSON of a
 * tree is JSON that the object model takes (with names that may repeat nowhere).
 */
#include "core/host/config.h"
#include "core/object/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEAT_AUTO(cleat_yaml) *y = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_str text = {(const char *)data, size};
    cleat_err err = cleat_yaml_parse(text, "fuzz", &y, &e);
    cleat_assert((err == CLEAT_OK) == (y != NULL));
    if (err != CLEAT_OK) {
        cleat_assert(strncmp(e.message, "fuzz:", 5) == 0);
        return 0;
    }
    CLEAT_AUTO_BUF json = {0};
    cleat_yaml_json(y, &json);
    if (y->type == CLEAT_YAML_MAP) {
        CLEAT_AUTO(cleat_obj) *o = NULL;
        err =
            cleat_obj_parse((struct cleat_str){json.p, json.n}, CLEAT_PARSE_NO_DUPLICATES, &o, &e);
        cleat_assert(err == CLEAT_OK);
    }
    return 0;
}
