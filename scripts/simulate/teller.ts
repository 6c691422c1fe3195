import { stripVTControlCharacters } from 'node:util';
import type { ContactJson, IdentityStatus } from '@keyturn/contracts';
import pc from 'picocolors';
import type { Told } from './follow-topics.ts';
import { storyBroke } from './story-broke.ts';

const WIDTH = 76;
const colours: Record<IdentityStatus, (text: string) => string> = { clear: pc.green, blocked: pc.red, unknown: pc.yellow };

/** `clear`, `blocked` or `unknown` in its colour. */
export const coloured = (status: IdentityStatus): string => pc.bold(colours[status](status));
/** A number as people read it. */
export const phone = (waId: string): string => `+${waId.slice(0, 3)} ${waId.slice(3)}`;

/** Tells a story at the terminal, step by step. */
export type Teller = {
  title(text: string, about: string): void;
  step(text: string): void;
  /** What was seen. */
  see(text: string): void;
  /** Goes on where it holds; else the story breaks with what was seen instead. */
  expect(holds: boolean, text: string, instead: () => unknown): void;
  identity(contact: ContactJson): void;
  events(events: readonly Told[]): void;
  moral(text: string): void;
};

/** A teller that writes each line with `print`. */
export function createTeller(print: (line: string) => void): Teller {
  let steps = 0;
  const see = (text: string) => print(`   ${pc.green('✓')} ${text}`);
  return {
    title: (text, about) => print(`\n${pc.bold(text)}\n${about}`),
    step(text) {
      steps += 1;
      print(`\n${pc.bold(pc.cyan(`${steps}.`))} ${pc.bold(text)}`);
    },
    see,
    expect(holds, text, instead) {
      if (!holds) throw storyBroke(`Expected: ${stripVTControlCharacters(text)}. Seen instead: ${JSON.stringify(instead(), null, 2)}`);
      see(text);
    },
    identity({ identity: { status, keyHash, version, evidence } }) {
      const hash = keyHash === null ? '' : `, key hash ${pc.bold(keyHash)}`;
      print(`   ${pc.dim('API')}  identity is ${coloured(status)}${hash}, version ${version}`);
      for (const { kind, keyHash: seen, detail, firstAt } of evidence) {
        print(
          `        evidence: ${pc.yellow(kind)}${seen === null ? '' : ` ${seen}`}${detail === null ? '' : ` (${detail})`}, first seen ${firstAt}`,
        );
      }
    },
    events(events) {
      for (const event of events) print(`   ${pc.magenta(event.type.padEnd(24))} v${event.version}  ${gist(event)}`);
    },
    moral: (text) => print(`\n${pc.bold('─'.repeat(WIDTH))}\n${text}`),
  };
}

/** What an event says, in a few words. */
function gist(event: Told): string {
  switch (event.type) {
    case 'identity.hash_learned':
    case 'identity.blocked':
    case 'identity.evidence_changed':
    case 'identity.acknowledged':
    case 'identity.regrouped': {
      const decision =
        event.decision === undefined ? '' : `  ${event.decision.verdict}, by ${event.decision.actor}: ${event.decision.reason}`;
      return `${coloured(event.before.status)} → ${coloured(event.after.status)}${decision}`;
    }
    case 'consent.recorded':
    case 'consent.status_changed':
      return event.fact === undefined ? '' : `${event.fact.source}: ${event.fact.categories.join(', ')}`;
    case 'contact.updated':
    case 'consent.regrouped':
      return '';
    default:
      return `${event.identifiers.map(({ kind, validTo }) => (validTo === null ? kind : pc.dim(`${kind} until ${validTo}`))).join(', ')}`;
  }
}
