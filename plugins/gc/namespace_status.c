/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The five conditions of a namespace that is being deleted, from a report of what
 * is in it; their reasons and messages are upstream's. Pure functions.
 */
#include "gc.h"

static char *print_text(const struct cleat_tally_entry *x) {
    return cleat_sdk_format("%s", x->text);
}

static char *print_resource(const struct cleat_tally_entry *x) {
    return cleat_sdk_format("%s has %zu resource instances", x->text, x->n);
}

static char *print_finalizer(const struct cleat_tally_entry *x) {
    return cleat_sdk_format("%s in %zu resource instances", x->text, x->n);
}

static char *failures(const struct cleat_ns_report *r) {
    return cleat_tally_join(&r->failures, print_text);
}

static char *nothing(const struct cleat_ns_report *r) {
    (void)r;
    return cleat_sdk_format("%s", "");
}

static char *errors(const struct cleat_ns_report *r) {
    char *all = cleat_tally_join(&r->errors, print_text);
    char *text = cleat_sdk_format("Failed to delete all resource types, %zu remaining: %s",
                                  r->errors.n, all);
    free(all);
    return text;
}

static char *resources(const struct cleat_ns_report *r) {
    char *all = cleat_tally_join(&r->resources, print_resource);
    char *text = cleat_sdk_format("Some resources are remaining: %s", all);
    free(all);
    return text;
}

static char *finalizers(const struct cleat_ns_report *r) {
    char *all = cleat_tally_join(&r->finalizers, print_finalizer);
    char *text =
        cleat_sdk_format("Some content in the namespace has finalizers remaining: %s", all);
    free(all);
    return text;
}

static const struct {
    const char *type, *ok_reason, *ok_message, *reason;
    size_t at; /* the tally that tells whether it is so */
    char *(*message)(const struct cleat_ns_report *r);
} conditions[] = {
    {"NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered",
     "All resources successfully discovered", "DiscoveryFailed",
     offsetof(struct cleat_ns_report, failures), failures},
    /* A kind here cannot have a group version that does not parse. */
    {"NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions",
     "All legacy kube types successfully parsed", NULL, 0, nothing},
    {"NamespaceDeletionContentFailure", "ContentDeleted",
     "All content successfully deleted, may be waiting on finalization", "ContentDeletionFailed",
     offsetof(struct cleat_ns_report, errors), errors},
    {"NamespaceContentRemaining", "ContentRemoved", "All content successfully removed",
     "SomeResourcesRemain", offsetof(struct cleat_ns_report, resources), resources},
    {"NamespaceFinalizersRemaining", "ContentHasNoFinalizers",
     "All content-preserving finalizers finished", "SomeFinalizersRemain",
     offsetof(struct cleat_ns_report, finalizers), finalizers},
};

char *cleat_ns_conditions(const cleat_obj *ns, const struct cleat_ns_report *r) {
    cleat_edit *e = SDK->obj->edit_new(ns);
    int32_t changed = 0;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        const struct cleat_tally *t =
            (const struct cleat_tally *)(const void *)((const char *)r + conditions[i].at);
        bool bad = conditions[i].reason != NULL && t->n > 0;
        char *message = bad ? conditions[i].message(r) : NULL;
        changed |= SDK->util->set_condition(e, ns, conditions[i].type, bad ? "True" : "False",
                                            bad ? conditions[i].reason : conditions[i].ok_reason,
                                            bad ? message : conditions[i].ok_message);
        free(message);
    }
    cleat_obj *made = NULL;
    if (!changed || SDK->obj->edit_finish(e, &made, NULL) != CLEAT_OK) {
        if (!changed) {
            SDK->obj->edit_free(e);
        }
        return NULL;
    }
    char *text = cleat_sdk_dup(SDK->obj->raw(CLEAT_AT(SDK, made, "status", "conditions")));
    SDK->obj->unref(made);
    return text;
}
