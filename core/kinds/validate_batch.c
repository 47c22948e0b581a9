/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The group batch: Jobs, with their policies about failure and success, and
 * CronJobs, with upstream's messages (pkg/apis/batch/validation). Pure but for the
 * look into the machine's time zones; any thread.
 */
#include <unistd.h>

#include "core/kinds/podparts.h"
#include "core/kinds/workload.h"

enum {
    RULES_MAX = 20,
    EXIT_CODES_MAX = 255,
    PARALLELISM_MAX = 100000, /* where pods are counted by index */
    FAILED_MAX = 100000,
    COMPLETIONS_MANY = 100000, /* beyond it, with a limit for each index, less is allowed: */
    MANY_MAX = 10000,
    INDEXES_TEXT_MAX = 64 * 1024,
    MANAGED_BY_MAX = 63,
    CRONJOB_NAME_MAX = 52, /* 11 characters are for the jobs' names */
};

static void too_many(struct cleat_check *c, const char *member, uint32_t n, int most) {
    cleat_check_fail(c, member, "FieldValueTooMany", "%u: must have at most %d items", n, most);
}

static bool number(struct cleat_val of, const char *member, int64_t *ret) {
    return cleat_val_int(cleat_val_get(of, member), ret);
}

static bool indexed(struct cleat_val spec) {
    return cleat_eqc(cleat_str_at(spec, "completionMode"), "Indexed");
}

static void at_most(struct cleat_check *c, const char *member, int64_t n, int64_t most,
                    const char *rest) {
    if (n > most) {
        cleat_check_fail(c, member, "FieldValueInvalid",
                         "%lld: must be less than or equal to %lld%s", (long long)n,
                         (long long)most, rest);
    }
}

/* ---- what a pod's failure means ---- */

static void check_exit_codes(struct cleat_check *c, struct cleat_val spec, struct cleat_val v) {
    static const char *const operators[] = {"In", "NotIn", NULL};
    struct cleat_val name = cleat_val_get(v, "containerName"), op = cleat_val_get(v, "operator");
    struct cleat_val values = cleat_val_get(v, "values");
    struct cleat_iter it = {0};
    bool found = false, ordered = true;
    int64_t before = INT64_MIN;
    if (cleat_val_str(op).n == 0) {
        cleat_check_required(c, "operator", "valid values: [\"In\" \"NotIn\"]");
    } else if (!cleat_one_of(cleat_val_str(op), operators)) {
        cleat_check_unsupported(c, "operator", op, operators);
    }
    for (int i = 0; i < 2 && !cleat_absent(name); i++) {
        struct cleat_iter each = {0};
        struct cleat_val list = cleat_val_at(
            spec, CLEAT_PATH("template", "spec", i == 0 ? "containers" : "initContainers"));
        while (cleat_val_next(list, &each)) {
            found = found || cleat_eq(cleat_str_at(each.val, "name"), cleat_val_str(name));
        }
    }
    if (!cleat_absent(name) && !found) {
        cleat_check_invalid(c, "containerName", name,
                            "must be one of the container or initContainer names in the pod "
                            "template");
    }
    if (cleat_val_count(values) == 0) {
        cleat_check_fail(c, "values", "FieldValueInvalid", "%s: at least one value is required",
                         cleat_absent(values) ? "null" : "[]");
    } else if (cleat_val_count(values) > EXIT_CODES_MAX) {
        too_many(c, "values", cleat_val_count(values), EXIT_CODES_MAX);
    }
    size_t place = cleat_check_in(c, "values");
    while (cleat_val_next(values, &it)) {
        int64_t code = 0;
        cleat_val_int(it.val, &code);
        size_t elem = cleat_check_elem(c, it.index);
        if (code == 0 && cleat_eqc(cleat_val_str(op), "In")) {
            cleat_check_invalid(c, NULL, it.val, "must not be 0 for the In operator");
        }
        struct cleat_iter again = {0};
        while (it.index < EXIT_CODES_MAX && cleat_val_next(values, &again) &&
               again.index < it.index) {
            if (cleat_val_equal(again.val, it.val)) {
                cleat_check_duplicate(c, NULL, it.val);
                break;
            }
        }
        cleat_check_up(c, elem);
        ordered = ordered && code >= before;
        before = code;
    }
    cleat_check_up(c, place);
    if (!ordered) {
        cleat_check_invalid(c, "values", values, "must be ordered");
    }
}

