/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the admission share. See admit.h. */
#ifndef CLEAT_KINDS_ADMIT_INTERNAL_H
#define CLEAT_KINDS_ADMIT_INTERNAL_H

#include "core/kinds/admit.h"
#include "core/kinds/check.h"
#include "core/kinds/pool.h"

/* A network that services get addresses from. Number 0 is the first usable address. */
struct cleat_ip_range {
    int family; /* 4 or 6 */
    unsigned char base[16];
    char *text; /* "10.0.0.0/24" */
    struct cleat_pool pool;
};

/* What a write under way has reserved; req->reserved. */
struct cleat_claim;
struct cleat_node_claim;
struct cleat_capacity;
struct cleat_ticket {
    struct cleat_held {
        struct cleat_pool *pool;
        uint32_t i;
    } * held;
    size_t n_held;
    struct cleat_claim *claims;          /* of quotas; in the admission's list until settled */
    struct cleat_node_claim *node_claim; /* of a place on a Node; likewise */
};

struct cleat_admit {
    struct cleat_admission ops; /* first */
    cleat_registry *registry;
    cleat_store *store;
    uint32_t on;       /* steps, by their place in the table */
    uint32_t *of_kind; /* steps that concern a kind, by the store's number of it */
    uint32_t of_bindings;
    uint32_t n_of_kind, of_any, of_any_update;
    int64_t not_ready_s, unreachable_s;

    pthread_mutex_t services_lock; /* ranges, ports, cursor */
    struct cleat_ip_range ranges[2];
    size_t n_ranges;
    struct cleat_pool ports;
    uint32_t first_port;
    char *ports_text; /* "30000-32767" */
    char *first_ip;
    cleat_cursor *cursor; /* over services; NULL = look at all of them first */
    const struct cleat_kind *services;

    pthread_mutex_t quota_lock; /* claims */
    struct cleat_claim *claims;

    struct cleat_capacity *capacity;
};

/* The request's ticket, made where there is none. */
struct cleat_ticket *cleat_ticket_of(cleat_request *req);
/* The object that an edit makes of *obj replaces it. */
cleat_err cleat_admit_edit(cleat_request *req, cleat_edit *e, cleat_obj **obj);
/* Another kind of ours by its group and resource (v1). */
const struct cleat_kind *cleat_admit_kind(const cleat_admit *a, const char *group,
                                          const char *resource);
/* 403: "pods \"x\" is forbidden: ..."; why is freed. */
cleat_err cleat_admit_forbid(cleat_request *req, const cleat_obj *obj, char *why);

#define CLEAT_STEP(fn)                                                                             \
    cleat_err fn(cleat_admit *a, cleat_request *req, cleat_obj **obj, const cleat_obj *old)
#define CLEAT_CHECK_STEP(fn)                                                                       \
    cleat_err fn(cleat_admit *a, cleat_request *req, const cleat_obj *obj, const cleat_obj *old)

/* allocate.c: addresses and ports of services */
cleat_err cleat_services_init(cleat_admit *a, const struct cleat_admit_opts *opts,
                              struct cleat_error *e);
void cleat_services_done(cleat_admit *a);
void cleat_services_settle(cleat_admit *a, struct cleat_ticket *t);
/* allocate_service.c */
CLEAT_STEP(cleat_step_service);
/* With the lock held: reserves (keep) or just looks. *number is the address' text or the port. */
enum { CLEAT_TAKEN_OK, CLEAT_TAKEN_ALREADY, CLEAT_TAKEN_OUTSIDE };
int cleat_services_take_ip(cleat_admit *a, struct cleat_ticket *t, struct cleat_ip_range *range,
                           const char *ip, bool own);
char *cleat_services_next_ip(cleat_admit *a, struct cleat_ticket *t, struct cleat_ip_range *range);
int cleat_services_take_port(cleat_admit *a, struct cleat_ticket *t, int64_t port);
int64_t cleat_services_next_port(cleat_admit *a, struct cleat_ticket *t); /* -1: full */
void cleat_services_catch_up(cleat_admit *a);

/* admit_pods.c */
CLEAT_STEP(cleat_step_service_account);
CLEAT_STEP(cleat_step_tolerations);
CLEAT_STEP(cleat_step_priority);
CLEAT_STEP(cleat_step_runtime_class);
CLEAT_STEP(cleat_step_node_taint);
CLEAT_CHECK_STEP(cleat_check_one_default_priority);
/* admit_limits.c */
CLEAT_STEP(cleat_step_limits);
CLEAT_CHECK_STEP(cleat_check_limits);
/* admit_storage.c */
CLEAT_STEP(cleat_step_storage_class);
CLEAT_STEP(cleat_step_protection);
CLEAT_STEP(cleat_step_ingress_class);
CLEAT_CHECK_STEP(cleat_check_resize);
/* admit_capacity.c */
CLEAT_CHECK_STEP(cleat_check_node_capacity);
void cleat_capacity_init(cleat_admit *a);
void cleat_capacity_done(cleat_admit *a);
void cleat_capacity_settle(cleat_admit *a, cleat_request *req, struct cleat_ticket *t);
/* admit_owners.c */
CLEAT_CHECK_STEP(cleat_check_owners);
/* admit_quota.c */
CLEAT_CHECK_STEP(cleat_check_quota);
void cleat_quota_settle(cleat_admit *a, struct cleat_ticket *t);

#endif
