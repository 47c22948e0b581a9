/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node plugin on the simulated cloud, in a world on a virtual clock: what
 * the cloud-node and cloud-node-lifecycle controllers promise, one test each.
 */
#include "tests/support/kt.h"
#include "tests/support/world.h"

#define CONTROLLERS "cloud-node,cloud-node-lifecycle"
#define UNINIT      "node.cloudprovider.kubernetes.io/uninitialized"
#define TAINTED     "\"taints\":[{\"key\":\"" UNINIT "\",\"value\":\"true\",\"effect\":\"NoSchedule\"}]"

static const char *const empty_cloud[] = {"sim-machines=0", NULL};

static struct world *begin(void) {
    return world_new(CONTROLLERS, "sim", empty_cloud);
}

static void node(struct world *w, const char *name, const char *meta, const char *spec) {
    char *json = cleat_sprintf("{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":"
                               "\"%s\"%s},\"spec\":{%s}}",
                               name, meta, spec);
    world_create(w, "nodes", json);
    free(json);
}

static bool is_initialized(struct world *w, const char *name) {
    return world_node_exists(w, name) && !world_node_has_taint(w, name, UNINIT);
}

static bool two_addresses(struct world *w, const char *name) {
    char *text = world_text(w, "nodes", name, "status.addresses.1.address");
    bool yes = text[0] != 0;
    free(text);
    return yes;
}

/* ---- cloud-node ---- */

static void a_new_machine_is_a_ready_node_within_a_second(void) {
    struct world *w = begin();
    world_machine(w, "m1",
                  "\"instanceType\":\"sim.large\",\"zone\":\"b\",\"region\":\"r1\","
                  "\"capacity\":{\"cpu\":\"32\"}");
    KT_TRUE(world_until(w, CLEAT_SECOND, world_node_is_ready, "m1"));
    KT_TRUE(world_until(w, CLEAT_SECOND, is_initialized, "m1"));
    KT_TRUE(world_until(w, CLEAT_SECOND, two_addresses, "m1"));
    static const char *const want[][2] = {
        {"metadata.labels[kubernetes.io/hostname]", "m1"},
        {"metadata.labels[cleat.dev/cloud-provider]", "sim"},
        {"metadata.labels[node.kubernetes.io/instance-type]", "sim.large"},
        {"metadata.labels[beta.kubernetes.io/instance-type]", "sim.large"},
        {"metadata.labels[topology.kubernetes.io/zone]", "b"},
        {"metadata.labels[failure-domain.beta.kubernetes.io/zone]", "b"},
        {"metadata.labels[topology.kubernetes.io/region]", "r1"},
        {"metadata.labels[failure-domain.beta.kubernetes.io/region]", "r1"},
        {"metadata.labels[kubernetes.io/os]", "linux"},
        {"status.capacity.cpu", "32"},
        {"status.capacity.pods", "110"},
        {"status.addresses.0.type", "InternalIP"},
        {"status.addresses.0.address", "10.64.0.1"},
        {"status.addresses.1.type", "Hostname"},
        {"status.addresses.1.address", "m1"},
        {"status.nodeInfo.kubeletVersion", "v1.32.0+sim"},
        {"status.conditions.3.type", "Ready"},
        {"status.conditions.3.reason", "KubeletReady"},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        WORLD_EXPECT(w, "nodes", "m1", want[i][0], want[i][1]);
    }
    cleat_obj *m = world_get(w, "machines", "m1");
    char *id = cleat_sprintf("sim://b/m1/%.*s", CLEAT_FMT(cleat_obj_uid(m)));
    WORLD_EXPECT(w, "nodes", "m1", "spec.providerID", id);
    free(id);
    cleat_obj_unref(m);
    world_run(w, 2 * CLEAT_SECOND);
    KT_EQ_INT(world_events(w, "m1", "Synced"), 1);
    CLEAT_AUTO_BUF metrics = {0};
    cleat_metrics_expose(&metrics);
    KT_TRUE(strstr(metrics.p, "node_controller_initial_node_sync_delay_seconds_bucket{le=\"16\"}"));
    KT_TRUE(strstr(metrics.p, "node_controller_cloud_provider_taint_removal_delay_seconds_count"));
    world_free(w);
}

