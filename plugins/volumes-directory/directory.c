/* SPDX-License-Identifier: Apache-2.0 */
/* Making and removing directories, as directory.h promises. Any thread. */
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Levels that are open at a time. What is deeper is moved up to be removed from there, so that
 * no tree, however deep, uses up descriptors or the stack. */
#define LEVELS 32

/* A directory below another: no link on the way, no other mount. */
static int open_below(int dir, const char *name) {
    struct open_how how = {
        .flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, dir, name, &how, sizeof how);
}

static cleat_err fail(struct cleat_error *reterr, const char *what, const char *name, int error) {
    return cleat_errorf(reterr, CLEAT_E_TRANSIENT, "%s \"%s\": %s", what, name,
                        error == EXDEV   ? "another file system is mounted there"
                        : error == ELOOP ? "it is a link, not a directory"
                                         : strerror(error));
}

cleat_err cleat_dir_open_root(const char *path, int *ret_fd, char **ret_path,
                              struct cleat_error *reterr) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    if (path[0] != '/' || n < 2) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "the root must be an absolute path below \"/\", not \"%s\"", path);
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "the root \"%s\": %s", path, strerror(errno));
    }
    int probe = open_below(fd, ".");
    if (probe < 0) {
        int error = errno;
        close(fd);
        return cleat_errorf(reterr, CLEAT_E_UNSUPPORTED, "the root \"%s\": %s", path,
                            error == ENOSYS ? "this kernel has no openat2()" : strerror(error));
    }
    close(probe);
    *ret_fd = fd;
    *ret_path = cleat_sdk_dup((struct cleat_str){path, n});
    return CLEAT_OK;
}

const char *cleat_dir_name(const char *root, const char *path) {
    size_t n = strlen(root);
    if (strncmp(path, root, n) != 0 || path[n] != '/') {
        return NULL;
    }
    const char *name = path + n + 1;
    return name[0] == 0 || strchr(name, '/') != NULL || strcmp(name, ".") == 0 ||
                   strcmp(name, "..") == 0
               ? NULL
               : name;
}

cleat_err cleat_dir_make(int root, const char *name, unsigned mode, struct cleat_error *reterr) {
    if (mkdirat(root, name, 0700) != 0 && errno != EEXIST) {
        return fail(reterr, "cannot make directory", name, errno);
    }
    int fd = open_below(root, name);
    if (fd < 0) {
        return fail(reterr, "cannot use directory", name, errno);
    }
    int bad = fchmod(fd, (mode_t)mode) != 0 || fsync(root) != 0 ? errno : 0;
    close(fd);
    return bad != 0 ? fail(reterr, "cannot make directory", name, bad) : CLEAT_OK;
}

/* ---- removal ---- */

struct removal {
    int top; /* of the volume */
    cleat_ctx *ctx;
    unsigned moved; /* directories moved up so far; part of their names there */
    bool again;     /* something is in top that was not listed */
    struct cleat_error *reterr;
};

static cleat_err empty(struct removal *r, int dir, int level);

/* One entry; dir is its parent. */
static cleat_err remove_entry(struct removal *r, int dir, const char *name, int level) {
    if (unlinkat(dir, name, 0) == 0 || errno == ENOENT) {
        return CLEAT_OK;
    }
    if (errno != EISDIR && errno != EPERM) {
        return fail(r->reterr, "cannot remove", name, errno);
    }
    if (level >= LEVELS) {
        char *up = cleat_sdk_format(".cleat-%d-%u", (int)getpid(), r->moved++);
        int bad = renameat(dir, name, r->top, up) != 0 ? errno : 0;
        free(up);
        r->again = true;
        return bad != 0 && bad != ENOENT ? fail(r->reterr, "cannot move", name, bad) : CLEAT_OK;
    }
    int fd = open_below(dir, name);
    if (fd < 0) {
        return errno == ENOENT ? CLEAT_OK : fail(r->reterr, "cannot open", name, errno);
    }
    cleat_err err = empty(r, fd, level + 1); /* takes fd */
    if (err == CLEAT_OK && unlinkat(dir, name, AT_REMOVEDIR) != 0 && errno != ENOENT) {
        if (errno == ENOTEMPTY || errno == EEXIST) {
            r->again = true; /* somebody works in it */
            return CLEAT_OK;
        }
        err = fail(r->reterr, "cannot remove", name, errno);
    }
    return err;
}

/* Removes what is in a directory; the descriptor is taken. */
static cleat_err empty(struct removal *r, int fd, int level) {
    DIR *d = fdopendir(fd);
    if (d == NULL) {
        int error = errno;
        close(fd);
        return fail(r->reterr, "cannot read", "a directory", error);
    }
    cleat_err err = CLEAT_OK;
    for (struct dirent *e; err == CLEAT_OK && (errno = 0, e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
            continue;
        }
        err = SDK->ctx->err(r->ctx);
        err = err == CLEAT_OK ? remove_entry(r, dirfd(d), e->d_name, level) : err;
    }
    closedir(d);
    return err;
}

cleat_err cleat_dir_remove(int root, const char *name, bool whole, cleat_ctx *ctx,
                           struct cleat_error *reterr) {
    struct removal r = {.ctx = ctx, .reterr = reterr};
    cleat_err err = CLEAT_OK;
    r.top = open_below(root, name);
    if (r.top < 0) {
        return errno == ENOENT ? CLEAT_OK : fail(reterr, "cannot open", name, errno);
    }
    /* Each pass takes at least LEVELS levels of what was moved up; a writer may go on for ever. */
    for (int pass = 0; pass < 1000 && err == CLEAT_OK; pass++) {
        r.again = false;
        int fd = open_below(r.top, ".");
        err = fd < 0 ? fail(reterr, "cannot open", name, errno) : empty(&r, fd, 1);
        if (!r.again) {
            break;
        }
    }
    close(r.top);
    bool left = r.again;
    if (err == CLEAT_OK && whole && !left && unlinkat(root, name, AT_REMOVEDIR) != 0 &&
        errno != ENOENT) {
        left = errno == ENOTEMPTY || errno == EEXIST;
        err = left ? CLEAT_OK : fail(reterr, "cannot remove", name, errno);
    }
    if (err == CLEAT_OK && left) {
        err = cleat_errorf(reterr, CLEAT_E_PENDING, "directory \"%s\" is in use: files keep coming",
                           name);
        reterr->retry_after_ms = 5000;
    }
    return err == CLEAT_OK && fsync(root) != 0 ? fail(reterr, "cannot sync", name, errno) : err;
}
