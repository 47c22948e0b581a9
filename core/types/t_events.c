/* SPDX-License-Identifier: Apache-2.0 */
/* Types of events. See types.h. */
#include "core/types/table.h"

static const struct cleat_field events_v1_Event_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "eventTime", T(micro_time), "When it happened.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "series", T(events_v1_EventSeries), "How it went on, when it happens again and again.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "reportingController", T(string), "The controller that reports it."),
    F(5, "reportingInstance", T(string), "Which instance of the controller."),
    F(6, "action", T(string), "What was done or went wrong, for machines."),
    F(7, "reason", T(string), "A short CamelCase word for the cause."),
    F(8, "regarding", T(core_v1_ObjectReference), "The object it is about."),
    F(9, "related", T(core_v1_ObjectReference), "Another object that has to do with it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "note", T(string), "What happened, for people."),
    F(11, "type", T(string), "Normal or Warning."),
    F(12, "deprecatedSource", T(core_v1_EventSource), "Who saw it, for clients of the older API."),
    F(13, "deprecatedFirstTimestamp", T(time),
      "When it was seen first, for clients of the older API."),
    F(14, "deprecatedLastTimestamp", T(time),
      "When it was seen last, for clients of the older API."),
    F(15, "deprecatedCount", T(int32), "How often it was seen, for clients of the older API."),
    END};
const struct cleat_type cleat_type_events_v1_Event = {
    .name = "io.k8s.api.events.v1.Event",
    .doc = "Something that happened to an object. Events are forgotten after a while.",
    .form = CLEAT_FORM_STRUCT,
    .fields = events_v1_Event_fields};

static const struct cleat_field events_v1_EventList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(events_v1_Event)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_events_v1_EventList = {.name = "io.k8s.api.events.v1.EventList",
                                                          .doc = "A list of Event objects.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = events_v1_EventList_fields};

static const struct cleat_field events_v1_EventSeries_fields[] = {
    F(1, "count", T(int32), "How often so far.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "lastObservedTime", T(micro_time), "When it happened last.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_events_v1_EventSeries = {
    .name = "io.k8s.api.events.v1.EventSeries",
    .doc = "An event that happens again and again.",
    .form = CLEAT_FORM_STRUCT,
    .fields = events_v1_EventSeries_fields};
