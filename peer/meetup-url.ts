/** What is wrong with the address of a meetup, as a sentence; undefined where nothing is. It never repeats the address, which may hold a password. */
export function meetupUrlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'It is not a URL.';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'wss:') return 'It must start with wss://, peers speak TLS only.';
  if (username !== '' || password !== '') return 'A peer has a certificate, no password.';
  if (hash !== '') return 'A fragment (#…) never reaches the proxy.';
  return undefined;
}
