/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types shared by every Cleat header: strings, errors, paths, ABI rules.
 *
 * ABI rules. A structure that crosses the plugin boundary begins with
 * `uint32_t struct_size`, is only ever appended to, and is read through
 * CLEAT_HAS(). Handles are opaque. Memory is released by the side that made
 * it. Nothing here depends on a macro that changes a layout.
 *
 * Thread tags, the last line of each public comment:
 *   [load]        serialised, before any worker starts
 *   [worker]      any thread that may block; never two at once for one key
 *   [dispatch]    an informer's thread: must not block
 *   [any-thread]  may be called concurrently from everywhere
 */
#ifndef CLEAT_TYPES_H
#define CLEAT_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CLEAT_EXPORT            __attribute__((visibility("default")))
#define CLEAT_NODISCARD         __attribute__((warn_unused_result))
#define CLEAT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* True where the structure at `p` was made by a side that knows `field`. */
#define CLEAT_COVERS(p, type, field)                                                               \
    ((p)->struct_size >= offsetof(type, field) + sizeof((p)->field))
/* True where it also carries a value: for pointers only. */
#define CLEAT_HAS(p, type, field) (CLEAT_COVERS(p, type, field) && (p)->field != NULL)

/* A span of UTF-8 bytes. Not NUL-ended; the owner is whoever is named beside
 * the function that returns it. p is never NULL where n > 0. */
struct cleat_str {
    const char *p;
    size_t n;
};
#define CLEAT_STR(lit) ((struct cleat_str){(lit), sizeof(lit) - 1})
#define CLEAT_FMT(s)   (int)(s).n, (s).p ? (s).p : ""

/* A way into an object: keys from the root, NULL-ended. A decimal key selects
 * an element of an array. CLEAT_PATH("metadata", "labels", key) lives until
 * the end of the enclosing block. */
typedef const char *const *cleat_path;
#define CLEAT_PATH(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Nanoseconds: since the epoch (wall) or since an arbitrary start (monotonic). */
typedef int64_t cleat_time;
#define CLEAT_MS     ((cleat_time)1000000)
#define CLEAT_SECOND ((cleat_time)1000000000)

/*
 * 0 is success; every failure is one of these negative codes. The first block
 * maps one to one to a Kubernetes Status reason (core/base/error.c holds the
 * table), the second is for conversations between host and plugin.
 */
typedef int32_t cleat_err;
enum {
    CLEAT_OK = 0,
    CLEAT_E_BAD_REQUEST = -1,    /* 400 BadRequest */
    CLEAT_E_UNAUTHORIZED = -2,   /* 401 Unauthorized */
    CLEAT_E_FORBIDDEN = -3,      /* 403 Forbidden */
    CLEAT_E_NOT_FOUND = -4,      /* 404 NotFound */
    CLEAT_E_METHOD = -5,         /* 405 MethodNotAllowed */
    CLEAT_E_NOT_ACCEPTABLE = -6, /* 406 NotAcceptable */
    CLEAT_E_EXISTS = -7,         /* 409 AlreadyExists */
    CLEAT_E_CONFLICT = -8,       /* 409 Conflict */
    CLEAT_E_GONE = -9,           /* 410 Gone */
    CLEAT_E_EXPIRED = -10,       /* 410 Expired */
    CLEAT_E_TOO_LARGE = -11,     /* 413 RequestEntityTooLarge */
    CLEAT_E_MEDIA_TYPE = -12,    /* 415 UnsupportedMediaType */
    CLEAT_E_INVALID = -13,       /* 422 Invalid */
    CLEAT_E_THROTTLED = -14,     /* 429 TooManyRequests */
    CLEAT_E_INTERNAL = -15,      /* 500 InternalError */
    CLEAT_E_UNAVAILABLE = -16,   /* 503 ServiceUnavailable */
    CLEAT_E_TIMEOUT = -17,       /* 504 Timeout */
    CLEAT_E_UNKNOWN = -18,       /* 500, and no reason */

    CLEAT_E_CANCELLED = -32, /* the context was cancelled */
    CLEAT_E_NO_MEMORY = -33,
    CLEAT_E_IO = -34,          /* disk or socket */
    CLEAT_E_UNSUPPORTED = -35, /* the other side does not do this */
    CLEAT_E_ELSEWHERE = -36,   /* implemented by alternate to cloud provider */
    CLEAT_E_PENDING = -37,     /* begun; ask again after retry_after_ms */
    CLEAT_E_TRANSIENT = -38,   /* failed now, worth a retry with back-off */
    CLEAT_E_TERMINAL = -39,    /* failed for good: no retry until something changes */
    CLEAT_E_ABI = -40,         /* the two sides do not fit together */
    CLEAT_E_BUG = -41,         /* a promise was broken; the message says which */
};

/* One cause of an Invalid status: upstream's field path, reason and words. */
#define CLEAT_CAUSES_MAX 8
struct cleat_cause {
    char reason[32]; /* FieldValueInvalid, FieldValueRequired, ... */
    char field[160];
    char message[320];
};

/*
 * What went wrong, in detail. The caller owns it (usually on its stack), sets
 * struct_size through CLEAT_ERROR_INIT and passes it last; NULL is allowed
 * everywhere. It is written on failure only. Arrays are inline so that to
 * report an error never allocates; a text that does not fit is cut at a
 * character boundary.
 */
struct cleat_error {
    uint32_t struct_size;
    cleat_err code;
    int64_t retry_after_ms; /* with THROTTLED, PENDING, UNAVAILABLE; 0 = not said */
    char message[512];
    char group[96], kind[64], name[254]; /* Status.details; "" = not said */
    uint32_t n_causes;
    uint32_t reserved;
    struct cleat_cause causes[CLEAT_CAUSES_MAX];
};
#define CLEAT_ERROR_INIT                                                                           \
    { .struct_size = (uint32_t)sizeof(struct cleat_error) }

/* Opaque handles. */
typedef struct cleat_obj cleat_obj;               /* an immutable object, see object.h */
typedef struct cleat_edit cleat_edit;             /* a private mutable copy of one */
typedef struct cleat_ctx cleat_ctx;               /* deadline, cancellation, identity */
typedef struct cleat_client cleat_client;         /* see client.h */
typedef struct cleat_informer cleat_informer;     /* see informer.h */
typedef struct cleat_queue cleat_queue;           /* see workqueue.h */
typedef struct cleat_controller cleat_controller; /* see controller.h */

/* Names one kind: {"", "v1", "nodes"}. */
struct cleat_gvr {
    const char *group, *version, *resource;
};

/* Names one object of a kind that the context tells. ns is "" for cluster scope. */
struct cleat_key {
    struct cleat_str ns, name;
};

#ifdef __cplusplus
}
#endif
#endif
