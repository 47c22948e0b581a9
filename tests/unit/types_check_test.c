/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding by a type: what passes untouched, what is rewritten, what is refused. */
#include "core/types/types.h"
#include "tests/support/kt.h"

static void note(void *userdata, struct cleat_str path) {
    struct cleat_buf *b = userdata;
    cleat_buf_puts(b, b->n > 0 ? " " : "");
    cleat_buf_str(b, path);
}

#define CORE(name) "io.k8s.api.core.v1." name

/* out NULL: as it came; unknown: the paths that are reported */
static const struct {
    const char *type, *in, *out, *unknown;
} decoded[] = {
    {CORE("Pod"),
     "{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"name\":\"a\",\"ports\":[{"
     "\"containerPort\":80}]}],\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}}",
     NULL, ""},
    /* unknown members go, wherever they are, and in any order of the members */
    {CORE("Pod"),
     "{\"spec\":{\"volumes\":[{\"emptyDir\":{\"x\":1},\"name\":\"v\"}],\"containers\":[{\"image\":"
     "\"i\",\"args\":[\"a\"],\"y\":[{}],\"name\":\"a\"}]},\"z\":1,\"metadata\":{\"Name\":\"n\"}}",
     "{\"spec\":{\"volumes\":[{\"emptyDir\":{},\"name\":\"v\"}],\"containers\":[{\"image\":\"i\","
     "\"args\":[\"a\"],\"name\":\"a\"}]},\"metadata\":{}}",
     "spec.volumes[0].emptyDir.x spec.containers[0].y z metadata.Name"},
    /* nulls: of members nothing is left, of elements the zero value */
    {CORE("ConfigMap"), "{\"data\":{\"a\":null,\"b\":\"1\"},\"binaryData\":null}",
     "{\"data\":{\"a\":\"\",\"b\":\"1\"}}", ""},
    {CORE("Pod"), "{\"spec\":{\"containers\":[null,{\"args\":[null]}],\"hostNetwork\":null}}",
     "{\"spec\":{\"containers\":[{},{\"args\":[\"\"]}]}}", ""},
    {CORE("Pod"), "{\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"cpu\":null}}}]}}",
     "{\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"cpu\":\"0\"}}}]}}", ""},
    /* what is any JSON keeps what it has */
    {"io.k8s.api.apps.v1.ControllerRevision", "{\"data\":{\"a\":null,\"b\":[null]}}", NULL, ""},
    /* quantities and times in their canonical form */
    {CORE("Node"),
     "{\"status\":{\"capacity\":{\"a\":\"1\",\"b\":\"500m\",\"c\":\"7Ki\",\"d\":\"0\"}}}", NULL,
     ""},
    {CORE("Node"),
     "{\"status\":{\"capacity\":{\"a\":1,\"b\":0.5,\"c\":\"1024Ki\",\"d\":\"1000m\",\"e\":"
     "\"1000\",\"f\":\"0Ki\",\"g\":\"007\"}}}",
     "{\"status\":{\"capacity\":{\"a\":\"1\",\"b\":\"500m\",\"c\":\"1Mi\",\"d\":\"1\",\"e\":"
     "\"1k\",\"f\":\"0\",\"g\":\"7\"}}}",
     ""},
    {CORE("Pod"), "{\"metadata\":{\"creationTimestamp\":\"2026-01-01T01:00:00+02:00\"}}",
     "{\"metadata\":{\"creationTimestamp\":\"2025-12-31T23:00:00Z\"}}", ""},
    {CORE("Pod"), "{\"metadata\":{\"creationTimestamp\":\"2026-01-01T01:00:00.5Z\"}}",
     "{\"metadata\":{\"creationTimestamp\":\"2026-01-01T01:00:00Z\"}}", ""},
    {"io.k8s.api.coordination.v1.Lease",
     "{\"spec\":{\"renewTime\":\"2026-01-01T01:00:00.123456+01:00\"}}",
     "{\"spec\":{\"renewTime\":\"2026-01-01T00:00:00.123456Z\"}}", ""},
    /* base64 with the line breaks of an editor */
    {CORE("Secret"), "{\"data\":{\"a\":\"YWJj\\r\\nZGU=\\n\",\"b\":\"\",\"c\":\"YQ==\"}}",
     "{\"data\":{\"a\":\"YWJjZGU=\",\"b\":\"\",\"c\":\"YQ==\"}}", ""},
    /* int or string */
    {CORE("Service"),
     "{\"spec\":{\"ports\":[{\"targetPort\":80},{\"targetPort\":\"http\"},{\"targetPort\":null}]}}",
     "{\"spec\":{\"ports\":[{\"targetPort\":80},{\"targetPort\":\"http\"},{}]}}", ""},
};

