import type { DecisionPreviewJson, Verdict, VerdictPreview } from '@keyturn/contracts';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useWords } from '../../words/language.tsx';
import { Preview } from './preview.tsx';
import { changeWords } from './words.tsx';

type Props = {
  readonly verdict: Verdict | null;
  readonly onVerdict: (verdict: Verdict) => void;
  readonly isDisabled?: boolean;
  readonly preview?: DecisionPreviewJson | undefined;
  /** It is of what was seen before: it keeps its place, and is not shown. */
  readonly isOld?: boolean;
};

/** Same person or different person, each with what it does. */
export function Verdicts({ verdict, onVerdict, isDisabled = false, preview, isOld = false }: Props) {
  const w = useWords(changeWords);
  return (
    <RadioGroup
      {...{ value: verdict, isDisabled, className: 'verdicts', 'data-old': isOld || undefined }}
      onChange={(value) => onVerdict(value as Verdict)}
    >
      <Label>{w.decide}</Label>
      <Choice verdict="same_person" title={w.same} does={w.sameDoes} preview={preview?.same_person} />
      <Choice verdict="different_person" title={w.different} does={w.differentDoes} preview={preview?.different_person} />
    </RadioGroup>
  );
}

type ChoiceProps = {
  readonly verdict: Verdict;
  readonly title: string;
  readonly does: string;
  readonly preview: VerdictPreview | undefined;
};
const Choice = ({ verdict, title, does, preview }: ChoiceProps) => (
  <Radio value={verdict} className="verdict" isDisabled={preview !== undefined && preview.refused !== null}>
    <strong>{title}</strong>
    <span>{does}</span>
    <Preview verdict={verdict} preview={preview} />
  </Radio>
);
