/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 2: the transport to an API server elsewhere, over HTTPS: where it is and
 * who we are there come from a kubeconfig or from the pod that we run in.
 *
 * All sockets belong to one I/O thread of the transport's own; name look-ups, credential
 * programs and files are waited for on others. Callers block on nothing but their
 * own request, under its context. Every function here may be called from any thread.
 *
 * What an error says: a code with a Status reason was told by the server itself, in
 * a Status. NOT_FOUND is never made of a bare 404, which proves nothing. UNAVAILABLE:
 * the request did not reach a server. UNKNOWN: it may have been carried out, the
 * answer was lost. TIMEOUT, CANCELLED: the context ended; of a write, the outcome is unknown
 * then too.
 */
#ifndef CLEAT_CORE_REMOTE_H
#define CLEAT_CORE_REMOTE_H

#include "core/client/client.h"

struct cleat_remote_opts {
    /* One file, or several as $KUBECONFIG lists them ("a:b", merged as client-go does).
     * NULL: in-cluster, from KUBERNETES_SERVICE_HOST and the service-account mount, unless
     * server is given, which is then all that is known. */
    const char *kubeconfig;
    const char *context; /* NULL: the current one */
    const char *server;  /* takes the place of the cluster's URL (--master); NULL: none */
    /* A token bucket for each identity, as each of upstream's controllers has its own;
     * qps <= 0: no limit. Upstream's managers: 20, 30. */
    double qps;
    int burst;
    /* What comes before the name of the identity: "cleatd/v0.1.0 (linux/amd64) cleat/0.1.0"
     * by default (NULL). */
    const char *user_agent;
    /* Each identity of the form system:serviceaccount:NS:NAME asks for a token of its own
     * (TokenRequest; the account is made where it is missing), as with upstream's
     * --use-service-account-credentials. Else all act as the kubeconfig's user. */
    bool service_account_credentials;
    bool http1;         /* HTTP/2 is not offered */
    bool gzip;          /* asked for; else bytes come as they are, which costs both sides less */
    cleat_time timeout; /* of a request that is no watch; 0: 60 s */
    const char *service_account_dir; /* in-cluster; NULL: where pods have it mounted */
    /* Asked on the I/O thread before the first byte of a write is handed to the socket; NULL:
     * every write may leave. Reviews and tokens that are asked for are no writes. Borrowed. */
    const struct cleat_fence *fence;
};

/* Reads the configuration; nothing is sent yet. *ret is freed by its ops; no call may be
 * under way, and no stream open, then. Errors name the file and what is wrong in it. */
cleat_err cleat_transport_remote(const struct cleat_remote_opts *o, struct cleat_transport **ret,
                                 struct cleat_error *e);

/* Where it goes ("https://10.0.0.1:6443"), and the context's namespace ("default" where it has
 * none). Both as long as the transport. */
const char *cleat_remote_server(const struct cleat_transport *t);
const char *cleat_remote_namespace(const struct cleat_transport *t);

/* Whether nothing that was written may still be on its way: every write that left is answered, or
 * was given up longer than `reach` ago. */
bool cleat_remote_settled(const struct cleat_transport *t, cleat_time reach);

/* Any request, with the configuration's own credentials. path begins with '/'; body: JSON, or
 * NULL. The answer's bytes are added to out (NULL: dropped), its status is *ret_status (NULL
 * allowed). An error where there was no answer, or one of 400 and up: then as told above. */
cleat_err cleat_remote_request(struct cleat_transport *t, cleat_ctx *ctx, const char *method,
                               const char *path, const char *body, struct cleat_buf *out,
                               int *ret_status, struct cleat_error *e);

#endif
