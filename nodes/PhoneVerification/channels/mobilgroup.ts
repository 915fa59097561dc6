import { flashCallBody, spokenCode, voiceBody } from '../../Mobilgroup/codeFields';
import { mobilgroupApi } from '../../Mobilgroup/mobilgroup.api';
import { requestCode } from '../../Mobilgroup/voicePassword';
import { Failure } from '../../shared/errors';
import { compareCode } from '../../shared/waiting/code';
import type { IDataObject } from 'n8n-workflow';
import type { Api } from '../../shared/api';
import { FLASH_CALL_PROMPT } from './channel';
import type { Channel, Reached } from './channel';

const mobilgroup = {
	provider: 'mobilgroup',
	api: mobilgroupApi,
	kind: 'code',
	judge: compareCode,
} as const;

export const mobilgroupFlashCall: Channel = {
	...mobilgroup,
	value: 'mobilgroupFlashCall',
	name: 'Mobilgroup Flash Call',
	prompt: FLASH_CALL_PROMPT,
	reach: async ({ api, phone }) => await reach(api, flashCallBody(phone, {})),
};

export const mobilgroupVoiceCode: Channel = {
	...mobilgroup,
	value: 'mobilgroupVoiceCode',
	name: 'Mobilgroup Voice Code',
	prompt: 'Answer the call: a voice tells you the code.',
	reach: async ({ api, phone }) => await reach(api, voiceBody(phone, spokenCode('random'), {})),
};

/** Mobilgroup sends an SMS only as a fallback of a call it has placed: with the same code. */
export const mobilgroupSms: Channel = {
	...mobilgroup,
	value: 'mobilgroupSms',
	name: 'Mobilgroup SMS',
	prompt: 'We have sent you the code in a message.',
	async reach({ api, before }) {
		const id = before.mobilgroupVoiceCode ?? before.mobilgroupFlashCall;
		if (id === undefined) throw needsCall();
		return await reach(api, { sms: { id } });
	},
};

async function reach(api: Api, body: IDataObject): Promise<Reached> {
	const { id, code, price } = await requestCode(api, body);
	// An answer may lack them; an empty ID would be asked about in vain.
	return {
		secret: code,
		...(id === '' ? {} : { requestId: id }),
		...(price === '' ? {} : { price }),
	};
}

function needsCall(): Failure {
	return new Failure({
		code: 'needs_earlier_call',
		message:
			'Mobilgroup SMS was skipped: it repeats the code of a Mobilgroup call, and none was placed',
		hint: 'Put Mobilgroup Flash Call or Mobilgroup Voice Code in front of it.',
	});
}
