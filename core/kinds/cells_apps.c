/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of apps, batch, autoscaling, policy and of what makes pods. Pure; any thread. */
#include "core/kinds/cells.h"

static int64_t int_at(const cleat_obj *o, const char *part, const char *member) {
    int64_t n = 0;
    cleat_val_int(cleat_obj_at(o, CLEAT_PATH(part, member)), &n);
    return n;
}

#define CELL_INT(fn, part, member)                                                                 \
    static void fn(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {                    \
        (void)now;                                                                                 \
        cleat_buf_printf(out, "%lld", (long long)int_at(o, part, member));                         \
    }
CELL_INT(desired, "spec", "replicas")
CELL_INT(current, "status", "replicas")
CELL_INT(ready, "status", "readyReplicas")
CELL_INT(updated, "status", "updatedReplicas")
CELL_INT(available, "status", "availableReplicas")

/* "2/3": ready of desired. */
static void ready_of(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_buf_printf(out, "\"%lld/%lld\"", (long long)int_at(o, "status", "readyReplicas"),
                     (long long)int_at(o, "spec", "replicas"));
}

/* ---- what is in the template ---- */

static void join_containers(struct cleat_val spec, const char *member, struct cleat_buf *out) {
    struct cleat_joined j = {.n = 0};
    struct cleat_iter it = {0};
    struct cleat_val containers = cleat_val_get(spec, "containers");
    while (cleat_val_next(containers, &it)) {
        cleat_joined_add(&j, cleat_val_str(cleat_val_get(it.val, member)));
    }
    cleat_joined_end(&j, "", out);
}

#define CELL_CONTAINERS(fn, member, ...)                                                           \
    static void fn(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {                    \
        (void)now;                                                                                 \
        join_containers(cleat_obj_at(o, CLEAT_PATH(__VA_ARGS__)), member, out);                    \
    }
CELL_CONTAINERS(names, "name", "spec", "template", "spec")
CELL_CONTAINERS(images, "image", "spec", "template", "spec")
CELL_CONTAINERS(cron_names, "name", "spec", "jobTemplate", "spec", "template", "spec")
CELL_CONTAINERS(cron_images, "image", "spec", "jobTemplate", "spec", "template", "spec")
CELL_CONTAINERS(template_names, "name", "template", "spec")
CELL_CONTAINERS(template_images, "image", "template", "spec")

#define CELL_SELECTOR(fn, plain, ...)                                                              \
    static void fn(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {                    \
        (void)now;                                                                                 \
        cleat_cell_selector(cleat_obj_at(o, CLEAT_PATH(__VA_ARGS__)), plain, out);                 \
    }
CELL_SELECTOR(selector, false, "spec", "selector")
CELL_SELECTOR(rc_selector, true, "spec", "selector")
CELL_SELECTOR(cron_selector, false, "spec", "jobTemplate", "spec", "selector")
CELL_SELECTOR(node_selector, true, "spec", "template", "spec", "nodeSelector")
CELL_SELECTOR(template_labels, true, "template", "metadata", "labels")

#define WIDE_TEMPLATE(names_fn, images_fn)                                                         \
    CLEAT_COLUMN_WIDE("Containers", "string", "Names of each container in the template.",          \
                      names_fn),                                                                   \
        CLEAT_COLUMN_WIDE("Images", "string",                                                      \
                          "Images referenced by each container in the "                            \
                          "template.",                                                             \
                          images_fn)

/* clang-format off */
const struct cleat_column cleat_columns_deployment[] = {
    CLEAT_COLUMN("Ready", "string", "Number of the pod with ready state", ready_of),
    CLEAT_COLUMN("Up-to-date", "string", "Pods of the newest template.", updated),
    CLEAT_COLUMN("Available", "string", "Pods that have been ready for long enough.", available),
    CLEAT_COLUMN_AGE,
    WIDE_TEMPLATE(names, images),
    CLEAT_COLUMN_WIDE("Selector", "string", "Labels of the pods that count.", selector),
    CLEAT_COLUMN_END};

#define REPLICA_COLUMNS(selector_fn)                                                               \
    CLEAT_COLUMN("Desired", "integer", "Pods that are wanted.", desired),                          \
    CLEAT_COLUMN("Current", "integer", "Pods that there are.", current),                           \
    CLEAT_COLUMN("Ready", "integer", "Pods that are ready.", ready),                               \
    CLEAT_COLUMN_AGE,                                                                              \
    WIDE_TEMPLATE(names, images),                                                                  \
    CLEAT_COLUMN_WIDE("Selector", "string", "Labels of the pods that count.", selector_fn),        \
    CLEAT_COLUMN_END
const struct cleat_column cleat_columns_replicaset[] = {REPLICA_COLUMNS(selector)};
const struct cleat_column cleat_columns_replicationcontroller[] = {REPLICA_COLUMNS(rc_selector)};

const struct cleat_column cleat_columns_statefulset[] = {
    CLEAT_COLUMN("Ready", "string", "Number of the pod with ready state", ready_of),
    CLEAT_COLUMN_AGE,
    WIDE_TEMPLATE(names, images),
    CLEAT_COLUMN_END};
/* clang-format on */

CELL_INT(ds_desired, "status", "desiredNumberScheduled")
CELL_INT(ds_current, "status", "currentNumberScheduled")
CELL_INT(ds_ready, "status", "numberReady")
CELL_INT(ds_updated, "status", "updatedNumberScheduled")
CELL_INT(ds_available, "status", "numberAvailable")

const struct cleat_column cleat_columns_daemonset[] = {
    CLEAT_COLUMN("Desired", "integer", "Nodes that should run the pod.", ds_desired),
    CLEAT_COLUMN("Current", "integer", "Nodes that run the pod and should.", ds_current),
    CLEAT_COLUMN("Ready", "integer", "Nodes whose pod is ready.", ds_ready),
    CLEAT_COLUMN("Up-to-date", "integer", "Nodes that run the newest pod.", ds_updated),
    CLEAT_COLUMN("Available", "integer", "Nodes whose pod is available.", ds_available),
    CLEAT_COLUMN("Node Selector", "string", "Labels of the nodes.", node_selector),
    CLEAT_COLUMN_AGE,
    WIDE_TEMPLATE(names, images),
    CLEAT_COLUMN_WIDE("Selector", "string", "Labels of the pods that count.", selector),
    CLEAT_COLUMN_END};

CELL_INT(revision, "revision", NULL)

/* "kind.group/name" of the owner that controls it. */
static void controller(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_iter it = {0};
    struct cleat_val owners = cleat_obj_at(o, CLEAT_PATH("metadata", "ownerReferences"));
    while (cleat_val_next(owners, &it)) {
        if (!cleat_val_bool(cleat_val_get(it.val, "controller"), 0)) {
            continue;
        }
        CLEAT_AUTO_FREE char *kind = cleat_strndup(cleat_val_str(cleat_val_get(it.val, "kind")));
        struct cleat_str api = cleat_val_str(cleat_val_get(it.val, "apiVersion"));
        const char *slash = api.n > 0 ? memchr(api.p, '/', api.n) : NULL;
        int group = slash != NULL ? (int)(slash - api.p) : 0;
        for (char *p = kind; *p != '\0'; p++) {
            *p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        }
        cleat_buf_printf(out, "\"%s%s%.*s/%.*s\"", kind, group > 0 ? "." : "", group, api.p,
                         CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "name"))));
        return;
    }
    cleat_buf_puts(out, "\"<none>\"");
}

