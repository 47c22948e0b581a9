/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proxy that the environment names: HTTPS_PROXY, HTTP_PROXY and NO_PROXY in
 * both cases, as Go reads them: nothing for localhost, suffixes of names, addresses, networks.
 */
#include "core/remote/config.h"

#include <arpa/inet.h>
#include <strings.h>

static const char *env(const char *upper, const char *lower) {
    const char *v = getenv(upper);
    if (v == NULL || *v == '\0') {
        v = getenv(lower);
    }
    return v != NULL && *v != '\0' ? v : NULL;
}

/* 4 or 16 bytes of an address; 0: the text is none. */
static size_t address(const char *text, unsigned char out[16]) {
    return inet_pton(AF_INET, text, out) == 1 ? 4 : inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

static bool in_network(const char *network, const char *host) {
    const char *slash = strchr(network, '/');
    unsigned char a[16], b[16];
    if (slash == NULL) {
        return false;
    }
    CLEAT_AUTO_FREE char *base =
        cleat_strndup((struct cleat_str){network, (size_t)(slash - network)});
    char *end;
    unsigned long bits = strtoul(slash + 1, &end, 10);
    size_t n = address(base, a);
    if (n == 0 || *end != '\0' || end == slash + 1 || bits > n * 8 || address(host, b) != n) {
        return false;
    }
    for (size_t i = 0; i < bits; i++) {
        if (((a[i / 8] ^ b[i / 8]) >> (7 - i % 8)) & 1) {
            return false;
        }
    }
    return true;
}

/* "host[:port]", ".suffix", "*.suffix", an address or a network, or "*" */
static bool excepts(char *rule, const struct cleat__rc_url *u) {
    if (strcmp(rule, "*") == 0 || in_network(rule, u->host)) {
        return true;
    }
    char *colon = strrchr(rule, ':');
    bool one_colon = colon != NULL && strchr(rule, ':') == colon;
    if (one_colon || (colon != NULL && colon > rule && colon[-1] == ']')) {
        if (strcmp(colon + 1, u->port) != 0) {
            return false;
        }
        *colon = '\0';
    }
    size_t n = strlen(rule);
    if (n > 1 && rule[0] == '[' && rule[n - 1] == ']') {
        rule[n - 1] = '\0';
        rule++;
        n -= 2;
    }
    unsigned char a[16], b[16];
    size_t a_n = address(rule, a);
    if (a_n > 0) {
        return address(u->host, b) == a_n && memcmp(a, b, a_n) == 0;
    }
    if (rule[0] == '*' && rule[1] == '.') {
        rule++;
        n--;
    }
    size_t host_n = strlen(u->host);
    if (rule[0] == '.') {
        return host_n > n && strcasecmp(u->host + host_n - n, rule) == 0;
    }
    return strcasecmp(u->host, rule) == 0 ||
           (n > 0 && host_n > n && u->host[host_n - n - 1] == '.' &&
            strcasecmp(u->host + host_n - n, rule) == 0);
}

static bool is_here(const char *host) {
    unsigned char a[16] = {0};
    static const unsigned char v6[16] = {[15] = 1};
    size_t n = address(host, a);
    return strcasecmp(host, "localhost") == 0 || (n == 4 && a[0] == 127) ||
           (n == 16 && memcmp(a, v6, 16) == 0);
}

char *cleat__rc_proxy_from_env(const struct cleat__rc_url *u) {
    const char *proxy = u->scheme == CLEAT__HTTPS ? env("HTTPS_PROXY", "https_proxy")
                                                  : env("HTTP_PROXY", "http_proxy");
    if (proxy == NULL || is_here(u->host)) {
        return NULL;
    }
    CLEAT_AUTO_FREE char *rules = cleat_strdup(env("NO_PROXY", "no_proxy"));
    char *save = NULL;
    for (char *rule = rules != NULL ? strtok_r(rules, ", \t", &save) : NULL; rule != NULL;
         rule = strtok_r(NULL, ", \t", &save)) {
        if (excepts(rule, u)) {
            return NULL;
        }
    }
    return cleat_strdup(proxy);
}
