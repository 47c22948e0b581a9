/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The API server's life: made, started, stopped. Everything here runs on the
 * thread that owns it.
 */
#include "core/api/internal.h"

static void set_identity(struct cleat__identity *id, const char *name, const char *const *groups) {
    cleat__identity_set_name(id, name, NULL);
    for (size_t i = 0; groups[i] != NULL; i++) {
        cleat__identity_add_group(id, cleat_s(groups[i]));
    }
}

static bool store_answers(void *userdata) {
    cleat_api *a = userdata;
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(cleat_registry_store(a->registry));
    return sn != NULL;
}

static void copy_options(cleat_api *a, const struct cleat_api_opts *o) {
    a->opts = *o;
    const char **strings[] = {&a->opts.bind_address,   &a->opts.unix_socket,
                              &a->opts.data_dir,       &a->opts.token_auth_file,
                              &a->opts.client_ca_file, &a->opts.tls_cert_file,
                              &a->opts.tls_key_file,   &a->opts.proxy_ca_file};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        *strings[i] = cleat_strdup(*strings[i]);
    }
    size_t n = 0;
    while (o->tls_sans != NULL && o->tls_sans[n] != NULL) {
        n++;
    }
    char **sans = cleat_array(n + 1, sizeof *sans);
    for (size_t i = 0; i < n; i++) {
        sans[i] = cleat_strdup(o->tls_sans[i]);
    }
    a->opts.tls_sans = (const char *const *)sans;
    if (o->gate != NULL) {
        a->gate = *o->gate;
        a->gate.open_paths = cleat_strdup(a->gate.open_paths);
        a->opts.gate = &a->gate;
    }
}

static void free_options(cleat_api *a) {
    const char *strings[] = {a->opts.bind_address,    a->opts.unix_socket,    a->opts.data_dir,
                             a->opts.token_auth_file, a->opts.client_ca_file, a->opts.tls_cert_file,
                             a->opts.tls_key_file,    a->opts.proxy_ca_file};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        free((void *)strings[i]);
    }
    for (size_t i = 0; a->opts.tls_sans[i] != NULL; i++) {
        free((void *)a->opts.tls_sans[i]);
    }
    free((void *)a->opts.tls_sans);
    free((void *)a->gate.open_paths);
}

cleat_err cleat_api_new(cleat_registry *r, const struct cleat_api_opts *o, cleat_api **ret,
                        struct cleat_error *e) {
    cleat_api *a = cleat_zalloc(sizeof *a);
    a->registry = r;
    a->openapi = r != NULL ? cleat_openapi_new(r, "v1.35.0") : NULL;
    pthread_mutex_init(&a->tls_mutex, NULL);
    pthread_mutex_init(&a->tls_making, NULL);
    copy_options(a, o);
    a->n_ios = o->io_threads > 0 ? o->io_threads : 2;
    set_identity(&a->admin, "system:admin",
                 (const char *const[]){"system:masters", "system:authenticated", NULL});
    set_identity(&a->anonymous, "system:anonymous",
                 (const char *const[]){"system:unauthenticated", NULL});
    if (r != NULL) {
        cleat_api_add_check(a, "store", store_answers, a);
    }
    if (a->opts.auth != NULL) {
        cleat_auth_other_tokens(a->opts.auth, cleat__token_of_file, a);
    }
    cleat_err err = CLEAT_OK;
    if (a->opts.secure_port != 0) {
        err = cleat__pki_setup(a, e);
    }
    if (err == CLEAT_OK && a->opts.token_auth_file != NULL) {
        err = cleat__tokens_load(a, a->opts.token_auth_file, e);
    }
    if (err == CLEAT_OK) {
        err = cleat__listen(a, e);
    }
    if (err == CLEAT_OK && a->opts.secure_port != 0 && r != NULL) {
        err = cleat__kubeconfig_write(a, e);
    }
    if (err != CLEAT_OK) {
        cleat_api_free(a);
        return err;
    }
    *ret = a;
    return CLEAT_OK;
}

cleat_err cleat_api_start(cleat_api *a, struct cleat_error *e) {
    cleat_assert(a->registry != NULL || a->opts.gate != NULL);
    cleat__metrics_start(a);
    CLEAT_TRY(cleat__io_start(a, e));
    if (a->registry != NULL) {
        a->subscription =
            cleat_store_subscribe(cleat_registry_store(a->registry), cleat__on_publish, a);
    }
    cleat__listen_start(a);
    return CLEAT_OK;
}

int cleat_api_secure_port(cleat_api *a) {
    return a->secure_port;
}

int cleat_api_insecure_port(cleat_api *a) {
    return a->insecure_port;
}

void cleat_api_add_check(cleat_api *a, const char *name, bool (*fn)(void *), void *userdata) {
    struct cleat__check *k = cleat_zalloc(sizeof *k), **end = &a->checks;
    *k = (struct cleat__check){.name = cleat_strdup(name), .fn = fn, .userdata = userdata};
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = k;
}

void cleat_api_stop(cleat_api *a) {
    atomic_store(&a->stopping, true);
    cleat__listen_stop(a);
    if (a->subscription != 0) {
        cleat_store_unsubscribe(cleat_registry_store(a->registry), a->subscription);
        a->subscription = 0;
    }
    if (a->ios != NULL) {
        cleat__io_stop(a);
    }
    cleat__metrics_stop(a);
}

void cleat_api_free(cleat_api *a) {
    if (a == NULL) {
        return;
    }
    cleat_api_stop(a); /* where that was not done */
    if (a->opts.auth != NULL) {
        cleat_auth_other_tokens(a->opts.auth, NULL, NULL);
    }
    cleat__listen_free(a);
    cleat__tls_done(a);
    size_t i = 0;
    for (struct cleat_map_entry *s; (s = cleat_map_each(&a->tokens, &i)) != NULL;) {
        cleat__identity_done(s->value);
        free(s->value);
    }
    cleat_map_done(&a->tokens);
    cleat__identity_done(&a->admin);
    cleat__identity_done(&a->anonymous);
    for (struct cleat__check *k = a->checks, *next; k != NULL; k = next) {
        next = k->next;
        free(k->name);
        free(k);
    }
    free_options(a);
    if (a->openapi != NULL) {
        cleat_openapi_free(a->openapi);
    }
    free(a);
}