const struct cleat_column cleat_columns_controllerrevision[] = {
    CLEAT_COLUMN("Controller", "string", "Controller of the object", controller),
    CLEAT_COLUMN("Revision", "integer", "Number of the state.", revision), CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

const struct cleat_column cleat_columns_podtemplate[] = {
    CLEAT_COLUMN("Containers", "string", "Names of each container in the template.",
                 template_names),
    CLEAT_COLUMN("Images", "string", "Images referenced by each container in the template.",
                 template_images),
    CLEAT_COLUMN("Pod Labels", "string", "The labels for the pod template.", template_labels),
    CLEAT_COLUMN_END};

/* ---- batch ---- */

static bool has_condition(const cleat_obj *o, const char *type) {
    struct cleat_iter it = {0};
    struct cleat_val conditions = cleat_obj_at(o, CLEAT_PATH("status", "conditions"));
    while (cleat_val_next(conditions, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), type)) {
            return cleat_eqc(cleat_val_str(cleat_val_get(it.val, "status")), "True");
        }
    }
    return false;
}

static void job_status(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    static const char *const after[] = {"Suspended", "FailureTarget", "SuccessCriteriaMet"};
    const char *status = has_condition(o, "Complete") ? "Complete"
                         : has_condition(o, "Failed") ? "Failed"
                         : cleat_is_terminating(o)    ? "Terminating"
                                                      : NULL;
    for (size_t i = 0; status == NULL && i < sizeof after / sizeof *after; i++) {
        status = has_condition(o, after[i]) ? after[i] : NULL;
    }
    cleat_buf_printf(out, "\"%s\"", status != NULL ? status : "Running");
}

