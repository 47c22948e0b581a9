/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table of nftables, through libnftables: each change is one transaction,
 * so that no packet meets half of it. What has not changed is not touched, and
 * sets that remember clients outlive everything but their node. Somebody else's
 * change shows in the kernel's generation number; then the table is read and,
 * where it is not as it was left, written again. One thread.
 */
#include "lin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <nftables/libnftables.h>

struct cleat_lin_ruleset {
    char *table;
    struct nft_ctx *nft;
    bool known; /* the table is as `have` says, but for what others do */
    struct cleat_lin_piece **have;
    size_t n_have;
    char *near, *seen;   /* text of the near sets; the listing after the last change */
    uint32_t generation; /* when it was seen */
};

static const char *const base_names[] = {
    "chain prerouting", "chain output",  "chain postrouting", "chain input",     "chain hints",
    "set vips4",        "set vips6",     "set masquerade4",   "set masquerade6", "set near4",
    "set near6",        "map services4", "map services6",
};
enum { N_BASE = sizeof base_names / sizeof *base_names, N_BASE_CHAINS = 5 };

/* ---- the library ---- */

/* The kernel's generation number of all tables. 0 or an errno. */
static int on_generation(const struct nlmsghdr *h, void *data) {
    const struct nlattr *attr;
    mnl_attr_for_each(attr, h, sizeof(struct nfgenmsg)) {
        if (mnl_attr_get_type(attr) == NFTA_GEN_ID) {
            *(uint32_t *)data = ntohl(mnl_attr_get_u32(attr));
        }
    }
    return MNL_CB_OK;
}

static int read_generation(uint32_t *ret) {
    char buf[4096] = "";
    struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
    h->nlmsg_type = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETGEN;
    h->nlmsg_flags = NLM_F_REQUEST;
    h->nlmsg_seq = 1;
    struct nfgenmsg *m = mnl_nlmsg_put_extra_header(h, sizeof *m);
    m->version = NFNETLINK_V0;
    struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
    int err = nl == NULL ? errno : 0;
    ssize_t n = -1;
    if (err == 0 &&
        (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
         mnl_socket_sendto(nl, h, h->nlmsg_len) < 0 ||
         (n = mnl_socket_recvfrom(nl, buf, sizeof buf)) < 0 ||
         mnl_cb_run(buf, (size_t)n, 1, mnl_socket_get_portid(nl), on_generation, ret) < 0)) {
        err = errno;
    }
    if (nl != NULL) {
        mnl_socket_close(nl);
    }
    return err;
}

/* The library's words without its line breaks. */
static cleat_err complain(struct cleat_lin_ruleset *r, struct cleat_error *reterr) {
    char *text = cleat_sdk_dup(cleat_cstr(nft_ctx_get_error_buffer(r->nft)));
    text[strcspn(text, "\n")] = 0;
    cleat_err err = cleat_errorf(reterr, CLEAT_E_TRANSIENT, "linux: nftables: %s",
                                 text[0] != 0 ? text : "failed without a word");
    free(text);
    return err;
}

static cleat_err run(struct cleat_lin_ruleset *r, const char *text, struct cleat_error *reterr) {
    int failed = nft_run_cmd_from_buffer(r->nft, text);
    if (failed) {
        return complain(r, reterr);
    }
    (void)nft_ctx_get_error_buffer(r->nft); /* empties it */
    (void)nft_ctx_get_output_buffer(r->nft);
    return CLEAT_OK;
}

cleat_err cleat_lin_ruleset_new(const char *table, struct cleat_lin_ruleset **ret,
                                struct cleat_error *reterr) {
    uint32_t generation = 0;
    int err = read_generation(&generation); /* the library would end the process instead */
    if (err != 0) {
        return cleat_lin_errno(reterr, err, "talk to nftables");
    }
    struct cleat_lin_ruleset *r = cleat_sdk_alloc(1, sizeof *r);
    r->table = cleat_sdk_dup(cleat_cstr(table));
    r->nft = nft_ctx_new(NFT_CTX_DEFAULT);
    if (r->nft == NULL || nft_ctx_buffer_output(r->nft) != 0 || nft_ctx_buffer_error(r->nft) != 0) {
        cleat_lin_ruleset_free(r);
        return cleat_errorf(reterr, CLEAT_E_TRANSIENT, "linux: no context of libnftables");
    }
    *ret = r;
    return CLEAT_OK;
}

