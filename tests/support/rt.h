/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A registry on the memory backend for tests: one thread, a virtual clock, the
 * committer stepped by whoever waits. Answers of the last request stay in rt
 * until the next.
 */
#ifndef CLEAT_TEST_RT_H
#define CLEAT_TEST_RT_H

#include "core/registry/registry.h"
#include "tests/support/kt.h"

struct rt {
    cleat_store *store;
    cleat_registry *registry;
    cleat_request req; /* the last one: err, error, result, created, gone */
    bool open;
    const char *manager;           /* of the next requests; NULL = none */
    const struct cleat_user *user; /* likewise; NULL = rt_admin */
};

extern const struct cleat_user rt_admin;

void rt_open(struct rt *rt); /* with the namespaces; the clock stands at 2026-01-02T03:04:05Z */
void rt_close(struct rt *rt);
const struct cleat_kind *rt_kind(struct rt *rt, const char *resource); /* of any group */
/* "ns/name" or "name"; subresource after a slash of the resource: "nodes/status".
 * text: the body, or the patch. */
cleat_err rt_get(struct rt *rt, const char *resource, const char *key);
cleat_err rt_create(struct rt *rt, const char *resource, const char *ns, const char *text);
cleat_err rt_update(struct rt *rt, const char *resource, const char *key, const char *text);
cleat_err rt_patch(struct rt *rt, const char *resource, const char *key, int type,
                   const char *text);
/* o: NULL = plain */
cleat_err rt_delete(struct rt *rt, const char *resource, const char *key,
                    const struct cleat_delete_opts *o);
/* PUTs what the last answer holds with one value changed. path as JSON text. */
cleat_err rt_change(struct rt *rt, const char *resource, const char *key, cleat_path path,
                    const char *json);
/* The text at path of the last answer, "" where there is none: strings without quotes. */
struct cleat_str rt_at(struct rt *rt, cleat_path path);
const char *rt_message(struct rt *rt);
int rt_code(struct rt *rt); /* the HTTP status of the last answer */

#endif
