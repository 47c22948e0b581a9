/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The garbage collector against a model: objects of four kinds in three scopes own
 * each other at random, right or wrong, and are made, changed and deleted in every
 * manner, while the collector works on them with a transport that fails between
 * any two of its steps, and with restarts. The model follows the store's history,
 * change by change, and asks of each deletion that nobody but the collector can
 * have made whether the object had an owner then; and in the end whether anything is left
 * that had to go. CLEAT_GC_ROUNDS and CLEAT_SEED make it longer and another one.
 */
#include "tests/support/faulty.h"
#include "tests/support/gcw.h"

enum { N_KINDS = 4, N_NAMES = 14, N_REFS = 3, N_DEAD = 64, OPS = 700 };

static const struct {
    const struct cleat_gvr *gvr;
    const char *api_version, *kind;
    bool namespaced;
} kinds[N_KINDS] = {
    {&gcw_configmaps, "v1", "ConfigMap", true},
    {&gcw_secrets, "v1", "Secret", true},
    {&gcw_things, "test.dev/v1", "Thing", true},
    {&gcw_clusterthings, "test.dev/v1", "ClusterThing", false},
};
static const char *const spaces[] = {"default", "far"};

struct ref {
    char *api_version, *kind, *name, *uid;
    bool blocks;
    uint64_t since;
};

struct thing { /* what the store's history said of one object */
    struct thing *next;
    int kind;
    char *ns, *name, *uid;
    struct ref refs[N_REFS];
    size_t n_refs;
    bool alive, ending, foreground, orphan;
    /* What it was at some time of its ending: a second deletion in another manner may have
     * come after the collector had looked. */
    bool was_foreground, was_orphan;
    bool asked; /* the test deleted it: it may go */
    bool loose; /* the test changed its owners without waiting: who did what is not known */
    uint64_t marked;
};

static struct {
    struct world *w;
    cleat_cursor *cursors[N_KINDS];
    struct thing *things;
    const char *touching; /* the uid that the test is changing */
    size_t ops, deleted, patched, orphaned;
    bool broken; /* the first violation is told, not all that follow */
} m;

/* ---- the model's view of owners ---- */

static struct thing *find(const char *uid) {
    struct thing *t = m.things;
    while (t != NULL && strcmp(t->uid, uid) != 0) {
        t = t->next;
    }
    return t;
}

static int kind_of(const struct ref *r) {
    for (int k = 0; k < N_KINDS; k++) {
        if (strcmp(kinds[k].kind, r->kind) == 0 &&
            strcmp(kinds[k].api_version, r->api_version) == 0) {
            return k;
        }
    }
    return -1;
}

/* The living object that the reference of t names, or NULL. */
static struct thing *owner_of(const struct thing *t, const struct ref *r) {
    struct thing *o = find(r->uid);
    if (o == NULL || !o->alive || o->kind != kind_of(r) || strcmp(o->name, r->name) != 0) {
        return NULL;
    }
    return o->ns[0] == 0 || strcmp(o->ns, t->ns) == 0 ? o : NULL;
}

/* Nothing can be concluded from it: an unknown kind, or an owner that cannot be. */
static bool is_opaque(const struct thing *t, const struct ref *r) {
    int k = kind_of(r);
    return k < 0 || (t->ns[0] == 0 && kinds[k].namespaced);
}

static void violated(const struct thing *t, uint64_t revision, const char *what) {
    if (!m.broken) {
        fprintf(stderr, "VIOLATED at %llu after %zu operations: %s %s/%s %s: %s\n",
                (unsigned long long)revision, m.ops, kinds[t->kind].kind, t->ns, t->name, t->uid,
                what);
    }
    m.broken = true;
}

/* The collector deleted it: then it had owners, and none that it could keep. */
static void check_deletion(const struct thing *t, uint64_t revision) {
    m.deleted++;
    if (t->n_refs == 0) {
        violated(t, revision, "deleted without ever having had an owner");
    }
    for (size_t i = 0; i < t->n_refs; i++) {
        const struct thing *o = owner_of(t, &t->refs[i]);
        if (is_opaque(t, &t->refs[i])) {
            violated(t, revision, "deleted though an owner could not be looked up");
        } else if (o != NULL && !o->was_foreground) {
            violated(t, revision, "deleted while an owner lives");
        }
    }
}

