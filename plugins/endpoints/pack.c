/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints into slices. A write is dear, since every node reads it: what stands
 * somewhere stays there, what is new goes first where something has to be written
 * anyway, then into one slice that has room, and only then into new slices. Slices are
 * not merged until they are empty. Pure.
 */
#include "endpoints.h"

static struct cleat_ep_slice *add_slice(struct cleat_ep_plan *p) {
    struct cleat_ep_slice *v = cleat_sdk_alloc(p->n + 1, sizeof *v);
    if (p->n > 0) {
        memcpy(v, p->v, p->n * sizeof *v);
    }
    free(p->v);
    p->v = v;
    return &p->v[p->n++];
}

static void put(struct cleat_ep_slice *s, const char *json) {
    if (s->n == s->cap) {
        size_t cap = s->cap > 0 ? s->cap * 2 : 16;
        const char **v = cleat_sdk_alloc(cap, sizeof *v);
        if (s->n > 0) {
            memcpy(v, s->endpoints, s->n * sizeof *v);
        }
        free(s->endpoints);
        s->endpoints = v;
        s->cap = cap;
    }
    s->endpoints[s->n++] = json;
}

/* The next that has no place; NULL = all have one. */
static const char *pop(struct cleat_ep_set *set, size_t *at) {
    while (*at < set->n && set->v[*at].placed) {
        (*at)++;
    }
    if (*at == set->n) {
        return NULL;
    }
    set->v[*at].placed = true;
    set->left--;
    return set->v[*at].json;
}

static void fill(struct cleat_ep_slice *s, struct cleat_ep_set *set, size_t *at, size_t max) {
    const char *json;
    while (s->n < max && (json = pop(set, at)) != NULL) {
        put(s, json);
    }
}

static struct cleat_val endpoints_of(const cleat_obj *slice) {
    return CLEAT_AT(SDK, slice, "endpoints");
}

/* What is still to be of a slice that is there. */
static void take_over(struct cleat_ep_plan *p, struct cleat_ep_slice *s, struct cleat_ep_set *set) {
    struct cleat_iter it = {0};
    size_t had = SDK->obj->count(endpoints_of(s->old));
    bool changed = false;
    while (SDK->obj->next(endpoints_of(s->old), &it)) {
        char *id = cleat_ep_id(it.val);
        struct cleat_ep_endpoint *want = cleat_ep_set_find(set, id);
        free(id);
        if (want == NULL || want->placed) {
            continue;
        }
        want->placed = true;
        set->left--;
        put(s, want->json);
        if (!cleat_ep_same(it.val, want)) {
            p->updated++;
            changed = true;
        }
    }
    p->removed += had - s->n;
    s->action = had > 0 && s->n == 0     ? CLEAT_EP_DELETE
                : changed || had != s->n ? CLEAT_EP_UPDATE
                                         : CLEAT_EP_KEEP;
}

/* The slice that is fullest when n are added; NULL where they fit nowhere. */
static struct cleat_ep_slice *best_fit(struct cleat_ep_plan *p, const struct cleat_ep_set *set,
                                       size_t max) {
    struct cleat_ep_slice *best = NULL;
    for (size_t i = 0; i < p->n; i++) {
        struct cleat_ep_slice *s = &p->v[i];
        if (s->action == CLEAT_EP_KEEP && s->ports == set->ports && s->n + set->left <= max &&
            (best == NULL || s->n > best->n)) {
            best = s;
        }
    }
    return best;
}

/* The fullest that is written anyway and has room. */
static struct cleat_ep_slice *fullest(struct cleat_ep_plan *p, const struct cleat_ep_set *set,
                                      size_t max) {
    struct cleat_ep_slice *best = NULL;
    for (size_t i = 0; i < p->n; i++) {
        struct cleat_ep_slice *s = &p->v[i];
        if (s->action == CLEAT_EP_UPDATE && s->ports == set->ports && s->n < max &&
            (best == NULL || s->n > best->n)) {
            best = s;
        }
    }
    return best;
}

static void place(struct cleat_ep_plan *p, struct cleat_ep_set *set, size_t max) {
    struct cleat_ep_slice *s;
    size_t at = 0;
    p->added += set->left;
    while (set->left > 0 && (s = fullest(p, set, max)) != NULL) {
        fill(s, set, &at, max);
    }
    while (set->left > 0) {
        s = set->left < max ? best_fit(p, set, max) : NULL;
        if (s != NULL) {
            s->action = CLEAT_EP_UPDATE;
        } else {
            s = add_slice(p);
            *s = (struct cleat_ep_slice){.family = set->family,
                                         .ports = set->ports,
                                         .action = CLEAT_EP_CREATE,
                                         .ours = true};
        }
        fill(s, set, &at, max);
    }
}

static struct cleat_ep_set *set_for(struct cleat_ep_sets *sets, const cleat_obj *slice) {
    struct cleat_str family = CLEAT_TEXT(SDK, slice, "addressType");
    char *ports = cleat_ep_ports(CLEAT_AT(SDK, slice, "ports"));
    struct cleat_ep_set *found = NULL;
    for (size_t i = 0; i < sets->n && found == NULL; i++) {
        if (cleat_str_is(family, sets->v[i].family) && strcmp(ports, sets->v[i].ports) == 0) {
            found = &sets->v[i];
        }
    }
    free(ports);
    return found;
}

