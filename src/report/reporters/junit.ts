// The reporter `junit`: XML that Jenkins, GitLab and others read. A test suite for each file, a test case for
// each scenario. Valid by the schemas that Jenkins publishes.

import type { ReportDocument, ScenarioReport } from '../document.ts';
import { errorName, failureLines, failureMessage, hasFailed } from '../failure-lines.ts';
import { printable } from '../printable.ts';
import type { Reporter, ReporterTools } from './reporter.ts';

/** Writes the XML when everything is over. */
export function junitReporter({ output }: ReporterTools): Reporter {
  return { end: (document) => output.print(junitXml(document)) };
}

/** The report as JUnit XML. */
export function junitXml({ scenarios }: ReportDocument): string {
  const files = new Map<string, ScenarioReport[]>();
  for (const scenario of scenarios) {
    const file = scenario.file ?? 'wavetank';
    const list = files.get(file) ?? [];
    list.push(scenario);
    files.set(file, list);
  }
  const suites = [...files].flatMap(([file, list]) => suiteLines(file, list));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="wavetank" ${counts(scenarios)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(file: string, scenarios: readonly ScenarioReport[]): string[] {
  const skipped = scenarios.filter(({ outcome }) => outcome === 'interrupted').length;
  const properties = scenarios.flatMap((scenario) =>
    Object.entries(propertiesOf(scenario)).map(
      ([name, value]) => `      <property${attributes({ name: `${scenario.name}.${name}`, value })}/>`,
    ),
  );
  return [
    `  <testsuite${attributes({ name: file })} ${counts(scenarios)} skipped="${skipped}">`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...scenarios.flatMap((scenario) => caseLines(file, scenario)),
    '  </testsuite>',
  ];
}

/** What makes the runs again. The schemas allow properties of suites alone, so a scenario's bear its name. */
function propertiesOf({ seed, runs, failure }: ScenarioReport): Record<string, string> {
  return {
    seed: String(seed),
    runs: String(runs),
    ...(failure === undefined ? {} : { replay: failure.replayLine }),
  };
}

function caseLines(file: string, scenario: ScenarioReport): string[] {
  const { name: named, outcome } = scenario;
  const begin = `    <testcase${attributes({ name: named, classname: file, time: seconds([scenario]) })}`;
  if (outcome === 'passed') return [`${begin}/>`];
  if (outcome === 'interrupted')
    return [`${begin}>`, '      <skipped>interrupted</skipped>', '    </testcase>'];
  // A failure is of the system under test; anything else says that its runs cannot be judged.
  const element = outcome === 'failed' || outcome === 'unmet' ? 'failure' : 'error';
  const name = errorName(scenario);
  const [message = ''] = failureMessage(scenario).split('\n', 1);
  const story = `${name}: ${failureLines(scenario).join('\n')}`;
  return [
    `${begin}>`,
    `      <${element}${attributes({ type: name, message })}>${escaped(story)}</${element}>`,
    '    </testcase>',
  ];
}

function counts(scenarios: readonly ScenarioReport[]): string {
  const failures = scenarios.filter(({ outcome }) => outcome === 'failed' || outcome === 'unmet').length;
  const errors = scenarios.filter(hasFailed).length - failures;
  const time = seconds(scenarios);
  return `tests="${scenarios.length}" failures="${failures}" errors="${errors}" time="${time}"`;
}

function seconds(scenarios: readonly ScenarioReport[]): string {
  return (scenarios.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value).replace(/[\n\t]/g, reference)}"`)
    .join('');
}

/** In an attribute, white space becomes spaces unless it is written like this. */
function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text for an element or an attribute; what XML 1.0 forbids even as a reference is shown by its code. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
