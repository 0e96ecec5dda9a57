import type { Clock } from '../proxy/ports/clock.js';

/**
 * The system's time for a peer. Unlike the service's, its timers keep the process alive: a program that ends because its peer
 * happens to be waiting for the next try would have given up in silence.
 */
export const peerClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, callback) => {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};
