/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flags of upstream's managers that mean nothing here, so that a manifest that was
 * written for one of them starts cleatd as it is, or says why it does not. docs/attached.md
 * has the whole list beside ours.
 */
#include "core/cmd/cleatd_flags.h"

static const struct entry {
    const char *name;
    const char *unless; /* refused, but for this value; NULL = never refused */
    const char *why;
} entries[] = {
    {"allow-untagged-cloud", NULL, "it has no effect upstream either"},
    {"cert-dir", NULL, "a certificate that is made stays in memory"},
    {"cidr-allocator-type", "RangeAllocator", "ranges come from --cluster-cidr"},
    {"cluster-name", NULL, "no loaded plugin asks for it"},
    {"concurrent-service-syncs", NULL, "no loaded plugin asks for it"},
    {"configure-cloud-routes", NULL, "no loaded plugin asks for it"},
    {"contention-profiling", "false", "there is no profiler inside; use perf"},
    {"disable-http2-serving", NULL, "the client chooses"},
    {"emulated-version", NULL, "there is one behaviour"},
    {"enable-leader-migration", "false", "controllers cannot move between two leases"},
    {"external-cloud-volume-plugin", "", "there are no volume plugins"},
    {"feature-gates", NULL, "there are no gates"},
    {"http2-max-streams-per-connection", NULL, "the limit is 100"},
    {"leader-migration-config", "", "controllers cannot move between two leases"},
    {"log-flush-frequency", NULL, "nothing is buffered"},
    {"log-json-info-buffer-size", NULL, "nothing is buffered"},
    {"log-json-split-stream", "false", "the log goes to standard error"},
    {"log-text-info-buffer-size", NULL, "nothing is buffered"},
    {"log-text-split-stream", "false", "the log goes to standard error"},
    {"logging-format", "text", "the log is text"},
    {"logtostderr", NULL, "it always does"},
    {"min-resync-period", NULL, "caches are kept by watches, and need no repetition"},
    {"node-sync-period", NULL, "it has no effect upstream either"},
    {"permit-address-sharing", "false", "addresses are not shared"},
    {"permit-port-sharing", "false", "ports are not shared"},
    {"profiling", NULL, "there is no profiler inside; use perf"},
    {"route-reconciliation-period", NULL, "no loaded plugin asks for it"},
    {"tls-cipher-suites", "", "OpenSSL's choice stands"},
    {"tls-min-version", "VersionTLS12", "TLS 1.2 is the oldest"},
    {"tls-sni-cert-key", "", "there is one certificate"},
    {"vmodule", NULL, "use --v"},
    {"webhook-bind-address", NULL, "there are no webhooks"},
    {"webhook-cert-dir", NULL, "there are no webhooks"},
    {"webhook-secure-port", NULL, "there are no webhooks"},
    {"webhooks", "", "there are no webhooks"},
};

static const struct entry *find(struct cleat_str name) {
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (cleat_eqc(name, entries[i].name)) {
            return &entries[i];
        }
    }
    return NULL;
}

static cleat_err check(const char *text, struct cleat_error *e) {
    struct cleat_str name = {text, strcspn(text, "=")};
    const struct entry *known = find(name);
    if (known != NULL && known->unless != NULL && strcmp(text + name.n + 1, known->unless) != 0) {
        return cleat_fail(e, CLEAT_E_UNSUPPORTED, "--%s is not supported: %s", text, known->why);
    }
    return CLEAT_OK;
}

cleat_err cleatd_upstream_flags(struct cleatd_flags *f, struct cleat_error *e) {
    for (size_t i = 0; i < f->n_others; i++) {
        CLEAT_TRY(check(f->others[i], e));
    }
    size_t n = f->n_others;
    f->n_others = 0;
    for (size_t i = 0; i < n; i++) {
        char *text = f->others[i];
        if (find((struct cleat_str){text, strcspn(text, "=")}) != NULL) {
            cleatd_append(&f->own, &f->n_own, text);
        } else {
            f->others[f->n_others++] = text;
        }
    }
    if (f->others != NULL) {
        f->others[f->n_others] = NULL;
    }
    return CLEAT_OK;
}
