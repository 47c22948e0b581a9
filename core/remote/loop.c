/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport's threads: one event loop, which owns sockets and requests, and two
 * workers for what blocks: names, files, programs. Others reach the loop by messages,
 * which it takes in the order in which they came.
 */
#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/remote/internal.h"

#define SWEEP CLEAT_SECOND

static _Thread_local const struct cleat__remote *loop_of;

bool cleat__rc_on_loop(const struct cleat__remote *r) {
    return loop_of == r;
}

void cleat__rc_post(struct cleat__remote *r, struct cleat__rc_msg *m) {
    bool first;
    m->next = NULL;
    {
        CLEAT_LOCKED(&r->inbox_mutex);
        first = r->inbox == NULL;
        *r->inbox_tail = m;
        r->inbox_tail = &m->next;
        uint64_t one = 1;
        /* Under the lock: whoever takes the last message may end the loop and its eventfd. */
        while (first && write(r->wake_fd, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }
}

static void on_wake(evutil_socket_t fd, short what, void *arg) {
    (void)what;
    struct cleat__remote *r = arg;
    uint64_t count;
    while (read((int)fd, &count, sizeof count) < 0 && errno == EINTR) {
    }
    struct cleat__rc_msg *m;
    {
        CLEAT_LOCKED(&r->inbox_mutex);
        m = r->inbox;
        r->inbox = NULL;
        r->inbox_tail = &r->inbox;
    }
    for (struct cleat__rc_msg *next; m != NULL; m = next) {
        next = m->next;
        m->fn(m);
    }
}

static void on_sweep(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__remote *r = arg;
    cleat__rc_pool_sweep(r, cleat_now_mono());
}

static void on_assign(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    cleat__rc_pool_assign(arg);
}

static void *loop_thread(void *arg) {
    struct cleat__remote *r = arg;
    loop_of = r;
    event_base_dispatch(r->loop);
    return NULL;
}

/* ---- workers ---- */

void cleat__rc_job_start(struct cleat__remote *r, struct cleat__rc_job *j) {
    j->r = r;
    j->next = NULL;
    CLEAT_LOCKED(&r->work_mutex);
    *r->jobs_tail = j;
    r->jobs_tail = &j->next;
    pthread_cond_signal(&r->work_cond);
}

static struct cleat__rc_job *next_job(struct cleat__remote *r) {
    CLEAT_LOCKED(&r->work_mutex);
    while (r->jobs == NULL && !r->work_stop) {
        pthread_cond_wait(&r->work_cond, &r->work_mutex);
    }
    struct cleat__rc_job *j = r->jobs;
    if (j != NULL) {
        r->jobs = j->next;
        r->jobs_tail = r->jobs != NULL ? r->jobs_tail : &r->jobs;
    }
    return j;
}

static void *worker_thread(void *arg) {
    struct cleat__remote *r = arg;
    for (struct cleat__rc_job *j; (j = next_job(r)) != NULL;) {
        j->work(j);
        cleat__rc_post(r, &j->msg);
    }
    return NULL;
}

/* ---- life ---- */

static void free_lists(struct cleat__remote *r) {
    r->inbox_tail = &r->inbox;
    r->jobs_tail = &r->jobs;
    for (int i = 0; i < CLEAT__LINES; i++) {
        r->lines[i].waiting.tail = &r->lines[i].waiting.head;
    }
    pthread_mutex_init(&r->inbox_mutex, NULL);
    pthread_mutex_init(&r->work_mutex, NULL);
    pthread_cond_init(&r->work_cond, NULL);
}

cleat_err cleat__rc_loop_start(struct cleat__remote *r, struct cleat_error *e) {
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
    free_lists(r);
    r->scratch = cleat_alloc(CLEAT__SCRATCH);
    struct event_config *cfg = event_config_new();
    if (cfg != NULL) {
        event_config_set_flag(cfg, EVENT_BASE_FLAG_NOLOCK);
        event_config_set_flag(cfg, EVENT_BASE_FLAG_PRECISE_TIMER);
        r->loop = event_base_new_with_config(cfg);
        event_config_free(cfg);
    }
    r->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (r->loop == NULL || r->wake_fd < 0) {
        return cleat_fail(e, CLEAT_E_IO, "cannot make an event loop: %s", strerror(errno));
    }
    event_assign(&r->wake, r->loop, r->wake_fd, EV_READ | EV_PERSIST, on_wake, r);
    event_assign(&r->sweep, r->loop, -1, EV_PERSIST, on_sweep, r);
    event_assign(&r->assign, r->loop, -1, 0, on_assign, r);
    struct timeval period = cleat__rc_timeval(SWEEP);
    event_add(&r->wake, NULL);
    event_add(&r->sweep, &period);
    r->thread = cleat_thread_start("remote", loop_thread, r);
    for (int i = 0; i < 2; i++) {
        r->workers[i] = cleat_thread_start("remote-work", worker_thread, r);
    }
    r->started = true;
    return CLEAT_OK;
}

struct stop {
    struct cleat__rc_msg msg;
    struct cleat__remote *r;
    struct cleat_event done;
    bool last;
};

/* Calls first: what ends with a connection would be tried again. */
static void on_stop(struct cleat__rc_msg *m) {
    struct stop *s = (struct stop *)m;
    struct cleat__remote *r = s->r;
    r->stopping = true;
    while (r->calls != NULL) {
        cleat__rc_call_abort(r->calls, CLEAT_E_CANCELLED, "the client is stopping");
    }
    while (r->conns != NULL) {
        cleat__rc_conn_close(r->conns, "the client is stopping");
    }
    if (s->last) {
        event_base_loopbreak(r->loop);
    }
    cleat_event_set(&s->done);
}

static void send_stop(struct cleat__remote *r, bool last) {
    struct stop s = {.msg = {.fn = on_stop}, .r = r, .last = last};
    cleat_event_init(&s.done);
    cleat__rc_post(r, &s.msg);
    cleat_event_wait(&s.done, -1);
}

void cleat__rc_loop_stop(struct cleat__remote *r) {
    if (r->started) {
        send_stop(r, false);
        {
            CLEAT_LOCKED(&r->work_mutex);
            r->work_stop = true;
            pthread_cond_broadcast(&r->work_cond);
        }
        for (int i = 0; i < 2; i++) {
            pthread_join(r->workers[i], NULL); /* what they were at has been posted then */
        }
        send_stop(r, true);
        pthread_join(r->thread, NULL);
    }
    if (r->loop != NULL) {
        event_base_free(r->loop);
    }
    if (r->wake_fd > 0) {
        close(r->wake_fd);
    }
    free(r->scratch);
    cleat_buf_done(&r->text);
    pthread_mutex_destroy(&r->inbox_mutex);
    pthread_mutex_destroy(&r->work_mutex);
    pthread_cond_destroy(&r->work_cond);
}
