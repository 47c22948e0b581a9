/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kubernetes' protobuf encoding: request bodies turned into the JSON that the rest
 * of the server reads. Nothing is lost silently: a kind without a type, or a field that its type
 * does not know, is CLEAT_E_MEDIA_TYPE. Pure functions: any thread.
 */
#ifndef CLEAT_CORE_TYPES_PROTOBUF_H
#define CLEAT_CORE_TYPES_PROTOBUF_H

#include "core/types/types.h"

#define CLEAT_PROTOBUF_MEDIA_TYPE "application/vnd.kubernetes.protobuf"

/* Adds the JSON text of body to *json, which is for cleat_obj_parse to judge:
 * strings are not checked for UTF-8 here. On error *json holds no meaning. */
cleat_err cleat_protobuf_to_json(struct cleat_str body, struct cleat_buf *json,
                                 struct cleat_error *e);

/* The type of a kind that has a protobuf form; NULL where there is none. */
const struct cleat_type *cleat_protobuf_type(struct cleat_str api_version, struct cleat_str kind);

#endif
