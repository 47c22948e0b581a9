/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the provider for plain Linux machines share.
 *
 * Three parties: the operations (any worker thread), which read the inventory's
 * snapshot, talk rtnetlink themselves and write Balancer objects; the informers'
 * handlers, which only wake; and the agent's one thread, which alone owns the
 * checks and whatever of balancers is in the kernel, made level-triggered from
 * the objects and the inventory.
 */
#ifndef CLEAT_PLUGIN_LINUX_H
#define CLEAT_PLUGIN_LINUX_H

#include <cleat/sdk.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>

extern struct cleat_sdk cleat_lin_sdk; /* bound once, in init */
#define SDK (&cleat_lin_sdk)

#define CLEAT_LIN_NAME   "linux"
#define CLEAT_LIN_SCHEME "linux://"
#define CLEAT_LIN_GROUP  "linux.cleat.dev"

#define CLEAT_LIN_SERVERS   ((struct cleat_gvr){CLEAT_LIN_GROUP, "v1alpha1", "servers"})
#define CLEAT_LIN_POOLS     ((struct cleat_gvr){CLEAT_LIN_GROUP, "v1alpha1", "addresspools"})
#define CLEAT_LIN_BALANCERS ((struct cleat_gvr){CLEAT_LIN_GROUP, "v1alpha1", "balancers"})

struct cleat_lin;

/* ---- util.c ------------------------------------------------------------------ */

#define cleat_lin_log(level, ...) cleat_sdk_log(SDK, (level), "cloud-linux", __VA_ARGS__)
int64_t cleat_lin_int(struct cleat_val v, int64_t def);
/* The decoded string, owned; "" where v is none. */
char *cleat_lin_string(struct cleat_val v);
/* realloc that does not fail. */
void *cleat_lin_resize(void *p, size_t n, size_t size);
/* Makes room for one more in an array that grows; n is the present count. */
#define CLEAT_LIN_PUSH(array, n, item)                                                             \
    do {                                                                                           \
        if (((n) & ((n)-1)) == 0) {                                                                \
            (array) = cleat_lin_resize((array), (n) ? 2 * (n) : 1, sizeof *(array));               \
        }                                                                                          \
        (array)[(n)++] = (item);                                                                   \
    } while (0)

/* Text that grows. Zero is empty; p is NUL-ended once anything was added. */
struct cleat_lin_text {
    char *p;
    size_t n, cap;
};
void cleat_lin_addf(struct cleat_lin_text *t, const char *fmt, ...) CLEAT_PRINTF(2, 3);
/* Adds a JSON string with quotes. */
void cleat_lin_add_json(struct cleat_lin_text *t, const char *s);
void cleat_lin_text_done(struct cleat_lin_text *t);

/* ---- address.c: addresses, networks and ranges of both families ------------------- */

struct cleat_lin_addr {
    int family; /* AF_INET, AF_INET6; 0 = none */
    int bits;   /* length of the prefix; all for an address */
    uint8_t b[16];
};
enum { CLEAT_LIN_ADDR_TEXT = 64 };
int cleat_lin_addr_size(int family); /* 4 or 16 */
bool cleat_lin_addr_parse(struct cleat_str text, struct cleat_lin_addr *ret);
/* "10.0.0.0/8": bits below the prefix become 0. */
bool cleat_lin_net_parse(struct cleat_str text, struct cleat_lin_addr *ret);
const char *cleat_lin_addr_print(const struct cleat_lin_addr *a, char buf[CLEAT_LIN_ADDR_TEXT]);
const char *cleat_lin_net_print(const struct cleat_lin_addr *a, char buf[CLEAT_LIN_ADDR_TEXT]);
int cleat_lin_addr_cmp(const struct cleat_lin_addr *a, const struct cleat_lin_addr *b);
bool cleat_lin_net_has(const struct cleat_lin_addr *net, const struct cleat_lin_addr *a);

