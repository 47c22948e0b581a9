/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inventory: servers and pools of addresses, read from a file that people
 * write and from objects, as an immutable snapshot. A file with a mistake is
 * refused as a whole, with the place of the mistake; an object with one is left
 * out. Pure; any thread.
 */
#include "lin.h"

#include <strings.h>

#define OBJ (SDK->obj)

/* ---- reading, with complaints ---- */

/* Where we are, for messages: "servers[3]". */
struct where {
    char *at;
    struct cleat_error *e;
};

static cleat_err bad(struct where *w, const char *field, const char *what) {
    return cleat_errorf(w->e, CLEAT_E_INVALID, "%s.%s: %s", w->at, field, what);
}

static cleat_err check_fields(struct where *w, struct cleat_val v, const char *const *known) {
    if (OBJ->type(v) != CLEAT_OBJECT) {
        return cleat_errorf(w->e, CLEAT_E_INVALID, "%s: must be an object", w->at);
    }
    struct cleat_iter it = {0};
    while (OBJ->next(v, &it)) {
        size_t i = 0;
        while (known[i] != NULL && !cleat_str_is(it.key, known[i])) {
            i++;
        }
        if (known[i] == NULL) {
            return cleat_errorf(w->e, CLEAT_E_INVALID, "%s.%.*s: unknown field", w->at,
                                CLEAT_FMT(it.key));
        }
    }
    return CLEAT_OK;
}

/* Numbers of a YAML file that mean names ("zone: 1") are taken as their text. */
static cleat_err read_text(struct where *w, struct cleat_val v, const char *field, char **ret) {
    struct cleat_val f = OBJ->at(v, CLEAT_PATH(field));
    int32_t type = OBJ->type(f);
    if (type != CLEAT_ABSENT && type != CLEAT_NULL && type != CLEAT_STRING &&
        type != CLEAT_NUMBER) {
        return bad(w, field, "must be a string");
    }
    *ret = type == CLEAT_NUMBER ? cleat_sdk_dup(OBJ->raw(f)) : cleat_lin_string(f);
    return CLEAT_OK;
}

/* A number of seconds, fractions allowed. */
static cleat_err read_seconds(struct where *w, struct cleat_val v, const char *field,
                              cleat_time *inout) {
    struct cleat_val f = OBJ->at(v, CLEAT_PATH(field));
    if (OBJ->type(f) == CLEAT_ABSENT) {
        return CLEAT_OK;
    }
    char *raw = cleat_sdk_dup(OBJ->raw(f));
    double d = OBJ->type(f) == CLEAT_NUMBER ? strtod(raw, NULL) : 0;
    free(raw);
    if (!(d >= 0.01 && d <= 86400)) {
        return bad(w, field, "must be a number of seconds between 0.01 and 86400");
    }
    *inout = (cleat_time)(d * (double)CLEAT_SECOND);
    return CLEAT_OK;
}

static cleat_err read_int(struct where *w, struct cleat_val v, const char *field, int64_t min,
                          int64_t max, int64_t *inout) {
    struct cleat_val f = OBJ->at(v, CLEAT_PATH(field));
    if (OBJ->type(f) == CLEAT_ABSENT) {
        return CLEAT_OK;
    }
    int64_t n = min - 1;
    if (!OBJ->integer(f, &n) || n < min || n > max) {
        return cleat_errorf(w->e, CLEAT_E_INVALID, "%s.%s: must be a number from %lld to %lld",
                            w->at, field, (long long)min, (long long)max);
    }
    *inout = n;
    return CLEAT_OK;
}

/* ---- servers ---- */

