import { nkeys } from '@nats-io/transport-node';

/** A NATS whose users are known by JWT, as a company's NATS most often is. */
export interface JwtNats {
  /** Lines of the server's configuration. */
  readonly config: string;
  /** A credentials file of a user of the fleet's account; `expires`: seconds since the epoch. */
  creds(expires?: number): string;
}

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** Every limit off: storage too. */
const LIMITS = {
  ...{ subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
  ...{ mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 },
};

export function jwtNats(): JwtNats {
  const operator = nkeys.createOperator();
  const [account, system] = [nkeys.createAccount(), nkeys.createAccount()];
  const accountJwt = (one: KeyPair, limits: object): string =>
    jwt(operator, one.getPublicKey(), { type: 'account', limits });
  const { storage: _, ...systemLimits } = { ...LIMITS, storage: 0, mem_storage: 0, disk_storage: 0 };
  return {
    config: [
      `operator: ${jwt(operator, operator.getPublicKey(), { type: 'operator', system_account: system.getPublicKey() })}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      'resolver_preload: {',
      `  ${account.getPublicKey()}: ${accountJwt(account, LIMITS)}`,
      `  ${system.getPublicKey()}: ${accountJwt(system, systemLimits)}`,
      '}',
    ].join('\n'),
    creds(expires) {
      const user = nkeys.createUser();
      const token = jwt(account, user.getPublicKey(), { type: 'user', subs: -1, data: -1, payload: -1 }, expires);
      const seed = new TextDecoder().decode(user.getSeed());
      return [
        ...['-----BEGIN NATS USER JWT-----', token, '------END NATS USER JWT------', ''],
        ...['-----BEGIN USER NKEY SEED-----', seed, '------END USER NKEY SEED------', ''],
      ].join('\n');
    },
  };
}

function jwt(issuer: KeyPair, subject: string, nats: object, expires?: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    ...{ jti: subject, iat: Math.trunc(Date.now() / 1000), iss: issuer.getPublicKey(), name: 'test', sub: subject },
    ...(expires === undefined ? {} : { exp: expires }),
    nats: { ...nats, version: 2 },
  };
  const signed = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(claims)}`;
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`;
}
