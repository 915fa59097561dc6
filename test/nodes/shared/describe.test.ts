import { resources as mobilgroup } from '../../../nodes/Mobilgroup/resources';
import { resources as plusofon } from '../../../nodes/Plusofon/resources';
import { allOperations, describeProperties, fieldsOf } from '../../../nodes/shared/describe';

it.each([
	['Mobilgroup', mobilgroup],
	['Plusofon', plusofon],
])('shows the fields of each operation of %s in their order, its options last', (_, resources) => {
	const properties = describeProperties(resources);

	for (const { resource, operation } of allOperations(resources)) {
		const shown = properties.filter(
			({ displayOptions }) =>
				displayOptions?.show?.resource?.includes(resource.value) === true &&
				displayOptions.show.operation?.includes(operation.option.value) === true,
		);

		expect(shown.map(({ name }) => name)).toEqual(fieldsOf(operation).map(({ name }) => name));
		expect(shown.at(-1)?.name).toBe('options');
	}
});

it('describes a field that operations share once, with their limits in front of the options', () => {
	const properties = describeProperties(plusofon);
	const ofNumbers = properties.filter(({ displayOptions }) =>
		displayOptions?.show?.resource?.includes('phoneNumber'),
	);

	expect(ofNumbers.filter(({ name }) => name === 'numbers')).toHaveLength(1);
	expect(ofNumbers.filter(({ name }) => name === 'returnAll')).toHaveLength(1);
});

it.each([
	['package', 'getAll'],
	['phoneNumber', 'getAll'],
	['reservation', 'getAll'],
	['flashCallSettings', 'get'],
	['verification', 'sendFlashCall'],
])('a resource that is chosen, such as %s, begins with %s', (resource, operation) => {
	const choice = describeProperties(plusofon).find(({ name, displayOptions }) => {
		return name === 'operation' && displayOptions?.show?.resource?.includes(resource);
	});

	expect(choice?.default).toBe(operation);
});
