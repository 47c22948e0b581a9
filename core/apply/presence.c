/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structures that upstream's types hold by value: they are there, empty, in any
 * object that has their owner, so that nobody is ever seen to add them. JSON here
 * leaves them out while they are empty; this table tells which they are. owner
 * NULL: wherever a structure has a member of that name.
 */
#include "core/apply/typed.h"

static const struct {
    const char *field, *owner;
} by_value[] = {
    /* by field */
    {"acceptedNames", NULL},
    {"backend", "HTTPIngressPath"},
    {"conditions", "Endpoint"},
    {"current", NULL},
    {"daemonEndpoints", NULL},
    {"deprecatedSource", NULL},
    {"describedObject", NULL},
    {"involvedObject", NULL},
    {"jobTemplate", NULL},
    {"kubeletEndpoint", NULL},
    {"lastState", NULL},
    {"loadBalancer", NULL},
    {"metadata", NULL},
    {"metric", NULL},
    {"names", "CustomResourceDefinitionSpec"},
    {"nodeInfo", NULL},
    {"podAffinityTerm", NULL},
    {"podSelector", "NetworkPolicySpec"},
    {"port", "IngressServiceBackend"},
    {"preference", NULL},
    {"regarding", NULL},
    {"resources", "Container"},
    {"resources", "EphemeralContainer"},
    {"resources", "PersistentVolumeClaimSpec"},
    {"roleRef", NULL},
    {"scaleTargetRef", NULL},
    {"source", "Event"},
    {"source", "VolumeAttachmentSpec"},
    {"spec", NULL},
    {"state", "ContainerStatus"},
    {"status", NULL},
    {"strategy", "DeploymentSpec"},
    {"target", NULL},
    {"template", "DaemonSetSpec"},
    {"template", "DeploymentSpec"},
    {"template", "JobSpec"},
    {"template", "PodTemplate"},
    {"template", "ReplicaSetSpec"},
    {"template", "StatefulSetSpec"},
    {"updateStrategy", NULL},
};

bool cleat_type_by_value(const struct cleat_type *owner, const struct cleat_field *f) {
    if (f->type->form != CLEAT_FORM_STRUCT || owner->name == NULL) {
        return false;
    }
    const char *dot = strrchr(owner->name, '.');
    for (size_t i = 0; i < sizeof by_value / sizeof *by_value; i++) {
        int c = strcmp(f->name, by_value[i].field);
        if (c < 0) {
            return false;
        }
        if (c == 0 && (by_value[i].owner == NULL ||
                       (dot != NULL && strcmp(dot + 1, by_value[i].owner) == 0))) {
            return true;
        }
    }
    return false;
}
