/* SPDX-License-Identifier: Apache-2.0 */
/* The node-ipam-controller on the virtual clock: blocks given, given back, used up. */
#include "tests/support/faulty.h"
#include "tests/support/kt.h"
#include "tests/support/world.h"

static struct world *begin(const char *const *flags) {
    return world_new("nodeipam", "", flags);
}

static void node(struct world *w, const char *name, const char *spec) {
    char *json = cleat_sprintf(
        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"%s\"},\"spec\":{%s}}",
        name, spec);
    world_create(w, "nodes", json);
    world_settle(w);
    free(json);
}

static void nodes_get_blocks_in_turn_and_give_them_back(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/22",
                                        "cidr-allocator-type=RangeAllocator", NULL};
    struct world *w = begin(flags);
    node(w, "n1", "");
    node(w, "n2", "");
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "10.10.0.0/24");
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDRs.0", "10.10.0.0/24");
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDR", "10.10.1.0/24");
    world_delete(w, "nodes", "n1");
    node(w, "n3", ""); /* a block that was just given back rests */
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "10.10.2.0/24");
    node(w, "n4", "");
    WORLD_EXPECT(w, "nodes", "n4", "spec.podCIDR", "10.10.3.0/24");
    node(w, "n5", "");
    WORLD_EXPECT(w, "nodes", "n5", "spec.podCIDR", "10.10.0.0/24");
    world_free(w);
}

static void a_range_that_is_used_up_says_so_and_recovers(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/23",
                                        NULL};
    struct world *w = begin(flags);
    node(w, "n1", "");
    node(w, "n2", "");
    node(w, "n3", "");
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "");
    world_run(w, 5 * CLEAT_SECOND);
    KT_TRUE(world_events(w, "n3", "CIDRNotAvailable") >= 1);
    world_delete(w, "nodes", "n1");
    world_settle(w); /* at once, whatever its back-off */
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "10.10.0.0/24");
    world_free(w);
}

static void what_nodes_have_is_never_given_again(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/22",
                                        NULL};
    struct world *w = begin(flags);
    node(w, "n1", "\"podCIDR\":\"10.10.0.0/24\",\"podCIDRs\":[\"10.10.0.0/24\"]");
    node(w, "n2", "\"podCIDR\":\"10.10.1.0/25\",\"podCIDRs\":[\"10.10.1.0/25\"]");
    node(w, "n3", "");
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "10.10.2.0/24");
    world_restart(w, "nodeipam", "", flags);
    node(w, "n4", "");
    WORLD_EXPECT(w, "nodes", "n4", "spec.podCIDR", "10.10.3.0/24");
    world_free(w);
}

static void two_families_and_the_mask_of_each(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true",
                                        "cluster-cidr=fd00:1::/48,10.10.0.0/16",
                                        "node-cidr-mask-size-ipv4=26", NULL};
    struct world *w = begin(flags);
    node(w, "n1", "");
    node(w, "n2", "");
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "fd00:1::/64");
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDRs.1", "10.10.0.0/26");
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDRs.0", "fd00:1:0:1::/64");
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDRs.1", "10.10.0.64/26");
    world_free(w);
}

/* Beyond upstream: a second range of the same family is filled when the first is full. */
static void ranges_of_one_family_are_filled_in_order(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true",
                                        "cluster-cidr=10.10.0.0/24,10.20.0.0/23", NULL};
    struct world *w = begin(flags);
    node(w, "n1", "");
    node(w, "n2", "");
    node(w, "n3", "");
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "10.10.0.0/24");
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDR", "10.20.0.0/24");
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "10.20.1.0/24");
    world_free(w);
}

static void many_nodes_have_blocks_of_their_own(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true", "cluster-cidr=10.0.0.0/8",
                                        NULL};
    enum { N = 500 };
    struct world *w = begin(flags);
    char *seen[N];
    for (int i = 0; i < N; i++) {
        char *name = cleat_sprintf("n%d", i), *json;
        json = cleat_sprintf("{\"metadata\":{\"name\":\"%s\"}}", name);
        world_create(w, "nodes", json);
        free(json);
        free(name);
    }
    world_settle(w);
    for (int i = 0; i < N; i++) {
        char *name = cleat_sprintf("n%d", i);
        seen[i] = world_text(w, "nodes", name, "spec.podCIDR");
        KT_TRUE(seen[i][0] != '\0');
        for (int k = 0; k < i; k++) {
            KT_TRUE(strcmp(seen[k], seen[i]) != 0);
        }
        free(name);
    }
    for (int i = 0; i < N; i++) {
        free(seen[i]);
    }
    world_free(w);
}

