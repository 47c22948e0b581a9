/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authority's own writes, through the registry like anybody's, as an
 * administrator. All of a set are started before the first is waited for, so that
 * they share the committer's transactions. On a thread that may block.
 */
#include "core/auth/internal.h"

static const char *const masters[] = {"system:masters", NULL};
const struct cleat_user cleat__self = {.name = "system:apiserver", .groups = masters};

struct one {
    cleat_request req;
    char *ns, *name; /* what req points to */
    struct cleat_event posted;
    bool done;
};

static void on_done(cleat_request *req) {
    ((struct one *)req->userdata)->done = true;
}

static void on_post(cleat_request *req) {
    cleat_event_set(&((struct one *)req->userdata)->posted);
}

static void finish(struct one *o) {
    while (!o->done) {
        cleat_event_wait(&o->posted, -1);
        cleat_event_init(&o->posted);
        cleat_request_resume(&o->req);
    }
}

cleat_err cleat__write_all(cleat_registry *r, struct cleat__write *w, size_t n, cleat_err tolerated,
                           struct cleat_error *e) {
    struct one *all = cleat_array(n, sizeof *all);
    cleat_err first = CLEAT_OK;
    for (size_t i = 0; i < n; i++) {
        struct one *o = &all[i];
        cleat_event_init(&o->posted);
        o->ns = cleat_strndup(w[i].ns);
        o->name = cleat_strndup(w[i].name);
        o->req = (cleat_request){.registry = r,
                                 .verb = w[i].verb,
                                 .kind = w[i].kind,
                                 .ns = cleat_s(o->ns),
                                 .name = cleat_s(o->name),
                                 .user = &cleat__self,
                                 .body = CLEAT_STEAL(w[i].body),
                                 .done = on_done,
                                 .post = on_post,
                                 .userdata = o};
        o->req.del.struct_size = sizeof o->req.del;
        o->req.del.grace_period_seconds = -1;
        cleat_request_start(&o->req);
    }
    for (size_t i = 0; i < n; i++) {
        finish(&all[i]);
        w[i].err = all[i].req.err;
        if (first == CLEAT_OK && w[i].err != CLEAT_OK && w[i].err != tolerated) {
            first = w[i].err;
            if (e != NULL) {
                *e = all[i].req.error;
            }
        }
        cleat_request_done(&all[i].req);
        free(all[i].ns);
        free(all[i].name);
    }
    free(all);
    return first;
}
