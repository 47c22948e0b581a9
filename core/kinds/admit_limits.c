/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LimitRanger: a namespace's limit ranges give containers what they do not say, and
 * refuse what is too little or too much, in upstream's words.
 */
#include "core/kinds/admit_internal.h"
#include "core/kinds/amounts.h"

static const char *const container_lists[] = {"containers", "initContainers"};

/* Calls fn with each item of each limit range of the namespace. */
static void each_item(cleat_admit *a, struct cleat_str ns, void (*fn)(void *to, struct cleat_val),
                      void *to) {
    const struct cleat_kind *k = cleat_admit_kind(a, "", "limitranges");
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    struct cleat_range range;
    const cleat_obj *o;
    if (cleat_snapshot_count(sn, k->id, ns) == 0) {
        return;
    }
    cleat_range_init(&range, sn, k->id, ns);
    while ((o = cleat_range_next(&range)) != NULL) {
        struct cleat_iter it = {0};
        struct cleat_val limits = cleat_obj_at(o, CLEAT_PATH("spec", "limits"));
        while (cleat_val_next(limits, &it)) {
            fn(to, it.val);
        }
    }
}

/* ---- defaults ---- */

struct defaulting {
    const cleat_obj *pod;
    cleat_edit *e;
    struct cleat_buf note;
    struct cleat_map done; /* "containers/0/requests/cpu": the first limit range wins */
};

/* What the container lacks of `from`, set; the names go to the note. */
static void fill(struct defaulting *d, const char *list, struct cleat_iter *c, const char *what,
                 struct cleat_val from, const char *words) {
    CLEAT_AUTO_FREE char *index = cleat_sprintf("%u", c->index);
    CLEAT_AUTO_BUF names = {0};
    struct cleat_iter it = {0};
    struct cleat_val have = cleat_val_at(c->val, CLEAT_PATH("resources", what));
    while (cleat_val_type(from) == CLEAT_OBJECT && cleat_val_next(from, &it)) {
        CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
        CLEAT_AUTO_FREE char *mark = cleat_sprintf("%s/%s/%s/%s", list, index, what, key);
        if (!cleat_absent(cleat_val_get_s(have, it.key)) ||
            cleat_map_get(&d->done, cleat_s(mark)) != NULL) {
            continue;
        }
        cleat_map_put(&d->done, cleat_s(mark), d);
        cleat_edit_set_val(d->e, CLEAT_PATH("spec", list, index, "resources", what, key), it.val);
        cleat_buf_printf(&names, "%s%s", names.n > 0 ? ", " : "", key);
    }
    if (names.n > 0) {
        cleat_buf_printf(&d->note, "%s%s %s for %s %.*s", d->note.n > 0 ? "; " : "", names.p, words,
                         list[0] == 'i' ? "init container" : "container",
                         CLEAT_FMT(cleat_str_at(c->val, "name")));
    }
}

static void default_from(void *to, struct cleat_val item) {
    struct defaulting *d = to;
    if (!cleat_eqc(cleat_str_at(item, "type"), "Container")) {
        return;
    }
    for (size_t i = 0; i < sizeof container_lists / sizeof *container_lists; i++) {
        struct cleat_iter it = {0};
        struct cleat_val list = cleat_obj_at(d->pod, CLEAT_PATH("spec", container_lists[i]));
        while (cleat_val_next(list, &it)) {
            if (cleat_val_type(it.val) == CLEAT_OBJECT) {
                fill(d, container_lists[i], &it, "requests", cleat_val_get(item, "defaultRequest"),
                     "request");
                fill(d, container_lists[i], &it, "limits", cleat_val_get(item, "default"), "limit");
            }
        }
    }
}

