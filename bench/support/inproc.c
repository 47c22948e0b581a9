/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/support/inproc.h"

#include <ftw.h>
#include <unistd.h>

#include "core/kinds/kinds.h"

void need(cleat_err err, const struct cleat_error *e) {
    if (err != CLEAT_OK) {
        fprintf(stderr, "%s: %s\n", cleat_err_name(err), e != NULL ? e->message : "");
        exit(1);
    }
}

double seconds_since(cleat_time mono) {
    return (double)(cleat_now_mono() - mono) / 1e9;
}

int by_size(const void *x, const void *y) {
    double l = *(const double *)x, r = *(const double *)y;
    return l < r ? -1 : l > r;
}

/* ---- life ---- */

void inproc_open(struct inproc *p) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    const char *tmp = getenv("TMPDIR");
    p->dir = cleat_sprintf("%s/%s-bench-XXXXXX", tmp != NULL ? tmp : "/tmp", p->name);
    if (mkdtemp(p->dir) == NULL) {
        perror(p->dir);
        exit(1);
    }
    cleat_log_set_level(CLEAT_LOG_WARN);
    cleat_timers_start();
    p->db = cleat_sprintf("%s/cleat.db", p->dir);
    struct cleat_backend *backend = NULL;
    struct cleat_store_opts so = {0};
    need(cleat_backend_sqlite(p->db, NULL, &backend, &e), &e);
    need(cleat_store_open(backend, &so, &p->store, &e), &e);
    need(cleat_registry_new(p->store, cleat_kinds, &p->registry, &e), &e);
    need(cleat_registry_bootstrap(p->registry, &e), &e);
    if (p->admits) {
        need(cleat_admit_new(p->registry, &(struct cleat_admit_opts){0}, &p->admit, &e), &e);
    }
    p->transport = cleat_transport_local(p->registry);
    p->client = cleat_client_new(p->transport, "system:bench");
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

void inproc_close(struct inproc *p) {
    cleat_client_free(p->client);
    p->transport->ops->free(p->transport);
    if (p->admits) {
        cleat_admit_free(p->admit);
    }
    cleat_registry_free(p->registry);
    cleat_store_close(p->store);
    cleat_timers_stop();
    nftw(p->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(p->db);
    free(p->dir);
}

void inproc_start(struct inproc *p, const struct cleat_host_opts *opts) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *dir = cleat_beside_program("lib/cleat/plugins");
    const char *const dirs[] = {dir, NULL};
    struct cleat_host_opts with_dirs = *opts;
    with_dirs.plugin_dirs = dirs;
    need(cleat_hostd_new(p->transport, &with_dirs, &p->host, &e), &e);
    const char *crd;
    for (size_t i = 0; (crd = cleat_hostd_crd(p->host, i)) != NULL; i++) {
        cleat_err err = cleat_registry_add_crd(p->registry, cleat_s(crd), &e);
        need(err == CLEAT_E_EXISTS ? CLEAT_OK : err, &e);
    }
    need(cleat_hostd_start(p->host, &e), &e);
    free(dir);
}

void inproc_stop(struct inproc *p) {
    if (cleat_hostd_stop(p->host, 10 * CLEAT_SECOND) > 0) {
        fprintf(stderr, "the host does not stop\n");
        exit(1);
    }
    cleat_hostd_free(p->host);
    p->host = NULL;
}

/* ---- requests ---- */

void inproc_settle(struct inproc *p, int most) {
    while (p->under_way > most) {
        usleep(50);
    }
}

void inproc_begin(struct inproc *p) {
    if (p->most > 0) {
        inproc_settle(p, p->most);
    }
    p->under_way++;
}

void inproc_done(void *userdata, cleat_err err, const cleat_obj *obj, const struct cleat_error *e) {
    struct inproc *p = userdata;
    (void)obj;
    need(err, e);
    p->under_way--;
}

void inproc_create(struct inproc *p, struct cleat_gvr gvr, char *json) {
    cleat_obj *o = NULL;
    need(cleat_obj_parse(cleat_s(json), 0, &o, NULL), NULL);
    inproc_begin(p);
    cleat_client_api.create_async(p->client, gvr, o, inproc_done, p);
    cleat_obj_unref(o);
    free(json);
}
