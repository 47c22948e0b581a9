/* SPDX-License-Identifier: Apache-2.0 */
/* What the files with columns share. */
#ifndef CLEAT_KINDS_CELLS_H
#define CLEAT_KINDS_CELLS_H

#include "core/registry/internal.h"

#define CLEAT_COLUMN_AGE                                                                           \
    {                                                                                              \
        .name = "Age", .type = "string",                                                           \
        .description = "CreationTimestamp is the server's time when this object was created.",     \
        .cell = cleat_cell_age                                                                     \
    }
#define CLEAT_COLUMN_END                                                                           \
    { .name = NULL }

/* A kind without columns of its own upstream: metadata.creationTimestamp as it is. */
#define CLEAT_COLUMN_CREATED_AT                                                                    \
    {                                                                                              \
        .name = "Created At", .type = "date",                                                      \
        .description = "CreationTimestamp is the server's time when this object was created.",     \
        .cell = cleat_cell_created                                                                 \
    }
#define CLEAT_COLUMN(title, kind_of, words, fn)                                                    \
    { .name = (title), .type = (kind_of), .description = (words), .cell = (fn) }
#define CLEAT_COLUMN_WIDE(title, kind_of, words, fn)                                               \
    { .name = (title), .type = (kind_of), .description = (words), .cell = (fn), .priority = 1 }
/* A cell that is the string at a path, or `none` where it is empty. */
#define CLEAT_CELL(fn, none, ...)                                                                  \
    static void fn(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {                    \
        (void)now;                                                                                 \
        cleat_cell_str(o, CLEAT_PATH(__VA_ARGS__), (none), out);                                   \
    }
/* A cell that is the boolean at a path. */
#define CLEAT_CELL_BOOL(fn, def, ...)                                                              \
    static void fn(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {                    \
        (void)now;                                                                                 \
        bool yes = cleat_val_bool(cleat_obj_at(o, CLEAT_PATH(__VA_ARGS__)), (def));                \
        cleat_buf_puts(out, yes ? "true" : "false");                                               \
    }

/* cells_text.c */
void cleat_cell_created(const cleat_obj *o, cleat_time now, struct cleat_buf *out);
/* The first `max` strings that `next` gave, joined by commas, " + N more..." after them. */
struct cleat_joined {
    struct cleat_buf text;
    size_t n, max; /* max 0 = all */
};
void cleat_joined_add(struct cleat_joined *j, struct cleat_str s);
/* Ends it as a JSON string; `none` where nothing was added. */
void cleat_joined_end(struct cleat_joined *j, const char *none, struct cleat_buf *out);
/* A LabelSelector (or with plain a map of labels) as kubectl shows it. */
void cleat_cell_selector(struct cleat_val selector, bool plain, struct cleat_buf *out);
/* What a load balancer's status says, cut to 16 characters as in a narrow column. */
void cleat_cell_ingress(struct cleat_val list, struct cleat_joined *j);

extern const struct cleat_column cleat_columns_pod[], cleat_columns_node[], cleat_columns_service[],
    cleat_columns_namespace[], cleat_columns_event[], cleat_columns_configmap[],
    cleat_columns_secret[], cleat_columns_serviceaccount[], cleat_columns_endpoints[],
    cleat_columns_lease[], cleat_columns_created[];
/* cells_apps.c */
extern const struct cleat_column cleat_columns_deployment[], cleat_columns_replicaset[],
    cleat_columns_replicationcontroller[], cleat_columns_statefulset[], cleat_columns_daemonset[],
    cleat_columns_controllerrevision[], cleat_columns_podtemplate[], cleat_columns_job[],
    cleat_columns_cronjob[], cleat_columns_hpa[], cleat_columns_pdb[];
/* cells_networking.c */
extern const struct cleat_column cleat_columns_ingress[], cleat_columns_ingressclass[],
    cleat_columns_networkpolicy[], cleat_columns_ipaddress[], cleat_columns_servicecidr[],
    cleat_columns_endpointslice[];
/* cells_volumes.c */
extern const struct cleat_column cleat_columns_pv[], cleat_columns_pvc[],
    cleat_columns_storageclass[], cleat_columns_attributesclass[], cleat_columns_attachment[],
    cleat_columns_csidriver[], cleat_columns_csinode[];
/* cells_cluster.c */
extern const struct cleat_column cleat_columns_quota[], cleat_columns_componentstatus[],
    cleat_columns_priorityclass[], cleat_columns_runtimeclass[], cleat_columns_csr[];
extern const struct cleat_column cleat_columns_role[], cleat_columns_rolebinding[],
    cleat_columns_clusterrolebinding[];

#endif
