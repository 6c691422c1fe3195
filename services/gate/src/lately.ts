type Reading<Answer> = { readonly answer: Promise<Answer>; readonly at: number };

/** Answers what was read, from a reading that began `forMs` ago at the most. While it is asked all the time nobody waits: half of that time before, it is
 *  read anew beside what is answered meanwhile. While nobody asks nothing is read. Rejects where it has to be read and can't be. */
export function lately<Answer>(read: () => Promise<Answer>, forMs = 1_000): () => Promise<Answer> {
  let last: Reading<Answer> | undefined;
  let next: Reading<Answer> | undefined;
  const begin = (at: number): Reading<Answer> => {
    const reading = { answer: read(), at };
    const end = () => {
      if (next === reading) next = undefined;
    };
    reading.answer.then(() => {
      if (last === undefined || last.at < at) last = reading;
      end();
    }, end);
    return reading;
  };
  return () => {
    const now = performance.now();
    const lastAge = now - (last?.at ?? Number.NEGATIVE_INFINITY);
    if (last !== undefined && lastAge <= forMs / 2) return last.answer;
    if (next === undefined || now - next.at > forMs) next = begin(now);
    return last !== undefined && lastAge <= forMs ? last.answer : next.answer;
  };
}
