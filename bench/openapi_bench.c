/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the documents about the API take to make, on one core, of the built-in
 * kinds and of 100 custom ones beside them. Prints a markdown table. Each figure
 * is the best of some rounds.
 */
#include "core/kinds/kinds.h"
#include "core/openapi/internal.h"

enum { ROUNDS = 9, CUSTOM = 100 };

static const struct {
    const char *name;
    int which;
} documents[] = {{"/openapi/v2", 0},        {"/openapi/v2, protobuf", 1},
                 {"/openapi/v3/api/v1", 2}, {"/openapi/v3/api/v1, protobuf", 3},
                 {"all of version 3", 4},   {"/apis, aggregated", 5}};

static void make_all(void *userdata, const char *name);
struct all {
    const struct cleat_kind_list *list;
    size_t bytes;
};

static size_t make(const struct cleat_kind_list *l, int which) {
    CLEAT_AUTO_BUF b = {0};
    struct all all = {l, 0};
    switch (which) {
    case 0:
    case 1:
        cleat_spec_v2(l, "v1.32.0", which == 1, &b);
        break;
    case 2:
    case 3:
        cleat_spec_v3(l, "api/v1", which == 3, &b);
        break;
    case 4:
        cleat_spec_v3_names(l, make_all, &all);
        return all.bytes;
    default:
        cleat_discovery_aggregated(l, false, "v2", &b);
    }
    return b.n;
}

static void make_all(void *userdata, const char *name) {
    struct all *all = userdata;
    CLEAT_AUTO_BUF b = {0};
    cleat_spec_v3(all->list, name, false, &b);
    all->bytes += b.n;
}

static void add_custom(cleat_registry *r, int i) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(
        &b,
        "{\"metadata\":{\"name\":\"t%ds.g%d.example.com\"},\"spec\":{\"group\":"
        "\"g%d.example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"t%ds\",\"kind\":"
        "\"T%d\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{"
        "\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\","
        "\"properties\":{",
        i, i % 10, i % 10, i, i);
    for (int j = 0; j < 100; j++) {
        cleat_buf_printf(&b,
                         "%s\"field%d\":{\"type\":\"object\",\"description\":\"What is wanted of "
                         "it.\",\"properties\":{\"a\":{\"type\":\"string\",\"maxLength\":9}}}",
                         j > 0 ? "," : "", j);
    }
    cleat_buf_puts(&b, "}}}}}}]}}");
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_registry_add_crd(r, (struct cleat_str){b.p, b.n}, &e);
    cleat_assert(err == CLEAT_OK);
}

static void print_row(const struct cleat_kind_list *l, const char *kinds, size_t i) {
    cleat_time best = INT64_MAX;
    size_t bytes = 0;
    for (int j = 0; j < ROUNDS; j++) {
        cleat_time began = cleat_now_mono();
        bytes = make(l, documents[i].which);
        cleat_time took = cleat_now_mono() - began;
        best = took < best ? took : best;
    }
    printf("| %s | %s | %zu KB | %.1f ms |\n", documents[i].name, kinds, bytes / 1000,
           (double)best / 1e6);
}

static void print_rows(cleat_registry *r, const char *kinds) {
    CLEAT_AUTO_KIND_LIST list;
    cleat_kind_list_load(&list, r);
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        print_row(&list, kinds, i);
    }
}

/* The hashes of version 3 when one kind has come since the last time. */
static void print_change(cleat_registry *r) {
    cleat_openapi *o = cleat_openapi_new(r, "v1.32.0");
    cleat_time best = INT64_MAX;
    size_t bytes = 0;
    for (int j = 0; j < ROUNDS; j++) {
        CLEAT_AUTO_BUF b = {0};
        CLEAT_AUTO_FREE char *tag = NULL;
        cleat_time began = cleat_now_mono();
        cleat_err err = cleat_openapi_get(o, CLEAT_DOC_V3_INDEX, "", &b, &tag, NULL);
        cleat_assert(err == CLEAT_OK);
        cleat_time took = cleat_now_mono() - began;
        best = took < best && j > 0 ? took : best;
        bytes = b.n;
        add_custom(r, CUSTOM + j);
    }
    printf("| /openapi/v3 | and one more | %zu KB | %.1f ms |\n", bytes / 1000, (double)best / 1e6);
    cleat_openapi_free(o);
}

int main(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {.manual = true};
    cleat_store *store = NULL;
    cleat_registry *r = NULL;
    cleat_err err = cleat_store_open(cleat_backend_memory(), &opts, &store, &e);
    cleat_assert(err == CLEAT_OK);
    err = cleat_registry_new(store, cleat_kinds, &r, &e);
    cleat_assert(err == CLEAT_OK);
    puts("| document | kinds | size | made in |\n|---|---|---|---|");
    print_rows(r, "built-in");
    for (int i = 0; i < CUSTOM; i++) {
        add_custom(r, i);
    }
    print_rows(r, "and 100 custom");
    print_change(r);
    cleat_registry_free(r);
    cleat_store_close(store);
    return 0;
}
