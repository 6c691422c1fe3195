import type { AlertFacts } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { may, meQuery } from '../../api/me.ts';
import { numbersQuery } from '../../api/queries.ts';
import { Ltr } from '../../shown/shown.tsx';
import { OurNumber } from '../change/evidence-part.tsx';
import { ConsumerName } from '../health/consumer-name.tsx';

/** What kind of thing an alert is about; one that the page does not know, about nothing that it could name. */
const kinds: Readonly<Record<string, 'changes' | 'number' | 'consumer' | 'line' | 'route'>> = {
  identity_changes: 'changes',
  ...{ number_flagged: 'number', number_restricted: 'number', number_lost: 'number' },
  ...{ check_off: 'number', check_falling: 'number', ungated_sends: 'number' },
  ...{ consumer_late: 'consumer', dead_letters: 'consumer', outbox_late: 'line', no_webhooks: 'line' },
  route_failing: 'route',
};

/** Which number of ours, consumer or route an alert is about; nothing where it is about no one thing. */
export function Which({ facts: { what, subject, name } }: { facts: AlertFacts }) {
  const kind = kinds[what];
  if (subject === null || kind === undefined) return null;
  if (kind === 'consumer') return <ConsumerName group={subject} />;
  if (kind === 'number') return name === null ? <OurNumber phoneNumberId={subject} /> : <bdi>{name}</bdi>;
  return <Ltr className="code">{subject}</Ltr>;
}

/** Where one looks at what an alert is about; null: nowhere that somebody of this role may look. */
export function usePlace({ what, subject }: AlertFacts): string | null {
  const isAdmin = may(useQuery(meQuery()).data, 'admin');
  const numbers = useQuery(numbersQuery()).data?.items ?? [];
  switch (kinds[what]) {
    case 'changes':
      return '/';
    case 'number':
      return numbers.some(({ phoneNumberId }) => phoneNumberId === subject) ? `/numbers/${subject}` : '/numbers';
    case 'consumer':
    case 'line':
      return '/health';
    case 'route':
      return isAdmin ? `/settings/routes/${subject}` : null;
    default:
      return null;
  }
}

/** Whether an alert's count is of things, and not of seconds, or of what is usual. */
export const isCounted = ({ what }: AlertFacts): boolean => ['identity_changes', 'dead_letters', 'ungated_sends'].includes(what);
