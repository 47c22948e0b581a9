/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of core/api share. An I/O thread owns its connections and all
 * that hangs off them; what reaches it from elsewhere comes as a message.
 */
#ifndef CLEAT_CORE_API_INTERNAL_H
#define CLEAT_CORE_API_INTERNAL_H

#include <event2/event.h>
#include <openssl/ssl.h>

#include "core/api/api.h"
#include "core/api/http1.h"

enum { CLEAT__GROUPS = 32 };

/* Who is at the other end: strings are owned. */
struct cleat__identity {
    struct cleat_user user;
    char *name, *uid, *groups[CLEAT__GROUPS + 1];
    size_t n_groups;
};
void cleat__identity_add_group(struct cleat__identity *id, struct cleat_str group);
void cleat__identity_done(struct cleat__identity *id);

struct cleat__check {
    char *name;
    bool (*fn)(void *userdata);
    void *userdata;
    struct cleat__check *next;
};

struct cleat__io;
struct cleat__listener;

struct cleat_api {
    cleat_registry *registry;
    struct cleat_api_opts opts; /* strings are copied */
    SSL_CTX *tls;
    struct cleat_map tokens; /* token -> struct cleat__identity */
    struct cleat__identity admin, anonymous;
    struct cleat__check *checks;
    struct cleat__io *ios;
    int n_ios;
    struct cleat__listener *listeners;
    int secure_port, insecure_port;
    uint64_t subscription;
    _Atomic bool stopping;
    _Atomic int in_flight_mutating, in_flight_reads, watches, connections;
    _Atomic unsigned next_io;
};

/* ---- output queue ---- */

enum { CLEAT__OUT_BYTES, CLEAT__OUT_OBJECT, CLEAT__OUT_LISTING };
struct cleat__out {
    struct cleat__out *next;
    int type;
    char *p; /* BYTES: owned. OBJECT: what stands before it, owned, may be NULL */
    size_t n, off;
    cleat_obj *obj;
    struct cleat_str post; /* OBJECT: what stands after it; static */
    struct cleat_listing listing;
    size_t item;
};

enum { CLEAT__HANDSHAKE, CLEAT__HEAD, CLEAT__BODY, CLEAT__BUSY, CLEAT__STREAM, CLEAT__DRAIN };

struct cleat__conn {
    struct cleat__io *io;
    struct cleat__conn *next, **link;
    int fd;
    SSL *ssl;
    struct event *readable, *writable;
    int state;
    bool close_after, peer_closed, dead, head_stale;
    int status; /* of the last answer */
    int busy;   /* >0 while a handler is on the stack: do not free */
    cleat_time last_used;
    struct cleat_buf in;
    size_t in_off, scanned;
    struct cleat_http_head head;
    size_t head_n;
    struct cleat_http_chunks chunks;
    struct cleat_buf body;
    struct cleat__identity *identity; /* by certificate or door; owned where own_identity */
    bool own_identity;
    struct cleat__out *out, **out_tail;
    size_t out_bytes;
    void *exchange; /* a request that waits for the committer */
    struct cleat__stream *stream;
};

struct cleat__io {
    cleat_api *api;
    int index;
    struct event_base *base;
    cleat_time stopping_since; /* 0: not stopping */
    struct event *wake, *sweep;
    int wake_fd;
    pthread_t thread;
    struct cleat__conn *conns;
    struct cleat__stream *streams;
    char *scratch; /* 64 KiB: reads, and coalescing for TLS */

    pthread_mutex_t mutex; /* guards the rest */
    struct cleat__msg {
        struct cleat__msg *next;
        int fd; /* a new connection, or -1 with: */
        int door;
        cleat_request *request;
    } * inbox, **inbox_tail;
    uint64_t changed[16]; /* bitmap of kinds; beyond that: all_changed */
    bool all_changed, stop, signalled;
};

enum { CLEAT__DOOR_TLS, CLEAT__DOOR_PLAIN, CLEAT__DOOR_UNIX };

/* io.c */
cleat_err cleat__io_start(cleat_api *a, struct cleat_error *e);
void cleat__io_stop(cleat_api *a);
void cleat__io_post_conn(struct cleat__io *io, int fd, int door);
void cleat__io_post_request(struct cleat__io *io, cleat_request *req);
void cleat__on_publish(void *userdata, const uint32_t *kinds, size_t n, uint64_t revision);

/* listen.c */
cleat_err cleat__listen(cleat_api *a, struct cleat_error *e);
void cleat__listen_start(cleat_api *a);
void cleat__listen_stop(cleat_api *a);
void cleat__listen_free(cleat_api *a);

