import JestRunner from 'jest-runner';

/** Runs its test files one after the other, while no other file runs: for those that measure, or load the machine for all. */
export default class Alone extends JestRunner {
  isSerial = true;
}
