/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pods/eviction: deletes a pod as its disruption budgets allow. Up to three
 * commits: a disruption is taken from the budget, the pod says why it goes, it is
 * deleted. A commit that loses is prepared again from the newest state, so a
 * budget is never taken from below zero. Runs on the requester's thread.
 */
#include <stdarg.h>

#include "core/kinds/podspec.h"

enum stage { BUDGET, CONDITION, DELETION };

static bool ready(const cleat_obj *pod) {
    struct cleat_iter it = {0};
    struct cleat_val conditions = cleat_obj_at(pod, CLEAT_PATH("status", "conditions"));
    while (cleat_val_next(conditions, &it)) {
        if (cleat_eqc(cleat_str_at(it.val, "type"), "Ready")) {
            return cleat_eqc(cleat_str_at(it.val, "status"), "True");
        }
    }
    return false;
}

/* A pod that runs nothing, or is going already, needs no budget's leave. */
static bool can_ignore_budgets(const cleat_obj *pod) {
    struct cleat_str phase = cleat_val_str(cleat_obj_at(pod, CLEAT_PATH("status", "phase")));
    return cleat_eqc(phase, "Succeeded") || cleat_eqc(phase, "Failed") ||
           cleat_eqc(phase, "Pending") || cleat_is_terminating(pod);
}

/* ---- budgets ---- */

struct found {
    cleat_obj *first; /* owned */
    size_t n;
};

static struct found budgets_of(cleat_request *req, const struct cleat_kind *pdbs) {
    struct found f = {NULL, 0};
    struct cleat_listing l = {0};
    struct cleat_list_request q = {.kind = pdbs, .ns = req->ns};
    struct cleat_val labels = cleat_obj_at(req->old, CLEAT_PATH("metadata", "labels"));
    if (cleat_registry_select(req->registry, &q, &l, NULL) != CLEAT_OK) {
        return f;
    }
    for (size_t i = 0; i < l.n; i++) {
        struct cleat_val selector = cleat_obj_at(l.items[i], CLEAT_PATH("spec", "selector"));
        if (!cleat_absent(selector) && cleat_labels_match(selector, labels)) {
            f.first = f.n++ == 0 ? cleat_obj_ref(l.items[i]) : f.first;
        }
    }
    cleat_listing_done(&l);
    return f;
}

static int64_t status_of(const cleat_obj *pdb, const char *member) {
    int64_t n = 0;
    cleat_val_int(cleat_obj_at(pdb, CLEAT_PATH("status", member)), &n);
    return n;
}

static cleat_err refuse(cleat_request *req, const char *fmt, ...) CLEAT_PRINTF(2, 3);
static cleat_err refuse(cleat_request *req, const char *fmt, ...) {
    struct cleat_error *e = &req->error;
    CLEAT_AUTO_FREE char *why = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&why, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    cleat_err err = cleat_fail(e, CLEAT_E_THROTTLED,
                               "Cannot evict pod as it would violate the pod's disruption budget.");
    cleat_error_cause(e, "DisruptionBudget", "", "%s", why);
    return err;
}

/* Whether one more may go: upstream's rules, the unhealthy pods' policy among them. */
static cleat_err may_go(cleat_request *req, const cleat_obj *pdb, bool *ret_free) {
    int64_t generation = 0, seen = status_of(pdb, "observedGeneration");
    int64_t allowed = status_of(pdb, "disruptionsAllowed");
    int64_t healthy = status_of(pdb, "currentHealthy"), wanted = status_of(pdb, "desiredHealthy");
    struct cleat_str policy =
        cleat_val_str(cleat_obj_at(pdb, CLEAT_PATH("spec", "unhealthyPodEvictionPolicy")));
    struct cleat_str name = cleat_obj_name(pdb);
    cleat_val_int(cleat_obj_at(pdb, CLEAT_PATH("metadata", "generation")), &generation);
    *ret_free =
        !ready(req->old) && (cleat_eqc(policy, "AlwaysAllow") || (healthy >= wanted && wanted > 0));
    if (*ret_free) {
        return CLEAT_OK;
    }
    if (seen < generation) {
        cleat_err err =
            refuse(req, "The disruption budget %.*s is still being processed by the server.",
                   CLEAT_FMT(name));
        req->error.retry_after_ms = 10000;
        return err;
    }
    if (allowed > 0) {
        return CLEAT_OK;
    }
    return refuse(req, "The disruption budget %.*s needs %lld healthy pods and has %lld currently",
                  CLEAT_FMT(name), (long long)wanted, (long long)healthy);
}

