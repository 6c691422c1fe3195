import { changeAs } from './account-event.ts';
import type { ItemReader } from './items.ts';
import { type Json, listOf, objectOf, textOf, wordOf } from './payload/json.ts';

const BUTTONS_MAX = 32;
const templateOf = (value: Json) => ({
  templateId: wordOf(value.message_template_id),
  name: textOf(value.message_template_name, 512),
  language: wordOf(value.message_template_language),
});

const quality = changeAs('template.quality_changed', ['name', 'quality'], (value) => ({
  ...templateOf(value),
  quality: wordOf(value.new_quality_score),
  previousQuality: wordOf(value.previous_quality_score),
}));

const status = changeAs('template.status_changed', ['name', 'status'], (value, beside) => {
  // Printed beside `value` on one page, within it on another.
  const rejection = objectOf(value.rejection_info) ?? objectOf(beside.rejection_info);
  return {
    ...templateOf(value),
    status: wordOf(value.event),
    category: wordOf(value.message_template_category),
    reason: value.reason === 'NONE' ? undefined : textOf(value.reason, 256),
    detail: textOf(objectOf(value.other_info)?.title ?? rejection?.reason, 256),
  };
});

const category = changeAs('template.category_changed', ['name', 'category'], (value) => {
  const nextCategory = wordOf(value.correct_category);
  return {
    ...templateOf(value),
    stage: nextCategory === undefined ? ('completed' as const) : ('impending' as const),
    category: wordOf(value.new_category ?? value.message_template_category ?? value.category),
    previousCategory: wordOf(value.previous_category),
    nextCategory,
  };
});

/** What the platform says of our templates, by field
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_status_update and its sibling
 *  pages, read 2026). */
export const templateFields: Readonly<Record<string, ItemReader>> = {
  // A sample of the quality update was printed under this name: its keys tell.
  message_template_status_update: (change, json, path) =>
    (objectOf(json.value)?.new_quality_score === undefined ? status : quality)(change, json, path),
  message_template_quality_update: quality,
  message_template_components_update: changeAs('template.content_changed', ['name'], (value) => {
    const buttons = listOf(value.message_template_buttons).slice(0, BUTTONS_MAX);
    return {
      ...templateOf(value),
      buttonTypes: buttons.flatMap((button) => wordOf(objectOf(button)?.message_template_button_type) ?? []),
    };
  }),
  template_category_update: category,
  // Known from a client alone; read as far as it looks alike.
  template_correct_category_detection: category,
};
