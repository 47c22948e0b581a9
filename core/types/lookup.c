/* SPDX-License-Identifier: Apache-2.0 */
/* The types without members, and finding types and members. Pure; any thread. */
#include "core/types/table.h"

#define PLAIN(symbol, f) const struct cleat_type cleat_type_##symbol = {.form = (f)}
PLAIN(string, CLEAT_FORM_STRING);
PLAIN(bytes, CLEAT_FORM_BYTES);
PLAIN(bool, CLEAT_FORM_BOOL);
PLAIN(int32, CLEAT_FORM_INT32);
PLAIN(int64, CLEAT_FORM_INT64);
PLAIN(double, CLEAT_FORM_DOUBLE);

#define NAMED(symbol, f, words, text)                                                              \
    const struct cleat_type cleat_type_##symbol = {.form = (f), .name = (text), .doc = (words)}
NAMED(time, CLEAT_FORM_TIME, "A point in time as RFC 3339 text, to the second.",
      "io.k8s.apimachinery.pkg.apis.meta.v1.Time");
NAMED(micro_time, CLEAT_FORM_MICRO_TIME, "A point in time as RFC 3339 text, to the microsecond.",
      "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime");
NAMED(duration, CLEAT_FORM_DURATION, "A span of time, written like 1h30m or 250ms.",
      "io.k8s.apimachinery.pkg.apis.meta.v1.Duration");
NAMED(quantity, CLEAT_FORM_QUANTITY, "An amount with an optional suffix: 250m, 1.5, 2Gi, 10k.",
      "io.k8s.apimachinery.pkg.api.resource.Quantity");
NAMED(int_or_string, CLEAT_FORM_INT_OR_STRING, "A whole number, or text such as a name or 25%.",
      "io.k8s.apimachinery.pkg.util.intstr.IntOrString");
NAMED(raw_extension, CLEAT_FORM_ANY, "Any object.", "io.k8s.apimachinery.pkg.runtime.RawExtension");
NAMED(fields_v1, CLEAT_FORM_ANY, "A set of fields as a tree: f:<name>, k:<keys>, v:<value>.",
      "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1");
NAMED(json, CLEAT_FORM_ANY, "Any JSON value.",
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON");

const struct cleat_type cleat_type_extra_value = {
    .form = CLEAT_FORM_LIST, .elem = &cleat_type_string, .message = 1};
const struct cleat_field cleat_no_fields[] = {END};

#define TYPE_ENTRY(symbol) &cleat_type_##symbol,
static const struct cleat_type *const all[] = {CLEAT_TYPES(TYPE_ENTRY)};
enum { ALL = sizeof all / sizeof *all };

const struct cleat_type *cleat_type_at(size_t i) {
    return i < ALL ? all[i] : NULL;
}

static int by_name(const void *key, const void *entry) {
    return strcmp(key, (*(const struct cleat_type *const *)entry)->name);
}

const struct cleat_type *cleat_type_find(const char *name) {
    const struct cleat_type *const *found = bsearch(name, all, ALL, sizeof *all, by_name);
    return found != NULL ? *found : NULL;
}

const struct cleat_type *cleat_type_of_kind(const char *group, const char *version,
                                            const char *kind) {
    int room = group[0] == '\0' ? 4 : (int)strcspn(group, ".");
    bool extensions = strcmp(group, "apiextensions.k8s.io") == 0;
    CLEAT_AUTO_FREE char *name = cleat_sprintf(
        "%s.%.*s.%s.%s", extensions ? "io.k8s.apiextensions-apiserver.pkg.apis" : "io.k8s.api",
        room, group[0] == '\0' ? "core" : group, version, kind);
    return cleat_type_find(name);
}

const struct cleat_field *cleat_type_field(const struct cleat_type *t, struct cleat_str name) {
    for (const struct cleat_field *f = t->fields; f != NULL && f->name != NULL; f++) {
        if ((f->flags & CLEAT_FIELD_INLINE) == 0) {
            if (cleat_eqc(name, f->name)) {
                return f;
            }
            continue;
        }
        const struct cleat_field *inner = cleat_type_field(f->type, name);
        if (inner != NULL) {
            return inner;
        }
    }
    return NULL;
}

/* The field at a dotted path, elements of lists and maps left out. */
static const struct cleat_field *field_at(const struct cleat_type *t, const char *path) {
    const struct cleat_field *f = NULL;
    while (t != NULL && *path != '\0') {
        while (t->form == CLEAT_FORM_LIST) {
            t = t->elem;
        }
        size_t n = strcspn(path, ".");
        if (t->form == CLEAT_FORM_MAP) {
            f = NULL;
            t = t->elem;
        } else {
            f = cleat_type_field(t, (struct cleat_str){path, n});
            t = f != NULL ? f->type : NULL;
        }
        path += n + (path[n] == '.');
    }
    return t != NULL ? f : NULL;
}

const char *cleat_type_merge_key(const void *type, const char *path) {
    const struct cleat_field *f = field_at(type, path);
    if (f == NULL || (f->flags & CLEAT_FIELD_MERGE) == 0 || f->type->form != CLEAT_FORM_LIST) {
        return NULL;
    }
    return f->merge_key != NULL ? f->merge_key : "";
}