struct cleat_lin_range {
    struct cleat_lin_addr first, last;
};
/* "a", "a-b" or "a/n". Of an IPv4 network its own and its broadcast address are
 * left out, where it has them. */
bool cleat_lin_range_parse(struct cleat_str text, struct cleat_lin_range *ret);
bool cleat_lin_range_has(const struct cleat_lin_range *r, const struct cleat_lin_addr *a);
/* Steps to the next address of the range; false at its end. */
bool cleat_lin_range_next(const struct cleat_lin_range *r, struct cleat_lin_addr *a);

/* ---- check.c: what is asked of an address, again and again ------------------------ */

enum cleat_lin_check_kind {
    CLEAT_LIN_CHECK_NONE,
    CLEAT_LIN_CHECK_TCP,
    CLEAT_LIN_CHECK_HTTP,
    CLEAT_LIN_CHECK_ICMP
};
enum cleat_lin_health { CLEAT_LIN_UNKNOWN, CLEAT_LIN_UP, CLEAT_LIN_DOWN };

struct cleat_lin_check_spec {
    enum cleat_lin_check_kind kind;
    struct cleat_lin_addr address;
    uint16_t port;
    const char *path; /* HTTP: borrowed while the call lasts; NULL = "/" */
    cleat_time interval, timeout;
    int fall, rise; /* failures until down, successes until up */
};

struct cleat_lin_checks; /* owned by the agent's thread */
struct cleat_lin_checks *cleat_lin_checks_new(int epoll, uint64_t tag);
void cleat_lin_checks_free(struct cleat_lin_checks *c);
/* Says anew what is wanted: begin, want each, end. What stays goes on undisturbed. */
void cleat_lin_checks_begin(struct cleat_lin_checks *c);
void cleat_lin_checks_want(struct cleat_lin_checks *c, const struct cleat_lin_check_spec *spec);
void cleat_lin_checks_end(struct cleat_lin_checks *c);
/* UNKNOWN where nothing has been heard yet, or nothing is asked. */
enum cleat_lin_health cleat_lin_checks_health(const struct cleat_lin_checks *c,
                                              const struct cleat_lin_check_spec *spec);
bool cleat_lin_checks_settled(const struct cleat_lin_checks *c); /* none is UNKNOWN */
/* A socket of theirs is ready: `slot` is what epoll carries. True where a verdict changed. */
bool cleat_lin_checks_ready(struct cleat_lin_checks *c, uint32_t slot, cleat_time now);
/* Does what is due; *next: when to call again. True where a verdict changed. */
bool cleat_lin_checks_step(struct cleat_lin_checks *c, cleat_time now, cleat_time *next);

/* ---- inventory.c: servers and pools, as a snapshot ------------------------------------ */

struct cleat_lin_server {
    char *name, *provider_id, *zone, *region, *type;
    struct cleat_address *addresses;
    size_t n_addresses;
    struct cleat_label *labels;
    size_t n_labels;
    bool off; /* somebody says so */
    struct cleat_lin_check_spec probe;
    const cleat_obj *node_template; /* NULL = none */
    bool is_object;                 /* a Server, not an entry of the file */
};
struct cleat_lin_pool {
    char *name, *interface; /* "" = wherever it is on the link */
    bool manual;            /* only for those who ask for it */
    struct cleat_lin_range *ranges;
    size_t n_ranges;
};
struct cleat_lin_place {
    struct cleat_lin_addr address;
    size_t server;
};
/* Immutable. */
struct cleat_lin_inventory {
    atomic_int refs;
    struct cleat_lin_server *servers; /* by name */
    size_t n_servers;
    struct cleat_lin_pool *pools; /* the file's first, in its order */
    size_t n_pools;
    struct cleat_lin_place *places; /* every server's addresses, sorted */
    size_t n_places;
};
/* What the file says: an owned snapshot, or INVALID with the place of the mistake. */
cleat_err cleat_lin_inventory_parse(struct cleat_str text, struct cleat_lin_inventory **ret,
                                    struct cleat_error *reterr);
