import { AppError } from '@keyturn/contracts';
import type { Admin, Kafka } from 'kafkajs';
import { kafkaUnavailable } from './kafka-fault.ts';

/** Runs `work` with an admin client of its own, which is gone afterwards. What the broker or the network says comes as `kafka.unavailable`. */
export async function withAdmin<Result>(kafka: Kafka, failed: string, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw kafkaUnavailable(failed, error);
  } finally {
    await admin.disconnect();
  }
}
