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
function all(one: Passes, ...others: readonly Passes[]): Passes {
  if (others.length === 0) return one;
  return (value) => {
    if (!one(value)) return false;
    for (const passes of others) if (!passes(value)) return false;
    return true;
  };
}

function passesFor(schema: z.core.$ZodType): Passes {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return all(passesType(def), ...ownFormat(def), ...checksOf(def));
}

function passesType(def: z.core.$ZodTypes['_zod']['def']): Passes {
  switch (def.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => Number.isFinite(value);
    case 'literal':
      return oneOf(def.values);
    case 'enum':
      return oneOf(Object.values(def.entries));
    case 'array':
      return everyElement(passesFor(def.element));
    case 'object':
      return everyKey(def);
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
    passes.set(key, def.type === 'optional' ? all(passesFor(def.innerType), ...checksOf(def)) : passesFor(schema));
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
/** Of a format that is a kind of text or number by itself, as an instant is. */
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
      return typeof def.fn === 'function' ? (value) => def.fn(value) === true : never; // `superRefine` keeps none
    default:
      return never;
  }
}
