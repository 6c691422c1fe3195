import { useQuery } from '@tanstack/react-query';
import { may, meQuery } from '../../api/me.ts';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { Keys } from './keys.tsx';
import { Members } from './members.tsx';
import { Sessions } from './sessions.tsx';
import { settingsWords } from './words.tsx';

/** Who may sign in, who is signed in, and which programs have keys. */
export function SettingsScreen() {
  const w = useWords(settingsWords);
  const me = useQuery(meQuery()).data;
  useTitle(w.title);
  return (
    <div className="settings">
      <h1>{w.title}</h1>
      {may(me, 'admin') ? <Members /> : <p className="note">{w.onlyAdmins}</p>}
      <Sessions />
      {may(me, 'admin') && <Keys />}
    </div>
  );
}