/* A copy of base (NULL = nothing) with the objects added; a name that the file has is the
 * file's. Objects that make no sense are logged and left out. */
struct cleat_lin_inventory *cleat_lin_inventory_merge(const struct cleat_lin_inventory *base,
                                                      const cleat_obj *const *servers,
                                                      size_t n_servers,
                                                      const cleat_obj *const *pools,
                                                      size_t n_pools);
void cleat_lin_inventory_unref(struct cleat_lin_inventory *inv); /* NULL allowed */
const struct cleat_lin_server *cleat_lin_inventory_find(const struct cleat_lin_inventory *inv,
                                                        struct cleat_str name);
/* The server that has this address, or NULL. */
const struct cleat_lin_server *cleat_lin_inventory_at(const struct cleat_lin_inventory *inv,
                                                      const struct cleat_lin_addr *a);
/* Its first InternalIP of the family, else its first ExternalIP. */
bool cleat_lin_server_address(const struct cleat_lin_server *s, int family,
                              struct cleat_lin_addr *ret);
/* The pool that an address is of, or NULL. */
const struct cleat_lin_pool *cleat_lin_inventory_pool(const struct cleat_lin_inventory *inv,
                                                      const struct cleat_lin_addr *a);

/* ---- rtnl.c: the kernel's addresses, links, rules and routes ----------------------------- */

/* errno as an error of ours; fmt says what was tried. */
cleat_err cleat_lin_errno(struct cleat_error *reterr, int err, const char *fmt, ...)
    CLEAT_PRINTF(3, 4);

struct cleat_lin_ifaddr {
    struct cleat_lin_addr net; /* the address, with its prefix's length */
    uint32_t ifindex;
    uint8_t protocol; /* 0 = nobody's mark */
};
struct cleat_lin_kroute {
    struct cleat_lin_addr dst, gateway; /* gateway.family 0 = none */
    bool blackhole;
    bool here; /* of this machine's own pods: the next tables know the way */
};

/* Each calls fn with every entry and returns an error where the list is not whole. */
cleat_err cleat_lin_each_address(void (*fn)(void *sink, const struct cleat_lin_ifaddr *a),
                                 void *sink, struct cleat_error *reterr);
cleat_err cleat_lin_each_route(uint32_t table, uint8_t protocol,
                               void (*fn)(void *sink, const struct cleat_lin_kroute *r), void *sink,
                               struct cleat_error *reterr);
/* EXISTS and NOT_FOUND are the kernel's own words. */
cleat_err cleat_lin_address(bool add, const struct cleat_lin_ifaddr *a, struct cleat_error *reterr);
cleat_err cleat_lin_route(bool add, bool replace, uint32_t table, uint8_t protocol,
                          const struct cleat_lin_kroute *r, struct cleat_error *reterr);
cleat_err cleat_lin_rule(bool add, int family, uint32_t table, uint8_t protocol, uint32_t priority,
                         struct cleat_error *reterr);
/* Whether the rule of ours is there. */
cleat_err cleat_lin_has_rule(int family, uint32_t table, uint8_t protocol, uint32_t priority,
                             bool *ret, struct cleat_error *reterr);

/* ---- announce.c ---------------------------------------------------------------------------- */

/* Tells the link that the address is here: gratuitous ARP, or an unsolicited neighbour
 * advertisement. Nothing to do on a link without neighbours. fds: its sockets, one a family,
 * -1 at first; the caller's to close (which takes the kernel long, so not each time). */
cleat_err cleat_lin_announce(int fds[2], uint32_t ifindex, const struct cleat_lin_addr *a,
                             struct cleat_error *reterr);

/* ---- flows.c ------------------------------------------------------------------------------- */

/* A VIP and a node that its flows may go to; family 0: to none. */
struct cleat_lin_lead {
    struct cleat_lin_addr vip, node;
};
/* Ends the UDP flows that the kernel remembers from one of these VIPs to a node that none of its
 * leads names, so that their next packet is balanced anew. Sorts v. [agent] */
