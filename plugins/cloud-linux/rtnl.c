/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rtnetlink, through libmnl: a socket for each conversation, so that any thread
 * may talk. A dump that the kernel says was disturbed is taken again; one that
 * does not come whole is an error, never a short list.
 */
#include "lin.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/time.h>

enum { TRIES = 5, DUMP_BUFFER = 65536 };

cleat_err cleat_lin_errno(struct cleat_error *reterr, int err, const char *fmt, ...) {
    char what[256], why[96];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    cleat_err code = err == EEXIST                   ? CLEAT_E_EXISTS
                     : err == EPERM || err == EACCES ? CLEAT_E_FORBIDDEN
                     : err == ENOENT || err == ESRCH || err == EADDRNOTAVAIL || err == ENODEV
                         ? CLEAT_E_NOT_FOUND
                         : CLEAT_E_TRANSIENT;
    return cleat_errorf(reterr, code, "linux: %s: %s%s", what, strerror_r(err, why, sizeof why),
                        code == CLEAT_E_FORBIDDEN ? " (CAP_NET_ADMIN is needed)" : "");
}

/* ---- a conversation ---- */

struct talk {
    struct mnl_socket *nl;
    uint32_t seq;
};

/* 0 or an errno. */
static int talk_open(struct talk *t) {
    struct timeval patience = {.tv_sec = 5};
    int one = 1;
    t->seq = 1;
    t->nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (t->nl == NULL) {
        return errno;
    }
    if (mnl_socket_bind(t->nl, 0, MNL_SOCKET_AUTOPID) < 0) {
        int err = errno;
        mnl_socket_close(t->nl);
        return err;
    }
    setsockopt(mnl_socket_get_fd(t->nl), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    /* the kernel then filters by table itself; an older one does not, and we do anyhow */
    mnl_socket_setsockopt(t->nl, NETLINK_GET_STRICT_CHK, &one, sizeof one);
    return 0;
}

static int on_error(const struct nlmsghdr *h, void *data) {
    const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);
    (void)data;
    errno = h->nlmsg_len < mnl_nlmsg_size(sizeof *e) ? EBADMSG : -e->error;
    return errno != 0 ? MNL_CB_ERROR : MNL_CB_STOP;
}

/* The end of a dump says here whether it was one. */
static int on_done(const struct nlmsghdr *h, void *data) {
    const int *status = mnl_nlmsg_get_payload(h);
    (void)data;
    if (mnl_nlmsg_get_payload_len(h) >= sizeof *status && *status < 0) {
        errno = -*status;
        return MNL_CB_ERROR;
    }
    return MNL_CB_STOP;
}

/* Sends a request and hears all its answers. 0 or an errno. */
static int converse(struct talk *t, struct nlmsghdr *h, mnl_cb_t fn, void *data) {
    char *buf = cleat_sdk_alloc(DUMP_BUFFER, 1);
    int err = 0;
    static mnl_cb_t control[] = {[NLMSG_ERROR] = on_error, [NLMSG_DONE] = on_done};
    h->nlmsg_seq = ++t->seq;
    unsigned port = mnl_socket_get_portid(t->nl);
    if (mnl_socket_sendto(t->nl, h, h->nlmsg_len) < 0) {
        err = errno;
    }
    while (err == 0) {
        ssize_t n = mnl_socket_recvfrom(t->nl, buf, DUMP_BUFFER);
        if (n < 0) {
            err = errno == EAGAIN ? ETIMEDOUT : errno;
            break;
        }
        int more = mnl_cb_run2(buf, (size_t)n, t->seq, port, fn, data, control,
                               sizeof control / sizeof *control);
        if (more < 0) {
            err = errno;
        }
        if (more <= 0) {
            break;
        }
    }
    free(buf);
    return err;
}

/* One change. 0 or an errno. */
static int change(struct nlmsghdr *h) {
    struct talk t;
    int err = talk_open(&t);
    if (err == 0) {
        h->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
        err = converse(&t, h, NULL, NULL);
        mnl_socket_close(t.nl);
    }
    return err;
}