static cleat_err read_addresses(struct where *w, struct cleat_val list,
                                struct cleat_lin_server *s) {
    static const char *const known[] = {"type", "address", NULL};
    static const char *const types[] = {"InternalIP", "ExternalIP", "Hostname", "InternalDNS",
                                        "ExternalDNS"};
    struct cleat_iter it = {0};
    while (OBJ->next(list, &it)) {
        struct cleat_lin_addr a;
        const char *type = types[0];
        struct cleat_val text = it.val;
        if (OBJ->type(it.val) == CLEAT_OBJECT) {
            cleat_err err = check_fields(w, it.val, known);
            if (err != CLEAT_OK) {
                return err;
            }
            struct cleat_str want = OBJ->str(OBJ->at(it.val, CLEAT_PATH("type")));
            size_t i = 0;
            while (i < 5 && want.n > 0 && !cleat_str_is(want, types[i])) {
                i++;
            }
            if (i == 5) {
                return bad(w, "addresses", "unknown type of address");
            }
            type = types[i];
            text = OBJ->at(it.val, CLEAT_PATH("address"));
        }
        bool is_ip = strcmp(type + strlen(type) - 2, "IP") == 0;
        if (OBJ->str(text).n == 0 || (is_ip && !cleat_lin_addr_parse(OBJ->str(text), &a))) {
            return bad(w, "addresses", "not an IP address");
        }
        struct cleat_address one = {type, cleat_lin_string(text)};
        CLEAT_LIN_PUSH(s->addresses, s->n_addresses, one);
    }
    return CLEAT_OK;
}

static cleat_err read_labels(struct where *w, struct cleat_val labels, struct cleat_lin_server *s) {
    struct cleat_iter it = {0};
    while (OBJ->next(labels, &it)) {
        if (OBJ->type(it.val) != CLEAT_STRING) {
            return bad(w, "labels", "values must be strings (put them in quotes)");
        }
        struct cleat_label one = {cleat_sdk_dup(it.key), cleat_lin_string(it.val)};
        CLEAT_LIN_PUSH(s->labels, s->n_labels, one);
    }
    return CLEAT_OK;
}

static cleat_err read_probe(struct where *w, struct cleat_val probe, struct cleat_lin_server *s) {
    static const char *const known[] = {
        "type", "port", "path", "intervalSeconds", "timeoutSeconds", "failures", "successes", NULL};
    static const char *const kinds[] = {"None", "TCP", "HTTP", "ICMP"};
    struct cleat_lin_check_spec *p = &s->probe;
    *p = (struct cleat_lin_check_spec){.interval = 5 * CLEAT_SECOND, .timeout = 2 * CLEAT_SECOND};
    int64_t port = 0, fall = 3, rise = 1;
    if (OBJ->type(probe) == CLEAT_ABSENT) {
        return CLEAT_OK;
    }
    cleat_err err = check_fields(w, probe, known);
    char *kind = NULL, *path = NULL;
    if (err == CLEAT_OK) {
        err = read_text(w, probe, "type", &kind);
    }
    if (err == CLEAT_OK) {
        size_t i = 0;
        while (i < 4 && strcasecmp(kind, kinds[i]) != 0) {
            i++;
        }
        p->kind = (enum cleat_lin_check_kind)i;
        err = i < 4 ? CLEAT_OK : bad(w, "probe.type", "must be TCP, HTTP, ICMP or None");
    }
    bool needs_port = p->kind == CLEAT_LIN_CHECK_TCP || p->kind == CLEAT_LIN_CHECK_HTTP;
    err = err ? err : read_int(w, probe, "port", 1, 65535, &port);
    err = err ? err : read_int(w, probe, "failures", 1, 100, &fall);
    err = err ? err : read_int(w, probe, "successes", 1, 100, &rise);
    err = err ? err : read_seconds(w, probe, "intervalSeconds", &p->interval);
    err = err ? err : read_seconds(w, probe, "timeoutSeconds", &p->timeout);
    err = err ? err : read_text(w, probe, "path", &path);
    if (err == CLEAT_OK && needs_port && port == 0) {
        err = bad(w, "probe.port", "is needed");
    }
    if (err == CLEAT_OK && path[0] != 0 && (path[0] != '/' || strpbrk(path, " \r\n") != NULL)) {
        err = bad(w, "probe.path", "must begin with / and hold no spaces");
    }
    p->port = (uint16_t)port;
    p->fall = (int)fall;
    p->rise = (int)rise;
    p->path = err == CLEAT_OK && path[0] != 0 ? cleat_sdk_dup(cleat_cstr(path)) : NULL;
    free(kind);
    free(path);
    return err;
}

/* What a Node that is made for this server begins with. */
static const cleat_obj *make_template(struct cleat_val capacity) {
    if (OBJ->count(capacity) == 0) {
        return NULL;
    }
    cleat_edit *e = OBJ->edit_new(NULL);
    OBJ->set_val(e, CLEAT_PATH("status", "capacity"), capacity);
    OBJ->set_val(e, CLEAT_PATH("status", "allocatable"), capacity);
    cleat_obj *o = NULL;
    return OBJ->edit_finish(e, &o, NULL) == CLEAT_OK ? o : NULL;
}

