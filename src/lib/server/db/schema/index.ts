export * from './audit.ts';
export * from './grants.ts';
export * from './outbox.ts';
export * from './patients.ts';
export * from './people.ts';
export * from './practices.ts';
export * from './reports.ts';
export * from './studies.ts';
