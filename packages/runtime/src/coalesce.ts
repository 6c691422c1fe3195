type Waiting<Item, Answer> = { readonly item: Item; resolve(answer: Answer): void; reject(error: unknown): void };

/** Answers many by few calls: what is asked while a call runs shares the next, so that every answer is of a call that began after it was asked for. `ask`
 *  answers in the order of its items, of which it gets `itemsMax` at most; what it throws, all of that call get. */
export function coalesce<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { itemsMax }: { readonly itemsMax: number },
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const taken = waiting.slice(0, itemsMax);
      waiting = waiting.slice(itemsMax);
      await answer(taken);
    }
    running = false;
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
      if (!running) queueMicrotask(() => void (running || run()));
    });
}
