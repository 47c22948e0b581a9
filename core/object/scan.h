/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scanner's parts: scan.c (structure and results), lex.c (strings, numbers,
 * output), keys.c (duplicate keys), scratch.c (its memory). Only they include this.
 */
#ifndef CLEAT_OBJECT_SCAN_H
#define CLEAT_OBJECT_SCAN_H

#include "core/base/limits.h"
#include "core/object/json.h"

/* One member's key, by output positions. */
struct scan_key {
    uint64_t print; /* equal keys have equal prints */
    uint32_t pos, n;
};
struct scan_frame {
    uint32_t node, keys, count;
    bool object;
};
struct scan_scratch {
    struct cleat_node *nodes;
    size_t nodes_cap;
    struct scan_key *keys;
    size_t keys_cap;
    struct cleat_span *drops; /* [pos, n): output that a later member replaces */
    size_t drops_cap;
    char *out;
    size_t out_cap;
    struct cleat_buf text;
    struct scan_frame frames[CLEAT_LIMIT_JSON_DEPTH];
};

struct scanner {
    const char *in, *end;
    const char *run;  /* canonical input from here on is not in out yet */
    const char *base; /* output position of p = p - base, while p is in the run */
    size_t out_n;
    struct scan_scratch *s;
    size_t n_nodes, n_keys, n_drops, depth;
    unsigned flags;
    cleat_obj_report report; /* of duplicates, or NULL */
    void *userdata;
    bool nul; /* a string with \u0000 was met */
    cleat_err err;
    struct cleat_error *e;
};

/* The calling thread's tables; trim gives back what a huge text made them. */
struct scan_scratch *cleat_scan_scratch(void);
void cleat_scan_trim(struct scan_scratch *s);

/* Notes the error at p; returns NULL. */
const char *cleat_scan_fail(struct scanner *sc, const char *p, const char *what);

/* Moves the run up to p to the output. */
void cleat_scan_flush(struct scanner *sc, const char *p);

/* Begins a new run at p. */
static inline void cleat_scan_resume(struct scanner *sc, const char *p) {
    sc->run = p;
    sc->base = p - sc->out_n;
}

/* Output at pos; a string lies wholly in out or wholly in the run. */
static inline const char *output_at(const struct scanner *sc, uint32_t pos) {
    return pos < sc->out_n ? sc->s->out + pos : sc->run + (pos - sc->out_n);
}

/* The text of a scalar that begins at p; returns its end, or NULL. */
const char *cleat_scan_scalar(struct scanner *sc, const char *p);
/* The slow part of a string: p is at its first byte that is not plain. */
const char *cleat_scan_string_rest(struct scanner *sc, const char *p);

/* Looks for duplicates among the n innermost keys; false: an error was noted. */
bool cleat_scan_keys(struct scanner *sc, size_t n);

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

/* From after the opening quote to after the closing one. */
static inline const char *scan_string(struct scanner *sc, const char *p) {
    p = skip_plain(p, sc->end);
    if (p < sc->end && *p == '"') {
        return p + 1;
    }
    return cleat_scan_string_rest(sc, p);
}

#endif
