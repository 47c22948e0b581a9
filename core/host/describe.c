/* SPDX-License-Identifier: Apache-2.0 */
/* What is loaded and offered, as text for people, and the check of one file for
 * its author. One thread. */
#include "core/host/internal.h"

static const char *const types[] = {
    [CLEAT_OPT_STRING] = "string", [CLEAT_OPT_INT] = "int",
    [CLEAT_OPT_BOOL] = "bool",     [CLEAT_OPT_DURATION] = "duration",
    [CLEAT_OPT_DOUBLE] = "number", [CLEAT_OPT_STRINGS] = "strings",
    [CLEAT_OPT_OBJECT] = "object",
};

static void put_options(const struct cleat_option *v, struct cleat_buf *out) {
    const struct cleat_option *o;
    for (size_t i = 0; (o = cleat_option_at(v, i)) != NULL; i++) {
        cleat_buf_printf(out, "      %s (%s%s%s)", o->name, types[o->type],
                         o->def ? ", default " : "", o->def ? o->def : "");
        if (o->flag != NULL) {
            cleat_buf_printf(out, " --%s", o->flag);
        }
        cleat_buf_printf(out, "%s%s\n", o->help ? ": " : "", o->help ? o->help : "");
    }
}

static void put_offer(const struct cleat_offer *o, struct cleat_buf *out) {
    cleat_buf_printf(out, "    %s %s",
                     o->cloud         ? "cloud provider"
                     : o->provisioner ? "volume provisioner"
                                      : "controller",
                     o->name);
    for (const char *const *a = o->aliases; a != NULL && *a != NULL; a++) {
        cleat_buf_printf(out, "%s%s", a == o->aliases ? " (also " : ", ", *a);
    }
    cleat_buf_puts(out, o->aliases != NULL && o->aliases[0] != NULL ? ")" : "");
    if (o->controller != NULL && o->controller->disabled_by_default) {
        cleat_buf_puts(out, o->controller->disabled_by_default == CLEAT_OFF_WHERE_ATTACHED
                                ? ", off by default where attached"
                                : ", off by default");
    }
    cleat_buf_printf(out, "%s%s\n", o->description ? ": " : "",
                     o->description ? o->description : "");
    put_options(o->cloud != NULL ? o->cloud->options : o->options, out);
}

static void put_offers(const struct cleat_offers *all, const struct cleat_plugin *p,
                       struct cleat_buf *out) {
    for (size_t i = 0; i < all->n; i++) {
        if (all->v[i].plugin == p) {
            put_offer(&all->v[i], out);
        }
    }
    if (p->kinds != NULL && p->kinds->n_crds > 0) {
        cleat_buf_printf(out, "    kinds: %u\n", p->kinds->n_crds);
    }
}

void cleat_hostd_describe(cleat_hostd *h, struct cleat_buf *out) {
    for (size_t i = 0; i < h->offers.n_plugins; i++) {
        const struct cleat_plugin *p = h->offers.plugins[i];
        if (p->reason != NULL) {
            cleat_buf_printf(out, "%s\n    refused: %s\n", p->path, p->reason);
            continue;
        }
        cleat_buf_printf(out, "%s\n    %s %s\n", p->path, p->id, p->version);
        put_offers(&h->offers, p, out);
    }
}

static void put_flags(const char *whose, const struct cleat_option *v, struct cleat_buf *out) {
    const struct cleat_option *o;
    for (size_t k = 0; (o = cleat_option_at(v, k)) != NULL; k++) {
        if (o->flag != NULL) {
            cleat_buf_printf(out, "  --%s %s\n      %s: %s%s%s%s\n", o->flag, types[o->type], whose,
                             o->help ? o->help : o->name, o->def ? " (default " : "",
                             o->def ? o->def : "", o->def ? ")" : "");
        }
    }
}

