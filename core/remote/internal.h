/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of core/remote tell one another. Unless said otherwise, everything
 * here is the I/O thread's.
 *
 *   ops.c, stream.c, kinds.c  what is asked, and what answers mean
 *   call.c, limit.c, auth.c   a request's way: credentials, rate, retries, times
 *   pool.c                    which connection takes it
 *   h1.c, h2.c                how it is written and read there
 *   conn.c, dial.c, tls.c     sockets
 *   loop.c                    the thread, and how others reach it
 */
#ifndef CLEAT_CORE_REMOTE_INTERNAL_H
#define CLEAT_CORE_REMOTE_INTERNAL_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

#include "core/http/http1.h"
#include "core/remote/config.h"

enum {
    CLEAT__SCRATCH = 128 * 1024,
    CLEAT__ANSWER_MAX = 256 << 20, /* of what is gathered, not streamed */
    CLEAT__ERROR_MAX = 3 << 20,    /* of an answer that tells an error */
    CLEAT__TRIES = 8,              /* addresses of a host */
};
#define CLEAT__DIAL_TIME      (30 * CLEAT_SECOND) /* as client-go */
#define CLEAT__HANDSHAKE_TIME (10 * CLEAT_SECOND) /* as Go */

struct cleat__remote;
struct cleat__rc_call;
struct cleat__rc_conn;
struct cleat__rc_identity;

/* ---- loop.c ---- */

/* Something for the I/O thread to do; fn may free it. */
struct cleat__rc_msg {
    struct cleat__rc_msg *next;
    void (*fn)(struct cleat__rc_msg *m);
};
void cleat__rc_post(struct cleat__remote *r, struct cleat__rc_msg *m); /* any thread */
bool cleat__rc_on_loop(const struct cleat__remote *r);                 /* any thread */

/* Something that may block: `work` on a worker, then msg.fn on the I/O thread. */
struct cleat__rc_job {
    struct cleat__rc_msg msg; /* first */
    struct cleat__remote *r;
    void (*work)(struct cleat__rc_job *j);
    struct cleat__rc_job *next;
};
void cleat__rc_job_start(struct cleat__remote *r, struct cleat__rc_job *j);

cleat_err cleat__rc_loop_start(struct cleat__remote *r, struct cleat_error *e);
void cleat__rc_loop_stop(struct cleat__remote *r); /* any other thread; joins all */

static inline struct timeval cleat__rc_timeval(cleat_time d) {
    d = d > 0 ? d : 0;
    return (struct timeval){d / CLEAT_SECOND, (d % CLEAT_SECOND) / 1000};
}

/* ---- call.c: one request ---- */

struct cleat__rc_queue {
    struct cleat__rc_call *head, **tail;
};

struct cleat__rc_sink {
    /* Of an answer of 2xx, as it comes; NULL: gathered in call->answer. All of it is taken;
     * false: no more until cleat__rc_call_resume. */
    bool (*data)(struct cleat__rc_call *c, const char *p, size_t n);
    /* Once, at last; may free the call. OK: the whole answer has come, or 304. */
    void (*end)(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *e);
};

enum {
    CLEAT__CALL_NEW,
    CLEAT__CALL_QUEUED,
    CLEAT__CALL_ACTIVE,
    CLEAT__CALL_RESTING,
    CLEAT__CALL_ENDED
};

struct cleat__rc_call {
    struct cleat__rc_msg msg;
    struct cleat__remote *r;
    const struct cleat__rc_sink *sink;
    void *userdata;

    /* The request. */
    struct cleat__rc_identity *who;
    const char *method, *accept, *content_type; /* static texts */
    char *path;                                 /* with the query */
    char *etag;                                 /* If-None-Match, or NULL */
    struct cleat_buf body;
    cleat_time timeout; /* until its head, or with no_end not, its end */
    bool no_end;        /* a watch */
    int line;           /* which connections may take it */
    bool as_base;       /* with the configuration's credentials, whoever asks */
    bool writes;        /* asks the fence before it leaves */
    size_t max;         /* bytes of an answer that is gathered */

    /* Under way. */
    int state;
    struct cleat__rc_queue *queue; /* in which it waits */
    struct cleat__rc_call *next, **link;
    struct cleat__rc_call *all_next, **all_link; /* of all that are under way */
    struct cleat__rc_conn *conn;
    int32_t stream;  /* HTTP/2 */
    size_t body_off; /* HTTP/2: sent so far */
    size_t held;     /* HTTP/2: bytes that the window does not know to be taken */
    struct event timer;
    cleat_time deadline, began, queued_at;
    unsigned tries, safe_tries;
    bool sent, headed, ended, paused, renewed, limited;
    bool out;               /* a write that has left, counted in the transport's writes_out */
    uint64_t served_before; /* answers of its connection when it began */

