/* SPDX-License-Identifier: Apache-2.0 */
/* What cleatd asks of the system around it: folders, and the service manager. */
#include "core/cmd/cleatd_flags.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void cleatd_notify(const char *text) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t n = path != NULL ? strlen(path) : 0;
    if (n < 2 || n >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@')) {
        return;
    }
    memcpy(to.sun_path, path, n);
    if (path[0] == '@') {
        to.sun_path[0] = 0; /* Linux's abstract names */
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    if (fd < 0 || sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, size) < 0) {
        cleat_logf(CLEAT_LOG_WARN, "cleatd", "cannot notify the service manager: %s",
                   strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
}

cleat_err cleatd_make_folder(const char *path, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *p = cleat_strdup(path);
    for (char *slash = strchr(p + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL) {
            *slash = 0;
        }
        if (mkdir(p, slash != NULL ? 0755 : 0700) != 0 && errno != EEXIST) {
            return cleat_fail(e, CLEAT_E_IO, "cannot make %s: %s", p, strerror(errno));
        }
        if (slash == NULL) {
            return CLEAT_OK;
        }
        *slash = '/';
    }
}

cleat_err cleatd_make_private(const char *dir, const char *name, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/%s", dir, name);
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return cleat_fail(e, CLEAT_E_IO, "cannot make %s: %s", path, strerror(errno));
    }
    return CLEAT_OK;
}

char *cleatd_read_file(const char *dir, const char *name) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/%s", dir, name);
    FILE *f = fopen(path, "re");
    char *text = NULL;
    size_t cap = 0;
    ssize_t n = f != NULL ? getdelim(&text, &cap, '\0', f) : -1;
    if (f != NULL) {
        fclose(f);
    }
    if (n < 0) {
        free(text);
        text = NULL;
    }
    return text;
}

char *cleatd_own_address(void) {
    struct ifaddrs *all = NULL;
    char text[INET6_ADDRSTRLEN] = "";
    if (getifaddrs(&all) != 0) {
        return NULL;
    }
    for (struct ifaddrs *i = all; i != NULL && text[0] == '\0'; i = i->ifa_next) {
        if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET &&
            (i->ifa_flags & IFF_UP) != 0 && (i->ifa_flags & IFF_LOOPBACK) == 0) {
            const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)i->ifa_addr;
            inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
        }
    }
    freeifaddrs(all);
    return text[0] != '\0' ? cleat_strdup(text) : NULL;
}
