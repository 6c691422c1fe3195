import { runService } from '@keyturn/runtime';
import { start } from './index.ts';

await runService(start);
