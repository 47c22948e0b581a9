/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider "sim": its life, its options, its caches, and the hint that the
 * servers have changed. The operations are in instances.c, balancers.c and
 * routes.c.
 */
#include "sim.h"

#define OBJ (SDK->obj)

/* ---- hints ---- */

struct cleat_sim_watch {
    struct cleat_sim_watch *next;
    uint64_t id; /* of the handler at the machines' informer */
    void (*changed)(void *userdata);
    void *userdata;
};

static void hint_added(void *userdata, const cleat_obj *obj, int32_t is_initial) {
    struct cleat_sim_watch *w = userdata;
    (void)obj;
    (void)is_initial;
    w->changed(w->userdata);
}

static void hint_updated(void *userdata, const cleat_obj *old, const cleat_obj *obj) {
    struct cleat_sim_watch *w = userdata;
    (void)old;
    (void)obj;
    w->changed(w->userdata);
}

static void hint_deleted(void *userdata, const cleat_obj *obj, int32_t unknown) {
    struct cleat_sim_watch *w = userdata;
    (void)obj;
    (void)unknown;
    w->changed(w->userdata);
}

static cleat_err watch_servers(void *self, void (*changed)(void *userdata), void *userdata,
                               uint64_t *ret_id, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    (void)reterr;
    struct cleat_sim_watch *w = cleat_sdk_alloc(1, sizeof *w);
    w->changed = changed;
    w->userdata = userdata;
    struct cleat_handler h = {
        .struct_size = sizeof h,
        .userdata = w,
        .on_add = hint_added,
        .on_update = hint_updated,
        .on_delete = hint_deleted,
    };
    w->id = SDK->informer->add_handler(sim->machines, &h);
    pthread_mutex_lock(&sim->watches_lock);
    w->next = sim->watches;
    sim->watches = w;
    pthread_mutex_unlock(&sim->watches_lock);
    *ret_id = w->id;
    return CLEAT_OK;
}

static void unwatch_servers(void *self, uint64_t id) {
    struct cleat_sim *sim = self;
    pthread_mutex_lock(&sim->watches_lock);
    struct cleat_sim_watch **p = &sim->watches;
    while (*p != NULL && (*p)->id != id) {
        p = &(*p)->next;
    }
    struct cleat_sim_watch *w = *p;
    if (w != NULL) {
        *p = w->next;
    }
    pthread_mutex_unlock(&sim->watches_lock);
    if (w != NULL) {
        SDK->informer->remove_handler(sim->machines, w->id); /* waits for its last call */
        free(w);
    }
}

/* ---- caches: settings and the balancers' addresses [dispatch] ---- */

static void on_cloud(struct cleat_sim *sim, const cleat_obj *cloud, bool deleted) {
    if (cleat_str_is(OBJ->name(cloud), CLEAT_SIM_NAME)) {
        cleat_sim_settings_set(sim->settings, deleted ? NULL : cloud);
    }
}

static void cloud_added(void *userdata, const cleat_obj *obj, int32_t is_initial) {
    (void)is_initial;
    on_cloud(userdata, obj, false);
}

static void cloud_updated(void *userdata, const cleat_obj *old, const cleat_obj *obj) {
    (void)old;
    on_cloud(userdata, obj, false);
}

static void cloud_deleted(void *userdata, const cleat_obj *obj, int32_t unknown) {
    (void)unknown;
    on_cloud(userdata, obj, true);
}

static void balancer_added(void *userdata, const cleat_obj *obj, int32_t is_initial) {
    struct cleat_sim *sim = userdata;
    (void)is_initial;
    cleat_sim_pool_mark(&sim->balancer_ips, CLEAT_TEXT(SDK, obj, "status", "ip"));
}

static void balancer_deleted(void *userdata, const cleat_obj *obj, int32_t unknown) {
    struct cleat_sim *sim = userdata;
    (void)unknown;
    cleat_sim_pool_release(&sim->balancer_ips, CLEAT_TEXT(SDK, obj, "status", "ip"));
}

cleat_err cleat_sim_call(struct cleat_sim *sim, cleat_ctx *ctx, const char *what,
                         struct cleat_error *reterr) {
    cleat_informer *const caches[] = {sim->clouds, sim->machines, sim->balancers};
    for (size_t i = 0; i < sizeof caches / sizeof *caches; i++) {
        cleat_err err = SDK->informer->wait_synced(caches[i], ctx);
        if (err != CLEAT_OK) {
            return cleat_errorf(reterr, err, "sim: %s: the cloud is not up yet", what);
        }
    }
    return cleat_sim_settings_call(sim->settings, ctx, what, reterr);
}

/* ---- life ---- */

static bool option_flag(const struct cleat_controller_env *env, const char *name) {
    return OBJ->boolean(CLEAT_AT(SDK, env->config, name), 1) != 0;
}

static cleat_err init_pool(const struct cleat_controller_env *env, const char *name,
                           const char *def, struct cleat_sim_pool *pool,
                           struct cleat_error *reterr) {
    struct cleat_str text = CLEAT_TEXT(SDK, env->config, name);
    char *cidr = cleat_sdk_dup(text.n > 0 ? text : cleat_cstr(def));
    cleat_err err = cleat_sim_pool_init(pool, cidr, reterr);
    free(cidr);
    return err;
}

