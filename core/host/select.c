/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which controllers run, by upstream's --controllers: the first entry that names
 * the controller decides, "x" on and "-x" off; where none does, "*" means all that
 * are not off by default. Aliases count as the name. Pure functions.
 */
#include "core/host/internal.h"

bool cleat_list_next(const char **pos, struct cleat_str *ret) {
    const char *p = *pos;
    while (p != NULL && *p != 0) {
        size_t n = strcspn(p, ",");
        struct cleat_str s = {p, n};
        p += n + (p[n] == ',');
        while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
            s.p++;
            s.n--;
        }
        while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) {
            s.n--;
        }
        if (s.n > 0) {
            *pos = p;
            *ret = s;
            return true;
        }
    }
    *pos = p;
    return false;
}

static bool names(struct cleat_str s, const char *name, const char *const *aliases) {
    if (cleat_eqc(s, name)) {
        return true;
    }
    for (; aliases != NULL && *aliases != NULL; aliases++) {
        if (cleat_eqc(s, *aliases)) {
            return true;
        }
    }
    return false;
}

bool cleat_select_enabled(const char *list, const char *name, const char *const *aliases,
                          bool disabled_by_default) {
    bool star = false;
    struct cleat_str s;
    while (cleat_list_next(&list, &s)) {
        if (cleat_eqc(s, "*")) {
            star = true;
            continue;
        }
        bool off = s.p[0] == '-';
        if (off) {
            s.p++;
            s.n--;
        }
        if (names(s, name, aliases)) {
            return !off;
        }
    }
    return star && !disabled_by_default;
}

cleat_err cleat_select_check(const char *list, const struct cleat_offers *o,
                             struct cleat_error *e) {
    struct cleat_str s;
    while (cleat_list_next(&list, &s)) {
        struct cleat_str name = s;
        if (name.p[0] == '-') {
            name.p++;
            name.n--;
        }
        if (!cleat_eqc(s, "*") && cleat_offers_find(o, false, name) == NULL) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "\"%.*s\" is not in the list of known controllers", CLEAT_FMT(name));
        }
    }
    return CLEAT_OK;
}