static void drop_have(struct cleat_lin_ruleset *r) {
    for (size_t i = 0; i < r->n_have; i++) {
        cleat_lin_piece_free(r->have[i]);
    }
    free(r->have);
    r->have = NULL;
    r->n_have = 0;
}

void cleat_lin_ruleset_free(struct cleat_lin_ruleset *r) {
    if (r == NULL) {
        return;
    }
    drop_have(r);
    if (r->nft != NULL) {
        nft_ctx_free(r->nft);
    }
    free(r->near);
    free(r->seen);
    free(r->table);
    free(r);
}

/* ---- reading the table ---- */

/* All of it but what the sets that remember clients hold; NULL where there is no table. */
static char *list_table(struct cleat_lin_ruleset *r) {
    struct cleat_lin_text out = {0};
    char *cmd = cleat_sdk_format("list table inet %s", r->table);
    nft_ctx_output_set_flags(r->nft, NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_TERSE |
                                         NFT_CTX_OUTPUT_NUMERIC_ALL);
    bool there = nft_run_cmd_from_buffer(r->nft, cmd) == 0;
    cleat_lin_addf(&out, "%s", nft_ctx_get_output_buffer(r->nft));
    free(cmd);
    nft_ctx_output_set_flags(r->nft, NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_ALL);
    for (size_t i = N_BASE_CHAINS; there && i < N_BASE; i++) {
        const char *name = strchr(base_names[i], ' ');
        cmd = cleat_sdk_format("list %.*s inet %s%s", (int)(name - base_names[i]), base_names[i],
                               r->table, name);
        if (nft_run_cmd_from_buffer(r->nft, cmd) == 0) {
            cleat_lin_addf(&out, "%s", nft_ctx_get_output_buffer(r->nft));
        }
        free(cmd);
    }
    (void)nft_ctx_get_error_buffer(r->nft);
    if (!there) {
        cleat_lin_text_done(&out);
    }
    return out.p;
}

/* Remembers how the table looks now, if nobody changes anything meanwhile. */
static void remember(struct cleat_lin_ruleset *r) {
    uint32_t before = 0, after = 1;
    for (int i = 0; i < 3 && before != after; i++) {
        free(r->seen);
        r->seen = NULL;
        if (read_generation(&before) == 0) {
            r->seen = list_table(r);
        }
        if (read_generation(&after) != 0) {
            after = before + 1;
        }
    }
    r->generation = before == after ? after : after - 1; /* unsure: look again next time */
}

/* Calls add for each "chain x", "set x", "map x" of a listing. */
static void each_name(const char *listing, struct cleat_lin_piece *into) {
    static const char *const kinds[] = {"\tchain ", "\tset ", "\tmap "};
    for (const char *line = listing; line != NULL && *line != 0;) {
        for (size_t i = 0; i < 3; i++) {
            size_t n = strlen(kinds[i]), len = strcspn(line, "\n");
            if (strncmp(line, kinds[i], n) == 0 && len > n + 2 &&
                strncmp(line + len - 2, " {", 2) == 0) {
                char *name = cleat_sdk_format("%.*s", (int)(len - 3), line + 1);
                CLEAT_LIN_PUSH(into->names, into->n_names, name);
            }
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
}

/* ---- writing it ---- */

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every name that is to stay, sorted; borrowed. */
static const char **wanted_names(struct cleat_lin_piece *const *pieces, size_t n, size_t *ret_n) {
    size_t total = N_BASE;
    for (size_t i = 0; i < n; i++) {
        total += pieces[i]->n_names;
    }
    const char **v = cleat_sdk_alloc(total, sizeof *v);
    memcpy(v, base_names, sizeof base_names);
    size_t at = N_BASE;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < pieces[i]->n_names; k++) {
            v[at++] = pieces[i]->names[k];
        }
    }
    qsort(v, total, sizeof *v, by_text);
    *ret_n = total;
    return v;
}

