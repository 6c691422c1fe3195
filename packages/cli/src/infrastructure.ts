import { AppError, isRetryable } from '@keyturn/contracts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { failure } from './failure.ts';

/** What PostgreSQL and Kafka say where this user may not do it. */
const NOT_ALLOWED = /AUTHORIZATION_FAILED|SASL_AUTHENTICATION_FAILED|permission denied|may not (create|use)|password authentication failed/;

/** Runs what speaks with PostgreSQL or Kafka itself; a named error ends the command with its exit code. */
export async function withInfrastructure<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw failure(exitOfError(error), error.message);
  }
}

function exitOfError(error: AppError): ExitCode {
  if (NOT_ALLOWED.test(error.message)) return exitCodes.notAllowed;
  if (error.code === 'replay.not_found') return exitCodes.notFound;
  if (error.code === 'config.invalid') return exitCodes.usage;
  return isRetryable(error) ? exitCodes.unreachable : exitCodes.unexpected;
}
