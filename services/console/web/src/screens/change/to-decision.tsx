import { type RefObject, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useWords } from '../../words/language.tsx';
import { changeWords } from './words.tsx';

/** On a phone, while the decision is out of sight: the way to it, one tap, over the lower edge. */
export function ToDecision({ form }: { form: RefObject<HTMLFormElement | null> }) {
  const w = useWords(changeWords);
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    if (form.current === null) return;
    const observer = new IntersectionObserver(([entry]) => setThere(entry?.isIntersecting ?? false), { rootMargin: '0px 0px -25% 0px' });
    observer.observe(form.current);
    return () => observer.disconnect();
  }, [form]);
  const go = () => {
    form.current?.scrollIntoView();
    focusOnVerdict(form.current);
  };
  return (
    <p className="to-decision" hidden={isThere}>
      <Button className="primary" onPress={go}>
        {w.toDecision}
      </Button>
    </p>
  );
}

/** Puts the focus where the decision begins, and moves nothing. */
export function focusOnVerdict(form: HTMLFormElement | null): void {
  const radios = form?.querySelectorAll<HTMLInputElement>('[type="radio"]:enabled') ?? [];
  ([...radios].find(({ checked }) => checked) ?? radios[0])?.focus({ preventScroll: true });
}
