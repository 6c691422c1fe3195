import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { meQuery } from '../api/me.ts';
import { Following } from '../live/live.tsx';
import { ChangeScreen } from '../screens/change/change-screen.tsx';
import { QueueScreen } from '../screens/queue/queue-screen.tsx';
import { FirstAdminScreen, InvitationScreen } from '../screens/sign-in/first-admin-screen.tsx';
import { Outside } from '../screens/sign-in/outside.tsx';
import { SignInScreen } from '../screens/sign-in/sign-in-screen.tsx';
import { SelectingAll } from '../selection/selecting.tsx';
import { type Language, localeOf, Speaking } from '../words/language.tsx';
import { chosenLanguage, speak } from '../words/settings.ts';
import { Frame } from './frame.tsx';
import { askBeforeLeaving } from './leaving.tsx';
import { Failed, Loading, NotFound } from './states.tsx';

// What is paged for comes at once; the rest when it is asked for.
const ContactScreen = lazy(() => import('../screens/contact/contact-screen.tsx').then((all) => ({ default: all.ContactScreen })));
const SearchScreen = lazy(() => import('../screens/contact/search-screen.tsx').then((all) => ({ default: all.SearchScreen })));
const BulkScreen = lazy(() => import('../screens/bulk/bulk-screen.tsx').then((all) => ({ default: all.BulkScreen })));
const BulkRunScreen = lazy(() => import('../screens/bulk/bulk-run-screen.tsx').then((all) => ({ default: all.BulkRunScreen })));
const AlertsScreen = lazy(() => import('../screens/alerts/alerts-screen.tsx').then((all) => ({ default: all.AlertsScreen })));
const HealthScreen = lazy(() => import('../screens/health/health-screen.tsx').then((all) => ({ default: all.HealthScreen })));
const SettingsScreen = lazy(() => import('../screens/settings/settings-screen.tsx').then((all) => ({ default: all.SettingsScreen })));
const AlertingScreen = lazy(() => import('../screens/alerting/alerting-screen.tsx').then((all) => ({ default: all.AlertingScreen })));
const RuleScreen = lazy(() => import('../screens/alerting/rule-screen.tsx').then((all) => ({ default: all.RuleScreen })));
const RouteScreen = lazy(() => import('../screens/alerting/route-screen.tsx').then((all) => ({ default: all.RouteScreen })));
const RetentionScreen = lazy(() => import('../screens/retention/retention-screen.tsx').then((all) => ({ default: all.RetentionScreen })));
const AuditScreen = lazy(() => import('../screens/audit/audit-screen.tsx').then((all) => ({ default: all.AuditScreen })));
const NumberScreen = lazy(() => import('../screens/numbers/number-screen.tsx').then((all) => ({ default: all.NumberScreen })));
const NumbersScreen = lazy(() => import('../screens/numbers/numbers-screen.tsx').then((all) => ({ default: all.NumbersScreen })));

/** The page: in one language, for somebody who is signed in or is to. */
export function App() {
  const [language, setLanguage] = useState(chosenLanguage);
  const [, navigate] = useLocation();
  useEffect(() => speak(language), [language]);
  return (
    <Speaking language={language}>
      <I18nProvider locale={localeOf[language]}>
        <RouterProvider navigate={navigate}>
          <Router aroundNav={askBeforeLeaving}>
            <Switch>
              <Route path="/first-admin" component={FirstAdminScreen} />
              <Route path="/invitation" component={InvitationScreen} />
              <Route>
                <SignedIn onLanguage={setLanguage} />
              </Route>
            </Switch>
          </Router>
        </RouterProvider>
      </I18nProvider>
    </Speaking>
  );
}

function SignedIn({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const me = useQuery(meQuery());
  if (me.isPending || me.isError)
    return <Outside>{me.isPending ? <Loading /> : <Failed error={me.error} onRetry={() => void me.refetch()} />}</Outside>;
  if (me.data === null) return <SignInScreen onLanguage={onLanguage} />;
  return (
    <SelectingAll>
      <Following>
        <Frame me={me.data} onLanguage={onLanguage}>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/" component={QueueScreen} />
              <Route path="/queue" component={QueueScreen} />
              <Route path="/login">
                <Redirect to="/" replace />
              </Route>
              <Route path="/changes/:contactId">{({ contactId }) => <ChangeScreen key={contactId} contactId={contactId} />}</Route>
              <Route path="/contacts" component={SearchScreen} />
              <Route path="/contacts/:contactId">{({ contactId }) => <ContactScreen key={contactId} contactId={contactId} />}</Route>
              <Route path="/numbers" component={NumbersScreen} />
              <Route path="/numbers/:id">{({ id }) => <NumberScreen key={id} phoneNumberId={id} />}</Route>
              <Route path="/bulk" component={BulkScreen} />
              <Route path="/bulk/:bulkId">{({ bulkId }) => <BulkRunScreen key={bulkId} bulkId={bulkId} />}</Route>
              <Route path="/alerts" component={AlertsScreen} />
              <Route path="/health" component={HealthScreen} />
              <Route path="/settings" component={SettingsScreen} />
              <Route path="/settings/retention" component={RetentionScreen} />
              <Route path="/settings/alerts" component={AlertingScreen} />
              <Route path="/settings/new-rule">
                <RuleScreen />
              </Route>
              <Route path="/settings/rules/:name">{({ name }) => <RuleScreen key={name} name={name} />}</Route>
              <Route path="/settings/new-route">
                <RouteScreen />
              </Route>
              <Route path="/settings/routes/:name">{({ name }) => <RouteScreen key={name} name={name} />}</Route>
              <Route path="/audit" component={AuditScreen} />
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </Frame>
      </Following>
    </SelectingAll>
  );
}
