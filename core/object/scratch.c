/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scanner's memory: one set of tables a thread, kept from text to text and
 * freed when the thread ends, so that to parse takes no lock and allocates
 * nothing but the object.
 */
#include "core/object/scan.h"

/* Scratch beyond this is given back after use. */
#define SCRATCH_KEEP (256u * 1024)

static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;
static _Thread_local struct scan_scratch *thread_scratch;

static void scratch_free(void *p) {
    struct scan_scratch *s = p;
    free(s->nodes);
    free(s->keys);
    free(s->drops);
    free(s->out);
    cleat_buf_done(&s->text);
    free(s);
    thread_scratch = NULL;
}

/* The main thread runs no key destructors. */
static void scratch_exit(void) {
    if (thread_scratch != NULL) {
        scratch_free(thread_scratch);
        pthread_setspecific(scratch_key, NULL);
    }
}

static void scratch_init(void) {
    cleat_assert(pthread_key_create(&scratch_key, scratch_free) == 0);
    atexit(scratch_exit);
}

struct scan_scratch *cleat_scan_scratch(void) {
    if (thread_scratch == NULL) {
        pthread_once(&scratch_once, scratch_init);
        thread_scratch = cleat_zalloc(sizeof *thread_scratch);
        pthread_setspecific(scratch_key, thread_scratch);
    }
    return thread_scratch;
}

void cleat_scan_trim(struct scan_scratch *s) {
    if (s->nodes_cap * sizeof *s->nodes > SCRATCH_KEEP) {
        free(s->nodes);
        s->nodes = NULL;
        s->nodes_cap = 0;
    }
    if (s->keys_cap * sizeof *s->keys > SCRATCH_KEEP) {
        free(s->keys);
        s->keys = NULL;
        s->keys_cap = 0;
    }
    if (s->drops_cap * sizeof *s->drops > SCRATCH_KEEP) {
        free(s->drops);
        s->drops = NULL;
        s->drops_cap = 0;
    }
    if (s->out_cap > SCRATCH_KEEP) {
        free(s->out);
        s->out = NULL;
        s->out_cap = 0;
    }
}

struct cleat_buf *cleat_json_scratch(void) {
    struct scan_scratch *s = cleat_scan_scratch();
    if (s->text.cap > SCRATCH_KEEP) {
        cleat_buf_done(&s->text);
    }
    s->text.n = 0;
    return &s->text;
}
