/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows without connections: the kernel goes on sending a UDP flow to the node
 * that it once chose for as long as packets come. When a node is taken out, its
 * flows are made to be forgotten, through ctnetlink. TCP is left alone: a
 * connection to a dead node ends by itself, one to a living node must not end.
 */
#include "lin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>

enum { BUFFER = 65536, TUPLE = 256 };

struct search {
    const struct cleat_lin_addr *vip, *node;
    uint8_t *tuples; /* CTA_TUPLE_ORIG of what was found, TUPLE bytes each */
    size_t n;
};

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

static bool address_is(const struct nlattr *tuple, bool source, const struct cleat_lin_addr *a) {
    const struct nlattr *ip = child(tuple, CTA_TUPLE_IP);
    uint16_t type = a->family == AF_INET ? (source ? CTA_IP_V4_SRC : CTA_IP_V4_DST)
                                         : (source ? CTA_IP_V6_SRC : CTA_IP_V6_DST);
    const struct nlattr *v = ip != NULL ? child(ip, type) : NULL;
    size_t size = (size_t)cleat_lin_addr_size(a->family);
    return v != NULL && mnl_attr_get_payload_len(v) == size &&
           memcmp(mnl_attr_get_payload(v), a->b, size) == 0;
}

static bool is_udp(const struct nlattr *tuple) {
    const struct nlattr *proto = child(tuple, CTA_TUPLE_PROTO);
    const struct nlattr *number = proto != NULL ? child(proto, CTA_PROTO_NUM) : NULL;
    return number != NULL && mnl_attr_get_u8(number) == IPPROTO_UDP;
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
    if (orig == NULL || reply == NULL || !is_udp(orig) || !address_is(orig, false, s->vip) ||
        !address_is(reply, true, s->node) || orig->nla_len > TUPLE) {
        return MNL_CB_OK;
    }
    s->tuples = cleat_lin_resize(s->tuples, s->n + 1, TUPLE);
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

static int forget(struct mnl_socket *nl, const struct search *s, int family) {
    int worst = 0;
    for (size_t i = 0; i < s->n; i++) {
        char buf[TUPLE + 128] = "";
        struct nlmsghdr *h = request(buf, IPCTNL_MSG_CT_DELETE, NLM_F_ACK, family);
        const struct nlattr *tuple = (const void *)(s->tuples + i * TUPLE);
        mnl_attr_put(h, CTA_TUPLE_ORIG | NLA_F_NESTED, mnl_attr_get_payload_len(tuple),
                     mnl_attr_get_payload(tuple));
        int err = converse(nl, h, (uint32_t)(i + 2), NULL);
        worst = err != 0 && err != ENOENT ? err : worst;
    }
    return worst;
}

cleat_err cleat_lin_forget_flows(const struct cleat_lin_addr *vip,
                                 const struct cleat_lin_addr *node, struct cleat_error *reterr) {
    struct search s = {.vip = vip, .node = node};
    char buf[128] = "", text[CLEAT_LIN_ADDR_TEXT];
    struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
    int err = nl == NULL ? errno : 0;
    if (err == 0 && mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
        err = errno;
    }
    if (err == 0) {
        err = converse(nl, request(buf, IPCTNL_MSG_CT_GET, NLM_F_DUMP, vip->family), 1, &s);
        err = err == EINTR ? 0 : err; /* flows came and went meanwhile: what was seen counts */
    }
    if (err == 0) {
        err = forget(nl, &s, vip->family);
    }
    if (nl != NULL) {
        mnl_socket_close(nl);
    }
    free(s.tuples);
    return err == 0 ? CLEAT_OK
                    : cleat_lin_errno(reterr, err, "forget flows to %s",
                                      cleat_lin_addr_print(node, text));
}
