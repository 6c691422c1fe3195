import Sequencer from '@jest/test-sequencer';

const PARTS = ['e2e', 'int', 'unit'];
const partOf = ({ context }) => PARTS.indexOf(context.config.displayName?.name);

/** The whole line first, then parts of it, then what needs none, so that no long file is left for the end while the other worker idles. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => partOf(a) - partOf(b));
  }
}
