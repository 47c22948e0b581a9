/* SPDX-License-Identifier: Apache-2.0 */
/* What validations of all kinds that hold a pod share. */
#ifndef CLEAT_KINDS_PODSPEC_H
#define CLEAT_KINDS_PODSPEC_H

#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

/* A pod's spec; the check is at it ("spec", "spec.template.spec"). (validate_podspec.c) */
void cleat_check_podspec(struct cleat_check *c, struct cleat_val spec);
/* All containers of a pod's spec; the check is at the spec. (validate_container.c) */
void cleat_check_containers(struct cleat_check *c, struct cleat_val spec);
/* The member `template` of a spec that the check is at. selector: labels that it must have. */
void cleat_check_template(struct cleat_check *c, struct cleat_val of, const char *const *restart);
/* The labels of a template that the check is at; upstream leaves metadata out of the path. */
void cleat_check_template_labels(struct cleat_check *c, struct cleat_val template);
/* Whether labels satisfy a LabelSelector. */
bool cleat_labels_match(struct cleat_val selector, struct cleat_val labels);
/* NULL where the text is a schedule, else what is wrong with it: owned. (cron.c) */
char *cleat_cron_check(struct cleat_str schedule);

#endif
