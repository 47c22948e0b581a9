/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metadata.managedFields: who owns which fields, by which kind of write, and how
 * a write changes that. Merging is core/apply/typed.h; what a request is and what
 * is stored is the registry's affair. One thread at a time.
 */
#ifndef CLEAT_APPLY_MANAGED_H
#define CLEAT_APPLY_MANAGED_H

#include "core/apply/typed.h"

enum {
    CLEAT_MANAGERS_MAX = 10,      /* entries of updates that are kept apart */
    CLEAT_MANAGER_NAME_MAX = 128, /* bytes */
};

/* One entry. Texts are as they stand in canonical JSON, without quotes; borrowed. */
struct cleat_manager {
    struct cleat_str name, version, subresource, time; /* time.n == 0: none */
    bool applied;                                      /* operation Apply, else Update */
    const struct cleat_fields *fields;
};
struct cleat_managers {
    struct cleat_manager *list;
    uint32_t n, cap;
};
/* From an object's list; BAD_REQUEST where it is not one that this server would make. */
cleat_err cleat_managers_decode(struct cleat_arena *a, struct cleat_val list,
                                struct cleat_managers *ret, struct cleat_error *e);
/* A list by which a client says: forget them all ([] or [{}]). */
bool cleat_managers_reset(struct cleat_val list);
/* As JSON, in upstream's order; the list is sorted. */
void cleat_managers_encode(struct cleat_managers *m, struct cleat_buf *out);

/* Who writes, what and how. */
struct cleat_writer {
    const struct cleat_type *type;    /* NULL: not described */
    struct cleat_str version;         /* "apps/v1" */
    struct cleat_str manager;         /* canonical JSON text, without quotes */
    struct cleat_str subresource;     /* n == 0: none */
    const struct cleat_fields *reset; /* what it may not touch, with all below; NULL: nothing */
    struct cleat_str time;            /* now, RFC 3339, without quotes */
    /* Whether another version in an entry is one of this kind's, and its type. NULL: none is. */
    bool (*version_type)(void *userdata, struct cleat_str version, const struct cleat_type **ret);
    void *userdata;
};
/* The sets that writers of an object and of its subresources may not touch. */
enum {
    CLEAT_RESET_STATUS,
    CLEAT_RESET_SPEC,
    CLEAT_RESET_SPEC_STATUS,
    CLEAT_RESET_METADATA_SPEC,
};
const struct cleat_fields *cleat_reset_fields(int which);

/* After a write that was no apply: old (absent: created) has become now. False where
 * the two cannot be compared: then nothing is changed. */
bool cleat_managers_update(struct cleat_arena *a, const struct cleat_writer *w,
                           struct cleat_val old, struct cleat_val now, struct cleat_managers *m);
/* All conflicts of an apply, however many: the message, and the causes as JSON objects
 * separated by commas. Emptied with cleat_conflict_report_done. */
struct cleat_conflict_report {
    struct cleat_buf message, causes;
};
void cleat_conflict_report_done(struct cleat_conflict_report *r);
/* Server-side apply of config to live ({} where there is nothing): *ret is new, without
 * regard to live's managedFields, which *m replaces. CONFLICT with its causes: as many as
 * fit into e, and all of them in *report (NULL allowed). */
cleat_err cleat_managers_apply(struct cleat_arena *a, const struct cleat_writer *w,
                               const cleat_obj *live, const cleat_obj *config, bool force,
                               struct cleat_managers *m, cleat_obj **ret,
                               struct cleat_conflict_report *report, struct cleat_error *e);

/* ---- the hot path (owned.c) ---- */

enum {
    CLEAT_OWNED_NO,     /* somebody's set changes: the long way */
    CLEAT_OWNED_SAME,   /* nothing has changed that anybody could own */
    CLEAT_OWNED_CHANGED /* only leaves that the writer's entry alone has: its time is to be set */
};
/* now carries the managedFields of old. No allocation. *ret_entry: the writer's entry in now. */
int cleat_managers_owned(const struct cleat_writer *w, const cleat_obj *old, const cleat_obj *now,
                         struct cleat_val *ret_entry);

#endif
