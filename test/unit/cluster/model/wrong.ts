/** What can go wrong at a meetup. The first two must never be: the others are an old pair beside a new one, and end by themselves. */
export const ON_LOST_CLAIM = 'a pair was made on a lost claim';
export const FOR_GOOD = 'two pairs for good';
export const UNTIL_RENEWAL = 'two pairs until a renewal';
export const UNTIL_HEALED = 'two pairs until a line heals';
