/* SPDX-License-Identifier: Apache-2.0 */
/*
 * autoscaling/v1: autoscalers as they were when cpu was all there was to look at.
 * They are stored as autoscaling/v2; what this version has no field for goes into
 * annotations and comes back from there, so that a write by an old client loses
 * nothing. Pure; any thread.
 */
#include "core/kinds/hpa_v1.h"

#define PREFIX "autoscaling.alpha.kubernetes.io/"
static const char *const metrics_note = PREFIX "metrics";
static const char *const api_version[] = {"apiVersion", NULL};

/* ---- metrics: the members of each sort, there and here ---- */

static const struct sort {
    const char *type, *key;
    struct {
        const char *part, *member; /* in v2: part NULL = of the source itself */
        const char *old;           /* in v1 */
    } members[5];
} sorts[] = {
    {"Resource",
     "resource",
     {{NULL, "name", "name"},
      {"target", "averageUtilization", "targetAverageUtilization"},
      {"target", "averageValue", "targetAverageValue"}}},
    {"ContainerResource",
     "containerResource",
     {{NULL, "name", "name"},
      {NULL, "container", "container"},
      {"target", "averageUtilization", "targetAverageUtilization"},
      {"target", "averageValue", "targetAverageValue"}}},
    {"Pods",
     "pods",
     {{"metric", "name", "metricName"},
      {"metric", "selector", "selector"},
      {"target", "averageValue", "targetAverageValue"}}},
    {"Object",
     "object",
     {{NULL, "describedObject", "target"},
      {"metric", "name", "metricName"},
      {"metric", "selector", "selector"},
      {"target", "value", "targetValue"},
      {"target", "averageValue", "averageValue"}}},
    {"External",
     "external",
     {{"metric", "name", "metricName"},
      {"metric", "selector", "metricSelector"},
      {"target", "value", "targetValue"},
      {"target", "averageValue", "targetAverageValue"}}},
};
enum { MEMBERS = sizeof sorts[0].members / sizeof sorts[0].members[0] };

static const struct sort *sort_of(struct cleat_val metric) {
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        if (cleat_eqc(cleat_str_at(metric, "type"), sorts[i].type)) {
            return &sorts[i];
        }
    }
    return NULL;
}

/* The sort of a target, as its members tell. */
static void set_target_type(cleat_edit *e, const char *index, const char *key, const char *member) {
    const char *type = strcmp(member, "averageUtilization") == 0 ? "Utilization"
                       : strcmp(member, "averageValue") == 0     ? "AverageValue"
                                                                 : "Value";
    cleat_edit_set_str(e, CLEAT_PATH("list", index, key, "target", "type"), cleat_s(type));
}

/* Adds a metric to e's list, in the other version's words. */
static void convert(cleat_edit *e, size_t n, struct cleat_val metric, bool to_old) {
    const struct sort *s = sort_of(metric);
    CLEAT_AUTO_FREE char *index = cleat_sprintf("%zu", n);
    cleat_edit_set_json(e, CLEAT_PATH("list", "-"), CLEAT_STR("{}"));
    cleat_edit_set_val(e, CLEAT_PATH("list", index, "type"), cleat_val_get(metric, "type"));
    for (size_t i = 0; s != NULL && i < MEMBERS && s->members[i].old != NULL; i++) {
        const char *part = s->members[i].part, *member = s->members[i].member;
        const char *old = s->members[i].old;
        struct cleat_val source = cleat_val_get(metric, s->key);
        struct cleat_val v = to_old && part != NULL ? cleat_val_at(source, CLEAT_PATH(part, member))
                                                    : cleat_val_get(source, to_old ? member : old);
        if (cleat_absent(v)) {
            continue;
        }
        if (to_old) {
            cleat_edit_set_val(e, CLEAT_PATH("list", index, s->key, old), v);
        } else if (part == NULL) {
            cleat_edit_set_val(e, CLEAT_PATH("list", index, s->key, member), v);
        } else {
            cleat_edit_set_val(e, CLEAT_PATH("list", index, s->key, part, member), v);
            if (strcmp(part, "target") == 0) {
                set_target_type(e, index, s->key, member);
            }
        }
    }
}

