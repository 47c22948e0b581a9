/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The selectors and revisions that lists, watches and deletecollection take.
 * Parsed once, then matched from any thread.
 */
#include "core/registry/internal.h"

static bool allowed_field(void *userdata, struct cleat_str key) {
    const struct cleat_kind *k = userdata;
    if (cleat_eqc(key, "metadata.name") ||
        (cleat_eqc(key, "metadata.namespace") && (k->flags & CLEAT_KIND_NAMESPACED))) {
        return true;
    }
    for (size_t i = 0; k->selectable != NULL && k->selectable[i] != NULL; i++) {
        if (cleat_eqc(key, k->selectable[i])) {
            return true;
        }
    }
    return false;
}

/* Of a kind without fields of its own upstream says which there are. */
static void name_the_known(const struct cleat_kind *k, struct cleat_error *e) {
    static const char prefix[] = "field label not supported: ";
    if (e == NULL || k->selectable != NULL || (k->flags & CLEAT_KIND_CUSTOM) != 0 ||
        strncmp(e->message, prefix, sizeof prefix - 1) != 0) {
        return;
    }
    CLEAT_AUTO_FREE char *key = cleat_strdup(e->message + sizeof prefix - 1);
    cleat_fail(e, CLEAT_E_BAD_REQUEST,
               "\"%s\" is not a known field selector: only \"metadata.name\"%s", key,
               k->flags & CLEAT_KIND_NAMESPACED ? ", \"metadata.namespace\"" : "");
}

cleat_err cleat_select_open(const struct cleat_kind *k, const char *labels, const char *fields,
                            struct cleat_select *ret, struct cleat_error *e) {
    struct cleat_select s = {.kind = k};
    if (labels != NULL && labels[0] != '\0') {
        CLEAT_TRY(cleat_selector_labels(labels, &s.labels, e));
    }
    if (fields != NULL && fields[0] != '\0') {
        cleat_err err =
            cleat_selector_fields(fields, allowed_field, (void *)(uintptr_t)k, &s.fields, e);
        if (err != CLEAT_OK) {
            cleat_selector_free(s.labels);
            name_the_known(k, e);
            return err;
        }
    }
    if (s.labels != NULL && cleat_selector_empty(s.labels)) {
        cleat_selector_free(s.labels);
        s.labels = NULL;
    }
    if (s.fields != NULL && cleat_selector_empty(s.fields)) {
        cleat_selector_free(s.fields);
        s.fields = NULL;
    }
    *ret = s;
    return CLEAT_OK;
}

void cleat_select_done(struct cleat_select *s) {
    cleat_selector_free(s->labels);
    cleat_selector_free(s->fields);
    s->labels = s->fields = NULL;
}

bool cleat_select_match(const struct cleat_select *s, const cleat_obj *o) {
    return (s->labels == NULL || cleat_selector_match(s->labels, o)) &&
           (s->fields == NULL || cleat_selector_match(s->fields, o));
}

cleat_err cleat_parse_revision(const char *text, uint64_t *ret, struct cleat_error *e) {
    uint64_t n = 0;
    for (const char *p = text != NULL ? text : ""; *p != '\0'; p++) {
        if (*p < '0' || *p > '9' || n > (UINT64_MAX - 9) / 10) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "invalid resource version: resourceVersion: Invalid value: \"%s\": "
                              "strconv.ParseUint: parsing "
                              "\"%s\": invalid syntax",
                              text, text);
        }
        n = n * 10 + (uint64_t)(*p - '0');
    }
    *ret = n;
    return CLEAT_OK;
}