static void check_pod_condition(struct cleat_check *c, struct cleat_val v) {
    static const char *const statuses[] = {"False", "True", "Unknown", NULL};
    struct cleat_val type = cleat_val_get(v, "type"), status = cleat_val_get(v, "status");
    const char *bad = cleat_name_qualified(cleat_val_str(type));
    if (bad != NULL) {
        cleat_check_invalid(c, "type", type, bad);
    }
    if (cleat_val_str(status).n == 0) {
        cleat_check_required(c, "status", "valid values: [\"False\" \"True\" \"Unknown\"]");
    } else if (!cleat_one_of(cleat_val_str(status), statuses)) {
        cleat_check_unsupported(c, "status", status, statuses);
    }
}

static void check_failure_rule(struct cleat_check *c, struct cleat_val spec, struct cleat_val v) {
    static const char *const actions[] = {"Count", "FailIndex", "FailJob", "Ignore", NULL};
    struct cleat_val action = cleat_val_get(v, "action"), codes = cleat_val_get(v, "onExitCodes");
    uint32_t conditions = cleat_val_count(cleat_val_get(v, "onPodConditions"));
    if (cleat_val_str(action).n == 0) {
        cleat_check_required(c, "action",
                             "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
    } else if (!cleat_one_of(cleat_val_str(action), actions)) {
        cleat_check_unsupported(c, "action", action, actions);
    } else if (cleat_eqc(cleat_val_str(action), "FailIndex") &&
               cleat_absent(cleat_val_get(spec, "backoffLimitPerIndex"))) {
        cleat_check_invalid(c, "action", action, "requires the backoffLimitPerIndex to be set");
    }
    if (!cleat_absent(codes)) {
        size_t place = cleat_check_in(c, "onExitCodes");
        check_exit_codes(c, spec, codes);
        cleat_check_up(c, place);
    }
    if (conditions > RULES_MAX) {
        too_many(c, "onPodConditions", conditions, RULES_MAX);
    }
    cleat_check_list(c, v, "onPodConditions", check_pod_condition);
    if (cleat_absent(codes) == (conditions == 0)) {
        cleat_check_fail(c, NULL, "FieldValueInvalid", "%s",
                         conditions == 0
                             ? "specifying one of OnExitCodes and OnPodConditions is required"
                             : "specifying both OnExitCodes and OnPodConditions is not supported");
    }
}

/* The rules of a policy, at which the check is. */
static void check_rules(struct cleat_check *c, struct cleat_val spec, struct cleat_val rules,
                        void (*fn)(struct cleat_check *c, struct cleat_val spec,
                                   struct cleat_val v)) {
    struct cleat_iter it = {0};
    if (cleat_val_count(rules) > RULES_MAX) {
        too_many(c, "rules", cleat_val_count(rules), RULES_MAX);
    }
    size_t place = cleat_check_in(c, "rules");
    while (cleat_val_next(rules, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        fn(c, spec, it.val);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

/* ---- when a job has succeeded ---- */

/* A number below `below`, as Go reads it; -1 with what is wrong in *ret_bad (owned). */
static int64_t parse_index(struct cleat_str s, int64_t below, char **ret_bad) {
    int64_t n = 0;
    bool ok = s.n > 0;
    for (size_t i = 0; ok && i < s.n; i++) {
        ok = s.p[i] >= '0' && s.p[i] <= '9' && n < INT32_MAX;
        n = n * 10 + (s.p[i] - '0');
    }
    if (!ok) {
        *ret_bad =
            cleat_sprintf("cannot convert string to integer for index: \"%.*s\"", CLEAT_FMT(s));
    } else if (n >= below) {
        *ret_bad = cleat_sprintf("too large index: \"%.*s\"", CLEAT_FMT(s));
    }
    return *ret_bad == NULL ? n : -1;
}

/* "1,3-5": how many indexes those are. What is wrong with the text, owned, or NULL. */
static char *parse_indexes(struct cleat_str s, int64_t completions, int64_t *ret_n) {
    int64_t last = -1;
    char *bad = NULL;
    *ret_n = 0;
    for (size_t at = 0; s.n > 0 && at <= s.n;) {
        const char *comma = at < s.n ? memchr(s.p + at, ',', s.n - at) : NULL;
        size_t end = comma != NULL ? (size_t)(comma - s.p) : s.n;
        struct cleat_str part = {s.p + at, end - at};
        const char *dash = part.n > 0 ? memchr(part.p, '-', part.n) : NULL;
        size_t first = dash != NULL ? (size_t)(dash - part.p) : part.n;
        if (dash != NULL && memchr(dash + 1, '-', part.n - first - 1) != NULL) {
            return cleat_sprintf("the fragment \"%.*s\" violates the requirement that an index "
                                 "interval can have at most two parts separated by '-'",
                                 CLEAT_FMT(part));
        }
        int64_t x = parse_index((struct cleat_str){part.p, first}, completions, &bad), y = x;
        if (bad == NULL && dash != NULL) {
            y = parse_index((struct cleat_str){dash + 1, part.n - first - 1}, completions, &bad);
        }
        if (bad == NULL && ((dash != NULL && x >= y) || x <= last)) {
            bad = cleat_sprintf("non-increasing order, previous: %lld, current: %lld",
                                (long long)(dash != NULL && x >= y ? x : last),
                                (long long)(dash != NULL && x >= y ? y : x));
        }
        if (bad != NULL) {
            return bad;
        }
        *ret_n += y - x + 1;
        last = y;
        at = end + 1;
    }
    return NULL;
}

static void check_success_rule(struct cleat_check *c, struct cleat_val spec, struct cleat_val v) {
    struct cleat_val indexes = cleat_val_get(v, "succeededIndexes");
    int64_t completions = 0, count = 0, n = 0;
    bool counted = number(v, "succeededCount", &count);
    number(spec, "completions", &completions);
    if (!counted && cleat_absent(indexes)) {
        cleat_check_required(c, NULL,
                             "at least one of succeededCount or succeededIndexes must be "
                             "specified");
    }
    if (!cleat_absent(indexes)) {
        if (cleat_val_str(indexes).n > INDEXES_TEXT_MAX) {
            cleat_check_fail(c, "succeededIndexes", "FieldValueTooLong",
                             "may not be more than %d bytes", INDEXES_TEXT_MAX);
        }
        CLEAT_AUTO_FREE char *bad = parse_indexes(cleat_val_str(indexes), completions, &n);
        if (bad != NULL) {
            n = 0;
            CLEAT_AUTO_FREE char *why = cleat_sprintf("error parsing succeededIndexes: %s", bad);
            cleat_check_invalid(c, "succeededIndexes", indexes, why);
        }
    }
    if (counted) {
        cleat_check_nonnegative(c, v, "succeededCount");
        at_most(c, "succeededCount", count, completions, " (the number of specified completions)");
        if (!cleat_absent(indexes)) {
            at_most(c, "succeededCount", count, n,
                    " (the number of indexes in the specified succeededIndexes field)");
        }
    }
}

static void check_success(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val policy = cleat_val_get(spec, "successPolicy");
    if (cleat_absent(policy)) {
        return;
    }
    if (!indexed(spec)) {
        cleat_check_invalid(c, "successPolicy", policy, "requires indexed completion mode");
        return;
    }
    size_t place = cleat_check_in(c, "successPolicy");
    if (cleat_val_count(cleat_val_get(policy, "rules")) == 0) {
        cleat_check_required(
            c, "rules", "at least one rules must be specified when the successPolicy is specified");
    }
    check_rules(c, spec, cleat_val_get(policy, "rules"), check_success_rule);
    cleat_check_up(c, place);
}

/* ---- jobs ---- */

/* "example.com/path" */
static void check_managed_by(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val v = cleat_val_get(spec, "managedBy");
    struct cleat_str s = cleat_val_str(v);
    const char *slash = s.n > 0 ? memchr(s.p, '/', s.n) : NULL;
    if (cleat_absent(v)) {
        return;
    }
    if (s.n == 0) {
        cleat_check_required(c, "managedBy", "");
    } else if (slash == NULL || slash == s.p || slash == s.p + s.n - 1) {
        cleat_check_invalid(c, "managedBy", v,
                            "must be a domain-prefixed path (such as \"acme.io/foo\")");
    } else {
        struct cleat_str host = {s.p, (size_t)(slash - s.p)};
        const char *bad = cleat_name_dns_subdomain(host);
        if (bad != NULL) {
            cleat_check_fail(c, "managedBy", "FieldValueInvalid", "\"%.*s\": %s", CLEAT_FMT(host),
                             bad);
        }
    }
    if (s.n > MANAGED_BY_MAX) {
        cleat_check_fail(c, "managedBy", "FieldValueTooLong", "may not be more than %d bytes",
                         MANAGED_BY_MAX);
    }
}

static void check_indexed(struct cleat_check *c, struct cleat_val spec) {
    static const char many[] =
        " when completions are above 100000 and used with backoff limit per index";
    int64_t completions = 0, parallel = 0, failed = 0, n;
    bool limited = number(spec, "completions", &completions);
    bool may_fail = number(spec, "maxFailedIndexes", &failed);
    if (!limited) {
        cleat_check_required(c, "completions", "when completion mode is Indexed");
    }
    if (number(spec, "parallelism", &parallel)) {
        at_most(c, "parallelism", parallel, PARALLELISM_MAX, " when completion mode is Indexed");
    }
    if (limited && may_fail && failed > completions) {
        cleat_check_fail(c, "maxFailedIndexes", "FieldValueInvalid",
                         "%lld: must be less than or equal to completions", (long long)failed);
    }
    at_most(c, "maxFailedIndexes", failed, FAILED_MAX, "");
    if (completions > COMPLETIONS_MANY && number(spec, "backoffLimitPerIndex", &n)) {
        if (!may_fail) {
            cleat_check_required(c, "maxFailedIndexes",
                                 "must be specified when completions is above 100000");
        }
        at_most(c, "parallelism", parallel, MANY_MAX, many);
        at_most(c, "maxFailedIndexes", failed, MANY_MAX, many);
    }
}

static void check_modes(struct cleat_check *c, struct cleat_val spec) {
    static const char *const modes[] = {"Indexed", "NonIndexed", NULL};
    static const char *const of_indexes[] = {"backoffLimitPerIndex", "maxFailedIndexes"};
    cleat_check_one_of(c, spec, "completionMode", modes, false);
    if (indexed(spec)) {
        check_indexed(c, spec);
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val v = cleat_val_get(spec, of_indexes[i]);
        if (!cleat_absent(v)) {
            cleat_check_invalid(c, of_indexes[i], v, "requires indexed completion mode");
        }
    }
}

static void check_restart(struct cleat_check *c, struct cleat_val spec) {
    static const char *const may[] = {"OnFailure", "Never", NULL};
    struct cleat_val v = cleat_val_at(spec, CLEAT_PATH("template", "spec", "restartPolicy"));
    struct cleat_str s = cleat_val_str(v);
    size_t t = cleat_check_in(c, "template");
    cleat_check_in(c, "spec");
    if (s.n == 0 || cleat_eqc(s, "Always")) {
        cleat_check_required(c, "restartPolicy", "valid values: \"OnFailure\", \"Never\"");
    } else if (!cleat_one_of(s, may)) {
        cleat_check_unsupported(c, "restartPolicy", v, may);
    } else if (!cleat_eqc(s, "Never") && !cleat_absent(cleat_val_get(spec, "podFailurePolicy"))) {
        cleat_check_invalid(c, "restartPolicy", v,
                            "only \"Never\" is supported when podFailurePolicy is specified");
    }
    cleat_check_up(c, t);
}

static void check_job_spec(struct cleat_check *c, struct cleat_val spec) {
    static const char *const numbers[] = {"parallelism",
                                          "completions",
                                          "activeDeadlineSeconds",
                                          "backoffLimit",
                                          "ttlSecondsAfterFinished",
                                          "backoffLimitPerIndex",
                                          "maxFailedIndexes"};
    static const char *const replacements[] = {"Failed", "TerminatingOrFailed", NULL};
    static const char *const replacements_of_policy[] = {"Failed", NULL};
    struct cleat_val policy = cleat_val_get(spec, "podFailurePolicy");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        cleat_check_nonnegative(c, spec, numbers[i]);
    }
    if (!cleat_absent(cleat_val_get(spec, "maxFailedIndexes")) &&
        cleat_absent(cleat_val_get(spec, "backoffLimitPerIndex"))) {
        cleat_check_required(c, "backoffLimitPerIndex", "when maxFailedIndexes is specified");
    }
    check_managed_by(c, spec);
    check_modes(c, spec);
    if (!cleat_absent(policy)) {
        size_t place = cleat_check_in(c, "podFailurePolicy");
        check_rules(c, spec, cleat_val_get(policy, "rules"), check_failure_rule);
        cleat_check_up(c, place);
    }
    check_success(c, spec);
    cleat_check_one_of(c, spec, "podReplacementPolicy",
                       cleat_absent(policy) ? replacements : replacements_of_policy, false);
    cleat_check_template(c, spec, NULL);
    check_restart(c, spec);
}

/* The labels that tell a Job's pods apart are its own, unless it says that it makes them. */
static void check_generated(struct cleat_check *c, const cleat_obj *o) {
    const struct {
        const char *label;
        struct cleat_str value;
    } want[] = {{"controller-uid", cleat_obj_uid(o)},
                {"job-name", cleat_obj_name(o)},
                {"batch.kubernetes.io/controller-uid", cleat_obj_uid(o)},
                {"batch.kubernetes.io/job-name", cleat_obj_name(o)}};
    struct cleat_val spec = cleat_spec_of(o), selector = cleat_val_get(spec, "selector");
    struct cleat_val labels = cleat_val_at(spec, CLEAT_PATH("template", "metadata", "labels"));
    if (cleat_val_bool(cleat_val_get(spec, "manualSelector"), 0) || cleat_absent(selector)) {
        return;
    }
    size_t t = cleat_check_in(c, "template"), m = cleat_check_in(c, "metadata");
    CLEAT_AUTO_BUF expected = {0};
    cleat_buf_putc(&expected, '{');
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct cleat_val v = cleat_val_get(labels, want[i].label);
        size_t l = cleat_check_in(c, "labels"), k = cleat_check_key(c, cleat_s(want[i].label));
        if (cleat_absent(v)) {
            CLEAT_AUTO_FREE char *why = cleat_sprintf("must be '%.*s'", CLEAT_FMT(want[i].value));
            cleat_check_required(c, NULL, why);
        } else if (!cleat_eq(cleat_val_str(v), want[i].value)) {
            CLEAT_AUTO_FREE char *why = cleat_sprintf("must be '%.*s'", CLEAT_FMT(want[i].value));
            cleat_check_invalid(c, NULL, labels, why);
        }
        cleat_check_up(c, k);
        cleat_check_up(c, l);
        cleat_buf_printf(&expected, "%s\"%s\":", i > 0 ? "," : "", want[i].label);
        cleat_buf_json(&expected, want[i].value);
    }
    cleat_buf_putc(&expected, '}');
    cleat_check_up(c, m);
    cleat_check_up(c, t);
    CLEAT_AUTO(cleat_obj) *made = NULL;
    if (cleat_obj_parse_trusted((struct cleat_str){expected.p, expected.n}, &made, NULL) ==
            CLEAT_OK &&
        !cleat_labels_match(selector, cleat_obj_root(made))) {
        cleat_check_invalid(c, "selector", selector, "`selector` not auto-generated");
    }
}

/* The template may change while the job is suspended and has not begun. */
static bool may_change_template(const cleat_obj *old) {
    return cleat_val_bool(cleat_val_get(cleat_spec_of(old), "suspend"), 0) &&
           !cleat_val_present(cleat_obj_at(old, CLEAT_PATH("status", "startTime")));
}

static void check_job_update(struct cleat_check *c, struct cleat_val spec, const cleat_obj *old) {
    static const char *const fixed[] = {"selector",         "completionMode",
                                        "podFailurePolicy", "backoffLimitPerIndex",
                                        "managedBy",        "successPolicy"};
    int64_t completions = 0, parallel = 0;
    bool elastic = indexed(spec) && number(spec, "completions", &completions) &&
                   number(spec, "parallelism", &parallel) && completions == parallel;
    if (!elastic) {
        cleat_check_spec_same(c, spec, old, "completions");
    }
    if (!may_change_template(old)) {
        cleat_check_spec_same(c, spec, old, "template");
    }
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        cleat_check_spec_same(c, spec, old, fixed[i]);
    }
}

void cleat_validate_job(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val spec = cleat_spec_of(o);
    CLEAT_AUTO_CHECK c = {.v = v};
    int64_t completions = 0;
    if (cleat_spec_unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    if (old == NULL) {
        check_generated(&c, o);
    }
    check_job_spec(&c, spec);
    if (cleat_absent(cleat_val_get(spec, "selector"))) {
        cleat_check_required(&c, "selector", "");
    }
    cleat_check_selector(&c, spec, "selector");
    cleat_check_matches_template(&c, spec);
    if (old != NULL) {
        check_job_update(&c, spec, old);
        return;
    }
    /* The pods' host names end in their index. */
    if (indexed(spec) && number(spec, "completions", &completions) && completions > 0) {
        CLEAT_AUTO_FREE char *host =
            cleat_sprintf("%.*s-%lld", CLEAT_FMT(cleat_obj_name(o)), (long long)completions - 1);
        if (cleat_name_dns_label(cleat_s(host)) != NULL) {
            cleat_invalid(v, "FieldValueInvalid", "metadata.name",
                          "\"%.*s\": will not able to create pod with invalid DNS label: %s",
                          CLEAT_FMT(cleat_obj_name(o)), host);
        }
    }
}

/* ---- cron jobs ---- */

static const char zones[] = "/usr/share/zoneinfo";

static bool zone_characters(struct cleat_str s) {
    size_t part = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] != '/') {
            bool letter = (s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z';
            bool digit = s.p[i] >= '0' && s.p[i] <= '9';
            if (!letter && !digit && memchr(".-_+", s.p[i], 4) == NULL) {
                return false;
            }
            continue;
        }
        struct cleat_str name = {s.p + part, i - part};
        if (name.n == 0 || name.n > 14 || name.p[0] == '-' || cleat_eqc(name, ".") ||
            cleat_eqc(name, "..")) {
            return false;
        }
        part = i + 1;
    }
    return true;
}

