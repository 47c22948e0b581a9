/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wanted: for each offer whether it runs and with which settings, made
 * from the command line and the configuration file in one go, so that a bad file
 * changes nothing. Command line over --cloud-config over file over defaults.
 */
#include "core/host/internal.h"

void cleat_plan_free(struct cleat_plan *p) {
    if (p != NULL) {
        for (size_t i = 0; i < p->n; i++) {
            cleat_obj_unref(p->items[i].config);
        }
        free(p->items);
        free(p);
    }
}
typedef struct cleat_plan cleat_plan;
CLEAT_DEFINE_AUTO(cleat_plan, cleat_plan_free)

/* Each section must belong to somebody. */
static cleat_err check_sections(const struct cleat_offers *o, const struct cleat_yaml *plugins,
                                const char *file, struct cleat_error *e) {
    for (size_t i = 0; plugins != NULL && i < plugins->n; i++) {
        struct cleat_str name = cleat_s(plugins->keys[i]->text);
        if (cleat_offers_find(o, false, name) == NULL && cleat_offers_find(o, true, name) == NULL) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "%s:%d: section \"%s\" belongs to no loaded controller or provider",
                              file, plugins->keys[i]->line, name.p);
        }
        for (size_t k = 0; k < i; k++) {
            const struct cleat_offer *first = cleat_offers_find(o, false, name);
            if (first != NULL &&
                cleat_offers_find(o, false, cleat_s(plugins->keys[k]->text)) == first) {
                return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                                  "%s:%d: section \"%s\" is that of line %d under another name",
                                  file, plugins->keys[i]->line, name.p, plugins->keys[k]->line);
            }
        }
    }
    return CLEAT_OK;
}

/* The section of an offer: by its name or an alias. */
static const struct cleat_yaml *find_section(const struct cleat_offers *o,
                                             const struct cleat_yaml *plugins,
                                             const struct cleat_offer *offer) {
    const struct cleat_yaml *found = NULL;
    for (size_t i = 0; plugins != NULL && i < plugins->n && found == NULL; i++) {
        struct cleat_str name = cleat_s(plugins->keys[i]->text);
        if (cleat_offers_find(o, offer->cloud != NULL, name) == offer) {
            found = plugins->items[i];
        }
    }
    return found;
}

static cleat_err check_flags(const struct cleat_offers *o, const char *const *flags,
                             struct cleat_error *e) {
    for (; flags != NULL && *flags != NULL; flags++) {
        struct cleat_str name = {*flags, strcspn(*flags, "=")};
        bool known = false;
        for (size_t i = 0; i < o->n && !known; i++) {
            const struct cleat_option *opt;
            for (size_t k = 0; (opt = cleat_option_at(o->v[i].options, k)) != NULL; k++) {
                known = known || (opt->flag != NULL && cleat_eqc(name, opt->flag));
            }
        }
        if (!known) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "unknown flag: --%.*s", CLEAT_FMT(name));
        }
    }
    return CLEAT_OK;
}

static cleat_err check_providers(const struct cleat_offers *o, const char *list, size_t *ret_n,
                                 struct cleat_error *e) {
    struct cleat_str s;
    for (*ret_n = 0; cleat_list_next(&list, &s); ++*ret_n) {
        if (cleat_offers_find(o, true, s) != NULL) {
            continue;
        }
        CLEAT_AUTO_BUF known = {0};
        for (size_t i = 0; i < o->n; i++) {
            if (o->v[i].cloud != NULL) {
                cleat_buf_printf(&known, "%s%s", known.n ? ", " : "", o->v[i].name);
            }
        }
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "unknown cloud provider \"%.*s\"; loaded plugins offer: %s", CLEAT_FMT(s),
                          known.n ? known.p : "none");
    }
    return CLEAT_OK;
}

static bool is_off_by_default(const struct cleat_controller_desc *d, bool attached) {
    return d->disabled_by_default == CLEAT_OFF_WHERE_ATTACHED ? attached
                                                              : d->disabled_by_default != 0;
}

static bool in_list(const char *list, const char *name) {
    struct cleat_str s;
    while (cleat_list_next(&list, &s)) {
        if (cleat_eqc(s, name)) {
            return true;
        }
    }
    return false;
}

static cleat_err read_cloud_config(const char *file, size_t n_providers, struct cleat_yaml **ret,
                                   struct cleat_error *e) {
    if (file == NULL) {
        return CLEAT_OK;
    }
    if (n_providers != 1) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "--cloud-config is the section of one provider, but --cloud-provider "
                          "names %zu; use a section each in --config",
                          n_providers);
    }
    CLEAT_TRY(cleat_yaml_read(file, ret, e));
    if ((*ret)->type != CLEAT_YAML_MAP) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: the file must be a map", file,
                          (*ret)->line);
    }
    return CLEAT_OK;
}

cleat_err cleat_plan_make(const struct cleat_offers *o, const struct cleat_host_opts *opts,
                          struct cleat_plan **ret, struct cleat_error *e) {
    CLEAT_AUTO(cleat_yaml) *root = NULL;
    CLEAT_AUTO(cleat_yaml) *cloud_config = NULL;
    CLEAT_AUTO_FREE char *controllers = NULL;
    CLEAT_AUTO_FREE char *providers = NULL;
    if (opts->config != NULL) {
        CLEAT_TRY(cleat_config_read(opts->config, opts->config_keys, &root, e));
        CLEAT_TRY(cleat_config_list(root, opts->config, "controllers", &controllers, e));
        CLEAT_TRY(cleat_config_list(root, opts->config, "cloudProviders", &providers, e));
    }
    const char *wanted = opts->controllers ? opts->controllers : controllers ? controllers : "*";
    const char *clouds = opts->cloud_providers ? opts->cloud_providers : providers;
    const struct cleat_yaml *plugins = root ? cleat_yaml_get(root, "plugins") : NULL;
    size_t n_providers;
    CLEAT_TRY(cleat_select_check(wanted, o, e));
    CLEAT_TRY(check_providers(o, clouds, &n_providers, e));
    CLEAT_TRY(check_flags(o, opts->flags, e));
    CLEAT_TRY(check_sections(o, plugins, opts->config, e));
    CLEAT_TRY(read_cloud_config(opts->cloud_config, n_providers, &cloud_config, e));

    CLEAT_AUTO(cleat_plan) *p = cleat_zalloc(sizeof *p);
    p->n = o->n;
    p->items = cleat_array(o->n + 1, sizeof *p->items);
    for (size_t i = 0; i < o->n; i++) {
        const struct cleat_offer *offer = &o->v[i];
        bool on = offer->cloud != NULL
                      ? in_list(clouds, offer->name)
                      : cleat_select_enabled(wanted, offer->name, offer->aliases,
                                             is_off_by_default(offer->controller, opts->attached));
        struct cleat_section from[2] = {{opts->config, find_section(o, plugins, offer)},
                                        {opts->cloud_config, NULL}};
        if (offer->cloud != NULL && on) {
            from[1].node = cloud_config;
        }
        p->items[i].enabled = on;
        CLEAT_TRY(cleat_options_build(offer->name, offer->options, from, 2, opts->flags,
                                      opts->own_flags, &p->items[i].config, e));
        struct cleat_gate_opts gate;
        CLEAT_TRY(offer->cloud != NULL ? cleat_gate_opts_read(p->items[i].config, &gate, e)
                                       : CLEAT_OK);
    }
    *ret = CLEAT_STEAL(p);
    return CLEAT_OK;
}
