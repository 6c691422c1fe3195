/** The labels of what is kept. Each message is under exactly one of `seen` and `window:`, and each name under its own. */
export const label = {
  seen: 'seen',
  window: (phoneNumberId: string) => `window:${phoneNumberId}`,
  name: (value: string) => `name:${value}`,
  username: (value: string) => `username:${value}`,
};
