/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens between the look at a namespace and the commit of something in it:
 * an admission that does it, in that very moment.
 */
#include "tests/support/rt.h"

static struct {
    struct rt rt;
    struct cleat_admission admission;
    void (*meanwhile)(struct rt *rt); /* once */
    int seen;
} t;

static cleat_err validate(struct cleat_admission *self, struct cleat_request *req,
                          const cleat_obj *obj, const cleat_obj *old) {
    (void)self;
    (void)old;
    if (strcmp(req->kind->resource, "configmaps") == 0 && cleat_eqc(cleat_obj_ns(obj), "x")) {
        t.seen++;
        void (*fn)(struct rt * rt) = t.meanwhile;
        t.meanwhile = NULL;
        if (fn != NULL) {
            struct rt other = {.store = t.rt.store, .registry = t.rt.registry};
            fn(&other);
            cleat_request_done(&other.req);
        }
    }
    return CLEAT_OK;
}

static cleat_err admit(struct cleat_admission *self, struct cleat_request *req, cleat_obj **obj,
                       const cleat_obj *old) {
    (void)self;
    (void)req;
    (void)obj;
    (void)old;
    return CLEAT_OK;
}

static void up(void) {
    rt_open(&t.rt);
    t.admission = (struct cleat_admission){.admit = admit, .validate = validate};
    cleat_registry_admission(t.rt.registry, &t.admission);
    t.seen = 0;
    KT_EQ_INT(rt_create(&t.rt, "namespaces", "", "{\"metadata\":{\"name\":\"x\"}}"), CLEAT_OK);
}

static const char configmap[] = "{\"metadata\":{\"name\":\"c\"}}";

static void end_it(struct rt *rt) {
    KT_EQ_INT(rt_delete(rt, "namespaces", "x", NULL), CLEAT_OK);
}

static void end_it_for_good(struct rt *rt) {
    end_it(rt);
    KT_EQ_INT(rt_get(rt, "namespaces", "x"), CLEAT_OK);
    KT_EQ_INT(rt_change(rt, "namespaces/finalize", "x", CLEAT_PATH("spec", "finalizers"), "[]"),
              CLEAT_OK);
    KT_EQ_INT(rt_get(rt, "namespaces", "x"), CLEAT_E_NOT_FOUND);
}

static void label_it(struct rt *rt) {
    KT_EQ_INT(rt_patch(rt, "namespaces", "x", CLEAT_PATCH_MERGE,
                       "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
              CLEAT_OK);
}

static void make_it_anew(struct rt *rt) {
    end_it_for_good(rt);
    KT_EQ_INT(rt_create(rt, "namespaces", "", "{\"metadata\":{\"name\":\"x\"}}"), CLEAT_OK);
}

static void nothing_is_created_in_a_namespace_that_began_to_end(void) {
    up();
    t.meanwhile = end_it;
    KT_EQ_INT(rt_create(&t.rt, "configmaps", "x", configmap), CLEAT_E_FORBIDDEN);
    KT_TRUE(strstr(rt_message(&t.rt), "because it is being terminated") != NULL);
    KT_EQ_INT(rt_get(&t.rt, "configmaps", "x/c"), CLEAT_E_NOT_FOUND);
    rt_close(&t.rt);
}

static void nor_in_one_that_is_gone(void) {
    up();
    t.meanwhile = end_it_for_good;
    KT_EQ_INT(rt_create(&t.rt, "configmaps", "x", configmap), CLEAT_E_NOT_FOUND);
    KT_EQ_STR(rt_message(&t.rt), "namespaces \"x\" not found");
    KT_EQ_INT(rt_get(&t.rt, "configmaps", "x/c"), CLEAT_E_NOT_FOUND);
    rt_close(&t.rt);
}

static void a_change_of_the_namespace_is_no_obstacle(void) {
    up();
    t.meanwhile = label_it;
    KT_EQ_INT(rt_create(&t.rt, "configmaps", "x", configmap), CLEAT_OK);
    KT_EQ_INT(t.seen, 2); /* it was prepared again */
    t.meanwhile = make_it_anew;
    KT_EQ_INT(rt_create(&t.rt, "configmaps", "x", "{\"metadata\":{\"generateName\":\"c-\"}}"),
              CLEAT_OK);
    rt_close(&t.rt);
}

KT_MAIN("registry_race", KT_TEST(nothing_is_created_in_a_namespace_that_began_to_end),
        KT_TEST(nor_in_one_that_is_gone), KT_TEST(a_change_of_the_namespace_is_no_obstacle))
