/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of the provider for plain machines needs no kernel: addresses, the
 * inventory and its file, balancers as nftables' text, and checks on loopback
 * with time as the test says. The rest is tests/scenario/test_linux.py.
 */
#include "core/host/internal.h"
#include "tests/support/kt.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

/* clang-format off: each needs what stands before it */
#include "plugins/cloud-linux/util.c"
#include "plugins/cloud-linux/address.c"
#include "plugins/cloud-linux/inventory.c"
#include "plugins/cloud-linux/model.c"
#include "plugins/cloud-linux/render.c"
#include "plugins/cloud-linux/check.c"
#include "plugins/cloud-linux/source.c"
/* clang-format on */

static void bind_sdk(void) {
    cleat_sdk_bind(SDK, &cleat_host_table);
}

/* ---- addresses ---- */

static void addresses(void) {
    static const struct {
        const char *text, *printed; /* NULL: refused */
    } plain[] = {
        {"10.0.0.1", "10.0.0.1"}, {"2001:DB8::1", "2001:db8::1"}, {"::ffff:10.0.0.1", "10.0.0.1"},
        {"10.0.0", NULL},         {"10.0.0.1/8", NULL},           {"", NULL},
        {"host", NULL},           {"fe80::1%eth0", NULL},
    };
    static const struct {
        const char *text, *printed;
    } nets[] = {
        {"10.1.2.3/8", "10.0.0.0/8"},
        {"2001:db8::1/32", "2001:db8::/32"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"10.1.2.3/31", "10.1.2.2/31"},
        {"10.0.0.1", NULL},
        {"10.0.0.0/33", NULL},
        {"10.0.0.0/", NULL},
        {"10.0.0.0/-1", NULL},
        {"::/129", NULL},
        {"10.0.0.0/8x", NULL},
        {"::ffff:10.0.0.0/96", NULL},
    };
    char buf[CLEAT_LIN_ADDR_TEXT];
    struct cleat_lin_addr a;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        bool ok = cleat_lin_addr_parse(cleat_cstr(plain[i].text), &a);
        KT_EQ_STR(ok ? cleat_lin_addr_print(&a, buf) : "-",
                  plain[i].printed ? plain[i].printed : "-");
    }
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        bool ok = cleat_lin_net_parse(cleat_cstr(nets[i].text), &a);
        KT_EQ_STR(ok ? cleat_lin_net_print(&a, buf) : "-", nets[i].printed ? nets[i].printed : "-");
    }
}

/* "first last count" of a range. */
static void check_range(const char *text, const char *want) {
    struct cleat_lin_range r;
    if (!cleat_lin_range_parse(cleat_cstr(text), &r)) {
        KT_EQ_STR("-", want);
        return;
    }
    char first[CLEAT_LIN_ADDR_TEXT], last[CLEAT_LIN_ADDR_TEXT];
    struct cleat_lin_addr a = r.first;
    size_t n = 1;
    while (n < 1000 && cleat_lin_range_next(&r, &a)) {
        KT_TRUE(cleat_lin_range_has(&r, &a));
        n++;
    }
    char *got = cleat_sprintf("%s %s %zu", cleat_lin_addr_print(&r.first, first),
                              cleat_lin_addr_print(&r.last, last), n);
    KT_EQ_STR(got, want);
    free(got);
}

static void ranges(void) {
    check_range("10.0.0.5", "10.0.0.5 10.0.0.5 1");
    check_range("10.0.0.250-10.0.1.4", "10.0.0.250 10.0.1.4 11");
    check_range("10.0.0.0/29", "10.0.0.1 10.0.0.6 6");
    check_range("10.0.0.8/31", "10.0.0.8 10.0.0.9 2");
    check_range("10.0.0.8/32", "10.0.0.8 10.0.0.8 1");
    check_range("2001:db8::/126", "2001:db8::1 2001:db8::3 3");
    check_range("255.255.255.254-255.255.255.255", "255.255.255.254 255.255.255.255 2");
    check_range("10.0.0.5-10.0.0.4", "-");
    check_range("10.0.0.5-::1", "-");
    check_range("10.0.0.0/8-10.0.0.4", "-");
    check_range("", "-");
    struct cleat_lin_addr net, a;
    KT_TRUE(cleat_lin_net_parse(CLEAT_STR("10.0.0.0/12"), &net));
    KT_TRUE(cleat_lin_addr_parse(CLEAT_STR("10.15.255.255"), &a) && cleat_lin_net_has(&net, &a));
    KT_TRUE(cleat_lin_addr_parse(CLEAT_STR("10.16.0.0"), &a) && !cleat_lin_net_has(&net, &a));
    KT_TRUE(cleat_lin_addr_parse(CLEAT_STR("::a0f:ffff"), &a) && !cleat_lin_net_has(&net, &a));
}

