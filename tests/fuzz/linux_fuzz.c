/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people write for the provider for plain machines: an inventory, and a
 * Balancer that somebody edited. Whatever it says, the text for nftables holds
 * only lines that begin as ours do.
 */
#include "core/host/internal.h"

/* clang-format off: each needs what stands before it */
#include "plugins/cloud-linux/util.c"
#include "plugins/cloud-linux/address.c"
#include "plugins/cloud-linux/inventory.c"
#include "plugins/cloud-linux/model.c"
#include "plugins/cloud-linux/render.c"
/* clang-format on */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void only_adds(const struct cleat_lin_text *t, const char *what) {
    for (const char *line = t->p; line != NULL && *line != 0;) {
        cleat_assert(strncmp(line, what, strlen(what)) == 0);
        line = strchr(line, '\n');
        cleat_assert(line != NULL);
        line++;
    }
}

static void an_inventory(struct cleat_str text) {
    struct cleat_lin_inventory *inv = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat_lin_inventory_parse(text, &inv, &e) != CLEAT_OK) {
        cleat_assert(e.message[0] != 0);
        return;
    }
    struct cleat_lin_inventory *copy = cleat_lin_inventory_merge(inv, NULL, 0, NULL, 0);
    for (size_t i = 0; i < inv->n_servers; i++) {
        struct cleat_str name = cleat_cstr(inv->servers[i].name);
        cleat_assert(cleat_lin_inventory_find(copy, name) == &copy->servers[i]);
    }
    for (size_t i = 0; i < inv->n_pools; i++) {
        for (size_t k = 0; k < inv->pools[i].n_ranges; k++) {
            const struct cleat_lin_range *r = &inv->pools[i].ranges[k];
            cleat_assert(cleat_lin_range_has(r, &r->first) && cleat_lin_range_has(r, &r->last));
            cleat_assert(cleat_lin_inventory_pool(copy, &r->first) != NULL);
        }
    }
    cleat_lin_inventory_unref(copy);
    cleat_lin_inventory_unref(inv);
}

static void a_balancer(struct cleat_str text) {
    cleat_obj *o = NULL;
    if (SDK->obj->parse(text, &o, NULL) != CLEAT_OK) {
        return;
    }
    struct cleat_lin_balancer *b = cleat_lin_balancer_new(o);
    struct cleat_lin_piece *p = cleat_lin_render("cleat", b, CLEAT_LIN_MASQ_AUTO);
    only_adds(&p->sets, "add set inet cleat b-");
    only_adds(&p->chains, "add chain inet cleat b-");
    size_t quotes = 0, lines = 0;
    for (const char *c = p->chains.p; c != NULL && *c != 0; c++) {
        quotes += *c == '"';
        lines += *c == '\n';
    }
    cleat_assert(quotes == 2 * lines); /* of the comments: nothing ends one early */
    only_adds(&p->rules, "add rule inet cleat b-");
    only_adds(&p->elements, "add element inet cleat ");
    cleat_lin_piece_free(p);
    cleat_lin_balancer_free(b);
    cleat_obj_unref(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct cleat_str text = {(const char *)data, size};
    cleat_sdk_bind(SDK, &cleat_host_table);
    an_inventory(text);
    a_balancer(text);
    return 0;
}
