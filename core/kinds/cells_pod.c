/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of Pods. One pass over the containers' states works out what
 * upstream's printer says about a pod. Pure; any thread.
 */
#include <stdarg.h>
#include "core/kinds/cells.h"

struct summary {
    struct cleat_buf reason; /* canonical string text */
    int64_t restarts, ready, total;
    cleat_time last_restart; /* 0 = never, or not said */
    int64_t sidecar_restarts;
    cleat_time sidecar_last;
};

static void set_reason(struct summary *s, const char *fmt, ...) CLEAT_PRINTF(2, 3);
static void set_reason(struct summary *s, const char *fmt, ...) {
    va_list ap;
    char *text = NULL;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    s->reason.n = 0;
    cleat_buf_puts(&s->reason, text);
    free(text);
}

static struct cleat_str str_at(struct cleat_val v, cleat_path path) {
    return cleat_val_str(cleat_val_at(v, path));
}

static int64_t int_at(struct cleat_val v, cleat_path path) {
    int64_t n = 0;
    cleat_val_int(cleat_val_at(v, path), &n);
    return n;
}

static void count_restarts(struct summary *s, struct cleat_val status) {
    cleat_time t;
    s->restarts += int_at(status, CLEAT_PATH("restartCount"));
    if (cleat_time_parse(str_at(status, CLEAT_PATH("lastState", "terminated", "finishedAt")), &t) ==
            CLEAT_OK &&
        t > s->last_restart) {
        s->last_restart = t;
    }
}

/* Of init containers only those that go on running count once the others are done. */
static void count_sidecar(struct summary *s, struct cleat_val status) {
    struct summary one = {.restarts = 0};
    count_restarts(&one, status);
    s->sidecar_restarts += one.restarts;
    if (one.last_restart > s->sidecar_last) {
        s->sidecar_last = one.last_restart;
    }
}

/* "ExitCode:1", "Signal:9", with a prefix. */
static void set_exit(struct summary *s, const char *prefix, struct cleat_val terminated) {
    int64_t signal = int_at(terminated, CLEAT_PATH("signal"));
    if (signal != 0) {
        set_reason(s, "%sSignal:%lld", prefix, (long long)signal);
    } else {
        set_reason(s, "%sExitCode:%lld", prefix,
                   (long long)int_at(terminated, CLEAT_PATH("exitCode")));
    }
}

static struct cleat_val spec_of_init(const cleat_obj *pod, struct cleat_str name) {
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(pod, CLEAT_PATH("spec", "initContainers"));
    while (cleat_val_next(list, &it)) {
        if (cleat_eq(str_at(it.val, CLEAT_PATH("name")), name)) {
            return it.val;
        }
    }
    return (struct cleat_val){NULL, 0, 0};
}

/* Init containers that go on running are among those that have to be ready. */
static void count_sidecars(struct summary *s, const cleat_obj *pod) {
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(pod, CLEAT_PATH("spec", "initContainers"));
    while (cleat_val_next(list, &it)) {
        s->total += cleat_eqc(str_at(it.val, CLEAT_PATH("restartPolicy")), "Always");
    }
}

/* True where an init container keeps the pod from starting; the reason says how. */
static bool summarize_init(struct summary *s, const cleat_obj *pod) {
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(pod, CLEAT_PATH("status", "initContainerStatuses"));
    size_t all = cleat_val_count(cleat_obj_at(pod, CLEAT_PATH("spec", "initContainers")));
    while (cleat_val_next(list, &it)) {
        struct cleat_val spec = spec_of_init(pod, str_at(it.val, CLEAT_PATH("name")));
        bool sidecar = cleat_eqc(str_at(spec, CLEAT_PATH("restartPolicy")), "Always");
        struct cleat_val terminated = cleat_val_at(it.val, CLEAT_PATH("state", "terminated"));
        struct cleat_str waiting = str_at(it.val, CLEAT_PATH("state", "waiting", "reason"));
        count_restarts(s, it.val);
        if (sidecar) {
            count_sidecar(s, it.val);
        }
        if (cleat_val_type(terminated) == CLEAT_OBJECT &&
            int_at(terminated, CLEAT_PATH("exitCode")) == 0) {
            continue;
        }
        if (sidecar && cleat_val_bool(cleat_val_get(it.val, "started"), 0)) {
            s->ready += cleat_val_bool(cleat_val_get(it.val, "ready"), 0);
            continue;
        }
        if (cleat_val_type(terminated) == CLEAT_OBJECT) {
            struct cleat_str reason = str_at(terminated, CLEAT_PATH("reason"));
            if (reason.n > 0) {
                set_reason(s, "Init:%.*s", CLEAT_FMT(reason));
            } else {
                set_exit(s, "Init:", terminated);
            }
        } else if (waiting.n > 0 && !cleat_eqc(waiting, "PodInitializing")) {
            set_reason(s, "Init:%.*s", CLEAT_FMT(waiting));
        } else {
            set_reason(s, "Init:%u/%zu", it.index, all);
        }
        return true;
    }
    return false;
}

