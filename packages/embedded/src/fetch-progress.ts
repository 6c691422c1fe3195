import { Presets, SingleBar } from 'cli-progress';

/** Told, a few times a second, how many bytes of how many are there. */
export type FetchProgress = { update(bytes: number, total: number): void; stop(): void };

/** A line at the start, at each quarter and at the end: for a log, where a bar would be noise. */
export function progressLines(say: (line: string) => void): FetchProgress {
  let told = -1;
  return {
    update(bytes, total) {
      const quarter = Math.floor((4 * bytes) / total);
      if (quarter > told) say(`Fetching Kafka (once): ${megabytes(bytes)} of ${megabytes(total)} MB`);
      told = Math.max(told, quarter);
    },
    stop() {},
  };
}

/** A bar on a terminal, lines elsewhere. */
export function fetchProgress(stream: NodeJS.WriteStream, say: (line: string) => void): FetchProgress {
  if (!stream.isTTY) return progressLines(say);
  const bar = new SingleBar(
    { stream, format: 'Fetching Kafka (once) {bar} {value} of {total} MB', hideCursor: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update(bytes, total) {
      if (!started) bar.start(megabytes(total), megabytes(bytes));
      else bar.update(megabytes(bytes));
      started = true;
    },
    stop: () => bar.stop(),
  };
}

const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
