import { type InDocument, misfits, removed } from './fits.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Published } from './published.ts';

type Json = { readonly [key: string]: Json };

/** All by which the current contracts would break somebody who relies on the released ones: whoever reads topics and answers, whoever sends requests,
 *  and keyturn itself, which reads records that are 30 days old. Empty: they only grew. */
export function breakingChanges(released: Published, current: Published): string[] {
  const json = (published: Published, file: string): Json => JSON.parse(published.get(file) ?? '{}') as Json;
  const schemas = [...released.keys()].filter((file) => file.startsWith('schemas/'));
  return [
    ...schemas.flatMap((file) =>
      current.has(file) ? recordBreaks(file, json(released, file), json(current, file)) : [`${file}: this type is gone`],
    ),
    ...topicBreaks(json(released, 'asyncapi.json'), json(current, 'asyncapi.json')),
    ...routeBreaks(json(released, 'openapi.json'), json(current, 'openapi.json')),
  ];
}

const whole = (document: Json): InDocument => ({ schema: document as JsonSchema, document });
const unique = (texts: readonly string[]) => [...new Set(texts)];

/** Records stay on their topics while both releases run: each must read what the other wrote. */
function recordBreaks(file: string, was: Json, is: Json): string[] {
  return unique([
    ...removed(whole(was), whole(is)).map((why) => `${file}: ${why}`),
    ...misfits(whole(is), whole(was)).map((why) => `${file}: readers of the release can't take it: ${why}`),
    ...misfits(whole(was), whole(is)).map((why) => `${file}: records of the release can't be read: ${why}`),
  ]);
}

function topicBreaks(was: Json, is: Json): string[] {
  const headers = Object.entries(was.components?.messages ?? {}).flatMap(([name, message]) => {
    const [before, after] = [message.headers ?? {}, is.components?.messages?.[name]?.headers ?? {}];
    return [...misfits(whole(after), whole(before)), ...misfits(whole(before), whole(after))].map((why) => `${name}: header ${why}`);
  });
  return [...headers, ...channelBreaks(was, is)];
}

function channelBreaks(was: Json, is: Json): string[] {
  return Object.entries(was.channels ?? {}).flatMap(([name, channel]) => {
    const now = is.channels?.[name];
    if (now === undefined) return [`${name}: this topic is gone`];
    const [before, after] = [settings(channel), settings(now)];
    const key = (document: Json, of: Json) =>
      Object.values(of.messages ?? {}).map((one) => at(document, String(one.$ref))?.bindings?.kafka?.key?.description);
    return [
      ...(before.partitions === after.partitions ? [] : [`${name}: partitions are fixed; a key would change its partition`]),
      ...(before.cleanup === after.cleanup ? [] : [`${name}: cleanup was ${before.cleanup} and is ${after.cleanup}`]),
      ...(before.retentionMs <= after.retentionMs ? [] : [`${name}: records are kept shorter`]),
      ...(String(unique(key(was, channel).map(String))) === String(unique(key(is, now).map(String)))
        ? []
        : [`${name}: records have another key`]),
    ];
  });
}
function settings(channel: Json) {
  const { partitions, topicConfiguration } = channel.bindings?.kafka ?? {};
  const retention = topicConfiguration?.['retention.ms'] as number | undefined;
  return {
    partitions: Number(partitions),
    cleanup: String(topicConfiguration?.['cleanup.policy']),
    retentionMs: retention ?? Number.POSITIVE_INFINITY,
  };
}
const at = (document: Json, ref: string): Json | undefined =>
  ref
    .slice(2)
    .split('/')
    .reduce<Json | undefined>((node, step) => node?.[step], document);

function routeBreaks(was: Json, is: Json): string[] {
  return [
    ...operationBreaks('paths', was, is, (sides) => [...requestBreaks(sides), ...answerBreaks(sides)]),
    ...operationBreaks('webhooks', was, is, webhookBreaks),
  ];
}

