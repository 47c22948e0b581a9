/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Balancers as the text of nftables.
 *
 * One map a family leads from (VIP, protocol, port) to a chain; the chain lets
 * through whom it may, sends a client with affinity back to its node, and else
 * chooses a node at random. Who is not let through, or whose VIP has no node,
 * is refused in the input chain, as the VIP is an address of this machine. What
 * was forwarded is masqueraded by what its connection first asked for, so that
 * no mark is needed. A connection is decided about once; the kernel's
 * connection tracking carries on with it whatever becomes of these rules. Pure.
 */
#include "lin.h"

#include <ctype.h>
#include <netinet/in.h>

static const char *const family_word[] = {"ip", "ip6"};
static const char family_digit[] = {'4', '6'};

/* What the table always has. Order matters: maps before the rules that name them. */
static const char base[] =
    "add table inet %s { comment \"cleat cloud-linux\"; }\n"
    "add set inet %s vips4 { type ipv4_addr; }\n"
    "add set inet %s vips6 { type ipv6_addr; }\n"
    "add set inet %s masquerade4 { type ipv4_addr; }\n"
    "add set inet %s masquerade6 { type ipv6_addr; }\n"
    "add set inet %s near4 { type ipv4_addr; flags interval; auto-merge; }\n"
    "add set inet %s near6 { type ipv6_addr; flags interval; auto-merge; }\n"
    "add map inet %s services4 { type ipv4_addr . inet_proto . inet_service : verdict; }\n"
    "add map inet %s services6 { type ipv6_addr . inet_proto . inet_service : verdict; }\n"
    "add chain inet %s prerouting { type nat hook prerouting priority -110; policy accept; }\n"
    "add chain inet %s output { type nat hook output priority -110; policy accept; }\n"
    "add chain inet %s postrouting { type nat hook postrouting priority 90; policy accept; }\n"
    "add chain inet %s input { type filter hook input priority -10; policy accept; }\n"
    "add chain inet %s hints { type filter hook output priority -10; policy accept; }\n";

static const char *const base_rules[] = {
    "prerouting ip daddr . meta l4proto . th dport vmap @services4",
    "prerouting ip6 daddr . meta l4proto . th dport vmap @services6",
    "output ip daddr . meta l4proto . th dport vmap @services4",
    "output ip6 daddr . meta l4proto . th dport vmap @services6",
    "postrouting ct status dnat ct original ip daddr @masquerade4 masquerade",
    "postrouting ct status dnat ct original ip6 daddr @masquerade6 masquerade",
    "postrouting ct status dnat ct original ip daddr @vips4 ip saddr @near4 masquerade",
    "postrouting ct status dnat ct original ip6 daddr @vips6 ip6 saddr @near6 masquerade",
    "input ct state established,related return",
    "input ip daddr @vips4 meta l4proto tcp reject with tcp reset",
    "input ip6 daddr @vips6 meta l4proto tcp reject with tcp reset",
    "input ip daddr @vips4 meta l4proto { udp, sctp } reject",
    "input ip6 daddr @vips6 meta l4proto { udp, sctp } reject",
    /* a client beside a node must not be told to take the short way to it */
    "hints icmp type redirect ct original ip daddr @vips4 drop",
};

static const char *const base_chains[] = {"prerouting", "output", "postrouting", "input", "hints"};

void cleat_lin_render_base(const char *table, struct cleat_lin_text *out) {
    const char *rest = base;
    while (*rest != 0) { /* each line names the table once */
        const char *end = strchr(rest, '\n') + 1, *hole = strstr(rest, "%s");
        cleat_lin_addf(out, "%.*s%s%.*s", (int)(hole - rest), rest, table, (int)(end - hole - 2),
                       hole + 2);
        rest = end;
    }
    for (size_t i = 0; i < sizeof base_chains / sizeof *base_chains; i++) {
        cleat_lin_addf(out, "flush chain inet %s %s\n", table, base_chains[i]);
    }
    for (size_t i = 0; i < sizeof base_rules / sizeof *base_rules; i++) {
        cleat_lin_addf(out, "add rule inet %s %s\n", table, base_rules[i]);
    }
}

void cleat_lin_render_near(const char *table, const struct cleat_lin_addr *near, size_t n,
                           struct cleat_lin_text *out) {
    char text[CLEAT_LIN_ADDR_TEXT];
    cleat_lin_addf(out, "flush set inet %s near4\nflush set inet %s near6\n", table, table);
    for (size_t i = 0; i < n; i++) {
        cleat_lin_addf(out, "add element inet %s near%c { %s }\n", table,
                       family_digit[near[i].family != AF_INET],
                       cleat_lin_net_print(&near[i], text));
    }
}

