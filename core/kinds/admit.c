/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of admission steps, which of them are on, and running them. Which concern
 * a kind is worked out once, so that a write of a kind without any costs two look-ups.
 */
#include "core/kinds/admit_internal.h"

enum { ON_CREATE = 1, ON_UPDATE = 2, ON_BINDING = 4 };
enum { OFF = 0, ON = 1, ALWAYS = 2 }; /* ALWAYS: has no name and no switch */

static const struct step {
    const char *name, *group, *resource; /* resource NULL = every kind */
    unsigned when;
    int state;
    cleat_err (*admit)(cleat_admit *a, cleat_request *req, cleat_obj **obj, const cleat_obj *old);
    cleat_err (*check)(cleat_admit *a, cleat_request *req, const cleat_obj *obj,
                       const cleat_obj *old);
} steps[] = {
    /* In upstream's order. */
    {"TaintNodesByCondition", "", "nodes", ON_CREATE, ON, cleat_step_node_taint, NULL},
    {"LimitRanger", "", "pods", ON_CREATE, ON, cleat_step_limits, cleat_check_limits},
    {"LimitRanger", "", "persistentvolumeclaims", ON_CREATE | ON_UPDATE, ON, NULL,
     cleat_check_limits},
    {"ServiceAccount", "", "pods", ON_CREATE, ON, cleat_step_service_account, NULL},
    {"Priority", "", "pods", ON_CREATE | ON_UPDATE, ON, cleat_step_priority, NULL},
    {"Priority", "scheduling.k8s.io", "priorityclasses", ON_CREATE | ON_UPDATE, ON, NULL,
     cleat_check_one_default_priority},
    {"DefaultTolerationSeconds", "", "pods", ON_CREATE | ON_UPDATE, ON, cleat_step_tolerations,
     NULL},
    {"DefaultStorageClass", "", "persistentvolumeclaims", ON_CREATE, ON, cleat_step_storage_class,
     NULL},
    {"StorageObjectInUseProtection", "", "persistentvolumes", ON_CREATE, ON, cleat_step_protection,
     NULL},
    {"StorageObjectInUseProtection", "", "persistentvolumeclaims", ON_CREATE, ON,
     cleat_step_protection, NULL},
    {"PersistentVolumeClaimResize", "", "persistentvolumeclaims", ON_UPDATE, ON, NULL,
     cleat_check_resize},
    {"RuntimeClass", "", "pods", ON_CREATE, ON, cleat_step_runtime_class, NULL},
    {"DefaultIngressClass", "networking.k8s.io", "ingresses", ON_CREATE, ON,
     cleat_step_ingress_class, NULL},
    {"OwnerReferencesPermissionEnforcement", NULL, NULL, ON_CREATE | ON_UPDATE, OFF, NULL,
     cleat_check_owners},
    /* Not upstream's: there, the kubelet refuses what has been placed. */
    {"NodeCapacity", "", "pods", ON_CREATE | ON_BINDING, ON, NULL, cleat_check_node_capacity},
    {NULL, "", "services", ON_CREATE | ON_UPDATE, ALWAYS, cleat_step_service, NULL},
    {"ResourceQuota", "", "services", ON_UPDATE, ON, NULL, cleat_check_quota},
    {"ResourceQuota", "", "persistentvolumeclaims", ON_UPDATE, ON, NULL, cleat_check_quota},
    {"ResourceQuota", NULL, NULL, ON_CREATE, ON, NULL, cleat_check_quota},
};
enum { STEPS = sizeof steps / sizeof *steps };

/* Names that upstream knows and that are no step here: part of the kinds themselves, or about
 * things that are not served. Switching them is allowed and does nothing. */
