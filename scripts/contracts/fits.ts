import type { JsonSchema } from './json-schema.ts';

/** A schema with the document in which its references lead somewhere. */
export type InDocument = { readonly schema: JsonSchema; readonly document: object };

/** Where something that is written by one schema may not be readable by another, and why: empty if all of it always is. Both are schemas as our
 *  generator writes them; of a keyword that it does not know it says so, rather than pass it over. */
export function misfits(written: InDocument, read: InDocument, at = ''): string[] {
  const [writer, reader] = [resolved(written), resolved(read)];
  const unknown = [...Object.keys(writer.schema), ...Object.keys(reader.schema)].filter((keyword) => !known.has(keyword));
  if (unknown.length > 0)
    return [`${place(at)} uses ${unknown.join(', ')}, which this check does not understand: teach it (scripts/contracts/fits.ts)`];
  if (writer.schema.anyOf !== undefined || reader.schema.anyOf !== undefined) return misfitOptions(writer, reader, at);
  return [
    ...misfitValues(writer.schema, reader.schema, at),
    ...misfitBounds(writer.schema, reader.schema, at),
    ...misfitProperties(writer, reader, at),
    ...misfitParts(writer, reader, at),
  ];
}

/** What says nothing of what fits. */
const notes = ['$schema', '$id', '$defs', 'title', 'description', 'default', 'x-known-values'];
const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];
const known = new Set([
  ...notes,
  ...lowerBounds,
  ...upperBounds,
  ...['type', 'const', 'enum', 'anyOf', 'format', 'pattern', 'properties', 'required', 'additionalProperties', 'propertyNames', 'items'],
]);
const place = (at: string) => at || 'the whole';
const below = (at: string, name: string) => (at === '' ? name : `${at}.${name}`);

/** What a reference leads to; several types, and options that exclude each other, as as many options. */
function resolved({ schema, document }: InDocument): InDocument {
  const { oneOf, ...rest } = schema;
  if (oneOf !== undefined) return { schema: { ...rest, anyOf: oneOf }, document };
  if (Array.isArray(schema.type)) return { schema: { anyOf: schema.type.map((type) => ({ ...schema, type })) }, document };
  if (schema.$ref === undefined) return { schema, document };
  const target = schema.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], document);
  if (target === undefined) throw new Error(`${schema.$ref} leads nowhere`);
  return resolved({ schema: target as JsonSchema, document });
}

/** Each of what may be written fits one of what may be read. */
function misfitOptions(writer: InDocument, reader: InDocument, at: string): string[] {
  const options = ({ schema, document }: InDocument) => (schema.anyOf ?? [schema]).map((one) => resolved({ schema: one, document }));
  return options(writer).flatMap((one) => {
    const tried = options(reader).map((other) => ({ other, why: misfits(one, other, at) }));
    if (tried.some(({ why }) => why.length === 0)) return [];
    const alike = tried.filter(({ other }) => other.schema.type === one.schema.type);
    const ofOneKind = alike.find(({ other }) => isOfOneKind(one.schema, other.schema)) ?? alike[0];
    return ofOneKind?.why ?? [`${place(at)} may be ${one.schema.type}`];
  });
}

/** Whether no property that is one value in both is another in each: options are told from each other by such a property. */
const isOfOneKind = (one: JsonSchema, other: JsonSchema): boolean =>
  Object.entries(one.properties ?? {}).every(([name, { const: value }]) => {
    const same = other.properties?.[name]?.const;
    return value === undefined || same === undefined || value === same;
  });

const valuesOf = ({ const: only, enum: some }: JsonSchema): unknown[] | undefined => (only === undefined ? some : [only]);
function misfitValues(writer: JsonSchema, reader: JsonSchema, at: string): string[] {
  if (reader.type !== undefined && writer.type !== reader.type && !(writer.type === 'integer' && reader.type === 'number')) {
    return [`${place(at)} is ${writer.type ?? 'anything'}, not ${reader.type}`];
  }
  const [may, must] = [valuesOf(writer), valuesOf(reader)];
  if (must === undefined) return [];
  if (may === undefined) return [`${place(at)} is no longer one of ${must.join(', ')} only`];
  const others = may.filter((value) => !must.includes(value));
  return others.length === 0 ? [] : [`${place(at)} may be ${others.join(', ')}`];
}

