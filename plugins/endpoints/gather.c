/* SPDX-License-Identifier: Apache-2.0 */
#include "gather.h"

#define ZONE "topology.kubernetes.io/zone"

/* ---- Services ---- */

bool cleat_ep_wants_topology(const cleat_obj *service) {
    struct cleat_str mode =
        cleat_ep_annotation(service, "service.kubernetes.io/topology-aware-hints");
    if (mode.n == 0) {
        mode = cleat_ep_annotation(service, "service.kubernetes.io/topology-mode");
    }
    return cleat_str_is(mode, "Auto") || cleat_str_is(mode, "auto");
}

static int distribution_of(const cleat_obj *service) {
    struct cleat_str how = CLEAT_TEXT(SDK, service, "spec", "trafficDistribution");
    for (int i = CLEAT_EP_CLOSE; i <= CLEAT_EP_SAME_NODE; i++) {
        if (cleat_str_is(how, cleat_ep_distributions[i])) {
            return i;
        }
    }
    return CLEAT_EP_ANYWHERE;
}

/* The ports of a Service at a pod (NULL where none has a name for a target), as a list in JSON;
 * owned. */
static char *ports_at(const cleat_obj *service, const cleat_obj *pod) {
    struct cleat_ep_text t = {0};
    struct cleat_iter it = {0};
    int64_t number;
    cleat_ep_add(&t, CLEAT_STR("{\"ports\":["));
    for (bool first = true; SDK->obj->next(CLEAT_AT(SDK, service, "spec", "ports"), &it);) {
        struct cleat_str app = cleat_ep_str(it.val, "appProtocol"),
                         protocol = cleat_ep_str(it.val, "protocol");
        if (!cleat_ep_find_port(pod, it.val, &number)) {
            continue;
        }
        cleat_ep_addf(&t, "%s{\"port\":%lld", first ? "" : ",", (long long)number);
        cleat_ep_add_str(&t, "name", cleat_ep_str(it.val, "name"));
        cleat_ep_add_str(&t, "protocol", protocol.n > 0 ? protocol : CLEAT_STR("TCP"));
        if (app.n > 0) {
            cleat_ep_add_str(&t, "appProtocol", app);
        }
        cleat_ep_add(&t, CLEAT_STR("}"));
        first = false;
    }
    cleat_ep_add(&t, CLEAT_STR("]}"));
    cleat_obj *o = cleat_ep_parse(t.p);
    char *ports = cleat_ep_ports(CLEAT_AT(SDK, o, "ports"));
    SDK->obj->unref(o);
    free(t.p);
    return ports;
}

/* Where no port has a name for a target, pods need not be asked. */
static bool has_names(const cleat_obj *service) {
    for (struct cleat_iter it = {0};
         SDK->obj->next(CLEAT_AT(SDK, service, "spec", "ports"), &it);) {
        if (SDK->obj->type(cleat_ep_get(it.val, "targetPort")) == CLEAT_STRING) {
            return true;
        }
    }
    return false;
}

void cleat_ep_service_init(struct cleat_ep_service *s, const cleat_obj *service) {
    *s = (struct cleat_ep_service){
        .obj = service,
        .all = cleat_ep_publishes_all(service),
        .topology = cleat_ep_wants_topology(service),
        .ports = has_names(service) ? NULL : ports_at(service, NULL),
    };
    s->distribution = s->topology ? CLEAT_EP_ANYWHERE : distribution_of(service);
    cleat_ep_families(service, s->families);
}

void cleat_ep_service_done(struct cleat_ep_service *s) {
    for (size_t i = 0; i < CLEAT_EP_FAMILIES; i++) {
        free(s->why[i]);
    }
    free(s->ports);
    *s = (struct cleat_ep_service){0};
}

/* ---- places: pods by family ---- */

struct place {
    const cleat_obj *pod;
    cleat_obj *node; /* held; NULL = not there */
    char *address;   /* owned */
    size_t family;   /* among the Service's */
    struct cleat_str hostname;
    struct cleat_str hint; /* the zone that is to be served by topology; empty = none */
};

struct places {
    struct place *v;
    size_t n, cap;
};

static void add_place(struct places *all, struct place p) {
    if (all->n == all->cap) {
        size_t cap = all->cap > 0 ? all->cap * 2 : 16;
        struct place *v = cleat_sdk_alloc(cap, sizeof *v);
        if (all->n > 0) {
            memcpy(v, all->v, all->n * sizeof *v);
        }
        free(all->v);
        all->v = v;
        all->cap = cap;
    }
    all->v[all->n++] = p;
}

