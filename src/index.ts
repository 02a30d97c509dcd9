// The public surface of `wavetank`, in the order in which a newcomer meets it. What it imports first puts the
// ambient layer in place, before packages take functions of Node.js for themselves.

import './register.ts';

export { defineScenario } from './scenario/define-scenario.ts';
export type { Scenario, ScenarioOptions } from './scenario/scenario.ts';
export { simulate, type SimulateOptions } from './scenario/simulate.ts';
export { daemon, handler, type FetchHandler, type HandlerOptions, type Host } from './host/definition.ts';
export { program, type ProgramOptions } from './host/program.ts';
export type { HostDefinition, Service } from './host/definition.ts';
export type { Store, StoreOptions } from './host/store.ts';
export { virtualService, type VirtualServiceOptions } from './services/virtual-service.ts';
export { rateLimit, type RateLimiter, type RateLimitOptions } from './host/rate-limit.ts';
export type { Client, OperationOptions } from './scenario/client.ts';
export type { HostHandle } from './scenario/host-handle.ts';
export type { NetworkHandle } from './scenario/network-handle.ts';
export type { World } from './scenario/world.ts';
export type { DiskHandle, StoreHandle, Table } from './scenario/state-views.ts';
export { latency, type Latency } from './network/latency.ts';
export { verdict, type NetworkErrorCode, type NetworkRule, type Verdict } from './network/verdict.ts';
export { swarm, type FaultBudget, type LinkSelection, type SwarmOptions } from './faults/budget.ts';
export type { Aim, Survivable } from './faults/budget.ts';
export type { CoreBudget } from './faults/core.ts';
export type { BuggifyChance, BuggifyFault } from './faults/buggify.ts';
export type { PartitionOptions } from './faults/kinds/partition.ts';
export type { PartitionShape } from './faults/kinds/partition-shapes.ts';
export type { ChosenOrder, EventOrder, PctOrder } from './faults/order.ts';
export { calmPlan, type Fault, type FaultChance, type FaultKind, type FaultPlan } from './faults/fault.ts';
export { explainPlan } from './faults/explain.ts';
export type { DiskChance, DiskFault } from './faults/disk-fault.ts';
export type { PowerLossFault } from './faults/kinds/power-loss.ts';
export type { Loss as DiskLoss } from './storage/pending.ts';
export type { OlderSchema, RequestChance, RequestFault } from './faults/answers/answer-fault.ts';
export type { AnswerOptions, HostSelection } from './faults/answers/table.ts';
export { explore, type Exploration } from './explore/explore.ts';
export type { ExploreOptions, Progress } from './explore/explore-options.ts';
export type { ExhaustiveBound } from './explore/strategies/exhaustive-bound.ts';
export type { VacuityOptions } from './explore/vacuity.ts';
export { replay, type ReplayOptions, type ReplayResult } from './explore/replay.ts';
export { mutate } from './mutate/mutate.ts';
export type { MutateOptions, MutationProgress } from './mutate/mutate-options.ts';
export type { Mutation, MutationFamily, MutationOutcome, MutationReport } from './mutate/mutation-report.ts';
export type {
  Alteration,
  DiskAlteration,
  OperationAlteration,
  RequestAlteration,
  RequestName,
} from './mutate/alteration.ts';
export { faultPlans } from './explore/fault-plans.ts';
export { reportPage } from './report/page/page.ts';
export type { ReportDocument } from './report/document.ts';
export { CheckFailure, type OtherFailure } from './explore/check-failure.ts';
export { LevelFailure, type BrokenLevel } from './explore/level-failure.ts';
export type { ExtentReport, LevelStatistics, PastExploration, Statistics } from './report/document.ts';
export type { QueueStatistics, RouteStatistics } from './report/document.ts';
export { exportChromeTrace, exportOtlp } from './report/export-run.ts';
export type { MaskOptions } from './report/masking/secret-names.ts';
export type { ChromeEvent, ChromeTrace } from './report/chrome-trace.ts';
export type { OtlpAttribute, OtlpSpan, OtlpTraces, OtlpValue } from './report/otlp.ts';
export type { BrokenPromise, TracedRun } from './report/telemetry/run-span.ts';
export type { Explanation, PassingRun } from './explore/explanation.ts';
export type { ReportOptions } from './scenario/report-options.ts';
export type { ChoicePoint } from './engine/choosing.ts';
export type { RunChoices, RunResult, RunStates, Violation, ViolationCode } from './scenario/result.ts';
export type { Check, CheckAnswer, EventualCheck } from './scenario/check.ts';
export type { NetworkOptions } from './scenario/scenario.ts';
export type { LinkOptions } from './network/network.ts';
export type { MessageView } from './network/message.ts';
export type { Disk } from './storage/disk.ts';
export type { Limits } from './engine/limits.ts';
export type { Operation, Outcome, OutcomeType } from './history/operation.ts';
export type { Arrival, CallEnd, TimedCall, Traffic } from './history/traffic.ts';
export type {
  ArrivedEntry,
  Bytes,
  FaultEntry,
  HostEntry,
  LogEntry,
  MessageContent,
  NoteEntry,
  OperationEntry,
  SentEntry,
  SpanEntry,
  StateEntry,
  StepEntry,
  TraceEntry,
} from './history/trace.ts';
export { applyPatches } from './history/apply-patches.ts';
export type {
  CycleEvidence,
  Evidence,
  OperationsEvidence,
  OrderEvidence,
  RecordsEvidence,
  RequestsEvidence,
} from './history/evidence.ts';
export type { JournalEntry, Patch } from './history/journal.ts';
export type { Activity, Origin } from './history/provenance.ts';
export type { Observed, ObservedRecord } from './history/observed.ts';
export {
  BaselineError,
  DivergenceError,
  EnvironmentError,
  RegressionsError,
  EscapeError,
  InternalError,
  OptionError,
} from './errors.ts';
export { HistoryError, StaleReplayError, TimeLimitError, TokenError, VacuousError } from './errors.ts';
