/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks: one for each thing that is asked (kind, address, port, path), however
 * many want to know. All sockets are non-blocking and stand in the agent's
 * epoll; only its thread comes here. A verdict changes after `fall` failures or
 * `rise` successes in a row; the first answer of all decides at once when good.
 */
#include "lin.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { ANSWER = 64 };

struct check {
    struct check *chain;              /* of the same bucket */
    struct cleat_lin_check_spec spec; /* path owned */
    bool wanted;
    enum cleat_lin_health health;
    int streak; /* > 0: successes in a row, < 0: failures */
    int fd;     /* of the attempt under way, -1 = none */
    bool sent;  /* HTTP: the question is out */
    char answer[ANSWER];
    size_t n_answer;
    uint16_t sequence;
    cleat_time due; /* of the next attempt, or the end of patience with this one */
};

struct cleat_lin_checks {
    int epoll;
    uint64_t tag;
    struct check **v; /* slots: NULL where free */
    size_t n, n_used;
    struct check **buckets; /* by what is asked */
    size_t n_buckets;       /* a power of two */
};

struct cleat_lin_checks *cleat_lin_checks_new(int epoll, uint64_t tag) {
    struct cleat_lin_checks *c = cleat_sdk_alloc(1, sizeof *c);
    c->epoll = epoll;
    c->tag = tag;
    return c;
}

static void stop(struct check *k) {
    if (k->fd >= 0) {
        close(k->fd); /* leaves the epoll too */
        k->fd = -1;
    }
}

static void check_free(struct check *k) {
    stop(k);
    free((char *)k->spec.path);
    free(k);
}

void cleat_lin_checks_free(struct cleat_lin_checks *c) {
    for (size_t i = 0; c != NULL && i < c->n; i++) {
        if (c->v[i] != NULL) {
            check_free(c->v[i]);
        }
    }
    if (c != NULL) {
        free(c->buckets);
        free(c->v);
        free(c);
    }
}

/* ---- which are wanted ---- */

static bool asks_the_same(const struct cleat_lin_check_spec *a,
                          const struct cleat_lin_check_spec *b) {
    return a->kind == b->kind && a->port == b->port &&
           cleat_lin_addr_cmp(&a->address, &b->address) == 0 &&
           strcmp(a->path ? a->path : "", b->path ? b->path : "") == 0;
}

static size_t hash(const struct cleat_lin_check_spec *s) {
    uint64_t h = UINT64_C(14695981039346656037);
    uint8_t head[] = {(uint8_t)s->kind, (uint8_t)s->port, (uint8_t)(s->port >> 8)};
    const uint8_t *const parts[] = {head, s->address.b, (const uint8_t *)(s->path ? s->path : "")};
    const size_t sizes[] = {sizeof head, sizeof s->address.b, s->path ? strlen(s->path) : 0};
    for (size_t p = 0; p < 3; p++) {
        for (size_t i = 0; i < sizes[p]; i++) {
            h = (h ^ parts[p][i]) * UINT64_C(1099511628211);
        }
    }
    return (size_t)(h ^ (h >> 32));
}

/* Where the chain of this question begins. */
static struct check **bucket(const struct cleat_lin_checks *c,
                             const struct cleat_lin_check_spec *spec) {
    return &c->buckets[hash(spec) & (c->n_buckets - 1)];
}

static struct check *find(const struct cleat_lin_checks *c,
                          const struct cleat_lin_check_spec *spec) {
    struct check *k = c->n_buckets > 0 ? *bucket(c, spec) : NULL;
    while (k != NULL && !asks_the_same(&k->spec, spec)) {
        k = k->chain;
    }
    return k;
}

static void put(struct cleat_lin_checks *c, struct check *k) {
    struct check **at = bucket(c, &k->spec);
    k->chain = *at;
    *at = k;
}

static void grow(struct cleat_lin_checks *c) {
    free(c->buckets);
    c->n_buckets = c->n_buckets > 0 ? 2 * c->n_buckets : 64;
    c->buckets = cleat_sdk_alloc(c->n_buckets, sizeof *c->buckets);
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i] != NULL) {
            put(c, c->v[i]);
        }
    }
}