static void check_drop(const struct thing *t, const struct ref *r, uint64_t revision) {
    const struct thing *o = owner_of(t, r);
    m.patched++;
    if (is_opaque(t, r)) {
        /* An owner that orphans takes back every reference to its uid. */
        o = find(r->uid);
        if (o == NULL || !o->was_orphan) {
            violated(t, revision, "lost a reference that could not be looked up");
        }
    } else if (o != NULL && !o->was_foreground && !o->was_orphan) {
        violated(t, revision, "lost a reference to an owner that lives");
    }
}

/* It went by the collector's hand after it had waited: for whom? */
static void check_release(const struct thing *gone, uint64_t revision) {
    for (const struct thing *t = m.things; t != NULL; t = t->next) {
        for (size_t i = 0; t->alive && t != gone && i < t->n_refs; i++) {
            const struct ref *r = &t->refs[i];
            if (strcmp(r->uid, gone->uid) != 0 || r->since > gone->marked) {
                continue;
            }
            if (gone->orphan) {
                violated(t, revision, "was to lose its owner before that went");
            } else if (gone->foreground && r->blocks &&
                       (gone->ns[0] == 0 || strcmp(gone->ns, t->ns) == 0) &&
                       kind_of(r) == gone->kind && strcmp(r->name, gone->name) == 0) {
                violated(t, revision, "was to go before its owner");
            }
        }
    }
    m.orphaned += gone->orphan;
}

/* ---- following the history ---- */

static void free_refs(struct thing *t) {
    for (size_t i = 0; i < t->n_refs; i++) {
        free(t->refs[i].api_version);
        free(t->refs[i].kind);
        free(t->refs[i].name);
        free(t->refs[i].uid);
    }
    t->n_refs = 0;
}

static struct ref read_ref(struct cleat_val v, uint64_t since) {
    return (struct ref){cleat_val_strdup(cleat_val_get(v, "apiVersion")),
                        cleat_val_strdup(cleat_val_get(v, "kind")),
                        cleat_val_strdup(cleat_val_get(v, "name")),
                        cleat_val_strdup(cleat_val_get(v, "uid")),
                        cleat_val_bool(cleat_val_get(v, "blockOwnerDeletion"), 0),
                        since};
}

static bool same_ref(const struct ref *a, const struct ref *b) {
    return strcmp(a->uid, b->uid) == 0 && strcmp(a->kind, b->kind) == 0 &&
           strcmp(a->name, b->name) == 0 && strcmp(a->api_version, b->api_version) == 0;
}

static void take_refs(struct thing *t, const cleat_obj *o, uint64_t revision, bool by_test) {
    struct thing old = *t;
    struct cleat_iter it = {0};
    t->n_refs = 0;
    while (cleat_val_next(cleat_obj_at(o, CLEAT_PATH("metadata", "ownerReferences")), &it) &&
           t->n_refs < N_REFS) {
        struct ref r = read_ref(it.val, revision);
        for (size_t i = 0; i < old.n_refs; i++) {
            if (same_ref(&old.refs[i], &r) && (old.refs[i].blocks || !r.blocks)) {
                r.since = old.refs[i].since;
            }
        }
        t->refs[t->n_refs++] = r;
    }
    for (size_t i = 0; i < old.n_refs && !by_test; i++) {
        bool kept = false;
        for (size_t k = 0; k < t->n_refs; k++) {
            kept |= same_ref(&old.refs[i], &t->refs[k]);
        }
        if (!kept) {
            check_drop(&old, &old.refs[i], revision);
        }
    }
    free_refs(&old);
}

static bool has_finalizer(const cleat_obj *o, const char *name) {
    struct cleat_iter it = {0};
    while (cleat_val_next(cleat_obj_at(o, CLEAT_PATH("metadata", "finalizers")), &it)) {
        if (cleat_eqc(cleat_val_str(it.val), name)) {
            return true;
        }
    }
    return false;
}

