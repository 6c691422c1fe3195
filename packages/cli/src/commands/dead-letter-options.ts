import { DeadLetterFilter } from '@keyturn/contracts';
import { Option } from 'commander';

/** Only the dead letters of one consumer. */
export const groupOption = (): Option =>
  new Option('--group <group>', 'only those of this consumer').choices(DeadLetterFilter.shape.group.unwrap().options);
/** Only the dead letters of one cause. */
export const codeOption = (): Option =>
  new Option('--code <code>', 'only those of this cause, e.g. event.undecided, event.undecodable, store.data');
