/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which addresses and node ports are taken. Two sets decide: what the services in the
 * store use, followed with a cursor, and what writes under way have reserved. A write
 * that is done drops its reservation after the cursor has caught up with it, so at no
 * moment does a number that somebody has look free. Nothing is kept on disk beyond
 * the services themselves: after a crash the first look goes through all of them.
 */
#include "core/kinds/admit_internal.h"

#include <arpa/inet.h>

enum { HOST_BITS_MAX = 20, RANGE_MIN = 8, READ_AT_ONCE = 64 };
#define DEFAULT_IPS   "10.0.0.0/24"
#define DEFAULT_PORTS "30000-32767"

/* ---- numbers and texts ---- */

/* Address number i of the range as text. buf of INET6_ADDRSTRLEN. */
static void ip_text(const struct cleat_ip_range *r, uint32_t i, char *buf) {
    unsigned char raw[16];
    int last = r->family == 4 ? 3 : 15;
    uint64_t carry = (uint64_t)i + 1; /* the network's own address is not used */
    memcpy(raw, r->base, sizeof raw);
    for (int k = last; k >= 0 && carry > 0; k--) {
        carry += raw[k];
        raw[k] = (unsigned char)(carry & 0xff);
        carry >>= 8;
    }
    inet_ntop(r->family == 4 ? AF_INET : AF_INET6, raw, buf, INET6_ADDRSTRLEN);
}

/* The number of an address within the range, or CLEAT_POOL_NONE. */
static int64_t ip_number(const struct cleat_ip_range *r, struct cleat_str ip) {
    unsigned char raw[16];
    int bytes = r->family == 4 ? 4 : 16;
    uint64_t n = 0;
    if (cleat_ip_parse(ip, raw) != r->family) {
        return CLEAT_POOL_NONE;
    }
    for (int k = 0; k < bytes; k++) {
        int diff = raw[k] - r->base[k];
        if (k < bytes - 4) {
            if (diff != 0) {
                return CLEAT_POOL_NONE;
            }
            continue;
        }
        n = (n << 8) + (uint64_t)(int64_t)diff; /* wraps on a borrow, which then is huge */
    }
    return n >= 1 && n <= r->pool.size ? (int64_t)n - 1 : CLEAT_POOL_NONE;
}

/* ---- options ---- */

static cleat_err add_range(cleat_admit *a, struct cleat_str text, struct cleat_error *e) {
    struct cleat_ip_range *r = &a->ranges[a->n_ranges];
    int bits = 0;
    int family = cleat_cidr_parse(text, r->base, &bits);
    int host = (family == 4 ? 32 : 128) - bits;
    if (family == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--service-cluster-ip-range: \"%.*s\" is no network", CLEAT_FMT(text));
    }
    if (a->n_ranges == 1 && family == a->ranges[0].family) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--service-cluster-ip-range: two networks must be of two families");
    }
    if (host > HOST_BITS_MAX) {
        return cleat_fail(
            e, CLEAT_E_BAD_REQUEST,
            "specified --service-cluster-ip-range is too large; for %d-bit addresses, "
            "the mask must be >= %d",
            family == 4 ? 32 : 128, (family == 4 ? 32 : 128) - HOST_BITS_MAX);
    }
    if (host < 3) {
        return cleat_fail(
            e, CLEAT_E_BAD_REQUEST,
            "specified --service-cluster-ip-range is too small: at least %d addresses "
            "are needed",
            RANGE_MIN);
    }
    int bytes = family == 4 ? 4 : 16;
    for (int i = bits; i < bytes * 8; i++) {
        r->base[i / 8] &= (unsigned char)~(0x80 >> i % 8);
    }
    uint32_t size = ((uint32_t)1 << host) - (family == 4 ? 2 : 1);
    r->family = family;
    r->text = cleat_strndup(text);
    cleat_pool_init(&r->pool, size, cleat_pool_band(size, 16, 16, 256));
    a->n_ranges++;
    return CLEAT_OK;
}