static void decodes(void) {
    for (size_t i = 0; i < sizeof decoded / sizeof *decoded; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        CLEAT_AUTO(cleat_obj) *in = NULL;
        CLEAT_AUTO(cleat_obj) *out = NULL;
        CLEAT_AUTO(cleat_obj) *again = NULL;
        CLEAT_AUTO_BUF unknown = {0};
        const struct cleat_type *t = cleat_type_find(decoded[i].type);
        KT_REQUIRE(t != NULL);
        KT_REQUIRE_OK(cleat_obj_parse(cleat_s(decoded[i].in), 0, &in, &e), &e);
        KT_REQUIRE_OK(cleat_type_decode(t, in, note, &unknown, &out, &e), &e);
        KT_EQ_STR(unknown.p, decoded[i].unknown);
        KT_EQ_INT(out != NULL, decoded[i].out != NULL);
        if (out != NULL && decoded[i].out != NULL) {
            KT_EQ_S(cleat_obj_bytes(out), cleat_s(decoded[i].out));
            KT_OK(cleat_type_decode(t, out, note, &unknown, &again, &e), &e);
            KT_TRUE(again == NULL); /* nothing is left to do */
        }
    }
}

#define FIELD(what, field, type)                                                                   \
    "json: cannot unmarshal " what " into Go struct field " field " of type " type

static const struct {
    const char *type, *in, *message;
} refused[] = {
    {CORE("Pod"), "{\"spec\":[]}", FIELD("array", "Pod.spec", "v1.PodSpec")},
    {CORE("Pod"), "{\"kind\":1}", FIELD("number", "Pod.kind", "string")},
    {CORE("Pod"), "{\"metadata\":{\"uid\":1}}",
     FIELD("number", "ObjectMeta.metadata.uid", "types.UID")},
    {CORE("Pod"), "{\"metadata\":{\"labels\":{\"a\":true}}}",
     FIELD("bool", "ObjectMeta.metadata.labels", "string")},
    {CORE("Pod"), "{\"metadata\":{\"labels\":\"x\"}}",
     FIELD("string", "ObjectMeta.metadata.labels", "map[string]string")},
    {CORE("Pod"), "{\"spec\":{\"containers\":\"x\"}}",
     FIELD("string", "PodSpec.spec.containers", "[]v1.Container")},
    {CORE("Pod"), "{\"spec\":{\"containers\":[\"x\"]}}",
     FIELD("string", "PodSpec.spec.containers", "v1.Container")},
    {CORE("Pod"), "{\"spec\":{\"containers\":[{\"ports\":[{\"containerPort\":\"80\"}]}]}}",
     FIELD("string", "ContainerPort.spec.containers.ports.containerPort", "int32")},
    {CORE("Pod"), "{\"spec\":{\"containers\":[{\"ports\":[{\"containerPort\":1.5}]}]}}",
     FIELD("number 1.5", "ContainerPort.spec.containers.ports.containerPort", "int32")},
    {CORE("Pod"), "{\"spec\":{\"containers\":[{\"ports\":[{\"containerPort\":2147483648}]}]}}",
     FIELD("number 2147483648", "ContainerPort.spec.containers.ports.containerPort", "int32")},
    {CORE("Pod"), "{\"spec\":{\"hostNetwork\":\"true\"}}",
     FIELD("string", "PodSpec.spec.hostNetwork", "bool")},
    {CORE("Pod"), "{\"spec\":{\"volumes\":[{\"emptyDir\":1}]}}",
     FIELD("number", "Volume.spec.volumes.emptyDir", "v1.EmptyDirVolumeSource")},
    {CORE("Node"), "{\"status\":{\"capacity\":[]}}",
     FIELD("array", "NodeStatus.status.capacity", "v1.ResourceList")},
    {CORE("Node"), "{\"status\":{\"capacity\":{\"cpu\":\"x\"}}}",
     "quantities must match the regular expression "
     "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"},
    {CORE("Secret"), "{\"data\":{\"a\":1}}", FIELD("number", "Secret.data", "[]uint8")},
    {CORE("Secret"), "{\"data\":{\"a\":\"a b\"}}", "illegal base64 data at input byte 1"},
    {CORE("Secret"), "{\"data\":{\"a\":\"YWJjZ\"}}", "illegal base64 data at input byte 4"},
    {CORE("Secret"), "{\"data\":{\"a\":\"YQ=\"}}", "illegal base64 data at input byte 3"},
    {CORE("Secret"), "{\"data\":{\"a\":\"YQ==YQ==\"}}", "illegal base64 data at input byte 4"},
    {CORE("Pod"), "{\"metadata\":{\"creationTimestamp\":1}}",
     "json: cannot unmarshal number into Go value of type string"},
    {CORE("Pod"), "{\"metadata\":{\"creationTimestamp\":\"today\"}}",
     "parsing time \"today\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"today\" as \"2006\""},
    {CORE("Pod"), "{\"metadata\":{\"creationTimestamp\":\"2026-01-01 00:00:00Z\"}}",
     "parsing time \"2026-01-01 00:00:00Z\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \" "
     "00:00:00Z\" as \"T\""},
    {"io.k8s.api.coordination.v1.Lease", "{\"spec\":{\"renewTime\":\"2026-01-01T00:00:00Z\"}}",
     "parsing time \"2026-01-01T00:00:00Z\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse "
     "\"Z\" as \".000000\""},
    {CORE("Service"), "{\"spec\":{\"ports\":[{\"targetPort\":1.5}]}}",
     "json: cannot unmarshal number 1.5 into Go value of type int32"},
    {CORE("Service"), "{\"spec\":{\"ports\":[{\"targetPort\":true}]}}",
     "json: cannot unmarshal bool into Go value of type int32"},
};

