/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A load generator: many keep-alive HTTP/1.1 connections on one epoll loop and
 * one thread, plain or over TLS, each with one request under way; or streams of HTTP/2. It is made
 * to cost less CPU than the server that it measures: bodies beyond 64 KiB are counted and not kept,
 * nothing is parsed that the caller does not look at.
 */
#ifndef CLEAT_BENCH_HTTP_LOAD_H
#define CLEAT_BENCH_HTTP_LOAD_H

#include "core/base/base.h"

/* Latencies: 16 steps a power of two, in nanoseconds. */
struct histogram {
    uint64_t count[64 * 16], n;
};
void histogram_add(struct histogram *h, cleat_time ns);
double histogram_us(const struct histogram *h, double quantile); /* microseconds */

struct load;
struct load_conn;

struct load_ops {
    /* Appends the connection's next request, head and body; false: none is left. */
    bool (*request)(struct load *l, unsigned conn, struct cleat_buf *out);
    /* A whole response is here; body: its first 64 KiB. NULL: only counted. */
    void (*response)(struct load *l, unsigned conn, int status, struct cleat_str body);
    /* Not NULL: bodies are streams; called with each piece instead. */
    void (*piece)(struct load *l, unsigned conn, struct cleat_str data);
    /* Not NULL: when the next request is due; latencies count from then. */
    cleat_time (*due)(struct load *l);
    /* Not NULL: asked now and then whether the streams may end. */
    bool (*over)(struct load *l);
};

struct load_target {
    const char *host; /* numeric */
    int port;
    bool tls;
    const char *ca; /* file to check the server's certificate with; NULL: not checked */
    const char *token;
    int pid;            /* of the server, for its CPU time; 0: not known */
    const char *accept; /* the Accept header, NULL = JSON */
    /* >0: HTTP/2 (over TLS) with that many streams a connection, for requests without a
     * body whose answers are streams; what is called conn below is then a stream's number. */
    unsigned streams;
};

struct load {
    const struct load_target *target;
    const struct load_ops *ops;
    void *userdata;
    cleat_time deadline; /* of new requests; INT64_MAX: until request() says false */
    /* Results. */
    uint64_t responses, failures, bytes; /* failures: no 2xx */
    cleat_time took, server_cpu, own_cpu;
    struct histogram latency;
    /* Private. */
    struct load_conn *conns;
    unsigned n_conns, open, *parked, n_parked; /* connections that wait for a request to be due */
    int epoll;
    char *scratch;
    void *ssl_ctx;
};

/* Runs to the end; false (and a message on stderr) where the server cannot be reached
 * or breaks a connection in mid-response. */
bool load_run(struct load *l, unsigned connections);

/* Starts a request: line and headers for a body of n bytes (type NULL: no body). */
void load_head(const struct load *l, struct cleat_buf *out, const char *method, const char *path,
               const char *type, size_t n);

/* One request on a connection of its own. Status, or -1; body (owned) if not NULL. */
int load_once(const struct load_target *t, const char *method, const char *path,
              struct cleat_str body, char **ret);

/* User and system time of a process, all threads. */
cleat_time process_cpu(int pid);
cleat_time own_cpu(void);

#endif
