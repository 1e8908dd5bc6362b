// One message as a bubble: its text, the time and the ticks.

import { format, make } from './format.js';
import { spoken, t } from './texts.js';

const ICONS = { image: '📷', audio: '🎤', video: '🎬', document: '📄', sticker: '🙂', location: '📍',
  contacts: '👤', reaction: '💬' };

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

// `show` is called with the message when somebody wants its story.
export function bubble(message, show) {
  const failed = ['failed', 'undelivered'].includes(message.status);
  const side = message.direction === 'inbound' ? 'mine' : 'theirs';
  const item = make('li', failed ? `${side} failed` : side);
  if (ICONS[message.kind]) {
    item.append(make('span', 'kind', `${ICONS[message.kind]} ${t('kinds')[message.kind]}`));
  }
  const template = message.content_sid
    ? `[${t('template')} ${message.content_sid}] ${message.content_variables ?? ''}` : '';
  format(message.body || template, item);
  const meta = make('button', 'meta');
  meta.type = 'button';
  meta.title = t('showStory');
  const at = new Date(message.created_at);
  meta.append(at.toLocaleTimeString(spoken(), { hour: '2-digit', minute: '2-digit' }), ' ');
  const [text, className] = ticks(message);
  meta.append(make('span', className, text));
  item.append(meta);
  item.addEventListener('click', (event) => {
    if (!event.target.closest('a') && getSelection().isCollapsed) show(message);
  });
  return item;
}
