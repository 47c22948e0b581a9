/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of the plugin host. What plugins offer (struct cleat_offers) is fixed
 * once they are loaded; what is wanted of it (struct cleat_plan) is made from the
 * configuration and immutable; what runs (struct cleat_instance) belongs to the
 * host's thread alone.
 */
#ifndef CLEAT_CORE_HOST_INTERNAL_H
#define CLEAT_CORE_HOST_INTERNAL_H

#include "core/cloud/cloud.h"
#include <cleat/volumes.h>

#include "core/host/config.h"
#include "core/host/host.h"

/* ---- plugins (loader.c) and what they offer (offer.c) ---- */

/* One *.so that was found. */
struct cleat_plugin {
    char *path;
    char *label;  /* name of its API object */
    char *reason; /* why it was refused; NULL = loaded */
    char *id, *version;
    const struct cleat_plugin_entry *entry; /* NULL until the handshake succeeded */
    const struct cleat_kinds_factory *kinds;
    bool initialized;
};

struct cleat_offer {
    struct cleat_plugin *plugin;
    const char *name, *description;
    const char *const *aliases;
    const struct cleat_option *options;
    struct cleat_option *own_options; /* a provider's: its plugin's and the gate's; owned */
    const struct cleat_controller_desc *controller; /* one of these two */
    const struct cleat_cloud_desc *cloud;
    const struct cleat_provisioner_desc *provisioner; /* beside controller, where it is one */
};

struct cleat_offers {
    struct cleat_plugin **plugins;
    size_t n_plugins;
    struct cleat_offer *v; /* controllers and providers, in the order of loading */
    size_t n;
};

void cleat_offers_load(struct cleat_offers *o, const char *const *dirs);
void cleat_offers_done(struct cleat_offers *o); /* deinit of each; handles stay open */
/* The offer of this type with this name or, for a controller, alias; or NULL. */
const struct cleat_offer *cleat_offers_find(const struct cleat_offers *o, bool cloud,
                                            struct cleat_str name);
/* Loads one file: all checks, init, factories. The refusal in *e. */
cleat_err cleat_plugin_load(struct cleat_offers *o, struct cleat_plugin *p, struct cleat_error *e);
/* The parts of it. */
cleat_err cleat_plugin_check_file(const char *path, struct cleat_error *e);
cleat_err cleat_plugin_open(struct cleat_plugin *p, struct cleat_error *e);
cleat_err cleat_plugin_handshake(const struct cleat_offers *o, struct cleat_plugin *p,
                                 struct cleat_error *e);
/* Adds what its factories offer; refuses what does not fit. */
cleat_err cleat_offers_add(struct cleat_offers *o, struct cleat_plugin *p, struct cleat_error *e);
void cleat_plugin_free(struct cleat_plugin *p);
/* i-th option, or NULL. The array's step is the plugin's struct_size. */
const struct cleat_option *cleat_option_at(const struct cleat_option *v, size_t i);
/* How many symbols a shared object defines for others; -1 where it is no ELF file of ours. */
int cleat_elf_exports(const char *path, struct cleat_buf *names);

/* ---- extension tables (ext.c) ---- */

extern const struct cleat_host cleat_host_table;
extern const struct cleat_clouds_api cleat_clouds_api;             /* clouds.c */
extern const struct cleat_provisioners_api cleat_provisioners_api; /* volumes.c */
/* Where tables without a handle lead: the one host of the process, or NULL. */
void cleat_ext_bind(cleat_hostd *h);
cleat_hostd *cleat_ext_host(void);

/* ---- selection (select.c) ---- */

/* list: "*,-route"; upstream's rules. */
bool cleat_select_enabled(const char *list, const char *name, const char *const *aliases,
                          bool disabled_by_default);
cleat_err cleat_select_check(const char *list, const struct cleat_offers *o, struct cleat_error *e);
/* Next member of a comma-separated list, trimmed; false at the end. */
bool cleat_list_next(const char **pos, struct cleat_str *ret);

/* ---- what is wanted (plan.c) ---- */

struct cleat_plan {
    size_t n; /* one an offer, in its order */
    struct cleat_plan_item {
        bool enabled;
        cleat_obj *config;
    } * items;
};
cleat_err cleat_plan_make(const struct cleat_offers *o, const struct cleat_host_opts *opts,
                          struct cleat_plan **ret, struct cleat_error *e);
void cleat_plan_free(struct cleat_plan *p);

/* One place that settings of a section may come from; later ones win. */
struct cleat_section {
    const char *file;
    const struct cleat_yaml *node; /* NULL = none */
};
/* Checks a section against its options and fills in defaults (options.c). */
cleat_err cleat_options_build(const char *section, const struct cleat_option *options,
                              const struct cleat_section *from, size_t n_from,
                              const char *const *flags, const char *const *own_flags,
                              cleat_obj **ret, struct cleat_error *e);

/* ---- what runs (lifecycle.c) ---- */

