import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Comment, type Expression, type ObjectExpression, parseSync } from 'oxc-parser';

/** What the sources say of a schema and of what is in it. `of`: the schema of this name says it. */
export type Docs = {
  readonly text?: string;
  readonly of?: string;
  readonly within?: Docs;
  readonly properties?: Readonly<Record<string, Docs>>;
};

/** The doc comments of all constants of a package, by name: those of schemas with what is said of each property. They are written once, in the
 *  sources, and are the descriptions of the published schemas. */
export function readDocComments(folder: string): ReadonlyMap<string, Docs> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(files.flatMap((name) => docsOfFile(path.join(folder, name))));
}

function docsOfFile(file: string): [string, Docs][] {
  const source = readFileSync(file, 'utf8');
  const { program, comments } = parseSync(file, source);
  const before = commentBefore(source, comments);
  return program.body.flatMap((statement) => {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') return [];
    return declaration.declarations.flatMap(({ id, init }): [string, Docs][] => {
      if (id.type !== 'Identifier' || !init) return [];
      return [[id.name, { ...docsOf(init, before), ...textOf(before(statement.start)) }]];
    });
  });
}

type Before = (position: number) => string | undefined;
/** The doc comment that ends right before a position. */
const commentBefore =
  (source: string, comments: readonly Comment[]): Before =>
  (position) => {
    const found = comments.findLast((comment) => comment.end <= position && source.slice(comment.end, position).trim() === '');
    if (found?.type !== 'Block' || !found.value.startsWith('*')) return undefined;
    return found.value
      .slice(1)
      .split('\n')
      .map((line) => line.replace(/^\s*\*?\s*/, '').trimEnd())
      .join(' ')
      .trim();
  };
const textOf = (text: string | undefined): Docs => (text === undefined ? {} : { text });

/** Calls that hold the schema of what they are made of in an argument. */
const wrapping = { array: 0, record: 1 } as const;

function docsOf(node: Expression, before: Before): Docs {
  if (node.type === 'Identifier') return { of: node.name };
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return {};
  const { object, property } = node.callee;
  const name = property.type === 'Identifier' ? property.name : '';
  const isZod = object.type === 'Identifier' && object.name === 'z';
  const argument = node.arguments.find((one) => one.type === 'ObjectExpression');
  if (name === 'extend' || (isZod && /^(strict|loose)?[oO]bject$/.test(name))) {
    return { ...(isZod ? {} : docsOf(object, before)), properties: argument === undefined ? {} : propertiesOf(argument, before) };
  }
  if (isZod && name in wrapping) {
    const inner = node.arguments[wrapping[name as keyof typeof wrapping]];
    return inner === undefined || inner.type === 'SpreadElement' ? {} : { within: docsOf(inner, before) };
  }
  return isZod ? {} : docsOf(object, before); // .optional(), .nullable(), .max(…): the same schema
}

function propertiesOf(node: ObjectExpression, before: Before): Record<string, Docs> {
  return Object.fromEntries(
    node.properties.flatMap((one): [string, Docs][] => {
      if (one.type !== 'Property' || one.key.type !== 'Identifier') return [];
      return [[one.key.name, { ...docsOf(one.value as Expression, before), ...textOf(before(one.start)) }]];
    }),
  );
}