/* What is there and not wanted goes: first what chains say, then they, then sets. */
static void render_removals(const char *table, struct cleat_lin_piece *const *old, size_t n_old,
                            struct cleat_lin_piece *const *pieces, size_t n,
                            struct cleat_lin_text *out) {
    size_t n_wanted = 0;
    const char **wanted = wanted_names(pieces, n, &n_wanted);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < n_old; i++) {
            for (size_t k = 0; k < old[i]->n_names; k++) {
                const char *name = old[i]->names[k], *word = strchr(name, ' ');
                bool chain = strncmp(name, "chain ", 6) == 0;
                if (chain != (round < 2) ||
                    bsearch(&name, wanted, n_wanted, sizeof *wanted, by_text) != NULL) {
                    continue;
                }
                cleat_lin_addf(out, "%s %.*s inet %s%s\n", round == 0 ? "flush" : "delete",
                               (int)(word - name), name, table, word);
            }
        }
    }
    free(wanted);
}

static const struct cleat_lin_piece *find_piece(struct cleat_lin_piece *const *v, size_t n,
                                                const char *name) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(v[i]->name, name) == 0) {
            return v[i];
        }
    }
    return NULL;
}

static void add_text(struct cleat_lin_text *out, const struct cleat_lin_text *t) {
    if (t->n > 0) {
        cleat_lin_addf(out, "%s", t->p);
    }
}