static void addresses_of_services_are_left_out(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/22",
                                        "service-cluster-ip-range=10.10.0.0/25,fd00::/112", NULL};
    struct world *w = begin(flags);
    node(w, "n1", "");
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "10.10.1.0/24");
    world_free(w);
}

/* A range that is used up is followed by another one when the controller begins anew. */
static void ranges_grow(void) {
    static const char *const small[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/24",
                                        NULL};
    static const char *const wider[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/23",
                                        NULL};
    static const char *const more[] = {"allocate-node-cidrs=true",
                                       "cluster-cidr=10.10.0.0/23,10.99.0.0/24", NULL};
    struct world *w = begin(small);
    node(w, "n1", "");
    node(w, "n2", "");
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDR", "");
    world_restart(w, "nodeipam", "", wider);
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "10.10.0.0/24");
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDR", "10.10.1.0/24");
    node(w, "n3", "");
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "");
    world_restart(w, "nodeipam", "", more);
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "10.99.0.0/24");
    world_free(w);
}

/* Upstream's checks of its flags; the controller says so and does nothing. */
static void settings_that_make_no_sense_are_refused(void) {
    static const char *const bad[][3] = {
        {"cluster-cidr=10.10.0.0/26", NULL}, /* smaller than a block */
        {"cluster-cidr=fd00::/32", NULL},    /* too many blocks */
        {"cluster-cidr=10.10.0.0", NULL},
        {"cluster-cidr=10.10.0.0/16,10.10.1.0/24", NULL}, /* overlap */
        {"cluster-cidr=10.10.0.0/16,fd00::/48", "node-cidr-mask-size=26", NULL},
        {"cluster-cidr=10.10.0.0/16", "cidr-allocator-type=CloudAllocator", NULL},
        {"cluster-cidr=10.10.0.0/16", "cidr-allocator-type=Mine", NULL},
        {NULL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *flags[] = {"allocate-node-cidrs=true", bad[i][0],
                               bad[i][0] != NULL ? bad[i][1] : NULL, NULL};
        struct world *w = begin(flags);
        node(w, "n1", "");
        WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "");
        world_free(w);
    }
}

/* What a Node has been given by another hand, and lies in no range, is nobody's business; a Node
 * that leaves is given nothing. */
static void foreign_blocks_are_left_alone(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/23",
                                        NULL};
    struct world *w = begin(flags);
    node(w, "n1", "\"podCIDR\":\"192.168.7.0/24\",\"podCIDRs\":[\"192.168.7.0/24\"]");
    node(w, "n2", "");
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "192.168.7.0/24");
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDR", "10.10.0.0/24");
    world_delete(w, "nodes", "n1");
    node(w, "n3", "");
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "10.10.1.0/24");
    world_free(w);
}

/* ---- what goes wrong in between ---- */

static const char *const small_range[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/23",
                                          NULL};

static bool has_block(struct world *w, const char *name) {
    CLEAT_AUTO_FREE char *text = world_text(w, "nodes", name, "spec.podCIDR");
    return text[0] != 0;
}

/* A Node that was deleted and made anew while nobody could hear of it: one change of the same
 * name. What the first one had is free, what the second one has is not. */
static void a_node_that_is_another_one(void) {
    struct world *w = world_new_wrapped("nodeipam", "", small_range, faulty_over);
    node(w, "n1", "");
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "10.10.0.0/24");
    faulty_hold_streams();
    world_delete(w, "nodes", "n1");
    node(w, "n1", "\"podCIDR\":\"10.10.1.0/24\",\"podCIDRs\":[\"10.10.1.0/24\"]");
    faulty_end_streams();
    node(w, "n2", "");
    world_run(w, 60 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDR", "10.10.0.0/24");
    node(w, "n3", "");
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(!has_block(w, "n3"));
    world_free(w);
}

