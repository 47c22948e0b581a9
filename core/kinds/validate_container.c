/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers of a pod, of each sort: names, images, ports, probes and hooks, with
 * upstream's messages (pkg/apis/core/validation). What they get from elsewhere is
 * in validate_env.c. Pure; any thread.
 */
#include "core/kinds/podparts.h"
#include "core/kinds/podspec.h"

/* ---- ports ---- */

static void check_ports(struct cleat_check *c, struct cleat_val container) {
    static const char *const protocols[] = {"SCTP", "TCP", "UDP", NULL};
    struct cleat_val ports = cleat_val_get(container, "ports");
    struct cleat_iter it = {0};
    size_t list = cleat_check_in(c, "ports");
    while (cleat_val_next(ports, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_str name = cleat_str_at(it.val, "name");
        const char *bad = name.n > 0 ? cleat_bad_port_name(name) : NULL;
        if (bad != NULL) {
            cleat_check_invalid(c, "name", cleat_val_get(it.val, "name"), bad);
        } else if (name.n > 0 && !cleat_check_is_first(ports, it.index, "name", name)) {
            cleat_check_duplicate(c, "name", cleat_val_get(it.val, "name"));
        }
        int64_t port = 0, host = 0;
        cleat_val_int(cleat_val_get(it.val, "containerPort"), &port);
        if (port == 0) {
            cleat_check_required(c, "containerPort", "");
        } else {
            cleat_check_port(c, it.val, "containerPort");
        }
        if (cleat_val_int(cleat_val_get(it.val, "hostPort"), &host) && host != 0) {
            cleat_check_port(c, it.val, "hostPort");
        }
        cleat_check_one_of(c, it.val, "protocol", protocols, true);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

/* "TCP/127.0.0.1/80" of a port on the host; NULL where it is none. Owned. */
static char *host_port(struct cleat_val port) {
    int64_t n = 0;
    cleat_val_int(cleat_val_get(port, "hostPort"), &n);
    return n == 0 ? NULL
                  : cleat_sprintf("%.*s/%.*s/%lld", CLEAT_FMT(cleat_str_at(port, "protocol")),
                                  CLEAT_FMT(cleat_str_at(port, "hostIP")), (long long)n);
}

/* Whether a port on the host stands anywhere before the given place. */
static bool is_taken(struct cleat_val containers, uint32_t container, uint32_t index,
                     const char *text) {
    struct cleat_iter it = {0};
    while (cleat_val_next(containers, &it) && it.index <= container) {
        struct cleat_iter port = {0};
        struct cleat_val ports = cleat_val_get(it.val, "ports");
        while (cleat_val_next(ports, &port) && (it.index < container || port.index < index)) {
            CLEAT_AUTO_FREE char *other = host_port(port.val);
            if (other != NULL && strcmp(other, text) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The check is at the list. */
static void check_host_ports(struct cleat_check *c, struct cleat_val containers) {
    struct cleat_iter it = {0};
    while (cleat_val_next(containers, &it)) {
        struct cleat_iter port = {0};
        struct cleat_val ports = cleat_val_get(it.val, "ports");
        while (cleat_val_next(ports, &port)) {
            CLEAT_AUTO_FREE char *text = host_port(port.val);
            if (text != NULL && is_taken(containers, it.index, port.index, text)) {
                size_t place = cleat_check_elem(c, it.index);
                cleat_check_in(c, "ports");
                cleat_check_elem(c, port.index);
                cleat_check_fail(c, "hostPort", "FieldValueDuplicate", "\"%s\"", text);
                cleat_check_up(c, place);
            }
        }
    }
}

/* ---- probes and hooks ---- */

static void check_http(struct cleat_check *c, struct cleat_val v) {
    static const char *const schemes[] = {"HTTP", "HTTPS", NULL};
    if (cleat_str_at(v, "path").n == 0) {
        cleat_check_required(c, "path", "");
    }
    cleat_check_port_or_name(c, v, "port");
    cleat_check_one_of(c, v, "scheme", schemes, true);
}

static void check_sleep(struct cleat_check *c, struct cleat_val spec, struct cleat_val v) {
    int64_t seconds = 0, grace = 0;
    cleat_val_int(cleat_val_get(v, "seconds"), &seconds);
    if (cleat_val_int(cleat_val_get(spec, "terminationGracePeriodSeconds"), &grace) &&
        (seconds < 0 || seconds > grace)) {
        cleat_check_fail(c, NULL, "FieldValueInvalid",
                         "%lld: must be non-negative and less than terminationGracePeriodSeconds "
                         "(%lld)",
                         (long long)seconds, (long long)grace);
    }
}

static void check_handler(struct cleat_check *c, struct cleat_val spec, struct cleat_val handler,
                          const char *const *types) {
    size_t n = 0;
    for (size_t i = 0; types[i] != NULL; i++) {
        struct cleat_val v = cleat_val_get(handler, types[i]);
        if (cleat_absent(v)) {
            continue;
        }
        if (n++ > 0) {
            cleat_check_forbidden(c, types[i], "may not specify more than 1 handler type");
            continue;
        }
        size_t place = cleat_check_in(c, types[i]);
        if (strcmp(types[i], "exec") == 0 && cleat_val_count(cleat_val_get(v, "command")) == 0) {
            cleat_check_required(c, "command", "");
        } else if (strcmp(types[i], "httpGet") == 0) {
            check_http(c, v);
        } else if (strcmp(types[i], "tcpSocket") == 0) {
            cleat_check_port_or_name(c, v, "port");
        } else if (strcmp(types[i], "grpc") == 0) {
            cleat_check_port(c, v, "port");
        } else if (strcmp(types[i], "sleep") == 0) {
            check_sleep(c, spec, v);
        }
        cleat_check_up(c, place);
    }
    if (n == 0) {
        cleat_check_required(c, NULL, "must specify a handler type");
    }
}

static void check_probe(struct cleat_check *c, struct cleat_val spec, struct cleat_val container,
                        const char *member) {
    static const char *const types[] = {"exec", "httpGet", "tcpSocket", "grpc", NULL};
    static const char *const numbers[] = {"initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                                          "successThreshold", "failureThreshold"};
    struct cleat_val probe = cleat_val_get(container, member);
    bool readiness = strcmp(member, "readinessProbe") == 0;
    int64_t n = 1, grace = 1;
    if (cleat_absent(probe)) {
        return;
    }
    size_t place = cleat_check_in(c, member);
    check_handler(c, spec, probe, types);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        cleat_check_nonnegative(c, probe, numbers[i]);
    }
    struct cleat_val period = cleat_val_get(probe, "terminationGracePeriodSeconds");
    if (cleat_val_int(period, &grace) && grace <= 0) {
        cleat_check_invalid(c, "terminationGracePeriodSeconds", period, "must be greater than 0");
    }
    if (readiness && !cleat_absent(period)) {
        cleat_check_invalid(c, "terminationGracePeriodSeconds", period,
                            "must not be set for readinessProbes");
    }
    struct cleat_val success = cleat_val_get(probe, "successThreshold");
    if (!readiness && cleat_val_int(success, &n) && n != 1) {
        cleat_check_invalid(c, "successThreshold", success, "must be 1");
    }
    cleat_check_up(c, place);
}

static void check_lifecycle(struct cleat_check *c, struct cleat_val spec,
                            struct cleat_val container) {
    static const char *const types[] = {"exec", "httpGet", "tcpSocket", "sleep", NULL};
    static const char *const hooks[] = {"postStart", "preStop"};
    struct cleat_val lifecycle = cleat_val_get(container, "lifecycle");
    size_t place = cleat_check_in(c, "lifecycle");
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val hook = cleat_val_get(lifecycle, hooks[i]);
        if (!cleat_absent(hook)) {
            size_t at = cleat_check_in(c, hooks[i]);
            check_handler(c, spec, hook, types);
            cleat_check_up(c, at);
        }
    }
    cleat_check_up(c, place);
}

static const char *const live[] = {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"};

static void check_live(struct cleat_check *c, struct cleat_val spec, struct cleat_val container) {
    check_lifecycle(c, spec, container);
    for (size_t i = 1; i < sizeof live / sizeof *live; i++) {
        check_probe(c, spec, container, live[i]);
    }
}

/* ---- containers ---- */

static void check_common(struct cleat_check *c, struct cleat_val spec, struct cleat_val v) {
    static const char *const pull[] = {"Always", "IfNotPresent", "Never", NULL};
    static const char *const message[] = {"File", "FallbackToLogsOnError", NULL};
    cleat_check_named(c, v, "name", cleat_name_dns_label, true);
    if (cleat_str_at(v, "image").n == 0) {
        cleat_check_required(c, "image", "");
    }
    cleat_check_one_of(c, v, "terminationMessagePolicy", message, true);
    check_ports(c, v);
    cleat_check_env(c, v);
    cleat_check_mounts(c, spec, v);
    cleat_check_one_of(c, v, "imagePullPolicy", pull, true);
    cleat_check_resources(c, v);
    cleat_check_resize_policy(c, spec, v);
    cleat_check_container_security(c, spec, v);
}

/* Sidecars are probed; other init containers end. */
static void check_init(struct cleat_check *c, struct cleat_val spec, struct cleat_val v) {
    static const char *const policies[] = {"Always", NULL};
    struct cleat_val policy = cleat_val_get(v, "restartPolicy");
    if (!cleat_absent(policy) && !cleat_one_of(cleat_val_str(policy), policies)) {
        cleat_check_unsupported(c, "restartPolicy", policy, policies);
    }
    if (cleat_eqc(cleat_val_str(policy), "Always")) {
        check_live(c, spec, v);
        return;
    }
    for (size_t i = 0; i < sizeof live / sizeof *live; i++) {
        if (!cleat_absent(cleat_val_get(v, live[i]))) {
            cleat_check_forbidden(c, live[i],
                                  "may not be set for init containers without "
                                  "restartPolicy=Always");
        }
    }
}

/* Guests: they look at a pod, and are no part of its work. */
static void check_guest(struct cleat_check *c, struct cleat_val spec, struct cleat_val v) {
    static const char *const never[] = {"ports",          "resources",    "livenessProbe",
                                        "readinessProbe", "startupProbe", "lifecycle",
                                        "resizePolicy",   "restartPolicy"};
    static const char *const paths[] = {"subPath", "subPathExpr"};
    struct cleat_str target = cleat_str_at(v, "targetContainerName");
    if (target.n > 0 &&
        cleat_check_is_first(cleat_val_get(spec, "containers"), UINT32_MAX, "name", target) &&
        cleat_check_is_first(cleat_val_get(spec, "initContainers"), UINT32_MAX, "name", target)) {
        cleat_check_fail(c, "targetContainerName", "FieldValueNotFound", "\"%.*s\"",
                         CLEAT_FMT(target));
    }
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        struct cleat_val m = cleat_val_get(v, never[i]);
        if (cleat_val_count(m) > 0 || cleat_val_str(m).n > 0) {
            cleat_check_forbidden(c, never[i], "cannot be set for an Ephemeral Container");
        }
    }
    struct cleat_iter it = {0};
    struct cleat_val mounts = cleat_val_get(v, "volumeMounts");
    size_t place = cleat_check_in(c, "volumeMounts");
    while (cleat_val_next(mounts, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        for (size_t i = 0; i < 2; i++) {
            if (cleat_str_at(it.val, paths[i]).n > 0) {
                cleat_check_forbidden(c, paths[i], "cannot be set for an Ephemeral Container");
            }
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

/* Each sort with those before it, among which a name must be the first. */
static const struct sort {
    const char *list;
    void (*fn)(struct cleat_check *c, struct cleat_val spec, struct cleat_val v);
} sorts[] = {{"containers", check_live},
             {"initContainers", check_init},
             {"ephemeralContainers", check_guest}};

static bool is_new_name(struct cleat_val spec, size_t sort, uint32_t index, struct cleat_str name) {
    bool first = true;
    for (size_t i = 0; i <= sort; i++) {
        first = first && cleat_check_is_first(cleat_val_get(spec, sorts[i].list),
                                              i == sort ? index : UINT32_MAX, "name", name);
    }
    return first;
}

void cleat_check_containers(struct cleat_check *c, struct cleat_val spec) {
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        struct cleat_val list = cleat_val_get(spec, sorts[i].list);
        struct cleat_iter it = {0};
        size_t place = cleat_check_in(c, sorts[i].list);
        if (i == 0 && cleat_val_count(list) == 0) {
            cleat_check_required(c, NULL, "");
        }
        while (cleat_val_next(list, &it)) {
            size_t elem = cleat_check_elem(c, it.index);
            struct cleat_str name = cleat_str_at(it.val, "name");
            check_common(c, spec, it.val);
            if (name.n > 0 && !is_new_name(spec, i, it.index, name)) {
                cleat_check_duplicate(c, "name", cleat_val_get(it.val, "name"));
            }
            sorts[i].fn(c, spec, it.val);
            if (i == 0 && !cleat_absent(cleat_val_get(it.val, "restartPolicy"))) {
                cleat_check_forbidden(c, "restartPolicy", "may not be set for non-init containers");
            }
            cleat_check_up(c, elem);
        }
        if (i == 0) {
            check_host_ports(c, list);
        }
        cleat_check_up(c, place);
    }
}
