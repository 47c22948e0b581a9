/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to the API server of a kubeconfig; see cleat_api.h. */
#include "core/cmd/cleat_api.h"

#include "core/remote/remote.h"

struct cleat_cmd_api {
    struct cleat_transport *transport;
};

void cleat_cmd_api_free(cleat_cmd_api *a) {
    if (a != NULL) {
        a->transport->ops->free(a->transport);
        free(a);
    }
}

const char *cleat_cmd_api_namespace(const cleat_cmd_api *a) {
    return cleat_remote_namespace(a->transport);
}

cleat_err cleat_cmd_api_open(const char *file, cleat_cmd_api **ret, struct cleat_error *e) {
    const char *env = getenv("KUBECONFIG"), *home = getenv("HOME");
    CLEAT_AUTO_FREE char *own = cleat_sprintf("%s/.kube/config", home != NULL ? home : "");
    struct cleat_remote_opts o = {.kubeconfig = file != NULL                    ? file
                                                : env != NULL && env[0] != '\0' ? env
                                                                                : own,
                                  .user_agent = "cleat/" CLEAT_VERSION};
    struct cleat_transport *t = NULL;
    CLEAT_TRY(cleat_transport_remote(&o, &t, e));
    *ret = cleat_zalloc(sizeof **ret);
    (*ret)->transport = t;
    return CLEAT_OK;
}

cleat_err cleat_cmd_api_request(cleat_cmd_api *a, const char *method, const char *path,
                                const char *body, cleat_obj **ret, struct cleat_error *e) {
    CLEAT_AUTO_BUF answer = {0};
    CLEAT_TRY(cleat_remote_request(a->transport, NULL, method, path, body, &answer, NULL, e));
    return cleat_obj_parse((struct cleat_str){answer.p != NULL ? answer.p : "", answer.n}, 0, ret,
                           e);
}
