/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NodeCapacity, a step of our own: a pod that is bound to a Node, by its maker or
 * by a Binding, must fit into what the Node has to give. Kubelets refuse such pods
 * too, but only after they have been placed.
 *
 * What is asked of each Node is a sum kept from the store with a cursor, plus what
 * bindings under way ask: two of them cannot both take the last place. The sums are
 * made when they are first needed. One mutex, held for look-ups and sums.
 */
#include "core/kinds/admit_internal.h"
#include "core/kinds/amounts.h"

enum { READ_AT_ONCE = 256 };

/* Of one Node and one resource. */
struct sum {
    struct sum *next;
    char *resource;
    struct cleat_amount used;
};

/* A binding under way; its pod is in the sums until it is settled. */
struct cleat_node_claim {
    struct cleat_node_claim *next;
    cleat_obj *pod;
    bool published; /* the cursor has brought it: that one is in the sums */
};

struct cleat_capacity {
    pthread_mutex_t lock;   /* guards the rest */
    struct cleat_map nodes; /* struct sum * by Node, lists */
    struct cleat_node_claim *claims;
    cleat_cursor *cursor; /* over pods; NULL = look at all of them first */
};

/* ---- what a pod asks for ---- */

static struct cleat_str node_of(const cleat_obj *pod) {
    return cleat_val_str(cleat_obj_at(pod, CLEAT_PATH("spec", "nodeName")));
}

/* NULL, a pod that is bound nowhere, and one that is over ask for nothing. */
static bool counts(const cleat_obj *pod) {
    if (pod == NULL || node_of(pod).n == 0) {
        return false;
    }
    struct cleat_str phase = cleat_val_str(cleat_obj_at(pod, CLEAT_PATH("status", "phase")));
    return !cleat_eqc(phase, "Succeeded") && !cleat_eqc(phase, "Failed");
}

struct asking {
    struct cleat_val spec;
    void *to;
    cleat_err (*fn)(void *to, struct cleat_str resource, struct cleat_str amount);
    struct cleat_map seen;
};

static cleat_err ask_for(struct asking *a, struct cleat_val resources) {
    struct cleat_iter it = {0};
    while (cleat_val_type(resources) == CLEAT_OBJECT && cleat_val_next(resources, &it)) {
        struct cleat_amount total;
        if (cleat_map_put(&a->seen, it.key, a) != NULL) {
            continue;
        }
        cleat_pod_total(a->spec, "requests", it.key, true, &total);
        CLEAT_TRY(a->fn(a->to, it.key, cleat_amount_str(&total)));
    }
    return CLEAT_OK;
}

/* Calls fn with each resource that the pod asks for, until one fails. */
static cleat_err each_request(const cleat_obj *pod, void *to,
                              cleat_err (*fn)(void *to, struct cleat_str, struct cleat_str)) {
    static const char *const lists[] = {"containers", "initContainers"};
    struct asking a = {.spec = cleat_obj_at(pod, CLEAT_PATH("spec")), .to = to, .fn = fn};
    cleat_err err = fn(to, CLEAT_STR("pods"), CLEAT_STR("1"));
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        struct cleat_val list = cleat_val_get(a.spec, lists[i]);
        while (err == CLEAT_OK && cleat_val_next(list, &it)) {
            err = ask_for(&a, cleat_val_at(it.val, CLEAT_PATH("resources", "requests")));
        }
    }
    err = err == CLEAT_OK ? ask_for(&a, cleat_val_get(a.spec, "overhead")) : err;
    cleat_map_done(&a.seen);
    return err;
}

/* ---- sums; the lock is held ---- */

static struct sum *sum_of(struct cleat_capacity *c, struct cleat_str node,
                          struct cleat_str resource) {
    for (struct sum *s = cleat_map_get(&c->nodes, node); s != NULL; s = s->next) {
        if (cleat_eqc(resource, s->resource)) {
            return s;
        }
    }
    return NULL;
}

struct using {
    struct cleat_capacity *c;
    struct cleat_str node;
    bool yes;
};

static cleat_err use_one(void *to, struct cleat_str resource, struct cleat_str amount) {
    struct using *u = to;
    struct sum *s = sum_of(u->c, u->node, resource);
    if (s == NULL) {
        s = cleat_zalloc(sizeof *s);
        s->resource = cleat_strndup(resource);
        s->next = cleat_map_put(&u->c->nodes, u->node, s);
    }
    (u->yes ? cleat_amount_add : cleat_amount_sub)(&s->used, amount);
    return CLEAT_OK;
}

