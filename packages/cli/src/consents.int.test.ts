import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { message } from '../../../services/console/src/console.fixture.ts';
import { type Cli, cliWorld, T } from './cli.fixture.ts';
import { exitCodes } from './exit-codes.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await cliWorld(4915560000);
  await cli.world.says(message({ waId: '4915569999', at: T })); // so that P1 is known
});
afterAll(() => cli.stop());

const keyturn = (...args: string[]) => cli.keyturn(['consents', ...args]);
const write = (name: string, text: string | Buffer) => writeFileSync(path.join(cli.dir, name), text);
const importing = (name: string, ...more: string[]) => keyturn('import', name, '--on', 'P1', ...more);
const consentOf = async (waId: string) => (await cli.world.find(waId))?.consent;
let numbers = 4915561000;
const newNumber = () => String(numbers++);

it('records what somebody said, shows it with its evidence, and says what holds now', async () => {
  const { waId } = await cli.blocked();
  const recorded = await keyturn(
    'record',
    waId,
    '--opt-in',
    'marketing,utility',
    '--source',
    'ivr',
    '--evidence',
    '{"call":"IVR-7"}',
    '--at',
    '2026-03-01T00:00:30Z',
  );
  expect(recorded).toMatchObject({ code: 0, out: expect.stringMatching(/^Recorded of [-0-9a-f]{36}\. Now:\n {2}marketing: opted in/) });
  expect((await keyturn('record', waId, '--opt-out', 'utility', '--source', 'api')).out).toContain('utility: opted out');
  const { out } = await keyturn('list', waId);
  expect(out).toMatch(/opt-out +utility +api +49155600\d\d +.*key:bootstrap/);
  expect(out).toMatch(/opt-in +marketing, utility +ivr .*\{"call":"IVR-7"\}/);
});

it.each<[string, (numbers: readonly string[]) => string | Buffer]>([
  [
    'as a spreadsheet in Europe writes it: semicolons, CR LF and the mark of UTF-8',
    ([one, other]) =>
      `\ufeffNumber;Kind;Occurred_at;Größe des Formulars\r\n+${one};opt_in;2026-03-01 10:00:00 +01:00;Größe\r\n00${other};opt_in;2026-03-01T09:00:00Z;b\r\n`,
  ],
  [
    'in UTF-16 with tabs',
    ([one, other]) =>
      Buffer.from(
        `\ufeffnumber\tkind\toccurred_at\tform\n+${one}\topt_in\t2026-03-01T09:00:00Z\ta\n+${other}\topt_in\t2026-03-01T09:00:00Z\tb`,
        'utf16le',
      ),
  ],
  [
    'with quotes, lines in cells, Arabic digits, and each row twice',
    ([one, other]) => {
      const rows = [`"+${one}",explicit,2026-03-01T09:00:00Z,"a, ""b""\n c"`, `+${arabic(other)},opt-in,2026-03-01T09:00:00Z,b`];
      return ['phone,kind,occurred_at,form', ...rows, ...rows].join('\n');
    },
  ],
])('imports a list %s, and once however often it is sent', async (_how, text) => {
  const people = [newNumber(), newNumber()];
  write('list.csv', text(people));
  const both = await Promise.all([0, 1].map(() => importing('list.csv', '--categories', 'marketing', '--source', 'web_form', '--json')));
  expect(both.map(({ code, err }) => ({ code, err: err.replace(/^Recording: .*\n/gm, '') }))).toEqual(Array(2).fill({ code: 0, err: '' }));
  expect(both.map(({ out }) => JSON.parse(out).recorded).reduce((a, b) => a + b)).toBe(2);
  for (const waId of people)
    expect((await consentOf(waId))?.marketing).toEqual({ status: 'opted_in', source: 'web_form', occurredAt: '2026-03-01T09:00:00.000Z' });
  expect((await importing('list.csv', '--categories', 'marketing', '--source', 'web_form')).out).toMatch(
    /rows: 0 recorded, \d were there before\.\n$/,
  );
});
const arabic = (digits: string | undefined) => (digits ?? '').replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));

