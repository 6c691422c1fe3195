import { consumerTopics, type DeadLetterFilter, errorCodes } from '@keyturn/contracts';

/** All groups by all codes that are meant, as rows: so that letters in the order of their ids are read by key, however few of many they are. */
export const LETTER_CELLS = 'unnest($1::text[]) as g(group_id) cross join unnest($2::text[]) as c(code)';

/** The values of `$1` and `$2` in it. */
export const cells = ({ group, code }: DeadLetterFilter): [string[], string[]] => [
  group === undefined ? Object.keys(consumerTopics) : [group],
  code === undefined ? Object.keys(errorCodes) : [code],
];
