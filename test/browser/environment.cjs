// Tells the hooks behind a test whether it has failed, which jest itself does not.
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
	handleTestEvent({ name }) {
		if (name === 'test_start') this.global.hasFailed = false;
		if (name === 'test_fn_failure') this.global.hasFailed = true;
	}
};
