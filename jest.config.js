module.exports = {
	preset: 'ts-jest',
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	// The real n8n has jest runs of its own: npm run test:host, test:queue and test:browser.
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/host/',
		'<rootDir>/test/queue/',
		'<rootDir>/test/browser/',
	],
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/host/'],
	setupFiles: ['<rootDir>/test/support/n8nEnvironment.ts'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }],
	},
	testTimeout: 120_000,
};
