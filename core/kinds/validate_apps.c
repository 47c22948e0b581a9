/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The group apps, replication controllers and pod templates: what must be there,
 * what fits together, what may not change, with upstream's messages
 * (pkg/apis/apps/validation). Pure; any thread.
 */
#include "core/kinds/workload.h"

struct cleat_val cleat_spec_of(const cleat_obj *o) {
    return o != NULL ? cleat_val_get(cleat_obj_root(o), "spec") : (struct cleat_val){NULL, 0, 0};
}

bool cleat_spec_unchanged(const cleat_obj *o, const cleat_obj *old) {
    return old != NULL && cleat_val_equal(cleat_spec_of(o), cleat_spec_of(old));
}

static const char *const always[] = {"Always", NULL};

/* ---- selector and template ---- */

void cleat_check_matches_template(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val labels = cleat_val_at(spec, CLEAT_PATH("template", "metadata", "labels"));
    struct cleat_val selector = cleat_val_get(spec, "selector");
    if (!cleat_absent(selector) && cleat_labels_match(selector, labels)) {
        return;
    }
    size_t t = cleat_check_in(c, "template"), m = cleat_check_in(c, "metadata");
    CLEAT_AUTO_FREE char *printed =
        cleat_absent(labels) ? cleat_strdup("null") : cleat_validation_print(labels);
    cleat_check_fail(c, "labels", "FieldValueInvalid",
                     "%s: `selector` does not match template `labels`", printed);
    cleat_check_up(c, m);
    cleat_check_up(c, t);
}

static void check_selected(struct cleat_check *c, struct cleat_val spec, const char *words) {
    struct cleat_val selector = cleat_val_get(spec, "selector");
    if (cleat_absent(selector)) {
        cleat_check_required(c, "selector", "");
        cleat_check_matches_template(c, spec);
        return;
    }
    cleat_check_selector(c, spec, "selector");
    if (cleat_val_count(cleat_val_get(selector, "matchLabels")) == 0 &&
        cleat_val_count(cleat_val_get(selector, "matchExpressions")) == 0) {
        CLEAT_AUTO_FREE char *why = cleat_sprintf("empty selector is invalid for %s", words);
        cleat_check_invalid(c, "selector", selector, why);
        return;
    }
    cleat_check_matches_template(c, spec);
}

void cleat_check_spec_same(struct cleat_check *c, struct cleat_val spec, const cleat_obj *old,
                           const char *member) {
    if (old != NULL) {
        cleat_check_same(c, cleat_val_get(spec, member), cleat_val_get(cleat_spec_of(old), member),
                         member);
    }
}

/* Pods of what keeps pods running have no end. */
static void check_no_deadline(struct cleat_check *c, struct cleat_val spec, const char *kind) {
    if (!cleat_absent(
            cleat_val_at(spec, CLEAT_PATH("template", "spec", "activeDeadlineSeconds")))) {
        CLEAT_AUTO_FREE char *why =
            cleat_sprintf("activeDeadlineSeconds in %s is not Supported", kind);
        size_t t = cleat_check_in(c, "template");
        cleat_check_in(c, "spec");
        cleat_check_forbidden(c, "activeDeadlineSeconds", why);
        cleat_check_up(c, t);
    }
}

static void check_workload(struct cleat_check *c, struct cleat_val spec, const cleat_obj *old,
                           const char *words, const char *kind) {
    cleat_check_nonnegative(c, spec, "replicas");
    cleat_check_nonnegative(c, spec, "minReadySeconds");
    check_selected(c, spec, words);
    cleat_check_template(c, spec, always);
    check_no_deadline(c, spec, kind);
    cleat_check_spec_same(c, spec, old, "selector");
}

/* ---- percentages ---- */

