/**
 * The flags of the service's own process: `node FLAGS bin/ws-proxy.js serve`. The first line of bin/ws-proxy.js has them too.
 *
 * `--initial-old-space-size`, MiB: below this much live memory no full collection begins. Every buffer counts as memory of V8, young
 * buffers too, of which up to 32 MiB gather before a short collection. On a heap of 20 MiB, as this service has, these alone reached
 * V8's own limit again and again. With 1 MiB messages at full speed this made 30 full collections a second, and a message took 3.0 to
 * 3.5 ms of CPU instead of 1.3. The flag reserves nothing; at worst that much garbage stands before it is collected.
 */
export const V8_FLAGS: readonly string[] = ['--initial-old-space-size=128'];