static void additional_labels_never_overwrite_nor_enter_reserved_domains(void) {
    struct world *w = begin();
    node(w, "m1", ",\"labels\":{\"example.org/kept\":\"mine\"}", TAINTED);
    world_machine(w, "m1",
                  "\"labels\":{\"example.org/kept\":\"cloud\",\"example.org/added\":\"yes\","
                  "\"kubernetes.io/no\":\"x\",\"sub.k8s.io/no\":\"x\","
                  "\"notkubernetes.io/yes\":\"x\"}");
    KT_TRUE(world_until(w, 15 * CLEAT_SECOND, is_initialized, "m1"));
    WORLD_EXPECT(w, "nodes", "m1", "metadata.labels[example.org/kept]", "mine");
    WORLD_EXPECT(w, "nodes", "m1", "metadata.labels[example.org/added]", "yes");
    WORLD_EXPECT(w, "nodes", "m1", "metadata.labels[kubernetes.io/no]", "");
    WORLD_EXPECT(w, "nodes", "m1", "metadata.labels[sub.k8s.io/no]", "");
    WORLD_EXPECT(w, "nodes", "m1", "metadata.labels[notkubernetes.io/yes]", "x");
    world_free(w);
}

static void beta_labels_lead_their_successors(void) {
    struct world *w = begin();
    world_machine(w, "m1", "\"zone\":\"a\"");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, is_initialized, "m1"));
    world_patch(w, "nodes", "m1",
                "{\"metadata\":{\"labels\":{\"failure-domain.beta.kubernetes.io/zone\":\"q\"}}}");
    world_run(w, CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "m1", "metadata.labels[topology.kubernetes.io/zone]", "q");
    world_free(w);
}

static void a_provided_ip_chooses_among_the_addresses(void) {
    struct world *w = begin();
    node(w, "m1", ",\"annotations\":{\"alpha.kubernetes.io/provided-node-ip\":\"10.1.0.2\"}",
         TAINTED);
    world_machine(w, "m1",
                  "\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.1.0.1\"},"
                  "{\"type\":\"InternalIP\",\"address\":\"10.1.0.2\"},"
                  "{\"type\":\"ExternalIP\",\"address\":\"198.51.100.7\"}]");
    KT_TRUE(world_until(w, 15 * CLEAT_SECOND, is_initialized, "m1"));
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, two_addresses, "m1"));
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.0.address", "10.1.0.2");
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.1.address", "198.51.100.7");
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.2.type", "Hostname");
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.3.type", "");
    world_free(w);
}

static void a_wrong_provided_ip_keeps_the_taint_and_says_why(void) {
    static const char *const annotations[] = {"10.9.9.9", "no-ip", "10.1.0.1,bad"};
    for (size_t i = 0; i < sizeof annotations / sizeof *annotations; i++) {
        struct world *w = begin();
        char *meta = cleat_sprintf(
            ",\"annotations\":{\"alpha.kubernetes.io/provided-node-ip\":\"%s\"}", annotations[i]);
        node(w, "m1", meta, TAINTED);
        free(meta);
        world_machine(w, "m1",
                      "\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.1.0.1\"}]");
        world_run(w, 30 * CLEAT_SECOND);
        KT_TRUE(world_node_has_taint(w, "m1", UNINIT));
        WORLD_EXPECT(w, "nodes", "m1", "spec.providerID", "");
        KT_TRUE(world_events(w, "m1", "SyncFailed") > 0);
        world_free(w);
    }
}

static void the_provider_id_is_written_once(void) {
    struct world *w = begin();
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, is_initialized, "m1"));
    char *id = world_text(w, "nodes", "m1", "spec.providerID");
    world_patch(w, "machines", "m1", "{\"spec\":{\"zone\":\"c\"}}"); /* the cloud's id changes */
    world_run(w, 600 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "m1", "spec.providerID", id);
    KT_TRUE(world_node_is_ready(w, "m1"));
    free(id);
    world_free(w);
}

