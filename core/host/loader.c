/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading: which files are looked at, what each must pass before its code runs,
 * and the handshake of cleat/plugin.h. A file that does not pass is kept with its
 * reason and the rest goes on. Handles stay open: a plugin may have left threads,
 * exit handlers or strings behind. One thread, before anything runs.
 */
#include "core/host/internal.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

void cleat_plugin_free(struct cleat_plugin *p) {
    if (p != NULL) {
        free(p->path);
        free(p->label);
        free(p->reason);
        free(p->id);
        free(p->version);
        free(p);
    }
}

/* The folder must not let strangers put files there. */
static cleat_err check_folder(const char *path, struct cleat_error *e) {
    const char *slash = strrchr(path, '/');
    CLEAT_AUTO_FREE char *dir =
        slash == NULL
            ? cleat_strdup(".")
            : cleat_strndup((struct cleat_str){path, slash == path ? 1 : (size_t)(slash - path)});
    struct stat st;
    if (stat(dir, &st) != 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", dir, strerror(errno));
    }
    if (st.st_mode & S_IWOTH) {
        return cleat_fail(e, CLEAT_E_FORBIDDEN,
                          "its folder %s has mode %04o, which lets others write there; want no "
                          "write permission for others",
                          dir, st.st_mode & 07777);
    }
    return CLEAT_OK;
}

