type Waiting<Item, Answer> = { readonly item: Item; resolve(answer: Answer): void; reject(error: unknown): void };
type Bounds<Item> = {
  /** How many items one call gets. */
  readonly itemsMax: number;
  /** What each of them weighs, and how much of that one call gets. One that is heavier gets a call of its own. */
  readonly weight?: { readonly of: (item: Item) => number; readonly max: number };
  /** How many calls run at a time. */
  readonly atOnce?: number;
};

/** Answers many by few calls: what is asked while as many calls run as may shares the next, so that every answer is of a call that began after it was
 *  asked for. `ask` answers in the order of its items; what it throws, all of that call get. */
export function coalesce<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { itemsMax, weight, atOnce = 1 }: Bounds<Item>,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let free = atOnce;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const taken = waiting.slice(0, fitting());
      waiting = waiting.slice(taken.length);
      await answer(taken);
    }
    free += 1;
  }
  /** How many of those that wait fit into one call, at least one. */
  function fitting(): number {
    if (weight === undefined) return itemsMax;
    let left = weight.max;
    const over = waiting.findIndex(({ item }, i) => {
      left -= weight.of(item);
      return i > 0 && (left < 0 || i === itemsMax);
    });
    return over === -1 ? itemsMax : over;
  }
  async function answer(taken: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await ask(taken.map(({ item }) => item));
      for (const [i, one] of taken.entries()) one.resolve(answers[i] as Answer);
    } catch (error) {
      for (const one of taken) one.reject(error);
    }
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (free === 0) return;
      free -= 1;
      setImmediate(run); // with all that came in the same turn
    });
}