static void a_node_that_is_another_one_without_a_block(void) {
    struct world *w = world_new_wrapped("nodeipam", "", small_range, faulty_over);
    node(w, "n1", "");
    faulty_hold_streams();
    world_delete(w, "nodes", "n1");
    node(w, "n1", "");
    faulty_end_streams();
    node(w, "n2", "");
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(has_block(w, "n1") && has_block(w, "n2"));
    world_free(w);
}

/* Two Nodes with one block, by whatever hand: it is free when both are gone. */
static void a_block_that_two_have(void) {
    static const char block[] = "\"podCIDR\":\"10.10.0.0/24\",\"podCIDRs\":[\"10.10.0.0/24\"]";
    struct world *w = begin(small_range);
    node(w, "n1", block);
    node(w, "n2", block);
    world_delete(w, "nodes", "n1");
    node(w, "n3", "");
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "10.10.1.0/24");
    node(w, "n4", "");
    KT_TRUE(!has_block(w, "n4"));
    world_delete(w, "nodes", "n2");
    world_settle(w);
    WORLD_EXPECT(w, "nodes", "n4", "spec.podCIDR", "10.10.0.0/24");
    world_free(w);
}

/* A Node that has what is the services' does not take it along when it goes. */
static void services_addresses_stay_theirs(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/23",
                                        "service-cluster-ip-range=10.10.0.0/24", NULL};
    struct world *w = begin(flags);
    node(w, "n1", "\"podCIDR\":\"10.10.0.0/24\",\"podCIDRs\":[\"10.10.0.0/24\"]");
    world_delete(w, "nodes", "n1");
    node(w, "n2", "");
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDR", "10.10.1.0/24");
    node(w, "n3", "");
    KT_TRUE(!has_block(w, "n3"));
    world_free(w);
}

/* Upstream keeps what it cannot know to be free until it is restarted. */
static void an_answer_that_is_lost_costs_no_block(void) {
    struct world *w = world_new_wrapped("nodeipam", "", small_range, faulty_over);
    faulty_lose_answers("nodes", 1);
    node(w, "n1", "");
    world_run(w, 60 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "n1", "spec.podCIDR", "10.10.0.0/24");
    node(w, "n2", "");
    world_run(w, 60 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "n2", "spec.podCIDR", "10.10.1.0/24");
    world_delete(w, "nodes", "n1");
    node(w, "n3", "");
    world_run(w, 60 * CLEAT_SECOND);
    WORLD_EXPECT(w, "nodes", "n3", "spec.podCIDR", "10.10.0.0/24");
    world_free(w);
}

/* Over a network an answer is lost in more than one way, and word of the write may come late. */
static void a_block_whose_write_may_have_been_made_is_nobody_elses(void) {
    static const cleat_err ways[] = {CLEAT_E_TIMEOUT, CLEAT_E_UNKNOWN, CLEAT_E_UNAVAILABLE,
                                     CLEAT_E_INTERNAL, CLEAT_E_IO};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct world *w = world_new_wrapped("nodeipam", "", small_range, faulty_over);
        faulty_refuse_writes("nodes", 3, CLEAT_E_FORBIDDEN);
        node(w, "n1", "");
        node(w, "n2", "");
        node(w, "n3", "");
        faulty_hold_streams();
        faulty_lose_answers_as("nodes", 1, ways[i]);
        world_run(w, 60 * CLEAT_SECOND);
        size_t n = 0;
        char *has[] = {world_text(w, "nodes", "n1", "spec.podCIDR"),
                       world_text(w, "nodes", "n2", "spec.podCIDR"),
                       world_text(w, "nodes", "n3", "spec.podCIDR")};
        for (size_t a = 0; a < 3; a++) {
            n += has[a][0] != '\0';
            for (size_t b = 0; b < a; b++) {
                KT_TRUE(has[a][0] == '\0' || strcmp(has[a], has[b]) != 0);
            }
        }
        KT_EQ_INT(n, 2); /* there are two blocks */
        for (size_t a = 0; a < 3; a++) {
            free(has[a]);
        }
        faulty_end_streams();
        world_run(w, 60 * CLEAT_SECOND);
        world_free(w);
    }
}

