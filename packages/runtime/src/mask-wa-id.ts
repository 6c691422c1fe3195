/** Hides whose number it is: three leading digits (about the country) and the last two stay. A short one is hidden whole. */
export const maskWaId = (waId: string): string =>
  waId.length < 8 ? '*'.repeat(waId.length) : `${waId.slice(0, 3)}${'*'.repeat(waId.length - 5)}${waId.slice(-2)}`;
