/** How long and how often to time. Stored by name with every latency: a changed number needs a new name. */
export interface LatencyProtocol {
  readonly name: string;
  /** Both must be reached before timing starts. */
  readonly warmupQueries: number;
  readonly warmupSeconds: number;
  /** Length of one stretch of queries of one model before the other's turn. */
  readonly blockSeconds: number;
  /** Per model; both must be reached, unless `maxSeconds` comes first. */
  readonly minQueries: number;
  readonly minSeconds: number;
  /** Per model: bounds the time of slow models. At least one block is always timed. */
  readonly maxSeconds: number;
}

/** About 5 seconds for a model and its baseline together: for a first look. */
export const quickProtocol: LatencyProtocol = {
  name: "quick-1",
  warmupQueries: 10,
  warmupSeconds: 0.2,
  blockSeconds: 0.1,
  minQueries: 64,
  minSeconds: 2.2,
  maxSeconds: 15,
};

/** About 2 seconds for both together: for tables of hundreds of models. */
export const glanceProtocol: LatencyProtocol = {
  ...quickProtocol,
  name: "glance-1",
  warmupSeconds: 0.1,
  blockSeconds: 0.05,
  minSeconds: 0.8,
  maxSeconds: 5,
};

/** The single-stream rule of MLPerf Inference: at least 1,024 queries and at least 60 seconds, per model. */
export const standardProtocol: LatencyProtocol = {
  name: "standard-1",
  warmupQueries: 10,
  warmupSeconds: 1,
  blockSeconds: 0.5,
  minQueries: 1024,
  minSeconds: 60,
  maxSeconds: 600,
};

/** Throughput at a larger batch needs fewer and longer queries: a quarter of the time. */
export function throughputProtocol(protocol: LatencyProtocol): LatencyProtocol {
  return {
    ...protocol,
    name: `${protocol.name}/throughput`,
    minQueries: 16,
    minSeconds: protocol.minSeconds / 4,
  };
}
