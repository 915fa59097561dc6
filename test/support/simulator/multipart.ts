import type { JsonObject, JsonValue } from './types';

export interface FormFile {
	filename: string;
	mime: string;
	bytes: Buffer;
}

/** In the order they came, repetitions included: a strict provider has to see them. */
export type FormPart = [name: string, value: string | FormFile];

/** The parts of a multipart/form-data body; undefined when it is something else, or broken. */
export async function readForm(
	contentType: string | undefined,
	bytes: Buffer,
): Promise<FormPart[] | undefined> {
	if (contentType === undefined || !/^multipart\/form-data\b/i.test(contentType)) return undefined;
	try {
		// Node's own reader, the one behind its fetch.
		const form = await new Response(bytes, {
			headers: { 'content-type': contentType },
		}).formData();
		const parts: FormPart[] = [];
		for (const [name, value] of form) {
			parts.push([name, typeof value === 'string' ? value : await readFile(value)]);
		}
		return parts;
	} catch {
		return undefined;
	}
}

/** A form as the journal shows it: the bytes of a file would drown everything else. */
export function describeForm(parts: FormPart[]): JsonObject {
	const shown: JsonObject = {};
	for (const [name, value] of parts) {
		const before = shown[name];
		const now = typeof value === 'string' ? value : describeFile(value);
		if (before === undefined) shown[name] = now;
		else shown[name] = Array.isArray(before) ? [...before, now] : [before, now];
	}
	return shown;
}

function describeFile({ filename, mime, bytes }: FormFile): JsonValue {
	return { filename, mime, size: bytes.length };
}

async function readFile(file: {
	name: string;
	type: string;
	arrayBuffer: () => Promise<ArrayBuffer>;
}): Promise<FormFile> {
	return {
		filename: file.name,
		mime: file.type,
		bytes: Buffer.from(await file.arrayBuffer()),
	};
}
