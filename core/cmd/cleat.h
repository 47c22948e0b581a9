/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of the cleat program. Each gets what follows its name and returns an exit code. */
#ifndef CLEAT_CMD_CLEAT_H
#define CLEAT_CMD_CLEAT_H

#include "core/host/host.h"

int cleat_cmd_check(int argc, char **argv);   /* cleat plugin check FILE.so */
int cleat_cmd_new(int argc, char **argv);     /* cleat plugin new NAME DIR */
int cleat_cmd_plugins(int argc, char **argv); /* cleat plugins [--plugin-dir DIR]... */
int cleat_cmd_crds(int argc, char **argv);    /* cleat crds [--plugin-dir DIR]... */
int cleat_cmd_why(int argc, char **argv);     /* cleat why KIND NAME */
int cleat_cmd_graph(int argc, char **argv);   /* cleat graph KIND NAME [--json] */
/* Prints "cleat: ..." to standard error; returns code. */
int cleat_cmd_fail(int code, const char *fmt, ...) CLEAT_PRINTF(2, 3);

#endif
