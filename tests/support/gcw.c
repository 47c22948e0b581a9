/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/gcw.h"

const struct cleat_gvr gcw_configmaps = {"", "v1", "configmaps"};
const struct cleat_gvr gcw_secrets = {"", "v1", "secrets"};
const struct cleat_gvr gcw_pods = {"", "v1", "pods"};
const struct cleat_gvr gcw_namespaces = {"", "v1", "namespaces"};
const struct cleat_gvr gcw_nodes = {"", "v1", "nodes"};
const struct cleat_gvr gcw_things = {"test.dev", "v1", "things"};
const struct cleat_gvr gcw_clusterthings = {"test.dev", "v1", "clusterthings"};

static void define(struct world *w, const char *plural, const char *kind, const char *scope) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *crd = cleat_sprintf(
        "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\","
        "\"metadata\":{\"name\":\"%s.test.dev\"},\"spec\":{\"group\":\"test.dev\",\"scope\":\"%s\","
        "\"names\":{\"plural\":\"%s\",\"kind\":\"%s\",\"singular\":\"%.*s\",\"listKind\":\"%sList\""
        "},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{"
        "\"openAPIV3Schema\":{\"type\":\"object\"}}}]}}",
        plural, scope, plural, kind, (int)strlen(plural) - 1, plural, kind);
    KT_OK(cleat_registry_add_crd(w->registry, cleat_s(crd), &e), &e);
    free(crd);
}

void gcw_define(struct world *w) {
    define(w, "things", "Thing", "Namespaced");
    define(w, "clusterthings", "ClusterThing", "Cluster");
    world_settle(w);
}

static struct cleat_key key_of(const char *ns, const char *name) {
    return (struct cleat_key){cleat_s(ns), cleat_s(name)};
}

char *gcw_make(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
               const char *metadata, const char *rest) {
    char *place = ns[0] != 0 ? cleat_sprintf(",\"namespace\":\"%s\"", ns) : cleat_strdup("");
    char *json = cleat_sprintf("{\"metadata\":{\"name\":\"%s\"%s%s%s}%s%s}", name, place,
                               metadata != NULL ? "," : "", metadata != NULL ? metadata : "",
                               rest != NULL ? "," : "", rest != NULL ? rest : "");
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL, *made = NULL;
    cleat_err err = cleat_obj_parse(cleat_s(json), 0, &o, &e);
    if (err == CLEAT_OK) {
        err = cleat_client_api.create(w->client, NULL, gvr, o, &made, &e);
    }
    kt_ok(err, &e, json, __FILE__, __LINE__);
    char *uid = made != NULL ? cleat_strndup(cleat_obj_uid(made)) : cleat_strdup("");
    cleat_obj_unref(o);
    cleat_obj_unref(made);
    free(json);
    free(place);
    return uid;
}

char *gcw_ref(const char *api_version, const char *kind, const char *name, const char *uid,
              int block) {
    const char *more = block < 0    ? ""
                       : block == 0 ? ",\"blockOwnerDeletion\":false"
                                    : ",\"blockOwnerDeletion\":true";
    return cleat_sprintf("{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\",\"uid\":\"%s\"%s}",
                         api_version, kind, name, uid, more);
}

char *gcw_owners(char *a, char *b, char *c) {
    char *text = cleat_sprintf("\"ownerReferences\":[%s%s%s%s%s]", a, b != NULL ? "," : "",
                               b != NULL ? b : "", c != NULL ? "," : "", c != NULL ? c : "");
    free(a);
    free(b);
    free(c);
    return text;
}

cleat_obj *gcw_get(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name) {
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_client_api.get(w->client, NULL, gvr, key_of(ns, name), &o, &e);
    if (err != CLEAT_OK && err != CLEAT_E_NOT_FOUND) {
        kt_ok(err, &e, name, __FILE__, __LINE__);
    }
    return o;
}

bool gcw_there(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name) {
    cleat_obj *o = gcw_get(w, gvr, ns, name);
    cleat_obj_unref(o);
    return o != NULL;
}

bool gcw_ending(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name) {
    char *text = gcw_json(w, gvr, ns, name, CLEAT_PATH("metadata", "deletionTimestamp"));
    bool yes = text[0] != 0;
    free(text);
    return yes;
}

char *gcw_json(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
               cleat_path path) {
    cleat_obj *o = gcw_get(w, gvr, ns, name);
    char *text = o != NULL ? cleat_strndup(cleat_val_raw(cleat_obj_at(o, path))) : cleat_strdup("");
    cleat_obj_unref(o);
    return text;
}

void gcw_delete(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
                int propagation) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_delete_opts opts = {
        .struct_size = sizeof opts, .propagation = propagation, .grace_period_seconds = -1};
    cleat_err err =
        cleat_client_api.remove(w->client, NULL, gvr, key_of(ns, name), &opts, NULL, &e);
    kt_ok(err, &e, name, __FILE__, __LINE__);
}

void gcw_patch(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
               const char *patch) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_client_api.patch(w->client, NULL, gvr, key_of(ns, name), NULL,
                                           CLEAT_PATCH_MERGE, cleat_s(patch), NULL, &e);
    kt_ok(err, &e, patch, __FILE__, __LINE__);
}

size_t gcw_count(struct world *w, struct cleat_gvr gvr, const char *ns) {
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_error e = CLEAT_ERROR_INIT;
    kt_ok(cleat_client_api.list(w->client, NULL, gvr, ns, NULL, &l, &e), &e, gvr.resource, __FILE__,
          __LINE__);
    size_t n = l.n;
    cleat_client_api.list_free(&l);
    return n;
}

bool gcw_condition(struct world *w, const char *ns, const char *type, const char *status,
                   const char *reason, const char *message) {
    cleat_obj *o = gcw_get(w, gcw_namespaces, "", ns);
    struct cleat_iter it = {0};
    bool yes = false;
    while (o != NULL && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), &it)) {
        yes |= cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), type) &&
               cleat_eqc(cleat_val_str(cleat_val_get(it.val, "status")), status) &&
               cleat_eqc(cleat_val_str(cleat_val_get(it.val, "reason")), reason) &&
               (message == NULL ||
                cleat_eqc(cleat_val_str(cleat_val_get(it.val, "message")), message));
    }
    cleat_obj_unref(o);
    return yes;
}
