'use strict';
/**
 * A sequence along an axis, with arcs from a step to what it was reminded of. Hover shows values; a click follows a reminder to
 * the step that it came from, and so on, hop by hop.
 */
sab.explorer = (container, run) => {
  container.replaceChildren();
  const data = run.explanation;
  const nothing = { draw: () => {}, close: () => {} };
  if (!data || !data.sequences.length) return nothing;
  const look = data.look;
  let sequence = data.sequences[0];
  let chain = []; // the steps of the chain, the first of them chosen, each other a reminder of the one before
  let creditOf = null; // the output whose credit is shown
  let mode = 'with';

  const name = symbol => look.symbols[symbol] ?? String(symbol);
  const className = c => look.classes[c] ?? String(c);
  const output = step => sequence.outputs.find(o => o.step === step);
  /** A value in its own unit, with digits down to a hundredth of its deviation. */
  const inUnit = (q, v) => q.deviation === 1 && q.mean === 0 ? sab.number(v)
    : (q.mean + q.deviation * v).toFixed(Math.max(0, Math.min(9, 2 - Math.floor(Math.log10(q.deviation)))));
  const unit = v => look.number ? inUnit(look.number, v) : sab.number(v);
  const said = o => o.probability === null ? o.said.map(unit).join(', ') : className(o.said[0]);
  const wanted = o => o.probability === null ? o.target.map(unit).join(', ') : className(o.target[0]);
  const right = o => o.target.length === 0 || o.probability === null ? null : o.target[0] === o.said[0];
  const inputOf = step => sequence.symbols.length ? `“${name(sequence.symbols[step - 1])}”`
    : look.picture ? 'pixel ' + (look.picture.pixels[step - 1] + 1)
      : sequence.values[step - 1].map((v, i, all) => feature(i, v, all)).filter(Boolean).slice(0, 8).join(', ');
  const feature = (i, v, all) => {
    const q = look.features[i], next = look.features[i + 1];
    if (q.mark) return v > 0.5 ? q.name : null;
    return next && next.mark && next.name === `${q.name} missing` && all[i + 1] > 0.5 ? null : `${q.name} ${inUnit(q, v)}`;
  };
  const current = () => chain.at(-1);
  /** Not by Math.max(...): of a long sequence there are more than a call takes. */
  const greatest = shares => shares.reduce((most, share) => Math.max(most, share), 1e-30);

  /** Which steps are drawn where: all in the width, but none narrower than can be seen. */
  const layout = () => {
    const least = sequence.symbols.length ? 9.5 : 3;
    const width = Math.max(stage.clientWidth - 2, sequence.reminders.length * least + 24);
    const each = (width - 24) / sequence.reminders.length;
    return { width, each, x: step => 12 + (step - 0.5) * each };
  };

  const MOST_ROWS = 16, ARCS = data.attends ? 150 : 8, INPUT = 22, SAID = 20, CREDIT = 64, CHARACTER = 7.3; // px
  const stage = sab.el('div', { class: 'stage', tabindex: 0, role: 'group', 'aria-label': 'Sequence: arrow keys go from step to step' + (data.attends ? ', Enter follows the strongest reminder, Backspace goes back' : '') + ', Escape begins anew' });
  const labels = sab.el('div', { class: 'labels', 'aria-hidden': 'true' }); // of the rows, beside what scrolls
  const panel = sab.el('div', { class: 'panel', 'aria-live': 'polite' });
  const creditChoice = sab.el('span', {});
  const picture = sab.el('div', { class: 'pictures' });

  const tip = text => sab.el('title', {}, text);

  const arc = (l, from, to, share, kind) => {
    const a = l.x(from), b = l.x(to);
    const height = Math.min(ARCS - 8, 14 + (ARCS - 22) * Math.sqrt(Math.abs(a - b) / l.width));
    return sab.el('path', {
      class: 'arc ' + kind, d: `M${a} ${ARCS}C${a} ${ARCS - height * 4 / 3},${b} ${ARCS - height * 4 / 3},${b} ${ARCS}`,
      'stroke-width': (0.7 + 3.5 * share).toFixed(2), 'stroke-opacity': kind === 'faint' ? (0.1 + 0.5 * share).toFixed(2) : 1,
      'data-from': from, 'data-to': to,
    }, tip(`step ${from} was reminded of step ${to}, weight ${sab.number(share)}`));
  };

  const drawStage = () => {
    const steps = sequence.reminders.length;
    const rows = sequence.symbols.length ? 1 : Math.min(look.features.length, MOST_ROWS);
    labels.replaceChildren(...(sequence.symbols.length || look.picture ? [] : look.features.slice(0, rows)).map((q, f) =>
      sab.el('div', { style: `top:${ARCS + 1 + f * 13}px` }, q.name)));
    const l = layout(); // of what the labels leave
    const inputHeight = sequence.symbols.length ? INPUT : rows * 13 + 4;
    const base = ARCS + inputHeight + SAID;
    const svg = sab.el('svg', { width: l.width, height: base + CREDIT + 22, 'font-size': 12, role: 'img', 'aria-label': `${sequence.name}, ${steps} steps` });

    // Where the arcs start when nothing is chosen: at the outputs.
    const faint = sab.el('g', {});
    for (const o of sequence.outputs) {
      for (const r of sequence.reminders[o.step - 1].slice(0, 8)) if (r.share > 0.02) faint.append(arc(l, o.step, r.step, r.share, 'faint'));
    }
    svg.append(faint);
    if (chain.length) faint.setAttribute('opacity', 0.35);
    for (let i = 0; i + 1 < chain.length; i++) {
      const r = sequence.reminders[chain[i] - 1].find(s => s.step === chain[i + 1]);
      svg.append(arc(l, chain[i], chain[i + 1], r ? r.share : 0, 'hop'));
    }
    if (chain.length) for (const r of sequence.reminders[current() - 1].slice(0, 16)) svg.append(arc(l, current(), r.step, r.share, 'now'));

    // The steps.
    const credit = sequence.credits.find(c => c.output === creditOf);
    const shares = credit ? credit[mode] : [];
    const most = credit ? greatest([...credit.with, ...credit.without].map(s => s.share)) : 1;
    const creditAt = new Map(shares.map(s => [s.step, s.share]));
    const reminders = chain.length ? new Map(sequence.reminders[current() - 1].map(r => [r.step, r.share])) : new Map();
    for (let step = 1; step <= steps; step++) {
      const x = l.x(step), o = output(step);
      const kind = chain.includes(step) ? (step === current() ? 'step now' : 'step hop') : reminders.has(step) ? 'step reminder' : 'step';
      const g = sab.el('g', { class: kind, 'data-step': step });
      g.append(sab.el('rect', { x: x - l.each / 2, y: ARCS, width: l.each, height: inputHeight + SAID, class: 'hit' }));
      if (sequence.symbols.length) {
        g.append(sab.el('text', { x, y: ARCS + 16, 'text-anchor': 'middle' }, name(sequence.symbols[step - 1])));
      } else {
        for (let f = 0; f < rows; f++) {
          g.append(sab.el('rect', { x: x - l.each / 2, y: ARCS + 2 + f * 13, width: Math.max(l.each - 0.5, 1), height: 12, fill: shade(f, sequence.values[step - 1][f]) }));
        }
      }
      const word = !o ? '' : o.probability === null ? '●' : said(o);
      const half = CHARACTER * word.length / 2;
      if (o && (sequence.outputs.length === 1 || 2 * half <= l.each)) {
        g.append(sab.el('text', { x: Math.max(half, Math.min(x, l.width - half)), y: ARCS + inputHeight + 15, 'text-anchor': 'middle', class: right(o) === false ? 'wrong' : 'right' }, word));
      } else if (o) {
        g.append(sab.el('rect', { x: x - l.each / 2, y: ARCS + inputHeight + 6, width: Math.max(1, l.each - 0.5), height: 8, class: right(o) === false ? 'wrong' : 'right' }));
      }
      const c = creditAt.get(step);
      if (c !== undefined) {
        const height = Math.max(1, (CREDIT - 6) * c / most);
        g.append(sab.el('rect', { x: x - l.each / 2 + Math.min(1, l.each / 8), y: base + CREDIT - height, width: Math.max(1.2, l.each - Math.min(2, l.each / 4)), height, class: 'credit' }));
      }
      g.append(tip(describe(step, creditAt)));
      svg.append(g);
    }
    svg.append(sab.el('line', { x1: 10, x2: l.width - 10, y1: base + CREDIT + 0.5, y2: base + CREDIT + 0.5, class: 'axis' }));
    const each = niceStep(steps, l.width);
    for (let step = 1; step <= steps; step = step === 1 && each > 1 ? each : step + each) {
      svg.append(sab.el('text', { x: l.x(step), y: base + CREDIT + 16, 'text-anchor': 'middle', class: 'tick' }, sab.count(step)));
    }
    const left = stage.scrollLeft;
    stage.replaceChildren(svg);
    stage.scrollLeft = left;
  };

  const niceStep = (steps, width) => {
    const least = steps / (width / 60);
    for (const n of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000]) if (n >= least) return n;
    return 50000;
  };

  /** A feature's value between its least and its largest in this sequence. */
  const range = f => {
    let least = Infinity, most = -Infinity;
    for (const v of sequence.values) { least = Math.min(least, v[f]); most = Math.max(most, v[f]); }
    return [least, most];
  };
  let ranges = [];
  const shade = (f, v) => {
    const [least, most] = ranges[f];
    const share = most > least ? (v - least) / (most - least) : 0;
    return `color-mix(in oklab, var(--heat-2) ${Math.round(100 * share)}%, var(--soft))`;
  };

  const describe = (step, creditAt) => {
    const o = output(step);
    const parts = [`step ${step}: ${inputOf(step)}`];
    if (o) parts.push(`says ${said(o)}${o.probability === null ? '' : ` (${(100 * o.probability).toFixed(1)} %)`}${o.target.length ? `, target ${wanted(o)}` : ''}`);
    const c = creditAt.get(step);
    if (c !== undefined) parts.push(`credit ${sab.number(c)}`);
    const reminded = sequence.reminders[step - 1].slice(0, 3).map(r => `${r.step} (${sab.number(r.share)})`);
    if (reminded.length) parts.push('reminded of ' + reminded.join(', '));
    return parts.join('\n');
  };

  const LISTED = 10; // reminders of a step
  const shares = list => list.reduce((sum, r) => sum + r.share, 0);
  /** What a step's reminders that are listed leave: to others, to the null memory. */
  const rest = list => {
    if (list.length === data.most) return `Others: ${sab.number(Math.max(0, 1 - shares(list.slice(0, LISTED))))}.`;
    const parts = [];
    if (list.length > LISTED) parts.push(`${list.length - LISTED} more: ${sab.number(shares(list.slice(LISTED)))}.`);
    if (data.nullMemory) parts.push(`Of nothing: ${sab.number(Math.max(0, 1 - shares(list)))}.`);
    return parts.join(' ');
  };

  /** What is known of the step that the chain has come to, and where it can go on. */
  const drawPanel = () => {
    panel.replaceChildren();
    if (!chain.length) {
      panel.append(sab.el('p', { class: 'muted' }, data.attends
        ? 'Choose a step: a click, or the arrow keys. Its reminders light up, and a click on one of them goes back to that moment.'
        : 'This model has no memory: there are no reminders, and credit stays within its blocks.'));
      return;
    }
    const step = current(), o = output(step);
    const trail = sab.el('p', { class: 'trail' });
    chain.forEach((s, i) => trail.append(i ? ' → ' : '', sab.el('button', { type: 'button', onclick: () => { chain = chain.slice(0, i + 1); draw(); stay(); } }, `step ${s}`)));
    panel.append(trail, sab.el('p', {}, `Step ${step}, input ${inputOf(step)}`
      + (o ? `, says ${said(o)}${o.target.length ? `, target ${wanted(o)}` : ''}` : '') + '.'));
    const list = sequence.reminders[step - 1];
    if (!data.attends) return;
    if (!list.length) {
      panel.append(sab.el('p', { class: 'muted' }, 'It was reminded of nothing.'));
      return;
    }
    panel.append(sab.el('ol', { class: 'reminders' }, ...list.slice(0, LISTED).map(r => sab.el('li', {},
      sab.el('button', { type: 'button', 'data-follow': r.step, onclick: () => { follow(r.step); stay(); } }, `step ${r.step}`),
      sab.el('span', { class: 'bar', style: `width:${(90 * r.share).toFixed(1)}px` }), ` ${sab.number(r.share)} · ${inputOf(r.step)}`))));
    if (rest(list)) panel.append(sab.el('p', { class: 'muted' }, rest(list)));
  };

  let offered = null; // the credits that are to choose from
  const drawCredit = () => {
    if (offered === sequence.credits) { // stays, and so does the focus
      const select = creditChoice.querySelector('select');
      if (select) select.value = creditOf;
      return;
    }
    offered = sequence.credits;
    creditChoice.replaceChildren();
    if (!sequence.credits.length) return;
    const select = sab.el('select', { 'aria-label': 'Output', onchange: event => { creditOf = Number(event.currentTarget.value); draw(); } },
      ...sequence.credits.map(c => sab.el('option', { value: c.output, selected: c.output === creditOf }, `step ${c.output}`)));
    creditChoice.append(sab.el('label', {}, 'Credit from ', select), ' ', data.attends
      ? sab.choice('Mental updates', { with: 'with mental updates', without: data.directCredit ? 'direct credit alone' : 'without' }, mode, value => { mode = value; drawStage(); drawPicture(); })
      : '');
  };

  /** The image, and the weights or the credit drawn onto it. */
  const drawPicture = () => {
    picture.replaceChildren();
    if (!look.picture) return;
    const { width, height, pixels, least, largest } = look.picture;
    const scale = Math.max(2, Math.floor(224 / Math.max(width, height)));
    const paint = (title, colour) => {
      const canvas = sab.el('canvas', { width, height, style: `width:${width * scale}px;height:${height * scale}px`, role: 'img', 'aria-label': title });
      const context = canvas.getContext('2d'), image = context.createImageData(width, height);
      for (let i = 0; i < sequence.values.length; i++) {
        const rgb = colour(i);
        for (let c = 0; c < 3; c++) image.data[4 * pixels[i] + c] = rgb[c];
        image.data[4 * pixels[i] + 3] = 255;
      }
      context.putImageData(image, 0, 0);
      picture.append(sab.el('figure', {}, canvas, sab.el('figcaption', {}, title)));
    };
    const grey = i => {
      const v = sequence.values[i].map((x, c) => 255 * (x - least[c]) / (largest[c] - least[c]));
      return v.length >= 3 ? v : [v[0], v[0], v[0]];
    };
    const over = map => {
      const most = greatest([...map.values()]);
      return i => {
        const share = Math.sqrt((map.get(i + 1) || 0) / most), g = grey(i).map(v => 0.35 * v);
        return [g[0] + (255 - g[0]) * share, g[1] + (140 - g[1]) * share, g[2] * (1 - share)];
      };
    };
    paint('the image', grey);
    const from = chain.length ? current() : sequence.outputs.at(-1).step;
    if (data.attends) paint(`what step ${from} was reminded of`, over(new Map(sequence.reminders[from - 1].map(r => [r.step, r.share]))));
    const credit = sequence.credits.find(c => c.output === creditOf);
    if (credit) paint(`credit from step ${creditOf}`, over(new Map(credit[mode].map(s => [s.step, s.share]))));
  };

  const draw = () => { drawCredit(); drawStage(); drawPanel(); drawPicture(); };

  const choose = step => {
    chain = [step];
    if (sequence.credits.some(c => c.output === step)) creditOf = step;
    draw();
  };
  const follow = step => { chain.push(step); draw(); };
  /** The button that was pressed is gone with the panel; where the arrow keys work the focus is of use. */
  const stay = () => stage.focus({ preventScroll: true });

  const take = s => {
    sequence = s;
    chain = s.outputs.length ? [s.outputs.find(o => s.reminders[o.step - 1].length)?.step ?? s.outputs.at(-1).step] : [];
    creditOf = s.credits.length ? (s.credits.find(c => c.output === chain[0]) ?? s.credits.at(-1)).output : null;
    ranges = s.values.length ? s.values[0].map((_, f) => range(f)) : [];
    draw();
    if (chain.length) stage.scrollLeft = layout().x(current()) - 0.7 * stage.clientWidth;
  };

  stage.addEventListener('click', event => {
    const target = event.target.closest('[data-step]'), path = event.target.closest('[data-to]');
    if (path) {
      const from = Number(path.dataset.from), to = Number(path.dataset.to);
      if (chain.length && from === current()) follow(to);
      else { chain = [from]; follow(to); }
    } else if (target) {
      const step = Number(target.dataset.step);
      const known = chain.length && sequence.reminders[current() - 1].some(r => r.step === step);
      if (known) follow(step); else choose(step);
    }
  });
  stage.addEventListener('keydown', event => {
    const steps = sequence.reminders.length;
    const at = current() ?? (sequence.outputs.at(-1)?.step || steps) + 1;
    const keys = {
      ArrowLeft: () => choose(Math.max(1, at - 1)), ArrowRight: () => choose(Math.min(steps, at + 1)),
      Home: () => choose(1), End: () => choose(steps),
      Enter: () => { const r = chain.length && sequence.reminders[current() - 1][0]; if (r) follow(r.step); },
      Backspace: () => { chain.pop(); draw(); }, Escape: () => { chain = []; draw(); },
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
    if (chain.length) stage.querySelector(`[data-step="${current()}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });

  container.append(
    sab.el('h2', {}, data.attends ? 'Reminders' : 'Credit'),
    sab.el('p', { class: 'muted' }, (data.attends
      ? `What the model of update ${sab.count(data.update)} was reminded of in sequences that it had not seen. `
        + 'Arcs go from a step to the moments that it retrieved, the thicker the larger the weight. '
      : `What the model of update ${sab.count(data.update)}, which has no memory, did with sequences that it had not seen. `)
      + 'Under the axis of inputs stands what outputs said; the bars show how much of the gradient of one output reached each past state.'),
    sab.el('div', { class: 'controls' },
      data.sequences.length > 1 ? sab.choice('Sequence', Object.fromEntries(data.sequences.map((s, i) => [String(i), s.name])), '0', i => take(data.sequences[Number(i)])) : null,
      creditChoice),
    sab.el('div', { class: 'card' }, sab.el('div', { class: 'beside' }, labels, stage), panel, picture));
  take(sequence);
  let width = stage.clientWidth;
  const observer = new ResizeObserver(() => { if (stage.clientWidth !== width) { width = stage.clientWidth; drawStage(); } });
  observer.observe(stage);
  return { draw, close: () => observer.disconnect() };
};
