/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protobuf form of OpenAPI documents, read back by a decoder that knows
 * gnostic's messages from a table of its own, must be the JSON form to the byte.
 */
#include "core/openapi/internal.h"
#include "tests/support/rt.h"

#define JSON(...) #__VA_ARGS__

/* A message: its fields as NUMBER:KEY=TYPE. TYPE is s(tring), b(ool), i(nteger), d(ouble),
 * a(ny), or a message; with * an array. KEY * is of any name: {1 name, 2 value}. Before
 * them | for a oneof, ! for a message around one value, [ around an array. */
static const struct message {
    const char *name, *fields;
} messages[] = {
    {"Document2", "1:swagger=s 2:info=Info2 8:paths=Paths2 9:definitions=Schemas2 "
                  "10:parameters=Parameters2 12:security=Requirement* "
                  "13:securityDefinitions=Securities2"},
    {"Info2", "1:title=s 2:version=s"},
    {"Paths2", "2:*=Path2"},
    {"Path2", "2:get=Operation2 3:put=Operation2 4:post=Operation2 5:delete=Operation2 "
              "8:patch=Operation2 9:parameters=Item2*"},
    {"Operation2", "1:tags=s* 3:description=s 5:operationId=s 6:produces=s* 7:consumes=s* "
                   "8:parameters=Item2* 9:responses=Responses2 10:schemes=s* 13:*=a"},
    {"Item2", "|1:=Parameter2 2:=Reference2"},
    {"Parameters2", "1:*=Parameter2"},
    {"Parameter2", "|1:=Body2 2:=NonBody2"},
    {"NonBody2", "|3:=Query2 4:=PathParameter2"},
    {"Body2", "1:description=s 2:name=s 3:in=s 4:required=b 5:schema=Schema2"},
    {"Query2", "1:required=b 2:in=s 3:description=s 4:name=s 6:type=s 20:uniqueItems=b"},
    {"PathParameter2", "1:required=b 2:in=s 3:description=s 4:name=s 5:type=s 19:uniqueItems=b"},
    {"Reference2", "1:$ref=s"},
    {"Responses2", "1:*=Value2"},
    {"Value2", "|1:=Response2 2:=Reference2"},
    {"Response2", "1:description=s 2:schema=SchemaItem2"},
    {"SchemaItem2", "|1:=Schema2"},
    {"Schemas2", "1:*=Schema2"},
    {"Schema2", "1:$ref=s 2:format=s 3:title=s 4:description=s 7:maximum=d 9:minimum=d "
                "10:exclusiveMinimum=b 11:maxLength=i 12:minLength=i 13:pattern=s 14:maxItems=i "
                "15:minItems=i 19:required=s* 20:enum=a* 21:additionalProperties=Additional2 "
                "22:type=One 23:items=Items2 25:properties=Schemas2 31:*=a"},
    {"One", "!1:=s"},
    {"Items2", "!1:=Schema2"},
    {"Additional2", "|1:=Schema2 2:=b"},
    {"Securities2", "1:*=Security2"},
    {"Security2", "|2:=Key2"},
    {"Key2", "1:type=s 2:name=s 3:in=s 4:description=s"},
    {"Requirement", "1:*=Strings"},
    {"Strings", "[1:=s"},
    {"Document3", "1:openapi=s 2:info=Info3 4:paths=Paths3 5:components=Components3"},
    {"Info3", "1:title=s 6:version=s"},
    {"Paths3", "1:*=Path3"},
    {"Path3", "4:get=Operation3 5:put=Operation3 6:post=Operation3 7:delete=Operation3 "
              "10:patch=Operation3 13:parameters=Item3*"},
    {"Operation3", "1:tags=s* 3:description=s 5:operationId=s 6:parameters=Item3* "
                   "7:requestBody=BodyOr3 8:responses=Responses3 13:*=a"},
    {"Item3", "|1:=Parameter3 2:=Reference3"},
    {"Parameter3", "1:name=s 2:in=s 3:description=s 4:required=b 10:schema=SchemaOr3"},
    {"Reference3", "1:$ref=s"},
    {"BodyOr3", "|1:=Body3 2:=Reference3"},
    {"Body3", "2:content=Content3 3:required=b"},
    {"Content3", "1:*=Media3"},
    {"Media3", "1:schema=SchemaOr3"},
    {"Responses3", "2:*=ResponseOr3"},
    {"ResponseOr3", "|1:=Response3 2:=Reference3"},
    {"Response3", "1:description=s 3:content=Content3"},
    {"Components3", "1:schemas=Schemas3 7:securitySchemes=Schemes3"},
    {"Schemas3", "1:*=SchemaOr3"},
    {"SchemaOr3", "|1:=Schema3 2:=Reference3"},
    {"Schema3",
     "1:nullable=b 9:title=s 11:maximum=d 13:minimum=d 14:exclusiveMinimum=b "
     "15:maxLength=i 16:minLength=i 17:pattern=s 18:maxItems=i 19:minItems=i 20:uniqueItems=b "
     "23:required=s* 24:enum=a* 25:type=s 26:allOf=SchemaOr3* 27:oneOf=SchemaOr3* "
     "28:anyOf=SchemaOr3* 29:not=Schema3 30:items=Items3 31:properties=Schemas3 "
     "32:additionalProperties=Additional3 33:default=Default3 34:description=s "
     "35:format=s 36:*=a"},
    {"Items3", "!1:=SchemaOr3"},
    {"Additional3", "|1:=SchemaOr3 2:=b"},
    {"Default3", "|1:=d 2:=b 3:=s"},
    {"Schemes3", "1:*=SchemeOr3"},
    {"SchemeOr3", "|1:=Scheme3 2:=Reference3"},
    {"Scheme3", "1:type=s 2:description=s 3:name=s 4:in=s"},
};

