/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory's file: see source.c. Owned by the agent's thread. */
#ifndef CLEAT_PLUGIN_LINUX_SOURCE_H
#define CLEAT_PLUGIN_LINUX_SOURCE_H

#include "lin.h"

struct cleat_lin_source;
struct cleat_lin_source *cleat_lin_source_new(const char *path); /* "" = there is no file */
void cleat_lin_source_free(struct cleat_lin_source *s);          /* NULL allowed */
/* The first reading: an error where the file is not right from the start. */
cleat_err cleat_lin_source_open(struct cleat_lin_source *s, struct cleat_error *reterr);
/* True where a new inventory was read. */
bool cleat_lin_source_look(struct cleat_lin_source *s, cleat_time now);
/* What counts, borrowed until the next look; NULL = nothing. */
const struct cleat_lin_inventory *cleat_lin_source_last(const struct cleat_lin_source *s);
/* Why the file is not what counts, or NULL. */
const char *cleat_lin_source_problem(const struct cleat_lin_source *s);

#endif
