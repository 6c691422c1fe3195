import { changedBsuid, changedNumber, refusedInGroup, type Story, says } from './story.ts';

/** Where the question who somebody is has a corner. */
export const edges: readonly Story[] = [
  {
    name: 'a person without a number: BSUID and parent, then a number, then the parent alone',
    facts: ({ w, u, p }) => [[says({ u, p }, 0, 'h1'), says({ u }, 30, 'h1'), says({ w, u }, 60, 'h1'), says({ p }, 90, 'h2')]],
    ends: {
      'u 0, p 0, w 60, p 90': 'A blocked h2 hash hash hash',
    },
    told: ['created, learned clear blocked'],
  },
  {
    name: 'a person without a number whose BSUID changes twice',
    facts: ({ u, x, s }) => [[says({ u }, 0, 'h1'), changedBsuid(u, x, 60), changedBsuid(x, s, 90), says({ u: s }, 120, 'h1')]],
    ends: {
      'u 0, x 60, s 120': 'A blocked - number_change number_change',
      'u 100': 'nobody',
    },
    told: ['created number_changed number_changed, learned clear blocked'],
  },
  {
    name: 'a chain of number changes',
    facts: ({ w, v, z, u, x }) => [
      [says({ w, u }, 0, 'h1'), changedNumber(w, v, 60), changedNumber(v, z, 120), says({ w: z, u: x }, 180, 'h1')],
    ],
    ends: {
      'w 0, v 60, z 180, u 0, x 180': 'A blocked - number_change number_change',
      'v 130': 'nobody',
      'w 90': 'nobody',
    },
    told: ['created number_changed number_changed, learned clear blocked'],
  },
  {
    name: 'a stranger writes from the old number before the change is known',
    facts: ({ w, v, u, x, s }) => [
      [says({ w, u }, 0, 'h1'), says({ w, u: s }, 90, 'h7'), changedNumber(w, v, 60), says({ w: v, u: x }, 120, 'h1')],
    ],
    ends: {
      'w 0, v 60, u 0, x 120': 'A blocked - number_change',
      'w 90, s 90': 'B clear h7',
    },
    told: ['created number_changed, learned clear blocked', 'created, regrouped clear'],
  },
  {
    name: 'two people swap their numbers',
    facts: ({ w, v, u, x }) => [
      [says({ w, u }, 0, 'h1'), says({ w: v, u: x }, 10, 'h7'), changedNumber(w, v, 60), changedNumber(v, w, 60)],
      [says({ w: v }, 120, 'h1')],
    ],
    ends: {
      'w 0, u 0, v 120': 'A blocked - number_change',
      'v 10, x 10, w 120': 'B blocked - number_change',
    },
    told: ['created number_changed, learned clear blocked', 'created number_changed, learned clear blocked'],
  },
  {
    name: 'somebody moves onto a number that another held, and that one writes on from it late',
    facts: ({ w, v, u, x }) => [
      [says({ w, u }, 0, 'h1'), says({ w: v, u: x }, 10, 'h7'), changedNumber(w, v, 60), says({ w: v, u: x }, 30, 'h7')],
    ],
    ends: {
      'w 0, u 0, v 60': 'A blocked - number_change',
      'v 10, x 10': 'B blocked - number_lost',
    },
    told: ['created number_changed, learned clear blocked', 'created, learned clear blocked'],
  },
  {
    name: 'a group is nobody',
    facts: ({ w, u, g }) => [[says({ w, u }, 0, 'h1'), says({ w, u, g }, 30, 'h1'), refusedInGroup(g, w, 60)]],
    ends: {
      'w 0, u 30': 'A blocked - mismatch',
      'g 30': 'nobody',
    },
    told: ['created, learned clear blocked'],
  },
];
