import { kafkaEnv, migrateEnv } from '@keyturn/runtime';
import { z } from 'zod';
import { databaseEnv } from '../database.ts';

/** The environment of the relay. */
export const RelayEnv = z.object({ ...kafkaEnv, ...databaseEnv, ...migrateEnv });
