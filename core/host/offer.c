/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plugin's factories offer: controllers, providers, kinds. All of it is
 * checked before any of it is taken, so that a plugin is in whole or not at all.
 * One thread, while loading.
 */
#include "core/host/internal.h"

/* Up to and with the last member without which the structure is of no use. */
#define NEED(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

static cleat_err too_short(struct cleat_error *e, const char *what, uint32_t have, size_t need) {
    return cleat_fail(e, CLEAT_E_ABI, "struct %s has %u bytes; this host needs at least %zu", what,
                      have, need);
}

const struct cleat_option *cleat_option_at(const struct cleat_option *v, size_t i) {
    if (v == NULL || v->name == NULL) {
        return NULL;
    }
    const struct cleat_option *o =
        (const struct cleat_option *)(const void *)((const char *)v + i * v->struct_size);
    return o->name != NULL ? o : NULL;
}

static cleat_err check_options(const char *name, const struct cleat_option *v,
                               struct cleat_error *e) {
    if (v == NULL || v->name == NULL) {
        return CLEAT_OK;
    }
    size_t need = NEED(struct cleat_option, help);
    if (v->struct_size < need || v->struct_size % _Alignof(struct cleat_option) != 0) {
        return too_short(e, "cleat_option", v->struct_size, need);
    }
    const struct cleat_option *o;
    for (size_t i = 0; (o = cleat_option_at(v, i)) != NULL; i++) {
        if (o->type < CLEAT_OPT_STRING || o->type > CLEAT_OPT_OBJECT) {
            return cleat_fail(e, CLEAT_E_ABI,
                              "option \"%s\" of \"%s\" has type %d; this host knows %d to %d",
                              o->name, name, o->type, CLEAT_OPT_STRING, CLEAT_OPT_OBJECT);
        }
    }
    cleat_obj *config = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (cleat_options_build(name, v, NULL, 0, NULL, NULL, &config, &why) != CLEAT_OK) {
        return cleat_fail(e, CLEAT_E_ABI, "the defaults of \"%s\": %s", name, why.message);
    }
    cleat_obj_unref(config);
    return CLEAT_OK;
}

static cleat_err check_name(const struct cleat_offers *o, const struct cleat_offer *mine,
                            size_t n_mine, const char *what, const char *name, bool cloud,
                            struct cleat_error *e) {
    const char *why = name ? cleat_name_dns_subdomain(cleat_s(name)) : "it is NULL";
    if (why != NULL) {
        return cleat_fail(e, CLEAT_E_ABI, "\"%s\" is no name for a %s: %s", name ? name : "", what,
                          why);
    }
    const struct cleat_offer *other = cleat_offers_find(o, cloud, cleat_s(name));
    if (other != NULL) {
        return cleat_fail(e, CLEAT_E_EXISTS, "%s \"%s\" is offered by plugin \"%s\" already", what,
                          name, other->plugin->id);
    }
    for (size_t i = 0; i < n_mine; i++) {
        if ((mine[i].cloud != NULL) == cloud && strcmp(mine[i].name, name) == 0) {
            return cleat_fail(e, CLEAT_E_EXISTS, "%s \"%s\" is offered twice", what, name);
        }
    }
    return CLEAT_OK;
}

static cleat_err take_controller(const struct cleat_offers *o, struct cleat_plugin *p,
                                 const struct cleat_controller_desc *d, struct cleat_offer **v,
                                 size_t *n, struct cleat_error *e) {
    size_t need = NEED(struct cleat_controller_desc, destroy);
    if (d == NULL || d->struct_size < need || d->create == NULL) {
        return d && d->struct_size >= need
                   ? cleat_fail(e, CLEAT_E_ABI, "a controller has no create function")
                   : too_short(e, "cleat_controller_desc", d ? d->struct_size : 0, need);
    }
    CLEAT_TRY(check_name(o, *v, *n, "controller", d->name, false, e));
    CLEAT_TRY(check_options(d->name, d->options, e));
    *v = cleat_rearray(*v, *n + 1, sizeof **v);
    (*v)[(*n)++] = (struct cleat_offer){.plugin = p,
                                        .name = d->name,
                                        .description = d->description,
                                        .aliases = d->aliases,
                                        .options = d->options,
                                        .controller = d};
    return CLEAT_OK;
}

static cleat_err take_controllers(const struct cleat_offers *o, struct cleat_plugin *p,
                                  struct cleat_offer **v, size_t *n, struct cleat_error *e) {
    const struct cleat_controller_factory *f = p->entry->get_factory(CLEAT_FACTORY_CONTROLLER);
    if (f == NULL) {
        return CLEAT_OK;
    }
    if (f->struct_size < sizeof *f) {
        return too_short(e, "cleat_controller_factory", f->struct_size, sizeof *f);
    }
    for (uint32_t i = 0; i < f->n_controllers; i++) {
        CLEAT_TRY(take_controller(o, p, f->controllers[i], v, n, e));
    }
    return CLEAT_OK;
}

/* The host gives each provider's section options of its own: the gate's. */
static cleat_err check_gate_options(const struct cleat_cloud_desc *d, struct cleat_error *e) {
    const struct cleat_option *o;
    for (size_t i = 0; (o = cleat_option_at(d->options, i)) != NULL; i++) {
        if (cleat_gate_has_option(o->name)) {
            return cleat_fail(e, CLEAT_E_EXISTS,
                              "option \"%s\" of cloud provider \"%s\" is one of the host's",
                              o->name, d->name);
        }
    }
    return CLEAT_OK;
}

