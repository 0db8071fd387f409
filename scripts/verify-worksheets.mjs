// Checks all worksheets and remembers beside the build that these very files are in order.
const { openWorksheetLibrary } = await import('../src/lib/server/worksheets/library.ts');

try {
	openWorksheetLibrary();
} catch (error) {
	console.error(error.detail ?? error.message);
	process.exit(1);
}
