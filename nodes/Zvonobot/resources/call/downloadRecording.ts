import { optionsField } from '../../../shared/fields/options';
import { defineOperation } from '../../../shared/operation';

const PRESET_MEGABYTES = 25;

/** GET of `recordFilePath`, the link that apiCalls/get answers; without the API key. */
export const downloadRecording = defineOperation({
	option: {
		name: 'Download Recording',
		value: 'downloadRecording',
		action: 'Download the recording of a call',
		description: 'Fetch the sound of a call that was recorded',
	},
	fields: [
		{
			displayName: 'Recording URL',
			name: 'recordingUrl',
			type: 'string',
			default: '={{ $json.recordingUrl }}',
			placeholder: 'e.g. https://lk.zvonobot.ru/records/500001.mp3',
			description: 'The link that getting the call gave, there once a recorded call is over',
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryProperty',
			type: 'string',
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the output binary field to put the file in',
			description: 'Where following nodes find the file',
		},
		optionsField(
			{
				displayName: 'Allowed Hosts',
				name: 'allowedHosts',
				type: 'string',
				default: '',
				placeholder: 'e.g. storage.example.com',
				description:
					'Hosts beside the domain of the credential that recordings may lie on, separated by commas',
			},
			{
				displayName: 'Max Size',
				name: 'maxSize',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 200, numberPrecision: 0 },
				default: PRESET_MEGABYTES,
				description: 'How many megabytes the file may have (1 to 200)',
			},
		),
	],
	async download({ api, params: { recordingUrl, options } }) {
		const { allowedHosts = '', maxSize = PRESET_MEGABYTES } = options;
		const file = await api.download({
			url: recordingUrl,
			field: 'Recording URL',
			hosts: allowedHosts.split(/[\s,;]+/),
			megabytes: maxSize,
		});
		const json = { recordingUrl: recordingUrl.trim(), fileName: file.fileName };
		return { json: { ...json, bytes: file.data.length }, file };
	},
});
