/* SPDX-License-Identifier: Apache-2.0 */
/* Passes the handshake, but its init does not succeed. */
#include "../entry.h"

static cleat_err failing_init(const struct cleat_host *host, struct cleat_error *reterr) {
    (void)host;
    return cleat_errorf(reterr, CLEAT_E_IO, "the flux capacitor is empty");
}
ENTRY_INFO("test.init-fails", NULL);
ENTRY(CLEAT_ABI_INIT(struct cleat_plugin_entry), failing_init, entry_nothing);
