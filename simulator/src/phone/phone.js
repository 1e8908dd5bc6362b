// The phone page: shows what the simulator remembers of each phone, and posts what is typed.

import { bubble } from './bubble.js';
import { make } from './format.js';
import * as story from './story.js';
import { asked, keep, recall, spoken, switchLanguage, t, translate } from './texts.js';

const FIRST = 'whatsapp:+5215555550100';
const DEMO_USER = '00000000-0000-4000-8000-000000000001';
// Content types of what is no text.
const MEDIA = { image: 'image/jpeg', audio: 'audio/ogg', video: 'video/mp4',
  document: 'application/pdf', sticker: 'image/webp' };
const KINDS = ['image', 'audio', 'video', 'document', 'sticker', 'location', 'contacts', 'reaction'];

const phones = [];
let refresh;

const postJson = (path, body) => fetch(path, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
});

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
    const button = (text, act) => {
      const made = make('button', '', text);
      made.type = 'button';
      made.addEventListener('click', act);
      return made;
    };
    this.find('.quick').replaceChildren(...t('quick').map((c) => button(c, () => this.say(c))));
    const attach = (kind) => button(t('kinds')[kind], () => {
      this.find('.attach').open = false;
      this.write(kind);
    });
    this.find('.attach nav').replaceChildren(...KINDS.map(attach));
    this.shown = '';
  }

  // What stands in the field, as a text or as the caption of something else.
  write(kind) {
    const field = this.find('textarea');
    const text = field.value.trim();
    if (!text && !kind) return;
    field.value = '';
    this.find('.link').open = false;
    const params = kind ? { MessageType: kind } : {};
    if (MEDIA[kind]) {
      Object.assign(params, { NumMedia: '1', MediaContentType0: MEDIA[kind],
        MediaUrl0: 'https://api.twilio.com/media/1' });
    }
    this.say(kind === 'reaction' ? text || '👍' : text, params);
  }

  say(body, params = {}) {
    postJson('/control/inbound', { from: this.address, body, params })
      .catch(() => { /* the poll says so */ });
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
      const until = new Date(answer.expiresAt).toLocaleTimeString(spoken(), { timeStyle: 'short' });
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
    const bubbles = mine.length
      ? mine.map((message) => bubble(message, story.show)) : [make('li', 'empty', t('empty'))];
    talk.replaceChildren(...bubbles);
    talk.scrollTop = talk.scrollHeight;
  }
}

function translateAll() {
  document.documentElement.lang = spoken();
  translate(document);
  document.getElementById('language').textContent = t('other');
  phones.forEach((phone) => phone.translate());
  story.again();
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
  switchLanguage();
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