static void see(int kind, const struct cleat_change *c) {
    char *uid = cleat_strndup(cleat_obj_uid(c->obj));
    struct thing *t = find(uid);
    if (t == NULL) {
        t = cleat_zalloc(sizeof *t);
        *t = (struct thing){.next = m.things,
                            .kind = kind,
                            .ns = cleat_strndup(cleat_obj_ns(c->obj)),
                            .name = cleat_strndup(cleat_obj_name(c->obj)),
                            .uid = cleat_strdup(uid),
                            .alive = true};
        m.things = t;
    }
    bool by_test = m.touching != NULL && strcmp(m.touching, uid) == 0;
    bool ends =
        cleat_val_present(cleat_obj_at(c->obj, CLEAT_PATH("metadata", "deletionTimestamp")));
    bool gone = c->type == CLEAT_EVENT_DELETED;
    if ((gone || ends) && !t->ending && !t->asked && !by_test) {
        check_deletion(t, c->revision);
    }
    if (gone) {
        t->alive = false;
        if (t->ending && !by_test) {
            check_release(t, c->revision);
        }
        free_refs(t);
    } else {
        take_refs(t, c->obj, c->revision, by_test || t->loose);
        t->marked = ends && !t->ending ? c->revision : t->marked;
        t->ending = ends;
        bool orphan = ends && has_finalizer(c->obj, "orphan");
        bool foreground = ends && has_finalizer(c->obj, "foregroundDeletion");
        if ((orphan && !t->orphan) || (foreground && !t->foreground)) {
            t->marked = c->revision;
        }
        t->orphan = orphan;
        t->foreground = foreground;
        t->was_orphan |= orphan;
        t->was_foreground |= foreground;
    }
    free(uid);
}

struct step {
    int kind;
    struct cleat_change change;
};

static int by_revision(const void *a, const void *b) {
    uint64_t x = ((const struct step *)a)->change.revision,
             y = ((const struct step *)b)->change.revision;
    return x < y ? -1 : x > y;
}

/* Brings the model to what is published. */
static void follow(void) {
    struct step *steps = NULL;
    size_t n = 0;
    for (int k = 0; k < N_KINDS; k++) {
        struct cleat_change c[32];
        uint64_t upto;
        for (int got; (got = cleat_cursor_read(m.cursors[k], c, 32, &upto)) != 0;) {
            if (got < 0) {
                KT_TRUE(got >= 0);
                break;
            }
            steps = cleat_rearray(steps, n + (size_t)got, sizeof *steps);
            for (int i = 0; i < got; i++) {
                steps[n++] = (struct step){k, c[i]};
            }
        }
    }
    if (n > 0) {
        qsort(steps, n, sizeof *steps, by_revision);
    }
    for (size_t i = 0; i < n; i++) {
        see(steps[i].kind, &steps[i].change);
        cleat_obj_unref(steps[i].change.obj);
        cleat_obj_unref(steps[i].change.prev);
    }
    free(steps);
}

/* ---- what the test does ---- */

static unsigned pick(unsigned n) {
    return (unsigned)(cleat_random() % n);
}

static struct thing *pick_thing(bool alive) {
    size_t n = 0;
    struct thing *chosen = NULL;
    for (struct thing *t = m.things; t != NULL; t = t->next) {
        if (t->alive == alive && (alive || n < N_DEAD) && pick((unsigned)++n) == 0) {
            chosen = t;
        }
    }
    return chosen;
}

/* A reference from an object in ns: mostly right, to who lives or lived. NULL = to nobody. */
static char *random_ref(const char *ns) {
    struct thing *o = NULL;
    for (int i = 0; i < 6 && (o == NULL || (o->ns[0] != 0 && strcmp(o->ns, ns) != 0)); i++) {
        o = pick_thing(pick(10) != 0); /* in the same namespace, if that can be had */
    }
    if (o == NULL) {
        return NULL;
    }
    int kind = o->kind;
    const char *name = o->name;
    char other[16];
    switch (pick(40)) {
    case 0:
        kind = (int)pick(N_KINDS);
        break;
    case 1:
        snprintf(other, sizeof other, "n%u", pick(N_NAMES));
        name = other;
        break;
    case 2:
        return gcw_ref("ghost.dev/v1", "Ghost", name, o->uid, (int)pick(2));
    default:
        break;
    }
    return gcw_ref(kinds[kind].api_version, kinds[kind].kind, name, o->uid, (int)pick(3) - 1);
}

