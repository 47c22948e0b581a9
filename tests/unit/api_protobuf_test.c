/* SPDX-License-Identifier: Apache-2.0 */
/* Protobuf bodies: what they become as JSON, and what is refused. */
#include "core/types/protobuf.h"
#include "core/object/object.h"
#include "tests/support/kt.h"

/* ---- making messages by hand ---- */

static void varint(struct cleat_buf *b, uint64_t v) {
    for (; v >= 0x80; v >>= 7) {
        cleat_buf_putc(b, (char)(v | 0x80));
    }
    cleat_buf_putc(b, (char)v);
}

static void num(struct cleat_buf *b, unsigned field, uint64_t v) {
    varint(b, (uint64_t)field << 3);
    varint(b, v);
}

static void str(struct cleat_buf *b, unsigned field, struct cleat_str s) {
    varint(b, (uint64_t)field << 3 | 2);
    varint(b, s.n);
    cleat_buf_str(b, s);
}

/* Adds the message `in` and empties it. */
static void sub(struct cleat_buf *b, unsigned field, struct cleat_buf *in) {
    str(b, field, (struct cleat_str){in->p ? in->p : "", in->n});
    cleat_buf_done(in);
    *in = (struct cleat_buf){0};
}

static void pair(struct cleat_buf *b, unsigned field, const char *key, struct cleat_str value) {
    CLEAT_AUTO_BUF entry = {0};
    str(&entry, 1, cleat_s(key));
    str(&entry, 2, value);
    sub(b, field, &entry);
}

static void envelope(struct cleat_buf *b, const char *api_version, const char *kind,
                     struct cleat_buf *raw) {
    CLEAT_AUTO_BUF meta = {0};
    str(&meta, 1, cleat_s(api_version));
    str(&meta, 2, cleat_s(kind));
    cleat_buf_add(b, "k8s", 4);
    sub(b, 1, &meta);
    sub(b, 2, raw);
    str(b, 3, cleat_s(""));
    str(b, 4, cleat_s(""));
}

/* From a block of exactly this size, so that ASan sees a read beyond it. */
static cleat_err decode(struct cleat_str body, struct cleat_buf *json, struct cleat_error *e) {
    char *copy = cleat_alloc(body.n + (body.n == 0));
    if (body.n > 0) {
        memcpy(copy, body.p, body.n);
    }
    cleat_err err = cleat_protobuf_to_json((struct cleat_str){copy, body.n}, json, e);
    free(copy);
    return err;
}

static void wants(const char *api_version, const char *kind, struct cleat_buf *raw,
                  const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF body = {0}, out = {0};
    envelope(&body, api_version, kind, raw);
    KT_REQUIRE_OK(decode((struct cleat_str){body.p, body.n}, &out, &e), &e);
    KT_EQ_S(((struct cleat_str){out.p, out.n}), cleat_s(json));
    CLEAT_AUTO(cleat_obj) *o = NULL;
    KT_OK(cleat_obj_parse((struct cleat_str){out.p, out.n}, CLEAT_PARSE_NO_DUPLICATES, &o, &e), &e);
}

static void refuses(const char *kind, struct cleat_buf *raw, cleat_err want, const char *words) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF body = {0}, out = {0};
    envelope(&body, "v1", kind, raw);
    KT_EQ_INT(decode((struct cleat_str){body.p, body.n}, &out, &e), want);
    KT_TRUE(strstr(e.message, words) != NULL);
}

static void named(struct cleat_buf *raw, const char *name) {
    CLEAT_AUTO_BUF meta = {0};
    str(&meta, 1, cleat_s(name));
    sub(raw, 1, &meta);
}

/* ---- what is read ---- */

