/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Duplicate keys: found pair by pair in small objects and by hash in large ones,
 * so that no input makes it quadratic. The last one wins; an earlier member is
 * noted, to be left out of the result.
 */
#include "core/object/scan.h"

/* Objects with more members look for duplicate keys by hash. */
#define PAIRWISE_MEMBERS 16u

static bool same_key(const struct scanner *sc, const struct scan_key *a, const struct scan_key *b) {
    return a->print == b->print && a->n == b->n &&
           memcmp(output_at(sc, a->pos), output_at(sc, b->pos), a->n) == 0;
}

/* "spec.list[2].x", of a key of the innermost object */
static void print_path(const struct scanner *sc, const struct scan_key *k, struct cleat_buf *path) {
    for (size_t d = 0; d < sc->depth; d++) {
        const struct scan_frame *f = &sc->s->frames[d];
        if (!f->object) {
            cleat_buf_printf(path, "[%u]", f->count - 1);
            continue;
        }
        bool last = d + 1 == sc->depth;
        size_t top = last ? sc->n_keys : sc->s->frames[d + 1].keys;
        const struct scan_key *at = last ? k : &sc->s->keys[top - 1];
        cleat_buf_puts(path, path->n > 0 ? "." : "");
        cleat_buf_add(path, output_at(sc, at->pos), at->n);
    }
}

static bool fail_duplicate(struct scanner *sc, const struct scan_key *k) {
    CLEAT_AUTO_BUF path = {0};
    print_path(sc, k, &path);
    sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "duplicate field \"%s\"",
                         path.p != NULL ? path.p : "");
    return false;
}

/* Member i of the innermost object is superseded by a later one. */
static bool drop_key(struct scanner *sc, const struct scan_key *k) {
    if (sc->flags & CLEAT_PARSE_NO_DUPLICATES) {
        return fail_duplicate(sc, k);
    }
    if (sc->flags & CLEAT_PARSE_CANONICAL) {
        sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "not canonical JSON: duplicate key");
        return false;
    }
    if (sc->report != NULL) {
        CLEAT_AUTO_BUF path = {0};
        print_path(sc, k, &path);
        sc->report(sc->userdata, (struct cleat_str){path.p, path.n});
    }
    struct scan_scratch *s = sc->s;
    if (sc->n_drops == s->drops_cap) {
        s->drops_cap = s->drops_cap ? s->drops_cap * 2 : 64;
        s->drops = cleat_rearray(s->drops, s->drops_cap, sizeof *s->drops);
    }
    /* Up to the next member's key: there is one, for a later one superseded it. */
    s->drops[sc->n_drops++] = (struct cleat_span){k->pos - 1, k[1].pos - k->pos};
    return true;
}

static bool check_hashed(struct scanner *sc, struct scan_key *keys, size_t n) {
    size_t cap = 64;
    while (cap < n * 2) {
        cap *= 2;
    }
    CLEAT_AUTO_FREE uint32_t *table = cleat_array(cap, sizeof *table);
    for (size_t i = 0; i < n; i++) {
        struct cleat_str text = {output_at(sc, keys[i].pos), keys[i].n};
        size_t at = (size_t)cleat_hash(text) & (cap - 1);
        while (table[at] != 0 && !same_key(sc, &keys[table[at] - 1], &keys[i])) {
            at = (at + 1) & (cap - 1);
        }
        if (table[at] != 0 && !drop_key(sc, &keys[table[at] - 1])) {
            return false;
        }
        table[at] = (uint32_t)i + 1;
    }
    return true;
}

bool cleat_scan_keys(struct scanner *sc, size_t n) {
    struct scan_key *keys = sc->s->keys + (sc->n_keys - n);
    if (n > PAIRWISE_MEMBERS) {
        return check_hashed(sc, keys, n);
    }
    for (size_t i = 0; i + 1 < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            if (keys[i].print == keys[j].print && same_key(sc, &keys[i], &keys[j])) {
                if (!drop_key(sc, &keys[i])) {
                    return false;
                }
                break;
            }
        }
    }
    return true;
}
