/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Definitions that come with the program or its plugins: each becomes an object
 * like any other, by a request of the server's own. What a user has added to its
 * metadata stays. Blocks until it is stored.
 */
#include "core/registry/internal.h"

enum { ATTEMPTS = 8 };

static const char *const masters[] = {"system:masters", NULL};
static const struct cleat_user self = {.name = "system:apiserver", .groups = masters};

/* body: taken. */
static cleat_err ask(cleat_registry *r, int verb, cleat_obj *body, struct cleat_error *e) {
    cleat_request req = {.registry = r,
                         .verb = verb,
                         .kind = r->definitions,
                         .user = &self,
                         .field_manager = "cleat",
                         .body = body};
    CLEAT_AUTO(cleat_obj) *named = cleat_obj_ref(body);
    if (verb == CLEAT_VERB_UPDATE) {
        req.name = cleat_obj_name(named);
    }
    cleat_err err = cleat_request_wait(&req, NULL);
    if (err != CLEAT_OK && e != NULL) {
        *e = req.error;
    }
    cleat_request_done(&req);
    return err;
}

/* The stored definition with the spec of this one. */
static cleat_err bring_up(cleat_registry *r, const cleat_obj *crd, struct cleat_error *e) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(r->store);
    const cleat_obj *old =
        cleat_snapshot_get(sn, r->definitions->id, (struct cleat_str){"", 0}, cleat_obj_name(crd));
    cleat_obj *body = NULL;
    if (old == NULL) {
        return cleat_fail(e, CLEAT_E_CONFLICT, "the definition was deleted meanwhile");
    }
    static const char *const path_spec[] = {"spec", NULL};
    const struct cleat_splice s = {path_spec, cleat_val_raw(cleat_obj_at(crd, path_spec))};
    CLEAT_TRY(cleat_obj_splice(old, &s, 1, &body, e));
    return ask(r, CLEAT_VERB_UPDATE, body, e);
}

cleat_err cleat_registry_add_crd(cleat_registry *r, struct cleat_str crd_json,
                                 struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *crd = NULL;
    cleat_err err = CLEAT_OK;
    CLEAT_TRY(cleat_obj_parse(crd_json, 0, &crd, e));
    for (int i = 0; i < ATTEMPTS; i++) {
        err = ask(r, CLEAT_VERB_CREATE, cleat_obj_ref(crd), e);
        if (err == CLEAT_E_EXISTS) {
            err = bring_up(r, crd, e);
        }
        if (err != CLEAT_E_CONFLICT) {
            break;
        }
    }
    return err;
}
