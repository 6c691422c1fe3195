import { changedBsuid, changedNumber, refused, type Story, says } from './story.ts';

/** One story for each pair of a fact, or an act, and something that somebody decides. */
export const pairsWithActs: readonly Story[] = [
  {
    name: 'hash change and split',
    facts: ({ w, u }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 60, 'h2'), says({ w, u }, 90, 'h2')],
      [says({ w, u }, 120, 'h2'), says({ w, u }, 30, 'h1')],
    ],
    acts: [{ verdict: 'different_person', on: 'w 0', names: 'h2' }],
    ends: {
      'w 0, u 30': 'A clear h1',
      'w 60, u 120': 'B clear h2',
    },
    told: ['created split, learned clear blocked acknowledged clear', 'created, regrouped clear'],
  },
  {
    name: 'hash change and acknowledgement',
    facts: ({ w, u }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 60, 'h2'), says({ w, u }, 90, 'h2')],
      [says({ w, u }, 120, 'h2'), says({ w, u }, 150, 'h3'), says({ w, u }, 30, 'h1')],
    ],
    acts: [{ verdict: 'same_person', on: 'w 0', names: 'h2' }],
    ends: {
      'w 0, u 150': 'A blocked h3 hash hash',
    },
    told: ['created, learned clear blocked acknowledged clear blocked'],
  },
  {
    name: '137000 and split',
    facts: ({ w, u, s }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 30, 'h1'), refused(w, 60)],
      [says({ w, u: s }, 120, 'h2'), says({ w, u }, 45, 'h1')],
    ],
    acts: [{ verdict: 'different_person', on: 'w 0', names: null }],
    ends: {
      'w 0, u 30': 'A clear h1',
      'w 60, s 120': 'B clear h2',
    },
    told: ['created split, learned clear blocked acknowledged clear', 'created, learned clear'],
  },
  {
    name: '137000 and acknowledgement',
    facts: ({ w, u }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 30, 'h1'), refused(w, 60)],
      [says({ w, u }, 120, 'h2'), says({ w, u }, 150, 'h2'), says({ w, u }, 45, 'h1')],
    ],
    acts: [{ verdict: 'same_person', on: 'w 0', names: null }],
    ends: {
      'w 0, u 150': 'A clear h2',
    },
    told: ['created, learned clear blocked acknowledged unknown learned clear'],
  },
  {
    name: 'number change and split',
    facts: ({ w, v, u, x }) => [
      [says({ w, u }, 0, 'h1'), changedNumber(w, v, 60), says({ w: v, u: x }, 120, 'h2')],
      [says({ w: v, u: x }, 180, 'h2'), says({ w, u }, 30, 'h1')],
    ],
    acts: [{ verdict: 'different_person', on: 'w 0', names: 'h2' }],
    ends: {
      'w 0, u 30': 'A clear h1',
      'v 60, x 180': 'B clear h2',
      'w 60': 'nobody',
    },
    told: ['created number_changed split, learned clear blocked acknowledged clear', 'created, regrouped clear'],
  },
  {
    name: 'number change and acknowledgement',
    facts: ({ w, v, u, x }) => [
      [says({ w, u }, 0, 'h1'), changedNumber(w, v, 60), says({ w: v, u: x }, 120, 'h1')],
      [says({ w: v, u: x }, 180, 'h1'), changedNumber(w, v, 63), says({ w }, 190, 'h5')],
    ],
    acts: [{ verdict: 'same_person', on: 'w 0', names: null }],
    ends: {
      'w 0, v 60, x 180': 'A clear h1',
      'w 190': 'B clear h5',
    },
    told: ['created number_changed, learned clear blocked acknowledged clear', 'created, learned clear'],
  },
  {
    name: 'BSUID change and split',
    facts: ({ w, u, x }) => [
      [says({ w, u }, 0, 'h1'), changedBsuid(u, x, 60), says({ w, u: x }, 90, 'h1')],
      [says({ w, u: x }, 120, 'h1'), says({ w, u }, 30, 'h1')],
    ],
    acts: [{ verdict: 'different_person', on: 'w 0', names: null }],
    ends: {
      'w 0, u 30': 'A clear h1',
      'w 90, x 120': 'B clear h1',
    },
    told: ['created number_changed split, learned clear blocked acknowledged clear', 'created, regrouped clear'],
  },
  {
    name: 'BSUID change and acknowledgement',
    facts: ({ w, u, x }) => [
      [says({ w, u }, 0, 'h1'), changedBsuid(u, x, 60), says({ w, u: x }, 90, 'h1')],
      [says({ w, u: x }, 120, 'h1'), says({ w, u }, 30, 'h1')],
    ],
    acts: [{ verdict: 'same_person', on: 'w 0', names: null }],
    ends: {
      'w 0, w 90, u 30, x 120': 'A clear h1',
    },
    told: ['created number_changed, learned clear blocked acknowledged clear'],
  },
  {
    name: 'merge and split',
    facts: ({ w, u, s }) => [
      [says({ w, u }, 0, 'h1'), says({ u: s }, 20, 'h1'), says({ w, u: s }, 60, 'h1')],
      [says({ w, u: s }, 120, 'h1'), says({ u: s }, 30, 'h1'), says({ w, u }, 40, 'h1')],
    ],
    acts: [{ verdict: 'different_person', on: 'w 0', names: null }],
    ends: {
      'w 0, u 0': 'A clear h1',
      's 20, s 120, w 60': 'B clear h1',
    },
    told: [
      'created split, learned clear blocked acknowledged clear',
      'created merged created, learned clear regrouped unknown regrouped clear',
    ],
  },
  {
    name: 'merge and acknowledgement',
    facts: ({ w, u }) => [
      [says({ w }, 0, 'h1'), says({ u }, 10, 'h2'), says({ w, u }, 60, 'h2')],
      [says({ w, u }, 120, 'h2'), says({ u }, 30, 'h2')],
    ],
    acts: [{ verdict: 'same_person', on: 'w 0', names: 'h2' }],
    ends: {
      'w 0, u 10, u 120': 'A clear h2',
    },
    told: ['created, learned clear blocked acknowledged clear', 'created merged, learned clear regrouped unknown'],
  },
  {
    name: 'split and acknowledgement',
    facts: ({ w, u }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u }, 60, 'h2')],
      [says({ w, u }, 120, 'h3'), says({ w, u }, 90, 'h2'), says({ w, u }, 30, 'h1')],
      [says({ w, u }, 180, 'h3'), says({ w, u }, 100, 'h2')],
    ],
    acts: [
      { verdict: 'different_person', on: 'w 0', names: 'h2' },
      { verdict: 'same_person', on: 'w 60', names: 'h3' },
    ],
    ends: {
      'w 0, u 30': 'A clear h1',
      'w 60, u 180': 'B clear h3',
    },
    told: ['created split, learned clear blocked acknowledged clear', 'created, regrouped clear blocked acknowledged clear'],
  },
];
