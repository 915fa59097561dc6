module.exports = {
	...require('../host/jest.config.cjs'),
	roots: ['<rootDir>/test/queue'],
	testMatch: ['<rootDir>/test/queue/*.test.ts'],
};
