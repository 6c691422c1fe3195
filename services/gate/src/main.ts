import { setFlagsFromString } from 'node:v8';
import { runService } from '@keyturn/runtime';
import { start } from './start.ts';

// What V8 guesses to live long it makes among the old. Of a request that guess is wrong, and what lies there dead keeps alive, until the next full
// collection, all that it points to: a fifth of all that was made was copied twice for nothing.
setFlagsFromString('--no-allocation-site-pretenuring');
await runService(start);
