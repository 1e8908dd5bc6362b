// WhatsApp's formatting. Message texts only ever become text nodes; nothing here sets innerHTML.

export const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

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

export function format(text, into) {
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
