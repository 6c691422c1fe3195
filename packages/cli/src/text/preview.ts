import type { DecisionPreviewJson, Verdict, VerdictOutcome } from '@keyturn/contracts';

/** What a verdict means, whoever it is about. */
export const consequences: Record<Verdict, string> = {
  same_person: 'Same person: sending is allowed again, opt-ins stay.',
  different_person:
    'Different person: this number starts afresh as a new contact. It has no opt-in but its own. Opt-ins of before end; opt-outs stay with the old one.',
};

/** What a verdict would do to this one, verdict by verdict; the one that is meant is marked. */
export function previewText(preview: DecisionPreviewJson, meant: Verdict): string[] {
  return (['same_person', 'different_person'] as const).map((verdict) => {
    const mark = verdict === meant ? '>' : ' ';
    const { outcome } = preview[verdict];
    return `${mark} ${outcome === null ? `${name(verdict)}: can't be said now, for there is nothing that could be given to another person.` : `${name(verdict)}: ${effectsOf(outcome)}.`}`;
  });
}
const name = (verdict: Verdict) => (verdict === 'same_person' ? 'Same person' : 'Different person');

function effectsOf({ released, optIns, optOuts, serviceWindows, businessBlocked, known, holder }: VerdictOutcome): string {
  const list = (items: readonly string[]) => items.join(', ');
  return [
    released ? 'sending is allowed again' : 'still blocked, by what nobody has seen yet',
    ...(known.contactId === holder.contactId ? [] : ['the number starts afresh as a new contact']),
    ...(optIns.stay.length === 0 ? [] : [`opted in to ${list(optIns.stay)}`]),
    ...(optIns.end.length === 0 ? [] : [`opt-ins end (${list(optIns.end)})`]),
    ...(optOuts.stay.length === 0 ? [] : [`opt-outs stay (${list(optOuts.stay)})`]),
    ...(optOuts.end.length === 0 ? [] : [`opt-outs stay with the person we knew (${list(optOuts.end)})`]),
    ...(serviceWindows.end.length === 0 ? [] : [`windows end (${list(serviceWindows.end)})`]),
    ...(businessBlocked ? ['blocked by choice'] : []),
  ].join('; ');
}