static const char *family_of(const cleat_obj *slice) {
    struct cleat_str family = CLEAT_TEXT(SDK, slice, "addressType");
    return cleat_str_is(family, "IPv6") ? "IPv6" : cleat_str_is(family, "IPv4") ? "IPv4" : "";
}

/* A slice that says that there is nothing: an object that is not there says less. */
static void keep_one(struct cleat_ep_plan *p, const char *family) {
    struct cleat_ep_slice *empty = NULL;
    for (size_t i = 0; i < p->n; i++) {
        struct cleat_ep_slice *s = &p->v[i];
        if (strcmp(s->family, family) != 0) {
            continue;
        }
        if (s->action != CLEAT_EP_DELETE) {
            return;
        }
        if (s->ours && SDK->obj->count(endpoints_of(s->old)) == 0 &&
            SDK->obj->count(CLEAT_AT(SDK, s->old, "ports")) == 0) {
            empty = s;
        }
    }
    if (empty != NULL) {
        empty->action = CLEAT_EP_KEEP;
        empty->ports = "[]";
        return;
    }
    empty = add_slice(p);
    *empty = (struct cleat_ep_slice){
        .family = family, .ports = "[]", .action = CLEAT_EP_CREATE, .ours = true};
}

/* One to make and one to end are one to change. */
static void recycle(struct cleat_ep_plan *p) {
    for (size_t i = 0; i < p->n; i++) {
        for (size_t k = 0; p->v[i].action == CLEAT_EP_CREATE && k < p->n; k++) {
            struct cleat_ep_slice *s = &p->v[i], *end = &p->v[k];
            if (end->action == CLEAT_EP_DELETE && end->ours && end->old != NULL &&
                strcmp(end->family, s->family) == 0) {
                s->old = end->old;
                s->action = CLEAT_EP_UPDATE;
                end->old = NULL;
                end->action = CLEAT_EP_KEEP;
                end->family = ""; /* nothing is left of it */
            }
        }
    }
}

void cleat_ep_pack(struct cleat_ep_plan *ret, struct cleat_ep_sets *sets,
                   const struct cleat_ep_objs *old, const bool *owned, const char *const *families,
                   size_t max) {
    for (size_t i = 0; i < old->n; i++) {
        struct cleat_ep_slice *s = add_slice(ret);
        struct cleat_ep_set *set = owned[i] ? set_for(sets, old->v[i]) : NULL;
        *s = (struct cleat_ep_slice){
            .old = old->v[i], .family = family_of(old->v[i]), .ours = owned[i]};
        if (set != NULL) {
            s->ports = set->ports;
            take_over(ret, s, set);
        } else {
            s->action = CLEAT_EP_DELETE;
            ret->removed += owned[i] ? SDK->obj->count(endpoints_of(old->v[i])) : 0;
        }
    }
    for (size_t i = 0; i < sets->n; i++) {
        place(ret, &sets->v[i], max);
    }
    for (size_t i = 0; families[i] != NULL; i++) {
        keep_one(ret, families[i]);
    }
    recycle(ret);
}

void cleat_ep_mirror(struct cleat_ep_plan *ret, struct cleat_ep_sets *sets,
                     const struct cleat_ep_objs *old, size_t max) {
    for (size_t i = 0; i < old->n; i++) {
        struct cleat_ep_slice *s = add_slice(ret);
        struct cleat_ep_set *set = set_for(sets, old->v[i]);
        *s = (struct cleat_ep_slice){.old = old->v[i],
                                     .family = family_of(old->v[i]),
                                     .action = CLEAT_EP_DELETE,
                                     .ours = true};
        bool taken = set == NULL || set->n == 0;
        for (size_t k = 0; k < i && !taken; k++) {
            taken = ret->v[k].ports == set->ports;
        }
        if (taken) { /* one slice a set */
            ret->removed += SDK->obj->count(endpoints_of(old->v[i]));
            continue;
        }
        s->ports = set->ports;
        take_over(ret, s, set);
        s->action = s->action == CLEAT_EP_DELETE ? CLEAT_EP_UPDATE : s->action;
        if (set->left > 0) {
            size_t at = 0, n = s->n;
            fill(s, set, &at, max);
            ret->added += s->n - n;
            s->action = s->n > n ? CLEAT_EP_UPDATE : s->action;
        }
        set->left = 0;
    }
    for (size_t i = 0; i < sets->n; i++) {
        struct cleat_ep_set *set = &sets->v[i];
        size_t at = 0;
        if (set->left > 0) {
            struct cleat_ep_slice *s = add_slice(ret);
            *s = (struct cleat_ep_slice){.family = set->family,
                                         .ports = set->ports,
                                         .action = CLEAT_EP_CREATE,
                                         .ours = true};
            fill(s, set, &at, max);
            ret->added += s->n;
        }
    }
    recycle(ret);
}

size_t cleat_ep_plan_slices(const struct cleat_ep_plan *p) {
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        bool nothing = p->v[i].action == CLEAT_EP_KEEP && p->v[i].old == NULL;
        n += !nothing && p->v[i].action != CLEAT_EP_DELETE;
    }
    return n;
}

void cleat_ep_plan_done(struct cleat_ep_plan *p) {
    for (size_t i = 0; i < p->n; i++) {
        free(p->v[i].endpoints);
    }
    free(p->v);
    *p = (struct cleat_ep_plan){0};
}
