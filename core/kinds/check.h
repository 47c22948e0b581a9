/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What validations of several kinds say in the same words. A check walks an object
 * with the path of where it is; the path is only text that grows and shrinks, so a
 * valid object costs no allocation a field. Not shared between threads.
 */
#ifndef CLEAT_KINDS_CHECK_H
#define CLEAT_KINDS_CHECK_H

#include "core/registry/internal.h"

struct cleat_check {
    struct cleat_validation *v;
    struct cleat_buf path; /* "spec.ports[0]" */
};
void cleat_check_done(struct cleat_check *c);
#define CLEAT_AUTO_CHECK __attribute__((cleanup(cleat_check_done))) struct cleat_check

/* Each goes one step down and returns what cleat_check_up needs to come back. */
size_t cleat_check_in(struct cleat_check *c, const char *member);
size_t cleat_check_elem(struct cleat_check *c, uint32_t index);
size_t cleat_check_key(struct cleat_check *c, struct cleat_str key);
void cleat_check_up(struct cleat_check *c, size_t place);

/* Something is wrong with the member (NULL = with the place itself). */
void cleat_check_required(struct cleat_check *c, const char *member, const char *why);
void cleat_check_forbidden(struct cleat_check *c, const char *member, const char *why);
void cleat_check_invalid(struct cleat_check *c, const char *member, struct cleat_val v,
                         const char *why);
void cleat_check_duplicate(struct cleat_check *c, const char *member, struct cleat_val v);
/* values: NULL-ended, in the order in which upstream prints them. */
void cleat_check_unsupported(struct cleat_check *c, const char *member, struct cleat_val v,
                             const char *const *values);
/* The message with its value already in it. */
void cleat_check_fail(struct cleat_check *c, const char *member, const char *reason,
                      const char *fmt, ...) CLEAT_PRINTF(4, 5);

/* ---- whole members of `of`; false where something was wrong ---- */

/* One of the values. Absent or empty: required says whether that is an error. */
bool cleat_check_one_of(struct cleat_check *c, struct cleat_val of, const char *member,
                        const char *const *values, bool required);
/* fn: of names.c. Empty: an error where required. */
bool cleat_check_named(struct cleat_check *c, struct cleat_val of, const char *member,
                       const char *(*fn)(struct cleat_str), bool required);
bool cleat_check_port(struct cleat_check *c, struct cleat_val of, const char *member);
/* A number of 1 to 65535 or the name of a port. */
bool cleat_check_port_or_name(struct cleat_check *c, struct cleat_val of, const char *member);
bool cleat_check_ip(struct cleat_check *c, struct cleat_val of, const char *member);
bool cleat_check_cidr(struct cleat_check *c, struct cleat_val of, const char *member);
bool cleat_check_nonnegative(struct cleat_check *c, struct cleat_val of, const char *member);
/* "field is immutable" where it is another than it was. */
bool cleat_check_same(struct cleat_check *c, struct cleat_val now, struct cleat_val was,
                      const char *member);
/* A LabelSelector. */
void cleat_check_selector(struct cleat_check *c, struct cleat_val of, const char *member);
void cleat_check_labels(struct cleat_check *c, struct cleat_val of, const char *member);

/* ---- pieces ---- */

bool cleat_one_of(struct cleat_str s, const char *const *values);
/* Upstream's message about the name of a port (IANA_SVC_NAME), or NULL. */
const char *cleat_bad_port_name(struct cleat_str s);
/* Upstream's message about a key of a ConfigMap or Secret, or NULL (validate_core.c). */
const char *cleat_bad_data_key(struct cleat_str key);
/* 4, 6, or 0 where the text is no address. raw gets 4 or 16 bytes; NULL = not wanted. */
int cleat_ip_parse(struct cleat_str s, unsigned char raw[16]);
/* The same for "address/bits"; *bits is written where the text is one. */
int cleat_cidr_parse(struct cleat_str s, unsigned char raw[16], int *bits);
/* Upstream's words about an address that no endpoint can have (loopback, ...), or NULL. */
const char *cleat_special_ip(struct cleat_str s);
/* Whether an element of the list before the one at it has the same member (NULL = is the same). Of
 * a list that nobody would write only the first elements are compared, so that it takes no long
 * time. */
bool cleat_seen_before(struct cleat_val list, const struct cleat_iter *it, const char *member);
/* A quantity as text: upstream takes it as a string or as a number. */
static inline struct cleat_str cleat_quantity_of(struct cleat_val v) {
    return cleat_val_type(v) == CLEAT_NUMBER ? cleat_val_raw(v) : cleat_val_str(v);
}
/* -1, 0, 1; what is no quantity counts as 0. */
int cleat_quantity_order(struct cleat_str a, struct cleat_str b);
static inline struct cleat_str cleat_str_at(struct cleat_val of, const char *member) {
    return cleat_val_str(cleat_val_get(of, member));
}
/* Upstream's words about the name of a resource, which stands where the check is;
 * containers: of one that containers may ask for. (validate_resources.c) */
void cleat_check_resource_name(struct cleat_check *c, struct cleat_str name, bool containers);
static inline bool cleat_absent(struct cleat_val v) {
    return cleat_val_type(v) <= CLEAT_NULL;
}

#endif
