/* SPDX-License-Identifier: Apache-2.0 */
/* Types of certificates. See types.h. */
#include "core/types/table.h"

static const struct cleat_field certificates_v1_CertificateSigningRequest_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(certificates_v1_CertificateSigningRequestSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(certificates_v1_CertificateSigningRequestStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequest = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequest",
    .doc = "Asks for a certificate.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequest_fields};

static const struct cleat_field certificates_v1_CertificateSigningRequestList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(certificates_v1_CertificateSigningRequest)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequestList = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequestList",
    .doc = "A list of CertificateSigningRequest objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequestList_fields};

static const struct cleat_field certificates_v1_ClusterTrustBundle_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(certificates_v1_ClusterTrustBundleSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_certificates_v1_ClusterTrustBundle = {
    .name = "io.k8s.api.certificates.v1.ClusterTrustBundle",
    .doc = "Certificates that are trusted.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_ClusterTrustBundle_fields};

static const struct cleat_field certificates_v1_ClusterTrustBundleList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(certificates_v1_ClusterTrustBundle)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_certificates_v1_ClusterTrustBundleList = {
    .name = "io.k8s.api.certificates.v1.ClusterTrustBundleList",
    .doc = "A list of ClusterTrustBundle objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_ClusterTrustBundleList_fields};

static const struct cleat_field certificates_v1_PodCertificateRequest_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(certificates_v1_PodCertificateRequestSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(certificates_v1_PodCertificateRequestStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_certificates_v1_PodCertificateRequest = {
    .name = "io.k8s.api.certificates.v1.PodCertificateRequest",
    .doc = "Asks for a certificate for a pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_PodCertificateRequest_fields};

static const struct cleat_field certificates_v1_PodCertificateRequestList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(certificates_v1_PodCertificateRequest)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_certificates_v1_PodCertificateRequestList = {
    .name = "io.k8s.api.certificates.v1.PodCertificateRequestList",
    .doc = "A list of PodCertificateRequest objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_PodCertificateRequestList_fields};

static const struct cleat_field certificates_v1_CertificateSigningRequestSpec_fields[] = {
    F(1, "request", T(bytes), "The request in PEM, in base64.", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "signerName", T(string), "Who is to sign, as domain/path.", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "expirationSeconds", T(int32), "How long it is to be valid, in seconds.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "usages", LIST(T(string)), "What the key is for.",
      .values = "signing,digital signature,content commitment,key encipherment,key agreement,data "
                "encipherment,cert sign,crl sign,encipher only,decipher only,any,server "
                "auth,client auth,code signing,email protection,s/mime,ipsec end system,ipsec "
                "tunnel,ipsec user,timestamping,ocsp signing,microsoft sgc,netscape sgc"),
    F(2, "username", T(string), "Who asked; set by the server."),
    F(3, "uid", T(string), "Who asked; set by the server."),
    F(4, "groups", LIST(T(string)), "Who asked; set by the server."),
    F(6, "extra", MAP(T(extra_value)), "Whatever else the authenticator knows of the user."),
    END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequestSpec = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequestSpec",
    .doc = "What is asked for, and by whom.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequestSpec_fields};

static const struct cleat_field certificates_v1_CertificateSigningRequestStatus_fields[] = {
    F(1, "conditions", LIST(T(certificates_v1_CertificateSigningRequestCondition)),
      "What is known of it at present, one entry for each type.", .list = CLEAT_LIST_MAP,
      .keys = "type"),
    F(2, "certificate", T(bytes), "The certificates in PEM, in base64."), END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequestStatus = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequestStatus",
    .doc = "What became of it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequestStatus_fields};

static const struct cleat_field certificates_v1_ClusterTrustBundleSpec_fields[] = {
    F(1, "signerName", T(string), "Who is to sign, as domain/path."),
    F(2, "trustBundle", T(string), "In PEM.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_certificates_v1_ClusterTrustBundleSpec = {
    .name = "io.k8s.api.certificates.v1.ClusterTrustBundleSpec",
    .doc = "The certificates.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_ClusterTrustBundleSpec_fields};

static const struct cleat_field certificates_v1_PodCertificateRequestSpec_fields[] = {
    F(1, "signerName", T(string), "Who is to sign, as domain/path.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "podName", T(string), "The pod.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "podUID", T(string), "The pod's unique identifier.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "serviceAccountName", T(string), "The pod's ServiceAccount.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(5, "serviceAccountUID", T(string), "Its unique identifier.", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "nodeName", T(string), "The node's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "nodeUID", T(string), "The node's unique identifier.", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "maxExpirationSeconds", T(int32), "The longest life of the certificate.",
      .flags = CLEAT_FIELD_NULLABLE, .def = "86400"),
    F(12, "stubPKCS10Request", T(bytes), "A request in DER that carries the key.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(11, "unverifiedUserAnnotations", MAP(T(string)), "What the pod wants to tell the signer."),
    END};
const struct cleat_type cleat_type_certificates_v1_PodCertificateRequestSpec = {
    .name = "io.k8s.api.certificates.v1.PodCertificateRequestSpec",
    .doc = "What is asked for.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_PodCertificateRequestSpec_fields};

static const struct cleat_field certificates_v1_PodCertificateRequestStatus_fields[] = {
    F(1, "conditions", LIST(T(meta_v1_Condition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(2, "certificateChain", T(string), "The certificates in PEM."),
    F(4, "notBefore", T(time), "From when it is valid.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "beginRefreshAt", T(time), "When to ask for the next.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "notAfter", T(time), "Until when it is valid.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_certificates_v1_PodCertificateRequestStatus = {
    .name = "io.k8s.api.certificates.v1.PodCertificateRequestStatus",
    .doc = "What became of it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_PodCertificateRequestStatus_fields};

static const struct cleat_field certificates_v1_CertificateSigningRequestCondition_fields[] = {
    F(1, "type", T(string), "Approved, Denied or Failed.", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "reason", T(string), "A short CamelCase word for the cause."),
    F(3, "message", T(string), "A sentence for people."),
    F(4, "lastUpdateTime", T(time), "When the condition was last written."),
    F(5, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequestCondition = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequestCondition",
    .doc = "Whether a request is approved, denied or failed.",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequestCondition_fields};
