// The phone page: shows what the simulator remembers of each phone, and posts what is typed.
// Message texts only ever become text nodes; nothing here sets innerHTML.
'use strict';

const TEXTS = {
  en: {
    about: 'Simulated phones. What you type goes through the real ingester, queue and workers.',
    add: 'Add a phone', as: 'as', remove: 'Remove this phone', send: 'Send',
    write: 'Type a message', link: 'Link this phone', linkPhone: 'Phone, as typed on the web',
    linkUser: 'User', linkGo: 'Get a code', linked: 'Code, until', linkHint: 'Send the message below.',
    empty: 'Nothing here yet. Link the phone, then say what has to be done.',
    lost: 'The simulator does not answer.', template: 'template', noAnswer: 'no answer',
    other: 'Español', quick: ['/help', '/list projects', '/project', '/status', '/undo'],
    verify: 'VERIFY',
  },
  es: {
    about: 'Teléfonos simulados. Lo que escribas pasa por el sistema real: webhook, cola y workers.',
    add: 'Agregar teléfono', as: 'como', remove: 'Quitar este teléfono', send: 'Enviar',
    write: 'Escribe un mensaje', link: 'Vincular este teléfono',
    linkPhone: 'Teléfono, como se escribe en la web', linkUser: 'Usuario', linkGo: 'Obtener código',
    linked: 'Código, hasta las', linkHint: 'Envía el mensaje de abajo.',
    empty: 'Todavía no hay nada. Vincula el teléfono y cuenta qué hay que hacer.',
    lost: 'El simulador no responde.', template: 'plantilla', noAnswer: 'sin respuesta',
    other: 'English',
    quick: ['/ayuda', '/lista proyectos', '/proyecto', '/estado', '/deshacer'],
    verify: 'VERIFICAR',
  },
};
const FIRST = 'whatsapp:+5215555550100';
const DEMO_USER = '00000000-0000-4000-8000-000000000001';

const recall = (key, otherwise) => {
  try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
};
const keep = (key, value) => {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* a private window */ }
};

// An address such as /?phones=+5215555550100,+14155550123&lang=es sets up the page.
const asked = new URLSearchParams(location.search.replaceAll('+', '%2B'));
let language = asked.get('lang')
  ?? recall('language', navigator.language.startsWith('es') ? 'es' : 'en');
if (!TEXTS[language]) language = 'en';
const phones = [];
let refresh;
const t = (name) => TEXTS[language][name];

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const postJson = (path, body) => fetch(path, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
});

