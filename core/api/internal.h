/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of core/api share. An I/O thread owns its connections and all
 * that hangs off them; what reaches it from elsewhere comes through its inbox.
 */
#ifndef CLEAT_CORE_API_INTERNAL_H
#define CLEAT_CORE_API_INTERNAL_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <openssl/ssl.h>

#include "core/api/api.h"
#include "core/http/http1.h"
#include "core/auth/identity.h"
#include "core/openapi/openapi.h"

struct cleat__check {
    char *name;
    bool (*fn)(void *userdata);
    void *userdata;
    struct cleat__check *next;
};

struct cleat__io;
struct cleat__listener;

/* flow.c: classes of requests */
enum { CLEAT__FLOW_EXEMPT, CLEAT__FLOW_SYSTEM, CLEAT__FLOW_COMMON, CLEAT__FLOWS };

struct cleat_api {
    cleat_registry *registry;
    cleat_openapi *openapi;
    struct cleat_api_opts opts; /* strings are copied */
    struct cleat_api_gate gate; /* of opts.gate; its open_paths too */
    pthread_mutex_t tls_mutex;  /* guards the two that follow */
    pthread_mutex_t tls_making; /* held while new ones are made; before tls_mutex */
    SSL_CTX *tls;               /* of new connections */
    struct cleat__trust *trust; /* without a registry: whose certificates are believed */
    X509 *own_ca, *own_cert;    /* made here, or NULL */
    EVP_PKEY *own_key;
    char *tls_stamp; /* of the files; the accepting thread's, as the next */
    cleat_time tls_looked;
    struct cleat_map tokens; /* digest of a token -> struct cleat__identity */
    struct cleat__identity admin, anonymous;
    struct cleat__check *checks;
    struct cleat__io *ios;
    int n_ios;
    struct cleat__listener *listeners;
    int secure_port, insecure_port;
    uint64_t subscription;
    _Atomic bool stopping;
    _Atomic int in_flight_mutating, watches, connections;
    _Atomic int writing[CLEAT__FLOWS], reading[CLEAT__FLOWS];
    unsigned next_io; /* the accepting thread's */
};

struct cleat__out;
struct cleat__line;
struct cleat__lines;
struct cleat__conn;
struct cleat__h2;

/*
 * One request and its answer, a watch's stream included: what the handlers see.
 * HTTP/1.1 has one a connection, used anew for each request; HTTP/2 one a stream.
 * Which of the two it is concerns only the codecs (http1_conn.c, http2.c).
 */
struct cleat__call {
    struct cleat__conn *conn;
    struct cleat__io *io;
    int32_t id; /* the stream's of HTTP/2; 0 = HTTP/1.1 */
    int holds;  /* >0 while a function on the stack still uses it: see cleat__call_hold */
    bool gone;  /* nobody waits for the answer any more */
    bool head_only, http10;
    bool yaml;                          /* the client wants YAML where it would get JSON */
    bool starved;                       /* there is more than the queue should hold */
    int status;                         /* of the answer */
    int reads;                          /* 1 + the class in which its long answer counts; 0 = not */
    const struct cleat_http_head *head; /* only while cleat__serve runs, as body */
    struct cleat_str body;
    const struct cleat__identity *identity; /* the connection's: by certificate or door, or NULL */
    struct cleat_buf warnings;              /* lines for the head of the answer */
    struct cleat__out *out, **out_tail;     /* out.c */
    size_t out_bytes;                       /* not yet written of it */
    struct cleat__write *write;             /* it waits for the committer */
    struct cleat__ask *ask;                 /* it waits for who knows whether it may */
    struct cleat__stream *stream;
    struct cleat__producer *producer; /* it is made while it is sent */
};

enum {
    CLEAT__HANDSHAKE,
    CLEAT__HEAD,   /* waits for a request, or for more of its head */
    CLEAT__BODY,   /* waits for more of its body */
    CLEAT__BUSY,   /* a request is being served, or watches */
    CLEAT__FRAMES, /* HTTP/2 */
    CLEAT__DRAIN,  /* nothing more is served; ends when all is written */
    CLEAT__LINGER  /* all is written; waits a moment for the client to close */
};

