import type { Command } from 'commander';

/** The lines that say how to go on after a page: the same command, with the same arguments (or `args` in their place) and options, from there on; none where it
 *  was the last. A cursor alone would go on among what was filtered out. */
export function nextPage(command: Command, nextCursor: string | null, args: readonly string[] = command.args): string[] {
  if (nextCursor === null) return [];
  return ['', `There are more: ${[...words(command), ...args.map(quoted), '--cursor', nextCursor].join(' ')}`];
}

/** How it was called, but for its arguments. */
function words(command: Command): string[] {
  const options = command.options.flatMap((option) => {
    const name = option.attributeName();
    const isSaid = name !== 'cursor' && name !== 'json' && command.getOptionValueSource(name) === 'cli';
    const value: unknown = isSaid ? command.getOptionValue(name) : undefined;
    return value === undefined ? [] : [option.long ?? '', ...(value === true ? [] : [quoted(String(value))])];
  });
  return [...(command.parent === null ? [] : words(command.parent)), command.name(), ...options];
}

const quoted = (word: string): string => (/^[\w+.:@/=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
