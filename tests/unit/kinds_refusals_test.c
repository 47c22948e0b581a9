/* SPDX-License-Identifier: Apache-2.0 */
/* What the kinds of volumes, networking, classes and quotas refuse, in upstream's words. */
#include "tests/support/rt.h"

struct refusal {
    const char *resource, *ns, *spec; /* members of the object besides metadata */
    const char *message;              /* after 'Kind.group "x" is invalid: ' */
};

#define PV(spec)  "persistentvolumes", "", "\"spec\":" spec
#define PVC(spec) "persistentvolumeclaims", "default", "\"spec\":" spec
#define ING(spec) "ingresses", "default", "\"spec\":" spec
#define NP(spec)  "networkpolicies", "default", "\"spec\":" spec
#define SLICE(x)  "endpointslices", "default", x
#define EP(x)     "endpoints", "default", "\"subsets\":" x
#define SVC(spec) "services", "default", "\"spec\":" spec
#define QUOTA(h)  "resourcequotas", "default", "\"spec\":{\"hard\":" h "}"
#define LIMIT(x)  "limitranges", "default", "\"spec\":{\"limits\":[" x "]}"

static const struct refusal refusals[] = {
    {PV("{\"accessModes\":[\"ReadWriteOnce\"],\"hostPath\":{\"path\":\"/x\"}}"),
     "spec.capacity: Required value"},
    {PV("{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"Twice\"],\"hostPath\":{\"path\":"
        "\"/x\"}}"),
     "spec.accessModes: Unsupported value: \"Twice\": supported values: \"ReadOnlyMany\", "
     "\"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\""},
    {PV("{\"capacity\":{\"storage\":\"0\"},\"accessModes\":[\"ReadWriteOnce\"],\"nfs\":{\"server\":"
        "\"s\",\"path\":\"x\"}}"),
     "[spec.capacity[storage]: Invalid value: \"0\": must be greater than zero, spec.nfs.path: "
     "Invalid value: \"x\": must be an absolute path]"},
    {PV("{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"]}"),
     "spec: Required value: must specify a volume type"},
    {PV("{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],\"hostPath\":"
        "{\"path\":\"/a/../b\"},\"csi\":{\"driver\":\"d\",\"volumeHandle\":\"v\"}}"),
     "[spec.hostPath.path: Invalid value: \"/a/../b\": must not contain '..', spec.csi: Forbidden: "
     "may not specify more than 1 volume type]"},
    {PV("{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],\"local\":"
        "{\"path\":\"/x\"},\"persistentVolumeReclaimPolicy\":\"Burn\"}"),
     "[spec.persistentVolumeReclaimPolicy: Unsupported value: \"Burn\": supported values: "
     "\"Delete\", \"Recycle\", \"Retain\", spec.nodeAffinity: Required value: Local volume "
     "requires "
     "node affinity]"},
    {PVC("{\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}"),
     "spec.accessModes: Required value: at least 1 access mode is required"},
    {PVC("{\"accessModes\":[\"ReadWriteOnce\"]}"), "spec.resources[storage]: Required value"},
    {PVC("{\"accessModes\":[\"ReadWriteOnce\",\"ReadWriteOncePod\"],\"resources\":{\"requests\":"
         "{\"storage\":\"1Gi\"}}}"),
     "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"},
    {"storageclasses", "", "\"provisioner\":\"\"", "provisioner: Required value"},
    {"storageclasses", "", "\"provisioner\":\"x.io/y\",\"reclaimPolicy\":\"Keep\"",
     "reclaimPolicy: Unsupported value: \"Keep\": supported values: \"Delete\", \"Retain\""},
    {"volumeattachments", "", "\"spec\":{\"attacher\":\"a.io\",\"nodeName\":\"n\",\"source\":{}}",
     "spec.source: Required value: must specify exactly one of inlineVolumeSpec and "
     "persistentVolumeName"},
    {"csidrivers", "", "\"spec\":{\"fsGroupPolicy\":\"Some\"}",
     "spec.fsGroupPolicy: Unsupported value: \"Some\": supported values: \"File\", \"None\", "
     "\"ReadWriteOnceWithFSType\""},
    {"csinodes", "",
     "\"spec\":{\"drivers\":[{\"name\":\"a.io\",\"nodeID\":\"n\"},{\"name\":\"a.io\",\"nodeID\":"
     "\"n\"}]}",
     "spec.drivers[1].name: Duplicate value: \"a.io\""},
    {"csistoragecapacities", "default", "\"storageClassName\":\"\"",
     "storageClassName: Required value"},
    {"volumeattributesclasses", "", "\"driverName\":\"a.io\"",
     "parameters: Required value: must contain at least one key/value pair"},
    {ING("{}"), "spec: Invalid value: []: either `defaultBackend` or `rules` must be specified"},
    {ING("{\"rules\":[{\"host\":\"1.2.3.4\"}]}"),
     "spec.rules[0].host: Invalid value: \"1.2.3.4\": must be a DNS name, not an IP address"},
    {ING("{\"rules\":[{\"host\":\"a.b\",\"http\":{\"paths\":[{\"path\":\"/\",\"backend\":"
         "{\"service\":{\"name\":\"s\",\"port\":{\"number\":80}}}}]}}]}"),
     "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"},
    {ING("{\"rules\":[{\"http\":{\"paths\":[{\"path\":\"x\",\"pathType\":\"Prefix\",\"backend\":"
         "{\"service\":{\"name\":\"s\",\"port\":{}}}}]}}]}"),
     "[spec.rules[0].http.paths[0].path: Invalid value: \"x\": must be an absolute path, "
     "spec.rules[0].http.paths[0].backend.service.port: Required value: port name or number is "
     "required]"},
    {ING("{\"rules\":[{\"http\":{\"paths\":[{\"path\":\"/a//b\",\"pathType\":\"Exact\",\"backend\":"
         "{}}]}}]}"),
     "[spec.rules[0].http.paths[0].path: Invalid value: \"/a//b\": must not contain '//', "
     "spec.rules[0].http.paths[0].backend: Required value: backend must specify a `service` or "
     "`resource`]"},
    {"ingressclasses", "", "\"spec\":{\"controller\":\"nothing\"}",
     "spec.controller: Invalid value: \"nothing\": must be a domain-prefixed path (such as "
     "\"acme.io/foo\")"},
    {"ingressclasses", "",
     "\"spec\":{\"controller\":\"a.io/c\",\"parameters\":{\"kind\":\"K\",\"name\":\"n\",\"scope\":"
     "\"Namespace\"}}",
     "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"},
    {NP("{\"podSelector\":{},\"ingress\":[{\"from\":[{}]}]}"),
     "spec.ingress[0].from[0]: Required value: must specify a peer"},
    {NP("{\"podSelector\":{},\"egress\":[{\"to\":[{\"ipBlock\":{\"cidr\":\"10.0.0.0/8\",\"except\":"
        "[\"11.0.0.0/16\"]}}]}]}"),
     "spec.egress[0].to[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": must be a strict "
     "subset of `cidr`"},
    {NP("{\"podSelector\":{},\"ingress\":[{\"ports\":[{\"port\":80,\"endPort\":70}]}]}"),
     "spec.ingress[0].ports[0].endPort: Invalid value: 70: must be greater than or equal to "
     "`port`"},
    {NP("{\"podSelector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]}}"),
     "spec.podSelector.matchExpressions[0].values: Required value: must be specified when "
     "`operator` "
     "is 'In' or 'NotIn'"},
    {NP("{\"podSelector\":{},\"policyTypes\":[\"Up\"]}"),
     "spec.policyTypes[0]: Unsupported value: \"Up\": supported values: \"Egress\", \"Ingress\""},
    {SLICE("\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"127.0.0.1\"]}]"),
     "endpoints[0].addresses[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range "
     "(127.0.0.0/8, ::1/128)"},
    {SLICE("\"addressType\":\"IPv7\",\"endpoints\":[]"),
     "addressType: Unsupported value: \"IPv7\": supported values: \"FQDN\", \"IPv4\", \"IPv6\""},
    {SLICE("\"addressType\":\"IPv6\",\"endpoints\":[{\"addresses\":[]}]"),
     "endpoints[0].addresses: Required value: must contain at least 1 address"},
    {EP("[{\"addresses\":[{\"ip\":\"x\"}],\"ports\":[{\"port\":80}]}]"),
     "subsets[0].addresses[0].ip: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 "
     "or 2001:db8::ffff)"},
    {EP("[{\"ports\":[{\"port\":0}]}]"),
     "[subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`, "
     "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive]"},
    {SVC("{\"type\":\"ExternalName\"}"), "spec.externalName: Required value"},
    {SVC("{\"sessionAffinity\":\"Some\",\"ports\":[{\"port\":80}]}"),
     "spec.sessionAffinity: Unsupported value: \"Some\": supported values: \"ClientIP\", \"None\""},
    {SVC("{\"ports\":[{\"name\":\"a\",\"port\":80},{\"name\":\"b\",\"port\":80}]}"),
     "spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,"
     "\"Port\":80,\"TargetPort\":0,\"NodePort\":0}"},
    {SVC("{\"ports\":[{\"port\":80},{\"name\":\"b\",\"port\":81}]}"),
     "spec.ports[0].name: Required value"},
    {SVC("{\"ports\":[{\"port\":80,\"targetPort\":\"no_port\"}]}"),
     "spec.ports[0].targetPort: Invalid value: \"no_port\": must contain only alpha-numeric "
     "characters (a-z, 0-9), and hyphens (-)"},
    {SVC("{\"externalIPs\":[\"127.0.0.1\"],\"ports\":[{\"port\":80}]}"),
     "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range "
     "(127.0.0.0/8, ::1/128)"},
    {SVC("{\"loadBalancerSourceRanges\":[\"10.0.0.0/8\"],\"ports\":[{\"port\":80}]}"),
     "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"},
    {SVC("{\"sessionAffinity\":\"ClientIP\",\"sessionAffinityConfig\":{\"clientIP\":"
         "{\"timeoutSeconds\":90000}},\"ports\":[{\"port\":80}]}"),
     "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be greater "
     "than "
     "0 and less than 86400"},
    {QUOTA("{\"bogus\":\"1\"}"),
     "spec.hard[bogus]: Invalid value: \"bogus\": must be a standard resource for quota"},
    {QUOTA("{\"pods\":\"1500m\"}"),
     "spec.hard[pods]: Invalid value: \"1500m\": must be an integer"},
    {QUOTA("{\"cpu\":\"-1\"}"),
     "spec.hard[cpu]: Invalid value: \"-1\": must be greater than or equal to 0"},
    {LIMIT("{\"type\":\"Container\",\"min\":{\"cpu\":\"2\"},\"max\":{\"cpu\":\"1\"},\"default\":"
           "{\"cpu\":\"1\"},\"defaultRequest\":{\"cpu\":\"1\"}}"),
     NULL},
    {LIMIT("{\"type\":\"Pod\",\"default\":{\"cpu\":\"1\"}}"),
     "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"},
    {LIMIT("{\"type\":\"Pod\"},{\"type\":\"Pod\"}"),
     "spec.limits[1].type: Duplicate value: \"Pod\""},
    {LIMIT("{\"type\":\"PersistentVolumeClaim\"}"),
     "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, "
     "but neither was provided"},
    {"priorityclasses", "", "\"value\":1000000001",
     "value: Forbidden: maximum allowed value of a user defined priority is 1000000000"},
    {"priorityclasses", "", "\"value\":1,\"preemptionPolicy\":\"Some\"",
     "preemptionPolicy: Unsupported value: \"Some\": supported values: \"Never\", "
     "\"PreemptLowerPriority\""},
    {"runtimeclasses", "", "\"handler\":\"no_handler\"", NULL},
    {"servicecidrs", "", "\"spec\":{}", "spec.cidrs: Required value: at least one CIDR required"},
    {"secrets", "default", "\"type\":\"kubernetes.io/tls\",\"data\":{\"tls.crt\":\"eA==\"}",
     "data[tls.key]: Required value"},
    {"secrets", "default", "\"type\":\"kubernetes.io/basic-auth\"",
     "[data[username]: Required value, data[password]: Required value]"},
    {"secrets", "default", "\"type\":\"kubernetes.io/service-account-token\"",
     "metadata.annotations[kubernetes.io/service-account.name]: Required value"},
    {"certificatesigningrequests", "",
     "\"spec\":{\"request\":\"eA==\",\"signerName\":\"a.io/b\",\"usages\":[\"client auth\"]}",
     "spec.request: Invalid value: \"eA==\": PEM block type must be CERTIFICATE REQUEST"},
};

