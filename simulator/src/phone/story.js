// The panel with a message's story: what FocoBot's ledger says of it, while it happens.

import { make } from './format.js';
import { spoken, t } from './texts.js';

const AGAIN = 1200;
const panel = document.getElementById('story');
let shown = null;
let timer = null;

const row = (left, right, className) => {
  const item = make('li', className);
  item.append(make('span', '', left), make('span', 'when', right));
  return item;
};
const clock = (at) => new Date(at).toLocaleTimeString(spoken(),
  { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const since = (from, to) => {
  const ms = new Date(to) - new Date(from);
  return ms < 10000 ? `+${ms} ms` : `+${Math.round(ms / 1000)} s`;
};

function list(name, rows) {
  if (!rows.length) return [];
  const items = make('ul');
  items.append(...rows);
  return [make('h3', '', t(name)), items];
}

function events(story) {
  const line = make('ol', 'line');
  const begin = story.events[0]?.at;
  const several = new Set(story.replies.map((r) => r.kind)).size > 1;
  for (const event of story.events) {
    const bad = ['failed', 'dead', 'undelivered'].includes(event.what);
    const kind = t('replyKinds')[event.about];
    const about = kind ? several && kind : event.about;
    const what = t('events')[event.what] + (about ? ` · ${about}` : '');
    const item = row(what, since(begin, event.at), bad ? 'bad' : '');
    item.title = clock(event.at);
    line.append(item);
  }
  return line;
}

const stage = (s) => row(
  `${s.stage} · ${t('attempt')} ${s.attempt}${s.error ? ` · ${s.error}` : ''}`,
  s.ended_at ? since(s.started_at, s.ended_at) : t('inWork'),
);
const reply = (r) => row(
  `${t('replyKinds')[r.kind] ?? r.kind} · ${t('part')} ${r.part}`
    + (r.posts > 1 ? ` · ${r.posts} ${t('posts')}` : ''),
  [t('events')[r.status] ?? r.status ?? r.state, r.error_code].filter(Boolean).join(' '),
  r.state === 'failed' ? 'bad' : '',
);
const letter = (d) => row(`${d.id} · ${d.stage} · ${d.reason}`, d.state, 'bad');

function parts(story) {
  const place = [story.workspace, story.project].filter(Boolean).join(' · ');
  const facts = [place, story.language, `#${story.sequence}`,
    story.generation > 1 ? `${t('generation')} ${story.generation}` : ''];
  const state = make('p', 'facts');
  state.append(make('b', `state ${story.state}`, t('states')[story.state] ?? story.state),
    ` ${facts.filter(Boolean).join(' · ')}`);
  const all = [state, events(story), ...list('stages', story.stages.map(stage)),
    ...list('replies', story.replies.map(reply)), ...list('dead', story.dead_letters.map(letter))];
  if (story.proposal_id) {
    const link = make('a', '', t('proposal'));
    link.href = `/proposals/${story.proposal_id}`;
    link.target = '_blank';
    all.push(link);
  }
  all.push(make('code', 'command', `focobot message ${story.message_sid}`));
  return all;
}

async function refresh() {
  clearTimeout(timer);
  const message = shown;
  if (!message) return;
  let content;
  try {
    const response = await fetch(`/control/story/${message.sid}`);
    const story = await response.json();
    if (response.ok) content = parts(story);
    else if (response.status !== 404) content = [make('p', 'bad', story.error)];
    else content = [make('p', 'facts', t(message.direction === 'outbound-reply' ? 'answered' : 'unknown'))];
  } catch {
    content = [make('p', 'bad', t('lost'))];
  }
  if (shown !== message) return;
  const about = make('p', 'quote', message.body.slice(0, 140) || t('kinds')[message.kind] || '');
  panel.querySelector('.content').replaceChildren(about, ...content);
  timer = setTimeout(refresh, AGAIN);
}

export function show(message) {
  shown = message;
  panel.hidden = false;
  refresh();
}

export function close() {
  shown = null;
  panel.hidden = true;
  clearTimeout(timer);
}

export const again = refresh;

panel.querySelector('.close').addEventListener('click', close);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
