/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quantities and names: the input is two texts with a space between them. Order
 * must be total, and a sum must be a quantity that compares as arithmetic says.
 */
#include "core/object/object.h"

#define CHECK(cond) cleat_assert(cond)

static int32_t compare(struct cleat_str a, struct cleat_str b) {
    int32_t r = 9, back = 9;
    CHECK(cleat_quantity_cmp(a, b, &r) == CLEAT_OK);
    CHECK(cleat_quantity_cmp(b, a, &back) == CLEAT_OK);
    CHECK(r >= -1 && r <= 1 && r == -back);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    const char *space = size > 0 ? memchr(text, ' ', size) : NULL;
    size_t n = space != NULL ? (size_t)(space - text) : size;
    struct cleat_str a = {text, n}, b = {text + n + (space != NULL), size - n - (space != NULL)};
    cleat_name_dns_subdomain(a);
    cleat_name_dns_label(a);
    cleat_name_dns_label_1035(a);
    cleat_name_qualified(a);
    cleat_name_label_value(a);
    cleat_name_path_segment(a);
    if (cleat_quantity_check(a) != CLEAT_OK || cleat_quantity_check(b) != CLEAT_OK) {
        return 0;
    }
    char sum[48], back[48], same[48];
    CHECK(cleat_quantity_add(a, b, sum, sizeof sum) == CLEAT_OK);
    CHECK(cleat_quantity_add(b, a, back, sizeof back) == CLEAT_OK);
    CHECK(compare(cleat_s(sum), cleat_s(back)) == 0);
    CHECK(cleat_quantity_add(a, CLEAT_STR("0"), same, sizeof same) == CLEAT_OK);
    CHECK(compare(a, cleat_s(same)) == 0);
    int32_t sign = compare(b, CLEAT_STR("0"));
    /* At the upper and lower end a sum may stay where it was. */
    int32_t moved = compare(cleat_s(sum), a);
    CHECK(moved == sign || moved == 0);
    compare(a, b);
    return 0;
}