struct field {
    unsigned number;
    char key[32], type[32];
    bool many;
};

static bool find_message(struct cleat_str name, const struct message **ret) {
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (cleat_eqc(name, messages[i].name)) {
            *ret = &messages[i];
            return true;
        }
    }
    return false;
}

static bool find_field(const struct message *m, unsigned number, struct field *ret) {
    const char *p = m->fields + strspn(m->fields, "|![");
    while (*p != '\0') {
        size_t colon = strcspn(p, ":"), equals = strcspn(p, "="), end = strcspn(p, " ");
        ret->number = (unsigned)strtoul(p, NULL, 10);
        snprintf(ret->key, sizeof ret->key, "%.*s", (int)(equals - colon - 1), p + colon + 1);
        snprintf(ret->type, sizeof ret->type, "%.*s", (int)(end - equals - 1), p + equals + 1);
        size_t n = strlen(ret->type);
        ret->many = ret->type[n - 1] == '*';
        ret->type[n - 1] = ret->many ? '\0' : ret->type[n - 1];
        if (ret->number == number) {
            return true;
        }
        p += end + (p[end] == ' ');
    }
    return false;
}

/* ---- the wire ---- */

struct wire {
    const unsigned char *p, *end;
};

static uint64_t varint(struct wire *w) {
    uint64_t v = 0;
    for (unsigned shift = 0; w->p < w->end && shift < 64; shift += 7) {
        v |= (uint64_t)(*w->p & 0x7f) << shift;
        if ((*w->p++ & 0x80) == 0) {
            return v;
        }
    }
    KT_TRUE(false);
    w->p = w->end;
    return 0;
}

static struct wire bytes(struct wire *w) {
    uint64_t n = varint(w);
    struct wire part = {w->p, w->p + n};
    if (!KT_TRUE(n <= (uint64_t)(w->end - w->p))) {
        part.end = w->end;
    }
    w->p = part.end;
    return part;
}

static struct cleat_str text(struct wire w) {
    return (struct cleat_str){(const char *)w.p, (size_t)(w.end - w.p)};
}

/* The text of an Any: its second field. */
static void any(struct wire w, struct cleat_buf *out) {
    KT_EQ_INT(varint(&w), 2 << 3 | 2);
    cleat_buf_str(out, text(bytes(&w)));
    KT_TRUE(w.p == w.end);
}

static void message(const char *name, struct wire w, struct cleat_buf *out);

static void number(double d, struct cleat_buf *out) {
    cleat_buf_printf(out, "%.17g", d);
}

static void value(const char *type, unsigned wire_type, struct wire *w, struct cleat_buf *out) {
    double d;
    if (strcmp(type, "b") == 0 || strcmp(type, "i") == 0) {
        KT_EQ_INT(wire_type, 0);
        uint64_t v = varint(w);
        cleat_buf_printf(out, type[0] == 'i' ? "%lld" : v ? "true" : "false", (long long)v);
    } else if (strcmp(type, "d") == 0) {
        KT_EQ_INT(wire_type, 1);
        memcpy(&d, w->p, sizeof d); /* this machine is little-endian, as the wire */
        w->p += sizeof d;
        number(d, out);
    } else {
        KT_EQ_INT(wire_type, 2);
        struct wire part = bytes(w);
        if (strcmp(type, "s") == 0) {
            cleat_buf_json(out, text(part));
        } else if (strcmp(type, "a") == 0) {
            any(part, out);
        } else {
            message(type, part, out);
        }
    }
}

static void named(const char *type, struct wire *w, struct cleat_buf *out) {
    struct wire part = bytes(w);
    KT_EQ_INT(varint(&part), 1 << 3 | 2);
    cleat_buf_json(out, text(bytes(&part)));
    cleat_buf_putc(out, ':');
    uint64_t tag = varint(&part);
    KT_EQ_INT(tag >> 3, 2);
    value(type, tag & 7, &part, out);
    KT_TRUE(part.p == part.end);
}

