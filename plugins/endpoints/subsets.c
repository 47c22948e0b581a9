/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses with the same ports make a subset. Subsets, ports and addresses are sorted,
 * so that the same pods always give the same text.
 */
#include "subsets.h"

/* ---- gathering ---- */

struct found {
    const cleat_obj *pod;
    char *ip;
};

static int by_address(const void *a, const void *b) {
    const struct found *x = a, *y = b;
    int r = strcmp(x->ip, y->ip);
    return r != 0 ? r : cleat_ep_cmp(SDK->obj->uid(x->pod), SDK->obj->uid(y->pod));
}

static char *address_json(const struct found *f, const cleat_obj *service) {
    struct cleat_ep_text t = {0};
    struct cleat_str node = CLEAT_TEXT(SDK, f->pod, "spec", "nodeName");
    cleat_ep_addf(&t, "{\"ip\":\"%s\"", f->ip);
    if (cleat_ep_wants_hostname(f->pod, service)) {
        cleat_ep_add_str(&t, "hostname", CLEAT_TEXT(SDK, f->pod, "spec", "hostname"));
    }
    if (node.n > 0) {
        cleat_ep_add_str(&t, "nodeName", node);
    }
    cleat_ep_addf(&t, ",\"targetRef\":{\"kind\":\"Pod\"");
    cleat_ep_add_str(&t, "namespace", SDK->obj->ns(f->pod));
    cleat_ep_add_str(&t, "name", SDK->obj->name(f->pod));
    cleat_ep_add_str(&t, "uid", SDK->obj->uid(f->pod));
    cleat_ep_add(&t, CLEAT_STR("}}"));
    return t.p;
}

static char *port_json(struct cleat_val port, int64_t number) {
    struct cleat_ep_text t = {0};
    struct cleat_str name = cleat_ep_str(port, "name"), app = cleat_ep_str(port, "appProtocol"),
                     protocol = cleat_ep_str(port, "protocol");
    cleat_ep_addf(&t, "{\"port\":%lld", (long long)number);
    if (name.n > 0) {
        cleat_ep_add_str(&t, "name", name);
    }
    cleat_ep_add_str(&t, "protocol", protocol.n > 0 ? protocol : CLEAT_STR("TCP"));
    if (app.n > 0) {
        cleat_ep_add_str(&t, "appProtocol", app);
    }
    cleat_ep_add(&t, CLEAT_STR("}"));
    return t.p;
}

static void serve(struct cleat_ep_subsets *s, char *json, size_t address) {
    struct cleat_ep_port *p = NULL;
    for (size_t i = 0; i < s->n_ports && p == NULL; i++) {
        const char *have = s->ports[i].json;
        p = json == have || (json != NULL && have != NULL && strcmp(json, have) == 0) ? &s->ports[i]
                                                                                      : NULL;
    }
    if (p == NULL) {
        struct cleat_ep_port *v = cleat_sdk_alloc(s->n_ports + 1, sizeof *v);
        if (s->n_ports > 0) {
            memcpy(v, s->ports, s->n_ports * sizeof *v);
        }
        free(s->ports);
        s->ports = v;
        p = &v[s->n_ports++];
        *p = (struct cleat_ep_port){.json = json,
                                    .at = cleat_sdk_alloc(s->n_addresses, sizeof *p->at)};
    } else {
        free(json);
    }
    if (p->n == 0 || p->at[p->n - 1] != address) {
        p->at[p->n++] = address;
    }
}

static int by_port(const void *a, const void *b) {
    const struct cleat_ep_port *x = a, *y = b;
    return strcmp(x->json != NULL ? x->json : "", y->json != NULL ? y->json : "");
}

void cleat_ep_subsets_of(struct cleat_ep_subsets *ret, const cleat_obj *service,
                         const struct cleat_ep_objs *pods) {
    struct found *v = cleat_sdk_alloc(pods->n, sizeof *v);
    const char *families[3];
    bool all = cleat_ep_publishes_all(service);
    struct cleat_val ports = CLEAT_AT(SDK, service, "spec", "ports");
    size_t n = 0;
    cleat_ep_families(service, families);
    for (size_t i = 0; i < pods->n; i++) {
        char *ip = cleat_ep_pod_counts(pods->v[i], all)
                       ? cleat_ep_pod_address(pods->v[i], families[0])
                       : NULL;
        if (ip != NULL) {
            v[n++] = (struct found){pods->v[i], ip};
        }
    }
    if (n > 1) {
        qsort(v, n, sizeof *v, by_address);
    }
    ret->addresses = cleat_sdk_alloc(n, sizeof *ret->addresses);
    ret->n_addresses = n;
    for (size_t i = 0; i < n; i++) {
        ret->addresses[i] = (struct cleat_ep_address){
            .ip = v[i].ip,
            .json = address_json(&v[i], service),
            .ready = all || cleat_ep_pod_is_ready(v[i].pod),
        };
        if (SDK->obj->count(ports) == 0 && cleat_ep_is_headless(service)) {
            serve(ret, NULL, i);
        }
        for (struct cleat_iter it = {0}; SDK->obj->next(ports, &it);) {
            int64_t number;
            if (cleat_ep_find_port(v[i].pod, it.val, &number)) {
                serve(ret, port_json(it.val, number), i);
            }
        }
    }
    if (ret->n_ports > 1) {
        qsort(ret->ports, ret->n_ports, sizeof *ret->ports, by_port);
    }
    free(v);
}