static cleat_err read_options(struct cleat_sim *sim, const struct cleat_controller_env *env,
                              struct cleat_error *reterr) {
    sim->seed_machines = cleat_sim_int(CLEAT_AT(SDK, env->config, "machines"), 3);
    sim->kubelets = option_flag(env, "kubelets");
    sim->heartbeat = option_flag(env, "heartbeat");
    struct cleat_str by = CLEAT_TEXT(SDK, env->config, "register");
    sim->self_register = cleat_str_is(by, "kubelet");
    if (by.n > 0 && !sim->self_register && !cleat_str_is(by, "cloud")) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "register: \"%.*s\" is neither cloud nor kubelet", CLEAT_FMT(by));
    }
    cleat_err err = init_pool(env, "machineCIDR", "10.64.0.0/16", &sim->machine_ips, reterr);
    if (err == CLEAT_OK) {
        err = init_pool(env, "loadBalancerCIDR", "203.0.113.0/24", &sim->balancer_ips, reterr);
    }
    return err;
}

static cleat_err open_caches(struct cleat_sim *sim, struct cleat_error *reterr) {
    const struct {
        struct cleat_gvr gvr;
        cleat_informer **ret;
    } wanted[] = {
        {CLEAT_SIM_MACHINES, &sim->machines}, {CLEAT_SIM_BALANCERS, &sim->balancers},
        {CLEAT_SIM_CLOUDS, &sim->clouds},     {CLEAT_SIM_NODES, &sim->nodes},
        {CLEAT_SIM_LEASES, &sim->leases},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        cleat_err err = SDK->informer->acquire(wanted[i].gvr, NULL, NULL, wanted[i].ret, reterr);
        if (err != CLEAT_OK) {
            return err;
        }
    }
    struct cleat_handler clouds = {
        .struct_size = sizeof clouds,
        .userdata = sim,
        .on_add = cloud_added,
        .on_update = cloud_updated,
        .on_delete = cloud_deleted,
    };
    sim->clouds_handler = SDK->informer->add_handler(sim->clouds, &clouds);
    struct cleat_handler balancers = {
        .struct_size = sizeof balancers,
        .userdata = sim,
        .on_add = balancer_added,
        .on_delete = balancer_deleted,
    };
    sim->balancers_handler = SDK->informer->add_handler(sim->balancers, &balancers);
    return CLEAT_OK;
}

static void close_cache(cleat_informer *inf, uint64_t handler) {
    if (inf != NULL) {
        if (handler != 0) {
            SDK->informer->remove_handler(inf, handler);
        }
        SDK->informer->release(inf);
    }
}

static void destroy(void *self) {
    struct cleat_sim *sim = self;
    while (sim->watches != NULL) {
        unwatch_servers(sim, sim->watches->id);
    }
    cleat_sim_engine_free(sim->engine);
    close_cache(sim->clouds, sim->clouds_handler);
    close_cache(sim->balancers, sim->balancers_handler);
    close_cache(sim->machines, 0);
    close_cache(sim->nodes, 0);
    close_cache(sim->leases, 0);
    cleat_sim_settings_free(sim->settings);
    cleat_sim_pool_done(&sim->machine_ips);
    cleat_sim_pool_done(&sim->balancer_ips);
    pthread_mutex_destroy(&sim->watches_lock);
    free(sim);
}

/* The machines begin to work once the first ones are there. */
static cleat_err initialize(void *self, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    cleat_err err = cleat_sim_seed(sim, reterr);
    return err == CLEAT_OK ? cleat_sim_engine_new(sim, &sim->engine, reterr) : err;
}

static const struct cleat_cloud_ops ops = {
    .struct_size = sizeof ops,
    .has_cluster_id = 1,
    .instances = &cleat_sim_instances_ops,
    .load_balancers = &cleat_sim_lb_ops,
    .routes = &cleat_sim_routes_ops,
    .initialize = initialize,
    .destroy = destroy,
    .watch_servers = watch_servers,
    .unwatch_servers = unwatch_servers,
};

static cleat_err create(const struct cleat_controller_env *env,
                        const struct cleat_cloud_ops **ret_ops, void **ret_self,
                        struct cleat_error *reterr) {
    struct cleat_sim *sim = cleat_sdk_alloc(1, sizeof *sim);
    sim->client = env->client;
    sim->ctx = env->ctx;
    sim->settings = cleat_sim_settings_new();
    pthread_mutex_init(&sim->watches_lock, NULL);
    cleat_err err = read_options(sim, env, reterr);
    if (err == CLEAT_OK) {
        err = open_caches(sim, reterr);
    }
    if (err != CLEAT_OK) {
        destroy(sim);
        return err;
    }
    *ret_ops = &ops;
    *ret_self = sim;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "machines", "sim-machines", "3",
     "Machines that a fresh cloud begins with."},
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "kubelets", "sim-kubelets", "true",
     "Machines behave as kubelets do."},
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "heartbeat", "sim-heartbeat", "true",
     "Kubelets renew their Leases and repeat their status."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "register", "sim-register", "cloud",
     "Who creates Nodes: cloud (the node controller) or kubelet."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "machineCIDR", "sim-machine-cidr",
     "10.64.0.0/16", "Addresses of machines that are given none."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "loadBalancerCIDR", "sim-load-balancer-cidr",
     "203.0.113.0/24", "Addresses of load balancers."},
    {.struct_size = sizeof(struct cleat_option)},
};

const struct cleat_cloud_desc cleat_sim_cloud_desc = {
    .struct_size = sizeof(struct cleat_cloud_desc),
    .name = CLEAT_SIM_NAME,
    .description = "A simulated cloud whose servers are API objects.",
    .options = options,
    .create = create,
};
