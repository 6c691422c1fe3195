import { useQuery } from '@tanstack/react-query';
import { may, meQuery } from '../../api/me.ts';
import { actorsQuery, keysQuery, membersQuery, numbersQuery, runbookQuery, sessionsQuery } from '../../api/queries.ts';
import { Loading } from '../../shell/states.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { Keys } from './keys.tsx';
import { Members } from './members.tsx';
import { RunbookSettings } from './runbook-settings.tsx';
import { Sessions } from './sessions.tsx';
import { SettingsNav } from './settings-nav.tsx';
import { settingsWords } from './words.tsx';

/** Who may sign in, who is signed in, and which programs have keys. */
export function SettingsScreen() {
  const w = useWords(settingsWords);
  const me = useQuery(meQuery()).data;
  const isAdmin = may(me, 'admin');
  const lists = [
    useQuery({ ...membersQuery(), enabled: isAdmin }),
    useQuery({ ...keysQuery(), enabled: isAdmin }),
    useQuery({ ...runbookQuery(), enabled: isAdmin }),
    useQuery(sessionsQuery()),
    useQuery(actorsQuery()),
    useQuery({ ...numbersQuery(), enabled: isAdmin }),
  ];
  useTitle(w.title);
  if (lists.some(({ isLoading }) => isLoading)) return <Loading />; // all at once, so that nothing moves
  return (
    <div className="settings">
      <h1>{w.title}</h1>
      <SettingsNav />
      {isAdmin ? <Members /> : <p className="note">{w.onlyAdmins}</p>}
      <Sessions />
      {isAdmin && <Keys />}
      {isAdmin && <RunbookSettings />}
    </div>
  );
}