/* ---- writing ---- */

static bool same_addresses(const struct cleat_ep_port *a, const struct cleat_ep_port *b) {
    return a->n == b->n && memcmp(a->at, b->at, a->n * sizeof *a->at) == 0;
}

static size_t count(const struct cleat_ep_subsets *s, const struct cleat_ep_port *p, bool ready) {
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        n += s->addresses[p->at[i]].ready == ready;
    }
    return n;
}

/* Adds "name":[...] of the first most addresses that are ready, or not. */
static void list_addresses(struct cleat_ep_text *t, const struct cleat_ep_subsets *s,
                           const struct cleat_ep_port *p, bool ready, size_t most) {
    size_t n = 0;
    for (size_t i = 0; i < p->n && n < most; i++) {
        const struct cleat_ep_address *a = &s->addresses[p->at[i]];
        if (a->ready == ready) {
            cleat_ep_addf(t, "%s%s",
                          n++ > 0 ? ","
                          : ready ? "\"addresses\":["
                                  : "\"notReadyAddresses\":[",
                          a->json);
        }
    }
    if (n > 0) {
        cleat_ep_add(t, CLEAT_STR("],"));
    }
}

static size_t share(size_t part, size_t all, size_t max, size_t left) {
    size_t n = all > 0 ? (part * max + all - 1) / all : 0; /* rounded up, as upstream */
    n = n < part ? n : part;
    return n < left ? n : left;
}

char *cleat_ep_subsets_text(struct cleat_ep_subsets *s, size_t max, bool *ret_cut) {
    struct cleat_ep_text t = {0};
    size_t ready = 0, other = 0;
    for (size_t i = 0; i < s->n_ports; i++) {
        bool first = true;
        for (size_t k = 0; k < i && first; k++) {
            first = !same_addresses(&s->ports[k], &s->ports[i]);
        }
        s->ports[i].done = !first; /* it is in the subset of another */
        ready += first ? count(s, &s->ports[i], true) : 0;
        other += first ? count(s, &s->ports[i], false) : 0;
    }
    *ret_cut = ready + other > max;
    size_t room = ready > max ? max : max - ready, left = room;
    cleat_ep_add(&t, CLEAT_STR("["));
    for (size_t i = 0; i < s->n_ports; i++) {
        const struct cleat_ep_port *p = &s->ports[i];
        if (p->done) {
            continue;
        }
        size_t n_ready = count(s, p, true), n_other = count(s, p, false);
        if (*ret_cut && ready > max) {
            n_ready = share(n_ready, ready, room, left);
            left -= n_ready;
            n_other = 0;
        } else if (*ret_cut) {
            n_other = share(n_other, other, room, left);
            left -= n_other;
        }
        if (n_ready + n_other == 0) {
            continue;
        }
        cleat_ep_add(&t, t.n > 1 ? CLEAT_STR(",{") : CLEAT_STR("{"));
        list_addresses(&t, s, p, true, n_ready);
        list_addresses(&t, s, p, false, n_other);
        if (p->json == NULL) { /* nothing more: the last comma goes */
            t.p[t.n - 1] = '}';
            continue;
        }
        cleat_ep_addf(&t, "\"ports\":[%s", p->json);
        for (size_t k = i + 1; k < s->n_ports; k++) {
            if (same_addresses(p, &s->ports[k])) {
                cleat_ep_addf(&t, ",%s", s->ports[k].json);
            }
        }
        cleat_ep_add(&t, CLEAT_STR("]}"));
    }
    cleat_ep_add(&t, CLEAT_STR("]"));
    return t.p;
}

void cleat_ep_subsets_done(struct cleat_ep_subsets *s) {
    for (size_t i = 0; i < s->n_addresses; i++) {
        free(s->addresses[i].ip);
        free(s->addresses[i].json);
    }
    for (size_t i = 0; i < s->n_ports; i++) {
        free(s->ports[i].json);
        free(s->ports[i].at);
    }
    free(s->addresses);
    free(s->ports);
}