static void use(struct cleat_capacity *c, const cleat_obj *pod, bool yes) {
    if (counts(pod)) {
        each_request(pod, &(struct using){c, node_of(pod), yes}, use_one);
    }
}

static void forget_all(struct cleat_capacity *c) {
    size_t i = 0;
    for (struct cleat_map_entry *e; (e = cleat_map_each(&c->nodes, &i)) != NULL;) {
        for (struct sum *s = e->value, *next; s != NULL; s = next) {
            next = s->next;
            free(s->resource);
            free(s);
        }
    }
    cleat_map_done(&c->nodes);
    c->nodes = (struct cleat_map){0};
}

/* ---- what the store has; the lock is held ---- */

/* A pod of the store that a claim stands for: the claim's share is given back. */
static void publish(struct cleat_capacity *c, const cleat_obj *pod) {
    for (struct cleat_node_claim *k = c->claims; k != NULL; k = k->next) {
        if (!k->published && counts(pod) && cleat_eq(cleat_obj_name(k->pod), cleat_obj_name(pod)) &&
            cleat_eq(cleat_obj_ns(k->pod), cleat_obj_ns(pod))) {
            k->published = true;
            use(c, k->pod, false);
        }
    }
}

static void look_at_all(cleat_admit *a, struct cleat_capacity *c, uint32_t pods) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    struct cleat_range range;
    const cleat_obj *o;
    forget_all(c);
    for (struct cleat_node_claim *k = c->claims; k != NULL; k = k->next) {
        if (!k->published) {
            use(c, k->pod, true);
        }
    }
    cleat_range_init(&range, sn, pods, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        use(c, o, true);
        publish(c, o);
    }
    if (cleat_cursor_open(a->store, pods, cleat_snapshot_revision(sn), &c->cursor, NULL) !=
        CLEAT_OK) {
        c->cursor = NULL; /* it fell off the history at once: all of them again next time */
    }
}

/* Most changes of a pod are of its status, and change nothing here. */
static bool changes_nothing(const cleat_obj *o, const cleat_obj *prev) {
    return prev != NULL && counts(o) == counts(prev) &&
           cleat_eq(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("spec"))),
                    cleat_val_raw(cleat_obj_at(prev, CLEAT_PATH("spec"))));
}

static void take_change(struct cleat_capacity *c, const struct cleat_change *change) {
    bool gone = change->type == CLEAT_EVENT_DELETED;
    if (gone) {
        use(c, change->prev != NULL ? change->prev : change->obj, false);
    } else if (!changes_nothing(change->obj, change->prev)) {
        use(c, change->prev, false);
        use(c, change->obj, true);
    }
    if (!gone && c->claims != NULL) {
        publish(c, change->obj);
    }
}

static void catch_up(cleat_admit *a, struct cleat_capacity *c, uint32_t pods) {
    struct cleat_change changes[READ_AT_ONCE];
    uint64_t upto = 0;
    int n = 0;
    while (c->cursor != NULL &&
           (n = cleat_cursor_read(c->cursor, changes, READ_AT_ONCE, &upto)) > 0) {
        for (int i = 0; i < n; i++) {
            take_change(c, &changes[i]);
            cleat_obj_unref(changes[i].obj);
            cleat_obj_unref(changes[i].prev);
        }
    }
    if (c->cursor != NULL && n < 0) {
        cleat_cursor_close(c->cursor);
        c->cursor = NULL;
    }
    if (c->cursor == NULL) {
        look_at_all(a, c, pods);
    }
}

/* ---- the step ---- */

struct fitting {
    struct cleat_capacity *c;
    const cleat_obj *node;
    char *why;
};

