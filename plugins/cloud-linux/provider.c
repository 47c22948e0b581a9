/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider "linux": its life, its options and its caches. The operations
 * are in instances.c, balancers.c and routes.c, the thread in agent.c.
 */
#include "lin.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define OBJ (SDK->obj)

static cleat_err watch_servers(void *self, void (*changed)(void *userdata), void *userdata,
                               uint64_t *ret_id, struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    (void)reterr;
    return cleat_lin_agent_watch(lin->agent, changed, userdata, ret_id);
}

static void unwatch_servers(void *self, uint64_t id) {
    struct cleat_lin *lin = self;
    cleat_lin_agent_unwatch(lin->agent, id);
}

/* ---- caches: they only wake [dispatch] ---- */

static void added(void *userdata, const cleat_obj *obj, int32_t is_initial) {
    (void)obj;
    (void)is_initial;
    cleat_lin_agent_wake(userdata);
}

static void updated(void *userdata, const cleat_obj *old, const cleat_obj *obj) {
    if (OBJ->revision(old) != OBJ->revision(obj)) {
        cleat_lin_agent_wake(userdata);
    }
}

static void deleted(void *userdata, const cleat_obj *obj, int32_t unknown) {
    (void)obj;
    (void)unknown;
    cleat_lin_agent_wake(userdata);
}

static cleat_err open_caches(struct cleat_lin *lin, struct cleat_error *reterr) {
    const struct {
        struct cleat_gvr gvr;
        cleat_informer **ret;
    } wanted[] = {
        {CLEAT_LIN_SERVERS, &lin->servers},
        {CLEAT_LIN_POOLS, &lin->pools},
        {CLEAT_LIN_BALANCERS, &lin->balancers},
    };
    struct cleat_handler h = {
        .struct_size = sizeof h,
        .userdata = lin->agent,
        .on_add = added,
        .on_update = updated,
        .on_delete = deleted,
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        cleat_err err = SDK->informer->acquire(wanted[i].gvr, NULL, NULL, wanted[i].ret, reterr);
        if (err != CLEAT_OK) {
            return err;
        }
        lin->handlers[i] = SDK->informer->add_handler(*wanted[i].ret, &h);
    }
    return CLEAT_OK;
}

/* ---- options ---- */

static cleat_err read_number(const struct cleat_controller_env *env, const char *name, int64_t min,
                             int64_t max, int64_t def, int64_t *ret, struct cleat_error *reterr) {
    *ret = cleat_lin_int(CLEAT_AT(SDK, env->config, name), def);
    return *ret >= min && *ret <= max
               ? CLEAT_OK
               : cleat_errorf(reterr, CLEAT_E_INVALID, "%s: must be between %lld and %lld", name,
                              (long long)min, (long long)max);
}

static cleat_err read_masquerade(const struct cleat_controller_env *env,
                                 enum cleat_lin_masquerade *ret, struct cleat_error *reterr) {
    static const char *const words[] = {"auto", "always", "never"};
    struct cleat_str text = CLEAT_TEXT(SDK, env->config, "masquerade");
    for (size_t i = 0; i < 3; i++) {
        if (cleat_str_is(text, words[i]) || (i == 0 && text.n == 0)) {
            *ret = (enum cleat_lin_masquerade)i;
            return CLEAT_OK;
        }
    }
    return cleat_errorf(reterr, CLEAT_E_INVALID,
                        "masquerade: \"%.*s\" is none of auto, always, never", CLEAT_FMT(text));
}

/* A name that nftables takes without quotes. */
static cleat_err read_table(const struct cleat_controller_env *env, char **ret,
                            struct cleat_error *reterr) {
    struct cleat_str text = CLEAT_TEXT(SDK, env->config, "nftTable");
    text = text.n > 0 ? text : CLEAT_STR("cleat");
    bool good = text.n < 32 && isalpha((unsigned char)text.p[0]);
    for (size_t i = 0; i < text.n; i++) {
        good &= isalnum((unsigned char)text.p[i]) || text.p[i] == '-' || text.p[i] == '_';
    }
    if (!good) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "nftTable: \"%.*s\" must be letters, digits, - and _, not over 31",
                            CLEAT_FMT(text));
    }
    *ret = cleat_sdk_dup(text);
    return CLEAT_OK;
}

