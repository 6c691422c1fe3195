import { AppError } from '@keyturn/contracts';

/** What `work` comes to, done anew where another transaction was in its way. Throws `store.conflict` where that was so each time. */
export async function undisturbed<Result>(attemptsMax: number, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof AppError && error.code === 'store.conflict' && attempt < attemptsMax;
      if (!again) throw error;
    }
  }
}
