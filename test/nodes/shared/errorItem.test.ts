import { ALONE, Failure, toErrorItem } from '../../../nodes/shared/errors';

const failure = new Failure({
	code: 'invalid_input',
	message: 'Phone is empty',
	hint: 'Fill it in.',
});

describe('an item that failed', () => {
	it('is told from others by an n8n that looks for an error beside the JSON, which it keeps', () => {
		const item = toErrorItem(failure, ALONE, true);
		// What n8n does with an item for the error output.
		const moved = { ...item, json: { order: 7, ...item.json } };

		expect(item.error).toMatchObject({ message: 'Phone is empty' });
		expect(moved).not.toHaveProperty('error');
		expect(moved.json).toEqual({
			order: 7,
			error: 'Phone is empty',
			details: { code: 'invalid_input', description: 'Fill it in.' },
		});
	});

	it('has no such error where n8n would put it in place of the JSON', () => {
		expect(toErrorItem(failure, ALONE, false)).not.toHaveProperty('error');
	});
});
