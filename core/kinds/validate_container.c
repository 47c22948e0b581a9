/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers of a pod: names, images, ports, variables, mounts, probes, resources,
 * with upstream's messages (pkg/apis/core/validation). Pure; any thread.
 */
#include "core/kinds/podspec.h"

static bool is_first(struct cleat_val list, uint32_t index, const char *member,
                     struct cleat_str value) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it) && it.index < index) {
        if (cleat_eq(cleat_str_at(it.val, member), value)) {
            return false;
        }
    }
    return true;
}

/* ---- ports and variables ---- */

static void check_ports(struct cleat_check *c, struct cleat_val container) {
    static const char *const protocols[] = {"TCP", "UDP", "SCTP", NULL};
    struct cleat_val ports = cleat_val_get(container, "ports");
    struct cleat_iter it = {0};
    size_t list = cleat_check_in(c, "ports");
    while (cleat_val_next(ports, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_str name = cleat_str_at(it.val, "name");
        const char *bad = name.n > 0 ? cleat_bad_port_name(name) : NULL;
        if (bad != NULL) {
            cleat_check_invalid(c, "name", cleat_val_get(it.val, "name"), bad);
        } else if (name.n > 0 && !is_first(ports, it.index, "name", name)) {
            cleat_check_duplicate(c, "name", cleat_val_get(it.val, "name"));
        }
        int64_t host = 0;
        if (!cleat_val_present(cleat_val_get(it.val, "containerPort"))) {
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

static const char *bad_variable(struct cleat_str s) {
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < 0x20 || s.p[i] > 0x7e || s.p[i] == '=') {
            return "a valid environment variable name must consist only of printable ASCII "
                   "characters other than '='";
        }
    }
    return NULL;
}

static void check_env(struct cleat_check *c, struct cleat_val container) {
    static const char *const sources[] = {"fieldRef", "resourceFieldRef", "configMapKeyRef",
                                          "secretKeyRef", "fileKeyRef"};
    struct cleat_iter it = {0};
    struct cleat_val env = cleat_val_get(container, "env");
    size_t list = cleat_check_in(c, "env");
    while (cleat_val_next(env, &it)) {
        size_t elem = cleat_check_elem(c, it.index), n = 0;
        struct cleat_val from = cleat_val_get(it.val, "valueFrom");
        cleat_check_named(c, it.val, "name", bad_variable, true);
        for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
            n += !cleat_absent(cleat_val_get(from, sources[i]));
        }
        if (!cleat_absent(from) && n == 0) {
            cleat_check_fail(c, "valueFrom", "FieldValueInvalid",
                             "\"\": must specify one of: `fieldRef`, `resourceFieldRef`, "
                             "`configMapKeyRef` or `secretKeyRef`");
        } else if (n > 0 && cleat_str_at(it.val, "value").n > 0) {
            cleat_check_fail(c, "valueFrom", "FieldValueInvalid",
                             "\"\": may not be specified when `value` is not empty");
        } else if (n > 1) {
            cleat_check_fail(c, "valueFrom", "FieldValueInvalid",
                             "\"\": may not have more than one field specified at a time");
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

/* ---- mounts ---- */

static void check_mounts(struct cleat_check *c, struct cleat_val spec, struct cleat_val container) {
    struct cleat_val mounts = cleat_val_get(container, "volumeMounts");
    struct cleat_val volumes = cleat_val_get(spec, "volumes");
    struct cleat_iter it = {0};
    size_t list = cleat_check_in(c, "volumeMounts");
    while (cleat_val_next(mounts, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_str name = cleat_str_at(it.val, "name");
        struct cleat_val path = cleat_val_get(it.val, "mountPath");
        if (name.n == 0) {
            cleat_check_required(c, "name", "");
        } else if (is_first(volumes, UINT32_MAX, "name", name)) {
            cleat_check_fail(c, "name", "FieldValueNotFound", "\"%.*s\"", CLEAT_FMT(name));
        }
        if (cleat_val_str(path).n == 0) {
            cleat_check_required(c, "mountPath", "");
        } else if (!is_first(mounts, it.index, "mountPath", cleat_val_str(path))) {
            cleat_check_invalid(c, "mountPath", path, "must be unique");
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

/* ---- probes and hooks ---- */

static void check_handler(struct cleat_check *c, struct cleat_val handler,
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
        } else if (strcmp(types[i], "httpGet") == 0 || strcmp(types[i], "tcpSocket") == 0) {
            cleat_check_port_or_name(c, v, "port");
        } else if (strcmp(types[i], "grpc") == 0) {
            cleat_check_port(c, v, "port");
        }
        cleat_check_up(c, place);
    }
    if (n == 0) {
        cleat_check_required(c, NULL, "must specify a handler type");
    }
}

static void check_probe(struct cleat_check *c, struct cleat_val container, const char *member) {
    static const char *const types[] = {"exec", "httpGet", "tcpSocket", "grpc", NULL};
    static const char *const numbers[] = {"initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                                          "successThreshold", "failureThreshold"};
    struct cleat_val probe = cleat_val_get(container, member);
    int64_t n = 1;
    if (cleat_absent(probe)) {
        return;
    }
    size_t place = cleat_check_in(c, member);
    check_handler(c, probe, types);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        cleat_check_nonnegative(c, probe, numbers[i]);
    }
    struct cleat_val success = cleat_val_get(probe, "successThreshold");
    if (strcmp(member, "readinessProbe") != 0 && cleat_val_int(success, &n) && n != 1) {
        cleat_check_invalid(c, "successThreshold", success, "must be 1");
    }
    cleat_check_up(c, place);
}

static void check_lifecycle(struct cleat_check *c, struct cleat_val container) {
    static const char *const types[] = {"exec", "httpGet", "tcpSocket", "sleep", NULL};
    static const char *const hooks[] = {"postStart", "preStop"};
    struct cleat_val lifecycle = cleat_val_get(container, "lifecycle");
    size_t place = cleat_check_in(c, "lifecycle");
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val hook = cleat_val_get(lifecycle, hooks[i]);
        if (!cleat_absent(hook)) {
            size_t at = cleat_check_in(c, hooks[i]);
            check_handler(c, hook, types);
            cleat_check_up(c, at);
        }
    }
    cleat_check_up(c, place);
}

/* ---- resources ---- */

static void check_resources(struct cleat_check *c, struct cleat_val container) {
    static const char *const lists[] = {"limits", "requests"};
    struct cleat_val resources = cleat_val_get(container, "resources");
    struct cleat_val limits = cleat_val_get(resources, "limits");
    struct cleat_val requests = cleat_val_get(resources, "requests");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "resources");
    int errors = c->v->n;
    for (size_t i = 0; i < 2; i++) {
        size_t at = cleat_check_in(c, lists[i]);
        cleat_validate_quantities(c->v, cleat_val_get(resources, lists[i]), c->path.p);
        cleat_check_up(c, at);
    }
    while (c->v->n == errors && cleat_val_type(requests) == CLEAT_OBJECT &&
           cleat_val_next(requests, &it)) {
        struct cleat_val limit = cleat_val_get_s(limits, it.key);
        struct cleat_str most = cleat_quantity_of(limit), least = cleat_quantity_of(it.val);
        if (cleat_val_present(limit) && cleat_quantity_order(least, most) > 0) {
            CLEAT_AUTO_FREE char *why =
                cleat_sprintf("must be less than or equal to %.*s limit of %.*s", CLEAT_FMT(it.key),
                              CLEAT_FMT(most));
            cleat_check_invalid(c, "requests", it.val, why);
        }
    }
    cleat_check_up(c, place);
}

/* ---- containers ---- */

static void check_container(struct cleat_check *c, struct cleat_val spec, struct cleat_val v) {
    static const char *const pull[] = {"Always", "IfNotPresent", "Never", NULL};
    static const char *const message[] = {"File", "FallbackToLogsOnError", NULL};
    struct cleat_val image = cleat_val_get(v, "image");
    struct cleat_str text = cleat_val_str(image);
    cleat_check_named(c, v, "name", cleat_name_dns_label, true);
    if (text.n == 0) {
        cleat_check_required(c, "image", "");
    } else if (text.p[0] == ' ' || text.p[text.n - 1] == ' ') {
        cleat_check_invalid(c, "image", image, "must not have leading or trailing whitespace");
    }
    check_ports(c, v);
    check_env(c, v);
    check_mounts(c, spec, v);
    check_probe(c, v, "livenessProbe");
    check_probe(c, v, "readinessProbe");
    check_probe(c, v, "startupProbe");
    check_lifecycle(c, v);
    cleat_check_one_of(c, v, "imagePullPolicy", pull, false);
    cleat_check_one_of(c, v, "terminationMessagePolicy", message, false);
    check_resources(c, v);
}

void cleat_check_containers(struct cleat_check *c, struct cleat_val spec, const char *list) {
    static const char *const others[] = {"containers", "initContainers"};
    struct cleat_val containers = cleat_val_get(spec, list);
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, list);
    while (cleat_val_next(containers, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_str name = cleat_str_at(it.val, "name");
        bool first = is_first(containers, it.index, "name", name);
        for (size_t i = 0; strcmp(list, "containers") != 0 && i < 2; i++) {
            struct cleat_val other = cleat_val_get(spec, others[i]);
            first = first &&
                    (strcmp(list, others[i]) == 0 || is_first(other, UINT32_MAX, "name", name));
        }
        check_container(c, spec, it.val);
        if (name.n > 0 && !first) {
            cleat_check_duplicate(c, "name", cleat_val_get(it.val, "name"));
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}
