/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cloud that does as the test says: balancers and routes in memory, and before each call
 * a question to the test what is to become of it. No plugin: it joins the world's host by
 * hand. Everything is on the test's thread; what it holds survives restarts of the host.
 */
#ifndef CLEAT_TEST_SCRIPT_H
#define CLEAT_TEST_SCRIPT_H

#include "core/host/internal.h"
#include "tests/support/world.h"

enum script_outcome {
    SCRIPT_WORKS,
    SCRIPT_FAILS,     /* nothing is done: TRANSIENT */
    SCRIPT_LOSES,     /* all is done, the answer is lost: TRANSIENT */
    SCRIPT_THROTTLES, /* nothing is done: THROTTLED, retry after 7 s */
    SCRIPT_PENDS,     /* begun: PENDING, ask again after 2 s; it is done a second later */
    SCRIPT_HANGS,     /* nothing is done until the context ends */
    SCRIPT_TERMINAL,  /* nothing is done: TERMINAL */
    SCRIPT_ELSEWHERE,
    SCRIPT_EMPTY, /* done, but ensure answers without a status */
    SCRIPT_SHORT, /* a list: half of it, as if that were all */
    SCRIPT_CUT,   /* a list: half of it, and an error */
};

struct script_balancer {
    struct script_balancer *next;
    char *uid, *what;    /* "default/web 80/TCP" and whatever else a Service says of it */
    char *hosts;         /* names with spaces between */
    int address;         /* 192.0.2.N */
    cleat_time ready_at; /* begun, not there before that; deleted ones: 0 */
};
struct script_route {
    struct script_route *next;
    char *name, *target, *cidr;
    bool blackhole, tells_addresses;
    char *addresses; /* type=address with spaces between */
};

struct script {
    struct cleat_cloud cloud;
    struct script_balancer *balancers;
    struct script_route *routes;
    /* What becomes of a call: of "ensure", "update", "delete", "get", "list", "create",
     * "remove"; about: the Service's "ns/name" or the route's "target cidr". NULL = works. */
    enum script_outcome (*decide)(struct script *s, const char *op, const char *about);
    /* Sees each deletion that is carried out: the Service or the route. NULL = nothing. */
    void (*on_delete)(struct script *s, const cleat_obj *service, const struct script_route *route);
    void (*on_ensure)(struct script *s, const cleat_obj *service);
    struct cleat_buf log; /* "op about;" of each call */
    bool tells_addresses; /* routes are listed with them */
    cleat_obj *early;     /* status that comes with PENDING of "ensure"; NULL = none */
    int next_address, calls;
    void *userdata;
};

void script_init(struct script *s, const char *name);
/* It can list its balancers too; before it joins. */
void script_lists_balancers(struct script *s);
void script_done(struct script *s);
/* Into a host that has started without providers: its controllers find them at their next try,
 * within two seconds. */
void script_join(struct world *w, struct script *const *clouds, size_t n);
struct script_balancer *script_balancer_of(struct script *s, const char *uid); /* or NULL */
size_t script_n_balancers(const struct script *s);
size_t script_n_routes(const struct script *s);
/* By hand, behind everybody's back. */
void script_drop_balancer(struct script *s, const char *uid);
struct script_route *script_add_route(struct script *s, const char *name, const char *target,
                                      const char *cidr);
struct script_route *script_route_to(struct script *s, const char *target, const char *cidr);
void script_drop_route(struct script *s, const char *name);
/* What was called since the last time; owned. */
char *script_log(struct script *s);

#endif
