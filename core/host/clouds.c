/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose is it: the providers that run, and the rules by which a Node or Service
 * belongs to one of them. "The only one" counts what is configured, not what
 * happens to run: while a second provider is still failing to start, its Nodes
 * are not the first one's. Any thread; the table is under its mutex, the
 * structures that it points at live as long as any controller that saw them.
 */
#include "core/host/internal.h"

void cleat_clouds_init(struct cleat_clouds *c) {
    pthread_mutex_init(&c->mutex, NULL);
}

void cleat_clouds_done(struct cleat_clouds *c) {
    cleat_clouds_configure(c, NULL, 0);
    free(c->v);
    free(c->configured);
    pthread_mutex_destroy(&c->mutex);
}

void cleat_clouds_configure(struct cleat_clouds *c, const char *const *names, size_t n) {
    CLEAT_LOCKED(&c->mutex);
    for (size_t i = 0; i < c->n_configured; i++) {
        free(c->configured[i]);
    }
    c->configured = cleat_rearray(c->configured, n + 1, sizeof *c->configured);
    for (size_t i = 0; i < n; i++) {
        c->configured[i] = cleat_strdup(names[i]);
    }
    c->n_configured = n;
}

void cleat_clouds_add(struct cleat_clouds *c, const struct cleat_cloud *cloud) {
    CLEAT_LOCKED(&c->mutex);
    c->v = cleat_rearray(c->v, c->n + 1, sizeof(const struct cleat_cloud *));
    c->v[c->n++] = cloud;
}

void cleat_clouds_remove(struct cleat_clouds *c, const struct cleat_cloud *cloud) {
    CLEAT_LOCKED(&c->mutex);
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i] == cloud) {
            memmove(c->v + i, c->v + i + 1, (c->n - i - 1) * sizeof *c->v);
            c->n--;
            return;
        }
    }
}

/* ---- the table for plugins ---- */

static struct cleat_clouds *table(void) {
    cleat_hostd *h = cleat_ext_host();
    return h != NULL ? &h->clouds : NULL;
}

static size_t clouds_count(void) {
    struct cleat_clouds *c = table();
    if (c == NULL) {
        return 0;
    }
    CLEAT_LOCKED(&c->mutex);
    return c->n;
}

static const struct cleat_cloud *clouds_at(size_t i) {
    struct cleat_clouds *c = table();
    if (c == NULL) {
        return NULL;
    }
    CLEAT_LOCKED(&c->mutex);
    return i < c->n ? c->v[i] : NULL;
}

static const struct cleat_cloud *find(struct cleat_str name) {
    struct cleat_clouds *c = table();
    if (c == NULL) {
        return NULL;
    }
    CLEAT_LOCKED(&c->mutex);
    for (size_t i = 0; i < c->n; i++) {
        if (cleat_eqc(name, c->v[i]->name)) {
            return c->v[i];
        }
    }
    return NULL;
}

static const struct cleat_cloud *clouds_by_name(const char *name) {
    return find(cleat_s(name));
}

static const struct cleat_cloud *only_one(void) {
    struct cleat_clouds *c = table();
    if (c == NULL) {
        return NULL;
    }
    CLEAT_LOCKED(&c->mutex);
    return c->n_configured == 1 && c->n == 1 ? c->v[0] : NULL;
}

static struct cleat_val provider_label(const cleat_obj *o) {
    return cleat_obj_at(o, CLEAT_PATH("metadata", "labels", CLEAT_LABEL_PROVIDER));
}

static const struct cleat_cloud *clouds_for_node(const cleat_obj *node) {
    struct cleat_str id = cleat_val_str(cleat_obj_at(node, CLEAT_PATH("spec", "providerID")));
    const char *colon = id.n > 0 ? memmem(id.p, id.n, "://", 3) : NULL;
    if (colon != NULL) {
        return find((struct cleat_str){id.p, (size_t)(colon - id.p)});
    }
    struct cleat_val label = provider_label(node);
    if (cleat_val_present(label)) {
        return find(cleat_val_str(label));
    }
    return id.n == 0 ? only_one() : NULL; /* an id of nobody's form is nobody's */
}

static const struct cleat_cloud *clouds_for_service(const cleat_obj *service) {
    static const char prefix[] = "cleat.dev/";
    struct cleat_str class =
        cleat_val_str(cleat_obj_at(service, CLEAT_PATH("spec", "loadBalancerClass")));
    if (class.n > 0) {
        size_t n = sizeof prefix - 1;
        if (class.n > n && memcmp(class.p, prefix, n) == 0) {
            class.p += n;
            class.n -= n;
        }
        return find(class); /* "cleat.dev/sim", or "sim" alone */
    }
    struct cleat_val label = provider_label(service);
    return cleat_val_present(label) ? find(cleat_val_str(label)) : only_one();
}

const struct cleat_clouds_api cleat_clouds_api = {
    .struct_size = sizeof(struct cleat_clouds_api),
    .count = clouds_count,
    .at = clouds_at,
    .by_name = clouds_by_name,
    .for_node = clouds_for_node,
    .for_service = clouds_for_service,
};