static void an_answer_that_never_comes_costs_no_block(void) {
    struct world *w = world_new_wrapped("nodeipam", "", small_range, faulty_over);
    faulty_refuse_writes("nodes", 3, CLEAT_E_TIMEOUT);
    node(w, "n1", "");
    world_run(w, 60 * CLEAT_SECOND);
    node(w, "n2", "");
    KT_TRUE(has_block(w, "n1") && has_block(w, "n2"));
    faulty_refuse_writes("nodes", 1, CLEAT_E_TIMEOUT);
    world_delete(w, "nodes", "n2");
    node(w, "n3", "");
    world_delete(w, "nodes", "n3"); /* while it is not known whether it has one */
    world_run(w, 60 * CLEAT_SECOND);
    node(w, "n4", "");
    KT_TRUE(has_block(w, "n4"));
    world_free(w);
}

static void a_write_that_is_refused_is_told_and_repeated(void) {
    struct world *w = world_new_wrapped("nodeipam", "", small_range, faulty_over);
    faulty_refuse_writes("nodes", 3, CLEAT_E_UNAVAILABLE);
    node(w, "n1", "");
    world_run(w, 60 * CLEAT_SECOND);
    KT_TRUE(world_events(w, "n1", "CIDRAssignmentFailed") >= 1);
    KT_TRUE(has_block(w, "n1"));
    node(w, "n2", "");
    KT_TRUE(has_block(w, "n2")); /* none was lost on the way */
    world_free(w);
}

/* Neither of what Nodes have by other hands: addresses with their host's bits, ranges that are
 * smaller or greater than a block. */
static void blocks_of_other_sizes(void) {
    static const char *const flags[] = {"allocate-node-cidrs=true", "cluster-cidr=10.10.0.0/21",
                                        NULL};
    struct world *w = begin(flags);
    node(w, "n1", "\"podCIDR\":\"10.10.2.128/25\",\"podCIDRs\":[\"10.10.2.128/25\"]");
    node(w, "n2", "\"podCIDR\":\"10.10.4.0/23\",\"podCIDRs\":[\"10.10.4.0/23\"]");
    static const char *const want[] = {"10.10.0.0/24", "10.10.1.0/24", "10.10.3.0/24",
                                       "10.10.6.0/24", "10.10.7.0/24"};
    for (size_t i = 0; i < 5; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("m%zu", i);
        node(w, name, "");
        WORLD_EXPECT(w, "nodes", name, "spec.podCIDR", want[i]);
    }
    node(w, "last", "");
    KT_TRUE(!has_block(w, "last"));
    world_delete(w, "nodes", "n2");
    world_settle(w);
    WORLD_EXPECT(w, "nodes", "last", "spec.podCIDR", "10.10.4.0/24");
    world_free(w);
}

KT_MAIN("plugin_ipam", KT_TEST(a_node_that_is_another_one),
        KT_TEST(a_node_that_is_another_one_without_a_block), KT_TEST(a_block_that_two_have),
        KT_TEST(services_addresses_stay_theirs), KT_TEST(an_answer_that_is_lost_costs_no_block),
        KT_TEST(a_block_whose_write_may_have_been_made_is_nobody_elses),
        KT_TEST(an_answer_that_never_comes_costs_no_block),
        KT_TEST(a_write_that_is_refused_is_told_and_repeated), KT_TEST(blocks_of_other_sizes),
        KT_TEST(addresses_of_services_are_left_out), KT_TEST(ranges_grow),
        KT_TEST(settings_that_make_no_sense_are_refused), KT_TEST(foreign_blocks_are_left_alone),
        KT_TEST(nodes_get_blocks_in_turn_and_give_them_back),
        KT_TEST(a_range_that_is_used_up_says_so_and_recovers),
        KT_TEST(what_nodes_have_is_never_given_again), KT_TEST(two_families_and_the_mask_of_each),
        KT_TEST(ranges_of_one_family_are_filled_in_order),
        KT_TEST(many_nodes_have_blocks_of_their_own))
