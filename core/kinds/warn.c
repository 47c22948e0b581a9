/* SPDX-License-Identifier: Apache-2.0 */
/* Warnings of kinds that hold no pods, and what they share with those that do. See warn.h. */
#include "core/kinds/warn.h"

#include <arpa/inet.h>
#include <stdarg.h>

void cleat_warn_at(struct cleat_warning *w, const char *member, const char *fmt, ...) {
    size_t place = member != NULL ? cleat_check_in(&w->c, member) : w->c.path.n;
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    cleat_request_warn(w->req, "%s: %s", w->c.path.p != NULL ? w->c.path.p : "", text);
    free(text);
    cleat_check_up(&w->c, place);
}

/* ---- labels of nodes ---- */

static const char *deprecated_label(struct cleat_str key) {
    static const char *const labels[][2] = {
        {"beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"},
        {"beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"},
        {"failure-domain.beta.kubernetes.io/region",
         "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"},
        {"failure-domain.beta.kubernetes.io/zone",
         "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"},
        {"beta.kubernetes.io/instance-type",
         "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"},
        {"app.kubernetes.io/created-by", "deprecated since v1.9"},
        {"scheduler.alpha.kubernetes.io/preferAvoidPods",
         "deprecated since v1.22; use Taints and Tolerations instead"},
        {"node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead"},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (cleat_eqc(key, labels[i][0])) {
            return labels[i][1];
        }
    }
    return NULL;
}

void cleat_warn_node_label(struct cleat_warning *w, const char *member, struct cleat_str key,
                           bool expression) {
    const char *why = deprecated_label(key);
    if (why != NULL && expression) {
        cleat_warn_at(w, member, "%.*s is %s", CLEAT_FMT(key), why);
    } else if (why != NULL) {
        cleat_warn_at(w, member, "%s", why);
    }
}

void cleat_warn_node_term(struct cleat_warning *w, struct cleat_val term) {
    struct cleat_val list = cleat_val_get(term, "matchExpressions");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(&w->c, "matchExpressions");
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(&w->c, it.index);
        cleat_warn_node_label(w, "key", cleat_str_at(it.val, "key"), true);
        cleat_check_up(&w->c, elem);
    }
    cleat_check_up(&w->c, place);
}

/* ---- addresses and amounts ---- */

void cleat_warn_ip(struct cleat_warning *w, const char *member, struct cleat_val v) {
    struct cleat_str s = cleat_val_str(v);
    unsigned char raw[16];
    char text[INET6_ADDRSTRLEN] = "";
    if (cleat_ip_parse(s, raw) != 6 || inet_ntop(AF_INET6, raw, text, sizeof text) == NULL) {
        return;
    }
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(raw, mapped, sizeof mapped) == 0) {
        inet_ntop(AF_INET, raw + 12, text, sizeof text);
        cleat_warn_at(w, member,
                      "non-standard IP address \"%.*s\" will be considered invalid in a future "
                      "Kubernetes release: use \"%s\"",
                      CLEAT_FMT(s), text);
    } else if (!cleat_eqc(s, text)) {
        cleat_warn_at(w, member,
                      "IPv6 address \"%.*s\" should be in RFC 5952 canonical format (\"%s\")",
                      CLEAT_FMT(s), text);
    }
}

void cleat_warn_cidr(struct cleat_warning *w, const char *member, struct cleat_val v) {
    struct cleat_str s = cleat_val_str(v);
    unsigned char raw[16], net[16] = {0};
    char host[INET6_ADDRSTRLEN] = "", text[INET6_ADDRSTRLEN] = "";
    int bits = 0, family = cleat_cidr_parse(s, raw, &bits), most = family == 4 ? 32 : 128;
    if (family == 0) {
        return;
    }
    for (int i = 0; i < bits; i++) {
        net[i / 8] |= (unsigned char)(raw[i / 8] & 0x80 >> i % 8);
    }
    inet_ntop(family == 4 ? AF_INET : AF_INET6, raw, host, sizeof host);
    inet_ntop(family == 4 ? AF_INET : AF_INET6, net, text, sizeof text);
    if (memcmp(raw, net, (size_t)most / 8) != 0) {
        cleat_warn_at(w, member,
                      "CIDR value \"%.*s\" is ambiguous in this context (should be \"%s/%d\" or "
                      "\"%s/%d\"?)",
                      CLEAT_FMT(s), text, bits, host, most);
        return;
    }
    CLEAT_AUTO_FREE char *canonical = cleat_sprintf("%s/%d", text, bits);
    if (family == 6 && !cleat_eqc(s, canonical)) {
        cleat_warn_at(w, member,
                      "IPv6 CIDR value \"%.*s\" should be in RFC 5952 canonical format (\"%s\")",
                      CLEAT_FMT(s), canonical);
    }
}

/* In the canonical form, in which quantities are by now, a fraction ends in m, u or n. */
static bool is_fraction(struct cleat_str s) {
    return s.n > 0 && memchr("mun", s.p[s.n - 1], 3) != NULL;
}

