/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the endpoints plugin share: which pods stand behind a Service,
 * what is remembered of each Service, and slices as they are and as they are to be.
 * Everything is hidden inside the shared object; the host sees plugin.c's tables only.
 */
#ifndef CLEAT_PLUGIN_ENDPOINTS_H
#define CLEAT_PLUGIN_ENDPOINTS_H

#include <cleat/sdk.h>
#include <pthread.h>
#include <stdbool.h>

extern struct cleat_sdk cleat_ep_sdk; /* bound once, in init */
#define SDK (&cleat_ep_sdk)

#define CLEAT_EP_PODS      ((struct cleat_gvr){"", "v1", "pods"})
#define CLEAT_EP_SERVICES  ((struct cleat_gvr){"", "v1", "services"})
#define CLEAT_EP_NODES     ((struct cleat_gvr){"", "v1", "nodes"})
#define CLEAT_EP_ENDPOINTS ((struct cleat_gvr){"", "v1", "endpoints"})
#define CLEAT_EP_SLICES    ((struct cleat_gvr){"discovery.k8s.io", "v1", "endpointslices"})

#define CLEAT_EP_SERVICE_NAME  "kubernetes.io/service-name"
#define CLEAT_EP_MANAGED_BY    "endpointslice.kubernetes.io/managed-by"
#define CLEAT_EP_SKIP_MIRROR   "endpointslice.kubernetes.io/skip-mirror"
#define CLEAT_EP_HEADLESS      "service.kubernetes.io/headless"
#define CLEAT_EP_TRIGGER_TIME  "endpoints.kubernetes.io/last-change-trigger-time"
#define CLEAT_EP_OVER_CAPACITY "endpoints.kubernetes.io/over-capacity"
#define CLEAT_EP_LEADER        "control-plane.alpha.kubernetes.io/leader"

extern const struct cleat_controller_desc cleat_ep_slices_desc;
extern const struct cleat_controller_desc cleat_ep_endpoints_desc;
extern const struct cleat_controller_desc cleat_ep_mirroring_desc;

/* ---- util.c ------------------------------------------------------------------ */

/* Text that grows; zeroed before. p is NULL until something was added; ended by free(p). */
struct cleat_ep_text {
    char *p;
    size_t n, cap;
};
void cleat_ep_add(struct cleat_ep_text *t, struct cleat_str s);
void cleat_ep_addf(struct cleat_ep_text *t, const char *fmt, ...) CLEAT_PRINTF(2, 3);
/* Adds ,"member":"text"; text in canonical form, as SDK->obj->str gives it. */
void cleat_ep_add_str(struct cleat_ep_text *t, const char *member, struct cleat_str text);

struct cleat_val cleat_ep_get(struct cleat_val v, const char *member);
struct cleat_str cleat_ep_str(struct cleat_val v, const char *member);
struct cleat_str cleat_ep_label(const cleat_obj *o, const char *key);
struct cleat_str cleat_ep_annotation(const cleat_obj *o, const char *key);
bool cleat_ep_is_ending(const cleat_obj *o);
struct cleat_key cleat_ep_key(const cleat_obj *o);
/* -1, 0, 1 by bytes, the shorter first where one begins the other. */
int cleat_ep_cmp(struct cleat_str a, struct cleat_str b);
/* Parses text of our own making; what it holds is JSON. Owned. */
cleat_obj *cleat_ep_parse(const char *json);
/* The same of an object's text that lacks only its closing brace; ends the text. Owned. */
cleat_obj *cleat_ep_text_parse(struct cleat_ep_text *t);
/* The family ("IPv4", "IPv6") of an address and how it is written, owned; NULL = no address. */
const char *cleat_ep_family(struct cleat_str address, char **ret_text);
/* Objects that are held, in the order of their names. */
struct cleat_ep_objs {
    cleat_obj **v;
    size_t n, cap;
};
void cleat_ep_objs_add(struct cleat_ep_objs *l, const cleat_obj *o);
void cleat_ep_objs_sort(struct cleat_ep_objs *l);
void cleat_ep_objs_done(struct cleat_ep_objs *l);
/* Whether a write failed only because its namespace is ending: then nobody misses it. */
bool cleat_ep_namespace_ends(const struct cleat_error *e);
/* PENDING, to be tried again shortly: the cache does not show own writes yet. */
cleat_err cleat_ep_out_of_date(const char *what, struct cleat_error *reterr);
/* CLEAT_OK and whether the Service is gone for certain. [worker] */
cleat_err cleat_ep_service_is_gone(cleat_client *client, cleat_ctx *ctx, struct cleat_key key,
                                   bool *ret, struct cleat_error *reterr);

