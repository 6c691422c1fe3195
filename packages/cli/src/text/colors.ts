import type pc from 'picocolors';

/** Colours for a terminal, or none. */
export type Colors = ReturnType<typeof pc.createColors>;
