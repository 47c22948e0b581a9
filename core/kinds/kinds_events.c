/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events.k8s.io/v1: the events of the core group under other names. They are
 * stored as the core group's; what this group adds are stricter rules.
 */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* In the core group, and here. */
static const char *const names[][2] = {
    {"involvedObject", "regarding"},
    {"message", "note"},
    {"reportingComponent", "reportingController"},
    {"source", "deprecatedSource"},
    {"firstTimestamp", "deprecatedFirstTimestamp"},
    {"lastTimestamp", "deprecatedLastTimestamp"},
    {"count", "deprecatedCount"},
    {NULL, NULL},
};

static cleat_obj *show(const struct cleat_kind *k, const cleat_obj *stored) {
    cleat_obj *shown = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat_version_rename(stored, k->api_version, names, 0, &shown, &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_ERROR, "kinds", "an event is shown as it is stored: %s", e.message);
    }
    return shown;
}

static cleat_err keep(const struct cleat_kind *k, const cleat_obj *obj, cleat_obj **ret,
                      struct cleat_error *e) {
    return cleat_version_rename(obj, k->stored_version, names, 1, ret, e);
}

/* ---- rules ---- */

static void validate_series(struct cleat_validation *v, struct cleat_val series) {
    int64_t count = 0;
    if (!cleat_val_present(series)) {
        return;
    }
    cleat_val_int(cleat_val_get(series, "count"), &count);
    if (count < 2) {
        cleat_invalid(v, "FieldValueInvalid", "series.count", "\"\": should be at least 2");
    }
    if (cleat_val_str(cleat_val_get(series, "lastObservedTime")).n == 0) {
        cleat_invalid(v, "FieldValueRequired", "series.lastObservedTime", "%s", "");
    }
}

static bool is_set(struct cleat_val v) {
    int64_t n = 1;
    switch (cleat_val_type(v)) {
    case CLEAT_OBJECT:
        return cleat_val_count(v) > 0;
    case CLEAT_STRING:
        return cleat_val_str(v).n > 0;
    case CLEAT_NUMBER:
        return !cleat_val_int(v, &n) || n != 0;
    default:
        return false;
    }
}

static void validate_new(struct cleat_validation *v, const cleat_obj *o) {
    static const char *const old_ways[][2] = {{"deprecatedFirstTimestamp", "firstTimestamp"},
                                              {"deprecatedLastTimestamp", "lastTimestamp"},
                                              {"deprecatedCount", "count"},
                                              {"deprecatedSource", "source"}};
    struct cleat_val root = cleat_obj_root(o);
    struct cleat_str type = cleat_val_str(cleat_val_get(root, "type"));
    validate_series(v, cleat_val_get(root, "series"));
    if (cleat_val_str(cleat_val_get(root, "eventTime")).n == 0) {
        cleat_invalid(v, "FieldValueRequired", "eventTime", "%s", "");
    }
    if (!cleat_eqc(type, "Normal") && !cleat_eqc(type, "Warning")) {
        cleat_invalid(v, "FieldValueInvalid", "type", "\"\": has invalid value: %.*s",
                      CLEAT_FMT(type));
    }
    for (size_t i = 0; i < sizeof old_ways / sizeof *old_ways; i++) {
        if (is_set(cleat_val_get(root, old_ways[i][0]))) {
            cleat_invalid(v, "FieldValueInvalid", old_ways[i][1], "\"\": needs to be unset");
        }
    }
}

static void validate_changed(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    /* as the field is, and as it is called */
    static const char *const fixed[][2] = {{"regarding", "involvedObject"},
                                           {"reason", "reason"},
                                           {"note", "message"},
                                           {"deprecatedSource", "source"},
                                           {"deprecatedFirstTimestamp", "firstTimestamp"},
                                           {"deprecatedLastTimestamp", "lastTimestamp"},
                                           {"deprecatedCount", "count"},
                                           {"type", "type"},
                                           {"eventTime", "eventTime"},
                                           {"action", "action"},
                                           {"related", "related"},
                                           {"reportingController", "reportingController"},
                                           {"reportingInstance", "reportingInstance"}};
    struct cleat_val now = cleat_obj_root(o), was = cleat_obj_root(old);
    struct cleat_val series = cleat_val_get(now, "series");
    if (!cleat_val_equal(series, cleat_val_get(was, "series"))) {
        validate_series(v, series);
    }
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        struct cleat_val a = cleat_val_get(now, fixed[i][0]), b = cleat_val_get(was, fixed[i][0]);
        if (is_set(a) || is_set(b)) {
            cleat_validate_immutable(v, a, b, fixed[i][1]);
        }
    }
}

static void validate(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    cleat_validate_event(v, o, old);
    if (old == NULL) {
        validate_new(v, o);
    } else {
        validate_changed(v, o, old);
    }
}

const struct cleat_kind cleat_kinds_events[] = {
    {.group = "events.k8s.io",
     .version = "v1",
     .resource = "events",
     .singular = "event",
     .kind = "Event",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_CREATE_ON_UPDATE,
     .short_names = NAMES("ev"),
     .selectable = NAMES("regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid",
                         "regarding.apiVersion", "regarding.resourceVersion", "regarding.fieldPath",
                         "reason", "reportingController", "type"),
     .columns = cleat_columns_event,
     .validate = validate,
     .show = show,
     .keep = keep,
     .stored_as = "events",
     .stored_version = "v1"},
    {.resource = NULL},
};