static void test_fixed_bytes(void) {
    /* A namespace as upstream's encoder writes it, byte by byte. */
    static const char body[] = "k8s\0"
                               "\x0a\x0f\x0a\x02v1\x12\x09Namespace"
                               "\x12\x19\x0a\x13\x0a\x03"
                               "foo\x12\x00\x1a\x00\x22\x00\x2a\x00\x32\x00\x38\x00\x42\x00"
                               "\x12\x00\x1a\x00"
                               "\x1a\x00\x22\x00"; /* contentEncoding, contentType */
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF out = {0};
    KT_REQUIRE_OK(decode((struct cleat_str){body, sizeof body - 1}, &out, &e), &e);
    KT_EQ_S(((struct cleat_str){out.p, out.n}),
            cleat_s("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"foo\"},"
                    "\"spec\":{},\"status\":{}}"));
}

static void test_maps_and_bytes(void) {
    CLEAT_AUTO_BUF raw = {0};
    named(&raw, "q\"\n");
    pair(&raw, 2, "a", cleat_s("1"));
    num(&raw, 4, 0); /* a pointer to false, which is not the same as none */
    pair(&raw, 2, "b", cleat_s(""));
    pair(&raw, 3, "c", CLEAT_STR("\0\xff\x10"));
    pair(&raw, 3, "d", CLEAT_STR("ab"));
    pair(&raw, 3, "e", CLEAT_STR("a"));
    str(&raw, 2, cleat_s("")); /* an entry without key and value */
    wants("v1", "ConfigMap", &raw,
          "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"q\\\"\\n\"},"
          "\"immutable\":false,\"data\":{\"a\":\"1\",\"b\":\"\",\"\":\"\"},"
          "\"binaryData\":{\"c\":\"AP8Q\",\"d\":\"YWI=\",\"e\":\"YQ==\"}}");
}

static void test_times(void) {
    CLEAT_AUTO_BUF raw = {0}, spec = {0}, t = {0};
    str(&spec, 1, cleat_s("me"));
    num(&spec, 2, 15);
    num(&t, 1, 1767323045);
    num(&t, 2, 6007000);
    sub(&spec, 3, &t);
    str(&spec, 4, cleat_s("")); /* not set */
    sub(&raw, 2, &spec);
    wants("coordination.k8s.io/v1", "Lease", &raw,
          "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"spec\":{"
          "\"holderIdentity\":\"me\",\"leaseDurationSeconds\":15,"
          "\"acquireTime\":\"2026-01-02T03:04:05.006007Z\"}}");

    CLEAT_AUTO_BUF node = {0}, meta = {0};
    num(&t, 1, (uint64_t)-1);
    num(&t, 2, 0);
    sub(&meta, 8, &t);
    sub(&node, 1, &meta);
    wants("v1", "Node", &node,
          "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{"
          "\"creationTimestamp\":\"1969-12-31T23:59:59Z\"}}");
}

static void test_service(void) {
    CLEAT_AUTO_BUF raw = {0}, spec = {0}, port = {0}, target = {0};
    str(&port, 1, cleat_s(""));
    str(&port, 2, cleat_s("TCP"));
    num(&port, 3, 80);
    num(&target, 1, 0);
    num(&target, 2, 8080);
    str(&target, 3, cleat_s(""));
    sub(&port, 4, &target);
    num(&port, 5, 0);
    sub(&spec, 1, &port);
    num(&port, 3, (uint64_t)-5);
    num(&target, 1, 1);
    num(&target, 2, 0);
    str(&target, 3, cleat_s("http"));
    sub(&port, 4, &target);
    sub(&spec, 1, &port);
    sub(&raw, 2, &spec);
    wants("v1", "Service", &raw,
          "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"spec\":{\"ports\":["
          "{\"protocol\":\"TCP\",\"port\":80,\"targetPort\":8080},"
          "{\"port\":-5,\"targetPort\":\"http\"}]}}");
}

