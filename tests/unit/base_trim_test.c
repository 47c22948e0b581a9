/* SPDX-License-Identifier: Apache-2.0 */
/* When freed memory is given back. */
#include "tests/support/kt.h"

#define MIB (size_t)(1 << 20)

static void it_must_be_worth_it(void) {
    struct cleat_trim t = {0};
    KT_TRUE(!cleat_trim_due(&t, 0, 15 * MIB, 0));
    KT_TRUE(!cleat_trim_due(&t, 400 * MIB, 99 * MIB, 0));
    KT_TRUE(cleat_trim_due(&t, 400 * MIB, 100 * MIB, 0));
}

static void it_is_done_once(void) {
    struct cleat_trim t = {0};
    KT_TRUE(cleat_trim_due(&t, 10 * MIB, 100 * MIB, 0));
    for (int i = 0; i < 100; i++) { /* what was given back is free for the allocator still */
        KT_TRUE(!cleat_trim_due(&t, 10 * MIB, 100 * MIB, 0));
    }
    KT_TRUE(!cleat_trim_due(&t, 70 * MIB, 40 * MIB, 0)); /* some is used again, */
    KT_TRUE(!cleat_trim_due(&t, 60 * MIB, 50 * MIB, 0)); /* and freed again */
    KT_TRUE(cleat_trim_due(&t, 10 * MIB, 100 * MIB, 0));
}

static void it_waits_for_quiet_but_not_for_ever(void) {
    struct cleat_trim t = {0};
    int periods = 1;
    while (!cleat_trim_due(&t, 10 * MIB, 100 * MIB, 80) && periods < 1000) {
        periods++;
    }
    KT_EQ_INT(periods, 30);
    t = (struct cleat_trim){0};
    KT_TRUE(!cleat_trim_due(&t, 10 * MIB, 100 * MIB, 80));
    KT_TRUE(cleat_trim_due(&t, 10 * MIB, 100 * MIB, 3));
}

static void it_starts_and_stops(void) {
    cleat_trimmer_stop(); /* never started */
    for (int i = 0; i < 3; i++) {
        cleat_trimmer_start();
        cleat_trimmer_stop();
    }
}

KT_MAIN("base_trim", KT_TEST(it_must_be_worth_it), KT_TEST(it_is_done_once),
        KT_TEST(it_waits_for_quiet_but_not_for_ever), KT_TEST(it_starts_and_stops))
