/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells a link where an address is now: for IPv4 a broadcast ARP request and
 * reply of the address for itself (some hosts heed only one of them), for IPv6
 * an unsolicited neighbour advertisement to all nodes, with the override flag.
 * Sends and does not wait.
 */
#include "lin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>

/* The link's own address; false where the link has none (loopback, tunnels). */
static bool link_address(int fd, uint32_t ifindex, uint8_t mac[ETH_ALEN]) {
    struct ifreq r = {0};
    if (if_indextoname(ifindex, r.ifr_name) == NULL || ioctl(fd, SIOCGIFHWADDR, &r) != 0 ||
        r.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
        return false;
    }
    memcpy(mac, r.ifr_hwaddr.sa_data, ETH_ALEN);
    return true;
}

static int send_arp(int fd, uint32_t ifindex, const uint8_t mac[ETH_ALEN],
                    const struct cleat_lin_addr *a) {
    static const uint16_t ops[] = {ARPOP_REQUEST, ARPOP_REPLY};
    struct sockaddr_ll to = {.sll_family = AF_PACKET,
                             .sll_protocol = htons(ETH_P_ARP),
                             .sll_ifindex = (int)ifindex,
                             .sll_halen = ETH_ALEN};
    memset(to.sll_addr, 0xff, ETH_ALEN);
    for (size_t i = 0; i < 2; i++) {
        struct ether_arp arp = {
            .ea_hdr = {htons(ARPHRD_ETHER), htons(ETH_P_IP), ETH_ALEN, 4, htons(ops[i])}};
        memcpy(arp.arp_sha, mac, ETH_ALEN);
        memcpy(arp.arp_spa, a->b, 4);
        memcpy(arp.arp_tpa, a->b, 4);
        if (ops[i] == ARPOP_REPLY) {
            memset(arp.arp_tha, 0xff, ETH_ALEN);
        }
        if (sendto(fd, &arp, sizeof arp, 0, (struct sockaddr *)&to, sizeof to) < 0) {
            return errno;
        }
    }
    return 0;
}

static int send_advertisement(int fd, uint32_t ifindex, const uint8_t mac[ETH_ALEN],
                              const struct cleat_lin_addr *a) {
    struct {
        struct nd_neighbor_advert na;
        struct nd_opt_hdr opt;
        uint8_t mac[ETH_ALEN];
    } m = {.opt = {ND_OPT_TARGET_LINKADDR, 1}};
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_scope_id = ifindex};
    int hops = 255, index = (int)ifindex;
    m.na.nd_na_type = ND_NEIGHBOR_ADVERT;
    m.na.nd_na_flags_reserved = ND_NA_FLAG_OVERRIDE | ND_NA_FLAG_ROUTER;
    memcpy(&m.na.nd_na_target, a->b, 16);
    memcpy(m.mac, mac, ETH_ALEN);
    inet_pton(AF_INET6, "ff02::1", &to.sin6_addr);
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) != 0 ||
        setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) != 0 ||
        sendto(fd, &m, sizeof m, 0, (struct sockaddr *)&to, sizeof to) < 0) {
        return errno;
    }
    return 0;
}

cleat_err cleat_lin_announce(int fds[2], uint32_t ifindex, const struct cleat_lin_addr *a,
                             struct cleat_error *reterr) {
    uint8_t mac[ETH_ALEN];
    char text[CLEAT_LIN_ADDR_TEXT];
    bool v4 = a->family == AF_INET;
    int *fd = &fds[!v4], flags = SOCK_CLOEXEC | SOCK_NONBLOCK, err = 0;
    if (*fd < 0) {
        *fd = v4 ? socket(AF_PACKET, SOCK_DGRAM | flags, 0)
                 : socket(AF_INET6, SOCK_RAW | flags, IPPROTO_ICMPV6);
        err = *fd < 0 ? errno : 0;
    }
    if (err == 0 && link_address(*fd, ifindex, mac)) {
        err = v4 ? send_arp(*fd, ifindex, mac, a) : send_advertisement(*fd, ifindex, mac, a);
    }
    return err == 0 ? CLEAT_OK
                    : cleat_lin_errno(reterr, err, "announce %s", cleat_lin_addr_print(a, text));
}
