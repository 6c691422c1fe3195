import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Line, startLine } from './line.ts';
import { type Answers, askAll } from './stories/ask.ts';
import { edges } from './stories/edges.ts';
import { type Heard, hear } from './stories/hear.ts';
import { pairsOfFacts } from './stories/pairs-of-facts.ts';
import { pairsWithActs } from './stories/pairs-with-acts.ts';
import { pairsWithBlock } from './stories/pairs-with-block.ts';
import { castOf } from './stories/story.ts';
import { type Amiss, tellAll } from './stories/tell.ts';
import { type Telling, tellingsOf } from './stories/tellings.ts';

const tellings = [...pairsOfFacts, ...pairsWithActs, ...pairsWithBlock, ...edges].map(tellingsOf);
let line: Line;
let amiss: Amiss;
let answers: Map<Telling, Answers>;
let heard: Heard;
/** The contacts of each telling, merged ones too, by the number of its cast. */
let contacts: Map<string, string[]>;
/** All stories at once, side by side: each waits for the line to settle after every post, and that takes as long for one as for a thousand. */
beforeAll(async () => {
  line = await startLine();
  amiss = await tellAll(line, tellings.flat());
  answers = await askAll(line, tellings.flat());
  heard = await hear(line);
  const pins = await line.query<{ contact_id: string; pin_identifier: string }>('select contact_id, pin_identifier from contact');
  const casts = Map.groupBy(pins, (pin) => castOf(pin.pin_identifier));
  contacts = new Map([...casts].map(([cast, own]) => [cast, own.map(({ contact_id }) => contact_id)]));
}, 900_000);
afterAll(() => line.stop());

const answersTo = (telling: Telling) => answers.get(telling) as Answers;
const contactsOf = ({ cast }: Telling) => contacts.get(castOf(cast.w)) ?? [];

describe.each(tellings.map((own) => ({ ...(own[0] as Telling).story, own })))('$name', ({ ends, told, own }) => {
  const [inOrder, ...others] = own as [Telling, ...Telling[]];
  it('in order, everybody is answered and hears what there is to know', () => {
    expect(answersTo(inOrder).ends).toEqual(ends);
    expect(heard.newsOf(contactsOf(inOrder))).toEqual(told);
  });
  it('in any order of the facts on each side of an act, doubled and regrouped, the answers are the same', () => {
    const expected = answersTo(inOrder).whole;
    for (const telling of others)
      expect({ telling: telling.name, said: answersTo(telling).whole }).toEqual({ telling: telling.name, said: expected });
  });
  it('what was told, in each of them, goes on from what was told before and ends at what is so', () =>
    expect(own.flatMap((telling) => heard.wrongWith(answersTo(telling).contacts))).toEqual([]));
});

it('an act is taken once; too early, or again, it is refused', () => expect(amiss).toEqual([]));