it.each<[string, string | Buffer, readonly string[], string]>([
  ['a national number', '0171 2345678,x', [], 'line 3: number: it may lack its country code: write + before it'],
  ['a number whose zero a spreadsheet dropped', '1712345678,x', ['--country-code', '49'], 'line 3: number: it may lack its country code'],
  ['a zero after the country code’s +', '+0171 2345678,x', [], 'line 3: waId: begin with the country code'],
  ['powers of ten', '4.91712E+11,x', [], 'its last digits are lost: keep numbers as text'],
  ['a decimal', '+4917123456.0,x', [], 'a spreadsheet made a decimal of it'],
  ['no evidence', '+491712345678,', [], 'line 3: evidence: say what shows the opt-in'],
  ['a cell too many', '+491712345678,x,y', [], 'line 3: has 3 columns of 2'],
  ['a row that was cut off', '+491712345678', [], 'line 3: has 1 columns of 2'],
  ['a cell that was cut off', '+491712345678,"x', [], 'line 3: a quoted cell never ends'],
  ['letters of another encoding', Buffer.from('+491712345678,Gr\u00f6\u00dfe', 'latin1'), [], 'it is not UTF-8'],
])('sends nothing of a list with %s, and names it', async (_what, row, more, says) => {
  const good = newNumber();
  write('bad.csv', Buffer.concat([`number,form\n+${good},x\n`, row].map((part) => Buffer.from(part))));
  const said = ['--kind', 'opt_in', '--categories', 'marketing', '--source', 'import', '--at', '2026-03-01T00:00:00Z'];
  const { code, out, err } = await importing('bad.csv', ...said, ...more);
  expect({ code, out }).toEqual({ code: exitCodes.usage, out: '' });
  expect(err).toContain(says);
  expect(err).toContain('othing was sent');
  expect(await consentOf(good)).toBeUndefined();
});

it.each<[string, string, readonly string[], number, string]>([
  ['a file that is not there', '', ['none.csv'], exitCodes.usage, "none.csv can't be read"],
  ['nothing', '', ['list.csv'], exitCodes.usage, 'there is nothing in it'],
  ['nobody', 'name\nx', ['list.csv'], exitCodes.usage, 'no column number or bsuid'],
  [
    'a number of ours that nobody knows',
    'number,form\n+4915561,x',
    ['list.csv', '--on', 'P9'],
    exitCodes.notFound,
    'No webhook of this number',
  ],
])('says what is wrong with %s', async (_what, text, args, code, says) => {
  write('list.csv', text);
  const said = ['--kind', 'opt_in', '--categories', 'marketing', '--source', 'import', '--at', '2026-03-01T00:00:00Z'];
  const [name, ...more] = args as [string, ...string[]];
  expect(await importing(name, ...said, ...more)).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
});

it('looks through a long list without sending it; what is sent comes in parts', async () => {
  const first = Number(newNumber()) + 100_000;
  const rows = Array.from({ length: 20_000 }, (_, i) => `${first + i},n${i}`);
  write('many.csv', ['number,form', ...rows].join('\n'));
  const said = [
    '--country-code',
    '+966, 49',
    '--kind',
    'opt_out',
    '--categories',
    'marketing',
    '--source',
    'import',
    '--at',
    '2026-03-01T00:00:00Z',
  ];
  expect((await importing('many.csv', ...said, '--check')).out).toBe('20000 rows can be recorded. Nothing was sent.\n');
  expect(await consentOf(String(first))).toBeUndefined();
  write('some.csv', ['number,form', ...rows.slice(0, 1_000)].join('\n'));
  expect((await importing('some.csv', ...said)).out).toBe('1000 rows: 1000 recorded, 0 were there before.\n');
  expect((await consentOf(String(first + 999)))?.marketing?.status).toBe('opted_out');
});
