import { z } from 'zod';
import { ContactId, Instant } from './ids.ts';
import { givenName } from './plain.ts';
import { type DeclaredRoute, json } from './route.ts';
import { BlockCondition } from './verification.ts';

const RULES_MAX = 100;
const TEXT_MAX = 4_000;
/** Plain text, shown line by line as it was written; `http` and `https` addresses in it are links, nothing else is markup. */
const RunbookText = z.string().trim().min(1, 'say how').max(TEXT_MAX);

/** How people of one kind of block are verified. */
export const RunbookRule = z.strictObject({
  /** What the business calls it. */
  name: givenName('say what it is for'),
  when: BlockCondition,
  text: RunbookText,
});
export type RunbookRule = z.infer<typeof RunbookRule>;

const shape = { general: RunbookText.nullable(), rules: z.array(RunbookRule).max(RULES_MAX) };

/** The whole runbook, in place of that of `version`, which is the one that was seen; 0: there is none yet. */
export const RunbookRequest = z.strictObject({ ...shape, version: z.number().int().min(0) }).superRefine(({ rules }, context) => {
  const names = rules.map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) < i) context.addIssue({ code: 'custom', path: ['rules', i, 'name'], message: `another one is called ${name}` });
  }
});
export type RunbookRequest = z.infer<typeof RunbookRequest>;

/** How the business verifies people, in its own words: by the first rule that fits, else in general. `general` null: it says nothing in general.
 *  `version` 0: none was ever written. */
export const RunbookJson = z.object({ ...shape, version: z.number().int(), actor: z.string().nullable(), setAt: Instant.nullable() });
export type RunbookJson = z.infer<typeof RunbookJson>;

/** What the runbook says of one block. `rule` null: what it says in general; `text` null: nothing, or nobody is blocked. */
export const RunbookForJson = z.object({ contactId: ContactId, rule: z.string().nullable(), text: z.string().nullable() });
export type RunbookForJson = z.infer<typeof RunbookForJson>;

/** On `CONSOLE_PORT`: how people are verified, in the business's own words. */
export const runbookRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/runbook', operationId: 'getRunbook' },
    summary: 'How the business verifies people, in its own words.',
    answers: [json(200, 'All of it, as it is now.', RunbookJson)],
    problems: [],
  },
  {
    ...{ method: 'put', path: '/v1/runbook', operationId: 'setRunbook' },
    summary: 'Puts a runbook in the place of the one that was seen.',
    body: RunbookRequest,
    answers: [json(200, 'The runbook as it is now.', RunbookJson)],
    problems: ['runbook.conflict'],
  },
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}/identity/runbook', operationId: 'getRunbookFor', params: { contactId: ContactId } },
    summary: 'How this person is verified, by the first rule of the runbook that fits the block, else in general.',
    answers: [json(200, 'What it says.', RunbookForJson)],
    problems: ['contact.not_found'],
  },
];
