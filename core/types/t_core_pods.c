/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: pods. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_Pod_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_PodSpec), "What is wanted."),
    F(3, "status", T(core_v1_PodStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_core_v1_Pod = {.name = "io.k8s.api.core.v1.Pod",
                                                  .doc =
                                                      "Containers that run together on one node.",
                                                  .form = CLEAT_FORM_STRUCT,
                                                  .fields = core_v1_Pod_fields};

static const struct cleat_field core_v1_PodList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_Pod)), "The objects of the list.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PodList = {.name = "io.k8s.api.core.v1.PodList",
                                                      .doc = "A list of Pod objects.",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = core_v1_PodList_fields};

static const struct cleat_field core_v1_Binding_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "target", T(core_v1_ObjectReference), "The node.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_Binding = {.name = "io.k8s.api.core.v1.Binding",
                                                      .doc = "Says on which node a pod shall run.",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = core_v1_Binding_fields};

static const struct cleat_field core_v1_PodLogOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "container", T(string), "The container that is meant."),
    F(2, "follow", T(bool), "Go on as the log grows."),
    F(3, "previous", T(bool), "The log of the container before its last restart."),
    F(4, "sinceSeconds", T(int64), "Only what is newer than so many seconds.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "sinceTime", T(time), "Only what is newer than this.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "timestamps", T(bool), "Put the time before each line."),
    F(7, "tailLines", T(int64), "Only so many lines from the end.", .flags = CLEAT_FIELD_NULLABLE),
    F(8, "limitBytes", T(int64), "At most so many bytes.", .flags = CLEAT_FIELD_NULLABLE),
    F(9, "insecureSkipTLSVerifyBackend", T(bool), "Do not check the kubelet's certificate."),
    F(10, "stream", T(string), "All, Stdout or Stderr.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PodLogOptions = {.name =
                                                                "io.k8s.api.core.v1.PodLogOptions",
                                                            .doc = "Which part of a log to give.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_PodLogOptions_fields};

static const struct cleat_field core_v1_PodAttachOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "stdin", T(bool), "Send standard input."),
    F(2, "stdout", T(bool), "Receive standard output."),
    F(3, "stderr", T(bool), "Receive standard error."),
    F(4, "tty", T(bool), "Use a terminal."),
    F(5, "container", T(string), "The container that is meant."),
    END};