static void places_done(struct places *all) {
    for (size_t i = 0; i < all->n; i++) {
        SDK->obj->unref(all->v[i].node);
        free(all->v[i].address);
    }
    free(all->v);
}

static const cleat_obj *find_places(const struct cleat_ep_service *s,
                                    const struct cleat_ep_gathering *from, struct places *ret) {
    const cleat_obj *homeless = NULL, *last = NULL;
    cleat_obj *node = NULL;
    for (size_t i = 0; i < from->pods->n; i++) {
        const cleat_obj *pod = from->pods->v[i];
        if (!cleat_ep_pod_counts(pod, true)) {
            continue;
        }
        struct cleat_key on = {{"", 0}, CLEAT_TEXT(SDK, pod, "spec", "nodeName")};
        if (last == NULL || !cleat_str_eq(on.name, CLEAT_TEXT(SDK, last, "spec", "nodeName"))) {
            SDK->obj->unref(node);
            node = on.name.n > 0 ? SDK->informer->get(from->nodes, on) : NULL;
            last = pod;
        }
        for (size_t k = 0; s->families[k] != NULL; k++) {
            char *address = cleat_ep_pod_address(pod, s->families[k]);
            if (address == NULL) {
                continue;
            }
            if (node == NULL && !s->all) {
                homeless = pod;
                free(address);
                continue;
            }
            add_place(ret, (struct place){.pod = pod,
                                          .node = node != NULL ? SDK->obj->ref(node) : NULL,
                                          .address = address,
                                          .family = k,
                                          .hostname = cleat_ep_wants_hostname(pod, s->obj)
                                                          ? CLEAT_TEXT(SDK, pod, "spec", "hostname")
                                                          : (struct cleat_str){"", 0}});
        }
    }
    SDK->obj->unref(node);
    return homeless;
}

static bool is_ready(const struct cleat_ep_service *s, const cleat_obj *pod) {
    return s->all || (cleat_ep_pod_is_ready(pod) && !cleat_ep_is_ending(pod));
}

static struct cleat_str zone_of(const struct place *p) {
    return p->node != NULL ? cleat_ep_label(p->node, ZONE) : (struct cleat_str){"", 0};
}

static char *id_of(const struct place *p) {
    return cleat_ep_id_of(cleat_cstr(p->address), p->hostname, SDK->obj->ns(p->pod),
                          SDK->obj->name(p->pod));
}

/* ---- hints ---- */

/* The zones that hints of this family's slices name, by endpoint. */
static void held_hints(const struct cleat_ep_objs *old, const char *family,
                       struct cleat_ep_set *ret) {
    for (size_t i = 0; i < old->n; i++) {
        struct cleat_iter it = {0};
        if (!cleat_str_is(CLEAT_TEXT(SDK, old->v[i], "addressType"), family)) {
            continue;
        }
        while (SDK->obj->next(CLEAT_AT(SDK, old->v[i], "endpoints"), &it)) {
            struct cleat_val zones = SDK->obj->at(it.val, CLEAT_PATH("hints", "forZones"));
            struct cleat_str zone = SDK->obj->str(SDK->obj->at(zones, CLEAT_PATH("0", "name")));
            if (zone.n > 0) {
                cleat_ep_set_add(ret, cleat_ep_id(it.val), cleat_sdk_dup(zone));
            }
        }
    }
}

static void hint_family(struct cleat_ep_service *s, const struct cleat_ep_gathering *from,
                        struct places *all, size_t family) {
    struct cleat_ep_sets held = {0};
    struct cleat_ep_set *set = cleat_ep_set_of(&held, "", cleat_sdk_dup(CLEAT_STR("")));
    struct cleat_ep_hint *hints = cleat_sdk_alloc(all->n, sizeof *hints);
    struct place **who = cleat_sdk_alloc(all->n, sizeof(struct place *));
    size_t n = 0;
    held_hints(from->old, s->families[family], set);
    for (size_t i = 0; i < all->n; i++) {
        struct place *p = &all->v[i];
        if (p->family != family || !is_ready(s, p->pod)) {
            continue;
        }
        char *id = id_of(p);
        const struct cleat_ep_endpoint *had = cleat_ep_set_find(set, id);
        free(id);
        hints[n] = (struct cleat_ep_hint){.own = zone_of(p),
                                          .held = cleat_cstr(had != NULL ? had->json : NULL)};
        who[n++] = p;
    }
    s->why[family] = cleat_ep_hints(from->shares, hints, n);
    for (size_t i = 0; i < n; i++) {
        /* What was chosen is the share's text or the Node's: both outlast the gathering. */
        who[i]->hint = hints[i].zone;
    }
    free(who);
    free(hints);
    cleat_ep_sets_done(&held);
}

