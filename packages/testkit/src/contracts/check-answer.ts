import { published, strangersValidator } from './validator.ts';

type Operation = { readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>> };
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

const document = published('openapi.json');
const { paths } = document as unknown as Document;
const ajv = strangersValidator();
ajv.addVocabulary(['openapi', 'info', 'paths', 'webhooks', 'components']);
ajv.addSchema(document, 'openapi');
const templates = Object.keys(paths).map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`) }));
const step = (text: string) => text.replaceAll('~', '~0').replaceAll('/', '~1');

/** What the published OpenAPI document finds wrong with an answer: a status or a content type that it does not name, a body that its schema refuses.
 *  Empty: nothing, or there is no such route (404 is then the answer). */
export function wrongWithAnswer(
  method: string,
  url: string,
  answer: { status: number; contentType: string | null; text: string },
): string[] {
  const asked = new URL(url, 'http://localhost').pathname;
  const path = templates.find(({ path }) => path === asked)?.path ?? templates.find(({ pattern }) => pattern.test(asked))?.path;
  const operation = path === undefined ? undefined : paths[path]?.[method.toLowerCase()];
  if (path === undefined || operation === undefined) return answer.status === 404 ? [] : [`${method} ${asked} is not in openapi.json`];
  const route = `${method} ${path}, answered ${answer.status}`;
  const response = operation.responses[answer.status];
  if (response === undefined) return [`${route}: openapi.json names no such status`];
  if (response.content === undefined) return answer.text === '' ? [] : [`${route}: a body where openapi.json has none`];
  const type = answer.contentType?.split(';')[0] ?? 'none';
  if (!(type in response.content)) return [`${route}: ${type} is not what openapi.json says`];
  if (!type.endsWith('json')) return [];
  const steps = ['paths', path, method.toLowerCase(), 'responses', String(answer.status), 'content', type, 'schema'];
  const validate = ajv.getSchema(`openapi#/${steps.map(step).map(encodeURIComponent).join('/')}`);
  if (validate === undefined) return [`${route}: openapi.json has no schema`];
  if (validate(JSON.parse(answer.text))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${route}: ${instancePath || 'the body'} ${message}`);
}