const struct cleat_type cleat_type_core_v1_PodAttachOptions = {
    .name = "io.k8s.api.core.v1.PodAttachOptions",
    .doc = "How to attach to a container.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodAttachOptions_fields};

static const struct cleat_field core_v1_PodExecOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "stdin", T(bool), "Send standard input."),
    F(2, "stdout", T(bool), "Receive standard output."),
    F(3, "stderr", T(bool), "Receive standard error."),
    F(4, "tty", T(bool), "Use a terminal."),
    F(5, "container", T(string), "The container that is meant."),
    F(6, "command", LIST(T(string)), "The command and its arguments, without a shell.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PodExecOptions = {
    .name = "io.k8s.api.core.v1.PodExecOptions",
    .doc = "How to run a command in a container.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodExecOptions_fields};

static const struct cleat_field core_v1_PodPortForwardOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "ports", LIST(T(int32)), "The ports."), END};
const struct cleat_type cleat_type_core_v1_PodPortForwardOptions = {
    .name = "io.k8s.api.core.v1.PodPortForwardOptions",
    .doc = "Which ports to forward.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodPortForwardOptions_fields};

static const struct cleat_field core_v1_PodProxyOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "path", T(string), "The path."), END};
const struct cleat_type cleat_type_core_v1_PodProxyOptions = {
    .name = "io.k8s.api.core.v1.PodProxyOptions",
    .doc = "Where to go through the proxy.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodProxyOptions_fields};

static const struct cleat_field core_v1_PodSpec_fields[] = {
    F(1, "volumes", LIST(T(core_v1_Volume)), "Storage that containers may mount.",
      .flags = CLEAT_FIELD_MERGE | CLEAT_FIELD_RETAIN_KEYS, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    F(20, "initContainers", LIST(T(core_v1_Container)),
      "Run one after the other, each to its end, before the others start.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(2, "containers", LIST(T(core_v1_Container)), "The containers; at least one.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    F(34, "ephemeralContainers", LIST(T(core_v1_EphemeralContainer)),
      "Containers added to the running pod, through its own subresource only.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(3, "restartPolicy", T(string), "Always, OnFailure or Never.",
      .values = "Always,OnFailure,Never"),
    F(4, "terminationGracePeriodSeconds", T(int64),
      "How many seconds the pod gets to end by itself; 30 by default.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "activeDeadlineSeconds", T(int64), "After how many seconds the pod is ended and failed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "dnsPolicy", T(string), "ClusterFirst, ClusterFirstWithHostNet, Default or None.",
      .values = "ClusterFirstWithHostNet,ClusterFirst,Default,None"),
    F(7, "nodeSelector", MAP(T(string)), "Labels that the node must have.",
      .flags = CLEAT_FIELD_ATOMIC),
    F(8, "serviceAccountName", T(string), "The ServiceAccount that it acts as."),
    F(9, "serviceAccount", T(string), "Old name of serviceAccountName."),
    F(21, "automountServiceAccountToken", T(bool), "Whether the ServiceAccount's token is mounted.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "nodeName", T(string), "The node that it runs on; set when it is placed."),
    F(11, "hostNetwork", T(bool), "Use the node's network."),
    F(12, "hostPID", T(bool), "See the node's processes."),
    F(13, "hostIPC", T(bool), "Use the node's shared memory."),
    F(27, "shareProcessNamespace", T(bool), "Let the containers see one another's processes.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(14, "securityContext", T(core_v1_PodSecurityContext),
      "Security settings of all its containers.", .flags = CLEAT_FIELD_NULLABLE),
    F(15, "imagePullSecrets", LIST(T(core_v1_LocalObjectReference)), "Secrets for pulling images.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(16, "hostname", T(string), "Its host name; the pod's name where nothing is said."),
    F(17, "subdomain", T(string), "The domain below the namespace's, for a full host name."),
    F(18, "affinity", T(core_v1_Affinity), "Where it shall run, in rules.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(19, "schedulerName", T(string), "Who places it."),
    F(22, "tolerations", LIST(T(core_v1_Toleration)), "Taints that are put up with."),
    F(23, "hostAliases", LIST(T(core_v1_HostAlias)), "Entries for its hosts file.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "ip", .merge_key = "ip"),
    F(24, "priorityClassName", T(string), "The PriorityClass."),
    F(25, "priority", T(int32), "The priority in numbers; set from the class.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(26, "dnsConfig", T(core_v1_PodDNSConfig),
      "How names are resolved, beside what dnsPolicy gives.", .flags = CLEAT_FIELD_NULLABLE),
    F(28, "readinessGates", LIST(T(core_v1_PodReadinessGate)),
      "Conditions that must be true before it counts as ready."),
    F(29, "runtimeClassName", T(string), "The RuntimeClass that runs it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(30, "enableServiceLinks", T(bool),
      "Whether it gets variables for the Services of its namespace.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(31, "preemptionPolicy", T(string), "Never, or PreemptLowerPriority to push out others.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "PreemptLowerPriority,Never"),
    F(32, "overhead", MAP(T(quantity)),
      "What running it costs beside its containers; set from the RuntimeClass."),
    F(33, "topologySpreadConstraints", LIST(T(core_v1_TopologySpreadConstraint)),
      "How pods like it are spread over zones or nodes.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "topologyKey,whenUnsatisfiable", .merge_key = "topologyKey"),
    F(35, "setHostnameAsFQDN", T(bool), "Whether its host name is the full one.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(36, "os", T(core_v1_PodOS), "The operating system that it is for.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(37, "hostUsers", T(bool), "Whether it shares the node's user namespace.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(38, "schedulingGates", LIST(T(core_v1_PodSchedulingGate)),
      "It is not placed while one of these is there.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(39, "resourceClaims", LIST(T(core_v1_PodResourceClaim)),
      "ResourceClaims that containers may use.",
      .flags = CLEAT_FIELD_MERGE | CLEAT_FIELD_RETAIN_KEYS, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    F(40, "resources", T(core_v1_ResourceRequirements), "Resources of the pod as a whole.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(41, "hostnameOverride", T(string), "The host name to use in any case.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(43, "schedulingGroup", T(core_v1_PodSchedulingGroup),
      "The group that it is placed together with.", .flags = CLEAT_FIELD_NULLABLE),
    F(44, "evictionResponders", LIST(T(core_v1_EvictionResponder)),
      "Who is to be asked when it is to be evicted.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    END};
const struct cleat_type cleat_type_core_v1_PodSpec = {.name = "io.k8s.api.core.v1.PodSpec",
                                                      .doc = "What a pod is to be.",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = core_v1_PodSpec_fields};

static const struct cleat_field core_v1_PodStatus_fields[] = {
    F(17, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(1, "phase", T(string), "Pending, Running, Succeeded, Failed or Unknown.",
      .values = "Pending,Running,Succeeded,Failed,Unknown"),
    F(2, "conditions", LIST(T(core_v1_PodCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(3, "message", T(string), "A sentence for people."),
    F(4, "reason", T(string), "A short CamelCase word for the cause."),
    F(11, "nominatedNodeName", T(string),
      "The node that it is likely to get once others are pushed out."),
    F(5, "hostIP", T(string), "The address of its node."),
    F(16, "hostIPs", LIST(T(core_v1_HostIP)), "All addresses of its node.",
      .flags = CLEAT_FIELD_MERGE, .merge_key = "ip"),
    F(6, "podIP", T(string), "Its address."),
    F(12, "podIPs", LIST(T(core_v1_PodIP)), "All its addresses, one for each IP family.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "ip", .merge_key = "ip"),
    F(7, "startTime", T(time), "When the kubelet took notice of it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "initContainerStatuses", LIST(T(core_v1_ContainerStatus)),
      "What its init containers do."),
    F(8, "containerStatuses", LIST(T(core_v1_ContainerStatus)), "What its containers do."),
    F(9, "qosClass", T(string), "Guaranteed, Burstable or BestEffort; follows from its resources.",
      .values = "Guaranteed,Burstable,BestEffort"),
    F(13, "ephemeralContainerStatuses", LIST(T(core_v1_ContainerStatus)),
      "What its ephemeral containers do."),
    F(14, "resize", T(string), "How far a resize is."),
    F(15, "resourceClaimStatuses", LIST(T(core_v1_PodResourceClaimStatus)),
      "The claims that were made for it.", .flags = CLEAT_FIELD_MERGE | CLEAT_FIELD_RETAIN_KEYS,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(18, "extendedResourceClaimStatus", T(core_v1_PodExtendedResourceClaimStatus),
      "The claim that stands for its extended resources.", .flags = CLEAT_FIELD_NULLABLE),
    F(19, "allocatedResources", MAP(T(quantity)), "What the node has set aside for it."),
    F(20, "resources", T(core_v1_ResourceRequirements), "Requests and limits that are in force.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(21, "nodeAllocatableResourceClaimStatuses",
      LIST(T(core_v1_NodeAllocatableResourceClaimStatus)), "What its claims take of the node.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "resourceClaimName",
      .merge_key = "resourceClaimName"),
    F(22, "volumeHealth", LIST(T(core_v1_PodVolumeHealth)), "What is known of its volumes.",
      .list = CLEAT_LIST_MAP, .keys = "name"),
    END};
const struct cleat_type cleat_type_core_v1_PodStatus = {.name = "io.k8s.api.core.v1.PodStatus",
                                                        .doc = "What is known of a pod.",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_PodStatus_fields};

static const struct cleat_field core_v1_PodSecurityContext_fields[] = {
    F(1, "seLinuxOptions", T(core_v1_SELinuxOptions), "The SELinux context.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(8, "windowsOptions", T(core_v1_WindowsSecurityContextOptions), "Settings for Windows.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "runAsUser", T(int64), "The user's number to run as.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "runAsGroup", T(int64), "The group's number to run as.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "runAsNonRoot", T(bool), "Refuse to run as user 0.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "supplementalGroups", LIST(T(int64)), "More groups of the first process."),
    F(12, "supplementalGroupsPolicy", T(string), "Merge with the image's groups, or Strict.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "Merge,Strict"),
    F(5, "fsGroup", T(int64), "The group that owns the pod's volumes.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "sysctls", LIST(T(core_v1_Sysctl)), "Kernel parameters of the pod's namespaces."),
    F(9, "fsGroupChangePolicy", T(string),
      "When to change the owner of a volume's files: Always or OnRootMismatch.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "OnRootMismatch,Always"),
    F(10, "seccompProfile", T(core_v1_SeccompProfile), "Which system calls are allowed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(11, "appArmorProfile", T(core_v1_AppArmorProfile), "The AppArmor profile.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(13, "seLinuxChangePolicy", T(string), "Recursive or MountOption.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PodSecurityContext = {
    .name = "io.k8s.api.core.v1.PodSecurityContext",
    .doc = "Security settings of all containers of a pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodSecurityContext_fields};

static const struct cleat_field core_v1_Affinity_fields[] = {
    F(1, "nodeAffinity", T(core_v1_NodeAffinity), "On which nodes.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "podAffinity", T(core_v1_PodAffinity), "Near which pods.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "podAntiAffinity", T(core_v1_PodAntiAffinity), "Away from which pods.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_Affinity = {.name = "io.k8s.api.core.v1.Affinity",
                                                       .doc = "Where a pod shall run.",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = core_v1_Affinity_fields};

static const struct cleat_field core_v1_Toleration_fields[] = {
    F(1, "key", T(string), "The taint's key; empty with Exists means every taint."),
    F(2, "operator", T(string), "Equal, Exists, Lt or Gt.", .values = "Exists,Equal,Lt,Gt"),
    F(3, "value", T(string), "The taint's value, for Equal."),
    F(4, "effect", T(string), "The effect that is put up with; empty means all.",
      .values = "NoSchedule,PreferNoSchedule,NoExecute"),
    F(5, "tolerationSeconds", T(int64), "How long a NoExecute taint is put up with.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_Toleration = {.name = "io.k8s.api.core.v1.Toleration",
                                                         .doc = "A taint that a pod puts up with.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_Toleration_fields};

static const struct cleat_field core_v1_HostAlias_fields[] = {
    F(1, "ip", T(string), "An IP address.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "hostnames", LIST(T(string)), "The names."), END};
const struct cleat_type cleat_type_core_v1_HostAlias = {
    .name = "io.k8s.api.core.v1.HostAlias",
    .doc = "Names for an address in the pod's hosts file.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_HostAlias_fields};

static const struct cleat_field core_v1_PodDNSConfig_fields[] = {
    F(1, "nameservers", LIST(T(string)), "Addresses of name servers."),
    F(2, "searches", LIST(T(string)), "Domains to search."),
    F(3, "options", LIST(T(core_v1_PodDNSConfigOption)), "Options of the resolver."), END};
const struct cleat_type cleat_type_core_v1_PodDNSConfig = {
    .name = "io.k8s.api.core.v1.PodDNSConfig",
    .doc = "How names are resolved in a pod, beside what its policy gives.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodDNSConfig_fields};

static const struct cleat_field core_v1_PodReadinessGate_fields[] = {
    F(1, "conditionType", T(string), "The condition's type.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodReadinessGate = {
    .name = "io.k8s.api.core.v1.PodReadinessGate",
    .doc = "A condition that must be true before the pod counts as ready.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodReadinessGate_fields};

static const struct cleat_field core_v1_TopologySpreadConstraint_fields[] = {
    F(1, "maxSkew", T(int32), "By how many pods two domains may differ.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "topologyKey", T(string), "The node label that says what one domain is.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "whenUnsatisfiable", T(string), "DoNotSchedule or ScheduleAnyway.",
      .flags = CLEAT_FIELD_REQUIRED, .values = "DoNotSchedule,ScheduleAnyway"),
    F(4, "labelSelector", T(meta_v1_LabelSelector), "Which pods are counted.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "minDomains", T(int32), "The fewest domains to spread over.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "nodeAffinityPolicy", T(string),
      "Whether only nodes that suit the pod count: Honor or Ignore.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "Ignore,Honor"),
    F(7, "nodeTaintsPolicy", T(string),
      "Whether nodes with taints it does not tolerate count: Honor or Ignore.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "Ignore,Honor"),
    F(8, "matchLabelKeys", LIST(T(string)),
      "Label keys whose values are taken from the new pod and must be equal."),
    END};
const struct cleat_type cleat_type_core_v1_TopologySpreadConstraint = {
    .name = "io.k8s.api.core.v1.TopologySpreadConstraint",
    .doc = "How pods are spread.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TopologySpreadConstraint_fields};

static const struct cleat_field core_v1_PodOS_fields[] = {
    F(1, "name", T(string), "linux or windows.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodOS = {.name = "io.k8s.api.core.v1.PodOS",
                                                    .doc =
                                                        "The operating system that a pod is for.",
                                                    .form = CLEAT_FORM_STRUCT,
                                                    .fields = core_v1_PodOS_fields};

static const struct cleat_field core_v1_PodSchedulingGate_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodSchedulingGate = {
    .name = "io.k8s.api.core.v1.PodSchedulingGate",
    .doc = "Keeps a pod from being placed until it is taken away.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodSchedulingGate_fields};

static const struct cleat_field core_v1_PodResourceClaim_fields[] = {
    F(1, "name", T(string), "How containers refer to it.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "resourceClaimName", T(string), "The ResourceClaim's name.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "resourceClaimTemplateName", T(string), "The template from which one is made for the pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PodResourceClaim = {
    .name = "io.k8s.api.core.v1.PodResourceClaim",
    .doc = "A ResourceClaim of a pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodResourceClaim_fields};

static const struct cleat_field core_v1_PodSchedulingGroup_fields[] = {
    F(1, "podGroupName", T(string), "The group's name.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_PodSchedulingGroup = {
    .name = "io.k8s.api.core.v1.PodSchedulingGroup",
    .doc = "The group that a pod is placed together with.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodSchedulingGroup_fields};

static const struct cleat_field core_v1_PodCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(7, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastProbeTime", T(time), "When the condition was last looked at."),
    F(4, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(5, "reason", T(string), "A short CamelCase word for the cause."),
    F(6, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_core_v1_PodCondition = {.name =
                                                               "io.k8s.api.core.v1.PodCondition",
                                                           .doc = "What is known of a pod.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_PodCondition_fields};

static const struct cleat_field core_v1_HostIP_fields[] = {
    F(1, "ip", T(string), "An IP address.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_HostIP = {.name = "io.k8s.api.core.v1.HostIP",
                                                     .doc = "An address of the node.",
                                                     .form = CLEAT_FORM_STRUCT,
                                                     .fields = core_v1_HostIP_fields};

static const struct cleat_field core_v1_PodIP_fields[] = {
    F(1, "ip", T(string), "An IP address.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodIP = {.name = "io.k8s.api.core.v1.PodIP",
                                                    .doc = "An address of a pod.",
                                                    .form = CLEAT_FORM_STRUCT,
                                                    .fields = core_v1_PodIP_fields};

static const struct cleat_field core_v1_PodResourceClaimStatus_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resourceClaimName", T(string), "The ResourceClaim's name.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PodResourceClaimStatus = {
    .name = "io.k8s.api.core.v1.PodResourceClaimStatus",
    .doc = "The claim that was made.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodResourceClaimStatus_fields};

static const struct cleat_field core_v1_PodExtendedResourceClaimStatus_fields[] = {
    F(1, "requestMappings", LIST(T(core_v1_ContainerExtendedResourceRequest)),
      "Which request stands for which container's resource.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resourceClaimName", T(string), "The ResourceClaim's name.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PodExtendedResourceClaimStatus = {
    .name = "io.k8s.api.core.v1.PodExtendedResourceClaimStatus",
    .doc = "The claim that stands for a pod's extended resources.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodExtendedResourceClaimStatus_fields};

static const struct cleat_field core_v1_PodVolumeHealth_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "healthConditions", LIST(T(core_v1_VolumeHealthCondition)), "What is known of its health.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "status,reason",
      .merge_key = "status"),
    F(3, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    END};
const struct cleat_type cleat_type_core_v1_PodVolumeHealth = {
    .name = "io.k8s.api.core.v1.PodVolumeHealth",
    .doc = "Health of a volume of a pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodVolumeHealth_fields};

static const struct cleat_field core_v1_SessionAffinityConfig_fields[] = {
    F(1, "clientIP", T(core_v1_ClientIPConfig), "By their address.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_SessionAffinityConfig = {
    .name = "io.k8s.api.core.v1.SessionAffinityConfig",
    .doc = "How clients are kept on one pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SessionAffinityConfig_fields};

static const struct cleat_field core_v1_NodeSelector_fields[] = {
    F(1, "nodeSelectorTerms", LIST(T(core_v1_NodeSelectorTerm)),
      "The terms; one of them must be met.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_NodeSelector = {
    .name = "io.k8s.api.core.v1.NodeSelector",
    .doc = "Nodes that meet one of the terms.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_Sysctl_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(string), "Its value.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_Sysctl = {.name = "io.k8s.api.core.v1.Sysctl",
                                                     .doc = "A kernel parameter.",
                                                     .form = CLEAT_FORM_STRUCT,
                                                     .fields = core_v1_Sysctl_fields};

static const struct cleat_field core_v1_NodeAffinity_fields[] = {
    F(1, "requiredDuringSchedulingIgnoredDuringExecution", T(core_v1_NodeSelector),
      "Demands that the node must meet when the pod is placed.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "preferredDuringSchedulingIgnoredDuringExecution",
      LIST(T(core_v1_PreferredSchedulingTerm)),
      "Wishes; the node that fulfils most of them by weight is taken."),
    END};
const struct cleat_type cleat_type_core_v1_NodeAffinity = {.name =
                                                               "io.k8s.api.core.v1.NodeAffinity",
                                                           .doc = "Which nodes suit a pod.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_NodeAffinity_fields};

static const struct cleat_field core_v1_PodAffinity_fields[] = {
    F(1, "requiredDuringSchedulingIgnoredDuringExecution", LIST(T(core_v1_PodAffinityTerm)),
      "Demands that must be met when the pod is placed."),
    F(2, "preferredDuringSchedulingIgnoredDuringExecution",
      LIST(T(core_v1_WeightedPodAffinityTerm)), "Wishes, by weight."),
    END};
const struct cleat_type cleat_type_core_v1_PodAffinity = {.name = "io.k8s.api.core.v1.PodAffinity",
                                                          .doc = "Near which pods a pod shall be.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_PodAffinity_fields};

static const struct cleat_field core_v1_PodAntiAffinity_fields[] = {
    F(1, "requiredDuringSchedulingIgnoredDuringExecution", LIST(T(core_v1_PodAffinityTerm)),
      "Demands that must be met when the pod is placed."),
    F(2, "preferredDuringSchedulingIgnoredDuringExecution",
      LIST(T(core_v1_WeightedPodAffinityTerm)), "Wishes, by weight."),
    END};
const struct cleat_type cleat_type_core_v1_PodAntiAffinity = {
    .name = "io.k8s.api.core.v1.PodAntiAffinity",
    .doc = "Away from which pods a pod shall be.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodAntiAffinity_fields};

static const struct cleat_field core_v1_PodDNSConfigOption_fields[] = {
    F(1, "name", T(string), "Its name."),
    F(2, "value", T(string), "Its value.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_PodDNSConfigOption = {
    .name = "io.k8s.api.core.v1.PodDNSConfigOption",
    .doc = "An option of the resolver.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodDNSConfigOption_fields};

static const struct cleat_field core_v1_NodeSelectorTerm_fields[] = {
    F(1, "matchExpressions", LIST(T(core_v1_NodeSelectorRequirement)), "Demands on labels."),
    F(2, "matchFields", LIST(T(core_v1_NodeSelectorRequirement)),
      "Demands on fields, such as metadata.name."),
    END};
const struct cleat_type cleat_type_core_v1_NodeSelectorTerm = {
    .name = "io.k8s.api.core.v1.NodeSelectorTerm",
    .doc = "Demands that must all be met.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSelectorTerm_fields,
    .atomic = 1};

static const struct cleat_field core_v1_PreferredSchedulingTerm_fields[] = {
    F(1, "weight", T(int32), "How much it counts among the preferences, from 1 to 100.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "preference", T(core_v1_NodeSelectorTerm), "The wish.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PreferredSchedulingTerm = {
    .name = "io.k8s.api.core.v1.PreferredSchedulingTerm",
    .doc = "A wish and its weight.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PreferredSchedulingTerm_fields};

static const struct cleat_field core_v1_PodAffinityTerm_fields[] = {
    F(1, "labelSelector", T(meta_v1_LabelSelector), "Which objects are meant, by their labels.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "namespaces", LIST(T(string)),
      "The namespaces to look in; the pod's own where nothing is said."),
    F(3, "topologyKey", T(string), "The node label that says what one domain is.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(4, "namespaceSelector", T(meta_v1_LabelSelector), "Namespaces with these labels.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "matchLabelKeys", LIST(T(string)),
      "Label keys whose values are taken from the new pod and must be equal."),
    F(6, "mismatchLabelKeys", LIST(T(string)),
      "Label keys whose values are taken from the new pod and must differ."),
    END};
const struct cleat_type cleat_type_core_v1_PodAffinityTerm = {
    .name = "io.k8s.api.core.v1.PodAffinityTerm",
    .doc = "Pods that share a node, zone or other domain.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodAffinityTerm_fields};

static const struct cleat_field core_v1_WeightedPodAffinityTerm_fields[] = {
    F(1, "weight", T(int32), "How much it counts among the preferences, from 1 to 100.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "podAffinityTerm", T(core_v1_PodAffinityTerm), "The wish.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_WeightedPodAffinityTerm = {
    .name = "io.k8s.api.core.v1.WeightedPodAffinityTerm",
    .doc = "A wish and its weight.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_WeightedPodAffinityTerm_fields};

static const struct cleat_field core_v1_PortStatus_fields[] = {
    F(1, "port", T(int32), "The port's number.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "protocol", T(string), "TCP, UDP or SCTP.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "TCP,UDP,SCTP"),
    F(3, "error", T(string), "Why it does not work; empty if it does.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PortStatus = {.name = "io.k8s.api.core.v1.PortStatus",
                                                         .doc = "What became of a port.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_PortStatus_fields};

static const struct cleat_field core_v1_NodeSelectorRequirement_fields[] = {
    F(1, "key", T(string), "The key that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "operator", T(string), "In, NotIn, Exists, DoesNotExist, Gt or Lt.",
      .flags = CLEAT_FIELD_REQUIRED, .values = "In,NotIn,Exists,DoesNotExist,Gt,Lt"),
    F(3, "values", LIST(T(string)), "What it is compared with."), END};
const struct cleat_type cleat_type_core_v1_NodeSelectorRequirement = {
    .name = "io.k8s.api.core.v1.NodeSelectorRequirement",
    .doc = "A demand on a node's labels or fields.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSelectorRequirement_fields};
