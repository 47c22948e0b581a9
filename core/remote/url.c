/* SPDX-License-Identifier: Apache-2.0 */
/* URLs of servers and proxies, cut into what is dialled and what is sent. Pure functions. */
#include "core/remote/config.h"

#include <strings.h>

void cleat__rc_url_done(struct cleat__rc_url *u) {
    free(u->host);
    free(u->port);
    free(u->path);
    free(u->user);
    free(u->passw);
    *u = (struct cleat__rc_url){0};
}

static int scheme_of(struct cleat_str s) {
    static const struct {
        const char *name;
        int scheme;
    } known[] = {{"http", CLEAT__HTTP},
                 {"https", CLEAT__HTTPS},
                 {"socks5", CLEAT__SOCKS5},
                 {"socks5h", CLEAT__SOCKS5}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (s.n == strlen(known[i].name) && strncasecmp(s.p, known[i].name, s.n) == 0) {
            return known[i].scheme;
        }
    }
    return 0;
}

static int hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Without %xx; NULL where one is broken, or a NUL. */
static char *decoded(struct cleat_str s) {
    CLEAT_AUTO_BUF out = {0};
    cleat_buf_reserve(&out, s.n + 1);
    out.p[0] = '\0';
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int high = i + 2 < s.n ? hex(s.p[i + 1]) : -1;
            int low = i + 2 < s.n ? hex(s.p[i + 2]) : -1;
            if (high < 0 || low < 0 || (high | low) == 0) {
                return NULL;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        cleat_buf_putc(&out, c);
    }
    return cleat_buf_take(&out);
}

static bool plain(struct cleat_str s) {
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

/* user:password */
static bool parse_userinfo(struct cleat_str s, struct cleat__rc_url *u) {
    const char *colon = s.n > 0 ? memchr(s.p, ':', s.n) : NULL;
    size_t n = colon != NULL ? (size_t)(colon - s.p) : s.n;
    u->user = decoded((struct cleat_str){s.p, n});
    u->passw = decoded(colon != NULL ? (struct cleat_str){colon + 1, s.n - n - 1}
                                     : (struct cleat_str){"", 0});
    return u->user != NULL && u->passw != NULL;
}

/* host:port */
static bool parse_authority(struct cleat_str s, struct cleat__rc_url *u) {
    static const char *const ports[] = {"", "80", "443", "1080"};
    const char *at = s.n > 0 ? memrchr(s.p, '@', s.n) : NULL;
    if (at != NULL) {
        if (!parse_userinfo((struct cleat_str){s.p, (size_t)(at - s.p)}, u)) {
            return false;
        }
        s = (struct cleat_str){at + 1, s.n - (size_t)(at + 1 - s.p)};
    }
    const char *end = s.p + s.n, *host = s.p, *host_end;
    if (s.n > 0 && *s.p == '[') {
        host++;
        host_end = memchr(host, ']', (size_t)(end - host));
        if (host_end == NULL) {
            return false;
        }
        s.p = host_end + 1;
    } else {
        host_end = s.n > 0 ? memchr(s.p, ':', s.n) : NULL;
        host_end = host_end != NULL ? host_end : end;
        s.p = host_end;
    }
    if (host_end == host || (s.p < end && *s.p != ':')) {
        return false;
    }
    size_t port_n = s.p < end ? (size_t)(end - s.p - 1) : 0;
    u->host = cleat_strndup((struct cleat_str){host, (size_t)(host_end - host)});
    u->port = port_n > 0 ? cleat_strndup((struct cleat_str){s.p + 1, port_n})
                         : cleat_strdup(ports[u->scheme]);
    char *last;
    unsigned long number = strtoul(u->port, &last, 10);
    return u->port[strspn(u->port, "0123456789")] == '\0' && number > 0 && number < 65536;
}

cleat_err cleat__rc_url_parse(const char *text, int scheme_missing, const char *what,
                              struct cleat__rc_url *ret, struct cleat_error *e) {
    const char *colon = strstr(text, "://");
    struct cleat__rc_url u = {.scheme = scheme_missing};
    const char *p = text;
    if (colon != NULL) {
        u.scheme = scheme_of((struct cleat_str){text, (size_t)(colon - text)});
        p = colon + 3;
    }
    if (u.scheme == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "%s \"%s\" is no URL that can be used: http, https or, for a proxy, "
                          "socks5 must come first",
                          what, text);
    }
    size_t n = strcspn(p, "/?#");
    size_t path_n = strcspn(p + n, "?#");
    struct cleat_str path = {p + n, path_n};
    while (path.n > 0 && path.p[path.n - 1] == '/') {
        path.n--;
    }
    if (!plain(cleat_s(text)) || !parse_authority((struct cleat_str){p, n}, &u) ||
        p[n + path_n] != '\0') {
        cleat__rc_url_done(&u);
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s \"%s\" is no URL of a server", what, text);
    }
    u.path = cleat_strndup(path);
    *ret = u;
    return CLEAT_OK;
}

char *cleat__rc_url_authority(const struct cleat__rc_url *u) {
    bool v6 = strchr(u->host, ':') != NULL;
    return cleat_sprintf("%s%s%s:%s", v6 ? "[" : "", u->host, v6 ? "]" : "", u->port);
}
