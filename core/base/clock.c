/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time and randomness, real or driven by hand. Thread-safe. A virtual clock is
 * set before the threads that read it start.
 */
#include "core/base/base.h"

#include <sys/random.h>
#include <time.h>

#include "core/base/internal.h"

static _Atomic bool is_virtual;
static _Atomic cleat_time virtual_wall, virtual_mono;

static cleat_time read_clock(clockid_t id) {
    struct timespec ts;
    clock_gettime(id, &ts);
    return (cleat_time)ts.tv_sec * CLEAT_SECOND + ts.tv_nsec;
}

cleat_time cleat_now_wall(void) {
    return atomic_load(&is_virtual) ? atomic_load(&virtual_wall) : read_clock(CLOCK_REALTIME);
}

cleat_time cleat_now_mono(void) {
    return atomic_load(&is_virtual) ? atomic_load(&virtual_mono) : read_clock(CLOCK_MONOTONIC);
}

cleat_time cleat_now_boot(void) {
    return atomic_load(&is_virtual) ? atomic_load(&virtual_mono) : read_clock(CLOCK_BOOTTIME);
}

void cleat_clock_virtual(cleat_time wall) {
    atomic_store(&virtual_wall, wall);
    atomic_store(&virtual_mono, CLEAT_SECOND);
    atomic_store(&is_virtual, true);
    cleat__timers_poke();
}

void cleat_clock_advance(cleat_time d) {
    cleat_assert(d >= 0 && atomic_load(&is_virtual));
    atomic_fetch_add(&virtual_wall, d);
    atomic_fetch_add(&virtual_mono, d);
    cleat__timers_poke();
}

bool cleat_clock_is_virtual(void) {
    return atomic_load(&is_virtual);
}

/* SplitMix64 over a shared counter: one atomic add a number, and the same
 * sequence again from the same seed on one thread. */
static _Atomic uint64_t random_state;
static pthread_once_t random_once = PTHREAD_ONCE_INIT;
static _Atomic bool random_seeded;

static void random_init(void) {
    if (!atomic_load(&random_seeded)) {
        uint64_t seed;
        cleat_random_bytes(&seed, sizeof seed);
        atomic_store(&random_state, seed);
    }
}

uint64_t cleat_random(void) {
    pthread_once(&random_once, random_init);
    uint64_t z = atomic_fetch_add(&random_state, 0x9E3779B97F4A7C15u) + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

bool cleat__random_is_seeded(void) {
    return atomic_load(&random_seeded);
}

void cleat_random_seed(uint64_t seed) {
    atomic_store(&random_seeded, true);
    pthread_once(&random_once, random_init);
    atomic_store(&random_state, seed);
}

void cleat_random_bytes(void *p, size_t n) {
    char *at = p;
    while (n > 0) {
        ssize_t got = getrandom(at, n < 256 ? n : 256, 0);
        if (got > 0) {
            at += got;
            n -= (size_t)got;
        }
    }
}

static char *put_digits(char *p, int v, int n, char after) {
    for (int i = n - 1; i >= 0; i--, v /= 10) {
        p[i] = (char)('0' + v % 10);
    }
    p[n] = after;
    return p + n + 1;
}

/* In the proleptic Gregorian calendar, by eras of 400 years that begin in March. */
static void civil(int64_t days, int *year, int *month, int *day) {
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int of_era = (int)(z - era * 146097);
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100);
    int m = (5 * of_year + 2) / 153;
    *day = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = (int)(y + era * 400) + (*month <= 2);
}

/* Times on hot paths are written with this: no locale, no zone, no format. The range
 * of cleat_time is 1677 to 2262. */
void cleat_time_format(cleat_time t, bool micro, char buf[32]) {
    int64_t s = t / CLEAT_SECOND, ns = t % CLEAT_SECOND;
    if (ns < 0) {
        s--;
        ns += CLEAT_SECOND;
    }
    int64_t days = s / 86400, of_day = s % 86400;
    if (of_day < 0) {
        days--;
        of_day += 86400;
    }
    int year, month, day;
    civil(days, &year, &month, &day);
    char *p = put_digits(buf, year, 4, '-');
    p = put_digits(p, month, 2, '-');
    p = put_digits(p, day, 2, 'T');
    p = put_digits(p, (int)(of_day / 3600), 2, ':');
    p = put_digits(p, (int)(of_day / 60 % 60), 2, ':');
    p = put_digits(p, (int)(of_day % 60), 2, micro ? '.' : 'Z');
    if (micro) {
        p = put_digits(p, (int)(ns / 1000), 6, 'Z');
    }
    *p = '\0';
}

/* Reads exactly n digits. */
static bool digits(const char **p, const char *end, int n, int *ret) {
    int v = 0;
    for (; n > 0; n--, (*p)++) {
        if (*p >= end || **p < '0' || **p > '9') {
            return false;
        }
        v = v * 10 + (**p - '0');
    }
    *ret = v;
    return true;
}

static bool literal(const char **p, const char *end, char c) {
    if (*p >= end || **p != c) {
        return false;
    }
    (*p)++;
    return true;
}

