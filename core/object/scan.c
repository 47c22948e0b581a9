/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON scanner: strict RFC 8259, one pass, makes canonical bytes and index
 * together. Input may be hostile; nothing recurses and every table is bounded
 * by the limits of core/base/limits.h before it grows.
 *
 * Canonical stretches of the input are never copied while scanning: `run` marks
 * where the current one began, and only white space between values or an escape
 * with a shorter form flushes it to the output. What clients send compact, and
 * all that we stored ourselves, is therefore copied once, into the object.
 *
 * Tables live in thread-local scratch: no lock, no allocation but the object.
 */
#include "core/object/json.h"

#include "core/base/limits.h"

/* Objects with more members look for duplicate keys by hash. */
#define PAIRWISE_MEMBERS 16u
/* Scratch beyond this is given back after use. */
#define SCRATCH_KEEP (256u * 1024)

/* One member's key, by output positions. */
struct key {
    uint64_t print; /* equal keys have equal prints */
    uint32_t pos, n;
};
struct frame {
    uint32_t node, keys, count;
    bool object;
};
struct scratch {
    struct cleat_node *nodes;
    size_t nodes_cap;
    struct key *keys;
    size_t keys_cap;
    struct cleat_span *drops; /* [pos, n): output that a later member replaces */
    size_t drops_cap;
    char *out;
    size_t out_cap;
    struct cleat_buf text;
    struct frame frames[CLEAT_LIMIT_JSON_DEPTH];
};

struct scanner {
    const char *in, *end;
    const char *run;  /* canonical input from here on is not in out yet */
    const char *base; /* output position of p = p - base, while p is in the run */
    size_t out_n;
    struct scratch *s;
    size_t n_nodes, n_keys, n_drops, depth;
    unsigned flags;
    bool nul; /* a string with \u0000 was met */
    cleat_err err;
    struct cleat_error *e;
};

static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;
static _Thread_local struct scratch *thread_scratch;

static void scratch_free(void *p) {
    struct scratch *s = p;
    free(s->nodes);
    free(s->keys);
    free(s->drops);
    free(s->out);
    cleat_buf_done(&s->text);
    free(s);
    thread_scratch = NULL;
}

/* The main thread runs no key destructors. */
static void scratch_exit(void) {
    if (thread_scratch != NULL) {
        scratch_free(thread_scratch);
        pthread_setspecific(scratch_key, NULL);
    }
}

static void scratch_init(void) {
    cleat_assert(pthread_key_create(&scratch_key, scratch_free) == 0);
    atexit(scratch_exit);
}

static struct scratch *scratch_get(void) {
    if (thread_scratch == NULL) {
        pthread_once(&scratch_once, scratch_init);
        thread_scratch = cleat_zalloc(sizeof *thread_scratch);
        pthread_setspecific(scratch_key, thread_scratch);
    }
    return thread_scratch;
}

static void scratch_trim(struct scratch *s) {
    if (s->nodes_cap * sizeof *s->nodes > SCRATCH_KEEP) {
        free(s->nodes);
        s->nodes = NULL;
        s->nodes_cap = 0;
    }
    if (s->keys_cap * sizeof *s->keys > SCRATCH_KEEP) {
        free(s->keys);
        s->keys = NULL;
        s->keys_cap = 0;
    }
    if (s->drops_cap * sizeof *s->drops > SCRATCH_KEEP) {
        free(s->drops);
        s->drops = NULL;
        s->drops_cap = 0;
    }
    if (s->out_cap > SCRATCH_KEEP) {
        free(s->out);
        s->out = NULL;
        s->out_cap = 0;
    }
}

struct cleat_buf *cleat_json_scratch(void) {
    struct scratch *s = scratch_get();
    if (s->text.cap > SCRATCH_KEEP) {
        cleat_buf_done(&s->text);
    }
    s->text.n = 0;
    return &s->text;
}

/* ---- errors ---------------------------------------------------------------- */

