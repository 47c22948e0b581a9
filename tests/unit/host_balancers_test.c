/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service controller with real threads: one worker, a provider that hangs on some
 * Services for as long as the test likes, and changes from several sides meanwhile. Nobody else
 * waits for those that hang.
 */
#include "core/host/internal.h"
#include "core/kinds/kinds.h"
#include "core/registry/registry.h"
#include "tests/support/kt.h"

#include <unistd.h>

#ifndef CLEAT_PLUGIN_DIR
#error "the build tells where plugins are"
#endif

enum { HANGING = 5, OTHERS = 12, MOST = 64 };

static const struct cleat_gvr services = {"", "v1", "services"};
static const struct cleat_gvr nodes = {"", "v1", "nodes"};

static struct {
    cleat_store *store;
    cleat_registry *registry;
    struct cleat_transport *transport;
    cleat_client *client;
    cleat_hostd *host;
    /* the provider */
    pthread_mutex_t mutex; /* guards uids */
    char *uids[MOST];
    struct cleat_event go;
    _Atomic int inside, most;
} t;

/* ---- the provider ---- */

static int find(struct cleat_str uid) {
    int i = 0;
    while (i < MOST && !(t.uids[i] != NULL && cleat_eqc(uid, t.uids[i]))) {
        i++;
    }
    return i;
}

static cleat_err ensure(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                        const cleat_obj *const *hosts, size_t n, cleat_obj **ret_status,
                        struct cleat_error *e) {
    (void)self, (void)ctx, (void)cluster, (void)hosts, (void)n;
    if (memcmp(cleat_obj_name(service).p, "hang", 4) == 0) {
        int now = ++t.inside;
        t.most = now > t.most ? now : t.most;
        cleat_event_wait(&t.go, -1); /* whatever the context says */
        t.inside--;
    }
    CLEAT_LOCKED(&t.mutex);
    for (int i = 0; i < MOST && find(cleat_obj_uid(service)) == MOST; i++) {
        t.uids[i] = t.uids[i] == NULL ? cleat_strndup(cleat_obj_uid(service)) : t.uids[i];
    }
    return cleat_obj_parse(CLEAT_STR("{\"ingress\":[{\"ip\":\"192.0.2.1\"}]}"), 0, ret_status, e);
}

static cleat_err update_hosts(void *self, cleat_ctx *ctx, const char *cluster,
                              const cleat_obj *service, const cleat_obj *const *hosts, size_t n,
                              struct cleat_error *e) {
    (void)self, (void)ctx, (void)cluster, (void)service, (void)hosts, (void)n, (void)e;
    return CLEAT_OK;
}

static cleat_err ensure_deleted(void *self, cleat_ctx *ctx, const char *cluster,
                                const cleat_obj *service, struct cleat_error *e) {
    (void)self, (void)ctx, (void)cluster, (void)e;
    CLEAT_LOCKED(&t.mutex);
    int i = find(cleat_obj_uid(service));
    if (i < MOST) {
        free(t.uids[i]);
        t.uids[i] = NULL;
    }
    return CLEAT_OK;
}

static const struct cleat_lb_ops balancers = {.struct_size = sizeof balancers,
                                              .ensure = ensure,
                                              .update_hosts = update_hosts,
                                              .ensure_deleted = ensure_deleted};
static const struct cleat_cloud_ops ops = {.struct_size = sizeof ops, .load_balancers = &balancers};
static const struct cleat_cloud cloud = {.struct_size = sizeof cloud, .name = "slow", .ops = &ops};

/* ---- the API ---- */

static struct cleat_key key_of(const char *name) {
    return (struct cleat_key){CLEAT_STR("default"), cleat_s(name)};
}

static void create(struct cleat_gvr gvr, char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    KT_OK(cleat_client_api.create(t.client, NULL, gvr, o, NULL, &e), &e);
    cleat_obj_unref(o);
    free(json);
}

static void create_service(const char *kind, int i) {
    create(services, cleat_sprintf("{\"metadata\":{\"namespace\":\"default\",\"name\":\"%s-%d\"},"
                                   "\"spec\":{\"type\":\"LoadBalancer\",\"loadBalancerClass\":"
                                   "\"cleat.dev/slow\",\"ports\":[{\"port\":80}]}}",
                                   kind, i));
}

static void create_node(int i) {
    create(nodes, cleat_sprintf("{\"metadata\":{\"name\":\"n%d\"},\"spec\":{\"providerID\":"
                                "\"slow://n%d\"}}",
                                i, i));
}

