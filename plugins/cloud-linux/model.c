/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Balancer object as a structure. What somebody has edited into nonsense is
 * left out: never more is let through than the object says. Pure; any thread.
 */
#include "lin.h"

#include <ctype.h>
#include <netinet/in.h>

#define OBJ (SDK->obj)

/* Names of chains and sets begin with it, and the kernel's have a limit; ours have 32. */
enum { LONGEST_NAME = 63 };

static const struct {
    const char *name, *text;
    int number;
} protocols[] = {
    {"TCP", "tcp", IPPROTO_TCP}, {"UDP", "udp", IPPROTO_UDP}, {"SCTP", "sctp", IPPROTO_SCTP}};

const char *cleat_lin_protocol_name(int protocol) {
    size_t i = 0;
    while (i < 2 && protocols[i].number != protocol) {
        i++;
    }
    return protocols[i].text;
}

static int protocol_number(struct cleat_str name) {
    for (size_t i = 0; i < 3; i++) {
        if (cleat_str_is(name, protocols[i].name)) {
            return protocols[i].number;
        }
    }
    return name.n == 0 ? IPPROTO_TCP : 0;
}

static int place(const struct cleat_lin_addr *a) {
    return a->family == AF_INET ? 0 : 1;
}

/* The addresses of a list, the first of each family. */
static void read_pair(struct cleat_val list, struct cleat_lin_addr ret[2]) {
    struct cleat_iter it = {0};
    while (OBJ->next(list, &it)) {
        struct cleat_lin_addr a;
        if (cleat_lin_addr_parse(OBJ->str(it.val), &a) && ret[place(&a)].family == 0) {
            ret[place(&a)] = a;
        }
    }
}

static void read_sources(struct cleat_lin_balancer *b, struct cleat_val list) {
    struct cleat_iter it = {0};
    while (OBJ->next(list, &it)) {
        struct cleat_lin_addr net;
        b->limited = true;
        if (cleat_lin_net_parse(OBJ->str(it.val), &net)) {
            CLEAT_LIN_PUSH(b->sources, b->n_sources, net);
        }
    }
}

static bool has_port(const struct cleat_lin_balancer *b, const struct cleat_lin_port *p) {
    for (size_t i = 0; i < b->n_ports; i++) {
        if (b->ports[i].protocol == p->protocol && b->ports[i].port == p->port) {
            return true;
        }
    }
    return false;
}

static void read_ports(struct cleat_lin_balancer *b, struct cleat_val list) {
    struct cleat_iter it = {0};
    while (OBJ->next(list, &it)) {
        int64_t port = cleat_lin_int(OBJ->at(it.val, CLEAT_PATH("port")), 0);
        int64_t node_port = cleat_lin_int(OBJ->at(it.val, CLEAT_PATH("nodePort")), 0);
        struct cleat_lin_port p = {
            .protocol = protocol_number(OBJ->str(OBJ->at(it.val, CLEAT_PATH("protocol")))),
            .port = (uint16_t)port,
            .node_port = (uint16_t)node_port,
        };
        if (p.protocol != 0 && port > 0 && port < 65536 && node_port > 0 && node_port < 65536 &&
            !has_port(b, &p)) {
            CLEAT_LIN_PUSH(b->ports, b->n_ports, p);
        }
    }
}

static void read_targets(struct cleat_lin_balancer *b, struct cleat_val list) {
    struct cleat_iter it = {0};
    while (OBJ->next(list, &it)) {
        struct cleat_lin_target t = {.usable = {true, true}};
        read_pair(OBJ->at(it.val, CLEAT_PATH("addresses")), t.a);
        t.node = cleat_lin_string(OBJ->at(it.val, CLEAT_PATH("node")));
        CLEAT_LIN_PUSH(b->targets, b->n_targets, t);
    }
}

struct cleat_lin_balancer *cleat_lin_balancer_new(const cleat_obj *o) {
    struct cleat_lin_balancer *b = cleat_sdk_alloc(1, sizeof *b);
    struct cleat_val spec = CLEAT_AT(SDK, o, "spec");
    b->name = cleat_sdk_dup(OBJ->name(o));
    b->service =
        cleat_sdk_format("%.*s/%.*s", CLEAT_FMT(CLEAT_TEXT(SDK, o, "spec", "service", "namespace")),
                         CLEAT_FMT(CLEAT_TEXT(SDK, o, "spec", "service", "name")));
    for (char *c = b->service; *c != 0; c++) { /* it becomes part of a rule's text */
        *c = isalnum((unsigned char)*c) || strchr("-./", *c) != NULL ? *c : '_';
    }
    b->revision = OBJ->revision(o);
    b->local = cleat_str_is(CLEAT_TEXT(SDK, o, "spec", "externalTrafficPolicy"), "Local");
    int64_t health = cleat_lin_int(OBJ->at(spec, CLEAT_PATH("healthCheckNodePort")), 0);
    b->health_port = health > 0 && health < 65536 ? (uint16_t)health : 0;
    b->affinity = cleat_lin_int(OBJ->at(spec, CLEAT_PATH("affinitySeconds")), 0);
    b->affinity = b->affinity < 0 ? 0 : b->affinity > 86400 ? 86400 : b->affinity;
    read_pair(OBJ->at(spec, CLEAT_PATH("addresses")), b->vips);
    read_sources(b, OBJ->at(spec, CLEAT_PATH("sourceRanges")));
    read_ports(b, OBJ->at(spec, CLEAT_PATH("ports")));
    read_targets(b, OBJ->at(spec, CLEAT_PATH("targets")));
    for (int f = 0; f < 2 && strlen(b->name) > LONGEST_NAME; f++) {
        b->problem[f] = cleat_sdk_format("its name is longer than %d characters", LONGEST_NAME);
    }
    return b;
}

void cleat_lin_balancer_free(struct cleat_lin_balancer *b) {
    if (b == NULL) {
        return;
    }
    for (size_t i = 0; i < b->n_targets; i++) {
        free(b->targets[i].node);
    }
    free(b->targets);
    free(b->ports);
    free(b->sources);
    free(b->problem[0]);
    free(b->problem[1]);
    free(b->name);
    free(b->service);
    free(b);
}
