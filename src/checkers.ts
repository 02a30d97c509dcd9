// `wavetank/checkers`: decides whether a history is what it should be. Pure functions, for the history of a
// simulation and for that of a real system alike.

export type { Judgement } from './checkers/judgement.ts';
export type {
  CycleEvidence,
  Evidence,
  OperationsEvidence,
  OrderEvidence,
  RecordsEvidence,
} from './history/evidence.ts';
export { linearizable } from './checkers/linearizability/linearizable.ts';
export { sequentiallyConsistent } from './checkers/linearizability/sequential.ts';
export { verifyOrder, type WitnessResult } from './checkers/linearizability/witness.ts';
export type { Decision, DecisionOptions } from './checkers/linearizability/decide.ts';
export type { Explanation } from './checkers/linearizability/explain.ts';
export type { Reading } from './checkers/linearizability/call.ts';
export { isolated, type Isolation } from './checkers/transactions/isolation.ts';
export type { Anomaly, AnomalyKind, IsolationLevel } from './checkers/transactions/anomaly.ts';
export type { Transaction, MicroOperation } from './checkers/transactions/transaction.ts';
export { sessionGuarantees, type SessionJudgement } from './checkers/sessions/guarantees.ts';
export { causallyConsistent, type CausalOptions } from './checkers/sessions/causal.ts';
export type { SessionViolation } from './checkers/sessions/violation.ts';
export type { SessionGuarantee } from './checkers/sessions/visibility.ts';
export type { SessionOptions } from './checkers/sessions/access.ts';
export type { AccessStep } from './checkers/sessions/access-step.ts';
export { conserved, type ConservedOptions } from './checkers/integrity/conserved.ts';
export { exactlyOnce, type ExactlyOnceOptions } from './checkers/integrity/exactly-once.ts';
export { noLostUpdate, type NoLostUpdateOptions } from './checkers/integrity/no-lost-update.ts';
export { noPhantom, type NoPhantomOptions } from './checkers/integrity/no-phantom.ts';
export { noDuplicate, type NoDuplicateOptions } from './checkers/integrity/no-duplicate.ts';
export { monotonicVersion, type MonotonicVersionOptions } from './checkers/integrity/monotonic-version.ts';
export { sagasSettled, type SagasSettledOptions, type SagaStep } from './checkers/integrity/sagas-settled.ts';
export { deadLettersAccounted, type DeadLettersOptions } from './checkers/integrity/dead-letters.ts';
export { foldsTo, type Folded, type FoldsToOptions } from './checkers/integrity/folds-to.ts';
export { boundedStaleness, type BoundedStalenessOptions } from './checkers/integrity/bounded-staleness.ts';
export type { Culprit, Integrity } from './checkers/integrity/culprit.ts';
export type { Source } from './checkers/integrity/source.ts';
export { observed, together, type Observed, type ObservedRecord } from './history/observed.ts';
export { describeOrigin, type Activity, type Origin } from './history/provenance.ts';
export { expectLatency, type LatencyOptions } from './checkers/levels/latency.ts';
export { expectErrors, type ErrorsOptions } from './checkers/levels/errors.ts';
export { expectQueue, type QueueOptions } from './checkers/levels/queue.ts';
export type { LevelJudgement, ServiceLevel } from './checkers/levels/level.ts';
export type { During, RouteOptions } from './checkers/levels/route.ts';
export { converged, type Convergence, type Difference } from './checkers/convergence/converged.ts';
export { stateCrdtLaws } from './checkers/convergence/state-laws.ts';
export { operationCrdtLaws } from './checkers/convergence/operation-laws.ts';
export type { Actor, OperationCrdt, StateCrdt } from './checkers/convergence/crdt.ts';
export type { BrokenLaw, LawJudgement, LawOptions } from './checkers/convergence/laws.ts';
export { writeHistory } from './history/written.ts';
export { operationsOf, readHistory, type RecordedEvent } from './history/recorded.ts';
export type { Operation, OutcomeType } from './history/operation.ts';
export type { Answer, Model } from '../models/model.ts';
export { HistoryError } from './errors.ts';