struct cleat__conn {
    struct cleat__io *io;
    struct cleat__conn *next, **link;
    int fd;
    SSL *ssl;
    struct event readable, writable;
    int state;
    int holds; /* >0 while a function on the stack still uses it: see cleat__conn_hold */
    bool dead, close_after, peer_closed, reading, lingers;
    cleat_time last_used, began;
    struct cleat__identity *identity; /* by certificate or door; NULL = by token, or nobody */
    struct cleat__h2 *h2;             /* NULL = HTTP/1.1, and then: */
    struct cleat__call call;
    struct cleat_buf in;
    size_t in_off, scanned; /* of in: already served; already searched for the head's end */
    size_t head_n;
    uint64_t length;
    bool chunked;
    struct cleat_http_chunks chunks;
    struct cleat_buf body;   /* of a chunked request */
    struct cleat_buf bearer; /* the last token that was good, and whose it is */
    struct cleat__identity *bearer_identity, *impersonated; /* the last ones, to be given back */
};

struct cleat__msg {
    struct cleat__msg *next;
    int fd, door;           /* a new connection, or: */
    cleat_request *request; /* a commit; then the message is the write's, or: */
    struct cleat__ask *ask; /* an answer; then it is its */
};

#define CLEAT__YAML      "application/yaml"
#define CLEAT__TOO_LARGE "Request entity too large: limit is 3145728"

enum { CLEAT__DOOR_TLS, CLEAT__DOOR_PLAIN, CLEAT__DOOR_UNIX };
enum { CLEAT__KINDS = 1024, CLEAT__SCRATCH = 64 * 1024 };

struct cleat__io {
    cleat_api *api;
    struct event_base *base;
    struct event wake, sweep, last_call;
    pthread_t thread;
    bool started, stopping;
    struct cleat__conn *conns;
    int writes;                 /* that have not come back from the committer */
    struct cleat__write *spare; /* write.c */
    int n_spare;
    struct cleat__stream *streams[CLEAT__KINDS]; /* by kind; the last slot for all beyond */
    struct cleat__rounds {                       /* see stream.c */
        uint64_t wanted[CLEAT__KINDS / 64], under_way[CLEAT__KINDS / 64];
        struct cleat__round {
            struct cleat__stream *at;   /* who comes next in it */
            cleat_time took, may_begin; /* so far, or the last; the next */
        } of[CLEAT__KINDS];
        struct event timer;
    } rounds;
    struct cleat__lines *lines;   /* lines.c; NULL = none were shared so far */
    struct cleat_http_head head;  /* of the request that is being served */
    struct cleat_buf text;        /* for heads and small bodies */
    char *scratch;                /* reads, and coalescing for TLS */
    struct cleat__series *series; /* metrics.c: looked up once and kept */

    /* Written by other threads. */
    int wake_fd;
    _Atomic(struct cleat__msg *) inbox;          /* newest first */
    _Atomic bool signalled, stop;                /* signalled: wake_fd was written */
    _Atomic int posting;                         /* threads that are about to signal */
    _Atomic uint32_t watched[CLEAT__KINDS];      /* streams of each kind */
    _Atomic uint64_t changed[CLEAT__KINDS / 64]; /* kinds to look at */
};

/* io.c */
cleat_err cleat__io_start(cleat_api *a, struct cleat_error *e);
/* Ends all requests and connections, a second at most, and joins the threads. */
void cleat__io_stop(cleat_api *a);
void cleat__io_post(struct cleat__io *io, struct cleat__msg *m); /* [any-thread] */
void cleat__io_ended(struct cleat__io *io); /* a connection or write has ended */
void cleat__on_publish(void *userdata, const uint32_t *kinds, size_t n, uint64_t revision);

/* listen.c */
cleat_err cleat__listen(cleat_api *a, struct cleat_error *e);
void cleat__listen_start(cleat_api *a);
void cleat__listen_stop(cleat_api *a);
void cleat__listen_free(cleat_api *a);

/* conn.c: sockets, and what all connections have in common */
void cleat__conn_open(struct cleat__io *io, int fd, int door);
void cleat__conn_close(struct cleat__conn *c); /* freed once nobody holds it */
static inline void cleat__conn_hold(struct cleat__conn *c) {
    c->holds++;
}
void cleat__conn_release(struct cleat__conn *c);
void cleat__conn_finish(struct cleat__conn *c); /* all is written, and no more will be */
ssize_t cleat__conn_write(struct cleat__conn *c, const char *p, size_t n); /* as cleat__out_write */
void cleat__conn_pause(struct cleat__conn *c); /* reads no more, until: */
void cleat__conn_continue(struct cleat__conn *c);
void cleat__conn_wake(struct cleat__conn *c); /* as if it had become writable */
void cleat__conn_stop(struct cleat__conn *c); /* no further requests */
/* No sign of life for too long, or a request that does not end. */
bool cleat__conn_stale(struct cleat__conn *c, cleat_time now);