    /* The answer. */
    int status;
    bool gzip;
    cleat_time retry_after; /* <0: not said */
    char *answer_etag, *answer_type;
    struct cleat_buf answer;
    struct cleat__rc_gunzip *gunzip;
};

/* A call to fill in: any thread. path is taken. */
struct cleat__rc_call *cleat__rc_call_new(struct cleat__remote *r, const char *identity,
                                          const char *method, char *path,
                                          const struct cleat__rc_sink *sink, void *userdata);
void cleat__rc_call_free(
    struct cleat__rc_call *c); /* any thread, when it has ended or never began */
void cleat__rc_call_start(struct cleat__rc_call *c); /* any thread */
/* Ends it (NULL: none) with CANCELLED unless it has ended; returns when it has, and when all has
 * been done that was posted before. Not from the I/O thread. */
void cleat__rc_call_cancel(struct cleat__remote *r, struct cleat__rc_call *c);
/* The same, but a write that has left goes on: false then. */
bool cleat__rc_call_cancel_unsent(struct cleat__rc_call *c);
void cleat__rc_call_leaves(struct cleat__rc_call *c); /* its first byte goes to the socket */
void cleat__rc_call_abort(struct cleat__rc_call *c, cleat_err err, const char *why);
void cleat__rc_call_resume(struct cleat__rc_call *c);

/* The way onwards, from step to step. */
void cleat__rc_call_go(struct cleat__rc_call *c);      /* from the start: credentials */
void cleat__rc_call_limited(struct cleat__rc_call *c); /* may be sent as far as its rate goes */
void cleat__rc_call_push(struct cleat__rc_queue *q, struct cleat__rc_call *c);
void cleat__rc_call_unqueue(struct cleat__rc_call *c);
void cleat__rc_call_end(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *e);
void cleat__rc_call_fail(struct cleat__rc_call *c, cleat_err err, const char *fmt, ...)
    CLEAT_PRINTF(3, 4);

/* The last moment before it leaves: false where it may not. Why is kept in *e. */
bool cleat__rc_call_may_leave(const struct cleat__rc_call *c, struct cleat_error *e);
/* From the codecs. The call has left its connection when done and broke are called, and may
 * be gone when they return. */
struct cleat__rc_header {
    const char *name; /* lower case */
    struct cleat_str value;
};
/* Of a request in all, and of these the ones that impersonate somebody. */
enum { CLEAT__HEADERS = 64, CLEAT__IMPERSONATION_MAX = 48 };
/* The request's, without those of the framing; borrowed until the loop turns. */
size_t cleat__rc_call_headers(struct cleat__rc_call *c,
                              struct cleat__rc_header out[CLEAT__HEADERS]);
void cleat__rc_call_status(struct cleat__rc_call *c, int status);
void cleat__rc_call_header(struct cleat__rc_call *c, struct cleat_str name, struct cleat_str value);
void cleat__rc_call_headed(struct cleat__rc_call *c);
bool cleat__rc_call_data(struct cleat__rc_call *c, const char *p,
                         size_t n); /* false: it has failed, and
                                  must be aborted */
void cleat__rc_call_done(struct cleat__rc_call *c);
/* never_seen: the server says that it did not look at it. */
void cleat__rc_call_broke(struct cleat__rc_call *c, bool never_seen, const char *why);

/* gunzip.c: NULL data = the end; false: broken. */
typedef bool (*cleat__rc_bytes_fn)(void *userdata, const char *p, size_t n);
struct cleat__rc_gunzip *cleat__rc_gunzip_new(void);
bool cleat__rc_gunzip_add(struct cleat__rc_gunzip *g, const char *p, size_t n,
                          cleat__rc_bytes_fn fn, void *userdata);
bool cleat__rc_gunzip_whole(const struct cleat__rc_gunzip *g);
void cleat__rc_gunzip_free(struct cleat__rc_gunzip *g);

/* ---- limit.c, identity.c: who asks ---- */