static const char *const others[] = {"AlwaysAdmit",
                                     "AlwaysDeny",
                                     "AlwaysPullImages",
                                     "CertificateApproval",
                                     "CertificateSigning",
                                     "CertificateSubjectRestriction",
                                     "ClusterTrustBundleAttest",
                                     "DenyServiceExternalIPs",
                                     "EventRateLimit",
                                     "ExtendedResourceToleration",
                                     "ImagePolicyWebhook",
                                     "LimitPodHardAntiAffinityTopology",
                                     "MutatingAdmissionPolicy",
                                     "MutatingAdmissionWebhook",
                                     "NamespaceAutoProvision",
                                     "NamespaceExists",
                                     "NamespaceLifecycle",
                                     "NodeRestriction",
                                     "PodNodeSelector",
                                     "PodSecurity",
                                     "PodTolerationRestriction",
                                     "PodTopologyLabels",
                                     "ValidatingAdmissionPolicy",
                                     "ValidatingAdmissionWebhook",
                                     NULL};

/* ---- options ---- */

static cleat_err switch_one(cleat_admit *a, struct cleat_str name, bool on, struct cleat_error *e) {
    bool found = cleat_one_of(name, others);
    for (size_t i = 0; i < STEPS; i++) {
        if (steps[i].name != NULL && cleat_eqc(name, steps[i].name)) {
            a->on = on ? a->on | 1u << i : a->on & ~(1u << i);
            found = true;
        }
    }
    return found ? CLEAT_OK
                 : cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "%s-admission-plugins plugin \"%.*s\" is unknown",
                              on ? "enable" : "disable", CLEAT_FMT(name));
}

static cleat_err switch_list(cleat_admit *a, const char *list, bool on, struct cleat_error *e) {
    while (list != NULL && *list != '\0') {
        size_t n = strcspn(list, ",");
        if (n > 0) {
            CLEAT_TRY(switch_one(a, (struct cleat_str){list, n}, on, e));
        }
        list += n + (list[n] == ',');
    }
    return CLEAT_OK;
}

static void sort_by_kind(cleat_admit *a) {
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(a->registry, i)) != NULL; i++) {
        a->n_of_kind = k->id >= a->n_of_kind ? k->id + 1 : a->n_of_kind;
    }
    a->of_kind = cleat_array((size_t)a->n_of_kind + 1, sizeof *a->of_kind);
    for (size_t i = 0; i < STEPS; i++) {
        if (steps[i].resource == NULL) {
            a->of_any |= a->on & 1u << i;
            a->of_any_update |= (steps[i].when & ON_UPDATE) != 0 ? a->on & 1u << i : 0;
            continue;
        }
        k = cleat_admit_kind(a, steps[i].group, steps[i].resource);
        if (k != NULL) {
            a->of_kind[k->id] |= a->on & 1u << i;
        }
        a->of_bindings |= (steps[i].when & ON_BINDING) != 0 ? a->on & 1u << i : 0;
    }
}

/* ---- running ---- */

static bool is_binding(const cleat_request *req) {
    return req->subresource != NULL && strcmp(req->subresource, "binding") == 0;
}

static uint32_t steps_for(const cleat_admit *a, const cleat_request *req, const cleat_obj *old) {
    uint32_t id = req->kind->id;
    if (req->subresource != NULL) {
        return is_binding(req) ? a->of_bindings : 0;
    }
    uint32_t mine = id < a->n_of_kind ? a->of_kind[id] : 0;
    return mine | (old == NULL ? a->of_any : a->of_any_update);
}

static bool applies(size_t i, const cleat_request *req, const cleat_obj *old) {
    return (steps[i].when & (is_binding(req) ? ON_BINDING
                             : old == NULL   ? ON_CREATE
                                             : ON_UPDATE)) != 0;
}

static cleat_err run_admit(struct cleat_admission *self, cleat_request *req, cleat_obj **obj,
                           const cleat_obj *old) {
    cleat_admit *a = (cleat_admit *)(void *)self;
    uint32_t mine = steps_for(a, req, old);
    for (size_t i = 0; mine != 0 && i < STEPS; i++) {
        if ((mine >> i & 1) != 0 && steps[i].admit != NULL && applies(i, req, old)) {
            CLEAT_TRY(steps[i].admit(a, req, obj, old));
        }
    }
    return CLEAT_OK;
}

