module.exports = {
	preset: 'ts-jest',
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	// The real n8n has a jest run of its own: npm run test:host.
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/host/'],
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/host/'],
	setupFiles: ['<rootDir>/test/support/n8nEnvironment.ts'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }],
	},
	testTimeout: 30_000,
};