static void forget(struct cleat_lin_checks *c, size_t slot) {
    struct check **at = bucket(c, &c->v[slot]->spec);
    while (*at != c->v[slot]) {
        at = &(*at)->chain;
    }
    *at = c->v[slot]->chain;
    check_free(c->v[slot]);
    c->v[slot] = NULL;
    c->n_used--;
}

void cleat_lin_checks_begin(struct cleat_lin_checks *c) {
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i] != NULL) {
            c->v[i]->wanted = false;
        }
    }
}

static void take_slot(struct cleat_lin_checks *c, struct check *k) {
    size_t i = c->n_used == c->n ? c->n : 0;
    while (i < c->n && c->v[i] != NULL) {
        i++;
    }
    if (i < c->n) {
        c->v[i] = k;
    } else {
        CLEAT_LIN_PUSH(c->v, c->n, k);
    }
    if (++c->n_used > c->n_buckets) {
        grow(c); /* takes it in as well */
    } else {
        put(c, k);
    }
}

void cleat_lin_checks_want(struct cleat_lin_checks *c, const struct cleat_lin_check_spec *spec) {
    if (spec->kind == CLEAT_LIN_CHECK_NONE) {
        return;
    }
    struct check *k = find(c, spec);
    if (k == NULL) {
        k = cleat_sdk_alloc(1, sizeof *k);
        k->spec = *spec;
        k->spec.path = spec->path != NULL ? cleat_sdk_dup(cleat_cstr(spec->path)) : NULL;
        k->fd = -1;
        take_slot(c, k);
    } else if (!k->wanted) { /* the pace may be another now; of several the last one's */
        k->spec.interval = spec->interval;
        k->spec.timeout = spec->timeout;
        k->spec.fall = spec->fall;
        k->spec.rise = spec->rise;
    }
    k->wanted = true;
}

void cleat_lin_checks_end(struct cleat_lin_checks *c) {
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i] != NULL && !c->v[i]->wanted) {
            forget(c, i);
        }
    }
}

enum cleat_lin_health cleat_lin_checks_health(const struct cleat_lin_checks *c,
                                              const struct cleat_lin_check_spec *spec) {
    const struct check *k = spec->kind == CLEAT_LIN_CHECK_NONE ? NULL : find(c, spec);
    return k != NULL ? k->health : CLEAT_LIN_UNKNOWN;
}

bool cleat_lin_checks_settled(const struct cleat_lin_checks *c) {
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i] != NULL && c->v[i]->health == CLEAT_LIN_UNKNOWN) {
            return false;
        }
    }
    return true;
}

/* ---- attempts ---- */