static const char *fail_at(struct scanner *sc, const char *p, const char *what) {
    size_t at = (size_t)(p - sc->in);
    if (p >= sc->end) {
        sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "unexpected end of JSON input");
    } else if (*p > ' ' && *p < 0x7F) {
        sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "invalid character '%c' at offset %zu: %s",
                             *p, at, what);
    } else {
        sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "invalid byte 0x%02x at offset %zu: %s",
                             (unsigned char)*p, at, what);
    }
    return NULL;
}

static const char *fail_limit(struct scanner *sc, const char *what, size_t limit) {
    sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "JSON has more than %zu %s", limit, what);
    return NULL;
}

/* ---- output ----------------------------------------------------------------- */

static void flush(struct scanner *sc, const char *p) {
    size_t n = (size_t)(p - sc->run), all = (size_t)(sc->end - sc->in);
    if (sc->s->out_cap < all) {
        /* Output is never longer than input. */
        sc->s->out = cleat_realloc(sc->s->out, all);
        sc->s->out_cap = all;
    }
    memcpy(sc->s->out + sc->out_n, sc->run, n);
    sc->out_n += n;
}

static void resume(struct scanner *sc, const char *p) {
    sc->run = p;
    sc->base = p - sc->out_n;
}

/* Output at pos; a string lies wholly in out or wholly in the run. */
static const char *output_at(const struct scanner *sc, uint32_t pos) {
    return pos < sc->out_n ? sc->s->out + pos : sc->run + (pos - sc->out_n);
}

static const char *skip_space(struct scanner *sc, const char *p) {
    if (p >= sc->end || (unsigned char)*p > ' ') {
        return p;
    }
    flush(sc, p);
    while (p < sc->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
        p++;
    }
    resume(sc, p);
    return p;
}

/* ---- strings ------------------------------------------------------------------ */

#define EACH(b) (UINT64_C(0x0101010101010101) * (b))

/* High bit set in the lowest byte that is a quote, backslash, control character or
 * not ASCII (and perhaps in bytes above it). */
static inline uint64_t special_bytes(uint64_t w) {
    uint64_t quote = w ^ EACH('"'), slash = w ^ EACH('\\');
    return (((w - EACH(0x20)) & ~w) | ((quote - EACH(1)) & ~quote) | ((slash - EACH(1)) & ~slash) |
            w) &
           EACH(0x80);
}

static inline uint64_t load64(const char *p) {
    uint64_t w;
    memcpy(&w, p, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap64(w);
#endif
    return w;
}

static inline const char *skip_plain(const char *p, const char *end) {
    while (end - p >= 8) {
        uint64_t m = special_bytes(load64(p));
        if (m != 0) {
            return p + (__builtin_ctzll(m) >> 3);
        }
        p += 8;
    }
    while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\' &&
           (unsigned char)*p < 0x80) {
        p++;
    }
    return p;
}

/* Length of the well-formed UTF-8 sequence at p (not ASCII), 0 where it is none:
 * no overlong forms, no surrogates, nothing above U+10FFFF. */