static bool has_ready_condition(const cleat_obj *pod) {
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(pod, CLEAT_PATH("status", "conditions"));
    while (cleat_val_next(list, &it)) {
        if (cleat_eqc(str_at(it.val, CLEAT_PATH("type")), "Ready") &&
            cleat_eqc(str_at(it.val, CLEAT_PATH("status")), "True")) {
            return true;
        }
    }
    return false;
}

static void summarize_container(struct summary *s, struct cleat_val status, bool *running) {
    struct cleat_val terminated = cleat_val_at(status, CLEAT_PATH("state", "terminated"));
    struct cleat_str waiting = str_at(status, CLEAT_PATH("state", "waiting", "reason"));
    count_restarts(s, status);
    if (waiting.n > 0) {
        set_reason(s, "%.*s", CLEAT_FMT(waiting));
    } else if (cleat_val_type(terminated) == CLEAT_OBJECT) {
        struct cleat_str reason = str_at(terminated, CLEAT_PATH("reason"));
        if (reason.n > 0) {
            set_reason(s, "%.*s", CLEAT_FMT(reason));
        } else {
            set_exit(s, "", terminated);
        }
    } else if (cleat_val_bool(cleat_val_get(status, "ready"), 0) &&
               cleat_val_type(cleat_val_at(status, CLEAT_PATH("state", "running"))) ==
                   CLEAT_OBJECT) {
        *running = true;
        s->ready++;
    }
}

static void summarize_containers(struct summary *s, const cleat_obj *pod) {
    struct cleat_val list = cleat_obj_at(pod, CLEAT_PATH("status", "containerStatuses"));
    bool running = false;
    for (size_t i = cleat_val_count(list); i > 0; i--) { /* the first one has the last word */
        summarize_container(s, cleat_val_elem(list, i - 1), &running);
    }
    if (s->reason.n > 0 && strcmp(s->reason.p, "Completed") == 0 && running) {
        set_reason(s, "%s", has_ready_condition(pod) ? "Running" : "NotReady");
    }
}

static void summarize(struct summary *s, const cleat_obj *pod) {
    struct cleat_val root = cleat_obj_root(pod);
    struct cleat_str phase = str_at(root, CLEAT_PATH("status", "phase"));
    struct cleat_str reason = str_at(root, CLEAT_PATH("status", "reason"));
    memset(s, 0, sizeof *s);
    s->total = (int64_t)cleat_val_count(cleat_obj_at(pod, CLEAT_PATH("spec", "containers")));
    count_sidecars(s, pod);
    set_reason(s, "%.*s", CLEAT_FMT(reason.n > 0 ? reason : phase));
    struct cleat_iter it = {0};
    struct cleat_val conditions = cleat_obj_at(pod, CLEAT_PATH("status", "conditions"));
    while (cleat_val_next(conditions, &it)) {
        if (cleat_eqc(str_at(it.val, CLEAT_PATH("type")), "PodScheduled") &&
            cleat_eqc(str_at(it.val, CLEAT_PATH("reason")), "SchedulingGated")) {
            set_reason(s, "SchedulingGated");
        }
    }
    if (!summarize_init(s, pod)) {
        s->restarts = s->sidecar_restarts;
        s->last_restart = s->sidecar_last;
        summarize_containers(s, pod);
    }
    if (!cleat_is_terminating(pod)) {
        return;
    }
    if (cleat_eqc(reason, "NodeLost")) {
        set_reason(s, "Unknown");
    } else if (!cleat_eqc(phase, "Failed") && !cleat_eqc(phase, "Succeeded")) {
        set_reason(s, "Terminating");
    }
}