struct cleat__rc_identity {
    struct cleat__remote *r;
    char *name, *agent, *manager;
    char *sa_ns, *sa_name; /* of a service account, where it asks for tokens */
    /* the token bucket */
    double tokens;
    cleat_time filled;
    struct cleat__rc_queue limited;
    struct event limit_timer;
    bool limit_armed;
    /* its own token */
    char *authorization;
    cleat_time fresh_until, valid_until; /* monotonic */
    bool asking;
    struct cleat__rc_queue waiting;
    struct cleat__rc_identity *next;
};
/* Whether the call goes with a token of its identity's own, which is ready. */
bool cleat__rc_identity_is_own(const struct cleat__rc_call *c);
/* Any thread; lives as long as the transport. NULL: the configuration's own user. */
struct cleat__rc_identity *cleat__rc_identity_get(struct cleat__remote *r, const char *name);
void cleat__rc_identities_done(struct cleat__remote *r);
/* True: send it now. False: it waits, and goes on by itself. */
bool cleat__rc_limit_pass(struct cleat__rc_call *c);
/* The same for a token of its identity's own. */
bool cleat__rc_identity_ready(struct cleat__rc_call *c);
void cleat__rc_identity_refused(struct cleat__rc_identity *i); /* its token: 401 */

/* ---- auth.c: the configuration's credentials ---- */

struct cleat__rc_auth {
    char *authorization;                 /* NULL: none, or not yet known */
    cleat_time fresh_until, valid_until; /* monotonic; fresh_until 0: load first */
    cleat_time loaded;
    bool loading;
    struct cleat__rc_queue waiting;
};
void cleat__rc_auth_init(struct cleat__remote *r);
void cleat__rc_auth_done(struct cleat__remote *r);
bool cleat__rc_auth_ready(struct cleat__rc_call *c);
/* 401: true where other credentials may be had; they are loaded then. */
bool cleat__rc_auth_refused(struct cleat__remote *r);

/* exec.c: runs the program; on a worker. */
struct cleat__rc_exec_answer {
    char *token, *cert, *key; /* owned; secrets */
    cleat_time expires;       /* wall; 0 = not said */
};
void cleat__rc_exec_answer_done(struct cleat__rc_exec_answer *a);
cleat_err cleat__rc_exec_run(const struct cleat__rc_exec *x, const _Atomic bool *stop,
                             struct cleat__rc_exec_answer *ret, struct cleat_error *e);
cleat_err cleat__rc_exec_parse(struct cleat_str text, const char *version,
                               struct cleat__rc_exec_answer *ret, struct cleat_error *e);

/* ---- tls.c ---- */

struct cleat__rc_tls {
    pthread_mutex_t mutex; /* guards all of it */
    SSL_CTX *ctx;
    uint64_t generation; /* of ctx: who was dialled with an older one is not asked anew */
    char *stamp;         /* of the files that it was made of */
    char *exec_cert, *exec_key;
    SSL_SESSION *sessions[2]; /* of each line's last connection, to go on with */
};
void cleat__rc_tls_init(struct cleat__remote *r);
void cleat__rc_tls_done(struct cleat__remote *r);
/* The files as they are now; blocks on them. *ret: a reference. Any thread. */
cleat_err cleat__rc_tls_get(struct cleat__remote *r, SSL_CTX **ret, uint64_t *ret_generation,
                            struct cleat_error *e);
void cleat__rc_tls_set_exec(struct cleat__remote *r, const char *cert,
                            const char *key); /* any thread */
cleat_err cleat__rc_tls_new(struct cleat__remote *r, SSL_CTX *ctx, int fd, int line, SSL **ret,
                            struct cleat_error *e);
/* Why a handshake failed, in words. */
void cleat__rc_tls_why(SSL *ssl, int r, char out[256]);

/* ---- conn.c, dial.c, h1.c, h2.c, pool.c ---- */

enum { CLEAT__RESOLVING, CLEAT__CONNECTING, CLEAT__PROXY, CLEAT__HANDSHAKE, CLEAT__READY };

struct cleat__rc_h1 {
    int state, hints;
    size_t scanned;
    uint64_t left;
    struct cleat_http_chunks chunks;
    bool keep;
};

struct cleat__rc_try {
    int fd;
    struct event ev;
    struct cleat__rc_conn *conn;
};

/* Connections show a client certificate, and a server believes that before any token: who has a
 * token of his own goes by connections that show none. */
enum { CLEAT__LINE_BASE, CLEAT__LINE_OWN, CLEAT__LINES };
struct cleat__rc_line {
    struct cleat__rc_queue waiting; /* for a connection */
    unsigned n_waiting, n_dialing;
};

struct cleat__rc_conn {
    struct cleat__remote *r;
    int line;
    struct cleat__rc_conn *next, **link;
    int state, fd;
    SSL *ssl;
    uint64_t generation;
    struct event readable, writable, timer, step; /* step: the next address's turn */
    bool reading, dead, retired;
    bool owes; /* a write has left that was given up without an answer */
    unsigned holds;
    cleat_time began, last_read, last_used;

