/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bootstrap tokens: "id.secret", valid while the Secret bootstrap-token-<id> of
 * kube-system says so. Looked up anew each time; any thread, nothing blocks.
 */
#include <openssl/crypto.h>

#include "core/auth/internal.h"

enum { ID = 6, SECRET = 16 };
#define GROUPS "system:bootstrappers"

static bool well_formed(struct cleat_str s) {
    if (s.n != ID + 1 + SECRET || s.p[ID] != '.') {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        bool ok = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9');
        if (!ok && i != ID) {
            return false;
        }
    }
    return true;
}

/* A value of data, decoded; empty where absent or broken. */
static void data_at(const cleat_obj *o, const char *key, struct cleat_buf *out) {
    struct cleat_str text = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("data", key)));
    out->n = 0;
    if (!cleat_base64_decode(text, out)) {
        out->n = 0;
    }
    cleat_buf_putc(out, '\0');
    out->n--;
}

static bool data_is(const cleat_obj *o, const char *key, struct cleat_str want) {
    CLEAT_AUTO_BUF have = {0};
    data_at(o, key, &have);
    return have.n == want.n && CRYPTO_memcmp(have.p, want.p, want.n) == 0;
}

static bool expired(const cleat_obj *o) {
    CLEAT_AUTO_BUF text = {0};
    cleat_time end = 0;
    data_at(o, "expiration", &text);
    return text.n > 0 && (cleat_time_parse((struct cleat_str){text.p, text.n}, &end) != CLEAT_OK ||
                          end < cleat_now_wall());
}

/* False where one of them is none of the groups that such tokens may have. */
static bool add_groups(struct cleat__identity *id, const cleat_obj *o) {
    CLEAT_AUTO_BUF list = {0};
    data_at(o, "auth-extra-groups", &list);
    for (size_t at = 0; at < list.n;) {
        size_t n = strcspn(list.p + at, ",");
        struct cleat_str group = {list.p + at, n};
        if (n <= sizeof GROUPS || strncmp(group.p, GROUPS ":", sizeof GROUPS) != 0) {
            return false;
        }
        cleat__identity_add_group(id, group);
        at += n + 1;
    }
    return true;
}

struct cleat__identity *cleat__bootstrap_token(cleat_registry *r, struct cleat_str token) {
    if (!well_formed(token)) {
        return NULL;
    }
    struct cleat_str id = {token.p, ID}, secret = {token.p + ID + 1, SECRET};
    const struct cleat_kind *k = cleat_registry_find(r, "", "v1", "secrets");
    CLEAT_AUTO_FREE char *name = cleat_sprintf("bootstrap-token-%.*s", CLEAT_FMT(id));
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(cleat_registry_store(r));
    const cleat_obj *o = cleat_snapshot_get(sn, k->id, CLEAT_STR("kube-system"), cleat_s(name));
    if (o == NULL ||
        cleat_val_present(cleat_obj_at(o, CLEAT_PATH("metadata", "deletionTimestamp"))) ||
        !cleat_eqc(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("type"))),
                   "bootstrap.kubernetes.io/token") ||
        !data_is(o, "token-id", id) || !data_is(o, "token-secret", secret) ||
        !data_is(o, "usage-bootstrap-authentication", CLEAT_STR("true")) || expired(o)) {
        return NULL;
    }
    CLEAT_AUTO_FREE char *user = cleat_sprintf("system:bootstrap:%.*s", CLEAT_FMT(id));
    struct cleat__identity *found = cleat__identity_new(user, "");
    cleat__identity_add_group(found, CLEAT_STR(GROUPS));
    if (!add_groups(found, o)) {
        cleat__identity_unref(found);
        return NULL;
    }
    cleat__identity_add_group(found, CLEAT_STR("system:authenticated"));
    return found;
}