static cleat_err read_options(struct cleat_lin_options *o, const struct cleat_controller_env *env,
                              struct cleat_error *reterr) {
    const struct {
        const char *name;
        int64_t min, max, def;
    } numbers[] = {
        {"routeTable", 1, UINT32_MAX, 7700},
        {"rulePriority", 1, 32765, 7700},
        {"protocol", 5, 255, 77},
        {"healthCheckPort", 0, 65535, 0},
        {"healthFailures", 1, 100, 2},
        {"healthSuccesses", 1, 100, 1},
        {"healthInterval", 50 * CLEAT_MS, 3600 * CLEAT_SECOND, 700 * CLEAT_MS},
        {"healthTimeout", 50 * CLEAT_MS, 3600 * CLEAT_SECOND, 700 * CLEAT_MS},
        {"driftPeriod", 50 * CLEAT_MS, 3600 * CLEAT_SECOND, CLEAT_SECOND},
    };
    int64_t v[sizeof numbers / sizeof *numbers];
    o->inventory = cleat_lin_string(CLEAT_AT(SDK, env->config, "inventory"));
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && err == CLEAT_OK; i++) {
        err = read_number(env, numbers[i].name, numbers[i].min, numbers[i].max, numbers[i].def,
                          &v[i], reterr);
    }
    err = err ? err : read_masquerade(env, &o->masquerade, reterr);
    err = err ? err : read_table(env, &o->nft_table, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    if (v[0] >= 253 && v[0] <= 255) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "routeTable: %lld is the system's own",
                            (long long)v[0]);
    }
    o->route_table = (uint32_t)v[0];
    o->rule_priority = (uint32_t)v[1];
    o->protocol = (uint8_t)v[2];
    o->health_port = (uint16_t)v[3];
    o->health = (struct cleat_lin_check_spec){
        .fall = (int)v[4], .rise = (int)v[5], .interval = v[6], .timeout = v[7]};
    o->drift_period = v[8];
    o->create_nodes = OBJ->boolean(CLEAT_AT(SDK, env->config, "createNodes"), 1) != 0;
    o->set_forwarding = OBJ->boolean(CLEAT_AT(SDK, env->config, "setForwarding"), 0) != 0;
    return CLEAT_OK;
}

/* ---- forwarding: without it nothing of this works ---- */

