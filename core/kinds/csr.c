/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificates.k8s.io: who asks is written by the server, the request never changes,
 * and approval and status may each change their own part only. Signing is done by a
 * controller. Runs on the caller's thread and never blocks.
 */
#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static const char *const usages[] = {"any",
                                     "cert sign",
                                     "client auth",
                                     "code signing",
                                     "content commitment",
                                     "crl sign",
                                     "data encipherment",
                                     "decipher only",
                                     "digital signature",
                                     "email protection",
                                     "encipher only",
                                     "ipsec end system",
                                     "ipsec tunnel",
                                     "ipsec user",
                                     "key agreement",
                                     "key encipherment",
                                     "microsoft sgc",
                                     "netscape sgc",
                                     "ocsp signing",
                                     "s/mime",
                                     "server auth",
                                     "signing",
                                     "timestamping",
                                     NULL};

/* ---- the request itself ---- */

/* The PEM text of spec.request; owned, NULL where it is no base64. */
static char *request_text(const cleat_obj *o, size_t *n) {
    struct cleat_str s = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "request")));
    if (s.n == 0 || s.n % 4 != 0 || s.n > INT32_MAX) {
        return NULL;
    }
    char *text = cleat_alloc(s.n / 4 * 3 + 1);
    int size = EVP_DecodeBlock((unsigned char *)text, (const unsigned char *)s.p, (int)s.n);
    if (size < 0) {
        free(text);
        return NULL;
    }
    size -= (s.p[s.n - 1] == '=') + (s.p[s.n - 2] == '=');
    text[size] = '\0';
    *n = (size_t)size;
    return text;
}

/* NULL and why not, where it is none. */
static X509_REQ *parse_request(const cleat_obj *o, const char **why) {
    size_t n = 0;
    CLEAT_AUTO_FREE char *text = request_text(o, &n);
    *why = "PEM block type must be CERTIFICATE REQUEST";
    if (text == NULL || n == 0 || strstr(text, "-----BEGIN CERTIFICATE REQUEST-----") == NULL) {
        return NULL;
    }
    BIO *bio = BIO_new_mem_buf(text, (int)n);
    X509_REQ *req = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
    BIO_free(bio);
    *why = "asn1: structure error: not a certificate request";
    return req;
}

