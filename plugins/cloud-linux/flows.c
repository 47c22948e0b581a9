/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows without connections: the kernel goes on sending a UDP flow to the node
 * that it once chose for as long as packets come. When a node is taken out, its
 * flows are made to be forgotten, through ctnetlink: one reading of them for all VIPs, as there
 * may be a hundred thousand. TCP is left alone: a
 * connection to a dead node ends by itself, one to a living node must not end.
 */
#include "lin.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <sys/time.h>

enum { BUFFER = 65536, TUPLE = 256, TRIES = 5 };

struct search {
    const struct cleat_lin_lead *leads; /* sorted */
    size_t n_leads;
    int family;
    uint8_t *tuples; /* CTA_TUPLE_ORIG of what was found, TUPLE bytes each */
    size_t n, cap;
};

static int by_vip(const void *a, const void *b) {
    const struct cleat_lin_lead *x = a, *y = b;
    return cleat_lin_addr_cmp(&x->vip, &y->vip);
}

static int by_vip_and_node(const void *a, const void *b) {
    const struct cleat_lin_lead *x = a, *y = b;
    int d = by_vip(a, b);
    return d != 0 ? d : cleat_lin_addr_cmp(&x->node, &y->node);
}

/* The nested attribute of a type, or NULL. */
static const struct nlattr *child(const struct nlattr *parent, uint16_t type) {
    const struct nlattr *attr;
    mnl_attr_for_each_nested(attr, parent) {
        if (mnl_attr_get_type(attr) == type) {
            return attr;
        }
    }
    return NULL;
}

static bool address_of(const struct nlattr *tuple, bool source, int family,
                       struct cleat_lin_addr *ret) {
    const struct nlattr *ip = child(tuple, CTA_TUPLE_IP);
    uint16_t type = family == AF_INET ? (source ? CTA_IP_V4_SRC : CTA_IP_V4_DST)
                                      : (source ? CTA_IP_V6_SRC : CTA_IP_V6_DST);
    const struct nlattr *v = ip != NULL ? child(ip, type) : NULL;
    size_t size = (size_t)cleat_lin_addr_size(family);
    if (v == NULL || mnl_attr_get_payload_len(v) != size) {
        return false;
    }
    *ret = (struct cleat_lin_addr){.family = family, .bits = (int)(8 * size)};
    memcpy(ret->b, mnl_attr_get_payload(v), size);
    return true;
}

static bool is_udp(const struct nlattr *tuple) {
    const struct nlattr *proto = child(tuple, CTA_TUPLE_PROTO);
    const struct nlattr *number = proto != NULL ? child(proto, CTA_PROTO_NUM) : NULL;
    return number != NULL && mnl_attr_get_payload_len(number) >= 1 &&
           mnl_attr_get_u8(number) == IPPROTO_UDP;
}

/* It leads from a VIP of ours to a node where it must not. What no rule has sent on leads to the
 * VIP itself, and is left alone. */
static bool is_stray(const struct search *s, const struct nlattr *orig,
                     const struct nlattr *reply) {
    struct cleat_lin_lead l;
    return is_udp(orig) && address_of(orig, false, s->family, &l.vip) &&
           address_of(reply, true, s->family, &l.node) &&
           bsearch(&l, s->leads, s->n_leads, sizeof l, by_vip) != NULL &&
           cleat_lin_addr_cmp(&l.vip, &l.node) != 0 &&
           bsearch(&l, s->leads, s->n_leads, sizeof l, by_vip_and_node) == NULL;
}

static int on_flow(const struct nlmsghdr *h, void *data) {
    struct search *s = data;
    const struct nlattr *attr, *orig = NULL, *reply = NULL;
    mnl_attr_for_each(attr, h, sizeof(struct nfgenmsg)) {
        if (mnl_attr_get_type(attr) == CTA_TUPLE_ORIG) {
            orig = attr;
        } else if (mnl_attr_get_type(attr) == CTA_TUPLE_REPLY) {
            reply = attr;
        }
    }
    if (orig == NULL || reply == NULL || orig->nla_len > TUPLE || !is_stray(s, orig, reply)) {
        return MNL_CB_OK;
    }
    if (s->n == s->cap) {
        s->cap = s->cap > 0 ? 2 * s->cap : 16;
        s->tuples = cleat_lin_resize(s->tuples, s->cap, TUPLE);
    }
    memset(s->tuples + s->n * TUPLE, 0, TUPLE);
    memcpy(s->tuples + s->n++ * TUPLE, orig, orig->nla_len);
    return MNL_CB_OK;
}