static char *random_owners(const char *ns, unsigned most) {
    struct cleat_buf out = {0};
    cleat_buf_puts(&out, "\"ownerReferences\":[");
    for (unsigned n = pick(most + 1), i = 0, any = 0; i < n; i++) {
        char *r = random_ref(ns);
        if (r != NULL) {
            cleat_buf_printf(&out, "%s%s", any++ > 0 ? "," : "", r);
        }
        free(r);
    }
    cleat_buf_putc(&out, ']');
    return cleat_buf_take(&out);
}

static struct cleat_key key_of(const struct thing *t) {
    return (struct cleat_key){cleat_s(t->ns), cleat_s(t->name)};
}

/* What may happen: others were quicker, or it is against the rules. */
static void may(cleat_err err, const struct cleat_error *e) {
    if (err != CLEAT_OK && err != CLEAT_E_NOT_FOUND && err != CLEAT_E_CONFLICT &&
        err != CLEAT_E_EXISTS && err != CLEAT_E_INVALID && err != CLEAT_E_FORBIDDEN) {
        kt_ok(err, e, "an operation", __FILE__, __LINE__);
    }
}

static void create(void) {
    int k = (int)pick(N_KINDS);
    const char *ns = kinds[k].namespaced ? spaces[pick(2)] : "";
    char *owners = random_owners(ns, N_REFS);
    char *place = ns[0] != 0 ? cleat_sprintf("\"namespace\":\"%s\",", ns) : cleat_strdup("");
    char *json = cleat_sprintf(
        "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{%s\"name\":\"n%u\",%s%s}}",
        kinds[k].api_version, kinds[k].kind, place, pick(N_NAMES), owners,
        pick(8) == 0 ? ",\"finalizers\":[\"x.y/z\"]" : "");
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    may(cleat_client_api.create(m.w->client, NULL, *kinds[k].gvr, o, NULL, &e), &e);
    cleat_obj_unref(o);
    free(json);
    free(place);
    free(owners);
}

static void patch(struct thing *t, const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    m.touching = t->uid;
    may(cleat_client_api.patch(m.w->client, NULL, *kinds[t->kind].gvr, key_of(t), NULL,
                               CLEAT_PATCH_MERGE, cleat_s(json), NULL, &e),
        &e);
    follow();
    m.touching = NULL;
}

static void give_owners(struct thing *t) {
    char *owners = random_owners(t->ns, N_REFS);
    char *json = cleat_sprintf("{\"metadata\":{%s}}", owners);
    patch(t, json);
    free(json);
    free(owners);
}

static void ignore(void *userdata, cleat_err err, const cleat_obj *obj,
                   const struct cleat_error *e) {
    (void)userdata;
    (void)obj;
    may(err, e);
}

/* On its way to the committer while the collector looks at what is there yet. */
static void give_owners_soon(struct thing *t) {
    char *owners = random_owners(t->ns, N_REFS);
    char *json = cleat_sprintf("{\"metadata\":{%s}}", owners);
    t->loose = true;
    cleat_client_api.patch_async(m.w->client, *kinds[t->kind].gvr, key_of(t), NULL,
                                 CLEAT_PATCH_MERGE, cleat_s(json), ignore, NULL);
    m.w->depth++; /* nobody is inside of the host while it is stepped here */
    for (unsigned n = pick(30); n > 0 && m.w->host != NULL; n--) {
        cleat_hostd_step(m.w->host);
    }
    m.w->depth--;
    free(json);
    free(owners);
}

static void touch(struct thing *t) {
    char json[96];
    snprintf(json, sizeof json, "{\"metadata\":{\"labels\":{\"x\":\"%u\"}}}", pick(1000));
    patch(t, json);
}

