import { startCluster } from './postgres.ts';

/** One PostgreSQL for the whole run, when the run is asked to use PostgreSQL. */
export default async function setup() {
	if (process.env.READROOM_TEST_DATABASE !== 'postgres') return;
	const cluster = await startCluster();
	process.env.READROOM_TEST_POSTGRES_PORT = String(cluster.port);
	return () => cluster.stop();
}