    struct cleat__rc_dial *dial; /* to whom, until it is reached */
    struct cleat__rc_try tries[CLEAT__TRIES];
    size_t n_tries;
    int proxy_step;
    char why[256]; /* of the last address that failed */

    struct cleat_buf in, out;
    size_t in_off, out_off;
    struct cleat__rc_queue calls;
    unsigned n_calls, n_writes; /* n_writes: of them */
    uint64_t served;

    struct cleat__rc_h1 h1;
    nghttp2_session *h2; /* NULL: HTTP/1.1 */
    bool in_h2;
    cleat_time pinged; /* 0: no ping is out */
};

void cleat__rc_conn_open(struct cleat__remote *r, int line);
/* Ends it; its calls break. why: for them. */
void cleat__rc_conn_close(struct cleat__rc_conn *c, const char *why);
void cleat__rc_conn_hold(struct cleat__rc_conn *c);
void cleat__rc_conn_release(struct cleat__rc_conn *c);
void cleat__rc_conn_ready(struct cleat__rc_conn *c); /* it may be written to */
void cleat__rc_conn_read_on(struct cleat__rc_conn *c);
void cleat__rc_conn_pause(struct cleat__rc_conn *c);
void cleat__rc_conn_flush(struct cleat__rc_conn *c);
void cleat__rc_conn_settle(struct cleat__rc_conn *c, bool h2);
void cleat__rc_conn_take(struct cleat__rc_conn *c, struct cleat__rc_call *call);
void cleat__rc_conn_leave(struct cleat__rc_conn *c, struct cleat__rc_call *call);
void cleat__rc_conn_sweep(struct cleat__rc_conn *c, cleat_time now);

void cleat__rc_dial_start(struct cleat__rc_conn *c);
void cleat__rc_dial_input(struct cleat__rc_conn *c, size_t n); /* from a proxy */
void cleat__rc_dial_cancel(struct cleat__rc_conn *c);
bool cleat__rc_dial_handshake(struct cleat__rc_conn *c);
void cleat__rc_dial_established(struct cleat__rc_conn *c, int fd);

void cleat__rc_h1_start(struct cleat__rc_conn *c, struct cleat__rc_call *call);
void cleat__rc_h1_input(struct cleat__rc_conn *c, const char *p, size_t n);
/* Nothing of the call has left yet, and it may not: false, and the call has ended. */
bool cleat__rc_h1_may_leave(struct cleat__rc_conn *c);
void cleat__rc_h1_eof(struct cleat__rc_conn *c);

cleat_err cleat__rc_h2_open(struct cleat__rc_conn *c);
void cleat__rc_h2_done(struct cleat__rc_conn *c);
void cleat__rc_h2_start(struct cleat__rc_conn *c, struct cleat__rc_call *call);
void cleat__rc_h2_input(struct cleat__rc_conn *c, const char *p, size_t n);
void cleat__rc_h2_abort(struct cleat__rc_conn *c, struct cleat__rc_call *call);
void cleat__rc_h2_resume(struct cleat__rc_conn *c, struct cleat__rc_call *call);
bool cleat__rc_h2_room(const struct cleat__rc_conn *c);
void cleat__rc_h2_sweep(struct cleat__rc_conn *c, cleat_time now);
/* Makes frames into c->out until there are some 64 KiB, or no more. */
void cleat__rc_h2_fill(struct cleat__rc_conn *c);

/* Whether the kernel goes on sending after the socket's end; on unless writes are fenced. */
void cleat__rc_dial_linger(const struct cleat__rc_conn *c, bool on);

void cleat__rc_pool_wake(struct cleat__remote *r);
void cleat__rc_pool_assign(struct cleat__remote *r);
void cleat__rc_pool_dial_failed(struct cleat__rc_conn *c, const char *why);
void cleat__rc_pool_sweep(struct cleat__remote *r, cleat_time now);

/* ---- the whole ---- */

struct cleat__remote {
    struct cleat_transport base; /* first */
    cleat__rc_config *config;
    char *shown; /* the server, for people */
    char *agent;
    double qps;
    int burst;
    bool service_accounts, http1, gzip;
    const struct cleat_fence *fence; /* or NULL */
    _Atomic int writes_out;          /* that have left and are not answered yet */
    _Atomic cleat_time cut_at;       /* when one ended without an answer; cleat_now_boot */
    cleat_time timeout;