static bool asks_for_masters(X509_REQ *req) {
    X509_NAME *subject = X509_REQ_get_subject_name(req);
    static const char masters[] = "system:masters";
    for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_organizationName, i)) >= 0;) {
        ASN1_STRING *s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i));
        if (ASN1_STRING_length(s) == (int)sizeof masters - 1 &&
            memcmp(ASN1_STRING_get0_data(s), masters, sizeof masters - 1) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- validation ---- */

static const char *bad_signer(struct cleat_str s) {
    const char *slash = memchr(s.p, '/', s.n);
    const char *dot = slash != NULL ? memchr(s.p, '.', (size_t)(slash - s.p)) : NULL;
    if (cleat_eqc(s, "kubernetes.io/legacy-unknown")) {
        return "the legacy signerName is not allowed via this API version";
    }
    if (slash == NULL || slash == s.p || slash + 1 == s.p + s.n || dot == NULL ||
        memchr(slash + 1, '/', (size_t)(s.p + s.n - slash - 1)) != NULL) {
        return "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    }
    return cleat_name_dns_subdomain((struct cleat_str){s.p, (size_t)(slash - s.p)});
}

static void check_usages(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val list = cleat_val_get(spec, "usages");
    struct cleat_iter it = {0};
    if (cleat_val_count(list) == 0) {
        cleat_check_required(c, "usages", "");
    }
    size_t place = cleat_check_in(c, "usages");
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        if (!cleat_one_of(cleat_val_str(it.val), usages)) {
            cleat_check_unsupported(c, NULL, it.val, usages);
        }
        if (cleat_seen_before(list, &it, NULL)) {
            cleat_check_duplicate(c, NULL, it.val);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static bool has(struct cleat_val conditions, const char *type) {
    struct cleat_iter it = {0};
    while (cleat_val_next(conditions, &it)) {
        if (cleat_eqc(cleat_str_at(it.val, "type"), type)) {
            return true;
        }
    }
    return false;
}

static void check_conditions(struct cleat_check *c, struct cleat_val now, struct cleat_val was) {
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "status.conditions");
    while (cleat_val_next(now, &it)) {
        struct cleat_iter before = {0};
        struct cleat_val type = cleat_val_get(it.val, "type");
        struct cleat_str name = cleat_val_str(type);
        static const char *const truth[] = {"True", NULL};
        size_t elem = cleat_check_elem(c, it.index);
        if (name.n == 0) {
            cleat_check_required(c, "type", "");
        } else if (cleat_eqc(name, "Approved") || cleat_eqc(name, "Denied") ||
                   cleat_eqc(name, "Failed")) {
            cleat_check_one_of(c, it.val, "status", truth, true);
        }
        while (cleat_val_next(now, &before) && before.index < it.index) {
            if (name.n > 0 && cleat_eq(cleat_str_at(before.val, "type"), name)) {
                cleat_check_duplicate(c, "type", type);
                break;
            }
        }
        cleat_check_up(c, elem);
    }
    if (has(now, "Approved") && has(now, "Denied")) {
        CLEAT_AUTO_FREE char *printed = cleat_strdup("\"Denied\"");
        cleat_check_fail(c, NULL, "FieldValueInvalid",
                         "%s: Approved and Denied conditions are mutually exclusive", printed);
    }
    cleat_check_up(c, place);
    static const char *const lasting[] = {"Approved", "Denied", "Failed"};
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++) {
        if (has(was, lasting[i]) && !has(now, lasting[i])) {
            CLEAT_AUTO_FREE char *why =
                cleat_sprintf("updates may not remove a condition of type \"%s\"", lasting[i]);
            cleat_check_forbidden(c, "status.conditions", why);
        }
    }
}

void cleat_validate_csr(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    const struct cleat_val none = {NULL, 0, 0};
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val now = cleat_obj_at(o, CLEAT_PATH("status", "conditions"));
    struct cleat_val was =
        old != NULL ? cleat_obj_at(old, CLEAT_PATH("status", "conditions")) : none;
    int64_t seconds = 0;
    if (old == NULL) {
        const char *why = NULL;
        X509_REQ *req = parse_request(o, &why);
        cleat_check_in(&c, "spec");
        if (req == NULL) {
            struct cleat_val text = cleat_val_get(spec, "request");
            cleat_check_invalid(&c, "request", text, why);
        }
        X509_REQ_free(req);
        check_usages(&c, spec);
        if (!cleat_check_named(&c, spec, "signerName", bad_signer, true)) {
            return;
        }
        if (cleat_val_int(cleat_val_get(spec, "expirationSeconds"), &seconds) && seconds < 600) {
            cleat_check_fail(&c, "expirationSeconds", "FieldValueInvalid",
                             "%lld: may not specify a duration less than 600 seconds (10 minutes)",
                             (long long)seconds);
        }
        return;
    }
    check_conditions(&c, now, was);
}

/* ---- who may change what ---- */

/* The server says who asks, whatever the body says. */
static cleat_err fill_requester(cleat_request *req, cleat_obj **obj) {
    const struct cleat_user *user = req->user;
    cleat_edit *e = cleat_edit_new(*obj);
    cleat_obj *full = NULL;
    cleat_edit_remove(e, CLEAT_PATH("spec", "extra"));
    cleat_edit_remove(e, CLEAT_PATH("spec", "uid"));
    cleat_edit_set_str(e, CLEAT_PATH("spec", "username"), cleat_s(user->name));
    if (user->uid != NULL && user->uid[0] != '\0') {
        cleat_edit_set_str(e, CLEAT_PATH("spec", "uid"), cleat_s(user->uid));
    }
    for (const struct cleat_extra *x = user->extra; x != NULL && x->key != NULL; x++) {
        cleat_edit_set_json(e, CLEAT_PATH("spec", "extra", x->key), CLEAT_STR("[]"));
        for (const char *const *value = x->values; value != NULL && *value != NULL; value++) {
            cleat_edit_set_str(e, CLEAT_PATH("spec", "extra", x->key, "-"), cleat_s(*value));
        }
    }
    cleat_edit_set_json(e, CLEAT_PATH("spec", "groups"), CLEAT_STR("[]"));
    for (const char *const *g = user->groups; g != NULL && *g != NULL; g++) {
        cleat_edit_set_str(e, CLEAT_PATH("spec", "groups", "-"), cleat_s(*g));
    }
    CLEAT_TRY(cleat_edit_finish(e, &full, &req->error));
    cleat_obj_unref(*obj);
    *obj = full;
    return CLEAT_OK;
}

static cleat_err check_subject(cleat_request *req, const cleat_obj *o) {
    const char *why = NULL;
    struct cleat_str signer = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "signerName")));
    if (!cleat_eqc(signer, "kubernetes.io/kube-apiserver-client")) {
        return CLEAT_OK;
    }
    X509_REQ *parsed = parse_request(o, &why);
    bool masters = parsed != NULL && asks_for_masters(parsed);
    X509_REQ_free(parsed);
    return masters ? cleat_fail_forbidden(req->kind, cleat_obj_name(o),
                                          "use of kubernetes.io/kube-apiserver-client signer with "
                                          "system:masters group is not allowed",
                                          &req->error)
                   : CLEAT_OK;
}