/* ---- lists ---- */

/* What a dump gathers before anybody hears of it: a disturbed one is thrown away. */
struct gathered {
    struct cleat_lin_ifaddr *addresses;
    struct cleat_lin_kroute *routes;
    size_t n_addresses, n_routes;
    uint32_t table, priority; /* what is looked for */
    uint8_t protocol;
    bool found; /* the rule */
};

static void gathered_clear(struct gathered *g) {
    free(g->addresses);
    free(g->routes);
    g->addresses = NULL;
    g->routes = NULL;
    g->n_addresses = g->n_routes = 0;
    g->found = false;
}

static cleat_err dump(uint16_t type, int family, size_t header, uint32_t table, mnl_cb_t fn,
                      struct gathered *g, const char *what, struct cleat_error *reterr) {
    int err = EINTR;
    for (int i = 0; i < TRIES && (err == EINTR || err == EAGAIN); i++) {
        char buf[256] = "";
        struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
        h->nlmsg_type = type;
        h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        uint8_t *head = mnl_nlmsg_put_extra_header(h, header);
        head[0] = (uint8_t)family; /* the first member of each of these headers */
        if (table != 0) {
            mnl_attr_put_u32(h, RTA_TABLE, table);
        }
        struct talk t;
        gathered_clear(g);
        err = talk_open(&t);
        if (err == 0) {
            err = converse(&t, h, fn, g);
            mnl_socket_close(t.nl);
        }
        if (err == ENOENT && table != 0) {
            err = 0; /* strict kernels say so of a table without routes */
        }
    }
    return err == 0 ? CLEAT_OK : cleat_lin_errno(reterr, err, "list %s", what);
}

static void take_address(struct cleat_lin_addr *a, int family, const struct nlattr *attr) {
    if (mnl_attr_get_payload_len(attr) >= (size_t)cleat_lin_addr_size(family)) {
        a->family = family;
        a->bits = 8 * cleat_lin_addr_size(family);
        memcpy(a->b, mnl_attr_get_payload(attr), (size_t)cleat_lin_addr_size(family));
    }
}

static int on_address(const struct nlmsghdr *h, void *data) {
    struct gathered *g = data;
    const struct ifaddrmsg *m = mnl_nlmsg_get_payload(h);
    struct cleat_lin_ifaddr a = {.ifindex = m->ifa_index};
    struct cleat_lin_addr local = {0};
    const struct nlattr *attr;
    if (h->nlmsg_type != RTM_NEWADDR || (m->ifa_family != AF_INET && m->ifa_family != AF_INET6)) {
        return MNL_CB_OK;
    }
    mnl_attr_for_each(attr, h, sizeof *m) {
        switch (mnl_attr_get_type(attr)) {
        case IFA_ADDRESS:
            take_address(&a.net, m->ifa_family, attr);
            break;
        case IFA_LOCAL:
            take_address(&local, m->ifa_family, attr);
            break;
        case IFA_PROTO:
            a.protocol = mnl_attr_get_u8(attr);
            break;
        default:
            break;
        }
    }
    if (local.family != 0) { /* IFA_ADDRESS is the other end where there is one */
        a.net = local;
    }
    if (a.net.family != 0) {
        a.net.bits = m->ifa_prefixlen;
        CLEAT_LIN_PUSH(g->addresses, g->n_addresses, a);
    }
    return MNL_CB_OK;
}

cleat_err cleat_lin_each_address(void (*fn)(void *sink, const struct cleat_lin_ifaddr *a),
                                 void *sink, struct cleat_error *reterr) {
    struct gathered g = {0};
    cleat_err err = dump(RTM_GETADDR, AF_UNSPEC, sizeof(struct ifaddrmsg), 0, on_address, &g,
                         "addresses", reterr);
    for (size_t i = 0; err == CLEAT_OK && i < g.n_addresses; i++) {
        fn(sink, &g.addresses[i]);
    }
    gathered_clear(&g);
    return err;
}

