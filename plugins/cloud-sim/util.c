/* SPDX-License-Identifier: Apache-2.0 */
/* Small helpers of the simulated cloud. Any thread. */
#include "sim.h"

struct cleat_sdk cleat_sim_sdk;

static char *format(const char *fmt, va_list ap) CLEAT_PRINTF(1, 0);

static char *format(const char *fmt, va_list ap) {
    char *text = NULL;
    if (vasprintf(&text, fmt, ap) < 0) {
        fprintf(stderr, "cleat: out of memory\n");
        abort();
    }
    return text;
}

char *cleat_sim_format(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = format(fmt, ap);
    va_end(ap);
    return text;
}

void cleat_sim_log(int level, const char *fmt, ...) {
    if (!SDK->log->enabled(level)) {
        return;
    }
    va_list ap;
    va_start(ap, fmt);
    char *text = format(fmt, ap);
    va_end(ap);
    SDK->log->write(level, "cloud-sim", text, NULL, 0);
    free(text);
}

cleat_obj *cleat_sim_parse(char *json) {
    cleat_obj *o = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (SDK->obj->parse(cleat_cstr(json), &o, &why) != CLEAT_OK) {
        fprintf(stderr, "cleat: cloud-sim made JSON that is none: %s: %s\n", why.message, json);
        abort();
    }
    free(json);
    return o;
}

uint64_t cleat_sim_random(uint64_t n) {
    return n > 0 ? SDK->clock->random() % n : 0;
}

int64_t cleat_sim_int(struct cleat_val v, int64_t def) {
    int64_t value = def;
    if (SDK->obj->integer(v, &value)) {
        return value;
    }
    return SDK->obj->type(v) == CLEAT_BOOL ? SDK->obj->boolean(v, 0) : def;
}
