// Types for the single generators of seedrandom, which @types/seedrandom leaves out. (The main entry of
// seedrandom is not imported anywhere: it draws from `Math.random` when it loads.)

declare module 'seedrandom/lib/alea.js' {
  import type { PRNG } from 'seedrandom';
  const generator: (seed: string) => PRNG;
  export default generator;
}

declare module 'seedrandom/lib/tychei.js' {
  import type { PRNG } from 'seedrandom';
  const generator: (seed: string) => PRNG;
  export default generator;
}

declare module 'seedrandom/lib/xor4096.js' {
  import type { PRNG } from 'seedrandom';
  const generator: (seed: string) => PRNG;
  export default generator;
}
