/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of each Service between two looks at it: what was written and may
 * not be in the cache yet, when its pods last changed, and its share of the gauges.
 * All of it can be lost: a restart costs one look at each Service. A mutex guards the
 * table and the writes; the rest of a state is its reconciler's, of which there is one.
 */
#include "endpoints.h"

/* A write that the cache has not shown after this long was undone by somebody, and a
 * deletion prevented. */
#define PATIENCE (10 * CLEAT_SECOND)

struct written {
    char *uid;
    uint64_t revision;
    cleat_time when;
    bool gone;
};

struct pod_time {
    uint64_t pod; /* hash of its uid */
    cleat_time time;
};

struct cleat_ep_state {
    struct cleat_ep_state *next;
    uint64_t hash;
    char *key;
    struct written *writes;
    size_t n_writes;
    bool known; /* its endpoints were looked at before */
    cleat_time service_time;
    struct pod_time *pods; /* by hash */
    size_t n_pods;
    struct cleat_ep_counts counts;
    int distribution;
    char *told[2]; /* of hints by topology: IPv4, IPv6 */
};

struct cleat_ep_states {
    pthread_mutex_t mutex;
    struct cleat_ep_state **buckets;
    size_t n_buckets, n;
    cleat_metric *endpoints, *slices, *ideal, *distributions[4]; /* NULL = none */
};

const char *const cleat_ep_distributions[4] = {"", "PreferClose", "PreferSameZone",
                                               "PreferSameNode"};

static uint64_t hash_of(struct cleat_str s, uint64_t h) {
    for (size_t i = 0; i < s.n; i++) {
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
    }
    return h;
}

#define SEED UINT64_C(0xcbf29ce484222325)

/* ---- the table ---- */

static cleat_metric *gauge(const char *prefix, const char *name, const char *help) {
    char *text = cleat_sdk_format("%s_%s", prefix, name);
    cleat_metric *f = SDK->metrics->family(text, help, CLEAT_GAUGE, NULL, NULL, 0);
    free(text);
    return SDK->metrics->with(f, (const char *const[]){NULL});
}

struct cleat_ep_states *cleat_ep_states_new(const char *gauges) {
    static const char *const labels[] = {"traffic_distribution", NULL};
    struct cleat_ep_states *s = cleat_sdk_alloc(1, sizeof *s);
    pthread_mutex_init(&s->mutex, NULL);
    s->n_buckets = 64;
    s->buckets = cleat_sdk_alloc(s->n_buckets, sizeof *s->buckets);
    if (gauges == NULL) {
        return s;
    }
    s->endpoints = gauge(gauges, "endpoints_desired", "Number of endpoints desired");
    s->slices = gauge(gauges, "num_endpoint_slices", "Number of EndpointSlices");
    s->ideal = gauge(gauges, "desired_endpoint_slices",
                     "Number of EndpointSlices that would exist with perfect endpoint allocation");
    char *name = cleat_sdk_format("%s_services_count_by_traffic_distribution", gauges);
    cleat_metric *f =
        SDK->metrics->family(name, "Number of Services using some specific trafficDistribution",
                             CLEAT_GAUGE, labels, NULL, 0);
    for (int i = CLEAT_EP_CLOSE; i < 4; i++) {
        s->distributions[i] =
            SDK->metrics->with(f, (const char *const[]){cleat_ep_distributions[i], NULL});
    }
    free(name);
    return s;
}

static void free_state(struct cleat_ep_state *st) {
    for (size_t i = 0; i < st->n_writes; i++) {
        free(st->writes[i].uid);
    }
    free(st->writes);
    free(st->pods);
    free(st->told[0]);
    free(st->told[1]);
    free(st->key);
    free(st);
}

/* Under the mutex. */
static void count(struct cleat_ep_states *s, struct cleat_ep_state *st,
                  const struct cleat_ep_counts *now, int distribution) {
    if (s->endpoints != NULL) {
        SDK->metrics->add(s->endpoints, (double)now->endpoints - (double)st->counts.endpoints);
        SDK->metrics->add(s->slices, (double)now->slices - (double)st->counts.slices);
        SDK->metrics->add(s->ideal, (double)now->ideal - (double)st->counts.ideal);
    }
    if (st->distribution != distribution) {
        if (s->distributions[st->distribution] != NULL) {
            SDK->metrics->add(s->distributions[st->distribution], -1);
        }
        if (s->distributions[distribution] != NULL) {
            SDK->metrics->add(s->distributions[distribution], 1);
        }
    }
    st->counts = *now;
    st->distribution = distribution;
}

