/* SPDX-License-Identifier: Apache-2.0 */
/* Protobuf tables of what is in a container of a pod. */
#include "core/api/protobuf_tables.h"

static const struct cleat__pb_field container_port_fields[] = {
    OPT(1, "name", STRING),     OPT(2, "hostPort", INT),  ONE(3, "containerPort", INT),
    OPT(4, "protocol", STRING), OPT(5, "hostIP", STRING),
};
const struct cleat__pb_message cleat__pb_container_port =
    MESSAGE("ContainerPort", container_port_fields);

static const struct cleat__pb_field config_map_env_source_fields[] = {
    INLINE(1, &cleat__pb_local_object_reference),
    ONE(2, "optional", BOOL),
};
const struct cleat__pb_message cleat__pb_config_map_env_source =
    MESSAGE("ConfigMapEnvSource", config_map_env_source_fields);

static const struct cleat__pb_field secret_env_source_fields[] = {
    INLINE(1, &cleat__pb_local_object_reference),
    ONE(2, "optional", BOOL),
};
const struct cleat__pb_message cleat__pb_secret_env_source =
    MESSAGE("SecretEnvSource", secret_env_source_fields);

static const struct cleat__pb_field env_from_source_fields[] = {
    OPT(1, "prefix", STRING),
    ONE_OF(2, "configMapRef", &cleat__pb_config_map_env_source),
    ONE_OF(3, "secretRef", &cleat__pb_secret_env_source),
};
const struct cleat__pb_message cleat__pb_env_from_source =
    MESSAGE("EnvFromSource", env_from_source_fields);

static const struct cleat__pb_field config_map_key_selector_fields[] = {
    INLINE(1, &cleat__pb_local_object_reference),
    ONE(2, "key", STRING),
    ONE(3, "optional", BOOL),
};
const struct cleat__pb_message cleat__pb_config_map_key_selector =
    MESSAGE("ConfigMapKeySelector", config_map_key_selector_fields);

static const struct cleat__pb_field secret_key_selector_fields[] = {
    INLINE(1, &cleat__pb_local_object_reference),
    ONE(2, "key", STRING),
    ONE(3, "optional", BOOL),
};
const struct cleat__pb_message cleat__pb_secret_key_selector =
    MESSAGE("SecretKeySelector", secret_key_selector_fields);

static const struct cleat__pb_field file_key_selector_fields[] = {
    ONE(1, "volumeName", STRING),
    ONE(2, "path", STRING),
    ONE(3, "key", STRING),
    ONE(4, "optional", BOOL),
};
const struct cleat__pb_message cleat__pb_file_key_selector =
    MESSAGE("FileKeySelector", file_key_selector_fields);

static const struct cleat__pb_field env_var_source_fields[] = {
    ONE_OF(1, "fieldRef", &cleat__pb_object_field_selector),
    ONE_OF(2, "resourceFieldRef", &cleat__pb_resource_field_selector),
    ONE_OF(3, "configMapKeyRef", &cleat__pb_config_map_key_selector),
    ONE_OF(4, "secretKeyRef", &cleat__pb_secret_key_selector),
    ONE_OF(5, "fileKeyRef", &cleat__pb_file_key_selector),
};
const struct cleat__pb_message cleat__pb_env_var_source =
    MESSAGE("EnvVarSource", env_var_source_fields);

static const struct cleat__pb_field env_var_fields[] = {
    ONE(1, "name", STRING),
    OPT(2, "value", STRING),
    ONE_OF(3, "valueFrom", &cleat__pb_env_var_source),
};
const struct cleat__pb_message cleat__pb_env_var = MESSAGE("EnvVar", env_var_fields);

static const struct cleat__pb_field resource_claim_fields[] = {
    ONE(1, "name", STRING),
    OPT(2, "request", STRING),
};
const struct cleat__pb_message cleat__pb_resource_claim =
    MESSAGE("ResourceClaim", resource_claim_fields);