cleat_err cleat_plugin_check_file(const char *path, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *real = realpath(path, NULL);
    struct stat st;
    if (real == NULL || stat(real, &st) != 0) {
        return cleat_fail(e, errno == ENOENT ? CLEAT_E_NOT_FOUND : CLEAT_E_IO, "%s",
                          strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return cleat_fail(e, CLEAT_E_FORBIDDEN, "not a regular file (mode %06o)", st.st_mode);
    }
    if (st.st_mode & (S_IWGRP | S_IWOTH)) {
        return cleat_fail(e, CLEAT_E_FORBIDDEN,
                          "its mode %04o lets others write to it; want at most 0755",
                          st.st_mode & 07777);
    }
    if (st.st_uid != 0 && st.st_uid != geteuid()) {
        return cleat_fail(e, CLEAT_E_FORBIDDEN, "owned by uid %u; want uid 0 or %u",
                          (unsigned)st.st_uid, (unsigned)geteuid());
    }
    CLEAT_TRY(check_folder(real, e));
    return check_folder(path, e);
}

cleat_err cleat_plugin_open(struct cleat_plugin *p, struct cleat_error *e) {
    /* dlopen looks through the library path for a name without a slash. */
    CLEAT_AUTO_FREE char *real = realpath(p->path, NULL);
    void *handle = dlopen(real ? real : p->path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        const char *why = dlerror();
        return cleat_fail(e, CLEAT_E_ABI, "cannot be loaded: %s", why ? why : "dlopen failed");
    }
    void *symbol = dlsym(handle, CLEAT_PLUGIN_ENTRY_SYMBOL);
    if (symbol == NULL) {
        return cleat_fail(e, CLEAT_E_ABI, "has no symbol \"%s\", which this host looks for",
                          CLEAT_PLUGIN_ENTRY_SYMBOL);
    }
    cleat_plugin_entry_fn fn;
    memcpy(&fn, &symbol, sizeof fn); /* ISO C has no cast from object to function */
    p->entry = fn();
    if (p->entry == NULL) {
        return cleat_fail(e, CLEAT_E_ABI, "%s() returned NULL", CLEAT_PLUGIN_ENTRY_SYMBOL);
    }
    return CLEAT_OK;
}

static cleat_err check_abi(const struct cleat_abi *abi, struct cleat_error *e) {
    if (abi->magic != CLEAT_ABI_MAGIC) {
        return cleat_fail(e, CLEAT_E_ABI, "magic is 0x%08x; this host's is 0x%08x", abi->magic,
                          CLEAT_ABI_MAGIC);
    }
    if (abi->major != CLEAT_ABI_MAJOR) {
        return cleat_fail(e, CLEAT_E_ABI, "built for ABI %u.%u; this host has %u.%u", abi->major,
                          abi->minor, CLEAT_ABI_MAJOR, CLEAT_ABI_MINOR);
    }
    if (abi->struct_size < sizeof(struct cleat_plugin_entry)) {
        return cleat_fail(e, CLEAT_E_ABI,
                          "struct cleat_plugin_entry has %u bytes; this host needs at least %zu",
                          abi->struct_size, sizeof(struct cleat_plugin_entry));
    }
    return CLEAT_OK;
}

static cleat_err check_info(const struct cleat_plugin_entry *entry, struct cleat_error *e) {
    const struct cleat_plugin_info *info = entry->info;
    if (info == NULL || info->struct_size < sizeof *info) {
        return cleat_fail(e, CLEAT_E_ABI,
                          "struct cleat_plugin_info has %u bytes; this host needs at least %zu",
                          info ? info->struct_size : 0, sizeof *info);
    }
    if (info->id == NULL || info->id[0] == 0 || info->version == NULL) {
        return cleat_fail(e, CLEAT_E_ABI, "struct cleat_plugin_info has no id or no version");
    }
    if (entry->init == NULL || entry->get_factory == NULL) {
        return cleat_fail(e, CLEAT_E_ABI, "struct cleat_plugin_entry has no %s",
                          entry->init == NULL ? "init" : "get_factory");
    }
    return CLEAT_OK;
}

static cleat_err check_needs(const struct cleat_plugin_entry *entry, struct cleat_error *e) {
    const char *const *needs = entry->info->needs;
    for (size_t i = 0; needs != NULL && needs[i] != NULL; i++) {
        if (cleat_host_table.get_extension(&cleat_host_table, needs[i]) == NULL) {
            return cleat_fail(e, CLEAT_E_ABI,
                              "needs \"%s\", which this host does not have (built for ABI %u.%u; "
                              "this host has %u.%u)",
                              needs[i], entry->abi.major, entry->abi.minor, CLEAT_ABI_MAJOR,
                              CLEAT_ABI_MINOR);
        }
    }
    return CLEAT_OK;
}

cleat_err cleat_plugin_handshake(const struct cleat_offers *o, struct cleat_plugin *p,
                                 struct cleat_error *e) {
    CLEAT_TRY(check_abi(&p->entry->abi, e));
    CLEAT_TRY(check_info(p->entry, e));
    p->id = cleat_strdup(p->entry->info->id);
    p->version = cleat_strdup(p->entry->info->version);
    for (size_t i = 0; i < o->n_plugins; i++) {
        const struct cleat_plugin *other = o->plugins[i];
        if (other != p && other->reason == NULL && strcmp(other->id, p->id) == 0) {
            return cleat_fail(e, CLEAT_E_EXISTS,
                              "id \"%s\" is taken by %s (version %s; this is %s)", p->id,
                              other->path, other->version, p->version);
        }
    }
    return check_needs(p->entry, e);
}

cleat_err cleat_plugin_load(struct cleat_offers *o, struct cleat_plugin *p, struct cleat_error *e) {
    CLEAT_TRY(cleat_plugin_check_file(p->path, e));
    CLEAT_TRY(cleat_plugin_open(p, e));
    CLEAT_TRY(cleat_plugin_handshake(o, p, e));
    struct cleat_error why = CLEAT_ERROR_INIT;
    cleat_err err = p->entry->init(&cleat_host_table, &why);
    if (err != CLEAT_OK) {
        return cleat_fail(e, err, "init failed: %s (%s)",
                          why.message[0] ? why.message : "no reason given", cleat_err_name(err));
    }
    p->initialized = true;
    err = cleat_offers_add(o, p, e);
    if (err != CLEAT_OK) {
        p->initialized = false;
        if (p->entry->deinit != NULL) {
            p->entry->deinit();
        }
    }
    return err;
}

/* ---- the search ---------------------------------------------------------- */

/* A name for the file's API object: its stem, as far as a name may have it. */
static char *make_label(const struct cleat_offers *o, const char *path) {
    const char *slash = strrchr(path, '/');
    struct cleat_str stem = cleat_s(slash ? slash + 1 : path);
    stem.n -= stem.n > 3 ? 3 : 0; /* ".so" */
    struct cleat_buf out = {0};
    for (size_t i = 0; i < stem.n && out.n < 200; i++) {
        char c = stem.p[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        bool alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (alnum || (out.n > 0 && out.p[out.n - 1] != '-')) {
            cleat_buf_putc(&out, alnum ? c : '-');
        }
    }
    while (out.n > 0 && out.p[out.n - 1] == '-') {
        out.n--;
    }
    char *base = cleat_buf_take(&out);
    if (base[0] == 0) {
        free(base);
        base = cleat_strdup("plugin");
    }
    char *label = cleat_strdup(base);
    for (size_t i = 0, n = 2; i < o->n_plugins; i++) {
        if (strcmp(o->plugins[i]->label, label) == 0) {
            free(label);
            label = cleat_sprintf("%s-%zu", base, n++);
            i = (size_t)-1; /* look at all of them again */
        }
    }
    free(base);
    return label;
}

static void load_file(struct cleat_offers *o, char *path) {
    struct cleat_plugin *p = cleat_zalloc(sizeof *p);
    p->path = path;
    p->label = make_label(o, path);
    o->plugins = cleat_rearray(o->plugins, o->n_plugins + 1, sizeof(struct cleat_plugin *));
    o->plugins[o->n_plugins++] = p;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat_plugin_load(o, p, &e) != CLEAT_OK) {
        p->reason = cleat_strdup(e.message);
        cleat_logf(CLEAT_LOG_WARN, "host", "plugin %s refused: %s", path, e.message);
        return;
    }
    cleat_logf(CLEAT_LOG_DEBUG, "host", "plugin %s loaded: %s %s", path, p->id, p->version);
}

static int is_plugin_name(const struct dirent *d) {
    size_t n = strlen(d->d_name);
    return n > 3 && d->d_name[0] != '.' && strcmp(d->d_name + n - 3, ".so") == 0;
}

static bool seen_before(const char *const *dirs, size_t i) {
    struct stat a, b;
    if (stat(dirs[i], &a) != 0) {
        return false;
    }
    for (size_t k = 0; k < i; k++) {
        if (stat(dirs[k], &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino) {
            return true;
        }
    }
    return false;
}

void cleat_offers_load(struct cleat_offers *o, const char *const *dirs) {
    for (size_t i = 0; dirs != NULL && dirs[i] != NULL; i++) {
        if (seen_before(dirs, i)) {
            continue;
        }
        struct dirent **names;
        int n = scandir(dirs[i], &names, is_plugin_name, alphasort);
        if (n < 0) {
            cleat_logf(CLEAT_LOG_WARN, "host", "plugin folder %s: %s", dirs[i], strerror(errno));
            continue;
        }
        for (int k = 0; k < n; k++) {
            load_file(o, cleat_sprintf("%s/%s", dirs[i], names[k]->d_name));
            free(names[k]);
        }
        free(names);
    }
}

void cleat_offers_done(struct cleat_offers *o) {
    for (size_t i = o->n_plugins; i-- > 0;) {
        struct cleat_plugin *p = o->plugins[i];
        if (p->initialized && p->entry->deinit != NULL) {
            p->entry->deinit();
        }
        cleat_plugin_free(p);
    }
    for (size_t i = 0; i < o->n; i++) {
        free(o->v[i].own_options);
    }
    free(o->plugins);
    free(o->v);
    *o = (struct cleat_offers){0};
}
