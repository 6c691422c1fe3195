import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { actorsQuery } from '../api/queries.ts';
import { useWords, words } from '../words/language.tsx';
import { Ltr } from './shown.tsx';

const said = words({
  en: { you: 'you', key: 'key', member: 'member', business: 'the business’s own systems' },
  ar: { you: 'أنت', key: 'المفتاح', member: 'العضو', business: 'أنظمة النشاط التجاري' },
});

/** Who did something, by name; whoever has none, by what kind they are and their id. */
export function Actor({ actor }: { actor: string }) {
  const w = useWords(said);
  const me = useQuery(meQuery()).data;
  const name = useQuery(actorsQuery()).data?.items.find((one) => one.actor === actor)?.name;
  const [kind = '', id = ''] = actor.split(/:(.*)/);
  if (actor === me?.actor) return <>{w.you}</>;
  if (kind === 'system') return <Ltr>keyturn</Ltr>;
  if (kind === 'verification') return <>{w.business}</>;
  if (kind === 'member' && name !== undefined) return <bdi>{name}</bdi>;
  const shortened = id.length > 16 ? id.slice(0, 8) : id;
  return (
    <>
      {kind === 'member' ? w.member : w.key} {name === undefined ? <Ltr className="code">{shortened}</Ltr> : <bdi>{name}</bdi>}
    </>
  );
}
