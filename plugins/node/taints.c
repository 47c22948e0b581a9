/* SPDX-License-Identifier: Apache-2.0 */
/* Taints of a Node: looking, adding and removing by key. Any thread. */
#include "node.h"

static struct cleat_val taints_of(const cleat_obj *node) {
    if (node == NULL) { /* one that is being made */
        return (struct cleat_val){0};
    }
    return CLEAT_AT(SDK, node, "spec", "taints");
}

static bool has_key(struct cleat_val taint, const char *key) {
    return cleat_str_is(SDK->obj->str(SDK->obj->at(taint, CLEAT_PATH("key"))), key);
}

bool cleat_node_has_taint(const cleat_obj *node, const char *key) {
    return SDK->obj->type(cleat_node_taint(node, key)) != CLEAT_ABSENT;
}

struct cleat_val cleat_node_taint(const cleat_obj *node, const char *key) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(taints_of(node), &it)) {
        if (has_key(it.val, key)) {
            return it.val;
        }
    }
    return (struct cleat_val){0};
}

void cleat_node_remove_taint(cleat_edit *e, const cleat_obj *node, const char *key) {
    size_t kept = 0;
    SDK->obj->set_json(e, CLEAT_PATH("spec", "taints"), CLEAT_STR("[]"));
    struct cleat_iter it = {0};
    while (SDK->obj->next(taints_of(node), &it)) {
        if (!has_key(it.val, key)) {
            SDK->obj->set_val(e, CLEAT_PATH("spec", "taints", "-"), it.val);
            kept++;
        }
    }
    if (kept == 0) {
        SDK->obj->remove(e, CLEAT_PATH("spec", "taints"));
    }
}

void cleat_node_add_taint(cleat_edit *e, const cleat_obj *node, const char *key, const char *value,
                          const char *effect) {
    if (SDK->obj->type(taints_of(node)) != CLEAT_ARRAY) {
        SDK->obj->set_json(e, CLEAT_PATH("spec", "taints"), CLEAT_STR("[]"));
    }
    char *text = cleat_node_format("{\"key\":\"%s\",%s%s%s\"effect\":\"%s\"}", key,
                                   value != NULL ? "\"value\":\"" : "", value != NULL ? value : "",
                                   value != NULL ? "\"," : "", effect);
    SDK->obj->set_json(e, CLEAT_PATH("spec", "taints", "-"), cleat_cstr(text));
    free(text);
}
