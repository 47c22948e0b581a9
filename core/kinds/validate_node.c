/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nodes: taints, podCIDRs, providerID, quantities. A write of the status alone
 * finds the spec byte for byte as it was and looks at the quantities only where
 * they changed. Pure; any thread.
 */
#include <arpa/inet.h>
#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

static bool same(struct cleat_val a, struct cleat_val b) {
    return cleat_eq(cleat_val_raw(a), cleat_val_raw(b));
}

/* ---- CIDRs ---- */

/* 4, 6, or 0 where the text is no CIDR. */
static int cidr_family(struct cleat_str s) {
    CLEAT_AUTO_FREE char *text = cleat_strndup(s);
    char *slash = strchr(text, '/');
    unsigned char address[16];
    if (slash == NULL || slash[1] == '\0' || strlen(slash + 1) > 3) {
        return 0;
    }
    *slash = '\0';
    int bits = 0;
    for (const char *p = slash + 1; *p != '\0'; p++) {
        if (*p < '0' || *p > '9') {
            return 0;
        }
        bits = bits * 10 + (*p - '0');
    }
    if (inet_pton(AF_INET, text, address) == 1) {
        return bits <= 32 ? 4 : 0;
    }
    return inet_pton(AF_INET6, text, address) == 1 && bits <= 128 ? 6 : 0;
}

static void validate_cidrs(struct cleat_validation *v, struct cleat_val cidrs) {
    struct cleat_iter it = {0};
    int families[2] = {0, 0};
    size_t n = cleat_val_count(cidrs);
    while (cleat_val_next(cidrs, &it)) {
        struct cleat_str s = cleat_val_str(it.val);
        int family = cidr_family(s);
        if (family == 0) {
            CLEAT_AUTO_FREE char *field = cleat_sprintf("spec.podCIDRs[%u]", it.index);
            cleat_invalid(v, "FieldValueInvalid", field,
                          "\"%.*s\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or "
                          "2001:db8::/64)",
                          CLEAT_FMT(s));
        }
        if (it.index < 2) {
            families[it.index] = family;
        }
    }
    if (n > 2 || (n == 2 && families[0] != 0 && families[0] == families[1])) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(cidrs);
        cleat_invalid(v, "FieldValueInvalid", "spec.podCIDRs",
                      "%s: may specify no more than one CIDR for each IP family", printed);
    }
}

/* ---- taints ---- */

static bool known_effect(struct cleat_str s) {
    return cleat_eqc(s, "NoSchedule") || cleat_eqc(s, "PreferNoSchedule") ||
           cleat_eqc(s, "NoExecute");
}

static void validate_taint(struct cleat_validation *v, struct cleat_val taint, uint32_t i) {
    struct cleat_str key = cleat_val_str(cleat_val_get(taint, "key"));
    struct cleat_str value = cleat_val_str(cleat_val_get(taint, "value"));
    struct cleat_str effect = cleat_val_str(cleat_val_get(taint, "effect"));
    CLEAT_AUTO_FREE char *at = cleat_sprintf("metadata.taints[%u]", i);
    const char *bad = cleat_name_qualified(key);
    if (bad != NULL) {
        CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.key", at);
        cleat_invalid(v, "FieldValueInvalid", field, "\"%.*s\": %s", CLEAT_FMT(key), bad);
    }
    bad = cleat_name_label_value(value);
    if (bad != NULL) {
        CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.value", at);
        cleat_invalid(v, "FieldValueInvalid", field, "\"%.*s\": %s", CLEAT_FMT(value), bad);
    }
    CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.effect", at);
    if (effect.n == 0) {
        cleat_invalid(v, "FieldValueRequired", field, "%s", "");
    } else if (!known_effect(effect)) {
        cleat_invalid(v, "FieldValueNotSupported", field,
                      "\"%.*s\": supported values: \"NoSchedule\", \"PreferNoSchedule\", "
                      "\"NoExecute\"",
                      CLEAT_FMT(effect));
    }
}