static void check_time_zone(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val v = cleat_val_get(spec, "timeZone");
    struct cleat_str s = cleat_val_str(v);
    if (cleat_absent(v)) {
        return;
    }
    CLEAT_AUTO_FREE char *name = cleat_strndup(s);
    CLEAT_AUTO_FREE char *unknown = cleat_sprintf("unknown time zone %s", name);
    if (s.n == 0) {
        cleat_check_invalid(c, "timeZone", v, "timeZone must be nil or non-empty string");
    } else if (!zone_characters(s)) {
        cleat_check_invalid(c, "timeZone", v, unknown);
    } else if (strcasecmp(name, "Local") == 0) {
        cleat_check_invalid(c, "timeZone", v,
                            "timeZone must be an explicit time zone as defined in "
                            "https://www.iana.org/time-zones");
    } else if (strcmp(name, "UTC") != 0) {
        CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/%s", zones, name);
        /* Where the machine knows no zones any will do. */
        if (access(zones, X_OK) == 0 && access(path, R_OK) != 0) {
            cleat_check_invalid(c, "timeZone", v, unknown);
        }
    }
}

static bool names_a_zone(struct cleat_str s) {
    return s.n > 0 && memmem(s.p, s.n, "TZ", 2) != NULL;
}

static void check_schedule(struct cleat_check *c, struct cleat_val spec, const cleat_obj *old) {
    struct cleat_val schedule = cleat_val_get(spec, "schedule");
    struct cleat_str s = cleat_val_str(schedule);
    if (s.n == 0) {
        cleat_check_required(c, "schedule", "");
        return;
    }
    CLEAT_AUTO_FREE char *bad = cleat_cron_check(s);
    if (bad != NULL) {
        cleat_check_invalid(c, "schedule", schedule, bad);
    }
    if (!names_a_zone(s)) {
        return;
    }
    if (old == NULL || !names_a_zone(cleat_str_at(cleat_spec_of(old), "schedule"))) {
        cleat_check_invalid(c, "schedule", schedule,
                            "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
    } else if (!cleat_absent(cleat_val_get(spec, "timeZone"))) {
        cleat_check_invalid(c, "schedule", schedule,
                            "cannot use both timeZone field and TZ or CRON_TZ in schedule");
    }
}

/* Jobs are told apart by labels that are made for each. */
static void check_job_template(struct cleat_check *c, struct cleat_val job) {
    size_t t = cleat_check_in(c, "jobTemplate");
    struct cleat_val selector = cleat_val_get(job, "selector");
    cleat_check_in(c, "spec");
    check_job_spec(c, job);
    if (!cleat_absent(selector)) {
        cleat_check_invalid(c, "selector", selector, "`selector` will be auto-generated");
    }
    if (cleat_val_bool(cleat_val_get(job, "manualSelector"), 0)) {
        cleat_check_fail(c, "manualSelector", "FieldValueNotSupported",
                         "true: supported values: \"nil\", \"false\"");
    }
    cleat_check_up(c, t);
}

void cleat_validate_cronjob(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char *const policies[] = {"Allow", "Forbid", "Replace", NULL};
    struct cleat_val spec = cleat_spec_of(o);
    CLEAT_AUTO_CHECK c = {.v = v};
    if (cleat_spec_unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    check_schedule(&c, spec, old);
    cleat_check_nonnegative(&c, spec, "startingDeadlineSeconds");
    if (old == NULL || !cleat_val_equal(cleat_val_get(spec, "timeZone"),
                                        cleat_val_get(cleat_spec_of(old), "timeZone"))) {
        check_time_zone(&c, spec);
    }
    cleat_check_one_of(&c, spec, "concurrencyPolicy", policies, true);
    check_job_template(&c, cleat_val_at(spec, CLEAT_PATH("jobTemplate", "spec")));
    cleat_check_nonnegative(&c, spec, "successfulJobsHistoryLimit");
    cleat_check_nonnegative(&c, spec, "failedJobsHistoryLimit");
    if (old == NULL && cleat_obj_name(o).n > CRONJOB_NAME_MAX) {
        cleat_invalid(v, "FieldValueInvalid", "metadata.name",
                      "\"%.*s\": must be no more than %d characters", CLEAT_FMT(cleat_obj_name(o)),
                      CRONJOB_NAME_MAX);
    }
}