cleat_err cleat_time_parse(struct cleat_str s, cleat_time *ret) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *p = s.p, *end = s.p + s.n;
    int y, mo, d, h, mi, sec;
    if (!digits(&p, end, 4, &y) || !literal(&p, end, '-') || !digits(&p, end, 2, &mo) ||
        !literal(&p, end, '-') || !digits(&p, end, 2, &d) || !literal(&p, end, 'T') ||
        !digits(&p, end, 2, &h) || !literal(&p, end, ':') || !digits(&p, end, 2, &mi) ||
        !literal(&p, end, ':') || !digits(&p, end, 2, &sec)) {
        return CLEAT_E_BAD_REQUEST;
    }
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (mo < 1 || mo > 12 || d < 1 || d > days[mo - 1] + (mo == 2 && leap) || h > 23 || mi > 59 ||
        sec > 59) {
        return CLEAT_E_BAD_REQUEST;
    }
    cleat_time ns = 0;
    if (p < end && *p == '.') {
        cleat_time unit = CLEAT_SECOND;
        const char *from = ++p;
        for (; p < end && *p >= '0' && *p <= '9'; p++) {
            unit /= 10;
            ns += unit * (*p - '0');
        }
        if (p == from) {
            return CLEAT_E_BAD_REQUEST;
        }
    }
    int offset = 0;
    if (!literal(&p, end, 'Z')) {
        int sign = p < end && *p == '+' ? 1 : p < end && *p == '-' ? -1 : 0, oh, om;
        p++;
        if (sign == 0 || !digits(&p, end, 2, &oh) || !literal(&p, end, ':') ||
            !digits(&p, end, 2, &om) || oh > 23 || om > 59) {
            return CLEAT_E_BAD_REQUEST;
        }
        offset = sign * (oh * 3600 + om * 60);
    }
    if (p != end) {
        return CLEAT_E_BAD_REQUEST;
    }
    struct tm tm = {.tm_year = y - 1900,
                    .tm_mon = mo - 1,
                    .tm_mday = d,
                    .tm_hour = h,
                    .tm_min = mi,
                    .tm_sec = sec};
    cleat_time out;
    if (__builtin_mul_overflow((cleat_time)timegm(&tm) - offset, CLEAT_SECOND, &out) ||
        __builtin_add_overflow(out, ns, &out)) {
        return CLEAT_E_BAD_REQUEST; /* outside 1677..2262 */
    }
    *ret = out;
    return CLEAT_OK;
}

static bool duration_unit(struct cleat_str unit, cleat_time *ret) {
    static const struct {
        const char *name;
        cleat_time ns;
    } units[] = {{"ns", 1},
                 {"us", 1000},
                 {"\xC2\xB5s", 1000}, /* micro sign */
                 {"\xCE\xBCs", 1000}, /* Greek mu: Go takes both */
                 {"ms", CLEAT_MS},
                 {"s", CLEAT_SECOND},
                 {"m", 60 * CLEAT_SECOND},
                 {"h", 3600 * CLEAT_SECOND}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (cleat_eqc(unit, units[i].name)) {
            *ret = units[i].ns;
            return true;
        }
    }
    return false;
}

cleat_err cleat_duration_parse(struct cleat_str s, cleat_time *ret) {
    const char *p = s.p, *end = s.p + s.n;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) {
        p++;
    }
    if (p == end) {
        return CLEAT_E_BAD_REQUEST;
    }
    if (end - p == 1 && *p == '0') {
        *ret = 0;
        return CLEAT_OK;
    }
    long double total = 0;
    while (p < end) {
        long double value = 0, scale = 1;
        const char *from = p;
        bool point = false;
        for (; p < end && ((*p >= '0' && *p <= '9') || (*p == '.' && !point)); p++) {
            if (*p == '.') {
                point = true;
                continue;
            }
            value = value * 10 + (*p - '0');
            scale = point ? scale * 10 : scale;
        }
        const char *name = p;
        while (p < end && *p != '.' && (*p < '0' || *p > '9')) {
            p++;
        }
        cleat_time unit;
        if (name - from < 1 || (point && name - from == 1) ||
            !duration_unit((struct cleat_str){name, (size_t)(p - name)}, &unit)) {
            return CLEAT_E_BAD_REQUEST;
        }
        total += value * (long double)unit / scale;
        if (total > (long double)INT64_MAX) {
            return CLEAT_E_BAD_REQUEST;
        }
    }
    *ret = negative ? -(cleat_time)total : (cleat_time)total;
    return CLEAT_OK;
}

/* "3h20m": the second part is left out where it is zero. */
static void two_parts(char buf[32], long long a, char ua, long long b, char ub) {
    if (b == 0) {
        snprintf(buf, 32, "%lld%c", a, ua);
    } else {
        snprintf(buf, 32, "%lld%c%lld%c", a, ua, b, ub);
    }
}

void cleat_duration_human(cleat_time d, char buf[32]) {
    long long s = d / CLEAT_SECOND, m = s / 60, h = m / 60;
    if (s < -1) {
        snprintf(buf, 32, "<invalid>");
    } else if (s < 0) {
        snprintf(buf, 32, "0s");
    } else if (s < 120) {
        snprintf(buf, 32, "%llds", s);
    } else if (m < 10) {
        two_parts(buf, m, 'm', s % 60, 's');
    } else if (m < 180) {
        snprintf(buf, 32, "%lldm", m);
    } else if (h < 8) {
        two_parts(buf, h, 'h', m % 60, 'm');
    } else if (h < 48) {
        snprintf(buf, 32, "%lldh", h);
    } else if (h < 24 * 8) {
        two_parts(buf, h / 24, 'd', h % 24, 'h');
    } else if (h < 24 * 365 * 2) {
        snprintf(buf, 32, "%lldd", h / 24);
    } else if (h < 24 * 365 * 8) {
        two_parts(buf, h / 24 / 365, 'y', h / 24 % 365, 'd');
    } else {
        snprintf(buf, 32, "%lldy", h / 24 / 365);
    }
}
