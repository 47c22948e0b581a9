/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 5: HTTP, TLS, authentication, routing, discovery, negotiation, streams.
 * N I/O threads, each with an event_base of its own; a connection belongs to one
 * thread for its life. No thread here ever blocks.
 */
#ifndef CLEAT_CORE_API_H
#define CLEAT_CORE_API_H

#include "core/auth/auth.h"
#include "core/registry/registry.h"

typedef struct cleat_api cleat_api;

struct cleat_api_opts {
    const char *bind_address; /* default "0.0.0.0" */
    int secure_port;          /* 6443; 0 = off; -1 = any free one */
    int insecure_port;        /* 0 = off; loopback only; -1 = any free one */
    const char
        *unix_socket;     /* path or NULL: who owns the socket's peer uid (ours or root) is admin */
    const char *data_dir; /* pki/ and admin.kubeconfig are made there where absent */
    const char *token_auth_file;              /* upstream's csv, or NULL */
    cleat_auth *auth;                         /* who knows tokens, or NULL */
    bool no_anonymous;                        /* who shows nothing is refused */
    const char *client_ca_file;               /* or NULL = our own CA */
    const char *tls_cert_file, *tls_key_file; /* or NULL = made */
    const char *const *tls_sans; /* more names for the made certificate, NULL-ended or NULL */
    int io_threads;              /* 0 = 2 */
    /* Requests under way, reads and writes, of those who are no administrators; leases and
     * nodes have as many again to themselves. 0 = no limit of its own. */
    int max_requests, max_mutating;
};
/* Makes keys, binds, listens. *ret serves after start. */
cleat_err cleat_api_new(cleat_registry *r, const struct cleat_api_opts *o, cleat_api **ret,
                        struct cleat_error *e);
cleat_err cleat_api_start(cleat_api *a, struct cleat_error *e);
/* The real ports. */
int cleat_api_secure_port(cleat_api *a);
int cleat_api_insecure_port(cleat_api *a);
/* Adds a named check to /healthz, /livez, /readyz. fn: true = ok. [load] */
void cleat_api_add_check(cleat_api *a, const char *name, bool (*fn)(void *userdata),
                         void *userdata);
void cleat_api_stop(cleat_api *a); /* readyz fails, listeners close, requests end (a second at
                                      most), threads joined */
void cleat_api_free(cleat_api *a);

#endif
