// The modules of which some exports have another fate than others: each export is named.

import type { Surface, SurfaceGroup } from './surface-group.ts';

/** Mixed modules, without `node:`. */
export const mixedModules: Surface = {
  child_process: [
    {
      fate: 'trapped',
      names: 'exec execFile execFileSync execSync fork spawn spawnSync',
      test: 'ambient/traps',
    },
    { fate: 'pure', names: 'ChildProcess', note: 'Its method `spawn` is trapped.' },
    { fate: 'pure', names: '_forkChild', note: 'Node.js calls it in processes that it forked.' },
  ],
  cluster: [
    { fate: 'trapped', names: 'fork setupPrimary setupMaster disconnect', test: 'ambient/traps' },
    {
      fate: 'pure',
      names:
        'isWorker isMaster isPrimary Worker workers settings SCHED_NONE SCHED_RR schedulingPolicy ' +
        '_events _eventsCount _maxListeners',
      note: 'A host is a primary without workers.',
    },
  ],
  crypto: [
    {
      fate: 'virtual',
      names:
        'randomBytes pseudoRandomBytes prng rng randomFill randomFillSync randomInt randomUUID randomUUIDv7',
      test: 'ambient/randomness',
      note: "Drawn from the host's own stream.",
    },
    {
      fate: 'virtual',
      names: 'getRandomValues',
      test: 'ambient/randomness',
      note: 'It calls Web Crypto, whose method is patched.',
    },
    {
      fate: 'virtual',
      names: 'pbkdf2 scrypt hkdf argon2 checkPrime verify diffieHellman decapsulate',
      test: 'ambient/crypto-jobs',
      note: 'With a callback: done at once, called back in virtual time.',
    },
    {
      fate: 'virtual',
      names: 'generateKey generateKeySync generateKeyPair generateKeyPairSync',
      test: 'ambient/crypto-jobs',
      note:
        'Secrets, and pairs of Ed25519, Ed448, X25519, X448 and the curves of JSON Web Keys, are ' +
        "drawn from the host's " +
        'stream; RSA, DSA and Diffie-Hellman are trapped.',
    },
    {
      fate: 'virtual',
      names: 'sign createSign',
      test: 'ambient/signatures',
      note: 'ECDSA with the nonce of RFC 6979; RSA-PSS and DSA are trapped.',
    },
    {
      fate: 'virtual',
      names: 'publicEncrypt',
      test: 'ambient/signatures',
      note: 'Trapped, unless it is without padding.',
    },
    {
      fate: 'virtual',
      names: 'webcrypto subtle',
      test: 'ambient/subtle',
      note: 'See `crypto.subtle` below.',
    },
    {
      fate: 'trapped',
      names: 'generatePrime generatePrimeSync encapsulate setEngine setFips',
      test: 'ambient/traps',
    },
    {
      fate: 'pure',
      names:
        'argon2Sync checkPrimeSync createCipheriv createDecipheriv createHash createHmac createMac ' +
        'createPrivateKey ' +
        'createPublicKey createSecretKey createVerify getCiphers getCipherInfo getCurves getHashes ' +
        'getMacs hkdfSync ' +
        'pbkdf2Sync parsePKCS12 privateDecrypt privateEncrypt publicDecrypt scryptSync ' +
        'timingSafeEqual getFips hash ' +
        'Certificate Cipher Cipheriv Decipher Decipheriv Hash Hmac KeyObject Verify X509Certificate ' +
        'secureHeapUsed constants ' +
        'createCipher createDecipher',
    },
    {
      fate: 'pure',
      names:
        'createDiffieHellman createDiffieHellmanGroup getDiffieHellman createECDH DiffieHellman ' +
        'DiffieHellmanGroup ECDH Sign',
      note: '`generateKeys` of ECDH is virtual, of Diffie-Hellman trapped; `Sign.sign` is as `sign`.',
    },
  ],
  inspector: [
    { fate: 'trapped', names: 'open close url waitForDebugger', test: 'ambient/traps' },
    { fate: 'pure', names: 'Session', note: 'Its methods `connect` and `connectToMainThread` are trapped.' },
    {
      fate: 'pure',
      names: 'console Network NetworkResources DOMStorage',
      note: 'Told to a debugger, if there is one.',
    },
  ],
  'inspector/promises': [
    { fate: 'trapped', names: 'open close url waitForDebugger', test: 'ambient/traps' },
    { fate: 'pure', names: 'Session', note: 'Its methods `connect` and `connectToMainThread` are trapped.' },
    {
      fate: 'pure',
      names: 'console Network NetworkResources DOMStorage',
      note: 'Told to a debugger, if there is one.',
    },
  ],
  module: [
    { fate: 'trapped', names: 'register', test: 'ambient/traps' },
    {
      fate: 'pure',
      names:
        '_cache _pathCache _extensions globalPaths _debug isBuiltin _findPath _nodeModulePaths ' +
        '_resolveLookupPaths _load ' +
        '_resolveFilename createRequire _initPaths _preloadModules syncBuiltinESMExports Module ' +
        'builtinModules runMain ' +
        'findSourceMap SourceMap registerHooks constants enableCompileCache findPackageJSON ' +
        'flushCompileCache ' +
        'stripTypeScriptTypes getCompileCacheDir getSourceMapsSupport setSourceMapsSupport',
      note:
        'Packages are loaded from the real disk. The first `import()` of a file takes real time: ' +
        'the watch names it.',
    },
  ],
  perf_hooks: [
    {
      fate: 'virtual',
      names: 'performance',
      test: 'ambient/process-clock',
      note: 'Its methods are patched. `timerify` is trapped.',
    },
    {
      fate: 'virtual',
      names: 'monitorEventLoopDelay eventLoopUtilization',
      test: 'ambient/machine-readings',
      note: 'The loop of a host is never busy.',
    },
    { fate: 'trapped', names: 'timerify createSlidingWindowHistogram', test: 'ambient/traps' },
    {
      fate: 'pure',
      names: 'PerformanceObserver',
      note: '`observe` is trapped, but for garbage collection, which never happens.',
    },
    {
      fate: 'pure',
      names:
        'Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserverEntryList ' +
        'PerformanceResourceTiming createHistogram importHistogram constants',
    },
  ],
  process: [
    {
      fate: 'virtual',
      names: 'hrtime uptime',
      test: 'ambient/process-clock',
    },
    {
      fate: 'virtual',
      names: 'nextTick',
      test: 'ambient/ticks',
      note: 'In the order of Node.js; errors crash the host.',
    },
    {
      fate: 'virtual',
      names:
        'cpuUsage threadCpuUsage resourceUsage memoryUsage constrainedMemory availableMemory ' +
        'getActiveResourcesInfo ' +
        '_getActiveHandles _getActiveRequests',
      test: 'ambient/machine-readings',
      note: 'These stand still.',
    },
    {
      fate: 'virtual',
      names:
        'argv execArgv title env pid ppid stdout stderr stdin exit reallyExit abort kill cwd chdir ' +
        'emitWarning ' +
        'setUncaughtExceptionCaptureCallback hasUncaughtExceptionCaptureCallback',
      test: 'ambient/process',
    },
    {
      fate: 'virtual',
      names: 'exitCode _events _eventsCount _maxListeners',
      test: 'ambient/process',
      note: "The host's own, through its `process`.",
    },
    {
      fate: 'trapped',
      names:
        'binding _debugProcess _debugEnd setegid seteuid setgid setuid setgroups initgroups execve ' +
        'addUncaughtExceptionCaptureCallback',
      test: 'ambient/traps',
      note: '`binding` only for what opens handles.',
    },
    { fate: 'pure', names: 'report', note: '`getReport` and `writeReport` are trapped.' },
    {
      fate: 'pure',
      names: 'dlopen _linkedBinding',
      note: 'Native add-ons that work synchronously are fine; the watch names those that open handles.',
    },
    {
      fate: 'pure',
      names:
        'version versions arch platform release moduleLoadList config features ' +
        'allowedNodeEnvironmentFlags execPath ' +
        'argv0 debugPort domain noProcessWarnings sourceMapsEnabled setSourceMapsEnabled ' +
        'getBuiltinModule _preload_modules ' +
        '_exiting assert openStdin loadEnvFile ref unref finalization umask permission',
      note: 'The same in each run of one process.',
    },
    {
      fate: 'pure',
      names: 'getuid geteuid getgid getegid getgroups',
      note: 'Those of the test process: keep them out of messages.',
    },
    {
      fate: 'pure',
      names:
        '_rawDebug _kill _fatalException _tickCallback _startProfilerIdleNotifier _stopProfilerIdleNotifier',
      note: 'Parts of Node.js itself.',
    },
  ],
  repl: [
    { fate: 'trapped', names: 'start REPLServer', test: 'ambient/traps' },
    {
      fate: 'pure',
      names: 'writer REPL_MODE_SLOPPY REPL_MODE_STRICT Recoverable isValidSyntax builtinModules _builtinLibs',
    },
  ],
  sqlite: [
    { fate: 'trapped', names: 'DatabaseSync backup', test: 'ambient/traps' },
    { fate: 'pure', names: 'StatementSync Session constants', note: 'Parts of a database.' },
  ],
  trace_events: [
    { fate: 'trapped', names: 'createTracing', test: 'ambient/traps' },
    { fate: 'pure', names: 'getEnabledCategories' },
  ],
  tty: [
    { fate: 'virtual', names: 'isatty', test: 'ambient/machine-readings', note: 'A host has no terminal.' },
    { fate: 'trapped', names: 'ReadStream WriteStream', test: 'ambient/traps' },
  ],
  v8: [
    {
      fate: 'virtual',
      names: 'getHeapStatistics getHeapSpaceStatistics getHeapCodeStatistics getCppHeapStatistics',
      test: 'ambient/machine-readings',
      note: 'These stand still.',
    },
    {
      fate: 'trapped',
      names:
        'getHeapSnapshot writeHeapSnapshot setHeapSnapshotNearHeapLimit setHeapProfileNearHeapLimit ' +
        'queryObjects ' +
        'takeCoverage stopCoverage startCpuProfile startHeapProfile GCProfiler setFlagsFromString',
      test: 'ambient/traps',
    },
    {
      fate: 'pure',
      names:
        'cachedDataVersionTag Serializer Deserializer DefaultSerializer DefaultDeserializer ' +
        'deserialize serialize ' +
        'isStringOneByteRepresentation promiseHooks startupSnapshot',
    },
  ],
  vm: [
    {
      fate: 'trapped',
      names: 'createContext runInNewContext measureMemory',
      test: 'ambient/traps',
      note: 'A new context has a real clock and real randomness.',
    },
    {
      fate: 'pure',
      names:
        'Script createScript runInContext runInThisContext isContext compileFunction constants ' +
        'Module SourceTextModule ' +
        'SyntheticModule',
      note: 'A `timeout` is real; `Script.runInNewContext` is trapped.',
    },
  ],
  worker_threads: [
    {
      fate: 'virtual',
      names: 'MessageChannel',
      test: 'ambient/message-channel',
      note: 'The same class as the global one.',
    },
    {
      fate: 'trapped',
      names: 'Worker BroadcastChannel postMessageToThread moveMessagePortToContext',
      test: 'ambient/traps',
    },
    { fate: 'pure', names: 'locks', note: 'Its methods `request` and `query` are trapped.' },
    {
      fate: 'pure',
      names:
        'isInternalThread isMainThread MessagePort markAsUncloneable markAsUntransferable ' +
        'isMarkedAsUntransferable ' +
        'receiveMessageOnPort resourceLimits threadId threadName SHARE_ENV parentPort workerData ' +
        'setEnvironmentData ' +
        'getEnvironmentData',
      note: 'A host is a main thread, without other ones.',
    },
  ],
  zlib: [
    {
      fate: 'virtual',
      names:
        'deflate gzip deflateRaw unzip inflate gunzip inflateRaw brotliCompress brotliDecompress ' +
        'zstdCompress zstdDecompress ' +
        'Deflate Inflate Gzip Gunzip DeflateRaw InflateRaw Unzip BrotliCompress BrotliDecompress ' +
        'ZstdCompress ZstdDecompress ' +
        'createDeflate createInflate createDeflateRaw createInflateRaw createGzip createGunzip createUnzip ' +
        'createBrotliCompress createBrotliDecompress createZstdCompress createZstdDecompress',
      test: 'ambient/zlib',
      note: 'The engine below all of them is patched: it works at once, and says so in virtual time.',
    },
    { fate: 'trapped', names: 'ZipFile zipFiles createZipArchive', test: 'ambient/traps' },
    {
      fate: 'pure',
      names:
        'crc32 deflateSync gzipSync deflateRawSync unzipSync inflateSync gunzipSync inflateRawSync ' +
        'brotliCompressSync ' +
        'brotliDecompressSync zstdCompressSync zstdDecompressSync constants codes ZipEntry ZipBuffer ' +
        'createZipArchiveSync ' +
        'getMaxZipContentSize setMaxZipContentSize',
    },
  ],
};

/** The methods of `crypto.subtle`. */
export const subtle: readonly SurfaceGroup[] = [
  {
    fate: 'virtual',
    names: 'digest sign verify deriveBits deriveKey encrypt decrypt generateKey exportKey wrapKey unwrapKey',
    test: 'ambient/subtle',
    note:
      'Done at once, settled in virtual time. What has randomness of OpenSSL in it (RSA-PSS, ' +
      'RSA-OAEP, RSA keys) is trapped.',
  },
  {
    fate: 'virtual',
    names: 'encapsulateBits encapsulateKey decapsulateBits decapsulateKey',
    test: 'ambient/subtle',
    note: 'Trapped for every algorithm there is.',
  },
  { fate: 'pure', names: 'importKey getPublicKey', note: 'They need microtasks only.' },
];