static void server_done(struct cleat_lin_server *s) {
    for (size_t i = 0; i < s->n_addresses; i++) {
        free((char *)s->addresses[i].address);
    }
    for (size_t i = 0; i < s->n_labels; i++) {
        free((char *)s->labels[i].key);
        free((char *)s->labels[i].value);
    }
    free(s->addresses);
    free(s->labels);
    free((char *)s->probe.path);
    free(s->name);
    free(s->provider_id);
    free(s->zone);
    free(s->region);
    free(s->type);
    OBJ->unref(s->node_template);
}

/* "off" without quotes is a boolean in YAML. */
static cleat_err read_power(struct where *w, struct cleat_val v, bool *off) {
    struct cleat_val f = OBJ->at(v, CLEAT_PATH("power"));
    struct cleat_str text = OBJ->str(f);
    int32_t type = OBJ->type(f);
    bool said = type == CLEAT_STRING && text.n > 0;
    *off = type == CLEAT_BOOL ? !OBJ->boolean(f, 1) : said && strncasecmp(text.p, "off", 3) == 0;
    bool good = type == CLEAT_BOOL || type == CLEAT_ABSENT ||
                (said && text.n <= 3 &&
                 (*off ? text.n == 3 : text.n == 2 && strncasecmp(text.p, "on", 2) == 0));
    return good ? CLEAT_OK : bad(w, "power", "must be On or Off");
}

/* An entry of the file, or the spec of an object whose name is given. */
static cleat_err read_server(struct where *w, struct cleat_val v, const char *name,
                             struct cleat_lin_server *s) {
    static const char *const known[] = {"name",   "providerID",   "addresses", "zone",
                                        "region", "instanceType", "labels",    "capacity",
                                        "power",  "probe",        NULL};
    cleat_err err = check_fields(w, v, known);
    err = err ? err : read_text(w, v, "name", &s->name);
    err = err ? err : read_text(w, v, "providerID", &s->provider_id);
    err = err ? err : read_text(w, v, "zone", &s->zone);
    err = err ? err : read_text(w, v, "region", &s->region);
    err = err ? err : read_text(w, v, "instanceType", &s->type);
    err = err ? err : read_power(w, v, &s->off);
    err = err ? err : read_addresses(w, OBJ->at(v, CLEAT_PATH("addresses")), s);
    err = err ? err : read_labels(w, OBJ->at(v, CLEAT_PATH("labels")), s);
    err = err ? err : read_probe(w, OBJ->at(v, CLEAT_PATH("probe")), s);
    if (err == CLEAT_OK && name != NULL) {
        free(s->name);
        s->name = cleat_sdk_dup(cleat_cstr(name));
    }
    if (err == CLEAT_OK && s->name[0] == 0) {
        err = bad(w, "name", "is needed");
    }
    if (err == CLEAT_OK && s->provider_id[0] == 0) {
        free(s->provider_id);
        s->provider_id = cleat_sdk_format("%s%s", CLEAT_LIN_SCHEME, s->name);
    }
    if (err == CLEAT_OK &&
        strncmp(s->provider_id, CLEAT_LIN_SCHEME, strlen(CLEAT_LIN_SCHEME)) != 0) {
        err = bad(w, "providerID", "must begin with linux://");
    }
    if (err == CLEAT_OK) {
        s->node_template = make_template(OBJ->at(v, CLEAT_PATH("capacity")));
        if (s->probe.kind != CLEAT_LIN_CHECK_NONE &&
            !cleat_lin_server_address(s, AF_INET, &s->probe.address) &&
            !cleat_lin_server_address(s, AF_INET6, &s->probe.address)) {
            err = bad(w, "probe", "the server has no IP address to ask");
        }
    }
    return err;
}

/* ---- pools ---- */

static void pool_done(struct cleat_lin_pool *p) {
    free(p->name);
    free(p->interface);
    free(p->ranges);
}