/* The verb on signers.certificates.k8s.io of this name, or of all of its domain. */
static cleat_err check_signer(cleat_request *req, const char *verb, const cleat_obj *o) {
    static const struct cleat_kind signers = {.group = "certificates.k8s.io",
                                              .version = "v1",
                                              .resource = "signers",
                                              .kind = "Signer",
                                              .store_name = "signers.certificates.k8s.io"};
    struct cleat_str name = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "signerName")));
    const char *slash = name.n > 0 ? memchr(name.p, '/', name.n) : NULL;
    const struct cleat_str none = {"", 0};
    if (cleat_authorize(req->registry, req->user, verb, &signers, NULL, none, name, NULL) ==
        CLEAT_OK) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_FREE char *all =
        cleat_sprintf("%.*s/*", slash != NULL ? (int)(slash - name.p) : 0, name.p);
    if (cleat_authorize(req->registry, req->user, verb, &signers, NULL, none, cleat_s(all), NULL) ==
        CLEAT_OK) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_FREE char *why = cleat_sprintf(
        "user not permitted to %s requests with signerName \"%.*s\"", verb, CLEAT_FMT(name));
    return cleat_fail_forbidden(req->kind, cleat_obj_name(o), why, &req->error);
}

static bool is_sub(const cleat_request *req, const char *name) {
    return req->subresource != NULL && strcmp(req->subresource, name) == 0;
}

/* New conditions get their times. */
static void stamp(cleat_edit *e, struct cleat_val conditions) {
    static const char *const times[] = {"lastUpdateTime", "lastTransitionTime"};
    struct cleat_iter it = {0};
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    while (cleat_val_next(conditions, &it)) {
        CLEAT_AUTO_FREE char *index = cleat_sprintf("%u", it.index);
        for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
            if (cleat_str_at(it.val, times[i]).n == 0) {
                cleat_edit_set_str(e, CLEAT_PATH("status", "conditions", index, times[i]),
                                   cleat_s(now));
            }
        }
    }
}

