import { createCallerFactory, router } from './procedures.ts';
import { sessionRouter } from './routers/session.ts';

/** The table of contents. A router is a file in `routers/`; one line here opens it. */
export const appRouter = router({
	session: sessionRouter
});

export type AppRouter = typeof appRouter;

/** For `load` functions and tests: `createCaller(context).study.list(…)`. */
export const createCaller = createCallerFactory(appRouter);