static void job_completions(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    int64_t wanted = 0, parallel = int_at(o, "spec", "parallelism");
    long long done = int_at(o, "status", "succeeded");
    if (cleat_val_int(cleat_obj_at(o, CLEAT_PATH("spec", "completions")), &wanted)) {
        cleat_buf_printf(out, "\"%lld/%lld\"", done, (long long)wanted);
    } else if (parallel > 1) {
        cleat_buf_printf(out, "\"%lld/1 of %lld\"", done, (long long)parallel);
    } else {
        cleat_buf_printf(out, "\"%lld/1\"", done);
    }
}

static void job_duration(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    cleat_time start, end = now;
    char text[32];
    if (cleat_time_parse(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("status", "startTime"))),
                         &start) != CLEAT_OK) {
        cleat_buf_puts(out, "\"\"");
        return;
    }
    struct cleat_val completed = cleat_obj_at(o, CLEAT_PATH("status", "completionTime"));
    if (cleat_time_parse(cleat_val_str(completed), &end) != CLEAT_OK) {
        end = now;
    }
    cleat_duration_human(end - start, text);
    cleat_buf_printf(out, "\"%s\"", text);
}

const struct cleat_column cleat_columns_job[] = {
    CLEAT_COLUMN("Status", "string", "Status of the job.", job_status),
    CLEAT_COLUMN("Completions", "string", "Pods that have succeeded, and that shall.",
                 job_completions),
    CLEAT_COLUMN("Duration", "string", "Time required to complete the job.", job_duration),
    CLEAT_COLUMN_AGE,
    WIDE_TEMPLATE(names, images),
    CLEAT_COLUMN_WIDE("Selector", "string", "Labels of the pods that count.", selector),
    CLEAT_COLUMN_END};

CLEAT_CELL(cron_schedule, "", "spec", "schedule")
CLEAT_CELL(cron_zone, "<none>", "spec", "timeZone")

static void cron_suspend(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    bool yes = cleat_val_bool(cleat_obj_at(o, CLEAT_PATH("spec", "suspend")), 0);
    cleat_buf_puts(out, yes ? "\"True\"" : "\"False\"");
}

static void cron_active(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_buf_printf(out, "%zu", cleat_val_count(cleat_obj_at(o, CLEAT_PATH("status", "active"))));
}

static void cron_last(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    struct cleat_val last = cleat_obj_at(o, CLEAT_PATH("status", "lastScheduleTime"));
    if (cleat_val_type(last) <= CLEAT_NULL) {
        cleat_buf_puts(out, "\"<none>\"");
    } else {
        cleat_cell_since(last, now, out);
    }
}

const struct cleat_column cleat_columns_cronjob[] = {
    CLEAT_COLUMN("Schedule", "string", "When it starts jobs.", cron_schedule),
    CLEAT_COLUMN("Timezone", "string", "The time zone of the schedule.", cron_zone),
    CLEAT_COLUMN("Suspend", "boolean", "Whether it starts nothing for now.", cron_suspend),
    CLEAT_COLUMN("Active", "integer", "Jobs that run.", cron_active),
    CLEAT_COLUMN("Last Schedule", "string", "When it last started one.", cron_last),
    CLEAT_COLUMN_AGE,
    WIDE_TEMPLATE(cron_names, cron_images),
    CLEAT_COLUMN_WIDE("Selector", "string", "Labels of the pods that count.", cron_selector),
    CLEAT_COLUMN_END};

/* ---- autoscaling ---- */

static void hpa_reference(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val ref = cleat_obj_at(o, CLEAT_PATH("spec", "scaleTargetRef"));
    cleat_buf_printf(out, "\"%.*s/%.*s\"", CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "kind"))),
                     CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "name"))));
}

/* The part of a metric that its type names: "Resource" -> resource. */
static struct cleat_val metric_source(struct cleat_val metric) {
    static const char *const types[][2] = {{"Resource", "resource"},
                                           {"ContainerResource", "containerResource"},
                                           {"Pods", "pods"},
                                           {"Object", "object"},
                                           {"External", "external"}};
    struct cleat_str type = cleat_val_str(cleat_val_get(metric, "type"));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (cleat_eqc(type, types[i][0])) {
            return cleat_val_get(metric, types[i][1]);
        }
    }
    return (struct cleat_val){0};
}

/* "80%", "10", "10 (avg)" of a target or of what was measured. */
static void add_value(struct cleat_buf *b, struct cleat_val v) {
    int64_t percent;
    struct cleat_str average = cleat_val_str(cleat_val_get(v, "averageValue"));
    struct cleat_str value = cleat_val_str(cleat_val_get(v, "value"));
    if (cleat_val_int(cleat_val_get(v, "averageUtilization"), &percent)) {
        cleat_buf_printf(b, "%lld%%", (long long)percent);
    } else if (average.n > 0 || value.n > 0) {
        cleat_buf_str(b, average.n > 0 ? average : value);
    } else {
        cleat_buf_puts(b, "<unknown>");
    }
}

