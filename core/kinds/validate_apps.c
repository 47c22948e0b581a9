/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apps, batch, autoscaling and policy: what must be there, what fits together, what
 * may not change, with upstream's messages (pkg/apis/{apps,batch,...}/validation).
 * Pure; any thread.
 */
#include "core/kinds/podspec.h"

static struct cleat_val spec_of(const cleat_obj *o) {
    return o != NULL ? cleat_val_get(cleat_obj_root(o), "spec") : (struct cleat_val){NULL, 0, 0};
}

static bool unchanged(const cleat_obj *o, const cleat_obj *old) {
    return old != NULL && cleat_val_equal(spec_of(o), spec_of(old));
}

static const char *const always[] = {"Always", NULL};

/* ---- selector and template ---- */

static void check_selected(struct cleat_check *c, struct cleat_val spec, const char *words) {
    struct cleat_val selector = cleat_val_get(spec, "selector");
    struct cleat_val labels = cleat_val_at(spec, CLEAT_PATH("template", "metadata", "labels"));
    if (cleat_absent(selector)) {
        cleat_check_required(c, "selector", "");
        return;
    }
    cleat_check_selector(c, spec, "selector");
    if (cleat_val_count(cleat_val_get(selector, "matchLabels")) == 0 &&
        cleat_val_count(cleat_val_get(selector, "matchExpressions")) == 0) {
        CLEAT_AUTO_FREE char *why = cleat_sprintf("empty selector is invalid for %s", words);
        cleat_check_invalid(c, "selector", selector, why);
        return;
    }
    if (!cleat_labels_match(selector, labels)) {
        size_t t = cleat_check_in(c, "template"), m = cleat_check_in(c, "metadata");
        CLEAT_AUTO_FREE char *printed =
            cleat_absent(labels) ? cleat_strdup("null") : cleat_validation_print(labels);
        cleat_check_fail(c, "labels", "FieldValueInvalid",
                         "%s: `selector` does not match template `labels`", printed);
        cleat_check_up(c, m);
        cleat_check_up(c, t);
    }
}

static void check_immutable(struct cleat_check *c, struct cleat_val spec, const cleat_obj *old,
                            const char *member) {
    if (old != NULL) {
        cleat_check_same(c, cleat_val_get(spec, member), cleat_val_get(spec_of(old), member),
                         member);
    }
}

static void check_workload(struct cleat_check *c, struct cleat_val spec, const cleat_obj *old,
                           const char *words) {
    cleat_check_nonnegative(c, spec, "replicas");
    cleat_check_nonnegative(c, spec, "minReadySeconds");
    check_selected(c, spec, words);
    cleat_check_template(c, spec, always);
    check_immutable(c, spec, old, "selector");
}

/* ---- percentages ---- */

/* A whole number that is not negative, or a percentage; *ret: as a number, percent as well. */
static bool check_amount(struct cleat_check *c, struct cleat_val of, const char *member,
                         int64_t *ret) {
    struct cleat_val v = cleat_val_get(of, member);
    *ret = 0;
    if (cleat_val_type(v) == CLEAT_STRING) {
        CLEAT_AUTO_FREE char *text = cleat_strndup(cleat_val_str(v));
        char *end;
        *ret = strtoll(text, &end, 10);
        if (end == text || strcmp(end, "%") != 0 || *text == '-' || *text == '+') {
            cleat_check_invalid(c, member, v,
                                "a valid percent string must be a numeric string followed by an "
                                "ending '%' (e.g. '1%',  or '93%', regex used for validation is "
                                "'[0-9]+%')");
            return false;
        }
        if (*ret > 100) {
            cleat_check_invalid(c, member, v, "must not be greater than 100%");
            return false;
        }
        return true;
    }
    return cleat_check_nonnegative(c, of, member) && cleat_val_int(v, ret);
}

static void check_rolling(struct cleat_check *c, struct cleat_val rolling, const char *neither) {
    int64_t unavailable = 0, surge = 0;
    size_t place = cleat_check_in(c, "rollingUpdate");
    bool ok = check_amount(c, rolling, "maxUnavailable", &unavailable);
    ok = check_amount(c, rolling, "maxSurge", &surge) && ok;
    if (ok && unavailable == 0 && surge == 0) {
        cleat_check_invalid(c, "maxUnavailable", cleat_val_get(rolling, "maxUnavailable"), neither);
    }
    cleat_check_up(c, place);
}

/* ---- apps ---- */