void cleat_ep_states_free(struct cleat_ep_states *s) {
    static const struct cleat_ep_counts none;
    for (size_t i = 0; i < s->n_buckets; i++) {
        for (struct cleat_ep_state *st = s->buckets[i], *next; st != NULL; st = next) {
            next = st->next;
            count(s, st, &none, CLEAT_EP_ANYWHERE);
            free_state(st);
        }
    }
    free(s->buckets);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

static void grow(struct cleat_ep_states *s) {
    size_t n = s->n_buckets * 4;
    struct cleat_ep_state **buckets = cleat_sdk_alloc(n, sizeof *buckets);
    for (size_t i = 0; i < s->n_buckets; i++) {
        for (struct cleat_ep_state *st = s->buckets[i], *next; st != NULL; st = next) {
            next = st->next;
            st->next = buckets[st->hash % n];
            buckets[st->hash % n] = st;
        }
    }
    free(s->buckets);
    s->buckets = buckets;
    s->n_buckets = n;
}

/* Under the mutex: where it stands, or would. */
static struct cleat_ep_state **place_of(struct cleat_ep_states *s, struct cleat_key key,
                                        uint64_t *ret_hash) {
    uint64_t h = hash_of(key.name, hash_of(CLEAT_STR("/"), hash_of(key.ns, SEED)));
    struct cleat_ep_state **at = &s->buckets[h % s->n_buckets];
    for (; *at != NULL; at = &(*at)->next) {
        struct cleat_str text = cleat_cstr((*at)->key);
        if ((*at)->hash == h && text.n == key.ns.n + 1 + key.name.n &&
            memcmp(text.p, key.ns.p, key.ns.n) == 0 && text.p[key.ns.n] == '/' &&
            memcmp(text.p + key.ns.n + 1, key.name.p, key.name.n) == 0) {
            break;
        }
    }
    *ret_hash = h;
    return at;
}

static struct cleat_ep_state *find(struct cleat_ep_states *s, struct cleat_key key, bool make) {
    uint64_t hash;
    struct cleat_ep_state **at = place_of(s, key, &hash);
    if (*at == NULL && make) {
        if (s->n >= s->n_buckets) {
            grow(s);
            at = place_of(s, key, &hash);
        }
        struct cleat_ep_state *st = cleat_sdk_alloc(1, sizeof *st);
        st->hash = hash;
        st->key = cleat_sdk_format("%.*s/%.*s", CLEAT_FMT(key.ns), CLEAT_FMT(key.name));
        *at = st;
        s->n++;
    }
    return *at;
}

struct cleat_ep_state *cleat_ep_state(struct cleat_ep_states *s, struct cleat_key key, bool make) {
    pthread_mutex_lock(&s->mutex);
    struct cleat_ep_state *st = find(s, key, make);
    pthread_mutex_unlock(&s->mutex);
    return st;
}

char **cleat_ep_told(struct cleat_ep_state *st, const char *family) {
    return &st->told[strcmp(family, "IPv6") == 0];
}

void cleat_ep_state_drop(struct cleat_ep_states *s, struct cleat_key key) {
    static const struct cleat_ep_counts none;
    uint64_t hash;
    pthread_mutex_lock(&s->mutex);
    struct cleat_ep_state **at = place_of(s, key, &hash), *st = *at;
    if (st != NULL) {
        *at = st->next;
        s->n--;
        count(s, st, &none, CLEAT_EP_ANYWHERE);
        free_state(st);
    }
    pthread_mutex_unlock(&s->mutex);
}

void cleat_ep_count(struct cleat_ep_states *s, struct cleat_key service,
                    const struct cleat_ep_counts *counts, int distribution) {
    pthread_mutex_lock(&s->mutex);
    struct cleat_ep_state *st = find(s, service, false);
    if (st != NULL) {
        count(s, st, counts, distribution);
    }
    pthread_mutex_unlock(&s->mutex);
}

/* ---- own writes ---- */

static struct written *write_of(struct cleat_ep_state *st, struct cleat_str uid) {
    for (size_t i = 0; st != NULL && i < st->n_writes; i++) {
        if (cleat_str_is(uid, st->writes[i].uid)) {
            return &st->writes[i];
        }
    }
    return NULL;
}

static void forget(struct cleat_ep_state *st, struct written *w) {
    free(w->uid);
    *w = st->writes[--st->n_writes];
}

static void note(struct cleat_ep_states *s, struct cleat_key service, const cleat_obj *o,
                 bool gone) {
    pthread_mutex_lock(&s->mutex);
    struct cleat_ep_state *st = find(s, service, true);
    struct written *w = write_of(st, SDK->obj->uid(o));
    if (w == NULL) {
        struct written *v = cleat_sdk_alloc(st->n_writes + 1, sizeof *v);
        if (st->n_writes > 0) {
            memcpy(v, st->writes, st->n_writes * sizeof *v);
        }
        free(st->writes);
        st->writes = v;
        w = &v[st->n_writes++];
        *w = (struct written){.uid = cleat_sdk_dup(SDK->obj->uid(o))};
    }
    w->revision = SDK->obj->revision(o);
    w->gone = gone;
    w->when = SDK->clock->monotonic();
    pthread_mutex_unlock(&s->mutex);
}

void cleat_ep_expect(struct cleat_ep_states *s, struct cleat_key service,
                     const cleat_obj *written) {
    note(s, service, written, false);
}

void cleat_ep_expect_gone(struct cleat_ep_states *s, struct cleat_key service,
                          const cleat_obj *deleted) {
    note(s, service, deleted, true);
}

static const cleat_obj *find_uid(const struct cleat_ep_objs *l, const char *uid) {
    for (size_t i = 0; i < l->n; i++) {
        if (cleat_str_is(SDK->obj->uid(l->v[i]), uid)) {
            return l->v[i];
        }
    }
    return NULL;
}

bool cleat_ep_is_stale(struct cleat_ep_states *s, struct cleat_key service,
                       const struct cleat_ep_objs *cached) {
    bool stale = false;
    pthread_mutex_lock(&s->mutex);
    struct cleat_ep_state *st = find(s, service, false);
    for (size_t i = st != NULL ? st->n_writes : 0; i-- > 0;) {
        struct written *w = &st->writes[i];
        const cleat_obj *o = find_uid(cached, w->uid);
        bool seen = w->gone ? o == NULL : o != NULL && SDK->obj->revision(o) >= w->revision;
        if (seen && !w->gone) {
            continue; /* kept: it tells what is news */
        }
        if (seen || SDK->clock->monotonic() - w->when > PATIENCE) {
            forget(st, w); /* when it does come after all, it is news */
        } else {
            stale = true;
        }
    }
    pthread_mutex_unlock(&s->mutex);
    return stale;
}

cleat_time cleat_ep_look_again(struct cleat_ep_states *s, struct cleat_key service) {
    bool lately = false;
    pthread_mutex_lock(&s->mutex);
    struct cleat_ep_state *st = find(s, service, false);
    for (size_t i = 0; st != NULL && i < st->n_writes; i++) {
        lately |= SDK->clock->monotonic() - st->writes[i].when <= PATIENCE;
    }
    pthread_mutex_unlock(&s->mutex);
    return lately ? PATIENCE + CLEAT_SECOND : 0;
}

bool cleat_ep_is_news(struct cleat_ep_states *s, struct cleat_key service, const cleat_obj *o) {
    pthread_mutex_lock(&s->mutex);
    const struct written *w = write_of(find(s, service, false), SDK->obj->uid(o));
    bool news = w == NULL || w->gone || SDK->obj->revision(o) > w->revision;
    pthread_mutex_unlock(&s->mutex);
    return news;
}

bool cleat_ep_was_expected(struct cleat_ep_states *s, struct cleat_key service,
                           const cleat_obj *o) {
    pthread_mutex_lock(&s->mutex);
    struct cleat_ep_state *st = find(s, service, false);
    struct written *w = write_of(st, SDK->obj->uid(o));
    bool expected = w != NULL && w->gone;
    if (w != NULL) {
        forget(st, w);
    }
    pthread_mutex_unlock(&s->mutex);
    return expected;
}

/* ---- the time of the change ---- */

static int by_pod(const void *a, const void *b) {
    const struct pod_time *x = a, *y = b;
    return (x->pod > y->pod) - (x->pod < y->pod);
}

static cleat_time time_at(struct cleat_val v, const char *member) {
    cleat_time t = 0;
    return SDK->obj->time_parse(cleat_ep_str(v, member), &t) == CLEAT_OK ? t : 0;
}

cleat_time cleat_ep_trigger_time(struct cleat_ep_state *st, const cleat_obj *service,
                                 const struct cleat_ep_objs *pods) {
    struct pod_time *now = cleat_sdk_alloc(pods->n, sizeof *now);
    size_t n = 0;
    cleat_time least = 0;
    for (size_t i = 0; i < pods->n; i++) {
        struct pod_time one = {
            hash_of(SDK->obj->uid(pods->v[i]), SEED),
            time_at(SDK->util->condition(pods->v[i], "Ready"), "lastTransitionTime")};
        if (one.time == 0) {
            continue;
        }
        const struct pod_time *before =
            st->n_pods > 0 ? bsearch(&one, st->pods, st->n_pods, sizeof one, by_pod) : NULL;
        if ((before == NULL || one.time > before->time) && (least == 0 || one.time < least)) {
            least = one.time;
        }
        now[n++] = one;
    }
    qsort(now, n, sizeof *now, by_pod);
    free(st->pods);
    st->pods = now;
    st->n_pods = n;
    cleat_time made = time_at(CLEAT_AT(SDK, service, "metadata"), "creationTimestamp");
    if (made > st->service_time && (least == 0 || made < least)) {
        least = made;
    }
    st->service_time = made;
    bool known = st->known;
    st->known = true;
    return known ? least : made;
}
