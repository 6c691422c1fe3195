import { PageQuery } from './http.ts';
import { PhoneNumberId } from './ids.ts';
import { PhoneNumberDetailJson, PhoneNumbersPage, TemplatesPage, TemplatesQuery } from './numbers.ts';
import { type DeclaredRoute, json } from './route.ts';

/** On `CONSOLE_PORT`: what the platform says of our own numbers and templates. */
export const numberRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/phone-numbers', operationId: 'listPhoneNumbers' },
    summary: 'The numbers of ours that keyturn has heard of: what the platform says of them, and whether the identity check is on.',
    query: PageQuery,
    answers: [json(200, 'A page of them.', PhoneNumbersPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/phone-numbers/{phoneNumberId}', operationId: 'getPhoneNumber' },
    summary: 'One of them, with what was said of it and how many messages a day carried a key hash.',
    params: { phoneNumberId: PhoneNumberId },
    answers: [json(200, 'The number.', PhoneNumberDetailJson)],
    problems: ['phone_number.not_found'],
  },
  {
    ...{ method: 'get', path: '/v1/templates', operationId: 'listTemplates' },
    summary: 'The templates that the platform told of.',
    query: TemplatesQuery,
    answers: [json(200, 'A page of them.', TemplatesPage)],
    problems: ['request.invalid'],
  },
];
