/** What stands in one field of a form: typed or chosen, ticked, or which of a list are ticked. */
export type Typed = string | boolean | readonly string[];
/** What stands in a form, by the path that the console's API has for each field: `when.atLeast`, `escalate.0.routes`. */
export type Draft = Readonly<Record<string, Typed>>;

/** Of these a form holds text that is a whole number. */
const NUMBERS = new Set([
  ...[
    'atLeast',
    'undecidedForMinutes',
    'minutes',
    'seconds',
    'waitSeconds',
    'updateMinutes',
    'repageMinutes',
    'afterMinutes',
    'secretVersion',
  ],
]);
/** Of these a form holds a list as lines of text. */
const LINES = new Set(['to']);
const STEP = /^escalate\.(\d+)\.(.+)$/;
const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** A rule or route as a form shows it. */
export const draftOf = (setting: object): Draft => Object.fromEntries(flat('', setting));

function flat(path: string, value: unknown): [string, Typed][] {
  if (path === 'escalate' && Array.isArray(value)) return value.flatMap((step, i) => flat(`escalate.${i}`, step));
  if (Array.isArray(value)) return [[path, LINES.has(path) ? value.join('\n') : value.map(String)]];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => flat(path === '' ? key : `${path}.${key}`, inner));
  return [[path, typeof value === 'boolean' ? value : String(value)]];
}

/** What a form says, as the API takes it. What was left empty is left out; what should be a number and is none is null, so that the API says so. */
export function settingOf(draft: Draft): Record<string, unknown> {
  const setting: Record<string, unknown> = {};
  for (const [path, typed] of Object.entries(draft)) {
    const value = typedValue(path, typed);
    if (value !== undefined) put(setting, path.split('.'), value);
  }
  return setting;
}

function typedValue(path: string, typed: Typed): unknown {
  if (typeof typed === 'boolean') return typed;
  if (typeof typed !== 'string') return typed.length === 0 && path.startsWith('when.') ? undefined : typed; // no condition holds for all
  const text = typed.trim();
  if (LINES.has(path)) return text.split(/[\s,;]+/).filter((one) => one !== '');
  if (NUMBERS.has(lastOf(path))) return wholeOf(text);
  return text === '' ? undefined : text;
}

/** Also of Arabic-Indic digits. */
function wholeOf(text: string): number | null {
  const digits = text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

function put(into: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  into[key] ??= /^\d+$/.test(rest[0] ?? '') ? [] : {};
  put(into[key] as Record<string, unknown>, rest, value);
}

/** How many steps of escalation a form has. */
export const stepsIn = (draft: Draft): number => Object.keys(draft).filter((path) => /^escalate\.\d+\.afterMinutes$/.test(path)).length;
/** With one step more, a quarter of an hour after the one before. */
export function withStep(draft: Draft): Draft {
  const at = stepsIn(draft);
  const before = wholeOf(String(draft[`escalate.${at - 1}.afterMinutes`] ?? '0')) ?? 0;
  return { ...draft, [`escalate.${at}.afterMinutes`]: String(before + 15), [`escalate.${at}.routes`]: [] };
}
/** Without one of its steps; those after it move up. */
export const withoutStep = (draft: Draft, at: number): Draft =>
  Object.fromEntries(
    Object.entries(draft).flatMap(([path, typed]) => {
      const [, which, field] = STEP.exec(path) ?? [];
      if (which === undefined || Number(which) < at) return [[path, typed] as const];
      return Number(which) === at ? [] : [[`escalate.${Number(which) - 1}.${field}`, typed] as const];
    }),
  );

const same = (one: Typed | undefined, other: Typed | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);
/** The fields in which two forms differ. */
export const differences = (one: Draft, other: Draft): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((path) => !same(one[path], other[path]));

/** What somebody changed, on top of what somebody else set meanwhile: of the escalation all or nothing, since its steps are counted. */
export function onTop(began: Draft, mine: Draft, theirs: Draft): Draft {
  const changed = new Set(differences(began, mine));
  const isEscalation = (path: string) => STEP.test(path);
  const isMineEscalating = [...changed].some(isEscalation);
  const isMine = (path: string) => (isEscalation(path) ? isMineEscalating : changed.has(path));
  const of = (draft: Draft, keep: (path: string) => boolean) => Object.entries(draft).filter(([path]) => keep(path));
  return Object.fromEntries([...of(theirs, (path) => !isMine(path)), ...of(mine, isMine)]);
}