/* Takes one disruption from the budget; a CLEAT_STEP_*, DONE where nothing is to be taken. */
static int take_budget(cleat_request *req) {
    const struct cleat_kind *pdbs =
        cleat_registry_find(req->registry, "policy", "v1", "poddisruptionbudgets");
    if (can_ignore_budgets(req->old) || pdbs == NULL) {
        return CLEAT_STEP_DONE;
    }
    struct found f = budgets_of(req, pdbs);
    CLEAT_AUTO(cleat_obj) *pdb = f.first;
    bool free_of_charge = false;
    if (f.n == 0) {
        return CLEAT_STEP_DONE;
    }
    if (f.n > 1) {
        return cleat_step_fail(
            req, cleat_fail(&req->error, CLEAT_E_INTERNAL,
                            "This pod has more than one PodDisruptionBudget, which the eviction "
                            "subresource does not support."));
    }
    cleat_err err = may_go(req, pdb, &free_of_charge);
    if (err != CLEAT_OK || free_of_charge || req->dry_run) {
        return err != CLEAT_OK ? cleat_step_fail(req, err) : CLEAT_STEP_DONE;
    }
    char now[32];
    CLEAT_AUTO_FREE char *name = cleat_strndup(req->name);
    cleat_obj *changed = NULL;
    cleat_time_format(cleat_now_wall(), false, now);
    cleat_edit *e = cleat_edit_new(pdb);
    cleat_edit_set_int(e, CLEAT_PATH("status", "disruptionsAllowed"),
                       status_of(pdb, "disruptionsAllowed") - 1);
    cleat_edit_set_str(e, CLEAT_PATH("status", "disruptedPods", name), cleat_s(now));
    err = cleat_edit_finish(e, &changed, &req->error);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    req->more = true;
    return cleat_submit_other(req, pdbs, changed, cleat_obj_revision(pdb));
}

/* ---- the pod ---- */

static int add_condition(cleat_request *req) {
    char now[32];
    cleat_obj *changed = NULL;
    struct cleat_iter it = {0};
    struct cleat_val conditions = cleat_obj_at(req->old, CLEAT_PATH("status", "conditions"));
    cleat_time_format(cleat_now_wall(), false, now);
    CLEAT_AUTO_FREE char *json = cleat_sprintf(
        "{\"type\":\"DisruptionTarget\",\"status\":\"True\",\"lastProbeTime\":null,"
        "\"lastTransitionTime\":\"%s\",\"reason\":\"EvictionByEvictionAPI\",\"message\":\"Eviction "
        "API: evicting\"}",
        now);
    cleat_edit *e = cleat_edit_new(req->old);
    bool found = false;
    while (!found && cleat_val_next(conditions, &it)) {
        found = cleat_eqc(cleat_str_at(it.val, "type"), "DisruptionTarget");
    }
    char index[16];
    snprintf(index, sizeof index, "%u", it.index);
    cleat_edit_set_json(e, CLEAT_PATH("status", "conditions", found ? index : "-"), cleat_s(json));
    cleat_err err = cleat_edit_finish(e, &changed, &req->error);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    req->more = true;
    return cleat_submit_other(req, req->kind, changed, cleat_obj_revision(req->old));
}

static void read_options(cleat_request *req) {
    struct cleat_val o = cleat_val_get(cleat_obj_root(req->body), "deleteOptions");
    struct cleat_iter it = {0};
    int64_t grace;
    req->del.struct_size = sizeof req->del;
    req->del.grace_period_seconds =
        cleat_val_int(cleat_val_get(o, "gracePeriodSeconds"), &grace) ? grace : -1;
    struct cleat_val dry = cleat_val_get(o, "dryRun");
    while (cleat_val_next(dry, &it)) {
        req->dry_run = req->dry_run || cleat_eqc(cleat_val_str(it.val), "All");
    }
}

/* The UID that the options demand. */
static cleat_err check_uid(cleat_request *req) {
    struct cleat_str uid =
        cleat_val_str(cleat_obj_at(req->body, CLEAT_PATH("deleteOptions", "preconditions", "uid")));
    if (uid.n == 0 || cleat_eq(uid, cleat_obj_uid(req->old))) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_FREE char *why =
        cleat_sprintf("Precondition failed: UID in precondition: %.*s, UID in object meta: %.*s",
                      CLEAT_FMT(uid), CLEAT_FMT(cleat_obj_uid(req->old)));
    return cleat_fail_conflict(req->kind, req->name, why, &req->error);
}

int cleat_evict(cleat_request *req) {
    read_options(req);
    cleat_err err = check_uid(req);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    cleat_reply_success(req);
    if (req->stage == BUDGET) {
        int step = take_budget(req);
        if (step != CLEAT_STEP_DONE) {
            return step;
        }
        req->stage = CONDITION;
    }
    if (req->stage == CONDITION && !req->dry_run && !cleat_is_terminating(req->old)) {
        return add_condition(req);
    }
    int step = cleat_prepare_delete(req);
    req->unconditional = true;
    return step;
}