static struct nlmsghdr *request(char *buf, uint16_t type, uint16_t flags, int family) {
    struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
    h->nlmsg_type = (uint16_t)((NFNL_SUBSYS_CTNETLINK << 8) | type);
    h->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    struct nfgenmsg *m = mnl_nlmsg_put_extra_header(h, sizeof *m);
    m->nfgen_family = (uint8_t)family;
    m->version = NFNETLINK_V0;
    return h;
}

/* Sends and hears all answers. 0 or an errno. */
static int converse(struct mnl_socket *nl, struct nlmsghdr *h, uint32_t seq, struct search *s) {
    char *buf = cleat_sdk_alloc(BUFFER, 1);
    int err = 0, more = 1;
    h->nlmsg_seq = seq;
    if (mnl_socket_sendto(nl, h, h->nlmsg_len) < 0) {
        err = errno;
    }
    while (err == 0 && more > 0) {
        ssize_t n = mnl_socket_recvfrom(nl, buf, BUFFER);
        more = n < 0 ? -1
                     : mnl_cb_run(buf, (size_t)n, seq, mnl_socket_get_portid(nl),
                                  s != NULL ? on_flow : NULL, s);
        err = more < 0 ? errno : 0;
    }
    free(buf);
    return err;
}

/* 0 or an errno. The socket does not wait for ever. */
static int open_socket(struct mnl_socket **ret) {
    struct timeval patience = {.tv_sec = 5};
    struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
    if (nl == NULL) {
        return errno;
    }
    if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
        int err = errno;
        mnl_socket_close(nl);
        return err;
    }
    setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    *ret = nl;
    return 0;
}

/* All flows of the family; once more where the reading was disturbed, on a socket of its own, so
 * that what is left of the first is in nobody's way. */
static int gather(struct search *s) {
    int err = EINTR;
    for (int i = 0; i < TRIES && err == EINTR; i++) {
        char buf[128] = "";
        struct mnl_socket *nl = NULL;
        s->n = 0;
        err = open_socket(&nl);
        if (err == 0) {
            err = converse(nl, request(buf, IPCTNL_MSG_CT_GET, NLM_F_DUMP, s->family), 1, s);
            mnl_socket_close(nl);
        }
    }
    return err;
}

static int forget(const struct search *s) {
    struct mnl_socket *nl = NULL;
    int worst = s->n > 0 ? open_socket(&nl) : 0;
    for (size_t i = 0; nl != NULL && i < s->n; i++) {
        char buf[TUPLE + 128] = "";
        struct nlmsghdr *h = request(buf, IPCTNL_MSG_CT_DELETE, NLM_F_ACK, s->family);
        const struct nlattr *tuple = (const void *)(s->tuples + i * TUPLE);
        mnl_attr_put(h, CTA_TUPLE_ORIG | NLA_F_NESTED, mnl_attr_get_payload_len(tuple),
                     mnl_attr_get_payload(tuple));
        int err = converse(nl, h, (uint32_t)(i + 2), NULL);
        worst = err != 0 && err != ENOENT ? err : worst;
    }
    if (nl != NULL) {
        mnl_socket_close(nl);
    }
    return worst;
}

static bool has_family(const struct cleat_lin_lead *v, size_t n, int family) {
    for (size_t i = 0; i < n; i++) {
        if (v[i].vip.family == family) {
            return true;
        }
    }
    return false;
}

cleat_err cleat_lin_forget_flows(struct cleat_lin_lead *v, size_t n, struct cleat_error *reterr) {
    static const int families[] = {AF_INET, AF_INET6};
    int worst = 0;
    if (n > 1) {
        qsort(v, n, sizeof *v, by_vip_and_node);
    }
    for (size_t i = 0; i < 2; i++) {
        struct search s = {.leads = v, .n_leads = n, .family = families[i]};
        if (has_family(v, n, s.family)) {
            int err = gather(&s);
            err = err != 0 ? err : forget(&s);
            worst = err != 0 ? err : worst;
        }
        free(s.tuples);
    }
    return worst == 0 ? CLEAT_OK : cleat_lin_errno(reterr, worst, "forget flows of UDP");
}
