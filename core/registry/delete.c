/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DELETE: preconditions, finalizers, graceful deletion, namespaces. Runs on the
 * caller's thread; decides from the newest snapshot whether the object is marked
 * (an update) or goes (a deletion), and the committer repeats the check.
 */
#include "core/registry/internal.h"

static const char *const path_deleted[] = {"metadata", "deletionTimestamp", NULL};
static const char *const path_grace[] = {"metadata", "deletionGracePeriodSeconds", NULL};
static const char *const path_generation[] = {"metadata", "generation", NULL};
static const char *const path_finalizers[] = {"metadata", "finalizers", NULL};
static const char *const path_phase[] = {"status", "phase", NULL};

/* What a deletion does to the object. */
struct plan {
    bool changed, remove;
    struct cleat_prep prep;
    struct cleat_meta was;
    size_t n_finalizers; /* after it */
};

/* Upstream names the Kind here, but the resource with kinds that are deleted in two steps. */
static cleat_err precondition_failed(cleat_request *req, const char *what, struct cleat_str asked,
                                     struct cleat_str have, const char *maybe) {
    bool two_steps = (req->kind->flags & (CLEAT_KIND_NAMESPACE | CLEAT_KIND_DEFINES)) != 0;
    struct cleat_kind as_kind = *req->kind;
    CLEAT_AUTO_FREE char *why =
        two_steps
            ? cleat_sprintf("Precondition failed: %s in precondition: %.*s, %s in object meta: "
                            "%.*s",
                            what, CLEAT_FMT(asked), what, CLEAT_FMT(have))
            : cleat_sprintf("the %s in the precondition (%.*s) does not match the %s in record "
                            "(%.*s). The object might have been %s",
                            what, CLEAT_FMT(asked), what, CLEAT_FMT(have), maybe);
    as_kind.store_name = two_steps ? req->kind->store_name : req->kind->kind;
    return cleat_fail_conflict(&as_kind, req->name, why, &req->error);
}

static cleat_err check_preconditions(cleat_request *req) {
    struct cleat_str uid = cleat_s(req->del.uid), have = cleat_obj_uid(req->old);
    uint64_t revision = cleat_obj_revision(req->old);
    if (uid.n > 0 && !cleat_eq(uid, have)) {
        return precondition_failed(req, "UID", uid, have, "deleted and then recreated");
    }
    if (req->del.revision != 0 && req->del.revision != revision) {
        CLEAT_AUTO_FREE char *asked = cleat_sprintf("%llu", (unsigned long long)req->del.revision);
        CLEAT_AUTO_FREE char *now = cleat_sprintf("%llu", (unsigned long long)revision);
        return precondition_failed(req, "ResourceVersion", cleat_s(asked), cleat_s(now),
                                   "modified");
    }
    return CLEAT_OK;
}

/* What becomes of the dependents: an explicit policy wins over the finalizers that are
 * there, and they over the kind's own policy. Nobody depends on events. */
static int propagation_of(const struct plan *plan, const cleat_request *req) {
    struct cleat_val have = plan->was.finalizers;
    if (req->kind->flags & CLEAT_KIND_EVENT) {
        return CLEAT_PROPAGATE_BACKGROUND;
    }
    if (req->del.propagation != CLEAT_PROPAGATE_DEFAULT || req->kind->orphans == NULL ||
        cleat_finalizers_have(have, "orphan") ||
        cleat_finalizers_have(have, "foregroundDeletion")) {
        return req->del.propagation;
    }
    return CLEAT_PROPAGATE_ORPHAN;
}

