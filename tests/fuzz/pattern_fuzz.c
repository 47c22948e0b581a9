/* SPDX-License-Identifier: Apache-2.0 */
/* A pattern in the first line, a text in the rest; what matches does so however it is wrapped. */
#include "core/registry/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data, *line = size > 0 ? memchr(text, '\n', size) : NULL;
    if (line == NULL) {
        return 0;
    }
    struct cleat_str own = {text, (size_t)(line - text)};
    struct cleat_str of = {line + 1, size - own.n - 1};
    struct cleat_pattern *p = cleat_pattern_new(own);
    if (p == NULL) {
        return 0;
    }
    CLEAT_AUTO_FREE char *group = cleat_sprintf("(?:%.*s){1,2}", CLEAT_FMT(own));
    struct cleat_pattern *twice = cleat_pattern_new(cleat_s(group));
    bool quoted = memmem(own.p, own.n, "\\Q", 2) != NULL || memchr(own.p, '\0', own.n) != NULL;
    if (twice != NULL && !quoted) {
        cleat_assert(cleat_pattern_matches(p, of) == cleat_pattern_matches(twice, of));
    }
    cleat_pattern_free(twice);
    cleat_pattern_free(p);
    return 0;
}
