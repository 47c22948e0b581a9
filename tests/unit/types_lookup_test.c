/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of types: found by name, consistent in themselves. */
#include "core/types/types.h"
#include "tests/support/kt.h"

static void test_sorted(void) {
    const struct cleat_type *last = NULL, *t;
    for (size_t i = 0; (t = cleat_type_at(i)) != NULL; i++) {
        KT_TRUE(last == NULL || strcmp(last->name, t->name) < 0);
        KT_TRUE(cleat_type_find(t->name) == t);
        last = t;
    }
    KT_TRUE(last != NULL);
    KT_TRUE(cleat_type_find("io.k8s.api.core.v1.Nothing") == NULL);
}

static const struct cleat_field *field(const struct cleat_type *t, const char *name) {
    const struct cleat_field *f = t != NULL ? cleat_type_field(t, cleat_s(name)) : NULL;
    return f;
}

static void test_kinds(void) {
    const struct cleat_type *pod = cleat_type_of_kind("", "v1", "Pod");
    const struct cleat_field *spec = field(pod, "spec");
    KT_REQUIRE(spec != NULL);
    const struct cleat_field *containers = field(spec->type, "containers");
    KT_REQUIRE(containers != NULL && containers->type->form == CLEAT_FORM_LIST);
    KT_EQ_STR(containers->merge_key, "name");
    KT_TRUE(containers->list == CLEAT_LIST_MAP);
    const struct cleat_field *volumes = field(spec->type, "volumes");
    KT_REQUIRE(volumes != NULL);
    KT_TRUE((volumes->flags & CLEAT_FIELD_RETAIN_KEYS) != 0);
    /* secret is a member of the inlined VolumeSource */
    KT_TRUE(field(volumes->type->elem, "secret") != NULL);
    KT_TRUE(cleat_type_of_kind("apps", "v1", "Deployment") != NULL);
    KT_TRUE(cleat_type_of_kind("rbac.authorization.k8s.io", "v1", "ClusterRole") != NULL);
    KT_TRUE(cleat_type_of_kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition") != NULL);
    KT_TRUE(cleat_type_of_kind("example.com", "v1", "Widget") == NULL);
}

/* Keys and merge keys must be members of what they are keys of. */
static void check_keys(const struct cleat_field *f) {
    if (f->type->form != CLEAT_FORM_LIST || f->type->elem->form != CLEAT_FORM_STRUCT) {
        KT_TRUE(f->merge_key == NULL && f->keys == NULL);
        return;
    }
    KT_TRUE(f->merge_key == NULL || field(f->type->elem, f->merge_key) != NULL);
    for (const char *k = f->keys; k != NULL && *k != '\0'; k += *k == ',') {
        size_t n = strcspn(k, ",");
        KT_TRUE(cleat_type_field(f->type->elem, (struct cleat_str){k, n}) != NULL);
        k += n;
    }
}

static void test_fields(void) {
    const struct cleat_type *t;
    for (size_t i = 0; (t = cleat_type_at(i)) != NULL; i++) {
        KT_TRUE(t->doc != NULL && t->doc[0] != '\0');
        for (const struct cleat_field *f = t->fields; f != NULL && f->name != NULL; f++) {
            KT_REQUIRE(f->type != NULL);
            check_keys(f);
            KT_TRUE(f->name[0] == '\0' || (f->doc != NULL && f->doc[0] != '\0'));
            for (const struct cleat_field *g = t->fields; g < f; g++) {
                KT_TRUE(g->number == 0 || g->number != f->number);
                KT_TRUE(f->name[0] == '\0' || strcmp(g->name, f->name) != 0);
            }
        }
    }
}

KT_MAIN("types_lookup", KT_TEST(test_sorted), KT_TEST(test_kinds), KT_TEST(test_fields))
