import { z } from 'zod';
import type { Docs } from './doc-comments.ts';

/** A JSON Schema (2020-12), as far as zod writes it. */
export type JsonSchema = {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  /** Options that exclude each other, by one property. */
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  description?: string;
  [keyword: string]: unknown;
};

/** Formats say it all; the expressions that zod adds to them are a kilobyte each time. */
const spoken = new Set(['date-time', 'uuid', 'uri']);
/** A whole number has no other bound than what JavaScript can count to: no promise. */
const SAFE = Number.MAX_SAFE_INTEGER;

/** The schema as others read it: open to properties that come later, lean, with the sources' doc comments as descriptions. Named schemas
 *  within it become references that `refOf` makes. */
export function jsonSchemaOf(
  schema: z.ZodType,
  named: ReadonlyMap<z.ZodType, string>,
  docs: ReadonlyMap<string, Docs>,
): { root: JsonSchema; defs: Record<string, JsonSchema> } {
  const metadata = z.registry<{ id: string }>();
  for (const [one, id] of named) if (one !== schema) metadata.add(one, { id });
  const {
    $schema: _,
    $defs: defs = {},
    ...root
  } = z.toJSONSchema(schema, {
    io: 'input',
    metadata,
    override: ({ zodSchema, jsonSchema }) => lean(jsonSchema as JsonSchema, z.globalRegistry.get(zodSchema)?.open === true),
  }) as JsonSchema;
  for (const [id, one] of Object.entries(defs)) {
    delete one.id;
    describe(one, docs.get(id), docs);
  }
  return { root, defs };
}

/** `open`: to values that come later; those of today are named, not promised to be all. */
function lean(schema: JsonSchema, open: boolean): void {
  if (open) {
    schema['x-known-values'] = schema.enum;
    delete schema.enum;
  }
  if (spoken.has(String(schema.format))) delete schema.pattern;
  if (schema.type === 'integer' && schema.maximum === SAFE) delete schema.maximum;
  if (schema.type === 'integer' && schema.minimum === -SAFE) delete schema.minimum;
  const keys = schema.propertyNames?.enum as string[] | undefined;
  if (keys === undefined || schema.additionalProperties === undefined) return;
  const { additionalProperties, propertyNames: _, ...rest } = schema;
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, rest, { properties: Object.fromEntries(keys.map((key) => [key, structuredClone(additionalProperties)])) });
}

/** Writes the doc comments into the schema: of what it is, and of each property. What has a name of its own is described where it is defined. */
export function describe(schema: JsonSchema, docs: Docs | undefined, all: ReadonlyMap<string, Docs>): void {
  if (docs === undefined) return;
  const base = docs.of === undefined ? undefined : all.get(docs.of);
  if (schema.$ref === undefined || docs.text !== undefined) {
    const text = docs.text ?? (schema.$ref === undefined ? base?.text : undefined);
    if (text !== undefined) schema.description = text;
  }
  const inner = schema.anyOf?.find((one) => one.type !== 'null') ?? schema;
  const within = docs.within ?? base?.within;
  for (const [name, property] of Object.entries(inner.properties ?? {})) describe(property, propertyDocs(docs, name, all) ?? within, all);
  if (within !== undefined && inner.items !== undefined) describe(inner.items, within, all);
}

function propertyDocs(docs: Docs, name: string, all: ReadonlyMap<string, Docs>): Docs | undefined {
  const own = docs.properties?.[name];
  if (own !== undefined) return own;
  const base = docs.of === undefined ? undefined : all.get(docs.of);
  return base === undefined ? undefined : propertyDocs(base, name, all);
}
