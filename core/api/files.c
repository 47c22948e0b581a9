/* SPDX-License-Identifier: Apache-2.0 */
/* Small files, written whole or not at all. At start, before any thread runs. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/api/internal.h"

static bool write_all(int fd, struct cleat_str data) {
    for (size_t off = 0; off < data.n;) {
        ssize_t n = write(fd, data.p + off, data.n - off);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        off += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* On the disk before it has its name. */
cleat_err cleat__file_write(const char *path, struct cleat_str data, mode_t mode,
                            struct cleat_error *e) {
    CLEAT_AUTO_FREE char *tmp = cleat_sprintf("%s.tmp", path);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
    bool ok = fd >= 0 && fchmod(fd, mode) == 0 && write_all(fd, data) && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    if (ok && rename(tmp, path) == 0) {
        return CLEAT_OK;
    }
    why = ok ? errno : why;
    unlink(tmp);
    return cleat_fail(e, CLEAT_E_IO, "%s: %s", path, strerror(why));
}

cleat_err cleat__file_read(const char *path, struct cleat_buf *out, struct cleat_error *e) {
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", path, strerror(errno));
    }
    char data[4096];
    for (size_t n; (n = fread(data, 1, sizeof data, f)) > 0;) {
        cleat_buf_add(out, data, n);
    }
    bool ok = ferror(f) == 0;
    fclose(f);
    return ok ? CLEAT_OK : cleat_fail(e, CLEAT_E_IO, "%s: cannot be read", path);
}
