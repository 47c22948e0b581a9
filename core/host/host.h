/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 2: the plugin host: loading, configuration, life cycle, providers.
 * Needs a client; knows neither registry nor API server.
 */
#ifndef CLEAT_CORE_HOST_H
#define CLEAT_CORE_HOST_H

#include <cleat/cloud.h>
#include <cleat/plugin.h>
#include "core/controller/controller.h"

typedef struct cleat_hostd cleat_hostd;

/* What the command line and the configuration file say; the host copies what it keeps. */
struct cleat_host_opts {
    const char *const *plugin_dirs; /* search path, NULL-ended; earlier wins on the same id */
    const char *controllers;        /* "*,-route": upstream's rules; NULL = "*" */
    const char *cloud_providers;    /* "sim" or "sim,linux"; NULL or "" = none */
    const char *cloud_config;       /* file, or NULL */
    const char *config;             /* YAML or JSON file, or NULL */
    const char *const *
        flags; /* "node-status-update-frequency=10s" that cleatd does not know itself, NULL-ended */
    bool manual;                  /* no threads (simulator) */
    const char *const *own_flags; /* as flags, of flags that are the caller's: options may name
                                     them as well, and need not */
    bool attached; /* beside a kube-controller-manager: see CLEAT_OFF_WHERE_ATTACHED */
    const char *const *config_keys; /* more top-level keys of the file, the caller's; NULL-ended */
    const char *manager;            /* of running_managed_controllers; NULL = "cleatd" */
    cleat_time start_interval;      /* between the starts of two controllers */
};

/* Loads the plugins (a bad one is refused with its reason and the rest goes on);
 * checks the configuration. transport makes a client for each controller; NULL: given
 * later by cleat_hostd_use, or never where nothing is to be started. One host a
 * process at a time. [load] */
cleat_err cleat_hostd_new(struct cleat_transport *t, const struct cleat_host_opts *o,
                          cleat_hostd **ret, struct cleat_error *e);
void cleat_hostd_use(cleat_hostd *h, struct cleat_transport *t);
/* CRD manifests of all loaded plugins and of the host itself (controllers.cleat.dev,
 * plugins.cleat.dev). i-th, or NULL. */
const char *cleat_hostd_crd(cleat_hostd *h, size_t i);
/* Begins to create and start providers, then controllers, on the host's thread; what fails
 * is reported and tried again, so this does not. */
cleat_err cleat_hostd_start(cleat_hostd *h, struct cleat_error *e);
/* Reads the configuration again; the host's thread then starts, stops and restarts what
 * changed (SIGHUP). On an error nothing changes. */
cleat_err cleat_hostd_reload(cleat_hostd *h, struct cleat_error *e);
/* Two-phase stop of everything, with a deadline; logs who is late. Returns how many
 * controllers and providers are: where that is not 0 their code still runs, and all
 * that is left to do is to end the process (cleat_hostd_free leaves them what they use),
 * or to call this again later. */
int cleat_hostd_stop(cleat_hostd *h, cleat_time timeout);
void cleat_hostd_free(cleat_hostd *h);
int cleat_hostd_step(cleat_hostd *h); /* manual */
/* What is loaded, refused and offered, with options and defaults, as text. */
void cleat_hostd_describe(cleat_hostd *h, struct cleat_buf *out);
/* The flags that options of loaded plugins name, for --help. */
void cleat_hostd_describe_flags(cleat_hostd *h, struct cleat_buf *out);
/* Loads one file and checks it as the host would; the refusal in *e. For `cleat plugin check`. */
cleat_err cleat_plugin_probe(const char *path, struct cleat_buf *report, struct cleat_error *e);
/* <folder of the program>/../<below>, or NULL where there is nothing; owned. */
char *cleat_beside_program(const char *below);

#endif
