import type { z } from 'zod';

type Result<Value> = { readonly success: true; readonly data: Value } | { readonly success: false; readonly error: Error };
/** True only where the schema would give a value of JSON back as it is. */
type Passes = (value: unknown) => boolean;

/** Reads values of JSON as the schema does, and those that it would give back as they are, which are nearly all, without it: the schema makes a new object
 *  of each, and a look for each key that is not there. What else there is (keys that nobody knows, anything wrong, a kind of rule that is not known
 *  here) the schema decides on, so that both always agree. */
export function quickReader<Schema extends z.ZodType>(schema: Schema): (json: unknown) => Result<z.output<Schema>> {
  const passes = passesFor(schema);
  return (json) => (passes(json) ? { success: true, data: json as z.output<Schema> } : schema.safeParse(json));
}

const never: Passes = () => false;
const all =
  (...each: readonly Passes[]): Passes =>
  (value) => {
    for (const passes of each) if (!passes(value)) return false;
    return true;
  };

function passesFor(schema: z.core.$ZodType): Passes {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return all((value) => typeof value === 'string', ...ownFormat(def), ...checksOf(def));
    case 'number':
      return all((value) => Number.isFinite(value), ...checksOf(def));
    case 'literal':
      return oneOf(def.values);
    case 'enum':
      return oneOf(Object.values(def.entries));
    case 'array':
      return all(everyElement(passesFor(def.element)), ...checksOf(def));
    case 'object':
      return all(everyKey(def), ...checksOf(def));
    case 'union':
      return 'discriminator' in def ? byKind(def as z.core.$ZodDiscriminatedUnionDef) : never;
    default:
      return never;
  }
}

const oneOf = (values: readonly unknown[]): Passes => {
  const known = new Set(values);
  return (value) => known.has(value);
};
const everyElement =
  (passes: Passes): Passes =>
  (value) =>
    Array.isArray(value) && value.every(passes);

/** All keys are known, all that must be there are. Of JSON no value is undefined. */
function everyKey({ shape, catchall }: z.core.$ZodObjectDef): Passes {
  if (catchall !== undefined) return never;
  const passes = new Map<string, Passes>();
  const required = new Set<string>();
  for (const [key, schema] of Object.entries(shape)) {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type !== 'optional') required.add(key);
    passes.set(key, passesFor(def.type === 'optional' ? def.innerType : schema));
  }
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let found = 0;
    for (const key in value) {
      const own = passes.get(key);
      if (own === undefined || !own((value as Record<string, unknown>)[key])) return false;
      if (required.has(key)) found += 1;
    }
    return found === required.size;
  };
}

function byKind({ options, discriminator }: z.core.$ZodDiscriminatedUnionDef): Passes {
  const kinds = new Map<unknown, Passes>();
  for (const option of options) {
    const { def } = (option as z.core.$ZodTypes)._zod;
    const kind = def.type === 'object' ? (def.shape[discriminator] as z.core.$ZodTypes | undefined)?._zod.def : undefined;
    if (kind?.type !== 'literal') return never;
    for (const name of kind.values) kinds.set(name, passesFor(option));
  }
  return (value) =>
    typeof value === 'object' && value !== null && kinds.get((value as Record<string, unknown>)[discriminator])?.(value) === true;
}

type Checked = { readonly checks?: readonly z.core.$ZodCheck<never>[] | undefined };
const checksOf = ({ checks = [] }: Checked): Passes[] => checks.map((check) => passesCheck((check as z.core.$ZodChecks)._zod.def));
/** Of a format that is a kind of text by itself, as an instant is. */
const ownFormat = (def: object): Passes[] => ('check' in def ? [passesCheck(def as z.core.$ZodChecks['_zod']['def'])] : []);

/** Formats that are what their pattern says, and nothing else. */
const byPattern = new Set<string>(['regex', 'datetime', 'uuid']);
function passesCheck(def: z.core.$ZodChecks['_zod']['def'] | z.core.$ZodCustomDef): Passes {
  switch (def.check) {
    case 'min_length':
      return (value) => (value as string).length >= def.minimum;
    case 'max_length':
      return (value) => (value as string).length <= def.maximum;
    case 'greater_than':
      return (value) => (def.inclusive ? (value as number) >= Number(def.value) : (value as number) > Number(def.value));
    case 'number_format':
      return def.format === 'safeint' ? (value) => Number.isSafeInteger(value) : never;
    case 'string_format':
      return byPattern.has(def.format) && def.pattern?.flags === '' ? (value) => def.pattern?.test(value as string) === true : never;
    case 'custom':
      return (value) => def.fn(value) === true;
    default:
      return never;
  }
}