static cleat_err parse_ports(cleat_admit *a, const char *text, struct cleat_error *e) {
    unsigned first = 0, last = 0;
    int end = 0;
    if (sscanf(text, "%5u-%5u%n", &first, &last, &end) != 2 || text[end] != '\0' || first < 1 ||
        last > 65535 || last < first) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--service-node-port-range: \"%s\" is no range of ports", text);
    }
    uint32_t size = last - first + 1;
    a->first_port = first;
    a->ports_text = cleat_strdup(text);
    cleat_pool_init(&a->ports, size, cleat_pool_band(size, 32, 16, 128));
    return CLEAT_OK;
}

cleat_err cleat_services_init(cleat_admit *a, const struct cleat_admit_opts *opts,
                              struct cleat_error *e) {
    const char *text = opts->service_ip_range != NULL ? opts->service_ip_range : DEFAULT_IPS;
    char first[INET6_ADDRSTRLEN];
    pthread_mutex_init(&a->services_lock, NULL);
    a->services = cleat_admit_kind(a, "", "services");
    while (*text != '\0') {
        size_t n = strcspn(text, ",");
        if (a->n_ranges == 2) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "--service-cluster-ip-range must not contain more than two entries");
        }
        CLEAT_TRY(add_range(a, (struct cleat_str){text, n}, e));
        text += n + (text[n] == ',');
    }
    if (a->n_ranges == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--service-cluster-ip-range must be specified");
    }
    ip_text(&a->ranges[0], 0, first);
    a->first_ip = cleat_strdup(first);
    return parse_ports(
        a, opts->service_node_ports != NULL ? opts->service_node_ports : DEFAULT_PORTS, e);
}

void cleat_services_done(cleat_admit *a) {
    for (size_t i = 0; i < a->n_ranges; i++) {
        cleat_pool_done(&a->ranges[i].pool);
        free(a->ranges[i].text);
    }
    cleat_pool_done(&a->ports);
    free(a->ports_text);
    free(a->first_ip);
    if (a->cursor != NULL) {
        cleat_cursor_close(a->cursor);
    }
    pthread_mutex_destroy(&a->services_lock);
}

const char *cleat_admit_first_ip(const cleat_admit *a) {
    return a->first_ip;
}

/* ---- what the store uses ---- */

static void use_port(cleat_admit *a, struct cleat_val port, bool yes) {
    int64_t n = 0;
    if (cleat_val_int(port, &n) && n >= a->first_port && n - a->first_port < a->ports.size) {
        cleat_pool_use(&a->ports, (uint32_t)(n - a->first_port), yes);
    }
}

static void use_ip(cleat_admit *a, struct cleat_str ip, bool yes) {
    for (size_t i = 0; i < a->n_ranges; i++) {
        int64_t n = ip_number(&a->ranges[i], ip);
        if (n != CLEAT_POOL_NONE) {
            cleat_pool_use(&a->ranges[i].pool, (uint32_t)n, yes);
        }
    }
}

static void use_service(cleat_admit *a, const cleat_obj *o, bool yes) {
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val ips = cleat_val_get(spec, "clusterIPs");
    struct cleat_val ports = cleat_val_get(spec, "ports");
    struct cleat_iter it = {0};
    use_ip(a, cleat_str_at(spec, "clusterIP"), yes);
    while (cleat_val_next(ips, &it)) {
        use_ip(a, cleat_val_str(it.val), yes);
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(ports, &it)) {
        use_port(a, cleat_val_get(it.val, "nodePort"), yes);
    }
    use_port(a, cleat_val_get(spec, "healthCheckNodePort"), yes);
}

static void look_at_all(cleat_admit *a) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    struct cleat_range range;
    const cleat_obj *o;
    cleat_pool_clear(&a->ports);
    for (size_t i = 0; i < a->n_ranges; i++) {
        cleat_pool_clear(&a->ranges[i].pool);
    }
    cleat_range_init(&range, sn, a->services->id, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        use_service(a, o, true);
    }
    if (cleat_cursor_open(a->store, a->services->id, cleat_snapshot_revision(sn), &a->cursor,
                          NULL) != CLEAT_OK) {
        a->cursor = NULL; /* it fell off the history at once: all of them again next time */
    }
}

