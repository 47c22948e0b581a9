/* SPDX-License-Identifier: Apache-2.0 */
/* What update.c, apply.c and managers.c share; nobody else includes it. */
#ifndef CLEAT_APPLY_MANAGE_H
#define CLEAT_APPLY_MANAGE_H

#include "core/apply/managed.h"

/* The entry with the same name, operation, subresource and, of an update, version. NULL. */
struct cleat_manager *cleat_managers_find(const struct cleat_managers *m,
                                          const struct cleat_manager *like);
/* The same, made where there is none (without fields). Moves other entries. */
struct cleat_manager *cleat_managers_entry(struct cleat_arena *a, struct cleat_managers *m,
                                           const struct cleat_manager *like);
void cleat_managers_drop(struct cleat_managers *m, uint32_t i);

/* The writer's identity as an entry without fields and time. */
struct cleat_manager cleat_writer_entry(const struct cleat_writer *w, bool applied);
/* The fields without those that nobody owns: apiVersion, metadata.name, ... */
const struct cleat_fields *cleat_fields_strip(struct cleat_arena *a, const struct cleat_fields *s);
/* Entries as they would be under today's types; those of unknown versions go. */
void cleat_managers_refresh(struct cleat_arena *a, const struct cleat_writer *w,
                            struct cleat_managers *m);

/* What others lose. conflicts: with entry `self` left out (NULL: none), those of whom
 * something is modified or added, each with what; n is how many. Sets of those are not
 * yet changed. */
struct cleat_manager_conflict {
    const struct cleat_manager *manager;
    const struct cleat_fields *fields;
};
struct cleat_manager_conflicts {
    struct cleat_manager_conflict *list;
    uint32_t n;
};
bool cleat_managers_compare(struct cleat_arena *a, const struct cleat_writer *w,
                            struct cleat_val old, struct cleat_val now,
                            struct cleat_comparison *ret);
struct cleat_manager_conflicts cleat_managers_conflicts(struct cleat_arena *a,
                                                        const struct cleat_managers *m,
                                                        const struct cleat_manager *self,
                                                        const struct cleat_comparison *c);
/* Takes from all but self what was modified, added or removed; drops who has nothing left. */
void cleat_managers_take(struct cleat_arena *a, struct cleat_managers *m,
                         const struct cleat_manager *self, const struct cleat_comparison *c);
cleat_err cleat_managers_conflict_error(const struct cleat_manager_conflicts *c,
                                        struct cleat_conflict_report *report,
                                        struct cleat_error *e);

#endif
