/* SPDX-License-Identifier: Apache-2.0 */
/* The transport's table. */
#include "core/remote/remote.h"

cleat_err cleat_transport_remote(const struct cleat_remote_opts *o, struct cleat_transport **ret,
                                 struct cleat_error *e) {
    (void)o;
    (void)ret;
    return cleat_fail(e, CLEAT_E_UNSUPPORTED, "there is no transport to other servers yet");
}

const char *cleat_remote_server(const struct cleat_transport *t) {
    (void)t;
    return "";
}

const char *cleat_remote_namespace(const struct cleat_transport *t) {
    (void)t;
    return "default";
}

cleat_err cleat_remote_request(struct cleat_transport *t, cleat_ctx *ctx, const char *method,
                               const char *path, const char *body, struct cleat_buf *out,
                               int *ret_status, struct cleat_error *e) {
    (void)t;
    (void)ctx;
    (void)method;
    (void)path;
    (void)body;
    (void)out;
    (void)ret_status;
    return cleat_fail(e, CLEAT_E_UNSUPPORTED, "there is no transport to other servers yet");
}