static int on_route(const struct nlmsghdr *h, void *data) {
    struct gathered *g = data;
    const struct rtmsg *m = mnl_nlmsg_get_payload(h);
    struct cleat_lin_kroute r = {.blackhole = m->rtm_type == RTN_BLACKHOLE ||
                                              m->rtm_type == RTN_UNREACHABLE ||
                                              m->rtm_type == RTN_PROHIBIT};
    uint32_t table = m->rtm_table;
    const struct nlattr *attr;
    r.here = m->rtm_type == RTN_THROW;
    if (h->nlmsg_type != RTM_NEWROUTE || (m->rtm_flags & RTM_F_CLONED) != 0) {
        return MNL_CB_OK;
    }
    r.dst.family = m->rtm_family;
    mnl_attr_for_each(attr, h, sizeof *m) {
        switch (mnl_attr_get_type(attr)) {
        case RTA_TABLE:
            table = mnl_attr_get_u32(attr);
            break;
        case RTA_DST:
            take_address(&r.dst, m->rtm_family, attr);
            break;
        case RTA_GATEWAY:
            take_address(&r.gateway, m->rtm_family, attr);
            break;
        default:
            break;
        }
    }
    r.dst.bits = m->rtm_dst_len;
    if (table == g->table && m->rtm_protocol == g->protocol) {
        CLEAT_LIN_PUSH(g->routes, g->n_routes, r);
    }
    return MNL_CB_OK;
}

cleat_err cleat_lin_each_route(uint32_t table, uint8_t protocol,
                               void (*fn)(void *sink, const struct cleat_lin_kroute *r), void *sink,
                               struct cleat_error *reterr) {
    static const int families[] = {AF_INET, AF_INET6};
    struct gathered g[2] = {{.table = table, .protocol = protocol},
                            {.table = table, .protocol = protocol}};
    cleat_err err = CLEAT_OK;
    for (int i = 0; i < 2 && err == CLEAT_OK; i++) {
        err = dump(RTM_GETROUTE, families[i], sizeof(struct rtmsg), table, on_route, &g[i],
                   "routes", reterr);
    }
    for (int i = 0; i < 2; i++) {
        for (size_t k = 0; err == CLEAT_OK && k < g[i].n_routes; k++) {
            fn(sink, &g[i].routes[k]);
        }
        gathered_clear(&g[i]);
    }
    return err;
}

static int on_rule(const struct nlmsghdr *h, void *data) {
    struct gathered *g = data;
    const struct fib_rule_hdr *m = mnl_nlmsg_get_payload(h);
    uint32_t table = m->table, priority = 0;
    uint8_t protocol = 0;
    const struct nlattr *attr;
    mnl_attr_for_each(attr, h, sizeof *m) {
        switch (mnl_attr_get_type(attr)) {
        case FRA_TABLE:
            table = mnl_attr_get_u32(attr);
            break;
        case FRA_PRIORITY:
            priority = mnl_attr_get_u32(attr);
            break;
        case FRA_PROTOCOL:
            protocol = mnl_attr_get_u8(attr);
            break;
        default:
            break;
        }
    }
    g->found |= h->nlmsg_type == RTM_NEWRULE && table == g->table && priority == g->priority &&
                protocol == g->protocol;
    return MNL_CB_OK;
}

cleat_err cleat_lin_has_rule(int family, uint32_t table, uint8_t protocol, uint32_t priority,
                             bool *ret, struct cleat_error *reterr) {
    struct gathered g = {.table = table, .priority = priority, .protocol = protocol};
    cleat_err err =
        dump(RTM_GETRULE, family, sizeof(struct fib_rule_hdr), 0, on_rule, &g, "rules", reterr);
    if (err == CLEAT_OK) {
        *ret = g.found;
    }
    return err;
}

/* ---- changes ---- */

static void put_address(struct nlmsghdr *h, uint16_t type, const struct cleat_lin_addr *a) {
    mnl_attr_put(h, type, (size_t)cleat_lin_addr_size(a->family), a->b);
}

