/* SPDX-License-Identifier: Apache-2.0 */
/* Benches measure on the documents that the tests use. */
#include "tests/support/docs.c"
