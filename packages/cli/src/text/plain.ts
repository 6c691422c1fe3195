/** Text of somebody else's, safe on a terminal: without control and direction characters, which could rewrite what stands around it. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '');
