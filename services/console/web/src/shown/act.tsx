import { Button, type ButtonProps } from 'react-aria-components';

/** A button that does one thing at a time: while it is busy it keeps the focus and does nothing more. */
export function Act({ isBusy, type = 'button', onPress, ...props }: ButtonProps & { readonly isBusy: boolean }) {
  const idle = { type, ...(onPress === undefined ? {} : { onPress }) };
  return <Button {...props} {...(isBusy ? { type: 'button' as const } : idle)} data-busy={isBusy || undefined} />;
}
