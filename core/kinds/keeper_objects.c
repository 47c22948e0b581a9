/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be there, and what of it counts: each object is made where it is absent
 * and changed where that part of it is another. Runs on the keeper's thread.
 */
#include "core/kinds/keeper_internal.h"

static const struct cleat_str no_ns = {"", 0};

/* The object as it is with one part of it replaced; a conflict is seen in the next turn. */
static bool put_part(cleat_keeper *k, const struct cleat_kind *kind, const char *subresource,
                     const cleat_obj *have, cleat_path path, const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *body = NULL;
    cleat_edit *edit = cleat_edit_new(have);
    cleat_edit_set_json(edit, path, cleat_s(json));
    if (cleat_edit_finish(edit, &body, &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_ERROR, "keeper", "%s: %s", kind->store_name, e.message);
        return true;
    }
    return cleat_keeper_write(k, CLEAT_VERB_UPDATE, kind, subresource, cleat_obj_ns(have),
                              cleat_obj_name(have), body);
}

static bool is_json(struct cleat_val v, const char *json) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_AUTO_FREE char *text = cleat_sprintf("{\"v\":%s}", json);
    return cleat_obj_parse(cleat_s(text), 0, &o, NULL) == CLEAT_OK &&
           cleat_val_equal(v, cleat_obj_at(o, CLEAT_PATH("v")));
}

static char *quoted(const char *text) {
    struct cleat_buf b = {0};
    cleat_buf_json(&b, cleat_s(text));
    return cleat_buf_take(&b);
}

/* ---- namespaces ---- */

#define CA_NOTE                                                                                    \
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal "      \
    "endpoints such as the internal service IP or kubernetes.default.svc. No other usage is "      \
    "guaranteed across distributions of Kubernetes clusters."

static bool keep_ca(cleat_keeper *k, cleat_snapshot *sn, struct cleat_str ns) {
    const struct cleat_kind *kind = cleat_keeper_kind(k, "", "configmaps");
    const cleat_obj *have = cleat_snapshot_get(sn, kind->id, ns, CLEAT_STR("kube-root-ca.crt"));
    cleat_path note = CLEAT_PATH("metadata", "annotations", "kubernetes.io/description");
    if (k->ca == NULL || k->ca[0] == '\0') {
        return true;
    }
    CLEAT_AUTO_FREE char *ca = quoted(k->ca);
    CLEAT_AUTO_FREE char *data = cleat_sprintf("{\"ca.crt\":%s}", ca);
    if (have == NULL) {
        CLEAT_AUTO_FREE char *space = cleat_strndup(ns);
        CLEAT_AUTO_FREE char *json =
            cleat_sprintf("{\"metadata\":{\"name\":\"kube-root-ca.crt\",\"annotations\":{"
                          "\"kubernetes.io/description\":\"" CA_NOTE "\"}},\"data\":%s}",
                          data);
        return cleat_keeper_create(k, kind, space, json);
    }
    if (!is_json(cleat_obj_at(have, CLEAT_PATH("data")), data)) {
        return put_part(k, kind, NULL, have, CLEAT_PATH("data"), data);
    }
    if (!cleat_eqc(cleat_val_str(cleat_obj_at(have, note)), CA_NOTE)) {
        return put_part(k, kind, NULL, have, note, "\"" CA_NOTE "\"");
    }
    return true;
}

bool cleat_keep_namespace(cleat_keeper *k, cleat_snapshot *sn, struct cleat_str ns) {
    const struct cleat_kind *accounts = cleat_keeper_kind(k, "", "serviceaccounts");
    const cleat_obj *o =
        cleat_snapshot_get(sn, cleat_keeper_kind(k, "", "namespaces")->id, no_ns, ns);
    if (o == NULL || cleat_is_terminating(o)) {
        return true;
    }
    bool well = keep_ca(k, sn, ns);
    if (cleat_snapshot_get(sn, accounts->id, ns, CLEAT_STR("default")) == NULL) {
        CLEAT_AUTO_FREE char *space = cleat_strndup(ns);
        well = cleat_keeper_create(k, accounts, space, "{\"metadata\":{\"name\":\"default\"}}") &&
               well;
    }
    return well;
}

/* ---- the API server's own service ---- */

static bool keep_service(cleat_keeper *k, cleat_snapshot *sn) {
    const struct cleat_kind *kind = cleat_keeper_kind(k, "", "services");
    const cleat_obj *have =
        cleat_snapshot_get(sn, kind->id, CLEAT_STR("default"), CLEAT_STR("kubernetes"));
    CLEAT_AUTO_FREE char *ports = cleat_sprintf(
        "[{\"name\":\"https\",\"protocol\":\"TCP\",\"port\":443,\"targetPort\":%d}]", k->port);
    if (have == NULL) {
        CLEAT_AUTO_FREE char *json = cleat_sprintf(
            "{\"metadata\":{\"name\":\"kubernetes\",\"labels\":{\"component\":\"apiserver\","
            "\"provider\":\"kubernetes\"}},\"spec\":{\"ports\":%s,\"clusterIP\":\"%s\",\"type\":"
            "\"ClusterIP\",\"sessionAffinity\":\"None\"}}",
            ports, cleat_admit_first_ip(k->admit));
        return cleat_keeper_create(k, kind, "default", json);
    }
    return is_json(cleat_obj_at(have, CLEAT_PATH("spec", "ports")), ports) ||
           put_part(k, kind, NULL, have, CLEAT_PATH("spec", "ports"), ports);
}

