import { itemAs } from './account-event.ts';
import { objectOf, textOf, wordOf } from './payload/json.ts';

/** One element of `user_actions[]`: a click in a marketing message. It names nobody, so it is attached to nobody. */
export const userActionEvents = itemAs('link.clicked', ['action'], (item) => {
  const action = wordOf(item.action_type);
  const click = objectOf(item[`${action}_data`]);
  return {
    action,
    component: wordOf(click?.click_component),
    productId: textOf(click?.product_id, 256),
    clickId: textOf(click?.click_id, 256),
  };
});

/** One element of `automatic_events[]`: a lead or a purchase that the platform infers from a talk. Nobody's consent. */
export const automaticEvents = itemAs('automatic_event.detected', ['name'], (item) => ({
  wamid: textOf(item.id, 512),
  name: wordOf(item.event_name),
  ctwaClid: textOf(item.ctwa_clid, 512),
}));