void cleat_validate_deployment(struct cleat_validation *v, const cleat_obj *o,
                               const cleat_obj *old) {
    static const char *const types[] = {"Recreate", "RollingUpdate", NULL};
    struct cleat_val spec = spec_of(o), strategy = cleat_val_get(spec, "strategy");
    CLEAT_AUTO_CHECK c = {.v = v};
    if (unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    check_workload(&c, spec, old, "deployment");
    cleat_check_nonnegative(&c, spec, "revisionHistoryLimit");
    size_t place = cleat_check_in(&c, "strategy");
    cleat_check_one_of(&c, strategy, "type", types, true);
    struct cleat_val rolling = cleat_val_get(strategy, "rollingUpdate");
    if (cleat_eqc(cleat_str_at(strategy, "type"), "Recreate") && !cleat_absent(rolling)) {
        cleat_check_forbidden(&c, "rollingUpdate",
                              "may not be specified when strategy `type` is 'Recreate'");
    } else if (!cleat_absent(rolling)) {
        check_rolling(&c, rolling, "may not be 0 when `maxSurge` is 0");
    }
    cleat_check_up(&c, place);
    int64_t deadline = 0, ready = 0;
    cleat_val_int(cleat_val_get(spec, "minReadySeconds"), &ready);
    if (cleat_val_int(cleat_val_get(spec, "progressDeadlineSeconds"), &deadline)) {
        cleat_check_nonnegative(&c, spec, "progressDeadlineSeconds");
        if (deadline <= ready) {
            cleat_check_fail(&c, "progressDeadlineSeconds", "FieldValueInvalid",
                             "%lld: must be greater than minReadySeconds", (long long)deadline);
        }
    }
}

void cleat_validate_replicaset(struct cleat_validation *v, const cleat_obj *o,
                               const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    if (!unchanged(o, old)) {
        cleat_check_in(&c, "spec");
        check_workload(&c, spec_of(o), old, "deployment");
    }
}

void cleat_validate_daemonset(struct cleat_validation *v, const cleat_obj *o,
                              const cleat_obj *old) {
    static const char *const types[] = {"RollingUpdate", "OnDelete", NULL};
    struct cleat_val spec = spec_of(o), strategy = cleat_val_get(spec, "updateStrategy");
    CLEAT_AUTO_CHECK c = {.v = v};
    if (unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    check_workload(&c, spec, old, "daemonset");
    size_t place = cleat_check_in(&c, "updateStrategy");
    cleat_check_one_of(&c, strategy, "type", types, true);
    if (!cleat_absent(cleat_val_get(strategy, "rollingUpdate"))) {
        check_rolling(&c, cleat_val_get(strategy, "rollingUpdate"),
                      "cannot be 0 when maxSurge is 0");
    }
    cleat_check_up(&c, place);
}

/* A StatefulSet's template mounts what its claims will be: its pods are checked, not it. */
static void check_claimed_template(struct cleat_check *c, struct cleat_val template) {
    struct cleat_val spec = cleat_val_get(template, "spec");
    struct cleat_val restart = cleat_val_get(spec, "restartPolicy");
    struct cleat_val deadline = cleat_val_get(spec, "activeDeadlineSeconds");
    size_t place = cleat_check_in(c, "template");
    cleat_check_template_labels(c, template);
    cleat_check_in(c, "spec");
    if (!cleat_one_of(cleat_val_str(restart), always)) {
        cleat_check_unsupported(c, "restartPolicy", restart, always);
    }
    if (!cleat_absent(deadline)) {
        cleat_check_invalid(c, "activeDeadlineSeconds", deadline, "must not be specified");
    }
    cleat_check_up(c, place);
}

/* What of a StatefulSet may change. */
static void check_statefulset_update(struct cleat_check *c, struct cleat_val now,
                                     struct cleat_val was) {
    static const char *const may[] = {"replicas",
                                      "ordinals",
                                      "template",
                                      "updateStrategy",
                                      "revisionHistoryLimit",
                                      "persistentVolumeClaimRetentionPolicy",
                                      "minReadySeconds",
                                      NULL};
    const struct cleat_val sides[][2] = {{now, was}, {was, now}};
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        while (cleat_val_next(sides[i][0], &it)) {
            struct cleat_val other = cleat_val_get_s(sides[i][1], it.key);
            bool gone = cleat_absent(other) && cleat_absent(it.val);
            if (!cleat_one_of(it.key, may) && !gone && !cleat_val_equal(it.val, other)) {
                cleat_check_forbidden(
                    c, NULL,
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                    "'template', 'updateStrategy', 'revisionHistoryLimit', "
                    "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
                return;
            }
        }
    }
}

void cleat_validate_statefulset(struct cleat_validation *v, const cleat_obj *o,
                                const cleat_obj *old) {
    static const char *const policies[] = {"OrderedReady", "Parallel", NULL};
    static const char *const types[] = {"RollingUpdate", "OnDelete", NULL};
    struct cleat_val spec = spec_of(o);
    CLEAT_AUTO_CHECK c = {.v = v};
    if (unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    cleat_check_one_of(&c, spec, "podManagementPolicy", policies, true);
    size_t place = cleat_check_in(&c, "updateStrategy");
    cleat_check_one_of(&c, cleat_val_get(spec, "updateStrategy"), "type", types, true);
    cleat_check_up(&c, place);
    cleat_check_nonnegative(&c, spec, "replicas");
    cleat_check_nonnegative(&c, spec, "minReadySeconds");
    check_selected(&c, spec, "statefulset");
    check_claimed_template(&c, cleat_val_get(spec, "template"));
    if (old != NULL) {
        check_statefulset_update(&c, spec, spec_of(old));
    }
}

void cleat_validate_controllerrevision(struct cleat_validation *v, const cleat_obj *o,
                                       const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val root = cleat_obj_root(o);
    if (cleat_absent(cleat_val_get(root, "data"))) {
        cleat_check_required(&c, "data", "data is mandatory");
    } else if (old != NULL) {
        cleat_check_same(&c, cleat_val_get(root, "data"),
                         cleat_val_get(cleat_obj_root(old), "data"), "data");
    }
    cleat_check_nonnegative(&c, root, "revision");
}

void cleat_validate_replicationcontroller(struct cleat_validation *v, const cleat_obj *o,
                                          const cleat_obj *old) {
    struct cleat_val spec = spec_of(o), selector = cleat_val_get(spec, "selector");
    struct cleat_val labels = cleat_val_at(spec, CLEAT_PATH("template", "metadata", "labels"));
    struct cleat_iter it = {0};
    CLEAT_AUTO_CHECK c = {.v = v};
    if (unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    cleat_check_nonnegative(&c, spec, "minReadySeconds");
    cleat_check_nonnegative(&c, spec, "replicas");
    if (cleat_val_count(selector) == 0) {
        cleat_check_required(&c, "selector", "");
    }
    if (cleat_absent(cleat_val_get(spec, "template"))) {
        cleat_check_required(&c, "template", "");
        return;
    }
    while (cleat_val_type(selector) == CLEAT_OBJECT && cleat_val_next(selector, &it)) {
        if (!cleat_val_equal(it.val, cleat_val_get_s(labels, it.key))) {
            size_t t = cleat_check_in(&c, "template"), m = cleat_check_in(&c, "metadata");
            CLEAT_AUTO_FREE char *printed =
                cleat_absent(labels) ? cleat_strdup("null") : cleat_validation_print(labels);
            cleat_check_fail(&c, "labels", "FieldValueInvalid",
                             "%s: `selector` does not match template `labels`", printed);
            cleat_check_up(&c, m);
            cleat_check_up(&c, t);
            break;
        }
    }
    cleat_check_template(&c, spec, always);
}

void cleat_validate_podtemplate(struct cleat_validation *v, const cleat_obj *o,
                                const cleat_obj *old) {
    (void)old;
    CLEAT_AUTO_CHECK c = {.v = v};
    cleat_check_template(&c, cleat_obj_root(o), NULL);
}

/* ---- batch ---- */

static void check_job_spec(struct cleat_check *c, struct cleat_val spec) {
    static const char *const numbers[] = {
        "parallelism",          "completions",      "activeDeadlineSeconds",  "backoffLimit",
        "backoffLimitPerIndex", "maxFailedIndexes", "ttlSecondsAfterFinished"};
    static const char *const modes[] = {"Indexed", "NonIndexed", NULL};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        cleat_check_nonnegative(c, spec, numbers[i]);
    }
    cleat_check_one_of(c, spec, "completionMode", modes, false);
    if (cleat_eqc(cleat_str_at(spec, "completionMode"), "Indexed") &&
        cleat_absent(cleat_val_get(spec, "completions"))) {
        cleat_check_required(c, "completions", "when completion mode is Indexed");
    }
    cleat_check_template(c, spec, NULL);
    struct cleat_str restart =
        cleat_val_str(cleat_val_at(spec, CLEAT_PATH("template", "spec", "restartPolicy")));
    if (!cleat_eqc(restart, "OnFailure") && !cleat_eqc(restart, "Never")) {
        size_t t = cleat_check_in(c, "template"), s = cleat_check_in(c, "spec");
        cleat_check_required(c, "restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        cleat_check_up(c, s);
        cleat_check_up(c, t);
    }
}

/* The template may change while the job is suspended and has not begun. */
static bool may_change_template(const cleat_obj *old) {
    return cleat_val_bool(cleat_val_get(spec_of(old), "suspend"), 0) &&
           !cleat_val_present(cleat_obj_at(old, CLEAT_PATH("status", "startTime")));
}

void cleat_validate_job(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val spec = spec_of(o);
    CLEAT_AUTO_CHECK c = {.v = v};
    if (unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    check_job_spec(&c, spec);
    cleat_check_selector(&c, spec, "selector");
    if (old == NULL) {
        return;
    }
    if (!cleat_eqc(cleat_str_at(spec, "completionMode"), "Indexed")) {
        check_immutable(&c, spec, old, "completions");
    }
    check_immutable(&c, spec, old, "selector");
    check_immutable(&c, spec, old, "completionMode");
    check_immutable(&c, spec, old, "podFailurePolicy");
    if (!may_change_template(old)) {
        check_immutable(&c, spec, old, "template");
    }
}

enum { CRONJOB_NAME_MAX = 52 }; /* 11 characters are for the jobs' names */

void cleat_validate_cronjob(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char *const policies[] = {"Allow", "Forbid", "Replace", NULL};
    struct cleat_val spec = spec_of(o);
    CLEAT_AUTO_CHECK c = {.v = v};
    if (old == NULL && cleat_obj_name(o).n > CRONJOB_NAME_MAX) {
        cleat_invalid(v, "FieldValueInvalid", "metadata.name",
                      "\"%.*s\": must be no more than %d characters", CLEAT_FMT(cleat_obj_name(o)),
                      CRONJOB_NAME_MAX);
    }
    if (unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    struct cleat_val schedule = cleat_val_get(spec, "schedule");
    if (cleat_val_str(schedule).n == 0) {
        cleat_check_required(&c, "schedule", "");
    } else {
        CLEAT_AUTO_FREE char *bad = cleat_cron_check(cleat_val_str(schedule));
        if (bad != NULL) {
            cleat_check_invalid(&c, "schedule", schedule, bad);
        }
    }
    cleat_check_nonnegative(&c, spec, "startingDeadlineSeconds");
    cleat_check_one_of(&c, spec, "concurrencyPolicy", policies, true);
    cleat_check_nonnegative(&c, spec, "successfulJobsHistoryLimit");
    cleat_check_nonnegative(&c, spec, "failedJobsHistoryLimit");
    size_t t = cleat_check_in(&c, "jobTemplate"), s = cleat_check_in(&c, "spec");
    check_job_spec(&c, cleat_val_at(spec, CLEAT_PATH("jobTemplate", "spec")));
    cleat_check_up(&c, s);
    cleat_check_up(&c, t);
}

/* ---- autoscaling, policy ---- */

void cleat_validate_hpa(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val spec = spec_of(o);
    int64_t min = 1, max = 0;
    CLEAT_AUTO_CHECK c = {.v = v};
    if (unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    cleat_val_int(cleat_val_get(spec, "minReplicas"), &min);
    cleat_val_int(cleat_val_get(spec, "maxReplicas"), &max);
    if (min < 1) {
        cleat_check_fail(&c, "minReplicas", "FieldValueInvalid",
                         "%lld: must be greater than or equal to 1", (long long)min);
    }
    if (max < 1) {
        cleat_check_fail(&c, "maxReplicas", "FieldValueInvalid", "%lld: must be greater than 0",
                         (long long)max);
    } else if (max < min) {
        cleat_check_fail(&c, "maxReplicas", "FieldValueInvalid",
                         "%lld: must be greater than or equal to `minReplicas`", (long long)max);
    }
    size_t place = cleat_check_in(&c, "scaleTargetRef");
    struct cleat_val ref = cleat_val_get(spec, "scaleTargetRef");
    cleat_check_named(&c, ref, "kind", cleat_name_path_segment, true);
    cleat_check_named(&c, ref, "name", cleat_name_path_segment, true);
    cleat_check_up(&c, place);
}

void cleat_validate_pdb(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char *const policies[] = {"AlwaysAllow", "IfHealthyBudget", NULL};
    struct cleat_val spec = spec_of(o);
    int64_t n;
    CLEAT_AUTO_CHECK c = {.v = v};
    if (unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    bool min = !cleat_absent(cleat_val_get(spec, "minAvailable"));
    bool max = !cleat_absent(cleat_val_get(spec, "maxUnavailable"));
    if (min && max) {
        cleat_check_invalid(&c, NULL, spec, "minAvailable and maxUnavailable cannot be both set");
    }
    if (min) {
        check_amount(&c, spec, "minAvailable", &n);
    }
    if (max) {
        check_amount(&c, spec, "maxUnavailable", &n);
    }
    cleat_check_selector(&c, spec, "selector");
    cleat_check_one_of(&c, spec, "unhealthyPodEvictionPolicy", policies, false);
}