/* Takes the test's own finalizer away; the collector's stay. */
static void release(struct thing *t) {
    cleat_obj *o = gcw_get(m.w, *kinds[t->kind].gvr, t->ns, t->name);
    if (o == NULL || !cleat_eqc(cleat_obj_uid(o), t->uid) || !has_finalizer(o, "x.y/z")) {
        cleat_obj_unref(o);
        return;
    }
    struct cleat_buf out = {0};
    struct cleat_iter it = {0};
    cleat_buf_printf(&out, "{\"metadata\":{\"resourceVersion\":\"%llu\",\"finalizers\":[",
                     (unsigned long long)cleat_obj_revision(o));
    for (int n = 0; cleat_val_next(cleat_obj_at(o, CLEAT_PATH("metadata", "finalizers")), &it);) {
        if (!cleat_eqc(cleat_val_str(it.val), "x.y/z")) {
            cleat_buf_puts(&out, n++ > 0 ? "," : "");
            cleat_buf_str(&out, cleat_val_raw(it.val));
        }
    }
    cleat_buf_puts(&out, "]}}");
    cleat_obj_unref(o);
    patch(t, out.p);
    cleat_buf_done(&out);
}

static void remove_thing(struct thing *t) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_delete_opts opts = {.struct_size = sizeof opts,
                                     .propagation = (int)pick(4),
                                     .grace_period_seconds = -1,
                                     .uid = t->uid};
    m.touching = t->uid;
    t->asked = true;
    may(cleat_client_api.remove(m.w->client, NULL, *kinds[t->kind].gvr, key_of(t), &opts, NULL, &e),
        &e);
    follow();
    m.touching = NULL;
}

static void operate(void) {
    struct thing *t = pick_thing(true);
    unsigned what = pick(100);
    m.ops++;
    if (t == NULL || what < 45) {
        create();
    } else if (what < 65) {
        remove_thing(t);
    } else if (what < 72) {
        give_owners(t);
    } else if (what < 80) {
        give_owners_soon(t);
    } else if (what < 90) {
        touch(t);
    } else {
        release(t);
    }
    follow();
}

/* ---- the end ---- */

static bool is_left_wrongly(const struct thing *t) {
    size_t solid = 0, dangling = 0;
    for (size_t i = 0; i < t->n_refs; i++) {
        if (is_opaque(t, &t->refs[i])) {
            return false; /* nothing is done about it */
        }
        bool there = owner_of(t, &t->refs[i]) != NULL;
        solid += there;
        dangling += !there;
    }
    return dangling > 0 || (t->n_refs > 0 && solid == 0);
}

/* It waits for a dependent of which nothing can be known, or for one that waits so. */
static bool waits_for_the_unknown(const struct thing *owner, int depth) {
    for (const struct thing *t = m.things; depth < 20 && t != NULL; t = t->next) {
        for (size_t i = 0; t->alive && owner->foreground && i < t->n_refs; i++) {
            bool unknown = false;
            for (size_t k = 0; k < t->n_refs; k++) {
                unknown |= kind_of(&t->refs[k]) < 0;
            }
            if (t->refs[i].blocks && strcmp(t->refs[i].uid, owner->uid) == 0 &&
                (unknown || waits_for_the_unknown(t, depth + 1))) {
                return true;
            }
        }
    }
    return false;
}

/* Says what the model knows of the living, for whoever has to find out. */
static void dump(void) {
    for (const struct thing *t = m.things; t != NULL; t = t->next) {
        if (!t->alive) {
            continue;
        }
        fprintf(stderr, "  %s %s/%s %.8s%s%s%s:", kinds[t->kind].kind, t->ns, t->name, t->uid,
                t->ending ? " ending" : "", t->foreground ? " foreground" : "",
                t->orphan ? " orphan" : "");
        for (size_t i = 0; i < t->n_refs; i++) {
            const struct ref *r = &t->refs[i];
            fprintf(stderr, " [%s %s %.8s%s%s]", r->kind, r->name, r->uid,
                    r->blocks ? " blocks" : "", owner_of(t, r) != NULL ? "" : " dangling");
        }
        fprintf(stderr, "\n");
    }
}

