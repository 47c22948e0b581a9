/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the tables of protobuf_*.c are written: a row a field, sorted by number.
 * Number, JSON name and type are those of the Kubernetes API; a row OPT is left
 * out of the JSON where it is zero, as a Go field with omitempty that is no
 * pointer. Constant data, for any thread.
 */
#ifndef CLEAT_CORE_API_PROTOBUF_TABLES_H
#define CLEAT_CORE_API_PROTOBUF_TABLES_H

#include "core/base/base.h"

enum cleat__pb_type {
    CLEAT__PB_STRING,
    CLEAT__PB_INT,
    CLEAT__PB_BOOL,
    CLEAT__PB_BYTES,         /* base64 */
    CLEAT__PB_RAW_JSON,      /* a message whose field 1 is JSON text */
    CLEAT__PB_QUANTITY,      /* a message whose field 1 is the string */
    CLEAT__PB_TIME,          /* seconds 1, nanoseconds 2; to the second */
    CLEAT__PB_MICROTIME,     /* the same, to the microsecond */
    CLEAT__PB_INT_OR_STRING, /* which 1, integer 2, string 3 */
    CLEAT__PB_MESSAGE
};
enum cleat__pb_shape {
    CLEAT__PB_ONE,
    CLEAT__PB_OPT,
    CLEAT__PB_LIST,
    CLEAT__PB_MAP,   /* by string */
    CLEAT__PB_INLINE /* its members are members of what it is in */
};

struct cleat__pb_message;
struct cleat__pb_field {
    uint8_t number, type, shape;
    const char *name;
    const struct cleat__pb_message *message; /* of type MESSAGE */
};
struct cleat__pb_message {
    const char *name;
    const struct cleat__pb_field *fields;
    size_t n_fields; /* at most 64: a set of them is a uint64_t */
};