static void an_unknown_node_stays_as_it_is(void) {
    struct world *w = begin();
    node(w, "bare-metal", "", TAINTED);
    node(w, "other", "", "\"providerID\":\"other://1\"," TAINTED);
    world_run(w, CLEAT_SECOND);
    char *bare = world_text(w, "nodes", "bare-metal", "metadata.resourceVersion");
    char *other = world_text(w, "nodes", "other", "metadata.resourceVersion");
    world_machine(w, "m1", "");
    world_run(w, 60 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "bare-metal", "metadata.resourceVersion", bare);
    WORLD_EXPECT(w, "nodes", "other", "metadata.resourceVersion", other);
    KT_TRUE(world_node_is_ready(w, "m1"));
    free(bare);
    free(other);
    world_free(w);
}

static void addresses_follow_the_cloud_each_five_minutes(void) {
    struct world *w = begin();
    world_machine(w, "m1", "\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.1.0.1\"}]");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, is_initialized, "m1"));
    world_run(w, 5 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.0.address", "10.1.0.1");
    world_patch(w, "machines", "m1",
                "{\"spec\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.1.0.9\"}]}}");
    world_run(w, 380 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.0.address", "10.1.0.9");
    WORLD_EXPECT(w, "nodes", "m1", "status.addresses.1.address", "m1");
    world_free(w);
}

static void a_node_whose_server_lives_comes_back(void) {
    struct world *w = begin();
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    char *uid = world_text(w, "nodes", "m1", "metadata.uid");
    world_delete(w, "nodes", "m1");
    KT_TRUE(world_until(w, 2 * CLEAT_SECOND, world_node_is_ready, "m1"));
    char *again = world_text(w, "nodes", "m1", "metadata.uid");
    KT_TRUE(strcmp(uid, again) != 0);
    free(uid);
    free(again);
    world_free(w);
}

static void nodes_are_not_created_where_that_is_switched_off(void) {
    static const char *const flags[] = {"sim-machines=0", "create-nodes-from-cloud=false", NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    world_machine(w, "m1", "");
    world_run(w, 30 * CLEAT_SECOND);
    KT_TRUE(!world_node_exists(w, "m1"));
    node(w, "m1", "", TAINTED);
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    KT_TRUE(is_initialized(w, "m1"));
    world_free(w);
}

/* ---- cloud-node-lifecycle ---- */

static void power_shows_as_readiness_and_taint(void) {
    struct world *w = begin();
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    for (int round = 0; round < 2; round++) {
        world_patch(w, "machines", "m1", "{\"spec\":{\"power\":\"Off\"}}");
        KT_TRUE(world_until(w, CLEAT_SECOND, world_node_is_not_ready, "m1"));
        KT_TRUE(world_until(w, CLEAT_SECOND, world_node_is_shut_down, "m1"));
        WORLD_EXPECT(w, "nodes", "m1", "status.conditions.3.message", "node is shutting down");
        world_run(w, 60 * CLEAT_SECOND);
        KT_TRUE(world_node_exists(w, "m1"));
        WORLD_EXPECT(w, "machines", "m1", "status.state", "Stopped");
        world_patch(w, "machines", "m1", "{\"spec\":{\"power\":\"On\"}}");
        KT_TRUE(world_until(w, CLEAT_SECOND, world_node_is_ready, "m1"));
        world_run(w, CLEAT_SECOND);
        KT_TRUE(!world_node_is_shut_down(w, "m1"));
        WORLD_EXPECT(w, "machines", "m1", "status.state", "Running");
    }
    world_free(w);
}

static void a_deleted_machine_takes_its_node_with_it(void) {
    struct world *w = begin();
    world_machine(w, "m1", "");
    world_machine(w, "m2", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m2"));
    world_run(w, CLEAT_SECOND);
    world_delete(w, "machines", "m1");
    KT_TRUE(world_until(w, 6 * CLEAT_SECOND, world_node_is_gone, "m1"));
    world_run(w, 30 * CLEAT_SECOND);
    KT_TRUE(world_node_is_gone(w, "m1"));
    KT_TRUE(world_node_is_ready(w, "m2"));
    KT_EQ_INT(world_events(w, "m1", "DeletingNode"), 1);
    world_free(w);
}

static void a_machine_made_anew_is_another_node(void) {
    struct world *w = begin();
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    char *old = world_text(w, "nodes", "m1", "spec.providerID");
    world_delete(w, "machines", "m1");
    world_machine(w, "m1", "");
    world_run(w, 15 * CLEAT_SECOND);
    KT_TRUE(world_node_is_ready(w, "m1"));
    char *id = world_text(w, "nodes", "m1", "spec.providerID");
    KT_TRUE(strcmp(old, id) != 0);
    free(old);
    free(id);
    world_free(w);
}

/* What the cloud cannot say deletes nothing, and is made up for afterwards. */
static void a_failing_cloud_deletes_nothing(void) {
    static const char *const faults[][2] = {
        {"{\"spec\":{\"apiDown\":true}}", "{\"spec\":{\"apiDown\":false}}"},
        {"{\"spec\":{\"errorRate\":1}}", "{\"spec\":{\"errorRate\":0}}"},
        {"{\"spec\":{\"zoneOutages\":[\"a\"]}}", "{\"spec\":{\"zoneOutages\":[]}}"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct world *w = begin();
        world_machine(w, "m1", "\"zone\":\"a\"");
        KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
        world_patch(w, "clouds", "sim", faults[i][0]);
        world_settle(w);
        world_delete(w, "machines", "m1");
        KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_not_ready, "m1"));
        world_run(w, 120 * CLEAT_SECOND);
        KT_TRUE(world_node_exists(w, "m1"));
        KT_TRUE(!world_node_is_shut_down(w, "m1"));
        world_patch(w, "clouds", "sim", faults[i][1]);
        KT_TRUE(world_until(w, 6 * CLEAT_SECOND, world_node_is_gone, "m1"));
        world_free(w);
    }
}

static bool all_ten_ready(struct world *w, const char *arg) {
    (void)arg;
    for (int i = 0; i < 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        if (!world_node_is_ready(w, name) || !is_initialized(w, name)) {
            return false;
        }
    }
    return true;
}

static void a_quota_only_delays(void) {
    struct world *w = begin();
    world_patch(w, "clouds", "sim", "{\"spec\":{\"quota\":{\"callsPerSecond\":1,\"burst\":1}}}");
    for (int i = 0; i < 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        world_machine(w, name, "");
    }
    KT_TRUE(world_until(w, 300 * CLEAT_SECOND, all_ten_ready, NULL));
    world_run(w, 60 * CLEAT_SECOND);
    KT_EQ_INT(world_count(w, "nodes"), 10);
    world_free(w);
}

static void latency_is_waited_for(void) {
    struct world *w = begin();
    world_patch(w, "clouds", "sim", "{\"spec\":{\"latencyMilliseconds\":3000}}");
    world_settle(w);
    world_machine(w, "m1", "");
    cleat_time began = cleat_now_mono();
    KT_TRUE(world_until(w, 30 * CLEAT_SECOND, is_initialized, "m1"));
    /* one call for the list, one for the metadata */
    KT_TRUE(cleat_now_mono() - began >= 6 * CLEAT_SECOND);
    world_free(w);
}

/* ---- two clouds ---- */

/* The other cloud ends the process when it is asked about what is not its own. */
static void each_cloud_keeps_to_its_own(void) {
    struct world *w = world_new(CONTROLLERS, "sim,tin", empty_cloud);
    node(w, "bare", "", TAINTED); /* nobody's: no id, no label, two clouds */
    node(w, "foreign", "", "\"providerID\":\"other://1\"," TAINTED);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, is_initialized, "tin-1"));
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, is_initialized, "tin-2"));
    WORLD_EXPECT(w, "nodes", "tin-1", "spec.providerID", "tin://tin-1");
    WORLD_EXPECT(w, "nodes", "tin-1", "metadata.labels[cleat.dev/cloud-provider]", "tin");
    WORLD_EXPECT(w, "nodes", "tin-2", "status.addresses.0.address", "192.0.2.2");
    world_patch(w, "clouds", "sim", "{\"spec\":{\"apiDown\":true}}"); /* hurts sim alone */
    world_patch(w, "nodes", "tin-2", "{\"metadata\":{\"labels\":{\"tin.test/gone\":\"1\"}}}");
    char *uid = world_text(w, "nodes", "tin-2", "metadata.uid");
    world_delete(w, "machines", "m1");
    world_run(w, 60 * CLEAT_SECOND);
    char *again =
        world_text(w, "nodes", "tin-2", "metadata.uid"); /* deleted, and discovered anew */
    KT_TRUE(again[0] != 0 && strcmp(uid, again) != 0);
    KT_TRUE(world_node_exists(w, "m1"));
    KT_TRUE(world_node_exists(w, "tin-1"));
    KT_TRUE(world_node_has_taint(w, "bare", UNINIT));
    KT_TRUE(world_node_has_taint(w, "foreign", UNINIT));
    free(uid);
    free(again);
    world_free(w);
}

