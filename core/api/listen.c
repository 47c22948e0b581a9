/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listening sockets, and the thread that hands accepted connections out in turn.
 * It waits in poll for them and for its end, and shares nothing but the inboxes; now and then
 * it sees to certificates that were replaced (tls.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/api/internal.h"
#include "core/base/limits.h"

enum { MAX_LISTENERS = 3 };

struct cleat__listener {
    int fds[MAX_LISTENERS], doors[MAX_LISTENERS];
    int n, stop_fd;
    bool started;
    pthread_t thread;
};

static cleat_err add(struct cleat__listener *l, int fd, int door, const char *what,
                     struct cleat_error *e) {
    if (listen(fd, 1024) != 0) {
        cleat_err err = cleat_fail(e, CLEAT_E_IO, "cannot listen on %s: %s", what, strerror(errno));
        close(fd);
        return err;
    }
    l->fds[l->n] = fd;
    l->doors[l->n++] = door;
    return CLEAT_OK;
}

static cleat_err listen_tcp(struct cleat__listener *l, const char *address, int port, int door,
                            int *ret_port, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *service = cleat_sprintf("%d", port < 0 ? 0 : port);
    CLEAT_AUTO_FREE char *what = cleat_sprintf("%s:%s", address, service);
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM},
                    *info = NULL;
    if (port > 65535 || getaddrinfo(address, service, &hints, &info) != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s is no address to listen on", what);
    }
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1,
        off = 0;
    cleat_err err = CLEAT_OK;
    if (fd < 0) {
        err = cleat_fail(e, CLEAT_E_IO, "cannot listen on %s: %s", what, strerror(errno));
    } else {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (info->ai_family == AF_INET6) {
            setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off); /* "::" is both */
        }
        if (bind(fd, info->ai_addr, info->ai_addrlen) != 0) {
            err = cleat_fail(e, CLEAT_E_IO, "cannot listen on %s: %s", what, strerror(errno));
            close(fd);
        }
    }
    freeaddrinfo(info);
    CLEAT_TRY(err);
    struct sockaddr_storage bound;
    socklen_t n = sizeof bound;
    if (getsockname(fd, (struct sockaddr *)&bound, &n) == 0) {
        *ret_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                      : ((struct sockaddr_in *)&bound)->sin_port);
    }
    return add(l, fd, door, what, e);
}

static cleat_err listen_unix(struct cleat__listener *l, const char *path, struct cleat_error *e) {
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof addr.sun_path) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "--unix-socket %s: the kernel allows %zu bytes",
                          path, sizeof addr.sun_path - 1);
    }
    memcpy(addr.sun_path, path, strlen(path) + 1);
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode)) {
        unlink(path); /* left by an earlier run: the data folder's lock says that run is over */
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof addr) != 0 || chmod(path, 0600) != 0) {
        cleat_err err = cleat_fail(e, CLEAT_E_IO, "cannot listen on %s: %s", path, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return err;
    }
    return add(l, fd, CLEAT__DOOR_UNIX, path, e);
}

cleat_err cleat__listen(cleat_api *a, struct cleat_error *e) {
    struct cleat__listener *l = a->listeners = cleat_zalloc(sizeof *l);
    l->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (l->stop_fd < 0) {
        return cleat_fail(e, CLEAT_E_IO, "eventfd: %s", strerror(errno));
    }
    const char *address = a->opts.bind_address ? a->opts.bind_address : "0.0.0.0";
    if (a->opts.secure_port != 0) {
        CLEAT_TRY(listen_tcp(l, address, a->opts.secure_port, CLEAT__DOOR_TLS, &a->secure_port, e));
    }
    if (a->opts.insecure_port != 0) {
        CLEAT_TRY(listen_tcp(l, "127.0.0.1", a->opts.insecure_port, CLEAT__DOOR_PLAIN,
                             &a->insecure_port, e));
    }
    return a->opts.unix_socket ? listen_unix(l, a->opts.unix_socket, e) : CLEAT_OK;
}

/* In turn, so that the threads share the load. */
static void hand_out(cleat_api *a, int fd, int door) {
    int on = 1, idle_s = 60;
    if (door != CLEAT__DOOR_UNIX) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        /* A watcher that vanished without a word is noticed. */
        setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    }
    struct cleat__msg *m = cleat_zalloc(sizeof *m);
    m->fd = fd;
    m->door = door;
    cleat__io_post(&a->ios[a->next_io++ % (unsigned)a->n_ios], m);
}

static void *accept_thread(void *arg) {
    cleat_api *a = arg;
    struct cleat__listener *l = a->listeners;
    struct pollfd p[MAX_LISTENERS + 1];
    for (int i = 0; i < l->n; i++) {
        p[i] = (struct pollfd){l->fds[i], POLLIN, 0};
    }
    p[l->n] = (struct pollfd){l->stop_fd, POLLIN, 0};
    while (poll(p, (nfds_t)l->n + 1, cleat__tls_look_each(a)) >= 0 || errno == EINTR) {
        if (p[l->n].revents != 0) {
            break;
        }
        cleat__tls_look(a);
        for (int i = 0; i < l->n; i++) {
            if (p[i].revents == 0) {
                continue;
            }
            int fd = accept4(l->fds[i], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) {
                if (errno == EMFILE || errno == ENFILE) {
                    cleat_logf(CLEAT_LOG_WARN, "api", "no file descriptors left to accept with");
                    poll(&p[l->n], 1, 100); /* give some back first */
                }
                continue;
            }
            if ((unsigned)atomic_load(&a->connections) >= CLEAT_LIMIT_CONNECTIONS) {
                close(fd);
                continue;
            }
            hand_out(a, fd, l->doors[i]);
        }
    }
    return NULL;
}

void cleat__listen_start(cleat_api *a) {
    a->listeners->thread = cleat_thread_start("accept", accept_thread, a);
    a->listeners->started = true;
}

void cleat__listen_stop(cleat_api *a) {
    struct cleat__listener *l = a->listeners;
    if (l == NULL || !l->started) {
        return;
    }
    uint64_t one = 1;
    while (write(l->stop_fd, &one, sizeof one) < 0 && errno == EINTR) {
    }
    pthread_join(l->thread, NULL);
    l->started = false;
    for (int i = 0; i < l->n; i++) {
        close(l->fds[i]);
    }
    l->n = 0;
}

void cleat__listen_free(cleat_api *a) {
    struct cleat__listener *l = a->listeners;
    if (l == NULL) {
        return;
    }
    for (int i = 0; i < l->n; i++) {
        close(l->fds[i]);
    }
    if (l->stop_fd >= 0) {
        close(l->stop_fd);
    }
    free(l);
    a->listeners = NULL;
}
