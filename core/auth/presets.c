/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The roles and bindings that every cluster has, by upstream's names and with
 * upstream's rules; what they mean is told in internal.h. Nodes have no authorizer
 * of their own here, so that system:node is bound to their group.
 */
#include "core/auth/internal.h"

#define READ   "get,list,watch"
#define WRITE  "create,delete,deletecollection,patch,update"
#define ALL    "create,delete,deletecollection,get,list,patch,update,watch"
#define EVENTS "create,patch,update|,events.k8s.io|events"
#define RULES(...)                                                                                 \
    (const char *const[]) {                                                                        \
        __VA_ARGS__, NULL                                                                          \
    }
#define HEALTH "/healthz,/livez,/readyz,/version,/version/"
#define LEADER(name_)                                                                              \
    "create|coordination.k8s.io|leases", "get,update|coordination.k8s.io|leases|" name_
#define LOCKS                                                                                      \
    "create,get,list,update,watch|coordination.k8s.io|leases",                                     \
        "create,get,list,update,watch|coordination.k8s.io|leasecandidates"
#define REVIEWS                                                                                    \
    "create|authentication.k8s.io|tokenreviews", "create|authorization.k8s.io|"                    \
                                                 "subjectaccessreviews"
#define CSR "system:certificates.k8s.io:"

static const char *const view[] = {
    READ "||configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,"
         "replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,"
         "services/status",
    READ "||bindings,events,limitranges,namespaces/status,pods/log,pods/status,"
         "replicationcontrollers/status,resourcequotas,resourcequotas/status",
    READ "||namespaces",
    READ "|events.k8s.io|events",
    READ "|discovery.k8s.io|endpointslices",
    READ "|apps|controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,"
         "deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,"
         "statefulsets/scale,statefulsets/status",
    READ "|autoscaling|horizontalpodautoscalers,horizontalpodautoscalers/status",
    READ "|batch|cronjobs,cronjobs/status,jobs,jobs/status",
    READ "|extensions|daemonsets,daemonsets/status,deployments,deployments/scale,"
         "deployments/status,ingresses,ingresses/status,networkpolicies,replicasets,"
         "replicasets/scale,replicasets/status,replicationcontrollers/scale",
    READ "|policy|poddisruptionbudgets,poddisruptionbudgets/status",
    READ "|networking.k8s.io|ingresses,ingresses/status,networkpolicies",
    NULL};

static const char *const edit[] = {
    READ "||pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy",
    "impersonate||serviceaccounts",
    WRITE "||pods,pods/attach,pods/exec,pods/portforward,pods/proxy",
    "create||pods/eviction",
    WRITE "||configmaps,events,persistentvolumeclaims,replicationcontrollers,"
          "replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy",
    "create||serviceaccounts/token",
    WRITE "|events.k8s.io|events",
    WRITE "|apps|daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,"
          "replicasets/scale,statefulsets,statefulsets/scale",
    WRITE "|autoscaling|horizontalpodautoscalers",
    WRITE "|batch|cronjobs,jobs",
    WRITE "|extensions|daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,"
          "networkpolicies,replicasets,replicasets/scale,replicationcontrollers/scale",
    WRITE "|policy|poddisruptionbudgets",
    WRITE "|networking.k8s.io|ingresses,networkpolicies",
    ALL "|coordination.k8s.io|leases",
    NULL};

static const char *const controller_manager[] = {EVENTS,
                                                 LEADER("kube-controller-manager"),
                                                 "create||secrets,serviceaccounts",
                                                 "delete||secrets",
                                                 "get||configmaps,namespaces,secrets,"
                                                 "serviceaccounts",
                                                 "update||secrets,serviceaccounts",
                                                 REVIEWS,
                                                 "list,watch|*|*",
                                                 "create||serviceaccounts/token",
                                                 NULL};

static const char *const scheduler[] = {EVENTS,
                                        LEADER("kube-scheduler"),
                                        READ "||nodes",
                                        "delete,get,list,watch||pods",
                                        "create||bindings,pods/binding",
                                        "patch,update||pods/status",
                                        "update||pods/finalizers",
                                        "list,watch|coordination.k8s.io|leases|kube-scheduler",
                                        READ "||replicationcontrollers,services",
                                        READ "|apps,extensions|replicasets",
                                        READ "|apps|statefulsets",
                                        READ "|policy|poddisruptionbudgets",
                                        READ "||persistentvolumeclaims,persistentvolumes",
                                        REVIEWS,
                                        READ "|storage.k8s.io|csinodes",
                                        READ "||namespaces",
                                        READ "|storage.k8s.io|csidrivers",
                                        READ "|storage.k8s.io|csistoragecapacities",
                                        NULL};

