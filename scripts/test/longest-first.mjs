import Sequencer from '@jest/test-sequencer';

const PARTS = ['e2e', 'int', 'unit'];
/** Of the unit tests, one that takes as long as it is told to (KEYTURN_FUZZ_SECONDS): last, it would be left alone. */
const FUZZES = /\/normalize\/src\/totality\.test\.ts$/;
const placeOf = ({ path, context }) => (FUZZES.test(path) ? 0 : PARTS.indexOf(context.config.displayName?.name));

/** The whole line first, then parts of it, then what needs none, so that no long file is left for the end while the other worker idles. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => placeOf(a) - placeOf(b));
  }
}
