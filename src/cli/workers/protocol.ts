// What the command line and its worker processes say to each other.

import type { BlockResult, Death } from '../../explore/block-result.ts';
import type { BlockRules } from '../../explore/block-runs.ts';
import type { Block } from '../../explore/blocks.ts';
import type { ErrorData } from '../../explore/error-data.ts';
import type { Far } from '../../explore/make-blocks.ts';

/** A scenario: the place in the list of those that its file exports. */
export interface ScenarioPlace {
  readonly file: string;
  readonly nth: number;
}

/** A block to be made, with what is known of its runs. */
export interface MakeOrder {
  readonly block: Block;
  readonly deaths: readonly (readonly [number: number, death: Death])[];
  readonly suspect?: number;
  /** Real milliseconds after which no run begins; but for those up to the suspect one. */
  readonly leftMs: number;
}

/** What a worker is told. It answers `open` and `make`, each before the next comes. */
export type ToWorker =
  | ({ readonly kind: 'open'; readonly rules: BlockRules } & ScenarioPlace)
  | ({ readonly kind: 'make' } & MakeOrder)
  /** No further run of this block begins. */
  | { readonly kind: 'stop' };

/** What a worker says. */
export type FromWorker =
  | { readonly kind: 'opened' }
  /** The scenario cannot be explored: its file cannot be loaded, a host cannot be prepared. */
  | { readonly kind: 'refused'; readonly error: ErrorData }
  /** Now and then, while it makes a block. */
  | { readonly kind: 'far'; readonly far: Far }
  | {
      readonly kind: 'made';
      readonly result: Omit<BlockResult, 'error'>;
      readonly error?: ErrorData;
      /** Whether it has little memory left, and should be replaced. */
      readonly isTired: boolean;
    };