#define CLEAT__PB_ROW(number, name, type, shape, message)                                          \
    { number, CLEAT__PB_##type, CLEAT__PB_##shape, name, message }
#define ONE(number, name, type)        CLEAT__PB_ROW(number, name, type, ONE, NULL)
#define OPT(number, name, type)        CLEAT__PB_ROW(number, name, type, OPT, NULL)
#define LIST(number, name, type)       CLEAT__PB_ROW(number, name, type, LIST, NULL)
#define MAP(number, name, type)        CLEAT__PB_ROW(number, name, type, MAP, NULL)
#define ONE_OF(number, name, message)  CLEAT__PB_ROW(number, name, MESSAGE, ONE, message)
#define LIST_OF(number, name, message) CLEAT__PB_ROW(number, name, MESSAGE, LIST, message)
#define MAP_OF(number, name, message)  CLEAT__PB_ROW(number, name, MESSAGE, MAP, message)
#define INLINE(number, message)        CLEAT__PB_ROW(number, "", MESSAGE, INLINE, message)
#define MESSAGE(name, fields)                                                                      \
    { name, fields, sizeof(fields) / sizeof *(fields) }

/* NULL where the kind has no table. */
const struct cleat__pb_message *cleat__pb_find(struct cleat_str api_version, struct cleat_str kind);

extern const struct cleat__pb_message cleat__pb_aws_elastic_block_store_volume_source;
extern const struct cleat__pb_message cleat__pb_affinity;
extern const struct cleat__pb_message cleat__pb_app_armor_profile;
extern const struct cleat__pb_message cleat__pb_attached_volume;
extern const struct cleat__pb_message cleat__pb_azure_disk_volume_source;
extern const struct cleat__pb_message cleat__pb_azure_file_volume_source;
extern const struct cleat__pb_message cleat__pb_csi_volume_source;
extern const struct cleat__pb_message cleat__pb_capabilities;
extern const struct cleat__pb_message cleat__pb_ceph_fs_volume_source;
extern const struct cleat__pb_message cleat__pb_cinder_volume_source;
extern const struct cleat__pb_message cleat__pb_client_ip_config;
extern const struct cleat__pb_message cleat__pb_cluster_trust_bundle_projection;
extern const struct cleat__pb_message cleat__pb_condition;
extern const struct cleat__pb_message cleat__pb_config_map;
extern const struct cleat__pb_message cleat__pb_config_map_env_source;
extern const struct cleat__pb_message cleat__pb_config_map_key_selector;
extern const struct cleat__pb_message cleat__pb_config_map_node_config_source;
extern const struct cleat__pb_message cleat__pb_config_map_projection;
extern const struct cleat__pb_message cleat__pb_config_map_volume_source;
extern const struct cleat__pb_message cleat__pb_container;
extern const struct cleat__pb_message cleat__pb_container_extended_resource_request;
extern const struct cleat__pb_message cleat__pb_container_image;
extern const struct cleat__pb_message cleat__pb_container_port;
extern const struct cleat__pb_message cleat__pb_container_resize_policy;
extern const struct cleat__pb_message cleat__pb_container_restart_rule;
extern const struct cleat__pb_message cleat__pb_container_restart_rule_on_exit_codes;
extern const struct cleat__pb_message cleat__pb_container_state;
extern const struct cleat__pb_message cleat__pb_container_state_running;
extern const struct cleat__pb_message cleat__pb_container_state_terminated;
extern const struct cleat__pb_message cleat__pb_container_state_waiting;
extern const struct cleat__pb_message cleat__pb_container_status;
extern const struct cleat__pb_message cleat__pb_container_user;
extern const struct cleat__pb_message cleat__pb_daemon_endpoint;
extern const struct cleat__pb_message cleat__pb_delete_options;
extern const struct cleat__pb_message cleat__pb_downward_api_projection;
extern const struct cleat__pb_message cleat__pb_downward_api_volume_file;
extern const struct cleat__pb_message cleat__pb_downward_api_volume_source;
extern const struct cleat__pb_message cleat__pb_empty_dir_volume_source;
extern const struct cleat__pb_message cleat__pb_endpoint_address;
extern const struct cleat__pb_message cleat__pb_endpoint_port;
extern const struct cleat__pb_message cleat__pb_endpoint_subset;
extern const struct cleat__pb_message cleat__pb_endpoints;
extern const struct cleat__pb_message cleat__pb_env_from_source;
extern const struct cleat__pb_message cleat__pb_env_var;
extern const struct cleat__pb_message cleat__pb_env_var_source;
extern const struct cleat__pb_message cleat__pb_ephemeral_container;
extern const struct cleat__pb_message cleat__pb_ephemeral_container_common;
extern const struct cleat__pb_message cleat__pb_ephemeral_volume_source;
extern const struct cleat__pb_message cleat__pb_event;
extern const struct cleat__pb_message cleat__pb_event_series;
extern const struct cleat__pb_message cleat__pb_event_source;
extern const struct cleat__pb_message cleat__pb_eviction_responder;
extern const struct cleat__pb_message cleat__pb_exec_action;
extern const struct cleat__pb_message cleat__pb_fc_volume_source;
extern const struct cleat__pb_message cleat__pb_file_key_selector;
extern const struct cleat__pb_message cleat__pb_flex_volume_source;
extern const struct cleat__pb_message cleat__pb_flocker_volume_source;
extern const struct cleat__pb_message cleat__pb_gce_persistent_disk_volume_source;
extern const struct cleat__pb_message cleat__pb_grpc_action;
extern const struct cleat__pb_message cleat__pb_git_repo_volume_source;
extern const struct cleat__pb_message cleat__pb_glusterfs_volume_source;
extern const struct cleat__pb_message cleat__pb_http_get_action;
extern const struct cleat__pb_message cleat__pb_http_header;
extern const struct cleat__pb_message cleat__pb_host_alias;
extern const struct cleat__pb_message cleat__pb_host_ip;
extern const struct cleat__pb_message cleat__pb_host_path_volume_source;
extern const struct cleat__pb_message cleat__pb_iscsi_volume_source;
extern const struct cleat__pb_message cleat__pb_image_volume_source;
extern const struct cleat__pb_message cleat__pb_image_volume_status;
extern const struct cleat__pb_message cleat__pb_key_to_path;
extern const struct cleat__pb_message cleat__pb_label_selector;
extern const struct cleat__pb_message cleat__pb_label_selector_requirement;
extern const struct cleat__pb_message cleat__pb_lease;
extern const struct cleat__pb_message cleat__pb_lease_spec;
extern const struct cleat__pb_message cleat__pb_lifecycle;
extern const struct cleat__pb_message cleat__pb_lifecycle_handler;
extern const struct cleat__pb_message cleat__pb_linux_container_user;
extern const struct cleat__pb_message cleat__pb_load_balancer_ingress;
extern const struct cleat__pb_message cleat__pb_load_balancer_status;
extern const struct cleat__pb_message cleat__pb_local_object_reference;
extern const struct cleat__pb_message cleat__pb_managed_fields_entry;
extern const struct cleat__pb_message cleat__pb_nfs_volume_source;
extern const struct cleat__pb_message cleat__pb_namespace;
extern const struct cleat__pb_message cleat__pb_namespace_condition;
extern const struct cleat__pb_message cleat__pb_namespace_spec;
extern const struct cleat__pb_message cleat__pb_namespace_status;
extern const struct cleat__pb_message cleat__pb_node;
extern const struct cleat__pb_message cleat__pb_node_address;
extern const struct cleat__pb_message cleat__pb_node_affinity;
extern const struct cleat__pb_message cleat__pb_node_allocatable_mapped_resources;
extern const struct cleat__pb_message cleat__pb_node_allocatable_overhead_resources;
extern const struct cleat__pb_message cleat__pb_node_allocatable_resource_claim_status;
extern const struct cleat__pb_message cleat__pb_node_condition;
extern const struct cleat__pb_message cleat__pb_node_config_source;
extern const struct cleat__pb_message cleat__pb_node_config_status;
extern const struct cleat__pb_message cleat__pb_node_daemon_endpoints;
extern const struct cleat__pb_message cleat__pb_node_features;
extern const struct cleat__pb_message cleat__pb_node_pod_preemption_policy;
extern const struct cleat__pb_message cleat__pb_node_runtime_handler;
extern const struct cleat__pb_message cleat__pb_node_runtime_handler_features;
extern const struct cleat__pb_message cleat__pb_node_selector;
extern const struct cleat__pb_message cleat__pb_node_selector_requirement;
extern const struct cleat__pb_message cleat__pb_node_selector_term;
extern const struct cleat__pb_message cleat__pb_node_spec;
extern const struct cleat__pb_message cleat__pb_node_status;
extern const struct cleat__pb_message cleat__pb_node_swap_status;
extern const struct cleat__pb_message cleat__pb_node_system_info;
extern const struct cleat__pb_message cleat__pb_object_field_selector;
extern const struct cleat__pb_message cleat__pb_object_meta;
extern const struct cleat__pb_message cleat__pb_object_reference;
extern const struct cleat__pb_message cleat__pb_owner_reference;
extern const struct cleat__pb_message cleat__pb_persistent_volume_claim_spec;
extern const struct cleat__pb_message cleat__pb_persistent_volume_claim_template;
extern const struct cleat__pb_message cleat__pb_persistent_volume_claim_volume_source;
extern const struct cleat__pb_message cleat__pb_photon_persistent_disk_volume_source;
extern const struct cleat__pb_message cleat__pb_pod;
extern const struct cleat__pb_message cleat__pb_pod_affinity;
extern const struct cleat__pb_message cleat__pb_pod_affinity_term;
extern const struct cleat__pb_message cleat__pb_pod_anti_affinity;
extern const struct cleat__pb_message cleat__pb_pod_certificate_projection;
extern const struct cleat__pb_message cleat__pb_pod_condition;
extern const struct cleat__pb_message cleat__pb_pod_dns_config;
extern const struct cleat__pb_message cleat__pb_pod_dns_config_option;
extern const struct cleat__pb_message cleat__pb_pod_extended_resource_claim_status;
extern const struct cleat__pb_message cleat__pb_pod_ip;
extern const struct cleat__pb_message cleat__pb_pod_os;
extern const struct cleat__pb_message cleat__pb_pod_readiness_gate;
extern const struct cleat__pb_message cleat__pb_pod_resource_claim;
extern const struct cleat__pb_message cleat__pb_pod_resource_claim_status;
extern const struct cleat__pb_message cleat__pb_pod_scheduling_gate;
extern const struct cleat__pb_message cleat__pb_pod_scheduling_group;
extern const struct cleat__pb_message cleat__pb_pod_security_context;
extern const struct cleat__pb_message cleat__pb_pod_spec;
extern const struct cleat__pb_message cleat__pb_pod_status;
extern const struct cleat__pb_message cleat__pb_pod_volume_health;
extern const struct cleat__pb_message cleat__pb_port_status;
extern const struct cleat__pb_message cleat__pb_portworx_volume_source;
extern const struct cleat__pb_message cleat__pb_preconditions;
extern const struct cleat__pb_message cleat__pb_preferred_scheduling_term;
extern const struct cleat__pb_message cleat__pb_probe;
extern const struct cleat__pb_message cleat__pb_probe_handler;
extern const struct cleat__pb_message cleat__pb_projected_volume_source;
extern const struct cleat__pb_message cleat__pb_quobyte_volume_source;
extern const struct cleat__pb_message cleat__pb_rbd_volume_source;
extern const struct cleat__pb_message cleat__pb_resource_claim;
extern const struct cleat__pb_message cleat__pb_resource_field_selector;
extern const struct cleat__pb_message cleat__pb_resource_health;
extern const struct cleat__pb_message cleat__pb_resource_requirements;
extern const struct cleat__pb_message cleat__pb_resource_status;
extern const struct cleat__pb_message cleat__pb_se_linux_options;
extern const struct cleat__pb_message cleat__pb_scale_io_volume_source;
extern const struct cleat__pb_message cleat__pb_seccomp_profile;
extern const struct cleat__pb_message cleat__pb_secret;
extern const struct cleat__pb_message cleat__pb_secret_env_source;
extern const struct cleat__pb_message cleat__pb_secret_key_selector;
extern const struct cleat__pb_message cleat__pb_secret_projection;
extern const struct cleat__pb_message cleat__pb_secret_volume_source;
extern const struct cleat__pb_message cleat__pb_security_context;
extern const struct cleat__pb_message cleat__pb_service;
extern const struct cleat__pb_message cleat__pb_service_account;
extern const struct cleat__pb_message cleat__pb_service_account_token_projection;
extern const struct cleat__pb_message cleat__pb_service_port;
extern const struct cleat__pb_message cleat__pb_service_spec;
extern const struct cleat__pb_message cleat__pb_service_status;
extern const struct cleat__pb_message cleat__pb_session_affinity_config;
extern const struct cleat__pb_message cleat__pb_sleep_action;
extern const struct cleat__pb_message cleat__pb_storage_os_volume_source;
extern const struct cleat__pb_message cleat__pb_sysctl;
extern const struct cleat__pb_message cleat__pb_tcp_socket_action;
extern const struct cleat__pb_message cleat__pb_taint;
extern const struct cleat__pb_message cleat__pb_toleration;
extern const struct cleat__pb_message cleat__pb_topology_spread_constraint;
extern const struct cleat__pb_message cleat__pb_typed_local_object_reference;
extern const struct cleat__pb_message cleat__pb_typed_object_reference;
extern const struct cleat__pb_message cleat__pb_volume;
extern const struct cleat__pb_message cleat__pb_volume_device;
extern const struct cleat__pb_message cleat__pb_volume_health_condition;
extern const struct cleat__pb_message cleat__pb_volume_mount;
extern const struct cleat__pb_message cleat__pb_volume_mount_status;
extern const struct cleat__pb_message cleat__pb_volume_projection;
extern const struct cleat__pb_message cleat__pb_volume_resource_requirements;
extern const struct cleat__pb_message cleat__pb_volume_source;
extern const struct cleat__pb_message cleat__pb_volume_status;
extern const struct cleat__pb_message cleat__pb_vsphere_virtual_disk_volume_source;
extern const struct cleat__pb_message cleat__pb_weighted_pod_affinity_term;
extern const struct cleat__pb_message cleat__pb_windows_security_context_options;

#endif
