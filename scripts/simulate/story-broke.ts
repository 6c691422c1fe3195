const NAME = 'StoryBroke';

/** The end of a story that did not go as told: what was seen instead, and the way out. */
export const storyBroke = (message: string, cause?: unknown): Error => Object.assign(new Error(message, { cause }), { name: NAME });

/** Whether its message alone says all that a reader needs. */
export const isStoryBroke = (error: unknown): error is Error => error instanceof Error && error.name === NAME;
