/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of the host's own: what is loaded and what runs, for kubectl to look
 * at. Nobody but the host writes them, so state and identity share one status
 * without a subresource: one write a change.
 */
#include "core/host/internal.h"

#define STRING "{\"type\":\"string\"}"
#define COLUMN(name, type, path)                                                                   \
    "{\"name\":\"" name "\",\"type\":\"" type "\",\"jsonPath\":\"" path "\"}"
#define AGE COLUMN("Age", "date", ".metadata.creationTimestamp")
#define CRD(plural, singular, kind, more_names, properties, columns)                               \
    "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\","           \
    "\"metadata\":{\"name\":\"" plural ".cleat.dev\"},\"spec\":{\"group\":\"cleat.dev\","          \
    "\"scope\":\"Cluster\",\"names\":{\"plural\":\"" plural "\",\"singular\":\"" singular          \
    "\",\"kind\":\"" kind "\",\"listKind\":\"" kind "List\"" more_names "},"                       \
    "\"versions\":[{\"name\":\"v1alpha1\",\"served\":true,\"storage\":true,"                       \
    "\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"status\":{"            \
    "\"type\":\"object\",\"properties\":{" properties "}}}}},"                                     \
    "\"additionalPrinterColumns\":[" columns "," AGE "]}]}}"
#define STATE                                                                                      \
    "\"state\":" STRING ",\"message\":" STRING ",\"lastTransitionTime\":{\"type\":\"string\","     \
    "\"format\":\"date-time\"}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define CONDITIONS                                                                                 \
    "\"conditions\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"           \
    "\"type\":" STRING ",\"status\":" STRING ",\"reason\":" STRING ",\"message\":" STRING          \
    ",\"lastTransitionTime\":" TIME "}}}"
#define CALLS                                                                                      \
    "\"calls\":{\"type\":\"object\",\"properties\":{\"state\":" STRING ",\"throttledUntil\":" TIME \
    ",\"unansweredSince\":" TIME ",\"late\":{\"type\":\"integer\"}}}"
#define INSTANCE STATE ",\"plugin\":" STRING ",\"identity\":" STRING ",\"description\":" STRING
#define COLUMNS                                                                                    \
    COLUMN("Plugin", "string", ".status.plugin")                                                   \
    "," COLUMN("State", "string", ".status.state") "," COLUMN("Message", "string",                 \
                                                              ".status.message")

const char *const cleat_host_crds[] = {
    CRD("controllers", "controller", "Controller", ",\"shortNames\":[\"ctl\"]", INSTANCE, COLUMNS),
    CRD("cloudproviders", "cloudprovider", "CloudProvider", "", INSTANCE "," CONDITIONS "," CALLS,
        COLUMN("Plugin", "string", ".status.plugin") "," COLUMN(
            "State", "string", ".status.state") "," COLUMN("Calls", "string",
                                                           ".status.calls."
                                                           "state") "," COLUMN("Message", "string",
                                                                               ".status."
                                                                               "message")),
    CRD("plugins", "plugin", "Plugin", "",
        STATE ",\"path\":" STRING ",\"id\":" STRING ",\"version\":" STRING ",\"vendor\":" STRING
              ",\"license\":" STRING ",\"description\":" STRING ",\"abi\":" STRING,
        COLUMN("Id", "string", ".status.id") "," COLUMN(
            "Version", "string",
            ".status.version") "," COLUMN("State", "string",
                                          ".status.state") "," COLUMN("Message", "string",
                                                                      ".status.message")),
    NULL,
};