static const struct cleat__pb_field resource_requirements_fields[] = {
    MAP(1, "limits", QUANTITY),
    MAP(2, "requests", QUANTITY),
    LIST_OF(3, "claims", &cleat__pb_resource_claim),
};
const struct cleat__pb_message cleat__pb_resource_requirements =
    MESSAGE("ResourceRequirements", resource_requirements_fields);

static const struct cleat__pb_field container_resize_policy_fields[] = {
    ONE(1, "resourceName", STRING),
    ONE(2, "restartPolicy", STRING),
};
const struct cleat__pb_message cleat__pb_container_resize_policy =
    MESSAGE("ContainerResizePolicy", container_resize_policy_fields);

static const struct cleat__pb_field container_restart_rule_on_exit_codes_fields[] = {
    OPT(1, "operator", STRING),
    LIST(2, "values", INT),
};
const struct cleat__pb_message cleat__pb_container_restart_rule_on_exit_codes =
    MESSAGE("ContainerRestartRuleOnExitCodes", container_restart_rule_on_exit_codes_fields);

static const struct cleat__pb_field container_restart_rule_fields[] = {
    OPT(1, "action", STRING),
    ONE_OF(2, "exitCodes", &cleat__pb_container_restart_rule_on_exit_codes),
};
const struct cleat__pb_message cleat__pb_container_restart_rule =
    MESSAGE("ContainerRestartRule", container_restart_rule_fields);

static const struct cleat__pb_field volume_mount_fields[] = {
    ONE(1, "name", STRING),
    OPT(2, "readOnly", BOOL),
    ONE(3, "mountPath", STRING),
    OPT(4, "subPath", STRING),
    ONE(5, "mountPropagation", STRING),
    OPT(6, "subPathExpr", STRING),
    ONE(7, "recursiveReadOnly", STRING),
    LIST(8, "bindMountOptions", STRING),
};
const struct cleat__pb_message cleat__pb_volume_mount = MESSAGE("VolumeMount", volume_mount_fields);

static const struct cleat__pb_field volume_device_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "devicePath", STRING),
};
const struct cleat__pb_message cleat__pb_volume_device =
    MESSAGE("VolumeDevice", volume_device_fields);

static const struct cleat__pb_field exec_action_fields[] = {
    LIST(1, "command", STRING),
};
const struct cleat__pb_message cleat__pb_exec_action = MESSAGE("ExecAction", exec_action_fields);

static const struct cleat__pb_field http_header_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "value", STRING),
};
const struct cleat__pb_message cleat__pb_http_header = MESSAGE("HTTPHeader", http_header_fields);

static const struct cleat__pb_field http_get_action_fields[] = {
    OPT(1, "path", STRING),
    ONE(2, "port", INT_OR_STRING),
    OPT(3, "host", STRING),
    OPT(4, "scheme", STRING),
    LIST_OF(5, "httpHeaders", &cleat__pb_http_header),
    ONE(6, "protocol", STRING),
};
const struct cleat__pb_message cleat__pb_http_get_action =
    MESSAGE("HTTPGetAction", http_get_action_fields);

static const struct cleat__pb_field tcp_socket_action_fields[] = {
    ONE(1, "port", INT_OR_STRING),
    OPT(2, "host", STRING),
};
const struct cleat__pb_message cleat__pb_tcp_socket_action =
    MESSAGE("TCPSocketAction", tcp_socket_action_fields);

static const struct cleat__pb_field grpc_action_fields[] = {
    ONE(1, "port", INT),
    ONE(2, "service", STRING),
    ONE(3, "mode", STRING),
};
const struct cleat__pb_message cleat__pb_grpc_action = MESSAGE("GRPCAction", grpc_action_fields);

static const struct cleat__pb_field probe_handler_fields[] = {
    ONE_OF(1, "exec", &cleat__pb_exec_action),
    ONE_OF(2, "httpGet", &cleat__pb_http_get_action),
    ONE_OF(3, "tcpSocket", &cleat__pb_tcp_socket_action),
    ONE_OF(4, "grpc", &cleat__pb_grpc_action),
};
const struct cleat__pb_message cleat__pb_probe_handler =
    MESSAGE("ProbeHandler", probe_handler_fields);