/* ---- the inventory ---- */

#define HEAD "kind: Inventory\n"

static void an_inventory(void) {
    static const char text[] = HEAD
        "servers:\n"
        "  - {name: b, addresses: [10.0.0.2, {type: ExternalIP, address: 192.0.2.2}], zone: 7}\n"
        "  - name: a\n"
        "    providerID: linux://rack/a\n"
        "    addresses: [{type: Hostname, address: a.example}, 10.0.0.1, \"fd00::1\"]\n"
        "    labels: {x: \"1\"}\n"
        "    power: off\n"
        "    capacity: {cpu: 4}\n"
        "    probe: {type: http, port: 80, path: /ok, intervalSeconds: 0.5, failures: 2}\n"
        "pools:\n"
        "  - {name: p, addresses: [192.0.2.10-192.0.2.12, \"2001:db8::/120\"], interface: eth0}\n"
        "  - {name: q, addresses: [192.0.2.11], manual: true}\n";
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_lin_inventory *inv = NULL;
    struct cleat_lin_addr a;
    bind_sdk();
    KT_REQUIRE_OK(cleat_lin_inventory_parse(cleat_cstr(text), &inv, &e), &e);
    KT_EQ_INT(inv->n_servers, 2);
    KT_EQ_STR(inv->servers[0].name, "a");
    KT_EQ_STR(inv->servers[0].provider_id, "linux://rack/a");
    KT_EQ_STR(inv->servers[1].provider_id, "linux://b");
    KT_EQ_STR(inv->servers[1].zone, "7");
    KT_TRUE(inv->servers[0].off && !inv->servers[1].off);
    KT_TRUE(inv->servers[0].node_template != NULL && inv->servers[1].node_template == NULL);
    KT_EQ_INT(inv->servers[0].probe.kind, CLEAT_LIN_CHECK_HTTP);
    KT_EQ_INT(inv->servers[0].probe.interval, CLEAT_SECOND / 2);
    KT_EQ_STR(inv->servers[0].probe.path, "/ok");
    KT_TRUE(cleat_lin_inventory_find(inv, CLEAT_STR("b")) == &inv->servers[1]);
    KT_TRUE(cleat_lin_inventory_find(inv, CLEAT_STR("ba")) == NULL);
    KT_TRUE(cleat_lin_addr_parse(CLEAT_STR("192.0.2.2"), &a));
    KT_TRUE(cleat_lin_inventory_at(inv, &a) == &inv->servers[1]);
    KT_TRUE(cleat_lin_addr_parse(CLEAT_STR("192.0.2.11"), &a));
    KT_TRUE(cleat_lin_inventory_at(inv, &a) == NULL);
    KT_EQ_STR(cleat_lin_inventory_pool(inv, &a)->name, "p");
    cleat_lin_inventory_unref(inv);
}

static void the_example_is_right(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    bind_sdk();
    struct cleat_lin_source *s =
        cleat_lin_source_new(CLEAT_SOURCE_DIR "/docs/plugins/linux-inventory.yaml");
    if (KT_OK(cleat_lin_source_open(s, &e), &e)) {
        const struct cleat_lin_inventory *inv = cleat_lin_source_last(s);
        KT_EQ_INT(inv->n_servers, 3);
        KT_EQ_INT(inv->n_pools, 2);
        KT_TRUE(inv->servers[2].off && inv->pools[1].manual);
    }
    cleat_lin_source_free(s);
}