static cleat_err read_pool(struct where *w, struct cleat_val v, const char *name,
                           struct cleat_lin_pool *p) {
    static const char *const known[] = {"name", "addresses", "interface", "manual", NULL};
    cleat_err err = check_fields(w, v, known);
    err = err ? err : read_text(w, v, "name", &p->name);
    err = err ? err : read_text(w, v, "interface", &p->interface);
    if (err != CLEAT_OK) {
        return err;
    }
    if (name != NULL) {
        free(p->name);
        p->name = cleat_sdk_dup(cleat_cstr(name));
    }
    p->manual = OBJ->boolean(OBJ->at(v, CLEAT_PATH("manual")), 0) != 0;
    struct cleat_iter it = {0};
    while (OBJ->next(OBJ->at(v, CLEAT_PATH("addresses")), &it)) {
        struct cleat_lin_range r;
        if (!cleat_lin_range_parse(OBJ->str(it.val), &r)) {
            return bad(w, "addresses", "must be addresses, ranges a-b or networks a/n");
        }
        CLEAT_LIN_PUSH(p->ranges, p->n_ranges, r);
    }
    if (p->name[0] == 0) {
        return bad(w, "name", "is needed");
    }
    return p->n_ranges > 0 ? CLEAT_OK : bad(w, "addresses", "is needed");
}

/* ---- snapshots ---- */

void cleat_lin_inventory_unref(struct cleat_lin_inventory *inv) {
    if (inv == NULL || atomic_fetch_sub(&inv->refs, 1) > 1) {
        return;
    }
    for (size_t i = 0; i < inv->n_servers; i++) {
        server_done(&inv->servers[i]);
    }
    for (size_t i = 0; i < inv->n_pools; i++) {
        pool_done(&inv->pools[i]);
    }
    free(inv->servers);
    free(inv->pools);
    free(inv->places);
    free(inv);
}

static struct cleat_lin_inventory *inventory_new(void) {
    struct cleat_lin_inventory *inv = cleat_sdk_alloc(1, sizeof *inv);
    atomic_init(&inv->refs, 1);
    return inv;
}

/* First that has the name or the providerID; NULL where none. */
static const struct cleat_lin_server *clash(const struct cleat_lin_inventory *inv,
                                            const struct cleat_lin_server *s) {
    for (size_t i = 0; i < inv->n_servers; i++) {
        if (strcmp(inv->servers[i].name, s->name) == 0 ||
            strcmp(inv->servers[i].provider_id, s->provider_id) == 0) {
            return &inv->servers[i];
        }
    }
    return NULL;
}

static const struct cleat_lin_pool *pool_named(const struct cleat_lin_inventory *inv,
                                               const char *name) {
    for (size_t i = 0; i < inv->n_pools; i++) {
        if (strcmp(inv->pools[i].name, name) == 0) {
            return &inv->pools[i];
        }
    }
    return NULL;
}

static cleat_err add_server(struct cleat_lin_inventory *inv, struct where *w, struct cleat_val v,
                            const char *name) {
    struct cleat_lin_server s = {.is_object = name != NULL};
    cleat_err err = read_server(w, v, name, &s);
    if (err == CLEAT_OK && clash(inv, &s) != NULL) {
        err = bad(w, "name", "another server has this name or providerID");
    }
    if (err != CLEAT_OK) {
        server_done(&s);
        return err;
    }
    CLEAT_LIN_PUSH(inv->servers, inv->n_servers, s);
    return CLEAT_OK;
}

static cleat_err add_pool(struct cleat_lin_inventory *inv, struct where *w, struct cleat_val v,
                          const char *name) {
    struct cleat_lin_pool p = {0};
    cleat_err err = read_pool(w, v, name, &p);
    if (err == CLEAT_OK && pool_named(inv, p.name) != NULL) {
        err = bad(w, "name", "another pool has this name");
    }
    if (err != CLEAT_OK) {
        pool_done(&p);
        return err;
    }
    CLEAT_LIN_PUSH(inv->pools, inv->n_pools, p);
    return CLEAT_OK;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct cleat_lin_server *)a)->name,
                  ((const struct cleat_lin_server *)b)->name);
}

static int by_place(const void *a, const void *b) {
    const struct cleat_lin_place *x = a, *y = b;
    int d = cleat_lin_addr_cmp(&x->address, &y->address);
    return d != 0 ? d : (x->server > y->server) - (x->server < y->server);
}

