/* SPDX-License-Identifier: Apache-2.0 */
/* Answers in YAML and packed with gzip, whole and while they are made. */
#include <zlib.h>

#include "tests/support/at.h"
#include "tests/support/h2.h"

#define CMS  "/api/v1/namespaces/default/configmaps"
#define YAML "Accept: application/yaml\r\n"
#define GZIP "Accept-Encoding: deflate, gzip;q=0.5\r\n"

/* YAML's text as an object; owned. */
static cleat_obj *of_yaml(const struct cleat_buf *yaml) {
    CLEAT_AUTO_BUF json = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_yaml_to_json((struct cleat_str){yaml->p, yaml->n}, &json, &e), &e);
    KT_OK(cleat_obj_parse((struct cleat_str){json.p, json.n}, 0, &o, &e), &e);
    return o;
}

static void unpack(const struct cleat_buf *packed, struct cleat_buf *ret) {
    z_stream z = {0};
    KT_REQUIRE(inflateInit2(&z, 15 + 16) == Z_OK);
    z.next_in = (Bytef *)packed->p;
    z.avail_in = (uInt)packed->n;
    int r = Z_OK;
    while (r == Z_OK) {
        cleat_buf_reserve(ret, 65536);
        z.next_out = (Bytef *)(ret->p + ret->n);
        z.avail_out = 65536;
        r = inflate(&z, Z_NO_FLUSH);
        ret->n += 65536 - z.avail_out;
    }
    KT_EQ_INT(r, Z_STREAM_END);
    KT_EQ_INT(z.avail_in, 0);
    inflateEnd(&z);
}

/* n ConfigMaps of about 10 KB. */
static void fill(struct at *at, int n) {
    CLEAT_AUTO_BUF text = {0};
    for (int i = 0; i < n; i++) {
        text.n = 0;
        cleat_buf_printf(&text, "{\"metadata\":{\"name\":\"c%03d\"},\"data\":{\"k\":\"", i);
        for (int k = 0; k < 500; k++) {
            cleat_buf_printf(&text, "line %03d of %03d\\n", k, i);
        }
        cleat_buf_puts(&text, "\"}}");
        KT_EQ_INT(at_call(at, "POST", CMS, text.p, NULL), 201);
    }
}

static void yaml(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_EQ_INT(at_ask(&c, "POST", CMS, YAML "Content-Type: application/yaml\r\n",
                     "metadata:\n  name: yam\n  labels: {n: \"1\"}\ndata:\n  k: |\n    a\n    b\n",
                     &a),
              201);
    KT_TRUE(at_has(&a.head, "\r\nContent-Type: application/yaml\r\n"));
    KT_TRUE(at_has(&a.body, "apiVersion: v1\ndata:\n  k: |\n    a\n    b\nkind: ConfigMap\n"
                            "metadata:\n  creationTimestamp: \"20"));
    KT_TRUE(at_has(&a.body, "  labels:\n    \"n\": \"1\"\n"));
    KT_EQ_INT(at_ask(&c, "GET", CMS "/yam", YAML, NULL, &a), 200);
    CLEAT_AUTO(cleat_obj) *o = of_yaml(&a.body);
    KT_EQ_S(cleat_obj_name(o), CLEAT_STR("yam"));
    KT_EQ_INT(at_ask(&c, "GET", CMS "/z", YAML, NULL, &a), 404);
    CLEAT_AUTO(cleat_obj) *status = of_yaml(&a.body);
    KT_EQ_S(cleat_val_str(cleat_obj_at(status, CLEAT_PATH("reason"))), CLEAT_STR("NotFound"));
    /* What follows on the connection is JSON again. */
    KT_EQ_INT(at_ask(&c, "GET", CMS "/yam", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "{\"kind\":") || at_has(&a.body, "\"apiVersion\":\"v1\""));
    /* A watch has no YAML; and what nobody has is refused. */
    KT_EQ_INT(at_ask(&c, "GET", CMS "?watch=true", YAML, NULL, &a), 406);
    KT_EQ_INT(at_ask(&c, "GET", CMS "/yam", "Accept: text/csv\r\n", NULL, &a), 406);
    KT_EQ_INT(at_ask(&c, "GET", CMS "/yam", "Accept: application/json;q=0\r\n", NULL, &a), 406);
    KT_EQ_INT(at_ask(&c, "GET", CMS "/yam",
                     "Accept: application/json;q=0.3, application/yaml;q=0.7, x/y\r\n", NULL, &a),
              200);
    KT_TRUE(at_has(&a.head, "Content-Type: application/yaml\r\n"));
    at_disconnect(&c);
    at_close(&at);
}