static bool keep_endpoints(cleat_keeper *k, cleat_snapshot *sn) {
    const struct cleat_kind *kind = cleat_keeper_kind(k, "", "endpoints");
    const cleat_obj *have =
        cleat_snapshot_get(sn, kind->id, CLEAT_STR("default"), CLEAT_STR("kubernetes"));
    CLEAT_AUTO_FREE char *subsets =
        k->address == NULL
            ? cleat_strdup("[]")
            : cleat_sprintf("[{\"addresses\":[{\"ip\":\"%s\"}],\"ports\":[{\"name\":\"https\","
                            "\"port\":%d,\"protocol\":\"TCP\"}]}]",
                            k->address, k->port);
    if (have == NULL) {
        CLEAT_AUTO_FREE char *json =
            cleat_sprintf("{\"metadata\":{\"name\":\"kubernetes\",\"labels\":{"
                          "\"endpointslice.kubernetes.io/skip-mirror\":\"true\"}},\"subsets\":%s}",
                          subsets);
        return cleat_keeper_create(k, kind, "default", json);
    }
    return is_json(cleat_obj_at(have, CLEAT_PATH("subsets")), subsets) ||
           put_part(k, kind, NULL, have, CLEAT_PATH("subsets"), subsets);
}

static bool keep_slice(cleat_keeper *k, cleat_snapshot *sn) {
    const struct cleat_kind *kind = cleat_keeper_kind(k, "discovery.k8s.io", "endpointslices");
    const cleat_obj *have =
        cleat_snapshot_get(sn, kind->id, CLEAT_STR("default"), CLEAT_STR("kubernetes"));
    bool v6 = k->address != NULL && strchr(k->address, ':') != NULL;
    CLEAT_AUTO_FREE char *endpoints =
        k->address == NULL
            ? cleat_strdup("[]")
            : cleat_sprintf("[{\"addresses\":[\"%s\"],\"conditions\":{\"ready\":true}}]",
                            k->address);
    CLEAT_AUTO_FREE char *ports =
        cleat_sprintf("[{\"name\":\"https\",\"port\":%d,\"protocol\":\"TCP\"}]", k->port);
    if (have == NULL) {
        CLEAT_AUTO_FREE char *json = cleat_sprintf(
            "{\"metadata\":{\"name\":\"kubernetes\",\"labels\":{\"kubernetes.io/service-name\":"
            "\"kubernetes\"}},\"addressType\":\"%s\",\"endpoints\":%s,\"ports\":%s}",
            v6 ? "IPv6" : "IPv4", endpoints, ports);
        return cleat_keeper_create(k, kind, "default", json);
    }
    if (!is_json(cleat_obj_at(have, CLEAT_PATH("endpoints")), endpoints)) {
        return put_part(k, kind, NULL, have, CLEAT_PATH("endpoints"), endpoints);
    }
    return is_json(cleat_obj_at(have, CLEAT_PATH("ports")), ports) ||
           put_part(k, kind, NULL, have, CLEAT_PATH("ports"), ports);
}

/* ---- the cluster's ---- */

static const struct {
    const char *group, *resource, *ns, *name, *json;
} plain[] = {
    {"scheduling.k8s.io", "priorityclasses", "", "system-node-critical",
     "{\"metadata\":{\"name\":\"system-node-critical\"},\"value\":2000001000,\"description\":"
     "\"Used for system critical pods that must not be moved from their current node.\"}"},
    {"scheduling.k8s.io", "priorityclasses", "", "system-cluster-critical",
     "{\"metadata\":{\"name\":\"system-cluster-critical\"},\"value\":2000000000,\"description\":"
     "\"Used for system critical pods that must run in the cluster, but can be moved to another "
     "node if necessary.\"}"},
};

static bool keep_plain(cleat_keeper *k, cleat_snapshot *sn) {
    bool well = true;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        const struct cleat_kind *kind = cleat_keeper_kind(k, plain[i].group, plain[i].resource);
        if (cleat_snapshot_get(sn, kind->id, cleat_s(plain[i].ns), cleat_s(plain[i].name)) ==
            NULL) {
            well = cleat_keeper_create(k, kind, plain[i].ns, plain[i].json) && well;
        }
    }
    return well;
}