static void members(const struct message *m, struct wire w, struct cleat_buf *out) {
    unsigned open = 0; /* the field whose array is being written */
    bool first = true;
    while (w.p < w.end) {
        struct field f;
        uint64_t tag = varint(&w);
        if (!find_field(m, (unsigned)(tag >> 3), &f)) {
            fprintf(stderr, "%s has no field %llu\n", m->name, (unsigned long long)tag >> 3);
            KT_TRUE(false);
            return;
        }
        if (open != 0 && open != f.number) {
            cleat_buf_putc(out, ']');
        }
        if (!first) {
            cleat_buf_putc(out, ',');
        }
        first = false;
        if (f.key[0] == '*') {
            named(f.type, &w, out);
        } else {
            if (open != f.number || !f.many) {
                cleat_buf_json(out, cleat_s(f.key));
                cleat_buf_puts(out, f.many ? ":[" : ":");
            }
            value(f.type, tag & 7, &w, out);
        }
        open = f.many ? f.number : 0;
    }
    if (open != 0) {
        cleat_buf_putc(out, ']');
    }
}

static void message(const char *name, struct wire w, struct cleat_buf *out) {
    const struct message *m = NULL;
    KT_REQUIRE(find_message(cleat_s(name), &m));
    char mode = m->fields[0];
    struct field f;
    if (strchr("|![", mode) == NULL || w.p == w.end) {
        cleat_buf_putc(out, mode == '[' ? '[' : '{');
        members(m, w, out);
        cleat_buf_putc(out, mode == '[' ? ']' : '}');
        return;
    }
    uint64_t tag = varint(&w);
    KT_REQUIRE(find_field(m, (unsigned)(tag >> 3), &f));
    value(f.type, tag & 7, &w, out);
    KT_TRUE(w.p == w.end);
}

/* ---- documents ---- */

/* clang-format off */
static const char crd[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
  "metadata": {"name": "machines.made.example.com"},
  "spec": {"group": "made.example.com", "scope": "Namespaced",
    "names": {"plural": "machines", "kind": "Machine", "shortNames": ["mm"], "categories": ["sim"]},
    "versions": [{"name": "v1alpha1", "served": true, "storage": true,
      "subresources": {"status": {}},
      "selectableFields": [{"jsonPath": ".spec.power"}],
      "schema": {"openAPIV3Schema": {"type": "object", "required": ["spec"], "properties": {
        "spec": {"type": "object", "required": ["zone", "maybe"], "properties": {
          "power": {"type": "string", "enum": ["On", "Off"], "default": "On", "description": "a \"word\"\n\u0007 \\ next: line"},
          "zone": {"type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z\\d]+$"},
          "od\"d": {"type": "string"},
          "count": {"type": "integer", "minimum": 1, "maximum": 10, "default": 3},
          "ratio": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
          "sure": {"type": "boolean", "default": true},
          "port": {"x-kubernetes-int-or-string": true},
          "tags": {"type": "array", "maxItems": 2, "minItems": 1, "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
          "labels": {"type": "object", "additionalProperties": {"type": "string"}},
          "all": {"type": "object", "additionalProperties": true},
          "nested": {"type": "object", "default": {}, "properties": {"deep": {"type": "integer", "default": 7}}},
          "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"known": {"type": "object", "properties": {}}}},
          "whole": {"type": "object", "x-kubernetes-embedded-resource": true, "properties": {"spec": {"type": "string"}}},
          "maybe": {"type": "string", "nullable": true},
          "either": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
                     "oneOf": [{"required": ["a"]}, {"required": ["b"]}], "not": {"required": ["c"]}}}}}}}}]}});
/* clang-format on */

static void compare(const char *name, struct cleat_buf *proto, struct cleat_buf *json) {
    CLEAT_AUTO_BUF back = {0};
    struct wire w = {(const unsigned char *)proto->p, (const unsigned char *)proto->p + proto->n};
    message(name, w, &back);
    cleat_buf_putc(&back, '\n');
    size_t same = 0;
    while (same < back.n && same < json->n && back.p[same] == json->p[same]) {
        same++;
    }
    if (!KT_TRUE(same == back.n && same == json->n)) {
        size_t from = same > 100 ? same - 100 : 0;
        fprintf(stderr, "%s\n  proto: %.200s\n  json:  %.200s\n", name, back.p + from,
                json->p + from);
    }
}

static void compare_v3(void *userdata, const char *name) {
    CLEAT_AUTO_BUF proto = {0}, json = {0};
    KT_TRUE(cleat_spec_v3(userdata, name, true, &proto));
    KT_TRUE(cleat_spec_v3(userdata, name, false, &json));
    compare("Document3", &proto, &json);
}

static void round_trip(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_KIND_LIST list;
    CLEAT_AUTO_BUF proto = {0}, json = {0};
    rt_open(&rt);
    KT_OK(cleat_registry_add_crd(rt.registry, cleat_s(crd), &e), &e);
    cleat_kind_list_load(&list, rt.registry);
    cleat_spec_v2(&list, "v1.32.0", true, &proto);
    cleat_spec_v2(&list, "v1.32.0", false, &json);
    compare("Document2", &proto, &json);
    cleat_spec_v3_names(&list, compare_v3, &list);
    rt_close(&rt);
}

KT_MAIN("openapi_proto", KT_TEST(round_trip))
