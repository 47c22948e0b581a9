/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the gc plugin share. Everything is hidden inside the shared
 * object; the host sees plugin.c's tables only. A new controller is a file with a
 * struct cleat_controller_desc, a line here, and a row in plugin.c.
 */
#ifndef CLEAT_PLUGIN_GC_H
#define CLEAT_PLUGIN_GC_H

#include <cleat/sdk.h>
#include <stdbool.h>

#include "certificate.h"

extern struct cleat_sdk cleat_gc_sdk; /* bound once, in init */
#define SDK (&cleat_gc_sdk)

#define CLEAT_NAMESPACE_GVR ((struct cleat_gvr){"", "v1", "namespaces"})

extern const struct cleat_controller_desc cleat_garbage_collector_desc;
extern const struct cleat_controller_desc cleat_namespace_desc;
extern const struct cleat_controller_desc cleat_finished_jobs_desc;
extern const struct cleat_controller_desc cleat_signing_requests_desc;
extern const struct cleat_controller_desc cleat_pods_desc;
extern const struct cleat_controller_desc cleat_claim_protection_desc;
extern const struct cleat_controller_desc cleat_volume_protection_desc;
extern const struct cleat_controller_desc cleat_volumes_desc;
extern const struct cleat_controller_desc cleat_leases_desc;
extern const struct cleat_controller_desc cleat_tokens_desc;

/* ---- util.c ------------------------------------------------------------------ */

/* Whether a deletion of it has begun: it has a deletionTimestamp. */
bool cleat_gc_is_ending(const cleat_obj *o);
/* A moment in metadata or below ("metadata", "deletionTimestamp"); 0 where there is none. */
cleat_time cleat_gc_time(const cleat_obj *o, cleat_path path);
struct cleat_gvr cleat_gc_gvr(const struct cleat_kind_info *k);

/* Texts that are gathered, each with how often it came. */
struct cleat_tally {
    struct cleat_tally_entry {
        char *text;
        size_t n;
    } * v;
    size_t n;
};
void cleat_tally_add(struct cleat_tally *t, struct cleat_str text, size_t n);
void cleat_tally_done(struct cleat_tally *t);
/* All of them, sorted by what print makes of each, with ", " between; owned. */
char *cleat_tally_join(const struct cleat_tally *t,
                       char *(*print)(const struct cleat_tally_entry *entry));

/* Text that grows; zeroed before. p is NULL until something was added. */
struct cleat_text {
    char *p;
    size_t n, cap;
};
void cleat_text_add(struct cleat_text *t, struct cleat_str s);
void cleat_text_addf(struct cleat_text *t, const char *fmt, ...) CLEAT_PRINTF(2, 3);
/* As a JSON string: quoted and escaped. */
void cleat_text_quote(struct cleat_text *t, const char *s);

/* ---- protection.c ---------------------------------------------------------------- */

/* Whether a pod that has a Node names a claim, or has one of its own of that name. */
bool cleat_gc_pod_names(const cleat_obj *pod, struct cleat_str claim);

/* ---- namespace_content.c: what is in a namespace -------------------------------- */

struct cleat_ns_report {
    struct cleat_tally failures;   /* why the kinds could not be learned of */
    struct cleat_tally errors;     /* why something could not be deleted */
    struct cleat_tally resources;  /* "pods." and how many are left */
    struct cleat_tally finalizers; /* which hold them */
    int64_t estimate;              /* seconds after which to look again */
    size_t remaining;
};
/* Deletes what is in the namespace, pods first: the rest has to wait until they are gone.
 * That a deletion failed is in the report; the error is for what keeps it from being made.
 * [worker] */
cleat_err cleat_ns_empty(cleat_client *client, cleat_ctx *ctx, const cleat_obj *ns,
                         struct cleat_ns_report *ret, struct cleat_error *reterr);
void cleat_ns_report_done(struct cleat_ns_report *r);
/* The five conditions as JSON, where they differ from what ns has; owned, or NULL.
 * (namespace_status.c) */
char *cleat_ns_conditions(const cleat_obj *ns, const struct cleat_ns_report *r);

#endif