static void pod_ready(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct summary s;
    summarize(&s, o);
    cleat_buf_printf(out, "\"%lld/%lld\"", (long long)s.ready, (long long)s.total);
    cleat_buf_done(&s.reason);
}

static void pod_status(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct summary s;
    summarize(&s, o);
    cleat_buf_printf(out, "\"%s\"", s.reason.n > 0 ? s.reason.p : "");
    cleat_buf_done(&s.reason);
}

static void pod_restarts(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    struct summary s;
    char ago[32];
    summarize(&s, o);
    cleat_buf_printf(out, "\"%lld", (long long)s.restarts);
    if (s.restarts > 0 && s.last_restart > 0) {
        cleat_duration_human(now - s.last_restart, ago);
        cleat_buf_printf(out, " (%s ago)", ago);
    }
    cleat_buf_putc(out, '"');
    cleat_buf_done(&s.reason);
}

static void pod_ip(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val first =
        cleat_val_at(cleat_obj_root(o), CLEAT_PATH("status", "podIPs", "0", "ip"));
    if (cleat_val_str(first).n > 0) {
        cleat_buf_str(out, cleat_val_raw(first));
        return;
    }
    cleat_cell_str(o, CLEAT_PATH("status", "podIP"), "<none>", out);
}

static void pod_node(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("spec", "nodeName"), "<none>", out);
}

static void pod_nominated(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("status", "nominatedNodeName"), "<none>", out);
}

static bool condition_true(const cleat_obj *pod, struct cleat_str type) {
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(pod, CLEAT_PATH("status", "conditions"));
    while (cleat_val_next(list, &it)) {
        if (cleat_eq(str_at(it.val, CLEAT_PATH("type")), type)) {
            return cleat_eqc(str_at(it.val, CLEAT_PATH("status")), "True");
        }
    }
    return false;
}

static void pod_gates(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_iter it = {0};
    struct cleat_val gates = cleat_obj_at(o, CLEAT_PATH("spec", "readinessGates"));
    size_t n = cleat_val_count(gates), passed = 0;
    while (cleat_val_next(gates, &it)) {
        passed += condition_true(o, str_at(it.val, CLEAT_PATH("conditionType")));
    }
    if (n == 0) {
        cleat_buf_puts(out, "\"<none>\"");
    } else {
        cleat_buf_printf(out, "\"%zu/%zu\"", passed, n);
    }
}

const struct cleat_column cleat_columns_pod[] = {
    {.name = "Ready",
     .type = "string",
     .description = "The aggregate readiness state of this pod for accepting traffic.",
     .cell = pod_ready},
    {.name = "Status",
     .type = "string",
     .description = "The aggregate status of the containers in this pod.",
     .cell = pod_status},
    {.name = "Restarts",
     .type = "string",
     .description = "The number of times the containers in this pod have been restarted and when "
                    "the last container in this pod has restarted.",
     .cell = pod_restarts},
    CLEAT_COLUMN_AGE,
    {.name = "IP",
     .type = "string",
     .priority = 1,
     .description = "IP address allocated to the pod.",
     .cell = pod_ip},
    {.name = "Node",
     .type = "string",
     .priority = 1,
     .description = "The node that this pod is bound to.",
     .cell = pod_node},
    {.name = "Nominated Node",
     .type = "string",
     .priority = 1,
     .description = "The node that the pod will go to once others have left it.",
     .cell = pod_nominated},
    {.name = "Readiness Gates",
     .type = "string",
     .priority = 1,
     .description = "The readiness gates that have passed, of all.",
     .cell = pod_gates},
    CLEAT_COLUMN_END};
