/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether somebody's rules cover other rules: each is taken apart into single
 * permissions, and each of those must be covered by one rule. What is not is
 * printed as upstream does. Pure; any thread.
 */
#include "core/auth/internal.h"

/* One permission: url, or group and resource, and maybe a name. */
struct single {
    struct cleat_str verb, group, resource, name, url;
    bool has_name, is_url;
};

static bool resource_covered(const struct cleat__rule *owner, struct cleat_str resource) {
    if (owner->any_resource || cleat__strs_have(owner->resources, resource)) {
        return true;
    }
    const char *slash = resource.n > 0 ? memchr(resource.p, '/', resource.n) : NULL;
    if (slash == NULL) {
        return false;
    }
    CLEAT_AUTO_FREE char *any =
        cleat_sprintf("*%.*s", (int)(resource.n - (size_t)(slash - resource.p)), slash);
    return cleat__strs_have(owner->resources, cleat_s(any));
}

static bool rule_covers(const struct cleat__rule *owner, const struct single *s) {
    if (!owner->any_verb && !cleat__strs_have(owner->verb_names, s->verb)) {
        return false;
    }
    if (s->is_url) {
        for (size_t i = 0; i < owner->urls.n && owner->names.n == 0; i++) {
            if (cleat__url_covers(owner->urls.v[i], s->url)) {
                return true;
            }
        }
        return false;
    }
    return (owner->any_group || cleat__strs_have(owner->groups, s->group)) &&
           resource_covered(owner, s->resource) &&
           (owner->names.n == 0 || (s->has_name && cleat__strs_have(owner->names, s->name)));
}

static bool covered(struct cleat__role *const *owned, size_t n, const struct single *s) {
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < owned[i]->n_rules; k++) {
            if (rule_covers(&owned[i]->rules[k], s)) {
                return true;
            }
        }
    }
    return false;
}

/* ---- what is missing, as text ---- */

struct missing {
    struct line {
        struct cleat_str group, resource; /* of a line that other verbs may join */
        bool joins;
        struct cleat_buf text;
    } * lines;
    size_t n;
    bool wanted;
};

static void quoted(struct cleat_buf *out, const char *label, struct cleat_str s) {
    cleat_buf_printf(out, "%s%s:[", out->n > 1 ? ", " : "", label);
    cleat_buf_json(out, s);
    cleat_buf_putc(out, ']');
}

static void note(struct missing *m, const struct single *s) {
    bool joins = !s->is_url && !s->has_name;
    for (size_t i = 0; joins && i < m->n; i++) {
        struct line *l = &m->lines[i];
        if (l->joins && cleat_eq(l->group, s->group) && cleat_eq(l->resource, s->resource)) {
            cleat_buf_putc(&l->text, ' ');
            cleat_buf_json(&l->text, s->verb);
            return;
        }
    }
    m->lines = cleat_rearray(m->lines, m->n + 1, sizeof *m->lines);
    struct line *l = &m->lines[m->n++];
    *l = (struct line){s->group, s->resource, joins, {0}};
    cleat_buf_putc(&l->text, '{');
    if (s->is_url) {
        quoted(&l->text, "NonResourceURLs", s->url);
    } else {
        quoted(&l->text, "APIGroups", s->group);
        quoted(&l->text, "Resources", s->resource);
    }
    if (s->has_name) {
        quoted(&l->text, "ResourceNames", s->name);
    }
    cleat_buf_puts(&l->text, ", Verbs:[");
    cleat_buf_json(&l->text, s->verb);
}

static int by_text(const void *a, const void *b) {
    return strcmp(((const struct line *)a)->text.p, ((const struct line *)b)->text.p);
}

static void write_missing(struct missing *m, struct cleat_buf *out) {
    for (size_t i = 0; i < m->n; i++) {
        cleat_buf_puts(&m->lines[i].text, "]}");
    }
    if (m->n > 1) {
        qsort(m->lines, m->n, sizeof *m->lines, by_text);
    }
    for (size_t i = 0; i < m->n; i++) {
        if (i == 0 || strcmp(m->lines[i].text.p, m->lines[i - 1].text.p) != 0) {
            cleat_buf_printf(out, "%s%s", i > 0 ? "\n" : "", m->lines[i].text.p);
        }
    }
    for (size_t i = 0; i < m->n; i++) {
        cleat_buf_done(&m->lines[i].text);
    }
    free(m->lines);
}

/* ---- taking rules apart ---- */

struct check {
    struct cleat__role *const *owned;
    size_t n_owned;
    struct missing missing;
    bool all;
};

static void look(struct check *c, const struct single *s) {
    if (!covered(c->owned, c->n_owned, s)) {
        c->all = false;
        if (c->missing.wanted) {
            note(&c->missing, s);
        }
    }
}

static void look_names(struct check *c, const struct cleat__rule *rule, struct single *s) {
    s->has_name = rule->names.n > 0;
    if (!s->has_name) {
        look(c, s);
    }
    for (size_t i = 0; i < rule->names.n; i++) {
        s->name = rule->names.v[i];
        look(c, s);
    }
}

static void look_rule(struct check *c, const struct cleat__rule *rule) {
    for (size_t g = 0; g < rule->groups.n; g++) {
        for (size_t r = 0; r < rule->resources.n; r++) {
            for (size_t v = 0; v < rule->verb_names.n; v++) {
                struct single s = {.verb = rule->verb_names.v[v],
                                   .group = rule->groups.v[g],
                                   .resource = rule->resources.v[r]};
                look_names(c, rule, &s);
            }
        }
    }
    for (size_t u = 0; u < rule->urls.n; u++) {
        for (size_t v = 0; v < rule->verb_names.n; v++) {
            const struct single s = {
                .verb = rule->verb_names.v[v], .url = rule->urls.v[u], .is_url = true};
            look(c, &s);
        }
    }
}

bool cleat__rules_cover(struct cleat__role *const *owned, size_t n,
                        const struct cleat__role *wanted, struct cleat_buf *missing) {
    struct check c = {.owned = owned, .n_owned = n, .all = true};
    c.missing.wanted = missing != NULL;
    for (size_t i = 0; i < wanted->n_rules && (c.all || missing != NULL); i++) {
        look_rule(&c, &wanted->rules[i]);
    }
    if (missing != NULL) {
        write_missing(&c.missing, missing);
    }
    return c.all;
}