/* call.c: the seam between handlers and codecs */
void cleat__call_init(struct cleat__call *x, struct cleat__conn *c);
void cleat__call_gone(struct cleat__call *c);  /* ends its watch, forgets its write, drops output */
void cleat__call_flush(struct cleat__call *c); /* writes what the client takes, now or soon */
void cleat__call_done(struct cleat__call *c);  /* the answer, which came later, is whole */
/* Whether cleat__serve left the answer to come later. */
static inline bool cleat__call_pending(const struct cleat__call *c) {
    return c->write != NULL || c->stream != NULL || c->producer != NULL || c->ask != NULL;
}
static inline void cleat__call_hold(struct cleat__call *c) {
    c->holds++;
    cleat__conn_hold(c->conn);
}
void cleat__call_release(struct cleat__call *c);

/* http1_conn.c: HTTP/1.1 on a connection */
void cleat__h1_input(struct cleat__conn *c, size_t n); /* n bytes are in the thread's scratch */
void cleat__h1_process(struct cleat__conn *c);         /* serves and writes what is there */
void cleat__h1_flush(struct cleat__conn *c);
void cleat__h1_resume(struct cleat__conn *c);     /* the answer is whole: goes on */
bool cleat__h1_full(const struct cleat__conn *c); /* enough is read ahead */
void cleat__h1_stop(struct cleat__conn *c);

/* http2.c: HTTP/2 on a connection */
cleat_err cleat__h2_open(struct cleat__conn *c);
void cleat__h2_close(struct cleat__conn *c); /* ends its calls */
void cleat__h2_free(struct cleat__conn *c);
void cleat__h2_input(struct cleat__conn *c, size_t n);
void cleat__h2_flush(struct cleat__conn *c);
/* An answer's head, as lines of HTTP/1.1 without the first. */
void cleat__h2_head(struct cleat__call *c, int status, struct cleat_str lines, bool body);
void cleat__h2_more(struct cleat__call *c); /* there is more to write */
void cleat__h2_done(struct cleat__call *c); /* and no more will come */
void cleat__h2_free_call(struct cleat__call *c);
void cleat__h2_stop(struct cleat__conn *c);
bool cleat__h2_stale(struct cleat__conn *c, cleat_time now);

/* out.c: what is to be written, by reference where it is an object's bytes */
void cleat__out_bytes(struct cleat__call *c, struct cleat_str bytes); /* copied */
void cleat__out_take(struct cleat__call *c, struct cleat_buf *bytes); /* emptied */
void cleat__out_object(struct cleat__call *c, struct cleat_str pre, const cleat_obj *o,
                       struct cleat_str post);                      /* pre copied, post static */
void cleat__out_line(struct cleat__call *c, struct cleat__line *l); /* shared */
void cleat__out_listing(struct cleat__call *c, struct cleat_listing *l, size_t total); /* taken */
ssize_t cleat__out_write(struct cleat__call *c); /* >0 written, 0 would block, <0 broken */
void cleat__out_copy(struct cleat__call *c, char *to, size_t n); /* n <= out_bytes leave it */
void cleat__out_clear(struct cleat__call *c);

/* respond.c */
/* Begins an answer: what is returned, the thread's text buffer, holds the head where it
 * is text; more may be added, then it goes to cleat__out_bytes. length < 0: not known.
 * type NULL: none. extra: whole lines. */
struct cleat_buf *cleat__head(struct cleat__call *c, int status, const char *type, long long length,
                              const char *extra);
void cleat__respond(struct cleat__call *c, int status, const char *type, struct cleat_buf *body,
                    const char *extra); /* body is emptied */
void cleat__respond_text(struct cleat__call *c, int status, const char *text);
void cleat__respond_error(struct cleat__call *c, const struct cleat_error *e);
void cleat__respond_object(struct cleat__call *c, int status, const cleat_obj *o);

/* flow.c: who is let in. A class of CLEAT__FLOW_*. */
int cleat__flow_of(const struct cleat_user *u, const struct cleat_kind *k);
bool cleat__flow_write(struct cleat__call *c, int flow); /* false: it was turned away */
void cleat__flow_written(cleat_api *a, int flow);        /* what was let in is over */
bool cleat__flow_read(struct cleat__call *c, int flow);  /* false: it was turned away */
void cleat__flow_reads(struct cleat__call *c, int flow); /* answered: it counts while it is long */
void cleat__flow_read_done(struct cleat__call *c);       /* nothing of it is left to write */

/* produce.c (see produce.h) */
void cleat__produce_more(struct cleat__call *c);
void cleat__producer_close(struct cleat__call *c);

/* warn.c: for the next head, as upstream's headers name them */
void cleat__warn(struct cleat__call *c, const struct cleat_texts *texts);

