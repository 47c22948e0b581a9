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

/* Whether somebody may see a path, asked elsewhere: for a server without a registry. */
struct cleat_api_ask {
    const char *path;
    const char *token;             /* that he shows, or NULL */
    const struct cleat_user *user; /* known by his certificate, or NULL; with neither: anonymous */
};
/* Ends one, from any thread; CLEAT_OK: he may. message where he may not. */
void cleat_api_answer(struct cleat_api_ask *ask, cleat_err err, const char *message);
struct cleat_api_gate {
    /* Begins to find out, and does not block; the answer comes once, in good time. */
    void (*ask)(void *userdata, struct cleat_api_ask *ask);
    void *userdata;
    const char *open_paths; /* what everybody may see: "/healthz,/readyz"; one that ends
                             * in an asterisk stands for all that begin so. Copied. */
    void (*configz)(void *userdata, struct cleat_buf *out); /* JSON of /configz */
    void *configz_userdata;
};

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
    const char *proxy_ca_file;   /* with a gate: who signs certificates of proxies that tell who
                                  * calls; or NULL. All four are read again when they change. */
    const char *const *tls_sans; /* more names for the made certificate, NULL-ended or NULL */
    int io_threads;              /* 0 = 2 */
    /* Requests under way, reads and writes, of those who are no administrators; leases and
     * nodes have as many again to themselves. 0 = no limit of its own. */
    int max_requests, max_mutating;
    /* Serves health, /metrics and /configz and nothing else; needs no registry and no data_dir:
     * a certificate that is made stays in memory. */
    const struct cleat_api_gate *gate;
};
/* Makes keys, binds, listens. *ret serves after start. r: NULL with a gate. */
cleat_err cleat_api_new(cleat_registry *r, const struct cleat_api_opts *o, cleat_api **ret,
                        struct cleat_error *e);
cleat_err cleat_api_start(cleat_api *a, struct cleat_error *e);

/* Whose certificates a server with a gate believes, where no file of its options says so;
 * header names as upstream's --requestheader-* flags have them. */
struct cleat_api_trust {
    const char *client_ca, *proxy_ca; /* PEM, or NULL */
    /* NULL-ended, or NULL for none: the common names that a proxy's certificate may have (none:
     * any), and the headers in which it tells user, UID, groups and whatever else. */
    const char *const *proxy_names,
        *const *user_headers, *const *uid_headers, *const *group_headers, *const *extra_prefixes;
};
/* Takes the place of what was said before, for connections that live too. All is copied. Where
 * it fails nothing has changed. Any thread. */
cleat_err cleat_api_trust(cleat_api *a, const struct cleat_api_trust *t, struct cleat_error *e);
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