/* Makes what the searches need. */
static void sort_servers(struct cleat_lin_inventory *inv) {
    if (inv->n_servers > 1) {
        qsort(inv->servers, inv->n_servers, sizeof *inv->servers, by_name);
    }
    for (size_t i = 0; i < inv->n_servers; i++) {
        const struct cleat_lin_server *s = &inv->servers[i];
        for (size_t k = 0; k < s->n_addresses; k++) {
            struct cleat_lin_place p = {.server = i};
            if (cleat_lin_addr_parse(cleat_cstr(s->addresses[k].address), &p.address)) {
                CLEAT_LIN_PUSH(inv->places, inv->n_places, p);
            }
        }
    }
    if (inv->n_places > 1) {
        qsort(inv->places, inv->n_places, sizeof *inv->places, by_place);
    }
}

static cleat_err add_list(struct cleat_lin_inventory *inv, const cleat_obj *doc, const char *part,
                          struct cleat_error *reterr) {
    struct cleat_val list = CLEAT_AT(SDK, doc, part);
    int32_t type = OBJ->type(list);
    if (type != CLEAT_ABSENT && type != CLEAT_NULL && type != CLEAT_ARRAY) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "%s: must be a list", part);
    }
    cleat_err err = CLEAT_OK;
    struct cleat_iter it = {0};
    for (size_t i = 0; err == CLEAT_OK && OBJ->next(list, &it); i++) {
        struct where w = {cleat_sdk_format("%s[%zu]", part, i), reterr};
        err = strcmp(part, "servers") == 0 ? add_server(inv, &w, it.val, NULL)
                                           : add_pool(inv, &w, it.val, NULL);
        free(w.at);
    }
    return err;
}