/* conn.c */
void cleat__conn_open(struct cleat__io *io, int fd, int door);
void cleat__conn_close(struct cleat__conn *c);
/* Goes on with the next request, after an answer that came later. */
void cleat__conn_resume(struct cleat__conn *c);
void cleat__conn_flush(struct cleat__conn *c);
void cleat__out_bytes(struct cleat__conn *c, char *p, size_t n); /* p taken */
void cleat__out_object(struct cleat__conn *c, struct cleat_buf *pre, const cleat_obj *o,
                       const char *post);
void cleat__out_listing(struct cleat__conn *c, struct cleat_listing *l); /* taken */

/* respond.c */
/* Writes status line and headers. length < 0: chunked. type NULL: none. extra: whole lines. */
void cleat__head(struct cleat__conn *c, struct cleat_buf *out, int status, const char *type,
                 long long length, const char *extra);
void cleat__respond(struct cleat__conn *c, int status, const char *type, struct cleat_buf *body,
                    const char *extra); /* body is emptied */
void cleat__respond_text(struct cleat__conn *c, int status, const char *text);
void cleat__respond_error(struct cleat__conn *c, const struct cleat_error *e);
void cleat__respond_object(struct cleat__conn *c, int status, const cleat_obj *o,
                           const char *extra);

/* route.c */
struct cleat__route {
    char *path; /* decoded copy; the rest points into it or is static */
    char *segments[16];
    size_t n_segments;
    bool is_api; /* /api/v1... or /apis/g/v...: the fields below are set */
    const char *group, *version, *resource, *subresource;
    struct cleat_str ns, name;
    bool watch_path; /* /api/v1/watch/... */
    struct cleat__param {
        char *key, *value;
    } params[32];
    size_t n_params;
    char *query;
};
cleat_err cleat__route_parse(struct cleat_str target, struct cleat__route *ret,
                             struct cleat_error *e);
void cleat__route_done(struct cleat__route *r);
const char *cleat__param(const struct cleat__route *r, const char *key); /* NULL where absent */
bool cleat__param_true(const struct cleat__route *r, const char *key);

/* negotiate.c */
enum { CLEAT__JSON, CLEAT__TABLE, CLEAT__PARTIAL, CLEAT__PARTIAL_LIST, CLEAT__NONE };
struct cleat__accept {
    int form;
    const char *version; /* of Table or PartialObjectMetadata: "v1", "v1beta1" */
};
/* accept: the header; empty = JSON. allowed: whether tables and metadata are. */
struct cleat__accept cleat__negotiate(struct cleat_str accept);
bool cleat__accepts(struct cleat_str accept, const char *type);

/* auth.c */
cleat_err cleat__tokens_load(cleat_api *a, const char *path, struct cleat_error *e);
struct cleat__identity *cleat__identity_of_cert(SSL *ssl); /* owned, or NULL */
/* Borrowed; NULL with *e where a token is unknown. */
const struct cleat__identity *cleat__authenticate(struct cleat__conn *c, struct cleat_error *e);

/* pki.c */
cleat_err cleat__pki_setup(cleat_api *a, struct cleat_error *e);
cleat_err cleat__kubeconfig_write(cleat_api *a, struct cleat_error *e);

/* discovery.c, system.c, rest.c, stream.c: the handlers */
bool cleat__serve_discovery(struct cleat__conn *c, const struct cleat__route *r);
bool cleat__serve_system(struct cleat__conn *c, const struct cleat__route *r);
void cleat__serve_rest(struct cleat__conn *c, struct cleat__route *r,
                       const struct cleat__identity *id);
void cleat__serve(struct cleat__conn *c);        /* one whole request */
void cleat__request_arrived(cleat_request *req); /* on its I/O thread */
void cleat__request_abandon(struct cleat__conn *c);
void cleat__stream_open(struct cleat__conn *c, const struct cleat__route *r,
                        const struct cleat_kind *k, const struct cleat__identity *id,
                        struct cleat__accept accept);
void cleat__stream_close(struct cleat__conn *c);
void cleat__stream_pump(struct cleat__conn *c);
void cleat__streams_changed(struct cleat__io *io, const uint64_t changed[16], bool all);
void cleat__streams_end(struct cleat__io *io);

/* metrics.c */
void cleat__metrics_init(cleat_api *a);
void cleat__metric_request(const char *verb, const struct cleat_kind *k, const char *subresource,
                           const char *scope, int code, cleat_time took);

#endif
