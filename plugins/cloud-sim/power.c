/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Machine's own status: whether it runs, since when, under which addresses
 * and providerID. It is Stopped once its kubelet has said goodbye. On the
 * timer's thread.
 */
#include "engine.h"

#define OBJ (SDK->obj)

/* The first InternalIP of a list, else the first address of any type. */
static struct cleat_str main_address(struct cleat_val list) {
    struct cleat_str first = {"", 0};
    struct cleat_iter it = {0};
    while (OBJ->next(list, &it)) {
        struct cleat_str address = OBJ->str(OBJ->at(it.val, CLEAT_PATH("address")));
        if (cleat_str_is(OBJ->str(OBJ->at(it.val, CLEAT_PATH("type"))), "InternalIP")) {
            return address;
        }
        if (first.n == 0) {
            first = address;
        }
    }
    return first;
}

/* The machine's address, from the pool where nobody has given it one. */
static bool have_address(struct cleat_sim_view *v) {
    if (OBJ->count(CLEAT_AT(SDK, v->s.machine, "spec", "addresses")) > 0 || v->s.ip[0] != 0) {
        return true;
    }
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (cleat_sim_pool_take(&v->sim->machine_ips, (struct cleat_str){"", 0}, v->s.ip, &why) ==
        CLEAT_OK) {
        return true;
    }
    v->s.ip[0] = 0;
    cleat_sim_log(CLEAT_LOG_WARN, "machine %s: %s", v->s.name, why.message);
    cleat_sim_look_again(v, v->now + 10 * CLEAT_SECOND);
    return false;
}

/* Cheap, because a Machine is looked at whenever its kubelet does anything. */
static bool status_is_right(const cleat_obj *m, const char *state) {
    struct cleat_val given = CLEAT_AT(SDK, m, "spec", "addresses");
    return cleat_str_is(CLEAT_TEXT(SDK, m, "status", "state"), state) &&
           cleat_sim_provider_id_is(CLEAT_TEXT(SDK, m, "status", "providerID"), m) &&
           (OBJ->count(given) == 0 ? CLEAT_TEXT(SDK, m, "status", "address").n > 0
                                   : OBJ->equal(given, CLEAT_AT(SDK, m, "status", "addresses")));
}

/* The Machine with the status that it should have. Owned; NULL on failure (logged). */
static cleat_obj *with_status(const struct cleat_sim_view *v, const char *state) {
    const cleat_obj *m = v->s.machine;
    cleat_edit *e = OBJ->edit_new(m);
    struct cleat_val given = CLEAT_AT(SDK, m, "spec", "addresses");
    if (!cleat_str_is(CLEAT_TEXT(SDK, m, "status", "state"), state)) {
        char now[32];
        OBJ->time_format(SDK->clock->wall(), 0, now);
        OBJ->set_str(e, CLEAT_PATH("status", "state"), cleat_cstr(state));
        OBJ->set_str(e, CLEAT_PATH("status", "since"), cleat_cstr(now));
    }
    if (OBJ->count(given) > 0) {
        OBJ->set_val(e, CLEAT_PATH("status", "addresses"), given);
        OBJ->set_str(e, CLEAT_PATH("status", "address"), main_address(given));
    } else {
        char *list = cleat_sim_format("[{\"type\":\"InternalIP\",\"address\":\"%s\"}]", v->s.ip);
        OBJ->set_json(e, CLEAT_PATH("status", "addresses"), cleat_cstr(list));
        OBJ->set_str(e, CLEAT_PATH("status", "address"), cleat_cstr(v->s.ip));
        free(list);
    }
    char *id = cleat_sim_machine_provider_id(m);
    OBJ->set_str(e, CLEAT_PATH("status", "providerID"), cleat_cstr(id));
    free(id);
    cleat_obj *changed = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (OBJ->edit_finish(e, &changed, &why) != CLEAT_OK) {
        cleat_sim_log(CLEAT_LOG_ERROR, "machine %s: no status: %s", v->s.name, why.message);
    }
    return changed;
}

void cleat_sim_act_power(struct cleat_sim_view *v) {
    if (v->s.gone) {
        v->finished = !cleat_sim_is_leaving(v) && v->write[CLEAT_SIM_WRITE_STATUS] == NULL;
        if (!v->finished && v->write[CLEAT_SIM_WRITE_STATUS] == NULL) {
            cleat_sim_look_again(v, v->now + CLEAT_SECOND);
        }
        return;
    }
    const char *state = cleat_sim_machine_is_on(v->s.machine) ? "Running" : "Stopped";
    if (cleat_sim_is_leaving(v) || v->write[CLEAT_SIM_WRITE_STATUS] != NULL) {
        /* goes down when that is said; until then it is what it was */
        if (strcmp(state, "Stopped") == 0) {
            return;
        }
    }
    if (status_is_right(v->s.machine, state) || !cleat_sim_may_write(v, CLEAT_SIM_WRITE_MACHINE) ||
        !have_address(v)) {
        return;
    }
    v->write[CLEAT_SIM_WRITE_MACHINE] = with_status(v, state);
}
