/** `{"status":"error","message"}`, thrown from wherever the reason is found. */
export class Refusal extends Error {}

/** The documents show no refusal at all: these words are invented, for tests to recognise. */
export const MESSAGES = {
	wrongKey: 'Неверный apiKey',
	notEnoughMoney: 'Недостаточно средств на балансе',
	phoneRefused: 'Звонок на указанный номер невозможен',
	tooMany: 'Не более 5000 элементов в одном запросе',
	wrongOutgoingPhone: 'Исходящий номер не добавлен или не подтверждён',
	noRecord: 'Аудиоролик не найден',
	noTemplate: 'Шаблон не найден',
	templateNotModerated: 'Шаблон не прошёл модерацию',
	smsTemplateNotModerated: 'Шаблон СМС не прошёл модерацию',
	noLanguage: 'Язык недоступен',
	notPlanned: 'Запланированный звонок не найден',
} as const;

/** What is wrong with a field, spelled as the path to it: `ivrs.0.record.id`. */
export function wrong(field: string, what: string): Refusal {
	return new Refusal(`Поле ${field} ${what}`);
}
