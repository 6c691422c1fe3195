import { runService } from '@keyturn/runtime';
import { start } from './start.ts';

await runService(start);