/* route.c */
struct cleat__route {
    char *memory;   /* the decoded copies that all the rest points into */
    char *readable; /* the whole path, for authorization and messages */
    char *segments[16];
    size_t n_segments;
    bool is_api; /* /api/v1/... or /apis/g/v/...: the fields below are set */
    const char *group, *version, *resource, *subresource;
    struct cleat_str ns, name;
    bool watch_path; /* /api/v1/watch/... */
    bool nowhere;    /* a//b */
    struct cleat__param {
        char *key, *value;
    } params[32];
    size_t n_params;
};
cleat_err cleat__route_parse(struct cleat_str target, struct cleat__route *ret,
                             struct cleat_error *e);
void cleat__route_done(struct cleat__route *r);
const char *cleat__param(const struct cleat__route *r, const char *key); /* NULL where absent */
bool cleat__param_true(const struct cleat__route *r, const char *key);
/* The numbers among the parameters of a list or watch, 0 where not said; BAD_REQUEST. */
cleat_err cleat__list_numbers(const struct cleat__route *r, int64_t *ret_limit,
                              int64_t *ret_timeout, struct cleat_error *e);

/* negotiate.c */
enum { CLEAT__JSON, CLEAT__TABLE, CLEAT__PARTIAL, CLEAT__PARTIAL_LIST, CLEAT__NONE };
struct cleat__accept {
    int form;
    bool yaml;           /* with CLEAT__JSON: the same in YAML */
    const char *version; /* of Table or PartialObjectMetadata: "v1", "v1beta1" */
};
struct cleat__accept cleat__negotiate(struct cleat_str accept);    /* the header; empty = JSON */
struct cleat_str cleat__media_type(struct cleat_str content_type); /* without parameters */

/* media.c */
struct cleat__media { /* a clause of an Accept header; spans of it */
    struct cleat_str type, as, group, version;
    int quality; /* of 1000 */
};
/* The next clause, cut off the front; false at the end. */
bool cleat__media_next(struct cleat_str *accept, struct cleat__media *ret);
/* Which of the types offered (NULL ends) the client wants most: -1 = none. */
int cleat__media_choose(struct cleat_str accept, const char *const *offers);

/* auth.c */
cleat_err cleat__tokens_load(cleat_api *a, const char *path, struct cleat_error *e);
struct cleat__identity *cleat__identity_of_cert(SSL *ssl);      /* owned, or NULL */
struct cleat__identity *cleat__identity_of_subject(X509 *cert); /* the same, unchecked */
/* Borrowed; NULL with *e where a token is unknown. */
const struct cleat__identity *cleat__authenticate(struct cleat__call *c, struct cleat_error *e);
struct cleat__identity *cleat__token_of_file(void *api, struct cleat_str token); /* or NULL */
void cleat__identities_done(struct cleat__conn *c);
/* impersonate.c: id, or whoever it may and wants to be. Borrowed; NULL with *e. */
const struct cleat__identity *cleat__impersonate(struct cleat__call *c,
                                                 const struct cleat__identity *id,
                                                 struct cleat_error *e);

/* pki.c */
cleat_err cleat__pki_setup(cleat_api *a, struct cleat_error *e);
/* tls.c */
cleat_err cleat__tls_start(cleat_api *a, struct cleat_error *e);
void cleat__tls_done(cleat_api *a);
SSL *cleat__tls_new(cleat_api *a); /* a connection's; any thread; NULL = out of memory */
/* The accepting thread's: reads the files anew if they have changed; how often to call it,
 * in ms, -1 = there is nothing to look at. */
void cleat__tls_look(cleat_api *a);
int cleat__tls_look_each(const cleat_api *a);
/* trust.c */
struct cleat__trust;
/* from: NULL = what the one that holds was made of. The files that the options name go first. */
cleat_err cleat__trust_make(cleat_api *a, const struct cleat_api_trust *from,
                            struct cleat__trust **ret, struct cleat_error *e);
void cleat__trust_unref(struct cleat__trust *t); /* NULL allowed */
/* Names of all authorities, owned; NULL = there are none. */
STACK_OF(X509_NAME) * cleat__trust_authorities(const struct cleat__trust *t);
/* Whom a connection's certificate and a request's headers name; owned, or NULL.
 * *ret_bad: there is a certificate, and nobody believes it. Any thread. */
struct cleat__identity *cleat__trust_identify(cleat_api *a, SSL *ssl,
                                              const struct cleat_http_head *head, bool *ret_bad);
