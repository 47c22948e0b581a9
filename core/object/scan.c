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
 */
#include "core/object/scan.h"

static const char *fail_limit(struct scanner *sc, const char *what, size_t limit) {
    sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "JSON has more than %zu %s", limit, what);
    return NULL;
}

static const char *skip_space(struct scanner *sc, const char *p) {
    if (p >= sc->end || (unsigned char)*p > ' ') {
        return p;
    }
    cleat_scan_flush(sc, p);
    while (p < sc->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
        p++;
    }
    cleat_scan_resume(sc, p);
    return p;
}

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

static bool push_node(struct scanner *sc, const char *p) {
    struct scan_scratch *s = sc->s;
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
    struct scan_scratch *s = sc->s;
    if (p >= sc->end || *p != '"') {
        return cleat_scan_fail(sc, p, "expected a key in quotes");
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
        return cleat_scan_fail(sc, start, "key with a NUL character");
    }
    if (sc->n_keys == s->keys_cap) {
        s->keys_cap = s->keys_cap ? s->keys_cap * 2 : 512;
        s->keys = cleat_rearray(s->keys, s->keys_cap, sizeof *s->keys);
    }
    struct scan_key *k = &s->keys[sc->n_keys++];
    k->pos = pos;
    k->n = (uint32_t)(p - sc->base) - pos - 1;
    k->print = key_print(output_at(sc, pos), k->n);
    p = skip_space(sc, p);
    if (p >= sc->end || *p != ':') {
        return cleat_scan_fail(sc, p, "expected ':' after a key");
    }
    return skip_space(sc, p + 1);
}

static const char *open_container(struct scanner *sc, const char *p) {
    if (sc->depth == CLEAT_LIMIT_JSON_DEPTH) {
        return fail_limit(sc, "levels", CLEAT_LIMIT_JSON_DEPTH);
    }
    sc->s->frames[sc->depth++] =
        (struct scan_frame){(uint32_t)sc->n_nodes - 1, (uint32_t)sc->n_keys, 0, *p == '{'};
    return skip_space(sc, p + 1);
}

static bool close_container(struct scanner *sc) {
    struct scan_frame *f = &sc->s->frames[sc->depth - 1];
    sc->s->nodes[f->node].ext = (uint32_t)sc->n_nodes;
    if (f->object) {
        size_t n = sc->n_keys - f->keys;
        if (n > 1 && !cleat_scan_keys(sc, n)) {
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
        struct scan_frame *f = &sc->s->frames[sc->depth - 1];
        p = skip_space(sc, p);
        if (p < sc->end && *p == ',') {
            p = skip_space(sc, p + 1);
            return f->object ? scan_key(sc, p) : p;
        }
        if (p >= sc->end || *p != (f->object ? '}' : ']')) {
            return cleat_scan_fail(sc, p,
                                   f->object ? "expected ',' or '}'" : "expected ',' or ']'");
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
        return cleat_scan_fail(sc, p, "expected an object");
    }
    do {
        if (p >= sc->end) {
            return cleat_scan_fail(sc, p, "");
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
            p = cleat_scan_scalar(sc, p);
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

/* ---- results ------------------------------------------------------------------ */

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
    cleat_scan_flush(sc, p);
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
    return cleat_json_scan_reporting(json, flags, NULL, NULL, ret, e);
}

cleat_err cleat_json_scan_reporting(struct cleat_str json, unsigned flags, cleat_obj_report report,
                                    void *userdata, cleat_obj **ret, struct cleat_error *e) {
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
        .s = cleat_scan_scratch(),
        .flags = flags,
        .report = report,
        .userdata = userdata,
        .e = e,
    };
    const char *p = scan_document(&sc);
    const char *last = p;
    if (p != NULL) {
        while (p < sc.end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
            p++;
        }
        if (p < sc.end) {
            cleat_scan_fail(&sc, p, "text after the end of the JSON object");
        } else if ((flags & CLEAT_PARSE_CANONICAL) &&
                   (sc.out_n > 0 || sc.run != sc.in || p != last)) {
            sc.err = cleat_fail(e, CLEAT_E_BAD_REQUEST, "not canonical JSON");
        } else if (sc.n_drops > 0) {
            sc.err = scan_deduplicated(&sc, last, ret);
        } else {
            *ret = make_object(&sc, last);
        }
    }
    cleat_scan_trim(sc.s);
    return sc.err;
}

bool cleat_json_is_value(struct cleat_str s) {
    struct scanner sc = {
        .in = s.p,
        .end = s.p + s.n,
        .run = s.p,
        .base = s.p,
        .s = cleat_scan_scratch(),
        .flags = CLEAT_PARSE_CANONICAL | CLEAT_PARSE_ANY,
    };
    return s.n > 0 && scan_document(&sc) == sc.end && sc.run == sc.in && sc.out_n == 0;
}
