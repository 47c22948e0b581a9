/* SPDX-License-Identifier: Apache-2.0 */
/*
 * I/O threads: an event base each, and a lock-free inbox through which the
 * acceptor, the committer and the publisher reach it. The eventfd is written
 * only when the thread has not been told yet. A publication is noted as a bit a
 * kind, and only with threads that watch the kind.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/api/internal.h"

enum { SWEEP_S = 5, LAST_CALL_S = 1 };

/* ---- from other threads ---- */

static void signal_io(struct cleat__io *io) {
    if (!atomic_exchange(&io->signalled, true)) {
        uint64_t one = 1;
        while (write(io->wake_fd, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }
}

void cleat__io_post(struct cleat__io *io, struct cleat__msg *m) {
    /* What is posted may be the last thing that io waits for before it ends. */
    atomic_fetch_add(&io->posting, 1);
    m->next = atomic_load_explicit(&io->inbox, memory_order_relaxed);
    while (!atomic_compare_exchange_weak(&io->inbox, &m->next, m)) {
    }
    signal_io(io);
    atomic_fetch_sub(&io->posting, 1);
}

void cleat__on_publish(void *userdata, const uint32_t *kinds, size_t n, uint64_t revision) {
    (void)revision;
    cleat_api *a = userdata;
    for (int i = 0; i < a->n_ios; i++) {
        struct cleat__io *io = &a->ios[i];
        bool any = false;
        for (size_t k = 0; k < n; k++) {
            uint32_t slot = kinds[k] < CLEAT__KINDS ? kinds[k] : CLEAT__KINDS - 1;
            /* A write in form, so that it cannot be overtaken by the publication:
             * a watch that is being opened either is seen here or sees that. */
            if (atomic_fetch_add(&io->watched[slot], 0) > 0) {
                atomic_fetch_or(&io->changed[slot / 64], (uint64_t)1 << (slot % 64));
                any = true;
            }
        }
        if (any) {
            signal_io(io);
        }
    }
}

/* ---- the thread ---- */

void cleat__io_ended(struct cleat__io *io) {
    if (io->stopping && io->conns == NULL && io->writes == 0) {
        event_base_loopbreak(io->base);
    }
}

static void begin_stop(struct cleat__io *io) {
    io->stopping = true;
    for (struct cleat__conn *c = io->conns, *next; c != NULL; c = next) {
        next = c->next;
        cleat__conn_stop(c);
    }
    struct timeval patience = {LAST_CALL_S, 0};
    event_add(&io->last_call, &patience);
    cleat__io_ended(io);
}

static struct cleat__msg *oldest_first(struct cleat__msg *m) {
    struct cleat__msg *out = NULL;
    for (struct cleat__msg *next; m != NULL; m = next) {
        next = m->next;
        m->next = out;
        out = m;
    }
    return out;
}

static void take_inbox(struct cleat__io *io) {
    struct cleat__msg *m = oldest_first(atomic_exchange(&io->inbox, NULL));
    for (struct cleat__msg *next; m != NULL; m = next) {
        next = m->next;
        if (m->request != NULL) {
            cleat__request_arrived(m->request);
            continue;
        }
        if (m->ask != NULL) {
            cleat__ask_arrived(m->ask);
            continue;
        }
        if (io->stopping) {
            close(m->fd);
        } else {
            cleat__conn_open(io, m->fd, m->door);
        }
        free(m);
    }
}

static void on_wake(evutil_socket_t fd, short what, void *arg) {
    (void)what;
    struct cleat__io *io = arg;
    uint64_t count;
    if (read((int)fd, &count, sizeof count) < 0) {
        return;
    }
    atomic_exchange(&io->signalled, false); /* from here on a post signals anew */
    take_inbox(io);
    uint64_t changed[CLEAT__KINDS / 64], any = 0;
    for (size_t i = 0; i < CLEAT__KINDS / 64; i++) {
        changed[i] = atomic_load_explicit(&io->changed[i], memory_order_relaxed) != 0
                         ? atomic_exchange(&io->changed[i], 0)
                         : 0;
        any |= changed[i];
    }
    if (any != 0) {
        cleat__streams_changed(io, changed);
    }
    if (atomic_load(&io->stop) && !io->stopping) {
        begin_stop(io);
    }
}

static void on_sweep(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__io *io = arg;
    cleat_time now = cleat_now_mono();
    if (io->api->openapi != NULL) {
        cleat_openapi_trim(io->api->openapi);
    }
    for (struct cleat__conn *c = io->conns, *next; c != NULL; c = next) {
        next = c->next;
        if (cleat__conn_stale(c, now)) {
            cleat__conn_close(c);
        }
    }
}

/* Whoever has not taken his answer by now does without. */
static void on_last_call(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__io *io = arg;
    while (io->conns != NULL) {
        cleat__conn_close(io->conns);
    }
    cleat__io_ended(io);
}

static void *io_thread(void *arg) {
    struct cleat__io *io = arg;
    event_base_dispatch(io->base);
    return NULL;
}

/* ---- life ---- */

static cleat_err io_init(cleat_api *a, struct cleat__io *io, struct cleat_error *e) {
    io->api = a;
    io->scratch = cleat_alloc(CLEAT__SCRATCH);
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
    event_assign(&io->wake, io->base, io->wake_fd, EV_READ | EV_PERSIST, on_wake, io);
    event_assign(&io->sweep, io->base, -1, EV_PERSIST, on_sweep, io);
    event_assign(&io->last_call, io->base, -1, 0, on_last_call, io);
    struct timeval period = {SWEEP_S, 0};
    event_add(&io->wake, NULL);
    event_add(&io->sweep, &period);
    cleat__streams_start(io);
    return CLEAT_OK;
}

static void io_done(struct cleat__io *io) {
    /* A connection that was accepted while the last one ended. */
    for (struct cleat__msg *m = atomic_exchange(&io->inbox, NULL), *next; m != NULL; m = next) {
        next = m->next;
        cleat_assert(m->request == NULL && m->ask == NULL); /* they were waited for */
        close(m->fd);
        free(m);
    }
    if (io->base != NULL) {
        event_base_free(io->base);
    }
    if (io->wake_fd >= 0) {
        close(io->wake_fd);
    }
    cleat_buf_done(&io->text);
    cleat__writes_done(io);
    free(io->lines);
    free(io->series);
    free(io->scratch);
}

cleat_err cleat__io_start(cleat_api *a, struct cleat_error *e) {
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
    a->ios = cleat_array((size_t)a->n_ios, sizeof *a->ios);
    for (int i = 0; i < a->n_ios; i++) {
        a->ios[i].wake_fd = -1;
    }
    for (int i = 0; i < a->n_ios; i++) {
        CLEAT_TRY(io_init(a, &a->ios[i], e));
    }
    for (int i = 0; i < a->n_ios; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("io-%d", i);
        a->ios[i].thread = cleat_thread_start(name, io_thread, &a->ios[i]);
        a->ios[i].started = true;
    }
    return CLEAT_OK;
}

void cleat__io_stop(cleat_api *a) {
    for (int i = 0; i < a->n_ios; i++) {
        if (a->ios[i].started) {
            atomic_store(&a->ios[i].stop, true);
            signal_io(&a->ios[i]);
        }
    }
    for (int i = 0; i < a->n_ios; i++) {
        struct cleat__io *io = &a->ios[i];
        if (io->started) {
            pthread_join(io->thread, NULL);
        }
        /* The committer may still be on its way out of the last post. */
        while (atomic_load(&io->posting) > 0) {
            sched_yield();
        }
        io_done(io);
    }
    free(a->ios);
    a->ios = NULL;
}