static cleat_edit *list_new(void) {
    cleat_edit *e = cleat_edit_new(NULL);
    cleat_edit_set_json(e, CLEAT_PATH("list"), CLEAT_STR("[]"));
    return e;
}

static struct cleat_val list_of(const cleat_obj *o) {
    return cleat_val_get(cleat_obj_root(o), "list");
}

/* A percentage of cpu, the one thing that v1 can say. */
static struct cleat_val cpu_target(struct cleat_val metric, const char *what) {
    struct cleat_val source = cleat_val_get(metric, "resource");
    return cleat_eqc(cleat_str_at(metric, "type"), "Resource") &&
                   cleat_eqc(cleat_str_at(source, "name"), "cpu")
               ? cleat_val_at(source, CLEAT_PATH(what, "averageUtilization"))
               : (struct cleat_val){NULL, 0, 0};
}

/* ---- what goes into annotations as it is ---- */

static const struct note {
    const char *part, *member, *name;
} notes[] = {{"spec", "behavior", PREFIX "behavior"},
             {"status", "conditions", PREFIX "conditions"},
             {"status", "currentMetrics", PREFIX "current-metrics"}};

static void set_note(cleat_edit *e, const char *name, struct cleat_val v) {
    cleat_edit_set_str(e, CLEAT_PATH("metadata", "annotations", name), cleat_val_raw(v));
}

/* The JSON in an annotation as {"list": ...}; *ret NULL: there is none. */
static cleat_err read_note(const cleat_obj *o, const char *name, cleat_obj **ret,
                           struct cleat_error *e) {
    CLEAT_AUTO_FREE char *text =
        cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", name)));
    *ret = NULL;
    if (text == NULL || *text == '\0') {
        return CLEAT_OK;
    }
    CLEAT_AUTO_FREE char *whole = cleat_sprintf("{\"list\":%s}", text);
    return cleat_obj_parse(cleat_s(whole), 0, ret, e);
}

/* ---- v2 as v1 ---- */

static void show_metrics(cleat_edit *e, const cleat_obj *stored) {
    struct cleat_val metrics = cleat_obj_at(stored, CLEAT_PATH("spec", "metrics"));
    struct cleat_iter it = {0};
    struct cleat_error why = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *rest = NULL;
    cleat_edit *list = list_new();
    size_t n = 0;
    bool found = false;
    while (cleat_val_next(metrics, &it)) {
        struct cleat_val cpu = cpu_target(it.val, "target");
        if (!found && !cleat_absent(cpu)) {
            cleat_edit_set_val(e, CLEAT_PATH("spec", "targetCPUUtilizationPercentage"), cpu);
            found = true;
        } else {
            convert(list, n++, it.val, true);
        }
    }
    if (cleat_edit_finish(list, &rest, &why) == CLEAT_OK && n > 0) {
        set_note(e, metrics_note, list_of(rest));
    }
    cleat_edit_remove(e, CLEAT_PATH("spec", "metrics"));
}

cleat_obj *cleat_hpa_show(const struct cleat_kind *k, const cleat_obj *stored) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    struct cleat_iter it = {0};
    cleat_obj *shown = NULL;
    cleat_edit *e = cleat_edit_new(stored);
    cleat_edit_set_str(e, api_version, cleat_s(k->api_version));
    show_metrics(e, stored);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        cleat_path path = CLEAT_PATH(notes[i].part, notes[i].member);
        struct cleat_val v = cleat_obj_at(stored, path);
        if (!cleat_absent(v)) {
            set_note(e, notes[i].name, v);
            cleat_edit_remove(e, path);
        }
    }
    struct cleat_val measured = cleat_obj_at(stored, CLEAT_PATH("status", "currentMetrics"));
    while (cleat_val_next(measured, &it)) {
        struct cleat_val cpu = cpu_target(it.val, "current");
        if (!cleat_absent(cpu)) {
            cleat_edit_set_val(e, CLEAT_PATH("status", "currentCPUUtilizationPercentage"), cpu);
            break;
        }
    }
    if (cleat_edit_finish(e, &shown, &why) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_ERROR, "kinds", "an autoscaler is shown as it is stored: %s",
                   why.message);
        return NULL;
    }
    cleat_obj_stamp_kind(shown, cleat_obj_kind(stored));
    return shown;
}

/* ---- v1 as v2 ---- */