bool cleat_check_amount(struct cleat_check *c, struct cleat_val of, const char *member,
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

static void check_rolling(struct cleat_check *c, struct cleat_val rolling) {
    int64_t unavailable = 0, surge = 0;
    size_t place = cleat_check_in(c, "rollingUpdate");
    bool ok = cleat_check_amount(c, rolling, "maxUnavailable", &unavailable);
    ok = cleat_check_amount(c, rolling, "maxSurge", &surge) && ok;
    if (ok && unavailable == 0 && surge == 0) {
        cleat_check_invalid(c, "maxUnavailable", cleat_val_get(rolling, "maxUnavailable"),
                            "may not be 0 when `maxSurge` is 0");
    }
    cleat_check_up(c, place);
}

/* Pods of a DaemonSet go before their successors come, or after them, not both. */
static void check_daemonset_rolling(struct cleat_check *c, struct cleat_val rolling) {
    int64_t unavailable = 0, surge = 0;
    size_t place = cleat_check_in(c, "rollingUpdate");
    bool ok = cleat_check_amount(c, rolling, "maxUnavailable", &unavailable);
    ok = cleat_check_amount(c, rolling, "maxSurge", &surge) && ok;
    if (ok && unavailable > 0 && surge > 0) {
        cleat_check_invalid(c, "maxSurge", cleat_val_get(rolling, "maxSurge"),
                            "may not be set when maxUnavailable is non-zero");
    } else if (ok && unavailable == 0 && surge == 0) {
        cleat_check_required(c, "maxUnavailable", "cannot be 0 when maxSurge is 0");
    }
    cleat_check_up(c, place);
}

/* ---- apps ---- */

void cleat_validate_deployment(struct cleat_validation *v, const cleat_obj *o,
                               const cleat_obj *old) {
    static const char *const types[] = {"Recreate", "RollingUpdate", NULL};
    struct cleat_val spec = cleat_spec_of(o), strategy = cleat_val_get(spec, "strategy");
    CLEAT_AUTO_CHECK c = {.v = v};
    if (cleat_spec_unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    check_workload(&c, spec, old, "deployment", "ReplicaSet");
    cleat_check_nonnegative(&c, spec, "revisionHistoryLimit");
    size_t place = cleat_check_in(&c, "strategy");
    cleat_check_one_of(&c, strategy, "type", types, true);
    struct cleat_val rolling = cleat_val_get(strategy, "rollingUpdate");
    if (cleat_eqc(cleat_str_at(strategy, "type"), "Recreate") && !cleat_absent(rolling)) {
        cleat_check_forbidden(&c, "rollingUpdate",
                              "may not be specified when strategy `type` is 'Recreate'");
    } else if (!cleat_absent(rolling)) {
        check_rolling(&c, rolling);
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
    if (!cleat_spec_unchanged(o, old)) {
        cleat_check_in(&c, "spec");
        check_workload(&c, cleat_spec_of(o), old, "deployment", "ReplicaSet");
    }
}

void cleat_validate_daemonset(struct cleat_validation *v, const cleat_obj *o,
                              const cleat_obj *old) {
    static const char *const types[] = {"RollingUpdate", "OnDelete", NULL};
    struct cleat_val spec = cleat_spec_of(o), strategy = cleat_val_get(spec, "updateStrategy");
    CLEAT_AUTO_CHECK c = {.v = v};
    if (cleat_spec_unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    check_workload(&c, spec, old, "daemonset", "DaemonSet");
    size_t place = cleat_check_in(&c, "updateStrategy");
    cleat_check_one_of(&c, strategy, "type", types, true);
    if (!cleat_absent(cleat_val_get(strategy, "rollingUpdate"))) {
        check_daemonset_rolling(&c, cleat_val_get(strategy, "rollingUpdate"));
    }
    cleat_check_up(&c, place);
    cleat_check_nonnegative(&c, spec, "revisionHistoryLimit");
}

/* A StatefulSet's template mounts what its claims will be: its pods are checked, not it. */
static void check_claimed_template(struct cleat_check *c, struct cleat_val template) {
    struct cleat_val spec = cleat_val_get(template, "spec");
    struct cleat_val restart = cleat_val_get(spec, "restartPolicy");
    size_t place = cleat_check_in(c, "template");
    cleat_check_template_labels(c, template);
    cleat_check_in(c, "spec");
    if (cleat_val_str(restart).n > 0 && !cleat_one_of(cleat_val_str(restart), always)) {
        cleat_check_unsupported(c, "restartPolicy", restart, always);
    }
    cleat_check_up(c, place);
}

static void check_statefulset_strategy(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val strategy = cleat_val_get(spec, "updateStrategy");
    struct cleat_val rolling = cleat_val_get(strategy, "rollingUpdate");
    struct cleat_str type = cleat_str_at(strategy, "type");
    size_t place = cleat_check_in(c, "updateStrategy");
    if (type.n == 0) {
        cleat_check_required(c, NULL, "");
    } else if (cleat_eqc(type, "OnDelete")) {
        if (!cleat_absent(rolling)) {
            cleat_check_invalid(c, "rollingUpdate", rolling,
                                "only allowed for updateStrategy 'RollingUpdate'");
        }
    } else if (!cleat_eqc(type, "RollingUpdate")) {
        cleat_check_invalid(c, NULL, strategy, "must be 'RollingUpdate' or 'OnDelete'");
    } else if (!cleat_absent(rolling)) {
        cleat_check_in(c, "rollingUpdate");
        cleat_check_nonnegative(c, rolling, "partition");
    }
    cleat_check_up(c, place);
}

static void check_retention(struct cleat_check *c, struct cleat_val spec) {
    static const char *const policies[] = {"Retain", "Delete", NULL};
    struct cleat_val retention = cleat_val_get(spec, "persistentVolumeClaimRetentionPolicy");
    size_t place = cleat_check_in(c, "persistentVolumeClaimRetentionPolicy");
    cleat_check_one_of(c, retention, "whenDeleted", policies, false);
    cleat_check_one_of(c, retention, "whenScaled", policies, false);
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
    struct cleat_val spec = cleat_spec_of(o), policy = cleat_val_get(spec, "podManagementPolicy");
    int64_t start = 0;
    CLEAT_AUTO_CHECK c = {.v = v};
    if (cleat_spec_unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    if (!cleat_one_of(cleat_val_str(policy), policies)) {
        cleat_check_invalid(&c, "podManagementPolicy", policy,
                            "must be 'OrderedReady' or 'Parallel'");
    }
    check_statefulset_strategy(&c, spec);
    check_retention(&c, spec);
    cleat_check_nonnegative(&c, spec, "replicas");
    cleat_check_nonnegative(&c, spec, "minReadySeconds");
    if (cleat_val_int(cleat_val_at(spec, CLEAT_PATH("ordinals", "start")), &start) && start < 0) {
        cleat_check_fail(&c, "ordinals.start", "FieldValueInvalid",
                         "%lld: must be greater than or equal to 0", (long long)start);
    }
    if (old == NULL) {
        cleat_check_named(&c, spec, "serviceName", cleat_name_dns_label, false);
    }
    check_selected(&c, spec, "statefulset");
    check_claimed_template(&c, cleat_val_get(spec, "template"));
    check_no_deadline(&c, spec, "StatefulSet");
    if (old != NULL) {
        check_statefulset_update(&c, spec, cleat_spec_of(old));
    }
}

void cleat_validate_controllerrevision(struct cleat_validation *v, const cleat_obj *o,
                                       const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val root = cleat_obj_root(o);
    if (cleat_absent(cleat_val_get(root, "data"))) {
        cleat_check_required(&c, "data", "data is mandatory");
    } else if (old == NULL && cleat_val_type(cleat_val_get(root, "data")) != CLEAT_OBJECT) {
        cleat_check_required(&c, "data", "data must be a valid JSON object");
    } else if (old != NULL) {
        cleat_check_same(&c, cleat_val_get(root, "data"),
                         cleat_val_get(cleat_obj_root(old), "data"), "data");
    }
    cleat_check_nonnegative(&c, root, "revision");
}

void cleat_validate_replicationcontroller(struct cleat_validation *v, const cleat_obj *o,
                                          const cleat_obj *old) {
    struct cleat_val spec = cleat_spec_of(o), selector = cleat_val_get(spec, "selector");
    struct cleat_val labels = cleat_val_at(spec, CLEAT_PATH("template", "metadata", "labels"));
    struct cleat_iter it = {0};
    CLEAT_AUTO_CHECK c = {.v = v};
    if (cleat_spec_unchanged(o, old)) {
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
