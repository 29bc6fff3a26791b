'use strict';
/** Words, numbers and elements. */
const sab = {};

sab.names = {
  accuracy: 'Accuracy', mse: 'Mean squared error', bpc: 'Bits per character', loss: 'Loss',
  ceLast: 'Cross-entropy of the reported steps', crossEntropy: 'Cross-entropy', gradNorm: 'Gradient norm',
};
sab.nameOf = name => sab.names[name] || name;

/** 12345 as 12,345. */
sab.count = n => Math.round(n).toLocaleString('en-US');

/** A number at an axis, whose neighbours may differ late: 1.5635. */
sab.tick = v => Math.abs(v) >= 1e-4 && Math.abs(v) < 1000 ? String(Number(v.toPrecision(6))) : sab.number(v);

/** Three or four digits that matter. */
sab.number = v => {
  if (v === null || v === undefined || !Number.isFinite(v)) return '–';
  if (v === 0) return '0';
  const size = Math.abs(v);
  if (size >= 1e6 || size < 1e-4) return v.toExponential(2).replace('e+', 'e');
  return size >= 1000 ? sab.count(v) : String(Number(v.toPrecision(size >= 100 ? 4 : 3)));
};

/** A measure as people read it. */
sab.measure = (name, v) =>
  v === null || v === undefined || !Number.isFinite(v) ? '–'
    : name === 'accuracy' ? (100 * v).toFixed(2) + ' %' : sab.number(v);

/** Seconds as 4:05 or 1:04:05. */
sab.duration = seconds => {
  const s = Math.round(seconds);
  const two = n => String(n).padStart(2, '0');
  return s < 3600 ? Math.floor(s / 60) + ':' + two(s % 60)
    : Math.floor(s / 3600) + ':' + two(Math.floor(s / 60) % 60) + ':' + two(s % 60);
};

/** A word as a shell takes it: in quotes where it has more than plain letters. */
sab.word = text => /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** An element with attributes and children; texts are texts, never markup. */
sab.el = (tag, attributes, ...children) => {
  const svg = ['svg', 'path', 'rect', 'line', 'text', 'g', 'circle', 'title'].includes(tag);
  const element = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
};

const waiting = new WeakMap(); // timers of lists of which something is held down

/**
 * Gives a list other children, as `make` has them by then; the button that had the focus has it again, known by its data-key. While
 * one is held down they have to wait: a click counts only where it ends on what it began on.
 */
sab.redraw = (list, make) => {
  clearTimeout(waiting.get(list));
  if (list.querySelector(':active')) {
    waiting.set(list, setTimeout(() => sab.redraw(list, make), 100));
    return;
  }
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  list.replaceChildren(...make().filter(child => child));
  if (focused !== undefined) {
    [...list.querySelectorAll('button')].find(button => button.dataset.key === focused)?.focus();
  }
};

/** A row of buttons of which one is pressed. */
sab.choice = (label, options, value, choose) => {
  const group = sab.el('span', { class: 'choice', role: 'group', 'aria-label': label });
  for (const [key, text] of Object.entries(options)) {
    group.append(sab.el('button', {
      type: 'button', 'aria-pressed': String(key === value), 'data-key': key,
      onclick: event => {
        for (const other of group.children) other.setAttribute('aria-pressed', String(other === event.currentTarget));
        choose(key);
      },
    }, text));
  }
  return group;
};

/** What the style sheet says now, which differs between light and dark. */
sab.css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
sab.isDark = () => matchMedia('(prefers-color-scheme: dark)').matches;

/** Okabe and Ito's colours, which colour-blind readers can tell apart, lighter on dark ground. */
sab.colours = () => sab.isDark()
  ? ['#56b4e9', '#ff8a4c', '#2fc79a', '#e6a0c8', '#f0c24b', '#b9c6ff']
  : ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b27d00', '#4f5bd5'];
sab.dashes = ['solid', 'dashed', 'dotted'];
/** The n-th line's colour and dash: no two alike before the eighteenth. */
sab.stroke = n => {
  const colours = sab.colours();
  return { color: colours[n % colours.length], type: sab.dashes[Math.floor(n / colours.length) % sab.dashes.length] };
};
/** Canvas knows no inheritance. */
sab.font = () => getComputedStyle(document.body).fontFamily;
