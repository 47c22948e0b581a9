/* SPDX-License-Identifier: Apache-2.0 */
/* A shared object that is no plugin: the version script hides all that it has. */
int no_symbol_answer(void);

int no_symbol_answer(void) {
    return 42;
}