void cleat_warn_bytes(struct cleat_warning *w, struct cleat_val of, const char *key) {
    struct cleat_str s = cleat_quantity_of(cleat_val_get(of, key));
    if (is_fraction(s)) {
        size_t place = cleat_check_key(&w->c, cleat_s(key));
        cleat_warn_at(w, NULL, "fractional byte value \"%.*s\" is invalid, must be an integer",
                      CLEAT_FMT(s));
        cleat_check_up(&w->c, place);
    }
}

/* ---- the kinds ---- */

static struct cleat_val spec_at(const cleat_obj *o) {
    return cleat_val_get(cleat_obj_root(o), "spec");
}

static bool same_spec(const cleat_obj *o, const cleat_obj *old) {
    return old != NULL && cleat_val_equal(spec_at(o), spec_at(old));
}

static void each_of(struct cleat_warning *w, struct cleat_val of, const char *member,
                    void (*fn)(struct cleat_warning *w, const char *member, struct cleat_val v)) {
    struct cleat_val list = cleat_val_get(of, member);
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(&w->c, member);
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(&w->c, it.index);
        fn(w, NULL, it.val);
        cleat_check_up(&w->c, elem);
    }
    cleat_check_up(&w->c, place);
}

static bool annotated(const cleat_obj *o, const char *key) {
    return cleat_val_present(cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", key)));
}

void cleat_warn_node(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_warning w = {.req = req};
    struct cleat_val spec = spec_at(o);
    if (same_spec(o, old)) {
        return;
    }
    if (!cleat_absent(cleat_val_get(spec, "configSource"))) {
        cleat_request_warn(req, "spec.configSource: the feature is removed");
    }
    if (cleat_str_at(spec, "externalID").n > 0) {
        cleat_request_warn(req, "spec.externalID: this field is deprecated, and is unused by "
                                "Kubernetes");
    }
    cleat_check_in(&w.c, "spec");
    each_of(&w, spec, "podCIDRs", cleat_warn_cidr);
    cleat_check_done(&w.c);
}

static void warn_headless(struct cleat_request *req, struct cleat_val spec) {
    if (cleat_str_at(spec, "loadBalancerIP").n > 0) {
        cleat_request_warn(req, "spec.loadBalancerIP is ignored for headless services");
    }
    if (cleat_val_count(cleat_val_get(spec, "externalIPs")) > 0) {
        cleat_request_warn(req, "spec.externalIPs is ignored for headless services");
    }
    if (!cleat_eqc(cleat_str_at(spec, "sessionAffinity"), "None")) {
        cleat_request_warn(req, "spec.SessionAffinity is ignored for headless services");
    }
}

void cleat_warn_service(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_warning w = {.req = req};
    struct cleat_val spec = spec_at(o);
    bool elsewhere = cleat_eqc(cleat_str_at(spec, "type"), "ExternalName");
    bool headless = cleat_eqc(cleat_str_at(spec, "clusterIP"), "None");
    if (same_spec(o, old)) {
        return;
    }
    if (annotated(o, "service.kubernetes.io/topology-aware-hints")) {
        cleat_request_warn(req, "annotation service.kubernetes.io/topology-aware-hints is "
                                "deprecated, please use service.kubernetes.io/topology-mode "
                                "instead");
    }
    cleat_check_in(&w.c, "spec");
    if (headless) {
        warn_headless(req, spec);
    } else {
        each_of(&w, spec, "clusterIPs", cleat_warn_ip);
    }
    each_of(&w, spec, "externalIPs", cleat_warn_ip);
    cleat_warn_ip(&w, "loadBalancerIP", cleat_val_get(spec, "loadBalancerIP"));
    each_of(&w, spec, "loadBalancerSourceRanges", cleat_warn_cidr);
    if (elsewhere && cleat_val_count(cleat_val_get(spec, "externalIPs")) > 0) {
        cleat_request_warn(req, "spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    }
    if (!elsewhere && cleat_str_at(spec, "externalName").n > 0) {
        cleat_request_warn(req,
                           "spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
    if (cleat_eqc(cleat_str_at(spec, "trafficDistribution"), "PreferClose")) {
        cleat_request_warn(req, "spec.trafficDistribution: \"PreferClose\" is deprecated; use "
                                "\"PreferSameZone\"");
    }
    cleat_check_done(&w.c);
}

static const char class_annotation[] = "volume.beta.kubernetes.io/storage-class";

static void warn_storage_class(struct cleat_request *req, const cleat_obj *o) {
    if (annotated(o, class_annotation)) {
        cleat_request_warn(req,
                           "metadata.annotations[%s]: deprecated since v1.8; use "
                           "\"storageClassName\" attribute instead",
                           class_annotation);
    }
}

void cleat_warn_pv(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    static const char *const sources[][2] = {
        {"cephfs", "deprecated in v1.28, non-functional in v1.31+"},
        {"photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"},
        {"scaleIO", "deprecated in v1.16, non-functional in v1.22+"},
        {"storageos", "deprecated in v1.22, non-functional in v1.25+"},
        {"glusterfs", "deprecated in v1.25, non-functional in v1.26+"},
        {"rbd", "deprecated in v1.28, non-functional in v1.31+"},
    };
    static const char mount_options[] = "volume.beta.kubernetes.io/mount-options";
    struct cleat_warning w = {.req = req};
    struct cleat_val spec = spec_at(o);
    struct cleat_val terms =
        cleat_val_at(spec, CLEAT_PATH("nodeAffinity", "required", "nodeSelectorTerms"));
    struct cleat_iter it = {0};
    if (same_spec(o, old)) {
        return;
    }
    warn_storage_class(req, o);
    if (annotated(o, mount_options)) {
        cleat_request_warn(
            req,
            "metadata.annotations[%s]: deprecated since v1.31; use \"mountOptions\" attribute "
            "instead",
            mount_options);
    }
    cleat_check_in(&w.c, "spec");
    if (cleat_eqc(cleat_str_at(spec, "persistentVolumeReclaimPolicy"), "Recycle")) {
        cleat_warn_at(&w, "persistentVolumeReclaimPolicy",
                      "The Recycle reclaim policy is deprecated. Instead, the recommended approach "
                      "is to use dynamic provisioning.");
    }
    size_t place = cleat_check_in(&w.c, "nodeAffinity.required.nodeSelectorTerms");
    while (cleat_val_next(terms, &it)) {
        size_t elem = cleat_check_elem(&w.c, it.index);
        cleat_warn_node_term(&w, it.val);
        cleat_check_up(&w.c, elem);
    }
    cleat_check_up(&w.c, place);
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (!cleat_absent(cleat_val_get(spec, sources[i][0]))) {
            const char *shown =
                sources[i][0][0] == 's' && sources[i][0][1] == 't' ? "storageOS" : sources[i][0];
            cleat_warn_at(&w, shown, "%s", sources[i][1]);
        }
    }
    cleat_check_done(&w.c);
}

void cleat_warn_claim(struct cleat_warning *w, struct cleat_val spec) {
    static const char *const members[] = {"requests", "limits"};
    size_t place = cleat_check_in(&w->c, "resources");
    for (size_t i = 0; i < 2; i++) {
        size_t at = cleat_check_in(&w->c, members[i]);
        cleat_warn_bytes(w, cleat_val_at(spec, CLEAT_PATH("resources", members[i])), "storage");
        cleat_check_up(&w->c, at);
    }
    cleat_check_up(&w->c, place);
}

void cleat_warn_pvc(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_warning w = {.req = req};
    if (same_spec(o, old)) {
        return;
    }
    warn_storage_class(req, o);
    cleat_check_in(&w.c, "spec");
    cleat_warn_claim(&w, spec_at(o));
    cleat_check_done(&w.c);
}

void cleat_warn_ingress(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    if (old == NULL && annotated(o, "kubernetes.io/ingress.class")) {
        cleat_request_warn(req, "annotation \"kubernetes.io/ingress.class\" is deprecated, please "
                                "use 'spec.ingressClassName' instead");
    }
}

static void warn_blocks(struct cleat_warning *w, struct cleat_val rules, const char *member,
                        const char *peers) {
    struct cleat_iter rule = {0};
    size_t place = cleat_check_in(&w->c, member);
    while (cleat_val_next(rules, &rule)) {
        struct cleat_val list = cleat_val_get(rule.val, peers);
        struct cleat_iter peer = {0};
        size_t elem = cleat_check_elem(&w->c, rule.index), at = cleat_check_in(&w->c, peers);
        while (cleat_val_next(list, &peer)) {
            struct cleat_val block = cleat_val_get(peer.val, "ipBlock");
            size_t one = cleat_check_elem(&w->c, peer.index);
            cleat_check_in(&w->c, "ipBlock");
            cleat_warn_cidr(w, "cidr", cleat_val_get(block, "cidr"));
            each_of(w, block, "except", cleat_warn_cidr);
            cleat_check_up(&w->c, one);
        }
        cleat_check_up(&w->c, at);
        cleat_check_up(&w->c, elem);
    }
    cleat_check_up(&w->c, place);
}

void cleat_warn_networkpolicy(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_warning w = {.req = req};
    if (same_spec(o, old)) {
        return;
    }
    cleat_check_in(&w.c, "spec");
    warn_blocks(&w, cleat_val_get(spec_at(o), "ingress"), "ingress", "from");
    warn_blocks(&w, cleat_val_get(spec_at(o), "egress"), "egress", "to");
    cleat_check_done(&w.c);
}

void cleat_warn_runtimeclass(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val selector = cleat_obj_at(o, CLEAT_PATH("scheduling", "nodeSelector"));
    struct cleat_iter it = {0};
    (void)old;
    while (cleat_val_type(selector) == CLEAT_OBJECT && cleat_val_next(selector, &it)) {
        const char *why = deprecated_label(it.key);
        if (why != NULL) {
            cleat_request_warn(req, "scheduling.nodeSelector: %s", why);
        }
    }
}