static socklen_t socket_address(const struct cleat_lin_check_spec *s,
                                struct sockaddr_storage *ret) {
    memset(ret, 0, sizeof *ret);
    uint16_t port = s->kind == CLEAT_LIN_CHECK_ICMP ? 0 : htons(s->port);
    if (s->address.family == AF_INET) {
        struct sockaddr_in *in = (struct sockaddr_in *)ret;
        in->sin_family = AF_INET;
        in->sin_port = port;
        memcpy(&in->sin_addr, s->address.b, 4);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = port;
    memcpy(&in6->sin6_addr, s->address.b, 16);
    return sizeof *in6;
}

/* Counts an outcome. True where the verdict changed. */
static bool conclude(struct check *k, bool good, cleat_time began, cleat_time now) {
    enum cleat_lin_health before = k->health;
    stop(k);
    k->streak = good ? (k->streak > 0 ? k->streak + 1 : 1) : (k->streak < 0 ? k->streak - 1 : -1);
    if (good && (k->streak >= k->spec.rise || before == CLEAT_LIN_UNKNOWN)) {
        k->health = CLEAT_LIN_UP;
    } else if (!good && -k->streak >= k->spec.fall) {
        k->health = CLEAT_LIN_DOWN;
    }
    cleat_time next = began + k->spec.interval;
    k->due = next > now ? next : now;
    return k->health != before;
}

static cleat_time began(const struct check *k) {
    return k->due - k->spec.timeout; /* while an attempt is under way */
}

static int send_echo(struct check *k) {
    struct icmphdr v4 = {.type = ICMP_ECHO};
    struct icmp6_hdr v6 = {.icmp6_type = ICMP6_ECHO_REQUEST};
    uint16_t id = (uint16_t)getpid();
    k->sequence++;
    if (k->spec.address.family == AF_INET6) { /* the kernel adds the sum */
        v6.icmp6_id = id;
        v6.icmp6_seq = k->sequence;
        return send(k->fd, &v6, sizeof v6, 0) < 0 ? errno : 0;
    }
    v4.un.echo.id = id;
    v4.un.echo.sequence = k->sequence;
    uint16_t words[sizeof v4 / 2];
    memcpy(words, &v4, sizeof v4);
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof v4 / 2; i++) {
        sum += words[i];
    }
    sum = (sum & 0xffff) + (sum >> 16);
    v4.checksum = (uint16_t) ~(sum + (sum >> 16));
    return send(k->fd, &v4, sizeof v4, 0) < 0 ? errno : 0;
}

/* Begins an attempt. False where it failed at once. */
static bool begin(struct cleat_lin_checks *c, uint32_t slot, cleat_time now) {
    struct check *k = c->v[slot];
    struct sockaddr_storage to;
    socklen_t n = socket_address(&k->spec, &to);
    bool icmp = k->spec.kind == CLEAT_LIN_CHECK_ICMP;
    int protocol = !icmp ? 0 : to.ss_family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    k->due = now + k->spec.timeout;
    k->sent = false;
    k->n_answer = 0;
    k->fd = socket(to.ss_family, (icmp ? SOCK_RAW : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC,
                   protocol);
    if (k->fd < 0) {
        return false;
    }
    if (!icmp) { /* no TIME_WAIT for a mere question */
        struct linger rude = {.l_onoff = 1};
        setsockopt(k->fd, SOL_SOCKET, SO_LINGER, &rude, sizeof rude);
    }
    struct epoll_event ev = {.events = icmp ? EPOLLIN : EPOLLOUT, .data.u64 = c->tag | slot};
    return (connect(k->fd, (struct sockaddr *)&to, n) == 0 || errno == EINPROGRESS) &&
           (!icmp || send_echo(k) == 0) && epoll_ctl(c->epoll, EPOLL_CTL_ADD, k->fd, &ev) == 0;
}

/* ---- answers ---- */

enum verdict { WAIT, GOOD, BAD };

static enum verdict ask_http(struct cleat_lin_checks *c, uint32_t slot) {
    struct check *k = c->v[slot];
    char host[CLEAT_LIN_ADDR_TEXT];
    bool v6 = k->spec.address.family == AF_INET6;
    char *text = cleat_sdk_format(
        "GET %s HTTP/1.1\r\nHost: %s%s%s:%u\r\nUser-Agent: cleat\r\nAccept: */*\r\n"
        "Connection: close\r\n\r\n",
        k->spec.path != NULL ? k->spec.path : "/", v6 ? "[" : "",
        cleat_lin_addr_print(&k->spec.address, host), v6 ? "]" : "", (unsigned)k->spec.port);
    ssize_t n = send(k->fd, text, strlen(text), MSG_NOSIGNAL); /* fits an empty buffer */
    bool whole = n == (ssize_t)strlen(text);
    free(text);
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = c->tag | slot};
    k->sent = true;
    return whole && epoll_ctl(c->epoll, EPOLL_CTL_MOD, k->fd, &ev) == 0 ? WAIT : BAD;
}

