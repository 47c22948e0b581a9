/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a value is to be looked at, by its type and by where it stands. Custom
 * types may describe the elements of a map or list with one entry in `fields`
 * (from_schema.c), and what members a structure has beyond those it names in
 * `elem`.
 */
#include "core/apply/typed.h"

static struct cleat_view by_value(struct cleat_val v, bool whole) {
    switch (cleat_val_type(v)) {
    case CLEAT_OBJECT:
        return (struct cleat_view){.as = CLEAT_AS_MAP, .whole = whole};
    case CLEAT_ARRAY:
        return (struct cleat_view){.as = CLEAT_AS_LIST, .whole = true};
    default:
        return (struct cleat_view){.as = CLEAT_AS_LEAF};
    }
}

/* Upstream hands RawExtensions over as a whole. */
static bool raw_extension(const struct cleat_type *t) {
    return t->atomic || (t->name != NULL && strstr(t->name, ".RawExtension") != NULL);
}

struct cleat_view cleat_shape_view(struct cleat_shape s, struct cleat_val v) {
    struct cleat_view view = {.as = CLEAT_AS_LEAF};
    if (s.type == NULL) {
        return by_value(v, false);
    }
    bool flagged = s.field != NULL && (s.field->flags & CLEAT_FIELD_ATOMIC);
    switch (s.type->form) {
    case CLEAT_FORM_ANY:
        return by_value(v, flagged || raw_extension(s.type));
    case CLEAT_FORM_STRUCT:
    case CLEAT_FORM_MAP:
        view.as = CLEAT_AS_MAP;
        view.whole = flagged || s.type->atomic;
        return view;
    case CLEAT_FORM_LIST:
        view.as = CLEAT_AS_LIST;
        view.whole = s.field == NULL || s.field->list == CLEAT_LIST_ATOMIC;
        view.keys = s.field != NULL && s.field->list == CLEAT_LIST_MAP ? s.field->keys : NULL;
        view.elem = s.type->elem;
        return view;
    default:
        return view;
    }
}

static struct cleat_shape element(const struct cleat_type *t) {
    const struct cleat_field *f = t->form != CLEAT_FORM_STRUCT ? t->fields : NULL;
    return (struct cleat_shape){t->elem, f != NULL && f->name != NULL ? f : NULL};
}

struct cleat_shape cleat_shape_member(struct cleat_shape s, struct cleat_str key) {
    static const struct cleat_shape unknown = {NULL, NULL};
    if (s.type == NULL) {
        return unknown;
    }
    if (s.type->form == CLEAT_FORM_MAP) {
        return element(s.type);
    }
    if (s.type->form != CLEAT_FORM_STRUCT) {
        return unknown;
    }
    const struct cleat_field *f = cleat_type_field(s.type, key);
    if (f != NULL) {
        return (struct cleat_shape){f->type, f};
    }
    return s.type->elem != NULL ? (struct cleat_shape){s.type->elem, NULL} : unknown;
}

struct cleat_shape cleat_shape_item(struct cleat_shape s) {
    return s.type != NULL ? element(s.type) : (struct cleat_shape){NULL, NULL};
}

bool cleat_shape_names(struct cleat_shape s, struct cleat_str key) {
    return s.type != NULL && s.type->form == CLEAT_FORM_STRUCT &&
           cleat_type_field(s.type, key) != NULL;
}
