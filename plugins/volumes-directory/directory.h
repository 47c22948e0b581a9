/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories below one root, each a volume. Nothing outside of the root is ever
 * touched: a volume is one name below it, which is opened from the root's descriptor
 * without following links and without leaving its mount, and so is all that is in it.
 */
#ifndef CLEAT_PLUGIN_VOLUMES_DIRECTORY_H
#define CLEAT_PLUGIN_VOLUMES_DIRECTORY_H

#include <cleat/sdk.h>
#include <stdbool.h>

extern struct cleat_sdk cleat_dir_sdk; /* bound once, in init */
#define SDK (&cleat_dir_sdk)

/* The root, opened; *ret_path as it is written in volumes, owned. INVALID where it is not
 * absolute, not there, no directory or "/". */
cleat_err cleat_dir_open_root(const char *path, int *ret_fd, char **ret_path,
                              struct cleat_error *reterr);
/* The one name below root that path is, borrowed from path; NULL where it is anything else. */
const char *cleat_dir_name(const char *root, const char *path);
/* Makes a directory; CLEAT_OK also where it is there. [worker] */
cleat_err cleat_dir_make(int root, const char *name, unsigned mode, struct cleat_error *reterr);
/* Takes away all that is in it, and itself where whole. CLEAT_OK also where it is not there.
 * PENDING where something comes into it meanwhile. [worker] */
cleat_err cleat_dir_remove(int root, const char *name, bool whole, cleat_ctx *ctx,
                           struct cleat_error *reterr);

#endif