static void yaml_lists(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    KT_EQ_INT(at_ask(&c, "GET", CMS "?labelSelector=none", YAML, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "items: []\nkind: ConfigMapList\n"));
    fill(&at, 100);
    KT_EQ_INT(at_ask(&c, "GET", CMS, YAML, NULL, &a), 200);
    CLEAT_AUTO(cleat_obj) *all = of_yaml(&a.body);
    KT_TRUE(cleat_val_count(cleat_obj_at(all, CLEAT_PATH("items"))) >= 100);
    KT_EQ_INT(at_ask(&c, "GET", CMS "?limit=60", YAML, NULL, &a), 200);
    CLEAT_AUTO(cleat_obj) *page = of_yaml(&a.body);
    KT_EQ_INT(cleat_val_count(cleat_obj_at(page, CLEAT_PATH("items"))), 60);
    KT_TRUE(cleat_val_present(cleat_obj_at(page, CLEAT_PATH("metadata", "continue"))));
    KT_TRUE(cleat_val_present(cleat_obj_at(page, CLEAT_PATH("metadata", "remainingItemCount"))));
    KT_EQ_INT(at_ask(&c, "GET", CMS, YAML GZIP, NULL, &a), 200);
    KT_TRUE(at_has(&a.head, "Content-Encoding: gzip\r\n"));
    CLEAT_AUTO_BUF text = {0};
    unpack(&a.body, &text);
    CLEAT_AUTO(cleat_obj) *again = of_yaml(&text);
    KT_TRUE(cleat_val_equal(cleat_obj_at(again, CLEAT_PATH("items")),
                            cleat_obj_at(all, CLEAT_PATH("items"))));
    KT_TRUE(at_puts(&c, "HEAD " CMS " HTTP/1.1\r\nHost: x\r\n" YAML "\r\n") &&
            at_read_head(&c, &a));
    KT_EQ_INT(a.status, 200);
    KT_EQ_INT(at_ask(&c, "GET", CMS "/c001", NULL, NULL, &a), 200); /* nothing is in its way */
    at_disconnect(&c);
    at_close(&at);
}

/* Packed and plain say the same; small answers, and clients that do not want it, get it plain. */
static void gzip(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER plain = {0}, packed = {0}, small = {0}, no = {0};
    CLEAT_AUTO_BUF text = {0}, table = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    fill(&at, 100);
    KT_EQ_INT(at_ask(&c, "GET", CMS, NULL, NULL, &plain), 200);
    KT_EQ_INT(at_ask(&c, "GET", CMS, GZIP, NULL, &packed), 200);
    KT_TRUE(at_has(&packed.head, "\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\n"));
    KT_TRUE(packed.body.n < plain.body.n / 5);
    unpack(&packed.body, &text);
    KT_TRUE(text.n == plain.body.n && memcmp(text.p, plain.body.p, text.n) == 0);
    KT_EQ_INT(at_ask(&c, "GET", CMS "/c000", GZIP, NULL, &small), 200);
    KT_TRUE(strstr(small.head.p, "Content-Encoding") == NULL);
    KT_EQ_INT(at_ask(&c, "GET", CMS, "Accept-Encoding: gzip;q=0, br\r\n", NULL, &no), 200);
    KT_TRUE(strstr(no.head.p, "Content-Encoding") == NULL);
    KT_EQ_INT(at_ask(&c, "GET", CMS "?includeObject=Object",
                     GZIP "Accept: application/json;as=Table;v=v1;g=meta.k8s.io\r\n", NULL,
                     &packed),
              200);
    unpack(&packed.body, &table);
    KT_TRUE(at_has(&table, "\"kind\":\"Table\""));
    at_disconnect(&c);
    at_close(&at);
}

/* A client that stops reading holds up nobody, and goes when it goes. */
static void half_read(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL));
    fill(&at, 400);
    KT_REQUIRE(at_connect(&at, &c, AT_PLAIN));
    KT_TRUE(at_send_request(&c, "GET", CMS, YAML, NULL) && at_read_head(&c, &a));
    KT_EQ_INT(at_call(&at, "GET", CMS "/c000", NULL, NULL), 200);
    at_disconnect(&c);
    KT_EQ_INT(at_call(&at, "GET", CMS "/c000", NULL, NULL), 200);
    at_close(&at);
}

static void http2(void) {
    static const struct cleat_api_opts o = {.secure_port = -1};
    struct at at;
    struct h2 h;
    KT_REQUIRE(at_open(&at, &o) && h2_open(&at, &h, false));
    fill(&at, 100);
    int32_t packed = h2_ask(&h, "GET", CMS, "accept-encoding: gzip", CLEAT_STR(""));
    int32_t plain = h2_ask(&h, "GET", CMS, NULL, CLEAT_STR(""));
    int32_t text = h2_ask(&h, "GET", CMS, "accept: application/yaml", CLEAT_STR(""));
    KT_TRUE(h2_wait(&h, packed) && h2_wait(&h, plain) && h2_wait(&h, text));
    CLEAT_AUTO_BUF whole = {0};
    unpack(&h2_at(&h, packed)->body, &whole);
    KT_TRUE(whole.n == h2_at(&h, plain)->body.n &&
            memcmp(whole.p, h2_at(&h, plain)->body.p, whole.n) == 0);
    CLEAT_AUTO(cleat_obj) *all = of_yaml(&h2_at(&h, text)->body);
    KT_TRUE(cleat_val_count(cleat_obj_at(all, CLEAT_PATH("items"))) >= 100);
    h2_close(&h);
    at_close(&at);
}

KT_MAIN("api_encoding", KT_TEST(yaml), KT_TEST(yaml_lists), KT_TEST(gzip), KT_TEST(half_read),
        KT_TEST(http2))
