/* SPDX-License-Identifier: Apache-2.0 */
/* Types of certificates. See types.h. */
#include "core/types/table.h"

static const struct cleat_field certificates_v1_CertificateSigningRequest_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(certificates_v1_CertificateSigningRequestSpec), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(certificates_v1_CertificateSigningRequestStatus), ""),
    END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequest = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequest",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequest_fields};

static const struct cleat_field certificates_v1_CertificateSigningRequestList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(certificates_v1_CertificateSigningRequest)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequestList = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequestList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequestList_fields};

static const struct cleat_field certificates_v1_ClusterTrustBundle_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(certificates_v1_ClusterTrustBundleSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_certificates_v1_ClusterTrustBundle = {
    .name = "io.k8s.api.certificates.v1.ClusterTrustBundle",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_ClusterTrustBundle_fields};

static const struct cleat_field certificates_v1_ClusterTrustBundleList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(certificates_v1_ClusterTrustBundle)), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_certificates_v1_ClusterTrustBundleList = {
    .name = "io.k8s.api.certificates.v1.ClusterTrustBundleList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_ClusterTrustBundleList_fields};

static const struct cleat_field certificates_v1_PodCertificateRequest_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(certificates_v1_PodCertificateRequestSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(certificates_v1_PodCertificateRequestStatus), ""),
    END};
const struct cleat_type cleat_type_certificates_v1_PodCertificateRequest = {
    .name = "io.k8s.api.certificates.v1.PodCertificateRequest",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_PodCertificateRequest_fields};

static const struct cleat_field certificates_v1_PodCertificateRequestList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(certificates_v1_PodCertificateRequest)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_certificates_v1_PodCertificateRequestList = {
    .name = "io.k8s.api.certificates.v1.PodCertificateRequestList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_PodCertificateRequestList_fields};

static const struct cleat_field certificates_v1_CertificateSigningRequestSpec_fields[] = {
    F(1, "request", T(bytes), "", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "signerName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "expirationSeconds", T(int32), ""),
    F(5, "usages", LIST(T(string)), "",
      .values = "signing,digital signature,content commitment,key encipherment,key agreement,data "
                "encipherment,cert sign,crl sign,encipher only,decipher only,any,server "
                "auth,client auth,code signing,email protection,s/mime,ipsec end system,ipsec "
                "tunnel,ipsec user,timestamping,ocsp signing,microsoft sgc,netscape sgc"),
    F(2, "username", T(string), ""),
    F(3, "uid", T(string), ""),
    F(4, "groups", LIST(T(string)), ""),
    F(6, "extra", MAP(T(extra_value)), ""),
    END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequestSpec = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequestSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequestSpec_fields};

static const struct cleat_field certificates_v1_CertificateSigningRequestStatus_fields[] = {
    F(1, "conditions", LIST(T(certificates_v1_CertificateSigningRequestCondition)), "",
      .list = CLEAT_LIST_MAP, .keys = "type"),
    F(2, "certificate", T(bytes), ""), END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequestStatus = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequestStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequestStatus_fields};

static const struct cleat_field certificates_v1_ClusterTrustBundleSpec_fields[] = {
    F(1, "signerName", T(string), ""),
    F(2, "trustBundle", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_certificates_v1_ClusterTrustBundleSpec = {
    .name = "io.k8s.api.certificates.v1.ClusterTrustBundleSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_ClusterTrustBundleSpec_fields};

static const struct cleat_field certificates_v1_PodCertificateRequestSpec_fields[] = {
    F(1, "signerName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "podName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "podUID", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "serviceAccountName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "serviceAccountUID", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "nodeName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "nodeUID", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "maxExpirationSeconds", T(int32), "", .def = "86400"),
    F(12, "stubPKCS10Request", T(bytes), "", .flags = CLEAT_FIELD_REQUIRED),
    F(11, "unverifiedUserAnnotations", MAP(T(string)), ""),
    END};
const struct cleat_type cleat_type_certificates_v1_PodCertificateRequestSpec = {
    .name = "io.k8s.api.certificates.v1.PodCertificateRequestSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_PodCertificateRequestSpec_fields};

static const struct cleat_field certificates_v1_PodCertificateRequestStatus_fields[] = {
    F(1, "conditions", LIST(T(meta_v1_Condition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(2, "certificateChain", T(string), ""),
    F(4, "notBefore", T(time), ""),
    F(5, "beginRefreshAt", T(time), ""),
    F(6, "notAfter", T(time), ""),
    END};
const struct cleat_type cleat_type_certificates_v1_PodCertificateRequestStatus = {
    .name = "io.k8s.api.certificates.v1.PodCertificateRequestStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_PodCertificateRequestStatus_fields};

static const struct cleat_field certificates_v1_CertificateSigningRequestCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "reason", T(string), ""),
    F(3, "message", T(string), ""),
    F(4, "lastUpdateTime", T(time), ""),
    F(5, "lastTransitionTime", T(time), ""),
    END};
const struct cleat_type cleat_type_certificates_v1_CertificateSigningRequestCondition = {
    .name = "io.k8s.api.certificates.v1.CertificateSigningRequestCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = certificates_v1_CertificateSigningRequestCondition_fields};