static void test_pod(void) {
    CLEAT_AUTO_BUF raw = {0}, spec = {0}, c = {0}, res = {0}, entry = {0}, q = {0};
    CLEAT_AUTO_BUF vol = {0}, src = {0}, map = {0}, ref = {0};
    str(&ref, 1, cleat_s("cfg")); /* Volume > VolumeSource > ConfigMap > LocalObjectReference */
    sub(&map, 1, &ref);
    sub(&src, 19, &map);
    str(&vol, 1, cleat_s("v"));
    sub(&vol, 2, &src);
    sub(&spec, 1, &vol);
    str(&c, 1, cleat_s("x"));
    str(&c, 2, cleat_s("busybox"));
    str(&c, 3, cleat_s("sh"));
    str(&c, 3, cleat_s("-c"));
    str(&q, 1, cleat_s("100m"));
    str(&entry, 1, cleat_s("cpu"));
    sub(&entry, 2, &q);
    sub(&res, 1, &entry);
    sub(&c, 8, &res);
    sub(&spec, 2, &c);
    num(&spec, 4, 0);  /* terminationGracePeriodSeconds: a pointer */
    num(&spec, 11, 0); /* hostNetwork: omitempty */
    sub(&raw, 2, &spec);
    wants("v1", "Pod", &raw,
          "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{"
          "\"volumes\":[{\"name\":\"v\",\"configMap\":{\"name\":\"cfg\"}}],"
          "\"containers\":[{\"name\":\"x\",\"image\":\"busybox\",\"command\":[\"sh\",\"-c\"],"
          "\"resources\":{\"limits\":{\"cpu\":\"100m\"}}}],"
          "\"terminationGracePeriodSeconds\":0}}");
}

static void test_delete_options(void) {
    CLEAT_AUTO_BUF raw = {0}, pre = {0};
    num(&raw, 1, 0);
    str(&pre, 1, cleat_s("u-1"));
    sub(&raw, 2, &pre);
    str(&raw, 4, cleat_s("Foreground"));
    str(&raw, 5, cleat_s("All"));
    wants("policy/v1", "DeleteOptions", &raw,
          "{\"apiVersion\":\"policy/v1\",\"kind\":\"DeleteOptions\",\"gracePeriodSeconds\":0,"
          "\"preconditions\":{\"uid\":\"u-1\"},\"propagationPolicy\":\"Foreground\","
          "\"dryRun\":[\"All\"]}");
}

static void fields_v1(struct cleat_buf *raw, const char *json) {
    CLEAT_AUTO_BUF meta = {0}, managed = {0}, fields = {0};
    str(&fields, 1, cleat_s(json));
    sub(&managed, 7, &fields);
    sub(&meta, 17, &managed);
    sub(raw, 1, &meta);
}

static void test_raw_json(void) {
    CLEAT_AUTO_BUF raw = {0};
    fields_v1(&raw, "{ \"f:a\": {} }");
    wants("v1", "Secret", &raw,
          "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"managedFields\":["
          "{\"fieldsV1\":{\"f:a\":{}}}]}}");
    fields_v1(&raw, "{}}],\"name\":\"evil\",\"x\":[{\"y\":{}");
    refuses("Secret", &raw, CLEAT_E_BAD_REQUEST, "");
}

/* ---- what is not ---- */

static void test_unknown(void) {
    CLEAT_AUTO_BUF raw = {0}, spec = {0}, pair_of = {0};
    num(&raw, 99, 1);
    refuses("ConfigMap", &raw, CLEAT_E_MEDIA_TYPE, "field number 99 of ConfigMap");
    str(&spec, 200, cleat_s("x"));
    sub(&raw, 2, &spec);
    refuses("Pod", &raw, CLEAT_E_MEDIA_TYPE, "field number 200 of PodSpec");
    str(&pair_of, 3, cleat_s("x"));
    sub(&raw, 2, &pair_of);
    refuses("ConfigMap", &raw, CLEAT_E_MEDIA_TYPE, "field number 3 of data");
    refuses("Deployment", &raw, CLEAT_E_MEDIA_TYPE, "kind \"Deployment\"");
}