/* The finalizers that the propagation policy asks for; without one they stay. */
static void plan_finalizers(struct plan *plan, const cleat_request *req) {
    struct cleat_val have = plan->was.finalizers;
    int propagation = propagation_of(plan, req);
    plan->n_finalizers = cleat_val_count(have);
    if (propagation == CLEAT_PROPAGATE_DEFAULT) {
        return;
    }
    bool orphan = propagation == CLEAT_PROPAGATE_ORPHAN;
    bool foreground = propagation == CLEAT_PROPAGATE_FOREGROUND;
    if (orphan == cleat_finalizers_have(have, "orphan") &&
        foreground == cleat_finalizers_have(have, "foregroundDeletion")) {
        return;
    }
    struct cleat_buf out = {0};
    struct cleat_iter it = {0};
    plan->n_finalizers = 0;
    cleat_buf_putc(&out, '[');
    while (cleat_val_next(have, &it)) {
        struct cleat_str s = cleat_val_str(it.val);
        if (!cleat_eqc(s, "orphan") && !cleat_eqc(s, "foregroundDeletion")) {
            cleat_buf_puts(&out, plan->n_finalizers++ > 0 ? "," : "");
            cleat_buf_str(&out, cleat_val_raw(it.val));
        }
    }
    if (orphan || foreground) {
        cleat_buf_puts(&out, plan->n_finalizers++ > 0 ? "," : "");
        cleat_buf_puts(&out, orphan ? "\"orphan\"" : "\"foregroundDeletion\"");
    }
    cleat_buf_putc(&out, ']');
    plan->changed = true;
    if (plan->n_finalizers == 0) {
        cleat_buf_done(&out);
        cleat_prep_remove(&plan->prep, path_finalizers);
    } else {
        cleat_prep_take(&plan->prep, path_finalizers, cleat_buf_take(&out));
    }
}

static void plan_generation(struct plan *plan) {
    int64_t generation = 0;
    if (cleat_val_int(plan->was.generation, &generation) && generation > 0) {
        cleat_prep_int(&plan->prep, path_generation, generation + 1);
    }
}

/* The object is marked: it ends `grace` seconds from now, or with its last finalizer. */
static void plan_mark(struct plan *plan, int64_t grace) {
    plan_generation(plan);
    cleat_prep_time(&plan->prep, path_deleted, cleat_now_wall() + grace * CLEAT_SECOND);
    cleat_prep_int(&plan->prep, path_grace, grace);
    plan->changed = true;
}

/* The seconds that a pod gets: as asked, else its own; none where nothing runs. */
static int64_t pod_grace(const cleat_request *req) {
    int64_t grace = 0;
    const cleat_obj *pod = req->old;
    if (req->del.grace_period_seconds >= 0) {
        grace = req->del.grace_period_seconds;
    } else {
        cleat_val_int(cleat_obj_at(pod, CLEAT_PATH("spec", "terminationGracePeriodSeconds")),
                      &grace);
    }
    struct cleat_str phase = cleat_val_str(cleat_obj_at(pod, path_phase));
    if (cleat_val_str(cleat_obj_at(pod, CLEAT_PATH("spec", "nodeName"))).n == 0 ||
        cleat_eqc(phase, "Succeeded") || cleat_eqc(phase, "Failed")) {
        return 0;
    }
    return grace < 0 ? 1 : grace;
}

/* A second DELETE while a pod has time left may only shorten it. Where all of the new time
 * has passed already, its node still gets a second to end it, unless none was asked for. */
static void plan_shorten(struct plan *plan, const cleat_request *req, int64_t left) {
    int64_t wanted = req->del.grace_period_seconds, period = wanted;
    cleat_time end = 0, now = cleat_now_wall();
    if (wanted < 0 || wanted >= left) {
        plan->n_finalizers = cleat_val_count(plan->was.finalizers);
        return; /* finalizers cannot be changed either */
    }
    if (cleat_time_parse(cleat_val_str(plan->was.deleted), &end) != CLEAT_OK) {
        end = now + left * CLEAT_SECOND;
    }
    end += (wanted - left) * CLEAT_SECOND;
    if (end < now) {
        end = now;
        period = wanted != 0 ? 1 : 0;
    }
    plan_finalizers(plan, req);
    cleat_prep_time(&plan->prep, path_deleted, end);
    cleat_prep_int(&plan->prep, path_grace, period);
    plan->changed = true;
    plan->remove = wanted == 0 && plan->n_finalizers == 0;
}

static void plan_object(struct plan *plan, const cleat_request *req) {
    int64_t left = 0;
    bool marked = cleat_val_present(plan->was.deleted);
    cleat_val_int(plan->was.grace, &left);
    if (marked && left > 0) {
        plan_shorten(plan, req, left);
        return;
    }
    plan_finalizers(plan, req);
    if (marked) {
        plan->remove = plan->n_finalizers == 0;
        return;
    }
    if (req->kind->flags & CLEAT_KIND_GRACEFUL) {
        int64_t grace = pod_grace(req);
        plan_mark(plan, grace);
        plan->remove = grace == 0 && plan->n_finalizers == 0;
    } else if (plan->n_finalizers > 0) {
        plan_mark(plan, 0);
    } else {
        plan->remove = true;
    }
}

