import { createPublicKey, type KeyObject } from 'node:crypto';

/** The public key of the original proxy's pre-generated root, whose private key its repository has. */
export const publishedRootKey: KeyObject = createPublicKey(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjaC5rowlSrtaMK+DfX01PxFUuw79
zU0CvsKw+gxXyTR2AZawUBJltmrS2CFxbZrsHwEiuc0FQNvPniuvIqQlog==
-----END PUBLIC KEY-----
`);
