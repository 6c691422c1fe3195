import {
  type Answer,
  type Content,
  errorCodes,
  httpRoutes,
  Problem,
  problemsOf,
  type Route,
  VerificationRequested,
  type Who,
} from '@keyturn/contracts';
import type { z } from 'zod';
import type { Docs } from './doc-comments.ts';
import { describe, type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { namedSchemas } from './messages.ts';

const servers = {
  ingress: { url: 'http://localhost:8080', description: 'ingress, INGRESS_PORT' },
  console: { url: 'http://localhost:8081', description: 'console, CONSOLE_PORT' },
  gate: { url: 'http://localhost:8082', description: 'gate, GATE_PORT' },
  admin: { url: 'http://localhost:9464', description: 'health and metrics of every process, ADMIN_PORT' },
} as const;

/** The OpenAPI 3.1 document: every route of every service, the scope that it needs, and every answer that it gives. */
export function openApi({ version, docs }: { version: string; docs: ReadonlyMap<string, Docs> }): object {
  const schemas = new Map<string, JsonSchema>();
  const paths: Record<string, Record<string, object>> = {};
  for (const [service, routes] of Object.entries(httpRoutes) as [keyof typeof servers, readonly Route[]][]) {
    for (const route of routes) {
      const operation = { tags: [service], servers: [servers[service]], ...operationOf(route, (schema) => referTo(schema, schemas, docs)) };
      paths[route.path] = { ...paths[route.path], [route.method]: operation };
    }
  }
  const webhook = webhookOf((schema) => referTo(schema, schemas, docs));
  return {
    openapi: '3.1.0',
    info: {
      title: 'keyturn: HTTP',
      version,
      description:
        'JSON in and out. Errors are problem documents (RFC 9457), whose `detail` says what, where and the way out. On every port, what is no HTTP or comes too slowly is answered 400, 408, 413 or 431, and a path or method that is not here 404.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    webhooks: { 'identity.verification_requested': { post: webhook } },
    components: {
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, made with `keyturn keys create` or POST /v1/keys. A key with the scope `admin` may do all.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'keyturn_session',
          description:
            'A member who signed in, by POST /auth/login or GET /auth/oidc/start; over HTTPS its name begins with `__Host-`. What it may do follows from the member’s role. Whatever is not a GET also carries the header `X-Keyturn-Request: page` and the Origin of the page.',
        },
      },
    },
  };
}

type Refer = (schema: z.ZodType) => JsonSchema;

/** A schema that has a name becomes a component, with all that it names; one that has none stands where it is used. */
function referTo(schema: z.ZodType, schemas: Map<string, JsonSchema>, docs: ReadonlyMap<string, Docs>): JsonSchema {
  const { root, defs } = jsonSchemaOf(schema, namedSchemas, docs);
  const name = namedSchemas.get(schema);
  if (name !== undefined) describe(root, docs.get(name), docs);
  for (const [id, one] of Object.entries({ ...defs, ...(name === undefined ? {} : { [name]: root }) })) schemas.set(id, inComponents(one));
  return name === undefined ? inComponents(root) : { $ref: `#/components/schemas/${name}` };
}
const inComponents = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));

/** What an endpoint of the business gets, signed as Standard Webhooks has it. */
function webhookOf(refer: Refer): object {
  const header = (name: string, description: string) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } });
  return {
    operationId: 'verificationRequested',
    summary: 'Asks the business to verify somebody who is blocked (docs/verification.md). It comes at least once.',
    parameters: [
      header('webhook-id', 'The same however often it is sent: `requestId`.'),
      header('webhook-timestamp', 'When it was sent, in seconds since 1970.'),
      header('webhook-signature', '`v1,<base64>`, several separated by spaces: HMAC-SHA256 of `<id>.<timestamp>.<body>` by the secret.'),
    ],
    requestBody: { required: true, content: contentOf(VerificationRequested, refer) },
    responses: { '2XX': { description: 'Taken. Anything else, redirects too, has it sent again.' } },
  };
}

function operationOf(route: Route, refer: Refer): object {
  const { operationId, summary, who, body } = route;
  return {
    operationId,
    summary,
    ...(who === 'everybody' ? {} : { security: waysIn(who) }),
    parameters: parametersOf(route, refer),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body, refer) } }),
    responses: {
      ...Object.fromEntries(route.answers.map((answer) => [answer.status, answerOf(answer, refer)])),
      ...problemsBy(route, refer),
    },
  };
}

/** By a key, or where people work, by a session. */
function waysIn(who: Who): object[] {
  const scopes = who === 'somebody' ? [] : [who];
  return who === 'send' ? [{ key: scopes }] : [{ key: scopes }, { session: scopes }];
}

function parametersOf({ params = {}, query, requestHeaders = {} }: Route, refer: Refer): object[] {
  const one =
    (where: string, required: boolean) =>
    ([name, schema]: [string, z.ZodType]) => ({ name, in: where, required, schema: refer(schema) });
  const asked = Object.entries(query?.shape ?? {}) as [string, z.ZodType][];
  return [
    ...Object.entries(params).map(one('path', true)),
    ...asked.map(([name, schema]) => one('query', !schema.safeParse(undefined).success)([name, schema])),
    ...Object.entries(requestHeaders).map(one('header', true)),
  ];
}

const contentOf = (content: Content, refer: Refer): object =>
  typeof content === 'string' ? { [content]: { schema: { type: 'string' } } } : { 'application/json': { schema: refer(content) } };

const answerOf = ({ means, content }: Answer, refer: Refer): object => ({
  description: means,
  ...(content === undefined ? {} : { content: contentOf(content, refer) }),
});

/** The problem documents by their status, with the codes that each may have; one code may have several statuses. */
function problemsBy(route: Route, refer: Refer): Record<string, object> {
  const content = { 'application/problem+json': { schema: refer(Problem) } };
  const byStatus = Map.groupBy(problemsOf(route), (code) => String(errorCodes[code].status));
  const named = [...byStatus].map(([status, codes]) => [status, { description: codes.sort().join(', '), content }] as const);
  return { ...Object.fromEntries(named), default: { description: 'internal: something failed on our side', content } };
}