/* Whatever the cloud says of its server: who says that it is well is believed. */
static void a_ready_node_is_not_asked_about(void) {
    struct world *w = begin();
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    char *id = world_text(w, "nodes", "m1", "spec.providerID");
    world_delete(w, "machines", "m1");
    KT_TRUE(world_until(w, 10 * CLEAT_SECOND, world_node_is_gone, "m1"));
    char *spec = cleat_sprintf("\"providerID\":\"%s\"", id);
    node(w, "n1", "", spec);
    free(spec);
    free(id);
    cleat_obj *o = world_get(w, "nodes", "n1");
    struct cleat_key key = {{"", 0}, cleat_obj_name(o)};
    static const char *const is[] = {"True", "Unknown"};
    for (int i = 0; i < 2; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        char *patch = cleat_sprintf(
            "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}", is[i]);
        cleat_err err =
            cleat_client_api.patch(w->client, NULL, (struct cleat_gvr){"", "v1", "nodes"}, key,
                                   "status", CLEAT_PATCH_MERGE, cleat_s(patch), NULL, &e);
        kt_ok(err, &e, "n1", __FILE__, __LINE__);
        free(patch);
        world_run(w, 30 * CLEAT_SECOND);
        KT_TRUE(world_node_exists(w, "n1") == (i == 0));
    }
    KT_EQ_INT(world_events(w, "n1", "DeletingNode"), 1);
    cleat_obj_unref(o);
    world_free(w);
}

