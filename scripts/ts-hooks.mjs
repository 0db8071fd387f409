// Lets Node's own type stripping run `src/` directly: `$lib/x.ts` is `src/lib/x.ts`.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { resolve as resolvePath } from 'node:path';

const root = resolvePath(import.meta.dirname, '..');

registerHooks({
	resolve(specifier, context, next) {
		if (specifier.startsWith('$lib/')) {
			return next(pathToFileURL(resolvePath(root, 'src/lib', specifier.slice(5))).href, context);
		}
		return next(specifier, context);
	}
});
