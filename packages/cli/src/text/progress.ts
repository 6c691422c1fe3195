import { Presets, SingleBar } from 'cli-progress';

/** Shows how far something has come, of a total that stays. */
export type Progress = { update(done: number): void; stop(): void };

/** A line at the start, at each tenth and at the end: for a log, where a bar would be noise. */
export function progressLines(label: string, total: number, say: (line: string) => void): Progress {
  let told = -1;
  return {
    update(done) {
      const tenth = Math.floor((10 * done) / total);
      if (tenth > told) say(`${label}: ${done} of ${total}`);
      told = Math.max(told, tenth);
    },
    stop() {},
  };
}

/** A bar, for a terminal. */
export function progressBar(label: string, total: number, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({ stream, format: `${label} {bar} {value} of {total}`, hideCursor: true }, Presets.shades_classic);
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}
