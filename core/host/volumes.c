/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provisioners of volumes that run. Any thread; the table is under its mutex, the
 * structures that it points at live as long as any controller that saw them.
 */
#include "core/host/internal.h"

void cleat_volumes_init(struct cleat_volumes *c) {
    pthread_mutex_init(&c->mutex, NULL);
}

void cleat_volumes_done(struct cleat_volumes *c) {
    free(c->v);
    pthread_mutex_destroy(&c->mutex);
}

void cleat_volumes_add(struct cleat_volumes *c, const struct cleat_provisioner *p) {
    CLEAT_LOCKED(&c->mutex);
    c->v = cleat_rearray(c->v, c->n + 1, sizeof(const struct cleat_provisioner *));
    c->v[c->n++] = p;
}

void cleat_volumes_remove(struct cleat_volumes *c, const struct cleat_provisioner *p) {
    CLEAT_LOCKED(&c->mutex);
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i] == p) {
            memmove(c->v + i, c->v + i + 1, (c->n - i - 1) * sizeof *c->v);
            c->n--;
            return;
        }
    }
}

/* ---- the table for plugins ---- */

static const struct cleat_provisioner *at(size_t i) {
    cleat_hostd *h = cleat_ext_host();
    if (h == NULL) {
        return NULL;
    }
    CLEAT_LOCKED(&h->volumes.mutex);
    return i < h->volumes.n ? h->volumes.v[i] : NULL;
}

static const struct cleat_provisioner *by_name(const char *name) {
    const struct cleat_provisioner *p;
    for (size_t i = 0; (p = at(i)) != NULL; i++) {
        if (strcmp(p->name, name) == 0) {
            return p;
        }
    }
    return NULL;
}

static const struct cleat_provisioner *for_volume(const cleat_obj *volume) {
    const struct cleat_provisioner *p;
    for (size_t i = 0; (p = at(i)) != NULL; i++) {
        if (CLEAT_HAS(p->ops, struct cleat_volume_ops, knows) && p->ops->knows(p->self, volume)) {
            return p;
        }
    }
    return NULL;
}

const struct cleat_provisioners_api cleat_provisioners_api = {
    .struct_size = sizeof cleat_provisioners_api,
    .by_name = by_name,
    .for_volume = for_volume,
};