static size_t utf8_length(const char *s, const char *end) {
    const unsigned char *p = (const unsigned char *)s;
    size_t left = (size_t)(end - s);
    unsigned lo = 0x80, hi = 0xBF;
    size_t n;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        n = 2;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        n = 3;
        lo = p[0] == 0xE0 ? 0xA0 : 0x80;
        hi = p[0] == 0xED ? 0x9F : 0xBF;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        n = 4;
        lo = p[0] == 0xF0 ? 0x90 : 0x80;
        hi = p[0] == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (left < n || p[1] < lo || p[1] > hi) {
        return 0;
    }
    for (size_t i = 2; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return n;
}

static int hex4(const char *p, const char *end) {
    int v = 0;
    if (end - p < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        int c = p[i] | 0x20;
        if (p[i] >= '0' && p[i] <= '9') {
            v = v << 4 | (p[i] - '0');
        } else if (c >= 'a' && c <= 'f') {
            v = v << 4 | (c - 'a' + 10);
        } else {
            return -1;
        }
    }
    return v;
}

/* The character of the \u escape at p, with its second half if it has one; a half
 * that stands alone is U+FFFD, as in Go. Returns the escape's length, 0 = malformed. */
static size_t read_u(const char *p, const char *end, uint32_t *ret) {
    int v = hex4(p + 2, end);
    if (v < 0) {
        return 0;
    }
    *ret = (uint32_t)v;
    if (v < 0xD800 || v > 0xDFFF) {
        return 6;
    }
    if (v < 0xDC00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u') {
        int low = hex4(p + 8, end);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *ret = 0x10000u + ((uint32_t)(v - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
            return 12;
        }
    }
    *ret = 0xFFFD;
    return 6;
}

/* Handles the backslash at p: leaves a canonical escape in the run, replaces any other. */
static const char *scan_escape(struct scanner *sc, const char *p, bool *changed) {
    char canon[6];
    uint32_t cp = '/';
    size_t n = 2;
    if (sc->end - p < 2) {
        return fail_at(sc, sc->end, "");
    }
    switch (p[1]) {
    case '"':
    case '\\':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return p + 2;
    case '/':
        break;
    case 'u':
        n = read_u(p, sc->end, &cp);
        if (n == 0) {
            return fail_at(sc, p, "\\u must be followed by four hexadecimal digits");
        }
        break;
    default:
        return fail_at(sc, p + 1, "unknown escape in string");
    }
    sc->nul |= cp == 0;
    size_t canon_n = cleat_json_put_char(cp, canon);
    if (canon_n == n && memcmp(canon, p, n) == 0) {
        return p + n;
    }
    flush(sc, p);
    memcpy(sc->s->out + sc->out_n, canon, canon_n);
    sc->out_n += canon_n;
    resume(sc, p + n);
    *changed = true;
    return p + n;
}

/* The slow part of a string: p is at its first byte that is not plain. */
static const char *scan_string_rest(struct scanner *sc, const char *p) {
    bool changed = false;
    for (;; p = skip_plain(p, sc->end)) {
        if (p >= sc->end) {
            return fail_at(sc, p, "");
        }
        unsigned char c = (unsigned char)*p;
        if (c == '"') {
            p++;
            break;
        }
        if (c == '\\') {
            p = scan_escape(sc, p, &changed);
            if (p == NULL) {
                return NULL;
            }
        } else if (c < 0x20) {
            return fail_at(sc, p, "control character in string");
        } else {
            size_t n = utf8_length(p, sc->end);
            if (n == 0) {
                return fail_at(sc, p, "string is not UTF-8");
            }
            p += n;
        }
    }
    if (changed) {
        flush(sc, p);
        resume(sc, p);
    }
    return p;
}

/* From after the opening quote to after the closing one. */
static inline const char *scan_string(struct scanner *sc, const char *p) {
    p = skip_plain(p, sc->end);
    if (p < sc->end && *p == '"') {
        return p + 1;
    }
    return scan_string_rest(sc, p);
}

/* ---- numbers and words ---------------------------------------------------------- */

static const char *digits(const char *p, const char *end) {
    while (p < end && *p >= '0' && *p <= '9') {
        p++;
    }
    return p;
}

static const char *scan_number(struct scanner *sc, const char *p) {
    const char *end = sc->end, *q;
    if (*p == '-') {
        p++;
    }
    if (p < end && *p == '0') {
        q = p + 1;
    } else {
        q = digits(p, end);
        if (q == p) {
            return fail_at(sc, p, "expected a digit");
        }
    }
    if (q < end && *q == '.') {
        p = q + 1;
        q = digits(p, end);
        if (q == p) {
            return fail_at(sc, p, "expected a digit after the decimal point");
        }
    }
    if (q < end && (*q == 'e' || *q == 'E')) {
        p = q + 1;
        if (p < end && (*p == '+' || *p == '-')) {
            p++;
        }
        q = digits(p, end);
        if (q == p) {
            return fail_at(sc, p, "expected a digit in the exponent");
        }
    }
    return q;
}

static const char *scan_word(struct scanner *sc, const char *p, const char *word, size_t n) {
    if ((size_t)(sc->end - p) < n || memcmp(p, word, n) != 0) {
        return fail_at(sc, p, "expected a value");
    }
    return p + n;
}

static const char *scan_scalar(struct scanner *sc, const char *p) {
    switch (*p) {
    case '"':
        return scan_string(sc, p + 1);
    case 't':
        return scan_word(sc, p, "true", 4);
    case 'f':
        return scan_word(sc, p, "false", 5);
    case 'n':
        return scan_word(sc, p, "null", 4);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return scan_number(sc, p);
    default:
        return fail_at(sc, p, "expected a value");
    }
}

/* ---- duplicate keys ------------------------------------------------------------------ */

static inline uint64_t key_print(const char *p, size_t n) {
    uint64_t a = 0, b = 0;
    if (n >= 8) {
        a = load64(p);
        b = load64(p + n - 8);
    } else {
        memcpy(&a, p, n);
    }
    return a ^ (b * UINT64_C(0x9E3779B97F4A7C15)) ^ (uint64_t)n << 56;
}

static bool same_key(const struct scanner *sc, const struct key *a, const struct key *b) {
    return a->print == b->print && a->n == b->n &&
           memcmp(output_at(sc, a->pos), output_at(sc, b->pos), a->n) == 0;
}

/* Says where: `duplicate field "spec.list[2].x"`. */
static bool fail_duplicate(struct scanner *sc, const struct key *k) {
    CLEAT_AUTO_BUF path = {0};
    for (size_t d = 0; d < sc->depth; d++) {
        const struct frame *f = &sc->s->frames[d];
        if (!f->object) {
            cleat_buf_printf(&path, "[%u]", f->count - 1);
            continue;
        }
        bool last = d + 1 == sc->depth;
        size_t top = last ? sc->n_keys : sc->s->frames[d + 1].keys;
        const struct key *at = last ? k : &sc->s->keys[top - 1];
        cleat_buf_puts(&path, path.n > 0 ? "." : "");
        cleat_buf_add(&path, output_at(sc, at->pos), at->n);
    }
    sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "duplicate field \"%s\"",
                         path.p != NULL ? path.p : "");
    return false;
}

/* Member i of the innermost object is superseded by a later one. */
static bool drop_key(struct scanner *sc, const struct key *k) {
    if (sc->flags & CLEAT_PARSE_NO_DUPLICATES) {
        return fail_duplicate(sc, k);
    }
    if (sc->flags & CLEAT_PARSE_CANONICAL) {
        sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "not canonical JSON: duplicate key");
        return false;
    }
    struct scratch *s = sc->s;
    if (sc->n_drops == s->drops_cap) {
        s->drops_cap = s->drops_cap ? s->drops_cap * 2 : 64;
        s->drops = cleat_rearray(s->drops, s->drops_cap, sizeof *s->drops);
    }
    /* Up to the next member's key: there is one, for a later one superseded it. */
    s->drops[sc->n_drops++] = (struct cleat_span){k->pos - 1, k[1].pos - k->pos};
    return true;
}