cleat_err cleat_lin_forget_flows(struct cleat_lin_lead *v, size_t n, struct cleat_error *reterr);

/* ---- model.c: a Balancer object as a structure -------------------------------------------------
 */

struct cleat_lin_port {
    int protocol; /* IPPROTO_... */
    uint16_t port, node_port;
};
struct cleat_lin_target {
    char *node;
    struct cleat_lin_addr a[2]; /* IPv4, IPv6; family 0 = has none */
    bool usable[2];             /* as the checks say now */
};
struct cleat_lin_balancer {
    char *name, *service; /* "namespace/name" */
    uint64_t revision;
    struct cleat_lin_addr vips[2]; /* IPv4, IPv6 */
    char *problem[2];              /* why a VIP cannot be had, or NULL */
    bool local;
    uint16_t health_port; /* of externalTrafficPolicy Local; 0 = none */
    bool limited;         /* only from sources */
    struct cleat_lin_addr *sources;
    size_t n_sources;
    int64_t affinity; /* seconds; 0 = none */
    struct cleat_lin_port *ports;
    size_t n_ports;
    struct cleat_lin_target *targets;
    size_t n_targets;
};
/* Owned. Mistakes in the object (somebody edited it) leave out what is wrong. */
struct cleat_lin_balancer *cleat_lin_balancer_new(const cleat_obj *o);
void cleat_lin_balancer_free(struct cleat_lin_balancer *b);
const char *cleat_lin_protocol_name(int protocol); /* "tcp" */

/* ---- render.c: balancers as nftables' text ------------------------------------------------------
 */

enum cleat_lin_masquerade { CLEAT_LIN_MASQ_AUTO, CLEAT_LIN_MASQ_ALWAYS, CLEAT_LIN_MASQ_NEVER };

/* What one balancer needs in the table. */
struct cleat_lin_piece {
    char *name;                   /* the balancer's */
    struct cleat_lin_text sets;   /* "add set ..." lines */
    struct cleat_lin_text chains; /* "add chain ..." lines, comment included */
    struct cleat_lin_text rules;  /* "add rule ..." lines */
    struct cleat_lin_text elements;
    char **names; /* of its chains and sets: "chain x", "set x" */
    size_t n_names;
};
struct cleat_lin_piece *cleat_lin_render(const char *table, const struct cleat_lin_balancer *b,
                                         enum cleat_lin_masquerade masquerade);
void cleat_lin_piece_free(struct cleat_lin_piece *p);
bool cleat_lin_piece_equal(const struct cleat_lin_piece *a, const struct cleat_lin_piece *b);
/* The table itself with its base chains and maps; near: networks whose hosts a node answers
 * directly, as an owned line list. */
void cleat_lin_render_base(const char *table, struct cleat_lin_text *out);
void cleat_lin_render_near(const char *table, const struct cleat_lin_addr *near, size_t n,
                           struct cleat_lin_text *out);

/* ---- ruleset.c: one table of nftables, kept as it must be [agent]
 * ----------------------------------- */

struct cleat_lin_ruleset;
cleat_err cleat_lin_ruleset_new(const char *table, struct cleat_lin_ruleset **ret,
                                struct cleat_error *reterr);
void cleat_lin_ruleset_free(struct cleat_lin_ruleset *r); /* leaves the kernel as it is */
/* Makes the table hold exactly these pieces (taken, also on failure) in one transaction,
 * touching only what differs; without pieces there is no table. */
cleat_err cleat_lin_ruleset_apply(struct cleat_lin_ruleset *r, struct cleat_lin_piece **pieces,
                                  size_t n, const struct cleat_lin_addr *near, size_t n_near,
                                  struct cleat_error *reterr);
/* Looks whether somebody else changed the table, and undoes it. *repaired says so. */
cleat_err cleat_lin_ruleset_check(struct cleat_lin_ruleset *r, bool *repaired,
                                  struct cleat_error *reterr);

