/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: containers. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_EventSource_fields[] = {
    F(1, "component", T(string), "The component."), F(2, "host", T(string), "The node it runs on."),
    END};
const struct cleat_type cleat_type_core_v1_EventSource = {.name = "io.k8s.api.core.v1.EventSource",
                                                          .doc = "Who reports an event.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_EventSource_fields};

static const struct cleat_field core_v1_Container_fields[] = {
    F(1, "name", T(string), "Its name, unique in the pod.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "image", T(string), "The image to run."),
    F(3, "command", LIST(T(string)),
      "What to run instead of the image's entry point; $(VAR) is replaced."),
    F(4, "args", LIST(T(string)), "Arguments, instead of the image's own; $(VAR) is replaced."),
    F(5, "workingDir", T(string), "The folder to start in; the image's where nothing is said."),
    F(6, "ports", LIST(T(core_v1_ContainerPort)),
      "Ports that it listens on. Leaving one out does not close it.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "containerPort,protocol", .merge_key = "containerPort"),
    F(19, "envFrom", LIST(T(core_v1_EnvFromSource)), "Where to take many variables from at once."),
    F(7, "env", LIST(T(core_v1_EnvVar)), "Environment variables.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(8, "resources", T(core_v1_ResourceRequirements),
      "The computing resources that it needs and may use."),
    F(23, "resizePolicy", LIST(T(core_v1_ContainerResizePolicy)),
      "Whether it must be restarted when a resource is changed."),
    F(24, "restartPolicy", T(string),
      "Always, for an init container that goes on running beside the others.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(25, "restartPolicyRules", LIST(T(core_v1_ContainerRestartRule)),
      "When to restart by exit code; the first rule that fits decides."),
    F(9, "volumeMounts", LIST(T(core_v1_VolumeMount)),
      "Volumes of the pod to mount into the file system.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "mountPath", .merge_key = "mountPath"),
    F(21, "volumeDevices", LIST(T(core_v1_VolumeDevice)), "Raw block devices to give to it.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "devicePath",
      .merge_key = "devicePath"),
    F(10, "livenessProbe", T(core_v1_Probe),
      "Asked again and again; the container is restarted when it fails.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(11, "readinessProbe", T(core_v1_Probe),
      "Asked again and again; the container gets no traffic while it fails.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(22, "startupProbe", T(core_v1_Probe),
      "Must have succeeded once before the other probes begin.", .flags = CLEAT_FIELD_NULLABLE),
    F(12, "lifecycle", T(core_v1_Lifecycle), "What to do after it started and before it ends.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(13, "terminationMessagePath", T(string),
      "The file whose content becomes the message when it ends."),
    F(20, "terminationMessagePolicy", T(string),
      "File, or FallbackToLogsOnError to take the log's end when the file is empty.",
      .values = "File,FallbackToLogsOnError"),
    F(14, "imagePullPolicy", T(string),
      "Always, Never or IfNotPresent; by default Always for the tag latest.",
      .values = "Always,Never,IfNotPresent"),
    F(15, "securityContext", T(core_v1_SecurityContext),
      "Security settings that apply to this container only.", .flags = CLEAT_FIELD_NULLABLE),
    F(16, "stdin", T(bool), "Keep standard input open."),
    F(17, "stdinOnce", T(bool), "Close standard input after the first attachment has ended."),
    F(18, "tty", T(bool), "Give it a terminal; needs stdin."),
    END};
const struct cleat_type cleat_type_core_v1_Container = {
    .name = "io.k8s.api.core.v1.Container",
    .doc = "A process in an image of its own that runs in the pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_Container_fields};

static const struct cleat_field core_v1_EphemeralContainer_fields[] = {
    F(1, "", T(core_v1_EphemeralContainerCommon), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "targetContainerName", T(string), "The container whose processes it sees."), END};
const struct cleat_type cleat_type_core_v1_EphemeralContainer = {
    .name = "io.k8s.api.core.v1.EphemeralContainer",
    .doc = "A container that is added to a running pod to look into it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EphemeralContainer_fields};

static const struct cleat_field core_v1_ResourceRequirements_fields[] = {
    F(1, "limits", MAP(T(quantity)), "The most of each resource."),
    F(2, "requests", MAP(T(quantity)),
      "The least of each resource; the limit where nothing is said."),
    F(3, "claims", LIST(T(core_v1_ResourceClaim)), "ResourceClaims of the pod that it uses.",
      .list = CLEAT_LIST_MAP, .keys = "name"),
    END};
const struct cleat_type cleat_type_core_v1_ResourceRequirements = {
    .name = "io.k8s.api.core.v1.ResourceRequirements",
    .doc = "What a container needs and may use.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceRequirements_fields};

static const struct cleat_field core_v1_ContainerStatus_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "state", T(core_v1_ContainerState), "What it does now."),
    F(3, "lastState", T(core_v1_ContainerState), "How it ended the last time."),
    F(4, "ready", T(bool), "Whether it passes its readiness probe.", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "restartCount", T(int32), "How often it was restarted.", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "image", T(string), "The image that it runs.", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "imageID", T(string), "The exact image that it runs.", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "containerID", T(string), "The runtime's name for it, as runtime://id."),
    F(9, "started", T(bool), "Whether it has passed its startup probe.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "allocatedResources", MAP(T(quantity)), "What the node has set aside for it."),
    F(11, "resources", T(core_v1_ResourceRequirements), "Requests and limits that are in force.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "volumeMounts", LIST(T(core_v1_VolumeMountStatus)), "How its volumes are really mounted.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "mountPath",
      .merge_key = "mountPath"),
    F(13, "user", T(core_v1_ContainerUser), "Whom its first process runs as.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(14, "allocatedResourcesStatus", LIST(T(core_v1_ResourceStatus)),
      "Health of the devices that it was given.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(15, "stopSignal", T(string), "The signal that asks it to end.", .flags = CLEAT_FIELD_NULLABLE,
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
    .doc = "What a container does and did.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerStatus_fields};

static const struct cleat_field core_v1_ContainerImage_fields[] = {
    F(1, "names", LIST(T(string)), "All names of the image.", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "sizeBytes", T(int64), "Its size in bytes."), END};
const struct cleat_type cleat_type_core_v1_ContainerImage = {
    .name = "io.k8s.api.core.v1.ContainerImage",
    .doc = "An image that the node has.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerImage_fields};

static const struct cleat_field core_v1_AttachedVolume_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "devicePath", T(string), "Its device on the node.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_AttachedVolume = {
    .name = "io.k8s.api.core.v1.AttachedVolume",
    .doc = "A volume that is attached to a node.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AttachedVolume_fields};

static const struct cleat_field core_v1_ContainerPort_fields[] = {
    F(1, "name", T(string), "Its name, unique in the pod; Services may refer to it."),
    F(2, "hostPort", T(int32), "The port of the node to open for it."),
    F(3, "containerPort", T(int32), "The port in the container.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "protocol", T(string), "TCP, UDP or SCTP; TCP where nothing is said.", .def = "\"TCP\"",
      .values = "TCP,UDP,SCTP"),
    F(5, "hostIP", T(string), "The address of the node to bind hostPort to."),
    END};
const struct cleat_type cleat_type_core_v1_ContainerPort = {
    .name = "io.k8s.api.core.v1.ContainerPort",
    .doc = "A port that a container listens on.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerPort_fields};

static const struct cleat_field core_v1_EnvFromSource_fields[] = {
    F(1, "prefix", T(string), "Put before each name."),
    F(2, "configMapRef", T(core_v1_ConfigMapEnvSource), "All keys of a ConfigMap.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "secretRef", T(core_v1_SecretEnvSource), "All keys of a Secret.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_EnvFromSource = {
    .name = "io.k8s.api.core.v1.EnvFromSource",
    .doc = "Many environment variables from one place.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EnvFromSource_fields};

static const struct cleat_field core_v1_EnvVar_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(string), "Its value; $(OTHER) is replaced by earlier variables."),
    F(3, "valueFrom", T(core_v1_EnvVarSource), "Where to take the value from instead.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_EnvVar = {.name = "io.k8s.api.core.v1.EnvVar",
                                                     .doc = "An environment variable.",
                                                     .form = CLEAT_FORM_STRUCT,
                                                     .fields = core_v1_EnvVar_fields};

static const struct cleat_field core_v1_ContainerResizePolicy_fields[] = {
    F(1, "resourceName", T(string), "cpu or memory.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "restartPolicy", T(string), "NotRequired or RestartContainer.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ContainerResizePolicy = {
    .name = "io.k8s.api.core.v1.ContainerResizePolicy",
    .doc = "What changing a resource asks of a container.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerResizePolicy_fields};

static const struct cleat_field core_v1_ContainerRestartRule_fields[] = {
    F(1, "action", T(string), "Restart or RestartAllContainers.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "exitCodes", T(core_v1_ContainerRestartRuleOnExitCodes), "The exit codes it is about.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ContainerRestartRule = {
    .name = "io.k8s.api.core.v1.ContainerRestartRule",
    .doc = "What to do when a container ends in a certain way.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerRestartRule_fields};

static const struct cleat_field core_v1_VolumeMount_fields[] = {
    F(1, "name", T(string), "The pod's volume.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(7, "recursiveReadOnly", T(string),
      "Whether mounts below it are read only too: Disabled, IfPossible, Enabled.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "mountPath", T(string), "Where in the container it is mounted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(4, "subPath", T(string), "The path in the volume to mount."),
    F(5, "mountPropagation", T(string), "None, HostToContainer or Bidirectional.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "None,HostToContainer,Bidirectional"),
    F(6, "subPathExpr", T(string), "As subPath, with variables $(VAR)."),
    F(8, "bindMountOptions", LIST(T(string)), "Options of the mount.", .list = CLEAT_LIST_SET),
    END};
const struct cleat_type cleat_type_core_v1_VolumeMount = {
    .name = "io.k8s.api.core.v1.VolumeMount",
    .doc = "A volume in a container's file system.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeMount_fields};

static const struct cleat_field core_v1_VolumeDevice_fields[] = {
    F(1, "name", T(string), "The pod's claim that it comes from.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "devicePath", T(string), "Its path in the container.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_VolumeDevice = {
    .name = "io.k8s.api.core.v1.VolumeDevice",
    .doc = "A raw block device for a container.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeDevice_fields};

static const struct cleat_field core_v1_Probe_fields[] = {
    F(1, "", T(core_v1_ProbeHandler), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "initialDelaySeconds", T(int32), "How many seconds to wait after the start."),
    F(3, "timeoutSeconds", T(int32), "After how many seconds without an answer it has failed."),
    F(4, "periodSeconds", T(int32), "How many seconds between two tries."),
    F(5, "successThreshold", T(int32), "How many successes in a row make it well again."),
    F(6, "failureThreshold", T(int32), "How many failures in a row make it unwell."),
    F(7, "terminationGracePeriodSeconds", T(int64), "How many seconds it gets to end by itself.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_Probe = {
    .name = "io.k8s.api.core.v1.Probe",
    .doc = "How to find out whether a container is well.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_Probe_fields};

static const struct cleat_field core_v1_Lifecycle_fields[] = {
    F(1, "postStart", T(core_v1_LifecycleHandler),
      "Right after the container was made; if it fails the container is ended.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "preStop", T(core_v1_LifecycleHandler), "Before the container is asked to end.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "stopSignal", T(string), "The signal that asks it to end.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,"
                "SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGSEGV,SIGSTKFLT,SIGSTOP,"
                "SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,"
                "SIGWINCH,SIGXCPU,SIGXFSZ,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,"
                "SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGRTMIN+10,SIGRTMIN+11,"
                "SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMAX-14,SIGRTMAX-13,SIGRTMAX-"
                "12,SIGRTMAX-11,SIGRTMAX-10,SIGRTMAX-9,SIGRTMAX-8,SIGRTMAX-7,SIGRTMAX-6,SIGRTMAX-5,"
                "SIGRTMAX-4,SIGRTMAX-3,SIGRTMAX-2,SIGRTMAX-1,SIGRTMAX"),
    END};
const struct cleat_type cleat_type_core_v1_Lifecycle = {
    .name = "io.k8s.api.core.v1.Lifecycle",
    .doc = "What to do at the turns of a container's life.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_Lifecycle_fields};

static const struct cleat_field core_v1_SecurityContext_fields[] = {
    F(1, "capabilities", T(core_v1_Capabilities), "Capabilities to add and drop.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "privileged", T(bool), "Run with all rights of the node's root.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "seLinuxOptions", T(core_v1_SELinuxOptions), "The SELinux context.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "windowsOptions", T(core_v1_WindowsSecurityContextOptions), "Settings for Windows.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "runAsUser", T(int64), "The user's number to run as.", .flags = CLEAT_FIELD_NULLABLE),
    F(8, "runAsGroup", T(int64), "The group's number to run as.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "runAsNonRoot", T(bool), "Refuse to run as user 0.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "readOnlyRootFilesystem", T(bool),
      "Whether the container cannot write to its own file system.", .flags = CLEAT_FIELD_NULLABLE),
    F(7, "allowPrivilegeEscalation", T(bool),
      "Whether a process may gain more rights than its parent.", .flags = CLEAT_FIELD_NULLABLE),
    F(9, "procMount", T(string), "How /proc is mounted: Default or Unmasked.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "Default,Unmasked"),
    F(11, "seccompProfile", T(core_v1_SeccompProfile), "Which system calls are allowed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "appArmorProfile", T(core_v1_AppArmorProfile), "The AppArmor profile.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_SecurityContext = {
    .name = "io.k8s.api.core.v1.SecurityContext",
    .doc = "Security settings of one container.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecurityContext_fields};

static const struct cleat_field core_v1_EphemeralContainerCommon_fields[] = {
    F(1, "name", T(string), "Its name, unique in the pod.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "image", T(string), "The image to run."),
    F(3, "command", LIST(T(string)),
      "What to run instead of the image's entry point; $(VAR) is replaced."),
    F(4, "args", LIST(T(string)), "Arguments, instead of the image's own; $(VAR) is replaced."),
    F(5, "workingDir", T(string), "The folder to start in; the image's where nothing is said."),
    F(6, "ports", LIST(T(core_v1_ContainerPort)),
      "Ports that it listens on. Leaving one out does not close it.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "containerPort,protocol", .merge_key = "containerPort"),
    F(19, "envFrom", LIST(T(core_v1_EnvFromSource)), "Where to take many variables from at once."),
    F(7, "env", LIST(T(core_v1_EnvVar)), "Environment variables.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(8, "resources", T(core_v1_ResourceRequirements),
      "The computing resources that it needs and may use."),
    F(23, "resizePolicy", LIST(T(core_v1_ContainerResizePolicy)),
      "Whether it must be restarted when a resource is changed."),
    F(24, "restartPolicy", T(string),
      "Always, for an init container that goes on running beside the others.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(25, "restartPolicyRules", LIST(T(core_v1_ContainerRestartRule)),
      "When to restart by exit code; the first rule that fits decides."),
    F(9, "volumeMounts", LIST(T(core_v1_VolumeMount)),
      "Volumes of the pod to mount into the file system.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "mountPath", .merge_key = "mountPath"),
    F(21, "volumeDevices", LIST(T(core_v1_VolumeDevice)), "Raw block devices to give to it.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "devicePath",
      .merge_key = "devicePath"),
    F(10, "livenessProbe", T(core_v1_Probe),
      "Asked again and again; the container is restarted when it fails.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(11, "readinessProbe", T(core_v1_Probe),
      "Asked again and again; the container gets no traffic while it fails.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(22, "startupProbe", T(core_v1_Probe),
      "Must have succeeded once before the other probes begin.", .flags = CLEAT_FIELD_NULLABLE),
    F(12, "lifecycle", T(core_v1_Lifecycle), "What to do after it started and before it ends.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(13, "terminationMessagePath", T(string),
      "The file whose content becomes the message when it ends."),
    F(20, "terminationMessagePolicy", T(string),
      "File, or FallbackToLogsOnError to take the log's end when the file is empty.",
      .values = "File,FallbackToLogsOnError"),
    F(14, "imagePullPolicy", T(string),
      "Always, Never or IfNotPresent; by default Always for the tag latest.",
      .values = "Always,Never,IfNotPresent"),
    F(15, "securityContext", T(core_v1_SecurityContext),
      "Security settings that apply to this container only.", .flags = CLEAT_FIELD_NULLABLE),
    F(16, "stdin", T(bool), "Keep standard input open."),
    F(17, "stdinOnce", T(bool), "Close standard input after the first attachment has ended."),
    F(18, "tty", T(bool), "Give it a terminal; needs stdin."),
    END};
const struct cleat_type cleat_type_core_v1_EphemeralContainerCommon = {
    .name = "io.k8s.api.core.v1.EphemeralContainerCommon",
    .doc = "What an ephemeral container has in common with others.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EphemeralContainerCommon_fields};

static const struct cleat_field core_v1_SELinuxOptions_fields[] = {
    F(1, "user", T(string), "The user to act as."), F(2, "role", T(string), "The role."),
    F(3, "type", T(string), "The type."), F(4, "level", T(string), "The level."), END};
const struct cleat_type cleat_type_core_v1_SELinuxOptions = {
    .name = "io.k8s.api.core.v1.SELinuxOptions",
    .doc = "An SELinux context.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SELinuxOptions_fields};

static const struct cleat_field core_v1_WindowsSecurityContextOptions_fields[] = {
    F(1, "gmsaCredentialSpecName", T(string), "Name of the GMSA credential spec.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "gmsaCredentialSpec", T(string), "The GMSA credential spec itself.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "runAsUserName", T(string), "The user to run as.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "hostProcess", T(bool), "Run as a process of the host.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_WindowsSecurityContextOptions = {
    .name = "io.k8s.api.core.v1.WindowsSecurityContextOptions",
    .doc = "Security settings for Windows.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_WindowsSecurityContextOptions_fields};

static const struct cleat_field core_v1_SeccompProfile_fields[] = {
    F(1, "type", T(string), "RuntimeDefault, Unconfined or Localhost.",
      .flags = CLEAT_FIELD_REQUIRED, .values = "Unconfined,RuntimeDefault,Localhost"),
    F(2, "localhostProfile", T(string), "A file on the node, for Localhost.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_SeccompProfile = {
    .name = "io.k8s.api.core.v1.SeccompProfile",
    .doc = "Which system calls are allowed.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SeccompProfile_fields};

static const struct cleat_field core_v1_AppArmorProfile_fields[] = {
    F(1, "type", T(string), "RuntimeDefault, Unconfined or Localhost.",
      .flags = CLEAT_FIELD_REQUIRED, .values = "Unconfined,RuntimeDefault,Localhost"),
    F(2, "localhostProfile", T(string), "A profile loaded on the node, for Localhost.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_AppArmorProfile = {
    .name = "io.k8s.api.core.v1.AppArmorProfile",
    .doc = "An AppArmor profile.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AppArmorProfile_fields};

static const struct cleat_field core_v1_ResourceClaim_fields[] = {
    F(1, "name", T(string), "Its name in the pod's list.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "request", T(string), "Only this request of the claim."), END};
const struct cleat_type cleat_type_core_v1_ResourceClaim = {
    .name = "io.k8s.api.core.v1.ResourceClaim",
    .doc = "A claim of the pod that a container uses.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceClaim_fields};

static const struct cleat_field core_v1_ContainerState_fields[] = {
    F(1, "waiting", T(core_v1_ContainerStateWaiting), "It has not started yet.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "running", T(core_v1_ContainerStateRunning), "It runs.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "terminated", T(core_v1_ContainerStateTerminated), "It has ended.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ContainerState = {
    .name = "io.k8s.api.core.v1.ContainerState",
    .doc = "What a container does: one of waiting, running, terminated.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerState_fields};

static const struct cleat_field core_v1_VolumeMountStatus_fields[] = {
    F(1, "name", T(string), "The pod's volume.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "mountPath", T(string), "Where in the container it is mounted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(4, "recursiveReadOnly", T(string),
      "Whether mounts below it are read only too: Disabled, IfPossible, Enabled.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "volumeStatus", T(core_v1_VolumeStatus), "More about the volume.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_VolumeMountStatus = {
    .name = "io.k8s.api.core.v1.VolumeMountStatus",
    .doc = "How a volume is really mounted.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeMountStatus_fields};

static const struct cleat_field core_v1_ContainerUser_fields[] = {
    F(1, "linux", T(core_v1_LinuxContainerUser), "On Linux.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_ContainerUser = {
    .name = "io.k8s.api.core.v1.ContainerUser",
    .doc = "Whom a container's first process runs as.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerUser_fields};

static const struct cleat_field core_v1_ResourceStatus_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resources", LIST(T(core_v1_ResourceHealth)), "The devices.", .list = CLEAT_LIST_MAP,
      .keys = "resourceID"),
    END};
const struct cleat_type cleat_type_core_v1_ResourceStatus = {
    .name = "io.k8s.api.core.v1.ResourceStatus",
    .doc = "Health of the devices of one resource.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceStatus_fields};

static const struct cleat_field core_v1_ContainerExtendedResourceRequest_fields[] = {
    F(1, "containerName", T(string), "The container.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resourceName", T(string), "The extended resource.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "requestName", T(string), "The request in the claim.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ContainerExtendedResourceRequest = {
    .name = "io.k8s.api.core.v1.ContainerExtendedResourceRequest",
    .doc = "Which request stands for a container's extended resource.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerExtendedResourceRequest_fields};

static const struct cleat_field core_v1_EnvVarSource_fields[] = {
    F(1, "fieldRef", T(core_v1_ObjectFieldSelector), "A field of the pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "resourceFieldRef", T(core_v1_ResourceFieldSelector), "A resource of a container.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "configMapKeyRef", T(core_v1_ConfigMapKeySelector), "A key of a ConfigMap.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "secretKeyRef", T(core_v1_SecretKeySelector), "A key of a Secret.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "fileKeyRef", T(core_v1_FileKeySelector), "A key of a file in a volume.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_EnvVarSource = {
    .name = "io.k8s.api.core.v1.EnvVarSource",
    .doc = "Where a variable's value comes from.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EnvVarSource_fields};

static const struct cleat_field core_v1_ContainerRestartRuleOnExitCodes_fields[] = {
    F(1, "operator", T(string), "In or NotIn.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "values", LIST(T(int32)), "The exit codes.", .list = CLEAT_LIST_SET), END};
const struct cleat_type cleat_type_core_v1_ContainerRestartRuleOnExitCodes = {
    .name = "io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes",
    .doc = "Exit codes, listed or excluded.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerRestartRuleOnExitCodes_fields};

static const struct cleat_field core_v1_ProbeHandler_fields[] = {
    F(1, "exec", T(core_v1_ExecAction), "Run a command.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "httpGet", T(core_v1_HTTPGetAction), "Make an HTTP request.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "tcpSocket", T(core_v1_TCPSocketAction), "Open a connection.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "grpc", T(core_v1_GRPCAction), "Call the gRPC health service.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ProbeHandler = {
    .name = "io.k8s.api.core.v1.ProbeHandler",
    .doc = "One way to find out: exec, httpGet, tcpSocket or grpc.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ProbeHandler_fields};

static const struct cleat_field core_v1_LifecycleHandler_fields[] = {
    F(1, "exec", T(core_v1_ExecAction), "Run a command.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "httpGet", T(core_v1_HTTPGetAction), "Make an HTTP request.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "tcpSocket", T(core_v1_TCPSocketAction), "Does nothing; kept for old manifests.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "sleep", T(core_v1_SleepAction), "Wait.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_LifecycleHandler = {
    .name = "io.k8s.api.core.v1.LifecycleHandler",
    .doc = "One thing to do: exec, httpGet, tcpSocket or sleep.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LifecycleHandler_fields};

static const struct cleat_field core_v1_Capabilities_fields[] = {
    F(1, "add", LIST(T(string)), "To be added."),
    F(2, "drop", LIST(T(string)), "To be taken away."), END};
const struct cleat_type cleat_type_core_v1_Capabilities = {.name =
                                                               "io.k8s.api.core.v1.Capabilities",
                                                           .doc = "Linux capabilities.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_Capabilities_fields};

static const struct cleat_field core_v1_ContainerStateWaiting_fields[] = {
    F(1, "reason", T(string), "A short CamelCase word for the cause."),
    F(2, "message", T(string), "A sentence for people."), END};
const struct cleat_type cleat_type_core_v1_ContainerStateWaiting = {
    .name = "io.k8s.api.core.v1.ContainerStateWaiting",
    .doc = "A container that has not started yet.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerStateWaiting_fields};

static const struct cleat_field core_v1_ContainerStateRunning_fields[] = {
    F(1, "startedAt", T(time), "When it started."), END};
const struct cleat_type cleat_type_core_v1_ContainerStateRunning = {
    .name = "io.k8s.api.core.v1.ContainerStateRunning",
    .doc = "A container that runs.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerStateRunning_fields};

static const struct cleat_field core_v1_ContainerStateTerminated_fields[] = {
    F(1, "exitCode", T(int32), "Its exit status.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "signal", T(int32), "The signal that ended it."),
    F(3, "reason", T(string), "A short CamelCase word for the cause."),
    F(4, "message", T(string), "A sentence for people."),
    F(5, "startedAt", T(time), "When it started."),
    F(6, "finishedAt", T(time), "When it ended."),
    F(7, "containerID", T(string), "The runtime's name for it, as runtime://id."),
    END};
const struct cleat_type cleat_type_core_v1_ContainerStateTerminated = {
    .name = "io.k8s.api.core.v1.ContainerStateTerminated",
    .doc = "A container that has ended.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ContainerStateTerminated_fields};

static const struct cleat_field core_v1_ResourceHealth_fields[] = {
    F(1, "resourceID", T(string), "The device.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "health", T(string), "Healthy, Unhealthy or Unknown."),
    F(6, "message", T(string), "A sentence for people.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_ResourceHealth = {
    .name = "io.k8s.api.core.v1.ResourceHealth",
    .doc = "Health of one device.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceHealth_fields};

static const struct cleat_field core_v1_ObjectFieldSelector_fields[] = {
    F(1, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(2, "fieldPath", T(string), "The field's path, such as metadata.name.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ObjectFieldSelector = {
    .name = "io.k8s.api.core.v1.ObjectFieldSelector",
    .doc = "A field of the pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ObjectFieldSelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ResourceFieldSelector_fields[] = {
    F(1, "containerName", T(string), "The container; needed in volumes."),
    F(2, "resource", T(string), "The resource, such as limits.cpu.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "divisor", T(quantity), "The unit to give it in; 1 by default."), END};
const struct cleat_type cleat_type_core_v1_ResourceFieldSelector = {
    .name = "io.k8s.api.core.v1.ResourceFieldSelector",
    .doc = "A resource of a container.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceFieldSelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_FileKeySelector_fields[] = {
    F(1, "volumeName", T(string), "The volume that holds the file.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "The file's path in the volume.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "key", T(string), "The variable's name in the file.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE,
      .def = "false"),
    END};
const struct cleat_type cleat_type_core_v1_FileKeySelector = {
    .name = "io.k8s.api.core.v1.FileKeySelector",
    .doc = "One variable of a file in a volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FileKeySelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ExecAction_fields[] = {
    F(1, "command", LIST(T(string)), "The command and its arguments, without a shell."), END};
const struct cleat_type cleat_type_core_v1_ExecAction = {
    .name = "io.k8s.api.core.v1.ExecAction",
    .doc = "A command to run in the container; exit status 0 means success.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ExecAction_fields};

static const struct cleat_field core_v1_HTTPGetAction_fields[] = {
    F(1, "path", T(string), "The path to ask for."),
    F(2, "port", T(int_or_string), "The port's number or name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "host", T(string), "The host to connect to; the pod's address where nothing is said."),
    F(4, "scheme", T(string), "HTTP or HTTPS.", .values = "HTTP,HTTPS"),
    F(5, "httpHeaders", LIST(T(core_v1_HTTPHeader)), "Headers to send."),
    F(6, "protocol", T(string), "The version of HTTP to use.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "HTTP1,HTTP2"),
    END};
const struct cleat_type cleat_type_core_v1_HTTPGetAction = {
    .name = "io.k8s.api.core.v1.HTTPGetAction",
    .doc = "An HTTP request; 200 to 399 means success.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_HTTPGetAction_fields};

static const struct cleat_field core_v1_TCPSocketAction_fields[] = {
    F(1, "port", T(int_or_string), "The port's number or name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "host", T(string), "The host to connect to; the pod's address where nothing is said."),
    END};
const struct cleat_type cleat_type_core_v1_TCPSocketAction = {
    .name = "io.k8s.api.core.v1.TCPSocketAction",
    .doc = "A connection that must come about.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TCPSocketAction_fields};

static const struct cleat_field core_v1_GRPCAction_fields[] = {
    F(1, "port", T(int32), "The port's number.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "service", T(string), "The name that the health service is asked for.",
      .flags = CLEAT_FIELD_NULLABLE, .def = "\"\""),
    F(3, "mode", T(string), "Permission bits as an octal number in YAML or a decimal one in JSON.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "Plaintext,TLS"),
    END};
const struct cleat_type cleat_type_core_v1_GRPCAction = {.name = "io.k8s.api.core.v1.GRPCAction",
                                                         .doc =
                                                             "A call of the gRPC health service.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_GRPCAction_fields};

static const struct cleat_field core_v1_SleepAction_fields[] = {
    F(1, "seconds", T(int64), "How many seconds.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_SleepAction = {.name = "io.k8s.api.core.v1.SleepAction",
                                                          .doc = "Wait a while.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_SleepAction_fields};

static const struct cleat_field core_v1_HTTPHeader_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(string), "Its value.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_HTTPHeader = {.name = "io.k8s.api.core.v1.HTTPHeader",
                                                         .doc = "A header of a request.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_HTTPHeader_fields};
