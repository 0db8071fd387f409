import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** A layer: its files, and what they may not import, each with the reason a reader will see. */
const layer = (files, patterns, ignores = []) => ({
	files,
	ignores,
	rules: {
		'no-restricted-imports': [
			'error',
			{ patterns: patterns.map(([group, message]) => ({ group, message })) }
		]
	}
});

const nodeOnly = [
	['node:*'],
	'The domain runs in a browser too: machines are reached through ports in lib/server.'
];
const server = [
	['$lib/server/*', '**/lib/server/*', '../server/*'],
	'Nothing below lib/server may know it: the arrows go one way (docs/ARCHITECTURE.md).'
];
const kit = [
	['$app/*', '@sveltejs/kit', 'svelte', 'svelte/*'],
	'The domain is plain TypeScript: no Svelte, no SvelteKit.'
];
const routes = [['**/routes/*', '$routes/*'], 'Nothing imports a route.'];
const cornerstone = [
	['@cornerstonejs/*'],
	'Only viewer/cornerstone imports cornerstone: it owns GPU memory.'
];
const drizzle = [
	['drizzle-orm', 'drizzle-orm/*', '$lib/server/db/schema/*'],
	'Doors hold no queries: put it in a command or a query.'
];

const domains = ['worksheet', 'dicom', 'report', 'collab', 'viewer', 'access', 'worklist'];
const others = (allowed) => [
	domains.filter((name) => !allowed.includes(name)).flatMap((name) => [`$lib/${name}/*`]),
	'This domain may not know that one: report -> worksheet, dicom; collab -> report; viewer -> dicom.'
];
const domainLayer = (name, allowed) =>
	layer(
		[`src/lib/${name}/**/*.ts`],
		[nodeOnly, server, kit, routes, cornerstone, others([name, ...allowed])],
		[`src/lib/${name}/ui/**`, 'src/lib/viewer/cornerstone/**']
	);

/** `db` inside a transaction is another connection: it would not see, or would wait for, the change. */
const onlyTx = {
	meta: { type: 'problem', schema: [] },
	create(context) {
		const inTransaction = [];
		const isTransaction = (node) =>
			node.callee.type === 'MemberExpression'
				? node.callee.property.name === 'transaction'
				: node.callee.name === 'inTransaction';
		return {
			CallExpression(node) {
				if (isTransaction(node)) inTransaction.push(node);
			},
			'CallExpression:exit'(node) {
				if (inTransaction.at(-1) === node) inTransaction.pop();
			},
			MemberExpression(node) {
				const open = inTransaction.at(-1);
				if (!open || !open.arguments.some((a) => contains(a, node))) return;
				const name =
					node.object.type === 'Identifier'
						? node.object.name
						: node.object.type === 'MemberExpression'
							? node.object.property.name
							: '';
				if (name !== 'db') return;
				context.report({ node, message: 'Inside a transaction only `tx` is used.' });
			}
		};
	}
};
const contains = (outer, inner) =>
	/Function/.test(outer.type) &&
	outer.range[0] <= inner.range[0] &&
	inner.range[1] <= outer.range[1];

export default ts.config(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'node_modules/',
			'src/lib/paraglide/',
			'static/',
			'data/',
			'project.inlang/',
			'test-results/',
			'playwright-report/'
		]
	},
	...ts.configs.recommended,
	...svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.browser, ...globals.node } },
		plugins: { readroom: { rules: { 'only-tx': onlyTx } } },
		rules: {
			'no-undef': 'off',
			'no-eval': 'error',
			'no-new-func': 'error',
			'no-implied-eval': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/ban-ts-comment': 'error',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }
			],
			'no-restricted-properties': [
				'error',
				{ property: 'innerHTML', message: 'Text reaches HTML only through Svelte (F1).' },
				{ property: 'outerHTML', message: 'Text reaches HTML only through Svelte (F1).' }
			],
			'svelte/no-at-html-tags': 'error',
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts', '**/*.svelte.js'],
		languageOptions: {
			parserOptions: {
				projectService: false,
				extraFileExtensions: ['.svelte'],
				parser: ts.parser,
				svelteConfig
			}
		}
	},
	{ files: ['src/**/*.ts'], rules: { 'readroom/only-tx': 'error' } },
	domainLayer('worksheet', []),
	domainLayer('dicom', []),
	domainLayer('report', ['worksheet', 'dicom', 'collab']),
	domainLayer('collab', ['report', 'worksheet']),
	domainLayer('viewer', ['dicom', 'collab']),
	domainLayer('access', ['report']),
	domainLayer('worklist', ['report', 'access']),
	layer(
		['src/lib/*/ui/**'],
		[server, routes, cornerstone, [['drizzle-orm*'], 'Components ask through tRPC.']]
	),
	layer(
		['src/lib/ui/**'],
		[
			server,
			routes,
			cornerstone,
			[domains.map((name) => `$lib/${name}/*`), 'Buttons and tables hold no domain words.']
		]
	),
	layer(['src/lib/viewer/cornerstone/**'], [server, routes]),
	layer(['src/routes/**'], [cornerstone, drizzle]),
	layer(
		['src/lib/server/trpc/**'],
		[
			routes,
			cornerstone,
			[['drizzle-orm', 'drizzle-orm/*'], 'Doors hold no queries: put it in a command or a query.']
		]
	),
	layer(
		['src/lib/server/**'],
		[routes, cornerstone, [['svelte', '$app/*'], 'The server half knows no components.']],
		['src/lib/server/trpc/**', 'src/lib/server/hooks/**']
	)
);