/* ---- one balancer ---- */

/* Where a port of one family is being written. */
struct spot {
    const char *table;
    const struct cleat_lin_balancer *b;
    struct cleat_lin_piece *p;
    int f; /* 0 = IPv4, 1 = IPv6 */
    const struct cleat_lin_port *port;
    char *chain;
};

static void add_name(struct cleat_lin_piece *p, const char *kind, const char *name) {
    char *text = cleat_sdk_format("%s %s", kind, name);
    CLEAT_LIN_PUSH(p->names, p->n_names, text);
}

static void add_chain(const struct spot *s, const char *name) {
    /* names of API objects hold no quotes; a comment has room for 128 bytes */
    cleat_lin_addf(&s->p->chains, "add chain inet %s %s { comment \"%.120s\"; }\n", s->table, name,
                   s->b->service);
    add_name(s->p, "chain", name);
}

static bool is_target(const struct cleat_lin_target *t, int f) {
    return t->a[f].family != 0 && t->usable[f];
}

static void render_sources(const struct spot *s) {
    char text[CLEAT_LIN_ADDR_TEXT];
    size_t n = 0;
    struct cleat_lin_text list = {0};
    for (size_t i = 0; i < s->b->n_sources; i++) {
        const struct cleat_lin_addr *net = &s->b->sources[i];
        if (net->family != (s->f == 0 ? AF_INET : AF_INET6)) {
            continue;
        }
        if (net->bits == 0) { /* everybody */
            cleat_lin_text_done(&list);
            return;
        }
        cleat_lin_addf(&list, "%s%s", n++ > 0 ? ", " : "", cleat_lin_net_print(net, text));
    }
    if (n > 0) {
        cleat_lin_addf(&s->p->rules, "add rule inet %s %s %s saddr != { %s } drop\n", s->table,
                       s->chain, family_word[s->f], list.p);
    } else {
        cleat_lin_addf(&s->p->rules, "add rule inet %s %s drop\n", s->table, s->chain);
    }
    cleat_lin_text_done(&list);
}

/* "dnat ip to ..." to one node, or to one of them. */
static void render_direct(const struct spot *s) {
    char text[CLEAT_LIN_ADDR_TEXT];
    const struct cleat_lin_balancer *b = s->b;
    size_t n = 0;
    struct cleat_lin_text list = {0};
    for (size_t i = 0; i < b->n_targets; i++) {
        if (is_target(&b->targets[i], s->f)) {
            cleat_lin_addf(&list, "%s%zu : %s . %u", n > 0 ? ", " : "", n,
                           cleat_lin_addr_print(&b->targets[i].a[s->f], text),
                           (unsigned)s->port->node_port);
            n++;
        }
    }
    if (n > 0) {
        cleat_lin_addf(&s->p->rules,
                       "add rule inet %s %s meta l4proto %s dnat %s to numgen random mod %zu map "
                       "{ %s }\n",
                       s->table, s->chain, cleat_lin_protocol_name(s->port->protocol),
                       family_word[s->f], n, list.p);
    }
    cleat_lin_text_done(&list);
}

/* A name that is the node's in every version of the rules: what its clients are remembered
 * under must outlive changes of the others. Owned. */
static char *target_chain(const struct spot *s, const struct cleat_lin_addr *a) {
    struct cleat_lin_text t = {0};
    cleat_lin_addf(&t, "%s-", s->chain);
    for (int i = 0; i < cleat_lin_addr_size(a->family); i++) {
        cleat_lin_addf(&t, "%02x", a->b[i]);
    }
    return t.p;
}

/* One node: remembers the client, whether chosen for it or found again. */
static void render_target(const struct spot *s, const struct cleat_lin_addr *a, const char *chain,
                          const char *set) {
    char text[CLEAT_LIN_ADDR_TEXT];
    bool v6 = s->f == 1;
    add_chain(s, chain);
    cleat_lin_addf(&s->p->sets,
                   "add set inet %s %s { type %s; size 65535; flags dynamic,timeout; timeout "
                   "%llds; }\n",
                   s->table, set, v6 ? "ipv6_addr" : "ipv4_addr", (long long)s->b->affinity);
    add_name(s->p, "set", set);
    cleat_lin_addf(&s->p->rules, "add rule inet %s %s update @%s { %s saddr }\n", s->table, chain,
                   set, family_word[s->f]);
    cleat_lin_addf(&s->p->rules, "add rule inet %s %s meta l4proto %s dnat %s to %s%s%s:%u\n",
                   s->table, chain, cleat_lin_protocol_name(s->port->protocol), family_word[s->f],
                   v6 ? "[" : "", cleat_lin_addr_print(a, text), v6 ? "]" : "",
                   (unsigned)s->port->node_port);
}

