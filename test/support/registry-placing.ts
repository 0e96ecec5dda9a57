import { expect } from 'chai';
import { type Command, check, gone, type Model, type Real, seated } from './registry-model.js';

/** The replica is told whether it may make pairs. */
export class Attach implements Command {
  readonly mayPair: boolean;

  constructor(mayPair: boolean) {
    this.mayPair = mayPair;
  }

  check = (): boolean => true;

  run(model: Model, real: Real): void {
    real.core.mayPair = this.mayPair;
    check(model, real);
  }

  toString = (): string => `${this.mayPair ? 'attach' : 'detach'}`;
}

/** Another replica has taken over a meetup: whoever is at it here goes. */
export class Depose implements Command {
  readonly meetupId: string;

  constructor(meetupId: string) {
    this.meetupId = meetupId;
  }

  check = (): boolean => true;

  run(model: Model, real: Real): void {
    const here = [...model.greeting, ...seated(model)].filter(({ peer }) => peer.admission.meetupId === this.meetupId);
    const ended = real.core.steering.depose(new Set([this.meetupId]));
    expect(ended).to.equal(here.length);
    for (const client of here) {
      expect(client.socket.closedWith?.code).to.equal(1012);
      gone(model, client, undefined);
    }
    check(model, real);
  }

  toString = (): string => `depose ${this.meetupId}`;
}
