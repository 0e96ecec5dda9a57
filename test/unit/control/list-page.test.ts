import { expect } from 'chai';
import fc from 'fast-check';
import {
  cutPage,
  DEFAULT_PAGE_SIZE,
  type Listing,
  type ListPosition,
  MAX_PAGE_SIZE,
} from '../../../proxy/control/calls/list-page.js';
import { Fault } from '../../../proxy/control/rpc/fault.js';

interface Item {
  readonly name: string;
  readonly sequence: number;
}

function listing(items: readonly Item[], given: Partial<Listing<Item>> = {}): Listing<Item> {
  const position = ({ name, sequence }: Item): ListPosition => ({ key: name, uid: String(sequence).padStart(6, '0') });
  return { items, position, descending: false, question: ['q'], ...given };
}

function numbered(count: number): Item[] {
  return Array.from({ length: count }, (_, sequence) => ({ name: 'same', sequence }));
}

/** One change between two pages: an item comes, or an item goes. */
type Churn = { readonly t: 'come'; readonly name: string } | { readonly t: 'go'; readonly at: number };

/** Items that come and go, and the items that are there all the time. */
class Crowd {
  items: Item[];
  readonly stayed: Set<Item>;
  #next: number;

  constructor(names: readonly string[]) {
    this.items = names.map((name, sequence) => ({ name, sequence }));
    this.stayed = new Set(this.items);
    this.#next = names.length;
  }

  change(churn: Churn): void {
    if (churn.t === 'come') {
      this.items.push({ name: churn.name, sequence: this.#next });
      this.#next += 1;
      return;
    }
    const [gone] = this.items.splice(churn.at, 1);
    if (gone !== undefined) this.stayed.delete(gone);
  }
}

function inOrder(a: Item, b: Item): number {
  return a.name === b.name ? a.sequence - b.sequence : a.name.localeCompare(b.name);
}

describe('page', () => {
  it('shows each item that stays exactly once, in order, whatever comes and goes between pages', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const churn: fc.Arbitrary<Churn> = fc.oneof(
      fc.record({ t: fc.constant('come' as const), name }),
      fc.record({ t: fc.constant('go' as const), at: fc.nat(50) }),
    );
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 40 }),
        fc.array(fc.array(churn, { maxLength: 4 }), { maxLength: 50 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (names, churns, size, descending) => {
          const crowd = new Crowd(names);
          const seen: Item[] = [];
          let token = '';
          do {
            const cut = cutPage(listing(crowd.items, { descending }), size, token);
            expect(cut.totalSize).to.equal(crowd.items.length);
            expect(cut.items.length).to.be.at.most(size);
            seen.push(...cut.items);
            token = cut.nextPageToken;
            for (const churn of churns.shift() ?? []) crowd.change(churn);
          } while (token !== '');
          expect(new Set(seen).size).to.equal(seen.length);
          for (const item of crowd.stayed) expect(seen).to.include(item);
          const ascending = descending ? seen.toReversed() : seen;
          expect(ascending).to.deep.equal(ascending.toSorted(inOrder));
        },
      ),
    );
  });

  it('takes 0 as the usual size and more than the most as the most [AIP-158]', () => {
    expect(cutPage(listing(numbered(2000)), 0, '').items).to.have.length(DEFAULT_PAGE_SIZE);
    expect(cutPage(listing(numbered(2000)), 5000, '').items).to.have.length(MAX_PAGE_SIZE);
    expect(() => cutPage(listing([]), -1, '')).to.throw(Fault, 'page_size');
  });

  it('ends with an empty token', () => {
    expect(cutPage(listing(numbered(10)), 10, '').nextPageToken).to.equal('');
    expect(cutPage(listing([]), 10, '')).to.deep.equal({ items: [], nextPageToken: '', totalSize: 0 });
  });

  it('refuses a token of another question and what is no token', () => {
    const { nextPageToken } = cutPage(listing(numbered(10)), 1, '');
    expect(() => cutPage(listing([], { question: ['other'] }), 1, nextPageToken)).to.throw(Fault, 'another filter');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String({ maxLength: 40 }), fc.json().map(base64url)), (token) => {
        if (token === '') return;
        expect(() => cutPage(listing([]), 1, token)).to.throw(Fault, 'page_token');
      }),
    );
  });
});

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
