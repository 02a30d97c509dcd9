// Shows one recorded run.

import type { FailureReport } from '../../../document.ts';
import { element } from '../element.ts';

/** Shows the run of a failure in a container. */
export function mountRun(container: HTMLElement, failure: FailureReport): void {
  container.append(element('pre', {}, failure.story.join('\n')));
}
