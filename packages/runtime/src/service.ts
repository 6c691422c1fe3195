/** A running service. Its parts stop in reverse order of their start. */
export type Service = {
  readonly name: string;
  readonly url?: string;
  /** Why it can't do its own job now; empty: it can. Answers within a second or so. */
  notReady(): Promise<readonly string[]>;
  stop(): Promise<void>;
  /** Resolves when it ended: with nothing after `stop`, else with the error that a human must look at. */
  readonly stopped: Promise<Error | undefined>;
};
/** Brings a service up from its environment, or throws `config.invalid` or `….unavailable`. */
export type Start = (env: NodeJS.ProcessEnv) => Promise<Service>;
