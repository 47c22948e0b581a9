/* SPDX-License-Identifier: Apache-2.0 */
/* Where the program's own files are: beside the folder that it was started from. */
#include "core/host/host.h"

#include <limits.h>
#include <unistd.h>

char *cleat_beside_program(const char *below) {
    CLEAT_AUTO_FREE char *exe = realpath("/proc/self/exe", NULL);
    for (int up = 0; exe != NULL && up < 2; up++) {
        char *slash = strrchr(exe, '/');
        if (slash == NULL) {
            return NULL;
        }
        *slash = 0;
    }
    char *path = exe != NULL ? cleat_sprintf("%s/%s", exe, below) : NULL;
    if (path != NULL && access(path, R_OK) != 0) {
        free(path);
        path = NULL;
    }
    return path;
}