static cleat_err fits(void *to, struct cleat_str resource, struct cleat_str amount) {
    struct fitting *f = to;
    struct cleat_val all = cleat_obj_at(f->node, CLEAT_PATH("status", "allocatable"));
    struct cleat_val has = cleat_val_get_s(all, resource);
    const struct sum *s = sum_of(f->c, cleat_obj_name(f->node), resource);
    struct cleat_amount used = s != NULL ? s->used : (struct cleat_amount){.there = false};
    struct cleat_amount sum = used;
    if (cleat_quantity_order(amount, CLEAT_STR("0")) <= 0 ||
        (cleat_absent(has) && cleat_eqc(resource, "pods"))) {
        return CLEAT_OK;
    }
    struct cleat_str limit = cleat_absent(has) ? CLEAT_STR("0") : cleat_quantity_of(has);
    cleat_amount_add(&sum, amount);
    if (cleat_quantity_order(cleat_amount_str(&sum), limit) <= 0) {
        return CLEAT_OK;
    }
    struct cleat_str name = cleat_obj_name(f->node), u = cleat_amount_str(&used);
    f->why = cleat_sprintf("node \"%.*s\" does not have enough %.*s, requested: %.*s, used: %.*s, "
                           "allocatable: %.*s",
                           CLEAT_FMT(name), CLEAT_FMT(resource), CLEAT_FMT(amount), CLEAT_FMT(u),
                           CLEAT_FMT(limit));
    return CLEAT_E_FORBIDDEN;
}

static void drop_claim(struct cleat_capacity *c, struct cleat_ticket *t) {
    struct cleat_node_claim **p = &c->claims, *mine = t->node_claim;
    while (*p != mine) {
        p = &(*p)->next;
    }
    *p = mine->next;
    if (!mine->published) {
        use(c, mine->pod, false);
    }
    cleat_obj_unref(mine->pod);
    free(mine);
    t->node_claim = NULL;
}

static void add_claim(struct cleat_capacity *c, struct cleat_ticket *t, const cleat_obj *pod) {
    struct cleat_node_claim *k = cleat_zalloc(sizeof *k);
    k->pod = cleat_obj_ref(pod);
    k->next = c->claims;
    c->claims = k;
    t->node_claim = k;
    use(c, pod, true);
}

/* Mirror pods run already. */
static bool is_mirror(const cleat_obj *pod) {
    return cleat_val_present(
        cleat_obj_at(pod, CLEAT_PATH("metadata", "annotations", "kubernetes.io/config.mirror")));
}

cleat_err cleat_check_node_capacity(cleat_admit *a, cleat_request *req, const cleat_obj *obj,
                                    const cleat_obj *old) {
    if (!counts(obj) || counts(old) || is_mirror(obj)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    const cleat_obj *node = cleat_snapshot_get(sn, cleat_admit_kind(a, "", "nodes")->id,
                                               (struct cleat_str){"", 0}, node_of(obj));
    /* What is not there, or has not said what it has, may get anything. */
    if (node == NULL ||
        cleat_val_count(cleat_obj_at(node, CLEAT_PATH("status", "allocatable"))) == 0) {
        return CLEAT_OK;
    }
    struct cleat_capacity *c = a->capacity;
    struct fitting f = {.c = c, .node = node};
    CLEAT_LOCKED(&c->lock);
    catch_up(a, c, req->kind->id);
    if (req->reserved != NULL && ((struct cleat_ticket *)req->reserved)->node_claim != NULL) {
        drop_claim(c, req->reserved); /* of a try before this one */
    }
    if (each_request(obj, &f, fits) != CLEAT_OK) {
        return cleat_admit_forbid(req, obj, f.why);
    }
    if (!req->dry_run) {
        add_claim(c, cleat_ticket_of(req), obj);
    }
    return CLEAT_OK;
}

void cleat_capacity_settle(cleat_admit *a, cleat_request *req, struct cleat_ticket *t) {
    if (t->node_claim != NULL) {
        CLEAT_LOCKED(&a->capacity->lock);
        /* what was written is known before its claim goes */
        catch_up(a, a->capacity, req->kind->id);
        drop_claim(a->capacity, t);
    }
}

/* ---- life ---- */

void cleat_capacity_init(cleat_admit *a) {
    a->capacity = cleat_zalloc(sizeof *a->capacity);
    pthread_mutex_init(&a->capacity->lock, NULL);
}

void cleat_capacity_done(cleat_admit *a) {
    struct cleat_capacity *c = a->capacity;
    if (c == NULL) {
        return;
    }
    if (c->cursor != NULL) {
        cleat_cursor_close(c->cursor);
    }
    forget_all(c);
    pthread_mutex_destroy(&c->lock);
    free(c);
}