/* A key with an effect may be there once. */
static bool seen_before(struct cleat_val taints, struct cleat_val taint, uint32_t i) {
    struct cleat_iter it = {0};
    while (cleat_val_next(taints, &it) && it.index < i) {
        if (same(cleat_val_get(it.val, "key"), cleat_val_get(taint, "key")) &&
            same(cleat_val_get(it.val, "effect"), cleat_val_get(taint, "effect"))) {
            return true;
        }
    }
    return false;
}

static void validate_taints(struct cleat_validation *v, struct cleat_val taints) {
    struct cleat_iter it = {0};
    while (cleat_val_next(taints, &it)) {
        validate_taint(v, it.val, it.index);
        if (seen_before(taints, it.val, it.index)) {
            CLEAT_AUTO_FREE char *field = cleat_sprintf("metadata.taints[%u]", it.index);
            CLEAT_AUTO_FREE char *printed = cleat_validation_print(it.val);
            cleat_invalid(v, "FieldValueDuplicate", field, "%s", printed);
        }
    }
}

/* ---- the whole ---- */

/* Once set, a provider's ID and the networks stay. */
static void validate_change(struct cleat_validation *v, struct cleat_val now,
                            struct cleat_val was) {
    struct cleat_val id = cleat_val_get(was, "providerID");
    struct cleat_val cidrs = cleat_val_get(was, "podCIDRs");
    if (cleat_val_count(cidrs) > 0 && !cleat_val_equal(cidrs, cleat_val_get(now, "podCIDRs"))) {
        cleat_invalid(v, "FieldValueForbidden", "spec.podCIDRs",
                      "node updates may not change podCIDR except from \"\" to valid");
    }
    if (cleat_val_str(id).n > 0 && !cleat_val_equal(id, cleat_val_get(now, "providerID"))) {
        cleat_invalid(v, "FieldValueForbidden", "spec.providerID",
                      "node updates may not change providerID except from \"\" to valid");
    }
}

static void validate_resources(struct cleat_validation *v, struct cleat_val status,
                               struct cleat_val was) {
    static const char *const names[] = {"capacity", "allocatable"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct cleat_val map = cleat_val_get(status, names[i]);
        if (!same(map, cleat_val_get(was, names[i]))) {
            CLEAT_AUTO_FREE char *field = cleat_sprintf("status.%s", names[i]);
            cleat_validate_quantities(v, map, field);
        }
    }
}

/* The same address of the same type may be there once. */
static void validate_addresses(struct cleat_validation *v, struct cleat_val list) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        if (cleat_seen_before(list, &it, NULL)) {
            CLEAT_AUTO_FREE char *field = cleat_sprintf("status.addresses[%u]", it.index);
            CLEAT_AUTO_FREE char *printed = cleat_validation_print(it.val);
            cleat_invalid(v, "FieldValueDuplicate", field, "%s", printed);
        }
    }
}

void cleat_validate_node(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    const struct cleat_val none = {NULL, 0, 0};
    struct cleat_val root = cleat_obj_root(o), was = old != NULL ? cleat_obj_root(old) : none;
    struct cleat_val spec = cleat_val_get(root, "spec"), was_spec = cleat_val_get(was, "spec");
    if (!same(spec, was_spec)) {
        validate_taints(v, cleat_val_get(spec, "taints"));
        validate_cidrs(v, cleat_val_get(spec, "podCIDRs"));
        validate_change(v, spec, was_spec);
    }
    struct cleat_val status = cleat_val_get(root, "status");
    struct cleat_val was_status = cleat_val_get(was, "status");
    struct cleat_val addresses = cleat_val_get(status, "addresses");
    validate_resources(v, status, was_status);
    if (old != NULL && !same(addresses, cleat_val_get(was_status, "addresses"))) {
        validate_addresses(v, addresses);
    }
}
