import { BULK_MAX, SeenChange } from '@keyturn/contracts';
import { z } from 'zod';
import { exitCodes } from '../../exit-codes.ts';
import { failure } from '../../failure.ts';
import type { Io } from '../../io.ts';
import { textFrom } from '../input.ts';

const { contactId, keyHash, version } = SeenChange.shape;
/** A change as a list has it. */
const Listed = z
  .object({ contactId, identity: z.object({ keyHash, version }) })
  .transform(({ identity, ...change }) => ({ ...change, ...identity }));
const Seen = z.array(z.union([SeenChange, Listed]));
const SeenFile = z.union([Seen, z.object({ items: Seen }).transform(({ items }) => items)]);

/** The changes in a file (`-`: in standard input), each as it was seen when the file was written: what moved on since is not decided on. Throws a failure where it can't be
 *  read, is no such list, or holds none or more than one decision is about. */
export async function seenIn(io: Pick<Io, 'ask' | 'cwd'>, file: string): Promise<SeenChange[]> {
  const where = file === '-' ? 'Standard input' : file;
  const found = SeenFile.safeParse(parsed(await textFrom(io, file), where));
  if (!found.success)
    throw failure(
      exitCodes.usage,
      `${where} is no list of changes: it is what keyturn list --json says, or a list of {contactId, keyHash, version}.`,
    );
  if (found.data.length === 0 || found.data.length > BULK_MAX)
    throw failure(exitCodes.usage, `${where} holds ${found.data.length} changes: one decision is about 1 to ${BULK_MAX}.`);
  return found.data;
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw failure(exitCodes.usage, `${where} is not JSON.`);
  }
}
