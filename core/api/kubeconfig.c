/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DATA_DIR/admin.kubeconfig, which kubectl takes as it is: keys and certificates
 * inline. Written anew when the port or a certificate changed. At start only.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include "core/api/internal.h"

static cleat_err add_base64(struct cleat_buf *out, const char *path, struct cleat_error *e) {
    CLEAT_AUTO_BUF data = {0};
    CLEAT_TRY(cleat__file_read(path, &data, e));
    cleat_buf_reserve(out, data.n / 3 * 4 + 8);
    out->n += (size_t)EVP_EncodeBlock((unsigned char *)out->p + out->n, (unsigned char *)data.p,
                                      (int)data.n);
    OPENSSL_cleanse(data.p, data.n);
    return CLEAT_OK;
}

static cleat_err add_pki(struct cleat_buf *out, const cleat_api *a, const char *name,
                         struct cleat_error *e) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/pki/%s", a->opts.data_dir, name);
    return add_base64(out, path, e);
}

static cleat_err compose(const cleat_api *a, struct cleat_buf *b, struct cleat_error *e) {
    const char *host = a->opts.bind_address;
    bool any = host == NULL || strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
    bool v6 = !any && strchr(host, ':') != NULL;
    cleat_buf_puts(b, "apiVersion: v1\nkind: Config\nclusters:\n- name: cleat\n  cluster:\n"
                      "    certificate-authority-data: ");
    if (a->opts.tls_cert_file == NULL) {
        CLEAT_TRY(add_pki(b, a, "ca.crt", e));
    } else {
        /* Whoever signed that certificate: the user's own; trust just it. */
        CLEAT_TRY(add_base64(b, a->opts.tls_cert_file, e));
    }
    cleat_buf_printf(b, "\n    server: https://%s%s%s:%d\n", v6 ? "[" : "",
                     any ? "127.0.0.1" : host, v6 ? "]" : "", a->secure_port);
    cleat_buf_puts(b, "users:\n- name: kubernetes-admin\n  user:\n    client-certificate-data: ");
    CLEAT_TRY(add_pki(b, a, "admin.crt", e));
    cleat_buf_puts(b, "\n    client-key-data: ");
    CLEAT_TRY(add_pki(b, a, "admin.key", e));
    cleat_buf_puts(b,
                   "\ncontexts:\n- name: kubernetes-admin@cleat\n  context:\n    cluster: cleat\n"
                   "    user: kubernetes-admin\ncurrent-context: kubernetes-admin@cleat\n");
    return CLEAT_OK;
}

static bool is_there(const char *path, struct cleat_str text) {
    CLEAT_AUTO_BUF old = {0};
    struct stat st;
    return stat(path, &st) == 0 && (st.st_mode & 0777) == 0600 &&
           cleat__file_read(path, &old, NULL) == CLEAT_OK &&
           cleat_eq((struct cleat_str){old.p, old.n}, text);
}

cleat_err cleat__kubeconfig_write(cleat_api *a, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/admin.kubeconfig", a->opts.data_dir);
    CLEAT_AUTO_BUF b = {0};
    CLEAT_TRY(compose(a, &b, e));
    struct cleat_str text = {b.p, b.n};
    cleat_err err = is_there(path, text) ? CLEAT_OK : cleat__file_write(path, text, 0600, e);
    OPENSSL_cleanse(b.p, b.n);
    return err;
}
