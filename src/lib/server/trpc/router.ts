import { createCallerFactory, router } from './procedures.ts';
import { auditRouter } from './routers/audit.ts';
import { destinationsRouter } from './routers/destinations.ts';
import { grantsRouter } from './routers/grants.ts';
import { groupsRouter } from './routers/groups.ts';
import { machinesRouter } from './routers/machines.ts';
import { macrosRouter } from './routers/macros.ts';
import { myRouter } from './routers/my.ts';
import { presetsRouter } from './routers/presets.ts';
import { practiceRouter } from './routers/practice.ts';
import { releasesRouter } from './routers/releases.ts';
import { peopleRouter } from './routers/people.ts';
import { reportsRouter } from './routers/reports.ts';
import { sessionRouter } from './routers/session.ts';
import { studiesRouter } from './routers/studies.ts';
import { tokensRouter } from './routers/tokens.ts';
import { worksheetsRouter } from './routers/worksheets.ts';

/** The table of contents. A router is a file in `routers/`; one line here opens it. */
export const appRouter = router({
	audit: auditRouter,
	destinations: destinationsRouter,
	grants: grantsRouter,
	groups: groupsRouter,
	machines: machinesRouter,
	macros: macrosRouter,
	my: myRouter,
	practice: practiceRouter,
	presets: presetsRouter,
	releases: releasesRouter,
	people: peopleRouter,
	reports: reportsRouter,
	session: sessionRouter,
	studies: studiesRouter,
	tokens: tokensRouter,
	worksheets: worksheetsRouter
});

export type AppRouter = typeof appRouter;

/** For `load` functions and tests: `createCaller(context).study.list(…)`. */
export const createCaller = createCallerFactory(appRouter);
