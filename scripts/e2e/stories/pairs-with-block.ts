import { changedBsuid, changedNumber, refused, type Story, says } from './story.ts';

/** One story for each pair of the business's own block and something else. */
export const pairsWithBlock: readonly Story[] = [
  {
    name: 'business block and hash change',
    facts: ({ w, u }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 30, 'h1')],
      [says({ w, u }, 60, 'h2'), says({ w, u }, 90, 'h2')],
    ],
    acts: [{ verdict: 'barred', on: 'w 0' }],
    ends: {
      'w 0, u 90': 'A barred blocked h2 hash hash',
    },
    told: ['created business_blocked blocked_person_wrote, learned clear blocked'],
  },
  {
    name: 'business block and 137000',
    facts: ({ w, u }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 30, 'h1')],
      [refused(w, 60), says({ w, u }, 90, 'h1')],
    ],
    acts: [{ verdict: 'barred', on: 'w 0' }],
    ends: {
      'w 0, u 90': 'A barred blocked - mismatch',
    },
    told: ['created business_blocked blocked_person_wrote, learned clear blocked'],
  },
  {
    name: 'business block and number change',
    facts: ({ w, v, u, x, s }) => [
      [says({ w, u }, 0, 'h1')],
      [changedNumber(w, v, 60), says({ w: v, u: x }, 120, 'h1'), says({ w, u: s }, 150, 'h7')],
    ],
    acts: [{ verdict: 'barred', on: 'w 0' }],
    ends: {
      'w 0, u 0, v 60, x 120': 'A barred blocked - number_change',
      'w 150, s 150': 'B clear h7',
    },
    told: ['created business_blocked number_changed blocked_person_wrote, learned clear blocked', 'created, learned clear'],
  },
  {
    name: 'business block and BSUID change',
    facts: ({ u, x }) => [[says({ u }, 0, 'h1')], [changedBsuid(u, x, 60), says({ u: x }, 90, 'h1'), says({ u }, 30, 'h1')]],
    acts: [{ verdict: 'barred', on: 'u 0' }],
    ends: {
      'u 0, x 90': 'A barred blocked - number_change',
    },
    told: ['created business_blocked number_changed blocked_person_wrote, learned clear blocked'],
  },
  {
    name: 'business block and merge',
    facts: ({ w, u }) => [
      [says({ u }, 10, 'h1'), says({ w }, 0, 'h1')],
      [says({ w, u }, 60, 'h1'), says({ u }, 90, 'h1'), says({ w }, 30, 'h1')],
    ],
    acts: [{ verdict: 'barred', on: 'u 10' }],
    ends: {
      'w 0, u 10, w 90': 'A barred clear h1',
    },
    told: ['created business_blocked blocked_person_wrote, learned clear', 'created merged, learned clear regrouped unknown'],
  },
  {
    name: 'business block and split',
    facts: ({ w, u }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 60, 'h2')],
      [says({ w, u }, 90, 'h2'), says({ w, u }, 30, 'h1')],
      [says({ w, u }, 120, 'h2'), says({ w, u }, 40, 'h1')],
    ],
    acts: [
      { verdict: 'barred', on: 'w 0' },
      { verdict: 'different_person', on: 'w 0', names: 'h2' },
    ],
    ends: {
      'w 0, u 30': 'A barred clear h1',
      'w 60, u 120': 'B clear h2',
    },
    told: ['created business_blocked blocked_person_wrote split, learned clear blocked acknowledged clear', 'created, regrouped clear'],
  },
  {
    name: 'business block and acknowledgement',
    facts: ({ w, u }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 60, 'h2')],
      [says({ w, u }, 90, 'h2'), says({ w, u }, 30, 'h1')],
      [says({ w, u }, 120, 'h2'), says({ w, u }, 40, 'h1')],
    ],
    acts: [
      { verdict: 'barred', on: 'w 0' },
      { verdict: 'same_person', on: 'w 0', names: 'h2' },
    ],
    ends: {
      'w 0, u 120': 'A barred clear h2',
    },
    told: ['created business_blocked blocked_person_wrote, learned clear blocked acknowledged clear'],
  },
];