/* ---- pods.c: Services and the pods behind them --------------------------------- */

/* The indexes that the functions below need; either may be NULL. [load] */
cleat_err cleat_ep_index(cleat_informer *services, cleat_informer *pods,
                         struct cleat_error *reterr);
/* Whether a Service selects pods, and is one that gets endpoints. */
bool cleat_ep_selects(const cleat_obj *service);
/* Each Service that selects the pod is looked at after delay. */
void cleat_ep_enqueue_services_of(cleat_controller *reconciler, cleat_informer *services,
                                  const cleat_obj *pod, cleat_time delay);
void cleat_ep_pods_of(cleat_informer *pods, const cleat_obj *service, struct cleat_ep_objs *ret);
/* Pods with this Node. */
void cleat_ep_pods_on(cleat_informer *pods, struct cleat_str node, struct cleat_ep_objs *ret);
/* A predicate: whether a change of a pod may change endpoints. */
int32_t cleat_ep_pod_matters(void *self, const cleat_obj *old, const cleat_obj *pod);
bool cleat_ep_pod_is_ready(const cleat_obj *pod);
/* Not finished, and with an address; one that is ending only where ending ones count. */
bool cleat_ep_pod_counts(const cleat_obj *pod, bool ending_too);
/* Its address of a family, as it is written; owned, NULL = none. A pod has one of each. */
char *cleat_ep_pod_address(const cleat_obj *pod, const char *family);
/* 1 and the number of the pod's port that a Service's port leads to; 0 where it has none. */
int32_t cleat_ep_find_port(const cleat_obj *pod, struct cleat_val service_port, int64_t *ret);
bool cleat_ep_wants_hostname(const cleat_obj *pod, const cleat_obj *service);
bool cleat_ep_is_headless(const cleat_obj *service);
bool cleat_ep_publishes_all(const cleat_obj *service);
/* The families of a Service's endpoints, at most two, NULL-ended. */
void cleat_ep_families(const cleat_obj *service, const char *ret[3]);

/* ---- states.c: what is remembered of each Service ------------------------------- */

struct cleat_ep_state; /* of one Service; its parts belong to who reconciles it */
struct cleat_ep_states;

/* gauges: the prefix of the metrics' names, NULL = none. */
struct cleat_ep_states *cleat_ep_states_new(const char *gauges);
void cleat_ep_states_free(struct cleat_ep_states *s);
/* The state of a Service, made where make says so; borrowed until it is dropped. */
struct cleat_ep_state *cleat_ep_state(struct cleat_ep_states *s, struct cleat_key key, bool make);
void cleat_ep_state_drop(struct cleat_ep_states *s, struct cleat_key key);
/* What an event said last of this family's hints by topology, owned by the state: NULL = nothing
 * (they are not wanted), CLEAT_EP_ENABLED, or why there are none. */
#define CLEAT_EP_ENABLED "Topology Aware Hints has been enabled"
char **cleat_ep_told(struct cleat_ep_state *st, const char *family);

/* Own writes, which the cache may not show yet. */
void cleat_ep_expect(struct cleat_ep_states *s, struct cleat_key service, const cleat_obj *written);
void cleat_ep_expect_gone(struct cleat_ep_states *s, struct cleat_key service,
                          const cleat_obj *deleted);
