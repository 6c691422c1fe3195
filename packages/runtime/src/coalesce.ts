type Waiting<Item, Answer> = { readonly item: Item; resolve(answer: Answer | Promise<Answer>): void; reject(error: unknown): void };
type Bounds<Item> = {
  /** How many items one call gets. */
  readonly itemsMax: number;
  /** What each of them weighs, and how much of that one call gets. One that is heavier gets a call of its own. */
  readonly weight?: { readonly of: (item: Item) => number; readonly max: number };
  /** How many calls run at a time: one, and beside it those that get as much as a call may. */
  readonly atOnce?: number;
  /** A call that gets less than it may begins so long after the last at the earliest; the first at once. */
  readonly everyMs?: number;
};

/** Answers many by few calls: what is asked while one runs shares the next, so that every answer is of a call that began after it was asked for. A call for
 *  few takes nearly as much as one for many, so another runs beside it only when it is full. `ask` answers in the order of its items, where one may have failed alone; what it throws,
 *  all of that call get. */
export function coalesce<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly (Answer | Promise<Answer>)[]>,
  { itemsMax, weight, atOnce = 1, everyMs = 0 }: Bounds<Item>,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let waitingWeight = 0;
  let running = 0;
  let begunAt = Number.NEGATIVE_INFINITY;
  let next: NodeJS.Timeout | undefined;
  let isSoon = false;

  const weigh = (item: Item): number => weight?.of(item) ?? 0;
  const isFull = (): boolean => waiting.length >= itemsMax || (waiting.length > 1 && waitingWeight > (weight?.max ?? 0));
  const mayBegin = (): boolean => waiting.length > 0 && (running === 0 || (running < atOnce && isFull()));
  const waitMs = (): number => (everyMs === 0 || isFull() ? 0 : begunAt + everyMs - performance.now());
  function plan(): void {
    if (isSoon || !mayBegin()) return;
    const inMs = waitMs();
    if (inMs > 0) {
      next ??= setTimeout(begin, Math.ceil(inMs));
      return;
    }
    isSoon = true;
    clearTimeout(next);
    next = undefined;
    setImmediate(begin); // with all that came in the same turn
  }
  function begin(): void {
    clearTimeout(next);
    next = undefined;
    isSoon = false;
    if (!mayBegin()) return;
    begunAt = performance.now();
    running += 1;
    const taken = waiting.slice(0, fitting());
    waiting = waiting.slice(taken.length);
    for (const { item } of taken) waitingWeight -= weigh(item);
    void answer(taken).then(() => {
      running -= 1;
      if (!isSoon && mayBegin() && waitMs() <= 0) begin();
      else plan();
    });
    plan();
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
      for (const [i, one] of taken.entries()) one.resolve(answers[i] as Answer | Promise<Answer>);
    } catch (error) {
      for (const one of taken) one.reject(error);
    }
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      waitingWeight += weigh(item);
      plan();
    });
}