cleat_err cleat_step_limits(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                            const cleat_obj *old) {
    (void)old;
    struct defaulting d = {.pod = *obj, .e = cleat_edit_new(*obj)};
    each_item(a, req->ns, default_from, &d);
    if (d.note.n > 0) {
        CLEAT_AUTO_FREE char *note = cleat_sprintf("LimitRanger plugin set: %s", d.note.p);
        cleat_edit_set_str(d.e, CLEAT_PATH("metadata", "annotations", "kubernetes.io/limit-ranger"),
                           cleat_s(note));
    }
    cleat_map_done(&d.done);
    cleat_buf_done(&d.note);
    return cleat_admit_edit(req, d.e, obj);
}

/* ---- checks ---- */

struct checking {
    const cleat_obj *obj;
    bool claim;
    struct cleat_buf why;
    int n;
};

static void refuse(struct checking *c, char *why) {
    cleat_buf_printf(&c->why, "%s%s", c->n++ > 0 ? ", " : "", why);
    free(why);
}

/* What one limited thing asks for of a resource. */
struct asked {
    struct cleat_amount request, limit;
};

static void check_min(struct checking *c, const char *type, struct cleat_str name,
                      struct cleat_str min, const struct asked *a) {
    if (!a->request.there) {
        refuse(c, cleat_sprintf("minimum %.*s usage per %s is %.*s.  No request is specified",
                                CLEAT_FMT(name), type, CLEAT_FMT(min)));
    } else if (cleat_quantity_order(cleat_s(a->request.text), min) < 0) {
        refuse(c, cleat_sprintf("minimum %.*s usage per %s is %.*s, but request is %s",
                                CLEAT_FMT(name), type, CLEAT_FMT(min), a->request.text));
    } else if (a->limit.there && cleat_quantity_order(cleat_s(a->limit.text), min) < 0) {
        refuse(c, cleat_sprintf("minimum %.*s usage per %s is %.*s, but limit is %s",
                                CLEAT_FMT(name), type, CLEAT_FMT(min), a->limit.text));
    }
}

static void check_max(struct checking *c, const char *type, struct cleat_str name,
                      struct cleat_str max, const struct asked *a) {
    if (c->claim ? !a->request.there : !a->limit.there) {
        refuse(c, cleat_sprintf("maximum %.*s usage per %s is %.*s.  No %s is specified",
                                CLEAT_FMT(name), type, CLEAT_FMT(max),
                                c->claim ? "request" : "limit"));
    } else if (!c->claim && cleat_quantity_order(cleat_s(a->limit.text), max) > 0) {
        refuse(c, cleat_sprintf("maximum %.*s usage per %s is %.*s, but limit is %s",
                                CLEAT_FMT(name), type, CLEAT_FMT(max), a->limit.text));
    } else if (a->request.there && cleat_quantity_order(cleat_s(a->request.text), max) > 0) {
        refuse(c, cleat_sprintf("maximum %.*s usage per %s is %.*s, but request is %s",
                                CLEAT_FMT(name), type, CLEAT_FMT(max), a->request.text));
    }
}

/* Quantities as numbers: a ratio needs no more than that. */
static double as_number(struct cleat_str s) {
    static const struct {
        const char *suffix;
        double factor;
    } suffixes[] = {{"Ki", 1024.0},
                    {"Mi", 1048576.0},
                    {"Gi", 1073741824.0},
                    {"Ti", 1099511627776.0},
                    {"Pi", 1125899906842624.0},
                    {"Ei", 1152921504606846976.0},
                    {"n", 1e-9},
                    {"u", 1e-6},
                    {"m", 1e-3},
                    {"k", 1e3},
                    {"M", 1e6},
                    {"G", 1e9},
                    {"T", 1e12},
                    {"P", 1e15},
                    {"E", 1e18}};
    CLEAT_AUTO_FREE char *text = cleat_strndup(s);
    char *end = NULL;
    double value = strtod(text, &end);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (strcmp(end, suffixes[i].suffix) == 0) {
            return value * suffixes[i].factor;
        }
    }
    return value;
}

