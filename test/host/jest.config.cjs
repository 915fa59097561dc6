module.exports = {
	rootDir: '../..',
	preset: 'ts-jest',
	testEnvironment: 'node',
	roots: ['<rootDir>/test/host'],
	testMatch: ['<rootDir>/test/host/*.test.ts'],
	modulePathIgnorePatterns: ['<rootDir>/test/host/(.*/)?(.cache|node_modules)/'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }],
	},
	// One n8n at a time: each is a gigabyte and a busy core while it starts.
	maxWorkers: 1,
	testTimeout: 120_000,
};
