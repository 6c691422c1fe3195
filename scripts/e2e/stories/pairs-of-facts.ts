import { changedBsuid, changedNumber, refused, type Story, says } from './story.ts';

/** One story for each pair of facts that can come in about a person. */
export const pairsOfFacts: readonly Story[] = [
  {
    name: 'hash change and 137000',
    facts: ({ w, u }) => [[says({ w, u }, 0, 'h1'), refused(w, 50), says({ w, u }, 60, 'h2'), says({ w, u }, 90, 'h2')]],
    ends: {
      'w 0, u 90': 'A blocked h2 hash mismatch hash',
    },
    told: ['created, learned clear blocked'],
  },
  {
    name: 'hash change and number change',
    facts: ({ w, v, u, x }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 30, 'h2'), changedNumber(w, v, 60), says({ w: v, u: x }, 120, 'h2')],
    ],
    ends: {
      'w 0, v 60, x 120, u 0': 'A blocked h2 hash hash number_change hash',
    },
    told: ['created number_changed, learned clear blocked'],
  },
  {
    name: 'hash change and BSUID change',
    facts: ({ w, u, x }) => [[says({ w, u }, 0, 'h1'), changedBsuid(u, x, 60), says({ w, u: x }, 90, 'h2'), says({ u: x }, 120, 'h2')]],
    ends: {
      'w 0, w 90, u 0, x 120': 'A blocked h2 hash bsuid hash hash',
    },
    told: ['created number_changed, learned clear blocked'],
  },
  {
    name: 'hash change and merge',
    facts: ({ w, u }) => [[says({ w }, 0, 'h1'), says({ u }, 10, 'h2'), says({ w, u }, 60, 'h2'), says({ u }, 90, 'h2')]],
    ends: {
      'w 0, u 10, u 90': 'A blocked h2 hash hash hash',
    },
    told: ['created, learned clear blocked', 'created merged, learned clear regrouped unknown'],
  },
  {
    name: '137000 and number change',
    facts: ({ w, v, u }) => [[says({ w, u }, 0, 'h1'), refused(w, 30), changedNumber(w, v, 60), refused(w, 150)]],
    ends: {
      'w 0, v 60': 'A blocked - mismatch number_change',
      'w 150': 'B blocked - mismatch',
    },
    told: ['created number_changed, learned clear blocked', 'created, blocked'],
  },
  {
    name: '137000 and BSUID change',
    facts: ({ w, u, x }) => [[says({ w, u }, 0, 'h1'), refused(w, 30), changedBsuid(u, x, 60), says({ u: x }, 90, 'h1')]],
    ends: {
      'w 0, u 0, x 90': 'A blocked - mismatch number_change',
      'w 90': 'nobody',
    },
    told: ['created number_changed, learned clear blocked'],
  },
  {
    name: '137000 and merge',
    facts: ({ w, u }) => [[says({ w }, 0, 'h1'), says({ u }, 10, 'h1'), refused(w, 30), says({ w, u }, 60, 'h1')]],
    ends: {
      'w 0, u 10': 'A blocked - mismatch',
    },
    told: ['created, learned clear blocked', 'created merged, learned clear regrouped unknown'],
  },
  {
    name: 'number change and BSUID change',
    facts: ({ w, v, u, x }) => [
      [says({ w, u }, 0, 'h1'), changedNumber(w, v, 60), changedBsuid(u, x, 63), says({ w: v, u: x }, 120, 'h1')],
    ],
    ends: {
      'w 0, v 60, x 120, u 0': 'A blocked - number_change',
    },
    told: ['created number_changed, learned clear blocked', 'created merged, blocked regrouped unknown'],
  },
  {
    name: 'number change and merge',
    facts: ({ w, v, u }) => [[says({ w }, 0, 'h1'), says({ u }, 10, 'h1'), says({ w, u }, 30, 'h1'), changedNumber(w, v, 60)]],
    ends: {
      'w 0, u 10, v 60': 'A blocked - number_change',
    },
    told: ['created number_changed, learned clear blocked', 'created merged, learned clear regrouped unknown'],
  },
  {
    name: 'BSUID change and merge',
    facts: ({ w, u, x }) => [[says({ w }, 0, 'h1'), says({ u }, 10, 'h1'), says({ w, u }, 30, 'h1'), changedBsuid(u, x, 60)]],
    ends: {
      'w 0, u 10, x 60': 'A blocked - number_change',
      'w 60': 'nobody',
    },
    told: ['created number_changed, learned clear blocked', 'created merged, learned clear regrouped unknown'],
  },
];
