/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The object model beside json-c, on one core: parse, read a field, splice, and
 * the memory of a parsed document. Prints a markdown table. Each figure is the
 * best of some short rounds, for the machine may have other things to do.
 */
#include "core/object/tree.h"
#include "tests/support/docs.h"

#include <malloc.h>

#define ROUNDS 7
#define ROUND  (40 * CLEAT_MS)

struct doc {
    const char *name;
    struct cleat_str text;
    cleat_obj *obj;
    struct json_object *tree;
    struct json_tokener *tok;
    cleat_path field;
    const char *raw; /* what the splice sets */
    uint64_t sink;
};

static void parse_ours(struct doc *d) {
    cleat_obj *o = NULL;
    cleat_assert(cleat_obj_parse(d->text, 0, &o, NULL) == CLEAT_OK);
    cleat_obj_unref(o);
}

static void parse_trusted(struct doc *d) {
    cleat_obj *o = NULL;
    cleat_assert(cleat_obj_parse_trusted(d->text, &o, NULL) == CLEAT_OK);
    cleat_obj_unref(o);
}

static void parse_jsonc(struct doc *d) {
    json_tokener_reset(d->tok);
    struct json_object *t = json_tokener_parse_ex(d->tok, d->text.p, (int)d->text.n);
    cleat_assert(t != NULL);
    json_object_put(t);
}

static void read_ours(struct doc *d) {
    d->sink += cleat_val_str(cleat_obj_at(d->obj, d->field)).n;
}

static void read_jsonc(struct doc *d) {
    struct json_object *t = d->tree;
    for (cleat_path p = d->field; *p != NULL; p++) {
        cleat_assert(json_object_object_get_ex(t, *p, &t));
    }
    d->sink += (uint64_t)json_object_get_string_len(t);
}

static void splice_field(struct doc *d) {
    cleat_obj *o = NULL;
    struct cleat_splice s[] = {
        {CLEAT_PATH("metadata", "resourceVersion"), CLEAT_STR("\"123456\"")},
        {d->field, cleat_s(d->raw)},
    };
    cleat_assert(cleat_obj_splice(d->obj, s, 2, &o, NULL) == CLEAT_OK);
    cleat_obj_unref(o);
}

static void write_jsonc(struct doc *d) {
    d->sink += strlen(json_object_to_json_string_ext(d->tree, JSON_C_TO_STRING_PLAIN |
                                                                  JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* Nanoseconds a call. */
static double measure(void (*fn)(struct doc *), struct doc *d) {
    double best = 1e18;
    for (int round = 0; round < ROUNDS; round++) {
        cleat_time start = cleat_now_mono(), now = start;
        uint64_t calls = 0;
        while (now - start < ROUND) {
            for (int i = 0; i < 64; i++) {
                fn(d);
            }
            calls += 64;
            now = cleat_now_mono();
        }
        double each = (double)(now - start) / (double)calls;
        best = each < best ? each : best;
    }
    return best;
}

/* Bytes of heap that one json-c tree takes, by building many. */
static double jsonc_memory(struct doc *d) {
    enum { N = 200 };
    struct json_object *t[N];
    size_t before = mallinfo2().uordblks;
    for (size_t i = 0; i < N; i++) {
        json_tokener_reset(d->tok);
        t[i] = json_tokener_parse_ex(d->tok, d->text.p, (int)d->text.n);
    }
    double each = (double)(mallinfo2().uordblks - before) / N;
    for (size_t i = 0; i < N; i++) {
        json_object_put(t[i]);
    }
    return each;
}

static void run(struct doc *d) {
    d->tok = json_tokener_new();
    d->tree = json_tokener_parse_ex(d->tok, d->text.p, (int)d->text.n);
    cleat_assert(d->tree != NULL);
    cleat_assert(cleat_obj_parse(d->text, 0, &d->obj, NULL) == CLEAT_OK);
    double n = (double)d->text.n;
    double ours = measure(parse_ours, d), trusted = measure(parse_trusted, d);
    double jsonc = measure(parse_jsonc, d);
    printf("| %s | %zu | %.0f | %.0f | %.0f | %.1f | %.1f | %.0f | %.0f | %.2f | %.2f |\n", d->name,
           d->text.n, n * 1000 / ours, n * 1000 / trusted, n * 1000 / jsonc, measure(read_ours, d),
           measure(read_jsonc, d), measure(splice_field, d), jsonc + measure(write_jsonc, d),
           (double)cleat_obj_memory(d->obj) / n, jsonc_memory(d) / n);
    cleat_obj_unref(d->obj);
    json_object_put(d->tree);
    json_tokener_free(d->tok);
}

int main(void) {
    CLEAT_AUTO_FREE char *lease = docs_lease(123);
    CLEAT_AUTO_FREE char *pod = docs_pod(123);
    CLEAT_AUTO_FREE char *node = docs_node(123);
    struct doc docs[] = {
        {.name = "Lease",
         .text = cleat_s(lease),
         .field = CLEAT_PATH("spec", "renewTime"),
         .raw = "\"2026-11-23T10:20:31.654321Z\""},
        {.name = "Pod",
         .text = cleat_s(pod),
         .field = CLEAT_PATH("spec", "nodeName"),
         .raw = "\"worker-77777\""},
        {.name = "Node",
         .text = cleat_s(node),
         .field = CLEAT_PATH("spec", "providerID"),
         .raw = "\"sim://eu-1/another-name-of-another-length\""},
    };
    printf("| document | bytes | parse MB/s | trusted MB/s | json-c MB/s | read ns | json-c ns "
           "| splice ns | json-c parse+write ns | memory x | json-c x |\n"
           "|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++) {
        run(&docs[i]);
    }
    return 0;
}
