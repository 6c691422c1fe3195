import { runService } from '@keyturn/runtime';
import { start } from './consumer.ts';

await runService(start);