static cleat_err stamp_status(cleat_request *req, cleat_obj **obj) {
    cleat_obj *stamped = NULL;
    cleat_edit *e = cleat_edit_new(*obj);
    stamp(e, cleat_obj_at(*obj, CLEAT_PATH("status", "conditions")));
    CLEAT_TRY(cleat_edit_finish(e, &stamped, &req->error));
    cleat_obj_unref(*obj);
    *obj = stamped;
    return CLEAT_OK;
}

/* Through status nobody approves or denies. */
static cleat_err check_status(cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    static const char *const decisions[] = {"Approved", "Denied"};
    struct cleat_validation v = {.kind = req->kind, .error = &req->error};
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++) {
        bool now = has(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), decisions[i]);
        bool was = has(cleat_obj_at(old, CLEAT_PATH("status", "conditions")), decisions[i]);
        if (now != was) {
            cleat_invalid(&v, "FieldValueForbidden", "status.conditions",
                          "updates may not %s a condition of type \"%s\"", now ? "add" : "remove",
                          decisions[i]);
        }
    }
    CLEAT_TRY(cleat_invalid_done(&v, cleat_obj_name(o)));
    bool signs = !cleat_val_equal(cleat_obj_at(o, CLEAT_PATH("status", "certificate")),
                                  cleat_obj_at(old, CLEAT_PATH("status", "certificate")));
    return signs ? check_signer(req, "sign", old) : CLEAT_OK;
}

cleat_err cleat_admit_csr(cleat_request *req, cleat_obj **obj, const cleat_obj *old) {
    if (old == NULL) {
        CLEAT_TRY(fill_requester(req, obj));
        return check_subject(req, *obj);
    }
    if (is_sub(req, "approval")) {
        return check_signer(req, "approve", old);
    }
    if (is_sub(req, "status")) {
        CLEAT_TRY(check_status(req, *obj, old));
        return stamp_status(req, obj);
    }
    /* What was asked for stays. */
    CLEAT_AUTO_PREP p = {.n = 0};
    cleat_obj *kept = NULL;
    struct cleat_str spec = cleat_val_raw(cleat_obj_at(old, CLEAT_PATH("spec")));
    if (cleat_eq(spec, cleat_val_raw(cleat_obj_at(*obj, CLEAT_PATH("spec"))))) {
        return CLEAT_OK;
    }
    cleat_prep_raw(&p, CLEAT_PATH("spec"), spec);
    CLEAT_TRY(cleat_prep_apply(&p, *obj, &kept, &req->error));
    cleat_obj_unref(*obj);
    *obj = kept;
    return CLEAT_OK;
}

/* ---- approval ---- */

static cleat_err view_approval(cleat_request *req, const cleat_obj *of, cleat_obj **ret) {
    (void)req;
    *ret = cleat_obj_ref(of);
    return CLEAT_OK;
}

/* The old object with the body's conditions; a new one gets its times. */
static cleat_err put_approval(cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                              cleat_obj **ret) {
    struct cleat_val conditions = cleat_obj_at(body, CLEAT_PATH("status", "conditions"));
    cleat_edit *e = cleat_edit_new(old);
    if (cleat_val_count(conditions) == 0) {
        cleat_edit_remove(e, CLEAT_PATH("status", "conditions"));
    } else {
        cleat_edit_set_val(e, CLEAT_PATH("status", "conditions"), conditions);
    }
    stamp(e, conditions);
    static const char *const preconditions[] = {"resourceVersion", "uid"};
    for (size_t i = 0; i < 2; i++) { /* preconditions go with it */
        struct cleat_val v = cleat_obj_at(body, CLEAT_PATH("metadata", preconditions[i]));
        if (cleat_val_str(v).n > 0) {
            cleat_edit_set_val(e, CLEAT_PATH("metadata", preconditions[i]), v);
        }
    }
    return cleat_edit_finish(e, ret, &req->error);
}

const struct cleat_subresource cleat_subresources_csr[] = {
    {.name = "approval", .view = view_approval, .put = put_approval}, {.name = NULL}};