function misfitBounds(writer: JsonSchema, reader: JsonSchema, at: string): string[] {
  if (valuesOf(reader) !== undefined) return []; // its values were looked at one by one
  const bounds = { ...writer, ...boundsOf(valuesOf(writer) ?? []) };
  const said = (keyword: string) => [bounds[keyword] as number | undefined, reader[keyword] as number | undefined] as const;
  const looser = [
    ...lowerBounds.filter((keyword) => isBeyond(said(keyword), (may, must) => may < must)),
    ...upperBounds.filter((keyword) => isBeyond(said(keyword), (may, must) => may > must)),
    ...['format', 'pattern'].filter((keyword) => reader[keyword] !== undefined && writer[keyword] !== reader[keyword]),
  ];
  return looser.map((keyword) => `${place(at)} has ${keyword} ${bounds[keyword] ?? 'none'}, not ${reader[keyword]}`);
}
/** Those that a choice of texts or numbers keeps by itself. */
function boundsOf(values: readonly unknown[]): JsonSchema {
  const sizes = values.map((value) => (typeof value === 'string' ? value.length : Number(value)));
  if (sizes.length === 0) return {};
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return typeof values[0] === 'string' ? { minLength: least, maxLength: most } : { minimum: least, maximum: most };
}
const isBeyond = ([may, must]: readonly [number | undefined, number | undefined], beyond: (may: number, must: number) => boolean) =>
  must !== undefined && (may === undefined || beyond(may, must));

function misfitProperties(writer: InDocument, reader: InDocument, at: string): string[] {
  const [may, must] = [writer.schema.properties ?? {}, reader.schema.properties ?? {}];
  const absent = (reader.schema.required ?? []).filter((name) => !writer.schema.required?.includes(name));
  const refused = reader.schema.additionalProperties === false ? Object.keys(may).filter((name) => !(name in must)) : [];
  return [
    ...absent.map((name) => `${below(at, name)} may be absent`),
    ...refused.map((name) => `${below(at, name)} is not taken`),
    ...Object.keys(may).flatMap((name) => {
      const [one, other] = [may[name], must[name]];
      return one === undefined || other === undefined
        ? []
        : misfits({ ...writer, schema: one }, { ...reader, schema: other }, below(at, name));
    }),
  ];
}

/** Items of lists, and values and keys of maps. */
function misfitParts(writer: InDocument, reader: InDocument, at: string): string[] {
  return (['items', 'additionalProperties', 'propertyNames'] as const).flatMap((keyword) => {
    const [one, other] = [writer.schema[keyword], reader.schema[keyword]];
    if (typeof other !== 'object' || writer.schema.type !== reader.schema.type) return [];
    const any = keyword === 'propertyNames' ? { type: 'string' } : {};
    return misfits({ ...writer, schema: typeof one === 'object' ? one : any }, { ...reader, schema: other }, `${at}[]`);
  });
}

/** Properties, and values that others may join, which one schema names, at any depth, and the other does not any more. */
export function removed(old: InDocument, now: InDocument, at = ''): string[] {
  const [was, is] = [resolved(old), resolved(now)];
  if (was.schema.anyOf !== undefined) return was.schema.anyOf.flatMap((schema) => removed({ ...was, schema }, is, at));
  const options = is.schema.anyOf?.map((schema) => resolved({ ...is, schema })) ?? [is];
  const alike = options.filter((one) => one.schema.type === was.schema.type);
  const gone = (alike.length > 0 ? alike : [is]).map((one) => goneFrom(was, one, at));
  return gone.reduce((fewest, one) => (one.length < fewest.length ? one : fewest));
}

function goneFrom(was: InDocument, is: InDocument, at: string): string[] {
  const gone = Object.entries(was.schema.properties ?? {}).flatMap(([name, schema]) => {
    const same = is.schema.properties?.[name];
    return same === undefined ? [`${below(at, name)} is gone`] : removed({ ...was, schema }, { ...is, schema: same }, below(at, name));
  });
  const within = (['items', 'additionalProperties'] as const).flatMap((keyword) => {
    const [before, now] = [was.schema[keyword], is.schema[keyword]];
    if (typeof before !== 'object' || typeof now !== 'object') return [];
    return removed({ ...was, schema: before }, { ...is, schema: now }, `${at}[]`);
  });
  return [...gone, ...within, ...unknownNow(was.schema, is.schema, at)];
}

/** We ourselves take those alone that we know, and records stay. */
function unknownNow(was: JsonSchema, is: JsonSchema, at: string): string[] {
  const [before, now] = [was, is].map((schema) => schema['x-known-values'] as readonly unknown[] | undefined);
  const gone = before === undefined || now === undefined ? [] : before.filter((value) => !now.includes(value));
  return gone.length === 0 ? [] : [`${place(at)} is no longer known as ${gone.join(', ')}`];
}