/* autoscaling/v1 has a field for cpu. */
static bool add_cpu(const cleat_obj *o, struct cleat_buf *out) {
    int64_t target, current;
    cleat_path path = CLEAT_PATH("status", "currentCPUUtilizationPercentage");
    if (!cleat_val_int(cleat_obj_at(o, CLEAT_PATH("spec", "targetCPUUtilizationPercentage")),
                       &target)) {
        return false;
    }
    if (cleat_val_int(cleat_obj_at(o, path), &current)) {
        cleat_buf_printf(out, "\"cpu: %lld%%/%lld%%\"", (long long)current, (long long)target);
    } else {
        cleat_buf_printf(out, "\"cpu: <unknown>/%lld%%\"", (long long)target);
    }
    return true;
}

static void hpa_targets(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    if (add_cpu(o, out)) {
        return;
    }
    struct cleat_val metrics = cleat_obj_at(o, CLEAT_PATH("spec", "metrics"));
    struct cleat_val measured = cleat_obj_at(o, CLEAT_PATH("status", "currentMetrics"));
    struct cleat_iter it = {0};
    CLEAT_AUTO_BUF b = {0};
    size_t n = cleat_val_count(metrics);
    while (cleat_val_next(metrics, &it) && it.index < 2) {
        struct cleat_val source = metric_source(it.val), target = cleat_val_get(source, "target");
        struct cleat_val now_val = metric_source(cleat_val_elem(measured, it.index));
        struct cleat_str name = cleat_val_str(cleat_val_get(source, "name"));
        cleat_buf_puts(&b, it.index > 0 ? ", " : "");
        if (name.n > 0) { /* of a resource */
            cleat_buf_printf(&b, "%.*s: ", CLEAT_FMT(name));
        }
        add_value(&b, cleat_val_get(now_val, "current"));
        cleat_buf_putc(&b, '/');
        add_value(&b, target);
        if (name.n == 0 && !cleat_val_present(cleat_val_get(it.val, "pods")) &&
            cleat_val_str(cleat_val_get(target, "averageValue")).n > 0) {
            cleat_buf_puts(&b, " (avg)");
        }
    }
    if (n > 2) {
        cleat_buf_printf(&b, " + %zu more...", n - 2);
    }
    cleat_buf_printf(out, "\"%s\"", n > 0 ? b.p : "<none>");
}

static void hpa_min(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    int64_t n;
    (void)now;
    if (cleat_val_int(cleat_obj_at(o, CLEAT_PATH("spec", "minReplicas")), &n)) {
        cleat_buf_printf(out, "\"%lld\"", (long long)n);
    } else {
        cleat_buf_puts(out, "\"<unset>\"");
    }
}

CELL_INT(hpa_max, "spec", "maxReplicas")
CELL_INT(hpa_replicas, "status", "currentReplicas")

const struct cleat_column cleat_columns_hpa[] = {
    CLEAT_COLUMN("Reference", "string", "What is scaled.", hpa_reference),
    CLEAT_COLUMN("Targets", "string", "What was measured, and what is aimed at.", hpa_targets),
    CLEAT_COLUMN("MinPods", "string", "The fewest pods.", hpa_min),
    CLEAT_COLUMN("MaxPods", "string", "The most pods.", hpa_max),
    CLEAT_COLUMN("Replicas", "string", "Pods that there are.", hpa_replicas),
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

/* ---- policy ---- */

static void int_or_string(const cleat_obj *o, const char *member, struct cleat_buf *out) {
    struct cleat_val v = cleat_obj_at(o, CLEAT_PATH("spec", member));
    struct cleat_str text = cleat_val_type(v) == CLEAT_STRING ? cleat_val_str(v) : cleat_val_raw(v);
    cleat_buf_printf(out, "\"%.*s\"", CLEAT_FMT(cleat_val_present(v) ? text : CLEAT_STR("N/A")));
}

static void pdb_min(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    int_or_string(o, "minAvailable", out);
}

static void pdb_max(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    int_or_string(o, "maxUnavailable", out);
}

CELL_INT(pdb_allowed, "status", "disruptionsAllowed")

const struct cleat_column cleat_columns_pdb[] = {
    CLEAT_COLUMN("Min Available", "string", "The minimum number of pods that must be available.",
                 pdb_min),
    CLEAT_COLUMN("Max Unavailable", "string", "The maximum number of pods that may be unavailable.",
                 pdb_max),
    CLEAT_COLUMN("Allowed Disruptions", "integer",
                 "Calculated number of pods that may be disrupted at this time.", pdb_allowed),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};
