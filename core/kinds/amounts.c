/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of quantities. See amounts.h. */
#include "core/kinds/amounts.h"

void cleat_amount_add(struct cleat_amount *a, struct cleat_str s) {
    char sum[48];
    if (cleat_quantity_add(cleat_amount_str(a), s, sum, sizeof sum) == CLEAT_OK) {
        memcpy(a->text, sum, sizeof sum);
        a->there = true;
    }
}

void cleat_amount_sub(struct cleat_amount *a, struct cleat_str s) {
    bool negative = s.n > 0 && s.p[0] == '-';
    CLEAT_AUTO_FREE char *text = negative ? cleat_strndup((struct cleat_str){s.p + 1, s.n - 1})
                                          : cleat_sprintf("-%.*s", CLEAT_FMT(s));
    cleat_amount_add(a, cleat_s(text));
}

void cleat_amount_max(struct cleat_amount *a, const struct cleat_amount *b) {
    if (b->there && (!a->there || cleat_quantity_order(cleat_s(b->text), cleat_s(a->text)) > 0)) {
        *a = *b;
    }
}

static void add_container(struct cleat_amount *a, struct cleat_val c, const char *list,
                          struct cleat_str resource) {
    struct cleat_val map = cleat_val_at(c, CLEAT_PATH("resources", list));
    struct cleat_val v = cleat_val_get_s(map, resource);
    if (!cleat_absent(v)) {
        cleat_amount_add(a, cleat_quantity_of(v));
    }
}

void cleat_pod_total(struct cleat_val spec, const char *list, struct cleat_str resource,
                     bool overhead, struct cleat_amount *ret) {
    struct cleat_iter it = {0};
    struct cleat_amount beside = {.there = false}; /* init containers that go on running */
    struct cleat_amount peak = {.there = false};
    struct cleat_val containers = cleat_val_get(spec, "containers");
    struct cleat_val init = cleat_val_get(spec, "initContainers");
    memset(ret, 0, sizeof *ret);
    while (cleat_val_next(containers, &it)) {
        add_container(ret, it.val, list, resource);
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(init, &it)) {
        struct cleat_amount now = beside;
        add_container(&now, it.val, list, resource);
        cleat_amount_max(&peak, &now);
        if (cleat_eqc(cleat_str_at(it.val, "restartPolicy"), "Always")) {
            beside = now;
            add_container(ret, it.val, list, resource);
        }
    }
    cleat_amount_max(ret, &peak);
    struct cleat_val extra = cleat_val_get_s(cleat_val_get(spec, "overhead"), resource);
    if (overhead && !cleat_absent(extra) && (ret->there || strcmp(list, "requests") == 0)) {
        cleat_amount_add(ret, cleat_quantity_of(extra));
    }
}
