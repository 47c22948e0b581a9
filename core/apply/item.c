/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What names an element of a list: its value in a set, its keys in a map. Runs on
 * the hot path too, where it writes into room that the caller has.
 */
#include "core/apply/fields.h"

enum { KEYS_MAX = 8, ROOM = 512 };

struct text {
    char *p;
    size_t n, size; /* n counts on where the room ends */
};

static void put(struct text *t, struct cleat_str s) {
    if (t->n + s.n <= t->size) {
        memcpy(t->p + t->n, s.p, s.n);
    }
    t->n += s.n;
}

static void put_value(struct text *t, struct cleat_str s) {
    char escape[8];
    size_t used, from = 0;
    for (size_t i = 0; i < s.n; i += used) {
        size_t n = cleat_element_escape_at(s, i, escape, &used);
        if (n > 0) {
            put(t, (struct cleat_str){s.p + from, i - from});
            put(t, (struct cleat_str){escape, n});
            from = i + used;
        }
    }
    put(t, (struct cleat_str){s.p + from, s.n - from});
}

/* The names in "b,a", sorted; how many. */
static size_t split(const char *keys, struct cleat_str *ret) {
    size_t n = 0;
    while (*keys != '\0' && n < KEYS_MAX) {
        struct cleat_str name = {keys, strcspn(keys, ",")};
        size_t at = n++;
        for (; at > 0 && cleat_cmp(name, ret[at - 1]) < 0; at--) {
            ret[at] = ret[at - 1];
        }
        ret[at] = name;
        keys += name.n + (keys[name.n] == ',');
    }
    return n;
}

static struct cleat_str default_of(const struct cleat_type *elem, struct cleat_str key) {
    const struct cleat_field *f = elem != NULL ? cleat_type_field(elem, key) : NULL;
    return cleat_s(f != NULL ? f->def : NULL);
}

/* Returns how many keys the item has, with defaults. */
static size_t write_keys(struct text *t, const char *keys, const struct cleat_type *elem,
                         struct cleat_val item) {
    struct cleat_str names[KEYS_MAX];
    size_t n = split(keys, names), found = 0;
    for (size_t i = 0; i < n; i++) {
        struct cleat_val v = cleat_val_get_s(item, names[i]);
        struct cleat_str raw = cleat_val_present(v) ? cleat_val_raw(v) : default_of(elem, names[i]);
        if (raw.n == 0) {
            continue;
        }
        put(t, cleat_s(found++ > 0 ? ",\"" : "{\""));
        put(t, names[i]);
        put(t, CLEAT_STR("\":"));
        put_value(t, raw);
    }
    put(t, CLEAT_STR("}"));
    return found;
}

static bool fail(const char **ret_why, const char *why) {
    if (ret_why != NULL) {
        *ret_why = why;
    }
    return false;
}

static bool keep(struct cleat_arena *a, const struct text *t, struct cleat_element *ret) {
    if (t->n > t->size) {
        return false;
    }
    ret->text = (struct cleat_str){t->p, t->n};
    if (a != NULL) {
        ret->text = cleat_arena_str(a, ret->text);
    }
    return true;
}

static bool of_set(struct text *t, struct cleat_val item, struct cleat_element *ret,
                   const char **ret_why) {
    ret->kind = 'v';
    switch (cleat_val_type(item)) {
    case CLEAT_OBJECT:
        return fail(ret_why, "associative list without keys has an element that's a map type");
    case CLEAT_ARRAY:
        return fail(ret_why, "not supported: associative list with lists as elements");
    case CLEAT_NULL:
        return fail(ret_why, "associative list without keys has an element that's an explicit "
                             "null");
    default:
        put_value(t, cleat_val_raw(item));
        return true;
    }
}

static bool of_map(struct text *t, const char *keys, const struct cleat_type *elem,
                   struct cleat_val item, struct cleat_element *ret, const char **ret_why) {
    ret->kind = 'k';
    if (cleat_val_type(item) == CLEAT_NULL) {
        return fail(ret_why, "associative list with keys may not have a null element");
    }
    if (cleat_val_type(item) != CLEAT_OBJECT) {
        return fail(ret_why, "associative list with keys may not have non-map elements");
    }
    if (write_keys(t, keys, elem, item) == 0) {
        return fail(ret_why, "associative list with keys has an element that omits all key fields "
                             "(and doesn't have default values for any key fields)");
    }
    return true;
}

bool cleat_element_of_item(struct cleat_arena *a, char *room, size_t size, const char *keys,
                           const struct cleat_type *elem, struct cleat_val item,
                           struct cleat_element *ret, const char **ret_why) {
    char mine[ROOM];
    struct text t = {room != NULL ? room : mine, 0, room != NULL ? size : sizeof mine};
    bool ok =
        keys != NULL ? of_map(&t, keys, elem, item, ret, ret_why) : of_set(&t, item, ret, ret_why);
    if (!ok || t.n <= t.size || a == NULL) {
        return ok && keep(a, &t, ret);
    }
    t = (struct text){cleat_arena_alloc(a, t.n), 0, t.n};
    ok = keys != NULL ? of_map(&t, keys, elem, item, ret, ret_why) : of_set(&t, item, ret, ret_why);
    ret->text = (struct cleat_str){t.p, t.n};
    return ok;
}