static const struct cleat__pb_field probe_fields[] = {
    INLINE(1, &cleat__pb_probe_handler),
    OPT(2, "initialDelaySeconds", INT),
    OPT(3, "timeoutSeconds", INT),
    OPT(4, "periodSeconds", INT),
    OPT(5, "successThreshold", INT),
    OPT(6, "failureThreshold", INT),
    ONE(7, "terminationGracePeriodSeconds", INT),
};
const struct cleat__pb_message cleat__pb_probe = MESSAGE("Probe", probe_fields);

static const struct cleat__pb_field sleep_action_fields[] = {
    ONE(1, "seconds", INT),
};
const struct cleat__pb_message cleat__pb_sleep_action = MESSAGE("SleepAction", sleep_action_fields);

static const struct cleat__pb_field lifecycle_handler_fields[] = {
    ONE_OF(1, "exec", &cleat__pb_exec_action),
    ONE_OF(2, "httpGet", &cleat__pb_http_get_action),
    ONE_OF(3, "tcpSocket", &cleat__pb_tcp_socket_action),
    ONE_OF(4, "sleep", &cleat__pb_sleep_action),
};
const struct cleat__pb_message cleat__pb_lifecycle_handler =
    MESSAGE("LifecycleHandler", lifecycle_handler_fields);

static const struct cleat__pb_field lifecycle_fields[] = {
    ONE_OF(1, "postStart", &cleat__pb_lifecycle_handler),
    ONE_OF(2, "preStop", &cleat__pb_lifecycle_handler),
    ONE(3, "stopSignal", STRING),
};
const struct cleat__pb_message cleat__pb_lifecycle = MESSAGE("Lifecycle", lifecycle_fields);

static const struct cleat__pb_field capabilities_fields[] = {
    LIST(1, "add", STRING),
    LIST(2, "drop", STRING),
};
const struct cleat__pb_message cleat__pb_capabilities =
    MESSAGE("Capabilities", capabilities_fields);

static const struct cleat__pb_field se_linux_options_fields[] = {
    OPT(1, "user", STRING),
    OPT(2, "role", STRING),
    OPT(3, "type", STRING),
    OPT(4, "level", STRING),
};
const struct cleat__pb_message cleat__pb_se_linux_options =
    MESSAGE("SELinuxOptions", se_linux_options_fields);

static const struct cleat__pb_field windows_security_context_options_fields[] = {
    ONE(1, "gmsaCredentialSpecName", STRING),
    ONE(2, "gmsaCredentialSpec", STRING),
    ONE(3, "runAsUserName", STRING),
    ONE(4, "hostProcess", BOOL),
};
const struct cleat__pb_message cleat__pb_windows_security_context_options =
    MESSAGE("WindowsSecurityContextOptions", windows_security_context_options_fields);

static const struct cleat__pb_field seccomp_profile_fields[] = {
    ONE(1, "type", STRING),
    ONE(2, "localhostProfile", STRING),
};
const struct cleat__pb_message cleat__pb_seccomp_profile =
    MESSAGE("SeccompProfile", seccomp_profile_fields);

static const struct cleat__pb_field app_armor_profile_fields[] = {
    ONE(1, "type", STRING),
    ONE(2, "localhostProfile", STRING),
};
const struct cleat__pb_message cleat__pb_app_armor_profile =
    MESSAGE("AppArmorProfile", app_armor_profile_fields);

static const struct cleat__pb_field security_context_fields[] = {
    ONE_OF(1, "capabilities", &cleat__pb_capabilities),
    ONE(2, "privileged", BOOL),
    ONE_OF(3, "seLinuxOptions", &cleat__pb_se_linux_options),
    ONE(4, "runAsUser", INT),
    ONE(5, "runAsNonRoot", BOOL),
    ONE(6, "readOnlyRootFilesystem", BOOL),
    ONE(7, "allowPrivilegeEscalation", BOOL),
    ONE(8, "runAsGroup", INT),
    ONE(9, "procMount", STRING),
    ONE_OF(10, "windowsOptions", &cleat__pb_windows_security_context_options),
    ONE_OF(11, "seccompProfile", &cleat__pb_seccomp_profile),
    ONE_OF(12, "appArmorProfile", &cleat__pb_app_armor_profile),
};
const struct cleat__pb_message cleat__pb_security_context =
    MESSAGE("SecurityContext", security_context_fields);

