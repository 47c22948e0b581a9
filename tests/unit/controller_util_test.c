/* SPDX-License-Identifier: Apache-2.0 */
/* The helpers of cleat.util/1: finalizers, conditions, owners. */
#include "core/controller/controller.h"
#include "tests/support/kt.h"

static const struct cleat_util_api *u = &cleat_util_api;

static cleat_obj *parse(const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse(cleat_s(text), 0, &o, &e), &e);
    return o;
}

static cleat_obj *finish(cleat_edit *ed) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_edit_finish(ed, &o, &e), &e);
    return o;
}

static struct cleat_str at(const cleat_obj *o, cleat_path path) {
    return cleat_val_raw(cleat_obj_at(o, path));
}

static void finalizers_come_and_go(void) {
    CLEAT_AUTO(cleat_obj) *none = parse("{\"metadata\":{\"name\":\"a\"}}");
    KT_EQ_INT(u->has_finalizer(none, "x/f"), 0);
    cleat_edit *ed = cleat_edit_new(none);
    u->add_finalizer(ed, none, "x/f");
    u->remove_finalizer(ed, none, "x/g"); /* is not there */
    CLEAT_AUTO(cleat_obj) *one = finish(ed);
    KT_EQ_S(at(one, CLEAT_PATH("metadata", "finalizers")), CLEAT_STR("[\"x/f\"]"));
    KT_EQ_INT(u->has_finalizer(one, "x/f"), 1);
    KT_EQ_INT(u->has_finalizer(one, "x/"), 0);
    ed = cleat_edit_new(one);
    u->add_finalizer(ed, one, "x/f"); /* is there */
    u->add_finalizer(ed, one, "x/g");
    CLEAT_AUTO(cleat_obj) *two = finish(ed);
    KT_EQ_S(at(two, CLEAT_PATH("metadata", "finalizers")), CLEAT_STR("[\"x/f\",\"x/g\"]"));
    ed = cleat_edit_new(two);
    u->remove_finalizer(ed, two, "x/f");
    CLEAT_AUTO(cleat_obj) *left = finish(ed);
    KT_EQ_S(at(left, CLEAT_PATH("metadata", "finalizers")), CLEAT_STR("[\"x/g\"]"));
    ed = cleat_edit_new(left);
    u->remove_finalizer(ed, left, "x/g");
    CLEAT_AUTO(cleat_obj) *empty = finish(ed);
    KT_EQ_INT(u->has_finalizer(empty, "x/g"), 0);
}

#define FIRST "2026-01-02T03:04:05Z"

static struct cleat_str field(const cleat_obj *o, const char *type, const char *name) {
    return cleat_val_str(cleat_val_get(u->condition(o, type), name));
}

static void conditions_move_their_time_with_their_status(void) {
    cleat_time start = 0;
    cleat_time_parse(CLEAT_STR(FIRST), &start);
    cleat_clock_virtual(start);
    CLEAT_AUTO(cleat_obj) *none = parse("{\"metadata\":{\"name\":\"a\"}}");
    KT_TRUE(!cleat_val_present(u->condition(none, "Ready")));
    cleat_edit *ed = cleat_edit_new(none);
    KT_EQ_INT(u->set_condition(ed, none, "Ready", "True", "Up", "all \"well\""), 1);
    KT_EQ_INT(u->set_condition(ed, none, "Other", "Unknown", NULL, NULL), 1);
    CLEAT_AUTO(cleat_obj) *o = finish(ed);
    KT_EQ_S(field(o, "Ready", "status"), CLEAT_STR("True"));
    KT_EQ_S(field(o, "Ready", "lastTransitionTime"), CLEAT_STR(FIRST));
    KT_EQ_S(field(o, "Other", "status"), CLEAT_STR("Unknown"));

    cleat_clock_advance(60 * CLEAT_SECOND);
    ed = cleat_edit_new(o);
    KT_EQ_INT(u->set_condition(ed, o, "Ready", "True", "Up", "all \"well\""), 0);
    KT_EQ_INT(u->set_condition(ed, o, "Other", "Unknown", "Why", "because"), 1);
    CLEAT_AUTO(cleat_obj) *same = finish(ed);
    KT_EQ_S(field(same, "Other", "reason"), CLEAT_STR("Why"));
    KT_EQ_S(field(same, "Other", "lastTransitionTime"), CLEAT_STR(FIRST));
    ed = cleat_edit_new(same);
    KT_EQ_INT(u->set_condition(ed, same, "Ready", "False", "Down", ""), 1);
    CLEAT_AUTO(cleat_obj) *moved = finish(ed);
    KT_EQ_S(field(moved, "Ready", "status"), CLEAT_STR("False"));
    KT_EQ_S(field(moved, "Ready", "lastTransitionTime"), CLEAT_STR("2026-01-02T03:05:05Z"));
    KT_EQ_S(field(moved, "Other", "status"), CLEAT_STR("Unknown"));
    KT_EQ_INT(cleat_val_count(cleat_obj_at(moved, CLEAT_PATH("status", "conditions"))), 2);
}

#define OWNER(uid) "{\"apiVersion\":\"x/v1\",\"kind\":\"Set\",\"name\":\"s\",\"uid\":\"" uid "\""

static void owners(const char *refs, const char *want, int line) {
    CLEAT_AUTO(cleat_obj) *owner = parse("{\"apiVersion\":\"x/v1\",\"kind\":\"Set\","
                                         "\"metadata\":{\"name\":\"s\",\"uid\":\"u\"}}");
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("{\"metadata\":{\"name\":\"a\",\"ownerReferences\":%s}}", refs);
    CLEAT_AUTO(cleat_obj) *base = parse(text);
    cleat_edit *ed = cleat_edit_new(base);
    u->set_controller_owner(ed, owner);
    CLEAT_AUTO(cleat_obj) *o = finish(ed);
    kt_str(at(o, CLEAT_PATH("metadata", "ownerReferences")), cleat_s(want), refs, __FILE__, line);
}

static void one_owner_is_the_controller(void) {
#define SELF OWNER("u") ",\"controller\":true,\"blockOwnerDeletion\":true}"
    owners("[]", "[" SELF "]", __LINE__);
    owners("[" OWNER("v") "}]", "[" OWNER("v") "}," SELF "]", __LINE__);
    owners("[" OWNER("v") ",\"controller\":true}]", "[" SELF "]", __LINE__);
    owners("[" OWNER("u") "}]", "[" SELF "]", __LINE__);
    CLEAT_AUTO(cleat_obj) *owner = parse("{\"apiVersion\":\"x/v1\",\"kind\":\"Set\","
                                         "\"metadata\":{\"name\":\"s\",\"uid\":\"u\"}}");
    cleat_edit *ed = cleat_edit_new(NULL);
    u->set_controller_owner(ed, owner);
    CLEAT_AUTO(cleat_obj) *o = finish(ed);
    KT_EQ_S(at(o, CLEAT_PATH("metadata", "ownerReferences")), CLEAT_STR("[" SELF "]"));
}

KT_MAIN("controller_util", KT_TEST(finalizers_come_and_go),
        KT_TEST(conditions_move_their_time_with_their_status), KT_TEST(one_owner_is_the_controller))
