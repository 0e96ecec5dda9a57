import {
  createFileRegistry,
  type DescExtension,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  getOption,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { CONTROL_SERVICE, descriptorImage } from '../rpc/contract.js';

/** One call of the control service, as its annotation `google.api.http` spells it. */
export interface JsonCall {
  /** As the contract names it: `ListSessions`. */
  readonly name: string;
  /** Path of the same call over gRPC. */
  readonly grpcPath: string;
  readonly verb: string;
  /** The path as the contract writes it: `/v1/{name=sessions/*}:kick`. */
  readonly template: string;
  /** Matches the whole path; the first group, if there is one, is the value of `bound`. */
  readonly pattern: RegExp;
  /** Field of the request that the path holds. */
  readonly bound: string | undefined;
  /** Whether the fields come in a JSON body; otherwise they come in the query. */
  readonly takesBody: boolean;
  readonly input: DescMessage;
  readonly output: DescMessage;
  readonly streams: boolean;
}

/** The messages of the contract and of its failures' details. */
export const registry: FileRegistry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorImage));

/** A message of the contract, by its full name. Throws on a name that the contract does not have. */
export function messageNamed(name: string): DescMessage {
  const found = registry.getMessage(name);
  if (found === undefined) throw new Error(`no message ${name}`);
  return found;
}

/** Every call of the control service. */
export const jsonCalls: readonly JsonCall[] = (registry.getService(CONTROL_SERVICE)?.methods ?? []).map(callOf);

/** `google.api.HttpRule` as far as the contract uses it. */
interface HttpRule {
  readonly pattern: { readonly case: string; readonly value: string };
  readonly body: string;
}

function callOf(method: DescMethod): JsonCall {
  const rule = getOption(method, registry.getExtension('google.api.http') as DescExtension) as HttpRule;
  const { pattern, bound } = patternOf(rule.pattern.value);
  return {
    name: method.name,
    grpcPath: `/${CONTROL_SERVICE}/${method.name}`,
    verb: rule.pattern.case.toUpperCase(),
    template: rule.pattern.value,
    pattern,
    bound,
    takesBody: rule.body === '*',
    input: method.input,
    output: method.output,
    streams: method.methodKind === 'server_streaming',
  };
}

/** `/v1/{name=sessions/*}:kick` → a pattern that matches `/v1/sessions/UID:kick` and binds `name` to `sessions/UID`. */
function patternOf(template: string): { readonly pattern: RegExp; readonly bound: string | undefined } {
  const [, before = '', bound, inner = '', after = ''] =
    /^([^{}*]+)(?:\{(\w+)=([\w/*]+)\})?([^{}*]*)$/.exec(template) ?? [];
  if (before === '') throw new Error(`a template of a kind that is not read here: ${template}`);
  const held = bound === undefined ? '' : `(${inner.replaceAll('*', '[^/:]+')})`;
  return { pattern: new RegExp(`^${before}${held}${after}$`), bound };
}