static const struct cleat__pb_field container_fields[] = {
    ONE(1, "name", STRING),
    OPT(2, "image", STRING),
    LIST(3, "command", STRING),
    LIST(4, "args", STRING),
    OPT(5, "workingDir", STRING),
    LIST_OF(6, "ports", &cleat__pb_container_port),
    LIST_OF(7, "env", &cleat__pb_env_var),
    ONE_OF(8, "resources", &cleat__pb_resource_requirements),
    LIST_OF(9, "volumeMounts", &cleat__pb_volume_mount),
    ONE_OF(10, "livenessProbe", &cleat__pb_probe),
    ONE_OF(11, "readinessProbe", &cleat__pb_probe),
    ONE_OF(12, "lifecycle", &cleat__pb_lifecycle),
    OPT(13, "terminationMessagePath", STRING),
    OPT(14, "imagePullPolicy", STRING),
    ONE_OF(15, "securityContext", &cleat__pb_security_context),
    OPT(16, "stdin", BOOL),
    OPT(17, "stdinOnce", BOOL),
    OPT(18, "tty", BOOL),
    LIST_OF(19, "envFrom", &cleat__pb_env_from_source),
    OPT(20, "terminationMessagePolicy", STRING),
    LIST_OF(21, "volumeDevices", &cleat__pb_volume_device),
    ONE_OF(22, "startupProbe", &cleat__pb_probe),
    LIST_OF(23, "resizePolicy", &cleat__pb_container_resize_policy),
    ONE(24, "restartPolicy", STRING),
    LIST_OF(25, "restartPolicyRules", &cleat__pb_container_restart_rule),
};
const struct cleat__pb_message cleat__pb_container = MESSAGE("Container", container_fields);

static const struct cleat__pb_field ephemeral_container_common_fields[] = {
    ONE(1, "name", STRING),
    OPT(2, "image", STRING),
    LIST(3, "command", STRING),
    LIST(4, "args", STRING),
    OPT(5, "workingDir", STRING),
    LIST_OF(6, "ports", &cleat__pb_container_port),
    LIST_OF(7, "env", &cleat__pb_env_var),
    ONE_OF(8, "resources", &cleat__pb_resource_requirements),
    LIST_OF(9, "volumeMounts", &cleat__pb_volume_mount),
    ONE_OF(10, "livenessProbe", &cleat__pb_probe),
    ONE_OF(11, "readinessProbe", &cleat__pb_probe),
    ONE_OF(12, "lifecycle", &cleat__pb_lifecycle),
    OPT(13, "terminationMessagePath", STRING),
    OPT(14, "imagePullPolicy", STRING),
    ONE_OF(15, "securityContext", &cleat__pb_security_context),
    OPT(16, "stdin", BOOL),
    OPT(17, "stdinOnce", BOOL),
    OPT(18, "tty", BOOL),
    LIST_OF(19, "envFrom", &cleat__pb_env_from_source),
    OPT(20, "terminationMessagePolicy", STRING),
    LIST_OF(21, "volumeDevices", &cleat__pb_volume_device),
    ONE_OF(22, "startupProbe", &cleat__pb_probe),
    LIST_OF(23, "resizePolicy", &cleat__pb_container_resize_policy),
    ONE(24, "restartPolicy", STRING),
    LIST_OF(25, "restartPolicyRules", &cleat__pb_container_restart_rule),
};
const struct cleat__pb_message cleat__pb_ephemeral_container_common =
    MESSAGE("EphemeralContainerCommon", ephemeral_container_common_fields);

static const struct cleat__pb_field ephemeral_container_fields[] = {
    INLINE(1, &cleat__pb_ephemeral_container_common),
    OPT(2, "targetContainerName", STRING),
};
const struct cleat__pb_message cleat__pb_ephemeral_container =
    MESSAGE("EphemeralContainer", ephemeral_container_fields);