function operationBreaks(kind: 'paths' | 'webhooks', was: Json, is: Json, breaks: (sides: Sides) => string[]): string[] {
  return Object.entries(was[kind] ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, before]) => {
      const route = `${method.toUpperCase()} ${path}`;
      const after = is[kind]?.[path]?.[method];
      if (after === undefined) return [`${route}: this ${kind === 'paths' ? 'route' : 'webhook'} is gone`];
      const sides = { was: { document: was, operation: before }, is: { document: is, operation: after } };
      return unique(breaks(sides)).map((why) => `${route}: ${why}`);
    }),
  );
}

type Side = { readonly document: Json; readonly operation: Json };
type Sides = { readonly was: Side; readonly is: Side };
const parametersOf = ({ operation }: Side) =>
  new Map(Object.values(operation.parameters ?? {}).map((one) => [`${one.in} parameter ${one.name}`, one]));
const sent = ({ document }: Side, schema: Json | undefined): InDocument => ({ schema: (schema ?? {}) as JsonSchema, document });

/** What is asked of callers may only become less. */
function requestBreaks({ was, is }: Sides): string[] {
  const [before, after] = [parametersOf(was), parametersOf(is)];
  const parameters = [...before].flatMap(([name, one]) => {
    const now = after.get(name);
    if (now === undefined) return [`${name} is not taken any more`];
    const [then, today] = [sent(was, one.schema), sent(is, now.schema)];
    return [...misfits(then, today, name).map((why) => `what callers send is refused: ${why}`), ...removed(then, today, name)];
  });
  const required = [...after]
    .filter(([name, one]) => Boolean(one.required) && !before.get(name)?.required)
    .map(([name]) => `${name} must be sent`);
  const waysIn = ({ operation }: Side): string[] =>
    Object.values(operation.security ?? { everybody: {} }).map((way) => JSON.stringify(way));
  const closed = waysIn(was).filter((way) => !waysIn(is).includes(way));
  return [
    ...parameters,
    ...required,
    ...bodyBreaks({ was, is }),
    ...(closed.length === 0 ? [] : [`it needs another scope: ${waysIn(is)}`]),
  ];
}

function bodyBreaks({ was, is }: Sides): string[] {
  const [old, now] = [was.operation.requestBody, is.operation.requestBody];
  if (old === undefined && now === undefined) return [];
  if (old !== undefined && now !== undefined && kindOf(old) !== kindOf(now)) return [`body is ${kindOf(now)}, not ${kindOf(old)}`];
  const [then, today] = [sent(was, contentOf(old)), sent(is, contentOf(now))];
  return [...misfits(then, today, 'body').map((why) => `what callers send is refused: ${why}`), ...removed(then, today, 'body')];
}

/** What we send may only become more. */
function webhookBreaks({ was, is }: Sides): string[] {
  const [before, after] = [parametersOf(was), parametersOf(is)];
  const body = (side: Side) => sent(side, contentOf(side.operation.requestBody));
  return [
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => `${name} does not come any more`),
    ...removed(body(was), body(is), 'body'),
    ...misfits(body(is), body(was), 'body').map((why) => `readers of the release can't take it: ${why}`),
  ];
}

/** What callers are answered may only become more. */
function answerBreaks({ was, is }: Sides): string[] {
  return Object.entries(was.operation.responses ?? {}).flatMap(([status, before]) => {
    const after = is.operation.responses?.[status];
    if (after === undefined) return [`it does not answer ${status} any more`];
    const [old, now] = [contentOf(before), contentOf(after)];
    if (old === undefined) return [];
    if (now === undefined) return [`${status} has no body any more`];
    if (kindOf(before) !== kindOf(after)) return [`${status} is ${kindOf(after)}, not ${kindOf(before)}`];
    const [told, telling] = [
      { schema: old as JsonSchema, document: was.document },
      { schema: now as JsonSchema, document: is.document },
    ];
    return [
      ...removed(told, telling, String(status)),
      ...misfits(telling, told, String(status)).map((why) => `readers of the release can't take it: ${why}`),
    ];
  });
}
const contentOf = (holder: Json | undefined): Json | undefined => Object.values(holder?.content ?? {})[0]?.schema;
const kindOf = (holder: Json): string | undefined => Object.keys(holder.content ?? {})[0];
