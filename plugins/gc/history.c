/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the collector did lately, and to what: a ring of short texts under a mutex
 * of its own, for those who ask why something is gone. Any thread.
 */
#include "collector.h"

void cleat_gc_history_init(struct cleat_gc_history *h) {
    *h = (struct cleat_gc_history){.next = 0};
    pthread_mutex_init(&h->mutex, NULL);
}

static void forget(struct cleat_gc_deed *d) {
    free(d->uid);
    free(d->object);
    free(d->text);
    *d = (struct cleat_gc_deed){0};
}

void cleat_gc_history_done(struct cleat_gc_history *h) {
    for (size_t i = 0; i < CLEAT_GC_DEEDS; i++) {
        forget(&h->at[i]);
    }
    pthread_mutex_destroy(&h->mutex);
}

char *cleat_gc_coordinates(const char *group, const char *resource, struct cleat_str ns,
                           struct cleat_str name) {
    return cleat_sdk_format("%s%s%s/%.*s/%.*s", resource, group[0] != 0 ? "." : "", group,
                            CLEAT_FMT(ns), CLEAT_FMT(name));
}

void cleat_gc_note(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                   const cleat_obj *obj, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = cleat_sdk_vformat(fmt, ap);
    va_end(ap);
    struct cleat_gc_deed d = {
        .when = SDK->clock->wall(),
        .uid = cleat_sdk_dup(SDK->obj->uid(obj)),
        .object =
            cleat_gc_coordinates(m->group, m->resource, SDK->obj->ns(obj), SDK->obj->name(obj)),
        .text = text,
    };
    cleat_sdk_log(SDK, c->dry_run ? CLEAT_LOG_INFO : CLEAT_LOG_DEBUG, c->name, "%s: %s", d.object,
                  d.text);
    struct cleat_gc_history *h = &c->history;
    pthread_mutex_lock(&h->mutex);
    forget(&h->at[h->next]);
    h->at[h->next] = d;
    h->next = (h->next + 1) % CLEAT_GC_DEEDS;
    pthread_mutex_unlock(&h->mutex);
}

void cleat_gc_history_each(struct cleat_collector *c, const char *uid, const char *object,
                           void (*fn)(void *userdata, const struct cleat_gc_deed *d),
                           void *userdata) {
    struct cleat_gc_history *h = &c->history;
    pthread_mutex_lock(&h->mutex);
    for (size_t k = 0; k < CLEAT_GC_DEEDS; k++) {
        const struct cleat_gc_deed *d = &h->at[(h->next + k) % CLEAT_GC_DEEDS];
        if (d->uid != NULL &&
            (uid != NULL ? strcmp(d->uid, uid) == 0 : strcmp(d->object, object) == 0)) {
            fn(userdata, d);
        }
    }
    pthread_mutex_unlock(&h->mutex);
}