static void check_ratio(struct checking *c, const char *type, struct cleat_str name,
                        struct cleat_str max, const struct asked *a) {
    double request = as_number(cleat_amount_str(&a->request));
    double limit = as_number(cleat_amount_str(&a->limit));
    if (!a->request.there || request == 0) {
        refuse(c, cleat_sprintf("%.*s max limit to request ratio per %s is %.*s, but no request is "
                                "specified or request is 0",
                                CLEAT_FMT(name), type, CLEAT_FMT(max)));
    } else if (!a->limit.there || limit == 0) {
        refuse(c, cleat_sprintf("%.*s max limit to request ratio per %s is %.*s, but no limit is "
                                "specified or limit is 0",
                                CLEAT_FMT(name), type, CLEAT_FMT(max)));
    } else if (limit / request > as_number(max)) {
        refuse(c,
               cleat_sprintf("%.*s max limit to request ratio per %s is %.*s, but provided ratio "
                             "is %f",
                             CLEAT_FMT(name), type, CLEAT_FMT(max), limit / request));
    }
}

typedef void (*ask_fn)(struct cleat_val thing, struct cleat_str resource, struct asked *ret);

static void ask_container(struct cleat_val c, struct cleat_str resource, struct asked *ret) {
    static const char *const lists[] = {"requests", "limits"};
    struct cleat_amount *to[] = {&ret->request, &ret->limit};
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val v =
            cleat_val_get_s(cleat_val_at(c, CLEAT_PATH("resources", lists[i])), resource);
        if (!cleat_absent(v)) {
            cleat_amount_add(to[i], cleat_quantity_of(v));
        }
    }
}

static void ask_pod(struct cleat_val spec, struct cleat_str resource, struct asked *ret) {
    cleat_pod_total(spec, "requests", resource, false, &ret->request);
    cleat_pod_total(spec, "limits", resource, false, &ret->limit);
}

static void check_thing(struct checking *c, struct cleat_val item, const char *type,
                        struct cleat_val thing, ask_fn ask) {
    static const struct {
        const char *member;
        void (*check)(struct checking *, const char *, struct cleat_str, struct cleat_str,
                      const struct asked *);
    } rules[] = {{"min", check_min}, {"max", check_max}, {"maxLimitRequestRatio", check_ratio}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct cleat_iter it = {0};
        struct cleat_val map = cleat_val_get(item, rules[i].member);
        while (cleat_val_type(map) == CLEAT_OBJECT && cleat_val_next(map, &it)) {
            struct asked asked;
            ask(thing, it.key, &asked);
            rules[i].check(c, type, it.key, cleat_quantity_of(it.val), &asked);
        }
    }
}

static void check_item(void *to, struct cleat_val item) {
    struct checking *c = to;
    struct cleat_str type = cleat_str_at(item, "type");
    struct cleat_val spec = cleat_obj_at(c->obj, CLEAT_PATH("spec"));
    if (c->claim && cleat_eqc(type, "PersistentVolumeClaim")) {
        /* A claim's resources stand in its spec as a container's in the container. */
        check_thing(c, item, "PersistentVolumeClaim", spec, ask_container);
        return;
    }
    if (!c->claim && cleat_eqc(type, "Pod")) {
        check_thing(c, item, "Pod", spec, ask_pod);
    }
    for (size_t i = 0; !c->claim && cleat_eqc(type, "Container") && i < 2; i++) {
        struct cleat_iter it = {0};
        struct cleat_val list = cleat_val_get(spec, container_lists[i]);
        while (cleat_val_next(list, &it)) {
            check_thing(c, item, "Container", it.val, ask_container);
        }
    }
}

cleat_err cleat_check_limits(cleat_admit *a, cleat_request *req, const cleat_obj *obj,
                             const cleat_obj *old) {
    (void)old;
    struct checking c = {.obj = obj,
                         .claim = strcmp(req->kind->resource, "persistentvolumeclaims") == 0};
    each_item(a, req->ns, check_item, &c);
    if (c.n == 0) {
        return CLEAT_OK;
    }
    char *why = c.n > 1 ? cleat_sprintf("[%s]", c.why.p) : cleat_strdup(c.why.p);
    cleat_buf_done(&c.why);
    return cleat_admit_forbid(req, obj, why);
}
