'use strict';
/** Puts the parts together. */
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const part = id => document.getElementById(id);
  let selected = 0; // whose attention and settings are shown
  let parts = [];

  const what = run => {
    const s = run.settings;
    const model = s.model === 'lstm' ? `lstm, H = ${s.hidden}` : `${s.model}, H = ${s.hidden}, k_top ${s['k-top']}, k_att ${s['k-att']}`;
    return `${s.task}, T = ${sab.count(Number(s.length))} · ${model}, k_trunc ${s['k-trunc']} · seed ${s.seed}`;
  };

  const tile = (name, value, note) => sab.el('div', { class: 'tile' },
    sab.el('div', { class: 'name' }, name), sab.el('div', { class: 'value' }, value), sab.el('div', { class: 'note' }, note || ''));

  const header = () => {
    const one = data.runs.length === 1;
    const run = data.runs[0], h = run.history;
    part('header').replaceChildren(
      sab.el('h1', {}, one ? run.name : `${data.runs.length} runs`),
      sab.el('p', { class: 'what' }, one ? what(run) : data.runs.map(r => r.name).join(', ')));
    if (!one) return;
    const loss = h.loss.values.at(-1);
    part('header').append(sab.el('div', { class: 'tiles' },
      tile(sab.nameOf(run.measure) + ', best', sab.measure(run.measure, h.best[run.measure]), h.bestUpdate ? `at update ${sab.count(h.bestUpdate)}` : 'no evaluation yet'),
      tile('Updates', sab.count(h.update), `of at most ${sab.count(Number(run.settings.updates))}`),
      tile('Training time', sab.duration(h.seconds), h.seconds > 0 ? `${sab.number(h.update / h.seconds)} updates a second` : ''),
      tile('Last training loss', sab.number(loss), ''),
      tile('Skipped updates', sab.count(h.skips), Object.entries(h.reasons).map(([reason, n]) => `${reason} (${n})`).join('; ') || 'none'),
      tile('State', ...sab.state(run))));
    if (run.unreadable > 0) {
      part('header').append(sab.el('p', { class: 'warning' }, `${sab.count(run.unreadable)} lines of this run's files could not be read and are left out.`));
    }
  };

  const choose = () => {
    if (data.runs.length === 1) return null;
    const select = sab.el('select', { 'aria-label': 'Run', onchange: event => { selected = Number(event.currentTarget.value); details(); } },
      ...data.runs.map((run, i) => sab.el('option', { value: i, selected: i === selected }, run.name)));
    return sab.el('div', { class: 'controls' }, sab.el('label', {}, 'In detail ', select));
  };

  const details = () => {
    for (const p of parts.splice(1)) p.close();
    parts.push(sab.attention(part('attention'), data.runs[selected]));
    const chooser = choose();
    if (chooser) part('attention').prepend(chooser);
    sab.tables(part('tables'), data, selected);
  };

  header();
  parts.push(sab.charts(part('charts'), data));
  details();
  part('footer').replaceChildren(`sab4j ${data.version} · charts drawn with Apache ECharts`);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { for (const p of parts) p.draw(); });
})();
