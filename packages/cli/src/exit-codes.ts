/** How a command ended, for scripts. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  notFound: 3,
  /** Somebody or something was faster: look again, and decide on what is there now. */
  conflict: 4,
  notAllowed: 5,
  unreachable: 6,
  /** Schema, topics or the platform's settings are not what this release needs. */
  behind: 7,
  /** Something of the line is not as it should be. */
  unhealthy: 8,
} as const;
/** How a command may end. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The same for people. */
export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  unexpected: a fault of ours; of a redrive, that a dead letter failed again
  2  usage: the command, or a value in it, can't be used
  3  not found
  4  conflict: something newer came in, or it is decided already; look again; of a bulk decision, that it left exceptions
  5  not allowed: no API key, an unknown one, or one without the scope
  6  can't reach the console, PostgreSQL or Kafka; of a redrive, that no consumer takes the dead letters up
  7  behind: schema, topics or the platform's settings are not what this release needs
  8  not healthy: a step of the line is behind, or dead letters wait; of a test of an alert route, that it did not take it`;
