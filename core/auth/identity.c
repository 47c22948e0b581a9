/* SPDX-License-Identifier: Apache-2.0 */
/* See identity.h. */
#include "core/auth/identity.h"

static void refresh(struct cleat__identity *id) {
    id->user = (struct cleat_user){.name = id->name,
                                   .uid = id->uid ? id->uid : "",
                                   .groups = (const char *const *)id->groups,
                                   .extra = id->extra};
}

struct cleat__identity *cleat__identity_new(const char *name, const char *uid) {
    struct cleat__identity *id = cleat_zalloc(sizeof *id);
    atomic_init(&id->refs, 1);
    cleat__identity_set_name(id, name, uid);
    return id;
}

void cleat__identity_set_name(struct cleat__identity *id, const char *name, const char *uid) {
    free(id->name);
    free(id->uid);
    id->name = cleat_strdup(name);
    id->uid = cleat_strdup(uid);
    refresh(id);
}

void cleat__identity_add_group(struct cleat__identity *id, struct cleat_str group) {
    for (size_t i = 0; i < id->n_groups; i++) {
        if (cleat_eqc(group, id->groups[i])) {
            return;
        }
    }
    if (group.n > 0) {
        id->groups = cleat_rearray(id->groups, id->n_groups + 2, sizeof *id->groups);
        id->groups[id->n_groups++] = cleat_strndup(group);
        id->groups[id->n_groups] = NULL;
    }
    refresh(id);
}

static struct cleat_extra *extra_of(struct cleat__identity *id, const char *key) {
    for (size_t i = 0; i < id->n_extra; i++) {
        if (strcmp(id->extra[i].key, key) == 0) {
            return &id->extra[i];
        }
    }
    id->extra = cleat_rearray(id->extra, id->n_extra + 2, sizeof *id->extra);
    struct cleat_extra *x = &id->extra[id->n_extra++];
    *x = (struct cleat_extra){cleat_strdup(key), cleat_array(1, sizeof(char *))};
    id->extra[id->n_extra] = (struct cleat_extra){NULL, NULL};
    return x;
}

void cleat__identity_add_extra(struct cleat__identity *id, const char *key, const char *value) {
    struct cleat_extra *x = extra_of(id, key);
    size_t n = 0;
    while (x->values[n] != NULL) {
        n++;
    }
    char **values = (char **)(uintptr_t)x->values;
    values = cleat_rearray(values, n + 2, sizeof *values);
    values[n] = cleat_strdup(value);
    values[n + 1] = NULL;
    x->values = (const char *const *)values;
    refresh(id);
}

static void claims_free(struct cleat__claims *c) {
    if (c == NULL) {
        return;
    }
    char *strings[] = {c->ns,         c->account,   c->account_uid,
                       c->bound_name, c->bound_uid, c->secret_data};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        free(strings[i]);
    }
    for (size_t i = 0; c->audiences != NULL && c->audiences[i] != NULL; i++) {
        free(c->audiences[i]);
    }
    free(c->audiences);
    free(c);
}

void cleat__identity_done(struct cleat__identity *id) {
    free(id->name);
    free(id->uid);
    for (size_t i = 0; i < id->n_groups; i++) {
        free(id->groups[i]);
    }
    free(id->groups);
    for (size_t i = 0; i < id->n_extra; i++) {
        for (size_t k = 0; id->extra[i].values[k] != NULL; k++) {
            free((char *)(uintptr_t)id->extra[i].values[k]);
        }
        free((void *)(uintptr_t)id->extra[i].values);
        free((char *)(uintptr_t)id->extra[i].key);
    }
    free(id->extra);
    claims_free(id->claims);
}

struct cleat__identity *cleat__identity_ref(const struct cleat__identity *id) {
    struct cleat__identity *mine = (struct cleat__identity *)(uintptr_t)id;
    if (atomic_load_explicit(&mine->refs, memory_order_relaxed) > 0) {
        atomic_fetch_add_explicit(&mine->refs, 1, memory_order_relaxed);
    }
    return mine;
}

void cleat__identity_unref(struct cleat__identity *id) {
    if (id != NULL && atomic_load_explicit(&id->refs, memory_order_relaxed) > 0 &&
        atomic_fetch_sub(&id->refs, 1) == 1) {
        cleat__identity_done(id);
        free(id);
    }
}
