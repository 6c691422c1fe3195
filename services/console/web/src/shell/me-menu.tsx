import type { LoggedOutJson, MeJson } from '@keyturn/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { may } from '../api/me.ts';
import { request } from '../api/request.ts';
import { type Language, useLanguage, useWords } from '../words/language.tsx';
import { chosenTheme, show, type Theme, themes } from '../words/settings.ts';
import { shellWords } from './words.ts';

/** Who one is, and how the page looks and speaks. */
export function MeMenu({ me, onLanguage }: { me: MeJson; onLanguage: (language: Language) => void }) {
  const w = useWords(shellWords);
  const language = useLanguage();
  const queries = useQueryClient();
  const [theme, setTheme] = useState(chosenTheme);
  const act = (key: string) => {
    if (key === 'language') onLanguage(language === 'en' ? 'ar' : 'en');
    else if (key === 'sign-out') void signOut().finally(() => queries.setQueryData(['me'], null));
    else if (themes.some((one) => one === key)) {
      show(key as Theme);
      setTheme(key as Theme);
    }
  };
  return (
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
  );
}

/** Whoever came by the organisation's own login ends that there too, or the next one at this screen would be let in by it. */
async function signOut(): Promise<void> {
  const elsewhere = await request<LoggedOutJson | null>('POST', '/auth/logout');
  if (elsewhere !== null) location.assign(elsewhere.to);
}

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...part][0] ?? '')
    .join('');
