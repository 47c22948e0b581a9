/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration's own credentials: what is fixed is made once; a token's file is read
 * again each minute, a program is run again when what it said has expired, and both when
 * the server answers 401. Meanwhile calls that cannot go without wait here.
 */
#include "core/remote/internal.h"

#define FILE_EACH (60 * CLEAT_SECOND) /* as client-go */
#define AGAIN     (10 * CLEAT_SECOND)
#define REFUSED   (5 * CLEAT_SECOND)  /* not more often because of refusals */
#define EARLY     (60 * CLEAT_SECOND) /* before the end, or at nine tenths of the time */
enum { TOKEN_MAX = 1 << 20 };

struct load {
    struct cleat__rc_job job;
    char *authorization;
    cleat_time expires; /* wall; 0: nobody said */
    cleat_err err;
    struct cleat_error e;
};

void cleat__rc_auth_init(struct cleat__remote *r) {
    const struct cleat__rc_config *cfg = r->config;
    struct cleat__rc_auth *a = &r->auth;
    a->waiting.tail = &a->waiting.head;
    if (cfg->token_file != NULL || cfg->exec.command != NULL) {
        return;
    }
    a->fresh_until = a->valid_until = INT64_MAX;
    if (cfg->token != NULL) {
        a->authorization = cleat_sprintf("Bearer %s", cfg->token);
    } else if (cfg->username != NULL) {
        CLEAT_AUTO_FREE char *pair =
            cleat_sprintf("%s:%s", cfg->username, cfg->password != NULL ? cfg->password : "");
        CLEAT_AUTO_BUF coded = {0};
        cleat_base64(cleat_s(pair), &coded);
        a->authorization = cleat_sprintf("Basic %s", coded.p);
    }
}

static void forget(char *secret) {
    if (secret != NULL) {
        explicit_bzero(secret, strlen(secret));
        free(secret);
    }
}

void cleat__rc_auth_done(struct cleat__remote *r) {
    forget(r->auth.authorization);
}

/* ---- on a worker ---- */

static void read_token(struct load *l, const char *file) {
    CLEAT_AUTO_BUF text = {0};
    l->err = cleat__rc_read_whole(file, TOKEN_MAX, &text, &l->e);
    if (l->err != CLEAT_OK) {
        return;
    }
    while (text.n > 0 && (unsigned char)text.p[text.n - 1] <= ' ') {
        text.p[--text.n] = '\0';
    }
    if (text.n == 0 || strpbrk(text.p, "\r\n") != NULL || strlen(text.p) != text.n) {
        l->err = cleat_fail(&l->e, CLEAT_E_UNAVAILABLE, "%s: there is no token in it", file);
        return;
    }
    l->authorization = cleat_sprintf("Bearer %s", text.p);
    explicit_bzero(text.p, text.n);
}

static void run_program(struct load *l) {
    struct cleat__remote *r = l->job.r;
    struct cleat__rc_exec_answer a = {0};
    l->err = cleat__rc_exec_run(&r->config->exec, &r->work_stop, &a, &l->e);
    if (l->err == CLEAT_OK) {
        l->authorization = a.token != NULL ? cleat_sprintf("Bearer %s", a.token) : NULL;
        l->expires = a.expires;
        if (a.cert != NULL) {
            cleat__rc_tls_set_exec(r, a.cert, a.key);
        }
    }
    cleat__rc_exec_answer_done(&a);
}

static void load(struct cleat__rc_job *j) {
    struct load *l = (struct load *)j;
    if (j->r->config->token_file != NULL) {
        read_token(l, j->r->config->token_file);
    } else {
        run_program(l);
    }
}

/* ---- and back ---- */

static void taken(struct cleat__rc_auth *a, struct load *l, bool file) {
    cleat_time now = cleat_now_mono();
    forget(a->authorization);
    a->authorization = CLEAT_STEAL(l->authorization);
    a->valid_until = a->fresh_until = INT64_MAX;
    if (file) {
        a->fresh_until = now + FILE_EACH;
    } else if (l->expires != 0) {
        cleat_time left = l->expires - cleat_now_wall();
        left = left > 0 ? left : 0;
        cleat_time early = left / 10 < EARLY ? left / 10 : EARLY;
        a->valid_until = now + left;
        a->fresh_until = a->valid_until - early;
    }
}

static void on_loaded(struct cleat__rc_msg *m) {
    struct load *l = (struct load *)m;
    struct cleat__remote *r = l->job.r;
    struct cleat__rc_auth *a = &r->auth;
    cleat_time now = cleat_now_mono();
    a->loading = false;
    a->loaded = now;
    bool usable = l->err == CLEAT_OK || now < a->valid_until;
    if (l->err == CLEAT_OK) {
        taken(a, l, r->config->token_file != NULL);
    } else if (usable) {
        a->fresh_until = now + AGAIN;
        cleat_logf(CLEAT_LOG_WARN, "remote", "credentials are not renewed: %s", l->e.message);
    }
    struct cleat__rc_queue had = a->waiting;
    struct cleat__rc_call *c = had.head;
    a->waiting = (struct cleat__rc_queue){0};
    a->waiting.tail = &a->waiting.head;
    for (struct cleat__rc_call *next; c != NULL; c = next) {
        next = c->next;
        c->queue = NULL;
        c->state = CLEAT__CALL_NEW;
        if (!usable) {
            cleat__rc_call_fail(c, CLEAT_E_UNAVAILABLE, "getting credentials: %s", l->e.message);
        } else if (l->err == CLEAT_OK && cleat_now_mono() >= a->valid_until) {
            cleat__rc_call_fail(c, CLEAT_E_UNAVAILABLE,
                                "getting credentials: they have expired already");
        } else {
            cleat__rc_call_go(c);
        }
    }
    forget(l->authorization);
    free(l);
}

bool cleat__rc_auth_ready(struct cleat__rc_call *c) {
    struct cleat__rc_auth *a = &c->r->auth;
    cleat_time now = cleat_now_mono();
    if (now < a->fresh_until) {
        return true;
    }
    if (!a->loading) {
        struct load *l = cleat_zalloc(sizeof *l);
        l->e.struct_size = sizeof l->e;
        l->job.work = load;
        l->job.msg.fn = on_loaded;
        a->loading = true;
        cleat__rc_job_start(c->r, &l->job);
    }
    if (now < a->valid_until) {
        return true;
    }
    cleat__rc_call_push(&a->waiting, c);
    return false;
}

bool cleat__rc_auth_refused(struct cleat__remote *r) {
    struct cleat__rc_auth *a = &r->auth;
    bool can = r->config->token_file != NULL || r->config->exec.command != NULL;
    if (!can || (!a->loading && cleat_now_mono() - a->loaded < REFUSED)) {
        return false;
    }
    a->fresh_until = a->valid_until = 0;
    return true;
}
