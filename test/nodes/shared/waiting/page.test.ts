import { renderPage } from '../../../../nodes/shared/waiting/page';

const NASTY = `<img src=x onerror="alert('&')">`;

it('escapes every text it is given', () => {
	const html = renderPage({
		title: NASTY,
		text: NASTY,
		notice: NASTY,
		call: { number: NASTY, note: NASTY },
		form: { label: NASTY, button: NASTY },
	});

	expect(html).not.toContain('<img');
	expect(html).not.toContain('onerror="');
	expect(html).not.toContain('<script');
	expect(html.split('&#60;img src=x onerror=&#34;alert(&#39;&#38;&#39;)&#34;&#62;')).toHaveLength(
		8,
	);
});

it('offers a number as a link to dial, with its digits only', () => {
	const html = renderPage({
		title: 'A',
		text: 'B',
		call: { number: '7 (999) 333-22-11', note: 'C' },
	});

	expect(html).toContain('<a class="call" href="tel:+79993332211">+79993332211</a>\n<p>C</p>');
});

it('has a form, a notice and a number only when they are wanted', () => {
	const plain = renderPage({ title: 'A', text: 'B' });
	const full = renderPage({
		title: 'A',
		text: 'B',
		notice: 'C',
		form: { label: 'D', button: 'E' },
	});

	for (const part of ['<form', 'role="alert"', 'tel:']) {
		expect(plain).not.toContain(part);
	}
	for (const part of ['<form method="post">', '<p class="notice" role="alert">C</p>']) {
		expect(full).toContain(part);
	}
});

it.each([
	['Confirm your phone', 'en'],
	['Подтвердите телефон', 'ru'],
])('says the language of a page titled "%s"', (title, lang) => {
	expect(renderPage({ title, text: '' })).toContain(`<html lang="${lang}">`);
});