static void mistakes_are_named(void) {
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"servers: []\n", "inventory.kind: must be Inventory (is this the right file, and whole?)"},
        {HEAD "server: []\n", "inventory.server: unknown field"},
        {HEAD "servers: {}\n", "servers: must be a list"},
        {HEAD "servers: [{name: a, adresses: []}]\n", "servers[0].adresses: unknown field"},
        {HEAD "servers: [{name: a}, {name: a}]\n",
         "servers[1].name: another server has this name or providerID"},
        {HEAD "servers: [{zone: a}]\n", "servers[0].name: is needed"},
        {HEAD "servers: [a]\n", "servers[0]: must be an object"},
        {HEAD "servers: [{name: a, providerID: aws://x}]\n",
         "servers[0].providerID: must begin with linux://"},
        {HEAD "servers: [{name: a, addresses: [10.0.0]}]\n",
         "servers[0].addresses: not an IP address"},
        {HEAD "servers: [{name: a, addresses: [{type: IP, address: 10.0.0.1}]}]\n",
         "servers[0].addresses: unknown type of address"},
        {HEAD "servers: [{name: a, labels: {x: 1}}]\n",
         "servers[0].labels: values must be strings (put them in quotes)"},
        {HEAD "servers: [{name: a, probe: {type: SMTP}}]\n",
         "servers[0].probe.type: must be TCP, HTTP, ICMP or None"},
        {HEAD "servers: [{name: a, addresses: [10.0.0.1], probe: {type: TCP}}]\n",
         "servers[0].probe.port: is needed"},
        {HEAD "servers: [{name: a, probe: {type: ICMP}}]\n",
         "servers[0].probe: the server has no IP address to ask"},
        {HEAD "servers: [{name: a, addresses: [10.0.0.1], probe: {type: HTTP, port: 1, path: \"/ "
              "x\"}}]\n",
         "servers[0].probe.path: must begin with / and hold no spaces"},
        {HEAD "servers: [{name: a, probe: {type: ICMP, intervalSeconds: 0}}]\n",
         "servers[0].intervalSeconds: must be a number of seconds between 0.01 and 86400"},
        {HEAD "servers: [{name: a, power: dim}]\n", "servers[0].power: must be On or Off"},
        {HEAD "pools: [{name: p}]\n", "pools[0].addresses: is needed"},
        {HEAD "pools: [{name: p, addresses: [x]}]\n",
         "pools[0].addresses: must be addresses, ranges a-b or networks a/n"},
        {HEAD "pools: [{name: p, addresses: [10.0.0.1]}, {name: p, addresses: [10.0.0.2]}]\n",
         "pools[1].name: another pool has this name"},
    };
    bind_sdk();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        struct cleat_lin_inventory *inv = NULL;
        KT_EQ_INT(cleat_lin_inventory_parse(cleat_cstr(cases[i].text), &inv, &e), CLEAT_E_INVALID);
        KT_EQ_STR(e.message, cases[i].want);
        KT_TRUE(inv == NULL);
    }
}

static cleat_obj *object(const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    return o;
}

