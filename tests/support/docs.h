/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents as clusters really have them, as owned JSON texts, for tests and
 * benches: i makes each one another object.
 */
#ifndef CLEAT_TEST_DOCS_H
#define CLEAT_TEST_DOCS_H

#include "core/base/base.h"

char *docs_lease(unsigned i); /* ~450 bytes: a kubelet's heartbeat */
char *docs_pod(unsigned i);   /* ~3 KB */
char *docs_node(unsigned i);  /* ~5 KB */

#endif