static bool keep_client_ca(cleat_keeper *k, cleat_snapshot *sn) {
    static const char *const name = "extension-apiserver-authentication";
    const struct cleat_kind *kind = cleat_keeper_kind(k, "", "configmaps");
    const cleat_obj *have =
        cleat_snapshot_get(sn, kind->id, CLEAT_STR("kube-system"), cleat_s(name));
    if (k->client_ca == NULL || k->client_ca[0] == '\0') {
        return true;
    }
    CLEAT_AUTO_FREE char *ca = quoted(k->client_ca);
    if (have == NULL) {
        CLEAT_AUTO_FREE char *json = cleat_sprintf(
            "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"client-ca-file\":%s}}", name, ca);
        return cleat_keeper_create(k, kind, "kube-system", json);
    }
    return is_json(cleat_obj_at(have, CLEAT_PATH("data", "client-ca-file")), ca) ||
           put_part(k, kind, NULL, have, CLEAT_PATH("data", "client-ca-file"), ca);
}

static bool keep_range(cleat_keeper *k, cleat_snapshot *sn) {
    const struct cleat_kind *kind = cleat_keeper_kind(k, "networking.k8s.io", "servicecidrs");
    CLEAT_AUTO_BUF json = {0};
    if (cleat_snapshot_get(sn, kind->id, no_ns, CLEAT_STR("kubernetes")) != NULL) {
        return true;
    }
    cleat_buf_puts(&json, "{\"metadata\":{\"name\":\"kubernetes\"},\"spec\":{\"cidrs\":[\"");
    for (const char *p = k->range != NULL ? k->range : "10.0.0.0/24"; *p != '\0'; p++) {
        if (*p == ',') {
            cleat_buf_puts(&json, "\",\"");
        } else {
            cleat_buf_putc(&json, *p);
        }
    }
    cleat_buf_puts(&json, "\"]}}");
    return cleat_keeper_create(k, kind, "", json.p);
}

/* What runs in this process is healthy while it can say so. Nobody may write the kind, so this
 * goes past the registry. */
static bool keep_components(cleat_keeper *k, cleat_snapshot *sn) {
    static const char *const names[] = {"controller-manager", "etcd-0"};
    const struct cleat_kind *kind = cleat_keeper_kind(k, "", "componentstatuses");
    bool well = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (cleat_snapshot_get(sn, kind->id, no_ns, cleat_s(names[i])) != NULL) {
            continue;
        }
        CLEAT_AUTO_FREE char *json = cleat_sprintf(
            "{\"kind\":\"ComponentStatus\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\","
            "\"resourceVersion\":\"%llu\"},\"conditions\":[{\"type\":\"Healthy\",\"status\":"
            "\"True\",\"message\":\"ok\"}]}",
            names[i], (unsigned long long)cleat_store_revision(k->store) + 1);
        struct cleat_op op = {.type = CLEAT_OP_CREATE};
        op.error.struct_size = (uint32_t)sizeof op.error;
        cleat_err err = cleat_obj_parse(cleat_s(json), 0, &op.obj, NULL);
        cleat_assert(err == CLEAT_OK);
        cleat_obj_stamp_kind(op.obj, kind->id);
        err = cleat_store_write(k->store, &op);
        cleat_obj_unref(op.obj);
        well = well && (err == CLEAT_OK || err == CLEAT_E_EXISTS);
    }
    return well;
}

bool cleat_keep_cluster(cleat_keeper *k, cleat_snapshot *sn) {
    bool well = keep_plain(k, sn);
    well = keep_client_ca(k, sn) && well;
    well = keep_components(k, sn) && well;
    if (k->admit == NULL) {
        return well;
    }
    well = keep_range(k, sn) && well;
    if (k->port > 0) {
        well = keep_service(k, sn) && well;
        well = keep_endpoints(k, sn) && well;
        well = keep_slice(k, sn) && well;
    }
    return well;
}

/* ---- quotas ---- */

bool cleat_keep_quotas(cleat_keeper *k, cleat_snapshot *sn) {
    const struct cleat_kind *kind = cleat_keeper_kind(k, "", "resourcequotas");
    struct cleat_range range;
    const cleat_obj *quota;
    bool well = true;
    if (k->admit == NULL) {
        return true;
    }
    if (cleat_snapshot_count(sn, kind->id, no_ns) == 0) {
        atomic_store(&k->has_quotas, false);
        return true;
    }
    cleat_range_init(&range, sn, kind->id, (struct cleat_str){NULL, 0});
    while ((quota = cleat_range_next(&range)) != NULL) {
        CLEAT_AUTO_FREE char *status = cleat_admit_quota_status(k->admit, quota);
        if (!is_json(cleat_obj_at(quota, CLEAT_PATH("status")), status)) {
            well = put_part(k, kind, "status", quota, CLEAT_PATH("status"), status) && well;
        }
    }
    return well;
}
