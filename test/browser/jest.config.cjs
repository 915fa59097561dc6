const host = require('../host/jest.config.cjs');

module.exports = {
	...host,
	testEnvironment: '<rootDir>/test/browser/environment.cjs',
	roots: ['<rootDir>/test/browser'],
	testMatch: ['<rootDir>/test/browser/*.test.ts'],
	testTimeout: 120_000,
};