static void render_pieces(const struct cleat_lin_ruleset *r, bool full,
                          struct cleat_lin_piece *const *pieces, size_t n,
                          struct cleat_lin_text *out) {
    bool *changed = cleat_sdk_alloc(n, sizeof *changed);
    bool maps = full || n != r->n_have;
    for (size_t i = 0; i < n; i++) {
        const struct cleat_lin_piece *was =
            full ? NULL : find_piece(r->have, r->n_have, pieces[i]->name);
        changed[i] = was == NULL || !cleat_lin_piece_equal(was, pieces[i]);
        maps |= changed[i];
        if (!changed[i]) {
            continue;
        }
        add_text(out, &pieces[i]->sets);
        add_text(out, &pieces[i]->chains);
        for (size_t k = 0; k < pieces[i]->n_names; k++) {
            if (strncmp(pieces[i]->names[k], "chain ", 6) == 0) {
                cleat_lin_addf(out, "flush chain inet %s %s\n", r->table, pieces[i]->names[k] + 6);
            }
        }
    }
    if (maps) {
        static const char *const held[] = {"set vips",       "4", "set vips",       "6",
                                           "set masquerade", "4", "set masquerade", "6",
                                           "map services",   "4", "map services",   "6"};
        for (size_t i = 0; i < sizeof held / sizeof *held; i += 2) {
            const char *word = strchr(held[i], ' ');
            cleat_lin_addf(out, "flush %.*s inet %s%s%s\n", (int)(word - held[i]), held[i],
                           r->table, word, held[i + 1]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (changed[i]) {
            add_text(out, &pieces[i]->rules);
        }
    }
    for (size_t i = 0; maps && i < n; i++) {
        add_text(out, &pieces[i]->elements);
    }
    free(changed);
}

/* All of the table: over what is there, or instead of it. */
static cleat_err write_full(struct cleat_lin_ruleset *r, bool anew,
                            struct cleat_lin_piece *const *pieces, size_t n, const char *near,
                            struct cleat_error *reterr) {
    struct cleat_lin_text out = {0};
    struct cleat_lin_piece present = {0}, *list = &present;
    char *listing = NULL;
    if (anew) {
        cleat_lin_addf(&out, "add table inet %s\ndelete table inet %s\n", r->table, r->table);
    } else {
        listing = list_table(r);
        each_name(listing, &present);
    }
    cleat_lin_render_base(r->table, &out);
    render_pieces(r, true, pieces, n, &out);
    cleat_lin_addf(&out, "%s", near);
    render_removals(r->table, &list, 1, pieces, n, &out);
    cleat_err err = run(r, out.p, reterr);
    for (size_t i = 0; i < present.n_names; i++) {
        free(present.names[i]);
    }
    free(present.names);
    free(listing);
    cleat_lin_text_done(&out);
    return err;
}

static cleat_err write_changes(struct cleat_lin_ruleset *r, struct cleat_lin_piece *const *pieces,
                               size_t n, const char *near, bool *wrote,
                               struct cleat_error *reterr) {
    struct cleat_lin_text out = {0};
    render_pieces(r, false, pieces, n, &out);
    if (r->near == NULL || strcmp(r->near, near) != 0) {
        cleat_lin_addf(&out, "%s", near);
    }
    render_removals(r->table, r->have, r->n_have, pieces, n, &out);
    *wrote = out.n > 0;
    cleat_err err = *wrote ? run(r, out.p, reterr) : CLEAT_OK;
    cleat_lin_text_done(&out);
    return err;
}

static cleat_err write_table(struct cleat_lin_ruleset *r, struct cleat_lin_piece *const *pieces,
                             size_t n, const char *near, struct cleat_error *reterr) {
    bool wrote = true;
    cleat_err err = CLEAT_E_TRANSIENT;
    if (n == 0) {
        wrote = !r->known || r->n_have > 0;
        char *text =
            cleat_sdk_format("add table inet %s\ndelete table inet %s\n", r->table, r->table);
        err = wrote ? run(r, text, reterr) : CLEAT_OK;
        free(text);
    } else {
        if (r->known && r->n_have > 0) {
            err = write_changes(r, pieces, n, near, &wrote, NULL);
        }
        if (err != CLEAT_OK) {
            err = write_full(r, false, pieces, n, near, NULL);
        }
        if (err != CLEAT_OK) { /* something of ours is of another make: begin anew */
            err = write_full(r, true, pieces, n, near, reterr);
        }
    }
    if (err == CLEAT_OK && wrote) {
        remember(r);
    }
    return err;
}

cleat_err cleat_lin_ruleset_apply(struct cleat_lin_ruleset *r, struct cleat_lin_piece **pieces,
                                  size_t n, const struct cleat_lin_addr *near, size_t n_near,
                                  struct cleat_error *reterr) {
    struct cleat_lin_text near_text = {0};
    cleat_lin_render_near(r->table, near, n_near, &near_text);
    cleat_err err = write_table(r, pieces, n, near_text.p, reterr);
    drop_have(r);
    r->have = pieces;
    r->n_have = n;
    r->known = err == CLEAT_OK;
    free(r->near);
    r->near = near_text.p;
    return err;
}

cleat_err cleat_lin_ruleset_check(struct cleat_lin_ruleset *r, bool *repaired,
                                  struct cleat_error *reterr) {
    uint32_t now = 0;
    int e = read_generation(&now);
    if (e != 0) {
        return cleat_lin_errno(reterr, e, "talk to nftables");
    }
    if (r->known && now == r->generation) {
        return CLEAT_OK;
    }
    if (r->known) {
        char *seen = list_table(r);
        bool same =
            (seen == NULL) == (r->seen == NULL) && (seen == NULL || strcmp(seen, r->seen) == 0);
        free(seen);
        if (same) {
            r->generation = now; /* what changed was not ours */
            return CLEAT_OK;
        }
    }
    r->known = false;
    cleat_err err = write_table(r, r->have, r->n_have, r->near != NULL ? r->near : "", reterr);
    r->known = err == CLEAT_OK;
    *repaired = err == CLEAT_OK;
    return err;
}
