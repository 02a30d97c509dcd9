// Profiles during a rolling upgrade from an old version that lets through what it does not know.

import { defineScenario } from 'wavetank';
import { rollingUpgrade, versions } from './scenario.ts';

export default defineScenario(
  rollingUpgrade({ name: 'rolling-upgrade-repaired', versions: versions('kept') }),
);