static void refused(void) {
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *r = &refusals[i];
        CLEAT_AUTO_FREE char *text = cleat_sprintf("{\"metadata\":{\"name\":\"x\"},%s}", r->spec);
        KT_TRUE(rt_create(&rt, r->resource, r->ns, text) != CLEAT_OK);
        if (!KT_EQ_INT(rt_code(&rt), 422)) {
            printf("  at %s\n", text);
        }
        const char *said = strstr(rt_message(&rt), " is invalid: ");
        if (r->message != NULL) {
            KT_EQ_STR(said != NULL ? said + strlen(" is invalid: ") : rt_message(&rt), r->message);
        }
    }
    rt_close(&rt);
}

/* ---- what may not change ---- */

static const struct {
    const char *resource, *ns, *made, *patch, *message;
} frozen[] = {
    {"storageclasses", "", "\"provisioner\":\"a.io/b\"", "{\"parameters\":{\"a\":\"b\"}}",
     "parameters: Forbidden: updates to parameters are forbidden."},
    {"priorityclasses", "", "\"value\":5", "{\"value\":6}",
     "value: Forbidden: may not be changed in an update."},
    {"persistentvolumes", "",
     "\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],"
     "\"hostPath\":"
     "{\"path\":\"/x\"}}",
     "{\"spec\":{\"hostPath\":{\"path\":\"/y\"}}}",
     "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after "
     "creation"},
    {"persistentvolumeclaims", "default",
     "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":"
     "\"1Gi\"}}}",
     "{\"spec\":{\"accessModes\":[\"ReadOnlyMany\"]}}",
     "spec: Forbidden: spec is immutable after creation except resources.requests and "
     "volumeAttributesClassName for bound claims"},
    {"runtimeclasses", "", "\"handler\":\"a\"", "{\"handler\":\"b\"}",
     "handler: Invalid value: \"b\": field is immutable"},
    {"endpointslices", "default", "\"addressType\":\"IPv4\",\"endpoints\":[]",
     "{\"addressType\":\"IPv6\"}", "addressType: Invalid value: \"IPv6\": field is immutable"},
    {"csidrivers", "", "\"spec\":{}", "{\"spec\":{\"attachRequired\":false}}",
     "spec.attachRequired: Invalid value: false: field is immutable"},
    {"resourcequotas", "default", "\"spec\":{\"scopes\":[\"BestEffort\"]}",
     "{\"spec\":{\"scopes\":[\"Terminating\"]}}",
     "spec.scopes: Invalid value: [\"Terminating\"]: field is immutable"},
};