static void test_broken(void) {
    CLEAT_AUTO_BUF raw = {0}, t = {0}, meta = {0};
    num(&raw, 1, 1); /* metadata is no number */
    refuses("ConfigMap", &raw, CLEAT_E_BAD_REQUEST, "ConfigMap");
    named(&raw, "a");
    named(&raw, "b");
    refuses("ConfigMap", &raw, CLEAT_E_BAD_REQUEST, "ConfigMap");
    num(&t, 1, (uint64_t)INT64_MAX / 2); /* a time beyond what can be told */
    sub(&meta, 8, &t);
    sub(&raw, 1, &meta);
    refuses("ConfigMap", &raw, CLEAT_E_BAD_REQUEST, "Time");
    cleat_buf_puts(&raw, "\x25\x01\x01\x01\x01"); /* 32 bit: no field has it */
    refuses("ConfigMap", &raw, CLEAT_E_BAD_REQUEST, "ConfigMap");
    cleat_buf_done(&raw);
    raw = (struct cleat_buf){0};
    cleat_buf_puts(&raw, "\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"); /* 70 bits */
    refuses("ConfigMap", &raw, CLEAT_E_BAD_REQUEST, "ConfigMap");
}

static void test_inner_encoding(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    for (unsigned field = 3; field <= 4; field++) {
        CLEAT_AUTO_BUF body = {0}, out = {0}, raw = {0};
        envelope(&body, "v1", "Node", &raw);
        str(&body, field, cleat_s(field == 3 ? "gzip" : "application/json"));
        KT_EQ_INT(decode((struct cleat_str){body.p, body.n}, &out, &e), CLEAT_E_MEDIA_TYPE);
    }
}

/* JSON escapes and names make a body longer: the limit holds for what comes out too. */
static void test_too_large(void) {
    CLEAT_AUTO_BUF raw = {0}, big = {0};
    for (int i = 0; i < 600 * 1024; i++) {
        cleat_buf_putc(&big, '\1');
    }
    pair(&raw, 2, "k", (struct cleat_str){big.p, big.n});
    refuses("ConfigMap", &raw, CLEAT_E_TOO_LARGE, "too large");
}

/* Every way to cut a body short is refused or, between two fields, a smaller body. */
static void test_truncated(void) {
    CLEAT_AUTO_BUF raw = {0}, body = {0}, meta = {0}, t = {0};
    str(&meta, 1, cleat_s("name"));
    num(&t, 1, 1767323045);
    sub(&meta, 8, &t);
    pair(&meta, 11, "k", cleat_s("v"));
    sub(&raw, 1, &meta);
    pair(&raw, 2, "a", cleat_s("1"));
    envelope(&body, "v1", "ConfigMap", &raw);
    size_t whole = body.n, taken = 0;
    for (size_t n = 0; n < whole; n++) {
        CLEAT_AUTO_BUF out = {0};
        taken += decode((struct cleat_str){body.p, n}, &out, NULL) == CLEAT_OK;
    }
    KT_EQ_INT(taken, 3); /* after TypeMeta, raw, and contentEncoding */
}

/* The same with each level cut, the lengths around it being right. */
static void test_truncated_inside(void) {
    static const char message[] = "\x0a\x06\x0a\x04name\x12\x06\x0a\x01"
                                  "a\x12\x01"
                                  "1\x20\x01";
    size_t taken = 0;
    for (size_t n = 0; n < sizeof message - 1; n++) {
        CLEAT_AUTO_BUF raw = {0}, body = {0}, out = {0};
        cleat_buf_add(&raw, message, n);
        envelope(&body, "v1", "ConfigMap", &raw);
        cleat_err err = decode((struct cleat_str){body.p, body.n}, &out, NULL);
        taken += err == CLEAT_OK;
        KT_TRUE(err == CLEAT_OK || err == CLEAT_E_BAD_REQUEST);
    }
    KT_EQ_INT(taken, 3); /* nothing, metadata, and data */
}

KT_MAIN("api_protobuf", KT_TEST(test_fixed_bytes), KT_TEST(test_maps_and_bytes),
        KT_TEST(test_times), KT_TEST(test_service), KT_TEST(test_pod), KT_TEST(test_delete_options),
        KT_TEST(test_raw_json), KT_TEST(test_unknown), KT_TEST(test_broken),
        KT_TEST(test_inner_encoding), KT_TEST(test_too_large), KT_TEST(test_truncated),
        KT_TEST(test_truncated_inside))
