/* SPDX-License-Identifier: Apache-2.0 */
/* Types of events. See types.h. */
#include "core/types/table.h"

static const struct cleat_field events_v1_Event_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "eventTime", T(micro_time), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "series", T(events_v1_EventSeries), ""),
    F(4, "reportingController", T(string), ""),
    F(5, "reportingInstance", T(string), ""),
    F(6, "action", T(string), ""),
    F(7, "reason", T(string), ""),
    F(8, "regarding", T(core_v1_ObjectReference), ""),
    F(9, "related", T(core_v1_ObjectReference), ""),
    F(10, "note", T(string), ""),
    F(11, "type", T(string), ""),
    F(12, "deprecatedSource", T(core_v1_EventSource), ""),
    F(13, "deprecatedFirstTimestamp", T(time), ""),
    F(14, "deprecatedLastTimestamp", T(time), ""),
    F(15, "deprecatedCount", T(int32), ""),
    END};
const struct cleat_type cleat_type_events_v1_Event = {.name = "io.k8s.api.events.v1.Event",
                                                      .doc = "",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = events_v1_Event_fields};

static const struct cleat_field events_v1_EventList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(events_v1_Event)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_events_v1_EventList = {.name = "io.k8s.api.events.v1.EventList",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = events_v1_EventList_fields};

static const struct cleat_field events_v1_EventSeries_fields[] = {
    F(1, "count", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "lastObservedTime", T(micro_time), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_events_v1_EventSeries = {.name =
                                                                "io.k8s.api.events.v1.EventSeries",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = events_v1_EventSeries_fields};