void cleat_hostd_describe_flags(cleat_hostd *h, struct cleat_buf *out) {
    for (size_t i = 0; i < h->offers.n; i++) {
        const struct cleat_offer *offer = &h->offers.v[i];
        put_flags(offer->name, offer->cloud != NULL ? offer->cloud->options : offer->options, out);
    }
    put_flags("each cloud provider", cleat_gate_options, out);
}

/* ---- the check of one file ------------------------------------------------------- */

static cleat_err check_exports(const char *path, struct cleat_buf *report, struct cleat_error *e) {
    CLEAT_AUTO_BUF names = {0};
    int n = cleat_elf_exports(path, &names);
    if (n < 0) {
        return cleat_fail(e, CLEAT_E_ABI, "not a 64-bit ELF shared object");
    }
    if (n == 0) {
        return cleat_fail(e, CLEAT_E_ABI, "exports nothing; this host looks for \"%s\"",
                          CLEAT_PLUGIN_ENTRY_SYMBOL);
    }
    if (n != 1 || strcmp(names.p, CLEAT_PLUGIN_ENTRY_SYMBOL) != 0) {
        return cleat_fail(e, CLEAT_E_ABI, "exports %d symbols (%s); must be \"%s\" alone", n,
                          names.p, CLEAT_PLUGIN_ENTRY_SYMBOL);
    }
    cleat_buf_printf(report, "ok   exports %s and nothing else\n", names.p);
    return CLEAT_OK;
}

static cleat_err check_factories(const struct cleat_plugin *p, struct cleat_buf *report,
                                 struct cleat_error *e) {
    static const char *const unknown[] = {"cleat.no-such-factory/1", "cleat.controller/1x",
                                          "cleat.controller", "", NULL};
    for (size_t i = 0; unknown[i] != NULL; i++) {
        if (p->entry->get_factory(unknown[i]) != NULL) {
            return cleat_fail(e, CLEAT_E_BUG,
                              "get_factory(\"%s\") returned something; must be NULL for an id that "
                              "the plugin does not know",
                              unknown[i]);
        }
    }
    cleat_buf_puts(report, "ok   unknown factory ids give NULL\n");
    return CLEAT_OK;
}

static void put_info(const struct cleat_plugin *p, struct cleat_buf *report) {
    const struct cleat_plugin_info *i = p->entry->info;
    cleat_buf_printf(report, "ok   handshake: ABI %u.%u, host %u.%u\n", p->entry->abi.major,
                     p->entry->abi.minor, CLEAT_ABI_MAJOR, CLEAT_ABI_MINOR);
    cleat_buf_printf(report, "ok   init\n     id %s, version %s, vendor %s, license %s\n", i->id,
                     i->version, i->vendor ? i->vendor : "-", i->license ? i->license : "-");
    if (i->description != NULL) {
        cleat_buf_printf(report, "     %s\n", i->description);
    }
}

cleat_err cleat_plugin_probe(const char *path, struct cleat_buf *report, struct cleat_error *e) {
    struct cleat_offers all = {0};
    struct cleat_plugin *p = cleat_zalloc(sizeof *p);
    p->path = cleat_strdup(path);
    p->label = cleat_strdup("probe");
    all.plugins = cleat_array(1, sizeof *all.plugins);
    all.plugins[all.n_plugins++] = p;
    cleat_err err = cleat_plugin_check_file(path, e);
    if (err == CLEAT_OK) {
        cleat_buf_puts(report, "ok   file: owner and mode\n");
        err = check_exports(path, report, e);
    }
    if (err == CLEAT_OK) {
        err = cleat_plugin_load(&all, p, e);
    }
    if (err == CLEAT_OK) {
        put_info(p, report);
        err = check_factories(p, report, e);
    }
    if (err == CLEAT_OK) {
        cleat_buf_puts(report, "ok   factories\n");
        put_offers(&all, p, report);
    }
    cleat_offers_done(&all);
    return err;
}