/* How many Services of this kind there are, and how many of them have an address. */
static int count(const char *kind, int *ret_served) {
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_error e = CLEAT_ERROR_INIT;
    int n = 0;
    *ret_served = 0;
    KT_OK(cleat_client_api.list(t.client, NULL, services, "default", NULL, &l, &e), &e);
    for (size_t i = 0; i < l.n; i++) {
        struct cleat_str name = cleat_obj_name(l.items[i]);
        if (name.n > strlen(kind) && memcmp(name.p, kind, strlen(kind)) == 0) {
            n++;
            *ret_served += cleat_val_present(cleat_obj_at(
                l.items[i], CLEAT_PATH("status", "loadBalancer", "ingress", "0", "ip")));
        }
    }
    cleat_client_api.list_free(&l);
    return n;
}

static bool await(const char *kind, int n, int served) {
    for (int i = 0; i < 6000; i++) { /* a minute: the machine may be busy */
        int have = 0;
        if (count(kind, &have) == n && have == served) {
            return true;
        }
        usleep(10 * 1000);
    }
    return false;
}

static void *meddle(void *arg) {
    (void)arg;
    for (int i = 0; i < 60; i++) {
        char json[96], name[32];
        snprintf(name, sizeof name, "other-%d", i % OTHERS);
        snprintf(json, sizeof json, "{\"spec\":{\"ports\":[{\"port\":%d}]}}", 81 + i);
        cleat_client_api.patch(t.client, NULL, services, key_of(name), NULL, CLEAT_PATCH_MERGE,
                               cleat_s(json), NULL, NULL);
        create_node(100 + i);
    }
    return NULL;
}

/* ---- life ---- */

static void up(void) {
    static const char *const dirs[] = {CLEAT_PLUGIN_DIR, NULL};
    static const char *const flags[] = {"concurrent-service-syncs=1",
                                        "load-balancer-node-change-delay=20ms", NULL};
    static const char *const names[] = {"slow"};
    struct cleat_store_opts so = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_host_opts ho = {.plugin_dirs = dirs, .controllers = "service", .flags = flags};
    cleat_event_init(&t.go);
    pthread_mutex_init(&t.mutex, NULL);
    cleat_timers_start();
    KT_OK(cleat_store_open(cleat_backend_memory(), &so, &t.store, &e), &e);
    KT_OK(cleat_registry_new(t.store, cleat_kinds, &t.registry, &e), &e);
    KT_OK(cleat_registry_bootstrap(t.registry, &e), &e);
    t.transport = cleat_transport_local(t.registry);
    t.client = cleat_client_new(t.transport, "system:test");
    KT_OK(cleat_hostd_new(t.transport, &ho, &t.host, &e), &e);
    const char *crd;
    for (size_t i = 0; (crd = cleat_hostd_crd(t.host, i)) != NULL; i++) {
        KT_OK(cleat_registry_add_crd(t.registry, cleat_s(crd), &e), &e);
    }
    cleat_clouds_configure(&t.host->clouds, names, 1);
    cleat_clouds_add(&t.host->clouds, &cloud);
    KT_OK(cleat_hostd_start(t.host, &e), &e);
}

static void down(void) {
    KT_EQ_INT(cleat_hostd_stop(t.host, 30 * CLEAT_SECOND), 0);
    cleat_hostd_free(t.host);
    cleat_client_free(t.client);
    t.transport->ops->free(t.transport);
    cleat_registry_free(t.registry);
    cleat_store_close(t.store);
    cleat_timers_stop();
    pthread_mutex_destroy(&t.mutex);
}

static void who_hangs_delays_nobody_else(void) {
    struct cleat_delete_opts opts = {.struct_size = sizeof opts, .grace_period_seconds = -1};
    pthread_t meddler;
    up();
    create_node(1);
    for (int i = 0; i < HANGING; i++) {
        create_service("hang", i);
    }
    for (int i = 0; i < 30000 && t.inside == 0; i++) {
        usleep(1000);
    }
    for (int i = 0; i < OTHERS; i++) {
        create_service("other", i);
    }
    meddler = cleat_thread_start("meddle", meddle, NULL);
    KT_TRUE(await("other", OTHERS, OTHERS));
    KT_EQ_INT(t.inside, HANGING); /* all of them, and one worker */
    KT_TRUE(!cleat_event_is_set(&t.go));
    pthread_join(meddler, NULL);
    for (int i = 0; i < OTHERS; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("other-%d", i);
        cleat_client_api.remove(t.client, NULL, services, key_of(name), &opts, NULL, NULL);
    }
    KT_TRUE(await("other", 0, 0));
    cleat_event_set(&t.go);
    KT_TRUE(await("hang", HANGING, HANGING));
    int left = 0;
    for (int i = 0; i < MOST; i++) {
        left += t.uids[i] != NULL;
        free(t.uids[i]);
    }
    KT_EQ_INT(left, HANGING);
    down();
}

KT_MAIN("host_balancers", KT_TEST(who_hangs_delays_nobody_else))