/* The plugin's options and the gate's, in this host's layout; owned. */
static struct cleat_option *join_options(const struct cleat_option *v) {
    size_t n = 0, more = 0;
    const struct cleat_option *o;
    while (cleat_option_at(v, n) != NULL) {
        n++;
    }
    while (cleat_gate_options[more].name != NULL) {
        more++;
    }
    struct cleat_option *all = cleat_array(n + more + 1, sizeof *all);
    for (size_t i = 0; (o = cleat_option_at(v, i)) != NULL; i++) {
        memcpy(&all[i], o, o->struct_size < sizeof *o ? o->struct_size : sizeof *o);
        all[i].struct_size = sizeof *all;
    }
    memcpy(all + n, cleat_gate_options, (more + 1) * sizeof *all);
    return all;
}

static cleat_err take_clouds(const struct cleat_offers *o, struct cleat_plugin *p,
                             struct cleat_offer **v, size_t *n, struct cleat_error *e) {
    const struct cleat_cloud_factory *f = p->entry->get_factory(CLEAT_FACTORY_CLOUD);
    if (f == NULL) {
        return CLEAT_OK;
    }
    if (f->struct_size < sizeof *f) {
        return too_short(e, "cleat_cloud_factory", f->struct_size, sizeof *f);
    }
    for (uint32_t i = 0; i < f->n_clouds; i++) {
        const struct cleat_cloud_desc *d = f->clouds[i];
        size_t need = NEED(struct cleat_cloud_desc, create);
        if (d == NULL || d->struct_size < need || d->create == NULL) {
            return d && d->struct_size >= need
                       ? cleat_fail(e, CLEAT_E_ABI, "a cloud provider has no create function")
                       : too_short(e, "cleat_cloud_desc", d ? d->struct_size : 0, need);
        }
        CLEAT_TRY(check_name(o, *v, *n, "cloud provider", d->name, true, e));
        CLEAT_TRY(check_options(d->name, d->options, e));
        CLEAT_TRY(check_gate_options(d, e));
        *v = cleat_rearray(*v, *n + 1, sizeof **v);
        (*v)[(*n)++] = (struct cleat_offer){
            .plugin = p, .name = d->name, .description = d->description, .cloud = d};
    }
    return CLEAT_OK;
}

static cleat_err take_volumes(const struct cleat_offers *o, struct cleat_plugin *p,
                              struct cleat_offer **v, size_t *n, struct cleat_error *e) {
    const struct cleat_volumes_factory *f = p->entry->get_factory(CLEAT_FACTORY_VOLUMES);
    if (f == NULL) {
        return CLEAT_OK;
    }
    if (f->struct_size < sizeof *f) {
        return too_short(e, "cleat_volumes_factory", f->struct_size, sizeof *f);
    }
    for (uint32_t i = 0; i < f->n_provisioners; i++) {
        const struct cleat_provisioner_desc *d = f->provisioners[i];
        size_t need = NEED(struct cleat_provisioner_desc, ops);
        if (d == NULL || d->struct_size < need) {
            return too_short(e, "cleat_provisioner_desc", d ? d->struct_size : 0, need);
        }
        if (d->provisioner == NULL || d->controller == NULL || d->ops == NULL) {
            return cleat_fail(e, CLEAT_E_ABI, "a provisioner needs a name, a controller and ops");
        }
        need = NEED(struct cleat_volume_ops, remove);
        if (d->ops->struct_size < need) {
            return too_short(e, "cleat_volume_ops", d->ops->struct_size, need);
        }
        for (size_t k = 0; k < o->n; k++) {
            if (o->v[k].provisioner != NULL &&
                strcmp(o->v[k].provisioner->provisioner, d->provisioner) == 0) {
                return cleat_fail(e, CLEAT_E_EXISTS,
                                  "provisioner \"%s\" is offered by plugin \"%s\" already",
                                  d->provisioner, o->v[k].plugin->id);
            }
        }
        CLEAT_TRY(take_controller(o, p, d->controller, v, n, e));
        (*v)[*n - 1].provisioner = d;
    }
    return CLEAT_OK;
}

cleat_err cleat_offers_add(struct cleat_offers *o, struct cleat_plugin *p, struct cleat_error *e) {
    CLEAT_AUTO_FREE struct cleat_offer *v = NULL;
    size_t n = 0;
    CLEAT_TRY(take_controllers(o, p, &v, &n, e));
    CLEAT_TRY(take_clouds(o, p, &v, &n, e));
    CLEAT_TRY(take_volumes(o, p, &v, &n, e));
    const struct cleat_kinds_factory *kinds = p->entry->get_factory(CLEAT_FACTORY_KINDS);
    if (kinds != NULL && kinds->struct_size < sizeof *kinds) {
        return too_short(e, "cleat_kinds_factory", kinds->struct_size, sizeof *kinds);
    }
    p->kinds = kinds;
    o->v = cleat_rearray(o->v, o->n + n + 1, sizeof *o->v);
    for (size_t i = 0; i < n; i++) {
        struct cleat_offer *to = &o->v[o->n++];
        *to = v[i];
        if (to->cloud != NULL) {
            to->options = to->own_options = join_options(to->cloud->options);
        }
    }
    return CLEAT_OK;
}

const struct cleat_offer *cleat_offers_find(const struct cleat_offers *o, bool cloud,
                                            struct cleat_str name) {
    for (size_t i = 0; i < o->n; i++) {
        if ((o->v[i].cloud != NULL) == cloud && cleat_eqc(name, o->v[i].name)) {
            return &o->v[i];
        }
    }
    for (size_t i = 0; !cloud && i < o->n; i++) {
        const char *const *alias = o->v[i].aliases;
        for (; alias != NULL && *alias != NULL; alias++) {
            if (cleat_eqc(name, *alias)) {
                return &o->v[i];
            }
        }
    }
    return NULL;
}