/* ---- beyond upstream ---- */

static size_t held(struct world *w, const char *name) {
    return world_events(w, name, "NodeDeletionHeld");
}

static void a_node_is_deleted_after_so_many_misses(void) {
    static const char *const flags[] = {"sim-machines=0", "node-deletion-misses=3", NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_run(w, CLEAT_SECOND);
    world_delete(w, "machines", "m1");
    world_run(w, 7 * CLEAT_SECOND); /* two of three */
    KT_TRUE(world_node_exists(w, "m1"));
    KT_TRUE(held(w, "m1") >= 1);
    KT_TRUE(world_until(w, 6 * CLEAT_SECOND, world_node_is_gone, "m1"));
    world_free(w);
}

static void a_young_node_is_not_deleted(void) {
    static const char *const flags[] = {"sim-machines=0", "node-deletion-min-age=60s", NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_delete(w, "machines", "m1");
    world_run(w, 50 * CLEAT_SECOND);
    KT_TRUE(world_node_exists(w, "m1"));
    KT_TRUE(world_until(w, 16 * CLEAT_SECOND, world_node_is_gone, "m1"));
    world_free(w);
}

static size_t nodes_there(struct world *w) {
    return world_count(w, "nodes");
}

static void only_so_many_nodes_go_at_a_time(void) {
    static const char *const flags[] = {"sim-machines=0", "node-deletion-limit=2",
                                        "node-deletion-window=60s", NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    char name[16];
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "m%d", i);
        world_machine(w, name, "");
        KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, name));
    }
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "m%d", i);
        world_delete(w, "machines", name);
    }
    world_run(w, 30 * CLEAT_SECOND);
    KT_EQ_INT(nodes_there(w), 3);
    world_run(w, 60 * CLEAT_SECOND);
    KT_EQ_INT(nodes_there(w), 1);
    world_run(w, 60 * CLEAT_SECOND);
    KT_EQ_INT(nodes_there(w), 0);
    world_free(w);
}

