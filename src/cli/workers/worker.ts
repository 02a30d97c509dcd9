// A worker process begins here. What it does is loaded when the ambient layer is in place, and not beside it:
// the build puts what is imported together into one file, and so the packages in front of everything.

import '../first.ts';

await import('./worker-orders.ts');