/* Whether the cached objects are older than what was written. */
bool cleat_ep_is_stale(struct cleat_ep_states *s, struct cleat_key service,
                       const struct cleat_ep_objs *cached);
/* When to look again, because something was written lately: it may be undone before the cache
 * has seen it, and then nothing tells. 0 = nothing was. */
cleat_time cleat_ep_look_again(struct cleat_ep_states *s, struct cleat_key service);
/* Whether this state of an object is news, not our own write coming back. */
bool cleat_ep_is_news(struct cleat_ep_states *s, struct cleat_key service, const cleat_obj *o);
/* Its deletion came: whether it was expected. */
bool cleat_ep_was_expected(struct cleat_ep_states *s, struct cleat_key service, const cleat_obj *o);

/* The moment of the change that endpoints are brought up to date for, as upstream's tracker
 * computes it; 0 = none that it knows of. */
cleat_time cleat_ep_trigger_time(struct cleat_ep_state *st, const cleat_obj *service,
                                 const struct cleat_ep_objs *pods);

struct cleat_ep_counts {
    size_t endpoints, slices, ideal; /* ideal: slices that would do */
};
/* What a Service has now goes into the gauges; distribution: 0 = none, else below. */
enum { CLEAT_EP_ANYWHERE, CLEAT_EP_CLOSE, CLEAT_EP_SAME_ZONE, CLEAT_EP_SAME_NODE };
extern const char *const cleat_ep_distributions[4];
void cleat_ep_count(struct cleat_ep_states *s, struct cleat_key service,
                    const struct cleat_ep_counts *counts, int distribution);

/* ---- set.c: endpoints that are to be ---------------------------------------------- */

struct cleat_ep_endpoint {
    char *id;   /* what makes two the same: addresses, hostname, target */
    char *json; /* all of it */
    bool placed;
    size_t next; /* in its bucket, plus one */
};
/* Those with the same ports and of the same family. */
struct cleat_ep_set {
    const char *family;
    char *ports; /* JSON, sorted: what tells sets apart, with the family */
    struct cleat_ep_endpoint *v;
    size_t n, cap, left; /* left: not placed */
    size_t *buckets, n_buckets;
};
struct cleat_ep_sets {
    struct cleat_ep_set *v;
    size_t n;
};
/* The set of this family and these ports (taken), made where there is none; borrowed until the
 * next call. */
struct cleat_ep_set *cleat_ep_set_of(struct cleat_ep_sets *all, const char *family, char *ports);
/* Adds one, id and json taken; one with the same id makes room. */
void cleat_ep_set_add(struct cleat_ep_set *set, char *id, char *json);
struct cleat_ep_endpoint *cleat_ep_set_find(struct cleat_ep_set *set, const char *id);
void cleat_ep_sets_done(struct cleat_ep_sets *all);
/* The id of an endpoint of a slice; owned. */
char *cleat_ep_id(struct cleat_val endpoint);
/* The same of what is known; addresses: sorted, with commas between. */
char *cleat_ep_id_of(struct cleat_str addresses, struct cleat_str hostname, struct cleat_str ns,
                     struct cleat_str name);
/* Whether what is there is what is to be. */
bool cleat_ep_same(struct cleat_val endpoint, const struct cleat_ep_endpoint *want);
/* The ports of a slice, of Endpoints or of our making, in the form of a set's; owned. Each port
 * is an object with name, port, protocol and appProtocol, of which any may be absent. */
char *cleat_ep_ports(struct cleat_val list);

/* ---- pack.c: endpoints into slices, with few writes --------------------------------- */

enum { CLEAT_EP_KEEP, CLEAT_EP_CREATE, CLEAT_EP_UPDATE, CLEAT_EP_DELETE };
struct cleat_ep_slice {
    const cleat_obj *old;       /* borrowed; NULL = it is new */
    const char *family, *ports; /* borrowed */
    const char **endpoints;     /* their JSON, borrowed */
    size_t n, cap;
    int action;
    bool ours; /* may be changed into another: the owner is right */
};
struct cleat_ep_plan {
    struct cleat_ep_slice *v;
    size_t n, added, updated, removed;
};
/* What is to become of the slices that there are, so that all of sets is in slices of at most
 * max, as upstream packs them. A family in families that has nothing gets an empty slice.
 * old[i] is the owner's where owned[i]. */
