import type { LoggedOutJson, MeJson } from '@keyturn/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { may } from '../api/me.ts';
import { problemOf, request } from '../api/request.ts';
import { Act } from '../shown/act.tsx';
import { type Language, useLanguage, useWords } from '../words/language.tsx';
import { chosenTheme, show, type Theme, themes } from '../words/settings.ts';
import { shellWords } from './words.ts';

/** Who one is, and how the page looks and speaks. */
export function MeMenu({ me, onLanguage }: { me: MeJson; onLanguage: (language: Language) => void }) {
  const w = useWords(shellWords);
  const language = useLanguage();
  const [isStillIn, setStillIn] = useState(false);
  const signOut = useSignOut(() => setStillIn(true));
  const [theme, setTheme] = useState(chosenTheme);
  const act = (key: string) => {
    if (key === 'language') onLanguage(language === 'en' ? 'ar' : 'en');
    else if (key === 'sign-out') signOut.mutate();
    else if (themes.some((one) => one === key)) {
      show(key as Theme);
      setTheme(key as Theme);
    }
  };
  return (
    <>
      <MenuTrigger>
        <Button className="me" aria-label={w.menu} data-initials={initialsOf(me.name)} />
        <Popover placement="bottom end">
          <Menu onAction={(key) => act(String(key))} aria-label={w.menu} disabledKeys={['who']}>
            <MenuItem id="who" textValue={me.name} className="who">
              {w.signedInAs(me.name)}
              <small>{me.role === null ? w.noRole : w.roles[me.role]}</small>
            </MenuItem>
            <MenuItem id="numbers" href="/numbers">
              {w.numbers}
            </MenuItem>
            <MenuItem id="settings" href="/settings">
              {w.settings}
            </MenuItem>
            {may(me, 'admin') && (
              <MenuItem id="audit" href="/audit">
                {w.audit}
              </MenuItem>
            )}
            <Separator />
            <MenuItem id="language" lang={language === 'en' ? 'ar' : 'en'}>
              {w.language}
            </MenuItem>
            <MenuSection selectionMode="single" selectedKeys={[theme]} disallowEmptySelection>
              <Header>{w.theme}</Header>
              {themes.map((one) => (
                <MenuItem key={one} id={one}>
                  {w.themes[one]}
                </MenuItem>
              ))}
            </MenuSection>
            <Separator />
            <MenuItem id="sign-out">{w.signOut}</MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {isStillIn && (
        <dialog ref={open} className="card leaving" aria-labelledby="still-in" onClose={() => setStillIn(false)}>
          <p id="still-in">{w.stillIn}</p>
          <p className="buttons">
            <Act className="primary" isBusy={signOut.isPending} onPress={() => signOut.mutate()}>
              {w.signOut}
            </Act>
            <Button onPress={() => setStillIn(false)}>{w.stay}</Button>
          </p>
        </dialog>
      )}
    </>
  );
}

/** Over the page, so that nothing of it moves. */
const open = (dialog: HTMLDialogElement | null) => {
  if (dialog !== null && !dialog.open) dialog.showModal();
};

/** Signs out, and forgets what was read for whoever that was; nobody is said to be out whose session may go on (`onStillIn`). Whoever came by the organisation's own login ends
 *  that there too, or the next one at this screen would be let in by it. */
function useSignOut(onStillIn: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      request<LoggedOutJson | null>('POST', '/auth/logout').catch((error: unknown) => {
        if (problemOf(error).status === 401) return null; // it was over before
        throw error;
      }),
    onSuccess: (elsewhere) => {
      queries.setQueryData(['me'], null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
      if (elsewhere !== null) location.assign(elsewhere.to);
    },
    onError: onStillIn,
  });
}

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...part][0] ?? '')
    .join('');
