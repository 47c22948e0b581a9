/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit that somebody outside can run into, with its default. */
#ifndef CLEAT_CORE_LIMITS_H
#define CLEAT_CORE_LIMITS_H

#define CLEAT_LIMIT_BODY               (3u * 1024 * 1024) /* request body, as kube-apiserver */
#define CLEAT_LIMIT_OBJECT             (3u * 512 * 1024)  /* stored object, as etcd: 1.5 MiB */
#define CLEAT_LIMIT_HEADERS            (64u * 1024)       /* request line and headers */
#define CLEAT_LIMIT_JSON_DEPTH         128u
#define CLEAT_LIMIT_JSON_NODES         (1u << 20)
#define CLEAT_LIMIT_PATCH_OPS          10000u        /* as kube-apiserver */
#define CLEAT_LIMIT_ANNOTATIONS        (256u * 1024) /* total bytes, as upstream */
#define CLEAT_LIMIT_CONNECTIONS        16384u
#define CLEAT_LIMIT_MUTATING_IN_FLIGHT 4096u      /* writes waiting in the committer's queue */
#define CLEAT_LIMIT_WATCH_BACKLOG      (1u << 20) /* unsent bytes of one watcher before it must wait */
#define CLEAT_LIMIT_HISTORY_EVENTS     65536u     /* per kind */
#define CLEAT_LIMIT_HISTORY_BYTES      (32u * 1024 * 1024) /* per kind */
#define CLEAT_LIMIT_HISTORY_AGE        (300 * (int64_t)1000000000)

#endif