static void refuses(void) {
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        CLEAT_AUTO(cleat_obj) *in = NULL;
        cleat_obj *out = NULL;
        KT_REQUIRE_OK(cleat_obj_parse(cleat_s(refused[i].in), 0, &in, &e), &e);
        const struct cleat_type *t = cleat_type_find(refused[i].type);
        KT_REQUIRE(t != NULL);
        KT_EQ_INT(cleat_type_decode(t, in, NULL, NULL, &out, &e), CLEAT_E_BAD_REQUEST);
        KT_EQ_STR(e.message, refused[i].message);
        KT_TRUE(out == NULL);
    }
}

/* Of an object that is in no table metadata alone is decoded. */
static void decodes_a_member(void) {
    static const struct {
        const char *in, *out, *said;
    } cases[] = {
        {"{\"spec\":{\"a\":[],\"b\":null},\"metadata\":{\"name\":\"n\"}}", NULL, ""},
        {"{\"metadata\":{\"name\":\"n\",\"finalizers\":[],\"labels\":{},\"annotations\":null,"
         "\"x\":1},\"spec\":{\"a\":[]}}",
         "{\"metadata\":{\"name\":\"n\"},\"spec\":{\"a\":[]}}", "metadata.x"},
        {"{\"spec\":{}}", NULL, ""},
    };
    const struct cleat_type *t = cleat_type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    struct cleat_error e = CLEAT_ERROR_INIT;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEAT_AUTO_BUF said = {0};
        CLEAT_AUTO(cleat_obj) *in = NULL, *out = NULL;
        KT_REQUIRE_OK(cleat_obj_parse(cleat_s(cases[i].in), 0, &in, &e), &e);
        KT_OK(cleat_type_decode_member(t, "metadata", in, note, &said, &out, &e), &e);
        KT_EQ_STR(said.p != NULL ? said.p : "", cases[i].said);
        KT_TRUE((out == NULL) == (cases[i].out == NULL));
        if (out != NULL && cases[i].out != NULL) {
            KT_EQ_S(cleat_obj_bytes(out), cleat_s(cases[i].out));
        }
    }
    CLEAT_AUTO(cleat_obj) *bad = NULL, *none = NULL;
    KT_REQUIRE_OK(cleat_obj_parse(CLEAT_STR("{\"metadata\":{\"labels\":[]}}"), 0, &bad, &e), &e);
    KT_EQ_INT(cleat_type_decode_member(t, "metadata", bad, NULL, NULL, &none, &e),
              CLEAT_E_BAD_REQUEST);
    KT_EQ_STR(e.message, "json: cannot unmarshal array into Go struct field "
                         "ObjectMeta.metadata.labels of type map[string]string");
}

KT_MAIN("types_check", KT_TEST(decodes), KT_TEST(refuses), KT_TEST(decodes_a_member))