static void add_cpu(cleat_edit *list, size_t *n, int64_t percent) {
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":"
                      "\"Utilization\",\"averageUtilization\":%lld}}}",
                      (long long)percent);
    cleat_edit_set_json(list, CLEAT_PATH("list", "-"), cleat_s(text));
    (*n)++;
}

enum { CPU_DEFAULT = 80 };

static cleat_err keep_metrics(cleat_edit *e, const cleat_obj *obj, struct cleat_error *why) {
    CLEAT_AUTO(cleat_obj) *note = NULL;
    CLEAT_AUTO(cleat_obj) *all = NULL;
    struct cleat_iter it = {0};
    int64_t percent = 0;
    size_t n = 0;
    cleat_path path = CLEAT_PATH("spec", "targetCPUUtilizationPercentage");
    CLEAT_TRY(read_note(obj, metrics_note, &note, why));
    cleat_edit *list = list_new();
    if (cleat_val_int(cleat_obj_at(obj, path), &percent)) {
        add_cpu(list, &n, percent);
    }
    struct cleat_val more = note != NULL ? list_of(note) : (struct cleat_val){NULL, 0, 0};
    while (cleat_val_type(more) == CLEAT_ARRAY && cleat_val_next(more, &it)) {
        convert(list, n++, it.val, false);
    }
    if (n == 0) {
        add_cpu(list, &n, CPU_DEFAULT);
    }
    CLEAT_TRY(cleat_edit_finish(list, &all, why));
    cleat_edit_set_val(e, CLEAT_PATH("spec", "metrics"), list_of(all));
    cleat_edit_remove(e, path);
    cleat_edit_remove(e, CLEAT_PATH("metadata", "annotations", metrics_note));
    return CLEAT_OK;
}

static cleat_err keep_notes(cleat_edit *e, const cleat_obj *obj, struct cleat_error *why) {
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        CLEAT_AUTO(cleat_obj) *note = NULL;
        CLEAT_TRY(read_note(obj, notes[i].name, &note, why));
        if (note != NULL) {
            cleat_edit_set_val(e, CLEAT_PATH(notes[i].part, notes[i].member), list_of(note));
            cleat_edit_remove(e, CLEAT_PATH("metadata", "annotations", notes[i].name));
        }
    }
    cleat_edit_remove(e, CLEAT_PATH("status", "currentCPUUtilizationPercentage"));
    return CLEAT_OK;
}

/* An annotation that is none any more leaves no empty map behind. */
static bool only_ours(const cleat_obj *obj) {
    struct cleat_val all = cleat_obj_at(obj, CLEAT_PATH("metadata", "annotations"));
    struct cleat_iter it = {0};
    while (cleat_val_next(all, &it)) {
        bool ours = cleat_eqc(it.key, metrics_note);
        for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
            ours = ours || cleat_eqc(it.key, notes[i].name);
        }
        if (!ours) {
            return false;
        }
    }
    return cleat_val_count(all) > 0;
}

cleat_err cleat_hpa_keep(const struct cleat_kind *k, const cleat_obj *obj, cleat_obj **ret,
                         struct cleat_error *why) {
    cleat_edit *e = cleat_edit_new(obj);
    *ret = NULL;
    cleat_edit_set_str(e, api_version, cleat_s(k->stored_version));
    cleat_err err = keep_metrics(e, obj, why);
    err = err == CLEAT_OK ? keep_notes(e, obj, why) : err;
    if (err != CLEAT_OK) {
        cleat_edit_free(e);
        return err;
    }
    if (only_ours(obj)) {
        cleat_edit_remove(e, CLEAT_PATH("metadata", "annotations"));
    }
    CLEAT_TRY(cleat_edit_finish(e, ret, why));
    cleat_obj_stamp_kind(*ret, cleat_obj_kind(obj));
    return CLEAT_OK;
}

/* ---- defaults ---- */

static const struct cleat_default table[] = {
    {"spec", "minReplicas", "1"}, {"status", "desiredReplicas", "0"}, {NULL, NULL, NULL}};

bool cleat_needs_hpa_v1(const cleat_obj *o) {
    return cleat_default_any(o, table);
}

void cleat_default_hpa_v1(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    cleat_default_all(e, o, table);
}
