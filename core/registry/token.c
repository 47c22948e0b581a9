/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Continue tokens to and from text. What comes in is a client's text: anything
 * but a well-formed token is refused. Pure functions.
 */
#include "core/object/object.h"
#include "core/registry/token.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *encode(struct cleat_str s) {
    struct cleat_buf out = {0};
    cleat_buf_reserve(&out, s.n * 4 / 3 + 4);
    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i;
        uint32_t bits = (uint32_t)(unsigned char)s.p[i] << 16;
        bits |= left > 1 ? (uint32_t)(unsigned char)s.p[i + 1] << 8 : 0;
        bits |= left > 2 ? (uint32_t)(unsigned char)s.p[i + 2] : 0;
        for (size_t j = 0; j < (left > 2 ? 4 : left + 1); j++) {
            cleat_buf_putc(&out, alphabet[bits >> (18 - 6 * j) & 63]);
        }
    }
    return cleat_buf_take(&out);
}

static bool decode(const char *text, struct cleat_buf *out) {
    uint32_t bits = 0;
    int n = 0;
    for (const char *p = text; *p != '\0' && *p != '='; p++) {
        const char *at = strchr(alphabet, *p);
        if (at == NULL) {
            return false;
        }
        bits = bits << 6 | (uint32_t)(at - alphabet);
        n += 6;
        if (n >= 8) {
            n -= 8;
            cleat_buf_putc(out, (char)(bits >> n & 255));
        }
    }
    return true;
}

char *cleat_token_write(const struct cleat_token *t) {
    CLEAT_AUTO_BUF json = {0};
    cleat_buf_printf(&json,
                     "{\"v\":\"meta.k8s.io/v1\",\"rv\":%lld,\"start\":\"%s/%s\\u0000\",\"n\":%lld}",
                     (long long)t->revision, t->ns, t->name, (long long)t->given);
    return encode((struct cleat_str){json.p, json.n});
}

static bool read_object(const cleat_obj *o, struct cleat_token *ret) {
    struct cleat_val root = cleat_obj_root(o);
    if (!cleat_eqc(cleat_val_str(cleat_val_get(root, "v")), "meta.k8s.io/v1") ||
        !cleat_val_int(cleat_val_get(root, "rv"), &ret->revision) || ret->revision == 0) {
        return false;
    }
    cleat_val_int(cleat_val_get(root, "n"), &ret->given);
    /* Decoded, the NUL at the end of start ends the string. */
    CLEAT_AUTO_FREE char *start = cleat_val_strdup(cleat_val_get(root, "start"));
    char *slash = start != NULL ? strchr(start, '/') : NULL;
    if (slash == NULL) {
        return false;
    }
    ret->ns = cleat_strndup((struct cleat_str){start, (size_t)(slash - start)});
    ret->name = cleat_strdup(slash + 1);
    return true;
}

cleat_err cleat_token_read(const char *text, struct cleat_token *ret, struct cleat_error *e) {
    CLEAT_AUTO_BUF json = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_token t = {0};
    if (!decode(text, &json) || json.n == 0 ||
        cleat_obj_parse((struct cleat_str){json.p, json.n}, 0, &o, NULL) != CLEAT_OK ||
        !read_object(o, &t)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "continue key is not valid: %s", text);
    }
    *ret = t;
    return CLEAT_OK;
}

void cleat_token_done(struct cleat_token *t) {
    free(t->ns);
    free(t->name);
    t->ns = t->name = NULL;
}
