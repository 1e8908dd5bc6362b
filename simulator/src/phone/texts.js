// What the page says, in both languages.

export const TEXTS = {
  en: {
    about: 'Simulated phones. What you type goes through the real ingester, queue and workers.',
    add: 'Add a phone', as: 'as', remove: 'Remove this phone', send: 'Send', attach: 'Send something else',
    write: 'Type a message', link: 'Link this phone', linkPhone: 'Phone, as typed on the web',
    linkUser: 'User', linkGo: 'Get a code', linked: 'Code, until', linkHint: 'Send the message below.',
    empty: 'Nothing here yet. Link the phone, then say what has to be done.',
    lost: 'The simulator does not answer.', template: 'template', noAnswer: 'no answer',
    other: 'Español', verify: 'VERIFY',
    quick: ['/help', '/list projects', '/project', '/status', '/undo', '/list tasks', '/workspace',
      '/more', '/clear'],
    kinds: { image: 'Picture', audio: 'Voice message', video: 'Video', document: 'File',
      sticker: 'Sticker', location: 'Location', contacts: 'Contact', reaction: 'Reaction' },
    story: 'The message’s story', close: 'Close', showStory: 'Show this message’s story',
    unknown: 'FocoBot’s ledger does not have this message, or not yet.',
    answered: 'An answer to the webhook itself: no reply of a worker.',
    proposal: 'Open the proposal', stages: 'Stages', replies: 'Replies', dead: 'Dead letters',
    attempt: 'attempt', inWork: 'in work', part: 'part', posts: 'posts', generation: 'generation',
    events: { received: 'received by the webhook', routed: 'routed', parsed: 'understood',
      proposed: 'proposal stored', replied: 'reply written', failed: 'failed', dead: 'given up',
      posted: 'posted to Twilio', accepted: 'taken by Twilio', sent: 'sent', delivered: 'delivered',
      read: 'read', undelivered: 'not delivered' },
    replyKinds: { final: 'final reply', choose_project: 'which project?', working: 'working on it',
      waiting_model: 'waiting for the model', failed_for_now: 'failed for now' },
    states: { received: 'received', routed: 'being read', waiting_project: 'waits for a project',
      proposed: 'proposed', replied: 'answered', cancelled: 'cancelled', dead: 'given up',
      refused: 'refused' },
  },
  es: {
    about: 'Teléfonos simulados. Lo que escribas pasa por el sistema real: webhook, cola y workers.',
    add: 'Agregar teléfono', as: 'como', remove: 'Quitar este teléfono', send: 'Enviar',
    attach: 'Enviar otra cosa', write: 'Escribe un mensaje', link: 'Vincular este teléfono',
    linkPhone: 'Teléfono, como se escribe en la web', linkUser: 'Usuario', linkGo: 'Obtener código',
    linked: 'Código, hasta las', linkHint: 'Envía el mensaje de abajo.',
    empty: 'Todavía no hay nada. Vincula el teléfono y cuenta qué hay que hacer.',
    lost: 'El simulador no responde.', template: 'plantilla', noAnswer: 'sin respuesta',
    other: 'English', verify: 'VERIFICAR',
    quick: ['/ayuda', '/lista proyectos', '/proyecto', '/estado', '/deshacer', '/lista tareas',
      '/espacio', '/más', '/limpiar'],
    kinds: { image: 'Foto', audio: 'Nota de voz', video: 'Video', document: 'Archivo',
      sticker: 'Sticker', location: 'Ubicación', contacts: 'Contacto', reaction: 'Reacción' },
    story: 'La historia del mensaje', close: 'Cerrar', showStory: 'Ver la historia de este mensaje',
    unknown: 'Este mensaje no está en el registro de FocoBot, o todavía no llega.',
    answered: 'Es la respuesta del webhook mismo, no la de un worker.',
    proposal: 'Abrir la propuesta', stages: 'Etapas', replies: 'Respuestas', dead: 'Mensajes muertos',
    attempt: 'intento', inWork: 'en curso', part: 'parte', posts: 'envíos', generation: 'generación',
    events: { received: 'recibido por el webhook', routed: 'encaminado', parsed: 'entendido',
      proposed: 'propuesta guardada', replied: 'respuesta escrita', failed: 'falló',
      dead: 'abandonado', posted: 'mandado a Twilio', accepted: 'aceptado por Twilio',
      sent: 'enviado', delivered: 'entregado', read: 'leído', undelivered: 'no entregado' },
    replyKinds: { final: 'respuesta final', choose_project: '¿cuál proyecto?', working: 'estoy en eso',
      waiting_model: 'espera al modelo', failed_for_now: 'falló por ahora' },
    states: { received: 'recibido', routed: 'en lectura', waiting_project: 'espera un proyecto',
      proposed: 'con propuesta', replied: 'contestado', cancelled: 'cancelado', dead: 'abandonado',
      refused: 'rechazado' },
  },
};

export const recall = (key, otherwise) => {
  try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
};
export const keep = (key, value) => {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* a private window */ }
};

// An address such as /?phones=+5215555550100,+14155550123&lang=es sets up the page.
export const asked = new URLSearchParams(location.search.replaceAll('+', '%2B'));

let language = asked.get('lang')
  ?? recall('language', navigator.language.startsWith('es') ? 'es' : 'en');
if (!TEXTS[language]) language = 'en';

export const spoken = () => language;
export const t = (name) => TEXTS[language][name];
export function switchLanguage() {
  language = language === 'en' ? 'es' : 'en';
  keep('language', language);
}

// Fills in everything under `root` that has a text or a title by name.
export function translate(root) {
  root.querySelectorAll('[data-text]').forEach((e) => { e.textContent = t(e.dataset.text); });
  root.querySelectorAll('[data-title]').forEach((e) => {
    e.title = t(e.dataset.title);
    e.setAttribute('aria-label', e.title);
  });
}
