/* SPDX-License-Identifier: Apache-2.0 */
/*
 * String map with open addressing and linear probing; deleted slots are marked
 * and swept when the table is rebuilt. Belongs to one thread or one lock.
 */
#include "core/base/internal.h"

/* SipHash-1-3: keyed, so that nobody outside can choose colliding names. In a
 * seeded run the key follows from the seed: the order of maps must replay. */
static uint64_t key0, key1;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void key_init(void) {
    uint64_t k[2];
    if (cleat__random_is_seeded()) {
        k[0] = cleat_random();
        k[1] = cleat_random();
    } else {
        cleat_random_bytes(k, sizeof k);
    }
    key0 = k[0];
    key1 = k[1];
}

static inline uint64_t rotl(uint64_t x, int b) {
    return (x << b) | (x >> (64 - b));
}

static inline void sip_round(uint64_t v[4]) {
    v[0] += v[1];
    v[1] = rotl(v[1], 13) ^ v[0];
    v[0] = rotl(v[0], 32);
    v[2] += v[3];
    v[3] = rotl(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotl(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotl(v[1], 17) ^ v[2];
    v[2] = rotl(v[2], 32);
}

uint64_t cleat_hash(struct cleat_str s) {
    pthread_once(&key_once, key_init);
    uint64_t v[4] = {key0 ^ 0x736f6d6570736575u, key1 ^ 0x646f72616e646f6du,
                     key0 ^ 0x6c7967656e657261u, key1 ^ 0x7465646279746573u};
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t m;
        memcpy(&m, s.p + i, 8);
        v[3] ^= m;
        sip_round(v);
        v[0] ^= m;
    }
    uint64_t last = (uint64_t)s.n << 56;
    if (s.n > i) {
        uint64_t tail = 0;
        memcpy(&tail, s.p + i, s.n - i);
        last |= tail;
    }
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static char tombstone; /* its address marks a removed slot */

/* The slot of the key, or NULL. *ret_free: where it could be put. */
static struct cleat_map_entry *find(const struct cleat_map *m, struct cleat_str key, uint64_t hash,
                                    struct cleat_map_entry **ret_free) {
    struct cleat_map_entry *spare = NULL;
    if (m->cap > 0) {
        for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
            struct cleat_map_entry *s = &m->slots[i];
            if (s->key == NULL) {
                spare = spare ? spare : s;
                break;
            }
            if (s->key == &tombstone) {
                spare = spare ? spare : s;
            } else if (s->hash == hash && s->key_n == key.n &&
                       (key.n == 0 || memcmp(s->key, key.p, key.n) == 0)) {
                return s;
            }
        }
    }
    if (ret_free != NULL) {
        *ret_free = spare;
    }
    return NULL;
}

static void rebuild(struct cleat_map *m, size_t cap) {
    struct cleat_map_entry *old = m->slots;
    size_t old_cap = m->cap;
    m->slots = cleat_array(cap, sizeof *m->slots);
    m->cap = cap;
    m->tombs = 0;
    for (size_t i = 0; i < old_cap; i++) {
        if (old[i].key == NULL || old[i].key == &tombstone) {
            continue;
        }
        size_t at = old[i].hash & (cap - 1);
        while (m->slots[at].key != NULL) {
            at = (at + 1) & (cap - 1);
        }
        m->slots[at] = old[i];
    }
    free(old);
}

void *cleat_map_get(const struct cleat_map *m, struct cleat_str key) {
    if (m->n == 0) {
        return NULL;
    }
    struct cleat_map_entry *s = find(m, key, cleat_hash(key), NULL);
    return s ? s->value : NULL;
}

void *cleat_map_put(struct cleat_map *m, struct cleat_str key, void *value) {
    cleat_assert(value != NULL);
    uint64_t hash = cleat_hash(key);
    struct cleat_map_entry *spare = NULL, *s = find(m, key, hash, &spare);
    if (s != NULL) {
        void *old = s->value;
        s->value = value;
        return old;
    }
    if ((m->n + m->tombs + 1) * 4 > m->cap * 3) {
        size_t cap = m->cap ? m->cap : 8;
        while ((m->n + 1) * 2 > cap) {
            cap *= 2;
        }
        rebuild(m, cap);
        find(m, key, hash, &spare);
    }
    if (spare->key == &tombstone) {
        m->tombs--;
    }
    *spare = (struct cleat_map_entry){cleat_strndup(key), key.n, hash, value};
    m->n++;
    return NULL;
}

void *cleat_map_remove(struct cleat_map *m, struct cleat_str key) {
    struct cleat_map_entry *s = m->n ? find(m, key, cleat_hash(key), NULL) : NULL;
    if (s == NULL) {
        return NULL;
    }
    void *value = s->value;
    free(s->key);
    *s = (struct cleat_map_entry){.key = &tombstone};
    m->n--;
    m->tombs++;
    return value;
}

struct cleat_map_entry *cleat_map_each(const struct cleat_map *m, size_t *i) {
    for (; *i < m->cap; (*i)++) {
        struct cleat_map_entry *s = &m->slots[*i];
        if (s->key != NULL && s->key != &tombstone) {
            (*i)++;
            return s;
        }
    }
    return NULL;
}

void cleat_map_done(struct cleat_map *m) {
    size_t i = 0;
    for (struct cleat_map_entry *s; (s = cleat_map_each(m, &i)) != NULL;) {
        free(s->key);
    }
    free(m->slots);
    *m = (struct cleat_map){0};
}
