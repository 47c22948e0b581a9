/* SPDX-License-Identifier: Apache-2.0 */
/* Just enough of PEM and DER to know when a certificate ends. Pure; takes any bytes. */
#ifndef CLEAT_PLUGIN_GC_CERTIFICATE_H
#define CLEAT_PLUGIN_GC_CERTIFICATE_H

#include <cleat/types.h>

/* The decoded bytes of base64 text, NUL-ended, owned; ret_n NULL allowed. NULL where it is none.
 * Line ends are skipped. */
char *cleat_gc_base64(struct cleat_str text, size_t *ret_n);
/* The end of the first certificate in PEM; 0 where there is none that can be read. */
cleat_time cleat_gc_certificate_end(struct cleat_str pem);

#endif
