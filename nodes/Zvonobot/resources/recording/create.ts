import { invalidInput } from '../../../shared/errors';
import { commonOptions } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';
import type { FileData } from '../../../shared/operation';
import { flagOf, idOf, numberOf, textOf, timeOf } from '../../callEvents';
import { rowIn } from '../../zvonobot.api';

const MOST_MEGABYTES = 50;
const MEGABYTE = 1024 * 1024;

/** POST apiCalls/createRecord: JSON for a text, multipart for a file. A text costs money. */
export const create = defineOperation({
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create a recording',
		description: 'Make a recording of a text, or upload one. A text costs 0.40 RUB.',
	},
	fields: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Greeting',
			description: 'How the cabinet shows the recording',
		},
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			options: [
				{ name: 'File', value: 'file', description: 'A sound file of the incoming item' },
				{ name: 'Text', value: 'text', description: 'A text that is spoken' },
			],
			default: 'text',
			description: 'What the recording is made of',
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. Hello! Your order is ready.',
			description: 'What is spoken',
			displayOptions: { show: { source: ['text'] } },
		},
		{
			displayName: 'Input Data Field Name',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the input field containing the file data to be processed',
			description: 'The field of the incoming item that holds the sound file, up to 50 MB',
			displayOptions: { show: { source: ['file'] } },
		},
		commonOptions,
	],
	costsMoney: true,
	onceFor: ({ source, name, text, binaryPropertyName }) =>
		JSON.stringify([source, name, text, binaryPropertyName]),
	async run({ api, params, readFile }) {
		const name = params.name.trim();
		const { source, text = '', binaryPropertyName = '' } = params;
		return await api.request({
			method: 'POST',
			path: '/apiCalls/createRecord',
			body:
				source === 'text'
					? { name, source, text: text.trim() }
					: formFor(name, await readFile(binaryPropertyName.trim())),
			read: (body) => {
				const record = rowIn(body) ?? {};
				const recordingId = idOf(record.id);
				if (recordingId === null) return undefined;
				return {
					recordingId,
					name: textOf(record.name) ?? name,
					status: textOf(record.status),
					needModeration: flagOf(record.needModeration),
					moderatorComment: textOf(record.moderatorComment),
					text: textOf(record.recordText),
					cost: numberOf(record.cost),
					recordingUrl: textOf(record.path),
					createdAt: timeOf(record.createdAt),
				};
			},
		});
	},
});

function formFor(name: string, { data, fileName, mimeType }: FileData): FormData {
	const refuse = (problem: string) =>
		invalidInput('Input Data Field Name', problem, 'Let the node before bring one sound file.');
	if (data.length === 0) throw refuse('names an empty file');
	if (data.length > MOST_MEGABYTES * MEGABYTE) {
		const size = Math.ceil(data.length / MEGABYTE);
		throw refuse(`names a file of ${size} MB, more than the ${MOST_MEGABYTES} MB allowed`);
	}
	const form = new FormData();
	form.append('name', name);
	form.append('source', 'file');
	form.append('file', new Blob([data], { type: mimeType }), fileName);
	return form;
}