void cleat_ep_pack(struct cleat_ep_plan *ret, struct cleat_ep_sets *sets,
                   const struct cleat_ep_objs *old, const bool *owned, const char *const *families,
                   size_t max);
/* The same where each set has one slice, and a set of nobody has none. */
void cleat_ep_mirror(struct cleat_ep_plan *ret, struct cleat_ep_sets *sets,
                     const struct cleat_ep_objs *old, size_t max);
/* How many slices there are once it is done. */
size_t cleat_ep_plan_slices(const struct cleat_ep_plan *p);
void cleat_ep_plan_done(struct cleat_ep_plan *p);

/* ---- write.c ------------------------------------------------------------------------ */

/* What all slices of one owner have in common. */
struct cleat_ep_owner {
    const cleat_obj *obj;
    const char *kind;       /* "Service", "Endpoints" */
    cleat_obj *labels;      /* as its root */
    cleat_obj *annotations; /* as its root; NULL = others' are left alone */
    cleat_time trigger;     /* 0 = none */
};
struct cleat_ep_writer {
    cleat_client *client;
    struct cleat_ep_states *states;
    cleat_metric *created, *updated, *deleted;
};
/* How many endpoints a slice may have: an option, whose flag an error names; INVALID unless it is
 * 1 to 1000. */
cleat_err cleat_ep_max(const struct cleat_controller_env *env, const char *option, const char *flag,
                       size_t *ret, struct cleat_error *reterr);
/* Of a reconciler that writes slices: workers by option, and upstream's delays after failures.
 * name is borrowed. */
struct cleat_reconciler_opts cleat_ep_writer_opts(const struct cleat_controller_env *env,
                                                  const char *name);
/* With states, which are freed by cleat_ep_states_free; metrics: the prefix of metrics' names. */
void cleat_ep_writer_init(struct cleat_ep_writer *w, const struct cleat_controller_env *env,
                          const char *metrics);
/* Slices that are kept but do not look like their owner's are updated too. */
void cleat_ep_dress(struct cleat_ep_plan *plan, const struct cleat_ep_owner *owner);
/* Makes it so: creations first, then updates, then deletions. [worker] */
cleat_err cleat_ep_write(const struct cleat_ep_writer *w, cleat_ctx *ctx,
                         const struct cleat_ep_plan *plan, const struct cleat_ep_owner *owner,
                         struct cleat_error *reterr);
cleat_err cleat_ep_delete(const struct cleat_ep_writer *w, cleat_ctx *ctx, struct cleat_key service,
                          const cleat_obj *slice, struct cleat_error *reterr);
/* The labels of an object, but those that are given (NULL-ended), without the closing brace. */
void cleat_ep_copy_members(struct cleat_ep_text *t, struct cleat_val map, const char *const *but);
/* Slices of a Service, of one manager; those that are ending are left out. */
void cleat_ep_slices_of(cleat_informer *slices, struct cleat_key service, const char *manager,
                        struct cleat_ep_objs *ret);
cleat_err cleat_ep_index_slices(cleat_informer *slices, struct cleat_error *reterr);
bool cleat_ep_is_managed(const cleat_obj *slice, const char *manager);
/* For watches: the Service of a slice, and whether a change of a slice is somebody else's. */
void cleat_ep_service_of_slice(void *self, const cleat_obj *slice,
                               void (*emit)(void *sink, struct cleat_key key), void *sink);
bool cleat_ep_slice_matters(struct cleat_ep_states *s, const char *manager, const cleat_obj *old,
                            const cleat_obj *slice);
/* A histogram without labels of 15 buckets, each twice the one before. */
cleat_metric *cleat_ep_histogram(const char *name, const char *help, double first);

#endif
