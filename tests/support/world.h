/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole control plane on the test's own thread and a virtual clock: memory
 * store, registry, local transport, host with the built plugins. Nothing runs
 * unless the test steps it, and a test of five minutes takes milliseconds.
 */
#ifndef CLEAT_TEST_WORLD_H
#define CLEAT_TEST_WORLD_H

#include "core/client/client.h"
#include "core/host/host.h"
#include "core/registry/registry.h"

struct world {
    cleat_store *store;
    cleat_registry *registry;
    struct cleat_transport *transport;
    cleat_client *client;
    struct cleat_transport *host_transport; /* the host's: the same, or what wraps it */
    cleat_hostd *host;
    int depth; /* of the pump: a wait inside a step inside a wait */
};

/* flags: NULL-ended, as cleatd gets them ("sim-machines=0"), or NULL. A failure
 * is recorded with CUnit and ends the process: nothing can be tested then. */
struct world *world_new(const char *controllers, const char *clouds, const char *const *flags);
/* As world_new; the host's way to the API leads through what wrap makes of it (borrowed). */
struct world *world_new_wrapped(const char *controllers, const char *clouds,
                                const char *const *flags,
                                struct cleat_transport *(*wrap)(struct cleat_transport *t));
void world_free(struct world *w);
/* One turn of whatever has something to do, without moving the clock; false = nothing has. */
bool world_step(struct world *w);
/* Ends the host (not the store) and starts another with these flags. */
void world_restart(struct world *w, const char *controllers, const char *clouds,
                   const char *const *flags);

/* Runs everything that can run now, without moving the clock. */
void world_settle(struct world *w);
/* Moves the clock by d, from timer to timer, and runs what becomes due. */
void world_run(struct world *w, cleat_time d);
/* Runs until fn is true; false where `limit` of virtual time did not suffice. */
bool world_until(struct world *w, cleat_time limit, bool (*fn)(struct world *w, const char *arg),
                 const char *arg);

/* The API, as an administrator. kind: "nodes", "machines", "leases", ... */
cleat_obj *world_get(struct world *w, const char *kind, const char *name); /* owned; NULL */
void world_create(struct world *w, const char *kind, const char *json);
void world_patch(struct world *w, const char *kind, const char *name, const char *json);
void world_delete(struct world *w, const char *kind, const char *name);
size_t world_count(struct world *w, const char *kind);
/* How many Events with this reason there are about an object of this name (NULL = any). */
size_t world_events(struct world *w, const char *name, const char *reason);
/* A field as text, owned: strings decoded, other values as JSON; "" where absent.
 * The path is dotted, with "/" kept inside a key by [..]: "metadata.labels[a.b/c]". */
char *world_text(struct world *w, const char *kind, const char *name, const char *path);

/* Checks that field with CUnit. */
#define WORLD_EXPECT(w, kind, name, path, want)                                                    \
    world_expect(w, kind, name, path, want, __FILE__, __LINE__)
void world_expect(struct world *w, const char *kind, const char *name, const char *path,
                  const char *want, const char *file, int line);
/* Creates a Machine with these members of spec. */
void world_machine(struct world *w, const char *name, const char *spec);

/* For world_until: "name" of a Node. */
bool world_node_is_ready(struct world *w, const char *name);
bool world_node_is_not_ready(struct world *w, const char *name);
bool world_node_is_gone(struct world *w, const char *name);
bool world_node_exists(struct world *w, const char *name);
bool world_node_is_shut_down(struct world *w, const char *name); /* has the taint */
bool world_node_has_taint(struct world *w, const char *name, const char *key);

#endif
