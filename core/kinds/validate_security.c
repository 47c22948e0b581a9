/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Security contexts of pods and containers, and what of a spec depends on them
 * (pkg/apis/core/validation). Pure; any thread.
 */
#include "core/kinds/podparts.h"

static bool flag(struct cleat_val v, const char *member) {
    return cleat_val_bool(cleat_val_get(v, member), 0);
}

static void check_id(struct cleat_check *c, struct cleat_val v, const char *member) {
    cleat_check_range(c, v, member, 0, INT32_MAX);
}

/* seccompProfile and appArmorProfile: a type, and a profile where it is Localhost. */
static void check_profile(struct cleat_check *c, struct cleat_val of, const char *member,
                          const char *what) {
    static const char *const types[] = {"Localhost", "RuntimeDefault", "Unconfined", NULL};
    struct cleat_val v = cleat_val_get(of, member), type = cleat_val_get(v, "type");
    struct cleat_val file = cleat_val_get(v, "localhostProfile");
    bool local = cleat_eqc(cleat_val_str(type), "Localhost");
    if (cleat_absent(v)) {
        return;
    }
    size_t place = cleat_check_in(c, member);
    if (cleat_val_str(type).n == 0) {
        CLEAT_AUTO_FREE char *why = cleat_sprintf("type is required when %s is set", member);
        cleat_check_required(c, "type", why);
    } else if (!cleat_one_of(cleat_val_str(type), types)) {
        cleat_check_unsupported(c, "type", type, types);
    }
    if (local && cleat_val_str(file).n == 0) {
        CLEAT_AUTO_FREE char *why = cleat_sprintf("must be set when %s type is Localhost", what);
        cleat_check_required(c, "localhostProfile", why);
    } else if (local && strcmp(what, "seccomp") == 0) {
        cleat_check_local_path(c, v, "localhostProfile", false);
    } else if (!local && !cleat_absent(file)) {
        CLEAT_AUTO_FREE char *why =
            cleat_sprintf("can only be set when %s type is Localhost", what);
        cleat_check_invalid(c, "localhostProfile", file, why);
    }
    cleat_check_up(c, place);
}

static void check_profiles(struct cleat_check *c, struct cleat_val context) {
    check_profile(c, context, "seccompProfile", "seccomp");
    check_profile(c, context, "appArmorProfile", "AppArmor");
}

/* ---- pods ---- */

static bool is_sysctl(struct cleat_str s) {
    bool inner = false; /* inside of a segment, not at its beginning */
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
        bool last = i + 1 == s.n || s.p[i + 1] == '.' || s.p[i + 1] == '/';
        if (plain) {
            inner = true;
        } else if (ch == '-' || ch == '_') {
            if (!inner || last) {
                return false;
            }
        } else if ((ch == '.' || ch == '/') && inner) {
            inner = false;
        } else {
            return false;
        }
    }
    return inner && s.n <= 253;
}

static void check_sysctls(struct cleat_check *c, struct cleat_val context) {
    struct cleat_val list = cleat_val_get(context, "sysctls");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "sysctls");
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_val name = cleat_val_get(it.val, "name");
        if (cleat_val_str(name).n == 0) {
            cleat_check_required(c, "name", "");
        } else if (!is_sysctl(cleat_val_str(name))) {
            cleat_check_invalid(c, "name", name,
                                "must have at most 253 characters and match regex "
                                "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*"
                                "[a-z0-9])?$");
        }
        if (cleat_seen_before(list, &it, "name")) {
            cleat_check_duplicate(c, "name", name);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static void check_group(struct cleat_check *c, struct cleat_val v) {
    int64_t n = 0;
    if (cleat_val_int(v, &n) && (n < 0 || n > INT32_MAX)) {
        cleat_check_fail(c, NULL, "FieldValueInvalid",
                         "%lld: must be between 0 and 2147483647, inclusive", (long long)n);
    }
}

/* A user namespace of its own goes with no other namespace of the host's. */
static void check_host_users(struct cleat_check *c, struct cleat_val spec) {
    static const char *const members[][2] = {
        {"hostNetwork", "hostNetwork"}, {"hostPID", "HostPID"}, {"hostIPC", "HostIPC"}};
    if (cleat_val_bool(cleat_val_get(spec, "hostUsers"), 1)) {
        return;
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (flag(spec, members[i][0])) {
            cleat_check_forbidden(c, members[i][1], "when `pod.Spec.HostUsers` is false");
        }
    }
}

void cleat_check_pod_security(struct cleat_check *c, struct cleat_val spec) {
    static const char *const changes[] = {"Always", "OnRootMismatch", NULL};
    static const char *const groups[] = {"Merge", "Strict", NULL};
    static const char *const labels[] = {"MountOption", "Recursive", NULL};
    struct cleat_val v = cleat_val_get(spec, "securityContext");
    size_t place = cleat_check_in(c, "securityContext");
    check_id(c, v, "fsGroup");
    check_id(c, v, "runAsUser");
    check_id(c, v, "runAsGroup");
    cleat_check_list(c, v, "supplementalGroups", check_group);
    if (flag(spec, "shareProcessNamespace") && flag(spec, "hostPID")) {
        cleat_check_fail(c, "shareProcessNamespace", "FieldValueInvalid",
                         "true: ShareProcessNamespace and HostPID cannot both be enabled");
    }
    check_sysctls(c, v);
    cleat_check_one_of(c, v, "fsGroupChangePolicy", changes, false);
    check_profiles(c, v);
    cleat_check_one_of(c, v, "supplementalGroupsPolicy", groups, false);
    cleat_check_one_of(c, v, "seLinuxChangePolicy", labels, false);
    cleat_check_up(c, place);
    check_host_users(c, spec);
}

/* ---- containers ---- */

static void check_escalation(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val added = cleat_val_at(v, CLEAT_PATH("capabilities", "add"));
    struct cleat_iter it = {0};
    if (cleat_val_bool(cleat_val_get(v, "allowPrivilegeEscalation"), 1)) {
        return;
    }
    if (flag(v, "privileged")) {
        cleat_check_invalid(c, NULL, v,
                            "cannot set `allowPrivilegeEscalation` to false and `privileged` to "
                            "true");
    }
    while (cleat_val_next(added, &it)) {
        if (cleat_eqc(cleat_val_str(it.val), "CAP_SYS_ADMIN")) {
            cleat_check_invalid(c, NULL, v,
                                "cannot set `allowPrivilegeEscalation` to false and "
                                "`capabilities.Add` CAP_SYS_ADMIN");
        }
    }
}

void cleat_check_container_security(struct cleat_check *c, struct cleat_val spec,
                                    struct cleat_val container) {
    static const char *const mounts[] = {"Default", "Unmasked", NULL};
    struct cleat_val v = cleat_val_get(container, "securityContext");
    struct cleat_val proc = cleat_val_get(v, "procMount");
    if (cleat_absent(v)) {
        return;
    }
    size_t place = cleat_check_in(c, "securityContext");
    check_id(c, v, "runAsUser");
    check_id(c, v, "runAsGroup");
    cleat_check_one_of(c, v, "procMount", mounts, false);
    if (cleat_eqc(cleat_val_str(proc), "Unmasked") &&
        cleat_val_bool(cleat_val_get(spec, "hostUsers"), 1)) {
        cleat_check_invalid(c, "procMount", proc, "`hostUsers` must be false to use `Unmasked`");
    }
    check_profiles(c, v);
    check_escalation(c, v);
    cleat_check_up(c, place);
}
