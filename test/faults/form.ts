/** `short`: what `npm test` has; `long`: what `npm run verify` has besides; `all`. */
export const form: string = process.env['FAULTS_FORM'] ?? 'short';

/** Whether what belongs to one of the forms is wanted. */
export function isWanted(of: 'short' | 'long'): boolean {
  return form === 'all' || form === of;
}
