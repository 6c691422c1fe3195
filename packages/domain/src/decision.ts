/** What follows from one input: `apply` is saved and told downstream, in order; `touch` (times only) is saved and not told; `skip` is neither. */
export type Decision<State, Told> =
  | { readonly kind: 'apply'; readonly state: State; readonly told: readonly Told[] }
  | { readonly kind: 'touch'; readonly state: State }
  | { readonly kind: 'skip'; readonly reason: string };

/** The state changes and everybody hears of it. Each thing told is one event and one version. */
export const apply = <State, Told>(state: State, ...told: Told[]): Decision<State, Told> => ({ kind: 'apply', state, told });
/** Only times move: saved, not told. */
export const touch = <State, Told>(state: State): Decision<State, Told> => ({ kind: 'touch', state });
/** Nothing follows; `reason` (snake_case) is counted. */
export const skip = <State, Told>(reason: string): Decision<State, Told> => ({ kind: 'skip', reason });
