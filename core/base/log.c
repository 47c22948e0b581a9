/* SPDX-License-Identifier: Apache-2.0 */
/* Structured lines on standard error, each in one write. Thread-safe. */
#include "core/base/base.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

static _Atomic int level_now = CLEAT_LOG_INFO;

void cleat_log_set_level(int level) {
    atomic_store_explicit(&level_now, level, memory_order_relaxed);
}

bool cleat_log_enabled(int level) {
    return level <= atomic_load_explicit(&level_now, memory_order_relaxed);
}

/* Bare where it is one plain word, else as a JSON string: a line stays a line. */
static void add_value(struct cleat_buf *b, struct cleat_str s) {
    bool plain = s.n > 0;
    for (size_t i = 0; i < s.n && plain; i++) {
        unsigned char c = (unsigned char)s.p[i];
        plain = c > ' ' && c != '"' && c != '=' && c != '\\' && c < 0x7f;
    }
    if (plain) {
        cleat_buf_str(b, s);
    } else {
        cleat_buf_json(b, s);
    }
}

void cleat_log_write(int32_t level, const char *component, const char *message,
                     const struct cleat_log_field *f, size_t n) {
    static const char *const names[] = {"ERROR", "WARN", "INFO", "DEBUG", "TRACE"};
    if (!cleat_log_enabled(level)) {
        return;
    }
    CLEAT_AUTO_BUF b = {0};
    char when[32];
    cleat_time_format(cleat_now_wall(), true, when);
    cleat_buf_printf(&b, "%s %-5s %s msg=", when,
                     names[level < 0   ? 0
                           : level > 4 ? 4
                                       : level],
                     component ? component : "-");
    cleat_buf_json(&b, cleat_s(message));
    for (size_t i = 0; i < n; i++) {
        cleat_buf_printf(&b, " %s=", f[i].key);
        if (f[i].type == 1) {
            cleat_buf_printf(&b, "%lld", (long long)f[i].integer);
        } else {
            add_value(&b, f[i].str);
        }
    }
    cleat_buf_putc(&b, '\n');
    ssize_t wrote;
    do {
        wrote = write(STDERR_FILENO, b.p, b.n);
    } while (wrote < 0 && errno == EINTR); /* nowhere to report anything else */
}

void cleat_logf(int level, const char *component, const char *fmt, ...) {
    if (!cleat_log_enabled(level)) {
        return;
    }
    va_list ap;
    va_start(ap, fmt);
    CLEAT_AUTO_FREE char *text = NULL;
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    cleat_log_write(level, component, text, NULL, 0);
}