cleat_err cleat_lin_inventory_parse(struct cleat_str text, struct cleat_lin_inventory **ret,
                                    struct cleat_error *reterr) {
    static const char *const known[] = {"apiVersion", "kind", "servers", "pools", NULL};
    cleat_obj *doc = NULL;
    cleat_err err = OBJ->parse_yaml(text, &doc, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct cleat_lin_inventory *inv = inventory_new();
    struct where w = {(char *)"inventory", reterr};
    err = check_fields(&w, OBJ->root(doc), known);
    if (err == CLEAT_OK && !cleat_str_is(CLEAT_TEXT(SDK, doc, "kind"), "Inventory")) {
        err = bad(&w, "kind", "must be Inventory (is this the right file, and whole?)");
    }
    err = err ? err : add_list(inv, doc, "servers", reterr);
    err = err ? err : add_list(inv, doc, "pools", reterr);
    OBJ->unref(doc);
    if (err != CLEAT_OK) {
        cleat_lin_inventory_unref(inv);
        return err;
    }
    sort_servers(inv);
    *ret = inv;
    return CLEAT_OK;
}

/* ---- merging ---- */

static void copy_server(struct cleat_lin_inventory *inv, const struct cleat_lin_server *from) {
    struct cleat_lin_server s = *from;
    s.name = cleat_sdk_dup(cleat_cstr(from->name));
    s.provider_id = cleat_sdk_dup(cleat_cstr(from->provider_id));
    s.zone = cleat_sdk_dup(cleat_cstr(from->zone));
    s.region = cleat_sdk_dup(cleat_cstr(from->region));
    s.type = cleat_sdk_dup(cleat_cstr(from->type));
    s.probe.path = from->probe.path ? cleat_sdk_dup(cleat_cstr(from->probe.path)) : NULL;
    s.node_template = OBJ->ref(from->node_template);
    s.addresses = cleat_sdk_alloc(s.n_addresses, sizeof *s.addresses);
    for (size_t i = 0; i < s.n_addresses; i++) {
        s.addresses[i].type = from->addresses[i].type; /* a literal */
        s.addresses[i].address = cleat_sdk_dup(cleat_cstr(from->addresses[i].address));
    }
    s.labels = cleat_sdk_alloc(s.n_labels, sizeof *s.labels);
    for (size_t i = 0; i < s.n_labels; i++) {
        s.labels[i].key = cleat_sdk_dup(cleat_cstr(from->labels[i].key));
        s.labels[i].value = cleat_sdk_dup(cleat_cstr(from->labels[i].value));
    }
    CLEAT_LIN_PUSH(inv->servers, inv->n_servers, s);
}

static void copy_pool(struct cleat_lin_inventory *inv, const struct cleat_lin_pool *from) {
    struct cleat_lin_pool p = *from;
    p.name = cleat_sdk_dup(cleat_cstr(from->name));
    p.interface = cleat_sdk_dup(cleat_cstr(from->interface));
    p.ranges = cleat_sdk_alloc(p.n_ranges, sizeof *p.ranges);
    memcpy(p.ranges, from->ranges, p.n_ranges * sizeof *p.ranges);
    CLEAT_LIN_PUSH(inv->pools, inv->n_pools, p);
}

struct cleat_lin_inventory *cleat_lin_inventory_merge(const struct cleat_lin_inventory *base,
                                                      const cleat_obj *const *servers,
                                                      size_t n_servers,
                                                      const cleat_obj *const *pools,
                                                      size_t n_pools) {
    struct cleat_lin_inventory *inv = inventory_new();
    for (size_t i = 0; base != NULL && i < base->n_servers; i++) {
        copy_server(inv, &base->servers[i]);
    }
    for (size_t i = 0; base != NULL && i < base->n_pools; i++) {
        copy_pool(inv, &base->pools[i]);
    }
    for (size_t i = 0; i < n_servers + n_pools; i++) {
        const cleat_obj *o = i < n_servers ? servers[i] : pools[i - n_servers];
        char *name = cleat_sdk_dup(OBJ->name(o));
        struct cleat_error why = CLEAT_ERROR_INIT;
        struct where w = {cleat_sdk_format("%s %s", i < n_servers ? "Server" : "AddressPool", name),
                          &why};
        struct cleat_val spec = CLEAT_AT(SDK, o, "spec");
        cleat_err err =
            i < n_servers ? add_server(inv, &w, spec, name) : add_pool(inv, &w, spec, name);
        if (err != CLEAT_OK) {
            cleat_lin_log(CLEAT_LOG_WARN, "left out: %s", why.message);
        }
        free(w.at);
        free(name);
    }
    sort_servers(inv);
    return inv;
}

/* ---- finding ---- */

const struct cleat_lin_server *cleat_lin_inventory_find(const struct cleat_lin_inventory *inv,
                                                        struct cleat_str name) {
    size_t low = 0, high = inv->n_servers;
    while (low < high) {
        size_t mid = (low + high) / 2;
        struct cleat_str at = cleat_cstr(inv->servers[mid].name);
        size_t n = at.n < name.n ? at.n : name.n;
        int d = n > 0 ? memcmp(at.p, name.p, n) : 0;
        d = d != 0 ? d : (at.n > name.n) - (at.n < name.n);
        if (d == 0) {
            return &inv->servers[mid];
        }
        if (d < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}

const struct cleat_lin_server *cleat_lin_inventory_at(const struct cleat_lin_inventory *inv,
                                                      const struct cleat_lin_addr *a) {
    size_t low = 0, high = inv->n_places;
    while (low < high) { /* the first that is not below */
        size_t mid = (low + high) / 2;
        if (cleat_lin_addr_cmp(&inv->places[mid].address, a) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    bool found = low < inv->n_places && cleat_lin_addr_cmp(&inv->places[low].address, a) == 0;
    return found ? &inv->servers[inv->places[low].server] : NULL;
}

bool cleat_lin_server_address(const struct cleat_lin_server *s, int family,
                              struct cleat_lin_addr *ret) {
    static const char *const types[] = {"InternalIP", "ExternalIP"};
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; i < s->n_addresses; i++) {
            struct cleat_lin_addr a;
            if (strcmp(s->addresses[i].type, types[t]) == 0 &&
                cleat_lin_addr_parse(cleat_cstr(s->addresses[i].address), &a) &&
                a.family == family) {
                *ret = a;
                return true;
            }
        }
    }
    return false;
}

const struct cleat_lin_pool *cleat_lin_inventory_pool(const struct cleat_lin_inventory *inv,
                                                      const struct cleat_lin_addr *a) {
    for (size_t i = 0; i < inv->n_pools; i++) {
        for (size_t k = 0; k < inv->pools[i].n_ranges; k++) {
            if (cleat_lin_range_has(&inv->pools[i].ranges[k], a)) {
                return &inv->pools[i];
            }
        }
    }
    return NULL;
}
