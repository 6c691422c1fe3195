import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { useWords, words } from '../words/language.tsx';
import { Ltr } from './shown.tsx';

const said = words({
  en: { you: 'you', key: 'key', member: 'member', business: 'the business’s own systems' },
  ar: { you: 'أنت', key: 'المفتاح', member: 'العضو', business: 'أنظمة النشاط التجاري' },
});

/** Who did something, as far as the page may know. */
export function Actor({ actor }: { actor: string }) {
  const w = useWords(said);
  const me = useQuery(meQuery()).data;
  const [kind = '', id = ''] = actor.split(/:(.*)/);
  if (actor === me?.actor) return <>{w.you}</>;
  if (kind === 'system') return <Ltr>keyturn</Ltr>;
  if (kind === 'verification') return <>{w.business}</>;
  return (
    <>
      {kind === 'member' ? w.member : w.key} <Ltr className="code">{id.length > 16 ? id.slice(0, 8) : id}</Ltr>
    </>
  );
}