static void check_forwarding(const struct cleat_lin_options *o) {
    static const char *const files[] = {"/proc/sys/net/ipv4/ip_forward",
                                        "/proc/sys/net/ipv6/conf/all/forwarding"};
    for (size_t i = 0; i < 2; i++) {
        char c = 0;
        int fd = open(files[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            continue; /* no IPv6 */
        }
        ssize_t n = read(fd, &c, 1);
        close(fd);
        if (n != 1 || c != '0') {
            continue;
        }
        if (!o->set_forwarding) {
            cleat_lin_log(CLEAT_LOG_WARN,
                          "%s is 0: this machine forwards nothing (see setForwarding)", files[i]);
            continue;
        }
        fd = open(files[i], O_WRONLY | O_CLOEXEC);
        if (fd < 0 || write(fd, "1", 1) != 1) {
            cleat_lin_log(CLEAT_LOG_ERROR, "%s cannot be set", files[i]);
        }
        if (fd >= 0) {
            close(fd);
        }
    }
}

/* ---- life ---- */

static void close_cache(cleat_informer *inf, uint64_t handler) {
    if (inf != NULL) {
        if (handler != 0) {
            SDK->informer->remove_handler(inf, handler);
        }
        SDK->informer->release(inf);
    }
}

static void request_stop(void *self) {
    struct cleat_lin *lin = self;
    cleat_lin_agent_request_stop(lin->agent);
}

/* The kernel stays as it is: traffic goes on while nobody looks. */
static void destroy(void *self) {
    struct cleat_lin *lin = self;
    cleat_informer *const caches[] = {lin->servers, lin->pools, lin->balancers};
    for (size_t i = 0; i < 3; i++) {
        if (caches[i] != NULL && lin->handlers[i] != 0) {
            SDK->informer->remove_handler(caches[i], lin->handlers[i]);
        }
    }
    cleat_lin_agent_free(lin->agent);
    for (size_t i = 0; i < 3; i++) {
        close_cache(caches[i], 0);
    }
    pthread_mutex_destroy(&lin->routes_lock);
    pthread_mutex_destroy(&lin->pick_lock);
    free(lin->reserved);
    free(lin->opt.inventory);
    free(lin->opt.nft_table);
    free(lin);
}

static cleat_err initialize(void *self, struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    check_forwarding(&lin->opt);
    return cleat_lin_agent_start(lin->agent, reterr);
}

static const struct cleat_cloud_ops ops = {
    .struct_size = sizeof ops,
    .has_cluster_id = 1,
    .instances = &cleat_lin_instances_ops,
    .load_balancers = &cleat_lin_lb_ops,
    .routes = &cleat_lin_routes_ops,
    .initialize = initialize,
    .request_stop = request_stop,
    .destroy = destroy,
    .watch_servers = watch_servers,
    .unwatch_servers = unwatch_servers,
};

static cleat_err create(const struct cleat_controller_env *env,
                        const struct cleat_cloud_ops **ret_ops, void **ret_self,
                        struct cleat_error *reterr) {
    struct cleat_lin *lin = cleat_sdk_alloc(1, sizeof *lin);
    lin->client = env->client;
    lin->ctx = env->ctx;
    pthread_mutex_init(&lin->routes_lock, NULL);
    pthread_mutex_init(&lin->pick_lock, NULL);
    cleat_err err = read_options(&lin->opt, env, reterr);
    err = err ? err : cleat_lin_agent_new(lin, &lin->agent, reterr);
    err = err ? err : open_caches(lin, reterr);
    if (err != CLEAT_OK) {
        destroy(lin);
        return err;
    }
    *ret_ops = &ops;
    *ret_self = lin;
    return CLEAT_OK;
}

#define OPTION(type, name, flag, def, help)                                                        \
    { sizeof(struct cleat_option), CLEAT_OPT_##type, name, "linux-" flag, def, help }

static const struct cleat_option options[] = {
    OPTION(STRING, "inventory", "inventory", NULL, "File with servers and pools, YAML or JSON."),
    OPTION(BOOL, "createNodes", "create-nodes", "true",
           "Servers of the inventory become Nodes; else their kubelets register themselves."),
    OPTION(INT, "routeTable", "route-table", "7700", "Routing table of the routes to pods."),
    OPTION(INT, "rulePriority", "rule-priority", "7700", "Priority of the rule that leads there."),
    OPTION(INT, "protocol", "protocol", "77", "Protocol number that marks routes and addresses."),
    OPTION(STRING, "nftTable", "nft-table", "cleat", "Table of nftables, of the family inet."),
    OPTION(STRING, "masquerade", "masquerade", "auto",
           "Whether nodes see the gateway's address instead of the client's: auto, always, never."),
    OPTION(DURATION, "driftPeriod", "drift-period", "1s",
           "How often it is looked whether others changed something."),
    OPTION(DURATION, "healthInterval", "health-interval", "500ms",
           "How often a balancer asks a node."),
    OPTION(DURATION, "healthTimeout", "health-timeout", "600ms", "How long it waits."),
    OPTION(INT, "healthFailures", "health-failures", "2", "Failures until a node is taken out."),
    OPTION(INT, "healthSuccesses", "health-successes", "1", "Successes until it is back."),
    OPTION(INT, "healthCheckPort", "health-check-port", "0",
           "Port of /healthz at each node (kube-proxy: 10256); 0 = connect to the node port."),
    OPTION(BOOL, "setForwarding", "set-forwarding", "false",
           "Switch this machine's IP forwarding on."),
    {.struct_size = sizeof(struct cleat_option)},
};

const struct cleat_cloud_desc cleat_lin_cloud_desc = {
    .struct_size = sizeof(struct cleat_cloud_desc),
    .name = CLEAT_LIN_NAME,
    .description = "Plain Linux machines behind a gateway: routes and balancers in its kernel.",
    .options = options,
    .create = create,
};
