/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of cleatd share: the process, and its two modes. */
#ifndef CLEAT_CMD_CLEATD_H
#define CLEAT_CMD_CLEATD_H

#include "core/client/client.h"
#include "core/cmd/cleatd_flags.h"
#include "core/host/host.h"

#define CLEATD_STOP_TIMEOUT (8 * CLEAT_SECOND)

struct cleatd {
    struct cleatd_flags flags;
    const struct cleatd_mode {
        cleat_err (*start)(struct cleatd *d, struct cleat_error *e);
        /* Backwards, also after a start that failed; frees the host. Returns how many plugins'
         * parts still run: then the process must end. */
        int (*stop)(struct cleatd *d);
    } * mode;
    cleat_hostd *host;
};
extern const struct cleatd_mode cleatd_embedded, cleatd_attached;

/* Makes or updates the definitions of the kinds that the host and its plugins bring. An error
 * where one is missing and may not be made; one that could not be updated is logged.
 * (cleatd_crds.c) */
cleat_err cleatd_define_kinds(struct cleatd *d, struct cleat_transport *t, cleat_ctx *ctx,
                              struct cleat_error *e);

#endif
