import { AppError } from '@keyturn/contracts';

/** How many are asked about at a time, and how many more wait for their turn. */
type Bounds = { readonly atOnce: number; readonly waitingMax: number };

/** Has work done a few at a time; whoever comes while too many wait is told so: throws `request.crowded_out`. */
export function turns({ atOnce, waitingMax }: Bounds): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free -= 1;
    else if (waiting.length >= waitingMax) throw crowdedOut();
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** `ask`: what is answered of a name. `last`: what was the last time, where that was good. */
type Strangers<Answer> = { ask(name: string, remembered: string): Promise<Answer>; last(remembered: string): Answer | undefined };

/** A check that asks for those whom it has let in before at once, and for all others a few at a time: guessing keys, however fast, takes little of the
 *  database, and none of what those with good keys have. Throws `request.crowded_out` where too many wait. `isGood`: whether to remember. */
export function strangersInTurn<Answer>(
  ask: (name: string) => Promise<Answer>,
  isGood: (answer: Answer) => boolean,
  bounds: Bounds,
): Strangers<Answer> {
  const known = new Map<string, Answer>(); // grows with good ones alone
  const inTurn = turns(bounds);
  return {
    last: (remembered) => known.get(remembered),
    async ask(name, remembered) {
      const answer = await (known.has(remembered) ? ask(name) : inTurn(() => ask(name)));
      if (isGood(answer)) known.set(remembered, answer);
      else known.delete(remembered);
      return answer;
    },
  };
}

const crowdedOut = () =>
  new AppError(
    'request.crowded_out',
    'Too many who are not known are tried at this moment. Send it again, with a key or a login that is good.',
  );
