// What `wavetank init` writes: a small scenario that passes, in the language, the modules and with the
// framework of the project; its test; and the hook.

import type { Framework, Project } from './init-project.ts';

/** What is written down, in the language of a project. */
type Write = (service: string, types: (text: string) => string) => string;

/** The same service four times: it charges an order once, however often it is asked to. */
const SERVICES: Readonly<Record<Framework, Write>> = {
  none: (ones, t) => `\
      return async (request${t(': Request')}) => {
        const { order } = ${t('(')}await request.json()${t(' as { order: string })')};
${ones}
        return Response.json({ charged: order }, { status: 201 });
      };
`,
  hono: (ones, t) => `\
      const app = new Hono();
      app.post('/charges', async (context) => {
        const { order } = await context.req.json${t('<{ order: string }>')}();
${ones}
        return context.json({ charged: order }, 201);
      });
      return app;
`,
  express: (ones, t) => `\
      const app = express();
      app.use(express.json());
      app.post('/charges', (request, response) => {
        const { order } = request.body${t(' as { order: string }')};
${ones}
        response.status(201).json({ charged: order });
      });
      return app;
`,
  fastify: (ones, t) => `\
      const app = fastify();
      app.post('/charges', async (request, reply) => {
        const { order } = request.body${t(' as { order: string }')};
${ones}
        return reply.code(201).send({ charged: order });
      });
      return app;
`,
};

/** What a framework is imported as. */
const IMPORTED: Readonly<Record<Framework, string | undefined>> = {
  none: undefined,
  hono: '{ Hono }',
  express: 'express',
  fastify: 'fastify',
};

/** What is loaded in the middle of a run takes real time of the host that asks for it first. */
const LOADING = `
// Making an app loads more of Fastify: once here, so that no run has to wait for it.
void fastify();
`;

/** The scenario file, as text. */
export function scenarioText(project: Project): string {
  const { framework, language } = project;
  const t = (text: string): string => (language === 'ts' ? text : '');
  const imported = IMPORTED[framework];
  const once = '        if (!charges.includes(order)) charges.push(order);';
  return `\
// Whatever the network does, what stands below \`always\` has to hold. Try it: npx wavetank explore
${imported === undefined ? '' : importLine(project, imported, framework)}\
${importLine(project, '{ defineScenario, handler, swarm }', 'wavetank')}\
${framework === 'fastify' ? LOADING : ''}
const scenario = defineScenario({
  name: 'checkout',
  tags: ['example'],
  hosts: {
    // A service of your own, as it is, would be: \`payments: program('../src/payments.${language}')\`.
    payments: handler((host) => {
      const charges${t(': string[]')} = [];
      host.expose({ charges });
${SERVICES[framework](once, t)}\
    }),
  },
  // What may go wrong: messages get lost, or come late.
  faults: swarm({ drop: true, delay: true }),
  async drive(world) {
    await world.client('shopper', async (client) => {
      const charge = () =>
        fetch('http://payments/charges', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ order: 'o-1' }),
          signal: AbortSignal.timeout(1_000),
        });
      const { type } = await client.operation('charge', 'o-1', charge);
      // The answer was lost, so nobody knows whether the order was charged.
      if (type !== 'ok') await client.operation('charge again', 'o-1', charge);
    });
  },
  always: {
    // Let the service charge without its \`if\`, and see what wavetank finds.
    'an order is charged at most once': (world) => {
      const charges = world.host('payments').exports?.['charges']${t(' as string[] | undefined')};
      return (charges ?? []).length <= 1;
    },
  },
});

${exportLine(project, 'scenario')}`;
}

/** The test file, as text. */
export function testText(project: Project): string {
  const { runner, language } = project;
  // Compilers of Jest know no file of another name than the one that is there.
  const scenario = runner === 'jest' && language === 'ts' ? './checkout.sim' : './checkout.sim.js';
  const lines = [
    runner === 'jest' ? '' : importLine(project, '{ test }', runner),
    importLine(project, '{ explore }', 'wavetank'),
    importLine(project, 'scenario', scenario),
  ];
  return `${lines.join('')}
test('checkout keeps its promises', async () => {
  await explore(scenario, { runs: 100 });
}${runner === 'node:test' ? '' : ', 60_000'});
`;
}

/** What a hook runs. */
export const CHECK = 'npx wavetank check --time 5s --changed';

/** The hook of git, as text. @param prefix - From the root of the repository to the project. */
export function hookText(prefix: string): string {
  const enter = prefix === '' ? '' : `cd '${prefix.replaceAll("'", String.raw`'\''`)}' || exit\n`;
  return `#!/bin/sh
# Counterexamples that are known first, then new runs of what the change touches. To skip it once:
# git commit --no-verify
${enter}${CHECK}
`;
}

/** TypeScript is written as modules, whatever it is compiled to; so is what Vitest reads. */
function isModule({ language, modules, runner }: Project): boolean {
  return language === 'ts' || modules === 'esm' || runner === 'vitest';
}

function importLine(project: Project, names: string, from: string): string {
  return isModule(project) ? `import ${names} from '${from}';\n` : `const ${names} = require('${from}');\n`;
}

function exportLine(project: Project, name: string): string {
  return isModule(project) ? `export default ${name};\n` : `module.exports = ${name};\n`;
}
