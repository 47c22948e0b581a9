/* SPDX-License-Identifier: Apache-2.0 */
/* The transport's life. */
#include "core/remote/internal.h"

#define TIMEOUT (60 * CLEAT_SECOND)
#if defined(__x86_64__)
#define ARCH "amd64"
#elif defined(__aarch64__)
#define ARCH "arm64"
#else
#define ARCH "unknown"
#endif
/* As client-go makes it: program/version (os/arch) what-it-is-made-of/version */
#define AGENT "cleatd/v" CLEAT_VERSION " (linux/" ARCH ") cleat/" CLEAT_VERSION

void cleat__remote_free(struct cleat_transport *t) {
    struct cleat__remote *r = (struct cleat__remote *)t;
    cleat__rc_kinds_stop(r);
    cleat__rc_loop_stop(r);
    cleat__rc_kinds_done(r);
    cleat__rc_identities_done(r);
    cleat__rc_auth_done(r);
    cleat__rc_tls_done(r);
    cleat__rc_config_free(r->config);
    pthread_mutex_destroy(&r->who_mutex);
    free(r->shown);
    free(r->agent);
    free(r);
}

cleat_err cleat_transport_remote(const struct cleat_remote_opts *o, struct cleat_transport **ret,
                                 struct cleat_error *e) {
    CLEAT_AUTO(cleat__rc_config) *cfg = NULL;
    CLEAT_TRY(cleat__rc_config_read(o, &cfg, e));
    struct cleat__remote *r = cleat_zalloc(sizeof *r);
    r->base.ops = &cleat__remote_ops;
    r->config = CLEAT_STEAL(cfg);
    r->qps = o->qps;
    r->burst = o->burst > 0 ? o->burst : 1;
    r->service_accounts = o->service_account_credentials;
    r->http1 = o->http1;
    r->gzip = o->gzip;
    r->fence = o->fence;
    r->timeout = o->timeout > 0 ? o->timeout : TIMEOUT;
    r->agent = cleat_strdup(o->user_agent != NULL ? o->user_agent : AGENT);
    CLEAT_AUTO_FREE char *authority = cleat__rc_url_authority(&r->config->url);
    r->shown = cleat_sprintf("%s://%s%s", r->config->url.scheme == CLEAT__HTTPS ? "https" : "http",
                             authority, r->config->url.path);
    pthread_mutex_init(&r->who_mutex, NULL);
    cleat__rc_tls_init(r);
    cleat__rc_auth_init(r);
    cleat__rc_kinds_init(r);
    cleat_err err = cleat__rc_loop_start(r, e);
    if (err != CLEAT_OK) {
        cleat__remote_free(&r->base);
        return err;
    }
    *ret = &r->base;
    return CLEAT_OK;
}

const char *cleat_remote_server(const struct cleat_transport *t) {
    return ((const struct cleat__remote *)t)->shown;
}

const char *cleat_remote_namespace(const struct cleat_transport *t) {
    const struct cleat__remote *r = (const struct cleat__remote *)t;
    return r->config->ns != NULL ? r->config->ns : "default";
}

bool cleat_remote_settled(const struct cleat_transport *t, cleat_time reach) {
    const struct cleat__remote *r = (const struct cleat__remote *)t;
    cleat_time cut = atomic_load(&r->cut_at);
    return atomic_load(&r->writes_out) == 0 && (cut == 0 || cleat_now_boot() - cut > reach);
}

cleat_err cleat_remote_request(struct cleat_transport *t, cleat_ctx *ctx, const char *method,
                               const char *path, const char *body, struct cleat_buf *out,
                               int *ret_status, struct cleat_error *e) {
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    struct cleat__remote *r = (struct cleat__remote *)t;
    const char *known = NULL;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        known = strcmp(method, methods[i]) == 0 ? methods[i] : known;
    }
    if (known == NULL || path[0] != '/' || path[strcspn(path, " \r\n\t")] != '\0') {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s %s is no request", method, path);
    }
    struct cleat__rc_call *c =
        cleat__rc_call_new(r, NULL, known, cleat_strdup(path), &cleat__rc_sink_wait, NULL);
    c->accept = "application/json, */*";
    if (body != NULL) {
        c->content_type =
            strcmp(known, "PATCH") == 0 ? "application/merge-patch+json" : "application/json";
        cleat_buf_puts(&c->body, body);
    }
    cleat_err err = cleat__rc_call_wait(c, ctx, e);
    if (ret_status != NULL) {
        *ret_status = c->status;
    }
    if (out != NULL && c->answer.n > 0) {
        cleat_buf_str(out, (struct cleat_str){c->answer.p, c->answer.n});
    }
    cleat__rc_call_free(c);
    return err;
}