enum {
    CLEAT_LIFE_DISABLED,
    CLEAT_LIFE_LOADED, /* wanted, not created yet */
    CLEAT_LIFE_CREATED,
    CLEAT_LIFE_STARTING,
    CLEAT_LIFE_RUNNING,
    CLEAT_LIFE_STOPPING,
    CLEAT_LIFE_STOPPED,
    CLEAT_LIFE_FAILED
};
struct cleat_instance {
    cleat_hostd *host;
    const struct cleat_offer *offer;
    int state;
    bool wanted, restart; /* restart: stop although wanted */
    cleat_obj *config, *next_config;
    struct cleat_controller_env env; /* what the plugin holds */
    cleat_client *client;
    cleat_ctx *ctx;
    void *self;
    cleat_controller **reconcilers;
    size_t n_reconcilers;
    const struct cleat_cloud_ops *cloud_ops; /* providers: the plugin's own */
    struct cleat_provisioner provisioner;    /* provisioners of volumes */
    cleat_gate *gate;                        /* and what controllers get; NULL = none yet */
    struct cleat_told *told;                 /* of the cloud's calls (health.c); NULL = nothing */
    cleat_time since;                        /* wall: of the state */
    char *reason;                            /* as reported last; NULL = none */
    int failures;
    cleat_time retry_at;                     /* monotonic; 0 = none; or: */
#define CLEAT_LIFE_JOIN_NOW ((cleat_time)-1) /* asked to stop, not joined yet */
};
bool cleat_instance_active(const struct cleat_instance *i); /* created and not gone yet */
/* Makes what runs equal to what is wanted, as far as it goes now. 1 = did something. */
int cleat_life_converge(cleat_hostd *h, cleat_time deadline);
cleat_err cleat_life_add_reconciler(cleat_hostd *h, const struct cleat_controller_env *env,
                                    const struct cleat_reconciler_opts *opts, cleat_reconcile_fn fn,
                                    void *self, cleat_controller **ret, struct cleat_error *e);

/* ---- providers (clouds.c) ---- */

struct cleat_clouds {
    pthread_mutex_t mutex; /* guards all below */
    const struct cleat_cloud **v;
    size_t n;
    size_t n_configured; /* also those that do not run (yet) */
    char **configured;
};
void cleat_clouds_init(struct cleat_clouds *c);
void cleat_clouds_done(struct cleat_clouds *c);
void cleat_clouds_configure(struct cleat_clouds *c, const char *const *names, size_t n);
void cleat_clouds_add(struct cleat_clouds *c, const struct cleat_cloud *cloud);
void cleat_clouds_remove(struct cleat_clouds *c, const struct cleat_cloud *cloud);

/* ---- how clouds answer (health.c); the host's thread ---- */

/* Looks at all gates, from time to time, and publishes what has changed. 1 = did something. */
int cleat_health_step(cleat_hostd *h);
/* Adds the members of status that tell of a provider's calls. */
void cleat_health_put(struct cleat_instance *i, struct cleat_buf *out);
void cleat_health_forget(struct cleat_instance *i); /* its gate is gone */

/* ---- provisioners of volumes (volumes.c) ---- */

struct cleat_volumes {
    pthread_mutex_t mutex; /* guards all below */
    const struct cleat_provisioner **v;
    size_t n;
};
void cleat_volumes_init(struct cleat_volumes *c);
void cleat_volumes_done(struct cleat_volumes *c);
void cleat_volumes_add(struct cleat_volumes *c, const struct cleat_provisioner *p);
void cleat_volumes_remove(struct cleat_volumes *c, const struct cleat_provisioner *p);

/* ---- the host's own API objects (state.c, crd.c) ---- */

extern const char *const cleat_host_crds[]; /* NULL-ended */
typedef struct cleat_state cleat_state;
cleat_state *cleat_state_new(cleat_client *client, bool manual); /* client is borrowed */
/* Wishes that the object of this kind ("controllers") have this status (JSON, taken). [any-thread]
 */
void cleat_state_set(cleat_state *s, const char *resource, const char *name, char *status);
void cleat_state_start(cleat_state *s);
/* Writes what is left, until the deadline; ends the thread. */
void cleat_state_stop(cleat_state *s, cleat_time timeout);
int cleat_state_step(cleat_state *s);
void cleat_state_free(cleat_state *s);

/* ---- the host (host.c) ---- */

struct cleat_hostd {
    struct cleat_offers offers;
    struct cleat_host_opts opts; /* its strings owned, see host.c */
    struct cleat_transport *transport;
    struct cleat_clouds clouds;
    struct cleat_volumes volumes;
    cleat_client *client; /* the host's own */
    cleat_informers *informers;
    cleat_recorder *recorder;
    cleat_state *state;
    struct cleat_plan *first_plan;
    /* the host's thread */
    pthread_t thread;
    bool started, running; /* running: the thread was not joined yet */
    struct cleat_event wake, ended;
    cleat_timer *timer;
    struct cleat_instance *instances; /* one an offer; the thread's own, as are: */
    bool stopping;
    cleat_time next_start; /* monotonic: no controller is started before */
    cleat_time next_look;  /* monotonic: at how clouds answer; 0 = there is none */
    pthread_mutex_t mutex; /* guards those below */
    struct cleat_plan *next_plan;
    bool stop;
    cleat_time stop_deadline;
    struct cleat_instance *in_plugin; /* whose create or start is running */
};
/* Publishes the state of an instance and logs it. message may be NULL. */
void cleat_hostd_report(cleat_hostd *h, struct cleat_instance *i, const char *message);
/* The same state once more, with what else there is to tell. */
void cleat_hostd_publish(cleat_hostd *h, struct cleat_instance *i, const char *message);
/* Enters (i) and leaves (NULL) a plugin's create or start; false = the host stops. */
bool cleat_hostd_enter(cleat_hostd *h, struct cleat_instance *i);

#endif
