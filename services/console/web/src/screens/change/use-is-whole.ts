import type { IdentityView } from '@keyturn/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { actorsQuery, exposureQuery, messagesQuery, previewQuery, runbookForQuery, timelineQuery } from '../../api/queries.ts';

/** Whether all that stands beneath the evidence is known: it comes at once, so that none of it moves another part. Once it is, it stays so. */
export function useIsWhole(contactId: string, { keyHash, version }: IdentityView, isAsked: boolean): boolean {
  const isWhole = useRef(false);
  const parts = [
    useQuery(runbookForQuery(contactId)),
    useInfiniteQuery(exposureQuery(contactId)),
    useInfiniteQuery(messagesQuery(contactId)),
    useInfiniteQuery(timelineQuery(contactId)),
    useQuery(actorsQuery()),
    useQuery({ ...previewQuery(contactId, keyHash, version), enabled: isAsked }),
  ];
  isWhole.current ||= parts.every(({ isLoading }) => !isLoading);
  return isWhole.current;
}