/* kubeconfig.c */
cleat_err cleat__kubeconfig_write(cleat_api *a, struct cleat_error *e);
/* files.c */
cleat_err cleat__file_write(const char *path, struct cleat_str data, mode_t mode,
                            struct cleat_error *e); /* whole or not at all */
cleat_err cleat__file_read(const char *path, struct cleat_buf *out, struct cleat_error *e);

/* The handlers. */
void cleat__serve(struct cleat__call *c); /* system.c: one whole request */
bool cleat__serve_system(struct cleat__call *c, const struct cleat__route *r);

/* gate.c: requests to a server without a registry */
void cleat__serve_gated(struct cleat__call *c, struct cleat__route *r); /* may take the route */
void cleat__ask_arrived(struct cleat__ask *x);                          /* on its I/O thread */
void cleat__ask_abandon(struct cleat__call *c);
bool cleat__serve_discovery(struct cleat__call *c, const struct cleat__route *r);
void cleat__serve_rest(struct cleat__call *c, struct cleat__route *r,
                       const struct cleat__identity *id); /* rest.c; may take the route */

/* read.c */
void cleat__serve_get(struct cleat__call *c, const struct cleat__route *r,
                      const struct cleat_kind *k, const struct cleat__identity *id,
                      struct cleat__accept accept);
void cleat__serve_list(struct cleat__call *c, const struct cleat__route *r,
                       const struct cleat_kind *k, const struct cleat__identity *id,
                       struct cleat__accept accept);
int cleat__include_of(const struct cleat__route *r); /* ?includeObject= */
void cleat__respond_one(struct cleat__call *c, int status, const struct cleat_kind *k,
                        const cleat_obj *o, struct cleat__accept accept, int include);

/* write.c */
void cleat__serve_write(struct cleat__call *c, struct cleat__route *r, const struct cleat_kind *k,
                        const struct cleat__identity *id, struct cleat__accept accept, int verb,
                        const char *verb_name);  /* takes the route */
void cleat__request_arrived(cleat_request *req); /* from the committer, on its I/O thread */
void cleat__request_abandon(struct cleat__call *c);
void cleat__writes_done(struct cleat__io *io); /* frees what was kept for later requests */

/* options.c, patch.c: what bodies and parameters of a write say */
cleat_err cleat__write_options(cleat_request *req, const struct cleat__route *r,
                               struct cleat_error *e);
cleat_err cleat__delete_options(cleat_request *req, const struct cleat__route *r,
                                struct cleat_str type, struct cleat_str body, char **ret_uid,
                                bool *ret_old_cascade, struct cleat_error *e);
cleat_err cleat__patch_type(cleat_request *req, const struct cleat__route *r, struct cleat_str type,
                            struct cleat_error *e);
/* Who owns what is written: ?fieldManager=, or (but for an apply) the client by its
 * User-Agent, kept in room. */
enum { CLEAT__MANAGER_ROOM = 129 };
cleat_err cleat__field_manager(cleat_request *req, const struct cleat__route *r,
                               struct cleat_str agent, char room[CLEAT__MANAGER_ROOM],
                               struct cleat_error *e);
/* The body of a patch as JSON, owned; *ret is its text. */
cleat_err cleat__patch_body(const cleat_request *req, struct cleat_str body, char **ret_owned,
                            struct cleat_str *ret, struct cleat_error *e);
cleat_err cleat__body_object(cleat_request *req, struct cleat_str type, struct cleat_str body,
                             struct cleat_error *e); /* into req->body */

/* stream.c */
void cleat__stream_open(struct cleat__call *c, const struct cleat__route *r,
                        const struct cleat_kind *k, const struct cleat__identity *id,
                        struct cleat__accept accept);
void cleat__stream_close(struct cleat__call *c);
void cleat__stream_pump(struct cleat__call *c);
void cleat__stream_end(struct cleat__call *c); /* a clean end of the body */
void cleat__streams_start(struct cleat__io *io);
/* A round for all watchers of each of these kinds, now or a little later. */
void cleat__streams_changed(struct cleat__io *io, const uint64_t changed[CLEAT__KINDS / 64]);

/* metrics.c */
void cleat__metrics_start(cleat_api *a);
void cleat__metrics_stop(cleat_api *a);
/* The series of what a watch of this kind sends: how many events, and their objects' sizes. */
void cleat__metric_watch(const struct cleat_kind *k, cleat_metric **ret_events,
                         cleat_metric **ret_sizes);
void cleat__metric_rejected(const char *level); /* of its class; a literal */
void cleat__metric_request(struct cleat__io *io, const char *verb, const struct cleat_kind *k,
                           const char *subresource, const char *scope, int code, cleat_time took);

#endif