/* With the lock held: afterwards the pools know every service that is published. */
void cleat_services_catch_up(cleat_admit *a) {
    struct cleat_change changes[READ_AT_ONCE];
    uint64_t upto = 0;
    int n = 0;
    while (a->cursor != NULL &&
           (n = cleat_cursor_read(a->cursor, changes, READ_AT_ONCE, &upto)) > 0) {
        for (int i = 0; i < n; i++) {
            if (changes[i].prev != NULL) {
                use_service(a, changes[i].prev, false);
            }
            if (changes[i].type != CLEAT_EVENT_DELETED) {
                use_service(a, changes[i].obj, true);
            } else {
                use_service(a, changes[i].obj, false);
            }
            cleat_obj_unref(changes[i].obj);
            cleat_obj_unref(changes[i].prev);
        }
    }
    if (a->cursor != NULL && n < 0) {
        cleat_cursor_close(a->cursor);
        a->cursor = NULL;
    }
    if (a->cursor == NULL) {
        look_at_all(a);
    }
}

/* ---- taking ---- */

static void hold(struct cleat_ticket *t, struct cleat_pool *pool, uint32_t i) {
    t->held = cleat_rearray(t->held, t->n_held + 1, sizeof *t->held);
    t->held[t->n_held++] = (struct cleat_held){pool, i};
}

/* t NULL: a dry run, which keeps nothing. */
static int take(struct cleat_pool *pool, struct cleat_ticket *t, uint32_t i) {
    if (t == NULL) {
        return cleat_pool_is_free(pool, i) ? CLEAT_TAKEN_OK : CLEAT_TAKEN_ALREADY;
    }
    if (!cleat_pool_reserve(pool, i)) {
        return CLEAT_TAKEN_ALREADY;
    }
    hold(t, pool, i);
    return CLEAT_TAKEN_OK;
}

/* own: this service may have the first address. */
int cleat_services_take_ip(cleat_admit *a, struct cleat_ticket *t, struct cleat_ip_range *range,
                           const char *ip, bool own) {
    int64_t n = ip_number(range, cleat_s(ip));
    if (n == CLEAT_POOL_NONE) {
        return CLEAT_TAKEN_OUTSIDE;
    }
    if (n == 0 && range == &a->ranges[0] && !own) {
        return CLEAT_TAKEN_ALREADY;
    }
    return take(&range->pool, t, (uint32_t)n);
}

char *cleat_services_next_ip(cleat_admit *a, struct cleat_ticket *t, struct cleat_ip_range *range) {
    char text[INET6_ADDRSTRLEN];
    /* The first address stays for the API server's own service, whatever is full. */
    bool guard = range == &a->ranges[0] && cleat_pool_reserve(&range->pool, 0);
    int64_t n = cleat_pool_next(&range->pool, t != NULL);
    if (guard) {
        cleat_pool_release(&range->pool, 0);
    }
    if (n == CLEAT_POOL_NONE) {
        return NULL;
    }
    if (t != NULL) {
        hold(t, &range->pool, (uint32_t)n);
    }
    ip_text(range, (uint32_t)n, text);
    return cleat_strdup(text);
}

int cleat_services_take_port(cleat_admit *a, struct cleat_ticket *t, int64_t port) {
    if (port < a->first_port || port - a->first_port >= a->ports.size) {
        return CLEAT_TAKEN_OUTSIDE;
    }
    return take(&a->ports, t, (uint32_t)(port - a->first_port));
}

int64_t cleat_services_next_port(cleat_admit *a, struct cleat_ticket *t) {
    int64_t n = cleat_pool_next(&a->ports, t != NULL);
    if (n == CLEAT_POOL_NONE) {
        return -1;
    }
    if (t != NULL) {
        hold(t, &a->ports, (uint32_t)n);
    }
    return a->first_port + n;
}

void cleat_services_settle(cleat_admit *a, struct cleat_ticket *t) {
    CLEAT_LOCKED(&a->services_lock);
    if (t->n_held == 0) {
        return;
    }
    cleat_services_catch_up(a); /* what was committed is in the store's set before it leaves ours */
    for (size_t i = 0; i < t->n_held; i++) {
        cleat_pool_release(t->held[i].pool, t->held[i].i);
    }
    free(t->held);
    t->held = NULL;
    t->n_held = 0;
}