static void immutable(void) {
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof frozen / sizeof *frozen; i++) {
        CLEAT_AUTO_FREE char *text =
            cleat_sprintf("{\"metadata\":{\"name\":\"x\"},%s}", frozen[i].made);
        CLEAT_AUTO_FREE char *key =
            cleat_sprintf("%s%sx", frozen[i].ns, frozen[i].ns[0] != '\0' ? "/" : "");
        KT_OK(rt_create(&rt, frozen[i].resource, frozen[i].ns, text), &rt.req.error);
        KT_TRUE(rt_patch(&rt, frozen[i].resource, key, CLEAT_PATCH_MERGE, frozen[i].patch) !=
                CLEAT_OK);
        const char *said = strstr(rt_message(&rt), " is invalid: ");
        KT_EQ_STR(said != NULL ? said + strlen(" is invalid: ") : rt_message(&rt),
                  frozen[i].message);
    }
    rt_close(&rt);
}

/* A manifest that leaves the same to the defaults again is no change. */
static void defaults_are_no_change(void) {
    static const char *const policy =
        "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"podSelector\":{},\"ingress\":[{\"ports\":[{"
        "\"port\":80}]}]}}";
    struct rt rt;
    rt_open(&rt);
    KT_OK(rt_create(&rt, "networkpolicies", "default", policy), &rt.req.error);
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("spec", "ingress", "0", "ports", "0", "protocol")),
            CLEAT_STR("TCP"));
    uint64_t revision = cleat_obj_revision(rt.req.result);
    KT_OK(rt_update(&rt, "networkpolicies", "default/x", policy), &rt.req.error);
    KT_EQ_INT(cleat_obj_revision(rt.req.result), revision);
    KT_OK(rt_patch(&rt, "networkpolicies", "default/x", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"ingress\":[{\"ports\":[{\"port\":81}]}]}}"),
          &rt.req.error);
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "generation")), CLEAT_STR("2"));
    rt_close(&rt);
}

KT_MAIN("kinds_refusals", KT_TEST(refused), KT_TEST(immutable), KT_TEST(defaults_are_no_change))
