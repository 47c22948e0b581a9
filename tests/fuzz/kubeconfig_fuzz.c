/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What others write and the client reads: kubeconfig files, what login programs say, what a
 * server says of a failure, URLs. The first byte chooses.
 */
#include "core/remote/internal.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void kubeconfig(const char *p, size_t n) {
    int fd = memfd_create("kubeconfig", MFD_CLOEXEC);
    cleat_assert(fd >= 0 && write(fd, p, n) == (ssize_t)n);
    CLEAT_AUTO_FREE char *path = cleat_sprintf("/proc/self/fd/%d", fd);
    struct cleat_remote_opts o = {.kubeconfig = path};
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat__rc_config) *c = NULL;
    cleat_err err = cleat__rc_config_read(&o, &c, &e);
    cleat_assert((err == CLEAT_OK) == (c != NULL) && (err == CLEAT_OK || e.message[0] != '\0'));
    if (c != NULL) {
        cleat_assert(c->url.host != NULL && c->url.host[0] != '\0' && c->server != NULL);
        cleat_assert(c->token == NULL || strpbrk(c->token, "\r\n") == NULL);
        cleat_assert((c->cert_data || c->cert_file) == (c->key_data || c->key_file));
        cleat_assert(c->exec.command == NULL || (c->exec.info && c->exec.version));
    }
    close(fd);
}

static void program(const char *p, size_t n) {
    struct cleat__rc_exec_answer a = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat__rc_exec_parse((struct cleat_str){p, n}, "v1", &a, &e) == CLEAT_OK) {
        cleat_assert(a.token != NULL || (a.cert != NULL && a.key != NULL));
        cleat_assert(a.token == NULL || strpbrk(a.token, "\r\n") == NULL);
    }
    cleat__rc_exec_answer_done(&a);
}

/* Absence is only what a Status says. */
static void failure(const char *p, size_t n) {
    static const int statuses[] = {400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503, 504};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_err err = cleat__rc_status_error(statuses[i], (struct cleat_str){p, n}, 0, &e);
        cleat_assert(err != CLEAT_OK && e.code == err && e.message[0] != '\0');
        bool said = n > 0 && memmem(p, n, "Status", 6) != NULL;
        cleat_assert(said || memmem(p, n, "\\u", 2) != NULL ||
                     (err != CLEAT_E_NOT_FOUND && err != CLEAT_E_GONE && err != CLEAT_E_EXPIRED));
    }
}

static void url(const char *p, size_t n) {
    CLEAT_AUTO_FREE char *text = cleat_strndup((struct cleat_str){p, n});
    struct cleat__rc_url u = {0};
    if (cleat__rc_url_parse(text, CLEAT__HTTPS, "server", &u, NULL) == CLEAT_OK) {
        cleat_assert(u.host[0] != '\0' && strpbrk(u.host, "/ \r\n") == NULL);
        cleat_assert(u.path[0] == '\0' || u.path[0] == '/');
        free(cleat__rc_proxy_from_env(&u));
    }
    cleat__rc_url_done(&u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static void (*const targets[])(const char *p, size_t n) = {kubeconfig, program, failure, url};
    static int once;
    if (!once) {
        once = 1;
        setenv("HTTPS_PROXY", "http://proxy:3128", 1);
        setenv("NO_PROXY", "a,.b,10.0.0.0/8,[::1]:443,*.c,fd00::/8", 1);
    }
    if (size > 0) {
        targets[data[0] % 4]((const char *)data + 1, size - 1);
    }
    return 0;
}
