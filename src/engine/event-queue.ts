// The event queue: a binary heap that knows the position of each entry, so that a cleared timer leaves it at
// once. Set-and-clear, the life of most timers, costs a push to the end and a pop from the end.

import { invariant } from '../errors.ts';
import type { QueuedEvent } from './event.ts';

/** Events in the order (due, rank, order of queueing). */
export class EventQueue {
  readonly #heap: QueuedEvent[] = [];
  #ordersTaken = 0;
  #refCount = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** How many queued events count as work still to be done. */
  get refCount(): number {
    return this.#refCount;
  }

  peek(): QueuedEvent | undefined {
    return this.#heap[0];
  }

  /** Queues an event that is not queued. */
  push(event: QueuedEvent): void {
    invariant(event.position === -1, 'an event is queued at most once');
    event.order = this.#ordersTaken++;
    if (event.isRef) this.#count(event, 1);
    this.#heap.push(event);
    this.#siftUp(event, this.#heap.length - 1);
  }

  /** Takes the first event out. */
  pop(): QueuedEvent | undefined {
    const first = this.#heap[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes an event out; does nothing when it is not queued. */
  remove(event: QueuedEvent): void {
    const { position } = event;
    if (position === -1) return;
    event.position = -1;
    if (event.isRef) this.#count(event, -1);
    const last = this.#heap.pop() as QueuedEvent;
    if (last === event) return;
    const parent = this.#heap[(position - 1) >> 1];
    if (position > 0 && parent !== undefined && isBefore(last, parent)) this.#siftUp(last, position);
    else this.#siftDown(last, position);
  }

  /** Changes whether an event, queued or not, counts as work. */
  setRef(event: QueuedEvent, isRef: boolean): void {
    if (event.isRef === isRef) return;
    event.isRef = isRef;
    if (event.position !== -1) this.#count(event, isRef ? 1 : -1);
  }

  /** The queued events, in no order. */
  all(): readonly QueuedEvent[] {
    return this.#heap;
  }

  /** The queued events, first due first. For reports: it sorts a copy. */
  inOrder(): QueuedEvent[] {
    return this.#heap.toSorted((left, right) => (isBefore(left, right) ? -1 : 1));
  }

  #count(event: QueuedEvent, change: 1 | -1): void {
    this.#refCount += change;
    if (event.isOfLoop) event.owner.loopRefs += change;
  }

  #siftUp(event: QueuedEvent, from: number): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt] as QueuedEvent;
      if (!isBefore(event, parent)) break;
      heap[at] = parent;
      parent.position = at;
      at = parentAt;
    }
    heap[at] = event;
    event.position = at;
  }

  #siftDown(event: QueuedEvent, from: number): void {
    const heap = this.#heap;
    const size = heap.length;
    let at = from;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= size) break;
      const right = childAt + 1;
      if (right < size && isBefore(heap[right] as QueuedEvent, heap[childAt] as QueuedEvent)) childAt = right;
      const child = heap[childAt] as QueuedEvent;
      if (!isBefore(child, event)) break;
      heap[at] = child;
      child.position = at;
      at = childAt;
    }
    heap[at] = event;
    event.position = at;
  }
}

/** Whether an event goes before another where nobody chooses. */
export function isBefore(left: QueuedEvent, right: QueuedEvent): boolean {
  if (left.dueUs !== right.dueUs) return left.dueUs < right.dueUs;
  if (left.rank !== right.rank) return left.rank < right.rank;
  return left.order < right.order;
}