static void a_dry_run_deletes_nothing(void) {
    static const char *const flags[] = {"sim-machines=0", "node-deletion-dry-run=true", NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_delete(w, "machines", "m1");
    world_run(w, 300 * CLEAT_SECOND);
    KT_TRUE(world_node_exists(w, "m1"));
    KT_TRUE(held(w, "m1") >= 1);
    KT_EQ_INT(world_events(w, "m1", "DeletingNode"), 0);
    world_free(w);
}

static void a_server_that_stays_off_is_out_of_service(void) {
    static const char out[] = "node.kubernetes.io/out-of-service";
    static const char *const flags[] = {"sim-machines=0", "out-of-service-after=30s", NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_patch(w, "machines", "m1", "{\"spec\":{\"power\":\"Off\"}}");
    world_run(w, 25 * CLEAT_SECOND);
    KT_TRUE(world_node_is_shut_down(w, "m1"));
    KT_TRUE(!world_node_has_taint(w, "m1", out));
    world_run(w, 12 * CLEAT_SECOND);
    KT_TRUE(world_node_has_taint(w, "m1", out));
    world_run(w, CLEAT_SECOND);
    KT_EQ_INT(world_events(w, "m1", "NodeOutOfService"), 1);
    world_patch(w, "machines", "m1", "{\"spec\":{\"power\":\"On\"}}");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!world_node_has_taint(w, "m1", out));
    KT_TRUE(!world_node_is_shut_down(w, "m1"));
    world_free(w);
}

/* As upstream: it is set by hand and goes by hand. */
static void an_operators_out_of_service_taint_stays(void) {
    static const char out[] = "node.kubernetes.io/out-of-service";
    struct world *w = begin();
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_patch(w, "machines", "m1", "{\"spec\":{\"power\":\"Off\"}}");
    world_run(w, 600 * CLEAT_SECOND);
    KT_TRUE(!world_node_has_taint(w, "m1", out)); /* off by default */
    world_patch(w, "nodes", "m1",
                "{\"spec\":{\"taints\":[{\"key\":\"node.kubernetes.io/out-of-service\",\"value\":"
                "\"nodeshutdown\",\"effect\":\"NoExecute\"}]}}");
    world_patch(w, "machines", "m1", "{\"spec\":{\"power\":\"On\"}}");
    KT_TRUE(world_until(w, 5 * CLEAT_SECOND, world_node_is_ready, "m1"));
    world_run(w, 10 * CLEAT_SECOND);
    KT_TRUE(world_node_has_taint(w, "m1", out));
    world_free(w);
}

static bool initialized_says(struct world *w, const char *name, const char *what) {
    char *all = world_text(w, "nodes", name, "status.conditions");
    const char *at = strstr(all, "\"CloudInitialized\"");
    bool yes = at != NULL && strstr(all, what) != NULL;
    free(all);
    return yes;
}

static void why_a_node_is_not_initialised_stands_on_it(void) {
    static const char *const flags[] = {"sim-machines=0", "create-nodes-from-cloud=false",
                                        "node-initialization-condition=true", NULL};
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    world_machine(w, "m1", "");
    world_run(w, CLEAT_SECOND);
    world_patch(w, "clouds", "sim", "{\"spec\":{\"apiDown\":true}}");
    node(w, "m1", "", TAINTED);
    world_run(w, 10 * CLEAT_SECOND);
    KT_TRUE(initialized_says(w, "m1", "\"SyncFailed\""));
    KT_TRUE(world_events(w, "m1", "SyncFailed") >= 1);
    world_patch(w, "clouds", "sim", "{\"spec\":{\"apiDown\":false}}");
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(is_initialized(w, "m1"));
    KT_TRUE(initialized_says(w, "m1", "\"Synced\""));
    KT_TRUE(!initialized_says(w, "m1", "\"SyncFailed\""));
    world_free(w);
}

/* Words that change with each try are not written with each try. */
static void why_is_not_written_all_the_time(void) {
    static const char *const flags[] = {"sim-machines=0", "create-nodes-from-cloud=false",
                                        "node-initialization-condition=true", NULL};
    static const char *const troubles[] = {"{\"spec\":{\"apiDown\":true,\"errorRate\":0}}",
                                           "{\"spec\":{\"apiDown\":false,\"errorRate\":1}}"};
    struct world *w = world_new("cloud-node", "sim", flags);
    char *last = NULL;
    int written = 0;
    world_machine(w, "m1", "");
    world_run(w, CLEAT_SECOND);
    world_patch(w, "clouds", "sim", troubles[0]);
    node(w, "m1", "", TAINTED);
    world_run(w, 70 * CLEAT_SECOND);
    for (int i = 0; i < 100; i++) {
        world_patch(w, "clouds", "sim", troubles[i % 2]);
        world_patch(w, "nodes", "m1",
                    i % 2 ? "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}"
                          : "{\"metadata\":{\"labels\":{\"a\":\"2\"}}}");
        world_run(w, 2 * CLEAT_SECOND);
        CLEAT_AUTO_FREE char *all = world_text(w, "nodes", "m1", "status.conditions");
        char *ours = cleat_strdup(strstr(all, "{\"type\":\"CloudInitialized\""));
        KT_REQUIRE(ours != NULL);
        KT_TRUE(strstr(ours, "lastHeartbeatTime") != NULL);
        written += last != NULL && strcmp(last, ours) != 0;
        free(last);
        last = ours;
    }
    free(last);
    KT_TRUE(written >= 2 && written <= 5); /* in 200 s */
    world_free(w);
}

KT_MAIN("plugin_node", KT_TEST(a_ready_node_is_not_asked_about),
        KT_TEST(a_node_is_deleted_after_so_many_misses), KT_TEST(a_young_node_is_not_deleted),
        KT_TEST(only_so_many_nodes_go_at_a_time), KT_TEST(a_dry_run_deletes_nothing),
        KT_TEST(a_server_that_stays_off_is_out_of_service),
        KT_TEST(an_operators_out_of_service_taint_stays),
        KT_TEST(why_a_node_is_not_initialised_stands_on_it),
        KT_TEST(why_is_not_written_all_the_time), KT_TEST(each_cloud_keeps_to_its_own),
        KT_TEST(a_new_machine_is_a_ready_node_within_a_second),
        KT_TEST(additional_labels_never_overwrite_nor_enter_reserved_domains),
        KT_TEST(beta_labels_lead_their_successors),
        KT_TEST(a_provided_ip_chooses_among_the_addresses),
        KT_TEST(a_wrong_provided_ip_keeps_the_taint_and_says_why),
        KT_TEST(the_provider_id_is_written_once), KT_TEST(an_unknown_node_stays_as_it_is),
        KT_TEST(addresses_follow_the_cloud_each_five_minutes),
        KT_TEST(a_node_whose_server_lives_comes_back),
        KT_TEST(nodes_are_not_created_where_that_is_switched_off),
        KT_TEST(power_shows_as_readiness_and_taint),
        KT_TEST(a_deleted_machine_takes_its_node_with_it),
        KT_TEST(a_machine_made_anew_is_another_node), KT_TEST(a_failing_cloud_deletes_nothing),
        KT_TEST(a_quota_only_delays), KT_TEST(latency_is_waited_for))
