import { FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from 'react-aria-components';

type Props = TextFieldProps & {
  readonly label: string;
  readonly description?: string;
  readonly lines?: number;
  /** What it holds reads left to right in whatever language. */
  readonly isLtr?: boolean;
  /** Why what it holds was not taken; absent: nothing is wrong that we know of. */
  readonly fault?: string;
};

/** A labelled field for text, with what is wrong about it beneath. */
export function Field({ label, description, lines, isLtr, fault, ...props }: Props) {
  const dir = isLtr || props.type === 'email' || props.type === 'url' ? 'ltr' : props.inputMode === 'numeric' ? undefined : 'auto';
  return (
    <TextField {...props} {...(fault === undefined ? {} : { isInvalid: true })} className="field">
      <Label>{label}</Label>
      {lines === undefined ? <Input dir={dir} /> : <TextArea rows={lines} dir={dir} />}
      {description !== undefined && <Text slot="description">{description}</Text>}
      {fault === undefined ? <FieldError /> : <FieldError>{fault}</FieldError>}
    </TextField>
  );
}
