type Json = Record<string, unknown>;

/** The lists of items under a field's value, written down here once more: the tests must not ask the normalizer what it should have read. */
const listsOf: Readonly<Record<string, readonly string[]>> = {
  messages: ['messages', 'statuses', 'user_actions'],
  calls: ['calls', 'statuses'],
  standby: ['messages', 'statuses', 'user_actions', 'message_echoes'],
  smb_message_echoes: ['message_echoes'],
  message_echoes: ['message_echoes'],
  history: ['history', 'messages'],
  smb_app_state_sync: ['state_sync'],
  user_preferences: ['user_preferences'],
  user_id_update: ['user_id_update'],
  automatic_events: ['automatic_events'],
  group_lifecycle_update: ['groups'],
  group_participants_update: ['groups'],
  group_settings_update: ['groups'],
  group_status_update: ['groups'],
};
/** The items within an item. */
const within: Readonly<Record<string, readonly (readonly string[])[]>> = {
  history: [['threads', 'messages']],
  groups: [['added_participants'], ['removed_participants'], ['failed_participants']],
};

const objectOf = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
const elementsOf = (value: unknown, path: string): [unknown, string][] => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map((one, i): [unknown, string] => [one, `${path}/${i}`]) : [[value, path]];
};

/** Where each item of a body stands, as JSON pointers: what of `changes` is no list of items is an item itself. */
export function itemPaths(body: unknown): string[] {
  return elementsOf(objectOf(body).entry, '/entry').flatMap(([entry, entryAt]) =>
    elementsOf(objectOf(entry).changes, `${entryAt}/changes`).flatMap(([change, at]) => changeItems(change, at)),
  );
}

function changeItems(change: unknown, at: string): string[] {
  const { field, value } = objectOf(change);
  const lists = typeof field === 'string' && Object.hasOwn(listsOf, field) ? listsOf[field] : undefined;
  if (!lists) return [at];
  const isNested = field === 'standby' && typeof objectOf(value).standby === 'object' && !Array.isArray(objectOf(value).standby);
  const nested = isNested ? itemsIn(objectOf(objectOf(value).standby), `${at}/value/standby`, lists) : [];
  return [...nested, ...itemsIn(objectOf(value), `${at}/value`, lists)];
}

/** The items in the lists of one level, and its errors. */
function itemsIn(holder: Json, path: string, lists: readonly string[]): string[] {
  const items = lists.flatMap((key) =>
    elementsOf(holder[key], `${path}/${key}`).flatMap(([item, itemAt]) => [
      itemAt,
      ...(within[key] ?? []).flatMap((steps) => deeper(item, itemAt, steps)),
    ]),
  );
  return Array.isArray(holder.errors) && holder.errors.length > 0 ? [...items, `${path}/errors`] : items;
}

function deeper(item: unknown, path: string, [step, ...steps]: readonly string[]): string[] {
  if (step === undefined) return [path];
  return elementsOf(objectOf(item)[step], `${path}/${step}`).flatMap(([one, at]) => deeper(one, at, steps));
}
