/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleat plugin new: the files of share/cleat/template, with the plugin's name put
 * in, into a folder. Overwrites nothing.
 */
#include "core/cmd/cleat.h"
#include "core/object/object.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {"Makefile", "plugin.c", NULL};
static const char placeholder[] = "myplugin";

static bool read_all(const char *path, struct cleat_buf *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    while (fd >= 0) {
        cleat_buf_reserve(out, 8192);
        n = read(fd, out->p + out->n, 8192);
        if (n <= 0) {
            break;
        }
        out->n += (size_t)n;
    }
    if (fd >= 0) {
        close(fd);
    }
    return n == 0;
}

static void fill_in(const struct cleat_buf *from, const char *name, struct cleat_buf *to) {
    const char *p = from->p, *end = from->p + from->n;
    while (p < end) {
        const char *hit = memmem(p, (size_t)(end - p), placeholder, sizeof placeholder - 1);
        cleat_buf_add(to, p, (size_t)((hit != NULL ? hit : end) - p));
        if (hit != NULL) {
            cleat_buf_puts(to, name);
        }
        p = hit != NULL ? hit + sizeof placeholder - 1 : end;
    }
}

static bool write_new(const char *path, const struct cleat_buf *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) {
        return false;
    }
    size_t done = 0;
    while (done < text->n) {
        ssize_t n = write(fd, text->p + done, text->n - done);
        if (n < 0 && errno != EINTR) {
            break;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return close(fd) == 0 && done == text->n;
}

static int copy_one(const char *template_dir, const char *file, const char *name, const char *dir) {
    CLEAT_AUTO_FREE char *from = cleat_sprintf("%s/%s", template_dir, file);
    CLEAT_AUTO_FREE char *to = cleat_sprintf("%s/%s", dir, file);
    CLEAT_AUTO_BUF text = {0};
    CLEAT_AUTO_BUF filled = {0};
    if (!read_all(from, &text)) {
        return cleat_cmd_fail(1, "%s: %s", from, strerror(errno));
    }
    fill_in(&text, name, &filled);
    if (!write_new(to, &filled)) {
        return cleat_cmd_fail(1, "%s: %s", to, strerror(errno));
    }
    printf("%s\n", to);
    return 0;
}

int cleat_cmd_new(int argc, char **argv) {
    if (argc != 2) {
        return cleat_cmd_fail(2, "usage: cleat plugin new NAME DIR");
    }
    const char *why = cleat_name_dns_label(cleat_s(argv[0]));
    if (why != NULL) {
        return cleat_cmd_fail(2, "\"%s\" is no name for a plugin: %s", argv[0], why);
    }
    CLEAT_AUTO_FREE char *template_dir = cleat_beside_program("share/cleat/template");
    if (template_dir == NULL) {
        return cleat_cmd_fail(1, "no share/cleat/template beside the program's folder");
    }
    if (mkdir(argv[1], 0755) != 0 && errno != EEXIST) {
        return cleat_cmd_fail(1, "%s: %s", argv[1], strerror(errno));
    }
    int code = 0;
    for (size_t i = 0; files[i] != NULL && code == 0; i++) {
        code = copy_one(template_dir, files[i], argv[0], argv[1]);
    }
    return code;
}
