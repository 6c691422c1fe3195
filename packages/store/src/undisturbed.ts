import { AppError, type ErrorCode } from '@keyturn/contracts';

/** What `work` comes to, done anew where another transaction was in its way, which one of these codes says. Throws that code where it was so each time. */
export async function undisturbed<Result>(
  attemptsMax: number,
  work: () => Promise<Result>,
  codes: readonly ErrorCode[] = ['store.conflict'],
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof AppError && codes.includes(error.code) && attempt < attemptsMax;
      if (!again) throw error;
    }
  }
}
