/** For so long after somebody did something the page asks for them. */
const LASTS_MS = 60_000;
let actedAt = Date.now(); // whoever opens the page does something

for (const act of ['pointerdown', 'keydown', 'wheel'] as const) {
  const note = () => {
    actedAt = Date.now();
  };
  window.addEventListener(act, note, { capture: true, passive: true });
}

/** Whether nobody has done anything with the page for a while: what it then asks for keeps nobody signed in. */
export const isByItself = (): boolean => Date.now() - actedAt > LASTS_MS;
