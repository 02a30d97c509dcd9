// Profiles during a rolling upgrade: the old version drops what it does not know. `explore` shows it.

import { defineScenario } from 'wavetank';
import { rollingUpgrade, versions } from './scenario.ts';

export default defineScenario(rollingUpgrade({ name: 'rolling-upgrade', versions: versions('dropped') }));