/* "HTTP/1.x 2.." or 3.. is good. */
static enum verdict hear_http(struct check *k) {
    ssize_t n = recv(k->fd, k->answer + k->n_answer, ANSWER - k->n_answer, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return WAIT;
    }
    if (n <= 0) {
        return BAD;
    }
    k->n_answer += (size_t)n;
    if (k->n_answer < 12) {
        return WAIT;
    }
    return memcmp(k->answer, "HTTP/1.", 7) == 0 && k->answer[8] == ' ' &&
                   (k->answer[9] == '2' || k->answer[9] == '3')
               ? GOOD
               : BAD;
}

static enum verdict hear_echo(struct check *k) {
    uint8_t buf[512];
    for (;;) {
        ssize_t n = recv(k->fd, buf, sizeof buf, 0);
        if (n < 0) {
            return errno == EAGAIN || errno == EINTR ? WAIT : BAD;
        }
        /* a raw IPv4 socket hands the header over too */
        size_t skip = k->spec.address.family == AF_INET && n > 0 ? (size_t)(buf[0] & 15) * 4 : 0;
        struct icmphdr h;
        if ((size_t)n < skip + sizeof h) {
            continue;
        }
        memcpy(&h, buf + skip, sizeof h); /* both families put id and sequence there */
        uint8_t reply =
            k->spec.address.family == AF_INET ? (uint8_t)ICMP_ECHOREPLY : (uint8_t)ICMP6_ECHO_REPLY;
        if (h.type == reply && h.un.echo.id == (uint16_t)getpid() &&
            h.un.echo.sequence == k->sequence) {
            return GOOD;
        }
    }
}

bool cleat_lin_checks_ready(struct cleat_lin_checks *c, uint32_t slot, cleat_time now) {
    struct check *k = slot < c->n ? c->v[slot] : NULL;
    if (k == NULL || k->fd < 0) {
        return false; /* ended meanwhile, in this same turn */
    }
    int err = 0;
    socklen_t n = sizeof err;
    enum verdict v = BAD;
    if (getsockopt(k->fd, SOL_SOCKET, SO_ERROR, &err, &n) == 0 && err == 0) {
        switch (k->spec.kind) {
        case CLEAT_LIN_CHECK_TCP:
            v = GOOD;
            break;
        case CLEAT_LIN_CHECK_HTTP:
            v = k->sent ? hear_http(k) : ask_http(c, slot);
            break;
        case CLEAT_LIN_CHECK_ICMP:
            v = hear_echo(k);
            break;
        case CLEAT_LIN_CHECK_NONE:
            break;
        }
    }
    return v != WAIT && conclude(k, v == GOOD, began(k), now);
}

/* Whether the kernel holds something that nobody has looked at yet. */
static bool is_ready(const struct check *k) {
    struct pollfd p = {
        .fd = k->fd, .events = k->spec.kind == CLEAT_LIN_CHECK_ICMP || k->sent ? POLLIN : POLLOUT};
    return poll(&p, 1, 0) == 1;
}

/* Its time is over. Where we come late ourselves, for the kernel took long to be written, the
 * answer may lie there; and a question that goes out only now is given its time. */
static bool run_out(struct cleat_lin_checks *c, uint32_t slot, cleat_time now) {
    struct check *k = c->v[slot];
    bool had_asked = k->sent;
    if (is_ready(k)) {
        bool changed = cleat_lin_checks_ready(c, slot, now);
        if (k->fd < 0) {
            return changed;
        }
        if (k->sent && !had_asked) {
            k->due = now + k->spec.timeout;
            return changed;
        }
    }
    return conclude(k, false, began(k), now);
}

bool cleat_lin_checks_step(struct cleat_lin_checks *c, cleat_time now, cleat_time *next) {
    bool changed = false;
    for (size_t i = 0; i < c->n; i++) {
        struct check *k = c->v[i];
        if (k != NULL && k->due <= now) {
            if (k->fd >= 0) {
                changed |= run_out(c, (uint32_t)i, now);
            }
            if (k->due <= now && !begin(c, (uint32_t)i, now)) {
                changed |= conclude(k, false, now, now);
            }
        }
        if (k != NULL && k->due < *next) {
            *next = k->due;
        }
    }
    return changed;
}
