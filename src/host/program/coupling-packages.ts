// Packages that cannot be shared by hosts, each with its reason: they are evaluated for each incarnation, as
// the program's own modules are. Those that only lead to such a package are here for its sake.

/** The reason, by package. */
export const couplingPackages: Readonly<Record<string, string>> = {
  undici: 'its timers are a variable of a module, and so is its global dispatcher',
  '@grpc/grpc-js': 'keeps its connections in a pool that is a variable of a module',
  ws: 'masks are cut from a pool of random bytes',
  'engine.io': 'leads to ws and base64id',
  'engine.io-client': 'leads to ws',
  'socket.io': 'leads to engine.io',
  'socket.io-adapter': 'leads to ws',
  'socket.io-client': 'connections to one address are shared by who asks for them',
  base64id: 'counts the ids that it gave, and cuts them from a pool of random bytes',
  nanoid: 'cuts ids from a pool of random bytes',
  uid: 'cuts ids from a pool of random bytes',
  uuid: 'cuts ids from a pool of random bytes',
  '@nestjs/common': 'imports packages while it runs, which takes real time where they are not bundled',
  '@nestjs/core': 'imports packages while it runs; counts with uid',
  '@nestjs/platform-express': 'extends classes of @nestjs/core',
  '@nestjs/platform-fastify': 'extends classes of @nestjs/core',
  '@nestjs/platform-ws': 'extends classes of @nestjs/core',
  '@nestjs/platform-socket.io': 'extends classes of @nestjs/core',
  '@nestjs/websockets': 'extends classes of @nestjs/core',
  '@nestjs/microservices': 'extends classes of @nestjs/core',
};