cleat_err cleat_lin_address(bool add, const struct cleat_lin_ifaddr *a,
                            struct cleat_error *reterr) {
    /* valid for ever, but never preferred: no connection of this machine starts from it */
    static const struct ifa_cacheinfo life = {.ifa_prefered = 0, .ifa_valid = UINT32_MAX};
    char buf[256] = "", text[CLEAT_LIN_ADDR_TEXT];
    struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
    h->nlmsg_type = add ? RTM_NEWADDR : RTM_DELADDR;
    h->nlmsg_flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
    struct ifaddrmsg *m = mnl_nlmsg_put_extra_header(h, sizeof *m);
    m->ifa_family = (uint8_t)a->net.family;
    m->ifa_prefixlen = (uint8_t)a->net.bits;
    m->ifa_index = a->ifindex;
    put_address(h, IFA_LOCAL, &a->net);
    put_address(h, IFA_ADDRESS, &a->net);
    if (add) {
        uint32_t flags = IFA_F_NOPREFIXROUTE | (a->net.family == AF_INET6 ? IFA_F_NODAD : 0u);
        mnl_attr_put_u32(h, IFA_FLAGS, flags);
        mnl_attr_put_u8(h, IFA_PROTO, a->protocol);
        mnl_attr_put(h, IFA_CACHEINFO, sizeof life, &life);
    }
    int err = change(h);
    return err == 0 ? CLEAT_OK
                    : cleat_lin_errno(reterr, err, "%s address %s", add ? "add" : "remove",
                                      cleat_lin_addr_print(&a->net, text));
}

cleat_err cleat_lin_route(bool add, bool replace, uint32_t table, uint8_t protocol,
                          const struct cleat_lin_kroute *r, struct cleat_error *reterr) {
    char buf[256] = "", to[CLEAT_LIN_ADDR_TEXT], via[CLEAT_LIN_ADDR_TEXT];
    struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
    h->nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
    h->nlmsg_flags = !add ? 0 : NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL);
    struct rtmsg *m = mnl_nlmsg_put_extra_header(h, sizeof *m);
    m->rtm_family = (uint8_t)r->dst.family;
    m->rtm_dst_len = (uint8_t)r->dst.bits;
    m->rtm_protocol = protocol;
    m->rtm_type = r->blackhole ? RTN_BLACKHOLE : r->here ? RTN_THROW : RTN_UNICAST;
    m->rtm_scope = add ? RT_SCOPE_UNIVERSE : RT_SCOPE_NOWHERE;
    m->rtm_table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC;
    mnl_attr_put_u32(h, RTA_TABLE, table);
    put_address(h, RTA_DST, &r->dst);
    if (r->gateway.family != 0) {
        put_address(h, RTA_GATEWAY, &r->gateway);
    }
    int err = change(h);
    return err == 0 ? CLEAT_OK
                    : cleat_lin_errno(reterr, err, "%s route %s%s%s", add ? "add" : "remove",
                                      cleat_lin_net_print(&r->dst, to),
                                      r->gateway.family != 0 ? " via " : "",
                                      cleat_lin_addr_print(&r->gateway, via));
}

cleat_err cleat_lin_rule(bool add, int family, uint32_t table, uint8_t protocol, uint32_t priority,
                         struct cleat_error *reterr) {
    char buf[256] = "";
    struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
    h->nlmsg_type = add ? RTM_NEWRULE : RTM_DELRULE;
    h->nlmsg_flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
    struct fib_rule_hdr *m = mnl_nlmsg_put_extra_header(h, sizeof *m);
    m->family = (uint8_t)family;
    m->action = FR_ACT_TO_TBL;
    m->table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC;
    mnl_attr_put_u32(h, FRA_TABLE, table);
    mnl_attr_put_u32(h, FRA_PRIORITY, priority);
    mnl_attr_put_u8(h, FRA_PROTOCOL, protocol);
    int err = change(h);
    return err == 0 ? CLEAT_OK
                    : cleat_lin_errno(reterr, err, "%s rule %u", add ? "add" : "remove", priority);
}