/* A namespace is only marked at first, and goes when its content's finalizers have. */
static void plan_namespace(struct plan *plan, const cleat_request *req) {
    bool held = cleat_val_count(cleat_obj_at(req->old, CLEAT_PATH("spec", "finalizers"))) > 0;
    bool marked = cleat_val_present(plan->was.deleted);
    if (!marked) {
        plan_finalizers(plan, req);
        cleat_prep_time(&plan->prep, path_deleted, cleat_now_wall());
        cleat_prep_str(&plan->prep, path_phase, CLEAT_STR("Terminating"));
        plan->changed = true;
    } else if (!held) {
        plan_object(plan, req);
    }
}

/* A definition is marked first, and ends when what it defines has (definitions.c). */
static void plan_definition(struct plan *plan, const cleat_request *req) {
    static const char *const path_conditions[] = {"status", "conditions", NULL};
    static const struct cleat_condition pending = {
        "Terminating", "True", "InstanceDeletionPending",
        "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"};
    if (cleat_val_present(plan->was.deleted)) {
        plan_object(plan, req);
        return;
    }
    struct cleat_val have = plan->was.finalizers;
    if (!cleat_finalizers_have(have, CLEAT_DEFINITION_FINALIZER)) {
        struct cleat_str raw = cleat_val_raw(have);
        cleat_prep_take(
            &plan->prep, path_finalizers,
            cleat_val_count(have) > 0
                ? cleat_sprintf("%.*s,\"%s\"]", (int)raw.n - 1, raw.p, CLEAT_DEFINITION_FINALIZER)
                : cleat_strdup("[\"" CLEAT_DEFINITION_FINALIZER "\"]"));
    }
    cleat_prep_time(&plan->prep, path_deleted, cleat_now_wall());
    cleat_prep_take(&plan->prep, path_conditions,
                    cleat_conditions_set(cleat_obj_at(req->old, path_conditions), &pending, 1));
    plan->changed = true;
}

static bool immortal(struct cleat_str name) {
    return cleat_eqc(name, "default") || cleat_eqc(name, "kube-system") ||
           cleat_eqc(name, "kube-public");
}

static cleat_err check(cleat_request *req) {
    const struct cleat_kind *k = req->kind;
    if ((k->flags & CLEAT_KIND_NAMESPACE) && immortal(req->name)) {
        return cleat_fail_forbidden(k, req->name, "this namespace may not be deleted", &req->error);
    }
    if (req->old == NULL) {
        return cleat_fail_not_found(k, req->name, &req->error);
    }
    return check_preconditions(req);
}

static void done_plan(struct plan *plan) {
    cleat_prep_done(&plan->prep);
}

int cleat_prepare_delete(cleat_request *req) {
    __attribute__((cleanup(done_plan))) struct plan plan = {.changed = false};
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(req->registry->store);
    cleat_obj_unref(req->old);
    req->old = cleat_obj_ref(cleat_snapshot_get(sn, req->kind->id, req->ns, req->name));
    req->err = check(req);
    if (req->err != CLEAT_OK) {
        return CLEAT_STEP_FAILED;
    }
    cleat_meta_scan(req->old, &plan.was);
    if (req->kind->flags & CLEAT_KIND_NAMESPACE) {
        plan_namespace(&plan, req);
    } else if (req->kind->flags & CLEAT_KIND_DEFINES) {
        plan_definition(&plan, req);
    } else {
        plan_object(&plan, req);
    }
    if (!plan.changed && !plan.remove) {
        req->result = cleat_obj_ref(req->old);
        return CLEAT_STEP_DONE;
    }
    cleat_obj *obj = NULL;
    cleat_prep_revision(&plan.prep, req->registry->store);
    req->err = cleat_prep_apply(&plan.prep, req->old, &obj, &req->error);
    if (req->err != CLEAT_OK) {
        return CLEAT_STEP_FAILED;
    }
    req->unconditional = req->del.revision == 0;
    if (req->dry_run) {
        req->gone = plan.remove;
        cleat_obj_stamp_kind(obj, req->kind->id); /* in the form that is stored */
        req->result = obj;
        return CLEAT_STEP_DONE;
    }
    return cleat_step_submit(req, plan.remove ? CLEAT_OP_DELETE : CLEAT_OP_UPDATE,
                             cleat_obj_revision(req->old), obj);
}
