import { Presets, SingleBar } from 'cli-progress';

/** Shows how far something has come, of a total that stays; `note`: why it does not go on now. */
export type Progress = { update(done: number, note?: string): void; stop(): void };

/** A line at the start, at each tenth, at the end and for each new note: for a log, where a bar would be noise. */
export function progressLines(label: string, total: number, say: (line: string) => void): Progress {
  let told = -1;
  let noted = '';
  return {
    update(done, note = '') {
      if (note !== '' && note !== noted) say(`${label}: ${done} of ${total}, ${note}`);
      noted = note === '' ? noted : note;
      const tenth = Math.floor((10 * done) / total);
      if (tenth > told) say(`${label}: ${done} of ${total}`);
      told = Math.max(told, tenth);
    },
    stop() {},
  };
}

/** A bar, for a terminal. */
export function progressBar(label: string, total: number, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({ stream, format: `${label} {bar} {value} of {total}{note}`, hideCursor: true }, Presets.shades_classic);
  bar.start(total, 0, { note: '' });
  return { update: (done, note) => bar.update(done, { note: note === undefined ? '' : `, ${note}` }), stop: () => bar.stop() };
}
