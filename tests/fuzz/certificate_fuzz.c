/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of signing requests are anybody's bytes. */
#include "plugins/gc/certificate.c"

#include "core/base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct cleat_str text = {(const char *)data, size};
    size_t n = 0;
    char *bytes = cleat_gc_base64(text, &n);
    if (bytes != NULL) {
        cleat_assert(bytes[n] == 0 && n <= size);
        free(bytes);
    }
    cleat_assert(cleat_gc_certificate_end(text) >= 0);
    const unsigned char *p = data;
    cleat_assert(end_of((struct span){p, p + size}) >= 0);
    return 0;
}