static bool check_keys_hashed(struct scanner *sc, struct key *keys, size_t n) {
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

static inline bool check_keys(struct scanner *sc, struct key *keys, size_t n) {
    if (n > PAIRWISE_MEMBERS) {
        return check_keys_hashed(sc, keys, n);
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

/* ---- structure -------------------------------------------------------------------------- */

static bool push_node(struct scanner *sc, const char *p) {
    struct scratch *s = sc->s;
    if (sc->n_nodes == s->nodes_cap) {
        if (sc->n_nodes >= CLEAT_LIMIT_JSON_NODES) {
            return fail_limit(sc, "values", CLEAT_LIMIT_JSON_NODES) != NULL;
        }
        s->nodes_cap = s->nodes_cap ? s->nodes_cap * 2 : 1024;
        s->nodes = cleat_rearray(s->nodes, s->nodes_cap, sizeof *s->nodes);
    }
    s->nodes[sc->n_nodes++].pos = (uint32_t)(p - sc->base);
    return true;
}

/* `"key":` up to where the value begins. */
static const char *scan_key(struct scanner *sc, const char *p) {
    struct scratch *s = sc->s;
    if (p >= sc->end || *p != '"') {
        return fail_at(sc, p, "expected a key in quotes");
    }
    uint32_t pos = (uint32_t)(p - sc->base) + 1;
    sc->nul = false;
    const char *start = p;
    p = scan_string(sc, p + 1);
    if (p == NULL) {
        return NULL;
    }
    if (sc->nul) {
        /* Legal, and never sent: keys end at a NUL in half of all programs. */
        return fail_at(sc, start, "key with a NUL character");
    }
    if (sc->n_keys == s->keys_cap) {
        s->keys_cap = s->keys_cap ? s->keys_cap * 2 : 512;
        s->keys = cleat_rearray(s->keys, s->keys_cap, sizeof *s->keys);
    }
    struct key *k = &s->keys[sc->n_keys++];
    k->pos = pos;
    k->n = (uint32_t)(p - sc->base) - pos - 1;
    k->print = key_print(output_at(sc, pos), k->n);
    p = skip_space(sc, p);
    if (p >= sc->end || *p != ':') {
        return fail_at(sc, p, "expected ':' after a key");
    }
    return skip_space(sc, p + 1);
}

static const char *open_container(struct scanner *sc, const char *p) {
    if (sc->depth == CLEAT_LIMIT_JSON_DEPTH) {
        return fail_limit(sc, "levels", CLEAT_LIMIT_JSON_DEPTH);
    }
    sc->s->frames[sc->depth++] =
        (struct frame){(uint32_t)sc->n_nodes - 1, (uint32_t)sc->n_keys, 0, *p == '{'};
    return skip_space(sc, p + 1);
}

static bool close_container(struct scanner *sc) {
    struct frame *f = &sc->s->frames[sc->depth - 1];
    sc->s->nodes[f->node].ext = (uint32_t)sc->n_nodes;
    if (f->object) {
        if (!check_keys(sc, sc->s->keys + f->keys, sc->n_keys - f->keys)) {
            return false;
        }
        sc->n_keys = f->keys;
    }
    sc->depth--;
    return true;
}

/* After a value: closes what ends here, and stands then at the next value or, with
 * depth 0, behind the text. */
static const char *scan_between(struct scanner *sc, const char *p) {
    while (sc->depth > 0) {
        struct frame *f = &sc->s->frames[sc->depth - 1];
        p = skip_space(sc, p);
        if (p < sc->end && *p == ',') {
            p = skip_space(sc, p + 1);
            return f->object ? scan_key(sc, p) : p;
        }
        if (p >= sc->end || *p != (f->object ? '}' : ']')) {
            return fail_at(sc, p, f->object ? "expected ',' or '}'" : "expected ',' or ']'");
        }
        p++;
        if (!close_container(sc)) {
            return NULL;
        }
    }
    return p;
}

static const char *scan_document(struct scanner *sc) {
    const char *p = skip_space(sc, sc->in);
    if (p < sc->end && *p != '{' && !(sc->flags & CLEAT_PARSE_ANY)) {
        return fail_at(sc, p, "expected an object");
    }
    do {
        if (p >= sc->end) {
            return fail_at(sc, p, "");
        }
        if (!push_node(sc, p)) {
            return NULL;
        }
        if (sc->depth > 0) {
            sc->s->frames[sc->depth - 1].count++;
        }
        if (cleat_json_is_container(*p)) {
            char closing = *p == '{' ? '}' : ']';
            p = open_container(sc, p);
            if (p == NULL) {
                return NULL;
            }
            if (p >= sc->end || *p != closing) {
                p = closing == '}' ? scan_key(sc, p) : p;
                if (p == NULL) {
                    return NULL;
                }
                continue;
            }
            p++;
            if (!close_container(sc)) {
                return NULL;
            }
        } else {
            struct cleat_node *node = &sc->s->nodes[sc->n_nodes - 1];
            p = scan_scalar(sc, p);
            if (p == NULL) {
                return NULL;
            }
            node->ext = (uint32_t)(p - sc->base) - node->pos;
        }
        p = scan_between(sc, p);
        if (p == NULL) {
            return NULL;
        }
    } while (sc->depth > 0);
    return p;
}

/* ---- results ------------------------------------------------------------------------------ */

static cleat_obj *make_object(const struct scanner *sc, const char *p) {
    size_t tail = (size_t)(p - sc->run);
    cleat_obj *o = cleat_obj_alloc(sc->n_nodes, sc->out_n + tail);
    if (o->wide) {
        memcpy(o + 1, sc->s->nodes, sc->n_nodes * sizeof *sc->s->nodes);
    } else {
        struct cleat_node16 *to = (struct cleat_node16 *)(void *)(o + 1);
        for (size_t i = 0; i < sc->n_nodes; i++) {
            to[i].pos = (uint16_t)sc->s->nodes[i].pos;
            to[i].ext = (uint16_t)sc->s->nodes[i].ext;
        }
    }
    char *text = (char *)(uintptr_t)cleat_obj_text(o);
    if (sc->out_n > 0) {
        memcpy(text, sc->s->out, sc->out_n);
    }
    memcpy(text + sc->out_n, sc->run, tail);
    cleat_obj_seal(o);
    return o;
}

static int compare_spans(const void *a, const void *b) {
    const struct cleat_span *x = a, *y = b;
    return x->pos < y->pos ? -1 : x->pos > y->pos;
}

/* The text without the members that later ones superseded, scanned again. */
static cleat_err scan_deduplicated(struct scanner *sc, const char *p, cleat_obj **ret) {
    CLEAT_AUTO_BUF text = {0};
    struct cleat_span *drops = sc->s->drops;
    size_t at = 0;
    flush(sc, p);
    qsort(drops, sc->n_drops, sizeof *drops, compare_spans);
    for (size_t i = 0; i < sc->n_drops; i++) {
        if (drops[i].pos > at) {
            cleat_buf_add(&text, sc->s->out + at, drops[i].pos - at);
        }
        size_t end = (size_t)drops[i].pos + drops[i].n;
        at = end > at ? end : at;
    }
    cleat_buf_add(&text, sc->s->out + at, sc->out_n - at);
    return cleat_json_scan((struct cleat_str){text.p, text.n},
                           CLEAT_PARSE_CANONICAL | (sc->flags & CLEAT_PARSE_ANY), ret, sc->e);
}

cleat_err cleat_json_scan(struct cleat_str json, unsigned flags, cleat_obj **ret,
                          struct cleat_error *e) {
    if (json.n > CLEAT_LIMIT_BODY) {
        return cleat_fail(e, CLEAT_E_TOO_LARGE, "JSON text is longer than %u bytes",
                          CLEAT_LIMIT_BODY);
    }
    if (json.n == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "unexpected end of JSON input");
    }
    struct scanner sc = {
        .in = json.p,
        .end = json.p + json.n,
        .run = json.p,
        .base = json.p,
        .s = scratch_get(),
        .flags = flags,
        .e = e,
    };
    const char *p = scan_document(&sc);
    const char *last = p;
    if (p != NULL) {
        while (p < sc.end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
            p++;
        }
        if (p < sc.end) {
            fail_at(&sc, p, "text after the end of the JSON object");
        } else if ((flags & CLEAT_PARSE_CANONICAL) &&
                   (sc.out_n > 0 || sc.run != sc.in || p != last)) {
            sc.err = cleat_fail(e, CLEAT_E_BAD_REQUEST, "not canonical JSON");
        } else if (sc.n_drops > 0) {
            sc.err = scan_deduplicated(&sc, last, ret);
        } else {
            *ret = make_object(&sc, last);
        }
    }
    scratch_trim(sc.s);
    return sc.err;
}

bool cleat_json_is_value(struct cleat_str s) {
    struct scanner sc = {
        .in = s.p,
        .end = s.p + s.n,
        .run = s.p,
        .base = s.p,
        .s = scratch_get(),
        .flags = CLEAT_PARSE_CANONICAL | CLEAT_PARSE_ANY,
    };
    return s.n > 0 && scan_document(&sc) == sc.end && sc.run == sc.in && sc.out_n == 0;
}