static const char *const node[] = {
    "create|authentication.k8s.io|tokenreviews",
    "create|authorization.k8s.io|localsubjectaccessreviews,subjectaccessreviews",
    READ "||services",
    "create,get,list,watch||nodes",
    "patch,update||nodes/status",
    "patch,update||nodes",
    "create,patch,update||events",
    "create,patch,update|events.k8s.io|events",
    READ "||pods",
    "create,delete||pods",
    "patch,update||pods/status",
    "create||pods/eviction",
    READ "||configmaps,secrets",
    "get||persistentvolumeclaims,persistentvolumes",
    "get||endpoints",
    "create,get,list,watch|certificates.k8s.io|certificatesigningrequests",
    "create,delete,get,patch,update|coordination.k8s.io|leases",
    "get|storage.k8s.io|volumeattachments",
    "create||serviceaccounts/token",
    "get,patch,update||persistentvolumeclaims/status",
    READ "|storage.k8s.io|csidrivers",
    "create,delete,get,patch,update|storage.k8s.io|csinodes",
    READ "|node.k8s.io|runtimeclasses",
    "get||serviceaccounts",
    NULL};

const struct cleat__preset cleat__presets[] = {
    {.name = "cluster-admin", .rules = RULES("*|*|*", "*@*")},
    {.name = "admin", .aggregates = "aggregate-to-admin"},
    {.name = "edit", .labels = "aggregate-to-admin", .aggregates = "aggregate-to-edit"},
    {.name = "view", .labels = "aggregate-to-edit", .aggregates = "aggregate-to-view"},
    {.name = "system:aggregate-to-admin",
     .labels = "aggregate-to-admin",
     .rules = RULES("create|authorization.k8s.io|localsubjectaccessreviews",
                    ALL "|" CLEAT__RBAC "|rolebindings,roles")},
    {.name = "system:aggregate-to-edit", .labels = "aggregate-to-edit", .rules = edit},
    {.name = "system:aggregate-to-view", .labels = "aggregate-to-view", .rules = view},
    {.name = "system:discovery",
     .rules = RULES("get@/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,"
                    "/version,/version/")},
    {.name = "system:basic-user",
     .rules = RULES("create|authorization.k8s.io|selfsubjectaccessreviews,selfsubjectrulesreviews",
                    "create|authentication.k8s.io|selfsubjectreviews")},
    {.name = "system:public-info-viewer", .rules = RULES("get@" HEALTH)},
    {.name = "system:monitoring",
     .rules = RULES("get@/healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,"
                    "/readyz/*",
                    "get||nodes/metrics")},
    {.name = "system:heapster",
     .rules = RULES(READ "||events,namespaces,nodes,pods", READ "|extensions|deployments")},
    {.name = "system:node", .rules = node},
    {.name = "system:node-problem-detector",
     .rules = RULES("get||nodes", "patch||nodes/status", EVENTS)},
    {.name = "system:kubelet-api-admin",
     .rules = RULES(READ "||nodes", "proxy||nodes",
                    "*||nodes/configz,nodes/healthz,nodes/log,nodes/metrics,nodes/pods,"
                    "nodes/proxy,nodes/stats")},
    {.name = "system:node-bootstrapper",
     .rules = RULES("create,get,list,watch|certificates.k8s.io|certificatesigningrequests")},
    {.name = "system:auth-delegator", .rules = RULES(REVIEWS)},
    {.name = "system:kube-aggregator", .rules = RULES(READ "||endpoints,services")},
    {.name = "system:kube-controller-manager", .rules = controller_manager},
    {.name = "system:kube-dns", .rules = RULES("list,watch||endpoints,services")},
    {.name = "system:persistent-volume-provisioner",
     .rules = RULES("create,delete,get,list,watch||persistentvolumes",
                    "get,list,update,watch||persistentvolumeclaims",
                    READ "|storage.k8s.io|storageclasses", "watch||events", EVENTS)},
    {.name = CSR "certificatesigningrequests:nodeclient",
     .rules = RULES("create|certificates.k8s.io|certificatesigningrequests/nodeclient")},
    {.name = CSR "certificatesigningrequests:selfnodeclient",
     .rules = RULES("create|certificates.k8s.io|certificatesigningrequests/selfnodeclient")},
    {.name = CSR "legacy-unknown-approver",
     .rules = RULES("approve|certificates.k8s.io|signers|kubernetes.io/legacy-unknown")},
    {.name = CSR "kubelet-serving-approver",
     .rules = RULES("approve|certificates.k8s.io|signers|kubernetes.io/kubelet-serving")},
    {.name = CSR "kube-apiserver-client-approver",
     .rules = RULES("approve|certificates.k8s.io|signers|kubernetes.io/kube-apiserver-client")},
    {.name = CSR "kube-apiserver-client-kubelet-approver",
     .rules =
         RULES("approve|certificates.k8s.io|signers|kubernetes.io/kube-apiserver-client-kubelet")},
    {.name = "system:volume-scheduler",
     .rules = RULES("get,list,patch,update,watch||persistentvolumes",
                    READ "|storage.k8s.io|storageclasses",
                    "get,list,patch,update,watch||persistentvolumeclaims")},
    {.name = "system:service-account-issuer-discovery",
     .rules = RULES("get@/.well-known/openid-configuration,"
                    "/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/")},
    {.name = "system:node-proxier",
     .rules = RULES("list,watch||endpoints,services", READ "||nodes", EVENTS,
                    "list,watch|discovery.k8s.io|endpointslices",
                    "list,watch|networking.k8s.io|servicecidrs")},
    {.name = "system:kube-scheduler", .rules = scheduler},
    {.ns = "kube-public",
     .name = "system:controller:bootstrap-signer",
     .rules = RULES(READ "||configmaps", "update||configmaps|cluster-info", EVENTS)},
    {.ns = "kube-system",
     .name = "extension-apiserver-authentication-reader",
     .rules = RULES(READ "||configmaps|extension-apiserver-authentication")},
    {.ns = "kube-system",
     .name = "system::leader-locking-kube-controller-manager",
     .rules = RULES(LOCKS)},
    {.ns = "kube-system", .name = "system::leader-locking-kube-scheduler", .rules = RULES(LOCKS)},
    {.ns = "kube-system",
     .name = "system:controller:bootstrap-signer",
     .rules = RULES(READ "||secrets")},
    {.ns = "kube-system",
     .name = "system:controller:cloud-provider",
     .rules = RULES("create,get,list,watch||configmaps")},
    {.ns = "kube-system",
     .name = "system:controller:token-cleaner",
     .rules = RULES("delete,get,list,watch||secrets", EVENTS)},
    {.name = NULL}};

