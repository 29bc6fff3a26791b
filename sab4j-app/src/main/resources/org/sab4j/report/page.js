'use strict';
/** Puts the parts together. */
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const part = id => document.getElementById(id);
  let selected = 0; // whose attention, reminders and settings are shown
  let charts = null, attention = null, explorer = null;
  let drawn = ''; // which runs they are, with which settings
  let live = null;
  const title = sab.el('div', {}), facts = sab.el('div', {}); // the live bar stands between them, and stays

  const what = run => {
    const s = run.settings;
    const model = s.model === 'lstm' ? `lstm, H = ${s.hidden}` : `${s.model}, H = ${s.hidden}, k_top ${s['k-top']}, k_att ${s['k-att']}`;
    const length = s.length ? `, T = ${sab.count(Number(s.length))}` : '';
    return `${s.task}${length} · ${model}, k_trunc ${s['k-trunc']} · seed ${s.seed}`;
  };

  const tile = (name, value, note) => sab.el('div', { class: 'tile' },
    sab.el('div', { class: 'name' }, name), sab.el('div', { class: 'value' }, value), sab.el('div', { class: 'note' }, note || ''));

  const tiles = run => {
    const h = run.history, state = sab.state(run);
    const most = settings => Number(settings.updates) ? `of at most ${sab.count(Number(settings.updates))}`
      : Number(settings.epochs) ? `in at most ${sab.count(Number(settings.epochs))} epochs` : '';
    return sab.el('div', { class: 'tiles' },
      tile(sab.nameOf(run.measure) + ', best', sab.measure(run.measure, h.best[run.measure]), h.bestUpdate ? `at update ${sab.count(h.bestUpdate)}` : 'no evaluation yet'),
      tile('Updates', sab.count(h.update), most(run.settings)),
      tile('Training time', sab.duration(h.seconds), h.seconds > 0 ? `${sab.number(h.update / h.seconds)} updates a second` : ''),
      tile('Last training loss', sab.number(h.lastLoss), ''),
      tile('Skipped updates', sab.count(h.skips), Object.entries(h.reasons).map(([reason, n]) => `${reason} (${n})`).join('; ') || 'none'),
      tile('State', ...state));
  };

  const header = () => {
    const one = data.runs.length === 1;
    const run = data.runs[0];
    title.replaceChildren(
      sab.el('h1', {}, one ? run.name : data.runs.length ? `${data.runs.length} runs` : 'No run to show'),
      sab.el('p', { class: 'what' }, one ? what(run) : data.runs.map(r => r.name).join(', ')));
    facts.replaceChildren();
    if (one) facts.append(tiles(run));
    for (const damaged of data.runs.filter(r => r.unreadable > 0)) {
      facts.append(sab.el('p', { class: 'warning' }, `${sab.count(damaged.unreadable)} lines of the files of ${damaged.name} could not be read and are left out.`));
    }
  };

  const chooser = sab.el('div', { class: 'controls' });
  const choose = () => chooser.replaceChildren(...data.runs.length < 2 ? [] : [sab.el('label', {}, 'In detail ',
    sab.el('select', { 'aria-label': 'Run', onchange: event => { selected = Number(event.currentTarget.value); details(); } },
      ...data.runs.map((run, i) => sab.el('option', { value: i, selected: i === selected }, run.name))))]);

  const showAttention = look => {
    attention?.close();
    attention = sab.attention(part('attention'), data.runs[selected], look);
  };

  const showExplorer = () => {
    explorer?.close();
    explorer = sab.explorer(part('explorer'), data.runs[selected]);
  };

  // The live view's offer, which stays while data come: somebody may hold the button down, or have the focus on it. One run at a time.
  const complaint = sab.el('span', { class: 'warning', role: 'status' });
  const button = sab.el('button', {
    type: 'button', class: 'explain',
    onclick: async () => {
      if (button.getAttribute('aria-disabled')) return;
      const asked = data.runs[selected];
      const isShown = () => data.runs[selected]?.path === asked.path;
      button.setAttribute('aria-disabled', 'true');
      complaint.textContent = '';
      try {
        await live.explain(asked);
        if (isShown()) showExplorer();
      } catch (e) {
        if (isShown()) complaint.textContent = e.message;
      }
      button.removeAttribute('aria-disabled');
      showOffer();
    },
  });
  const offer = sab.el('div', { class: 'controls', hidden: true }, button, complaint);
  const showOffer = () => {
    const run = data.runs[selected];
    offer.hidden = !live || !run?.history.bestUpdate;
    button.textContent = run?.explanation ? 'Reminders of the best model as it is now' : 'Show reminders of the best model';
  };

  const details = () => {
    showAttention();
    showExplorer();
    complaint.textContent = '';
    showOffer();
    sab.tables(part('tables'), data, selected);
  };

  const snapshots = () => data.runs.map(run => run.attention.length + ':' + (run.attention.at(-1)?.update ?? '')).join();
  let maps = '';

  /** Draws what is new; what somebody is looking at stays. */
  const show = () => {
    const runs = data.runs.map(run => run.path + ' ' + run.configured).join('\n');
    if (!data.runs.length) { // or no more
      [charts, attention, explorer].forEach(shown => shown?.close());
      charts = attention = explorer = null;
      drawn = '';
      ['charts', 'attention', 'explorer', 'tables'].forEach(id => part(id).replaceChildren());
      showOffer();
      choose();
      header();
      return;
    }
    if (runs !== drawn) {
      drawn = runs;
      maps = snapshots();
      selected = 0;
      charts?.close();
      header();
      charts = sab.charts(part('charts'), data);
      choose();
      details();
      return;
    }
    header();
    charts.draw();
    if (snapshots() !== maps) { // an evaluation
      maps = snapshots();
      showAttention(attention.look());
    }
    showOffer();
    sab.comparison(part('tables').firstElementChild, data);
  };

  if (data.live) live = sab.live(data, show);
  part('header').replaceChildren(title, ...(live ? [live.bar] : []), facts);
  part('attention').before(chooser);
  part('explorer').after(offer);
  show();
  part('footer').replaceChildren(`sab4j ${data.version} · charts drawn with Apache ECharts`);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { for (const p of [charts, attention, explorer]) p?.draw(); });
})();