static void objects_join_the_file(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_lin_inventory *file = NULL;
    bind_sdk();
    KT_REQUIRE_OK(cleat_lin_inventory_parse(
                      cleat_cstr(HEAD "servers: [{name: a, zone: file, addresses: [10.0.0.1]}]\n"
                                      "pools: [{name: p, addresses: [10.9.0.1]}]\n"),
                      &file, &e),
                  &e);
    cleat_obj *servers[] = {
        object("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"zone\":\"object\"}}"),
        object("{\"metadata\":{\"name\":\"b\"},\"spec\":{\"addresses\":[{\"address\":\"::1\"}]}}"),
        object("{\"metadata\":{\"name\":\"c\"},\"spec\":{\"addresses\":[{\"address\":\"x\"}]}}"),
    };
    cleat_obj *pools[] = {
        object("{\"metadata\":{\"name\":\"q\"},\"spec\":{\"addresses\":[\"10.9.0.1-10.9.0.5\"]}}")};
    struct cleat_lin_inventory *all = cleat_lin_inventory_merge(
        file, (const cleat_obj *const *)servers, 3, (const cleat_obj *const *)pools, 1);
    cleat_lin_inventory_unref(file);
    KT_EQ_INT(all->n_servers, 2);
    KT_EQ_STR(cleat_lin_inventory_find(all, CLEAT_STR("a"))->zone, "file");
    KT_TRUE(cleat_lin_inventory_find(all, CLEAT_STR("b"))->is_object);
    KT_EQ_INT(all->n_pools, 2);
    struct cleat_lin_addr a;
    KT_TRUE(cleat_lin_addr_parse(CLEAT_STR("10.9.0.1"), &a));
    KT_EQ_STR(cleat_lin_inventory_pool(all, &a)->name, "p");
    cleat_lin_inventory_unref(all);
    for (size_t i = 0; i < 3; i++) {
        cleat_obj_unref(servers[i]);
    }
    cleat_obj_unref(pools[0]);
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    cleat_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void a_file_is_read_when_it_rests(void) {
    static const char two[] = HEAD "servers: [{name: a}, {name: b}]\n";
    static const char one[] = HEAD "servers: [{name: a}]\n"; /* or two, half written */
    char *dir = kt_tmpdir(), *path = cleat_sprintf("%s/inventory", dir);
    struct cleat_error e = CLEAT_ERROR_INIT;
    bind_sdk();
    struct cleat_lin_source *s = cleat_lin_source_new(path);
    KT_EQ_INT(cleat_lin_source_open(s, &e), CLEAT_E_INVALID); /* there is none */
    write_file(path, two);
    KT_REQUIRE_OK(cleat_lin_source_open(s, &e), &e);
    KT_EQ_INT(cleat_lin_source_last(s)->n_servers, 2);
    cleat_time now = 1000 * CLEAT_SECOND;
    KT_TRUE(!cleat_lin_source_look(s, now));
    write_file(path, one);
    KT_TRUE(!cleat_lin_source_look(s, now)); /* seen, not yet believed */
    KT_TRUE(!cleat_lin_source_look(s, now + REST - 1));
    KT_EQ_INT(cleat_lin_source_last(s)->n_servers, 2);
    write_file(path, HEAD "servers: [{name: a}, {name: b}, {name: c}]\n"); /* it went on */
    KT_TRUE(!cleat_lin_source_look(s, now + REST));
    KT_TRUE(cleat_lin_source_look(s, now + 2 * REST));
    KT_EQ_INT(cleat_lin_source_last(s)->n_servers, 3);
    write_file(path, "kind: Inventory\nservers: [");
    cleat_lin_source_look(s, now + 3 * REST);
    KT_TRUE(!cleat_lin_source_look(s, now + 5 * REST));
    KT_TRUE(cleat_lin_source_problem(s) != NULL);
    KT_EQ_INT(cleat_lin_source_last(s)->n_servers, 3); /* what was known stays */
    unlink(path);
    KT_TRUE(!cleat_lin_source_look(s, now + 6 * REST));
    KT_TRUE(strstr(cleat_lin_source_problem(s), "No such file") != NULL);
    write_file(path, one);
    cleat_lin_source_look(s, now + 7 * REST);
    KT_TRUE(cleat_lin_source_look(s, now + 9 * REST));
    KT_TRUE(cleat_lin_source_problem(s) == NULL);
    KT_EQ_INT(cleat_lin_source_last(s)->n_servers, 1);
    cleat_lin_source_free(s);
    free(path);
    kt_rmdir(dir);
}

/* ---- balancers as text ---- */

#define BALANCER(spec)                                                                             \
    "{\"metadata\":{\"name\":\"a1\",\"resourceVersion\":\"7\"},\"spec\":{\"service\":{"            \
    "\"namespace\":\"default\",\"name\":\"web\"}," spec "}}"
#define TARGETS                                                                                    \
    "\"targets\":[{\"node\":\"n1\",\"addresses\":[\"10.0.0.1\",\"fd00::1\"]},"                     \
    "{\"node\":\"n2\",\"addresses\":[\"10.0.0.2\"]}]"
#define PORT "\"ports\":[{\"protocol\":\"TCP\",\"port\":80,\"nodePort\":30080}]"

static void check_text(const struct cleat_lin_text *t, const char *want) {
    KT_EQ_STR(t->p != NULL ? t->p : "", want);
}

struct rendered {
    struct cleat_lin_balancer *b;
    struct cleat_lin_piece *p;
};

static struct rendered render(const char *json, enum cleat_lin_masquerade m) {
    cleat_obj *o = object(json);
    bind_sdk();
    struct rendered r = {.b = cleat_lin_balancer_new(o)};
    r.p = cleat_lin_render("t", r.b, m);
    cleat_obj_unref(o);
    return r;
}

static void rendered_done(struct rendered *r) {
    cleat_lin_piece_free(r->p);
    cleat_lin_balancer_free(r->b);
}

static void a_balancer_as_text(void) {
    struct rendered r =
        render(BALANCER("\"addresses\":[\"192.0.2.1\",\"2001:db8::1\"]," PORT "," TARGETS),
               CLEAT_LIN_MASQ_AUTO);
    KT_EQ_INT(r.b->revision, 7);
    KT_EQ_STR(r.b->service, "default/web");
    check_text(&r.p->sets, "");
    check_text(&r.p->chains, "add chain inet t b-a1-tcp-80-4 { comment \"default/web\"; }\n"
                             "add chain inet t b-a1-tcp-80-6 { comment \"default/web\"; }\n");
    check_text(&r.p->rules,
               "add rule inet t b-a1-tcp-80-4 meta l4proto tcp dnat ip to numgen random mod 2 map "
               "{ 0 : 10.0.0.1 . 30080, 1 : 10.0.0.2 . 30080 }\n"
               "add rule inet t b-a1-tcp-80-6 meta l4proto tcp dnat ip6 to numgen random mod 1 map "
               "{ 0 : fd00::1 . 30080 }\n");
    check_text(&r.p->elements,
               "add element inet t vips4 { 192.0.2.1 }\n"
               "add element inet t masquerade4 { 192.0.2.1 }\n"
               "add element inet t services4 { 192.0.2.1 . tcp . 80 : goto b-a1-tcp-80-4 }\n"
               "add element inet t vips6 { 2001:db8::1 }\n"
               "add element inet t masquerade6 { 2001:db8::1 }\n"
               "add element inet t services6 { 2001:db8::1 . tcp . 80 : goto b-a1-tcp-80-6 }\n");
    KT_EQ_INT(r.p->n_names, 2);
    struct cleat_lin_piece *again = cleat_lin_render("t", r.b, CLEAT_LIN_MASQ_AUTO);
    KT_TRUE(cleat_lin_piece_equal(r.p, again));
    cleat_lin_piece_free(again);
    r.b->targets[0].usable[0] = r.b->targets[1].usable[0] = false;
    again = cleat_lin_render("t", r.b, CLEAT_LIN_MASQ_AUTO);
    KT_TRUE(!cleat_lin_piece_equal(r.p, again));
    KT_TRUE(strstr(again->rules.p, "b-a1-tcp-80-4") == NULL); /* refused in the input chain */
    KT_TRUE(strstr(again->elements.p, "services4") != NULL);
    cleat_lin_piece_free(again);
    rendered_done(&r);
}

static void policies_as_text(void) {
    struct rendered r = render(
        BALANCER("\"addresses\":[\"192.0.2.1\"],\"externalTrafficPolicy\":\"Local\","
                 "\"healthCheckNodePort\":32000,\"sourceRanges\":[\"10.0.0.0/8\",\"fd00::/8\","
                 "\"192.0.2.7/24\"],\"affinitySeconds\":60," PORT "," TARGETS),
        CLEAT_LIN_MASQ_AUTO);
    KT_TRUE(r.b->local && r.b->limited);
    KT_EQ_INT(r.b->health_port, 32000);
    check_text(&r.p->sets, "add set inet t b-a1-tcp-80-4-0a000001-60 { type ipv4_addr; size 65535; "
                           "flags dynamic,timeout; timeout 60s; }\n"
                           "add set inet t b-a1-tcp-80-4-0a000002-60 { type ipv4_addr; size 65535; "
                           "flags dynamic,timeout; timeout 60s; }\n");
    check_text(
        &r.p->rules,
        "add rule inet t b-a1-tcp-80-4 ip saddr != { 10.0.0.0/8, 192.0.2.0/24 } drop\n"
        "add rule inet t b-a1-tcp-80-4-0a000001 update @b-a1-tcp-80-4-0a000001-60 { ip saddr }\n"
        "add rule inet t b-a1-tcp-80-4-0a000001 meta l4proto tcp dnat ip to 10.0.0.1:30080\n"
        "add rule inet t b-a1-tcp-80-4 ip saddr @b-a1-tcp-80-4-0a000001-60 goto "
        "b-a1-tcp-80-4-0a000001\n"
        "add rule inet t b-a1-tcp-80-4-0a000002 update @b-a1-tcp-80-4-0a000002-60 { ip saddr }\n"
        "add rule inet t b-a1-tcp-80-4-0a000002 meta l4proto tcp dnat ip to 10.0.0.2:30080\n"
        "add rule inet t b-a1-tcp-80-4 ip saddr @b-a1-tcp-80-4-0a000002-60 goto "
        "b-a1-tcp-80-4-0a000002\n"
        "add rule inet t b-a1-tcp-80-4 numgen random mod 2 vmap { 0 : goto b-a1-tcp-80-4-0a000001, "
        "1 : goto b-a1-tcp-80-4-0a000002 }\n");
    KT_TRUE(strstr(r.p->elements.p, "masquerade") == NULL);
    rendered_done(&r);
    static const struct {
        const char *ranges, *rule;
    } cases[] = {
        {"[\"::/0\"]", "add rule inet t b-a1-tcp-80-4 drop\n"}, /* nobody of this family */
        {"[\"nonsense\"]", "add rule inet t b-a1-tcp-80-4 drop\n"},
        {"[\"10.0.0.0/8\",\"0.0.0.0/0\"]", ""},
        {"[]", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *json = cleat_sprintf(
            BALANCER("\"addresses\":[\"192.0.2.1\"],\"sourceRanges\":%s," PORT), cases[i].ranges);
        r = render(json, CLEAT_LIN_MASQ_NEVER);
        check_text(&r.p->rules, cases[i].rule);
        rendered_done(&r);
        free(json);
    }
}

/* One object that makes no sense must not spoil the transaction of all. */
static void nonsense_is_left_out(void) {
    struct rendered r = render(
        BALANCER(
            "\"addresses\":[\"x\",\"192.0.2.1\",\"192.0.2.2\"],\"affinitySeconds\":-5,\"ports\":["
            "{\"port\":80,\"nodePort\":30080},{\"protocol\":\"TCP\",\"port\":80,\"nodePort\":1},"
            "{\"protocol\":\"X; flush ruleset\",\"port\":81,\"nodePort\":2},"
            "{\"protocol\":\"UDP\",\"port\":70000,\"nodePort\":2},"
            "{\"protocol\":\"UDP\",\"port\":82}],\"targets\":[{\"node\":\"n\",\"addresses\":["
            "\"10.0.0.1; flush ruleset\"]},{\"addresses\":[\"10.0.0.2\"]}]"),
        CLEAT_LIN_MASQ_AUTO);
    KT_EQ_INT(r.b->n_ports, 1);
    KT_EQ_INT(r.b->affinity, 0);
    KT_TRUE(strstr(r.p->rules.p, "flush") == NULL && strstr(r.p->elements.p, "flush") == NULL);
    check_text(&r.p->rules, "add rule inet t b-a1-tcp-80-4 meta l4proto tcp dnat ip to numgen "
                            "random mod 1 map { 0 : 10.0.0.2 . 30080 }\n");
    r.b->problem[0] = cleat_strdup("taken");
    struct cleat_lin_piece *none = cleat_lin_render("t", r.b, CLEAT_LIN_MASQ_AUTO);
    check_text(&none->elements, "");
    KT_EQ_INT(none->n_names, 0);
    cleat_lin_piece_free(none);
    rendered_done(&r);
}

static void a_name_that_is_too_long_is_left_out(void) {
    char *json = cleat_sprintf(
        "{\"metadata\":{\"name\":\"%0*d\"},\"spec\":{\"service\":{\"namespace\":\"d\","
        "\"name\":\"x\"},\"addresses\":[\"192.0.2.1\"]," PORT "}}",
        64, 1);
    struct rendered r = render(json, CLEAT_LIN_MASQ_AUTO);
    check_text(&r.p->chains, "");
    check_text(&r.p->elements, "");
    KT_TRUE(strstr(r.b->problem[0], "longer than 63") != NULL);
    rendered_done(&r);
    free(json);
}

static void a_name_cannot_leave_its_comment(void) {
    struct rendered r =
        render("{\"metadata\":{\"name\":\"a1\"},\"spec\":{\"service\":{\"namespace\":"
               "\"d\",\"name\":\"x\\\"; } flush ruleset\"},\"addresses\":["
               "\"192.0.2.1\"]," PORT "}}",
               CLEAT_LIN_MASQ_AUTO);
    check_text(&r.p->chains,
               "add chain inet t b-a1-tcp-80-4 { comment \"d/x______flush_ruleset\"; }\n");
    rendered_done(&r);
}

/* ---- checks ---- */

struct bench {
    int epoll, listener;
    struct cleat_lin_checks *checks;
    struct cleat_lin_check_spec spec;
    cleat_time now;
};

static uint16_t listen_somewhere(int *fd) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof a;
    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cleat_assert(*fd >= 0 && bind(*fd, (struct sockaddr *)&a, n) == 0 && listen(*fd, 16) == 0 &&
                 getsockname(*fd, (struct sockaddr *)&a, &n) == 0);
    return ntohs(a.sin_port);
}

static void bench_open(struct bench *b, enum cleat_lin_check_kind kind) {
    bind_sdk();
    *b = (struct bench){.epoll = epoll_create1(EPOLL_CLOEXEC), .now = 100 * CLEAT_SECOND};
    b->checks = cleat_lin_checks_new(b->epoll, UINT64_C(1) << 32);
    b->spec = (struct cleat_lin_check_spec){.kind = kind,
                                            .port = listen_somewhere(&b->listener),
                                            .path = "/healthz",
                                            .interval = CLEAT_SECOND,
                                            .timeout = CLEAT_SECOND,
                                            .fall = 2,
                                            .rise = 2};
    cleat_assert(cleat_lin_addr_parse(CLEAT_STR("127.0.0.1"), &b->spec.address));
    cleat_lin_checks_begin(b->checks);
    cleat_lin_checks_want(b->checks, &b->spec);
    cleat_lin_checks_want(b->checks, &b->spec);
    cleat_lin_checks_end(b->checks);
}

/* Begins what is due and hears what the kernel has to say to it, at most `events`. */
static bool bench_turn(struct bench *b, int events) {
    cleat_time next = INT64_MAX;
    bool changed = cleat_lin_checks_step(b->checks, b->now, &next);
    for (int i = 0; i < events; i++) {
        struct epoll_event ev;
        if (epoll_wait(b->epoll, &ev, 1, 1000) == 1) {
            changed |= cleat_lin_checks_ready(b->checks, (uint32_t)ev.data.u64, b->now);
        }
    }
    return changed;
}

static void bench_close(struct bench *b) {
    cleat_lin_checks_free(b->checks);
    close(b->epoll);
    if (b->listener >= 0) {
        close(b->listener);
    }
}

static void a_tcp_check(void) {
    struct bench b;
    bench_open(&b, CLEAT_LIN_CHECK_TCP);
    KT_EQ_INT(cleat_lin_checks_health(b.checks, &b.spec), CLEAT_LIN_UNKNOWN);
    KT_TRUE(!cleat_lin_checks_settled(b.checks));
    KT_TRUE(bench_turn(&b, 1)); /* the first answer of all decides */
    KT_EQ_INT(cleat_lin_checks_health(b.checks, &b.spec), CLEAT_LIN_UP);
    KT_TRUE(cleat_lin_checks_settled(b.checks));
    close(b.listener);
    b.listener = -1;
    b.now += CLEAT_SECOND;
    KT_TRUE(!bench_turn(&b, 1)); /* once is not enough */
    b.now += CLEAT_SECOND;
    KT_TRUE(bench_turn(&b, 1));
    KT_EQ_INT(cleat_lin_checks_health(b.checks, &b.spec), CLEAT_LIN_DOWN);
    cleat_lin_checks_begin(b.checks);
    cleat_lin_checks_end(b.checks); /* nobody wants to know any more */
    KT_EQ_INT(cleat_lin_checks_health(b.checks, &b.spec), CLEAT_LIN_UNKNOWN);
    bench_close(&b);
}

/* Whoever accepts and says nothing is as dead as one who does not accept. */
static void an_http_check(void) {
    static const char *const answers[] = {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 503 No\r\n\r\n",
                                          "HTTP/1.1 503 No\r\n\r\n", "HTTP/1.0 204 X\r\n\r\n",
                                          "HTTP/1.1 302 Found\r\n\r\n"};
    static const int want[] = {CLEAT_LIN_UP, CLEAT_LIN_UP, CLEAT_LIN_DOWN, CLEAT_LIN_DOWN,
                               CLEAT_LIN_UP};
    struct bench b;
    char buf[512];
    bench_open(&b, CLEAT_LIN_CHECK_HTTP);
    for (size_t i = 0; i < 5; i++) {
        bench_turn(&b, 1); /* connected: asks */
        int fd = accept4(b.listener, NULL, NULL, SOCK_CLOEXEC);
        ssize_t n = recv(fd, buf, sizeof buf - 1, 0);
        buf[n > 0 ? n : 0] = 0;
        KT_TRUE(strstr(buf, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:") == buf);
        KT_EQ_INT(send(fd, answers[i], strlen(answers[i]), 0), (int)strlen(answers[i]));
        bench_turn(&b, 1);
        KT_EQ_INT(cleat_lin_checks_health(b.checks, &b.spec), want[i]);
        close(fd);
        b.now += CLEAT_SECOND;
    }
    for (int i = 0; i < 2; i++) {
        bench_turn(&b, 1);
        b.now += CLEAT_SECOND; /* its patience ends */
    }
    cleat_time next = INT64_MAX;
    KT_TRUE(cleat_lin_checks_step(b.checks, b.now, &next));
    KT_EQ_INT(cleat_lin_checks_health(b.checks, &b.spec), CLEAT_LIN_DOWN);
    bench_close(&b);
}

/* Whoever asks comes late himself, as while a large table is written: what lies there is an answer.
 */
static void an_answer_that_nobody_looked_at_counts(void) {
    struct bench b;
    bench_open(&b, CLEAT_LIN_CHECK_TCP);
    KT_TRUE(bench_turn(&b, 1));
    for (int i = 0; i < 4; i++) {
        b.now += CLEAT_SECOND;
        bench_turn(&b, 0); /* begun */
        usleep(1000);
        b.now += 10 * CLEAT_SECOND;
        bench_turn(&b, 0);
        KT_EQ_INT(cleat_lin_checks_health(b.checks, &b.spec), CLEAT_LIN_UP);
    }
    bench_close(&b);
    char buf[512];
    bench_open(&b, CLEAT_LIN_CHECK_HTTP);
    bench_turn(&b, 0);
    usleep(1000);
    b.now += 10 * CLEAT_SECOND;
    bench_turn(&b, 0); /* asks only now */
    int fd = accept4(b.listener, NULL, NULL, SOCK_CLOEXEC);
    KT_TRUE(recv(fd, buf, sizeof buf, 0) > 0);
    KT_TRUE(send(fd, "HTTP/1.1 200 OK\r\n\r\n", 19, 0) == 19);
    usleep(1000);
    b.now += 10 * CLEAT_SECOND;
    KT_TRUE(bench_turn(&b, 0));
    KT_EQ_INT(cleat_lin_checks_health(b.checks, &b.spec), CLEAT_LIN_UP);
    close(fd);
    bench_close(&b);
}

static void many_checks_are_told_apart(void) {
    struct bench b;
    bench_open(&b, CLEAT_LIN_CHECK_TCP);
    close(b.listener);
    b.listener = -1;
    for (int round = 0; round < 2; round++) { /* the second time every other one goes */
        cleat_lin_checks_begin(b.checks);
        for (int port = 1; port <= 1000; port += round + 1) {
            b.spec.port = (uint16_t)port;
            cleat_lin_checks_want(b.checks, &b.spec);
        }
        cleat_lin_checks_end(b.checks);
        size_t found = 0;
        for (size_t i = 0; i < b.checks->n; i++) {
            found += b.checks->v[i] != NULL;
        }
        KT_EQ_INT(found, round == 0 ? 1000 : 500);
        KT_EQ_INT(b.checks->n_used, found);
    }
    bench_close(&b);
}

KT_MAIN("plugin_linux", KT_TEST(addresses), KT_TEST(ranges), KT_TEST(an_inventory),
        KT_TEST(the_example_is_right), KT_TEST(mistakes_are_named), KT_TEST(objects_join_the_file),
        KT_TEST(a_file_is_read_when_it_rests), KT_TEST(a_balancer_as_text),
        KT_TEST(policies_as_text), KT_TEST(nonsense_is_left_out),
        KT_TEST(a_name_that_is_too_long_is_left_out), KT_TEST(a_name_cannot_leave_its_comment),
        KT_TEST(a_tcp_check), KT_TEST(an_http_check),
        KT_TEST(an_answer_that_nobody_looked_at_counts), KT_TEST(many_checks_are_told_apart))
