/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inventory's file, looked at now and then. A changed file is read once it
 * has rested, so that one that is being written is not taken for a short one;
 * one that cannot be read or makes no sense leaves what was known before, and
 * is told of until it is right. One thread.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE = 16 << 20 };
#define REST (300 * CLEAT_MS)

struct mark { /* by which a change is seen */
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec mtime, ctime;
};

struct cleat_lin_source {
    char *path;
    struct cleat_lin_inventory *last; /* NULL until one was read */
    struct mark read, seen;           /* of what was read or refused; of what stands there */
    cleat_time since;                 /* when `seen` was first seen */
    bool has_read;
    char *problem; /* why the file is not what counts; NULL = it is */
};

static bool same(const struct mark *a, const struct mark *b) {
    return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
           a->mtime.tv_sec == b->mtime.tv_sec && a->mtime.tv_nsec == b->mtime.tv_nsec &&
           a->ctime.tv_sec == b->ctime.tv_sec && a->ctime.tv_nsec == b->ctime.tv_nsec;
}

static struct mark mark_of(const struct stat *st) {
    return (struct mark){st->st_dev, st->st_ino, st->st_size, st->st_mtim, st->st_ctim};
}

/* The whole file, owned; *mark as it stood while it was read. 0 or an errno. */
static int read_file(const char *path, char **ret, size_t *ret_n, struct mark *mark) {
    struct stat before, after;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    int err = fstat(fd, &before) != 0     ? errno
              : !S_ISREG(before.st_mode)  ? EINVAL
              : before.st_size > MAX_FILE ? EFBIG
                                          : 0;
    size_t n = 0, size = err == 0 ? (size_t)before.st_size : 0;
    char *text = cleat_sdk_alloc(size + 1, 1);
    while (err == 0 && n < size) {
        ssize_t got = read(fd, text + n, size - n);
        if (got < 0 && errno != EINTR) {
            err = errno;
        } else if (got == 0) {
            break;
        } else {
            n += got > 0 ? (size_t)got : 0;
        }
    }
    if (err == 0 && (fstat(fd, &after) != 0 || n != size)) {
        err = EAGAIN;
    }
    close(fd);
    if (err == 0) {
        struct mark a = mark_of(&before), b = mark_of(&after);
        err = same(&a, &b) ? 0 : EAGAIN;
        *mark = b;
    }
    if (err != 0) {
        free(text);
        return err;
    }
    *ret = text;
    *ret_n = n;
    return 0;
}

static void set_problem(struct cleat_lin_source *s, char *problem) {
    if (problem != NULL && (s->problem == NULL || strcmp(s->problem, problem) != 0)) {
        cleat_lin_log(CLEAT_LOG_ERROR, "%s%s", problem,
                      s->last != NULL ? "; going on with what was read before" : "");
    } else if (problem == NULL && s->problem != NULL) {
        cleat_lin_log(CLEAT_LOG_INFO, "inventory %s is right again", s->path);
    }
    free(s->problem);
    s->problem = problem;
}

/* True where there is a new inventory. */
static bool take(struct cleat_lin_source *s) {
    char *text = NULL, why[96];
    size_t n = 0;
    struct mark mark;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_lin_inventory *inv = NULL;
    int err = read_file(s->path, &text, &n, &mark);
    if (err == EAGAIN) {
        return false; /* changed under our eyes: next time */
    }
    if (err != 0) {
        set_problem(
            s, cleat_sdk_format("inventory %s: %s", s->path, strerror_r(err, why, sizeof why)));
        return false;
    }
    s->read = mark;
    s->has_read = true;
    cleat_err bad = cleat_lin_inventory_parse((struct cleat_str){text, n}, &inv, &e);
    free(text);
    if (bad != CLEAT_OK) {
        set_problem(s, cleat_sdk_format("inventory %s: %s", s->path, e.message));
        return false;
    }
    set_problem(s, NULL);
    cleat_lin_inventory_unref(s->last);
    s->last = inv;
    return true;
}

struct cleat_lin_source *cleat_lin_source_new(const char *path) {
    struct cleat_lin_source *s = cleat_sdk_alloc(1, sizeof *s);
    s->path = cleat_sdk_dup(cleat_cstr(path));
    return s;
}

void cleat_lin_source_free(struct cleat_lin_source *s) {
    if (s != NULL) {
        cleat_lin_inventory_unref(s->last);
        free(s->problem);
        free(s->path);
        free(s);
    }
}

cleat_err cleat_lin_source_open(struct cleat_lin_source *s, struct cleat_error *reterr) {
    if (s->path[0] == 0 || take(s)) {
        return CLEAT_OK;
    }
    return cleat_errorf(reterr, CLEAT_E_INVALID, "linux: %s",
                        s->problem != NULL ? s->problem : "the inventory is being written");
}

bool cleat_lin_source_look(struct cleat_lin_source *s, cleat_time now) {
    struct stat st;
    char why[96];
    if (s->path[0] == 0) {
        return false;
    }
    if (stat(s->path, &st) != 0) {
        set_problem(
            s, cleat_sdk_format("inventory %s: %s", s->path, strerror_r(errno, why, sizeof why)));
        s->has_read = false;
        return false;
    }
    struct mark mark = mark_of(&st);
    if (s->has_read && same(&mark, &s->read)) {
        return false;
    }
    if (!same(&mark, &s->seen)) {
        s->seen = mark;
        s->since = now;
        return false;
    }
    return now - s->since >= REST && take(s);
}

const struct cleat_lin_inventory *cleat_lin_source_last(const struct cleat_lin_source *s) {
    return s->last;
}

const char *cleat_lin_source_problem(const struct cleat_lin_source *s) {
    return s->problem;
}
