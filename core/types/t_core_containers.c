/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: containers. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_EventSource_fields[] = {F(1, "component", T(string), ""),
                                                                F(2, "host", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_EventSource = {.name = "io.k8s.api.core.v1.EventSource",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_EventSource_fields};

static const struct cleat_field core_v1_Container_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "image", T(string), ""),
    F(3, "command", LIST(T(string)), ""),
    F(4, "args", LIST(T(string)), ""),
    F(5, "workingDir", T(string), ""),
    F(6, "ports", LIST(T(core_v1_ContainerPort)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "containerPort,protocol", .merge_key = "containerPort"),
    F(19, "envFrom", LIST(T(core_v1_EnvFromSource)), ""),
    F(7, "env", LIST(T(core_v1_EnvVar)), "", .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP,
      .keys = "name", .merge_key = "name"),
    F(8, "resources", T(core_v1_ResourceRequirements), ""),
    F(23, "resizePolicy", LIST(T(core_v1_ContainerResizePolicy)), ""),
    F(24, "restartPolicy", T(string), ""),
    F(25, "restartPolicyRules", LIST(T(core_v1_ContainerRestartRule)), ""),
    F(9, "volumeMounts", LIST(T(core_v1_VolumeMount)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "mountPath", .merge_key = "mountPath"),
    F(21, "volumeDevices", LIST(T(core_v1_VolumeDevice)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "devicePath", .merge_key = "devicePath"),
    F(10, "livenessProbe", T(core_v1_Probe), ""),
    F(11, "readinessProbe", T(core_v1_Probe), ""),
    F(22, "startupProbe", T(core_v1_Probe), ""),
    F(12, "lifecycle", T(core_v1_Lifecycle), ""),
    F(13, "terminationMessagePath", T(string), ""),
    F(20, "terminationMessagePolicy", T(string), "", .values = "File,FallbackToLogsOnError"),
    F(14, "imagePullPolicy", T(string), "", .values = "Always,Never,IfNotPresent"),
    F(15, "securityContext", T(core_v1_SecurityContext), ""),
    F(16, "stdin", T(bool), ""),
    F(17, "stdinOnce", T(bool), ""),
    F(18, "tty", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_Container = {.name = "io.k8s.api.core.v1.Container",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_Container_fields};

static const struct cleat_field core_v1_EphemeralContainer_fields[] = {
    F(1, "", T(core_v1_EphemeralContainerCommon), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "targetContainerName", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_EphemeralContainer = {
    .name = "io.k8s.api.core.v1.EphemeralContainer",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EphemeralContainer_fields};

static const struct cleat_field core_v1_ResourceRequirements_fields[] = {
    F(1, "limits", MAP(T(quantity)), ""), F(2, "requests", MAP(T(quantity)), ""),
    F(3, "claims", LIST(T(core_v1_ResourceClaim)), "", .list = CLEAT_LIST_MAP, .keys = "name"),
    END};
const struct cleat_type cleat_type_core_v1_ResourceRequirements = {
    .name = "io.k8s.api.core.v1.ResourceRequirements",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceRequirements_fields};

static const struct cleat_field core_v1_ContainerStatus_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "state", T(core_v1_ContainerState), ""),
    F(3, "lastState", T(core_v1_ContainerState), ""),
    F(4, "ready", T(bool), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "restartCount", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "image", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "imageID", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "containerID", T(string), ""),
    F(9, "started", T(bool), ""),
    F(10, "allocatedResources", MAP(T(quantity)), ""),
    F(11, "resources", T(core_v1_ResourceRequirements), ""),
    F(12, "volumeMounts", LIST(T(core_v1_VolumeMountStatus)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "mountPath", .merge_key = "mountPath"),
    F(13, "user", T(core_v1_ContainerUser), ""),
    F(14, "allocatedResourcesStatus", LIST(T(core_v1_ResourceStatus)), "",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(15, "stopSignal", T(string), "",
      .values = "SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,"
                "SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGSEGV,SIGSTKFLT,SIGSTOP,"
                "SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,"
                "SIGWINCH,SIGXCPU,SIGXFSZ,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,"
                "SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGRTMIN+10,SIGRTMIN+11,"
                "SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMAX-14,SIGRTMAX-13,SIGRTMAX-"
                "12,SIGRTMAX-11,SIGRTMAX-10,SIGRTMAX-9,SIGRTMAX-8,SIGRTMAX-7,SIGRTMAX-6,SIGRTMAX-5,"
                "SIGRTMAX-4,SIGRTMAX-3,SIGRTMAX-2,SIGRTMAX-1,SIGRTMAX"),
    END};
const struct cleat_type cleat_type_core_v1_ContainerStatus = {
    .name = "io.k8s.api.core.v1.ContainerStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerStatus_fields};

static const struct cleat_field core_v1_ContainerImage_fields[] = {
    F(1, "names", LIST(T(string)), ""), F(2, "sizeBytes", T(int64), ""), END};
const struct cleat_type cleat_type_core_v1_ContainerImage = {
    .name = "io.k8s.api.core.v1.ContainerImage",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerImage_fields};

static const struct cleat_field core_v1_AttachedVolume_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "devicePath", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_AttachedVolume = {
    .name = "io.k8s.api.core.v1.AttachedVolume",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AttachedVolume_fields};

static const struct cleat_field core_v1_ContainerPort_fields[] = {
    F(1, "name", T(string), ""),
    F(2, "hostPort", T(int32), ""),
    F(3, "containerPort", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "protocol", T(string), "", .def = "\"TCP\"", .values = "TCP,UDP,SCTP"),
    F(5, "hostIP", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_ContainerPort = {.name =
                                                                "io.k8s.api.core.v1.ContainerPort",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ContainerPort_fields};

static const struct cleat_field core_v1_EnvFromSource_fields[] = {
    F(1, "prefix", T(string), ""), F(2, "configMapRef", T(core_v1_ConfigMapEnvSource), ""),
    F(3, "secretRef", T(core_v1_SecretEnvSource), ""), END};
const struct cleat_type cleat_type_core_v1_EnvFromSource = {.name =
                                                                "io.k8s.api.core.v1.EnvFromSource",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_EnvFromSource_fields};

static const struct cleat_field core_v1_EnvVar_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "value", T(string), ""),
    F(3, "valueFrom", T(core_v1_EnvVarSource), ""), END};
const struct cleat_type cleat_type_core_v1_EnvVar = {.name = "io.k8s.api.core.v1.EnvVar",
                                                     .doc = "",
                                                     .form = CLEAT_FORM_STRUCT,
                                                     .fields = core_v1_EnvVar_fields};

static const struct cleat_field core_v1_ContainerResizePolicy_fields[] = {
    F(1, "resourceName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "restartPolicy", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ContainerResizePolicy = {
    .name = "io.k8s.api.core.v1.ContainerResizePolicy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerResizePolicy_fields};

static const struct cleat_field core_v1_ContainerRestartRule_fields[] = {
    F(1, "action", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "exitCodes", T(core_v1_ContainerRestartRuleOnExitCodes), ""), END};
const struct cleat_type cleat_type_core_v1_ContainerRestartRule = {
    .name = "io.k8s.api.core.v1.ContainerRestartRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerRestartRule_fields};

static const struct cleat_field core_v1_VolumeMount_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "readOnly", T(bool), ""),
    F(7, "recursiveReadOnly", T(string), ""),
    F(3, "mountPath", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "subPath", T(string), ""),
    F(5, "mountPropagation", T(string), "", .values = "None,HostToContainer,Bidirectional"),
    F(6, "subPathExpr", T(string), ""),
    F(8, "bindMountOptions", LIST(T(string)), "", .list = CLEAT_LIST_SET),
    END};
const struct cleat_type cleat_type_core_v1_VolumeMount = {.name = "io.k8s.api.core.v1.VolumeMount",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_VolumeMount_fields};

static const struct cleat_field core_v1_VolumeDevice_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "devicePath", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_VolumeDevice = {.name =
                                                               "io.k8s.api.core.v1.VolumeDevice",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_VolumeDevice_fields};

static const struct cleat_field core_v1_Probe_fields[] = {
    F(1, "", T(core_v1_ProbeHandler), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "initialDelaySeconds", T(int32), ""),
    F(3, "timeoutSeconds", T(int32), ""),
    F(4, "periodSeconds", T(int32), ""),
    F(5, "successThreshold", T(int32), ""),
    F(6, "failureThreshold", T(int32), ""),
    F(7, "terminationGracePeriodSeconds", T(int64), ""),
    END};
const struct cleat_type cleat_type_core_v1_Probe = {.name = "io.k8s.api.core.v1.Probe",
                                                    .doc = "",
                                                    .form = CLEAT_FORM_STRUCT,
                                                    .fields = core_v1_Probe_fields};

static const struct cleat_field core_v1_Lifecycle_fields[] = {
    F(1, "postStart", T(core_v1_LifecycleHandler), ""),
    F(2, "preStop", T(core_v1_LifecycleHandler), ""),
    F(3, "stopSignal", T(string), "",
      .values = "SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,"
                "SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGSEGV,SIGSTKFLT,SIGSTOP,"
                "SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,"
                "SIGWINCH,SIGXCPU,SIGXFSZ,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,"
                "SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGRTMIN+10,SIGRTMIN+11,"
                "SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMAX-14,SIGRTMAX-13,SIGRTMAX-"
                "12,SIGRTMAX-11,SIGRTMAX-10,SIGRTMAX-9,SIGRTMAX-8,SIGRTMAX-7,SIGRTMAX-6,SIGRTMAX-5,"
                "SIGRTMAX-4,SIGRTMAX-3,SIGRTMAX-2,SIGRTMAX-1,SIGRTMAX"),
    END};
const struct cleat_type cleat_type_core_v1_Lifecycle = {.name = "io.k8s.api.core.v1.Lifecycle",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_Lifecycle_fields};

static const struct cleat_field core_v1_SecurityContext_fields[] = {
    F(1, "capabilities", T(core_v1_Capabilities), ""),
    F(2, "privileged", T(bool), ""),
    F(3, "seLinuxOptions", T(core_v1_SELinuxOptions), ""),
    F(10, "windowsOptions", T(core_v1_WindowsSecurityContextOptions), ""),
    F(4, "runAsUser", T(int64), ""),
    F(8, "runAsGroup", T(int64), ""),
    F(5, "runAsNonRoot", T(bool), ""),
    F(6, "readOnlyRootFilesystem", T(bool), ""),
    F(7, "allowPrivilegeEscalation", T(bool), ""),
    F(9, "procMount", T(string), "", .values = "Default,Unmasked"),
    F(11, "seccompProfile", T(core_v1_SeccompProfile), ""),
    F(12, "appArmorProfile", T(core_v1_AppArmorProfile), ""),
    END};
const struct cleat_type cleat_type_core_v1_SecurityContext = {
    .name = "io.k8s.api.core.v1.SecurityContext",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecurityContext_fields};

static const struct cleat_field core_v1_EphemeralContainerCommon_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "image", T(string), ""),
    F(3, "command", LIST(T(string)), ""),
    F(4, "args", LIST(T(string)), ""),
    F(5, "workingDir", T(string), ""),
    F(6, "ports", LIST(T(core_v1_ContainerPort)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "containerPort,protocol", .merge_key = "containerPort"),
    F(19, "envFrom", LIST(T(core_v1_EnvFromSource)), ""),
    F(7, "env", LIST(T(core_v1_EnvVar)), "", .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP,
      .keys = "name", .merge_key = "name"),
    F(8, "resources", T(core_v1_ResourceRequirements), ""),
    F(23, "resizePolicy", LIST(T(core_v1_ContainerResizePolicy)), ""),
    F(24, "restartPolicy", T(string), ""),
    F(25, "restartPolicyRules", LIST(T(core_v1_ContainerRestartRule)), ""),
    F(9, "volumeMounts", LIST(T(core_v1_VolumeMount)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "mountPath", .merge_key = "mountPath"),
    F(21, "volumeDevices", LIST(T(core_v1_VolumeDevice)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "devicePath", .merge_key = "devicePath"),
    F(10, "livenessProbe", T(core_v1_Probe), ""),
    F(11, "readinessProbe", T(core_v1_Probe), ""),
    F(22, "startupProbe", T(core_v1_Probe), ""),
    F(12, "lifecycle", T(core_v1_Lifecycle), ""),
    F(13, "terminationMessagePath", T(string), ""),
    F(20, "terminationMessagePolicy", T(string), "", .values = "File,FallbackToLogsOnError"),
    F(14, "imagePullPolicy", T(string), "", .values = "Always,Never,IfNotPresent"),
    F(15, "securityContext", T(core_v1_SecurityContext), ""),
    F(16, "stdin", T(bool), ""),
    F(17, "stdinOnce", T(bool), ""),
    F(18, "tty", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_EphemeralContainerCommon = {
    .name = "io.k8s.api.core.v1.EphemeralContainerCommon",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EphemeralContainerCommon_fields};

static const struct cleat_field core_v1_SELinuxOptions_fields[] = {
    F(1, "user", T(string), ""), F(2, "role", T(string), ""), F(3, "type", T(string), ""),
    F(4, "level", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_SELinuxOptions = {
    .name = "io.k8s.api.core.v1.SELinuxOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SELinuxOptions_fields};

static const struct cleat_field core_v1_WindowsSecurityContextOptions_fields[] = {
    F(1, "gmsaCredentialSpecName", T(string), ""), F(2, "gmsaCredentialSpec", T(string), ""),
    F(3, "runAsUserName", T(string), ""), F(4, "hostProcess", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_WindowsSecurityContextOptions = {
    .name = "io.k8s.api.core.v1.WindowsSecurityContextOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_WindowsSecurityContextOptions_fields};

static const struct cleat_field core_v1_SeccompProfile_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "Unconfined,RuntimeDefault,Localhost"),
    F(2, "localhostProfile", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_SeccompProfile = {
    .name = "io.k8s.api.core.v1.SeccompProfile",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SeccompProfile_fields};

static const struct cleat_field core_v1_AppArmorProfile_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "Unconfined,RuntimeDefault,Localhost"),
    F(2, "localhostProfile", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_AppArmorProfile = {
    .name = "io.k8s.api.core.v1.AppArmorProfile",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AppArmorProfile_fields};

static const struct cleat_field core_v1_ResourceClaim_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "request", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_ResourceClaim = {.name =
                                                                "io.k8s.api.core.v1.ResourceClaim",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ResourceClaim_fields};

static const struct cleat_field core_v1_ContainerState_fields[] = {
    F(1, "waiting", T(core_v1_ContainerStateWaiting), ""),
    F(2, "running", T(core_v1_ContainerStateRunning), ""),
    F(3, "terminated", T(core_v1_ContainerStateTerminated), ""), END};
const struct cleat_type cleat_type_core_v1_ContainerState = {
    .name = "io.k8s.api.core.v1.ContainerState",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerState_fields};

static const struct cleat_field core_v1_VolumeMountStatus_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "mountPath", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), ""),
    F(4, "recursiveReadOnly", T(string), ""),
    F(5, "volumeStatus", T(core_v1_VolumeStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_VolumeMountStatus = {
    .name = "io.k8s.api.core.v1.VolumeMountStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeMountStatus_fields};

static const struct cleat_field core_v1_ContainerUser_fields[] = {
    F(1, "linux", T(core_v1_LinuxContainerUser), ""), END};
const struct cleat_type cleat_type_core_v1_ContainerUser = {.name =
                                                                "io.k8s.api.core.v1.ContainerUser",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ContainerUser_fields};

static const struct cleat_field core_v1_ResourceStatus_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resources", LIST(T(core_v1_ResourceHealth)), "", .list = CLEAT_LIST_MAP,
      .keys = "resourceID"),
    END};
const struct cleat_type cleat_type_core_v1_ResourceStatus = {
    .name = "io.k8s.api.core.v1.ResourceStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceStatus_fields};

static const struct cleat_field core_v1_ContainerExtendedResourceRequest_fields[] = {
    F(1, "containerName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resourceName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "requestName", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ContainerExtendedResourceRequest = {
    .name = "io.k8s.api.core.v1.ContainerExtendedResourceRequest",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerExtendedResourceRequest_fields};

static const struct cleat_field core_v1_EnvVarSource_fields[] = {
    F(1, "fieldRef", T(core_v1_ObjectFieldSelector), ""),
    F(2, "resourceFieldRef", T(core_v1_ResourceFieldSelector), ""),
    F(3, "configMapKeyRef", T(core_v1_ConfigMapKeySelector), ""),
    F(4, "secretKeyRef", T(core_v1_SecretKeySelector), ""),
    F(5, "fileKeyRef", T(core_v1_FileKeySelector), ""),
    END};
const struct cleat_type cleat_type_core_v1_EnvVarSource = {.name =
                                                               "io.k8s.api.core.v1.EnvVarSource",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_EnvVarSource_fields};

static const struct cleat_field core_v1_ContainerRestartRuleOnExitCodes_fields[] = {
    F(1, "operator", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "values", LIST(T(int32)), "", .list = CLEAT_LIST_SET), END};
const struct cleat_type cleat_type_core_v1_ContainerRestartRuleOnExitCodes = {
    .name = "io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerRestartRuleOnExitCodes_fields};

static const struct cleat_field core_v1_ProbeHandler_fields[] = {
    F(1, "exec", T(core_v1_ExecAction), ""), F(2, "httpGet", T(core_v1_HTTPGetAction), ""),
    F(3, "tcpSocket", T(core_v1_TCPSocketAction), ""), F(4, "grpc", T(core_v1_GRPCAction), ""),
    END};
const struct cleat_type cleat_type_core_v1_ProbeHandler = {.name =
                                                               "io.k8s.api.core.v1.ProbeHandler",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_ProbeHandler_fields};

static const struct cleat_field core_v1_LifecycleHandler_fields[] = {
    F(1, "exec", T(core_v1_ExecAction), ""), F(2, "httpGet", T(core_v1_HTTPGetAction), ""),
    F(3, "tcpSocket", T(core_v1_TCPSocketAction), ""), F(4, "sleep", T(core_v1_SleepAction), ""),
    END};
const struct cleat_type cleat_type_core_v1_LifecycleHandler = {
    .name = "io.k8s.api.core.v1.LifecycleHandler",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LifecycleHandler_fields};

static const struct cleat_field core_v1_Capabilities_fields[] = {
    F(1, "add", LIST(T(string)), ""), F(2, "drop", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_core_v1_Capabilities = {.name =
                                                               "io.k8s.api.core.v1.Capabilities",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_Capabilities_fields};

static const struct cleat_field core_v1_ContainerStateWaiting_fields[] = {
    F(1, "reason", T(string), ""), F(2, "message", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_ContainerStateWaiting = {
    .name = "io.k8s.api.core.v1.ContainerStateWaiting",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerStateWaiting_fields};

static const struct cleat_field core_v1_ContainerStateRunning_fields[] = {
    F(1, "startedAt", T(time), ""), END};
const struct cleat_type cleat_type_core_v1_ContainerStateRunning = {
    .name = "io.k8s.api.core.v1.ContainerStateRunning",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerStateRunning_fields};

static const struct cleat_field core_v1_ContainerStateTerminated_fields[] = {
    F(1, "exitCode", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "signal", T(int32), ""),
    F(3, "reason", T(string), ""),
    F(4, "message", T(string), ""),
    F(5, "startedAt", T(time), ""),
    F(6, "finishedAt", T(time), ""),
    F(7, "containerID", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_ContainerStateTerminated = {
    .name = "io.k8s.api.core.v1.ContainerStateTerminated",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerStateTerminated_fields};

static const struct cleat_field core_v1_ResourceHealth_fields[] = {
    F(1, "resourceID", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "health", T(string), ""),
    F(6, "message", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_ResourceHealth = {
    .name = "io.k8s.api.core.v1.ResourceHealth",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceHealth_fields};

static const struct cleat_field core_v1_ObjectFieldSelector_fields[] = {
    F(1, "apiVersion", T(string), ""),
    F(2, "fieldPath", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ObjectFieldSelector = {
    .name = "io.k8s.api.core.v1.ObjectFieldSelector",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ObjectFieldSelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ResourceFieldSelector_fields[] = {
    F(1, "containerName", T(string), ""),
    F(2, "resource", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "divisor", T(quantity), ""), END};
const struct cleat_type cleat_type_core_v1_ResourceFieldSelector = {
    .name = "io.k8s.api.core.v1.ResourceFieldSelector",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceFieldSelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_FileKeySelector_fields[] = {
    F(1, "volumeName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "optional", T(bool), "", .def = "false"), END};
const struct cleat_type cleat_type_core_v1_FileKeySelector = {
    .name = "io.k8s.api.core.v1.FileKeySelector",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FileKeySelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ExecAction_fields[] = {F(1, "command", LIST(T(string)), ""),
                                                               END};
const struct cleat_type cleat_type_core_v1_ExecAction = {.name = "io.k8s.api.core.v1.ExecAction",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_ExecAction_fields};

static const struct cleat_field core_v1_HTTPGetAction_fields[] = {
    F(1, "path", T(string), ""),
    F(2, "port", T(int_or_string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "host", T(string), ""),
    F(4, "scheme", T(string), "", .values = "HTTP,HTTPS"),
    F(5, "httpHeaders", LIST(T(core_v1_HTTPHeader)), ""),
    F(6, "protocol", T(string), "", .values = "HTTP1,HTTP2"),
    END};
const struct cleat_type cleat_type_core_v1_HTTPGetAction = {.name =
                                                                "io.k8s.api.core.v1.HTTPGetAction",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_HTTPGetAction_fields};

static const struct cleat_field core_v1_TCPSocketAction_fields[] = {
    F(1, "port", T(int_or_string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "host", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_TCPSocketAction = {
    .name = "io.k8s.api.core.v1.TCPSocketAction",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TCPSocketAction_fields};

static const struct cleat_field core_v1_GRPCAction_fields[] = {
    F(1, "port", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "service", T(string), "", .def = "\"\""),
    F(3, "mode", T(string), "", .values = "Plaintext,TLS"), END};
const struct cleat_type cleat_type_core_v1_GRPCAction = {.name = "io.k8s.api.core.v1.GRPCAction",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_GRPCAction_fields};

static const struct cleat_field core_v1_SleepAction_fields[] = {
    F(1, "seconds", T(int64), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_SleepAction = {.name = "io.k8s.api.core.v1.SleepAction",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_SleepAction_fields};

static const struct cleat_field core_v1_HTTPHeader_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_HTTPHeader = {.name = "io.k8s.api.core.v1.HTTPHeader",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_HTTPHeader_fields};