static void render_affine(const struct spot *s) {
    const struct cleat_lin_balancer *b = s->b;
    size_t n = 0;
    struct cleat_lin_text list = {0};
    for (size_t i = 0; i < b->n_targets; i++) {
        if (!is_target(&b->targets[i], s->f)) {
            continue;
        }
        char *chain = target_chain(s, &b->targets[i].a[s->f]);
        char *set = cleat_sdk_format("%s-%lld", chain, (long long)b->affinity);
        render_target(s, &b->targets[i].a[s->f], chain, set);
        cleat_lin_addf(&s->p->rules, "add rule inet %s %s %s saddr @%s goto %s\n", s->table,
                       s->chain, family_word[s->f], set, chain);
        cleat_lin_addf(&list, "%s%zu : goto %s", n > 0 ? ", " : "", n, chain);
        n++;
        free(chain);
        free(set);
    }
    if (n > 0) {
        cleat_lin_addf(&s->p->rules, "add rule inet %s %s numgen random mod %zu vmap { %s }\n",
                       s->table, s->chain, n, list.p);
    }
    cleat_lin_text_done(&list);
}

static void render_port(struct spot *s) {
    const struct cleat_lin_balancer *b = s->b;
    const char *protocol = cleat_lin_protocol_name(s->port->protocol);
    char text[CLEAT_LIN_ADDR_TEXT];
    s->chain = cleat_sdk_format("b-%s-%s-%u-%c", b->name, protocol, (unsigned)s->port->port,
                                family_digit[s->f]);
    add_chain(s, s->chain);
    if (b->limited) {
        render_sources(s);
    }
    if (b->affinity > 0) {
        render_affine(s);
    } else {
        render_direct(s);
    }
    cleat_lin_addf(&s->p->elements, "add element inet %s services%c { %s . %s . %u : goto %s }\n",
                   s->table, family_digit[s->f], cleat_lin_addr_print(&b->vips[s->f], text),
                   protocol, (unsigned)s->port->port, s->chain);
    free(s->chain);
}

/* A node that answers the client itself, past this machine, would not be understood: so
 * by default only who insists on the client's address goes without. */
static bool masquerades(const struct cleat_lin_balancer *b, enum cleat_lin_masquerade how) {
    return how == CLEAT_LIN_MASQ_ALWAYS || (how == CLEAT_LIN_MASQ_AUTO && !b->local);
}

struct cleat_lin_piece *cleat_lin_render(const char *table, const struct cleat_lin_balancer *b,
                                         enum cleat_lin_masquerade masquerade) {
    struct cleat_lin_piece *p = cleat_sdk_alloc(1, sizeof *p);
    p->name = cleat_sdk_dup(cleat_cstr(b->name));
    for (int f = 0; f < 2; f++) {
        if (b->vips[f].family == 0 || b->problem[f] != NULL) {
            continue;
        }
        char text[CLEAT_LIN_ADDR_TEXT];
        cleat_lin_addr_print(&b->vips[f], text);
        cleat_lin_addf(&p->elements, "add element inet %s vips%c { %s }\n", table, family_digit[f],
                       text);
        if (masquerades(b, masquerade)) {
            cleat_lin_addf(&p->elements, "add element inet %s masquerade%c { %s }\n", table,
                           family_digit[f], text);
        }
        for (size_t i = 0; i < b->n_ports; i++) {
            struct spot s = {.table = table, .b = b, .p = p, .f = f, .port = &b->ports[i]};
            render_port(&s);
        }
    }
    return p;
}

void cleat_lin_piece_free(struct cleat_lin_piece *p) {
    if (p == NULL) {
        return;
    }
    for (size_t i = 0; i < p->n_names; i++) {
        free(p->names[i]);
    }
    free(p->names);
    cleat_lin_text_done(&p->sets);
    cleat_lin_text_done(&p->chains);
    cleat_lin_text_done(&p->rules);
    cleat_lin_text_done(&p->elements);
    free(p->name);
    free(p);
}

static bool text_equal(const struct cleat_lin_text *a, const struct cleat_lin_text *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

bool cleat_lin_piece_equal(const struct cleat_lin_piece *a, const struct cleat_lin_piece *b) {
    return strcmp(a->name, b->name) == 0 && text_equal(&a->sets, &b->sets) &&
           text_equal(&a->chains, &b->chains) && text_equal(&a->rules, &b->rules) &&
           text_equal(&a->elements, &b->elements);
}
