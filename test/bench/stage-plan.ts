/** One way to run the service. */
export interface ServiceVariant {
  readonly name: string;
  /** Flags of `serve` beside the listeners and the policy. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folder of another built checkout, to compare two builds; absent for this checkout. */
  readonly root?: string;
  /** Core of its own, where it does not share that of the layout with the others. */
  readonly core?: number;
}

/** Cores that processes are bound to on a machine with two: the measured process has one for itself. */
export interface Layout {
  readonly service?: number;
  /** A core, or a list of them in the form of taskset. */
  readonly rest?: number | string;
  /** Core of Envoy, where it is not with the rest. */
  readonly edge?: number;
}

/** Several services as replicas behind one way in, among which Envoy shares meetups out by their hash. */
export interface FleetVariant {
  readonly name: string;
  /** Names of the services. */
  readonly replicas: readonly string[];
}

/** Another edge in front of the first variant of the service. */
export interface EdgeVariant {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

export interface StagePlan {
  readonly variants: readonly ServiceVariant[];
  /** Edges to compare with the shipped edge. */
  readonly edges: readonly EdgeVariant[];
  readonly fleets: readonly FleetVariant[];
  readonly layout: Layout;
  /** Worker threads of Envoy. */
  readonly workers: number;
  /** Flags of node for the services, such as a profiler's. */
  readonly nodeFlags: readonly string[];
}