/* ---- the provider
 * --------------------------------------------------------------------------------------- */

struct cleat_lin_options {
    char *inventory; /* file; "" = none */
    uint32_t route_table, rule_priority;
    uint8_t protocol;
    char *nft_table;
    cleat_time drift_period;
    struct cleat_lin_check_spec health; /* interval, timeout, fall, rise of targets */
    uint16_t health_port;
    enum cleat_lin_masquerade masquerade;
    bool create_nodes, set_forwarding;
};

struct cleat_lin_agent;

struct cleat_lin {
    cleat_client *client;
    cleat_ctx *ctx;
    struct cleat_lin_options opt;
    cleat_informer *servers, *pools, *balancers;
    uint64_t handlers[3];
    pthread_mutex_t routes_lock; /* one change of the routing table at a time */
    struct cleat_lin_agent *agent;
    pthread_mutex_t pick_lock; /* reserved */
    struct cleat_lin_addr *reserved;
    size_t n_reserved;
};

extern const struct cleat_cloud_desc cleat_lin_cloud_desc;       /* provider.c */
extern const struct cleat_instances_ops cleat_lin_instances_ops; /* instances.c */
extern const struct cleat_lb_ops cleat_lin_lb_ops;               /* balancers.c */
extern const struct cleat_routes_ops cleat_lin_routes_ops;       /* routes.c */
enum { CLEAT_LIN_N_CRDS = 3 };
extern const char *const cleat_lin_crds[CLEAT_LIN_N_CRDS]; /* kinds.c */

/* Puts the rule where it belongs, for each family that has routes of ours. [any-thread] */
cleat_err cleat_lin_routes_settle(struct cleat_lin *lin, struct cleat_error *reterr);

/* VIPs for a service, one a family in its order; those in have are kept where they may be.
 * What is returned is reserved until cleat_lin_pick_done. [worker] */
cleat_err cleat_lin_pick(struct cleat_lin *lin, cleat_ctx *ctx, const cleat_obj *service,
                         const cleat_obj *have, struct cleat_lin_addr ret[2], size_t *ret_n,
                         struct cleat_error *reterr);
void cleat_lin_pick_done(struct cleat_lin *lin, const struct cleat_lin_addr *a, size_t n);

/* ---- agent.c: the thread that keeps the kernel as it must be
 * --------------------------------------------- */

cleat_err cleat_lin_agent_new(struct cleat_lin *lin, struct cleat_lin_agent **ret,
                              struct cleat_error *reterr);
cleat_err cleat_lin_agent_start(struct cleat_lin_agent *a, struct cleat_error *reterr);
void cleat_lin_agent_request_stop(struct cleat_lin_agent *a); /* [any-thread] */
void cleat_lin_agent_free(struct cleat_lin_agent *a);         /* NULL allowed */
void cleat_lin_agent_wake(struct cleat_lin_agent *a);         /* something changed [any-thread] */
/* The newest snapshot, a new reference; waits a moment for the first. *ret_stale (NULL
 * allowed) is set where the file cannot be read now, so that nothing proves absence. [worker] */
cleat_err cleat_lin_agent_inventory(struct cleat_lin_agent *a, struct cleat_lin_inventory **ret,
                                    bool *ret_stale, struct cleat_error *reterr);
/* Whether the server's probe says that it is down. [any-thread] */
bool cleat_lin_agent_is_down(struct cleat_lin_agent *a, const char *server);
/* Waits until the kernel has this balancer at this revision or a later one; revision 0: until
 * the kernel has nothing of it. [worker] */
cleat_err cleat_lin_agent_wait(struct cleat_lin_agent *a, cleat_ctx *ctx, const char *balancer,
                               uint64_t revision, struct cleat_error *reterr);
cleat_err cleat_lin_agent_watch(struct cleat_lin_agent *a, void (*changed)(void *userdata),
                                void *userdata, uint64_t *ret_id);
void cleat_lin_agent_unwatch(struct cleat_lin_agent *a, uint64_t id);

#endif