static void everything_is_as_it_must_be(void) {
    faulty_rate(0);
    for (int i = 0; i < 3; i++) {
        for (struct thing *t = m.things; t != NULL; t = t->next) {
            if (t->alive) {
                release(t);
            }
        }
        for (int s = 0; s < 1200; s += 20) { /* longer than any back-off */
            world_run(m.w, 20 * CLEAT_SECOND);
            follow(); /* before the history forgets */
        }
    }
    for (const struct thing *t = m.things; t != NULL; t = t->next) {
        if (t->alive && t->ending && !waits_for_the_unknown(t, 0)) {
            violated(t, 0, "never ends");
        } else if (t->alive && !t->ending && is_left_wrongly(t)) {
            violated(t, 0, "has an owner that is not there");
        }
    }
    if (m.broken) {
        dump();
    }
}

static void free_model(void) {
    for (struct thing *t = m.things, *next; t != NULL; t = next) {
        next = t->next;
        free_refs(t);
        free(t->ns);
        free(t->name);
        free(t->uid);
        free(t);
    }
    m.things = NULL;
    for (int k = 0; k < N_KINDS; k++) {
        cleat_cursor_close(m.cursors[k]);
    }
}

/* One world: operations with a few steps of the collector between them, or none, or all. */
static void live(uint64_t seed, unsigned faults) {
    static const char *const on = "garbagecollector", *const off = "-garbagecollector";
    m.w = world_new_wrapped(on, NULL, NULL, faulty_over);
    /* A stream of its own: neither that which named what a world begins with, nor the one of
     * another seed from another place on. */
    cleat_random_seed(seed * 0xBF58476D1CE4E5B9u);
    gcw_define(m.w);
    free(gcw_make(m.w, gcw_namespaces, "", "far", NULL, NULL));
    for (int k = 0; k < N_KINDS; k++) {
        const struct cleat_kind *kind = cleat_registry_find(
            m.w->registry, kinds[k].gvr->group, kinds[k].gvr->version, kinds[k].gvr->resource);
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_OK(cleat_cursor_open(m.w->store, kind->id, cleat_store_revision(m.w->store),
                                &m.cursors[k], &e),
              &e);
    }
    world_run(m.w, 50 * CLEAT_MS);
    faulty_rate(faults);
    for (int i = 0; i < OPS && !m.broken; i++) {
        operate();
        for (unsigned n = pick(40); n > 0 && world_step(m.w); n--) {
            follow();
        }
        if (pick(10) == 0) {
            world_run(m.w, (cleat_time)pick(3000) * CLEAT_MS);
        }
        if (pick(150) == 0) {
            world_restart(m.w, pick(2) == 0 ? on : off, NULL, NULL);
        }
        follow();
    }
    if (!m.broken) {
        world_restart(m.w, on, NULL, NULL);
        everything_is_as_it_must_be();
    }
    faulty_rate(0);
    free_model();
    world_free(m.w);
}

static void rounds(unsigned faults, unsigned n) {
    const char *more = getenv("CLEAT_GC_ROUNDS"), *first = getenv("CLEAT_SEED");
    n = more != NULL ? (unsigned)atoi(more) : n;
    uint64_t seed = first != NULL ? strtoull(first, NULL, 10) : 1;
    size_t struck = 0;
    m.ops = m.deleted = m.patched = m.orphaned = 0;
    for (unsigned i = 0; i < n && !m.broken; i++) {
        live(seed + i, faults);
        struck += faulty_count();
        if (m.broken) {
            fprintf(stderr, "that was CLEAT_SEED=%llu\n", (unsigned long long)(seed + i));
        }
    }
    fprintf(stderr,
            "MODEL %zu operations, %zu faults; collected %zu, dropped %zu references, "
            "orphaned by %zu\n",
            m.ops, struck, m.deleted, m.patched, m.orphaned);
    KT_TRUE(!m.broken);
    KT_TRUE(m.deleted > n * 5 && m.patched > n && m.orphaned > 0);
    m.broken = false;
}

static void nothing_goes_that_has_an_owner_and_nothing_stays_that_has_none(void) {
    rounds(0, 20);
}

static void nor_when_anything_may_fail(void) {
    rounds(25, 30);
}

KT_MAIN("plugin_gc_model", KT_TEST(nothing_goes_that_has_an_owner_and_nothing_stays_that_has_none),
        KT_TEST(nor_when_anything_may_fail))
