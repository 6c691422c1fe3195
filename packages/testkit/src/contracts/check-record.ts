import { existsSync } from 'node:fs';
import { headers } from '@keyturn/contracts';
import { published, strangersValidator } from './validator.ts';

type Record = {
  readonly value: Buffer | null;
  readonly headers?: { readonly [name: string]: Buffer | string | (Buffer | string)[] | undefined };
};
const ajv = strangersValidator();

/** Whether a topic's records are JSON by a published schema. */
export const hasSchema = (topic: string): boolean => existsSync(new URL(`../../../contracts/schemas/${topic}/`, import.meta.url));

/** What the committed schema finds wrong with a record of a topic, looked up as a stranger would: by topic and `event-type`. Empty: nothing. */
export function wrongWithRecord(topic: string, record: Record): string[] {
  const type = String(record.headers?.[headers.eventType] ?? 'state');
  const id = `urn:keyturn:schema:${topic}:${type}`;
  const file = `schemas/${topic}/${type}.json`;
  if (!existsSync(new URL(`../../../contracts/${file}`, import.meta.url))) return [`${topic} has no schema for ${type}`];
  const validate = ajv.getSchema(id) ?? ajv.compile(published(file));
  if (validate(JSON.parse(String(record.value)))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${topic} ${type} ${instancePath}: ${message}`);
}
