/* SPDX-License-Identifier: Apache-2.0 */
/* Maps against a model under random operations, hashing, and buffers. */
#include "tests/support/kt.h"

enum { KEYS = 600 };

static struct cleat_str key_of(size_t i, char buf[32]) {
    /* Key 0 is empty, some hold NUL bytes, some are longer than a hash block. */
    if (i == 0) {
        return (struct cleat_str){NULL, 0};
    }
    int n = snprintf(buf, 32, i % 3 == 0 ? "key-number-%zu-of-many" : "%zu", i);
    if (i % 7 == 0) {
        n++; /* the NUL is part of it */
    }
    return (struct cleat_str){buf, (size_t)n};
}

static void check_all(const struct cleat_map *m, void *const model[KEYS]) {
    size_t n = 0;
    char buf[32];
    for (size_t i = 0; i < KEYS; i++) {
        KT_TRUE(cleat_map_get(m, key_of(i, buf)) == model[i]);
        n += model[i] != NULL;
    }
    KT_EQ_INT(m->n, n);
    size_t seen = 0, at = 0;
    for (struct cleat_map_entry *s; (s = cleat_map_each(m, &at)) != NULL; seen++) {
        size_t i = (size_t)((char *)s->value - (char *)model);
        KT_TRUE(i % sizeof(void *) == 0 && i / sizeof(void *) < KEYS);
        KT_EQ_S(((struct cleat_str){s->key, s->key_n}), key_of(i / sizeof(void *), buf));
    }
    KT_EQ_INT(seen, n);
}

static void test_against_model(void) {
    struct cleat_map m = {0};
    void *model[KEYS] = {0};
    char buf[32];
    cleat_random_seed(7);
    for (int op = 0; op < 60000; op++) {
        /* Phases that grow and phases that shrink, so that tombstones pile up. */
        size_t i = cleat_random() % KEYS;
        bool remove = cleat_random() % 100 < (op / 5000 % 2 ? 70u : 30u);
        if (remove) {
            KT_TRUE(cleat_map_remove(&m, key_of(i, buf)) == model[i]);
            model[i] = NULL;
        } else {
            KT_TRUE(cleat_map_put(&m, key_of(i, buf), &model[i]) == model[i]);
            model[i] = &model[i];
        }
        if (op % 2000 == 0) {
            check_all(&m, model);
        }
    }
    check_all(&m, model);
    KT_TRUE(m.cap <= 2048); /* churn does not grow it */
    cleat_map_done(&m);
    KT_TRUE(m.n == 0 && m.slots == NULL);
}

static void test_remove_while_walking(void) {
    struct cleat_map m = {0};
    char buf[32];
    int value = 1;
    for (size_t i = 1; i < 200; i++) {
        cleat_map_put(&m, key_of(i, buf), &value);
    }
    size_t at = 0, seen = 0;
    for (struct cleat_map_entry *s; (s = cleat_map_each(&m, &at)) != NULL; seen++) {
        if (seen % 2 == 0) {
            CLEAT_AUTO_FREE char *k = cleat_alloc(s->key_n);
            memcpy(k, s->key, s->key_n);
            KT_TRUE(cleat_map_remove(&m, (struct cleat_str){k, s->key_n}) == &value);
        }
    }
    KT_EQ_INT(seen, 199);
    KT_EQ_INT(m.n, 99);
    cleat_map_done(&m);
}

/* Not a test of quality, but of the mistakes one makes: length, tail, embedded zeros. */
static void test_hash(void) {
    char zeros[64] = {0};
    uint64_t seen[65];
    for (size_t n = 0; n <= 64; n++) {
        seen[n] = cleat_hash((struct cleat_str){zeros, n});
        for (size_t j = 0; j < n; j++) {
            KT_TRUE(seen[n] != seen[j]);
        }
    }
    for (size_t at = 0; at < 64; at++) {
        zeros[at] = 1;
        KT_TRUE(cleat_hash((struct cleat_str){zeros, 64}) != seen[64]);
        zeros[at] = 0;
        KT_TRUE(cleat_hash((struct cleat_str){zeros, 64}) == seen[64]);
    }
    size_t buckets[256] = {0};
    for (int i = 0; i < 25600; i++) {
        char name[16];
        int n = snprintf(name, sizeof name, "node-%d", i);
        buckets[cleat_hash((struct cleat_str){name, (size_t)n}) & 255]++;
    }
    for (int i = 0; i < 256; i++) {
        KT_TRUE(buckets[i] > 40 && buckets[i] < 180); /* 100 each on average */
    }
}

static void test_buf(void) {
    CLEAT_AUTO_BUF b = {0};
    CLEAT_AUTO_BUF want = {0};
    for (int i = 0; i < 2000; i++) {
        cleat_buf_printf(&b, "%d,", i);
        char one[16];
        cleat_buf_add(&want, one, (size_t)snprintf(one, sizeof one, "%d,", i));
    }
    KT_EQ_S(((struct cleat_str){b.p, b.n}), ((struct cleat_str){want.p, want.n}));
    KT_EQ_INT(strlen(b.p), b.n);
    char *taken = cleat_buf_take(&b);
    KT_TRUE(b.p == NULL && b.n == 0 && strlen(taken) == want.n);
    free(taken);
    taken = cleat_buf_take(&b); /* of an empty one: an empty string */
    KT_EQ_STR(taken, "");
    free(taken);
    cleat_buf_str(&b, (struct cleat_str){NULL, 0});
    cleat_buf_putc(&b, 'x');
    KT_EQ_STR(b.p, "x");
}

static void test_buf_json(void) {
    CLEAT_AUTO_BUF b = {0};
    char all[0x80];
    for (int i = 0; i < 0x80; i++) {
        all[i] = (char)i;
    }
    cleat_buf_json(&b, (struct cleat_str){all, 0x80});
    KT_EQ_STR(b.p,
              "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r"
              "\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018"
              "\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f !\\\"#$%&'()*+,-./0123456789"
              ":;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f\"");
    b.n = 0;
    cleat_buf_json(&b, cleat_s("\xe2\x82\xac/<&>\xc2\xa0"));
    KT_EQ_STR(b.p, "\"\xe2\x82\xac/<&>\xc2\xa0\"");
    b.n = 0;
    cleat_buf_json(&b, (struct cleat_str){NULL, 0});
    KT_EQ_STR(b.p, "\"\"");
}

static void test_strings(void) {
    KT_TRUE(cleat_cmp(cleat_s("a"), cleat_s("b")) < 0);
    KT_TRUE(cleat_cmp(cleat_s("ab"), cleat_s("a")) > 0);
    KT_TRUE(cleat_cmp(cleat_s("\xff"), cleat_s("a")) > 0);
    KT_TRUE(cleat_cmp((struct cleat_str){NULL, 0}, cleat_s("")) == 0);
    KT_TRUE(cleat_eq((struct cleat_str){NULL, 0}, cleat_s("")));
    KT_TRUE(!cleat_eqc(cleat_s("a"), "ab"));
    KT_TRUE(cleat_strdup(NULL) == NULL);
    CLEAT_AUTO_FREE char *s = cleat_sprintf("%s-%d", "x", 7);
    KT_EQ_STR(s, "x-7");
    CLEAT_AUTO_FREE char *t = cleat_strndup((struct cleat_str){"abcdef", 3});
    KT_EQ_STR(t, "abc");
}

KT_MAIN("base_map", KT_TEST(test_against_model), KT_TEST(test_remove_while_walking),
        KT_TEST(test_hash), KT_TEST(test_buf), KT_TEST(test_buf_json), KT_TEST(test_strings))
