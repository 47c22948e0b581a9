/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the cleat program needs of an API server: a request at a time, as a
 * kubeconfig says where and as whom, over the transport that attached servers use. One thread.
 */
#ifndef CLEAT_CMD_API_H
#define CLEAT_CMD_API_H

#include "core/object/object.h"

typedef struct cleat_cmd_api cleat_cmd_api;
/* file NULL: those that $KUBECONFIG lists, else ~/.kube/config. */
cleat_err cleat_cmd_api_open(const char *file, cleat_cmd_api **ret, struct cleat_error *e);
void cleat_cmd_api_free(cleat_cmd_api *a);
CLEAT_DEFINE_AUTO(cleat_cmd_api, cleat_cmd_api_free)
const char *cleat_cmd_api_namespace(const cleat_cmd_api *a); /* the context's, else "default" */
/* body: JSON or NULL. *ret: the answer as an object; an error that the server tells is e's. */
cleat_err cleat_cmd_api_request(cleat_cmd_api *a, const char *method, const char *path,
                                const char *body, cleat_obj **ret, struct cleat_error *e);

#endif
