/** For how many seconds it has been so; 0: it is not, or the clock here is behind. */
export const secondsSince = (instant: Date | null): number => (instant === null ? 0 : Math.max(0, Date.now() - instant.getTime()) / 1000);