static cleat_err run_check(struct cleat_admission *self, cleat_request *req, const cleat_obj *obj,
                           const cleat_obj *old) {
    cleat_admit *a = (cleat_admit *)(void *)self;
    uint32_t mine = steps_for(a, req, old);
    for (size_t i = 0; mine != 0 && i < STEPS; i++) {
        if ((mine >> i & 1) != 0 && steps[i].check != NULL && applies(i, req, old)) {
            CLEAT_TRY(steps[i].check(a, req, obj, old));
        }
    }
    return CLEAT_OK;
}

static void run_settled(struct cleat_admission *self, cleat_request *req) {
    cleat_admit *a = (cleat_admit *)(void *)self;
    struct cleat_ticket *t = req->reserved;
    req->reserved = NULL;
    cleat_services_settle(a, t);
    cleat_quota_settle(a, t);
    cleat_capacity_settle(a, req, t);
    free(t);
}

/* ---- what the steps share ---- */

struct cleat_ticket *cleat_ticket_of(cleat_request *req) {
    if (req->reserved == NULL) {
        req->reserved = cleat_zalloc(sizeof(struct cleat_ticket));
    }
    return req->reserved;
}

cleat_err cleat_admit_edit(cleat_request *req, cleat_edit *e, cleat_obj **obj) {
    cleat_obj *full = NULL;
    if (!cleat_edit_dirty(e)) {
        cleat_edit_free(e);
        return CLEAT_OK;
    }
    CLEAT_TRY(cleat_edit_finish(e, &full, &req->error));
    cleat_obj_unref(*obj);
    *obj = full;
    return CLEAT_OK;
}

const struct cleat_kind *cleat_admit_kind(const cleat_admit *a, const char *group,
                                          const char *resource) {
    return cleat_registry_find(a->registry, group, "v1", resource);
}

cleat_err cleat_admit_forbid(cleat_request *req, const cleat_obj *obj, char *why) {
    cleat_err err = cleat_fail_forbidden(req->kind, cleat_obj_name(obj), why, &req->error);
    free(why);
    return err;
}

/* ---- life ---- */

static int64_t or_default(int64_t n, int64_t def) {
    return n > 0 ? n : def;
}

cleat_err cleat_admit_new(cleat_registry *r, const struct cleat_admit_opts *opts, cleat_admit **ret,
                          struct cleat_error *e) {
    cleat_admit *a = cleat_zalloc(sizeof *a);
    a->ops =
        (struct cleat_admission){.admit = run_admit, .validate = run_check, .settled = run_settled};
    a->registry = r;
    a->store = cleat_registry_store(r);
    a->not_ready_s = or_default(opts->not_ready_toleration_s, 300);
    a->unreachable_s = or_default(opts->unreachable_toleration_s, 300);
    pthread_mutex_init(&a->quota_lock, NULL);
    for (size_t i = 0; i < STEPS; i++) {
        a->on |= steps[i].state != OFF ? 1u << i : 0;
    }
    cleat_capacity_init(a);
    cleat_err err = cleat_services_init(a, opts, e);
    err = err == CLEAT_OK ? switch_list(a, opts->enable, true, e) : err;
    err = err == CLEAT_OK ? switch_list(a, opts->disable, false, e) : err;
    if (err != CLEAT_OK) {
        cleat_admit_free(a);
        return err;
    }
    sort_by_kind(a);
    cleat_registry_admission(r, &a->ops);
    *ret = a;
    return CLEAT_OK;
}

void cleat_admit_free(cleat_admit *a) {
    if (a == NULL) {
        return;
    }
    cleat_services_done(a);
    cleat_capacity_done(a);
    pthread_mutex_destroy(&a->quota_lock);
    free(a->of_kind);
    free(a);
}
