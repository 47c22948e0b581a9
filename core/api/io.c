/* SPDX-License-Identifier: Apache-2.0 */
/*
 * I/O threads: an event base each, and an inbox through which the listener, the
 * committer and the publisher reach it. The eventfd is written only when the
 * thread has not been told yet.
 */
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/api/internal.h"

enum { SWEEP_S = 30, IDLE_S = 600, HANDSHAKE_S = 15 };

/* Called with the mutex held. */
static void signal_io(struct cleat__io *io) {
    if (!io->signalled) {
        io->signalled = true;
        uint64_t one = 1;
        while (write(io->wake_fd, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }
}

static void post(struct cleat__io *io, struct cleat__msg *m) {
    CLEAT_LOCKED(&io->mutex);
    *io->inbox_tail = m;
    io->inbox_tail = &m->next;
    signal_io(io);
}

void cleat__io_post_conn(struct cleat__io *io, int fd, int door) {
    struct cleat__msg *m = cleat_zalloc(sizeof *m);
    m->fd = fd;
    m->door = door;
    post(io, m);
}

void cleat__io_post_request(struct cleat__io *io, cleat_request *req) {
    struct cleat__msg *m = cleat_zalloc(sizeof *m);
    m->fd = -1;
    m->request = req;
    post(io, m);
}

void cleat__on_publish(void *userdata, const uint32_t *kinds, size_t n, uint64_t revision) {
    (void)revision;
    cleat_api *a = userdata;
    if (atomic_load_explicit(&a->watches, memory_order_acquire) == 0) {
        return;
    }
    for (int i = 0; i < a->n_ios; i++) {
        struct cleat__io *io = &a->ios[i];
        CLEAT_LOCKED(&io->mutex);
        for (size_t k = 0; k < n; k++) {
            if (kinds[k] < sizeof io->changed * 8) {
                io->changed[kinds[k] / 64] |= (uint64_t)1 << (kinds[k] % 64);
            } else {
                io->all_changed = true;
            }
        }
        signal_io(io);
    }
}

static void on_wake(evutil_socket_t fd, short what, void *arg) {
    (void)what;
    struct cleat__io *io = arg;
    uint64_t count;
    if (read((int)fd, &count, sizeof count) < 0) {
        return;
    }
    struct cleat__msg *m;
    uint64_t changed[16];
    bool all, stop;
    {
        CLEAT_LOCKED(&io->mutex);
        m = io->inbox;
        io->inbox = NULL;
        io->inbox_tail = &io->inbox;
        memcpy(changed, io->changed, sizeof changed);
        memset(io->changed, 0, sizeof io->changed);
        all = io->all_changed;
        io->all_changed = io->signalled = false;
        stop = io->stop;
    }
    for (struct cleat__msg *next; m != NULL; m = next) {
        next = m->next;
        if (m->request != NULL) {
            cleat__request_arrived(m->request);
        } else if (stop) {
            close(m->fd);
        } else {
            cleat__conn_open(io, m->fd, m->door);
        }
        free(m);
    }
    cleat__streams_changed(io, changed, all);
    if (stop) {
        cleat__streams_end(io);
        io->stopping_since = cleat_now_mono();
        struct timeval soon = {0, 5000};
        event_add(io->sweep, &soon);
    }
}

/* Ends connections on which nothing has happened for long. */
static void on_sweep(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__io *io = arg;
    cleat_time now = cleat_now_mono();
    if (io->stopping_since != 0) {
        bool busy = false;
        for (struct cleat__conn *c = io->conns; c != NULL && !busy; c = c->next) {
            busy = c->exchange != NULL || c->out != NULL;
        }
        if (!busy || now - io->stopping_since > CLEAT_SECOND) {
            event_base_loopbreak(io->base);
        }
        return;
    }
    for (struct cleat__conn *c = io->conns, *next; c != NULL; c = next) {
        next = c->next;
        cleat_time idle = now - c->last_used;
        bool stuck = c->out != NULL && idle > IDLE_S * CLEAT_SECOND;
        bool waits = c->state == CLEAT__HEAD && idle > IDLE_S * CLEAT_SECOND;
        bool slow = (c->state == CLEAT__HANDSHAKE || c->state == CLEAT__BODY ||
                     (c->state == CLEAT__HEAD && c->in.n > c->in_off)) &&
                    idle > HANDSHAKE_S * CLEAT_SECOND;
        if (stuck || waits || slow) {
            cleat__conn_close(c);
        }
    }
}

static void *io_thread(void *arg) {
    struct cleat__io *io = arg;
    event_base_dispatch(io->base);
    return NULL;
}

static cleat_err io_init(cleat_api *a, struct cleat__io *io, int index, struct cleat_error *e) {
    io->api = a;
    io->index = index;
    io->inbox_tail = &io->inbox;
    pthread_mutex_init(&io->mutex, NULL);
    io->scratch = cleat_alloc(64 * 1024);
    struct event_config *cfg = event_config_new();
    if (cfg != NULL) {
        event_config_set_flag(cfg, EVENT_BASE_FLAG_NOLOCK);
        io->base = event_base_new_with_config(cfg);
        event_config_free(cfg);
    }
    io->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (io->base == NULL || io->wake_fd < 0) {
        return cleat_fail(e, CLEAT_E_IO, "cannot make an event loop: %s", strerror(errno));
    }
    io->wake = event_new(io->base, io->wake_fd, EV_READ | EV_PERSIST, on_wake, io);
    io->sweep = event_new(io->base, -1, EV_PERSIST, on_sweep, io);
    cleat_assert(io->wake != NULL && io->sweep != NULL);
    struct timeval period = {SWEEP_S, 0};
    event_add(io->wake, NULL);
    event_add(io->sweep, &period);
    return CLEAT_OK;
}

cleat_err cleat__io_start(cleat_api *a, struct cleat_error *e) {
    a->ios = cleat_array((size_t)a->n_ios, sizeof *a->ios);
    for (int i = 0; i < a->n_ios; i++) {
        CLEAT_TRY(io_init(a, &a->ios[i], i, e));
    }
    for (int i = 0; i < a->n_ios; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("io-%d", i);
        a->ios[i].thread = cleat_thread_start(name, io_thread, &a->ios[i]);
    }
    return CLEAT_OK;
}

void cleat__io_stop(cleat_api *a) {
    for (int i = 0; i < a->n_ios; i++) {
        CLEAT_LOCKED(&a->ios[i].mutex);
        a->ios[i].stop = true;
        signal_io(&a->ios[i]);
    }
    for (int i = 0; i < a->n_ios; i++) {
        struct cleat__io *io = &a->ios[i];
        pthread_join(io->thread, NULL);
    }
    for (int i = 0; i < a->n_ios; i++) {
        struct cleat__io *io = &a->ios[i];
        while (io->conns != NULL) {
            cleat__conn_close(io->conns);
        }
    }
    /* Writes under way still point at their I/O thread: drain them. */
    for (int tries = 0; atomic_load(&a->in_flight_mutating) > 0 && tries < 3000; tries++) {
        for (int i = 0; i < a->n_ios; i++) {
            on_wake(a->ios[i].wake_fd, EV_READ, &a->ios[i]);
        }
        usleep(1000);
    }
    for (int i = 0; i < a->n_ios; i++) {
        struct cleat__io *io = &a->ios[i];
        event_free(io->wake);
        event_free(io->sweep);
        event_base_free(io->base);
        close(io->wake_fd);
        free(io->scratch);
        pthread_mutex_destroy(&io->mutex);
    }
    free(a->ios);
    a->ios = NULL;
}