    struct event_base *loop;
    pthread_t thread;
    int wake_fd;
    struct event wake, sweep, assign;
    pthread_mutex_t inbox_mutex;
    struct cleat__rc_msg *inbox, **inbox_tail;
    bool started, stopping;
    char *scratch;
    struct cleat_buf text; /* the I/O thread's, for one function at a time */

    pthread_mutex_t work_mutex;
    pthread_cond_t work_cond;
    struct cleat__rc_job *jobs, **jobs_tail;
    _Atomic bool work_stop;
    pthread_t workers[2];

    pthread_mutex_t who_mutex; /* guards the map and the list */
    struct cleat_map who;
    struct cleat__rc_identity *identities;

    struct cleat__rc_auth auth;
    struct cleat__rc_tls tls;
    struct cleat__rc_call *calls; /* all that are under way */
    struct cleat__rc_conn *conns;
    unsigned n_conns;
    struct cleat__rc_line lines[CLEAT__LINES];
    int protocol; /* 0: not known, 1, 2 */
    cleat_time files_checked;
    bool files_checking;

    struct cleat__rc_served *served; /* kinds.c */
    _Atomic int watch_lists;         /* 0: not known, 1: the server has them, -1: not */
};

/* metrics.c: rest_client_*, by upstream's names. status 0: there was no answer. */
void cleat__rc_measure(const struct cleat__rc_call *c, int status);

/* status.c: what an answer of 400 and up says. Any thread. */
cleat_err cleat__rc_status_error(int status, struct cleat_str body, cleat_time retry_after,
                                 struct cleat_error *e);
/* The same of a Status object, as ERROR events have it. */
cleat_err cleat__rc_status_of(const cleat_obj *status, struct cleat_error *e);

/* path.c: "/api/v1/namespaces/x/pods/y/status", escaped; owned. Parts that are "" or NULL
 * are left out. Any thread. */
char *cleat__rc_path(struct cleat_gvr gvr, struct cleat_str ns, struct cleat_str name,
                     const char *subresource);
/* Adds "?name=value" or "&name=value", escaped; nothing where value is NULL. */
void cleat__rc_query(struct cleat_buf *b, const char *name, const char *value);
void cleat__rc_escape(struct cleat_buf *b, struct cleat_str s);

void cleat__remote_free(struct cleat_transport *t); /* remote.c */

/* ops.c: a request and its answer, waited for. Not from the I/O thread. */
cleat_err cleat__rc_call_wait(struct cleat__rc_call *c, cleat_ctx *ctx, struct cleat_error *e);
extern const struct cleat__rc_sink cleat__rc_sink_wait;

/* stream.c */
extern const struct cleat_transport_ops cleat__remote_ops;
cleat_err cleat__remote_list(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                             struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                             struct cleat_list *ret, struct cleat_error *e);
cleat_err cleat__remote_list_metadata(struct cleat_transport *t, const char *identity,
                                      cleat_ctx *ctx, struct cleat_gvr gvr, struct cleat_list *ret,
                                      struct cleat_error *e);
cleat_err cleat__remote_watch(struct cleat_transport *t, const char *identity, struct cleat_gvr gvr,
                              const char *labels, const char *fields, uint64_t revision,
                              void (*wake)(void *), void *userdata, cleat_stream **ret,
                              struct cleat_error *e);
cleat_err cleat__remote_watch_metadata(struct cleat_transport *t, const char *identity,
                                       struct cleat_gvr gvr, uint64_t revision,
                                       void (*wake)(void *), void *userdata, cleat_stream **ret,
                                       struct cleat_error *e);
cleat_err cleat__remote_follow(struct cleat_transport *t, const char *identity,
                               const struct cleat_follow *f, void (*wake)(void *), void *userdata,
                               cleat_stream **ret, struct cleat_error *e);
int cleat__remote_read(cleat_stream *s, struct cleat_stream_event *out, int max,
                       struct cleat_error *e);
void cleat__remote_unwatch(cleat_stream *s);

/* kinds.c */
cleat_err cleat__remote_kinds(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                              struct cleat_served *ret, struct cleat_error *e);
uint64_t cleat__remote_watch_kinds(struct cleat_transport *t, void (*fn)(void *), void *userdata);
void cleat__remote_unwatch_kinds(struct cleat_transport *t, uint64_t id);
void cleat__rc_kinds_init(struct cleat__remote *r);
void cleat__rc_kinds_stop(struct cleat__remote *r); /* before the loop; not from it */
void cleat__rc_kinds_done(struct cleat__remote *r);

#endif