#define KCM       "User:system:kube-controller-manager"
#define SCHEDULER "User:system:kube-scheduler"
#define EVERYBODY "Group:system:authenticated,Group:system:unauthenticated"

const struct cleat__preset_binding cleat__preset_bindings[] = {
    {NULL, "cluster-admin", "cluster-admin", NULL, "Group:system:masters"},
    {NULL, "system:discovery", "system:discovery", NULL, "Group:system:authenticated"},
    {NULL, "system:basic-user", "system:basic-user", NULL, "Group:system:authenticated"},
    {NULL, "system:public-info-viewer", "system:public-info-viewer", NULL, EVERYBODY},
    {NULL, "system:monitoring", "system:monitoring", NULL, "Group:system:monitoring"},
    {NULL, "system:node-proxier", "system:node-proxier", NULL, "User:system:kube-proxy"},
    {NULL, "system:kube-controller-manager", "system:kube-controller-manager", NULL, KCM},
    {NULL, "system:kube-dns", "system:kube-dns", NULL, "ServiceAccount:kube-system/kube-dns"},
    {NULL, "system:kube-scheduler", "system:kube-scheduler", NULL, SCHEDULER},
    {NULL, "system:volume-scheduler", "system:volume-scheduler", NULL, SCHEDULER},
    {NULL, "system:service-account-issuer-discovery", "system:service-account-issuer-discovery",
     NULL, "Group:system:serviceaccounts"},
    {NULL, "system:node", "system:node", NULL, "Group:system:nodes"},
    {"kube-public", "system:controller:bootstrap-signer", "system:controller:bootstrap-signer",
     "Role", "ServiceAccount:kube-system/bootstrap-signer"},
    {"kube-system", "system::extension-apiserver-authentication-reader",
     "extension-apiserver-authentication-reader", "Role", KCM "," SCHEDULER},
    {"kube-system", "system::leader-locking-kube-controller-manager",
     "system::leader-locking-kube-controller-manager", "Role",
     KCM ",ServiceAccount:kube-system/kube-controller-manager"},
    {"kube-system", "system::leader-locking-kube-scheduler",
     "system::leader-locking-kube-scheduler", "Role",
     SCHEDULER ",ServiceAccount:kube-system/kube-scheduler"},
    {"kube-system", "system:controller:bootstrap-signer", "system:controller:bootstrap-signer",
     "Role", "ServiceAccount:kube-system/bootstrap-signer"},
    {"kube-system", "system:controller:cloud-provider", "system:controller:cloud-provider", "Role",
     "ServiceAccount:kube-system/cloud-provider"},
    {"kube-system", "system:controller:token-cleaner", "system:controller:token-cleaner", "Role",
     "ServiceAccount:kube-system/token-cleaner"},
    {.name = NULL}};