/* ---- endpoints ---- */

static struct cleat_str word(bool yes) {
    return yes ? CLEAT_STR("true") : CLEAT_STR("false");
}

static void add_hints(struct cleat_ep_text *t, const struct cleat_ep_service *s,
                      const struct place *p, struct cleat_str on) {
    bool spread = s->distribution != CLEAT_EP_ANYWHERE && is_ready(s, p->pod);
    struct cleat_str zone = spread ? zone_of(p) : p->hint;
    bool for_node = spread && s->distribution == CLEAT_EP_SAME_NODE && on.n > 0;
    if (zone.n == 0 && !for_node) {
        return;
    }
    cleat_ep_addf(t, ",\"hints\":{");
    if (zone.n > 0) {
        cleat_ep_addf(t, "\"forZones\":[{\"name\":\"%.*s\"}]%s", CLEAT_FMT(zone),
                      for_node ? "," : "");
    }
    if (for_node) {
        cleat_ep_addf(t, "\"forNodes\":[{\"name\":\"%.*s\"}]", CLEAT_FMT(on));
    }
    cleat_ep_add(t, CLEAT_STR("}"));
}

static char *endpoint(const struct cleat_ep_service *s, const struct place *p) {
    struct cleat_ep_text t = {0};
    struct cleat_str on = CLEAT_TEXT(SDK, p->pod, "spec", "nodeName"), zone = zone_of(p);
    cleat_ep_add(&t, CLEAT_STR("{\"addresses\":[\""));
    cleat_ep_add(&t, cleat_cstr(p->address));
    cleat_ep_add(&t, CLEAT_STR("\"],\"conditions\":{\"ready\":"));
    cleat_ep_add(&t, word(is_ready(s, p->pod)));
    cleat_ep_add(&t, CLEAT_STR(",\"serving\":"));
    cleat_ep_add(&t, word(cleat_ep_pod_is_ready(p->pod)));
    cleat_ep_add(&t, CLEAT_STR(",\"terminating\":"));
    cleat_ep_add(&t, word(cleat_ep_is_ending(p->pod)));
    cleat_ep_add(&t, CLEAT_STR("}"));
    if (p->hostname.n > 0) {
        cleat_ep_add_str(&t, "hostname", p->hostname);
    }
    add_hints(&t, s, p, on);
    if (on.n > 0) {
        cleat_ep_add_str(&t, "nodeName", on);
    }
    cleat_ep_add(&t, CLEAT_STR(",\"targetRef\":{\"kind\":\"Pod\""));
    cleat_ep_add_str(&t, "namespace", SDK->obj->ns(p->pod));
    cleat_ep_add_str(&t, "name", SDK->obj->name(p->pod));
    cleat_ep_add_str(&t, "uid", SDK->obj->uid(p->pod));
    cleat_ep_add(&t, CLEAT_STR("}"));
    if (zone.n > 0) {
        cleat_ep_add_str(&t, "zone", zone);
    }
    cleat_ep_add(&t, CLEAT_STR("}"));
    return t.p;
}

const cleat_obj *cleat_ep_gather(struct cleat_ep_service *s, const struct cleat_ep_gathering *from,
                                 struct cleat_ep_sets *ret) {
    struct places all = {0};
    const cleat_obj *homeless = find_places(s, from, &all);
    for (size_t k = 0; s->families[k] != NULL && s->topology; k++) {
        hint_family(s, from, &all, k);
    }
    for (size_t i = 0; i < all.n; i++) {
        const struct place *p = &all.v[i];
        char *ports =
            s->ports != NULL ? cleat_sdk_dup(cleat_cstr(s->ports)) : ports_at(s->obj, p->pod);
        cleat_ep_set_add(cleat_ep_set_of(ret, s->families[p->family], ports), id_of(p),
                         endpoint(s, p));
    }
    places_done(&all);
    return homeless;
}