// WhatsApp's marks: links, code, then *bold*, _italic_, ~struck~, which may lie in one another.
const FIXED = /(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]])|```([^]+?)```|`([^`\n]+)`/g;
const MARKS = { '*': 'strong', _: 'em', '~': 's' };
const MARKED = /(^|[\s\p{P}\p{S}])([*_~])(\S|\S[^\n]*?\S)\2(?=$|[\s\p{P}\p{S}])/u;

function formatMarks(text, into) {
  const found = MARKED.exec(text);
  if (!found) { into.append(text); return; }
  const [whole, before, mark, inner] = found;
  into.append(text.slice(0, found.index) + before);
  const element = make(MARKS[mark]);
  formatMarks(inner, element);
  into.append(element);
  formatMarks(text.slice(found.index + whole.length), into);
}

function format(text, into) {
  let end = 0;
  for (const found of text.matchAll(FIXED)) {
    const [whole, link, block, inline] = found;
    formatMarks(text.slice(end, found.index), into);
    end = found.index + whole.length;
    if (link) {
      const anchor = make('a', '', link);
      anchor.href = link;
      anchor.target = '_blank';
      anchor.rel = 'noopener noreferrer';
      into.append(anchor);
    } else {
      into.append(make('code', '', block ?? inline));
    }
  }
  formatMarks(text.slice(end), into);
}

// What a message's ticks say: [text, class].
function ticks(message) {
  if (message.direction === 'inbound') {
    if (message.read_at) return ['✓✓', 'read'];
    if (message.webhook_status === null) return ['🕓', ''];
    return message.webhook_status < 300 ? ['✓✓', ''] : [`⚠ ${message.webhook_status}`, 'bad'];
  }
  switch (message.status) {
    case 'read': return ['✓✓', 'read'];
    case 'delivered': return ['✓✓', ''];
    case 'sent': return ['✓', ''];
    case 'failed': case 'undelivered': return [`⚠ ${message.error_code ?? ''}`, 'bad'];
    default: return ['🕓', ''];
  }
}

function bubble(message) {
  const failed = ['failed', 'undelivered'].includes(message.status);
  const side = message.direction === 'inbound' ? 'mine' : 'theirs';
  const item = make('li', failed ? `${side} failed` : side);
  const template = message.content_sid
    ? `[${t('template')} ${message.content_sid}] ${message.content_variables ?? ''}` : '';
  format(message.body || template, item);
  const meta = make('span', 'meta');
  const at = new Date(message.created_at);
  meta.append(at.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' }), ' ');
  const [text, className] = ticks(message);
  meta.append(make('span', className, text));
  item.append(meta);
  item.title = [message.sid, ...message.statuses.map((s) => `${s.status} ${s.at}`)].join('\n');
  return item;
}

// Mexico's mobiles come from WhatsApp with a 1 that nobody types on the web.
const asTyped = (address) => address.replace('whatsapp:', '').replace(/^\+521(\d{10})$/, '+52$1');

class Phone {
  constructor(address) {
    const root = document.getElementById('phone').content.cloneNode(true).firstElementChild;
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.shown = '';
    this.rename(address);
    this.find('.number').addEventListener('change', (e) => { this.rename(e.target.value); saved(); });
    this.find('.remove').addEventListener('click', () => {
      phones.splice(phones.indexOf(this), 1);
      root.remove();
      saved();
    });
    this.find('.write').addEventListener('submit', (e) => { e.preventDefault(); this.write(); });
    this.find('textarea').addEventListener('keydown', (e) => {
      if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); this.write(); }
    });
    this.find('.link-form').addEventListener('submit', (e) => { e.preventDefault(); this.link(e.target); });
    document.getElementById('phones').append(root);
    this.translate();
  }

  rename(address) {
    const bare = address.replace(/\s/g, '') || FIRST;
    this.address = bare.startsWith('whatsapp:') ? bare : `whatsapp:${bare}`;
    this.find('.number').value = this.address;
    this.find('[name=phone]').value = asTyped(this.address);
    this.find('[name=user]').value ||= DEMO_USER;
    this.shown = '';
  }

  translate() {
    translate(this.root);
    this.find('textarea').placeholder = t('write');
    const buttons = t('quick').map((command) => {
      const button = make('button', '', command);
      button.type = 'button';
      button.addEventListener('click', () => this.say(command));
      return button;
    });
    this.find('.quick').replaceChildren(...buttons);
    this.shown = '';
  }

  write() {
    const field = this.find('textarea');
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    this.find('.link').open = false;
    this.say(text);
  }

  say(body) {
    postJson('/control/inbound', { from: this.address, body }).catch(() => { /* the poll says so */ });
  }

  async link(form) {
    const out = this.find('.code');
    out.className = 'code';
    out.textContent = '…';
    try {
      const request = { user_id: form.user.value.trim(), phone: form.phone.value.trim() };
      const response = await postJson('/control/link', request);
      const text = await response.text();
      let answer = { error: text };
      try { answer = JSON.parse(text); } catch { /* not JSON: shown as it is */ }
      if (!answer.code || answer.error) throw new Error(answer.error ?? answer.message);
      const until = new Date(answer.expiresAt).toLocaleTimeString(language, { timeStyle: 'short' });
      out.replaceChildren(make('b', '', answer.code), ` ${t('linked')} ${until}. ${t('linkHint')}`);
      this.find('textarea').value = `${t('verify')} ${answer.code}`;
      this.find('textarea').focus();
    } catch (error) {
      out.className = 'code bad';
      out.textContent = error.message;
    }
  }

  show(all, typing) {
    const mine = all.filter((m) => (m.direction === 'inbound' ? m.from : m.to) === this.address);
    this.find('.dots').hidden = !typing.includes(this.address);
    const state = JSON.stringify(mine);
    if (state === this.shown) return;
    this.shown = state;
    const talk = this.find('.talk');
    const bubbles = mine.length ? mine.map(bubble) : [make('li', 'empty', t('empty'))];
    talk.replaceChildren(...bubbles);
    talk.scrollTop = talk.scrollHeight;
  }
}

function translate(root) {
  root.querySelectorAll('[data-text]').forEach((e) => { e.textContent = t(e.dataset.text); });
  root.querySelectorAll('[data-title]').forEach((e) => {
    e.title = t(e.dataset.title);
    e.setAttribute('aria-label', e.title);
  });
}

function translateAll() {
  document.documentElement.lang = language;
  translate(document);
  document.getElementById('language').textContent = t('other');
  phones.forEach((phone) => phone.translate());
  refresh?.abort();
}

function saved() {
  keep('phones', phones.map((phone) => phone.address));
  refresh?.abort();
}

// One request waits for changes of all phones; changing the page asks again at once.
async function watch() {
  const connection = document.getElementById('connection');
  let since = null;
  for (;;) {
    refresh = new AbortController();
    try {
      const list = phones.map((phone) => encodeURIComponent(phone.address)).join(',');
      const wait = since === null ? '' : `&since=${since}&wait_ms=20000`;
      const path = `/control/messages?phone=${list}${wait}`;
      const seen = await (await fetch(path, { signal: refresh.signal })).json();
      since = seen.revision;
      connection.textContent = '';
      phones.forEach((phone) => phone.show(seen.messages, seen.typing));
    } catch (error) {
      since = null;
      if (error.name === 'AbortError') continue;
      connection.textContent = t('lost');
      await new Promise((done) => { setTimeout(done, 1000); });
    }
  }
}

document.getElementById('language').addEventListener('click', () => {
  language = language === 'en' ? 'es' : 'en';
  keep('language', language);
  translateAll();
});
document.getElementById('add').addEventListener('click', () => {
  const last = phones.at(-1)?.address.match(/^(whatsapp:\+\d+?)(\d\d)$/);
  const next = last ? `${last[1]}${String((Number(last[2]) + 1) % 100).padStart(2, '0')}` : FIRST;
  phones.push(new Phone(next));
  saved();
});
const first = asked.get('phones')?.split(',') ?? recall('phones', [FIRST]);
first.forEach((address) => phones.push(new Phone(address)));
if (!phones.length) phones.push(new Phone(FIRST));
translateAll();
watch();
